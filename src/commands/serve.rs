//! `serve`

use std::net::TcpListener;

use super::{Outcome, block_on, open_current};
use crate::{
    app::State,
    clock::{Clock, Random},
    config::Config,
    server,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Apply pending migrations first, also on PostgreSQL.
    #[arg(long)]
    migrate: bool,
}

pub(super) fn run(config: Config, args: Args) -> Outcome {
    let db = open_current(&config, args.migrate)?;
    let address = config.listen;
    let listener = TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let state = State::new(config, db, Clock::system(), Random::system())?;
    Ok(block_on(server::run(state, listener))?)
}
