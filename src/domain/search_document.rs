//! What the search has documents of, and what stands in them beside the words of texts.
//!
//! All of it is words to the index, so that it alone answers which replies of a site, a queue or an author have which words.
//! What is no word of a text begins with a sign that no word has.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{reply_state::ReplyState, text_enum, text_query::Token};

text_enum! {
    /// What a document is of.
    pub enum DocumentKind {
        /// A reply's text, and what it may be chosen by.
        Reply = "reply",
        /// An account's names.
        Account = "account",
        /// A story's headline.
        Story = "story",
    }
}

/// A reply's site.
pub fn site(id: impl Into<Uuid>) -> Token {
    of_id('§', id)
}

/// A reply's author.
pub fn author(id: impl Into<Uuid>) -> Token {
    of_id('¤', id)
}

/// A reply's story.
pub fn story(id: impl Into<Uuid>) -> Token {
    of_id('¶', id)
}

/// A reply's state.
pub fn state(state: ReplyState) -> Token {
    signed('¬', state.as_str(), false)
}

/// That a public reply has open reports.
pub fn reported() -> Token {
    signed('¬', "reported", false)
}

/// That a public reply is flagged.
pub fn flagged() -> Token {
    signed('¬', "flagged", false)
}

/// That the author of a refused reply appeals.
pub fn appealed() -> Token {
    signed('¬', "appealed", false)
}

/// A word of one of an account's names.
pub fn of_account(word: &str, is_prefix: bool) -> Token {
    signed('¢', word, is_prefix)
}

/// A word of a headline.
pub fn of_story(word: &str, is_prefix: bool) -> Token {
    signed('¥', word, is_prefix)
}

fn of_id(sign: char, id: impl Into<Uuid>) -> Token {
    Token { text: format!("{sign}{}", id.into().simple()), is_prefix: false }
}

fn signed(sign: char, word: &str, is_prefix: bool) -> Token {
    Token { text: format!("{sign}{word}"), is_prefix }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text_query::index_words;

    #[test]
    fn no_word_begins_with_a_sign() {
        let id = Uuid::from_u128(7);
        let tokens =
            [site(id), author(id), story(id), state(ReplyState::Spam), of_account("a", true), of_story("a", false)];
        for token in tokens {
            let sign = token.text.chars().next().unwrap().to_string();
            assert_eq!(index_words(&sign), "");
            assert_ne!(index_words(&token.text), token.text);
        }
        assert_eq!(site(id).text, "§00000000000000000000000000000007");
        assert_eq!(reported().text, "¬reported");
    }
}
