//! What was an imported account's becomes the claimer's: its replies one by one, then who mutes it.
//!
//! What is left is seen from the rows themselves, so whoever goes on after a crash goes on there.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{After, pace::Pace};
use crate::{
    app::State,
    domain::ids::*,
    store::{
        Conn, DbError, claimed_authors,
        claimed_authors::ClaimedAuthor,
        jobs::{self, Job},
        mutes, replies, sites, transitions,
    },
};

/// What is taken on in one piece.
const PIECE: i64 = 50;
/// How long it is gone on before others of the lane have their turn.
const LONGEST: Duration = Duration::from_secs(40);

/// A job's payload.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    /// The imported account.
    pub account: AccountId,
}

/// Goes on with a claim.
pub(super) async fn run(state: &State, job: &Job) -> Result<After, DbError> {
    let Ok(Payload { account }) = serde_json::from_str(&job.payload) else { return Ok(After::Gone) };
    let claim = state.db.read(move |conn| Ok::<_, DbError>(claimed_authors::find(conn, account)?)).await?;
    let Some(claim) = claim.filter(|claim| claim.finished_at.is_none()) else { return Ok(After::Gone) };
    let (mut pace, started, id) = (Pace::default(), Instant::now(), job.id);
    loop {
        let begun = Instant::now();
        if !pass_on(state, &claim).await? {
            return finish(state, claim).await.map(|()| After::Gone);
        }
        if started.elapsed() >= LONGEST {
            return Ok(After::Again);
        }
        pace.rest(state, id, begun, move |conn| jobs::forget_attempts(conn, id)).await?;
    }
}

/// Passes a piece on; whether there was any.
async fn pass_on(state: &State, claim: &ClaimedAuthor) -> Result<bool, DbError> {
    let (from, to) = (claim.account_id, claim.claimed_by);
    let ids = state.db.read(move |conn| Ok::<_, DbError>(replies::list_of_author(conn, from, PIECE)?)).await?;
    for id in ids.iter().copied() {
        let now = state.clock.now();
        let write = move |conn: &mut Conn<'_>| {
            let reply = replies::find_locked(conn, id)?.filter(|reply| reply.author_id == from);
            let Some(reply) = reply else { return Ok(()) };
            Ok::<_, DbError>(transitions::pass_on(conn, &reply, to, now)?)
        };
        state.db.write(write).await?;
    }
    let muting = state.db.write(move |conn| Ok::<_, DbError>(mutes::pass_on(conn, from, to, PIECE)?)).await?;
    Ok(!ids.is_empty() || muting > 0)
}

async fn finish(state: &State, claim: ClaimedAuthor) -> Result<(), DbError> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        claimed_authors::finish(conn, claim.account_id, now)?;
        // pages that were made meanwhile show no name
        Ok::<_, DbError>(sites::raise_people_version(conn, claim.site_id)?)
    };
    state.db.write(write).await?;
    tracing::info!(account = %claim.claimed_by, imported = %claim.account_id, "an imported account is its claimer's");
    Ok(())
}
