//! Roles of accounts on sites.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    identity_grants,
    schema::{accounts, site_roles},
};
use crate::domain::{ids::*, site::SiteRole, sso::GrantKind, timestamp::Timestamp};

/// A role that an account has on a site.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = site_roles)]
pub struct SiteRoleGrant {
    pub site_id: SiteId,
    pub account_id: AccountId,
    pub role: SiteRole,
    /// None: a command.
    pub granted_by: Option<AccountId>,
    pub granted_at: Timestamp,
}

/// What a grant or its taking back did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoleOutcome {
    Changed,
    Unchanged,
}

impl RoleOutcome {
    fn of(rows: usize) -> Self {
        if rows == 0 { Self::Unchanged } else { Self::Changed }
    }
}

/// Up to `limit` roles on a site with the usernames, by account and role, after these.
pub fn list_of_site(
    conn: &mut Conn<'_>,
    site: SiteId,
    after: Option<(AccountId, SiteRole)>,
    limit: i64,
) -> QueryResult<Vec<(SiteRoleGrant, Option<String>)>> {
    let all = site_roles::table
        .inner_join(accounts::table)
        .filter(site_roles::site_id.eq(site))
        .order((site_roles::account_id, site_roles::role))
        .limit(limit);
    native!(conn, c => match after {
        None => all.select((SiteRoleGrant::as_select(), accounts::username)).load(c),
        Some((account, role)) => {
            let same = site_roles::account_id.eq(account).and(site_roles::role.gt(role));
            // few rows stand behind a site's key, and a role is the only tie
            all.filter(site_roles::account_id.gt(account).or(same))
                .select((SiteRoleGrant::as_select(), accounts::username))
                .load(c)
        }
    })
}

/// Whether an account has a role on any site.
pub fn has_any(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<bool> {
    let first = site_roles::table.filter(site_roles::account_id.eq(account)).select(site_roles::site_id);
    Ok(native!(conn, c => first.first::<SiteId>(c).optional())?.is_some())
}

/// Grants a role.
pub fn insert(conn: &mut Conn<'_>, grant: &SiteRoleGrant) -> QueryResult<RoleOutcome> {
    let rows = native!(conn, c => {
        diesel::insert_into(site_roles::table).values(grant).on_conflict_do_nothing().execute(c)
    })?;
    Ok(RoleOutcome::of(rows))
}

/// Takes a role back.
pub fn delete(conn: &mut Conn<'_>, site: SiteId, account: AccountId, role: SiteRole) -> QueryResult<RoleOutcome> {
    let rows = native!(conn, c => diesel::delete(site_roles::table.find((site, account, role))).execute(c))?;
    let outcome = RoleOutcome::of(rows);
    if outcome == RoleOutcome::Changed {
        identity_grants::forget(conn, (site, account), (GrantKind::Role, role.as_str()))?;
    }
    Ok(outcome)
}

/// Takes all roles of an account back.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    native!(conn, c => diesel::delete(site_roles::table.filter(site_roles::account_id.eq(account))).execute(c))?;
    Ok(())
}
