//! Who asks too often is told to wait; who does not is told how often he may.
//!
//! Requests are counted by the extractors that say who calls ([`super::caller`]), before a body is read, and once more where a
//! handler finds out whose site it is about. Public reads are not counted, as their answers are the same for everybody; a pace
//! of addresses for them, which is off by default, refuses before anything else is looked at.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
};

use super::{
    operations::Place,
    problem::{Code, Problem, with_headers},
};
use crate::{
    app::State,
    auth::{
        api_key::KeyHash,
        buckets::{Empty, Level, WINDOW, Whose},
        kind::Kind,
        permission::Operation,
    },
    domain::ids::*,
    security::tell,
};

const LEVELS: HeaderName = HeaderName::from_static("ratelimit");
const POLICIES: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How the buckets stand that a request was counted by.
#[derive(Clone, Default, Debug)]
struct Levels(Arc<Mutex<Vec<Level>>>);

impl Levels {
    fn add(&self, level: Level) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(level);
    }

    /// Writes `RateLimit` and `RateLimit-Policy` (IETF draft-ietf-httpapi-ratelimit-headers-10).
    fn write(&self, headers: &mut HeaderMap) {
        let levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if levels.is_empty() {
            return;
        }
        let list = |item: &dyn Fn(&Level) -> String| {
            let items: Vec<String> = levels.iter().map(item).collect();
            HeaderValue::try_from(items.join(", ")).expect("names and numbers")
        };
        let name = |level: &Level| format!("\"{}/{}\"", level.kind.as_str(), level.whose);
        let policy = |level: &Level| format!("{};q={};w={}", name(level), level.quota, WINDOW.as_secs());
        let standing = |level: &Level| {
            let secs = level.full_in.as_secs() + u64::from(level.full_in.subsec_nanos() > 0);
            format!("{};r={};t={secs}", name(level), level.remaining)
        };
        headers.insert(POLICIES, list(&policy));
        headers.insert(LEVELS, list(&standing));
    }
}

/// Whose pace a request is, beside that of the address where it is not a key's.
#[derive(Clone, Copy, Debug)]
pub enum Payer {
    /// Nobody's who is known.
    Address,
    Account(AccountId),
    /// With whether it was good when it was shown last.
    Key(KeyHash, bool),
}

/// The pace of one request.
#[derive(Clone)]
pub struct Pace {
    state: State,
    kind: Kind,
    levels: Levels,
    /// A handler may name its site more than once, and a transaction run again.
    is_site_counted: Arc<AtomicBool>,
}

impl Pace {
    /// Counts a request of who calls, and of where from, unless there is too much to do for it.
    pub fn count(request: &HttpRequest, payer: Payer, address: IpAddr) -> Result<Self, Problem> {
        let state: &State = request.app_data().expect("the application has its state");
        let extensions = request.extensions();
        let kind = extensions.get::<Place>().map_or(Kind::Other, |place| place.operation.kind());
        shed(state, kind)?;
        let levels = extensions.get::<Levels>().cloned().unwrap_or_default();
        let pace = Self { state: state.clone(), kind, levels, is_site_counted: Arc::default() };
        let counted = match payer {
            Payer::Address => [None, Some(Whose::Address(address))],
            Payer::Account(account) => [Some(Whose::Account(account)), Some(Whose::Address(address))],
            // many readers act from the one address of a blog's server; of keys that nobody knows there are as many as somebody
            // cares to make up
            Payer::Key(hash, is_known) => [Some(Whose::Key(hash)), (!is_known).then_some(Whose::Address(address))],
        };
        for whose in counted.into_iter().flatten() {
            if let Some(level) = pace.take(whose)? {
                pace.levels.add(level);
            }
        }
        Ok(pace)
    }

    /// Counts it once among those about this site, whose pace is nobody's business until it is too much.
    pub fn count_on(&self, site: SiteId) -> Result<(), Problem> {
        if self.is_site_counted.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        self.take(Whose::Site(site)).map(|_| ())
    }

    fn take(&self, whose: Whose) -> Result<Option<Level>, Problem> {
        let taken = self.state.buckets.take(self.kind, whose).transpose();
        taken.map_err(|empty| {
            self.levels.add(empty.level);
            refused(&self.state, empty)
        })
    }
}

/// Lets a request of a page of the service's own count as an operation of the API.
pub fn count_as(request: &HttpRequest, operation: Operation) {
    request.extensions_mut().insert(Place { operation, takes_parameters: false });
}

/// Refuses what there is no time for; see [`crate::overload`].
fn shed(state: &State, kind: Kind) -> Result<(), Problem> {
    let Some(again) = state.shedder.refuses(kind, state.lines()) else { return Ok(()) };
    state.metrics.shed(kind);
    Err(Problem::new(Code::Busy).detail("too much to do at the moment; reading goes on").retry_after(again))
}

fn refused(state: &State, Empty { level, retry_after }: Empty) -> Problem {
    tell!(RequestsLimited, kind = level.kind.as_str(), whose = level.whose);
    state.metrics.limited(level.kind, level.whose);
    let detail = format!("{} in a minute, of the kind {}, by {}", level.quota, level.kind.as_str(), level.whose);
    Problem::new(Code::TooManyRequests).detail(detail).retry_after(retry_after)
}

/// The refusal of an address that reads too much, where that is limited.
pub fn refuse_reader(state: &State, request: &HttpRequest) -> Option<HttpResponse> {
    state.config.paces.pages?;
    let empty = state.buckets.take(Kind::Page, Whose::Address(address(request)))?.err()?;
    let levels = Levels::default();
    levels.add(empty.level);
    let mut response = refused(state, empty).error_response();
    levels.write(response.headers_mut());
    Some(response)
}

/// Tells whoever was counted how his buckets stand.
pub async fn tell(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let levels = Levels::default();
    request.extensions_mut().insert(levels.clone());
    match next.call(request).await {
        Ok(response) => {
            let mut response = response.map_into_boxed_body();
            levels.write(response.headers_mut());
            Ok(response)
        }
        Err(error) => Err(with_headers(&error, |headers| levels.write(headers))),
    }
}

/// The network address that a request comes from, behind trusted proxies.
pub fn address(request: &HttpRequest) -> IpAddr {
    let state: &State = request.app_data().expect("the application has its state");
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    let proxies = &state.config.proxies;
    // what a client sent along may be any bytes, and the proxy's entry stands behind it
    let lines = request.headers().get_all(proxies.header.name()).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let lines: Vec<_> = lines.collect();
    proxies.client(peer, &lines.iter().map(AsRef::as_ref).collect::<Vec<&str>>())
}
