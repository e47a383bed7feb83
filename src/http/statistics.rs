//! Statistics of a site's moderation, and what of it may be published.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::Params,
    caller::Caller,
    problem::{Code, Problem},
    sites::on_site,
    views::shown_name,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        day::Day,
        ids::*,
        notice_days::{self, Counted},
        statistics::{ASKED, Measure, Wait},
        timestamp::Timestamp,
    },
    store::{
        Conn,
        accounts::{self, Names},
        day_counts::{self, DayCount},
        sites::Site,
    },
};

mod charts;
mod report;

/// Days of one request at most.
const DAYS_MAX: i32 = 366;
/// Days that are told if nobody says which.
const DAYS_DEFAULT: i32 = 30;
/// Moderators that are named.
const MODERATORS_MAX: usize = 100;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(show_statistics)
        .service(charts::show_statistics_chart)
        .service(report::show_transparency_report)
        .service(charts::show_transparency_chart);
}

/// Which days.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Range {
    /// The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub from: Option<Day>,
    /// The last day, at most 366 days in all; today if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub to: Option<Day>,
}

impl Range {
    /// The first day and the last.
    fn days(self, now: Timestamp) -> Result<(Day, Day), Problem> {
        let to = self.to.unwrap_or_else(|| Day::of(now));
        let from = self.from.unwrap_or(Day(to.0 - DAYS_DEFAULT + 1));
        match to.0 - from.0 {
            0..DAYS_MAX => Ok((from, to)),
            _ => Err(Problem::new(Code::InvalidQuery).detail("from must not be after to, and 366 days are the most")),
        }
    }
}

/// What happened in some days.
#[derive(Clone, PartialEq, Debug, Default, Serialize, ToSchema)]
pub struct SumsView {
    /// Replies that were posted. What becomes of them counts once, by their first text: edits are no replies of their own.
    pub received: i64,
    /// Those of them that were public at once, or as soon as somebody outside had answered.
    pub public_at_once: i64,
    /// Those that waited for a moderator.
    pub held: i64,
    /// Those that were put away as spam.
    pub put_away: i64,
    /// Those that wait yet for nothing but an answer from outside.
    pub asked: i64,
    /// Those that rules held or put away, by the rule; under several if several asked for it.
    pub held_by_rule: BTreeMap<String, i64>,
    /// Decisions of people, by what was decided; `undo` is of such decisions as stand here too.
    pub decisions: BTreeMap<String, i64>,
    /// Those of them that gave a reason, by it.
    pub reasons: BTreeMap<String, i64>,
    /// How long it took from when a reply came to wait.
    pub decision_time: DecisionTime,
    /// The same as numbers of decisions.
    pub decided_within: DecidedWithin,
    /// Replies that were returned to their authors, not changed in time, and refused for it by the service.
    pub lapsed: i64,
    /// Reports, by their reason.
    pub reports: BTreeMap<String, i64>,
    /// Reports that are closed, by what came of them at last, on the days on which they were closed.
    pub closed_reports: BTreeMap<String, i64>,
    /// Appeals: how many were filed, and what came of those that were decided or fell away.
    pub appeals: BTreeMap<String, i64>,
    /// Sanctions, by their kind.
    pub sanctions: BTreeMap<String, i64>,
    /// Notices of illegal content.
    pub notices: NoticeSums,
    /// What people decided about what rules had said.
    pub agreement: AgreementView,
}

/// Notices of illegal content (Regulation (EU) 2022/2065, article 16).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct NoticeSums {
    /// Those received, by ground.
    pub received: BTreeMap<String, i64>,
    /// Those decided about, by what became of the reply: `removed` or `kept`.
    pub decided: BTreeMap<String, i64>,
    /// Those of them that were decided with automated means.
    pub automated: i64,
    /// Seconds from receipt to decision within which half of them were decided, to within a fifth; null if none was.
    pub median_seconds: Option<u64>,
}

impl From<&notice_days::Sums> for NoticeSums {
    fn from(sums: &notice_days::Sums) -> Self {
        let mut view = Self { median_seconds: sums.median(), ..Self::default() };
        for (counted, number) in sums.iter() {
            match counted {
                Counted::Received(ground) => drop(view.received.insert(ground.to_string(), number)),
                Counted::Decided(outcome) => drop(view.decided.insert(outcome.to_string(), number)),
                Counted::Automated => view.automated = number,
                Counted::OfAccount | Counted::OfGuest | Counted::Dropped | Counted::Took(_) => {}
            }
        }
        view
    }
}

/// Times from when replies came to wait until somebody decided, in seconds, to within a fifth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct DecisionTime {
    /// Within this time half of them were decided about; null where none was.
    pub median_seconds: Option<u64>,
    /// Within this time nine of ten were.
    pub p90_seconds: Option<u64>,
}

/// Decisions by how long replies had waited, each in the first that fits, to within a fifth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct DecidedWithin {
    /// Within a minute.
    pub minute: i64,
    /// Within ten minutes.
    pub ten_minutes: i64,
    /// Within an hour.
    pub hour: i64,
    /// Within six hours.
    pub six_hours: i64,
    /// Within a day.
    pub day: i64,
    /// Later than that.
    pub later: i64,
}

impl DecidedWithin {
    fn of(waits: &BTreeMap<Wait, i64>) -> Self {
        let mut within = Self::default();
        for (wait, number) in waits {
            *match *wait {
                wait if wait.begins_within(60.0) => &mut within.minute,
                wait if wait.begins_within(600.0) => &mut within.ten_minutes,
                wait if wait.begins_within(3_600.0) => &mut within.hour,
                wait if wait.begins_within(6.0 * 3_600.0) => &mut within.six_hours,
                wait if wait.begins_within(24.0 * 3_600.0) => &mut within.day,
                _ => &mut within.later,
            } += number;
        }
        within
    }
}

/// The last word of people about texts of which all rules had said something, or nothing.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, ToSchema)]
pub struct AgreementView {
    /// Rules let it pass, and so did people.
    pub passed_approved: i64,
    /// Rules let it pass, and people refused it.
    pub passed_refused: i64,
    /// Rules flagged, held or put it away, and people approved it.
    pub held_approved: i64,
    /// Rules flagged, held or put it away, and people refused it.
    pub held_refused: i64,
    /// The share of those about which both said the same; null where there are none.
    pub share: Option<f64>,
}

impl AgreementView {
    fn add(&mut self, key: &str, number: i64) {
        *match key.split_once('/') {
            Some(("pass", "approved")) => &mut self.passed_approved,
            Some(("pass", _)) => &mut self.passed_refused,
            Some((_, "approved")) => &mut self.held_approved,
            _ => &mut self.held_refused,
        } += number;
        let (alike, otherwise) = (self.passed_approved + self.held_refused, self.passed_refused + self.held_approved);
        let all = alike + otherwise;
        self.share = (all > 0).then(|| alike as f64 / all as f64);
    }
}

/// One day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayView {
    /// The day (UTC).
    #[schema(value_type = String, format = "date")]
    pub day: Day,
    /// What happened in it.
    #[serde(flatten)]
    pub sums: SumsView,
    /// Decisions, by the account of who made them.
    #[schema(value_type = BTreeMap<String, i64>)]
    pub moderators: BTreeMap<AccountId, i64>,
}

/// What one moderator decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ModeratorView {
    /// The account.
    pub account_id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
    /// Decisions.
    pub decisions: i64,
}

/// Statistics of a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatisticsView {
    /// The first day.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
    /// What happened in all of them.
    pub totals: SumsView,
    /// The days in which anything happened, in order.
    pub days: Vec<DayView>,
    /// Sanctions that hold everywhere, by their kind: they are of no site, and hold here too.
    pub sanctions_everywhere: BTreeMap<String, i64>,
    /// Who decided most, up to 100.
    pub moderators: Vec<ModeratorView>,
    /// Since when the reply waits that waits longest at present.
    pub oldest_waiting_since: Option<Timestamp>,
}

/// Sums with what they need while rows are added.
#[derive(Default)]
struct Sums {
    view: SumsView,
    waits: BTreeMap<Wait, i64>,
    notices: notice_days::Sums,
}

impl Sums {
    fn add(&mut self, count: &DayCount) {
        let (key, number, view) = (count.key.as_str(), count.number, &mut self.view);
        let add_to = |map: &mut BTreeMap<String, i64>, key: &str| *map.entry(key.to_owned()).or_default() += number;
        match count.measure() {
            Some(Measure::Received) => {
                view.received += number;
                *match key {
                    "approved" => &mut view.public_at_once,
                    "spam" => &mut view.put_away,
                    ASKED => &mut view.asked,
                    _ => &mut view.held,
                } += number;
            }
            Some(Measure::Held) => add_to(&mut view.held_by_rule, key),
            Some(Measure::Decided) => {
                let (decision, reason) = key.split_once('/').map_or((key, None), |(it, why)| (it, Some(why)));
                add_to(&mut view.decisions, decision);
                if let Some(reason) = reason {
                    add_to(&mut view.reasons, reason);
                }
            }
            Some(Measure::Waited) => {
                if let Some(wait) = Wait::parse(key) {
                    *self.waits.entry(wait).or_default() += number;
                }
            }
            Some(Measure::Agreed) => view.agreement.add(key, number),
            Some(Measure::Reported) => add_to(&mut view.reports, key),
            Some(Measure::Closed) => add_to(&mut view.closed_reports, key),
            Some(Measure::Appealed) => add_to(&mut view.appeals, key),
            Some(Measure::Sanctioned) => add_to(&mut view.sanctions, key),
            Some(Measure::Lapsed) => view.lapsed += number,
            Some(Measure::Noticed) => {
                if let Some(counted) = Counted::parse(key) {
                    self.notices.add(counted, number);
                }
            }
            // named apart, or of a newer program
            Some(Measure::Moderator) | None => {}
        }
    }

    fn finish(self) -> SumsView {
        let decision_time = DecisionTime {
            median_seconds: Wait::quantile(&self.waits, 0.5),
            p90_seconds: Wait::quantile(&self.waits, 0.9),
        };
        let decided_within = DecidedWithin::of(&self.waits);
        let mut view = SumsView { decision_time, decided_within, notices: (&self.notices).into(), ..self.view };
        // what turned out otherwise leaves a sum of nothing
        for sums in [&mut view.closed_reports, &mut view.held_by_rule] {
            sums.retain(|_, number| *number != 0);
        }
        view
    }
}

/// The sums of all days, and of each in which anything happened.
fn summed(counts: &[DayCount]) -> (SumsView, Vec<DayView>) {
    let (mut totals, mut days) = (Sums::default(), Vec::new());
    for of_day in counts.chunk_by(|one, next| one.day == next.day) {
        let mut sums = Sums::default();
        for count in of_day {
            totals.add(count);
            sums.add(count);
        }
        let moderators = decisions_by_moderator(of_day);
        days.extend(of_day.first().map(|first| DayView { day: Day(first.day), sums: sums.finish(), moderators }));
    }
    (totals.finish(), days)
}

/// Show a site's statistics
///
/// What happened in a range of days (UTC): exact sums, kept by the transactions that they are about, so that they cost the
/// same however much there is. Times are to within a fifth.
#[utoipa::path(
    tag = "moderation",
    params(Range),
    responses((status = 200, body = StatisticsView)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/statistics")]
pub async fn show_statistics(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(range): Params<Range>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (from, to) = range.days(now)?;
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ShowStatistics, now)?;
        let counts = day_counts::list(conn, site.id, from, to)?;
        let (totals, days) = summed(&counts);
        let sanctions_everywhere = day_counts::list_sanctions_everywhere(conn, from, to)?;
        let moderators = moderators(conn, &counts)?;
        let oldest_waiting_since = day_counts::find_oldest_waiting(conn, site.id)?;
        Ok::<_, Problem>(StatisticsView {
            from,
            to,
            totals,
            days,
            sanctions_everywhere,
            moderators,
            oldest_waiting_since,
        })
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

fn decisions_by_moderator(counts: &[DayCount]) -> BTreeMap<AccountId, i64> {
    let mut decisions = BTreeMap::new();
    for count in counts.iter().filter(|count| count.measure() == Some(Measure::Moderator)) {
        if let Ok(id) = count.key.parse() {
            *decisions.entry(AccountId(id)).or_default() += count.number;
        }
    }
    decisions
}

/// Who decided how often, who did most first.
fn moderators(conn: &mut Conn<'_>, counts: &[DayCount]) -> Result<Vec<ModeratorView>, Problem> {
    let mut most: Vec<(AccountId, i64)> = decisions_by_moderator(counts).into_iter().collect();
    most.sort_by_key(|(id, number)| (std::cmp::Reverse(*number), *id));
    most.truncate(MODERATORS_MAX);
    let ids: Vec<AccountId> = most.iter().map(|(id, _)| *id).collect();
    let mut names: BTreeMap<AccountId, Names> =
        accounts::list_names(conn, &ids)?.into_iter().map(|names| (names.account_id, names)).collect();
    let view = |(account_id, decisions)| {
        let (username, shown) =
            names.remove(&account_id).map_or((None, None), |names| (names.username, names.display_name));
        ModeratorView { account_id, display_name: shown_name(shown, username.as_deref()), username, decisions }
    };
    Ok(most.into_iter().map(view).collect())
}

/// What a report is made of: the site, its sums, and the sanctions that hold everywhere.
fn read_totals(
    conn: &mut Conn<'_>,
    caller: &Caller,
    key: &str,
    (from, to): (Day, Day),
    now: Timestamp,
) -> Result<(Site, SumsView, BTreeMap<String, i64>), Problem> {
    let (_, site) = on_site(conn, caller, key, Operation::ShowTransparencyReport, now)?;
    let (totals, _) = summed(&day_counts::list(conn, site.id, from, to)?);
    let everywhere = day_counts::list_sanctions_everywhere(conn, from, to)?;
    Ok((site, totals, everywhere))
}
