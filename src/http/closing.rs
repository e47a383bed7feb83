//! Closing one's own account, and taking that back.

use actix_web::{HttpResponse, delete, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::{Caller, SignedIn},
    email::find_locked,
    me::prove_password,
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::permission::Operation,
    closing,
    domain::{closing::ClosedTexts, job::Lane, timestamp::Timestamp},
    security::tell,
    store::{Conn, closings::Closing},
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(close_account).service(keep_account);
}

/// That an account is to be closed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ClosingView {
    /// What becomes of its replies.
    pub texts: ClosedTexts,
    /// When its owner asked for it.
    pub asked_at: Timestamp,
    /// When it is closed. Until then that can be undone.
    pub closes_at: Timestamp,
}

impl ClosingView {
    /// As the account's owner sees it.
    pub(super) fn of(closing: Closing) -> Self {
        Self { texts: closing.texts, asked_at: closing.asked_at, closes_at: closing.closes_at }
    }
}

/// How an account is to be closed.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseAccount {
    /// The password, to show that its owner asks; of an account without one, signing in has to be a short time ago.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: Option<String>,
    /// What becomes of its replies.
    #[serde(default = "kept")]
    #[schema(default = "keep")]
    pub texts: ClosedTexts,
}

fn kept() -> ClosedTexts {
    ClosedTexts::Keep
}

/// Close my account
///
/// After 24 hours, in which it can be undone, and then for good: e-mail, names and password are forgotten, its sessions, roles
/// and identities end, and what the log says of it in words is erased. Its replies stay, without a name, or are withdrawn and
/// their texts erased with all former ones; replies of others stay. A mail tells when.
#[utoipa::path(request_body = CloseAccount, tag = "me", responses((status = 202, body = ClosingView)), security(("token" = [])))]
#[post("/api/v1/me/close")]
pub async fn close_account(caller: Caller, state: State, body: Body<CloseAccount>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let CloseAccount { password, texts } = body.value;
    let proven = match password {
        Some(password) => Some(prove_password(&caller, &state, Operation::CloseAccount, password).await?.password_hash),
        None => None,
    };
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::CloseAccount, now)?;
        let account = find_locked(conn, me.account.id)?;
        match proven {
            Some(ref proven) if &account.password_hash == proven => {}
            Some(_) => return Err(Problem::new(Code::WrongCredentials)),
            None => show_otherwise(&me)?,
        }
        Ok::<_, Problem>(closing::ask(conn, &state, (&account, texts), now)?)
    };
    let asked = db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    tell!(ClosingAsked);
    Ok(HttpResponse::Accepted().json(ClosingView::of(asked)))
}

/// Who has no password shows by a sign-in of a short time ago who he is.
fn show_otherwise(me: &SignedIn) -> Result<(), Problem> {
    if me.account.password_hash.is_some() {
        return Err(Problem::field("/password", "is needed"));
    }
    match me.standing.is_proven {
        true => Ok(()),
        false => Err(Problem::new(Code::ProofNeeded)),
    }
}

/// Keep my account
///
/// Takes it back that it is to be closed; nothing was lost. Where it is not to be closed, nothing happens.
#[utoipa::path(tag = "me", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/me/close")]
pub async fn keep_account(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::KeepAccount, now)?;
        find_locked(conn, me.account.id)?;
        Ok::<_, Problem>(closing::undo(conn, me.account.id)?)
    };
    if state.db.write(write).await? {
        tell!(ClosingUndone);
    }
    Ok(HttpResponse::NoContent().finish())
}
