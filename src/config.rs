//! Configuration from the environment: every variable, its default and its bounds. `.env.example` lists the same.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use ipnet::IpNet;
use url::Url;

use crate::store::{Db, db::DbUrl};

/// How logs are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    Text,
    Json,
}

/// Bounds of pace and number; 0 in the environment switches one off and makes it `None` here.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Failed sign-ins for one identifier in [`SIGN_IN_WINDOW`].
    pub sign_in_failures_per_identifier: Option<u32>,
    /// Failed sign-ins from one address in [`SIGN_IN_WINDOW`].
    pub sign_in_failures_per_address: Option<u32>,
    /// New accounts from one address in an hour.
    pub sign_ups_per_address: Option<u32>,
    /// Replies of one account in a minute.
    pub replies_per_minute: Option<u32>,
    /// Days between two changes of one username.
    pub username_change_days: Option<u32>,
    /// Characters of a reply.
    pub reply_max_chars: Option<u32>,
    /// Connections of one worker.
    pub max_connections: Option<u32>,
}

/// The time in which failed sign-ins are counted.
pub const SIGN_IN_WINDOW: Duration = Duration::from_secs(15 * 60);
/// The time in which sign-ups are counted.
pub const SIGN_UP_WINDOW: Duration = Duration::from_secs(3600);

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub data_dir: PathBuf,
    pub database_url: DbUrl,
    pub public_url: Url,
    pub jwt_keys_file: PathBuf,
    pub access_token_ttl: Duration,
    pub refresh_idle_ttl: Duration,
    pub refresh_max_ttl: Duration,
    pub db_pool_size: u32,
    pub db_max_waiting: usize,
    pub db_max_wait: Duration,
    pub http_workers: usize,
    pub trusted_proxies: Vec<IpNet>,
    pub argon2_memory_kib: u32,
    pub argon2_passes: u32,
    pub argon2_max_waiting: usize,
    pub log_format: LogFormat,
    pub log_filter: String,
    pub limits: Limits,
}

/// Reads variables one by one and collects what is wrong with them.
struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    fn parsed<T>(&mut self, name: &str, default: T, what: &str, parse: impl Fn(&str) -> Option<T>) -> T {
        let Some(value) = self.text(name) else { return default };
        parse(value.trim()).unwrap_or_else(|| {
            // the value may be a secret in the wrong place, so it is not repeated
            self.wrong.push(format!("{name}: must be {what}"));
            default
        })
    }

    fn number(&mut self, name: &str, default: u32, min: u32, max: u32) -> u32 {
        let what = format!("a whole number from {min} to {max}");
        self.parsed(name, default, &what, |value| value.parse().ok().filter(|n| (min..=max).contains(n)))
    }

    /// A limit; 0 switches it off.
    fn limit(&mut self, name: &str, default: u32, max: u32) -> Option<u32> {
        Some(self.number(name, default, 0, max)).filter(|limit| *limit > 0)
    }

    fn secs(&mut self, name: &str, default: u32, min: u32, max: u32) -> Duration {
        Duration::from_secs(u64::from(self.number(name, default, min, max)))
    }
}

const DAY_SECS: u32 = 24 * 3600;

impl Config {
    /// From the process's environment, after `.env` if there is one.
    pub fn from_env() -> Result<Self, Vec<String>> {
        match dotenvy::dotenv() {
            Err(error) if !error.not_found() => Err(vec![format!(".env: {error}")]),
            _ => Self::from_lookup(&|name| std::env::var(name).ok()),
        }
    }

    /// From variables looked up by name. All that is wrong is named at once.
    pub fn from_lookup(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut env = Reader { lookup, wrong: Vec::new() };
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        let listen = env.parsed("LISTEN", listen, "an address and port, such as 127.0.0.1:8080", |v| v.parse().ok());
        let data_dir = PathBuf::from(env.text("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let database_url = DbUrl::Sqlite(data_dir.join("rejoinder.sqlite").to_string_lossy().into_owned());
        let database_url =
            env.parsed("DATABASE_URL", database_url, "a sqlite:, postgres: or postgresql: URL", DbUrl::parse);
        let public_url = Url::parse(&format!("http://{listen}")).expect("an address makes a URL");
        let public_url = env.parsed("PUBLIC_URL", public_url, "an http or https URL without query", |value| {
            let url = Url::parse(value).ok()?;
            (matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none())
                .then_some(url)
        });
        let jwt_keys_file = env.text("JWT_KEYS_FILE").map_or_else(|| data_dir.join("jwt-keys.json"), PathBuf::from);
        let trusted_proxies = env.parsed("TRUSTED_PROXIES", Vec::new(), "CIDRs, comma-separated", |value| {
            value.split(',').map(|cidr| cidr.trim().parse().ok()).collect()
        });
        let log_format = env.parsed("LOG_FORMAT", LogFormat::Text, "text or json", |value| match value {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        });
        let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
        let config = Self {
            listen,
            database_url,
            public_url,
            jwt_keys_file,
            access_token_ttl: env.secs("ACCESS_TOKEN_TTL_SECS", 600, 30, 900),
            refresh_idle_ttl: env.secs("REFRESH_IDLE_TTL_SECS", 30 * DAY_SECS, 60, 90 * DAY_SECS),
            refresh_max_ttl: env.secs("REFRESH_MAX_TTL_SECS", 180 * DAY_SECS, 60, 365 * DAY_SECS),
            db_pool_size: env.number("DB_POOL_SIZE", 8, 1, 256),
            db_max_waiting: env.number("DB_MAX_WAITING", 1_000, 1, 100_000) as usize,
            db_max_wait: env.secs("DB_MAX_WAIT_SECS", 5, 1, 9),
            http_workers: env.number("HTTP_WORKERS", cores, 1, 256) as usize,
            trusted_proxies,
            argon2_memory_kib: env.number("ARGON2_MEMORY_KIB", 19_456, 19_456, 1_048_576),
            argon2_passes: env.number("ARGON2_PASSES", 2, 2, 16),
            argon2_max_waiting: env.number("ARGON2_MAX_WAITING", 64, 1, 10_000) as usize,
            log_format,
            log_filter: env.text("LOG_FILTER").unwrap_or_else(|| "info,actix_server=warn".to_owned()),
            limits: Limits {
                sign_in_failures_per_identifier: env.limit("SIGN_IN_FAILURES_PER_IDENTIFIER", 10, 1_000),
                sign_in_failures_per_address: env.limit("SIGN_IN_FAILURES_PER_ADDRESS", 50, 100_000),
                sign_ups_per_address: env.limit("SIGN_UPS_PER_ADDRESS", 20, 100_000),
                replies_per_minute: env.limit("REPLIES_PER_MINUTE", 10, 10_000),
                username_change_days: env.limit("USERNAME_CHANGE_DAYS", 14, 3_650),
                reply_max_chars: env.limit("REPLY_MAX_CHARS", 10_000, 60_000),
                max_connections: env.limit("MAX_CONNECTIONS", 10_000, 1_000_000),
            },
            data_dir,
        };
        if env.wrong.is_empty() { Ok(config) } else { Err(env.wrong) }
    }

    /// Names of limits that are switched off.
    pub fn limits_off(&self) -> Vec<&'static str> {
        let limits = &self.limits;
        [
            ("SIGN_IN_FAILURES_PER_IDENTIFIER", limits.sign_in_failures_per_identifier),
            ("SIGN_IN_FAILURES_PER_ADDRESS", limits.sign_in_failures_per_address),
            ("SIGN_UPS_PER_ADDRESS", limits.sign_ups_per_address),
            ("REPLIES_PER_MINUTE", limits.replies_per_minute),
            ("USERNAME_CHANGE_DAYS", limits.username_change_days),
            ("REPLY_MAX_CHARS", limits.reply_max_chars),
            ("MAX_CONNECTIONS", limits.max_connections),
        ]
        .into_iter()
        .filter_map(|(name, limit)| limit.is_none().then_some(name))
        .collect()
    }

    /// Opens the configured database, which must be migrated.
    pub fn open_db(&self) -> Result<Db, crate::store::DbError> {
        let options = crate::store::DbOptions {
            pool_size: self.db_pool_size,
            max_waiting: self.db_max_waiting,
            max_wait: self.db_max_wait,
            observer: None,
        };
        Db::open(&self.database_url, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_a_good_configuration() {
        let config = Config::from_lookup(&|_| None).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url, DbUrl::Sqlite("data/rejoinder.sqlite".to_owned()));
        assert!(config.limits_off().is_empty());
    }

    #[test]
    fn all_wrong_values_are_named_at_once_and_not_repeated() {
        let wrong = Config::from_lookup(&|name| match name {
            "LISTEN" | "DATABASE_URL" | "DB_POOL_SIZE" | "TRUSTED_PROXIES" => Some("s3cret".to_owned()),
            _ => None,
        })
        .unwrap_err();
        assert_eq!(wrong.len(), 4);
        assert!(!wrong.concat().contains("s3cret"));
    }

    #[test]
    fn zero_switches_a_limit_off() {
        let config = Config::from_lookup(&|name| (name == "REPLIES_PER_MINUTE").then(|| "0".to_owned())).unwrap();
        assert_eq!(config.limits_off(), ["REPLIES_PER_MINUTE"]);
    }

    #[test]
    fn a_database_password_is_not_shown() {
        let url = DbUrl::parse("postgres://rejoinder:s3cret@localhost/rejoinder").unwrap();
        assert!(!format!("{url:?}").contains("s3cret"));
    }

    #[test]
    fn every_variable_stands_in_the_example_file() {
        let example = include_str!("../.env.example");
        let asked = std::cell::RefCell::new(Vec::new());
        Config::from_lookup(&|name| {
            asked.borrow_mut().push(name.to_owned());
            None
        })
        .unwrap();
        for name in asked.into_inner() {
            assert!(example.contains(&format!("#{name}=")), "{name} is missing");
        }
    }
}
