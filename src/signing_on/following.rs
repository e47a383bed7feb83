//! What follows a token of somebody: his name, and the roles and badges that his issuer may give.
//!
//! Only what came by a token is taken back by one; what a person gave stays. Whoever gives less than before takes the rest
//! back, also where a token says nothing of it at all.

use super::{Claims, Issuer};
use crate::{
    clock::Random,
    domain::{
        badge::HELD_MAX,
        ids::*,
        moderation::Action,
        site::SiteRole,
        sso::{GrantKind, ROLES_GIVEN_MAX},
        timestamp::Timestamp,
    },
    http::problem::Problem,
    store::{
        Conn,
        accounts::{self, Account},
        badges,
        decisions::{self, Actor, Decision},
        identities::{self, Identity},
        identity_grants as grants,
        roles::{self, RoleOutcome, SiteRoleGrant},
        sites, standing,
    },
};

type By<'r> = (&'r Random, Timestamp);

/// Gives and takes as the token says. The account is locked, with what it may.
pub(super) fn follow(
    conn: &mut Conn<'_>,
    (issuer, identity): (&Issuer, &mut Identity),
    (account, claims): (&Account, &Claims),
    by: By<'_>,
) -> Result<(), Problem> {
    follow_name(conn, identity, account, claims)?;
    identities::touch(conn, identity.id, identity.name.as_deref(), by.1)?;
    let held = grants::list(conn, identity.id)?;
    let of = |kind| held.iter().filter(move |(of, _)| *of == kind).map(|(_, name)| name.clone()).collect();
    let mut is_changed = follow_roles(conn, (issuer, identity), (claims, of(GrantKind::Role)), by)?;
    is_changed |= follow_badges(conn, (issuer, identity), (claims, of(GrantKind::Badge)), by)?;
    if is_changed {
        sites::raise_people_version(conn, issuer.site_id)?;
    }
    Ok(())
}

/// Of an account that the identity made, as long as its owner has not named himself otherwise here.
fn follow_name(
    conn: &mut Conn<'_>,
    identity: &mut Identity,
    account: &Account,
    claims: &Claims,
) -> Result<(), Problem> {
    let Some(name) = &claims.name else { return Ok(()) };
    let is_theirs = identity.is_origin && account.display_name == identity.name;
    if !is_theirs || identity.name.as_deref() == Some(name.as_str()) {
        return Ok(());
    }
    accounts::set_display_name(conn, account.id, Some(name.as_str()))?;
    identity.name = Some(name.as_str().to_owned());
    Ok(sites::raise_people_version_where_wrote(conn, account.id)?)
}

fn follow_roles(
    conn: &mut Conn<'_>,
    (issuer, identity): (&Issuer, &Identity),
    (claims, held): (&Claims, Vec<String>),
    by: By<'_>,
) -> Result<bool, Problem> {
    let wanted: Vec<SiteRole> = claims.roles.iter().copied().filter(|role| issuer.may_give(*role)).collect();
    let held: Vec<SiteRole> = held.iter().filter_map(|name| SiteRole::parse(name)).collect();
    let mut is_changed = false;
    for role in held.iter().filter(|role| !wanted.contains(role)) {
        is_changed |= take_role(conn, issuer, (identity.id, identity.account_id), *role, by)?;
    }
    for role in wanted {
        let is_new = !held.contains(&role);
        if is_new && grants::count_roles(conn, issuer.id)? >= ROLES_GIVEN_MAX as i64 {
            tracing::warn!(issuer = %issuer.id, "the issuer has given as many roles as it may");
            break;
        }
        let grant = SiteRoleGrant {
            site_id: issuer.site_id,
            account_id: identity.account_id,
            role,
            granted_by: None,
            granted_at: by.1,
        };
        // what somebody else gave is not the issuer's to take back
        if roles::insert(conn, &grant)? == RoleOutcome::Changed {
            grants::insert(conn, (issuer.id, identity.id), (GrantKind::Role, role.as_str()))?;
            log(conn, issuer, identity.account_id, (Action::GrantRole, "role", role.as_str()), by)?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

fn take_role(
    conn: &mut Conn<'_>,
    issuer: &Issuer,
    (identity, account): (IdentityId, AccountId),
    role: SiteRole,
    by: By<'_>,
) -> Result<bool, Problem> {
    if roles::delete(conn, issuer.site_id, account, role)? == RoleOutcome::Unchanged {
        grants::delete(conn, identity, (GrantKind::Role, role.as_str()))?;
        return Ok(false);
    }
    log(conn, issuer, account, (Action::RevokeRole, "role", role.as_str()), by)?;
    Ok(true)
}

fn follow_badges(
    conn: &mut Conn<'_>,
    (issuer, identity): (&Issuer, &Identity),
    (claims, held): (&Claims, Vec<String>),
    by: By<'_>,
) -> Result<bool, Problem> {
    let (site, account) = (issuer.site_id, identity.account_id);
    let named: &[String] = if issuer.gives_badges { &claims.badges } else { &[] };
    let wanted = badges::list_known(conn, site, named)?;
    let mut is_changed = false;
    for badge in held.iter().filter(|badge| !wanted.contains(badge)) {
        is_changed |= take_badge(conn, issuer, (identity.id, account), badge, by)?;
    }
    for badge in wanted.iter().filter(|badge| !held.contains(badge)) {
        if badges::count_held(conn, site, account)? >= HELD_MAX as i64 {
            break;
        }
        if badges::grant(conn, (site, account, badge), issuer.author_id, by.1)? {
            grants::insert(conn, (issuer.id, identity.id), (GrantKind::Badge, badge))?;
            log(conn, issuer, account, (Action::GrantBadge, "badge", badge), by)?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

fn take_badge(
    conn: &mut Conn<'_>,
    issuer: &Issuer,
    (identity, account): (IdentityId, AccountId),
    badge: &str,
    by: By<'_>,
) -> Result<bool, Problem> {
    if !badges::revoke(conn, (issuer.site_id, account, badge))? {
        grants::delete(conn, identity, (GrantKind::Badge, badge))?;
        return Ok(false);
    }
    log(conn, issuer, account, (Action::RevokeBadge, "badge", badge), by)?;
    Ok(true)
}

/// Takes all back that somebody has by an identity, which is about to go.
pub fn take_back(conn: &mut Conn<'_>, issuer: &Issuer, identity: &Identity, by: By<'_>) -> Result<(), Problem> {
    let of = (identity.id, identity.account_id);
    let mut is_changed = false;
    for (kind, name) in grants::list(conn, identity.id)? {
        is_changed |= match (kind, SiteRole::parse(&name)) {
            (GrantKind::Role, Some(role)) => take_role(conn, issuer, of, role, by)?,
            (GrantKind::Role, None) => false,
            (GrantKind::Badge, _) => take_badge(conn, issuer, of, &name, by)?,
        };
    }
    if is_changed {
        sites::raise_people_version(conn, issuer.site_id)?;
    }
    Ok(())
}

fn log(
    conn: &mut Conn<'_>,
    issuer: &Issuer,
    account: AccountId,
    (action, what, name): (Action, &str, &str),
    (random, now): By<'_>,
) -> Result<(), Problem> {
    let row = Decision::new(random.id(now), Actor::SYSTEM, action, now);
    let details = serde_json::json!({what: name, "issuer": issuer.key}).to_string();
    let row = Decision { site_id: Some(issuer.site_id), account_id: Some(account), details: Some(details), ..row };
    Ok(decisions::insert(conn, &row)?)
}

/// Takes a role back from all who have it by an issuer's tokens, whoever they are; how many. The issuer is held, and the site
/// not yet.
pub fn take_role_from_all(conn: &mut Conn<'_>, issuer: &Issuer, role: SiteRole, by: By<'_>) -> Result<usize, Problem> {
    let holders = grants::list_with_role(conn, issuer.id, role)?;
    for (_, account) in &holders {
        standing::hold(conn, *account)?;
    }
    let mut taken = 0;
    for (identity, account) in holders {
        taken += usize::from(take_role(conn, issuer, (identity, account), role, by)?);
    }
    Ok(taken)
}
