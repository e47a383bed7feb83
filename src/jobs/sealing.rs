//! Seals the log, behind those who write it: a batch a second while it grows, and nothing is written while it does not.
//!
//! Each instance looks; of several that find something one seals, and the others go on looking. After an upgrade, or when
//! nobody has sealed for long, it catches up batch by batch, with rests in between as long as the work.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{
    app::State,
    domain::ids::DecisionId,
    store::{
        DbError, locks,
        log_rows::{self, LATE, SOON, Stretch},
        log_seals,
    },
};

/// How often it is looked for new rows.
const LOOK: Duration = Duration::from_secs(1);
/// Rows sealed in one transaction. A few milliseconds of the one writer where there is one.
const AT_ONCE: i64 = 500;
/// Each so-manieth look goes further back than the others.
const FURTHER: u32 = 10;
/// Ids looked at in one step of the walk.
const WALKED: i64 = 2_000;
/// How long one waits who wants to see all sealed while another seals.
const PATIENCE: Duration = Duration::from_secs(10);
/// The shortest rest where there is more to do, and the longest.
const REST: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(1)];

/// Seals what is new, and what is found late, until it is aborted.
pub async fn run(state: State) {
    let mut walk = Walk::default();
    loop {
        let begun = Instant::now();
        let rest = match step(&state, &mut walk).await {
            Ok(Step::More) => begun.elapsed().clamp(REST[0], REST[1]),
            Ok(Step::Done | Step::Held) => LOOK,
            Err(cause) => {
                tracing::warn!(%cause, "the log could not be sealed; it is tried again");
                LOOK
            }
        };
        sleep(rest).await;
    }
}

/// Seals all that there is; waits for another who does.
pub async fn seal_all(state: &State) -> Result<(), DbError> {
    let (mut walk, begun) = (Walk::default(), Instant::now());
    loop {
        match step(state, &mut walk).await? {
            Step::Done if walk.before.is_none() => return Ok(()),
            Step::Done | Step::More => {}
            Step::Held if begun.elapsed() > PATIENCE => return Err(DbError::Busy),
            Step::Held => sleep(REST[0]).await,
        }
    }
}

/// What came of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// There may be more to do at once.
    More,
    /// There is not.
    Done,
    /// Somebody else seals.
    Held,
}

/// A batch of what is new, and unless there is more of it, a step of the walk.
pub async fn step(state: &State, walk: &mut Walk) -> Result<Step, DbError> {
    let late = if walk.looks.is_multiple_of(FURTHER) { LATE } else { SOON };
    walk.looks = walk.looks.wrapping_add(1);
    let new = Stretch::New(late);
    // looked at first, so that an idle service writes nothing
    let has_new = state.db.read(move |conn| Ok::<_, DbError>(log_rows::has_unsealed(conn, new)?)).await;
    match has_new {
        Ok(false) => {}
        Ok(true) => {
            let step = seal(state, new).await?;
            if step != Step::Done {
                return Ok(step);
            }
        }
        // what stands close together in very great numbers is found by the walk, which takes it in pieces
        Err(cause) => tracing::warn!(%cause, "what is new in the log could not be looked for"),
    }
    // also while there is always something new
    walk.step(state).await
}

/// Seals a batch of what is not sealed in a stretch of the log.
async fn seal(state: &State, stretch: Stretch) -> Result<Step, DbError> {
    let (now, random) = (state.clock.now(), state.random.clone());
    state
        .db
        .write(move |conn| {
            // one at a time: what the other one seals is not to be waited for
            if !locks::try_hold(conn, b"seal_log")? {
                return Ok(Step::Held);
            }
            let rows = log_rows::list_unsealed(conn, stretch, AT_ONCE)?;
            if rows.is_empty() {
                return Ok(Step::Done);
            }
            log_seals::seal(conn, &rows, &random, now)?;
            Ok::<_, DbError>(if rows.len() as i64 >= AT_ONCE { Step::More } else { Step::Done })
        })
        .await
}

/// A walk over all rows, from the newest to the oldest and then anew, which finds those that came late. It rests while
/// nobody has written since it began; only PostgreSQL needs it (`store::log_rows`).
#[derive(Default)]
pub struct Walk {
    /// How often it was looked.
    looks: u32,
    /// Where it is; at the end of the log if nowhere.
    before: Option<DecisionId>,
    /// The transactions that were done when it began.
    begun: Option<String>,
    /// Those that were done when a whole one found that all is sealed.
    clean: Option<String>,
}

impl Walk {
    /// Looks at some rows, and seals those of them that are not sealed.
    async fn step(&mut self, state: &State) -> Result<Step, DbError> {
        let (before, clean) = (self.before, self.clean.clone());
        let found = state
            .db
            .read(move |conn| {
                let snapshot = log_rows::find_snapshot(conn)?;
                let stretch = match snapshot {
                    // nobody has written since all was found to be sealed
                    Some(_) if before.is_none() && snapshot == clean => None,
                    Some(_) => log_rows::find_walked(conn, before, WALKED)?,
                    None => None,
                };
                let is_late = match stretch {
                    Some(stretch) => log_rows::has_unsealed(conn, stretch)?,
                    None => false,
                };
                Ok::<_, DbError>((snapshot, stretch, is_late))
            })
            .await?;
        let (snapshot, stretch, is_late) = found;
        if before.is_none() {
            if snapshot == self.clean {
                return Ok(Step::Done);
            }
            self.begun = snapshot;
        }
        match stretch {
            // the same stretch is looked at again, until all of it is sealed
            Some(stretch) if is_late => match seal(state, stretch).await? {
                Step::Held => Ok(Step::Held),
                Step::More | Step::Done => Ok(Step::More),
            },
            Some(Stretch::Ids(first, _)) => {
                self.before = Some(first);
                Ok(Step::Done)
            }
            _ => {
                self.before = None;
                // one that was not done then may have written where the walk had been
                self.clean = self.begun.take().filter(|snapshot| is_settled(snapshot));
                Ok(Step::Done)
            }
        }
    }
}

/// Whether all transactions that had begun are done: the first that is not is the next to begin.
fn is_settled(snapshot: &str) -> bool {
    let mut parts = snapshot.split(':');
    parts.next() == parts.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_settled_where_nobody_is_under_way() {
        assert!(is_settled("771:771:"));
        assert!(!is_settled("770:771:770"));
    }
}
