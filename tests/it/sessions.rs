//! Signing in, staying signed in, signing out.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rejoinder::store::{DbError, sessions};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request, Response},
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn refreshing(app: &App, token: &str) -> Request {
    app.post("/api/v1/sessions/refresh").json(json!({"refresh_token": token}))
}

/// Spends a refresh token; access and refresh token of the answer.
async fn refresh(app: &App, token: &str) -> (String, String) {
    let tokens = refreshing(app, token).expect(201).await.json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

fn signing_in(app: &App, identifier: &str, password: &str) -> Request {
    app.post("/api/v1/sessions").json(json!({"identifier": identifier, "password": password}))
}

async fn is_signed_in(app: &App, access_token: &str) -> bool {
    app.get("/api/v1/me").bearer(access_token).send().await.status == 200
}

async fn suspend(admin: &Person, account: &str) {
    let path = format!("/api/v1/accounts/{account}/sanctions");
    admin.post(path).json(json!({"kind": "ban", "reason": "rude"})).expect(201).await;
}

#[actix_web::test]
async fn a_refresh_gives_new_tokens_and_the_session_goes_on() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let (access, next) = refresh(&app, &ann.refresh_token).await;
    assert_ne!(next, ann.refresh_token);
    assert!(is_signed_in(&app, &access).await);
    assert!(is_signed_in(&app, &ann.token).await);
    refresh(&app, &next).await;
    app.check().await;
}

#[actix_web::test]
async fn of_a_refresh_token_only_the_hash_is_stored() {
    let app = App::start().await;
    let token = app.reader("ann").await.refresh_token.clone();
    assert_eq!(URL_SAFE_NO_PAD.decode(&token).unwrap().len(), 32);
    let find = async |hash: Vec<u8>| {
        let found = app.state.db.write(move |conn| Ok::<_, DbError>(sessions::find_token(conn, &hash)?)).await;
        found.unwrap().is_some()
    };
    assert!(find(Sha256::digest(&token).to_vec()).await);
    assert!(!find(token.clone().into_bytes()).await);
    assert!(!find(URL_SAFE_NO_PAD.decode(&token).unwrap()).await);
}

#[actix_web::test]
async fn an_access_token_lives_ten_minutes() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.pass(9 * MINUTE);
    assert!(is_signed_in(&app, &ann.token).await);
    app.pass(2 * MINUTE);
    ann.get("/api/v1/me").refused("unauthenticated").await;
    let (access, _) = refresh(&app, &ann.refresh_token).await;
    assert!(is_signed_in(&app, &access).await);
}

#[actix_web::test]
async fn a_spent_token_shown_again_ends_the_session_and_its_access_tokens() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let elsewhere = app.sign_in("ann", PASSWORD).await;
    let (access, next) = refresh(&app, &ann.refresh_token).await;
    app.pass(Duration::from_secs(11));
    refreshing(&app, &ann.refresh_token).refused("invalid_refresh_token").await;
    refreshing(&app, &next).refused("invalid_refresh_token").await;
    assert!(!is_signed_in(&app, &access).await);
    assert!(!is_signed_in(&app, &ann.token).await);
    assert!(is_signed_in(&app, &elsewhere.token).await);
    app.check().await;
}

#[actix_web::test]
async fn a_lost_answer_is_forgiven_for_ten_seconds() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    refresh(&app, &ann.refresh_token).await;
    app.pass(Duration::from_secs(9));
    let (access, next) = refresh(&app, &ann.refresh_token).await;
    assert!(is_signed_in(&app, &access).await);
    app.pass(MINUTE);
    refresh(&app, &next).await;
    app.check().await;
}

#[actix_web::test]
async fn nothing_is_forgiven_once_the_newer_token_was_used() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let (_, next) = refresh(&app, &ann.refresh_token).await;
    let (access, last) = refresh(&app, &next).await;
    refreshing(&app, &ann.refresh_token).refused("invalid_refresh_token").await;
    refreshing(&app, &last).refused("invalid_refresh_token").await;
    assert!(!is_signed_in(&app, &access).await);
    app.check().await;
}

#[actix_web::test]
async fn of_two_refreshes_at_once_none_signs_its_owner_out() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let answers = together((0..2).map(|_| refreshing(&app, &ann.refresh_token))).await;
    assert_eq!(with_status(&answers, 201), 2);
    let tokens: Vec<Value> = answers.iter().map(Response::json).collect();
    assert_ne!(tokens[0]["refresh_token"], tokens[1]["refresh_token"]);
    for token in &tokens {
        assert!(is_signed_in(&app, token["access_token"].as_str().unwrap()).await);
    }
    app.check().await;
}

#[actix_web::test]
async fn of_two_refreshes_at_two_instances_at_once_none_signs_its_owner_out_and_a_copy_later_does() {
    let app = App::start().await;
    let other = app.another(&[]).await;
    let ann = app.reader("ann").await;
    let answers = together([&app, &other].map(|app| refreshing(app, &ann.refresh_token))).await;
    assert_eq!(with_status(&answers, 201), 2);
    for (token, app) in answers.iter().map(Response::json).zip([&other, &app]) {
        assert!(is_signed_in(app, token["access_token"].as_str().unwrap()).await);
    }
    // seconds later it is a copy, wherever it is shown
    app.pass(Duration::from_secs(11));
    refreshing(&other, &ann.refresh_token).refused("invalid_refresh_token").await;
    for token in answers.iter().map(Response::json) {
        refreshing(&app, token["refresh_token"].as_str().unwrap()).refused("invalid_refresh_token").await;
        assert!(!is_signed_in(&other, token["access_token"].as_str().unwrap()).await);
    }
    app.check().await;
}

#[actix_web::test]
async fn a_session_ends_after_thirty_days_without_use() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.pass(29 * DAY);
    let (_, next) = refresh(&app, &ann.refresh_token).await;
    app.pass(30 * DAY);
    refreshing(&app, &next).refused("invalid_refresh_token").await;
    app.check().await;
}

#[actix_web::test]
async fn a_session_ends_after_half_a_year_in_any_case() {
    let app = App::start().await;
    let mut token = app.reader("ann").await.refresh_token;
    for _ in 0..8 {
        app.pass(20 * DAY);
        token = refresh(&app, &token).await.1;
    }
    app.pass(19 * DAY);
    let (access, token) = refresh(&app, &token).await;
    assert!(is_signed_in(&app, &access).await);
    app.pass(DAY);
    refreshing(&app, &token).refused("invalid_refresh_token").await;
    app.check().await;
}

#[actix_web::test]
async fn signing_out_ends_the_session_at_once_and_no_other() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let elsewhere = app.sign_in("ann", PASSWORD).await;
    ann.delete("/api/v1/sessions/current").expect(204).await;
    ann.get("/api/v1/me").refused("unauthenticated").await;
    ann.delete("/api/v1/sessions/current").refused("unauthenticated").await;
    refreshing(&app, &ann.refresh_token).refused("invalid_refresh_token").await;
    assert!(is_signed_in(&app, &elsewhere.token).await);
    app.check().await;
}

#[actix_web::test]
async fn who_is_suspended_everywhere_signs_in_and_only_learns_why() {
    let app = App::start().await;
    let (ann, admin) = (app.reader("ann").await, app.admin("boss").await);
    suspend(&admin, &ann.id).await;
    ann.get("/api/v1/me").refused("suspended").await;
    let tokens = signing_in(&app, "ann", PASSWORD).expect(201).await.json();
    let (token, refresh_token) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    app.get("/api/v1/me").bearer(token).refused("suspended").await;
    app.get("/api/v1/me/sanctions").bearer(token).expect(200).await;
    let (renewed, _) = refresh(&app, refresh_token).await;
    app.get("/api/v1/me").bearer(&renewed).refused("suspended").await;
    let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
    let suspension = admin.get(&path).expect(200).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    admin.delete(format!("{path}/{suspension}")).expect(204).await;
    refresh(&app, &ann.refresh_token).await;
    ann.get("/api/v1/me").expect(200).await;
    app.check().await;
}

#[actix_web::test]
async fn no_failed_sign_in_tells_what_was_wrong() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.admin("boss").await;
    let clo = app.reader("clo").await;
    clo.closes().await;
    app.execute("UPDATE accounts SET password_hash = NULL WHERE username = 'boss'").await;
    let tries = [
        ("ann", "a wrong password"),
        (&*format!("{}@example.org", ann.username), "a wrong password"),
        ("nobody-here", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("clo", PASSWORD),
        ("clo@example.org", PASSWORD),
        ("boss", PASSWORD),
        ("not a name!", PASSWORD),
    ];
    let mut bodies = Vec::new();
    for (identifier, password) in tries {
        let answer = signing_in(&app, identifier, password).expect(401).await;
        assert_eq!(answer.json()["code"], "wrong_credentials");
        bodies.push(answer.text());
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    app.check().await;
}

#[actix_web::test]
async fn too_many_failures_for_one_identifier_have_to_wait() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_IDENTIFIER", "3")]).await;
    let ann = app.reader("ann").await;
    // counted for accounts that do not exist as well, and however the name is written
    for names in [["ann", "ANN", "\u{ff41}nn", "ann"], ["nobody-here", "Nobody-Here", "nobody-here", "nobody-here"]] {
        for name in &names[..3] {
            signing_in(&app, name, "a wrong password").refused("wrong_credentials").await;
        }
        let answer = signing_in(&app, names[3], PASSWORD).expect(429).await;
        assert_eq!(answer.json()["code"], "too_many_attempts");
        let wait: u64 = answer.header("Retry-After").unwrap().parse().unwrap();
        assert!((890..=900).contains(&wait), "{wait}");
    }
    // the owner's session goes on, and so does the e-mail as another way in
    ann.get("/api/v1/me").expect(200).await;
    refresh(&app, &ann.refresh_token).await;
    signing_in(&app, "ann@example.org", PASSWORD).expect(201).await;
    app.pass(15 * MINUTE);
    signing_in(&app, "ann", PASSWORD).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn tries_at_once_are_all_counted_and_successes_are_not() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_IDENTIFIER", "3")]).await;
    let ann = app.reader("ann").await;
    for _ in 0..5 {
        signing_in(&app, "ann", PASSWORD).expect(201).await;
    }
    let answers = together((0..8).map(|_| signing_in(&app, "ann", "a wrong password"))).await;
    assert_eq!((with_status(&answers, 401), with_status(&answers, 429)), (3, 5));
    ann.get("/api/v1/me").expect(200).await;
    app.check().await;
}

#[actix_web::test]
async fn failures_at_signing_in_do_not_keep_the_owner_from_changing_the_password() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_IDENTIFIER", "2")]).await;
    let ann = app.reader("ann").await;
    for _ in 0..2 {
        signing_in(&app, "ann", "a wrong password").refused("wrong_credentials").await;
    }
    signing_in(&app, "ann", PASSWORD).refused("too_many_attempts").await;
    let changing = |password: &str| {
        let body = json!({"password": password, "new_password": "nine dry umbrellas"});
        ann.put("/api/v1/me/password").json(body)
    };
    changing(PASSWORD).expect(204).await;
    // a thief of the session may not guess for ever either
    changing("a wrong password").refused("wrong_credentials").await;
    changing("a wrong password").refused("wrong_credentials").await;
    changing("nine dry umbrellas").refused("too_many_attempts").await;
    app.check().await;
}

#[actix_web::test]
async fn too_many_failures_from_one_address_have_to_wait() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_ADDRESS", "3")]).await;
    app.reader("ann").await;
    for (number, forwarded) in ["8.8.8.1", "8.8.8.2", "8.8.8.3"].into_iter().enumerate() {
        let guess = signing_in(&app, &format!("guess-{number}"), "a wrong password");
        // nobody is believed who is no trusted proxy
        guess.from("9.9.9.9").header("X-Forwarded-For", forwarded).refused("wrong_credentials").await;
    }
    let from = |address: &str| signing_in(&app, "ann", PASSWORD).from(address);
    let answer = from("9.9.9.9").header("X-Forwarded-For", "8.8.8.4").expect(429).await;
    assert!(answer.header("Retry-After").is_some());
    from("9.9.9.8").expect(201).await;
    app.pass(15 * MINUTE);
    from("9.9.9.9").expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn behind_a_trusted_proxy_the_address_is_the_one_it_saw() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_ADDRESS", "2"), ("TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    app.reader("ann").await;
    let through = |forwarded: &str, password: &str| {
        signing_in(&app, "ann", password).from("10.0.0.1").header("X-Forwarded-For", forwarded)
    };
    // what the client itself wrote before the proxy's entry means nothing
    through("1.1.1.1, 9.9.9.9", "a wrong password").refused("wrong_credentials").await;
    through("2.2.2.2, 9.9.9.9, 10.0.0.7", "a wrong password").refused("wrong_credentials").await;
    through("3.3.3.3, 9.9.9.9", PASSWORD).refused("too_many_attempts").await;
    through("9.9.9.9, 3.3.3.3", PASSWORD).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn too_many_sign_ups_from_one_address_have_to_wait() {
    let app = App::with(&[("SIGN_UPS_PER_ADDRESS", "2")]).await;
    app.newcomer("ann").await;
    app.newcomer("bob").await;
    let body = json!({"email": "cat@example.org", "username": "cat", "password": PASSWORD});
    let answer = app.post("/api/v1/accounts").json(body.clone()).expect(429).await;
    assert!(answer.header("Retry-After").is_some());
    app.post("/api/v1/accounts").from("9.9.9.9").json(body).expect(201).await;
    app.pass(60 * MINUTE);
    app.newcomer("dan").await;
    app.check().await;
}

#[actix_web::test]
async fn a_weak_hash_is_renewed_at_signing_in() {
    let app = App::with(&[("ARGON2_PASSES", "3")]).await;
    app.reader("ann").await;
    // of PASSWORD, made with two passes
    let weak = weak_hash().await;
    app.execute(&format!("UPDATE accounts SET password_hash = '{weak}'")).await;
    signing_in(&app, "ann", "a wrong password").refused("wrong_credentials").await;
    assert_eq!(stored_hash(&app).await, weak);
    signing_in(&app, "ann", PASSWORD).expect(201).await;
    let renewed = stored_hash(&app).await;
    assert!(renewed.starts_with("$argon2id$v=19$m=19456,t=3,p=1$"), "{renewed}");
    signing_in(&app, "ann", PASSWORD).expect(201).await;
    assert_eq!(stored_hash(&app).await, renewed);
    app.check().await;
}

pub async fn weak_hash() -> String {
    let weaker = App::start().await;
    weaker.reader("ann").await;
    stored_hash(&weaker).await
}

async fn stored_hash(app: &App) -> String {
    let found =
        app.read(|conn| rejoinder::store::accounts::find_by_username(conn, &rejoinder::domain::username::key("ann")));
    found.await.unwrap().unwrap().password_hash.unwrap()
}

#[actix_web::test]
async fn forged_and_foreign_tokens_are_refused() {
    let (app, other) = (App::start().await, App::start().await);
    let (ann, stranger) = (app.reader("ann").await, other.reader("ann").await);
    let (head, rest) = ann.token.split_once('.').unwrap();
    let (claims, _) = rest.split_once('.').unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{claims}.");
    for token in [&*unsigned, &format!("{head}.{claims}."), &stranger.token, "", "a.b.c"] {
        app.get("/api/v1/me").bearer(token).refused("unauthenticated").await;
    }
    for header in [ann.token.clone(), format!("Basic {}", ann.token), format!("Bearer {} x", ann.token)] {
        app.get("/api/v1/me").header("Authorization", &header).refused("unauthenticated").await;
    }
    app.get("/api/v1/me").header("Authorization", &format!("bearer {}", ann.token)).expect(200).await;
    let twice = ann.get("/api/v1/me").header("Authorization", "Bearer x");
    twice.refused("unauthenticated").await;
}
