//! Tokens that are forged, spent, foreign or outdated: none is taken, and none gets more out of the service than a refusal.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};

use crate::{
    app::App,
    issuing::{AUD, Issuing, Signer, part, showing, with, without},
    outside::Outside,
};

/// Refused for this part, as an admin is told, and in the one way for all.
async fn refused_for(issuing: &Issuing, token: &str, wrong: &str) {
    let problem = issuing.showing(token).refused("invalid_sso_token").await;
    assert_eq!(problem["status"], 401);
    assert!(problem.get("detail").is_none() && problem.get("errors").is_none(), "{problem}");
    let tried = issuing.tries(token).await;
    assert_eq!(
        (&tried["is_good"], &tried["outcome"], &tried["account_id"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    let part = part(&tried, wrong);
    assert_eq!(part["is_right"], false, "{wrong}: {tried}");
}

/// Nothing came of all that.
async fn nothing_came_of_it(issuing: &Issuing) {
    let mut database = Outside::of(issuing.app());
    for table in ["identities", "spent_tokens", "identity_grants"] {
        assert_eq!(database.count(&format!("SELECT count(*) AS count FROM {table}")), 0, "{table}");
    }
    issuing.app().check().await;
}

#[actix_web::test]
async fn what_is_right_is_said_to_be_right_and_nothing_is_spent() {
    let issuing = Issuing::start(json!({"gives_roles": ["author"]})).await;
    let claims = json!({"name": "Ann", "email": "ann@example.org", "email_verified": true, "avatar_url": "https://blog.example/ann.png",
        "badges": ["verified", "unknown"], "roles": ["author", "moderator"]});
    let token = issuing.token_with("4711", claims);
    let tried = issuing.tries(&token).await;
    assert_eq!((&tried["is_good"], &tried["issuer"]), (&json!(true), &json!("wordpress")), "{tried}");
    assert_eq!((&tried["outcome"], &tried["account_id"]), (&json!("new_account"), &Value::Null));
    let parts: Vec<&str> =
        tried["parts"].as_array().unwrap().iter().map(|part| part["part"].as_str().unwrap()).collect();
    let all = [
        "kid",
        "alg",
        "typ",
        "crit",
        "signature",
        "iss",
        "aud",
        "sub",
        "iat",
        "nbf",
        "exp",
        "jti",
        "name",
        "email_verified",
        "email",
        "avatar_url",
        "badges",
        "roles",
    ];
    assert_eq!(parts, all);
    assert!(tried["parts"].as_array().unwrap().iter().all(|part| part["is_right"] == true));
    assert!(part(&tried, "exp")["says"].as_str().unwrap().starts_with("in "));
    let remarks = json!([
        "the issuer may not give the role moderator",
        "the issuer may not give badges",
        "the site has no badge unknown"
    ]);
    assert_eq!(tried["remarks"], remarks);
    nothing_came_of_it(&issuing).await;
    let ann = issuing.app().person("ann", &issuing.showing(&token).expect(201).await.json());
    let tried = issuing.tries(&issuing.token("4711")).await;
    assert_eq!((&tried["outcome"], &tried["account_id"]), (&json!("known_account"), &json!(ann.id)));
    ann.post("/api/v1/sites/blog/sso/test").json(json!({"token": token})).refused("forbidden").await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn a_public_key_is_no_secret_and_no_algorithm_is_anothers() {
    let blog = App::start().await.site("blog").await;
    for signer in [Signer::rsa(), Signer::p256(), Signer::ed25519()] {
        let key = signer.alg().to_lowercase();
        let issuing = Issuing::by_key(&blog, &key, signer).await;
        let claims = || issuing.claims("ann");
        let header = |alg: &str| with(issuing.header(), json!({ "alg": alg }));
        // the public key in every form that a careless verifier might take for a secret
        let public = issuing.signer.public();
        let jwk = issuing.signer.jwk("k1");
        let document = json!({"keys": [jwk]}).to_string();
        for secret in [
            &public[..],
            BASE64.encode(&public).as_bytes(),
            jwk.to_string().as_bytes(),
            document.as_bytes(),
            b"k1",
            b"",
        ] {
            let forged = Signer::Secret(secret.to_vec()).token(&header("HS256"), &claims());
            refused_for(&issuing, &forged, "alg").await;
            let forged = Signer::Secret(secret.to_vec()).token(&issuing.header(), &claims());
            refused_for(&issuing, &forged, "signature").await;
        }
        for alg in ["none", "None", "nOnE", "", "HS256", "HS512", "RS256 ", "ES256K", "RS512", "PS256", "EdDSA448"] {
            let forged = Signer::Nobody.token(&header(alg), &claims());
            refused_for(&issuing, &forged, "alg").await;
            // signed rightly, and called otherwise
            refused_for(&issuing, &issuing.signer.token(&header(alg), &claims()), "alg").await;
        }
        for other in [Signer::rsa(), Signer::p256(), Signer::ed25519()] {
            refused_for(&issuing, &other.token(&issuing.header(), &claims()), "signature").await;
            let called = with(issuing.header(), json!({"alg": other.alg()}));
            refused_for(&issuing, &other.token(&called, &claims()), "signature").await;
        }
        for alg in [json!(null), json!(["HS256"]), json!(256), json!({})] {
            let header = with(issuing.header(), json!({ "alg": alg }));
            refused_for(&issuing, &issuing.signer.token(&header, &claims()), "alg").await;
        }
        refused_for(&issuing, &issuing.signer.token(&without(issuing.header(), "alg"), &claims()), "alg").await;
        nothing_came_of_it(&issuing).await;
    }
}

#[actix_web::test]
async fn a_token_by_a_secret_is_signed_with_it_by_hs256() {
    let issuing = Issuing::start(json!({})).await;
    let claims = || issuing.claims("ann");
    for signer in [Signer::secret(""), Signer::secret("another secret of some thirty-two bytes"), Signer::Nobody] {
        refused_for(&issuing, &signer.token(&issuing.header(), &claims()), "signature").await;
    }
    for alg in ["none", "HS384", "HS512", "RS256", "hs256"] {
        let header = with(issuing.header(), json!({ "alg": alg }));
        refused_for(&issuing, &issuing.signer.token(&header, &claims()), "alg").await;
    }
    // names of keys are no paths, and lead nowhere
    for kid in ["../../../../dev/null", "/dev/null", "https://attacker.example/key", "' OR 1=1 --", "k1\u{0}"] {
        let header = with(issuing.header(), json!({ "kid": kid }));
        refused_for(&issuing, &Signer::secret("").token(&header, &claims()), "signature").await;
    }
    nothing_came_of_it(&issuing).await;
    // what was signed is what counts
    let token = issuing.token("ann");
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let other = BASE64.encode(issuing.claims("bob").to_string());
    refused_for(&issuing, &format!("{header}.{other}.{signature}"), "signature").await;
    issuing.showing(&token).expect(201).await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn the_header_is_that_of_a_plain_jwt() {
    let issuing = Issuing::start(json!({})).await;
    let shows = |more: Value| issuing.signer.token(&with(issuing.header(), more), &issuing.claims("ann"));
    for typ in
        [json!("at+jwt"), json!("JWS"), json!("application/secevent+jwt"), json!(""), json!(null), json!(["JWT"])]
    {
        refused_for(&issuing, &shows(json!({ "typ": typ })), "typ").await;
    }
    for crit in [json!(["exp"]), json!([]), json!(null), json!("b64")] {
        refused_for(&issuing, &shows(json!({ "crit": crit })), "crit").await;
    }
    refused_for(&issuing, &shows(json!({"kid": 7})), "kid").await;
    nothing_came_of_it(&issuing).await;
    issuing.showing(&shows(json!({"typ": "jwt"}))).expect(201).await;
    issuing.showing(&issuing.signer.token(&json!({"alg": "HS256"}), &issuing.claims("ann"))).expect(201).await;
    issuing.app().check().await;
}

#[actix_web::test]
async fn every_claim_is_there_and_of_its_type() {
    let issuing = Issuing::start(json!({})).await;
    for claim in ["iss", "aud", "sub", "iat", "exp", "jti"] {
        let missing = issuing.signer.token(&issuing.header(), &without(issuing.claims("ann"), claim));
        refused_for(&issuing, &missing, claim).await;
        for wrong in [json!(null), json!([]), json!({}), json!(true), json!(1.5), json!(-1), json!("")] {
            refused_for(&issuing, &issuing.token_with("ann", json!({claim: wrong})), claim).await;
        }
    }
    let secs = issuing.app().now().as_secs();
    for (claim, wrong) in [
        ("exp", json!((secs + 60).to_string())),
        ("iat", json!(secs as f64 + 0.5)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(1e300)),
        ("iat", json!(i64::MIN)),
        ("nbf", json!(null)),
        ("nbf", json!("now")),
        ("aud", json!([AUD, 7])),
        ("aud", json!({"aud": AUD})),
        ("sub", json!(4711)),
        ("sub", json!("a b")),
        ("sub", json!("é")),
        ("sub", json!("a\u{0}")),
        ("sub", json!("x".repeat(256))),
        ("jti", json!(1)),
        ("jti", json!("x".repeat(256))),
        ("name", json!(null)),
        ("name", json!(["Ann"])),
        ("email", json!(null)),
        ("email", json!(7)),
        ("email_verified", json!("true")),
        ("email_verified", json!(null)),
        ("avatar_url", json!(7)),
        ("badges", json!("verified")),
        ("badges", json!([["verified"]])),
        ("badges", json!(vec!["verified"; 21])),
        ("roles", json!({"moderator": true})),
        ("roles", json!(null)),
        ("roles", json!([1])),
    ] {
        refused_for(&issuing, &issuing.token_with("ann", json!({claim: wrong})), claim).await;
    }
    nothing_came_of_it(&issuing).await;
    issuing.showing(&issuing.token_with("ann", json!({"aud": ["https://other.example", AUD]}))).expect(201).await;
}

#[actix_web::test]
async fn times_are_near_and_a_token_lives_ten_minutes_at_most() {
    let issuing = Issuing::start(json!({})).await;
    let at = |iat: i64, exp: i64| {
        let now = issuing.app().now().as_secs();
        issuing.token_with("ann", json!({"iat": now + iat, "exp": now + exp}))
    };
    for (iat, exp, wrong) in [
        // outdated
        (-300, -40, "exp"),
        // not yet, and far in the future
        (45, 300, "iat"),
        (86_400, 86_700, "iat"),
        (86_400, 86_700, "exp"),
        // too long, also if it seems short from here
        (0, 605, "exp"),
        (-590, 20, "exp"),
        (-86_400, 300, "exp"),
        // before it began
        (0, 0, "exp"),
        (10, 5, "exp"),
    ] {
        refused_for(&issuing, &at(iat, exp), wrong).await;
    }
    let now = issuing.app().now().as_secs();
    refused_for(&issuing, &issuing.token_with("ann", json!({"nbf": now + 45})), "nbf").await;
    nothing_came_of_it(&issuing).await;
    // clocks may be half a minute apart
    for (iat, exp) in [(0, 600), (20, 620), (-300, -20), (-600, -5)] {
        issuing.showing(&at(iat, exp)).expect(201).await;
    }
    issuing.showing(&issuing.token_with("ann", json!({"nbf": now + 20}))).expect(201).await;
}

#[actix_web::test]
async fn a_token_is_for_one_site_and_one_audience() {
    let issuing = Issuing::start(json!({})).await;
    let other = issuing.app().site("other").await;
    showing(&other, &issuing.token("ann")).refused("invalid_sso_token").await;
    issuing
        .app()
        .post("/api/v1/sites/nowhere/sso")
        .json(json!({"token": issuing.token("ann")}))
        .refused("not_found")
        .await;
    // another issuer of that name there has another secret
    let there = Issuing::by_secret(&other, "wordpress", json!({})).await;
    assert_eq!(there.iss, issuing.iss);
    there.showing(&issuing.token("ann")).refused("invalid_sso_token").await;
    refused_for(&there, &issuing.token("ann"), "signature").await;
    // nor is one issuer of a site another
    let second = Issuing::by_secret(&issuing.site, "second", json!({})).await;
    refused_for(&issuing, &second.token_with("ann", json!({"iss": issuing.iss})), "signature").await;
    for iss in ["https://wordpress.example/", "HTTPS://WORDPRESS.EXAMPLE", "https://nobody.example"] {
        refused_for(&issuing, &issuing.token_with("ann", json!({ "iss": iss })), "iss").await;
    }
    for aud in [json!("https://other.example"), json!([]), json!(["https://other.example"]), json!(format!("{AUD}/"))] {
        refused_for(&issuing, &issuing.token_with("ann", json!({ "aud": aud })), "aud").await;
    }
    // an access token of ours is none
    let reader = issuing.app().reader("bob").await;
    refused_for(&issuing, &reader.token, "iss").await;
    nothing_came_of_it(&issuing).await;
}

#[actix_web::test]
async fn what_is_no_token_is_refused_whatever_it_is() {
    let issuing = Issuing::start(json!({})).await;
    let token = issuing.token("ann");
    let whole = |text: &str| issuing.showing(text);
    let long = issuing.token_with("ann", json!({"name": "x".repeat(9_000)}));
    for text in [long.as_str(), &"a.".repeat(4_097)] {
        whole(text).refused("invalid_fields").await;
    }
    whole(&"x".repeat(100 * 1024)).refused("body_too_large").await;
    whole("").refused("invalid_fields").await;
    let header = BASE64.encode(r#"{"alg":"HS256"}"#);
    let deep = BASE64.encode(format!("{}{}", "[".repeat(2_000), "]".repeat(2_000)));
    for text in [
        ".",
        "..",
        "...",
        "a.b.c",
        &format!("{token}."),
        &format!("{token}.{token}"),
        &format!(".{token}"),
        &format!(" {token}"),
        &format!("{token}\n"),
        &format!("{token}="),
        &token.replace('.', ""),
        &"a.".repeat(2_000),
        &format!("{header}.{deep}.c2ln"),
        &format!("{deep}.{header}.c2ln"),
        &format!("{header}.e30.c2ln"),
        &format!("{header}..c2ln"),
        &format!("{header}.{}.c2ln", BASE64.encode([0xff, 0xfe])),
        "eyJhbGciOiJub25lIn0.e30.",
        "☃.☃.☃",
    ] {
        whole(text).refused("invalid_sso_token").await;
        let tried = issuing.tries(text).await;
        assert_eq!(tried["is_good"], false, "{text}");
    }
    nothing_came_of_it(&issuing).await;
    // of a claim that stands twice the last one counts, in all that is looked at
    let twice = format!(r#"{{"sub":"bob",{}"#, &issuing.claims("ann").to_string()[1..]);
    issuing.showing(&issuing.signer.token_of(r#"{"alg":"HS256"}"#, &twice)).expect(201).await;
    let mut database = Outside::of(issuing.app());
    assert_eq!(database.count("SELECT count(*) AS count FROM identities WHERE sub = 'ann'"), 1);
}

#[actix_web::test]
async fn any_claims_are_signed_on_or_refused_and_never_an_error() {
    let issuing = Issuing::start(json!({"gives_badges": true, "gives_roles": ["author"]})).await;
    let value = prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        prop::collection::vec(any::<String>(), 0..4).prop_map(Value::from),
    ];
    let claims = [
        "iss",
        "aud",
        "sub",
        "iat",
        "nbf",
        "exp",
        "jti",
        "name",
        "email",
        "email_verified",
        "avatar_url",
        "badges",
        "roles",
    ];
    let mut runner = TestRunner::default();
    for claim in claims {
        for _ in 0..12 {
            let value = value.new_tree(&mut runner).unwrap().current();
            let token = issuing.token_with("ann", json!({claim: value}));
            let answer = issuing.showing(&token).send().await;
            assert!([201, 401].contains(&answer.status.as_u16()), "{claim} = {value}: {}", answer.text());
        }
    }
    issuing.app().check().await;
}
