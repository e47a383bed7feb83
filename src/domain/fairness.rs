//! What is owed to authors: another try, a statement of what was refused and why, and an appeal.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    moderation::{Action, ActorKind, Reason},
    text_enum, visible,
};

/// Characters of what a site says to a ground.
pub const WORDS_MAX_CHARS: usize = 2_000;

text_enum! {
    /// What a refusal rests on.
    pub enum Ground {
        /// Advertising, links for their own sake, as a person sees it.
        Spam = "spam",
        /// Insults, threats, harassment.
        Abuse = "abuse",
        /// Not about the story.
        OffTopic = "off_topic",
        /// False facts.
        Misinformation = "misinformation",
        /// Against the law.
        Illegal = "illegal",
        /// Something else, said in words.
        Other = "other",
        /// Rules, or who is asked from outside, took it for spam.
        Rules = "rules",
        /// It went back to its author, who did not change it in time.
        Lapsed = "lapsed",
    }
}

impl Ground {
    /// Of a refusal as the log tells it.
    pub fn of(action: Action, by: ActorKind, reason: Option<Reason>) -> Self {
        match (action, reason) {
            (Action::Reject, None) if by == ActorKind::System => Self::Lapsed,
            (Action::Reject, Some(Reason::Spam)) | (Action::Spam, _) => Self::Spam,
            (Action::Reject, Some(Reason::Abuse)) => Self::Abuse,
            (Action::Reject, Some(Reason::OffTopic)) => Self::OffTopic,
            (Action::Reject, Some(Reason::Misinformation)) => Self::Misinformation,
            (Action::Reject, Some(Reason::Illegal)) => Self::Illegal,
            (Action::Reject, Some(Reason::Other) | None) => Self::Other,
            _ => Self::Rules,
        }
    }

    /// Whether no person decided so at that moment.
    pub fn is_automated(self) -> bool {
        matches!(self, Self::Rules | Self::Lapsed)
    }
}

text_enum! {
    /// Where an appeal stands.
    pub enum AppealState {
        /// It waits for a moderator.
        Open = "open",
        /// The refusal stands.
        Upheld = "upheld",
        /// The reply is public.
        Overturned = "overturned",
        /// There was nothing to decide about any more: the author took the reply back or closed the account, or the reply was
        /// refused anew, since a notice found it illegal.
        Moot = "moot",
    }
}

text_enum! {
    /// What a moderator says to an appeal.
    pub enum Ruling {
        /// The refusal stands.
        Upheld = "upheld",
        /// The reply becomes public, where it stood.
        Overturned = "overturned",
    }
}

impl From<Ruling> for Action {
    fn from(ruling: Ruling) -> Self {
        match ruling {
            Ruling::Upheld => Self::UpholdAppeal,
            Ruling::Overturned => Self::OverturnAppeal,
        }
    }
}

/// What authors may expect on a site.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FairnessSettings {
    /// For how many days a reply that went back to its author waits for another text: 1 to 60.
    #[schema(minimum = 1, maximum = 60)]
    pub return_days: u32,
    /// For how many days the author of a refused reply may appeal: 1 to 180.
    #[schema(minimum = 1, maximum = 180)]
    pub appeal_days: u32,
    /// What the site says to authors of refused replies, by ground, in up to 2,000 characters each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<Ground, String>,
}

impl Default for FairnessSettings {
    fn default() -> Self {
        Self { return_days: 7, appeal_days: 14, words: BTreeMap::new() }
    }
}

impl FairnessSettings {
    /// Whether they are as every site begins with.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// For how long a reply waits with its author.
    pub fn return_time(&self) -> Duration {
        days(self.return_days)
    }

    /// For how long a refusal can be appealed.
    pub fn appeal_time(&self) -> Duration {
        days(self.appeal_days)
    }

    /// What is wrong with the words to a ground, by ground.
    pub fn wrong_words(&self) -> impl Iterator<Item = (Ground, &'static str)> {
        self.words.iter().filter_map(|(ground, words)| {
            if words.trim().is_empty() {
                return Some((*ground, "needs words, or leave it out"));
            }
            if words.chars().count() > WORDS_MAX_CHARS {
                return Some((*ground, "2,000 characters at most"));
            }
            let has_control = words.chars().any(visible::is_forbidden_control);
            has_control.then_some((*ground, "control characters are not allowed"))
        })
    }
}

fn days(number: u32) -> Duration {
    Duration::from_secs(u64::from(number) * 24 * 3_600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_follows_from_what_the_log_tells() {
        for reason in Reason::ALL {
            let ground = Ground::of(Action::Reject, ActorKind::Moderator, Some(*reason));
            assert_eq!((ground.as_str(), ground.is_automated()), (reason.as_str(), false));
        }
        assert_eq!(Ground::of(Action::Spam, ActorKind::Admin, None), Ground::Spam);
        assert_eq!(Ground::of(Action::Reject, ActorKind::System, None), Ground::Lapsed);
        for action in [Action::Post, Action::Edit, Action::Judge] {
            let ground = Ground::of(action, ActorKind::Reader, None);
            assert_eq!((ground, ground.is_automated()), (Ground::Rules, true));
        }
    }

    #[test]
    fn words_are_bounded_and_what_is_not_said_is_not_stored() {
        let said = |words: String| FairnessSettings { words: [(Ground::Abuse, words)].into(), ..Default::default() };
        assert_eq!(said("ä".repeat(2_000)).wrong_words().count(), 0);
        for wrong in ["ä".repeat(2_001), "  ".to_owned(), "a\u{0}b".to_owned()] {
            assert_eq!(said(wrong).wrong_words().map(|(ground, _)| ground).collect::<Vec<_>>(), [Ground::Abuse]);
        }
        assert!(FairnessSettings::default().is_default() && !said("Be kind.".to_owned()).is_default());
        assert!(!serde_json::to_string(&FairnessSettings::default()).unwrap().contains("words"));
    }
}
