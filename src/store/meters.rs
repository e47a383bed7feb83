//! What the doors count of themselves. The handles work whether or not anybody shows them.

use prometheus::{Histogram, IntCounter, IntGauge, core::Collector, histogram_opts};

/// Handles of the store's metrics; clones count the same.
#[derive(Clone, Debug)]
pub struct Meters {
    /// Transactions tried again after they lost against concurrent ones.
    pub retries: IntCounter,
    /// Writes that wait for SQLite's writer.
    pub writer_queue_length: IntGauge,
    /// From the queue's entrance to the writer's taking it up, in seconds.
    pub writer_wait: Histogram,
    /// Writes in one commit.
    pub writer_batch_size: Histogram,
    /// Commits of SQLite's writer.
    pub writer_commits: IntCounter,
    /// 1 while the other instances are heard.
    pub notifications_connected: IntGauge,
    /// What they said.
    pub notifications_received: IntCounter,
}

/// In seconds: from an idle writer to the longest wait that is allowed.
const WAITS: &[f64] = &[0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
const BATCHES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

impl Default for Meters {
    fn default() -> Self {
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            Histogram::with_opts(histogram_opts!(name, help, buckets.to_vec())).expect("a name and rising buckets")
        };
        let counter = |name: &str, help: &str| IntCounter::new(name, help).expect("a name");
        let gauge = |name: &str, help: &str| IntGauge::new(name, help).expect("a name");
        Self {
            retries: counter(
                "rejoinder_db_retries_total",
                "Transactions on PostgreSQL tried again after they lost against concurrent ones.",
            ),
            writer_queue_length: gauge(
                "rejoinder_writer_queue_length",
                "Writes that wait for the one writer of SQLite.",
            ),
            writer_wait: histogram(
                "rejoinder_writer_wait_seconds",
                "How long writes waited for the one writer of SQLite.",
                WAITS,
            ),
            writer_batch_size: histogram("rejoinder_writer_batch_size", "Writes in one commit on SQLite.", BATCHES),
            writer_commits: counter("rejoinder_writer_commits_total", "Commits of the one writer of SQLite."),
            notifications_connected: gauge(
                "rejoinder_notifications_connected",
                "Whether this process is told at once what others change in the database.",
            ),
            notifications_received: counter(
                "rejoinder_notifications_received_total",
                "What this process was told of changes by others.",
            ),
        }
    }
}

impl Meters {
    /// All of them, to be shown.
    pub fn collectors(&self) -> [Box<dyn Collector>; 7] {
        let Self {
            retries,
            writer_queue_length,
            writer_wait,
            writer_batch_size,
            writer_commits,
            notifications_connected,
            notifications_received,
        } = self.clone();
        [
            Box::new(retries),
            Box::new(writer_queue_length),
            Box::new(writer_wait),
            Box::new(writer_batch_size),
            Box::new(writer_commits),
            Box::new(notifications_connected),
            Box::new(notifications_received),
        ]
    }
}
