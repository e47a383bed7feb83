//! The rule `repeats`: what was written before, word for word by the same author, or nearly so by anybody.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, Outcome, RuleName, Subject};
use crate::domain::ids::ReplyId;

/// Settings of the rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RepeatSettings {
    /// What follows from a text that the same author posted before; `pass` switches it off.
    pub own: Outcome,
    /// Hours in which that counts, 1 to 168.
    #[schema(minimum = 1, maximum = 168)]
    pub own_hours: u32,
    /// Characters from which on it counts: "Thanks!" may be said twice.
    #[schema(maximum = 10000)]
    pub own_min_chars: u32,
    /// What follows from a text that is nearly the same as another of the last 24 hours, by anybody; `pass` switches it
    /// off.
    pub near: Outcome,
}

impl Default for RepeatSettings {
    fn default() -> Self {
        Self { own: Outcome::Hold, own_hours: 24, own_min_chars: 20, near: Outcome::Hold }
    }
}

/// Whether it is to be looked up if the author posted this text before.
pub fn asks_for_own(settings: &RepeatSettings, source: &str) -> bool {
    settings.own > Outcome::Pass && source.chars().count() >= settings.own_min_chars as usize
}

/// What follows from the reply in which the author said the same before.
pub fn judge_own(settings: &RepeatSettings, found: Option<ReplyId>) -> Vec<Finding> {
    vec![match found {
        Some(reply) => {
            Finding::certain(RuleName::Repeats, settings.own, format!("the author's own reply {reply} again"))
        }
        None => plain(),
    }]
}

/// How the words of a near copy begin.
const NEAR_WORDS: &str = "nearly the same as reply";

/// What follows now from a near copy that was found before.
pub fn still_found(settings: &RepeatSettings, found: &Finding) -> Option<Finding> {
    let still = settings.near > Outcome::Pass && found.words.starts_with(NEAR_WORDS);
    still.then(|| Finding { outcome: settings.near, ..found.clone() })
}

/// What follows from near copies.
pub fn judge_near(settings: &RepeatSettings, subject: &Subject<'_>) -> Vec<Finding> {
    let nearest = subject.copies.iter().max_by(|a, b| a.likeness.total_cmp(&b.likeness));
    vec![match nearest {
        Some(nearest) if settings.near > Outcome::Pass => {
            let more = subject.copies.len() - 1;
            let more = if more > 0 { format!(", and as {more} more") } else { String::new() };
            let words = format!("{NEAR_WORDS} {}{more} of the last 24 hours", nearest.reply);
            Finding { score: nearest.likeness, ..Finding::certain(RuleName::Repeats, settings.near, words) }
        }
        _ => plain(),
    }]
}

fn plain() -> Finding {
    Finding::nothing(RuleName::Repeats)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        rules::{AuthorHistory, NearCopy, Text},
        timestamp::Timestamp,
    };

    #[test]
    fn the_nearest_copy_is_named() {
        let (now, text) = (Timestamp::from_micros(0), Text::of("text"));
        let author = AuthorHistory::newcomer(now);
        let copy = |number, likeness| NearCopy { reply: ReplyId(uuid::Uuid::from_u128(number)), likeness };
        let copies = [copy(1, 0.8), copy(2, 0.9)];
        let subject = Subject { copies: &copies, ..Subject::new(&text, &author, now) };
        let found = judge_near(&RepeatSettings::default(), &subject);
        assert!(found[0].words.contains(&copies[1].reply.to_string()), "{found:?}");
        assert_eq!((found[0].outcome, found[0].score), (Outcome::Hold, 0.9));
        let flags = RepeatSettings { near: Outcome::Flag, ..RepeatSettings::default() };
        assert_eq!(still_found(&flags, &found[0]), Some(Finding { outcome: Outcome::Flag, ..found[0].clone() }));
        let own = judge_own(&flags, Some(copies[0].reply));
        assert_eq!(still_found(&flags, &own[0]), None, "it can be looked for again");
        let off = RepeatSettings { near: Outcome::Pass, ..RepeatSettings::default() };
        assert_eq!(judge_near(&off, &subject)[0].outcome, Outcome::Pass);
        assert_eq!(still_found(&off, &found[0]), None);
    }

    #[test]
    fn short_texts_may_be_said_again() {
        let settings = RepeatSettings::default();
        assert!(!asks_for_own(&settings, "Thanks!"));
        assert!(asks_for_own(&settings, "Thanks to everybody who took part."));
        assert!(!asks_for_own(&RepeatSettings { own: Outcome::Pass, ..settings }, &"x".repeat(99)));
    }
}
