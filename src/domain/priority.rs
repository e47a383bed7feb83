//! How urgent a waiting reply is: points for what speaks for it, each of which counts like two minutes of waiting.
//!
//! As time passes all replies wait longer alike, so their order stays as it is until something else about them changes: it
//! is that of the time at which each would be as urgent as one that has no points and came just then.

use std::time::Duration;

use super::{
    case::{self, Weight},
    moderation::Reason,
    rules::{Finding, Outcome, Verdict},
    timestamp::Timestamp,
};

/// How much waiting one point counts for.
pub const POINT: Duration = Duration::from_secs(120);

/// Public replies of a story's last hour that are counted.
pub const RECENT_COUNTED: i64 = 64;
/// How long a reply makes its story one that is read.
pub const RECENT: Duration = Duration::from_secs(3_600);
/// Approved replies from which on an author is known.
pub const KNOWN_FROM: i64 = 10;

/// Reports that are looked at, the latest: if they are all open, they count for the most, unless nobody who reported was
/// ever right.
pub const REPORTS_COUNTED: i64 = 50;

const MOST_OF_REPORTS: i32 = 120;
const MOST_OF_REACH: i32 = 40;

/// What speaks for a reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Points {
    pub found: i32,
    pub reports: i32,
    pub reach: i32,
    pub author: i32,
}

/// How many people see a reply, or would.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reach {
    /// Public replies to its story in the last hour, up to [`RECENT_COUNTED`].
    pub recent: i64,
    pub recommendations: i64,
    /// Public replies below it.
    pub below: i64,
}

impl Points {
    /// All together.
    pub fn total(&self) -> i32 {
        self.found + self.reports + self.reach + self.author
    }

    /// The place in the order of urgency of what waits since then, the most urgent first.
    pub fn due_at(&self, since: Timestamp) -> Timestamp {
        since.minus(POINT * u32::try_from(self.total()).unwrap_or_default())
    }
}

/// For what rules found: up to 40 where it is held, 20 where it is flagged; 20 where a rule could not run.
pub fn of_findings(verdict: &Verdict) -> i32 {
    let score = verdict.deciding().map(|finding: &Finding| finding.score).fold(0.0, f64::max);
    #[expect(clippy::cast_possible_truncation, reason = "a score is no more than 1")]
    let scaled = |most: f64| (most * score.clamp(0.0, 1.0)).round() as i32;
    let found = match verdict.outcome() {
        Outcome::Pass => 0,
        Outcome::Flag => 10 + scaled(10.0),
        Outcome::Hold | Outcome::Spam => 20 + scaled(20.0),
    };
    if verdict.not_run.is_empty() { found } else { found.max(20) }
}

/// For open reports: the graver the reason and the more the reporter's word counts, the more; 120 at most.
pub fn of_reports(open: impl IntoIterator<Item = (Reason, Weight)>) -> i32 {
    let points = |(reason, weight): (Reason, Weight)| {
        let of_reason = match reason {
            Reason::Illegal => 40,
            Reason::Abuse => 20,
            Reason::Spam | Reason::Misinformation => 10,
            Reason::OffTopic | Reason::Other => 5,
        };
        of_reason * weight
    };
    (open.into_iter().map(points).sum::<i32>() / case::PLAIN).min(MOST_OF_REPORTS)
}

/// For how many people see it: three for each doubling of what is counted; 40 at most.
pub fn of_reach(reach: Reach) -> i32 {
    let doublings = |number: i64| i32::try_from((number.max(0) + 1).ilog2()).unwrap_or_default();
    let Reach { recent, recommendations, below } = reach;
    (3 * (doublings(recent) + doublings(recommendations) + doublings(below))).min(MOST_OF_REACH)
}

/// For who wrote it: 10 where somebody known is kept waiting, or where what was refused lately had the author of
/// something public.
pub fn of_author(is_public: bool, approved: i64, refused_lately: i64) -> i32 {
    let speaks = if is_public { refused_lately > 0 } else { approved >= KNOWN_FROM && refused_lately == 0 };
    if speaks { 10 } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::rules::{NotRun, RuleName};

    #[test]
    fn what_rules_found_counts_by_what_they_ask_for_and_how_sure_they_are() {
        let found = |outcome, score| {
            let finding = Finding { score, ..Finding::certain(RuleName::Words, outcome, "listed") };
            of_findings(&Verdict { findings: vec![finding], ..Verdict::default() })
        };
        assert_eq!(of_findings(&Verdict::default()), 0);
        assert_eq!([found(Outcome::Flag, 0.0), found(Outcome::Flag, 1.0)], [10, 20]);
        assert_eq!([found(Outcome::Hold, 0.5), found(Outcome::Hold, 1.0)], [30, 40]);
        let failed = Verdict { not_run: vec![(RuleName::Links, NotRun::Failed)], ..Verdict::default() };
        assert_eq!(of_findings(&failed), 20);
    }

    #[test]
    fn an_illegal_one_weighs_as_much_as_eight_that_miss_the_topic() {
        assert_eq!(of_reports([(Reason::Illegal, 100)]), of_reports([(Reason::OffTopic, 100); 8]));
        assert_eq!(of_reports([(Reason::Other, 100); 24]), MOST_OF_REPORTS);
        assert_eq!(of_reports([(Reason::Illegal, 300); 50]), MOST_OF_REPORTS);
        // who is always right counts as two, ten who never were as one
        assert_eq!(of_reports([(Reason::Abuse, 200)]), of_reports([(Reason::Abuse, 10); 20]));
    }

    #[test]
    fn reach_grows_with_doublings() {
        let of = |recent| of_reach(Reach { recent, ..Reach::default() });
        assert_eq!([of(0), of(1), of(3), of(63)], [0, 3, 6, 18]);
        assert_eq!(of_reach(Reach { recent: 64, recommendations: 1 << 40, below: 1 << 40 }), MOST_OF_REACH);
    }

    #[test]
    fn the_author_speaks_for_a_reply_in_two_ways() {
        assert_eq!([of_author(false, 10, 0), of_author(false, 9, 0), of_author(false, 10, 1)], [10, 0, 0]);
        assert_eq!([of_author(true, 10, 0), of_author(true, 0, 1)], [0, 10]);
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_points_and_waiting_at_any_time(
            first in (0..200i32, 0..100_000u64), second in (0..200i32, 0..100_000u64), later in 0..100_000u64,
        ) {
            let now = Timestamp::from_micros(1_800_000_000_000_000);
            let due = |(found, waited): (i32, u64)| {
                Points { found, ..Points::default() }.due_at(now.minus(Duration::from_secs(waited)))
            };
            let urgency = |(found, waited): (i32, u64)| i64::from(found) * 120 + i64::try_from(waited + later).unwrap();
            prop_assert_eq!(due(first) < due(second), urgency(first) > urgency(second));
        }
    }
}
