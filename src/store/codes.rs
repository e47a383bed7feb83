//! Codes that were mailed: of an account and purpose the last one, each good for once.
//!
//! An account's are read and spent under its lock; so of two who show one at once the second finds it gone, and all tries are
//! counted.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::codes,
    sql::{Sql, Value},
};
use crate::domain::{code::CodePurpose, ids::AccountId, timestamp::Timestamp};

/// A code; what was mailed is not stored.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = codes)]
pub struct Code {
    pub account_id: AccountId,
    pub purpose: CodePurpose,
    /// Where it was sent.
    pub email: String,
    pub email_key: String,
    pub link_hash: Vec<u8>,
    pub digits_hash: Vec<u8>,
    /// How often its digits may still be tried.
    pub tries_left: i32,
    pub expires_at: Timestamp,
}

/// Stores a code in place of the one before it.
pub fn put(conn: &mut Conn<'_>, code: &Code) -> QueryResult<()> {
    let put = Sql::<()>::new(
        "INSERT INTO codes (account_id, purpose, email, email_key, link_hash, digits_hash, tries_left, expires_at) VALUES (",
    )
    .values([
        Value::key(code.account_id),
        code.purpose.as_str().into(),
        code.email.as_str().into(),
        code.email_key.as_str().into(),
        code.link_hash.as_slice().into(),
        code.digits_hash.as_slice().into(),
        code.tries_left.into(),
        code.expires_at.into(),
    ])
    .sql(
        ") ON CONFLICT (account_id, purpose) DO UPDATE SET email = excluded.email, email_key = excluded.email_key, \
         link_hash = excluded.link_hash, digits_hash = excluded.digits_hash, tries_left = excluded.tries_left, \
         expires_at = excluded.expires_at",
    );
    native!(conn, c => put.execute(c))?;
    Ok(())
}

/// An account's code for a purpose, if it is still good.
pub fn find(
    conn: &mut Conn<'_>,
    account: AccountId,
    purpose: CodePurpose,
    now: Timestamp,
) -> QueryResult<Option<Code>> {
    native!(conn, c => {
        codes::table
            .find((account, purpose))
            .filter(codes::expires_at.gt(now))
            .select(Code::as_select())
            .first(c)
            .optional()
    })
}

/// The code of a link for a purpose, if it is still good.
pub fn find_by_link(
    conn: &mut Conn<'_>,
    link_hash: &[u8],
    purpose: CodePurpose,
    now: Timestamp,
) -> QueryResult<Option<Code>> {
    native!(conn, c => {
        codes::table
            .filter(codes::link_hash.eq(link_hash))
            .filter(codes::purpose.eq(purpose))
            .filter(codes::expires_at.gt(now))
            .select(Code::as_select())
            .first(c)
            .optional()
    })
}

/// Counts a try of a code's digits that failed.
pub fn count_try(conn: &mut Conn<'_>, code: &Code) -> QueryResult<()> {
    let count = Sql::<()>::new("UPDATE codes SET tries_left = tries_left - 1 WHERE tries_left > 0 AND account_id = ")
        .key(code.account_id)
        .sql(" AND purpose = ")
        .str(code.purpose.as_str());
    native!(conn, c => count.execute(c))?;
    Ok(())
}

/// Forgets all codes of an account.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let delete = Sql::<()>::new("DELETE FROM codes WHERE account_id = ").key(account);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// Forgets the codes that other accounts were sent to confirm an address.
pub fn delete_of_others(conn: &mut Conn<'_>, email_key: &str, account: AccountId) -> QueryResult<()> {
    let delete =
        Sql::<()>::new("DELETE FROM codes WHERE email_key = ").str(email_key).sql(" AND account_id <> ").key(account);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}
