//! SQLite's one writer: a thread that owns the only connection that writes, behind a bounded queue.

use std::time::{Duration, Instant};

use diesel::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::DbError;

/// The queue's entrance. The thread ends when the last clone of the database goes.
pub(super) struct Writer(mpsc::Sender<Entry>);

struct Entry {
    /// Past it nobody waits for the answer any more, so the work is not begun.
    deadline: Instant,
    work: Box<dyn FnOnce(&mut SqliteConnection) + Send>,
}

impl Writer {
    pub(super) fn start(mut conn: SqliteConnection, max_waiting: usize) -> Self {
        let (sender, mut queue) = mpsc::channel::<Entry>(max_waiting.max(1));
        let thread = std::thread::Builder::new().name("writer".to_owned());
        thread
            .spawn(move || {
                while let Some(entry) = queue.blocking_recv() {
                    if Instant::now() < entry.deadline {
                        (entry.work)(&mut conn);
                    }
                }
            })
            .expect("a thread for the writer");
        Self(sender)
    }

    /// Queues the work and waits for its answer; [`DbError::Busy`] if the queue is full or the wait too long.
    pub(super) async fn run<T, E>(
        &self,
        max_wait: Duration,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let deadline = Instant::now() + max_wait;
        let entry = Entry {
            deadline,
            work: Box::new(move |conn| {
                // nobody may be there to take it
                let _ = answer.send(work(conn));
            }),
        };
        self.0.try_send(entry).map_err(|_| DbError::Busy)?;
        // an entry past its deadline is dropped unbegun, and its answer with it
        answered.await.unwrap_or_else(|_| Err(DbError::Busy.into()))
    }
}
