//! Texts and sizes that nobody sends by accident.

use std::collections::BTreeMap;

use actix_web::http::Method;
use rejoinder::{auth::permission::Operation, domain::reply_path::MAX_DEPTH};
use serde_json::{Value, json};

use crate::{actors::PASSWORD, app::App, contract::DOCUMENT, manners::operations};

/// The fields of a body that are texts, by their pointers, through what it refers to.
fn texts_of(schema: &Value, pointer: &str, found: &mut BTreeMap<String, Vec<String>>) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => &DOCUMENT["components"]["schemas"][reference.rsplit('/').next().unwrap()],
        None => schema,
    };
    let is_of =
        |kind: &str| schema["type"] == kind || schema["type"].as_array().is_some_and(|all| all.contains(&json!(kind)));
    if is_of("string") {
        let path = pointer.split('/').skip(1).map(str::to_owned).collect();
        found.insert(pointer.to_owned(), path);
    } else if is_of("array") {
        texts_of(&schema["items"], &format!("{pointer}/0"), found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        texts_of(field, &format!("{pointer}/{name}"), found);
    }
    for field in schema["oneOf"].as_array().into_iter().flatten() {
        texts_of(field, pointer, found);
    }
}

/// A body with this text at this place.
fn at(path: &[String], text: &str) -> Value {
    match path {
        [] => json!(text),
        [first, rest @ ..] if first == "0" => json!([at(rest, text)]),
        [first, rest @ ..] => json!({first: at(rest, text)}),
    }
}

#[actix_web::test]
async fn a_nul_is_refused_wherever_a_text_may_stand() {
    let app = App::start().await;
    let admin = app.site("blog").await.admin;
    for (operation, method, path, has_body) in operations() {
        if matches!(operation, Operation::ShowHealth | Operation::ShowReadiness | Operation::DeleteSession) {
            continue;
        }
        let what = operation.id();
        admin
            .app
            .request(method.clone(), format!("{path}?limit=%00"))
            .bearer(&admin.token)
            .refused("invalid_query")
            .await;
        if let Some((before, _)) = path.rsplit_once('/').filter(|(before, _)| before.starts_with("/api/v1/")) {
            // whatever takes it for a part of an address
            let response =
                admin.app.request(method.clone(), format!("{before}/a%00b")).bearer(&admin.token).send().await;
            assert_eq!(response.status, 404, "{what}");
        }
        if !has_body {
            continue;
        }
        let documented = DOCUMENT["paths"]
            .as_object()
            .unwrap()
            .values()
            .find_map(|item| item.as_object().unwrap().values().find(|found| found["operationId"] == what));
        let schema = &documented.unwrap()["requestBody"]["content"]["application/json"]["schema"];
        let mut texts = BTreeMap::new();
        texts_of(schema, "", &mut texts);
        // a number alone
        assert_eq!(texts.is_empty(), operation == Operation::RotateApiKey, "{what}");
        for (pointer, place) in texts {
            let body = at(&place, "a\0b");
            let request = admin.app.request(method.clone(), &path).bearer(&admin.token).json(body);
            let problem = request.refused("invalid_fields").await;
            assert_eq!(problem["errors"][0]["pointer"], json!(pointer), "{what}: {problem}");
        }
    }
}

#[actix_web::test]
async fn controls_have_no_place_in_lines() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let admin = &blog.admin;
    for field in ["name", "tagline"] {
        for text in ["a\u{7}b", "a\nb", "a\u{9b}b"] {
            admin.patch("/api/v1/sites/blog").json(json!({field: text})).refused("invalid_fields").await;
        }
    }
    let ann = app.reader("ann").await;
    let suspend = admin.post(format!("/api/v1/accounts/{}/sanctions", ann.id));
    suspend.json(json!({"site": "blog", "kind": "ban", "reason": "a\u{7}b"})).refused("invalid_fields").await;
    for story in [json!({"headline": " \u{200b} "}), json!({"headline": "a\u{7}"})] {
        admin.put("/api/v1/sites/blog/stories/s1").json(story).refused("invalid_fields").await;
    }
}

#[actix_web::test]
async fn an_address_is_bounded() {
    let app = App::start().await;
    let long = "x".repeat(16 * 1024);
    app.get(format!("/api/v1/counts?site=blog&external_id={long}")).refused("uri_too_long").await;
    app.get(format!("/{long}")).refused("uri_too_long").await;
    app.request(Method::DELETE, "/api/v1/sessions/current?a=b").refused("invalid_query").await;
}

#[actix_web::test]
async fn who_answers_long_texts_from_deep_down_gets_no_page_past_its_size() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let mut last = ann.replies(&story, "Top").await;
    for _ in 1..=MAX_DEPTH {
        last = ann.answers(&last, "Below").await;
    }
    // rendering so much takes long in a debug build
    let huge = "&quot;\"".repeat(6_000);
    app.execute(&format!("UPDATE replies SET body_html = '{huge}'")).await;
    let permanent = app.get(format!("/api/v1/replies/{}", last.id)).expect(200).await;
    assert!(permanent.body.len() <= 1024 * 1024, "{} bytes", permanent.body.len());
    let page = permanent.json();
    let shown = page["ancestors"].as_array().unwrap();
    assert!(!shown.is_empty());
    assert_eq!(page["ancestors_left_out"], MAX_DEPTH - shown.len());
    // the nearest ones
    assert_eq!(shown.last().unwrap()["id"], page["parent_id"]);
    let item = mona.get(format!("/api/v1/moderation/replies/{}", last.id)).expect(200).await;
    assert!(item.body.len() <= 1024 * 1024, "{} bytes", item.body.len());
    let item = item.json();
    assert_eq!(item["ancestors_left_out"], MAX_DEPTH - item["ancestors"].as_array().unwrap().len());
    let decided = mona.deciding(&last, "spam", json!({})).expect(201).await;
    assert!(decided.body.len() <= 1024 * 1024, "{} bytes", decided.body.len());
}

#[actix_web::test]
async fn queues_and_logs_count_what_people_wrote_about_replies() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let words = "\u{1f600}".repeat(1_000);
    for number in 0..60 {
        let reply = ann.replies(&story, &format!("Number {number}.")).await;
        let report = bob.post(format!("/api/v1/replies/{}/reports", reply.id));
        report.json(json!({"reason": "other", "text": words})).expect(204).await;
        let note = json!({"note": format!("{words}{words}")});
        mona.deciding(&reply, "approve", note).expect(201).await;
    }
    for path in ["/api/v1/moderation/replies?queue=approved&limit=100", "/api/v1/sites/blog/log?limit=100"] {
        let page = mona.get(path).expect(200).await;
        assert!(page.body.len() <= 1024 * 1024, "{} bytes of {path}", page.body.len());
        assert!(page.json()["next_cursor"].is_string(), "{path}");
    }
}

#[actix_web::test]
async fn times_are_written_as_the_standard_says() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let put = |time: &str| {
        blog.admin.put("/api/v1/sites/blog/stories/s1").json(json!({"headline": "H", "published_at": time}))
    };
    for wrong in [
        "2026-11-23",
        "20261123T093000Z",
        "2026-11-23T09Z",
        "2026-11-23T09:30Z",
        "2026-11-23 09:30:00Z",
        "2026-11-23T09:30:00",
        "2026-11-23T09:30:00+25:59",
        "2026-11-23T09:30:00Z[Europe/Berlin]",
        "2026-13-23T09:30:00Z",
        "2026-11-23T24:00:00Z",
        "-002026-11-23T09:30:00Z",
        "2026-11-23T09:30:00.Z",
        "",
    ] {
        let problem = put(wrong).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], "/published_at", "{wrong}");
    }
    for (written, time) in [
        ("2026-11-23T09:30:00Z", "2026-11-23T09:30:00Z"),
        ("2026-11-23t09:30:00z", "2026-11-23T09:30:00Z"),
        ("2026-11-23T09:30:00.25+01:00", "2026-11-23T08:30:00.25Z"),
        ("2026-11-23T09:30:00.123456789-23:59", "2026-11-24T09:29:00.123456Z"),
    ] {
        let story = put(written).send().await.json();
        assert_eq!(story["published_at"], time, "{written}");
    }
}

#[actix_web::test]
async fn the_documents_are_served_and_need_nothing_from_elsewhere() {
    let app = App::start().await;
    let document = app.get("/api/openapi.json").expect(200).await;
    assert_eq!(document.json()["info"]["title"], "Rejoinder");
    assert!(app.get("/docs/problems").expect(200).await.text().contains("#not_found (404)"));
    app.get("/docs").expect(308).await;
    let page = app.get("/docs/").expect(200).await;
    assert!(!page.text().contains("https://"), "{}", page.text());
    let settings = app.get("/docs/swagger-initializer.js").expect(200).await.text();
    assert!(settings.contains("/api/openapi.json") && settings.contains("\"none\""), "{settings}");
    for file in ["swagger-ui-bundle.js", "swagger-ui.css"] {
        app.get(format!("/docs/{file}")).expect(200).await;
    }
    app.get("/docs/nope").refused("not_found").await;
    app.post("/api/v1/accounts")
        .json(json!({"email": "a@example.org", "username": "ann", "password": PASSWORD}))
        .expect(201)
        .await;
}

#[actix_web::test]
async fn markup_in_names_is_text_on_the_page_that_people_see_first() {
    let app = App::start().await;
    let payload = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>";
    let blog = app.site("blog").await;
    blog.set(json!({"name": payload, "tagline": payload})).await;
    let commentary = json!({"author_name": payload, "label": payload, "body": "Said."});
    blog.story_with("s1", json!({"headline": payload, "commentary": commentary})).await;
    let page = app.get("/").expect(200).await.text();
    let shown = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;&lt;img src=x onerror=alert(1)&gt;";
    assert_eq!(page.matches(shown).count(), 4, "name, tagline, headline, label: {page}");
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
}
