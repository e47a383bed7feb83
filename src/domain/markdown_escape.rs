//! What keeps literal characters from being read as Markdown.
//!
//! The HTML converter escapes only some of them. So they go through it masked as noncharacters,
//! which it leaves alone, and get their backslash afterwards.

/// Characters that can mean something in our dialect.
const SPECIAL: &str = "\\`*_[]<>&~!#+-=.)|";
const FIRST_SPECIAL: u32 = 0xfdd0;

/// Characters that must arrive without a backslash: it would become part of a bare address.
const BARE: &str = "*_~&";
const FIRST_BARE: u32 = FIRST_SPECIAL + 20;

/// Stands for `~~` around struck words, which the converter does not know.
pub(super) const STRIKE: &str = "\u{fdef}";

/// The stand-in of a literal `c`; `c` itself if it means nothing in Markdown.
pub(super) fn mask(c: char) -> char {
    stand_in(c, SPECIAL, FIRST_SPECIAL)
}

/// The stand-in of a `c` that neither the converter nor we escape.
pub(super) fn mask_bare(c: char) -> char {
    stand_in(c, BARE, FIRST_BARE)
}

/// Whether `c` is a stand-in. Texts from outside must have none before they are masked.
pub(super) fn is_mask(c: char) -> bool {
    ('\u{fdd0}'..='\u{fdef}').contains(&c)
}

/// Puts the characters back in place of their stand-ins, escaped where they must be.
pub(super) fn unmask(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    for c in markdown.chars() {
        let code_point = u32::from(c);
        if STRIKE.contains(c) {
            out.push_str("~~");
        } else if !is_mask(c) {
            out.push(c);
        } else if code_point >= FIRST_BARE {
            out.extend(BARE.chars().nth((code_point - FIRST_BARE) as usize));
        } else {
            out.push('\\');
            out.extend(SPECIAL.chars().nth((code_point - FIRST_SPECIAL) as usize));
        }
    }
    out
}

/// Any text as Markdown that shows it character by character, line by line.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut is_blank = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            if !is_blank {
                out.push_str("\n\n");
            }
            is_blank = true;
            continue;
        }
        if !is_blank {
            out.push_str("\\\n");
        }
        is_blank = false;
        for c in line.chars() {
            if c.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn stand_in(c: char, of: &str, first: u32) -> char {
    match of.chars().position(|special| special == c) {
        Some(index) => char::from_u32(first + index as u32).unwrap_or(c),
        None => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::markdown::render;
    use crate::domain::safe_html::plain_text;

    #[test]
    fn every_special_character_comes_back_escaped() {
        let masked: String = SPECIAL.chars().map(mask).collect();
        assert!(masked.chars().all(is_mask));
        let escaped: String = SPECIAL.chars().flat_map(|c| ['\\', c]).collect();
        assert_eq!(unmask(&masked), escaped);
    }

    #[test]
    fn bare_characters_come_back_bare() {
        let masked: String = "a*b_~&é".chars().map(mask_bare).collect();
        assert_eq!(unmask(&masked), "a*b_~&é");
        assert_eq!(unmask(STRIKE), "~~");
    }

    proptest! {
        #[test]
        fn literal_text_reads_as_itself(lines in prop::collection::vec("[ -~äß]{0,20}", 0..6)) {
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let text = lines.join("\n");
            prop_assert_eq!(bare(&plain_text(&render(&literal(&text)))), bare(&text));
        }
    }
}
