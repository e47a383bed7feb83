//! The numbers that stand in the database: one asks for them at a time, and nobody waits for them without end.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, time::timeout};

use crate::{
    app::State,
    store::{
        DbError,
        measures::{self, JobMeasure, SiteMeasure},
    },
};

/// How long a scrape waits for the database: less than the 10 s after which Prometheus gives a scrape up.
const DEADLINE: Duration = Duration::from_secs(3);

/// What was read.
#[derive(Debug)]
pub(super) struct Rows {
    pub sites: Vec<SiteMeasure>,
    pub jobs: Vec<JobMeasure>,
}

/// What the last reading found, and when it was begun.
type Last = Option<(Instant, Option<Arc<Rows>>)>;

/// Held by the one who reads.
#[derive(Debug, Default)]
pub(super) struct Reading(Arc<Mutex<Last>>);

impl Reading {
    /// The rows as they are now, or a moment later; nothing if the database does not answer in time.
    pub async fn rows(&self, state: &State) -> Option<Arc<Rows>> {
        let asked_at = Instant::now();
        let answer = async {
            let mut last = self.0.clone().lock_owned().await;
            // another one asked meanwhile
            if let Some((_, rows)) = last.as_ref().filter(|(begun, _)| *begun >= asked_at) {
                return rows.clone();
            }
            let state = state.clone();
            // on its own, with the lock: who gives up leaves no room for a second one beside it
            let reading = tokio::spawn(async move {
                let begun = Instant::now();
                let rows = read(&state).await;
                if let Err(cause) = &rows {
                    tracing::warn!(%cause, "metrics without the numbers of the database");
                }
                let rows = rows.ok().map(Arc::new);
                *last = Some((begun, rows.clone()));
                rows
            });
            reading.await.ok().flatten()
        };
        timeout(DEADLINE, answer).await.ok().flatten()
    }
}

async fn read(state: &State) -> Result<Rows, DbError> {
    let now = state.clock.now();
    state
        .db
        .read(move |conn| {
            Ok::<_, DbError>(Rows { sites: measures::list_sites(conn)?, jobs: measures::list_jobs(conn, now)? })
        })
        .await
}
