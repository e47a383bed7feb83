//! Exact numbers of replies by state, for a site and for an author on a site.

use diesel::prelude::*;

use super::{Conn, changes::Change, conn::native, replies::Reply, schema::author_counters, sql::Sql};
use crate::domain::{ids::*, reply_state::ReplyState};

/// An author's replies on a site in each of [`ReplyState::ALL`]; zeros for somebody who never wrote there.
pub fn find(conn: &mut Conn<'_>, author: AccountId, site: SiteId) -> QueryResult<[i64; 6]> {
    let row: Option<(i64, i64, i64, i64, i64, i64)> = native!(conn, c => {
        use author_counters::{approved, pending, rejected, returned, spam, withdrawn};
        let states = (pending, approved, rejected, spam, withdrawn, returned);
        author_counters::table.find((author, site)).select(states).first(c).optional()
    })?;
    Ok(row.map(<[i64; 6]>::from).unwrap_or_default())
}

/// How one reply counts.
#[derive(Clone, Copy)]
struct Weight {
    states: [i64; 6],
    reported: i64,
    flagged: i64,
    appeals: i64,
}

impl Weight {
    fn of(reply: Option<&Reply>) -> Self {
        let mut states = [0; 6];
        if let Some(reply) = reply {
            states[ReplyState::ALL.iter().position(|state| *state == reply.state).unwrap_or_default()] = 1;
        }
        Self {
            states,
            reported: i64::from(reply.is_some_and(Reply::is_reported)),
            flagged: i64::from(reply.is_some_and(|reply| reply.flagged_at.is_some())),
            appeals: i64::from(reply.is_some_and(|reply| reply.appealed_at.is_some())),
        }
    }
}

/// Brings the counters from a reply's former row to its new one. With a decision the site's are written whatever changes: the
/// sums of its day and what it teaches come behind them, in this order for all.
pub(super) fn adjust(conn: &mut Conn<'_>, before: Option<&Reply>, after: &Reply, is_decision: bool) -> QueryResult<()> {
    let (was, is) = (Weight::of(before), Weight::of(Some(after)));
    let delta: [i64; 6] = std::array::from_fn(|index| is.states[index] - was.states[index]);
    let (reported, flagged) = (is.reported - was.reported, is.flagged - was.flagged);
    let appeals = is.appeals - was.appeals;
    if delta != [0; 6] {
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
    if is_decision || (delta, reported, flagged, appeals) != ([0; 6], 0, 0, 0) {
        let site = by_state("UPDATE site_counters SET", delta)
            .sql(", reported = reported + ")
            .int(reported)
            .sql(", flagged = flagged + ")
            .int(flagged)
            .sql(", appeals = appeals + ")
            .int(appeals)
            .sql(", version = version + 1 WHERE site_id = ")
            .key(after.site_id);
        native!(conn, c => site.execute(c))?;
        conn.note(Change::Queues(after.site_id));
    }
    Ok(())
}

/// Takes a reply from one author's counters into another's.
pub(super) fn pass_on(conn: &mut Conn<'_>, before: &Reply, after: &Reply) -> QueryResult<()> {
    let states = Weight::of(Some(before)).states;
    let of = |delta: [i64; 6], author: AccountId| {
        by_state("UPDATE author_counters SET", delta)
            .sql(" WHERE account_id = ")
            .key(author)
            .sql(" AND site_id = ")
            .key(before.site_id)
    };
    let (less, more) = (of(states.map(|number| -number), before.author_id), of(states, after.author_id));
    native!(conn, c => less.execute(c))?;
    if native!(conn, c => more.clone().execute(c))? == 0 {
        insert(conn, after.author_id, after.site_id)?;
        native!(conn, c => more.execute(c))?;
    }
    Ok(())
}

fn by_state(update: &'static str, [pending, approved, rejected, spam, withdrawn, returned]: [i64; 6]) -> Sql {
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
        .sql(", returned = returned + ")
        .int(returned)
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
