//! The address of a story, and when two addresses are the same story's.

use thiserror::Error;
use url::Url;

/// The most bytes of an address, as typed and as parsed.
pub const MAX_BYTES: usize = 2048;

/// Query parameters that tell where a visitor came from and not which page it is. A `*` at the end
/// stands for any ending. Compared without case.
pub const DEFAULT_TRACKING_PARAMS: [&str; 23] = [
    "utm_*",
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "hsa_*",
    "vero_id",
    "oly_enc_id",
    "oly_anon_id",
];

/// Why a text cannot be a story's address.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StoryUrlError {
    /// More bytes than allowed.
    #[error("an address may have {max} characters at most")]
    TooLong {
        /// The most bytes allowed.
        max: usize,
    },
    /// Not an absolute address.
    #[error("this is not an absolute address")]
    Malformed,
    /// Something else than `http` and `https`.
    #[error("an address begins with http:// or https://")]
    WrongScheme,
    /// A username or password before the host.
    #[error("an address must not carry a username or password")]
    HasCredentials,
}

/// An absolute `http` or `https` address without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryUrl {
    shown: String,
    key: String,
}

impl StoryUrl {
    /// Parses `typed` by the URL standard (which drops white space at the ends and brings host and
    /// escapes into one form). `tracking_params` are the query parameters that the
    /// [`key`](Self::key) leaves out, a `*` at the end standing for any ending. Errors:
    /// [`StoryUrlError`].
    pub fn parse(typed: &str, tracking_params: &[String]) -> Result<Self, StoryUrlError> {
        const TOO_LONG: StoryUrlError = StoryUrlError::TooLong { max: MAX_BYTES };
        if typed.len() > MAX_BYTES {
            return Err(TOO_LONG);
        }
        let url = Url::parse(typed).map_err(|_| StoryUrlError::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(StoryUrlError::WrongScheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(StoryUrlError::HasCredentials);
        }
        // Percent-encoding makes three bytes of one.
        if url.as_str().len() > MAX_BYTES {
            return Err(TOO_LONG);
        }
        Ok(Self { key: key(&url, tracking_params), shown: url.into() })
    }

    /// The address to show and to link to, tracking parameters and fragment included.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What is compared: host, port and path with the query parameters that matter, in their
    /// order, begun by `//`. Scheme, default port, fragment, tracking parameters and an empty
    /// query make no difference.
    pub fn key(&self) -> &str {
        &self.key
    }
}

fn key(url: &Url, tracking_params: &[String]) -> String {
    let mut key = format!("//{}", url.host_str().unwrap_or_default());
    // The key has no scheme, so that both schemes' default ports must go with either.
    if let Some(port) = url.port().filter(|port| !matches!(port, 80 | 443)) {
        key.push_str(&format!(":{port}"));
    }
    key.push_str(url.path());
    let mut separator = '?';
    for param in url.query().unwrap_or_default().split('&') {
        if !param.is_empty() && !is_tracking(param, tracking_params) {
            key.push(separator);
            key.push_str(param);
            separator = '&';
        }
    }
    key
}

fn is_tracking(param: &str, tracking_params: &[String]) -> bool {
    // Decoded, so that `utm%5Fsource` is found; the kept ones stay as they are written.
    let Some((name, _)) = url::form_urlencoded::parse(param.as_bytes()).next() else {
        return false;
    };
    let name = name.to_lowercase();
    tracking_params.iter().any(|pattern| {
        let pattern = pattern.to_lowercase();
        match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn defaults() -> Vec<String> {
        DEFAULT_TRACKING_PARAMS.map(str::to_owned).to_vec()
    }

    fn key_of(typed: &str) -> Result<String, StoryUrlError> {
        StoryUrl::parse(typed, &defaults()).map(|url| url.key().to_owned())
    }

    #[test]
    fn addresses_of_one_story_have_one_key() {
        for typed in [
            "http://example.com/a",
            "https://example.com/a",
            "HTTPS://EXAMPLE.com:443/a",
            "http://example.com:80/a#top",
            "https://example.com/a?",
            "https://example.com/a?utm_source=x&UTM_Medium=y&fbclid=z",
            "https://example.com/a?utm%5Fsource=x&&",
            " https://example.com/b/../a ",
        ] {
            assert_eq!(key_of(typed).as_deref(), Ok("//example.com/a"), "{typed}");
        }
    }

    #[test]
    fn what_matters_is_kept_in_its_order() {
        for (typed, key) in [
            ("https://example.com", "//example.com/"),
            ("https://example.com/?p=12&utm_x=1&b=%20", "//example.com/?p=12&b=%20"),
            ("https://example.com/?b&a=", "//example.com/?b&a="),
            ("https://example.com:8443/a/", "//example.com:8443/a/"),
            ("http://example.com:443/a", "//example.com/a"),
            ("https://www.bücher.example/Ä", "//www.xn--bcher-kva.example/%C3%84"),
            ("https://example.com/A", "//example.com/A"),
            ("http://[::1]:8080/", "//[::1]:8080/"),
        ] {
            assert_eq!(key_of(typed).as_deref(), Ok(key), "{typed}");
        }
    }

    #[test]
    fn the_shown_address_keeps_query_and_fragment() {
        let url = StoryUrl::parse("https://Example.com/a?utm_x=1#b", &defaults());
        assert_eq!(url.as_ref().map(StoryUrl::as_str), Ok("https://example.com/a?utm_x=1#b"));
    }

    #[test]
    fn other_addresses_are_refused() {
        for (typed, error) in [
            ("", StoryUrlError::Malformed),
            ("/a", StoryUrlError::Malformed),
            ("https://", StoryUrlError::Malformed),
            ("example.com/a", StoryUrlError::Malformed),
            ("javascript:alert(1)", StoryUrlError::WrongScheme),
            ("ftp://example.com/", StoryUrlError::WrongScheme),
            ("https://a@example.com/", StoryUrlError::HasCredentials),
            ("https://a:b@example.com/", StoryUrlError::HasCredentials),
        ] {
            assert_eq!(key_of(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn lengths_are_bounded_before_and_after_parsing() {
        let long = |unit: &str, n: usize| key_of(&format!("https://a.example/{}", unit.repeat(n)));
        assert!(long("a", MAX_BYTES - 18).is_ok());
        assert_eq!(long("a", MAX_BYTES - 17), Err(StoryUrlError::TooLong { max: MAX_BYTES }));
        assert_eq!(long("é", 900), Err(StoryUrlError::TooLong { max: MAX_BYTES }));
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(rest in "[a-zA-Z0-9./?&=#%:_äé*-]{0,40}", end in any::<String>()) {
            for typed in [format!("https://a.example{rest}"), format!("http://{rest}"), format!("http://b.example/{end}")] {
                if let Ok(url) = StoryUrl::parse(&typed, &defaults()) {
                    for scheme in ["http", "https"] {
                        let again = key_of(&format!("{scheme}:{}", url.key()));
                        prop_assert_eq!(again.as_deref(), Ok(url.key()));
                    }
                }
            }
        }
    }
}
