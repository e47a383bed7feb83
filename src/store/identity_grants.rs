//! What people have by tokens: roles and badges, remembered so that only these are taken back again.

use diesel::{QueryResult, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    sql::{Sql, Value},
    types::Key,
};
use crate::domain::{ids::*, site::SiteRole, sso::GrantKind};

/// What somebody has by this identity, by kind and name.
pub fn list(conn: &mut Conn<'_>, identity: IdentityId) -> QueryResult<Vec<(GrantKind, String)>> {
    let query =
        Sql::<(sql_types::Text, sql_types::Text)>::new("SELECT kind, name FROM identity_grants WHERE identity_id = ")
            .key(identity)
            .sql(" ORDER BY kind, name");
    let rows: Vec<(String, String)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().filter_map(|(kind, name)| Some((GrantKind::parse(&kind)?, name))).collect())
}

/// Remembers something that was given.
pub fn insert(
    conn: &mut Conn<'_>,
    (issuer, identity): (IssuerId, IdentityId),
    (kind, name): (GrantKind, &str),
) -> QueryResult<()> {
    let insert = Sql::<()>::new("INSERT INTO identity_grants (identity_id, kind, name, issuer_id) VALUES (")
        .values([Value::key(identity), kind.as_str().into(), name.into(), Value::key(issuer)])
        .sql(") ON CONFLICT DO NOTHING");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Forgets that somebody has something by a token, whoever took it back: if a person gives it again, it is his gift.
pub(super) fn forget(
    conn: &mut Conn<'_>,
    (site, account): (SiteId, AccountId),
    (kind, name): (GrantKind, &str),
) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM identity_grants WHERE kind = ")
        .str(kind.as_str())
        .sql(" AND name = ")
        .str(name)
        .sql(
            " AND identity_id IN (SELECT i.id FROM identities i JOIN sso_issuers s ON s.id = i.issuer_id \
             WHERE i.account_id = ",
        )
        .key(account)
        .sql(" AND s.site_id = ")
        .key(site)
        .sql(")");
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Forgets who has a badge of a site by a token, as nobody has it any more.
pub(super) fn forget_badge(conn: &mut Conn<'_>, site: SiteId, badge: &str) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM identity_grants WHERE kind = ")
        .str(GrantKind::Badge.as_str())
        .sql(" AND name = ")
        .str(badge)
        .sql(" AND issuer_id IN (SELECT s.id FROM sso_issuers s WHERE s.site_id = ")
        .key(site)
        .sql(")");
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Forgets something that was not there any more.
pub fn delete(conn: &mut Conn<'_>, identity: IdentityId, (kind, name): (GrantKind, &str)) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM identity_grants WHERE identity_id = ")
        .key(identity)
        .sql(" AND kind = ")
        .str(kind.as_str())
        .sql(" AND name = ")
        .str(name);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// How many have a role by an issuer's tokens.
pub fn count_roles(conn: &mut Conn<'_>, issuer: IssuerId) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM identity_grants WHERE issuer_id = ")
        .key(issuer)
        .sql(" AND kind = ")
        .str(GrantKind::Role.as_str());
    native!(conn, c => query.get_result(c))
}

/// Who has this role by an issuer's tokens: identity and account, in the order of the accounts.
pub fn list_with_role(
    conn: &mut Conn<'_>,
    issuer: IssuerId,
    role: SiteRole,
) -> QueryResult<Vec<(IdentityId, AccountId)>> {
    let query = Sql::<(Key, Key)>::new(
        "SELECT i.id, i.account_id FROM identity_grants g JOIN identities i ON i.id = g.identity_id \
         WHERE g.issuer_id = ",
    )
    .key(issuer)
    .sql(" AND g.kind = ")
    .str(GrantKind::Role.as_str())
    .sql(" AND g.name = ")
    .str(role.as_str());
    let mut found: Vec<(IdentityId, AccountId)> = native!(conn, c => query.load(c))?;
    found.sort_unstable_by_key(|(_, account)| *account);
    Ok(found)
}

/// Takes all badges back that an issuer's tokens gave on its site; how many.
pub fn revoke_badges(conn: &mut Conn<'_>, issuer: IssuerId, site: SiteId) -> QueryResult<usize> {
    let holders = Sql::<()>::new("DELETE FROM badge_holders WHERE site_id = ")
        .key(site)
        .sql(
            " AND (account_id, key) IN (SELECT i.account_id, g.name FROM identity_grants g \
             JOIN identities i ON i.id = g.identity_id WHERE g.issuer_id = ",
        )
        .key(issuer)
        .sql(" AND g.kind = ")
        .str(GrantKind::Badge.as_str())
        .sql(")");
    let revoked = native!(conn, c => holders.execute(c))?;
    let forget = Sql::<()>::new("DELETE FROM identity_grants WHERE issuer_id = ")
        .key(issuer)
        .sql(" AND kind = ")
        .str(GrantKind::Badge.as_str());
    native!(conn, c => forget.execute(c))?;
    Ok(revoked)
}
