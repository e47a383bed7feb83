//! A gate: so many work behind it at once, so many wait in front of it, each so long.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    clock::Clock,
    line::{Line, Place},
};

/// Too many wait already, or this one waited too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Crowded;

/// The right to work; given back when it is dropped. It goes with the work, so that a caller who goes away does not make
/// room for more than work at once.
pub type Pass = OwnedSemaphorePermit;

/// How full a gate is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Load {
    /// Passes that are out.
    pub at_work: usize,
    /// Passes that there are.
    pub at_once: usize,
    /// Callers in front.
    pub waiting: usize,
}

/// See the module's description.
#[derive(Debug)]
pub struct Gate {
    passes: Arc<Semaphore>,
    waiting: AtomicUsize,
    at_once: usize,
    max_waiting: usize,
    max_wait: Duration,
    /// Since when they wait, where somebody asks.
    line: Option<Line>,
}

impl Gate {
    /// For so many at once.
    pub fn new(at_once: usize, max_waiting: usize, max_wait: Duration) -> Self {
        let passes = Arc::new(Semaphore::new(at_once));
        Self { passes, waiting: AtomicUsize::new(0), at_once, max_waiting, max_wait, line: None }
    }

    /// The same, which knows how long the first has waited.
    pub fn watched(at_once: usize, max_waiting: usize, max_wait: Duration, clock: &Clock) -> Self {
        Self { line: Some(Line::new(clock.clone())), ..Self::new(at_once, max_waiting, max_wait) }
    }

    /// How long the first of those in front has waited.
    pub fn behind(&self) -> Duration {
        self.line.as_ref().map_or(Duration::ZERO, Line::behind)
    }

    /// How full it is, for metrics: a look that nobody who passes pays for.
    pub fn load(&self) -> Load {
        Load {
            at_work: self.at_once.saturating_sub(self.passes.available_permits()),
            at_once: self.at_once,
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    /// Waits for a pass, in the order of arrival.
    pub async fn pass(&self) -> Result<Pass, Crowded> {
        if let Ok(pass) = self.passes.clone().try_acquire_owned() {
            return Ok(pass);
        }
        let _waiting = Waiting::enter(self)?;
        match timeout(self.max_wait, self.passes.clone().acquire_owned()).await {
            Ok(Ok(pass)) => Ok(pass),
            _ => Err(Crowded),
        }
    }
}

/// Counts a caller among the waiting, until he goes on or away.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    _place: Option<Place>,
}

impl<'a> Waiting<'a> {
    fn enter(gate: &'a Gate) -> Result<Self, Crowded> {
        if gate.waiting.fetch_add(1, Ordering::Relaxed) >= gate.max_waiting {
            gate.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Crowded);
        }
        Ok(Self { count: &gate.waiting, _place: gate.line.as_ref().map(Line::enter) })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    async fn waits(pass: &mut (impl Future<Output = Result<Pass, Crowded>> + Unpin)) -> bool {
        timeout(Duration::ZERO, pass).await.is_err()
    }

    #[tokio::test]
    async fn so_many_work_and_so_many_wait() {
        let gate = Gate::new(2, 1, LONG);
        let (first, _second) = (gate.pass().await.unwrap(), gate.pass().await.unwrap());
        let mut third = Box::pin(gate.pass());
        assert!(waits(&mut third).await);
        assert_eq!(gate.pass().await.unwrap_err(), Crowded);
        assert_eq!(gate.load(), Load { at_work: 2, at_once: 2, waiting: 1 });
        drop(first);
        drop(third.await.unwrap());
        assert_eq!(gate.load(), Load { at_work: 1, at_once: 2, waiting: 0 });
    }

    #[tokio::test]
    async fn who_goes_away_makes_room_in_front_and_not_behind() {
        let gate = Gate::new(1, 1, LONG);
        let pass = gate.pass().await.unwrap();
        let mut waiting = Box::pin(gate.pass());
        assert!(waits(&mut waiting).await);
        drop(waiting);
        let mut next = Box::pin(gate.pass());
        assert!(waits(&mut next).await, "there is room to wait, and none to work");
        drop(pass);
        drop(next.await.unwrap());
    }

    #[tokio::test]
    async fn a_watched_gate_knows_how_long_the_first_in_front_has_waited() {
        let secs = Arc::new(AtomicUsize::new(0));
        let passed = secs.clone();
        let clock = Clock::system().measuring(move || Duration::from_secs(passed.load(Ordering::Relaxed) as u64));
        let gate = Gate::watched(1, 2, LONG, &clock);
        let pass = gate.pass().await.unwrap();
        secs.store(3, Ordering::Relaxed);
        assert_eq!(gate.behind(), Duration::ZERO, "who works does not wait");
        let mut first = Box::pin(gate.pass());
        assert!(waits(&mut first).await);
        secs.store(5, Ordering::Relaxed);
        let mut second = Box::pin(gate.pass());
        assert!(waits(&mut second).await);
        assert_eq!(gate.behind(), Duration::from_secs(2));
        drop(first);
        secs.store(6, Ordering::Relaxed);
        assert_eq!(gate.behind(), Duration::from_secs(1));
        drop(pass);
        drop(second.await.unwrap());
        assert_eq!(gate.behind(), Duration::ZERO);
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_told() {
        let gate = Gate::new(1, 1, Duration::ZERO);
        let pass = gate.pass().await.unwrap();
        assert_eq!(gate.pass().await.unwrap_err(), Crowded);
        drop(pass);
        drop(gate.pass().await.unwrap());
    }
}
