//! SQLite's one writer: a thread that owns the only connection that writes, behind a bounded queue.
//!
//! It takes what waits, runs each piece in a savepoint of one transaction, commits once and then answers all: a commit
//! costs the disk's time, and those who came together share it. One that comes alone waits for nobody.

use std::{
    sync::{
        Arc,
        mpsc::{SyncSender, sync_channel},
    },
    time::{Duration, Instant},
};

use diesel::SqliteConnection;
use tokio::sync::oneshot;
use tracing::Span;

pub(super) use self::thread::GROUP_TIME;
use self::thread::Thread;
use super::{Conn, DbError, DbOptions, Meters, board::Board, changes::Changes, transaction::caught};
use crate::line::{Line, Place};

mod thread;

/// The queue's entrance. The thread ends when the last clone of the database goes.
pub(super) struct Writer {
    queue: SyncSender<Entry>,
    line: Line,
    meters: Meters,
}

struct Entry {
    queued_at: Instant,
    /// Left when it is taken up.
    place: Option<Place>,
    /// Past it nobody waits for the answer any more, so the work is not begun.
    deadline: Instant,
    piece: Box<dyn Piece>,
}

/// Work that is run once, and answered once its transaction has ended.
trait Piece: Send {
    /// Runs it; what it changed, or nothing if it failed and is to be undone.
    fn run(&mut self, conn: &mut SqliteConnection) -> Option<Changes>;

    /// Answers what it gave if the transaction ended well, or why it failed.
    fn answer(self: Box<Self>, end: Result<(), DbError>);
}

struct Work<T, E, W> {
    work: Option<W>,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
    span: Span,
}

impl<T, E, W> Piece for Work<T, E, W>
where
    T: Send,
    E: From<DbError> + Send,
    W: FnOnce(&mut Conn<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, conn: &mut SqliteConnection) -> Option<Changes> {
        let work = self.work.take()?;
        let (outcome, changes) = self.span.in_scope(|| caught(conn, work));
        let is_kept = outcome.is_ok();
        self.outcome = Some(outcome);
        is_kept.then_some(changes)
    }

    fn answer(self: Box<Self>, end: Result<(), DbError>) {
        let outcome = match (self.outcome, end) {
            (Some(Ok(value)), Ok(())) => Ok(value),
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (None, Ok(())) => Err(DbError::Busy.into()),
        };
        // nobody may be there to take it
        let _ = self.answer.send(outcome);
    }
}

impl Writer {
    /// Opens the connection and begins to work.
    pub(super) fn start(
        path: &str,
        options: &DbOptions,
        board: Arc<Board>,
        meters: Meters,
        group_time: Duration,
    ) -> Result<Self, DbError> {
        let (sender, queue) = sync_channel(options.max_waiting.max(1));
        let mut thread = Thread::open(path.to_owned(), options.clone(), board, meters.clone(), group_time)?;
        let builder = std::thread::Builder::new().name("writer".to_owned());
        builder.spawn(move || thread.run(&queue)).expect("a thread for the writer");
        Ok(Self { queue: sender, line: Line::new(options.clock.clone()), meters })
    }

    /// How long the first in the queue has waited.
    pub(super) fn behind(&self) -> Duration {
        self.line.behind()
    }

    /// Queues the work and waits for its answer; [`DbError::Busy`] if the queue is full or the wait too long.
    pub(super) async fn run<T, E>(
        &self,
        max_wait: Duration,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let piece = Box::new(Work { work: Some(work), outcome: None, answer, span: Span::current() });
        let queued_at = Instant::now();
        self.meters.writer_queue_length.inc();
        let place = Some(self.line.enter());
        if self.queue.try_send(Entry { queued_at, place, deadline: queued_at + max_wait, piece }).is_err() {
            self.meters.writer_queue_length.dec();
            return Err(DbError::Busy.into());
        }
        // an entry past its deadline is dropped unbegun, and its answer with it
        answered.await.unwrap_or_else(|_| Err(DbError::Busy.into()))
    }
}

#[cfg(test)]
mod tests;
