//! Writes down when keys were last used.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::{
    app::State,
    store::{DbError, api_keys},
};

/// How often it is written down: as late as a use may be told.
const EVERY: Duration = Duration::from_secs(60);

/// Writes them down until it is aborted. What was used in the last minute of an instance is not told.
pub async fn run(state: State) {
    let mut ticks = interval_at(Instant::now() + EVERY, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(cause) = write_down(&state).await {
            tracing::warn!(%cause, "when keys were last used was not written down");
        }
    }
}

/// Writes down what was noted.
pub async fn write_down(state: &State) -> Result<(), DbError> {
    // in one order, since other instances write too
    let mut uses = state.key_uses.take();
    uses.sort_unstable();
    if uses.is_empty() {
        return Ok(());
    }
    let written = uses.clone();
    let outcome = state
        .db
        .write(move |conn| {
            for (key, at) in &written {
                api_keys::touch(conn, *key, *at)?;
            }
            Ok::<_, DbError>(())
        })
        .await;
    if outcome.is_err() {
        uses.into_iter().for_each(|(key, at)| state.key_uses.note(key, at));
    }
    outcome
}
