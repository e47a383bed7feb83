//! When keys were last used, in memory until a task writes it down: a read by a key is to cost no write.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use moka::sync::Cache;

use super::api_key::KeyHash;
use crate::domain::{ids::ApiKeyId, timestamp::Timestamp};

/// Keys that are known again.
const KNOWN_MAX: u64 = 10_000;

/// What is known of keys that are used here. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeyUses {
    /// The uses that are not written down; no more than there are keys.
    uses: Arc<Mutex<HashMap<ApiKeyId, Timestamp>>>,
    /// Keys that were good when they were shown last, by which no more is decided than whose pace a request is.
    known: Cache<KeyHash, ()>,
}

impl Default for KeyUses {
    fn default() -> Self {
        Self { uses: Arc::default(), known: Cache::new(KNOWN_MAX) }
    }
}

impl KeyUses {
    /// Notes that a key, which there is, was used.
    pub fn note(&self, key: ApiKeyId, now: Timestamp) {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        let last = uses.entry(key).or_insert(now);
        *last = now.max(*last);
    }

    /// Notes that this is a good key.
    pub fn learn(&self, hash: KeyHash) {
        self.known.insert(hash, ());
    }

    /// Notes that there is no such key, or none any more.
    pub fn forget(&self, hash: KeyHash) {
        self.known.invalidate(&hash);
    }

    /// Whether it was good when it was shown last.
    pub fn knows(&self, hash: KeyHash) -> bool {
        self.known.contains_key(&hash)
    }

    /// What is to be written down.
    pub fn take(&self) -> Vec<(ApiKeyId, Timestamp)> {
        let uses = std::mem::take(&mut *self.uses.lock().unwrap_or_else(PoisonError::into_inner));
        uses.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_last_use_counts_and_is_given_once() {
        let (uses, key) = (KeyUses::default(), ApiKeyId(Uuid::from_u128(1)));
        for micros in [5, 9, 7] {
            uses.note(key, Timestamp::from_micros(micros));
        }
        assert_eq!(uses.take(), [(key, Timestamp::from_micros(9))]);
        assert_eq!(uses.take(), []);
        uses.learn([7; 32]);
        assert!(uses.knows([7; 32]) && !uses.knows([8; 32]));
        uses.forget([7; 32]);
        assert!(!uses.knows([7; 32]));
    }
}
