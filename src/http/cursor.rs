//! Opaque cursors: a place in one list, sealed with the server's key, of no use for another list.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

use super::problem::{Code, Problem};
use crate::auth::keys::{Keys, Purpose};

/// Bytes of the seal.
const SEAL_BYTES: usize = 16;
/// Characters of the longest cursor that is read: 33 levels of a path in JSON need about 400.
pub const MAX_CHARS: usize = 800;

/// Makes and reads cursors.
#[derive(Clone, Debug)]
pub struct Cursors(Keys);

impl Cursors {
    /// Sealed with these keys.
    pub fn new(keys: Keys) -> Self {
        Self(keys)
    }

    /// A cursor for this place. `scope` names the list: whatever of the request decides about its rows and their order.
    pub fn seal(&self, scope: &str, place: impl Serialize) -> String {
        let place = serde_json::to_vec(&place).expect("places are plain values");
        let seal = self.0.hash(Purpose::Cursor, &[scope.as_bytes(), &place]);
        BASE64.encode([&seal[..SEAL_BYTES], &place].concat())
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
        let (seal, place) = bytes.split_at_checked(SEAL_BYTES)?;
        let parts = [scope.as_bytes(), place];
        let is_ours = self.0.hashes(Purpose::Cursor, &parts).any(|ours| bool::from(ours[..SEAL_BYTES].ct_eq(seal)));
        serde_json::from_slice(place).ok().filter(|_| is_ours)
    }

    /// Changes with the key, as all cursors do: a part of the tags of pages that show cursors.
    pub fn fingerprint(&self) -> String {
        BASE64.encode(&self.0.hash(Purpose::Cursor, &[b"fingerprint"])[..3])
    }
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
