//! Signing in at a provider of OpenID Connect: a page sends its reader there, the provider sends him back here, and he comes
//! back to the page with a code, which the page gets tokens for.
//!
//! Both ways are bound: at the provider by what the browser keeps in a cookie, and by its own challenge; at the page by a
//! challenge of the page, so that nobody is signed in as somebody else by a link that he follows.

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::Guest,
    keeping::Keeping,
    problem::{Code, Problem},
    sessions::TokensView,
    sites::find_site,
    sso::{count_failure, sign_on},
};
use crate::{
    app::State,
    auth::{
        codes::{LinkToken, hash_of},
        limits::{self, Subject},
        session::{Beginning, Tokens},
    },
    domain::{job::Lane, session::SessionWay, sso::IssuerKind, timestamp::Timestamp},
    security::tell,
    signing_on::oidc::{self, Failure, Pending},
    store::{
        Conn, accounts, identities, issuers,
        oidc_codes::{self, OidcCode},
        sites::Site,
    },
};

mod browser;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(begin_oidc_sign_on).service(finish_oidc_sign_on).service(create_oidc_session);
}

/// Seconds in which the page gets tokens for it.
const CODE_SECS: u64 = 60;
/// What a page is told where the log tells more.
const FAILED: &str = "failed";

/// The page that sends its reader.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BeginOidc {
    /// Where he is led back to: a page of the site, at one of its origins, without a part behind `#`.
    #[validate(length(min = 1, max = 2_048))]
    #[param(min_length = 1, max_length = 2048)]
    pub return_to: String,
    /// SHA-256 of a text that the page keeps, in base64url (RFC 7636, section 4.2).
    #[validate(length(equal = 43))]
    #[param(min_length = 43, max_length = 43)]
    pub challenge: String,
}

/// Sign in at a provider
///
/// Leads there. Afterwards the reader is back at the page with `#rejoinder_code=…`, which is good for a minute, or with
/// `#rejoinder_error=…`: `access_denied` where he did not want to, else `failed`.
#[utoipa::path(tag = "sessions", params(BeginOidc), responses((status = 303, description = "to the provider", headers(("Location" = String)))))]
#[get("/api/v1/sites/{site}/oidc/{issuer}")]
pub async fn begin_oidc_sign_on(
    guest: Guest,
    state: State,
    path: web::Path<(String, String)>,
    Params(query): Params<BeginOidc>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, looking) = (state.db.clone(), state.clone());
    let read = move |conn: &mut Conn<'_>| {
        let subjects = [Subject::SsoAddress(guest.address)];
        limits::check(conn, &subjects, (&looking.keys, &looking.config.limits), now)??;
        let site = find_site(conn, &path.0)?;
        let issuer = issuers::find(conn, site.id, &path.1)?.filter(|issuer| issuer.kind == IssuerKind::Oidc);
        Ok::<_, Problem>((site, issuer.ok_or_else(|| Problem::new(Code::NotFound))?))
    };
    let (site, issuer) = db.read(read).await?;
    let return_to = page_of(&state, &site, &query.return_to)?;
    if !query.challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err(Problem::new(Code::InvalidQuery).detail("challenge: 43 characters of base64url"));
    }
    let (url, pending) = match oidc::begin(&state, &issuer, (&return_to, &query.challenge), now).await {
        Ok(begun) => begun,
        Err(failure) => {
            tracing::warn!(issuer = %issuer.id, %failure, "nobody can sign in at a provider");
            return Ok(see_other(&told(return_to, "rejoinder_error", FAILED)).finish());
        }
    };
    let cookie = browser::cookie(&state, &pending);
    Ok(see_other(&url).insert_header((header::SET_COOKIE, cookie)).finish())
}

/// An address that people of this site may be led to.
fn page_of(state: &State, site: &Site, typed: &str) -> Result<Url, Problem> {
    let wrong = || Problem::new(Code::InvalidQuery).detail("return_to: a page at one of the site's origins");
    let url = Url::parse(typed).map_err(|_| wrong())?;
    let origin = url.origin().ascii_serialization();
    // what stands behind the `#` goes along with redirects, and the API redirects to providers of all sites
    let is_known = match origin == state.config.public_url.origin().ascii_serialization() {
        true => !percent_decode_str(url.path()).decode_utf8_lossy().split('/').any(|part| part == "api"),
        false => site.allowed_origins.0.contains(&origin),
    };
    let is_plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if is_known && is_plain && matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(wrong()) }
}

/// The page, told what became of it.
fn told(mut page: Url, name: &str, value: &str) -> Url {
    page.set_fragment(Some(&format!("{name}={value}")));
    page
}

fn see_other(url: &Url) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, url.as_str())).insert_header((header::REFERRER_POLICY, "no-referrer"));
    response
}

/// What a provider says; more than that is passed over, as they may (RFC 6749, section 4.1.2).
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FinishOidc {
    /// What was given along.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    pub state: String,
    /// What the provider gives tokens for.
    #[validate(length(min = 1, max = 4_096))]
    #[param(min_length = 1, max_length = 4096)]
    pub code: Option<String>,
    /// Whose code it is (RFC 9207).
    #[validate(length(min = 1, max = 255))]
    #[param(min_length = 1, max_length = 255)]
    pub iss: Option<String>,
    /// Why there is none.
    #[validate(length(min = 1, max = 100))]
    #[param(min_length = 1, max_length = 100)]
    pub error: Option<String>,
}

/// Come back from a provider
///
/// Where providers lead people who signed in there; nobody else asks here. Leads on to the page where he began.
#[utoipa::path(tag = "sessions", params(FinishOidc), responses((status = 303, description = "to the page", headers(("Location" = String)))))]
#[get("/api/v1/oidc/callback")]
pub async fn finish_oidc_sign_on(
    guest: Guest,
    state: State,
    request: HttpRequest,
    Params(query): Params<FinishOidc>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let subject = Subject::SsoAddress(guest.address);
    let pending = browser::find(&state, &request, &query.state)
        .and_then(|sealed| Pending::open(&state, &sealed, &query.state, now));
    let Some(pending) = pending else {
        tell!(StrangerCameBack);
        return Err(Problem::new(Code::SignOnUnknown));
    };
    let return_to = Url::parse(&pending.return_to).map_err(|_| Problem::new(Code::SignOnUnknown))?;
    let forgetting = browser::forgetting(&state, &query.state);
    let (name, value) = match come_back(&state, pending, query, (guest.device, now)).await {
        Ok(code) => ("rejoinder_code", code),
        Err(Refusal::Denied) => ("rejoinder_error", "access_denied".to_owned()),
        Err(Refusal::Failed) => {
            count_failure(&state, subject, now).await?;
            ("rejoinder_error", FAILED.to_owned())
        }
        Err(Refusal::Problem(problem)) => return Err(problem),
    };
    Ok(see_other(&told(return_to, name, &value)).insert_header((header::SET_COOKIE, forgetting)).finish())
}

/// Why somebody comes back without a code.
enum Refusal {
    /// He did not want to, or may not there.
    Denied,
    /// Something is wrong, which the log tells.
    Failed,
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

async fn come_back(
    state: &State,
    pending: Pending,
    query: FinishOidc,
    (device, now): (Option<String>, Timestamp),
) -> Result<String, Refusal> {
    let (id, version) = (pending.issuer, pending.version);
    let read = move |conn: &mut Conn<'_>| Ok::<_, Problem>(issuers::find_by_id(conn, id)?);
    let issuer = state.db.read(read).await?.filter(|issuer| issuer.version == version).ok_or(Refusal::Failed)?;
    let Some(code) = query.code.filter(|_| query.error.is_none()) else {
        let is_denied = query.error.as_deref() == Some("access_denied");
        tracing::info!(issuer = %issuer.id, is_denied, "a provider signed nobody in");
        return Err(if is_denied { Refusal::Denied } else { Refusal::Failed });
    };
    let challenge = pending.challenge.clone();
    let claims = oidc::finish(state, &issuer, pending, (code, query.iss.as_deref()), now).await;
    let claims = claims.map_err(|failure: Failure| {
        tracing::warn!(issuer = %issuer.id, %failure, "signing in at a provider failed");
        Refusal::Failed
    })?;
    let (db, jobs, state) = (state.db.clone(), state, state.clone());
    let code = LinkToken::new(&state.random);
    let hash = code.hash();
    let write = move |conn: &mut Conn<'_>| {
        let identity = sign_on(conn, &state, (&issuer, &claims), (device.as_deref(), now))?;
        let Some(identity) = identity else { return Ok::<_, Problem>(false) };
        let row = OidcCode {
            hash: hash.clone(),
            account_id: identity.account_id,
            identity_id: identity.id,
            challenge: challenge.clone(),
            useless_at: now.plus(std::time::Duration::from_secs(CODE_SECS)),
        };
        oidc_codes::insert(conn, &row)?;
        Ok(true)
    };
    let is_signed_on = db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    if is_signed_on { Ok(code.as_str().to_owned()) } else { Err(Refusal::Failed) }
}

/// A code that somebody came back with.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OidcCodeShown {
    /// What stands behind `#rejoinder_code=`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The text that the challenge was made of: 43 to 128 characters (RFC 7636, section 4.1).
    #[validate(length(min = 43, max = 128))]
    #[schema(min_length = 43, max_length = 128)]
    pub verifier: String,
}

/// Sign in by a provider's word
///
/// By the code that one came back with, good once, and for the page alone that sent one there.
#[utoipa::path(request_body = OidcCodeShown, tag = "sessions", params(("Rejoinder-Refresh" = Option<String>, Header)), responses((status = 201, body = TokensView)))]
#[post("/api/v1/sessions/oidc")]
pub async fn create_oidc_session(
    guest: Guest,
    state: State,
    keeping: Keeping,
    body: Body<OidcCodeShown>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let OidcCodeShown { code, verifier } = body.value;
    let subject = Subject::SsoAddress(guest.address);
    let (db, signing_in) = (state.db.clone(), state.clone());
    let begin = move |conn: &mut Conn<'_>| begin_session(conn, &signing_in, (&code, &verifier), (&guest, now));
    let tokens = db.write(begin).await?;
    let Some(tokens) = tokens else {
        count_failure(&state, subject, now).await?;
        tell!(SignOnFailed);
        return Err(Problem::new(Code::WrongCode));
    };
    tell!(SignedOn, account = %tokens.account_id);
    Ok(keeping.created(tokens))
}

fn begin_session(
    conn: &mut Conn<'_>,
    state: &State,
    (code, verifier): (&str, &str),
    (guest, now): (&Guest, Timestamp),
) -> Result<Option<Tokens>, Problem> {
    limits::check(conn, &[Subject::SsoAddress(guest.address)], (&state.keys, &state.config.limits), now)??;
    let Some(seen) = oidc_codes::find(conn, &hash_of(code))? else { return Ok(None) };
    // whoever ends all that an issuer began, or deletes it, waits for this, or this finds what he left
    let issuer = match identities::find_of(conn, seen.account_id, seen.identity_id)? {
        Some(identity) => issuers::find_by_id(conn, identity.issuer_id)?,
        None => None,
    };
    let is_kept = match &issuer {
        Some(issuer) => issuers::keep(conn, issuer)?,
        None => false,
    };
    // it is gone whatever comes of it: who shows it with another text has it from somebody else
    let Some(row) = oidc_codes::take(conn, &hash_of(code))? else { return Ok(None) };
    let shown = BASE64.encode(Sha256::digest(verifier.as_bytes()));
    if !is_kept || row.useless_at <= now || !bool::from(shown.as_bytes().ct_eq(row.challenge.as_bytes())) {
        return Ok(None);
    }
    let account =
        accounts::find_locked(conn, row.account_id)?.filter(|account| account.closed_at.is_none() && !account.is_admin);
    let Some(account) = account else { return Ok(None) };
    if identities::find_of(conn, account.id, row.identity_id)?.is_none() {
        return Ok(None);
    }
    let beginning = Beginning { way: SessionWay::Oidc, ..Beginning::by_token(row.identity_id) };
    let beginning = guest.begins(state, beginning);
    Ok(Some(state.sessions.begin(conn, account.id, beginning, now)?))
}
