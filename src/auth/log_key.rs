//! The key that signs heads of logs (Ed25519, RFC 8032), made from the first of the server's keys.
//!
//! Strangers check the signature by the public key, so it cannot be a keyed hash. With another first key in the key file
//! it is another one, under another name: whoever keeps heads keeps the public key with them.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::keys::{Keys, Purpose};

/// Bytes of a public key.
pub const PUBLIC_BYTES: usize = 32;
/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// Signs.
pub struct LogKey {
    pair: Ed25519KeyPair,
    /// The name of the server's key that it is made from.
    pub id: String,
}

impl LogKey {
    /// Made from these.
    pub fn of(keys: &Keys) -> Self {
        let seed = keys.hash(Purpose::Head, &[]);
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("a hash has the length of a seed");
        Self { pair, id: keys.first().kid.clone() }
    }

    /// What a signature is checked by.
    pub fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    /// The signature of these bytes.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.pair.sign(bytes).as_ref().to_vec()
    }
}

/// Whether these bytes were signed by the key with this public one.
pub fn is_signed(public: &[u8; PUBLIC_BYTES], bytes: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(bytes, signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Random;

    #[test]
    fn a_signature_holds_for_its_bytes_and_key_alone() {
        let keys = Keys::generate(&Random::system());
        let (key, other) = (LogKey::of(&keys), LogKey::of(&Keys::generate(&Random::system())));
        assert_eq!(key.public(), LogKey::of(&keys).public(), "the same keys give the same");
        let signature: [u8; SIGNATURE_BYTES] = key.sign(b"head").try_into().unwrap();
        let public = |key: &LogKey| <[u8; PUBLIC_BYTES]>::try_from(key.public()).unwrap();
        assert!(is_signed(&public(&key), b"head", &signature));
        assert!(!is_signed(&public(&key), b"heed", &signature));
        assert!(!is_signed(&public(&other), b"head", &signature));
    }
}
