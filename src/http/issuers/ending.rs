//! What goes with an issuer, or with what it may do no more; and what the log says of it.

use super::IssuerView;
use crate::{
    clock::Random,
    domain::{ids::*, moderation::Action, site::SiteRole, timestamp::Timestamp},
    http::{caller::SignedIn, log::what_changed, problem::Problem},
    signing_on::following,
    store::{
        Conn,
        decisions::{self, Decision},
        identities, identity_grants,
        issuers::{self, Issuer},
        oidc_codes, sessions, sites,
    },
};

type By<'r> = (&'r Random, Timestamp);

/// Takes back what an issuer gave and may give no more. It is held, and the site not yet locked.
pub(super) fn take_back_more(
    conn: &mut Conn<'_>,
    (before, after): (&Issuer, &Issuer),
    by: By<'_>,
) -> Result<(), Problem> {
    let mut taken = 0;
    for role in SiteRole::ALL.iter().filter(|role| before.may_give(**role) && !after.may_give(**role)) {
        taken += following::take_role_from_all(conn, before, *role, by)?;
    }
    if before.gives_badges && !after.gives_badges {
        taken += identity_grants::revoke_badges(conn, before.id, before.site_id)?;
    }
    if taken > 0 {
        sites::raise_people_version(conn, before.site_id)?;
    }
    Ok(())
}

/// Deletes an issuer, which is held, with all that rests on it.
pub(super) fn delete(conn: &mut Conn<'_>, caller: &SignedIn, issuer: &Issuer, by: By<'_>) -> Result<(), Problem> {
    let mut roles = 0;
    for role in SiteRole::ALL {
        roles += following::take_role_from_all(conn, issuer, *role, by)?;
    }
    let badges = identity_grants::revoke_badges(conn, issuer.id, issuer.site_id)?;
    let sessions = sessions::end_of_issuer(conn, issuer.id, by.1)?;
    oidc_codes::delete_of_issuer(conn, issuer.id)?;
    let people = identities::delete_of_issuer(conn, issuer.id)?;
    issuers::delete(conn, issuer.id)?;
    let ended = serde_json::json!({
        "key": issuer.key, "iss": issuer.iss, "identities": people, "sessions": sessions, "roles": roles, "badges": badges,
    });
    log(conn, (caller, issuer.site_id), (Action::DeleteIssuer, ended.to_string()), by)?;
    if roles + badges > 0 {
        sites::raise_people_version(conn, issuer.site_id)?;
    }
    Ok(())
}

/// Tells the log of a new issuer, or of what became of one; secrets by their fingerprints alone.
pub(super) fn log_change(
    conn: &mut Conn<'_>,
    (caller, site): (&SignedIn, SiteId),
    (before, after): (Option<IssuerView>, IssuerView),
    by: By<'_>,
) -> Result<(), Problem> {
    let details = match &before {
        Some(before) => what_changed(before, &after)?,
        None => what_changed(&(), &after)?,
    };
    let details: serde_json::Value = serde_json::from_str(&details).unwrap_or_default();
    let named = serde_json::json!({"key": after.key, "before": details["before"], "after": details["after"]});
    log(conn, (caller, site), (Action::ChangeIssuer, named.to_string()), by)
}

fn log(
    conn: &mut Conn<'_>,
    (caller, site): (&SignedIn, SiteId),
    (action, details): (Action, String),
    (random, now): By<'_>,
) -> Result<(), Problem> {
    let row = Decision::new(random.id(now), caller.actor(Some(site)), action, now);
    Ok(decisions::insert(conn, &Decision { site_id: Some(site), details: Some(details), ..row })?)
}
