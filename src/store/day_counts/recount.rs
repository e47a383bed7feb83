//! Sums of days counted again from the rows that they are sums of.
//!
//! Not counted again are how long replies waited, since when is forgotten with their place in the queue, and notices that were
//! dropped, since they are gone.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use crate::{
    domain::{
        day::Day,
        ids::SiteId,
        statistics::{Measure, STEPS},
        timestamp::Timestamp,
    },
    store::{
        Conn,
        conn::native,
        sql::{Sql, Value},
    },
};

/// A sum as it is stored and as the rows say.
#[derive(Clone, PartialEq, Eq, Debug, diesel::Queryable)]
pub struct Recounted {
    pub day: i32,
    pub measure: String,
    pub key: String,
    pub stored: i64,
    pub counted: i64,
}

impl Recounted {
    fn place(&self) -> (i32, Option<Measure>, &str) {
        (self.day, Measure::parse(&self.measure), &self.key)
    }
}

type Row = (Integer, Text, Text, BigInt, BigInt);

/// The sums of a site from one day to another, both included, that are stored or ought to be, in the order of days; of all
/// days where none are named. The caller bounds the days, or reads beside the writes.
pub fn list(conn: &mut Conn<'_>, site: SiteId, days: Option<(Day, Day)>) -> QueryResult<Vec<Recounted>> {
    let (from, to) = days.unwrap_or_else(all_days);
    let rows = Rows { site, from, to, is_pg: conn.is_pg() };
    let query = rows.of_notices(rows.of_reports(rows.of_decisions(rows.of_posts(rows.stored()))));
    let query = query.sql(") AS both_sides GROUP BY day, measure, key ORDER BY day, measure, key");
    native!(conn, c => query.load(c))
}

/// Gives stored sums what they lack. One that has changed since it was looked at is left to the next time: what is counted
/// meanwhile is added to it, and nobody mends it twice.
pub fn mend(conn: &mut Conn<'_>, site: SiteId, differing: &[Recounted]) -> QueryResult<()> {
    for sum in differing {
        let mend = Sql::<()>::new("INSERT INTO day_counts (site_id, day, measure, key, number) VALUES (")
            .values([
                Value::key(site),
                sum.day.into(),
                sum.measure.as_str().into(),
                sum.key.as_str().into(),
                (sum.counted - sum.stored).into(),
            ])
            .sql(
                ") ON CONFLICT (site_id, day, measure, key) DO UPDATE SET number = day_counts.number + excluded.number \
                 WHERE day_counts.number = ",
            )
            .int(sum.stored);
        native!(conn, c => mend.execute(c))?;
    }
    Ok(())
}

/// From the first day that can be written to the last.
fn all_days() -> (Day, Day) {
    let [first, last] = [i64::MIN, i64::MAX].map(|micros| Day::of(Timestamp::from_micros(micros)));
    (first, last)
}

/// Whose rows of which days.
#[derive(Clone, Copy)]
struct Rows {
    site: SiteId,
    from: Day,
    to: Day,
    is_pg: bool,
}

/// Those that are not as the rows say, in the order in which sums are written.
pub fn differing(sums: Vec<Recounted>) -> Vec<Recounted> {
    let mut differing: Vec<Recounted> = sums.into_iter().filter(|sum| sum.stored != sum.counted).collect();
    differing.sort_by(|one, next| one.place().cmp(&next.place()));
    differing
}

/// The day of a time.
macro_rules! day {
    ($is_pg:expr, $time:literal) => {
        match $is_pg {
            true => concat!("CAST(floor(extract(epoch FROM ", $time, ") / 86400) AS INTEGER)"),
            false => concat!($time, " / 86400000000"),
        }
    };
}

/// Goes on with one of each row by measure and key: of rows with a condition, by the site and the time that they have.
macro_rules! counted {
    ($rows:expr, $query:expr, $measure_and_key:expr, $from_where:expr, $site:literal, $time:literal) => {
        $query
            .sql(" UNION ALL SELECT ")
            .sql(day!($rows.is_pg, $time))
            .sql(", ")
            .sql($measure_and_key)
            .sql(", 0, 1 FROM ")
            .sql($from_where)
            .sql(concat!(" AND ", $site, " = "))
            .key($rows.site)
            .sql(concat!(" AND ", $time, " >= "))
            .time($rows.from.begins())
            .sql(concat!(" AND ", $time, " < "))
            .time(Day($rows.to.0.saturating_add(1)).begins())
    };
}

/// Posts `p`, each with the change `s` that said what became of it: the first that did more than to have its text wait for
/// an answer from outside.
macro_rules! settled {
    ($join:literal) => {
        concat!(
            "decisions p ",
            $join,
            " decisions s ON s.reply_id = p.reply_id AND s.reply_version = (SELECT min(d.reply_version) \
             FROM decisions d LEFT JOIN verdicts a ON a.reply_id = d.reply_id AND a.reply_version = d.reply_version \
             WHERE d.reply_id = p.reply_id AND (d.action NOT IN ('post', 'edit') OR d.to_state <> 'pending' \
             OR coalesce(a.decided_by, '') <> 'outside'))"
        )
    };
}

impl Rows {
    /// What is stored; with it the steps of times, as rows of notices ask for them.
    fn stored(self) -> Sql<Row> {
        let [first, second, third, fourth] = STEPS.map(|micros| i64::try_from(micros).unwrap_or(i64::MAX));
        Sql::<Row>::new(
            "WITH RECURSIVE doublings (factor, number) AS (SELECT CAST(1 AS BIGINT), 0 \
             UNION ALL SELECT factor * 2, number + 1 FROM doublings WHERE number < 27), \
             quarters (place, begins) AS (SELECT 0, ",
        )
        .int(first)
        .sql(" UNION ALL SELECT 1, ")
        .int(second)
        .sql(" UNION ALL SELECT 2, ")
        .int(third)
        .sql(" UNION ALL SELECT 3, ")
        .int(fourth)
        .sql(
            "), steps (micros) AS (SELECT factor * begins FROM doublings CROSS JOIN quarters \
             WHERE 4 * number + place BETWEEN 1 AND 108) \
             SELECT day, measure, key, CAST(sum(stored) AS BIGINT), CAST(sum(counted) AS BIGINT) FROM (\
             SELECT day, measure, key, number AS stored, 0 AS counted FROM day_counts \
             WHERE measure IN ('received', 'held', 'decided', 'moderator', 'agreed', 'reported', 'closed', 'appealed', \
             'sanctioned', 'lapsed', 'noticed') AND NOT (measure = 'noticed' AND key = 'dropped') AND site_id = ",
        )
        .key(self.site)
        .sql(" AND day BETWEEN ")
        .int(self.from.0)
        .sql(" AND ")
        .int(self.to.0)
    }

    fn of_posts(self, query: Sql<Row>) -> Sql<Row> {
        let query = counted!(
            self,
            query,
            "'received', CASE WHEN s.reply_id IS NULL THEN 'asked' WHEN s.action IN ('post', 'edit', 'judge') \
             THEN s.to_state ELSE 'pending' END",
            concat!(settled!("LEFT JOIN"), " WHERE p.action = 'post' AND p.to_state IS NOT NULL"),
            "p.site_id",
            "p.created_at"
        );
        let found = match self.is_pg {
            true => concat!(
                "(SELECT DISTINCT p.site_id, p.created_at, p.reply_id, f.found->>0 AS rule FROM ",
                settled!("JOIN"),
                " JOIN verdicts v ON v.reply_id = s.reply_id AND v.reply_version = s.reply_version \
                 CROSS JOIN LATERAL jsonb_array_elements(CAST(v.findings AS jsonb)->'f') AS f (found) \
                 WHERE p.action = 'post' AND s.action IN ('post', 'edit', 'judge') AND v.outcome IN ('hold', 'spam') \
                 AND f.found->>1 = v.outcome AND f.found->>2 IS NOT NULL \
                 AND (v.decided_by = 'rules' OR (v.decided_by = 'outside' AND f.found->>0 = 'outside'))"
            ),
            false => concat!(
                "(SELECT DISTINCT p.site_id, p.created_at, p.reply_id, \
                 json_extract(v.findings, f.fullkey || '[0]') AS rule FROM ",
                settled!("JOIN"),
                " JOIN verdicts v ON v.reply_id = s.reply_id AND v.reply_version = s.reply_version \
                 CROSS JOIN json_each(v.findings, '$.f') f \
                 WHERE p.action = 'post' AND s.action IN ('post', 'edit', 'judge') AND v.outcome IN ('hold', 'spam') \
                 AND json_extract(v.findings, f.fullkey || '[1]') = v.outcome \
                 AND json_extract(v.findings, f.fullkey || '[2]') IS NOT NULL AND (v.decided_by = 'rules' \
                 OR (v.decided_by = 'outside' AND json_extract(v.findings, f.fullkey || '[0]') = 'outside'))"
            ),
        };
        let query =
            query.sql(" UNION ALL SELECT ").sql(day!(self.is_pg, "h.created_at")).sql(", 'held', rule, 0, 1 FROM ");
        query
            .sql(found)
            .sql(" AND p.site_id = ")
            .key(self.site)
            .sql(" AND p.created_at >= ")
            .time(self.from.begins())
            .sql(" AND p.created_at < ")
            .time(Day(self.to.0.saturating_add(1)).begins())
            .sql(") AS h")
    }

    fn of_decisions(self, query: Sql<Row>) -> Sql<Row> {
        macro_rules! by_people {
            () => {
                "decisions WHERE action IN ('approve', 'reject', 'spam', 'restore', 'return', 'undo', 'uphold_appeal', \
                 'overturn_appeal') AND actor_kind <> 'system' AND reply_id IS NOT NULL AND action <> 'post'"
            };
        }
        let query = counted!(
            self,
            query,
            "'decided', CASE WHEN reason IS NULL THEN action ELSE action || '/' || reason END",
            by_people!(),
            "site_id",
            "created_at"
        );
        let moderator = match self.is_pg {
            true => "'moderator', CAST(actor_id AS TEXT)",
            false => {
                "'moderator', lower(substr(hex(actor_id), 1, 8) || '-' || substr(hex(actor_id), 9, 4) || '-' \
                 || substr(hex(actor_id), 13, 4) || '-' || substr(hex(actor_id), 17, 4) || '-' || substr(hex(actor_id), 21))"
            }
        };
        let of_account = concat!(by_people!(), " AND actor_id IS NOT NULL");
        let query = counted!(self, query, moderator, of_account, "site_id", "created_at");
        let query = counted!(
            self,
            query,
            "'lapsed', 'return'",
            "decisions WHERE action = 'reject' AND actor_kind = 'system' AND from_state = 'returned' \
             AND reply_id IS NOT NULL AND action <> 'post'",
            "site_id",
            "created_at"
        );
        let query = counted!(
            self,
            query,
            "'sanctioned', action",
            "decisions WHERE action IN ('warn', 'premoderate', 'slow', 'suspend', 'ban') AND action <> 'post'",
            "site_id",
            "created_at"
        );
        counted!(
            self,
            query,
            "'agreed', v.outcome || CASE WHEN d.action IN ('approve', 'overturn_appeal') THEN '/approved' \
             ELSE '/refused' END",
            "decisions d JOIN verdicts v ON v.reply_id = d.reply_id AND v.reply_version = (SELECT max(w.reply_version) \
             FROM verdicts w WHERE w.reply_id = d.reply_id AND w.reply_version < d.reply_version) \
             WHERE d.action IN ('approve', 'reject', 'spam', 'uphold_appeal', 'overturn_appeal') \
             AND d.actor_kind <> 'system' AND d.action <> 'post' \
             AND v.findings NOT LIKE '%\"n\":[[%' AND v.findings NOT LIKE '{\"f\":[]%' \
             AND NOT EXISTS (SELECT 1 FROM decisions e WHERE e.reply_id = d.reply_id AND e.action = 'edit' \
             AND e.reply_version > v.reply_version AND e.reply_version < d.reply_version) \
             AND NOT EXISTS (SELECT 1 FROM appeals a WHERE a.reply_id = d.reply_id AND a.refused_version = d.reply_version \
             AND a.state IN ('upheld', 'overturned'))",
            "d.site_id",
            "d.created_at"
        )
    }

    fn of_reports(self, query: Sql<Row>) -> Sql<Row> {
        let query = counted!(
            self,
            query,
            "'reported', p.reason",
            "reports p JOIN replies r ON r.id = p.reply_id WHERE p.reason IS NOT NULL",
            "r.site_id",
            "p.created_at"
        );
        let query = counted!(
            self,
            query,
            "'closed', p.outcome",
            "reports p JOIN replies r ON r.id = p.reply_id WHERE p.outcome IS NOT NULL",
            "r.site_id",
            "p.closed_at"
        );
        let query =
            counted!(self, query, "'appealed', 'filed'", "appeals WHERE state IS NOT NULL", "site_id", "created_at");
        counted!(self, query, "'appealed', state", "appeals WHERE state <> 'open'", "site_id", "closed_at")
    }

    fn of_notices(self, query: Sql<Row>) -> Sql<Row> {
        macro_rules! decided {
            () => {
                "notices n JOIN notice_decisions d ON d.id = n.decision_id WHERE n.received_at IS NOT NULL"
            };
        }
        let received = "notices n WHERE n.ground IS NOT NULL";
        let query = counted!(self, query, "'noticed', 'received/' || n.ground", received, "n.site_id", "n.received_at");
        let from = "'noticed', CASE WHEN n.account_id IS NULL THEN 'of/guest' ELSE 'of/account' END";
        let query = counted!(self, query, from, received, "n.site_id", "n.received_at");
        let query =
            counted!(self, query, "'noticed', 'decided/' || d.outcome", decided!(), "n.site_id", "n.decided_at");
        let is_automated = concat!(decided!(), " AND d.is_automated");
        let query = counted!(self, query, "'noticed', 'automated'", is_automated, "n.site_id", "n.decided_at");
        let took = match self.is_pg {
            true => {
                "'noticed', 'took/' || (SELECT count(*) FROM steps WHERE micros <= \
                 CAST(extract(epoch FROM n.decided_at - n.received_at) * 1000000 AS BIGINT))"
            }
            false => "'noticed', 'took/' || (SELECT count(*) FROM steps WHERE micros <= n.decided_at - n.received_at)",
        };
        counted!(self, query, took, decided!(), "n.site_id", "n.decided_at")
    }
}
