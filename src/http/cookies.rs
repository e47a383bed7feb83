//! Cookies of this host alone, which no script reads.

use actix_web::{HttpRequest, http::header};

use crate::app::State;

/// With this beginning browsers take a cookie of this host and over TLS alone (RFC 6265bis, section 4.1.3.2).
const HOST: &str = "__Host-";

/// On which requests a browser sends a cookie along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SentAlong {
    /// On those of this host's own site, and where somebody comes from elsewhere by a link.
    WithLinks,
    /// On those of pages of this host's own site alone.
    OfOwnSite,
    /// On those of pages of other sites too, to each of which it is another cookie (CHIPS,
    /// draft-cutler-httpbis-partitioned-cookies): what one site's pages began those of another do not go on with.
    OfEachSite,
}

/// Whether readers reach the service by TLS; without it, as on one's own machine, there is neither `__Host-` nor `Secure`.
fn is_secure(state: &State) -> bool {
    state.config.public_url.scheme() == "https"
}

fn whole(state: &State, name: &str) -> String {
    format!("{}{name}", if is_secure(state) { HOST } else { "" })
}

/// The header that lets a browser keep it for so many seconds, or forget it at once.
pub fn set(state: &State, (name, value): (&str, &str), secs: u64, along: SentAlong) -> String {
    let name = whole(state, name);
    let along = match along {
        SentAlong::WithLinks => "; SameSite=Lax",
        SentAlong::OfOwnSite => "; SameSite=Strict",
        // without TLS browsers take none of these
        SentAlong::OfEachSite => "; SameSite=None; Partitioned",
    };
    let secure = if is_secure(state) { "; Secure" } else { "" };

    format!("{name}={value}; Path=/; Max-Age={secs}; HttpOnly{along}{secure}")
}

/// What the browser kept under this name.
pub fn find(state: &State, request: &HttpRequest, name: &str) -> Option<String> {
    let name = whole(state, name);
    let lines = request.headers().get_all(header::COOKIE).filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(of, _)| *of == name).map(|(_, value)| value.to_owned())
}
