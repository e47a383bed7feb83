//! Several processes on one database behave as one. On SQLite the other one is a command beside the service.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use rejoinder::{
    config::Config,
    store::{DbError, DbUrl, wire::Wire},
};
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Story},
    app::{App, beginning},
    database::Database,
    outside::Outside,
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
    let suspend = blog.admin.post(format!("/api/v1/accounts/{}/sanctions", ann.id));
    suspend.json(json!({"site": "blog", "kind": "ban", "reason": "rude"})).expect(201).await;
    at(&there, &ann).posting(&story, "Again").refused("suspended").await;
    let session = there.sign_in("ann", PASSWORD).await;
    at(&here, &session).get("/api/v1/me").expect(200).await;
    session.delete("/api/v1/sessions/current").expect(204).await;
    at(&here, &session).get("/api/v1/me").refused("unauthenticated").await;
    at(&there, &ann).closes().await;
    ann.get("/api/v1/me").refused("unauthenticated").await;
    there.check().await;
}

#[actix_web::test]
async fn while_the_database_is_away_pages_in_memory_go_on_for_thirty_seconds_and_nothing_else() {
    let direct = App::start().await;
    if !direct.database.is_on_server() {
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
    // connections that died while they were idle are left behind without a word
    let page = app.get(&path).expect(200).await;
    assert_eq!((page.json()["story"]["replies"].clone(), page.header("age")), (json!(2), None));
    at(&app, &ann).posting(&story, "Third").expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn a_replica_is_asked_for_what_it_has_and_never_shows_what_is_older_than_what_is_known() {
    let (database, time) = (Rc::new(Database::create()), beginning());
    if !database.is_on_server() {
        let url = |name: &str| (name == "DATABASE_READ_URL").then(|| "sqlite:other.sqlite".into());
        assert!(Config::from_lookup(&url).unwrap_err().concat().contains("DATABASE_READ_URL"), "it has no replica");
        return;
    }
    let before = App::on(database.clone(), time.clone(), &[]).await;
    let blog = before.site("blog").await;
    let story = blog.story("s1").await;
    let ann = before.reader("ann").await;
    let reply = ann.replies(&story, "First").await;
    let (story_id, token) = (story.id.clone(), ann.token.clone());
    drop((before, blog, story, ann));
    // a replica that stands still: a copy, in which what it shows can be told from the original
    let replica = copied(&database).await;
    let mut at_replica = Outside::at(&DbUrl::parse(&replica.url).unwrap());
    at_replica.run("UPDATE replies SET body_html = '<p>replica</p>'");

    let app = App::on(database, time, &[("DATABASE_READ_URL", &replica.url)]).await;
    let path = format!("/api/v1/stories/{story_id}/replies");
    let text = async |query: &str| {
        let page = app.get(format!("{path}{query}")).expect(200).await.json();
        page["items"].as_array().unwrap().last().unwrap()["body_html"].as_str().unwrap().to_owned()
    };
    assert_eq!(text("").await, "<p>First</p>\n", "before it is known what was written");
    let _wire = wire(&app);
    until("the wire", async || app.state.db.board().is_heard()).await;
    assert_eq!(text("?limit=6").await, "<p>replica</p>");
    let of_reply = app.get(format!("/api/v1/replies/{}", reply.id)).expect(200).await.json();
    assert_eq!(of_reply["body_html"], "<p>replica</p>");

    let post = app.post(&path).bearer(&token).json(json!({"body": "Second"}));
    post.expect(201).await;
    assert_eq!(text("").await, "<p>First</p>\n", "it has not replayed the reply");
    assert_eq!(text("?sort=oldest").await, "<p>Second</p>\n");
    let counts = app.get(format!("/api/v1/counts?id={story_id}&site=blog&external_id=s1")).expect(200).await.json();
    assert_eq!(counts["items"][1]["replies"], 2);
    at_replica.run("UPDATE stories SET version = version + 1");
    assert_eq!(text("?limit=7").await, "<p>replica</p>", "it has the version");
    assert_eq!(text("?limit=9&min_version=1000").await, "<p>First</p>\n", "what must be new is asked of the database");
    let rename = app.patch("/api/v1/me").bearer(&token).json(json!({"display_name": "Ann S."}));
    rename.expect(200).await;
    assert_eq!(text("?limit=8").await, "<p>First</p>\n", "it has not the name");
}

#[actix_web::test]
async fn a_dead_replica_is_passed_by() {
    let direct = App::start().await;
    if !direct.database.is_on_server() {
        let read = direct.state.db.read_replica(|_| Ok::<_, DbError>(())).await;
        assert!(read.is_none(), "an embedded database has no replica");
        return;
    }
    // the database itself by another way, which can be cut
    let proxy = Proxy::to(&direct.database.url);
    let app = direct.another(&[("DATABASE_READ_URL", &proxy.url(&direct.database.url))]).await;
    let _wire = wire(&app);
    let story = direct.site("blog").await.story("s1").await;
    until("the wire", async || app.state.db.board().is_heard()).await;
    assert_eq!(proxy.count(), 0);
    page(&app, &story, "?limit=1").await;
    assert_eq!(proxy.count(), 1, "the replica was asked");
    proxy.cut();
    for limit in 2..10 {
        page(&app, &story, &format!("?limit={limit}")).await;
    }
    proxy.mend();
    let asked = async || {
        page(&app, &story, &format!("?limit={}", 10 + proxy.count())).await;
        let reader = direct.reader(&format!("reader-{}", direct.now().as_micros())).await;
        reader.replies(&story, "Hello").await;
        proxy.count() > 0
    };
    until("the replica is asked again", asked).await;
}

/// A copy of a database, once nobody is connected to it any more.
async fn copied(database: &Rc<Database>) -> Database {
    let name = database.url.rsplit('/').next().unwrap();
    let server = std::env::var("TEST_DATABASE_URL").unwrap();
    let mut beside = Outside::at(&DbUrl::parse(&server).unwrap());
    let connected = format!("SELECT count(*) AS count FROM pg_stat_activity WHERE datname = '{name}'");
    let deadline = Instant::now() + PATIENCE;
    while beside.count(&connected) > 0 {
        assert!(Instant::now() < deadline, "somebody stays connected");
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
    database.copy()
}
