//! The rule `pace`: how many replies come in a minute and in an hour, from an author, to a story, from an address.
//!
//! Softer than the service's own limit (`REPLIES_PER_MINUTE`), which refuses: what is over the pace waits.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AuthorHistory, Finding, Outcome, RuleName};

/// Settings of the rule. A number of 0 is no limit, as at the beginning.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaceSettings {
    /// Replies of one author on the site in a minute.
    #[schema(maximum = 10000)]
    pub author_minute: u32,
    /// In an hour.
    #[schema(maximum = 10000)]
    pub author_hour: u32,
    /// Replies to one story in a minute.
    #[schema(maximum = 10000)]
    pub story_minute: u32,
    /// In an hour.
    #[schema(maximum = 10000)]
    pub story_hour: u32,
    /// Replies on the site from one network address in a minute; of IPv6 its first 64 bits.
    #[schema(maximum = 10000)]
    pub address_minute: u32,
    /// In an hour.
    #[schema(maximum = 10000)]
    pub address_hour: u32,
    /// Approved replies on the site, none refused lately, from which on an author may do `trusted_times` as much.
    #[schema(maximum = 1000)]
    pub trusted_from: u32,
    /// 1 to 100.
    #[schema(minimum = 1, maximum = 100)]
    pub trusted_times: u32,
    /// What follows from more.
    pub outcome: Outcome,
}

impl Default for PaceSettings {
    fn default() -> Self {
        Self {
            author_minute: 0,
            author_hour: 0,
            story_minute: 0,
            story_hour: 0,
            address_minute: 0,
            address_hour: 0,
            trusted_from: 10,
            trusted_times: 3,
            outcome: Outcome::Hold,
        }
    }
}

/// Whose replies are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    Author,
    Story,
    Address,
}

/// So many replies in a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limit {
    pub whose: Whose,
    pub within: Duration,
    pub replies: u32,
}

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

impl PaceSettings {
    /// The limits that are set.
    fn set(&self) -> impl Iterator<Item = Limit> {
        let all = [
            (Whose::Author, MINUTE, self.author_minute),
            (Whose::Author, HOUR, self.author_hour),
            (Whose::Story, MINUTE, self.story_minute),
            (Whose::Story, HOUR, self.story_hour),
            (Whose::Address, MINUTE, self.address_minute),
            (Whose::Address, HOUR, self.address_hour),
        ];
        let is_on = self.outcome > Outcome::Pass;
        let limits = all.into_iter().filter(move |(.., replies)| is_on && *replies > 0);
        limits.map(|(whose, within, replies)| Limit { whose, within, replies })
    }

    /// The limits that hold for an author.
    pub fn limits(&self, author: &AuthorHistory) -> Vec<Limit> {
        let is_trusted = !author.is_new(self.trusted_from) && author.refused_lately == 0;
        let times = if is_trusted { self.trusted_times } else { 1 };
        self.set().map(|limit| Limit { replies: limit.replies.saturating_mul(times), ..limit }).collect()
    }

    /// Whether these replies are counted, by the policy of a site.
    pub fn counts(&self, whose: Whose) -> bool {
        self.set().any(|limit| limit.whose == whose)
    }
}

/// How a finding says that it is about an address.
const FROM_THE_ADDRESS: &str = "from the address";

/// What follows now from the pace of an address that was found before.
pub fn still_found(settings: &PaceSettings, found: &Finding) -> Option<Finding> {
    let still = settings.counts(Whose::Address) && found.words.contains(FROM_THE_ADDRESS);
    still.then(|| Finding { outcome: settings.outcome, ..found.clone() })
}

/// What follows from the limits that were reached before this reply.
pub fn judge(settings: &PaceSettings, reached: &[Limit]) -> Vec<Finding> {
    if reached.is_empty() {
        return vec![Finding::nothing(RuleName::Pace)];
    }
    let words = |limit: &Limit| {
        let from = match limit.whose {
            Whose::Author => "from the author",
            Whose::Story => "to the story",
            Whose::Address => FROM_THE_ADDRESS,
        };
        let within = if limit.within == MINUTE { "the last minute" } else { "the last hour" };
        format!("{} or more came {from} in {within}", limit.replies)
    };
    reached.iter().map(|limit| Finding::certain(RuleName::Pace, settings.outcome, words(limit))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timestamp::Timestamp;

    #[test]
    fn who_is_trusted_may_do_more() {
        let settings = PaceSettings { author_minute: 2, trusted_from: 5, ..PaceSettings::default() };
        let newcomer = AuthorHistory::newcomer(Timestamp::from_micros(0));
        let replies = |author| settings.limits(&author)[0].replies;
        assert_eq!(replies(newcomer), 2);
        assert_eq!(replies(AuthorHistory { approved: 5, ..newcomer }), 6);
        assert_eq!(replies(AuthorHistory { approved: 5, refused_lately: 1, ..newcomer }), 2);
        assert_eq!(PaceSettings::default().limits(&newcomer), []);
    }

    #[test]
    fn only_what_has_a_limit_is_counted() {
        let counted = |settings: PaceSettings| {
            let all = [Whose::Author, Whose::Story, Whose::Address];
            all.into_iter().filter(|whose| settings.counts(*whose)).collect::<Vec<_>>()
        };
        let settings = || PaceSettings { author_hour: 2, address_minute: 2, ..PaceSettings::default() };
        assert_eq!(counted(PaceSettings::default()), []);
        assert_eq!(counted(settings()), [Whose::Author, Whose::Address]);
        assert_eq!(counted(PaceSettings { story_minute: 1, ..PaceSettings::default() }), [Whose::Story]);
        assert_eq!(counted(PaceSettings { outcome: Outcome::Pass, ..settings() }), []);
    }

    #[test]
    fn each_limit_that_was_reached_is_said() {
        let settings = PaceSettings { author_minute: 2, story_hour: 9, ..PaceSettings::default() };
        let reached = settings.limits(&AuthorHistory::newcomer(Timestamp::from_micros(0)));
        let found = judge(&settings, &reached);
        assert_eq!(found[0].words, "2 or more came from the author in the last minute");
        assert_eq!(found[1].words, "9 or more came to the story in the last hour");
        assert_eq!(judge(&settings, &[])[0].outcome, Outcome::Pass);
        assert_eq!(still_found(&settings, &found[0]), None);
    }

    #[test]
    fn of_what_was_found_only_the_address_cannot_be_looked_for_again() {
        let settings = PaceSettings { address_minute: 3, ..PaceSettings::default() };
        let found = judge(&settings, &settings.limits(&AuthorHistory::newcomer(Timestamp::from_micros(0))));
        assert_eq!(still_found(&settings, &found[0]), Some(found[0].clone()));
        assert_eq!(still_found(&PaceSettings::default(), &found[0]), None);
    }
}
