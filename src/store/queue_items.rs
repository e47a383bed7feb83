//! What waits for a moderator, one row a reply, with how urgent it is.
//!
//! `transitions` keeps the rows with the replies that they are about. What changes beside these (who wrote what lately, how
//! much is read) is looked at anew every few minutes by a job; so points may be that old.

use std::collections::HashMap;

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    changes::Change,
    conn::native,
    moderation::QueueSites,
    replies::Reply,
    reports,
    sql::{Sql, Value},
    types::{Instant, Key},
    verdicts::{self, Judged},
};
use crate::domain::{
    ids::*,
    moderation::{Action, DISTRUST, Reason},
    priority::{self, Points, RECENT, RECENT_COUNTED, REPORTS_COUNTED, Reach},
    queue_event::{QueueEvent, WorkQueue},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// Refusals of an author that are counted at most.
const REFUSALS_COUNTED: i64 = 1;

/// In which queues a reply waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Queryable)]
pub struct Waits {
    pub is_pending: bool,
    pub is_reported: bool,
    pub is_flagged: bool,
}

impl Waits {
    fn of(reply: &Reply) -> Self {
        Self {
            is_pending: reply.state == ReplyState::Pending,
            is_reported: reply.is_reported(),
            is_flagged: reply.flagged_at.is_some(),
        }
    }

    fn is_anywhere(self) -> bool {
        self.is_pending || self.is_reported || self.is_flagged
    }

    fn is_in(self, queue: WorkQueue) -> bool {
        match queue {
            WorkQueue::Pending => self.is_pending,
            WorkQueue::Reported => self.is_reported,
            WorkQueue::Flagged => self.is_flagged,
        }
    }
}

/// Why a reply was written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cause<'a> {
    /// What was done; nothing of a report.
    pub action: Option<Action>,
    pub by: Option<AccountId>,
    /// What was said of a new text.
    pub judged: Option<&'a Judged>,
}

impl Cause<'_> {
    /// That a moderator decided.
    fn decision(&self) -> Option<Action> {
        self.action.filter(|action| matches!(action, Action::Approve | Action::Reject | Action::Spam | Action::Restore))
    }
}

/// A row as its urgency is computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Queryable)]
struct Weighed {
    since: Timestamp,
    found: i32,
}

/// A row that is weighed anew.
#[derive(Debug, Queryable)]
struct Ranked {
    id: ReplyId,
    since: Timestamp,
    #[diesel(deserialize_as = StoredPoints)]
    points: Points,
}

/// The columns of [`Points`] in the table's order.
type StoredPoints = (i32, i32, i32, i32);

impl From<StoredPoints> for Points {
    fn from((found, reports, reach, author): StoredPoints) -> Self {
        Self { found, reports, reach, author }
    }
}

/// Keeps the row of a reply that was written: it comes, changes or goes. No reply waits after a decision in the queue in
/// which it waited before, so with the row goes the claim.
pub(super) fn adjust(
    conn: &mut Conn<'_>,
    before: Option<&Reply>,
    after: &Reply,
    cause: Cause<'_>,
    now: Timestamp,
) -> QueryResult<()> {
    let (was, waits) = (before.map(Waits::of).unwrap_or_default(), Waits::of(after));
    let (named, decision) = ((after.site_id, after.id), cause.decision());
    if let Some(action) = decision.filter(|_| was.is_anywhere() || waits.is_anywhere()) {
        conn.note(Change::QueueItem(QueueEvent::decided(named, cause.by, action)));
    }
    for queue in WorkQueue::ALL.iter().copied().filter(|queue| was.is_in(*queue) != waits.is_in(*queue)) {
        conn.note(Change::QueueItem(QueueEvent::moved(named, queue, waits.is_in(queue))));
    }
    match (was.is_anywhere(), waits.is_anywhere()) {
        (false, false) if decision.is_none() => return Ok(()),
        // also what does not wait: a program of before the queues had rows may have decided about it and left its row
        (_, false) => return delete(conn, after.id),
        (_, true) => {}
    }
    let known = if was.is_anywhere() { find_weighed(conn, after.id)? } else { None };
    let found = match (cause.judged, known) {
        (Some(judged), _) => priority::of_findings(&judged.verdict),
        (None, Some(known)) => known.found,
        (None, None) => {
            let said = verdicts::find_last(conn, after.id)?;
            said.map(|said| priority::of_findings(&said.verdict())).unwrap_or_default()
        }
    };
    let points = weigh(conn, &[after.id], now)?.into_values().next().unwrap_or_default();
    let row = Row { waits, since: known.map_or(now, |known| known.since), points: Points { found, ..points } };
    row.put(conn, after)
}

struct Row {
    waits: Waits,
    since: Timestamp,
    points: Points,
}

impl Row {
    fn put(&self, conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<()> {
        let Self { waits, since, points } = self;
        let insert = Sql::<()>::new(
            "INSERT INTO queue_items (reply_id, site_id, is_pending, is_reported, is_flagged, since, found_points, \
             report_points, reach_points, author_points, due_at) VALUES (",
        )
        .values([
            Value::key(reply.id),
            Value::key(reply.site_id),
            waits.is_pending.into(),
            waits.is_reported.into(),
            waits.is_flagged.into(),
            (*since).into(),
            points.found.into(),
            points.reports.into(),
            points.reach.into(),
            points.author.into(),
            points.due_at(*since).into(),
        ])
        .sql(
            ") ON CONFLICT (reply_id) DO UPDATE SET is_pending = excluded.is_pending, \
             is_reported = excluded.is_reported, is_flagged = excluded.is_flagged, since = excluded.since, \
             found_points = excluded.found_points, report_points = excluded.report_points, \
             reach_points = excluded.reach_points, author_points = excluded.author_points, due_at = excluded.due_at",
        );
        native!(conn, c => insert.execute(c))?;
        Ok(())
    }
}

fn delete(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM queue_items WHERE reply_id = ").key(id);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

fn find_weighed(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<Weighed>> {
    let query = Sql::<(Instant, Integer)>::new("SELECT since, found_points FROM queue_items WHERE reply_id = ").key(id);
    Ok(native!(conn, c => query.load(c))?.pop())
}

/// The points of replies as things stand, but for what rules found.
fn weigh(conn: &mut Conn<'_>, ids: &[ReplyId], now: Timestamp) -> QueryResult<HashMap<ReplyId, Points>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    type Columns = (Key, Text, BigInt, BigInt, BigInt, BigInt, BigInt, BigInt);
    type Inputs = (ReplyId, ReplyState, i64, i64, i64, i64, i64, i64);
    let query = Sql::<Columns>::new(
        "SELECT r.id, r.state, CAST(r.recommendations AS BIGINT), CAST(r.visible_below AS BIGINT), \
         CAST(r.open_reports AS BIGINT), coalesce(h.approved, 0), (SELECT count(*) FROM (SELECT 1 FROM replies n \
         WHERE n.story_id = r.story_id AND n.state = 'approved' AND n.created_at > ",
    )
    .time(now.minus(RECENT))
    .sql(" LIMIT ")
    .int(RECENT_COUNTED)
    .sql(
        ") AS recent), (SELECT count(*) FROM (SELECT 1 FROM replies f WHERE f.author_id = r.author_id \
         AND f.site_id = r.site_id AND f.refused_at > ",
    )
    .time(now.minus(DISTRUST))
    .sql(" LIMIT ")
    .int(REFUSALS_COUNTED)
    .sql(
        ") AS refused) FROM replies r LEFT JOIN author_counters h ON h.account_id = r.author_id AND h.site_id = r.site_id \
         WHERE r.id IN (",
    )
    .keys(ids.iter().copied())
    .sql(")");
    let inputs: Vec<Inputs> = native!(conn, c => query.load(c))?;
    let reported: Vec<ReplyId> = inputs.iter().filter(|inputs| inputs.4 > 0).map(|inputs| inputs.0).collect();
    let mut reasons: HashMap<ReplyId, Vec<Reason>> = HashMap::new();
    for (id, reason) in reports::list_open_reasons(conn, &reported, REPORTS_COUNTED)? {
        reasons.entry(id).or_default().push(reason);
    }
    let points = |(id, state, recommendations, below, _, approved, recent, refused): Inputs| {
        let points = Points {
            found: 0,
            reports: priority::of_reports(reasons.remove(&id).unwrap_or_default()),
            reach: priority::of_reach(Reach { recent, recommendations, below }),
            author: priority::of_author(state.is_public(), approved, refused),
        };
        (id, points)
    };
    Ok(inputs.into_iter().map(points).collect())
}

const SELECT_RANKED: &str = "SELECT reply_id, since, found_points, report_points, reach_points, author_points \
    FROM queue_items WHERE reply_id ";

type RankedColumns = (Key, Instant, (Integer, Integer, Integer, Integer));

/// Those whose points are others by now, among up to `limit` in the order of their ids after this one; and the last that
/// was looked at, if there may be more.
pub fn list_stale(
    conn: &mut Conn<'_>,
    after: ReplyId,
    limit: i64,
    now: Timestamp,
) -> QueryResult<(Vec<ReplyId>, Option<ReplyId>)> {
    let query =
        Sql::<RankedColumns>::new(SELECT_RANKED).sql("> ").key(after).sql(" ORDER BY reply_id LIMIT ").int(limit);
    let rows: Vec<Ranked> = native!(conn, c => query.load(c))?;
    let last = rows.last().map(|row| row.id).filter(|_| rows.len() as i64 >= limit);
    let stale = stale(conn, rows, now)?;
    Ok((stale.into_iter().map(|(row, _)| row.id).collect(), last))
}

/// Gives these replies the points that they have by now, as far as they wait.
pub fn weigh_anew(conn: &mut Conn<'_>, ids: &[ReplyId], now: Timestamp) -> QueryResult<()> {
    let query =
        Sql::<RankedColumns>::new(SELECT_RANKED).sql("IN (").keys(ids.iter().copied()).sql(") ORDER BY reply_id");
    // who changes a reply at this moment weighs it himself: before that he is not seen, after that he is waited for
    let query = if conn.is_pg() { query.sql(" FOR UPDATE") } else { query };
    let rows: Vec<Ranked> = native!(conn, c => query.load(c))?;
    for (row, points) in stale(conn, rows, now)? {
        set_points(conn, &row, points)?;
    }
    Ok(())
}

/// The rows whose points are others by now, with these.
fn stale(conn: &mut Conn<'_>, rows: Vec<Ranked>, now: Timestamp) -> QueryResult<Vec<(Ranked, Points)>> {
    let ids: Vec<ReplyId> = rows.iter().map(|row| row.id).collect();
    let said = verdicts::list_last_of_replies(conn, &ids)?;
    let found: HashMap<ReplyId, i32> =
        said.iter().map(|said| (said.reply_id, priority::of_findings(&said.verdict()))).collect();
    let weighed = weigh(conn, &ids, now)?;
    let points = |row: &Ranked| Points {
        found: found.get(&row.id).copied().unwrap_or_default(),
        ..weighed.get(&row.id).copied().unwrap_or_default()
    };
    let rows = rows.into_iter().map(|row| (points(&row), row));
    Ok(rows.filter(|(points, row)| *points != row.points).map(|(points, row)| (row, points)).collect())
}

fn set_points(conn: &mut Conn<'_>, row: &Ranked, points: Points) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE queue_items SET found_points = ")
        .int(points.found)
        .sql(", report_points = ")
        .int(points.reports)
        .sql(", reach_points = ")
        .int(points.reach)
        .sql(", author_points = ")
        .int(points.author)
        .sql(", due_at = ")
        .time(points.due_at(row.since))
        .sql(" WHERE reply_id = ")
        .key(row.id);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// By what waiting replies are ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The most urgent first.
    Priority,
    /// The longest waiting first.
    Oldest,
    /// The shortest waiting first.
    Newest,
}

impl Order {
    fn column(self) -> &'static str {
        match self {
            Self::Priority => "due_at",
            Self::Oldest | Self::Newest => "since",
        }
    }
}

/// Which waiting replies are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub queue: WorkQueue,
    pub sites: QueueSites<'a>,
    pub order: Order,
    /// Only those that nobody holds at this time.
    pub free_at: Option<Timestamp>,
    /// Past this place.
    pub after: Option<(Timestamp, ReplyId)>,
    pub limit: i64,
}

/// The ids of waiting replies in their order, each with its place: a range of one index for each site, merged.
pub fn list(conn: &mut Conn<'_>, wanted: &Wanted<'_>) -> QueryResult<Vec<(ReplyId, Timestamp)>> {
    let (is_lateral, column) = (conn.is_pg(), wanted.order.column());
    let mut query = Sql::<(Key, Instant)>::new("SELECT q.reply_id, q.").sql(column).sql(" FROM sites t ").sql(
        // as in `moderation::list`
        match is_lateral {
            true => "CROSS JOIN LATERAL (SELECT b.* FROM queue_items b WHERE b.site_id = t.id AND b.",
            false => {
                "CROSS JOIN queue_items q ON q.reply_id IN (SELECT b.reply_id FROM queue_items b \
                 WHERE b.site_id = t.id AND b."
            }
        },
    );
    query = query.sql(in_queue(wanted.queue));
    if let Some(now) = wanted.free_at {
        query = query.sql(" AND (b.claimed_until IS NULL OR b.claimed_until <= ").time(now).sql(")");
    }
    let (than, inner, outer) = match wanted.order {
        Order::Priority => (">", " ORDER BY b.due_at, b.reply_id LIMIT ", " ORDER BY q.due_at, q.reply_id LIMIT "),
        Order::Oldest => (">", " ORDER BY b.since, b.reply_id LIMIT ", " ORDER BY q.since, q.reply_id LIMIT "),
        Order::Newest => {
            ("<", " ORDER BY b.since DESC, b.reply_id DESC LIMIT ", " ORDER BY q.since DESC, q.reply_id DESC LIMIT ")
        }
    };
    if let Some((at, id)) = wanted.after {
        query = query.sql(" AND (b.").sql(column).sql(", b.reply_id) ").sql(than).sql(" (").time(at);
        query = query.sql(", ").key(id).sql(")");
    }
    query = query.sql(inner).int(wanted.limit).sql(if is_lateral { ") q " } else { ") " });
    query = match wanted.sites {
        QueueSites::One(site) => query.sql("WHERE t.id = ").key(site),
        QueueSites::All => query,
        QueueSites::These(sites) => query.sql("WHERE t.id IN (").keys(sites.iter().copied()).sql(")"),
    };
    let query = query.sql(outer).int(wanted.limit);
    native!(conn, c => query.load(c))
}

/// The column that says that a reply waits in a queue.
fn in_queue(queue: WorkQueue) -> &'static str {
    match queue {
        WorkQueue::Pending => "is_pending",
        WorkQueue::Reported => "is_reported",
        WorkQueue::Flagged => "is_flagged",
    }
}

/// Of the first of these replies, as many as are wanted that wait in a queue and that nobody holds; on PostgreSQL locked,
/// without those that somebody is about to take.
pub(super) fn list_free(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    (queue, order): (WorkQueue, Order),
    limit: i64,
    now: Timestamp,
) -> QueryResult<Vec<ReplyId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Key>::new("SELECT reply_id FROM queue_items WHERE reply_id IN (")
        .keys(ids.iter().copied())
        // not by the index of the queue, in which the ids would be looked for from end to end
        .sql(") AND coalesce(")
        .sql(in_queue(queue))
        .sql(", false) AND (claimed_until IS NULL OR claimed_until <= ")
        .time(now)
        .sql(match order {
            Order::Priority => ") ORDER BY due_at, reply_id LIMIT ",
            Order::Oldest => ") ORDER BY since, reply_id LIMIT ",
            Order::Newest => ") ORDER BY since DESC, reply_id DESC LIMIT ",
        })
        .int(limit);
    // SQLite has one writer
    let query = if conn.is_pg() { query.sql(" FOR UPDATE SKIP LOCKED") } else { query };
    native!(conn, c => query.load(c))
}

/// How a reply waits.
#[derive(Clone, Debug, Queryable)]
pub struct QueueItem {
    pub reply_id: ReplyId,
    pub waits: Waits,
    pub since: Timestamp,
    /// What speaks for it.
    #[diesel(deserialize_as = StoredPoints)]
    pub points: Points,
    /// Who looks at it, and until when that is believed.
    pub claim: Option<Claim>,
}

/// That somebody looks at a reply.
#[derive(Clone, Debug, Queryable)]
pub struct Claim {
    pub account_id: AccountId,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub until: Timestamp,
}

/// How each of these replies waits, with who holds it at this time.
pub fn list_of_replies(conn: &mut Conn<'_>, ids: &[ReplyId], now: Timestamp) -> QueryResult<Vec<QueueItem>> {
    type Columns = (
        Key,
        (Bool, Bool, Bool),
        Instant,
        (Integer, Integer, Integer, Integer),
        Nullable<(Key, Nullable<Text>, Nullable<Text>, Instant)>,
    );
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Columns>::new(
        "SELECT q.reply_id, q.is_pending, q.is_reported, q.is_flagged, q.since, q.found_points, q.report_points, \
         q.reach_points, q.author_points, a.id, a.username, a.display_name, q.claimed_until FROM queue_items q \
         LEFT JOIN accounts a ON a.id = q.claimed_by AND q.claimed_until > ",
    )
    .time(now)
    .sql(" WHERE q.reply_id IN (")
    .keys(ids.iter().copied())
    .sql(")");
    native!(conn, c => query.load(c))
}
