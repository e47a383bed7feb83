//! Sessions whose refresh token a browser keeps in a cookie that no script reads.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::{
    actors::PASSWORD,
    app::{App, Request, Response},
};

const BLOG: &str = "https://blog.example";
const OTHER: &str = "https://other.example";
const OWN: &str = "https://comments.example";

/// A service behind TLS with two blogs, and a reader.
async fn service() -> App {
    let app = App::with(&[("PUBLIC_URL", OWN)]).await;
    for (key, origin) in [("blog", BLOG), ("other", OTHER)] {
        app.site_with(key, json!({"allowed_origins": [origin]})).await;
    }
    app.reader("ann").await;
    app
}

/// A request by a page of this origin that wants the token kept so.
fn by_page(request: Request, origin: &str, kept: &str) -> Request {
    request.header("Origin", origin).header("Rejoinder-Refresh", kept)
}

fn signing_in(app: &App) -> Request {
    app.post("/api/v1/sessions").json(json!({"identifier": "ann", "password": PASSWORD}))
}

fn refreshing(app: &App) -> Request {
    app.post("/api/v1/sessions/refresh").json(json!({}))
}

/// What a browser is told to keep, with the bounds.
fn kept(answer: &Response) -> (String, String) {
    let cookie = answer.header("Set-Cookie").unwrap();
    let (pair, bounds) = cookie.split_once("; ").unwrap();
    (pair.to_owned(), bounds.to_owned())
}

#[actix_web::test]
async fn a_page_gets_a_cookie_that_no_script_reads_and_goes_on_by_it() {
    let app = service().await;
    let begun = by_page(signing_in(&app), BLOG, "cookie").expect(201).await;
    let view = begun.json();
    assert_eq!(view.get("refresh_token"), None, "{view}");
    let (pair, bounds) = kept(&begun);
    assert!(pair.starts_with("__Host-rejoinder-"), "{pair}");
    assert_eq!(bounds, "Path=/; Max-Age=2592000; HttpOnly; SameSite=None; Partitioned; Secure");
    assert_eq!(begun.header("Access-Control-Allow-Origin"), Some(BLOG));
    assert_eq!(begun.header("Access-Control-Allow-Credentials"), Some("true"));
    let refresh = |pair: &str| by_page(refreshing(&app), BLOG, "cookie").header("Cookie", &format!("a=b; {pair}; c=d"));
    let next = refresh(&pair).expect(201).await;
    assert_eq!(next.json()["account_id"], view["account_id"]);
    let (second, _) = kept(&next);
    assert_ne!(pair, second);
    let access = next.json()["access_token"].as_str().unwrap().to_owned();
    // signing out takes it away
    let out = app.delete("/api/v1/sessions/current").bearer(&access);
    let out = by_page(out, BLOG, "cookie").header("Cookie", &second).expect(204).await;
    assert!(out.header("Set-Cookie").unwrap().contains("=; Path=/; Max-Age=0; "), "{:?}", out.header("Set-Cookie"));
    refresh(&second).refused("invalid_refresh_token").await;
    app.check().await;
}

#[actix_web::test]
async fn where_the_page_is_of_the_same_site_the_cookie_goes_nowhere_else() {
    let app = service().await;
    let asking = by_page(signing_in(&app), BLOG, "cookie").header("Sec-Fetch-Site", "same-site");
    let (_, bounds) = kept(&asking.expect(201).await);
    assert_eq!(bounds, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure");
    // on one's own machine, without TLS
    let plain = App::start().await;
    plain.reader("ann").await;
    let begun =
        by_page(signing_in(&plain), "http://comments.example", "cookie").header("Sec-Fetch-Site", "same-origin");
    let (pair, bounds) = kept(&begun.expect(201).await);
    assert!(pair.starts_with("rejoinder-"), "{pair}");
    assert_eq!(bounds, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict");
}

#[actix_web::test]
async fn no_website_goes_on_with_what_anothers_pages_began() {
    let app = service().await;
    let (pair, _) = kept(&by_page(signing_in(&app), BLOG, "cookie").expect(201).await);
    let with = |origin: &str, kept: &str| by_page(refreshing(&app), origin, kept).header("Cookie", &pair);
    with(OTHER, "cookie").refused("invalid_refresh_token").await;
    with(OWN, "cookie").refused("invalid_refresh_token").await;
    with(OWN, "desk").refused("invalid_refresh_token").await;
    with("https://evil.example", "cookie").refused("origin_not_allowed").await;
    // without the header no cookie is looked at, and without an origin nobody asks for one
    let plain = refreshing(&app).header("Origin", BLOG).header("Cookie", &pair);
    plain.refused("invalid_fields").await;
    refreshing(&app).header("Rejoinder-Refresh", "cookie").header("Cookie", &pair).refused("invalid_header").await;
    // what a page knows is no cookie's
    let told = json!({"refresh_token": pair.split_once('=').unwrap().1});
    let both = app.post("/api/v1/sessions/refresh").json(told);
    by_page(both, BLOG, "cookie").header("Cookie", &pair).refused("invalid_fields").await;
    with(BLOG, "cookie").expect(201).await;
}

#[actix_web::test]
async fn the_desk_has_a_session_of_its_own_that_no_blog_may_ask_for() {
    let app = service().await;
    let (pair, bounds) = kept(&by_page(signing_in(&app), OWN, "desk").expect(201).await);
    assert!(pair.starts_with("__Host-rejoinder-desk="), "{pair}");
    assert!(bounds.contains("SameSite=Strict"), "{bounds}");
    by_page(signing_in(&app), BLOG, "desk").refused("invalid_header").await;
    let with = |kept: &str| by_page(refreshing(&app), OWN, kept).header("Cookie", &pair);
    with("cookie").refused("invalid_refresh_token").await;
    with("desk").expect(201).await;
    for odd in ["", "Cookie", "cookie, desk", "else"] {
        by_page(signing_in(&app), OWN, odd).refused("invalid_header").await;
    }
    let twice = by_page(signing_in(&app), OWN, "desk").header("Rejoinder-Refresh", "desk");
    twice.refused("invalid_header").await;
}

#[actix_web::test]
async fn only_what_begins_or_ends_a_session_may_bring_cookies() {
    let app = service().await;
    for (method, path, may) in [
        ("POST", "/api/v1/sessions", true),
        ("POST", "/api/v1/sessions/refresh", true),
        ("DELETE", "/api/v1/sessions/current", true),
        ("POST", "/api/v1/accounts", true),
        ("GET", "/api/v1/me", false),
        ("GET", "/api/v1/sites", false),
    ] {
        let asking =
            app.request(Method::OPTIONS, path).header("Origin", BLOG).header("Access-Control-Request-Method", method);
        let answer = asking.header("Access-Control-Request-Headers", "rejoinder-refresh").expect(204).await;
        let credentials = answer.header("Access-Control-Allow-Credentials");
        assert_eq!(credentials, may.then_some("true"), "{method} {path}");
        let headers = answer.header("Access-Control-Allow-Headers").unwrap();
        assert!(headers.contains("Rejoinder-Refresh"), "{headers}");
    }
    let foreign = app.request(Method::OPTIONS, "/api/v1/sessions").header("Origin", "https://evil.example");
    let foreign = foreign.header("Access-Control-Request-Method", "POST").expect(204).await;
    assert_eq!(foreign.header("Access-Control-Allow-Credentials"), None);
}

#[actix_web::test]
async fn who_signs_up_or_on_is_kept_signed_in_the_same_way() {
    let app = service().await;
    let body = json!({"email": "bob@example.org", "username": "bob", "password": PASSWORD});
    let up = by_page(app.post("/api/v1/accounts").json(body), BLOG, "cookie").expect(201).await;
    assert_eq!(up.json().get("refresh_token"), None::<&Value>);
    let (pair, _) = kept(&up);
    by_page(refreshing(&app), BLOG, "cookie").header("Cookie", &pair).expect(201).await;
}
