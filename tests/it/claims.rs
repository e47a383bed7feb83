//! Work handed out: each waiting reply to one moderator at a time, the most urgent first.

use std::{collections::HashSet, time::Duration};

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site},
    app::{App, Request},
    together::{together, with_status},
};

fn next(person: &Person, query: &str) -> Request {
    person.post(format!("/api/v1/moderation/next?queue=pending&site=blog{query}"))
}

async fn taken(person: &Person, query: &str) -> Vec<Value> {
    next(person, query).expect(200).await.json()["items"].as_array().unwrap().clone()
}

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn claim(reply: &str) -> String {
    format!("/api/v1/moderation/replies/{reply}/claim")
}

async fn waiting(person: &Person, reply: &str) -> Value {
    person.get(format!("/api/v1/moderation/replies/{reply}")).expect(200).await.json()["waiting"].clone()
}

/// A site on which so many replies wait.
async fn busy_site(app: &App, number: usize) -> (Site, Vec<Reply>) {
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    blog.forgives().await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let mut replies = Vec::new();
    for number in 0..number {
        replies.push(ann.replies(&story, &format!("Number {number}")).await);
        app.pass(Duration::from_secs(1));
    }
    (blog, replies)
}

#[actix_web::test]
async fn nobody_is_given_what_another_holds_until_it_is_given_back_or_time_runs_out() {
    let app = App::start().await;
    let (blog, replies) = busy_site(&app, 3).await;
    let (mona, otto) = (blog.moderator("mona").await, blog.moderator("otto").await);
    let first = taken(&mona, "").await;
    assert_eq!(ids(&first), [&*replies[0].id]);
    let held = &first[0]["waiting"]["claim"];
    assert_eq!((&held["account_id"], &held["display_name"]), (&json!(mona.id), &json!("mona")));
    assert_eq!(waiting(&otto, &replies[0].id).await["claim"], *held, "others see who holds it");
    assert_eq!(ids(&taken(&otto, "&count=20").await), [&*replies[1].id, &replies[2].id]);
    assert_eq!(taken(&mona, "").await.len(), 0);

    // said again, it is held for longer
    app.pass(Duration::from_secs(60));
    mona.put(claim(&replies[0].id)).expect(200).await;
    app.pass(Duration::from_secs(60));
    assert_eq!(ids(&taken(&mona, "&count=5").await), [&*replies[1].id, &replies[2].id], "what the other let run out");
    assert_eq!(taken(&otto, "").await.len(), 0);
    let problem = otto.put(claim(&replies[0].id)).refused("claimed").await;
    assert_eq!((&problem["claim"]["account_id"], &problem["current"]["state"]), (&json!(mona.id), &json!("pending")));
    otto.delete(claim(&replies[0].id)).expect(204).await;
    assert_eq!(taken(&otto, "").await.len(), 0, "it was not his to give back");
    mona.delete(claim(&replies[0].id)).expect(204).await;
    assert_eq!(ids(&taken(&otto, "").await), [&*replies[0].id]);
    app.check().await;
}

#[actix_web::test]
async fn claims_steer_and_do_not_lock() {
    let app = App::start().await;
    let (blog, replies) = busy_site(&app, 2).await;
    let (mona, otto) = (blog.moderator("mona").await, blog.moderator("otto").await);
    assert_eq!(taken(&mona, "").await.len(), 1);
    // somebody else decides all the same, on the version that he saw
    otto.decides(&replies[0], "approve").await;
    mona.deciding(&replies[0], "reject", json!({"reason": "spam"})).refused("version_conflict").await;
    assert_eq!(waiting(&mona, &replies[0].id).await, Value::Null);
    mona.put(claim(&replies[0].id)).refused("state_conflict").await;
    // what is decided and waits again is free
    let refused = mona.decides(&replies[1], "reject").await;
    assert_eq!(taken(&mona, "").await.len(), 0);
    mona.decides(&refused, "restore").await;
    assert_eq!(ids(&taken(&otto, "").await), [&*replies[1].id]);
    // a withdrawn one is gone with its claim
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.delete(format!("/api/v1/replies/{}", replies[1].id)).expect(204).await;
    otto.put(claim(&replies[1].id)).refused("state_conflict").await;
    app.check().await;
}

async fn every_item_once(app: &App, moderators: usize) {
    let (blog, replies) = busy_site(app, 200).await;
    let mut people = Vec::new();
    for number in 0..moderators {
        people.push(blog.moderator(&format!("mod-{number}")).await);
    }
    let mut seen = HashSet::new();
    // bounded: each round hands out something, or there is nothing left
    for round in 0..=replies.len() {
        let answers = together(people.iter().map(|person| next(person, "&count=3"))).await;
        assert_eq!(with_status(&answers, 200), moderators);
        let items: Vec<Value> =
            answers.iter().flat_map(|answer| answer.json()["items"].as_array().unwrap().clone()).collect();
        if items.is_empty() {
            assert!(round > 0);
            break;
        }
        for item in &items {
            assert!(seen.insert(item["id"].as_str().unwrap().to_owned()), "handed out twice: {item}");
            let holder =
                people.iter().find(|person| item["waiting"]["claim"]["account_id"] == json!(person.id)).unwrap();
            let approve = json!({"action": "approve", "version": item["version"]});
            let path = format!("/api/v1/moderation/replies/{}/decisions", item["id"].as_str().unwrap());
            holder.post(path).json(approve).expect(201).await;
        }
    }
    assert_eq!(seen.len(), replies.len(), "none is lost");
    app.check().await;
}

#[actix_web::test]
async fn of_two_hundred_items_two_moderators_get_each_once() {
    every_item_once(&App::start().await, 2).await;
}

#[actix_web::test]
async fn of_two_hundred_items_twenty_moderators_get_each_once() {
    every_item_once(&App::start().await, 20).await;
}

#[actix_web::test]
async fn what_is_urgent_comes_first_and_says_why() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino"]}, "repeats": {"own": "pass"}})).await;
    let quiet = blog.story_with("quiet", json!({"moderation_mode": "pre"})).await;
    let (story, ann, bob) = (blog.story("s1").await, app.reader("ann").await, app.reader("bob").await);
    let mona = blog.moderator("mona").await;
    let plain = ann.replies(&quiet, "A plain one, which waits by the mode").await;
    app.pass(Duration::from_secs(60));
    let held = ann.replies(&story, "A casino").await;
    let why = |view: Value| -> Vec<String> {
        view["why"].as_array().unwrap().iter().map(|part| part["what"].as_str().unwrap().to_owned()).collect()
    };
    let view = waiting(&mona, &held.id).await;
    assert_eq!((&view["points"], why(view.clone())), (&json!(40), vec!["found".to_owned()]));
    assert_eq!(waiting(&mona, &plain.id).await["points"], 0);
    let order = async |queue: &str, sort: &str| {
        let path = format!("/api/v1/moderation/replies?queue={queue}&sort={sort}");
        ids(mona.get(path).expect(200).await.json()["items"].as_array().unwrap())
    };
    assert_eq!(order("pending", "priority").await, [&*held.id, &plain.id]);
    assert_eq!(order("pending", "oldest").await, [&*plain.id, &held.id]);
    // two minutes of waiting count as much as a point
    app.pass(Duration::from_secs(60));
    let later = ann.replies(&quiet, "Another one that waits by the mode").await;
    assert_eq!(order("pending", "priority").await, [&*held.id, &plain.id, &later.id]);

    // reports: the graver the reason, the sooner
    let (rude, wrong) = (ann.replies(&story, "Rude").await, ann.replies(&story, "Wrong").await);
    bob.reports(&rude, "abuse").await;
    bob.reports(&wrong, "off_topic").await;
    app.reader("zoe").await.reports(&wrong, "off_topic").await;
    assert_eq!(order("reported", "oldest").await, [&*rude.id, &wrong.id]);
    assert_eq!(ids(&mona.queue(&blog, "reported").await), [&*wrong.id, &rude.id], "by number");
    assert_eq!(order("reported", "priority").await, [&*rude.id, &wrong.id]);
    assert!(why(waiting(&mona, &rude.id).await).contains(&"reports".to_owned()));
    mona.get("/api/v1/moderation/replies?queue=spam&sort=priority").refused("invalid_query").await;

    // what grows more urgent meanwhile is found out by the job
    let before = waiting(&mona, &wrong.id).await["points"].as_i64().unwrap();
    for number in 0..8 {
        bob.replies(&story, &format!("Busy {number}")).await;
    }
    app.pass(Duration::from_secs(600));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    let mona = app.sign_in("mona", PASSWORD).await;
    assert!(waiting(&mona, &wrong.id).await["points"].as_i64().unwrap() > before);
    app.check().await;
}

/// Points that a waiting reply has for this.
async fn points(person: &Person, reply: &Reply, what: &str) -> i64 {
    let waiting = waiting(person, &reply.id).await;
    let part = waiting["why"].as_array().unwrap().iter().find(|part| part["what"] == what);
    part.map_or(0, |part| part["points"].as_i64().unwrap())
}

/// Points that each of these has for who wrote it.
async fn of_authors(person: &Person, replies: &[&Reply]) -> Vec<i64> {
    let mut found = Vec::new();
    for reply in replies {
        found.push(points(person, reply, "author").await);
    }
    found
}

/// What waits in a queue, the most urgent first.
async fn most_urgent(person: &Person, queue: &str) -> Vec<String> {
    let path = format!("/api/v1/moderation/replies?queue={queue}&sort=priority");
    ids(person.get(path).expect(200).await.json()["items"].as_array().unwrap())
}

/// Lets the job look at what changed beside the replies that wait.
async fn weigh_anew(app: &App) {
    app.pass(Duration::from_secs(301));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
}

#[actix_web::test]
async fn what_is_recommended_or_answered_is_the_more_urgent() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"history": {"refused_percent": 0}, "repeats": {"own": "pass", "near": "pass"}})).await;
    let (story, mona) = (blog.story("s1").await, blog.moderator("mona").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let mut replies = Vec::new();
    for text in ["Nobody minds it.", "Many like it.", "Many answer it."] {
        replies.push(ann.replies(&story, text).await);
    }
    for reply in &replies {
        bob.reports(reply, "spam").await;
    }
    let [plain, liked, answered] = [&replies[0], &replies[1], &replies[2]];
    let before = points(&mona, plain, "reach").await;
    assert_eq!(most_urgent(&mona, "reported").await, [&*plain.id, &liked.id, &answered.id]);
    for name in ["cleo", "dora", "emil"] {
        app.reader(name).await.recommends(liked).await;
    }
    for text in ["Yes.", "No.", "Perhaps."] {
        bob.answers(answered, text).await;
    }
    weigh_anew(&app).await;
    // three of either are two doublings; six in the story instead of three are none
    assert_eq!(points(&mona, plain, "reach").await, before);
    assert_eq!(points(&mona, liked, "reach").await, before + 6);
    assert_eq!(points(&mona, answered, "reach").await, before + 6);
    assert_eq!(most_urgent(&mona, "reported").await, [&*liked.id, &answered.id, &plain.id]);
    app.check().await;
}

#[actix_web::test]
async fn who_is_trusted_is_not_kept_waiting_and_who_was_refused_is_looked_at() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"history": {"refused_percent": 0}, "repeats": {"own": "pass", "near": "pass"}})).await;
    let (story, mona) = (blog.story("s1").await, blog.moderator("mona").await);
    let quiet = blog.story_with("quiet", json!({"moderation_mode": "pre"})).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let mut public = Vec::new();
    for number in 0..9 {
        public.push(ann.replies(&story, &format!("Number {number}")).await);
    }
    let new = bob.replies(&quiet, "Of somebody new.").await;
    let almost = ann.replies(&quiet, "After nine that are public.").await;
    public.push(ann.replies(&story, "Number 9").await);
    let known = ann.replies(&quiet, "After ten that are public.").await;
    let waiting = [&new, &almost, &known];
    assert_eq!(of_authors(&mona, &waiting).await, [0, 0, 10]);
    assert_eq!(most_urgent(&mona, "pending").await, [&*known.id, &new.id, &almost.id]);
    bob.reports(&public[0], "spam").await;
    assert_eq!(of_authors(&mona, &[&public[0]]).await, [0]);
    // the one before has ten by now, too
    weigh_anew(&app).await;
    assert_eq!(of_authors(&mona, &waiting).await, [0, 10, 10]);
    // something of hers is refused, and still she has ten
    public.push(ann.replies(&story, "Number 10").await);
    mona.decides(&public[1], "reject").await;
    weigh_anew(&app).await;
    let mona = app.sign_in("mona", PASSWORD).await;
    assert_eq!(of_authors(&mona, &waiting).await, [0, 0, 0]);
    assert_eq!(of_authors(&mona, &[&public[0]]).await, [10]);
    app.check().await;
}

#[actix_web::test]
async fn one_may_not_hold_all_there_is() {
    let app = App::start().await;
    let (blog, replies) = busy_site(&app, 65).await;
    let mona = blog.moderator("mona").await;
    for _ in 0..3 {
        assert_eq!(taken(&mona, "&count=20").await.len(), 20);
    }
    next(&mona, "").refused("state_conflict").await;
    mona.put(claim(&replies[64].id)).refused("state_conflict").await;
    // what she holds she may go on holding
    mona.put(claim(&replies[0].id)).expect(200).await;
    mona.delete(claim(&replies[0].id)).expect(204).await;
    // several at once take no more than one after another
    let answers = together((0..5).map(|_| next(&mona, "&count=20"))).await;
    let taken: usize = answers
        .iter()
        .filter(|answer| answer.status == 200)
        .map(|answer| answer.json()["items"].as_array().unwrap().len())
        .sum();
    assert_eq!(taken, 1);
    next(&mona, "&count=21").refused("invalid_query").await;
    mona.post("/api/v1/moderation/next?queue=spam").refused("invalid_query").await;
}

#[actix_web::test]
async fn what_an_older_program_forgot_or_left_in_the_queues_is_mended() {
    let app = App::start().await;
    let (blog, replies) = busy_site(&app, 3).await;
    let mona = blog.moderator("mona").await;
    mona.decides(&replies[1], "approve").await;
    app.execute("DELETE FROM queue_items").await;
    assert_eq!(taken(&mona, "&count=20").await.len(), 0);
    app.pass(Duration::from_secs(301));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(ids(&taken(&mona, "&count=20").await), [&*replies[0].id, &replies[2].id]);
    // one that was decided about by a program that knew nothing of the rows, and one whose reports that program took in
    app.execute("UPDATE replies SET state = 'rejected' WHERE state = 'pending'").await;
    app.execute("UPDATE replies SET open_reports = 1 WHERE state = 'approved'").await;
    app.pass(Duration::from_secs(301));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(taken(&mona, "&count=20").await.len(), 0);
    let reported = mona.post("/api/v1/moderation/next?queue=reported").expect(200).await.json();
    assert_eq!(ids(reported["items"].as_array().unwrap()), [&*replies[1].id]);
}
