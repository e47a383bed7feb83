//! A database across the internet is reached by TLS that proves who answers, or not at all.

use std::net::{IpAddr, ToSocketAddrs};

use super::{Failure, Outcome};
use crate::{config::Config, outside::guard, store::DbUrl};

/// Refuses servers with a public address to which `DATABASE_URL` asks for no proof. In a network of one's own plain text may
/// go, as to a mail server there.
pub(super) fn refuse(config: &Config) -> Outcome {
    let urls = [("DATABASE_URL", Some(&config.database_url)), ("DATABASE_READ_URL", config.database_read_url.as_ref())];
    for (variable, url) in urls {
        if let Some(host) = url.and_then(|url| public_host(url, addresses)) {
            return Err(Failure(format!(
                "{variable}: {host} has a public address, where anybody could answer in its place; add sslmode=verify-full \
                 (and sslrootcert), in a build with the feature postgres-tls"
            )));
        }
    }
    Ok(())
}

/// The first host that is dialled at a public address without a proof of who answers.
fn public_host<A: IntoIterator<Item = IpAddr>>(url: &DbUrl, addresses: impl Fn(&str) -> A) -> Option<String> {
    url.unproven_hosts().into_iter().find(|host| addresses(host).into_iter().any(guard::is_public))
}

/// What a name, or an address, stands for; nothing if that is not known, which is told when it is dialled.
fn addresses(host: &str) -> Vec<IpAddr> {
    (host, 0).to_socket_addrs().into_iter().flatten().map(|address| address.ip()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_can_reach_needs_a_proof() {
        let names = |host: &str| match host {
            "db.example" => vec!["10.0.0.5".parse().unwrap(), "9.9.9.9".parse().unwrap()],
            "db.internal" => vec!["10.0.0.5".parse().unwrap()],
            _ => addresses(host),
        };
        let refused = |url: &str| public_host(&DbUrl::parse(url).unwrap(), names);
        for (url, host) in [
            ("postgres://u:p@db.example/blog", "db.example"),
            ("postgres://u:p@db.internal,db.example:6432/blog", "db.example"),
            ("postgres://9.9.9.9/blog?sslmode=require", "9.9.9.9"),
            ("postgres://u@[2620:fe::fe]:5432/blog", "2620:fe::fe"),
            ("postgres:///blog?host=db.example", "db.example"),
            ("postgres://db.internal/blog?hostaddr=9.9.9.9", "9.9.9.9"),
            ("postgres://db.example/blog?sslmode=verify-full&sslmode=prefer", "db.example"),
        ] {
            assert_eq!(refused(url).as_deref(), Some(host), "{url}");
        }
        for url in [
            "sqlite:blog.sqlite",
            "postgres://u:p@localhost/blog",
            "postgres://u:p@db.internal:5432/blog",
            "postgres://u:p@%2Frun%2Fpostgresql/blog",
            "postgres:///blog?host=/run/postgresql",
            "postgres:///blog",
            "postgres://u:p@db.example/blog?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        ] {
            assert_eq!(refused(url), None, "{url}");
        }
    }
}
