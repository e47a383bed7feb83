//! What a browser keeps while its reader is at a provider: a cookie of its own for each time he went, sealed, of this host
//! alone, sent along when the provider leads him back and on nothing that another website sends.

use actix_web::HttpRequest;

use crate::{
    app::State,
    http::cookies::{self, SentAlong},
    signing_on::oidc::{PENDING_SECS, Pending},
};

/// Characters of the state that are in a cookie's name.
const NAMED_BY: usize = 16;

fn name(of: &str) -> Option<String> {
    let beginning = of.get(..NAMED_BY)?;
    let is_plain = beginning.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_plain.then(|| format!("rejoinder-oidc-{beginning}"))
}

/// The header that lets a browser keep it.
pub(super) fn cookie(state: &State, pending: &Pending) -> String {
    let name = name(&pending.state).expect("it was made here");
    cookies::set(state, (&name, &pending.seal(state)), PENDING_SECS.unsigned_abs(), SentAlong::WithLinks)
}

/// The header that lets it forget that.
pub(super) fn forgetting(state: &State, given_back: &str) -> String {
    cookies::set(state, (&name(given_back).unwrap_or_default(), ""), 0, SentAlong::WithLinks)
}

/// What the browser kept for who comes back with this state, sealed.
pub(super) fn find(state: &State, request: &HttpRequest, given_back: &str) -> Option<String> {
    cookies::find(state, request, &name(given_back)?)
}
