//! Where one is signed in: shown in words, ended by oneself and by admins.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::App,
};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3600);
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

impl App {
    /// Signs in from this device.
    async fn signs_in_from(&self, username: &str, agent: &str, address: &str) -> Person {
        let body = json!({"identifier": username, "password": PASSWORD});
        let sign_in = self.post("/api/v1/sessions").json(body).header("User-Agent", agent).from(address);
        self.person(username, &sign_in.expect(201).await.json())
    }
}

impl Person {
    async fn sessions(&self) -> Vec<Value> {
        self.get("/api/v1/me/sessions").expect(200).await.json()["items"].as_array().unwrap().clone()
    }
}

#[actix_web::test]
async fn one_sees_where_one_is_signed_in_to_the_hour() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.pass(DAY);
    let second = app.signs_in_from("ann", FIREFOX, "127.0.0.1").await;
    app.signs_in_from("ann", "<script>alert(1)</script>", "127.0.0.1").await;
    let bob = app.reader("bob").await;
    let seen = second.sessions().await;
    assert_eq!(seen.len(), 3, "one's own, and nobody else's");
    let of = |field: &str| seen.iter().map(|session| session[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("device"), [Value::Null, json!("Firefox on Linux"), Value::Null]);
    assert_eq!(of("is_current"), [json!(false), json!(true), json!(false)]);
    assert_eq!(of("way"), [json!("password"), json!("password"), json!("password")]);
    assert_eq!(of("place"), [Value::Null, Value::Null, Value::Null]);
    assert!(of("last_used_at").iter().all(|time| time.as_str().unwrap().contains(":00:00")), "{seen:?}");
    assert_eq!(bob.sessions().await.len(), 1);
    // a page after the other
    let first = second.get("/api/v1/me/sessions?limit=2").expect(200).await.json();
    let next = format!("/api/v1/me/sessions?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let next_page = second.get(&next).expect(200).await.json();
    assert_eq!(next_page["items"].as_array().unwrap().len(), 1);
    bob.get(&next).refused("invalid_cursor").await;
    drop(ann);
    app.check().await;
}

#[actix_web::test]
async fn what_has_ended_or_run_out_is_not_shown() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    app.sign_in("ann", PASSWORD).await.delete("/api/v1/sessions/current").expect(204).await;
    assert_eq!(ann.sessions().await.len(), 1);
    app.pass(30 * DAY);
    let later = app.sign_in("ann", PASSWORD).await;
    assert_eq!(later.sessions().await.len(), 1, "the other was not used for thirty days");
    app.check().await;
}

#[actix_web::test]
async fn one_ends_a_session_of_ones_own_and_no_other() {
    let app = App::start().await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let elsewhere = app.sign_in("ann", PASSWORD).await;
    let id = elsewhere.session().await;
    let path = format!("/api/v1/me/sessions/{id}");
    bob.delete(&path).refused("not_found").await;
    elsewhere.get("/api/v1/me").expect(200).await;
    ann.delete(&path).expect(204).await;
    elsewhere.get("/api/v1/me").refused("unauthenticated").await;
    let token = json!({"refresh_token": elsewhere.refresh_token});
    app.post("/api/v1/sessions/refresh").json(token).refused("invalid_refresh_token").await;
    ann.delete(&path).refused("not_found").await;
    ann.get("/api/v1/me").expect(200).await;
    app.check().await;
}

#[actix_web::test]
async fn one_ends_all_others_at_once() {
    let app = App::start().await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let others = [app.sign_in("ann", PASSWORD).await, app.sign_in("ann", PASSWORD).await];
    ann.delete("/api/v1/me/sessions").expect(204).await;
    for gone in &others {
        gone.get("/api/v1/me").refused("unauthenticated").await;
    }
    for still in [&ann, &bob] {
        still.get("/api/v1/me").expect(200).await;
    }
    assert_eq!(ann.sessions().await.len(), 1);
    app.check().await;
}

#[actix_web::test]
async fn an_admin_ends_anybodys_and_the_log_says_so() {
    let app = App::start().await;
    let (ann, admin) = (app.reader("ann").await, app.admin("boss").await);
    let elsewhere = app.sign_in("ann", PASSWORD).await;
    let of_ann = format!("/api/v1/accounts/{}/sessions", ann.id);
    let listed = admin.get(&of_ann).expect(200).await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert!(listed["items"].as_array().unwrap().iter().all(|session| session["is_current"] == false));
    let id = elsewhere.session().await;
    let one = format!("{of_ann}/{id}");
    ann.delete(&one).refused("forbidden").await;
    ann.get(&of_ann).refused("not_found").await;
    // as of its own account alone
    admin.delete(format!("/api/v1/accounts/{}/sessions/{id}", admin.id)).refused("not_found").await;
    admin.delete(&one).expect(204).await;
    elsewhere.get("/api/v1/me").refused("unauthenticated").await;
    ann.get("/api/v1/me").expect(200).await;
    admin.delete(&of_ann).expect(204).await;
    ann.get("/api/v1/me").refused("unauthenticated").await;
    admin.delete(&one).refused("not_found").await;
    let nobody = "/api/v1/accounts/0193a000-0000-7000-8000-00000000dead/sessions";
    admin.get(nobody).refused("not_found").await;
    admin.delete(nobody).refused("not_found").await;

    let log = admin.get("/api/v1/moderation/log?action=end_sessions").expect(200).await.json();
    let rows = log["items"].as_array().unwrap();
    let details: Vec<_> = rows.iter().map(|row| row["details"].clone()).collect();
    assert_eq!(details, [json!({"sessions": 1}), json!({"session": id})]);
    assert!(rows.iter().all(|row| row["account_id"] == json!(ann.id) && row["actor_id"] == json!(admin.id)));
    app.check().await;
}

#[actix_web::test]
async fn places_are_told_where_a_file_tells_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("places.mmdb");
    std::fs::write(&file, places()).unwrap();
    let app = App::with(&[("GEOIP_FILE", file.to_str().unwrap())]).await;
    app.reader("ann").await;
    app.signs_in_from("ann", FIREFOX, "9.9.9.9").await;
    let unknown = app.signs_in_from("ann", FIREFOX, "200.0.0.1").await;
    app.pass(HOUR / 30);
    let seen: Vec<Value> = unknown.sessions().await.into_iter().map(|session| session["place"].clone()).collect();
    assert_eq!(seen, [Value::Null, json!("Bergen, Norway"), Value::Null]);
    // an address itself is stored nowhere
    assert!(!unknown.get("/api/v1/me/sessions").expect(200).await.text().contains("9.9.9"));
}

/// A file in MaxMind's format that knows one thing: the lower half of all IPv4 addresses is Bergen.
fn places() -> Vec<u8> {
    let text = |text: &str| [vec![2 << 5 | text.len() as u8], text.as_bytes().to_vec()].concat();
    let map = |entries: &[(&str, Vec<u8>)]| {
        let mut bytes = vec![7 << 5 | entries.len() as u8];
        entries.iter().for_each(|(key, value)| bytes.extend([text(key), value.clone()].concat()));
        bytes
    };
    let number = |kind: u8, value: u8| vec![kind << 5 | 1, value];
    let named = |name: &str| map(&[("names", map(&[("de", text("Anders")), ("en", text(name))]))]);
    let data = map(&[("city", named("Bergen")), ("country", named("Norway")), ("traits", map(&[]))]);
    // one node: to the left the first data, to the right nothing
    let (nodes, gap) = (1u8, 16u8);
    let tree = [0, 0, nodes + gap, 0, 0, nodes];
    let about = map(&[
        ("node_count", number(6, nodes)),
        ("record_size", number(5, 24)),
        ("ip_version", number(5, 4)),
        ("database_type", text("Test")),
        ("languages", vec![0, 4]),
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", vec![1, 2, 1]),
        ("description", map(&[])),
    ]);
    [&tree[..], &[0; 16], &data, b"\xab\xcd\xefMaxMind.com", &about].concat()
}
