//! How urgent waiting replies are, as things stand.
//!
//! What changes beside the replies (who wrote what lately, how much is read) is looked at anew every few minutes by a job;
//! so points may be that old.

use std::collections::HashMap;

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    conn::native,
    queue_items::{Found, StoredPoints, names},
    reports,
    sql::{Sql, Value},
    types::{Instant, Key},
    verdicts,
};
use crate::domain::{
    case::Weight,
    ids::*,
    moderation::{DISTRUST, Reason},
    priority::{self, Points, RECENT, RECENT_COUNTED, REPORTS_COUNTED, Reach},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// Refusals of an author that are counted at most.
const REFUSALS_COUNTED: i64 = 1;

/// What speaks for a reply beside its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Weighed {
    /// Those for what rules found are none.
    pub points: Points,
    /// What open reports are for, as a column holds names.
    pub reasons: String,
}

impl Default for Weighed {
    fn default() -> Self {
        Self { points: Points::default(), reasons: names([]) }
    }
}

/// A row that is weighed anew.
#[derive(Debug, Queryable)]
struct Ranked {
    id: ReplyId,
    since: Timestamp,
    #[diesel(deserialize_as = StoredPoints)]
    points: Points,
    rules: String,
    reasons: String,
}

/// The points of replies as things stand, but for what rules found.
pub(super) fn weigh(conn: &mut Conn<'_>, ids: &[ReplyId], now: Timestamp) -> QueryResult<HashMap<ReplyId, Weighed>> {
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
    let mut reasons: HashMap<ReplyId, Vec<(Reason, Weight)>> = HashMap::new();
    for (id, reason, weight) in reports::list_open_reasons(conn, &reported, REPORTS_COUNTED)? {
        reasons.entry(id).or_default().push((reason, weight));
    }
    let points = |(id, state, recommendations, below, _, approved, recent, refused): Inputs| {
        let reasons = reasons.remove(&id).unwrap_or_default();
        let points = Points {
            found: 0,
            reports: priority::of_reports(reasons.iter().copied()),
            reach: priority::of_reach(Reach { recent, recommendations, below }),
            author: priority::of_author(state.is_public(), approved, refused),
        };
        (id, Weighed { points, reasons: names(reasons.iter().map(|(reason, _)| reason.as_str())) })
    };
    Ok(inputs.into_iter().map(points).collect())
}

const SELECT_RANKED: &str = "SELECT reply_id, since, found_points, report_points, reach_points, author_points, \
    rules, reasons FROM queue_items WHERE reply_id ";

type RankedColumns = (Key, Instant, (Integer, Integer, Integer, Integer), Text, Text);

/// Those for which other things speak by now, among up to `limit` in the order of their ids after this one; and the last that
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
    Ok((stale.into_iter().map(|row| row.id).collect(), last))
}

/// Gives these replies the points that they have by now, as far as they wait.
pub fn weigh_anew(conn: &mut Conn<'_>, ids: &[ReplyId], now: Timestamp) -> QueryResult<()> {
    let query =
        Sql::<RankedColumns>::new(SELECT_RANKED).sql("IN (").keys(ids.iter().copied()).sql(") ORDER BY reply_id");
    // who changes a reply at this moment weighs it himself: before that he is not seen, after that he is waited for
    let query = if conn.is_pg() { query.sql(" FOR UPDATE") } else { query };
    let rows: Vec<Ranked> = native!(conn, c => query.load(c))?;
    let stale = stale(conn, rows, now)?;
    set(conn, &stale)
}

/// The rows for which other things speak by now, with these.
fn stale(conn: &mut Conn<'_>, rows: Vec<Ranked>, now: Timestamp) -> QueryResult<Vec<Ranked>> {
    let ids: Vec<ReplyId> = rows.iter().map(|row| row.id).collect();
    let said = verdicts::list_last_of_replies(conn, &ids)?;
    let mut found: HashMap<ReplyId, Found> =
        said.iter().map(|said| (said.reply_id, Found::of(&said.verdict()))).collect();
    let mut weighed = weigh(conn, &ids, now)?;
    let anew = |row: Ranked| {
        let Found { points: found, rules } = found.remove(&row.id).unwrap_or_default();
        let Weighed { points, reasons } = weighed.remove(&row.id).unwrap_or_default();
        let points = Points { found, ..points };
        let is_stale = (points, &rules, &reasons) != (row.points, &row.rules, &row.reasons);
        is_stale.then_some(Ranked { points, rules, reasons, ..row })
    };
    Ok(rows.into_iter().filter_map(anew).collect())
}

fn set(conn: &mut Conn<'_>, rows: &[Ranked]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut update =
        Sql::<()>::new("WITH v (id, found, reports, reach, author, due, rules, reasons) AS (VALUES ").not_kept();
    for (index, row) in rows.iter().enumerate() {
        let points = row.points;
        update = update.sql(if index == 0 { "(" } else { ", (" }).values([
            Value::key(row.id),
            points.found.into(),
            points.reports.into(),
            points.reach.into(),
            points.author.into(),
            points.due_at(row.since).into(),
            row.rules.as_str().into(),
            row.reasons.as_str().into(),
        ]);
        update = update.sql(")");
    }
    let update = update.sql(
        ") UPDATE queue_items SET found_points = v.found, report_points = v.reports, reach_points = v.reach, \
         author_points = v.author, due_at = v.due, rules = v.rules, reasons = v.reasons FROM v WHERE reply_id = v.id",
    );
    native!(conn, c => update.execute(c))?;
    Ok(())
}
