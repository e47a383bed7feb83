//! Sites, their settings and roles.

use serde_json::{Value, json};

use crate::{
    app::App,
    together::{together, with_status},
};

#[actix_web::test]
async fn an_admin_makes_a_site_and_everybody_sees_its_public_fields() {
    let app = App::start().await;
    let boss = app.admin("boss").await;
    let settings = json!({
        "key": "morning-news", "name": "Morning News", "tagline": "In context",
        "allowed_origins": ["https://Blog.example:443", "http://localhost:3000"],
        "moderation_mode": "trusted", "trusted_after": 3, "edit_window_secs": 60,
        "close_after_days": 14, "reserved_names": ["kevin"], "tracking_params": ["ref"],
    });
    let made = boss.post("/api/v1/sites").json(settings).expect(201).await;
    assert_eq!(made.header("Location"), Some("/api/v1/sites/morning-news"));
    let made = made.json();
    assert_eq!(made["allowed_origins"], json!(["https://blog.example", "http://localhost:3000"]));
    assert_eq!((&made["trusted_after"], &made["close_after_days"]), (&json!(3), &json!(14)));
    let public = json!({
        "id": made["id"], "key": "morning-news", "name": "Morning News", "tagline": "In context", "is_closed": false,
    });
    assert_eq!(app.get("/api/v1/sites/morning-news").expect(200).await.json(), public);
    assert_eq!(app.get("/api/v1/sites").expect(200).await.json()["items"], json!([public]));
    assert_eq!(boss.get("/api/v1/sites/morning-news/settings").expect(200).await.json(), made);
    app.get("/api/v1/sites/nowhere").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn a_new_site_is_strict_and_never_closes_stories() {
    let app = App::start().await;
    let boss = app.admin("boss").await;
    let made = boss.post("/api/v1/sites").json(json!({"key": "b"})).expect(201).await.json();
    assert_eq!((&made["name"], &made["moderation_mode"]), (&json!("b"), &json!("pre")));
    assert_eq!((&made["trusted_after"], &made["edit_window_secs"]), (&json!(2), &json!(300)));
    assert_eq!((&made["close_after_days"], &made["allowed_origins"]), (&Value::Null, &json!([])));
    assert!(made["tracking_params"].as_array().unwrap().contains(&json!("utm_*")));
}

#[actix_web::test]
async fn a_change_of_settings_leaves_what_it_does_not_name() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"tagline": "In context", "close_after_days": 3})).await;
    let before = blog.admin.get("/api/v1/sites/blog/settings").expect(200).await.json();
    blog.set(json!({"name": "Blog"})).await;
    blog.set(json!({"close_after_days": 0})).await;
    let after = blog.admin.get("/api/v1/sites/blog/settings").expect(200).await.json();
    let mut expected = before;
    expected["name"] = json!("Blog");
    expected["close_after_days"] = Value::Null;
    assert_eq!(after, expected);
    blog.admin.patch("/api/v1/sites/nowhere").json(json!({})).refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn wrong_settings_are_all_named() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    for (wrong, pointer) in [
        (json!({"name": ""}), "/name"),
        (json!({"name": "x".repeat(101)}), "/name"),
        (json!({"tagline": "x".repeat(301)}), "/tagline"),
        (json!({"moderation_mode": "never"}), "/moderation_mode"),
        (json!({"trusted_after": -1}), "/trusted_after"),
        (json!({"edit_window_secs": 604_801}), "/edit_window_secs"),
        (json!({"close_after_days": 36_501}), "/close_after_days"),
        (json!({"allowed_origins": ["https://a.example", "blog.example"]}), "/allowed_origins/1"),
        (json!({"allowed_origins": ["https://blog.example/path"]}), "/allowed_origins/0"),
        (json!({"allowed_origins": ["*"]}), "/allowed_origins/0"),
        (json!({"allowed_origins": ["null"]}), "/allowed_origins/0"),
        (json!({"reserved_names": [" "]}), "/reserved_names/0"),
        (json!({"tracking_params": ["x".repeat(101)]}), "/tracking_params/0"),
    ] {
        let problem = blog.admin.patch("/api/v1/sites/blog").json(wrong.clone()).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{wrong}");
    }
    let two = json!({"name": "", "trusted_after": 5_000});
    let problem = blog.admin.patch("/api/v1/sites/blog").json(two).refused("invalid_fields").await;
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
    let flat = json!({"key": "new", "name": ""});
    let problem = blog.admin.post("/api/v1/sites").json(flat).refused("invalid_fields").await;
    assert_eq!(problem["errors"][0]["pointer"], "/name");
    for wrong in ["", "Blog", "-b", "b-", "b_c", "\u{e4}", &"b".repeat(41)] {
        let problem = blog.admin.post("/api/v1/sites").json(json!({"key": wrong})).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], "/key", "{wrong}");
    }
    app.check().await;
}

#[actix_web::test]
async fn a_key_is_one_sites() {
    let app = App::start().await;
    let boss = app.admin("boss").await;
    let making = |key: &str, name: &str| boss.post("/api/v1/sites").json(json!({"key": key, "name": name}));
    let answers = together((0..10).map(|n| making("blog", &format!("Blog {n}")))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 9));
    making("blog", "Another").refused("key_taken").await;
    let once = || making("other", "Other").header("Idempotency-Key", "k1");
    let first = once().expect(201).await;
    let again = once().expect(201).await;
    assert_eq!((first.json(), first.header("Location")), (again.json(), again.header("Location")));
    making("third", "Third").header("Idempotency-Key", "k1").refused("idempotency_mismatch").await;
    app.check().await;
}

#[actix_web::test]
async fn sites_are_listed_by_key_in_pages() {
    let app = App::start().await;
    let boss = app.admin("boss").await;
    for key in ["c", "a", "e", "b", "d"] {
        boss.post("/api/v1/sites").json(json!({"key": key})).expect(201).await;
    }
    let (mut keys, mut cursor) = (String::new(), String::new());
    loop {
        let page = app.get(format!("/api/v1/sites?limit=2{cursor}")).expect(200).await.json();
        page["items"].as_array().unwrap().iter().for_each(|site| keys += site["key"].as_str().unwrap());
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(keys, "abcde");
}

#[actix_web::test]
async fn roles_are_granted_listed_and_taken_back_at_once() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "Hello.").await;
    let badge = async || story.page("").await["items"][0]["author"]["badge"].clone();
    let path = |role: &str| format!("/api/v1/sites/blog/roles/{}/{role}", ann.id);
    assert_eq!(badge().await, Value::Null);
    for _ in 0..2 {
        blog.admin.put(path("author")).expect(204).await;
    }
    assert_eq!(badge().await, "author");
    blog.admin.put(path("moderator")).expect(204).await;
    // who writes for the site is shown as its author first
    assert_eq!(badge().await, "author");
    ann.get("/api/v1/moderation/replies?queue=pending&site=blog").expect(200).await;
    let listed = blog.admin.get("/api/v1/sites/blog/roles").expect(200).await.json();
    let roles: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|row| &row["role"]).collect();
    assert_eq!(roles.len(), 2);
    assert_eq!(
        (&listed["items"][0]["username"], &listed["items"][0]["granted_by"]),
        (&json!("ann"), &json!(blog.admin.id))
    );
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["roles"].as_array().unwrap().len(), 2);
    for _ in 0..2 {
        blog.admin.delete(path("moderator")).expect(204).await;
    }
    ann.get("/api/v1/moderation/replies?queue=pending&site=blog").refused("not_found").await;
    assert_eq!(badge().await, "author");
    blog.admin.put(path("king")).refused("not_found").await;
    let nobody = format!("/api/v1/sites/blog/roles/{}/author", story.id);
    blog.admin.put(nobody).refused("not_found").await;
    let log = blog.admin.get("/api/v1/sites/blog/log?action=grant_role").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    app.check().await;
}

#[actix_web::test]
async fn a_closed_site_is_read_and_takes_nothing() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "Hello.").await;
    blog.set(json!({"is_closed": true})).await;
    assert_eq!(app.get("/api/v1/sites/blog").expect(200).await.json()["is_closed"], true);
    let page = story.page("").await;
    assert_eq!((&page["story"]["is_closed"], &page["story"]["replies"]), (&json!(true), &json!(1)));
    ann.posting(&story, "And again.").refused("story_closed").await;
    for external_id in ["s1", "s2"] {
        let put = blog.admin.put(format!("/api/v1/sites/blog/stories/{external_id}"));
        put.json(json!({"headline": "New"})).refused("state_conflict").await;
    }
    blog.set(json!({"is_closed": false})).await;
    ann.replies(&story, "And again.").await;
    app.check().await;
}

#[actix_web::test]
async fn a_key_may_change_and_is_still_one_sites() {
    let app = App::start().await;
    let (blog, _) = (app.site("blog").await, app.site("other").await);
    let story = blog.story("s1").await;
    let change = |key: &str| blog.admin.patch("/api/v1/sites/blog").json(json!({"key": key}));
    change("other").refused("key_taken").await;
    change("Not A Key").refused("invalid_fields").await;
    change("news").expect(200).await;
    app.get("/api/v1/sites/blog").refused("not_found").await;
    assert_eq!(app.get("/api/v1/sites/news/stories/s1").expect(200).await.json()["id"], json!(story.id));
    app.check().await;
}

#[actix_web::test]
async fn a_new_site_needs_a_key_and_is_told_where_it_is_wrong() {
    let app = App::start().await;
    let admin = app.site("blog").await.admin;
    for (body, pointer) in [
        (json!({"name": "No key"}), "/key"),
        (json!({"key": "x", "trusted_after": "a"}), "/trusted_after"),
        (json!({"key": "x", "allowed_origins": ["https://a.example", "nonsense"]}), "/allowed_origins/1"),
        (json!({"key": "x", "moderation_mode": "none"}), "/moderation_mode"),
    ] {
        let problem = admin.post("/api/v1/sites").json(body).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let made = admin.post("/api/v1/sites").json(json!({"key": "x"})).expect(201).await.json();
    assert_eq!((&made["name"], &made["key"]), (&json!("x"), &json!("x")));
}

#[actix_web::test]
async fn a_site_has_a_colour_or_none_and_nothing_else_in_its_place() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let colour = async || blog.admin.get("/api/v1/sites/blog/settings").expect(200).await.json()["colour"].clone();
    assert_eq!(colour().await, json!(null));
    blog.set(json!({"colour": "#0B5394"})).await;
    assert_eq!(colour().await, json!("#0b5394"));
    for wrong in ["red", "#0b53", "0b5394", "#0b539g", "#0b5394;", " "] {
        let change = blog.admin.patch("/api/v1/sites/blog").json(json!({"colour": wrong}));
        assert_eq!(change.refused("invalid_fields").await["errors"][0]["pointer"], "/colour", "{wrong}");
    }
    blog.set(json!({"tagline": "Tea."})).await;
    assert_eq!(colour().await, json!("#0b5394"), "what is absent stays");
    blog.set(json!({"colour": ""})).await;
    assert_eq!(colour().await, json!(null));
    app.check().await;
}
