//! Which websites may call: everybody's public reads, the sites' own pages for the rest.

use std::{
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
};
use url::Url;

use crate::{
    app::State,
    store::{DbError, sites, sites::Site},
};

const ALLOWED_HEADERS: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id";
const ALLOWED_METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const EXPOSED_HEADERS: &str = "ETag, Location, Retry-After, X-Request-Id";
/// How long browsers may keep a preflight's answer.
const PREFLIGHT_SECS: &str = "600";

/// How long the union of origins is believed: so long another instance's change may go unnoticed here. The handlers
/// compare with the object's own site in any case.
const BELIEVED: Duration = Duration::from_secs(5);

/// The origins of all sites and the service's own.
pub struct Origins {
    own: String,
    known: RwLock<(Option<Instant>, Arc<Vec<String>>)>,
}

impl Origins {
    /// Knows the service's own origin until it is refreshed.
    pub fn new(public_url: &Url) -> Self {
        Self { own: public_url.origin().ascii_serialization(), known: RwLock::new((None, Arc::default())) }
    }

    /// Reads them anew if they are older than [`BELIEVED`].
    async fn refresh(&self, state: &State) {
        let is_fresh = |read_at: Option<Instant>| read_at.is_some_and(|at| at.elapsed() < BELIEVED);
        if self.known.read().is_ok_and(|known| is_fresh(known.0)) {
            return;
        }
        // a failed read leaves what was known: the handlers still compare with the site
        if let Ok(lists) = state.db.read(|conn| sites::origins(conn).map_err(DbError::from)).await {
            let all = lists.into_iter().flat_map(|list| list.0).collect();
            if let Ok(mut known) = self.known.write() {
                *known = (Some(Instant::now()), Arc::new(all));
            }
        }
    }

    /// Forgets them, after a site changed here.
    pub fn forget(&self) {
        if let Ok(mut known) = self.known.write() {
            known.0 = None;
        }
    }

    fn contains(&self, origin: &str) -> bool {
        origin == self.own || self.known.read().is_ok_and(|known| known.1.iter().any(|allowed| allowed == origin))
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

    /// Whether it is one of this site's, or the service's own.
    pub fn is_of(&self, site: &Site) -> bool {
        self.is_own || site.allowed_origins.0.contains(&self.text)
    }
}

/// Of a request that asks for what is public: every website may read the answer, a refusal too.
#[derive(Clone, Copy, Debug)]
pub struct SharedWithAll;

/// Answers preflights and says who may read the answer.
pub async fn share(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut known = None;
    if let Some(origin) = request.headers().get(header::ORIGIN).cloned() {
        let state = request.app_data::<State>().expect("the application has its state").clone();
        state.origins.refresh(&state).await;
        known = origin.to_str().is_ok_and(|text| state.origins.contains(text)).then_some(origin);
        let asks_for = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if request.method() == Method::OPTIONS && asks_for {
            return Ok(request.into_response(preflight(known)));
        }
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    let is_public = response.request().extensions().get::<SharedWithAll>().is_some();
    share_answer(response.headers_mut(), is_public, known);
    Ok(response)
}

/// What a website may send, by whether it is known.
fn preflight(known: Option<HeaderValue>) -> HttpResponse {
    let mut response = HttpResponse::NoContent().finish();
    let headers = response.headers_mut();
    let methods = if known.is_some() { ALLOWED_METHODS } else { "GET, HEAD" };
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, known.unwrap_or(HeaderValue::from_static("*")));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_SECS));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}

fn share_answer(headers: &mut HeaderMap, is_public: bool, known: Option<HeaderValue>) {
    if !is_public {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    let allowed = if is_public { Some(HeaderValue::from_static("*")) } else { known };
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
    }
}
