//! Claims: who looks at which waiting reply. They keep two moderators from the same work and lock nothing: what is decided
//! goes by the reply's version.

use diesel::{QueryResult, RunQueryDsl, sql_types::BigInt};

use super::{
    Conn,
    changes::Change,
    conn::native,
    locks,
    queue_items::{self, Wanted},
    sql::Sql,
};
use crate::domain::{ids::*, queue_event::QueueEvent, timestamp::Timestamp};

/// Replies beyond those wanted that are looked at, since others may be about to take the first ones.
const WINDOW: i64 = 40;
/// How often it is looked, each time among four times as many.
const ROUNDS: u32 = 3;

/// Finds the first replies that nobody holds, locked on PostgreSQL; fewer than `number` if there are no more, or if others
/// are just taking the rest.
pub fn find_free(conn: &mut Conn<'_>, wanted: &Wanted<'_>, number: i64, now: Timestamp) -> QueryResult<Vec<ReplyId>> {
    for round in 0..ROUNDS {
        // further on there may be some that nobody reaches for
        let limit = number + (WINDOW << (2 * round));
        let wanted = Wanted { free_at: Some(now), limit, ..*wanted };
        let first: Vec<ReplyId> = queue_items::list(conn, &wanted)?.into_iter().map(|(id, _)| id).collect();
        let free = queue_items::list_free(conn, &first, (wanted.queue, wanted.order), number, now)?;
        if !free.is_empty() || (first.len() as i64) < limit {
            return Ok(free);
        }
    }
    Ok(Vec::new())
}

/// Gives replies, which are free, to somebody until then.
pub fn take(
    conn: &mut Conn<'_>,
    replies: &[(SiteId, ReplyId)],
    account: AccountId,
    until: Timestamp,
) -> QueryResult<()> {
    if replies.is_empty() {
        return Ok(());
    }
    let update = Sql::<()>::new("UPDATE queue_items SET claimed_by = ")
        .key(account)
        .sql(", claimed_until = ")
        .time(until)
        .sql(" WHERE reply_id IN (")
        .keys(replies.iter().map(|(_, id)| *id))
        .sql(")");
    native!(conn, c => update.execute(c))?;
    for reply in replies {
        conn.note(Change::QueueItem(QueueEvent::claimed(*reply, account, until)));
    }
    Ok(())
}

/// How many replies somebody holds; whoever else asks for this person waits until the end of the transaction.
pub fn count_held(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<i64> {
    locks::hold(conn, &[b"claims", account.0.as_bytes().as_slice()].concat())?;
    let query = Sql::<BigInt>::new("SELECT count(*) FROM queue_items WHERE claimed_by = ")
        .key(account)
        .sql(" AND claimed_until > ")
        .time(now);
    native!(conn, c => query.get_result(c))
}

/// Lets somebody hold a waiting reply until then, if nobody else does; whether that was so.
pub fn hold(
    conn: &mut Conn<'_>,
    reply: (SiteId, ReplyId),
    account: AccountId,
    (now, until): (Timestamp, Timestamp),
) -> QueryResult<bool> {
    let update = Sql::<()>::new("UPDATE queue_items SET claimed_by = ")
        .key(account)
        .sql(", claimed_until = ")
        .time(until)
        .sql(" WHERE reply_id = ")
        .key(reply.1)
        .sql(" AND (claimed_until IS NULL OR claimed_until <= ")
        .time(now)
        .sql(" OR claimed_by = ")
        .key(account)
        .sql(")");
    let is_held = native!(conn, c => update.execute(c))? > 0;
    if is_held {
        conn.note(Change::QueueItem(QueueEvent::claimed(reply, account, until)));
    }
    Ok(is_held)
}

/// Gives a reply back that somebody holds; nothing changes if he does not.
pub fn release(conn: &mut Conn<'_>, reply: (SiteId, ReplyId), account: AccountId) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE queue_items SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ")
        .key(account)
        .sql(" AND reply_id = ")
        .key(reply.1);
    if native!(conn, c => update.execute(c))? > 0 {
        conn.note(Change::QueueItem(QueueEvent::released(reply, account)));
    }
    Ok(())
}
