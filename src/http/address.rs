//! What an address may be, before anybody looks at it.

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use super::{
    operations,
    problem::{Code, Problem},
};

/// Bytes of an address at most, path and query together.
const MAX_BYTES: usize = 16 * 1024;

/// All but what stands for itself everywhere (RFC 3986, section 2.3).
const RESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as one segment of a path.
pub fn segment(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, &RESERVED)
}

/// Refuses addresses that are too long or hold a NUL, which PostgreSQL takes in no text, and parameters where an operation
/// knows none.
pub async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match objection(&request) {
        Some(problem) => Ok(request.into_response(problem.error_response())),
        None => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
    }
}

fn objection(request: &ServiceRequest) -> Option<Problem> {
    let (path, query) = (request.uri().path(), request.query_string());
    if path.len() + query.len() > MAX_BYTES {
        return Some(Problem::new(Code::UriTooLong).detail(format!("{MAX_BYTES} bytes at most")));
    }
    if path.contains("%00") {
        return Some(Problem::new(Code::NotFound));
    }
    if query.contains("%00") {
        return Some(Problem::new(Code::InvalidQuery).detail("no parameter holds a NUL"));
    }
    let place = operations::find(&request.match_pattern()?, request.method())?;
    // by it who calls is counted
    request.extensions_mut().insert(place);
    let has_unknown = !query.is_empty() && !place.takes_parameters;
    has_unknown.then(|| Problem::new(Code::InvalidQuery).detail("no parameters are known here"))
}
