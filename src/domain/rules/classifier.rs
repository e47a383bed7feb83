//! The classifier: how much speaks for spam in a text, by what people decided about others before.
//!
//! Naive Bayes over the features that a text has (the multivariate Bernoulli model without absent features; McCallum and
//! Nigam, "A Comparison of Event Models for Naive Bayes Text Classification", 1998): the logarithms of what each feature
//! says are added up, of the two hundred that say most. Chosen by measurement (docs/RULES.md): Fisher's method over
//! the same features catches fewer at the same share of good texts held. A young site borrows from what all sites of the
//! installation know.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use super::features::Slot;

/// How many texts had a feature, or how many there were; older ones weigh less.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Count {
    pub good: f64,
    pub bad: f64,
}

/// Decisions of each kind from which on the classifier says anything.
pub const QUIET_BELOW: f64 = 50.0;
/// So many texts of each kind are added to every feature, so that one text alone does not make certain.
const SMOOTHING: f64 = 0.01;
/// As many texts of each kind as what other sites know counts for.
const BORROWED: f64 = 20.0;
/// Features that are added up, those that say most.
const ADDED: usize = 200;
/// Evidence that makes a score of 1 / (1 + 1 / e).
const SCALE: f64 = 20.0;

/// The score of which nothing follows.
const UNDECIDED: f64 = 0.5;

/// What is known where: of one site, and of all.
pub trait Known {
    /// Texts with the feature in this slot.
    fn of_slot(&self, slot: Slot) -> Count;
    /// All texts.
    fn of_all(&self) -> Count;
}

/// Slots are hashes already: one multiplication spreads them.
#[derive(Clone, Copy, Debug, Default)]
pub struct SlotHasher(u64);

impl Hasher for SlotHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// What was learnt of decisions, in memory.
#[derive(Clone, Debug, Default)]
pub struct Learnt {
    slots: HashMap<Slot, Count, BuildHasherDefault<SlotHasher>>,
    all: Count,
    /// All texts, each as one.
    texts: Count,
}

impl Learnt {
    /// Counts a text that people found good or bad, by a weight that is a power of two.
    pub fn learn(&mut self, slots: impl IntoIterator<Item = Slot>, is_bad: bool, weight: f64) {
        self.add_text(slots, is_bad, 1.0, weight);
    }

    /// Takes a text back that was counted so.
    pub fn unlearn(&mut self, slots: impl IntoIterator<Item = Slot>, is_bad: bool, weight: f64) {
        self.add_text(slots, is_bad, -1.0, weight);
    }

    fn add_text(&mut self, slots: impl IntoIterator<Item = Slot>, is_bad: bool, number: f64, weight: f64) {
        let one = if is_bad { Count { good: 0.0, bad: number } } else { Count { good: number, bad: 0.0 } };
        self.add_counts(slots.into_iter().map(|slot| (slot, one)), one, weight);
    }

    /// Adds counts of slots, of these texts.
    pub fn add_counts(&mut self, counts: impl IntoIterator<Item = (Slot, Count)>, texts: Count, weight: f64) {
        let add = |count: &mut Count, more: Count, weight: f64| {
            count.good += more.good * weight;
            count.bad += more.bad * weight;
        };
        add(&mut self.texts, texts, 1.0);
        add(&mut self.all, texts, weight);
        for (slot, more) in counts {
            let count = self.slots.entry(slot).or_default();
            add(count, more, weight);
            // what nobody taught is not there
            if *count == Count::default() {
                self.slots.remove(&slot);
            }
        }
    }

    /// Texts of each kind, each as one however old.
    pub fn texts(&self) -> Count {
        self.texts
    }

    /// Whether there is enough to say anything.
    pub fn is_quiet(&self) -> bool {
        self.texts.good.min(self.texts.bad) < QUIET_BELOW
    }
}

/// What was learnt, as it weighs at another time.
#[derive(Clone, Copy, Debug)]
pub struct Aged<'l> {
    pub learnt: &'l Learnt,
    /// By which every count is multiplied.
    pub factor: f64,
}

impl Known for Aged<'_> {
    fn of_slot(&self, slot: Slot) -> Count {
        let Count { good, bad } = self.learnt.of_slot(slot);
        Count { good: good * self.factor, bad: bad * self.factor }
    }

    fn of_all(&self) -> Count {
        let Count { good, bad } = self.learnt.of_all();
        Count { good: good * self.factor, bad: bad * self.factor }
    }
}

impl Known for Learnt {
    fn of_slot(&self, slot: Slot) -> Count {
        self.slots.get(&slot).copied().unwrap_or_default()
    }

    fn of_all(&self) -> Count {
        self.all
    }
}

/// What a feature says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Says {
    pub slot: Slot,
    /// The logarithm of how much commoner it is in bad texts than in good ones; negative: in good ones.
    pub evidence: f64,
}

/// What a text's features say, together and each, those that say most first.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// The sum. Positive: rather spam; 0 where nothing is known.
    pub evidence: f64,
    pub said: Vec<Says>,
}

impl Score {
    /// Between 0 (good) and 1 (spam), a half where nothing is known. It orders texts and is no probability: features do not
    /// come independently of each other, so evidence is counted more than once.
    pub fn value(&self) -> f64 {
        1.0 / (1.0 + (-self.evidence / SCALE).exp())
    }
}

/// Weighs features by what a site knows, and by what all sites know.
pub fn score(slots: impl IntoIterator<Item = Slot>, site: &impl Known, shared: &impl Known) -> Score {
    let (site_all, shared_all) = (site.of_all(), shared.of_all());
    let mut said: Vec<Says> = slots
        .into_iter()
        .filter_map(|slot| {
            let (here, elsewhere) = (site.of_slot(slot), shared.of_slot(slot));
            let is_known = here != Count::default() || elsewhere != Count::default();
            let share = |here: f64, all: f64, elsewhere: f64, shared_all: f64| {
                let (borrowed, of) =
                    if shared_all > 0.0 { (BORROWED * elsewhere / shared_all, BORROWED) } else { (0.0, 0.0) };
                (here + borrowed + SMOOTHING) / (all + of + 2.0 * SMOOTHING)
            };
            let bad = share(here.bad, site_all.bad, elsewhere.bad, shared_all.bad);
            let good = share(here.good, site_all.good, elsewhere.good, shared_all.good);
            is_known.then(|| Says { slot, evidence: bad.ln() - good.ln() })
        })
        .collect();
    said.sort_unstable_by(|a, b| b.evidence.abs().total_cmp(&a.evidence.abs()).then(a.slot.cmp(&b.slot)));
    said.truncate(ADDED);
    Score { evidence: said.iter().map(|says| says.evidence).sum(), said }
}

/// The lowest threshold over which at most this share of the good texts lie, of scores that were given before it was known
/// whether the text is bad. A half at least where they are so few that none may lie over it: all of them may have scored
/// low, and that says nothing of what lies between them and a half.
pub fn threshold(scored: impl IntoIterator<Item = (f64, bool)>, good_share: f64) -> f64 {
    let mut good: Vec<f64> = scored.into_iter().filter(|(_, is_bad)| !is_bad).map(|(score, _)| score).collect();
    good.sort_unstable_by(|a, b| b.total_cmp(a));
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few")]
    let allowed = (good.len() as f64 * good_share).floor() as usize;
    let threshold = good.get(allowed).copied().unwrap_or(UNDECIDED);
    if allowed == 0 { threshold.max(UNDECIDED) } else { threshold }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(slots: &[(u32, f64, f64)], good: f64, bad: f64) -> Learnt {
        let slots = slots.iter().map(|&(slot, good, bad)| (Slot(slot), Count { good, bad })).collect();
        let all = Count { good, bad };
        Learnt { slots, all, texts: all }
    }

    fn value(slots: &[u32], site: &Learnt, shared: &Learnt) -> f64 {
        score(slots.iter().map(|slot| Slot(*slot)), site, shared).value()
    }

    #[test]
    fn what_bad_texts_had_is_bad_and_what_nobody_knows_is_neither() {
        let site = table(&[(1, 0.0, 40.0), (2, 40.0, 0.0), (3, 20.0, 20.0)], 100.0, 100.0);
        let nothing = Learnt::default();
        assert!(value(&[1, 3], &site, &nothing) > 0.55);
        assert!(value(&[2, 3], &site, &nothing) < 0.45);
        assert!((value(&[3, 4], &site, &nothing) - 0.5).abs() < 1e-9);
        assert!((value(&[1, 2], &site, &nothing) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn shares_are_compared_and_not_numbers() {
        // a word that a tenth of all texts have, whether good or bad
        let site = table(&[(1, 100.0, 5.0)], 1_000.0, 50.0);
        assert!((value(&[1], &site, &Learnt::default()) - 0.5).abs() < 0.01);
    }

    #[test]
    fn a_young_site_takes_what_all_know_and_an_old_one_its_own() {
        let shared = table(&[(1, 0.0, 90.0)], 100.0, 100.0);
        assert!(value(&[1], &Learnt::default(), &shared) > 0.55);
        let own = table(&[(1, 900.0, 0.0)], 1_000.0, 1_000.0);
        assert!(value(&[1], &own, &shared) < 0.46);
    }

    #[test]
    fn of_a_hundred_good_texts_one_lies_over_the_threshold() {
        let good = (0..100).map(|number| (0.5 + f64::from(number) / 200.0, false));
        let bad = (0..100).map(|_| (0.9, true));
        let threshold = threshold(good.clone().chain(bad), 0.01);
        assert_eq!(good.filter(|(score, _)| *score > threshold).count(), 1);
        assert!((super::threshold([(0.1, true)], 0.01) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_few_good_texts_that_scored_low_do_not_make_all_others_spam() {
        for number in 1..=5 {
            let low = || (1..=number).map(|number| (0.03 * f64::from(number), false));
            assert!((threshold(low(), 0.01) - 0.5).abs() < 1e-9, "{number} good ones");
            // one that scored high counts from the first on
            assert!((threshold(low().chain([(0.7, false)]), 0.01) - 0.7).abs() < 1e-9, "{number} good ones");
        }
        let low = |number| (0..number).map(|number| (f64::from(number) / 1_000.0, false));
        assert!((threshold(low(99), 0.01) - 0.5).abs() < 1e-9);
        assert!((threshold(low(100), 0.01) - 0.098).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn what_is_unlearnt_was_never_learnt(
            texts in prop::collection::vec((prop::collection::vec(0u32..50, 0..20), any::<bool>()), 1..20),
            which in any::<prop::sample::Index>(),
        ) {
            let slots = |text: &(Vec<u32>, bool)| text.0.iter().map(|slot| Slot(*slot)).collect::<Vec<_>>();
            let reversed = which.index(texts.len());
            let (mut all, mut others) = (Learnt::default(), Learnt::default());
            for (index, text) in texts.iter().enumerate() {
                all.learn(slots(text), text.1, 1.0);
                if index != reversed {
                    others.learn(slots(text), text.1, 1.0);
                }
            }
            all.unlearn(slots(&texts[reversed]), texts[reversed].1, 1.0);
            prop_assert_eq!((all.slots, all.all), (others.slots, others.all));
        }

        #[test]
        fn a_score_lies_between_the_ends_and_follows_from_the_slots_alone(
            slots in prop::collection::vec((0u32..300, 0.0..1e4, 0.0..1e4), 0..300),
        ) {
            let site = table(&slots, 1e4, 1e4);
            let mut asked: Vec<u32> = slots.iter().map(|slot| slot.0).collect();
            let forwards = value(&asked, &site, &Learnt::default());
            asked.reverse();
            prop_assert!((0.0..=1.0).contains(&forwards));
            prop_assert!((forwards - value(&asked, &site, &Learnt::default())).abs() < 1e-9);
        }
    }
}
