//! Cases: all reports of a reply together, when they count, and how much.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{moderation::Reason, text_enum, timestamp::Timestamp};

text_enum! {
    /// Where a case stands in the store. That a moderator looks at it is known of its claim.
    pub enum CaseState {
        /// Some of its reports wait for a moderator.
        Open = "open",
        /// A moderator refused the reply.
        Upheld = "upheld",
        /// A moderator left the reply as it is.
        Dismissed = "dismissed",
        /// The author took the reply back, or none of its reports was about the text that was there when it came.
        Moot = "moot",
    }
}

text_enum! {
    /// What came of a report that is not open.
    pub enum ReportFate {
        /// A moderator refused the reply.
        Upheld = "upheld",
        /// A moderator left the reply as it is.
        Dismissed = "dismissed",
        /// The author took the reply back, the same reader reported another text of it, or the text was another one when it came.
        Moot = "moot",
        /// It came just after a moderator had dismissed the like; it is kept and opens nothing by itself.
        HeldBack = "held_back",
    }
}

/// What a word counts, in hundredths of that of somebody without a record.
pub type Weight = i32;

/// Of somebody without a record.
pub const PLAIN: Weight = 100;
/// Of the site's own people.
const STAFF: Weight = 300;
/// Of somebody who was never right.
const LEAST: Weight = 10;
/// Until when an account is new.
const NEW: Duration = Duration::from_secs(7 * 24 * 3_600);

/// What came of somebody's reports on a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Record {
    pub upheld: i64,
    pub dismissed: i64,
}

/// What a reporter's word counts: twice as much of somebody who was always right as of somebody without a record, a tenth of
/// somebody who never was, half of a new account; staff three times.
pub fn weight(record: Record, account_age: Duration, is_staff: bool) -> Weight {
    if is_staff {
        return STAFF;
    }
    let (upheld, all) = (record.upheld.max(0), (record.upheld + record.dismissed).max(0));
    // as if one had been right once and wrong once before (Laplace's rule of succession)
    let plain = i64::from(2 * PLAIN) * (upheld + 1) / (all + 2);
    let weight = i32::try_from(plain).unwrap_or(2 * PLAIN);
    (if account_age < NEW { weight / 2 } else { weight }).max(LEAST)
}

/// What reports do on a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReportSettings {
    /// For how many hours after a moderator dismissed reports the like of them opens nothing by itself: 0 to 720.
    #[schema(minimum = 0, maximum = 720)]
    pub immunity_hours: u32,
    /// How many readers without a record it takes together to open it again all the same: 1 to 1,000.
    #[schema(minimum = 1, maximum = 1_000)]
    pub reopen_at_weight: u32,
    /// How many it takes together that a public reply waits until a moderator looked: 1 to 1,000; null: never.
    #[schema(minimum = 1, maximum = 1_000)]
    pub hold_at_weight: Option<u32>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self { immunity_hours: 24, reopen_at_weight: 5, hold_at_weight: None }
    }
}

impl ReportSettings {
    /// Whether they are as every site begins with.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// For how long a person's decision stands against the like of what was dismissed.
    pub fn immunity(&self) -> Duration {
        Duration::from_secs(u64::from(self.immunity_hours) * 3_600)
    }

    /// Whether open reports of this weight hold a reply.
    pub fn holds(&self, weight: i64) -> bool {
        self.hold_at_weight.is_some_and(|most| weight >= i64::from(most) * i64::from(PLAIN))
    }
}

/// That a person dismissed a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dismissal {
    pub at: Timestamp,
    /// Of the text that it was about.
    pub revision: i32,
    /// What the reports were for.
    pub reasons: Vec<Reason>,
    /// The weight of what was held back since.
    pub held_back: i64,
}

/// A report that comes.
#[derive(Clone, Copy, Debug)]
pub struct Coming {
    pub at: Timestamp,
    pub reason: Reason,
    pub revision: i32,
    pub weight: Weight,
}

/// Whether a report opens a case that was dismissed, with all that was held back: for another reason, about another text,
/// when the time is over, or when together they weigh enough.
pub fn opens(dismissal: &Dismissal, coming: Coming, settings: &ReportSettings) -> bool {
    let together = dismissal.held_back + i64::from(coming.weight);
    coming.revision > dismissal.revision
        || !dismissal.reasons.contains(&coming.reason)
        || coming.at >= dismissal.at.plus(settings.immunity())
        || together >= i64::from(settings.reopen_at_weight) * i64::from(PLAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Duration = Duration::from_secs(365 * 24 * 3_600);

    #[test]
    fn a_word_counts_by_what_came_of_those_before() {
        let of = |upheld, dismissed| weight(Record { upheld, dismissed }, OLD, false);
        assert_eq!([of(0, 0), of(1, 1), of(100, 0), of(0, 4), of(0, 1_000)], [100, 100, 198, 33, 10]);
        assert!(of(3, 1) > PLAIN && of(1, 3) < PLAIN);
        assert_eq!(weight(Record::default(), Duration::ZERO, false), 50);
        assert_eq!(weight(Record { upheld: 0, dismissed: 1_000 }, Duration::ZERO, true), 300);
    }

    #[test]
    fn what_was_dismissed_is_not_opened_at_once_by_more_of_the_like() {
        let at = Timestamp::from_micros(1_800_000_000_000_000);
        let dismissal = Dismissal { at, revision: 2, reasons: vec![Reason::Abuse, Reason::Spam], held_back: 300 };
        let coming = Coming { at, reason: Reason::Abuse, revision: 2, weight: PLAIN };
        let settings = ReportSettings::default();
        let opens = |coming| opens(&dismissal, coming, &settings);
        assert!(!opens(coming));
        assert!(opens(Coming { reason: Reason::Illegal, ..coming }));
        assert!(opens(Coming { revision: 3, ..coming }));
        assert!(opens(Coming { at: at.plus(settings.immunity()), ..coming }));
        assert!(opens(Coming { weight: 200, ..coming }), "together they weigh as five");
    }

    #[test]
    fn a_reply_is_held_only_where_the_site_says_so() {
        assert!(!ReportSettings::default().holds(i64::MAX));
        let settings = ReportSettings { hold_at_weight: Some(3), ..ReportSettings::default() };
        assert!(!settings.holds(299) && settings.holds(300));
    }
}
