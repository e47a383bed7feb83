//! Policies tried before they are switched on, and waiting replies run again.

use actix_web::{HttpResponse, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use super::{made_ready, permit, run_view::PolicyRunView};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{
        ids::*,
        job::{JobKind, Lane},
        moderation::{Action, ActorKind},
        policy_run::{RunKind, RunState},
        rules::policy::Policy,
        timestamp::Timestamp,
    },
    http::{
        body::{Body, HUGE},
        caller::{Caller, SignedIn},
        problem::{Code, Problem},
        sites::{find_site, on_site},
    },
    jobs::policy_runs::{Payload, Request},
    store::{
        Conn,
        decisions::{self, Decision},
        jobs::{self, Job},
        policy_runs::{self, PolicyRun},
        sites::Site,
    },
};

/// Replies that a policy is tried on where the request does not say, and at most.
const LAST: u32 = 1_000;
const LAST_MAX: u32 = 10_000;
/// Runs of a site that may wait or go on at once.
const AT_ONCE: i64 = 3;

/// Which replies a policy is tried on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulatePolicy {
    /// The draft; absent or null: what every site begins with.
    pub policy: Option<Policy>,
    /// The latest replies of the range, so many at most: 1 to 10,000; 1,000 if absent.
    #[schema(minimum = 1, maximum = 10000)]
    pub last: Option<u32>,
    /// Only from then on.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
}

/// The policy is checked where it is made ready.
impl Validate for SimulatePolicy {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// Stores a run with its job, and says so in the site's log.
fn begin(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    site: &Site,
    (kind, undoes): (RunKind, Option<PolicyRunId>),
    request: &Request,
    (state, now): (&State, Timestamp),
) -> Result<PolicyRun, Problem> {
    if policy_runs::count_going_on(conn, site.id)? >= AT_ONCE {
        return Err(Problem::new(Code::StateConflict).detail("other runs of this site are going on: wait, or end one"));
    }
    let request = Request { actor_kind: caller.actor(Some(site.id)).kind, ..request.clone() };
    let as_json = |cause| Problem::new(Code::Internal).caused_by(cause);
    let run = PolicyRun {
        id: state.random.id(now),
        site_id: site.id,
        kind,
        state: RunState::Waiting,
        undoes,
        done: 0,
        total: 0,
        result: None,
        author_id: Some(caller.account.id),
        created_at: now,
        cancelled_at: None,
        finished_at: None,
    };
    policy_runs::insert(conn, &run, &serde_json::to_string(&request).map_err(as_json)?)?;
    let payload = serde_json::to_string(&Payload { run: run.id }).map_err(as_json)?;
    jobs::insert(conn, &Job::new(state.random.id(now), JobKind::RunPolicy, payload, now))?;
    log(conn, caller, site, (Action::RunPolicy, &run), (state, now))?;
    Ok(run)
}

pub(super) fn log(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    site: &Site,
    (action, run): (Action, &PolicyRun),
    (state, now): (&State, Timestamp),
) -> Result<(), Problem> {
    let row = Decision::new(state.random.id(now), caller.actor(Some(site.id)), action, now);
    let details = serde_json::json!({"run": run.id, "kind": run.kind, "undoes": run.undoes}).to_string();
    Ok(decisions::insert(conn, &Decision { site_id: Some(site.id), details: Some(details), ..row })?)
}

/// The answer to who began a run.
fn begun(state: &State, site: &str, run: PolicyRun) -> HttpResponse {
    state.jobs.of(Lane::Runs).notify_one();
    let location = format!("/api/v1/sites/{site}/policy/runs/{}", run.id);
    HttpResponse::Accepted().insert_header((header::LOCATION, location)).json(PolicyRunView::from(run))
}

/// A run of the site of this key, for one who may see it.
pub(super) fn find_run(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (key, id): (&str, PolicyRunId),
    operation: Operation,
) -> Result<(Site, PolicyRun), Problem> {
    let site = find_site(conn, key)?;
    caller.may_on(&site, operation, Object::default())?;
    let find = if operation.is_reading() { policy_runs::find } else { policy_runs::find_locked };
    let run = find(conn, id)?.filter(|run| run.site_id == site.id);
    Ok((site, run.ok_or_else(|| Problem::new(Code::NotFound))?))
}

/// Try a policy on former replies
///
/// Says what a draft would have done to the latest replies, by rule, and against what people decided. Nothing is changed.
/// It goes on beside: the answer says where its progress and its result stand, which is kept for 30 days.
#[utoipa::path(request_body = SimulatePolicy,
    tag = "policies",
    responses((status = 202, body = PolicyRunView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/policy/simulate")]
pub async fn simulate_policy(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    body: Body<SimulatePolicy, HUGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let SimulatePolicy { policy, last, since, until } = body.value;
    let last = last.unwrap_or(LAST);
    if !(1..=LAST_MAX).contains(&last) {
        return Err(Problem::field("/last", "1 to 10,000"));
    }
    permit(&state, &caller, &key, Operation::SimulatePolicy).await?;
    let ready = made_ready(&state, policy.unwrap_or_default()).await;
    let (policy, _) = ready.map_err(|problem| problem.below("/policy"))?;
    let request = Request { policy: Some(policy), last: last.into(), since, until, actor_kind: ActorKind::System };
    let (site, kept) = (key.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, site) = on_site(conn, &caller, &site, Operation::SimulatePolicy, now)?;
        begin(conn, &caller, &site, (RunKind::Simulate, None), &request, (&kept, now))
    };
    let run = state.db.write(write).await?;
    Ok(begun(&state, &key, run))
}

const NOTHING: Request = Request { policy: None, last: 0, since: None, until: None, actor_kind: ActorKind::System };

/// Run the policy again on what waits
///
/// Replies that rules held are judged by the present policy; what passes now is released. Those that wait by the mode, that
/// a moderator put back or that an import brought go on waiting, and where somebody outside is asked those that nobody
/// answered about. Each release is logged, and all of them can be undone.
#[utoipa::path(
    tag = "policies",
    responses((status = 202, body = PolicyRunView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/policy/rerun")]
pub async fn rerun_policy(caller: Caller, state: State, key: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (site, kept) = (key.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, site) = on_site(conn, &caller, &site, Operation::RerunPolicy, now)?;
        begin(conn, &caller, &site, (RunKind::Rerun, None), &NOTHING, (&kept, now))
    };
    let run = state.db.write(write).await?;
    Ok(begun(&state, &key, run))
}

/// Undo a run
///
/// Of a policy that was run again: what it released waits again, unless it has moved on since.
#[utoipa::path(
    tag = "policies",
    responses((status = 202, body = PolicyRunView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/policy/runs/{run_id}/undo")]
pub async fn undo_policy_run(
    caller: Caller,
    state: State,
    path: web::Path<(String, PolicyRunId)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (key, id) = path.into_inner();
    let (site, kept) = (key.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let (site, run) = find_run(conn, &caller, (&site, id), Operation::UndoPolicyRun)?;
        let is_possible = run.kind == RunKind::Rerun && run.state.is_over();
        if !is_possible || policy_runs::is_undone(conn, id)? {
            return Err(Problem::new(Code::StateConflict).detail("only a finished run that released something, once"));
        }
        begin(conn, &caller, &site, (RunKind::Undo, Some(id)), &NOTHING, (&kept, now))
    };
    let run = state.db.write(write).await?;
    Ok(begun(&state, &key, run))
}
