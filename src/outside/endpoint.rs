//! The address of an endpoint.

use std::net::IpAddr;

use hyper::Uri;
use url::{Host, Url};

use super::guard::Guard;

/// The most bytes of an address.
pub const MAX_BYTES: usize = 2048;

/// Why a text cannot be an endpoint's address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EndpointError {
    /// More bytes than allowed.
    #[error("an endpoint's address may have {MAX_BYTES} characters at most")]
    TooLong,
    /// Not an absolute address with a host.
    #[error("this is not an absolute address")]
    Malformed,
    /// Neither `https` nor, where it is allowed, `http`.
    #[error("an endpoint's address begins with https://")]
    WrongScheme,
    /// A username or password before the host.
    #[error("an endpoint's address must not carry a username or password")]
    HasCredentials,
    /// A part behind `#`, which would never be sent.
    #[error("an endpoint's address must not have a part behind #")]
    HasFragment,
    /// The host is an address that is not asked.
    #[error("an endpoint must not be at a private or local address")]
    Refused,
}

/// An absolute address without credentials and fragment, in the form of the URL standard (so that a host written as
/// `0x7f.1` is 127.0.0.1 here already).
/// `Debug` shows the host alone: the rest may hold what only the endpoint should know.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
    uri: Uri,
}

impl Endpoint {
    /// Parses what somebody typed. A host that is a name is looked at each time it is dialled; one that is an address
    /// is looked at here, and again before it is asked, since what is allowed may have changed.
    pub fn parse(typed: &str, guard: Guard) -> Result<Self, EndpointError> {
        if typed.len() > MAX_BYTES {
            return Err(EndpointError::TooLong);
        }
        Self::from_url(Url::parse(typed).map_err(|_| EndpointError::Malformed)?, guard)
    }

    pub(super) fn from_url(url: Url, guard: Guard) -> Result<Self, EndpointError> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(EndpointError::WrongScheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::HasCredentials);
        }
        if url.fragment().is_some() {
            return Err(EndpointError::HasFragment);
        }
        if url.as_str().len() > MAX_BYTES {
            return Err(EndpointError::TooLong);
        }
        let uri: Uri = url.as_str().parse().map_err(|_| EndpointError::Malformed)?;
        // what is looked at is what will be dialled
        if uri.host() != url.host_str() {
            return Err(EndpointError::Malformed);
        }
        let endpoint = Self { url, uri };
        endpoint.check(guard)?;
        Ok(endpoint)
    }

    /// Whether it is allowed, as far as can be said without looking its name up.
    pub fn check(&self, guard: Guard) -> Result<(), EndpointError> {
        if self.url.scheme() == "http" && !guard.allows_http() {
            return Err(EndpointError::WrongScheme);
        }
        let address = match self.url.host() {
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            None => return Err(EndpointError::Malformed),
        };
        if guard.allows(address) { Ok(()) } else { Err(EndpointError::Refused) }
    }

    /// As text, as it is asked.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The host, as logs may show it.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.uri
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Endpoint({})", self.host())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(typed: &str) -> Result<String, EndpointError> {
        Endpoint::parse(typed, Guard::new(false)).map(|endpoint| endpoint.as_str().to_owned())
    }

    #[test]
    fn addresses_of_public_hosts_are_taken_with_any_port() {
        for typed in
            ["https://example.org/check?a=b", "https://example.org:8443/", "https://8.8.8.8/", "https://[2606::1]/"]
        {
            assert_eq!(parse(typed).unwrap(), typed);
        }
        assert_eq!(parse("HTTPS://Bücher.example").unwrap(), "https://xn--bcher-kva.example/");
    }

    #[test]
    fn what_is_no_address_of_an_endpoint_is_refused() {
        assert_eq!(parse("example.org"), Err(EndpointError::Malformed));
        assert_eq!(parse("https://"), Err(EndpointError::Malformed));
        assert_eq!(parse("http://example.org/"), Err(EndpointError::WrongScheme));
        assert_eq!(parse("file:///etc/passwd"), Err(EndpointError::WrongScheme));
        assert_eq!(parse("https://ann@example.org/"), Err(EndpointError::HasCredentials));
        assert_eq!(parse("https://:secret@example.org/"), Err(EndpointError::HasCredentials));
        assert_eq!(parse("https://example.org/#"), Err(EndpointError::HasFragment));
        assert_eq!(parse(&format!("https://example.org/{}", "a".repeat(MAX_BYTES))), Err(EndpointError::TooLong));
        assert_eq!(parse(&format!("https://example.org/{}", "ü".repeat(900))), Err(EndpointError::TooLong));
    }

    #[test]
    fn a_local_address_is_refused_however_it_is_written() {
        let hosts = ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0", "[::1]", "[::ffff:10.0.0.1]"];
        for host in hosts.into_iter().chain(["169.254.169.254", "[fd00:ec2::254]", "１２７.0.0.1", "127.0.0.1."]) {
            assert_eq!(parse(&format!("https://{host}/")), Err(EndpointError::Refused), "{host}");
        }
    }

    #[test]
    fn where_all_is_allowed_local_services_may_speak_plainly() {
        let endpoint = Endpoint::parse("http://127.0.0.1:8080/check", Guard::new(true)).unwrap();
        assert_eq!(endpoint.check(Guard::new(false)), Err(EndpointError::WrongScheme));
        let endpoint = Endpoint::parse("https://127.0.0.1:8080/check", Guard::new(true)).unwrap();
        assert_eq!(endpoint.check(Guard::new(false)), Err(EndpointError::Refused));
        assert_eq!(endpoint.host(), "127.0.0.1");
    }

    #[test]
    fn debug_shows_the_host_alone() {
        let endpoint = Endpoint::parse("https://example.org/secret?secret", Guard::new(false)).unwrap();
        assert_eq!(format!("{endpoint:?}"), "Endpoint(example.org)");
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_dialled_where_it_was_looked_at(rest in "[a-z0-9.%@:\\[\\]?#/\\\\ü\u{ff0e}-]{1,30}") {
            let typed = format!("https://{rest}");
            if let Ok(endpoint) = Endpoint::parse(&typed, Guard::new(false)) {
                prop_assert_eq!(endpoint.uri().host(), Some(endpoint.host()));
                let address = endpoint.host().trim_matches(['[', ']']).parse::<IpAddr>();
                prop_assert!(address.is_err() || Guard::new(false).allows(address.unwrap()));
            }
        }
    }
}
