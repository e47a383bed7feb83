//! The rule `classifier`: what a site's own decisions say of a text.
//!
//! Counts are kept by month and each month weighs half as much as the next one. Weights are powers of two, so that taking
//! something back leaves nothing of it.

use std::{collections::VecDeque, sync::Arc};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    FeatureWeight, Finding, Outcome, RuleName, Subject,
    classifier::{Aged, Count, Learnt, QUIET_BELOW, Score, score, threshold},
    features::{self, Feature, Slot},
    lesson::{Month, SlotCounts},
};
use crate::domain::timestamp::Timestamp;

/// Settings of the rule.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassifierSettings {
    /// What follows from a text that is rather spam; `pass` switches it off.
    pub outcome: Outcome,
    /// The score over which a text is, 0 to 1; null: the lowest at which at most one in a hundred of the good replies
    /// among the last 500 decisions would have been held, but 0.5 at least while fewer than a hundred good ones are among
    /// them.
    #[schema(minimum = 0, maximum = 1)]
    pub threshold: Option<f64>,
}

impl Default for ClassifierSettings {
    fn default() -> Self {
        Self { outcome: Outcome::Hold, threshold: None }
    }
}

// thresholds are never NaN: JSON has none
impl Eq for ClassifierSettings {}

/// Decisions whose scores choose the threshold and are told.
pub const RECENT: usize = 500;
/// Of the good ones among these, so many may lie over the threshold.
pub const GOOD_HELD: f64 = 0.01;
/// Features that a finding names.
const NAMED: usize = 10;

/// A decision that was scored before it was learnt.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Scored {
    /// The lesson's number.
    pub number: i64,
    pub score: f64,
    pub is_bad: bool,
}

/// A lesson as it is counted.
#[derive(Clone, PartialEq, Debug)]
pub struct Taught {
    pub number: i64,
    pub month: Month,
    pub is_bad: bool,
    /// The lesson that this one takes back.
    pub takes_back: Option<i64>,
    /// What was said before it was learnt.
    pub score: Option<f64>,
    pub slots: Vec<Slot>,
}

/// What a site taught.
#[derive(Clone, Debug)]
pub struct Trained {
    learnt: Learnt,
    /// The month whose texts weigh 1.
    base: Month,
    /// Lessons up to this one are in it.
    lessons: i64,
    /// The last of them that stand.
    recent: VecDeque<Scored>,
    shared: Arc<Shared>,
}

/// What all sites of the installation taught.
#[derive(Clone, Debug)]
pub struct Shared {
    learnt: Learnt,
    base: Month,
}

impl Shared {
    /// Of sums by month.
    pub fn new<'s>(sums: impl IntoIterator<Item = (Month, Count, &'s SlotCounts)>, base: Month) -> Self {
        let mut learnt = Learnt::default();
        for (month, all, counts) in sums {
            add_sum(&mut learnt, weight(month, base), all, counts);
        }
        Self { learnt, base }
    }
}

fn weight(month: Month, base: Month) -> f64 {
    2_f64.powi(month.0 - base.0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of decisions are far below 2^53")]
fn add_sum(learnt: &mut Learnt, weight: f64, all: Count, counts: &SlotCounts) {
    let slots = counts.0.iter().map(|(slot, (good, bad))| (*slot, Count { good: *good as f64, bad: *bad as f64 }));
    learnt.add_counts(slots, all, weight);
}

impl Trained {
    /// Of sums by month, which hold the lessons up to a number.
    pub fn new<'s>(
        sums: impl IntoIterator<Item = (Month, Count, &'s SlotCounts)>,
        lessons: i64,
        base: Month,
        shared: Arc<Shared>,
    ) -> Self {
        let mut learnt = Learnt::default();
        for (month, all, counts) in sums {
            add_sum(&mut learnt, weight(month, base), all, counts);
        }
        Self { learnt, base, lessons, recent: VecDeque::new(), shared }
    }

    /// That nobody taught anything.
    pub fn nothing(now: Timestamp) -> Self {
        let base = Month::of(now);
        Self::new([], 0, base, Arc::new(Shared::new([], base)))
    }

    /// Lessons up to this one are in it.
    pub fn lessons(&self) -> i64 {
        self.lessons
    }

    /// Decisions of all sites that it borrows from.
    #[expect(clippy::cast_possible_truncation, reason = "counts of decisions are far below 2^53")]
    pub fn shared_lessons(&self) -> i64 {
        let Count { good, bad } = self.shared.learnt.texts();
        (good + bad) as i64
    }

    /// Learns the next lesson. One that it knows already changes nothing, nor does one before which others are missing.
    pub fn learn(&mut self, lesson: &Taught) {
        if lesson.number != self.lessons + 1 {
            return;
        }
        self.lessons = lesson.number;
        let weight = weight(lesson.month, self.base);
        let slots = lesson.slots.iter().copied();
        match lesson.takes_back {
            Some(former) => {
                self.learnt.unlearn(slots, lesson.is_bad, weight);
                self.recent.retain(|scored| scored.number != former);
            }
            None => {
                self.learnt.learn(slots, lesson.is_bad, weight);
                self.note(lesson);
            }
        }
    }

    /// Goes on behind the next lesson without learning it, as it cannot be read.
    pub fn pass_over(&mut self, number: i64) {
        if number == self.lessons + 1 {
            self.lessons = number;
        }
    }

    /// Takes in how a lesson was scored that is in the sums already.
    pub fn note(&mut self, lesson: &Taught) {
        let Some(score) = lesson.score else { return };
        if self.recent.len() >= RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(Scored { number: lesson.number, score, is_bad: lesson.is_bad });
    }

    /// Borrows from these sums from now on.
    pub fn share(&mut self, shared: Arc<Shared>) {
        self.shared = shared;
    }

    /// Texts of each kind that it learnt and that stand.
    pub fn texts(&self) -> Count {
        self.learnt.texts()
    }

    /// Whether it has learnt too little to say anything.
    pub fn is_quiet(&self) -> bool {
        self.learnt.is_quiet()
    }

    /// The last decisions with what was said before they were learnt.
    pub fn recent(&self) -> impl Iterator<Item = &Scored> {
        self.recent.iter()
    }

    /// The threshold that follows from the last decisions.
    pub fn usual_threshold(&self) -> f64 {
        threshold(self.recent.iter().map(|scored| (scored.score, scored.is_bad)), GOOD_HELD)
    }

    /// What features say at a time.
    pub fn score(&self, slots: impl IntoIterator<Item = Slot>, now: Timestamp) -> Score {
        let month = Month::of(now);
        let aged = |learnt, base| Aged { learnt, factor: weight(base, month) };
        score(slots, &aged(&self.learnt, self.base), &aged(&self.shared.learnt, self.shared.base))
    }
}

/// What the classifier says of a text.
pub fn judge(settings: &ClassifierSettings, subject: &Subject<'_>) -> Vec<Finding> {
    let rule = RuleName::Classifier;
    if settings.outcome == Outcome::Pass {
        return vec![Finding::pass(rule, "off")];
    }
    if let Some(None) = subject.scored {
        return vec![Finding::pass(rule, "was quiet then")];
    }
    let Some(trained) = subject.trained else { return vec![Finding::nothing(rule)] };
    if trained.is_quiet() {
        let Count { good, bad } = trained.texts();
        return vec![Finding::pass(rule, format!("quiet until {QUIET_BELOW} of each: {good} good, {bad} spam"))];
    }
    let threshold = settings.threshold.unwrap_or_else(|| trained.usual_threshold());
    let outcome = |value| if value > threshold { settings.outcome } else { Outcome::Pass };
    if let Some(Some(value)) = subject.scored {
        let words = format!("{value:.3} before it was learnt, held over {threshold:.3}");
        return vec![Finding { score: value, outcome: outcome(value), ..Finding::pass(rule, words) }];
    }
    let features = features::of(subject.text, subject);
    let score = trained.score(features.iter().map(Feature::slot), subject.now);
    let (value, outcome) = (score.value(), outcome(score.value()));
    let words = format!("{value:.3} after {} lessons, held over {threshold:.3}", trained.lessons());
    let features = score.said.iter().take(NAMED).filter_map(|says| {
        // found by its place in what was asked
        let feature = features.iter().find(|feature| feature.slot() == says.slot)?;
        Some(FeatureWeight { name: feature.to_string(), evidence: says.evidence })
    });
    vec![Finding { rule, outcome, score: value, spans: Vec::new(), words, features: features.collect() }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::{AuthorHistory, Text};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn lesson(number: i64, month: Month, is_bad: bool, slots: &[u32]) -> Taught {
        let slots = slots.iter().map(|slot| Slot(*slot)).collect();
        Taught { number, month, is_bad, takes_back: None, score: Some(0.5), slots }
    }

    #[test]
    fn a_month_weighs_half_as_much_as_the_next() {
        let (then, now) = (at("2026-10-05T00:00:00Z"), at("2026-11-05T00:00:00Z"));
        let mut trained = Trained::nothing(then);
        let mut number = 0;
        let mut teach = |month, is_bad, slots: &[u32]| {
            number += 1;
            trained.learn(&lesson(number, month, is_bad, slots));
        };
        // as many bad ones of last month as good ones of this, and others of each
        for _ in 0..50 {
            teach(Month::of(then), true, &[1]);
            teach(Month::of(now), false, &[1]);
            teach(Month::of(then), false, &[2]);
            teach(Month::of(now), true, &[2]);
        }
        assert!(trained.score([Slot(1)], now).value() < 0.5);
        assert!(trained.score([Slot(2)], now).value() > 0.5);
        assert_eq!(trained.texts(), Count { good: 100.0, bad: 100.0 });
    }

    #[test]
    fn what_is_taken_back_leaves_nothing_and_is_learnt_once() {
        let now = at("2026-11-05T00:00:00Z");
        let mut trained = Trained::nothing(now);
        trained.learn(&lesson(1, Month::of(now), true, &[1, 2]));
        trained.learn(&lesson(1, Month::of(now), true, &[1, 2]));
        assert_eq!((trained.texts().bad, trained.recent().count()), (1.0, 1));
        trained.learn(&Taught { takes_back: Some(1), ..lesson(2, Month::of(now), true, &[1, 2]) });
        assert_eq!((trained.texts(), trained.recent().count()), (Count::default(), 0));
        assert!((trained.score([Slot(1)], now).value() - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_lesson_before_which_others_are_missing_waits_for_them() {
        let now = at("2026-11-05T00:00:00Z");
        let mut trained = Trained::nothing(now);
        let month = Month::of(now);
        trained.learn(&lesson(1, month, true, &[1]));
        trained.learn(&lesson(3, month, true, &[1]));
        trained.pass_over(3);
        assert_eq!((trained.lessons(), trained.texts().bad), (1, 1.0));
        trained.pass_over(2);
        trained.learn(&lesson(3, month, true, &[1]));
        assert_eq!((trained.lessons(), trained.texts().bad), (3, 2.0));
    }

    #[test]
    fn it_is_quiet_at_first_and_then_says_what_weighed_most() {
        let now = at("2026-11-05T00:00:00Z");
        let (text, author) = (Text::of("cheap pills for you"), AuthorHistory::newcomer(now));
        let mut trained = Trained::nothing(now);
        let found = |trained: &Trained| {
            let subject = Subject { trained: Some(trained), ..Subject::new(&text, &author, now) };
            judge(&ClassifierSettings { threshold: Some(0.6), ..ClassifierSettings::default() }, &subject).remove(0)
        };
        let pills =
            features::of_text(&text).iter().find(|feature| feature.to_string() == "word pills").unwrap().slot().0;
        for number in 1..50 {
            trained.learn(&lesson(2 * number - 1, Month::of(now), true, &[pills]));
            trained.learn(&lesson(2 * number, Month::of(now), false, &[3]));
        }
        assert_eq!(found(&trained).outcome, Outcome::Pass);
        trained.learn(&lesson(99, Month::of(now), true, &[pills]));
        trained.learn(&lesson(100, Month::of(now), false, &[3]));
        let found = found(&trained);
        assert_eq!((found.outcome, found.features[0].name.as_str()), (Outcome::Hold, "word pills"));
        assert!(found.score > 0.6 && found.features[0].evidence > 0.0, "{found:?}");
    }
}
