//! A connection to either database, and the macro that writes a statement once for both.

use diesel::{PgConnection, SqliteConnection};

use std::sync::Arc;

use super::changes::{Change, Changes};
use crate::domain::ids::{ApiKeyId, StoryId};

/// A connection inside one of the doors' transactions, with what the transaction has changed.
pub struct Conn<'a> {
    /// What statements run on.
    pub native: Native<'a>,
    changes: Changes,
    /// The request that the transaction belongs to, which the log tells.
    request: Option<Arc<str>>,
    /// The key by which the request calls, which the log tells too.
    key: Option<ApiKeyId>,
    may_write: bool,
}

/// The two databases.
pub enum Native<'a> {
    /// Embedded.
    Sqlite(&'a mut SqliteConnection),
    /// Shared by several instances.
    Pg(&'a mut PgConnection),
}

impl<'a> Conn<'a> {
    /// At a transaction's beginning.
    pub fn new(native: Native<'a>) -> Self {
        Self { native, changes: Changes::default(), request: None, key: None, may_write: false }
    }

    /// Whether this is PostgreSQL.
    pub fn is_pg(&self) -> bool {
        matches!(self.native, Native::Pg(_))
    }

    /// The id of the request that the transaction belongs to.
    pub fn request(&self) -> Option<&str> {
        self.request.as_deref()
    }

    /// The key by which the request calls.
    pub fn key(&self) -> Option<ApiKeyId> {
        self.key
    }

    /// Says by which key the request calls.
    pub fn called_by(&mut self, key: ApiKeyId) {
        self.key = Some(key);
    }

    /// Whether this is a transaction of [`super::Db::write`].
    pub fn may_write(&self) -> bool {
        self.may_write
    }

    /// Says that the transaction writes, and which request it belongs to.
    pub(super) fn writes_for(&mut self, request: Option<Arc<str>>) {
        (self.may_write, self.request) = (true, request);
    }

    /// Notes what is to be announced when the transaction is durable.
    pub fn note(&mut self, change: Change) {
        self.changes.note(change);
    }

    /// The version that this transaction gave a story, if it did.
    pub fn new_version(&self, story: StoryId) -> Option<i64> {
        self.changes.stories.get(&story).copied()
    }

    /// What was noted.
    pub(super) fn into_changes(self) -> Changes {
        self.changes
    }
}

/// Compiles one expression for each inner connection: `native!(conn, c => accounts::table.find(id).first::<Account>(c))`.
///
/// A match and nothing else: the statement is typed for the one database that it runs on, so it is cached there as
/// diesel caches any other and costs nothing at run time.
macro_rules! native {
    ($conn:expr, $inner:ident => $statement:expr) => {
        match &mut $conn.native {
            $crate::store::Native::Sqlite(inner) => {
                let $inner: &mut diesel::SqliteConnection = inner;
                $statement
            }
            $crate::store::Native::Pg(inner) => {
                let $inner: &mut diesel::PgConnection = inner;
                $statement
            }
        }
    };
}

pub(crate) use native;
