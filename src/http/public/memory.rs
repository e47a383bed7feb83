//! The short way: what is in memory and right is answered before anything else looks at the request.
//!
//! A hit costs a look-up by the address as it is written and one by the query that it asks for. Whatever is not that
//! plain goes the long way, which gives the same answer.

use std::time::Instant;

use actix_web::{
    Error, HttpResponse, Responder,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap},
    },
    middleware::Next,
};

use super::{PublicPage, encoding::Encoding};
use crate::{
    app::State,
    http::{cors, etag::Tags, exchange, pace, request_id},
};

/// Answers from memory, or lets the others do it.
pub async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match refused(&request).or_else(|| remembered(&request)) {
        Some(response) => Ok(request.into_response(response)),
        None => exchange::at_work(request, next).await.map(ServiceResponse::map_into_boxed_body),
    }
}

/// Where reading is limited by address, before all else: a flood is to cost nothing.
fn refused(request: &ServiceRequest) -> Option<HttpResponse> {
    let state: &State = request.app_data().expect("the application has its state");
    if !is_reading(request) {
        return None;
    }
    let mut response = pace::refuse_reader(state, request.request())?;
    cors::share_with_all(response.headers_mut());
    request_id::complete(request, state, response.headers_mut());
    Some(response)
}

fn is_reading(request: &ServiceRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

fn remembered(request: &ServiceRequest) -> Option<HttpResponse> {
    if !is_reading(request) || has_body(request.headers()) {
        return None;
    }
    let state: &State = request.app_data().expect("the application has its state");
    let address = request.uri().path_and_query()?;
    let begun = Instant::now();
    let (query, page) = state.pages.find_by_address(state, address.as_str())?;
    let encoding = Encoding::accepted(request.headers());
    let known = Tags::read(request.headers(), header::IF_NONE_MATCH).ok()?;
    let etag = page.etag(encoding);
    let body = if known.names(&etag) { None } else { Some(page.finished(encoding)?) };
    let answer = PublicPage {
        etag: Some(etag),
        encoding,
        media: page.media(),
        body,
        cache_control: state.pages.cache_control(),
        age_secs: page.age_secs(state.db.board(), state.clock.elapsed()),
    };
    let mut response = answer.respond_to(request.request());
    cors::share_with_all(response.headers_mut());
    request_id::complete(request, state, response.headers_mut());
    state.metrics.requests.record(request.method(), query.route(), response.status().as_u16(), begun.elapsed());
    Some(response)
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_LENGTH) || headers.contains_key(header::TRANSFER_ENCODING)
}
