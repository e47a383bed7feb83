//! What is proven of people, and what follows: that an address is theirs, and that they may set a password anew.
//!
//! An address belongs to an account once its owner has shown that he reads what comes there, and until then to nobody
//! (docs/ACCOUNTS.md). So nobody learns by asking for one whether it is somebody's: he is answered the same, and its owner is
//! written. Nor does anybody keep an address from its owner by naming it first.
//!
//! Held in this order: what is counted of mails, the account, the address by name, codes and former addresses.

use diesel::QueryResult;

use crate::{
    app::State,
    auth::{
        codes::{CodeDigits, LinkToken},
        limits::{self, Subject},
    },
    domain::{
        code::{CodePurpose, TRIES, WAY_BACK},
        email::Email,
        ids::*,
        mail::Mail,
        session::EndReason,
        timestamp::Timestamp,
    },
    http::problem::{Code as ProblemCode, Problem},
    mail,
    security::tell,
    signing_on::following,
    store::{
        Conn,
        accounts::{self, Account, NameOutcome},
        codes::{self, Code},
        former_emails::{self, FormerEmail},
        identities, issuers, locks, second_factors, sessions, standing,
    },
};

pub mod changes;
pub mod letters;

use self::letters::{Links, Mailed};

/// On what occasion somebody named an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Occasion {
    /// He signed up with it.
    SignUp,
    /// He wants it for the account that he has.
    Change,
}

/// Whether one more mail may go to an address. Who asks is told nothing of it, as it says that others asked.
pub fn may_mail(conn: &mut Conn<'_>, state: &State, to: &Email, now: Timestamp) -> QueryResult<bool> {
    let context = (&state.keys, &state.config.limits, &state.random);
    Ok(limits::count(conn, &[Subject::MailTo(&to.key())], context, now)?.is_ok())
}

/// The name under which an address is given to an account, one after the other.
fn hold_address(conn: &mut Conn<'_>, key: &str) -> QueryResult<()> {
    locks::hold(conn, &[b"e-mail ", key.as_bytes()].concat())
}

/// Another account whose address this is: by now, or until lately and with a way back.
fn find_other_owner(conn: &mut Conn<'_>, key: &str, but: AccountId, now: Timestamp) -> QueryResult<Option<Account>> {
    let present = accounts::find_by_email(conn, key)?;
    let former = match former_emails::find_by_email(conn, key, None, now)? {
        Some(former) => accounts::find(conn, former.account_id)?,
        None => None,
    };
    Ok([present, former].into_iter().flatten().find(|owner| owner.id != but))
}

/// Makes and stores a code in place of the one before it; what is mailed of it.
fn put_code(
    conn: &mut Conn<'_>,
    state: &State,
    (account, email, purpose): (AccountId, &Email, CodePurpose),
    now: Timestamp,
) -> QueryResult<Mailed> {
    let (token, digits) = (LinkToken::new(&state.random), CodeDigits::new(&state.random));
    let code = Code {
        account_id: account,
        purpose,
        email: email.as_str().to_owned(),
        email_key: email.key(),
        link_hash: token.hash(),
        digits_hash: digits.hash(&state.keys, (account, purpose)),
        tries_left: TRIES,
        expires_at: now.plus(purpose.lasts()),
    };
    codes::put(conn, &code)?;
    Ok(Mailed { token, digits })
}

/// Sends a code to an address that an account claims, or to whom it belongs that somebody else named it: as many statements
/// one way as the other. It is known that one more mail may go there.
pub fn send_confirmation(
    conn: &mut Conn<'_>,
    state: &State,
    (account, username): (AccountId, &str),
    (email, occasion): (&Email, Occasion),
    now: Timestamp,
) -> QueryResult<()> {
    let links = Links::of(&state.config);
    let mailed = put_code(conn, state, (account, email, CodePurpose::ConfirmEmail), now)?;
    let letter = match find_other_owner(conn, &email.key(), account, now)? {
        // the code that is stored is known to nobody
        Some(owner) => letters::taken(links, email.clone(), owner.username.as_deref(), occasion),
        None => letters::confirmation(links, email.clone(), (username, occasion), &mailed),
    };
    leave(conn, state, letter, now)
}

fn leave(conn: &mut Conn<'_>, state: &State, letter: Mail, now: Timestamp) -> QueryResult<()> {
    mail::leave(conn, &[letter], (&state.keys, &state.random), now)
}

fn invalid_code() -> Problem {
    Problem::new(ProblemCode::InvalidCode)
}

/// A locked account's code whose digits these are. What is wrong is counted, so the transaction must be kept: the answer is no
/// error.
pub fn check_digits(
    conn: &mut Conn<'_>,
    state: &State,
    (account, purpose): (AccountId, CodePurpose),
    typed: &str,
    now: Timestamp,
) -> QueryResult<Option<Code>> {
    let Some(code) = codes::find(conn, account, purpose, now)?.filter(|code| code.tries_left > 0) else {
        return Ok(None);
    };
    match CodeDigits::parse(typed) {
        Some(digits) if digits.are(&code.digits_hash, &state.keys, (account, purpose)) => Ok(Some(code)),
        _ => codes::count_try(conn, &code).map(|()| None),
    }
}

/// The account of a code, locked, if the code is still the one that was read before.
pub fn find_of_code(conn: &mut Conn<'_>, read: &Code, now: Timestamp) -> Result<Account, Problem> {
    let account = accounts::find_locked(conn, read.account_id)?.filter(|account| account.closed_at.is_none());
    let present = codes::find(conn, read.account_id, read.purpose, now)?;
    let is_the_same = present.is_some_and(|present| present.link_hash == read.link_hash);
    account.filter(|_| is_the_same).ok_or_else(invalid_code)
}

/// Gives a locked account the address of its code, which its owner has shown.
pub fn confirm(
    conn: &mut Conn<'_>,
    state: &State,
    (account, code): (&Account, &Code),
    now: Timestamp,
) -> Result<(), Problem> {
    hold_address(conn, &code.email_key)?;
    if find_other_owner(conn, &code.email_key, account.id, now)?.is_some() {
        // he reads what comes there, so he may know
        return Err(Problem::new(ProblemCode::StateConflict).detail("another account has this address by now"));
    }
    let email = Email::from_store(code.email.clone());
    let letter = give_up(conn, state, account, &email, now)?;
    set_email(conn, account.id, &email, now)?;
    codes::delete_of_account(conn, account.id)?;
    // who else claims it keeps his claim and sees nothing; but what was sent before it was somebody's is good no more
    codes::delete_of_others(conn, &code.email_key, account.id)?;
    if let Some(letter) = letter {
        leave(conn, state, letter, now)?;
    }
    tell!(EmailConfirmed, account = %account.id);
    Ok(())
}

fn set_email(conn: &mut Conn<'_>, account: AccountId, email: &Email, now: Timestamp) -> Result<(), Problem> {
    match accounts::set_email(conn, account, email, now)? {
        NameOutcome::Stored => Ok(()),
        // by a sign-on or a command, which hold no address
        NameOutcome::EmailTaken | NameOutcome::UsernameTaken => Err(Problem::lost_race()),
    }
}

/// What becomes of an account's address when another takes its place: there is a way back to it, and a letter says so. Who
/// goes back to one that he had himself goes that way, and the ways to what came since are closed.
fn give_up(
    conn: &mut Conn<'_>,
    state: &State,
    account: &Account,
    next: &Email,
    now: Timestamp,
) -> QueryResult<Option<Mail>> {
    let former = account.email.clone().map(Email::from_store).filter(|former| former.key() != next.key());
    let Some(former) = former else { return Ok(None) };
    if let Some(way) = former_emails::find_by_email(conn, &next.key(), Some(account.id), now)? {
        former_emails::delete_since(conn, account.id, way.given_up_at)?;
        return Ok(Some(letters::went_back(Links::of(&state.config), former, account.username.as_deref())));
    }
    let token = LinkToken::new(&state.random);
    let way = FormerEmail {
        id: state.random.id(now),
        account_id: account.id,
        email: former.as_str().to_owned(),
        email_key: former.key(),
        link_hash: token.hash(),
        given_up_at: now,
        expires_at: now.plus(WAY_BACK),
    };
    former_emails::insert(conn, &way)?;
    let links = Links::of(&state.config);
    Ok(Some(letters::changed(links, former, account.username.as_deref(), (&token, way.expires_at))))
}

/// Takes a change of an account's address back, for whoever reads the former one: all sessions end, and whoever knew the
/// password, or joined an identity or set up a second factor in the week before or since, is out. Its owner is sent a code to choose another password.
pub fn restore(conn: &mut Conn<'_>, state: &State, link_hash: &[u8], now: Timestamp) -> Result<(), Problem> {
    let read = former_emails::find_by_link(conn, link_hash, now)?.ok_or_else(invalid_code)?;
    standing::hold(conn, read.account_id)?;
    let account = accounts::find_locked(conn, read.account_id)?.filter(|account| account.closed_at.is_none());
    let account = account.ok_or_else(invalid_code)?;
    // two may have followed it at once
    let way = former_emails::find_by_link(conn, link_hash, now)?.ok_or_else(invalid_code)?;
    hold_address(conn, &way.email_key)?;
    let email = Email::from_store(way.email.clone());
    if find_other_owner(conn, &way.email_key, account.id, now)?.is_some() {
        return Err(Problem::new(ProblemCode::StateConflict).detail("another account has this address by now"));
    }
    set_email(conn, account.id, &email, now)?;
    accounts::void_password(conn, account.id)?;
    former_emails::delete_since(conn, account.id, way.given_up_at)?;
    codes::delete_of_account(conn, account.id)?;
    // he may have begun with these, and changed the address last
    let since = way.given_up_at.minus(WAY_BACK);
    if account.second_factor_at.is_some_and(|at| at >= since) {
        second_factors::delete(conn, account.id)?;
    }
    remove_identities_since(conn, account.id, since, state, now)?;
    sessions::end_all(conn, account.id, None, EndReason::EmailRestored, now)?;
    let mailed = put_code(conn, state, (account.id, &email, CodePurpose::ResetPassword), now)?;
    let letter = letters::reset(Links::of(&state.config), email, account.username.as_deref(), &mailed);
    leave(conn, state, letter, now)?;
    tell!(EmailRestored, account = %account.id);
    Ok(())
}

/// Removes what somebody may have joined to the account who was not its owner, with all that came by it.
fn remove_identities_since(
    conn: &mut Conn<'_>,
    account: AccountId,
    since: Timestamp,
    state: &State,
    now: Timestamp,
) -> Result<(), Problem> {
    for identity in identities::list_since(conn, account, since)? {
        if let Some(issuer) = issuers::find_by_id(conn, identity.issuer_id)? {
            following::take_back(conn, &issuer, &identity, (&state.random, now))?;
        }
        identities::delete(conn, identity.id)?;
    }
    Ok(())
}

/// Sends whoever reads this address a code to set the password of its account anew, or the word that there is none: either
/// is one mail.
pub fn send_reset(conn: &mut Conn<'_>, state: &State, email: &Email, now: Timestamp) -> QueryResult<()> {
    let context = (&state.keys, &state.config.limits, &state.random);
    if limits::count(conn, &[Subject::ResetTo(&email.key())], context, now)?.is_err() {
        return Ok(());
    }
    let links = Links::of(&state.config);
    let letter = match accounts::find_by_email(conn, &email.key())? {
        Some(account) => {
            // as it is written in the account, and not as somebody typed it
            let email = account.email.clone().map_or_else(|| email.clone(), Email::from_store);
            let mailed = put_code(conn, state, (account.id, &email, CodePurpose::ResetPassword), now)?;
            letters::reset(links, email, account.username.as_deref(), &mailed)
        }
        None => letters::unknown(links, email.clone()),
    };
    leave(conn, state, letter, now)
}

/// Sets a locked account's password, whose code its owner has shown. Nobody is signed in by it, and nothing but the password
/// changes: not what is done about him, and not his second factor. That he reads what comes to the address is known now.
pub fn reset(
    conn: &mut Conn<'_>,
    state: &State,
    (account, code): (&Account, &Code),
    (hash, device): (&str, Option<&str>),
    now: Timestamp,
) -> Result<(), Problem> {
    // mailed to an address that the account does not have any more
    if account.email_key.as_ref() != Some(&code.email_key) {
        return Err(invalid_code());
    }
    accounts::set_password_hash(conn, account.id, hash)?;
    let email = Email::from_store(code.email.clone());
    match account.email_verified_at {
        None => set_email(conn, account.id, &email, now)?,
        // what somebody may have begun who knew the former password
        Some(_) => accounts::claim_email(conn, account.id, None)?,
    }
    codes::delete_of_account(conn, account.id)?;
    sessions::end_all(conn, account.id, None, EndReason::PasswordReset, now)?;
    let letter = letters::was_reset(Links::of(&state.config), email, account.username.as_deref(), (device, now));
    leave(conn, state, letter, now)?;
    tell!(PasswordReset, account = %account.id);
    Ok(())
}
