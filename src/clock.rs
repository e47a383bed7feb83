//! Time and randomness, passed in wherever they are needed so that tests can set them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use uuid::Uuid;

use crate::domain::timestamp::Timestamp;

/// Tells the time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        let beginning = Instant::now();
        Self {
            now: Arc::new(|| {
                #[expect(clippy::disallowed_methods, reason = "the one place where the time comes from")]
                let now = jiff::Timestamp::now();
                Timestamp::from_micros(now.as_microsecond())
            }),
            elapsed: Arc::new(move || beginning.elapsed()),
        }
    }

    /// A clock that tells what this function says, which never goes back.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let (beginning, ticking) = (now(), now.clone());
        Self { now, elapsed: Arc::new(move || ticking().since(beginning)) }
    }

    /// The same, where this function tells how long something took.
    pub fn measuring(self, elapsed: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { elapsed: Arc::new(elapsed), ..self }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Since some moment, on a clock that nobody sets.
    pub fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }
}

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Gives random bytes.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

impl Random {
    /// The operating system's randomness.
    pub fn system() -> Self {
        Self::from_fn(|bytes| {
            #[expect(clippy::disallowed_methods, reason = "the one place where randomness comes from")]
            getrandom::fill(bytes).expect("the operating system gives random bytes");
        })
    }

    /// Randomness that this function fills in.
    pub fn from_fn(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }

    /// A UUIDv7 (RFC 9562, section 5.7) of this time.
    pub fn id<Id: From<Uuid>>(&self, now: Timestamp) -> Id {
        Id::from(uuid::Builder::from_unix_timestamp_millis(now.as_millis(), &self.bytes()).into_uuid())
    }
}
