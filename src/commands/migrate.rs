//! `migrate`

use super::{Outcome, make_folders, refuse_pending};
use crate::{config::Config, store::migrations};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Change nothing; fail if migrations are pending.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(config: Config, args: Args) -> Outcome {
    if args.check {
        refuse_pending(&config)?;
        println!("the schema is up to date");
        return Ok(());
    }
    make_folders(&config)?;
    let applied = migrations::migrate(&config.database_url)?;
    for name in &applied {
        println!("applied {name}");
    }
    println!("the schema is up to date");
    Ok(())
}
