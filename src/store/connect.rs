//! Opening connections, and what each is told at its beginning.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection, PgConnection, SqliteConnection,
    connection::{
        AnsiTransactionManager, DefaultLoadingMode, Instrumentation, InstrumentationEvent, LoadConnection,
        SimpleConnection,
    },
    r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection, R2D2Connection},
    result::Error,
};

use super::{
    DbError, DbOptions,
    db_options::{Observer, Seen},
    db_url::without_url,
};

// Waiting for locks and waiting for a connection or the writer (`DbOptions::max_wait`) together are less than the deadline
// of a handler: whoever is told to come back has changed nothing.

/// Durable on power loss, readers beside the writer, enforced references, patient with other processes; what a savepoint
/// may have to undo is kept in memory. The log grows to 32 MB before its pages are moved to their places: most of a post's
/// pages are changed again by the next ones, so with the usual 4 MB a post moved a third more bytes than with 16 MB, and
/// each fiftieth waited for them; 32 MB gave a twentieth more posts than 16 MB.
const SQLITE_WRITER: &str = "PRAGMA busy_timeout = 4000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; \
     PRAGMA wal_autocheckpoint = 8000;";

/// A reader refuses to write.
pub(super) const SQLITE_READER: &str =
    "PRAGMA busy_timeout = 4000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON; PRAGMA cache_size = -4000;";

/// Durable whatever the server's default; no statement and no lock is waited for without end. Errors are told apart by
/// their words, which a server of another language translates: where the role may set that, it is set.
pub(super) const PG_SESSION: &str = "SET synchronous_commit = on; SET statement_timeout = '8s'; SET lock_timeout = '4s'; \
     SET idle_in_transaction_session_timeout = '15s'; \
     DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$";

/// How long another process that writes is waited for in all.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(4);
/// How long it is waited at a time.
pub(super) const LOCK_STEP: Duration = Duration::from_millis(3);

/// Whether another process holds the database.
pub(super) fn is_locked(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(_, about) if about.message().contains("locked"))
}

/// Opens the one connection that writes.
pub(super) fn connect_sqlite(path: &str, options: &DbOptions) -> Result<SqliteConnection, DbError> {
    let mut conn = SqliteConnection::establish(path).map_err(|error| DbError::Unreachable(error.to_string()))?;
    let deadline = Instant::now() + LOCK_WAIT;
    // of two that bring a new database into WAL at once, SQLite tells one that it is locked, without any waiting
    while let Err(error) = conn.batch_execute(SQLITE_WRITER) {
        if !is_locked(&error) || Instant::now() >= deadline {
            return Err(error.into());
        }
        thread::sleep(LOCK_STEP);
    }
    if let Some(observer) = &options.observer {
        conn.set_instrumentation(Watch(observer.clone()));
    }
    Ok(conn)
}

/// Tells the observer of statements.
struct Watch(Observer);

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { query, .. } => (self.0)(Seen::Statement(&query.to_string())),
            InstrumentationEvent::CacheQuery { sql, .. } => (self.0)(Seen::Kept(sql)),
            _ => {}
        }
    }
}

/// What each new connection of a pool is told.
pub(super) struct Setup {
    pub sql: &'static str,
    pub observer: Option<Observer>,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sql)
    }
}

impl<C: Connection + LoadConnection<DefaultLoadingMode> + 'static> CustomizeConnection<C, diesel::r2d2::Error>
    for Setup
{
    fn on_acquire(&self, conn: &mut C) -> Result<(), diesel::r2d2::Error> {
        conn.batch_execute(self.sql).map_err(diesel::r2d2::Error::QueryError)?;
        if let Some(observer) = &self.observer {
            conn.set_instrumentation(Watch(observer.clone()));
        }
        Ok(())
    }
}

/// A pool of connections that were all told the same.
pub(super) fn pool<C>(url: &str, setup: Setup, options: &DbOptions) -> Result<Pool<ConnectionManager<C>>, DbError>
where
    C: R2D2Connection + LoadConnection<DefaultLoadingMode> + 'static,
{
    Pool::builder()
        .max_size(options.pool_size)
        .min_idle(Some(1))
        .connection_timeout(options.max_wait)
        .test_on_check_out(false)
        .connection_customizer(Box::new(setup))
        .build(ConnectionManager::new(url))
        .map_err(|error| DbError::Unreachable(without_url(&error.to_string(), url)))
}

/// A connection of PostgreSQL's on which a transaction has begun. One that died while it was idle, as all do when the server
/// is started again, is left behind for another: nothing has happened on it.
pub(super) fn begun(
    pool: &PgPool,
    begin: &str,
    until: Instant,
) -> Result<PooledConnection<ConnectionManager<PgConnection>>, DbError> {
    for _ in 0..pool.max_size() {
        let mut conn = checked_out(pool, until)?;
        match AnsiTransactionManager::begin_transaction_sql(&mut *conn, begin) {
            Ok(()) => return Ok(conn),
            Err(cause) => tracing::debug!(%cause, "an idle connection was dead"),
        }
    }
    let mut conn = checked_out(pool, until)?;
    AnsiTransactionManager::begin_transaction_sql(&mut *conn, begin)?;
    Ok(conn)
}

/// Connections to PostgreSQL.
pub(super) type PgPool = Pool<ConnectionManager<PgConnection>>;

/// A connection out of the pool, waited for until then.
pub(super) fn checked_out<C>(
    pool: &Pool<ConnectionManager<C>>,
    until: Instant,
) -> Result<PooledConnection<ConnectionManager<C>>, DbError>
where
    C: R2D2Connection + 'static,
{
    let left = until.saturating_duration_since(Instant::now());
    pool.get_timeout(left).map_err(|error| DbError::Unreachable(error.to_string()))
}
