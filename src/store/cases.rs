//! Cases: all reports of a reply together. A case is written with the report that opens it and the decision that closes it,
//! under the reply's lock.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    day_counts::Tally,
    decisions::Actor,
    moderation::QueueSites,
    queue_items::names,
    replies::Reply,
    reports::{self, Reopened, Report},
    schema::cases,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    bulk::{Former, FormerCase},
    case::{self, CaseState, Coming, Dismissal, ReportFate, ReportSettings},
    ids::*,
    moderation::{ActorKind, Reason},
    reply_state::ReplyState,
    statistics::Measure,
    timestamp::Timestamp,
};

/// A case.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases)]
#[diesel(treat_none_as_null = true)]
pub struct Case {
    pub reply_id: ReplyId,
    pub site_id: SiteId,
    pub state: CaseState,
    /// Of its open reports, in hundredths.
    pub weight: i64,
    /// Of those held back since it was dismissed, in hundredths.
    pub held_back: i64,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<AccountId>,
    /// How often it was opened again.
    pub reopened: i32,
    /// The last time that a person dismissed it, which text that was about, and what the reports were for.
    pub dismissed_at: Option<Timestamp>,
    pub dismissed_revision: Option<i32>,
    pub dismissed_reasons: String,
}

impl Case {
    fn new(reply: &Reply, now: Timestamp) -> Self {
        Self {
            reply_id: reply.id,
            site_id: reply.site_id,
            state: CaseState::Open,
            weight: 0,
            held_back: 0,
            opened_at: now,
            closed_at: None,
            closed_by: None,
            reopened: 0,
            dismissed_at: None,
            dismissed_revision: None,
            dismissed_reasons: names([]),
        }
    }

    /// What was dismissed.
    fn reasons(&self) -> Vec<Reason> {
        self.dismissed_reasons.split_ascii_whitespace().filter_map(Reason::parse).collect()
    }

    /// The dismissal that stands.
    fn dismissal(&self) -> Option<Dismissal> {
        let (at, revision) = self.dismissed_at.zip(self.dismissed_revision)?;
        let reasons = self.reasons();
        let is_dismissed = self.state == CaseState::Dismissed;
        is_dismissed.then_some(Dismissal { at, revision, reasons, held_back: self.held_back })
    }

    fn open(&mut self, weight: i64, now: Timestamp) {
        if self.state != CaseState::Open {
            self.reopened += 1;
            self.opened_at = now;
        }
        self.state = CaseState::Open;
        self.weight = weight;
        self.held_back = 0;
        (self.closed_at, self.closed_by) = (None, None);
    }
}

/// The case of a reply.
pub fn find(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<Case>> {
    native!(conn, c => cases::table.find(reply).select(Case::as_select()).first(c).optional())
}

fn put(conn: &mut Conn<'_>, case: &Case) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(cases::table)
        .values(case)
        .on_conflict(cases::reply_id)
        .do_update()
        .set(case)
        .execute(c))?;
    Ok(())
}

/// Does something with the reports of a reply and counts what it changes of those that are closed.
fn counting<T>(
    conn: &mut Conn<'_>,
    reply: ReplyId,
    tally: &mut Tally,
    change: impl FnOnce(&mut Conn<'_>) -> QueryResult<T>,
) -> QueryResult<T> {
    let before = reports::list_closed(conn, reply)?;
    let changed = change(conn)?;
    tally.add_turned(&before, &reports::list_closed(conn, reply)?);
    Ok(changed)
}

/// Stores a report of a locked reply, in place of one that its reader made of a former text. How many more of its reports are
/// open then, and what they weigh together; none if it was held back, or is itself about a former text.
pub(super) fn take_in(
    conn: &mut Conn<'_>,
    reply: &Reply,
    report: &Report,
    settings: &ReportSettings,
    (tally, now): (&mut Tally, Timestamp),
) -> QueryResult<Option<(i32, i64)>> {
    let known = find(conn, reply.id)?;
    if report.revision < reply.revision {
        keep(conn, reply, report, known, (tally, now))?;
        return Ok(None);
    }
    let mut case = known.unwrap_or_else(|| Case::new(reply, now));
    let coming = Coming { at: now, reason: report.reason, revision: report.revision, weight: report.weight };
    let dismissal = case.dismissal();
    if dismissal.as_ref().is_some_and(|dismissal| !case::opens(dismissal, coming, settings)) {
        // clocks of instances differ, and this comes after the dismissal whatever they say
        let closed_at = dismissal.map_or(now, |dismissal| dismissal.at.max(now));
        tally.add_at(closed_at, Measure::Closed, ReportFate::HeldBack.as_str(), 1);
        let held_back = Report { closed_at: Some(closed_at), outcome: Some(ReportFate::HeldBack), ..report.clone() };
        reports::insert(conn, &held_back)?;
        case.held_back += i64::from(report.weight);
        put(conn, &case)?;
        return Ok(None);
    }
    let former = reports::supersede(conn, report, now)?;
    tally.add(Measure::Closed, ReportFate::Moot.as_str(), former.into());
    reports::insert(conn, report)?;
    let others = match dismissal {
        Some(dismissal) => {
            counting(conn, reply.id, tally, |conn| reports::open_held_back(conn, reply.id, dismissal.at))?
        }
        None => 0,
    };
    let weight = reports::sum_open(conn, reply.id)?;
    case.open(weight, now);
    put(conn, &case)?;
    Ok(Some((1 + others - former, weight)))
}

/// Stores a report of a text that is not there any more. Nobody will decide about that, so it opens nothing, and whoever
/// reported was neither right nor wrong.
fn keep(
    conn: &mut Conn<'_>,
    reply: &Reply,
    report: &Report,
    known: Option<Case>,
    (tally, now): (&mut Tally, Timestamp),
) -> QueryResult<()> {
    let fate = ReportFate::Moot;
    tally.add(Measure::Closed, fate.as_str(), 1);
    reports::insert(conn, &Report { closed_at: Some(now), outcome: Some(fate), ..report.clone() })?;
    match known {
        Some(_) => Ok(()),
        None => put(conn, &Case { state: CaseState::Moot, closed_at: Some(now), ..Case::new(reply, now) }),
    }
}

/// Closes the open reports of a locked reply with its case, and what that says of the reporters. A decision that is otherwise
/// than the one before it turns what came of the reports.
pub(super) fn close(
    conn: &mut Conn<'_>,
    reply: &Reply,
    fate: ReportFate,
    by: Actor,
    (tally, now): (&mut Tally, Timestamp),
) -> QueryResult<()> {
    let known = find(conn, reply.id)?;
    let is_turned = known.as_ref().is_some_and(|case| {
        let is_otherwise = (case.state, fate) == (CaseState::Upheld, ReportFate::Dismissed)
            || (case.state, fate) == (CaseState::Dismissed, ReportFate::Upheld);
        is_otherwise && by.kind != ActorKind::System
    });
    if reply.open_reports == 0 && !is_turned {
        return Ok(());
    }
    let mut case = known.unwrap_or_else(|| Case::new(reply, now));
    let mut reasons = reports::list_reasons_open(conn, reply.id)?;
    if is_turned {
        reasons.extend(reports::list_reasons_of(conn, reply.id, reply.revision)?);
        let turned = counting(conn, reply.id, tally, |conn| reports::turn(conn, reply, fate))?;
        // about another text nothing was said
        if turned == 0 && reply.open_reports == 0 {
            return Ok(());
        }
    }
    if fate == ReportFate::Dismissed && by.kind != ActorKind::System {
        if case.dismissed_revision == Some(reply.revision) {
            // else two reasons would open it in turn
            reasons.extend(case.reasons());
        }
        case.dismissed_at = Some(now);
        case.dismissed_revision = Some(reply.revision);
        case.dismissed_reasons = names(reasons.iter().map(|reason| reason.as_str()));
    }
    let closed = reports::close_all(conn, reply, fate, now)?;
    tally.add(Measure::Closed, fate.as_str(), closed);
    case.state = match fate {
        ReportFate::Upheld => CaseState::Upheld,
        ReportFate::Dismissed | ReportFate::HeldBack => CaseState::Dismissed,
        ReportFate::Moot => CaseState::Moot,
    };
    (case.weight, case.held_back) = (0, 0);
    (case.closed_at, case.closed_by) = (Some(now), by.id);
    put(conn, &case)
}

/// Opens a case again whose reply has another text than the one about which a person dismissed it; how many reports are open
/// then that were not.
pub(super) fn reopen_for_text(
    conn: &mut Conn<'_>,
    reply: &Reply,
    (tally, now): (&mut Tally, Timestamp),
) -> QueryResult<i32> {
    let Some(mut case) = find(conn, reply.id)? else { return Ok(0) };
    let Some(dismissal) = case.dismissal() else { return Ok(0) };
    let opened = counting(conn, reply.id, tally, |conn| {
        Ok(reports::reopen(conn, reply, Reopened::Dismissed(&dismissal))?
            + reports::open_held_back(conn, reply.id, dismissal.at)?)
    })?;
    if opened > 0 {
        case.open(reports::sum_open(conn, reply.id)?, now);
        put(conn, &case)?;
    }
    Ok(opened)
}

/// How the case of a reply stood before a decision; nothing if there was none.
pub fn former(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<FormerCase>> {
    Ok(find(conn, reply)?.map(|case| FormerCase {
        state: case.state,
        opened_at: case.opened_at,
        closed_at: case.closed_at,
        closed_by: case.closed_by,
        reopened: case.reopened,
        dismissed_at: case.dismissed_at,
        dismissed_revision: case.dismissed_revision,
        dismissed_reasons: case.dismissed_reasons,
    }))
}

/// Puts the case of a reply back to how it stood before a decision that is undone, with what readers reported since; how many
/// reports are open then that were not.
pub(super) fn put_back(
    conn: &mut Conn<'_>,
    reply: &Reply,
    former: &Former,
    (tally, now): (&mut Tally, Timestamp),
) -> QueryResult<i32> {
    let (Some(mut case), Some(was)) = (find(conn, reply.id)?, former.case.clone()) else { return Ok(0) };
    let turned = (was.state, case.state);
    let opened = counting(conn, reply.id, tally, |conn| open_again(conn, reply, turned, former.decided_at))?;
    let weight = reports::sum_open(conn, reply.id)?;
    if case.state != CaseState::Open || weight == 0 {
        case.state = was.state;
        case.opened_at = was.opened_at;
        (case.closed_at, case.closed_by) = (was.closed_at, was.closed_by);
        case.reopened = was.reopened;
    }
    if weight > 0 {
        case.open(weight, now);
    }
    (case.dismissed_at, case.dismissed_revision) = (was.dismissed_at, was.dismissed_revision);
    case.dismissed_reasons = was.dismissed_reasons;
    case.held_back = match case.dismissal() {
        Some(dismissal) => reports::sum_held_back(conn, reply.id, dismissal.at)?,
        None => 0,
    };
    case.weight = weight;
    put(conn, &case)?;
    Ok(opened)
}

/// Opens the reports again that a decision closed, which turned a case to the second of these states, and turns back what it
/// turned; how many.
fn open_again(
    conn: &mut Conn<'_>,
    reply: &Reply,
    turned: (CaseState, CaseState),
    decided_at: Timestamp,
) -> QueryResult<i32> {
    let mut opened = reports::reopen(conn, reply, Reopened::ClosedAt(decided_at))?;
    match turned {
        (CaseState::Upheld, CaseState::Dismissed) => drop(reports::turn(conn, reply, ReportFate::Upheld)?),
        (CaseState::Dismissed, CaseState::Upheld) => drop(reports::turn(conn, reply, ReportFate::Dismissed)?),
        _ => {}
    }
    if turned.0 == CaseState::Open {
        opened += reports::open_held_back(conn, reply.id, decided_at)?;
    }
    Ok(opened)
}

/// Up to `limit` replies whose case differs from its reports: a program of before there were cases took some in or closed them.
pub fn list_astray(conn: &mut Conn<'_>, limit: i64) -> QueryResult<Vec<ReplyId>> {
    let query = Sql::<Key>::new(
        "SELECT id FROM (SELECT k.reply_id AS id FROM cases k WHERE k.state = 'open' AND NOT EXISTS (SELECT 1 FROM reports p \
         WHERE p.reply_id = k.reply_id AND p.closed_at IS NULL) \
         UNION ALL SELECT p.reply_id FROM reports p WHERE p.closed_at IS NULL AND (p.outcome IS NOT NULL \
         OR NOT EXISTS (SELECT 1 FROM cases k WHERE k.reply_id = p.reply_id AND k.state = 'open')) \
         UNION ALL SELECT p.reply_id FROM reports p WHERE NOT EXISTS (SELECT 1 FROM cases k WHERE k.reply_id = p.reply_id)) \
         AS astray LIMIT ",
    )
    .int(limit);
    native!(conn, c => query.load(c))
}

/// Gives a locked reply the case that its reports make, and those who reported the records that follow.
pub fn mend(conn: &mut Conn<'_>, reply: &Reply, now: Timestamp) -> QueryResult<()> {
    let mut case = find(conn, reply.id)?.unwrap_or_else(|| Case::new(reply, now));
    reports::mend(conn, reply)?;
    let weight = reports::sum_open(conn, reply.id)?;
    if weight > 0 {
        case.open(weight, now);
    } else if case.state == CaseState::Open {
        case.state = match reply.state {
            ReplyState::Approved | ReplyState::Pending => CaseState::Dismissed,
            ReplyState::Rejected | ReplyState::Spam | ReplyState::Returned => CaseState::Upheld,
            ReplyState::Withdrawn => CaseState::Moot,
        };
        (case.weight, case.closed_at) = (0, Some(now));
    }
    put(conn, &case)
}

/// A case as it is listed.
#[derive(Clone, Debug, Queryable)]
pub struct ListedCase {
    pub case: Case,
    pub site_key: String,
    /// Whether a moderator looks at the reply.
    pub is_claimed: bool,
}

type CaseColumns = (
    Key,
    Key,
    sql_types::Text,
    sql_types::BigInt,
    sql_types::BigInt,
    Instant,
    sql_types::Nullable<Instant>,
    sql_types::Nullable<Key>,
    sql_types::Integer,
    sql_types::Nullable<Instant>,
    sql_types::Nullable<sql_types::Integer>,
    sql_types::Text,
);

/// Up to `limit` cases of a state, those opened longest ago first, past a place: a range of one index for each site, merged.
pub fn list(
    conn: &mut Conn<'_>,
    sites: &QueueSites,
    state: CaseState,
    after: Option<(Timestamp, ReplyId)>,
    (now, limit): (Timestamp, i64),
) -> QueryResult<Vec<ListedCase>> {
    let is_lateral = conn.is_pg();
    let mut query = select(now).sql("FROM sites t ").sql(match is_lateral {
        true => "CROSS JOIN LATERAL (SELECT b.* FROM cases b WHERE b.site_id = t.id AND b.state = ",
        false => {
            "CROSS JOIN cases k ON k.reply_id IN (SELECT b.reply_id FROM cases b WHERE b.site_id = t.id AND b.state = "
        }
    });
    query = query.str(state.as_str());
    if let Some((at, id)) = after {
        query = query.sql(" AND (b.opened_at, b.reply_id) > (").time(at).sql(", ").key(id).sql(")");
    }
    query = query.sql(" ORDER BY b.opened_at, b.reply_id LIMIT ").int(limit);
    query = query.sql(if is_lateral { ") k " } else { ") " }).append(sites.condition());
    let query = query.sql(" ORDER BY k.opened_at, k.reply_id LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// The case of a reply, as it is listed.
pub fn find_listed(conn: &mut Conn<'_>, reply: ReplyId, now: Timestamp) -> QueryResult<Option<ListedCase>> {
    let query = select(now).sql("FROM cases k JOIN sites t ON t.id = k.site_id WHERE k.reply_id = ").key(reply);
    native!(conn, c => query.get_result(c).optional())
}

fn select(now: Timestamp) -> Sql<(CaseColumns, sql_types::Text, sql_types::Bool)> {
    Sql::new(
        "SELECT k.reply_id, k.site_id, k.state, k.weight, k.held_back, k.opened_at, k.closed_at, k.closed_by, k.reopened, \
         k.dismissed_at, k.dismissed_revision, k.dismissed_reasons, t.key, EXISTS (SELECT 1 FROM queue_items q \
         WHERE q.reply_id = k.reply_id AND q.claimed_until > ",
    )
    .time(now)
    .sql(") ")
}
