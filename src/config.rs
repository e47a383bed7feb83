//! Configuration from the environment: every variable, its default and its bounds. `.env.example` lists the same.

use std::{
    collections::HashMap,
    ffi::OsString,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use self::environment::{Lookup, Reader};
pub use self::{
    paces::Paces,
    work::{Work, WorkMode},
};
use crate::{
    auth::address::{Proxies, ProxyHeader},
    clock::Clock,
    domain::{
        email::Email,
        retention::{ADDRESSES, Retention},
    },
    mail::server::Server,
    store::{DbOptions, DbUrl},
};

mod environment;
mod paces;
mod retention;
mod smtp;
mod work;

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
    /// Mails about accounts in an hour: to one e-mail, and asked for by one account.
    pub account_mails_per_hour: Option<u32>,
    /// Notices of illegal content in an hour: of one address, for one e-mail, of one account.
    pub notices_per_hour: Option<u32>,
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
pub const SIGN_UP_WINDOW: Duration = ADDRESSES;

/// The time in which notices are counted; tries are kept no longer than [`SIGN_UP_WINDOW`].
pub const NOTICE_WINDOW: Duration = SIGN_UP_WINDOW;

/// The time in which mails about accounts are counted.
pub const MAIL_WINDOW: Duration = SIGN_UP_WINDOW;

/// Everything that can be configured.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    pub metrics_listen: Option<SocketAddr>,
    pub data_dir: PathBuf,
    pub database_url: DbUrl,
    /// A read replica of the database.
    pub database_read_url: Option<DbUrl>,
    pub public_url: Url,
    pub jwt_keys_file: PathBuf,
    /// A file that tells where network addresses are.
    pub geoip_file: Option<PathBuf>,
    /// Who mails are from.
    pub mail_from: Option<Email>,
    /// The server that takes mails; without one they become files.
    pub smtp: Option<Server>,
    /// Whether mails that are files are shown; the demo says so, and no variable.
    pub shows_mails: bool,
    /// Whether there are the pages of a blog; the demo says so, and no variable.
    pub shows_blog: bool,
    pub access_token_ttl: Duration,
    pub refresh_idle_ttl: Duration,
    pub refresh_max_ttl: Duration,
    /// Whether rights of staff sleep until a second factor is shown.
    pub is_staff_factor_demanded: bool,
    pub db_pool_size: u32,
    pub db_max_waiting: usize,
    pub db_max_wait: Duration,
    /// Memory for pages, in MiB.
    pub cache_max_mb: u32,
    /// How long shared caches and browsers may use a page without asking.
    pub pages_max_age: Duration,
    /// How much longer they may while they ask.
    pub pages_stale: Duration,
    pub http_workers: usize,
    /// Who says for whom he forwards.
    pub proxies: Proxies,
    /// Whether sites may have private and local addresses asked about their replies, and without encryption.
    pub outside_allow_private: bool,
    pub argon2_memory_kib: u32,
    pub argon2_passes: u32,
    pub argon2_max_waiting: usize,
    pub log_format: LogFormat,
    pub log_filter: String,
    pub limits: Limits,
    /// What one instance lets through, counted in its memory.
    pub paces: Paces,
    /// When newcomers show work.
    pub work: Work,
    /// How long what is kept of people is kept.
    pub retention: Retention,
}

const DAY_SECS: u32 = 24 * 3600;

const DATABASE_URLS: &str = "a sqlite:, postgres:// or postgresql:// URL; in a name or password %40 stands for @, %2F for \
     /, %25 for %";

const REPLICA_URLS: &str = "a postgres:// or postgresql:// URL";

/// actix tells of every request that it cannot read as of an error, of which anybody could fill the log.
const LOG_FILTER: &str = "info,actix_server=warn,actix_http=off";

fn url_of(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}")).expect("an address makes a URL")
}

fn parse_public_url(value: &str) -> Option<Url> {
    let url = Url::parse(value).ok()?;
    let is_plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    (matches!(url.scheme(), "http" | "https") && is_plain).then_some(url)
}

/// The part of an address behind the `@` (RFC 5321, section 4.1.3).
fn mail_host(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(domain)) => domain.to_owned(),
        Some(Host::Ipv4(address)) => format!("[{address}]"),
        Some(Host::Ipv6(address)) => format!("[IPv6:{address}]"),
        None => "localhost".to_owned(),
    }
}

impl Config {
    /// From the process's environment and, behind it, from `.env` in the working directory if there is one.
    pub fn from_env() -> Result<Self, Vec<String>> {
        let (file, broken) = match environment::read_file(Path::new(".env")) {
            Ok(file) => (file, None),
            Err(error) => (HashMap::new(), Some(error)),
        };
        let lookup = |name: &str| std::env::var_os(name).or_else(|| file.get(name).map(OsString::from));
        match (Self::from_lookup(&lookup), broken) {
            (config, None) => config,
            (config, Some(broken)) => {
                let mut wrong = config.err().unwrap_or_default();
                wrong.insert(0, broken);
                Err(wrong)
            }
        }
    }

    /// From variables looked up by name. All that is wrong is named at once.
    pub fn from_lookup(lookup: Lookup<'_>) -> Result<Self, Vec<String>> {
        let mut env = Reader { lookup, wrong: Vec::new() };
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        let listen = env.parsed("LISTEN", listen, "an address and port, such as 127.0.0.1:8080", |v| v.parse().ok());
        let metrics_listen =
            env.parsed("METRICS_LISTEN", None, "an address and port, such as 127.0.0.1:9100", |value| {
                value.parse().ok().map(Some)
            });
        let data_dir = PathBuf::from(env.text("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
        let database_url = DbUrl::Sqlite(data_dir.join("rejoinder.sqlite").to_string_lossy().into_owned());
        let database_url = env.parsed("DATABASE_URL", database_url, DATABASE_URLS, DbUrl::parse);
        let database_read_url = env.parsed("DATABASE_READ_URL", None, REPLICA_URLS, |value| {
            DbUrl::parse(value).filter(|url| matches!(url, DbUrl::Postgres(_))).map(Some)
        });
        let public_url =
            env.parsed("PUBLIC_URL", url_of(listen), "an http or https URL without user or query", parse_public_url);
        let jwt_keys_file = env.text("JWT_KEYS_FILE").map_or_else(|| data_dir.join("jwt-keys.json"), PathBuf::from);
        let geoip_file = env.text("GEOIP_FILE").map(PathBuf::from);
        let mail_from = env.parsed("MAIL_FROM", None, "an e-mail address", |v| Email::parse(v).ok().map(Some));
        let smtp = smtp::read(&mut env);
        let trusted = env.parsed("TRUSTED_PROXIES", Vec::new(), "CIDRs, comma-separated", |value| {
            value.split(',').map(|cidr| cidr.trim().parse().ok()).collect()
        });
        let header = ProxyHeader::ForwardedFor;
        let header = env.parsed("PROXY_HEADER", header, "X-Forwarded-For or Forwarded", ProxyHeader::parse);
        let refresh_idle_ttl = env.secs("REFRESH_IDLE_TTL_SECS", 30 * DAY_SECS, 60, 90 * DAY_SECS);
        let retention = retention::read(&mut env, refresh_idle_ttl);
        let outside_allow_private = env.parsed("OUTSIDE_ALLOW_PRIVATE", false, "true or false", |v| v.parse().ok());
        let is_staff_factor_demanded = env.parsed("STAFF_2FA", false, "optional or required", |value| match value {
            "optional" => Some(false),
            "required" => Some(true),
            _ => None,
        });
        let log_format = env.parsed("LOG_FORMAT", LogFormat::Text, "text or json", |value| match value {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        });
        let cores = std::thread::available_parallelism().map_or(2, |n| u32::try_from(n.get()).unwrap_or(2));
        let config = Self {
            listen,
            metrics_listen,
            database_url,
            database_read_url,
            public_url,
            jwt_keys_file,
            geoip_file,
            mail_from,
            smtp,
            shows_mails: false,
            shows_blog: false,
            access_token_ttl: env.secs("ACCESS_TOKEN_TTL_SECS", 600, 30, 900),
            refresh_idle_ttl,
            refresh_max_ttl: env.secs("REFRESH_MAX_TTL_SECS", 180 * DAY_SECS, 60, 365 * DAY_SECS),
            is_staff_factor_demanded,
            db_pool_size: env.number("DB_POOL_SIZE", 8, 1, 256),
            db_max_waiting: env.number("DB_MAX_WAITING", 1_000, 1, 100_000) as usize,
            db_max_wait: env.secs("DB_MAX_WAIT_SECS", 5, 1, 9),
            cache_max_mb: env.number("CACHE_MAX_MB", 64, 0, 65_536),
            pages_max_age: env.secs("PAGES_MAX_AGE_SECS", 2, 0, 3_600),
            pages_stale: env.secs("PAGES_STALE_WHILE_REVALIDATE_SECS", 30, 0, DAY_SECS),
            http_workers: env.number("HTTP_WORKERS", cores, 1, 256) as usize,
            proxies: Proxies { trusted, header },
            outside_allow_private,
            argon2_memory_kib: env.number("ARGON2_MEMORY_KIB", 19_456, 19_456, 1_048_576),
            argon2_passes: env.number("ARGON2_PASSES", 2, 2, 16),
            argon2_max_waiting: env.number("ARGON2_MAX_WAITING", 64, 1, 10_000) as usize,
            log_format,
            log_filter: env.parsed("LOG_FILTER", LOG_FILTER.to_owned(), "tracing's directives", |value| {
                EnvFilter::builder().parse(value).ok().map(|_| value.to_owned())
            }),
            limits: Limits {
                sign_in_failures_per_identifier: env.limit("SIGN_IN_FAILURES_PER_IDENTIFIER", 10, 1_000),
                sign_in_failures_per_address: env.limit("SIGN_IN_FAILURES_PER_ADDRESS", 50, 100_000),
                sign_ups_per_address: env.limit("SIGN_UPS_PER_ADDRESS", 20, 100_000),
                account_mails_per_hour: env.limit("ACCOUNT_MAILS_PER_HOUR", 5, 1_000),
                notices_per_hour: env.limit("NOTICES_PER_HOUR", 10, 100_000),
                replies_per_minute: env.limit("REPLIES_PER_MINUTE", 10, 10_000),
                username_change_days: env.limit("USERNAME_CHANGE_DAYS", 14, 3_650),
                reply_max_chars: env.limit("REPLY_MAX_CHARS", 10_000, 60_000),
                max_connections: env.limit("MAX_CONNECTIONS", 10_000, 1_000_000),
            },
            paces: Paces::read(&mut env),
            work: Work::read(&mut env),
            retention,
            data_dir,
        };
        if env.wrong.is_empty() { Ok(config) } else { Err(env.wrong) }
    }

    /// The address at which the service listens in the end; PUBLIC_URL follows it if it was not set.
    pub fn settle_on(&mut self, address: SocketAddr) {
        if self.public_url == url_of(self.listen) {
            self.public_url = url_of(address);
        }
        self.listen = address;
    }

    /// Where readers reach the service, without a slash at the end.
    pub fn home(&self) -> &str {
        self.public_url.as_str().trim_end_matches('/')
    }

    /// Who mails are from: who is configured, else an address at the service's own host.
    pub fn mail_sender(&self) -> String {
        match &self.mail_from {
            Some(email) => email.as_str().to_owned(),
            None => format!("no-reply@{}", mail_host(&self.public_url)),
        }
    }

    /// Names of limits that are switched off.
    pub fn limits_off(&self) -> Vec<&'static str> {
        let limits = &self.limits;
        [
            ("SIGN_IN_FAILURES_PER_IDENTIFIER", limits.sign_in_failures_per_identifier),
            ("SIGN_IN_FAILURES_PER_ADDRESS", limits.sign_in_failures_per_address),
            ("SIGN_UPS_PER_ADDRESS", limits.sign_ups_per_address),
            ("ACCOUNT_MAILS_PER_HOUR", limits.account_mails_per_hour),
            ("NOTICES_PER_HOUR", limits.notices_per_hour),
            ("REPLIES_PER_MINUTE", limits.replies_per_minute),
            ("USERNAME_CHANGE_DAYS", limits.username_change_days),
            ("REPLY_MAX_CHARS", limits.reply_max_chars),
            ("MAX_CONNECTIONS", limits.max_connections),
        ]
        .into_iter()
        .chain(self.paces.named())
        .filter_map(|(name, limit)| limit.is_none().then_some(name))
        .collect()
    }

    /// The bounds of the database's doors.
    pub fn db_options(&self) -> DbOptions {
        DbOptions {
            pool_size: self.db_pool_size,
            max_waiting: self.db_max_waiting,
            max_wait: self.db_max_wait,
            replica: self.database_read_url.clone(),
            observer: None,
            clock: Clock::system(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &'static [(&'static str, &'static str)]) -> Result<Config, Vec<String>> {
        Config::from_lookup(&|name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn nothing_set_is_a_good_configuration() {
        let config = with(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database_url, DbUrl::Sqlite("data/rejoinder.sqlite".to_owned()));
        assert!(config.limits_off().is_empty());
    }

    #[test]
    fn all_wrong_values_are_named_at_once_and_not_repeated() {
        let wrong = with(&[
            ("LISTEN", "s3cret"),
            ("DATABASE_URL", "s3cret"),
            ("PUBLIC_URL", "https://s3cret@blog.example"),
            ("DB_POOL_SIZE", "s3cret"),
            ("TRUSTED_PROXIES", "s3cret"),
            ("LOG_FILTER", "info=s3cret"),
        ])
        .unwrap_err();
        assert_eq!(wrong.len(), 6);
        assert!(!wrong.concat().contains("s3cret"));
    }

    #[test]
    fn a_value_that_is_no_text_is_wrong() {
        use std::os::unix::ffi::OsStringExt;
        let wrong = Config::from_lookup(&|name| (name == "DATA_DIR").then(|| OsString::from_vec(vec![0xff])));
        assert_eq!(wrong.unwrap_err(), ["DATA_DIR: must be UTF-8"]);
    }

    #[test]
    fn zero_switches_a_limit_off() {
        let config = with(&[("REPLIES_PER_MINUTE", "0"), ("PACE_DEAR", "off")]).unwrap();
        assert_eq!(config.limits_off(), ["REPLIES_PER_MINUTE", "PACE_DEAR"]);
    }

    #[test]
    fn the_example_file_has_every_variable_with_its_default_and_no_other() {
        let example: HashMap<&str, &str> = include_str!("../.env.example")
            .lines()
            .filter_map(|line| line.strip_prefix('#')?.split_once('='))
            .filter(|(name, _)| name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')))
            .collect();
        let asked = std::cell::RefCell::new(Vec::new());
        // what depends on the machine
        let workers = example["HTTP_WORKERS"];
        let default = Config::from_lookup(&|name| {
            asked.borrow_mut().push(name.to_owned());
            (name == "HTTP_WORKERS").then(|| workers.into())
        });
        let written = Config::from_lookup(&|name| example.get(name).map(OsString::from));
        assert_eq!(format!("{:?}", written.unwrap()), format!("{:?}", default.unwrap()));
        let (mut asked, mut named) = (asked.into_inner(), example.into_keys().collect::<Vec<_>>());
        asked.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, asked);
    }
}
