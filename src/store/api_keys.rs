//! Keys by which a site's own servers call, and the hashes of their secrets.

use diesel::{prelude::*, sql_types::BigInt};

use super::{
    Conn, Native,
    conn::native,
    locks,
    schema::{api_key_secrets, api_keys},
    sql::{Sql, Value},
    types::TextList,
};
use crate::domain::{api_key::Scope, ids::*, timestamp::Timestamp};

/// A key.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys)]
pub struct ApiKeyRow {
    pub id: ApiKeyId,
    pub site_id: SiteId,
    /// Nobody's account, under which stands what the key does.
    pub account_id: AccountId,
    pub name: String,
    pub scopes: TextList,
    /// Of its present secret.
    pub beginning: String,
    /// Raised by each new secret.
    pub version: i64,
    pub expires_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    pub created_by: AccountId,
    pub created_at: Timestamp,
    pub revoked_by: Option<AccountId>,
    pub revoked_at: Option<Timestamp>,
}

impl ApiKeyRow {
    /// What it may. A scope that only a newer program knows gives nothing here.
    pub fn scopes(&self) -> Vec<Scope> {
        self.scopes.0.iter().filter_map(|name| Scope::parse(name)).collect()
    }

    /// Whether it is good for anything at this time.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// Keeps whatever is taken for this secret as it is until the end of a transaction that writes, so that what a key did
/// was done before it was revoked. Held before anything else.
pub fn keep(conn: &mut Conn<'_>, hash: &[u8]) -> QueryResult<()> {
    match conn.may_write() {
        true => locks::hold_shared(conn, &name(hash)),
        false => Ok(()),
    }
}

/// Waits for all that is being done by the secrets of a key, which is locked, and keeps more of it out.
pub fn hold_secrets(conn: &mut Conn<'_>, key: ApiKeyId) -> QueryResult<()> {
    for (hash, _) in list_secrets(conn, key)? {
        locks::hold(conn, &name(&hash))?;
    }
    Ok(())
}

fn name(hash: &[u8]) -> Vec<u8> {
    [b"api_key", hash].concat()
}

/// The hashes of what is taken for a key, two at most, with their ends.
pub fn list_secrets(conn: &mut Conn<'_>, key: ApiKeyId) -> QueryResult<Vec<(Vec<u8>, Option<Timestamp>)>> {
    let secrets = api_key_secrets::table.filter(api_key_secrets::key_id.eq(key));
    native!(conn, c => secrets.select((api_key_secrets::hash, api_key_secrets::ends_at)).load(c))
}

/// The key of a secret that is taken at this time.
pub fn find_by_hash(conn: &mut Conn<'_>, hash: &[u8], now: Timestamp) -> QueryResult<Option<ApiKeyRow>> {
    let found = api_key_secrets::table
        .inner_join(api_keys::table)
        .filter(api_key_secrets::hash.eq(hash))
        .filter(api_key_secrets::ends_at.is_null().or(api_key_secrets::ends_at.gt(now)));
    let found: Option<ApiKeyRow> = native!(conn, c => found.select(ApiKeyRow::as_select()).first(c).optional())?;
    Ok(found.filter(|key| key.is_good(now)))
}

/// A site's key.
pub fn find(conn: &mut Conn<'_>, site: SiteId, id: ApiKeyId) -> QueryResult<Option<ApiKeyRow>> {
    let key = api_keys::table.find(id).filter(api_keys::site_id.eq(site));
    native!(conn, c => key.select(ApiKeyRow::as_select()).first(c).optional())
}

/// The same, locked until the end of the transaction. On SQLite the transaction itself is the lock.
pub fn find_locked(conn: &mut Conn<'_>, site: SiteId, id: ApiKeyId) -> QueryResult<Option<ApiKeyRow>> {
    let key = api_keys::table.find(id).filter(api_keys::site_id.eq(site));
    match &mut conn.native {
        Native::Sqlite(c) => key.select(ApiKeyRow::as_select()).first(*c).optional(),
        Native::Pg(c) => key.select(ApiKeyRow::as_select()).for_update().first(*c).optional(),
    }
}

/// Until when the secret before the present one of each of these keys is taken.
pub fn list_former_ends(conn: &mut Conn<'_>, keys: &[ApiKeyId]) -> QueryResult<Vec<(ApiKeyId, Timestamp)>> {
    let former = api_key_secrets::table
        .filter(api_key_secrets::key_id.eq_any(keys.iter().copied()))
        .filter(api_key_secrets::ends_at.is_not_null())
        .select((api_key_secrets::key_id, api_key_secrets::ends_at.assume_not_null()));
    native!(conn, c => former.load(c))
}

/// Up to `limit` keys of a site, the oldest first, after this one.
pub fn list(conn: &mut Conn<'_>, site: SiteId, after: Option<ApiKeyId>, limit: i64) -> QueryResult<Vec<ApiKeyRow>> {
    let after = after.unwrap_or(ApiKeyId(uuid::Uuid::nil()));
    let all = api_keys::table.filter(api_keys::site_id.eq(site)).filter(api_keys::id.gt(after));
    native!(conn, c => all.order(api_keys::id).limit(limit).select(ApiKeyRow::as_select()).load(c))
}

/// How many keys of a site are not revoked. The site is locked.
pub fn count(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<i64> {
    let query = Sql::<BigInt>::new("SELECT count(*) FROM api_keys WHERE revoked_at IS NULL AND site_id = ").key(site);
    native!(conn, c => query.get_result(c))
}

/// Stores a new key, without a secret.
pub fn insert(conn: &mut Conn<'_>, key: &ApiKeyRow) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(api_keys::table).values(key).execute(c))?;
    Ok(())
}

/// Stores what is taken for a key from now on.
pub fn insert_secret(conn: &mut Conn<'_>, key: ApiKeyId, hash: &[u8], now: Timestamp) -> QueryResult<()> {
    let insert = Sql::<()>::new("INSERT INTO api_key_secrets (hash, key_id, created_at) VALUES (").values([
        hash.into(),
        Value::key(key),
        now.into(),
    ]);
    let insert = insert.sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Lets the present secret of a key, which is locked, be the former one, taken until this time, and forgets the one before
/// it.
pub fn end_secret(conn: &mut Conn<'_>, key: ApiKeyId, ends_at: Timestamp) -> QueryResult<()> {
    let forget = Sql::<()>::new("DELETE FROM api_key_secrets WHERE ends_at IS NOT NULL AND key_id = ").key(key);
    native!(conn, c => forget.execute(c))?;
    let end = Sql::<()>::new("UPDATE api_key_secrets SET ends_at = ").time(ends_at).sql(" WHERE key_id = ").key(key);
    native!(conn, c => end.execute(c))?;
    Ok(())
}

/// Forgets all that is taken for a key, which is locked.
pub fn delete_secrets(conn: &mut Conn<'_>, key: ApiKeyId) -> QueryResult<()> {
    let forget = Sql::<()>::new("DELETE FROM api_key_secrets WHERE key_id = ").key(key);
    native!(conn, c => forget.execute(c))?;
    Ok(())
}

/// Notes the beginning of a key's new secret and its new version. It is locked.
pub fn update_secret(conn: &mut Conn<'_>, key: &ApiKeyRow) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE api_keys SET beginning = ")
        .str(key.beginning.as_str())
        .sql(", version = ")
        .int(key.version)
        .sql(" WHERE id = ")
        .key(key.id);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// Revokes a key, which is locked and has no secrets any more.
pub fn revoke(conn: &mut Conn<'_>, key: ApiKeyId, by: AccountId, now: Timestamp) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE api_keys SET revoked_by = ")
        .key(by)
        .sql(", revoked_at = ")
        .time(now)
        .sql(", version = version + 1 WHERE id = ")
        .key(key);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// Notes when a key was last used.
pub fn touch(conn: &mut Conn<'_>, key: ApiKeyId, at: Timestamp) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE api_keys SET last_used_at = ")
        .time(at)
        .sql(" WHERE (last_used_at IS NULL OR last_used_at < ")
        .time(at)
        .sql(") AND id = ")
        .key(key);
    native!(conn, c => update.execute(c))?;
    Ok(())
}
