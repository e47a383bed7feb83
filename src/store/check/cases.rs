//! Cases against their reports, and the records of reporters against what came of these.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::ids::*,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const CASES_BATCH: i64 = 1_000;
const ACCOUNTS_BATCH: i64 = 500;

/// A case with what its reports say.
type Row = (ReplyId, bool, i64, i64, i64, i64, bool);

/// Each case's state and weights against its reports, in the order of replies.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    let mut cases = CheckLine::new("cases of replies");
    let mut after = ReplyId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, BigInt, BigInt, BigInt, BigInt, Bool)>::new(
            "SELECT k.reply_id, k.state = 'open', k.weight, k.held_back, \
             (SELECT CAST(coalesce(sum(p.weight), 0) AS BIGINT) FROM reports p WHERE p.reply_id = k.reply_id \
             AND p.closed_at IS NULL), (SELECT CAST(coalesce(sum(p.weight), 0) AS BIGINT) FROM reports p \
             WHERE p.reply_id = k.reply_id AND p.outcome = 'held_back' AND k.state = 'dismissed' \
             AND p.closed_at >= k.dismissed_at), \
             k.site_id = (SELECT r.site_id FROM replies r WHERE r.id = k.reply_id) FROM cases k WHERE k.reply_id > ",
        )
        .key(after)
        .sql(" ORDER BY k.reply_id LIMIT ")
        .int(CASES_BATCH);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { break };
        for (id, is_open, weight, held_back, open_weight, held_back_weight, is_of_site) in rows {
            let about = |what: &str| format!("reply {id}, {what}");
            let wrong_state = (is_open != (open_weight > 0))
                .then(|| format!("reply {id}: open is {is_open}, its open reports weigh {open_weight}"));
            let wrong_site = (!is_of_site).then(|| about("another site"));
            let wrong = wrong_state
                .or(wrong_site)
                .or_else(|| differing(weight, open_weight, || about("weight")))
                .or_else(|| differing(held_back, held_back_weight, || about("weight held back")));
            cases.look(wrong);
        }
        after = last;
    }
    let missing = Sql::<Key>::new(
        "SELECT DISTINCT p.reply_id FROM reports p WHERE NOT EXISTS (SELECT 1 FROM cases k WHERE k.reply_id = p.reply_id)",
    );
    let missing: Vec<ReplyId> = native!(conn, c => missing.load(c))?;
    missing.iter().for_each(|id| cases.look(Some(format!("reply {id}: reported without a case"))));
    Ok([cases, records(conn)?])
}

/// Each reporter's record on each site, in the order of accounts.
fn records(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("records of reporters");
    let mut after = AccountId(Uuid::nil());
    loop {
        let query = Sql::<Key>::new("SELECT id FROM accounts WHERE id > ")
            .key(after)
            .sql(" ORDER BY id LIMIT ")
            .int(ACCOUNTS_BATCH);
        let ids: Vec<AccountId> = native!(conn, c => query.load(c))?;
        let Some(&last) = ids.last() else { return Ok(line) };
        let query = Sql::<(Key, Key, BigInt, BigInt, BigInt, BigInt)>::new(
            "SELECT account_id, site_id, CAST(sum(stored_upheld) AS BIGINT), CAST(sum(upheld) AS BIGINT), \
             CAST(sum(stored_dismissed) AS BIGINT), CAST(sum(dismissed) AS BIGINT) FROM (\
             SELECT h.account_id, h.site_id, h.upheld AS stored_upheld, 0 AS upheld, h.dismissed AS stored_dismissed, \
             0 AS dismissed FROM reporter_counters h WHERE h.account_id > ",
        )
        .key(after)
        .sql(" AND h.account_id <= ")
        .key(last)
        .sql(
            " UNION ALL SELECT p.reporter_id, r.site_id, 0, CASE WHEN p.outcome = 'upheld' THEN 1 ELSE 0 END, 0, \
             CASE WHEN p.outcome = 'dismissed' THEN 1 ELSE 0 END FROM reports p JOIN replies r ON r.id = p.reply_id \
             WHERE p.outcome IN ('upheld', 'dismissed') AND p.reporter_id > ",
        )
        .key(after)
        .sql(" AND p.reporter_id <= ")
        .key(last)
        .sql(") AS both_sides GROUP BY account_id, site_id ORDER BY account_id, site_id");
        let rows: Vec<(AccountId, SiteId, i64, i64, i64, i64)> = native!(conn, c => query.load(c))?;
        for (account, site, stored_upheld, upheld, stored_dismissed, dismissed) in rows {
            let about = |what| format!("account {account} on site {site}, {what}");
            line.look(
                differing(stored_upheld, upheld, || about("upheld"))
                    .or_else(|| differing(stored_dismissed, dismissed, || about("dismissed"))),
            );
        }
        after = last;
    }
}
