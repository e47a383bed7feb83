//! Sanctions: one of a kind at a place, each about the person whose reply it came of.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::ids::*,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 1_000;

/// Each sanction, in the order of ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("sanctions");
    let mut after = SanctionId(Uuid::nil());
    loop {
        // of those that end by themselves it cannot be told without a clock whether both hold
        let query = Sql::<(Key, Bool, Bool)>::new(
            "SELECT s.id, s.until IS NULL AND s.lifted_at IS NULL AND s.read_at IS NULL AND EXISTS (\
             SELECT 1 FROM sanctions o WHERE o.account_id = s.account_id AND o.id < s.id AND o.kind = s.kind \
             AND o.site_id IS NOT DISTINCT FROM s.site_id AND o.until IS NULL AND o.lifted_at IS NULL \
             AND o.read_at IS NULL), s.reply_id IS NOT NULL AND NOT EXISTS (\
             SELECT 1 FROM replies r WHERE r.id = s.reply_id AND (r.author_id = s.account_id OR r.author_id = (\
             SELECT c.claimed_by FROM claimed_authors c WHERE c.account_id = s.account_id)) \
             AND (s.site_id IS NULL OR r.site_id = s.site_id)) FROM sanctions s WHERE s.id > ",
        )
        .key(after)
        .sql(" ORDER BY s.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(SanctionId, bool, bool)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for (id, is_double, is_of_another) in rows {
            let double = is_double.then(|| format!("sanction {id}: another of its kind holds at its place"));
            line.look(double.or_else(|| is_of_another.then(|| format!("sanction {id}: its reply is another's"))));
        }
        after = last;
    }
}
