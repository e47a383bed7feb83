//! Several processes on one database behave as one. On SQLite the other one is a command beside the service.

use std::time::{Duration, Instant};

use rejoinder::store::wire::Wire;
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Story},
    app::App,
    process::PATIENCE,
    proxy::Proxy,
};

/// The same person, asking this instance.
fn at(app: &App, person: &Person) -> Person {
    Person { app: app.clone(), ..person.clone() }
}

fn wire(app: &App) -> Option<Wire> {
    app.state.db.lay_wire(&app.state.config.database_url, &app.state.clock)
}

async fn page(app: &App, story: &Story, query: &str) -> Value {
    app.get(format!("/api/v1/stories/{}/replies{query}", story.id)).expect(200).await.json()
}

/// Waits until it is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
}

#[actix_web::test]
async fn what_one_instance_writes_is_seen_on_the_other() {
    let here = App::start().await;
    let there = here.another(&[]).await;
    let _wires = (wire(&here), wire(&there));
    let blog = here.site("blog").await;
    let story = blog.story("s1").await;
    let ann = here.reader("ann").await;
    for number in 1..=5 {
        page(&there, &story, "").await;
        page(&here, &story, "").await;
        let writer = if number % 2 == 0 { at(&there, &ann) } else { ann.clone() };
        writer.replies(&story, "Hello").await;
        assert_eq!(page(&writer.app, &story, "").await["story"]["replies"], number);
        for other in [&here, &there] {
            until("a reply", async || page(other, &story, "").await["story"]["replies"] == number).await;
        }
    }
    ann.patch("/api/v1/me").json(json!({"display_name": "Ann S."})).expect(200).await;
    until("a name", async || page(&there, &story, "").await["items"][0]["author"]["display_name"] == "Ann S.").await;
    there.check().await;
}

#[actix_web::test]
async fn a_version_that_must_be_shown_is_shown_although_nobody_told_of_it() {
    let here = App::start().await;
    // no wire is laid, so on PostgreSQL neither hears of the other
    let there = here.another(&[]).await;
    let blog = here.site("blog").await;
    let story = blog.story("s1").await;
    let ann = here.reader("ann").await;
    let reply = ann.replies(&story, "First").await;
    for number in 2..=10 {
        page(&there, &story, "").await;
        let posted = ann.posting(&story, "Hello").expect(201).await.json();
        let least = format!("?min_version={}", posted["story_version"]);
        let of_reply = there.get(format!("/api/v1/replies/{}{least}", reply.id)).expect(200).await.json();
        assert_eq!(of_reply["story"]["replies"], number);
        assert_eq!(page(&there, &story, &least).await["story"]["replies"], number);
        // and from then on without being asked
        assert_eq!(page(&there, &story, "").await["story"]["replies"], number);
    }
}

#[actix_web::test]
async fn rights_and_keys_hold_on_all_instances_at_once() {
    let here = App::start().await;
    let there = here.another(&[]).await;
    let blog = here.site("blog").await;
    let story = blog.story("s1").await;
    let ann = here.reader("ann").await;
    let post = |app: &App| at(app, &ann).posting(&story, "Once").header("Idempotency-Key", "k1");
    let first = post(&here).expect(201).await.json();
    assert_eq!(post(&there).expect(201).await.json()["id"], first["id"]);
    let suspend = blog.admin.post(format!("/api/v1/accounts/{}/suspensions", ann.id));
    suspend.json(json!({"site": "blog", "reason": "rude"})).expect(201).await;
    at(&there, &ann).posting(&story, "Again").refused("suspended").await;
    let session = there.sign_in("ann", PASSWORD).await;
    at(&here, &session).get("/api/v1/me").expect(200).await;
    session.delete("/api/v1/sessions/current").expect(204).await;
    at(&here, &session).get("/api/v1/me").refused("unauthenticated").await;
    at(&there, &ann).post("/api/v1/me/close").json(json!({"password": PASSWORD})).expect(204).await;
    ann.get("/api/v1/me").refused("unauthenticated").await;
    there.check().await;
}

#[actix_web::test]
async fn while_the_database_is_away_pages_in_memory_go_on_for_thirty_seconds_and_nothing_else() {
    let direct = App::start().await;
    if direct.state.config.database_url == rejoinder::store::DbUrl::parse(&direct.database.url).unwrap()
        && direct.database.url.starts_with("sqlite:")
    {
        assert!(wire(&direct).is_none(), "an embedded database is never away");
        return;
    }
    let proxy = Proxy::to(&direct.database.url);
    let app = direct.another(&[("DATABASE_URL", &proxy.url(&direct.database.url)), ("DB_MAX_WAIT_SECS", "1")]).await;
    let _wire = wire(&app);
    let story = direct.site("blog").await.story("s1").await;
    let ann = direct.reader("ann").await;
    ann.replies(&story, "First").await;
    let path = format!("/api/v1/stories/{}/replies", story.id);
    until("the wire", async || app.state.db.board().is_heard()).await;
    app.get(&path).expect(200).await;
    let kept = app.get(&path).expect(200).await;
    assert_eq!(kept.header("age"), None);

    proxy.cut();
    until("the loss", async || !app.state.db.board().is_heard()).await;
    ann.replies(&story, "Second").await;
    app.pass(Duration::from_secs(10));
    let stale = app.get(&path).expect(200).await;
    assert_eq!(stale.body, kept.body);
    let age: u64 = stale.header("age").unwrap().parse().unwrap();
    assert!((9..30).contains(&age), "{age}");
    let other = app.get(format!("{path}?limit=1")).send().await;
    assert_eq!((other.status.as_u16(), other.header("retry-after").is_some()), (503, true));
    at(&app, &ann).posting(&story, "Third").refused("busy").await;
    // so old that somebody looks again, in vain
    app.pass(Duration::from_secs(10));
    assert_eq!(app.get(&path).expect(200).await.body, kept.body);
    app.pass(Duration::from_secs(10));
    app.get(&path).refused("busy").await;

    proxy.mend();
    until("the return", async || app.state.db.board().is_heard()).await;
    until("answers", async || app.get(&path).send().await.status == 200).await;
    let page = app.get(&path).expect(200).await;
    assert_eq!((page.json()["story"]["replies"].clone(), page.header("age")), (json!(2), None));
    at(&app, &ann).posting(&story, "Third").expect(201).await;
    app.check().await;
}
