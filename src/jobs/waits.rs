//! Waits that end by themselves: what went back to its author and was not changed in time is refused, and appeals of people
//! who closed their accounts are dropped. Looked for beside the writes, each in a transaction of its own that looks again: so
//! once, whoever comes first, and also what ended while the service was away.

use std::time::Instant;

use uuid::Uuid;

use super::pace::Pace;
use crate::{
    app::State,
    deciding::{
        Decision,
        letters::{Told, write_to_author},
    },
    domain::{
        ids::*,
        job::Lane,
        moderation::Action,
        reply_state::{ReplyState, Verb},
    },
    letters::About,
    store::{
        Conn, DbError, appeals,
        decisions::Actor,
        replies, returns, stories,
        transitions::{self, Entry},
    },
};

/// Replies that are looked for in one piece.
const PIECE: i64 = 100;

/// Ends what is due now.
pub async fn end_due(state: &State) -> Result<(), DbError> {
    // no job's lease is to be kept
    end(state, JobId(Uuid::nil())).await
}

/// Ends what is due.
pub(super) async fn end(state: &State, job: JobId) -> Result<(), DbError> {
    let mut pace = Pace::default();
    let (mut after, mut failed) = (None, None);
    loop {
        let (begun, now) = (Instant::now(), state.clock.now());
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(returns::list_due(conn, after, PIECE, now)?);
        let due = state.db.read(read).await?;
        for (_, reply) in &due {
            // one that cannot be ended does not keep the others
            if let Err(cause) = lapse(state, *reply).await {
                tracing::error!(%reply, %cause, "a reply that its author did not change in time is not refused yet");
                failed = Some(cause);
            }
        }
        after = due.last().copied();
        if due.len() < PIECE as usize {
            break;
        }
        pace.rest(state, job, begun, |_| Ok(())).await?;
    }
    drop_appeals(state, job, &mut pace).await?;
    failed.map_or(Ok(()), Err)
}

/// Refuses a reply that its author did not change in time.
async fn lapse(state: &State, id: ReplyId) -> Result<(), DbError> {
    let (context, now) = (state.clone(), state.clock.now());
    let write = move |conn: &mut Conn<'_>| {
        let (keys, random) = (&context.keys, &context.random);
        let Some(reply) = replies::find_locked(conn, id)? else { return Ok(()) };
        let returned = returns::find(conn, id)?;
        let due = returned.filter(|returned| returned.due_at.is_some_and(|due_at| due_at <= now));
        let (Some(returned), ReplyState::Returned) = (due, reply.state) else { return Ok(()) };
        let Some(head) = stories::find_head(conn, reply.story_id)? else { return Ok(()) };
        let details = serde_json::json!({"returned_at": returned.returned_at, "returned_by": returned.returned_by});
        let decision = Decision {
            verb: Verb::Reject,
            reason: None,
            note: None,
            message: Some(returned.message),
            details: Some(details.to_string()),
        };
        let about = (&head.site, &reply, ReplyState::Rejected);
        let (reply, _) = decision.carry_out(conn, about, Actor::SYSTEM, None, (random, now))?;
        let about = About::of(&head, reply.id, &context.config);
        Ok::<_, DbError>(write_to_author(
            conn,
            (&reply, about),
            Told::Decision(Verb::Reject),
            None,
            (keys, random, now),
        )?)
    };
    state.db.write(write).await?;
    state.jobs.of(Lane::Mail).notify_one();
    Ok(())
}

/// Drops the appeals of people who closed their accounts.
async fn drop_appeals(state: &State, job: JobId, pace: &mut Pace) -> Result<(), DbError> {
    let mut after = AppealId(Uuid::nil());
    loop {
        let begun = Instant::now();
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(appeals::list_of_closed(conn, after, PIECE)?);
        let left = state.db.read(read).await?;
        for (_, reply) in &left {
            drop_appeal(state, *reply).await?;
        }
        let Some((last, _)) = left.last().filter(|_| left.len() >= PIECE as usize) else { return Ok(()) };
        after = *last;
        pace.rest(state, job, begun, |_| Ok(())).await?;
    }
}

async fn drop_appeal(state: &State, id: ReplyId) -> Result<(), DbError> {
    let (random, now) = (state.random.clone(), state.clock.now());
    let write = move |conn: &mut Conn<'_>| {
        let Some(reply) = replies::find_locked(conn, id)?.filter(|reply| reply.appealed_at.is_some()) else {
            return Ok(());
        };
        let entry = Entry::new(random.id(now), Actor::SYSTEM, Action::DropAppeal, now);
        transitions::change(conn, &reply, reply.state, None, &entry)?;
        Ok::<_, DbError>(())
    };
    state.db.write(write).await
}
