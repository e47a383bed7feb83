//! What all readers see is the same bytes, under a tag that changes with them.

use std::time::Duration;

use actix_web::http::Method;
use rejoinder::{
    auth::permission::{Operation, Rule},
    domain::ids::AccountId,
    http::problem::Problem,
};
use serde_json::json;

use crate::{
    actors::PASSWORD,
    app::{App, Response},
    contract::DOCUMENT,
};

fn etag(response: &Response) -> String {
    response.header("etag").expect("an entity tag").to_owned()
}

#[actix_web::test]
async fn who_has_the_page_already_is_told_so() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let reply = ann.replies(&story, "Hello").await;
    for path in [
        format!("/api/v1/stories/{}/replies", story.id),
        format!("/api/v1/replies/{}", reply.id),
        format!("/api/v1/replies/{}/below", reply.id),
        "/api/v1/sites/blog/replies".to_owned(),
        "/api/v1/sites/blog/stories".to_owned(),
        format!("/api/v1/stories/{}", story.id),
        format!("/api/v1/accounts/{}/replies", ann.id),
        format!("/api/v1/counts?id={}", story.id),
    ] {
        let tag = etag(&app.get(&path).expect(200).await);
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag} is not strong");
        let conditions =
            [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), format!("\"a,b\",W/{tag}"), "*".to_owned()];
        for condition in conditions {
            let same = app.get(&path).header("If-None-Match", &condition).expect(304).await;
            assert!(same.body.is_empty(), "{path} {condition}");
            assert_eq!(etag(&same), tag);
            assert_eq!(same.header("cache-control"), Some("public, max-age=2, stale-while-revalidate=30"));
            assert_eq!(same.header("access-control-allow-origin"), Some("*"));
        }
        for condition in ["\"other\"", "W/\"other\", \"another\""] {
            app.get(&path).header("If-None-Match", condition).expect(200).await;
        }
        let two_lines = app.get(&path).header("If-None-Match", "\"other\"").header("If-None-Match", &tag);
        two_lines.expect(304).await;
        app.get(&path).header("If-None-Match", "unquoted").refused("invalid_header").await;
    }
    let missing = format!("/api/v1/stories/{}/replies", reply.id);
    app.get(missing).header("If-None-Match", "*").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn each_coding_is_another_representation_of_the_same_json() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, &"Quite a long text. ".repeat(50)).await;
    let pages = [
        format!("/api/v1/stories/{}/replies", story.id),
        "/api/v1/sites/blog/replies".to_owned(),
        format!(
            "/api/v1/counts?site=blog&id={}&{}",
            story.id,
            "external_id=not-there&".repeat(20).trim_end_matches('&')
        ),
    ];
    for path in &pages {
        let plain = app.get(path).expect(200).await;
        assert_eq!(plain.header("content-encoding"), None);
        let mut tags = vec![etag(&plain)];
        for (accepted, coding) in [
            ("gzip", "gzip"),
            ("gzip, br;q=0.9", "gzip"),
            ("gzip, deflate, br", "br"),
            ("br;q=1, gzip;q=0.8, *;q=0.1", "br"),
        ] {
            let encoded = app.get(path).header("Accept-Encoding", accepted).expect(200).await;
            assert_eq!(encoded.header("content-encoding"), Some(coding), "{accepted}");
            assert_eq!(encoded.header("vary"), Some("Accept-Encoding"));
            assert!(encoded.body.len() < plain.body.len());
            assert_eq!(encoded.decoded(), plain.body);
            let again = app.get(path).header("Accept-Encoding", accepted).header("If-None-Match", &etag(&encoded));
            again.expect(304).await;
            let other = app.get(path).header("Accept-Encoding", accepted).header("If-None-Match", &etag(&plain));
            other.expect(200).await;
            tags.push(etag(&encoded));
        }
        tags.sort();
        tags.dedup();
        assert_eq!(tags.len(), 3);
        for refused in ["gzip;q=0", "identity", "zstd", "identity, gzip;q=0.5"] {
            let response = app.get(path).header("Accept-Encoding", refused).expect(200).await;
            assert_eq!(response.header("content-encoding"), None, "{refused}");
            assert_eq!(response.body, plain.body);
        }
    }
    app.check().await;
}

#[actix_web::test]
async fn the_tag_changes_with_every_visible_change_and_with_no_other() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let closes_at = app.now().plus(Duration::from_secs(24 * 3600));
    let story = blog.story_with("s1", json!({"headline": "One", "closes_at": closes_at})).await;
    let other_story = blog.story("s2").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "First").await;
    let paths = [
        format!("/api/v1/stories/{}/replies", story.id),
        format!("/api/v1/replies/{}", reply.id),
        format!("/api/v1/replies/{}/below", reply.id),
    ];
    let look = async || {
        let mut seen = Vec::new();
        for path in &paths {
            let page = app.get(path).expect(200).await;
            seen.push((etag(&page), page.body));
        }
        seen
    };
    let last = std::cell::RefCell::new(look().await);
    let changed = async |what: &str| {
        let now = look().await;
        // what is below shows neither the story nor the reply itself, so its bytes may stay; its tag may then change
        for ((before, after), path) in last.borrow().iter().zip(&now).zip(&paths) {
            assert!(before.1 == after.1 || before.0 != after.0, "{what}: other bytes under the same tag at {path}");
        }
        assert_ne!(last.borrow()[0].0, now[0].0, "{what}: the tag stays");
        assert_ne!(last.borrow()[0].1, now[0].1, "{what}: the bytes stay");
        *last.borrow_mut() = now;
    };
    let same = async |what: &str| {
        let now = look().await;
        assert_eq!(*last.borrow(), now, "{what}");
    };

    let answer = bob.answers(&reply, "Answer").await;
    changed("a reply").await;
    let reply = ann.edits(&reply, "First, edited").await;
    changed("an edit").await;
    bob.recommends(&reply).await;
    changed("a recommendation").await;
    bob.recommends(&reply).await;
    same("the same recommendation again").await;
    bob.delete(format!("/api/v1/replies/{}/recommendation", reply.id)).expect(204).await;
    app.settle().await;
    changed("a recommendation taken back").await;
    let refused = mona.decides(&answer, "reject").await;
    changed("a rejection").await;
    let restored = mona.decides(&refused, "restore").await;
    same("what is not public goes back into the queue").await;
    mona.decides(&restored, "approve").await;
    changed("an approval").await;
    ann.patch("/api/v1/me").json(json!({"username": "ann-of-green"})).expect(200).await;
    changed("another username").await;
    ann.patch("/api/v1/me").json(json!({"display_name": "Ann S."})).expect(200).await;
    changed("another display name").await;
    let role = format!("/api/v1/sites/blog/roles/{}/author", ann.id);
    blog.admin.put(&role).expect(204).await;
    changed("a badge").await;
    blog.admin.delete(&role).expect(204).await;
    changed("a badge taken away").await;
    let id = AccountId(bob.id.parse().unwrap());
    let made: Result<(), Problem> = app
        .state
        .db
        .write(move |conn| {
            rejoinder::store::accounts::set_admin(conn, id, true)?;
            Ok(rejoinder::store::sites::raise_people_version_where_wrote(conn, id)?)
        })
        .await;
    made.unwrap();
    changed("an admin's badge").await;

    bob.reports(&reply, "spam").await;
    same("a report").await;
    blog.set(json!({"moderation_mode": "pre"})).await;
    *last.borrow_mut() = look().await;
    let pending = ann.replies(&story, "Waits").await;
    same("a pending reply").await;
    ann.edits(&pending, "Waits on").await;
    same("an edit of what waits").await;
    ann.replies(&other_story, "Elsewhere").await;
    same("a reply elsewhere").await;

    let fields = json!({"headline": "Another", "closes_at": closes_at.plus(Duration::from_secs(60))});
    blog.admin.put("/api/v1/sites/blog/stories/s1").json(fields).expect(200).await;
    changed("another closing time").await;
    app.pass(Duration::from_secs(25 * 3600));
    changed("closed by the clock").await;
    // the clock went past the tokens' end
    let admin = app.sign_in("boss-blog", PASSWORD).await;
    admin.post(format!("/api/v1/stories/{}/reopen", story.id)).expect(200).await;
    changed("reopened").await;
    admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    changed("closed by hand").await;
    admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    same("closed again").await;
    admin.post(format!("/api/v1/stories/{}/reopen", story.id)).expect(200).await;
    *last.borrow_mut() = look().await;
    admin.patch("/api/v1/sites/blog").json(json!({"is_closed": true})).expect(200).await;
    changed("the site closed").await;
    let ann = app.sign_in("ann-of-green", PASSWORD).await;
    ann.closes().await;
    changed("an account closed").await;
    app.check().await;
}

#[actix_web::test]
async fn a_sites_closing_rule_stands_in_the_tag() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let mut seen = Vec::new();
    for days in [0, 7, 14] {
        blog.set(json!({"close_after_days": days})).await;
        let page = app.get(&path).expect(200).await;
        assert_eq!(page.json()["story"]["closes_at"].is_null(), days == 0);
        seen.push(etag(&page));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3);
    app.check().await;
}

#[actix_web::test]
async fn public_reads_do_not_look_at_who_asks_and_answer_head() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story_with("s1", json!({"urls": ["https://blog.example/1"]})).await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Mine").await;
    ann.answers(&reply, "Below").await;
    mona.recommends(&reply).await;
    blog.set(json!({"moderation_mode": "pre"})).await;
    ann.replies(&story, "Waits").await;

    let values = [
        ("{story_id}", story.id.as_str()),
        ("{reply_id}", &reply.id),
        ("{account_id}", &ann.id),
        ("{site}", "blog"),
        ("{external_id}", "s1"),
    ];
    let is_public = |operation: &serde_json::Value| {
        let id = operation["operationId"].as_str().unwrap();
        let is_public = Operation::parse(id).unwrap().rule() == Rule::Public;
        let needs_token =
            operation["security"].as_array().is_some_and(|schemes| schemes.iter().any(|of| of != &json!({})));
        assert!(!(is_public && needs_token), "{id}");
        is_public
    };
    let mut count = 0;
    for (template, item) in DOCUMENT["paths"].as_object().unwrap() {
        if item.get("get").is_none_or(|operation| !is_public(operation)) {
            continue;
        }
        count += 1;
        let path = values.iter().fold(template.clone(), |path, (name, value)| path.replace(name, value));
        let query = match template.rsplit('/').next().unwrap() {
            "counts" => format!("?id={}", story.id),
            "events" => "?since=1".to_owned(),
            _ => String::new(),
        };
        let path = format!("{path}{query}");
        let plain = app.get(&path).send().await;
        assert_eq!(plain.status, 200, "{path}");
        let invalid = format!("{}x", ann.token);
        for token in [ann.token.as_str(), &mona.token, &blog.admin.token, &invalid, "nonsense"] {
            let other = app.get(&path).bearer(token).send().await;
            assert_eq!((other.status, &other.body), (plain.status, &plain.body), "{path}");
            assert_eq!(other.header("etag"), plain.header("etag"), "{path}");
        }
        let basic = app.get(&path).header("Authorization", "Basic eHg6eHg=").send().await;
        assert_eq!(basic.body, plain.body, "{path}");
        let head = app.request(Method::HEAD, &path).send().await;
        assert_eq!(head.status, 200, "HEAD {path}");
        for name in ["etag", "content-type", "cache-control", "vary", "access-control-allow-origin"] {
            assert_eq!(head.header(name), plain.header(name), "{name} of HEAD {path}");
        }
    }
    assert!(count >= 12, "only {count} public reads are documented");
    app.check().await;
}

#[actix_web::test]
async fn a_tombstone_tells_nothing_of_what_is_done_to_it() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let parent = ann.replies(&story, "Gone soon.").await;
    bob.answers(&parent, "Still here.").await;
    let mut parent = mona.decides(&parent, "reject").await;
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let before = app.get(&path).expect(200).await;
    assert_eq!(before.json()["items"][0]["version"], serde_json::Value::Null);
    for action in ["spam", "restore", "reject"] {
        parent = mona.decides(&parent, action).await;
        let now = app.get(&path).expect(200).await;
        assert_eq!((&now.body, now.header("ETag")), (&before.body, before.header("ETag")), "{action}");
    }
    app.check().await;
}
