//! Time and randomness, passed in wherever they are needed so that tests can set them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;

use crate::domain::timestamp::Timestamp;

/// Tells the time.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
    worked: Arc<dyn Fn() -> Duration + Send + Sync>,
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
            worked: Arc::new(worked),
        }
    }

    /// A clock that tells what this function says, which never goes back.
    pub fn from_fn(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let (beginning, ticking) = (now(), now.clone());
        Self::measured(now, Arc::new(move || ticking().since(beginning)))
    }

    /// The same, where this function tells how long something took.
    pub fn measuring(self, elapsed: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self::measured(self.now, Arc::new(elapsed))
    }

    fn measured(
        now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
        elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
    ) -> Self {
        Self { now, worked: elapsed.clone(), elapsed }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Since some moment, on a clock that nobody sets.
    pub fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }

    /// How long the present thread has worked since some moment: unlike what passes, this does not grow while the machine
    /// does something else.
    pub fn worked(&self) -> Duration {
        (self.worked)()
    }
}

/// The present thread's time on the processor (`CLOCK_THREAD_CPUTIME_ID` of POSIX).
fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    #[test]
    fn who_waits_has_not_worked() {
        let clock = Clock::system();
        let (elapsed, worked) = (clock.elapsed(), clock.worked());
        std::thread::sleep(Duration::from_millis(200));
        let (elapsed, worked) = (clock.elapsed() - elapsed, clock.worked() - worked);
        assert!(elapsed >= Duration::from_millis(200) && worked < elapsed / 2, "{worked:?} of {elapsed:?}");
    }

    #[test]
    fn who_works_has() {
        let clock = Clock::system();
        let worked = clock.worked();
        // bounded by a count, so that a clock which stands still fails the test instead of holding it up
        let rounds = (0..u64::from(u32::MAX)).find(|round| {
            black_box(round);
            round % 1_000 == 0 && clock.worked() - worked > Duration::from_millis(5)
        });
        assert!(rounds.is_some());
    }
}
