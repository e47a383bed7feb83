//! Sums of days against the log and the reports.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use super::{CheckLine, differing};
use crate::{
    domain::{day::Day, ids::*},
    store::{Conn, conn::native, sites, sql::Sql},
};

const SITES_BATCH: i64 = 100;

/// Each site's sums that rows are there for, in the order of sites. Of waits and of what was turned none are.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("sums of days");
    let mut after = String::new();
    loop {
        let batch = sites::list(conn, &after, SITES_BATCH)?;
        let Some(last) = batch.last() else { return Ok(line) };
        after.clone_from(&last.key);
        for site in &batch {
            let query = compared(site.id, conn.is_pg());
            let rows: Vec<(i32, String, String, i64, i64)> = native!(conn, c => query.load(c))?;
            for (day, measure, key, stored, counted) in rows {
                let about = || format!("site {}, {}, {measure} {key}", site.id, Day(day));
                line.look(differing(stored, counted, about));
            }
        }
    }
}

/// By day, measure and key what is stored and what the rows say.
fn compared(site: SiteId, is_pg: bool) -> Sql<(Integer, Text, Text, BigInt, BigInt)> {
    const DECISIONS: &str = "action IN ('approve', 'reject', 'spam', 'restore', 'return', 'undo', 'uphold_appeal', \
         'overturn_appeal') AND actor_kind <> 'system' AND reply_id IS NOT NULL";
    let day = match is_pg {
        true => "CAST(floor(extract(epoch FROM created_at) / 86400) AS INTEGER)",
        false => "created_at / 86400000000",
    };
    Sql::<(Integer, Text, Text, BigInt, BigInt)>::new(
        "SELECT day, measure, key, CAST(sum(stored) AS BIGINT), CAST(sum(counted) AS BIGINT) FROM (\
         SELECT day, measure, key, number AS stored, 0 AS counted FROM day_counts \
         WHERE measure IN ('received', 'decided', 'moderator', 'reported', 'appealed', 'sanctioned') AND site_id = ",
    )
    .key(site)
    .sql(" UNION ALL SELECT ")
    .sql(day)
    .sql(", 'received', to_state, 0, 1 FROM decisions WHERE action = 'post' AND to_state IS NOT NULL AND site_id = ")
    .key(site)
    .sql(" UNION ALL SELECT ")
    .sql(day)
    .sql(", 'decided', CASE WHEN reason IS NULL THEN action ELSE action || '/' || reason END, 0, 1 FROM decisions WHERE ")
    .sql(DECISIONS)
    .sql(" AND site_id = ")
    .key(site)
    .sql(" UNION ALL SELECT ")
    .sql(day)
    .sql(", 'moderator', ")
    .sql(match is_pg {
        true => "CAST(actor_id AS TEXT)",
        false => {
            "lower(substr(hex(actor_id), 1, 8) || '-' || substr(hex(actor_id), 9, 4) || '-' || substr(hex(actor_id), 13, 4) \
             || '-' || substr(hex(actor_id), 17, 4) || '-' || substr(hex(actor_id), 21))"
        }
    })
    .sql(", 0, 1 FROM decisions WHERE actor_id IS NOT NULL AND ")
    .sql(DECISIONS)
    .sql(" AND site_id = ")
    .key(site)
    .sql(" UNION ALL SELECT ")
    .sql(day)
    .sql(", 'sanctioned', action, 0, 1 FROM decisions WHERE action IN ('warn', 'premoderate', 'slow', 'suspend', 'ban') \
          AND site_id = ")
    .key(site)
    .sql(" UNION ALL SELECT day, 'reported', reason, 0, 1 FROM (SELECT p.reason, ")
    .sql(match is_pg {
        true => "CAST(floor(extract(epoch FROM p.created_at) / 86400) AS INTEGER)",
        false => "p.created_at / 86400000000",
    })
    .sql(" AS day FROM reports p JOIN replies r ON r.id = p.reply_id WHERE r.site_id = ")
    .key(site)
    .sql(") AS of_reports UNION ALL SELECT ")
    .sql(day)
    .sql(", 'appealed', 'filed', 0, 1 FROM appeals WHERE site_id = ")
    .key(site)
    .sql(" UNION ALL SELECT ")
    .sql(match is_pg {
        true => "CAST(floor(extract(epoch FROM closed_at) / 86400) AS INTEGER)",
        false => "closed_at / 86400000000",
    })
    .sql(", 'appealed', state, 0, 1 FROM appeals WHERE closed_at IS NOT NULL AND site_id = ")
    .key(site)
    .sql(") AS both_sides GROUP BY day, measure, key ORDER BY day, measure, key")
}
