//! Asks others about replies, and tells them what people decided. Others are slow and may be away: so several jobs run at
//! once, and one that fails is tried again for an hour.

use std::time::Duration;

use tokio::{task::JoinSet, time::MissedTickBehavior};

use super::{LOOK, backoff, bury, delete, lease, postpone};
use crate::{
    app::State,
    domain::{
        ids::*,
        job::{JobKind, Lane},
        moderation::Action,
        timestamp::Timestamp,
    },
    judging::outside::{
        Asked, Told,
        asker::{About, AskError, Asker},
    },
    outside::{Answer, OutsideError},
    store::{
        Conn, DbError,
        decisions::Actor,
        jobs::{self, Job},
        moderation::{self, QueuedReply},
        outside_checks::{self, OutsideCheck},
        replies, story_urls,
        transitions::{self, Entry},
        verdicts::{self, Judged, StoredVerdict},
    },
};

/// Jobs that run at once: few enough for one endpoint, and several sites do not wait for one that is slow.
const AT_ONCE: usize = 8;
/// How long one is tried again.
const TRIED: Duration = Duration::from_secs(3600);
/// The longest wait between two tries.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// Runs what is due, and what comes to be, until it is aborted.
pub(super) async fn run(state: State) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.jobs.of(Lane::Outside).notified() => {}
            Some(_) = running.join_next() => {}
        }
        if let Err(cause) = start(&state, &mut running).await {
            tracing::warn!(%cause, "jobs could not be run; they stay where they are");
        }
    }
}

/// Runs what is due now to its end.
pub(super) async fn run_due(state: &State) -> Result<(), DbError> {
    let mut running = JoinSet::new();
    loop {
        start(state, &mut running).await?;
        if running.join_next().await.is_none() {
            return Ok(());
        }
    }
}

/// Begins with as many due jobs as there is room for.
async fn start(state: &State, running: &mut JoinSet<()>) -> Result<(), DbError> {
    while running.len() < AT_ONCE {
        let Some(job) = lease(state, Lane::Outside).await? else { break };
        let state = state.clone();
        running.spawn(async move {
            let (id, kind) = (job.id, JobKind::parse(&job.kind));
            let outcome = match kind {
                Some(JobKind::AskOutside) => ask(&state, job).await,
                Some(JobKind::TellOutside) => tell(&state, job).await,
                // others are not of this lane
                _ => Ok(()),
            };
            if let Err(cause) = outcome {
                tracing::warn!(%id, ?kind, %cause, "what became of a job could not be stored; it is run again");
            }
        });
    }
    Ok(())
}

/// What was read of a reply to ask about it.
struct Found {
    row: QueuedReply,
    story_url: Option<String>,
    /// Who is asked; nobody any more.
    check: Option<OutsideCheck>,
}

impl Found {
    fn read(conn: &mut Conn<'_>, reply: ReplyId) -> Result<Option<Self>, DbError> {
        let Some(row) = moderation::find(conn, reply)? else { return Ok(None) };
        let story_url = story_urls::list(conn, row.story.id)?.into_iter().next();
        let check = outside_checks::find(conn, row.site_id)?;
        Ok(Some(Self { row, story_url, check }))
    }

    fn about(&self, now: Timestamp) -> About<'_> {
        About { row: &self.row, story_url: self.story_url.as_deref(), now }
    }
}

/// Asks, and does what is answered.
async fn ask(state: &State, job: Job) -> Result<(), DbError> {
    let asked: Asked = match serde_json::from_str(&job.payload) {
        Ok(asked) => asked,
        // what another program left stays to be looked at
        Err(cause) => return bury(state, job.id, cause.to_string()).await,
    };
    let read = move |conn: &mut Conn<'_>| {
        let found = Found::read(conn, asked.reply)?;
        let found = found.filter(|found| asked.is_about(found.row.version, found.row.revision));
        let said = verdicts::find_last(conn, asked.reply)?;
        Ok::<_, DbError>(found.zip(said.filter(|said| said.reply_version == asked.version)))
    };
    // another version has a question of its own, or people decided
    let Some((found, said)) = state.db.read(read).await? else { return delete(state, job.id).await };
    let judged = match answer(state, &job, &found).await {
        Ok(Some(answer)) => asked.answered(&said, answer.into_finding()),
        Ok(None) => asked.unasked(&said),
        Err(error) => match next_try(state, &job, &error) {
            Some((at, words)) => return postpone(state, job.id, at, Some(words)).await,
            None => given_up(&asked, &said, &job, &error),
        },
    };
    conclude(state, job.id, asked, judged).await
}

/// What is answered; nothing where nobody is to be asked any more.
async fn answer(state: &State, job: &Job, found: &Found) -> Result<Option<Answer>, AskError> {
    let Some(check) = &found.check else { return Ok(None) };
    let asker = Asker::of(check, &state.keys, state.outside.guard())?;
    Ok(Some(asker.ask(&state.outside, job.id, &found.about(state.clock.now())).await?))
}

fn given_up(asked: &Asked, said: &StoredVerdict, job: &Job, error: &AskError) -> Judged {
    tracing::warn!(reply = %asked.reply, %error, "nobody answered about a reply; it waits for people");
    asked.unanswered(said, &words(job, error))
}

/// Gives a reply its fate and deletes the job, unless somebody was faster.
async fn conclude(state: &State, job: JobId, asked: Asked, judged: Judged) -> Result<(), DbError> {
    let (now, random) = (state.clock.now(), state.random.clone());
    state
        .db
        .write(move |conn| {
            let reply = replies::find_locked(conn, asked.reply)?;
            if let Some(reply) = reply.filter(|reply| asked.is_about(reply.version, reply.revision)) {
                let entry = Entry::new(random.id(now), Actor::SYSTEM, Action::Judge, now);
                let entry = Entry { judged: Some(judged.clone()), ..entry };
                transitions::change(conn, &reply, judged.fate.state, None, &entry)?;
            }
            Ok::<_, DbError>(jobs::delete(conn, job)?)
        })
        .await
}

/// Tells a service what people took a text for.
async fn tell(state: &State, job: Job) -> Result<(), DbError> {
    let told: Told = match serde_json::from_str(&job.payload) {
        Ok(told) => told,
        // what another program left stays to be looked at
        Err(cause) => return bury(state, job.id, cause.to_string()).await,
    };
    let read = move |conn: &mut Conn<'_>| Found::read(conn, told.reply);
    let found = state.db.read(read).await?.filter(|found| found.row.revision == told.revision);
    let Some(found) = found else { return delete(state, job.id).await };
    match teach(state, told, &found).await {
        Ok(()) => delete(state, job.id).await,
        Err(error) => match next_try(state, &job, &error) {
            Some((at, words)) => postpone(state, job.id, at, Some(words)).await,
            None => {
                tracing::warn!(reply = %told.reply, %error, "a service was not told what people decided");
                delete(state, job.id).await
            }
        },
    }
}

async fn teach(state: &State, told: Told, found: &Found) -> Result<(), AskError> {
    let Some(check) = &found.check else { return Ok(()) };
    let asker = Asker::of(check, &state.keys, state.outside.guard())?;
    Ok(asker.tell(&state.outside, told.is_spam, &found.about(state.clock.now())).await?)
}

/// When a job that failed is tried next, and what is said of that; nothing once it was tried for long enough.
fn next_try(state: &State, job: &Job, error: &AskError) -> Option<(Timestamp, String)> {
    let (now, last) = (state.clock.now(), job.created_at.plus(TRIED));
    let wait = match error {
        AskError::Outside(OutsideError::BreakerOpen { retry_after }) => *retry_after,
        _ => Duration::ZERO,
    };
    let wait = backoff(job.attempts, state.random.bytes()).min(WAIT_MAX).max(wait);
    (now < last).then(|| (now.plus(wait).min(last), words(job, error)))
}

/// What moderators are told: rather why it failed before than that it was not even tried.
fn words(job: &Job, error: &AskError) -> String {
    let is_spared = matches!(error, AskError::Outside(OutsideError::BreakerOpen { .. }));
    job.last_error.clone().filter(|_| is_spared).unwrap_or_else(|| error.to_string())
}
