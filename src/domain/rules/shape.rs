//! The rule `shape`: how a text looks, whatever it says.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, Outcome, RuleName, Subject};
use crate::domain::visible::is_format;

/// Settings of the rule: what follows from each thing that it sees; `pass` switches it off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShapeSettings {
    /// Capitals for most of the letters.
    pub shouting: Outcome,
    /// Little beside links.
    pub mostly_links: Outcome,
    /// Little beside signs and pictures.
    pub mostly_symbols: Outcome,
    /// Far longer than the author's replies are.
    pub unusually_long: Outcome,
    /// Characters inside words that nobody sees.
    pub invisible: Outcome,
    /// Characters that turn the direction of a text around.
    pub direction: Outcome,
}

impl Default for ShapeSettings {
    fn default() -> Self {
        Self {
            shouting: Outcome::Flag,
            mostly_links: Outcome::Hold,
            mostly_symbols: Outcome::Flag,
            unusually_long: Outcome::Flag,
            invisible: Outcome::Hold,
            direction: Outcome::Hold,
        }
    }
}

/// Letters that a text needs before its capitals are counted.
const SHOUTING_LETTERS: usize = 20;
/// Of a hundred letters that have a case, so many capitals are shouting.
const SHOUTING_PERCENT: usize = 70;
/// Of a hundred visible characters, so many in links are most.
const LINKS_PERCENT: usize = 70;
/// Of a hundred visible characters, so many signs are most.
const SYMBOLS_PERCENT: usize = 60;
/// Visible characters that a text needs before its signs are counted.
const SYMBOLS_CHARS: usize = 10;
/// So many times as long as usual is unusual, from this length on.
const LONG_TIMES: usize = 10;
const LONG_CHARS: usize = 2_000;

/// What is counted of a text.
#[derive(Default)]
struct Counts {
    visible: usize,
    cased: usize,
    capitals: usize,
    symbols: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        for c in text.chars().filter(|c| !c.is_whitespace() && !is_format(*c)) {
            counts.visible += 1;
            counts.capitals += usize::from(c.is_uppercase());
            counts.cased += usize::from(c.is_uppercase() || c.is_lowercase());
            counts.symbols += usize::from(!c.is_alphanumeric());
        }
        counts
    }
}

/// Whether a text is so long that it matters how long the author's usually are.
pub fn may_be_unusually_long(source: &str) -> bool {
    source.chars().nth(LONG_CHARS - 1).is_some()
}

/// What the shape of a text says.
pub fn judge(settings: &ShapeSettings, subject: &Subject<'_>) -> Vec<Finding> {
    let text = subject.text.shown().text();
    let counts = Counts::of(text);
    let in_links: usize =
        subject.text.shown().links().iter().map(|link| Counts::of(&text[link.at.clone()]).visible).sum();
    let mut findings = Vec::new();
    let mut see = |is_so: bool, outcome: Outcome, words: String, spans: Vec<Range<usize>>| {
        if is_so && outcome > Outcome::Pass {
            findings.push(Finding::certain(RuleName::Shape, outcome, words).at(spans));
        }
    };
    let is_shouting = counts.cased >= SHOUTING_LETTERS && counts.capitals * 100 >= counts.cased * SHOUTING_PERCENT;
    let words = format!("{} of {} letters are capitals", counts.capitals, counts.cased);
    see(is_shouting, settings.shouting, words, Vec::new());

    let is_mostly_links = in_links > 0 && in_links * 100 >= counts.visible * LINKS_PERCENT;
    let spans = subject.text.shown().links().iter().map(|link| link.source.clone()).collect();
    let words = format!("{in_links} of {} characters are links", counts.visible);
    see(is_mostly_links, settings.mostly_links, words, spans);

    let is_mostly_symbols = counts.visible >= SYMBOLS_CHARS && counts.symbols * 100 >= counts.visible * SYMBOLS_PERCENT;
    let words = format!("{} of {} characters are signs or pictures", counts.symbols, counts.visible);
    see(is_mostly_symbols, settings.mostly_symbols, words, Vec::new());

    let chars = subject.text.source().chars().count();
    let usual = subject.author.usual_chars.map(|chars| chars as usize);
    let is_long = chars >= LONG_CHARS && usual.is_some_and(|usual| chars > usual.saturating_mul(LONG_TIMES));
    let words = format!("{chars} characters, where the author usually writes {}", usual.unwrap_or_default());
    see(is_long, settings.unusually_long, words, Vec::new());

    let spans = hidden(subject.text.source());
    let words = format!("{} characters that nobody sees inside words", spans.len());
    see(!spans.is_empty(), settings.invisible, words, spans);

    let spans = turning(subject.text.source());
    see(!spans.is_empty(), settings.direction, "characters turn the direction of the text around".to_owned(), spans);

    if findings.is_empty() {
        findings.push(Finding::nothing(RuleName::Shape));
    }
    findings
}

/// Characters that nobody sees between two letters or digits of scripts that do not need them.
fn hidden(source: &str) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    let mut before: Option<char> = None;
    let mut run: Option<Range<usize>> = None;
    for (at, c) in source.char_indices() {
        if is_hiding(c) {
            let end = at + c.len_utf8();
            run = Some(run.map_or(at..end, |run| run.start..end));
            continue;
        }
        if let Some(run) = run.take()
            && before.is_some_and(is_simple)
            && is_simple(c)
        {
            hidden.push(run);
        }
        before = Some(c);
    }
    hidden
}

/// Whether a character can hide in a word: joiners and the like, but no soft hyphen, which editors put in.
fn is_hiding(c: char) -> bool {
    is_format(c) && c != '\u{ad}' && !is_turning(c)
}

/// A letter or digit of a script whose words hold no joiners.
fn is_simple(c: char) -> bool {
    use unicode_script::{Script, UnicodeScript};
    c.is_ascii_digit() || (c.is_alphabetic() && matches!(c.script(), Script::Latin | Script::Greek | Script::Cyrillic))
}

/// Embeddings and overrides (UAX 9): no keyboard makes them, and they show a text in another order than it has.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}')
}

fn turning(source: &str) -> Vec<Range<usize>> {
    source.char_indices().filter(|(_, c)| is_turning(*c)).map(|(at, c)| at..at + c.len_utf8()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        rules::{AuthorHistory, Text},
        timestamp::Timestamp,
    };

    fn found(source: &str, usual_chars: Option<u32>) -> Vec<(Outcome, String, Vec<String>)> {
        let (text, now) = (Text::of(source), Timestamp::from_micros(0));
        let author = AuthorHistory { approved: 9, usual_chars, ..AuthorHistory::newcomer(now) };
        let findings = judge(&ShapeSettings::default(), &Subject::new(&text, &author, now));
        let found = findings.into_iter().filter(|finding| finding.outcome > Outcome::Pass);
        let at = |finding: &Finding| finding.spans.iter().map(|span| source[span.start..span.end].to_owned()).collect();
        found.map(|finding| (finding.outcome, finding.words.clone(), at(&finding))).collect()
    }

    #[test]
    fn ordinary_texts_have_no_shape() {
        for text in [
            "I agree with what was said.",
            "OK!",
            "NATO and the EU met in Rome.",
            "see https://example.org/a for what I mean, which is that it was said before",
            "日本語の文章です。",
            "هذا نص عربي.",
            "می\u{200c}خواهم",
            "1 + 1 = 2",
            "family: 👨\u{200d}👩\u{200d}👧",
        ] {
            assert_eq!(found(text, Some(100)), [], "{text}");
        }
    }

    #[test]
    fn shouting_and_signs_are_seen() {
        assert_eq!(found("THIS IS ALL A LIE AND EVERYBODY KNOWS it", None).len(), 1);
        assert_eq!(found("!!!!!!!! ??? $$$$ ok", None).len(), 1);
        assert_eq!(found("🔥🔥🔥🔥🔥🔥🔥🔥🔥🔥 hot", None).len(), 1);
    }

    #[test]
    fn a_text_of_links_is_seen_with_them() {
        let found = found("look https://example.org/shop", None);
        assert_eq!((found.len(), found[0].0), (1, Outcome::Hold));
        assert_eq!(found[0].2, ["https://example.org/shop"]);
    }

    #[test]
    fn what_nobody_sees_is_seen() {
        let found = found("vi\u{200b}\u{2060}agra and \u{202e}txet\u{202c}", None);
        let at: Vec<_> = found.into_iter().map(|(_, _, at)| at).collect();
        assert_eq!(at, [vec!["\u{200b}\u{2060}"], vec!["\u{202e}", "\u{202c}"]]);
    }

    #[test]
    fn length_is_held_against_habit_alone() {
        let long = "words and more ".repeat(200);
        assert_eq!(found(&long, None), []);
        assert_eq!(found(&long, Some(1_000)), []);
        assert_eq!(found(&long, Some(100)).len(), 1);
    }
}
