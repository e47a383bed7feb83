//! When keys were last used, in memory until a task writes it down: a read by a key is to cost no write.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::domain::{ids::ApiKeyId, timestamp::Timestamp};

/// The uses that are not written down; no more than there are keys.
#[derive(Clone, Default, Debug)]
pub struct KeyUses(Arc<Mutex<HashMap<ApiKeyId, Timestamp>>>);

impl KeyUses {
    /// Notes that a key, which there is, was used.
    pub fn note(&self, key: ApiKeyId, now: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = uses.entry(key).or_insert(now);
        *last = now.max(*last);
    }

    /// What is to be written down.
    pub fn take(&self) -> Vec<(ApiKeyId, Timestamp)> {
        let uses = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
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
    }
}
