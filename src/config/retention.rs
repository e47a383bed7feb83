//! The variables that say how long what is kept of people is kept.

use std::time::Duration;

use super::environment::Reader;
use crate::domain::retention::Retention;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// A session is kept at least as long as it may go on without being used.
pub(super) fn read(env: &mut Reader<'_>, refresh_idle_ttl: Duration) -> Retention {
    let spam_texts = env.limit("RETENTION_SPAM_DAYS", 180, 36_500);
    Retention {
        sign_ins: (DAY * env.number("RETENTION_SIGN_INS_DAYS", 90, 1, 3_650)).max(refresh_idle_ttl),
        idempotency_keys: HOUR * env.number("RETENTION_IDEMPOTENCY_HOURS", 48, 24, 720),
        spam_texts: spam_texts.map(|days| DAY * days),
    }
}
