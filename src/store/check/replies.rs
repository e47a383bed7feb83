//! What hangs on each reply: votes, reports, its chain in the log, its former texts, where it came from.

use std::collections::HashMap;

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::{ids::*, reply_state::ReplyState},
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 2_000;

/// Id, site, story, state, version, revision, recommendations, open reports.
type Row = (ReplyId, SiteId, StoryId, ReplyState, i32, i32, i32, i32);

/// A row of the log: reply, its version, former state, new state, site, story.
type Link = (ReplyId, i32, Option<ReplyState>, ReplyState, Option<SiteId>, Option<StoryId>);

struct Lines {
    votes: CheckLine,
    reports: CheckLine,
    chains: CheckLine,
    revisions: CheckLine,
    references: CheckLine,
}

/// Looks at all replies in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 5]> {
    let mut lines = Lines {
        votes: CheckLine::new("recommendations of replies"),
        reports: CheckLine::new("open reports of replies"),
        chains: CheckLine::new("log chains of replies"),
        revisions: CheckLine::new("revisions of replies"),
        references: CheckLine::new("stories and sites of what belongs to replies"),
    };
    let mut after = ReplyId(Uuid::nil());
    while let Some(last) = check_batch(conn, &mut lines, after)? {
        after = last;
    }
    Ok([lines.votes, lines.reports, lines.chains, lines.revisions, lines.references])
}

/// Looks at the next replies after this one; the last of them, if there were any.
fn check_batch(conn: &mut Conn<'_>, lines: &mut Lines, after: ReplyId) -> QueryResult<Option<ReplyId>> {
    let query = Sql::<(Key, Key, Key, Text, Integer, Integer, Integer, Integer)>::new(
        "SELECT id, site_id, story_id, state, version, revision, recommendations, open_reports FROM replies \
         WHERE id > ",
    )
    .key(after)
    .sql(" ORDER BY id LIMIT ")
    .int(BATCH);
    let rows: Vec<Row> = native!(conn, c => query.load(c))?;
    let Some(&(last, ..)) = rows.last() else { return Ok(None) };
    let range = |begin: &'static str, end: &'static str| {
        Sql::<(Key, BigInt, BigInt)>::new(begin).key(after).sql(" AND t.reply_id <= ").key(last).sql(end)
    };
    let votes = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(*), count(CASE WHEN t.story_id <> r.story_id THEN 1 END) \
             FROM recommendations t JOIN replies r ON r.id = t.reply_id WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let reports = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(CASE WHEN t.closed_at IS NULL THEN 1 END), count(*) FROM reports t \
             WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let former = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(*), CAST(max(t.number) AS bigint) FROM revisions t WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let imported = grouped(
        conn,
        range(
            "SELECT t.reply_id, count(*), count(CASE WHEN t.site_id <> r.site_id THEN 1 END) \
             FROM imported_replies t JOIN replies r ON r.id = t.reply_id WHERE t.reply_id > ",
            " GROUP BY t.reply_id",
        ),
    )?;
    let chains = chains(conn, after, last)?;
    for row in &rows {
        let id = row.0;
        let (given, given_elsewhere) = votes.get(&id).copied().unwrap_or_default();
        lines.votes.look(differing(row.6.into(), given, || format!("reply {id}")));
        let (open, _) = reports.get(&id).copied().unwrap_or_default();
        lines.reports.look(differing(row.7.into(), open, || format!("reply {id}")));
        let chain = chains.get(&id).map_or(&[][..], Vec::as_slice);
        lines.chains.look(broken_chain(row, chain));
        let (number, highest) = former.get(&id).copied().unwrap_or_default();
        let expected = i64::from(row.5) - 1;
        let is_whole = number == expected && highest == expected;
        lines.revisions.look((!is_whole).then(|| {
            format!("reply {id}: revision {}, {number} former texts, the highest number is {highest}", row.5)
        }));
        let (_, imported_elsewhere) = imported.get(&id).copied().unwrap_or_default();
        let logged_elsewhere = chain.iter().any(|link| (link.4, link.5) != (Some(row.1), Some(row.2)));
        let wrong = [
            (given_elsewhere > 0, "recommendations of another story"),
            (imported_elsewhere > 0, "an import of another site"),
            (logged_elsewhere, "log rows of another site or story"),
        ];
        let wrong: Vec<&str> = wrong.iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, what)| *what).collect();
        lines.references.look((!wrong.is_empty()).then(|| format!("reply {id}: has {}", wrong.join(", "))));
    }
    Ok(Some(last))
}

/// Two numbers for each reply.
fn grouped(conn: &mut Conn<'_>, query: Sql<(Key, BigInt, BigInt)>) -> QueryResult<HashMap<ReplyId, (i64, i64)>> {
    let rows: Vec<(ReplyId, i64, i64)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().map(|(id, first, second)| (id, (first, second))).collect())
}

/// The log's rows of each reply, in the order of versions.
fn chains(conn: &mut Conn<'_>, after: ReplyId, last: ReplyId) -> QueryResult<HashMap<ReplyId, Vec<Link>>> {
    let query = Sql::<(Key, Integer, Nullable<Text>, Text, Nullable<Key>, Nullable<Key>)>::new(
        "SELECT reply_id, reply_version, from_state, to_state, site_id, story_id FROM decisions WHERE reply_id > ",
    )
    .key(after)
    .sql(" AND reply_id <= ")
    .key(last)
    .sql(" ORDER BY reply_id, reply_version");
    let rows: Vec<Link> = native!(conn, c => query.load(c))?;
    let mut chains: HashMap<ReplyId, Vec<Link>> = HashMap::new();
    for row in rows {
        chains.entry(row.0).or_default().push(row);
    }
    Ok(chains)
}

/// What breaks a reply's chain: from nothing, version by version, to its present version and state.
fn broken_chain(&(id, _, _, state, version, ..): &Row, chain: &[Link]) -> Option<String> {
    let mut standing = (0, None);
    for &(_, number, from, to, ..) in chain {
        if number != standing.0 + 1 {
            return Some(format!("reply {id}: version {number} follows on version {}", standing.0));
        }
        if from != standing.1 {
            let [said, was] = [shown(from), shown(standing.1)];
            return Some(format!("reply {id}: version {number} was made from {said}, the one before it led to {was}"));
        }
        standing = (number, Some(to));
    }
    (standing != (version, Some(state))).then(|| {
        let (last, led_to) = standing;
        format!("reply {id}: version {version}, {state}; its log ends with version {last}, {}", shown(led_to))
    })
}

fn shown(state: Option<ReplyState>) -> &'static str {
    state.map_or("nothing", ReplyState::as_str)
}
