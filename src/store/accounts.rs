//! Accounts.

use diesel::prelude::*;

use super::{Conn, Native, conn::native, mutes, schema::accounts, search_documents, sql::is_taken};
use crate::domain::{email::Email, ids::AccountId, timestamp::Timestamp, username::Username};

/// A person. A closed account keeps nothing that names them.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub id: AccountId,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub username: Option<String>,
    pub username_key: Option<String>,
    pub username_changed_at: Option<Timestamp>,
    pub display_name: Option<String>,
    pub password_hash: Option<String>,
    pub is_admin: bool,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// Since when the present e-mail is confirmed by its owner.
    pub email_verified_at: Option<Timestamp>,
    /// Since when its owner is somebody who is known: by a confirmed e-mail, or by a site's sign-on.
    pub proven_at: Option<Timestamp>,
    /// Since when signing in takes a code as well.
    pub second_factor_at: Option<Timestamp>,
}

/// What became of an insert or a change of name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameOutcome {
    Stored,
    EmailTaken,
    UsernameTaken,
}

fn name_outcome(result: QueryResult<usize>) -> QueryResult<NameOutcome> {
    match result {
        Ok(_) => Ok(NameOutcome::Stored),
        Err(error) if is_taken(&error, "accounts", "email_key") => Ok(NameOutcome::EmailTaken),
        Err(error) if is_taken(&error, "accounts", "username_key") => Ok(NameOutcome::UsernameTaken),
        Err(error) => Err(error),
    }
}

impl Account {
    /// A new, active account without rights.
    pub fn new(id: AccountId, email: Option<&Email>, username: &Username, now: Timestamp) -> Self {
        Self {
            id,
            email: email.map(|email| email.as_str().to_owned()),
            email_key: email.map(Email::key),
            username: Some(username.as_str().to_owned()),
            username_key: Some(username.key()),
            username_changed_at: None,
            display_name: None,
            password_hash: None,
            is_admin: false,
            created_at: now,
            closed_at: None,
            email_verified_at: None,
            proven_at: None,
            second_factor_at: None,
        }
    }
}

/// Those of these accounts that there are.
pub fn list_known(conn: &mut Conn<'_>, ids: &[AccountId]) -> QueryResult<Vec<AccountId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = accounts::table.filter(accounts::id.eq_any(ids.iter().copied())).select(accounts::id);
    native!(conn, c => these.load(c))
}

/// An account's names.
#[derive(Clone, Debug, Queryable)]
pub struct Names {
    pub account_id: AccountId,
    pub username: Option<String>,
    pub display_name: Option<String>,
}

/// The names of these accounts.
pub fn list_names(conn: &mut Conn<'_>, ids: &[AccountId]) -> QueryResult<Vec<Names>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = accounts::table.filter(accounts::id.eq_any(ids.iter().copied()));
    native!(conn, c => these.select((accounts::id, accounts::username, accounts::display_name)).load(c))
}

/// The account with this id.
pub fn find(conn: &mut Conn<'_>, id: AccountId) -> QueryResult<Option<Account>> {
    native!(conn, c => accounts::table.find(id).select(Account::as_select()).first(c).optional())
}

/// The account with this id, locked until the end of the transaction, its first row on any site included: sessions that
/// begin are seen by whoever ends them all, and no page shows an older name unnoticed. On SQLite the transaction itself
/// is the lock.
pub fn find_locked(conn: &mut Conn<'_>, id: AccountId) -> QueryResult<Option<Account>> {
    match &mut conn.native {
        Native::Sqlite(_) => find(conn, id),
        Native::Pg(c) => accounts::table.find(id).select(Account::as_select()).for_update().first(*c).optional(),
    }
}

/// The account with this id, kept from being closed or changing its names until the end of the transaction, as are others at once.
pub fn find_kept(conn: &mut Conn<'_>, id: AccountId) -> QueryResult<Option<Account>> {
    match &mut conn.native {
        Native::Sqlite(_) => find(conn, id),
        Native::Pg(c) => accounts::table.find(id).select(Account::as_select()).for_key_share().first(*c).optional(),
    }
}

/// The account that signs in with this e-mail.
pub fn find_by_email(conn: &mut Conn<'_>, key: &str) -> QueryResult<Option<Account>> {
    native!(conn, c => {
        accounts::table.filter(accounts::email_key.eq(key)).select(Account::as_select()).first(c).optional()
    })
}

/// The account of this username.
pub fn find_by_username(conn: &mut Conn<'_>, key: &str) -> QueryResult<Option<Account>> {
    native!(conn, c => {
        accounts::table.filter(accounts::username_key.eq(key)).select(Account::as_select()).first(c).optional()
    })
}

/// Stores a new account. On PostgreSQL a taken name ends the transaction, so nothing may follow it there.
pub fn insert(conn: &mut Conn<'_>, account: &Account) -> QueryResult<NameOutcome> {
    let outcome = name_outcome(native!(conn, c => diesel::insert_into(accounts::table).values(account).execute(c)))?;
    // where both are taken PostgreSQL names the e-mail and SQLite the username; this makes it the e-mail on both
    if outcome == NameOutcome::Stored {
        search_documents::keep_account(conn, account)?;
    }
    match &account.email_key {
        Some(email) if !conn.is_pg() && outcome == NameOutcome::UsernameTaken => {
            Ok(find_by_email(conn, email)?.map_or(outcome, |_| NameOutcome::EmailTaken))
        }
        _ => Ok(outcome),
    }
}

/// Changes the username; the outcome as of [`insert`].
pub fn rename(conn: &mut Conn<'_>, id: AccountId, username: &Username, now: Timestamp) -> QueryResult<NameOutcome> {
    let changes = (
        accounts::username.eq(username.as_str()),
        accounts::username_key.eq(username.key()),
        accounts::username_changed_at.eq(now),
    );
    let outcome = name_outcome(native!(conn, c => diesel::update(accounts::table.find(id)).set(changes).execute(c)))?;
    if outcome == NameOutcome::Stored {
        search_documents::keep_names(conn, id)?;
    }
    Ok(outcome)
}

/// Changes the name that is shown, or takes it away.
pub fn set_display_name(conn: &mut Conn<'_>, id: AccountId, name: Option<&str>) -> QueryResult<()> {
    let changes = accounts::display_name.eq(name);
    native!(conn, c => diesel::update(accounts::table.find(id)).set(changes).execute(c))?;
    search_documents::keep_names(conn, id)
}

/// Changes the password's hash.
pub fn set_password_hash(conn: &mut Conn<'_>, id: AccountId, hash: &str) -> QueryResult<()> {
    let changes = accounts::password_hash.eq(hash);
    native!(conn, c => diesel::update(accounts::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Notes that the account's owner is known from now on, if he was not before.
pub fn prove(conn: &mut Conn<'_>, id: AccountId, now: Timestamp) -> QueryResult<()> {
    let unproven = accounts::table.find(id).filter(accounts::proven_at.is_null());
    native!(conn, c => diesel::update(unproven).set(accounts::proven_at.eq(now)).execute(c))?;
    Ok(())
}

/// Makes an admin, or none any more.
pub fn set_admin(conn: &mut Conn<'_>, id: AccountId, is_admin: bool) -> QueryResult<()> {
    let changes = accounts::is_admin.eq(is_admin);
    native!(conn, c => diesel::update(accounts::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Closes the account and forgets who it was.
pub fn close(conn: &mut Conn<'_>, id: AccountId, now: Timestamp) -> QueryResult<()> {
    let changes = (
        accounts::email.eq(None::<String>),
        accounts::email_key.eq(None::<String>),
        accounts::username.eq(None::<String>),
        accounts::username_key.eq(None::<String>),
        accounts::display_name.eq(None::<String>),
        accounts::password_hash.eq(None::<String>),
        accounts::is_admin.eq(false),
        accounts::closed_at.eq(now),
        accounts::email_verified_at.eq(None::<Timestamp>),
        accounts::proven_at.eq(None::<Timestamp>),
    );
    native!(conn, c => diesel::update(accounts::table.find(id)).set(changes).execute(c))?;
    mutes::delete_all(conn, id)?;
    search_documents::keep_names(conn, id)
}
