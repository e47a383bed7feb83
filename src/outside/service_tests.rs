//! Sites' endpoints and Akismet's protocol against servers on this machine.

use std::{
    sync::Arc,
    sync::atomic::{AtomicI64, AtomicUsize, Ordering},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::{
    Answer, Outside, OutsideError,
    akismet::{Akismet, Blog, Comment},
    breaker::{FIRST_WAIT, MAX_FAILURES},
    client::Settings,
    endpoint::Endpoint,
    guard::Guard,
    local_server::{Asked, LocalServer, Then, answer, ok},
    signature::{Secret, Secrets},
    webhook::{AskedAuthor, AskedReply, AskedStory, Question, Webhook},
};
use crate::{
    clock::Clock,
    domain::{ids::JobId, rules::Outcome, timestamp::Timestamp},
};

const OPEN: Guard = Guard::new(true);
const NOW: i64 = 1_795_000_000_000_000;
const JOB: JobId = JobId(Uuid::from_u128(7));
const BLOG: Blog<'_> = Blog { key: "123YourAPIKey", url: "https://blog.example/" };

fn outside(clock: Clock) -> Outside {
    Outside::with(OPEN, || Settings { deadline: Duration::from_secs(60), ..Settings::new(OPEN) }, clock)
}

fn standing() -> Outside {
    outside(Clock::from_fn(|| Timestamp::from_micros(NOW)))
}

fn question(site: &str) -> Question<'_> {
    let id = Uuid::from_u128;
    Question {
        site,
        reply: AskedReply {
            id: id(1).into(),
            parent_id: None,
            revision: 2,
            created_at: Timestamp::from_micros(NOW),
            body: "*Hm*",
            html: "<p><em>Hm</em></p>",
        },
        author: AskedAuthor { id: id(2).into(), age_days: 3, approved: 4, rejected: 5, spam: 6 },
        story: AskedStory { id: id(3).into(), external_id: "post-1", headline: "News", url: None },
    }
}

fn webhook(server: &LocalServer) -> Webhook {
    let current = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let former = Secret::parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").ok();
    let endpoint = Endpoint::parse(&format!("http://{}/check?a=b", server.address), OPEN).unwrap();
    Webhook { endpoint, secrets: Secrets { current, former } }
}

/// As an endpoint would do it by the specification, with this secret alone.
fn is_signed_with(asked: &Asked, secret: &str) -> bool {
    let key = STANDARD.decode(secret).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", asked.header("webhook-id"), asked.header("webhook-timestamp")).as_bytes());
    mac.update(&asked.body);
    let expected = mac.finalize().into_bytes();
    asked.header("webhook-signature").split(' ').any(|signature| {
        signature.strip_prefix("v1,").is_some_and(|signature| STANDARD.decode(signature).unwrap() == expected[..])
    })
}

#[tokio::test]
async fn an_endpoint_is_asked_with_a_signature_that_either_secret_proves() {
    let server = LocalServer::start(|asked| {
        let is_ours = ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];
        let is_ours = is_ours.into_iter().all(|secret| is_signed_with(asked, secret));
        let is_others = is_signed_with(asked, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB");
        match is_ours && !is_others {
            true => ok(r#"{"outcome": "hold", "score": 0.5, "labels": ["insult"]}"#),
            false => answer("401 Unauthorized", &[], ""),
        }
    })
    .await;
    let answer = standing().ask(&webhook(&server), JOB, &question("blog")).await.unwrap();
    let expected = Answer { score: Some(0.5), labels: vec!["insult".to_owned()], ..Answer::plain(Outcome::Hold) };
    assert_eq!(answer, expected);
    let asked = &server.asked()[0];
    assert_eq!(asked.line, "POST /check?a=b HTTP/1.1");
    assert_eq!(asked.header("webhook-id"), JOB.to_string());
    assert_eq!(asked.header("webhook-timestamp"), "1795000000");
    assert_eq!(asked.header("content-type"), "application/json");
    let body: serde_json::Value = serde_json::from_slice(&asked.body).unwrap();
    insta::assert_json_snapshot!(body, @r#"
    {
      "author": {
        "age_days": 3,
        "approved": 4,
        "id": "00000000-0000-0000-0000-000000000002",
        "rejected": 5,
        "spam": 6
      },
      "reply": {
        "body": "*Hm*",
        "created_at": "2026-11-18T11:06:40Z",
        "html": "<p><em>Hm</em></p>",
        "id": "00000000-0000-0000-0000-000000000001",
        "parent_id": null,
        "revision": 2
      },
      "site": "blog",
      "story": {
        "external_id": "post-1",
        "headline": "News",
        "id": "00000000-0000-0000-0000-000000000003",
        "url": null
      }
    }
    "#);
}

#[tokio::test]
async fn an_endpoint_that_fails_time_after_time_is_left_alone_and_tried_again() {
    let (seconds, failures) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicUsize::new(0)));
    let (ticking, failing) = (seconds.clone(), failures.clone());
    let outside =
        outside(Clock::from_fn(move || Timestamp::from_micros(NOW + ticking.load(Ordering::Relaxed) * 1_000_000)));
    let server = LocalServer::start(move |_| match failing.fetch_add(1, Ordering::Relaxed) {
        0 => ok("{}"),
        1 => ok("not JSON"),
        2 => answer("500 Hm", &[], ""),
        3 => answer("302 Found", &[], ""),
        4 => Then::SayAndEnd(Vec::new()),
        _ => ok(r#"{"outcome": "pass"}"#),
    })
    .await;
    let (hook, asked) = (webhook(&server), question("blog"));
    for _ in 0..MAX_FAILURES {
        outside.ask(&hook, JOB, &asked).await.unwrap_err();
    }
    let open = OutsideError::BreakerOpen { retry_after: FIRST_WAIT };
    assert_eq!(outside.ask(&hook, JOB, &asked).await.unwrap_err(), open);
    assert_eq!(server.asked().len(), 5);
    outside.ask(&hook, JOB, &question("another blog")).await.unwrap();
    seconds.store(30, Ordering::Relaxed);
    outside.ask(&hook, JOB, &asked).await.unwrap();
    outside.ask(&hook, JOB, &asked).await.unwrap();
}

/// The fields that it was sent.
fn form(asked: &Asked) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&asked.body).into_owned().collect()
}

fn comment() -> Comment<'static> {
    Comment {
        author: "Ann & Bob",
        content: "Größe = 1 + 1\n",
        permalink: Some("https://blog.example/1"),
        created_at: Timestamp::from_micros(NOW),
        is_answer: true,
        is_edit: false,
        user_ip: None,
        user_agent: None,
    }
}

/// A server that speaks the protocol: it knows one key, and texts by what they hold.
async fn akismet_server() -> (LocalServer, Akismet) {
    let server = LocalServer::start(|asked| {
        let form = form(asked);
        let field = |name: &str| form.iter().find(|(is, _)| is == name).map_or("", |(_, value)| value.as_str());
        let path = asked.line.split(' ').nth(1).unwrap();
        let content = field("comment_content");
        match (path, field("api_key") == BLOG.key) {
            ("/base/1.1/verify-key", known) => ok(if known && field("key") == BLOG.key { "valid" } else { "invalid" }),
            ("/base/1.1/comment-check", false) => {
                answer("200 OK", &["X-akismet-debug-help: We were unable to find the key"], "invalid")
            }
            ("/base/1.1/comment-check", true) if content.contains("blatant") => {
                answer("200 OK", &["X-akismet-pro-tip: discard"], "true")
            }
            ("/base/1.1/comment-check", true) if content.contains("empty") => {
                answer("200 OK", &["X-akismet-debug-help: No \"user_ip\" from 123YourAPIKey"], "Missing")
            }
            ("/base/1.1/comment-check", true) => ok(if content.contains("spam") { "true" } else { "false" }),
            ("/base/1.1/submit-spam" | "/base/1.1/submit-ham", true) => ok("Thanks for making the web a better place."),
            ("/base/1.1/submit-spam" | "/base/1.1/submit-ham", false) => ok("Invalid Key"),
            _ => answer("404 Not Found", &[], ""),
        }
    })
    .await;
    let akismet = Akismet::new(&format!("http://{}/base/", server.address), OPEN).unwrap();
    (server, akismet)
}

#[tokio::test]
async fn akismet_is_asked_with_a_form_and_its_word_is_an_answer() {
    let (server, akismet) = akismet_server().await;
    let outside = standing();
    let check = async |content| akismet.check(&outside, BLOG, &Comment { content, ..comment() }).await;
    assert_eq!(check("fine").await.unwrap(), Answer::plain(Outcome::Pass));
    assert_eq!(check("spam").await.unwrap(), Answer::plain(Outcome::Spam));
    assert_eq!(check("blatant").await.unwrap(), Answer { score: Some(1.0), ..Answer::plain(Outcome::Spam) });
    let error = check("empty").await.unwrap_err();
    assert_eq!(error, OutsideError::malformed("No \"user_ip\" from (key)"), "the key is not shown");
    assert_eq!(server.asked()[0].line, "POST /base/1.1/comment-check HTTP/1.1");
}

#[tokio::test]
async fn akismet_is_told_what_there_is_and_nothing_else() {
    let (server, akismet) = akismet_server().await;
    let outside = standing();
    akismet.check(&outside, BLOG, &comment()).await.unwrap();
    let ip = Some("192.0.2.1".parse().unwrap());
    let more = Comment { user_ip: ip, user_agent: Some("Browser/1"), is_edit: true, is_answer: false, ..comment() };
    akismet.check(&outside, BLOG, &more).await.unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].header("content-type"), "application/x-www-form-urlencoded; charset=utf-8");
    let fields = |asked: &Asked| {
        form(asked).into_iter().map(|(name, value)| format!("{name}={value:?}")).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(fields(&asked[0]), @r#"
    api_key="123YourAPIKey"
    blog="https://blog.example/"
    permalink="https://blog.example/1"
    comment_type="reply"
    comment_author="Ann & Bob"
    comment_content="Größe = 1 + 1\n"
    comment_date_gmt="2026-11-18T11:06:40Z"
    blog_charset="UTF-8"
    "#);
    insta::assert_snapshot!(fields(&asked[1]), @r#"
    api_key="123YourAPIKey"
    blog="https://blog.example/"
    user_ip="192.0.2.1"
    user_agent="Browser/1"
    permalink="https://blog.example/1"
    comment_type="comment"
    comment_author="Ann & Bob"
    comment_content="Größe = 1 + 1\n"
    comment_date_gmt="2026-11-18T11:06:40Z"
    blog_charset="UTF-8"
    recheck_reason="edit"
    "#);
}

#[tokio::test]
async fn akismet_learns_from_people() {
    let (server, akismet) = akismet_server().await;
    let outside = standing();
    akismet.submit_spam(&outside, BLOG, &comment()).await.unwrap();
    akismet.submit_ham(&outside, BLOG, &comment()).await.unwrap();
    let lines: Vec<_> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines, ["POST /base/1.1/submit-spam HTTP/1.1", "POST /base/1.1/submit-ham HTTP/1.1"]);
}

#[tokio::test]
async fn a_wrong_key_is_told_and_does_not_count_against_the_service() {
    let (server, akismet) = akismet_server().await;
    let (outside, wrong) = (standing(), Blog { key: "no", ..BLOG });
    assert!(akismet.verify_key(&outside, BLOG).await.unwrap());
    assert!(!akismet.verify_key(&outside, wrong).await.unwrap());
    for _ in 0..=MAX_FAILURES {
        assert_eq!(akismet.check(&outside, wrong, &comment()).await.unwrap_err(), OutsideError::WrongKey);
        assert_eq!(akismet.submit_spam(&outside, wrong, &comment()).await.unwrap_err(), OutsideError::WrongKey);
    }
    akismet.check(&outside, BLOG, &comment()).await.unwrap();
    assert_eq!(server.asked().len(), 15);
    assert!(!format!("{BLOG:?}").contains(BLOG.key));
}
