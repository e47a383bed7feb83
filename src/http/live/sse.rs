//! The text of a stream of events, and what all such streams have in common.

use std::{convert::Infallible, fmt::Display, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderName, HeaderValue},
    web::Bytes,
};
use futures_util::Stream;
use prometheus::IntGauge;
use serde::Serialize;

/// How often something is sent to who hears nothing, so that everybody between knows that it goes on.
pub(in crate::http) const HEARTBEAT: Duration = Duration::from_secs(15);
/// A comment, which nobody is told of.
pub(in crate::http) const BEAT: &str = ":\n\n";
/// After how many milliseconds a client comes back.
pub(in crate::http) const BEGINNING: &str = "retry: 2000\n\n";

/// An event.
pub(in crate::http) fn event(id: impl Display, name: &str, data: &impl Serialize) -> Bytes {
    // JSON has no line breaks of its own
    let data = serde_json::to_string(data).expect("views are plain values");
    format!("id: {id}\nevent: {name}\ndata: {data}\n\n").into()
}

/// That something was left out, and what is on a screen is to be read anew.
pub(in crate::http) fn reset(version: i64) -> Bytes {
    event(version, "reset", &serde_json::json!({ "version": version }))
}

/// The answer whose body is the stream.
pub(in crate::http) fn answer(stream: impl Stream<Item = Result<Bytes, Infallible>> + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")))
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        // a proxy that gathers answers before it passes them on would pass on nothing
        .insert_header((HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")))
        .streaming(stream)
}

/// The number after which a client that comes back wants to go on. What is none counts as absent.
pub(in crate::http) fn last_event_id(request: &HttpRequest) -> Option<i64> {
    request.headers().get("last-event-id")?.to_str().ok()?.trim().parse().ok()
}

/// Counts a listener as long as it is there.
pub(in crate::http) struct Counted(IntGauge);

impl Counted {
    pub(in crate::http) fn new(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
