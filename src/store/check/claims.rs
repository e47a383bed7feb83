//! Claims of imported accounts: each of one that is nobody's to act by any more, and of which nothing is left once it is done.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::ids::*,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 1_000;

/// Each claim, in the order of the imported accounts' ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("claims of imported accounts");
    let mut after = AccountId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, Bool, Bool)>::new(
            "SELECT c.account_id, EXISTS (SELECT 1 FROM accounts a WHERE a.id = c.account_id AND a.closed_at IS NULL), \
             c.account_id = c.claimed_by OR EXISTS (SELECT 1 FROM claimed_authors o WHERE o.account_id = c.claimed_by), \
             c.finished_at IS NOT NULL AND (EXISTS (SELECT 1 FROM replies r WHERE r.author_id = c.account_id) \
             OR EXISTS (SELECT 1 FROM mutes m WHERE m.muted_id = c.account_id AND m.created_at < c.claimed_at)) \
             FROM claimed_authors c WHERE c.account_id > ",
        )
        .key(after)
        .sql(" ORDER BY c.account_id LIMIT ")
        .int(BATCH);
        let rows: Vec<(AccountId, bool, bool, bool)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for (id, is_open, is_of_none, is_left) in rows {
            let wrong = match () {
                () if is_open => Some("not closed"),
                () if is_of_none => Some("claimed by itself, or by one that is claimed"),
                () if is_left => Some("done, and something is still its own"),
                () => None,
            };
            line.look(wrong.map(|wrong| format!("account {id}: {wrong}")));
        }
        after = last;
    }
}
