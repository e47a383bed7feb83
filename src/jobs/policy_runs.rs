//! Runs of policies: tried on former replies, run again on those that wait, and undone.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{After, pace::Pace};
use crate::{
    app::State,
    auth::standing::Standing,
    domain::{
        ids::*,
        moderation::{Action, ActorKind},
        policy_run::{RunKind, RunState, Simulation},
        reply_state::ReplyState,
        rules::{Text, policy::Policy},
        sanction::SanctionKind,
        timestamp::Timestamp,
    },
    judging::{About, Attempt, NotStored, Writer, off_thread, outside, simulation::Simulator},
    store::{
        Conn, DbError,
        decisions::{self, Actor, Decision},
        jobs::{self, Job},
        policy_runs::{self, PolicyRun, Range},
        replies, sites, stories,
        transitions::{self, Entry},
        verdicts,
    },
};

/// Replies that are looked at in one piece.
const PIECE: usize = 50;
/// Rows of a reply's log that are looked at, the newest.
const LOOKED_BACK: i64 = 20;
/// How long a run may take.
const LONGEST: Duration = Duration::from_secs(600);
/// Tries of a run before it is given up.
const TRIES: i32 = 3;

/// A job's payload.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    pub run: PolicyRunId,
}

/// What was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The draft that is tried; none: the site's own policy.
    pub policy: Option<Policy>,
    /// The latest replies, so many at most.
    pub last: i64,
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
    /// In what capacity somebody asked.
    pub actor_kind: ActorKind,
}

/// What came of running a policy again.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Rerun {
    pub released: u64,
    pub still_waiting: u64,
}

/// What came of undoing a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Undone {
    pub put_back: u64,
    /// Replies that have moved on since.
    pub moved_on: u64,
    /// The first of these.
    pub moved_on_ids: Vec<ReplyId>,
}

/// Replies that are named at most.
const NAMED: usize = 100;

/// Runs a run to its end.
pub(super) async fn run(state: &State, job: &Job) -> Result<After, DbError> {
    let Ok(Payload { run: id }) = serde_json::from_str(&job.payload) else { return Ok(After::Gone) };
    let found = state.db.read(move |conn| Ok::<_, DbError>(policy_runs::find(conn, id)?)).await?;
    let Some(run) = found.filter(|run| !run.state.is_over()) else { return Ok(After::Gone) };
    let mut going = Going { state, job, run: &run, begun: Instant::now(), pace: Pace::default() };
    let outcome = match run.kind {
        RunKind::Simulate => going.simulate().await,
        RunKind::Rerun => going.rerun().await,
        RunKind::Undo => going.undo().await,
    };
    match outcome {
        Err(cause) if job.attempts < TRIES => return Err(cause),
        Err(cause) => {
            tracing::error!(run = %id, %cause, "a run of a policy failed again and is given up");
            going.finish(RunState::Failed, None).await?;
        }
        Ok((state, result)) => going.finish(state, Some(result)).await?,
    }
    Ok(After::Gone)
}

/// A run that is going on.
struct Going<'a> {
    state: &'a State,
    job: &'a Job,
    run: &'a PolicyRun,
    begun: Instant,
    pace: Pace,
}

/// What notes how far a run is, and of how much.
fn noted(run: PolicyRunId, (done, total): (usize, usize)) -> impl Fn(&mut Conn<'_>) -> QueryResult<()> {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let (done, total) = (number(done), number(total));
    move |conn| policy_runs::note_progress(conn, run, done, total)
}

type Outcome = Result<(RunState, String), DbError>;

fn json(result: &impl Serialize) -> String {
    serde_json::to_string(result).expect("plain values are JSON")
}

impl Going<'_> {
    async fn finish(&self, state: RunState, result: Option<String>) -> Result<(), DbError> {
        let (id, job, now) = (self.run.id, self.job.id, self.state.clock.now());
        let write = move |conn: &mut Conn<'_>| {
            policy_runs::finish(conn, id, state, result.as_deref(), now)?;
            Ok::<_, DbError>(jobs::delete(conn, job)?)
        };
        self.state.db.write(write).await
    }

    /// How the run ends where it is not to go on. Looked at before each piece: also one that was cancelled while it
    /// waited does nothing.
    async fn ended(&self) -> Result<Option<RunState>, DbError> {
        let id = self.run.id;
        let is_wanted = self.state.db.read(move |conn| Ok::<_, DbError>(policy_runs::is_wanted(conn, id)?)).await?;
        if !is_wanted {
            return Ok(Some(RunState::Cancelled));
        }
        Ok((self.begun.elapsed() > LONGEST).then_some(RunState::Failed))
    }

    /// Notes how far it is, keeps the lease, and rests.
    async fn rest(&mut self, done: (usize, usize), piece: Instant) -> Result<(), DbError> {
        let note = noted(self.run.id, done);
        self.pace.rest(self.state, self.job.id, piece, note).await
    }

    async fn request(&self) -> Result<Request, DbError> {
        let id = self.run.id;
        let found = self.state.db.read(move |conn| Ok::<_, DbError>(policy_runs::find_request(conn, id)?)).await?;
        serde_json::from_str(&found.unwrap_or_default()).map_err(|cause| DbError::Unreachable(cause.to_string()))
    }

    async fn simulate(&mut self) -> Outcome {
        let request = self.request().await?;
        let (site, now) = (self.run.site_id, self.state.clock.now());
        let range = Range { since: request.since, until: request.until, last: request.last };
        let read = move |conn: &mut Conn<'_>| {
            let site = sites::find(conn, site)?;
            let ids = site.as_ref().map(|site| policy_runs::list_range(conn, site.id, range)).transpose()?;
            Ok::<_, DbError>(site.zip(ids))
        };
        let Some((site, ids)) = self.state.db.read(read).await? else { return Ok((RunState::Failed, json(&()))) };
        let policy = request.policy.unwrap_or_default();
        let Ok(policy) = off_thread(move || policy.ready()).await? else {
            return Ok((RunState::Failed, json(&Simulation::default())));
        };
        let db = &self.state.db;
        let simulator = Simulator::new(self.state.judging.clone(), db, site, Arc::new(policy), now).await?;
        let (simulator, mut simulation) = (Arc::new(simulator), Simulation::default());
        for (index, piece) in ids.chunks(PIECE).enumerate() {
            if let Some(ended) = self.ended().await? {
                return Ok((ended, json(&simulation)));
            }
            let begun = Instant::now();
            simulation = simulator.go_on(db, piece.to_vec(), simulation).await?;
            self.rest((index * PIECE + piece.len(), ids.len()), begun).await?;
        }
        self.pace.note(self.state, self.job.id, noted(self.run.id, (ids.len(), ids.len()))).await?;
        Ok((RunState::Done, json(&simulation)))
    }

    async fn rerun(&mut self) -> Outcome {
        let (site, run, limit) = (self.run.site_id, self.run.id, PIECE as i64);
        let total = self.state.db.read(move |conn| Ok::<_, DbError>(sites::counters(conn, site)?.pending)).await?;
        let total = usize::try_from(total).unwrap_or_default();
        let mut place = (Timestamp::from_micros(i64::MIN), ReplyId(Uuid::nil()));
        let (mut done, mut still_waiting) = (0, 0);
        let ended = loop {
            if let Some(ended) = self.ended().await? {
                break ended;
            }
            let begun = Instant::now();
            let read =
                move |conn: &mut Conn<'_>| Ok::<_, DbError>(policy_runs::list_waiting(conn, site, place, limit)?);
            let waiting = self.state.db.read(read).await?;
            let Some((id, at)) = waiting.last().copied() else { break RunState::Done };
            place = (at, id);
            for (id, _) in &waiting {
                still_waiting += u64::from(!release(self.state, run, *id).await?);
            }
            done += waiting.len();
            self.rest((done, total.max(done)), begun).await?;
        };
        // counted, since an earlier try of this run may have released some
        let released = self.state.db.read(move |conn| Ok::<_, DbError>(policy_runs::count_items(conn, run)?)).await?;
        Ok((ended, json(&Rerun { released: u64::try_from(released).unwrap_or_default(), still_waiting })))
    }

    async fn undo(&mut self) -> Outcome {
        let request = self.request().await?;
        let Some(undone) = self.run.undoes else { return Ok((RunState::Failed, json(&Undone::default()))) };
        let actor = Actor { kind: request.actor_kind, id: self.run.author_id };
        let total = self.state.db.read(move |conn| Ok::<_, DbError>(policy_runs::count_items(conn, undone)?)).await?;
        let total = usize::try_from(total).unwrap_or_default();
        let (mut after, mut done, mut result) = (ReplyId(Uuid::nil()), 0, Undone::default());
        loop {
            if let Some(ended) = self.ended().await? {
                return Ok((ended, json(&result)));
            }
            let begun = Instant::now();
            let read = move |conn: &mut Conn<'_>| {
                Ok::<_, DbError>(policy_runs::list_items(conn, undone, after, PIECE as i64)?)
            };
            let items = self.state.db.read(read).await?;
            let Some((last, _)) = items.last().copied() else { return Ok((RunState::Done, json(&result))) };
            after = last;
            done += items.len();
            for (id, version) in items {
                if put_back(self.state, (undone, actor), id, version).await? {
                    result.put_back += 1;
                } else {
                    result.moved_on += 1;
                    if result.moved_on_ids.len() < NAMED {
                        result.moved_on_ids.push(id);
                    }
                }
            }
            self.rest((done, total), begun).await?;
        }
    }
}

/// What a row of the log says of a run.
fn details(run: PolicyRunId) -> Option<String> {
    Some(serde_json::json!({"run": run}).to_string())
}

/// Whether the last thing that a person decided about a reply was to give it back to its author, as the newest rows of its
/// log say, the newest first. What is farther back than these is not known, and then it is taken for so.
fn is_returned(rows: &[Decision]) -> bool {
    let is_decision = |row: &&Decision| {
        matches!(row.action, Action::Approve | Action::Reject | Action::Spam | Action::Restore | Action::Return)
    };
    match rows.iter().find(is_decision) {
        Some(decision) => matches!(decision.action, Action::Return | Action::Restore),
        None => !rows.iter().any(|row| matches!(row.action, Action::Post | Action::Import)),
    }
}

/// Judges a waiting reply anew, and releases it if it passes. Whether it did.
async fn release(state: &State, run: PolicyRunId, id: ReplyId) -> Result<bool, DbError> {
    let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(replies::find(conn, id)?);
    let Some(seen) = state.db.read(read).await? else { return Ok(false) };
    let (revision, source) = (seen.revision, seen.body.source);
    let text = off_thread(move || Arc::new(Text::of_source(source))).await?;
    let (random, now) = (state.random.clone(), state.clock.now());
    let write = move |conn: &mut Conn<'_>, attempt: &Attempt| -> Result<bool, NotStored<DbError>> {
        let Some(reply) = replies::find_locked(conn, id)? else { return Ok(false) };
        let rows = decisions::list_last_of_replies(conn, &[id], LOOKED_BACK)?;
        // what a person put back or returned, or an import brought, no rule lets go
        let last = rows.first();
        let is_judged = last.is_some_and(|last| matches!(last.action, Action::Post | Action::Edit | Action::Judge))
            && !is_returned(&rows);
        let is_reported = reply.open_reports > 0;
        if reply.state != ReplyState::Pending || reply.revision != revision || !is_judged || is_reported {
            return Ok(false);
        }
        // nor what waits for a person as its author is one to look after
        if verdicts::was_premoderated(conn, id)? {
            return Ok(false);
        }
        let Some(head) = stories::find_head(conn, reply.story_id)? else { return Ok(false) };
        let standing = Standing::of_open(conn, reply.author_id, now)?;
        let is_held = |standing: &Standing| {
            standing.is_held_on(head.site.id, SanctionKind::Premoderate) || standing.waits_unproven(&head.site)
        };
        if standing.as_ref().is_some_and(is_held) {
            return Ok(false);
        }
        let is_staff = standing.is_some_and(|standing| standing.is_staff(head.site.id));
        let said = verdicts::find_last_of_text(conn, &reply)?;
        let writer = Writer::of_former(&reply, is_staff, said.as_ref());
        let mut judged = attempt.settle(conn, &head, writer, now)?;
        let may_be_released = outside::keep_answer(conn, &mut judged, &head.site, (&reply, said.as_ref()))?;
        let next = judged.fate.state;
        if !next.is_public() || !may_be_released {
            return Ok(false);
        }
        let entry = Entry::new(random.id(now), Actor::SYSTEM, Action::Judge, now);
        let entry = Entry { judged: Some(judged), details: details(run), ..entry };
        let reply = transitions::change(conn, &reply, next, None, &entry)?;
        policy_runs::insert_item(conn, run, id, reply.version)?;
        Ok(true)
    };
    state.judging.store(&state.db, &text, About::Edit(id), write).await
}

/// Puts a reply that a run released back to where it was, if it has not moved on. Whether it is back there.
async fn put_back(
    state: &State,
    (run, actor): (PolicyRunId, Actor),
    id: ReplyId,
    version: i32,
) -> Result<bool, DbError> {
    let (random, now) = (state.random.clone(), state.clock.now());
    let write = move |conn: &mut Conn<'_>| {
        let Some(reply) = replies::find_locked(conn, id)? else { return Ok(false) };
        if reply.version != version {
            // an undo that did not come to its end, or an earlier try of this one, may have come here before
            let last = decisions::find_last_of_reply(conn, id)?;
            return Ok(last.is_some_and(|last| last.action == Action::Undo && last.details == details(run)));
        }
        let entry = Entry { details: details(run), ..Entry::new(random.id(now), actor, Action::Undo, now) };
        transitions::change(conn, &reply, ReplyState::Pending, None, &entry)?;
        Ok::<_, DbError>(true)
    };
    state.db.write(write).await
}
