//! Runs of policies, the replies that they look at, and those that they released.

use std::time::Duration;

use diesel::prelude::*;

use super::{
    Conn, Native,
    conn::native,
    schema::{policy_run_items, policy_runs},
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    moderation::Action,
    policy_run::{RunKind, RunState},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// How long simulations are kept that are over, and what a run released once it was undone.
pub(super) const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A run, without what was asked for, which may hold a policy and is the run's alone to read.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = policy_runs)]
pub struct PolicyRun {
    pub id: PolicyRunId,
    pub site_id: SiteId,
    pub kind: RunKind,
    pub state: RunState,
    /// The run that this one undoes.
    pub undoes: Option<PolicyRunId>,
    /// Replies looked at.
    pub done: i64,
    /// How many there were to look at.
    pub total: i64,
    /// JSON; nothing before it is over.
    pub result: Option<String>,
    pub author_id: Option<AccountId>,
    pub created_at: Timestamp,
    /// When somebody wanted it to end.
    pub cancelled_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// Stores a run that waits, with what was asked for, JSON.
pub fn insert(conn: &mut Conn<'_>, run: &PolicyRun, request: &str) -> QueryResult<()> {
    let row = (run, policy_runs::request.eq(request));
    native!(conn, c => diesel::insert_into(policy_runs::table).values(row).execute(c))?;
    Ok(())
}

/// What was asked for of a run that is not over.
pub fn find_request(conn: &mut Conn<'_>, id: PolicyRunId) -> QueryResult<Option<String>> {
    native!(conn, c => policy_runs::table.find(id).select(policy_runs::request).first(c).optional())
}

/// The run with this id.
pub fn find(conn: &mut Conn<'_>, id: PolicyRunId) -> QueryResult<Option<PolicyRun>> {
    native!(conn, c => policy_runs::table.find(id).select(PolicyRun::as_select()).first(c).optional())
}

/// Whether a run is there and nobody wanted it to end.
pub fn is_wanted(conn: &mut Conn<'_>, id: PolicyRunId) -> QueryResult<bool> {
    let run = policy_runs::table.filter(policy_runs::id.eq(id)).filter(policy_runs::cancelled_at.is_null());
    let found = native!(conn, c => run.select(policy_runs::id).first::<PolicyRunId>(c).optional())?;
    Ok(found.is_some())
}

/// The run with this id, locked until the end of the transaction.
pub fn find_locked(conn: &mut Conn<'_>, id: PolicyRunId) -> QueryResult<Option<PolicyRun>> {
    match &mut conn.native {
        Native::Sqlite(_) => find(conn, id),
        Native::Pg(c) => {
            policy_runs::table.find(id).select(PolicyRun::as_select()).for_no_key_update().first(*c).optional()
        }
    }
}

/// Where a run stands in the list of a site's.
#[derive(Clone, Debug, Queryable)]
pub struct RunPlace {
    pub id: PolicyRunId,
    pub created_at: Timestamp,
    /// Bytes of the result.
    pub bytes: i64,
}

/// The places of up to `limit` runs of a site, the newest first, before this one.
pub fn list_places(
    conn: &mut Conn<'_>,
    site: SiteId,
    before: Option<(Timestamp, PolicyRunId)>,
    limit: i64,
) -> QueryResult<Vec<RunPlace>> {
    let (at, id) = before.unwrap_or((Timestamp::from_micros(i64::MAX), PolicyRunId(uuid::Uuid::max())));
    let query = Sql::<(Key, Instant, diesel::sql_types::BigInt)>::new(
        "SELECT id, created_at, CAST(coalesce(octet_length(result), 0) AS BIGINT) FROM policy_runs WHERE site_id = ",
    )
    .key(site)
    .sql(" AND (created_at, id) < (")
    .time(at)
    .sql(", ")
    .key(id)
    .sql(") ORDER BY created_at DESC, id DESC LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// These runs, which the caller bounds, the newest first.
pub fn list(conn: &mut Conn<'_>, ids: &[PolicyRunId]) -> QueryResult<Vec<PolicyRun>> {
    let rows = policy_runs::table
        .filter(policy_runs::id.eq_any(ids.iter().copied()))
        .order((policy_runs::created_at.desc(), policy_runs::id.desc()));
    native!(conn, c => rows.select(PolicyRun::as_select()).load(c))
}

/// How many runs of a site are not over; among the last hundred.
pub fn count_going_on(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<i64> {
    let query = Sql::<diesel::sql_types::BigInt>::new(
        "SELECT count(*) FROM (SELECT finished_at FROM policy_runs WHERE site_id = ",
    )
    .key(site)
    .sql(" ORDER BY created_at DESC, id DESC LIMIT 100) AS latest WHERE finished_at IS NULL");
    native!(conn, c => query.get_result(c))
}

/// Whether a run was undone, or is about to be; an undo that did not come to its end leaves the rest to another.
pub fn is_undone(conn: &mut Conn<'_>, run: PolicyRunId) -> QueryResult<bool> {
    let undos = policy_runs::table
        .filter(policy_runs::undoes.eq(run))
        .filter(policy_runs::state.ne_all([RunState::Cancelled, RunState::Failed]))
        .select(policy_runs::id);
    let first: Option<PolicyRunId> = native!(conn, c => undos.first(c).optional())?;
    Ok(first.is_some())
}

/// Notes how far a run is.
pub fn note_progress(conn: &mut Conn<'_>, id: PolicyRunId, done: i64, total: i64) -> QueryResult<()> {
    let changes = (policy_runs::state.eq(RunState::Running), policy_runs::done.eq(done), policy_runs::total.eq(total));
    native!(conn, c => diesel::update(policy_runs::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Ends a run. What was asked for is forgotten.
pub fn finish(
    conn: &mut Conn<'_>,
    id: PolicyRunId,
    state: RunState,
    result: Option<&str>,
    now: Timestamp,
) -> QueryResult<()> {
    let changes = (
        policy_runs::state.eq(state),
        // nobody asks for it any more, and a draft may be large
        policy_runs::request.eq("null"),
        policy_runs::result.eq(result),
        policy_runs::finished_at.eq(now),
    );
    native!(conn, c => diesel::update(policy_runs::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Says that somebody wants a run to end.
pub fn cancel(conn: &mut Conn<'_>, id: PolicyRunId, now: Timestamp) -> QueryResult<()> {
    let cancel = diesel::update(policy_runs::table.find(id)).set(policy_runs::cancelled_at.eq(now));
    native!(conn, c => cancel.execute(c))?;
    Ok(())
}

/// Which former replies a policy is tried on.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
    /// So many at most, the latest.
    pub last: i64,
}

/// The ids of a site's replies in a range, the oldest first: five ranges of the index of queues, merged.
pub fn list_range(conn: &mut Conn<'_>, site: SiteId, range: Range) -> QueryResult<Vec<ReplyId>> {
    let since = range.since.unwrap_or(Timestamp::from_micros(i64::MIN));
    let until = range.until.unwrap_or(Timestamp::from_micros(i64::MAX));
    let mut query = Sql::<(Key, Instant)>::new("SELECT id, created_at FROM (");
    for (index, state) in ReplyState::ALL.iter().enumerate() {
        query = query
            .sql(if index == 0 { "SELECT id, created_at FROM (" } else { " UNION ALL SELECT id, created_at FROM (" })
            .sql("SELECT id, created_at FROM replies WHERE site_id = ")
            .key(site)
            .sql(" AND state = ")
            .str(state.as_str())
            .sql(" AND created_at >= ")
            .time(since)
            .sql(" AND created_at < ")
            .time(until)
            .sql(" ORDER BY created_at DESC, id DESC LIMIT ")
            .int(range.last)
            .sql(") AS of_state");
    }
    let query = query.sql(") AS latest ORDER BY created_at DESC, id DESC LIMIT ").int(range.last);
    let mut rows: Vec<(ReplyId, Timestamp)> = native!(conn, c => query.load(c))?;
    rows.reverse();
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}

/// The ids of waiting replies after a place, the longest waiting first.
pub fn list_waiting(
    conn: &mut Conn<'_>,
    site: SiteId,
    (at, id): (Timestamp, ReplyId),
    limit: i64,
) -> QueryResult<Vec<(ReplyId, Timestamp)>> {
    let query = Sql::<(Key, Instant)>::new("SELECT id, created_at FROM replies WHERE state = 'pending' AND site_id = ")
        .key(site)
        .sql(" AND (created_at, id) > (")
        .time(at)
        .sql(", ")
        .key(id)
        .sql(") ORDER BY created_at, id LIMIT ")
        .int(limit);
    native!(conn, c => query.load(c))
}

/// What people did with each of these replies, in its order.
pub fn list_deciding(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<(ReplyId, Action)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<(Key, diesel::sql_types::Text)>::new(
        "SELECT reply_id, action FROM decisions WHERE action IN ('approve', 'reject', 'spam', 'restore', 'return', 'overturn_appeal') AND reply_id IN (",
    )
    .keys(ids.iter().copied())
    .sql(") ORDER BY reply_id, reply_version");
    native!(conn, c => query.load(c))
}

/// Notes that a run released a reply.
pub fn insert_item(conn: &mut Conn<'_>, run: PolicyRunId, reply: ReplyId, version: i32) -> QueryResult<()> {
    let item = (
        policy_run_items::run_id.eq(run),
        policy_run_items::reply_id.eq(reply),
        policy_run_items::reply_version.eq(version),
    );
    native!(conn, c => diesel::insert_into(policy_run_items::table).values(item).execute(c))?;
    Ok(())
}

/// Up to `limit` replies that a run released, after this one, each with the version that it made.
pub fn list_items(
    conn: &mut Conn<'_>,
    run: PolicyRunId,
    after: ReplyId,
    limit: i64,
) -> QueryResult<Vec<(ReplyId, i32)>> {
    let items = policy_run_items::table
        .filter(policy_run_items::run_id.eq(run))
        .filter(policy_run_items::reply_id.gt(after))
        .order(policy_run_items::reply_id)
        .limit(limit)
        .select((policy_run_items::reply_id, policy_run_items::reply_version));
    native!(conn, c => items.load(c))
}

/// How many replies a run released.
pub fn count_items(conn: &mut Conn<'_>, run: PolicyRunId) -> QueryResult<i64> {
    native!(conn, c => policy_run_items::table.filter(policy_run_items::run_id.eq(run)).count().get_result(c))
}
