//! Second factors: what their codes are made of, and the codes for who has lost the device.
//!
//! That signing in takes a code stands with the account, which is read anyway; whoever changes anything here holds it.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::{accounts, recovery_codes, second_factors},
    sessions,
};
use crate::domain::{ids::AccountId, timestamp::Timestamp};

/// A second factor, in use or being set up.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = second_factors)]
pub struct SecondFactor {
    pub account_id: AccountId,
    /// Encrypted.
    pub secret: String,
    /// Of what time the last code was, as time is counted for them: this one and those before are good no more.
    pub last_step: Option<i64>,
    pub created_at: Timestamp,
}

/// The account's second factor, in use or being set up.
pub fn find(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Option<SecondFactor>> {
    native!(conn, c => second_factors::table.find(account).select(SecondFactor::as_select()).first(c).optional())
}

/// Begins to set one up, in place of what was begun before.
pub fn begin(conn: &mut Conn<'_>, factor: &SecondFactor) -> QueryResult<()> {
    native!(conn, c => diesel::delete(second_factors::table.find(factor.account_id)).execute(c))?;
    native!(conn, c => diesel::insert_into(second_factors::table).values(factor).execute(c))?;
    Ok(())
}

/// Puts it to use: from now on signing in takes a code.
pub fn switch_on(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<()> {
    let changes = accounts::second_factor_at.eq(now);
    native!(conn, c => diesel::update(accounts::table.find(account)).set(changes).execute(c))?;
    Ok(())
}

/// Spends the codes up to this one's time.
pub fn spend_steps(conn: &mut Conn<'_>, account: AccountId, last_step: i64) -> QueryResult<()> {
    let changes = second_factors::last_step.eq(last_step);
    native!(conn, c => diesel::update(second_factors::table.find(account)).set(changes).execute(c))?;
    Ok(())
}

/// Takes it away, with all that goes with it.
pub fn delete(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let changes = accounts::second_factor_at.eq(None::<Timestamp>);
    native!(conn, c => diesel::update(accounts::table.find(account)).set(changes).execute(c))?;
    native!(conn, c => diesel::delete(second_factors::table.find(account)).execute(c))?;
    replace_recovery_codes(conn, account, &[])?;
    sessions::forget_factor(conn, account)
}

/// Gives the account these recovery codes, by their hashes, and none other.
pub fn replace_recovery_codes(conn: &mut Conn<'_>, account: AccountId, hashes: &[Vec<u8>]) -> QueryResult<()> {
    let former = recovery_codes::table.filter(recovery_codes::account_id.eq(account));
    native!(conn, c => diesel::delete(former).execute(c))?;
    for hash in hashes {
        let row = (recovery_codes::hash.eq(hash), recovery_codes::account_id.eq(account));
        native!(conn, c => diesel::insert_into(recovery_codes::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Spends a recovery code; false if the account has none of this hash.
pub fn spend_recovery_code(conn: &mut Conn<'_>, account: AccountId, hash: &[u8]) -> QueryResult<bool> {
    let code = recovery_codes::table.find(hash).filter(recovery_codes::account_id.eq(account));
    Ok(native!(conn, c => diesel::delete(code).execute(c))? > 0)
}

/// How many recovery codes are left.
pub fn count_recovery_codes(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<i64> {
    native!(conn, c => recovery_codes::table.filter(recovery_codes::account_id.eq(account)).count().get_result(c))
}
