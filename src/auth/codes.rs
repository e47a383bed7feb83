//! Codes that are good for once and come by mail: as a link for whoever opens the mail where he reads the page, as digits for
//! whoever types them elsewhere.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use sha2::{Digest, Sha256};

use super::keys::{Keys, Purpose};
use crate::{
    clock::Random,
    domain::{code::CodePurpose, ids::AccountId},
};

/// Bytes of what a link holds.
const LINK_BYTES: usize = 32;
/// Digits, and how many codes of so many there are.
const DIGITS: usize = 8;
const OF_DIGITS: u64 = 100_000_000;

/// A secret out of a link. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken(String);

impl LinkToken {
    /// A new one.
    pub fn new(random: &Random) -> Self {
        Self(BASE64.encode(random.bytes::<LINK_BYTES>()))
    }

    /// What stands in the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By which it is found again.
    pub fn hash(&self) -> Vec<u8> {
        hash_of(&self.0)
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(..)")
    }
}

/// By which a secret that somebody shows is found, of those that are random and long: of so much randomness a plain hash tells
/// nothing.
pub fn hash_of(shown: &str) -> Vec<u8> {
    Sha256::digest(shown).to_vec()
}

/// Eight digits. `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeDigits(String);

impl CodeDigits {
    /// New ones.
    pub fn new(random: &Random) -> Self {
        // one code more or less of the first ones in 10^11 is no help to anybody
        let number = u64::from_be_bytes(random.bytes()) % OF_DIGITS;
        Self(format!("{number:0DIGITS$}"))
    }

    /// As somebody typed them, with or without blanks; nothing if they are none.
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let is_code = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(digits))
    }

    /// As they are read best.
    pub fn in_groups(&self) -> String {
        let (first, second) = self.0.split_at(DIGITS / 2);
        format!("{first} {second}")
    }

    /// What is stored of them: so few digits would be found by trying all, if the hash took no key.
    pub fn hash(&self, keys: &Keys, of: (AccountId, CodePurpose)) -> Vec<u8> {
        keys.hash(Purpose::Code, &self.parts(&of)).to_vec()
    }

    /// Whether they are those that are stored.
    pub fn are(&self, stored: &[u8], keys: &Keys, of: (AccountId, CodePurpose)) -> bool {
        keys.hashes(Purpose::Code, &self.parts(&of)).any(|hash| hash == stored)
    }

    fn parts<'a>(&'a self, (account, purpose): &'a (AccountId, CodePurpose)) -> [&'a [u8]; 3] {
        [account.0.as_bytes(), purpose.as_str().as_bytes(), self.0.as_bytes()]
    }
}

impl fmt::Debug for CodeDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeDigits(..)")
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ANN: AccountId = AccountId(Uuid::from_u128(1));
    const BOB: AccountId = AccountId(Uuid::from_u128(2));

    #[test]
    fn digits_are_good_for_one_account_and_one_purpose_by_any_of_the_keys() {
        let (random, former) = (Random::system(), Keys::generate(&Random::system()));
        let digits = CodeDigits::new(&random);
        let stored = digits.hash(&former, (ANN, CodePurpose::ConfirmEmail));
        let keys = Keys::generate(&random).followed_by(&former);
        assert!(digits.are(&stored, &keys, (ANN, CodePurpose::ConfirmEmail)));
        assert!(!digits.are(&stored, &keys, (BOB, CodePurpose::ConfirmEmail)));
        assert!(!digits.are(&stored, &keys, (ANN, CodePurpose::ResetPassword)));
        assert!(!digits.are(&stored, &Keys::generate(&random), (ANN, CodePurpose::ConfirmEmail)));
    }

    #[test]
    fn eight_digits_are_read_however_they_are_parted() {
        let digits = CodeDigits::new(&Random::from_fn(|bytes| bytes.fill(0)));
        assert_eq!(digits.in_groups(), "0000 0000");
        for typed in ["00000000", "0000 0000", " 00 00-00 00\n"] {
            assert_eq!(CodeDigits::parse(typed), Some(digits.clone()), "{typed:?}");
        }
        for wrong in ["", "0000000", "000000000", "0000000a", "٠٠٠٠٠٠٠٠", "0000.0000"] {
            assert_eq!(CodeDigits::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn nothing_of_a_code_is_printed() {
        let random = Random::from_fn(|bytes| bytes.fill(7));
        assert_eq!(
            format!("{:?} {:?}", LinkToken::new(&random), CodeDigits::new(&random)),
            "LinkToken(..) CodeDigits(..)"
        );
        assert!(LinkToken::new(&random).as_str().len() >= 43, "32 bytes");
    }
}
