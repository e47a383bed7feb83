//! Notices of illegal content: received, decided about with reasons, counted.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site, Story},
    app::{App, Request},
    notice_mails::notice_of,
    together::{together, with_status},
    world::notice,
};

const HOUR: Duration = Duration::from_secs(3_600);

pub struct Desk {
    pub app: App,
    pub blog: Site,
    pub mona: Person,
    pub ann: Person,
    pub bob: Person,
    pub story: Story,
}

impl Desk {
    pub async fn start() -> Self {
        Self::on(App::start().await).await
    }

    pub async fn on(app: App) -> Self {
        let blog = app.site("blog").await;
        blog.forgives().await;
        let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
        let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
        Self { app, blog, mona, ann, bob, story }
    }

    /// Time goes by, and all sign in again.
    pub async fn pass(&mut self, time: Duration) {
        self.app.pass(time);
        self.mona = self.app.sign_in("mona", PASSWORD).await;
        self.ann = self.app.sign_in("ann", PASSWORD).await;
        self.bob = self.app.sign_in("bob", PASSWORD).await;
        self.blog.admin = self.app.sign_in("boss-blog", PASSWORD).await;
    }

    pub async fn queue(&self) -> Vec<Value> {
        let page = self.mona.get("/api/v1/moderation/notices?site=blog").expect(200).await.json();
        page["items"].as_array().unwrap().clone()
    }

    pub async fn of_reply(&self, reply: &Reply) -> Vec<Value> {
        let path = format!("/api/v1/moderation/replies/{}/notices", reply.id);
        self.mona.get(path).expect(200).await.json()["items"].as_array().unwrap().clone()
    }

    pub async fn statistics(&self) -> Value {
        let path = "/api/v1/sites/blog/notices/statistics?from=2026-11-01&to=2027-10-31";
        self.mona.get(path).expect(200).await.json()
    }
}

impl Person {
    pub fn giving_notice(&self, reply: &Reply) -> Request {
        self.post(format!("/api/v1/replies/{}/notices", reply.id)).json(notice())
    }

    /// Gives notice; its reference.
    pub async fn gives_notice(&self, reply: &Reply) -> String {
        self.giving_notice(reply).expect(201).await.json()["reference"].as_str().unwrap().to_owned()
    }

    pub fn deciding_notice(&self, item: &Value, decision: Value) -> Request {
        let path = format!("/api/v1/moderation/notices/{}/decision", item["first"]["id"].as_str().unwrap());
        self.post(path).json(decision)
    }
}

pub const REASONS: &str = "The reply claims as a fact what a court found to be untrue.";

pub fn removed(version: &Value) -> Value {
    json!({"outcome": "removed", "version": version, "basis": "legal", "provision": "Section 186 <b>",
        "reasons": REASONS, "is_automated": false})
}

pub fn kept(version: &Value) -> Value {
    let reasons = "An opinion, as harsh as it may be.";
    json!({"outcome": "kept", "version": version, "reasons": reasons, "is_automated": true})
}

#[actix_web::test]
async fn a_notice_gets_a_reference_waits_in_a_queue_of_its_own_and_is_decided_with_reasons() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let mut form = notice();
    form["law"] = json!("Section 186");
    form["version"] = json!(reply.version);
    let given = desk.bob.post(format!("/api/v1/replies/{}/notices", reply.id)).json(form).expect(201).await;
    let reference = given.json()["reference"].as_str().unwrap().to_owned();
    assert_eq!(given.header("location"), Some(format!("/api/v1/notices/{reference}").as_str()));
    assert!(reference.starts_with("RJ-") && reference.len() == 16, "{reference}");
    let shown = desk.bob.get(format!("/api/v1/notices/{}", reference.to_lowercase())).expect(200).await.json();
    assert_eq!(
        (&shown["state"], &shown["decision"], &shown["law"]),
        (&json!("open"), &Value::Null, &json!("Section 186"))
    );
    // the queue of its own, and none of the others
    let queue = desk.queue().await;
    assert_eq!((queue.len(), &queue[0]["notices"], &queue[0]["body"]), (1, &json!(1), &json!("He took bribes.")));
    assert_eq!((&queue[0]["first"]["username"], &queue[0]["first"]["reference"]), (&json!("bob"), &json!(reference)));
    assert_eq!(desk.mona.queue(&desk.blog, "reported").await.len(), 0);

    desk.mona.deciding_notice(&queue[0], removed(&queue[0]["version"])).expect(201).await;
    assert_eq!(desk.queue().await.len(), 0);
    assert_eq!(desk.story.count().await, 0, "the reply is not public any more");
    let shown = desk.bob.get(format!("/api/v1/notices/{reference}")).expect(200).await.json();
    let decision = &shown["decision"];
    assert_eq!(
        (&shown["state"], &decision["outcome"], &decision["basis"]),
        (&json!("decided"), &json!("removed"), &json!("legal"))
    );
    assert_eq!((&decision["reasons"], &decision["is_automated"]), (&json!(REASONS), &json!(false)));
    assert_eq!(decision["redress"], json!(["site", "out_of_court", "court"]));
    // the author reads the same, and who gave notice nowhere
    let statement = desk.ann.get(format!("/api/v1/replies/{}/notice-decision", reply.id)).expect(200).await.json();
    assert_eq!(&statement, decision);
    assert!(!statement.to_string().contains("bob"));
    desk.bob.get(format!("/api/v1/replies/{}/notice-decision", reply.id)).refused("not_found").await;
    // both are written to
    let [letter] = desk.app.mails_to("bob@example.org").await.try_into().unwrap();
    assert!(letter.text.contains(&reference) && letter.text.contains(REASONS), "{}", letter.text);
    assert!(letter.text.contains("rests on the law: Section 186 <b>") && letter.text.contains("to court"));
    assert!(letter.text.contains("Digital Services Coordinator") && !letter.text.contains("you may appeal"));
    let [letter] = desk.app.mails_to("ann@example.org").await.try_into().unwrap();
    assert!(
        letter.text.contains(REASONS) && letter.text.contains("No automated means") && !letter.text.contains("bob")
    );
    assert!(!letter.text.contains(&reference) && !letter.text.contains("for good"));
    // how to appeal, and until when
    let statement = desk.ann.get(format!("/api/v1/replies/{}/statement", reply.id)).expect(200).await.json();
    let address = format!("http://comments.example{}", statement["appeal_at"].as_str().unwrap());
    let until = statement["appeal_until"].as_str().unwrap()[..16].replace('T', " ");
    assert!(letter.text.contains(&address) && letter.text.contains(&format!("until {until} UTC")), "{}", letter.text);
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_removed_by_the_sites_terms_is_not_called_illegal() {
    let desk = Desk::start().await;
    let words = json!({"illegal": "The law forbids it.", "other": "Our terms: https://blog.example/terms"});
    desk.blog.policy(json!({"history": {"refused_percent": 0}, "fairness": {"words": words}})).await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.bob.gives_notice(&reply).await;
    let item = desk.queue().await.remove(0);
    let mut decision = removed(&item["version"]);
    (decision["basis"], decision["provision"]) = (json!("contractual"), json!("Rule 4"));
    let decided = desk.mona.deciding_notice(&item, decision).expect(201).await.json();
    assert_eq!(desk.story.count().await, 0);
    // the reply's reason
    let log = desk.mona.get("/api/v1/sites/blog/log?action=reject").expect(200).await.json();
    let [rejected] = log["items"].as_array().unwrap().as_slice() else { panic!("{log}") };
    assert_eq!((&rejected["reason"], &rejected["message"]), (&json!("other"), &json!(REASONS)));
    let totals = desk.mona.get("/api/v1/sites/blog/statistics").expect(200).await.json()["totals"].clone();
    assert_eq!(totals["reasons"], json!({"other": 1}));
    // the statement, with the site's words to that ground, and the decision
    let statement = desk.ann.get(format!("/api/v1/replies/{}/statement", reply.id)).expect(200).await.json();
    assert_eq!((&statement["ground"], &statement["words"]), (&json!("other"), &words["other"]));
    assert_eq!((&statement["message"], statement["appeal_at"].is_string()), (&json!(REASONS), true));
    let told = desk.ann.get(format!("/api/v1/replies/{}/notice-decision", reply.id)).expect(200).await.json();
    assert_eq!((&told, &told["basis"], &told["provision"]), (&decided, &json!("contractual"), &json!("Rule 4")));
    // both letters
    for address in ["bob@example.org", "ann@example.org"] {
        let [letter] = desk.app.mails_to(address).await.try_into().unwrap();
        assert!(letter.text.contains("rests on the site's terms: Rule 4\n"), "{}", letter.text);
        assert!(letter.text.contains(REASONS) && !letter.text.contains("rests on the law"), "{}", letter.text);
    }
    let [letter] = desk.app.mails_to("ann@example.org").await.try_into().unwrap();
    assert!(letter.text.contains(&format!("http://comments.example{}", statement["appeal_at"].as_str().unwrap())));
    desk.app.check().await;
}

#[actix_web::test]
async fn the_log_tells_of_receipt_and_decision_by_ids_alone() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.bob.gives_notice(&reply).await;
    let queue = desk.queue().await;
    desk.mona.deciding_notice(&queue[0], removed(&queue[0]["version"])).expect(201).await;
    let log = desk.mona.get("/api/v1/sites/blog/log").expect(200).await.json();
    let rows: Vec<&Value> = log["items"].as_array().unwrap().iter().collect();
    let of = |action: &str| rows.iter().filter(|row| row["action"] == action).copied().collect::<Vec<_>>();
    let [received] = of("receive_notice").try_into().unwrap();
    assert_eq!((&received["actor_id"], &received["actor_kind"]), (&json!(desk.bob.id), &json!("reader")));
    assert_eq!(received["details"], json!({"notice": queue[0]["first"]["id"], "reply": reply.id, "revision": 1}));
    let [decided] = of("decide_notice").try_into().unwrap();
    assert_eq!((&decided["actor_id"], &decided["details"]["outcome"]), (&json!(desk.mona.id), &json!("removed")));
    let [rejected] = of("reject").try_into().unwrap();
    assert_eq!((&rejected["reason"], &rejected["reply_id"]), (&json!("illegal"), &json!(reply.id)));
    assert_eq!(rejected["details"]["notice_decision"], decided["details"]["decision"]);
    for word in ["true", "Section", "court", "example.org"] {
        assert!(rows.iter().all(|row| !row["details"].to_string().contains(word)), "{word}");
    }
    // what the author is told is said of the rejection, as of any
    assert!([received, decided].iter().all(|row| row["note"].is_null() && row["message"].is_null()));
    assert_eq!(rejected["message"], REASONS);
    desk.app.check().await;
}

#[actix_web::test]
async fn what_the_same_person_says_of_the_same_text_is_one_notice() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let first = desk.bob.giving_notice(&reply).header("Idempotency-Key", "k1").expect(201).await;
    let again = desk.bob.giving_notice(&reply).header("Idempotency-Key", "k1").expect(201).await;
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    let mut other = notice();
    other["ground"] = json!("privacy");
    let other = desk.bob.post(format!("/api/v1/replies/{}/notices", reply.id)).json(other);
    assert_eq!(other.expect(201).await.json(), first.json());
    let answers = together((0..6).map(|_| desk.mona.giving_notice(&reply))).await;
    assert_eq!(with_status(&answers, 201), 6);
    assert!(answers.iter().all(|answer| answer.json() == answers[0].json() && answer.json() != first.json()));
    // of another text it is another one
    let reply = desk.ann.edits(&reply, "He took many bribes.").await;
    assert_ne!(desk.bob.gives_notice(&reply).await, first.json()["reference"]);
    let queue = desk.queue().await;
    assert_eq!((queue.len(), &queue[0]["notices"], &queue[1]["notices"]), (2, &json!(2), &json!(1)));
    let texts = ["He took bribes.", "He took many bribes."];
    assert_eq!([&queue[0]["body"], &queue[1]["body"]], texts, "the text that each is about");
    assert_eq!((&queue[0]["first"]["revision"], &queue[0]["revision"]), (&json!(1), &json!(2)));
    assert_eq!(desk.statistics().await["total"]["received"], 3);
    // also after it was decided about
    desk.mona.deciding_notice(&queue[0], kept(&queue[0]["version"])).expect(201).await;
    let states: Vec<Value> = desk.of_reply(&reply).await.into_iter().map(|notice| notice["state"].clone()).collect();
    assert_eq!(states, ["open", "decided", "decided"], "a decision is about one text, and all notices of it");
    desk.app.check().await;
}

#[actix_web::test]
async fn of_several_who_decide_one_does_and_the_others_learn_of_it() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.bob.gives_notice(&reply).await;
    let item = desk.queue().await.remove(0);
    let tries = (0..8).map(|number| {
        let decision = if number % 2 == 0 { removed(&item["version"]) } else { kept(&item["version"]) };
        desk.mona.deciding_notice(&item, decision)
    });
    let answers = together(tries).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 7));
    let refused = answers.iter().find(|answer| answer.status == 409).unwrap().json();
    assert!(refused["current"]["state"].is_string(), "{refused}");
    assert_eq!(desk.statistics().await["total"]["decided"], 1);
    assert_eq!(desk.app.mails_to("bob@example.org").await.len(), 1);
    let log = desk.mona.get("/api/v1/sites/blog/log?action=decide_notice").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    desk.app.check().await;
}

#[actix_web::test]
async fn a_decision_is_about_the_text_that_was_looked_at() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.bob.gives_notice(&reply).await;
    let item = desk.queue().await.remove(0);
    let reply = desk.ann.edits(&reply, "He was said to have taken bribes.").await;
    let refused = desk.mona.deciding_notice(&item, removed(&item["version"])).refused("version_conflict").await;
    assert_eq!(refused["current"]["version"], reply.version);
    let item = desk.queue().await.remove(0);
    let key = |request: Request| request.header("Idempotency-Key", "k1");
    let decided = key(desk.mona.deciding_notice(&item, kept(&item["version"]))).expect(201).await;
    assert_eq!((&decided.json()["revision"], desk.story.count().await), (&json!(1), 1));
    let again = key(desk.mona.deciding_notice(&item, kept(&item["version"]))).expect(201).await;
    assert_eq!((again.json(), again.header("location")), (decided.json(), decided.header("location")));
    // nothing was done against the author, and nothing is said
    assert_eq!(desk.app.mails_to("ann@example.org").await.len(), 0);
    desk.ann.get(format!("/api/v1/replies/{}/notice-decision", reply.id)).refused("not_found").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn other_decisions_leave_notices_open_and_what_is_refused_already_is_refused_as_illegal() {
    let desk = Desk::start().await;
    let rejected = desk.ann.replies(&desk.story, "He took bribes.").await;
    let withdrawn = desk.ann.replies(&desk.story, "She took bribes.").await;
    let approved = desk.ann.replies(&desk.story, "They took bribes.").await;
    for reply in [&rejected, &withdrawn, &approved] {
        desk.bob.gives_notice(reply).await;
    }
    desk.mona.decides(&rejected, "reject").await;
    desk.ann.withdraws(&withdrawn).await;
    desk.mona.decides(&approved, "approve").await;
    let queue = desk.queue().await;
    let states: Vec<&Value> = queue.iter().map(|item| &item["state"]).collect();
    assert_eq!(states, ["rejected", "withdrawn", "approved"], "an answer is owed all the same");
    for item in &queue {
        desk.mona.deciding_notice(item, removed(&item["version"])).expect(201).await;
    }
    assert_eq!(desk.queue().await.len(), 0);
    let log = desk.mona.get("/api/v1/sites/blog/log?action=reject").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 3, "the first twice, the third by its notice, none taken back");
    let statement = desk.ann.get(format!("/api/v1/replies/{}/statement", rejected.id)).expect(200).await.json();
    assert_eq!(statement["ground"], "illegal");
    desk.ann.get(format!("/api/v1/replies/{}/statement", withdrawn.id)).refused("not_found").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn what_a_notice_found_illegal_comes_back_by_no_undoing_and_no_former_appeal() {
    let desk = Desk::start().await;
    let olaf = desk.blog.moderator("olaf").await;
    let bulk = desk.ann.replies(&desk.story, "He took bribes.").await;
    let appealed = desk.ann.replies(&desk.story, "She took bribes.").await;
    for reply in [&bulk, &appealed] {
        desk.bob.gives_notice(reply).await;
    }
    let request =
        json!({"action": "reject", "reason": "off_topic", "items": [{"id": bulk.id, "version": bulk.version}]});
    let request = desk.mona.post("/api/v1/moderation/bulk").json(request).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let refused = desk.mona.decides(&appealed, "reject").await;
    let appeal = desk.ann.post(format!("/api/v1/replies/{}/appeal", appealed.id)).json(json!({"text": "It is true."}));
    let appeal = appeal.expect(201).await.json()["appeal"]["id"].as_str().unwrap().to_owned();
    for item in desk.queue().await {
        desk.mona.deciding_notice(&item, removed(&item["version"])).expect(201).await;
    }
    // the bulk is undone, and the appeal decided
    let path = format!("/api/v1/moderation/bulk/{}/undo", request["id"].as_str().unwrap());
    let undo = desk.mona.post(path).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let undo = desk.mona.get(format!("/api/v1/moderation/bulk/{}", undo["id"].as_str().unwrap()));
    assert_eq!(undo.expect(200).await.json()["outcomes"]["conflict"], 1);
    let path = format!("/api/v1/moderation/appeals/{appeal}/decision");
    for version in [refused.version + 1, refused.version + 2] {
        let body = json!({"ruling": "overturned", "version": version, "reasons": "Read again."});
        let told = olaf.post(&path).json(body).refused("state_conflict").await;
        assert!(told["detail"].as_str().unwrap().contains("`illegal`"), "{told}");
    }
    assert_eq!(desk.story.count().await, 0);
    // against this refusal there is another appeal
    let statement = desk.ann.get(format!("/api/v1/replies/{}/statement", appealed.id)).expect(200).await.json();
    assert_eq!((&statement["ground"], statement["appeal_at"].is_string()), (&json!("illegal"), true));
    desk.app.check().await;
}

#[actix_web::test]
async fn no_text_is_removed_that_who_decides_has_not_named() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.bob.gives_notice(&reply).await;
    let reply = desk.ann.edits(&reply, "He took no bribes.").await;
    let item = desk.queue().await.remove(0);
    assert_eq!((&item["version"], &item["revision"]), (&json!(reply.version), &json!(2)));
    for revision in [Value::Null, json!(1), json!(3)] {
        let mut decision = removed(&item["version"]);
        decision["revision"] = revision;
        let refused = desk.mona.deciding_notice(&item, decision).refused("version_conflict").await;
        assert_eq!(refused["current"]["version"], reply.version);
    }
    assert_eq!((desk.story.count().await, desk.queue().await.len()), (1, 1));
    let mut decision = removed(&item["version"]);
    decision["revision"] = json!(2);
    desk.mona.deciding_notice(&item, decision).expect(201).await;
    assert_eq!(desk.story.count().await, 0);
    desk.app.check().await;
}

#[actix_web::test]
async fn reports_stay_what_they_were() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    desk.bob.reports(&reply, "abuse").await;
    assert_eq!(desk.queue().await.len(), 0, "a report is no notice");
    desk.bob.gives_notice(&reply).await;
    let item = desk.queue().await.remove(0);
    let case = || desk.mona.get(format!("/api/v1/moderation/replies/{}/case", reply.id));
    assert_eq!(case().expect(200).await.json()["reports"]["items"].as_array().unwrap().len(), 1);
    desk.mona.deciding_notice(&item, removed(&item["version"])).expect(201).await;
    assert_eq!(case().expect(200).await.json()["case"]["state"], "upheld", "a removal answers reports, too");
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_illegal_takes_the_form_and_old_reports_of_it_are_still_read() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let path = format!("/api/v1/replies/{}/reports", reply.id);
    let refused = desk.bob.post(&path).json(json!({"reason": "illegal", "text": "Bribes!"}));
    let refused = refused.refused("invalid_fields").await;
    assert_eq!(refused["errors"][0]["pointer"], "/reason");
    let told = refused["errors"][0]["detail"].as_str().unwrap();
    for form in ["notices", "guest-notices"] {
        assert!(told.contains(&format!("/api/v1/replies/{}/{form}", reply.id)), "{told}");
    }
    assert_eq!(desk.mona.queue(&desk.blog, "reported").await.len(), 0);
    // as it was taken before there was a form
    desk.bob.reports(&reply, "abuse").await;
    desk.app.execute("UPDATE reports SET reason = 'illegal'").await;
    let case = desk.mona.get(format!("/api/v1/moderation/replies/{}/case", reply.id)).expect(200).await.json();
    assert_eq!(case["reports"]["items"][0]["reason"], "illegal");
    desk.mona.decides(&reply, "approve").await;
    desk.app.get(format!("/api/v1/replies/{}", reply.id)).expect(200).await;
}

#[actix_web::test]
async fn a_form_that_says_too_little_is_refused_field_by_field() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let path = format!("/api/v1/replies/{}/notices", reply.id);
    for (field, value) in [
        ("is_in_good_faith", json!(false)),
        ("explanation", json!("Too short.")),
        ("explanation", json!("x".repeat(5_001))),
        ("explanation", json!("It says of me \u{7} what is not true.")),
        ("law", json!("")),
        ("law", json!("x".repeat(301))),
        ("ground", json!("taste")),
    ] {
        let mut form = notice();
        form[field] = value;
        let refused = desk.bob.post(&path).json(form).refused("invalid_fields").await;
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"));
    }
    let mut form = notice();
    form["ground"] = json!("other");
    let refused = desk.bob.post(&path).json(form).refused("invalid_fields").await;
    assert_eq!(refused["errors"][0]["pointer"], "/law");
    let mut form = notice();
    form["version"] = json!(7);
    let refused = desk.bob.post(&path).json(form).refused("version_conflict").await;
    assert_eq!(refused["current"]["version"], 1);
    desk.mona.decides(&reply, "reject").await;
    desk.bob.giving_notice(&reply).refused("not_found").await;
    let item = json!({"first": {"id": "0193a000-0000-7000-8000-00000000dead"}});
    for (field, value) in [("reasons", json!("Short.")), ("basis", Value::Null), ("provision", json!("\u{1b}"))] {
        let mut decision = removed(&json!(1));
        decision[field] = value;
        let refused = desk.mona.deciding_notice(&item, decision).refused("invalid_fields").await;
        assert_eq!(refused["errors"][0]["pointer"], format!("/{field}"));
    }
    let mut decision = kept(&json!(1));
    decision["basis"] = json!("legal");
    desk.mona.deciding_notice(&item, decision).refused("invalid_fields").await;
    desk.mona.deciding_notice(&item, kept(&json!(1))).refused("not_found").await;
}

#[actix_web::test]
async fn nobody_elses_notice_is_known_to_anybody() {
    let desk = Desk::start().await;
    let otto = desk.app.site("other").await.moderator("otto").await;
    let reply = desk.ann.replies(&desk.story, "He took bribes.").await;
    let reference = desk.bob.gives_notice(&reply).await;
    let item = desk.queue().await.remove(0);
    for person in [&desk.ann, &desk.mona, &otto] {
        person.get(format!("/api/v1/notices/{reference}")).refused("not_found").await;
    }
    for unknown in ["RJ-0000000000000", "RJ-1", "x"] {
        desk.bob.get(format!("/api/v1/notices/{unknown}")).refused("not_found").await;
    }
    for person in [&desk.ann, &desk.bob, &otto] {
        person.deciding_notice(&item, removed(&item["version"])).refused("not_found").await;
    }
    assert_eq!(otto.get("/api/v1/moderation/notices").expect(200).await.json()["items"], json!([]));
    let of_reply = format!("/api/v1/moderation/replies/{}/notices", reply.id);
    otto.get(of_reply).refused("not_found").await;
    otto.get("/api/v1/moderation/notices?site=blog").refused("not_found").await;
    assert_eq!(desk.queue().await.len(), 1);
}

#[actix_web::test]
async fn notices_of_one_person_and_about_one_reply_are_bounded() {
    let desk = Desk::on(App::with(&[("NOTICES_PER_HOUR", "2")]).await).await;
    let mut replies = Vec::new();
    for number in 0..3 {
        replies.push(desk.ann.replies(&desk.story, &format!("Number {number}.")).await);
    }
    desk.bob.gives_notice(&replies[0]).await;
    desk.bob.gives_notice(&replies[1]).await;
    let refused = desk.bob.giving_notice(&replies[2]).expect(429).await;
    assert!(refused.header("retry-after").is_some());
    // as if 99 others had given notice of the last one
    let (new_id, new_reference) = match desk.app.read(|conn| conn.is_pg()).await {
        true => ("gen_random_uuid()", "gen_random_uuid()::text"),
        false => ("randomblob(16)", "hex(randomblob(16))"),
    };
    desk.mona.gives_notice(&replies[2]).await;
    desk.app
        .execute(&format!(
            "INSERT INTO notices (id, site_id, reply_id, revision, account_id, ground, explanation, state, reference, \
             created_at, received_at) SELECT {new_id}, n.site_id, n.reply_id, n.revision, n.account_id, n.ground, \
             n.explanation, n.state, {new_reference}, n.created_at, n.received_at FROM notices n \
             CROSS JOIN (WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 99) SELECT i FROM c) \
             AS many \
             WHERE n.reply_id = (SELECT reply_id FROM notices ORDER BY created_at DESC LIMIT 1); \
             UPDATE notice_queue SET notices = 100 WHERE reply_id = \
             (SELECT reply_id FROM notices ORDER BY created_at DESC LIMIT 1)"
        ))
        .await;
    desk.blog.admin.giving_notice(&replies[2]).refused("state_conflict").await;
    let many = desk.queue().await;
    assert_eq!((many.len(), &many[2]["notices"]), (3, &json!(100)), "one item, however many");
    // all of them are answered at once, with as few statements
    desk.app.statements();
    desk.mona.deciding_notice(&many[2], removed(&many[2]["version"])).expect(201).await;
    let inserts = desk.app.statements().into_iter().filter(|sql| sql.starts_with("INSERT INTO jobs")).count();
    assert_eq!(inserts, 1);
    assert_eq!(desk.app.mails_to("mona@example.org").await.len(), 100);
}

#[actix_web::test]
async fn the_numbers_are_those_of_the_days() {
    let mut desk = Desk::start().await;
    let first = desk.ann.replies(&desk.story, "He took bribes.").await;
    let second = desk.ann.replies(&desk.story, "She took bribes.").await;
    desk.bob.gives_notice(&first).await;
    let guest = format!("/api/v1/replies/{}/guest-notices", second.id);
    let mut form = notice_of("gil@example.org");
    form["ground"] = json!("hate");
    desk.app.post(guest).json(form).expect(202).await;
    let token = desk.app.mails_to("gil@example.org").await[0].token();
    desk.app.post("/api/v1/notices/confirmations").json(json!({"token": token})).expect(200).await;
    desk.pass(48 * HOUR).await;
    let item = desk.queue().await.remove(0);
    desk.mona.deciding_notice(&item, kept(&item["version"])).expect(201).await;

    let shown = desk.statistics().await;
    assert_eq!(
        (&shown["open"], &shown["days"][0]["day"], &shown["days"][1]["day"]),
        (&json!(1), &json!("2026-11-23"), &json!("2026-11-25"))
    );
    assert!(shown["oldest_open_at"].as_str().unwrap().starts_with("2026-11-23"));
    let [first, second] = [&shown["days"][0]["numbers"], &shown["days"][1]["numbers"]];
    assert_eq!((&first["received"], &first["of_accounts"], &first["of_guests"]), (&json!(2), &json!(1), &json!(1)));
    let grounds = json!([{"ground": "hate", "received": 1}, {"ground": "defamation", "received": 1}]);
    assert_eq!((&first["grounds"], &first["decided"], &first["median_secs"]), (&grounds, &json!(0), &Value::Null));
    assert_eq!((&second["received"], &second["decided"], &second["kept"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!((&second["automated"], &second["automated_share"]), (&json!(1), &json!(1.0)));
    let median = second["median_secs"].as_u64().unwrap();
    assert!((48 * 3_600..58 * 3_600).contains(&median), "{median}");
    assert_eq!((&shown["total"]["received"], &shown["total"]["kept"]), (&json!(2), &json!(1)));
    let days = |range: &str| desk.mona.get(format!("/api/v1/sites/blog/notices/statistics?{range}"));
    assert_eq!(days("from=2026-11-24&to=2026-11-24").expect(200).await.json()["days"], json!([]));
    for wrong in ["from=2026-11-25&to=2026-11-24", "from=2026-01-01&to=2027-01-02", "from=x&to=y", "from=2026-11-24"] {
        days(wrong).refused("invalid_query").await;
    }
    days("from=2026-01-01&to=2027-01-01").expect(200).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn the_queue_is_paged_the_oldest_first() {
    let desk = Desk::start().await;
    let mut expected = Vec::new();
    for number in 0..3 {
        let reply = desk.ann.replies(&desk.story, &format!("Number {number}.")).await;
        desk.bob.gives_notice(&reply).await;
        desk.mona.gives_notice(&reply).await;
        expected.push(reply.id);
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = desk.mona.get(format!("/api/v1/moderation/notices?limit=1{cursor}")).expect(200).await.json();
        found.push(page["items"][0]["reply_id"].as_str().unwrap().to_owned());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(found, expected);
    let path = format!("/api/v1/moderation/replies/{}/notices?limit=1", expected[0]);
    let page = desk.mona.get(&path).expect(200).await.json();
    assert_eq!(page["items"][0]["username"], "mona");
    let next = page["next_cursor"].as_str().unwrap();
    let page = desk.mona.get(format!("{path}&cursor={next}")).expect(200).await.json();
    assert_eq!((&page["items"][0]["username"], &page["next_cursor"]), (&json!("bob"), &Value::Null));
}

#[actix_web::test]
async fn what_is_with_its_author_is_removed_too_and_nobody_decides_about_himself() {
    let desk = Desk::start().await;
    let reply = desk.ann.replies(&desk.story, "Against the law.").await;
    desk.bob.gives_notice(&reply).await;
    desk.mona.decides(&reply, "return").await;
    let item = desk.queue().await.remove(0);
    desk.mona.deciding_notice(&item, removed(&item["version"])).expect(201).await;
    assert_eq!(desk.ann.mine(&desk.story).await["items"][0]["state"], "rejected");
    let own = desk.mona.replies(&desk.story, "Of a moderator.").await;
    desk.bob.gives_notice(&own).await;
    let item = desk.queue().await.remove(0);
    desk.mona.deciding_notice(&item, kept(&item["version"])).refused("own_reply").await;
    desk.app.check().await;
}
