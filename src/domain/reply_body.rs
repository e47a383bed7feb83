//! The text of a reply, as written.

use thiserror::Error;

use crate::domain::markdown;
use crate::domain::rules::Text;
use crate::domain::safe_html::{SafeHtml, plain_text};
use crate::domain::visible::is_visible;

/// Why a text cannot be a reply.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReplyBodyError {
    /// Nothing at all was sent.
    #[error("a reply needs some text")]
    Empty,
    /// More characters (Unicode scalar values) than allowed.
    #[error("a reply may have {max} characters at most, this one has {found}")]
    TooLong {
        /// The most characters allowed.
        max: usize,
        /// The characters counted.
        found: usize,
    },
    /// A control character other than line feed, carriage return and tab.
    #[error("the control character U+{code_point:04X} at character {position} is not allowed")]
    ControlCharacter {
        /// The character's number.
        code_point: u32,
        /// Its place, counted in characters from 1.
        position: usize,
    },
    /// Only spaces, line feeds and characters that nobody can see.
    #[error("a reply needs at least one visible character")]
    Invisible,
}

/// The Markdown source of a reply, accepted as it was sent, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyBody(String);

impl ReplyBody {
    /// Accepts `source` unchanged or refuses it; nothing is ever trimmed or cut. `max_chars` counts
    /// characters (Unicode scalar values), not bytes. Errors: [`ReplyBodyError`], the first that
    /// applies in the order of its variants.
    pub fn parse(source: String, max_chars: usize) -> Result<Self, ReplyBodyError> {
        if source.is_empty() {
            return Err(ReplyBodyError::Empty);
        }
        let found = source.chars().count();
        if found > max_chars {
            return Err(ReplyBodyError::TooLong { max: max_chars, found });
        }
        let is_refused = super::visible::is_forbidden_control;
        if let Some((i, c)) = source.chars().enumerate().find(|&(_, c)| is_refused(c)) {
            return Err(ReplyBodyError::ControlCharacter { code_point: u32::from(c), position: i + 1 });
        }
        if !source.chars().any(is_visible) {
            return Err(ReplyBodyError::Invisible);
        }
        Ok(Self(source))
    }

    /// The source as it was sent.
    pub fn source(&self) -> &str {
        &self.0
    }

    /// The source together with what readers see of it. Errors: [`ReplyBodyError::Invisible`] where that is nothing, as
    /// of a lone link definition.
    pub fn render(self) -> Result<RenderedBody, ReplyBodyError> {
        let html = markdown::render(&self.0);
        self.rendered(html)
    }

    /// The same, and the text as rules look at it.
    pub fn render_to_judge(self) -> Result<(RenderedBody, Text), ReplyBodyError> {
        let (html, shown) = markdown::render_shown(&self.0);
        let body = self.rendered(html)?;
        let text = Text::new(body.source.clone(), shown);
        Ok((body, text))
    }

    fn rendered(self, html: SafeHtml) -> Result<RenderedBody, ReplyBodyError> {
        match plain_text(&html).chars().any(is_visible) {
            true => Ok(RenderedBody { html, source: self.0 }),
            false => Err(ReplyBodyError::Invisible),
        }
    }
}

/// A text and its rendering. Rendering is dear, so it is done before a transaction begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedBody {
    /// As it was sent.
    pub source: String,
    /// As it is shown.
    pub html: SafeHtml,
}

impl RenderedBody {
    /// What is left of a text that was erased: nothing, which no reply can be written with.
    pub fn erased() -> Self {
        Self { source: String::new(), html: SafeHtml::from_store(String::new()) }
    }

    /// Whether the text was erased.
    pub fn is_erased(&self) -> bool {
        self.source.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(ReplyBody::parse("é".repeat(10), 10).is_ok());
        assert_eq!(ReplyBody::parse("é".repeat(11), 10), Err(ReplyBodyError::TooLong { max: 10, found: 11 }));
    }

    #[test]
    fn an_empty_text_is_refused() {
        assert_eq!(ReplyBody::parse(String::new(), 10), Err(ReplyBodyError::Empty));
    }

    #[test]
    fn control_characters_are_refused_with_their_place() {
        for c in ['\0', '\u{7}', '\u{b}', '\u{c}', '\u{1b}', '\u{7f}', '\u{80}', '\u{9f}'] {
            assert_eq!(
                ReplyBody::parse(format!("ab{c}"), 10),
                Err(ReplyBodyError::ControlCharacter { code_point: u32::from(c), position: 3 })
            );
        }
        assert!(ReplyBody::parse("a\r\n\tb".to_owned(), 10).is_ok());
    }

    #[test]
    fn text_that_nobody_can_see_is_refused() {
        for text in [
            " ",
            "\n\t\r\n",
            "\u{a0}\u{2003}\u{3000}",
            "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}",
            "\u{ad}\u{ad}",
            "\u{fe0f}\u{e0100}",
            "\u{3164}\u{115f}\u{1160}\u{ffa0}",
            "\u{2800}",
            "\u{202e}\u{2066}\u{2069}",
            "\u{34f}\u{61c}\u{180e}\u{17b4}",
            "\u{e0041}\u{e007f}",
            "\u{301}",
        ] {
            assert_eq!(ReplyBody::parse(text.to_owned(), 99), Err(ReplyBodyError::Invisible), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_comes_back_byte_for_byte(text in any::<String>()) {
            if let Ok(body) = ReplyBody::parse(text.clone(), 1_000) {
                prop_assert_eq!(body.source(), text);
            }
        }
    }
}
