//! When two texts are nearly the same: when most of their groups of three words are.
//!
//! Near copies are found by look-ups and not by a scan: of each text the four smallest hashes of its groups are stored, and
//! two texts that have much in common have one of these in common (MinHash; Broder, "On the resemblance and containment
//! of documents", 1997). With seven tenths of all groups in common that fails for one pair in seven hundred (simulated, for
//! texts of a hundred groups; for one in twenty with two hashes). What is found so is then compared group by group, so that
//! nothing passes for a copy by chance. SimHash, the usual choice for whole pages, differs in too many bits when one
//! word of a short text is another.

use super::{fold::Folded, stable_hash::stable_hash};

/// Two texts are near copies when they have this share of all their groups in common (Jaccard).
pub const NEAR: f64 = 0.7;
/// Words that a text needs to be told from others; "I agree" is nobody's copy.
pub const MIN_WORDS: usize = 8;
/// Hashes of a text that are stored and looked up.
pub const SKETCH: usize = 4;

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

    /// What is stored and looked up.
    pub fn sketch(&self) -> Vec<i64> {
        self.0.iter().take(SKETCH).map(|hash| hash.cast_signed()).collect()
    }

    /// Bytes that they take in memory.
    pub fn bytes(&self) -> usize {
        size_of_val(self.0.as_slice())
    }

    /// The share of all groups of two texts that both have, 0 to 1.
    pub fn likeness(&self, other: &Self) -> f64 {
        let common = self.0.iter().filter(|group| other.0.binary_search(group).is_ok()).count();
        let all = self.0.len() + other.0.len() - common;
        #[expect(clippy::cast_precision_loss, reason = "texts have far fewer words")]
        let share = common as f64 / all as f64;
        share
    }
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
        text.sketch().iter().any(|hash| other.sketch().contains(hash)) && text.likeness(&other) >= NEAR
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
