//! The binary: parses the command and runs it.

use std::process::ExitCode;

use clap::Parser;
use rejoinder::commands::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
