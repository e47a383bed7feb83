//! Closing accounts (docs/ACCOUNTS.md): what is forgotten at once, and what is erased behind it.

use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    app::State,
    domain::{
        closing::{CAN_BE_UNDONE, ClosedTexts},
        email::Email,
        ids::*,
        job::JobKind,
        moderation::{Action, ActorKind},
        reply_state::ReplyState,
        session::EndReason,
        timestamp::Timestamp,
    },
    mail,
    proving::letters::Links,
    security::tell,
    store::{
        Conn,
        accounts::{self, Account},
        badges,
        closings::{self, Closing},
        codes, data_exports,
        decisions::Actor,
        erasing, former_emails, idempotency, identities, imports,
        jobs::{self, Job},
        notes, oidc_codes, replies, roles, second_factors, sessions, sites, standing,
        transitions::{self, Entry},
    },
};

pub mod letters;

/// A job's payload.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    pub account: AccountId,
}

/// Notes that a locked account is to be closed, and writes its owner how to undo that. What was asked for before is asked for
/// anew.
pub fn ask(
    conn: &mut Conn<'_>,
    state: &State,
    (account, texts): (&Account, ClosedTexts),
    now: Timestamp,
) -> QueryResult<Closing> {
    undo(conn, account.id)?;
    let closes_at = now.plus(CAN_BE_UNDONE);
    let payload = serde_json::to_string(&Payload { account: account.id }).expect("an id is JSON");
    let job = Job { created_at: now, ..Job::new(state.random.id(now), JobKind::CloseAccount, payload, closes_at) };
    jobs::insert(conn, &job)?;
    let closing = Closing {
        account_id: account.id,
        texts,
        asked_at: now,
        closes_at,
        job_id: job.id,
        closed_at: None,
        erased_at: None,
    };
    closings::insert(conn, &closing)?;
    if let Some(email) = account.email.clone() {
        let letter = letters::asked(Links::of(&state.config), Email::from_store(email), account, &closing);
        mail::leave(conn, &[letter], (&state.keys, &state.random), now)?;
    }
    Ok(closing)
}

/// Takes it back that a locked account is to be closed; whether it was to be.
pub fn undo(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<bool> {
    let Some(closing) = closings::find(conn, account)? else { return Ok(false) };
    jobs::delete(conn, closing.job_id)?;
    closings::delete(conn, account)?;
    Ok(true)
}

/// Closes an account whose time has come, of which this job is: all that names its owner is forgotten. What was to become of it,
/// unless that was undone.
pub fn close(conn: &mut Conn<'_>, account: AccountId, job: JobId, now: Timestamp) -> QueryResult<Option<Closing>> {
    standing::hold(conn, account)?;
    let Some(open) = accounts::find_locked(conn, account)? else { return Ok(None) };
    let closing = closings::find(conn, account)?.filter(|closing| closing.job_id == job && closing.closes_at <= now);
    let Some(closing) = closing else { return Ok(None) };
    if closing.closed_at.is_none() && open.closed_at.is_none() {
        forget(conn, account, now)?;
        closings::note_closed(conn, account, now)?;
        tell!(AccountClosed, account = %account);
    }
    Ok(Some(closing))
}

/// Forgets who has a locked account.
fn forget(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<()> {
    accounts::close(conn, account, now)?;
    second_factors::delete(conn, account)?;
    roles::delete_of_account(conn, account)?;
    notes::delete_of_account(conn, account)?;
    identities::delete_of_account(conn, account)?;
    codes::delete_of_account(conn, account)?;
    former_emails::delete_of_account(conn, account)?;
    sessions::end_all(conn, account, None, EndReason::AccountClosed, now)?;
    sessions::forget_places(conn, account)?;
    oidc_codes::delete_of_account(conn, account)?;
    idempotency::delete_of_account(conn, account)?;
    data_exports::delete(conn, account)?;
    erasing::erase_messages(conn, account)?;
    imports::forget_claimed(conn, account)?;
    sites::raise_people_version_where_wrote(conn, account)?;
    // behind the sites, as whoever deletes a badge locks them
    badges::revoke_all(conn, account)
}

/// Withdraws and erases one reply of who wants no text of his to stay.
pub fn erase_reply(conn: &mut Conn<'_>, state: &State, id: ReplyId, now: Timestamp) -> QueryResult<()> {
    let Some(mut reply) = replies::find_locked(conn, id)? else { return Ok(()) };
    if reply.state != ReplyState::Withdrawn {
        let actor = Actor { kind: ActorKind::Reader, id: Some(reply.author_id) };
        let entry = Entry::new(state.random.id(now), actor, Action::Withdraw, now);
        reply = transitions::change(conn, &reply, ReplyState::Withdrawn, None, &entry)?;
    }
    erasing::erase_reply(conn, &reply)
}
