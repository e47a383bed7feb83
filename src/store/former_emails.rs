//! Addresses that accounts had until lately, each with the hash of a link that leads back to it.

use diesel::{prelude::*, sql_types::BigInt};

use super::{
    Conn,
    conn::native,
    schema::former_emails,
    sql::{Sql, Value},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// An address that an account had.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = former_emails)]
pub struct FormerEmail {
    pub id: FormerEmailId,
    pub account_id: AccountId,
    pub email: String,
    pub email_key: String,
    pub link_hash: Vec<u8>,
    pub given_up_at: Timestamp,
    /// Until when there is a way back.
    pub expires_at: Timestamp,
}

/// Stores one.
pub fn insert(conn: &mut Conn<'_>, former: &FormerEmail) -> QueryResult<()> {
    let insert = Sql::<()>::new(
        "INSERT INTO former_emails (id, account_id, email, email_key, link_hash, given_up_at, expires_at) VALUES (",
    )
    .values([
        Value::key(former.id),
        Value::key(former.account_id),
        former.email.as_str().into(),
        former.email_key.as_str().into(),
        former.link_hash.as_slice().into(),
        former.given_up_at.into(),
        former.expires_at.into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// The one whose link this is, as long as it leads back.
pub fn find_by_link(conn: &mut Conn<'_>, link_hash: &[u8], now: Timestamp) -> QueryResult<Option<FormerEmail>> {
    native!(conn, c => {
        former_emails::table
            .filter(former_emails::link_hash.eq(link_hash))
            .filter(former_emails::expires_at.gt(now))
            .select(FormerEmail::as_select())
            .first(c)
            .optional()
    })
}

/// The oldest with this address that leads back: of one account, or of any.
pub fn find_by_email(
    conn: &mut Conn<'_>,
    email_key: &str,
    account: Option<AccountId>,
    now: Timestamp,
) -> QueryResult<Option<FormerEmail>> {
    let open = former_emails::table
        .filter(former_emails::email_key.eq(email_key))
        .filter(former_emails::expires_at.gt(now))
        .order((former_emails::given_up_at, former_emails::id));
    native!(conn, c => match account {
        Some(account) => {
            open.filter(former_emails::account_id.eq(account)).select(FormerEmail::as_select()).first(c).optional()
        }
        None => open.select(FormerEmail::as_select()).first(c).optional(),
    })
}

/// How many of an account lead back.
pub fn count(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<i64> {
    let query = Sql::<BigInt>::new("SELECT count(*) FROM former_emails WHERE account_id = ")
        .key(account)
        .sql(" AND expires_at > ")
        .time(now);
    native!(conn, c => query.get_result(c))
}

/// Forgets those that an account has given up since then: who goes back before a change has no use for the way to what came
/// of it, and somebody else may have.
pub fn delete_since(conn: &mut Conn<'_>, account: AccountId, since: Timestamp) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM former_emails WHERE account_id = ")
        .key(account)
        .sql(" AND given_up_at >= ")
        .time(since);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Forgets all of an account.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM former_emails WHERE account_id = ").key(account);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}
