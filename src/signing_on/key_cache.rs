//! Public keys that were fetched, kept in memory.
//!
//! One fetches for all who wait. Keys are used for ten minutes without asking, and for an hour where asking fails, since
//! their owner's web server may be away while his readers are not; who wants a key out of use at once registers the issuer
//! with other keys. A kid that is not known may be a new one: it is asked for once a minute at most, so that forged tokens
//! fetch nothing. Who fails is left alone for longer each time.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use tokio::sync::Mutex;

use crate::{
    auth::sso::keys::PublicKeys,
    clock::Clock,
    domain::{ids::IssuerId, sso::KEYS_MAX_BYTES},
    outside::{Outside, OutsideError, endpoint::Endpoint},
};

/// How long keys are used without asking.
const FRESH: Duration = Duration::from_secs(600);
/// How long while asking fails.
const STALE: Duration = Duration::from_secs(3_600);
/// How long nobody asks for a key that was not there.
const UNKNOWN_WAIT: Duration = Duration::from_secs(60);
/// How long an issuer is left alone that failed, at first and at most.
const FAILED_WAIT: Duration = Duration::from_secs(10);
const FAILED_WAIT_MAX: Duration = Duration::from_secs(600);
/// Issuers whose keys are kept.
const ISSUERS_MAX: u64 = 256;

/// The keys of several issuers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeyCache(Cache<(IssuerId, i64), Arc<Mutex<Known>>>);

/// What is known of one issuer's keys; times are those of a clock that nobody sets.
#[derive(Debug, Default)]
struct Known {
    keys: Option<(PublicKeys, Duration)>,
    asked_at: Option<Duration>,
    /// In a row.
    failures: u32,
    error: Option<OutsideError>,
}

impl KeyCache {
    /// With nothing in it.
    pub fn new() -> Self {
        Self(Cache::new(ISSUERS_MAX))
    }

    /// The keys of an issuer, as it was in this version, among which this one is looked for.
    pub async fn get(
        &self,
        (issuer, version): (IssuerId, i64),
        endpoint: &Endpoint,
        kid: Option<&str>,
        (outside, clock): (&Outside, &Clock),
    ) -> Result<PublicKeys, OutsideError> {
        let known = self.0.get_with((issuer, version), Arc::default);
        // held while somebody fetches: those who wait find what he brought
        let mut known = known.lock().await;
        let now = clock.elapsed();
        if known.asks(kid, now) {
            let fetched = outside.fetch(endpoint, KEYS_MAX_BYTES).await.and_then(|document| read(&document));
            known.learn(fetched, now);
        }
        known.usable(now)
    }
}

fn read(document: &[u8]) -> Result<PublicKeys, OutsideError> {
    PublicKeys::parse_published(document)
        .map_err(|fault| OutsideError::malformed(format!("the document of keys {fault}")))
}

impl Default for KeyCache {
    fn default() -> Self {
        Self::new()
    }
}

impl Known {
    /// Whether it is time to ask.
    fn asks(&self, kid: Option<&str>, now: Duration) -> bool {
        let since_asked = self.asked_at.map_or(Duration::MAX, |asked_at| now.saturating_sub(asked_at));
        let is_left_alone = self.failures > 0 && since_asked < wait(self.failures);
        match &self.keys {
            _ if is_left_alone => false,
            Some((keys, since)) if now.saturating_sub(*since) < FRESH => {
                keys.find(kid).is_none() && since_asked >= UNKNOWN_WAIT
            }
            _ => true,
        }
    }

    fn learn(&mut self, fetched: Result<PublicKeys, OutsideError>, now: Duration) {
        self.asked_at = Some(now);
        match fetched {
            Ok(keys) => (self.keys, self.failures, self.error) = (Some((keys, now)), 0, None),
            Err(error) => {
                tracing::warn!(%error, "an issuer's keys could not be fetched");
                self.failures = self.failures.saturating_add(1);
                self.error = Some(error);
            }
        }
    }

    fn usable(&self, now: Duration) -> Result<PublicKeys, OutsideError> {
        match (&self.keys, &self.error) {
            (Some((keys, since)), _) if now.saturating_sub(*since) < STALE => Ok(keys.clone()),
            (_, Some(error)) => Err(error.clone()),
            // keys that are older were asked for anew, or are left alone with the error of that
            (_, None) => Err(OutsideError::TimedOut),
        }
    }
}

fn wait(failures: u32) -> Duration {
    let doubled = 1 << failures.saturating_sub(1).min(16);
    (FAILED_WAIT * doubled).min(FAILED_WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn keys() -> PublicKeys {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let document = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"a"}}]}}"#);
        PublicKeys::parse(document.as_bytes()).unwrap()
    }

    fn known(at: Duration) -> Known {
        let mut known = Known::default();
        known.learn(Ok(keys()), at);
        known
    }

    #[test]
    fn keys_are_asked_for_when_they_are_old() {
        assert!(Known::default().asks(Some("a"), SECOND));
        let known = known(SECOND);
        assert!(!known.asks(Some("a"), FRESH) && !known.asks(None, FRESH));
        assert!(known.asks(Some("a"), SECOND + FRESH));
    }

    #[test]
    fn a_kid_that_is_not_known_is_asked_for_once_a_minute() {
        let mut known = known(SECOND);
        assert!(!known.asks(Some("b"), 60 * SECOND));
        assert!(known.asks(Some("b"), 61 * SECOND));
        known.learn(Ok(keys()), 61 * SECOND);
        assert!(!known.asks(Some("c"), 120 * SECOND));
        assert!(known.asks(Some("c"), 121 * SECOND));
    }

    #[test]
    fn who_fails_is_left_alone_longer_each_time_and_his_keys_are_used_for_an_hour() {
        let mut known = known(Duration::ZERO);
        let mut now = FRESH;
        for (failures, wait) in [(1, 10), (2, 20), (3, 40)] {
            assert!(known.asks(Some("a"), now));
            known.learn(Err(OutsideError::TimedOut), now);
            assert_eq!(known.failures, failures);
            assert!(known.usable(now).is_ok());
            assert!(!known.asks(Some("a"), now + wait * SECOND - SECOND));
            // also for a kid that nobody knows
            assert!(!known.asks(Some("b"), now + wait * SECOND - SECOND));
            now += wait * SECOND;
        }
        assert!(known.usable(STALE - SECOND).is_ok());
        assert_eq!(known.usable(STALE).unwrap_err(), OutsideError::TimedOut);
        assert_eq!(wait(1_000), FAILED_WAIT_MAX);
        known.learn(Ok(keys()), STALE);
        assert_eq!((known.failures, known.usable(STALE).is_ok()), (0, true));
    }

    #[test]
    fn who_failed_from_the_beginning_is_told_so_while_nobody_asks() {
        let mut known = Known::default();
        known.learn(Err(OutsideError::Status(500)), SECOND);
        assert!(!known.asks(None, 2 * SECOND));
        assert_eq!(known.usable(2 * SECOND).unwrap_err(), OutsideError::Status(500));
    }
}
