//! What is refused when there is too much to do: dear work first, then texts, reading never.
//!
//! How far behind the service is shows in how long the first in a line has waited: for a connection, for SQLite's writer, for a
//! password's hash. That is true also when nothing goes on at all, and is over at once when the line is. What is refused was not
//! begun. Reading is bounded by its own line alone, which ends in the same 503 after a few seconds.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::Duration,
};

use crate::{auth::kind::Kind, store::Behind};

/// So long the database may be behind, or the hashing of passwords, before dear work is refused.
const DEAR: Duration = Duration::from_millis(500);
/// So long the database may be before texts are.
const TEXTS: Duration = Duration::from_secs(2);
/// When to come back: longer than those who write need to.
const AGAIN_FOR_DEAR: Duration = Duration::from_secs(10);
const AGAIN_FOR_TEXTS: Duration = Duration::from_secs(5);

/// How far the lines are behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lines {
    pub database: Behind,
    /// Passwords to be hashed.
    pub hashes: Duration,
}

impl Lines {
    fn database(&self) -> Duration {
        self.database.reads.max(self.database.writes)
    }

    /// 0: all is done; 1: what is dear is refused; 2: texts are too.
    pub fn level(&self) -> u8 {
        match self.database().max(self.hashes.min(DEAR)) {
            behind if behind >= TEXTS => 2,
            behind if behind >= DEAR => 1,
            _ => 0,
        }
    }

    /// When to come back with work of this kind, if it is refused now.
    fn refuses(&self, kind: Kind) -> Option<Duration> {
        let database = self.database();
        match kind {
            Kind::SigningUp if database.max(self.hashes) >= DEAR => Some(AGAIN_FOR_DEAR),
            Kind::Dear if database >= DEAR => Some(AGAIN_FOR_DEAR),
            Kind::Posting | Kind::Reporting | Kind::Recommending | Kind::SigningIn if database >= TEXTS => {
                Some(AGAIN_FOR_TEXTS)
            }
            _ => None,
        }
    }
}

/// Looks at the lines for each request, and says in the log when what is refused changes.
#[derive(Debug, Default)]
pub struct Shedder(AtomicU8);

impl Shedder {
    /// When to come back with work of this kind, if it is refused now.
    pub fn refuses(&self, kind: Kind, lines: Lines) -> Option<Duration> {
        let level = lines.level();
        let before = self.0.swap(level, Ordering::Relaxed);
        if level > before {
            tracing::warn!(level, ?lines, "too much to do: work is refused");
        } else if level < before {
            tracing::info!(level, "less to do: less work is refused");
        }
        lines.refuses(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(reads: u64, writes: u64, hashes: u64) -> Vec<&'static str> {
        let millis = Duration::from_millis;
        let lines = Lines { database: Behind { reads: millis(reads), writes: millis(writes) }, hashes: millis(hashes) };
        Kind::ALL.into_iter().filter(|kind| lines.refuses(*kind).is_some()).map(Kind::as_str).collect()
    }

    #[test]
    fn dear_work_goes_first_texts_second_and_reading_never() {
        let dear = ["dear", "signing-up"];
        let texts = ["dear", "posting", "reporting", "recommending", "signing-up", "signing-in"];
        assert!(refused(499, 499, 499).is_empty());
        assert_eq!(refused(500, 0, 0), dear);
        assert_eq!(refused(0, 500, 0), dear);
        assert_eq!(refused(1_999, 0, 0), dear);
        assert_eq!(refused(0, 2_000, 0), texts);
        assert_eq!(refused(60_000, 60_000, 60_000), texts);
    }

    #[test]
    fn who_needs_no_password_hashed_does_not_wait_for_those_who_do() {
        assert_eq!(refused(0, 0, 500), ["signing-up"]);
        assert_eq!(refused(0, 0, 60_000), ["signing-up"]);
    }
}
