//! Which characters a person can see.

use unicode_normalization::char::is_combining_mark;

/// Characters that take part in a text and show nothing, beyond white space, control characters
/// and combining marks: the format characters (general category Cf) that are not printed and the
/// default-ignorable code points (Unicode 16), with the blanks that count as symbols or letters.
const INVISIBLE: [(char, char); 25] = [
    ('\u{ad}', '\u{ad}'),        // soft hyphen
    ('\u{34f}', '\u{34f}'),      // grapheme joiner
    ('\u{61c}', '\u{61c}'),      // Arabic letter mark
    ('\u{115f}', '\u{1160}'),    // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),    // Khmer inherent vowels
    ('\u{180b}', '\u{180f}'),    // Mongolian separators and selectors
    ('\u{200b}', '\u{200f}'),    // zero-width characters, direction marks
    ('\u{2028}', '\u{202e}'),    // line and paragraph separators, direction overrides
    ('\u{2060}', '\u{206f}'),    // word joiner, invisible operators, isolates
    ('\u{2800}', '\u{2800}'),    // braille blank
    ('\u{3164}', '\u{3164}'),    // Hangul filler
    ('\u{fdd0}', '\u{fdef}'),    // noncharacters
    ('\u{fe00}', '\u{fe0f}'),    // variation selectors
    ('\u{feff}', '\u{feff}'),    // byte order mark
    ('\u{ffa0}', '\u{ffa0}'),    // halfwidth Hangul filler
    ('\u{fff0}', '\u{fffb}'),    // unassigned ignorables, annotation anchors
    ('\u{fffe}', '\u{ffff}'),    // noncharacters
    ('\u{13430}', '\u{1343f}'),  // hieroglyph joiners
    ('\u{16fe4}', '\u{16fe4}'),  // Khitan filler
    ('\u{1bca0}', '\u{1bca3}'),  // shorthand format controls
    ('\u{1d159}', '\u{1d159}'),  // musical null notehead
    ('\u{1d173}', '\u{1d17a}'),  // musical format controls
    ('\u{1fffe}', '\u{1ffff}'),  // noncharacters
    ('\u{e0000}', '\u{e0fff}'),  // tags, variation selectors
    ('\u{f0000}', '\u{10ffff}'), // private use planes: no agreed picture
];

/// Whether `c` shows something by itself. A combining mark does not: alone it has nothing to sit on.
pub fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !is_format(c) && !is_combining_mark(c)
}

/// Whether `c` only steers how others are shown: joiners, direction marks, fillers, tags.
pub(super) fn is_format(c: char) -> bool {
    // most characters of most texts are not even near
    c >= INVISIBLE[0].0 && INVISIBLE.iter().any(|&(from, to)| (from..=to).contains(&c))
}

/// Whether `c` is a control character that has no place in a text: all but line feed, carriage return and tab.
pub fn is_forbidden_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_punctuation_and_pictures_are_visible() {
        assert!("aß1.漢あ한ไ🙂€\u{fffc}\u{fffd}".chars().all(is_visible));
    }

    #[test]
    fn spaces_controls_marks_and_joiners_are_not() {
        assert!(!" \u{a0}\n\0\u{301}\u{200d}\u{feff}\u{2800}".chars().any(is_visible));
    }

    #[test]
    fn the_ranges_are_in_order() {
        assert!(INVISIBLE.iter().all(|(from, to)| from <= to));
        assert!(INVISIBLE.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}
