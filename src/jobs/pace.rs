//! The pace of long jobs: in small pieces with pauses as long as the work, so that readers and writers do not notice.

use std::time::{Duration, Instant};

use diesel::QueryResult;

use super::LEASE;
use crate::{
    app::State,
    domain::ids::JobId,
    store::{Conn, DbError, jobs},
};

/// The longest pause after a piece.
const PAUSE: Duration = Duration::from_millis(250);
/// How often it is noted how far a job is.
const NOTED: Duration = Duration::from_secs(1);

/// The pace of one job that is run.
#[derive(Default)]
pub(super) struct Pace {
    noted: Option<Instant>,
}

impl Pace {
    /// After a piece of work that began then: keeps the job's lease, notes what is to be noted, both once a second at most,
    /// and rests.
    pub(super) async fn rest(
        &mut self,
        state: &State,
        job: JobId,
        begun: Instant,
        note: impl Fn(&mut Conn<'_>) -> QueryResult<()> + Send + 'static,
    ) -> Result<(), DbError> {
        if self.noted.is_none_or(|noted| noted.elapsed() >= NOTED) {
            self.note(state, job, note).await?;
        }
        tokio::time::sleep(begun.elapsed().min(PAUSE)).await;
        Ok(())
    }

    /// Keeps the lease and notes what is to be noted now.
    pub(super) async fn note(
        &mut self,
        state: &State,
        job: JobId,
        note: impl Fn(&mut Conn<'_>) -> QueryResult<()> + Send + 'static,
    ) -> Result<(), DbError> {
        self.noted = Some(Instant::now());
        let until = state.clock.now().plus(LEASE);
        let write = move |conn: &mut Conn<'_>| {
            note(conn)?;
            Ok::<_, DbError>(jobs::prolong(conn, job, until)?)
        };
        state.db.write(write).await
    }
}
