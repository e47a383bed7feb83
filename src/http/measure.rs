//! How long requests took, by operation and status.
//!
//! Recording one costs a look into a table and a few atomic additions. What a caller sends never becomes a label: an
//! unknown address is `unmatched`, a method that is not the address's is `other`.

use std::{collections::HashMap, sync::OnceLock, time::Duration};

use actix_web::http::{Method, StatusCode};
use prometheus::{Histogram, HistogramVec, core::Collector, histogram_opts};

use super::{operations, problem::Code};

/// In seconds: from what memory answers to the deadline of a handler.
const BUCKETS: &[f64] = &[0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Statuses of answers that are no problems.
const GOOD: [u16; 9] = [200, 201, 202, 204, 206, 302, 303, 304, 308];

const OTHER: &str = "other";
const UNMATCHED: &str = "unmatched";

/// The histogram of requests.
#[derive(Debug)]
pub struct Requests {
    durations: HistogramVec,
    /// Made at the first request: the list of operations is not needed before.
    table: OnceLock<Table>,
}

#[derive(Debug)]
struct Table {
    /// By the pattern of the path, as routes name it.
    routes: HashMap<&'static str, Vec<Row>>,
    unmatched: Vec<Row>,
    /// All that are told apart; the place behind the last one is for others.
    statuses: Vec<u16>,
}

/// A method at an address; the last row of each address is for other methods.
#[derive(Debug)]
struct Row {
    method: Option<Method>,
    route: &'static str,
    /// Each made when it is first needed, so that what never happens is never shown.
    by_status: OnceLock<Box<[OnceLock<Histogram>]>>,
}

impl Default for Requests {
    fn default() -> Self {
        let about = "From a request's head to its answer's, by the pattern of its path.";
        let options = histogram_opts!("rejoinder_http_request_duration_seconds", about, BUCKETS.to_vec());
        let durations = HistogramVec::new(options, &["method", "route", "status"]).expect("names and rising buckets");
        Self { durations, table: OnceLock::new() }
    }
}

impl Requests {
    /// Counts an answered request; `route` is the pattern of its path.
    pub fn record(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let table = self.table.get_or_init(Table::of_operations);
        let rows = table.routes.get(route).unwrap_or(&table.unmatched);
        let is_here = |row: &&Row| row.method.as_ref().is_none_or(|here| here == method);
        let row = rows.iter().find(is_here).expect("the last row is for all methods");
        let place = table.statuses.binary_search(&status).unwrap_or(table.statuses.len());
        let by_status = row.by_status.get_or_init(|| (0..=table.statuses.len()).map(|_| OnceLock::new()).collect());
        let histogram = by_status[place].get_or_init(|| {
            let method = row.method.as_ref().map_or(OTHER, Method::as_str);
            let known = table.statuses.get(place).and_then(|status| StatusCode::from_u16(*status).ok());
            let status = known.as_ref().map_or(OTHER, StatusCode::as_str);
            self.durations.with_label_values(&[method, row.route, status])
        });
        histogram.observe(took.as_secs_f64());
    }

    /// To be shown.
    pub fn collector(&self) -> Box<dyn Collector> {
        Box::new(self.durations.clone())
    }
}

impl Table {
    fn of_operations() -> Self {
        let routes = operations::list().map(|(route, places)| {
            let mut methods: Vec<Method> = places.iter().map(|(method, _)| method.clone()).collect();
            if methods.contains(&Method::GET) {
                methods.push(Method::HEAD);
            }
            methods.push(Method::OPTIONS);
            (route, rows(route, methods))
        });
        let methods =
            [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
        let mut statuses: Vec<u16> = Code::ALL.iter().map(|code| code.status()).chain(GOOD).collect();
        statuses.sort_unstable();
        statuses.dedup();
        Self { routes: routes.collect(), unmatched: rows(UNMATCHED, methods), statuses }
    }
}

fn rows(route: &'static str, methods: impl IntoIterator<Item = Method>) -> Vec<Row> {
    let row = |method| Row { method, route, by_status: OnceLock::new() };
    methods.into_iter().map(Some).chain([None]).map(row).collect()
}
