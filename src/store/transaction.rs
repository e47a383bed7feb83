//! One transaction: begun, committed or rolled back; and whether it only lost a race.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel::{
    Connection, PgConnection, SqliteConnection,
    connection::{AnsiTransactionManager, TransactionManager},
    result::{DatabaseErrorKind, Error},
};

use super::{Conn, DbError};

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

impl LostRace for DbError {
    fn is_lost_race(&self) -> bool {
        matches!(self, Self::Query(error) if error.is_lost_race())
    }
}

/// A connection that stands in [`Conn`].
pub(super) trait Native: Connection<TransactionManager = AnsiTransactionManager> {
    fn as_conn(&mut self) -> Conn<'_>;
}

impl Native for SqliteConnection {
    fn as_conn(&mut self) -> Conn<'_> {
        Conn::Sqlite(self)
    }
}

impl Native for PgConnection {
    fn as_conn(&mut self) -> Conn<'_> {
        Conn::Pg(self)
    }
}

/// One transaction: begun as told, committed if the work succeeds, rolled back if it fails or panics.
pub(super) fn in_transaction<C, T, E>(
    conn: &mut C,
    begin: &str,
    work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
) -> Result<T, E>
where
    C: Native,
    E: From<DbError>,
{
    AnsiTransactionManager::begin_transaction_sql(conn, begin).map_err(DbError::from)?;
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut conn.as_conn())));
    match outcome {
        Ok(Ok(value)) => {
            if let Err(error) = AnsiTransactionManager::commit_transaction(conn) {
                // what failed to commit is not there; a rollback of what is left must not hide the cause
                let _ = AnsiTransactionManager::rollback_transaction(conn);
                return Err(DbError::from(error).into());
            }
            Ok(value)
        }
        Ok(Err(error)) => {
            if let Err(cause) = AnsiTransactionManager::rollback_transaction(conn) {
                tracing::warn!(%cause, "a transaction could not be rolled back");
            }
            Err(error)
        }
        Err(panic) => {
            let _ = AnsiTransactionManager::rollback_transaction(conn);
            let cause = panic.downcast_ref::<String>().map(String::as_str);
            let cause = cause.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
            tracing::error!(cause, "a database operation panicked");
            Err(DbError::Panicked.into())
        }
    }
}
