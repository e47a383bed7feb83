//! Sums of a site's days: what [`Measure`] counts, kept by the transactions that do it.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    conn::native,
    decisions::{Actor, Decision},
    replies::Reply,
    sql::{Sql, Value},
    types::Instant,
    verdicts::Judged,
};
use crate::domain::{
    day::Day,
    ids::*,
    moderation::{Action, ActorKind, Decider, Reason},
    rules::Outcome,
    statistics::{Measure, Wait, agreement},
    timestamp::Timestamp,
};

/// What one transaction adds to a site's day.
#[derive(Clone, Debug, Default)]
pub struct Tally(Vec<(Measure, String, i64)>);

impl Tally {
    /// One of something.
    pub fn one(measure: Measure, key: impl Into<String>) -> Self {
        Self(vec![(measure, key.into(), 1)])
    }

    /// Adds so many.
    pub fn add(&mut self, measure: Measure, key: impl Into<String>, number: i64) {
        if number != 0 {
            self.0.push((measure, key.into(), number));
        }
    }

    /// Of a reply that was posted, with what the rules said.
    pub(super) fn of_post(reply: &Reply, judged: Option<&Judged>) -> Self {
        let mut tally = Self::one(Measure::Received, reply.state.as_str());
        let Some(judged) = judged.filter(|judged| judged.fate.decided_by == Decider::Rules) else { return tally };
        let strictest = judged.verdict.outcome();
        let mut rules: Vec<&str> = judged
            .verdict
            .findings
            .iter()
            .filter(|found| found.outcome == strictest)
            .map(|found| found.rule.as_str())
            .collect();
        rules.sort_unstable();
        rules.dedup();
        rules.into_iter().for_each(|rule| tally.add(Measure::Held, rule, 1));
        tally
    }

    /// Adds what a change means for an appeal.
    pub(super) fn add_appeal(&mut self, before: &Reply, after: &Reply, action: Action) {
        let key = match action {
            Action::Appeal => "filed",
            Action::UpholdAppeal => "upheld",
            Action::OverturnAppeal => "overturned",
            _ => "moot",
        };
        if before.appealed_at.is_some() != after.appealed_at.is_some() {
            self.add(Measure::Appealed, key, 1);
        }
    }

    /// Adds what a row of the log says, if by it somebody decided.
    pub(super) fn add_decision(&mut self, row: &Decision, seen: Seen) {
        if !is_decision(row.action, row.actor_kind) {
            return;
        }
        self.add(Measure::Decided, decided(row.action, row.reason), 1);
        if let Some(moderator) = row.actor_id {
            self.add(Measure::Moderator, moderator.to_string(), 1);
        }
        if let Some(since) = seen.since {
            self.add(Measure::Waited, Wait::of(row.created_at.since(since)).key(), 1);
        }
        if let Some(key) = seen.said.and_then(|said| agreement(said, row.action)) {
            self.add(Measure::Agreed, key, 1);
        }
    }
}

/// The key of [`Measure::Decided`].
fn decided(action: Action, reason: Option<Reason>) -> String {
    match reason {
        Some(reason) => format!("{action}/{reason}"),
        None => action.as_str().to_owned(),
    }
}

/// Whether it is a person's decision about a reply.
fn is_decision(action: Action, by: ActorKind) -> bool {
    let decides = matches!(
        action,
        Action::Approve
            | Action::Reject
            | Action::Spam
            | Action::Restore
            | Action::Return
            | Action::Undo
            | Action::UpholdAppeal
            | Action::OverturnAppeal
    );
    decides && by != ActorKind::System
}

/// What is looked at before a decision, as it goes with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Seen {
    /// Since when the reply waited.
    since: Option<Timestamp>,
    /// What the rules said of its text.
    said: Option<Outcome>,
}

/// Looks at a reply that is about to be decided about, if it is.
pub(super) fn look(conn: &mut Conn<'_>, reply: &Reply, action: Action, by: Actor) -> QueryResult<Seen> {
    if !is_decision(action, by.kind) {
        return Ok(Seen::default());
    }
    let query =
        Sql::<(Nullable<Instant>, Nullable<Text>)>::new("SELECT (SELECT since FROM queue_items WHERE reply_id = ")
            .key(reply.id)
            .sql("), (SELECT outcome FROM verdicts WHERE reply_id = ")
            .key(reply.id)
            .sql(" AND revision = ")
            .int(reply.revision)
            .sql(" ORDER BY reply_version DESC LIMIT 1)");
    let (since, said): (Option<Timestamp>, Option<Outcome>) = native!(conn, c => query.get_result(c))?;
    Ok(Seen { since, said })
}

/// Adds to a site's day.
pub fn count(conn: &mut Conn<'_>, site: SiteId, at: Timestamp, Tally(mut rows): Tally) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    // in one order, so that of two that add the same neither waits for the other in turn
    rows.sort_unstable();
    let mut insert = Sql::<()>::new("INSERT INTO day_counts (site_id, day, measure, key, number) VALUES ");
    for (index, (measure, key, number)) in rows.iter().enumerate() {
        insert = insert.sql(if index == 0 { "(" } else { ", (" }).values([
            Value::key(site),
            Day::of(at).0.into(),
            measure.as_str().into(),
            key.as_str().into(),
            (*number).into(),
        ]);
        insert = insert.sql(")");
    }
    let insert = insert
        .sql(" ON CONFLICT (site_id, day, measure, key) DO UPDATE SET number = day_counts.number + excluded.number");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// One sum.
#[derive(Clone, PartialEq, Eq, Debug, diesel::Queryable)]
pub struct DayCount {
    pub day: i32,
    measure: String,
    pub key: String,
    pub number: i64,
}

impl DayCount {
    /// What is counted; nothing where a newer program counts it.
    pub fn measure(&self) -> Option<Measure> {
        Measure::parse(&self.measure)
    }
}

/// The sums of a site from one day to another, both included, in the order of days. The caller bounds the days.
pub fn list(conn: &mut Conn<'_>, site: SiteId, from: Day, to: Day) -> QueryResult<Vec<DayCount>> {
    let query =
        Sql::<(Integer, Text, Text, BigInt)>::new("SELECT day, measure, key, number FROM day_counts WHERE site_id = ")
            .key(site)
            .sql(" AND day >= ")
            .int(from.0)
            .sql(" AND day <= ")
            .int(to.0)
            .sql(" ORDER BY day, measure, key");
    native!(conn, c => query.load(c))
}

/// Since when the reply waits on a site that waits longest.
pub fn find_oldest_waiting(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<Option<Timestamp>> {
    let oldest = |query: Sql<Instant>, flag: &'static str| {
        query.sql(flag).sql(" AND site_id = ").key(site).sql(" ORDER BY since, reply_id LIMIT 1")
    };
    let mut found = None;
    for flag in ["is_pending", "is_reported", "is_flagged", "is_appealed"] {
        let query = oldest(Sql::new("SELECT since FROM queue_items WHERE "), flag);
        let since: Option<Timestamp> = native!(conn, c => diesel::OptionalExtension::optional(query.get_result(c)))?;
        found = found.into_iter().chain(since).min();
    }
    Ok(found)
}
