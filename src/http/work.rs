//! Challenges for newcomers, and what they show of their work.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, post};
use altcha::Challenge;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::Guest,
    off_thread::off_thread,
    problem::{Code, Problem},
    sites::find_site,
};
use crate::{
    app::State,
    auth::{
        form,
        work::{Errand, SOLUTION_MAX_BYTES, Shown, TTL, Works},
    },
    domain::timestamp::Timestamp,
    store::Conn,
};

/// The header that carries a solution.
pub const HEADER: &str = "altcha";

pub(super) fn routes(config: &mut impl Routes) {
    config.service(create_challenge);
}

/// The solution that a request carries, if it does: ALTCHA's payload, JSON in base64.
#[derive(Clone, Debug)]
pub struct Solution(Option<String>);

impl FromRequest for Solution {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut values = request.headers().get_all(HEADER);
        ready(match (values.next(), values.next()) {
            (None, _) => Ok(Self(None)),
            (Some(value), None) if value.len() <= SOLUTION_MAX_BYTES => {
                value.to_str().map(|text| Self(Some(text.to_owned()))).map_err(|_| malformed())
            }
            _ => Err(malformed()),
        })
    }
}

fn malformed() -> Problem {
    Problem::new(Code::InvalidHeader).detail(format!("Altcha: one value of {SOLUTION_MAX_BYTES} characters at most"))
}

impl Solution {
    /// What it proves, looked at before the transaction that asks for it.
    pub async fn look_at(self, state: &State, now: Timestamp) -> Result<Shown, Problem> {
        let Some(text) = self.0 else { return Ok(Shown::Nothing) };
        let state = state.clone();
        off_thread(move || Ok(state.works.look_at(&text, now))).await
    }
}

/// Refuses a newcomer who has to show work for this and does not; counts him in any case.
pub fn check(
    conn: &mut Conn<'_>,
    state: &State,
    shown: &Shown,
    errand: Errand,
    site: Option<&str>,
) -> Result<(), Problem> {
    state.works.count(errand);
    if !state.works.is_asked_for(errand) || Works::take(conn, shown, errand)? {
        return Ok(());
    }
    let detail = match shown {
        Shown::Nothing => "many come at once: solve a challenge and send the solution as the header Altcha",
        Shown::Bad => "the solution is of no challenge that is good now",
        Shown::Proven(_) => "the solution is of a challenge for something else, or was used",
    };
    let view = WorkNeededView {
        operation: errand.operation().id(),
        site: site.map(str::to_owned),
        challenges: "/api/v1/challenges",
    };
    Err(Problem::new(Code::WorkNeeded).detail(detail).with("work", view))
}

/// How a challenge is got.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkNeededView {
    /// What to name as the operation.
    pub operation: &'static str,
    /// What to name as the site.
    pub site: Option<String>,
    /// Where to ask, by POST.
    pub challenges: &'static str,
}

/// What takes work of newcomers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkOperation {
    CreateAccount,
    CreateReply,
}

/// What a challenge is wanted for.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateChallenge {
    /// The operation.
    pub operation: WorkOperation,
    /// The key of the site on which a reply is to be posted; of a new account none.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub site: Option<String>,
}

/// A challenge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChallengeView {
    /// Whether newcomers have to solve one for this at the moment. Whoever had a reply approved, or is known by a confirmed
    /// address for a week, never has to.
    pub is_needed: bool,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// `parameters` and `signature`, as ALTCHA's protocol (version 2) and its widget have them.
    #[schema(value_type = Object)]
    pub challenge: Challenge,
    /// Of a form in which a reply is written, opened now: it goes with the reply as `form`. Null for a new account.
    pub form_token: Option<String>,
}

/// Get a challenge
///
/// To be solved by a newcomer's browser where many come at once, as ALTCHA's protocol says, and shown once within ten minutes in
/// the header `Altcha` of what it is for: `{"challenge": ..., "solution": ...}` as JSON in base64.
#[utoipa::path(request_body = CreateChallenge, tag = "sessions", responses((status = 201, body = ChallengeView)))]
#[post("/api/v1/challenges")]
pub async fn create_challenge(
    _guest: Guest,
    state: State,
    body: Body<CreateChallenge>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let errand = match (body.value.operation, body.value.site) {
        (WorkOperation::CreateAccount, None) => Errand::SignUp,
        (WorkOperation::CreateAccount, Some(_)) => {
            return Err(Problem::field("/site", "accounts are of no site"));
        }
        (WorkOperation::CreateReply, None) => return Err(Problem::field("/site", "on which one?")),
        (WorkOperation::CreateReply, Some(key)) => {
            Errand::Post(state.db.read(move |conn| find_site(conn, &key)).await?.id)
        }
    };
    Ok(HttpResponse::Created().json(ChallengeView {
        is_needed: state.works.is_asked_for(errand),
        // whole seconds, as the challenge has them
        expires_at: Timestamp::from_micros(now.plus(TTL).as_secs() * 1_000_000),
        challenge: state.works.challenge(errand, now, &state.random),
        form_token: errand.site().map(|site| form::token(&state.keys, site, now)),
    }))
}
