//! A password set anew by mail: told to nobody else, and no way past anything.

use std::time::Duration;

use serde_json::json;

use crate::{
    actors::PASSWORD,
    app::{App, Request},
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);
const ANN: &str = "ann@example.org";
const OTHER: &str = "nine dry umbrellas";

fn asking(app: &App, email: &str) -> Request {
    app.post("/api/v1/password-resets").json(json!({"email": email}))
}

fn resetting(app: &App, token: &str, password: &str) -> Request {
    app.post("/api/v1/password-resets/completion").json(json!({"token": token, "new_password": password}))
}

fn typing(app: &App, email: &str, code: &str, password: &str) -> Request {
    let body = json!({"email": email, "code": code, "new_password": password});
    app.post("/api/v1/password-resets/completion").json(body)
}

fn signing_in(app: &App, identifier: &str, password: &str) -> Request {
    app.post("/api/v1/sessions").json(json!({"identifier": identifier, "password": password}))
}

#[actix_web::test]
async fn whoever_reads_the_accounts_mail_sets_its_password_and_everybody_is_signed_out() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let elsewhere = app.sign_in("ann", PASSWORD).await;
    asking(&app, "ANN@example.org").expect(202).await;
    let mail = app.last_mail_to(ANN).await;
    assert!(mail.text.contains("the account ann"), "{}", mail.text);
    let token = mail.token_of("account/password");
    // what is refused as a password costs no code
    resetting(&app, &token, "iloveyou").refused("invalid_fields").await;
    let answer = resetting(&app, &token, OTHER).expect(204).await;
    assert!(answer.body.is_empty(), "nobody is signed in");
    for gone in [&ann, &elsewhere] {
        gone.get("/api/v1/me").refused("unauthenticated").await;
        let token = json!({"refresh_token": gone.refresh_token});
        app.post("/api/v1/sessions/refresh").json(token).refused("invalid_refresh_token").await;
    }
    signing_in(&app, "ann", PASSWORD).refused("wrong_credentials").await;
    assert_eq!(app.sign_in("ann", OTHER).await.id, ann.id);
    assert!(app.last_mail_to(ANN).await.subject.contains("password was changed"));
    // once, also by its digits
    resetting(&app, &token, PASSWORD).refused("invalid_code").await;
    typing(&app, ANN, &mail.digits(), PASSWORD).refused("invalid_code").await;
    app.check().await;
}

#[actix_web::test]
async fn the_digits_do_it_too_and_five_tries_of_them_are_good() {
    let app = App::start().await;
    let (_ann, _bob) = (app.reader("ann").await, app.reader("bob").await);
    asking(&app, ANN).expect(202).await;
    asking(&app, "bob@example.org").expect(202).await;
    let digits = app.last_mail_to(ANN).await.digits();
    typing(&app, "bob@example.org", &digits, OTHER).refused("invalid_code").await;
    for _ in 0..4 {
        typing(&app, ANN, "00000000", OTHER).refused("invalid_code").await;
    }
    // right digits cost no try
    typing(&app, ANN, &digits, "iloveyou").refused("invalid_fields").await;
    typing(&app, ANN, &digits, OTHER).expect(204).await;
    app.sign_in("ann", OTHER).await;

    let answers = together((0..8).map(|_| typing(&app, "bob@example.org", "00000000", OTHER))).await;
    assert_eq!(with_status(&answers, 422), 8);
    let mail = app.last_mail_to("bob@example.org").await;
    typing(&app, "bob@example.org", &mail.digits(), OTHER).refused("invalid_code").await;
    resetting(&app, &mail.token_of("account/password"), OTHER).expect(204).await;
    app.check().await;
}

#[actix_web::test]
async fn no_answer_tells_whether_an_account_has_the_address() {
    let app = App::start().await;
    app.reader("ann").await;
    app.newcomer("bob").await;
    let clo = app.reader("clo").await;
    clo.closes().await;
    let mut seen = Vec::new();
    for email in [ANN, "nobody@example.org", "bob@example.org", "clo@example.org"] {
        app.statements();
        let asked = asking(&app, email).expect(202).await;
        let statements = app.statements().len();
        let typed = typing(&app, email, "00000000", OTHER).send().await;
        seen.push((asked.text(), statements / 2, typed.status, typed.text()));
    }
    assert!(seen.iter().all(|answer| *answer == seen[0]), "{seen:?}");
    // all of them are written, and only one of them gets a code
    assert!(app.last_mail_to(ANN).await.text.contains("account/password#"));
    for email in ["nobody@example.org", "bob@example.org", "clo@example.org"] {
        let mail = app.last_mail_to(email).await;
        assert!(mail.text.contains("No account has it") && !mail.text.contains('#'), "{}", mail.text);
    }
    app.check().await;
}

#[actix_web::test]
async fn a_code_is_good_for_half_an_hour_and_for_the_address_that_it_was_sent_to() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    asking(&app, ANN).expect(202).await;
    let token = app.last_mail_to(ANN).await.token_of("account/password");
    app.pass(30 * MINUTE);
    resetting(&app, &token, OTHER).refused("invalid_code").await;

    asking(&app, ANN).expect(202).await;
    let token = app.last_mail_to(ANN).await.token_of("account/password");
    let ann = app.sign_in(&ann.username, PASSWORD).await;
    let moving = json!({"email": "ann@example.com", "password": PASSWORD});
    ann.put("/api/v1/me/email").json(moving).expect(202).await;
    let confirm = app.last_mail_to("ann@example.com").await.token_of("account/email");
    app.following(&confirm).expect(204).await;
    resetting(&app, &token, OTHER).refused("invalid_code").await;
    signing_in(&app, "ann", PASSWORD).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn of_two_who_use_one_code_at_once_one_has_the_last_word() {
    let app = App::start().await;
    app.reader("ann").await;
    asking(&app, ANN).expect(202).await;
    let token = app.last_mail_to(ANN).await.token_of("account/password");
    let passwords = [OTHER, "ten blue umbrellas"];
    let answers = together(passwords.iter().map(|password| resetting(&app, &token, password))).await;
    assert_eq!((with_status(&answers, 204), with_status(&answers, 422)), (1, 1));
    let signed_in = together(passwords.iter().map(|password| signing_in(&app, "ann", password))).await;
    assert_eq!((with_status(&signed_in, 201), with_status(&signed_in, 401)), (1, 1));
    app.check().await;
}

#[actix_web::test]
async fn who_is_suspended_sets_a_password_and_is_suspended_as_before() {
    let app = App::start().await;
    let (ann, admin) = (app.reader("ann").await, app.admin("boss").await);
    let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
    admin.post(path).json(json!({"kind": "ban", "reason": "rude"})).expect(201).await;
    asking(&app, ANN).expect(202).await;
    let token = app.last_mail_to(ANN).await.token_of("account/password");
    resetting(&app, &token, OTHER).expect(204).await;
    app.sign_in("ann", OTHER).await.get("/api/v1/me").refused("suspended").await;
    app.check().await;
}

#[actix_web::test]
async fn a_reset_proves_the_address_and_undoes_what_was_begun_under_the_former_password() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.execute("UPDATE accounts SET email_verified_at = NULL, proven_at = NULL").await;
    let moving = json!({"email": "thief@example.com", "password": PASSWORD});
    ann.put("/api/v1/me/email").json(moving).expect(202).await;
    let confirm = app.last_mail_to("thief@example.com").await.token_of("account/email");
    asking(&app, ANN).expect(202).await;
    let token = app.last_mail_to(ANN).await.token_of("account/password");
    resetting(&app, &token, OTHER).expect(204).await;
    app.following(&confirm).refused("invalid_code").await;
    let me = app.sign_in("ann", OTHER).await.me().await;
    assert_eq!((&me["email"], &me["unconfirmed_email"]), (&json!(ANN), &json!(null)));
    assert!(me["is_proven"] == true && me["email_verified_at"].is_string());
    app.check().await;
}

#[actix_web::test]
async fn a_reset_names_a_link_or_an_address_with_its_digits() {
    let app = App::start().await;
    for wrong in [
        json!({"new_password": OTHER}),
        json!({"token": "x", "email": ANN, "code": "00000000", "new_password": OTHER}),
        json!({"email": ANN, "new_password": OTHER}),
        json!({"email": "no address", "code": "00000000", "new_password": OTHER}),
    ] {
        app.post("/api/v1/password-resets/completion").json(wrong).refused("invalid_fields").await;
    }
    asking(&app, "no address").refused("invalid_fields").await;
}

#[actix_web::test]
async fn who_asks_for_too_many_resets_has_to_wait() {
    let app = App::with(&[("SIGN_UPS_PER_ADDRESS", "2")]).await;
    for number in 0..2 {
        asking(&app, &format!("ann{number}@example.org")).expect(202).await;
    }
    asking(&app, ANN).refused("too_many_attempts").await;
    asking(&app, ANN).from("9.9.9.9").expect(202).await;
}

#[actix_web::test]
async fn a_second_factor_is_asked_for_after_a_reset_as_before() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let (device, recovery) = ann.gets_a_device().await;
    asking(&app, ANN).expect(202).await;
    let token = app.last_mail_to(ANN).await.token_of("account/password");
    resetting(&app, &token, OTHER).expect(204).await;
    signing_in(&app, "ann", OTHER).refused("second_factor_required").await;
    let with = |code: String| {
        let body = json!({"identifier": "ann", "password": OTHER, "code": code});
        app.post("/api/v1/sessions").json(body)
    };
    with("of nobody".to_owned()).refused("wrong_code").await;
    with(device.code(&app)).expect(201).await;
    with(recovery[0].clone()).expect(201).await;
    app.check().await;
}
