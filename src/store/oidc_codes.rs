//! Codes that a page gets tokens for when somebody comes back from a provider of OpenID Connect, good for once.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::oidc_codes, sql::Sql};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A code, by its hash.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = oidc_codes)]
pub struct OidcCode {
    /// SHA-256 of the code.
    pub hash: Vec<u8>,
    /// Who came back.
    pub account_id: AccountId,
    /// By which identity; that may be gone by now.
    pub identity_id: IdentityId,
    /// SHA-256 of what the page that began knows, in base64url (RFC 7636, section 4.2).
    pub challenge: String,
    pub useless_at: Timestamp,
}

/// Stores a new one.
pub fn insert(conn: &mut Conn<'_>, code: &OidcCode) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(oidc_codes::table).values(code).execute(c))?;
    Ok(())
}

/// The code of this hash.
pub fn find(conn: &mut Conn<'_>, hash: &[u8]) -> QueryResult<Option<OidcCode>> {
    native!(conn, c => oidc_codes::table.find(hash).select(OidcCode::as_select()).first(c).optional())
}

/// Takes the code of this hash away; of two who do so at once one has it.
pub fn take(conn: &mut Conn<'_>, hash: &[u8]) -> QueryResult<Option<OidcCode>> {
    native!(conn, c => {
        diesel::delete(oidc_codes::table.find(hash)).returning(OidcCode::as_returning()).get_result(c).optional()
    })
}

/// Takes away the codes of an account.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let these = oidc_codes::table.filter(oidc_codes::account_id.eq(account));
    native!(conn, c => diesel::delete(these).execute(c))?;
    Ok(())
}

/// Takes away the codes of all whom an issuer knows.
pub fn delete_of_issuer(conn: &mut Conn<'_>, issuer: IssuerId) -> QueryResult<()> {
    let these = Sql::<()>::new(
        "DELETE FROM oidc_codes WHERE identity_id IN (SELECT i.id FROM identities i WHERE i.issuer_id = ",
    )
    .key(issuer)
    .sql(")");
    native!(conn, c => these.execute(c))?;
    Ok(())
}
