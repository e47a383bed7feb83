//! The wire between instances on one PostgreSQL: what one announces is told to the others by `NOTIFY`, gathered for some
//! milliseconds and sent on a connection of its own. Inside the transactions that changed something it would make their
//! commits wait for each other.
//!
//! While the wire is broken nobody knows what others write; once it is mended all that is kept is dropped. What is lost
//! with an instance that ended between its commit and its word is found by whoever looks again after a while.

use std::{
    fmt::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use diesel::{
    Connection, PgConnection, QueryResult, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Integer, Text},
};
use uuid::Uuid;

use super::{
    Meters,
    board::{Board, Listener},
    changes::{Change, Changes},
    connect::PG_SESSION,
    sql::Sql,
};
use crate::clock::Clock;

const CHANNEL: &str = "rejoinder";
/// How long changes are gathered.
const GATHER: Duration = Duration::from_millis(10);
/// How often it is looked for what others said while nothing was said lately.
const IDLE: Duration = Duration::from_millis(25);
/// What counts as lately.
const LATELY: Duration = Duration::from_secs(1);
/// How often it is made sure that the wire is whole.
const PROBE: Duration = Duration::from_secs(1);
/// The shortest and the longest wait before another try to mend it.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// Bytes of one message; PostgreSQL takes just under 8,000.
const MESSAGE_MAX: usize = 7_500;
/// Changes that are told one by one; past them it is told that everything changed.
const NAMED_MAX: usize = 2_000;

/// The wire of this process. It ends when it is dropped.
#[derive(Debug)]
pub struct Wire(Arc<AtomicBool>);

impl Drop for Wire {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Wire {
    /// Lays it, in a thread of its own.
    pub(super) fn lay(url: String, board: Arc<Board>, clock: Clock, meters: Meters) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let mut end = End {
            url,
            listener: board.listen(),
            board,
            clock,
            meters,
            ended: ended.clone(),
            unsaid: Changes::default(),
        };
        let thread = std::thread::Builder::new().name("wire".to_owned());
        thread.spawn(move || end.run()).expect("a thread for the wire");
        Self(ended)
    }
}

/// This process's end of it.
struct End {
    url: String,
    board: Arc<Board>,
    listener: Listener,
    clock: Clock,
    meters: Meters,
    ended: Arc<AtomicBool>,
    /// What was announced here and not told yet.
    unsaid: Changes,
}

impl End {
    fn run(&mut self) {
        let mut wait = BACKOFF.0;
        while !self.has_ended() {
            let outcome = self.connect().and_then(|(mut conn, pid)| {
                wait = BACKOFF.0;
                self.talk(&mut conn, pid)
            });
            if let Err(cause) = outcome {
                tracing::warn!(%cause, "the other instances cannot be heard; what is kept is shown for 30 s at most");
            }
            self.board.lose();
            self.meters.notifications_connected.set(0);
            sleep(wait);
            wait = (wait * 2).min(BACKOFF.1);
        }
    }

    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    fn connect(&self) -> QueryResult<(PgConnection, i32)> {
        let mut conn = PgConnection::establish(&self.url)
            .map_err(|cause| diesel::result::Error::QueryBuilderError(cause.to_string().into()))?;
        conn.batch_execute(PG_SESSION)?;
        conn.batch_execute(&format!("LISTEN {CHANNEL}"))?;
        let pid = Sql::<Integer>::new("SELECT pg_backend_pid()").get_result(&mut conn)?;
        Ok((conn, pid))
    }

    /// Tells and hears until the end, or until the wire breaks.
    fn talk(&mut self, conn: &mut PgConnection, pid: i32) -> QueryResult<()> {
        // from here on everything is heard; nobody knows what was said before
        self.board.wrote(Sql::<Text>::new("SELECT pg_current_wal_lsn()::text").get_result(conn)?);
        self.board.confirm(self.clock.elapsed());
        self.board.pass_on(Changes::everything());
        self.meters.notifications_connected.set(1);
        tracing::info!("the other instances are heard");
        let (mut probed, mut active) = (Instant::now(), Instant::now());
        while !self.has_ended() {
            self.gather();
            let mut is_active = self.tell(conn)?;
            is_active |= self.hear(conn, pid)?;
            if probed.elapsed() >= PROBE {
                let asked = self.clock.elapsed();
                let written = Sql::<Text>::new("SELECT pg_current_wal_lsn()::text").get_result(conn)?;
                // what was said before the question has come before the answer
                self.hear(conn, pid)?;
                self.board.confirm(asked);
                self.board.wrote(written);
                probed = Instant::now();
            }
            if is_active {
                active = Instant::now();
            }
            sleep(if active.elapsed() < LATELY { GATHER } else { IDLE });
        }
        Ok(())
    }

    /// Takes down what was announced here.
    fn gather(&mut self) {
        while let Some(heard) = self.listener.try_next() {
            if heard.is_ours {
                self.unsaid.merge(&heard.changes);
            }
        }
        if self.unsaid.len() > NAMED_MAX {
            self.unsaid = Changes::everything();
        }
    }

    /// Tells the others; what could not be told stays for the next time.
    fn tell(&mut self, conn: &mut PgConnection) -> QueryResult<bool> {
        let messages = messages(&self.unsaid);
        for message in &messages {
            Sql::<Text>::new("SELECT pg_notify('").sql(CHANNEL).sql("', ").str(message).sql(")").execute(conn)?;
        }
        self.unsaid = Changes::default();
        Ok(!messages.is_empty())
    }

    /// Passes on what the others said.
    fn hear(&self, conn: &mut PgConnection, pid: i32) -> QueryResult<bool> {
        let mut heard = Changes::default();
        for notification in conn.notifications_iter() {
            let notification = notification?;
            if notification.process_id != pid {
                self.meters.notifications_received.inc();
                heard.merge(&parse(&notification.payload).unwrap_or_else(Changes::everything));
            }
        }
        let is_something = !heard.is_empty();
        self.board.pass_on(heard);
        Ok(is_something)
    }
}

/// Changes in words of a kind, an id and for stories the version, or of a kind and JSON, in messages that are short enough. Recommendations that
/// wait are of no interest to others.
fn messages(changes: &Changes) -> Vec<String> {
    if changes.everything {
        return vec!["*".to_owned()];
    }
    let mut messages: Vec<String> = Vec::new();
    let mut say = |word: String| match messages.last_mut() {
        Some(last) if last.len() + word.len() < MESSAGE_MAX => write!(last, " {word}").expect("memory takes all bytes"),
        _ => messages.push(word),
    };
    changes.stories.iter().for_each(|(id, version)| say(format!("s{}:{version}", id.0.simple())));
    changes.sites.iter().for_each(|(id, version)| say(format!("p{}:{version}", id.0.simple())));
    changes.queues.iter().for_each(|id| say(format!("q{}", id.0.simple())));
    // of ids, times and names: without spaces
    let json = |event| serde_json::to_string(event).expect("plain values are JSON");
    changes.queue_items.iter().for_each(|event| say(format!("i{}", json(event))));
    if changes.has_more_queue_items {
        say("m".to_owned());
    }
    messages
}

fn parse(message: &str) -> Option<Changes> {
    let mut changes = Changes::default();
    for word in message.split(' ') {
        if word == "m" {
            changes.has_more_queue_items = true;
            continue;
        }
        if let Some(event) = word.strip_prefix('i') {
            changes.note(Change::QueueItem(serde_json::from_str(event).ok()?));
            continue;
        }
        let (id, version) = word.get(1..)?.split_once(':').unwrap_or((word.get(1..)?, "0"));
        let id: Uuid = id.parse().ok()?;
        changes.note(match word.get(..1)? {
            "s" => Change::Story(id.into(), version.parse().ok()?),
            "p" => Change::Site(id.into(), version.parse().ok()?),
            "q" => Change::Queues(id.into()),
            _ => return None,
        });
    }
    Some(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        moderation::Action,
        queue_event::{QueueEvent, WorkQueue},
        timestamp::Timestamp,
    };

    #[test]
    fn what_is_said_is_understood_and_nothing_else() {
        let mut changes = Changes::default();
        for number in 0..500 {
            changes.note(Change::Story(Uuid::from_u128(number).into(), 7));
            changes.note(Change::Queues(Uuid::from_u128(number).into()));
        }
        changes.note(Change::Site(Uuid::from_u128(9).into(), 3));
        let (reply, by) = ((Uuid::from_u128(9).into(), Uuid::from_u128(10).into()), Uuid::from_u128(11).into());
        let event = |number: i64| match number % 4 {
            0 => QueueEvent::moved(reply, WorkQueue::Flagged, true),
            1 => QueueEvent::claimed(reply, by, Timestamp::from_micros(number)),
            2 => QueueEvent::released(reply, by),
            _ => QueueEvent::decided(reply, None, Action::Approve),
        };
        (0..501).for_each(|number| changes.note(Change::QueueItem(event(number))));
        assert!(changes.queue_items.len() == 500 && changes.has_more_queue_items);
        let messages = messages(&changes);
        assert!(messages.len() > 1 && messages.iter().all(|message| message.len() <= MESSAGE_MAX));
        let mut understood = Changes::default();
        messages.iter().for_each(|message| understood.merge(&parse(message).unwrap()));
        assert_eq!(understood, changes);
        for wrong in [
            "",
            "*",
            "x",
            "s",
            "i{}",
            "mm",
            "s1:2",
            "é",
            "p00000000000000000000000000000000  q",
            "s00000000000000000000000000000000:x",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
