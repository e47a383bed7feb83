//! Which websites may call: everybody's public reads, the sites' own pages for the rest.

use std::{
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
};
use tokio::{sync::Mutex, time::timeout};
use url::Url;

use super::{
    keeping, operations,
    problem::{Code, Problem, with_headers},
};
use crate::{
    app::State,
    auth::permission::Rule,
    store::{DbError, sites, sites::Site},
};

const ALLOWED_HEADERS: &str =
    "Altcha, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Rejoinder-Refresh, X-Request-Id";
const ALLOWED_METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const PUBLIC_METHODS: &str = "GET, HEAD, POST";
const EXPOSED_HEADERS: &str = "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id";
/// How long browsers may keep a preflight's answer.
const PREFLIGHT_SECS: &str = "600";

/// How long the union of origins is believed: so long another instance's change may go unnoticed here. The handlers
/// compare with the object's own site in any case.
const BELIEVED: Duration = Duration::from_secs(5);

/// How long reading them may take, and how long after a failure they are read again.
const PATIENCE: Duration = Duration::from_secs(2);

/// The origins of all sites and the service's own.
pub struct Origins {
    own: String,
    known: RwLock<Known>,
    /// Held while they are read: once, for however many ask.
    reading: Mutex<()>,
}

#[derive(Default)]
struct Known {
    all: Option<Arc<Vec<String>>>,
    read_again_at: Option<Instant>,
}

impl Origins {
    /// Knows the service's own origin until it is refreshed.
    pub fn new(public_url: &Url) -> Self {
        Self { own: public_url.origin().ascii_serialization(), known: RwLock::default(), reading: Mutex::new(()) }
    }

    fn is_fresh(&self) -> bool {
        self.known.read().is_ok_and(|known| known.read_again_at.is_some_and(|at| at > Instant::now()))
    }

    fn is_known(&self) -> bool {
        self.known.read().is_ok_and(|known| known.all.is_some())
    }

    /// Reads them anew if they are older than [`BELIEVED`]. What was known is good enough while another reads them, and
    /// when reading fails: the handlers compare with the object's own site in any case.
    async fn refresh(&self, state: &State) -> Result<(), Problem> {
        if self.is_fresh() {
            return Ok(());
        }
        let _reading = match self.reading.try_lock() {
            Ok(reading) => reading,
            Err(_) if self.is_known() => return Ok(()),
            Err(_) => timeout(PATIENCE, self.reading.lock()).await.map_err(|_| Problem::new(Code::Busy))?,
        };
        if self.is_fresh() {
            return if self.is_known() { Ok(()) } else { Err(Problem::new(Code::Busy)) };
        }
        let read = state.db.read(|conn| sites::origins(conn).map_err(DbError::from));
        let lists = timeout(PATIENCE, read).await.unwrap_or(Err(DbError::Busy));
        if let Ok(mut known) = self.known.write() {
            let believed = if lists.is_ok() { BELIEVED } else { PATIENCE };
            known.read_again_at = Some(Instant::now() + believed);
            if let Ok(lists) = &lists {
                known.all = Some(Arc::new(lists.iter().flat_map(|list| list.0.clone()).collect()));
            }
        }
        match lists {
            Err(error) if !self.is_known() => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Forgets them, after a site changed here.
    pub fn forget(&self) {
        if let Ok(mut known) = self.known.write() {
            known.read_again_at = None;
        }
    }

    fn contains(&self, origin: &str) -> bool {
        let all = self.known.read().ok().and_then(|known| known.all.clone());
        origin == self.own || all.is_some_and(|all| all.iter().any(|allowed| allowed == origin))
    }
}

/// A website that no site allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnknownOrigin;

/// The website that a request comes from.
#[derive(Clone, Debug)]
pub struct Origin {
    text: String,
    is_own: bool,
}

impl Origin {
    /// `Ok(None)` for a request that no website made, an error for one by a website that no site allows.
    pub fn of(request: &HttpRequest, origins: &Origins) -> Result<Option<Self>, UnknownOrigin> {
        let Some(value) = request.headers().get(header::ORIGIN) else { return Ok(None) };
        let text = value.to_str().map_err(|_| UnknownOrigin)?;
        match origins.contains(text) {
            true => Ok(Some(Self { text: text.to_owned(), is_own: text == origins.own })),
            false => Err(UnknownOrigin),
        }
    }

    /// Whether it is the service's own.
    pub fn is_own(&self) -> bool {
        self.is_own
    }

    /// Whether it is one of this site's, or the service's own.
    pub fn is_of(&self, site: &Site) -> bool {
        self.is_own || site.allowed_origins.0.contains(&self.text)
    }
}

/// Answers preflights and says who may read the answer: everybody what is public, also a refusal; of the rest the pages of
/// the sites.
pub async fn share(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked_for = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD).cloned();
    let asked_for = asked_for.filter(|_| request.method() == Method::OPTIONS);
    let method = match &asked_for {
        None => Some(request.method().clone()),
        Some(method) => Method::from_bytes(method.as_bytes()).ok(),
    };
    let place = method.and_then(|method| operations::find(&request.match_pattern()?, &method));
    let operation = place.map(|place| place.operation);
    let is_public = operation.is_some_and(|operation| operation.rule() == Rule::Public);
    let sends_cookie = operation.is_some_and(keeping::is_kept_by);
    let mut allowed = is_public.then(|| HeaderValue::from_static("*"));
    if let Some(origin) = request.headers().get(header::ORIGIN).filter(|_| operation.is_some() && !is_public).cloned() {
        let state = request.app_data::<State>().expect("the application has its state").clone();
        if let Err(problem) = state.origins.refresh(&state).await {
            return Ok(request.into_response(problem.error_response()));
        }
        allowed = origin.to_str().is_ok_and(|text| state.origins.contains(text)).then_some(origin);
    }
    if asked_for.is_some() {
        let mut response = preflight(allowed, is_public);
        share_cookie(response.headers_mut(), sends_cookie);
        return Ok(request.into_response(response));
    }
    let say = |headers: &mut HeaderMap| {
        share_answer(headers, is_public, allowed);
        share_cookie(headers, sends_cookie);
    };
    match next.call(request).await {
        Ok(response) => {
            let mut response = response.map_into_boxed_body();
            say(response.headers_mut());
            Ok(response)
        }
        Err(error) => Err(with_headers(&error, say)),
    }
}

/// Lets a page that may read the answer send its cookie, and be sent one.
fn share_cookie(headers: &mut HeaderMap, sends_cookie: bool) {
    if sends_cookie && headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
}

/// Lets every website read the answer to a public read.
pub(super) fn share_with_all(headers: &mut HeaderMap) {
    share_answer(headers, true, Some(HeaderValue::from_static("*")));
}

/// What a website may send.
fn preflight(allowed: Option<HeaderValue>, is_public: bool) -> HttpResponse {
    let mut response = HttpResponse::NoContent().finish();
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(allowed) = allowed {
        let methods = if is_public { PUBLIC_METHODS } else { ALLOWED_METHODS };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_SECS));
    }
    response
}

fn share_answer(headers: &mut HeaderMap, is_public: bool, allowed: Option<HeaderValue>) {
    if !is_public {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
}
