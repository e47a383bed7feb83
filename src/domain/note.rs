//! Notes of moderators, and whom they name.

use unicode_normalization::char::is_combining_mark;

use super::username::{self, Username};

/// Characters of a note.
pub const TEXT_MAX_CHARS: usize = 2_000;
/// Notes about one account on one site, or everywhere, and about one reply.
pub const NOTES_MAX: i64 = 200;
/// People whom one note mentions.
pub const MENTIONS_MAX: usize = 10;
/// Names of one note that are looked up.
const NAMES_MAX: usize = 50;

/// What may be the usernames that a text names with an `@` before them, folded as they are compared, each once, the first
/// 50. What stands directly behind a letter or a digit is a part of something else, as in an e-mail address.
pub fn named_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let begins = c == '@' && !before.is_some_and(is_of_name);
        before = Some(c);
        if !begins || names.len() >= NAMES_MAX {
            continue;
        }
        let rest = &text[at + 1..];
        let name = rest.split(|c| !is_of_name(c)).next().unwrap_or_default();
        let key = Username::parse(name).map(|name| username::key(name.as_str()));
        if let Ok(key) = key
            && !names.contains(&key)
        {
            names.push(key);
        }
    }
    names
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_behind_an_at_sign_and_count_once() {
        let text = "@mona, see (@Otto-2) and @mona's; @MONA! @@rita @李小雷。 @ab @";
        assert_eq!(named_in(text), ["mona", "Otto-2", "rita", "李小雷"].map(username::key));
        assert_eq!(named_in("mona@example.org, x@mona and name_@mona"), Vec::<String>::new());
        assert_eq!(named_in("no names"), Vec::<String>::new());
    }

    #[test]
    fn a_text_full_of_names_costs_no_more_than_some() {
        let text: String = (0..1_000).map(|number| format!("@name-{number} ")).collect();
        assert_eq!(named_in(&text).len(), NAMES_MAX);
    }
}
