//! Sums of a site's days: what [`Measure`] counts, kept by the transactions that do it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use super::{
    Conn,
    conn::native,
    decisions::{Actor, Decision},
    replies::Reply,
    reports::Closed,
    sql::{Sql, Value},
    transitions::Entry,
    types::Instant,
    verdicts::{Findings, Judged},
};
use crate::domain::{
    day::Day,
    ids::*,
    moderation::{Action, ActorKind, Decider, Reason},
    notice_days::{Counted, Sums},
    reply_state::ReplyState,
    rules::{Outcome, RuleName},
    sanction::SanctionKind,
    statistics::{ASKED, LAPSED_RETURN, Measure, Wait, agreement, said},
    timestamp::Timestamp,
};

pub mod recount;

/// What one transaction adds to the days of a site.
#[derive(Clone, Debug)]
pub struct Tally {
    day: Day,
    sums: BTreeMap<(Day, Measure, String), i64>,
}

impl Tally {
    /// Nothing yet, on the day of this time.
    pub fn on(at: Timestamp) -> Self {
        Self { day: Day::of(at), sums: BTreeMap::new() }
    }

    /// One of something.
    pub fn one(at: Timestamp, measure: Measure, key: impl Into<String>) -> Self {
        let mut tally = Self::on(at);
        tally.add(measure, key, 1);
        tally
    }

    /// Adds so many.
    pub fn add(&mut self, measure: Measure, key: impl Into<String>, number: i64) {
        *self.sums.entry((self.day, measure, key.into())).or_default() += number;
    }

    /// Adds so many to the day of another time, as something of then turned out otherwise.
    pub(super) fn add_at(&mut self, at: Timestamp, measure: Measure, key: impl Into<String>, number: i64) {
        *self.sums.entry((Day::of(at), measure, key.into())).or_default() += number;
    }

    /// Of a reply that was posted, with what the rules said.
    pub(super) fn of_post(reply: &Reply, judged: Option<&Judged>, at: Timestamp) -> Self {
        let mut tally = Self::on(at);
        match judged {
            Some(judged) if waits_for_answer(judged) => tally.add(Measure::Received, ASKED, 1),
            _ => tally.add_received(at, reply.state, judged),
        }
        tally
    }

    /// Counts a reply of which this became.
    fn add_received(&mut self, at: Timestamp, state: ReplyState, judged: Option<&Judged>) {
        self.add_at(at, Measure::Received, state.as_str(), 1);
        for rule in judged.map(held_by).unwrap_or_default() {
            self.add_at(at, Measure::Held, rule.as_str(), 1);
        }
    }

    /// Counts a reply that waited for an answer alone, on the day on which it was posted, once it is known what became of
    /// it: not while a new text waits for another answer. What people decided about before waited for them.
    pub(super) fn add_fate(&mut self, before: &Reply, after: &Reply, entry: &Entry, seen: &Seen) {
        let judged = entry.judged.as_ref();
        let is_asked_again = entry.action == Action::Edit && judged.is_some_and(waits_for_answer);
        if !seen.waits_for_answer || is_asked_again {
            return;
        }
        self.add_at(before.created_at, Measure::Received, ASKED, -1);
        match entry.action {
            Action::Judge | Action::Edit => self.add_received(before.created_at, after.state, judged),
            _ => self.add_received(before.created_at, ReplyState::Pending, None),
        }
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

    /// Adds what a row of the log says, if by it somebody decided, or a time ran out.
    pub(super) fn add_decision(&mut self, row: &Decision, seen: &Seen) {
        if is_lapse(row) {
            self.add(Measure::Lapsed, LAPSED_RETURN, 1);
        }
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
        if let Some(said) = seen.said {
            self.add_agreement(row, said, seen);
        }
    }

    /// Adds a person's word about a text of which the rules had said this. The one about an appeal takes the place of the
    /// refusal that it was about.
    fn add_agreement(&mut self, row: &Decision, said: Outcome, seen: &Seen) {
        let Some(key) = agreement(said, row.action) else { return };
        self.add(Measure::Agreed, key, 1);
        let is_ruling = matches!(row.action, Action::UpholdAppeal | Action::OverturnAppeal);
        if let (true, Some(at), Some(refused)) = (is_ruling, seen.refused_at, agreement(said, Action::Reject)) {
            self.add_at(at, Measure::Agreed, refused, -1);
        }
    }

    /// Adds what is said of closed reports otherwise than before.
    pub(super) fn add_turned(&mut self, before: &[Closed], after: &[Closed]) {
        for (sign, closed) in [(-1, before), (1, after)] {
            for (at, fate, number) in closed {
                self.add_at(*at, Measure::Closed, fate.as_str(), sign * number);
            }
        }
    }
}

/// Whether all that a text waits for is an answer from outside, which will say what becomes of it.
fn waits_for_answer(judged: &Judged) -> bool {
    (judged.fate.state, judged.fate.decided_by) == (ReplyState::Pending, Decider::Outside)
}

/// The rules that held a text or put it away, in order: of whoever is asked outside its own word alone, since what else was
/// found may be of one of the site's own people.
fn held_by(judged: &Judged) -> BTreeSet<RuleName> {
    let strictest = judged.verdict.outcome();
    let is_holding = |rule: RuleName| match judged.fate.decided_by {
        Decider::Rules => true,
        Decider::Outside => rule == RuleName::Outside,
        _ => false,
    };
    let found = judged.verdict.findings.iter().filter(|found| found.outcome == strictest && strictest >= Outcome::Hold);
    found.map(|found| found.rule).filter(|rule| is_holding(*rule)).collect()
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

/// Whether it says that a returned reply was not changed in time.
fn is_lapse(row: &Decision) -> bool {
    (row.action, row.actor_kind, row.from_state) == (Action::Reject, ActorKind::System, Some(ReplyState::Returned))
}

/// What is looked at before a change, as it goes with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Seen {
    /// Since when the reply waited.
    since: Option<Timestamp>,
    /// What the rules said of its text.
    said: Option<Outcome>,
    /// Whether it never waited for anything but an answer from outside.
    waits_for_answer: bool,
    /// When a person refused it against whom its author appeals.
    refused_at: Option<Timestamp>,
}

/// Looks at a reply that is about to be changed: if it is decided about, or might wait for an answer.
pub(super) fn look(conn: &mut Conn<'_>, reply: &Reply, action: Action, by: Actor) -> QueryResult<Seen> {
    if !is_decision(action, by.kind) && reply.state != ReplyState::Pending {
        return Ok(Seen::default());
    }
    type Row = (Nullable<Instant>, Nullable<Text>, Bool, Nullable<Instant>);
    let query = Sql::<Row>::new("SELECT (SELECT since FROM queue_items WHERE reply_id = ")
        .key(reply.id)
        .sql("), (SELECT findings FROM verdicts WHERE reply_id = ")
        .key(reply.id)
        .sql(" AND revision = ")
        .int(reply.revision)
        .sql(
            " ORDER BY reply_version DESC LIMIT 1), NOT EXISTS (SELECT 1 FROM decisions d LEFT JOIN verdicts v \
             ON v.reply_id = d.reply_id AND v.reply_version = d.reply_version WHERE (d.action NOT IN ('post', 'edit') \
             OR d.to_state <> 'pending' OR coalesce(v.decided_by, '') <> 'outside') AND d.reply_id = ",
        )
        .key(reply.id)
        .sql(
            "), (SELECT d.created_at FROM appeals a JOIN decisions d ON d.reply_id = a.reply_id \
             AND d.reply_version = a.refused_version WHERE a.state = 'open' AND d.action IN ('reject', 'spam') \
             AND d.actor_kind <> 'system' AND a.reply_id = ",
        )
        .key(reply.id)
        .sql(")");
    type Found = (Option<Timestamp>, Option<String>, bool, Option<Timestamp>);
    let (since, findings, waits_for_answer, refused_at): Found = native!(conn, c => query.get_result(c))?;
    // what cannot be read says nothing
    let findings = findings.and_then(|findings| Findings::from_json(&findings).ok());
    Ok(Seen { since, said: findings.and_then(|findings| said(&findings.verdict())), waits_for_answer, refused_at })
}

/// Adds to a site's days, in one order, so that of two that add the same neither waits for the other in turn.
pub fn count(conn: &mut Conn<'_>, site: SiteId, tally: &Tally) -> QueryResult<()> {
    let mut rows = tally.sums.iter().filter(|(_, number)| **number != 0).peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let mut insert = Sql::<()>::new("INSERT INTO day_counts (site_id, day, measure, key, number) VALUES ");
    for (index, ((day, measure, key), number)) in rows.enumerate() {
        insert = insert.sql(if index == 0 { "(" } else { ", (" }).values([
            Value::key(site),
            day.0.into(),
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

/// The numbers of a site's notices from one day to another, both included.
pub fn list_noticed(conn: &mut Conn<'_>, site: SiteId, from: Day, to: Day) -> QueryResult<BTreeMap<Day, Sums>> {
    let query = Sql::<(Integer, Text, BigInt)>::new("SELECT day, key, number FROM day_counts WHERE measure = ")
        .str(Measure::Noticed.as_str())
        .sql(" AND site_id = ")
        .key(site)
        .sql(" AND day BETWEEN ")
        .int(from.0)
        .sql(" AND ")
        .int(to.0);
    let rows: Vec<(i32, String, i64)> = native!(conn, c => query.load(c))?;
    let mut days: BTreeMap<Day, Sums> = BTreeMap::new();
    for (day, key, number) in rows {
        // what a newer program counts is left to it
        if let Some(counted) = Counted::parse(&key) {
            days.entry(Day(day)).or_default().add(counted, number);
        }
    }
    Ok(days)
}

/// How many sanctions were imposed everywhere from one day to another, both included, by their kind: they are of no site,
/// and so few that the log is asked.
pub fn list_sanctions_everywhere(conn: &mut Conn<'_>, from: Day, to: Day) -> QueryResult<BTreeMap<String, i64>> {
    let until = Day(to.0.saturating_add(1)).begins();
    let mut query = Sql::<(Text, BigInt)>::new("SELECT action, number FROM (");
    for (index, kind) in SanctionKind::ALL.iter().enumerate() {
        query = query
            .sql(if index == 0 { "SELECT CAST(" } else { " UNION ALL SELECT CAST(" })
            .str(kind.as_str())
            .sql(" AS TEXT) AS action, count(*) AS number FROM decisions WHERE site_id IS NULL AND action = ")
            .str(kind.as_str())
            .sql(" AND created_at >= ")
            .time(from.begins())
            .sql(" AND created_at < ")
            .time(until);
    }
    let query = query.sql(") AS of_kinds WHERE number > 0");
    let found: Vec<(String, i64)> = native!(conn, c => query.load(c))?;
    Ok(found.into_iter().collect())
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
