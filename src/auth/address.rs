//! The caller's network address: the peer's, or what trusted proxies say.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

/// The header in which proxies say whom they forward for. One alone is believed: a proxy writes its own and hands on what a
/// client made up in the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, which most write.
    ForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl ProxyHeader {
    /// The header of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::ForwardedFor, Self::Forwarded].into_iter().find(|header| header.name().eq_ignore_ascii_case(name))
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

/// Whom is believed what.
#[derive(Clone, Debug)]
pub struct Proxies {
    /// None by default: then no header means anything.
    pub trusted: Vec<IpNet>,
    pub header: ProxyHeader,
}

impl Proxies {
    /// The nearest address that is not a trusted proxy's: the header's lines are read right to left, and only as long as the
    /// one who added an entry is trusted.
    pub fn client(&self, peer: IpAddr, lines: &[&str]) -> IpAddr {
        let is_trusted = |address: &IpAddr| self.trusted.iter().any(|net| net.contains(address));
        let mut address = peer.to_canonical();
        if !is_trusted(&address) {
            return address;
        }
        for entry in lines.iter().rev().flat_map(|line| entries(line).into_iter().rev()) {
            // an entry that is no address was not added by a proxy that can be trusted to know
            let Some(next) = self.header.address(entry) else { break };
            address = next.to_canonical();
            if !is_trusted(&address) {
                break;
            }
        }
        address
    }
}

impl ProxyHeader {
    fn address(self, entry: &str) -> Option<IpAddr> {
        match self {
            Self::ForwardedFor => node(entry.trim()),
            Self::Forwarded => {
                let mut pairs = parts(entry, ';').into_iter().filter_map(|pair| pair.split_once('='));
                let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
                let value = value.trim();
                node(value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value))
            }
        }
    }
}

fn entries(line: &str) -> Vec<&str> {
    parts(line, ',')
}

/// What stands between these characters, but for those inside quotation marks. Addresses hold no backslash, so escaped
/// quotation marks need not be known.
fn parts(text: &str, between: char) -> Vec<&str> {
    let mut is_quoted = false;
    let is_end = |character: char| {
        is_quoted ^= character == '"';
        character == between && !is_quoted
    };
    text.split(is_end).collect()
}

/// An address with or without a port, IPv6 in brackets or bare; nothing for names that hide one (RFC 7239, section 6).
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_by(header: ProxyHeader, peer: &str, lines: &[&str], trusted: &str) -> String {
        let trusted: Vec<IpNet> = trusted.split_terminator(',').map(|net| net.parse().unwrap()).collect();
        Proxies { trusted, header }.client(peer.parse().unwrap(), lines).to_string()
    }

    fn client(peer: &str, lines: &[&str], trusted: &str) -> String {
        client_by(ProxyHeader::ForwardedFor, peer, lines, trusted)
    }

    #[test]
    fn nobody_is_believed_by_default() {
        assert_eq!(client("10.0.0.1", &["1.2.3.4"], ""), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["1.2.3.4"], "10.0.0.2/32"), "10.0.0.1");
    }

    #[test]
    fn the_last_entry_that_no_trusted_proxy_wrote_about_itself_counts() {
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 1.2.3.4"], "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.7"], "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "1.2.3.4"], "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, nonsense"], "10.0.0.0/8"), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &["1.2.3.4"], "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["1.2.3.4:5678"], "10.0.0.0/8"), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:5678"], "10.0.0.0/8"), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &[], "10.0.0.0/8"), "10.0.0.1");
    }

    #[test]
    fn forwarded_says_the_same_in_its_own_way() {
        let client = |lines: &[&str]| client_by(ProxyHeader::Forwarded, "10.0.0.1", lines, "10.0.0.0/8");
        assert_eq!(client(&["for=6.6.6.6, for=1.2.3.4;proto=https;by=10.0.0.1"]), "1.2.3.4");
        assert_eq!(client(&["for=6.6.6.6", "Proto=http; FOR=1.2.3.4, for=10.0.0.7"]), "1.2.3.4");
        assert_eq!(client(&["for=\"[2001:db8::1]:4711\""]), "2001:db8::1");
        assert_eq!(client(&["for=\"[2001:db8::1]\";host=\"a,b;c\""]), "2001:db8::1");
        // who hides the address, or says none, is the last one known
        for hidden in ["for=unknown", "for=_hidden", "proto=https", "for=", "1.2.3.4", "for=6.6.6.6, by=1.2.3.4"] {
            assert_eq!(client(&[hidden]), "10.0.0.1", "{hidden}");
        }
        // what a client leaves open in front does not pass for what a proxy adds behind it
        assert_eq!(client(&["for=\"6.6.6.6, for=1.2.3.4"]), "10.0.0.1");
        assert_eq!(client(&["for=\"6.6.6.6", "for=1.2.3.4"]), "1.2.3.4");
    }

    #[test]
    fn the_header_that_no_proxy_writes_is_not_looked_at() {
        assert_eq!(ProxyHeader::parse("X-Forwarded-For"), Some(ProxyHeader::ForwardedFor));
        assert_eq!(ProxyHeader::parse("forwarded"), Some(ProxyHeader::Forwarded));
        assert_eq!(ProxyHeader::parse("x-real-ip"), None);
        assert_eq!(client("10.0.0.1", &["for=1.2.3.4"], "10.0.0.0/8"), "10.0.0.1");
    }
}
