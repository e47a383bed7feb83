//! Showing again who one is, for what needs that it was shown a short time ago.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::Caller,
    me::prove_password,
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::{
        permission::Operation,
        second_factor::{self, Shown},
    },
    domain::{job::Lane, timestamp::Timestamp},
    proving::changes::{self, Change},
    security::tell,
    store::{accounts, second_factors, sessions},
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(prove_session);
}

/// A code of the second factor; without one the password.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProveSession {
    /// The password, of an account without a second factor.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: Option<String>,
    /// A code of the second factor, or a recovery code.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40, examples("123456"))]
    pub code: Option<String>,
}

/// Show again who I am
///
/// Counts for ten minutes, as signing in does. Who has neither a password nor a second factor signs on again at the blog instead.
#[utoipa::path(request_body = ProveSession, tag = "sessions", responses((status = 204)), security(("token" = [])))]
#[post("/api/v1/sessions/current/proof")]
pub async fn prove_session(caller: Caller, state: State, body: Body<ProveSession>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    match body.value {
        ProveSession { code: Some(code), .. } => by_code(&state, caller, code, now).await?,
        ProveSession { password: Some(password), code: None } => by_password(&state, caller, password, now).await?,
        _ => return Err(Problem::field("/code", "a code or the password is needed")),
    }
    Ok(HttpResponse::NoContent().finish())
}

async fn by_code(state: &State, caller: Caller, code: String, now: Timestamp) -> Result<(), Problem> {
    let (db, jobs, state) = (state.db.clone(), state, state.clone());
    let shown = db.write(move |conn| {
        let me = caller.permit(conn, Operation::ProveSession, now)?;
        let account = accounts::find_locked(conn, me.account.id)?;
        let account = account.filter(|account| account.second_factor_at.is_some()).ok_or_else(no_factor)?;
        let context = (&state.keys, &state.config.limits, &state.random);
        let shown = second_factor::show(conn, account.id, &code, context, now)??;
        if let Some(session) = me.standing.session_id.filter(|_| shown != Shown::Wrong) {
            sessions::prove(conn, session, true, now)?;
        }
        if shown == Shown::Recovery {
            let left = second_factors::count_recovery_codes(conn, account.id)?;
            let device = sessions::find_device(conn, me.standing.session_id)?;
            let used = (&account, Change::RecoveryCodeUsed(left), device.as_deref());
            changes::announce(conn, (&state.keys, &state.config, &state.random), used, now)?;
        }
        Ok::<_, Problem>(shown)
    });
    match shown.await? {
        Shown::Wrong => {
            tell!(WrongCode);
            return Err(Problem::new(Code::WrongCode));
        }
        Shown::OfTheTime => {}
        Shown::Recovery => jobs.jobs.of(Lane::Mail).notify_one(),
    }
    Ok(())
}

fn no_factor() -> Problem {
    Problem::new(Code::StateConflict).detail("the account has no second factor")
}

async fn by_password(state: &State, caller: Caller, password: String, now: Timestamp) -> Result<(), Problem> {
    let proven = prove_password(&caller, state, Operation::ProveSession, password).await?;
    let outcome = state.db.write(move |conn| {
        let me = caller.permit(conn, Operation::ProveSession, now)?;
        let current = accounts::find_locked(conn, me.account.id)?;
        let current = current.filter(|current| current.password_hash == proven.password_hash);
        let current = current.ok_or_else(|| Problem::new(Code::WrongCredentials))?;
        if current.second_factor_at.is_some() {
            return Err(Problem::new(Code::SecondFactorRequired));
        }
        if let Some(session) = me.standing.session_id {
            sessions::prove(conn, session, false, now)?;
        }
        Ok(())
    });
    outcome.await
}
