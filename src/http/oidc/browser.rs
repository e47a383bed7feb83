//! What a browser keeps while its reader is at a provider: a cookie of its own for each time he went, sealed, of this host
//! alone, sent along when the provider leads him back and on nothing that another website sends.

use actix_web::{HttpRequest, http::header};

use crate::{
    app::State,
    signing_on::oidc::{PENDING_SECS, Pending},
};

/// Characters of the state that are in a cookie's name.
const NAMED_BY: usize = 16;

/// With this beginning browsers take it of this host and over TLS alone (RFC 6265bis, section 4.1.3.2).
const HOST: &str = "__Host-";

fn is_secure(state: &State) -> bool {
    state.config.public_url.scheme() == "https"
}

fn name(of: &str) -> Option<String> {
    let beginning = of.get(..NAMED_BY)?;
    let is_plain = beginning.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_plain.then(|| format!("rejoinder-oidc-{beginning}"))
}

fn set(state: &State, name: &str, value: &str, secs: i64) -> String {
    let (host, secure) = if is_secure(state) { (HOST, "; Secure") } else { ("", "") };
    format!("{host}{name}={value}; Path=/; Max-Age={secs}; HttpOnly; SameSite=Lax{secure}")
}

/// The header that lets a browser keep it.
pub(super) fn cookie(state: &State, pending: &Pending) -> String {
    let name = name(&pending.state).expect("it was made here");
    set(state, &name, &pending.seal(state), PENDING_SECS)
}

/// The header that lets it forget that.
pub(super) fn forgetting(state: &State, given_back: &str) -> String {
    set(state, &name(given_back).unwrap_or_default(), "", 0)
}

/// What the browser kept for who comes back with this state, sealed.
pub(super) fn find(state: &State, request: &HttpRequest, given_back: &str) -> Option<String> {
    let name = format!("{}{}", if is_secure(state) { HOST } else { "" }, name(given_back)?);
    let lines = request.headers().get_all(header::COOKIE).filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value.to_owned())
}
