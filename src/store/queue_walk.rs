//! Ways through the queues: replies in an order, a piece at a time, each a range of one index for each site, merged; and
//! which of them a filter takes.

use diesel::{QueryResult, RunQueryDsl, sql_types::Bool};

use super::{
    Conn, appeals,
    conn::native,
    moderation::QueueSites,
    queue_items::{in_queue, is_free},
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    queue_event::WorkQueue,
    queue_filter::{Base, QueueFilter},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// By what replies are ordered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// The most urgent first; of what was decided as `Oldest`.
    Priority,
    /// The longest waiting first; of what was decided the first written.
    Oldest,
    /// The shortest waiting first; of what was decided the last written.
    Newest,
}

impl Order {
    /// What comes past a place, and the order itself, by the place's column and the id.
    pub(super) fn words(self) -> (&'static str, [&'static str; 2]) {
        match self {
            Self::Priority | Self::Oldest => (">", [", ", " "]),
            Self::Newest => ("<", [" DESC, ", " DESC "]),
        }
    }

    /// The column of what waits.
    pub(super) fn of_waiting(self) -> &'static str {
        match self {
            Self::Priority => "due_at",
            Self::Oldest | Self::Newest => "since",
        }
    }
}

/// Where a reply stands in an order.
pub type Place = (Timestamp, ReplyId);

/// Which replies are walked through.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    pub base: &'a Base,
    pub sites: &'a QueueSites,
    /// Which of these are taken; all if none.
    pub filter: Option<&'a QueueFilter>,
    pub order: Order,
    /// Only those that nobody holds and that this person may be given, of what waits.
    pub taker: Option<AccountId>,
    pub now: Timestamp,
}

/// A reply on the way, and whether it is taken: the filter takes it, as far as no text has to be read for that, and it is no
/// appeal that others are to decide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub place: Place,
    pub is_taken: bool,
}

/// One of the ranges that are merged.
#[derive(Clone, Copy)]
enum Range {
    Waiting(WorkQueue),
    Decided(ReplyState),
}

impl Walk<'_> {
    /// Whether some of the replies on the way may not be taken.
    pub(super) fn is_choosing(&self) -> bool {
        let has_appeals = matches!(self.base, Base::Waiting(queues) if queues.contains(&WorkQueue::Appeals));
        self.filter.is_some() || (self.taker.is_some() && has_appeals)
    }

    /// The next replies past a place.
    pub fn steps(&self, conn: &mut Conn<'_>, after: Option<Place>, limit: i64) -> QueryResult<Vec<Step>> {
        let ranges: Vec<Range> = match self.base {
            Base::Waiting(queues) => queues.iter().copied().map(Range::Waiting).collect(),
            Base::Decided(states) => states.iter().copied().map(Range::Decided).collect(),
        };
        let mut steps = Vec::new();
        for range in &ranges {
            steps.extend(self.steps_in(conn, *range, after, limit)?);
        }
        if ranges.len() > 1 {
            steps.sort_by_key(|step| step.place);
            if self.order == Order::Newest {
                steps.reverse();
            }
            // what waits in two queues has one place
            steps.dedup_by_key(|step| step.place);
            steps.truncate(usize::try_from(limit).unwrap_or_default());
        }
        Ok(steps)
    }

    fn steps_in(&self, conn: &mut Conn<'_>, range: Range, after: Option<Place>, limit: i64) -> QueryResult<Vec<Step>> {
        let is_pg = conn.is_pg();
        let (table, id, at) = match range {
            Range::Waiting(_) => ("queue_items", "reply_id", self.order.of_waiting()),
            Range::Decided(_) => ("replies", "id", "created_at"),
        };
        let (than, [then, end]) = self.order.words();
        // only what is left after all sites are merged is looked at more closely
        let mut query = Sql::<(Instant, Key, Bool)>::new("SELECT q.").sql(at).sql(", q.").sql(id).sql(", ");
        query = match self.filter {
            Some(filter) => query.append(taken(filter, range, self.now, is_pg)),
            None => query.sql("1 = 1"),
        };
        // beside the range and not in it, so that one's own refusals do not make the database look at all that waits
        if let (Some(taker), true) = (self.taker, matches!(range, Range::Waiting(WorkQueue::Appeals))) {
            query = query.append(appeals::may_take("q.reply_id", taker, self.now));
        }
        query = query.sql(" FROM (SELECT q.* FROM sites t CROSS JOIN ");
        // as in `pages`: a lateral join where there is one, else a correlated list
        query = match is_pg {
            true => query.sql("LATERAL (SELECT b.* FROM ").sql(table),
            false => query.sql(table).sql(" q ON q.").sql(id).sql(" IN (SELECT b.").sql(id).sql(" FROM ").sql(table),
        };
        query = query.sql(" b WHERE b.site_id = t.id AND b.");
        query = match range {
            Range::Waiting(queue) => query.sql(in_queue(queue)),
            Range::Decided(state) => query.sql("state = ").str(state.as_str()),
        };
        if let (Some(_), Range::Waiting(_)) = (self.taker, range) {
            query = query.sql(" AND ").append(is_free("b.claimed_until", self.now));
        }
        if let Some((time, last)) = after {
            query = query.sql(" AND (b.").sql(at).sql(", b.").sql(id).sql(") ").sql(than).sql(" (").time(time);
            query = query.sql(", ").key(last).sql(")");
        }
        query = query.sql(" ORDER BY b.").sql(at).sql(then).sql("b.").sql(id).sql(end).sql("LIMIT ").int(limit);
        query = query.sql(if is_pg { ") q " } else { ") " }).append(self.sites.condition());
        query = query.sql(" ORDER BY q.").sql(at).sql(then).sql("q.").sql(id).sql(end).sql("LIMIT ").int(limit);
        query = query.sql(") q ORDER BY q.").sql(at).sql(then).sql("q.").sql(id).sql(end);
        let rows: Vec<(Timestamp, ReplyId, bool)> = native!(conn, c => query.load(c))?;
        Ok(rows.into_iter().map(|(at, id, is_taken)| Step { place: (at, id), is_taken }).collect())
    }
}

/// That a filter takes the row `q`, as far as no text has to be read.
fn taken(filter: &QueueFilter, range: Range, now: Timestamp, is_pg: bool) -> Sql<()> {
    let is_waiting = matches!(range, Range::Waiting(_));
    let id = if is_waiting { "q.reply_id" } else { "q.id" };
    // not kept: each filter is another text
    let mut sql = Sql::<()>::new("(1 = 1").not_kept();
    if !filter.stories.is_empty() {
        sql = sql.sql(" AND q.story_id IN (").keys(filter.stories.iter().copied()).sql(")");
    }
    if !filter.authors.is_empty() {
        sql = sql.sql(" AND q.author_id IN (").keys(filter.authors.iter().copied()).sql(")");
    }
    if !filter.sections.is_empty() {
        sql = sql.sql(" AND EXISTS (SELECT 1 FROM stories y WHERE y.id = q.story_id AND y.section IN (");
        sql = sql.strs(filter.sections.iter().map(String::as_str)).sql("))");
    }
    if !filter.tags.is_empty() {
        let tags = filter.tags.iter().map(|tag| format!("\"{tag}\""));
        sql = sql.sql(" AND EXISTS (SELECT 1 FROM stories y WHERE y.id = q.story_id AND ");
        sql = sql.append(has_one_of("y.tags", tags, is_pg)).sql(")");
    }
    if let Some(number) = filter.author_approved_below {
        sql = sql.sql(
            " AND coalesce((SELECT h.approved FROM author_counters h WHERE h.account_id = q.author_id \
             AND h.site_id = q.site_id), 0) < ",
        );
        sql = sql.int(i64::from(number));
    }
    if let Some(age) = filter.author_age() {
        sql = sql.sql(" AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = q.author_id AND a.created_at > ");
        sql = sql.time(now.minus(age)).sql(")");
    }
    let named = |name: &str| format!(" {name} ");
    if !filter.reasons.is_empty() {
        let reasons = filter.reasons.iter().map(|reason| reason.as_str());
        sql = match is_waiting {
            true => sql.sql(" AND ").append(has_one_of("q.reasons", reasons.map(named), is_pg)),
            false => sql
                .sql(" AND EXISTS (SELECT 1 FROM reports p WHERE p.reply_id = ")
                .sql(id)
                .sql(" AND p.reason IN (")
                .strs(reasons)
                .sql("))"),
        };
    }
    if is_waiting && !filter.rules.is_empty() {
        let rules = filter.rules.iter().map(|rule| named(rule.as_str()));
        sql = sql.sql(" AND ").append(has_one_of("q.rules", rules, is_pg));
    }
    if is_waiting && !filter.languages.is_empty() {
        sql = sql.sql(" AND q.language IN (").strs(filter.languages.iter().map(String::as_str)).sql(")");
    }
    if let Some(time) = filter.waiting() {
        sql = sql.sql(" AND q.").sql(if is_waiting { "since" } else { "created_at" }).sql(" <= ").time(now.minus(time));
    }
    sql.sql(")")
}

/// That a column has one of these texts in it.
fn has_one_of(column: &'static str, texts: impl Iterator<Item = String>, is_pg: bool) -> Sql<()> {
    let mut sql = Sql::new("(1 = 0");
    for text in texts {
        sql = sql.sql(if is_pg { " OR strpos(" } else { " OR instr(" }).sql(column).sql(", ").str(text).sql(") > 0");
    }
    sql.sql(")")
}
