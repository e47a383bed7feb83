//! The queues kept in order: rows, cases and words that other programs forgot or left, and points that time has changed.

use std::time::Instant;

use uuid::Uuid;

use super::pace::Pace;
use crate::{
    app::State,
    domain::ids::{JobId, ReplyId},
    store::{Conn, DbError, cases, queue_items, queue_points, replies, search_documents},
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

/// Gives replies the rows, and the cases, that they ought to have. Those of a piece that cannot be mended wait for the next run.
async fn mend(state: &State, job: JobId, pace: &mut Pace) -> Result<(), DbError> {
    let mut before = Vec::new();
    loop {
        let begun = Instant::now();
        let now = state.clock.now();
        let read = move |conn: &mut Conn<'_>| {
            let mut astray = queue_items::list_astray(conn, PIECE)?;
            astray.extend(cases::list_astray(conn, PIECE)?);
            astray.extend(search_documents::list_missing(conn, now, PIECE)?);
            Ok::<_, DbError>(astray)
        };
        let astray = state.db.read(read).await?;
        if astray.is_empty() || astray == before {
            return Ok(());
        }
        tracing::warn!(number = astray.len(), "replies had the wrong rows; an older program may be running beside");
        for id in astray.iter().copied() {
            let write = move |conn: &mut Conn<'_>| {
                let Some(reply) = replies::find_locked(conn, id)? else { return Ok(()) };
                if reply.open_reports > 0 || cases::find(conn, id)?.is_some() {
                    cases::mend(conn, &reply, now)?;
                }
                queue_items::mend(conn, &reply, now)?;
                Ok::<_, DbError>(search_documents::keep_reply(conn, None, &reply)?)
            };
            state.db.write(write).await?;
        }
        before = astray;
        pace.rest(state, job, begun, |_| Ok(())).await?;
    }
}
