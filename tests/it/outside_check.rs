//! Replies about which a site asks somebody outside: they wait for the answer, and it does what it says.

use std::time::Duration;

use rejoinder::{
    domain::job::Lane,
    jobs,
    store::{self, check},
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::App,
    asked_server::{AskedServer, Says, outcome_is},
    outside::Outside,
    process::PATIENCE,
};

const MOMENT: Duration = Duration::from_millis(20);

/// A blog that asks a server.
pub struct Asking {
    pub app: App,
    pub blog: Site,
    pub story: Story,
    pub ann: Person,
    pub mona: Person,
    pub secret: String,
}

impl Asking {
    pub async fn start(server: &AskedServer) -> Self {
        Self::on(App::asking(PATIENCE).await, server).await
    }

    pub async fn on(app: App, server: &AskedServer) -> Self {
        let blog = app.site("blog").await;
        let secret = asks(&blog, json!({"kind": "webhook", "url": server.url()})).await["secret"].clone();
        let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
        Self { app, blog, story, ann, mona, secret: secret.as_str().unwrap().to_owned() }
    }

    /// Lets what is due be asked.
    pub async fn run(&self) {
        jobs::run_due(&self.app.state).await.unwrap();
    }

    pub async fn item(&self, reply: &Reply) -> Value {
        self.mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json()
    }

    pub async fn trace(&self, reply: &Reply) -> Value {
        self.mona.get(format!("/api/v1/moderation/replies/{}/trace", reply.id)).expect(200).await.json()
    }

    /// What the last verdict of a reply says: its state, what decided, and the outside finding.
    pub async fn said(&self, reply: &Reply) -> (String, String, Value) {
        let trace = self.trace(reply).await;
        let verdict = &trace["verdicts"][0];
        let found = verdict["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "outside");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (
            text(&trace["state"]),
            text(&verdict["decided_by"]),
            found.map_or(Value::Null, |found| found["outcome"].clone()),
        )
    }

    /// The reply as it stands now.
    pub async fn again(&self, reply: &Reply) -> Reply {
        let item = self.item(reply).await;
        Reply {
            version: item["version"].as_i64().unwrap(),
            state: item["state"].as_str().unwrap().to_owned(),
            ..reply.clone()
        }
    }

    /// Jobs of this kind.
    pub fn jobs(&self, kind: &str) -> i64 {
        Outside::of(&self.app).count(&format!("SELECT count(*) AS count FROM jobs WHERE kind = '{kind}'"))
    }
}

/// Has a site ask somebody.
pub async fn asks(site: &Site, whom: Value) -> Value {
    let path = format!("/api/v1/sites/{}/outside-check", site.key);
    site.admin.put(path).header("If-Match", "*").json(whom).expect(200).await.json()
}

fn are(state: &str, decided_by: &str, outcome: Value) -> (String, String, Value) {
    (state.to_owned(), decided_by.to_owned(), outcome)
}

#[actix_web::test]
async fn a_reply_waits_for_the_answer_and_is_released_by_it() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let reply = asking.ann.replies(&asking.story, "A *plain* answer.").await;
    assert_eq!((reply.state.as_str(), asking.story.count().await), ("pending", 0));
    let trace = asking.trace(&reply).await;
    assert_eq!((&trace["verdicts"][0]["decided_by"], &trace["asking"]["tries"]), (&json!("outside"), &json!(0)));
    assert_eq!(asking.item(&reply).await["decided_by"], "outside");

    asking.run().await;
    assert_eq!(asking.said(&reply).await, are("approved", "mode", json!("pass")));
    assert_eq!((asking.story.count().await, asking.jobs("ask_outside")), (1, 0));
    let trace = asking.trace(&reply).await;
    assert_eq!(
        (&trace["decisions"][0]["action"], &trace["decisions"][0]["actor_kind"]),
        (&json!("judge"), &json!("system"))
    );
    assert_eq!(trace["asking"], Value::Null);

    let asked = server.asked().remove(0);
    assert!(asked.is_signed_with(&asking.secret));
    let question = asked.json();
    assert_eq!(question["site"], "blog");
    assert_eq!((&question["reply"]["id"], &question["reply"]["revision"]), (&json!(reply.id), &json!(1)));
    assert_eq!(question["reply"]["body"], "A *plain* answer.");
    assert_eq!(question["reply"]["html"], "<p>A <em>plain</em> answer.</p>\n");
    assert_eq!(
        question["author"],
        json!({"id": asking.ann.id, "age_days": 0, "approved": 0, "rejected": 0, "spam": 0})
    );
    assert_eq!((&question["story"]["external_id"], &question["story"]["url"]), (&json!("s1"), &Value::Null));
    asking.app.check().await;
}

#[actix_web::test]
async fn an_answer_flags_holds_or_takes_for_spam_and_its_words_are_told() {
    let server = AskedServer::with_outcome("flag").await;
    let asking = Asking::start(&server).await;
    let (story, ann) = (&asking.story, &asking.ann);
    let flagged = ann.replies(story, "One.").await;
    asking.run().await;
    assert_eq!(asking.said(&flagged).await, are("approved", "mode", json!("flag")));
    assert!(asking.item(&flagged).await["flagged_at"].is_string());

    let answer = json!({"outcome": "hold", "score": 0.75, "labels": ["insult", "haste"], "message": "Look at it."});
    server.says(Says::Body(answer.to_string()));
    let held = ann.replies(story, "Two.").await;
    asking.run().await;
    assert_eq!(asking.said(&held).await, are("pending", "outside", json!("hold")));
    let finding = asking.item(&held).await["findings"][0].clone();
    assert_eq!((&finding["words"], &finding["score"]), (&json!("insult, haste: Look at it."), &json!(0.75)));

    server.says(outcome_is("spam"));
    let spam = ann.replies(story, "Three.").await;
    asking.run().await;
    assert_eq!(asking.said(&spam).await, are("spam", "outside", json!("spam")));
    // what nobody decided counts for nothing against the author
    server.says(outcome_is("pass"));
    let next = ann.replies(story, "Four.").await;
    asking.run().await;
    assert_eq!(asking.again(&next).await.state, "approved");
    asking.app.check().await;
}

#[actix_web::test]
async fn an_answer_never_releases_what_a_rule_or_the_mode_holds() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    asking.blog.policy(json!({"words": {"hold": ["casino"], "spam": ["viagra"]}})).await;
    let pre = asking.blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let (story, ann) = (&asking.story, &asking.ann);
    let held = ann.replies(story, "A casino.").await;
    let spam = ann.replies(story, "Some viagra.").await;
    let waits = ann.replies(&pre, "A plain answer.").await;
    asking.run().await;
    assert_eq!(server.asked().len(), 3);
    assert_eq!(asking.said(&held).await, are("pending", "rules", json!("pass")));
    assert_eq!(asking.said(&spam).await, are("spam", "rules", json!("pass")));
    assert_eq!(asking.said(&waits).await, are("pending", "mode", json!("pass")));

    // but it may be stricter
    server.says(outcome_is("spam"));
    let held = ann.replies(story, "A casino again.").await;
    asking.run().await;
    assert_eq!(asking.said(&held).await, are("spam", "outside", json!("spam")));
    server.says(outcome_is("hold"));
    let waits = ann.replies(&pre, "A plain answer again.").await;
    asking.run().await;
    assert_eq!(asking.said(&waits).await, are("pending", "outside", json!("hold")));
    asking.app.check().await;
}

#[actix_web::test]
async fn people_of_the_site_wait_for_the_answer_too_and_what_it_says_is_told() {
    let server = AskedServer::with_outcome("spam").await;
    let asking = Asking::start(&server).await;
    let columnist = asking.blog.author("columnist").await;
    let reply = columnist.replies(&asking.story, "About pills, a report.").await;
    assert_eq!(reply.state, "pending");
    asking.run().await;
    assert_eq!(asking.said(&reply).await, are("approved", "staff", json!("spam")));
    asking.app.check().await;
}

#[actix_web::test]
async fn an_edit_is_asked_about_and_is_no_way_out_of_a_queue() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let (story, ann) = (&asking.story, &asking.ann);
    let reply = ann.replies(story, "NOBODY EVER LISTENS TO ME HERE").await;
    asking.run().await;
    let reply = asking.again(&reply).await;
    asking.app.reader("bob").await.reports(&reply, "abuse").await;
    assert!(asking.item(&reply).await["flagged_at"].is_string());
    let edited = ann.edits(&reply, "I take that back.").await;
    assert_eq!((edited.state.as_str(), story.count().await), ("pending", 0));
    // nor is another one before the answer
    let edited = ann.edits(&edited, "I take that back, really.").await;
    asking.run().await;
    let item = asking.item(&edited).await;
    assert_eq!((&item["state"], &item["open_reports"]), (&json!("approved"), &json!(1)));
    assert!(item["flagged_at"].is_string());
    let questions: Vec<_> = server.asked().iter().map(|asked| asked.json()["reply"]["revision"].clone()).collect();
    assert_eq!(questions, [1, 3]);
    // what waits for a moderator goes on waiting
    server.says(outcome_is("hold"));
    let held = ann.replies(story, "Held.").await;
    asking.run().await;
    server.says(outcome_is("pass"));
    let edited = ann.edits(&asking.again(&held).await, "Held and mended.").await;
    asking.run().await;
    assert_eq!(asking.said(&edited).await, are("pending", "waiting", json!("pass")));
    asking.app.check().await;
}

#[actix_web::test]
async fn what_happens_while_the_answer_is_on_its_way_is_not_overwritten() {
    let server = AskedServer::with_outcome("spam").await;
    let asking = Asking::start(&server).await;
    let (story, ann, mona) = (&asking.story, &asking.ann, &asking.mona);
    let run = || {
        let state = asking.app.state.clone();
        actix_web::rt::spawn(async move { jobs::run_due(&state).await.unwrap() })
    };
    let decided = ann.replies(story, "Decided meanwhile.").await;
    let (reached, go_on) = server.hold();
    let running = run();
    reached.await.unwrap();
    assert_eq!(mona.decides(&decided, "approve").await.state, "approved");
    go_on.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(asking.again(&decided).await.state, "approved");

    let withdrawn = ann.replies(story, "Withdrawn meanwhile.").await;
    let (reached, go_on) = server.hold();
    let running = run();
    reached.await.unwrap();
    ann.withdraws(&withdrawn).await;
    go_on.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(asking.again(&withdrawn).await.state, "withdrawn");

    let edited = ann.replies(story, "Edited meanwhile.").await;
    let (reached, go_on) = server.hold();
    let running = run();
    reached.await.unwrap();
    let after = ann.edits(&edited, "Another text.").await;
    assert_eq!(after.state, "pending");
    server.says(outcome_is("pass"));
    go_on.send(()).unwrap();
    running.await.unwrap();
    // the first question's answer moved nothing, the second one's did: nothing else had kept it waiting
    assert_eq!(asking.said(&after).await, are("approved", "mode", json!("pass")));
    let texts: Vec<_> = server.asked().iter().map(|asked| asked.json()["reply"]["body"].clone()).collect();
    assert_eq!(texts, ["Decided meanwhile.", "Withdrawn meanwhile.", "Edited meanwhile.", "Another text."]);
    assert_eq!(asking.jobs("ask_outside"), 0);
    asking.app.check().await;
}

#[actix_web::test]
async fn a_question_is_stored_with_its_reply_or_neither_is() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    asking.app.execute("ALTER TABLE jobs RENAME TO lost").await;
    asking.ann.posting(&asking.story, "Lost.").refused("internal").await;
    asking.app.execute("ALTER TABLE lost RENAME TO jobs").await;
    assert_eq!(asking.mona.queue(&asking.blog, "pending").await, [Value::Null; 0]);
    let once = || asking.ann.posting(&asking.story, "Once.").header("Idempotency-Key", "k1").expect(201);
    once().await;
    once().await;
    assert_eq!((asking.mona.queue(&asking.blog, "pending").await.len(), asking.jobs("ask_outside")), (1, 1));
    // others are not asked about
    let other = asking.app.site("other").await.story("s1").await;
    assert_eq!(asking.ann.replies(&other, "Elsewhere.").await.state, "approved");
    assert_eq!(asking.jobs("ask_outside"), 1);
    asking.app.check().await;
}

#[actix_web::test]
async fn many_are_asked_about_at_once_and_none_twice() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let mut replies = Vec::new();
    for number in 0..20 {
        replies.push(asking.ann.replies(&asking.story, &format!("Number {number}")).await);
    }
    // two instances
    let (first, second) = (jobs::run_due(&asking.app.state), jobs::run_due(&asking.app.state));
    let (first, second) = tokio::join!(first, second);
    first.unwrap();
    second.unwrap();
    assert_eq!((server.asked().len(), asking.story.count().await), (20, 20));
    asking.app.check().await;
}

#[actix_web::test]
async fn a_site_whose_endpoint_is_slow_does_not_hold_up_another() {
    let slow = AskedServer::start(Says::Nothing).await;
    // nobody is given up while the test runs
    let asking = Asking::on(App::asking(10 * PATIENCE).await, &slow).await;
    for number in 0..10 {
        asking.ann.replies(&asking.story, &format!("Number {number}")).await;
    }
    let (quick, other) = (AskedServer::with_outcome("pass").await, asking.app.site("other").await);
    asks(&other, json!({"kind": "webhook", "url": quick.url()})).await;
    let story = other.story("s1").await;
    let state = asking.app.state.clone();
    asking.ann.replies(&story, "One.").await;
    let running = actix_web::rt::spawn(async move { jobs::run_due(&state).await.unwrap() });
    timeout(PATIENCE, async {
        while story.count().await == 0 {
            sleep(MOMENT).await;
        }
    })
    .await
    .expect("the other site's reply waits for those of the slow one");
    assert!(slow.asked().len() <= 3, "{}", slow.asked().len());
    running.abort();
    asking.app.check().await;
}

#[actix_web::test]
async fn what_has_just_become_due_is_seen_behind_any_number_of_others() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    for number in 0..7 {
        asking.ann.replies(&asking.story, &format!("Number {number}")).await;
    }
    let now = asking.app.now();
    let due = |limit| {
        asking.app.read(move |conn| {
            let due = store::jobs::list_due(conn, Lane::Outside, now, limit).unwrap();
            due.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
        })
    };
    let all = due(10).await;
    assert_eq!(all.len(), 7);
    assert_eq!(due(2).await, [&all[..2], &all[5..]].concat());
    assert_eq!([due(4).await, due(7).await], [all.clone(), all]);
}

/// What `check` finds wrong.
async fn wrong(app: &App) -> Vec<String> {
    let mut lines = Vec::new();
    app.read(move |conn| {
        check::run(conn, &mut |line| lines.extend(line.differences)).unwrap();
        lines
    })
    .await
}

#[actix_web::test]
async fn check_finds_what_waits_without_a_question_and_what_no_answer_explains() {
    let server = AskedServer::with_outcome("hold").await;
    let asking = Asking::start(&server).await;
    let held = asking.ann.replies(&asking.story, "Held.").await;
    asking.run().await;
    let waits = asking.ann.replies(&asking.story, "Waits.").await;
    assert_eq!(wrong(&asking.app).await, [""; 0]);
    asking.app.execute("DELETE FROM jobs WHERE kind = 'ask_outside'").await;
    let expected = format!("reply {}, version 1: waits for an answer and has no question", waits.id);
    assert_eq!(wrong(&asking.app).await, [expected.as_str()]);
    // as if nothing had been answered about the other
    let json = r#"'{"f":[["words","hold",1.0,[],"x"]]}'"#;
    asking.app.execute(&format!("UPDATE verdicts SET findings = {json} WHERE reply_version = 2")).await;
    let unexplained = format!("reply {}, version 2: pending does not follow from hold, decided by outside", held.id);
    let found = wrong(&asking.app).await;
    assert!(found[0].ends_with("held outside: stored 1, counted 0"), "{found:?}");
    assert_eq!(found[1..], [unexplained, expected]);
}
