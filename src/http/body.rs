//! Bodies and queries: read within bounds, checked for shape, never half understood.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    time::Duration,
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header,
    web::{Bytes, BytesMut},
};
use futures_core::Stream;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::{
    exchange::Exchange,
    problem::{Code, FieldError, Problem},
};

/// Bytes of most bodies.
pub const SMALL: usize = 64 * 1024;
/// Bytes of the bodies of replies, stories and counts.
pub const LARGE: usize = 256 * 1024;
/// Bytes of policies and their lists.
pub const HUGE: usize = 4 * 1024 * 1024;
/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// A JSON body of at most `MAX` bytes whose shape was checked.
#[derive(Clone, Debug)]
pub struct Body<T, const MAX: usize = SMALL> {
    /// What it says.
    pub value: T,
    /// SHA-256 of its bytes, to tell a repeated request from another one.
    pub hash: [u8; 32],
}

impl<T: DeserializeOwned + Validate + 'static, const MAX: usize> FromRequest for Body<T, MAX> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = media_type(request).as_deref() == Some("application/json");
        let bytes = arrived(request, payload, MAX);
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(Code::UnsupportedMediaType));
            }
            let bytes = bytes.await?;
            refuse_nul(&bytes)?;
            let value: T = parse(&bytes)?;
            value.validate().map_err(|errors| Problem::fields(field_errors(&errors)))?;
            Ok(Self { value, hash: Sha256::digest(&bytes).into() })
        })
    }
}

/// What a body is said to be, without parameters, in lower case.
pub(super) fn media_type(request: &HttpRequest) -> Option<String> {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.and_then(|text| text.split(';').next()).map(|essence| essence.trim().to_ascii_lowercase())
}

/// A body's bytes, once they are here.
pub(super) fn arrived(
    request: &HttpRequest,
    payload: &mut Payload,
    max: usize,
) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let head = check_length(request, max);
    let mut payload = payload.take();
    let exchange = Exchange::of(request);
    async move {
        head?;
        exchange.iter().for_each(|exchange| exchange.wait_for_body(ARRIVAL));
        let arrived = timeout(ARRIVAL, collect(&mut payload, max)).await;
        let bytes = arrived.map_err(|_| Problem::new(Code::RequestTimeout))??;
        exchange.iter().for_each(Exchange::body_arrived);
        Ok(bytes)
    }
}

/// What can be refused before the body arrives.
fn check_length(request: &HttpRequest, max: usize) -> Result<(), Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match length.and_then(|text| text.parse::<usize>().ok()) {
        Some(length) if length > max => Err(too_large(max)),
        _ => Ok(()),
    }
}

fn too_large(max: usize) -> Problem {
    Problem::new(Code::BodyTooLarge).detail(format!("at most {max} bytes"))
}

async fn collect(payload: &mut Payload, max: usize) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = std::future::poll_fn(|context| Pin::new(&mut *payload).poll_next(context)).await {
        let chunk = chunk.map_err(|_| Problem::new(Code::InvalidRequest))?;
        if bytes.len() + chunk.len() > max {
            return Err(too_large(max));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Refuses texts that hold a NUL, which PostgreSQL takes nowhere. In JSON it can only be written as an escape.
fn refuse_nul(bytes: &[u8]) -> Result<(), Problem> {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let escape = &rest[at + 1..];
        if escape.starts_with(b"u0000") {
            let pointer = serde_json::from_slice(bytes).ok().and_then(|value| pointer_to_nul(&value));
            return Err(Problem::field(pointer.unwrap_or_default(), "NUL is not allowed"));
        }
        // the character behind a backslash is no backslash of its own
        rest = escape.get(1..).unwrap_or_default();
    }
    Ok(())
}

/// Where the first text with a NUL stands.
fn pointer_to_nul(value: &serde_json::Value) -> Option<String> {
    let below = |name: &str, value| pointer_to_nul(value).map(|rest| format!("/{}{rest}", escaped(name)));
    match value {
        serde_json::Value::String(text) => text.contains('\0').then(String::new),
        serde_json::Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| below(&index.to_string(), item))
        }
        serde_json::Value::Object(fields) => fields.iter().find_map(|(name, value)| below(name, value)),
        _ => None,
    }
}

/// A name in a JSON pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// JSON into a type, or what is wrong and where.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // serde would take a list of the fields' values for an object
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(_) => Problem::field("", "expected an object"),
            Err(cause) => Problem::new(Code::InvalidJson).detail(wording(&cause)),
        });
    }
    parse_any(bytes)
}

/// A JSON array of texts, or what is wrong and where.
pub(super) fn parse_texts(bytes: &[u8]) -> Result<Vec<String>, Problem> {
    refuse_nul(bytes)?;
    parse_any(bytes)
}

fn parse_any<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let invalid_json = |cause: &serde_json::Error| Problem::new(Code::InvalidJson).detail(wording(cause));
    // a field is at fault only in what is JSON to its end and not too deep
    let at_fault = |problem: Problem| match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(_) => problem,
        Err(cause) => invalid_json(&cause),
    };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let pointer = pointer(error.path());
        let cause = error.into_inner();
        match cause.classify() {
            serde_json::error::Category::Data => at_fault(Problem::field(pointer, wording(&cause))),
            _ => invalid_json(&cause),
        }
    })?;
    json.end().map_err(|cause| invalid_json(&cause))?;
    Ok(value)
}

/// serde's words without what they quote of the value: it may be a password.
fn wording(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let (line, column) = (error.line(), error.column());
    let text = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
    if text.starts_with("invalid type") || text.starts_with("invalid value") {
        let expected = text.rsplit_once(", expected ").map_or("another type", |(_, expected)| expected);
        return format!("expected {expected}");
    }
    if text.starts_with("unknown variant") {
        let expected = text.rsplit_once(", expected ").map_or("another value", |(_, expected)| expected);
        return format!("expected {expected}");
    }
    if text.starts_with("unknown field") {
        return "unknown field".to_owned();
    }
    text
}

/// A JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Map { key } => pointer.push_str(&escaped(key)),
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('?'),
        }
    }
    pointer
}

/// What `validator` found, without the values that it would repeat.
fn field_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect_errors(errors, "", &mut found);
    found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    found
}

fn collect_errors(errors: &ValidationErrors, prefix: &str, found: &mut Vec<FieldError>) {
    for (field, kind) in errors.errors() {
        let pointer = format!("{prefix}/{field}");
        match kind {
            ValidationErrorsKind::Field(errors) => found.extend(errors.iter().map(|error| FieldError {
                pointer: pointer.clone(),
                detail: match (&error.message, error.code.as_ref(), bounds(error)) {
                    (Some(message), ..) => message.to_string(),
                    (None, "length", Some(bounds)) => format!("must have {bounds} characters or items"),
                    (None, "range", Some(bounds)) => format!("must be {bounds}"),
                    _ => "not valid".to_owned(),
                },
            })),
            ValidationErrorsKind::Struct(inner) => collect_errors(inner, &pointer, found),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect_errors(inner, &format!("{pointer}/{index}"), found);
                }
            }
        }
    }
}

fn bounds(error: &validator::ValidationError) -> Option<String> {
    match (error.params.get("min"), error.params.get("max")) {
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("{min} or more")),
        (None, Some(max)) => Some(format!("{max} at most")),
        (None, None) => None,
    }
}

/// A form as browsers send it without script, of at most as many bytes as a reply's JSON; unknown fields and repeated ones are
/// refused.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = media_type(request).as_deref() == Some("application/x-www-form-urlencoded");
        let bytes = arrived(request, payload, LARGE);
        Box::pin(async move {
            if !is_form {
                return Err(Problem::new(Code::UnsupportedMediaType).detail("application/x-www-form-urlencoded"));
            }
            let bytes = bytes.await?;
            let text = std::str::from_utf8(&bytes).map_err(|_| Problem::new(Code::InvalidRequest))?;
            if text.contains("%00") || text.contains('\0') {
                return Err(Problem::field("", "NUL is not allowed"));
            }
            let read = actix_web::web::Query::<T>::from_query(text);
            let value = read.map_err(|error| Problem::field("", query_wording(&error)))?.into_inner();
            value.validate().map_err(|errors| Problem::fields(field_errors(&errors)))?;
            Ok(Self(value))
        })
    }
}

/// Query parameters; unknown ones, repeated ones and values out of their range are refused.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Validate> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::parse(request.query_string()))
    }
}

impl<T: DeserializeOwned + Validate> Params<T> {
    fn parse(query: &str) -> Result<Self, Problem> {
        let parsed = actix_web::web::Query::<T>::from_query(query)
            .map_err(|error| Problem::new(Code::InvalidQuery).detail(query_wording(&error)))?;
        parsed.validate().map_err(|errors| {
            let found = field_errors(&errors);
            let named = found.iter().map(|error| format!("{} {}", &error.pointer[1..], error.detail));
            Problem::new(Code::InvalidQuery).detail(named.collect::<Vec<_>>().join("; "))
        })?;
        Ok(Self(parsed.into_inner()))
    }
}

fn query_wording(error: &actix_web::error::QueryPayloadError) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("Query deserialize error: ").unwrap_or(&text);
    // quotes at most a name of a parameter, and that bounded
    text.chars().take(200).collect()
}
