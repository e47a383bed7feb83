//! All that is stored twice, computed again and compared: the invariants, looked for in the data itself.
//!
//! It reads by key ranges, a few thousand rows a statement, so that its memory does not grow with the database, and
//! nothing is written, not even a temporary table. What does grow is one bit a reply, by which a sequence number given
//! twice is found, two numbers for each reply of one site that taught something, the sums of the days of one site, and the
//! time of a statement for each foreign key. All of it sees the one snapshot that the caller's transaction has, so it may
//! run beside a live server.

mod api_keys;
mod badges;
mod cases;
mod claims;
mod closings;
mod counters;
mod day_counts;
mod fairness;
mod featured;
mod identities;
mod lessons;
mod notes;
mod notices;
mod proofs;
mod references;
mod replies;
mod sanctions;
mod seals;
mod search;
mod second_factors;
mod taught;
#[cfg(test)]
mod tests;
mod threads;
mod verdicts;

use std::fmt;

use diesel::{QueryResult, connection::SimpleConnection};

use super::{Conn, Native};

/// How many differences of a kind are named; the rest is counted.
pub const NAMED_MAX: usize = 20;

/// What was found of one kind of things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckLine {
    /// The kind.
    pub name: &'static str,
    /// How many there are.
    pub looked_at: u64,
    /// How many of them are wrong.
    pub wrong: u64,
    /// What differs, with ids and both values: the first [`NAMED_MAX`].
    pub differences: Vec<String>,
}

impl CheckLine {
    fn new(name: &'static str) -> Self {
        Self { name, looked_at: 0, wrong: 0, differences: Vec::new() }
    }

    /// Counts one more that was looked at, wrong if there is anything to say against it.
    fn look(&mut self, difference: Option<String>) {
        self.looked_at += 1;
        if let Some(difference) = difference {
            self.add_wrong(difference);
        }
    }

    fn add_wrong(&mut self, difference: String) {
        self.wrong += 1;
        if self.differences.len() < NAMED_MAX {
            self.differences.push(difference);
        }
    }
}

/// One line, and one for each difference named.
impl fmt::Display for CheckLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} looked at, {} wrong", self.name, self.looked_at, self.wrong)?;
        for difference in &self.differences {
            write!(f, "\n  {difference}")?;
        }
        match self.wrong.saturating_sub(self.differences.len() as u64) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Says what differs between a stored number and the counted one.
fn differing(stored: i64, counted: i64, what: impl FnOnce() -> String) -> Option<String> {
    (stored != counted).then(|| format!("{}: stored {stored}, counted {counted}", what()))
}

/// Enough to look at a foreign key in all rows of a large table.
const PG_PATIENCE: &str = "SET LOCAL statement_timeout = '30min'";

/// Looks at everything and reports each kind when it is done. Whether nothing is wrong.
pub fn run(conn: &mut Conn<'_>, report: &mut dyn FnMut(CheckLine)) -> QueryResult<bool> {
    if let Native::Pg(conn) = &mut conn.native {
        conn.batch_execute(PG_PATIENCE)?;
    }
    let mut is_clean = true;
    let mut done = |lines: &mut dyn Iterator<Item = CheckLine>| {
        for line in lines {
            is_clean &= line.wrong == 0;
            report(line);
        }
    };
    done(&mut counters::stories(conn)?.into_iter());
    done(&mut counters::sites(conn)?.into_iter());
    done(&mut counters::authors(conn)?.into_iter());
    done(&mut std::iter::once(day_counts::check(conn)?));
    done(&mut threads::check(conn)?.into_iter());
    done(&mut replies::check(conn)?.into_iter());
    done(&mut cases::check(conn)?.into_iter());
    done(&mut std::iter::once(sanctions::check(conn)?));
    done(&mut notes::check(conn)?.into_iter());
    done(&mut badges::check(conn)?.into_iter());
    done(&mut featured::check(conn)?.into_iter());
    done(&mut fairness::check(conn)?.into_iter());
    done(&mut notices::check(conn)?.into_iter());
    done(&mut identities::check(conn)?.into_iter());
    done(&mut std::iter::once(api_keys::check(conn)?));
    done(&mut proofs::check(conn)?.into_iter());
    done(&mut std::iter::once(second_factors::check(conn)?));
    done(&mut std::iter::once(claims::check(conn)?));
    done(&mut closings::check(conn)?.into_iter());
    done(&mut lessons::check(conn)?.into_iter());
    done(&mut seals::check(conn)?.into_iter());
    done(&mut search::check(conn)?.into_iter());
    done(&mut references::foreign_keys(conn)?.into_iter());
    done(&mut references::closed_accounts(conn)?.into_iter());
    Ok(is_clean)
}
