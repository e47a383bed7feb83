//! Usernames: what they may look like, and when two of them are one.

use std::collections::HashSet;
use std::sync::LazyLock;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};
use unicode_security::confusable_detection::skeleton;
use unicode_security::mixed_script::AugmentedScriptSet;

use crate::domain::visible::is_format;

/// The fewest characters of a username.
pub const MIN_CHARS: usize = 3;
/// The most characters of a username.
pub const MAX_CHARS: usize = 30;

/// Names that nobody may take, because a reader would trust them or a program stumble over them.
/// Compared by key without `_` and `-`, so that `Adm_in` is caught as well.
pub const RESERVED: [&str; 41] = [
    "about",
    "account",
    "admin",
    "administrator",
    "anonymous",
    "api",
    "author",
    "bot",
    "deleted",
    "editor",
    "editorial",
    "everyone",
    "former-reader",
    "guest",
    "help",
    "hostmaster",
    "info",
    "login",
    "me",
    "mod",
    "moderation",
    "moderator",
    "nobody",
    "null",
    "official",
    "owner",
    "postmaster",
    "reader",
    "rejoinder",
    "root",
    "security",
    "self",
    "service",
    "settings",
    "staff",
    "support",
    "sysadmin",
    "system",
    "undefined",
    "unknown",
    "webmaster",
];

/// Why a text cannot be a username.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum UsernameError {
    /// Fewer characters than needed.
    #[error("a username needs at least {min} characters")]
    TooShort {
        /// The fewest characters allowed.
        min: usize,
    },
    /// More characters than allowed.
    #[error("a username may have {max} characters at most")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// Something else than letters, digits, `_` and `-`.
    #[error("the character U+{code_point:04X} is not allowed in a username")]
    ForbiddenCharacter {
        /// The character's number, after compatibility normalisation.
        code_point: u32,
    },
    /// `_`, `-` or a mark without its letter at the beginning.
    #[error("a username begins with a letter or a digit")]
    BadStart,
    /// Letters or digits of more than one script, by which one name could imitate another.
    #[error("a username's letters and digits must be of one script")]
    MixedScripts,
}

/// A name to sign in with and to be addressed by: [`MIN_CHARS`] to [`MAX_CHARS`] characters in
/// NFKC, letters and digits of one script with `_` and `-`. Unique by its [`key`](Self::key).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Normalises `typed` to NFKC and checks it. Japanese and Korean count as one script each, as
    /// they are written in several. Digits are ASCII's or the script's own. Errors:
    /// [`UsernameError`].
    pub fn parse(typed: &str) -> Result<Self, UsernameError> {
        // NFKC makes up to 18 characters of one; cut before, so that the work stays small.
        let name: String = typed.nfkc().take(MAX_CHARS + 1).collect();
        let count = name.chars().count();
        if count > MAX_CHARS {
            return Err(UsernameError::TooLong { max: MAX_CHARS });
        }
        if let Some(c) = name.chars().find(|&c| !is_allowed(c)) {
            return Err(UsernameError::ForbiddenCharacter { code_point: u32::from(c) });
        }
        if count < MIN_CHARS {
            return Err(UsernameError::TooShort { min: MIN_CHARS });
        }
        if !name.starts_with(starts_name) {
            return Err(UsernameError::BadStart);
        }
        if AugmentedScriptSet::for_str(&name).is_empty() {
            return Err(UsernameError::MixedScripts);
        }
        Ok(Self(name))
    }

    /// Takes back what the store was given as a `Username`.
    pub fn from_store(name: String) -> Self {
        Self(name)
    }

    /// A valid name out of any display name, for authors of imported replies. `n` makes it another
    /// one: 0 adds nothing, everything else `-n`. What gives no name, or a reserved one, becomes
    /// `guest-n`. The caller counts `n` up until the key is free.
    pub fn suggest(name: &str, n: u32) -> Self {
        let suffix = if n == 0 { String::new() } else { format!("-{n}") };
        let room = MAX_CHARS - suffix.len();
        let mut made = String::new();
        // A display name is short; a hostile one is not worth more than its beginning.
        for c in name.nfkc().take(4 * MAX_CHARS) {
            let c = if is_allowed(c) { c } else { '_' };
            let is_separator = matches!(c, '_' | '-');
            if is_separator && (made.is_empty() || made.ends_with(['_', '-'])) {
                continue;
            }
            if made.is_empty() && !starts_name(c) {
                continue;
            }
            made.push(c);
            if AugmentedScriptSet::for_str(&made).is_empty() {
                made.pop();
            }
            if made.chars().count() == room {
                break;
            }
        }
        let stem = made.trim_end_matches(['_', '-']);
        Self::parse(stem)
            .ok()
            .filter(|stem| !stem.is_reserved(&[]))
            .and_then(|stem| Self::parse(&format!("{}{suffix}", stem.0)).ok())
            .unwrap_or_else(|| Self(format!("guest-{n}")))
    }

    /// The name as it is shown, in NFKC, with its capitals.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What must be unique: the same for all names that a reader could take for each other.
    pub fn key(&self) -> String {
        key(&self.0)
    }

    /// Whether the name is in [`RESERVED`] or among `also`, the [`bare_key`]s of names that sites reserve.
    pub fn is_reserved<'a>(&self, also: impl IntoIterator<Item = &'a String>) -> bool {
        static KEYS: LazyLock<HashSet<String>> = LazyLock::new(|| RESERVED.iter().map(|name| bare_key(name)).collect());
        let own = bare_key(&self.0);
        KEYS.contains(&own) || also.into_iter().any(|key| *key == own)
    }
}

/// The key of any text, by which usernames are compared: NFKC, case folding and confusable folding
/// until nothing changes any more. `key(key(x)) == key(x)`. For looking up what somebody typed.
pub fn key(name: &str) -> String {
    let mut key = fold(name);
    // One folding can open the way for another; a handful of rounds is the most that occurs.
    for _ in 0..MAX_ROUNDS {
        let next = fold(&key);
        if next == key {
            break;
        }
        key = next;
    }
    key
}

const MAX_ROUNDS: usize = 16;

fn fold(name: &str) -> String {
    let normalised: String = name.nfkc().collect();
    let lower = fold_case(&normalised);
    let bones: String = skeleton(&lower).collect();
    fold_case(&bones)
        .chars()
        // Case folding hides that the capital of `i` looks like `l`: `paypaI` and `paypal`.
        .map(|c| if c == 'i' { 'l' } else { c })
        .nfkc()
        .collect()
}

/// Up and down again, so that `ß`, `ſ`, `ς` and `ı` meet their pairs; letter by letter, so that
/// the outcome does not depend on the neighbours as `str::to_lowercase` does.
fn fold_case(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// The key of a name without `_` and `-`, by which reserved names are compared.
pub fn bare_key(name: &str) -> String {
    key(&name.replace(['_', '-'], ""))
}

fn is_allowed(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    }
    // Marks belong to scripts (a Devanagari virama); those that fit on any letter do not, nor do
    // letters and digits of no script: both would build look-alikes.
    (c.is_alphanumeric() || is_combining_mark(c))
        && !is_format(c)
        && c.script() != Script::Inherited
        && !AugmentedScriptSet::for_char(c).is_all()
}

fn starts_name(c: char) -> bool {
    c.is_alphanumeric() && !is_combining_mark(c)
}

#[cfg(test)]
#[path = "username_tests.rs"]
mod tests;
