//! Notices of illegal content (Regulation (EU) 2022/2065, articles 16 and 17): what they say, where they stand, what
//! was decided about them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text_enum;

text_enum! {
    /// Which kind of law a reply is said to break.
    pub enum NoticeGround {
        /// Sexual abuse or exploitation of children (Directive 2011/93/EU, articles 3 to 7).
        ChildAbuse = "child_abuse",
        /// Terrorist content.
        Terrorism = "terrorism",
        /// Incitement to hatred or violence.
        Hate = "hate",
        /// Threats, stalking.
        Threats = "threats",
        /// Insults, defamation.
        Defamation = "defamation",
        /// Private life, personal data.
        Privacy = "privacy",
        /// Copyright, trade marks.
        IntellectualProperty = "intellectual_property",
        /// Fraud.
        Fraud = "fraud",
        /// Goods or services that may not be offered.
        IllegalGoods = "illegal_goods",
        /// Another law, which is named.
        Other = "other",
    }
}

impl NoticeGround {
    /// Whether who gives notice may leave out the name (article 16, paragraph 2 (c)).
    pub fn may_be_nameless(self) -> bool {
        self == Self::ChildAbuse
    }
}

text_enum! {
    /// Where a notice stands.
    pub enum NoticeState {
        /// A guest has not followed the link in the mail yet.
        Unconfirmed = "unconfirmed",
        /// It waits for a moderator.
        Open = "open",
        /// It was decided about.
        Decided = "decided",
    }
}

text_enum! {
    /// What was decided about notices.
    pub enum NoticeOutcome {
        /// The reply is not shown any more.
        Removed = "removed",
        /// Nothing is done because of them.
        Kept = "kept",
    }
}

text_enum! {
    /// What a removal rests on.
    pub enum NoticeBasis {
        /// The law.
        Legal = "legal",
        /// The site's terms.
        Contractual = "contractual",
    }
}

text_enum! {
    /// What a site asks of people without an account who give notice.
    pub enum GuestNotices {
        /// An e-mail address, confirmed by a link.
        ConfirmedEmail = "confirmed_email",
        /// It takes notices by accounts alone.
        Off = "off",
    }
}

/// How long the link to confirm a notice is good for, unless so many others come that there is no room.
pub const CONFIRMED_WITHIN: Duration = Duration::from_secs(24 * 3_600);
/// Open notices about one reply at most: so many are decided about at once.
pub const OPEN_OF_REPLY_MAX: i64 = 100;
/// Notices of one person at most that wait to be confirmed or decided about.
pub const OPEN_OF_PERSON_MAX: i64 = 50;
/// Notices on one site at most that wait to be confirmed: past it the oldest are forgotten before their time, but none within
/// [`UNCONFIRMED_KEPT`], in which fewer can come.
pub const UNCONFIRMED_OF_SITE_MAX: i64 = 2_000;
/// How long at least a notice can be confirmed, however many others come.
pub const UNCONFIRMED_KEPT: Duration = Duration::from_secs(3_600);
/// Links to confirm notices that are mailed for one site in a minute.
pub const UNCONFIRMED_A_MINUTE: u32 = 30;

/// What a site does with notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoticeSettings {
    /// What it asks of people without an account.
    pub guests: GuestNotices,
    /// For how many days after a decision it is kept which guest had given notice: 1 to 3,650.
    #[schema(minimum = 1, maximum = 3_650)]
    pub guests_kept_days: u32,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self { guests: GuestNotices::ConfirmedEmail, guests_kept_days: 180 }
    }
}

impl NoticeSettings {
    /// Whether they are as every site begins with.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// How long guests are known after a decision.
    pub fn guests_kept(&self) -> Duration {
        Duration::from_secs(u64::from(self.guests_kept_days) * 24 * 3_600)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn within_the_time_in_which_a_notice_is_kept_there_is_room_for_all_that_can_come() {
        let minutes = i64::try_from(UNCONFIRMED_KEPT.as_secs() / 60).unwrap();
        assert!((minutes + 1) * i64::from(UNCONFIRMED_A_MINUTE) < UNCONFIRMED_OF_SITE_MAX);
    }

    #[test]
    fn only_offences_against_children_are_told_of_without_a_name() {
        for ground in NoticeGround::ALL {
            assert_eq!(ground.may_be_nameless(), *ground == NoticeGround::ChildAbuse);
        }
    }
}
