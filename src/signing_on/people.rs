//! Whose account a token leads to.
//!
//! An admin's never: who holds an issuer's key would be one. Nor is an account of a site's people, or one that another
//! issuer made, ever joined by an e-mail: an issuer that may give no role would get one, and one that named somebody's
//! address first would have prepared an account for him, to which it keeps the key.

use super::{Claims, Issuer};
use crate::{
    clock::Random,
    domain::{email::Email, ids::*, sso::IDENTITIES_MAX, timestamp::Timestamp, username::Username},
    http::problem::Problem,
    security::tell,
    store::{
        Conn,
        accounts::{self, Account, NameOutcome},
        former_emails,
        identities::{self, Identity},
        roles, sites, standing,
    },
};

/// The identity with its account, locked; nothing if that may not sign in this way.
pub(super) fn come_back(conn: &mut Conn<'_>, identity: Identity) -> Result<Option<(Identity, Account)>, Problem> {
    let Some(account) = find_locked(conn, identity.account_id)? else { return Ok(None) };
    // taken away by its owner before the account was locked
    let Some(identity) = identities::find_of(conn, account.id, identity.id)? else { return Err(Problem::lost_race()) };
    if account.is_admin {
        tell!(StaffSpared, account = %account.id);
        return Ok(None);
    }
    Ok(Some((identity, account)))
}

/// An open account, locked with what it may.
fn find_locked(conn: &mut Conn<'_>, id: AccountId) -> Result<Option<Account>, Problem> {
    standing::hold(conn, id)?;
    Ok(accounts::find_locked(conn, id)?.filter(|account| account.closed_at.is_none()))
}

/// Somebody's first token: joins the account of who is known here by his e-mail, or makes one; whether it joined one.
pub(super) fn arrive(
    conn: &mut Conn<'_>,
    (issuer, claims): (&Issuer, &Claims),
    (random, now): (&Random, Timestamp),
) -> Result<(Identity, Account, bool), Problem> {
    let of_email = match &claims.email {
        Some(email) => accounts::find_by_email(conn, &email.key())?,
        None => None,
    };
    if let Some(known) = &of_email
        && let Some(account) = find_joinable(conn, issuer, known)?
    {
        let identity = join(conn, (issuer, claims), account.id, (random, now))?;
        tell!(IdentityJoined, account = %account.id, issuer = %issuer.id);
        return Ok((identity, account, true));
    }
    // a taken address stays whose it is, also one to which its owner has a way back
    let is_kept = match claims.email.as_ref().filter(|_| of_email.is_none()) {
        Some(email) => former_emails::find_by_email(conn, &email.key(), None, now)?.is_some(),
        None => true,
    };
    let email = claims.email.as_ref().filter(|_| !is_kept);
    let account = make(conn, claims, email, (random, now))?;
    let identity = Identity {
        is_origin: true,
        name: account.display_name.clone(),
        ..new((issuer, claims), account.id, (random, now))
    };
    identities::insert(conn, &identity)?;
    tracing::info!(account = %account.id, issuer = %issuer.id, "signed up by a site's token");
    Ok((identity, account, false))
}

/// The account of a verified e-mail, locked, if this issuer's word joins it. The token's e-mail is verified there.
fn find_joinable(conn: &mut Conn<'_>, issuer: &Issuer, known: &Account) -> Result<Option<Account>, Problem> {
    if !issuer.joins_by_verified_email {
        return Ok(None);
    }
    let Some(account) = find_locked(conn, known.id)? else { return Ok(None) };
    // it may have become another's before it was locked
    let is_still_his = account.email_key == known.email_key;
    Ok(if is_still_his && may_join_by_email(conn, &account)? { Some(account) } else { None })
}

/// Whether an account may be joined by its e-mail at all: that is verified here, its owner made the account with a password, and
/// is of no site's people.
pub fn may_join_by_email(conn: &mut Conn<'_>, account: &Account) -> Result<bool, Problem> {
    // who guards his account by a code as well joins it himself
    let is_local =
        account.password_hash.is_some() && account.email_verified_at.is_some() && account.second_factor_at.is_none();
    if !is_local || account.is_admin || roles::has_any(conn, account.id)? {
        return Ok(false);
    }
    let (number, was_made_by_one) = identities::count(conn, account.id)?;
    Ok(!was_made_by_one && number < IDENTITIES_MAX as i64)
}

/// Whether an account may have another identity. It is locked.
pub(super) fn has_room(conn: &mut Conn<'_>, account: AccountId) -> Result<bool, Problem> {
    Ok(identities::count(conn, account)?.0 < IDENTITIES_MAX as i64)
}

/// Stores that the token's subject is the owner of this account.
pub(super) fn join(
    conn: &mut Conn<'_>,
    of: (&Issuer, &Claims),
    account: AccountId,
    by: (&Random, Timestamp),
) -> Result<Identity, Problem> {
    let identity = new(of, account, by);
    identities::insert(conn, &identity)?;
    accounts::prove(conn, account, by.1)?;
    Ok(identity)
}

fn new((issuer, claims): (&Issuer, &Claims), account_id: AccountId, (random, now): (&Random, Timestamp)) -> Identity {
    Identity {
        id: random.id(now),
        issuer_id: issuer.id,
        sub: claims.sub.clone(),
        account_id,
        is_origin: false,
        name: None,
        created_at: now,
        last_used_at: now,
    }
}

/// A new account without a password, whose owner is known by the issuer.
fn make(
    conn: &mut Conn<'_>,
    claims: &Claims,
    email: Option<&Email>,
    (random, now): (&Random, Timestamp),
) -> Result<Account, Problem> {
    let username = free_username(conn, claims, random)?;
    let account = Account {
        display_name: claims.name.as_ref().map(|name| name.as_str().to_owned()),
        email_verified_at: email.map(|_| now),
        proven_at: Some(now),
        ..Account::new(random.id(now), email, &username, now)
    };
    match accounts::insert(conn, &account)? {
        NameOutcome::Stored => Ok(account),
        // by somebody who signed up since it was looked for
        NameOutcome::EmailTaken | NameOutcome::UsernameTaken => Err(Problem::lost_race()),
    }
}

/// Digits behind a name, at first and when that is taken too.
const SUFFIXES: [u32; 3] = [10_000, 1_000_000_000, 1_000_000_000];

/// A username made of the name, that nobody has and no site reserves.
fn free_username(conn: &mut Conn<'_>, claims: &Claims, random: &Random) -> Result<Username, Problem> {
    let words = sites::list_words(conn)?;
    let name = claims.name.as_ref().map_or("", |name| name.as_str());
    let numbers = SUFFIXES.map(|below| 1 + u32::from_be_bytes(random.bytes()) % below);
    for number in [0].into_iter().chain(numbers) {
        let username = Username::suggest(name, number);
        let is_reserved = username.is_reserved(words.iter().flat_map(|site| &site.reserved_keys.0));
        if !is_reserved && accounts::find_by_username(conn, &username.key())?.is_none() {
            return Ok(username);
        }
    }
    // one in a billion twice over; another try draws other numbers
    Err(Problem::lost_race())
}
