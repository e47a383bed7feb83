//! Mails as files: read by the tests, and sent whatever happens.

use std::{fs, path::PathBuf, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use rejoinder::{domain::job::JobKind, jobs};
use serde_json::{Value, json};

use crate::{app::App, world::notice};

/// A mail as its reader sees it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub head: String,
}

/// Unfolded lines, and what follows them.
fn parts_of(message: &str) -> (String, &str) {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    (head.replace("\r\n ", " ").replace("\r\n\t", " "), body)
}

fn field<'h>(head: &'h str, name: &str) -> &'h str {
    head.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim()
}

/// The words of a part of a mail.
fn words(part: &str) -> String {
    let (head, body) = parts_of(part);
    let words = match field(&head, "Content-Transfer-Encoding:") {
        "quoted-printable" => unquoted(body),
        "base64" => String::from_utf8(BASE64.decode(body.replace("\r\n", "")).unwrap()).unwrap(),
        _ => body.to_owned(),
    };
    words.replace("\r\n", "\n")
}

impl Letter {
    /// Of a mail as it goes out: plain text first, the same as HTML behind it (RFC 2046, section 5.1.4).
    pub fn parse(mail: &str) -> Self {
        let (head, body) = parts_of(mail);
        let kind = field(&head, "Content-Type:");
        let boundary = kind.strip_prefix("multipart/alternative; boundary=\"").and_then(|rest| rest.strip_suffix('"'));
        let between = format!("\r\n--{}", boundary.unwrap_or_else(|| panic!("{kind}")));
        let body = format!("\r\n{body}");
        let parts: Vec<&str> = body.split(&between).collect();
        assert!(parts.len() == 4 && parts[3].starts_with("--"), "two parts: {mail}");
        let [text, html] = [parts[1], parts[2]].map(|part| part.strip_prefix("\r\n").unwrap());
        assert!(text.starts_with("Content-Type: text/plain") && html.starts_with("Content-Type: text/html"), "{mail}");
        Self {
            to: field(&head, "To:").trim_matches(['<', '>']).to_owned(),
            subject: field(&head, "Subject:").to_owned(),
            text: words(text),
            html: words(html),
            head,
        }
    }

    /// What stands behind the `#` of its link.
    pub fn token(&self) -> String {
        self.token_of("notices/confirm")
    }

    /// The same of its link to this page.
    pub fn token_of(&self, page: &str) -> String {
        let (_, rest) = self.text.split_once(&format!("http://comments.example/{page}#")).expect("a link");
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
    // Three letters alone stand in the sealed text by chance now and then, which has letters of all kinds but no `@`.
    assert!(!waiting[0].1.contains("gil@") && !waiting[0].1.contains("example.org"), "{}", waiting[0].1);
    assert!(!waiting[0].1.contains("/notices/"), "{}", waiting[0].1);
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
    for hours in (0..5 * 24).step_by(4) {
        jobs::run_due(&app.state).await.unwrap();
        assert!(waiting().await, "after {hours} hours");
        app.pass(Duration::from_secs(4 * 3_600));
    }
    jobs::run_due(&app.state).await.unwrap();
    assert!(!waiting().await, "after five days");
    let dead = async || rejoinder::metrics::scrape(&app.state).await.contains("rejoinder_jobs{state=\"dead\"} 1");
    assert!(dead().await, "it stays to be looked at");
    app.pass(Duration::from_secs(29 * 24 * 3_600));
    jobs::run_due(&app.state).await.unwrap();
    assert!(dead().await);
    app.pass(Duration::from_secs(2 * 24 * 3_600));
    jobs::run_due(&app.state).await.unwrap();
    assert!(!dead().await, "an address is in it");
}

#[actix_web::test]
async fn a_mail_is_on_its_sites_paper_and_says_the_same_twice() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.set(json!({"name": "Tea & <Toast>", "colour": "#ffd400"})).await;
    let reply = app.reader("ann").await.replies(&blog.story("s1").await, "Said to be illegal.").await;
    let path = format!("/api/v1/replies/{}/guest-notices", reply.id);
    app.post(&path).json(notice_of("gil@example.org")).expect(202).await;
    let letter = app.mails().await.remove(0);
    assert!(letter.head.contains("From: \"Tea & <Toast>\" <no-reply@comments.example>"), "{}", letter.head);
    assert!(letter.text.trim_end().ends_with("Tea & <Toast>"), "{}", letter.text);
    assert!(letter.html.contains("background:#ffd400;color:#000000"), "{}", letter.html);
    assert!(letter.html.contains("Tea &#38; &#60;Toast&#62;") && !letter.html.contains("<Toast>"), "{}", letter.html);
    let link = format!("href=\"http://comments.example/notices/confirm#{}\"", letter.token());
    assert!(letter.html.contains(&link) && letter.html.contains(">Open comments.example</a>"), "{}", letter.html);
    for forbidden in ["<img", "<script", "<link", "url(", "@import"] {
        assert!(!letter.html.contains(forbidden), "{forbidden}: {}", letter.html);
    }
    // each word of the one stands in the other
    let shown: String =
        letter.html.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&").replace("&#60;", "<");
    let words = letter.text.split_whitespace().filter(|word| !word.contains('>'));
    words.for_each(|word| assert!(shown.contains(word), "{word}: {shown}"));

    blog.set(json!({"colour": ""})).await;
    app.post(&path).json(notice_of("gus@example.org")).expect(202).await;
    let letter = app.mails_to("gus@example.org").await.remove(0);
    assert!(letter.html.contains("background:#33475b;color:#ffffff"), "{}", letter.html);
}
