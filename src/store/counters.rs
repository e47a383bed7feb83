//! Exact numbers of replies by state, for a site and for an author on a site.

use diesel::{prelude::*, sql_types};

use super::{Conn, changes::Change, conn::native, replies::Reply, schema::author_counters, sql::Sql};
use crate::domain::{ids::*, reply_state::ReplyState, timestamp::Timestamp};

/// An author's replies on a site in each of [`ReplyState::ALL`]; zeros for somebody who never wrote there.
pub fn find(conn: &mut Conn<'_>, author: AccountId, site: SiteId) -> QueryResult<[i64; 5]> {
    let row: Option<(i64, i64, i64, i64, i64)> = native!(conn, c => {
        use author_counters::{approved, pending, rejected, spam, withdrawn};
        let states = (pending, approved, rejected, spam, withdrawn);
        author_counters::table.find((author, site)).select(states).first(c).optional()
    })?;
    Ok(row.map(<[i64; 5]>::from).unwrap_or_default())
}

/// How many replies of an author on a site stand approved, and whether one was refused since then and that was not
/// overturned.
pub fn find_record(conn: &mut Conn<'_>, author: AccountId, site: SiteId, since: Timestamp) -> QueryResult<(i64, bool)> {
    let query = Sql::<(sql_types::BigInt, sql_types::BigInt)>::new(
        "SELECT coalesce((SELECT approved FROM author_counters WHERE account_id = ",
    )
    .key(author)
    .sql(" AND site_id = ")
    .key(site)
    .sql("), 0), (SELECT count(*) FROM (SELECT 1 FROM replies WHERE author_id = ")
    .key(author)
    .sql(" AND site_id = ")
    .key(site)
    .sql(" AND refused_at > ")
    .time(since)
    .sql(" LIMIT 1) AS refused)");
    let (approved, refused): (i64, i64) = native!(conn, c => query.get_result(c))?;
    Ok((approved, refused > 0))
}

/// How one reply counts.
#[derive(Clone, Copy)]
struct Weight([i64; 5], i64);

impl Weight {
    fn of(reply: Option<&Reply>) -> Self {
        let mut states = [0; 5];
        if let Some(reply) = reply {
            states[ReplyState::ALL.iter().position(|state| *state == reply.state).unwrap_or_default()] = 1;
        }
        Self(states, i64::from(reply.is_some_and(Reply::is_reported)))
    }
}

/// Brings the counters from a reply's former row to its new one.
pub(super) fn adjust(conn: &mut Conn<'_>, before: Option<&Reply>, after: &Reply) -> QueryResult<()> {
    let (Weight(was, was_reported), Weight(is, is_reported)) = (Weight::of(before), Weight::of(Some(after)));
    let delta: [i64; 5] = std::array::from_fn(|index| is[index] - was[index]);
    if delta != [0; 5] {
        let author = by_state("UPDATE author_counters SET", delta)
            .sql(" WHERE account_id = ")
            .key(after.author_id)
            .sql(" AND site_id = ")
            .key(after.site_id);
        if native!(conn, c => author.clone().execute(c))? == 0 {
            insert(conn, after.author_id, after.site_id)?;
            native!(conn, c => author.execute(c))?;
        }
    }
    if delta != [0; 5] || is_reported != was_reported {
        let site = by_state("UPDATE site_counters SET", delta)
            .sql(", reported = reported + ")
            .int(is_reported - was_reported)
            .sql(", version = version + 1 WHERE site_id = ")
            .key(after.site_id);
        native!(conn, c => site.execute(c))?;
        conn.note(Change::Queues(after.site_id));
    }
    Ok(())
}

fn by_state(update: &'static str, [pending, approved, rejected, spam, withdrawn]: [i64; 5]) -> Sql {
    Sql::new(update)
        .sql(" pending = pending + ")
        .int(pending)
        .sql(", approved = approved + ")
        .int(approved)
        .sql(", rejected = rejected + ")
        .int(rejected)
        .sql(", spam = spam + ")
        .int(spam)
        .sql(", withdrawn = withdrawn + ")
        .int(withdrawn)
}

/// Begins a history; two first replies at once make one.
fn insert(conn: &mut Conn<'_>, author: AccountId, site: SiteId) -> QueryResult<()> {
    let zeros = (
        author_counters::account_id.eq(author),
        author_counters::site_id.eq(site),
        author_counters::pending.eq(0),
        author_counters::approved.eq(0),
        author_counters::rejected.eq(0),
        author_counters::spam.eq(0),
        author_counters::withdrawn.eq(0),
    );
    native!(conn, c => diesel::insert_into(author_counters::table).values(zeros).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
