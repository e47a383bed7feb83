//! `site`

use clap::Subcommand;
use validator::Validate;

use super::{Outcome, Tools, block_on, print};
use crate::{
    config::Config,
    domain::{moderation::ModerationMode, site::UnprovenAccounts},
    http::{
        problem::Problem,
        sites::{SiteSettings, change_site, find_site_locked, new_site, store_new},
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
        /// Another name in addresses.
        #[arg(long)]
        new_key: Option<String>,
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
    /// A website whose pages may call, as an origin; may be repeated, and alone and empty there is none.
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
    /// A name that nobody may take; may be repeated, and alone and empty there is none.
    #[arg(long = "reserved-name")]
    reserved_names: Option<Vec<String>>,
    /// A query parameter that does not tell URLs apart; may be repeated, and alone and empty there is none.
    #[arg(long = "tracking-param")]
    tracking_params: Option<Vec<String>>,
    /// Whether moderators may change the policy, and not admins alone.
    #[arg(long)]
    moderators_change_policy: Option<bool>,
    /// What its mails are headed with, as #rrggbb; empty for none.
    #[arg(long)]
    colour: Option<String>,
    /// What may be done by who has proven nothing yet: read_and_recommend, wait or allow.
    #[arg(long, value_parser = parse_unproven)]
    unproven_accounts: Option<UnprovenAccounts>,
    /// Whether it takes stories and replies.
    #[arg(long)]
    closed: Option<bool>,
}

fn parse_mode(text: &str) -> Result<ModerationMode, String> {
    ModerationMode::parse(text).ok_or_else(|| "pre, post or trusted".to_owned())
}

fn parse_unproven(text: &str) -> Result<UnprovenAccounts, String> {
    UnprovenAccounts::parse(text).ok_or_else(|| "read_and_recommend, wait or allow".to_owned())
}

/// No option at all leaves a list as it is; one that is empty empties it.
fn listed(values: Vec<String>) -> Vec<String> {
    if values == [""] { Vec::new() } else { values }
}

impl From<Settings> for SiteSettings {
    fn from(settings: Settings) -> Self {
        Self {
            key: None,
            name: settings.name,
            tagline: settings.tagline,
            allowed_origins: settings.origins.map(listed),
            moderation_mode: settings.mode,
            trusted_after: settings.trusted_after,
            edit_window_secs: settings.edit_window_secs,
            close_after_days: settings.close_after_days,
            reserved_names: settings.reserved_names.map(listed),
            tracking_params: settings.tracking_params.map(listed),
            moderators_change_policy: settings.moderators_change_policy,
            colour: settings.colour,
            unproven_accounts: settings.unproven_accounts,
            is_closed: settings.closed,
        }
    }
}

pub(super) fn run(config: Config, args: Args) -> Outcome {
    let (key, new_key, settings, is_new) = match args {
        Args::Create { key, settings } => (key.clone(), Some(key), settings, true),
        Args::Set { key, new_key, settings } => (key, new_key, settings, false),
    };
    let settings = SiteSettings { key: new_key, ..SiteSettings::from(settings) };
    settings.validate()?;
    let Tools { db, now, random } = Tools::open(&config)?;
    let site = block_on(db.write(move |conn| {
        if is_new {
            let mut site = new_site(&random, now);
            settings.clone().apply(&mut site, now)?;
            store_new(conn, &site, Actor::SYSTEM, &random)?;
            return Ok(site);
        }
        let mut site = find_site_locked(conn, &key)?;
        change_site(conn, &mut site, settings.clone(), (Actor::SYSTEM, &random, now))?;
        Ok::<_, Problem>(site)
    }))?;
    print(format_args!("{} ({}) is {}", site.key, site.name, if is_new { "created" } else { "changed" }))
}
