//! Policies tried before they are switched on, and waiting replies run again.

use rejoinder::jobs;
use serde_json::{Value, json};

use crate::{
    actors::{Person, Site, Story},
    app::App,
    outside::Outside,
};

/// Texts of which a policy lets some pass, flags, holds and puts away.
const TEXTS: [&str; 12] = [
    "A plain answer to what was said.",
    "NOBODY EVER LISTENS TO ME HERE, I SAID",
    "The casino is near the harbour.",
    "Cheap viagra for everybody who asks.",
    "See https://a.example/1 and https://b.example/2 and https://c.example/3 for it",
    "Another plain answer to what was said.",
    "A plain answer to what was said.",
    "Hello dear friends, I have earned nine thousand dollars last month from home with this simple method, no experience needed at all",
    "Hello dear friends, I have earned ten thousand dollars last month from home with this simple method, no experience needed at all",
    "short",
    "!!!! ???? !!!! ???? #### $$$$",
    "The last one, with a wor\u{200b}d that hides something.",
];

fn policy() -> Value {
    json!({"words": {"hold": ["casino"], "spam": ["viagra"]}, "links": {"newcomer_max": 1}, "pace": {"story_hour": 11, "trusted_from": 1000}})
}

const OFF: &str = r#"{"links": {"max": 1000, "newcomer_max": 1000, "pretending": "pass"}, "repeats": {"own": "pass", "near": "pass"},
    "shape": {"shouting": "pass", "mostly_links": "pass", "mostly_symbols": "pass", "unusually_long": "pass", "invisible": "pass", "direction": "pass"},
    "history": {"refused_percent": 0}, "classifier": {"outcome": "pass"}}"#;

async fn post_all(ann: &Person, bob: &Person, story: &Story) -> Vec<String> {
    let mut states = Vec::new();
    for (number, text) in TEXTS.iter().enumerate() {
        let person = if number % 5 == 4 { bob } else { ann };
        states.push(person.replies(story, text).await.state);
    }
    states
}

fn number(view: &Value, field: &str) -> usize {
    usize::try_from(view["simulation"][field].as_u64().unwrap_or_else(|| panic!("{field}: {view}"))).unwrap()
}

#[actix_web::test]
async fn a_simulation_says_what_the_policy_then_does() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    blog.policy(serde_json::from_str(OFF).unwrap()).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let before = post_all(&ann, &bob, &blog.story("s1").await).await;
    assert!(before.iter().all(|state| state == "approved"));
    let said = blog.simulates(json!({"policy": policy()})).await;
    assert_eq!((&said["state"], &said["done"], &said["total"]), (&json!("done"), &json!(12), &json!(12)));

    other.policy(policy()).await;
    let states = post_all(&ann, &bob, &other.story("s1").await).await;
    let count = |state: &str| states.iter().filter(|found| *found == state).count();
    assert_eq!(
        [number(&said, "public"), number(&said, "held"), number(&said, "spam")],
        [count("approved"), count("pending"), count("spam")],
        "{states:?} {said}"
    );
    // and not only as many: the same ones
    let examples = said["simulation"]["examples"].as_array().unwrap().iter();
    let text = |example: &Value, field: &str| example[field].as_str().unwrap().to_owned();
    let mut held: Vec<_> = examples.map(|example| (text(example, "excerpt"), text(example, "outcome"))).collect();
    let not_public = TEXTS.iter().zip(&states).filter(|(_, state)| *state != "approved");
    let outcome = |state: &str| if state == "spam" { "spam" } else { "hold" }.to_owned();
    let mut done: Vec<_> = not_public.map(|(text, state)| ((*text).to_owned(), outcome(state))).collect();
    held.sort();
    done.sort();
    assert_eq!(held, done);
    let flagged = other.admin.queue(&other, "flagged").await.len();
    assert_eq!((number(&said, "flagged"), number(&said, "replies")), (flagged, 12));
    assert!(count("pending") >= 5 && count("spam") == 1 && flagged >= 1, "{states:?}");
    for (rule, what) in [
        ("words", "spam"),
        ("words", "hold"),
        ("links", "hold"),
        ("repeats", "hold"),
        ("shape", "flag"),
        ("pace", "hold"),
    ] {
        assert!(said["simulation"]["by_rule"][rule][what].as_u64() >= Some(1), "{rule} {what}: {said}");
    }
    // nothing was done
    assert_eq!(blog.admin.queue(&blog, "pending").await.len(), 0);
    app.check().await;
}

#[actix_web::test]
async fn it_is_set_against_what_people_decided_with_examples() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    blog.forgives().await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    for (text, verb) in [
        ("About a casino one", "reject"),
        ("About a casino two", "approve"),
        ("About a bridge one", "spam"),
        ("About a bridge two", "approve"),
    ] {
        mona.decides(&ann.replies(&story, text).await, verb).await;
    }
    let waiting = ann.replies(&story, "About a bridge three").await;
    blog.set(json!({"moderation_mode": "post"})).await;
    let draft = json!({"words": {"hold": ["casino"]}, "history": {"refused_percent": 0}});
    let said = blog.simulates(json!({"policy": draft})).await;
    let numbers = ["replies", "caught", "missed", "wrongly_held", "released"].map(|field| number(&said, field));
    assert_eq!(numbers, [5, 1, 1, 1, 1], "{said}");
    let examples = said["simulation"]["examples"].as_array().unwrap();
    let of: Vec<_> = examples
        .iter()
        .map(|example| (example["of"].as_str().unwrap(), example["excerpt"].as_str().unwrap()))
        .collect();
    assert!(
        of.contains(&("caught", "About a casino one")) && of.contains(&("wrongly_held", "About a casino two")),
        "{of:?}"
    );
    let released = examples.iter().find(|example| example["of"] == "released").unwrap();
    assert_eq!(released["reply_id"], json!(waiting.id));
    // a range and a number
    assert_eq!(number(&blog.simulates(json!({"last": 2})).await, "replies"), 2);
    let later = json!({"since": "2027-01-01T00:00:00Z"});
    assert_eq!(number(&blog.simulates(later).await, "replies"), 0);
    let path = "/api/v1/sites/blog/policy/simulate";
    for (body, pointer) in [
        (json!({"last": 0}), "/last"),
        (json!({"last": 10_001}), "/last"),
        (json!({"policy": {"words": {"hold": [""]}}}), "/policy/words/hold/0"),
    ] {
        assert_eq!(mona.post(path).json(body).refused("invalid_fields").await["errors"][0]["pointer"], pointer);
    }
    app.check().await;
}

#[actix_web::test]
async fn what_passes_by_a_new_policy_is_released_and_that_is_undone_as_one() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino", "poker"]}, "repeats": {"own": "pass"}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let quiet = blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let mut held = Vec::new();
    for number in 0..5 {
        held.push(ann.replies(&story, &format!("A casino {number}")).await);
    }
    let poker = ann.replies(&story, "A game of poker").await;
    let by_mode = ann.replies(&quiet, "A casino in pre").await;
    // a moderator put this one back: no rule lets it go
    let refused = mona.decides(&held[0], "reject").await;
    mona.decides(&refused, "restore").await;

    blog.policy(json!({"words": {"hold": ["poker"]}, "history": {"refused_percent": 0}})).await;
    let run = blog.reruns().await;
    assert_eq!(run["rerun"], json!({"released": 4, "still_waiting": 3}), "{run}");
    assert_eq!(story.count().await, 4);
    let pending = mona.queue(&blog, "pending").await;
    let waiting: Vec<_> = pending.iter().map(|item| item["id"].as_str().unwrap()).collect();
    for reply in [&held[0], &poker, &by_mode] {
        assert!(waiting.contains(&&*reply.id), "{waiting:?}");
    }
    let log = mona.get(format!("/api/v1/sites/blog/log?reply_id={}", held[1].id)).expect(200).await.json();
    assert_eq!((&log["items"][0]["action"], &log["items"][0]["details"]["run"]), (&json!("judge"), &run["id"]));
    let trace = mona.get(format!("/api/v1/moderation/replies/{}/trace", held[1].id)).expect(200).await.json();
    assert_eq!(
        (&trace["verdicts"][0]["policy_version"], &trace["verdicts"][0]["decided_by"]),
        (&json!(2), &json!("mode"))
    );
    app.check().await;

    // one has moved on since
    let item = mona.get(format!("/api/v1/moderation/replies/{}", held[2].id)).expect(200).await.json();
    let approve = json!({"action": "approve", "version": item["version"]});
    mona.post(format!("/api/v1/moderation/replies/{}/decisions", held[2].id)).json(approve).expect(201).await;
    let undo = format!("/api/v1/sites/blog/policy/runs/{}/undo", run["id"].as_str().unwrap());
    let undone = blog.runs(mona.post(&undo)).await;
    assert_eq!(undone["undone"], json!({"put_back": 3, "moved_on": 1, "moved_on_ids": [held[2].id]}), "{undone}");
    assert_eq!(story.count().await, 1);
    mona.post(&undo).refused("state_conflict").await;
    let log = mona.get(format!("/api/v1/sites/blog/log?reply_id={}", held[1].id)).expect(200).await.json();
    assert_eq!((&log["items"][0]["action"], &log["items"][0]["actor_id"]), (&json!("undo"), &json!(mona.id)));
    // and what was undone is not released by the next run
    assert_eq!(blog.reruns().await["rerun"]["released"], 0);
    app.check().await;
}

#[actix_web::test]
async fn what_came_too_fast_or_was_said_before_is_looked_at_as_it_came() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let policy = |pace: u32, word: &str| json!({"pace": {"story_hour": pace}, "words": {"hold": [word]}});
    blog.policy(policy(4, "casino")).await;
    let (story, other) = (blog.story("s1").await, blog.story("s2").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let near = "Hello dear friends, I have earned nine thousand dollars last month from home with this simple method, no \
        experience needed at all";
    for text in ["One answer.", "Another answer.", "A third answer to it.", near, "Too much, already."] {
        ann.replies(&story, text).await;
    }
    let last = ann.replies(&other, "A third answer to it.").await;
    let copy = bob.replies(&other, &near.replace("nine", "ten")).await;
    assert_eq!((last.state.as_str(), copy.state.as_str(), story.count().await), ("pending", "pending", 4));

    app.pass(std::time::Duration::from_secs(3 * 24 * 3_600));
    let admin = app.sign_in("boss-blog", crate::actors::PASSWORD).await;
    let blog = Site { admin, ..blog };
    blog.policy(policy(4, "poker")).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 0, "still_waiting": 3}));
    // what holds them no more lets them go
    blog.policy(policy(0, "poker")).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 1, "still_waiting": 2}));
    blog.policy(json!({"repeats": {"own": "pass", "near": "pass"}})).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 2, "still_waiting": 0}));
    app.check().await;
}

#[actix_web::test]
async fn reports_of_what_was_released_stay_open_when_that_is_undone() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "A casino").await;
    blog.policy(json!({})).await;
    let run = blog.reruns().await;
    app.reader("bob").await.reports(&reply, "spam").await;
    let undo = format!("/api/v1/sites/blog/policy/runs/{}/undo", run["id"].as_str().unwrap());
    assert_eq!(blog.runs(mona.post(&undo)).await["undone"]["put_back"], 1);
    let item = mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
    assert_eq!((&item["state"], &item["open_reports"]), (&json!("pending"), &json!(1)));
    app.check().await;
}

#[actix_web::test]
async fn a_run_is_followed_cancelled_and_listed() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    ann.replies(&story, "One.").await;
    let begin = || mona.post("/api/v1/sites/blog/policy/simulate").json(json!({}));
    let begun = begin().expect(202).await.json();
    let path = format!("/api/v1/sites/blog/policy/runs/{}", begun["id"].as_str().unwrap());
    assert_eq!((&begun["state"], &begun["simulation"]), (&json!("waiting"), &Value::Null));
    let mut events = mona.get(format!("{path}/events")).open().await;
    assert_eq!(events.event().await.unwrap().data["state"], "waiting");
    jobs::run_due(&app.state).await.unwrap();
    let last = events.event().await.unwrap();
    assert_eq!(
        (last.name.as_str(), &last.data["state"], &last.data["simulation"]["replies"]),
        ("run", &json!("done"), &json!(1))
    );
    assert!(events.event().await.is_none());

    let second = begin().expect(202).await.json();
    let second_path = format!("/api/v1/sites/blog/policy/runs/{}", second["id"].as_str().unwrap());
    mona.delete(&second_path).expect(204).await;
    mona.delete(&second_path).expect(204).await;
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(mona.get(&second_path).expect(200).await.json()["state"], "cancelled");
    for _ in 0..3 {
        begin().expect(202).await;
    }
    begin().refused("state_conflict").await;
    let listed = mona.get("/api/v1/sites/blog/policy/runs?limit=4").expect(200).await.json();
    let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|run| run["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["waiting", "waiting", "waiting", "cancelled"]);
    let next = format!("/api/v1/sites/blog/policy/runs?limit=4&cursor={}", listed["next_cursor"].as_str().unwrap());
    assert_eq!(mona.get(next).expect(200).await.json()["items"][0]["id"], begun["id"]);
    let log = mona.get("/api/v1/sites/blog/log?action=cancel_run").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    // of another site nobody sees it
    let other: Site = app.site("other").await;
    other.admin.get(path.replace("blog", "other")).refused("not_found").await;
}

#[actix_web::test]
async fn a_run_that_was_cancelled_while_it_waited_releases_nothing() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    ann.replies(&story, "A casino.").await;
    blog.policy(json!({})).await;
    let begun = mona.post("/api/v1/sites/blog/policy/rerun").expect(202).await.json();
    let path = format!("/api/v1/sites/blog/policy/runs/{}", begun["id"].as_str().unwrap());
    mona.delete(&path).expect(204).await;
    jobs::run_due(&app.state).await.unwrap();
    let run = mona.get(&path).expect(200).await.json();
    assert_eq!((&run["state"], &run["done"]), (&json!("cancelled"), &json!(0)));
    assert_eq!(run["rerun"], json!({"released": 0, "still_waiting": 0}));
    assert_eq!((story.count().await, mona.queue(&blog, "pending").await.len()), (0, 1));
    app.check().await;
}

#[actix_web::test]
async fn a_run_whose_undo_did_not_come_to_its_end_is_undone_by_another() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino"]}, "repeats": {"own": "pass"}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    for number in 0..3 {
        ann.replies(&story, &format!("A casino {number}")).await;
    }
    blog.policy(json!({})).await;
    let run = blog.reruns().await;
    assert_eq!(run["rerun"]["released"], 3);
    let undo = format!("/api/v1/sites/blog/policy/runs/{}/undo", run["id"].as_str().unwrap());
    let cancelled = mona.post(&undo).expect(202).await.json();
    mona.post(&undo).refused("state_conflict").await;
    mona.delete(format!("/api/v1/sites/blog/policy/runs/{}", cancelled["id"].as_str().unwrap())).expect(204).await;
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(story.count().await, 3);
    let all = json!({"put_back": 3, "moved_on": 0, "moved_on_ids": []});
    assert_eq!(blog.runs(mona.post(&undo)).await["undone"], all);
    assert_eq!(story.count().await, 0);
    mona.post(&undo).refused("state_conflict").await;
    // what one that failed put back is back as well
    app.execute("UPDATE policy_runs SET state = 'failed' WHERE kind = 'undo'").await;
    assert_eq!(blog.runs(mona.post(&undo)).await["undone"], all);
    assert_eq!(mona.queue(&blog, "pending").await.len(), 3);
    app.check().await;
}

#[actix_web::test]
async fn who_follows_a_run_that_waits_hears_that_the_stream_goes_on() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let begun = blog.admin.post("/api/v1/sites/blog/policy/simulate").json(json!({})).expect(202).await.json();
    let path = format!("/api/v1/sites/blog/policy/runs/{}/events", begun["id"].as_str().unwrap());
    let mut events = blog.admin.get(path).open().await;
    assert_eq!(events.event().await.unwrap().data["state"], "waiting");
    assert_eq!(events.block().await.unwrap(), ":");
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(events.event().await.unwrap().data["state"], "done");
}

#[actix_web::test]
async fn a_page_of_runs_ends_early_where_their_results_are_large() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.insert(0, blog.simulates(json!({})).await["id"].clone());
    }
    let large = format!("\"{}\"", "x".repeat(200_000));
    app.execute(&format!("UPDATE policy_runs SET result = '{large}'")).await;
    let (mut found, mut lengths, mut next) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = blog.admin.get(format!("/api/v1/sites/blog/policy/runs?limit=100{next}")).expect(200).await.json();
        let items = page["items"].as_array().unwrap();
        lengths.push(items.len());
        found.extend(items.iter().map(|run| run["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!((lengths, found), (vec![2, 2, 1], ids));
}

#[actix_web::test]
async fn what_was_asked_for_is_forgotten_once_a_run_is_over() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let path = "/api/v1/sites/blog/policy/simulate";
    let draft = json!({"policy": {"words": {"hold": ["casino"]}}});
    blog.admin.post(path).json(draft).expect(202).await;
    let kept = || Outside::of(&app).count("SELECT count(*) AS count FROM policy_runs WHERE request LIKE '%casino%'");
    assert_eq!(kept(), 1);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(kept(), 0);
}
