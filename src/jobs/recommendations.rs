//! Shows recommendations that were given shortly after others of the same story, together, a second later.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::{
    app::State,
    store::{DbError, recommendations, stories, story_versions::RECOMMENDATIONS_WAIT, transitions},
};

/// Stories looked at in one go.
const AT_ONCE: i64 = 500;
/// How often it is looked for what an instance left behind that is no more.
const LOOK: Duration = Duration::from_secs(10);

/// Shows them as they become due, until it is aborted.
pub async fn run(state: State) {
    let mut listener = state.db.board().listen();
    let mut due = Instant::now();
    loop {
        tokio::select! {
            () = sleep_until(due) => {
                let wait = match show_due(&state).await {
                    Ok(true) => RECOMMENDATIONS_WAIT,
                    Ok(false) => LOOK,
                    Err(cause) => {
                        tracing::warn!(%cause, "recommendations wait to be shown; it is tried again");
                        RECOMMENDATIONS_WAIT
                    }
                };
                due = Instant::now() + wait;
            }
            heard = listener.next() => match heard {
                Some(heard) if heard.is_ours && !heard.changes.recommended.is_empty() => {
                    due = due.min(Instant::now() + RECOMMENDATIONS_WAIT);
                }
                Some(_) => {}
                None => return,
            },
        }
    }
}

/// Shows what has waited long enough; whether there is more to show.
pub async fn show_due(state: &State) -> Result<bool, DbError> {
    let stories = state.db.read(|conn| Ok::<_, DbError>(recommendations::list_stories_waiting(conn, AT_ONCE)?)).await?;
    let mut has_more = stories.len() >= AT_ONCE as usize;
    for story in stories {
        let now = state.clock.now();
        has_more |= state
            .db
            .write(move |conn| {
                stories::lock(conn, story)?;
                Ok::<_, DbError>(transitions::show_waiting(conn, story, now)?)
            })
            .await?;
    }
    Ok(has_more)
}
