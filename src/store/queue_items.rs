//! What waits for a moderator, one row a reply, with how urgent it is.
//!
//! `transitions` keeps the rows with the replies that they are about; how urgent these are, `queue_points` knows. Programs
//! of before the rows existed may run beside this one, so a job looks for rows that are missing or left over.

use std::collections::BTreeSet;

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    changes::Change,
    conn::native,
    queue_points,
    replies::Reply,
    sql::{Sql, Value},
    types::{Instant, Key},
    verdicts::{self, Judged},
};
use crate::domain::{
    ids::*,
    language,
    moderation::Action,
    priority::{self, Points},
    queue_event::{QueueEvent, WorkQueue},
    reply_state::ReplyState,
    rules::{Outcome, Verdict},
    timestamp::Timestamp,
};

/// In which queues a reply waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Queryable)]
pub struct Waits {
    pub is_pending: bool,
    pub is_reported: bool,
    pub is_flagged: bool,
    pub is_appealed: bool,
}

impl Waits {
    fn of(reply: &Reply) -> Self {
        Self {
            is_pending: reply.state == ReplyState::Pending,
            is_reported: reply.is_reported(),
            is_flagged: reply.flagged_at.is_some(),
            is_appealed: reply.appealed_at.is_some(),
        }
    }

    fn is_anywhere(self) -> bool {
        self.is_pending || self.is_reported || self.is_flagged || self.is_appealed
    }

    fn is_in(self, queue: WorkQueue) -> bool {
        match queue {
            WorkQueue::Pending => self.is_pending,
            WorkQueue::Reported => self.is_reported,
            WorkQueue::Flagged => self.is_flagged,
            WorkQueue::Appeals => self.is_appealed,
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
    /// Since when it waited before, of what is put back.
    pub since: Option<Timestamp>,
}

impl Cause<'_> {
    /// That a moderator decided.
    pub(super) fn decision(&self) -> Option<Action> {
        self.action.filter(|action| {
            matches!(
                action,
                Action::Approve
                    | Action::Reject
                    | Action::Spam
                    | Action::Restore
                    | Action::Return
                    | Action::UpholdAppeal
                    | Action::OverturnAppeal
            )
        })
    }
}

/// What is kept of a row while the text stays the same.
#[derive(Clone, Debug, Queryable)]
struct Kept {
    since: Timestamp,
    #[diesel(deserialize_as = FoundColumns)]
    found: Found,
    language: Option<String>,
}

/// What rules found in a text, as it counts for urgency and as filters look at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub points: i32,
    /// Names with a blank around each.
    pub rules: String,
}

pub(super) type FoundColumns = (i32, String);

impl From<FoundColumns> for Found {
    fn from((points, rules): FoundColumns) -> Self {
        Self { points, rules }
    }
}

impl Default for Found {
    fn default() -> Self {
        Self { points: 0, rules: names([]) }
    }
}

impl Found {
    pub(super) fn of(verdict: &Verdict) -> Self {
        let rules = verdict.findings.iter().filter(|finding| finding.outcome != Outcome::Pass);
        Self { points: priority::of_findings(verdict), rules: names(rules.map(|finding| finding.rule.as_str())) }
    }
}

/// Names as a column holds them: with a blank around each, in order.
pub(super) fn names(of: impl IntoIterator<Item = &'static str>) -> String {
    let of: BTreeSet<&str> = of.into_iter().collect();
    of.into_iter().fold(" ".to_owned(), |names, name| names + name + " ")
}

/// The columns of [`Points`] in the table's order.
pub(super) type StoredPoints = (i32, i32, i32, i32);

impl From<StoredPoints> for Points {
    fn from((found, reports, reach, author): StoredPoints) -> Self {
        Self { found, reports, reach, author }
    }
}

/// Keeps the row of a reply that was written: it comes, changes or goes. A decision gives it back, also where it waits on in
/// another queue.
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
        (true, true) if decision.is_some() => give_back(conn, after.id)?,
        (_, true) => {}
    }
    let known = if was.is_anywhere() { find_kept(conn, after.id)? } else { None };
    let (since, kept) = match known {
        Some(Kept { since, found, language }) => {
            (cause.since.map_or(since, |then| since.min(then)), Some((found, language)))
        }
        None => (cause.since.unwrap_or(now), None),
    };
    let (found, language) = match (cause.judged, kept) {
        (Some(judged), _) => (Found::of(&judged.verdict), None),
        (None, Some((found, language))) => (found, language),
        (None, None) => (found_last(conn, after.id)?, None),
    };
    put(conn, after, Row { waits, since, found, language }, now)
}

/// What rules found in a reply's text.
fn found_last(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Found> {
    Ok(verdicts::find_last(conn, id)?.map(|said| Found::of(&said.verdict())).unwrap_or_default())
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
        .sql(" UNION ALL SELECT r.id FROM sites t JOIN replies r ON r.site_id = t.id WHERE (r.appealed_at IS NOT NULL")
        .sql(missing)
        .sql(
            " UNION ALL SELECT q.reply_id FROM queue_items q JOIN replies r ON r.id = q.reply_id \
             WHERE q.story_id IS NULL OR q.author_id IS NULL OR q.language IS NULL \
             OR q.is_pending <> (r.state = 'pending') \
             OR q.is_reported <> (r.state = 'approved' AND r.open_reports > 0) \
             OR q.is_flagged <> (r.flagged_at IS NOT NULL) \
             OR q.is_appealed <> (r.appealed_at IS NOT NULL)) AS astray LIMIT ",
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
    let known = find_kept(conn, reply.id)?;
    let began = if waits.is_pending { Some(reply.state_changed_at) } else { reply.appealed_at };
    let since = known.map_or(began.unwrap_or(now), |known| known.since);
    let found = found_last(conn, reply.id)?;
    put(conn, reply, Row { waits, since, found, language: None }, now)
}

/// A row, but for what is looked up anew.
struct Row {
    waits: Waits,
    since: Timestamp,
    found: Found,
    /// Nothing where the text is to be looked at.
    language: Option<String>,
}

fn put(conn: &mut Conn<'_>, reply: &Reply, row: Row, now: Timestamp) -> QueryResult<()> {
    let Row { waits, since, found, language } = row;
    let weighed = queue_points::weigh(conn, &[reply.id], now)?.into_values().next().unwrap_or_default();
    let points = Points { found: found.points, ..weighed.points };
    let language = language.unwrap_or_else(|| language::detect(&reply.body.source).to_owned());
    let insert = Sql::<()>::new(
        "INSERT INTO queue_items (reply_id, site_id, story_id, author_id, is_pending, is_reported, is_flagged, is_appealed, since, \
         found_points, report_points, reach_points, author_points, due_at, rules, reasons, language) VALUES (",
    )
    .values([
        Value::key(reply.id),
        Value::key(reply.site_id),
        Value::key(reply.story_id),
        Value::key(reply.author_id),
        waits.is_pending.into(),
        waits.is_reported.into(),
        waits.is_flagged.into(),
        waits.is_appealed.into(),
        since.into(),
        points.found.into(),
        points.reports.into(),
        points.reach.into(),
        points.author.into(),
        points.due_at(since).into(),
        found.rules.as_str().into(),
        weighed.reasons.as_str().into(),
        language.as_str().into(),
    ])
    .sql(
        ") ON CONFLICT (reply_id) DO UPDATE SET story_id = excluded.story_id, author_id = excluded.author_id, \
         is_pending = excluded.is_pending, is_reported = excluded.is_reported, is_flagged = excluded.is_flagged, \
         is_appealed = excluded.is_appealed, \
         since = excluded.since, found_points = excluded.found_points, report_points = excluded.report_points, \
         reach_points = excluded.reach_points, author_points = excluded.author_points, due_at = excluded.due_at, \
         rules = excluded.rules, reasons = excluded.reasons, language = excluded.language",
    );
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

fn give_back(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<()> {
    let release =
        Sql::<()>::new("UPDATE queue_items SET claimed_by = NULL, claimed_until = NULL WHERE reply_id = ").key(id);
    native!(conn, c => release.execute(c))?;
    Ok(())
}

fn delete(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM queue_items WHERE reply_id = ").key(id);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

fn find_kept(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<Kept>> {
    let query = Sql::<(Instant, (Integer, Text), Nullable<Text>)>::new(
        "SELECT since, found_points, rules, language FROM queue_items WHERE reply_id = ",
    )
    .key(id);
    Ok(native!(conn, c => query.load(c))?.pop())
}

/// That nobody holds a reply at this time.
pub(super) fn is_free(claimed_until: &'static str, now: Timestamp) -> Sql<()> {
    Sql::new("(").sql(claimed_until).sql(" IS NULL OR ").sql(claimed_until).sql(" <= ").time(now).sql(")")
}

/// The column that says that a reply waits in a queue.
pub(super) fn in_queue(queue: WorkQueue) -> &'static str {
    match queue {
        WorkQueue::Pending => "is_pending",
        WorkQueue::Reported => "is_reported",
        WorkQueue::Flagged => "is_flagged",
        WorkQueue::Appeals => "is_appealed",
    }
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
        (Bool, Bool, Bool, Bool),
        Instant,
        (Integer, Integer, Integer, Integer),
        Nullable<(Key, Nullable<Text>, Nullable<Text>, Instant)>,
    );
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Columns>::new(
        "SELECT q.reply_id, q.is_pending, q.is_reported, q.is_flagged, q.is_appealed, q.since, q.found_points, q.report_points, \
         q.reach_points, q.author_points, a.id, a.username, a.display_name, q.claimed_until FROM queue_items q \
         LEFT JOIN accounts a ON a.id = q.claimed_by AND q.claimed_until > ",
    )
    .time(now)
    .sql(" WHERE q.reply_id IN (")
    .keys(ids.iter().copied())
    .sql(")");
    native!(conn, c => query.load(c))
}

/// Since when a reply waits.
pub fn find_since(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<Timestamp>> {
    Ok(find_kept(conn, id)?.map(|kept| kept.since))
}
