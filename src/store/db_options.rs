//! What the two doors are told when they are opened.

use std::{sync::Arc, time::Duration};

use super::DbUrl;
use crate::clock::Clock;

/// What an observer sees.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// A statement that runs.
    Statement(&'a str),
    /// The text of a statement that was prepared to be kept. What runs without ever being kept is prepared each time.
    Kept(&'a str),
}

/// Sees what connections do; tests count and explain with it.
pub type Observer = Arc<dyn Fn(Seen<'_>) + Send + Sync>;

/// Bounds of the doors.
#[derive(Clone)]
pub struct DbOptions {
    /// Connections for reads; on PostgreSQL for writes too.
    pub pool_size: u32,
    /// Callers that may wait for a connection or for the writer.
    pub max_waiting: usize,
    /// How long one of them waits.
    pub max_wait: Duration,
    /// A read replica's URL; only of PostgreSQL.
    pub replica: Option<DbUrl>,
    /// Told of each statement.
    pub observer: Option<Observer>,
    /// By which is measured how long callers wait.
    pub clock: Clock,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self {
            pool_size: 8,
            max_waiting: 1_000,
            max_wait: Duration::from_secs(5),
            replica: None,
            observer: None,
            clock: Clock::system(),
        }
    }
}
