//! What the classifier sees of a text: its features, each in one of a fixed number of slots.

use std::{collections::HashSet, fmt};

use super::{
    AuthorHistory, Subject, Text,
    fold::{Accents, Folded, fold},
    links::registrable,
    stable_hash::stable_hash,
};
use crate::domain::timestamp::Timestamp;

/// Slots that features are counted in.
pub const SLOTS: u32 = 1 << 17;
/// Features of a text at most: the dearest kinds first, of one kind by their hashes.
pub const MAX_FEATURES: usize = 1_000;
/// Words at the beginning and at the end of a text that make features; spam hides at either.
const FIRST_WORDS: usize = 300;
const LAST_WORDS: usize = 200;
/// Words of a name that make features.
const NAME_WORDS: usize = 5;
/// Characters of a word that make features.
const WORD_CHARS: usize = 40;

/// Where a feature is counted. Features that share one are counted together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Slot(pub u32);

/// What kind of thing a feature is, the dearest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FeatureKind {
    /// The host of a link.
    Host,
    /// How the text looks.
    Shape,
    /// How new the author is.
    Author,
    /// A word.
    Word,
    /// Two words, one after the other.
    Pair,
    /// Three to five characters of a word.
    Part,
}

impl FeatureKind {
    /// Whether people know what it is when they read it.
    pub fn has_a_name(self) -> bool {
        matches!(self, Self::Host | Self::Word | Self::Pair)
    }
}

/// Something that a text has.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Feature {
    pub kind: FeatureKind,
    /// For a person, such as the word.
    pub name: String,
}

/// Its kind and its name.
impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            FeatureKind::Host => "host",
            FeatureKind::Shape => "shape",
            FeatureKind::Author => "author",
            FeatureKind::Word => "word",
            FeatureKind::Pair => "pair",
            FeatureKind::Part => "part",
        };
        write!(f, "{kind} {}", self.name)
    }
}

impl Feature {
    fn hash(&self) -> u64 {
        stable_hash([self.kind as u8].into_iter().chain(self.name.bytes()))
    }

    /// Its slot: the same everywhere and for ever, as counts are stored under it.
    pub fn slot(&self) -> Slot {
        Slot(u32::try_from(self.hash() & u64::from(SLOTS - 1)).unwrap_or_default())
    }
}

/// The features of a text whose author nobody knows.
pub fn of_text(text: &Text) -> Vec<Feature> {
    let now = Timestamp::from_micros(0);
    of(&Subject::new(text, &AuthorHistory::newcomer(now), now))
}

/// The features of a text, each slot once; [`MAX_FEATURES`] at most, always the same ones.
pub fn of(subject: &Subject<'_>) -> Vec<Feature> {
    let mut found: HashSet<Feature> = HashSet::new();
    let mut add = |kind, name: String| {
        found.insert(Feature { kind, name });
    };
    let tokens: Vec<&str> = subject.text.folded().first().into_iter().flat_map(Folded::tokens).collect();
    let skipped = tokens.len().saturating_sub(LAST_WORDS).max(FIRST_WORDS);
    let parts = [&tokens[..tokens.len().min(FIRST_WORDS)], tokens.get(skipped..).unwrap_or_default()];
    for words in parts {
        for word in words {
            let word: String = word.chars().take(WORD_CHARS).collect();
            for part in parts_of(&word) {
                add(FeatureKind::Part, part);
            }
            if word.contains(|c: char| c.is_numeric()) {
                // telephone numbers and prices are all different, and alike
                add(FeatureKind::Word, word.chars().map(|c| if c.is_numeric() { '0' } else { c }).collect());
            }
            add(FeatureKind::Word, word);
        }
        for pair in words.windows(2) {
            let pair = format!("{} {}", pair[0], pair[1]);
            add(FeatureKind::Pair, pair.chars().take(2 * WORD_CHARS).collect());
        }
    }
    for (kind, name) in around(subject, tokens.len()) {
        add(kind, name);
    }
    let mut features: Vec<Feature> = found.into_iter().collect();
    features.sort_unstable_by_key(|feature| (feature.kind, feature.hash()));
    let mut slots = HashSet::new();
    features.retain(|feature| slots.insert(feature.slot()));
    features.truncate(MAX_FEATURES);
    features
}

/// Three to five characters in a row, its ends marked.
fn parts_of(word: &str) -> impl Iterator<Item = String> + use<> {
    let chars: Vec<char> = format!("<{word}>").chars().collect();
    let part = move |length: usize| {
        let parts: Vec<String> = chars.windows(length).map(|part| part.iter().collect()).collect();
        parts
    };
    (3..=5).flat_map(part)
}

/// How many replies of an author stand approved, in steps that double.
pub(super) fn trust(author: &AuthorHistory) -> u32 {
    u64::try_from(author.approved).unwrap_or_default().min(1_000).checked_ilog2().map_or(0, |log| log + 1)
}

/// What is no word.
fn around(subject: &Subject<'_>, words: usize) -> Vec<(FeatureKind, String)> {
    let text = subject.text.shown().text();
    let mut features = Vec::new();
    for link in subject.text.shown().links().iter().take(MAX_FEATURES) {
        if let Some(host) = link.host() {
            features.push((FeatureKind::Host, registrable(&host).to_owned()));
        }
    }
    let count = |is_counted: fn(char) -> bool| text.chars().filter(|c| is_counted(*c)).count();
    let letters = count(char::is_alphabetic);
    let share =
        |number: usize| if number == 0 { 0 } else { 1 + (number * 10).checked_div(letters).unwrap_or(10).min(10) };
    let mut shape = |name: &str, number: usize| features.push((FeatureKind::Shape, format!("{name} {number}")));
    shape("links", subject.text.shown().links().len().min(5));
    shape("length", words.max(1).ilog2() as usize);
    shape("capitals", share(count(char::is_uppercase)));
    shape("digits", share(count(|c| c.is_numeric())));
    shape("exclamation marks", count(|c| c == '!').min(4));
    shape("money signs", count(|c| matches!(c, '$' | '€' | '£' | '¥')).min(2));
    let days = subject.now.since(subject.author.since).as_secs() / 86_400;
    features.push((FeatureKind::Author, format!("approved {}", trust(subject.author))));
    // one who comes again under another account often keeps his name
    let name = fold(subject.author_name, Accents::Ignored);
    let words = name.first().into_iter().flat_map(Folded::tokens).take(NAME_WORDS);
    features.extend(
        words.map(|word| (FeatureKind::Author, format!("name {}", word.chars().take(WORD_CHARS).collect::<String>()))),
    );
    features.push((FeatureKind::Author, format!("days {}", days.min(1_000).checked_ilog2().map_or(0, |log| log + 1))));
    features
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn features(source: &str) -> Vec<Feature> {
        let now = Timestamp::from_micros(0);
        of(&Subject::new(&Text::of(source), &AuthorHistory::newcomer(now), now))
    }

    #[test]
    fn words_pairs_parts_hosts_and_shape_are_features() {
        let found = features("Call **0800** now https://www.shop.example/x");
        for (kind, name) in [
            (FeatureKind::Word, "call"),
            (FeatureKind::Word, "0800"),
            (FeatureKind::Word, "0000"),
            (FeatureKind::Pair, "call 0800"),
            (FeatureKind::Part, "<cal"),
            (FeatureKind::Host, "shop.example"),
            (FeatureKind::Shape, "links 1"),
            (FeatureKind::Author, "approved 0"),
        ] {
            assert!(found.contains(&Feature { kind, name: name.to_owned() }), "{kind:?} {name}");
        }
    }

    #[test]
    fn of_a_long_text_its_beginning_and_its_end_are_seen() {
        let text: String =
            (0..900).map(|number| format!("w{} ", "x".repeat(number % 7) + &number.to_string())).collect();
        let text = format!("first {text} last");
        let found = features(&text);
        assert_eq!(found.len(), MAX_FEATURES);
        for name in ["first", "last"] {
            assert!(found.contains(&Feature { kind: FeatureKind::Word, name: name.to_owned() }));
        }
    }

    #[test]
    fn a_slot_stays_the_same_for_ever() {
        assert_eq!(Feature { kind: FeatureKind::Word, name: "viagra".to_owned() }.slot(), Slot(7_278));
    }

    proptest! {
        #[test]
        fn features_are_bounded_and_always_the_same(source in "(\\PC|[a-z 0-9!]){0,300}") {
            let found = features(&source);
            let slots: HashSet<Slot> = found.iter().map(Feature::slot).collect();
            prop_assert!(found.len() <= MAX_FEATURES && slots.len() == found.len());
            prop_assert!(slots.iter().all(|slot| slot.0 < SLOTS));
            prop_assert_eq!(found, features(&source));
        }
    }
}
