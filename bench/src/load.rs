//! A closed loop: each connection sends its next request when it has the whole answer to the last one.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    rc::Rc,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};
use tokio::{task::LocalSet, time::sleep};

use crate::{Failure, client::Client, plan::Plan, processor};

#[derive(clap::Args)]
pub struct Args {
    /// Of the server.
    #[arg(long)]
    address: SocketAddr,
    /// A JSON file of requests.
    #[arg(long)]
    plan: PathBuf,
    #[arg(long)]
    connections: usize,
    /// Answers are counted for so long.
    #[arg(long)]
    seconds: f64,
    /// Not counted before them.
    #[arg(long, default_value_t = 0.0)]
    warmup: f64,
    /// Send each planned request once, from the beginning to the end or for so long.
    #[arg(long)]
    once: bool,
    /// Requests are numbered from this on.
    #[arg(long, default_value_t = 0)]
    first_number: usize,
    /// Processes whose processor time is measured.
    #[arg(long = "pid")]
    pids: Vec<u32>,
}

/// Answers of one kind that came in the measured time.
struct Counted {
    good: u64,
    bytes: u64,
    micros: Histogram<u64>,
}

#[derive(Default)]
struct Counts {
    kinds: BTreeMap<String, Counted>,
    /// By status or error.
    bad: BTreeMap<String, u64>,
}

/// Longer than any answer is waited for.
const MAX_MICROS: u64 = 60_000_000;
/// What a server that is asked too much may ask to wait; more would keep the load away.
const MAX_PAUSE: Duration = Duration::from_secs(1);
/// After an error, so that a server that is gone is not tried a million times.
const PAUSE: Duration = Duration::from_millis(50);

pub fn run(args: Args) -> Result<Value, Failure> {
    let plan = Rc::new(Plan::read(&args.plan, args.first_number)?);
    let args = Rc::new(args);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async move {
        let counts = Rc::new(RefCell::new(Counts::default()));
        let from = Instant::now() + Duration::from_secs_f64(args.warmup);
        let until = from + Duration::from_secs_f64(args.seconds);
        let loops: Vec<_> = (0..args.connections)
            .map(|_| tokio::task::spawn_local(ask(args.clone(), plan.clone(), counts.clone(), from, until)))
            .collect();
        sleep(Duration::from_secs_f64(args.warmup)).await;
        let processor_before = processor::seconds(&args.pids);
        let mut last_answer = from;
        let mut processor_seconds = 0.0;
        if args.once {
            for each in loops {
                last_answer = last_answer.max(each.await?);
            }
            processor_seconds = processor::seconds(&args.pids) - processor_before;
        } else {
            sleep(until.saturating_duration_since(Instant::now())).await;
            processor_seconds += processor::seconds(&args.pids) - processor_before;
            last_answer = until;
            for each in loops {
                each.await?;
            }
        }
        let seconds = (last_answer - from).as_secs_f64();
        Ok(counts.borrow().report(seconds, processor_seconds))
    })
}

/// One connection's loop; when its last counted answer came.
async fn ask(args: Rc<Args>, plan: Rc<Plan>, counts: Rc<RefCell<Counts>>, from: Instant, until: Instant) -> Instant {
    let mut client = Client::new(args.address);
    let mut last_answer = from;
    while Instant::now() < until {
        let Some((planned, number)) = plan.next(args.once) else { break };
        let mut next = Some((planned, String::new()));
        while let Some((planned, found)) = next.take() {
            let begun = Instant::now();
            let outcome = client.ask(planned, number, &found).await;
            let ended = Instant::now();
            let is_measured = (from..until).contains(&ended);
            if is_measured {
                last_answer = ended;
            }
            let (wrong, pause) = match outcome {
                Ok(answer) if planned.is_good(&answer) => {
                    if is_measured {
                        counts.borrow_mut().good(&planned.kind, answer.bytes, ended - begun);
                    }
                    next = planned.then().zip(answer.found);
                    continue;
                }
                Ok(answer) => {
                    let pause = answer.retry_after.map_or(PAUSE, |secs| Duration::from_secs(secs).min(MAX_PAUSE));
                    (format!("{} {}", planned.kind, answer.status), pause)
                }
                Err(error) => (format!("{} {error}", planned.kind), PAUSE),
            };
            if is_measured {
                *counts.borrow_mut().bad.entry(wrong).or_default() += 1;
            }
            sleep(pause).await;
        }
    }
    last_answer
}

impl Counts {
    fn good(&mut self, kind: &str, bytes: usize, latency: Duration) {
        if !self.kinds.contains_key(kind) {
            let micros = Histogram::new_with_bounds(1, MAX_MICROS, 3).expect("the bounds are sound");
            self.kinds.insert(kind.to_owned(), Counted { good: 0, bytes: 0, micros });
        }
        if let Some(counted) = self.kinds.get_mut(kind) {
            counted.good += 1;
            counted.bytes += bytes as u64;
            counted.micros.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(MAX_MICROS));
        }
    }

    fn report(&self, seconds: f64, processor_seconds: f64) -> Value {
        let mut kinds = Map::new();
        for (kind, counted) in &self.kinds {
            let at = |quantile| counted.micros.value_at_quantile(quantile) as f64 / 1_000.0;
            let report = json!({
                "good": counted.good,
                "bytes": counted.bytes,
                "p50_ms": at(0.5),
                "p99_ms": at(0.99),
                "max_ms": counted.micros.max() as f64 / 1_000.0,
            });
            kinds.insert(kind.clone(), report);
        }
        json!({ "seconds": seconds, "processor_seconds": processor_seconds, "kinds": kinds, "bad": self.bad })
    }
}
