//! The HTTP client: one POST or GET, one small answer, one deadline for all of it, from looking the name up to the last byte.
//!
//! It follows nothing, keeps no cookies, reads no proxies from the environment and asks for no compression. A reused
//! connection leads where its address was looked at when it was made.

use std::{error::Error, io, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    HeaderMap, Request,
    body::{Body, Bytes, Incoming},
    header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use tokio::time::timeout;

use super::{
    OutsideError, Unreached,
    endpoint::Endpoint,
    guard::Guard,
    lookup::{Lookup, LookupError, Names},
};

/// Bytes that the answer to a question may have.
pub const MAX_ANSWER_BYTES: usize = 16 * 1024;
/// How long an endpoint has for everything.
pub const DEADLINE: Duration = Duration::from_secs(2);

/// Bytes that an answer's head may have.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Connections to one endpoint that are kept though nobody needs them.
const MAX_IDLE: usize = 4;
/// How long they are kept.
const IDLE: Duration = Duration::from_secs(30);
/// Who asks.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("Rejoinder/", env!("CARGO_PKG_VERSION")));

/// What a client is made of.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which addresses may be asked.
    pub guard: Guard,
    /// Who knows the addresses of names.
    pub names: Names,
    /// How long an endpoint has for everything.
    pub deadline: Duration,
    /// Whose certificates are believed.
    pub authorities: RootCertStore,
}

impl Settings {
    /// The system's names, two seconds, Mozilla's authorities.
    pub fn new(guard: Guard) -> Self {
        let authorities = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        Self { guard, names: Names::system(), deadline: DEADLINE, authorities }
    }
}

/// What is sent.
#[derive(Debug)]
pub struct Post<'p> {
    /// To whom.
    pub endpoint: &'p Endpoint,
    /// What the body is.
    pub content_type: &'static str,
    /// What else is said of it.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer with a status of success.
#[derive(Debug)]
pub struct Response {
    /// What it says of itself.
    pub headers: HeaderMap,
    /// The whole of it.
    pub body: Bytes,
}

/// See the module's description.
#[derive(Clone, Debug)]
pub struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector<Lookup>>, Full<Bytes>>,
    guard: Guard,
    deadline: Duration,
}

impl Client {
    /// A client with a pool of its own.
    pub fn new(settings: Settings) -> Self {
        let Settings { guard, names, deadline, authorities } = settings;
        let mut tcp = HttpConnector::new_with_resolver(Lookup::new(names, guard, deadline));
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // shared among the addresses, so that a silent one leaves time for the next
        tcp.set_connect_timeout(Some(deadline));
        // the provider is named here: it does not depend on what else is compiled in, and nothing global is set
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("aws-lc speaks TLS 1.2 and 1.3")
            .with_root_certificates(authorities)
            .with_no_client_auth();
        // which of the two is allowed was looked at in the endpoint's address
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        let http = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(MAX_IDLE)
            .http1_max_buf_size(MAX_HEAD_BYTES)
            .build(connector.wrap_connector(tcp));
        Self { http, guard, deadline }
    }

    /// Sends it and reads the answer; anything but a success is an error.
    pub async fn post(&self, post: Post<'_>) -> Result<Response, OutsideError> {
        let endpoint = post.endpoint;
        let mut request = Request::post(endpoint.uri()).body(Full::from(post.body)).expect("the address was parsed");
        *request.headers_mut() = post.headers;
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(post.content_type));
        self.send(endpoint, request, MAX_ANSWER_BYTES).await
    }

    /// Fetches what is there, of so many bytes at most; anything but a success is an error.
    pub async fn get(&self, endpoint: &Endpoint, max_bytes: usize) -> Result<Response, OutsideError> {
        self.get_with(endpoint, HeaderMap::new(), max_bytes).await
    }

    /// The same with these headers.
    pub async fn get_with(
        &self,
        endpoint: &Endpoint,
        headers: HeaderMap,
        max_bytes: usize,
    ) -> Result<Response, OutsideError> {
        let mut request = Request::get(endpoint.uri()).body(Full::default()).expect("the address was parsed");
        *request.headers_mut() = headers;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        self.send(endpoint, request, max_bytes).await
    }

    async fn send(
        &self,
        endpoint: &Endpoint,
        mut request: Request<Full<Bytes>>,
        max_bytes: usize,
    ) -> Result<Response, OutsideError> {
        // the connector looks up names only: an address goes straight through
        endpoint.check(self.guard).map_err(|_| OutsideError::Refused)?;
        request.headers_mut().insert(USER_AGENT, AGENT);
        let exchange = self.exchange(endpoint, request, max_bytes);
        timeout(self.deadline, exchange).await.unwrap_or(Err(OutsideError::TimedOut))
    }

    async fn exchange(
        &self,
        endpoint: &Endpoint,
        request: Request<Full<Bytes>>,
        max_bytes: usize,
    ) -> Result<Response, OutsideError> {
        let response = match self.http.request(request).await {
            Ok(response) => response,
            Err(error) => return Err(failure(endpoint, &error, error.is_connect())),
        };
        let (head, body) = response.into_parts();
        match head.status.as_u16() {
            200..=299 => Ok(Response { headers: head.headers, body: read(endpoint, body, max_bytes).await? }),
            300..=399 => Err(OutsideError::Redirect),
            status => Err(OutsideError::Status(status)),
        }
    }
}

async fn read(endpoint: &Endpoint, body: Incoming, max_bytes: usize) -> Result<Bytes, OutsideError> {
    // a length that is told is believed when it is too much
    if body.size_hint().lower() > max_bytes as u64 {
        return Err(OutsideError::TooLarge);
    }
    match Limited::new(body, max_bytes).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(OutsideError::TooLarge),
        Err(error) => Err(failure(endpoint, &*error, false)),
    }
}

/// What went wrong, by the causes behind it; they are logged here, and not shown.
fn failure(endpoint: &Endpoint, error: &(dyn Error + 'static), connecting: bool) -> OutsideError {
    let mut words = error.to_string();
    let mut kind = None;
    for cause in causes(error) {
        words = format!("{words}: {cause}");
        kind = kind.or_else(|| kind_of(cause));
    }
    tracing::info!(host = endpoint.host(), error = words, "an outside endpoint did not answer");
    kind.unwrap_or(OutsideError::Unreachable(if connecting { Unreached::Connection } else { Unreached::Cut }))
}

fn kind_of(cause: &(dyn Error + 'static)) -> Option<OutsideError> {
    if let Some(lookup) = cause.downcast_ref::<LookupError>() {
        return Some(match lookup {
            LookupError::Refused => OutsideError::Refused,
            _ => OutsideError::Unreachable(Unreached::Name),
        });
    }
    if cause.is::<rustls::Error>() {
        return Some(OutsideError::Unreachable(Unreached::Tls));
    }
    let is_not_http = cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse);
    is_not_http.then(|| OutsideError::malformed("its head is not HTTP, or too large"))
}

/// The causes behind an error. An I/O error hides the one that it carries: its source is that one's source.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(cause(error), |error| cause(*error))
}

fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(carried) => Some(carried),
        None => error.source(),
    }
}
