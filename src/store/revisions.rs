//! Former texts of replies; the present one stands in the reply's own row.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::revisions,
    sql::{Sql, Value},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A text that was replaced.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct Revision {
    pub reply_id: ReplyId,
    pub number: i32,
    pub body_source: String,
    /// When this text came.
    pub created_at: Timestamp,
    pub replaced_at: Timestamp,
    pub replaced_by: Option<AccountId>,
}

/// Keeps a text that is being replaced.
pub(super) fn insert(conn: &mut Conn<'_>, revision: &Revision) -> QueryResult<()> {
    // as text, since diesel would prepare it anew each time
    let insert = Sql::<()>::new(
        "INSERT INTO revisions (reply_id, number, body_source, created_at, replaced_at, replaced_by) VALUES (",
    )
    .values([
        Value::key(revision.reply_id),
        revision.number.into(),
        revision.body_source.as_str().into(),
        revision.created_at.into(),
        revision.replaced_at.into(),
        Value::optional_key(revision.replaced_by),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Up to `limit` former texts of a reply, the newest first, before this number.
pub fn list(conn: &mut Conn<'_>, reply: ReplyId, before: Option<i32>, limit: i64) -> QueryResult<Vec<Revision>> {
    native!(conn, c => {
        revisions::table
            .filter(revisions::reply_id.eq(reply))
            .filter(revisions::number.lt(before.unwrap_or(i32::MAX)))
            .order(revisions::number.desc())
            .limit(limit)
            .select(Revision::as_select())
            .load(c)
    })
}

/// A former text of a reply, by its number.
pub fn find_text(conn: &mut Conn<'_>, reply: ReplyId, number: i32) -> QueryResult<Option<String>> {
    native!(conn, c => revisions::table.find((reply, number)).select(revisions::body_source).first(c).optional())
}
