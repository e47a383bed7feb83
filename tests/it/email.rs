//! One's e-mail address: nobody's until it is confirmed, changed with a way back, and told to nobody else.

use std::time::Duration;

use rejoinder::jobs;
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
    issuing::Issuing,
    notice_mails::Letter,
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);
const ANN: &str = "ann@example.org";
const NEW: &str = "ann@example.com";

impl Letter {
    /// The digits in it.
    pub fn digits(&self) -> String {
        let lines = self.text.lines().filter_map(|line| line.rsplit_once(": "));
        let is_code = |code: &&str| code.len() == 9 && code.chars().all(|c| c.is_ascii_digit() || c == ' ');
        lines.map(|(_, code)| code).find(is_code).expect("digits").to_owned()
    }
}

impl App {
    /// The last mail to somebody.
    pub async fn last_mail_to(&self, address: &str) -> Letter {
        self.mails_to(address).await.pop().unwrap_or_else(|| panic!("no mail to {address}"))
    }

    pub fn following(&self, token: &str) -> Request {
        self.post("/api/v1/email/confirmations").json(json!({"token": token}))
    }

    fn going_back(&self, token: &str) -> Request {
        self.post("/api/v1/email/restorations").json(json!({"token": token}))
    }
}

impl Person {
    pub async fn me(&self) -> Value {
        self.get("/api/v1/me").expect(200).await.json()
    }

    fn changing_email(&self, email: &str) -> Request {
        self.put("/api/v1/me/email").json(json!({"email": email, "password": PASSWORD}))
    }

    fn typing(&self, code: &str) -> Request {
        self.post("/api/v1/me/email/confirmation").json(json!({"code": code}))
    }

    /// Changes the address and confirms it; the letter to the former one.
    async fn moves(&self, from: &str, to: &str) -> Letter {
        self.changing_email(to).expect(202).await;
        let token = self.app.last_mail_to(to).await.token_of("account/email");
        self.app.following(&token).expect(204).await;
        assert_eq!(self.me().await["email"], to);
        self.app.last_mail_to(from).await
    }
}

fn signing_in(app: &App, identifier: &str) -> Request {
    app.post("/api/v1/sessions").json(json!({"identifier": identifier, "password": PASSWORD}))
}

#[actix_web::test]
async fn an_address_signs_in_once_it_is_confirmed_by_the_mailed_link() {
    let app = App::start().await;
    let ann = app.newcomer("ann").await;
    let me = ann.me().await;
    assert_eq!((&me["email"], &me["unconfirmed_email"], &me["is_proven"]), (&Value::Null, &json!(ANN), &json!(false)));
    signing_in(&app, ANN).refused("wrong_credentials").await;
    app.sign_in("ann", PASSWORD).await;
    let mail = app.last_mail_to(ANN).await;
    assert!(mail.text.contains("the account ann on http://comments.example"), "{}", mail.text);
    let token = mail.token_of("account/email");
    assert!(token.len() >= 43, "32 bytes");
    app.following(&token).expect(204).await;
    let me = ann.me().await;
    assert_eq!((&me["email"], &me["unconfirmed_email"], &me["is_proven"]), (&json!(ANN), &Value::Null, &json!(true)));
    assert!(me["email_verified_at"].is_string());
    signing_in(&app, "ANN@example.org").expect(201).await;
    // once, and the digits of the same mail go with it
    app.following(&token).refused("invalid_code").await;
    ann.typing(&mail.digits()).refused("invalid_code").await;
    app.check().await;
}

#[actix_web::test]
async fn the_digits_confirm_as_well_and_five_tries_of_them_are_good() {
    let app = App::start().await;
    let (ann, bob) = (app.newcomer("ann").await, app.newcomer("bob").await);
    let digits = app.last_mail_to(ANN).await.digits();
    // another's digits are none of one's own
    bob.typing(&digits).refused("invalid_code").await;
    for wrong in ["00000000", "not eight", "99999999", "0000 000a"] {
        ann.typing(wrong).refused("invalid_code").await;
    }
    let view = ann.typing(&digits.replace(' ', "")).expect(200).await.json();
    assert_eq!(view, json!({"email": ANN, "unconfirmed_email": null}));
    // of bob one try is gone
    for _ in 0..4 {
        bob.typing("00000000").refused("invalid_code").await;
    }
    let mail = app.last_mail_to("bob@example.org").await;
    bob.typing(&mail.digits()).refused("invalid_code").await;
    // which takes the link from nobody
    app.following(&mail.token_of("account/email")).expect(204).await;
    app.check().await;
}

#[actix_web::test]
async fn tries_at_once_are_all_counted() {
    let app = App::start().await;
    let ann = app.newcomer("ann").await;
    let digits = app.last_mail_to(ANN).await.digits();
    let answers = together((0..8).map(|_| ann.typing("00000000"))).await;
    assert_eq!(with_status(&answers, 422), 8);
    ann.typing(&digits).refused("invalid_code").await;
    app.check().await;
}

#[actix_web::test]
async fn a_code_is_good_for_an_hour_and_until_the_next_is_sent() {
    let app = App::start().await;
    let ann = app.newcomer("ann").await;
    let first = app.last_mail_to(ANN).await;
    ann.post("/api/v1/me/email/code").expect(202).await;
    let second = app.last_mail_to(ANN).await;
    assert_ne!(first.digits(), second.digits());
    app.following(&first.token_of("account/email")).refused("invalid_code").await;
    app.pass(60 * MINUTE);
    app.following(&second.token_of("account/email")).refused("invalid_code").await;
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.typing(&second.digits()).refused("invalid_code").await;
    ann.post("/api/v1/me/email/code").expect(202).await;
    app.pass(9 * MINUTE);
    ann.typing(&app.last_mail_to(ANN).await.digits()).expect(200).await;
    // nothing waits any more
    ann.post("/api/v1/me/email/code").refused("state_conflict").await;
    app.check().await;
}

#[actix_web::test]
async fn signing_up_with_a_taken_address_answers_the_same_and_its_owner_is_written() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let sign_up = |name: &str, email: &str| {
        app.post("/api/v1/accounts").json(json!({"email": email, "username": name, "password": PASSWORD}))
    };
    app.statements();
    let free = sign_up("free", "free@example.org").expect(201).await.json();
    let of_free = app.statements().len();
    let taken = sign_up("taken", ANN).expect(201).await.json();
    assert_eq!(app.statements().len(), of_free, "it takes as long");
    let (free, taken) = (app.person("free", &free), app.person("taken", &taken));
    // all that either may see or do is alike
    let names =
        |person: &Person| [ANN.to_owned(), "free@example.org".to_owned(), person.id.clone(), person.username.clone()];
    let mut seen = Vec::new();
    for person in [&free, &taken] {
        let mut answers = Vec::new();
        let email = if person.username == "free" { "free@example.org" } else { ANN };
        for request in [
            person.get("/api/v1/me"),
            person.post("/api/v1/me/email/code"),
            person.typing("00000000"),
            app.post("/api/v1/sessions").json(json!({"identifier": email, "password": "nine dry umbrellas"})),
            app.post("/api/v1/password-resets").json(json!({"email": email})),
            person.changing_email(email),
        ] {
            let answer = request.send().await;
            let mut text = format!("{} {}", answer.status, answer.text());
            for (name, of) in names(person).iter().zip(["e-mail", "e-mail", "id", "name"]) {
                text = text.replace(name, of);
            }
            let created = text.find("\"created_at\":").map(|at| at..at + 42);
            answers.push(created.map(|at| text.replace(&text[at], "")).unwrap_or(text));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    let mails = app.mails_to(ANN).await;
    assert!(mails[0].subject.contains("have an account") && mails[0].text.contains("the account ann"), "{mails:?}");
    assert!(mails.iter().all(|mail| !mail.text.contains("account/email#")), "nobody is given a code: {mails:?}");
    // the address stays where it is, and her mail finds her
    assert_eq!(app.sign_in(ANN, PASSWORD).await.id, ann.id);
    app.check().await;
}

#[actix_web::test]
async fn nobody_keeps_an_address_from_its_owner_by_naming_it_first() {
    let app = App::start().await;
    let mallory = app.person("mallory", &{
        let body = json!({"email": ANN, "username": "mallory", "password": "nine dry umbrellas"});
        app.post("/api/v1/accounts").json(body).expect(201).await.json()
    });
    let before = app.last_mail_to(ANN).await;
    let ann = app.newcomer("ann").await;
    let after = app.last_mail_to(ANN).await;
    assert!(after.text.contains("the account ann"), "{}", after.text);
    app.following(&after.token_of("account/email")).expect(204).await;
    assert_eq!(app.sign_in(ANN, PASSWORD).await.id, ann.id);
    // what was mailed for the other is good no more, and he sees nothing of it
    app.following(&before.token_of("account/email")).refused("invalid_code").await;
    mallory.typing(&before.digits()).refused("invalid_code").await;
    assert_eq!(mallory.me().await["unconfirmed_email"], ANN);
    app.check().await;
}

#[actix_web::test]
async fn of_two_who_confirm_one_address_at_once_one_gets_it() {
    let app = App::start().await;
    let mut links = Vec::new();
    for name in ["ann", "bob", "cat", "dan"] {
        let body = json!({"email": ANN, "username": name, "password": PASSWORD});
        app.post("/api/v1/accounts").json(body).expect(201).await;
        links.push(app.last_mail_to(ANN).await.token_of("account/email"));
    }
    let answers = together(links.iter().map(|token| app.following(token))).await;
    assert_eq!(with_status(&answers, 204), 1);
    app.check().await;
}

#[actix_web::test]
async fn a_change_is_confirmed_at_the_new_address_and_told_at_the_old_one() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let wrong = json!({"email": NEW, "password": "a wrong password"});
    ann.put("/api/v1/me/email").json(wrong).refused("wrong_credentials").await;
    let view = ann.changing_email(NEW).expect(202).await.json();
    assert_eq!(view, json!({"email": ANN, "unconfirmed_email": NEW}));
    // until then all is as it was
    assert_eq!(app.sign_in(ANN, PASSWORD).await.id, ann.id);
    assert_eq!(app.mails_to(ANN).await.len(), 0);
    let mail = app.last_mail_to(NEW).await;
    ann.typing(&mail.digits()).expect(200).await;
    assert_eq!(app.sign_in(NEW, PASSWORD).await.id, ann.id);
    signing_in(&app, ANN).refused("wrong_credentials").await;
    let told = app.last_mail_to(ANN).await;
    assert!(told.text.contains("is another one from now on") && !told.text.contains(NEW), "{}", told.text);
    app.check().await;
}

#[actix_web::test]
async fn a_change_to_a_taken_address_answers_the_same_and_does_nothing() {
    let app = App::start().await;
    let (ann, _bob) = (app.reader("ann").await, app.reader("bob").await);
    let free = ann.changing_email("free@example.org").expect(202).await.text();
    let taken = ann.changing_email("bob@example.org").expect(202).await.text();
    assert_eq!(free.replace("free", ""), taken.replace("bob", ""));
    let mail = app.last_mail_to("bob@example.org").await;
    assert!(mail.subject.contains("have an account"), "{mail:?}");
    assert_eq!(ann.me().await["email"], ANN);
    // one's present address takes the claim back
    let view = ann.changing_email(ANN).expect(202).await.json();
    assert_eq!(view, json!({"email": ANN, "unconfirmed_email": null}));
    assert_eq!(app.mails_to(ANN).await.len(), 0);
    app.check().await;
}

#[actix_web::test]
async fn whoever_reads_the_former_address_takes_the_change_back_and_the_thief_is_out() {
    let issuing = Issuing::start(json!({"gives_roles": ["author"]})).await;
    let app = issuing.app();
    let ann = app.reader("ann").await;
    let thief = app.sign_in("ann", PASSWORD).await;
    // before the address, or behind it
    let join = json!({"site": "blog", "token": issuing.token("thief-before")});
    thief.post("/api/v1/me/identities").json(join).expect(201).await;
    let way_back = thief.moves(ANN, NEW).await.token_of("account/email-back");
    let body = json!({"password": PASSWORD, "new_password": "nine dry umbrellas"});
    thief.put("/api/v1/me/password").json(body).expect(204).await;
    let join = json!({"site": "blog", "token": issuing.token("thief")});
    thief.post("/api/v1/me/identities").json(join).expect(201).await;
    // meanwhile the address is nobody else's
    let body = json!({"email": ANN, "username": "mallory", "password": PASSWORD});
    app.post("/api/v1/accounts").json(body).expect(201).await;
    assert!(app.last_mail_to(ANN).await.subject.contains("have an account"));
    let on = issuing.signs_on("later", json!({"email": ANN, "email_verified": true})).await;
    assert_eq!(on.me().await["email"], Value::Null);

    app.pass(6 * DAY);
    app.going_back(&way_back).expect(204).await;
    for gone in [&thief, &ann] {
        gone.get("/api/v1/me").refused("unauthenticated").await;
    }
    for password in [PASSWORD, "nine dry umbrellas"] {
        for identifier in ["ann", ANN, NEW] {
            let body = json!({"identifier": identifier, "password": password});
            app.post("/api/v1/sessions").json(body).refused("wrong_credentials").await;
        }
    }
    // nor does the thief come back by what he joined: he is somebody else now
    for joined in ["thief", "thief-before"] {
        assert_ne!(issuing.signs_on(joined, json!({})).await.id, ann.id);
    }
    app.going_back(&way_back).refused("invalid_code").await;
    let reset = app.last_mail_to(ANN).await.token_of("account/password");
    let body = json!({"token": reset, "new_password": "ten blue umbrellas"});
    app.post("/api/v1/password-resets/completion").json(body).expect(204).await;
    assert_eq!(app.sign_in(ANN, "ten blue umbrellas").await.id, ann.id);
    app.check().await;
}

#[actix_web::test]
async fn however_often_the_address_changes_the_oldest_way_back_stays_open_for_seven_days() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let first = ann.moves(ANN, "b@example.org").await.token_of("account/email-back");
    let second = ann.moves("b@example.org", "c@example.org").await.token_of("account/email-back");
    app.going_back(&first).expect(204).await;
    // the way to what came since is closed
    app.going_back(&second).refused("invalid_code").await;
    app.check().await;

    let bob = app.reader("bob").await;
    let way_back = bob.moves("bob@example.org", "d@example.org").await.token_of("account/email-back");
    app.pass(7 * DAY);
    app.going_back(&way_back).refused("invalid_code").await;
    let rows = async || {
        app.read(|conn| {
            let id = rejoinder::store::accounts::find_by_username(conn, "bob").unwrap().unwrap().id;
            let long_ago = rejoinder::domain::timestamp::Timestamp::from_micros(0);
            rejoinder::store::former_emails::count(conn, id, long_ago).unwrap()
        })
        .await
    };
    assert_eq!(rows().await, 1);
    app.pass(DAY);
    jobs::run_due(&app.state).await.unwrap();
    assert_eq!(rows().await, 0, "swept");
    app.check().await;
}

#[actix_web::test]
async fn who_goes_back_himself_leaves_no_way_to_where_he_was() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.moves(ANN, "b@example.org").await;
    let told = ann.moves("b@example.org", ANN).await;
    assert!(told.subject.contains("changed back") && !told.text.contains('#'), "{}", told.text);
    // the address is free again
    let bob = app.reader("bob").await;
    bob.moves("bob@example.org", "b@example.org").await;
    app.check().await;
}

#[actix_web::test]
async fn no_address_is_changed_more_often_than_its_ways_back_are_kept() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let mut from = ANN.to_owned();
    for number in 0..10 {
        let to = format!("ann{number}@example.org");
        ann.moves(&from, &to).await;
        from = to;
    }
    ann.changing_email(NEW).refused("state_conflict").await;
    app.check().await;
}

#[actix_web::test]
async fn a_new_password_and_a_closed_account_end_what_was_begun() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.changing_email(NEW).expect(202).await;
    let token = app.last_mail_to(NEW).await.token_of("account/email");
    let body = json!({"password": PASSWORD, "new_password": "nine dry umbrellas"});
    ann.put("/api/v1/me/password").json(body).expect(204).await;
    app.following(&token).refused("invalid_code").await;

    let bob = app.reader("bob").await;
    let way_back = bob.moves("bob@example.org", NEW).await.token_of("account/email-back");
    bob.changing_email("b@example.org").expect(202).await;
    let token = app.last_mail_to("b@example.org").await.token_of("account/email");
    bob.closes().await;
    app.following(&token).refused("invalid_code").await;
    app.going_back(&way_back).refused("invalid_code").await;
    app.check().await;
}

#[actix_web::test]
async fn mails_to_one_address_and_of_one_account_are_counted() {
    let app = App::with(&[("ACCOUNT_MAILS_PER_HOUR", "3")]).await;
    let ann = app.newcomer("ann").await;
    let more = || ann.post("/api/v1/me/email/code");
    for _ in 0..2 {
        more().expect(202).await;
    }
    // the one that signed up counts for the address and is told to nobody
    more().expect(202).await;
    assert_eq!(app.mails_to(ANN).await.len(), 3);
    let wait: u64 = more().expect(429).await.header("Retry-After").unwrap().parse().unwrap();
    assert!((3_500..=3_600).contains(&wait), "{wait}");
    // of the mail that was not sent nothing came, so the last one is good
    ann.typing(&app.last_mail_to(ANN).await.digits()).expect(200).await;
    // others are told nothing of it either
    for name in ["bob", "cat"] {
        let body = json!({"email": ANN, "username": name, "password": PASSWORD});
        app.post("/api/v1/accounts").json(body).expect(201).await;
    }
    assert_eq!(app.mails_to(ANN).await.len(), 3);
    // nor do they keep its owner from setting the password anew, which has a number of its own
    let resetting = || app.post("/api/v1/password-resets").json(json!({"email": ANN}));
    for mails in [4, 5, 6, 6] {
        resetting().expect(202).await;
        assert_eq!(app.mails_to(ANN).await.len(), mails);
    }
    app.pass(60 * MINUTE);
    resetting().expect(202).await;
    assert_eq!(app.mails_to(ANN).await.len(), 7);
    app.check().await;
}

#[actix_web::test]
async fn who_guesses_at_codes_has_to_wait() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_ADDRESS", "3")]).await;
    app.newcomer("ann").await;
    let token = app.last_mail_to(ANN).await.token_of("account/email");
    for path in ["email/confirmations", "email/restorations", "password-resets/completion"] {
        let mut body = json!({"token": "a guess"});
        if path.starts_with("password") {
            body["new_password"] = json!("nine dry umbrellas");
        }
        app.post(format!("/api/v1/{path}")).json(body).refused("invalid_code").await;
    }
    app.following(&token).refused("too_many_attempts").await;
    app.following(&token).from("9.9.9.9").expect(204).await;
    app.check().await;
}

#[actix_web::test]
async fn the_pages_of_mailed_links_are_the_same_for_all_and_do_nothing_by_themselves() {
    let app = App::start().await;
    app.newcomer("ann").await;
    for (page, operation) in [
        ("/account/email", "email/confirmations"),
        ("/account/email-back", "email/restorations"),
        ("/account/password", "password-resets/completion"),
    ] {
        let answer = app.get(page).expect(200).await;
        assert_eq!(answer.header("Referrer-Policy"), Some("no-referrer"), "{page}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{page}");
        assert_eq!(answer.header("Content-Type"), Some("text/html; charset=utf-8"), "{page}");
        let csp = answer.header("Content-Security-Policy").unwrap();
        assert!(csp.starts_with("default-src 'none'; script-src 'sha256-") && !csp.contains("unsafe"), "{csp}");
        let text = answer.text();
        assert!(text.contains(&format!("../api/v1/{operation}")) && text.contains("location.hash"), "{text}");
        assert!(!text.contains("innerHTML"), "{text}");
        assert_eq!(app.get(format!("{page}?token=x")).expect(200).await.text(), text);
    }
    let token = app.last_mail_to(ANN).await.token_of("account/email");
    app.following(&token).expect(204).await;
}

#[actix_web::test]
async fn what_was_there_before_addresses_were_confirmed_goes_on() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.execute("UPDATE accounts SET email_verified_at = NULL").await;
    assert_eq!(app.sign_in(ANN, PASSWORD).await.id, ann.id);
    // it can be confirmed
    ann.post("/api/v1/me/email/code").expect(202).await;
    ann.typing(&app.last_mail_to(ANN).await.digits()).expect(200).await;
    assert!(ann.me().await["email_verified_at"].is_string());
    app.check().await;
}
