//! Badges: which a site has, who makes and gives them, and where they are shown.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{Person, Site, Story},
    app::{App, Request},
    together::{together, with_status},
};

struct Desk {
    app: App,
    blog: Site,
    story: Story,
    mona: Person,
    ann: Person,
}

impl Desk {
    async fn open() -> Self {
        let app = App::start().await;
        let blog = app.site("blog").await;
        let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
        let ann = app.reader("ann").await;
        ann.replies(&story, "Mine.").await;
        Self { app, blog, story, mona, ann }
    }

    fn putting(&self, key: &str, label: &str, version: i64) -> Request {
        let put = self.blog.admin.put(badge(key)).header("If-Match", &format!("\"{version}\""));
        put.json(json!({"label": label}))
    }

    async fn grants(&self, key: &str, to: &Person) {
        self.mona.put(holder(key, to)).expect(204).await;
    }

    /// The author of the story's first reply, as pages show him.
    async fn author(&self) -> Value {
        self.story.page("?sort=oldest").await["items"][0]["author"].clone()
    }

    async fn log(&self, action: &str) -> Vec<Value> {
        let path = format!("/api/v1/sites/blog/log?action={action}");
        self.mona.get(path).expect(200).await.json()["items"].as_array().unwrap().clone()
    }
}

fn badge(key: &str) -> String {
    format!("/api/v1/sites/blog/badges/{key}")
}

fn holder(key: &str, person: &Person) -> String {
    format!("/api/v1/sites/blog/badges/{key}/holders/{}", person.id)
}

fn shown(badges: &[(&str, &str)]) -> Value {
    badges.iter().map(|(key, label)| json!({"key": key, "label": label})).collect()
}

#[actix_web::test]
async fn what_is_given_is_shown_beside_the_name_at_once() {
    let desk = Desk::open().await;
    let plain = desk.author().await;
    assert!(plain.get("badges").is_none() && plain.get("is_staff").is_none(), "{plain}");
    let made = desk.putting("expert", " Subject \t expert ", 0).expect(200).await;
    assert_eq!(made.json(), json!({"key": "expert", "label": "Subject expert", "version": 1, "is_built_in": false}));
    assert_eq!(made.header("etag"), Some("\"1\""));
    desk.grants("verified", &desk.ann).await;
    desk.grants("expert", &desk.ann).await;
    desk.grants("expert", &desk.ann).await;
    let author = desk.author().await;
    assert_eq!(author["badges"], shown(&[("expert", "Subject expert"), ("verified", "Verified")]));
    assert_eq!(author["badge"], Value::Null);
    // another label, on every page
    desk.putting("expert", "Expert", 1).expect(200).await;
    assert_eq!(desk.author().await["badges"][0]["label"], "Expert");
    let reply = desk.story.page("").await["items"][0]["id"].as_str().unwrap().to_owned();
    for path in [format!("/api/v1/replies/{reply}"), "/api/v1/sites/blog/replies".to_owned()] {
        let page = desk.app.get(&path).expect(200).await.json();
        let author = page.get("author").unwrap_or(&page["items"][0]["author"]);
        assert_eq!(author["badges"][0]["label"], "Expert", "{path}");
    }
    desk.mona.delete(holder("verified", &desk.ann)).expect(204).await;
    desk.mona.delete(holder("verified", &desk.ann)).expect(204).await;
    assert_eq!(desk.author().await["badges"], shown(&[("expert", "Expert")]));
    // another site shows nothing of it
    let other = desk.app.site("other").await.story("s1").await;
    desk.ann.replies(&other, "Mine.").await;
    assert!(other.page("").await["items"][0]["author"].get("badges").is_none());

    let (given, taken) = (desk.log("grant_badge").await, desk.log("revoke_badge").await);
    assert_eq!((given.len(), taken.len()), (2, 1));
    assert_eq!((&given[0]["details"], &given[0]["account_id"]), (&json!({"badge": "expert"}), &json!(desk.ann.id)));
    let changed = desk.log("change_badge").await;
    assert_eq!(changed[0]["details"]["before"], json!({"key": "expert", "label": "Subject expert"}));
    assert_eq!(changed[1]["details"]["before"]["label"], Value::Null);
    desk.app.check().await;
}

#[actix_web::test]
async fn the_sites_people_are_staff_by_their_role_and_others_by_a_badge() {
    let desk = Desk::open().await;
    desk.grants("staff", &desk.ann).await;
    let author = desk.author().await;
    assert_eq!((&author["is_staff"], &author["badge"]), (&json!(true), &Value::Null));
    assert_eq!(author["badges"], shown(&[("staff", "Staff")]));
    let story = desk.blog.story("s2").await;
    let arthur = desk.blog.author("arthur").await;
    for (person, badge) in [(&arthur, "author"), (&desk.mona, "moderator"), (&desk.blog.admin, "admin")] {
        person.replies(&story, "Mine.").await;
        let author = &story.page("?limit=1").await["items"][0]["author"];
        assert_eq!((&author["badge"], &author["is_staff"]), (&json!(badge), &json!(true)));
        assert!(author.get("badges").is_none());
    }
}

#[actix_web::test]
async fn tags_change_with_what_is_given_and_not_with_what_nobody_has() {
    let desk = Desk::open().await;
    let path = format!("/api/v1/stories/{}/replies", desk.story.id);
    let before = desk.app.get(&path).expect(200).await.header("etag").unwrap().to_owned();
    desk.putting("expert", "Expert", 0).expect(200).await;
    desk.app.get(&path).header("If-None-Match", &before).expect(304).await;
    desk.grants("expert", &desk.ann).await;
    let given = desk.app.get(&path).header("If-None-Match", &before).expect(200).await;
    let given = given.header("etag").unwrap().to_owned();
    desk.blog.admin.delete(badge("expert")).header("If-Match", "\"1\"").expect(204).await;
    desk.app.get(&path).header("If-None-Match", &given).expect(200).await;
    assert!(desk.author().await.get("badges").is_none(), "who had it has it no more");
    assert_eq!(desk.log("delete_badge").await[0]["details"], json!({"key": "expert", "label": "Expert", "holders": 1}));
    desk.mona.put(holder("expert", &desk.ann)).expect(404).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn admins_make_badges_and_each_change_is_of_what_was_seen() {
    let desk = Desk::open().await;
    desk.blog.admin.put(badge("top")).json(json!({"label": "Top"})).refused("precondition_required").await;
    desk.putting("top", "Top", 1).refused("precondition_failed").await;
    desk.putting("top", "Top", 0).expect(200).await;
    desk.putting("top", "Other", 0).refused("precondition_failed").await;
    // the same again changes nothing
    assert_eq!(desk.putting("top", "Top", 1).expect(200).await.json()["version"], 1);
    assert_eq!(desk.log("change_badge").await.len(), 1);
    // those that every site has may be called otherwise, and stay
    let renamed = desk.putting("verified", "Verifiziert", 1).expect(200).await.json();
    assert_eq!(renamed, json!({"key": "verified", "label": "Verifiziert", "version": 2, "is_built_in": true}));
    desk.blog.admin.delete(badge("verified")).header("If-Match", "*").refused("state_conflict").await;
    desk.blog.admin.delete(badge("none")).header("If-Match", "*").expect(404).await;
    desk.blog.admin.delete(badge("top")).header("If-Match", "\"7\"").refused("precondition_failed").await;
    for key in ["author", "moderator", "admin", "Top", "a_b", &"x".repeat(41)] {
        desk.putting(key, "Label", 0).refused("invalid_request").await;
    }
    for label in ["", " ", "a\u{202e}b", &"x".repeat(41)] {
        desk.putting("some", label, 0).refused("invalid_fields").await;
    }
    let list = desk.mona.get("/api/v1/sites/blog/badges").expect(200).await.json();
    let keys: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|row| &row["key"]).collect();
    assert_eq!(keys, ["staff", "top", "verified"]);
    let put = |person: &Person| person.put(badge("own")).header("If-Match", "\"0\"").json(json!({"label": "Own"}));
    put(&desk.mona).expect(403).await;
    desk.ann.put(holder("verified", &desk.ann)).expect(403).await;
    desk.ann.get("/api/v1/sites/blog/badges").expect(404).await;
    desk.app.site("other").await.moderator("otto").await.put(holder("verified", &desk.ann)).expect(403).await;
    desk.mona.put("/api/v1/sites/blog/badges/verified/holders/0193a000-0000-7000-8000-00000000dead").expect(404).await;
}

#[actix_web::test]
async fn fifty_of_a_site_and_five_of_a_person_are_enough() {
    let desk = Desk::open().await;
    for number in 0..50 {
        desk.putting(&format!("own-{number}"), &format!("Number {number}"), 0).expect(200).await;
    }
    desk.putting("one-more", "One more", 0).refused("state_conflict").await;
    desk.putting("own-0", "Other", 1).expect(200).await;
    let (mut keys, mut query) = (Vec::new(), "?limit=20".to_owned());
    loop {
        let page = desk.mona.get(format!("/api/v1/sites/blog/badges{query}")).expect(200).await.json();
        keys.extend(page["items"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=20&cursor={next}");
    }
    assert_eq!(keys.len(), 52);
    assert!(keys.is_sorted());
    // of eight at once five are given
    let puts = (0..8).map(|number| desk.mona.put(holder(&format!("own-{number}"), &desk.ann)));
    let answers = together(puts).await;
    assert_eq!((with_status(&answers, 204), with_status(&answers, 409)), (5, 3));
    assert_eq!(desk.author().await["badges"].as_array().unwrap().len(), 5);
    desk.mona.put(holder("own-9", &desk.ann)).refused("state_conflict").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn holders_are_listed_and_go_with_their_accounts() {
    let desk = Desk::open().await;
    let bob = desk.app.reader("bob").await;
    for person in [&desk.ann, &bob] {
        desk.grants("verified", person).await;
    }
    let path = badge("verified") + "/holders?limit=1";
    let first = desk.mona.get(&path).expect(200).await.json();
    let row = &first["items"][0];
    assert_eq!((&row["username"], &row["granted_by"]), (&json!("ann"), &json!(desk.mona.id)));
    let next = first["next_cursor"].as_str().unwrap();
    let second = desk.mona.get(format!("{path}&cursor={next}")).expect(200).await.json();
    assert_eq!((&second["items"][0]["account_id"], &second["next_cursor"]), (&json!(bob.id), &Value::Null));
    desk.mona.get(badge("none") + "/holders").expect(404).await;

    desk.ann.closes().await;
    assert!(desk.author().await.get("badges").is_none());
    assert_eq!(desk.mona.get(&path).expect(200).await.json()["items"][0]["account_id"], bob.id);
    desk.mona.put(holder("verified", &desk.ann)).expect(404).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn a_badge_is_deleted_while_its_holder_closes_the_account_and_neither_waits_in_a_circle() {
    let desk = Desk::open().await;
    desk.putting("brief", "Brief", 0).expect(200).await;
    desk.grants("brief", &desk.ann).await;
    let (reached, go_on) = desk.app.pause_at("UPDATE sites SET people_version = people_version + 1 WHERE id IN");
    let ann = desk.ann.clone();
    let closed = actix_web::rt::spawn(async move { ann.closes().await });
    reached.await.unwrap();
    let delete = desk.blog.admin.delete(badge("brief")).header("If-Match", "*");
    let deleted = actix_web::rt::spawn(delete.send());
    actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    go_on.send(()).unwrap();
    closed.await.unwrap();
    assert_eq!(deleted.await.unwrap().status, 204);
    assert_eq!(desk.app.state.db.meters().retries.get(), 0, "one of them had to be tried again");
    desk.app.check().await;
}

#[actix_web::test]
async fn a_badge_that_is_deleted_while_it_is_given_is_given_to_nobody() {
    let desk = Desk::open().await;
    let mut readers = Vec::new();
    for number in 0..6 {
        readers.push(desk.app.reader(&format!("reader-{number}")).await);
    }
    desk.putting("brief", "Brief", 0).expect(200).await;
    let mut requests: Vec<Request> = readers.iter().map(|reader| desk.mona.put(holder("brief", reader))).collect();
    requests.insert(3, desk.blog.admin.delete(badge("brief")).header("If-Match", "*"));
    for answer in together(requests).await {
        assert!(matches!(answer.status.as_u16(), 204 | 404), "{}", answer.text());
    }
    desk.mona.get(badge("brief") + "/holders").expect(404).await;
    desk.app.check().await;
}
