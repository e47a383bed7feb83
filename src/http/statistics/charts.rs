//! Statistics and the transparency report as charts.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use jiff::civil::{self, Date};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::{AgreementView, DayView, DecidedWithin, ModeratorView, Range, SumsView, moderators, summed};
use crate::{
    app::State,
    auth::permission::Operation,
    charts::{Bar, Bars, Column, Columns, Group, Heading, Series, Tone, Undrawn},
    domain::{
        day::Day,
        statistics::{ReportChart, StatisticsChart},
    },
    http::{
        body::Params,
        caller::Caller,
        chart::{answer, words},
        problem::Problem,
        sites::on_site,
    },
    store::{Conn, day_counts},
};

/// Which numbers, and of which days.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatisticsChartQuery {
    /// The numbers.
    #[param(inline)]
    pub of: StatisticsChart,
    /// The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub from: Option<Day>,
    /// The last day, at most 366 days in all; today if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub to: Option<Day>,
}

/// Which numbers, and of which days.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TransparencyChartQuery {
    /// The numbers.
    #[param(inline)]
    pub of: ReportChart,
    /// The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub from: Option<Day>,
    /// The last day, at most 366 days in all; today if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub to: Option<Day>,
}

/// Show a site's statistics as a chart
///
/// The same numbers as those of the statistics, drawn as SVG. Its title says in a sentence what is seen; the colours are
/// attributes that a page's style may give others, and nothing in it is styled inline.
#[utoipa::path(
    tag = "moderation",
    params(StatisticsChartQuery),
    responses((status = 200, content((String = "image/svg+xml", example = json!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 158\" role=\"img\">...</svg>"))))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/statistics/chart")]
pub async fn show_statistics_chart(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(StatisticsChartQuery { of, from, to }): Params<StatisticsChartQuery>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let days = Range { from, to }.days(now)?;
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ShowStatisticsChart, now)?;
        let counts = day_counts::list(conn, site.id, days.0, days.1)?;
        let people = if of == StatisticsChart::Moderators { moderators(conn, &counts)? } else { Vec::new() };
        Ok::<_, Problem>((summed(&counts), people))
    };
    let ((totals, by_day), people) = state.db.read(read).await?;
    answer(match of {
        StatisticsChart::Replies => replies(&by_day, days),
        StatisticsChart::Moderators => decided_by(&people, days),
        StatisticsChart::Received => sums(ReportChart::Received, &totals, days),
        StatisticsChart::Rules => sums(ReportChart::Rules, &totals, days),
        StatisticsChart::Decisions => sums(ReportChart::Decisions, &totals, days),
        StatisticsChart::Reasons => sums(ReportChart::Reasons, &totals, days),
        StatisticsChart::DecisionTime => sums(ReportChart::DecisionTime, &totals, days),
        StatisticsChart::Reports => sums(ReportChart::Reports, &totals, days),
        StatisticsChart::ClosedReports => sums(ReportChart::ClosedReports, &totals, days),
        StatisticsChart::Appeals => sums(ReportChart::Appeals, &totals, days),
        StatisticsChart::Sanctions => sums(ReportChart::Sanctions, &totals, days),
        StatisticsChart::Notices => sums(ReportChart::Notices, &totals, days),
        StatisticsChart::DecidedNotices => sums(ReportChart::DecidedNotices, &totals, days),
        StatisticsChart::Agreement => sums(ReportChart::Agreement, &totals, days),
    })
}

/// Show a transparency report as a chart
///
/// The same sums as those of the report, without anybody's name, drawn as SVG as those of the statistics are.
#[utoipa::path(
    tag = "moderation",
    params(TransparencyChartQuery),
    responses((status = 200, content((String = "image/svg+xml", example = json!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 400 158\" role=\"img\">...</svg>"))))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/transparency-report/chart")]
pub async fn show_transparency_chart(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(TransparencyChartQuery { of, from, to }): Params<TransparencyChartQuery>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let days = Range { from, to }.days(now)?;
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ShowTransparencyChart, now)?;
        Ok::<_, Problem>(summed(&day_counts::list(conn, site.id, days.0, days.1)?).0)
    };
    let totals = state.db.read(read).await?;
    answer(sums(of, &totals, days))
}

fn heading(title: &str, (from, to): (Day, Day)) -> Heading {
    let of = if from == to { from.to_string() } else { format!("{from} to {to}") };
    Heading { title: title.to_owned(), of }
}

fn bar(label: &str, value: i64, tone: Tone) -> Bar {
    Bar { label: label.to_owned(), value, tone }
}

fn group(bars: Vec<Bar>) -> Group {
    Group { heading: None, bars, is_ordered: false }
}

fn by_key(numbers: &BTreeMap<String, i64>) -> Vec<Group> {
    vec![group(numbers.iter().map(|(key, number)| bar(&words(key), *number, tone(key))).collect())]
}

/// What decisions and outcomes are known by.
fn tone(key: &str) -> Tone {
    match key {
        "reject" | "spam" | "remove" | "removed" => Tone::Bad,
        "approve" | "kept" => Tone::Good,
        "undo" => Tone::Beside,
        _ => Tone::Plain,
    }
}

/// Sums of all days.
fn sums(of: ReportChart, view: &SumsView, days: (Day, Day)) -> Result<String, Undrawn> {
    let (title, groups) = match of {
        ReportChart::Received => ("What became of new replies", vec![group(received(view))]),
        ReportChart::Rules => ("Rules that held replies", by_key(&view.held_by_rule)),
        ReportChart::Decisions => ("Decisions by people", by_key(&view.decisions)),
        ReportChart::Reasons => ("Reasons given", by_key(&view.reasons)),
        ReportChart::DecisionTime => ("Time until a decision", vec![within(view.decided_within)]),
        ReportChart::Reports => ("Reports by readers", by_key(&view.reports)),
        ReportChart::ClosedReports => ("What came of reports", by_key(&view.closed_reports)),
        ReportChart::Appeals => ("Appeals by authors", by_key(&view.appeals)),
        ReportChart::Sanctions => ("Sanctions", by_key(&view.sanctions)),
        ReportChart::Notices => ("Notices of illegal content", by_key(&view.notices.received)),
        ReportChart::DecidedNotices => ("Actions taken on notices", by_key(&view.notices.decided)),
        ReportChart::Agreement => ("Rules and people", agreement(view.agreement)),
    };
    Bars { heading: heading(title, days), groups }.svg()
}

fn received(view: &SumsView) -> Vec<Bar> {
    vec![
        bar("Public at once", view.public_at_once, Tone::Plain),
        bar("Waited for a moderator", view.held, Tone::Waiting),
        bar("Put away as spam", view.put_away, Tone::Bad),
        bar("Wait for an answer from outside", view.asked, Tone::Beside),
    ]
}

fn within(DecidedWithin { minute, ten_minutes, hour, six_hours, day, later }: DecidedWithin) -> Group {
    let bars = vec![
        bar("Within a minute", minute, Tone::Plain),
        bar("Within 10 minutes", ten_minutes, Tone::Plain),
        bar("Within an hour", hour, Tone::Plain),
        bar("Within 6 hours", six_hours, Tone::Plain),
        bar("Within a day", day, Tone::Waiting),
        bar("Later", later, Tone::Waiting),
    ];
    Group { heading: None, bars, is_ordered: true }
}

fn agreement(view: AgreementView) -> Vec<Group> {
    let of = |heading: &str, bars| Group { heading: Some(heading.to_owned()), bars, is_ordered: true };
    vec![
        of(
            "Rules let it pass",
            vec![
                bar("People approved", view.passed_approved, Tone::Good),
                bar("People refused", view.passed_refused, Tone::Bad),
            ],
        ),
        of(
            "Rules flagged, held or put it away",
            vec![
                bar("People refused", view.held_refused, Tone::Good),
                bar("People approved", view.held_approved, Tone::Bad),
            ],
        ),
    ]
}

/// Who decided how often.
fn decided_by(people: &[ModeratorView], days: (Day, Day)) -> Result<String, Undrawn> {
    let bars = people.iter().map(|person| bar(&person.display_name, person.decisions, Tone::Plain)).collect();
    Bars { heading: heading("Who decided", days), groups: vec![group(bars)] }.svg()
}

/// Days that are columns of their own, and those that are weeks at most.
const DAYS_SHOWN: i32 = 35;
const WEEKS_SHOWN: i32 = 183;

/// Replies as time went on.
fn replies(by_day: &[DayView], (from, to): (Day, Day)) -> Result<String, Undrawn> {
    let span = match to.0 - from.0 + 1 {
        days if days <= DAYS_SHOWN => Span::Day,
        days if days <= WEEKS_SHOWN => Span::Week,
        _ => Span::Month,
    };
    let series = [
        ("Public at once", Tone::Plain),
        ("Waited for a moderator", Tone::Waiting),
        ("Put away as spam", Tone::Bad),
        ("Wait for an answer from outside", Tone::Beside),
    ];
    let mut columns: Vec<(Date, Vec<i64>)> = Vec::new();
    for day in (from.0..=to.0).map(Day) {
        let begins = span.begin_of(day);
        if columns.last().is_none_or(|(last, _)| *last != begins) {
            columns.push((begins, vec![0; series.len()]));
        }
        let at = by_day.binary_search_by_key(&day, |view| view.day);
        let sums = at.ok().and_then(|at| by_day.get(at)).map(|view| &view.sums);
        if let (Some(sums), Some((_, values))) = (sums, columns.last_mut()) {
            for (value, number) in values.iter_mut().zip([sums.public_at_once, sums.held, sums.put_away, sums.asked]) {
                *value += number;
            }
        }
    }
    let has_any = |at: usize| columns.iter().any(|(_, values)| values.get(at).is_some_and(|value| *value != 0));
    // what waits for outside is told where somebody outside is asked
    let kept: Vec<usize> = (0..series.len()).filter(|at| *at < 3 || has_any(*at)).collect();
    let pick = |values: &[i64]| kept.iter().filter_map(|at| values.get(*at).copied()).collect();
    let named = |at: &usize| series.get(*at).map(|(name, tone)| Series { name: (*name).to_owned(), tone: *tone });
    Columns {
        heading: heading(span.title(), (from, to)),
        series: kept.iter().filter_map(named).collect(),
        columns: columns
            .iter()
            .map(|(begins, values)| Column { label: span.label(*begins), values: pick(values) })
            .collect(),
    }
    .svg()
}

/// What a column is.
#[derive(Clone, Copy)]
enum Span {
    Day,
    Week,
    Month,
}

impl Span {
    fn title(self) -> &'static str {
        match self {
            Self::Day => "Replies by day",
            Self::Week => "Replies by week, from Mondays",
            Self::Month => "Replies by month",
        }
    }

    /// The first day of the column that a day is in.
    fn begin_of(self, day: Day) -> Date {
        let first = match self {
            Self::Day | Self::Month => day,
            // the first of all days was a Thursday
            Self::Week => Day(day.0 - (day.0 + 3).rem_euclid(7)),
        };
        let date = civil::date(1970, 1, 1);
        let date = date.checked_add(jiff::Span::new().days(first.0)).unwrap_or(date);
        match self {
            Self::Month => date.first_of_month(),
            Self::Day | Self::Week => date,
        }
    }

    fn label(self, begins: Date) -> String {
        match self {
            Self::Day | Self::Week => begins.strftime("%-d %b").to_string(),
            Self::Month => begins.strftime("%b %Y").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn on(text: &str, public_at_once: i64) -> DayView {
        let sums = SumsView { received: public_at_once, public_at_once, ..SumsView::default() };
        DayView { day: day(text), sums, moderators: BTreeMap::new() }
    }

    /// What a reader reads of it.
    fn texts(svg: &str) -> Vec<&str> {
        svg.split("<text ").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).map(str::trim).collect()
    }

    #[test]
    fn few_days_are_columns_many_are_weeks_and_more_are_months() {
        let by_day = [on("2026-11-01", 2), on("2026-11-02", 3), on("2026-11-08", 4), on("2026-11-09", 5)];
        for (from, title, first, columns) in [
            ("2026-10-10", "Replies by day", "10 Oct", 4),
            ("2026-08-01", "Replies by week, from Mondays", "27 Jul", 3),
            ("2025-12-01", "Replies by month", "Dec 2025", 1),
        ] {
            let svg = replies(&by_day, (day(from), day("2026-11-10"))).unwrap();
            let texts = texts(&svg);
            assert!(texts.contains(&title) && texts.contains(&first), "{texts:?}");
            assert!(texts.contains(&"Public at once: 14"), "{texts:?}");
            // and the square of the legend
            assert_eq!(svg.matches("fill=\"#1D5C86\"").count(), columns + 1, "{svg}");
        }
    }

    #[test]
    fn each_sum_has_a_chart_and_none_of_nothing_fails() {
        let days = (day("2026-11-01"), day("2026-11-01"));
        for of in ReportChart::ALL {
            assert!(StatisticsChart::parse(of.as_str()).is_some(), "{of}");
            let svg = sums(*of, &SumsView::default(), days).unwrap();
            assert!(texts(&svg).contains(&"Nothing to show.") && texts(&svg).contains(&"2026-11-01"), "{of}: {svg}");
        }
        let reasons = [("off_topic".to_owned(), 2), ("abuse".to_owned(), 5)].into();
        let svg = sums(ReportChart::Reasons, &SumsView { reasons, ..SumsView::default() }, days).unwrap();
        assert_eq!(texts(&svg)[2..], ["Abuse", "5", "Off topic", "2"]);
        assert!(svg.contains("<title>Reasons given, 2026-11-01: Abuse 5, Off topic 2.</title>"), "{svg}");
    }

    #[test]
    fn who_decided_is_a_text_whatever_the_name() {
        let account_id = crate::domain::ids::AccountId(uuid::Uuid::from_u128(1));
        let display_name = "</text><script>alert(1)</script>&amp;".to_owned();
        let person = ModeratorView { account_id, username: None, display_name, decisions: 3 };
        let svg = decided_by(&[person], (day("2026-11-01"), day("2026-11-02"))).unwrap();
        assert!(!svg.contains("<script") && svg.contains("&lt;/text&gt;&lt;script&gt;alert(1)"), "{svg}");
    }
}
