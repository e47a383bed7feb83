//! Secrets of others that the database keeps: encrypted, each for the one place where it stands.
//!
//! AES-GCM-SIV (RFC 8452) with the server's first key, whose name stands beside: whoever reads the database alone reads
//! nothing, and what a key sealed that is gone by now is told apart from what somebody damaged.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::keys::{Key, Keys, Purpose};
use crate::clock::Random;

/// Why a secret cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealedError {
    /// The key that sealed it is not in the key file any more.
    #[error("the server's key that a secret was encrypted with is gone")]
    KeyGone,
    /// It is not what was sealed, or stood somewhere else.
    #[error("a secret cannot be decrypted")]
    Damaged,
}

/// Encrypts a secret for this place alone.
pub fn seal(keys: &Keys, random: &Random, place: &str, secret: &str) -> String {
    let (key, nonce, mut sealed) = (keys.first(), random.bytes::<NONCE_LEN>(), secret.as_bytes().to_vec());
    cipher(key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut sealed)
        .expect("secrets are short");
    format!("{}.{}", BASE64.encode([nonce.as_slice(), &sealed].concat()), key.kid)
}

/// The secret that was sealed for this place.
pub fn open(keys: &Keys, place: &str, sealed: &str) -> Result<String, SealedError> {
    let (text, kid) = sealed.split_once('.').ok_or(SealedError::Damaged)?;
    let key = keys.find(kid).ok_or(SealedError::KeyGone)?;
    let mut bytes = BASE64.decode(text).map_err(|_| SealedError::Damaged)?;
    let (nonce, sealed) = bytes.split_first_chunk_mut::<NONCE_LEN>().ok_or(SealedError::Damaged)?;
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let secret = cipher(key).open_in_place(nonce, Aad::from(place.as_bytes()), sealed);
    let secret = secret.map_err(|_| SealedError::Damaged)?.to_vec();
    String::from_utf8(secret).map_err(|_| SealedError::Damaged)
}

fn cipher(key: &Key) -> LessSafeKey {
    let secret = key.hash(Purpose::Secret, &[b"key"]);
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &secret).expect("a hash has the length of a key"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> Keys {
        Keys::generate(&Random::system())
    }

    #[test]
    fn a_secret_opens_in_its_own_place_alone() {
        let keys = keys();
        let sealed = seal(&keys, &Random::system(), "site 1", "s3cret");
        assert!(!sealed.contains("s3cret"));
        assert_eq!(open(&keys, "site 1", &sealed).unwrap(), "s3cret");
        assert_eq!(open(&keys, "site 2", &sealed), Err(SealedError::Damaged));
        assert_ne!(seal(&keys, &Random::system(), "site 1", "s3cret"), sealed);
    }

    #[test]
    fn what_a_former_key_sealed_is_read_and_what_a_lost_one_did_is_told_apart() {
        let (former, new) = (keys(), keys());
        let sealed = seal(&former, &Random::system(), "site 1", "s3cret");
        assert_eq!(open(&new, "site 1", &sealed), Err(SealedError::KeyGone));
        assert_eq!(open(&new.followed_by(&former), "site 1", &sealed).unwrap(), "s3cret");
    }

    proptest! {
        #[test]
        fn no_text_but_our_own_opens(text in ".{0,80}", position in 0usize..40) {
            let keys = keys();
            prop_assert!(open(&keys, "place", &text).is_err());
            let sealed = seal(&keys, &Random::system(), "place", "s3cret");
            let (body, kid) = sealed.split_once('.').unwrap();
            let mut changed = body.as_bytes().to_vec();
            let position = position % changed.len();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = format!("{}.{kid}", String::from_utf8(changed).unwrap());
            // the last character's lowest bits may be of no byte
            prop_assert!(open(&keys, "place", &changed) != Ok("another".to_owned()));
            prop_assert!(position + 1 == body.len() || open(&keys, "place", &changed) == Err(SealedError::Damaged));
        }
    }
}
