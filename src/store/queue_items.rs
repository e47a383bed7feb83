//! What waits for a moderator, one row a reply, with how urgent it is.
//!
//! `transitions` keeps the rows with the replies that they are about; how urgent these are, `queue_points` knows. Programs
//! of before the rows existed may run beside this one, so a job looks for rows that are missing or left over.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    changes::Change,
    conn::native,
    moderation::QueueSites,
    queue_points,
    replies::Reply,
    sql::{Sql, Value},
    types::{Instant, Key},
    verdicts::{self, Judged},
};
use crate::domain::{
    ids::*,
    moderation::Action,
    priority::{self, Points},
    queue_event::{QueueEvent, WorkQueue},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

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

/// The columns of [`Points`] in the table's order.
pub(super) type StoredPoints = (i32, i32, i32, i32);

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
    let points = queue_points::weigh(conn, &[after.id], now)?.into_values().next().unwrap_or_default();
    let row = Row { waits, since: known.map_or(now, |known| known.since), points: Points { found, ..points } };
    row.put(conn, after)
}

/// Up to `limit` replies whose rows are missing, left over or in the wrong queues.
pub fn list_astray(conn: &mut Conn<'_>, limit: i64) -> QueryResult<Vec<ReplyId>> {
    let missing = ") AND NOT EXISTS (SELECT 1 FROM queue_items q WHERE q.reply_id = r.id)";
    let query = Sql::<Key>::new("SELECT id FROM (SELECT r.id AS id FROM sites t JOIN replies r ON r.site_id = t.id WHERE (r.state = 'pending'")
        .sql(missing)
        .sql(" UNION ALL SELECT r.id FROM sites t JOIN replies r ON r.site_id = t.id WHERE (r.state = 'approved' AND r.open_reports > 0")
        .sql(missing)
        .sql(" UNION ALL SELECT r.id FROM sites t JOIN replies r ON r.site_id = t.id WHERE (r.flagged_at IS NOT NULL")
        .sql(missing)
        .sql(
            " UNION ALL SELECT q.reply_id FROM queue_items q JOIN replies r ON r.id = q.reply_id \
             WHERE q.is_pending <> (r.state = 'pending') \
             OR q.is_reported <> (r.state = 'approved' AND r.open_reports > 0) \
             OR q.is_flagged <> (r.flagged_at IS NOT NULL)) AS astray LIMIT ",
        )
        .int(limit);
    native!(conn, c => query.load(c))
}

/// Gives a locked reply the row that it ought to have. Nobody knows any more when one came to wait whose row is missing:
/// it is a little later than the change of its state.
pub fn mend(conn: &mut Conn<'_>, reply: &Reply, now: Timestamp) -> QueryResult<()> {
    let waits = Waits::of(reply);
    if !waits.is_anywhere() {
        return delete(conn, reply.id);
    }
    let known = find_weighed(conn, reply.id)?;
    let since = known.map_or(if waits.is_pending { reply.state_changed_at } else { now }, |known| known.since);
    Row {
        waits,
        since,
        points: known.map(|known| Points { found: known.found, ..Points::default() }).unwrap_or_default(),
    }
    .put(conn, reply)?;
    queue_points::weigh_anew(conn, &[reply.id], now)
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

impl Order {
    /// What comes past a place, and the order itself, by the place's column and the id.
    fn words(self) -> (&'static str, [&'static str; 2]) {
        match self {
            Self::Priority | Self::Oldest => (">", [", ", " "]),
            Self::Newest => ("<", [" DESC, ", " DESC "]),
        }
    }
}

/// Which waiting replies are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Those of any of these queues.
    pub queues: &'a [WorkQueue],
    pub sites: &'a QueueSites,
    pub order: Order,
    /// Only those that nobody holds at this time.
    pub free_at: Option<Timestamp>,
    /// Past this place.
    pub after: Option<(Timestamp, ReplyId)>,
    pub limit: i64,
}

/// The ids of waiting replies in their order, each with its place: of each queue a range of one index for each site, merged.
pub fn list(conn: &mut Conn<'_>, wanted: &Wanted<'_>) -> QueryResult<Vec<(ReplyId, Timestamp)>> {
    let mut places = Vec::new();
    for queue in wanted.queues {
        places.extend(list_one(conn, *queue, wanted)?);
    }
    if wanted.queues.len() > 1 {
        places.sort_by_key(|(id, at)| (*at, *id));
        if wanted.order == Order::Newest {
            places.reverse();
        }
        // what waits in two queues has one place
        places.dedup();
        places.truncate(usize::try_from(wanted.limit).unwrap_or_default());
    }
    Ok(places)
}

fn list_one(conn: &mut Conn<'_>, queue: WorkQueue, wanted: &Wanted<'_>) -> QueryResult<Vec<(ReplyId, Timestamp)>> {
    let (is_lateral, column) = (conn.is_pg(), wanted.order.column());
    let (than, [then, end]) = wanted.order.words();
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
    query = query.sql(in_queue(queue));
    if let Some(now) = wanted.free_at {
        query = query.sql(" AND ").append(is_free("b.claimed_until", now));
    }
    if let Some((at, id)) = wanted.after {
        query = query.sql(" AND (b.").sql(column).sql(", b.reply_id) ").sql(than).sql(" (").time(at);
        query = query.sql(", ").key(id).sql(")");
    }
    query = query.sql(" ORDER BY b.").sql(column).sql(then).sql("b.reply_id").sql(end).sql("LIMIT ").int(wanted.limit);
    query = query.sql(if is_lateral { ") q " } else { ") " });
    query = query.append(wanted.sites.condition());
    query = query.sql(" ORDER BY q.").sql(column).sql(then).sql("q.reply_id").sql(end).sql("LIMIT ").int(wanted.limit);
    native!(conn, c => query.load(c))
}

/// That nobody holds a reply at this time.
pub(super) fn is_free(claimed_until: &'static str, now: Timestamp) -> Sql<()> {
    Sql::new("(").sql(claimed_until).sql(" IS NULL OR ").sql(claimed_until).sql(" <= ").time(now).sql(")")
}

/// The column that says that a reply waits in a queue.
fn in_queue(queue: WorkQueue) -> &'static str {
    match queue {
        WorkQueue::Pending => "is_pending",
        WorkQueue::Reported => "is_reported",
        WorkQueue::Flagged => "is_flagged",
    }
}

/// Of the first of these replies, as many as are wanted that wait in a queue asked for and that nobody holds; on PostgreSQL
/// locked, without those that somebody is about to take.
pub(super) fn list_free(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    wanted: &Wanted<'_>,
    now: Timestamp,
) -> QueryResult<Vec<(SiteId, ReplyId)>> {
    if ids.is_empty() || wanted.queues.is_empty() {
        return Ok(Vec::new());
    }
    let (_, [then, end]) = wanted.order.words();
    let mut query = Sql::<(Key, Key)>::new("SELECT site_id, reply_id FROM queue_items WHERE reply_id IN (")
        .keys(ids.iter().copied())
        .sql(") AND ")
        .append(is_free("claimed_until", now));
    for (index, queue) in wanted.queues.iter().enumerate() {
        // not by the index of the queue, in which the ids would be looked for from end to end
        query = query.sql(if index == 0 { " AND (" } else { " OR " });
        query = query.sql("coalesce(").sql(in_queue(*queue)).sql(", false)");
    }
    let column = wanted.order.column();
    query = query.sql(") ORDER BY ").sql(column).sql(then).sql("reply_id").sql(end).sql("LIMIT ").int(wanted.limit);
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
