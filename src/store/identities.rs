//! Who somebody is to an issuer of tokens: the one way from a token to an account.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    locks,
    schema::{identities, sites, sso_issuers},
    sql::{Sql, Value},
    types::Key,
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// An identity.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = identities)]
pub struct Identity {
    pub id: IdentityId,
    pub issuer_id: IssuerId,
    /// Whom it is about, as the issuer knows him.
    pub sub: String,
    pub account_id: AccountId,
    /// Whether the account was made by it.
    pub is_origin: bool,
    /// The name that the account was given by it last.
    pub name: Option<String>,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
}

/// The account of whom the issuer of this key knows by this subject, if it is open.
pub fn find(conn: &mut Conn<'_>, site: SiteId, issuer_key: &str, sub: &str) -> QueryResult<Option<AccountId>> {
    let query = Sql::<Key>::new(
        "SELECT i.account_id FROM sso_issuers s JOIN identities i ON i.issuer_id = s.id \
         JOIN accounts a ON a.id = i.account_id WHERE s.site_id = ",
    )
    .key(site)
    .sql(" AND s.key = ")
    .str(issuer_key)
    .sql(" AND i.sub = ")
    .str(sub)
    .sql(" AND a.closed_at IS NULL");
    native!(conn, c => query.get_result(c).optional())
}

/// The identity of this subject.
pub fn find_by_subject(conn: &mut Conn<'_>, issuer: IssuerId, sub: &str) -> QueryResult<Option<Identity>> {
    let identity = identities::table.filter(identities::issuer_id.eq(issuer)).filter(identities::sub.eq(sub));
    native!(conn, c => identity.select(Identity::as_select()).first(c).optional())
}

/// The identity with this id, if it is this account's.
pub fn find_of(conn: &mut Conn<'_>, account: AccountId, id: IdentityId) -> QueryResult<Option<Identity>> {
    let identity = identities::table.find(id).filter(identities::account_id.eq(account));
    native!(conn, c => identity.select(Identity::as_select()).first(c).optional())
}

/// Those of an account that came to it since then.
pub fn list_since(conn: &mut Conn<'_>, account: AccountId, since: Timestamp) -> QueryResult<Vec<Identity>> {
    let theirs = identities::table.filter(identities::account_id.eq(account)).filter(identities::created_at.ge(since));
    native!(conn, c => theirs.order(identities::id).select(Identity::as_select()).load(c))
}

/// Lets whoever else signs on as this subject wait until the end of the transaction, so that two who come for the first
/// time at once are one.
pub fn hold(conn: &mut Conn<'_>, issuer: IssuerId, sub: &str) -> QueryResult<()> {
    locks::hold(conn, &[b"identity", issuer.0.as_bytes().as_slice(), sub.as_bytes()].concat())
}

/// An identity with the names of its site and issuer.
#[derive(Clone, Debug, Queryable)]
pub struct ListedIdentity {
    pub id: IdentityId,
    pub site_key: String,
    pub issuer_key: String,
    pub sub: String,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
}

/// Up to `limit` identities of an account in the order of their ids, after this one.
pub fn list(
    conn: &mut Conn<'_>,
    account: AccountId,
    after: Option<IdentityId>,
    limit: i64,
) -> QueryResult<Vec<ListedIdentity>> {
    let after = after.unwrap_or(IdentityId(uuid::Uuid::nil()));
    let theirs = identities::table
        .inner_join(sso_issuers::table.inner_join(sites::table))
        .filter(identities::account_id.eq(account))
        .filter(identities::id.gt(after))
        .order(identities::id)
        .limit(limit)
        .select((
            identities::id,
            sites::key,
            sso_issuers::key,
            identities::sub,
            identities::created_at,
            identities::last_used_at,
        ));
    native!(conn, c => theirs.load(c))
}

/// How many identities an account has, and whether it was made by one of them.
pub fn count(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<(i64, bool)> {
    let query = Sql::<(sql_types::BigInt, sql_types::BigInt)>::new(
        "SELECT count(*), coalesce(sum(CASE WHEN is_origin THEN 1 ELSE 0 END), 0) FROM identities WHERE account_id = ",
    )
    .key(account);
    let (all, origins): (i64, i64) = native!(conn, c => query.get_result(c))?;
    Ok((all, origins > 0))
}

/// Stores a new identity, whose subject is held.
pub fn insert(conn: &mut Conn<'_>, identity: &Identity) -> QueryResult<()> {
    let insert = Sql::<()>::new(
        "INSERT INTO identities (id, issuer_id, sub, account_id, is_origin, name, created_at, last_used_at) VALUES (",
    )
    .values([
        Value::key(identity.id),
        Value::key(identity.issuer_id),
        identity.sub.as_str().into(),
        Value::key(identity.account_id),
        identity.is_origin.into(),
        (&identity.name).into(),
        identity.created_at.into(),
        identity.last_used_at.into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Notes that somebody signed on by it, and the name that it gave.
pub fn touch(conn: &mut Conn<'_>, id: IdentityId, name: Option<&str>, now: Timestamp) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE identities SET last_used_at = ")
        .time(now)
        .sql(", name = ")
        .value(name)
        .sql(" WHERE id = ")
        .key(id);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// Deletes an identity, with what is remembered of its gifts.
pub fn delete(conn: &mut Conn<'_>, id: IdentityId) -> QueryResult<()> {
    let grants = Sql::<()>::new("DELETE FROM identity_grants WHERE identity_id = ").key(id);
    native!(conn, c => grants.execute(c))?;
    let identity = Sql::<()>::new("DELETE FROM identities WHERE id = ").key(id);
    native!(conn, c => identity.execute(c))?;
    Ok(())
}

/// The same of all of an account, whose sessions, roles and badges end apart.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let grants = Sql::<()>::new(
        "DELETE FROM identity_grants WHERE identity_id IN (SELECT id FROM identities WHERE account_id = ",
    )
    .key(account)
    .sql(")");
    native!(conn, c => grants.execute(c))?;
    let identities = Sql::<()>::new("DELETE FROM identities WHERE account_id = ").key(account);
    native!(conn, c => identities.execute(c))?;
    Ok(())
}

/// The same of all of an issuer, which is held; how many.
pub fn delete_of_issuer(conn: &mut Conn<'_>, issuer: IssuerId) -> QueryResult<usize> {
    let grants = Sql::<()>::new("DELETE FROM identity_grants WHERE issuer_id = ").key(issuer);
    native!(conn, c => grants.execute(c))?;
    let identities = Sql::<()>::new("DELETE FROM identities WHERE issuer_id = ").key(issuer);
    native!(conn, c => identities.execute(c))
}
