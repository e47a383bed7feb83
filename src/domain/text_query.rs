//! What somebody looks for in texts: words that must all be there, phrases, beginnings of words, and words that must not.
//!
//! Whatever is typed means something: signs that mean nothing here are left out. The same query decides about a single text
//! ([`TextQuery::matches`]) and is asked of an index ([`Term::tokens`]), which finds at least what matches.

mod words;

use std::ops::Range;

pub use words::index_words;
use words::{Word, Words};

use super::visible::is_format;

/// Terms of a query, wanted ones and unwanted ones; more are left out.
pub const TERMS_MAX: usize = 16;
/// Words of all these terms, of which a Chinese sentence has one a character.
const WORDS_MAX: usize = 64;
/// Characters of a query that are read.
const READ_MAX_CHARS: usize = 1_000;
/// Letters of the beginning of a word.
const PREFIX_MIN_CHARS: usize = 2;

/// What somebody looks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextQuery {
    wanted: Vec<Term>,
    unwanted: Vec<Term>,
}

/// A word, or several that stand one behind the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    words: Words,
    /// Of its last word only the beginning is told.
    is_prefix: bool,
}

/// What an index is asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Token {
    /// Never empty; of ASCII nothing but small letters and digits.
    pub text: String,
    /// Also longer ones that begin so.
    pub is_prefix: bool,
}

impl TextQuery {
    /// Reads what somebody typed; nothing if there is no word to look for. Words must all be there, in any order;
    /// `"these in this order"`, and so what is written without a space (`foo-bar`); `begin*`, of two letters at least;
    /// `-without`.
    pub fn parse(typed: &str) -> Option<Self> {
        let end = typed.char_indices().nth(READ_MAX_CHARS).map_or(typed.len(), |(at, _)| at);
        let mut query = Self { wanted: Vec::new(), unwanted: Vec::new() };
        let mut rest = &typed[..end];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
            if rest.is_empty() {
                break;
            }
            let unsigned = rest.trim_start_matches('-');
            let is_unwanted = unsigned.len() < rest.len();
            let (typed, behind) = next_term(unsigned);
            rest = behind;
            let terms = if is_unwanted { &mut query.unwanted } else { &mut query.wanted };
            let words_left = WORDS_MAX - terms.iter().map(|term| term.words.len()).sum::<usize>();
            if let Some(term) = Term::of(typed, rest.starts_with('*'), words_left)
                && terms.len() < TERMS_MAX
                && !terms.contains(&term)
            {
                terms.push(term);
            }
        }
        (!query.wanted.is_empty()).then_some(query)
    }

    /// Whether a text has all that is looked for.
    pub fn matches(&self, text: &str) -> bool {
        self.matches_in(&[text])
    }

    /// Whether each thing that is looked for stands in one of these texts, and in none what must not be there.
    pub fn matches_in(&self, texts: &[&str]) -> bool {
        let texts: Vec<Words> = texts.iter().map(|text| Words::of(text)).collect();
        let is_there = |term: &Term| texts.iter().any(|words| term.places(words).next().is_some());
        self.wanted.iter().all(is_there) && !self.unwanted.iter().any(is_there)
    }

    /// Where in a text the things stand that are looked for, in bytes: in order, apart from each other, none empty. Also of
    /// a text that has only some of them.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let words = Words::of(text);
        let mut places: Vec<Range<usize>> = self.wanted.iter().flat_map(|term| term.places(&words)).collect();
        places.sort_unstable_by_key(|place| (place.start, place.end));
        let mut marks: Vec<Range<usize>> = Vec::with_capacity(places.len());
        for place in places {
            match marks.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => marks.push(place),
            }
        }
        marks
    }

    /// What must be there; never empty.
    pub fn wanted(&self) -> &[Term] {
        &self.wanted
    }

    /// What must not be there.
    pub fn unwanted(&self) -> &[Term] {
        &self.unwanted
    }
}

/// The next thing that was typed, and what is behind it.
fn next_term(typed: &str) -> (&str, &str) {
    let is_quote = |c: char| matches!(c, '"' | '\u{201c}'..='\u{201f}' | '\u{ff02}');
    let inside = typed.strip_prefix(is_quote);
    if let Some((phrase, behind)) = inside.and_then(|inside| inside.split_once(is_quote)) {
        return (phrase, behind);
    }
    // one that nothing closes
    let typed = inside.unwrap_or(typed);
    // separators of lines and paragraphs pass unseen inside of words, here as in texts
    let is_gap = |c: char| c.is_whitespace() && !is_format(c);
    typed.split_at(typed.find(|c: char| is_gap(c) || is_quote(c)).unwrap_or(typed.len()))
}

impl Term {
    fn of(typed: &str, is_starred: bool, words_max: usize) -> Option<Self> {
        let words = Words::of(typed).cut(words_max);
        let last = words.last()?;
        let is_starred = is_starred || typed[last.from.end..].starts_with('*');
        let is_prefix = is_starred && !last.is_character && last.text.chars().nth(PREFIX_MIN_CHARS - 1).is_some();
        Some(Self { words, is_prefix })
    }

    /// Where it stands in a text.
    fn places<'a>(&'a self, text: &'a Words) -> impl Iterator<Item = Range<usize>> + 'a {
        (0..(text.len() + 1).saturating_sub(self.words.len())).filter_map(|start| self.place(text, start))
    }

    fn place(&self, text: &Words, start: usize) -> Option<Range<usize>> {
        let last = self.words.len() - 1;
        for (index, word) in self.words.iter().enumerate() {
            let is_prefix = self.is_prefix && index == last;
            if !is_word(&word, &text.get(start + index)?, is_prefix) {
                return None;
            }
        }
        Some(text.get(start)?.from.start..text.get(start + last)?.from.end)
    }

    /// What an index of [`index_words`] is asked for: each of these is there wherever the term is.
    pub fn tokens(&self) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut words = self.words.iter().enumerate().peekable();
        while let Some((index, word)) = words.next() {
            let next = words.peek().map(|(_, next)| next).filter(|next| next.is_joined);
            let token = match next {
                Some(next) => Token { text: format!("{}{}", word.text, next.text), is_prefix: false },
                // the second one of a pair
                None if word.is_joined => continue,
                None => {
                    let is_prefix = self.is_prefix && index + 1 == self.words.len();
                    Token { text: word.text.to_owned(), is_prefix }
                }
            };
            if !tokens.contains(&token) {
                tokens.push(token);
            }
        }
        tokens
    }

    /// Whether wherever its tokens are, it is itself: it is one word, and one that no character can be taken for.
    pub fn is_one_token(&self) -> bool {
        let is_one =
            self.words.len() == 1 || self.words.len() == 2 && self.words.last().is_some_and(|last| last.is_joined);
        is_one && self.words.iter().all(|word| word.is_character || words::begins_with_a_letter(word.text))
    }
}

fn is_word(wanted: &Word<'_>, found: &Word<'_>, is_prefix: bool) -> bool {
    wanted.is_character == found.is_character
        && (found.is_joined || !wanted.is_joined)
        && (wanted.text == found.text || is_prefix && found.text.starts_with(wanted.text))
}

#[cfg(test)]
#[path = "text_query_tests.rs"]
mod tests;
