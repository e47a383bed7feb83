//! One span a request, and an id by which its log lines and its answer are found together.

use std::time::Instant;

use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
};
use tracing::Instrument;

use super::problem::with_headers;
use crate::{app::State, store::cause};

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Characters of an id that is taken over from the caller.
const ID_MAX_BYTES: usize = 64;

/// The caller's id where it is short and plain, else one of ours.
fn request_id(request: &ServiceRequest, state: &State) -> String {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let is_plain = |id: &&str| {
        (1..=ID_MAX_BYTES).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    match given.filter(is_plain) {
        Some(id) => id.to_owned(),
        None => state.random.id::<uuid::Uuid>(state.clock.now()).to_string(),
    }
}

/// Sets the headers that every answer has, where nothing is traced.
pub fn complete(request: &ServiceRequest, state: &State, headers: &mut HeaderMap) {
    protect(headers, &request_id(request, state), state.config.public_url.scheme() == "https");
}

/// Traces the request; turns HEAD into GET, whose body the connection then leaves out; sets the headers that every
/// answer has.
pub async fn trace(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<State>().expect("the application has its state").clone();
    let id = request_id(&request, &state);
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    let method = request.method().clone();
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let span = tracing::info_span!(
        "request",
        id,
        method = method.as_str(),
        route,
        status = tracing::field::Empty,
        ms = tracing::field::Empty,
        account = tracing::field::Empty,
        key = tracing::field::Empty,
    );
    let begun = Instant::now();
    let is_https = state.config.public_url.scheme() == "https";
    let outcome = cause::within(id.as_str().into(), next.call(request)).instrument(span.clone()).await;
    let answered = |status: u16| {
        let took = begun.elapsed();
        state.metrics.requests.record(&method, &route, status, took);
        span.record("status", status);
        span.record("ms", took.as_secs_f64() * 1_000.0);
        span.in_scope(|| tracing::info!("answered"));
    };
    let complete = |headers: &mut HeaderMap| protect(headers, &id, is_https);
    match outcome {
        Ok(response) => {
            let mut response = response.map_into_boxed_body();
            // what has no end is not waited for by who only asks for the head
            if method == Method::HEAD && response.response().body().size() == BodySize::Stream {
                response = response.map_body(|_, _| BoxBody::new(()));
            }
            complete(response.headers_mut());
            answered(response.status().as_u16());
            Ok(response)
        }
        // only the deadline ends here
        Err(error) => {
            let error = span.in_scope(|| with_headers(&error, complete));
            answered(error.as_response_error().status_code().as_u16());
            Err(error)
        }
    }
}

/// The headers that every answer has.
fn protect(headers: &mut HeaderMap, id: &str, is_https: bool) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HEADER, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let nothing = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}
