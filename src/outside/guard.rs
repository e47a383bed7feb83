//! Which addresses may be asked: those that everybody can reach.
//!
//! An endpoint is named by a person who may not be the one who runs this machine. Its neighbours (databases, routers,
//! the addresses where clouds hand out keys) must not be reached through it. For IPv6 only what is given out as global
//! unicast is allowed, so that what is set apart later is refused already; tunnels and translations are refused whole,
//! since an address of IPv4 hides in them.
//!
//! What cannot be known here: a global address of one's own that a firewall opens to this machine alone, and an
//! operator's own prefix for NAT64 (RFC 6052, section 3.1).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// What is refused of IPv4.
const REFUSED_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),       // this network, unspecified: RFC 1122, section 3.2.1.3
    v4(10, 0, 0, 0, 8),      // private: RFC 1918
    v4(100, 64, 0, 0, 10),   // shared behind a provider's NAT: RFC 6598
    v4(127, 0, 0, 0, 8),     // loopback: RFC 1122, section 3.2.1.3
    v4(169, 254, 0, 0, 16),  // link-local: RFC 3927
    v4(172, 16, 0, 0, 12),   // private: RFC 1918
    v4(192, 0, 0, 0, 24),    // protocol assignments: RFC 6890, section 2.1
    v4(192, 0, 2, 0, 24),    // documentation: RFC 5737
    v4(192, 88, 99, 0, 24),  // 6to4 relays: RFC 7526
    v4(192, 168, 0, 0, 16),  // private: RFC 1918
    v4(198, 18, 0, 0, 15),   // benchmarks: RFC 2544
    v4(198, 51, 100, 0, 24), // documentation: RFC 5737
    v4(203, 0, 113, 0, 24),  // documentation: RFC 5737
    v4(224, 0, 0, 0, 4),     // multicast: RFC 5771
    v4(240, 0, 0, 0, 4),     // reserved, broadcast: RFC 1112, section 4; RFC 919
];

/// Global unicast (RFC 4291, section 2.4, as far as it is given out): all else of IPv6 is refused.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// What is refused within it.
const REFUSED_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0], 23), // protocol assignments: RFC 2928; Teredo: RFC 4380; ORCHID: RFC 7343; benchmarks: RFC 5180
    v6([0x2001, 0xdb8, 0], 32), // documentation: RFC 3849
    v6([0x2002, 0, 0], 16), // 6to4: RFC 3056
    v6([0x3fff, 0, 0], 20), // documentation: RFC 9637
];

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(head: [u16; 3], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(head[0], head[1], head[2], 0, 0, 0, 0, 0), bits)
}

/// Whether everybody can reach this address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !REFUSED_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => GLOBAL_V6.contains(&address) && !REFUSED_V6.iter().any(|net| net.contains(&address)),
    }
}

/// What an installation allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guard {
    allow_private: bool,
}

impl Guard {
    /// Allows public addresses, or all of them (and then plain HTTP too, as local services speak it).
    pub const fn new(allow_private: bool) -> Self {
        Self { allow_private }
    }

    /// Whether this address may be asked.
    pub fn allows(self, address: IpAddr) -> bool {
        self.allow_private || is_public(address)
    }

    /// Whether questions may go unencrypted.
    pub fn allows_http(self) -> bool {
        self.allow_private
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The first and the last address of each range, and where it is laid down.
    const REFUSED: [(&str, &str, &str); 34] = [
        ("0.0.0.0", "0.255.255.255", "RFC 1122, this network"),
        ("10.0.0.0", "10.255.255.255", "RFC 1918, private"),
        ("100.64.0.0", "100.127.255.255", "RFC 6598, CGNAT"),
        ("127.0.0.0", "127.255.255.255", "RFC 1122, loopback"),
        ("169.254.0.0", "169.254.255.255", "RFC 3927, link-local"),
        ("172.16.0.0", "172.31.255.255", "RFC 1918, private"),
        ("192.0.0.0", "192.0.0.255", "RFC 6890, protocol assignments"),
        ("192.0.2.0", "192.0.2.255", "RFC 5737, documentation"),
        ("192.88.99.0", "192.88.99.255", "RFC 7526, 6to4 relays"),
        ("192.168.0.0", "192.168.255.255", "RFC 1918, private"),
        ("198.18.0.0", "198.19.255.255", "RFC 2544, benchmarks"),
        ("198.51.100.0", "198.51.100.255", "RFC 5737, documentation"),
        ("203.0.113.0", "203.0.113.255", "RFC 5737, documentation"),
        ("224.0.0.0", "239.255.255.255", "RFC 5771, multicast"),
        ("240.0.0.0", "255.255.255.254", "RFC 1112, reserved"),
        ("255.255.255.255", "255.255.255.255", "RFC 919, broadcast"),
        ("::", "::1", "RFC 4291, unspecified and loopback"),
        ("::2", "::ffff:ffff", "RFC 4291, IPv4-compatible"),
        ("::ffff:0.0.0.0", "::ffff:255.255.255.255", "RFC 4291, IPv4-mapped"),
        ("::ffff:0:0:0", "::ffff:0:ffff:ffff", "RFC 2765, IPv4-translated"),
        ("64:ff9b::", "64:ff9b::ffff:ffff", "RFC 6052, NAT64"),
        ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "RFC 8215, local NAT64"),
        ("100::", "100::ffff:ffff:ffff:ffff", "RFC 6666, discard only"),
        ("2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4380, Teredo"),
        ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "RFC 5180, benchmarks"),
        ("2001:10::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4843 and RFC 7343, ORCHID"),
        ("2001:40::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928, protocol assignments"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3849, documentation"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3056, 6to4"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9637, documentation"),
        ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291, not given out; RFC 9602, segment routing"),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4193, unique local"),
        ("fe80::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291, link-local; RFC 3879, site-local"),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4291, multicast"),
    ];

    /// The nearest neighbours of the ranges, and some that are known.
    const ALLOWED: [&str; 33] = [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "8.8.8.8",
        "2000::",
        "2001:200::",
        "2001:db7:ffff::",
        "2001:db9::",
        "2003::",
        "2606:4700:4700::1111",
        "3fff:1000::",
    ];

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn number(text: &str) -> u128 {
        match address(text) {
            IpAddr::V4(address) => u32::from(address).into(),
            IpAddr::V6(address) => address.into(),
        }
    }

    #[test]
    fn what_not_everybody_can_reach_is_refused() {
        for (first, last, law) in REFUSED {
            assert!(!is_public(address(first)), "{first}: {law}");
            assert!(!is_public(address(last)), "{last}: {law}");
        }
    }

    #[test]
    fn what_lies_between_is_allowed() {
        for text in ALLOWED {
            assert!(is_public(address(text)), "{text}");
        }
    }

    #[test]
    fn an_installation_may_allow_all() {
        let (strict, open) = (Guard::new(false), Guard::new(true));
        assert!(open.allows(address("127.0.0.1")) && open.allows_http());
        assert!(!strict.allows(address("127.0.0.1")) && !strict.allows_http());
        assert!(strict.allows(address("8.8.8.8")));
    }

    proptest! {
        #[test]
        fn no_address_within_a_range_passes(range in 0..REFUSED.len(), place in any::<u128>()) {
            let (first, last, law) = REFUSED[range];
            let (low, high) = (number(first), number(last));
            let inside = low + place % (high - low + 1);
            let address = match address(first) {
                IpAddr::V4(_) => IpAddr::V4(u32::try_from(inside).unwrap().into()),
                IpAddr::V6(_) => IpAddr::V6(inside.into()),
            };
            prop_assert!(!is_public(address), "{}: {}", address, law);
        }

        #[test]
        fn no_address_of_ipv4_hides_in_one_of_ipv6(hidden in any::<u32>()) {
            for prefix in ["::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::"] {
                let address = IpAddr::V6((number(prefix) | u128::from(hidden)).into());
                prop_assert!(!is_public(address), "{}", address);
            }
        }
    }
}
