//! Decisions about many replies: what was asked for, and what came of each.

use std::time::Duration;

use diesel::prelude::*;

use super::{
    Conn, Native,
    conn::native,
    decisions::{self, Actor, Decision},
    log_rows::LATE,
    moderation::QueueSites,
    schema::{bulk_items, bulks},
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::{
    clock::Random,
    domain::{
        bulk::{BulkItem, Former, ItemOutcome, Outcomes},
        ids::*,
        moderation::{Action, Reason},
        policy_run::RunState,
        reply_state::Verb,
        timestamp::Timestamp,
    },
};

/// How long the items of bulks are kept that are over. The bulks themselves stay, one row each, as the log names them.
pub(super) const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Items that are stored in one statement.
pub const STORED_AT_ONCE: usize = 500;

/// A bulk, without what was asked for, which is the job's alone to read.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = bulks)]
pub struct Bulk {
    pub id: BulkId,
    /// Who wants it.
    pub account_id: AccountId,
    /// Nothing where another is undone.
    pub action: Option<Verb>,
    pub undoes: Option<BulkId>,
    pub reason: Option<Reason>,
    pub note: Option<String>,
    pub message: Option<String>,
    pub state: RunState,
    /// Items that were come to.
    pub done: i64,
    /// How many there are; nothing before they are known.
    pub total: Option<i64>,
    /// JSON, [`Outcomes`].
    pub result: String,
    pub created_at: Timestamp,
    /// When somebody wanted it to end.
    pub cancelled_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

impl Bulk {
    /// What came of its items so far.
    pub fn outcomes(&self) -> Outcomes {
        serde_json::from_str(&self.result).unwrap_or_default()
    }
}

/// Stores a bulk that waits, with what was asked for, JSON.
pub fn insert(conn: &mut Conn<'_>, bulk: &Bulk, request: &str) -> QueryResult<()> {
    let row = (bulk, bulks::request.eq(request));
    native!(conn, c => diesel::insert_into(bulks::table).values(row).execute(c))?;
    Ok(())
}

/// What was asked for, of a bulk whose items are not known yet.
pub fn find_request(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Option<String>> {
    native!(conn, c => bulks::table.find(id).select(bulks::request).first(c).optional())
}

/// The bulk with this id.
pub fn find(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Option<Bulk>> {
    native!(conn, c => bulks::table.find(id).select(Bulk::as_select()).first(c).optional())
}

/// The bulk with this id, locked until the end of the transaction.
pub fn find_locked(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Option<Bulk>> {
    match &mut conn.native {
        Native::Sqlite(_) => find(conn, id),
        Native::Pg(c) => bulks::table.find(id).select(Bulk::as_select()).for_no_key_update().first(*c).optional(),
    }
}

/// Up to `limit` bulks that somebody wanted, the newest first, before this one.
pub fn list(
    conn: &mut Conn<'_>,
    by: AccountId,
    before: Option<(Timestamp, BulkId)>,
    limit: i64,
) -> QueryResult<Vec<Bulk>> {
    let mut query = Sql::<Key>::new("SELECT id FROM bulks WHERE account_id = ").key(by);
    if let Some((at, id)) = before {
        query = query.sql(" AND (created_at, id) < (").time(at).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY created_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => {
        let ids: Vec<BulkId> = query.load(c)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = bulks::table.filter(bulks::id.eq_any(ids)).order((bulks::created_at.desc(), bulks::id.desc()));
        rows.select(Bulk::as_select()).load(c)
    })
}

/// How many of somebody's bulks are not over; among the last hundred.
pub fn count_going_on(conn: &mut Conn<'_>, by: AccountId) -> QueryResult<i64> {
    let query = Sql::<diesel::sql_types::BigInt>::new(
        "SELECT count(*) FROM (SELECT finished_at FROM bulks WHERE account_id = ",
    )
    .key(by)
    .sql(" ORDER BY created_at DESC, id DESC LIMIT 100) AS latest WHERE finished_at IS NULL");
    native!(conn, c => query.get_result(c))
}

/// The undoing of a bulk, done or about to be; one that did not come to its end leaves the rest to another.
pub fn find_undoing(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Option<BulkId>> {
    let undoing = bulks::table
        .filter(bulks::undoes.eq(id))
        .filter(bulks::state.ne_all([RunState::Cancelled, RunState::Failed]))
        .select(bulks::id);
    native!(conn, c => undoing.first(c).optional())
}

/// An item to be stored.
#[derive(Clone, Debug)]
pub struct NewItem {
    pub item: BulkItem,
    /// How the reply stood before what is to be undone, JSON.
    pub former: Option<String>,
}

/// Stores items from a position on, which the caller bounds to [`STORED_AT_ONCE`].
pub fn insert_items(conn: &mut Conn<'_>, id: BulkId, from: usize, items: &[NewItem]) -> QueryResult<()> {
    if items.is_empty() {
        return Ok(());
    }
    let mut insert =
        Sql::<()>::new("INSERT INTO bulk_items (bulk_id, position, reply_id, reply_version, former) VALUES ")
            .not_kept();
    for (index, NewItem { item, former }) in items.iter().enumerate() {
        let position = i64::try_from(from + index).unwrap_or(i64::MAX);
        insert = insert.sql(if index == 0 { "(" } else { ", (" }).values([
            Value::key(id),
            position.into(),
            Value::key(item.id),
            item.version.into(),
            former.into(),
        ]);
        insert = insert.sql(")");
    }
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Takes away what was stored of a bulk's items before it was interrupted.
pub fn delete_items(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<()> {
    native!(conn, c => diesel::delete(bulk_items::table.filter(bulk_items::bulk_id.eq(id))).execute(c))?;
    Ok(())
}

/// Notes that all items are stored; what was asked for is forgotten.
pub fn begin(conn: &mut Conn<'_>, id: BulkId, total: i64) -> QueryResult<()> {
    let changes = (bulks::total.eq(total), bulks::request.eq("null"), bulks::state.eq(RunState::Running));
    native!(conn, c => diesel::update(bulks::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// An item that is to be come to.
#[derive(Clone, Debug, Queryable)]
pub struct WaitingItem {
    pub position: i32,
    pub reply_id: ReplyId,
    pub version: i32,
    /// How the reply stood before what is to be undone, JSON.
    pub former: Option<String>,
}

/// Up to `limit` items after a position that were not come to.
pub fn list_waiting(conn: &mut Conn<'_>, id: BulkId, after: i32, limit: i64) -> QueryResult<Vec<WaitingItem>> {
    let items = bulk_items::table
        .filter(bulk_items::bulk_id.eq(id))
        .filter(bulk_items::position.gt(after))
        .filter(bulk_items::outcome.is_null())
        .order(bulk_items::position)
        .limit(limit)
        .select((bulk_items::position, bulk_items::reply_id, bulk_items::reply_version, bulk_items::former));
    native!(conn, c => items.load(c))
}

/// What was done with a reply, and how it stood before.
#[derive(Clone, Debug)]
pub struct Made {
    pub version: i32,
    pub former: Former,
}

/// Notes what came of an item, unless that is known already.
pub fn settle(
    conn: &mut Conn<'_>,
    (id, position): (BulkId, i32),
    outcome: ItemOutcome,
    made: Option<Made>,
) -> QueryResult<()> {
    let former = made.as_ref().and_then(|made| serde_json::to_string(&made.former).ok());
    let update = Sql::<()>::new("UPDATE bulk_items SET outcome = ")
        .str(outcome.as_str())
        .sql(", made_version = ")
        .value(made.as_ref().map(|made| made.version))
        .sql(", former = coalesce(")
        .value(former.as_deref())
        .sql(", former)")
        .sql(" WHERE bulk_id = ")
        .key(id)
        .sql(" AND position = ")
        .int(position)
        .sql(" AND outcome IS NULL");
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// An item as it is told.
#[derive(Clone, Debug, Queryable)]
pub struct ListedItem {
    pub position: i32,
    pub reply_id: ReplyId,
    pub version: i32,
    pub outcome: Option<ItemOutcome>,
}

/// Up to `limit` items after a position; of one outcome, or all.
pub fn list_items(
    conn: &mut Conn<'_>,
    id: BulkId,
    outcome: Option<ItemOutcome>,
    after: i32,
    limit: i64,
) -> QueryResult<Vec<ListedItem>> {
    type Columns = (
        diesel::sql_types::Integer,
        Key,
        diesel::sql_types::Integer,
        diesel::sql_types::Nullable<diesel::sql_types::Text>,
    );
    let mut query =
        Sql::<Columns>::new("SELECT position, reply_id, reply_version, outcome FROM bulk_items WHERE bulk_id = ")
            .key(id)
            .sql(" AND position > ")
            .int(after);
    if let Some(outcome) = outcome {
        query = query.sql(" AND outcome = ").str(outcome.as_str());
    }
    let query = query.sql(" ORDER BY position LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// The items of a bulk that were done, as an undoing takes them: with the versions that were made, and how the replies stood
/// before.
pub fn list_done(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Vec<NewItem>> {
    let items = bulk_items::table
        .filter(bulk_items::bulk_id.eq(id))
        .filter(bulk_items::outcome.eq(ItemOutcome::Done))
        .filter(bulk_items::made_version.is_not_null())
        .order(bulk_items::position)
        .select((bulk_items::reply_id, bulk_items::made_version.assume_not_null(), bulk_items::former));
    let rows: Vec<(ReplyId, i32, Option<String>)> = native!(conn, c => items.load(c))?;
    Ok(rows.into_iter().map(|(id, version, former)| NewItem { item: BulkItem { id, version }, former }).collect())
}

/// What came of a bulk's items so far.
pub fn count_outcomes(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Vec<(ItemOutcome, i64)>> {
    let query = Sql::<(diesel::sql_types::Text, diesel::sql_types::BigInt)>::new(
        "SELECT outcome, count(*) FROM bulk_items WHERE outcome IS NOT NULL AND bulk_id = ",
    )
    .key(id)
    .sql(" GROUP BY outcome");
    native!(conn, c => query.load(c))
}

/// Notes how far a bulk is.
pub fn note_progress(conn: &mut Conn<'_>, id: BulkId, outcomes: Outcomes) -> QueryResult<()> {
    let changes = (bulks::done.eq(outcomes.total()), bulks::result.eq(json(outcomes)));
    native!(conn, c => diesel::update(bulks::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Ends a bulk that has not ended, and whether it did: who was stopped for long and comes back to it later changes nothing.
pub fn finish(
    conn: &mut Conn<'_>,
    id: BulkId,
    state: RunState,
    outcomes: Outcomes,
    now: Timestamp,
) -> QueryResult<bool> {
    let changes = (
        bulks::state.eq(state),
        bulks::request.eq("null"),
        bulks::done.eq(outcomes.total()),
        bulks::result.eq(json(outcomes)),
        bulks::finished_at.eq(now),
    );
    let going_on = bulks::table.find(id).filter(bulks::finished_at.is_null());
    let ended = native!(conn, c => diesel::update(going_on).set(changes).execute(c))?;
    Ok(ended > 0)
}

/// Whether a bulk is there and nobody wanted it to end.
pub fn is_wanted(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<bool> {
    let bulk = bulks::table.filter(bulks::id.eq(id)).filter(bulks::cancelled_at.is_null());
    let found = native!(conn, c => bulk.select(bulks::id).first::<BulkId>(c).optional())?;
    Ok(found.is_some())
}

/// Says that somebody wants a bulk to end.
pub fn cancel(conn: &mut Conn<'_>, id: BulkId, now: Timestamp) -> QueryResult<()> {
    let cancel = diesel::update(bulks::table.find(id)).set(bulks::cancelled_at.eq(now));
    native!(conn, c => cancel.execute(c))?;
    Ok(())
}

/// Says in the logs in which it stands that a bulk was begun, or in that of no site where nobody was told yet, that it ended
/// before its end.
pub fn log_end(
    conn: &mut Conn<'_>,
    bulk: &Bulk,
    actor: impl Fn(Option<SiteId>) -> Actor,
    (random, now): (&Random, Timestamp),
) -> QueryResult<()> {
    let details = serde_json::json!({"bulk": bulk.id, "done": bulk.done, "total": bulk.total}).to_string();
    let sites = list_logged(conn, bulk)?;
    decisions::insert_of_sites(conn, sites, |site| Decision {
        details: Some(details.clone()),
        ..Decision::new(random.id(now), actor(site), Action::CancelBulk, now)
    })
}

/// The sites in whose logs it stands that a bulk was begun: each is asked for what was begun there since somebody wanted it,
/// by clocks that differ.
fn list_logged(conn: &mut Conn<'_>, bulk: &Bulk) -> QueryResult<Vec<SiteId>> {
    let has_text = if conn.is_pg() { " AND strpos(d.details, " } else { " AND instr(d.details, " };
    let query = Sql::<Key>::new(
        "SELECT t.id FROM sites t CROSS JOIN decisions d WHERE d.site_id = t.id AND d.action = 'bulk' \
         AND d.created_at >= ",
    )
    .time(bulk.created_at.minus(LATE))
    .sql(has_text)
    .str(format!("\"bulk\":\"{}\"", bulk.id))
    .sql(") > 0");
    native!(conn, c => query.load(c))
}

/// A reply as it stands when it is come to.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Present {
    pub id: ReplyId,
    pub site_id: SiteId,
    pub state: crate::domain::reply_state::ReplyState,
    pub version: i32,
    pub is_appealed: bool,
    /// Whether its text was erased.
    pub is_erased: bool,
    /// When something was done with it last.
    pub changed_at: Timestamp,
}

/// Up to `limit` replies that somebody posted since then on these sites and that stand where this decision is of use, the
/// newest first. What was refused is left where it is.
pub fn list_of_author(
    conn: &mut Conn<'_>,
    (author, since): (AccountId, Timestamp),
    sites: &QueueSites,
    verb: Verb,
    limit: i64,
) -> QueryResult<Vec<ReplyId>> {
    let states = match verb {
        Verb::Approve => "('pending', 'returned')",
        Verb::Reject | Verb::Spam => "('pending', 'approved', 'returned')",
        Verb::Restore => "('approved')",
        Verb::Return => "('pending', 'approved')",
    };
    let query = Sql::<Key>::new("SELECT id FROM replies WHERE author_id = ").key(author).sql(" AND state IN ");
    let query = query.sql(states).sql(" AND created_at >= ").time(since);
    let query = match sites {
        QueueSites::All => query,
        QueueSites::These(sites) if sites.is_empty() => return Ok(Vec::new()),
        QueueSites::These(sites) => query.sql(" AND site_id IN (").keys(sites.iter().copied()).sql(")"),
    };
    let query = query.sql(" ORDER BY created_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// How those of these replies stand that there are.
pub fn list_present(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<Present>> {
    use diesel::sql_types::{Bool, Integer, Text};
    type Columns = (Key, Key, Text, Integer, Bool, Bool, Instant);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Columns>::new(
        "SELECT r.id, r.site_id, r.state, r.version, r.appealed_at IS NOT NULL, r.body_source = '', coalesce((SELECT max(d.created_at) FROM decisions d \
         WHERE d.reply_id = r.id), r.created_at) FROM replies r WHERE r.id IN (",
    )
    .keys(ids.iter().copied())
    .sql(")");
    native!(conn, c => query.load(c))
}

fn json(outcomes: Outcomes) -> String {
    serde_json::to_string(&outcomes).expect("plain numbers are JSON")
}
