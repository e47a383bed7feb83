//! Public pages come from memory, and are never older than what is stored.

use std::time::Duration;

use serde_json::json;

use crate::{
    actors::{PASSWORD, Story},
    app::App,
    together::{together, with_status},
};

/// What only the making of a page of threads asks.
const TOPS: &str = "FROM (SELECT r.* FROM replies r WHERE r.depth = 1";

fn threads(story: &Story) -> String {
    format!("/api/v1/stories/{}/replies", story.id)
}

/// How often pages of threads were made since the last look.
fn makings(app: &App) -> usize {
    app.statements().iter().filter(|sql| sql.contains(TOPS)).count()
}

#[actix_web::test]
async fn a_page_in_memory_asks_nothing_of_the_database() {
    let app = App::start().await;
    let story = app.site("blog").await.story_with("s1", json!({"urls": ["https://blog.example/1"]})).await;
    let ann = app.reader("ann").await;
    let reply = ann.replies(&story, "Hello").await;
    ann.answers(&reply, "Below").await;
    for path in [
        threads(&story),
        format!("{}?sort=top&limit=5&replies_per_thread=1", threads(&story)),
        format!("/api/v1/replies/{}", reply.id),
        format!("/api/v1/replies/{}/below?limit=1", reply.id),
        format!("/api/v1/stories/{}", story.id),
        "/api/v1/sites/blog/stories/s1".to_owned(),
        format!("/api/v1/counts?id={}&site=blog&external_id=s1&url=https://blog.example/1", story.id),
    ] {
        for encoding in ["identity", "gzip", "br"] {
            let first = app.get(&path).header("Accept-Encoding", encoding).expect(200).await;
            app.statements();
            let again = app.get(&path).header("Accept-Encoding", encoding).expect(200).await;
            let tag = first.header("etag").unwrap();
            app.get(&path).header("Accept-Encoding", encoding).header("If-None-Match", tag).expect(304).await;
            assert_eq!(app.statements(), Vec::<String>::new(), "{path}");
            assert_eq!(again.body, first.body);
            let headers = |response: &crate::app::Response| {
                let all = response.headers.iter().filter(|(name, _)| name.as_str() != "x-request-id");
                let mut all: Vec<String> = all.map(|(name, value)| format!("{name}: {value:?}")).collect();
                all.sort();
                all
            };
            assert_eq!(headers(&again), headers(&first), "{path}: the short way gives the same answer");
        }
    }
    app.check().await;
}

#[actix_web::test]
async fn a_thousand_readers_of_a_page_that_is_not_there_have_it_made_once() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    app.reader("ann").await.replies(&story, "Hello").await;
    makings(&app);
    let (reached, go_on) = app.pause_at(TOPS);
    let requests: Vec<_> = (0..1_000).map(|_| app.get(threads(&story))).collect();
    let readers = actix_web::rt::spawn(together(requests));
    reached.await.unwrap();
    go_on.send(()).unwrap();
    assert_eq!(with_status(&readers.await.unwrap(), 200), 1_000);
    assert_eq!(makings(&app), 1);
}

#[actix_web::test]
async fn a_page_that_cannot_be_made_is_told_to_all_who_wait_and_not_kept() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    app.execute("ALTER TABLE commentaries RENAME TO elsewhere").await;
    app.statements();
    let (reached, go_on) = app.pause_at("commentaries");
    let requests: Vec<_> = (0..20).map(|_| app.get(threads(&story))).collect();
    let answers = actix_web::rt::spawn(together(requests));
    reached.await.unwrap();
    while app.state.pages.waiting() < 20 {
        actix_web::rt::task::yield_now().await;
    }
    go_on.send(()).unwrap();
    assert_eq!(with_status(&answers.await.unwrap(), 500), 20);
    let tries = app.statements().iter().filter(|sql| sql.contains("commentaries")).count();
    assert_eq!(tries, 1);
    app.execute("ALTER TABLE elsewhere RENAME TO commentaries").await;
    app.get(threads(&story)).expect(200).await;
}

#[actix_web::test]
async fn what_changes_while_a_page_is_made_is_never_hidden_by_it() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "First").await;
    let (reached, go_on) = app.pause_at(TOPS);
    let early = actix_web::rt::spawn(app.get(threads(&story)).expect(200));
    reached.await.unwrap();
    // its snapshot is taken; now comes a reply, and a reader after it
    ann.replies(&story, "Second").await;
    let late = actix_web::rt::spawn(app.get(threads(&story)).expect(200));
    // he sits with those who wait for the page that is being made
    while app.state.pages.waiting() < 2 {
        actix_web::rt::task::yield_now().await;
    }
    go_on.send(()).unwrap();
    let (early, late) = (early.await.unwrap().json(), late.await.unwrap().json());
    assert_eq!(early["story"]["replies"], 1);
    assert_eq!(late["story"]["replies"], 2);
    let page = app.get(threads(&story)).expect(200).await.json();
    assert_eq!(page, late, "the older bytes have not stayed");
    app.check().await;
}

#[actix_web::test]
async fn every_writer_sees_what_he_wrote_at_once() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    for number in 1..=20 {
        app.get(threads(&story)).expect(200).await;
        let posted = ann.posting(&story, "Hello").expect(201).await.json();
        let page = app.get(threads(&story)).expect(200).await.json();
        assert_eq!(page["story"]["replies"], number);
        assert_eq!(page["story"]["version"], posted["story_version"]);
    }
    app.check().await;
}

#[actix_web::test]
async fn a_version_that_must_be_shown_is_no_part_of_what_is_kept_and_counts_for_nothing_if_it_is_too_new() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let posted = ann.posting(&story, "Hello").expect(201).await.json();
    let plain = app.get(threads(&story)).expect(200).await;
    makings(&app);
    let version = posted["story_version"].as_i64().unwrap();
    for least in [version, 0, -1, version + 1, i64::MAX, i64::MIN] {
        let page = app.get(format!("{}?min_version={least}", threads(&story))).expect(200).await;
        assert_eq!((page.header("etag"), &page.body), (plain.header("etag"), &plain.body), "{least}");
    }
    assert_eq!(makings(&app), 0);
    assert_eq!(app.state.pages.size().0, 1);
    for wrong in ["", "x", "1.5", "99999999999999999999"] {
        app.get(format!("{}?min_version={wrong}", threads(&story))).refused("invalid_query").await;
    }
    app.get(format!("{}?minversion=1", threads(&story))).refused("invalid_query").await;
    assert_eq!(app.state.pages.size().0, 1, "what is refused is not kept");
}

#[actix_web::test]
async fn what_waits_for_a_moderator_leaves_pages_alone() {
    let app = App::start().await;
    let story = app.site_with("blog", json!({"moderation_mode": "pre"})).await.story("s1").await;
    let ann = app.reader("ann").await;
    app.get(threads(&story)).expect(200).await;
    makings(&app);
    let posted = ann.posting(&story, "Waits").expect(201).await.json();
    let page = app.get(threads(&story)).expect(200).await.json();
    assert_eq!((page["story"]["replies"].as_i64(), &page["story"]["version"]), (Some(0), &posted["story_version"]));
    assert_eq!(makings(&app), 0);
}

#[actix_web::test]
async fn pages_change_with_the_names_in_them_and_with_the_clock() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let closes_at = app.now().plus(Duration::from_secs(600));
    let story = blog.story_with("s1", json!({"closes_at": closes_at})).await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "Hello").await;
    let name = async || app.get(threads(&story)).expect(200).await.json()["items"][0]["author"].clone();
    name().await;
    ann.patch("/api/v1/me").json(json!({"username": "ann-of-green"})).expect(200).await;
    assert_eq!(name().await["username"], "ann-of-green");
    ann.patch("/api/v1/me").json(json!({"display_name": "Ann S."})).expect(200).await;
    assert_eq!(name().await["display_name"], "Ann S.");
    blog.admin.put(format!("/api/v1/sites/blog/roles/{}/author", ann.id)).expect(204).await;
    assert_eq!(name().await["badge"], "author");
    let is_closed = async || app.get(threads(&story)).expect(200).await.json()["story"]["is_closed"].clone();
    assert_eq!(is_closed().await, false);
    app.pass(Duration::from_secs(601));
    assert_eq!(is_closed().await, true);
    let ann = app.sign_in("ann-of-green", PASSWORD).await;
    ann.closes().await;
    assert_eq!(name().await["username"], json!(null));
    app.check().await;
}

#[actix_web::test]
async fn a_story_that_is_registered_is_counted_from_then_on() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let path = "/api/v1/counts?site=blog&external_id=s1&url=https://blog.example/1";
    let unknown = app.get(path).expect(200).await.json();
    assert_eq!(unknown["items"][0]["is_known"], false);
    let story = blog.story("s1").await;
    assert_eq!(app.get(path).expect(200).await.json()["items"][0]["is_known"], true);
    assert_eq!(app.get(path).expect(200).await.json()["items"][1]["is_known"], false);
    let fields = json!({"headline": "About s1", "urls": ["https://blog.example/1"]});
    blog.admin.put("/api/v1/sites/blog/stories/s1").json(fields).expect(200).await;
    assert_eq!(app.get(path).expect(200).await.json()["items"][1]["is_known"], true);
    app.reader("ann").await.replies(&story, "Hello").await;
    assert_eq!(app.get(path).expect(200).await.json()["items"][1]["replies"], 1);
    let elsewhere = "/api/v1/counts?site=other&external_id=s1";
    app.get(elsewhere).expect(200).await;
    app.site("other").await.story("s1").await;
    assert_eq!(app.get(elsewhere).expect(200).await.json()["items"][0]["is_known"], true);
}

#[actix_web::test]
async fn a_flood_of_other_pages_neither_drives_out_what_is_read_nor_fills_the_memory() {
    let app = App::with(&[("CACHE_MAX_MB", "1")]).await;
    let blog = app.site("blog").await;
    blog.policy(json!({"repeats": {"own": "pass", "near": "pass"}})).await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    let mut last = None;
    for _ in 0..30 {
        last = Some(ann.replies(&story, &"Words and words. ".repeat(60)).await);
    }
    let last = last.unwrap();
    let hot = [threads(&story), format!("/api/v1/replies/{}", last.id), format!("/api/v1/stories/{}", story.id)];
    for _ in 0..50 {
        for path in &hot {
            app.get(path).expect(200).await;
        }
    }
    let mut most = 0;
    for number in 0..400 {
        let (limit, each) = (number % 100 + 1, number / 100);
        app.get(format!("{}?limit={limit}&replies_per_thread={each}", threads(&story))).send().await;
        app.get(format!("/api/v1/counts?id={}&id={}", story.id, uuid::Uuid::from_u128(number))).expect(200).await;
        // as somebody goes on reading what is hot
        app.get(&hot[usize::try_from(number).unwrap() % hot.len()]).expect(200).await;
        most = most.max(app.state.pages.size().1);
    }
    app.statements();
    for path in &hot {
        app.get(path).expect(200).await;
    }
    assert_eq!(app.statements(), Vec::<String>::new(), "what is hot is still in memory");
    assert!(most <= 1024 * 1024, "{most}");
    assert!(most > 512 * 1024, "the flood filled it: {most}");
}
