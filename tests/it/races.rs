//! Two at once: neither undoes the other, and nobody slips past a rule. Most of it can only go wrong on PostgreSQL, where
//! transactions run side by side.

use std::time::Duration;

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
    outside::Outside,
    sessions::weak_hash,
    together::{together, with_status},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn signing_in(app: &App, password: &str) -> Request {
    app.post("/api/v1/sessions").json(json!({"identifier": "ann", "password": password}))
}

fn renaming(person: &Person, username: &str) -> Request {
    person.patch("/api/v1/me").json(json!({"username": username}))
}

#[actix_web::test]
async fn two_changes_of_settings_are_both_kept() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    for round in 0..10 {
        let change = |settings: Value| blog.admin.patch("/api/v1/sites/blog").json(settings);
        let (name, tagline) = (format!("Name {round}"), format!("Tagline {round}"));
        let both = [change(json!({"name": name})), change(json!({"tagline": tagline}))];
        assert_eq!(with_status(&together(both).await, 200), 2);
        let site = app.get("/api/v1/sites/blog").expect(200).await.json();
        assert_eq!((&site["name"], &site["tagline"]), (&json!(name), &json!(tagline)));
    }
    app.check().await;
}

#[actix_web::test]
async fn of_several_renames_at_once_one_counts() {
    let app = App::start().await;
    app.reader("ann").await;
    for round in 0..5 {
        app.pass(20 * DAY);
        let person = app.sign_in("ann@example.org", PASSWORD).await;
        let answers = together((0..6).map(|number| renaming(&person, &format!("ann-{round}-{number}")))).await;
        assert_eq!((with_status(&answers, 200), with_status(&answers, 409)), (1, 5));
    }
    app.check().await;
}

#[actix_web::test]
async fn of_two_changes_of_the_password_the_first_has_the_last_word() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let change = |new: &str| ann.put("/api/v1/me/password").json(json!({"password": PASSWORD, "new_password": new}));
    let answers = together([change("one lost umbrella"), change("two lost umbrellas")]).await;
    assert_eq!((with_status(&answers, 204), with_status(&answers, 401)), (1, 1));
    let tries = [signing_in(&app, "one lost umbrella"), signing_in(&app, "two lost umbrellas")];
    assert_eq!(with_status(&together(tries).await, 201), 1);
    signing_in(&app, PASSWORD).refused("wrong_credentials").await;
}

#[actix_web::test]
async fn a_right_password_is_right_while_its_hash_is_renewed() {
    let app = App::with(&[("ARGON2_PASSES", "3")]).await;
    app.reader("ann").await;
    let weak = weak_hash().await;
    app.execute(&format!("UPDATE accounts SET password_hash = '{weak}' WHERE username = 'ann'")).await;
    let answers = together((0..5).map(|_| signing_in(&app, PASSWORD))).await;
    assert_eq!(with_status(&answers, 201), 5);
}

#[actix_web::test]
async fn who_is_turned_away_for_want_of_room_has_not_failed() {
    let app = App::with(&[("SIGN_IN_FAILURES_PER_IDENTIFIER", "30"), ("ARGON2_MAX_WAITING", "1")]).await;
    let ann = app.reader("ann").await;
    for _ in 0..3 {
        let answers = together((0..20).map(|_| signing_in(&app, PASSWORD))).await;
        assert!(with_status(&answers, 503) > 0, "there was room for all");
        assert_eq!(with_status(&answers, 201) + with_status(&answers, 503), 20);
        let proofs = (0..20)
            .map(|_| ann.put("/api/v1/me/password").json(json!({"password": PASSWORD, "new_password": "short"})));
        let answers = together(proofs).await;
        assert_eq!(with_status(&answers, 422) + with_status(&answers, 503), 20);
    }
    signing_in(&app, PASSWORD).expect(201).await;
}

#[actix_web::test]
async fn a_name_that_changes_while_its_owner_first_writes_on_a_site_is_not_shown_under_the_old_tag() {
    let app = App::start().await;
    let (first, second) = (app.site("first").await, app.site("second").await);
    let (story, other) = (first.story("s1").await, second.story("s1").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    bob.replies(&other, "Earlier.").await;
    ann.replies(&story, "Elsewhere.").await;
    let mut outside = Outside::of(&app);
    outside.begin();
    // the rename has to wait for a site where ann wrote before
    outside.run("UPDATE sites SET people_version = people_version WHERE key = 'first'");
    let rename = ann.patch("/api/v1/me").json(json!({"display_name": "Ann the Second"}));
    let renamed = actix_web::rt::spawn(rename.send());
    outside.somebody_waits().await;
    let posted = actix_web::rt::spawn(ann.posting(&other, "First here.").send());
    // on PostgreSQL the post may be done before the rename is
    actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    let early = app.get(format!("/api/v1/stories/{}/replies", other.id)).expect(200).await;
    outside.run("COMMIT");
    assert_eq!(renamed.await.unwrap().status, 200);
    assert_eq!(posted.await.unwrap().status, 201);
    let late = app.get(format!("/api/v1/stories/{}/replies", other.id)).expect(200).await;
    assert!(late.text().contains("Ann the Second"), "{}", late.text());
    assert!(early.body == late.body || early.header("ETag") != late.header("ETag"));
}

#[actix_web::test]
async fn people_who_write_on_the_same_sites_change_their_names_at_once() {
    let app = App::start().await;
    let sites = [app.site("a").await, app.site("b").await, app.site("c").await];
    let mut people = Vec::new();
    for number in 0..6 {
        people.push(app.reader(&format!("reader-{number}")).await);
    }
    let mut stories = Vec::new();
    for site in &sites {
        stories.push(site.story("s1").await);
    }
    for (number, person) in people.iter().enumerate() {
        for step in 0..3 {
            person.replies(&stories[(number + step * (1 + number % 2)) % 3], "Here.").await;
        }
    }
    for round in 0..8 {
        let name = |number: usize| json!({"display_name": format!("Round {round} {number}")});
        let mut requests: Vec<Request> =
            people.iter().enumerate().map(|(number, person)| person.patch("/api/v1/me").json(name(number))).collect();
        requests.extend(sites.iter().map(|site| {
            site.admin.patch(format!("/api/v1/sites/{}", site.key)).json(json!({"tagline": format!("{round}")}))
        }));
        let count = requests.len();
        assert_eq!(with_status(&together(requests).await, 200), count);
    }
    app.check().await;
}

#[actix_web::test]
async fn stories_that_claim_the_same_urls_in_any_order_do_not_wait_in_a_circle() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    for round in 0..4 {
        let urls: Vec<String> = (0..6).map(|number| format!("https://blog.example/{round}/{number}")).collect();
        let requests = (0..12).map(|number| {
            let mut urls = urls.clone();
            urls.rotate_left(number % 6);
            if number % 2 == 0 {
                urls.reverse();
            }
            let path = format!("/api/v1/sites/blog/stories/r{round}-{number}");
            blog.admin.put(path).json(json!({"headline": "H", "urls": urls}))
        });
        let answers = together(requests).await;
        assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 11));
    }
    app.check().await;
}

#[actix_web::test]
async fn of_many_with_an_expired_key_one_creates_anew() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let mut ann = app.reader("ann").await;
    let once = |ann: &Person| ann.posting(&story, "Once.").header("Idempotency-Key", "k1");
    for round in 1..=4 {
        let answers = together((0..20).map(|_| once(&ann))).await;
        assert_eq!(with_status(&answers, 201), 20);
        assert_eq!(story.count().await, round);
        app.pass(2 * DAY);
        ann = app.sign_in("ann", PASSWORD).await;
    }
    app.check().await;
}

#[actix_web::test]
async fn a_reply_that_waits_for_the_story_while_it_is_closed_is_not_taken() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let mut outside = Outside::of(&app);
    outside.begin();
    outside.run(if outside.is_pg() {
        "UPDATE stories SET closed_at = now()"
    } else {
        "UPDATE stories SET closed_at = created_at"
    });
    let posting = actix_web::rt::spawn(ann.posting(&story, "Just in time?").send());
    outside.somebody_waits().await;
    outside.run("COMMIT");
    assert_eq!(posting.await.unwrap().json()["code"], "story_closed");
    app.check().await;
}

fn banning(by: &Person, whom: &Person) -> Request {
    let ban = json!({"site": "blog", "kind": "ban", "reason": "rude"});
    by.post(format!("/api/v1/accounts/{}/sanctions", whom.id)).json(ban)
}

#[actix_web::test]
async fn nothing_that_somebody_began_before_he_is_banned_is_stored_behind_the_ban() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let mut outside = Outside::of(&app);
    outside.begin();
    // the post has read what ann may, and waits for its place
    outside.run("UPDATE stories SET revision = revision");
    let posted = actix_web::rt::spawn(ann.posting(&story, "Before I go.").send());
    outside.somebody_waits().await;
    let banned = actix_web::rt::spawn(banning(&mona, &ann).send());
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;
    assert!(!banned.is_finished(), "the ban is there and the post is still to come");
    outside.run("COMMIT");
    let (posted, banned) = (posted.await.unwrap().status, banned.await.unwrap().status);
    // on SQLite either may come to the writer first
    assert!(posted == StatusCode::CREATED || !outside.is_pg(), "{posted}");
    assert_eq!(banned, StatusCode::CREATED);
    ann.posting(&story, "Too late.").refused("suspended").await;
    app.check().await;
}

#[actix_web::test]
async fn who_posts_while_he_is_being_banned_is_refused() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let mut outside = Outside::of(&app);
    outside.begin();
    // the ban has begun, and waits for its site
    outside.run(if outside.is_pg() { "SELECT 1 FROM sites FOR UPDATE" } else { "UPDATE sites SET name = name" });
    let banned = actix_web::rt::spawn(banning(&mona, &ann).send());
    outside.somebody_waits().await;
    actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    let posted = actix_web::rt::spawn(ann.posting(&story, "Quickly.").send());
    actix_web::rt::time::sleep(Duration::from_millis(300)).await;
    outside.run("COMMIT");
    assert_eq!(banned.await.unwrap().status, StatusCode::CREATED);
    assert_eq!(posted.await.unwrap().json()["code"], "suspended");
    assert_eq!(app.state.db.meters().retries.get(), 0, "nobody waited in a circle");
    app.check().await;
}

#[actix_web::test]
async fn the_pace_is_one_for_all_stories_and_instances() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "3")]).await;
    let blog = app.site("blog").await;
    let mut stories = Vec::new();
    for number in 0..8 {
        stories.push(blog.story(&format!("s{number}")).await);
    }
    let ann = app.reader("ann").await;
    let answers = together(stories.iter().map(|story| ann.posting(story, "Fast."))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 429)), (3, 5));
    app.check().await;
}

#[actix_web::test]
async fn a_refused_sign_up_counts_too() {
    let app = App::with(&[("SIGN_UPS_PER_ADDRESS", "3")]).await;
    let body = json!({"email": "ann@example.org", "username": "admin", "password": PASSWORD});
    for _ in 0..3 {
        app.post("/api/v1/accounts").json(body.clone()).refused("invalid_fields").await;
    }
    app.post("/api/v1/accounts").json(body).refused("too_many_attempts").await;
}
