//! The outbox's runner: takes jobs that are due, on any instance, each by one at a time.

use std::time::Duration;

use tokio::sync::Notify;

use crate::{
    app::State,
    domain::{
        ids::JobId,
        job::{JobKind, Lane},
        timestamp::Timestamp,
    },
    store::{
        DbError, data_exports as exports,
        jobs::{self, Job},
        lessons, locks,
    },
};

pub mod bulks;
pub mod claims;
mod closing;
mod data_exports;
mod forgetting;
pub mod key_uses;
mod mail;
mod notices;
mod outside;
mod pace;
pub mod policy_runs;
mod queues;
pub mod recommendations;
pub mod sealing;
mod search;
mod sums;
pub mod waits;

/// How often the runner looks for jobs.
const LOOK: Duration = Duration::from_secs(10);
/// How long a job may take before another runner may take it.
const LEASE: Duration = Duration::from_secs(60);
/// Tries of a job before it is given up.
const TRIES_MAX: i32 = 15;
/// The longest wait between two tries.
const BACKOFF_MAX: Duration = Duration::from_secs(3600);

/// What becomes of a job that succeeded.
enum After {
    /// It is done and forgotten.
    Gone,
    /// It is run again when its kind's time has come, or soon where it has none.
    Again,
}

/// Runs the jobs of a lane, one after the other (those that ask others, several at once), until it is aborted.
pub async fn run(state: State, lane: Lane) {
    if lane == Lane::Outside {
        return outside::run(state).await;
    }
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.jobs.of(lane).notified() => {}
        }
        if let Err(cause) = run_due_of(&state, lane).await {
            tracing::warn!(%cause, "jobs could not be run; they stay where they are");
        }
    }
}

/// Wakes the runners of this instance when there is something to do; those of others look every few seconds.
#[derive(Default)]
pub struct Wakers {
    upkeep: Notify,
    runs: Notify,
    bulks: Notify,
    outside: Notify,
    mail: Notify,
    people: Notify,
}

impl Wakers {
    /// The one of a lane.
    pub fn of(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::Upkeep => &self.upkeep,
            Lane::Runs => &self.runs,
            Lane::Bulks => &self.bulks,
            Lane::Outside => &self.outside,
            Lane::Mail => &self.mail,
            Lane::People => &self.people,
        }
    }
}

/// Runs what is due now.
pub async fn run_due(state: &State) -> Result<(), DbError> {
    for lane in Lane::ALL {
        run_due_of(state, *lane).await?;
    }
    Ok(())
}

/// Runs what is due now of a lane.
pub async fn run_due_of(state: &State, lane: Lane) -> Result<(), DbError> {
    match lane {
        Lane::Outside => return outside::run_due(state).await,
        Lane::Mail => return mail::run_due(state).await,
        Lane::Upkeep | Lane::Runs | Lane::Bulks | Lane::People => {}
    }
    for kind in lane.kinds().filter(|kind| kind.period().is_some()) {
        plan(state, kind).await?;
    }
    while let Some(job) = lease(state, lane, LEASE).await? {
        let outcome = match JobKind::parse(&job.kind) {
            Some(JobKind::Prune) => prune(state).await.map(|()| After::Again),
            Some(JobKind::SumLessons) => sum_lessons(state).await.map(|()| After::Again),
            Some(JobKind::EndWaits) => waits::end(state, job.id).await.map(|()| After::Again),
            Some(JobKind::MendSums) => sums::mend(state, job.id).await.map(|()| After::Again),
            Some(JobKind::RankQueues) => queues::rank(state, job.id).await.map(|()| After::Again),
            Some(JobKind::RunBulk) => bulks::run(state, &job).await,
            Some(JobKind::ClaimAuthor) => claims::run(state, &job).await,
            Some(JobKind::IndexWords) => search::index(state, job.id).await.map(|()| After::Again),
            Some(JobKind::RunPolicy) => policy_runs::run(state, &job).await,
            Some(JobKind::CloseAccount) => closing::run(state, &job).await,
            Some(JobKind::ExportData) => data_exports::run(state, &job).await,
            Some(JobKind::ForgetTexts) => forgetting::forget(state, job.id).await.map(|()| After::Again),
            _ => Err(DbError::Unreachable(format!("no runner for jobs of kind {}", job.kind))),
        };
        settle(state, job, outcome).await?;
    }
    Ok(())
}

/// Sees to it that there is one job of a kind; each run puts it off to the next.
async fn plan(state: &State, kind: JobKind) -> Result<(), DbError> {
    let is_planned = state.db.read(move |conn| Ok::<_, DbError>(jobs::is_waiting(conn, kind)?)).await?;
    if is_planned {
        return Ok(());
    }
    let now = state.clock.now();
    let job = Job::new(state.random.id(now), kind, "{}", now);
    state
        .db
        .write(move |conn| {
            // several may have looked at once
            locks::hold(conn, b"plan_job")?;
            if !jobs::is_waiting(conn, kind)? {
                jobs::insert(conn, &job)?;
            }
            Ok::<_, DbError>(())
        })
        .await
}

async fn lease(state: &State, lane: Lane, lease: Duration) -> Result<Option<Job>, DbError> {
    let now = state.clock.now();
    let due = state.db.read(move |conn| Ok::<_, DbError>(jobs::has_due(conn, lane, now)?)).await?;
    match due {
        // looked at first, so that an idle service writes nothing
        false => Ok(None),
        true => state.db.write(move |conn| Ok::<_, DbError>(jobs::lease(conn, lane, now, lease)?)).await,
    }
}

async fn settle(state: &State, job: Job, outcome: Result<After, DbError>) -> Result<(), DbError> {
    let now = state.clock.now();
    let error = match outcome {
        Ok(After::Gone) => return delete(state, job.id).await,
        Ok(After::Again) => {
            let period = JobKind::parse(&job.kind).and_then(JobKind::period);
            // what is not of a period goes on soon
            return postpone(state, job.id, now.plus(period.unwrap_or(LOOK)), None).await;
        }
        Err(error) => error,
    };
    let cause = error.to_string();
    if job.attempts >= TRIES_MAX {
        tracing::error!(kind = job.kind, cause, "a job failed again and again and is given up");
        return bury(state, job.id, cause).await;
    }
    tracing::warn!(kind = job.kind, cause, "a job failed and will be tried again");
    postpone(state, job.id, now.plus(backoff(job.attempts, state.random.bytes())), Some(cause)).await
}

async fn delete(state: &State, id: JobId) -> Result<(), DbError> {
    state.db.write(move |conn| Ok::<_, DbError>(jobs::delete(conn, id)?)).await
}

async fn postpone(state: &State, id: JobId, at: Timestamp, cause: Option<String>) -> Result<(), DbError> {
    state.db.write(move |conn| Ok::<_, DbError>(jobs::postpone(conn, id, at, cause.as_deref())?)).await
}

async fn bury(state: &State, id: JobId, cause: String) -> Result<(), DbError> {
    let now = state.clock.now();
    state.db.write(move |conn| Ok::<_, DbError>(jobs::bury(conn, id, now, &cause)?)).await
}

/// How long to wait before the next try: twice as long as before, give or take a quarter, so that what failed together is
/// not tried together.
fn backoff(attempts: i32, [chance]: [u8; 1]) -> Duration {
    let wait = Duration::from_secs(1 << attempts.clamp(0, 12)).min(BACKOFF_MAX);
    wait * (768 + 2 * u32::from(chance)) / 1_024
}

/// Adds up what was learnt since the last time, in short transactions: of every site, however little it was, as all others
/// borrow from it.
async fn sum_lessons(state: &State) -> Result<(), DbError> {
    let sites = state.db.read(|conn| Ok::<_, DbError>(lessons::list_sites_to_sum(conn)?)).await?;
    for site in sites {
        while state.db.write(move |conn| Ok::<_, DbError>(lessons::sum(conn, site)?)).await? {}
    }
    Ok(())
}

/// Deletes what nobody needs any more, in short transactions.
async fn prune(state: &State) -> Result<(), DbError> {
    let (now, kept) = (state.clock.now(), state.config.retention);
    loop {
        let has_more = state.db.write(move |conn| Ok::<_, DbError>(jobs::prune(conn, now, kept)?)).await?;
        if !has_more {
            break;
        }
    }
    while state.db.write(move |conn| Ok::<_, DbError>(exports::prune(conn, now)?)).await? {}
    notices::tidy(state).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_bound_and_differ() {
        assert_eq!(backoff(3, [0]), Duration::from_secs(6));
        assert_eq!(backoff(3, [128]), Duration::from_secs(8));
        assert!(backoff(3, [255]) < Duration::from_secs(10));
        assert!(backoff(30, [255]) <= BACKOFF_MAX * 5 / 4);
    }
}
