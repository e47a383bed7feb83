//! The commands of the binary.

use std::{
    fmt::Display,
    fs::DirBuilder,
    io::{self, IsTerminal, Write},
    net::TcpListener,
    os::unix::fs::DirBuilderExt,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use self::log_lines::OneLineEach;
use crate::{
    clock::{Clock, Random},
    config::{Config, LogFormat},
    domain::timestamp::Timestamp,
    store::{Db, DbUrl, migrations},
};

mod admin;
mod check;
mod demo;
mod import;
mod log;
mod log_lines;
mod migrate;
mod password;
mod serve;
mod site;
mod test_mail;
mod unproven;

/// The discussion backend of a news blog.
#[derive(Debug, Parser)]
#[command(version, about, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API.
    Serve(serve::Args),
    /// Bring the database's schema up to date.
    Migrate(migrate::Args),
    /// Serve a small living blog to look at.
    Demo(demo::Args),
    /// Recompute everything that is stored twice and compare.
    Check,
    /// Accounts with rights.
    #[command(subcommand)]
    Admin(admin::Args),
    /// Sites.
    #[command(subcommand)]
    Site(site::Args),
    /// Bring in what another system holds.
    #[command(subcommand)]
    Import(import::Args),
    /// The log: exported, and verified.
    #[command(subcommand)]
    Log(log::Args),
    /// Print the OpenAPI document.
    Openapi,
}

/// Why a command ended badly, in a sentence.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

type Outcome = Result<(), Failure>;

impl Cli {
    /// Runs the command: 0 if it succeeded, 1 if it failed, 2 if it was told something wrong.
    pub fn run(self) -> ExitCode {
        let command = match self.command {
            Command::Openapi => return ended(print(crate::http::openapi::document_json())),
            Command::Log(log::Args::Verify(args)) => return ended(log::verify_file(args)),
            command => command,
        };
        let config = match Config::from_env() {
            Ok(config) => config,
            Err(wrong) => {
                wrong.iter().for_each(|line| complain(line));
                return ExitCode::from(2);
            }
        };
        log_to_stderr(&config);
        if let Err(Failure(sentence)) = unproven::refuse(&config) {
            complain(&sentence);
            return ExitCode::from(2);
        }
        ended(match command {
            Command::Serve(args) => serve::run(config, args),
            Command::Migrate(args) => migrate::run(config, args),
            Command::Demo(args) => demo::run(config, args),
            Command::Check => check::run(config),
            Command::Admin(args) => admin::run(config, args),
            Command::Site(args) => site::run(config, args),
            Command::Import(args) => import::run(config, args),
            Command::Log(log::Args::Export(args)) => log::export(config, args),
            Command::Openapi | Command::Log(log::Args::Verify(_)) => unreachable!("done above"),
        })
    }
}

fn ended(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(sentence)) => {
            complain(&sentence);
            ExitCode::FAILURE
        }
    }
}

/// Says a sentence on standard error; if nobody takes it, the exit code must do.
fn complain(sentence: &str) {
    let _ = writeln!(io::stderr(), "rejoinder: {sentence}");
}

/// Prints a line, or several, on standard output. A reader that has seen enough and went away is no failure.
fn print(text: impl Display) -> Outcome {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("standard output: {error}").into()),
        _ => Ok(()),
    }
}

fn log_to_stderr(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::builder().parse_lossy(&config.log_filter);
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| OneLineEach(io::stderr()))
        .with_ansi(io::stderr().is_terminal())
        // a log that nobody takes any more must not end the service
        .log_internal_errors(false)
        .with_target(false);
    match config.log_format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().flatten_event(true).init(),
    }
    for limit in config.limits_off() {
        tracing::warn!(limit, "a limit is switched off");
    }
}

/// What commands other than the server work with.
struct Tools {
    db: Db,
    now: Timestamp,
    random: Random,
}

impl Tools {
    fn open(config: &Config) -> Result<Self, Failure> {
        Ok(Self { db: open_current(config, false)?, now: Clock::system().now(), random: Random::system() })
    }
}

/// Opens the database with its schema up to date. An embedded one is made and migrated without being asked; on
/// PostgreSQL that is done only if `may_migrate`.
fn open_current(config: &Config, may_migrate: bool) -> Result<Db, Failure> {
    make_folders(config)?;
    let is_embedded = matches!(config.database_url, DbUrl::Sqlite(_));
    if is_embedded || may_migrate {
        for name in migrations::migrate(&config.database_url)? {
            tracing::info!(name, "migrated");
        }
    } else {
        refuse_pending(config)?;
    }
    open(config)
}

/// Opens the database as it is.
fn open(config: &Config) -> Result<Db, Failure> {
    Db::open(&config.database_url, config.db_options()).map_err(|error| match (&config.database_url, error) {
        (DbUrl::Sqlite(path), error) => format!("the database {path} cannot be opened: {error}").into(),
        (DbUrl::Postgres(_), error) => error.into(),
    })
}

fn refuse_pending(config: &Config) -> Outcome {
    match migrations::pending(&config.database_url)?.as_slice() {
        [] => Ok(()),
        pending => Err(format!("migrations are pending: {}; run `rejoinder migrate`", pending.join(", ")).into()),
    }
}

/// Folders that are not there are made for the owner alone: an embedded database holds e-mails.
fn make_folders(config: &Config) -> Outcome {
    let mut folders = vec![config.data_dir.as_path()];
    if let DbUrl::Sqlite(path) = &config.database_url {
        folders.extend(std::path::Path::new(path).parent());
    }
    folders.extend(config.jwt_keys_file.parent());
    for folder in folders.into_iter().filter(|folder| !folder.as_os_str().is_empty()) {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()))?;
    }
    Ok(())
}

/// Listens where LISTEN says; the configuration learns the port if that was for the system to choose.
fn listen(config: &mut Config) -> Result<TcpListener, Failure> {
    let address = config.listen;
    let listener = TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    config.settle_on(listener.local_addr()?);
    Ok(listener)
}

/// Runs a future to its end on this thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}
