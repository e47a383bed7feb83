//! Who is asked: named by admins, never over another's change, and its secrets are shown once.

use serde_json::{Value, json};

use crate::{
    actors::Site,
    app::{App, Request},
    asked_server::AskedServer,
    outside_check::{Asking, asks},
    together::{together, with_status},
};

const PATH: &str = "/api/v1/sites/blog/outside-check";

fn putting(site: &Site, tag: &str, whom: Value) -> Request {
    site.admin.put(PATH).header("If-Match", tag).json(whom)
}

fn endpoint() -> Value {
    json!({"kind": "webhook", "url": "https://filter.example/check"})
}

#[actix_web::test]
async fn nobody_is_asked_until_an_admin_names_somebody() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (mona, ann) = (blog.moderator("mona").await, app.reader("ann").await);
    let none = mona.get(PATH).expect(200).await;
    assert_eq!((none.header("etag"), &none.json()["kind"]), (Some("\"0\""), &Value::Null));
    ann.get(PATH).refused("not_found").await;
    mona.put(PATH).header("If-Match", "*").json(endpoint()).refused("forbidden").await;
    mona.delete(PATH).header("If-Match", "*").refused("forbidden").await;
    mona.post(format!("{PATH}/test")).refused("forbidden").await;
    blog.admin.post(format!("{PATH}/test")).refused("not_found").await;

    let put = putting(&blog, "\"0\"", endpoint()).expect(200).await;
    assert_eq!((put.header("etag"), &put.json()["author_id"]), (Some("\"1\""), &json!(blog.admin.id)));
    let shown = mona.get(PATH).expect(200).await.json();
    assert_eq!((&shown["url"], &shown["secret"]), (&json!("https://filter.example/check"), &Value::Null));
    let log = mona.get("/api/v1/sites/blog/log?action=change_outside_check").expect(200).await.json();
    assert_eq!(log["items"][0]["details"], json!({"version": 1, "kind": "webhook"}));
    app.check().await;
}

#[actix_web::test]
async fn of_two_changes_at_once_the_second_is_told() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let admin = &blog.admin;
    admin.put(PATH).json(endpoint()).refused("precondition_required").await;
    admin.delete(PATH).refused("precondition_required").await;
    putting(&blog, "\"1\"", endpoint()).refused("precondition_failed").await;
    putting(&blog, "\"0\"", endpoint()).expect(200).await;
    putting(&blog, "\"0\"", endpoint()).refused("precondition_failed").await;
    admin.delete(PATH).header("If-Match", "\"0\"").refused("precondition_failed").await;
    let answers = together((0..4).map(|_| putting(&blog, "\"1\"", endpoint()))).await;
    assert_eq!((with_status(&answers, 200), with_status(&answers, 412)), (1, 3));
    admin.delete(PATH).header("If-Match", "\"2\"").expect(204).await;
    // nothing to delete
    admin.delete(PATH).header("If-Match", "\"0\"").expect(204).await;
    // no version comes again
    let again = putting(&blog, "\"0\"", endpoint()).expect(200).await;
    assert_eq!(again.header("etag"), Some("\"4\""));
    app.check().await;
}

#[actix_web::test]
async fn a_secret_is_shown_once_and_signs_beside_its_successor() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let (blog, mona) = (&asking.blog, &asking.mona);
    let first = asking.secret.clone();
    assert!(first.starts_with("whsec_"));
    let whom = json!({"kind": "webhook", "url": server.url()});
    let with = |more: Value| {
        let mut whom = whom.clone();
        whom.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whom
    };
    // what is changed otherwise keeps it, and shows it not again
    assert_eq!(asks(blog, whom.clone()).await["secret"], Value::Null);
    let rotated = asks(blog, with(json!({"rotate": true}))).await;
    let second = rotated["secret"].as_str().unwrap().to_owned();
    assert_eq!((&rotated["is_rotating"], first == second), (&json!(true), false));
    let signs = async |number: usize, secret: &str| {
        asking.ann.replies(&asking.story, &format!("Number {number}")).await;
        asking.run().await;
        server.asked().last().unwrap().is_signed_with(secret)
    };
    assert!(signs(1, &first).await && signs(2, &second).await);
    assert_eq!(asks(blog, whom.clone()).await["is_rotating"], false);
    assert!(!signs(3, &first).await && signs(4, &second).await);
    let third = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    assert_eq!(asks(blog, with(json!({"secret": third}))).await["secret"], Value::Null);
    assert!(!signs(5, &second).await && signs(6, third).await);

    let log = mona.get("/api/v1/sites/blog/log").expect(200).await.text();
    for answer in [mona.get(PATH).expect(200).await.text(), blog.admin.get(PATH).expect(200).await.text(), log] {
        for secret in [&first, &second, third] {
            assert!(!answer.contains(secret.trim_start_matches("whsec_")), "{answer}");
        }
    }
    // nor do they stand in the database as they are
    let mut database = crate::outside::Outside::of(&asking.app);
    let plain = format!("SELECT count(*) AS count FROM outside_checks WHERE secret LIKE '%{}%'", &third[6..20]);
    assert_eq!(database.count(&plain), 0);
    asking.app.check().await;
}

#[actix_web::test]
async fn a_secret_whose_key_is_gone_is_told_apart() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let is_pg = asking.app.read(|conn| conn.is_pg()).await;
    let cut = if is_pg { "split_part(secret, '.', 1)" } else { "substr(secret, 1, instr(secret, '.') - 1)" };
    asking.app.execute(&format!("UPDATE outside_checks SET secret = {cut} || '.gone'")).await;
    let reply = asking.ann.replies(&asking.story, "A plain answer.").await;
    asking.run().await;
    let why = "the server's key that a secret was encrypted with is gone";
    assert_eq!(asking.trace(&reply).await["asking"]["last_error"], why);
    let whom = json!({"kind": "webhook", "url": server.url()});
    let problem = putting(&asking.blog, "*", whom).refused("invalid_fields").await;
    assert_eq!(problem["errors"][0], json!({"pointer": "/secret", "detail": why}));
    asks(&asking.blog, json!({"kind": "webhook", "url": server.url(), "rotate": true})).await;
    asking.app.pass(std::time::Duration::from_secs(3));
    asking.run().await;
    assert_eq!(asking.again(&reply).await.state, "approved");
    asking.app.check().await;
}

#[actix_web::test]
async fn what_must_not_be_asked_or_is_not_said_whole_is_refused() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let akismet = |more: Value| {
        let mut whom = json!({"kind": "akismet", "secret": "k", "blog_url": "https://blog.example/"});
        whom.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whom
    };
    for (whom, pointer) in [
        (json!({"kind": "webhook"}), "/url"),
        (json!({"kind": "webhook", "url": "https://127.0.0.1/"}), "/url"),
        (json!({"kind": "webhook", "url": "https://169.254.169.254/latest"}), "/url"),
        (json!({"kind": "webhook", "url": "https://[::1]/"}), "/url"),
        (json!({"kind": "webhook", "url": "http://filter.example/"}), "/url"),
        (json!({"kind": "webhook", "url": "https://a:b@filter.example/"}), "/url"),
        (json!({"kind": "webhook", "url": "https://filter.example/", "blog_url": "https://blog.example"}), "/blog_url"),
        (json!({"kind": "webhook", "url": "https://filter.example/", "secret": "whsec_short"}), "/secret"),
        (json!({"kind": "telepathy"}), "/kind"),
        (akismet(json!({"secret": null})), "/secret"),
        (akismet(json!({"secret": "two words"})), "/secret"),
        (akismet(json!({"blog_url": "blog.example"})), "/blog_url"),
        (akismet(json!({"blog_url": null})), "/blog_url"),
        (akismet(json!({"url": "https://10.0.0.1/"})), "/url"),
        (akismet(json!({"rotate": true})), "/rotate"),
    ] {
        let problem = putting(&blog, "*", whom.clone()).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{whom}");
    }
    // a key is for one address
    putting(&blog, "*", akismet(json!({}))).expect(200).await;
    putting(&blog, "*", akismet(json!({"secret": null}))).expect(200).await;
    let elsewhere = akismet(json!({"secret": null, "url": "https://other.example/"}));
    putting(&blog, "*", elsewhere).refused("invalid_fields").await;
    app.check().await;
}

#[actix_web::test]
async fn what_was_allowed_once_is_looked_at_again_before_it_is_asked() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let reply = asking.ann.replies(&asking.story, "A plain answer.").await;
    let strict = asking.app.another(&[]).await;
    rejoinder::jobs::run_due(&strict.state).await.unwrap();
    assert_eq!(server.asked().len(), 0);
    let why = "an endpoint's address begins with https://";
    assert_eq!(asking.trace(&reply).await["asking"]["last_error"], why);
    asking.app.check().await;
}

#[actix_web::test]
async fn it_can_be_tried_and_nothing_is_stored() {
    let server = AskedServer::with_outcome("hold").await;
    let asking = Asking::start(&server).await;
    let test = || asking.blog.admin.post(format!("{PATH}/test"));
    let tried = test().expect(200).await.json();
    assert_eq!((&tried["finding"]["outcome"], &tried["error"]), (&json!("hold"), &Value::Null));
    assert!(server.asked()[0].is_signed_with(&asking.secret));
    server.says(crate::asked_server::Says::Status("500 Hm"));
    let tried = test().expect(200).await.json();
    assert_eq!((&tried["finding"], &tried["error"]), (&Value::Null, &json!("the endpoint answered with status 500")));
    assert_eq!(asking.mona.queue(&asking.blog, "pending").await, [Value::Null; 0]);
    asking.app.check().await;
}
