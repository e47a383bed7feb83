//! The text of a scrape: what was counted, and what is looked up for it.

use prometheus::{Counter, Gauge, GaugeVec, TextEncoder, core::Collector, opts, proto::MetricFamily};

use super::{process, rows::Rows};
use crate::{
    app::State,
    store::{
        DbUrl,
        measures::{JOBS_MEASURED, SITES_MEASURED},
    },
};

/// The states of jobs, all of which are always shown.
const JOB_STATES: [&str; 4] = ["waiting", "leased", "failing", "dead"];

/// All metrics as they are now, in Prometheus' text format 0.0.4. If the database does not answer in time, what stands in
/// it is left out and `rejoinder_database_up` is 0.
pub async fn scrape(state: &State) -> String {
    let (entries, bytes) = state.pages.size();
    state.metrics.cache_entries.set(i64::try_from(entries).unwrap_or(i64::MAX));
    state.metrics.cache_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    let mut families = Families(state.metrics.gather());
    // looked at before the database is asked, as that takes a connection too
    families.of_instance(state);
    families.of_process();
    let rows = state.metrics.reading.rows(state).await;
    let up = if rows.is_some() { 1.0 } else { 0.0 };
    families.gauge("rejoinder_database_up", "Whether the database answered this scrape in time.", up);
    if let Some(rows) = rows {
        families.of_jobs(&rows, state);
        families.of_sites(&rows, state);
    }
    families.0.sort_by(|one, other| one.name().cmp(other.name()));
    TextEncoder::new().encode_to_string(&families.0).expect("text can be written to memory")
}

struct Families(Vec<MetricFamily>);

impl Families {
    fn gauge(&mut self, name: &str, about: &str, value: f64) {
        let gauge = Gauge::new(name, about).expect("a name");
        gauge.set(value);
        self.0.extend(gauge.collect());
    }

    fn counter(&mut self, name: &str, about: &str, value: f64) {
        let counter = Counter::new(name, about).expect("a name");
        counter.inc_by(value);
        self.0.extend(counter.collect());
    }

    /// One gauge for each row of label values; none at all without rows.
    fn gauges<'a, const N: usize>(
        &mut self,
        (name, about): (&str, &str),
        labels: [&str; N],
        rows: impl IntoIterator<Item = ([&'a str; N], f64)>,
    ) {
        let gauges = GaugeVec::new(opts!(name, about), &labels).expect("names");
        for (values, value) in rows {
            gauges.with_label_values(&values).set(value);
        }
        self.0.extend(gauges.collect().into_iter().filter(|family| !family.get_metric().is_empty()));
    }

    fn of_instance(&mut self, state: &State) {
        let database = match state.config.database_url {
            DbUrl::Sqlite(_) => "sqlite",
            DbUrl::Postgres(_) => "postgresql",
        };
        let build = [env!("CARGO_PKG_VERSION"), database];
        self.gauges(
            ("rejoinder_build_info", "The program's version and the kind of its database."),
            ["version", "database"],
            [(build, 1.0)],
        );
        let load = state.db.load();
        let connections = [
            ("rejoinder_db_connections_in_use", "Connections of the pool that are at work.", load.at_work),
            ("rejoinder_db_connections_max", "Connections that the pool has at most.", load.at_once),
            ("rejoinder_db_waiting", "Requests that wait for a connection of the pool.", load.waiting),
            ("rejoinder_argon2_waiting", "Sign-ins that wait for their hash.", state.hasher.waiting()),
        ];
        for (name, about, value) in connections {
            self.gauge(name, about, value as f64);
        }
        let lines = state.lines();
        let ages = [
            (["reads"], lines.database.reads.as_secs_f64()),
            (["writes"], lines.database.writes.as_secs_f64()),
            (["hashes"], lines.hashes.as_secs_f64()),
        ];
        let about = "How long who has waited longest has waited: for a connection, for writing, for a password's hash.";
        self.gauges(("rejoinder_line_age_seconds", about), ["line"], ages);
        let about = "What is refused because there is too much to do: 1 dear work, 2 texts too.";
        self.gauge("rejoinder_overload_level", about, lines.level().into());
    }

    fn of_process(&mut self) {
        for figure in process::figures() {
            match figure.name.ends_with("_total") {
                true => self.counter(figure.name, figure.about, figure.value),
                false => self.gauge(figure.name, figure.about, figure.value),
            }
        }
    }

    fn of_jobs(&mut self, rows: &Rows, state: &State) {
        let now = state.clock.now();
        let found = |state: &str| rows.jobs.iter().find(|job| job.state == state);
        let about = format!("Jobs by state; of the first {JOBS_MEASURED} by time.");
        let counts = JOB_STATES.map(|state| ([state], found(state).map_or(0.0, |jobs| jobs.count as f64)));
        self.gauges(("rejoinder_jobs", &about), ["state"], counts);
        let age = |state: &str| found(state).map_or(0.0, |jobs| now.since(jobs.first_due_at).as_secs_f64());
        let about = "How long the job that has been due longest has been due, by state.";
        self.gauges(
            ("rejoinder_jobs_oldest_age_seconds", about),
            ["state"],
            JOB_STATES.map(|state| ([state], age(state))),
        );
    }

    fn of_sites(&mut self, rows: &Rows, state: &State) {
        let now = state.clock.now();
        let about = format!("Replies by queue and site, as stored; of the first {SITES_MEASURED} sites by key.");
        let lengths = rows.sites.iter().flat_map(|site| {
            let queues = [
                ("pending", site.pending),
                ("reported", site.reported),
                ("flagged", site.flagged),
                ("appeals", site.appeals),
                ("returned", site.returned),
                ("spam", site.spam),
                ("approved", site.approved),
                ("rejected", site.rejected),
            ];
            queues.map(|(queue, length)| ([site.key.as_str(), queue], length as f64))
        });
        self.gauges(("rejoinder_queue_length", &about), ["site", "queue"], lengths);
        let about =
            format!("Age of the oldest pending reply, 0 without one; of the first {SITES_MEASURED} sites by key.");
        let ages = rows.sites.iter().map(|site| {
            let age = site.oldest_pending_at.map_or(0.0, |oldest| now.since(oldest).as_secs_f64());
            ([site.key.as_str()], age)
        });
        self.gauges(("rejoinder_oldest_pending_age_seconds", &about), ["site"], ages);
    }
}
