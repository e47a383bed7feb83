//! Where a browser keeps the refresh token of its session: told to the page, or in a cookie that no script reads.
//!
//! A page asks for the cookie by the header `Rejoinder-Refresh`, which pages of other origins send only where CORS lets them
//! ([`super::cors`]), so that nothing is refreshed that a website sends without a reader's page being one of a site's. The
//! cookie is of this host and one for each website: the pages of one never go on with what another's began. The moderators'
//! desk has one of its own, which the pages of this host's other parts do not share.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder,
    dev::Payload,
    http::header::{self, HeaderName, HeaderValue},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

use super::{
    cookies::{self, SentAlong},
    problem::{Code, Problem},
    sessions::TokensView,
};
use crate::{
    app::State,
    auth::{permission::Operation, session::Tokens},
};

/// The header's name.
pub const HEADER: HeaderName = HeaderName::from_static("rejoinder-refresh");
/// Bytes of the hash of a website's origin in its cookie's name.
const NAMED_BY: usize = 9;

/// Whether an operation may send the cookie, so that browsers are to be told that they may.
pub fn is_kept_by(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::CreateAccount
            | Operation::CreateSession
            | Operation::CreateSsoSession
            | Operation::CreateOidcSession
            | Operation::RefreshSession
            | Operation::DeleteSession
    )
}

/// Where the refresh token of a request's session is kept.
#[derive(Clone)]
pub struct Keeping {
    state: State,
    cookie: Option<Cookie>,
}

#[derive(Clone, Debug)]
struct Cookie {
    name: String,
    /// What the browser sent along.
    value: Option<String>,
    along: SentAlong,
}

impl Keeping {
    /// The answer to who begins or goes on with a session.
    pub fn created(&self, tokens: Tokens) -> HttpResponse {
        self.created_by(HttpResponse::Created(), tokens)
    }

    /// The same, with what the answer says already.
    pub fn created_by(&self, mut response: HttpResponseBuilder, tokens: Tokens) -> HttpResponse {
        let mut view = TokensView::from(tokens);
        if let Some(cookie) = &self.cookie
            && let Some(token) = view.refresh_token.take()
        {
            let secs = self.state.sessions.idle_ttl.as_secs();
            response.insert_header((header::SET_COOKIE, cookie.set(&self.state, &token, secs)));
        }
        response.json(view)
    }

    /// The refresh token that is shown: in the body, or in the cookie.
    pub fn shown(&self, told: Option<String>) -> Result<String, Problem> {
        match (&self.cookie, told) {
            (None, Some(token)) => Ok(token),
            (None, None) => Err(Problem::field("/refresh_token", "is needed where no cookie holds it")),
            (Some(_), Some(_)) => Err(Problem::field("/refresh_token", "is in the cookie")),
            (Some(cookie), None) => cookie.value.clone().ok_or_else(|| Problem::new(Code::InvalidRefreshToken)),
        }
    }

    /// The header that lets the browser forget the session that has ended, where it keeps one.
    pub fn forgetting(&self) -> Option<(HeaderName, HeaderValue)> {
        let cookie = self.cookie.as_ref()?;
        Some((header::SET_COOKIE, cookie.set(&self.state, "", 0)))
    }
}

impl Cookie {
    fn set(&self, state: &State, value: &str, secs: u64) -> HeaderValue {
        let text = cookies::set(state, (&self.name, value), secs, self.along);
        HeaderValue::try_from(text).expect("names and tokens are visible ASCII")
    }
}

impl FromRequest for Keeping {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state: &State = request.app_data().expect("the application has its state");
        ready(cookie(request, state).map(|cookie| Self { state: state.clone(), cookie }))
    }
}

fn cookie(request: &HttpRequest, state: &State) -> Result<Option<Cookie>, Problem> {
    let mut values = request.headers().get_all(&HEADER);
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.as_bytes(),
        (Some(_), Some(_)) => return Err(malformed()),
    };
    // that it is one of a site's is looked at by who says who calls
    let origin = request.headers().get(header::ORIGIN).map(HeaderValue::as_bytes).ok_or_else(malformed)?;
    let is_own = origin == state.config.public_url.origin().ascii_serialization().as_bytes();
    let (name, along) = match value {
        b"cookie" => (format!("rejoinder-{}", BASE64.encode(&Sha256::digest(origin)[..NAMED_BY])), along(request)),
        b"desk" if is_own => ("rejoinder-desk".to_owned(), SentAlong::OfOwnSite),
        _ => return Err(malformed()),
    };
    Ok(Some(Cookie { value: cookies::find(state, request, &name), name, along }))
}

/// As browsers say who sends a request (Fetch Metadata Request Headers); one that says nothing may be of another site.
fn along(request: &HttpRequest) -> SentAlong {
    match request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"same-site") => SentAlong::OfOwnSite,
        _ => SentAlong::OfEachSite,
    }
}

fn malformed() -> Problem {
    Problem::new(Code::InvalidHeader)
        .detail("Rejoinder-Refresh: cookie, sent by a page of a site; desk, by one of this service")
}
