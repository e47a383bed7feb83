//! The listener for metrics, and what is shipped to read them.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use serde_json::Value;

use crate::{
    app::App,
    exposition::Exposition,
    process::{Answer, Home, Service, connect, request, send, until},
};

/// A service that shows metrics, and where.
fn with_metrics(home: &mut Home) -> (Service, SocketAddr) {
    home.set("METRICS_LISTEN", "127.0.0.1:0");
    let service = home.serve();
    let address = address_of_metrics(&service);
    (service, address)
}

fn address_of_metrics(service: &Service) -> SocketAddr {
    until("the address of metrics", || {
        let log = service.log();
        let line = log.lines().find(|line| line.contains("metrics are shown"))?;
        line.rsplit_once("address=")?.1.trim().parse().ok()
    })
}

fn scrape(address: SocketAddr) -> Answer {
    send(address, &request("GET", "/metrics", None, None, None)).unwrap()
}

#[test]
fn metrics_are_shown_where_that_is_configured_and_nothing_else_is_there() {
    let mut home = Home::migrated();
    let (service, address) = with_metrics(&mut home);
    assert_eq!(service.get("/healthz").status, 200);
    let answer = scrape(address);
    assert_eq!(answer.status, 200);
    let kind = "\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n";
    assert!(answer.head.contains(kind) && answer.head.contains("\r\ncache-control: no-store\r\n"), "{}", answer.head);
    let found = Exposition::parse(&answer.text());
    let asked = r#"rejoinder_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"}"#;
    assert_eq!(found.value(asked), 1.0);

    let head = request("HEAD", "/metrics", None, None, None);
    let mut stream = connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert!(all.starts_with("HTTP/1.1 200 ") && all.ends_with("\r\n\r\n"), "{all}");

    for (method, path) in [
        ("POST", "/metrics"),
        ("DELETE", "/metrics"),
        ("GET", "/"),
        ("GET", "/metrics/"),
        ("GET", "/metrics/x"),
        ("GET", "/healthz"),
        ("GET", "/api/v1/sites"),
        ("GET", "/docs/"),
    ] {
        let answer = send(address, &request(method, path, None, None, None)).unwrap();
        assert_eq!((answer.status, answer.body.len()), (404, 0), "{method} {path}");
    }
    assert_eq!(service.get("/metrics").status, 404, "not where readers are");
    service.stop();
}

#[test]
fn metrics_are_shown_nowhere_by_default() {
    let home = Home::migrated();
    let service = home.serve();
    assert_eq!(service.get("/metrics").status, 404);
    let log = service.stop();
    assert!(!log.contains("metrics"), "{log}");
}

#[test]
fn an_address_for_metrics_that_cannot_be_had_is_told_in_a_sentence() {
    let mut home = Home::migrated();
    home.set("METRICS_LISTEN", "everywhere");
    let told = home.run(&["serve", "--migrate"]).failed(2);
    assert!(told.contains("METRICS_LISTEN: must be an address and port") && !told.contains("everywhere"), "{told}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    home.set("METRICS_LISTEN", &address);
    let told = home.run(&["serve", "--migrate"]).failed(1);
    assert!(told.contains(&format!("cannot listen on {address}")), "{told}");
}

#[test]
fn slow_and_silent_peers_of_the_metrics_are_cut_off_and_do_not_hold_up_the_end() {
    let mut home = Home::migrated();
    let (service, address) = with_metrics(&mut home);
    let mut silent = connect(address).unwrap();
    let mut slow = connect(address).unwrap();
    slow.write_all(b"GET /metrics HTTP/1.1\r\nHost: te").unwrap();
    let mut chunked = connect(address).unwrap();
    chunked.write_all(b"POST /metrics HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n").unwrap();
    assert_eq!(Answer::read(&mut chunked).unwrap().status, 404);
    for stream in [&mut silent, &mut slow, &mut chunked] {
        // the end, or a reset: not the patience of this test
        match stream.read_to_end(&mut Vec::new()) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
    let mut kept = connect(address).unwrap();
    kept.write_all(b"GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    assert_eq!(Answer::read(&mut kept).unwrap().status, 200);
    service.stop();
    assert!(connect(address).is_err());
}

#[test]
fn more_scrapes_than_the_limit_wait_for_their_turn() {
    let mut home = Home::migrated();
    let (service, address) = with_metrics(&mut home);
    let held: Vec<TcpStream> = (0..16)
        .map(|_| {
            let mut stream = connect(address).unwrap();
            stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
            assert_eq!(Answer::read(&mut stream).unwrap().status, 200);
            stream
        })
        .collect();
    let mut next = connect(address).unwrap();
    next.write_all(request("GET", "/metrics", None, None, None).as_bytes()).unwrap();
    assert_eq!(service.get("/healthz").status, 200, "readers are served all the while");
    drop(held);
    assert_eq!(Answer::read(&mut next).unwrap().status, 200);
    service.stop();
}

#[test]
fn with_the_database_gone_a_scrape_is_answered() {
    let mut home = Home::migrated();
    let (service, address) = with_metrics(&mut home);
    assert_eq!(Exposition::parse(&scrape(address).text()).value("rejoinder_database_up"), 1.0);
    match std::env::var("TEST_DATABASE_URL") {
        Ok(server) => {
            let (_, name) = home.database.url.rsplit_once('/').unwrap();
            let mut admin = PgConnection::establish(&server).unwrap();
            admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
        }
        Err(_) => home.outside().run("DROP TABLE jobs"),
    }
    let answer = scrape(address);
    assert_eq!(answer.status, 200);
    let found = Exposition::parse(&answer.text());
    assert_eq!(found.value("rejoinder_database_up"), 0.0);
    assert!(found.families.contains_key("process_open_fds"));
    service.stop();
}

#[test]
fn as_many_files_may_be_open_as_the_system_allows() {
    let mut home = Home::migrated();
    home.set("METRICS_LISTEN", "127.0.0.1:0");
    let limited = "ulimit -Sn 300; ulimit -Hn 1000; exec \"$0\" \"$@\"";
    let service = Service::start(home.script(limited, &["serve", "--migrate"]));
    let found = Exposition::parse(&scrape(address_of_metrics(&service)).text());
    assert_eq!(found.value("process_max_fds"), 1_000.0);
    let log = service.stop();
    assert!(log.contains("raised the limit of open files from=300 to=1000"), "{log}");
    let limited = "ulimit -n 500; exec \"$0\" \"$@\"";
    let log = Service::start(home.script(limited, &["serve", "--migrate"])).stop();
    assert!(log.contains("the limit of open files is as high as it may be limit=500"), "{log}");
}

/// All words that begin like the names of metrics.
fn names_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let is_name = |word: &&str| word.starts_with("rejoinder_") || word.starts_with("process_");
    words.filter(is_name).map(str::to_owned).collect()
}

fn expressions(panels: &Value, found: &mut Vec<String>) {
    for panel in panels.as_array().into_iter().flatten() {
        let targets = panel["targets"].as_array().into_iter().flatten();
        found.extend(targets.map(|target| target["expr"].as_str().unwrap().to_owned()));
        expressions(&panel["panels"], found);
    }
}

#[actix_web::test]
async fn the_dashboard_and_the_alerts_ask_for_metrics_that_there_are() {
    let app = App::start().await;
    app.site("blog").await;
    let shown: BTreeSet<String> = app.scrape().await.series.into_keys().map(|(name, _)| name).collect();
    let dashboard: Value = serde_json::from_str(include_str!("../../deploy/grafana-dashboard.json")).unwrap();
    let mut asked = Vec::new();
    expressions(&dashboard["panels"], &mut asked);
    let alerts = include_str!("../../deploy/alerts.yml");
    for name in names_in(&asked.concat()).union(&names_in(alerts)) {
        assert!(shown.contains(name), "there is no {name}");
    }
    // and nothing that is shown is forgotten
    let asked = names_in(&asked.concat());
    for name in shown {
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
        assert!(asked.iter().any(|asked| asked.starts_with(family)), "the dashboard does not show {name}");
    }
}
