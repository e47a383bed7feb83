//! Where the database is: `DATABASE_URL`.

use std::fmt;

use percent_encoding::percent_decode_str;

/// How long a connection to PostgreSQL may take to come about, in seconds and for each host, and how long what was sent to
/// it may stay unacknowledged, in milliseconds; unless the URL says it.
const DEADLINES: [(&str, u32); 2] = [("connect_timeout", 3), ("tcp_user_timeout", 5_000)];

/// Where the database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DbUrl {
    /// A file.
    Sqlite(String),
    /// A connection URI of libpq (PostgreSQL's manual, section 34.1.1.2).
    Postgres(String),
}

impl DbUrl {
    /// From `sqlite:PATH`, `postgres://...` or `postgresql://...`.
    pub fn parse(url: &str) -> Option<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return (!path.is_empty() && path != ":memory:").then(|| Self::Sqlite(path.to_owned()));
        }
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
        if !is_unambiguous(rest) {
            return None;
        }
        let given = rest.split_once('?').map_or("", |(_, parameters)| parameters);
        let mut url = url.to_owned();
        for (name, value) in DEADLINES {
            if !given.contains(&format!("{name}=")) {
                let separator = if !url.contains('?') {
                    "?"
                } else if url.ends_with('?') {
                    ""
                } else {
                    "&"
                };
                url = format!("{url}{separator}{name}={value}");
            }
        }
        Some(Self::Postgres(url))
    }

    /// The hosts that are dialled, by name or address, without a proof of who answers: none with `sslmode=verify-full`.
    /// Sockets are none.
    pub fn unproven_hosts(&self) -> Vec<String> {
        let Self::Postgres(url) = self else { return Vec::new() };
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = place.split('/').next().unwrap_or_default();
        let hosts = authority.rsplit('@').next().unwrap_or_default();
        let parameter = |wanted: &str| {
            let mut pairs = parameters.split('&').filter_map(|parameter| parameter.split_once('='));
            pairs.rfind(|(name, _)| *name == wanted).map_or("", |(_, value)| value)
        };
        if parameter("sslmode") == "verify-full" {
            return Vec::new();
        }
        let listed = [parameter("host"), parameter("hostaddr")].map(|list| list.split(',').map(decoded));
        let hosts = hosts.split(',').map(|host| decoded(without_port(host)));
        hosts
            .chain(listed.into_iter().flatten())
            .filter(|host| !host.is_empty() && !host.starts_with(['/', '@']))
            .collect()
    }
}

/// `[::1]:5432` without brackets and port.
fn without_port(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Whether libpq can mistake no part of the URI for another: what it cannot read it repeats in its errors, and where a
/// password's `@`, `/` or `%` is not percent-encoded, that is a part of the password.
fn is_unambiguous(rest: &str) -> bool {
    let (before, at) = rest.split_once('@').map_or((rest, None), |(before, behind)| (before, Some(behind)));
    let is_encoded = |text: &str| {
        text.split('%').skip(1).all(|behind| {
            behind.get(..2).is_some_and(|hex| hex != "00" && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
    };
    let is_plain = rest.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain && is_encoded(rest) && at.is_none_or(|behind| !behind.contains('@') && !before.contains(['/', '?', '#']))
}

/// Without anything that may be a secret.
impl fmt::Debug for DbUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{path}"),
            Self::Postgres(_) => f.write_str("postgres:..."),
        }
    }
}

/// What libpq says, without the URI, which it repeats where it cannot read it, and without the line's end.
pub(super) fn without_url(said: &str, url: &str) -> String {
    said.trim_end().replace(url, "DATABASE_URL")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_servers_are_told_apart() {
        for url in ["sqlite:data/blog.sqlite", "sqlite://data/blog.sqlite"] {
            assert_eq!(DbUrl::parse(url), Some(DbUrl::Sqlite("data/blog.sqlite".to_owned())));
        }
        for url in ["", "sqlite:", "sqlite::memory:", "data/blog.sqlite", "mysql://host/db", "postgres:db", "host=/tmp"]
        {
            assert_eq!(DbUrl::parse(url), None, "{url}");
        }
    }

    #[test]
    fn connecting_has_a_deadline() {
        for (url, end) in [
            ("postgres://host/db", "host/db?connect_timeout=3&tcp_user_timeout=5000"),
            ("postgresql:///db?host=/tmp", "?host=/tmp&connect_timeout=3&tcp_user_timeout=5000"),
            ("postgresql:///db?", "?connect_timeout=3&tcp_user_timeout=5000"),
            ("postgres://host/db?connect_timeout=7", "?connect_timeout=7&tcp_user_timeout=5000"),
            ("postgres://a,b/db?tcp_user_timeout=1&connect_timeout=7", "?tcp_user_timeout=1&connect_timeout=7"),
        ] {
            let Some(DbUrl::Postgres(parsed)) = DbUrl::parse(url) else { panic!("{url}") };
            assert!(parsed.ends_with(end), "{parsed}");
        }
    }

    #[test]
    fn what_libpq_could_misread_is_refused() {
        for good in ["u:p@h:1,h2:2/db", "u@/db?host=/run/postgresql", "u:p%40%2Fw@%2Frun%2Fpg/db", "[::1]:5432/db"] {
            assert!(DbUrl::parse(&format!("postgres://{good}")).is_some(), "{good}");
        }
        for bad in ["u:p@ss@h/db", "u:p/w@h/db", "u:p?w@h/db", "u:p#w@h/db", "u:100%@h/db", "u:p%00@h/db", "u:p w@h/db"]
        {
            assert_eq!(DbUrl::parse(&format!("postgres://{bad}")), None, "{bad}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let url = DbUrl::parse("postgres://rejoinder:s3cret@localhost/rejoinder").unwrap();
        assert!(!format!("{url:?}").contains("s3cret"));
        let url = "postgres://rejoinder:s3cret@[::1/rejoinder";
        let error = <diesel::PgConnection as diesel::Connection>::establish(url).err().unwrap().to_string();
        assert!(error.contains("s3cret"), "{error}");
        assert!(!without_url(&error, url).contains("s3cret"));
    }
}
