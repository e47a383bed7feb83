//! Erases texts of spam that nobody needs any more, in transactions of a reply each.

use std::time::{Duration, Instant};

use super::pace::Pace;
use crate::{
    app::State,
    domain::{ids::*, reply_state::ReplyState, timestamp::Timestamp},
    store::{Conn, DbError, erasing, replies},
};

/// Replies that are looked for at once.
const PIECE: i64 = 50;
/// How long one run may take; the next one goes on.
const LONGEST: Duration = Duration::from_secs(300);

/// Erases what is old enough.
pub(super) async fn forget(state: &State, job: JobId) -> Result<(), DbError> {
    let Some(kept) = state.config.retention.spam_texts else { return Ok(()) };
    let (started, mut pace, mut after) = (Instant::now(), Pace::default(), None);
    loop {
        let (begun, now) = (Instant::now(), state.clock.now());
        let old = now.minus(kept);
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(erasing::list_spam(conn, old, after, now, PIECE)?);
        let spam = state.db.read(read).await?;
        after = spam.last().copied();
        for (_, reply) in &spam {
            erase(state, *reply, old).await?;
        }
        if after.is_none() || started.elapsed() > LONGEST {
            return Ok(());
        }
        pace.rest(state, job, begun, |_| Ok(())).await?;
    }
}

/// Erases one, if it is still what it was.
async fn erase(state: &State, id: ReplyId, old: Timestamp) -> Result<(), DbError> {
    let write = move |conn: &mut Conn<'_>| {
        let reply = replies::find_locked(conn, id)?;
        let is_old = |reply: &replies::Reply| {
            reply.state == ReplyState::Spam && reply.state_changed_at < old && reply.appealed_at.is_none()
        };
        match reply.filter(is_old) {
            Some(reply) => Ok::<_, DbError>(erasing::erase_reply(conn, &reply)?),
            None => Ok(()),
        }
    };
    state.db.write(write).await
}
