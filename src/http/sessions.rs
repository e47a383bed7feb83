//! Signing in, staying signed in, signing out.

use actix_web::{HttpResponse, delete, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::{Caller, Guest},
    keeping::Keeping,
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::{
        limits::{self, Subject},
        password::Verified,
        permission::Operation,
        second_factor,
        session::{Beginning, Refreshed, Tokens},
    },
    domain::{email::Email, ids::*, job::Lane, session::EndReason, timestamp::Timestamp, username},
    proving::changes::{self, Change},
    security::tell,
    store::{
        accounts::{self, Account},
        second_factors, sessions,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(create_session).service(refresh_session).service(delete_session);
}

/// Credentials.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// E-mail or username.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, examples("ann@example.org"))]
    pub identifier: String,
    /// The password, as typed.
    #[validate(length(min = 1, max = 256))]
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
    /// A code of the second factor or a recovery code, where the account has one.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40, examples("123456"))]
    pub code: Option<String>,
}

/// A refresh token.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshSession {
    /// The last refresh token; good for one use. Absent where a cookie holds it.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub refresh_token: Option<String>,
}

/// Tokens of a session.
#[derive(Clone, Serialize, ToSchema)]
pub struct TokensView {
    /// The account signed in.
    pub account_id: AccountId,
    /// Shown with each request: `Authorization: Bearer ...`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = String)]
    pub token_type: &'static str,
    /// Seconds that the access token lives.
    pub expires_in: u64,
    /// Good for one use, for new tokens; absent where a cookie holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

impl From<Tokens> for TokensView {
    fn from(tokens: Tokens) -> Self {
        Self {
            account_id: tokens.account_id,
            access_token: tokens.access_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in.as_secs(),
            refresh_token: Some(tokens.refresh_token),
        }
    }
}

/// How an identifier is looked up and counted.
enum Identifier {
    Email(String),
    Username(String),
}

impl Identifier {
    fn parse(typed: &str) -> Self {
        match Email::parse(typed.trim()) {
            Ok(email) => Self::Email(email.key()),
            Err(_) => Self::Username(username::key(typed.trim())),
        }
    }

    fn key(&self) -> &str {
        match self {
            Self::Email(key) | Self::Username(key) => key,
        }
    }
}

/// Sign in
///
/// By e-mail or username, and by a code where the account has a second factor. Too many failures for one identifier or from one
/// address have to wait. With `Rejoinder-Refresh: cookie`, as a page of a site sends it, the refresh token is kept in a cookie
/// that no script reads; docs/ACCOUNTS.md tells of it.
#[utoipa::path(request_body = CreateSession, tag = "sessions", params(("Rejoinder-Refresh" = Option<String>, Header)), responses((status = 201, body = TokensView)))]
#[post("/api/v1/sessions")]
pub async fn create_session(
    guest: Guest,
    state: State,
    keeping: Keeping,
    body: Body<CreateSession>,
) -> Result<HttpResponse, Problem> {
    sign_in(&state, &guest, body.value).await.map(|tokens| keeping.created(tokens))
}

/// Begins a session for who shows these credentials.
pub(super) async fn sign_in(state: &State, guest: &Guest, shown: CreateSession) -> Result<Tokens, Problem> {
    let now = state.clock.now();
    let CreateSession { identifier, password, code } = shown;
    let (mut account, counted) = find_to_sign_in(state, Identifier::parse(&identifier), guest).await?;
    for _ in 0..VERIFY_TRIES {
        let stored = account.as_ref().and_then(|account| account.password_hash.clone());
        let verified = state.hasher.verify(password.clone(), stored).await;
        let renewed = match &verified {
            Ok(Verified::YesButWeak) => Some(state.hasher.hash(password.clone()).await),
            _ => None,
        };
        // what could not be looked at is no failure
        if let (Err(busy), _) | (_, Some(Err(busy))) = (&verified, &renewed) {
            let (busy, db) = (*busy, state.db.clone());
            db.write(move |conn| Ok::<_, Problem>(limits::forgive(conn, &counted)?)).await?;
            return Err(busy.into());
        }
        let proven = account.take().filter(|_| verified != Ok(Verified::No));
        let Some(proven) = proven else { break };
        let beginning = guest.begins(state, Beginning::by_password());
        let shown = Shown { renewed: renewed.and_then(Result::ok), code: code.clone(), counted: counted.clone() };
        match begin(state, (proven, beginning), shown, now).await? {
            Begun::Session(tokens) => {
                tell!(SignedIn, account = %tokens.account_id);
                return Ok(*tokens);
            }
            Begun::OtherHash(current) => account = Some(*current),
            Begun::CodeNeeded => return Err(Problem::new(Code::SecondFactorRequired)),
            Begun::WrongCode => {
                tell!(WrongCode);
                return Err(Problem::new(Code::WrongCode));
            }
            Begun::Refused => break,
        }
    }
    tell!(SignInFailed);
    Err(Problem::new(Code::WrongCredentials))
}

/// How often a password is compared while others change or renew its hash.
const VERIFY_TRIES: usize = 3;

/// What came of beginning a session for somebody who knew the password.
enum Begun {
    Session(Box<Tokens>),
    /// The hash is another one by now, of this or another password.
    OtherHash(Box<Account>),
    /// The account has a second factor, and no code was shown.
    CodeNeeded,
    /// One that is not good.
    WrongCode,
    /// The account is closed.
    Refused,
}

/// What somebody showed who knew the password.
struct Shown {
    /// The password's hash by today's parameters, if its own is by others.
    renewed: Option<String>,
    code: Option<String>,
    /// The tries that this was, which was none that failed.
    counted: Vec<AttemptId>,
}

/// Begins a session if the account still is as it was when the password was compared.
async fn begin(
    state: &State,
    (proven, beginning): (Account, Beginning),
    shown: Shown,
    now: Timestamp,
) -> Result<Begun, Problem> {
    let (db, jobs, state) = (state.db.clone(), state, state.clone());
    let may_be_told = shown.code.is_some();
    let begun = db.write(move |conn| {
        let Shown { renewed, code, counted } = &shown;
        let current = accounts::find_locked(conn, proven.id)?.filter(|current| current.closed_at.is_none());
        let Some(current) = current else { return Ok(Begun::Refused) };
        if current.password_hash != proven.password_hash {
            return Ok(Begun::OtherHash(Box::new(current)));
        }
        limits::forgive(conn, counted)?;
        if let Some(hash) = renewed {
            accounts::set_password_hash(conn, current.id, hash)?;
        }
        let is_by_factor = current.second_factor_at.is_some();
        if is_by_factor {
            let Some(code) = code else { return Ok(Begun::CodeNeeded) };
            let context = (&state.keys, &state.config.limits, &state.random);
            match second_factor::show(conn, current.id, code, context, now)?? {
                second_factor::Shown::Wrong => return Ok(Begun::WrongCode),
                second_factor::Shown::OfTheTime => {}
                second_factor::Shown::Recovery => {
                    let left = second_factors::count_recovery_codes(conn, current.id)?;
                    let used = (&current, Change::RecoveryCodeUsed(left), beginning.device.as_deref());
                    changes::announce(conn, (&state.keys, &state.config, &state.random), used, now)?;
                }
            }
        }
        let beginning = Beginning { is_by_factor, ..beginning.clone() };
        Ok::<_, Problem>(Begun::Session(Box::new(state.sessions.begin(conn, current.id, beginning, now)?)))
    });
    let begun = begun.await?;
    if may_be_told {
        jobs.jobs.of(Lane::Mail).notify_one();
    }
    Ok(begun)
}

/// Counts the try before the password is looked at, so that a thousand tries at once are counted too.
async fn find_to_sign_in(
    state: &State,
    identifier: Identifier,
    guest: &Guest,
) -> Result<(Option<Account>, Vec<AttemptId>), Problem> {
    let (state, address, now) = (state.clone(), guest.address, state.clock.now());
    let db = state.db.clone();
    db.write(move |conn| {
        let subjects = [Subject::Identifier(identifier.key()), Subject::SignInAddress(address)];
        let context = (&state.keys, &state.config.limits, &state.random);
        let counted = limits::count(conn, &subjects, context, now)?.map_err(|too_many| {
            tell!(SignInsLimited);
            Problem::from(too_many)
        })?;
        let account = match &identifier {
            Identifier::Email(key) => accounts::find_by_email(conn, key)?,
            Identifier::Username(key) => accounts::find_by_username(conn, key)?,
        };
        Ok((account, counted))
    })
    .await
}

/// Get new tokens
///
/// Spends the refresh token. A spent one shown again ends the session, except for ten seconds while its successor is
/// unused: then the answer may have been lost.
#[utoipa::path(request_body = RefreshSession, tag = "sessions", params(("Rejoinder-Refresh" = Option<String>, Header)), responses((status = 201, body = TokensView)))]
#[post("/api/v1/sessions/refresh")]
pub async fn refresh_session(
    _guest: Guest,
    state: State,
    keeping: Keeping,
    body: Body<RefreshSession>,
) -> Result<HttpResponse, Problem> {
    let token = keeping.shown(body.value.refresh_token)?;
    refresh(state, token).await.map(|tokens| keeping.created(tokens))
}

/// Goes on with the session of a refresh token, which is spent.
pub(super) async fn refresh(state: State, token: String) -> Result<Tokens, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let refreshed: Result<Refreshed, Problem> =
        db.write(move |conn| Ok(state.sessions.refresh(conn, &token, now)?)).await;
    match refreshed? {
        Refreshed::Tokens(tokens) => Ok(tokens),
        Refreshed::Refused => Err(Problem::new(Code::InvalidRefreshToken)),
        Refreshed::Reused(account) => {
            tell!(TokenReused, %account);
            Err(Problem::new(Code::InvalidRefreshToken))
        }
    }
}

/// Sign out
///
/// Ends the session of the access token at once.
#[utoipa::path(tag = "sessions", params(("Rejoinder-Refresh" = Option<String>, Header)), responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/sessions/current")]
pub async fn delete_session(caller: Caller, state: State, keeping: Keeping) -> Result<HttpResponse, Problem> {
    sign_out(&state, caller).await?;
    let mut response = HttpResponse::NoContent();
    keeping.forgetting().into_iter().for_each(|header| _ = response.insert_header(header));
    Ok(response.finish())
}

/// Ends the caller's session.
pub(super) async fn sign_out(state: &State, caller: Caller) -> Result<(), Problem> {
    let now = state.clock.now();
    state
        .db
        .write(move |conn| {
            let signed_in = caller.sign_in(conn, now)?;
            // no permission is asked: also who is suspended may leave; a key has no session to end
            if let Some(key) = &signed_in.standing.by_key {
                key.check(Operation::DeleteSession, None)?;
            }
            let session = signed_in.standing.session_id.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
            Ok::<_, Problem>(sessions::end(conn, session, EndReason::SignedOut, now)?)
        })
        .await
}
