//! The service as a process on a real socket: killed, ended, and beside another one.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

use serde_json::json;

use crate::{
    actors::PASSWORD,
    dice::Dice,
    process::{Answer, Home, PATIENCE, Service, connect, request, send, until},
};

/// A home with a site and a story on which replies are public at once, the service in it, and a reader's token.
pub fn home_with_a_story() -> (Home, Service, String, String) {
    let home = Home::migrated();
    home.run(&["site", "create", "blog", "--mode", "post", "--unproven-accounts", "allow"]).succeeded();
    let create = ["admin", "create", "--email", "boss@example.org", "--username", "boss"];
    home.run_with_input(&create, &format!("{PASSWORD}\n")).succeeded();
    let service = home.serve();
    let boss = service.sign_in("boss", PASSWORD);
    let story = json!({"headline": "A story"});
    let story = service.send("PUT", "/api/v1/sites/blog/stories/s1", Some(&boss), Some(&story)).json();
    let path = format!("/api/v1/stories/{}/replies", story["id"].as_str().unwrap());
    let token = service.sign_up("ann");
    (home, service, path, token)
}

/// All public replies of the site, by text.
pub fn texts(service: &Service) -> HashMap<String, usize> {
    let (mut found, mut cursor) = (HashMap::new(), String::new());
    loop {
        let page = service.get(&format!("/api/v1/sites/blog/replies?limit=100{cursor}")).json();
        for item in page["items"].as_array().unwrap() {
            *found.entry(item["body_html"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

/// Writers that go on, each reply with a key of its own, until they are told to stop. What fails is sent again under the
/// same key, to wherever the service is then.
struct Writers {
    address: Mutex<SocketAddr>,
    acknowledged: Mutex<Vec<String>>,
    count: AtomicUsize,
    goal: AtomicUsize,
}

impl Writers {
    fn write(&self, number: usize, path: &str, token: &str) {
        for reply in 0.. {
            let text = format!("Reply {reply} of writer {number}");
            let body = json!({"body": text});
            let request = request("POST", path, Some(token), Some(&format!("w{number}-{reply}")), Some(&body));
            let deadline = Instant::now() + PATIENCE;
            loop {
                if self.count.load(Ordering::SeqCst) >= self.goal.load(Ordering::SeqCst) {
                    return;
                }
                let address = *self.address.lock().unwrap();
                // a reply that another one is just writing under the same key may be told to wait
                if let Ok(answer) = send(address, &request)
                    && answer.status == 201
                {
                    self.acknowledged.lock().unwrap().push(text);
                    self.count.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                assert!(Instant::now() < deadline, "the service does not come back");
                std::thread::yield_now();
            }
        }
    }
}

#[test]
fn killed_in_the_middle_of_writes_it_has_every_acknowledged_reply_once() {
    const KILLS: usize = 5;
    const BETWEEN: usize = 40;
    let (home, mut service, path, token) = home_with_a_story();
    let writers = Arc::new(Writers {
        address: Mutex::new(service.address),
        acknowledged: Mutex::default(),
        count: AtomicUsize::new(0),
        goal: AtomicUsize::new(BETWEEN * (KILLS + 1)),
    });
    let threads: Vec<_> = (0..8)
        .map(|number| {
            let (writers, path, token) = (writers.clone(), path.clone(), token.clone());
            std::thread::spawn(move || writers.write(number, &path, &token))
        })
        .collect();
    let mut dice = Dice::new();
    for kill in 1..=KILLS {
        let enough = BETWEEN * kill - dice.below(BETWEEN / 2);
        until("enough replies", || (writers.count.load(Ordering::SeqCst) >= enough).then_some(()));
        service.kill();
        service = home.serve();
        *writers.address.lock().unwrap() = service.address;
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    let found = texts(&service);
    for text in writers.acknowledged.lock().unwrap().iter() {
        assert_eq!(found.get(&format!("<p>{text}</p>\n")), Some(&1), "{text}");
    }
    assert!(found.values().all(|count| *count == 1), "a reply is there twice");
    service.kill();
    home.run(&["check"]).succeeded();
}

/// A request whose head was read and whose body is still awaited.
struct Begun {
    stream: TcpStream,
    body: String,
}

impl Begun {
    fn post(address: SocketAddr, path: &str, token: &str, text: &str) -> Self {
        let mut stream = connect(address).unwrap();
        let whole = request("POST", path, Some(token), None, Some(&json!({"body": text})));
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        write!(stream, "{head}\r\nExpect: 100-continue\r\n\r\n").unwrap();
        // sent when the head was read and the body is wanted
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        Self { stream, body: body.to_owned() }
    }

    fn finish(mut self) -> Answer {
        self.stream.write_all(self.body.as_bytes()).unwrap();
        Answer::read(&mut self.stream).unwrap()
    }
}

#[test]
fn told_to_end_it_answers_what_it_has_accepted_and_nothing_more() {
    for signal in ["TERM", "INT"] {
        let (home, mut service, path, token) = home_with_a_story();
        let begun: Vec<Begun> =
            (0..10).map(|number| Begun::post(service.address, &path, &token, &format!("Reply {number}"))).collect();
        // connections on which nothing is asked do not hold it up
        let idle: Vec<TcpStream> = (0..5).map(|_| service.connect()).collect();
        service.signal(signal);
        service.says("accepted requests are still answered");
        for request in begun {
            let answer = request.finish();
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        assert_eq!(service.wait().code(), Some(0), "{}", service.log());
        assert!(connect(service.address).is_err());
        drop(idle);
        let service = home.serve();
        assert_eq!(texts(&service).len(), 10);
        service.stop();
        home.run(&["check"]).succeeded();
    }
}

#[test]
fn told_twice_it_ends_at_once() {
    let (_home, mut service, path, token) = home_with_a_story();
    let begun = Begun::post(service.address, &path, &token, "Never finished.");
    service.signal("TERM");
    service.says("accepted requests are still answered");
    service.signal("TERM");
    assert_eq!(service.wait().code(), Some(1), "{}", service.log());
    assert!(service.log().contains("a second signal"));
    drop(begun);
}

#[test]
fn two_instances_share_a_database() {
    let home = Home::migrated();
    if home.is_embedded() {
        // one process writes; a second one waits for it, statement by statement
        return;
    }
    // each listens elsewhere, and both are reached at the one PUBLIC_URL, which stands in the tokens
    let (first, second) = (home.serve(), home.serve());
    assert_ne!(first.address, second.address);
    let token = first.sign_up("ann");
    assert_eq!(second.send("GET", "/api/v1/me", Some(&token), None).status, 200);
    assert_eq!(second.send("DELETE", "/api/v1/sessions/current", Some(&token), None).status, 204);
    assert_eq!(first.send("GET", "/api/v1/me", Some(&token), None).status, 401);
    first.stop();
    second.stop();
}
