//! Writing a reply without script: what is typed is shown before it is posted, posted once, by who has a session here, and never
//! lost; and no other website's page posts anything.

use serde_json::json;

use crate::{
    actors::{PASSWORD, Site, Story},
    app::{App, Request, Response},
    issuing::Issuing,
};

async fn blog(app: &App) -> (Site, Story) {
    let site = app.site("blog").await;
    let story = site.story("s1").await;
    (site, story)
}

/// The value of a page's hidden field.
fn field(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("<input type=\"hidden\" name=\"{name}\" value=\""))?;
    Some(rest.split_once('"').unwrap().0.to_owned())
}

/// What the browser is told to keep.
fn cookie(answer: &Response) -> String {
    let header = answer.header("Set-Cookie").unwrap_or_else(|| panic!("nothing is kept: {}", answer.text()));
    header.split_once(';').unwrap().0.to_owned()
}

fn preview(app: &App, fields: &[(&str, &str)]) -> Request {
    sending(app, "/embed/blog/s1/preview", fields)
}

/// A form of the service's own page, as a browser sends it: the page tells nobody its address.
fn sending(app: &App, path: &str, fields: &[(&str, &str)]) -> Request {
    app.post(path).form(fields).header("Origin", "null")
}

/// Shows a text, and signs in as ann and posts it: the answer.
async fn signing_in_to_post(app: &App, text: &str) -> Response {
    let shown = preview(app, &[("body", text)]).expect(200).await.text();
    let key = field(&shown, "key").unwrap();
    let fields =
        [("body", text), ("key", &key), ("identifier", "ann"), ("password", PASSWORD), ("code", ""), ("website", "")];
    sending(app, "/embed/blog/s1/post", &fields).expect(200).await
}

#[actix_web::test]
async fn what_is_typed_is_shown_and_then_posted_by_who_signs_in() {
    let app = App::start().await;
    let (_, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    let shown = preview(&app, &[("body", "A *word*\r\n\r\n<script>x</script>"), ("lang", "en")]).expect(200).await;
    assert_eq!(shown.header("Cache-Control"), Some("no-store"));
    let page = shown.text();
    assert!(page.contains("<p>A <em>word</em></p>") && page.contains("name=\"password\""), "{page}");
    assert!(!page.contains("<script>x"), "{page}");
    assert_eq!(story.count().await, 0);
    let posted = signing_in_to_post(&app, "A *word*\r\n\r\nAnd more").await;
    let kept = cookie(&posted);
    assert!(
        posted.header("Set-Cookie").unwrap().contains("; HttpOnly; SameSite=Strict"),
        "{:?}",
        posted.header("Set-Cookie")
    );
    assert!(posted.text().contains("Your reply is public."), "{}", posted.text());
    assert_eq!(story.count().await, 1);
    let mine = ann.mine(&story).await;
    assert_eq!(mine["items"][0]["body"], "A *word*\n\nAnd more", "{mine}");

    // from then on he is known here: no password, and it is posted once however often it is sent
    let known = preview(&app, &[("body", "Second")]).header("Cookie", &kept).expect(200).await;
    let (page, kept) = (known.text(), cookie(&known));
    assert!(page.contains("You are signed in as <b>ann</b>.") && !page.contains("name=\"password\""), "{page}");
    let (key, proof) = (field(&page, "key").unwrap(), field(&page, "proof").unwrap());
    let fields = [("body", "Second"), ("key", &*key), ("proof", &*proof), ("website", "")];
    let first = sending(&app, "/embed/blog/s1/post", &fields).header("Cookie", &kept).expect(200).await;
    let again = sending(&app, "/embed/blog/s1/post", &fields).header("Cookie", &cookie(&first)).expect(200).await;
    assert!(again.text().contains("Your reply is public."));
    assert_eq!(story.count().await, 2);

    // signing out ends the session
    let out = sending(&app, "/embed/blog/s1/sign-out", &[("body", "Third"), ("proof", &proof)]);
    let kept = cookie(&again);
    let out = out.header("Cookie", &kept).expect(200).await;
    assert!(out.header("Set-Cookie").unwrap().contains("=; Path=/; Max-Age=0; "), "{:?}", out.header("Set-Cookie"));
    assert!(out.text().contains("You are signed out.") && out.text().contains("\nThird</textarea>"), "{}", out.text());
    let gone = preview(&app, &[("body", "Third")]).header("Cookie", &kept).expect(200).await;
    assert!(gone.text().contains("name=\"password\"") && gone.header("Set-Cookie").is_none());
    app.check().await;
}

#[actix_web::test]
async fn an_answer_stands_below_what_it_answers() {
    let app = App::start().await;
    let (site, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    let parent = ann.replies(&story, "To be answered").await;
    let form = app.get(format!("/embed/blog/s1/reply?to={}&lang=de", parent.id)).expect(200).await.text();
    assert!(form.contains("Antwort auf ann</h2>") && form.contains("<p>To be answered</p>"), "{form}");
    assert_eq!((field(&form, "to"), field(&form, "lang")), (Some(parent.id.clone()), Some("de".to_owned())));
    let shown = preview(&app, &[("body", "Answer"), ("to", &parent.id), ("lang", "de")]).expect(200).await.text();
    let (key, to) = (field(&shown, "key").unwrap(), field(&shown, "to").unwrap());
    let fields =
        [("body", "Answer"), ("to", &to), ("lang", "de"), ("key", &key), ("identifier", "ann"), ("password", PASSWORD)];
    let posted = sending(&app, "/embed/blog/s1/post", &fields).expect(200).await.text();
    assert!(posted.contains("Ihre Antwort ist öffentlich."), "{posted}");
    assert_eq!(story.page("").await["items"][0]["below"]["items"][0]["body_html"], "<p>Answer</p>\n");
    // under no other story
    site.story("s2").await;
    app.get(format!("/embed/blog/s2/reply?to={}", parent.id)).expect(404).await;
    sending(&app, "/embed/blog/s2/post", &fields).expect(404).await;
    assert_eq!(story.count().await, 2);
}

#[actix_web::test]
async fn what_fails_is_said_and_nothing_typed_is_lost() {
    let app = App::start().await;
    let (site, story) = blog(&app).await;
    site.set(json!({"moderation_mode": "pre"})).await;
    app.reader("ann").await;
    let wrong = [("body", "Kept & \"quoted\""), ("key", "k"), ("identifier", "ann"), ("password", "wrong")];
    let page = sending(&app, "/embed/blog/s1/post", &wrong).expect(200).await.text();
    assert!(page.contains("No active account has this name and password"), "{page}");
    assert!(
        page.contains("value=\"Kept &#38; &#34;quoted&#34;\"")
            && page.contains("\nKept &#38; &#34;quoted&#34;</textarea>"),
        "{page}"
    );
    let waits = signing_in_to_post(&app, "Waits").await;
    assert!(waits.text().contains("Your reply waits for a moderator."), "{}", waits.text());
    assert_eq!(story.count().await, 0);
    let empty = preview(&app, &[("body", " ")]).expect(200).await.text();
    assert!(empty.contains("role=\"status\"") && !empty.contains("name=\"key\""), "{empty}");
    let long = "x".repeat(10_001);
    let page = preview(&app, &[("body", &long)]).expect(200).await.text();
    assert!(page.contains(&format!("\n{long}</textarea>")), "what was too long can be made shorter");
    site.admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    let shut = signing_in_to_post(&app, "Too late").await;
    assert!(
        shut.text().contains("The story takes no replies") && shut.text().contains("\nToo late</textarea>"),
        "{}",
        shut.text()
    );
    let wrong = [("body", "Bleibt"), ("key", "k2"), ("identifier", "ann"), ("password", "wrong"), ("lang", "de")];
    let page = sending(&app, "/embed/blog/s1/post", &wrong).expect(200).await.text();
    assert!(page.contains("Name und Passwort passen nicht zusammen.") && page.contains("lang=\"de\""), "{page}");
    assert!(!app.get("/embed/blog/s1").expect(200).await.text().contains("<form"));
    // a form that a program fills in waits, wherever else it would be public
    site.set(json!({"moderation_mode": "post"})).await;
    let other = site.story("s2").await;
    let trapped = [
        ("body", "By a program"),
        ("key", "k2"),
        ("identifier", "ann"),
        ("password", PASSWORD),
        ("website", "https://a.example"),
    ];
    let page = sending(&app, "/embed/blog/s2/post", &trapped).expect(200).await.text();
    assert!(page.contains("waits for a moderator"), "{page}");
    assert_eq!(other.count().await, 0);
}

#[actix_web::test]
async fn no_other_websites_page_posts_or_signs_out() {
    let app = App::start().await;
    let (_, story) = blog(&app).await;
    app.reader("ann").await;
    let kept = cookie(&signing_in_to_post(&app, "First").await);
    let shown = preview(&app, &[("body", "x")]).header("Cookie", &kept).expect(200).await;
    let (mut kept, proof) = (cookie(&shown), field(&shown.text(), "proof").unwrap());
    let fields = [("body", "Forged"), ("key", "k"), ("proof", &*proof)];
    for (name, value) in
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example")]
    {
        for path in ["post", "sign-out"] {
            let sent = app.post(format!("/embed/blog/s1/{path}")).form(&fields);
            let answer = sent.header("Cookie", &kept).header(name, value).expect(403).await;
            assert_eq!(answer.header("Set-Cookie"), None);
        }
    }
    // without the sign of this session nothing is posted, whatever a browser says or does not say of where it is from
    let forged = [("body", "Forged"), ("key", "k"), ("proof", "AAAA")];
    for fields in [&forged[..], &forged[..2]] {
        let answer = sending(&app, "/embed/blog/s1/post", fields).header("Cookie", &kept).expect(200).await;
        assert!(answer.text().contains("You are signed in as <b>ann</b>."), "he looks at it again");
        kept = cookie(&answer);
    }
    assert_eq!(story.count().await, 1);
    // a form in another website's page leads here, where the browser knows its reader
    let from_there = preview(&app, &[("body", "From there")]).header("Sec-Fetch-Site", "cross-site").expect(200).await;
    let page = from_there.text();
    assert!(page.contains("<button>Go on</button>") && !page.contains("name=\"password\""), "{page}");
    assert_eq!(field(&page, "body").as_deref(), Some("From there"));
}

#[actix_web::test]
async fn a_token_of_the_site_beside_the_form_is_as_good_as_a_password() {
    let issuing = Issuing::start(json!({})).await;
    issuing.site.set(json!({"allowed_origins": ["https://blog.example"]})).await;
    let story = issuing.site.story("s1").await;
    let app = issuing.app();
    let token = issuing.token_with("4711", json!({"name": "Ann Reads"}));
    let sent = preview(app, &[("body", "By a token"), ("token", &token)]).header("Sec-Fetch-Site", "cross-site");
    let shown = sent.expect(200).await;
    let page = shown.text();
    assert!(page.contains("You are signed in as <b>Ann Reads</b>."), "{page}");
    let (key, proof) = (field(&page, "key").unwrap(), field(&page, "proof").unwrap());
    let fields = [("body", "By a token"), ("key", &*key), ("proof", &*proof)];
    let posted = sending(app, "/embed/blog/s1/post", &fields).header("Cookie", &cookie(&shown)).expect(200).await;
    assert!(posted.text().contains("Your reply is public."), "{}", posted.text());
    assert_eq!(story.page("").await["items"][0]["author"]["display_name"], "Ann Reads");
    // not from a page that is none of the site's, which would sign its visitors on as somebody of its own
    let other = issuing.token("4712");
    let sent = app.post("/embed/blog/s1/preview").form(&[("body", "x"), ("token", &other)]);
    sent.header("Origin", "https://evil.example").expect(403).await;
    let listed = app.post("/embed/blog/s1/preview").form(&[("body", "x"), ("token", &other)]);
    let page = listed.header("Origin", "https://blog.example").expect(200).await.text();
    assert!(page.contains("You are signed in as"), "{page}");
    // one that is good for nothing leaves the other way in
    let page = preview(app, &[("body", "Again"), ("token", &token)]).expect(200).await.text();
    assert!(page.contains("name=\"password\"") && page.contains("<p>Again</p>"), "{page}");
}

#[actix_web::test]
async fn forms_are_read_within_bounds() {
    let app = App::start().await;
    blog(&app).await;
    preview(&app, &[("body", "x"), ("odd", "y")]).expect(422).await;
    preview(&app, &[("body", "x\0")]).expect(422).await;
    preview(&app, &[("body", "x"), ("to", "no id")]).expect(422).await;
    preview(&app, &[("body", &"x".repeat(300_000))]).expect(413).await;
    app.post("/embed/blog/s1/preview").json(json!({"body": "x"})).expect(415).await;
    app.post("/embed/unknown/s1/preview").form(&[("body", "x")]).expect(404).await;
}
