//! Statements of refusals, and appeals against them.

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
    otto: Person,
    ann: Person,
    story: Story,
}

impl Desk {
    async fn new() -> Self {
        Self::with(json!({"words": {"abuse": "Be kind.", "rules": "A machine saw this first."}})).await
    }

    async fn with(fairness: Value) -> Self {
        let app = App::start().await;
        let blog = app.site_with("blog", json!({"moderation_mode": "post"})).await;
        blog.policy(policy(fairness)).await;
        let (mona, otto) = (blog.moderator("mona").await, blog.moderator("otto").await);
        let (ann, story) = (app.reader("ann").await, blog.story("s1").await);
        Self { app, blog, mona, otto, ann, story }
    }

    async fn pass(&mut self, time: Duration) {
        self.app.pass(time);
        self.mona = self.app.sign_in("mona", PASSWORD).await;
        self.otto = self.app.sign_in("otto", PASSWORD).await;
        self.ann = self.app.sign_in("ann", PASSWORD).await;
        self.blog.admin = self.app.sign_in("boss-blog", PASSWORD).await;
    }

    /// A reply that Mona refused.
    async fn refused(&self, text: &str) -> Reply {
        let reply = self.ann.replies(&self.story, text).await;
        rejects(&self.mona, &reply).await
    }

    /// The same, and its author's appeal.
    async fn appealed(&self, text: &str) -> (Reply, String) {
        let reply = self.refused(text).await;
        let id = appeals(&self.ann, &reply).await;
        (Reply { version: reply.version + 1, ..reply }, id)
    }

    async fn statement(&self, reply: &Reply) -> Value {
        self.ann.get(at(reply, "statement")).expect(200).await.json()
    }

    async fn shown(&self, reply: &Reply) -> Value {
        self.mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json()
    }

    async fn count(&self, queue: &str) -> i64 {
        let counts = self.mona.get("/api/v1/moderation/counts?site=blog").expect(200).await.json();
        counts["items"][0][queue].as_i64().unwrap()
    }
}

fn policy(fairness: Value) -> Value {
    json!({"history": {"refused_percent": 0}, "repeats": {"own": "pass"}, "words": {"spam": ["pillword"]}, "fairness": fairness})
}

fn time(value: &Value) -> Timestamp {
    serde_json::from_value(value.clone()).unwrap()
}

fn at(reply: &Reply, what: &str) -> String {
    format!("/api/v1/replies/{}/{what}", reply.id)
}

async fn rejects(person: &Person, reply: &Reply) -> Reply {
    let more = json!({"reason": "abuse", "message": "The second sentence."});
    let item = person.deciding(reply, "reject", more).expect(201).await.json();
    Reply { version: item["version"].as_i64().unwrap(), state: "rejected".to_owned(), ..reply.clone() }
}

fn appealing(person: &Person, reply: &Reply) -> Request {
    person.post(at(reply, "appeal")).json(json!({"text": "It is meant as a joke."}))
}

/// Appeals; the appeal's id.
async fn appeals(person: &Person, reply: &Reply) -> String {
    let view = appealing(person, reply).expect(201).await.json();
    view["appeal"]["id"].as_str().unwrap().to_owned()
}

fn ruling(person: &Person, appeal: &str, ruling: &str, version: i64) -> Request {
    let body = json!({"ruling": ruling, "version": version, "reasons": "Read again, calmly."});
    person.post(format!("/api/v1/moderation/appeals/{appeal}/decision")).json(body)
}

fn next(person: &Person) -> Request {
    person.post("/api/v1/moderation/next?queue=appeals")
}

async fn taken(person: &Person) -> usize {
    next(person).expect(200).await.json()["items"].as_array().unwrap().len()
}

/// Whether the person is told that others decide the appeal against this refusal, in the queue and by itself.
async fn is_for_others(person: &Person, reply: &Reply) -> bool {
    let listed = person.get("/api/v1/moderation/replies?queue=appeals").expect(200).await.json();
    let listed = listed["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(reply.id)).unwrap();
    let shown = person.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
    assert_eq!(listed["appeal"], shown["appeal"]);
    shown["appeal"]["is_for_others"].as_bool().unwrap()
}

#[actix_web::test]
async fn a_persons_refusal_is_stated_as_it_was_then() {
    let desk = Desk::new().await;
    let reply = desk.refused("You fool.").await;
    let statement = desk.statement(&reply).await;
    let refused_at = time(&statement["refused_at"]);
    assert_eq!(
        statement,
        json!({
            "reply_id": reply.id,
            "is_in_force": true,
            "ground": "abuse",
            "rules": [],
            "words": "Be kind.",
            "message": "The second sentence.",
            "is_automated": false,
            "revision": 1,
            "refused_at": refused_at,
            "appeal_at": at(&reply, "appeal"),
            "appeal_until": refused_at.plus(14 * DAY),
            "appeal": null,
        })
    );
    assert!(!statement.to_string().contains(&desk.mona.id), "never which person");
    // what the site says later changes nothing that was told
    desk.blog.policy(policy(json!({"appeal_days": 3, "words": {"abuse": "Go away."}}))).await;
    assert_eq!(desk.statement(&reply).await, statement);
    let later = desk.refused("You too.").await;
    let told = desk.statement(&later).await;
    let until = time(&told["refused_at"]).plus(3 * DAY);
    assert_eq!((&told["words"], &told["appeal_until"]), (&json!("Go away."), &json!(until)));
    // refused once more for something else, that is what is told
    let other = desk.otto.deciding(&later, "spam", json!({})).expect(201).await.json();
    let told = desk.statement(&later).await;
    assert_eq!((&told["ground"], &told["words"], &told["message"]), (&json!("spam"), &Value::Null, &Value::Null));
    assert_eq!(other["state"], "spam");

    let bob = desk.app.reader("bob").await;
    let other = desk.app.site("other").await.moderator("olaf").await;
    for stranger in [&bob, &other] {
        stranger.get(at(&reply, "statement")).refused("not_found").await;
    }
    assert_eq!(desk.otto.get(at(&reply, "statement")).expect(200).await.json(), statement);
    let public = desk.ann.replies(&desk.story, "Fine.").await;
    desk.ann.get(at(&public, "statement")).refused("not_found").await;
    desk.mona.decides(&reply, "approve").await;
    let over = desk.statement(&reply).await;
    assert_eq!((&over["is_in_force"], &over["appeal_at"]), (&json!(false), &Value::Null));
    desk.app.check().await;
}

#[actix_web::test]
async fn the_author_is_written_what_was_decided_and_how_to_appeal() {
    let mut desk = Desk::new().await;
    let letters = async |desk: &Desk| desk.app.mails_to("ann@example.org").await;
    let reply = desk.refused("You fool.").await;
    let [letter] = letters(&desk).await.try_into().unwrap();
    let statement = desk.statement(&reply).await;
    let until = statement["appeal_until"].as_str().unwrap()[..16].replace('T', " ");
    let address = format!("http://comments.example{}", at(&reply, "appeal"));
    for told in ["insults", "Be kind.", "The second sentence.", "A person decided.", &until, &address, &reply.id] {
        assert!(letter.text.contains(told), "{told}: {}", letter.text);
    }
    assert!(!letter.text.contains("mona") && !letter.text.contains(&desk.mona.id));
    let appeal = appeals(&desk.ann, &reply).await;
    ruling(&desk.otto, &appeal, "upheld", reply.version + 1).expect(201).await;
    let letter = letters(&desk).await.pop().unwrap();
    assert!(letter.text.contains("stays refused") && letter.text.contains("Read again, calmly."), "{letter:?}");
    let returned = desk.ann.replies(&desk.story, "You other fool.").await;
    desk.mona.deciding(&returned, "return", json!({"message": "Otherwise, please."})).expect(201).await;
    let letter = letters(&desk).await.pop().unwrap();
    assert!(letter.subject.contains("change your reply") && letter.text.contains("Otherwise, please."), "{letter:?}");
    desk.pass(7 * DAY).await;
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    let letter = letters(&desk).await.pop().unwrap();
    assert!(letter.text.contains("not changed in time") && letter.text.contains("No person decided"), "{letter:?}");
    assert_eq!(letters(&desk).await.len(), 4);
    // nothing was refused, a machine answered at once, or many were decided about at once
    let approved = desk.ann.replies(&desk.story, "Fine.").await;
    let approved = desk.mona.decides(&approved, "approve").await;
    desk.mona.decides(&approved, "restore").await;
    desk.ann.replies(&desk.story, "Buy the pillword").await;
    let many = desk.ann.replies(&desk.story, "One of many.").await;
    let items = json!([{"id": many.id, "version": many.version}]);
    let bulk = desk.mona.post("/api/v1/moderation/bulk").json(json!({"action": "spam", "items": items}));
    bulk.expect(202).await;
    // nor is who decides about his own
    let own = desk.mona.replies(&desk.story, "Of a moderator.").await;
    desk.mona.decides(&own, "reject").await;
    assert_eq!((letters(&desk).await.len(), desk.app.mails_to("mona@example.org").await.len()), (4, 0));
    desk.app.check().await;
}

#[actix_web::test]
async fn what_rules_refuse_is_stated_with_the_places_and_may_be_decided_by_anybody() {
    let desk = Desk::new().await;
    let reply = desk.ann.replies(&desk.story, "Buy the pillword").await;
    assert_eq!(reply.state, "spam");
    let statement = desk.statement(&reply).await;
    assert_eq!((&statement["ground"], &statement["is_automated"]), (&json!("rules"), &json!(true)));
    assert_eq!(statement["rules"], json!([{"rule": "words", "spans": [{"start": 8, "end": 16}]}]));
    assert_eq!((&statement["words"], &statement["revision"]), (&json!("A machine saw this first."), &json!(1)));
    let edited = desk.ann.replies(&desk.story, "Fine.").await;
    let edited = desk.ann.edits(&edited, "The pillword!").await;
    let statement = desk.statement(&edited).await;
    assert_eq!((&statement["revision"], &statement["rules"][0]["spans"][0]["start"]), (&json!(2), &json!(4)));

    let appeal = appeals(&desk.ann, &reply).await;
    assert_eq!(desk.shown(&reply).await["appeal"]["refused_by"], Value::Null);
    ruling(&desk.mona, &appeal, "overturned", 2).expect(201).await;
    assert_eq!(desk.story.count().await, 1);
    desk.app.check().await;
}

#[actix_web::test]
async fn a_reply_is_appealed_once_in_time_by_its_author() {
    let mut desk = Desk::new().await;
    let bob = desk.app.reader("bob").await;
    let public = desk.ann.replies(&desk.story, "Fine.").await;
    appealing(&desk.ann, &public).refused("state_conflict").await;
    let reply = desk.refused("You fool.").await;
    for text in ["", " ", "a\u{0}b", &"x".repeat(2_001)] {
        desk.ann.post(at(&reply, "appeal")).json(json!({"text": text})).refused("invalid_fields").await;
    }
    appealing(&bob, &reply).refused("not_found").await;
    appealing(&desk.mona, &reply).refused("forbidden").await;
    let late = desk.refused("Another one.").await;
    let once = || appealing(&desk.ann, &reply).header("Idempotency-Key", "a");
    let first = once().expect(201).await;
    assert_eq!(first.header("location"), Some(&*at(&reply, "statement")));
    assert_eq!(once().expect(201).await.json(), first.json());
    appealing(&desk.ann, &reply).refused("state_conflict").await;
    let own = desk.ann.mine(&desk.story).await["items"][1].clone();
    assert_eq!((&own["state"], &own["message"]), (&json!("rejected"), &json!("The second sentence.")));

    desk.pass(14 * DAY - Duration::from_secs(1)).await;
    assert_ne!(desk.statement(&late).await["appeal_at"], Value::Null);
    desk.pass(Duration::from_secs(1)).await;
    assert_eq!(desk.statement(&late).await["appeal_at"], Value::Null);
    appealing(&desk.ann, &late).refused("state_conflict").await;
    let id = first.json()["appeal"]["id"].as_str().unwrap().to_owned();
    ruling(&desk.otto, &id, "upheld", reply.version + 1).expect(201).await;
    appealing(&desk.ann, &reply).refused("state_conflict").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_refused_anew_is_appealed_anew() {
    let desk = Desk::new().await;
    let (reply, appeal) = desk.appealed("You fool.").await;
    ruling(&desk.otto, &appeal, "overturned", reply.version).expect(201).await;
    let again = rejects(&desk.mona, &Reply { version: reply.version + 1, ..reply.clone() }).await;
    let statement = desk.statement(&again).await;
    assert_eq!((&statement["appeal"], statement["appeal_at"].is_string()), (&Value::Null, true));
    let second = appeals(&desk.ann, &again).await;
    assert_ne!(second, appeal);
    appealing(&desk.ann, &again).refused("state_conflict").await;
    ruling(&desk.otto, &second, "upheld", again.version + 1).expect(201).await;
    appealing(&desk.ann, &again).refused("state_conflict").await;
    assert_eq!(desk.statement(&again).await["appeal"]["state"], "upheld");
    // refused once more while it is refused, it is another refusal, too
    let version = again.version + 2;
    let spam = desk.otto.deciding(&Reply { version, ..again.clone() }, "spam", json!({})).expect(201).await.json();
    assert_eq!(spam["state"], "spam");
    appeals(&desk.ann, &again).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn who_is_suspended_may_still_read_why_and_appeal() {
    let desk = Desk::new().await;
    let reply = desk.refused("You fool.").await;
    let suspend = desk.mona.post(format!("/api/v1/accounts/{}/sanctions", desk.ann.id));
    suspend.json(json!({"site": "blog", "kind": "ban", "reason": "rude"})).expect(201).await;
    assert_eq!(desk.statement(&reply).await["ground"], "abuse");
    appeals(&desk.ann, &reply).await;
    assert_eq!(desk.count("appeals").await, 1);
}

#[actix_web::test]
async fn an_appeal_waits_in_a_queue_of_its_own() {
    let desk = Desk::new().await;
    let (reply, appeal) = desk.appealed("You fool.").await;
    assert_eq!([desk.count("appeals").await, desk.count("rejected").await], [1, 1]);
    for path in ["queue=appeals", "queue=appeals&sort=priority", "queue=appeals&sort=newest"] {
        let page = desk.otto.get(format!("/api/v1/moderation/replies?{path}")).expect(200).await.json();
        assert_eq!(page["items"].as_array().unwrap().len(), 1, "{path}");
        let told = &page["items"][0]["appeal"];
        assert_eq!((&told["id"], &told["state"]), (&json!(appeal), &json!("open")));
        assert_eq!((&told["text"], &told["refused_by"]), (&json!("It is meant as a joke."), &json!(desk.mona.id)));
        assert_eq!(page["items"][0]["waiting"]["since"], told["created_at"]);
    }
    let found = desk.otto.get("/api/v1/moderation/search?q=fool&queue=appeals").expect(200).await.json();
    assert_eq!(found["items"][0]["item"]["id"], reply.id);
    let save = async |filter: Value| {
        let save = desk.otto.post("/api/v1/moderation/saved-queues").json(json!({"name": "Mine", "filter": filter}));
        save.expect(201).await.json()["count"].clone()
    };
    assert_eq!(save(json!({"queues": ["appeals"], "sites": ["blog"]})).await, json!({"number": 1, "is_exact": true}));
    assert_eq!(save(json!({"queues": ["appeals"], "text": "fool"})).await["number"], 1);
    assert_eq!(save(json!({})).await["number"], 0, "the usual work is another one");
    // ordinary decisions leave it where it is, one by one or many at once
    for action in ["approve", "restore", "spam"] {
        let refused = desk.otto.deciding(&reply, action, json!({})).refused("state_conflict").await;
        assert_eq!(refused["current"]["last_action"], "appeal");
    }
    let items = json!([{"id": reply.id, "version": reply.version}]);
    let bulk = desk.otto.post("/api/v1/moderation/bulk");
    let bulk = bulk.json(json!({"action": "approve", "items": items, "preview": true})).expect(200).await.json();
    assert_eq!(bulk["outcomes"]["conflict"], 1);
    let bulk = desk.otto.post("/api/v1/moderation/bulk").json(json!({"action": "approve", "items": items}));
    let path = format!("/api/v1/moderation/bulk/{}", bulk.expect(202).await.json()["id"].as_str().unwrap());
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.otto.get(path).expect(200).await.json()["outcomes"]["conflict"], 1);
    assert_eq!(desk.count("appeals").await, 1);
    // what an older program beside forgets or leaves is mended
    desk.app.execute("DELETE FROM queue_items").await;
    desk.app.pass(Duration::from_secs(300));
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(taken(&desk.otto).await, 1);
    desk.app.check().await;
}

#[actix_web::test]
async fn whoever_refused_first_does_not_decide_unless_nobody_else_may() {
    let desk = Desk::new().await;
    let (reply, appeal) = desk.appealed("You fool.").await;
    assert_eq!(taken(&desk.mona).await, 0);
    assert!(is_for_others(&desk.mona, &reply).await);
    assert!(!is_for_others(&desk.otto, &reply).await && !is_for_others(&desk.blog.admin, &reply).await);
    desk.mona.put(format!("/api/v1/moderation/replies/{}/claim", reply.id)).refused("first_decider").await;
    for outcome in ["upheld", "overturned"] {
        ruling(&desk.mona, &appeal, outcome, reply.version).refused("first_decider").await;
    }
    // an admin is no other moderator of the site, and may all the same
    assert_eq!(taken(&desk.blog.admin).await, 1);
    let release = desk.blog.admin.delete(format!("/api/v1/moderation/replies/{}/claim", reply.id));
    release.expect(204).await;
    assert_eq!(taken(&desk.otto).await, 1);
    assert_eq!(taken(&desk.blog.admin).await, 0, "somebody holds it");
    desk.otto.delete(format!("/api/v1/moderation/replies/{}/claim", reply.id)).expect(204).await;

    let suspend = desk.blog.admin.post(format!("/api/v1/accounts/{}/sanctions", desk.otto.id));
    let suspension = suspend.json(json!({"site": "blog", "kind": "ban", "reason": "rude"})).expect(201).await.json();
    assert_eq!(taken(&desk.mona).await, 1, "there is nobody else");
    assert!(!is_for_others(&desk.mona, &reply).await);
    let lift = format!("/api/v1/accounts/{}/sanctions/{}", desk.otto.id, suspension["id"].as_str().unwrap());
    desk.blog.admin.delete(lift).expect(204).await;
    ruling(&desk.mona, &appeal, "upheld", reply.version).refused("first_decider").await;
    desk.otto.closes().await;
    let decided = ruling(&desk.mona, &appeal, "upheld", reply.version).expect(201).await.json();
    assert_eq!(decided["appeal"]["is_for_others"], false);
    desk.app.check().await;
}

#[actix_web::test]
async fn whoever_took_part_in_the_refusal_does_not_decide() {
    let desk = Desk::new().await;
    // refused by one and then by another, so a third decides
    let reply = desk.refused("You fool.").await;
    let spam = desk.otto.deciding(&reply, "spam", json!({})).expect(201).await.json();
    let appeal = appeals(&desk.ann, &reply).await;
    let version = spam["version"].as_i64().unwrap() + 1;
    ruling(&desk.mona, &appeal, "upheld", version).expect(201).await;
    // they are two, and both took part: with a third they do not
    let reply = desk.refused("You other fool.").await;
    let spam = desk.otto.deciding(&reply, "spam", json!({})).expect(201).await.json();
    let appeal = appeals(&desk.ann, &reply).await;
    let version = spam["version"].as_i64().unwrap() + 1;
    let petra = desk.blog.moderator("petra").await;
    for person in [&desk.mona, &desk.otto] {
        ruling(person, &appeal, "upheld", version).refused("first_decider").await;
        assert_eq!(taken(person).await, 0);
        assert!(is_for_others(person, &reply).await);
    }
    ruling(&petra, &appeal, "overturned", version).expect(201).await;
    // what was public in between is another matter
    let now = Reply { version: version + 1, ..reply.clone() };
    let refused = rejects(&desk.otto, &now).await;
    let appeal = appeals(&desk.ann, &refused).await;
    ruling(&desk.otto, &appeal, "upheld", refused.version + 1).refused("first_decider").await;
    ruling(&desk.mona, &appeal, "upheld", refused.version + 1).expect(201).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn what_came_back_by_an_appeal_is_approved_by_a_person_and_reports_hold_it_no_sooner() {
    let desk = Desk::new().await;
    let mut held = policy(json!({}));
    held["reports"] = json!({"hold_at_weight": 1});
    desk.blog.policy(held).await;
    // the word of a new account counts half
    let report = async |reply: &Reply, names: [&str; 2]| {
        for name in names {
            desk.app.reader(name).await.reports(reply, "abuse").await;
        }
        desk.shown(reply).await["state"].clone()
    };
    let other = desk.ann.replies(&desk.story, "You other fool.").await;
    assert_eq!(report(&other, ["dora", "dirk"]).await, "pending");
    let (reply, appeal) = desk.appealed("You fool.").await;
    ruling(&desk.otto, &appeal, "overturned", reply.version).expect(201).await;
    assert_eq!(report(&reply, ["eva", "emil"]).await, "approved");
    desk.app.check().await;
}

#[actix_web::test]
async fn behind_many_of_ones_own_refusals_the_next_appeal_is_found() {
    let desk = Desk::new().await;
    for number in 0..45 {
        desk.appealed(&format!("Number {number}.")).await;
    }
    let last = desk.ann.replies(&desk.story, "The last one.").await;
    let last = rejects(&desk.otto, &last).await;
    appeals(&desk.ann, &last).await;
    let next = next(&desk.mona).expect(200).await.json();
    assert_eq!((&next["items"][0]["id"], &next["items"][1]), (&json!(last.id), &Value::Null));
    assert_eq!(taken(&desk.mona).await, 0);
}

#[actix_web::test]
async fn who_returned_what_lapsed_then_decided_first() {
    let mut desk = Desk::new().await;
    let reply = desk.ann.replies(&desk.story, "You fool.").await;
    let returned = desk.mona.deciding(&reply, "return", json!({"message": "Otherwise, please."})).expect(201).await;
    assert_eq!(returned.json()["state"], "returned");
    desk.pass(7 * DAY).await;
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    let appeal = appeals(&desk.ann, &reply).await;
    ruling(&desk.mona, &appeal, "upheld", 4).refused("first_decider").await;
    ruling(&desk.otto, &appeal, "upheld", 4).expect(201).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_overturned_comes_back_at_its_place_with_all_that_follows() {
    let desk = Desk::new().await;
    let bob = desk.app.reader("bob").await;
    desk.ann.replies(&desk.story, "Before.").await;
    let reply = desk.ann.replies(&desk.story, "You fool of a teapot.").await;
    bob.answers(&reply, "Ha.").await;
    desk.ann.replies(&desk.story, "After.").await;
    bob.reports(&reply, "abuse").await;
    let order = async || {
        let page = desk.story.page("?sort=oldest").await;
        page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>()
    };
    let before = order().await;
    let spam = desk.mona.deciding(&reply, "spam", json!({})).expect(201).await.json();
    assert_eq!((order().await, desk.story.count().await), (before.clone(), 3), "a tombstone");
    let lessons = async || {
        let view = desk.mona.get("/api/v1/sites/blog/moderation/classifier").expect(200).await.json();
        [&view["good"], &view["bad"]].map(|number| number.as_i64().unwrap())
    };
    assert_eq!(lessons().await, [0, 1]);
    let own = async || bob.get("/api/v1/me/reports").expect(200).await.json()["items"][0]["state"].clone();
    assert_eq!(own().await, "upheld");
    let appeal = appeals(&desk.ann, &reply).await;
    let version = spam["version"].as_i64().unwrap() + 1;
    for (body, pointer) in [
        (json!({"ruling": "upheld", "version": version, "reasons": " "}), "/reasons"),
        (json!({"ruling": "upheld", "version": version, "reasons": "x".repeat(2_001)}), "/reasons"),
        (json!({"ruling": "upheld", "version": version, "reasons": "a\u{0}"}), "/reasons"),
    ] {
        let path = format!("/api/v1/moderation/appeals/{appeal}/decision");
        let refused = desk.otto.post(path).json(body).refused("invalid_fields").await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let stale = ruling(&desk.otto, &appeal, "overturned", version - 1).refused("version_conflict").await;
    assert_eq!(stale["current"]["version"], version);
    let once = || ruling(&desk.otto, &appeal, "overturned", version).header("Idempotency-Key", "a");
    let item = once().expect(201).await.json();
    assert_eq!((&item["state"], &item["appeal"]["closed_by"]), (&json!("approved"), &json!(desk.otto.id)));
    once().expect(201).await;
    ruling(&desk.otto, &appeal, "upheld", version + 1).refused("state_conflict").await;

    assert_eq!((order().await, desk.story.count().await), (before, 4));
    assert_eq!(item["author"]["replies"]["spam"], 0);
    assert_eq!([desk.count("spam").await, desk.count("appeals").await], [0, 0]);
    assert_eq!((lessons().await, own().await), ([1, 0], json!("dismissed")));
    let statement = desk.statement(&reply).await;
    assert_eq!((&statement["is_in_force"], &statement["appeal"]["state"]), (&json!(false), &json!("overturned")));
    assert_eq!(statement["appeal"]["reasons"], "Read again, calmly.");
    assert!(!statement.to_string().contains(&desk.otto.id));
    let changes = desk.app.get(format!("/api/v1/stories/{}/events?since=1", desk.story.id)).expect(200).await.json();
    assert!(changes.to_string().contains("\"restored\""), "{changes}");
    let log = desk.mona.get("/api/v1/sites/blog/log?action=overturn_appeal").expect(200).await.json();
    assert_eq!(
        (&log["items"][0]["actor_id"], &log["items"][0]["to_state"]),
        (&json!(desk.otto.id), &json!("approved"))
    );
    desk.app.check().await;
}

#[actix_web::test]
async fn what_is_upheld_stays_refused_and_says_why() {
    let desk = Desk::new().await;
    let (reply, appeal) = desk.appealed("You fool.").await;
    let (first, second) = tokio::join!(
        ruling(&desk.otto, &appeal, "upheld", reply.version).send(),
        ruling(&desk.blog.admin, &appeal, "overturned", reply.version).send()
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);

    let (reply, appeal) = desk.appealed("You other fool.").await;
    ruling(&desk.otto, &appeal, "upheld", reply.version).expect(201).await;
    let statement = desk.statement(&reply).await;
    assert_eq!((&statement["is_in_force"], &statement["appeal"]["state"]), (&json!(true), &json!("upheld")));
    assert_eq!(statement["appeal"]["reasons"], "Read again, calmly.");
    assert_eq!(desk.count("appeals").await, 0);
    let other = desk.app.site("other").await.moderator("olaf").await;
    ruling(&other, &appeal, "upheld", reply.version).refused("not_found").await;
    ruling(&desk.otto, "0193a000-0000-7000-8000-00000000dead", "upheld", 1).refused("not_found").await;
    // the moderators may still change their minds
    desk.mona.decides(&Reply { version: reply.version + 1, ..reply.clone() }, "approve").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn no_appeal_is_left_where_there_is_nothing_to_decide() {
    let desk = Desk::new().await;
    let (withdrawn, appeal) = desk.appealed("You fool.").await;
    desk.ann.withdraws(&withdrawn).await;
    assert_eq!(desk.statement(&withdrawn).await["appeal"]["state"], "moot");
    assert_eq!(desk.count("appeals").await, 0);
    ruling(&desk.otto, &appeal, "upheld", withdrawn.version + 1).refused("state_conflict").await;

    let bob = desk.app.reader("bob").await;
    let left = bob.replies(&desk.story, "You fools.").await;
    let left = rejects(&desk.mona, &left).await;
    appeals(&bob, &left).await;
    bob.closes().await;
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    rejoinder::jobs::waits::end_due(&desk.app.state).await.unwrap();
    let shown = desk.shown(&left).await;
    assert_eq!((&shown["state"], &shown["appeal"]["state"]), (&json!("rejected"), &json!("moot")));
    let dropped = shown["decisions"].as_array().unwrap().iter().filter(|row| row["action"] == "drop_appeal");
    assert_eq!(dropped.count(), 1);
    assert_eq!(desk.count("appeals").await, 0);
    desk.app.check().await;
}

#[actix_web::test]
async fn a_statement_that_is_undone_is_none_and_the_one_before_stands() {
    let desk = Desk::new().await;
    let reply = desk.refused("You fool.").await;
    let first = desk.statement(&reply).await;
    let items = json!([{"id": reply.id, "version": reply.version}]);
    let bulk = desk.otto.post("/api/v1/moderation/bulk").json(json!({"action": "spam", "items": items}));
    let path = format!("/api/v1/moderation/bulk/{}/undo", bulk.expect(202).await.json()["id"].as_str().unwrap());
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.statement(&reply).await["ground"], "spam");
    desk.otto.post(path).expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.statement(&reply).await, first);
    desk.app.check().await;
}

/// A migration as it stands in the tree of the database at hand.
async fn migration(app: &App, file: &str) -> String {
    let tree = if app.read(|conn| conn.is_pg()).await { "postgres" } else { "sqlite" };
    let path = format!("{}/migrations/{tree}/2026-11-26-000021_fairness/{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[actix_web::test]
async fn what_was_refused_before_there_were_statements_has_one_too() {
    let desk = Desk::new().await;
    let rejected = desk.refused("You fool.").await;
    let spam = desk.ann.replies(&desk.story, "Buy the pillword").await;
    let told = desk.statement(&rejected).await;
    // as an older program left it
    for file in ["down.sql", "up.sql"] {
        desk.app.execute(&migration(&desk.app, file).await).await;
    }
    let app = desk.app.another(&[]).await;
    let ann = Person { app: app.clone(), ..desk.ann.clone() };
    let statement = async |reply: &Reply| ann.get(at(reply, "statement")).expect(200).await.json();
    let now = statement(&rejected).await;
    for same in ["ground", "message", "refused_at", "appeal_until", "revision", "is_automated"] {
        assert_eq!(now[same], told[same], "{same}");
    }
    assert_eq!((&now["words"], &statement(&spam).await["ground"]), (&Value::Null, &json!("rules")));
    appeals(&ann, &rejected).await;
    app.check().await;
}

#[actix_web::test]
async fn nobody_decides_about_his_own_appeal() {
    let desk = Desk::new().await;
    // what a moderator wrote and the other refused: nobody else is there, so the one who refused decides
    let own = desk.otto.replies(&desk.story, "Of a moderator.").await;
    let refused = rejects(&desk.mona, &own).await;
    let appeal = appeals(&desk.otto, &refused).await;
    assert_eq!(next(&desk.otto).expect(200).await.json()["items"], json!([]));
    assert!(is_for_others(&desk.otto, &refused).await && !is_for_others(&desk.mona, &refused).await);
    ruling(&desk.otto, &appeal, "overturned", refused.version + 1).refused("own_reply").await;
    assert_eq!(next(&desk.mona).expect(200).await.json()["items"][0]["id"], json!(own.id));
    ruling(&desk.mona, &appeal, "upheld", refused.version + 1).expect(201).await;
    desk.app.check().await;
}
