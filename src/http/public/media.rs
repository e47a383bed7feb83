//! In what form a public page is written.

use actix_web::{
    HttpResponseBuilder,
    http::header::{self, HeaderValue},
};

use crate::http::plain;

/// A form of pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Media {
    /// For programs: the API's.
    Json,
    /// For browsers without script.
    Html,
}

impl Media {
    /// What `Content-Type` says of it.
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        })
    }

    /// Says what a page may do, where it may do more than nothing; also in a 304, whose headers take the place of those that a
    /// browser has kept with the page (RFC 9111, section 3.2).
    pub(super) fn permit(self, response: &mut HttpResponseBuilder) {
        if self == Self::Html {
            response.insert_header((header::CONTENT_SECURITY_POLICY, plain::CSP.clone()));
        }
    }
}
