//! What all readers see: the same bytes for everybody, with a strong tag.
//!
//! A handler of a public read takes a [`Reader`], which knows nothing of who calls, and answers a [`PublicPage`].

use std::{
    future::{Ready, ready},
    io::Write,
};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::Payload,
    http::header::{self, AcceptEncoding, Encoding, Header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use flate2::{Compression, write::GzEncoder};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{etag::Tags, problem::Problem};
use crate::{
    domain::{markdown, timestamp::Timestamp},
    store::stories::{Story, StoryHead},
};

/// Raised when the same rows are shown differently.
const RENDERING: u32 = 1;
/// Of gzip: most of what the best gives for a fraction of its time.
const GZIP_LEVEL: u32 = 5;

/// What a public read looks at of its request.
#[derive(Clone, Debug)]
pub struct Reader {
    known: Tags,
    is_gzip: bool,
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Tags::read(request, header::IF_NONE_MATCH).map(|known| Self { known, is_gzip: accepts_gzip(request) }))
    }
}

fn accepts_gzip(request: &HttpRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(request).ok();
    accepted.and_then(|accepted| accepted.negotiate(offered.iter())) == Some(Encoding::gzip())
}

/// Finished bytes, or the word that the reader has them already.
#[derive(Debug)]
pub struct PublicPage {
    etag: Option<String>,
    is_gzip: bool,
    body: Option<Vec<u8>>,
}

impl Reader {
    /// A page whose bytes follow from this validator. It is not made if the reader knows it.
    pub fn page<T: Serialize>(
        &self,
        validator: &str,
        view: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<PublicPage, Problem> {
        let etag = self.etag(validator);
        if self.known.names(&etag) {
            return Ok(PublicPage { etag: Some(etag), is_gzip: self.is_gzip, body: None });
        }
        let body = self.encode(&json(&view()?));
        Ok(PublicPage { etag: Some(etag), is_gzip: self.is_gzip, body: Some(body) })
    }

    /// A page over several stories: its validator is a hash of its bytes.
    pub fn hashed<T: Serialize>(&self, view: &T) -> PublicPage {
        let bytes = json(view);
        let etag = self.etag(&BASE64.encode(&Sha256::digest(&bytes)[..16]));
        let body = (!self.known.names(&etag)).then(|| self.encode(&bytes));
        PublicPage { etag: Some(etag), is_gzip: self.is_gzip, body }
    }

    /// The answer to a public query by POST: no tag.
    pub fn untagged<T: Serialize>(&self, view: &T) -> PublicPage {
        PublicPage { etag: None, is_gzip: self.is_gzip, body: Some(self.encode(&json(view))) }
    }

    fn etag(&self, validator: &str) -> String {
        format!("\"{validator}{}\"", if self.is_gzip { ".gz" } else { "" })
    }

    fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        if !self.is_gzip {
            return bytes.to_vec();
        }
        let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(GZIP_LEVEL));
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes all bytes")
    }
}

fn json<T: Serialize>(view: &T) -> Vec<u8> {
    serde_json::to_vec(view).expect("views are plain values")
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
        response.insert_header((header::VARY, "Accept-Encoding"));
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
            // may be kept, must be asked about before each use
            response.insert_header((header::CACHE_CONTROL, "public, no-cache"));
        } else {
            response.insert_header((header::CACHE_CONTROL, "no-store"));
        }
        match self.body {
            Some(body) => {
                if self.is_gzip {
                    response.insert_header((header::CONTENT_ENCODING, "gzip"));
                }
                response.content_type("application/json").body(body)
            }
            None => response.finish(),
        }
    }
}
