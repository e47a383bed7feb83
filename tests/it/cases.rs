//! Cases: what reports do together, what came of them, and whose word counts how much.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site, Story},
    app::App,
};

const HOUR: Duration = Duration::from_secs(3_600);

struct Desk {
    app: App,
    blog: Site,
    mona: Person,
    ann: Person,
    readers: Vec<Person>,
    story: Story,
}

impl Desk {
    /// A site, and so many readers whose accounts are old enough.
    async fn with(readers: usize, reports: Value) -> Self {
        let app = App::start().await;
        let blog = app.site_with("blog", json!({"moderation_mode": "post"})).await;
        let mut policy: Value = serde_json::from_str(QUIET).unwrap();
        policy["reports"] = reports;
        blog.policy(policy).await;
        let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
        let ann = app.reader("ann").await;
        let mut people = Vec::new();
        for number in 0..readers {
            people.push(app.reader(&format!("reader-{number}")).await);
        }
        let mut desk = Self { app, blog, mona, ann, readers: people, story };
        desk.pass(Duration::from_secs(8 * 24 * 3_600)).await;
        desk
    }

    /// Time goes by, and all sign in again.
    async fn pass(&mut self, time: Duration) {
        self.app.pass(time);
        self.mona = self.app.sign_in("mona", PASSWORD).await;
        self.ann = self.app.sign_in("ann", PASSWORD).await;
        self.blog.admin = self.app.sign_in("boss-blog", PASSWORD).await;
        for (number, reader) in self.readers.iter_mut().enumerate() {
            *reader = self.app.sign_in(&format!("reader-{number}"), PASSWORD).await;
        }
    }

    async fn case(&self, reply: &Reply) -> Value {
        self.mona.get(format!("/api/v1/moderation/replies/{}/case", reply.id)).expect(200).await.json()
    }

    async fn state(&self, reply: &Reply) -> String {
        self.case(reply).await["case"]["state"].as_str().unwrap().to_owned()
    }

    /// The reply as it stands by now.
    async fn now(&self, reply: &Reply) -> Reply {
        let shown = self.mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
        let text = |field: &str| shown[field].as_str().unwrap().to_owned();
        Reply { version: shown["version"].as_i64().unwrap(), state: text("state"), ..reply.clone() }
    }

    async fn own(&self, reader: usize) -> Vec<String> {
        let page = self.readers[reader].get("/api/v1/me/reports").expect(200).await.json();
        page["items"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect()
    }
}

/// No rule minds what the tests say.
const QUIET: &str = r#"{"links": {"max": 1000, "newcomer_max": 1000, "pretending": "pass"}, "repeats": {"own": "pass", "near": "pass"},
    "shape": {"shouting": "pass", "mostly_links": "pass", "mostly_symbols": "pass", "unusually_long": "pass", "invisible": "pass", "direction": "pass"},
    "history": {"refused_percent": 0}, "classifier": {"outcome": "pass"}}"#;

fn outcomes(case: &Value) -> Vec<Option<&str>> {
    case["reports"]["items"].as_array().unwrap().iter().map(|report| report["outcome"].as_str()).collect()
}

#[actix_web::test]
async fn a_case_is_opened_looked_at_and_decided_and_every_report_is_kept() {
    let desk = Desk::with(3, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Something rude.").await;
    let nothing = desk.case(&reply).await;
    assert_eq!((&nothing["case"], &nothing["reports"]["items"]), (&Value::Null, &json!([])));
    for (reader, reason) in [(0, "abuse"), (1, "spam"), (2, "abuse")] {
        desk.readers[reader].reports(&reply, reason).await;
        desk.readers[reader].reports(&reply, reason).await;
    }
    let case = desk.case(&reply).await;
    assert_eq!((&case["case"]["state"], &case["case"]["weight"]), (&json!("open"), &json!(300)));
    assert_eq!(case["reports"]["items"].as_array().unwrap().len(), 3, "said twice it is the same");
    assert_eq!(desk.own(0).await, ["open"]);
    desk.mona.put(format!("/api/v1/moderation/replies/{}/claim", reply.id)).expect(200).await;
    assert_eq!(desk.state(&reply).await, "in_review");
    let listed = desk.mona.get("/api/v1/moderation/cases?state=open&site=blog").expect(200).await.json();
    assert_eq!(listed["items"][0]["state"], "in_review");

    desk.mona.decides(&reply, "reject").await;
    let case = desk.case(&reply).await;
    assert_eq!((&case["case"]["state"], &case["case"]["weight"]), (&json!("upheld"), &json!(0)));
    assert_eq!(case["case"]["closed_by"], desk.mona.id);
    assert_eq!(outcomes(&case), [Some("upheld"); 3]);
    assert_eq!(case["reports"]["items"][0]["reporter"]["upheld"], 1);
    assert_eq!(desk.own(2).await, ["upheld"]);
    assert_eq!(desk.mona.get("/api/v1/moderation/cases?state=open").expect(200).await.json()["items"], json!([]));
    let upheld = desk.mona.get("/api/v1/moderation/cases?state=upheld&limit=1").expect(200).await.json();
    assert_eq!(upheld["items"][0]["reply_id"], reply.id);
    // taken back by its author, nobody was right or wrong
    let other = desk.ann.replies(&desk.story, "Another one.").await;
    desk.readers[0].reports(&other, "abuse").await;
    desk.ann.withdraws(&other).await;
    assert_eq!(
        (desk.state(&other).await.as_str(), desk.own(0).await),
        ("moot", vec!["moot".to_owned(), "upheld".to_owned()])
    );
    desk.app.check().await;
}

#[actix_web::test]
async fn what_was_dismissed_is_not_opened_by_more_of_the_like_and_nothing_is_thrown_away() {
    let mut desk = Desk::with(6, json!({"immunity_hours": 24, "reopen_at_weight": 3})).await;
    let reply = desk.ann.replies(&desk.story, "Not to everybody's taste.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    desk.mona.decides(&reply, "approve").await;
    assert_eq!(desk.state(&reply).await, "dismissed");
    // the same circle, for the same reason
    for reader in [0, 1, 2] {
        desk.readers[reader].reports(&reply, "abuse").await;
    }
    let case = desk.case(&reply).await;
    assert_eq!((&case["case"]["state"], &case["case"]["held_back_weight"]), (&json!("dismissed"), &json!(200)));
    assert_eq!(outcomes(&case), [Some("held_back"), Some("held_back"), Some("dismissed")]);
    assert_eq!(desk.mona.queue(&desk.blog, "reported").await.len(), 0);
    assert_eq!(desk.own(1).await, ["dismissed"]);
    desk.app.check().await;
    // the third weighs enough, and all that was held back counts then
    desk.readers[3].reports(&reply, "abuse").await;
    let case = desk.case(&reply).await;
    assert_eq!((&case["case"]["state"], &case["case"]["weight"]), (&json!("open"), &json!(300)));
    assert_eq!((&case["case"]["reopened"], outcomes(&case)), (&json!(1), vec![None, None, None, Some("dismissed")]));
    assert_eq!(desk.mona.queue(&desk.blog, "reported").await[0]["open_reports"], 3);
    desk.app.check().await;
    // dismissed once more; another reason opens it at once
    let reply = desk.now(&reply).await;
    desk.mona.decides(&reply, "approve").await;
    desk.readers[4].reports(&reply, "misinformation").await;
    assert_eq!(desk.state(&reply).await, "open");
    // and when the time is over the like of it does
    let reply = desk.now(&reply).await;
    desk.mona.decides(&reply, "approve").await;
    desk.readers[5].reports(&reply, "misinformation").await;
    assert_eq!(desk.state(&reply).await, "dismissed");
    desk.pass(25 * HOUR).await;
    let late = desk.app.reader("late").await;
    late.reports(&reply, "misinformation").await;
    assert_eq!(desk.state(&reply).await, "open");
    desk.app.check().await;
}

#[actix_web::test]
async fn another_text_is_another_matter() {
    let desk = Desk::with(2, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Harmless.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    desk.mona.decides(&reply, "approve").await;
    let reply = desk.now(&reply).await;
    let edited = desk.ann.edits(&reply, "Not so harmless.").await;
    let case = desk.case(&edited).await;
    assert_eq!(
        (&case["case"]["state"], &case["case"]["reopened"], outcomes(&case)),
        (&json!("open"), &json!(1), vec![None])
    );
    assert_eq!(case["reports"]["items"][0]["reporter"]["dismissed"], 0, "what was dismissed is not there any more");
    assert_eq!(case["reports"]["items"][0]["revision"], 1, "the text that was seen");
    assert_eq!(desk.mona.queue(&desk.blog, "reported").await.len(), 1);
    desk.app.check().await;
}

#[actix_web::test]
async fn another_text_is_another_matter_also_where_a_decision_was_turned() {
    let desk = Desk::with(2, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Harmless.").await;
    // one reader for two reasons, of which the first was dismissed before, and another who was held back
    desk.readers[0].reports(&reply, "abuse").await;
    let reply = desk.mona.decides(&reply, "approve").await;
    desk.readers[0].reports(&reply, "spam").await;
    desk.app.pass(Duration::from_secs(1));
    let reply = desk.mona.decides(&reply, "reject").await;
    desk.app.pass(Duration::from_secs(1));
    let reply = desk.mona.decides(&reply, "approve").await;
    desk.readers[1].reports(&reply, "spam").await;
    assert_eq!(outcomes(&desk.case(&reply).await), [Some("held_back"), Some("dismissed"), Some("dismissed")]);
    desk.app.check().await;
    let edited = desk.ann.edits(&reply, "Not so harmless.").await;
    let case = desk.case(&edited).await;
    assert_eq!(
        (&case["case"]["state"], outcomes(&case), &case["case"]["weight"]),
        (&json!("open"), vec![None, None, Some("dismissed")], &json!(166))
    );
    let record = &case["reports"]["items"][1]["reporter"];
    assert_eq!((&record["upheld"], &record["dismissed"]), (&json!(0), &json!(1)), "the first is dismissed for good");
    desk.app.check().await;
    // and once more: what was dismissed with the new text is about the former one
    let reply = desk.mona.decides(&edited, "approve").await;
    let edited = desk.ann.edits(&reply, "Quite harmless.").await;
    assert_eq!(outcomes(&desk.case(&edited).await), [None, None, Some("dismissed")]);
    desk.app.check().await;
}

#[actix_web::test]
async fn a_report_that_comes_after_an_edit_stands_against_the_text_that_was_read() {
    let desk = Desk::with(3, json!({})).await;
    let seen = desk.ann.replies(&desk.story, "Rude.").await;
    let edited = desk.ann.edits(&seen, "Kind.").await;
    let report = |reader: usize, version: i64| {
        let report = desk.readers[reader].post(format!("/api/v1/replies/{}/reports", seen.id));
        report.json(json!({"reason": "abuse", "version": version}))
    };
    for _ in 0..2 {
        report(0, seen.version).expect(204).await;
    }
    let case = desk.case(&seen).await;
    assert_eq!((&case["case"]["state"], outcomes(&case)), (&json!("moot"), vec![Some("moot")]));
    assert_eq!(case["reports"]["items"][0]["revision"], 1, "the text that was read");
    assert_eq!(desk.mona.queue(&desk.blog, "reported").await.len(), 0, "that text is not there any more");
    assert_eq!(desk.own(0).await, ["moot"]);
    desk.app.check().await;
    // what is decided about the new text says nothing of who reported the former one
    report(1, edited.version).expect(204).await;
    desk.readers[2].reports(&edited, "abuse").await;
    report(2, seen.version).expect(204).await;
    let case = desk.case(&seen).await;
    assert_eq!((&case["case"]["state"], &case["case"]["weight"]), (&json!("open"), &json!(200)));
    assert_eq!(outcomes(&case), [Some("moot"), None, None, Some("moot")]);
    desk.mona.decides(&edited, "reject").await;
    let case = desk.case(&seen).await;
    assert_eq!(outcomes(&case), [Some("moot"), Some("upheld"), Some("upheld"), Some("moot")]);
    let records: Vec<&Value> =
        case["reports"]["items"].as_array().unwrap().iter().map(|report| &report["reporter"]["upheld"]).collect();
    assert_eq!(records, [1, 1, 1, 0], "the reader who reported both texts was right once");
    desk.app.check().await;
    // of what has not changed, and of a version that there is not yet, it is the present text
    let other = desk.ann.replies(&desk.story, "Another one.").await;
    for (reader, version) in [(0, other.version), (1, 99)] {
        let report = desk.readers[reader].post(format!("/api/v1/replies/{}/reports", other.id));
        report.json(json!({"reason": "abuse", "version": version})).expect(204).await;
    }
    assert_eq!(outcomes(&desk.case(&other).await), [None, None]);
    report(1, 0).refused("invalid_fields").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn a_word_counts_by_what_came_of_those_before() {
    let desk = Desk::with(2, json!({})).await;
    for number in 0..4 {
        let reply = desk.ann.replies(&desk.story, &format!("Number {number}")).await;
        desk.readers[0].reports(&reply, "abuse").await;
        desk.mona.decides(&reply, "reject").await;
        let reply = desk.ann.replies(&desk.story, &format!("Another number {number}")).await;
        desk.readers[1].reports(&reply, "abuse").await;
        desk.mona.decides(&reply, "approve").await;
    }
    let reply = desk.ann.replies(&desk.story, "The last.").await;
    let new = desk.app.reader("new").await;
    for reader in [&desk.readers[0], &desk.readers[1], &new, &desk.mona] {
        reader.reports(&reply, "abuse").await;
    }
    let case = desk.case(&reply).await;
    let weights: Vec<i64> =
        case["reports"]["items"].as_array().unwrap().iter().map(|report| report["weight"].as_i64().unwrap()).collect();
    assert_eq!(weights, [300, 50, 33, 166], "staff, a new account, never right, always right");
    assert_eq!(case["case"]["weight"], 549);
    // and so does what they report stand in the queue
    let item = &desk.mona.queue(&desk.blog, "reported").await[0];
    let points = item["waiting"]["why"].as_array().unwrap().iter().find(|part| part["what"] == "reports").unwrap();
    assert_eq!(points["points"], 109);
    desk.app.check().await;
}

#[actix_web::test]
async fn enough_reports_hold_a_reply_unless_a_person_has_just_approved_it() {
    let mut desk = Desk::with(5, json!({"hold_at_weight": 2})).await;
    let reply = desk.ann.replies(&desk.story, "Provokes.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    assert_eq!(desk.now(&reply).await.state, "approved");
    desk.readers[1].reports(&reply, "abuse").await;
    let held = desk.now(&reply).await;
    assert_eq!(held.state, "pending");
    assert_eq!((desk.story.count().await, desk.state(&reply).await.as_str()), (0, "open"));
    let log = desk.mona.get("/api/v1/sites/blog/log?action=hold").expect(200).await.json();
    assert_eq!(
        (&log["items"][0]["actor_kind"], &log["items"][0]["details"]["weight"]),
        (&json!("system"), &json!(200))
    );
    desk.app.check().await;
    desk.mona.decides(&held, "approve").await;
    assert_eq!(desk.state(&reply).await, "dismissed");
    for reader in [2, 3, 4] {
        desk.readers[reader].reports(&reply, "misinformation").await;
    }
    assert_eq!((desk.now(&reply).await.state.as_str(), desk.state(&reply).await.as_str()), ("approved", "open"));
    // later it may be held again
    desk.pass(25 * HOUR).await;
    let late = desk.app.reader("late").await;
    late.reports(&reply, "spam").await;
    assert_eq!(desk.now(&reply).await.state, "pending");
    desk.app.check().await;
}

#[actix_web::test]
async fn undoing_a_bulk_takes_back_what_it_said_of_reporters() {
    let desk = Desk::with(2, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Rude.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    desk.readers[1].reports(&reply, "spam").await;
    desk.app.pass(Duration::from_secs(1));
    let items = json!([{"id": reply.id, "version": reply.version}]);
    let bulk = desk.mona.post("/api/v1/moderation/bulk").json(json!({"action": "spam", "items": items}));
    let bulk = bulk.expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.state(&reply).await, "upheld");
    desk.mona.post(format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap())).expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let case = desk.case(&reply).await;
    assert_eq!((&case["case"]["state"], &case["case"]["reopened"]), (&json!("open"), &json!(0)));
    assert!(case["reports"]["items"].as_array().unwrap().iter().all(|report| report["reporter"]["upheld"] == 0));
    desk.app.check().await;
}

#[actix_web::test]
async fn who_reports_for_another_reason_is_heard_and_counts_once() {
    let desk = Desk::with(1, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Something.").await;
    for reason in ["spam", "misinformation", "spam"] {
        desk.readers[0].reports(&reply, reason).await;
    }
    let case = desk.case(&reply).await;
    assert_eq!((outcomes(&case), &case["case"]["weight"]), (vec![None, Some("moot")], &json!(100)));
    assert_eq!(case["reports"]["items"][0]["reason"], "misinformation");
    desk.app.check().await;
}

#[actix_web::test]
async fn two_reasons_in_turn_do_not_open_a_case_again_and_again() {
    let desk = Desk::with(3, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Not to everybody's taste.").await;
    for (reader, reason) in [(0, "abuse"), (1, "spam")] {
        desk.readers[reader].reports(&reply, reason).await;
        let reply = desk.now(&reply).await;
        desk.mona.decides(&reply, "approve").await;
    }
    desk.readers[2].reports(&reply, "abuse").await;
    assert_eq!(desk.state(&reply).await, "dismissed");
    desk.app.check().await;
}

#[actix_web::test]
async fn a_decision_that_is_otherwise_than_the_one_before_turns_what_came_of_the_reports() {
    let desk = Desk::with(3, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Rude or not.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    desk.mona.decides(&reply, "approve").await;
    desk.readers[1].reports(&reply, "abuse").await;
    let at = desk.now(&reply).await;
    desk.mona.decides(&at, "reject").await;
    let case = desk.case(&reply).await;
    assert_eq!(
        (&case["case"]["state"], outcomes(&case)),
        (&json!("upheld"), vec![Some("upheld"); 2]),
        "who was held back was right"
    );
    assert_eq!(
        case["reports"]["items"][1]["reporter"],
        json!({"id": desk.readers[0].id, "username": "reader-0", "upheld": 1, "dismissed": 0})
    );
    desk.app.check().await;
    // and back: what was upheld is dismissed, and more of the like is held back again
    let at = desk.now(&reply).await;
    desk.mona.decides(&at, "approve").await;
    desk.readers[2].reports(&reply, "abuse").await;
    let case = desk.case(&reply).await;
    assert_eq!((&case["case"]["state"], outcomes(&case)[0]), (&json!("dismissed"), Some("held_back")));
    assert_eq!(desk.own(0).await, ["dismissed"]);
    desk.app.check().await;
}

#[actix_web::test]
async fn one_report_may_open_and_hold_at_once() {
    let desk = Desk::with(1, json!({"hold_at_weight": 1})).await;
    let reply = desk.ann.replies(&desk.story, "Provokes.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    assert_eq!(desk.now(&reply).await.state, "pending");
    let counts = desk.mona.get("/api/v1/moderation/counts?site=blog").expect(200).await.json();
    assert_eq!((&counts["items"][0]["pending"], &counts["items"][0]["reported"]), (&json!(1), &json!(0)));
    desk.app.check().await;
    // approved, its author writes something else: that nobody has approved
    let at = desk.now(&reply).await;
    let at = desk.mona.decides(&at, "approve").await;
    let at = desk.ann.edits(&at, "Provokes even more.").await;
    desk.readers[0].reports(&at, "misinformation").await;
    assert_eq!(desk.now(&at).await.state, "pending");
    desk.app.check().await;
}

#[actix_web::test]
async fn what_readers_reported_meanwhile_counts_when_a_bulk_is_undone() {
    let desk = Desk::with(3, json!({})).await;
    let reply = desk.ann.replies(&desk.story, "Rude.").await;
    desk.readers[0].reports(&reply, "abuse").await;
    let since = desk.mona.queue(&desk.blog, "reported").await[0]["waiting"]["since"].clone();
    desk.app.pass(Duration::from_secs(1));
    let bulk = desk.mona.post("/api/v1/moderation/bulk");
    let bulk = bulk.json(json!({"action": "approve", "items": [{"id": reply.id, "version": reply.version}]}));
    let bulk = bulk.expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    desk.app.pass(Duration::from_secs(1));
    desk.readers[1].reports(&reply, "abuse").await;
    desk.readers[2].reports(&reply, "misinformation").await;
    let undo = || {
        let path = format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap());
        desk.mona.post(path).header("Idempotency-Key", "undo")
    };
    let undone = undo().expect(202).await.json();
    assert_eq!(undo().expect(202).await.json()["id"], undone["id"]);
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let case = desk.case(&reply).await;
    assert_eq!(
        (&case["case"]["state"], &case["case"]["weight"], outcomes(&case)),
        (&json!("open"), &json!(300), vec![None; 3])
    );
    let item = &desk.mona.queue(&desk.blog, "reported").await[0];
    assert_eq!((&item["open_reports"], &item["waiting"]["since"]), (&json!(3), &since));
    desk.app.check().await;
}

#[actix_web::test]
async fn what_an_older_program_did_to_reports_is_mended() {
    let desk = Desk::with(2, json!({})).await;
    let (closed, opened) = (desk.ann.replies(&desk.story, "One.").await, desk.ann.replies(&desk.story, "Two.").await);
    let new = desk.ann.replies(&desk.story, "Three.").await;
    for reply in [&closed, &opened, &new] {
        desk.readers[0].reports(reply, "abuse").await;
    }
    desk.mona.decides(&opened, "approve").await;
    // as it wrote: closed without a case, opened again with what had come of it, taken in without a case
    for sql in [
        "UPDATE reports SET closed_at = created_at WHERE reply_id IN (SELECT id FROM replies WHERE body_source = 'One.')",
        "UPDATE replies SET open_reports = 0 WHERE body_source = 'One.'",
        "UPDATE reports SET closed_at = NULL WHERE reply_id IN (SELECT id FROM replies WHERE body_source = 'Two.')",
        "UPDATE replies SET open_reports = 1 WHERE body_source = 'Two.'",
        "DELETE FROM cases WHERE reply_id IN (SELECT id FROM replies WHERE body_source = 'Three.')",
    ] {
        desk.app.execute(sql).await;
    }
    desk.app.pass(Duration::from_secs(301));
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let states = [desk.state(&closed).await, desk.state(&opened).await, desk.state(&new).await];
    assert_eq!(states, ["dismissed", "open", "open"]);
    let case = desk.case(&opened).await;
    assert_eq!((outcomes(&case), &case["reports"]["items"][0]["reporter"]["dismissed"]), (vec![None], &json!(0)));
    desk.app.check().await;
}
