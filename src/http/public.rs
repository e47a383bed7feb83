//! What all readers see: the same bytes for everybody, with a strong tag.
//!
//! A handler of a public read takes a [`Reader`], which knows nothing of who calls, and answers a [`PublicPage`]: out of
//! memory by [`cache::PageCache`] where it says what is asked for as a [`query::PublicQuery`], or of its own.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::Payload,
    http::header::{self, HeaderValue},
    web::Bytes,
};
use serde::Serialize;

use self::{
    encoding::Encoding,
    media::Media,
    page::{Page, etag},
};
use super::{etag::Tags, problem::Problem};
use crate::{
    app::State,
    domain::{markdown, timestamp::Timestamp},
    store::stories::{Story, StoryHead},
};

pub mod cache;
pub mod encoding;
pub mod media;
pub mod memory;
pub mod page;
pub mod query;

/// Raised when the same rows are shown differently, or the same bytes are encoded differently.
const RENDERING: u32 = 7;

/// What a public read looks at of its request.
#[derive(Clone, Debug)]
pub struct Reader {
    known: Tags,
    encoding: Encoding,
    /// Path and query, as they were written.
    address: String,
    cache_control: HeaderValue,
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state: &State = request.app_data().expect("the application has its state");
        ready(Tags::read(request.headers(), header::IF_NONE_MATCH).map(|known| Self {
            known,
            encoding: Encoding::accepted(request.headers()),
            address: request.uri().to_string(),
            cache_control: state.pages.cache_control(),
        }))
    }
}

/// Finished bytes, or the word that the reader has them already.
#[derive(Debug)]
pub struct PublicPage {
    etag: Option<String>,
    encoding: Encoding,
    media: Media,
    body: Option<Bytes>,
    cache_control: HeaderValue,
    /// Seconds since it was last known to be right, where that is not now.
    age_secs: Option<u64>,
}

impl Reader {
    /// A page over several things that is not kept: its validator is a hash of its bytes.
    pub fn hashed<T: Serialize>(&self, view: &T) -> PublicPage {
        let json = query::json(view);
        let etag = etag(&query::hash(&json), self.encoding);
        let body = (!self.known.names(&etag)).then(|| self.encoding.encode(&json).into());
        self.answer(Some(etag), Media::Json, body, None)
    }

    /// The answer to a public query by POST: no tag.
    pub fn untagged<T: Serialize>(&self, view: &T) -> PublicPage {
        let body = self.encoding.encode(&query::json(view)).into();
        PublicPage {
            cache_control: HeaderValue::from_static("no-store"),
            ..self.answer(None, Media::Json, Some(body), None)
        }
    }

    fn address(&self) -> &str {
        &self.address
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn knows(&self, page: &Page) -> bool {
        self.known.names(&page.etag(self.encoding))
    }

    fn not_modified(&self, page: &Page, state: &State) -> PublicPage {
        self.of(page, None, state)
    }

    fn page(&self, page: &Page, body: Bytes, state: &State) -> PublicPage {
        self.of(page, Some(body), state)
    }

    fn of(&self, page: &Page, body: Option<Bytes>, state: &State) -> PublicPage {
        let age_secs = page.age_secs(state.db.board(), state.clock.elapsed());
        self.answer(Some(page.etag(self.encoding)), page.media(), body, age_secs)
    }

    fn answer(&self, etag: Option<String>, media: Media, body: Option<Bytes>, age_secs: Option<u64>) -> PublicPage {
        PublicPage { etag, encoding: self.encoding, media, body, cache_control: self.cache_control.clone(), age_secs }
    }
}

/// All that can change the bytes of pages of one story: what front ends set, what readers see, people and settings
/// shown, open or closed by the clock, how things are rendered, the key of cursors.
pub fn validator(head: &StoryHead, now: Timestamp, cursors: &super::cursor::Cursors) -> String {
    format!(
        "{}.{}.{}.{}.{RENDERING}.{}.{}",
        revision(&head.story),
        head.story.version,
        head.site.people_version,
        if head.closing().is_closed(now) { "c" } else { "o" },
        markdown::RENDERING_VERSION,
        cursors.fingerprint(),
    )
}

/// What front ends set of this story and no other.
fn revision(story: &Story) -> String {
    format!("{}-{:08x}", story.revision, story.id.0.as_u128() & 0xffff_ffff)
}

/// Whether a tag of ours was made of this story with the present revision of what front ends set.
pub fn is_of_revision(tag: &str, story: &Story) -> bool {
    tag.split_once('.').is_some_and(|(first, _)| first == revision(story))
}

impl Responder for PublicPage {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = match self.body {
            Some(_) => HttpResponse::Ok(),
            None => HttpResponse::NotModified(),
        };
        response.insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")));
        response.insert_header((header::CACHE_CONTROL, self.cache_control));
        self.media.permit(&mut response);
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(secs) = self.age_secs {
            response.insert_header((header::AGE, secs));
        }
        let Some(body) = self.body else { return response.finish() };
        if let Some(encoding) = self.encoding.header() {
            response.insert_header((header::CONTENT_ENCODING, encoding));
        }
        response.insert_header((header::CONTENT_TYPE, self.media.content_type()));
        response.body(body)
    }
}
