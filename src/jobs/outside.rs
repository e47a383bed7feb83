//! Asks others about replies, and tells them what people decided. Others are slow and may be away: so several jobs run at
//! once, and one that fails is tried again for an hour.

use std::{collections::HashMap, time::Duration};

use tokio::{
    task::{self, JoinSet},
    time::MissedTickBehavior,
};

use super::{LEASE, LOOK, backoff, bury, delete, postpone};
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
        find_taken_for_spam, site_of,
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

/// Jobs that run at once.
const AT_ONCE: usize = 8;
/// Those of one site: few enough for one endpoint, and other sites do not wait for one that is slow.
const AT_ONCE_OF_SITE: usize = 3;
/// Due jobs that are looked at, so many from either end: however long the row of those that wait for a slow endpoint, what
/// has just become due elsewhere stands at its end.
const LOOKED_AT: i64 = 100;
/// How long one is tried again.
const TRIED: Duration = Duration::from_secs(3600);
/// The longest wait between two tries.
const WAIT_MAX: Duration = Duration::from_secs(300);

/// Runs what is due, and what comes to be, until it is aborted.
pub(super) async fn run(state: State) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut running = Running::default();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.jobs.of(Lane::Outside).notified() => {}
            Some(()) = running.next_ended() => {}
        }
        if let Err(cause) = start(&state, &mut running).await {
            tracing::warn!(%cause, "jobs could not be run; they stay where they are");
        }
    }
}

/// Runs what is due now to its end.
pub(super) async fn run_due(state: &State) -> Result<(), DbError> {
    let mut running = Running::default();
    loop {
        start(state, &mut running).await?;
        if running.next_ended().await.is_none() {
            return Ok(());
        }
    }
}

/// The jobs that run, and of which sites they are.
#[derive(Default)]
struct Running {
    tasks: JoinSet<()>,
    sites: HashMap<task::Id, Option<SiteId>>,
}

impl Running {
    fn begin(&mut self, state: &State, job: Job) {
        let site = site_of(&job.payload);
        let task = self.tasks.spawn(run_one(state.clone(), job));
        self.sites.insert(task.id(), site);
    }

    /// Waits for the next one to end; nothing if none runs.
    async fn next_ended(&mut self) -> Option<()> {
        let id = match self.tasks.join_next_with_id().await? {
            Ok((id, ())) => id,
            Err(failed) => failed.id(),
        };
        self.sites.remove(&id);
        Some(())
    }
}

/// Begins with as many due jobs as there is room for.
async fn start(state: &State, running: &mut Running) -> Result<(), DbError> {
    while running.sites.len() < AT_ONCE {
        let now = state.clock.now();
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(jobs::list_due(conn, Lane::Outside, now, LOOKED_AT)?);
        let due = state.db.read(read).await?.into_iter().map(|(id, payload)| (id, site_of(&payload))).collect();
        let chosen = choose(due, running.sites.values().copied());
        let wanted = chosen.len();
        if wanted == 0 {
            break;
        }
        let write =
            move |conn: &mut Conn<'_>| Ok::<_, DbError>(jobs::lease_these(conn, (Lane::Outside, &chosen), now, LEASE)?);
        let leased = state.db.write(write).await?;
        let is_all = leased.len() == wanted;
        for job in leased {
            running.begin(state, job);
        }
        // what others took meanwhile leaves room for more
        if is_all {
            break;
        }
    }
    Ok(())
}

/// With which of the due jobs to begin while those of these sites run: each time with the first one of the sites of which
/// the fewest run.
fn choose(mut due: Vec<(JobId, Option<SiteId>)>, running: impl Iterator<Item = Option<SiteId>>) -> Vec<JobId> {
    let (mut of_site, mut all, mut chosen) = (HashMap::<_, usize>::new(), 0, Vec::new());
    for site in running {
        *of_site.entry(site).or_default() += 1;
        all += 1;
    }
    while all + chosen.len() < AT_ONCE {
        let counts = due.iter().map(|(_, site)| of_site.get(site).copied().unwrap_or_default());
        let next = counts.enumerate().filter(|(_, count)| *count < AT_ONCE_OF_SITE).min_by_key(|(_, count)| *count);
        let Some((place, _)) = next else { break };
        let (id, site) = due.remove(place);
        *of_site.entry(site).or_default() += 1;
        chosen.push(id);
    }
    chosen
}

async fn run_one(state: State, job: Job) {
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
    let read = move |conn: &mut Conn<'_>| {
        let found = Found::read(conn, told.reply)?.filter(|found| found.row.revision == told.revision);
        // who changed his mind left another job, which may come first
        let taken = match replies::find(conn, told.reply)? {
            Some(reply) => find_taken_for_spam(conn, &reply)?,
            None => None,
        };
        let holds = taken == Some(told.is_spam);
        Ok::<_, DbError>(found.filter(|_| holds))
    };
    let Some(found) = state.db.read(read).await? else { return delete(state, job.id).await };
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn site(number: u128) -> Option<SiteId> {
        Some(SiteId(Uuid::from_u128(number)))
    }

    /// The places of those that are chosen of jobs of these sites.
    fn chosen(due: &[u128], running: &[u128]) -> Vec<u128> {
        let due = due.iter().zip(0..).map(|(of, place)| (JobId(Uuid::from_u128(place)), site(*of))).collect();
        choose(due, running.iter().map(|of| site(*of))).into_iter().map(|id| id.0.as_u128()).collect()
    }

    #[test]
    fn a_site_with_many_questions_leaves_room_for_those_of_others() {
        assert_eq!(chosen(&[1; 20], &[]), [0, 1, 2]);
        assert_eq!(chosen(&[1, 1, 1, 1, 1, 2, 3], &[]), [0, 5, 6, 1, 2]);
        // who has the fewest comes first, however long the others wait
        assert_eq!(chosen(&[1, 2, 3, 4], &[1, 1, 2, 2, 3, 3, 4]), [3]);
        assert_eq!(chosen(&[1, 1], &[1, 1]), [0]);
    }

    #[test]
    fn no_more_run_than_may_at_once() {
        assert_eq!(chosen(&[1, 2, 3, 4, 5, 6, 7, 8, 9], &[]).len(), AT_ONCE);
        assert_eq!(chosen(&[9], &[1, 2, 3, 4, 5, 6, 7, 8]), [0; 0]);
        assert_eq!(chosen(&[1], &[1, 1, 1]), [0; 0]);
    }
}
