//! Somebody outside who does not answer, or not as agreed on: replies wait, and the trace tells why.

use std::time::Duration;

use serde_json::json;

use crate::{
    actors::PASSWORD,
    app::App,
    asked_server::{AskedServer, Says, outcome_is},
    outside_check::{Asking, asks},
    process::PATIENCE,
};

const MOMENT: Duration = Duration::from_millis(50);
/// More than the first wait before another try.
const WAIT: Duration = Duration::from_secs(3);

#[actix_web::test]
async fn a_reply_waits_while_there_is_no_answer_and_is_released_by_a_later_one() {
    let large = format!("{{\"outcome\": \"pass\", \"more\": \"{}\"}}", "x".repeat(17 * 1024));
    for (says, why) in [
        (Says::Nothing, "the endpoint did not answer in time"),
        (Says::Status("503 Busy"), "the endpoint answered with status 503"),
        (Says::Status("302 Found"), "the endpoint pointed to another address, which is not followed"),
        (Says::Body("pass".to_owned()), "the endpoint's answer was not understood: it is not JSON"),
        (outcome_is("maybe"), "the endpoint's answer was not understood: `outcome` is none of pass, flag, hold, spam"),
        (Says::Body(large), "the endpoint's answer was too large"),
    ] {
        let deadline = if matches!(says, Says::Nothing) { MOMENT } else { PATIENCE };
        let server = AskedServer::start(says).await;
        let asking = Asking::on(App::asking(deadline).await, &server).await;
        let reply = asking.ann.replies(&asking.story, "A plain answer.").await;
        asking.run().await;
        let trace = asking.trace(&reply).await;
        assert_eq!((&trace["state"], &trace["version"]), (&json!("pending"), &json!(1)), "{why}");
        assert_eq!((&trace["asking"]["tries"], &trace["asking"]["last_error"]), (&json!(1), &json!(why)));
        // not before its time
        asking.run().await;
        assert_eq!(server.asked().len(), 1, "{why}");

        server.says(outcome_is("pass"));
        asking.app.pass(WAIT);
        if deadline == MOMENT {
            // as another instance, with time to answer
            let patient = asking.app.another(&[("OUTSIDE_ALLOW_PRIVATE", "true")]).await;
            rejoinder::jobs::run_due(&patient.state).await.unwrap();
        } else {
            asking.run().await;
        }
        assert_eq!(asking.again(&reply).await.state, "approved", "{why}");
        let ids: Vec<_> = server.asked().iter().map(|asked| asked.header("webhook-id").to_owned()).collect();
        assert_eq!((ids.len(), &ids[0]), (2, &ids[1]), "{why}");
        asking.app.check().await;
    }
}

#[actix_web::test]
async fn where_nobody_listens_another_endpoint_may_be_named() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    asks(&asking.blog, json!({"kind": "webhook", "url": format!("http://{nobody}/")})).await;
    let columnist = asking.blog.author("columnist").await;
    let replies = [asking.ann.replies(&asking.story, "One.").await, columnist.replies(&asking.story, "Two.").await];
    asking.run().await;
    for reply in &replies {
        let trace = asking.trace(reply).await;
        assert_eq!(trace["asking"]["last_error"], "the endpoint could not be reached");
    }
    asks(&asking.blog, json!({"kind": "webhook", "url": server.url()})).await;
    asking.app.pass(WAIT);
    asking.run().await;
    for reply in &replies {
        assert_eq!(asking.again(reply).await.state, "approved");
    }
    asking.app.check().await;
}

#[actix_web::test]
async fn after_an_hour_a_reply_is_left_to_people() {
    let server = AskedServer::start(Says::Status("500 Hm")).await;
    let mut asking = Asking::start(&server).await;
    let pre = asking.blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let replies = [asking.ann.replies(&asking.story, "One.").await, asking.ann.replies(&pre, "Two.").await];
    asking.run().await;
    for minute in 0..59 {
        asking.app.pass(Duration::from_secs(60));
        asking.run().await;
        assert_eq!(asking.jobs("ask_outside"), 2, "after {minute} minutes");
    }
    // an endpoint that fails is left alone more and more
    assert!((10..40).contains(&server.asked().len()), "{}", server.asked().len());
    asking.app.pass(Duration::from_secs(61));
    asking.run().await;
    assert_eq!(asking.jobs("ask_outside"), 0);

    asking.mona = asking.app.sign_in("mona", PASSWORD).await;
    for reply in &replies {
        let (trace, item) = (asking.trace(reply).await, asking.item(reply).await);
        let verdict = &trace["verdicts"][0];
        assert_eq!((&trace["state"], &verdict["decided_by"]), (&json!("pending"), &json!("outside")));
        assert_eq!(item["not_run"], json!([{"rule": "outside", "why": "unreachable"}]));
        let found = verdict["findings"].as_array().unwrap().last().unwrap();
        assert_eq!(found["words"], "asked for an hour without an answer: the endpoint answered with status 500");
    }
    server.says(outcome_is("pass"));
    asking.app.pass(Duration::from_secs(3_600));
    asking.run().await;
    asking.mona = asking.app.sign_in("mona", PASSWORD).await;
    let waiting = asking.again(&replies[0]).await;
    assert_eq!((waiting.state.as_str(), waiting.version), ("pending", 2));
    assert_eq!(asking.mona.decides(&waiting, "approve").await.state, "approved");
    asking.app.check().await;
}

#[actix_web::test]
async fn a_policy_run_again_releases_nothing_that_was_not_answered_or_that_an_answer_holds() {
    let server = AskedServer::with_outcome("hold").await;
    let asking = Asking::start(&server).await;
    asking.blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    let held = asking.ann.replies(&asking.story, "A casino.").await;
    asking.run().await;
    server.says(outcome_is("pass"));
    let passed = asking.ann.replies(&asking.story, "A casino again.").await;
    asking.run().await;
    server.says(Says::Status("500 Hm"));
    let unanswered = asking.ann.replies(&asking.story, "A plain answer.").await;
    asking.run().await;
    asking.blog.policy(json!({})).await;
    let run = asking.blog.reruns().await;
    assert_eq!(run["rerun"], json!({"released": 1, "still_waiting": 2}), "{run}");
    let mut states = Vec::new();
    for reply in [&held, &passed, &unanswered] {
        states.push(asking.again(reply).await.state);
    }
    assert_eq!(states, ["pending", "approved", "pending"]);
    // and what was answered is told still
    assert_eq!(asking.said(&passed).await.2, "pass");
    asking.app.check().await;
}

#[actix_web::test]
async fn a_policy_run_again_releases_nothing_that_nobody_was_asked_about() {
    let server = AskedServer::with_outcome("pass").await;
    let app = App::asking(PATIENCE).await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let earlier = ann.replies(&story, "A casino.").await;
    asks(&blog, json!({"kind": "webhook", "url": server.url()})).await;
    blog.policy(json!({})).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 0, "still_waiting": 1}));
    let item = mona.get(format!("/api/v1/moderation/replies/{}", earlier.id)).expect(200).await.json();
    assert_eq!((&item["state"], server.asked().len()), (&json!("pending"), 0));
    // once nobody is to be asked any more, nothing is waited for
    blog.admin.delete("/api/v1/sites/blog/outside-check").header("If-Match", "*").expect(204).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 1, "still_waiting": 0}));
    app.check().await;
}

#[actix_web::test]
async fn where_nobody_is_asked_any_more_what_waited_for_an_answer_is_released() {
    let server = AskedServer::start(Says::Status("500 Hm")).await;
    let asking = Asking::start(&server).await;
    asking.blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    let reply = asking.ann.replies(&asking.story, "A plain answer.").await;
    let held = asking.ann.replies(&asking.story, "A casino.").await;
    asking.run().await;
    let path = "/api/v1/sites/blog/outside-check";
    asking.blog.admin.delete(path).header("If-Match", "*").expect(204).await;
    assert_eq!(asking.ann.replies(&asking.story, "Another.").await.state, "approved");
    asking.app.pass(WAIT);
    asking.run().await;
    let states = [asking.again(&reply).await.state, asking.again(&held).await.state];
    assert_eq!((states, asking.jobs("ask_outside")), (["approved".to_owned(), "pending".to_owned()], 0));
    asking.app.check().await;
}
