//! The parts of the benchmark that must be quick: the limits that the service is held against, and the load that knows
//! its answers. Each command prints one JSON object on standard output.

use std::process::ExitCode;

use clap::Parser;

mod bare;
mod client;
mod commits;
mod listen;
mod load;
mod plan;
mod processor;

#[derive(Parser)]
#[command(version, about)]
enum Command {
    /// Serve given bytes by a bare actix-web handler, until told to stop.
    Bare(bare::Args),
    /// Commit rows of a reply's size to SQLite.
    Commits(commits::Args),
    /// Send planned requests in a closed loop.
    Load(load::Args),
    /// Listen to a story's events.
    Listen(listen::Args),
}

/// Why a command failed.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Bare(args) => bare::run(args),
        Command::Commits(args) => print(commits::run(&args)),
        Command::Load(args) => print(load::run(args)),
        Command::Listen(args) => print(listen::run(args)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rejoinder-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print(result: Result<serde_json::Value, Failure>) -> Result<(), Failure> {
    println!("{}", result?);
    Ok(())
}
