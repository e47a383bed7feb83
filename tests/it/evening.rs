//! A busy evening at the desk, with the service as a process that is killed in the middle of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    actors::PASSWORD,
    process::{Answer, Home, PATIENCE, Service, request, send},
};

const READERS: usize = 20;
const ITEMS: usize = 400;
const REPORTS: usize = 60;
const MODERATORS: [&str; 3] = ["mona", "mike", "mara"];
/// Decisions after which the service is killed.
const KILLED_AFTER: usize = 150;

/// Who works, wherever the service is at the moment.
struct Evening {
    address: Mutex<SocketAddr>,
    decided: AtomicUsize,
    /// Each decision that was acknowledged: the reply and the version that was decided about.
    decisions: Mutex<Vec<(String, i64)>>,
    boss: String,
    moderators: Vec<String>,
    readers: Vec<(String, String)>,
    story: String,
}

impl Evening {
    /// Sends a request until it is answered by more than that the service is not there.
    fn call(&self, method: &str, path: &str, (token, key): (&str, Option<&str>), body: Option<&Value>) -> Answer {
        let text = request(method, path, Some(token), key, body);
        let deadline = Instant::now() + PATIENCE;
        loop {
            let address = *self.address.lock().unwrap();
            if let Ok(answer) = send(address, &text)
                && answer.status != 503
            {
                return answer;
            }
            assert!(Instant::now() < deadline, "the service does not come back");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The same under a key, where it must be answered so; the body.
    fn done(&self, status: u16, method: &str, path: &str, who: (&str, Option<&str>), body: Option<&Value>) -> Value {
        let answer = self.call(method, path, who, body);
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    fn get(&self, token: &str, path: &str) -> Value {
        self.done(200, "GET", path, (token, None), None)
    }

    /// All items of a list.
    fn all(&self, token: &str, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(token, &format!("{path}limit=100{cursor}"));
            items.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { return items };
            cursor = format!("&cursor={next}");
        }
    }

    /// Readers post what the evening is about.
    fn post(&self) {
        thread::scope(|scope| {
            for (number, (_, token)) in self.readers.iter().enumerate() {
                scope.spawn(move || {
                    for reply in 0..ITEMS / READERS {
                        let body = json!({"body": format!("Reply {reply} of reader {number}, with words of its own.")});
                        let path = format!("/api/v1/stories/{}/replies", self.story);
                        self.done(201, "POST", &path, (token, Some(&format!("post-{number}-{reply}"))), Some(&body));
                    }
                });
            }
        });
    }

    /// One moderator takes work and decides until there is none.
    fn moderate(&self, number: usize) {
        let token = &self.moderators[number];
        loop {
            let work = self.done(200, "POST", "/api/v1/moderation/next?queue=pending&count=5", (token, None), None);
            let items = work["items"].as_array().unwrap();
            if items.is_empty() {
                return;
            }
            items.iter().for_each(|item| self.decide(number, item));
        }
    }

    /// Decides about an item as it was seen; what has moved on meanwhile comes again.
    fn decide(&self, number: usize, item: &Value) {
        let (id, version) = (item["id"].as_str().unwrap().to_owned(), item["version"].as_i64().unwrap());
        let digit = u32::from_str_radix(&id[id.len() - 1..], 16).unwrap();
        let body = match digit {
            0..=8 => json!({"action": "approve", "version": version}),
            9..=12 => json!({"action": "reject", "reason": "abuse", "message": "Not so.", "version": version}),
            13..=14 => json!({"action": "spam", "version": version}),
            _ => json!({"action": "return", "message": "Say it otherwise.", "version": version}),
        };
        let path = format!("/api/v1/moderation/replies/{id}/decisions");
        // a key for each: what was decided just before the service was killed is answered as it was
        let key = format!("decide-{number}-{id}-{version}");
        let answer = self.call("POST", &path, (&self.moderators[number], Some(&key)), Some(&body));
        match answer.status {
            201 => {
                self.decisions.lock().unwrap().push((id, version));
                self.decided.fetch_add(1, Ordering::SeqCst);
            }
            409 => {}
            _ => panic!("{}", answer.text()),
        }
    }

    /// Authors change and withdraw what waits, unless they were banned just before; how often they could.
    fn change_their_minds(&self) -> Changes {
        let mut changes = Changes::default();
        for (number, (_, token)) in self.readers.iter().enumerate() {
            let own = self.get(token, &format!("/api/v1/stories/{}/mine", self.story));
            let waiting: Vec<&Value> =
                own["items"].as_array().unwrap().iter().filter(|it| it["state"] == "pending").collect();
            let Some(last) = waiting.last() else { continue };
            let path = format!("/api/v1/replies/{}", last["id"].as_str().unwrap());
            let body = json!({"body": format!("Said otherwise by {number}."), "version": last["version"]});
            let edited = self.call("PATCH", &path, (token, None), Some(&body)).status;
            assert!([200, 403, 409].contains(&edited), "{edited}");
            changes.edits += usize::from(edited == 200);
            if number % 2 == 0 {
                let path = format!("/api/v1/replies/{}", waiting[0]["id"].as_str().unwrap());
                let withdrawn = self.call("DELETE", &path, (token, None), None).status;
                assert!([204, 403].contains(&withdrawn), "{withdrawn}");
                changes.withdrawals += usize::from(withdrawn == 204);
            }
        }
        changes
    }

    /// Readers, who may, report what is public, nobody a reply twice, until there are 60 reports.
    fn report(&self) {
        let (mut asked, mut taken) = (BTreeSet::new(), 0);
        let deadline = Instant::now() + PATIENCE;
        while taken < REPORTS {
            assert!(Instant::now() < deadline, "nothing becomes public");
            let page = self.get(&self.boss, "/api/v1/sites/blog/replies?limit=20");
            for item in page["items"].as_array().unwrap().iter().take(REPORTS - taken) {
                let reply = item["id"].as_str().unwrap().to_owned();
                let mut others = (0..READERS / 2).map(|next| READERS / 2 + (taken + next) % (READERS / 2));
                let is_free = |reader: &usize| {
                    item["author"]["id"] != json!(self.readers[*reader].0) && !asked.contains(&(*reader, reply.clone()))
                };
                let Some(reader) = others.find(is_free) else { continue };
                taken += usize::from(self.report_as(reader, &reply, if taken % 3 == 0 { "spam" } else { "abuse" }));
                asked.insert((reader, reply));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Reports as a reader; whether it was taken, which the answer does not tell: what is not public any more is not.
    fn report_as(&self, reader: usize, reply: &str, reason: &str) -> bool {
        let token = &self.readers[reader].1;
        let key = format!("report-{reader}-{reply}");
        let path = format!("/api/v1/replies/{reply}/reports");
        self.done(204, "POST", &path, (token, Some(&key)), Some(&json!({"reason": reason})));
        self.get(token, "/api/v1/me/reports?limit=1")["items"][0]["reply_id"] == json!(reply)
    }

    /// Ten people are made to keep to the rules.
    fn sanction(&self) {
        for (number, (id, _)) in self.readers.iter().take(10).enumerate() {
            let kind = ["premoderate", "slow", "warn", "ban"][number % 4];
            let per_day = if kind == "slow" { json!(3) } else { Value::Null };
            let body = json!({"kind": kind, "site": "blog", "reason": "A long evening", "message": "Be kind.", "per_day": per_day});
            let who = (self.moderators[number % 3].as_str(), Some(format!("sanction-{number}")));
            let path = format!("/api/v1/accounts/{id}/sanctions");
            self.done(201, "POST", &path, (who.0, who.1.as_deref()), Some(&body));
        }
    }

    /// Decides about many at once, and waits for the end.
    fn bulk(&self, moderator: usize, key: &str, path: &str, body: Option<&Value>) -> Value {
        let token = &self.moderators[moderator];
        let begun = self.done(202, "POST", path, (token, Some(key)), body);
        let path = format!("/api/v1/moderation/bulk/{}", begun["id"].as_str().unwrap());
        let deadline = Instant::now() + 2 * PATIENCE;
        loop {
            let bulk = self.get(token, &path);
            if bulk["finished_at"].is_string() {
                assert_eq!(bulk["state"], "done", "{bulk}");
                return bulk;
            }
            assert!(Instant::now() < deadline, "{bulk}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// How often authors changed what waited, and took it back.
#[derive(Clone, Copy, Debug, Default)]
struct Changes {
    edits: usize,
    withdrawals: usize,
}

/// What was decided about many at once: two rejections, and the undoing of the second.
struct Bulks {
    rejected: [Value; 2],
    undone: Value,
}

/// With how many replies a bulk did something.
fn number_done(bulk: &Value) -> usize {
    usize::try_from(bulk["outcomes"]["done"].as_u64().unwrap()).unwrap()
}

fn begin(home: &Home) -> (Service, Evening) {
    home.run(&["site", "create", "blog", "--mode", "pre"]).succeeded();
    let create = ["admin", "create", "--email", "boss@example.org", "--username", "boss"];
    home.run_with_input(&create, &format!("{PASSWORD}\n")).succeeded();
    let service = home.serve();
    let boss = service.sign_in("boss", PASSWORD);
    let story = json!({"headline": "A story"});
    let story = service.send("PUT", "/api/v1/sites/blog/stories/s1", Some(&boss), Some(&story)).json();
    let id_of =
        |token: &str| service.send("GET", "/api/v1/me", Some(token), None).json()["id"].as_str().unwrap().to_owned();
    let moderators: Vec<String> = MODERATORS.iter().map(|name| service.sign_up(name)).collect();
    for token in &moderators {
        let path = format!("/api/v1/sites/blog/roles/{}/moderator", id_of(token));
        assert_eq!(service.send("PUT", &path, Some(&boss), None).status, 204);
    }
    let readers = (0..READERS).map(|number| {
        let token = service.sign_up(&format!("reader-{number}"));
        (id_of(&token), token)
    });
    let readers = readers.collect();
    let evening = Evening {
        address: Mutex::new(service.address),
        decided: AtomicUsize::new(0),
        decisions: Mutex::default(),
        boss,
        moderators,
        readers,
        story: story["id"].as_str().unwrap().to_owned(),
    };
    (service, evening)
}

#[test]
fn at_the_end_of_a_busy_evening_every_item_is_decided_once() {
    let home = Home::migrated();
    let (service, evening) = begin(&home);
    evening.post();
    let (service, changes, bulks) = thread::scope(|scope| {
        let evening = &evening;
        for number in 0..MODERATORS.len() {
            scope.spawn(move || evening.moderate(number));
        }
        let changes = scope.spawn(|| evening.change_their_minds());
        scope.spawn(|| evening.report());
        scope.spawn(|| evening.sanction());
        // what two readers posted is rejected; one of the two is undone
        let bulks = scope.spawn(|| {
            let of = |reader: usize| json!({"action": "reject", "reason": "off_topic", "author": {"account_id": evening.readers[reader].0, "days": 1}});
            let path = "/api/v1/moderation/bulk";
            let first = evening.bulk(0, "bulk-1", path, Some(&of(18)));
            let second = evening.bulk(1, "bulk-2", path, Some(&of(19)));
            let undo = format!("{path}/{}/undo", second["id"].as_str().unwrap());
            let undone = evening.bulk(1, "bulk-3", &undo, None);
            Bulks { rejected: [first, second], undone }
        });
        let deadline = Instant::now() + PATIENCE;
        while evening.decided.load(Ordering::SeqCst) < KILLED_AFTER {
            assert!(Instant::now() < deadline, "nobody decides");
            thread::sleep(Duration::from_millis(1));
        }
        service.kill();
        let service = home.serve();
        *evening.address.lock().unwrap() = service.address;
        (service, changes.join().unwrap(), bulks.join().unwrap())
    });
    // what was handed out as the service was killed is still held by who never heard of it
    while let [_, ..] = evening.all(&evening.boss, "/api/v1/moderation/replies?queue=pending&")[..] {
        let left = evening.all(&evening.moderators[0], "/api/v1/moderation/replies?queue=pending&");
        left.iter().for_each(|item| evening.decide(0, item));
    }
    let refused = evening.all(&evening.boss, "/api/v1/moderation/replies?queue=rejected&");
    let overturned = appeal(&evening, &refused);
    let log = evening.all(&evening.boss, "/api/v1/sites/blog/log?");
    each_decision_is_in_the_log_once(&evening, &log);
    the_bulks_are_in_the_log(&bulks, &log);
    authors_could_change_their_minds(changes, &log);
    the_numbers_are_exact(&evening);
    each_report_is_counted(&evening);
    assert_eq!(log.iter().filter(|row| row["action"] == "overturn_appeal").count(), overturned);
    let sanctions =
        ["warn", "premoderate", "slow", "ban"].map(|kind| log.iter().filter(|row| row["action"] == kind).count());
    assert_eq!(sanctions, [2, 3, 3, 2]);
    service.stop();
    home.run(&["check"]).succeeded();
    let exported = home.run(&["log", "export", "blog"]).succeeded();
    fs::write(home.path("log.ndjson"), exported).unwrap();
    let file = home.path("log.ndjson").to_string_lossy().into_owned();
    home.run(&["log", "verify", &file]).succeeded();
}

/// Five authors appeal, and others than those who refused decide; how many refusals are overturned.
fn appeal(evening: &Evening, refused: &[Value]) -> usize {
    let mut appealed = BTreeSet::new();
    for item in refused {
        let author = item["author"]["id"].as_str().unwrap();
        let reader = evening.readers.iter().find(|(id, _)| id == author);
        if appealed.len() == 5 || !appealed.insert(author) {
            continue;
        }
        let path = format!("/api/v1/replies/{}/appeal", item["id"].as_str().unwrap());
        let body = json!({"text": "It was meant kindly."});
        evening.done(201, "POST", &path, (&reader.unwrap().1, Some(author)), Some(&body));
    }
    assert_eq!(appealed.len(), 5);
    let mut decided = 0;
    for number in (0..MODERATORS.len()).cycle().take(3 * 5) {
        let token = &evening.moderators[number];
        let work = evening.done(200, "POST", "/api/v1/moderation/next?queue=appeals", (token, None), None);
        let Some(item) = work["items"].as_array().unwrap().first() else { continue };
        let ruling = if decided % 2 == 0 { "overturned" } else { "upheld" };
        let path = format!("/api/v1/moderation/appeals/{}/decision", item["appeal"]["id"].as_str().unwrap());
        let body = json!({"ruling": ruling, "version": item["version"], "reasons": "We looked at it again."});
        let decided_now = evening.done(201, "POST", &path, (token, Some(&format!("appeal-{decided}"))), Some(&body));
        assert_eq!(
            decided_now["state"],
            if ruling == "overturned" { json!("approved") } else { item["state"].clone() }
        );
        decided += 1;
    }
    assert_eq!(decided, 5);
    3
}

/// What was acknowledged stands in the log, once; and nothing else was decided one by one.
fn each_decision_is_in_the_log_once(evening: &Evening, log: &[Value]) {
    let is_one = |row: &&Value| {
        ["approve", "reject", "spam", "return"].contains(&row["action"].as_str().unwrap())
            && row["details"]["bulk"].is_null()
    };
    let mut logged: Vec<(String, i64)> = log
        .iter()
        .filter(is_one)
        .map(|row| (row["reply_id"].as_str().unwrap().to_owned(), row["reply_version"].as_i64().unwrap() - 1))
        .collect();
    let mut acknowledged = evening.decisions.lock().unwrap().clone();
    logged.sort_unstable();
    acknowledged.sort_unstable();
    assert_eq!(logged, acknowledged);
    // of one text there is one decision, unless it came back into the queue
    let mut of_reply: BTreeMap<&str, usize> = BTreeMap::new();
    logged.iter().for_each(|(id, _)| *of_reply.entry(id).or_default() += 1);
    let moved_on: BTreeSet<&str> = log
        .iter()
        .filter(|row| {
            !row["details"]["bulk"].is_null()
                || ["edit", "hold", "undo", "restore"].contains(&row["action"].as_str().unwrap())
        })
        .filter_map(|row| row["reply_id"].as_str())
        .collect();
    for (id, count) in of_reply {
        assert!(count == 1 || moved_on.contains(id), "{id} was decided {count} times");
    }
    assert_eq!(log.iter().filter(|row| row["action"] == "post").count(), ITEMS);
}

/// Both rejected something and one was undone; each reply that they did something with has a row of the log.
fn the_bulks_are_in_the_log(bulks: &Bulks, log: &[Value]) {
    let rows = |action: &str, bulk: &Value| {
        log.iter().filter(|row| row["action"] == action && row["details"]["bulk"] == bulk["id"]).count()
    };
    for bulk in &bulks.rejected {
        assert!(number_done(bulk) > 0, "{bulk}");
        assert_eq!((rows("bulk", bulk), rows("reject", bulk)), (1, number_done(bulk)), "{bulk}");
    }
    let undone = log.iter().filter(|row| row["action"] == "undo").count();
    assert!(undone > 0, "{}", bulks.undone);
    assert_eq!((undone, rows("undo", &bulks.undone)), (number_done(&bulks.undone), undone), "{}", bulks.undone);
}

/// What was acknowledged stands in the log.
fn authors_could_change_their_minds(changes: Changes, log: &[Value]) {
    let rows = |action: &str| log.iter().filter(|row| row["action"] == action).count();
    assert!(changes.edits > 0 && changes.withdrawals > 0, "{changes:?}");
    // of an edit whose answer was lost the next try is told that the version is another
    assert!(rows("edit") >= changes.edits, "{changes:?}");
    assert_eq!(rows("withdraw"), changes.withdrawals);
}

/// There are 60 reports; the statistics know each of them, and what came of it.
fn each_report_is_counted(evening: &Evening) {
    let reported = evening.readers.iter().flat_map(|(_, token)| evening.all(token, "/api/v1/me/reports?"));
    let reported: Vec<Value> = reported.collect();
    let totals = evening.get(&evening.boss, "/api/v1/sites/blog/statistics")["totals"].clone();
    let sum = |of: &str| totals[of].as_object().unwrap().values().map(|number| number.as_u64().unwrap()).sum::<u64>();
    let closed = reported.iter().filter(|report| report["state"] != "open").count();
    assert_eq!((reported.len(), sum("reports")), (REPORTS, REPORTS as u64));
    assert_eq!(sum("closed_reports"), closed as u64, "{totals}");
}

/// The counts of the queues and the statistics say what the lists say.
fn the_numbers_are_exact(evening: &Evening) {
    let counts = evening.get(&evening.boss, "/api/v1/moderation/counts?site=blog");
    let totals = evening.get(&evening.boss, "/api/v1/sites/blog/statistics")["totals"].clone();
    assert_eq!((&totals["received"], &totals["held"]), (&json!(ITEMS), &json!(ITEMS)));
    assert_eq!(totals["appeals"], json!({"filed": 5, "overturned": 3, "upheld": 2}));
    let (mut all, mut public) = (0, 0);
    for queue in ["pending", "approved", "rejected", "spam", "returned", "reported", "appeals"] {
        let listed = evening.all(&evening.boss, &format!("/api/v1/moderation/replies?queue={queue}&")).len();
        assert_eq!(counts["items"][0][queue], json!(listed), "{queue} in {counts}");
        match queue {
            "reported" | "appeals" => {}
            "approved" => (all, public) = (all + listed, listed),
            _ => all += listed,
        }
    }
    let withdrawn = evening.all(&evening.boss, "/api/v1/sites/blog/log?action=withdraw&").len();
    assert_eq!((all + withdrawn, withdrawn > 0), (ITEMS, true));
    let shown = evening.get(&evening.boss, "/api/v1/counts?site=blog&external_id=s1");
    assert_eq!(shown["items"][0]["replies"], json!(public));
}
