//! The limit of posts on SQLite: rows of a reply's size, committed durably by one connection that does nothing else.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::Failure;

#[derive(clap::Args)]
pub struct Args {
    /// The database; must not be there yet.
    #[arg(long)]
    file: PathBuf,
    /// Rows of one commit.
    #[arg(long)]
    group: u64,
    #[arg(long)]
    seconds: f64,
    /// Not counted before them.
    #[arg(long, default_value_t = 0.0)]
    warmup: f64,
    /// Characters of a text; a row has it once, as a reply without markup has.
    #[arg(long)]
    text_chars: usize,
}

/// What the service tells its writer.
const PRAGMAS: &str = "PRAGMA busy_timeout = 4000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;";

/// A reply's columns and key, without its other indexes, counters and log: what a database must do at the least to
/// keep a reply and find it again.
const TABLE: &str = "CREATE TABLE replies (id BLOB NOT NULL PRIMARY KEY, site_id BLOB NOT NULL, \
     story_id BLOB NOT NULL, author_id BLOB NOT NULL, parent_id BLOB, root_id BLOB NOT NULL, \
     depth INTEGER NOT NULL, path BLOB NOT NULL, state TEXT NOT NULL, body_source TEXT NOT NULL, body_html TEXT NOT NULL, revision INTEGER NOT NULL, \
     version INTEGER NOT NULL, created_at INTEGER NOT NULL, state_changed_at INTEGER NOT NULL, \
     direct_below INTEGER NOT NULL, visible_below INTEGER NOT NULL, recommendations INTEGER NOT NULL, \
     open_reports INTEGER NOT NULL) STRICT";

const INSERT: &str =
    "INSERT INTO replies VALUES (?1, ?2, ?2, ?2, NULL, ?1, 1, ?3, 'approved', ?4, '', 1, 1, ?5, ?5, 0, 0, 0, 0)";

pub fn run(args: &Args) -> Result<Value, Failure> {
    let mut conn = Connection::open(&args.file)?;
    conn.execute_batch(PRAGMAS)?;
    conn.execute_batch(TABLE)?;
    let text = "a plain sentence of words ".chars().cycle().take(args.text_chars).collect::<String>();
    let mut rows = 0_u64;
    commit_for(&mut conn, args, &text, &mut rows, args.warmup)?;
    let (before, begun) = (rows, Instant::now());
    commit_for(&mut conn, args, &text, &mut rows, args.seconds)?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(json!({ "rows": rows - before, "seconds": seconds, "group": args.group, "sqlite": rusqlite::version() }))
}

fn commit_for(conn: &mut Connection, args: &Args, text: &str, rows: &mut u64, seconds: f64) -> rusqlite::Result<()> {
    let (begun, limit) = (Instant::now(), Duration::from_secs_f64(seconds));
    while begun.elapsed() < limit {
        let transaction = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        {
            let mut insert = transaction.prepare_cached(INSERT)?;
            for _ in 0..args.group {
                *rows += 1;
                // ids rise with time, as the service's do
                let id = (u128::from(*rows) << 64).to_be_bytes();
                let path = u32::try_from(*rows).unwrap_or(u32::MAX).to_be_bytes();
                insert.execute(params![id, [7_u8; 16], path, text, i64::try_from(*rows).unwrap_or(i64::MAX)])?;
            }
        }
        transaction.commit()?;
    }
    Ok(())
}
