//! What an account's owner is written when somebody changes the ways into it, who may not be he.

use std::time::Duration;

use serde_json::json;

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
    issuing::Issuing,
    notice_mails::Letter,
    process::{Home, until},
    second_factor::signing_in,
};

const HOUR: Duration = Duration::from_secs(3600);
const ANN: &str = "ann@example.org";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

impl App {
    /// Signs in with Firefox on Linux.
    async fn signs_in_by_firefox(&self, username: &str) -> Person {
        let tokens = signing_in(self, username, None).header("User-Agent", FIREFOX).expect(201).await.json();
        self.person(username, &tokens)
    }

    /// The letters to Ann that came since there were so many.
    async fn since(&self, before: usize) -> Vec<Letter> {
        self.mails_to(ANN).await.split_off(before)
    }
}

fn changing(person: &Person, from: &str, to: &str) -> Request {
    person.put("/api/v1/me/password").json(json!({"password": from, "new_password": to}))
}

/// The one letter there is, with these words as text and as HTML, and with nothing secret.
fn is_told(letters: &[Letter], subject: &str, words: &[&str]) {
    let [letter] = letters else { panic!("one letter: {letters:#?}") };
    assert_eq!(letter.subject, subject);
    for words in words {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
        assert!(letter.html.contains(words), "{words}: {}", letter.html);
    }
    assert!(letter.text.contains("If it was not, have a mail sent to choose another password"), "{}", letter.text);
    assert!(!letter.text.contains(PASSWORD) && !letter.html.contains(PASSWORD));
}

#[actix_web::test]
async fn a_changed_password_is_told_with_time_and_device() {
    let app = App::start().await;
    app.reader("ann").await;
    let ann = app.signs_in_by_firefox("ann").await;
    changing(&ann, "not this one", "nine dry umbrellas").refused("wrong_credentials").await;
    assert!(app.since(0).await.is_empty(), "nothing has changed");
    changing(&ann, PASSWORD, "nine dry umbrellas").expect(204).await;
    let letters = app.since(0).await;
    let when = "2026-11-23 09:00 UTC, from Firefox on Linux";
    is_told(&letters, "Your password was changed", &["the account ann", when, "http://comments.example"]);
    assert!(!letters[0].text.contains("umbrellas"));
    app.check().await;
}

#[actix_web::test]
async fn what_happens_to_the_second_factor_is_told_each_time() {
    let app = App::start().await;
    app.reader("ann").await;
    let ann = app.signs_in_by_firefox("ann").await;
    let (device, recovery) = ann.gets_a_device().await;
    let set = app.since(0).await;
    is_told(&set, "A second factor was set up", &["takes a code of a device as well", "from Firefox on Linux"]);
    // a code that is wrong changes nothing, one of the device is as usual
    signing_in(&app, "ann", Some("123456")).refused("wrong_code").await;
    signing_in(&app, "ann", Some(&device.code(&app))).expect(201).await;
    assert_eq!(app.since(1).await.len(), 0);

    signing_in(&app, "ann", Some(&recovery[0])).header("User-Agent", "curl/8.1").expect(201).await;
    is_told(&app.since(1).await, "A recovery code was used", &["from curl", "9 are left"]);
    ann.proving(json!({"code": recovery[1]})).expect(204).await;
    is_told(&app.since(2).await, "A recovery code was used", &["from Firefox on Linux", "8 are left"]);
    ann.shows("recovery-codes", &device.code(&app)).expect(200).await;
    is_told(&app.since(3).await, "Your recovery codes were renewed", &["the former ones are good no more"]);
    ann.shows("remove", &device.code(&app)).expect(204).await;
    is_told(&app.since(4).await, "Your second factor was removed", &["takes the password alone"]);
    let secrets = recovery.iter().any(|code| set[0].text.contains(code) || set[0].html.contains(code));
    assert!(!secrets, "no letter has a code");
    app.check().await;
}

#[actix_web::test]
async fn identities_that_come_and_go_are_told_on_the_sites_paper() {
    let issuing = Issuing::start(json!({"joins_by_verified_email": true})).await;
    issuing.site.set(json!({"name": "The Blog", "colour": "#0b5394"})).await;
    let app = issuing.app();
    let ann = app.reader("ann").await;
    let joining = |token: String| ann.post("/api/v1/me/identities").json(json!({"site": "blog", "token": token}));
    joining("nonsense".to_owned()).refused("invalid_sso_token").await;
    let joined = joining(issuing.token("4711")).expect(201).await.json();
    let letters = app.since(0).await;
    is_told(&letters, "Another way to sign in was added", &["Who signs in at The Blog (wordpress)", "the account ann"]);
    assert!(letters[0].html.contains("#0b5394") && letters[0].text.trim_end().ends_with("The Blog"));
    // once more is nothing new, nor is signing on by it
    joining(issuing.token("4711")).expect(201).await;
    issuing.signs_on("4711", json!({})).await;
    assert_eq!(app.since(1).await.len(), 0);
    // the site joins another one by the e-mail
    let claims = json!({"email": ANN, "email_verified": true});
    assert_eq!(issuing.signs_on("4712", claims.clone()).await.id, ann.id);
    is_told(&app.since(1).await, "Another way to sign in was added", &["The Blog (wordpress)"]);
    issuing.signs_on("4712", claims).await;
    assert_eq!(app.since(2).await.len(), 0);
    ann.delete(format!("/api/v1/me/identities/{}", joined["id"].as_str().unwrap())).expect(204).await;
    is_told(&app.since(2).await, "A way to sign in was removed", &["The Blog (wordpress)"]);
    app.check().await;
}

#[actix_web::test]
async fn only_who_confirmed_an_address_is_written_and_only_there() {
    let app = App::start().await;
    let newcomer = app.newcomer("nora").await;
    changing(&newcomer, PASSWORD, "nine dry umbrellas").expect(204).await;
    let subjects: Vec<String> = app.mails().await.into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects, ["Please confirm your e-mail address"]);
    // who is about to change the address is written where he is known
    let ann = app.reader("ann").await;
    let change = json!({"email": "ann@example.com", "password": PASSWORD});
    ann.put("/api/v1/me/email").json(change).expect(202).await;
    changing(&ann, PASSWORD, "nine dry umbrellas").expect(204).await;
    is_told(&app.since(0).await, "Your password was changed", &[]);
    assert_eq!(app.mails_to("ann@example.com").await.len(), 1, "the code alone");
}

#[actix_web::test]
async fn so_many_of_a_kind_go_in_an_hour_and_none_keeps_another_kind_back() {
    let app = App::with(&[("ACCOUNT_MAILS_PER_HOUR", "2")]).await;
    let thief = app.reader("ann").await;
    let (device, _) = thief.gets_a_device().await;
    for _ in 0..4 {
        thief.shows("recovery-codes", &device.code(&app)).expect(200).await;
    }
    // mails of other kinds are counted apart, too
    for _ in 0..4 {
        app.post("/api/v1/password-resets").json(json!({"email": ANN})).expect(202).await;
    }
    let before = app.since(0).await;
    let of = |subject: &str| before.iter().filter(|letter| letter.subject == subject).count();
    let renewed = "Your recovery codes were renewed";
    assert_eq!((of(renewed), of("A second factor was set up"), of("Choose a new password")), (2, 1, 2));
    changing(&thief, PASSWORD, "nine dry umbrellas").expect(204).await;
    is_told(&app.since(before.len()).await, "Your password was changed", &[]);
    app.pass(HOUR);
    let thief = app.person("ann", &again(&app, &device.code(&app)).await);
    thief.shows("recovery-codes", &device.code(&app)).expect(200).await;
    is_told(&app.since(before.len() + 1).await, renewed, &[]);
}

async fn again(app: &App, code: &str) -> serde_json::Value {
    let body = json!({"identifier": "ann", "password": "nine dry umbrellas", "code": code});
    app.post("/api/v1/sessions").json(body).expect(201).await.json()
}

#[actix_web::test]
async fn a_change_that_fails_at_its_end_leaves_no_letter() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let (device, _) = ann.gets_a_device().await;
    assert_eq!(app.since(0).await.len(), 1);
    app.execute("ALTER TABLE jobs RENAME TO jobs_away").await;
    ann.shows("remove", &device.code(&app)).expect(500).await;
    app.execute("ALTER TABLE jobs_away RENAME TO jobs").await;
    // neither is the factor gone nor is that told
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["has_second_factor"], json!(true));
    assert_eq!(app.since(1).await.len(), 0);
}

#[test]
fn what_an_operator_does_is_told_too() {
    let home = Home::migrated();
    let service = home.serve();
    let token = service.sign_up("mona");
    let sql = "UPDATE accounts SET email = 'mona@example.org', email_key = 'mona@example.org', \
               email_verified_at = created_at, claimed_email = NULL";
    home.outside().run(sql);
    let shown = service.send("POST", "/api/v1/me/second-factor", Some(&token), None).json();
    let device = totp_rs::Totp::from_url(shown["uri"].as_str().unwrap()).unwrap();
    let secs = u64::try_from(rejoinder::clock::Clock::system().now().as_secs()).unwrap();
    let code = json!({"code": device.generate(secs).to_string()});
    assert_eq!(service.send("POST", "/api/v1/me/second-factor/confirm", Some(&token), Some(&code)).status, 200);
    home.run(&["admin", "reset-second-factor", "mona"]).succeeded();
    home.run_with_input(&["admin", "set-password", "mona"], "four warm kettles\n").succeeded();
    let said = |subject: &str| {
        until(subject, || {
            let files = std::fs::read_dir(home.path("mail")).ok()?.filter_map(|file| Some(file.ok()?.path()));
            let whole = files.filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
            let mut letters = whole.map(|path| Letter::parse(&std::fs::read_to_string(path).unwrap()));
            letters.find(|letter| letter.to == "mona@example.org" && letter.subject == subject)
        })
    };
    said("A second factor was set up");
    let removed = said("Your second factor was removed");
    assert!(removed.text.contains("Whoever runs http://comments.example took the second factor"), "{}", removed.text);
    let changed = said("Your password was changed");
    assert!(changed.text.contains("gave the account mona another password"), "{}", changed.text);
}
