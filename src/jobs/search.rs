//! What was written before there was an index of words is brought into it.

use std::time::{Duration, Instant};

use super::pace::Pace;
use crate::{
    app::State,
    domain::ids::JobId,
    store::{Conn, DbError, search_documents},
};

/// Documents that are brought in at once.
const PIECE: i64 = 100;

/// How long it is gone on before others of the lane have their turn.
const LONGEST: Duration = Duration::from_secs(40);

/// Brings in what is not there yet; what is left after a while waits for the next time.
pub(super) async fn index(state: &State, job: JobId) -> Result<(), DbError> {
    let (mut pace, started) = (Pace::default(), Instant::now());
    while started.elapsed() < LONGEST {
        let begun = Instant::now();
        let is_complete = state.db.read(|conn| Ok::<_, DbError>(search_documents::is_complete(conn)?)).await?;
        if is_complete {
            return Ok(());
        }
        let write = |conn: &mut Conn<'_>| Ok::<_, DbError>(search_documents::index_waiting(conn, PIECE)?);
        if state.db.write(write).await? == 0 {
            // others hold what is left
            return Ok(());
        }
        pace.rest(state, job, begun, |_| Ok(())).await?;
    }
    Ok(())
}
