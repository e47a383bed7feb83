//! Who issues tokens by which a site signs its readers on.

use diesel::{prelude::*, sql_types::BigInt};

use super::{Conn, conn::native, locks, schema::sso_issuers, sql::Sql, types::TextList};
use crate::domain::{ids::*, site::SiteRole, sso::IssuerKind, timestamp::Timestamp};

/// An issuer of tokens.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sso_issuers)]
#[diesel(treat_none_as_null = true)]
pub struct Issuer {
    pub id: IssuerId,
    pub site_id: SiteId,
    /// Its name in addresses.
    pub key: String,
    /// Raised by each change.
    pub version: i64,
    /// As its tokens name it.
    pub iss: String,
    /// Whom they are for.
    pub aud: String,
    pub kind: IssuerKind,
    /// Encrypted.
    pub secret: Option<String>,
    /// The one that it took the place of, encrypted.
    pub former_secret: Option<String>,
    /// A JSON Web Key Set.
    pub keys: Option<String>,
    /// Where one is.
    pub keys_url: Option<String>,
    /// Whether an account from before is joined by its verified e-mail.
    pub joins_by_verified_email: bool,
    /// The roles that its tokens may give.
    pub gives_roles: TextList,
    /// Whether its tokens may give badges.
    pub gives_badges: bool,
    /// Who made it so.
    pub author_id: AccountId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Issuer {
    /// Whether its tokens may give this role.
    pub fn may_give(&self, role: SiteRole) -> bool {
        self.gives_roles.0.iter().any(|name| name == role.as_str())
    }
}

/// The issuer of this key.
pub fn find(conn: &mut Conn<'_>, site: SiteId, key: &str) -> QueryResult<Option<Issuer>> {
    let issuer = sso_issuers::table.filter(sso_issuers::site_id.eq(site)).filter(sso_issuers::key.eq(key));
    native!(conn, c => issuer.select(Issuer::as_select()).first(c).optional())
}

/// The issuer with this id.
pub fn find_by_id(conn: &mut Conn<'_>, id: IssuerId) -> QueryResult<Option<Issuer>> {
    native!(conn, c => sso_issuers::table.find(id).select(Issuer::as_select()).first(c).optional())
}

/// The issuer that names itself so in tokens for this site.
pub fn find_by_iss(conn: &mut Conn<'_>, site: SiteId, iss: &str) -> QueryResult<Option<Issuer>> {
    let issuer = sso_issuers::table.filter(sso_issuers::site_id.eq(site)).filter(sso_issuers::iss.eq(iss));
    native!(conn, c => issuer.select(Issuer::as_select()).first(c).optional())
}

/// Up to `limit` issuers of a site in the order of their keys, after this one.
pub fn list(conn: &mut Conn<'_>, site: SiteId, after: &str, limit: i64) -> QueryResult<Vec<Issuer>> {
    let all = sso_issuers::table.filter(sso_issuers::site_id.eq(site)).filter(sso_issuers::key.gt(after));
    native!(conn, c => all.order(sso_issuers::key).limit(limit).select(Issuer::as_select()).load(c))
}

/// How many a site has. The site is locked.
pub fn count(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<i64> {
    native!(conn, c => sso_issuers::table.filter(sso_issuers::site_id.eq(site)).count().get_result(c))
}

/// Stores a new issuer; its key and `iss` are free, as the locked site says.
pub fn insert(conn: &mut Conn<'_>, issuer: &Issuer) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(sso_issuers::table).values(issuer).execute(c))?;
    Ok(())
}

/// Stores what became of an issuer, which is held.
pub fn update(conn: &mut Conn<'_>, issuer: &Issuer) -> QueryResult<()> {
    native!(conn, c => diesel::update(sso_issuers::table.find(issuer.id)).set(issuer).execute(c))?;
    Ok(())
}

/// Takes an issuer away, whose identities are gone.
pub fn delete(conn: &mut Conn<'_>, id: IssuerId) -> QueryResult<()> {
    native!(conn, c => diesel::delete(sso_issuers::table.find(id)).execute(c))?;
    Ok(())
}

/// Waits for those who sign on by this issuer's tokens, and keeps more of them out until the end of the transaction.
/// Before anything else is locked but the caller's own standing.
pub fn hold(conn: &mut Conn<'_>, id: IssuerId) -> QueryResult<()> {
    locks::hold(conn, &name(id))
}

/// Keeps an issuer as it is until the end of the transaction, as do others at once; false if it is not any more as it was
/// read. Before anything else is locked but the caller's own standing.
pub fn keep(conn: &mut Conn<'_>, issuer: &Issuer) -> QueryResult<bool> {
    locks::hold_shared(conn, &name(issuer.id))?;
    let version = Sql::<BigInt>::new("SELECT version FROM sso_issuers WHERE id = ").key(issuer.id);
    let version: Option<i64> = native!(conn, c => version.get_result(c).optional())?;
    Ok(version == Some(issuer.version))
}

fn name(id: IssuerId) -> Vec<u8> {
    [b"issuer", id.0.as_bytes().as_slice()].concat()
}
