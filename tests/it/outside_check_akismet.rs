//! A service that speaks Akismet's protocol: asked about replies, and told where people decide otherwise.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    asked_server::{Asked, AskedServer, Says},
    outside_check::{Asking, asks},
};

const KEY: &str = "123YourAPIKey";

async fn asking(server: &AskedServer) -> Asking {
    let asking = Asking::start(server).await;
    let base = server.url().replace("/check", "");
    let whom = json!({"kind": "akismet", "url": base, "secret": KEY, "blog_url": "https://blog.example"});
    let view = asks(&asking.blog, whom).await;
    assert_eq!((&view["secret"], &view["blog_url"]), (&Value::Null, &json!("https://blog.example/")));
    asking
}

/// The calls that were made, in order.
fn calls(server: &AskedServer) -> Vec<String> {
    let name = |line: &str| line.split(' ').nth(1).unwrap().trim_start_matches("/1.1/").to_owned();
    server.asked().iter().map(|asked| name(&asked.line)).collect()
}

#[actix_web::test]
async fn a_service_is_asked_and_told_where_people_decide_otherwise() {
    let server = AskedServer::start(Says::Body("true".to_owned())).await;
    let asking = asking(&server).await;
    let (story, ann, mona) = (&asking.story, &asking.ann, &asking.mona);
    let taken = ann.replies(story, "Taken for spam.").await;
    let spam = ann.replies(story, "Spam indeed.").await;
    asking.run().await;
    assert_eq!([asking.again(&taken).await.state, asking.again(&spam).await.state], ["spam", "spam"]);
    // several are asked about at once, in whatever order
    let forms: Vec<_> = server.asked().iter().map(Asked::form).collect();
    let form = forms.iter().find(|form| form["comment_content"] == "Taken for spam.").unwrap();
    assert_eq!((form["api_key"].as_str(), form["blog"].as_str()), (KEY, "https://blog.example/"));
    assert_eq!((form["comment_author"].as_str(), form["comment_type"].as_str()), ("ann", "comment"));

    // it is right about the one and wrong about the other
    mona.decides(&asking.again(&taken).await, "approve").await;
    mona.decides(&asking.again(&spam).await, "spam").await;
    asking.run().await;
    assert_eq!(calls(&server), ["comment-check", "comment-check", "submit-ham"]);
    assert_eq!(server.asked()[2].form()["comment_content"], "Taken for spam.");

    server.says(Says::Body("false".to_owned()));
    let (good, rude, bad, worse) = (
        ann.replies(story, "Good.").await,
        ann.replies(story, "Rude.").await,
        ann.replies(story, "Bad.").await,
        ann.replies(story, "Worse.").await,
    );
    asking.run().await;
    mona.decides(&asking.again(&good).await, "approve").await;
    mona.decides(&asking.again(&rude).await, "reject").await;
    mona.decides(&asking.again(&bad).await, "spam").await;
    let worse = asking.again(&worse).await;
    mona.deciding(&worse, "reject", json!({"reason": "spam"})).expect(201).await;
    asking.run().await;
    let mut told: Vec<_> = server.asked()[7..].iter().map(|asked| asked.form()["comment_content"].clone()).collect();
    told.sort();
    assert_eq!(
        (&calls(&server)[7..], told),
        (&["submit-spam".to_owned(), "submit-spam".to_owned()][..], vec!["Bad.".to_owned(), "Worse.".to_owned()])
    );
    assert_eq!(asking.jobs("tell_outside"), 0);
    asking.app.check().await;
}

#[actix_web::test]
async fn a_service_is_told_the_opposite_where_people_change_their_minds() {
    let server = AskedServer::start(Says::Body("false".to_owned())).await;
    let asking = asking(&server).await;
    let (story, ann, mona) = (&asking.story, &asking.ann, &asking.mona);
    let (mistaken, quickly) =
        (ann.replies(story, "Taken for spam.").await, ann.replies(story, "Only for a moment.").await);
    asking.run().await;
    let before = mona.decides(&asking.again(&mistaken).await, "spam").await;
    asking.run().await;
    let before = mona.decides(&before, "approve").await;
    asking.run().await;
    assert_eq!(calls(&server), ["comment-check", "comment-check", "submit-spam", "submit-ham"]);
    assert_eq!(server.asked()[3].form()["comment_content"], "Taken for spam.");
    // that it is good is known by now
    let before = mona.decides(&before, "approve").await;
    // what is refused for something else tells nothing
    let before = mona.decides(&before, "reject").await;
    let before = mona.decides(&before, "restore").await;
    mona.decides(&before, "approve").await;
    asking.run().await;
    assert_eq!(server.asked().len(), 4);

    // what was not told yet when it was taken back is not told after what took its place
    let before = mona.decides(&asking.again(&quickly).await, "spam").await;
    mona.decides(&before, "approve").await;
    asking.run().await;
    assert_eq!(&calls(&server)[4..], ["submit-ham"]);
    assert_eq!(asking.jobs("tell_outside"), 0);
    asking.app.check().await;
}

#[actix_web::test]
async fn a_service_is_told_the_opposite_where_a_decision_about_many_is_undone() {
    let server = AskedServer::start(Says::Body("false".to_owned())).await;
    let asking = asking(&server).await;
    let (story, ann, mona) = (&asking.story, &asking.ann, &asking.mona);
    let (mistaken, rude) = (ann.replies(story, "Taken for spam.").await, ann.replies(story, "Spam indeed.").await);
    asking.run().await;
    mona.decides(&asking.again(&rude).await, "spam").await;
    asking.run().await;
    assert_eq!(calls(&server)[2..], ["submit-spam"]);
    let (first, second) = (asking.again(&mistaken).await, asking.again(&rude).await);
    let items = json!([{"id": first.id, "version": first.version}, {"id": second.id, "version": second.version}]);
    let spam = mona.post("/api/v1/moderation/bulk").json(json!({"action": "spam", "items": items}));
    let begun = spam.expect(202).await;
    asking.run().await;
    asking.run().await;
    assert_eq!(calls(&server)[3..], ["submit-spam"], "of the other one it knows");
    mona.post(format!("{}/undo", begun.header("location").unwrap())).expect(202).await;
    asking.run().await;
    asking.run().await;
    assert_eq!(calls(&server)[4..], ["submit-ham"]);
    assert_eq!(server.asked()[4].form()["comment_content"], "Taken for spam.");
    // and what is decided from then on is compared with that
    mona.decides(&asking.again(&mistaken).await, "spam").await;
    asking.run().await;
    assert_eq!(calls(&server)[5..], ["submit-spam"]);
    assert_eq!(asking.jobs("tell_outside"), 0);
    asking.app.check().await;
}

#[actix_web::test]
async fn what_cannot_be_told_is_told_later() {
    let server = AskedServer::start(Says::Body("true".to_owned())).await;
    let asking = asking(&server).await;
    let reply = asking.ann.replies(&asking.story, "Taken for spam.").await;
    asking.run().await;
    asking.mona.decides(&asking.again(&reply).await, "approve").await;
    server.says(Says::Status("500 Hm"));
    asking.run().await;
    assert_eq!(asking.jobs("tell_outside"), 1);
    server.says(Says::Body("true".to_owned()));
    asking.app.pass(Duration::from_secs(3));
    asking.run().await;
    assert_eq!(
        (asking.jobs("tell_outside"), calls(&server)),
        (0, ["comment-check", "submit-ham", "submit-ham"].map(str::to_owned).to_vec())
    );
    asking.app.check().await;
}

#[actix_web::test]
async fn a_key_that_the_service_does_not_know_lets_replies_wait() {
    let server = AskedServer::start(Says::Body("invalid".to_owned())).await;
    let asking = asking(&server).await;
    let reply = asking.ann.replies(&asking.story, "A plain answer.").await;
    asking.run().await;
    let trace = asking.trace(&reply).await;
    assert_eq!(
        (&trace["state"], &trace["asking"]["last_error"]),
        (&json!("pending"), &json!("the service does not accept the site's key"))
    );
    assert!(!trace.to_string().contains(KEY));
    asking.app.check().await;
}
