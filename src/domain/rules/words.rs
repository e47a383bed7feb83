//! The rule `words`: phrases that hold a reply back, or mark it as spam.
//!
//! A phrase is one or more words; a star at its end stands for the rest of the last word. Phrase and text are folded alike
//! (`fold`); all phrases are looked for at once (Aho-Corasick), so that ten thousand cost little more than one.

use std::{borrow::Cow, collections::HashSet, ops::Range};

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::{
    Finding, Outcome, RuleName, Subject,
    fold::{Accents, Folded, fold},
    list::{self, BadEntry},
};

/// Phrases of one list at most.
pub const MAX_PHRASES: usize = 10_000;
/// Characters of a phrase at most.
pub const MAX_PHRASE_CHARS: usize = 200;
/// Places at which a text is marked at most; a text that has more is marked enough.
pub const MAX_HITS: usize = 100;
/// Phrases that a finding names.
const NAMED: usize = 10;

/// Settings of the rule.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WordSettings {
    /// Phrases that hold a reply back, 10,000 at most: one or more words, a star at the end for the rest of the last one.
    pub hold: Vec<String>,
    /// Phrases that make a reply spam, 10,000 at most.
    pub spam: Vec<String>,
    /// Whether accents make another word.
    pub accents: Accents,
}

/// The rule's settings, made ready.
#[derive(Clone, Debug)]
pub struct WordRule {
    hold: PhraseList,
    spam: PhraseList,
    accents: Accents,
}

impl WordRule {
    /// Makes settings ready. Errors: every entry that is not a phrase.
    pub fn new(settings: &WordSettings) -> Result<Self, Vec<BadEntry<PhraseError>>> {
        let mut bad = Vec::new();
        let parse = |entry: &str| Phrase::parse(entry, settings.accents);
        let mut ready = |name, entries| PhraseList::new(list::read(name, entries, parse, &mut bad), settings.accents);
        let (hold, spam) = (ready("hold", &settings.hold), ready("spam", &settings.spam));
        if bad.is_empty() { Ok(Self { hold, spam, accents: settings.accents }) } else { Err(bad) }
    }

    /// The listed phrases of a text.
    pub fn judge(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let folded = match self.accents {
            Accents::Ignored => Cow::Borrowed(subject.text.folded()),
            Accents::Kept => Cow::Owned(fold(subject.text.shown().text(), Accents::Kept)),
        };
        let lists = [(&self.spam, Outcome::Spam), (&self.hold, Outcome::Hold)];
        let found = lists.into_iter().filter_map(|(list, outcome)| {
            let hits = list.find(&folded);
            let mut names: Vec<&str> = hits.iter().map(|hit| list.phrases[hit.phrase].as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let more = names.len().saturating_sub(NAMED);
            names.truncate(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let words = format!("listed: {}{more}", names.join(", "));
            let spans = hits.iter().filter_map(|hit| subject.text.shown().source_of(hit.at.clone()));
            (!hits.is_empty()).then(|| Finding::certain(RuleName::Words, outcome, words).at(spans))
        });
        let mut findings: Vec<Finding> = found.collect();
        if findings.is_empty() {
            findings.push(Finding::nothing(RuleName::Words));
        }
        findings
    }
}

/// Why a text is not a phrase.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum PhraseError {
    /// Nothing, or white space.
    #[error("a phrase needs some text")]
    Empty,
    /// Too many characters.
    #[error("a phrase may have {MAX_PHRASE_CHARS} characters at most, this one has {0}")]
    TooLong(usize),
    /// A star that is not the last character of a word at the end.
    #[error("`*` stands at the end of a phrase's last word only")]
    MisplacedStar,
    /// Only signs and characters that nobody sees.
    #[error("nothing of this phrase is left to be looked for: it needs letters, digits or pictures")]
    FoldsToNothing,
}

/// A phrase to be looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phrase {
    /// As it was written, without white space around it.
    text: String,
    /// Whether the last word may go on.
    is_prefix: bool,
}

impl Phrase {
    /// A phrase of a list; `accents` as the list is compared. Errors: [`PhraseError`], the first that applies.
    pub fn parse(text: &str, accents: Accents) -> Result<Self, PhraseError> {
        let text = text.trim();
        let chars = text.chars().count();
        let (words, is_prefix) = text.strip_suffix('*').map_or((text, false), |words| (words, true));
        if text.is_empty() {
            return Err(PhraseError::Empty);
        }
        if chars > MAX_PHRASE_CHARS {
            return Err(PhraseError::TooLong(chars));
        }
        if words.contains('*') || (is_prefix && words.ends_with(char::is_whitespace)) {
            return Err(PhraseError::MisplacedStar);
        }
        if fold(words, accents).iter().all(|way| way.text().trim().is_empty()) {
            return Err(PhraseError::FoldsToNothing);
        }
        Ok(Self { text: text.to_owned(), is_prefix })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What to look for in folded texts: one pattern for each way to read the phrase.
    fn patterns(&self, accents: Accents) -> impl Iterator<Item = String> {
        let words = self.text.trim_end_matches('*');
        let is_prefix = self.is_prefix;
        fold(words, accents).into_iter().map(move |way| {
            let words = way.text().trim();
            // scripts without spaces have no ends of words
            let is_alone = |c: Option<char>| c.is_some_and(|c| !super::fold::is_of_words(c));
            let start = if is_alone(words.chars().next()) { "" } else { " " };
            let end = if is_prefix || is_alone(words.chars().next_back()) { "" } else { " " };
            format!("{start}{words}{end}")
        })
    }
}

/// A list of phrases, made ready to be looked for.
#[derive(Clone, Debug)]
pub struct PhraseList {
    phrases: Vec<Phrase>,
    automaton: AhoCorasick,
    /// The number of the phrase that each pattern is of.
    patterns: Vec<usize>,
}

/// A phrase that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Its place in the text.
    pub at: Range<usize>,
    /// Its number in the list.
    pub phrase: usize,
}

impl PhraseList {
    /// Makes phrases ready: dear, so done once for a policy.
    pub fn new(phrases: Vec<Phrase>, accents: Accents) -> Self {
        let numbered = phrases.iter().enumerate();
        // what several phrases look for is found once, as the first of them
        let mut seen = HashSet::new();
        let (patterns, texts): (Vec<usize>, Vec<String>) = numbered
            .flat_map(|(number, phrase)| phrase.patterns(accents).map(move |pattern| (number, pattern)))
            .filter(|(_, pattern)| seen.insert(pattern.clone()))
            .unzip();
        let automaton = AhoCorasick::new(texts).expect("lists are far shorter than an automaton may be");
        Self { phrases, automaton, patterns }
    }

    /// The phrases in a text that was folded as they were, in the order of their places; [`MAX_HITS`] at most.
    pub fn find(&self, folded: &[Folded]) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for way in folded {
            let found = self.automaton.find_overlapping_iter(way.text()).filter_map(|found| {
                let phrase = self.patterns[found.pattern().as_usize()];
                Some(Hit { at: way.source_of(found.range())?, phrase })
            });
            hits.extend(found.take(MAX_HITS));
        }
        hits.sort_unstable_by_key(|hit| (hit.at.start, hit.at.end, hit.phrase));
        hits.dedup();
        hits.truncate(MAX_HITS);
        hits
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
