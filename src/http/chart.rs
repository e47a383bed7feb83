//! Charts as answers.

use actix_web::HttpResponse;

use super::problem::{Code, Problem};
use crate::charts::Undrawn;

/// A chart, which may be opened by itself: nothing in it does anything, and nobody else is asked.
pub fn answer(drawn: Result<String, Undrawn>) -> Result<HttpResponse, Problem> {
    let drawn = drawn.map_err(|error| Problem::new(Code::Internal).caused_by(error))?;
    Ok(HttpResponse::Ok().content_type("image/svg+xml").body(drawn))
}

/// A name of ours in words: `Off topic`.
pub fn words(key: &str) -> String {
    let mut letters = key.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).map(|letter| if letter == '_' { ' ' } else { letter }).collect()
}
