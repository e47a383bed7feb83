//! A transparency report: the sums of some days, without anybody's name, as JSON, as a table and as a page to print.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse, get,
    http::header::{self, ContentDisposition},
    web,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{AgreementView, DecidedWithin, DecisionTime, NoticeSums, Range, SumsView, read_totals};
use crate::{
    app::State,
    domain::{day::Day, statistics::ReportFormat},
    http::{body::Params, caller::Caller, problem::Problem},
    store::Conn,
};

/// Which days, and in what form.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// The first day (UTC), as `2026-11-23`; 30 days up to `to` if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub from: Option<Day>,
    /// The last day, at most 366 days in all; today if absent.
    #[param(value_type = Option<String>, format = "date", min_length = 10, max_length = 10)]
    pub to: Option<Day>,
    /// The form; JSON if absent.
    #[param(inline)]
    pub format: Option<ReportFormat>,
}

/// What a site did in some days, without anybody's name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TransparencyReport {
    /// The site's key.
    pub site: String,
    /// Its name.
    pub name: String,
    /// The first day.
    #[schema(value_type = String, format = "date")]
    pub from: Day,
    /// The last day.
    #[schema(value_type = String, format = "date")]
    pub to: Day,
    /// What happened in all of them.
    #[serde(flatten)]
    pub sums: SumsView,
    /// Sanctions that hold everywhere, by their kind: they are of no site, and hold here too.
    pub sanctions_everywhere: BTreeMap<String, i64>,
}

/// Show a transparency report
///
/// Sums of a range of days, without anybody's name, to be published: as JSON, as comma-separated values or as a page to print.
#[utoipa::path(
    tag = "moderation",
    params(ReportQuery),
    responses((status = 200, content(
        (TransparencyReport = "application/json"),
        (String = "text/csv; charset=utf-8", example = json!("measure,key,number\r\nreceived,all,120\r\n")),
        (String = "text/html; charset=utf-8", example = json!("<!doctype html>..."))
    ))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/transparency-report")]
pub async fn show_transparency_report(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(query): Params<ReportQuery>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let days = Range { from: query.from, to: query.to }.days(now)?;
    let read = move |conn: &mut Conn<'_>| read_totals(conn, &caller, &key, days, now);
    let (site, sums, sanctions_everywhere) = state.db.read(read).await?;
    let (from, to) = days;
    let report = TransparencyReport { site: site.key, name: site.name, from, to, sums, sanctions_everywhere };
    Ok(match query.format.unwrap_or(ReportFormat::Json) {
        ReportFormat::Json => HttpResponse::Ok().json(report),
        ReportFormat::Csv => {
            let name = format!("transparency-{}-{}-{}.csv", report.site, report.from, report.to);
            HttpResponse::Ok()
                .content_type("text/csv; charset=utf-8")
                .insert_header(ContentDisposition::attachment(name))
                .body(csv(&report))
        }
        ReportFormat::Html => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, CSP))
            .body(page(&report)),
    })
}

/// The page has a style of its own and nothing else.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/// One part of a report: what people read above it, its name in a table, and its lines: of what, and how much, if that is
/// known.
struct Chapter {
    heading: &'static str,
    measure: &'static str,
    lines: Vec<(String, Option<String>)>,
}

/// All sums in the order in which they are told.
fn chapters(TransparencyReport { sums, sanctions_everywhere, .. }: &TransparencyReport) -> Vec<Chapter> {
    let number = |key: &str, number: i64| (key.to_owned(), Some(number.to_string()));
    let seconds = |key: &str, seconds: Option<u64>| (key.to_owned(), seconds.map(|seconds| seconds.to_string()));
    let by_key = |map: &BTreeMap<String, i64>| map.iter().map(|(key, sum)| number(key, *sum)).collect::<Vec<_>>();
    let received = vec![
        number("all", sums.received),
        number("public_at_once", sums.public_at_once),
        number("held", sums.held),
        number("put_away", sums.put_away),
        number("asked", sums.asked),
    ];
    let DecisionTime { median_seconds, p90_seconds } = sums.decision_time;
    let time = vec![seconds("median", median_seconds), seconds("p90", p90_seconds)];
    let DecidedWithin { minute, ten_minutes, hour, six_hours, day, later } = sums.decided_within;
    let within = vec![
        number("minute", minute),
        number("ten_minutes", ten_minutes),
        number("hour", hour),
        number("six_hours", six_hours),
        number("day", day),
        number("later", later),
    ];
    let AgreementView { passed_approved, passed_refused, held_approved, held_refused, share } = sums.agreement;
    let agreement = vec![
        number("passed_approved", passed_approved),
        number("passed_refused", passed_refused),
        number("held_approved", held_approved),
        number("held_refused", held_refused),
        ("share".to_owned(), share.map(|share| format!("{share:.3}"))),
    ];
    let NoticeSums { received: grounds, decided, automated, median_seconds } = &sums.notices;
    let automated = vec![number("all", *automated)];
    let notice_time = vec![seconds("median", *median_seconds)];
    let chapter = |heading, measure, lines| Chapter { heading, measure, lines };
    vec![
        chapter("Replies received", "received", received),
        chapter("Held or put away by automated rules", "held_by_rule", by_key(&sums.held_by_rule)),
        chapter("Decisions by people", "decisions", by_key(&sums.decisions)),
        chapter("Reasons given", "reasons", by_key(&sums.reasons)),
        chapter("Seconds until a decision, to within a fifth", "decision_seconds", time),
        chapter("Decisions by how long replies had waited, to within a fifth", "decided_within", within),
        chapter("Refused as their authors did not change them in time", "lapsed", vec![number("all", sums.lapsed)]),
        chapter("Reports by readers", "reports", by_key(&sums.reports)),
        chapter("What came of reports", "closed_reports", by_key(&sums.closed_reports)),
        chapter("Appeals by authors", "appeals", by_key(&sums.appeals)),
        chapter("Notices of illegal content, by ground", "notices", by_key(grounds)),
        chapter("Actions taken on notices", "decided_notices", by_key(decided)),
        chapter("Of these with automated means", "automated_notices", automated),
        chapter("Seconds until an action, to within a fifth", "notice_seconds", notice_time),
        chapter("Sanctions", "sanctions", by_key(&sums.sanctions)),
        chapter("Sanctions everywhere", "sanctions_everywhere", by_key(sanctions_everywhere)),
        chapter("Automated rules against people", "agreement", agreement),
    ]
}

/// As RFC 4180 has it. Keys are names of ours and need no quotes.
fn csv(report: &TransparencyReport) -> String {
    let mut text = format!("measure,key,number\r\nfrom,,{}\r\nto,,{}\r\n", report.from, report.to);
    for Chapter { measure, lines, .. } in chapters(report) {
        for (key, number) in lines {
            text += &format!("{measure},{key},{}\r\n", number.unwrap_or_default());
        }
    }
    text
}

fn page(report: &TransparencyReport) -> String {
    let name = ammonia::clean_text(&report.name);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Transparency report: {name}</title>\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}}\
         table{{border-collapse:collapse;width:100%;margin-bottom:1.5rem;break-inside:avoid}}\
         caption{{text-align:left;font-weight:600}}td{{border-top:1px solid #ccc;padding:.2rem 0}}\
         td+td{{text-align:right;font-variant-numeric:tabular-nums}}</style>\n\
         <h1>Transparency report</h1>\n<p>{name}, {} to {} (UTC)</p>\n",
        report.from, report.to
    );
    for Chapter { heading, lines, .. } in chapters(report) {
        text += &format!("<table><caption>{heading}</caption>\n");
        for (key, number) in lines {
            let number = number.unwrap_or_else(|| "none".to_owned());
            text += &format!("<tr><td>{}</td><td>{number}</td></tr>\n", key.replace('_', " "));
        }
        text += "</table>\n";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> TransparencyReport {
        let sums = SumsView { received: 3, reasons: [("abuse".to_owned(), 2)].into(), ..SumsView::default() };
        let name = "Fish & <Chips>".to_owned();
        let sanctions_everywhere = BTreeMap::new();
        let (site, from, to) = ("fish".to_owned(), Day(20_000), Day(20_001));
        TransparencyReport { site, name, from, to, sums, sanctions_everywhere }
    }

    #[test]
    fn a_table_has_a_line_for_each_sum() {
        let text = csv(&report());
        let head = "measure,key,number\r\nfrom,,2024-10-04\r\nto,,2024-10-05\r\nreceived,all,3\r\n";
        assert!(text.starts_with(head), "{text}");
        assert!(
            text.contains("\r\nreasons,abuse,2\r\n") && text.contains("\r\ndecision_seconds,median,\r\n"),
            "{text}"
        );
    }

    #[test]
    fn a_page_says_names_as_text() {
        let text = page(&report());
        assert!(text.contains("Fish&#32;&amp;&#32;&lt;Chips&gt;") && !text.contains("<Chips>"), "{text}");
        assert!(text.contains("<tr><td>public at once</td><td>0</td></tr>"), "{text}");
    }
}
