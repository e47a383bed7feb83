//! Where somebody else is signed in, for admins, and ending that.

use actix_web::{HttpResponse, delete, get, web};
use serde::Deserialize;

use super::{
    Routes,
    body::Params,
    caller::{Caller, SignedIn},
    own_sessions::{SessionView, page},
    page::{Page, Paging},
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    clock::Random,
    domain::{ids::*, moderation::Action, session::EndReason, timestamp::Timestamp},
    security::tell,
    store::{
        Conn, accounts,
        decisions::{self, Decision},
        sessions,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_sessions_of_account).service(end_session_of_account).service(end_sessions_of_account);
}

/// Which session of whom.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SessionPath {
    account_id: AccountId,
    session_id: SessionId,
}

/// Who calls, if he may do this to sessions of this account, which there is.
fn permit(
    conn: &mut Conn<'_>,
    caller: &Caller,
    operation: Operation,
    account: AccountId,
    now: Timestamp,
) -> Result<SignedIn, Problem> {
    let caller = caller.sign_in(conn, now)?;
    caller.may_across(operation, Object::default())?;
    accounts::find(conn, account)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(caller)
}

/// Says in the log which sessions an admin ended.
fn log(
    conn: &mut Conn<'_>,
    (caller, account): (&SignedIn, AccountId),
    details: &serde_json::Value,
    (random, now): (&Random, Timestamp),
) -> Result<(), Problem> {
    let row = Decision::new(random.id(now), caller.actor(None), Action::EndSessions, now);
    let details = Some(details.to_string());
    Ok(decisions::insert(conn, &Decision { account_id: Some(account), details, ..row })?)
}

/// List an account's sessions
///
/// The newest first.
#[utoipa::path(tag = "moderation", params(Paging), responses((status = 200, body = Page<SessionView>)), security(("token" = [])))]
#[get("/api/v1/accounts/{account_id}/sessions")]
pub async fn list_sessions_of_account(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = permit(conn, &caller, Operation::ListSessionsOfAccount, *id, now)?;
        page(conn, &state, (*id, caller.standing.session_id), &paging, now)
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// End a session of an account
///
/// At once. The log says so.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/accounts/{account_id}/sessions/{session_id}")]
pub async fn end_session_of_account(
    caller: Caller,
    state: State,
    path: web::Path<SessionPath>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let SessionPath { account_id, session_id } = *path;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = permit(conn, &caller, Operation::EndSessionOfAccount, account_id, now)?;
        if !sessions::end_of_account(conn, (session_id, account_id), EndReason::EndedByAdmin, now)? {
            return Err(Problem::new(Code::NotFound));
        }
        log(conn, (&caller, account_id), &serde_json::json!({"session": session_id}), (&random, now))
    };
    db.write(write).await?;
    tell!(SessionsEnded, of = %account_id, number = 1);
    Ok(HttpResponse::NoContent().finish())
}

/// End all sessions of an account
///
/// At once. The log says so.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/accounts/{account_id}/sessions")]
pub async fn end_sessions_of_account(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = permit(conn, &caller, Operation::EndSessionsOfAccount, *id, now)?;
        // those that begin at this moment are seen
        accounts::find_locked(conn, *id)?;
        let ended = sessions::end_all(conn, *id, None, EndReason::EndedByAdmin, now)?;
        log(conn, (&caller, *id), &serde_json::json!({"sessions": ended}), (&random, now))?;
        Ok::<_, Problem>((*id, ended))
    };
    let (of, ended) = db.write(write).await?;
    tell!(SessionsEnded, %of, number = ended);
    Ok(HttpResponse::NoContent().finish())
}
