//! Statistics of a site's moderation, and its transparency report.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site},
    app::App,
    asked_server::{AskedServer, Says, outcome_is},
    notices::kept,
    outside_check::Asking,
    world::notice,
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
async fn half_are_decided_sooner_than_nine_of_ten_and_each_counts_for_who_decided() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    blog.moderator("otto").await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let words = ["kettle", "teapot", "umbrella", "ladder", "bicycle", "lantern", "piano", "carpet", "mirror", "window"];
    let mut held = Vec::new();
    for word in words {
        held.push(ann.replies(&story, &format!("My {word} is at the casino.")).await);
    }
    assert_eq!(fates(&mona).await, [10, 0, 10, 0, 0]);
    // six after a minute, three after eleven more, the last an hour later
    for (wait, moderator, number) in [(60, "mona", 6), (660, "otto", 3), (3_600, "mona", 1)] {
        app.pass(Duration::from_secs(wait));
        let moderator = app.sign_in(moderator, PASSWORD).await;
        for reply in held.drain(..number) {
            moderator.decides(&reply, "approve").await;
        }
    }
    let mona = app.sign_in(&mona.username, PASSWORD).await;
    let said = statistics(&mona, "").await;
    let time = &said["totals"]["decision_time"];
    let [median, most] = ["median_seconds", "p90_seconds"].map(|name| time[name].as_u64().unwrap());
    assert!((60..=73).contains(&median) && (720..=865).contains(&most), "{time}");
    assert_eq!((&said["days"][0]["decision_time"], said["days"].as_array().unwrap().len()), (time, 1));
    let moderators = said["moderators"].as_array().unwrap().iter();
    let moderators: Vec<(&Value, &Value)> = moderators.map(|one| (&one["username"], &one["decisions"])).collect();
    assert_eq!(moderators, [(&json!("mona"), &json!(7)), (&json!("otto"), &json!(3))]);
    assert_eq!(said["totals"]["decisions"], json!({"approve": 10}));
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

async fn totals(person: &Person) -> Value {
    statistics(person, "").await["totals"].clone()
}

/// What became of the replies that were received.
async fn fates(person: &Person) -> [i64; 5] {
    let totals = totals(person).await;
    ["received", "public_at_once", "held", "put_away", "asked"].map(|name| totals[name].as_i64().unwrap())
}

/// Numbers of texts that rules let pass, and of those that they did not: each approved and refused.
async fn agreement(person: &Person) -> [i64; 4] {
    let totals = totals(person).await;
    let names = ["passed_approved", "passed_refused", "held_approved", "held_refused"];
    names.map(|name| totals["agreement"][name].as_i64().unwrap())
}

#[actix_web::test]
async fn what_waits_for_an_answer_alone_counts_once_it_is_known_what_becomes_of_it() {
    let server = AskedServer::with_outcome("pass").await;
    let asking = Asking::start(&server).await;
    let (story, ann, mona) = (&asking.story, &asking.ann, &asking.mona);
    ann.replies(story, "One.").await;
    assert_eq!(fates(mona).await, [1, 0, 0, 0, 1]);
    asking.app.check().await;
    asking.run().await;
    assert_eq!(fates(mona).await, [1, 1, 0, 0, 0]);
    server.says(outcome_is("hold"));
    ann.replies(story, "Two.").await;
    asking.run().await;
    assert_eq!(fates(mona).await, [2, 1, 1, 0, 0]);
    server.says(outcome_is("spam"));
    ann.replies(story, "Three.").await;
    asking.run().await;
    assert_eq!(fates(mona).await, [3, 1, 1, 1, 0]);
    assert_eq!(totals(mona).await["held_by_rule"], json!({"outside": 2}));
    asking.app.check().await;

    // a new text is asked about instead of the former one; what people decided about waited for them
    server.says(Says::Status("503 Busy"));
    let edited = ann.replies(story, "Four.").await;
    let edited = ann.edits(&edited, "Four, said better.").await;
    mona.decides(&ann.replies(story, "Five.").await, "approve").await;
    ann.withdraws(&ann.replies(story, "Six.").await).await;
    assert_eq!(fates(mona).await, [6, 1, 3, 1, 1]);
    assert_eq!(agreement(mona).await, [1, 0, 0, 0]);
    asking.run().await;
    asking.app.check().await;
    asking.app.pass(HOUR);
    asking.run().await;
    let mona = asking.app.sign_in("mona", PASSWORD).await;
    assert_eq!(fates(&mona).await, [6, 1, 4, 1, 0]);
    assert_eq!(totals(&mona).await["held_by_rule"], json!({"outside": 2}), "nobody asked for it");
    // what not all looked at is no agreement
    let edited = Reply { version: edited.version + 1, ..edited };
    mona.decides(&edited, "approve").await;
    assert_eq!(agreement(&mona).await, [1, 0, 0, 0]);
    asking.app.check().await;
}

#[actix_web::test]
async fn an_edit_is_no_other_reply() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let reply = ann.replies(&story, "Fine words.").await;
    assert_eq!(ann.edits(&reply, "At the casino.").await.state, "pending");
    assert_eq!(fates(&mona).await, [1, 1, 0, 0, 0]);
    assert_eq!(totals(&mona).await["held_by_rule"], json!({}));
    app.check().await;
}

/// The author of a refused reply appeals, and somebody decides about that.
async fn appealed(ann: &Person, judge: &Person, refused: &Reply, ruling: &str) {
    let body = json!({"text": "It is meant as a joke."});
    let appeal = ann.post(format!("/api/v1/replies/{}/appeal", refused.id)).json(body).expect(201).await.json();
    let path = format!("/api/v1/moderation/appeals/{}/decision", appeal["appeal"]["id"].as_str().unwrap());
    let body = json!({"ruling": ruling, "version": refused.version + 1, "reasons": "Read again, calmly."});
    judge.post(path).json(body).expect(201).await;
}

#[actix_web::test]
async fn an_appeal_counts_and_its_outcome_is_the_last_word() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let otto = blog.moderator("otto").await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let first = mona.decides(&ann.replies(&story, "One.").await, "reject").await;
    let second = mona.decides(&ann.replies(&story, "Two.").await, "reject").await;
    let spam = ann.replies(&story, "Buy pills.").await;
    assert_eq!(agreement(&mona).await, [0, 2, 0, 0]);
    appealed(&ann, &otto, &first, "overturned").await;
    assert_eq!(agreement(&mona).await, [1, 1, 0, 0]);
    appealed(&ann, &otto, &second, "upheld").await;
    assert_eq!(agreement(&mona).await, [1, 1, 0, 0]);
    // rules alone had refused it
    appealed(&ann, &otto, &spam, "overturned").await;
    assert_eq!(agreement(&mona).await, [1, 1, 1, 0]);
    let totals = totals(&mona).await;
    assert_eq!(totals["appeals"], json!({"filed": 3, "overturned": 2, "upheld": 1}));
    assert_eq!(totals["decisions"], json!({"reject": 2, "overturn_appeal": 2, "uphold_appeal": 1}));
    app.check().await;
}

#[actix_web::test]
async fn what_its_author_did_not_change_in_time_counts_apart() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let reply = ann.replies(&story, "Fine words.").await;
    mona.deciding(&reply, "return", json!({"message": "Say it otherwise."})).expect(201).await;
    app.pass(8 * 24 * HOUR);
    rejoinder::jobs::waits::end_due(&app.state).await.unwrap();
    let totals = totals(&app.sign_in("mona", PASSWORD).await).await;
    assert_eq!((&totals["decisions"], &totals["lapsed"]), (&json!({"return": 1}), &json!(1)));
    app.check().await;
}

/// Decides about many, and undoes it if wanted.
async fn at_once(app: &App, mona: &Person, reply: &Reply, is_undone: bool) {
    let items = json!([{"id": reply.id, "version": reply.version}]);
    let body = json!({"action": "reject", "reason": "off_topic", "items": items});
    let bulk = mona.post("/api/v1/moderation/bulk").json(body).expect(202).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    if is_undone {
        mona.post(format!("{}/undo", bulk.header("location").unwrap())).expect(202).await;
        rejoinder::jobs::run_due(&app.state).await.unwrap();
    }
}

#[actix_web::test]
async fn reports_count_under_what_came_of_them_at_last() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let (bob, cleo) = (app.reader("bob").await, app.reader("cleo").await);
    let reply = ann.replies(&story, "One.").await;
    bob.reports(&reply, "abuse").await;
    // in place of the first
    bob.reports(&reply, "spam").await;
    let closed = async || totals(&mona).await["closed_reports"].clone();
    assert_eq!(closed().await, json!({"moot": 1}));
    at_once(&app, &mona, &reply, true).await;
    assert_eq!(closed().await, json!({"moot": 1}), "what is undone closed nothing");
    let reply = Reply { version: reply.version + 2, ..reply };
    let reply = mona.decides(&reply, "approve").await;
    assert_eq!(closed().await, json!({"dismissed": 1, "moot": 1}));
    cleo.reports(&reply, "spam").await;
    assert_eq!(closed().await, json!({"dismissed": 1, "held_back": 1, "moot": 1}));
    app.check().await;
    let reply = mona.decides(&reply, "reject").await;
    assert_eq!(closed().await, json!({"moot": 1, "upheld": 2}), "a later decision turned them");
    mona.decides(&reply, "approve").await;
    assert_eq!(closed().await, json!({"dismissed": 2, "moot": 1}));
    assert_eq!(totals(&mona).await["reports"], json!({"abuse": 1, "spam": 2}));
    app.check().await;
}

#[actix_web::test]
async fn a_report_for_the_public_tells_of_notices_and_of_what_holds_everywhere() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann, bob) = (blog.story("s1").await, app.reader("ann").await, app.reader("bob").await);
    let reply = ann.replies(&story, "He took bribes.").await;
    bob.post(format!("/api/v1/replies/{}/notices", reply.id)).json(notice()).expect(201).await;
    app.pass(HOUR);
    let mona = app.sign_in(&mona.username, PASSWORD).await;
    let item = mona.get("/api/v1/moderation/notices?site=blog").expect(200).await.json()["items"][0].clone();
    mona.deciding_notice(&item, kept(&item["version"])).expect(201).await;
    let admin = app.sign_in(&blog.admin.username, PASSWORD).await;
    let ban = json!({"kind": "ban", "reason": "rude"});
    admin.post(format!("/api/v1/accounts/{}/sanctions", ann.id)).json(ban).expect(201).await;
    let report = mona.get("/api/v1/sites/blog/transparency-report").expect(200).await.json();
    let median = report["notices"]["median_seconds"].as_u64().unwrap();
    assert!((3_600..=4_320).contains(&median), "{median}");
    let notices =
        json!({"received": {"defamation": 1}, "decided": {"kept": 1}, "automated": 1, "median_seconds": median});
    assert_eq!(report["notices"], notices);
    assert_eq!((&report["sanctions"], &report["sanctions_everywhere"]), (&json!({}), &json!({"ban": 1})));
    let csv = mona.get("/api/v1/sites/blog/transparency-report?format=csv").expect(200).await.text();
    for line in ["notices,defamation,1", "decided_notices,kept,1", "sanctions_everywhere,ban,1"] {
        assert!(csv.contains(&format!("\r\n{line}\r\n")), "{line}: {csv}");
    }
    let earlier = mona.get("/api/v1/sites/blog/transparency-report?to=2026-11-22").expect(200).await.json();
    assert_eq!(earlier["sanctions_everywhere"], json!({}));
    app.check().await;
}

/// A bit of everything that is counted.
async fn busy_day(app: &App) -> Person {
    let (blog, mona) = blog(app).await;
    let otto = blog.moderator("otto").await;
    let (story, ann, bob) = (blog.story("s1").await, app.reader("ann").await, app.reader("bob").await);
    let public = ann.replies(&story, "Fine words.").await;
    bob.reports(&public, "abuse").await;
    bob.post(format!("/api/v1/replies/{}/notices", public.id)).json(notice()).expect(201).await;
    app.pass(Duration::from_secs(90));
    let item = mona.get("/api/v1/moderation/notices?site=blog").expect(200).await.json()["items"][0].clone();
    mona.deciding_notice(&item, kept(&item["version"])).expect(201).await;
    mona.decides(&public, "approve").await;
    mona.decides(&ann.replies(&story, "At the casino.").await, "approve").await;
    ann.replies(&story, "Buy pills at the casino.").await;
    let refused = mona.decides(&ann.replies(&story, "Other words.").await, "reject").await;
    appealed(&ann, &otto, &refused, "overturned").await;
    let returned = ann.replies(&story, "Again words.").await;
    mona.deciding(&returned, "return", json!({"message": "Say it otherwise."})).expect(201).await;
    let warn = json!({"site": "blog", "kind": "warn", "reason": "rude", "message": "Be kind."});
    mona.post(format!("/api/v1/accounts/{}/sanctions", bob.id)).json(warn).expect(201).await;
    app.pass(8 * 24 * HOUR);
    rejoinder::jobs::waits::end_due(&app.state).await.unwrap();
    app.check().await;
    app.sign_in("mona", PASSWORD).await
}

#[actix_web::test]
async fn sums_that_an_older_program_did_not_keep_are_mended() {
    let app = App::start().await;
    let mona = busy_day(&app).await;
    let before = totals(&mona).await;
    // what nothing but the sums tells stays
    app.execute(
        "DELETE FROM day_counts WHERE measure NOT IN ('waited', 'received'); \
         UPDATE day_counts SET number = number + 3 WHERE measure = 'received'",
    )
    .await;
    assert_ne!(totals(&mona).await, before);
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(totals(&mona).await, before);
    app.check().await;

    // from then on the last days
    let warn = json!({"site": "blog", "kind": "warn", "reason": "rude", "message": "Be kind."});
    let ann = app.sign_in("ann", PASSWORD).await;
    mona.post(format!("/api/v1/accounts/{}/sanctions", ann.id)).json(warn).expect(201).await;
    app.execute("DELETE FROM day_counts WHERE day IN (SELECT max(day) FROM day_counts)").await;
    app.pass(24 * HOUR);
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    app.check().await;
}

#[actix_web::test]
async fn what_happened_before_there_were_sums_is_summed_too() {
    let app = App::start().await;
    let mona = busy_day(&app).await;
    let before = totals(&mona).await;
    let tree = if app.read(|conn| conn.is_pg()).await { "postgres" } else { "sqlite" };
    for (folder, script) in [("28_sums", "down"), ("27_statistics", "down"), ("27_statistics", "up"), ("28_sums", "up")]
    {
        let folder = format!("{}/migrations/{tree}/2026-11-26-0000{folder}", env!("CARGO_MANIFEST_DIR"));
        app.execute(&std::fs::read_to_string(format!("{folder}/{script}.sql")).unwrap()).await;
    }
    let app = app.another(&[]).await;
    let mona = Person { app: app.clone(), ..mona };
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    app.check().await;
    let mut after = totals(&mona).await;
    // how long replies waited is forgotten
    assert_eq!(after["decision_time"]["median_seconds"], Value::Null);
    for forgotten in ["decision_time", "decided_within"] {
        after[forgotten] = before[forgotten].clone();
    }
    assert_eq!(after, before);
}

/// A chart that is one, whoever shows it where: nothing in it does anything or is styled.
async fn chart(person: &Person, path: &str) -> String {
    let answer = person.get(format!("/api/v1/sites/blog/{path}")).expect(200).await;
    assert_eq!(answer.header("content-type"), Some("image/svg+xml"));
    let svg = answer.text();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
    for never in ["style", "<script", "href", "onload="] {
        assert!(!svg.contains(never), "{never}: {svg}");
    }
    svg
}

#[actix_web::test]
async fn what_happened_is_drawn_as_it_is_told() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let name = "<b>Mona</b> & \"co\"";
    mona.patch("/api/v1/me").json(json!({"display_name": name})).expect(200).await;
    let held = [ann.replies(&story, "At the casino.").await, ann.replies(&story, "No casino here.").await];
    ann.replies(&story, "Fine words.").await;
    app.pass(HOUR);
    let (mona, ann) = (app.sign_in("mona", PASSWORD).await, app.sign_in("ann", PASSWORD).await);
    mona.decides(&held[0], "reject").await;
    mona.decides(&held[1], "approve").await;
    let of = async |of: &str| chart(&mona, &format!("statistics/chart?of={of}")).await;
    for (name, title, texts) in [
        (
            "replies",
            "Replies by day, 2026-10-25 to 2026-11-23: 3 in all; Public at once 1, Waited for a moderator 2, ",
            3,
        ),
        ("received", "Waited for a moderator 2, Public at once 1, Put away as spam 0", 8),
        ("rules", "Words 2.", 2),
        ("decisions", "Approve 1, Reject 1.", 4),
        ("reasons", "Off topic 1.", 2),
        ("decision_time", "Within 6 hours", 12),
        ("agreement", "Rules flagged, held or put it away - People refused 1, People approved 1.", 10),
        ("moderators", "Who decided", 2),
    ] {
        let svg = of(name).await;
        let said = svg.split(['>', '<']).nth(4).unwrap();
        assert!(said.contains(title), "{name}: {said}");
        assert!(svg.matches("<text ").count() >= texts + 2, "{name}: {svg}");
    }
    let people = of("moderators").await;
    assert!(people.contains("&lt;b&gt;Mona&lt;/b&gt; &amp;") && !people.contains("<b>"), "{people}");
    for none in ["reports", "closed_reports", "appeals", "sanctions", "notices", "decided_notices"] {
        assert!(of(none).await.contains("Nothing to show."), "{none}");
    }
    // decisions by their time are those of the decisions, and the table has them as well
    let within = totals(&mona).await["decided_within"].clone();
    assert_eq!(within.as_object().unwrap().values().filter_map(Value::as_i64).sum::<i64>(), 2, "{within}");
    assert_eq!((&within["hour"], &within["minute"]), (&json!(2), &json!(0)), "{within}");
    for query in ["", "?of=secrets", "?of=replies&from=2025-11-22", "?of=replies&from=2026-11-24", "?of=replies&day=1"]
    {
        mona.get(format!("/api/v1/sites/blog/statistics/chart{query}")).refused("invalid_query").await;
    }
    ann.get("/api/v1/sites/blog/statistics/chart?of=replies").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn a_report_is_drawn_without_names() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    mona.decides(&ann.replies(&story, "At the casino.").await, "reject").await;
    let svg = chart(&mona, "transparency-report/chart?of=decisions&from=2026-11-23").await;
    assert!(svg.contains("<title>Decisions by people, 2026-11-23: Reject 1.</title>"), "{svg}");
    let earlier = chart(&mona, "transparency-report/chart?of=decisions&to=2026-11-22").await;
    assert!(earlier.contains("Nothing to show."), "{earlier}");
    for query in ["of=moderators", "of=replies", "of=decisions&to=2026-10-01&from=2026-10-02"] {
        mona.get(format!("/api/v1/sites/blog/transparency-report/chart?{query}")).refused("invalid_query").await;
    }
    ann.get("/api/v1/sites/blog/transparency-report/chart?of=decisions").refused("not_found").await;
}

#[actix_web::test]
async fn what_a_policy_would_do_and_how_good_the_classifier_was_is_drawn() {
    let app = App::start().await;
    let (blog, mona) = blog(&app).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let public = ann.replies(&story, "Buy my umbrella.").await;
    ann.replies(&story, "Fine words.").await;
    mona.decides(&public, "reject").await;
    let run = blog.simulates(json!({"policy": {"words": {"hold": ["umbrella"]}}})).await;
    let path = format!("policy/runs/{}/chart", run["id"].as_str().unwrap());
    let svg = chart(&mona, &path).await;
    assert!(svg.contains("Tried on 2 former replies") && svg.contains("And they would be caught 1"), "{svg}");
    let rerun = blog.reruns().await;
    mona.get(format!("/api/v1/sites/blog/policy/runs/{}/chart", rerun["id"].as_str().unwrap()))
        .refused("not_found")
        .await;
    ann.get(format!("/api/v1/sites/blog/{path}")).refused("not_found").await;
    let svg = chart(&mona, "moderation/classifier/chart").await;
    assert!(svg.contains("How good the classifier was"), "{svg}");
    ann.get("/api/v1/sites/blog/moderation/classifier/chart").refused("not_found").await;
}
