//! Mails as files: read by the tests, and sent whatever happens.

use std::{fs, path::PathBuf, time::Duration};

use rejoinder::{domain::job::JobKind, jobs};
use serde_json::{Value, json};

use crate::{app::App, world::notice};

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    head: String,
}

impl Letter {
    fn parse(mail: &str) -> Self {
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let field = |name: &str| {
            let value = head.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            value.trim().to_owned()
        };
        let text = match field("Content-Transfer-Encoding:").as_str() {
            "quoted-printable" => unquoted(body),
            _ => body.to_owned(),
        };
        let to = field("To:").trim_matches(['<', '>']).to_owned();
        Self { to, subject: field("Subject:"), text: text.replace("\r\n", "\n"), head }
    }

    /// What stands behind the `#` of its link.
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("http://comments.example/notices/confirm#").expect("a link");
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

/// Quoted-printable (RFC 2045, section 6.7) as it was.
fn unquoted(text: &str) -> String {
    let mut bytes = Vec::new();
    let text = text.replace("=\r\n", "");
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'=', [a, b, tail @ ..]) => {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&[*a, *b]).unwrap(), 16).unwrap());
                rest = tail;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl App {
    fn mail_folder(&self) -> PathBuf {
        self.database.folder.path().join("mail")
    }

    /// Sends what waits; all mails that were ever sent, in the order of their being left.
    pub async fn mails(&self) -> Vec<Letter> {
        jobs::run_due(&self.state).await.unwrap();
        let Ok(entries) = fs::read_dir(self.mail_folder()) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        assert!(paths.iter().all(|path| path.extension().is_some_and(|ending| ending == "eml")), "{paths:?}");
        paths.iter().map(|path| Letter::parse(&fs::read_to_string(path).unwrap())).collect()
    }

    /// The mails to somebody.
    pub async fn mails_to(&self, address: &str) -> Vec<Letter> {
        self.mails().await.into_iter().filter(|letter| letter.to.eq_ignore_ascii_case(address)).collect()
    }
}

/// A notice by a guest.
pub fn notice_of(email: &str) -> Value {
    let mut form = notice();
    form["name"] = json!("Gil Guest");
    form["email"] = json!(email);
    form
}

#[actix_web::test]
async fn a_mail_that_cannot_be_written_is_sent_later_and_is_the_same_however_often() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let reply = app.reader("ann").await.replies(&story, "Said to be illegal.").await;
    jobs::run_due(&app.state).await.unwrap();
    // a file where the folder ought to be
    fs::write(app.mail_folder(), "").unwrap();
    let path = format!("/api/v1/replies/{}/guest-notices", reply.id);
    app.post(path).json(notice_of("gil@example.org")).expect(202).await;
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(fs::read_to_string(app.mail_folder()).unwrap(), "");
    fs::remove_file(app.mail_folder()).unwrap();
    assert_eq!(app.mails().await.len(), 0, "not before its time");
    app.pass(Duration::from_secs(60));
    let mails = app.mails().await;
    assert_eq!(mails.len(), 1);
    let head = &mails[0].head;
    assert!(head.contains("no-reply@comments.example") && head.contains("Auto-Submitted: auto-generated"), "{head}");
    let file = fs::read_dir(app.mail_folder()).unwrap().next().unwrap().unwrap().file_name();
    let id = file.to_str().unwrap().strip_suffix(".eml").unwrap().to_owned();
    assert!(head.contains(&format!("Message-ID: <{id}@comments.example>")), "{head}");
    app.pass(Duration::from_secs(3_600));
    assert_eq!(app.mails().await.len(), 1, "once it was sent it is forgotten");
}

#[actix_web::test]
async fn who_reads_the_database_reads_no_link() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let reply = app.reader("ann").await.replies(&story, "Said to be illegal.").await;
    let path = format!("/api/v1/replies/{}/guest-notices", reply.id);
    app.post(path).json(notice_of("gil@example.org")).expect(202).await;
    let now = app.now();
    let waiting = app.read(move |conn| {
        let lane = rejoinder::domain::job::Lane::Mail;
        rejoinder::store::jobs::list_due(conn, lane, now, 10).unwrap()
    });
    let waiting = waiting.await;
    assert_eq!(waiting.len(), 1);
    assert!(!waiting[0].1.contains("gil") && !waiting[0].1.contains("notices"), "{}", waiting[0].1);
}

#[actix_web::test]
async fn mails_are_from_whom_the_configuration_names() {
    let app = App::with(&[("MAIL_FROM", "desk@blog.example")]).await;
    let story = app.site("blog").await.story("s1").await;
    let reply = app.reader("ann").await.replies(&story, "Said to be illegal.").await;
    let path = format!("/api/v1/replies/{}/guest-notices", reply.id);
    app.post(path).json(notice_of("gil@example.org")).expect(202).await;
    let head = &app.mails().await[0].head;
    assert!(head.contains("<desk@blog.example>") && head.contains("@blog.example>"), "{head}");
}

#[actix_web::test]
async fn a_mail_that_cannot_be_sent_at_all_is_given_up_and_forgotten_after_a_month() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let reply = app.reader("ann").await.replies(&story, "Said to be illegal.").await;
    fs::write(app.mail_folder(), "").unwrap();
    let path = format!("/api/v1/replies/{}/guest-notices", reply.id);
    app.post(path).json(notice_of("gil@example.org")).expect(202).await;
    let waiting = async || {
        let job = app.read(|conn| rejoinder::store::jobs::is_waiting(conn, JobKind::SendMail).unwrap());
        job.await
    };
    for tries in 1..=15 {
        assert!(waiting().await, "before try {tries}");
        jobs::run_due(&app.state).await.unwrap();
        app.pass(Duration::from_secs(2 * 3_600));
    }
    assert!(!waiting().await);
    let dead = async || rejoinder::metrics::scrape(&app.state).await.contains("rejoinder_jobs{state=\"dead\"} 1");
    assert!(dead().await, "it stays to be looked at");
    app.pass(Duration::from_secs(29 * 24 * 3_600));
    jobs::run_due(&app.state).await.unwrap();
    assert!(dead().await);
    app.pass(Duration::from_secs(2 * 24 * 3_600));
    jobs::run_due(&app.state).await.unwrap();
    assert!(!dead().await, "an address is in it");
}
