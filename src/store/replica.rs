//! A read replica of PostgreSQL: takes reads of those who can do without it, if it is there and has what is known to be
//! written.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use diesel::{
    RunQueryDsl,
    r2d2::{ConnectionManager, Pool},
    sql_types::Bool,
};

use super::{
    Conn, DbError, DbOptions, Native,
    connect::{PG_SESSION, PgPool, Setup, begun},
    sql::Sql,
    transaction::in_begun,
};
use crate::gate::Gate;

/// How long a connection is waited for: the database itself is there too.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long it is left alone after a failure.
const LEFT_ALONE: Duration = Duration::from_secs(2);

pub(super) struct Replica {
    pool: PgPool,
    failed_at: Mutex<Option<Instant>>,
    /// In front of the pool.
    pub(super) gate: Gate,
}

impl Replica {
    /// It need not be there yet.
    pub(super) fn new(url: &str, options: &DbOptions) -> Self {
        let setup = Setup { sql: PG_SESSION, observer: options.observer.clone() };
        let pool = Pool::builder()
            .max_size(options.pool_size)
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .test_on_check_out(false)
            .connection_customizer(Box::new(setup))
            .build_unchecked(ConnectionManager::new(url));
        let gate = Gate::new(options.pool_size as usize, options.max_waiting, PATIENCE);
        Self { pool, failed_at: Mutex::default(), gate }
    }

    /// Whether it did not fail lately.
    pub(super) fn is_well(&self) -> bool {
        let failed_at = self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_none_or(|at| at.elapsed() >= LEFT_ALONE)
    }

    /// Runs `work` on one snapshot, if that contains what the database had written at this position of its log.
    pub(super) fn read<T, E: From<DbError>>(
        &self,
        written: &str,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
    ) -> Option<Result<T, E>> {
        let until = Instant::now() + self.pool.connection_timeout();
        let mut conn = match begun(&self.pool, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", until) {
            Ok(conn) => conn,
            Err(error) => {
                self.fail(&error.to_string());
                return None;
            }
        };
        let mut is_behind = false;
        let outcome = in_begun(&mut *conn, |conn| match has_replayed(conn, written) {
            Ok(true) => work(conn),
            Ok(false) => {
                is_behind = true;
                Err(DbError::Busy.into())
            }
            Err(error) => {
                self.fail(&error.to_string());
                is_behind = true;
                Err(error.into())
            }
        });
        (!is_behind).then(|| outcome.map(|(value, _)| value))
    }

    fn fail(&self, cause: &str) {
        tracing::warn!(cause, "the read replica is left alone for a while");
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// Whether a replica has replayed the log up to a position. The database itself may be its own.
fn has_replayed(conn: &mut Conn<'_>, written: &str) -> Result<bool, DbError> {
    let Native::Pg(c) = &mut conn.native else { return Ok(false) };
    let query = Sql::<Bool>::new(
        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END >= ",
    )
    .str(written)
    .sql("::pg_lsn");
    Ok(query.get_result(*c)?)
}
