//! What metrics say, against what was done.

use std::collections::BTreeSet;

use actix_web::http::Method;
use rejoinder::{http::operations, metrics};

use crate::{
    app::App,
    exposition::Exposition,
    together::{together, with_status},
};

const REQUESTS: &str = "rejoinder_http_request_duration_seconds";

impl App {
    /// What a scrape shows now.
    pub async fn scrape(&self) -> Exposition {
        Exposition::parse(&metrics::scrape(&self.state).await)
    }
}

/// Every family that others may rely on.
const FAMILIES: [&str; 36] = [
    "process_cpu_seconds_total",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "process_threads",
    "rejoinder_argon2_waiting",
    "rejoinder_build_info",
    "rejoinder_cache_bytes",
    "rejoinder_cache_entries",
    "rejoinder_cache_evictions_total",
    "rejoinder_cache_hits_total",
    "rejoinder_cache_misses_total",
    "rejoinder_cache_renders_total",
    "rejoinder_database_up",
    "rejoinder_db_connections_in_use",
    "rejoinder_db_connections_max",
    "rejoinder_db_retries_total",
    "rejoinder_db_waiting",
    REQUESTS,
    "rejoinder_jobs",
    "rejoinder_jobs_oldest_age_seconds",
    "rejoinder_limited_total",
    "rejoinder_line_age_seconds",
    "rejoinder_live_cut_total",
    "rejoinder_live_listeners",
    "rejoinder_notifications_connected",
    "rejoinder_notifications_received_total",
    "rejoinder_oldest_pending_age_seconds",
    "rejoinder_overload_level",
    "rejoinder_queue_length",
    "rejoinder_shed_total",
    "rejoinder_writer_batch_size",
    "rejoinder_writer_commits_total",
    "rejoinder_writer_queue_length",
    "rejoinder_writer_wait_seconds",
];

#[actix_web::test]
async fn every_family_is_shown_in_the_format_of_prometheus() {
    let app = App::start().await;
    app.site("blog").await;
    let found = app.scrape().await;
    let shown: Vec<&str> = found.families.keys().map(String::as_str).collect();
    assert_eq!(shown, FAMILIES);
    let database = if app.read(|conn| conn.is_pg()).await { "postgresql" } else { "sqlite" };
    let build = format!("rejoinder_build_info{{version=\"{}\",database=\"{database}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(found.value(&build), 1.0);
    assert_eq!(found.value("rejoinder_database_up"), 1.0);
    assert_eq!(found.value("rejoinder_db_connections_max"), 4.0);
    for kind in ["story", "moderation"] {
        assert_eq!(found.value(&format!("rejoinder_live_listeners{{kind=\"{kind}\"}}")), 0.0);
    }
    let used = found.value("process_resident_memory_bytes");
    assert!((1e6..1e12).contains(&used), "{used}");
    let (open, most) = (found.value("process_open_fds"), found.value("process_max_fds"));
    assert!(open > 3.0 && open < most, "{open} of {most}");
    let started = found.value("process_start_time_seconds");
    assert!((1.7e9..1e11).contains(&started), "{started}");
}

#[actix_web::test]
async fn requests_are_counted_by_route_method_and_status() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let before = app.scrape().await;
    for number in 0..3 {
        ann.replies(&story, &format!("Reply {number}")).await;
    }
    ann.posting(&story, "").expect(422).await;
    app.get(format!("/api/v1/stories/{}/replies", story.id)).expect(200).await;
    app.get(format!("/api/v1/stories/{}/replies?limit=2", story.id)).expect(200).await;
    app.request(Method::HEAD, format!("/api/v1/stories/{}/replies", story.id)).expect(200).await;
    app.get("/api/v1/stories/00000000-0000-7000-8000-000000000000/replies").expect(404).await;
    app.get("/nowhere").expect(404).await;
    app.request(Method::DELETE, "/healthz").expect(405).await;
    let after = app.scrape().await;
    let count = format!("{REQUESTS}_count");
    assert_eq!(after.sum(&count) - before.sum(&count), 10.0);
    for (labels, times) in [
        (r#"method="POST",route="/api/v1/stories/{story_id}/replies",status="201""#, 3.0),
        (r#"method="POST",route="/api/v1/stories/{story_id}/replies",status="422""#, 1.0),
        (r#"method="GET",route="/api/v1/stories/{story_id}/replies",status="200""#, 2.0),
        (r#"method="HEAD",route="/api/v1/stories/{story_id}/replies",status="200""#, 1.0),
        (r#"method="GET",route="/api/v1/stories/{story_id}/replies",status="404""#, 1.0),
        (r#"method="GET",route="unmatched",status="404""#, 1.0),
        (r#"method="other",route="/healthz",status="405""#, 1.0),
    ] {
        assert_eq!(after.value(&format!("{count}{{{labels}}}")), times, "{labels}");
        assert!(after.value(&format!("{REQUESTS}_sum{{{labels}}}")) > 0.0, "{labels}");
    }
}

/// One of a thousand requests of which no two are alike, and of which there are few kinds.
async fn send_strange(app: &App, number: usize) {
    let id = uuid::Uuid::from_u128(0x0123_4567_89ab_7def_8123_0000_0000_0000 + number as u128);
    let brew = format!("BREW{number}");
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", &brew];
    let paths = [
        format!("/strange-{number}/{id}"),
        format!("/api/v1/stories/{id}/replies"),
        format!("/api/v1/replies/{id}"),
        format!("/api/v1/sites/strange-{number}/stories/{id}"),
        format!("/docs/strange-{number}.js"),
    ];
    let method = methods[number % methods.len()].parse().unwrap();
    app.request(method, &paths[number / methods.len() % paths.len()]).send().await;
}

#[actix_web::test]
async fn what_callers_send_never_becomes_a_label() {
    let app = App::start().await;
    for number in 0..45 {
        send_strange(&app, number).await;
    }
    let each = app.scrape().await;
    for number in 45..1_000 {
        send_strange(&app, number).await;
    }
    let text = metrics::scrape(&app.state).await;
    let all = Exposition::parse(&text);
    assert!(each.series.keys().eq(all.series.keys()), "series were added");
    for word in ["strange", "BREW", "TRACE", "01234567-89ab"] {
        assert!(!text.contains(word), "{word}");
    }
    let known: BTreeSet<&str> = operations::list().map(|(route, _)| route).chain(["unmatched"]).collect();
    assert!(all.labels("route").is_subset(&known));
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "other"];
    assert_eq!(all.labels("method"), BTreeSet::from(known));
    assert_eq!(all.sum(&format!("{REQUESTS}_count")), 1_000.0);
}

#[actix_web::test]
async fn nothing_secret_or_personal_is_shown() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann-reads").await;
    let reply = ann.replies(&story, "Seventeen teapots.").await;
    let answers = together((0..3).map(|_| app.get("/api/v1/me").bearer(&ann.token).from("203.0.113.9"))).await;
    assert_eq!(with_status(&answers, 200), 3);
    let text = metrics::scrape(&app.state).await;
    let data_dir = app.state.config.data_dir.to_string_lossy().into_owned();
    let told = [&*ann.username, "example.org", &*ann.id, &*ann.token, &*reply.id, &*story.id, "teapots", "203.0.113.9"];
    for word in told.into_iter().chain([&*data_dir, "comments.example", "s1"]) {
        assert!(!text.contains(word), "{word}");
    }
    let labels: BTreeSet<String> =
        Exposition::parse(&text).series.into_keys().flat_map(|(_, labels)| labels).map(|(label, _)| label).collect();
    let known =
        ["by", "database", "kind", "le", "line", "method", "queue", "route", "site", "state", "status", "version"];
    assert!(labels.iter().eq(known), "{labels:?}");
}
