//! Reports: one a reader and reply, opened again for another text.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    schema::reports,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{ids::*, moderation::Reason, timestamp::Timestamp};

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
}

/// What became of a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReportOutcome {
    Stored,
    /// This reader reported this text before.
    Known,
}

/// Stores a report under its reply's lock. One that was closed is taken again if the text has changed since.
pub fn put(conn: &mut Conn<'_>, report: &Report) -> QueryResult<ReportOutcome> {
    let of_reader = reports::table
        .filter(reports::reply_id.eq(report.reply_id))
        .filter(reports::reporter_id.eq(report.reporter_id));
    let known = native!(conn, c => of_reader.select(Report::as_select()).first(c).optional())?;
    match known {
        None => native!(conn, c => diesel::insert_into(reports::table).values(report).execute(c))?,
        Some(known) if known.closed_at.is_some() && known.revision < report.revision => {
            let changes = (
                reports::reason.eq(report.reason),
                reports::note.eq(&report.note),
                reports::revision.eq(report.revision),
                reports::created_at.eq(report.created_at),
                reports::closed_at.eq(None::<Timestamp>),
            );
            native!(conn, c => diesel::update(reports::table.find(known.id)).set(changes).execute(c))?
        }
        Some(_) => return Ok(ReportOutcome::Known),
    };
    Ok(ReportOutcome::Stored)
}

/// Closes the open reports of a reply.
pub(super) fn close_all(conn: &mut Conn<'_>, reply: ReplyId, now: Timestamp) -> QueryResult<()> {
    let open = reports::table.filter(reports::reply_id.eq(reply)).filter(reports::closed_at.is_null());
    native!(conn, c => diesel::update(open).set(reports::closed_at.eq(now)).execute(c))?;
    Ok(())
}

/// Opens the reports of a reply again that were closed then; how many.
pub(super) fn reopen(conn: &mut Conn<'_>, reply: ReplyId, closed_at: Timestamp) -> QueryResult<i32> {
    let closed = reports::table.filter(reports::reply_id.eq(reply)).filter(reports::closed_at.eq(closed_at));
    let opened = native!(conn, c => diesel::update(closed).set(reports::closed_at.eq(None::<Timestamp>)).execute(c))?;
    Ok(i32::try_from(opened).unwrap_or(i32::MAX))
}

/// The latest `each` reports of each of these replies with the reporters' usernames, the newest first.
pub fn list_latest_of_replies(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    each: i64,
) -> QueryResult<Vec<(Report, Option<String>)>> {
    type Row = (
        (
            Key,
            Key,
            Key,
            sql_types::Text,
            sql_types::Nullable<sql_types::Text>,
            sql_types::Integer,
            Instant,
            sql_types::Nullable<Instant>,
        ),
        sql_types::Nullable<sql_types::Text>,
    );
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let columns = "SELECT p.id, p.reply_id, p.reporter_id, p.reason, p.note, p.revision, p.created_at, p.closed_at, \
         a.username FROM replies t ";
    let query = Sql::<Row>::new(columns);
    let query = join_latest(conn, query, each)
        .sql("JOIN accounts a ON a.id = p.reporter_id WHERE t.id IN (")
        .keys(ids.iter().copied())
        .sql(") ORDER BY p.created_at DESC, p.id DESC");
    native!(conn, c => query.load(c))
}

/// What the open ones among the `each` last reports of replies are for.
pub fn list_open_reasons(conn: &mut Conn<'_>, ids: &[ReplyId], each: i64) -> QueryResult<Vec<(ReplyId, Reason)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<(Key, sql_types::Text)>::new("SELECT p.reply_id, p.reason FROM replies t ");
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
