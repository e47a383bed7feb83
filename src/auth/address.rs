//! The caller's network address: the peer's, or what trusted proxies say.

use std::net::IpAddr;

use ipnet::IpNet;

/// The nearest address that is not a trusted proxy's: `X-Forwarded-For` is read right to left, and only as long as the
/// one who added an entry is trusted. Without trusted proxies the header means nothing.
pub fn client_address(peer: IpAddr, forwarded_for: &[&str], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut address = peer.to_canonical();
    let entries = forwarded_for.iter().rev().flat_map(|line| line.rsplit(','));
    for entry in entries {
        if !is_trusted(&address) {
            break;
        }
        // an entry that is no address was not added by a proxy that can be trusted to know
        let Ok(next) = entry.trim().parse::<IpAddr>() else { break };
        address = next.to_canonical();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded_for: &[&str], trusted: &str) -> String {
        let trusted: Vec<IpNet> = trusted.split_terminator(',').map(|net| net.parse().unwrap()).collect();
        client_address(peer.parse().unwrap(), forwarded_for, &trusted).to_string()
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
    }
}
