//! A password set anew by whoever reads the account's mail.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    accounts::new_password,
    body::Body,
    caller::Guest,
    email::{check_tries, refuse},
    off_thread::off_thread,
    problem::Problem,
};
use crate::{
    app::State,
    auth::{
        codes::hash_of,
        limits::{self, Subject},
    },
    domain::{code::CodePurpose, email::Email, job::Lane, timestamp::Timestamp},
    proving,
    store::{
        Conn,
        accounts::{self, Account},
        codes::{self, Code},
        sites,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(request_password_reset).service(reset_password);
}

/// Whose password is to be set anew.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPasswordReset {
    /// The account's address.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, examples("ann@example.org"))]
    pub email: String,
}

/// Ask for a mail to set a password
///
/// The answer is the same whether an account has the address or not; either is written there.
#[utoipa::path(request_body = RequestPasswordReset, tag = "accounts", responses((status = 202)))]
#[post("/api/v1/password-resets")]
pub async fn request_password_reset(
    guest: Guest,
    state: State,
    body: Body<RequestPasswordReset>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let email = Email::parse(&body.value.email).map_err(|error| Problem::field("/email", error))?;
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let context = (&state.keys, &state.config.limits, &state.random);
        limits::count(conn, &[Subject::ResetAddress(guest.address)], context, now)??;
        Ok::<_, Problem>(proving::send_reset(conn, &state, &email, now)?)
    };
    db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Accepted().finish())
}

/// A mailed code, and the new password.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// What stands behind the `#` of the mailed link; or else `email` and `code`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub token: Option<String>,
    /// The address that was asked for.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, examples("ann@example.org"))]
    pub email: Option<String>,
    /// The eight digits that were mailed there, of which five tries are good.
    #[validate(length(min = 8, max = 20))]
    #[schema(min_length = 8, max_length = 20, examples("1234 5678"))]
    pub code: Option<String>,
    /// The password from now on.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub new_password: String,
}

/// What somebody shows.
enum Shown {
    Link(Vec<u8>),
    Digits(Email, String),
}

impl Shown {
    fn parse(token: Option<String>, email: Option<String>, code: Option<String>) -> Result<Self, Problem> {
        match (token, email, code) {
            (Some(token), None, None) => Ok(Self::Link(hash_of(&token))),
            (None, Some(email), Some(code)) => {
                let email = Email::parse(&email).map_err(|error| Problem::field("/email", error))?;
                Ok(Self::Digits(email, code))
            }
            _ => Err(Problem::field("", "either token, or email and code")),
        }
    }

    /// The code that it is, with its account. Of digits that are none a try is counted, so the transaction must be kept.
    fn find(&self, conn: &mut Conn<'_>, state: &State, now: Timestamp) -> Result<Option<(Code, Account)>, Problem> {
        let code = match self {
            Self::Link(hash) => codes::find_by_link(conn, hash, CodePurpose::ResetPassword, now)?,
            Self::Digits(email, typed) => {
                let Some(account) = accounts::find_by_email(conn, &email.key())? else { return Ok(None) };
                accounts::find_locked(conn, account.id)?;
                proving::check_digits(conn, state, (account.id, CodePurpose::ResetPassword), typed, now)?
            }
        };
        let Some(code) = code else { return Ok(None) };
        let account = accounts::find(conn, code.account_id)?;
        Ok(account.filter(|account| account.closed_at.is_none()).map(|account| (code, account)))
    }
}

/// Set a password anew
///
/// By a mailed code, which is good for once. All sessions of the account end, and none begins; what a sanction keeps from its
/// owner stays so, and a second factor is asked for as before. A password that is refused costs no code.
#[utoipa::path(request_body = ResetPassword, tag = "accounts", responses((status = 204)))]
#[post("/api/v1/password-resets/completion")]
pub async fn reset_password(guest: Guest, state: State, body: Body<ResetPassword>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let ResetPassword { token, email, code, new_password: typed } = body.value;
    let shown = Shown::parse(token, email, code)?;
    check_tries(&state, guest.address, now).await?;
    let looking = state.clone();
    let found = state.db.write(move |conn| shown.find(conn, &looking, now)).await?;
    let Some((code, account)) = found else { return Err(refuse(&state, guest.address, now).await) };
    let words = state.db.read(|conn| Ok::<_, Problem>(sites::list_words(conn)?)).await?;
    let checked = off_thread(move || {
        let email = account.email.map(Email::from_store);
        new_password("/new_password", &typed, email.as_ref(), &account.username.unwrap_or_default(), &words)
    })
    .await?;
    let hash = state.hasher.hash(checked.expose().to_owned()).await?;
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let account = proving::find_of_code(conn, &code, now)?;
        proving::reset(conn, &state, (&account, &code), (&hash, guest.device.as_deref()), now)
    };
    db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::NoContent().finish())
}
