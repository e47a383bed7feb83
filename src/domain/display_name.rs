//! The name that is shown above a reply.

use thiserror::Error;

use crate::domain::visible::{is_format, is_visible};

/// The most characters of a display name.
pub const MAX_CHARS: usize = 60;

/// Why a text cannot be a display name.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DisplayNameError {
    /// Nothing that can be seen.
    #[error("a display name needs at least one visible character")]
    Invisible,
    /// More characters than allowed, after spaces were collapsed.
    #[error("a display name may have {max} characters at most")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// A control, format or direction character, by which a name could imitate another or disturb
    /// the text around it.
    #[error("the character U+{code_point:04X} is not allowed in a display name")]
    ForbiddenCharacter {
        /// The character's number.
        code_point: u32,
    },
}

/// A name to be shown: 1 to [`MAX_CHARS`] characters of any script, no space at the ends, none
/// doubled. Not unique and no proof of who somebody is; the username is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Trims `typed` and makes one space of each run of white space, then checks it. Errors:
    /// [`DisplayNameError`].
    pub fn parse(typed: &str) -> Result<Self, DisplayNameError> {
        let mut name = String::new();
        for word in typed.split_whitespace() {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(word);
        }
        // The zero-width joiner and non-joiner stay: emoji, Persian and Indic names need them.
        let is_refused =
            |c: char| c.is_control() || (is_format(c) && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}'));
        if let Some(c) = name.chars().find(|&c| is_refused(c)) {
            return Err(DisplayNameError::ForbiddenCharacter { code_point: u32::from(c) });
        }
        if name.chars().count() > MAX_CHARS {
            return Err(DisplayNameError::TooLong { max: MAX_CHARS });
        }
        if !name.chars().any(is_visible) {
            return Err(DisplayNameError::Invisible);
        }
        Ok(Self(name))
    }

    /// Takes back what the store was given as a `DisplayName`.
    pub fn from_store(name: String) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(typed: &str) -> Result<String, DisplayNameError> {
        DisplayName::parse(typed).map(|name| name.as_str().to_owned())
    }

    #[test]
    fn spaces_are_trimmed_and_collapsed() {
        assert_eq!(parsed("  Ann\u{a0}\t B.\n"), Ok("Ann B.".to_owned()));
    }

    #[test]
    fn a_name_has_60_characters_at_most() {
        assert!(parsed(&"é".repeat(60)).is_ok());
        assert_eq!(parsed(&"é".repeat(61)), Err(DisplayNameError::TooLong { max: 60 }));
    }

    #[test]
    fn characters_that_steer_the_text_are_refused() {
        for c in ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{ad}', '\0', '\u{9b}'] {
            assert_eq!(
                parsed(&format!("a{c}b")),
                Err(DisplayNameError::ForbiddenCharacter { code_point: u32::from(c) })
            );
        }
    }

    #[test]
    fn a_name_that_nobody_can_see_is_refused() {
        for typed in ["", " \t", "\u{301}", "\u{200d}"] {
            assert_eq!(parsed(typed), Err(DisplayNameError::Invisible));
        }
    }

    #[test]
    fn names_of_all_scripts_and_pictures_pass() {
        for typed in ["Zoë", "李雷", "محمد", "O'Brien-Smith, Jr.", "👩\u{200d}🚀", "می\u{200c}خواهم"]
        {
            assert!(parsed(typed).is_ok(), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn parsing_again_changes_nothing(typed in any::<String>()) {
            if let Ok(name) = parsed(&typed) {
                prop_assert_eq!(parsed(&name), Ok(name.clone()));
            }
        }
    }
}
