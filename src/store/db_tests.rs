use std::{
    sync::{Arc, Barrier, Mutex, atomic::AtomicUsize, mpsc},
    time::Duration,
};

use diesel::{
    RunQueryDsl,
    result::{DatabaseErrorKind, Error},
    sql_types::{Integer, Text},
};

use tokio::time::timeout;

use super::*;
use crate::{
    store::{Native, conn::native, settings, sql::Sql},
    test_database::Database,
};

fn open(database: &Database, options: DbOptions) -> Db {
    Db::open(&DbUrl::parse(&database.url).unwrap(), options).unwrap()
}

/// The names and values of settings, as the connection has them.
fn shown(conn: &mut Conn<'_>, sqlite: &[&'static str], pg: &[&'static str]) -> Vec<String> {
    match &mut conn.native {
        Native::Sqlite(c) => sqlite
            .iter()
            .map(|name| match *name {
                "journal_mode" => Sql::<Text>::new("PRAGMA journal_mode").get_result(*c).unwrap(),
                name => {
                    let number: i32 = Sql::<Integer>::new("PRAGMA ").sql(name).get_result(*c).unwrap();
                    format!("{name} {number}")
                }
            })
            .collect(),
        Native::Pg(c) => pg.iter().map(|name| Sql::<Text>::new("SHOW ").sql(name).get_result(*c).unwrap()).collect(),
    }
}

async fn names_of_settings(db: &Db) -> Vec<String> {
    db.read(|conn| {
        let names = Sql::<Text>::new("SELECT name FROM settings ORDER BY name");
        Ok::<_, DbError>(native!(conn, c => names.load(c))?)
    })
    .await
    .unwrap()
}

#[actix_web::test]
async fn both_doors_are_set_up_to_be_durable_and_patient_within_bounds() {
    let database = Database::create();
    let db = open(&database, DbOptions::default());
    let is_embedded = database.url.starts_with("sqlite:");
    let timeouts = ["synchronous_commit", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
    let pg = [&timeouts[..], &["transaction_isolation", "transaction_read_only"]].concat();
    let sqlite = ["journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout"];

    let names = (sqlite, pg.clone());
    let writing = db.write(move |conn| Ok::<_, DbError>(shown(conn, &names.0, &names.1))).await.unwrap();
    let reading = db.read(move |conn| Ok::<_, DbError>(shown(conn, &sqlite, &pg))).await.unwrap();
    if is_embedded {
        // 2 is FULL
        assert_eq!(writing, ["wal", "synchronous 2", "foreign_keys 1", "query_only 0", "busy_timeout 3"]);
        assert_eq!(reading[2..], ["foreign_keys 1", "query_only 1", "busy_timeout 4000"]);
    } else {
        assert_eq!(writing, ["on", "8s", "4s", "15s", "read committed", "off"]);
        assert_eq!(reading, ["on", "8s", "4s", "15s", "repeatable read", "on"]);
    }
}

#[actix_web::test]
async fn all_statements_of_a_read_see_one_snapshot() {
    let database = Database::create();
    let db = open(&database, DbOptions::default());
    let (go, went) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let reading = {
        let (go, went) = (go.clone(), went.clone());
        let db = db.clone();
        actix_web::rt::spawn(async move {
            db.read(move |conn| {
                let before = settings::find(conn, "seen")?;
                go.wait();
                went.wait();
                Ok::<_, DbError>((before, settings::find(conn, "seen")?))
            })
            .await
        })
    };
    // both barriers are waited for on threads of their own: the reading needs this one
    tokio::task::spawn_blocking(move || go.wait()).await.unwrap();
    db.write(|conn| Ok::<_, DbError>(settings::insert(conn, "seen", "1")?)).await.unwrap();
    tokio::task::spawn_blocking(move || went.wait()).await.unwrap();
    assert_eq!(reading.await.unwrap().unwrap(), (None, None));
    let after = db.read(|conn| Ok::<_, DbError>(settings::find(conn, "seen")?)).await.unwrap();
    assert_eq!(after.as_deref(), Some("1"));
}

#[actix_web::test]
async fn a_read_cannot_write() {
    let db = open(&Database::create(), DbOptions::default());
    let refused = db.read(|conn| Ok::<_, DbError>(settings::insert(conn, "seen", "1")?)).await;
    assert!(matches!(refused, Err(DbError::Query(_))), "{refused:?}");
}

#[actix_web::test]
async fn an_error_and_a_panic_roll_everything_back() {
    let database = Database::create();
    let db = open(&database, DbOptions { pool_size: 1, ..DbOptions::default() });
    let failed: Result<(), _> = db
        .write(|conn| {
            settings::insert(conn, "seen", "1")?;
            Err(DbError::Busy)
        })
        .await;
    assert!(matches!(failed, Err(DbError::Busy)), "{failed:?}");
    let panicked: Result<(), DbError> = db
        .write(|conn| {
            settings::insert(conn, "seen", "1")?;
            panic!("as told")
        })
        .await;
    assert!(matches!(panicked, Err(DbError::Panicked)), "{panicked:?}");
    let seen = db.read(|conn| Ok::<_, DbError>(settings::find(conn, "seen")?)).await.unwrap();
    assert_eq!(seen, None);
    db.write(|conn| Ok::<_, DbError>(settings::insert(conn, "seen", "1")?)).await.unwrap();
}

#[actix_web::test]
async fn so_many_wait_so_long_and_then_are_told_to_come_back() {
    let database = Database::create();
    let max_wait = Duration::from_millis(100);
    let db = open(&database, DbOptions { pool_size: 1, max_waiting: 1, max_wait, ..DbOptions::default() });
    let (began, has_begun) = mpsc::channel();
    let (end, may_end) = mpsc::channel::<()>();
    let may_end = Mutex::new(may_end);
    let first = {
        let db = db.clone();
        actix_web::rt::spawn(async move {
            db.write(move |conn| {
                began.send(()).unwrap();
                may_end.lock().unwrap().recv().unwrap();
                Ok::<_, DbError>(settings::insert(conn, "first", "1")?)
            })
            .await
        })
    };
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
    let write = |name: &'static str| db.write(move |conn| Ok::<_, DbError>(settings::insert(conn, name, "1")?));
    let mut second = std::pin::pin!(write("second"));
    let is_waiting = timeout(Duration::ZERO, &mut second).await.is_err();
    assert!(is_waiting);
    assert!(matches!(write("third").await, Err(DbError::Busy)), "too many");
    tokio::time::sleep(max_wait).await;
    end.send(()).unwrap();
    assert!(matches!(second.await, Err(DbError::Busy)), "too long");
    first.await.unwrap().unwrap();
    assert_eq!(names_of_settings(&db).await, ["first"], "who was told to come back has changed nothing");
}

#[actix_web::test]
async fn a_write_that_nobody_waits_for_any_more_changes_nothing() {
    let database = Database::create();
    let db = open(&database, DbOptions { pool_size: 1, ..DbOptions::default() });
    let (began, has_begun) = mpsc::channel();
    let (end, may_end) = mpsc::channel::<()>();
    let may_end = Mutex::new(may_end);
    let mut given_up = Box::pin(db.write(move |conn| {
        settings::insert(conn, "given up", "1")?;
        began.send(()).unwrap();
        may_end.lock().unwrap().recv().unwrap();
        Ok::<_, DbError>(())
    }));
    assert!(timeout(Duration::ZERO, &mut given_up).await.is_err());
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
    drop(given_up);
    end.send(()).unwrap();
    // there is one connection that writes: this one comes after it
    db.write(|conn| Ok::<_, DbError>(settings::insert(conn, "waited for", "1")?)).await.unwrap();
    assert_eq!(names_of_settings(&db).await, ["waited for"]);
}

#[actix_web::test]
async fn a_write_that_lost_against_others_is_tried_again() {
    let database = Database::create();
    let db = open(&database, DbOptions::default());
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = tries.clone();
    let lost: Result<(), DbError> = db
        .write(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            let about = Box::new("could not serialize access".to_owned());
            Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, about).into())
        })
        .await;
    assert!(lost.unwrap_err().is_lost_race());
    let is_embedded = database.url.starts_with("sqlite:");
    // of SQLite's one writer nobody is there to lose against
    assert_eq!(tries.load(Ordering::Relaxed), if is_embedded { 1 } else { PG_TRIES as usize });
}
