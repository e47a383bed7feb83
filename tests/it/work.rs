//! Proof of work: newcomers show it where many come at once, once each, and nobody else ever sees it.

use std::time::Duration;

use altcha::{Challenge, Payload, SolveChallengeOptions, solve_challenge};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Site, Story},
    app::{App, Request},
    jobs::count,
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);

fn signing_up(app: &App, name: &str) -> Request {
    let body = json!({"email": format!("{name}@example.org"), "username": name, "password": PASSWORD});
    app.post("/api/v1/accounts").json(body)
}

async fn challenge(app: &App, body: Value) -> Value {
    app.post("/api/v1/challenges").json(body).expect(201).await.json()
}

/// What a newcomer's browser sends.
fn solved(challenge: &Value) -> String {
    let challenge: Challenge = serde_json::from_value(challenge["challenge"].clone()).unwrap();
    let solution = solve_challenge(SolveChallengeOptions::new(&challenge)).unwrap().unwrap();
    BASE64.encode(serde_json::to_vec(&Payload { challenge, solution }).unwrap())
}

/// A solution for signing up.
async fn to_sign_up(app: &App) -> String {
    solved(&challenge(app, json!({"operation": "create_account"})).await)
}

/// A solution for posting here.
async fn to_post(app: &App, site: &str) -> String {
    solved(&challenge(app, json!({"operation": "create_reply", "site": site})).await)
}

/// A site where replies are public at once, made while nobody was asked for work; and an instance that asks.
async fn asking(variables: &[(&str, &str)]) -> (App, Site, Story) {
    let quiet = App::start().await;
    let blog = quiet.site("blog").await;
    blog.set(json!({"unproven_accounts": "allow"})).await;
    let story = blog.story("s1").await;
    let variables: Vec<_> = [("PROOF_OF_WORK_COST", "100")].iter().chain(variables).copied().collect();
    (quiet.another(&variables).await, blog, story)
}

#[actix_web::test]
async fn a_newcomer_works_once_for_an_account_and_once_for_a_reply() {
    let (app, _, story) = asking(&[("PROOF_OF_WORK", "on")]).await;
    let needed = signing_up(&app, "ann").refused("work_needed").await;
    assert_eq!(needed["work"]["operation"], "create_account");
    let asked = challenge(&app, json!({"operation": "create_account"})).await;
    assert_eq!(asked["is_needed"], true);
    let tokens = signing_up(&app, "ann").header("Altcha", &solved(&asked)).expect(201).await.json();
    let ann = app.person("ann", &tokens);
    let needed = ann.posting(&story, "Well said.").refused("work_needed").await;
    assert_eq!(
        needed["work"],
        json!({"operation": "create_reply", "site": "blog", "challenges": "/api/v1/challenges"})
    );
    ann.posting(&story, "Well said.").header("Altcha", &to_post(&app, "blog").await).expect(201).await;
    // the first reply is public by now
    ann.replies(&story, "And well answered.").await;
    app.check().await;
}

#[actix_web::test]
async fn a_solution_is_good_once_on_all_instances_for_what_it_was_asked_for_and_for_ten_minutes() {
    let (app, blog, story) = asking(&[("PROOF_OF_WORK", "on")]).await;
    blog.app.site("other").await;
    let other = app.another(&[("PROOF_OF_WORK", "on"), ("PROOF_OF_WORK_COST", "100")]).await;
    let used = to_sign_up(&app).await;
    signing_up(&app, "ann").header("Altcha", &used).expect(201).await;
    signing_up(&app, "bob").header("Altcha", &used).refused("work_needed").await;
    signing_up(&other, "bob").header("Altcha", &used).refused("work_needed").await;
    let bob = blog.app.reader("bob").await;
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let text = json!({"body": "Well said."});
    let here = |solution: &str| app.post(&path).bearer(&bob.token).json(text.clone()).header("Altcha", solution);
    here(&to_post(&app, "other").await).refused("work_needed").await;
    here(&to_sign_up(&app).await).refused("work_needed").await;
    here("e30=").refused("work_needed").await;
    here(&"x".repeat(5_000)).refused("invalid_header").await;
    // another instance's is as good
    here(&to_post(&other, "blog").await).expect(201).await;
    let late = to_sign_up(&app).await;
    app.pass(11 * MINUTE);
    signing_up(&app, "cat").header("Altcha", &late).refused("work_needed").await;
    signing_up(&app, "cat").header("Altcha", &to_sign_up(&app).await).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn of_the_same_solution_many_times_at_once_one_is_taken() {
    let (app, ..) = asking(&[("PROOF_OF_WORK", "on")]).await;
    let solution = to_sign_up(&app).await;
    let answers = together((0..8).map(|n| signing_up(&app, &format!("reader{n}")).header("Altcha", &solution))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 403)), (1, 7));
    app.check().await;
}

#[actix_web::test]
async fn what_is_not_stored_has_used_no_work_but_a_try_to_sign_up_has() {
    let (app, blog, story) = asking(&[("PROOF_OF_WORK", "on")]).await;
    let ann = blog.app.reader("ann").await;
    let solution = to_post(&app, "blog").await;
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let posting = |body: Value| app.post(&path).bearer(&ann.token).json(body).header("Altcha", &solution);
    posting(json!({"body": ""})).refused("invalid_fields").await;
    let nobody = "0193a000-0000-7000-8000-00000000dead";
    posting(json!({"body": "Well.", "parent_id": nobody})).refused("parent_not_public").await;
    posting(json!({"body": "Well."})).expect(201).await;
    let solution = to_sign_up(&app).await;
    signing_up(&app, "ann").header("Altcha", &solution).refused("username_taken").await;
    signing_up(&app, "bob").header("Altcha", &solution).refused("work_needed").await;
}

#[actix_web::test]
async fn staff_and_whoever_was_let_pass_or_has_been_here_for_a_week_never_see_it() {
    let (app, blog, story) = asking(&[("PROOF_OF_WORK", "on")]).await;
    let (mona, old, new) = (blog.moderator("mona").await, blog.app.reader("old").await, blog.app.reader("new").await);
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let posting = |token: &str| app.post(&path).bearer(token).json(json!({"body": "Well said."}));
    posting(&mona.token).expect(201).await;
    posting(&blog.admin.token).expect(201).await;
    posting(&old.token).refused("work_needed").await;
    new.replies(&story, "While nobody asked.").await;
    posting(&new.token).expect(201).await;
    app.pass(WEEK);
    let old = blog.app.sign_in("old", PASSWORD).await;
    posting(&old.token).expect(201).await;
}

#[actix_web::test]
async fn it_is_asked_for_while_many_come_at_once_and_by_itself_no_more() {
    let (app, blog, story) = asking(&[("PROOF_OF_WORK_FROM", "3"), ("PROOF_OF_WORK", "automatic")]).await;
    let there = blog.app.site("other").await.story("s2").await;
    let mut people = Vec::new();
    for n in 0..3 {
        let tokens = signing_up(&app, &format!("reader{n}")).expect(201).await.json();
        people.push(app.person(&format!("reader{n}"), &tokens));
    }
    signing_up(&app, "late").refused("work_needed").await;
    for (n, reader) in people.iter().enumerate() {
        reader.replies(&story, &format!("Reply {n}")).await;
    }
    let wanted = json!({"operation": "create_reply", "site": "blog"});
    assert_eq!(challenge(&app, wanted.clone()).await["is_needed"], false);
    let newcomer = blog.app.reader("newcomer").await;
    let posting = |story: &Story| {
        app.post(format!("/api/v1/stories/{}/replies", story.id)).bearer(&newcomer.token).json(json!({"body": "Well."}))
    };
    let needed = posting(&story).refused("work_needed").await;
    assert_eq!(needed["work"]["site"], "blog");
    // there is no rush elsewhere
    posting(&there).expect(201).await;
    for _ in 0..8 {
        posting(&story).refused("work_needed").await;
    }
    let dearer = challenge(&app, wanted.clone()).await;
    assert!(dearer["challenge"]["parameters"]["cost"].as_u64().unwrap() >= 400, "{dearer}");
    // who was there before does not notice
    people[0].replies(&story, "I go on.").await;
    app.pass(60 * MINUTE);
    assert_eq!(challenge(&app, wanted).await["is_needed"], false);
    let tokens = app.post("/api/v1/sessions/refresh").json(json!({"refresh_token": newcomer.refresh_token}));
    let token = tokens.expect(201).await.json()["access_token"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/stories/{}/replies", story.id);
    app.post(path).bearer(&token).json(json!({"body": "Well."})).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn challenges_are_for_something_that_takes_work() {
    let app = App::start().await;
    let asking = |body: Value| app.post("/api/v1/challenges").json(body);
    asking(json!({"operation": "create_reply", "site": "nowhere"})).refused("not_found").await;
    asking(json!({"operation": "create_reply"})).refused("invalid_fields").await;
    asking(json!({"operation": "create_account", "site": "blog"})).refused("invalid_fields").await;
    asking(json!({"operation": "close_account"})).refused("invalid_fields").await;
    let asked = challenge(&app, json!({"operation": "create_account"})).await;
    assert_eq!(asked["is_needed"], false, "it is off here");
}

#[actix_web::test]
async fn used_challenges_are_forgotten_once_they_are_good_for_nothing() {
    let (app, ..) = asking(&[("PROOF_OF_WORK", "on")]).await;
    let used = to_sign_up(&app).await;
    signing_up(&app, "ann").header("Altcha", &used).expect(201).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "spent_challenges").await, 1);
    app.pass(61 * MINUTE);
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(count(&app, "spent_challenges").await, 0);
    signing_up(&app, "bob").header("Altcha", &used).refused("work_needed").await;
}
