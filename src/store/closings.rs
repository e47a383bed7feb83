//! Accounts that are to be closed, and those that were: what their owners chose, and what was done of it.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::closings};
use crate::domain::{closing::ClosedTexts, ids::*, timestamp::Timestamp};

/// A closing, from when its owner asked for it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = closings)]
pub struct Closing {
    pub account_id: AccountId,
    pub texts: ClosedTexts,
    pub asked_at: Timestamp,
    /// Until then it can be undone.
    pub closes_at: Timestamp,
    /// Which does it.
    pub job_id: JobId,
    pub closed_at: Option<Timestamp>,
    /// When nothing was left to be erased.
    pub erased_at: Option<Timestamp>,
}

/// That of an account.
pub fn find(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Option<Closing>> {
    native!(conn, c => closings::table.find(account).select(Closing::as_select()).first(c).optional())
}

/// Stores one; the account is locked.
pub fn insert(conn: &mut Conn<'_>, closing: &Closing) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(closings::table).values(closing).execute(c))?;
    Ok(())
}

/// Forgets one that its owner undid; the account is locked.
pub fn delete(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    native!(conn, c => diesel::delete(closings::table.find(account)).execute(c))?;
    Ok(())
}

/// Notes that the account is closed.
pub fn note_closed(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<()> {
    let changes = closings::closed_at.eq(now);
    native!(conn, c => diesel::update(closings::table.find(account)).set(changes).execute(c))?;
    Ok(())
}

/// Notes that nothing is left to be erased.
pub fn note_erased(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<()> {
    let changes = closings::erased_at.eq(now);
    native!(conn, c => diesel::update(closings::table.find(account)).set(changes).execute(c))?;
    Ok(())
}
