//! When two texts are nearly the same: when most of their groups of three words are.
//!
//! Near copies are found by look-ups and not by a scan: of each text the four smallest hashes of its groups are looked up,
//! and two texts that have much in common have one of these in common (MinHash; Broder, "On the resemblance and containment
//! of documents", 1997). With seven tenths of all groups in common that fails for one pair in seven hundred (simulated, for
//! texts of a hundred groups; for one in twenty with two hashes). Most that have one in common share a turn of phrase and
//! no more, so of each text some more hashes are kept, which tell how much is shared at a guess. What may be a copy is
//! then compared group by group, so that nothing passes for one by chance. SimHash, the usual choice for whole pages,
//! differs in too many bits when one word of a short text is another.

use std::cmp::Ordering;

use super::{fold::Folded, stable_hash::stable_hash};

/// Two texts are near copies when they have this share of all their groups in common (Jaccard).
pub const NEAR: f64 = 0.7;
/// Words that a text needs to be told from others; "I agree" is nobody's copy.
pub const MIN_WORDS: usize = 8;
/// Hashes of a text that are looked up.
const LOOKED_UP: usize = 4;
/// Hashes of a text that are kept.
const KEPT: usize = 16;
/// The share of hashes in common from which on texts are compared. Of two that are just near, one pair in three thousand
/// has fewer (binomial: 4 or fewer of 16 at 0.7).
const MAY_BE_NEAR: f64 = 0.3;

/// The groups of words of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Groups(Vec<u64>);

impl Groups {
    /// Of a folded text; nothing of one too short to be told from others.
    pub fn of(folded: &Folded) -> Option<Self> {
        let words: Vec<&str> = folded.tokens().collect();
        if words.len() < MIN_WORDS {
            return None;
        }
        let mut groups: Vec<u64> = words.windows(3).map(hash).collect();
        groups.sort_unstable();
        groups.dedup();
        Some(Self(groups))
    }

    /// What is kept of them.
    pub fn sketch(&self) -> Sketch {
        Sketch(self.0.iter().take(KEPT).map(|hash| (hash >> 32) as u32).collect())
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The share of all groups of two texts that both have, 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let common = self.0.iter().filter(|group| other.0.binary_search(group).is_ok()).count();
        share(common, self.0.len() + other.0.len() - common)
    }
}

/// The first halves of the smallest hashes of a text, by which copies of it are found; empty of a text too short to be
/// copied.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sketch(Box<[u32]>);

impl Sketch {
    /// Of these hashes, in their order.
    #[cfg(test)]
    pub fn of(hashes: &[u32]) -> Self {
        Self(hashes.into())
    }

    /// What is looked up.
    pub fn looked_up(&self) -> &[u32] {
        &self.0[..self.0.len().min(LOOKED_UP)]
    }

    /// Whether it is worth comparing the texts: the smallest hashes of both together are a sample of all.
    pub fn may_be_near(&self, other: &Self) -> bool {
        let (mut these, mut those) = (self.0.iter().peekable(), other.0.iter().peekable());
        let (mut common, mut all) = (0, 0);
        while all < KEPT {
            let both = match (these.peek(), those.peek()) {
                (None, None) => break,
                (Some(this), Some(that)) => this.cmp(that),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            if both.is_le() {
                these.next();
            }
            if both.is_ge() {
                those.next();
            }
            common += usize::from(both.is_eq());
            all += 1;
        }
        all > 0 && share(common, all) >= MAY_BE_NEAR
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts have far fewer words")]
fn share(common: usize, all: usize) -> f64 {
    common as f64 / all as f64
}

fn hash(words: &[&str]) -> u64 {
    stable_hash(words.iter().flat_map(|word| word.bytes().chain([b' '])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::rules::fold::{Accents, fold};

    const SPAM: &str = "Hello dear friends, I have earned nine thousand dollars last month from home with this simple \
        method, no experience needed at all, just visit my page today and read how everything works in ten minutes";

    fn of(text: &str) -> Groups {
        Groups::of(&fold(text, Accents::Ignored)[0]).unwrap()
    }

    /// Whether the second text would be found by the first one's sketch and then be taken for a copy.
    fn is_found(text: &str, other: &str) -> bool {
        let (text, other) = (of(text), of(other));
        let (sketch, known) = (text.sketch(), other.sketch());
        let is_found = sketch.looked_up().iter().any(|hash| known.looked_up().contains(hash));
        is_found && sketch.may_be_near(&known) && text.likeness(&other) >= NEAR
    }

    #[test]
    fn near_copies_are_found_and_other_texts_are_not() {
        for copy in [
            SPAM.to_uppercase(),
            format!("{SPAM}!!!"),
            SPAM.replace("page", "p\u{430}ge"),
            SPAM.replace("nine thousand", "ten thousand"),
            SPAM.replace("Hello dear friends, ", ""),
            format!("{SPAM} 4711"),
        ] {
            assert!(is_found(SPAM, &copy), "{copy}");
        }
        let other =
            "The council voted against the new bridge last week since nobody had asked the people who live there";
        assert!(!is_found(SPAM, other));
    }

    #[test]
    fn an_answer_that_quotes_a_sentence_is_no_copy() {
        let answer =
            format!("{} I do not think that this is how a living is made by honest people anywhere", &SPAM[..70]);
        assert!(!is_found(SPAM, &answer));
    }

    #[test]
    fn short_texts_have_no_groups() {
        assert_eq!(Groups::of(&fold("I agree with every word of it", Accents::Ignored)[0]), None);
        assert!(Groups::of(&fold("这是一个很长的中文句子", Accents::Ignored)[0]).is_some());
    }

    #[test]
    fn a_turn_of_phrase_is_no_reason_to_compare() {
        let may_be_near = |these: &[u32], those: &[u32]| {
            let (these, those) = (Sketch::of(these), Sketch::of(those));
            assert_eq!(these.may_be_near(&those), those.may_be_near(&these));
            these.may_be_near(&those)
        };
        let text: Vec<u32> = (0..16).collect();
        let sharing = |number: u32| (0..16).map(|at| if at < number { at } else { at + 100 }).collect::<Vec<_>>();
        assert!(may_be_near(&text, &text) && may_be_near(&text, &sharing(5)) && !may_be_near(&text, &sharing(4)));
        // what lies behind the sixteen smallest of both is not known of both
        let late: Vec<u32> = (10..26).collect();
        assert!(may_be_near(&text, &late) && !may_be_near(&text, &(12..28).collect::<Vec<_>>()));
        // of short texts all is known
        assert!(may_be_near(&[1, 2, 3], &[1, 4, 5]) != may_be_near(&[1, 2, 3], &[1, 2, 5]));
        assert!(!may_be_near(&[], &[]) && !may_be_near(&[], &[1]));
    }

    proptest! {
        #[test]
        fn likeness_goes_both_ways(a in "[a-d ]{20,80}", b in "[a-d ]{20,80}") {
            let groups = |text: &str| Groups::of(&fold(text, Accents::Ignored)[0]);
            if let (Some(a), Some(b)) = (groups(&a), groups(&b)) {
                prop_assert!((a.likeness(&b) - b.likeness(&a)).abs() < 1e-9);
                prop_assert!((a.likeness(&a) - 1.0).abs() < 1e-9);
            }
        }
    }
}
