//! The client against servers on this machine.

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use hyper::HeaderMap;
use rustls::RootCertStore;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    OutsideError, Unreached,
    client::{Client, MAX_ANSWER_BYTES, Post, Response, Settings},
    endpoint::Endpoint,
    guard::Guard,
    local_server::{LocalServer, Then, answer, ok},
    lookup::Names,
};

/// For tests that are not about time.
const LONG: Duration = Duration::from_secs(60);
/// For tests that are.
const SHORT: Duration = Duration::from_millis(100);

const CONNECTION: OutsideError = OutsideError::Unreachable(Unreached::Connection);
const CUT: OutsideError = OutsideError::Unreachable(Unreached::Cut);
const TLS: OutsideError = OutsideError::Unreachable(Unreached::Tls);
const NAME: OutsideError = OutsideError::Unreachable(Unreached::Name);

const HEAD: &str = "its head is not HTTP, or too large";

fn settings(deadline: Duration) -> Settings {
    Settings { deadline, names: names(&["127.0.0.1"]), ..Settings::new(Guard::new(true)) }
}

/// Every name has these addresses.
fn names(addresses: &'static [&'static str]) -> Names {
    Names::from_fn(|_| Ok(addresses.iter().map(|address| address.parse().unwrap()).collect()))
}

async fn post_to(client: &Client, url: &str) -> Result<Response, OutsideError> {
    let endpoint = Endpoint::parse(url, Guard::new(true)).unwrap();
    let body = b"question".to_vec();
    client.post(Post { endpoint: &endpoint, content_type: "text/plain", headers: HeaderMap::new(), body }).await
}

async fn post(client: &Client, server: &LocalServer) -> Result<Response, OutsideError> {
    post_to(client, &format!("http://{}/check", server.address)).await
}

async fn post_once(
    deadline: Duration,
    then: impl Fn() -> Then + Send + Sync + 'static,
) -> Result<Response, OutsideError> {
    let server = LocalServer::start(move |_| then()).await;
    post(&Client::new(settings(deadline)), &server).await
}

fn head(rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{rest}").into_bytes()
}

#[tokio::test]
async fn a_question_is_posted_and_its_answer_read() {
    let server = LocalServer::start(|_| answer("201 Created", &["x-tip: discard"], "yes")).await;
    let response = post(&Client::new(settings(LONG)), &server).await.unwrap();
    assert_eq!((&response.body[..], response.headers["x-tip"].as_bytes()), (&b"yes"[..], &b"discard"[..]));
    let asked = &server.asked()[0];
    assert_eq!((asked.line.as_str(), &asked.body[..]), ("POST /check HTTP/1.1", &b"question"[..]));
    assert_eq!(asked.header("host"), server.address.to_string());
    assert_eq!(asked.header("content-type"), "text/plain");
    assert!(asked.header("user-agent").starts_with("Rejoinder/"));
    let mut sent: Vec<_> = asked.headers.iter().map(|(name, _)| name.as_str()).collect();
    sent.sort_unstable();
    assert_eq!(sent, ["content-length", "content-type", "host", "user-agent"]);
}

#[tokio::test]
async fn a_question_may_be_larger_than_an_answer() {
    let server = LocalServer::start(|asked| ok(&asked.body.len().to_string())).await;
    let endpoint = Endpoint::parse(&format!("http://{}/", server.address), Guard::new(true)).unwrap();
    let body = vec![b'x'; 64 * MAX_ANSWER_BYTES];
    let post = Post { endpoint: &endpoint, content_type: "text/plain", headers: HeaderMap::new(), body };
    assert_eq!(&Client::new(settings(LONG)).post(post).await.unwrap().body[..], b"1048576");
}

#[tokio::test]
async fn two_questions_go_over_one_connection() {
    let server = LocalServer::start(|_| ok("yes")).await;
    let client = Client::new(settings(LONG));
    for _ in 0..2 {
        post(&client, &server).await.unwrap();
    }
    assert_eq!(server.asked().iter().map(|asked| asked.connection).collect::<Vec<_>>(), [0, 0]);
}

#[tokio::test]
async fn a_server_that_says_nothing_or_not_enough_is_not_waited_for() {
    for said in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"] {
        let result = post_once(SHORT, move || Then::SayAndHang(said.as_bytes().to_vec())).await;
        assert_eq!(result.unwrap_err(), OutsideError::TimedOut, "{said}");
    }
}

#[tokio::test]
async fn drops_of_an_answer_do_not_lengthen_the_deadline() {
    let body = || Then::Repeat(head("transfer-encoding: chunked\r\n\r\n"), b"1\r\nx\r\n");
    assert_eq!(post_once(SHORT, body).await.unwrap_err(), OutsideError::TimedOut);
    let headers = || Then::Repeat(head(""), b"a: b\r\n");
    assert_eq!(post_once(SHORT, headers).await.unwrap_err(), OutsideError::TimedOut);
    let hints = || Then::Repeat(Vec::new(), b"HTTP/1.1 102 Processing\r\n\r\n");
    assert_eq!(post_once(SHORT, hints).await.unwrap_err(), OutsideError::TimedOut);
}

#[tokio::test]
async fn a_name_that_is_looked_up_too_long_is_not_waited_for() {
    let (end, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let names = Names::from_fn(move |_| {
        let _ = wait.lock().unwrap().recv();
        Err(io::ErrorKind::TimedOut.into())
    });
    let client = Client::new(Settings { names, ..settings(SHORT) });
    assert_eq!(post_to(&client, "https://endpoint.test/").await.unwrap_err(), OutsideError::TimedOut);
    drop(end);
}

#[tokio::test]
async fn an_answer_may_have_16_kib_and_not_a_byte_more() {
    let exact = "x".repeat(MAX_ANSWER_BYTES);
    assert_eq!(post_once(LONG, move || ok(&exact)).await.unwrap().body.len(), MAX_ANSWER_BYTES);
    let larger = || "x".repeat(MAX_ANSWER_BYTES + 1);
    let told = move || ok(&larger());
    assert_eq!(post_once(LONG, told).await.unwrap_err(), OutsideError::TooLarge);
    let chunked = || Then::Say([head("transfer-encoding: chunked\r\n\r\n4001\r\n"), vec![b'x'; 0x4001]].concat());
    assert_eq!(post_once(LONG, chunked).await.unwrap_err(), OutsideError::TooLarge);
    let until_the_end = move || Then::SayAndEnd([head("\r\n"), larger().into_bytes()].concat());
    assert_eq!(post_once(LONG, until_the_end).await.unwrap_err(), OutsideError::TooLarge);
    let large_head = || Then::Say(head(&format!("a: {}\r\n\r\n", "x".repeat(20_000))));
    assert_eq!(post_once(LONG, large_head).await.unwrap_err(), OutsideError::malformed(HEAD));
}

#[tokio::test]
async fn only_success_is_an_answer_and_nothing_is_followed() {
    let elsewhere = LocalServer::start(|_| ok("yes")).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "304 Not Modified", "307 Temporary", "308 Permanent"] {
        let location = format!("location: http://{}/", elsewhere.address);
        let result = post_once(LONG, move || answer(status, &[&location], "")).await;
        assert_eq!(result.unwrap_err(), OutsideError::Redirect, "{status}");
    }
    assert!(elsewhere.asked().is_empty());
    for status in [400, 401, 404, 410, 429, 500, 503] {
        let result = post_once(LONG, move || answer(&format!("{status} Hm"), &[], "{}")).await;
        assert_eq!(result.unwrap_err(), OutsideError::Status(status));
    }
}

#[tokio::test]
async fn what_is_not_http_or_ends_early_is_told_apart() {
    let garbage = || Then::SayAndEnd(b"220 mail.test ESMTP\r\n".to_vec());
    assert_eq!(post_once(LONG, garbage).await.unwrap_err(), OutsideError::malformed(HEAD));
    assert_eq!(post_once(LONG, || Then::SayAndEnd(Vec::new())).await.unwrap_err(), CUT);
    let half = || Then::SayAndEnd(head("content-length: 10\r\n\r\nhalf"));
    assert_eq!(post_once(LONG, half).await.unwrap_err(), CUT);
}

#[tokio::test]
async fn compression_is_neither_asked_for_nor_undone() {
    let response = post_once(LONG, || answer("200 OK", &["content-encoding: gzip"], "as it came")).await.unwrap();
    assert_eq!(&response.body[..], b"as it came");
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_dialled_where_it_was_looked_at() {
    let server = LocalServer::start(|_| ok("yes")).await;
    let asked_for = Arc::new(Mutex::new(Vec::new()));
    let all = asked_for.clone();
    // whoever looked a second time would be led to where nobody listens
    let names = Names::from_fn(move |name| {
        let mut all = all.lock().unwrap();
        all.push(name.to_owned());
        Ok(vec![IpAddr::from([127, 0, 0, if all.len() == 1 { 1 } else { 9 }])])
    });
    let client = Client::new(Settings { names, ..settings(LONG) });
    let url = format!("http://endpoint.test:{}/", server.address.port());
    for _ in 0..2 {
        post_to(&client, &url).await.unwrap();
    }
    assert_eq!(*asked_for.lock().unwrap(), ["endpoint.test"]);
    assert_eq!(server.asked()[0].header("host"), format!("endpoint.test:{}", server.address.port()));
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_and_nobody_is_asked() {
    let server = LocalServer::start(|_| ok("yes")).await;
    let url = format!("https://endpoint.test:{}/", server.address.port());
    for addresses in [&["127.0.0.1"][..], &["8.8.8.8", "127.0.0.1"], &["127.0.0.1", "8.8.8.8"], &["::ffff:127.0.0.1"]] {
        let strict = Settings { names: names(addresses), guard: Guard::new(false), ..settings(LONG) };
        assert_eq!(post_to(&Client::new(strict), &url).await.unwrap_err(), OutsideError::Refused, "{addresses:?}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_was_allowed_once_is_looked_at_again() {
    let looked_up = Arc::new(AtomicUsize::new(0));
    let count = looked_up.clone();
    let names = Names::from_fn(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Err(io::ErrorKind::NotFound.into())
    });
    let client = Client::new(Settings { names, guard: Guard::new(false), ..settings(LONG) });
    for url in ["https://127.0.0.1/", "https://[::1]/", "http://endpoint.test/", "http://8.8.8.8/"] {
        assert_eq!(post_to(&client, url).await.unwrap_err(), OutsideError::Refused, "{url}");
    }
    assert_eq!(looked_up.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn of_several_addresses_the_next_is_tried_when_one_refuses() {
    let server = LocalServer::start(|_| ok("yes")).await;
    // nobody listens there at this port
    let names = names(&["127.0.0.7", "127.0.0.8", "127.0.0.1"]);
    let client = Client::new(Settings { names, ..settings(LONG) });
    post_to(&client, &format!("http://endpoint.test:{}/", server.address.port())).await.unwrap();
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn who_is_not_there_is_told_apart_from_who_has_no_name() {
    let server = LocalServer::start(|_| ok("yes")).await;
    let port = server.address.port();
    let nobody = Client::new(Settings { names: names(&["127.0.0.7"]), ..settings(LONG) });
    assert_eq!(post_to(&nobody, &format!("http://endpoint.test:{port}/")).await.unwrap_err(), CONNECTION);
    for names in [names(&[]), Names::from_fn(|_| Err(io::ErrorKind::NotFound.into()))] {
        let client = Client::new(Settings { names, ..settings(LONG) });
        assert_eq!(post_to(&client, "https://endpoint.test/").await.unwrap_err(), NAME);
    }
}

#[tokio::test]
async fn tls_needs_a_certificate_of_the_name_by_an_authority_that_is_believed() {
    let (server, authorities) = LocalServer::start_tls("endpoint.test", |_| ok("yes")).await;
    let port = server.address.port();
    let believing = |authorities: RootCertStore| Client::new(Settings { authorities, ..settings(LONG) });
    let client = believing(authorities.clone());
    for _ in 0..2 {
        assert_eq!(&post_to(&client, &format!("https://endpoint.test:{port}/")).await.unwrap().body[..], b"yes");
    }
    assert_eq!(server.asked().iter().map(|asked| asked.connection).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(post_to(&client, &format!("https://other.test:{port}/")).await.unwrap_err(), TLS);
    assert_eq!(post_to(&client, &format!("https://127.0.0.1:{port}/")).await.unwrap_err(), TLS);
    let mozilla = Client::new(settings(LONG));
    assert_eq!(post_to(&mozilla, &format!("https://endpoint.test:{port}/")).await.unwrap_err(), TLS);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_gets_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://endpoint.test:{}/", listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let mut taken = Vec::new();
        let _ = stream.read_to_end(&mut taken).await;
        taken
    });
    assert_eq!(post_to(&Client::new(settings(LONG)), &url).await.unwrap_err(), TLS);
    let taken = server.await.unwrap();
    assert!(!taken.windows(4).any(|bytes| bytes == b"POST" || bytes == b"ques"));
}
