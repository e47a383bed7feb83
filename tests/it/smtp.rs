//! Mails handed to a real server: to one that takes them, refuses them, has them come again, hangs up, is silent, is dead,
//! or is another than it should be.

use std::{
    net::{TcpListener, TcpStream},
    time::Duration,
};

use rejoinder::jobs;
use serde_json::json;
use tokio::time::timeout;

use crate::{
    actors::{PASSWORD, Reply},
    app::App,
    jobs::count,
    notice_mails::notice_of,
    process::{Home, PATIENCE, until},
    serving::home_with_a_story,
    smtp_server::{Authority, MailServer},
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// A service that writes to whoever gives notice of a reply.
struct Desk {
    app: App,
    reply: Reply,
}

impl Desk {
    /// With this server of mails.
    async fn with(variables: &[(&str, &str)]) -> Self {
        let app = App::with(variables).await;
        let story = app.site("blog").await.story("s1").await;
        let reply = app.reader("ann").await.replies(&story, "Said to be illegal.").await;
        Self { app, reply }
    }

    /// With one that speaks plainly at this place.
    async fn at(place: &str) -> Self {
        Self::with(&[("SMTP_URL", &format!("smtp://{place}")), ("SMTP_PLAINTEXT", "true")]).await
    }

    /// Leaves a mail to somebody.
    async fn writes_to(&self, email: &str) {
        let path = format!("/api/v1/replies/{}/guest-notices", self.reply.id);
        self.app.post(path).json(notice_of(email)).expect(202).await;
    }

    /// Sends what is due.
    async fn sends(&self) {
        jobs::run_due(&self.app.state).await.unwrap();
    }

    /// Mails that wait for another try.
    async fn waiting(&self) -> i64 {
        count(&self.app, "jobs WHERE kind = 'send_mail' AND dead_at IS NULL").await
    }
}

/// The kinds of TLS: the script's option, the scheme of the URL.
const KINDS: [(&str, &str); 2] = [("starttls", "smtp"), ("implicit", "smtps")];

#[actix_web::test]
async fn over_each_kind_of_tls_a_mail_arrives_and_is_forgotten_here() {
    let authority = Authority::new();
    let certificate = authority.certificate("localhost");
    for (tls, scheme) in KINDS {
        let server = MailServer::start(&["--tls", tls, "--certificate", &certificate, "--password", "desk:s3:cr/et"]);
        let url = format!("{scheme}://desk:s3%3Acr%2Fet@localhost:{}", server.port);
        let desk = Desk::with(&[("SMTP_URL", &url), ("SMTP_CA_FILE", &authority.file())]).await;
        desk.writes_to("gil@example.org").await;
        desk.sends().await;
        assert_eq!(desk.waiting().await, 0);
        desk.app.pass(HOUR);
        desk.sends().await;
        server.mails(1);
        let (mails, _) = server.stop();
        assert_eq!(mails.len(), 1, "once");
        let mail = &mails[0];
        assert_eq!((&*mail.to, &*mail.sender), ("gil@example.org", "no-reply@comments.example"));
        assert_eq!((mail.user.as_deref(), mail.is_secret), (Some("desk"), true));
        let letter = mail.letter();
        assert_eq!((&*letter.to, letter.subject.contains("confirm")), ("gil@example.org", true));
        assert!(letter.head.contains("From: \"blog\" <no-reply@comments.example>"), "{}", letter.head);
        assert!(
            letter.text.contains("Somebody gave this address") && letter.html.contains("Somebody gave this address")
        );
        assert!(!letter.token().is_empty());
        assert!(std::fs::read_dir(desk.app.database.folder.path().join("mail")).is_err(), "no file");
        desk.app.check().await;
    }
}

#[actix_web::test]
async fn who_cannot_prove_to_be_the_server_gets_no_mail_and_no_password() {
    let (authority, other) = (Authority::new(), Authority::new());
    for (tls, scheme) in KINDS {
        for (certificate, believed) in [
            (authority.certificate("localhost"), Some(other.file())),
            (authority.certificate("mail.example"), Some(authority.file())),
            // those of the web
            (authority.certificate("localhost"), None),
        ] {
            let server = MailServer::start(&["--tls", tls, "--certificate", &certificate, "--password", "desk:s3cret"]);
            let url = format!("{scheme}://desk:s3cret@localhost:{}", server.port);
            let mut variables = vec![("SMTP_URL", url.as_str())];
            variables.extend(believed.as_deref().map(|file| ("SMTP_CA_FILE", file)));
            let desk = Desk::with(&variables).await;
            desk.writes_to("gil@example.org").await;
            desk.sends().await;
            let told = "jobs WHERE dead_at IS NULL AND attempts = 1 AND last_error LIKE '%certificate%'";
            assert_eq!(count(&desk.app, told).await, 1, "{tls} {believed:?}");
            assert_eq!(count(&desk.app, "jobs WHERE last_error LIKE '%s3cret%'").await, 0);
            assert_eq!(server.stop().0.len(), 0);
        }
    }
}

#[actix_web::test]
async fn a_server_without_tls_gets_nothing_unless_that_is_asked_for() {
    let server = MailServer::start(&[]);
    let place = format!("127.0.0.1:{}", server.port);
    let desk = Desk::with(&[("SMTP_URL", &format!("smtp://{place}"))]).await;
    desk.writes_to("gil@example.org").await;
    desk.sends().await;
    assert_eq!(count(&desk.app, "jobs WHERE last_error LIKE 'beginning TLS: %STARTTLS%'").await, 1);
    let asked_for = desk.app.another(&[("SMTP_URL", &format!("smtp://{place}")), ("SMTP_PLAINTEXT", "true")]).await;
    desk.app.pass(MINUTE);
    jobs::run_due(&asked_for.state).await.unwrap();
    let mails = server.mails(1);
    assert_eq!((mails.len(), mails[0].is_secret), (1, false));
}

#[actix_web::test]
async fn a_wrong_password_loses_no_mail() {
    let authority = Authority::new();
    let server = MailServer::start(&[
        "--tls",
        "implicit",
        "--certificate",
        &authority.certificate("localhost"),
        "--password",
        "desk:right",
    ]);
    let url = |password: &str| format!("smtps://desk:{password}@localhost:{}", server.port);
    let desk = Desk::with(&[("SMTP_URL", &url("wr0ng")), ("SMTP_CA_FILE", &authority.file())]).await;
    for number in 0..3 {
        desk.writes_to(&format!("gil{number}@example.org")).await;
    }
    desk.sends().await;
    assert_eq!(count(&desk.app, "jobs WHERE dead_at IS NULL AND last_error LIKE 'signing in: 535 %'").await, 3);
    assert_eq!(count(&desk.app, "jobs WHERE last_error LIKE '%wr0ng%'").await, 0);
    let right = desk.app.another(&[("SMTP_URL", &url("right")), ("SMTP_CA_FILE", &authority.file())]).await;
    desk.app.pass(MINUTE);
    jobs::run_due(&right.state).await.unwrap();
    assert_eq!(server.mails(3).len(), 3);
    assert_eq!(desk.waiting().await, 0);
}

#[actix_web::test]
async fn who_is_refused_is_given_up_at_once_with_the_reason_and_keeps_nobody_up() {
    let server = MailServer::start(&[]);
    let desk = Desk::at(&format!("127.0.0.1:{}", server.port)).await;
    for name in ["refused", "gil", "spam", "gus"] {
        desk.writes_to(&format!("{name}@example.org")).await;
    }
    desk.sends().await;
    let mut arrived: Vec<String> = server.mails(2).into_iter().map(|mail| mail.to).collect();
    arrived.sort();
    assert_eq!(arrived, ["gil@example.org", "gus@example.org"]);
    assert_eq!(desk.waiting().await, 0);
    for told in [
        "jobs WHERE dead_at IS NOT NULL AND attempts = 1 AND last_error = 'naming the recipient: 550 5.1.1 (address) no such mailbox'",
        "jobs WHERE dead_at IS NOT NULL AND attempts = 1 AND last_error = 'handing over the mail: 554 5.7.1 Not wanted here'",
    ] {
        assert_eq!(count(&desk.app, told).await, 1, "{told}");
    }
    assert_eq!(count(&desk.app, "jobs WHERE last_error LIKE '%example.org%'").await, 0, "no address is kept");
    let scraped = rejoinder::metrics::scrape(&desk.app.state).await;
    assert!(scraped.contains("rejoinder_jobs{state=\"dead\"} 2"), "{scraped}");
    desk.app.pass(24 * HOUR);
    desk.sends().await;
    assert_eq!(server.stop().0.len(), 2, "they are not tried again");
}

#[actix_web::test]
async fn who_is_told_to_come_again_comes_again() {
    let server = MailServer::start(&[]);
    let desk = Desk::at(&format!("127.0.0.1:{}", server.port)).await;
    desk.writes_to("grey@example.org").await;
    desk.writes_to("gil@example.org").await;
    desk.sends().await;
    assert_eq!(server.mails(1)[0].to, "gil@example.org", "others do not wait");
    assert_eq!(count(&desk.app, "jobs WHERE last_error LIKE 'naming the recipient: 451 4.7.1 Greylisted%'").await, 1);
    desk.sends().await;
    assert_eq!(desk.waiting().await, 1, "not before its time");
    desk.app.pass(MINUTE);
    desk.sends().await;
    assert_eq!(server.mails(2)[1].to, "grey@example.org");
    assert_eq!((desk.waiting().await, server.stop().0.len()), (0, 2));
}

#[actix_web::test]
async fn a_mail_whose_answer_is_lost_is_sent_again_and_is_the_same() {
    let server = MailServer::start(&[]);
    let desk = Desk::at(&format!("127.0.0.1:{}", server.port)).await;
    // of the one nothing was kept, of the other all
    desk.writes_to("hangup@example.org").await;
    desk.writes_to("lost@example.org").await;
    desk.writes_to("gil@example.org").await;
    desk.sends().await;
    assert_eq!(desk.waiting().await, 2);
    assert_eq!(count(&desk.app, "jobs WHERE last_error LIKE 'handing over the mail: %'").await, 2);
    desk.app.pass(MINUTE);
    desk.sends().await;
    assert_eq!(desk.waiting().await, 0);
    server.mails(4);
    let (mails, _) = server.stop();
    let to = |name: &str| {
        let theirs = mails.iter().filter(|mail| mail.to.starts_with(name));
        theirs.map(|mail| mail.text.as_str()).collect::<Vec<_>>()
    };
    assert_eq!((to("gil").len(), to("hangup").len()), (1, 1));
    let [first, second] = to("lost")[..] else { panic!("{mails:?}") };
    let ids = [first, second].map(|text| text.split_once("Message-ID: ").unwrap().1.lines().next().unwrap());
    assert_eq!(ids[0], ids[1]);
    assert_eq!(first, second, "byte by byte");
}

#[actix_web::test]
async fn a_silent_server_is_waited_for_so_long_and_keeps_nothing_else_waiting() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let url = format!("smtp://127.0.0.1:{port}");
    let variables = [("SMTP_URL", &*url), ("SMTP_PLAINTEXT", "true"), ("SMTP_TIMEOUT_SECS", "1")];
    let desk = Desk::with(&variables).await;
    desk.writes_to("gil@example.org").await;
    let state = desk.app.state.clone();
    let sending = actix_web::rt::spawn(async move { jobs::run_due(&state).await });
    let accepted: TcpStream = tokio::task::spawn_blocking(move || silent.accept().unwrap().0).await.unwrap();
    // while the server says nothing, all else is done
    let others = async {
        desk.sends().await;
        desk.app.get("/api/v1/sites").expect(200).await;
    };
    timeout(PATIENCE, others).await.expect("nobody waits for the server");
    timeout(PATIENCE, sending).await.expect("it is not waited for for ever").unwrap().unwrap();
    drop(accepted);
    assert_eq!(count(&desk.app, "jobs WHERE last_error = 'connecting: no answer within 1 s'").await, 1);
    assert_eq!(desk.waiting().await, 1);
}

#[actix_web::test]
async fn mails_of_a_dead_server_wait_for_days_and_arrive_once_when_it_is_back() {
    const ADDRESS: &str = "127.0.0.77";
    let server = MailServer::start(&["--address", ADDRESS]);
    let port = server.port;
    server.stop();
    let desk = Desk::at(&format!("{ADDRESS}:{port}")).await;
    for number in 0..8 {
        desk.writes_to(&format!("gil{number}@example.org")).await;
    }
    desk.sends().await;
    let tried = "jobs WHERE kind = 'send_mail' AND last_error LIKE 'connecting: %refused%' AND attempts = 1";
    assert_eq!(count(&desk.app, tried).await, 5, "after five it is left alone");
    for _ in 0..3 * 24 {
        desk.app.pass(HOUR);
        desk.sends().await;
    }
    assert_eq!(desk.waiting().await, 8);

    let server = MailServer::start(&["--address", ADDRESS, "--port", &port.to_string()]);
    desk.app.pass(2 * HOUR);
    desk.sends().await;
    server.mails(8);
    desk.app.pass(2 * HOUR);
    desk.sends().await;
    let (mails, connections) = server.stop();
    let mut arrived: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    arrived.sort();
    let expected: Vec<String> = (0..8).map(|number| format!("gil{number}@example.org")).collect();
    assert_eq!(arrived, expected);
    assert_eq!(connections, 1, "one after the other on the same connection");
    assert_eq!(desk.waiting().await, 0);
    desk.app.check().await;
}

#[actix_web::test]
async fn a_connection_that_the_server_had_enough_of_is_no_failure() {
    let server = MailServer::start(&[]);
    let desk = Desk::at(&format!("127.0.0.1:{}", server.port)).await;
    // behind a mail that was taken the connection is gone, and the next one finds out
    desk.writes_to("leave@example.org").await;
    desk.writes_to("gil@example.org").await;
    desk.sends().await;
    server.mails(2);
    let (mails, connections) = server.stop();
    assert_eq!((mails.len(), connections), (2, 2));
    assert_eq!(desk.waiting().await, 0);
}

/// A folder of variables with this server, and no database.
fn home(url: &str, authority: &Authority) -> Home {
    let mut home = Home::new();
    home.set("SMTP_URL", url);
    home.set("SMTP_CA_FILE", &authority.file());
    // whatever is logged at all
    home.set("LOG_FILTER", "trace");
    home
}

#[test]
fn a_test_mail_tells_what_the_server_says_and_no_password() {
    let authority = Authority::new();
    let certificate = authority.certificate("localhost");
    let server = MailServer::start(&["--tls", "starttls", "--certificate", &certificate, "--password", "desk:s3cret"]);
    let url = |password: &str| format!("smtp://desk:{password}@localhost:{}", server.port);
    let send = |home: &Home, to: &str| home.run(&["admin", "send-test-mail", to]);
    let right = home(&url("s3cret"), &authority);
    let place = format!("localhost:{}", server.port);

    let sent = send(&right, "ann@example.org");
    assert_eq!(sent.out, format!("{place} took the mail: 250 2.0.0 OK: queued as 7\n"));
    for secret in ["s3cret", "AGRlc2sAczNjcmV0"] {
        assert!(!sent.err.contains(secret), "{}", sent.err);
    }
    let letter = server.mails(1)[0].letter();
    assert!(letter.to == "ann@example.org" && letter.text.contains("http://comments.example"), "{letter:?}");
    let refused = send(&right, "refused@example.org").failed(1);
    assert!(
        refused.contains(&format!("{place} did not take the mail: naming the recipient: 550 5.1.1 <refused@")),
        "{refused}"
    );
    assert!(send(&right, "grey@example.org").failed(1).contains("451 4.7.1 Greylisted"));
    assert!(send(&right, "nonsense").failed(1).contains("exactly one @"));
    let wrong = send(&home(&url("wr0ng"), &authority), "ann@example.org").failed(1);
    assert!(wrong.contains("signing in: 535 5.7.8") && !wrong.contains("wr0ng"), "{wrong}");
    let other = send(&home(&url("s3cret"), &Authority::new()), "ann@example.org").failed(1);
    assert!(other.contains("beginning TLS: invalid peer certificate"), "{other}");
    drop(server);
    assert!(send(&right, "ann@example.org").failed(1).contains("connecting: Connection refused"));

    let home = Home::new();
    let written = send(&home, "ann@example.org").succeeded();
    let file = written.trim_end().rsplit(' ').next().unwrap();
    assert!(
        written.contains("SMTP_URL") && std::fs::read_to_string(file).unwrap().contains("ann@example.org"),
        "{written}"
    );
    assert!(!home.path("test.sqlite").exists(), "no database was needed");
}

#[test]
fn a_service_says_where_its_mails_go_and_sends_them_by_itself() {
    let authority = Authority::new();
    let certificate = authority.certificate("localhost");
    let server = MailServer::start(&["--tls", "implicit", "--certificate", &certificate, "--password", "desk:s3cret"]);
    let (mut home, service, path, _) = home_with_a_story();
    service.stop();
    home.set("SMTP_URL", &format!("smtps://desk:s3cret@localhost:{}", server.port));
    home.set("SMTP_CA_FILE", &authority.file());
    let service = home.serve();
    let ann = service.sign_in("ann", PASSWORD);
    let reply = service.send("POST", &path, Some(&ann), Some(&json!({"body": "Said to be illegal."}))).json();
    let path = format!("/api/v1/replies/{}/guest-notices", reply["id"].as_str().unwrap());
    assert_eq!(service.send("POST", &path, None, Some(&notice_of("gil@example.org"))).status, 202);
    // the mail to ann, who signed up before, goes there too where the first service was ended before it wrote that
    until("gil's mail", || server.mails(1).into_iter().find(|mail| mail.to == "gil@example.org"));
    let log = service.stop();
    assert!(log.contains(&format!("mails are handed to a server server=localhost:{}", server.port)), "{log}");
    assert!(!log.contains("s3cret") && !log.contains("written into files"), "{log}");
}
