//! Recommending, reporting, and answers past the deepest level.

use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply},
    app::{App, Request},
    together::{together, with_status},
};

fn recommending(person: &Person, reply: &str) -> Request {
    person.put(format!("/api/v1/replies/{reply}/recommendation"))
}

fn taking_back(person: &Person, reply: &str) -> Request {
    person.delete(format!("/api/v1/replies/{reply}/recommendation"))
}

fn reporting(person: &Person, reply: &str, body: Value) -> Request {
    person.post(format!("/api/v1/replies/{reply}/reports")).json(body)
}

async fn recommendations(app: &App, reply: &Reply) -> i64 {
    app.settle().await;
    let view = app.get(format!("/api/v1/replies/{}", reply.id)).expect(200).await.json();
    view["recommendations"].as_i64().unwrap()
}

#[actix_web::test]
async fn a_recommendation_counts_once_and_is_taken_back_once() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let reply = ann.replies(&story, "True.").await;
    recommending(&ann, &reply.id).refused("own_reply").await;
    taking_back(&bob, &reply.id).expect(204).await;
    for _ in 0..2 {
        recommending(&bob, &reply.id).expect(204).await;
        assert_eq!(recommendations(&app, &reply).await, 1);
    }
    assert_eq!(bob.mine(&story).await["recommended"], json!([reply.id]));
    assert_eq!(ann.mine(&story).await["recommended"], json!([]));
    for _ in 0..2 {
        taking_back(&bob, &reply.id).expect(204).await;
        assert_eq!(recommendations(&app, &reply).await, 0);
    }
    app.check().await;
}

#[actix_web::test]
async fn only_public_replies_are_recommended() {
    let app = App::start().await;
    let story = app.site_with("blog", json!({})).await.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let reply = ann.replies(&story, "True.").await;
    for person in [&ann, &bob] {
        recommending(person, &reply.id).refused("not_found").await;
        recommending(person, &story.id).refused("not_found").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn a_hundred_recommendations_by_one_reader_count_one() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let reply = ann.replies(&story, "True.").await;
    let answers = together((0..100).map(|_| recommending(&bob, &reply.id))).await;
    assert_eq!(with_status(&answers, 204), 100);
    assert_eq!(recommendations(&app, &reply).await, 1);
    app.check().await;
}

#[actix_web::test]
async fn recommendations_by_thirty_readers_at_once_count_thirty() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let reply = ann.replies(&story, "True.").await;
    let mut readers = Vec::new();
    for number in 0..30 {
        readers.push(app.reader(&format!("reader{number}x")).await);
    }
    let answers = together(readers.iter().map(|reader| recommending(reader, &reply.id))).await;
    assert_eq!(with_status(&answers, 204), 30);
    assert_eq!(recommendations(&app, &reply).await, 30);
    let answers = together(readers[..10].iter().map(|reader| taking_back(reader, &reply.id))).await;
    assert_eq!(with_status(&answers, 204), 10);
    assert_eq!(recommendations(&app, &reply).await, 20);
    app.check().await;
}

#[actix_web::test]
async fn a_report_never_tells_what_became_of_a_reply() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let waiting = blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let (public, withdrawn) = (ann.replies(&story, "Public.").await, ann.replies(&story, "Gone.").await);
    ann.withdraws(&withdrawn).await;
    let pending = ann.replies(&waiting, "Waiting.").await;
    let own = bob.replies(&story, "My own.").await;
    let refused = mona.decides(&ann.replies(&story, "Refused.").await, "reject").await;
    for id in [&public.id, &withdrawn.id, &pending.id, &own.id, &refused.id, &story.id] {
        let answer = reporting(&bob, id, json!({"reason": "abuse"})).expect(204).await;
        assert!(answer.body.is_empty());
    }
    let reported = mona.queue(&blog, "reported").await;
    assert_eq!(reported.len(), 1);
    assert_eq!(reported[0]["id"], json!(public.id));
    app.check().await;
}

#[actix_web::test]
async fn a_reader_reports_a_reply_once_and_says_why() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hm.").await;
    for wrong in [
        json!({"reason": "boring"}),
        json!({"reason": "other"}),
        json!({"reason": "other", "text": ""}),
        json!({"reason": "other", "text": "a\u{0}"}),
        json!({"reason": "abuse", "text": "x".repeat(1_001)}),
        json!({}),
    ] {
        reporting(&bob, &reply.id, wrong).refused("invalid_fields").await;
    }
    let answers = together((0..20).map(|_| reporting(&bob, &reply.id, json!({"reason": "abuse"})))).await;
    assert_eq!(with_status(&answers, 204), 20);
    reporting(&bob, &reply.id, json!({"reason": "other", "text": "And rude."})).expect(204).await;
    let item = mona.queue(&blog, "reported").await.remove(0);
    assert_eq!(item["open_reports"], 1);
    let said: Vec<_> =
        item["reports"].as_array().unwrap().iter().map(|row| (&row["reason"], &row["outcome"])).collect();
    assert_eq!(
        said,
        [(&json!("other"), &Value::Null), (&json!("abuse"), &json!("moot"))],
        "the last counts, both are kept"
    );
    assert_eq!(item["reports"][0]["reporter_id"], json!(bob.id));
    app.check().await;
}

#[actix_web::test]
async fn past_the_deepest_level_answers_stand_flat_and_name_whom_they_answer() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let mut chain = vec![ann.replies(&story, "Level 1.").await];
    for level in 2..=35 {
        chain.push(ann.answers(chain.last().unwrap(), &format!("Level {level}.")).await);
    }
    let show = async |reply: &Reply| app.get(format!("/api/v1/replies/{}", reply.id)).expect(200).await.json();
    let (deepest, flat, after) = (&chain[31], &chain[32], &chain[33]);
    assert_eq!(show(deepest).await["depth"], 32);
    assert_eq!((&show(flat).await["depth"], &show(flat).await["in_reply_to"]), (&json!(33), &Value::Null));
    let view = show(after).await;
    assert_eq!((&view["depth"], &view["parent_id"]), (&json!(33), &json!(deepest.id)));
    assert_eq!(view["in_reply_to"], json!(flat.id));
    assert_eq!(view["ancestors"].as_array().unwrap().len(), 32);
    // the tree is the path's: what stands flat hangs below the ancestor at the deepest level
    assert_eq!((&show(deepest).await["replies"], &show(deepest).await["visible_below"]), (&json!(3), &json!(3)));
    assert_eq!(show(flat).await["visible_below"], 0);
    // whom it answers is told only while that one is public
    mona.decides(flat, "reject").await;
    assert_eq!(show(after).await["in_reply_to"], Value::Null);
    app.get(format!("/api/v1/replies/{}", flat.id)).refused("not_found").await;
    let item = mona.get(format!("/api/v1/moderation/replies/{}", after.id)).expect(200).await.json();
    assert_eq!(item["in_reply_to"], json!(flat.id));
    bob.answers(&chain[34], "Still here.").await;
    // withdrawn, the deepest level leaves a tombstone for those below it
    ann.withdraws(deepest).await;
    assert_eq!(show(after).await["ancestors"][31]["is_tombstone"], true);
    app.check().await;
}

#[actix_web::test]
async fn no_reply_is_taken_once_the_story_is_closed() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    let close = blog.admin.post(format!("/api/v1/stories/{}/close", story.id));
    let mut requests: Vec<Request> = (0..15).map(|n| ann.posting(&story, &format!("Before {n}."))).collect();
    requests.push(close);
    requests.extend((0..15).map(|n| ann.posting(&story, &format!("After {n}."))));
    let answers = together(requests).await;
    assert_eq!(with_status(&answers, 200), 1);
    let taken = with_status(&answers, 201);
    assert_eq!(taken + with_status(&answers, 409), 30);
    assert_eq!(story.count().await, i64::try_from(taken).unwrap());
    ann.posting(&story, "Too late.").refused("story_closed").await;
    // the log tells the order: nothing was posted after the closing
    let log = blog.admin.get("/api/v1/sites/blog/log").expect(200).await.json();
    let actions: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect();
    assert_eq!(actions.iter().filter(|action| **action == "post").count(), taken);
    assert_eq!(actions.iter().filter(|action| **action == "close_story").count(), 1);
    app.check().await;
}

#[actix_web::test]
async fn a_reader_may_report_a_reply_again_once_its_text_has_changed() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hm.").await;
    bob.reports(&reply, "abuse").await;
    let reply = mona.decides(&reply, "approve").await;
    bob.reports(&reply, "abuse").await;
    assert_eq!(mona.queue(&blog, "reported").await.len(), 0, "a moderator has looked at this text");
    ann.edits(&reply, "Hm, you fool.").await;
    bob.reports(&reply, "off_topic").await;
    let item = mona.queue(&blog, "reported").await.remove(0);
    assert_eq!((&item["open_reports"], &item["reports"].as_array().unwrap().len()), (&json!(1), &2), "both are kept");
    assert_eq!((&item["reports"][0]["reason"], &item["reports"][0]["revision"]), (&json!("off_topic"), &json!(2)));
    app.check().await;
}

#[actix_web::test]
async fn a_report_is_repeated_by_its_key() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let reply = ann.replies(&story, "Hm.").await;
    let report = |reason: &str| reporting(&bob, &reply.id, json!({"reason": reason})).header("Idempotency-Key", "k1");
    report("abuse").expect(204).await;
    report("abuse").expect(204).await;
    report("spam").refused("idempotency_mismatch").await;
}
