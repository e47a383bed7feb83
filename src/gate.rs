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
}

impl Gate {
    /// For so many at once.
    pub fn new(at_once: usize, max_waiting: usize, max_wait: Duration) -> Self {
        Self { passes: Arc::new(Semaphore::new(at_once)), waiting: AtomicUsize::new(0), at_once, max_waiting, max_wait }
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
        let _waiting = Waiting::enter(self)?;
        match timeout(self.max_wait, self.passes.clone().acquire_owned()).await {
            Ok(Ok(pass)) => Ok(pass),
            _ => Err(Crowded),
        }
    }
}

/// Counts a caller among the waiting, until he goes on or away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(gate: &'a Gate) -> Result<Self, Crowded> {
        if gate.waiting.fetch_add(1, Ordering::Relaxed) >= gate.max_waiting {
            gate.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Crowded);
        }
        Ok(Self(&gate.waiting))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
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
    async fn nobody_waits_longer_than_told() {
        let gate = Gate::new(1, 1, Duration::ZERO);
        let pass = gate.pass().await.unwrap();
        assert_eq!(gate.pass().await.unwrap_err(), Crowded);
        drop(pass);
        drop(gate.pass().await.unwrap());
    }
}
