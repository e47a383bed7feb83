//! Public keys of issuers: stored here, or fetched from where they publish them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::PASSWORD,
    app::App,
    asked_server::{AskedServer, Says},
    issuing::{Issuing, Signer, issuer, part, registering, showing, with},
    process::PATIENCE,
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);

fn document(keys: &[(&Signer, &str)]) -> Says {
    let keys: Vec<Value> = keys.iter().map(|(signer, kid)| signer.jwk(kid)).collect();
    Says::Body(json!({ "keys": keys }).to_string())
}

#[actix_web::test]
async fn tokens_signed_by_each_kind_of_key_are_taken() {
    let blog = App::start().await.site("blog").await;
    for (key, signer) in [("ed", Signer::ed25519()), ("ec", Signer::p256()), ("rsa", Signer::rsa())] {
        let issuing = Issuing::by_key(&blog, key, signer).await;
        let ann = issuing.signs_on("ann", json!({"name": "Ann"})).await;
        assert_eq!(issuing.signs_on("ann", json!({})).await.id, ann.id);
        // the only key needs no name, and no typ is needed
        let bare = issuing.signer.token(&json!({"alg": issuing.signer.alg()}), &issuing.claims("ann"));
        issuing.showing(&bare).expect(201).await;
        let other = with(issuing.header(), json!({"kid": "k2"}));
        issuing.showing(&issuing.signer.token(&other, &issuing.claims("ann"))).refused("invalid_sso_token").await;
    }
    blog.app.check().await;
}

#[actix_web::test]
async fn several_keys_are_told_apart_by_their_kid() {
    let blog = App::start().await.site("blog").await;
    let (old, new, rsa) = (Signer::ed25519(), Signer::ed25519(), Signer::rsa());
    let keys = json!({"keys": {"keys": [old.jwk("old"), new.jwk("new"), rsa.jwk("rsa")]}});
    registering(&blog, "wordpress", with(issuer("wordpress", "keys"), keys)).expect(200).await;
    let issuing = Issuing::of(&blog, "wordpress", old, Some("old"));
    let shows = |signer: &Signer, header: Value| showing(&blog, &signer.token(&header, &issuing.claims("ann")));
    let eddsa = |kid: &str| json!({"alg": "EdDSA", "kid": kid});
    shows(&issuing.signer, eddsa("old")).expect(201).await;
    shows(&new, eddsa("new")).expect(201).await;
    shows(&rsa, json!({"alg": "RS256", "kid": "rsa"})).expect(201).await;
    for (signer, header) in [
        (&issuing.signer, eddsa("new")),
        (&new, eddsa("old")),
        (&new, json!({"alg": "EdDSA"})),
        (&new, json!({"alg": "EdDSA", "kid": 1})),
        (&new, json!({"alg": "EdDSA", "kid": null})),
        (&rsa, json!({"alg": "EdDSA", "kid": "rsa"})),
        (&rsa, json!({"alg": "RS256", "kid": "new"})),
        (&rsa, json!({"alg": "RS512", "kid": "rsa"})),
        (&rsa, json!({"alg": "PS256", "kid": "rsa"})),
    ] {
        shows(signer, header.clone()).refused("invalid_sso_token").await;
    }
    blog.app.check().await;
}

/// An issuer whose keys are fetched.
struct Published {
    issuing: Issuing,
    server: AskedServer,
}

impl Published {
    async fn start() -> Self {
        let app = App::asking(PATIENCE).await;
        let (blog, signer) = (app.site("blog").await, Signer::ed25519());
        let server = AskedServer::start(document(&[(&signer, "a")])).await;
        let url = json!({"keys_url": server.url()});
        registering(&blog, "wordpress", with(issuer("wordpress", "keys_url"), url)).expect(200).await;
        Self { issuing: Issuing::of(&blog, "wordpress", signer, Some("a")), server }
    }

    /// Whether a token is taken that names this key.
    async fn takes(&self, signer: &Signer, kid: &str) -> bool {
        let header = with(self.issuing.header(), json!({"alg": signer.alg(), "kid": kid}));
        let token = signer.token(&header, &self.issuing.claims("ann"));
        self.issuing.showing(&token).send().await.status == 201
    }

    async fn takes_its_own(&self) -> bool {
        self.takes(&self.issuing.signer, "a").await
    }

    /// What is said of a token, to an admin who signs in again: time has passed.
    async fn tries(&self) -> Value {
        let boss = self.issuing.app().sign_in("boss-blog", PASSWORD).await;
        let body = json!({"token": self.issuing.token("ann")});
        boss.post("/api/v1/sites/blog/sso/test").json(body).expect(200).await.json()
    }

    fn fetched(&self) -> usize {
        self.server.asked().len()
    }

    fn pass(&self, time: Duration) {
        self.issuing.app().pass(time);
    }
}

#[actix_web::test]
async fn keys_are_fetched_once_and_used_for_ten_minutes() {
    let published = Published::start().await;
    assert_eq!(published.fetched(), 0);
    assert!(published.takes_its_own().await && published.takes_its_own().await);
    let asked = published.server.asked();
    assert_eq!((asked.len(), asked[0].line.as_str()), (1, "GET /check HTTP/1.1"));
    assert_eq!(
        (asked[0].header("accept"), asked[0].header("user-agent").starts_with("Rejoinder/")),
        ("application/json", true)
    );
    published.pass(9 * MINUTE);
    assert!(published.takes_its_own().await);
    assert_eq!(published.fetched(), 1);
    published.pass(MINUTE);
    assert!(published.takes_its_own().await);
    assert_eq!(published.fetched(), 2);
    published.issuing.app().check().await;
}

#[actix_web::test]
async fn many_at_once_fetch_once() {
    let published = Published::start().await;
    let issuing = &published.issuing;
    let tokens: Vec<String> = (0..8).map(|number| issuing.token(&format!("reader-{number}"))).collect();
    let answers = together(tokens.iter().map(|token| issuing.showing(token))).await;
    assert_eq!((with_status(&answers, 201), published.fetched()), (8, 1));
    issuing.app().check().await;
}

#[actix_web::test]
async fn an_unknown_kid_is_fetched_for_once_a_minute() {
    let published = Published::start().await;
    assert!(published.takes_its_own().await);
    let new = Signer::ed25519();
    published.server.says(document(&[(&published.issuing.signer, "a"), (&new, "b")]));
    // however many are made up
    for kid in ["b", "c", "../../etc/passwd", "b"] {
        assert!(!published.takes(&new, kid).await, "{kid}");
    }
    assert_eq!(published.fetched(), 1);
    published.pass(MINUTE);
    assert!(published.takes(&new, "b").await);
    for kid in ["c", "d"] {
        assert!(!published.takes(&new, kid).await, "{kid}");
    }
    assert_eq!(published.fetched(), 2);
    // a key that is published no more is used until the next time
    published.server.says(document(&[(&new, "b")]));
    assert!(published.takes_its_own().await);
    published.pass(10 * MINUTE);
    assert!(!published.takes_its_own().await);
    published.issuing.app().check().await;
}

#[actix_web::test]
async fn keys_are_used_on_for_an_hour_while_fetching_fails() {
    let published = Published::start().await;
    assert!(published.takes_its_own().await);
    published.server.says(Says::Status("503 Away"));
    published.pass(11 * MINUTE);
    for _ in 0..5 {
        assert!(published.takes_its_own().await);
    }
    // who fails is left alone for a while
    assert_eq!(published.fetched(), 2);
    published.pass(11 * Duration::from_secs(1));
    assert!(published.takes_its_own().await);
    assert_eq!(published.fetched(), 3);
    published.pass(40 * MINUTE);
    assert!(published.takes_its_own().await);
    published.pass(10 * MINUTE);
    assert!(!published.takes_its_own().await);
    let tried = published.tries().await;
    assert_eq!(part(&tried, "signature")["says"], "the endpoint answered with status 503");
    published.server.says(document(&[(&published.issuing.signer, "a")]));
    published.pass(10 * MINUTE);
    assert!(published.takes_its_own().await);
    published.issuing.app().check().await;
}

#[actix_web::test]
async fn documents_that_are_too_large_elsewhere_or_tell_secrets_are_not_taken() {
    let published = Published::start().await;
    let (jwk, enc) = (published.issuing.signer.jwk("a"), with(Signer::rsa().jwk("enc"), json!({"use": "enc"})));
    let private = with(jwk.clone(), json!({"d": "AAAA"}));
    let large = json!({"keys": [jwk], "more": "x".repeat(65 * 1024)}).to_string();
    for (says, why) in [
        (Says::Body(large), "too large"),
        (Says::Status("302 Found"), "another address"),
        (Says::Body("<html>".to_owned()), "no JSON object"),
        (Says::Body(json!({"keys": [private]}).to_string()), "private part"),
        (Says::Body(json!({"keys": [enc]}).to_string()), "no key that can be used"),
    ] {
        published.server.says(says);
        assert!(!published.takes_its_own().await);
        let tried = published.tries().await;
        let said = part(&tried, "signature")["says"].as_str().unwrap().to_owned();
        assert!(said.contains(why), "{why}: {said}");
        published.pass(10 * MINUTE);
    }
    // a key for something else beside them hurts nobody
    published.server.says(Says::Body(json!({"keys": [enc, jwk]}).to_string()));
    assert!(published.takes_its_own().await);
    published.issuing.app().check().await;
}

#[actix_web::test]
async fn an_address_that_must_not_be_asked_any_more_is_not() {
    let published = Published::start().await;
    let strict = published.issuing.app().another(&[]).await;
    let token = published.issuing.token("ann");
    strict.post("/api/v1/sites/blog/sso").json(json!({"token": token})).refused("invalid_sso_token").await;
    assert_eq!(published.fetched(), 0);
    strict.check().await;
}

#[actix_web::test]
async fn a_token_names_no_place_where_its_key_would_be_fetched() {
    let published = Published::start().await;
    let attacker = Signer::ed25519();
    let elsewhere = AskedServer::start(document(&[(&attacker, "a")])).await;
    let own = |signer: &Signer, more: Value| {
        signer.token(&with(published.issuing.header(), more), &published.issuing.claims("ann"))
    };
    for more in [
        json!({"jku": elsewhere.url()}),
        json!({"x5u": elsewhere.url()}),
        json!({"jwk": attacker.jwk("a")}),
        json!({"x5c": ["MIIB"]}),
        json!({"kid": elsewhere.url()}),
    ] {
        published.issuing.showing(&own(&attacker, more.clone())).refused("invalid_sso_token").await;
        assert_eq!(elsewhere.asked().len(), 0, "{more}");
    }
    // from the issuer itself they mean nothing
    let own = own(&published.issuing.signer, json!({"jku": elsewhere.url(), "jwk": attacker.jwk("a")}));
    published.issuing.showing(&own).expect(201).await;
    assert_eq!(elsewhere.asked().len(), 0);
    published.issuing.app().check().await;
}
