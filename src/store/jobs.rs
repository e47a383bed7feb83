//! The outbox: jobs left by actions, and the retention that one of them enforces.

use std::{collections::HashSet, time::Duration};

use diesel::prelude::*;

use super::{
    Conn, Native, bulks,
    conn::native,
    policy_runs,
    schema::jobs,
    sql::{Sql, Value},
};
use crate::domain::{
    api_key,
    ids::{JobId, first_id_since},
    job::{JobKind, Lane},
    retention::{ADDRESSES, Retention},
    timestamp::Timestamp,
};

/// Something to be done after the transaction that asked for it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs)]
pub struct Job {
    pub id: JobId,
    /// A [`JobKind`]'s name; a newer instance may know more of them.
    pub kind: String,
    /// JSON.
    pub payload: String,
    pub run_at: Timestamp,
    pub attempts: i32,
    /// Until then somebody works on it.
    pub leased_until: Option<Timestamp>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

impl Job {
    /// One that is due at this time.
    pub fn new(id: JobId, kind: JobKind, payload: impl Into<String>, run_at: Timestamp) -> Self {
        Self {
            id,
            kind: kind.as_str().to_owned(),
            payload: payload.into(),
            run_at,
            attempts: 0,
            leased_until: None,
            last_error: None,
            created_at: run_at,
            dead_at: None,
        }
    }
}

/// Stores a job.
pub fn insert(conn: &mut Conn<'_>, job: &Job) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(jobs::table).values(job).execute(c))?;
    Ok(())
}

/// Stores jobs, with one statement however many.
pub fn insert_all(conn: &mut Conn<'_>, rows: &[Job]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut insert = Sql::<()>::new("INSERT INTO jobs (id, kind, payload, run_at, attempts, created_at) VALUES (");
    if rows.len() > 1 {
        insert = insert.not_kept();
    }
    for (index, job) in rows.iter().enumerate() {
        insert = if index > 0 { insert.sql("), (") } else { insert }.values([
            Value::key(job.id),
            job.kind.as_str().into(),
            job.payload.as_str().into(),
            job.run_at.into(),
            job.attempts.into(),
            job.created_at.into(),
        ]);
    }
    let insert = insert.sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// How long a mail that could not be sent stays to be looked at.
pub const DEAD_MAILS_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Mails that were given up long ago.
macro_rules! dead_mails {
    ($now:expr) => {
        jobs::table
            .filter(jobs::kind.eq(JobKind::SendMail.as_str()))
            .filter(jobs::dead_at.lt($now.minus(DEAD_MAILS_KEPT)))
    };
}

/// Whether there are mails that were given up long ago.
pub fn has_dead_mails(conn: &mut Conn<'_>, now: Timestamp) -> QueryResult<bool> {
    let first = native!(conn, c => dead_mails!(now).select(jobs::id).first::<JobId>(c).optional())?;
    Ok(first.is_some())
}

/// Deletes them: somebody's address is in them.
pub fn delete_dead_mails(conn: &mut Conn<'_>, now: Timestamp) -> QueryResult<()> {
    native!(conn, c => diesel::delete(dead_mails!(now)).execute(c))?;
    Ok(())
}

/// Whether a job of this kind is waiting.
pub fn is_waiting(conn: &mut Conn<'_>, kind: JobKind) -> QueryResult<bool> {
    let first = native!(conn, c => jobs::table.filter(jobs::kind.eq(kind.as_str())).filter(jobs::dead_at.is_null()).select(jobs::id).first::<JobId>(c).optional())?;
    Ok(first.is_some())
}

/// Jobs of a lane that are due and that nobody works on. One of a kind that only a newer program knows is left to that.
macro_rules! due {
    ($lane:expr, $now:expr) => {
        jobs::table
            .filter(jobs::kind.eq_any($lane.kinds().map(JobKind::as_str)))
            .filter(jobs::run_at.le($now))
            .filter(jobs::dead_at.is_null())
            .filter(jobs::leased_until.is_null().or(jobs::leased_until.lt($now)))
    };
}

/// Whether a job of this lane is due that nobody works on.
pub fn has_due(conn: &mut Conn<'_>, lane: Lane, now: Timestamp) -> QueryResult<bool> {
    let first = native!(conn, c => due!(lane, now).select(jobs::id).first::<JobId>(c).optional())?;
    Ok(first.is_some())
}

/// The jobs of this lane that are due and that nobody works on, each with its payload, in the order of their times: up to
/// `limit` of those that have been due for longest, and as many of those that have just become due.
pub fn list_due(conn: &mut Conn<'_>, lane: Lane, now: Timestamp, limit: i64) -> QueryResult<Vec<(JobId, String)>> {
    let columns = (jobs::id, jobs::payload);
    let first = due!(lane, now).order((jobs::run_at, jobs::id)).limit(limit).select(columns);
    let mut found: Vec<(JobId, String)> = native!(conn, c => first.load(c))?;
    if i64::try_from(found.len()).is_ok_and(|count| count < limit) {
        return Ok(found);
    }
    let last = due!(lane, now).order((jobs::run_at.desc(), jobs::id.desc())).limit(limit).select(columns);
    let last: Vec<(JobId, String)> = native!(conn, c => last.load(c))?;
    let known: HashSet<JobId> = found.iter().map(|(id, _)| *id).collect();
    found.extend(last.into_iter().rev().filter(|(id, _)| !known.contains(id)));
    Ok(found)
}

/// Takes the next job of this lane that is due and that nobody works on, for the length of a lease.
pub fn lease(conn: &mut Conn<'_>, lane: Lane, now: Timestamp, lease: Duration) -> QueryResult<Option<Job>> {
    let next = due!(lane, now).order((jobs::run_at, jobs::id));
    let job = match &mut conn.native {
        Native::Sqlite(c) => next.select(Job::as_select()).first(*c).optional()?,
        // instances pass by each other's jobs instead of waiting for them
        Native::Pg(c) => next.select(Job::as_select()).for_update().skip_locked().first(*c).optional()?,
    };
    Ok(take(conn, job.into_iter().collect(), now.plus(lease))?.pop())
}

/// Takes those of these jobs, which the caller bounds, that are still due and that nobody works on, for the length of a
/// lease.
pub fn lease_these(
    conn: &mut Conn<'_>,
    (lane, ids): (Lane, &[JobId]),
    now: Timestamp,
    lease: Duration,
) -> QueryResult<Vec<Job>> {
    let free = due!(lane, now).filter(jobs::id.eq_any(ids.iter().copied())).order(jobs::id);
    let free = match &mut conn.native {
        Native::Sqlite(c) => free.select(Job::as_select()).load(*c)?,
        // who wants the same waits for a moment and then sees that they are taken, instead of looking again and again
        Native::Pg(c) => free.select(Job::as_select()).for_update().load(*c)?,
    };
    take(conn, free, now.plus(lease))
}

/// Takes jobs that are locked.
fn take(conn: &mut Conn<'_>, free: Vec<Job>, until: Timestamp) -> QueryResult<Vec<Job>> {
    if free.is_empty() {
        return Ok(free);
    }
    let taken = jobs::table.filter(jobs::id.eq_any(free.iter().map(|job| job.id)));
    let changes = (jobs::leased_until.eq(until), jobs::attempts.eq(jobs::attempts + 1));
    native!(conn, c => diesel::update(taken).set(changes).execute(c))?;
    Ok(free.into_iter().map(|job| Job { attempts: job.attempts + 1, ..job }).collect())
}

/// Puts a job off, with the error if one was the cause.
pub fn postpone(conn: &mut Conn<'_>, id: JobId, run_at: Timestamp, error: Option<&str>) -> QueryResult<()> {
    let changes = (jobs::run_at.eq(run_at), jobs::leased_until.eq(None::<Timestamp>), jobs::last_error.eq(error));
    native!(conn, c => diesel::update(jobs::table.find(id)).set(changes).execute(c))?;
    match error {
        // it succeeded: the next failure begins to count anew
        None => forget_attempts(conn, id),
        Some(_) => Ok(()),
    }
}

/// The job with this id.
pub fn find(conn: &mut Conn<'_>, id: JobId) -> QueryResult<Option<Job>> {
    native!(conn, c => jobs::table.find(id).select(Job::as_select()).first(c).optional())
}

/// Forgets a job that is done.
pub fn delete(conn: &mut Conn<'_>, id: JobId) -> QueryResult<()> {
    native!(conn, c => diesel::delete(jobs::table.find(id)).execute(c))?;
    Ok(())
}

/// Keeps a job from being taken by another runner until then.
pub fn prolong(conn: &mut Conn<'_>, id: JobId, until: Timestamp) -> QueryResult<()> {
    native!(conn, c => diesel::update(jobs::table.find(id)).set(jobs::leased_until.eq(until)).execute(c))?;
    Ok(())
}

/// Counts the attempts at a job anew, as one of them has come further.
pub fn forget_attempts(conn: &mut Conn<'_>, id: JobId) -> QueryResult<()> {
    native!(conn, c => diesel::update(jobs::table.find(id)).set(jobs::attempts.eq(0)).execute(c))?;
    Ok(())
}

/// Whether this is still the last attempt at a job.
pub fn is_attempt(conn: &mut Conn<'_>, id: JobId, attempts: i32) -> QueryResult<bool> {
    let job = jobs::table.find(id).filter(jobs::attempts.eq(attempts)).select(jobs::id);
    let found: Option<JobId> = native!(conn, c => job.first(c).optional())?;
    Ok(found.is_some())
}

/// Gives a job up: it is not run any more, and stays to be looked at.
pub fn bury(conn: &mut Conn<'_>, id: JobId, now: Timestamp, error: &str) -> QueryResult<()> {
    let changes = (jobs::dead_at.eq(now), jobs::leased_until.eq(None::<Timestamp>), jobs::last_error.eq(error));
    native!(conn, c => diesel::update(jobs::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// Rows that one step of [`prune`] deletes at most, so that it never holds the writer for long.
const PRUNED_AT_ONCE: i64 = 500;

/// Of sessions: that they ended, or were used last, before then. One that was not used for so long is over, whatever its
/// idle time is: that is shorter.
const OVER: &str = " AND coalesce(s.ended_at, s.last_used_at) < ";

/// Deletes a bounded number of rows that nobody needs any more: old idempotency keys, tries, sessions that ended or ran
/// out, spent tokens that nobody takes any more, keys of sites that have been good for nothing for long, simulations that were over long ago, and what a run released that was undone long ago and cannot be again. True if
/// there may be more.
pub fn prune(conn: &mut Conn<'_>, now: Timestamp, kept: Retention) -> QueryResult<bool> {
    let old = first_id_since(now.minus(kept.sign_ins));
    let steps = [
        Sql::<()>::new(
            "DELETE FROM idempotency_keys WHERE (account_id, operation, key) IN (SELECT account_id, operation, key \
             FROM idempotency_keys WHERE created_at < ",
        )
        .time(now.minus(kept.idempotency_keys))
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new("DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE created_at < ")
            .time(now.minus(ADDRESSES))
            .sql(" LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        // a spent token is kept as long as its session could be ended by it
        Sql::new(
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT t.hash FROM sessions s JOIN refresh_tokens t \
             ON t.session_id = s.id WHERE s.expires_at < ",
        )
        .time(now)
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        // sign-ins of which nothing is left but that they were
        Sql::new(
            "DELETE FROM refresh_tokens WHERE hash IN (SELECT t.hash FROM sessions s JOIN refresh_tokens t \
             ON t.session_id = s.id WHERE s.id < ",
        )
        .key(old)
        .sql(OVER)
        .time(now.minus(kept.sign_ins))
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new("DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.id < ")
            .key(old)
            .sql(OVER)
            .time(now.minus(kept.sign_ins))
            .sql(" AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = s.id) LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new("DELETE FROM sessions WHERE id IN (SELECT s.id FROM sessions s WHERE s.expires_at < ")
            .time(now)
            .sql(" AND NOT EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = s.id) LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new("DELETE FROM oidc_codes WHERE hash IN (SELECT hash FROM oidc_codes WHERE useless_at < ")
            .time(now)
            .sql(" LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new(
            "DELETE FROM spent_challenges WHERE nonce IN (SELECT nonce FROM spent_challenges WHERE useless_at < ",
        )
        .time(now)
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new(
            "DELETE FROM spent_tokens WHERE (site_id, hash) IN (SELECT site_id, hash FROM spent_tokens \
             WHERE useless_at < ",
        )
        .time(now)
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new("DELETE FROM api_key_secrets WHERE hash IN (SELECT hash FROM api_key_secrets WHERE ends_at < ")
            .time(now)
            .sql(" LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new("DELETE FROM codes WHERE (account_id, purpose) IN (SELECT account_id, purpose FROM codes WHERE expires_at < ")
            .time(now)
            .sql(" LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new(
            "DELETE FROM api_key_secrets WHERE hash IN (SELECT s.hash FROM api_keys k JOIN api_key_secrets s \
             ON s.key_id = k.id WHERE k.expires_at < ",
        )
        .time(now.minus(api_key::KEPT))
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new("DELETE FROM api_keys WHERE id IN (SELECT k.id FROM api_keys k WHERE k.expires_at < ")
            .time(now.minus(api_key::KEPT))
            .sql(" AND NOT EXISTS (SELECT 1 FROM api_key_secrets s WHERE s.key_id = k.id) LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new("DELETE FROM api_keys WHERE id IN (SELECT id FROM api_keys WHERE revoked_at < ")
            .time(now.minus(api_key::KEPT))
            .sql(" LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new("DELETE FROM former_emails WHERE id IN (SELECT id FROM former_emails WHERE expires_at < ")
            .time(now)
            .sql(" LIMIT ")
            .int(PRUNED_AT_ONCE)
            .sql(")"),
        Sql::new(
            "DELETE FROM policy_runs WHERE id IN (SELECT id FROM policy_runs WHERE kind = 'simulate' AND finished_at < ",
        )
        .time(now.minus(policy_runs::KEPT))
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new(
            "DELETE FROM bulk_items WHERE (bulk_id, position) IN (SELECT i.bulk_id, i.position FROM bulks u \
             JOIN bulk_items i ON i.bulk_id = u.id WHERE u.finished_at < ",
        )
        .time(now.minus(bulks::KEPT))
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
        Sql::new(
            "DELETE FROM policy_run_items WHERE (run_id, reply_id) IN (SELECT i.run_id, i.reply_id FROM policy_runs u \
             JOIN policy_run_items i ON i.run_id = u.undoes WHERE u.undoes IS NOT NULL AND u.state = 'done' \
             AND u.finished_at < ",
        )
        .time(now.minus(policy_runs::KEPT))
        .sql(" LIMIT ")
        .int(PRUNED_AT_ONCE)
        .sql(")"),
    ];
    let mut has_more = false;
    for step in steps {
        let rows = native!(conn, c => step.execute(c))?;
        has_more |= i64::try_from(rows).unwrap_or(i64::MAX) >= PRUNED_AT_ONCE;
    }
    Ok(has_more)
}
