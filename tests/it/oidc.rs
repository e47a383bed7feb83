//! Signing in at providers of OpenID Connect: at a real one, and against what comes back from wrong ones.

use std::{rc::Rc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rejoinder::clock::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    actors::{Person, Site},
    app::{App, Request, Response, beginning_at},
    database::Database,
    issuing::with,
    oidc_provider::{Browser, CALLBACK, CLIENT_SECRET, Provider},
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);
const PAGE: &str = "https://blog.example/stories/1?a=b";
/// What the page keeps.
const VERIFIER: &str = "a-text-that-the-page-made-up-and-kept-for-itself";
/// Providers have much to do for one code, and the machine that tests run on may too.
const DEADLINE: Duration = Duration::from_secs(20);

/// A blog whose readers sign in at a provider, on which the time is what it is.
struct Blog {
    app: App,
    site: Site,
}

impl Blog {
    async fn start() -> Self {
        Self::at("http://comments.example").await
    }

    /// Reached at this address.
    async fn at(public_url: &str) -> Self {
        let now = Clock::system().now();
        let variables = [("OUTSIDE_ALLOW_PRIVATE", "true"), ("PUBLIC_URL", public_url)];
        let app = App::on_asking(Rc::new(Database::create()), beginning_at(now), &variables, DEADLINE).await;
        let settings = json!({"moderation_mode": "post", "allowed_origins": ["https://blog.example"]});
        let site = app.site_with("blog", settings).await;
        Self { app, site }
    }

    /// Tells the service of a provider, by this key.
    async fn trusts(&self, provider: &Provider, key: &str, more: Value) {
        self.trusting(&provider.iss, key, more).expect(200).await;
    }

    fn trusting(&self, iss: &str, key: &str, more: Value) -> Request {
        let issuer = json!({"iss": iss, "aud": "rejoinder", "kind": "oidc", "secret": CLIENT_SECRET});
        let path = format!("/api/v1/sites/blog/sso/issuers/{key}");
        self.site.admin.put(path).header("If-Match", "*").json(with(issuer, more))
    }

    fn beginning(&self, key: &str, return_to: &str, verifier: &str) -> Request {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", return_to)
            .append_pair("challenge", &challenge)
            .finish();
        self.app.get(format!("/api/v1/sites/blog/oidc/{key}?{query}"))
    }

    /// Sends somebody to the provider, from the page.
    async fn begins(&self, key: &str) -> Begun {
        // providers tell the real time, which this clock is behind when much was done
        let behind = Clock::system().now().since(self.app.now());
        self.app.pass(behind);
        let answer = self.beginning(key, PAGE, VERIFIER).expect(303).await;
        Begun { to: answer.header("location").unwrap().to_owned(), cookie: kept(&answer) }
    }

    /// Comes back to the service.
    fn coming_back(&self, by: &Url, cookie: &str) -> Request {
        assert!(by.as_str().starts_with(CALLBACK), "{by}");
        let path = &by[url::Position::BeforePath..url::Position::AfterQuery];
        self.app.get(path).header("Cookie", &format!("of=another; {cookie}"))
    }

    /// All of it, to the page: what stands behind its `#`.
    async fn goes(&self, key: &str, person: &str) -> (String, String) {
        let begun = self.begins(key).await;
        let back = Browser::default().signs_in(&begun.to, person);
        brought(&self.coming_back(&back, &begun.cookie).expect(303).await)
    }

    fn showing(&self, code: &str, verifier: &str) -> Request {
        self.app.post("/api/v1/sessions/oidc").json(json!({"code": code, "verifier": verifier}))
    }

    /// All of it, to a session.
    async fn signs_in(&self, key: &str, person: &str) -> Person {
        let (name, code) = self.goes(key, person).await;
        assert_eq!(name, "rejoinder_code", "{code}");
        self.app.person(person, &self.showing(&code, VERIFIER).expect(201).await.json())
    }
}

/// Somebody on his way.
struct Begun {
    to: String,
    cookie: String,
}

/// The cookie that an answer sets, as it is sent back.
fn kept(answer: &Response) -> String {
    let cookie = answer.header("set-cookie").unwrap();
    for word in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

/// What the page finds in its address.
fn brought(answer: &Response) -> (String, String) {
    assert!(answer.header("set-cookie").unwrap().contains("; Max-Age=0;"));
    told(answer)
}

/// The same where the reader was nowhere else meanwhile.
fn told(answer: &Response) -> (String, String) {
    let to = Url::parse(answer.header("location").unwrap()).unwrap();
    assert_eq!(&to[..url::Position::AfterQuery], PAGE);
    let (name, value) = to.fragment().unwrap().split_once('=').unwrap();
    (name.to_owned(), value.to_owned())
}

async fn me(person: &Person) -> Value {
    person.get("/api/v1/me").expect(200).await.json()
}

#[actix_web::test]
async fn a_reader_signs_in_at_a_provider_and_is_known_again() {
    let blog = Blog::start().await;
    let ways = [
        json!({"alg": "RS256"}),
        json!({"alg": "ES256", "tells": false}),
        json!({"alg": "EdDSA", "method": "client_secret_post"}),
    ];
    for (number, way) in ways.into_iter().enumerate() {
        let provider = Provider::start(way);
        let key = format!("p{number}");
        blog.trusts(&provider, &key, json!({})).await;
        let name = format!("ann{number}");
        let ann = blog.signs_in(&key, &name).await;
        let seen = me(&ann).await;
        assert_eq!(
            (&seen["display_name"], &seen["email"], &seen["roles"]),
            (&json!(name), &json!(format!("{name}@example.org")), &json!([]))
        );
        assert_eq!(blog.signs_in(&key, &name).await.id, ann.id);
        assert_ne!(blog.signs_in(&key, &format!("bob{number}")).await.id, ann.id);
        let story = blog.site.story(&key).await;
        ann.replies(&story, "Signed in elsewhere.").await;
    }
    blog.app.check().await;
}

#[actix_web::test]
async fn a_client_without_a_secret_proves_by_its_challenge_who_began() {
    let blog = Blog::start().await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({"aud": "public", "secret": null})).await;
    assert_eq!(me(&blog.signs_in("p", "ann").await).await["display_name"], "ann");
    // one with a wrong secret is nobody
    blog.trusts(&provider, "p", json!({"secret": "of somebody else"})).await;
    assert_eq!(blog.goes("p", "ann").await, ("rejoinder_error".to_owned(), "failed".to_owned()));
}

#[actix_web::test]
async fn accounts_are_joined_and_roles_given_as_by_any_issuer() {
    let blog = Blog::start().await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({"gives_roles": ["moderator"]})).await;
    let before = blog.app.reader("bob").await;
    let sql = "UPDATE accounts SET email_verified_at = created_at, proven_at = created_at WHERE username = 'bob'";
    blog.app.execute(sql).await;
    // an address that is taken stays whose it is
    let bob = blog.signs_in("p", "bob").await;
    assert_ne!(bob.id, before.id);
    assert_eq!((&me(&bob).await["email"], &me(&bob).await["roles"][0]["role"]), (&Value::Null, &json!("moderator")));
    let joining = json!({"joins_by_verified_email": true, "gives_roles": []});
    let carl = blog.app.reader("carl").await;
    blog.app.execute("UPDATE accounts SET email_verified_at = created_at WHERE username = 'carl'").await;
    blog.trusts(&provider, "p", joining).await;
    assert_eq!(me(&bob).await["roles"], json!([]));
    // not by one that nobody verified
    assert_ne!(blog.signs_in("p", "carl|unverified").await.id, carl.id);
    assert_eq!(blog.signs_in("p", "carl").await.id, carl.id);
    let told = blog.app.last_mail_to("carl@example.org").await;
    assert!(told.subject == "Another way to sign in was added" && told.text.contains("(p)"), "{told:?}");
    // admins are nobody's to sign in
    let name = blog.site.admin.username.clone();
    blog.app.execute(&format!("UPDATE accounts SET email_verified_at = created_at WHERE username = '{name}'")).await;
    assert_ne!(blog.signs_in("p", &name).await.id, blog.site.admin.id);
    blog.app.check().await;
}

#[actix_web::test]
async fn who_goes_away_again_is_led_back_with_that() {
    let blog = Blog::start().await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({})).await;
    assert_eq!(blog.goes("p", "nobody").await, ("rejoinder_error".to_owned(), "access_denied".to_owned()));
}

#[actix_web::test]
async fn who_comes_back_is_who_went_with_this_browser_a_short_time_ago() {
    let blog = Blog::start().await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({})).await;
    let (begun, others) = (blog.begins("p").await, blog.begins("p").await);
    let back = Browser::default().signs_in(&begun.to, "ann");
    let path = &back[url::Position::BeforePath..];
    blog.app.get(path).refused("sign_on_unknown").await;
    // another browser, or the same for another time
    blog.coming_back(&back, &others.cookie).refused("sign_on_unknown").await;
    let (name, _) = begun.cookie.split_once('=').unwrap();
    let (_, value) = others.cookie.split_once('=').unwrap();
    for cookie in [format!("{name}={value}"), format!("{name}=x"), format!("{name}="), format!("{}x", begun.cookie)] {
        blog.coming_back(&back, &cookie).refused("sign_on_unknown").await;
    }
    let mut altered = back.clone();
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    altered.query_pairs_mut().clear();
    for (name, value) in &pairs {
        let value = if name == "state" { format!("{}x", &value[..value.len() - 1]) } else { value.clone() };
        altered.query_pairs_mut().append_pair(name, &value);
    }
    blog.coming_back(&altered, &begun.cookie).refused("sign_on_unknown").await;
    // too late
    let late = blog.begins("p").await;
    let back_late = Browser::default().signs_in(&late.to, "ann");
    blog.app.pass(11 * MINUTE);
    blog.coming_back(&back_late, &late.cookie).refused("sign_on_unknown").await;
}

#[actix_web::test]
async fn a_code_is_good_for_once_and_of_the_provider_that_was_asked() {
    let blog = Blog::start().await;
    let (provider, other) = (Provider::start(json!({})), Provider::start(json!({})));
    blog.trusts(&provider, "p", json!({})).await;
    blog.trusts(&other, "q", json!({})).await;
    let begun = blog.begins("p").await;
    let back = Browser::default().signs_in(&begun.to, "ann");
    // another provider's, that somebody leads there with
    let elsewhere = Browser::default().signs_in(&blog.begins("q").await.to, "ann");
    let value = |url: &Url, of: &str| url.query_pairs().find(|(name, _)| name == of).unwrap().1.into_owned();
    for iss in [Some(&other.iss), None] {
        let mut mixed = Url::parse(CALLBACK).unwrap();
        let (state, code) = (value(&back, "state"), value(&elsewhere, "code"));
        mixed.query_pairs_mut().append_pair("state", &state).append_pair("code", &code);
        if let Some(iss) = iss {
            mixed.query_pairs_mut().append_pair("iss", iss);
        }
        let answer = blog.coming_back(&mixed, &begun.cookie).expect(303).await;
        assert_eq!(brought(&answer), ("rejoinder_error".to_owned(), "failed".to_owned()));
    }
    assert_eq!(brought(&blog.coming_back(&back, &begun.cookie).expect(303).await).0, "rejoinder_code");
    let again = brought(&blog.coming_back(&back, &begun.cookie).expect(303).await);
    assert_eq!(again, ("rejoinder_error".to_owned(), "failed".to_owned()));
}

#[actix_web::test]
async fn a_pages_code_is_good_for_this_page_once_and_for_a_minute() {
    let blog = Blog::start().await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({})).await;
    // whoever has the code does not have what the page keeps; and it is spent by the try
    let (_, code) = blog.goes("p", "ann").await;
    blog.showing(&code, &VERIFIER.replace('a', "b")).refused("wrong_code").await;
    blog.showing(&code, VERIFIER).refused("wrong_code").await;
    let (_, code) = blog.goes("p", "ann").await;
    let answers = together((0..5).map(|_| blog.showing(&code, VERIFIER))).await;
    assert_eq!(with_status(&answers, 201), 1);
    let (_, code) = blog.goes("p", "ann").await;
    blog.app.pass(MINUTE);
    blog.showing(&code, VERIFIER).refused("wrong_code").await;
    // what an issuer began ends with what it has begun elsewhere
    let (_, code) = blog.goes("p", "ann").await;
    let ending = json!({"end_sessions": true});
    let boss = blog.app.sign_in(&blog.site.admin.username, crate::actors::PASSWORD).await;
    Blog { site: Site { admin: boss, ..blog.site.clone() }, app: blog.app.clone() }
        .trusts(&provider, "p", ending)
        .await;
    blog.showing(&code, VERIFIER).refused("wrong_code").await;
    // whose account or identity is gone meanwhile
    let ann = blog.signs_in("p", "ann").await;
    let (_, code) = blog.goes("p", "ann").await;
    let path = "/api/v1/sites/blog/sso/issuers/p";
    let admin = blog.app.sign_in(&blog.site.admin.username, crate::actors::PASSWORD).await;
    admin.delete(path).header("If-Match", "*").expect(204).await;
    blog.showing(&code, VERIFIER).refused("wrong_code").await;
    ann.get("/api/v1/me").refused("unauthenticated").await;
    blog.app.check().await;
}

#[actix_web::test]
async fn nobody_is_led_to_a_page_of_somebody_else() {
    let blog = Blog::start().await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({})).await;
    for wrong in [
        "https://evil.example/",
        "https://blog.example.evil.example/",
        "https://blog.example@evil.example/",
        "https://ann@blog.example/",
        "http://blog.example/",
        "https://blog.example:8443/",
        "https://blog.example/#a",
        "//blog.example/",
        "/stories",
        "javascript:alert(1)",
        "data:text/html,a",
        // what stands behind the # would go along to another site's provider
        "http://comments.example/api/v1/sites/other/oidc/p?return_to=x",
        "http://comments.example/%61pi/v1/sites/other/oidc/p",
        "http://comments.example//api/v1",
    ] {
        blog.beginning("p", wrong, VERIFIER).refused("invalid_query").await;
    }
    blog.beginning("p", "http://comments.example/a-page", VERIFIER).expect(303).await;
    blog.beginning("q", PAGE, VERIFIER).refused("not_found").await;
    let path = blog.beginning("p", PAGE, VERIFIER).path().replace("challenge=", "challenge=%3D");
    blog.app.get(&path).refused("invalid_query").await;
    blog.app.get(path.replace("%3D", "=").replace("==", "=%2F")).refused("invalid_query").await;
}

#[actix_web::test]
async fn a_provider_that_is_away_or_lies_signs_nobody_in() {
    let blog = Blog::start().await;
    let mut provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({})).await;
    let begun = blog.begins("p").await;
    let back = Browser::default().signs_in(&begun.to, "ann");
    provider.stop();
    let failed = ("rejoinder_error".to_owned(), "failed".to_owned());
    assert_eq!(brought(&blog.coming_back(&back, &begun.cookie).expect(303).await), failed);
    // what it said of itself is forgotten by then
    blog.app.pass(11 * MINUTE);
    assert_eq!(told(&blog.beginning("p", PAGE, VERIFIER).expect(303).await), failed);
    for lies in [
        json!({"issuer": "https://id.example"}),
        json!({"token_endpoint": "not one"}),
        json!({"jwks_uri": null}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
    ] {
        let liar = Provider::start(json!({"lies": lies}));
        let admin = blog.app.sign_in(&blog.site.admin.username, crate::actors::PASSWORD).await;
        let path = "/api/v1/sites/blog/sso/issuers/q";
        admin.delete(path).header("If-Match", "*").send().await;
        let issuer = json!({"iss": liar.iss, "aud": "rejoinder", "kind": "oidc", "secret": CLIENT_SECRET});
        admin.put(path).header("If-Match", "*").json(issuer).expect(200).await;
        assert_eq!(told(&blog.beginning("q", PAGE, VERIFIER).expect(303).await), failed);
    }
}

#[actix_web::test]
async fn an_id_token_that_the_provider_did_not_sign_signs_nobody_in() {
    let blog = Blog::start().await;
    for forges in ["claims", "none", "key"] {
        let provider = Provider::start(json!({"forges": forges}));
        blog.trusts(&provider, forges, json!({})).await;
        assert_eq!(blog.goes(forges, "ann").await, ("rejoinder_error".to_owned(), "failed".to_owned()), "{forges}");
    }
    // the same provider, when it is honest
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "honest", json!({})).await;
    blog.signs_in("honest", "ann").await;
}

#[actix_web::test]
async fn over_tls_the_browsers_cookie_is_of_this_host_and_of_tls_alone() {
    let blog = Blog::at("https://comments.example").await;
    let provider = Provider::start(json!({}));
    blog.trusts(&provider, "p", json!({})).await;
    let answer = blog.beginning("p", PAGE, VERIFIER).expect(303).await;
    let set = answer.header("set-cookie").unwrap().to_owned();
    assert!(set.starts_with("__Host-rejoinder-oidc-") && set.contains("; Secure"), "{set}");
    // what browsers ask of that beginning (RFC 6265bis, section 4.1.3.2)
    assert!(set.contains("; Path=/;") && !set.to_lowercase().contains("domain="), "{set}");
    let to = Url::parse(answer.header("location").unwrap()).unwrap();
    let state = to.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let path = format!("/api/v1/oidc/callback?state={state}&error=access_denied");
    let cookie = kept(&answer);
    // one without that beginning may have been set by a neighbour, or in plain text
    let planted = cookie.strip_prefix("__Host-").unwrap();
    blog.app.get(&path).header("Cookie", planted).refused("sign_on_unknown").await;
    let back = blog.app.get(&path).header("Cookie", &cookie).expect(303).await;
    let forgotten = back.header("set-cookie").unwrap();
    assert!(forgotten.starts_with("__Host-rejoinder-oidc-") && forgotten.contains("; Max-Age=0;"), "{forgotten}");
    assert!(forgotten.contains("; Secure"), "{forgotten}");
}

#[actix_web::test]
async fn a_provider_is_registered_with_what_it_needs_and_no_more() {
    let blog = Blog::start().await;
    let iss = "https://id.example/realms/a";
    let registered = blog.trusting(iss, "p", json!({})).expect(200).await.json();
    assert_eq!((&registered["kind"], &registered["secret"]), (&json!("oidc"), &Value::Null));
    assert!(registered["secret_fingerprint"].is_string());
    // absent: as it was
    let again = blog.trusting(iss, "p", json!({"secret": null})).expect(200).await.json();
    assert_eq!(again["secret_fingerprint"], registered["secret_fingerprint"]);
    for wrong in [
        json!({"secret": "short"}),
        json!({"rotate": true}),
        json!({"keys": {"keys": []}}),
        json!({"keys_url": "https://id.example/keys"}),
    ] {
        blog.trusting(iss, "p", wrong).refused("invalid_fields").await;
    }
    for wrong in ["not an address", "ftp://id.example", "https://id.example?a=b", "https://id.example/#a"] {
        blog.trusting(&wrong.replace(' ', "-"), "q", json!({})).refused("invalid_fields").await;
    }
    // nobody shows a token of it: that has no id and no nonce of ours
    let token =
        [json!({"alg": "RS256"}), json!({"iss": iss, "sub": "1"})].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let showing = || json!({"token": format!("{}.{}.c2ln", token[0], token[1])});
    blog.app.post("/api/v1/sites/blog/sso").json(showing()).refused("invalid_sso_token").await;
    let tried = blog.site.admin.post("/api/v1/sites/blog/sso/test").json(showing()).expect(200).await.json();
    assert_eq!(tried["is_good"], json!(false));
}
