//! Recommendations: one a reader and reply.

use diesel::{prelude::*, sql_types::Integer};

use super::{
    Conn,
    changes::Change,
    conn::native,
    schema::{recommendations, waiting_recommendations},
    sql::{Sql, Value},
    types::Key,
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A reader's one positive vote for a reply.
#[derive(Clone, Debug)]
pub struct Recommendation {
    pub reply_id: ReplyId,
    pub account_id: AccountId,
    pub story_id: StoryId,
    pub created_at: Timestamp,
}

/// What a vote or its taking back did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VoteOutcome {
    Changed,
    Unchanged,
}

/// Stores a vote.
pub fn insert(conn: &mut Conn<'_>, vote: &Recommendation) -> QueryResult<VoteOutcome> {
    let insert = Sql::<()>::new("INSERT INTO recommendations (reply_id, account_id, story_id, created_at) VALUES (")
        .values([
            Value::key(vote.reply_id),
            Value::key(vote.account_id),
            Value::key(vote.story_id),
            vote.created_at.into(),
        ])
        .sql(") ON CONFLICT DO NOTHING");
    let rows = native!(conn, c => insert.execute(c))?;
    Ok(if rows == 0 { VoteOutcome::Unchanged } else { VoteOutcome::Changed })
}

/// Takes a vote back.
pub fn delete(conn: &mut Conn<'_>, reply: ReplyId, account: AccountId) -> QueryResult<VoteOutcome> {
    let rows = native!(conn, c => diesel::delete(recommendations::table.find((reply, account))).execute(c))?;
    Ok(if rows == 0 { VoteOutcome::Unchanged } else { VoteOutcome::Changed })
}

/// Counts a vote, or one taken back, that is not shown yet.
pub(super) fn wait(conn: &mut Conn<'_>, story: StoryId, reply: ReplyId, delta: i64) -> QueryResult<()> {
    let wait = Sql::<()>::new("INSERT INTO waiting_recommendations (story_id, reply_id, delta) VALUES (")
        .key(story)
        .sql(", ")
        .key(reply)
        .sql(", ")
        .int(delta)
        .sql(") ON CONFLICT (story_id, reply_id) DO UPDATE SET delta = waiting_recommendations.delta + excluded.delta");
    native!(conn, c => wait.execute(c))?;
    conn.note(Change::Recommendations(story));
    Ok(())
}

/// Whether any of a story's wait to be shown.
pub(super) fn is_waiting(conn: &mut Conn<'_>, story: StoryId) -> QueryResult<bool> {
    let waiting = waiting_recommendations::table
        .filter(waiting_recommendations::story_id.eq(story))
        .select(waiting_recommendations::reply_id);
    let first = native!(conn, c => waiting.first::<ReplyId>(c).optional())?;
    Ok(first.is_some())
}

/// What waited to be shown, by reply; it does not any more.
pub(super) fn take_waiting(conn: &mut Conn<'_>, story: StoryId) -> QueryResult<Vec<(ReplyId, i32)>> {
    let take = Sql::<(Key, Integer)>::new("DELETE FROM waiting_recommendations WHERE story_id = ")
        .key(story)
        .sql(" RETURNING reply_id, delta");
    let mut taken: Vec<(ReplyId, i32)> = native!(conn, c => take.load(c))?;
    taken.retain(|(_, delta)| *delta != 0);
    taken.sort_unstable();
    Ok(taken)
}

/// Up to `limit` stories with recommendations that wait to be shown.
pub fn list_stories_waiting(conn: &mut Conn<'_>, limit: i64) -> QueryResult<Vec<StoryId>> {
    let stories = waiting_recommendations::table.select(waiting_recommendations::story_id).distinct().limit(limit);
    native!(conn, c => stories.load(c))
}

/// Up to `limit` replies of a story that an account recommended, in the order of their ids, after this one.
pub fn list_own(
    conn: &mut Conn<'_>,
    account: AccountId,
    story: StoryId,
    after: Option<ReplyId>,
    limit: i64,
) -> QueryResult<Vec<ReplyId>> {
    let own = recommendations::table
        .filter(recommendations::account_id.eq(account))
        .filter(recommendations::story_id.eq(story))
        .order(recommendations::reply_id)
        .limit(limit)
        .select(recommendations::reply_id);
    native!(conn, c => match after {
        Some(id) => own.filter(recommendations::reply_id.gt(id)).load(c),
        None => own.load(c),
    })
}
