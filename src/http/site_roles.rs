//! Roles on a site.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Routes,
    body::Params,
    caller::Caller,
    page::{Page, Paging},
    problem::{Code, Problem},
    sites::on_site,
};
use crate::{
    app::State,
    auth::permission::Operation,
    clock::Random,
    domain::{ids::*, moderation::Action, session::EndReason, site::SiteRole, timestamp::Timestamp},
    security::tell,
    store::{
        Conn, accounts,
        decisions::{self, Actor, Decision},
        roles::{self, RoleOutcome, SiteRoleGrant},
        sessions, sites, standing,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_site_roles).service(grant_site_role).service(revoke_site_role);
}

/// A role that an account has on a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SiteRoleView {
    /// Whose.
    pub account_id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The role.
    pub role: SiteRole,
    /// Null: by a command.
    pub granted_by: Option<AccountId>,
    /// Since when.
    pub granted_at: Timestamp,
}

/// Which role of whom on which site.
#[derive(Clone, Debug, Deserialize)]
pub struct RolePath {
    site: String,
    account_id: AccountId,
    role: SiteRole,
}

/// List a site's roles
#[utoipa::path(
    tag = "sites",
    params(Paging),
    responses((status = 200, body = Page<SiteRoleView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/roles")]
pub async fn list_site_roles(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let (_, site) = on_site(conn, &caller, &key, Operation::ListSiteRoles, now)?;
            let scope = format!("roles/{}", site.id);
            let after = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
            let rows = roles::list_of_site(conn, site.id, after, paging.rows())?;
            let cursor = |(last, _): &(SiteRoleGrant, _)| state.cursors.seal(&scope, (last.account_id, last.role));
            Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, |(grant, username)| SiteRoleView {
                account_id: grant.account_id,
                username,
                role: grant.role,
                granted_by: grant.granted_by,
                granted_at: grant.granted_at,
            }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Grants a role, or takes it back, with its row in the log and pages told of the badge.
pub fn change_role(
    conn: &mut Conn<'_>,
    (site, account, role): (SiteId, AccountId, SiteRole),
    is_granted: bool,
    (actor, random, now): (Actor, &Random, Timestamp),
) -> Result<RoleOutcome, Problem> {
    let outcome = if is_granted {
        let grant = SiteRoleGrant { site_id: site, account_id: account, role, granted_by: actor.id, granted_at: now };
        roles::insert(conn, &grant)?
    } else {
        roles::delete(conn, site, account, role)?
    };
    if outcome == RoleOutcome::Changed {
        let action = if is_granted { Action::GrantRole } else { Action::RevokeRole };
        let details = serde_json::json!({"role": role}).to_string();
        let decision = Decision::new(random.id(now), actor, action, now);
        let decision = Decision { site_id: Some(site), account_id: Some(account), details: Some(details), ..decision };
        decisions::insert(conn, &decision)?;
        sites::raise_people_version(conn, site)?;
    }
    Ok(outcome)
}

/// Makes an admin, or none any more, with its row in the log and pages told of the badge.
pub fn change_admin(
    conn: &mut Conn<'_>,
    account: AccountId,
    is_granted: bool,
    (random, now): (&Random, Timestamp),
) -> Result<RoleOutcome, Problem> {
    if accounts::find_locked(conn, account)?.is_none_or(|account| account.is_admin == is_granted) {
        return Ok(RoleOutcome::Unchanged);
    }
    accounts::set_admin(conn, account, is_granted)?;
    if is_granted {
        // no site's word makes an admin, also none from before
        sessions::end_by_identities(conn, account, EndReason::EndedByAdmin, now)?;
    }
    sites::raise_people_version_where_wrote(conn, account)?;
    let action = if is_granted { Action::GrantRole } else { Action::RevokeRole };
    let details = Some(r#"{"role":"admin"}"#.to_owned());
    let decision = Decision::new(random.id(now), Actor::SYSTEM, action, now);
    decisions::insert(conn, &Decision { account_id: Some(account), details, ..decision })?;
    Ok(RoleOutcome::Changed)
}

async fn change(caller: Caller, state: State, path: RolePath, operation: Operation) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, told) = (state.db.clone(), (path.account_id, path.role));
    db.write(move |conn| {
        let (caller, site) = on_site(conn, &caller, &path.site, operation, now)?;
        standing::hold(conn, path.account_id)?;
        let account = accounts::find_locked(conn, path.account_id)?.filter(|account| account.closed_at.is_none());
        let account = account.ok_or_else(|| Problem::new(Code::NotFound))?;
        let is_granted = operation == Operation::GrantSiteRole;
        let by = (caller.actor(Some(site.id)), &state.random, now);
        let outcome = change_role(conn, (site.id, account.id, path.role), is_granted, by)?;
        Ok::<_, Problem>((outcome == RoleOutcome::Changed, is_granted))
    })
    .await
    .map(|(is_changed, is_granted)| match (is_changed, is_granted) {
        (true, true) => tell!(RoleGranted, of = %told.0, role = told.1.as_str()),
        (true, false) => tell!(RoleRevoked, of = %told.0, role = told.1.as_str()),
        (false, _) => {}
    })?;
    Ok(HttpResponse::NoContent().finish())
}

/// Grant a role
///
/// Acts at once; granting what is granted changes nothing.
#[utoipa::path(
    tag = "sites",
    params(("role" = SiteRole, Path)),
    responses((status = 204)),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/roles/{account_id}/{role}")]
pub async fn grant_site_role(caller: Caller, state: State, path: web::Path<RolePath>) -> Result<HttpResponse, Problem> {
    change(caller, state, path.into_inner(), Operation::GrantSiteRole).await
}

/// Take a role back
///
/// Acts at once; taking back what is not granted changes nothing.
#[utoipa::path(
    tag = "sites",
    params(("role" = SiteRole, Path)),
    responses((status = 204)),
    security(("token" = []))
)]
#[delete("/api/v1/sites/{site}/roles/{account_id}/{role}")]
pub async fn revoke_site_role(
    caller: Caller,
    state: State,
    path: web::Path<RolePath>,
) -> Result<HttpResponse, Problem> {
    change(caller, state, path.into_inner(), Operation::RevokeSiteRole).await
}
