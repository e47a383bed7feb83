//! The secret of a key: `rj_live_`, thirty letters and digits by chance, and six that follow from all before them.
//!
//! The beginning lets people and scanners of code know what they have found; the end, a CRC-32, tells them that it is no
//! other text that begins alike, and refuses a slip of the hand without a look into the database. It keeps no secret: that
//! are the 176 bits between. What is stored is SHA-256 of the whole: what nobody can guess needs no slow hash. It is looked
//! for by that hash, so that how long a look-up takes tells of hashes and not of secrets, and nothing is compared here.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::clock::Random;

/// How every secret begins.
pub const PREFIX: &str = "rj_live_";
/// Characters by chance: as many as 22 bytes may need.
const CHANCE_CHARS: usize = 30;
const CHANCE_BYTES: usize = 22;
/// Characters of the checksum: as many as four bytes may need.
const CHECK_CHARS: usize = 6;
/// Characters by chance that stay visible.
const SHOWN_CHARS: usize = 6;

/// A secret: just made, or as somebody shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// By which a secret is found.
pub type KeyHash = [u8; 32];

impl ApiKey {
    /// A new one.
    pub fn make(random: &Random) -> Self {
        let chance = base62::<CHANCE_CHARS>(&random.bytes::<CHANCE_BYTES>());
        let text = format!("{PREFIX}{chance}");
        Self(format!("{text}{}", checksum(&text)))
    }

    /// One that is shown; none if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let is_plain =
            rest.len() == CHANCE_CHARS + CHECK_CHARS && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_plain {
            return None;
        }
        let (text, check) = text.split_at(PREFIX.len() + CHANCE_CHARS);
        (checksum(text) == check).then(|| Self(format!("{text}{check}")))
    }

    /// Whether a token means to be a key, and not a session's.
    pub fn is_meant(token: &str) -> bool {
        token.starts_with(PREFIX)
    }

    /// By which it is found.
    pub fn hash(&self) -> KeyHash {
        Sha256::digest(&self.0).into()
    }

    /// What of it may be seen and kept.
    pub fn beginning(&self) -> &str {
        &self.0[..PREFIX.len() + SHOWN_CHARS]
    }

    /// The secret, for the one time that it is shown.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Without the secret.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}…)", self.beginning())
    }
}

fn checksum(text: &str) -> String {
    base62::<CHECK_CHARS>(&crc32fast::hash(text.as_bytes()).to_be_bytes())
}

/// A number in big-endian bytes as so many digits, which it has room in.
fn base62<const CHARS: usize>(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let (mut rest, mut digits) = (bytes.to_vec(), [b'0'; CHARS]);
    for digit in digits.iter_mut().rev() {
        let mut carried = 0;
        for byte in &mut rest {
            let dividend = carried << 8 | u32::from(*byte);
            *byte = u8::try_from(dividend / 62).unwrap_or_default();
            carried = dividend % 62;
        }
        *digit = DIGITS[carried as usize];
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whose bytes all are this one.
    fn of(byte: u8) -> ApiKey {
        ApiKey::make(&Random::from_fn(move |bytes| bytes.fill(byte)))
    }

    #[test]
    fn a_key_has_the_form_that_scanners_know_and_what_was_made_is_taken() {
        // docs/KEYS.md gives scanners this form and this example: they are for ever
        assert_eq!(of(7).into_text(), "rj_live_0H5tHaY2SH6FZ1X6jSmubhzsvBmCz101sSk7");
        for byte in [0, 1, 62, 128, 255] {
            let key = of(byte);
            assert_eq!(key.clone().into_text().len(), 44);
            assert_eq!(ApiKey::parse(&key.clone().into_text()), Some(key));
        }
    }

    #[test]
    fn numbers_keep_their_digits_up_to_the_largest() {
        assert_eq!(base62::<6>(&u32::MAX.to_be_bytes()), "4gfFC3");
        assert_eq!(base62::<6>(&61_u32.to_be_bytes()), "00000z");
        assert_eq!(base62::<6>(&62_u32.to_be_bytes()), "000010");
        assert_ne!(base62::<30>(&[255; 22]).as_bytes()[0], b'0');
    }

    #[test]
    fn a_slip_of_the_hand_is_no_key() {
        let text = of(7).into_text();
        for at in 0..text.len() {
            for other in ["A", "b", "0", "é", " ", ""] {
                let slip = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                assert_eq!(ApiKey::parse(&slip).is_some(), slip == text, "{slip}");
            }
        }
        for wrong in ["", PREFIX, &format!("{text}0"), &text.to_lowercase(), &format!(" {text}")] {
            assert_eq!(ApiKey::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_not_seen_in_logs() {
        assert_eq!(format!("{:?}", of(7)), "ApiKey(rj_live_0H5tHa…)");
    }
}
