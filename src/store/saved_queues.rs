//! Queues that moderators made themselves: a name and a filter, one's own or shared with those who moderate its sites.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    locks,
    schema::{saved_queue_assignees, saved_queue_sites, saved_queues},
    sql::Sql,
    types::Key,
};
use crate::domain::{ids::*, queue_filter::QueueFilter, timestamp::Timestamp};

/// A saved queue.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_queues)]
pub struct SavedQueue {
    pub id: SavedQueueId,
    pub owner_id: AccountId,
    pub name: String,
    /// JSON, a [`QueueFilter`].
    pub filter: String,
    /// With whoever moderates all its sites.
    pub is_shared: bool,
    /// Raised by each change.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl SavedQueue {
    /// What it takes; nothing if a program of another version wrote what this one does not know.
    pub fn filter(&self) -> Option<QueueFilter> {
        serde_json::from_str(&self.filter).ok()
    }
}

/// How many somebody has; who else asks for this person waits until the end of the transaction.
pub fn count_own(conn: &mut Conn<'_>, owner: AccountId) -> QueryResult<i64> {
    locks::hold(conn, &[b"saved_queues", owner.0.as_bytes().as_slice()].concat())?;
    let own = saved_queues::table.filter(saved_queues::owner_id.eq(owner)).count();
    native!(conn, c => own.get_result(c))
}

/// The queue with this id.
pub fn find(conn: &mut Conn<'_>, id: SavedQueueId) -> QueryResult<Option<SavedQueue>> {
    native!(conn, c => saved_queues::table.find(id).select(SavedQueue::as_select()).first(c).optional())
}

/// Whose work a queue is, in the order of their ids.
pub fn list_assignees(conn: &mut Conn<'_>, ids: &[SavedQueueId]) -> QueryResult<Vec<(SavedQueueId, AccountId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let of = saved_queue_assignees::queue_id.eq_any(ids.iter().copied());
    let rows = saved_queue_assignees::table
        .filter(of)
        .order((saved_queue_assignees::queue_id, saved_queue_assignees::account_id));
    native!(conn, c => rows.select((saved_queue_assignees::queue_id, saved_queue_assignees::account_id)).load(c))
}

/// Up to `limit` queues after this one, in the order of their making: one's own, and those that are shared or assigned to
/// one as far as one moderates all their sites (all sites if none are named).
pub fn list_seen(
    conn: &mut Conn<'_>,
    by: AccountId,
    moderated: Option<&[SiteId]>,
    after: Option<SavedQueueId>,
    limit: i64,
) -> QueryResult<Vec<SavedQueue>> {
    let mut query = Sql::<Key>::new("SELECT q.id FROM saved_queues q WHERE q.id > ")
        .key(after.map_or(uuid::Uuid::nil(), |id| id.0));
    if let Some(sites) = moderated {
        query = query
            .sql(" AND q.id IN (SELECT o.id FROM saved_queues o WHERE o.owner_id = ")
            .key(by)
            .sql(" UNION ALL SELECT s.queue_id FROM saved_queue_sites s WHERE s.site_id IN (")
            .keys(sites.iter().copied())
            .sql("))");
    }
    query = query
        .sql(" AND (q.owner_id = ")
        .key(by)
        .sql(" OR ((q.is_shared OR EXISTS (SELECT 1 FROM saved_queue_assignees a");
    query = query.sql(" WHERE a.queue_id = q.id AND a.account_id = ").key(by).sql("))");
    if let Some(sites) = moderated {
        query = query
            .sql(" AND NOT EXISTS (SELECT 1 FROM saved_queue_sites s WHERE s.queue_id = q.id AND s.site_id NOT IN (")
            .keys(sites.iter().copied())
            .sql("))");
    }
    let query = query.sql(")) ORDER BY q.id LIMIT ").int(limit);
    native!(conn, c => {
        let ids: Vec<SavedQueueId> = query.load(c)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = saved_queues::table.filter(saved_queues::id.eq_any(ids)).order(saved_queues::id);
        rows.select(SavedQueue::as_select()).load(c)
    })
}

/// Stores a new queue.
pub fn insert(conn: &mut Conn<'_>, queue: &SavedQueue, sites: &[SiteId], assignees: &[AccountId]) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(saved_queues::table).values(queue).execute(c))?;
    insert_below(conn, queue.id, sites, assignees)
}

/// Stores a changed queue, if it still has the version that the change was made of; whether it had.
pub fn update(
    conn: &mut Conn<'_>,
    queue: &SavedQueue,
    former: i64,
    sites: &[SiteId],
    assignees: &[AccountId],
) -> QueryResult<bool> {
    let changes = (
        saved_queues::name.eq(&queue.name),
        saved_queues::filter.eq(&queue.filter),
        saved_queues::is_shared.eq(queue.is_shared),
        saved_queues::version.eq(queue.version),
        saved_queues::updated_at.eq(queue.updated_at),
    );
    let row = saved_queues::table.find(queue.id).filter(saved_queues::version.eq(former));
    if native!(conn, c => diesel::update(row).set(changes).execute(c))? == 0 {
        return Ok(false);
    }
    delete_below(conn, queue.id)?;
    insert_below(conn, queue.id, sites, assignees)?;
    Ok(true)
}

/// Takes a queue away, if it still has this version; whether it had.
pub fn delete(conn: &mut Conn<'_>, id: SavedQueueId, version: i64) -> QueryResult<bool> {
    // the row is held before what hangs under it is taken away
    let touched = diesel::update(saved_queues::table.find(id).filter(saved_queues::version.eq(version)));
    if native!(conn, c => touched.set(saved_queues::version.eq(version + 1)).execute(c))? == 0 {
        return Ok(false);
    }
    delete_below(conn, id)?;
    native!(conn, c => diesel::delete(saved_queues::table.find(id)).execute(c))?;
    Ok(true)
}

fn insert_below(conn: &mut Conn<'_>, id: SavedQueueId, sites: &[SiteId], assignees: &[AccountId]) -> QueryResult<()> {
    for site in sites {
        let row = (saved_queue_sites::queue_id.eq(id), saved_queue_sites::site_id.eq(*site));
        native!(conn, c => diesel::insert_into(saved_queue_sites::table).values(row).execute(c))?;
    }
    for account in assignees {
        let row = (saved_queue_assignees::queue_id.eq(id), saved_queue_assignees::account_id.eq(*account));
        native!(conn, c => diesel::insert_into(saved_queue_assignees::table).values(row).execute(c))?;
    }
    Ok(())
}

fn delete_below(conn: &mut Conn<'_>, id: SavedQueueId) -> QueryResult<()> {
    native!(conn, c => {
        diesel::delete(saved_queue_sites::table.filter(saved_queue_sites::queue_id.eq(id))).execute(c)?;
        diesel::delete(saved_queue_assignees::table.filter(saved_queue_assignees::queue_id.eq(id))).execute(c)
    })?;
    Ok(())
}
