//! Why the database did not do what it was asked for.

use diesel::result::Error;

/// Why a door did not answer with the closure's own result.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// Too many wait already, or this one waited too long.
    #[error("the database is busy")]
    Busy,
    /// No connection could be had.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The closure panicked; its transaction was rolled back.
    #[error("a database operation panicked")]
    Panicked,
    /// A statement, the beginning or the commit of the transaction failed.
    #[error(transparent)]
    Query(#[from] Error),
}
