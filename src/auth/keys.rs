//! The server's keys, from a file that is made at the first start. The first key signs, all verify.

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::clock::Random;

/// Bytes of a key's secret, as many as its hash has (RFC 7518, section 3.2).
const SECRET_BYTES: usize = 32;

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file cannot be read or made.
    #[error("{path}: {cause}")]
    File { path: String, cause: std::io::Error },
    /// The file is not of the form `{"keys": [{"kid": "...", "secret": "..."}]}`.
    #[error(
        "{0}: not a key file: {{\"keys\": [{{\"kid\": \"...\", \"secret\": \"...\"}}]}} with secrets of 32 bytes or \
         more in unpadded base64url and a different kid for each"
    )]
    Form(String),
}

/// One key. `Debug` does not show the secret.
#[derive(Clone)]
pub struct Key {
    /// The name by which tokens say which key signed them.
    pub kid: String,
    secret: Vec<u8>,
}

impl Key {
    /// The secret's bytes.
    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// A keyed hash for one purpose; hashes for different purposes have nothing to do with each other.
    pub(super) fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        let mac = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        let mut derived = mac(&self.secret);
        derived.update(purpose.label());
        let mut hash = mac(&derived.finalize().into_bytes());
        for part in parts {
            // the length keeps ("ab", "c") apart from ("a", "bc")
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({})", self.kid)
    }
}

/// What a keyed hash is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Seals cursors.
    Cursor,
    /// Hides identifiers and addresses of counted tries.
    Attempt,
    /// Hides addresses of writers, another every day.
    Pace,
    /// Encrypts secrets that the database keeps.
    Secret,
    /// Signs heads of logs.
    Head,
    /// Hides who gave a notice.
    Notifier,
    /// Hides digits that were mailed.
    Code,
    /// Signs challenges.
    Work,
    /// Signs when forms were opened.
    Form,
    /// Shows that a form was made for who sends it.
    PlainForm,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Cursor => b"rejoinder cursor",
            Self::Attempt => b"rejoinder attempt",
            Self::Pace => b"rejoinder pace",
            Self::Secret => b"rejoinder secret",
            Self::Head => b"rejoinder log head",
            Self::Notifier => b"rejoinder notifier",
            Self::Code => b"rejoinder code",
            Self::Work => b"rejoinder work",
            Self::Form => b"rejoinder form",
            Self::PlainForm => b"rejoinder plain form",
        }
    }
}

/// All keys; never empty.
#[derive(Clone, Debug)]
pub struct Keys(Vec<Key>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    keys: Vec<KeyEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    kid: String,
    secret: String,
}

impl Keys {
    /// Reads the file, or makes it with one new key, readable by its owner alone.
    pub fn load_or_create(path: &Path, random: &Random) -> Result<Self, KeysError> {
        let failed = |cause| KeysError::File { path: path.display().to_string(), cause };
        match std::fs::read(path) {
            Ok(bytes) => Self::parse(&bytes).ok_or_else(|| KeysError::Form(path.display().to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let keys = Self::generate(random);
                // written whole under another name first, then linked: of two instances that start together one
                // wins and both read the same
                let temporary = path.with_extension(format!("new-{}", keys.0[0].kid));
                let written = (|| {
                    let mut file =
                        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
                    file.write_all(&keys.to_json())?;
                    file.sync_all()?;
                    std::fs::hard_link(&temporary, path)
                })();
                let _ = std::fs::remove_file(&temporary);
                match written {
                    Ok(()) => Ok(keys),
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                        Self::load_or_create(path, random)
                    }
                    Err(error) => Err(failed(error)),
                }
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// One new key.
    pub fn generate(random: &Random) -> Self {
        let kid = BASE64.encode(random.bytes::<6>());
        Self(vec![Key { kid, secret: random.bytes::<SECRET_BYTES>().to_vec() }])
    }

    /// These, and behind them those.
    #[cfg(test)]
    pub fn followed_by(&self, former: &Self) -> Self {
        Self([self.0.clone(), former.0.clone()].concat())
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let file: KeyFile = serde_json::from_slice(bytes).ok()?;
        let mut keys: Vec<Key> = Vec::new();
        for entry in file.keys {
            let secret = BASE64.decode(&entry.secret).ok()?;
            let is_new = keys.iter().all(|key| key.kid != entry.kid);
            if secret.len() < SECRET_BYTES || entry.kid.is_empty() || !is_new {
                return None;
            }
            keys.push(Key { kid: entry.kid, secret });
        }
        (!keys.is_empty()).then_some(Self(keys))
    }

    fn to_json(&self) -> Vec<u8> {
        let entry = |key: &Key| KeyEntry { kid: key.kid.clone(), secret: BASE64.encode(&key.secret) };
        serde_json::to_vec_pretty(&KeyFile { keys: self.0.iter().map(entry).collect() }).expect("texts become JSON")
    }

    /// The key that signs.
    pub fn first(&self) -> &Key {
        &self.0[0]
    }

    /// The key of this name.
    pub fn find(&self, kid: &str) -> Option<&Key> {
        self.0.iter().find(|key| key.kid == kid)
    }

    /// A keyed hash by the first key.
    pub fn hash(&self, purpose: Purpose, parts: &[&[u8]]) -> [u8; 32] {
        self.first().hash(purpose, parts)
    }

    /// The same hash by each key, the first one's first.
    pub fn hashes(&self, purpose: Purpose, parts: &[&[u8]]) -> impl Iterator<Item = [u8; 32]> {
        self.0.iter().map(move |key| key.hash(purpose, parts))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        let made = Keys::load_or_create(&path, &Random::system()).unwrap();
        let read = Keys::load_or_create(&path, &Random::system()).unwrap();
        assert_eq!(made.first().kid, read.first().kid);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn weak_and_malformed_files_are_refused_without_showing_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.json");
        for text in ["", "{}", r#"{"keys": []}"#, r#"{"keys": [{"kid": "a", "secret": "c2hvcnQ"}]}"#] {
            std::fs::write(&path, text).unwrap();
            let error = Keys::load_or_create(&path, &Random::system()).unwrap_err();
            assert!(!error.to_string().contains("c2hvcnQ"), "{error}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let keys = Keys::generate(&Random::from_fn(|bytes| bytes.fill(65)));
        assert!(!format!("{keys:?}").contains("65, 65"));
    }
}
