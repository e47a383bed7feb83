//! One's e-mail address: confirmed, changed, and taken back from a former one (docs/ACCOUNTS.md).

use std::net::IpAddr;

use actix_web::{HttpResponse, post, put};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::{Caller, Guest},
    me::prove_password,
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::{
        codes::hash_of,
        limits::{self, Subject},
        permission::Operation,
    },
    domain::{
        code::{CodePurpose, WAYS_BACK_MAX},
        email::Email,
        ids::AccountId,
        job::Lane,
        timestamp::Timestamp,
    },
    proving::{self, Occasion},
    security::tell,
    store::{
        Conn,
        accounts::{self, Account},
        codes, former_emails,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(change_email)
        .service(send_email_code)
        .service(confirm_my_email)
        .service(confirm_email)
        .service(restore_email);
}

/// The addresses of an account, as its owner sees them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EmailView {
    /// The address that signs in; null as long as none is confirmed.
    pub email: Option<String>,
    /// One that waits to be confirmed.
    pub unconfirmed_email: Option<String>,
}

/// A token out of a mailed link.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailedToken {
    /// What stands behind the `#`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
}

/// A mailed code.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailedCode {
    /// Eight digits, with blanks or without.
    #[validate(length(min = 8, max = 20))]
    #[schema(min_length = 8, max_length = 20, examples("1234 5678"))]
    pub code: String,
}

/// Refuses who showed too many codes from this address that are good for nothing.
pub(super) async fn check_tries(state: &State, address: IpAddr, now: Timestamp) -> Result<(), Problem> {
    let looking = state.clone();
    let read = move |conn: &mut Conn<'_>| {
        let context = (&looking.keys, &looking.config.limits);
        Ok::<_, Problem>(limits::check(conn, &[Subject::CodeAddress(address)], context, now)??)
    };
    state.db.read(read).await
}

/// The one answer to a code that is good for nothing; counts it.
pub(super) async fn refuse(state: &State, address: IpAddr, now: Timestamp) -> Problem {
    let counting = state.clone();
    let write = move |conn: &mut Conn<'_>| {
        let context = (&counting.keys, &counting.config.limits, &counting.random);
        limits::count(conn, &[Subject::CodeAddress(address)], context, now)??;
        Ok::<_, Problem>(())
    };
    let counted = state.db.write(write).await;
    tell!(WrongCode);
    counted.err().unwrap_or_else(|| Problem::new(Code::InvalidCode))
}

/// One's own account, locked.
pub(super) fn find_locked(conn: &mut Conn<'_>, me: AccountId) -> Result<Account, Problem> {
    let account = accounts::find_locked(conn, me)?.filter(|account| account.closed_at.is_none());
    account.ok_or_else(|| Problem::new(Code::Unauthenticated))
}

/// Counts a mail that somebody signed in asks for. Whether it may go to that address he is not told.
fn count_mail(
    conn: &mut Conn<'_>,
    state: &State,
    (me, to): (AccountId, &Email),
    now: Timestamp,
) -> Result<bool, Problem> {
    let context = (&state.keys, &state.config.limits, &state.random);
    limits::count(conn, &[Subject::MailsOf(me)], context, now)??;
    Ok(proving::may_mail(conn, state, to, now)?)
}

/// Another address.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeEmail {
    /// The address.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, examples("ann@example.org"))]
    pub email: String,
    /// The account's password.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
}

/// Change my e-mail address
///
/// A mail there asks to confirm it; until then the present one stays. The answer is the same where another account has the
/// address: then its owner is written. The former address is written once it is changed, with a way back for seven days.
/// The present address named again takes an unconfirmed one back.
#[utoipa::path(request_body = ChangeEmail, tag = "me", responses((status = 202, body = EmailView)), security(("token" = [])))]
#[put("/api/v1/me/email")]
pub async fn change_email(caller: Caller, state: State, body: Body<ChangeEmail>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let ChangeEmail { email, password } = body.value;
    let email = Email::parse(&email).map_err(|error| Problem::field("/email", error))?;
    let proven = prove_password(&caller, &state, Operation::ChangeEmail, password).await?.password_hash;
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ChangeEmail, now)?.account.id;
        let may_mail = count_mail(conn, &state, (me, &email), now)?;
        let me = find_locked(conn, me)?;
        if me.password_hash != proven {
            return Err(Problem::new(Code::WrongCredentials));
        }
        let is_present = me.email_key.as_ref() == Some(&email.key());
        let claimed = Some(&email).filter(|_| !is_present);
        if claimed.is_some() && former_emails::count(conn, me.id, now)? >= WAYS_BACK_MAX {
            let detail = format!("the address was changed {WAYS_BACK_MAX} times in seven days");
            return Err(Problem::new(Code::StateConflict).detail(detail));
        }
        codes::delete_of_account(conn, me.id)?;
        accounts::claim_email(conn, me.id, claimed)?;
        if may_mail && (claimed.is_some() || me.email_verified_at.is_none()) {
            let name = me.username.unwrap_or_default();
            proving::send_confirmation(conn, &state, (me.id, &name), (&email, Occasion::Change), now)?;
        }
        let unconfirmed_email = claimed.map(|email| email.as_str().to_owned());
        Ok::<_, Problem>(EmailView { email: me.email, unconfirmed_email })
    };
    let view = db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Accepted().json(view))
}

/// Send me a code
///
/// Another mail to the address that waits to be confirmed, or to the present one if it is not; the codes mailed before are good
/// no more.
#[utoipa::path(tag = "me", responses((status = 202, body = EmailView)), security(("token" = [])))]
#[post("/api/v1/me/email/code")]
pub async fn send_email_code(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::SendEmailCode, now)?.account;
        let unconfirmed = me.email.filter(|_| me.email_verified_at.is_none());
        let to = me.claimed_email.or(unconfirmed).map(Email::from_store);
        let to = to.ok_or_else(|| Problem::new(Code::StateConflict).detail("no address waits to be confirmed"))?;
        let may_mail = count_mail(conn, &state, (me.id, &to), now)?;
        let me = find_locked(conn, me.id)?;
        let is_still = [&me.claimed_email, &me.email].into_iter().flatten().any(|email| email == to.as_str());
        if may_mail && is_still {
            let name = me.username.unwrap_or_default();
            proving::send_confirmation(conn, &state, (me.id, &name), (&to, Occasion::Change), now)?;
        }
        Ok::<_, Problem>(EmailView { email: me.email, unconfirmed_email: me.claimed_email })
    };
    let view = db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Accepted().json(view))
}

/// Confirm my e-mail address
///
/// By the digits that were mailed there, of which five tries are good.
#[utoipa::path(request_body = MailedCode, tag = "me", responses((status = 200, body = EmailView)), security(("token" = [])))]
#[post("/api/v1/me/email/confirmation")]
pub async fn confirm_my_email(caller: Caller, state: State, body: Body<MailedCode>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ConfirmMyEmail, now)?.account.id;
        let me = find_locked(conn, me)?;
        let of = (me.id, CodePurpose::ConfirmEmail);
        let Some(code) = proving::check_digits(conn, &state, of, &body.value.code, now)? else { return Ok(None) };
        proving::confirm(conn, &state, (&me, &code), now)?;
        Ok::<_, Problem>(Some(EmailView { email: Some(code.email), unconfirmed_email: None }))
    };
    let view = db.write(write).await?.ok_or_else(|| Problem::new(Code::InvalidCode))?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Ok().json(view))
}

/// Confirm an e-mail address
///
/// By the link that was mailed there, once.
#[utoipa::path(request_body = MailedToken, tag = "accounts", responses((status = 204)))]
#[post("/api/v1/email/confirmations")]
pub async fn confirm_email(guest: Guest, state: State, body: Body<MailedToken>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    check_tries(&state, guest.address, now).await?;
    let link_hash = hash_of(&body.value.token);
    // looked at first, so that guesses lock nothing
    let find = move |conn: &mut Conn<'_>| {
        Ok::<_, Problem>(codes::find_by_link(conn, &link_hash, CodePurpose::ConfirmEmail, now)?)
    };
    let Some(code) = state.db.read(find).await? else { return Err(refuse(&state, guest.address, now).await) };
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let account = proving::find_of_code(conn, &code, now)?;
        proving::confirm(conn, &state, (&account, &code), now)
    };
    db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::NoContent().finish())
}

/// Take a change of an e-mail address back
///
/// By the link that was mailed to the former address, within seven days. That is the account's again; all its sessions end,
/// its password is void, identities and a second factor that came since are removed, and a mail tells how to choose another password.
#[utoipa::path(request_body = MailedToken, tag = "accounts", responses((status = 204)))]
#[post("/api/v1/email/restorations")]
pub async fn restore_email(guest: Guest, state: State, body: Body<MailedToken>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    check_tries(&state, guest.address, now).await?;
    let link_hash = hash_of(&body.value.token);
    let hash = link_hash.clone();
    let find = move |conn: &mut Conn<'_>| Ok::<_, Problem>(former_emails::find_by_link(conn, &hash, now)?);
    if state.db.read(find).await?.is_none() {
        return Err(refuse(&state, guest.address, now).await);
    }
    let (db, jobs) = (state.db.clone(), state.clone());
    db.write(move |conn| proving::restore(conn, &state, &link_hash, now)).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::NoContent().finish())
}
