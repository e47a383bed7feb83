//! Does for rows that `scripts/bench` copied into a database what the service does as it writes them, and soon after: their
//! words come into the index, and the log is sealed. The database is that of the service's configuration.

use std::{error::Error, mem::take};

use diesel::prelude::*;
use rejoinder::{
    clock::{Clock, Random},
    config::Config,
    domain::ids::{DecisionId, ReplyId},
    store::{
        Conn, Db, DbError, Native,
        log_rows::{self, Stretch},
        log_seals,
        replies::Reply,
        schema::replies,
        search_documents,
    },
};
use uuid::Uuid;

/// Documents of one transaction.
const DOCUMENTS: i64 = 2_000;
/// Rows of the log under one seal, as the service seals them.
const SEALED: i64 = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::from_env().map_err(|wrong| wrong.join("; "))?;
    let db = Db::open(&config.database_url, config.db_options())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // of what has a document without words
        while db.write(|conn| Ok::<_, DbError>(search_documents::index_waiting(conn, DOCUMENTS)?)).await? > 0 {}
        let mut after = ReplyId(Uuid::nil());
        while let Some(last) = db.write(move |conn| index_replies(conn, after)).await? {
            after = last;
        }
        seal(&db).await
    })?;
    Ok(())
}

/// Writes the documents of the replies behind this one; the last of them.
fn index_replies(conn: &mut Conn<'_>, after: ReplyId) -> Result<Option<ReplyId>, DbError> {
    // compiled for each database apart
    macro_rules! load {
        ($connection:expr) => {
            replies::table
                .filter(replies::id.gt(after))
                .order(replies::id)
                .limit(DOCUMENTS)
                .select(Reply::as_select())
                .load($connection)?
        };
    }
    let found: Vec<Reply> = match &mut conn.native {
        Native::Sqlite(c) => load!(*c),
        Native::Pg(c) => load!(*c),
    };
    for reply in &found {
        search_documents::keep_reply(conn, None, reply)?;
    }
    Ok(found.last().map(|reply| reply.id))
}

/// Seals all of the log.
async fn seal(db: &Db) -> Result<(), DbError> {
    let (random, now) = (Random::system(), Clock::system().now());
    let (mut from, mut is_going_on) = (DecisionId(Uuid::nil()), true);
    while take(&mut is_going_on) {
        let random = random.clone();
        let last = db.write(move |conn| {
            // on SQLite new rows are known by their numbers, on PostgreSQL they are in the order of ids
            let stretch = match conn.is_pg() {
                true => Stretch::Ids(from, DecisionId(Uuid::max())),
                false => Stretch::New(log_rows::LATE),
            };
            let rows = log_rows::list_unsealed(conn, stretch, SEALED)?;
            log_seals::seal(conn, &rows, &random, now)?;
            Ok::<_, DbError>(rows.last().map(|row| row.id))
        });
        if let Some(last) = last.await? {
            (from, is_going_on) = (last, true);
        }
    }
    Ok(())
}
