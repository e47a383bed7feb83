//! The thread: groups, transactions, savepoints, and what is done when one of them fails.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::{Duration, Instant},
};

use diesel::{
    QueryResult, RunQueryDsl, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    result::{DatabaseErrorKind, Error},
    sql_types::Integer,
};

use super::{Entry, Piece};
use crate::store::{
    DbError, DbOptions, Meters,
    board::Board,
    changes::Changes,
    connect::{LOCK_STEP, LOCK_WAIT, connect_sqlite, is_locked},
    sql::Sql,
};

/// Pieces of work of one transaction at most.
const GROUP_MAX: usize = 128;
/// How long a transaction goes on taking in what waits.
pub(in crate::store) const GROUP_TIME: Duration = Duration::from_millis(20);
/// How often it is looked whether another process has written, while there is nothing to do or its lock is waited for.
const LOOK: Duration = Duration::from_millis(250);

/// A piece that was run.
struct Done {
    piece: Box<dyn Piece>,
    /// None: it failed and is undone.
    changes: Option<Changes>,
}

/// The thread's own.
pub(super) struct Thread {
    path: String,
    options: DbOptions,
    conn: SqliteConnection,
    board: Arc<Board>,
    meters: Meters,
    /// How long a transaction goes on taking in what waits.
    group_time: Duration,
    /// Changes whenever another connection than this one, so another process, has written.
    data_version: i32,
}

impl Thread {
    /// With its connection, before it begins to work.
    pub(super) fn open(
        path: String,
        options: DbOptions,
        board: Arc<Board>,
        meters: Meters,
        group_time: Duration,
    ) -> Result<Self, DbError> {
        let mut conn = connect(&path, &options)?;
        let data_version = data_version(&mut conn)?;
        Ok(Self { path, options, conn, board, meters, group_time, data_version })
    }

    /// Works until the queue's entrance is gone.
    pub(super) fn run(&mut self, queue: &Receiver<Entry>) {
        loop {
            match queue.recv_timeout(LOOK) {
                Ok(mut first) => {
                    self.taken_up(&mut first);
                    self.group(first, queue);
                }
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// One transaction for what waits.
    fn group(&mut self, first: Entry, queue: &Receiver<Entry>) {
        if let Err(error) = self.begin(first.deadline) {
            return first.piece.answer(Err(error.into()));
        }
        let began = Instant::now();
        let mut group = Vec::new();
        let mut next = Some(first);
        while let Some(entry) = next {
            let is_whole = self.piece(entry, &mut group);
            let is_full = group.len() >= GROUP_MAX || began.elapsed() >= self.group_time || !is_whole;
            next = if is_full { None } else { queue.try_recv().ok() };
            if let Some(entry) = &mut next {
                self.taken_up(entry);
            }
        }
        self.commit(group);
    }

    fn taken_up(&self, entry: &mut Entry) {
        entry.place = None;
        self.meters.writer_queue_length.dec();
        self.meters.writer_wait.observe(entry.queued_at.elapsed().as_secs_f64());
    }

    /// Begins a transaction once no other process is writing.
    fn begin(&mut self, deadline: Instant) -> QueryResult<()> {
        let deadline = deadline.min(Instant::now() + LOCK_WAIT);
        let mut looked = Instant::now();
        loop {
            let begun = AnsiTransactionManager::begin_transaction_sql(&mut self.conn, "BEGIN IMMEDIATE");
            if begun.is_ok() || looked.elapsed() >= LOOK {
                self.look();
                looked = Instant::now();
            }
            match begun {
                Err(error) if is_locked(&error) && Instant::now() < deadline => {}
                Err(error) if !is_locked(&error) => {
                    self.reopen();
                    return Err(error);
                }
                outcome => return outcome,
            }
        }
    }

    /// Runs a piece in a savepoint of its own; whether the transaction is still there.
    fn piece(&mut self, mut entry: Entry, group: &mut Vec<Done>) -> bool {
        if Instant::now() >= entry.deadline {
            return true;
        }
        if let Err(error) = run(&mut self.conn, "SAVEPOINT piece") {
            entry.piece.answer(Err(error.into()));
            return false;
        }
        let changes = entry.piece.run(&mut self.conn);
        let ended = match changes {
            Some(_) => run(&mut self.conn, "RELEASE piece"),
            None => run(&mut self.conn, "ROLLBACK TO piece").and_then(|()| run(&mut self.conn, "RELEASE piece")),
        };
        group.push(Done { piece: entry.piece, changes });
        // a full disk, for one, ends the whole transaction
        ended.is_ok()
    }

    /// Makes durable what succeeded, announces it and answers everybody.
    fn commit(&mut self, group: Vec<Done>) {
        let committed = AnsiTransactionManager::commit_transaction(&mut self.conn);
        let mut changes = Changes::default();
        #[expect(clippy::cast_precision_loss, reason = "a group is small")]
        self.meters.writer_batch_size.observe(group.len() as f64);
        self.meters.writer_commits.inc();
        match &committed {
            Ok(()) => group.iter().filter_map(|done| done.changes.as_ref()).for_each(|of| changes.merge(of)),
            // nothing of it is there; who failed by himself is told why, the others what failed here
            Err(_) => self.reopen(),
        }
        // before the answers: who was answered finds what he wrote
        self.board.announce(changes);
        for done in group {
            done.piece.answer(match &committed {
                Ok(()) => Ok(()),
                Err(error) => Err(again(error).into()),
            });
        }
    }

    /// Has another process written? Then nothing that is kept of the database is known to be true any more.
    fn look(&mut self) {
        match data_version(&mut self.conn) {
            Ok(version) if version == self.data_version => {}
            Ok(version) => {
                self.data_version = version;
                self.board.pass_on(Changes::everything());
            }
            Err(cause) => {
                tracing::warn!(%cause, "it cannot be seen whether another process has written");
                self.board.pass_on(Changes::everything());
            }
        }
    }

    /// Leaves behind a connection of which nobody knows in what state it is.
    fn reopen(&mut self) {
        match connect(&self.path, &self.options) {
            Ok(conn) => {
                self.conn = conn;
                // what was written meanwhile goes unseen
                self.board.pass_on(Changes::everything());
                self.data_version = data_version(&mut self.conn).unwrap_or_default();
            }
            Err(cause) => {
                let _ = AnsiTransactionManager::rollback_transaction(&mut self.conn);
                tracing::warn!(%cause, "the writer's connection could not be opened anew");
            }
        }
    }
}

/// Opens the connection that writes.
pub(super) fn connect(path: &str, options: &DbOptions) -> Result<SqliteConnection, DbError> {
    let mut conn = connect_sqlite(path, options)?;
    // another process is waited for in short steps, so that a short pause of its work is enough for ours to begin
    conn.batch_execute(&format!("PRAGMA busy_timeout = {}", LOCK_STEP.as_millis()))?;
    Ok(conn)
}

fn data_version(conn: &mut SqliteConnection) -> QueryResult<i32> {
    Sql::<Integer>::new("PRAGMA data_version").get_result(conn)
}

/// A statement that is prepared once; diesel's own savepoints are prepared each time.
fn run(conn: &mut SqliteConnection, sql: &'static str) -> QueryResult<()> {
    Sql::<()>::new(sql).execute(conn)?;
    Ok(())
}

/// The same error, for one more who is told of it.
fn again(error: &Error) -> Error {
    match error {
        Error::DatabaseError(kind, about) => {
            let kind = match kind {
                DatabaseErrorKind::ClosedConnection => DatabaseErrorKind::ClosedConnection,
                _ => DatabaseErrorKind::Unknown,
            };
            Error::DatabaseError(kind, Box::new(about.message().to_owned()))
        }
        _ => Error::BrokenTransactionManager,
    }
}
