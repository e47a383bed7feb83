//! A story's discussion as plain pages: what they show, to whom, and what programs read in them.

use serde_json::{Value, json};

use crate::{
    actors::{Reply, Site, Story},
    app::{App, Response},
};

/// Where the next page is, as a path.
pub fn next(page: &str) -> Option<String> {
    let (before, _) = page.split_once("\" rel=\"next\"")?;
    let (_, url) = before.rsplit_once("href=\"")?;
    Some(path(&url.replace("&amp;", "&").replace("&#38;", "&")))
}

/// The path and query of an address of the service.
pub fn path(url: &str) -> String {
    url.strip_prefix("http://comments.example").unwrap_or_else(|| panic!("{url} is elsewhere")).to_owned()
}

/// What a page says to programs.
pub fn linked_data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// The ids of the replies of a page, in its order.
fn ids(page: &str) -> Vec<String> {
    page.split("<li id=\"reply-").skip(1).map(|rest| rest[..36].to_owned()).collect()
}

async fn page(app: &App, path: &str) -> String {
    app.get(path).expect(200).await.text()
}

async fn blog(app: &App) -> (Site, Story) {
    let site = app.site("blog").await;
    let fields = json!({
        "headline": "Prices & <b>people</b>",
        "urls": ["https://blog.example/prices", "https://blog.example/2"],
        "commentary": {"label": "KC's View", "author_name": "Kim Carter", "body": "A *view* of it."},
    });
    let story = site.story_with("s1", fields).await;
    (site, story)
}

#[actix_web::test]
async fn a_page_shows_threads_as_lists_within_lists_to_everybody() {
    let app = App::start().await;
    let (site, story) = blog(&app).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let mike = site.moderator("mike").await;
    let empty = page(&app, "/embed/blog/s1").await;
    assert!(empty.contains("Nobody has replied yet."), "{empty}");
    let first = ann.replies(&story, "First & *foremost*").await;
    let answer = bob.answers(&first, "An answer").await;
    let deeper = mike.answers(&answer, "A deeper one").await;
    ann.recommends(&answer).await;
    let shown = page(&app, "/embed/blog/s1").await;
    assert_eq!(ids(&shown), [&first.id, &answer.id, &deeper.id].map(String::as_str));
    for part in [
        "<html lang=\"en\" dir=\"ltr\">",
        "<title>Prices &#38; &#60;b&#62;people&#60;/b&#62; · blog</title>",
        "<link rel=\"canonical\" href=\"https://blog.example/prices\">",
        "KC&#39;s View · Replies: 3</h2>",
        "<p>First &amp; <em>foremost</em></p>",
        "<b>mike</b> <span class=\"badge\">Moderator</span>",
        "Recommended: 1 · <a href=",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let squeezed: String = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let inner = squeezed.split("<ol>").skip(1).map(|part| part.matches("</li></ol>").count()).collect::<Vec<_>>();
    assert_eq!(inner, [0, 0, 3], "{squeezed}");
    // a removed reply with answers is a place without words
    mike.decides(&first, "reject").await;
    let shown = page(&app, "/embed/blog/s1").await;
    assert!(shown.contains("This reply is not shown.") && !shown.contains("foremost"), "{shown}");
    assert_eq!(ids(&shown).len(), 3);
    app.check().await;
}

#[actix_web::test]
async fn pages_are_the_same_for_all_kept_and_known_by_their_tag() {
    let app = App::start().await;
    let (_, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "One").await;
    let first = app.get("/embed/blog/s1").expect(200).await;
    let tag = |answer: &Response| answer.header("ETag").unwrap().to_owned();
    assert_eq!(first.header("Content-Type"), Some("text/html; charset=utf-8"));
    assert_eq!(first.header("Vary"), Some("Accept-Encoding"));
    assert!(first.header("Cache-Control").unwrap().starts_with("public, max-age="));
    let policy = first.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("script"), "{policy}");
    // who asks changes nothing, also out of memory; nothing is read of the database
    app.statements();
    let mine = app.get("/embed/blog/s1").bearer(&ann.token).header("Cookie", "rejoinder-plain=x").expect(200);
    assert_eq!(mine.await.text(), first.text());
    assert_eq!(app.statements(), Vec::<String>::new());
    let known = app.get("/embed/blog/s1").header("If-None-Match", &tag(&first)).expect(304).await;
    assert_eq!(known.text(), "");
    assert_eq!(known.header("Content-Security-Policy"), Some(policy), "a browser keeps the page with these headers");
    let packed = app.get("/embed/blog/s1").header("Accept-Encoding", "br").expect(200).await;
    assert_eq!(packed.header("Content-Encoding"), Some("br"));
    assert_eq!(String::from_utf8(packed.decoded()).unwrap(), first.text());
    assert_ne!(tag(&packed), tag(&first));
    // the API's page of the same story is another one
    assert_eq!(
        app.get("/api/v1/sites/blog/stories/s1/discussion").expect(200).await.header("Content-Type"),
        Some("application/json")
    );
    ann.replies(&story, "Two").await;
    let second = app.get("/embed/blog/s1").header("If-None-Match", &tag(&first)).expect(200).await;
    assert_ne!(tag(&second), tag(&first));
    assert!(second.text().contains("<p>Two</p>"));
}

#[actix_web::test]
async fn links_lead_through_all_replies_in_each_order() {
    let app = App::start().await;
    let (_, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    for number in 0..60 {
        ann.replies(&story, &format!("Number {number}")).await;
    }
    for order in ["newest", "oldest", "top"] {
        let (mut found, mut at) = (Vec::new(), Some(format!("/embed/blog/s1?sort={order}")));
        let mut pages = 0;
        while let Some(path) = at {
            let page = page(&app, &path).await;
            found.extend(ids(&page));
            at = next(&page);
            pages += 1;
        }
        let api = story.page(&format!("?limit=100&replies_per_thread=0&sort={order}")).await;
        let expected: Vec<&str> =
            api["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        assert_eq!((found.len(), pages), (60, 2));
        assert_eq!(found, expected, "{order}");
    }
}

#[actix_web::test]
async fn a_reply_has_a_page_with_what_is_around_it_and_all_that_is_below() {
    let app = App::start().await;
    let (site, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    let top = ann.replies(&story, "Top").await;
    let mut answers: Vec<Reply> = Vec::new();
    for number in 0..12 {
        answers.push(ann.answers(&top, &format!("Answer {number}")).await);
    }
    let shown = page(&app, "/embed/blog/s1").await;
    assert_eq!(ids(&shown).len(), 10, "a thread with the first ones below it");
    let (before, _) = shown.split_once("\">More answers</a>").unwrap();
    let more = path(&before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&"));
    let rest = page(&app, &more).await;
    assert_eq!(
        ids(&rest),
        [&[top.id.clone()][..], &answers[9..].iter().map(|reply| reply.id.clone()).collect::<Vec<_>>()].concat()
    );
    let one = page(&app, &format!("/embed/blog/s1/replies/{}", answers[3].id)).await;
    assert_eq!(ids(&one), [top.id.as_str(), answers[3].id.as_str()]);
    assert!(one.contains(&format!("<li id=\"reply-{}\"><article class=\"marked\">", answers[3].id)), "{one}");
    assert!(one.contains("<link rel=\"canonical\" href=\"https://blog.example/prices\">"));
    // not under another story, and not what is not shown
    site.story("s2").await;
    app.get(format!("/embed/blog/s2/replies/{}", answers[3].id)).expect(404).await;
    let mike = site.moderator("mike").await;
    mike.decides(&answers[3], "reject").await;
    app.get(format!("/embed/blog/s1/replies/{}", answers[3].id)).expect(404).await;
}

#[actix_web::test]
async fn what_goes_into_another_page_has_no_head_and_whole_addresses() {
    let app = App::start().await;
    let (_, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    let reply = ann.replies(&story, "One").await;
    let part = page(&app, "/embed/blog/s1?fragment=true").await;
    assert!(part.starts_with("<section class=\"rejoinder\" lang=\"en\" dir=\"ltr\">"), "{part}");
    for absent in ["<html", "<style", "<title", "<main", "<body"] {
        assert!(!part.contains(absent), "{absent}");
    }
    for address in part.split("href=\"").skip(1).chain(part.split("action=\"").skip(1)) {
        assert!(address.starts_with("http://comments.example/embed/blog/s1"), "{address}");
    }
    assert!(part.contains(&format!("/replies/{}\"", reply.id)));
    assert_eq!(linked_data(&part)["commentCount"], 1);
}

#[actix_web::test]
async fn programs_read_the_discussion_as_linked_data() {
    let app = App::start().await;
    let (site, story) = blog(&app).await;
    let (ann, mike) = (app.reader("ann").await, site.moderator("mike").await);
    ann.patch("/api/v1/me").json(json!({"display_name": "</script><b>Ann"})).expect(200).await;
    let first = ann.replies(&story, "First </script> & **strong**").await;
    let answer = ann.answers(&first, "Below").await;
    ann.answers(&answer, "Deeper").await;
    let second = ann.replies(&story, "Second").await;
    mike.recommends(&second).await;
    mike.decides(&answer, "spam").await;
    let said = linked_data(&page(&app, "/embed/blog/s1?sort=oldest").await);
    assert_eq!((&said["@context"], &said["@type"]), (&json!("https://schema.org"), &json!("DiscussionForumPosting")));
    assert_eq!(said["headline"], "Prices & <b>people</b>");
    assert_eq!(said["url"], "https://blog.example/prices");
    assert_eq!(said["author"], json!({"@type": "Person", "name": "Kim Carter"}));
    assert_eq!(said["text"], "A view of it.");
    assert_eq!(said["commentCount"], 3);
    let comments = said["comment"].as_array().unwrap();
    assert_eq!(comments.len(), 2);
    assert_eq!(comments[0]["text"], "First </script> & strong");
    assert_eq!(comments[0]["author"]["name"], "</script><b>Ann");
    let removed = &comments[0]["comment"][0];
    assert_eq!(
        (&removed["creativeWorkStatus"], removed.get("text"), removed.get("author")),
        (&json!("Deleted"), None, None)
    );
    assert_eq!(removed["comment"][0]["text"], "Deeper");
    assert_eq!(comments[1]["interactionStatistic"]["userInteractionCount"], 1);
    // a story of which nothing is said but its headline
    site.story("s2").await;
    let said = linked_data(&page(&app, "/embed/blog/s2").await);
    assert_eq!(said["author"], json!({"@type": "Organization", "name": "blog"}));
    assert_eq!(said["text"], "About s2");
    assert_eq!(said["url"], "http://comments.example/embed/blog/s2");
}

#[actix_web::test]
async fn pages_speak_five_languages() {
    let app = App::start().await;
    let (_, story) = blog(&app).await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "One").await;
    ann.replies(&story, "Two").await;
    for (language, direction, word) in [
        ("en", "ltr", "Replies: 2"),
        ("de", "ltr", "Antworten: 2"),
        ("fr", "ltr", "Réponses: 2"),
        ("es", "ltr", "Respuestas: 2"),
        ("ar", "rtl", "الردود: 2"),
    ] {
        let page = page(&app, &format!("/embed/blog/s1?lang={language}")).await;
        assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{page}");
        assert!(page.contains(word), "{page}");
        // and links go on in it
        let stays = page.contains(&format!("sort=oldest&#38;lang={language}"));
        assert_eq!(stays, language != "en", "{page}");
    }
}

#[actix_web::test]
async fn what_cannot_be_shown_is_said_on_a_page() {
    let app = App::start().await;
    blog(&app).await;
    for (path, status, words) in [
        ("/embed/blog/unknown", 404, "There is no such thing"),
        ("/embed/unknown/s1", 404, "There is no such thing"),
        ("/embed/blog/s1?cursor=abc", 400, "The cursor does not belong to this list"),
        ("/embed/blog/unknown?lang=de", 404, "Das gibt es nicht, oder nicht mehr."),
        ("/embed/blog/unknown/reply?lang=fr", 404, "<html lang=\"fr\" dir=\"ltr\">"),
        ("/embed/blog/s1?cursor=abc&lang=ar", 400, "<html lang=\"ar\" dir=\"rtl\">"),
        ("/embed/blog/s1?lang=xx", 400, "The query has an unknown parameter"),
        ("/embed/blog/s1?odd=1", 400, "The query has an unknown parameter"),
        ("/embed/blog/s1?sort=best", 400, "The query has an unknown parameter"),
    ] {
        let answer = app.get(path).expect(status).await;
        assert_eq!(answer.header("Content-Type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{path}");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
    }
    for (path, allowed) in [
        ("/embed/blog/s1", "GET, HEAD"),
        ("/embed/blog/s1/reply", "GET, HEAD"),
        ("/embed/blog/s1/preview", "POST"),
        ("/embed/blog/s1/post", "POST"),
    ] {
        let answer = app.delete(path).expect(405).await;
        assert_eq!(answer.header("Allow"), Some(allowed), "{path}");
    }
    // an id with all that stands for something else in addresses
    let site = app.site("other").await;
    let odd = site.admin.put("/api/v1/sites/other/stories/a%2Fb%3Fc%20%C3%A4").json(json!({"headline": "Odd"}));
    odd.expect(201).await;
    let page = page(&app, "/embed/other/a%2Fb%3Fc%20%C3%A4").await;
    assert!(page.contains("action=\"http://comments.example/embed/other/a%2Fb%3Fc%20%C3%A4/preview\""), "{page}");
}
