//! Accounts for the names in an export.

use diesel::QueryResult;

use super::draft::Author;
use crate::{
    clock::Random,
    domain::{ids::AccountId, timestamp::Timestamp, username::Username},
    store::{
        Conn,
        accounts::{self, Account},
        imports::{self, AccountOutcome, ImportedAuthor},
        sites::Site,
    },
};

/// How often a username is looked for when somebody else takes the one just found.
const TRIES: u32 = 8;

/// The account of this author on this site, made if there is none; whether it was made.
pub(super) fn find_or_insert(
    conn: &mut Conn<'_>,
    site: &Site,
    author: &Author,
    now: Timestamp,
    random: &Random,
) -> QueryResult<(AccountId, bool)> {
    if let Some(id) = imports::find_author(conn, site.id, &author.name, &author.email)? {
        return Ok((id, false));
    }
    let (name, _) = author.display_name();
    for _ in 0..TRIES {
        let username = free_username(conn, name.as_str(), &site.reserved_keys.0)?;
        let display_name = Some(name.as_str().to_owned());
        let account = Account { display_name, ..Account::new(random.id(now), None, &username, now) };
        if imports::insert_account(conn, &account)? == AccountOutcome::NameTaken {
            continue;
        }
        let person = ImportedAuthor {
            account_id: account.id,
            site_id: site.id,
            name: author.name.clone(),
            email: author.email.clone(),
        };
        imports::insert_author(conn, &person)?;
        return Ok((account.id, true));
    }
    // not to be had in a calm database: the next try of the whole transaction finds calm or fails as well
    Err(diesel::result::Error::RollbackTransaction)
}

/// A username made of this name that nobody has. A common name may be taken thousands of times in a row, so the end of
/// the row is searched for and not walked to.
fn free_username(conn: &mut Conn<'_>, name: &str, reserved: &[String]) -> QueryResult<Username> {
    let mut free = |number: u32| -> QueryResult<Option<Username>> {
        let username = Username::suggest(name, number);
        let is_free = !username.is_reserved(reserved) && accounts::find_by_username(conn, &username.key())?.is_none();
        Ok(is_free.then_some(username))
    };
    if let Some(username) = free(0)? {
        return Ok(username);
    }
    let (mut taken, mut number) = (0, 1);
    let mut found = loop {
        match free(number)? {
            Some(username) => break username,
            None => (taken, number) = (number, number.saturating_mul(2)),
        }
    };
    while number - taken > 1 {
        let middle = taken + (number - taken) / 2;
        match free(middle)? {
            Some(username) => (number, found) = (middle, username),
            None => taken = middle,
        }
    }
    Ok(found)
}
