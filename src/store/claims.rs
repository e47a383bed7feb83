//! Claims: who looks at which waiting reply. They keep two moderators from the same work and lock nothing: what is decided
//! goes by the reply's version.

use diesel::{QueryResult, RunQueryDsl, sql_types::BigInt};

use super::{
    Conn, appeals,
    changes::Change,
    conn::native,
    locks,
    moderation::QueueSites,
    queue_items::{in_queue, is_free},
    queue_walk::Order,
    sql::Sql,
    types::Key,
};
use crate::domain::{
    ids::*,
    queue_event::{QueueEvent, WorkQueue},
    timestamp::Timestamp,
};

/// How many replies are wanted, and of which.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those of any of these queues.
    pub queues: &'a [WorkQueue],
    pub sites: &'a QueueSites,
    pub order: Order,
    pub number: i64,
}

/// Gives the first of these replies to somebody until then: as many as are wanted that wait where they are looked for and
/// that nobody holds, but for appeals that others are to decide. On PostgreSQL those that somebody else is about to take are left to him.
pub fn take(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    wanted: Wanted<'_>,
    account: AccountId,
    (now, until): (Timestamp, Timestamp),
) -> QueryResult<Vec<(SiteId, ReplyId)>> {
    let free = list_free(conn, ids, wanted, account, now)?;
    if free.is_empty() {
        return Ok(free);
    }
    let update = Sql::<()>::new("UPDATE queue_items SET claimed_by = ")
        .key(account)
        .sql(", claimed_until = ")
        .time(until)
        .sql(" WHERE reply_id IN (")
        .keys(free.iter().map(|(_, id)| *id))
        .sql(")");
    native!(conn, c => update.execute(c))?;
    for reply in &free {
        conn.note(Change::QueueItem(QueueEvent::claimed(*reply, account, until)));
    }
    Ok(free)
}

/// Of the first of these replies, as many as are wanted that wait in a queue asked for and that nobody holds; on PostgreSQL
/// locked, without those that somebody is about to take.
fn list_free(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    Wanted { queues, sites, order, number }: Wanted<'_>,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Vec<(SiteId, ReplyId)>> {
    if ids.is_empty() || queues.is_empty() {
        return Ok(Vec::new());
    }
    let (_, [then, end]) = order.words();
    let mut query = Sql::<(Key, Key)>::new("SELECT site_id, reply_id FROM queue_items WHERE reply_id IN (")
        .keys(ids.iter().copied())
        .sql(") AND ")
        .append(is_free("claimed_until", now));
    if let QueueSites::These(sites) = sites {
        query = query.sql(" AND site_id IN (").keys(sites.iter().copied()).sql(")");
    }
    for (index, queue) in queues.iter().enumerate() {
        // not by the index of the queue, in which the ids would be looked for from end to end
        query = query.sql(if index == 0 { " AND (" } else { " OR " });
        query = query.sql("coalesce(").sql(in_queue(*queue)).sql(", false)");
    }
    query = query.sql(")");
    if queues.contains(&WorkQueue::Appeals) {
        query = query.append(appeals::may_take("queue_items.reply_id", account, now));
    }
    let column = order.of_waiting();
    query = query.sql(" ORDER BY ").sql(column).sql(then).sql("reply_id").sql(end).sql("LIMIT ").int(number);
    // SQLite has one writer
    let query = if conn.is_pg() { query.sql(" FOR UPDATE SKIP LOCKED") } else { query };
    native!(conn, c => query.load(c))
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
        .sql(" AND (claimed_by = ")
        .key(account)
        .sql(" OR ")
        .append(is_free("claimed_until", now))
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
