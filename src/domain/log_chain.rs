//! The log as a chain of hashes: what of a row, a seal and a head is hashed, and over which bytes.
//!
//! The forms are for ever: what was sealed by this program must prove itself to any later one, and to a stranger's.
//! docs/LOG.md says them field by field. Each is a JSON object in the canonical form of RFC 8785, of which only texts,
//! whole numbers and `null` are used: no blanks, names in the order of the alphabet (so the fields here stand in it), and
//! of all escapes the shortest. Hashes are SHA-256. `S` is what texts are kept in: owned by what seals, borrowed from the
//! line by what verifies.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};

pub mod lines;
pub mod links;

/// Of the forms; another one would stand in the rows and seals made from then on.
pub const VERSION: u8 = 1;
/// Rows under one seal at most, so that who verifies needs to keep no more than these.
pub const SEAL_ROWS_MAX: usize = 1_000;
/// Bytes of a salt: nobody finds a short text by trying, also where he knows the digest.
pub const SALT_BYTES: usize = 16;

/// A SHA-256 hash, in text as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of a canonical form.
    pub fn of_form(form: &impl Serialize) -> Self {
        Self::of(&canonical(form))
    }

    /// Of hashes one after the other, as bytes.
    pub fn of_all<'a>(hashes: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut hasher = Sha256::new();
        hashes.into_iter().for_each(|hash| hasher.update(hash.0));
        Self(hasher.finalize().into())
    }

    /// From the database. What has another length is no hash of anything.
    pub fn from_store(bytes: &[u8]) -> Self {
        Self(bytes.try_into().unwrap_or_default())
    }

    /// From its text.
    pub fn parse(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        Self::parse(text).ok_or_else(|| D::Error::custom("not a hash: 64 lower-case hexadecimal digits"))
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// So many bytes from lower-case hexadecimal digits.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// The bytes of a form: compact, and its fields as they stand in the type, which is in the order of the alphabet.
pub fn canonical(form: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(form).expect("forms are plain values")
}

/// What is hashed of a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowForm<S> {
    pub account_id: Option<S>,
    pub action: S,
    pub actor_id: Option<S>,
    pub actor_kind: S,
    pub created_at: S,
    /// Of the row's [`Texts`]; none of a row without.
    pub digest: Option<Hash>,
    pub from_state: Option<S>,
    pub id: S,
    /// In the chain, from 1.
    pub place: i64,
    pub reason: Option<S>,
    pub reply_id: Option<S>,
    pub reply_version: Option<i32>,
    pub request_id: Option<S>,
    pub site_id: Option<S>,
    pub story_id: Option<S>,
    pub to_state: Option<S>,
    pub v: u8,
}

/// What a row says in words, beside it, so that it can be erased: a salt in hexadecimal digits, the note, the message,
/// the details. A JSON array.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Texts(pub String, pub Option<String>, pub Option<String>, pub Option<String>);

/// What is hashed of a seal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealForm<S> {
    /// The place of its first row.
    pub first: i64,
    /// The hash of the seal before.
    pub former: Option<Hash>,
    /// When the newest of its rows was made, by the clock of who made it.
    pub newest_at: S,
    /// From 1.
    pub number: i64,
    pub oldest_at: S,
    pub rows: i64,
    /// Of the hashes of its rows.
    pub rows_hash: Hash,
    pub sealed_at: S,
    pub site_id: Option<S>,
    pub v: u8,
}

/// What is signed of a chain's head.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadForm<S> {
    /// Of the last seal; none of a chain that has none.
    pub hash: Option<Hash>,
    /// The name of the key that signs.
    pub key_id: S,
    /// Of the last seal.
    pub number: i64,
    /// All that are sealed.
    pub rows: i64,
    pub sealed_at: Option<S>,
    pub site_id: Option<S>,
    pub v: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_as_they_are_written() {
        let hash = Hash::of(b"abc");
        assert_eq!(hash.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(Hash::parse(&hash.to_string()), Some(hash));
        for wrong in ["", "ba", &hash.to_string().to_uppercase(), &format!("{hash}0"), &"é".repeat(32)] {
            assert_eq!(Hash::parse(wrong), None, "{wrong}");
        }
    }

    /// What was sealed stays provable: these bytes and hashes never change.
    #[test]
    fn the_forms_are_for_ever() {
        let texts = Texts("00".repeat(16), Some("rude \"\\\n\u{1}é".to_owned()), None, Some("{}".to_owned()));
        let bytes = r#"["00000000000000000000000000000000","rude \"\\\n\u0001é",null,"{}"]"#;
        assert_eq!(String::from_utf8(canonical(&texts)).unwrap(), bytes);
        let row = RowForm {
            account_id: None,
            action: "suspend",
            actor_id: Some("0193a000-0000-7000-8000-000000000001"),
            actor_kind: "admin",
            created_at: "2026-11-23T09:00:00.001Z",
            digest: Some(Hash::of_form(&texts)),
            from_state: None,
            id: "0193a000-0000-7000-8000-000000000002",
            place: 1,
            reason: None,
            reply_id: None,
            reply_version: None,
            request_id: Some("r-1"),
            site_id: None,
            story_id: None,
            to_state: None,
            v: VERSION,
        };
        let bytes = r#"{"account_id":null,"action":"suspend","actor_id":"0193a000-0000-7000-8000-000000000001","actor_kind":"admin","created_at":"2026-11-23T09:00:00.001Z","digest":"DIGEST","from_state":null,"id":"0193a000-0000-7000-8000-000000000002","place":1,"reason":null,"reply_id":null,"reply_version":null,"request_id":"r-1","site_id":null,"story_id":null,"to_state":null,"v":1}"#;
        let bytes = bytes.replace("DIGEST", &Hash::of_form(&texts).to_string());
        assert_eq!(String::from_utf8(canonical(&row)).unwrap(), bytes);
        let hash = Hash::of_form(&row);
        let seal = SealForm {
            first: 1,
            former: None,
            newest_at: row.created_at,
            number: 1,
            oldest_at: row.created_at,
            rows: 1,
            rows_hash: Hash::of_all([&hash]),
            sealed_at: "2026-11-23T09:00:01Z",
            site_id: None,
            v: VERSION,
        };
        assert_eq!(hash.to_string(), "ec827de997c64af6b16bd4e56f1700c31237c39fd67d5fa3bf448e05e782010f");
        assert_eq!(
            Hash::of_form(&seal).to_string(),
            "c7b9d676bf14ca0ab7d94556a63a3bb10f21363ac270169720e779a21363feee"
        );
    }
}
