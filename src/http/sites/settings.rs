//! Settings of a site: what may be set, and how it is stored with its row in the log.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::SiteSettingsView;
use crate::{
    clock::Random,
    domain::{
        colour::Colour,
        moderation::{Action, ModerationMode},
        site::{SiteKey, UnprovenAccounts, WebOrigin},
        story_url::DEFAULT_TRACKING_PARAMS,
        timestamp::Timestamp,
        username, visible,
    },
    http::{
        log::what_changed,
        problem::{Code, Problem},
    },
    store::{
        Conn,
        decisions::{self, Actor, Decision},
        sites::{self, Site, SiteOutcome},
        story_urls::{self, UrlsOutcome},
        types::TextList,
    },
};

/// Settings of a site; what is absent stays as it is, or has its default on a new one.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SiteSettings {
    /// Its name in addresses: 1 to 40 lower-case letters, digits and inner hyphens. Whoever changes it changes the
    /// addresses of the site's stories too.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", examples("business-news"))]
    pub key: Option<String>,
    /// Its name.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// A line about it.
    #[validate(length(max = 300))]
    #[schema(max_length = 300)]
    pub tagline: Option<String>,
    /// Websites whose pages may call, as origins such as `https://blog.example`.
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub allowed_origins: Option<Vec<String>>,
    /// When replies become public; `pre` on a new site.
    pub moderation_mode: Option<ModerationMode>,
    /// Approved replies after which an author no longer waits in mode `trusted`; 2 on a new site.
    #[validate(range(min = 0, max = 1_000))]
    #[schema(minimum = 0, maximum = 1000)]
    pub trusted_after: Option<i32>,
    /// Seconds in which authors may edit; 0: never; 300 on a new site.
    #[validate(range(min = 0, max = 604_800))]
    #[schema(minimum = 0, maximum = 604800)]
    pub edit_window_secs: Option<i32>,
    /// Days after publication when stories close; 0: never, as on a new site.
    #[validate(range(min = 0, max = 36_500))]
    #[schema(minimum = 0, maximum = 36500)]
    pub close_after_days: Option<i32>,
    /// Names that nobody may take.
    #[validate(length(max = 500))]
    #[schema(max_items = 500)]
    pub reserved_names: Option<Vec<String>>,
    /// Query parameters that do not tell URLs apart; a list of the usual ones on a new site.
    #[validate(length(max = 200))]
    #[schema(max_items = 200)]
    pub tracking_params: Option<Vec<String>>,
    /// Whether moderators may change the policy; only admins on a new site.
    pub moderators_change_policy: Option<bool>,
    /// What the site's mails are headed with, as `#rrggbb`; empty for none, as on a new site.
    #[validate(length(max = 7))]
    #[schema(max_length = 7, pattern = "^(#[0-9a-fA-F]{6})?$", examples("#0b5394"))]
    pub colour: Option<String>,
    /// What may be done by who has proven nothing yet, neither an e-mail address nor by sign-on; `wait` on a new site.
    pub unproven_accounts: Option<UnprovenAccounts>,
    /// Takes no stories and no replies any more; reading goes on.
    pub is_closed: Option<bool>,
}

/// Characters of one reserved name or tracking parameter.
const WORD_MAX_CHARS: usize = 100;

impl SiteSettings {
    /// Puts what is present into a site.
    pub fn apply(self, site: &mut Site, now: Timestamp) -> Result<(), Problem> {
        if let Some(key) = self.key {
            let key = SiteKey::parse(&key);
            let key =
                key.ok_or_else(|| Problem::field("/key", "1 to 40 lower-case letters, digits and inner hyphens"))?;
            site.key = key.as_str().to_owned();
            if site.name.is_empty() {
                site.name.clone_from(&site.key);
            }
        }
        if let Some(name) = self.name {
            site.name = line("/name", name)?;
        }
        if let Some(tagline) = self.tagline {
            site.tagline = line("/tagline", tagline)?;
        }
        if let Some(origins) = self.allowed_origins {
            let parsed = origins.iter().enumerate().map(|(index, origin)| {
                let parsed = WebOrigin::parse(origin).map(WebOrigin::into_string);
                parsed.ok_or_else(|| Problem::field(format!("/allowed_origins/{index}"), "not a web origin"))
            });
            site.allowed_origins = TextList(parsed.collect::<Result<_, _>>()?);
        }
        if let Some(names) = self.reserved_names {
            site.reserved_names = words("/reserved_names", names)?;
            site.reserved_keys = TextList(site.reserved_names.0.iter().map(|name| username::bare_key(name)).collect());
        }
        if let Some(params) = self.tracking_params {
            site.tracking_params = words("/tracking_params", params)?;
        }
        site.moderation_mode = self.moderation_mode.unwrap_or(site.moderation_mode);
        site.trusted_after = self.trusted_after.unwrap_or(site.trusted_after);
        site.edit_window_secs = self.edit_window_secs.unwrap_or(site.edit_window_secs);
        site.moderators_change_policy = self.moderators_change_policy.unwrap_or(site.moderators_change_policy);
        site.unproven_accounts = self.unproven_accounts.unwrap_or(site.unproven_accounts);
        if let Some(days) = self.close_after_days {
            site.close_after_days = (days > 0).then_some(days);
        }
        if let Some(colour) = self.colour {
            site.colour = parse_colour(&colour)?.map(|colour| colour.to_string());
        }
        if let Some(is_closed) = self.is_closed {
            site.closed_at = is_closed.then(|| site.closed_at.unwrap_or(now));
        }
        site.updated_at = now;
        Ok(())
    }
}

/// A colour; none of an empty text.
fn parse_colour(text: &str) -> Result<Option<Colour>, Problem> {
    match text {
        "" => Ok(None),
        text => {
            Colour::parse(text).map(Some).ok_or_else(|| Problem::field("/colour", "six digits as in #0b5394, or empty"))
        }
    }
}

/// A text of one line.
fn line(pointer: &str, text: String) -> Result<String, Problem> {
    match text.chars().any(char::is_control) {
        true => Err(Problem::field(pointer, "control characters are not allowed")),
        false => Ok(text),
    }
}

fn words(pointer: &str, words: Vec<String>) -> Result<TextList, Problem> {
    let wrong = words.iter().position(|word| {
        let is_visible = word.chars().any(visible::is_visible) && !username::key(word).is_empty();
        word.chars().count() > WORD_MAX_CHARS || !is_visible || word.chars().any(char::is_control)
    });
    match wrong {
        Some(index) => Err(Problem::field(format!("{pointer}/{index}"), "1 to 100 visible characters")),
        None => Ok(TextList(words)),
    }
}

/// A site with every default; it has no key yet, and its name is its key if nothing else is set.
pub fn new_site(random: &Random, now: Timestamp) -> Site {
    Site {
        id: random.id(now),
        key: String::new(),
        name: String::new(),
        tagline: String::new(),
        allowed_origins: TextList::default(),
        reserved_names: TextList::default(),
        reserved_keys: TextList::default(),
        tracking_params: TextList(DEFAULT_TRACKING_PARAMS.map(str::to_owned).to_vec()),
        moderation_mode: ModerationMode::Pre,
        trusted_after: 2,
        edit_window_secs: 300,
        close_after_days: None,
        people_version: 0,
        policy_version: 0,
        moderators_change_policy: false,
        asks_outside: false,
        outside_version: 0,
        colour: None,
        unproven_accounts: UnprovenAccounts::Wait,
        closed_at: None,
        created_at: now,
        updated_at: now,
    }
}

/// The site with this key.
pub fn find_site(conn: &mut Conn<'_>, key: &str) -> Result<Site, Problem> {
    sites::find_by_key(conn, key)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// The site with this key, whose settings stay as they are until the end of the transaction.
pub fn find_site_held(conn: &mut Conn<'_>, key: &str) -> Result<Site, Problem> {
    sites::find_by_key_held(conn, key)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// The site with this key, locked for a change of its settings.
pub fn find_site_locked(conn: &mut Conn<'_>, key: &str) -> Result<Site, Problem> {
    sites::find_by_key_locked(conn, key)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// Stores a new site, and says so in its log.
pub fn store_new(conn: &mut Conn<'_>, site: &Site, actor: Actor, random: &Random) -> Result<(), Problem> {
    if sites::insert(conn, site)? == SiteOutcome::KeyTaken {
        return Err(Problem::new(Code::KeyTaken));
    }
    let details = Some(what_changed(&(), &SiteSettingsView::from(site.clone()))?);
    let decision = Decision::new(random.id(site.created_at), actor, Action::CreateSite, site.created_at);
    Ok(decisions::insert(conn, &Decision { site_id: Some(site.id), details, ..decision })?)
}

/// Changes the settings of a site that is locked, and says so in its log.
pub fn change_site(
    conn: &mut Conn<'_>,
    site: &mut Site,
    settings: SiteSettings,
    (actor, random, now): (Actor, &Random, Timestamp),
) -> Result<(), Problem> {
    let former = site.clone();
    settings.apply(site, now)?;
    if sites::update(conn, site)? == SiteOutcome::KeyTaken {
        return Err(Problem::new(Code::KeyTaken));
    }
    if site.tracking_params != former.tracking_params {
        // stories are found by what was left of their URLs
        if let UrlsOutcome::Taken { url, story } = story_urls::put_keys_anew(conn, site)? {
            return Err(Problem::new(Code::UrlTaken).detail(url).with("story_id", story));
        }
    }
    let details = what_changed(&SiteSettingsView::from(former), &SiteSettingsView::from(site.clone()))?;
    let decision = Decision::new(random.id(site.updated_at), actor, Action::ChangeSite, site.updated_at);
    Ok(decisions::insert(conn, &Decision { site_id: Some(site.id), details: Some(details), ..decision })?)
}
