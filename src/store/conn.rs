//! A connection to either database, and the macro that writes a statement once for both.

use diesel::{PgConnection, SqliteConnection};

/// A connection inside one of the doors' transactions.
pub enum Conn<'a> {
    /// Embedded.
    Sqlite(&'a mut SqliteConnection),
    /// Shared by several instances.
    Pg(&'a mut PgConnection),
}

/// Compiles one expression for each inner connection: `native!(conn, c => accounts::table.find(id).first::<Account>(c))`.
///
/// A match and nothing else: the statement is typed for the one database that it runs on, so it is cached there as
/// diesel caches any other and costs nothing at run time.
macro_rules! native {
    ($conn:expr, $inner:ident => $statement:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite(inner) => {
                let $inner: &mut diesel::SqliteConnection = inner;
                $statement
            }
            $crate::store::Conn::Pg(inner) => {
                let $inner: &mut diesel::PgConnection = inner;
                $statement
            }
        }
    };
}

pub(crate) use native;
