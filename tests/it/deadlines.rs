//! The service as a process that is kept waiting, crowded and starved.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Barrier,
    time::Duration,
};

use serde_json::json;

use crate::{
    actors::PASSWORD,
    outside::Outside,
    process::{Answer, Home, connect, request, send},
    serving::{home_with_a_story, texts},
};

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
    // a head and a chunked body without an end, a body that is announced and does not come, silence; and behind an answer,
    // the beginning of another head with it or after it
    let (begun, health) = ("GET / HTTP/1.1\r\nHost: te", "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n");
    let slow = [
        ("a head", begun.to_owned(), None, ""),
        ("a body", format!("{head}\r\n\r\n{{"), Some(408), ""),
        ("a chunked body", format!("{chunked}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"), Some(408), ""),
        ("silence", String::new(), None, ""),
        ("keep-alive", health.to_owned(), Some(200), ""),
        ("a second head", format!("{health}{begun}"), Some(200), ""),
        ("a second head, later", health.to_owned(), Some(200), "G"),
    ];
    std::thread::scope(|scope| {
        for (what, sent, status, then) in &slow {
            scope.spawn(move || {
                let mut stream = connect(address).unwrap();
                stream.write_all(sent.as_bytes()).unwrap();
                if let Some(status) = status {
                    assert_eq!(Answer::read(&mut stream).unwrap().status, *status, "{what}");
                }
                stream.write_all(then.as_bytes()).unwrap();
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
fn blockade(home: &Home) -> Outside {
    let mut outside = home.outside();
    outside.begin();
    if !home.is_embedded() {
        outside.run("LOCK TABLE sessions, settings, stories IN SHARE MODE");
    }
    outside
}

#[test]
fn while_writes_wait_health_is_answered_and_the_waiting_are_told_when_to_come_back() {
    let (home, service, path, token) = home_with_a_story();
    let (address, start) = (service.address, Barrier::new(41));
    let blockade = blockade(&home);
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
    drop(blockade);
    assert_eq!(service.get("/readyz").status, 200);
    let posted = service.send("POST", &path, Some(&token), Some(&json!({"body": "At last."})));
    assert_eq!(posted.status, 201, "{}", posted.text());
    let found = texts(&service);
    assert!(found.contains_key("<p>At last.</p>\n") && found.values().all(|count| *count == 1), "{found:?}");
    service.stop();
    home.run(&["check"]).succeeded();
}

#[test]
fn who_waited_longer_than_the_deadline_is_answered_like_everybody() {
    let (home, service, path, token) = {
        let (mut home, service, path, token) = home_with_a_story();
        home.run(&["site", "set", "blog", "--origin", "https://blog.example"]).succeeded();
        service.stop();
        home.set("DB_POOL_SIZE", "1");
        home.set("DB_MAX_WAIT_SECS", "9");
        home.set("LOG_FORMAT", "json");
        let service = home.serve();
        (home, service, path, token)
    };
    let address = service.address;
    let blockade = blockade(&home);
    // each waits four seconds for the lock, one behind the other: the third one past its deadline
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let post = |number: usize| {
            let body = json!({"body": format!("Waits {number}")});
            let posting = request("POST", &path, Some(&token), None, Some(&body));
            let headers = format!("Origin: https://blog.example\r\nX-Request-Id: waits-{number}\r\nHost: test");
            send(address, &posting.replacen("Host: test", &headers, 1)).unwrap()
        };
        let waiting: Vec<_> = (0..3).map(|number| scope.spawn(move || post(number))).collect();
        waiting.into_iter().map(|waiter| waiter.join().unwrap()).collect()
    });
    drop(blockade);
    for answer in &answers {
        assert_eq!(answer.status, 503, "{}", answer.text());
        for header in ["access-control-allow-origin: https://blog.example", "retry-after: ", "x-request-id: waits-"] {
            assert!(answer.head.contains(&format!("\r\n{header}")), "{}", answer.head);
        }
    }
    assert_eq!(texts(&service).len(), 0);
    let log = service.stop();
    for number in 0..3 {
        let id = format!("\"id\":\"waits-{number}\"");
        let failures = log.lines().filter(|line| line.contains(&id) && line.contains("\"ERROR\"")).count();
        assert_eq!(failures, 1, "{log}");
    }
}

#[test]
fn a_table_that_cannot_be_read_holds_up_only_who_needs_it() {
    let (home, service, _, _) = home_with_a_story();
    if home.is_embedded() {
        // nothing holds up a reader of SQLite
        return;
    }
    service.stop();
    // the origins are not known yet
    let service = home.serve();
    let mut outside = home.outside();
    outside.begin();
    outside.run("LOCK TABLE sites IN ACCESS EXCLUSIVE MODE");
    let with_origin = |request: String| request.replacen("Host: test", "Host: test\r\nOrigin: https://a.example", 1);
    let health = send(service.address, &with_origin(request("GET", "/healthz", None, None, None))).unwrap();
    assert_eq!(health.status, 200);
    let body = json!({"identifier": "ann", "password": PASSWORD});
    let sign_in = request("POST", "/api/v1/sessions", None, None, Some(&body));
    let refused = send(service.address, &with_origin(sign_in)).unwrap();
    assert_eq!(refused.status, 503, "{}", refused.text());
    drop(outside);
    assert_eq!(service.send("POST", "/api/v1/sessions", None, Some(&body)).status, 201);
    service.stop();
}

#[test]
fn a_request_whose_end_is_said_in_two_ways_is_refused_and_what_follows_is_no_request() {
    let (_home, service, path, token) = home_with_a_story();
    let body = json!({"body": "Smuggled."}).to_string();
    let head = |lengths: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{lengths}\r\n"
        )
    };
    let (length, chunk) = (body.len(), format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()));
    let inner = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";
    for (what, sent) in [
        ("two lengths", head(&format!("Content-Length: {length}\r\nContent-Length: 0\r\n")) + &body),
        (
            "two lengths, the other way round",
            head(&format!("Content-Length: 0\r\nContent-Length: {length}\r\n")) + &body,
        ),
        ("a list of lengths", head(&format!("Content-Length: {length}, 0\r\n")) + &body),
        ("a length with a sign", head(&format!("Content-Length: +{length}\r\n")) + &body),
        ("a length and pieces", head(&format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n")) + &chunk),
        ("pieces and a length", head("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n") + &chunk),
        ("pieces twice", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + &chunk),
        ("pieces of something else", head("Transfer-Encoding: gzip, chunked\r\n") + &chunk),
        ("something else behind pieces", head("Transfer-Encoding: chunked, identity\r\n") + &chunk),
    ] {
        let mut stream = connect(service.address).unwrap();
        stream.write_all((sent + inner).as_bytes()).unwrap();
        let mut answer = Vec::new();
        // a reset is an end too
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 4"), "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
    }
    assert!(texts(&service).is_empty(), "nothing of it was posted");
    // and the way that is meant goes on
    assert_eq!(service.send("POST", &path, Some(&token), Some(&json!({"body": "Said."}))).status, 201);
}
