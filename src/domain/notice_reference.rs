//! References: what a notice is known by. Short enough to be read out, nothing that can be guessed or counted up.

use serde::{Serialize, Serializer};

/// Crockford's base32: no letter that looks like another one.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX: &str = "RJ-";
/// Random characters, five bits each; one more tells a mistake.
const RANDOM_CHARS: usize = 12;

/// The reference of a notice: `RJ-`, twelve random characters and one that follows from them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeReference(String);

impl NoticeReference {
    /// One made of randomness.
    pub fn of(random: [u8; RANDOM_CHARS]) -> Self {
        let mut text = PREFIX.to_owned();
        text.extend(random.map(|byte| char::from(ALPHABET[usize::from(byte & 31)])));
        let check = check_of(text.as_bytes().get(PREFIX.len()..).unwrap_or_default());
        text.push(char::from(check));
        Self(text)
    }

    /// As somebody typed it, in whatever case; nothing if it is none or has a mistake.
    pub fn parse(typed: &str) -> Option<Self> {
        let text = typed.to_ascii_uppercase();
        let (last, rest) = text.strip_prefix(PREFIX)?.as_bytes().split_last()?;
        let is_known = rest.iter().all(|byte| ALPHABET.contains(byte));
        (rest.len() == RANDOM_CHARS && is_known && check_of(rest) == *last).then(|| Self(text.clone()))
    }

    /// As it is shown and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for NoticeReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Each character counts by an odd number, so that another one in its place shows, and by another number than its
/// neighbour's, so that most exchanges of two show, too.
fn check_of(chars: &[u8]) -> u8 {
    let value = |byte: &u8| ALPHABET.iter().position(|known| known == byte).unwrap_or_default();
    let sum: usize = chars.iter().enumerate().map(|(place, byte)| (2 * place + 1) * value(byte)).sum();
    ALPHABET[sum % ALPHABET.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reference_is_short_and_read_in_any_case() {
        let reference = NoticeReference::of([0, 1, 2, 3, 31, 30, 29, 200, 9, 10, 11, 12]);
        assert_eq!(reference.as_str().len(), 16);
        assert_eq!(NoticeReference::parse(&reference.as_str().to_ascii_lowercase()), Some(reference));
        for wrong in ["", "RJ-", "RJ-0000000000001", "RJ-00000000000000", "0000000000000", "RJ-00000000000é"] {
            assert_eq!(NoticeReference::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_noticed(random in any::<[u8; 12]>(), place in 0usize..12, other in 0usize..32) {
            let right = NoticeReference::of(random);
            let mut text = right.as_str().as_bytes().to_vec();
            text[PREFIX.len() + place] = ALPHABET[other];
            let text = String::from_utf8(text).unwrap();
            prop_assert_eq!(NoticeReference::parse(&text).is_some(), text == right.as_str());
        }

        #[test]
        fn nothing_panics(typed in any::<String>()) {
            let _ = NoticeReference::parse(&typed);
        }
    }
}
