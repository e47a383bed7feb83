//! The service as a process on a real socket: killed, ended, starved, kept waiting, crowded.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query};
use serde_json::{Value, json};

use crate::{
    actors::PASSWORD,
    dice::Dice,
    process::{Answer, Home, Service, connect, request, send},
};

/// A home with a site and a story on which replies are public at once, the service in it, and a reader's token.
fn home_with_a_story() -> (Home, Service, String, String) {
    let home = Home::migrated();
    home.run(&["site", "create", "blog", "--mode", "post"]).succeeded();
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
fn texts(service: &Service) -> HashMap<String, usize> {
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
        while writers.count.load(Ordering::SeqCst) < enough {
            std::thread::yield_now();
        }
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
        while !service.log().contains("accepted requests are still answered") {
            std::thread::yield_now();
        }
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
    while !service.log().contains("accepted requests are still answered") {
        std::thread::yield_now();
    }
    service.signal("TERM");
    assert_eq!(service.wait().code(), Some(1), "{}", service.log());
    assert!(service.log().contains("a second signal"));
    drop(begun);
}

/// A reader with little room who asked for more than fits into all buffers, and takes so many bytes every tenth of a
/// second. Ends when the service resets the connection; the test fails if it does not.
fn read_slowly(address: SocketAddr, path: &str, bytes: usize) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(&address.into()).unwrap();
    let mut stream = TcpStream::from(socket);
    let page = format!("GET {path}?limit=100 HTTP/1.1\r\nHost: test\r\n\r\n");
    stream.write_all(page.repeat(60).as_bytes()).unwrap();
    let mut taken = vec![0; bytes];
    for _ in 0..600 {
        if stream.take_error().unwrap().is_some() || (bytes > 0 && stream.read_exact(&mut taken).is_err()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("a reader of {bytes} bytes was not cut off");
}

#[test]
fn what_never_ends_is_cut_off() {
    let (_home, service, path, token) = home_with_a_story();
    let address = service.address;
    for number in 0..60 {
        let body = json!({"body": format!("{number} {}", "long ".repeat(1_990))});
        assert_eq!(service.send("POST", &path, Some(&token), Some(&body)).status, 201);
    }
    let whole = request("POST", &path, Some(&token), None, Some(&json!({"body": "Slow."})));
    let (head, _) = whole.split_once("\r\n\r\n").unwrap();
    let chunked = head.lines().filter(|line| !line.starts_with("Content-Length")).collect::<Vec<_>>().join("\r\n");
    // a head and a chunked body without an end, a body that is announced and does not come, silence
    let slow = [
        ("a head", "GET / HTTP/1.1\r\nHost: te".to_owned(), None),
        ("a body", format!("{head}\r\n\r\n{{"), Some(408)),
        ("a chunked body", format!("{chunked}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"), Some(408)),
        ("silence", String::new(), None),
        ("keep-alive", "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n".to_owned(), Some(200)),
    ];
    std::thread::scope(|scope| {
        for (what, sent, status) in &slow {
            scope.spawn(move || {
                let mut stream = connect(address).unwrap();
                stream.write_all(sent.as_bytes()).unwrap();
                if let Some(status) = status {
                    assert_eq!(Answer::read(&mut stream).unwrap().status, *status, "{what}");
                }
                let mut rest = Vec::new();
                // the end, or a reset: not the patience of this test
                match stream.read_to_end(&mut rest) {
                    Ok(_) => {}
                    Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{what}"),
                }
            });
        }
        scope.spawn(|| read_slowly(address, &path, 0));
        scope.spawn(|| read_slowly(address, &path, 1_000));
        // and others are served all the while
        for _ in 0..20 {
            assert_eq!(service.get(&path).status, 200);
        }
    });
    service.stop();
}

#[test]
fn more_connections_than_the_limit_wait_for_their_turn() {
    let mut home = Home::migrated();
    home.set("HTTP_WORKERS", "1");
    home.set("MAX_CONNECTIONS", "3");
    let service = home.serve();
    let held: Vec<TcpStream> = (0..3)
        .map(|_| {
            let mut stream = service.connect();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
            assert_eq!(Answer::read(&mut stream).unwrap().status, 200);
            stream
        })
        .collect();
    let mut fourth = service.connect();
    fourth.write_all(request("GET", "/healthz", None, None, None).as_bytes()).unwrap();
    fourth.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(Answer::read(&mut fourth).is_err(), "it has to wait");
    drop(held);
    fourth.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    assert_eq!(Answer::read(&mut fourth).unwrap().status, 200);
    service.stop();
}

/// Holds what every write needs, until it is dropped.
enum Blockade {
    Sqlite(SqliteConnection),
    Pg(PgConnection),
}

impl Blockade {
    fn of(home: &Home) -> Self {
        match home.database.url.strip_prefix("sqlite:") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path).unwrap();
                conn.batch_execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE").unwrap();
                Self::Sqlite(conn)
            }
            None => {
                let mut conn = PgConnection::establish(&home.database.url).unwrap();
                conn.batch_execute(
                    "BEGIN; LOCK TABLE sessions, settings IN SHARE MODE; LOCK TABLE stories IN SHARE MODE",
                )
                .unwrap();
                Self::Pg(conn)
            }
        }
    }

    fn lift(self) {
        match self {
            Self::Sqlite(mut conn) => conn.batch_execute("ROLLBACK").unwrap(),
            Self::Pg(mut conn) => conn.batch_execute("ROLLBACK").unwrap(),
        }
    }
}

#[test]
fn while_writes_wait_health_is_answered_and_the_waiting_are_told_when_to_come_back() {
    let (home, service, path, token) = home_with_a_story();
    let (address, start) = (service.address, Barrier::new(41));
    let blockade = Blockade::of(&home);
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..40)
            .map(|number| {
                let (path, token, start) = (&path, &token, &start);
                scope.spawn(move || {
                    let body = json!({"body": format!("Waits {number}")});
                    let request = request("POST", path, Some(token), None, Some(&body));
                    start.wait();
                    send(address, &request).unwrap()
                })
            })
            .collect();
        start.wait();
        for _ in 0..50 {
            assert_eq!(service.get("/healthz").status, 200);
        }
        let ready = service.get("/readyz");
        assert_eq!(ready.status, 503, "{}", ready.text());
        for waiter in waiting {
            let answer = waiter.join().unwrap();
            assert_eq!(answer.status, 503, "{}", answer.text());
            assert!(answer.head.contains("\r\nretry-after: "), "{}", answer.head);
        }
    });
    blockade.lift();
    assert_eq!(service.get("/readyz").status, 200);
    let posted = service.send("POST", &path, Some(&token), Some(&json!({"body": "At last."})));
    assert_eq!(posted.status, 201, "{}", posted.text());
    let found = texts(&service);
    assert!(found.contains_key("<p>At last.</p>\n") && found.values().all(|count| *count == 1), "{found:?}");
    service.stop();
    home.run(&["check"]).succeeded();
}

#[test]
fn logs_name_requests_and_nothing_that_is_anybodys_secret() {
    let (home, service, path, token) = {
        let (mut home, service, path, _) = home_with_a_story();
        service.stop();
        home.set("LOG_FORMAT", "json");
        let service = home.serve();
        let token = service.sign_in("ann", PASSWORD);
        (home, service, path, token)
    };
    let wrong = json!({"identifier": "ann@example.org", "password": "a wrong umbrella"});
    assert_eq!(service.send("POST", "/api/v1/sessions", None, Some(&wrong)).status, 401);
    let short = json!({"email": "bob@example.org", "username": "bob", "password": "tiny-pw"});
    assert_eq!(service.send("POST", "/api/v1/accounts", None, Some(&short)).status, 422);
    let secret = json!({"body": "Nobody logs this sentence."});
    let posted = service.send("POST", &path, Some(&token), Some(&secret));
    assert_eq!(posted.status, 201);
    let forged = "GET /api/v1/me HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer f0rged-token\r\n\
                  X-Request-Id: my-id-1\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";
    assert_eq!(send(service.address, forged).unwrap().status, 401);

    // something breaks: the log says what, the answer does not
    match home.database.url.strip_prefix("sqlite:") {
        Some(path) => {
            let mut conn = SqliteConnection::establish(path).unwrap();
            conn.batch_execute("PRAGMA busy_timeout = 10000; DROP TABLE recommendations").unwrap();
        }
        None => {
            let mut conn = PgConnection::establish(&home.database.url).unwrap();
            sql_query("DROP TABLE recommendations").execute(&mut conn).unwrap();
        }
    }
    let reply = posted.json()["id"].as_str().unwrap().to_owned();
    let boss = service.sign_in("boss", PASSWORD);
    let recommend = format!("/api/v1/replies/{reply}/recommendation");
    let broken = service.send("PUT", &recommend, Some(&boss), None);
    assert_eq!((broken.status, broken.text().contains("recommendations")), (500, false), "{}", broken.text());

    let log = service.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    for line in &answered {
        let span = &line["span"];
        assert!(span["id"].is_string() && span["route"].is_string() && span["ms"].is_number(), "{line}");
        assert!(span["status"].is_number() && span["method"].is_string(), "{line}");
    }
    let of = |route: &str| answered.iter().filter(|line| line["span"]["route"] == route).count();
    assert_eq!(of("/api/v1/stories/{story_id}/replies"), 1, "{log}");
    let by_request_id = answered.iter().find(|line| line["span"]["id"] == "my-id-1").unwrap();
    assert_eq!(by_request_id["span"]["status"], 401);
    let posting = answered.iter().find(|line| line["span"]["route"] == "/api/v1/stories/{story_id}/replies").unwrap();
    assert!(posting["span"]["account"].is_string(), "{posting}");
    let failures: Vec<&Value> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(failures[0]["cause"].as_str().unwrap().contains("recommendations"), "{}", failures[0]);
    let refresh = posted.json()["refresh_token"].as_str().unwrap_or("no-such-token").to_owned();
    for secret in [
        PASSWORD,
        "umbrella",
        "tiny-pw",
        "Nobody logs",
        "f0rged",
        "example.org",
        "203.0.113.9",
        "127.0.0.1:",
        &token,
        &boss,
        &refresh,
    ] {
        let found = log.lines().find(|line| line.contains(secret) && !line.contains("\"serving\""));
        assert_eq!(found, None, "{secret} is in the log");
    }
}

#[test]
fn two_instances_share_a_database() {
    let home = Home::migrated();
    if home.is_embedded() {
        // one process writes; a second one waits for it, statement by statement
        return;
    }
    let (first, second) = (home.serve(), home.serve());
    let token = first.sign_up("ann");
    assert_eq!(second.send("GET", "/api/v1/me", Some(&token), None).status, 200);
    assert_eq!(second.send("DELETE", "/api/v1/sessions/current", Some(&token), None).status, 204);
    assert_eq!(first.send("GET", "/api/v1/me", Some(&token), None).status, 401);
    first.stop();
    second.stop();
}
