//! Listeners to a story's events, in quiet or while somebody posts.

use std::{cell::RefCell, collections::BTreeMap, io::Write, net::SocketAddr, path::PathBuf, rc::Rc, time::Duration};

use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use serde_json::{Value, json};
use tokio::{
    task::LocalSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

use crate::{Failure, client::Client, plan::Plan, processor};

#[derive(clap::Args)]
pub struct Args {
    /// Of the server.
    #[arg(long)]
    address: SocketAddr,
    /// A JSON file whose first request opens a stream of events.
    #[arg(long)]
    plan: PathBuf,
    #[arg(long)]
    listeners: usize,
    /// A JSON file of posts; without it nobody posts.
    #[arg(long)]
    posts: Option<PathBuf>,
    /// Posts are numbered from this on.
    #[arg(long, default_value_t = 0)]
    first_number: usize,
    /// Posts a second.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// How long is posted, or listened in quiet.
    #[arg(long)]
    seconds: f64,
    /// Processes whose processor time is measured.
    #[arg(long = "pid")]
    pids: Vec<u32>,
}

/// Connections that are opened at once.
const OPENING_AT_ONCE: usize = 64;
/// What the last events may take to arrive.
const DRAIN: Duration = Duration::from_secs(3);

#[derive(Default)]
struct Heard {
    events: u64,
    /// Streams that ended before they should.
    ended: u64,
}

pub fn run(args: Args) -> Result<Value, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, listen(args))
}

async fn listen(args: Args) -> Result<Value, Failure> {
    let plan = Rc::new(Plan::read(&args.plan, 0)?);
    let heard = Rc::new(RefCell::new(Heard::default()));
    let mut streams = Vec::new();
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    let mut left = args.listeners;
    while left > 0 {
        let opening: Vec<_> = (0..left.min(OPENING_AT_ONCE))
            .map(|_| tokio::task::spawn_local(open(args.address, plan.clone())))
            .collect();
        left -= opening.len();
        for each in opening {
            match each.await? {
                Ok((client, body)) => streams.push(tokio::task::spawn_local(hear(client, body, heard.clone()))),
                Err(why) => *refused.entry(why).or_default() += 1,
            }
        }
        // one that is refused stands for all
        if streams.is_empty() {
            return Ok(json!({ "listeners": 0, "refused": refused }));
        }
    }
    // whoever looks at the server's memory does it now
    println!("{}", json!({ "open": streams.len() }));
    std::io::stdout().flush()?;

    let (processor_before, begun) = (processor::seconds(&args.pids), Instant::now());
    let (mut posted, mut bad) = (0_u64, BTreeMap::<String, u64>::new());
    match &args.posts {
        None => sleep(Duration::from_secs_f64(args.seconds)).await,
        Some(posts) => post(&args, &Plan::read(posts, args.first_number)?, begun, &mut posted, &mut bad).await,
    }
    let seconds = begun.elapsed().as_secs_f64();
    let processor_seconds = processor::seconds(&args.pids) - processor_before;
    let in_time = heard.borrow().events;
    let expected = posted * streams.len() as u64;
    let waited = Instant::now();
    while heard.borrow().events < expected && waited.elapsed() < DRAIN {
        sleep(Duration::from_millis(20)).await;
    }
    streams.iter().for_each(|stream| stream.abort());
    let heard = heard.borrow();
    Ok(json!({
        "listeners": streams.len(),
        "refused": refused,
        "ended": heard.ended,
        "seconds": seconds,
        "processor_seconds": processor_seconds,
        "posted": posted,
        "bad": bad,
        "events_in_time": in_time,
        "events": heard.events,
        "drained_seconds": waited.elapsed().as_secs_f64(),
    }))
}

/// Opens one stream; otherwise says what came instead.
async fn open(address: SocketAddr, plan: Rc<Plan>) -> Result<(Client, Incoming), String> {
    let mut client = Client::new(address);
    let (planned, number) = plan.next(false).ok_or("no plan")?;
    let response = timeout(Duration::from_secs(15), client.send(planned, number, "")).await;
    let response = response.map_err(|_| "no answer in time".to_owned())?.map_err(|error| error.to_string())?;
    let is_stream =
        response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    match response.status().as_u16() {
        200 if is_stream => Ok((client, response.into_body())),
        200 => Err("200 without a stream of events".to_owned()),
        status => Err(status.to_string()),
    }
}

/// Counts the events of one stream until it ends. An event is lines with data and the empty line behind them; the
/// service may send comments between them, which are none.
async fn hear(_client: Client, mut body: Incoming, heard: Rc<RefCell<Heard>>) {
    let (mut line, mut has_data) = (Vec::new(), false);
    while let Some(Ok(frame)) = body.frame().await {
        for &byte in frame.data_ref().map_or(&[][..], Bytes::as_ref) {
            match byte {
                b'\r' => {}
                b'\n' if line.is_empty() => {
                    heard.borrow_mut().events += u64::from(std::mem::take(&mut has_data));
                }
                b'\n' => {
                    has_data |= line == b"data:";
                    line.clear();
                }
                // what is behind a field's name does not matter here
                _ if line.len() < b"data:".len() => line.push(byte),
                _ => {}
            }
        }
    }
    heard.borrow_mut().ended += 1;
}

/// Posts at a steady rate. A post that is late is sent when its turn comes and none is made up for.
async fn post(args: &Args, plan: &Plan, begun: Instant, posted: &mut u64, bad: &mut BTreeMap<String, u64>) {
    let mut client = Client::new(args.address);
    let mut turns = interval(Duration::from_secs_f64(1.0 / args.rate));
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while begun.elapsed() < Duration::from_secs_f64(args.seconds) {
        turns.tick().await;
        let Some((planned, number)) = plan.next(false) else { return };
        match client.ask(planned, number, "").await {
            Ok(answer) if planned.is_good(&answer) => *posted += 1,
            Ok(answer) => *bad.entry(answer.status.to_string()).or_default() += 1,
            Err(error) => *bad.entry(error.to_string()).or_default() += 1,
        }
    }
}
