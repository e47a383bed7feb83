//! Tries at something limited, counted in the database so that all instances agree.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::attempts, sql::Sql, types::Instant};
use crate::domain::{ids::AttemptId, timestamp::Timestamp};

/// One try.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = attempts)]
pub struct Attempt {
    pub id: AttemptId,
    /// A keyed hash of what was tried and by whom: the store never sees the identifier or the address.
    pub subject: Vec<u8>,
    pub created_at: Timestamp,
}

/// The time of the `nth` latest try (1 is the last) of a subject since then; `None` if there were fewer. What is counted by
/// another hash each day has two where the time reaches into the day before.
pub fn nth_latest(
    conn: &mut Conn<'_>,
    hashes: &[[u8; 32]],
    nth: i64,
    since: Timestamp,
) -> QueryResult<Option<Timestamp>> {
    let mut query = Sql::<Instant>::new("SELECT created_at FROM attempts WHERE subject IN (");
    for (index, hash) in hashes.iter().enumerate() {
        query = if index > 0 { query.sql(", ") } else { query }.bytes(hash.as_slice());
    }
    let query =
        query.sql(") AND created_at > ").time(since).sql(" ORDER BY created_at DESC LIMIT 1 OFFSET ").int(nth - 1);
    native!(conn, c => query.get_result(c).optional())
}

/// Counts a try.
pub fn insert(conn: &mut Conn<'_>, attempt: &Attempt) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(attempts::table).values(attempt).execute(c))?;
    Ok(())
}

/// Takes a counted try back.
pub fn delete(conn: &mut Conn<'_>, id: AttemptId) -> QueryResult<()> {
    native!(conn, c => diesel::delete(attempts::table.find(id)).execute(c))?;
    Ok(())
}
