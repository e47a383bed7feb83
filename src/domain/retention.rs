//! How long what is kept of people is kept.

use std::time::Duration;

/// How long network addresses are kept, as keyed hashes of the day: as long as tries are counted.
pub const ADDRESSES: Duration = Duration::from_secs(3_600);

/// What is configured of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// Where and by what device somebody signed in, after that session ended or was used last.
    pub sign_ins: Duration,
    /// What repeated requests are answered by.
    pub idempotency_keys: Duration,
    /// Texts of replies that were put away as spam; none: for good.
    pub spam_texts: Option<Duration>,
}
