//! What is counted of a site's moderation, day by day (UTC), and what the sums say.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    moderation::Action,
    rules::{Outcome, Verdict},
    text_enum,
};

text_enum! {
    /// What is counted; each under keys of its own.
    pub enum Measure {
        /// Replies that were posted, by the state that they began with; [`ASKED`] as long as that is not known.
        Received = "received",
        /// Those that rules held or put away, by the rule; under several if several asked for it.
        Held = "held",
        /// Decisions of people, by what was decided, and why: `reject/abuse`.
        Decided = "decided",
        /// The same by who decided, an account's id.
        Moderator = "moderator",
        /// The same of what waited, by how long: numbers of [`Wait`].
        Waited = "waited",
        /// The last words of people about texts, by what the rules had said: `hold/refused`.
        Agreed = "agreed",
        /// Reports, by their reason.
        Reported = "reported",
        /// Reports that are closed, by what came of them at last, on the days on which they were closed.
        Closed = "closed",
        /// Appeals: `filed`, or by what came of them.
        Appealed = "appealed",
        /// Sanctions, by their kind.
        Sanctioned = "sanctioned",
        /// What ended by itself: [`LAPSED_RETURN`].
        Lapsed = "lapsed",
        /// Notices of illegal content, under keys of [`Counted`](super::notice_days::Counted). The last, as it is written
        /// after what a decision about notices changes.
        Noticed = "noticed",
    }
}

/// The key of [`Measure::Received`] while a reply waits for nothing but an answer from outside.
pub const ASKED: &str = "asked";
/// The key of [`Measure::Lapsed`] of a returned reply that its author did not change in time.
pub const LAPSED_RETURN: &str = "return";

text_enum! {
    /// In what form a report is given.
    pub enum ReportFormat {
        /// JSON.
        Json = "json",
        /// Comma-separated values (RFC 4180).
        Csv = "csv",
        /// A page to be printed.
        Html = "html",
    }
}

text_enum! {
    /// Numbers of a site that are drawn.
    pub enum StatisticsChart {
        /// Replies by day, by week or by month, as many as there are of them: what became of them at first.
        Replies = "replies",
        /// What became of new replies at first.
        Received = "received",
        /// Rules that held or put away.
        Rules = "rules",
        /// Decisions of people.
        Decisions = "decisions",
        /// Reasons that they gave.
        Reasons = "reasons",
        /// Decisions by how long replies had waited.
        DecisionTime = "decision_time",
        /// Who decided.
        Moderators = "moderators",
        /// Reports, by their reason.
        Reports = "reports",
        /// What came of reports.
        ClosedReports = "closed_reports",
        /// Appeals.
        Appeals = "appeals",
        /// Sanctions, by their kind.
        Sanctions = "sanctions",
        /// Notices of illegal content, by ground.
        Notices = "notices",
        /// Actions taken on them.
        DecidedNotices = "decided_notices",
        /// What people decided about what rules had said.
        Agreement = "agreement",
    }
}

text_enum! {
    /// Numbers of a report that are drawn.
    pub enum ReportChart {
        /// What became of new replies at first.
        Received = "received",
        /// Rules that held or put away.
        Rules = "rules",
        /// Decisions of people.
        Decisions = "decisions",
        /// Reasons that they gave.
        Reasons = "reasons",
        /// Decisions by how long replies had waited.
        DecisionTime = "decision_time",
        /// Reports, by their reason.
        Reports = "reports",
        /// What came of reports.
        ClosedReports = "closed_reports",
        /// Appeals.
        Appeals = "appeals",
        /// Sanctions, by their kind.
        Sanctions = "sanctions",
        /// Notices of illegal content, by ground.
        Notices = "notices",
        /// Actions taken on them.
        DecidedNotices = "decided_notices",
        /// What people decided about what rules had said.
        Agreement = "agreement",
    }
}

/// Where the steps in which a time doubles begin, in microseconds: whole numbers, so that SQL finds the same steps.
pub const STEPS: [u64; 4] = [1_000_000, 1_189_207, 1_414_214, 1_681_793];
/// The longest that is told apart: 2^27 s, four years.
const LONGEST: u32 = 27 * 4;

/// How long something waited, to within a fifth: the step of a scale whose steps grow by the fourth root of two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wait(u32);

impl Wait {
    /// The step of a time.
    pub fn of(time: Duration) -> Self {
        let begins = |step: u32| STEPS.get((step % 4) as usize).map(|micros| u128::from(*micros) << (step / 4));
        let is_reached = |step: &u32| begins(*step).is_some_and(|micros| micros <= time.as_micros());
        Self((1..=LONGEST).take_while(is_reached).last().unwrap_or_default())
    }

    /// Its name as a key.
    pub fn key(self) -> String {
        self.0.to_string()
    }

    /// From its name.
    pub fn parse(key: &str) -> Option<Self> {
        key.parse().ok().filter(|step| *step <= LONGEST).map(Self)
    }

    /// Where the step ends, in seconds.
    pub fn seconds(self) -> f64 {
        2_f64.powf(f64::from(self.0 + 1) / STEPS.len() as f64)
    }

    /// Whether the step begins within this time.
    pub fn begins_within(self, seconds: f64) -> bool {
        2_f64.powf(f64::from(self.0) / STEPS.len() as f64) < seconds
    }

    /// The time in seconds within which this share of all had been decided, 0 to 1; nothing of none.
    pub fn quantile(counts: &BTreeMap<Self, i64>, share: f64) -> Option<u64> {
        let all: i64 = counts.values().sum();
        let wanted = (share * all as f64).ceil().max(1.0);
        let mut passed = 0;
        counts.iter().find_map(|(wait, number)| {
            passed += number;
            (passed as f64 >= wanted).then(|| wait.seconds().round() as u64)
        })
    }
}

/// What the rules said together of a text; nothing where none ran, nor where not all did, since it is not known what they
/// would have said.
pub fn said(verdict: &Verdict) -> Option<Outcome> {
    let is_whole = verdict.not_run.is_empty() && !verdict.findings.is_empty();
    is_whole.then(|| verdict.outcome())
}

/// What people decided about a text against what the rules had said of it: the key of [`Measure::Agreed`].
pub fn agreement(said: Outcome, decided: Action) -> Option<String> {
    let decided = match decided {
        Action::Approve | Action::OverturnAppeal => "approved",
        Action::Reject | Action::Spam | Action::UpholdAppeal => "refused",
        _ => return None,
    };
    Some(format!("{said}/{decided}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::rules::{Finding, NotRun, RuleName};

    #[test]
    fn a_rule_that_did_not_run_said_nothing() {
        for outcome in Outcome::ALL.iter().copied() {
            let findings = vec![Finding::certain(RuleName::Words, outcome, "said")];
            let whole = Verdict { findings, ..Verdict::default() };
            assert_eq!(said(&whole), Some(outcome));
            assert_eq!(said(&Verdict { not_run: vec![(RuleName::Links, NotRun::Failed)], ..whole }), None);
        }
        assert_eq!(said(&Verdict::default()), None);
    }

    #[test]
    fn a_share_of_waits_is_found_to_within_a_fifth() {
        let mut counts = BTreeMap::new();
        assert_eq!(Wait::quantile(&counts, 0.5), None);
        for seconds in 1..=100 {
            *counts.entry(Wait::of(Duration::from_secs(seconds * 10))).or_default() += 1;
        }
        let (median, most) = (Wait::quantile(&counts, 0.5).unwrap(), Wait::quantile(&counts, 0.9).unwrap());
        assert!((500..=600).contains(&median), "{median}");
        assert!((900..=1_080).contains(&most), "{most}");
    }

    proptest! {
        #[test]
        fn a_wait_lies_in_its_step(micros in 1_000_000_u64..100_000_000_000_000) {
            let (time, wait) = (Duration::from_micros(micros), Wait::of(Duration::from_micros(micros)));
            prop_assert!(time.as_secs_f64() <= wait.seconds() * 1.000_001);
            prop_assert!(time.as_secs_f64() * 1.2 > wait.seconds());
            prop_assert_eq!(Wait::parse(&wait.key()), Some(wait));
        }
    }
}
