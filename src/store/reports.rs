//! Reports: all that readers said is kept. One of a reader and reply is open at most.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    replies::Reply,
    schema::reports,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    case::{Dismissal, Record, ReportFate, Weight},
    ids::*,
    moderation::Reason,
    timestamp::Timestamp,
};

/// A reader's complaint about a reply.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = reports)]
pub struct Report {
    pub id: ReportId,
    pub reply_id: ReplyId,
    pub reporter_id: AccountId,
    pub reason: Reason,
    pub note: Option<String>,
    /// Of the text that was reported.
    pub revision: i32,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// What the reporter's word counted, in hundredths.
    pub weight: Weight,
    /// What came of it; nothing while it is open, and of what was closed before that was kept.
    pub outcome: Option<ReportFate>,
}

/// Whether a reader's report says nothing that is not known: one by the same reader about the same text for the same reason is
/// open, or was closed after this time.
pub fn is_known(conn: &mut Conn<'_>, report: &Report, since: Timestamp) -> QueryResult<bool> {
    let of_reader = reports::table
        .filter(reports::reporter_id.eq(report.reporter_id))
        .filter(reports::reply_id.eq(report.reply_id))
        .order((reports::created_at.desc(), reports::id.desc()))
        .limit(OF_ONE_LOOKED_AT);
    let known: Vec<Report> = native!(conn, c => of_reader.select(Report::as_select()).load(c))?;
    let says_it = |known: &Report| (known.revision, known.reason) == (report.revision, report.reason);
    let is_standing = |known: &Report| known.closed_at.is_none_or(|at| at > since);
    Ok(known.iter().any(|known| says_it(known) && is_standing(known)))
}

/// Reports of one reader and reply that are looked at: more than there are reasons.
const OF_ONE_LOOKED_AT: i64 = 20;

/// Stores a report and nothing else; see `transitions::report`.
pub(super) fn insert(conn: &mut Conn<'_>, report: &Report) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(reports::table).values(report).execute(c))?;
    Ok(())
}

/// Closes what a reader reported before and is open, now that something else is reported; how many.
pub(super) fn supersede(conn: &mut Conn<'_>, report: &Report, now: Timestamp) -> QueryResult<i32> {
    let former = reports::table
        .filter(reports::reply_id.eq(report.reply_id))
        .filter(reports::reporter_id.eq(report.reporter_id))
        .filter(reports::closed_at.is_null());
    let changes = (reports::closed_at.eq(now), reports::outcome.eq(ReportFate::Moot));
    let closed = native!(conn, c => diesel::update(former).set(changes).execute(c))?;
    Ok(i32::try_from(closed).unwrap_or(i32::MAX))
}

/// What the open reports of a reply weigh together, in hundredths.
pub(super) fn sum_open(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new(
        "SELECT CAST(coalesce(sum(weight), 0) AS BIGINT) FROM reports WHERE closed_at IS NULL AND reply_id = ",
    )
    .key(reply);
    native!(conn, c => query.get_result(c))
}

/// What the open reports of a reply are for, each reason once.
pub(super) fn list_reasons_open(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Vec<Reason>> {
    let query =
        Sql::<sql_types::Text>::new("SELECT DISTINCT reason FROM reports WHERE closed_at IS NULL AND reply_id = ")
            .key(reply);
    native!(conn, c => query.load(c))
}

/// What the closed reports of a text of a reply are for, each reason once.
pub(super) fn list_reasons_of(conn: &mut Conn<'_>, reply: ReplyId, revision: i32) -> QueryResult<Vec<Reason>> {
    let query =
        Sql::<sql_types::Text>::new("SELECT DISTINCT reason FROM reports WHERE closed_at IS NOT NULL AND reply_id = ")
            .key(reply)
            .sql(" AND revision = ")
            .int(revision);
    native!(conn, c => query.load(c))
}

/// What reports of a reply weigh together that were held back from then on, in hundredths.
pub(super) fn sum_held_back(conn: &mut Conn<'_>, reply: ReplyId, since: Timestamp) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new(
        "SELECT CAST(coalesce(sum(weight), 0) AS BIGINT) FROM reports WHERE outcome = 'held_back' AND reply_id = ",
    )
    .key(reply)
    .sql(" AND closed_at >= ")
    .time(since);
    native!(conn, c => query.get_result(c))
}

/// When reports of a reply were closed, what came of them, and how many they are.
pub(super) type Closed = (Timestamp, ReportFate, i64);

/// The closed reports of a reply.
pub(super) fn list_closed(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Vec<Closed>> {
    let query = Sql::<(Instant, sql_types::Text, sql_types::BigInt)>::new(
        "SELECT closed_at, outcome, count(*) FROM reports WHERE closed_at IS NOT NULL AND outcome IS NOT NULL \
         AND reply_id = ",
    )
    .key(reply)
    .sql(" GROUP BY closed_at, outcome");
    native!(conn, c => query.load(c))
}

/// Closes the open reports of a reply, and counts what came of them for each reporter; how many.
pub(super) fn close_all(conn: &mut Conn<'_>, reply: &Reply, fate: ReportFate, now: Timestamp) -> QueryResult<i64> {
    count(conn, reply, Counted::Closing(fate))?;
    let open = reports::table.filter(reports::reply_id.eq(reply.id)).filter(reports::closed_at.is_null());
    let changes = (reports::closed_at.eq(now), reports::outcome.eq(fate));
    let closed = native!(conn, c => diesel::update(open).set(changes).execute(c))?;
    Ok(i64::try_from(closed).unwrap_or(i64::MAX))
}

/// That no other report by the same reader of the reply is open, of those that an update of `reports` is about.
const NONE_OPEN: &str = " AND NOT EXISTS (SELECT 1 FROM reports o WHERE o.reply_id = reports.reply_id \
     AND o.reporter_id = reports.reporter_id AND o.closed_at IS NULL)";

/// Which closed reports of a reply are opened again, of each reader the last, unless another of his is open.
#[derive(Clone, Copy)]
pub(super) enum Reopened<'a> {
    /// Those that a decision closed then.
    ClosedAt(Timestamp),
    /// Those that a dismissal closed, and the others about its text that stand dismissed: those that it turned keep the time
    /// of the decision before.
    Dismissed(&'a Dismissal),
}

impl Reopened<'_> {
    /// Adds the condition to a statement about `reports` that has one already.
    fn condition<ST>(self, query: Sql<ST>) -> Sql<ST> {
        match self {
            Self::ClosedAt(at) => {
                query.sql(" AND coalesce(outcome, '') NOT IN ('held_back', 'moot') AND closed_at = ").time(at)
            }
            Self::Dismissed(Dismissal { at, revision, .. }) => query
                .sql(" AND outcome = 'dismissed' AND (closed_at = ")
                .time(*at)
                .sql(" OR revision = ")
                .int(*revision)
                .sql(
                    ") AND NOT EXISTS (SELECT 1 FROM reports l WHERE l.reply_id = reports.reply_id \
                     AND l.reporter_id = reports.reporter_id AND l.outcome = 'dismissed' \
                     AND (l.created_at, l.id) > (reports.created_at, reports.id) AND (l.closed_at = ",
                )
                .time(*at)
                .sql(" OR l.revision = ")
                .int(*revision)
                .sql("))"),
        }
        .sql(NONE_OPEN)
    }
}

/// Opens closed reports of a reply again; how many.
pub(super) fn reopen(conn: &mut Conn<'_>, reply: &Reply, which: Reopened<'_>) -> QueryResult<i32> {
    count(conn, reply, Counted::Opening(which))?;
    let query = Sql::<()>::new("UPDATE reports SET closed_at = NULL, outcome = NULL WHERE reply_id = ").key(reply.id);
    let query = which.condition(query);
    let opened = native!(conn, c => query.execute(c))?;
    Ok(i32::try_from(opened).unwrap_or(i32::MAX))
}

/// Opens the reports of a reply that were held back from then on, the last of each reader; how many. The others stay as they
/// are.
pub(super) fn open_held_back(conn: &mut Conn<'_>, reply: ReplyId, since: Timestamp) -> QueryResult<i32> {
    let query = Sql::<()>::new(
        "UPDATE reports SET closed_at = NULL, outcome = NULL WHERE outcome = 'held_back' AND reply_id = ",
    )
    .key(reply)
    .sql(" AND closed_at >= ")
    .time(since)
    .sql(NONE_OPEN)
    .sql(
        " AND NOT EXISTS (SELECT 1 FROM reports l WHERE l.reply_id = reports.reply_id \
             AND l.reporter_id = reports.reporter_id AND l.outcome = 'held_back' \
             AND (l.created_at, l.id) > (reports.created_at, reports.id))",
    );
    let opened = native!(conn, c => query.execute(c))?;
    Ok(i32::try_from(opened).unwrap_or(i32::MAX))
}

/// Lets the closed reports of a reply's present text have this fate, as a moderator decided otherwise than before; how many.
pub(super) fn turn(conn: &mut Conn<'_>, reply: &Reply, to: ReportFate) -> QueryResult<i64> {
    count(conn, reply, Counted::Turning { to, revision: reply.revision })?;
    let from = match to {
        ReportFate::Upheld => "('dismissed', 'held_back')",
        _ => "('upheld')",
    };
    let update = Sql::<()>::new("UPDATE reports SET outcome = ")
        .str(to.as_str())
        .sql(" WHERE reply_id = ")
        .key(reply.id)
        .sql(" AND revision = ")
        .int(reply.revision)
        .sql(" AND outcome IN ")
        .sql(from);
    let turned = native!(conn, c => update.execute(c))?;
    Ok(i64::try_from(turned).unwrap_or(i64::MAX))
}

/// What changes the records of reporters.
enum Counted<'a> {
    /// The open reports are closed so.
    Closing(ReportFate),
    /// Closed ones are opened again.
    Opening(Reopened<'a>),
    /// Those about a text that were closed otherwise are closed so.
    Turning { to: ReportFate, revision: i32 },
}

/// Counts what came of reports of a reply for those who reported, in one order, so that two who close reports of the same
/// people do not wait for each other in a circle.
fn count(conn: &mut Conn<'_>, reply: &Reply, counted: Counted<'_>) -> QueryResult<()> {
    let mut insert =
        Sql::<()>::new("INSERT INTO reporter_counters (account_id, site_id, upheld, dismissed) SELECT reporter_id, ")
            .key(reply.site_id);
    insert = match counted {
        Counted::Closing(ReportFate::Upheld) => insert.sql(", count(*), 0 FROM reports WHERE closed_at IS NULL"),
        Counted::Closing(ReportFate::Dismissed) => insert.sql(", 0, count(*) FROM reports WHERE closed_at IS NULL"),
        // of which nobody was right or wrong
        Counted::Closing(ReportFate::Moot | ReportFate::HeldBack) => return Ok(()),
        Counted::Opening(which) => which.condition(insert.sql(
            ", 0 - count(CASE WHEN outcome = 'upheld' THEN 1 END), 0 - count(CASE WHEN outcome = 'dismissed' THEN 1 END) \
             FROM reports WHERE outcome IN ('upheld', 'dismissed')",
        )),
        Counted::Turning { to, revision } => insert
            .sql(match to {
                ReportFate::Upheld => ", count(*), 0 - count(CASE WHEN outcome = 'dismissed' THEN 1 END) FROM reports \
                     WHERE outcome IN ('dismissed', 'held_back') AND revision = ",
                _ => ", 0 - count(*), count(*) FROM reports WHERE outcome = 'upheld' AND revision = ",
            })
            .int(revision),
    };
    let insert = insert.sql(" AND reply_id = ").key(reply.id).sql(
        " GROUP BY reporter_id ORDER BY reporter_id ON CONFLICT (account_id, site_id) DO UPDATE \
         SET upheld = reporter_counters.upheld + excluded.upheld, \
         dismissed = reporter_counters.dismissed + excluded.dismissed",
    );
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Forgets what came of reports of a reply that were opened again by a program that knew nothing of it, and counts anew what
/// came of all that those who reported the reply ever reported on its site.
pub(super) fn mend(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<()> {
    let forget = Sql::<()>::new(
        "UPDATE reports SET outcome = NULL WHERE closed_at IS NULL AND outcome IS NOT NULL AND reply_id = ",
    )
    .key(reply.id);
    native!(conn, c => forget.execute(c))?;
    let count = Sql::<()>::new(
        "INSERT INTO reporter_counters (account_id, site_id, upheld, dismissed) SELECT p.reporter_id, r.site_id, \
         count(CASE WHEN p.outcome = 'upheld' THEN 1 END), count(CASE WHEN p.outcome = 'dismissed' THEN 1 END) \
         FROM reports p JOIN replies r ON r.id = p.reply_id WHERE r.site_id = ",
    )
    .key(reply.site_id)
    .sql(" AND p.reporter_id IN (SELECT o.reporter_id FROM reports o WHERE o.reply_id = ")
    .key(reply.id)
    .sql(
        ") GROUP BY p.reporter_id, r.site_id ORDER BY p.reporter_id ON CONFLICT (account_id, site_id) DO UPDATE \
         SET upheld = excluded.upheld, dismissed = excluded.dismissed",
    );
    native!(conn, c => count.execute(c))?;
    Ok(())
}

/// What came of somebody's reports on a site.
pub fn find_record(conn: &mut Conn<'_>, account: AccountId, site: SiteId) -> QueryResult<Record> {
    let query = Sql::<(sql_types::BigInt, sql_types::BigInt)>::new(
        "SELECT upheld, dismissed FROM reporter_counters WHERE account_id = ",
    )
    .key(account)
    .sql(" AND site_id = ")
    .key(site);
    let found: Option<(i64, i64)> = native!(conn, c => query.get_result(c).optional())?;
    Ok(found.map(|(upheld, dismissed)| Record { upheld, dismissed }).unwrap_or_default())
}

/// The latest `each` reports of each of these replies with the reporters' usernames, the newest first.
pub fn list_latest_of_replies(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    each: i64,
) -> QueryResult<Vec<(Report, Option<String>)>> {
    type Row = (ReportColumns, sql_types::Nullable<sql_types::Text>);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let columns = "SELECT p.id, p.reply_id, p.reporter_id, p.reason, p.note, p.revision, p.created_at, p.closed_at, \
         p.weight, p.outcome, a.username FROM replies t ";
    let query = Sql::<Row>::new(columns);
    let query = join_latest(conn, query, each)
        .sql("JOIN accounts a ON a.id = p.reporter_id WHERE t.id IN (")
        .keys(ids.iter().copied())
        .sql(") ORDER BY p.created_at DESC, p.id DESC");
    native!(conn, c => query.load(c))
}

/// What the open ones among the `each` last reports of replies are for, and what each weighs.
pub fn list_open_reasons(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    each: i64,
) -> QueryResult<Vec<(ReplyId, Reason, Weight)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Sql::<(Key, sql_types::Text, sql_types::Integer)>::new("SELECT p.reply_id, p.reason, p.weight FROM replies t ");
    let query = join_latest(conn, query, each)
        .sql("WHERE p.closed_at IS NULL AND t.id IN (")
        .keys(ids.iter().copied())
        .sql(")");
    native!(conn, c => query.load(c))
}

/// Joins the few latest reports `p` of each reply `t`: by a lateral join there, a correlated list here, for which PostgreSQL
/// takes seconds.
fn join_latest<ST>(conn: &Conn<'_>, query: Sql<ST>, each: i64) -> Sql<ST> {
    let (begin, end) = match conn.is_pg() {
        true => ("CROSS JOIN LATERAL (SELECT * ", ") p "),
        false => ("JOIN reports p ON p.id IN (SELECT b.id ", ") "),
    };
    let latest = "FROM reports b WHERE b.reply_id = t.id ORDER BY b.created_at DESC, b.id DESC LIMIT ";
    query.sql(begin).sql(latest).int(each).sql(end)
}

/// A report with what is known of who reported.
#[derive(Clone, Debug, Queryable)]
pub struct CaseReport {
    pub report: Report,
    pub username: Option<String>,
    pub upheld: i64,
    pub dismissed: i64,
}

type ReportColumns = (
    Key,
    Key,
    Key,
    sql_types::Text,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Integer,
    Instant,
    sql_types::Nullable<Instant>,
    sql_types::Integer,
    sql_types::Nullable<sql_types::Text>,
);

/// Up to `limit` reports of a reply, the newest first, before this one.
pub fn list_of_case(
    conn: &mut Conn<'_>,
    reply: ReplyId,
    before: Option<(Timestamp, ReportId)>,
    limit: i64,
) -> QueryResult<Vec<CaseReport>> {
    type Row = (ReportColumns, sql_types::Nullable<sql_types::Text>, sql_types::BigInt, sql_types::BigInt);
    let mut query = Sql::<Row>::new(
        "SELECT p.id, p.reply_id, p.reporter_id, p.reason, p.note, p.revision, p.created_at, p.closed_at, p.weight, \
         p.outcome, a.username, coalesce(h.upheld, 0), coalesce(h.dismissed, 0) FROM reports p \
         JOIN replies r ON r.id = p.reply_id JOIN accounts a ON a.id = p.reporter_id \
         LEFT JOIN reporter_counters h ON h.account_id = p.reporter_id AND h.site_id = r.site_id WHERE p.reply_id = ",
    )
    .key(reply);
    if let Some((at, id)) = before {
        query = query.sql(" AND (p.created_at, p.id) < (").time(at).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY p.created_at DESC, p.id DESC LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// Up to `limit` reports by somebody, the newest first, before this one.
pub fn list_by(
    conn: &mut Conn<'_>,
    reporter: AccountId,
    before: Option<(Timestamp, ReportId)>,
    limit: i64,
) -> QueryResult<Vec<Report>> {
    let mut query = Sql::<ReportColumns>::new(
        "SELECT id, reply_id, reporter_id, reason, note, revision, created_at, closed_at, weight, outcome FROM reports \
         WHERE reporter_id = ",
    )
    .key(reporter);
    if let Some((at, id)) = before {
        query = query.sql(" AND (created_at, id) < (").time(at).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY created_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}
