//! Recommendations: one a reader and reply.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::recommendations};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A reader's one positive vote for a reply.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = recommendations)]
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
    let rows = native!(conn, c => {
        diesel::insert_into(recommendations::table).values(vote).on_conflict_do_nothing().execute(c)
    })?;
    Ok(if rows == 0 { VoteOutcome::Unchanged } else { VoteOutcome::Changed })
}

/// Takes a vote back.
pub fn delete(conn: &mut Conn<'_>, reply: ReplyId, account: AccountId) -> QueryResult<VoteOutcome> {
    let rows = native!(conn, c => diesel::delete(recommendations::table.find((reply, account))).execute(c))?;
    Ok(if rows == 0 { VoteOutcome::Unchanged } else { VoteOutcome::Changed })
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
