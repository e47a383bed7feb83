//! Who waits in a line, and since when: how long the first has waited tells how far the work is behind, also when nothing goes
//! on at all.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::clock::Clock;

/// A line. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Line(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    places: Mutex<Places>,
}

#[derive(Default, Debug)]
struct Places {
    next: u64,
    /// In the order of arrival.
    since: BTreeMap<u64, Duration>,
}

/// A place in a line; left when it is dropped.
#[derive(Debug)]
pub struct Place {
    line: Line,
    number: u64,
}

impl Line {
    /// Nobody in it.
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new(Inner { clock, places: Mutex::default() }))
    }

    /// A place at its end.
    pub fn enter(&self) -> Place {
        let now = self.0.clock.elapsed();
        let mut places = self.places();
        let number = places.next;
        places.next += 1;
        places.since.insert(number, now);
        Place { line: self.clone(), number }
    }

    /// How long the first has waited; nothing if nobody waits.
    pub fn behind(&self) -> Duration {
        let first = self.places().since.first_key_value().map(|(_, since)| *since);
        first.map_or(Duration::ZERO, |since| self.0.clock.elapsed().saturating_sub(since))
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.line.places().since.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::domain::timestamp::Timestamp;

    #[test]
    fn a_line_is_as_far_behind_as_its_first_has_waited() {
        let secs = Arc::new(AtomicU64::new(0));
        let passed = secs.clone();
        let clock = Clock::from_fn(|| Timestamp::from_micros(0))
            .measuring(move || Duration::from_secs(passed.load(Ordering::Relaxed)));
        let line = Line::new(clock);
        let first = line.enter();
        assert_eq!(line.behind(), Duration::ZERO);
        secs.store(2, Ordering::Relaxed);
        let second = line.enter();
        secs.store(5, Ordering::Relaxed);
        assert_eq!(line.behind(), Duration::from_secs(5));
        drop(first);
        assert_eq!(line.behind(), Duration::from_secs(3));
        drop(second);
        assert_eq!(line.behind(), Duration::ZERO);
    }
}
