//! Limits of pace in memory: who asks too often waits, and everybody is told how often he may.

use std::time::Duration;

use serde_json::json;

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);

fn signing_in(app: &App) -> Request {
    app.post("/api/v1/sessions").json(json!({"identifier": "ann", "password": PASSWORD}))
}

fn previewing(person: &Person) -> Request {
    person.post("/api/v1/replies/preview").json(json!({"body": "*Well* said."}))
}

#[actix_web::test]
async fn everybody_is_told_how_often_he_may_and_waits_when_it_was_too_often() {
    let app = App::with(&[("PACE_DEAR", "3"), ("PACE_ADDRESS_TIMES", "2")]).await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let first = previewing(&ann).expect(200).await;
    let policies = r#""dear/account";q=3;w=60, "dear/address";q=6;w=60"#;
    assert_eq!(first.header("RateLimit-Policy"), Some(policies));
    assert_eq!(first.header("RateLimit"), Some(r#""dear/account";r=2;t=20, "dear/address";r=5;t=10"#));
    previewing(&ann).expect(200).await;
    previewing(&ann).expect(200).await;
    let refused = previewing(&ann).expect(429).await;
    assert_eq!(refused.json()["code"], "too_many_requests");
    assert_eq!(refused.header("Retry-After"), Some("20"));
    assert_eq!(refused.header("RateLimit"), Some(r#""dear/account";r=0;t=60"#));
    // others have their own, and so has another kind
    previewing(&bob).expect(200).await;
    assert_eq!(ann.get("/api/v1/me").expect(200).await.header("RateLimit"), None, "nobody limits that here");
    app.pass(Duration::from_secs(20));
    previewing(&ann).expect(200).await;
    previewing(&ann).refused("too_many_requests").await;
    app.pass(10 * MINUTE);
    for _ in 0..3 {
        previewing(&ann).expect(200).await;
    }
    let scrape = app.scrape().await;
    assert_eq!(scrape.value(r#"rejoinder_limited_total{by="account",kind="dear"}"#), 2.0);
    app.check().await;
}

#[actix_web::test]
async fn an_address_has_so_many_accounts_worth_whoever_calls_from_there() {
    let app = App::with(&[("PACE_DEAR", "2"), ("PACE_ADDRESS_TIMES", "2")]).await;
    let people = [app.reader("ann").await, app.reader("bob").await, app.reader("cat").await];
    for person in &people[..2] {
        previewing(person).from("9.9.9.9").expect(200).await;
        previewing(person).from("9.9.9.9").expect(200).await;
    }
    let refused = previewing(&people[2]).from("9.9.9.9").expect(429).await;
    assert!(refused.header("RateLimit").unwrap().ends_with(r#""dear/address";r=0;t=60"#));
    previewing(&people[2]).from("9.9.9.8").expect(200).await;
}

#[actix_web::test]
async fn guests_are_counted_by_their_address_before_their_body_is_read() {
    let app = App::with(&[("PACE_SIGNING_IN", "2"), ("PACE_ADDRESS_TIMES", "1")]).await;
    app.reader("ann").await;
    signing_in(&app).from("9.9.9.9").expect(201).await;
    app.post("/api/v1/sessions").body("nonsense").from("9.9.9.9").refused("invalid_json").await;
    app.post("/api/v1/sessions").body("nonsense").from("9.9.9.9").refused("too_many_requests").await;
    signing_in(&app).from("9.9.9.8").expect(201).await;
    // a bad token is looked at before, and costs no more
    app.get("/api/v1/me").bearer("x").from("9.9.9.9").refused("unauthenticated").await;
}

#[actix_web::test]
async fn a_customers_network_is_one_address_and_proxies_are_seen_through() {
    let variables = [("PACE_SIGNING_IN", "2"), ("PACE_ADDRESS_TIMES", "1"), ("TRUSTED_PROXIES", "10.0.0.0/8")];
    let app = App::with(&variables).await;
    app.reader("ann").await;
    let through = |forwarded: &str| signing_in(&app).from("10.0.0.1").header("X-Forwarded-For", forwarded);
    through("2001:db8::1").expect(201).await;
    through("2001:db8::2:3").expect(201).await;
    through("2001:db8::4").refused("too_many_requests").await;
    through("2001:db8:0:1::1").expect(201).await;
    // what a client makes up in front of the proxy's entry, or in the header that the proxy does not write, means nothing
    through("7.7.7.7, 2001:db8::5").refused("too_many_requests").await;
    through("2001:db8::6").header("Forwarded", "for=7.7.7.7").refused("too_many_requests").await;
    // and without the proxy nothing at all
    for made_up in ["6.6.6.1", "6.6.6.2"] {
        signing_in(&app).from("9.9.9.9").header("X-Forwarded-For", made_up).expect(201).await;
    }
    signing_in(&app).from("9.9.9.9").header("X-Forwarded-For", "6.6.6.3").refused("too_many_requests").await;
}

#[actix_web::test]
async fn a_proxy_may_say_it_by_forwarded() {
    let app = App::with(&[
        ("PACE_SIGNING_IN", "1"),
        ("PACE_ADDRESS_TIMES", "1"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("PROXY_HEADER", "Forwarded"),
    ])
    .await;
    app.reader("ann").await;
    let through = |forwarded: &str| signing_in(&app).from("10.0.0.1").header("Forwarded", forwarded);
    through("for=6.6.6.6, for=\"[2001:db8::1]:4711\";proto=https").expect(201).await;
    through("for=7.7.7.7, for=\"[2001:db8::1]:4712\"")
        .header("X-Forwarded-For", "8.8.8.8")
        .refused("too_many_requests")
        .await;
    through("for=9.9.9.9;by=10.0.0.1").expect(201).await;
}

#[actix_web::test]
async fn a_site_has_its_own_pace_and_keeps_no_other_from_its() {
    let app = App::with(&[("PACE_RECOMMENDING", "1"), ("PACE_ADDRESS_TIMES", "100"), ("PACE_SITE_TIMES", "2")]).await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (first, second) = (blog.admin.replies(&here, "Here.").await, blog.admin.replies(&there, "There.").await);
    let recommending = |person: &Person, id: &str| person.put(format!("/api/v1/replies/{id}/recommendation"));
    for name in ["ann", "bob"] {
        let answer = recommending(&app.reader(name).await, &first.id).expect(204).await;
        assert!(!answer.header("RateLimit").unwrap().contains("site"), "what others do there is nobody's business");
    }
    let cat = app.reader("cat").await;
    let refused = recommending(&cat, &first.id).expect(429).await;
    assert!(refused.header("RateLimit").unwrap().contains(r#""recommending/site";r=0;t=60"#));
    app.settle().await;
    assert_eq!(here.page("").await["items"][0]["recommendations"], 2, "that of a third is not stored");
    recommending(&app.reader("dan").await, &second.id).expect(204).await;
    app.check().await;
}

#[actix_web::test]
async fn of_many_at_once_no_more_go_through_than_may() {
    let app = App::with(&[("PACE_DEAR", "5")]).await;
    let ann = app.reader("ann").await;
    let answers = together((0..20).map(|_| previewing(&ann))).await;
    assert_eq!((with_status(&answers, 200), with_status(&answers, 429)), (5, 15));
}

#[actix_web::test]
async fn public_pages_are_the_same_for_all_and_limited_only_where_that_is_asked_for() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let path = format!("/api/v1/stories/{}/replies", story.id);
    for _ in 0..2 {
        let page = app.get(&path).expect(200).await;
        assert_eq!((page.header("RateLimit"), page.header("RateLimit-Policy")), (None, None));
    }
    let limited = app.another(&[("PACE_PAGES", "2")]).await;
    for _ in 0..2 {
        let page = limited.get(&path).from("9.9.9.9").expect(200).await;
        assert_eq!((page.header("RateLimit"), page.header("RateLimit-Policy")), (None, None));
    }
    let refused = limited.get(&path).from("9.9.9.9").expect(429).await;
    assert_eq!(refused.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(refused.header("Cache-Control"), Some("no-store"));
    assert!(refused.header("X-Request-Id").is_some() && refused.header("Retry-After").is_some());
    limited.get(&path).from("9.9.9.8").expect(200).await;
}

#[actix_web::test]
async fn by_default_nobody_who_reads_and_writes_as_people_do_is_kept_waiting() {
    let paces = ["PACE_DEAR", "PACE_POSTING", "PACE_REPORTING", "PACE_RECOMMENDING", "PACE_SIGNING_IN", "PACE_OTHER"];
    let app = App::with(&paces.map(|name| (name, ""))).await;
    let (blog, ann) = (app.site("blog").await, app.reader("ann").await);
    let story = blog.story("s1").await;
    for number in 0..10 {
        previewing(&ann).expect(200).await;
        let reply = ann.replies(&story, &format!("Number {number}")).await;
        blog.admin.recommends(&reply).await;
        ann.mine(&story).await;
        app.pass(Duration::from_secs(6));
    }
    app.check().await;
}
