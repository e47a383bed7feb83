//! The record: all that is done is sealed, in an order that nobody changes, and exported in a form that proves itself.

use std::time::Duration;

use diesel::{Connection, PgConnection, SqliteConnection, connection::SimpleConnection};
use rejoinder::{
    domain::ids::DecisionId,
    jobs::sealing::{Walk, seal_all, step},
    record::verify::{Known, Proved, verify},
    store::{DbError, check, log_seals},
};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Site},
    app::App,
};

/// A site whose log has rows with and without words, in several seals.
pub struct Recorded {
    pub app: App,
    pub blog: Site,
    pub mona: Person,
}

impl Recorded {
    pub async fn create() -> Self {
        let app = App::start().await;
        let blog = app.site("blog").await;
        let mona = blog.moderator("mona").await;
        let recorded = Self { app, blog, mona };
        recorded.goes_on("ann").await;
        recorded.seal().await;
        recorded.goes_on("bob").await;
        recorded.seal().await;
        recorded.goes_on("cem").await;
        recorded.seal().await;
        recorded
    }

    /// A little more happens.
    pub async fn goes_on(&self, name: &str) {
        let story = self.blog.story(&format!("about-{name}")).await;
        let reader = self.app.reader(name).await;
        let reply = reader.replies(&story, "Well \"said\".").await;
        reader.replies(&story, "And well read.").await;
        let why = json!({"reason": "abuse", "note": "she does \u{1f600} it\nagain", "message": "Please be kind."});
        self.mona.deciding(&reply, "reject", why).expect(201).await;
    }

    pub async fn seal(&self) {
        seal_all(&self.app.state).await.unwrap();
    }

    pub async fn export(&self, query: &str) -> String {
        self.mona.get(format!("/api/v1/sites/blog/log/export{query}")).expect(200).await.text()
    }

    pub async fn head(&self) -> Value {
        self.mona.get("/api/v1/sites/blog/log/head").expect(200).await.json()
    }

    /// What `check` says of the seals.
    pub async fn checked(&self) -> (bool, String) {
        let mut found = Vec::new();
        let look = self.app.state.db.read(move |conn| {
            let is_clean =
                check::run(conn, &mut |line| found.extend(Some(line).filter(|line| line.name.contains("log "))))?;
            let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
            Ok::<_, DbError>((is_clean, lines.join("\n")))
        });
        look.await.unwrap()
    }
}

pub fn verified(text: &str) -> Result<Proved, String> {
    verify(text.as_bytes(), &Known::default()).map_err(|error| error.to_string())
}

/// The id of a row that is made now, or so much earlier by some other clock.
fn id_before(app: &App, earlier: Duration) -> DecisionId {
    app.state.random.id(app.now().minus(earlier))
}

/// An insert of a row by hand.
fn row_of(blog: &Site, id: DecisionId, is_pg: bool) -> String {
    let columns = "INSERT INTO decisions (id, site_id, actor_kind, action, created_at) VALUES";
    match is_pg {
        true => format!("{columns} ('{id}', '{}', 'system', 'change_site', now())", blog.id),
        false => format!("{columns} ({}, {}, 'system', 'change_site', 0)", blob(&id.to_string()), blob(&blog.id)),
    }
}

/// An id as SQLite's statements have it.
pub fn blob(id: &str) -> String {
    format!("x'{}'", id.replace('-', ""))
}

#[actix_web::test]
async fn what_is_done_is_sealed_and_the_head_says_so() {
    let recorded = Recorded::create().await;
    let head = recorded.head().await;
    let rows = head["head"]["rows"].as_i64().unwrap();
    assert_eq!((&head["head"]["number"], &head["unsealed"]), (&json!(3), &json!(0)), "{head}");
    let listed = recorded.mona.get("/api/v1/sites/blog/log?limit=100").expect(200).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len() as i64, rows);

    recorded.goes_on("dora").await;
    let later = recorded.head().await;
    assert_eq!((&later["head"], &later["unsealed"]), (&head["head"], &json!(4)), "not sealed yet, and told apart");
    assert!(recorded.checked().await.1.contains("log rows not sealed yet: 4 looked at, 0 wrong"));
    recorded.seal().await;
    assert_eq!(recorded.head().await["head"]["rows"], rows + 4);
    recorded.app.check().await;
}

#[actix_web::test]
async fn where_nothing_happens_nothing_is_written() {
    let recorded = Recorded::create().await;
    // the walk over what may have come late ends too
    recorded.seal().await;
    recorded.app.statements();
    recorded.seal().await;
    let statements = recorded.app.statements();
    assert!(statements.iter().all(|sql| !sql.contains("INSERT") && !sql.contains("UPDATE")), "{statements:#?}");
    assert!(statements.len() < 20, "{statements:#?}");
}

#[actix_web::test]
async fn a_row_that_is_committed_late_is_sealed_all_the_same() {
    let recorded = Recorded::create().await;
    let is_pg = recorded.app.database.is_on_server();
    let mut rows = recorded.head().await["head"]["rows"].as_i64().unwrap();
    for (number, earlier) in [0, 5, 3_600, 86_400].into_iter().enumerate() {
        let insert = row_of(&recorded.blog, id_before(&recorded.app, Duration::from_secs(earlier)), is_pg);
        if is_pg {
            // begun before others, and committed when these are sealed
            let mut slow = PgConnection::establish(&recorded.app.database.url).unwrap();
            slow.batch_execute(&format!("BEGIN; {insert}")).unwrap();
            recorded.app.pass(Duration::from_secs(30));
            recorded.goes_on(&format!("reader-{number}")).await;
            recorded.seal().await;
            assert_eq!(recorded.head().await["head"]["rows"], rows + 4);
            slow.batch_execute("COMMIT").unwrap();
        } else {
            // of several, only one writes at a time: it comes from a process whose clock is behind
            recorded.goes_on(&format!("reader-{number}")).await;
            recorded.seal().await;
            let path = recorded.app.database.url.trim_start_matches("sqlite:");
            let mut other = SqliteConnection::establish(path).unwrap();
            other.batch_execute(&format!("PRAGMA busy_timeout = 4000; {insert}")).unwrap();
        }
        recorded.seal().await;
        rows += 5;
        assert_eq!(recorded.head().await["head"]["rows"], rows, "{earlier} s earlier");
    }
    recorded.app.check().await;
    assert_eq!(verified(&recorded.export("").await).unwrap().rows as i64, rows);
}

#[actix_web::test]
async fn a_late_row_is_found_also_while_there_is_always_something_new() {
    let recorded = Recorded::create().await;
    let is_pg = recorded.app.database.is_on_server();
    let insert = row_of(&recorded.blog, id_before(&recorded.app, Duration::from_secs(3_600)), is_pg);
    recorded.app.execute(&insert).await;
    let mut walk = Walk::default();
    for name in ["dora", "eva", "finn"] {
        recorded.goes_on(name).await;
        step(&recorded.app.state, &mut walk).await.unwrap();
    }
    let sealed = recorded.app.read(|conn| log_seals::count(conn).unwrap()).await;
    assert_eq!(sealed.0, sealed.1);
}

#[actix_web::test]
async fn a_clock_that_is_ahead_hides_no_row() {
    let recorded = Recorded::create().await;
    let is_pg = recorded.app.database.is_on_server();
    let ahead = recorded.app.state.random.id(recorded.app.now().plus(Duration::from_secs(86_400 * 400)));
    recorded.app.execute(&row_of(&recorded.blog, ahead, is_pg)).await;
    recorded.seal().await;
    let rows = recorded.head().await["head"]["rows"].as_i64().unwrap();
    recorded.goes_on("dora").await;
    recorded.seal().await;
    assert_eq!(recorded.head().await["head"]["rows"], rows + 4);
}

#[actix_web::test]
async fn of_several_that_seal_at_once_each_row_is_sealed_once() {
    let recorded = Recorded::create().await;
    let another = recorded.app.another(&[]).await;
    for name in ["dora", "eva", "finn"] {
        recorded.goes_on(name).await;
        let (first, second) = (seal_all(&recorded.app.state), seal_all(&another.state));
        let (first, second) = futures_util::future::join(first, second).await;
        first.unwrap();
        second.unwrap();
    }
    recorded.seal().await;
    assert_eq!(recorded.head().await["unsealed"], 0);
    recorded.app.check().await;
    verified(&recorded.export("").await).unwrap();
}

#[actix_web::test]
async fn a_sealer_that_ends_in_the_middle_leaves_nothing_half_done() {
    let recorded = Recorded::create().await;
    recorded.goes_on("dora").await;
    let is_pg = recorded.app.database.is_on_server();
    let (reached, go_on) = recorded.app.pause_at(if is_pg { r#""log_seals" ("# } else { "`log_seals` (" });
    let state = recorded.app.state.clone();
    // who stops waiting has written nothing: as if the process had ended there
    {
        let sealing = std::pin::pin!(seal_all(&state));
        tokio::select! {
            _ = sealing => panic!("it did not wait"),
            _ = reached => {}
        }
    }
    drop(go_on);
    assert_eq!(recorded.head().await["unsealed"], 4);
    recorded.seal().await;
    assert_eq!(recorded.head().await["unsealed"], 0);
    recorded.app.check().await;
    verified(&recorded.export("").await).unwrap();
}

#[actix_web::test]
async fn a_row_says_which_request_did_it_and_what_it_changed() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let change = blog.admin.patch("/api/v1/sites/blog").header("X-Request-Id", "req-17");
    change.json(json!({"tagline": "Of teapots", "trusted_after": 2})).expect(200).await;
    blog.admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    let log = blog.admin.get("/api/v1/sites/blog/log").expect(200).await.json();
    let [closed, changed, _put, made] = [0, 1, 2, 3].map(|at| log["items"][at].clone());
    assert_eq!((&changed["action"], &changed["request_id"]), (&json!("change_site"), &json!("req-17")));
    assert_eq!(changed["details"], json!({"before": {"tagline": ""}, "after": {"tagline": "Of teapots"}}));
    assert_eq!((&closed["details"]["before"], &closed["action"]), (&json!({"closed_at": null}), &json!("close_story")));
    assert!(closed["details"]["after"]["closed_at"].is_string() && closed["request_id"].is_string(), "{closed}");
    assert_eq!(made["details"]["after"]["moderation_mode"], "post");
    rejoinder::jobs::run_due(&app.state).await.unwrap();
}

#[actix_web::test]
async fn that_the_log_was_exported_is_logged() {
    let recorded = Recorded::create().await;
    recorded.export("?action=post&after=2").await;
    let log = recorded.mona.get("/api/v1/sites/blog/log?action=export_log").expect(200).await.json();
    let row = &log["items"][0];
    assert_eq!((&row["actor_id"], &row["details"]["after"]), (&json!(recorded.mona.id), &json!(2)));
    assert_eq!(row["details"]["filter"]["action"], "post");
}
