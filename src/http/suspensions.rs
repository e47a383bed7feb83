//! Suspending accounts, on a site or everywhere, and lifting it.

use actix_web::{HttpResponse, delete, get, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    idempotent::{Created, Once},
    page::{DEFAULT_LIMIT, Page},
    problem::{Code, Problem},
    sites::find_site,
};
use crate::{
    app::State,
    auth::{
        permission::{Object, Operation},
        standing::Standing,
    },
    clock::Random,
    domain::{ids::*, moderation::Action, timestamp::Timestamp, visible},
    store::{
        Conn,
        accounts::{self, Account},
        decisions::{self, Actor, Decision},
        sites,
        suspensions::{self, Suspension},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(suspend_account).service(list_suspensions).service(lift_suspension);
}

/// A suspension.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuspensionView {
    /// Its id.
    pub id: SuspensionId,
    /// Whose.
    pub account_id: AccountId,
    /// On which site; null: everywhere.
    pub site_id: Option<SiteId>,
    /// Why.
    pub reason: String,
    /// Until when; null: for good.
    pub until: Option<Timestamp>,
    /// By whom; null: by a command.
    pub created_by: Option<AccountId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Who lifted it.
    pub lifted_by: Option<AccountId>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
}

impl From<Suspension> for SuspensionView {
    fn from(row: Suspension) -> Self {
        Self {
            id: row.id,
            account_id: row.account_id,
            site_id: row.site_id,
            reason: row.reason,
            until: row.until,
            created_by: row.created_by,
            created_at: row.created_at,
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
        }
    }
}

/// A suspension to be.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendAccount {
    /// The key of the site; absent or null: everywhere, which takes an admin.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub site: Option<String>,
    /// Until when; absent or null: for good.
    pub until: Option<Timestamp>,
    /// Why, for the log.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// Suspend an account
///
/// Acts at once, also on access tokens already given out. Never staff of the same or a higher rank, nor oneself.
#[utoipa::path(request_body = SuspendAccount,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SuspensionView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/accounts/{account_id}/suspensions")]
pub async fn suspend_account(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    once: Once,
    body: Body<SuspendAccount>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    if body.value.reason.chars().any(visible::is_forbidden_control) {
        return Err(Problem::field("/reason", "control characters are not allowed"));
    }
    if body.value.until.is_some_and(|until| until <= now) {
        return Err(Problem::field("/until", "must lie in the future"));
    }
    let (db, random) = (state.db.clone(), state.random.clone());
    let (location, row) = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let target = find_target(conn, *id)?;
            // asked also of who repeats a request: a right may have been lost meanwhile
            let site = permit(conn, &caller, &target, body.value.site.as_deref(), Operation::SuspendAccount, now)?;
            let operation = (Operation::SuspendAccount, id.to_string());
            let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
                suspend(conn, &caller, (target.id, site), &body.value, &random, now)
            })?;
            let row = suspensions::find(conn, SuspensionId(created.object_id.unwrap_or_default()))?;
            let row = row.ok_or_else(|| Problem::new(Code::NotFound))?;
            Ok::<_, Problem>((created.location.unwrap_or_default(), row))
        })
        .await?;
    tracing::warn!(account = %row.account_id, site = ?row.site_id, "account suspended");
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(SuspensionView::from(row)))
}

fn suspend(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (account_id, site_id): (AccountId, Option<SiteId>),
    request: &SuspendAccount,
    random: &Random,
    now: Timestamp,
) -> Result<Created, Problem> {
    let row = Suspension {
        id: random.id(now),
        account_id,
        site_id,
        reason: request.reason.clone(),
        until: request.until,
        created_by: Some(caller.account.id),
        created_at: now,
        lifted_by: None,
        lifted_at: None,
    };
    suspensions::insert(conn, &row)?;
    log(conn, caller.actor(site_id), Action::Suspend, &row, random, now)?;
    Ok(Created::at(format!("/api/v1/accounts/{account_id}/suspensions/{}", row.id), row.id))
}

fn find_target(conn: &mut Conn<'_>, id: AccountId) -> Result<Account, Problem> {
    accounts::find(conn, id)?.filter(|account| account.closed_at.is_none()).ok_or_else(|| Problem::new(Code::NotFound))
}

/// The site concerned, if the caller may do this to this account there.
fn permit(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    target: &Account,
    site: Option<&str>,
    operation: Operation,
    now: Timestamp,
) -> Result<Option<SiteId>, Problem> {
    let standing = Standing::of(conn, target, now)?;
    match site {
        None => {
            let object = Object { owner: Some(target.id), rank: Some(standing.rank(None)), ..Object::default() };
            caller.may_across(operation, object)?;
            Ok(None)
        }
        Some(key) => {
            let site = find_site(conn, key)?;
            let rank = standing.rank(Some(site.id));
            caller.may_on(
                &site,
                operation,
                Object { owner: Some(target.id), rank: Some(rank), ..Object::default() },
            )?;
            Ok(Some(site.id))
        }
    }
}

fn log(
    conn: &mut Conn<'_>,
    actor: Actor,
    action: Action,
    row: &Suspension,
    random: &Random,
    now: Timestamp,
) -> Result<(), Problem> {
    let details = serde_json::json!({"suspension_id": row.id, "until": row.until}).to_string();
    let decision = Decision {
        site_id: row.site_id,
        account_id: Some(row.account_id),
        note: Some(row.reason.clone()),
        details: Some(details),
        ..Decision::new(random.id(now), actor, action, now)
    };
    Ok(decisions::insert(conn, &decision)?)
}

/// Which suspensions, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSuspensions {
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List an account's suspensions
///
/// The newest first, past and lifted ones too; moderators see those on their sites and those everywhere.
#[utoipa::path(
    tag = "moderation",
    params(ListSuspensions),
    responses((status = 200, body = Page<SuspensionView>)),
    security(("token" = []))
)]
#[get("/api/v1/accounts/{account_id}/suspensions")]
pub async fn list_suspensions(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    Params(query): Params<ListSuspensions>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            caller.may_across(Operation::ListSuspensions, Object::default())?;
            let account = accounts::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            let scope = format!("suspensions/{}/{}", account.id, caller.account.id);
            let before = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
            let moderated = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
            let rows = suspensions::list(conn, account.id, moderated.as_deref(), before, i64::from(limit) + 1)?;
            let cursor = |last: &Suspension| state.cursors.seal(&scope, (last.created_at, last.id));
            Ok::<_, Problem>(Page::of(rows, limit as usize, cursor, SuspensionView::from))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Lift a suspension
///
/// Lifting what is lifted changes nothing.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/accounts/{account_id}/suspensions/{suspension_id}")]
pub async fn lift_suspension(
    caller: Caller,
    state: State,
    path: web::Path<(AccountId, SuspensionId)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    db.write(move |conn| {
        let caller = caller.sign_in(conn, now)?;
        let row = suspensions::find(conn, path.1)?.filter(|row| row.account_id == path.0);
        let row = row.ok_or_else(|| Problem::new(Code::NotFound))?;
        let target = find_target(conn, row.account_id)?;
        let site = match row.site_id {
            Some(id) => sites::find(conn, id)?,
            None => None,
        };
        permit(conn, &caller, &target, site.as_ref().map(|site| site.key.as_str()), Operation::LiftSuspension, now)?;
        if suspensions::lift(conn, row.id, caller.account.id, now)? {
            log(conn, caller.actor(row.site_id), Action::LiftSuspension, &row, &random, now)?;
        }
        Ok::<_, Problem>(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
