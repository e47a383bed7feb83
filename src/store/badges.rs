//! Badges of sites, and who has them. Whoever changes one has locked its site, and before it the account concerned.

use diesel::{OptionalExtension, QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    identity_grants,
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{badge::BUILT_IN, ids::*, sso::GrantKind, timestamp::Timestamp};

/// A badge of a site.
#[derive(Clone, PartialEq, Eq, Debug, Queryable)]
pub struct SiteBadge {
    pub key: String,
    pub label: String,
    /// Raised by each change.
    pub version: i64,
}

type BadgeRow = (sql_types::Text, sql_types::Text, sql_types::BigInt);

/// Gives a new site those that every site has.
pub(super) fn insert_built_in(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<()> {
    for (key, label) in BUILT_IN {
        let insert = Sql::<()>::new("INSERT INTO site_badges (site_id, key, label, version) VALUES (")
            .values([Value::key(site), key.into(), label.into()])
            .sql(", 1)");
        native!(conn, c => insert.execute(c))?;
    }
    Ok(())
}

/// The badge of this key.
pub fn find(conn: &mut Conn<'_>, site: SiteId, key: &str) -> QueryResult<Option<SiteBadge>> {
    let query = Sql::<BadgeRow>::new("SELECT key, label, version FROM site_badges WHERE site_id = ")
        .key(site)
        .sql(" AND key = ")
        .str(key);
    native!(conn, c => query.get_result(c).optional())
}

/// Up to `limit` badges of a site in the order of their keys, after this one.
pub fn list(conn: &mut Conn<'_>, site: SiteId, after: &str, limit: i64) -> QueryResult<Vec<SiteBadge>> {
    let query = Sql::<BadgeRow>::new("SELECT key, label, version FROM site_badges WHERE site_id = ")
        .key(site)
        .sql(" AND key > ")
        .str(after)
        .sql(" ORDER BY key LIMIT ")
        .int(limit);
    native!(conn, c => query.load(c))
}

/// Those of these badges that a site has, in the order of their keys.
pub fn list_known(conn: &mut Conn<'_>, site: SiteId, keys: &[String]) -> QueryResult<Vec<String>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<sql_types::Text>::new("SELECT key FROM site_badges WHERE site_id = ")
        .key(site)
        .sql(" AND key IN (")
        .strs(keys.iter().map(String::as_str))
        .sql(") ORDER BY key");
    native!(conn, c => query.load(c))
}

/// How many a site has, those that every site has among them.
pub fn count(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM site_badges WHERE site_id = ").key(site);
    native!(conn, c => query.get_result(c))
}

/// Stores a badge, or the new label of one.
pub fn put(conn: &mut Conn<'_>, site: SiteId, badge: &SiteBadge) -> QueryResult<()> {
    let put = Sql::<()>::new("INSERT INTO site_badges (site_id, key, label, version) VALUES (")
        .values([Value::key(site), badge.key.as_str().into(), badge.label.as_str().into(), badge.version.into()])
        .sql(") ON CONFLICT (site_id, key) DO UPDATE SET label = excluded.label, version = excluded.version");
    native!(conn, c => put.execute(c))?;
    Ok(())
}

/// Takes a badge from all who have it, and away; how many had it.
pub fn delete(conn: &mut Conn<'_>, site: SiteId, key: &str) -> QueryResult<usize> {
    let holders = Sql::<()>::new("DELETE FROM badge_holders WHERE site_id = ").key(site).sql(" AND key = ").str(key);
    let held = native!(conn, c => holders.execute(c))?;
    identity_grants::forget_badge(conn, site, key)?;
    let badge = Sql::<()>::new("DELETE FROM site_badges WHERE site_id = ").key(site).sql(" AND key = ").str(key);
    native!(conn, c => badge.execute(c))?;
    Ok(held)
}

/// How many badges somebody has on a site.
pub fn count_held(conn: &mut Conn<'_>, site: SiteId, account: AccountId) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM badge_holders WHERE site_id = ")
        .key(site)
        .sql(" AND account_id = ")
        .key(account);
    native!(conn, c => query.get_result(c))
}

/// Gives a badge; false if it was given before.
pub fn grant(
    conn: &mut Conn<'_>,
    (site, account, key): (SiteId, AccountId, &str),
    by: AccountId,
    now: Timestamp,
) -> QueryResult<bool> {
    let insert =
        Sql::<()>::new("INSERT INTO badge_holders (site_id, account_id, key, granted_by, granted_at) VALUES (")
            .values([Value::key(site), Value::key(account), key.into(), Value::key(by), now.into()])
            .sql(") ON CONFLICT DO NOTHING");
    Ok(native!(conn, c => insert.execute(c))? > 0)
}

/// Takes a badge back; false if it was not given.
pub fn revoke(conn: &mut Conn<'_>, (site, account, key): (SiteId, AccountId, &str)) -> QueryResult<bool> {
    let delete = Sql::<()>::new("DELETE FROM badge_holders WHERE site_id = ")
        .key(site)
        .sql(" AND account_id = ")
        .key(account)
        .sql(" AND key = ")
        .str(key);
    let is_revoked = native!(conn, c => delete.execute(c))? > 0;
    if is_revoked {
        identity_grants::forget(conn, (site, account), (GrantKind::Badge, key))?;
    }
    Ok(is_revoked)
}

/// Takes all of an account back, of whose end the pages of sites where it wrote are told before.
pub fn revoke_all(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM badge_holders WHERE account_id = ").key(account);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Somebody who has a badge.
#[derive(Clone, Debug, Queryable)]
pub struct BadgeHolder {
    pub account_id: AccountId,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub granted_by: AccountId,
    pub granted_at: Timestamp,
}

/// Up to `limit` who have a badge in the order of their ids, after this one.
pub fn list_holders(
    conn: &mut Conn<'_>,
    site: SiteId,
    key: &str,
    after: Option<AccountId>,
    limit: i64,
) -> QueryResult<Vec<BadgeHolder>> {
    type Row = (Key, sql_types::Nullable<sql_types::Text>, sql_types::Nullable<sql_types::Text>, Key, Instant);
    let query = Sql::<Row>::new(
        "SELECT b.account_id, a.username, a.display_name, b.granted_by, b.granted_at FROM badge_holders b \
         JOIN accounts a ON a.id = b.account_id WHERE b.site_id = ",
    )
    .key(site)
    .sql(" AND b.key = ")
    .str(key)
    .sql(" AND b.account_id > ")
    .key(after.map_or(uuid::Uuid::nil(), |id| id.0))
    .sql(" ORDER BY b.account_id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}
