//! What the last decision about a reply taught, against the lesson of it that stands.

use std::collections::HashMap;

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::replies::Link;
use crate::{
    domain::{
        bulk::not_undone,
        ids::*,
        moderation::Action,
        rules::lesson::{Teaching, taught_by},
        timestamp::Timestamp,
    },
    store::{
        Conn,
        conn::native,
        sql::Sql,
        types::{Instant, Key},
    },
};

/// The last lesson of a reply.
#[derive(Queryable)]
pub(super) struct Last {
    reply: ReplyId,
    revision: i32,
    is_bad: bool,
    takes_back: Option<i64>,
}

/// The last lesson of each reply after one and up to another, if it stands.
pub(super) fn standing(conn: &mut Conn<'_>, after: ReplyId, last: ReplyId) -> QueryResult<HashMap<ReplyId, Last>> {
    let query = Sql::<(Key, Integer, Bool, Nullable<BigInt>)>::new(
        "SELECT reply_id, revision, is_bad, takes_back FROM lessons WHERE reply_id > ",
    )
    .key(after)
    .sql(" AND reply_id <= ")
    .key(last)
    .sql(" ORDER BY reply_id, number");
    let rows: Vec<Last> = native!(conn, c => query.load(c))?;
    let mut standing: HashMap<ReplyId, Last> = rows.into_iter().map(|row| (row.reply, row)).collect();
    standing.retain(|_, last| last.takes_back.is_none());
    Ok(standing)
}

/// When decisions began to teach; none if none ever did. Those before were made when there were no lessons.
pub(super) fn since(conn: &mut Conn<'_>) -> QueryResult<Option<Timestamp>> {
    let query = Sql::<Nullable<Instant>>::new("SELECT min(created_at) FROM lessons");
    native!(conn, c => query.get_result(c))
}

/// What does not follow from the last decision about a reply that says whether its text is spam; nothing to compare where
/// there is none.
pub(super) fn difference(chain: &[Link], standing: Option<&Last>, since: Option<Timestamp>) -> Option<Option<String>> {
    let is_teaching = |link: &&Link| taught_by(link.action, link.reason) != Teaching::Nothing;
    let standing_links = not_undone(chain, |link| link.action == Action::Undo);
    let decision = standing_links.into_iter().rfind(is_teaching)?;
    let edits = chain.iter().filter(|link| link.action == Action::Edit && link.version < decision.version).count();
    let is_of_its_text = |last: &Last| i64::from(last.revision) == 1 + i64::try_from(edits).unwrap_or(i64::MAX);
    // an edit may have come between the text that was made ready and the decision, and then it taught nothing
    let must_teach = edits == 0 && since.is_some_and(|since| decision.at >= since);
    let wrong = match (taught_by(decision.action, decision.reason), standing) {
        (Teaching::TakesBack, Some(_)) => Some("a lesson stands that it takes back"),
        (Teaching::Good | Teaching::Bad, None) if must_teach => Some("no lesson of it stands"),
        (Teaching::Good, Some(last)) if last.is_bad => Some("a lesson stands that says spam"),
        (Teaching::Bad, Some(last)) if !last.is_bad => Some("a lesson stands that says good"),
        (Teaching::Good | Teaching::Bad, Some(last)) if !is_of_its_text(last) => {
            Some("a lesson of another text stands")
        }
        _ => None,
    };
    let about = |wrong| format!("reply {}, version {}, {}: {wrong}", decision.reply, decision.version, decision.action);
    Some(wrong.map(about))
}
