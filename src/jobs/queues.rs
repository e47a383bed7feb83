//! The queues kept in order: rows that other programs forgot or left, and points that time has changed.

use std::time::Instant;

use uuid::Uuid;

use super::pace::Pace;
use crate::{
    app::State,
    domain::ids::{JobId, ReplyId},
    store::{Conn, DbError, queue_items, queue_points, replies},
};

/// Rows that are looked at in one piece.
const PIECE: i64 = 200;

/// Mends rows and weighs them anew: looked for beside the writes, which are few and short.
pub(super) async fn rank(state: &State, job: JobId) -> Result<(), DbError> {
    let mut pace = Pace::default();
    mend(state, job, &mut pace).await?;
    let mut after = Some(ReplyId(Uuid::nil()));
    while let Some(from) = after {
        let (begun, now) = (Instant::now(), state.clock.now());
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(queue_points::list_stale(conn, from, PIECE, now)?);
        let (stale, last) = state.db.read(read).await?;
        if !stale.is_empty() {
            let write = move |conn: &mut Conn<'_>| Ok::<_, DbError>(queue_points::weigh_anew(conn, &stale, now)?);
            state.db.write(write).await?;
        }
        after = last;
        if after.is_some() {
            pace.rest(state, job, begun, |_| Ok(())).await?;
        }
    }
    Ok(())
}

/// Gives replies the rows that they ought to have. Those of a piece that cannot be mended wait for the next run.
async fn mend(state: &State, job: JobId, pace: &mut Pace) -> Result<(), DbError> {
    let mut before = Vec::new();
    loop {
        let begun = Instant::now();
        let read = |conn: &mut Conn<'_>| Ok::<_, DbError>(queue_items::list_astray(conn, PIECE)?);
        let astray = state.db.read(read).await?;
        if astray.is_empty() || astray == before {
            return Ok(());
        }
        tracing::warn!(
            number = astray.len(),
            "replies stood in the wrong queues; an older program may be running beside"
        );
        for id in astray.iter().copied() {
            let now = state.clock.now();
            let write = move |conn: &mut Conn<'_>| {
                let reply = replies::find_locked(conn, id)?;
                reply.map_or(Ok(()), |reply| Ok::<_, DbError>(queue_items::mend(conn, &reply, now)?))
            };
            state.db.write(write).await?;
        }
        before = astray;
        pace.rest(state, job, begun, |_| Ok(())).await?;
    }
}
