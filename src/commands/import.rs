//! `import`

use std::path::PathBuf;

use clap::Subcommand;

use super::{Outcome, Tools, block_on, open, print, refuse_pending};
use crate::{
    clock::{Clock, Random},
    config::Config,
    domain::site::SiteKey,
    import::{
        progress::ShownProgress,
        wordpress::{self, Options, Target},
    },
    store::migrations,
};

#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Bring in a WordPress export (WXR 1.0 to 1.2). Again it gives nothing new; broken off and repeated it gives the
    /// whole.
    Wordpress {
        /// The export.
        file: PathBuf,
        /// The key of the site; one is made from the export's title and URL if there is none.
        #[arg(long)]
        site: String,
        /// Write nothing; only tell what would be done.
        #[arg(long)]
        dry_run: bool,
        /// Bring in pingbacks and trackbacks too.
        #[arg(long)]
        with_pingbacks: bool,
    },
}

pub(super) fn run(config: Config, args: Args) -> Outcome {
    let Args::Wordpress { file, site, dry_run, with_pingbacks } = args;
    let site = SiteKey::parse(&site).ok_or("a key has 1 to 40 lower-case letters, digits and inner hyphens")?;
    let options = Options { file, site, with_pingbacks };
    let (now, random) = (Clock::system().now(), Random::system());
    let mut progress = ShownProgress::on_stderr();
    let report = if dry_run {
        // what is not there yet is not made by looking
        let db = match migrations::is_new(&config.database_url)? {
            true => None,
            false => {
                refuse_pending(&config)?;
                Some(open(&config)?)
            }
        };
        block_on(wordpress::run(Target::DryRun(db.as_ref()), now, &random, &options, &mut progress))?
    } else {
        let db = Tools::open(&config)?.db;
        block_on(wordpress::run(Target::Write(&db), now, &random, &options, &mut progress))?
    };
    drop(progress);
    print(report)
}
