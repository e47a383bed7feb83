//! `site`

use clap::Subcommand;
use validator::Validate;

use super::{Outcome, Tools, block_on};
use crate::{
    config::Config,
    domain::{moderation::ModerationMode, site::SiteKey},
    http::{
        problem::Problem,
        sites::{SiteSettings, find_site, new_site, store_changed, store_new},
    },
    store::decisions::Actor,
};

#[derive(Debug, Subcommand)]
pub(super) enum Args {
    /// Create a site.
    Create {
        /// Its name in addresses.
        key: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Change a site's settings; what is not named stays.
    Set {
        /// Its name in addresses.
        key: String,
        #[command(flatten)]
        settings: Settings,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Settings {
    /// Its name.
    #[arg(long)]
    name: Option<String>,
    /// A line about it.
    #[arg(long)]
    tagline: Option<String>,
    /// A website whose pages may call, as an origin; may be repeated.
    #[arg(long = "origin")]
    origins: Option<Vec<String>>,
    /// When replies become public: pre, post or trusted.
    #[arg(long, value_parser = parse_mode)]
    mode: Option<ModerationMode>,
    /// Approved replies after which an author no longer waits in mode trusted.
    #[arg(long)]
    trusted_after: Option<i32>,
    /// Seconds in which authors may edit; 0: never.
    #[arg(long)]
    edit_window_secs: Option<i32>,
    /// Days after publication when stories close; 0: never.
    #[arg(long)]
    close_after_days: Option<i32>,
    /// A name that nobody may take; may be repeated.
    #[arg(long = "reserved-name")]
    reserved_names: Option<Vec<String>>,
    /// A query parameter that does not tell URLs apart; may be repeated.
    #[arg(long = "tracking-param")]
    tracking_params: Option<Vec<String>>,
    /// Whether it takes stories and replies.
    #[arg(long)]
    closed: Option<bool>,
}

fn parse_mode(text: &str) -> Result<ModerationMode, String> {
    ModerationMode::parse(text).ok_or_else(|| "pre, post or trusted".to_owned())
}

impl From<Settings> for SiteSettings {
    fn from(settings: Settings) -> Self {
        Self {
            name: settings.name,
            tagline: settings.tagline,
            allowed_origins: settings.origins,
            moderation_mode: settings.mode,
            trusted_after: settings.trusted_after,
            edit_window_secs: settings.edit_window_secs,
            close_after_days: settings.close_after_days,
            reserved_names: settings.reserved_names,
            tracking_params: settings.tracking_params,
            is_closed: settings.closed,
        }
    }
}

pub(super) fn run(config: Config, args: Args) -> Outcome {
    let (key, settings, is_new) = match args {
        Args::Create { key, settings } => (key, settings, true),
        Args::Set { key, settings } => (key, settings, false),
    };
    let key = SiteKey::parse(&key).ok_or("a key has 1 to 40 lower-case letters, digits and inner hyphens")?;
    let settings = SiteSettings::from(settings);
    settings.validate()?;
    let Tools { db, now, random } = Tools::open(&config)?;
    let site = block_on(db.write(move |conn| {
        let mut site = if is_new { new_site(&key, &random, now) } else { find_site(conn, key.as_str())? };
        settings.clone().apply(&mut site, now)?;
        match is_new {
            true => store_new(conn, &site, Actor::SYSTEM, &random)?,
            false => store_changed(conn, &site, Actor::SYSTEM, &random)?,
        }
        Ok::<_, Problem>(site)
    }))?;
    println!("{} ({}) is {}", site.key, site.name, if is_new { "created" } else { "changed" });
    Ok(())
}
