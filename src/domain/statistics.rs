//! What is counted of a site's moderation, day by day (UTC), and what the sums say.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{moderation::Action, rules::Outcome, text_enum};

text_enum! {
    /// What is counted; each under keys of its own.
    pub enum Measure {
        /// Replies that were posted, by the state that they began with.
        Received = "received",
        /// Those that rules held or put away, by the rule; under several if several asked for it.
        Held = "held",
        /// Decisions of people, by what was decided, and why: `reject/abuse`.
        Decided = "decided",
        /// The same by who decided, an account's id.
        Moderator = "moderator",
        /// The same of what waited, by how long: numbers of [`Wait`].
        Waited = "waited",
        /// The same by what the rules had said: `hold/refused`.
        Agreed = "agreed",
        /// Reports, by their reason.
        Reported = "reported",
        /// Reports that were closed, by what came of them.
        Closed = "closed",
        /// Appeals: `filed`, or by what came of them.
        Appealed = "appealed",
        /// Sanctions, by their kind.
        Sanctioned = "sanctioned",
    }
}

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

/// Steps in which the time that is waited doubles.
const STEPS: f64 = 4.0;
/// The longest that is told apart: 2^27 s, four years.
const LONGEST: u32 = 27 * 4;

/// How long something waited, to within a fifth: the step of a scale whose steps grow by the fourth root of two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wait(u32);

impl Wait {
    /// The step of a time.
    pub fn of(time: Duration) -> Self {
        let step = (time.as_secs_f64().max(1.0).log2() * STEPS).floor();
        // between 0 and a number below 2^7
        Self(if step < f64::from(LONGEST) { step as u32 } else { LONGEST })
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
        2_f64.powf(f64::from(self.0 + 1) / STEPS)
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

/// What people decided about a text against what the rules had said of it: the key of [`Measure::Agreed`].
pub fn agreement(said: Outcome, decided: Action) -> Option<String> {
    let decided = match decided {
        Action::Approve => "approved",
        Action::Reject | Action::Spam => "refused",
        _ => return None,
    };
    Some(format!("{said}/{decided}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
