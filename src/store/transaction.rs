//! One transaction: begun, committed or rolled back; and whether it only lost a race.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::{
    Connection, PgConnection, SqliteConnection,
    connection::{AnsiTransactionManager, TransactionManager},
    result::{DatabaseErrorKind, Error},
};

use super::{Conn, DbError, Native, changes::Changes};

/// Whether an error says that a concurrent transaction won and this one may simply be tried again.
pub trait LostRace {
    /// A serialisation failure or a deadlock.
    fn is_lost_race(&self) -> bool;
}

impl LostRace for Error {
    fn is_lost_race(&self) -> bool {
        match self {
            Self::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
            Self::DatabaseError(_, about) => about.message() == "deadlock detected",
            _ => false,
        }
    }
}

/// The error of a transaction that saw by itself that it lost.
pub fn lost_race(message: &str) -> Error {
    Error::DatabaseError(DatabaseErrorKind::SerializationFailure, Box::new(message.to_owned()))
}

impl LostRace for DbError {
    fn is_lost_race(&self) -> bool {
        matches!(self, Self::Query(error) if error.is_lost_race())
    }
}

/// A connection that stands in [`Conn`].
pub(super) trait Transactional: Connection<TransactionManager = AnsiTransactionManager> {
    fn as_native(&mut self) -> Native<'_>;
}

impl Transactional for SqliteConnection {
    fn as_native(&mut self) -> Native<'_> {
        Native::Sqlite(self)
    }
}

impl Transactional for PgConnection {
    fn as_native(&mut self) -> Native<'_> {
        Native::Pg(self)
    }
}

/// Runs work inside a transaction, of which a panic is an error; and what it changed.
pub(super) fn caught<C, T, E>(conn: &mut C, work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>) -> (Result<T, E>, Changes)
where
    C: Transactional,
    E: From<DbError>,
{
    let mut conn = Conn::new(conn.as_native());
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut conn)));
    let outcome = outcome.unwrap_or_else(|panic| {
        let cause = panic.downcast_ref::<String>().map(String::as_str);
        let cause = cause.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
        tracing::error!(cause, "a database operation panicked");
        Err(DbError::Panicked.into())
    });
    (outcome, conn.into_changes())
}

/// One transaction: begun as told, committed if the work succeeds, rolled back if it fails or panics; with what it
/// changed.
pub(super) fn in_transaction<C, T, E>(
    conn: &mut C,
    begin: &str,
    work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
) -> Result<(T, Changes), E>
where
    C: Transactional,
    E: From<DbError>,
{
    AnsiTransactionManager::begin_transaction_sql(conn, begin).map_err(DbError::from)?;
    in_begun(conn, work)
}

/// The rest of a transaction that has begun.
pub(super) fn in_begun<C, T, E>(
    conn: &mut C,
    work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
) -> Result<(T, Changes), E>
where
    C: Transactional,
    E: From<DbError>,
{
    match caught(conn, work) {
        (Ok(value), changes) => {
            if let Err(error) = AnsiTransactionManager::commit_transaction(conn) {
                // what failed to commit is not there; a rollback of what is left must not hide the cause
                let _ = AnsiTransactionManager::rollback_transaction(conn);
                return Err(DbError::from(error).into());
            }
            Ok((value, changes))
        }
        (Err(error), _) => {
            if let Err(cause) = AnsiTransactionManager::rollback_transaction(conn) {
                tracing::warn!(%cause, "a transaction could not be rolled back");
            }
            Err(error)
        }
    }
}
