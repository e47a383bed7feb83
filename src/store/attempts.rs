//! Tries at something limited, counted in the database so that all instances agree.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::attempts};
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

/// The time of the `nth` latest try (1 is the last) of a subject since then; `None` if there were fewer.
pub fn nth_latest(conn: &mut Conn<'_>, subject: &[u8], nth: i64, since: Timestamp) -> QueryResult<Option<Timestamp>> {
    native!(conn, c => {
        attempts::table
            .filter(attempts::subject.eq(subject))
            .filter(attempts::created_at.gt(since))
            .order(attempts::created_at.desc())
            .offset(nth - 1)
            .select(attempts::created_at)
            .first(c)
            .optional()
    })
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
