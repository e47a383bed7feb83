//! `migrate`

use super::{Outcome, make_folders, print, refuse_pending};
use crate::{config::Config, store::migrations};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Change nothing; fail if migrations are pending.
    #[arg(long)]
    check: bool,
}

const UP_TO_DATE: &str = "the schema is up to date";

pub(super) fn run(config: Config, args: Args) -> Outcome {
    if args.check {
        refuse_pending(&config)?;
        return print(UP_TO_DATE);
    }
    make_folders(&config)?;
    for name in migrations::migrate(&config.database_url)? {
        print(format_args!("applied {name}"))?;
    }
    print(UP_TO_DATE)
}
