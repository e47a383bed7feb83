//! Opaque cursors: a place in one list, encrypted with the server's key, of no use for another list.
//!
//! A place may tell what nobody should know, such as the number of replies that wait. AES-GCM-SIV (RFC 8452) under a nonce
//! made of what is encrypted: the same place gives the same cursor on all instances, as the bytes of public pages must be
//! the same.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Serialize, de::DeserializeOwned};

use super::problem::{Code, Problem};
use crate::auth::keys::{Keys, Purpose};

/// Characters of the longest cursor that is read: 33 levels of a path in JSON need about 750.
pub const MAX_CHARS: usize = 800;

/// Makes and reads cursors.
#[derive(Clone, Debug)]
pub struct Cursors(Keys);

impl Cursors {
    /// Encrypted with these keys.
    pub fn new(keys: Keys) -> Self {
        Self(keys)
    }

    /// A cursor for this place. `scope` names the list: whatever of the request decides about its rows and their order.
    pub fn seal(&self, scope: &str, place: impl Serialize) -> String {
        let mut sealed = serde_json::to_vec(&place).expect("places are plain values");
        let nonce = self.0.hash(Purpose::Cursor, &[b"nonce", scope.as_bytes(), &sealed]);
        let nonce = nonce.first_chunk::<NONCE_LEN>().expect("a hash is longer");
        key(&self.0.hash(Purpose::Cursor, &[b"key"]))
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(*nonce), Aad::from(scope.as_bytes()), &mut sealed)
            .expect("places are short");
        BASE64.encode([nonce.as_slice(), &sealed].concat())
    }

    /// The place of a cursor that was sealed for this list.
    pub fn open<T: DeserializeOwned>(&self, scope: &str, cursor: &str) -> Result<T, Problem> {
        self.try_open(scope, cursor).ok_or_else(|| Problem::new(Code::InvalidCursor))
    }

    /// The same where there may be none.
    pub fn open_optional<T: DeserializeOwned>(&self, scope: &str, cursor: Option<&str>) -> Result<Option<T>, Problem> {
        cursor.map(|cursor| self.open(scope, cursor)).transpose()
    }

    fn try_open<T: DeserializeOwned>(&self, scope: &str, cursor: &str) -> Option<T> {
        if cursor.len() > MAX_CHARS {
            return None;
        }
        let bytes = BASE64.decode(cursor).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        self.0.hashes(Purpose::Cursor, &[b"key"]).find_map(|secret| {
            let mut sealed = sealed.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let place = key(&secret).open_in_place(nonce, Aad::from(scope.as_bytes()), &mut sealed).ok()?;
            serde_json::from_slice(place).ok()
        })
    }

    /// Changes with the key, as all cursors do: a part of the tags of pages that show cursors.
    pub fn fingerprint(&self) -> String {
        BASE64.encode(&self.0.hash(Purpose::Cursor, &[b"fingerprint"])[..3])
    }
}

fn key(secret: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, secret).expect("a hash has the length of a key"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::Random;

    fn cursors() -> Cursors {
        Cursors::new(Keys::generate(&Random::system()))
    }

    #[test]
    fn a_cursor_opens_for_its_own_list_alone() {
        let cursors = cursors();
        let cursor = cursors.seal("threads/1/newest", (7, "x"));
        assert_eq!(cursors.open::<(i32, String)>("threads/1/newest", &cursor).unwrap(), (7, "x".to_owned()));
        assert!(cursors.open::<(i32, String)>("threads/2/newest", &cursor).is_err());
        assert!(cursors.open::<(i32, String)>("threads/1/oldest", &cursor).is_err());
        assert!(self::cursors().open::<(i32, String)>("threads/1/newest", &cursor).is_err());
    }

    #[test]
    fn a_cursor_tells_nothing_and_is_the_same_for_the_same_place() {
        let cursors = cursors();
        let cursor = cursors.seal("list", "a place that nobody should read");
        assert_eq!(cursor, cursors.seal("list", "a place that nobody should read"));
        let bytes = BASE64.decode(cursor).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"place"));
    }

    #[test]
    fn the_longest_path_fits() {
        let path: Vec<u8> = vec![255; 132];
        assert!(cursors().seal("below", path).len() <= MAX_CHARS);
    }

    proptest! {
        #[test]
        fn no_text_but_our_own_opens(text in ".{0,80}", position in 0usize..40, to in 0u8..64) {
            let cursors = cursors();
            prop_assert!(cursors.open::<i32>("list", &text).is_err());
            let cursor = cursors.seal("list", 7);
            let mut changed = cursor.clone().into_bytes();
            let position = position % changed.len();
            changed[position] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[to as usize];
            let changed = String::from_utf8(changed).unwrap();
            prop_assert!(changed == cursor || cursors.open::<i32>("list", &changed).is_err());
        }
    }
}
