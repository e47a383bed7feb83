//! The two doors to the database.
//!
//! [`Db::read`] runs a closure on one snapshot, [`Db::write`] in one transaction that is durable when it answers. Both
//! are one hop to a blocking thread, and both wait within bounds: so many callers and so long, then [`DbError::Busy`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::{
    SqliteConnection,
    r2d2::{ConnectionManager, Pool},
};
use tokio::time::timeout;
use tracing::Span;

use super::{
    Conn, DbError, DbOptions, DbUrl, Meters,
    board::Board,
    cause,
    connect::{PG_SESSION, PgPool, SQLITE_READER, Setup, begun, checked_out, pool},
    replica::Replica,
    transaction::{LostRace, in_begun, in_transaction},
    wire::Wire,
    writer::{GROUP_TIME, Writer},
};
use crate::{
    clock::Clock,
    gate::{Crowded, Gate, Load},
};

/// The database, open. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    board: Arc<Board>,
    meters: Meters,
    /// In front of the pool.
    gate: Gate,
    max_wait: Duration,
}

/// How far the database is behind its callers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Behind {
    pub reads: Duration,
    pub writes: Duration,
}

enum Engine {
    Sqlite { readers: Pool<ConnectionManager<SqliteConnection>>, writer: Writer },
    Pg { pool: PgPool, replica: Option<Replica>, writes: Gate },
}

/// How often a write that lost against a concurrent one on PostgreSQL is tried.
const PG_TRIES: u32 = 5;

impl Db {
    /// Opens the database; it must exist and be migrated.
    pub fn open(url: &DbUrl, options: DbOptions) -> Result<Self, DbError> {
        let meters = Meters::default();
        let board = Arc::new(Board::new(matches!(url, DbUrl::Postgres(_))));
        let engine = match url {
            DbUrl::Sqlite(path) => {
                let writer = Writer::start(path, &options, board.clone(), meters.clone(), GROUP_TIME)?;
                let setup = Setup { sql: SQLITE_READER, observer: options.observer.clone() };
                Engine::Sqlite { readers: pool(path, setup, &options)?, writer }
            }
            DbUrl::Postgres(url) => {
                let setup = Setup { sql: PG_SESSION, observer: options.observer.clone() };
                let replica = match &options.replica {
                    Some(DbUrl::Postgres(url)) => Some(Replica::new(url, &options)),
                    _ => None,
                };
                // a quarter of the connections is left for reads, when commits wait for a standby that is away
                let writes = options.pool_size - options.pool_size / 4;
                let writes = Gate::watched(writes as usize, options.max_waiting, options.max_wait, &options.clock);
                Engine::Pg { pool: pool(url, setup, &options)?, replica, writes }
            }
        };
        let gate = Gate::watched(options.pool_size as usize, options.max_waiting, options.max_wait, &options.clock);
        Ok(Self(Arc::new(Inner { engine, board, meters, gate, max_wait: options.max_wait })))
    }

    /// What the doors count of themselves.
    pub fn meters(&self) -> &Meters {
        &self.0.meters
    }

    /// Of the pool; SQLite's one writer has its own queue.
    pub fn load(&self) -> Load {
        let load = self.0.gate.load();
        match &self.0.engine {
            // writes wait in front of a gate of their own
            Engine::Pg { writes, .. } => Load { waiting: load.waiting + writes.load().waiting, ..load },
            Engine::Sqlite { .. } => load,
        }
    }

    /// How long who has waited longest for a connection has waited, and who has for his turn to write.
    pub fn behind(&self) -> Behind {
        let writes = match &self.0.engine {
            Engine::Sqlite { writer, .. } => writer.behind(),
            Engine::Pg { writes, .. } => writes.behind(),
        };
        Behind { reads: self.0.gate.behind(), writes }
    }

    /// Where changes are announced.
    pub fn board(&self) -> &Arc<Board> {
        &self.0.board
    }

    /// Lays the wire to other instances, where there may be some.
    pub fn lay_wire(&self, url: &DbUrl, clock: &Clock) -> Option<Wire> {
        match url {
            DbUrl::Sqlite(_) => None,
            DbUrl::Postgres(url) => {
                Some(Wire::lay(url.clone(), self.0.board.clone(), clock.clone(), self.0.meters.clone()))
            }
        }
    }

    /// Runs `work` on one snapshot of the database; it cannot write.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.pooled(move |db, until| match &db.0.engine {
            Engine::Sqlite { readers, .. } => {
                let mut conn = checked_out(readers, until)?;
                in_transaction(&mut *conn, "BEGIN", work).map(|(value, _)| value)
            }
            Engine::Pg { pool, .. } => {
                let mut conn = checked_out(pool, until)?;
                in_transaction(&mut *conn, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", work)
                    .map(|(value, _)| value)
            }
        })
        .await
    }

    /// As [`Self::read`] on the read replica; `None` if there is none, it does not answer, or it lacks what is known to
    /// be written.
    pub async fn read_replica<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Option<Result<T, E>>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let Engine::Pg { replica: Some(replica), .. } = &self.0.engine else { return None };
        let written = self.0.board.written().filter(|_| self.0.board.is_heard() && replica.is_well())?;
        let pass = replica.gate.pass().await.ok()?;
        let (db, span) = (self.clone(), Span::current());
        let work = tokio::task::spawn_blocking(move || {
            let (_entered, _pass) = (span.enter(), pass);
            match &db.0.engine {
                Engine::Pg { replica: Some(replica), .. } => replica.read(&written, work),
                _ => None,
            }
        });
        work.await.ok().flatten()
    }

    /// Runs `work` in one transaction and answers when it is durable. An error rolls everything back; so does a caller
    /// who stops waiting, as he was told that nothing happened, or was told nothing.
    ///
    /// `work` may run more than once: on PostgreSQL a transaction that lost against a concurrent one is tried again.
    pub async fn write<T, E>(&self, work: impl Fn(&mut Conn<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + LostRace + Send + 'static,
    {
        let caller = Caller::default();
        let is_gone = caller.0.clone();
        let request = cause::request();
        let work = move |conn: &mut Conn<'_>| {
            conn.writes_for(request.clone());
            let value = work(conn)?;
            if is_gone.load(Ordering::Relaxed) { Err(DbError::Busy.into()) } else { Ok(value) }
        };
        if let Engine::Sqlite { writer, .. } = &self.0.engine {
            return writer.run(self.0.max_wait, work).await;
        }
        let until = Instant::now() + self.0.max_wait;
        let passes = timeout(self.0.max_wait, async {
            let Engine::Pg { writes, .. } = &self.0.engine else { unreachable!("SQLite returned above") };
            Ok((writes.pass().await?, self.0.gate.pass().await?))
        });
        let passes = passes.await.unwrap_or(Err(Crowded)).map_err(|_| DbError::Busy)?;
        self.on_thread(passes, move |db| {
            let Engine::Pg { pool, .. } = &db.0.engine else { unreachable!("SQLite returned above") };
            let mut tries = PG_TRIES;
            loop {
                tries -= 1;
                let mut conn = begun(pool, "BEGIN", until)?;
                match in_begun(&mut *conn, &work) {
                    Err(error) if error.is_lost_race() && tries > 0 => db.0.meters.retries.inc(),
                    outcome => {
                        let (value, changes) = outcome?;
                        // before the answer: who was answered finds what he wrote
                        db.0.board.announce(changes);
                        return Ok(value);
                    }
                }
            }
        })
        .await
    }

    /// Waits for a connection's turn, within bounds, then works on a blocking thread; the connection itself, which the
    /// database may not give, is waited for within the same bounds.
    async fn pooled<T, E>(&self, work: impl FnOnce(&Self, Instant) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let until = Instant::now() + self.0.max_wait;
        let pass = self.0.gate.pass().await.map_err(|_| DbError::Busy)?;
        self.on_thread(pass, move |db| work(db, until)).await
    }

    /// Works on a blocking thread, with what gives the right to.
    async fn on_thread<T, E>(
        &self,
        passes: impl Send + 'static,
        work: impl FnOnce(&Self) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (db, span) = (self.clone(), Span::current());
        let work = tokio::task::spawn_blocking(move || {
            let _entered = span.enter();
            let outcome = work(&db);
            // the connection is free again: whoever has the pass finds it so
            drop(passes);
            outcome
        });
        work.await.unwrap_or_else(|_| Err(DbError::Panicked.into()))
    }
}

/// Whether the caller of a write has stopped waiting for it: true once this is dropped.
#[derive(Default)]
struct Caller(Arc<AtomicBool>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
#[path = "db_tests.rs"]
mod tests;
