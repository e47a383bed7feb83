//! `serve`

use super::{Outcome, block_on, listen, open_current};
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

pub(super) fn run(mut config: Config, args: Args) -> Outcome {
    let db = open_current(&config, args.migrate)?;
    let listener = listen(&mut config)?;
    let state = State::new(config, db, Clock::system(), Random::system())?;
    Ok(block_on(server::run(state, listener))?)
}
