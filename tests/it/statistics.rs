//! Statistics of a site's moderation, and its transparency report.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Site},
    app::App,
};

const HOUR: Duration = Duration::from_secs(3_600);

async fn statistics(person: &Person, query: &str) -> Value {
    person.get(format!("/api/v1/sites/blog/statistics{query}")).expect(200).await.json()
}

/// A blog whose rules hold and put away, with its moderator.
async fn blog(app: &App) -> (Site, Person) {
    let blog = app.site("blog").await;
    let words = json!({"hold": ["casino"], "spam": ["pills"]});
    blog.policy(json!({"words": words, "history": {"refused_percent": 0}, "repeats": {"own": "pass"}})).await;
    let mona = blog.moderator("mona").await;
    (blog, mona)
}

#[actix_web::test]
async fn what_happened_is_summed_by_day() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let story = blog.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let public = ann.replies(&story, "Fine words.").await;
    let held = ann.replies(&story, "At the casino.").await;
    let good = ann.replies(&story, "No casino here.").await;
    let spam = ann.replies(&story, "Buy pills.").await;
    bob.reports(&public, "abuse").await;
    app.pass(HOUR);
    let mona = app.sign_in(&mona.username, PASSWORD).await;
    mona.decides(&held, "reject").await;
    mona.decides(&good, "approve").await;
    mona.decides(&spam, "approve").await;
    mona.decides(&public, "reject").await;
    let body = json!({"site": "blog", "kind": "warn", "reason": "rude", "message": "Be kind."});
    mona.post(format!("/api/v1/accounts/{}/sanctions", ann.id)).json(body).expect(201).await;
    let said = statistics(&mona, "").await;
    let totals = &said["totals"];
    let numbers = ["received", "public_at_once", "held", "put_away"].map(|name| totals[name].as_i64().unwrap());
    assert_eq!(numbers, [4, 1, 2, 1]);
    assert_eq!(totals["held_by_rule"], json!({"words": 3}));
    assert_eq!(totals["decisions"], json!({"approve": 2, "reject": 2}));
    assert_eq!(totals["reasons"], json!({"off_topic": 2}));
    assert_eq!((&totals["reports"], &totals["closed_reports"]), (&json!({"abuse": 1}), &json!({"upheld": 1})));
    assert_eq!(totals["sanctions"], json!({"warn": 1}));
    // what was put away waited in no queue
    for name in ["median_seconds", "p90_seconds"] {
        let seconds = totals["decision_time"][name].as_u64().unwrap();
        assert!((3_600..=4_320).contains(&seconds), "{name}: {seconds}");
    }
    let agreement =
        json!({"passed_approved": 0, "passed_refused": 1, "held_approved": 2, "held_refused": 1, "share": 0.25});
    assert_eq!(totals["agreement"], agreement);
    assert_eq!(said["days"].as_array().unwrap().len(), 1);
    assert_eq!((&said["days"][0]["day"], &said["days"][0]["received"]), (&json!("2026-11-23"), &json!(4)));
    let moderator = &said["moderators"][0];
    assert_eq!((&moderator["account_id"], &moderator["decisions"]), (&json!(mona.id), &json!(4)));
    assert_eq!(said["oldest_waiting_since"], Value::Null);
    app.check().await;
}

#[actix_web::test]
async fn days_are_told_apart_and_chosen() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let story = blog.story("s1").await;
    let mut ann = app.reader("ann").await;
    for day in 0..3 {
        for number in 0..=day {
            ann.replies(&story, &format!("Words {day} {number}.")).await;
        }
        app.pass(24 * HOUR);
        ann = app.sign_in("ann", PASSWORD).await;
    }
    let waiting = ann.replies(&story, "A casino.").await;
    let mona = app.sign_in(&mona.username, PASSWORD).await;
    let received = async |query: &str| -> Vec<(String, i64)> {
        let said = statistics(&mona, query).await;
        let of = |day: &Value| (day["day"].as_str().unwrap().to_owned(), day["received"].as_i64().unwrap());
        said["days"].as_array().unwrap().iter().map(of).collect()
    };
    let day = |day: &str, number| (format!("2026-11-{day}"), number);
    assert_eq!(received("").await, [day("23", 1), day("24", 2), day("25", 3), day("26", 1)]);
    assert_eq!(received("?from=2026-11-24&to=2026-11-25").await, [day("24", 2), day("25", 3)]);
    assert_eq!(received("?to=2026-11-23").await, [day("23", 1)]);
    assert_eq!(received("?from=2025-11-26").await.len(), 4);
    let oldest = statistics(&mona, "").await["oldest_waiting_since"].as_str().unwrap().to_owned();
    assert!(oldest.starts_with("2026-11-26T"), "{oldest} {}", waiting.id);
    for wrong in ["?from=2026-11-27", "?from=2025-11-25", "?from=yesterday", "?from=2026-11-24&to=2026-11-23", "?day=1"]
    {
        mona.get(format!("/api/v1/sites/blog/statistics{wrong}")).refused("invalid_query").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn many_at_once_and_what_is_undone_are_counted_too() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let replies = [ann.replies(&story, "One.").await, ann.replies(&story, "Two.").await];
    let items: Value = replies.iter().map(|reply| json!({"id": reply.id, "version": reply.version})).collect();
    let body = json!({"action": "reject", "reason": "off_topic", "items": items});
    let bulk = mona.post("/api/v1/moderation/bulk").json(body).expect(202).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    mona.post(format!("{}/undo", bulk.header("location").unwrap())).expect(202).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    let totals = statistics(&mona, "").await["totals"].clone();
    assert_eq!(totals["decisions"], json!({"reject": 2, "undo": 2}));
    app.check().await;
}

#[actix_web::test]
async fn a_report_for_the_public_has_sums_and_no_names() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    blog.set(json!({"name": "Fish & <Chips>"})).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    mona.decides(&ann.replies(&story, "At the casino.").await, "reject").await;
    let report = |format: &str| mona.get(format!("/api/v1/sites/blog/transparency-report?format={format}"));
    let json = report("json").expect(200).await.json();
    assert_eq!((&json["decisions"], &json["name"]), (&json!({"reject": 1}), &json!("Fish & <Chips>")));
    assert_eq!(json, mona.get("/api/v1/sites/blog/transparency-report").expect(200).await.json());
    let csv = report("csv").expect(200).await;
    assert!(csv.header("content-type").unwrap().starts_with("text/csv"));
    assert!(csv.header("content-disposition").unwrap().contains("transparency-blog-2026-10-25-2026-11-23.csv"));
    assert!(
        csv.text().contains("\r\nheld_by_rule,words,1\r\ndecisions,reject,1\r\nreasons,off_topic,1\r\n"),
        "{}",
        csv.text()
    );
    let page = report("html").expect(200).await;
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert!(page.text().contains("&lt;Chips&gt;") && !page.text().contains("<Chips>"));
    for text in [json.to_string(), csv.text(), page.text()] {
        assert!(!text.contains(&mona.id) && !text.contains("mona") && !text.contains(&ann.id), "{text}");
    }
    report("pdf").refused("invalid_query").await;
}
