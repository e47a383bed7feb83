//! Second factors, rights of staff that sleep without one, and showing again who one is.

use std::time::Duration;

use rejoinder::auth::permission::Operation;
use serde_json::{Value, json};
use totp_rs::Totp;

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
    issuing::Issuing,
    together::{together, with_status},
    world::{World, rows_on_what_is_public},
};

const MINUTE: Duration = Duration::from_secs(60);
const FACTOR: &str = "/api/v1/me/second-factor";
const PROOF: &str = "/api/v1/sessions/current/proof";

/// Somebody's device.
pub struct Device(Totp);

impl Device {
    /// That scanned what was shown.
    fn scanning(shown: &Value) -> Self {
        let totp = Totp::from_url(shown["uri"].as_str().unwrap()).unwrap();
        assert_eq!(totp.secret().to_base32(), shown["secret"].as_str().unwrap());
        Self(totp)
    }

    /// The code that it shows; each is of another half minute than the one before.
    pub fn code(&self, app: &App) -> String {
        app.pass(MINUTE / 2);
        self.0.generate(u64::try_from(app.now().as_secs()).unwrap()).to_string()
    }
}

/// Another code of six digits.
fn wrong(code: &str) -> String {
    let last = code.chars().last().unwrap().to_digit(10).unwrap();
    format!("{}{}", &code[..5], (last + 1) % 10)
}

impl Person {
    /// Sets up a second factor; the device and the recovery codes.
    pub async fn gets_a_device(&self) -> (Device, Vec<String>) {
        let device = Device::scanning(&self.post(FACTOR).expect(201).await.json());
        let answer = self.shows("confirm", &device.code(&self.app)).expect(200).await.json();
        (device, codes(&answer))
    }

    /// About to show a code for something about the factor.
    pub fn shows(&self, what: &str, code: &str) -> Request {
        self.post(format!("{FACTOR}/{what}")).json(json!({"code": code}))
    }

    pub fn proving(&self, by: Value) -> Request {
        self.post(PROOF).json(by)
    }
}

fn codes(answer: &Value) -> Vec<String> {
    let codes = answer["recovery_codes"].as_array().unwrap().iter();
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

/// About to sign in.
pub fn signing_in(app: &App, username: &str, code: Option<&str>) -> Request {
    let body = json!({"identifier": username, "password": PASSWORD, "code": code});
    app.post("/api/v1/sessions").json(body)
}

#[actix_web::test]
async fn with_a_second_factor_signing_in_takes_a_code_and_none_twice() {
    let app = App::start().await;
    let (ann, elsewhere) = (app.reader("ann").await, app.sign_in("ann", PASSWORD).await);
    let none = json!({"since": null, "recovery_codes_left": 0, "is_missing": false});
    assert_eq!(ann.get(FACTOR).expect(200).await.json(), none);
    // begun again: the first secret is good for nothing
    let first = Device::scanning(&ann.post(FACTOR).expect(201).await.json());
    let device = Device::scanning(&ann.post(FACTOR).expect(201).await.json());
    ann.shows("confirm", &first.code(&app)).refused("wrong_code").await;
    // not in use yet
    app.sign_in("ann", PASSWORD).await;
    let code = device.code(&app);
    ann.shows("confirm", &wrong(&code)).refused("wrong_code").await;
    let recovery = codes(&ann.shows("confirm", &code).expect(200).await.json());
    assert_eq!(recovery.len(), 10);
    elsewhere.get("/api/v1/me").refused("unauthenticated").await;
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["has_second_factor"], json!(true));
    ann.post(FACTOR).refused("state_conflict").await;
    ann.shows("confirm", &device.code(&app)).refused("state_conflict").await;

    signing_in(&app, "ann", None).refused("second_factor_required").await;
    // the same as confirmed it
    signing_in(&app, "ann", Some(&code)).refused("wrong_code").await;
    let code = device.code(&app);
    signing_in(&app, "ann", Some(&wrong(&code))).refused("wrong_code").await;
    let typed = format!(" {} {} ", &code[..3], &code[3..]);
    signing_in(&app, "ann", Some(&typed)).expect(201).await;
    signing_in(&app, "ann", Some(&code)).refused("wrong_code").await;
    // a wrong password tells nothing of codes
    let body = json!({"identifier": "ann", "password": "six dry umbrellas", "code": device.code(&app)});
    app.post("/api/v1/sessions").json(body).refused("wrong_credentials").await;

    signing_in(&app, "ann", Some(&recovery[3].to_uppercase())).expect(201).await;
    signing_in(&app, "ann", Some(&recovery[3])).refused("wrong_code").await;
    assert_eq!(ann.get(FACTOR).expect(200).await.json()["recovery_codes_left"], json!(9));
    app.check().await;
}

#[actix_web::test]
async fn of_many_who_show_one_code_at_once_one_comes_in() {
    let app = App::start().await;
    let (device, recovery) = app.reader("ann").await.gets_a_device().await;
    for code in [device.code(&app), recovery[0].clone()] {
        let answers = together((0..8).map(|_| signing_in(&app, "ann", Some(&code)))).await;
        assert_eq!(with_status(&answers, 201), 1);
        app.pass(16 * MINUTE);
    }
    app.check().await;
}

#[actix_web::test]
async fn codes_cannot_be_guessed() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let (device, recovery) = ann.gets_a_device().await;
    let code = device.code(&app);
    for _ in 0..5 {
        signing_in(&app, "ann", Some(&wrong(&code))).refused("wrong_code").await;
        ann.proving(json!({"code": wrong(&code)})).refused("wrong_code").await;
    }
    // wherever it is tried, and by a right one too
    for code in [&code, &recovery[0]] {
        let problem = signing_in(&app, "ann", Some(code)).refused("too_many_attempts").await;
        assert_eq!(problem["status"], json!(429));
        ann.proving(json!({"code": code})).refused("too_many_attempts").await;
        ann.shows("remove", code).refused("too_many_attempts").await;
    }
    app.pass(15 * MINUTE);
    signing_in(&app, "ann", Some(&device.code(&app))).expect(201).await;
    app.check().await;
}

#[actix_web::test]
async fn a_secret_that_nobody_confirmed_in_an_hour_is_good_for_nothing() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let device = Device::scanning(&ann.post(FACTOR).expect(201).await.json());
    app.pass(61 * MINUTE);
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.shows("confirm", &device.code(&app)).refused("state_conflict").await;
    let (_, recovery) = ann.gets_a_device().await;
    assert_eq!(recovery.len(), 10);
}

#[actix_web::test]
async fn recovery_codes_are_renewed_and_the_factor_is_taken_away_by_a_code() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.shows("recovery-codes", "123456").refused("state_conflict").await;
    ann.shows("remove", "123456").refused("state_conflict").await;
    let (device, former) = ann.gets_a_device().await;
    ann.shows("recovery-codes", &wrong(&device.code(&app))).refused("wrong_code").await;
    let renewed = codes(&ann.shows("recovery-codes", &device.code(&app)).expect(200).await.json());
    signing_in(&app, "ann", Some(&former[0])).refused("wrong_code").await;
    let lost = app.person("ann", &signing_in(&app, "ann", Some(&renewed[0])).expect(201).await.json());
    // who lost the device, by another recovery code
    lost.shows("remove", &renewed[1]).expect(204).await;
    ann.get("/api/v1/me").refused("unauthenticated").await;
    signing_in(&app, "ann", None).expect(201).await;
    // a code of nothing is not looked at
    signing_in(&app, "ann", Some(&renewed[2])).expect(201).await;
    assert_eq!(lost.get(FACTOR).expect(200).await.json()["since"], Value::Null);
    app.check().await;
}

#[actix_web::test]
async fn nobody_has_a_code_of_somebody_else() {
    let app = App::start().await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let (_, of_ann) = ann.gets_a_device().await;
    let (device, of_bob) = bob.gets_a_device().await;
    signing_in(&app, "ann", Some(&device.code(&app))).refused("wrong_code").await;
    signing_in(&app, "ann", Some(&of_bob[0])).refused("wrong_code").await;
    signing_in(&app, "bob", Some(&of_bob[0])).expect(201).await;
    signing_in(&app, "ann", Some(&of_ann[0])).expect(201).await;
}

#[actix_web::test]
async fn where_staff_are_to_have_a_second_factor_their_rights_sleep_without() {
    let app = App::with(&[("STAFF_2FA", "required")]).await;
    let boss = app.admin("boss").await;
    let me = boss.get("/api/v1/me").expect(200).await.json();
    assert_eq!((&me["is_admin"], &me["is_staff_asleep"]), (&json!(true), &json!(true)));
    let creating = |person: &Person| person.post("/api/v1/sites").json(json!({"key": "blog"}));
    creating(&boss).refused("staff_factor_missing").await;
    // who is no admin anyway is told that
    creating(&app.reader("ann").await).refused("forbidden").await;
    let (device, _) = boss.gets_a_device().await;
    creating(&boss).expect(201).await;

    let mona = app.reader("mona").await;
    boss.put(format!("/api/v1/sites/blog/roles/{}/moderator", mona.id)).expect(204).await;
    let queue = "/api/v1/moderation/replies?queue=pending";
    mona.get(queue).refused("staff_factor_missing").await;
    mona.get("/api/v1/sites/blog/settings").refused("staff_factor_missing").await;
    assert_eq!(mona.get(FACTOR).expect(200).await.json()["is_missing"], json!(true));
    // as a reader she does what readers do
    boss.put("/api/v1/sites/blog/stories/s1").json(json!({"headline": "Kettles"})).expect(201).await;
    let (of_mona, _) = mona.gets_a_device().await;
    mona.get(queue).expect(200).await;
    let me = mona.get("/api/v1/me").expect(200).await.json();
    assert_eq!((&me["roles"][0]["role"], &me["is_staff_asleep"]), (&json!("moderator"), &json!(false)));
    // without one they sleep again
    mona.shows("remove", &of_mona.code(&app)).expect(204).await;
    mona.get(queue).refused("staff_factor_missing").await;
    // an admin outranks her awake or not
    let sanction = json!({"kind": "warn", "reason": "rude", "message": "Be kind.", "site": "blog"});
    mona.post(format!("/api/v1/accounts/{}/sanctions", boss.id)).json(sanction).refused("forbidden").await;
    let boss = app.person("boss", &signing_in(&app, "boss", Some(&device.code(&app))).expect(201).await.json());
    boss.get(queue).expect(200).await;
    app.check().await;
}

#[actix_web::test]
async fn who_signs_on_at_the_blog_shows_his_second_factor_before_he_moderates() {
    let issuing = Issuing::start(json!({})).await;
    let app = issuing.app().clone();
    let mona = issuing.site.moderator("mona").await;
    let token = issuing.token("mona");
    mona.post("/api/v1/me/identities").json(json!({"site": "blog", "token": token})).expect(201).await;
    let queue = "/api/v1/moderation/replies?queue=pending";
    issuing.signs_on("mona", json!({})).await.get(queue).expect(200).await;
    let (device, _) = mona.gets_a_device().await;
    // whoever has the blog's secret is not the moderator yet
    let on = issuing.signs_on("mona", json!({})).await;
    on.get(queue).refused("staff_factor_missing").await;
    // nor may he change by what she is known
    let joining = json!({"site": "blog", "token": issuing.token("of-a-thief")});
    on.post("/api/v1/me/identities").json(joining).refused("proof_needed").await;
    on.proving(json!({"password": PASSWORD})).refused("second_factor_required").await;
    on.get(queue).refused("staff_factor_missing").await;
    on.proving(json!({"code": device.code(&app)})).expect(204).await;
    on.get(queue).expect(200).await;
    issuing.signs_on("mona", json!({})).await.get(queue).refused("staff_factor_missing").await;
    app.check().await;
}

#[actix_web::test]
async fn nobodys_word_joins_an_account_that_takes_a_code() {
    let issuing = Issuing::start(json!({"joins_by_verified_email": true})).await;
    let (ann, bob) = (issuing.app().reader("ann").await, issuing.app().reader("bob").await);
    bob.gets_a_device().await;
    let email = |person: &Person| json!({"email": format!("{}@example.org", person.username), "email_verified": true});
    assert_eq!(issuing.signs_on("ann", email(&ann)).await.id, ann.id);
    assert_ne!(issuing.signs_on("bob", email(&bob)).await.id, bob.id);
    issuing.app().check().await;
}

#[actix_web::test]
async fn what_changes_whom_the_service_trusts_needs_that_one_showed_lately_who_one_is() {
    let app = App::with(&[("ACCESS_TOKEN_TTL_SECS", "900")]).await;
    let mut world = World::create_in(app.clone(), "post").await;
    let rows = rows_on_what_is_public();
    let guarded: Vec<_> = Operation::ALL.iter().filter(|operation| operation.needs_proof()).collect();
    assert!(guarded.len() > 10);
    for operation in guarded {
        let row = rows.iter().find(|row| row.0 == operation.id()).unwrap();
        world.blog.admin = app.sign_in("boss-blog", PASSWORD).await;
        world.people[2] = Some(app.sign_in("olga", PASSWORD).await);
        // admins, and else the owner
        let by_admin = row.3.as_bytes()[6] == b'a';
        let person = if by_admin { world.blog.admin.clone() } else { world.people[2].clone().unwrap() };
        let request = world.request(row, Some(&person)).await;
        app.pass(10 * MINUTE);
        let problem = request.refused("proof_needed").await;
        assert_eq!(problem["status"], json!(403), "{}", row.0);
        person.proving(json!({"password": "six dry umbrellas"})).refused("wrong_credentials").await;
        person.proving(json!({"password": PASSWORD})).expect(204).await;
        world.blog.admin = app.sign_in("boss-blog", PASSWORD).await;
        world.people[2] = Some(app.sign_in("olga", PASSWORD).await);
        let answer = world.request(row, Some(&person)).await.send().await;
        // a copy of one's data is not ready yet
        let is_let = |code: &Value| ["state_conflict", "not_found"].contains(&code.as_str().unwrap());
        let is_done = answer.status.is_success() || is_let(&answer.json()["code"]);
        assert!(is_done, "{}: {}", row.0, answer.text());
    }
    app.check().await;
}

#[actix_web::test]
async fn who_one_is_is_shown_again_by_a_code_where_there_is_a_second_factor() {
    let app = App::with(&[("ACCESS_TOKEN_TTL_SECS", "900")]).await;
    let boss = app.admin("boss").await;
    boss.proving(json!({})).refused("invalid_fields").await;
    boss.proving(json!({"code": "123456"})).refused("state_conflict").await;
    let (device, recovery) = boss.gets_a_device().await;
    for (number, code) in [device.code(&app), recovery[0].clone()].into_iter().enumerate() {
        let boss = app.person("boss", &signing_in(&app, "boss", Some(&code)).expect(201).await.json());
        app.pass(11 * MINUTE);
        let creating = || boss.post("/api/v1/sites").json(json!({"key": format!("blog-{number}")}));
        creating().refused("proof_needed").await;
        boss.proving(json!({"password": PASSWORD})).refused("second_factor_required").await;
        creating().refused("proof_needed").await;
        let code = device.code(&app);
        boss.proving(json!({"code": wrong(&code)})).refused("wrong_code").await;
        boss.proving(json!({"code": code})).expect(204).await;
        creating().expect(201).await;
    }
    // getting new access tokens is none
    let boss = app.person("boss", &signing_in(&app, "boss", Some(&device.code(&app))).expect(201).await.json());
    app.pass(11 * MINUTE);
    let refresh = json!({"refresh_token": boss.refresh_token});
    let boss = app.person("boss", &app.post("/api/v1/sessions/refresh").json(refresh).expect(201).await.json());
    boss.post("/api/v1/sites").json(json!({"key": "another"})).refused("proof_needed").await;
}

#[actix_web::test]
async fn a_closed_account_leaves_nothing_of_its_second_factor() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.gets_a_device().await;
    ann.closes().await;
    let left = app.read(|conn| {
        use diesel::{RunQueryDsl, dsl::sql, sql_types::BigInt};
        let count = "(SELECT count(*) FROM second_factors) + (SELECT count(*) FROM recovery_codes)";
        match &mut conn.native {
            rejoinder::store::Native::Sqlite(c) => diesel::select(sql::<BigInt>(count)).get_result::<i64>(*c),
            rejoinder::store::Native::Pg(c) => diesel::select(sql::<BigInt>(count)).get_result::<i64>(*c),
        }
        .unwrap()
    });
    assert_eq!(left.await, 0);
    app.check().await;
}
