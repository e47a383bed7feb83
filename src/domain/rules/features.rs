//! What the classifier sees of a text: its features, each in one of a fixed number of slots.

use std::fmt;

use super::{
    AuthorHistory, Subject, Text,
    fold::{Accents, Folded, fold},
    links::registrable,
    stable_hash::StableHash,
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

/// Something that a text has. Most of them nobody asks for by their names, so these are put together when somebody does.
#[derive(Clone, Debug)]
pub struct Feature<'t> {
    pub kind: FeatureKind,
    name: Name<'t>,
    hash: u64,
}

/// What a feature is called: pieces of the text, or what was made of it.
#[derive(Clone, Debug)]
enum Name<'t> {
    Word(&'t str),
    /// A word with each of its digits as 0.
    Digits(&'t str),
    Pair(&'t str, &'t str),
    /// Some characters, and whether the word's beginning and its end belong to them.
    Part(&'t str, bool, bool),
    Made(String),
}

impl Name<'_> {
    /// Calls for each of its pieces.
    fn each(&self, mut each: impl FnMut(&str)) {
        match self {
            Self::Word(word) => each(word),
            Self::Digits(word) => {
                let mut buffer = [0; 4];
                word.chars().for_each(|c| each(if c.is_numeric() { "0" } else { c.encode_utf8(&mut buffer) }));
            }
            Self::Pair(first, second) => [first, " ", second].into_iter().for_each(each),
            Self::Part(part, is_first, is_last) => {
                each(if *is_first { "<" } else { "" });
                each(part);
                each(if *is_last { ">" } else { "" });
            }
            Self::Made(name) => each(name),
        }
    }
}

/// Its kind and its name.
impl fmt::Display for Feature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            FeatureKind::Host => "host ",
            FeatureKind::Shape => "shape ",
            FeatureKind::Author => "author ",
            FeatureKind::Word => "word ",
            FeatureKind::Pair => "pair ",
            FeatureKind::Part => "part ",
        })?;
        let mut written = Ok(());
        self.name.each(|piece| written = written.and_then(|()| f.write_str(piece)));
        written
    }
}

impl<'t> Feature<'t> {
    fn new(kind: FeatureKind, name: Name<'t>) -> Self {
        let mut hash = StableHash::default();
        hash.write(&[kind as u8]);
        name.each(|piece| hash.write(piece.as_bytes()));
        Self { kind, name, hash: hash.finish() }
    }

    /// Its slot: the same everywhere and for ever, as counts are stored under it.
    pub fn slot(&self) -> Slot {
        Slot(u32::try_from(self.hash & u64::from(SLOTS - 1)).unwrap_or_default())
    }
}

/// The features of a text whose author nobody knows.
pub fn of_text(text: &Text) -> Vec<Feature<'_>> {
    let now = Timestamp::from_micros(0);
    of(text, &Subject::new(text, &AuthorHistory::newcomer(now), now))
}

/// The features of a subject's text, each slot once; [`MAX_FEATURES`] at most, always the same ones.
pub fn of<'t>(text: &'t Text, subject: &Subject<'_>) -> Vec<Feature<'t>> {
    let tokens: Vec<&'t str> = text.folded().first().into_iter().flat_map(Folded::tokens).collect();
    let skipped = tokens.len().saturating_sub(LAST_WORDS).max(FIRST_WORDS);
    let both_ends = [&tokens[..tokens.len().min(FIRST_WORDS)], tokens.get(skipped..).unwrap_or_default()];
    let mut features = around(subject, tokens.len());
    for words in both_ends {
        for word in words {
            let word = first_chars(word, WORD_CHARS);
            if word.contains(|c: char| c.is_numeric()) {
                // telephone numbers and prices are all different, and alike
                features.push(Feature::new(FeatureKind::Word, Name::Digits(word)));
            }
            features.push(Feature::new(FeatureKind::Word, Name::Word(word)));
        }
        for pair in words.windows(2) {
            let [first, second] = [pair[0], pair[1]].map(|word| first_chars(word, WORD_CHARS));
            features.push(Feature::new(FeatureKind::Pair, Name::Pair(first, second)));
        }
    }
    let mut is_taken = vec![false; SLOTS as usize];
    let mut keep = |features: &mut Vec<Feature<'t>>| {
        features.sort_unstable_by_key(|feature| (feature.kind, feature.hash));
        features.retain(|feature| !std::mem::replace(&mut is_taken[feature.slot().0 as usize], true));
    };
    keep(&mut features);
    if features.len() < MAX_FEATURES {
        let mut parts = Vec::new();
        both_ends.into_iter().flatten().for_each(|word| add_parts(first_chars(word, WORD_CHARS), &mut parts));
        keep_least(&mut parts);
        keep(&mut parts);
        features.extend(parts);
    }
    features.truncate(MAX_FEATURES);
    features
}

/// Leaves of each part one, and more than enough of those with the least hashes: to bring all of them into order takes
/// most of the time.
fn keep_least(parts: &mut Vec<Feature<'_>>) {
    let mut hashes: Vec<u64> = parts.iter().map(|part| part.hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    if let Some(most) = hashes.get(2 * MAX_FEATURES) {
        parts.retain(|part| part.hash < *most);
    }
}

/// So many characters of a word at most.
fn first_chars(word: &str, chars: usize) -> &str {
    word.char_indices().nth(chars).map_or(word, |(end, _)| &word[..end])
}

/// Three to five characters in a row; the word's ends count as one each.
fn add_parts<'t>(word: &'t str, features: &mut Vec<Feature<'t>>) {
    let mut bounds: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    bounds.push(word.len());
    let chars = bounds.len() - 1;
    for length in 3..=5 {
        for from in 0..(chars + 3).saturating_sub(length) {
            let (is_first, is_last) = (from == 0, from + length == chars + 2);
            let start = bounds[from.max(1) - 1];
            let end = bounds[(from + length - 1).min(chars)];
            features.push(Feature::new(FeatureKind::Part, Name::Part(&word[start..end], is_first, is_last)));
        }
    }
}

/// How many replies of an author stand approved, in steps that double.
pub(super) fn trust(author: &AuthorHistory) -> u32 {
    u64::try_from(author.approved).unwrap_or_default().min(1_000).checked_ilog2().map_or(0, |log| log + 1)
}

/// What is no word.
fn around<'t>(subject: &Subject<'_>, words: usize) -> Vec<Feature<'t>> {
    let text = subject.text.shown().text();
    let mut features = Vec::new();
    for link in subject.text.shown().links().iter().take(MAX_FEATURES) {
        if let Some(host) = link.host() {
            features.push((FeatureKind::Host, registrable(&host).to_owned()));
        }
    }
    let (mut letters, mut capitals, mut digits, mut exclamations, mut money) = (0_usize, 0, 0, 0, 0);
    for c in text.chars() {
        letters += usize::from(c.is_alphabetic());
        capitals += usize::from(c.is_uppercase());
        digits += usize::from(c.is_numeric());
        exclamations += usize::from(c == '!');
        money += usize::from(matches!(c, '$' | '€' | '£' | '¥'));
    }
    let share =
        |number: usize| if number == 0 { 0 } else { 1 + (number * 10).checked_div(letters).unwrap_or(10).min(10) };
    let mut shape = |name: &str, number: usize| features.push((FeatureKind::Shape, format!("{name} {number}")));
    shape("links", subject.text.shown().links().len().min(5));
    shape("length", words.max(1).ilog2() as usize);
    shape("capitals", share(capitals));
    shape("digits", share(digits));
    shape("exclamation marks", exclamations.min(4));
    shape("money signs", money.min(2));
    let days = subject.now.since(subject.author.since).as_secs() / 86_400;
    features.push((FeatureKind::Author, format!("approved {}", trust(subject.author))));
    // one who comes again under another account often keeps his name
    let name = fold(subject.author_name, Accents::Ignored);
    let words = name.first().into_iter().flat_map(Folded::tokens).take(NAME_WORDS);
    features.extend(
        words.map(|word| (FeatureKind::Author, format!("name {}", word.chars().take(WORD_CHARS).collect::<String>()))),
    );
    features.push((FeatureKind::Author, format!("days {}", days.min(1_000).checked_ilog2().map_or(0, |log| log + 1))));
    features.into_iter().map(|(kind, name)| Feature::new(kind, Name::Made(name))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    /// Kinds with names, and slots.
    fn features(source: &str) -> Vec<(String, Slot)> {
        of_text(&Text::of(source)).iter().map(|feature| (feature.to_string(), feature.slot())).collect()
    }

    fn has(found: &[(String, Slot)], name: &str) -> bool {
        found.iter().any(|(known, _)| known == name)
    }

    #[test]
    fn words_pairs_parts_hosts_and_shape_are_features() {
        let found = features("Call **0800** now https://www.shop.example/x");
        for name in [
            "word call",
            "word 0800",
            "word 0000",
            "pair call 0800",
            "part <cal",
            "part call>",
            "part all",
            "part <now>",
            "host shop.example",
            "shape links 1",
            "author approved 0",
        ] {
            assert!(has(&found, name), "{name}: {found:?}");
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
            assert!(has(&found, &format!("word {name}")));
        }
    }

    #[test]
    fn a_slot_stays_the_same_for_ever() {
        let slot = |kind, name| Feature::new(kind, name).slot();
        assert_eq!(slot(FeatureKind::Word, Name::Word("viagra")), Slot(7_278));
        assert_eq!(slot(FeatureKind::Word, Name::Made("viagra".to_owned())), Slot(7_278));
        let pieces = [Name::Part("via", true, false), Name::Made("<via".to_owned())];
        assert_eq!(slot(FeatureKind::Part, pieces[0].clone()), slot(FeatureKind::Part, pieces[1].clone()));
        assert_eq!(slot(FeatureKind::Word, Name::Digits("a4711")), slot(FeatureKind::Word, Name::Word("a0000")));
    }

    proptest! {
        #[test]
        fn features_are_bounded_and_always_the_same(source in "(\\PC|[a-z 0-9!]){0,300}") {
            let found = features(&source);
            let slots: HashSet<Slot> = found.iter().map(|(_, slot)| *slot).collect();
            prop_assert!(found.len() <= MAX_FEATURES && slots.len() == found.len());
            prop_assert!(slots.iter().all(|slot| slot.0 < SLOTS));
            prop_assert_eq!(found, features(&source));
        }
    }
}
