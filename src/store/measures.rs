//! What metrics tell of the rows: queues by site, jobs by state. Two statements, each bounded.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{Conn, conn::native, sql::Sql, types::Instant};
use crate::domain::timestamp::Timestamp;

/// Sites whose queues are measured: the first ones by key, so that they are always the same.
pub const SITES_MEASURED: i64 = 1_000;
/// Jobs that are counted: those that are due soonest.
pub const JOBS_MEASURED: i64 = 10_000;

/// A site's queues.
#[derive(Clone, Debug, Queryable)]
pub struct SiteMeasure {
    pub key: String,
    pub pending: i64,
    pub reported: i64,
    pub spam: i64,
    pub approved: i64,
    pub rejected: i64,
    pub flagged: i64,
    pub appeals: i64,
    pub returned: i64,
    /// When the oldest pending reply was written.
    pub oldest_pending_at: Option<Timestamp>,
}

/// The queues of the first [`SITES_MEASURED`] sites: stored numbers, and for each site one look into an index.
pub fn list_sites(conn: &mut Conn<'_>) -> QueryResult<Vec<SiteMeasure>> {
    type Row = (
        sql_types::Text,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::Nullable<Instant>,
    );
    let query = Sql::<Row>::new(
        "SELECT s.key, c.pending, c.reported, c.spam, c.approved, c.rejected, c.flagged, c.appeals, c.returned, \
         (SELECT r.created_at FROM replies r WHERE r.site_id = s.id AND r.state = 'pending' \
         ORDER BY r.created_at LIMIT 1) \
         FROM sites s JOIN site_counters c ON c.site_id = s.id ORDER BY s.key LIMIT ",
    )
    .int(SITES_MEASURED);
    native!(conn, c => query.load(c))
}

/// The jobs of one state.
#[derive(Clone, Debug, Queryable)]
pub struct JobMeasure {
    /// `waiting`, `leased`, `failing` or `dead`.
    pub state: String,
    pub count: i64,
    /// Since when the one that is due longest is due; it may lie in the future.
    pub first_due_at: Timestamp,
}

/// Jobs by what is going on with them: somebody works on them, they failed at their last try, they were given up,
/// or they wait for their time.
pub fn list_jobs(conn: &mut Conn<'_>, now: Timestamp) -> QueryResult<Vec<JobMeasure>> {
    let query = Sql::<(sql_types::Text, sql_types::BigInt, Instant)>::new(
        "SELECT j.state, count(*), min(j.run_at) FROM (SELECT CASE WHEN dead_at IS NOT NULL THEN 'dead' \
         WHEN leased_until >= ",
    )
    .time(now)
    .sql(
        " THEN 'leased' WHEN last_error IS NOT NULL THEN 'failing' ELSE 'waiting' END AS state, run_at FROM jobs \
         ORDER BY run_at, id LIMIT ",
    )
    .int(JOBS_MEASURED)
    .sql(") j GROUP BY j.state");
    native!(conn, c => query.load(c))
}
