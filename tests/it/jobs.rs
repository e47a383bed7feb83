//! The outbox and what it deletes.

use std::time::Duration;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use rejoinder::{
    jobs,
    store::{Conn, Native},
};
use serde_json::json;

use crate::{actors::PASSWORD, app::App};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many rows there are of a table, or of those of it that a condition behind its name leaves.
pub async fn count(app: &App, table: &'static str) -> i64 {
    let sql = format!("SELECT count(*) AS count FROM {table}");
    let counted = move |conn: &mut Conn<'_>| match &mut conn.native {
        Native::Sqlite(c) => sql_query(sql).get_result::<Count>(*c).unwrap().count,
        Native::Pg(c) => sql_query(sql).get_result::<Count>(*c).unwrap().count,
    };
    app.read(counted).await
}

#[actix_web::test]
async fn what_nobody_needs_any_more_is_deleted_and_nothing_else() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_IDENTIFIER", "5")]).await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.posting(&story, "Once.").header("Idempotency-Key", "k1").expect(201).await;
    let wrong = json!({"identifier": "ann", "password": "a wrong password"});
    app.post("/api/v1/sessions").json(wrong).refused("wrong_credentials").await;
    let sessions = count(&app, "sessions").await;

    jobs::run_due(&app.state).await.unwrap();
    let counts = [count(&app, "idempotency_keys").await, count(&app, "attempts").await, count(&app, "sessions").await];
    assert_eq!(counts, [1, 1, sessions], "all of it is new");

    app.pass(3 * DAY);
    let later = app.sign_in("ann", PASSWORD).await;
    jobs::run_due(&app.state).await.unwrap();
    let counts = [count(&app, "idempotency_keys").await, count(&app, "attempts").await];
    assert_eq!(counts, [0, 0]);
    later.get("/api/v1/me").expect(200).await;

    app.pass(181 * DAY);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!([count(&app, "sessions").await, count(&app, "refresh_tokens").await], [0, 0]);
    assert_eq!(story.count().await, 1);
    app.check().await;
}

#[actix_web::test]
async fn runs_of_policies_that_nobody_can_use_any_more_are_deleted() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino", "poker"]}})).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    for text in ["A casino.", "A game of poker."] {
        ann.replies(&story, text).await;
    }
    blog.policy(json!({"words": {"hold": ["poker"]}})).await;
    let undone = blog.reruns().await;
    assert_eq!(undone["rerun"]["released"], 1);
    let undo = format!("/api/v1/sites/blog/policy/runs/{}/undo", undone["id"].as_str().unwrap());
    blog.runs(blog.admin.post(undo)).await;
    blog.policy(json!({})).await;
    // the one that was put back waits for people
    assert_eq!(blog.reruns().await["rerun"]["released"], 1);
    blog.simulates(json!({})).await;
    let counts = async || [count(&app, "policy_runs").await, count(&app, "policy_run_items").await];
    app.pass(29 * DAY);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(counts().await, [4, 2]);
    // what another run released may be put back yet
    app.pass(2 * DAY);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(counts().await, [3, 1]);
    app.check().await;
}

#[actix_web::test]
async fn there_is_one_pruning_job_however_often_and_wherever_jobs_are_run() {
    let app = App::start().await;
    for _ in 0..3 {
        let (first, second) = (jobs::run_due(&app.state), jobs::run_due(&app.state));
        let (first, second) = tokio::join!(first, second);
        first.unwrap();
        second.unwrap();
        app.pass(DAY);
    }
    assert_eq!([count(&app, "jobs").await, count(&app, "jobs WHERE kind = 'prune'").await], [7, 1]);
    app.check().await;
}

#[actix_web::test]
async fn more_than_fits_into_one_transaction_is_deleted_too() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let id = ann.id.replace('-', "");
    let account = if app.read(|conn| conn.is_pg()).await { format!("'{}'", ann.id) } else { format!("x'{id}'") };
    let (bytes, time) = if app.read(|conn| conn.is_pg()).await { ("'\\x00'", "'2020-01-01'") } else { ("x'00'", "0") };
    app.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
         INSERT INTO idempotency_keys (account_id, operation, key, body_hash, status, created_at) \
         SELECT {account}, 'create_reply', CAST(i AS TEXT), {bytes}, 201, {time} FROM n"
    ))
    .await;
    assert_eq!(count(&app, "idempotency_keys").await, 1_200);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "idempotency_keys").await, 0);
}

#[actix_web::test]
async fn a_job_that_fails_stays_and_is_tried_again_later() {
    let app = App::start().await;
    jobs::run_due(&app.state).await.unwrap();
    app.execute("ALTER TABLE attempts RENAME TO lost").await;
    app.pass(DAY);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "jobs WHERE last_error LIKE '%attempts%' AND attempts = 1").await, 1);
    app.execute("ALTER TABLE lost RENAME TO attempts").await;
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "jobs WHERE kind = 'prune' AND attempts = 1").await, 1, "not before its time");
    app.pass(Duration::from_secs(60));
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "jobs WHERE kind = 'prune' AND last_error IS NULL AND attempts = 0").await, 1);
}

#[actix_web::test]
async fn a_job_that_fails_again_and_again_is_given_up_and_stays_to_be_seen() {
    let app = App::start().await;
    jobs::run_due(&app.state).await.unwrap();
    app.execute("ALTER TABLE attempts RENAME TO lost").await;
    for tries in 1..=15 {
        app.pass(DAY);
        jobs::run_due(&app.state).await.unwrap();
        let dead = count(&app, "jobs WHERE dead_at IS NOT NULL AND last_error LIKE '%attempts%'").await;
        assert_eq!(dead, i64::from(tries == 15), "after {tries} tries");
    }
    app.execute("ALTER TABLE lost RENAME TO attempts").await;
    app.pass(DAY);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "jobs WHERE dead_at IS NOT NULL AND attempts = 15").await, 1, "it is not run any more");
    assert_eq!(
        count(&app, "jobs WHERE kind = 'prune' AND dead_at IS NULL AND attempts = 0").await,
        1,
        "and another has taken its place"
    );
    let scraped = rejoinder::metrics::scrape(&app.state).await;
    assert!(scraped.contains("rejoinder_jobs{state=\"dead\"} 1"), "{scraped}");
}
