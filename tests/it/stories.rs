//! Stories as front ends register them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Site},
    app::{App, Request},
    together::{together, with_status},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn putting(site: &Site, external_id: &str, body: Value) -> Request {
    site.admin.put(format!("/api/v1/sites/{}/stories/{external_id}", site.key)).json(body)
}

fn whole() -> Value {
    json!({
        "urls": ["https://blog.example/eggs", "https://blog.example/?p=7"],
        "headline": "Eggs cost less",
        "source": {"name": "The Wire", "url": "https://wire.example/1"},
        "excerpt": "Eggs cost less than last year.",
        "published_at": "2026-11-20T08:00:00Z",
        "commentary": {"label": "KC's View", "author_name": "Kevin", "body": "*At last.*"},
        "moderation_mode": "pre",
        "closes_at": "2027-01-01T00:00:00Z",
    })
}

#[actix_web::test]
async fn a_story_is_registered_whole_and_comes_back_so() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let made = putting(&blog, "s1", whole()).expect(201).await;
    let story = made.json();
    let id = story["id"].as_str().unwrap();
    assert_eq!(made.header("Location").unwrap(), format!("/api/v1/stories/{id}"));
    for (name, value) in whole().as_object().unwrap() {
        if name != "commentary" {
            assert_eq!(&story[name], value, "{name}");
        }
    }
    assert_eq!(story["commentary"]["body_html"], "<p><em>At last.</em></p>\n");
    assert_eq!((&story["site"], &story["external_id"]), (&json!("blog"), &json!("s1")));
    assert_eq!((&story["is_closed"], &story["replies"]), (&json!(false), &json!(0)));
    for path in [format!("/api/v1/stories/{id}"), "/api/v1/sites/blog/stories/s1".to_owned()] {
        let shown = app.get(path).expect(200).await;
        assert_eq!(shown.json(), story);
        assert_eq!(shown.header("ETag"), made.header("ETag"));
    }
    app.check().await;
}

#[actix_web::test]
async fn the_same_again_changes_nothing_and_what_is_absent_is_taken_away() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let first = putting(&blog, "s1", whole()).expect(201).await;
    app.pass(DAY / 200);
    let again = putting(&blog, "s1", whole()).expect(200).await;
    assert_eq!((again.json(), again.header("ETag")), (first.json(), first.header("ETag")));
    assert_eq!(again.header("Location"), None);
    let bare = putting(&blog, "s1", json!({"headline": "Eggs"})).expect(200).await;
    assert_ne!(bare.header("ETag"), first.header("ETag"));
    let story = bare.json();
    for gone in ["source", "excerpt", "commentary", "moderation_mode", "closes_at"] {
        assert_eq!(story[gone], Value::Null, "{gone}");
    }
    assert_eq!((&story["urls"], &story["published_at"]), (&json!([]), &json!("2026-11-20T08:00:00Z")));
    assert_eq!(story["id"], first.json()["id"]);
    app.check().await;
}

#[actix_web::test]
async fn an_older_tag_is_refused_and_replies_make_no_tag_older() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    let tag = async || app.get("/api/v1/sites/blog/stories/s1").expect(200).await.header("ETag").unwrap().to_owned();
    let first = tag().await;
    ann.replies(&story, "Hello.").await;
    assert_ne!(tag().await, first, "readers see another count");
    let two = || json!({"headline": "Two"});
    putting(&blog, "s1", two()).header("If-Match", &first).expect(200).await;
    let three = || putting(&blog, "s1", json!({"headline": "Three"}));
    three().header("If-Match", &first).refused("precondition_failed").await;
    three().header("If-Match", "\"nonsense\"").refused("precondition_failed").await;
    let second = tag().await;
    three().header("If-Match", &format!("W/{second}")).refused("precondition_failed").await;
    three().header("If-Match", "nonsense").refused("invalid_header").await;
    let zipped = app.get("/api/v1/sites/blog/stories/s1").header("Accept-Encoding", "gzip").expect(200).await;
    three().header("If-Match", &format!("{first}, {}", zipped.header("ETag").unwrap())).expect(200).await;
    putting(&blog, "s1", two()).header("If-Match", "*").expect(200).await;
    putting(&blog, "s2", two()).header("If-Match", "*").refused("precondition_failed").await;
    putting(&blog, "s1", two()).header("If-None-Match", "*").refused("precondition_failed").await;
    putting(&blog, "s2", two()).header("If-None-Match", "*").expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn addresses_that_mean_the_same_find_the_same_story() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let urls = json!(["HTTPS://Blog.Example:443/a%20b/?id=7&utm_source=x#top", "https://blog.example/other"]);
    let story = putting(&blog, "s1", json!({"headline": "One", "urls": urls})).expect(201).await.json();
    for same in [
        "http://blog.example/a%20b/?id=7",
        "https://BLOG.example/a%20b/?fbclid=1&id=7&UTM_Medium=m",
        "http://blog.example:80/a%20b/?id=7#else",
        "https://blog.example/other?gclid=2",
        "https://blog.example/other?",
    ] {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("url", same).finish();
        let found = app.get(format!("/api/v1/sites/blog/stories?{query}")).expect(200).await.json();
        assert_eq!(found["items"][0]["id"], story["id"], "{same}");
        assert_eq!(found["next_cursor"], Value::Null);
        let taken = putting(&blog, "s2", json!({"headline": "Two", "urls": [same]})).refused("url_taken").await;
        assert_eq!(taken["story_id"], story["id"], "{same}");
    }
    app.get("/api/v1/sites/blog/stories/s2").refused("not_found").await;
    for other in
        ["https://blog.example/a%20b/?id=8", "https://blog.example/a%20b?id=7", "https://blog.example:8080/other"]
    {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("url", other).finish();
        let found = app.get(format!("/api/v1/sites/blog/stories?{query}")).expect(200).await.json();
        assert_eq!(found["items"], json!([]), "{other}");
    }
    app.get("/api/v1/sites/blog/stories?url=nonsense").refused("invalid_query").await;
    // another site's story may have it, and what is given up is free
    let other = app.site("other").await;
    putting(&other, "s1", json!({"headline": "Two", "urls": ["https://blog.example/other"]})).expect(201).await;
    putting(&blog, "s1", json!({"headline": "One", "urls": []})).expect(200).await;
    putting(&blog, "s2", json!({"headline": "Two", "urls": ["https://blog.example/other"]})).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn a_site_says_which_parameters_only_track() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"tracking_params": ["ref", "x_*"]})).await;
    let body =
        json!({"headline": "One", "urls": ["https://blog.example/?p=1&ref=mail&x_a=1", "https://blog.example/?p=1"]});
    let story = putting(&blog, "s1", body).expect(201).await.json();
    assert_eq!(story["urls"], json!(["https://blog.example/?p=1&ref=mail&x_a=1"]));
    let count = "/api/v1/counts?site=blog&url=https%3A%2F%2Fblog.example%2F%3Fp%3D1%26ref%3D2";
    assert_eq!(app.get(count).expect(200).await.json()["items"][0]["id"], story["id"]);
    let tracked = "/api/v1/counts?site=blog&url=https%3A%2F%2Fblog.example%2F%3Fp%3D1%26utm_source%3D2";
    assert_eq!(app.get(tracked).expect(200).await.json()["items"][0]["is_known"], false);
}

#[actix_web::test]
async fn of_many_who_register_one_story_at_once_all_get_the_same() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let answers = together((0..10).map(|_| putting(&blog, "s1", whole()))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 200)), (1, 9));
    assert!(answers.iter().all(|answer| answer.json()["id"] == answers[0].json()["id"]));
    let page = app.get("/api/v1/sites/blog/stories").expect(200).await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let rivals =
        (0..10).map(|n| putting(&blog, &format!("r{n}"), json!({"headline": "R", "urls": ["https://r.example"]})));
    let answers = together(rivals).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 9));
    app.check().await;
}

#[actix_web::test]
async fn stories_of_one_time_are_each_listed_once() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    for number in 0..7 {
        let time = if number < 5 { "2026-11-20T08:00:00Z" } else { "2026-11-21T08:00:00Z" };
        putting(&blog, &format!("s{number}"), json!({"headline": "X", "published_at": time})).expect(201).await;
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(format!("/api/v1/sites/blog/stories?limit=2{cursor}")).expect(200).await.json();
        found.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["external_id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, ["s6", "s5", "s4", "s3", "s2", "s1", "s0"]);
}

#[actix_web::test]
async fn a_story_closes_by_hand_by_the_clock_and_by_the_sites_rule() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "post", "close_after_days": 3})).await;
    let (ann, boss) = (app.reader("ann").await, &blog.admin);
    let story = blog.story("s1").await;
    let timed = blog.story_with("s2", json!({"closes_at": app.now().plus(DAY).to_string()})).await;
    for _ in 0..2 {
        let view = boss.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await.json();
        assert_eq!(view["is_closed"], true);
    }
    ann.posting(&story, "Closed?").refused("story_closed").await;
    assert_eq!(ann.mine(&story).await["may_reply"], false);
    let tag = app.get(format!("/api/v1/stories/{}", timed.id)).expect(200).await.header("ETag").unwrap().to_owned();
    for _ in 0..2 {
        let view = boss.post(format!("/api/v1/stories/{}/reopen", story.id)).expect(200).await.json();
        assert_eq!(view["is_closed"], false);
    }
    ann.replies(&story, "Open.").await;
    let ruled = blog.story("s3").await;
    app.pass(DAY);
    let (ann, boss) = (app.sign_in("ann", PASSWORD).await, app.sign_in(&boss.username, PASSWORD).await);
    ann.posting(&timed, "Too late.").refused("story_closed").await;
    // closed by the clock alone, the story has another tag
    let now = app.get(format!("/api/v1/stories/{}", timed.id)).header("If-None-Match", &tag).expect(200).await.json();
    assert_eq!(now["is_closed"], true);
    ann.replies(&ruled, "Not yet.").await;
    app.pass(2 * DAY);
    let (ann, boss) = (app.sign_in(&ann.username, PASSWORD).await, app.sign_in(&boss.username, PASSWORD).await);
    ann.posting(&ruled, "By the rule.").refused("story_closed").await;
    // reopened by hand before, the rule is off
    ann.replies(&story, "Still open.").await;
    for closed in [&ruled, &timed] {
        boss.post(format!("/api/v1/stories/{}/reopen", closed.id)).expect(200).await;
        ann.replies(closed, "Open again.").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn what_is_too_long_or_wrong_is_named() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let text = |length: usize| "x".repeat(length);
    let commentary = |label: usize, body: usize| json!({"label": text(label), "author_name": "K", "body": text(body)});
    let long_url = format!("https://a.example/{}", text(2_040));
    let most = json!({
        "headline": text(300), "excerpt": text(5_000), "source": {"name": text(200)}, "commentary": commentary(100, 50_000),
        "urls": (0..20).map(|n| format!("https://a.example/{n}")).collect::<Vec<_>>(),
    });
    putting(&blog, "most", most).expect(201).await;
    for (wrong, pointer) in [
        (json!({"headline": ""}), "/headline"),
        (json!({"headline": text(301)}), "/headline"),
        (json!({"headline": "a\u{0}"}), "/headline"),
        (json!({"headline": "H", "excerpt": text(5_001)}), "/excerpt"),
        (json!({"headline": "H", "source": {"name": text(201)}}), "/source/name"),
        (json!({"headline": "H", "source": {"url": "ftp://a.example"}}), "/source/url"),
        (json!({"headline": "H", "commentary": commentary(101, 1)}), "/commentary/label"),
        (json!({"headline": "H", "commentary": commentary(1, 50_001)}), "/commentary/body"),
        (json!({"headline": "H", "urls": ["https://a.example", "javascript:x"]}), "/urls/1"),
        (json!({"headline": "H", "urls": ["https://me:pw@a.example"]}), "/urls/0"),
        (json!({"headline": "H", "urls": [long_url]}), "/urls/0"),
        (json!({"headline": "H", "urls": vec!["https://a.example"; 21]}), "/urls"),
        (json!({"headline": "H", "published_at": "yesterday"}), "/published_at"),
        (json!({"headline": "H", "moderation_mode": "never"}), "/moderation_mode"),
    ] {
        let problem = putting(&blog, "s1", wrong.clone()).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{wrong}");
    }
    putting(&blog, &text(201), json!({"headline": "H"})).refused("invalid_fields").await;
    putting(&blog, "a%2Fb%20c", json!({"headline": "H"})).expect(201).await;
    assert_eq!(app.get("/api/v1/sites/blog/stories/a%2Fb%20c").expect(200).await.json()["external_id"], "a/b c");
    app.check().await;
}

#[actix_web::test]
async fn what_was_read_can_be_put_back_and_changes_nothing() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"close_after_days": 10})).await;
    let made = putting(&blog, "s1", json!({"headline": "H", "published_at": "2026-11-20T08:00:00Z"})).expect(201).await;
    let story = made.json();
    assert_eq!((&story["closes_at"], &story["effective_closes_at"]), (&Value::Null, &json!("2026-11-30T08:00:00Z")));
    let back = json!({
        "headline": story["headline"], "published_at": story["published_at"], "closes_at": story["closes_at"],
        "urls": story["urls"], "moderation_mode": story["moderation_mode"],
    });
    assert_eq!(putting(&blog, "s1", back).expect(200).await.header("ETag"), made.header("ETag"));
    blog.set(json!({"close_after_days": 0})).await;
    assert_eq!(app.get("/api/v1/sites/blog/stories/s1").expect(200).await.json()["effective_closes_at"], Value::Null);
    app.check().await;
}

#[actix_web::test]
async fn a_tag_is_one_storys_and_closing_stops_no_editor() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let first = putting(&blog, "s1", json!({"headline": "One"})).expect(201).await;
    let second = putting(&blog, "s2", json!({"headline": "Two"})).expect(201).await;
    let edit = |tag: &str| putting(&blog, "s1", json!({"headline": "One, edited"})).header("If-Match", tag);
    edit(second.header("ETag").unwrap()).refused("precondition_failed").await;
    let id = first.json()["id"].as_str().unwrap().to_owned();
    for verb in ["close", "reopen", "close"] {
        blog.admin.post(format!("/api/v1/stories/{id}/{verb}")).expect(200).await;
    }
    let edited = edit(first.header("ETag").unwrap()).expect(200).await.json();
    assert_eq!((&edited["headline"], &edited["is_closed"]), (&json!("One, edited"), &json!(true)));
    edit(first.header("ETag").unwrap()).refused("precondition_failed").await;
    app.check().await;
}

#[actix_web::test]
async fn reopening_on_a_closed_site_is_done_and_logged_once() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    blog.admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    blog.set(json!({"is_closed": true})).await;
    for _ in 0..3 {
        let view = blog.admin.post(format!("/api/v1/stories/{}/reopen", story.id)).expect(200).await.json();
        assert_eq!(view["is_closed"], true);
    }
    let log = blog.admin.get("/api/v1/sites/blog/log?action=reopen_story").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_address_of_a_source_is_kept_in_its_one_form() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let source = json!({"headline": "H", "source": {"url": " HTTPS://Wire.example:443/a\nb?x=1#top "}});
    let story = putting(&blog, "s1", source).expect(201).await.json();
    assert_eq!(story["source"]["url"], "https://wire.example/ab?x=1#top");
}

#[actix_web::test]
async fn other_tracking_parameters_hold_for_stories_that_were_there_before() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = putting(&blog, "s1", json!({"headline": "H", "urls": ["https://b.example/p?ref=x"]})).expect(201).await;
    let id = story.json()["id"].clone();
    let found = async |url: &str| {
        let page = app.get(format!("/api/v1/sites/blog/stories?url={url}")).expect(200).await.json();
        page["items"][0]["id"].clone()
    };
    assert_eq!(found("https://b.example/p").await, Value::Null);
    blog.set(json!({"tracking_params": ["ref"]})).await;
    for url in ["https://b.example/p", "https://b.example/p?ref=x", "https://b.example/p?ref=y"] {
        assert_eq!(found(url).await, id, "{url}");
        putting(&blog, "s2", json!({"headline": "H", "urls": [url]})).refused("url_taken").await;
    }
    app.check().await;
    blog.set(json!({"tracking_params": []})).await;
    assert_eq!(found("https://b.example/p").await, Value::Null);
    putting(&blog, "s2", json!({"headline": "H", "urls": ["https://b.example/p?ref=y", "https://b.example/q"]}))
        .expect(201)
        .await;
    // what would make two stories one is refused whole
    let change = blog.admin.patch("/api/v1/sites/blog").json(json!({"tracking_params": ["ref"], "name": "Other"}));
    change.refused("url_taken").await;
    assert_eq!(found("https://b.example/p?ref=x").await, id);
    assert_eq!(app.get("/api/v1/sites/blog").expect(200).await.json()["name"], "blog");
    app.check().await;
}

#[actix_web::test]
async fn the_log_tells_what_was_put_and_nothing_of_what_changed_nothing() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = putting(&blog, "s1", whole()).expect(201).await.json();
    putting(&blog, "s1", whole()).expect(200).await;
    let mut other = whole();
    other["headline"] = json!("Eggs cost more");
    other["commentary"]["body"] = json!("*Alas.*");
    putting(&blog, "s1", other).expect(200).await;
    let log = blog.admin.get("/api/v1/sites/blog/log?action=put_story").expect(200).await.json();
    let [changed, made] = &log["items"].as_array().unwrap()[..] else { panic!("{log}") };
    assert_eq!((&changed["story_id"], &changed["actor_id"]), (&story["id"], &json!(blog.admin.id)));
    assert_eq!(made["details"]["before"], Value::Null);
    assert_eq!(made["details"]["after"]["urls"], whole()["urls"]);
    assert_eq!(made["details"]["after"]["moderation_mode"], "pre");
    let (before, after) = (&changed["details"]["before"], &changed["details"]["after"]);
    assert_eq!((&before["headline"], &after["headline"]), (&json!("Eggs cost less"), &json!("Eggs cost more")));
    let fields: Vec<&String> = after.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["commentary_sha256", "headline"]);
    assert_ne!(before["commentary_sha256"], after["commentary_sha256"]);
}
