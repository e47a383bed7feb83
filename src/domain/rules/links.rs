//! The rule `links`: how many, where they lead, and what they pretend.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    net::Ipv4Addr,
};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_security::confusable_detection::skeleton;
use url::{Host, Url};
use utoipa::ToSchema;

use super::{
    Finding, Outcome, RuleName, Subject,
    list::{self, BadEntry},
};
use crate::domain::shown_text::ShownLink;

/// Hosts of a list at most.
pub const MAX_HOSTS: usize = 10_000;
/// Links that a policy may allow at most.
pub const MAX_LINKS: u32 = 1_000;
/// Links that are looked at for what they pretend. With one more there are too many by any policy, so that nothing that
/// was not looked at is let through.
const LOOKED_AT: usize = MAX_LINKS as usize;
/// Of the ASCII characters of host names, those that do not stand for themselves: most names need no look into Unicode's
/// tables, which is dear.
const LOOKING_LIKE_OTHERS: [u8; 3] = *b"01m";

/// Settings of the rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LinkSettings {
    /// Links that a reply may have; more hold it back.
    #[schema(maximum = 1000)]
    pub max: u32,
    /// Links that a newcomer's reply may have.
    #[schema(maximum = 1000)]
    pub newcomer_max: u32,
    /// Approved replies on the site from which on an author is no newcomer.
    #[schema(maximum = 1000)]
    pub newcomer_below: u32,
    /// Hosts with all below them that are never counted nor suspected, 10,000 at most.
    pub allow: Vec<String>,
    /// Hosts with all below them that make a reply spam, 10,000 at most.
    pub deny: Vec<String>,
    /// What follows from a link that pretends to lead elsewhere: its words name another host, or its host imitates one.
    pub pretending: Outcome,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            max: 5,
            newcomer_max: 2,
            newcomer_below: 3,
            allow: Vec::new(),
            deny: Vec::new(),
            pretending: Outcome::Hold,
        }
    }
}

/// A host name in one form: ASCII, lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostName(String);

/// Why a text is not a host name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum HostError {
    /// Not of the form of a host name.
    #[error("this is not a host name such as example.org")]
    Malformed,
    /// Everybody's: all below it would be meant.
    #[error("this is a public suffix, under which anybody may have a host")]
    PublicSuffix,
}

impl HostName {
    /// A host of a list, with or without an alphabet of its own (`bücher.example`). Errors: [`HostError`].
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let url = Url::parse(&format!("http://{}/", text.trim())).map_err(|_| HostError::Malformed)?;
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && !text.trim().ends_with('/');
        match url.host() {
            Some(Host::Domain(host)) if is_bare && host.contains('.') && !host.ends_with('.') => {
                match psl::domain(host.as_bytes()) {
                    Some(_) => Ok(Self(host.to_owned())),
                    None => Err(HostError::PublicSuffix),
                }
            }
            Some(Host::Ipv4(_) | Host::Ipv6(_)) if is_bare => Ok(Self(url.host_str().unwrap_or_default().to_owned())),
            _ => Err(HostError::Malformed),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The rule's settings, made ready.
#[derive(Clone, Debug)]
pub struct LinkRule {
    settings: LinkSettings,
    listed: HashMap<String, Listed>,
    /// Labels of the longest name that is listed: of longer ones no more are looked up.
    labels: usize,
    /// The allowed ones, as others may imitate them.
    allowed: Known,
}

/// What the lists say of a host, the stronger one last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Listed {
    Denied,
    Allowed,
}

/// Hosts that others may imitate, by what somebody registered: who imitates one chooses freely what stands before.
#[derive(Clone, Debug)]
struct Known {
    domains: HashSet<String>,
    /// What they look like.
    looks: HashSet<String>,
}

impl Known {
    fn of<'h>(hosts: impl Iterator<Item = &'h str>) -> Self {
        let domains: HashSet<String> = hosts.map(|host| registrable(host).to_owned()).collect();
        let looks = domains.iter().map(|domain| looks(domain)).collect();
        Self { domains, looks }
    }
}

impl LinkRule {
    /// Makes settings ready. Errors: every entry that is not a host.
    pub fn new(settings: LinkSettings) -> Result<Self, Vec<BadEntry<HostError>>> {
        let mut bad = Vec::new();
        let mut hosts = |name, entries| list::read(name, entries, HostName::parse, &mut bad);
        let (allow, deny) = (hosts("allow", &settings.allow), hosts("deny", &settings.deny));
        if !bad.is_empty() {
            return Err(bad);
        }
        let allowed = Known::of(allow.iter().map(HostName::as_str));
        let mut listed: HashMap<String, Listed> = deny.into_iter().map(|host| (host.0, Listed::Denied)).collect();
        listed.extend(allow.into_iter().map(|host| (host.0, Listed::Allowed)));
        let labels = listed.keys().map(|host| host.split('.').count()).max().unwrap_or(0);
        Ok(Self { settings, listed, labels, allowed })
    }

    /// Approved replies from which on an author is no newcomer.
    pub fn newcomer_below(&self) -> u32 {
        self.settings.newcomer_below
    }

    /// What the links of a text say.
    pub fn judge(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let shown = subject.text.shown();
        let links = shown.links().iter().filter_map(|link| self.read(link, &shown.text()[link.at.clone()]));
        let counted: Vec<Link<'_>> = links.filter(|link| link.listed != Some(Listed::Allowed)).collect();
        if counted.is_empty() {
            return vec![Finding::nothing(RuleName::Links)];
        }
        let looked_at = &counted[..counted.len().min(LOOKED_AT)];
        let own = Known::of(subject.site_hosts.iter().map(String::as_str));
        let denied = counted.iter().filter(|link| link.listed == Some(Listed::Denied));
        let lying = looked_at.iter().filter(|link| link.names_another());
        // a long name that is linked again and again is looked at once
        let mut known: HashMap<&str, bool> = HashMap::new();
        let imitating = looked_at
            .iter()
            .filter(|link| *known.entry(&link.host).or_insert_with(|| link.imitates(&own, &self.allowed)));
        let pretending = self.settings.pretending;
        let mut findings = Vec::new();
        findings.extend(named(Outcome::Spam, "leads to a host that is not wanted here", denied));
        findings.extend(named(pretending, "its words name another host than it leads to", lying));
        findings.extend(named(pretending, "leads to a host that looks like another", imitating));
        findings.push(self.number(subject, &counted));
        findings
    }

    fn read<'s>(&self, link: &'s ShownLink, words: &'s str) -> Option<Link<'s>> {
        let host = link.host()?;
        Some(Link { link, words, listed: self.find(&host), host })
    }

    /// What the lists say of this host or of one above it.
    fn find(&self, host: &str) -> Option<Listed> {
        let above = host.rmatch_indices('.').map(|(dot, _)| &host[dot + 1..]);
        above.chain([host]).take(self.labels).filter_map(|name| self.listed.get(name).copied()).max()
    }

    fn number(&self, subject: &Subject<'_>, links: &[Link<'_>]) -> Finding {
        let number = links.len();
        let is_new = subject.author.is_new(self.settings.newcomer_below);
        let max = if is_new { self.settings.newcomer_max.min(self.settings.max) } else { self.settings.max } as usize;
        if number <= max {
            return Finding::pass(RuleName::Links, format!("{number} links of {max}"));
        }
        let whose = if is_new { "a newcomer's reply" } else { "a reply" };
        Finding::certain(RuleName::Links, Outcome::Hold, format!("{number} links, {whose} may have {max}"))
            .at(links.iter().map(|link| link.link.source.clone()))
    }
}

fn named<'l>(outcome: Outcome, words: &str, links: impl Iterator<Item = &'l Link<'l>>) -> Option<Finding> {
    let links: Vec<&Link<'_>> = links.collect();
    let first = links.first()?;
    let more = if links.len() > 1 { format!(", and {} more", links.len() - 1) } else { String::new() };
    let finding = Finding::certain(RuleName::Links, outcome, format!("{}{more}: {words}", first.host));
    Some(finding.at(links.iter().map(|link| link.link.source.clone())))
}

/// A link that leads to a host.
struct Link<'s> {
    link: &'s ShownLink,
    words: &'s str,
    listed: Option<Listed>,
    /// As the URL standard writes it: ASCII, lower case.
    host: String,
}

impl Link<'_> {
    /// Whether its words are an address of another registrable domain.
    fn names_another(&self) -> bool {
        let words = self.words.trim();
        let address = if words.contains("://") { words.to_owned() } else { format!("http://{words}") };
        let looks_like_one = words.contains('.') && !words.contains(char::is_whitespace);
        let named = looks_like_one.then(|| Url::parse(&address).ok()).flatten();
        let named = named.and_then(|url| url.host_str().map(|host| host.trim_end_matches('.').to_owned()));
        // "e.g." and "v2.0" are no hosts: only what ends in a suffix that is known
        named.is_some_and(|named| has_known_suffix(&named) && registrable(&named) != registrable(&self.host))
    }

    /// Whether its domain only looks like one that is known, or its host mixes alphabets to look like something. The
    /// site's own hosts imitate nobody.
    fn imitates(&self, own: &Known, allowed: &Known) -> bool {
        let domain = registrable(&self.host);
        if own.domains.contains(domain) {
            return false;
        }
        let looks_known = || {
            let looks = looks(domain);
            own.looks.contains(&looks) || allowed.looks.contains(&looks)
        };
        let unicode = in_unicode(&self.host);
        (!allowed.domains.contains(domain) && looks_known())
            || (!unicode.is_ascii() && unicode.split('.').any(mixes_alphabets))
    }
}

/// A host name in the alphabets in which it is read.
fn in_unicode(host: &str) -> Cow<'_, str> {
    if host.contains("xn--") { Cow::Owned(idna::domain_to_unicode(host).0) } else { Cow::Borrowed(host) }
}

/// What a host name looks like: the same for those that nobody can tell apart (UTS 39, section 4). Zero looks like a
/// capital letter, so case is left out.
fn looks(host: &str) -> String {
    let unicode = in_unicode(host);
    let is_plain = unicode.bytes().all(|byte| byte.is_ascii() && !LOOKING_LIKE_OTHERS.contains(&byte));
    if is_plain { unicode.into_owned() } else { skeleton(&unicode).map(|c| c.to_ascii_lowercase()).collect() }
}

/// Whether a label has letters of alphabets that nobody writes together (UTS 39, section 5.2: less than "highly restrictive").
fn mixes_alphabets(label: &str) -> bool {
    use unicode_security::restriction_level::{RestrictionLevel, RestrictionLevelDetection};
    let letters: String = label.chars().filter(|c| c.is_alphabetic()).collect();
    letters.as_str().detect_restriction_level() > RestrictionLevel::HighlyRestrictive
}

fn has_known_suffix(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// The part of a host name that somebody registered; the whole name where there is none, as of an address in numbers.
pub(super) fn registrable(host: &str) -> &str {
    let is_number = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    if is_number { host } else { psl::domain_str(host).unwrap_or(host) }
}

#[cfg(test)]
#[path = "links_tests.rs"]
mod tests;
