//! A site's policy: the settings of its rules, version by version.

use actix_web::{HttpRequest, HttpResponse, get, http::header, put, web};
use serde::Serialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use super::{
    Routes,
    body::{Body, HUGE},
    caller::{Caller, SignedIn},
    etag::Expected,
    off_thread::off_thread,
    problem::{Code, FieldError, Problem},
    sites::{find_site, find_site_locked, on_site},
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    clock::Random,
    domain::{
        ids::*,
        moderation::Action,
        rules::policy::{Policy, ReadyPolicy},
        timestamp::Timestamp,
    },
    store::{
        Conn,
        decisions::{self, Decision},
        policies::{self, PolicyVersion, PolicyVersionHead},
        sites::Site,
    },
};

mod charts;
mod following;
mod lists;
mod run_view;
mod runs;
mod trial;
mod versions;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(show_policy)
        .service(put_policy)
        .service(versions::list_policy_versions)
        .service(versions::show_policy_version)
        .service(versions::restore_policy)
        .service(lists::show_policy_list)
        .service(lists::put_policy_list)
        .service(trial::test_policy)
        .service(runs::simulate_policy)
        .service(runs::rerun_policy)
        .service(following::list_policy_runs)
        .service(following::show_policy_run)
        .service(charts::show_policy_run_chart)
        .service(following::list_policy_run_events)
        .service(following::cancel_policy_run)
        .service(runs::undo_policy_run);
}

/// A version of a site's policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyView {
    /// Raised by each change; 0: what every site begins with.
    pub version: i64,
    /// The settings.
    pub policy: Policy,
    /// Who made it; null for version 0 and for a command.
    pub author_id: Option<AccountId>,
    /// When; null for version 0.
    pub created_at: Option<Timestamp>,
    /// The former version that it was made of.
    pub restored_from: Option<i64>,
}

/// A version of a site's policy, without its settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyVersionView {
    /// Raised by each change.
    pub version: i64,
    /// Who made it; null for a command.
    pub author_id: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
    /// The former version that it was made of.
    pub restored_from: Option<i64>,
}

impl From<PolicyVersionHead> for PolicyVersionView {
    fn from(row: PolicyVersionHead) -> Self {
        let PolicyVersionHead { version, author_id, created_at, restored_from } = row;
        Self { version, author_id, created_at, restored_from }
    }
}

/// What it means is checked where it is made ready.
impl Validate for Policy {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// A version of a site's policy; none if there never was one of this number.
fn find_version(conn: &mut Conn<'_>, site: SiteId, version: i64) -> Result<Option<PolicyView>, Problem> {
    if version == 0 {
        let policy = Policy::default();
        return Ok(Some(PolicyView { version, policy, author_id: None, created_at: None, restored_from: None }));
    }
    let Some(row) = policies::find(conn, site, version)? else { return Ok(None) };
    let unreadable = |cause| Problem::new(Code::Internal).caused_by(cause);
    Ok(Some(PolicyView {
        version,
        policy: serde_json::from_str(&row.body).map_err(unreadable)?,
        author_id: row.author_id,
        created_at: Some(row.created_at),
        restored_from: row.restored_from,
    }))
}

/// The site of this key and its present policy, for one who may see it.
fn find_present(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    key: &str,
    operation: Operation,
) -> Result<(Site, PolicyView), Problem> {
    let site = find_site(conn, key)?;
    caller.may_on(&site, operation, Object::default())?;
    let view = find_version(conn, site.id, site.policy_version)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok((site, view))
}

fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

fn answer(view: PolicyView) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, etag(view.version))).json(view)
}

/// Refuses what this caller may not do on the site of this key, before anything dear is done for it.
async fn permit(state: &State, caller: &Caller, key: &str, operation: Operation) -> Result<(), Problem> {
    let (caller, key, now) = (caller.clone(), key.to_owned(), state.clock.now());
    state.db.read(move |conn| on_site(conn, &caller, &key, operation, now).map(drop)).await
}

/// A policy that can be run, or all that is wrong with it. Dear, so done off the threads that serve, for a few at once,
/// and only for those who may do with it what they ask for.
async fn made_ready(state: &State, policy: Policy) -> Result<(Policy, ReadyPolicy), Problem> {
    let pass = state.making_policies.pass().await.map_err(|_| Problem::new(Code::Busy))?;
    off_thread(move || {
        let _pass = pass;
        let ready = policy.clone().ready().map_err(|errors| {
            let field = |error: crate::domain::rules::policy::PolicyError| FieldError {
                pointer: error.pointer,
                detail: error.detail,
            };
            Problem::fields(errors.into_iter().take(ERRORS_TOLD).map(field).collect())
        })?;
        Ok((policy, ready))
    })
    .await
}

/// Errors that are named at most; nobody mends more at once.
const ERRORS_TOLD: usize = 1_000;

/// The site of this key, locked, if the caller may change its policy and it is what the change was made of.
fn find_to_change(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    key: &str,
    operation: Operation,
    expected: &Expected,
) -> Result<Site, Problem> {
    let site = find_site_locked(conn, key)?;
    caller.may_on(&site, operation, Object::default())?;
    expected.check(site.policy_version)?;
    Ok(site)
}

/// Stores the next version of a locked site's policy, and says so in its log.
fn store_next(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    site: &Site,
    (policy, restored_from): (&Policy, Option<i64>),
    (random, now): (&Random, Timestamp),
) -> Result<PolicyView, Problem> {
    let version = site.policy_version + 1;
    let body = serde_json::to_string(policy).map_err(|cause| Problem::new(Code::Internal).caused_by(cause))?;
    let author_id = Some(caller.account.id);
    policies::insert(
        conn,
        &PolicyVersion { site_id: site.id, version, body, author_id, created_at: now, restored_from },
    )?;
    let row = Decision::new(random.id(now), caller.actor(Some(site.id)), Action::ChangePolicy, now);
    let details = serde_json::json!({"version": version, "restored_from": restored_from}).to_string();
    decisions::insert(conn, &Decision { site_id: Some(site.id), details: Some(details), ..row })?;
    Ok(PolicyView { version, policy: policy.clone(), author_id, created_at: Some(now), restored_from })
}

/// Show a site's policy
#[utoipa::path(
    tag = "policies",
    responses((status = 200, body = PolicyView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/policy")]
pub async fn show_policy(caller: Caller, state: State, site: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        find_present(conn, &caller, &site, Operation::ShowPolicy)
    };
    let (_, view) = state.db.read(read).await?;
    Ok(answer(view))
}

/// Change a site's policy
///
/// As a whole: what is absent is as every site begins with. Replies are judged by it from then on; those that wait are not
/// judged anew. Everything that is wrong with it is said at once, lists entry by entry.
#[utoipa::path(request_body = Policy,
    tag = "policies",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = PolicyView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/policy")]
pub async fn put_policy(
    caller: Caller,
    state: State,
    request: HttpRequest,
    site: web::Path<String>,
    body: Body<Policy, HUGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    permit(&state, &caller, &site, Operation::PutPolicy).await?;
    let (policy, _) = made_ready(&state, body.value).await?;
    let random = state.random.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let site = find_to_change(conn, &caller, &site, Operation::PutPolicy, &expected)?;
        store_next(conn, &caller, &site, (&policy, None), (&random, now))
    };
    Ok(answer(state.db.write(write).await?))
}
