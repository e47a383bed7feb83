//! `log`

use std::{
    fs::File,
    io::{self, BufReader, Write},
    path::PathBuf,
};

use clap::Subcommand;

use super::{Outcome, Tools, block_on, print};
use crate::{
    auth::{keys::Keys, log_key::LogKey},
    clock::Random,
    config::Config,
    domain::{
        log_chain::{Hash, from_hex, lines::Filter},
        moderation::Action,
    },
    http::{log::log_export, problem::Problem, sites::find_site},
    record::{
        export::Export,
        verify::{Known, verify},
    },
    store::decisions::{Actor, Decision},
};

#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Look whether an exported log is what was sealed; needs neither configuration nor database.
    Verify(VerifyArgs),
    /// Write a log to standard output.
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// The exported log; - for standard input.
    file: PathBuf,
    /// The hash of a head that was published before: it must be in the log.
    #[arg(long, value_parser = parse_hash)]
    head: Option<Hash>,
    /// The public key that the log must be signed by.
    #[arg(long, value_parser = parse_key)]
    public_key: Option<[u8; 32]>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExportArgs {
    /// The site's key; without it the log of no site.
    site: Option<String>,
    /// Only what stands behind the row at this place.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
}

fn parse_hash(text: &str) -> Result<Hash, String> {
    Hash::parse(text).ok_or_else(|| "64 lower-case hexadecimal digits".to_owned())
}

fn parse_key(text: &str) -> Result<[u8; 32], String> {
    from_hex(text).ok_or_else(|| "64 lower-case hexadecimal digits".to_owned())
}

pub(super) fn verify_file(args: VerifyArgs) -> Outcome {
    let VerifyArgs { file, head, public_key } = args;
    let known = Known { head, public_key };
    let name = file.display();
    let proved = if file.as_os_str() == "-" {
        verify(io::stdin().lock(), &known)
    } else {
        let opened = File::open(&file).map_err(|error| format!("{name}: {error}"))?;
        verify(BufReader::with_capacity(256 * 1024, opened), &known)
    };
    print(proved.map_err(|error| format!("{name}: {error}"))?)
}

pub(super) fn export(config: Config, args: ExportArgs) -> Outcome {
    let Tools { db, now, random } = Tools::open(&config)?;
    let key = LogKey::of(&Keys::load_or_create(&config.jwt_keys_file, &Random::system())?);
    let key = std::sync::Arc::new(key);
    let ExportArgs { site, after } = args;
    block_on(async {
        let begin = db.write(move |conn| {
            let site = site.as_deref().map(|key| find_site(conn, key)).transpose()?.map(|site| site.id);
            let row =
                Decision { site_id: site, ..Decision::new(random.id(now), Actor::SYSTEM, Action::ExportLog, now) };
            log_export(conn, row, &Filter::default(), after)
        });
        let mut export: Export = begin.await?;
        let mut out = io::stdout();
        while !export.is_done() {
            let (begun, key) = (export.clone(), key.clone());
            let (further, piece) = db.read(move |conn| Ok::<_, Problem>(begun.piece(conn, &key)?)).await?;
            export = further;
            out.write_all(&piece).map_err(|error| format!("standard output: {error}"))?;
        }
        out.flush().map_err(|error| format!("standard output: {error}"))?;
        Ok(())
    })
}
