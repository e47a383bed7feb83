//! Decisions about many replies at once: tried, done reply by reply, and undone.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site},
    app::App,
};

const PATH: &str = "/api/v1/moderation/bulk";

fn of(replies: &[&Reply]) -> Value {
    replies.iter().map(|reply| json!({"id": reply.id, "version": reply.version})).collect()
}

async fn preview(person: &Person, mut request: Value) -> Value {
    request["preview"] = json!(true);
    person.post(PATH).json(request).expect(200).await.json()
}

/// Begins it, runs it, and tells what came of it.
async fn done(app: &App, person: &Person, request: Value) -> Value {
    let begun = person.post(PATH).json(request).expect(202).await.json();
    assert_eq!((&begun["state"], &begun["total"]), (&json!("waiting"), &Value::Null));
    ran(app, person, &begun).await
}

async fn ran(app: &App, person: &Person, begun: &Value) -> Value {
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    person.get(path(begun)).expect(200).await.json()
}

fn path(bulk: &Value) -> String {
    format!("{PATH}/{}", bulk["id"].as_str().unwrap())
}

fn undo(person: &Person, bulk: &Value) -> crate::app::Request {
    person.post(path(bulk) + "/undo")
}

fn outcomes(bulk: &Value) -> [i64; 4] {
    ["done", "conflict", "forbidden", "gone"].map(|name| bulk["outcomes"][name].as_i64().unwrap())
}

async fn items(person: &Person, bulk: &Value, outcome: &str) -> Vec<String> {
    let page = person.get(path(bulk) + "/items?outcome=" + outcome).expect(200).await.json();
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn state(person: &Person, reply: &Reply) -> String {
    let shown = person.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
    shown["state"].as_str().unwrap().to_owned()
}

struct Desk {
    app: App,
    blog: Site,
    mona: Person,
    ann: Person,
    story: crate::actors::Story,
}

async fn desk(mode: &str) -> Desk {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": mode})).await;
    blog.forgives().await;
    let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
    let ann = app.reader("ann").await;
    Desk { app, blog, mona, ann, story }
}

#[actix_web::test]
async fn each_reply_has_an_outcome_and_the_trial_told_it() {
    let Desk { app, blog, mona, ann, story } = desk("pre").await;
    let other = app.site_with("other", json!({"moderation_mode": "post"})).await;
    let (elsewhere, hidden) =
        (other.story("s1").await, other.story_with("s2", json!({"moderation_mode": "pre"})).await);
    let mut waiting = Vec::new();
    for number in 0..5 {
        waiting.push(ann.replies(&story, &format!("Number {number}")).await);
    }
    let (public, secret) = (ann.replies(&elsewhere, "Public.").await, ann.replies(&hidden, "Hidden.").await);
    let edited = ann.edits(&waiting[1], "Another text.").await;
    ann.withdraws(&waiting[2]).await;
    let nowhere = json!({"id": "0193a000-0000-7000-8000-00000000dead", "version": 1});
    let mut list = of(&[&waiting[0], &waiting[1], &waiting[2], &waiting[3], &public, &secret, &waiting[0]]);
    list.as_array_mut().unwrap().push(nowhere);
    let request =
        json!({"action": "reject", "reason": "abuse", "note": "A raid.", "message": "Not so.", "items": list});

    let told = preview(&mona, request.clone()).await;
    assert_eq!(outcomes(&told), [2, 1, 1, 3]);
    assert_eq!((&told["number"], told["samples"].as_array().unwrap().len()), (&json!(7), 2));
    assert_eq!(told["others"][0], json!({"id": edited.id, "version": 1, "outcome": "conflict"}));
    assert_eq!(state(&mona, &waiting[0]).await, "pending", "a trial changes nothing");

    let bulk = done(&app, &mona, request).await;
    assert_eq!(outcomes(&bulk), outcomes(&told));
    assert_eq!((&bulk["state"], &bulk["done"], &bulk["total"]), (&json!("done"), &json!(7), &json!(7)));
    assert_eq!(items(&mona, &bulk, "done").await, [&*waiting[0].id, &waiting[3].id]);
    assert_eq!(items(&mona, &bulk, "conflict").await, [&*edited.id]);
    assert_eq!(items(&mona, &bulk, "forbidden").await, [&*public.id]);
    for (reply, expected) in [(&waiting[0], "rejected"), (&waiting[1], "pending"), (&waiting[4], "pending")] {
        assert_eq!(state(&mona, reply).await, expected);
    }
    // one entry groups it in the log, and each decision names it
    let log = blog.admin.get("/api/v1/sites/blog/log?action=bulk").expect(200).await.json();
    assert_eq!(log["items"][0]["details"]["bulk"], bulk["id"]);
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    let log = blog.admin.get("/api/v1/sites/blog/log?action=reject").expect(200).await.json();
    let rows = log["items"].as_array().unwrap();
    assert!(
        rows.len() == 2 && rows.iter().all(|row| row["details"]["bulk"] == bulk["id"] && row["actor_id"] == mona.id)
    );
    let other_log = blog.admin.get("/api/v1/sites/other/log?action=bulk").expect(200).await.json();
    assert_eq!(other_log["items"], json!([]));
    // it is the moderator's own, and the admin's
    let otto = blog.moderator("otto").await;
    otto.get(path(&bulk)).expect(404).await;
    undo(&otto, &bulk).expect(404).await;
    assert_eq!(blog.admin.get(path(&bulk)).expect(200).await.json()["id"], bulk["id"]);
    assert_eq!(mona.get(PATH).expect(200).await.json()["items"][0]["id"], bulk["id"]);
    assert_eq!(otto.get(PATH).expect(200).await.json()["items"], json!([]));
    app.check().await;
}

#[actix_web::test]
async fn a_filter_takes_what_was_there_when_it_was_looked_at() {
    let Desk { app, mona, ann, story, .. } = desk("pre").await;
    let bob = app.reader("bob").await;
    let mut of_ann = Vec::new();
    for number in 0..3 {
        of_ann.push(ann.replies(&story, &format!("Ann's number {number}")).await);
        bob.replies(&story, &format!("Bob's number {number}")).await;
    }
    let request = json!({"action": "approve", "filter": {"queues": ["pending"], "authors": [ann.id]}});
    let told = preview(&mona, request.clone()).await;
    assert_eq!((&told["number"], &told["has_more"], outcomes(&told)), (&json!(3), &json!(false), [3, 0, 0, 0]));
    // what came or was changed since is not what was looked at
    app.pass(Duration::from_secs(60));
    let later = ann.replies(&story, "Ann's last").await;
    ann.edits(&of_ann[0], "Ann thought again.").await;
    let mut seen = request.clone();
    seen["as_of"] = told["as_of"].clone();
    assert_eq!(outcomes(&done(&app, &mona, seen).await), [2, 0, 0, 0]);
    assert_eq!(state(&mona, &later).await, "pending");
    // without a time it takes all there is, also out of a saved queue
    let save = json!({"name": "Ann's", "filter": request["filter"]});
    let saved = mona.post("/api/v1/moderation/saved-queues").json(save).expect(201).await.json();
    let rest = json!({"action": "approve", "saved_queue": saved["id"]});
    assert_eq!(outcomes(&done(&app, &mona, rest).await), [2, 0, 0, 0]);
    // and of what was decided, too
    let back = json!({"action": "spam", "filter": {"queues": ["approved"], "authors": [ann.id], "text": "number"}});
    assert_eq!(outcomes(&done(&app, &mona, back).await), [2, 0, 0, 0]);
    assert_eq!(mona.get("/api/v1/moderation/counts?site=blog").expect(200).await.json()["items"][0]["pending"], 3);
    app.check().await;
}

#[actix_web::test]
async fn undoing_puts_each_back_as_it_stood_and_names_what_has_moved_on() {
    let Desk { app, blog, mona, ann, story } = desk("post").await;
    let bob = app.reader("bob").await;
    let shouted = ann.replies(&story, "I SHOUT AND I SHOUT AGAIN").await;
    let rude = ann.replies(&story, "Something rude.").await;
    let moved = ann.replies(&story, "Moves on.").await;
    let taught = mona.decides(&ann.replies(&story, "Known to be good.").await, "approve").await;
    let refused = mona.decides(&ann.replies(&story, "Refused before.").await, "reject").await;
    for reply in [&shouted, &rude] {
        bob.reports(reply, "abuse").await;
    }
    let all = [&shouted, &rude, &moved, &taught, &refused];
    let shown =
        async |reply: &Reply| mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
    let mut before = Vec::new();
    for reply in all {
        before.push(shown(reply).await);
    }
    app.pass(Duration::from_secs(60));
    let bulk = done(&app, &mona, json!({"action": "spam", "items": of(&all)})).await;
    assert_eq!(outcomes(&bulk), [5, 0, 0, 0]);
    app.check().await;
    app.pass(Duration::from_secs(60));
    let decided = shown(&moved).await;
    let moved_on = Reply { version: decided["version"].as_i64().unwrap(), ..moved.clone() };
    mona.decides(&moved_on, "restore").await;

    let undone = undo(&mona, &bulk).expect(202).await.json();
    let undone = ran(&app, &mona, &undone).await;
    assert_eq!((outcomes(&undone), &undone["undoes"]), ([4, 1, 0, 0], &bulk["id"]));
    assert_eq!(items(&mona, &undone, "conflict").await, [&*moved.id]);
    for (reply, before) in all.iter().zip(&before) {
        let after = shown(reply).await;
        if reply.id == moved.id {
            assert_eq!(after["state"], "pending");
            continue;
        }
        for field in ["state", "open_reports", "flagged_at", "waiting"] {
            let points = |view: &Value| match field {
                "waiting" => view[field]["since"].clone(),
                _ => view[field].clone(),
            };
            assert_eq!(points(&after), points(before), "{field} of {}", reply.id);
        }
    }
    // what was public is public again, and the classifier knows what it knew
    assert_eq!(story.count().await, 3);
    app.check().await;
    for (request, why) in [(undo(&mona, &bulk), "once"), (undo(&mona, &undone), "no undoing of an undoing")] {
        let refused = request.refused("state_conflict").await;
        assert!(refused["detail"].is_string() && refused["state"] == "done", "{why}: {refused}");
        let by = if why == "once" { undone["id"].clone() } else { Value::Null };
        assert_eq!(refused["undone_by"], by);
    }
    let log = blog.admin.get("/api/v1/sites/blog/log?action=undo").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 4);
}

#[actix_web::test]
async fn what_cannot_be_undone_any_more_is_refused() {
    let Desk { app, mona, ann, story, .. } = desk("pre").await;
    let reply = ann.replies(&story, "Waits.").await;
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&[&reply])})).expect(202).await.json();
    undo(&mona, &begun).refused("state_conflict").await;
    let bulk = ran(&app, &mona, &begun).await;
    assert!(bulk["undoable_until"].is_string());
    app.pass(Duration::from_secs(24 * 3_600 + 60));
    let mona = app.sign_in("mona", PASSWORD).await;
    undo(&mona, &bulk).refused("state_conflict").await;
}

#[actix_web::test]
async fn who_moderates_no_more_decides_no_more_and_what_is_ended_goes_no_further() {
    let Desk { app, blog, mona, ann, story } = desk("pre").await;
    let reply = ann.replies(&story, "Waits.").await;
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&[&reply])})).expect(202).await.json();
    let role = format!("/api/v1/sites/blog/roles/{}/moderator", mona.id);
    blog.admin.delete(&role).expect(204).await;
    let bulk = ran(&app, &blog.admin, &begun).await;
    assert_eq!((outcomes(&bulk), &bulk["state"]), ([0, 0, 0, 1], &json!("done")));
    blog.admin.put(&role).expect(204).await;
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&[&reply])})).expect(202).await.json();
    mona.delete(path(&begun)).expect(204).await;
    mona.delete(path(&begun)).expect(204).await;
    let bulk = ran(&app, &mona, &begun).await;
    assert_eq!((outcomes(&bulk), &bulk["state"]), ([0; 4], &json!("cancelled")));
    assert_eq!(state(&mona, &reply).await, "pending");
    // nobody had looked which sites it would be about, so it stands where what belongs to no site does, and once
    let log = blog.admin.get("/api/v1/moderation/log?action=cancel_bulk").expect(200).await.json();
    let rows: Vec<(&Value, &Value)> =
        rows_of(&log).iter().map(|row| (&row["details"]["bulk"], &row["actor_id"])).collect();
    assert_eq!(rows, [(&bulk["id"], &json!(mona.id))]);
    app.check().await;
}

#[actix_web::test]
async fn the_log_says_where_a_bulk_ended_before_its_end() {
    let Desk { app, blog, mona, ann, story } = desk("pre").await;
    app.site("other").await;
    let mut replies = Vec::new();
    for number in 0..3 {
        replies.push(ann.replies(&story, &format!("Number {number}")).await);
    }
    let all: Vec<&Reply> = replies.iter().collect();
    let earlier = done(&app, &mona, json!({"action": "reject", "reason": "spam", "items": of(&all[..1])})).await;
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&all[1..])})).expect(202).await.json();
    // it is begun, and comes to none of them
    stop_at(&app, 0).await;
    assert_eq!(ran(&app, &mona, &begun).await["state"], "running");
    for _ in 0..2 {
        blog.admin.delete(path(&begun)).expect(204).await;
    }
    let log = |query: &str| blog.admin.get(format!("/api/v1/{query}log?action=cancel_bulk"));
    let told = log("sites/blog/").expect(200).await.json();
    assert_eq!(rows_of(&told).len(), 1, "that it is wanted a second time is nothing new");
    let row = &rows_of(&told)[0];
    assert_eq!(row["details"], json!({"bulk": begun["id"], "done": 0, "total": 2}));
    assert_eq!((&row["actor_id"], &row["actor_kind"]), (&json!(blog.admin.id), &json!("admin")));
    assert_eq!(rows_of(&log("moderation/").expect(200).await.json()).len(), 0);
    // what is over is not ended
    mona.delete(path(&earlier)).expect(204).await;
    assert_eq!(rows_of(&log("sites/blog/").expect(200).await.json()).len(), 1);
    app.check().await;
}

fn rows_of(page: &Value) -> &[Value] {
    page["items"].as_array().unwrap()
}

/// Lets the database refuse what came of the item at this position.
async fn stop_at(app: &App, position: i32) {
    let when = format!("NEW.position = {position}");
    let is_pg = app.read(|conn| conn.is_pg()).await;
    let sql = match is_pg {
        true => format!(
            "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stopped'; END $$; \
             CREATE TRIGGER stop BEFORE UPDATE ON bulk_items FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION stop()"
        ),
        false => format!(
            "CREATE TRIGGER stop BEFORE UPDATE ON bulk_items WHEN {when} BEGIN SELECT RAISE(ABORT, 'stopped'); END"
        ),
    };
    app.execute(&sql).await;
}

#[actix_web::test]
async fn a_bulk_that_was_interrupted_goes_on_where_it_was() {
    let Desk { app, mona, ann, story, .. } = desk("pre").await;
    let mut replies = Vec::new();
    for number in 0..30 {
        replies.push(ann.replies(&story, &format!("Number {number}")).await);
    }
    let all: Vec<&Reply> = replies.iter().collect();
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&all)})).expect(202).await.json();
    // as a process that ended in the middle leaves it: its lease runs out, half of the items are done
    let state = app.state.clone();
    let runner = tokio::spawn(async move { rejoinder::jobs::run_due(&state).await.unwrap() });
    let halfway = async || mona.get(path(&begun)).expect(200).await.json()["done"].as_i64().unwrap();
    for _ in 0..5_000 {
        if halfway().await >= 20 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    runner.abort();
    let _ = runner.await;
    app.pass(Duration::from_secs(120));
    let bulk = ran(&app, &mona, &begun).await;
    assert_eq!((outcomes(&bulk), &bulk["state"], &bulk["done"]), ([30, 0, 0, 0], &json!("done"), &json!(30)));
    let decided = mona.get("/api/v1/sites/blog/log?action=approve&limit=100").expect(200).await.json();
    assert_eq!(decided["items"].as_array().unwrap().len(), 30, "each once");
    app.check().await;
}

#[actix_web::test]
async fn who_was_stopped_for_so_long_that_another_took_over_decides_about_nothing_again() {
    let Desk { app, mona, ann, story, .. } = desk("pre").await;
    let mut replies = Vec::new();
    for number in 0..30 {
        replies.push(ann.replies(&story, &format!("Number {number}")).await);
    }
    let all: Vec<&Reply> = replies.iter().collect();
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&all)})).expect(202).await.json();
    // it knows what comes next, and is stopped before it decides
    let (reached, go_on) = app.pause_at("SELECT h.approved FROM author_counters h");
    let state = app.state.clone();
    let stopped = tokio::spawn(async move { rejoinder::jobs::run_due(&state).await.unwrap() });
    reached.await.unwrap();
    app.pass(Duration::from_secs(120));
    let another = app.another(&[]).await;
    let bulk = ran(&another, &mona, &begun).await;
    assert_eq!((outcomes(&bulk), &bulk["state"]), ([30, 0, 0, 0], &json!("done")));
    app.pass(Duration::from_secs(1));
    go_on.send(()).unwrap();
    stopped.await.unwrap();
    assert_eq!(mona.get(path(&begun)).expect(200).await.json(), bulk);
    let decided = mona.get("/api/v1/sites/blog/log?action=approve&limit=100").expect(200).await.json();
    assert_eq!(decided["items"].as_array().unwrap().len(), 30, "each once");
    app.check().await;
}

#[actix_web::test]
async fn a_bulk_that_fails_and_comes_further_each_time_is_not_given_up() {
    let Desk { app, mona, ann, story, .. } = desk("pre").await;
    let replies = [ann.replies(&story, "One.").await, ann.replies(&story, "Two.").await];
    let all: Vec<&Reply> = replies.iter().collect();
    let begun = mona.post(PATH).json(json!({"action": "approve", "items": of(&all)})).expect(202).await.json();
    app.execute("UPDATE jobs SET attempts = 4 WHERE kind = 'run_bulk'").await;
    stop_at(&app, 1).await;
    let bulk = ran(&app, &mona, &begun).await;
    assert_eq!((&bulk["state"], &bulk["finished_at"]), (&json!("running"), &Value::Null), "it came to the first");
    // and then it comes no further
    for tries in 1..=5 {
        app.pass(Duration::from_secs(60));
        let bulk = ran(&app, &mona, &begun).await;
        assert_eq!(bulk["state"], if tries < 5 { "running" } else { "failed" }, "after {tries} tries");
    }
    assert_eq!(outcomes(&mona.get(path(&begun)).expect(200).await.json()), [1, 0, 0, 0]);
    let log = mona.get("/api/v1/sites/blog/log?action=cancel_bulk").expect(200).await.json();
    assert_eq!((rows_of(&log).len(), &rows_of(&log)[0]["actor_kind"]), (1, &json!("system")));
    assert_eq!(rows_of(&log)[0]["details"], json!({"bulk": begun["id"], "done": 1, "total": 2}));
    app.check().await;
}

#[actix_web::test]
async fn items_are_forgotten_after_a_month_and_what_was_decided_is_still_told() {
    let Desk { app, blog, mona, ann, story } = desk("pre").await;
    let reply = ann.replies(&story, "Waits.").await;
    let bulk = done(&app, &mona, json!({"action": "approve", "items": of(&[&reply])})).await;
    for (days, kept) in [(29, 1), (2, 0)] {
        app.pass(Duration::from_secs(days * 24 * 3_600));
        let mona = app.sign_in("mona", PASSWORD).await;
        assert_eq!(ran(&app, &mona, &bulk).await["outcomes"], bulk["outcomes"]);
        assert_eq!(items(&mona, &bulk, "done").await.len(), kept);
    }
    let admin = app.sign_in(&blog.admin.username, PASSWORD).await;
    let log = admin.get("/api/v1/sites/blog/log?action=bulk").expect(200).await.json();
    assert_eq!(log["items"][0]["details"]["bulk"], bulk["id"]);
    app.check().await;
}

#[actix_web::test]
async fn what_somebody_posted_on_a_site_is_tried_and_decided_about_from_that_sites_pages() {
    let Desk { app, blog, mona, ann, story } = desk("post").await;
    blog.set(json!({"allowed_origins": ["https://blog.example"]})).await;
    let other = app.site_with("other", json!({"allowed_origins": ["https://other.example"]})).await;
    let reply = ann.replies(&story, "Rude.").await;
    let asked = |site: Value, is_trial: bool, origin: &str| {
        let author = json!({"account_id": ann.id, "days": 7, "site": site});
        let body = json!({"action": "restore", "author": author, "preview": is_trial});
        mona.post(PATH).header("Origin", origin).json(body)
    };
    for is_trial in [true, false] {
        asked(Value::Null, is_trial, "https://blog.example").refused("origin_not_allowed").await;
        asked(json!("blog"), is_trial, "https://other.example").refused("origin_not_allowed").await;
        asked(json!(other.key), is_trial, "https://other.example").refused("invalid_fields").await;
    }
    let told = asked(json!("blog"), true, "https://blog.example").expect(200).await.json();
    assert_eq!(outcomes(&told), [1, 0, 0, 0]);
    let begun = asked(json!("blog"), false, "https://blog.example").expect(202).await.json();
    assert_eq!(outcomes(&ran(&app, &mona, &begun).await), [1, 0, 0, 0]);
    assert_eq!(state(&mona, &reply).await, "pending");
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_said() {
    let Desk { app, mona, ann, story, .. } = desk("pre").await;
    let reply = ann.replies(&story, "Waits.").await;
    let items = of(&[&reply]);
    let many: Vec<Value> = (0..10_001).map(|_| items[0].clone()).collect();
    for request in [
        json!({"action": "approve"}),
        json!({"action": "approve", "items": []}),
        json!({"action": "approve", "items": many}),
        json!({"action": "approve", "items": items, "filter": {}}),
        json!({"action": "approve", "items": items, "as_of": "2026-11-23T09:00:00Z"}),
        json!({"action": "approve", "reason": "spam", "items": items}),
        json!({"action": "reject", "items": items}),
        json!({"action": "approve", "note": "\u{7}", "items": items}),
        json!({"action": "approve", "filter": {"sites": ["nowhere"]}}),
        json!({"action": "approve", "filter": {"queues": ["pending", "spam"]}}),
        json!({"action": "undo", "items": items}),
    ] {
        mona.post(PATH).json(request).expect(422).await;
    }
    let nowhere = "0193a000-0000-7000-8000-00000000dead";
    mona.post(PATH).json(json!({"action": "approve", "saved_queue": nowhere})).expect(404).await;
    mona.get(format!("{PATH}/{nowhere}")).expect(404).await;
    // the same key begins one, and three of one's own go on at once
    let request =
        || mona.post(PATH).header("Idempotency-Key", "one").json(json!({"action": "approve", "items": items}));
    let first = request().expect(202).await.json();
    assert_eq!(request().expect(202).await.json()["id"], first["id"]);
    for _ in 0..2 {
        mona.post(PATH).json(json!({"action": "approve", "items": items})).expect(202).await;
    }
    mona.post(PATH).json(json!({"action": "approve", "items": items})).refused("state_conflict").await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    mona.post(PATH).json(json!({"action": "approve", "items": items})).expect(202).await;
}
