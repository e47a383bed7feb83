//! Metrics about the database: what is looked up there, who waits for it, and what is shown when it does not answer.

use std::{
    sync::{Arc, Barrier},
    time::Duration,
};

use diesel::result::{DatabaseErrorKind, Error};
use rejoinder::{
    domain::job::Lane,
    jobs,
    store::{Conn, DbError, jobs as job_rows},
};
use serde_json::json;
use tokio::time::timeout;

use crate::{actors::PASSWORD, app::App, exposition::Exposition};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

#[actix_web::test]
async fn lengths_of_queues_and_the_age_of_the_oldest_pending_reply_are_right() {
    let app = App::start().await;
    let (blog, other) = (app.site_with("blog", json!({"moderation_mode": "pre"})).await, app.site("other").await);
    let (story, elsewhere) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let length = |found: &Exposition, site: &str, queue: &str| {
        found.value(&format!("rejoinder_queue_length{{site=\"{site}\",queue=\"{queue}\"}}"))
    };
    let age = |found: &Exposition, site: &str| {
        found.value(&format!("rejoinder_oldest_pending_age_seconds{{site=\"{site}\"}}"))
    };
    let found = app.scrape().await;
    assert_eq!((length(&found, "blog", "pending"), age(&found, "blog")), (0.0, 0.0));

    let first = ann.replies(&story, "First.").await;
    app.pass(3 * MINUTE);
    let second = ann.replies(&story, "Second.").await;
    let public = ann.replies(&elsewhere, "Public.").await;
    mona.reports(&public, "spam").await;
    app.pass(3 * MINUTE);
    let found = app.scrape().await;
    assert_eq!(length(&found, "blog", "pending"), 2.0);
    assert_eq!(length(&found, "other", "approved"), 1.0);
    assert_eq!(length(&found, "other", "reported"), 1.0);
    assert!((360.0..362.0).contains(&age(&found, "blog")), "{}", age(&found, "blog"));
    assert_eq!(age(&found, "other"), 0.0);

    mona.decides(&first, "approve").await;
    let found = app.scrape().await;
    assert_eq!((length(&found, "blog", "pending"), length(&found, "blog", "approved")), (1.0, 1.0));
    assert!((180.0..182.0).contains(&age(&found, "blog")), "{}", age(&found, "blog"));
    mona.decides(&second, "spam").await;
    let found = app.scrape().await;
    assert_eq!((length(&found, "blog", "spam"), age(&found, "blog")), (1.0, 0.0));
}

#[actix_web::test]
async fn jobs_are_shown_by_state_with_the_age_of_the_one_that_is_due_longest() {
    let app = App::start().await;
    let of = |found: &Exposition| {
        ["waiting", "leased", "failing", "dead"].map(|state| {
            let label = format!("{{state=\"{state}\"}}");
            let age = found.value(&format!("rejoinder_jobs_oldest_age_seconds{label}"));
            (found.value(&format!("rejoinder_jobs{label}")), (age / 60.0).floor())
        })
    };
    assert_eq!(of(&app.scrape().await), [(0.0, 0.0); 4]);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(of(&app.scrape().await), [(7.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)], "planned, not due");
    app.pass(3 * HOUR);
    assert_eq!(
        of(&app.scrape().await),
        [(7.0, 179.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)],
        "due since it was a minute old"
    );

    let now = app.now();
    let lease = move |conn: &mut Conn<'_>| Ok::<_, DbError>(job_rows::lease(conn, Lane::Upkeep, now, HOUR)?);
    app.state.db.write(lease).await.unwrap().unwrap();
    assert_eq!(of(&app.scrape().await), [(6.0, 179.0), (1.0, 179.0), (0.0, 0.0), (0.0, 0.0)]);

    app.execute("ALTER TABLE attempts RENAME TO lost").await;
    app.pass(2 * HOUR);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(of(&app.scrape().await), [(6.0, 0.0), (0.0, 0.0), (1.0, 0.0), (0.0, 0.0)], "to be tried again soon");
}

#[actix_web::test]
async fn without_the_database_all_else_is_shown_and_it_comes_back_by_itself() {
    let app = App::start().await;
    app.site("blog").await;
    let everything = app.scrape().await;
    app.execute("ALTER TABLE sites RENAME TO lost").await;
    let found = app.scrape().await;
    assert_eq!(found.value("rejoinder_database_up"), 0.0);
    let gone: Vec<&String> = everything.families.keys().filter(|name| !found.families.contains_key(*name)).collect();
    assert_eq!(
        gone,
        [
            "rejoinder_jobs",
            "rejoinder_jobs_oldest_age_seconds",
            "rejoinder_oldest_pending_age_seconds",
            "rejoinder_queue_length"
        ]
    );
    app.execute("ALTER TABLE lost RENAME TO sites").await;
    let found = app.scrape().await;
    assert_eq!(found.families, everything.families);
    assert_eq!(found.value("rejoinder_database_up"), 1.0);
}

#[actix_web::test]
async fn while_the_database_is_full_a_scrape_says_so_in_time_and_asks_only_once() {
    let app = App::with(&[("DB_POOL_SIZE", "1")]).await;
    let (begun, end) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let held = {
        let (db, begun, end) = (app.state.db.clone(), begun.clone(), end.clone());
        actix_web::rt::spawn(async move {
            db.read(move |_| {
                begun.wait();
                end.wait();
                Ok::<_, DbError>(())
            })
            .await
        })
    };
    tokio::task::spawn_blocking(move || begun.wait()).await.unwrap();
    let scrapes: Vec<_> = (0..3)
        .map(|_| {
            let app = app.clone();
            actix_web::rt::spawn(async move { app.scrape().await })
        })
        .collect();
    for scrape in scrapes {
        let found = scrape.await.unwrap();
        assert_eq!(found.value("rejoinder_database_up"), 0.0);
        assert_eq!(found.value("rejoinder_db_connections_in_use"), 1.0);
    }
    let mut next = Box::pin(app.scrape());
    assert!(timeout(Duration::ZERO, &mut next).await.is_err());
    assert_eq!(app.state.db.load().waiting, 1, "the first one's question, and no other, still waits");
    tokio::task::spawn_blocking(move || end.wait()).await.unwrap();
    held.await.unwrap().unwrap();
    assert_eq!(next.await.value("rejoinder_database_up"), 1.0);
}

#[actix_web::test]
async fn many_scrapes_at_once_are_few_readings() {
    let app = App::start().await;
    app.scrape().await;
    app.statements();
    let scrapes: Vec<_> = (0..50)
        .map(|_| {
            let app = app.clone();
            actix_web::rt::spawn(async move { app.scrape().await })
        })
        .collect();
    for scrape in scrapes {
        assert_eq!(scrape.await.unwrap().value("rejoinder_database_up"), 1.0);
    }
    let readings = app.statements().iter().filter(|sql| sql.contains("site_counters")).count();
    assert!(readings <= 2, "{readings}");
}

#[actix_web::test]
async fn who_waits_for_the_writer_for_a_connection_and_for_a_hash_is_counted() {
    let app = App::with(&[("DB_POOL_SIZE", "1")]).await;
    let is_pg = app.read(|conn| conn.is_pg()).await;
    let waits = app.scrape().await.value("rejoinder_writer_wait_seconds_count");
    let (begun, end) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let write = |barriers: Option<(Arc<Barrier>, Arc<Barrier>)>| {
        let db = app.state.db.clone();
        Box::pin(async move {
            db.write(move |_| {
                if let Some((begun, end)) = &barriers {
                    begun.wait();
                    end.wait();
                }
                Ok::<_, DbError>(())
            })
            .await
        })
    };
    let held = actix_web::rt::spawn(write(Some((begun.clone(), end.clone()))));
    tokio::task::spawn_blocking(move || begun.wait()).await.unwrap();
    let mut waiting = [write(None), write(None)];
    for write in &mut waiting {
        assert!(timeout(Duration::ZERO, write).await.is_err(), "it waits");
    }
    let queued = app.state.db.meters().writer_queue_length.get();
    let load = app.state.db.load();
    assert_eq!((queued, load.waiting, load.at_work), if is_pg { (0, 2, 1) } else { (2, 0, 0) });
    tokio::task::spawn_blocking(move || end.wait()).await.unwrap();
    held.await.unwrap().unwrap();
    for write in waiting {
        write.await.unwrap();
    }
    let found = app.scrape().await;
    assert_eq!(found.value("rejoinder_writer_queue_length"), 0.0);
    let waits = found.value("rejoinder_writer_wait_seconds_count") - waits;
    assert_eq!(waits, if is_pg { 0.0 } else { 3.0 });

    let at_once = (std::thread::available_parallelism().unwrap().get() / 2).max(1);
    let mut hashes: Vec<_> = (0..at_once + 3).map(|_| Box::pin(app.state.hasher.hash(PASSWORD.to_owned()))).collect();
    for hash in &mut hashes {
        let _ = timeout(Duration::ZERO, hash).await;
    }
    assert_eq!(app.scrape().await.value("rejoinder_argon2_waiting"), 3.0);
    drop(hashes);
    assert_eq!(app.scrape().await.value("rejoinder_argon2_waiting"), 0.0);
}

#[actix_web::test]
async fn a_transaction_that_is_tried_again_is_counted() {
    let app = App::start().await;
    let lost: Result<(), DbError> = app
        .state
        .db
        .write(|_| {
            let about = Box::new("could not serialize access".to_owned());
            Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, about).into())
        })
        .await;
    assert!(lost.is_err());
    let tried_again = app.scrape().await.value("rejoinder_db_retries_total");
    // of SQLite's one writer nobody is there to lose against
    assert_eq!(tried_again, if app.read(|conn| conn.is_pg()).await { 4.0 } else { 0.0 });
}

#[actix_web::test]
async fn of_very_many_sites_the_first_thousand_are_shown() {
    let app = App::start().await;
    app.site("site-0000").await;
    let id = if app.read(|conn| conn.is_pg()).await { "gen_random_uuid()" } else { "randomblob(16)" };
    let same = "name, tagline, allowed_origins, reserved_names, reserved_keys, tracking_params, moderation_mode, \
         trusted_after, edit_window_secs, close_after_days, people_version, closed_at, created_at, updated_at";
    app.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 10001 UNION ALL SELECT i + 1 FROM n WHERE i < 11200) \
         INSERT INTO sites (id, key, {same}) \
         SELECT {id}, 'site-' || substr(CAST(i AS TEXT), 2), {same} FROM n CROSS JOIN sites; \
         INSERT INTO site_counters (site_id, pending, approved, rejected, spam, withdrawn, reported) \
         SELECT id, 0, 0, 0, 0, 0, 0 FROM sites WHERE key <> 'site-0000'"
    ))
    .await;
    let found = app.scrape().await;
    let sites = found.labels("site");
    assert_eq!((sites.len(), sites.first(), sites.last()), (1_000, Some(&"site-0000"), Some(&"site-0999")));
    assert_eq!(found.series.keys().filter(|(name, _)| name == "rejoinder_queue_length").count(), 8_000);
}
