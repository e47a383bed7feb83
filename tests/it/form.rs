//! Forms that a program filled in: the reply waits, and whoever sent it is told nothing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{Person, Site, Story},
    app::{App, Request},
};

/// A blog where replies are public at once, its story, a moderator and a reader.
async fn blog(app: &App) -> (Site, Story, Person, Person) {
    let blog = app.site("blog").await;
    let (story, mona, ann) = (blog.story("s1").await, blog.moderator("mona").await, app.reader("ann").await);
    (blog, story, mona, ann)
}

/// The token of a form that is opened now.
async fn opened(app: &App, site: &str) -> Value {
    let body = json!({"operation": "create_reply", "site": site});
    app.post("/api/v1/challenges").json(body).expect(201).await.json()["form_token"].clone()
}

fn sending(person: &Person, story: &Story, text: &str, form: Value) -> Request {
    person.post(format!("/api/v1/stories/{}/replies", story.id)).json(json!({"body": text, "form": form}))
}

/// What became of it, and what the trace says of the pace.
async fn state_and_words(request: Request, moderator: &Person) -> (String, String) {
    let posted = request.expect(201).await.json();
    let path = format!("/api/v1/moderation/replies/{}/trace", posted["id"].as_str().unwrap());
    let trace = moderator.get(path).expect(200).await.json();
    let said = trace["verdicts"][0]["findings"].as_array().unwrap();
    let of_pace = said.iter().filter(|found| found["rule"] == "pace");
    let words: Vec<&str> = of_pace.map(|found| found["words"].as_str().unwrap()).collect();
    (posted["state"].as_str().unwrap().to_owned(), words.join("; "))
}

#[actix_web::test]
async fn what_comes_back_too_soon_or_with_the_trap_filled_in_waits() {
    let app = App::start().await;
    let (blog, story, mona, ann) = blog(&app).await;
    let token = opened(&app, "blog").await;
    let form = json!({"token": token, "trap": ""});
    let soon = state_and_words(sending(&ann, &story, "Buy kettles.", form.clone()), &mona).await;
    assert!(soon.0 == "pending" && soon.1.starts_with("its form came back after 0."), "{soon:?}");
    app.pass(Duration::from_secs(2));
    let (state, _) = state_and_words(sending(&ann, &story, "I took my time.", form), &mona).await;
    assert_eq!(state, "approved");
    let trapped = json!({"token": token, "trap": "https://kettles.example"});
    let (state, words) = state_and_words(sending(&ann, &story, "Buy more kettles.", trapped), &mona).await;
    assert_eq!((&*state, &*words), ("pending", "its form's field that people do not see was filled in"));
    assert_eq!(mona.queue(&blog, "pending").await.len(), 2);
    app.check().await;
}

#[actix_web::test]
async fn a_token_of_another_site_or_of_nobody_is_forged() {
    let app = App::start().await;
    let (_, story, mona, ann) = blog(&app).await;
    app.site("other").await;
    let elsewhere = opened(&app, "other").await;
    app.pass(Duration::from_secs(60));
    for (number, token) in [elsewhere, json!(""), json!("AAYKmrC6QACOYx7Ln6dNfHhp6C1kVvCU")].into_iter().enumerate() {
        let request = sending(&ann, &story, &format!("Number {number}"), json!({"token": token, "trap": ""}));
        assert_eq!(state_and_words(request, &mona).await, ("pending".into(), "its form was not given out here".into()));
    }
    sending(&ann, &story, "Long.", json!({"token": "x".repeat(65), "trap": ""})).refused("invalid_fields").await;
    app.check().await;
}

#[actix_web::test]
async fn without_a_form_nothing_is_found_and_the_sites_own_people_do_not_wait() {
    let app = App::start().await;
    let (_, story, mona, ann) = blog(&app).await;
    assert_eq!(ann.replies(&story, "By the API.").await.state, "approved");
    let form = json!({"token": opened(&app, "blog").await, "trap": ""});
    let (state, words) = state_and_words(sending(&mona, &story, "Quick as I am.", form), &mona).await;
    assert!(state == "approved" && words.starts_with("its form came back"), "{state} {words}");
    app.check().await;
}

#[actix_web::test]
async fn a_rerun_of_the_policy_lets_nothing_go_that_a_program_filled_in() {
    let app = App::start().await;
    let (blog, story, mona, ann) = blog(&app).await;
    let form = json!({"token": opened(&app, "blog").await, "trap": ""});
    sending(&ann, &story, "Buy kettles.", form).expect(201).await;
    blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    blog.reruns().await;
    assert_eq!(mona.queue(&blog, "pending").await.len(), 1);
    app.check().await;
}
