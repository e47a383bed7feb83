//! Replies that go back to their authors: once more, in time, or refused.

use std::time::Duration;

use rejoinder::domain::timestamp::Timestamp;
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site, Story},
    app::{App, Request},
};

const DAY: Duration = Duration::from_secs(24 * 3_600);

struct Desk {
    app: App,
    blog: Site,
    mona: Person,
    ann: Person,
    story: Story,
}

impl Desk {
    async fn new(mode: &str, fairness: Value) -> Self {
        let app = App::start().await;
        let blog = app.site_with("blog", json!({"moderation_mode": mode, "edit_window_secs": 60})).await;
        blog.policy(json!({
            "history": {"refused_percent": 0}, "words": {"spam": ["pillword"]}, "fairness": fairness
        }))
        .await;
        let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
        let ann = app.reader("ann").await;
        Self { app, blog, mona, ann, story }
    }

    /// Time goes by, and all sign in again.
    async fn pass(&mut self, time: Duration) {
        self.app.pass(time);
        self.mona = self.app.sign_in("mona", PASSWORD).await;
        self.ann = self.app.sign_in("ann", PASSWORD).await;
        self.blog.admin = self.app.sign_in("boss-blog", PASSWORD).await;
    }

    async fn shown(&self, reply: &Reply) -> Value {
        self.mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json()
    }

    async fn state(&self, reply: &Reply) -> String {
        self.shown(reply).await["state"].as_str().unwrap().to_owned()
    }

    async fn count(&self, queue: &str) -> i64 {
        let counts = self.mona.get("/api/v1/moderation/counts?site=blog").expect(200).await.json();
        counts["items"][0][queue].as_i64().unwrap()
    }

    async fn own(&self) -> Value {
        self.ann.mine(&self.story).await["items"][0].clone()
    }
}

fn time(value: &Value) -> Timestamp {
    serde_json::from_value(value.clone()).unwrap()
}

fn returning(person: &Person, reply: &Reply) -> Request {
    person.deciding(reply, "return", json!({"message": "Please say it without the insult."}))
}

async fn returns(person: &Person, reply: &Reply) -> Reply {
    let item = returning(person, reply).expect(201).await.json();
    let version = item["version"].as_i64().unwrap();
    Reply { version, state: item["state"].as_str().unwrap().to_owned(), ..reply.clone() }
}

#[actix_web::test]
async fn a_returned_reply_is_changed_once_more_and_comes_back_with_what_changed() {
    let mut desk = Desk::new("pre", json!({})).await;
    let waiting = desk.ann.replies(&desk.story, "You fools drink tea.").await;
    desk.mona.deciding(&waiting, "return", json!({})).refused("invalid_fields").await;
    desk.mona.deciding(&waiting, "return", json!({"message": "x", "reason": "abuse"})).refused("invalid_fields").await;
    desk.mona.deciding(&waiting, "approve", json!({"message": "x"})).refused("invalid_fields").await;
    let returned = returns(&desk.mona, &waiting).await;
    assert_eq!(returned.state, "returned");
    assert_eq!([desk.count("pending").await, desk.count("returned").await], [0, 1]);
    assert_eq!(desk.mona.queue(&desk.blog, "pending").await, [Value::Null; 0]);
    assert_eq!(desk.mona.queue(&desk.blog, "returned").await[0]["id"], waiting.id);
    let found = desk.mona.get("/api/v1/moderation/search?q=fools&queue=returned").expect(200).await.json();
    assert_eq!(found["items"][0]["item"]["id"], waiting.id);
    let filter = json!({"name": "Out", "filter": {"queues": ["returned"], "sites": ["blog"]}});
    let saved = desk.mona.post("/api/v1/moderation/saved-queues").json(filter).expect(201).await.json();
    assert_eq!(saved["count"], json!({"number": 1, "is_exact": true}));
    let own = desk.own().await;
    assert_eq!((&own["state"], &own["message"]), (&json!("returned"), &json!("Please say it without the insult.")));
    let until = time(&own["editable_until"]);
    assert_eq!(until, time(&desk.shown(&waiting).await["returned"]["at"]).plus(7 * DAY));

    // long after the site's window, and nobody else in his place
    desk.pass(6 * DAY).await;
    desk.mona.editing(&returned, "Something else.").refused("state_conflict").await;
    let shown = desk.shown(&waiting).await;
    assert_eq!((&shown["returned"]["until"], &shown["returned"]["diff_at"]), (&json!(until), &Value::Null));
    let again = desk.ann.edits(&returned, "You people drink tea.").await;
    assert_eq!(again.state, "pending");
    assert_eq!([desk.count("pending").await, desk.count("returned").await], [1, 0]);
    let item = desk.mona.queue(&desk.blog, "pending").await.remove(0);
    let told = &item["returned"];
    assert_eq!((&told["by"], &told["revision"], &told["until"]), (&json!(desk.mona.id), &json!(1), &Value::Null));
    assert_eq!(told["message"], "Please say it without the insult.");
    let diff = desk.mona.get(told["diff_at"].as_str().unwrap()).expect(200).await.json();
    let changed = |what: &str| {
        let parts = diff["parts"].as_array().unwrap().iter().filter(|part| part["change"] == what);
        parts.map(|part| part["text"].as_str().unwrap().trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((changed("removed"), changed("added")), (vec!["fools".to_owned()], vec!["people".to_owned()]));
    // once: as it waits, it is like any other, and the site's window is over
    desk.ann.editing(&again, "And once more.").refused("edit_window_over").await;

    desk.mona.decides(&again, "approve").await;
    assert_eq!(desk.story.count().await, 1);
    let actions: Vec<Value> =
        desk.shown(&waiting).await["decisions"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert_eq!(actions, ["approve", "edit", "return", "post"]);
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    desk.pass(30 * DAY).await;
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.state(&waiting).await, "approved", "it is with nobody any more");
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_not_changed_in_time_is_refused_once_also_after_a_pause_of_the_service() {
    let mut desk = Desk::new("post", json!({"return_days": 2, "words": {"lapsed": "We gave you time."}})).await;
    let mut returned = Vec::new();
    for number in 0..3 {
        let reply = desk.ann.replies(&desk.story, &format!("Number {number}")).await;
        returned.push(returns(&desk.mona, &reply).await);
    }
    assert_eq!(desk.story.count().await, 0, "nothing of it is public");
    desk.pass(2 * DAY - Duration::from_secs(1)).await;
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.count("returned").await, 3);
    let changed = desk.ann.edits(&returned[0], "Changed in time.").await;
    desk.pass(Duration::from_secs(1)).await;
    // also before anybody looked
    desk.ann.editing(&returned[1], "Too late.").refused("edit_window_over").await;
    assert_eq!(desk.own().await["state"], "pending");
    desk.pass(40 * DAY).await;
    let (first, second) =
        tokio::join!(rejoinder::jobs::run_due(&desk.app.state), rejoinder::jobs::waits::end_due(&desk.app.state));
    first.unwrap();
    second.unwrap();
    assert_eq!([desk.count("returned").await, desk.count("rejected").await, desk.count("pending").await], [0, 2, 1]);
    assert_eq!(desk.state(&changed).await, "pending");
    for reply in &returned[1..] {
        let shown = desk.shown(reply).await;
        let rows = shown["decisions"].as_array().unwrap();
        let lapses: Vec<&Value> = rows.iter().filter(|row| row["action"] == "reject").collect();
        assert_eq!(lapses.len(), 1);
        assert_eq!((&lapses[0]["actor_kind"], &lapses[0]["reason"]), (&json!("system"), &Value::Null));
        assert_eq!(lapses[0]["details"]["returned_by"], desk.mona.id);
        let statement = desk.ann.get(format!("/api/v1/replies/{}/statement", reply.id)).expect(200).await.json();
        assert_eq!((&statement["ground"], &statement["is_automated"]), (&json!("lapsed"), &json!(true)));
        assert_eq!(statement["words"], "We gave you time.");
        assert_eq!(statement["message"], "Please say it without the insult.");
    }
    let mine = desk.ann.mine(&desk.story).await;
    assert_eq!(mine["items"][1]["message"], "Please say it without the insult.");
    desk.app.check().await;
}

#[actix_web::test]
async fn days_and_words_are_the_sites_and_bounded() {
    let desk = Desk::new("pre", json!({})).await;
    let policy = desk.mona.get("/api/v1/sites/blog/policy").expect(200).await.json();
    assert!(!policy.to_string().contains("fairness"), "programs of before can read it: {policy}");
    for (fairness, pointer) in [
        (json!({"return_days": 0}), "/fairness/return_days"),
        (json!({"return_days": 61}), "/fairness/return_days"),
        (json!({"appeal_days": 0}), "/fairness/appeal_days"),
        (json!({"appeal_days": 181}), "/fairness/appeal_days"),
        (json!({"words": {"abuse": "x".repeat(2_001)}}), "/fairness/words/abuse"),
        (json!({"words": {"rules": " "}}), "/fairness/words/rules"),
    ] {
        let put = desk.blog.admin.put("/api/v1/sites/blog/policy").header("If-Match", "*");
        let refused = put.json(json!({"fairness": fairness})).refused("invalid_fields").await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
}

#[actix_web::test]
async fn what_is_with_its_author_can_be_taken_back_by_either() {
    let desk = Desk::new("post", json!({})).await;
    let mut returned = Vec::new();
    for number in 0..6 {
        let reply = desk.ann.replies(&desk.story, &format!("Number {number}")).await;
        returned.push(returns(&desk.mona, &reply).await);
    }
    returning(&desk.mona, &returned[0]).refused("state_conflict").await;
    let restored = desk.mona.decides(&returned[0], "restore").await;
    let approved = desk.mona.decides(&returned[1], "approve").await;
    let rejected = desk.mona.decides(&returned[2], "reject").await;
    desk.ann.withdraws(&returned[3]).await;
    let spam = desk.ann.edits(&returned[4], "Buy pillword now").await;
    let states = [&restored, &approved, &rejected, &spam].map(|reply| reply.state.as_str());
    assert_eq!(states, ["pending", "approved", "rejected", "spam"]);
    returning(&desk.mona, &rejected).refused("state_conflict").await;
    // of two who decide at once the second is told so
    let (first, second) = tokio::join!(
        returning(&desk.mona, &approved).send(),
        desk.blog.admin.deciding(&approved, "spam", json!({})).send()
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    desk.app.pass(8 * DAY);
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    desk.app.check().await;
}

#[actix_web::test]
async fn what_came_back_from_its_author_is_released_by_no_rule() {
    let desk = Desk::new("post", json!({})).await;
    let held = desk.ann.replies(&desk.story, "You fools drink tea.").await;
    let returned = returns(&desk.mona, &held).await;
    let edited = desk.ann.edits(&returned, "You people drink tea.").await;
    assert_eq!(edited.state, "pending");
    let run = desk.blog.reruns().await;
    assert_eq!((&run["state"], desk.state(&held).await.as_str()), (&json!("done"), "pending"));
    desk.app.check().await;
}

#[actix_web::test]
async fn an_answer_below_a_returned_reply_stays_where_it_is() {
    let desk = Desk::new("post", json!({})).await;
    let top = desk.ann.replies(&desk.story, "You fools.").await;
    desk.ann.answers(&top, "Indeed.").await;
    let returned = returns(&desk.mona, &top).await;
    let page = desk.story.page("").await;
    assert_eq!((&page["items"][0]["is_tombstone"], &page["story"]["replies"]), (&json!(true), &json!(1)));
    desk.ann.answering(&returned, "No more.").refused("parent_not_public").await;
    let edited = desk.ann.edits(&returned, "You people.").await;
    desk.mona.decides(&edited, "approve").await;
    let page = desk.story.page("").await;
    assert_eq!(page["items"][0]["body_html"], "<p>You people.</p>\n");
    desk.app.check().await;
}

#[actix_web::test]
async fn reports_of_what_goes_back_were_right_unless_it_is_left_as_it_was() {
    let desk = Desk::new("post", json!({})).await;
    let bob = desk.app.reader("bob").await;
    let own = async || bob.get("/api/v1/me/reports").expect(200).await.json()["items"][0]["state"].clone();
    let case = async |reply: &Reply| {
        let path = format!("/api/v1/moderation/replies/{}/case", reply.id);
        desk.mona.get(path).expect(200).await.json()["case"]["state"].clone()
    };
    let changed = desk.ann.replies(&desk.story, "You fools.").await;
    bob.reports(&changed, "abuse").await;
    let returned = returns(&desk.mona, &changed).await;
    assert_eq!(
        (own().await, case(&changed).await, desk.count("reported").await),
        (json!("upheld"), json!("upheld"), 0)
    );
    let edited = desk.ann.edits(&returned, "You people.").await;
    desk.mona.decides(&edited, "approve").await;
    assert_eq!(own().await, "upheld", "about the text that they saw");

    let left = desk.ann.replies(&desk.story, "Tea is good.").await;
    bob.reports(&left, "abuse").await;
    let returned = returns(&desk.mona, &left).await;
    desk.mona.decides(&returned, "approve").await;
    assert_eq!((own().await, case(&left).await), (json!("dismissed"), json!("dismissed")));
    desk.app.check().await;
}

#[actix_web::test]
async fn many_go_back_at_once_and_that_is_undone_with_all_that_hung_on_it() {
    let mut desk = Desk::new("post", json!({})).await;
    let bob = desk.app.reader("bob").await;
    let reported = desk.ann.replies(&desk.story, "Reported.").await;
    bob.reports(&reported, "abuse").await;
    let flagged = desk.ann.replies(&desk.story, "I SHOUT AND I SHOUT AGAIN").await;
    let items = json!([{"id": reported.id, "version": 1}, {"id": flagged.id, "version": 1}]);
    let bulk = desk.mona.post("/api/v1/moderation/bulk");
    bulk.json(json!({"action": "return", "items": items})).refused("invalid_fields").await;
    let bulk = desk.mona.post("/api/v1/moderation/bulk");
    let request = json!({"action": "return", "message": "Please say it otherwise.", "items": items});
    let bulk = bulk.json(request).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!([desk.count("returned").await, desk.count("reported").await, desk.count("flagged").await], [2, 0, 0]);
    assert_eq!(desk.shown(&flagged).await["returned"]["message"], "Please say it otherwise.");
    let undo = desk.mona.post(format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap()));
    undo.expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!([desk.count("returned").await, desk.count("reported").await, desk.count("flagged").await], [0, 1, 1]);
    assert_eq!(desk.shown(&flagged).await["returned"], Value::Null);
    desk.app.check().await;

    // what is with its author is refused by mistake: the time in between does not count
    let waiting = desk.ann.replies(&desk.story, "Tea.").await;
    let returned = returns(&desk.mona, &waiting).await;
    let until = async |desk: &Desk| time(&desk.shown(&waiting).await["returned"]["until"]);
    let before = until(&desk).await;
    let items = json!([{"id": waiting.id, "version": returned.version}]);
    let bulk = desk.mona.post("/api/v1/moderation/bulk").json(json!({"action": "spam", "items": items}));
    let bulk = bulk.expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.state(&waiting).await, "spam");
    let statement = format!("/api/v1/replies/{}/statement", waiting.id);
    assert_eq!(desk.ann.get(&statement).expect(200).await.json()["ground"], "spam");
    let later = Duration::from_secs(3_600);
    desk.pass(later).await;
    let undo = desk.mona.post(format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap()));
    undo.expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.state(&waiting).await, "returned");
    let more = until(&desk).await.since(before);
    assert!((later..later + Duration::from_secs(5)).contains(&more), "{more:?}");
    // what was undone was never refused
    desk.ann.get(&statement).refused("not_found").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn undoing_a_return_brings_back_the_one_before_it() {
    let desk = Desk::new("post", json!({})).await;
    let reply = desk.ann.replies(&desk.story, "You fools drink tea.").await;
    let returned = returns(&desk.mona, &reply).await;
    let edited = desk.ann.edits(&returned, "You people drink tea.").await;
    let before = desk.shown(&reply).await["returned"].clone();
    assert!(before["diff_at"].is_string(), "{before}");
    let items = json!([{"id": reply.id, "version": edited.version}]);
    let request = json!({"action": "return", "message": "And without the tea.", "items": items});
    let bulk = desk.blog.admin.post("/api/v1/moderation/bulk").json(request).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.shown(&reply).await["returned"]["message"], "And without the tea.");
    let undo = desk.blog.admin.post(format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap()));
    undo.expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!((desk.state(&reply).await, &desk.shown(&reply).await["returned"]), ("pending".to_owned(), &before));
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_with_its_author_and_refused_by_mistake_is_with_him_again_as_it_was() {
    let desk = Desk::new("post", json!({})).await;
    let reply = desk.ann.replies(&desk.story, "You fools drink tea.").await;
    let returned = returns(&desk.mona, &reply).await;
    let before = desk.shown(&reply).await["returned"].clone();
    let items = json!([{"id": reply.id, "version": returned.version}]);
    let request = json!({"action": "reject", "reason": "abuse", "items": items});
    let bulk = desk.blog.admin.post("/api/v1/moderation/bulk").json(request).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let undo = desk.blog.admin.post(format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap()));
    undo.expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let after = desk.shown(&reply).await["returned"].clone();
    assert_eq!(desk.state(&reply).await, "returned");
    for same in ["by", "message", "revision", "at"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert!(time(&after["until"]) >= time(&before["until"]));
    desk.app.check().await;
}
