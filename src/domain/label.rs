//! Short words that a site shows: above a featured reply, on a badge.

use thiserror::Error;

use crate::domain::visible::{is_format, is_visible};

/// Why a text cannot be a label.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum LabelError {
    /// Nothing that can be seen.
    #[error("a label needs at least one visible character")]
    Invisible,
    /// More characters than allowed, after spaces were collapsed.
    #[error("this label may have {max} characters at most")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// A control, format or direction character.
    #[error("the character U+{code_point:04X} is not allowed in a label")]
    ForbiddenCharacter {
        /// The character's number.
        code_point: u32,
    },
}

/// Words of one line: no space at the ends, none doubled, nothing that steers the text around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label(String);

impl Label {
    /// Trims `typed`, makes one space of each run of white space, and lets it have so many characters.
    pub fn parse(typed: &str, max: usize) -> Result<Self, LabelError> {
        let label = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        // the joiners stay: emoji, Persian and Indic words need them
        let is_refused =
            |c: char| c.is_control() || (is_format(c) && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}'));
        if let Some(c) = label.chars().find(|&c| is_refused(c)) {
            return Err(LabelError::ForbiddenCharacter { code_point: u32::from(c) });
        }
        if label.chars().count() > max {
            return Err(LabelError::TooLong { max });
        }
        if !label.chars().any(is_visible) {
            return Err(LabelError::Invisible);
        }
        Ok(Self(label))
    }

    /// The words.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_line_of_visible_words() {
        let of = |typed: &str| Label::parse(typed, 5).map(Label::into_string);
        assert_eq!(of("  a\n b\t"), Ok("a b".to_owned()));
        assert_eq!(of("äöüßé"), Ok("äöüßé".to_owned()));
        assert_eq!(of("123456"), Err(LabelError::TooLong { max: 5 }));
        assert_eq!(of("a\u{202e}b"), Err(LabelError::ForbiddenCharacter { code_point: 0x202e }));
        for typed in ["", " ", "\u{301}"] {
            assert_eq!(of(typed), Err(LabelError::Invisible));
        }
    }
}
