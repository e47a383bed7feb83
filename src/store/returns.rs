//! Replies that went back to their authors: what for, and until when. The last time of each is kept.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    conn::native,
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// That a reply went back to its author.
#[derive(Clone, Debug, Queryable)]
pub struct Return {
    pub reply_id: ReplyId,
    /// Of the text that was returned.
    pub revision: i32,
    pub returned_by: AccountId,
    /// For the author.
    pub message: String,
    pub returned_at: Timestamp,
    /// Until when the author may change it; none once it is not with the author any more.
    pub due_at: Option<Timestamp>,
}

type Columns = (Key, Integer, Key, Text, Instant, Nullable<Instant>);

const SELECT: &str = "SELECT b.reply_id, b.revision, b.returned_by, b.message, b.returned_at, b.due_at FROM returns b ";

/// Stores that a reply goes back, in place of the last time that it did.
pub(super) fn put(conn: &mut Conn<'_>, new: &Return) -> QueryResult<()> {
    let insert = Sql::<()>::new(
        "INSERT INTO returns (reply_id, revision, returned_by, message, returned_at, due_at) VALUES (",
    )
    .values([
        Value::key(new.reply_id),
        new.revision.into(),
        Value::key(new.returned_by),
        new.message.as_str().into(),
        new.returned_at.into(),
        new.due_at.into(),
    ])
    .sql(
        ") ON CONFLICT (reply_id) DO UPDATE SET revision = excluded.revision, returned_by = excluded.returned_by, \
         message = excluded.message, returned_at = excluded.returned_at, due_at = excluded.due_at",
    );
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Says until when a reply is with its author; nothing: it is not.
pub(super) fn set_due(conn: &mut Conn<'_>, reply: ReplyId, due_at: Option<Timestamp>) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE returns SET due_at = ").value(due_at).sql(" WHERE reply_id = ").key(reply);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// Forgets that a reply went back.
pub(super) fn delete(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM returns WHERE reply_id = ").key(reply);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// The last time that a reply went back.
pub fn find(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<Return>> {
    Ok(list_of_replies(conn, &[reply])?.pop())
}

/// The last time that each of these replies went back.
pub fn list_of_replies(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<Return>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Columns>::new(SELECT).sql("WHERE b.reply_id IN (").keys(ids.iter().copied()).sql(")");
    native!(conn, c => query.load(c))
}

/// Up to `limit` replies that their authors did not change in time, those first whose time ended first, after this one.
pub fn list_due(
    conn: &mut Conn<'_>,
    after: Option<(Timestamp, ReplyId)>,
    limit: i64,
    now: Timestamp,
) -> QueryResult<Vec<(Timestamp, ReplyId)>> {
    let mut query =
        Sql::<(Instant, Key)>::new("SELECT due_at, reply_id FROM returns WHERE due_at IS NOT NULL AND due_at <= ")
            .time(now);
    if let Some((at, id)) = after {
        query = query.sql(" AND (due_at, reply_id) > (").time(at).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY due_at, reply_id LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}
