//! Signing up, one's own account, and what others see of it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
    together::{together, with_status},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn signing_up(app: &App, email: &str, username: &str, password: &str) -> Request {
    app.post("/api/v1/accounts").json(json!({"email": email, "username": username, "password": password}))
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

async fn rename(person: &Person, username: &str) -> Request {
    person.patch("/api/v1/me").json(json!({"username": username}))
}

#[actix_web::test]
async fn who_signs_up_is_signed_in_and_sees_themselves() {
    let app = App::start().await;
    let answer = signing_up(&app, "Ann@Example.org", "Ann", PASSWORD).expect(201).await;
    let tokens = answer.json();
    let id = tokens["account_id"].as_str().unwrap();
    assert_eq!(answer.header("Location").unwrap(), format!("/api/v1/accounts/{id}"));
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_u64()), (Some("Bearer"), Some(600)));
    let me = app.get("/api/v1/me").bearer(tokens["access_token"].as_str().unwrap()).expect(200).await;
    assert_eq!(me.header("Cache-Control"), Some("private, no-store"));
    let me = me.json();
    assert_eq!((&me["username"], &me["display_name"]), (&json!("Ann"), &json!("Ann")));
    assert_eq!((&me["email"], &me["is_proven"]), (&Value::Null, &json!(false)));
    assert!(me["unconfirmed_email"].as_str().unwrap().eq_ignore_ascii_case("ann@example.org"));
    assert_eq!((&me["is_admin"], &me["roles"]), (&json!(false), &json!([])));
    app.check().await;
}

#[actix_web::test]
async fn one_signs_in_by_email_or_username_however_written() {
    let app = App::start().await;
    let ann = app.reader("Ann").await;
    for identifier in ["Ann", "ann", " ANN ", "ann@example.org", "ANN@EXAMPLE.ORG", "\u{ff21}nn"] {
        assert_eq!(app.sign_in(identifier, PASSWORD).await.id, ann.id, "{identifier}");
    }
}

#[actix_web::test]
async fn an_email_is_one_accounts_whatever_its_case_and_no_answer_says_so() {
    let app = App::start().await;
    app.reader("ann").await;
    for (number, taken) in ["ann@example.org", "ANN@example.org", "ann@EXAMPLE.org"].into_iter().enumerate() {
        signing_up(&app, taken, &format!("bob{number}"), PASSWORD).expect(201).await;
        signing_up(&app, taken, "ann", PASSWORD).refused("username_taken").await;
        assert_eq!(app.mails_to("ann@example.org").await.len(), number + 1);
    }
    for wrong in ["ann", "ann@", "@example.org", "a b@example.org", "ann@exa mple.org", "ann@example.org\n"] {
        let problem = signing_up(&app, wrong, "bob", PASSWORD).refused("invalid_fields").await;
        assert_eq!(pointers(&problem), ["/email"], "{wrong}");
    }
    app.check().await;
}

#[actix_web::test]
async fn two_names_that_look_alike_are_one() {
    let app = App::start().await;
    signing_up(&app, "ann@example.org", "paypal", PASSWORD).expect(201).await;
    // case; full width letters; l as capital I and as 1; an accent written in one or in two parts
    for taken in ["PayPal", "\u{ff50}aypal", "paypaI", "paypa1"] {
        signing_up(&app, "bob@example.org", taken, PASSWORD).refused("username_taken").await;
    }
    signing_up(&app, "zoe@example.org", "zo\u{eb}", PASSWORD).expect(201).await;
    signing_up(&app, "bob@example.org", "zoe\u{308}", PASSWORD).refused("username_taken").await;
    for wrong in ["ab", &"a".repeat(31), "an n", "ann!", "_ann", "p\u{430}ypal", "ann\u{200b}", "\u{202e}nna"] {
        let problem = signing_up(&app, "bob@example.org", wrong, PASSWORD).refused("invalid_fields").await;
        assert_eq!(pointers(&problem), ["/username"], "{wrong}");
    }
    app.check().await;
}

#[actix_web::test]
async fn reserved_names_are_nobodys() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"reserved_names": ["Kevin-C"]})).await;
    for reserved in ["admin", "Admin", "adm_in", "m\u{f6}derator", "adrnin", "kevin-c", "KevinC", "Kevin_C"] {
        let answer = signing_up(&app, "bob@example.org", reserved, PASSWORD).send().await;
        if reserved == "m\u{f6}derator" {
            assert_eq!(answer.status, 201, "another letter is another name");
            continue;
        }
        assert_eq!(answer.json()["code"], "invalid_fields", "{reserved}: {}", answer.text());
        assert_eq!(pointers(&answer.json()), ["/username"]);
    }
    let bob = app.reader("bobby").await;
    for reserved in ["moderator", "kevin-c"] {
        rename(&bob, reserved).await.refused("invalid_fields").await;
    }
    blog.set(json!({"reserved_names": []})).await;
    rename(&bob, "kevin-c").await.expect(200).await;
    app.check().await;
}

#[actix_web::test]
async fn weak_passwords_are_refused_wherever_one_is_chosen() {
    let app = App::start().await;
    app.site_with("blog", json!({"name": "Morning News"})).await;
    let ann = app.reader("anneliese").await;
    let long = "a long one ".repeat(30);
    for weak in [
        "short",
        "iloveyou",
        "12345678",
        "qwertyuiop",
        "my anneliese x9",
        "xx MORNINGNEWS 77",
        "morning news 77",
        &long,
    ] {
        let up = signing_up(&app, "anneliese@example.com", "anneliese2", weak).refused("invalid_fields").await;
        assert_eq!(pointers(&up), ["/password"], "{weak}");
        assert!(!up.to_string().contains(weak), "{up}");
        let change = ann.put("/api/v1/me/password").json(json!({"password": PASSWORD, "new_password": weak}));
        assert_eq!(pointers(&change.refused("invalid_fields").await), ["/new_password"], "{weak}");
    }
    // as typed: blanks at the ends and any letters count
    signing_up(&app, "bob@example.org", "bobby", " p\u{e4}ssw\u{f6}rter sind \u{1f511} ").expect(201).await;
    let trimmed = json!({"identifier": "bobby", "password": "p\u{e4}ssw\u{f6}rter sind \u{1f511}"});
    app.post("/api/v1/sessions").json(trimmed).refused("wrong_credentials").await;
    app.check().await;
}

#[actix_web::test]
async fn of_many_sign_ups_at_once_one_gets_the_name() {
    let app = App::start().await;
    let all = (0..8).map(|n| signing_up(&app, &format!("ann{n}@example.org"), "ann", PASSWORD));
    let answers = together(all).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 7));
    let all = (0..8).map(|n| signing_up(&app, "bob@example.org", &format!("bob{n}"), PASSWORD));
    assert_eq!(with_status(&together(all).await, 201), 8, "an address is nobody's yet");
    app.check().await;
}

#[actix_web::test]
async fn the_username_changes_once_in_fourteen_days() {
    let app = App::start().await;
    let (ann, _bob) = (app.reader("ann").await, app.reader("bob").await);
    rename(&ann, "bob").await.refused("username_taken").await;
    // the same name is no change
    rename(&ann, "ann").await.expect(200).await;
    let me = rename(&ann, "anna").await.expect(200).await.json();
    assert_eq!(me["username"], "anna");
    assert!(me["username_changeable_at"].is_string());
    rename(&ann, "annabel").await.refused("username_changed_lately").await;
    // the former name is free, and its owner signs in by the new one
    app.reader("ann2").await;
    app.post("/api/v1/sessions")
        .json(json!({"identifier": "ann", "password": PASSWORD}))
        .refused("wrong_credentials")
        .await;
    let ann = app.sign_in("anna", PASSWORD).await;
    app.pass(14 * DAY);
    let ann = app.sign_in(&ann.username, PASSWORD).await;
    rename(&ann, "annabel").await.expect(200).await;
    app.check().await;
}

#[actix_web::test]
async fn the_display_name_is_what_pages_show() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "Hello.").await;
    let shown = async || story.page("").await["items"][0]["author"]["display_name"].clone();
    assert_eq!(shown().await, "ann");
    let set = async |name: &str| ann.patch("/api/v1/me").json(json!({"display_name": name})).send().await;
    assert_eq!(set("Ann O\u{2019}Neil").await.status, 200);
    assert_eq!(shown().await, "Ann O\u{2019}Neil");
    for wrong in ["\u{200b}", "   ", "a\u{0}b", "\u{202e}nna", &"x".repeat(201)] {
        assert_eq!(set(wrong).await.json()["code"], "invalid_fields", "{wrong:?}");
    }
    assert_eq!(set("").await.status, 200);
    assert_eq!(shown().await, "ann");
    app.check().await;
}

#[actix_web::test]
async fn a_new_password_ends_all_other_sessions_at_once() {
    let app = App::start().await;
    let (ann, elsewhere) = (app.reader("ann").await, app.sign_in("ann", PASSWORD).await);
    let changing =
        |old: &str| ann.put("/api/v1/me/password").json(json!({"password": old, "new_password": "nine dry umbrellas"}));
    changing("a wrong password").refused("wrong_credentials").await;
    elsewhere.get("/api/v1/me").expect(200).await;
    changing(PASSWORD).expect(204).await;
    elsewhere.get("/api/v1/me").refused("unauthenticated").await;
    let spent = json!({"refresh_token": elsewhere.refresh_token});
    app.post("/api/v1/sessions/refresh").json(spent).refused("invalid_refresh_token").await;
    ann.get("/api/v1/me").expect(200).await;
    let kept = json!({"refresh_token": ann.refresh_token});
    app.post("/api/v1/sessions/refresh").json(kept).expect(201).await;
    app.post("/api/v1/sessions")
        .json(json!({"identifier": "ann", "password": PASSWORD}))
        .refused("wrong_credentials")
        .await;
    app.sign_in("ann", "nine dry umbrellas").await;
    app.check().await;
}

#[actix_web::test]
async fn a_closed_account_leaves_its_replies_and_nothing_else() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let mona = blog.moderator("mona").await;
    mona.patch("/api/v1/me").json(json!({"display_name": "Mona L."})).expect(200).await;
    mona.replies(&story, "I was here.").await;
    assert_eq!(story.page("").await["items"][0]["author"]["badge"], "moderator");
    let closing = |password: &str| mona.post("/api/v1/me/close").json(json!({"password": password}));
    closing("a wrong password").refused("wrong_credentials").await;
    mona.closes().await;

    mona.get("/api/v1/me").refused("unauthenticated").await;
    mona.posting(&story, "And again.").refused("unauthenticated").await;
    let token = json!({"refresh_token": mona.refresh_token});
    app.post("/api/v1/sessions/refresh").json(token).refused("invalid_refresh_token").await;
    let author = story.page("").await["items"][0]["author"].clone();
    assert_eq!(author, json!({"id": mona.id, "username": null, "display_name": "a former reader", "badge": null}));
    let profile = app.get(format!("/api/v1/accounts/{}", mona.id)).expect(200).await.json();
    assert_eq!((&profile["username"], &profile["display_name"]), (&Value::Null, &json!("a former reader")));
    let roles = blog.admin.get("/api/v1/sites/blog/roles").expect(200).await.json();
    assert_eq!(roles["items"], json!([]));
    let path = format!("/api/v1/sites/blog/roles/{}/author", mona.id);
    blog.admin.put(path).refused("not_found").await;

    let again = app.reader("mona").await;
    assert_ne!(again.id, mona.id);
    again.get("/api/v1/moderation/replies?queue=pending&site=blog").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn a_profile_lists_approved_replies_in_pages() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let hidden = blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    for number in 0..5 {
        ann.replies(if number % 2 == 0 { &here } else { &there }, &format!("Number {number}.")).await;
        bob.replies(&here, "Not hers.").await;
        ann.replies(&hidden, "Not yet.").await;
    }
    let withdrawn = ann.replies(&here, "Not any more.").await;
    ann.withdraws(&withdrawn).await;
    let (mut texts, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/accounts/{}/replies?limit=2{cursor}", ann.id);
        let page = app.get(path).expect(200).await.json();
        texts.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["body_html"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let expected: Vec<String> = (0..5).rev().map(|number| format!("<p>Number {number}.</p>\n")).collect();
    assert_eq!(texts, expected);
    app.get("/api/v1/accounts/0193a000-0000-7000-8000-000000000000").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn no_view_for_others_tells_an_email() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hello.").await;
    mona.reports(&reply, "abuse").await;
    for path in [
        format!("/api/v1/accounts/{}", ann.id),
        format!("/api/v1/accounts/{}/replies", ann.id),
        "/api/v1/sites/blog/replies".to_owned(),
        format!("/api/v1/stories/{}/replies", story.id),
        format!("/api/v1/replies/{}", reply.id),
        format!("/api/v1/moderation/replies/{}", reply.id),
        "/api/v1/moderation/replies?queue=reported".to_owned(),
        "/api/v1/sites/blog/log".to_owned(),
        format!("/api/v1/accounts/{}/sanctions", ann.id),
        format!("/api/v1/accounts/{}/notes", ann.id),
        format!("/api/v1/moderation/replies/{}/trace", reply.id),
        format!("/api/v1/stories/{}/events?since=0", story.id),
        "/api/v1/moderation/search?q=hello&site=blog".to_owned(),
        "/api/v1/sites/blog/log/export".to_owned(),
    ] {
        let text = mona.get(&path).expect(200).await.text();
        assert!(!text.contains("example.org") && !text.contains("password"), "{path}: {text}");
        // nor what somebody who guesses addresses could compare: beginnings of MD5, SHA-1, SHA-256 and Base64 of hers
        for made_of_it in
            ["8b5a6a28fc840441", "a4414de3ce1f77d2", "438c4c7afe600cdf", "Q4xMev5gDN8eRVw2m+x2", "YW5uQGV4YW1wbGUub3Jn"]
        {
            assert!(!text.to_lowercase().contains(&made_of_it.to_lowercase()), "{path}: {text}");
        }
    }
}
