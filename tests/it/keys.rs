//! Keys of a site: made, shown once, rotated, revoked, and what they do by themselves.

use std::time::Duration;

use rejoinder::{auth::api_key::ApiKey, jobs};
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Site},
    app::{App, Request},
    jobs::count,
    together::{together, with_status},
};

const LIST: &str = "/api/v1/sites/blog/keys";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Every scope.
pub const EVERY: [&str; 8] = [
    "stories:write",
    "featured:write",
    "replies:act_as",
    "replies:write",
    "counts:read",
    "moderation:read",
    "moderation:decide",
    "log:read",
];

/// A site's server with a key.
#[derive(Clone)]
pub struct Key {
    pub app: App,
    pub id: String,
    /// Under whom the log tells what it does.
    pub account_id: String,
    pub secret: String,
    /// Where it stands.
    path: String,
    admin: Person,
}

impl Key {
    /// Makes one with these scopes.
    pub async fn of(site: &Site, scopes: &[&str]) -> Self {
        Self::with(site, json!({"name": "The blog's server", "scopes": scopes})).await
    }

    /// Makes one as the body says.
    pub async fn with(site: &Site, body: Value) -> Self {
        let made = making(site, body).expect(201).await;
        let (path, made) = (made.header("location").unwrap().to_owned(), made.json());
        let text = |field: &str| made[field].as_str().unwrap().to_owned();
        let (id, account_id, secret) = (text("id"), text("account_id"), text("secret"));
        Self { app: site.app.clone(), id, account_id, secret, path, admin: site.admin.clone() }
    }

    /// The server, which calls by itself.
    pub fn server(&self) -> Person {
        self.server_with(&self.secret)
    }

    /// The same with another secret.
    pub fn server_with(&self, secret: &str) -> Person {
        Person {
            app: self.app.clone(),
            id: self.account_id.clone(),
            username: "a server".to_owned(),
            token: secret.to_owned(),
            refresh_token: String::new(),
        }
    }

    pub async fn show(&self) -> Value {
        self.admin.get(&self.path).expect(200).await.json()
    }

    /// About to give it a new secret.
    pub fn rotating(&self, version: &str, overlap_secs: u32) -> Request {
        let rotate = self.admin.post(format!("{}/rotation", self.path)).header("If-Match", version);
        rotate.json(json!({"overlap_secs": overlap_secs}))
    }

    /// Gives it a new secret.
    pub async fn rotates(&self, overlap_secs: u32) -> String {
        let rotated = self.rotating("*", overlap_secs).expect(200).await.json();
        rotated["secret"].as_str().unwrap().to_owned()
    }

    /// About to revoke it.
    pub fn revoking(&self) -> Request {
        self.admin.delete(&self.path).header("If-Match", "*")
    }
}

fn making(site: &Site, body: Value) -> Request {
    site.admin.post(format!("/api/v1/sites/{}/keys", site.key)).json(body)
}

/// About to register a story.
fn putting(server: &Person, external_id: &str) -> Request {
    server.put(format!("/api/v1/sites/blog/stories/{external_id}")).json(json!({"headline": "Teapots get smaller"}))
}

async fn blog() -> Site {
    App::start().await.site("blog").await
}

#[actix_web::test]
async fn admins_make_show_rotate_and_revoke_keys_and_the_log_tells() {
    let blog = blog().await;
    let mona = blog.moderator("mona").await;
    let body = json!({"name": "  The blog's\n server ", "scopes": ["stories:write", "counts:read", "stories:write"]});
    mona.post(LIST).json(body.clone()).refused("forbidden").await;
    mona.get(LIST).refused("not_found").await;
    let made = making(&blog, body).expect(201).await;
    assert_eq!(made.header("etag"), Some("\"1\""));
    let (path, made) = (made.header("location").unwrap().to_owned(), made.json());
    for (field, value) in [
        ("name", json!("The blog's server")),
        ("scopes", json!(["stories:write", "counts:read"])),
        ("former_until", Value::Null),
        ("expires_at", Value::Null),
        ("last_used_at", Value::Null),
        ("created_by", json!(blog.admin.id)),
        ("revoked_at", Value::Null),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with(made["beginning"].as_str().unwrap()) && made["beginning"].as_str().unwrap().len() == 14);
    let shown = blog.admin.get(&path).expect(200).await;
    let mut as_made = made.clone();
    as_made["secret"] = Value::Null;
    assert_eq!((shown.header("etag"), shown.json()), (Some("\"1\""), as_made.clone()));
    assert_eq!(blog.admin.get(LIST).expect(200).await.json()["items"], json!([as_made]));
    blog.app.site("other").await.admin.get(path.replace("blog", "other")).refused("not_found").await;

    let rotation = format!("{path}/rotation");
    let rotate = || blog.admin.post(&rotation).json(json!({"overlap_secs": 3600}));
    rotate().refused("precondition_required").await;
    rotate().header("If-Match", "\"2\"").refused("precondition_failed").await;
    let rotated = rotate().header("If-Match", "\"1\"").expect(200).await;
    assert_eq!(rotated.header("etag"), Some("\"2\""));
    let rotated = rotated.json();
    assert_ne!((&rotated["secret"], &rotated["beginning"]), (&made["secret"], &made["beginning"]));
    assert!(rotated["former_until"].is_string());
    mona.delete(&path).header("If-Match", "*").refused("forbidden").await;
    blog.admin.delete(&path).refused("precondition_required").await;
    blog.admin.delete(&path).header("If-Match", "\"1\"").refused("precondition_failed").await;
    blog.admin.delete(&path).header("If-Match", "\"2\"").expect(204).await;
    blog.admin.delete(&path).header("If-Match", "*").expect(204).await;
    let gone = blog.admin.get(&path).expect(200).await.json();
    assert_eq!((&gone["revoked_by"], &gone["former_until"]), (&json!(blog.admin.id), &Value::Null));
    rotate().header("If-Match", "*").refused("state_conflict").await;

    let log = mona.get("/api/v1/sites/blog/log").expect(200).await;
    let told: Vec<Value> = log.json()["items"].as_array().unwrap()[..3].to_vec();
    let actions: Vec<&Value> = told.iter().map(|row| &row["action"]).collect();
    assert_eq!(actions, ["revoke_key", "rotate_key", "create_key"]);
    for row in &told {
        assert_eq!((&row["details"]["key_id"], &row["actor_id"]), (&made["id"], &json!(blog.admin.id)));
    }
    assert_eq!(told[1]["details"]["former_beginning"], made["beginning"]);
    assert_eq!(told[2]["details"]["scopes"], made["scopes"]);
    for secret in [secret, rotated["secret"].as_str().unwrap()] {
        assert!(!log.text().contains(secret) && !blog.admin.get(LIST).expect(200).await.text().contains(secret));
    }
    blog.app.check().await;
}

#[actix_web::test]
async fn what_is_no_key_is_not_made() {
    let blog = blog().await;
    let with = |field: &str, value: Value| {
        let mut body = json!({"name": "A server", "scopes": ["stories:write"]});
        body[field] = value;
        making(&blog, body)
    };
    with("name", json!("")).refused("invalid_fields").await;
    with("name", json!("\u{202e}revres A")).refused("invalid_fields").await;
    with("name", json!("n".repeat(81))).refused("invalid_fields").await;
    with("scopes", json!([])).refused("invalid_fields").await;
    with("scopes", json!(["sites:write"])).refused("invalid_fields").await;
    with("expires_at", json!("2026-11-23T08:00:00Z")).refused("invalid_fields").await;
    with("expires_at", json!("2036-11-23T08:00:00Z")).refused("invalid_fields").await;
    with("secret", json!("rj_live_mine")).refused("invalid_fields").await;
    with("account_id", json!(blog.admin.id)).refused("invalid_fields").await;
    let key = Key::of(&blog, &["stories:write"]).await;
    key.rotating("*", 604_801).refused("invalid_fields").await;
    assert_eq!(count(&blog.app, "api_keys").await, 1);
}

#[actix_web::test]
async fn a_request_that_is_repeated_makes_one_key_and_shows_its_secret_once() {
    let blog = blog().await;
    let make = |name: &str| {
        making(&blog, json!({"name": name, "scopes": ["counts:read"]})).header("Idempotency-Key", "k1").send()
    };
    let (first, again) = (make("A server").await.json(), make("A server").await);
    assert!(first["secret"].is_string());
    assert_eq!(
        (again.status.as_u16(), &again.json()["id"], &again.json()["secret"]),
        (201, &first["id"], &Value::Null)
    );
    assert_eq!(make("Another").await.json()["code"], "idempotency_mismatch");
    assert_eq!(count(&blog.app, "api_keys").await, 1);
}

#[actix_web::test]
async fn what_is_no_good_key_is_refused_alike_whatever_is_wrong_with_it() {
    let blog = blog().await;
    let elsewhere = self::blog().await;
    let [good, revoked, rotated] =
        [Key::of(&blog, &EVERY).await, Key::of(&blog, &EVERY).await, Key::of(&blog, &EVERY).await];
    let expiring = json!({"name": "A guest", "scopes": EVERY, "expires_at": "2026-11-24T09:00:00Z"});
    let expired = Key::with(&blog, expiring).await;
    putting(&expired.server(), "s0").expect(201).await;
    revoked.revoking().expect(204).await;
    rotated.rotates(0).await;
    blog.app.pass(DAY);
    let of_another_service = Key::of(&elsewhere, &EVERY).await.secret;
    let slip = format!("{}0", &good.secret[..43]);
    let mut answers = Vec::new();
    for secret in [
        "rj_live_",
        "rj_live_short",
        &good.secret.to_uppercase(),
        &slip,
        &of_another_service,
        &revoked.secret,
        &rotated.secret,
        &expired.secret,
    ] {
        let refused = putting(&good.server_with(secret), "s1").expect(401).await;
        answers.push((refused.text().to_owned(), refused.header("www-authenticate").map(str::to_owned)));
    }
    let of_nobody = blog.app.put("/api/v1/sites/blog/stories/s1").json(json!({"headline": "No"})).expect(401).await;
    assert!(answers.iter().all(|(text, header)| *text == of_nobody.text() && header == &answers[0].1), "{answers:?}");
    putting(&good.server(), "s1").expect(201).await;
    blog.app.check().await;
}

#[actix_web::test]
async fn a_former_secret_is_taken_for_as_long_as_was_said_and_only_the_last_one() {
    let blog = blog().await;
    let mut key = Key::of(&blog, &["stories:write"]).await;
    let server = key.clone();
    let works = async |secret: &str| putting(&server.server_with(secret), "s1").send().await.status.is_success();
    let second = key.rotates(3600).await;
    assert!(works(&key.secret).await && works(&second).await);
    blog.app.pass(Duration::from_secs(3601));
    key.admin = blog.app.sign_in("boss-blog", PASSWORD).await;
    assert!(!works(&key.secret).await && works(&second).await);
    assert_eq!(key.show().await["former_until"], Value::Null);
    let third = key.rotates(604_800).await;
    assert!(works(&second).await && works(&third).await);
    let fourth = key.rotates(604_800).await;
    assert!(!works(&second).await && works(&third).await && works(&fourth).await);
    let fifth = key.rotates(0).await;
    assert!(!works(&third).await && !works(&fourth).await && works(&fifth).await);
    key.revoking().expect(204).await;
    assert!(!works(&fifth).await);
    assert_eq!(count(&blog.app, "api_key_secrets").await, 0);
    blog.app.check().await;
}

#[actix_web::test]
async fn of_several_rotations_at_once_one_wins() {
    let blog = blog().await;
    let key = Key::of(&blog, &["stories:write"]).await;
    let answers = together((0..6).map(|_| key.rotating("\"1\"", 3600))).await;
    assert_eq!((with_status(&answers, 200), with_status(&answers, 412)), (1, 5));
    let won = answers.iter().find(|answer| answer.status == 200).unwrap().json();
    for secret in [&key.secret, won["secret"].as_str().unwrap()] {
        putting(&key.server_with(secret), "s1").send().await;
        assert!(putting(&key.server_with(secret), "s1").send().await.status.is_success());
    }
    assert_eq!(count(&blog.app, "api_key_secrets").await, 2);
    blog.app.check().await;
}

#[actix_web::test]
async fn who_revokes_a_key_waits_for_what_it_is_about_to_do_and_nothing_comes_after() {
    let blog = blog().await;
    let key = Key::of(&blog, &["stories:write"]).await;
    putting(&key.server(), "s1").expect(201).await;
    let (reached, go_on) = blog.app.pause_at("INSERT INTO decisions");
    let put = actix_web::rt::spawn(putting(&key.server(), "s2").send());
    reached.await.unwrap();
    let revoked = actix_web::rt::spawn(key.revoking().send());
    actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    assert!(!revoked.is_finished());
    go_on.send(()).unwrap();
    assert_eq!((put.await.unwrap().status.as_u16(), revoked.await.unwrap().status.as_u16()), (201, 204));
    // many at once: what was answered well is there, and nothing else
    let key = Key::of(&blog, &["stories:write"]).await;
    let mut requests: Vec<Request> = (0..8).map(|number| putting(&key.server(), &format!("many-{number}"))).collect();
    requests.insert(4, key.revoking());
    let answers = together(requests).await;
    let (made, refused) = (with_status(&answers, 201), with_status(&answers, 401));
    assert_eq!((made + refused, with_status(&answers, 204)), (8, 1));
    assert_eq!(count(&blog.app, "stories").await, 2 + made as i64);
    putting(&key.server(), "s3").expect(401).await;
    blog.app.check().await;
}

#[actix_web::test]
async fn a_site_has_fifty_keys_in_pages_and_those_that_ended_are_forgotten_after_a_while() {
    let blog = blog().await;
    for number in 0..49 {
        Key::with(&blog, json!({"name": format!("Number {number}"), "scopes": ["counts:read"]})).await;
    }
    // two at once for one place
    let make = || making(&blog, json!({"name": "Last", "scopes": ["counts:read"]}));
    let answers = together([make(), make()]).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 1));
    let page = blog.admin.get(format!("{LIST}?limit=20")).expect(200).await.json();
    let next = format!("{LIST}?limit=40&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = blog.admin.get(next).expect(200).await.json();
    assert_eq!((&page["items"][19]["name"], &rest["items"][0]["name"]), (&json!("Number 19"), &json!("Number 20")));
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (30, &Value::Null));

    let first = format!("{LIST}/{}", page["items"][0]["id"].as_str().unwrap());
    blog.admin.delete(&first).header("If-Match", "*").expect(204).await;
    let expiring = json!({"name": "A guest", "scopes": ["counts:read"], "expires_at": "2026-11-24T09:00:00Z"});
    let guest = Key::with(&blog, expiring).await;
    guest.rotates(60).await;
    blog.app.pass(89 * DAY);
    jobs::run_due(&blog.app.state).await.unwrap();
    assert_eq!(count(&blog.app, "api_keys").await, 51);
    assert_eq!(count(&blog.app, "api_key_secrets").await, 50, "former secrets go as they end");
    blog.app.pass(3 * DAY);
    jobs::run_due(&blog.app.state).await.unwrap();
    let admin = blog.app.sign_in("boss-blog", PASSWORD).await;
    admin.get(&first).refused("not_found").await;
    assert_eq!([count(&blog.app, "api_keys").await, count(&blog.app, "api_key_secrets").await], [49, 49]);
    blog.app.check().await;
}

#[actix_web::test]
async fn the_log_names_the_key_and_its_use_is_told_a_minute_later() {
    let blog = blog().await;
    let key = Key::of(&blog, &["stories:write", "log:read"]).await;
    putting(&key.server(), "s1").expect(201).await;
    let log = key.server().get("/api/v1/sites/blog/log?action=put_story").expect(200).await.json();
    let row = &log["items"][0];
    assert_eq!((&row["actor_kind"], &row["actor_id"]), (&json!("key"), &json!(key.account_id)));
    assert_eq!(row["details"]["api_key"], json!(key.id));
    assert_eq!(row["details"]["after"]["headline"], "Teapots get smaller");
    // nobody's, and nobody sees more of it
    let account = blog.app.get(format!("/api/v1/accounts/{}", key.account_id)).send().await;
    assert!(!account.text().contains("server"), "{}", account.text());

    assert_eq!(key.show().await["last_used_at"], Value::Null);
    let before = blog.app.now();
    key.server().get("/api/v1/sites/blog/log").expect(200).await;
    jobs::key_uses::write_down(&blog.app.state).await.unwrap();
    let used = key.show().await["last_used_at"].as_str().unwrap().to_owned();
    let used = rejoinder::domain::timestamp::Timestamp::parse(&used).unwrap();
    assert!(before <= used && used <= blog.app.now());
    jobs::key_uses::write_down(&blog.app.state).await.unwrap();
    blog.app.check().await;
}

#[actix_web::test]
async fn no_page_calls_by_a_key() {
    let blog = blog().await;
    blog.set(json!({"allowed_origins": ["https://blog.example"]})).await;
    let key = Key::of(&blog, &EVERY).await;
    for origin in ["https://blog.example", "http://comments.example", "null"] {
        putting(&key.server(), "s1").header("Origin", origin).refused("origin_not_allowed").await;
    }
    putting(&key.server(), "s1").expect(201).await;
}

#[actix_web::test]
async fn a_key_has_a_pace_of_its_own_wherever_it_is_used_and_what_is_none_its_address() {
    let app = App::with(&[("PACE_DEAR", "1"), ("PACE_ADDRESS_TIMES", "3"), ("PACE_SITE_TIMES", "2")]).await;
    let [blog, other] = [app.site("blog").await, app.site("other").await];
    let [first, second] = [Key::of(&blog, &["log:read"]).await, Key::of(&other, &["log:read"]).await];
    let reading = |key: &Person, site: &str, from: &str| key.get(format!("/api/v1/sites/{site}/log")).from(from);
    for from in ["9.9.9.1", "9.9.9.2"] {
        reading(&first.server(), "blog", from).expect(200).await;
    }
    let refused = reading(&first.server(), "blog", "9.9.9.3").expect(429).await;
    assert!(refused.header("RateLimit").unwrap().starts_with(r#""dear/key";r=0"#));
    reading(&second.server(), "other", "9.9.9.3").expect(200).await;
    // each another key, which there is not
    for expected in [401, 401, 401, 429] {
        let unknown = ApiKey::make(&app.state.random).into_text();
        reading(&first.server_with(&unknown), "blog", "9.9.9.4").expect(expected).await;
    }
}

#[actix_web::test]
async fn a_desk_of_the_blogs_own_reads_queues_and_decides_by_a_key() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let other = app.site_with("other", json!({"moderation_mode": "pre"})).await;
    ann.replies(&other.story("o1").await, "Elsewhere.").await;
    let key = Key::of(&blog, &["moderation:read", "moderation:decide", "counts:read"]).await;
    let server = key.server();
    let (good, bad) = (ann.replies(&story, "Well said.").await, ann.replies(&story, "Badly said.").await);
    // of no site's name: of its own alone
    let queue = server.get("/api/v1/moderation/replies?queue=pending").expect(200).await.json();
    let ids: Vec<&Value> = queue["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
    assert_eq!((ids.len(), ids.contains(&&json!(good.id)), ids.contains(&&json!(bad.id))), (2, true, true));
    server.get("/api/v1/moderation/replies?queue=pending&site=other").refused("not_found").await;
    server.decides(&good, "approve").await;
    server.decides(&bad, "reject").await;
    assert_eq!(story.count().await, 1);
    let log = blog.admin.get("/api/v1/sites/blog/log?action=reject").expect(200).await.json();
    let row = &log["items"][0];
    assert_eq!((&row["actor_kind"], &row["details"]["api_key"]), (&json!("key"), &json!(key.id)));
    // its author learns why, and who is a person decides the appeal
    let path = format!("/api/v1/replies/{}", bad.id);
    ann.get(format!("{path}/statement")).expect(200).await;
    let appeal = ann.post(format!("{path}/appeal")).json(json!({"text": "No."})).expect(201).await.json();
    let id = appeal["appeal"]["id"].as_str().unwrap();
    let ruling = json!({"ruling": "overturned", "version": bad.version + 2, "reasons": "So it is."});
    server.post(format!("/api/v1/moderation/appeals/{id}/decision")).json(ruling).refused("insufficient_scope").await;
    app.check().await;
}

#[test]
fn the_page_about_keys_tells_scanners_their_form() {
    let page = include_str!("../../docs/KEYS.md");
    assert!(page.contains("`rj_live_[0-9A-Za-z]{36}`"));
    let example = page.split('`').find(|text| text.contains("0example0")).unwrap();
    assert_eq!((example.len(), ApiKey::parse(example)), (44, None), "an example is no secret");
    for scope in EVERY {
        assert!(page.contains(&format!("| `{scope}` |")), "{scope}");
    }
}
