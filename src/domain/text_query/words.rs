//! A text as the words that a search compares: the same for both databases, and the same for ever, since indexes hold
//! them.
//!
//! A word is a run of letters, marks and digits, folded: compatibility forms (NFKD, UAX 15), case, accents and vowel points
//! of languages that also write without them. What is written without spaces between words, or with endings that stick to
//! them (Korean), has no runs to be words; there each character is one, and those side by side are indexed in pairs.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_script::{Script, UnicodeScript};

use crate::domain::visible::is_format;

/// Words of a text that are looked at, and bytes of them: more than what is posted here has, and so few that PostgreSQL, which
/// takes a megabyte, takes them with all pairs of characters.
const WORDS_MAX: usize = 65_536;
const FOLDED_MAX_BYTES: usize = 256 * 1024;
/// Characters of a word that count; in what is longer nobody looks for the rest.
const WORD_MAX_CHARS: usize = 40;
/// From how many letters behind an apostrophe on what follows is a word: "l'homme" is two, "don't" is one.
const ELIDED: usize = 3;

/// A text's words in its order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Words {
    folded: String,
    words: Vec<Place>,
}

/// Where a word stands.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Place {
    /// In the folded text.
    folded: Range<usize>,
    /// In the source.
    from: Range<usize>,
    is_character: bool,
    is_joined: bool,
}

/// A word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Word<'a> {
    /// Folded: small letters, digits and whatever other scripts have, nothing else of ASCII.
    pub text: &'a str,
    /// The bytes of the source that it came from.
    pub from: Range<usize>,
    /// A character of what is written without spaces.
    pub is_character: bool,
    /// A character right behind another one.
    pub is_joined: bool,
}

/// What a character is to words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word.
    Letter,
    /// A word of its own.
    Character,
    /// Goes with what is before it.
    Mark,
    /// Goes with what is before it and is left out.
    Unseen,
    /// Between two letters neither part of the word nor its end.
    Apostrophe,
    /// Between words.
    Gap,
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return match c {
            '\'' => Class::Apostrophe,
            c if c.is_ascii_alphanumeric() => Class::Letter,
            _ => Class::Gap,
        };
    }
    match c {
        // apostrophes, and what Hebrew has for them
        '\u{2018}' | '\u{2019}' | '\u{2bb}'..='\u{2bd}' | '\u{ff07}' | '\u{5f3}' | '\u{5f4}' => Class::Apostrophe,
        // of Kana what no script claims; Hangul's vowels and ends that stand behind a letter; marks, but no selectors
        '\u{30fc}' | '\u{ff70}' => Class::Character,
        '\u{ff9e}' | '\u{ff9f}' | '\u{1161}'..='\u{11ff}' => Class::Mark,
        c if is_format(c) => Class::Unseen,
        c if is_combining_mark(c) => Class::Mark,
        c if !c.is_alphanumeric() => Class::Gap,
        c if is_without_spaces(c.script()) => Class::Character,
        _ => Class::Letter,
    }
}

/// Whether a folded word begins with what words are made of. It may have become a mark or a character: of U+0640 U+11AB the
/// first is left out, and U+3220 is folded to the U+4E00 inside.
pub(super) fn begins_with_a_letter(word: &str) -> bool {
    word.chars().next().is_some_and(|c| class(c) == Class::Letter)
}

fn is_without_spaces(script: Script) -> bool {
    use Script::*;
    matches!(
        script,
        Han | Hiragana
            | Katakana
            | Bopomofo
            | Hangul
            | Yi
            | Thai
            | Lao
            | Khmer
            | Myanmar
            | Tai_Le
            | Tai_Tham
            | Tai_Viet
    )
}

impl Words {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let mut words = Self::default();
        let mut known = HashMap::new();
        let mut at = 0;
        let mut end_of_characters = None;
        while let Some(c) = text[at..].chars().next()
            && words.words.len() < WORDS_MAX
            && words.folded.len() < FOLDED_MAX_BYTES
        {
            let class = class(c);
            let end = match class {
                Class::Letter => word_end(text, at),
                Class::Character => at + c.len_utf8() + marks_after(&text[at + c.len_utf8()..]),
                Class::Unseen | Class::Mark => {
                    // what nobody sees parts nothing
                    end_of_characters = end_of_characters.filter(|end| *end == at).map(|end| end + c.len_utf8());
                    at += c.len_utf8();
                    continue;
                }
                Class::Apostrophe | Class::Gap => {
                    at += c.len_utf8();
                    continue;
                }
            };
            if class == Class::Letter {
                words.push_word(text, at..end);
            } else {
                let (is_joined, before) = (end_of_characters == Some(at), words.len());
                words.push_characters(text, at..end, is_joined, &mut known);
                end_of_characters = (words.len() > before).then_some(end);
            }
            at = end;
        }
        words
    }

    pub fn len(&self) -> usize {
        self.words.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = Word<'_>> {
        self.words.iter().map(|place| self.word(place))
    }

    pub fn get(&self, index: usize) -> Option<Word<'_>> {
        self.words.get(index).map(|place| self.word(place))
    }

    /// The last one.
    pub fn last(&self) -> Option<Word<'_>> {
        self.words.last().map(|place| self.word(place))
    }

    /// The first words alone.
    pub fn cut(mut self, words: usize) -> Self {
        self.words.truncate(words);
        self
    }

    fn word(&self, place: &Place) -> Word<'_> {
        let Place { folded, from, is_character, is_joined } = place.clone();
        Word { text: &self.folded[folded], from, is_character, is_joined }
    }

    fn push(&mut self, start: usize, from: Range<usize>, is_character: bool, is_joined: bool) {
        if self.folded.len() > start {
            self.words.push(Place { folded: start..self.folded.len(), from, is_character, is_joined });
        }
    }

    fn push_word(&mut self, text: &str, from: Range<usize>) {
        let (start, written) = (self.folded.len(), &text[from.clone()]);
        if written.is_ascii() {
            let letters = written.chars().filter(char::is_ascii_alphanumeric);
            self.folded.extend(letters.take(WORD_MAX_CHARS).map(|c| c.to_ascii_lowercase()));
        } else {
            self.folded.extend(folded(written).take(WORD_MAX_CHARS));
        }
        self.push(start, from, false, false);
    }

    /// A character with its marks, as what it becomes: mostly one again.
    fn push_characters(
        &mut self,
        text: &str,
        from: Range<usize>,
        mut is_joined: bool,
        known: &mut HashMap<char, Option<char>>,
    ) {
        let written = &text[from.clone()];
        let mut chars = written.chars();
        let alone = chars.next().filter(|_| chars.next().is_none());
        // looking it up is dear, and texts repeat their characters
        let twin = alone.and_then(|c| *known.entry(c).or_insert_with(|| only(folded(written))));
        let characters = twin.into_iter().chain(folded(if twin.is_some() { "" } else { written }));
        for c in characters.take(WORD_MAX_CHARS) {
            let start = self.folded.len();
            self.folded.push(c);
            self.push(start, from.clone(), true, is_joined);
            is_joined = true;
        }
    }
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}

/// Where the word ends that begins here.
fn word_end(text: &str, start: usize) -> usize {
    let (mut end, mut letters) = (start, 0);
    for (at, c) in text[start..].char_indices() {
        let after = start + at + c.len_utf8();
        match class(c) {
            Class::Letter => (end, letters) = (after, letters + 1),
            Class::Mark => end = after,
            Class::Unseen => {}
            Class::Apostrophe if goes_on(c, letters, &text[after..]) => {}
            _ => break,
        }
    }
    end
}

/// Whether a word goes on behind an apostrophe.
fn goes_on(apostrophe: char, letters_before: usize, rest: &str) -> bool {
    if matches!(apostrophe, '\u{5f3}' | '\u{5f4}') {
        return true;
    }
    let seen = rest.chars().map(class).filter(|class| !matches!(class, Class::Mark | Class::Unseen));
    let letters = seen.take(ELIDED).take_while(|class| *class == Class::Letter).count();
    letters_before > 1 && (1..ELIDED).contains(&letters)
}

/// The bytes of the marks that a text begins with.
fn marks_after(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        match class(c) {
            Class::Mark => end = at + c.len_utf8(),
            Class::Unseen => {}
            _ => break,
        }
    }
    end
}

/// What is compared of a part of a text.
fn folded(written: &str) -> impl Iterator<Item = char> + '_ {
    // by way of the capital, which letters such as final sigma or sharp s share with their twins
    let decomposed = written.nfkd().filter(|c| !is_left_out(*c));
    let small = decomposed.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let is_kept = |c: &char| !is_left_out(*c) && (c.is_alphanumeric() || is_combining_mark(*c));
    small.flat_map(plain).filter(is_kept).nfc()
}

/// Accents, and vowel points of languages that are mostly written without.
fn is_left_out(c: char) -> bool {
    match c {
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' => true,
        // apostrophes that pass for letters
        '\u{2bb}'..='\u{2bd}' => true,
        // Hebrew's points, Arabic's signs and its stretched lines
        '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' => true,
        c => !c.is_ascii() && is_format(c),
    }
}

/// Letters with a stroke and joined ones, which Unicode does not take apart.
fn plain(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'þ' => ('t', Some('h')),
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' | 'ð' => ('d', None),
        'ħ' => ('h', None),
        'ŧ' => ('t', None),
        c => (c, None),
    };
    std::iter::once(first).chain(second)
}

/// What an index keeps of a text: each word once, separated by spaces, in no order that means anything. Characters stand
/// alone and with the one behind them.
pub fn index_words(text: &str) -> String {
    let words = Words::of(text);
    let mut kept = HashSet::with_capacity(words.len());
    let mut index = String::with_capacity(words.folded.len() + words.len());
    let mut keep = |word: Range<usize>| {
        let word = &words.folded[word];
        if kept.insert(word) {
            if !index.is_empty() {
                index.push(' ');
            }
            index.push_str(word);
        }
    };
    let mut before = 0;
    for Place { folded, is_joined, .. } in &words.words {
        keep(folded.clone());
        if *is_joined {
            // what is joined stands side by side also in the folded text
            keep(before..folded.end);
        }
        before = folded.start;
    }
    index
}
