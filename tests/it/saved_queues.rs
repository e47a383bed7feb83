//! Saved queues: what filters take, who sees them, what is counted, and work handed out of them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site},
    app::App,
};

const PATH: &str = "/api/v1/moderation/saved-queues";

async fn save(person: &Person, request: Value) -> Value {
    person.post(PATH).json(request).expect(201).await.json()
}

/// A filter, saved; what is in it, by its texts.
async fn taken(person: &Person, filter: Value) -> Vec<String> {
    let saved = save(person, json!({"name": "One", "filter": filter})).await;
    let listed = listed(person, &saved, "").await;
    let count = &saved["count"];
    assert_eq!((count["number"].as_u64(), &count["is_exact"]), (Some(listed.len() as u64), &json!(true)), "{filter}");
    listed
}

/// All pages of a saved queue, by the texts.
async fn listed(person: &Person, saved: &Value, query: &str) -> Vec<String> {
    let path = format!("/api/v1/moderation/replies?saved_queue={}{query}", saved["id"].as_str().unwrap());
    let (mut texts, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(path.clone() + &cursor).expect(200).await.json();
        let items = page["items"].as_array().unwrap();
        texts.extend(items.iter().map(|item| item["body"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return texts,
        }
    }
}

const SPANISH: &str = "La ministra dijo que nadie le había preguntado nada sobre el informe antes de su publicación.";
const ENGLISH: &str = "The minister said that nobody had asked her about the report before it was published.";

/// Stories of two sections, with a reply each that waits; one by a newcomer, one in another language, one that shouts.
struct Busy {
    app: App,
    blog: Site,
    mona: Person,
    ann: Person,
    spanish: Reply,
    politics: String,
}

async fn busy() -> Busy {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    blog.forgives().await;
    let mona = blog.moderator("mona").await;
    let politics = blog.story_with("s1", json!({"section": "Politics", "tags": ["EU", "climate"]})).await;
    let sports = blog.story_with("s2", json!({"section": "Sports", "tags": ["EU"]})).await;
    let (ann, newcomer) = (app.reader("ann").await, app.reader("newcomer").await);
    mona.decides(&ann.replies(&politics, "The first of Ann's.").await, "approve").await;
    app.pass(Duration::from_secs(60));
    ann.replies(&politics, ENGLISH).await;
    app.pass(Duration::from_secs(60));
    let spanish = ann.replies(&sports, SPANISH).await;
    app.pass(Duration::from_secs(60));
    newcomer.replies(&sports, "I SHOUT AND I SHOUT AGAIN").await;
    Busy { app, blog, mona, ann, spanish, politics: politics.id }
}

#[actix_web::test]
async fn each_part_of_a_filter_takes_what_it_says() {
    let Busy { app, mona, ann, politics, .. } = busy().await;
    let shout = "I SHOUT AND I SHOUT AGAIN";
    let all = [ENGLISH, SPANISH, shout];
    for (filter, expected) in [
        (json!({}), &all[..]),
        (json!({"sites": ["blog"], "queues": ["pending"]}), &all),
        (json!({"sections": ["Politics"]}), &[ENGLISH]),
        (json!({"sections": ["Politics", "Sports"]}), &all),
        (json!({"tags": ["climate"]}), &[ENGLISH]),
        (json!({"tags": ["EU"]}), &all),
        // a tag is no part of another
        (json!({"tags": ["clim"]}), &[]),
        (json!({"stories": [politics]}), &[ENGLISH]),
        (json!({"authors": [ann.id]}), &[ENGLISH, SPANISH]),
        (json!({"languages": ["ES"]}), &[SPANISH]),
        (json!({"languages": ["es", "en"]}), &[ENGLISH, SPANISH]),
        (json!({"author_approved_below": 1}), &[shout]),
        (json!({"author_days_below": 1}), &all),
        (json!({"waiting_minutes": 2}), &[ENGLISH]),
        (json!({"rules": ["shape"]}), &[shout]),
        (json!({"rules": ["links"]}), &[]),
        (json!({"text": "nobody repORT"}), &[ENGLISH]),
        (json!({"text": "\"was published\""}), &[ENGLISH]),
        (json!({"text": "informe", "sections": ["Politics"]}), &[]),
        (json!({"queues": ["approved"]}), &["The first of Ann's."]),
        (json!({"queues": ["approved"], "text": "anna"}), &[]),
        (json!({"queues": ["approved"], "sections": ["Sports"]}), &[]),
        (json!({"queues": ["approved"], "languages": ["es"]}), &[]),
        (json!({"queues": ["approved"], "rules": ["shape"]}), &[]),
        (json!({"queues": ["approved"], "authors": [ann.id], "text": "first"}), &["The first of Ann's."]),
        (json!({"queues": ["spam", "rejected"]}), &[]),
    ] {
        assert_eq!(taken(&mona, filter.clone()).await, expected, "{filter}");
    }
    app.pass(Duration::from_secs(25 * 3_600));
    let mona = app.sign_in("mona", PASSWORD).await;
    assert_eq!(taken(&mona, json!({"author_days_below": 1})).await, [""; 0]);
    app.check().await;
}

#[actix_web::test]
async fn reports_and_flags_are_filtered_and_what_is_in_two_queues_comes_once() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "post"})).await;
    blog.forgives().await;
    let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let shouted = ann.replies(&story, "I SHOUT AND I SHOUT AGAIN").await;
    app.pass(Duration::from_secs(60));
    let said = ann.replies(&story, "Something rude.").await;
    bob.reports(&shouted, "spam").await;
    bob.reports(&said, "abuse").await;
    assert_eq!(taken(&mona, json!({"reasons": ["abuse"]})).await, ["Something rude."]);
    assert_eq!(taken(&mona, json!({"reasons": ["abuse", "spam"], "rules": ["shape"]})).await.len(), 1);
    assert_eq!(taken(&mona, json!({"queues": ["approved"], "reasons": ["spam"]})).await.len(), 1);
    let both = save(&mona, json!({"name": "Both", "filter": {"queues": ["reported", "flagged"]}})).await;
    assert_eq!(both["count"], json!({"number": 2, "is_exact": true}));
    for sort in ["oldest", "newest", "priority"] {
        assert_eq!(listed(&mona, &both, &format!("&sort={sort}&limit=1")).await.len(), 2, "{sort}");
    }
    assert_eq!(listed(&mona, &both, "&sort=newest&limit=1").await[0], "Something rude.");
    // decided, it is in neither
    mona.decides(&shouted, "approve").await;
    assert_eq!(listed(&mona, &both, "").await, ["Something rude."]);
}

#[actix_web::test]
async fn a_filter_that_takes_few_of_many_is_counted_and_paged_all_the_same() {
    let Busy { app, mona, blog, .. } = busy().await;
    let story = blog.story("many").await;
    let ann = app.reader("writer").await;
    for number in 0..45 {
        app.pass(Duration::from_secs(1));
        ann.replies(&story, &format!("{} number {number}", if number % 9 == 0 { "Rare" } else { "Common" })).await;
    }
    let rare = json!({"name": "Rare", "filter": {"text": "rare"}});
    let rare = save(&mona, rare).await;
    assert_eq!(rare["count"], json!({"number": 5, "is_exact": true}));
    let expected: Vec<String> = (0..5).map(|number| format!("Rare number {}", number * 9)).collect();
    assert_eq!(listed(&mona, &rare, "&limit=2").await, expected);
    let backwards: Vec<String> = expected.into_iter().rev().collect();
    assert_eq!(listed(&mona, &rare, "&limit=2&sort=newest").await, backwards);
}

#[actix_web::test]
async fn work_is_handed_out_of_a_saved_queue() {
    let Busy { mona, blog, spanish, .. } = busy().await;
    let otto = blog.moderator("otto").await;
    let shared = json!({"name": "Español", "filter": {"sites": ["blog"], "languages": ["es"]}, "is_shared": true});
    let shared = save(&mona, shared).await;
    let next = |person: &Person| {
        person.post(format!("/api/v1/moderation/next?count=5&saved_queue={}", shared["id"].as_str().unwrap()))
    };
    let ids =
        |work: &Value| work["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&next(&mona).expect(200).await.json()), [json!(spanish.id)]);
    assert_eq!(ids(&next(&otto).expect(200).await.json()), [Value::Null; 0], "it is held");
    mona.delete(format!("/api/v1/moderation/replies/{}/claim", spanish.id)).expect(204).await;
    assert_eq!(ids(&next(&otto).expect(200).await.json()), [json!(spanish.id)]);
    // of what was decided nothing is handed out
    let decided = save(&mona, json!({"name": "Decided", "filter": {"queues": ["approved"]}})).await;
    let path = format!("/api/v1/moderation/next?saved_queue={}", decided["id"].as_str().unwrap());
    mona.post(path).refused("state_conflict").await;
    for query in ["", "?queue=pending&saved_queue=0193a000-0000-7000-8000-000000000031"] {
        mona.post(format!("/api/v1/moderation/next{query}")).refused("invalid_query").await;
    }
}

#[actix_web::test]
async fn a_queue_is_seen_by_who_moderates_all_its_sites() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (mona, both, otto) =
        (blog.moderator("mona").await, blog.moderator("both").await, other.moderator("otto").await);
    let role = format!("/api/v1/sites/other/roles/{}/moderator", both.id);
    other.admin.put(&role).expect(204).await;
    let own = save(&mona, json!({"name": "Own", "filter": {}})).await;
    let here = save(&mona, json!({"name": "Here", "filter": {"sites": ["blog"]}, "is_shared": true})).await;
    let wide = json!({"name": "Wide", "filter": {"sites": ["blog", "other"]}, "assigned_to": [both.id]});
    let wide = save(&both, wide).await;
    let names =
        |page: Value| page["items"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect::<Vec<_>>();
    for (person, seen) in [(&mona, &["Own", "Here"][..]), (&both, &["Here", "Wide"]), (&otto, &[])] {
        assert_eq!(names(person.get(PATH).expect(200).await.json()), seen, "{}", person.id);
    }
    let of = |row: &Value| format!("{PATH}/{}", row["id"].as_str().unwrap());
    both.get(of(&own)).expect(404).await;
    otto.get(of(&wide)).expect(404).await;
    otto.get(format!("/api/v1/moderation/replies?saved_queue={}", own["id"].as_str().unwrap())).expect(404).await;
    // seen, it is not one's own to change; an admin may, of what others see
    let change = json!({"name": "Changed", "filter": {"sites": ["blog"]}});
    both.put(of(&here)).header("If-Match", "*").json(change.clone()).expect(403).await;
    blog.admin.put(of(&own)).header("If-Match", "*").json(change.clone()).expect(404).await;
    let changed = blog.admin.put(of(&here)).header("If-Match", "\"1\"").json(change.clone()).expect(200).await.json();
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Changed"), &json!(2)));
    let refused = mona.put(of(&here)).header("If-Match", "\"1\"").json(change.clone());
    assert_eq!(refused.refused("precondition_failed").await["version"], "2");
    mona.put(of(&here)).json(change).refused("precondition_required").await;
    // what is not shared any more is not seen
    both.get(of(&here)).expect(404).await;
    mona.delete(of(&here)).header("If-Match", "\"2\"").expect(204).await;
    mona.get(of(&here)).expect(404).await;
    // who moderates no more sees no more
    other.admin.delete(&role).expect(204).await;
    assert_eq!(both.get(of(&wide)).expect(200).await.json()["count"]["number"], json!(0), "one's own stays");
}

#[actix_web::test]
async fn what_is_wrong_with_a_filter_is_said_at_once() {
    let Busy { app, mona, .. } = busy().await;
    let elsewhere = app.site("elsewhere").await;
    let story = elsewhere.story("s1").await;
    let many: Vec<String> = (0..51).map(|number| format!("tag {number}")).collect();
    let wrong = json!({
        "queues": ["pending", "spam"], "sites": ["elsewhere"], "tags": many, "sections": ["a\"b"], "languages": ["xx"],
        "author_days_below": 0, "text": "?!", "stories": [],
    });
    let problem = mona.post(PATH).json(json!({"name": "Wrong", "filter": wrong})).refused("invalid_fields").await;
    let pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    let expected = ["/tags", "/queues", "/author_days_below", "/sections/0", "/languages/0", "/text"];
    assert_eq!(pointers, expected.map(|pointer| format!("/filter{pointer}")));
    // what is elsewhere is as unknown as what is nowhere
    let nowhere = "0193a000-0000-7000-8000-00000000dead";
    for filter in [
        json!({"sites": ["elsewhere"]}),
        json!({"sites": ["nowhere"]}),
        json!({"stories": [story.id]}),
        json!({"stories": [nowhere]}),
        json!({"authors": [nowhere]}),
    ] {
        let problem = mona.post(PATH).json(json!({"name": "Wrong", "filter": filter})).refused("invalid_fields").await;
        assert!(problem["errors"][0]["detail"].as_str().unwrap().starts_with("no such"), "{problem}");
    }
    for request in [
        json!({"name": "Wrong", "filter": {}, "is_shared": true}),
        json!({"name": "\u{200b}", "filter": {}}),
        json!({"name": "Wrong", "filter": {"sites": ["blog"]}, "assigned_to": [nowhere]}),
        json!({"name": "Wrong", "filter": {"queues": ["spam"], "waiting_minutes": 5}}),
        json!({"name": "Wrong", "filter": {"colour": "red"}}),
        json!({"name": "Wrong", "filter": {"text": "x".repeat(501)}}),
    ] {
        mona.post(PATH).json(request).expect(422).await;
    }
    // the same key makes one queue, and fifty are enough
    let request = || mona.post(PATH).header("Idempotency-Key", "one").json(json!({"name": "One", "filter": {}}));
    let first = request().expect(201).await.json();
    assert_eq!(request().expect(201).await.json()["id"], first["id"]);
    for number in 1..50 {
        save(&mona, json!({"name": format!("Number {number}"), "filter": {}})).await;
    }
    mona.post(PATH).json(json!({"name": "Too many", "filter": {}})).refused("state_conflict").await;
}

#[actix_web::test]
async fn stories_have_a_section_and_tags() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let path = "/api/v1/sites/blog/stories/s9";
    let put = |section: &str, tags: Value| {
        blog.admin.put(path).json(json!({"headline": "News", "section": section, "tags": tags}))
    };
    let story = put(" Politics ", json!(["EU", "climate", "EU "])).expect(201).await.json();
    assert_eq!((&story["section"], &story["tags"]), (&json!("Politics"), &json!(["EU", "climate"])));
    assert_eq!(app.get(path).expect(200).await.json()["tags"], json!(["EU", "climate"]));
    let too_many: Vec<String> = (0..31).map(|number| number.to_string()).collect();
    for (section, tags) in [("", json!([])), ("a\\b", json!([])), ("Ok", json!(["\u{7}"])), ("Ok", json!(too_many))] {
        put(section, tags).expect(422).await;
    }
    blog.admin.put(path).json(json!({"headline": "News"})).expect(200).await;
    let story = app.get(path).expect(200).await.json();
    assert_eq!((&story["section"], &story["tags"]), (&Value::Null, &json!([])), "what is absent is taken away");
}

#[actix_web::test]
async fn the_log_of_each_site_tells_what_was_done_with_a_queue_and_names_no_other_site() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    app.site("other").await;
    let boss = &blog.admin;
    let made = json!({"name": "One", "filter": {"queues": ["pending"], "sites": ["blog"]}});
    let saved = save(boss, made).await;
    let path = format!("{PATH}/{}", saved["id"].as_str().unwrap());
    let moved = json!({"name": "Two", "filter": {"queues": ["pending"], "sites": ["other"]}});
    boss.put(&path).header("If-Match", "\"1\"").json(moved).expect(200).await;
    boss.delete(&path).header("If-Match", "\"2\"").expect(204).await;
    let nowhere = save(boss, json!({"name": "Mine", "filter": {"queues": ["flagged"]}})).await;
    let log = async |path: &str| {
        let log = boss.get(format!("{path}?action=save_queue")).expect(200).await.json();
        log["items"].as_array().unwrap().clone()
    };
    let [changed, first] = &log("/api/v1/sites/blog/log").await[..] else { panic!("two rows") };
    assert_eq!((&first["details"]["before"], &first["details"]["after"]["id"]), (&Value::Null, &saved["id"]));
    assert_eq!(changed["details"], json!({"before": {"name": "One"}, "after": {"name": "Two"}}));
    assert_eq!(log("/api/v1/sites/other/log").await.len(), 1);
    assert_eq!(log("/api/v1/moderation/log").await[0]["details"]["after"]["id"], nowhere["id"]);
    let deleted = boss.get("/api/v1/sites/other/log?action=delete_queue").expect(200).await.json();
    assert_eq!(deleted["items"][0]["details"]["before"]["name"], "Two");
    app.check().await;
}
