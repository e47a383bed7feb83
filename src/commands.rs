//! The commands of the binary.

use std::{fmt::Display, io::IsTerminal, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    clock::{Clock, Random},
    config::{Config, LogFormat},
    domain::timestamp::Timestamp,
    store::{Db, db::DbUrl, migrations},
};

mod admin;
mod check;
mod demo;
mod import;
mod migrate;
mod password;
mod serve;
mod site;

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
        if let Command::Openapi = self.command {
            print!("{}", crate::http::openapi::document_json());
            return ExitCode::SUCCESS;
        }
        let config = match Config::from_env() {
            Ok(config) => config,
            Err(wrong) => {
                for line in wrong {
                    eprintln!("rejoinder: {line}");
                }
                return ExitCode::from(2);
            }
        };
        log_to_stderr(&config);
        let outcome = match self.command {
            Command::Serve(args) => serve::run(config, args),
            Command::Migrate(args) => migrate::run(config, args),
            Command::Demo(args) => demo::run(config, args),
            Command::Check => check::run(config),
            Command::Admin(args) => admin::run(config, args),
            Command::Site(args) => site::run(config, args),
            Command::Import(args) => import::run(config, args),
            Command::Openapi => unreachable!("printed above"),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(Failure(sentence)) => {
                eprintln!("rejoinder: {sentence}");
                ExitCode::FAILURE
            }
        }
    }
}

fn log_to_stderr(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::builder().parse_lossy(&config.log_filter);
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
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
    config.open_db().map_err(|error| match (&config.database_url, error) {
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

fn make_folders(config: &Config) -> Outcome {
    let mut folders = vec![config.data_dir.as_path()];
    if let DbUrl::Sqlite(path) = &config.database_url {
        folders.extend(std::path::Path::new(path).parent());
    }
    folders.extend(config.jwt_keys_file.parent());
    for folder in folders.into_iter().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()))?;
    }
    Ok(())
}

/// Runs a future to its end on this thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}
