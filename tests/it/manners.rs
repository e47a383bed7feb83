//! The API's manners: refusals, headers, and documents that change only on purpose.

use std::collections::BTreeSet;

use actix_web::http::Method;
use rejoinder::{
    auth::permission::Operation,
    http::{openapi::document_json, problem::Code},
};
use serde_json::json;

use crate::{
    actors::PASSWORD,
    app::{App, Request, Response},
    contract::DOCUMENT,
};

/// Every operation: id, method, an address of the right form, whether there is a body.
pub fn operations() -> Vec<(Operation, Method, String, bool)> {
    let mut found = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        let mut address = path.replace("{site}", "blog").replace("{external_id}", "s1").replace("{role}", "author");
        address = address.replace("{list}", "words_hold").replace("{version}", "0");
        while let Some((before, rest)) = address.split_once('{') {
            let (_, after) = rest.split_once('}').unwrap();
            address = format!("{before}0193a000-0000-7000-8000-000000000000{after}");
        }
        for (method, operation) in item.as_object().unwrap() {
            let id = Operation::parse(operation["operationId"].as_str().unwrap()).unwrap();
            let method = method.to_uppercase().parse().unwrap();
            found.push((id, method, address.clone(), operation.get("requestBody").is_some()));
        }
    }
    found
}

fn signing_in(app: &App) -> Request {
    app.post("/api/v1/sessions")
}

async fn problem(request: Request, status: u16, code: &str) -> Response {
    let answer = request.expect(status).await;
    assert_eq!(answer.header("Content-Type"), Some("application/problem+json"));
    let body = answer.json();
    assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(status)), "{body}");
    assert_eq!(body["type"], format!("/docs/problems#{code}"));
    assert!(body["title"].is_string());
    answer
}

#[actix_web::test]
async fn bodies_that_are_no_json_are_told_so() {
    let app = App::start().await;
    for broken in ["", "{", "nonsense", "{\"identifier\": \"a\"} x", "{\"identifier\": 'a'}", "\u{feff}{}"] {
        problem(signing_in(&app).body(broken), 400, "invalid_json").await;
    }
    let deep = "[".repeat(30_000);
    for open in [deep.clone(), format!("{{\"identifier\": {deep}"), format!("{{\"surprise\": {deep}")] {
        problem(signing_in(&app).body(open), 400, "invalid_json").await;
    }
    let closed = format!("{{\"identifier\": {deep}{}}}", "]".repeat(30_000));
    problem(signing_in(&app).body(closed), 400, "invalid_json").await;
}

#[actix_web::test]
async fn a_body_is_an_object_of_the_documented_fields() {
    let app = App::start().await;
    app.reader("ann").await;
    for (wrong, pointer) in [
        (json!({"identifier": "ann", "password": 7}), "/password"),
        (json!({"identifier": null, "password": PASSWORD}), "/identifier"),
        (json!({"identifier": "ann"}), ""),
        (json!({"identifier": "ann", "password": PASSWORD, "a~/b": 1}), "/a~0~1b"),
        (json!(["ann", PASSWORD]), ""),
        (json!("ann"), ""),
        (json!(null), ""),
    ] {
        let answer = problem(signing_in(&app).json(wrong.clone()), 422, "invalid_fields").await;
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{wrong}");
        assert!(!answer.text().contains(PASSWORD), "{}", answer.text());
    }
    let twice = format!("{{\"identifier\": \"ann\", \"password\": \"x\", \"password\": \"{PASSWORD}\"}}");
    problem(signing_in(&app).body(twice), 422, "invalid_fields").await;
}

#[actix_web::test]
async fn unknown_fields_are_refused_by_every_operation() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    for (operation, method, path, has_body) in operations() {
        // a list has entries and no fields
        if has_body && operation != Operation::PutPolicyList {
            let surprise = json!({"key": "new", "surprise": 1});
            let request = app.request(method, path).bearer(&blog.admin.token).json(surprise);
            let answer = problem(request, 422, "invalid_fields").await;
            let detail = answer.json()["errors"][0]["detail"].clone();
            assert!(detail == "unknown field", "{operation:?}: {}", answer.text());
        }
    }
}

#[actix_web::test]
async fn unknown_parameters_are_refused_by_every_reading_operation() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.story("s1").await;
    for (operation, method, path, _) in operations() {
        let is_health = matches!(operation, Operation::ShowHealth | Operation::ShowReadiness);
        if method == Method::GET && !is_health {
            problem(blog.admin.get(format!("{path}?surprise=1")), 400, "invalid_query").await;
        }
    }
    for wrong in ["limit=0", "limit=101", "limit=x", "limit=1&limit=2"] {
        problem(app.get(format!("/api/v1/sites?{wrong}")), 400, "invalid_query").await;
    }
    problem(app.get("/api/v1/sites?cursor=forged"), 400, "invalid_cursor").await;
}

#[actix_web::test]
async fn what_is_no_json_by_its_type_or_too_large_is_refused_before_it_is_read() {
    let app = App::start().await;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let request = signing_in(&app).header("Content-Type", content_type);
        problem(request, 415, "unsupported_media_type").await;
    }
    problem(signing_in(&app), 415, "unsupported_media_type").await;
    let announced = signing_in(&app).header("Content-Type", "application/json").header("Content-Length", "65537");
    problem(announced, 413, "body_too_large").await;
    let padded = |length: usize| format!("{{{}}}", " ".repeat(length - 2));
    problem(signing_in(&app).body(padded(64 * 1024 + 1)), 413, "body_too_large").await;
    problem(signing_in(&app).body(padded(64 * 1024)), 422, "invalid_fields").await;
    let counting = |length: usize| app.post("/api/v1/counts").body(padded(length));
    counting(256 * 1024).expect(200).await;
    problem(counting(256 * 1024 + 1), 413, "body_too_large").await;
}

#[actix_web::test]
async fn unknown_addresses_methods_and_ids_are_problems_too() {
    let app = App::start().await;
    for path in ["/api/v1/nothing", "/api/v2/sites", "/api/v1/stories/nonsense", "/api/v1/accounts/1/replies", "/x"] {
        problem(app.get(path), 404, "not_found").await;
    }
    for (request, allowed) in [
        (app.delete("/api/v1/sites"), "GET, HEAD, POST"),
        (app.get("/api/v1/sessions"), "POST"),
        (app.post("/api/v1/sites/blog/roles/x/author"), "PUT, DELETE"),
        (app.post("/"), "GET, HEAD"),
    ] {
        let answer = problem(request, 405, "method_not_allowed").await;
        assert_eq!(answer.header("Allow"), Some(allowed));
    }
    // what was sent is sent back to nobody
    for (path, status, code) in [
        ("/api/v1/sites", 405, "method_not_allowed"),
        ("/api/v1/me", 405, "method_not_allowed"),
        ("/", 405, "method_not_allowed"),
        ("/nothing", 404, "not_found"),
    ] {
        let tracing = app.request(Method::TRACE, path).header("Authorization", "Bearer of-somebody");
        let answer = problem(tracing, status, code).await;
        assert!(!answer.text().contains("of-somebody") && !answer.headers.contains_key("authorization"), "{path}");
    }
}

#[actix_web::test]
async fn a_missing_token_is_asked_for() {
    let app = App::start().await;
    for (operation, method, path, _) in operations() {
        if operation.needs_caller() {
            let answer = problem(app.request(method, path), 401, "unauthenticated").await;
            assert_eq!(answer.header("WWW-Authenticate"), Some("Bearer realm=\"rejoinder\""), "{operation:?}");
        }
    }
}

#[actix_web::test]
async fn a_request_keeps_its_id_if_it_is_short_and_plain() {
    let app = App::start().await;
    let id = async |given: &str| {
        let answer = app.get("/api/v1/sites").header("X-Request-Id", given).expect(200).await;
        answer.header("X-Request-Id").unwrap().to_owned()
    };
    for plain in ["a", "Req-1_2.3:4", &"x".repeat(64)] {
        assert_eq!(id(plain).await, plain);
    }
    for wrong in ["", "a b", "a\"b", "\u{e4}", &"x".repeat(65)] {
        assert_eq!(id(wrong).await.len(), 36, "{wrong}");
    }
    let refused = app.get("/nothing").header("X-Request-Id", "r1").expect(404).await;
    assert_eq!(refused.header("X-Request-Id"), Some("r1"));
    assert!(app.get("/api/v1/sites").expect(200).await.header("X-Request-Id").is_some());
}

#[actix_web::test]
async fn every_answer_has_the_headers_that_protect_readers() {
    let app = App::start().await;
    let secure = App::with(&[("PUBLIC_URL", "https://comments.example")]).await;
    for path in ["/api/v1/sites", "/nothing", "/", "/desk", "/embed/blog/unknown", "/api/v1/me", "/healthz"] {
        let answer = app.get(path).send().await;
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        let policy = answer.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.split("; ").any(|part| part == "frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(answer.header("Referrer-Policy"), Some("no-referrer"), "{path}");
        assert!(answer.header("Cache-Control").is_some(), "{path}");
        assert_eq!(answer.header("Strict-Transport-Security"), None, "{path}");
        assert_eq!(answer.header("Set-Cookie"), None, "{path}");
        assert!(secure.get(path).send().await.header("Strict-Transport-Security").is_some(), "{path}");
    }
    let desk = app.get("/desk").expect(200).await;
    let policy: BTreeSet<&str> = desk.header("Content-Security-Policy").unwrap().split("; ").collect();
    let alone = ["script-src 'self'", "connect-src 'self'", "form-action 'none'", "base-uri 'none'"];
    let html_by_one_function = ["require-trusted-types-for 'script'", "trusted-types rejoinder"];
    for part in alone.into_iter().chain(html_by_one_function) {
        assert!(policy.contains(part), "{part}: {policy:?}");
    }
}

#[test]
fn the_codes_of_problems_are_these() {
    let table: String = Code::ALL.iter().map(|code| format!("{} {}\n", code.status(), code.as_str())).collect();
    insta::assert_snapshot!(table, @r"
    400 invalid_json
    400 invalid_query
    400 invalid_cursor
    400 invalid_header
    400 invalid_request
    400 sign_on_unknown
    401 unauthenticated
    401 wrong_credentials
    401 second_factor_required
    401 wrong_code
    401 invalid_refresh_token
    401 invalid_sso_token
    403 forbidden
    403 suspended
    403 warning_unread
    403 email_unverified
    403 work_needed
    403 staff_factor_missing
    403 proof_needed
    403 origin_not_allowed
    403 own_reply
    403 insufficient_scope
    403 unknown_subject
    403 first_decider
    403 edit_window_over
    404 not_found
    405 method_not_allowed
    408 request_timeout
    409 version_conflict
    409 claimed
    409 state_conflict
    409 username_taken
    409 username_changed_lately
    409 key_taken
    409 url_taken
    409 story_closed
    409 parent_not_public
    412 precondition_failed
    413 body_too_large
    414 uri_too_long
    415 unsupported_media_type
    422 invalid_fields
    422 invalid_code
    422 idempotency_mismatch
    428 precondition_required
    429 too_many_requests
    429 too_many_attempts
    429 too_many_replies
    500 internal
    503 busy
    507 storage_full
    ");
}

#[test]
fn the_openapi_document_changes_only_on_purpose() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/openapi.json");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(path, document_json()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let differs = kept.lines().zip(document_json().lines()).position(|(kept, found)| kept != found);
    assert!(
        kept == document_json(),
        "the OpenAPI document differs from tests/snapshots/openapi.json from line {:?} on; if that is meant: \
         UPDATE_OPENAPI=1 cargo test --test it the_openapi_document, and look at the difference before committing it",
        differs.map(|line| line + 1)
    );
}

#[actix_web::test]
async fn the_element_is_loaded_by_one_address_from_any_website() {
    let app = App::start().await;
    let entry = app.get("/embed.js").header("Origin", "https://blog.example").expect(200).await;
    assert_eq!(entry.header("Content-Type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(entry.header("Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(entry.header("Cache-Control"), Some("public, no-cache"));
    let text = entry.text();
    let mut modules = 0;
    for line in text.lines() {
        let path = line.strip_prefix("import \".").and_then(|rest| rest.strip_suffix("\";")).unwrap();
        let module = app.get(path).expect(200).await;
        assert_eq!(module.header("Content-Type"), Some("text/javascript; charset=utf-8"), "{path}");
        assert_eq!(module.header("Access-Control-Allow-Origin"), Some("*"), "{path}");
        assert_eq!(module.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        modules += 1;
    }
    assert!(modules > 0 && text.lines().last().unwrap().ends_with("/embed/main.js\";"), "{text}");
    let folder = text.split('"').nth(1).unwrap().split('/').nth(2).unwrap().to_owned();
    for outside in [
        "Cargo.toml",
        "../Cargo.toml",
        "embed/../../Cargo.toml",
        "embed/../../tests/snapshots/openapi.json",
        "desk/index.html",
        "tests/browser.js",
        "package.json",
        "eslint.config.js",
        "embed",
        "",
    ] {
        app.get(format!("/assets/{folder}/{outside}")).refused("not_found").await;
    }
    // of another build: what is here, and nobody keeps it
    let other = app.get("/assets/0000000000000000/embed/main.js").expect(200).await;
    assert_eq!(other.header("Cache-Control"), Some("no-store"));
}
