//! A circuit breaker: who failed time after time is left alone for a while, and then tried by one before all come back.
//!
//! Closed, all pass. After five failures in a row it is open for 30 s, and each time that the trial fails for twice as
//! long, up to ten minutes. In between it is half open: exactly one passes, and what becomes of him decides.
//!
//! Only circuits with a failure are remembered, so many at most; past that the one that changed longest ago is
//! forgotten, which at worst lets a few more questions through.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Failures in a row that open a circuit.
pub const MAX_FAILURES: u32 = 5;
/// How long it is open at first.
pub const FIRST_WAIT: Duration = Duration::from_secs(30);
/// How long at most.
pub const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// Circuits that are remembered.
pub const MAX_CIRCUITS: usize = 1024;

/// When a trial is surely over.
const TRIAL: Duration = Duration::from_secs(2);

/// Nobody passes now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open {
    /// How long it stays so, as far as is known.
    pub retry_after: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// So many failures in a row.
    Closed { failures: u32 },
    /// Until then, after a wait of this length.
    Open { until: Duration, wait: Duration },
    /// The trial with this number is out, after a wait of this length.
    HalfOpen { trial: u64, wait: Duration },
}

impl State {
    fn open(now: Duration, wait: Duration) -> Self {
        Self::Open { until: now + wait, wait }
    }
}

#[derive(Debug, Default)]
struct Circuits {
    /// Each with the number of its last change.
    by_name: HashMap<String, (State, u64)>,
    changes: u64,
}

impl Circuits {
    fn state(&self, name: &str) -> Option<State> {
        self.by_name.get(name).map(|(state, _)| *state)
    }

    fn set(&mut self, name: &str, state: State) {
        if self.by_name.len() >= MAX_CIRCUITS && !self.by_name.contains_key(name) {
            let oldest = self.by_name.iter().min_by_key(|(_, (_, changed))| *changed);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                self.by_name.remove(&oldest);
            }
        }
        self.changes += 1;
        self.by_name.insert(name.to_owned(), (state, self.changes));
    }

    /// Takes in what became of one who had passed. Who is late, since the circuit has changed meanwhile, changes
    /// nothing.
    fn end(&mut self, name: &str, trial: Option<u64>, told: Option<Told>) {
        let state = match (self.state(name), trial) {
            (Some(State::HalfOpen { trial: out, wait }), Some(mine)) if out == mine => match told {
                Some(Told::Failure(now)) => State::open(now, (wait * 2).min(LONGEST_WAIT)),
                // the next one may try at once
                None => State::Open { until: Duration::ZERO, wait },
                Some(Told::Success) => return self.forget(name),
            },
            (before @ (None | Some(State::Closed { .. })), None) => {
                let failures = if let Some(State::Closed { failures }) = before { failures } else { 0 };
                match told {
                    Some(Told::Failure(now)) if failures + 1 >= MAX_FAILURES => State::open(now, FIRST_WAIT),
                    Some(Told::Failure(_)) => State::Closed { failures: failures + 1 },
                    Some(Told::Success) => return self.forget(name),
                    None => return,
                }
            }
            _ => return,
        };
        self.set(name, state);
    }

    fn forget(&mut self, name: &str) {
        self.by_name.remove(name);
    }
}

/// See the module's description. Times are those since some moment, on a clock that never goes back.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<Circuits>);

/// What became of a question.
#[derive(Clone, Copy, Debug)]
enum Told {
    Success,
    Failure(Duration),
}

/// The right to ask once. Who drops it without a word leaves everything as it was.
#[derive(Debug)]
#[must_use = "what became of it is to be told"]
pub struct Pass<'b> {
    breaker: &'b Breaker,
    name: String,
    trial: Option<u64>,
    told: Option<Told>,
}

impl Pass<'_> {
    /// The endpoint answered as it should.
    pub fn succeeded(mut self) {
        self.told = Some(Told::Success);
    }

    /// It did not, which was known now.
    pub fn failed(mut self, now: Duration) {
        self.told = Some(Told::Failure(now));
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.breaker.circuits().end(&self.name, self.trial, self.told);
    }
}

impl Breaker {
    /// With all circuits closed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for the right to go through the circuit of this name.
    pub fn enter(&self, name: &str, now: Duration) -> Result<Pass<'_>, Open> {
        let mut circuits = self.circuits();
        let trial = match circuits.state(name) {
            None | Some(State::Closed { .. }) => None,
            Some(State::HalfOpen { .. }) => return Err(Open { retry_after: TRIAL }),
            Some(State::Open { until, .. }) if now < until => return Err(Open { retry_after: until - now }),
            Some(State::Open { wait, .. }) => {
                let trial = circuits.changes;
                circuits.set(name, State::HalfOpen { trial, wait });
                Some(trial)
            }
        };
        drop(circuits);
        Ok(Pass { breaker: self, name: name.to_owned(), trial, told: None })
    }

    /// How many circuits are remembered: those whose last question failed.
    pub fn remembered(&self) -> usize {
        self.circuits().by_name.len()
    }

    fn circuits(&self) -> MutexGuard<'_, Circuits> {
        // nothing panics while it is held
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
