//! The classifier: learns from people's decisions, takes back what they take back, and is quiet until it knows enough.

use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::App,
};

const SPAM: [&str; 6] = ["pills", "casino", "discount", "click", "winner", "credit"];
const GOOD: [&str; 6] = ["teapots", "council", "bridge", "weather", "library", "harbour"];

/// A text of one kind, another for each number.
fn text(number: usize, is_spam: bool) -> String {
    let words = if is_spam { SPAM } else { GOOD };
    let pick = |step: usize| words[(number * step + step) % words.len()];
    format!("{} {} number{number}", pick(1), pick(5))
}

async fn view(moderator: &Person, site: &Site) -> Value {
    moderator.get(format!("/api/v1/sites/{}/moderation/classifier", site.key)).expect(200).await.json()
}

/// A site where all replies wait, so that each has a decision.
async fn waiting_site(app: &App) -> (Site, Story, Person, Person) {
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    blog.policy(json!({"history": {"refused_percent": 0}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    (blog, story, ann, mona)
}

async fn teach(story: &Story, ann: &Person, mona: &Person, numbers: std::ops::Range<usize>) {
    for number in numbers {
        for (is_spam, verb) in [(true, "spam"), (false, "approve")] {
            mona.decides(&ann.replies(story, &text(number, is_spam)).await, verb).await;
        }
    }
}

async fn last_verdict(mona: &Person, reply: &Reply) -> Value {
    let trace = mona.get(format!("/api/v1/moderation/replies/{}/trace", reply.id)).expect(200).await.json();
    trace["verdicts"][0].clone()
}

async fn verdict(mona: &Person, reply: &Reply) -> Value {
    let findings = last_verdict(mona, reply).await["findings"].as_array().unwrap().clone();
    findings.into_iter().find(|finding| finding["rule"] == "classifier").unwrap()
}

#[actix_web::test]
async fn it_learns_from_decisions_and_then_holds_what_is_like_spam() {
    let app = App::start().await;
    let (blog, story, ann, mona) = waiting_site(&app).await;
    teach(&story, &ann, &mona, 0..49).await;
    let quiet = verdict(&mona, &ann.replies(&story, &text(990, true)).await).await;
    assert_eq!(
        (&quiet["outcome"], &quiet["words"]),
        (&json!("pass"), &json!("quiet until 50 of each: 49 good, 49 spam"))
    );
    assert_eq!(view(&mona, &blog).await["is_quiet"], true);
    teach(&story, &ann, &mona, 49..60).await;

    blog.set(json!({"moderation_mode": "post"})).await;
    let bob = app.reader("bob").await;
    let (bad, good) = (bob.replies(&story, &text(991, true)).await, bob.replies(&story, &text(992, false)).await);
    assert_eq!((bad.state.as_str(), good.state.as_str()), ("pending", "approved"));
    let said = verdict(&mona, &bad).await;
    let features = said["features"].as_array().unwrap();
    assert_eq!(features.len(), 10);
    assert!(features.iter().all(|feature| feature["evidence"].as_f64().unwrap() > 0.0), "{said}");
    assert!(said["score"].as_f64().unwrap() > 0.5, "{said}");
    let knowledge = last_verdict(&mona, &bad).await["knowledge"].clone();
    assert_eq!((&knowledge["lessons"], &knowledge["shared_lessons"]), (&json!(120), &json!(0)));

    let view = view(&mona, &blog).await;
    assert_eq!((&view["good"], &view["bad"], &view["lessons"]), (&json!(60), &json!(60), &json!(120)));
    // the first fifty of each kind were learnt without being scored
    assert_eq!(view["at_threshold"]["decisions"], 20);
    assert_eq!((&view["at_threshold"]["precision"], &view["at_threshold"]["recall"]), (&json!(1.0), &json!(1.0)));
    assert!(view["at_threshold"]["good_held"].as_f64().unwrap() <= 0.01);
    assert_eq!(view["curve"].as_array().unwrap().len(), 21);
    let named = |list: &str, words: [&str; 6]| {
        let first = view[list][0]["name"].as_str().unwrap().to_owned();
        assert!(words.iter().any(|word| first.contains(word)), "{list}: {first}");
    };
    named("strongest_bad", SPAM);
    named("strongest_good", GOOD);
    app.check().await;
}

#[actix_web::test]
async fn what_is_reversed_is_taken_back_and_nobody_but_people_teaches() {
    let app = App::start().await;
    let (blog, story, ann, mona) = waiting_site(&app).await;
    let counts = || async {
        let view = view(&mona, &blog).await;
        [&view["good"], &view["bad"], &view["lessons"]].map(|number| number.as_i64().unwrap())
    };
    let reply = ann.replies(&story, &text(1, true)).await;
    let spam = mona.decides(&reply, "spam").await;
    assert_eq!(counts().await, [0, 1, 1]);
    // the same again teaches nothing
    let again = mona.decides(&spam, "spam").await;
    assert_eq!(counts().await, [0, 1, 1]);
    let restored = mona.decides(&again, "restore").await;
    assert_eq!(counts().await, [0, 0, 2]);
    let approved = mona.decides(&restored, "approve").await;
    assert_eq!(counts().await, [1, 0, 3]);
    // refused, though not as spam: good it was not
    let rejected = mona.decides(&approved, "reject").await;
    assert_eq!(counts().await, [0, 0, 4]);
    let as_spam = mona.deciding(&rejected, "reject", json!({"reason": "spam"})).expect(201).await.json();
    assert_eq!((counts().await, as_spam["state"].as_str()), ([0, 1, 5], Some("rejected")));

    let other = ann.replies(&story, &text(2, false)).await;
    let other = mona.decides(&other, "approve").await;
    ann.withdraws(&other).await;
    assert_eq!(counts().await, [1, 1, 6], "its author taught nothing");
    // rules teach nothing
    blog.policy(json!({"words": {"spam": ["pills"]}})).await;
    assert_eq!(ann.replies(&story, "pills pills").await.state, "spam");
    assert_eq!(counts().await, [1, 1, 6]);
    // a new text that is approved stands in the place of the old one
    let third = mona.decides(&ann.replies(&story, &text(3, false)).await, "approve").await;
    blog.set(json!({"moderation_mode": "post"})).await;
    let edited = ann.edits(&third, &text(4, false)).await;
    mona.decides(&edited, "approve").await;
    assert_eq!(counts().await, [2, 1, 9]);
    app.check().await;
}

#[actix_web::test]
async fn the_first_decision_that_was_scored_holds_nothing_that_is_rather_good() {
    let app = App::start().await;
    let (blog, story, ann, mona) = waiting_site(&app).await;
    teach(&story, &ann, &mona, 0..51).await;
    let view = view(&mona, &blog).await;
    assert_eq!((&view["at_threshold"]["decisions"], &view["usual_threshold"]), (&json!(2), &json!(0.5)));

    blog.set(json!({"moderation_mode": "post"})).await;
    let bob = app.reader("bob").await;
    let (fair, bad) =
        (bob.replies(&story, "the library has a casino").await, bob.replies(&story, &text(990, true)).await);
    assert_eq!((fair.state.as_str(), bad.state.as_str()), ("approved", "pending"));
    // not as good as the one that was scored, and rather good
    let score = verdict(&mona, &fair).await["score"].as_f64().unwrap();
    assert!((0.05..0.5).contains(&score), "{score}");
    assert_eq!((&view["curve"][1]["threshold"], &view["curve"][1]["good_held"]), (&json!(0.05), &json!(0.0)));
}

#[actix_web::test]
async fn a_threshold_that_the_site_chose_counts_and_it_can_be_switched_off() {
    let app = App::start().await;
    let (blog, story, ann, mona) = waiting_site(&app).await;
    teach(&story, &ann, &mona, 0..50).await;
    blog.set(json!({"moderation_mode": "post"})).await;
    let bob = app.reader("bob").await;
    let state = |number: usize| {
        let (bob, story) = (bob.clone(), story.clone());
        async move { bob.replies(&story, &text(number, true)).await.state }
    };
    let history = json!({"refused_percent": 0});
    assert_eq!(state(901).await, "pending");
    blog.policy(json!({"classifier": {"threshold": 1.0}, "history": history})).await;
    assert_eq!(state(902).await, "approved");
    blog.policy(json!({"classifier": {"outcome": "flag", "threshold": 0.5}, "history": history})).await;
    assert_eq!(state(903).await, "approved");
    assert_eq!(mona.queue(&blog, "flagged").await.len(), 1);
    blog.policy(json!({"classifier": {"outcome": "pass"}, "history": history})).await;
    assert_eq!(state(904).await, "approved");
    let path = "/api/v1/sites/blog/policy";
    let wrong = blog.admin.put(path).header("If-Match", "*").json(json!({"classifier": {"threshold": 1.5}}));
    assert_eq!(wrong.refused("invalid_fields").await["errors"][0]["pointer"], "/classifier/threshold");
}

#[actix_web::test]
async fn sums_hold_what_lessons_said_and_another_instance_knows_the_same() {
    let app = App::start().await;
    let (blog, story, ann, mona) = waiting_site(&app).await;
    teach(&story, &ann, &mona, 0..101).await;
    let before = view(&mona, &blog).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    app.check().await;
    // what is learnt and taken back afterwards counts in the month in which it was learnt
    app.pass(std::time::Duration::from_secs(40 * 24 * 3_600));
    let (ann, mona) =
        (app.sign_in("ann", crate::actors::PASSWORD).await, app.sign_in("mona", crate::actors::PASSWORD).await);
    let reply = mona.queue(&blog, "spam").await.remove(0);
    let restore = json!({"action": "restore", "version": reply["version"]});
    let path = format!("/api/v1/moderation/replies/{}/decisions", reply["id"].as_str().unwrap());
    mona.post(path).json(restore).expect(201).await;
    teach(&story, &ann, &mona, 200..202).await;
    let there = app.another(&[]).await;
    let on_another = Person { app: there.clone(), ..mona.clone() };
    let (here, there) = (view(&mona, &blog).await, view(&on_another, &Site { app: there, ..blog.clone() }).await);
    assert_eq!((&here["good"], &here["bad"]), (&json!(103), &json!(102)));
    for field in ["lessons", "good", "bad", "usual_threshold", "at_threshold", "curve"] {
        assert_eq!(here[field], there[field], "{field}");
    }
    assert_eq!(before["lessons"], 202);
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    app.check().await;
}

#[actix_web::test]
async fn a_young_site_borrows_from_what_others_were_taught() {
    let app = App::start().await;
    let (_, story, ann, mona) = waiting_site(&app).await;
    // a site that is young itself
    teach(&story, &ann, &mona, 0..75).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    // fifty of each that have nothing in common with what comes
    let young = app.site_with("young", json!({"moderation_mode": "pre"})).await;
    young.policy(json!({"history": {"refused_percent": 0}})).await;
    let (there, otto) = (young.story("s1").await, young.moderator("otto").await);
    for number in 0..50 {
        otto.decides(&ann.replies(&there, &format!("qqq{number}")).await, "spam").await;
        otto.decides(&ann.replies(&there, &format!("zzz{number}")).await, "approve").await;
    }
    let judged = ann.replies(&there, &text(950, true)).await;
    let said = verdict(&otto, &judged).await;
    assert!(said["score"].as_f64().unwrap() > 0.5, "{said}");
    let knowledge = last_verdict(&otto, &judged).await["knowledge"].clone();
    assert_eq!((&knowledge["lessons"], &knowledge["shared_lessons"]), (&json!(100), &json!(150)));
    app.check().await;
}

#[actix_web::test]
async fn decisions_at_once_are_all_learnt_once() {
    let app = App::start().await;
    let (blog, story, ann, mona) = waiting_site(&app).await;
    let mut replies = Vec::new();
    for number in 0..12 {
        replies.push(ann.replies(&story, &text(number, true)).await);
    }
    let decisions = replies
        .iter()
        .flat_map(|reply| [mona.deciding(reply, "spam", json!({})), mona.deciding(reply, "approve", json!({}))]);
    let answers = crate::together::together(decisions).await;
    assert_eq!(crate::together::with_status(&answers, 201), 12);
    let view = view(&mona, &blog).await;
    assert_eq!(
        (view["lessons"].as_i64(), view["good"].as_i64().unwrap() + view["bad"].as_i64().unwrap()),
        (Some(12), 12)
    );
    app.check().await;
}
