//! What the service as a process writes to its log.

use rejoinder::clock::Clock;
use serde_json::{Value, json};

use crate::{
    actors::PASSWORD,
    issuing::Signer,
    process::{Home, Service, request, send},
    serving::home_with_a_story,
};

#[test]
fn logs_name_requests_and_nothing_that_is_anybodys_secret() {
    let (home, service, path, token) = {
        let (mut home, service, path, _) = home_with_a_story();
        service.stop();
        home.set("LOG_FORMAT", "json");
        let service = home.serve();
        let token = service.sign_in("ann", PASSWORD);
        (home, service, path, token)
    };
    let wrong = json!({"identifier": "ann@example.org", "password": "a wrong umbrella"});
    assert_eq!(service.send("POST", "/api/v1/sessions", None, Some(&wrong)).status, 401);
    let short = json!({"email": "bob@example.org", "username": "bob", "password": "tiny-pw"});
    assert_eq!(service.send("POST", "/api/v1/accounts", None, Some(&short)).status, 422);
    let secret = json!({"body": "Nobody logs this sentence."});
    let posted = service.send("POST", &path, Some(&token), Some(&secret));
    assert_eq!(posted.status, 201);
    let forged = "GET /api/v1/me HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAuthorization: Bearer f0rged-token\r\n\
                  X-Request-Id: my-id-1\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n";
    assert_eq!(send(service.address, forged).unwrap().status, 401);

    // something breaks: the log says what, the answer does not
    home.outside().run("DROP TABLE recommendations");
    let reply = posted.json()["id"].as_str().unwrap().to_owned();
    let boss = service.sign_in("boss", PASSWORD);
    let recommend = format!("/api/v1/replies/{reply}/recommendation");
    let broken = service.send("PUT", &recommend, Some(&boss), None);
    assert_eq!((broken.status, broken.text().contains("recommendations")), (500, false), "{}", broken.text());

    let log = service.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered: Vec<&Value> = lines.iter().filter(|line| line["message"] == "answered").collect();
    for line in &answered {
        let span = &line["span"];
        assert!(span["id"].is_string() && span["route"].is_string() && span["ms"].is_number(), "{line}");
        assert!(span["status"].is_number() && span["method"].is_string(), "{line}");
    }
    let of = |route: &str| answered.iter().filter(|line| line["span"]["route"] == route).count();
    assert_eq!(of("/api/v1/stories/{story_id}/replies"), 1, "{log}");
    let by_request_id = answered.iter().find(|line| line["span"]["id"] == "my-id-1").unwrap();
    assert_eq!(by_request_id["span"]["status"], 401);
    let posting = answered.iter().find(|line| line["span"]["route"] == "/api/v1/stories/{story_id}/replies").unwrap();
    assert!(posting["span"]["account"].is_string(), "{posting}");
    let failures: Vec<&Value> = lines.iter().filter(|line| line["level"] == "ERROR").collect();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert!(failures[0]["cause"].as_str().unwrap().contains("recommendations"), "{}", failures[0]);
    let refresh = posted.json()["refresh_token"].as_str().unwrap_or("no-such-token").to_owned();
    for secret in [
        PASSWORD,
        "umbrella",
        "tiny-pw",
        "Nobody logs",
        "f0rged",
        "example.org",
        "203.0.113.9",
        "127.0.0.1:",
        &token,
        &boss,
        &refresh,
    ] {
        let found = log.lines().find(|line| line.contains(secret) && !line.contains("\"serving\""));
        assert_eq!(found, None, "{secret} is in the log");
    }
}

#[test]
fn what_happens_to_accounts_and_rights_has_a_name_in_the_log() {
    let mut home = Home::migrated();
    home.set("LOG_FORMAT", "json");
    home.run_with_input(&["admin", "create", "--email", "boss@example.org", "--username", "boss"], PASSWORD)
        .succeeded();
    home.run(&["site", "create", "blog"]).succeeded();
    let service = home.serve();
    let (boss, ann) = (service.sign_in("boss", PASSWORD), service.sign_up("ann"));
    let send = |method: &str, path: &str, token: &str, body: Value| {
        let body = Some(body).filter(|body| !body.is_null());
        service.send(method, path, Some(token).filter(|token| !token.is_empty()), body.as_ref())
    };
    send("POST", "/api/v1/sessions", "", json!({"identifier": "ann", "password": "a wrong umbrella"}));
    send("POST", "/api/v1/sites", &ann, json!({"key": "of-ann"}));
    let id = send("GET", "/api/v1/me", &ann, Value::Null).json()["id"].as_str().unwrap().to_owned();
    let role = format!("/api/v1/sites/blog/roles/{id}/author");
    // what is so already is no event
    for method in ["PUT", "PUT", "DELETE"] {
        assert_eq!(send(method, &role, &boss, Value::Null).status, 204);
    }
    let refresh = send("POST", "/api/v1/sessions", "", json!({"identifier": "ann", "password": PASSWORD})).json();
    let refresh = json!({"refresh_token": refresh["refresh_token"]});
    let next = send("POST", "/api/v1/sessions/refresh", "", refresh.clone()).json();
    send("POST", "/api/v1/sessions/refresh", "", json!({"refresh_token": next["refresh_token"]}));
    assert_eq!(send("POST", "/api/v1/sessions/refresh", "", refresh).status, 401);
    let made = send("POST", "/api/v1/sites/blog/keys", &boss, json!({"name": "A server", "scopes": ["counts:read"]}));
    assert_eq!(made.status, 201, "{}", made.text());
    send("POST", "/api/v1/me/close", &ann, json!({"password": PASSWORD}));

    let log = service.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<(&str, &str)> =
        lines.iter().filter_map(|line| Some((line["event"].as_str()?, line["level"].as_str()?))).collect();
    let expected = [
        ("signed_in", "INFO"),
        ("signed_up", "INFO"),
        ("sign_in_failed", "INFO"),
        ("permission_refused", "INFO"),
        ("role_granted", "WARN"),
        ("role_revoked", "INFO"),
        ("signed_in", "INFO"),
        ("token_reused", "WARN"),
        ("key_made", "WARN"),
        ("closing_asked", "INFO"),
    ];
    assert_eq!(events, expected);
    let granted = lines.iter().find(|line| line["event"] == "role_granted").unwrap();
    assert_eq!((&granted["of"], &granted["role"]), (&json!(id), &json!("author")));
    assert!(granted["span"]["account"].is_string() && granted["span"]["id"].is_string(), "{granted}");
}

#[test]
fn limits_refused_keys_and_strangers_have_names_in_the_log() {
    let mut home = Home::migrated();
    for (name, value) in [("LOG_FORMAT", "json"), ("SIGN_IN_FAILURES_PER_IDENTIFIER", "2"), ("PACE_REPORTING", "1")] {
        home.set(name, value);
    }
    home.run_with_input(&["admin", "create", "--email", "boss@example.org", "--username", "boss"], PASSWORD)
        .succeeded();
    home.run(&["site", "create", "blog"]).succeeded();
    let service = home.serve();
    let boss = service.sign_in("boss", PASSWORD);
    let by_boss = |method: &str, path: &str, body: Option<&Value>| {
        let request = request(method, path, Some(&boss), None, body).replacen("\r\n", "\r\nIf-Match: *\r\n", 1);
        let answer = send(service.address, &request).unwrap();
        assert!(answer.status < 300, "{path}: {}", answer.text());
        answer
    };
    // the blog's server acts for a reader whom it knows, until he is of the blog's people
    let secret = "a secret of thirty-two characters";
    let issuer = json!({"iss": "https://blog.example", "aud": "https://comments.example", "kind": "secret",
        "secret": secret, "gives_roles": []});
    by_boss("PUT", "/api/v1/sites/blog/sso/issuers/wordpress", Some(&issuer));
    let secs = Clock::system().now().as_secs();
    let claims = json!({"iss": "https://blog.example", "aud": "https://comments.example", "sub": "rae", "name": "Rae",
        "iat": secs, "exp": secs + 300, "jti": "1"});
    let sign_on = |signer: &str| {
        let token = Signer::secret(signer).token(&json!({"alg": "HS256", "typ": "JWT"}), &claims);
        service.send("POST", "/api/v1/sites/blog/sso", None, Some(&json!({"token": token})))
    };
    assert_eq!(sign_on("another secret of the same length").status, 401);
    let rae = sign_on(secret).json()["access_token"].as_str().unwrap().to_owned();
    let id = service.send("GET", "/api/v1/me", Some(&rae), None).json()["id"].as_str().unwrap().to_owned();
    let key = json!({"name": "A server", "scopes": ["replies:act_as"]});
    let made = by_boss("POST", "/api/v1/sites/blog/keys", Some(&key)).json();
    let key = made["secret"].as_str().unwrap();
    let preview = json!({"body": "Good"});
    let act = || {
        let request = request("POST", "/api/v1/replies/preview", Some(key), None, Some(&preview));
        send(service.address, &request.replacen("\r\n", "\r\nAct-As: wordpress rae\r\n", 1)).unwrap().status
    };
    assert_eq!(act(), 200);
    by_boss("PUT", &format!("/api/v1/sites/blog/roles/{id}/moderator"), None);
    assert_eq!(act(), 403);
    by_boss("DELETE", &format!("/api/v1/sites/blog/keys/{}", made["id"].as_str().unwrap()), None);
    assert_eq!(act(), 401);
    // nobody began this with this browser
    let back = "/api/v1/oidc/callback?state=0123456789012345678901&code=1";
    assert_eq!(service.get(back).status, 400);
    let foreign = request("GET", "/api/v1/me", Some(&rae), None, None);
    let foreign = foreign.replacen("\r\n", "\r\nOrigin: https://elsewhere.example\r\n", 1);
    assert_eq!(send(service.address, &foreign).unwrap().status, 403);
    let wrong = json!({"identifier": "nobody", "password": "a wrong umbrella"});
    let tries = [0; 3].map(|_| service.send("POST", "/api/v1/sessions", None, Some(&wrong)).status);
    assert_eq!(tries, [401, 401, 429]);
    let report = format!("/api/v1/replies/{id}/reports");
    let reports = [0; 2].map(|_| service.send("POST", &report, Some(&rae), Some(&json!({"reason": "spam"}))).status);
    assert_eq!(reports, [204, 429]);

    let log = service.stop();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |line: &Value| Some((line["event"].as_str()?.to_owned(), line["level"].as_str()?.to_owned()));
    let events: Vec<(String, String)> = lines.iter().filter_map(of).collect();
    let expected = [
        ("signed_in", "INFO"),
        ("issuer_changed", "WARN"),
        ("sign_on_failed", "INFO"),
        ("signed_on", "INFO"),
        ("key_made", "WARN"),
        ("role_granted", "WARN"),
        ("staff_spared", "WARN"),
        ("key_revoked", "INFO"),
        ("key_refused", "INFO"),
        ("stranger_came_back", "INFO"),
        ("origin_refused", "INFO"),
        ("sign_in_failed", "INFO"),
        ("sign_in_failed", "INFO"),
        ("sign_ins_limited", "WARN"),
        ("requests_limited", "INFO"),
    ];
    assert_eq!(events, expected.map(|(event, level)| (event.to_owned(), level.to_owned())));
    for secret in [secret, &key[..20], "umbrella"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn requests_that_cannot_be_read_do_not_fill_the_log() {
    let home = Home::migrated();
    let service = home.serve();
    for nonsense in
        ["NONSENSE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET / HTTP/1.1\r\nA B: c\r\n\r\n"]
    {
        let _ = send(service.address, nonsense);
    }
    let log = service.stop();
    assert!(!log.contains("ERROR") && !log.contains("WARN  stream"), "{log}");
}

#[test]
fn a_log_that_nobody_takes_any_more_ends_nothing() {
    let home = Home::migrated();
    let service = Service::start_read(home.command(&["serve"]), |line| !line.contains("serving"));
    assert_eq!(service.get("/healthz").status, 200);
    assert_eq!(send(service.address, &request("GET", "/nowhere", None, None, None)).unwrap().status, 404);
    service.stop();
}

#[test]
fn nobody_writes_lines_of_his_own_into_the_log() {
    let (_home, service, path, token) = home_with_a_story();
    let forged = "x\r\n2026-11-27T10:00:00Z  WARN forged: event=\"role_granted\"";
    let raw = |head: &str| send(service.address, &format!("{head}Host: test\r\nConnection: close\r\n\r\n"));
    raw("GET /api/v1/sites/x%0A2026-11-27T10:00:00Z%20WARN%20forged HTTP/1.1\r\n").unwrap();
    raw("GET /api/v1/stories?forged=%0A%0D HTTP/1.1\r\nX-Request-Id: a%0Aforged\r\nUser-Agent: forged\tb\r\n").unwrap();
    let body = json!({"identifier": forged, "password": forged, "code": forged});
    service.send("POST", "/api/v1/sessions", None, Some(&body));
    service.send("POST", &path, Some(&token), Some(&json!({"body": forged, "parent_id": forged})));
    service.send("POST", &path, Some(&token), Some(&json!({"body": forged})));
    service.send("PUT", "/api/v1/sites/blog/stories/s2", Some(&token), Some(&json!({"headline": forged})));
    let log = service.stop();
    for line in log.lines() {
        let is_ours = line.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(is_ours && !line.contains("WARN forged"), "{line:?} in\n{log}");
    }
}
