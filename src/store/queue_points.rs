//! How urgent waiting replies are, as things stand.
//!
//! What changes beside the replies (who wrote what lately, how much is read) is looked at anew every few minutes by a job;
//! so points may be that old.

use std::collections::HashMap;

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    conn::native,
    queue_items::StoredPoints,
    reports,
    sql::{Sql, Value},
    types::{Instant, Key},
    verdicts,
};
use crate::domain::{
    ids::*,
    moderation::{DISTRUST, Reason},
    priority::{self, Points, RECENT, RECENT_COUNTED, REPORTS_COUNTED, Reach},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// Refusals of an author that are counted at most.
const REFUSALS_COUNTED: i64 = 1;

/// A row that is weighed anew.
#[derive(Debug, Queryable)]
struct Ranked {
    id: ReplyId,
    since: Timestamp,
    #[diesel(deserialize_as = StoredPoints)]
    points: Points,
}

/// The points of replies as things stand, but for what rules found.
pub(super) fn weigh(conn: &mut Conn<'_>, ids: &[ReplyId], now: Timestamp) -> QueryResult<HashMap<ReplyId, Points>> {
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
    let stale = stale(conn, rows, now)?;
    set_points(conn, &stale)
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

fn set_points(conn: &mut Conn<'_>, rows: &[(Ranked, Points)]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut update = Sql::<()>::new("WITH v (id, found, reports, reach, author, due) AS (VALUES ").not_kept();
    for (index, (row, points)) in rows.iter().enumerate() {
        update = update.sql(if index == 0 { "(" } else { ", (" }).values([
            Value::key(row.id),
            points.found.into(),
            points.reports.into(),
            points.reach.into(),
            points.author.into(),
            points.due_at(row.since).into(),
        ]);
        update = update.sql(")");
    }
    let update = update.sql(
        ") UPDATE queue_items SET found_points = v.found, report_points = v.reports, reach_points = v.reach, \
         author_points = v.author, due_at = v.due FROM v WHERE reply_id = v.id",
    );
    native!(conn, c => update.execute(c))?;
    Ok(())
}
