//! Metrics: what this process counts and measures, shown in Prometheus' text format.
//!
//! Who has something to count does it through a field of [`Metrics`], which the state holds:
//! `state.metrics.cache_hits.inc()`. The store counts through [`Meters`], as it knows nothing of the state. What can be
//! looked up is not counted but asked for at each scrape (see [`scrape`]).

use prometheus::{
    IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Registry, core::Collector, opts, proto::MetricFamily,
};

use self::rows::Reading;
use crate::{auth::kind::Kind, http::measure::Requests, store::Meters};

mod page;
mod process;
mod rows;

pub use page::scrape;

/// The type of the text.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is counted where it happens. Made once with the state; the handles are cheap to clone and to use.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// By operation and status.
    pub requests: Requests,
    /// Pages answered from the cache.
    pub cache_hits: IntCounter,
    /// Pages that were not in the cache.
    pub cache_misses: IntCounter,
    /// Pages rendered for the cache; fewer than misses where several waited for one.
    pub cache_renders: IntCounter,
    /// Pages that left the cache for want of room.
    pub cache_evictions: IntCounter,
    /// Weight of what is in the cache.
    pub cache_bytes: IntGauge,
    /// Pages in the cache.
    pub cache_entries: IntGauge,
    /// Who listens to a story's events.
    pub live_story_listeners: IntGauge,
    /// Moderators who listen to their queues.
    pub live_moderation_listeners: IntGauge,
    /// Listeners cut off because they did not take their events in time.
    pub live_cut: IntCounter,
    /// Requests refused because there were too many of them, by kind and by whose pace.
    limited: IntCounterVec,
    /// Requests refused because there was too much to do, by kind.
    shed: IntCounterVec,
    /// The one who asks the database at a scrape.
    reading: Reading,
}

impl Metrics {
    /// All at zero, beside what the store counts.
    pub fn new(store: &Meters) -> Self {
        let registry = Registry::new();
        let listeners = IntGaugeVec::new(opts!("rejoinder_live_listeners", "Open streams of events."), &["kind"]);
        let listeners = listeners.expect("names");
        let about = "Requests refused because there were too many of their kind, by whose pace it was.";
        let limited = IntCounterVec::new(opts!("rejoinder_limited_total", about), &["kind", "by"]).expect("names");
        let about = "Requests refused because there was too much to do.";
        let shed = IntCounterVec::new(opts!("rejoinder_shed_total", about), &["kind"]).expect("names");
        let requests = Requests::default();
        let (counter, gauge) =
            (|name, about| counter(&registry, name, about), |name, about| gauge(&registry, name, about));
        let metrics = Self {
            cache_hits: counter("rejoinder_cache_hits_total", "Pages answered from the cache."),
            cache_misses: counter("rejoinder_cache_misses_total", "Pages that were not in the cache."),
            cache_renders: counter("rejoinder_cache_renders_total", "Pages rendered for the cache."),
            cache_evictions: counter("rejoinder_cache_evictions_total", "Pages that left the cache for want of room."),
            cache_bytes: gauge("rejoinder_cache_bytes", "Bytes in the cache."),
            cache_entries: gauge("rejoinder_cache_entries", "Pages in the cache."),
            live_story_listeners: listeners.with_label_values(&["story"]),
            live_moderation_listeners: listeners.with_label_values(&["moderation"]),
            live_cut: counter("rejoinder_live_cut_total", "Listeners cut off because they were too slow."),
            limited,
            shed,
            reading: Reading::default(),
            requests,
            registry: registry.clone(),
        };
        register(&registry, metrics.requests.collector());
        register(&registry, Box::new(listeners));
        // all that there can be is shown from the beginning
        for kind in Kind::ALL {
            let by: &[&str] = if kind == Kind::Page { &["address"] } else { &["account", "address", "site", "key"] };
            by.iter().for_each(|by| drop(metrics.limited.with_label_values(&[kind.as_str(), by])));
            metrics.shed.with_label_values(&[kind.as_str()]);
        }
        register(&registry, Box::new(metrics.limited.clone()));
        register(&registry, Box::new(metrics.shed.clone()));
        for collector in store.collectors() {
            register(&registry, collector);
        }
        metrics
    }

    /// Counts a request of this kind that was refused by this pace, both of closed sets.
    pub fn limited(&self, kind: Kind, by: &'static str) {
        self.limited.with_label_values(&[kind.as_str(), by]).inc();
    }

    /// Counts a request of this kind that was refused because there was too much to do.
    pub fn shed(&self, kind: Kind) {
        self.shed.with_label_values(&[kind.as_str()]).inc();
    }

    /// What was counted until now.
    fn gather(&self) -> Vec<MetricFamily> {
        self.registry.gather()
    }
}

fn register(registry: &Registry, collector: Box<dyn Collector>) {
    registry.register(collector).expect("every name is there once");
}

fn counter(registry: &Registry, name: &str, about: &str) -> IntCounter {
    let counter = IntCounter::new(name, about).expect("a name");
    register(registry, Box::new(counter.clone()));
    counter
}

fn gauge(registry: &Registry, name: &str, about: &str) -> IntGauge {
    let gauge = IntGauge::new(name, about).expect("a name");
    register(registry, Box::new(gauge.clone()));
    gauge
}
