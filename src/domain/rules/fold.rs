//! Text as lists of words compare it: folded, so that what reads alike is alike.
//!
//! Compatibility forms (NFKD, UAX 15), case, letters of other alphabets that imitate Latin ones (UTS 39), characters that
//! nobody sees, letters typed again and again, and letters typed apart ("v i a g r a") all become what they stand for.
//! Phrases and texts go the same way, so nothing has to be undone; each folded character knows what it came from.

use std::{collections::HashMap, ops::Range};

use serde::{Deserialize, Serialize};
use unicode_normalization::{
    UnicodeNormalization,
    char::{canonical_combining_class, is_combining_mark},
};
use unicode_script::{Script, UnicodeScript};
use unicode_security::confusable_detection::skeleton;
use utoipa::ToSchema;

use crate::domain::visible::is_format;

/// From how many on a letter that is repeated was typed for effect: no word of ours has as many.
const REPEATED: usize = 3;
/// So many letters typed apart are a word.
const SPELLED_OUT: usize = 3;

/// A folded text: words with a space around each, `" like this "`. Characters of scripts that are written without
/// spaces, and symbols, stand side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folded {
    text: String,
    /// In the order of the text, the spaces left out.
    letters: Vec<Letter>,
}

/// A folded character.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Letter {
    /// Where it begins in the folded text.
    at: usize,
    /// What it came from.
    from: Range<usize>,
}

/// Whether accents make another word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Accents {
    /// "cafe" and "café" are one.
    #[default]
    Ignored,
    /// They are two.
    Kept,
}

/// Folds a text. Where a letter was repeated for effect there are two results, as nobody knows whether "coool" is "cool"
/// or "viiiagra" "viagra".
pub fn fold(text: &str, accents: Accents) -> Vec<Folded> {
    let mut known = Known::default();
    let words = spelled(words(text, &mut known));
    let mut is_repeated = false;
    let twice = write(&words, accents, 2, &mut known, &mut is_repeated);
    if is_repeated {
        let once = write(&words, accents, 1, &mut known, &mut is_repeated);
        return vec![twice, once];
    }
    vec![twice]
}

impl Folded {
    /// The words with a space around each.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words; of a script without spaces, each character.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.text.split_ascii_whitespace().flat_map(|word| {
            let is_alone = word.chars().next().is_some_and(|c| !is_of_words(c));
            let ends = word.char_indices().map(move |(at, c)| (at, at + c.len_utf8()));
            let chars = ends.map(move |(from, to)| &word[from..to]);
            let (chars, whole) = if is_alone { (Some(chars), None) } else { (None, Some(word)) };
            chars.into_iter().flatten().chain(whole)
        })
    }

    /// What these bytes of the folded text came from; nothing for spaces alone.
    pub fn source_of(&self, at: Range<usize>) -> Option<Range<usize>> {
        let first = self.letters.partition_point(|letter| letter.at < at.start);
        let end = self.letters.partition_point(|letter| letter.at < at.end);
        let letters = self.letters.get(first..end)?;
        let start = letters.iter().map(|letter| letter.from.start).min()?;
        let end = letters.iter().map(|letter| letter.from.end).max()?;
        Some(start..end)
    }
}

/// What a character is to words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word.
    Letter,
    /// A word of its own, as its script knows no spaces, or a picture.
    Alone,
    /// Between words.
    Gap,
}

fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { Class::Letter } else { Class::Gap };
    }
    if c.is_alphanumeric() || is_combining_mark(c) {
        let is_alone = matches!(
            c.script(),
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
                | Script::Tibetan
        );
        return if is_alone { Class::Alone } else { Class::Letter };
    }
    let is_punctuation = matches!(c, '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}');
    if c.is_whitespace() || c.is_control() || is_punctuation { Class::Gap } else { Class::Alone }
}

/// Whether a folded character is one of those that are written together as words, with spaces between.
pub(super) fn is_of_words(c: char) -> bool {
    class(c) == Class::Letter
}

/// A word as it was written.
struct Word {
    chars: Vec<(char, Range<usize>)>,
    /// Characters between it and the word before.
    gap: usize,
    is_alone: bool,
    /// Letters of other alphabets in it stand for Latin ones.
    imitates: bool,
}

/// What was found out about characters other than ASCII; looking it up in Unicode's tables is dear, and texts repeat
/// their letters.
#[derive(Default)]
struct Known {
    letters: HashMap<char, About>,
    foldings: HashMap<char, Vec<char>>,
}

/// What a character is to imitation.
#[derive(Clone, Copy)]
struct About {
    is_latin: bool,
    /// A letter of another alphabet.
    is_foreign: bool,
    /// The Latin letter or digit that looks like it.
    twin: Option<char>,
}

impl Known {
    fn about(&mut self, c: char) -> About {
        if c.is_ascii() {
            return About { is_latin: c.is_ascii_alphabetic(), is_foreign: false, twin: None };
        }
        *self.letters.entry(c).or_insert_with(|| {
            let (is_letter, script) = (c.is_alphabetic(), c.script());
            let is_foreign = is_letter && !matches!(script, Script::Latin | Script::Common);
            About { is_latin: is_letter && script == Script::Latin, is_foreign, twin: latin_twin(c) }
        })
    }

    /// What a character becomes.
    fn folding(&mut self, c: char, accents: Accents) -> &[char] {
        self.foldings.entry(c).or_insert_with(|| {
            let mut folding = Vec::new();
            each_folded(c, accents, |folded| folding.push(folded));
            folding
        })
    }
}

fn words(text: &str, known: &mut Known) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut gap = 1;
    for (at, c) in text.char_indices() {
        if !c.is_ascii() && is_format(c) {
            continue;
        }
        let class = class(c);
        if class == Class::Gap {
            gap += 1;
            continue;
        }
        let is_alone = class == Class::Alone;
        let place = (c, at..at + c.len_utf8());
        match words.last_mut() {
            Some(word) if gap == 0 && (word.is_alone == is_alone || is_combining_mark(c)) => word.chars.push(place),
            _ => words.push(Word { chars: vec![place], gap, is_alone, imitates: false }),
        }
        gap = 0;
    }
    if text.is_ascii() {
        return words;
    }
    let is_latin_text = is_mostly_latin(text, known);
    for word in &mut words {
        word.imitates = imitates(word, is_latin_text, known);
    }
    words
}

fn is_mostly_latin(text: &str, known: &mut Known) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (latin, others) = letters.fold((0_usize, 0_usize), |(latin, others), c| {
        if known.about(c).is_latin { (latin + 1, others) } else { (latin, others + 1) }
    });
    latin > others
}

/// Whether letters of other alphabets are there to look like Latin ones: beside Latin ones in one word, or in a Latin text
/// as a word that has no other letters. A Russian word among Russian words is what it is.
fn imitates(word: &Word, is_latin_text: bool, known: &mut Known) -> bool {
    let (mut is_foreign, mut has_latin, mut have_twins) = (false, false, true);
    for (c, _) in &word.chars {
        let about = known.about(*c);
        is_foreign |= about.is_foreign;
        has_latin |= about.is_latin;
        have_twins &= !about.is_foreign || about.twin.is_some();
    }
    is_foreign && (has_latin || (is_latin_text && have_twins))
}

/// The Latin letter or digit that looks like this one.
fn latin_twin(c: char) -> Option<char> {
    let mut buffer = [0; 4];
    let mut twin = skeleton(c.encode_utf8(&mut buffer));
    let first = twin.next().filter(char::is_ascii_alphanumeric)?;
    twin.next().is_none().then_some(first)
}

/// Words with letters typed apart put together: at least three single ones with one space or sign between.
fn spelled(words: Vec<Word>) -> Vec<Word> {
    let mut spelled: Vec<Word> = Vec::with_capacity(words.len());
    let mut run: Vec<Word> = Vec::new();
    for word in words {
        let is_single =
            word.chars.iter().filter(|(c, _)| !is_combining_mark(*c)).count() == 1 && word.chars[0].0.is_alphabetic();
        let goes_on = run.first().is_some_and(|first| word.gap == 1 && first.is_alone == word.is_alone);
        if !(is_single && goes_on) {
            spelled.extend(put_together(std::mem::take(&mut run)));
        }
        if is_single { run.push(word) } else { spelled.push(word) }
    }
    spelled.extend(put_together(run));
    spelled
}

fn put_together(mut run: Vec<Word>) -> Vec<Word> {
    if run.len() < SPELLED_OUT {
        return run;
    }
    let rest = run.split_off(1);
    for word in rest {
        run[0].imitates |= word.imitates;
        run[0].chars.extend(word.chars);
    }
    run
}

/// Writes words, of letters that are repeated for effect so many as are told.
fn write(words: &[Word], accents: Accents, repeated: usize, known: &mut Known, is_repeated: &mut bool) -> Folded {
    let mut folded = Folded { text: String::from(" "), letters: Vec::new() };
    for word in words {
        let (mut last, mut times) = (None, 0);
        for (c, from) in &word.chars {
            let twin = if word.imitates { known.about(*c).twin } else { None };
            let Folded { text, letters } = &mut folded;
            let mut push = |folded: char| {
                times = if last == Some(folded) { times + 1 } else { 1 };
                last = Some(folded);
                if times >= REPEATED && folded.is_alphabetic() && !word.is_alone {
                    *is_repeated = true;
                    if repeated == 1 && times == REPEATED {
                        // the second one is out already
                        if let Some(second) = letters.pop() {
                            text.truncate(second.at);
                        }
                    }
                    // what is left out belongs to what stays
                    if let Some(kept) = letters.last_mut() {
                        kept.from.end = from.end;
                    }
                    return;
                }
                letters.push(Letter { at: text.len(), from: from.clone() });
                text.push(folded);
            };
            match twin.unwrap_or(*c) {
                c if c.is_ascii() => push(c.to_ascii_lowercase()),
                c => known.folding(c, accents).iter().copied().for_each(push),
            }
        }
        folded.sort_marks(accents);
        if folded.text.len() > 1 && !folded.text.ends_with(' ') {
            folded.text.push(' ');
        }
    }
    folded
}

impl Folded {
    /// Puts the accents of the last word's letters into their one order (Unicode Standard, D109).
    fn sort_marks(&mut self, accents: Accents) {
        if accents == Accents::Ignored {
            return;
        }
        let start = self.text.rfind(' ').map_or(0, |space| space + 1);
        let mut chars: Vec<char> = self.text[start..].chars().collect();
        let letters = self.letters.len() - chars.len();
        let mut order: Vec<usize> = (0..chars.len()).collect();
        let mut from = 0;
        while from < chars.len() {
            let marks = chars[from..].iter().take_while(|c| canonical_combining_class(**c) > 0).count();
            order[from..from + marks].sort_by_key(|&index| canonical_combining_class(chars[index]));
            from += marks.max(1);
        }
        if order.is_sorted() {
            return;
        }
        chars = order.iter().map(|&index| chars[index]).collect();
        let froms: Vec<Range<usize>> = order.iter().map(|&index| self.letters[letters + index].from.clone()).collect();
        self.text.truncate(start);
        for (index, (c, from)) in chars.into_iter().zip(froms).enumerate() {
            self.letters[letters + index] = Letter { at: self.text.len(), from };
            self.text.push(c);
        }
    }
}

/// Calls for each character that this one becomes.
fn each_folded(c: char, accents: Accents, mut each: impl FnMut(char)) {
    for decomposed in std::iter::once(c).nfkd() {
        // by way of the capital, which letters such as final sigma or sharp s share with their twins
        for folded in decomposed.to_uppercase().flat_map(char::to_lowercase) {
            let is_word = folded.is_alphanumeric() || is_combining_mark(folded) || class(folded) == Class::Alone;
            if is_word && !(accents == Accents::Ignored && is_accent(folded)) {
                each(folded);
            }
        }
    }
}

/// A mark that Latin, Greek and Cyrillic letters carry; the vowel signs of other scripts are letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
