//! Modes, queues and decisions.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Site, Story},
    app::App,
    together::{together, with_status},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Sizes of a site's queues: pending, reported, spam, approved, rejected.
async fn counts(moderator: &Person, site: &Site) -> [i64; 5] {
    let path = format!("/api/v1/moderation/counts?site={}", site.key);
    let view = moderator.get(path).expect(200).await.json();
    let names = ["pending", "reported", "spam", "approved", "rejected"];
    for name in names {
        let listed = moderator.queue(site, name).await.len();
        assert_eq!(view["items"][0][name], json!(listed), "{name}");
    }
    names.map(|name| view["items"][0][name].as_i64().unwrap())
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// A reply in this state.
async fn reply_in(state: &str, writer: &Person, moderator: &Person, story: &Story) -> Reply {
    let reply = writer.replies(story, "Hm.").await;
    match state {
        "approved" => moderator.decides(&reply, "approve").await,
        "rejected" => moderator.decides(&reply, "reject").await,
        "spam" => moderator.decides(&reply, "spam").await,
        "returned" => moderator.decides(&reply, "return").await,
        "withdrawn" => {
            writer.withdraws(&reply).await;
            Reply { version: 2, state: "withdrawn".into(), ..reply }
        }
        _ => reply,
    }
}

#[actix_web::test]
async fn who_waits_depends_on_the_mode_of_the_story_or_else_the_site() {
    let app = App::start().await;
    for (site_mode, story_mode, expected) in [
        ("pre", None, "pending"),
        ("post", None, "approved"),
        ("trusted", None, "pending"),
        ("pre", Some("post"), "approved"),
        ("post", Some("pre"), "pending"),
    ] {
        let key = format!("{site_mode}-{}", story_mode.unwrap_or("own"));
        let site = app.site_with(&key, json!({"moderation_mode": site_mode})).await;
        let story = site.story_with("s1", json!({"moderation_mode": story_mode})).await;
        let (ann, mona) = (app.reader(&format!("ann-{key}")).await, site.moderator(&format!("mona-{key}")).await);
        assert_eq!(ann.replies(&story, "Hello.").await.state, expected, "{key}");
        assert_eq!(mona.replies(&story, "Hello.").await.state, "approved", "{key}");
        assert_eq!(site.admin.replies(&story, "Hello.").await.state, "approved", "{key}");
    }
    app.check().await;
}

#[actix_web::test]
async fn trust_grows_with_approvals_on_the_site_and_a_rejection_suspends_it_for_a_week() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "trusted", "trusted_after": 2})).await;
    let other = app.site_with("other", json!({"moderation_mode": "trusted"})).await;
    let (story, elsewhere) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    for _ in 0..2 {
        let reply = ann.replies(&story, "Hello.").await;
        assert_eq!(reply.state, "pending");
        mona.decides(&reply, "approve").await;
    }
    let trusted = ann.replies(&story, "Hello.").await;
    assert_eq!(trusted.state, "approved");
    assert_eq!(ann.replies(&elsewhere, "Hello.").await.state, "pending");
    mona.decides(&trusted, "reject").await;
    assert_eq!(ann.replies(&story, "Hello.").await.state, "pending");
    app.pass(7 * DAY - Duration::from_secs(60));
    let ann = app.sign_in("ann", PASSWORD).await;
    assert_eq!(ann.replies(&story, "Hello.").await.state, "pending");
    app.pass(Duration::from_secs(60));
    assert_eq!(ann.replies(&story, "Hello.").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn the_queues_count_exactly_after_each_step() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    assert_eq!(counts(&mona, &blog).await, [0, 0, 0, 0, 0]);
    let (one, two) = (ann.replies(&story, "One.").await, ann.replies(&story, "Two.").await);
    assert_eq!(counts(&mona, &blog).await, [2, 0, 0, 0, 0]);
    let one = mona.decides(&one, "approve").await;
    assert_eq!(counts(&mona, &blog).await, [1, 0, 0, 1, 0]);
    bob.reports(&one, "abuse").await;
    mona.reports(&one, "spam").await;
    assert_eq!(counts(&mona, &blog).await, [1, 1, 0, 1, 0]);
    let two = mona.decides(&two, "spam").await;
    assert_eq!(counts(&mona, &blog).await, [0, 1, 1, 1, 0]);
    let one = mona.decides(&one, "approve").await;
    assert_eq!(counts(&mona, &blog).await, [0, 0, 1, 1, 0]);
    // whoever reported it before may not, so a new report comes from somebody else
    blog.admin.reports(&one, "misinformation").await;
    assert_eq!(counts(&mona, &blog).await, [0, 1, 1, 1, 0]);
    let one = mona.decides(&one, "reject").await;
    assert_eq!(counts(&mona, &blog).await, [0, 0, 1, 0, 1]);
    let two = mona.decides(&two, "restore").await;
    assert_eq!(counts(&mona, &blog).await, [1, 0, 0, 0, 1]);
    ann.withdraws(&two).await;
    assert_eq!(counts(&mona, &blog).await, [0, 0, 0, 0, 1]);
    let one = mona.decides(&one, "approve").await;
    assert_eq!(ann.edits(&one, "One, edited.").await.state, "pending");
    assert_eq!(counts(&mona, &blog).await, [1, 0, 0, 0, 0]);
    app.check().await;
}

#[actix_web::test]
async fn queues_are_ordered_filtered_and_paged() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let (story, other) = (blog.story("s1").await, blog.story("s2").await);
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let mut posted = Vec::new();
    for number in 0..4 {
        posted.push(ann.replies(&story, &format!("Ann {number}.")).await.id);
        posted.push(bob.replies(&other, &format!("Bob {number}.")).await.id);
    }
    let list = async |query: &str| -> Vec<String> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/moderation/replies?queue=pending&limit=3{query}{cursor}");
            let page = mona.get(path).expect(200).await.json();
            found.extend(ids(page["items"].as_array().unwrap()).into_iter().map(str::to_owned));
            let Some(next) = page["next_cursor"].as_str() else { return found };
            cursor = format!("&cursor={next}");
        }
    };
    let reversed: Vec<String> = posted.iter().rev().cloned().collect();
    let of_ann: Vec<String> = posted.iter().step_by(2).cloned().collect();
    assert_eq!(list("").await, posted);
    assert_eq!(list("&sort=newest").await, reversed);
    assert_eq!(list(&format!("&story_id={}", story.id)).await, of_ann);
    assert_eq!(list(&format!("&author_id={}", ann.id)).await, of_ann);
    assert!(list(&format!("&author_id={}&story_id={}", ann.id, other.id)).await.is_empty());
    let first = mona.get("/api/v1/moderation/replies?queue=pending&limit=3").expect(200).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    for foreign in ["queue=spam", "queue=pending&sort=newest", "queue=pending&site=blog"] {
        mona.get(format!("/api/v1/moderation/replies?{foreign}&cursor={cursor}")).refused("invalid_cursor").await;
    }
}

#[actix_web::test]
async fn what_waits_is_ordered_by_how_long_it_has_waited() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let (bob, cat) = (app.reader("bob").await, app.reader("cat").await);
    let mut written = Vec::new();
    for text in ["One.", "Two.", "Three."] {
        written.push(ann.replies(&story, text).await);
        app.pass(Duration::from_secs(1));
    }
    // reported in another order than they were written in, and the second of them most
    for (reporter, index) in [(&bob, 2), (&bob, 0), (&bob, 1), (&cat, 1)] {
        reporter.reports(&written[index], "abuse").await;
        app.pass(Duration::from_secs(1));
    }
    let list = async |query: &str| -> Vec<usize> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/moderation/replies?limit=2&{query}{cursor}");
            let page = mona.get(path).expect(200).await.json();
            for item in page["items"].as_array().unwrap() {
                found.extend(written.iter().position(|reply| item["id"] == *reply.id));
            }
            let Some(next) = page["next_cursor"].as_str() else { return found };
            cursor = format!("&cursor={next}");
        }
    };
    assert_eq!(list("queue=reported&sort=oldest").await, [2, 0, 1]);
    assert_eq!(list("queue=reported&sort=newest&site=blog").await, [1, 0, 2]);
    assert_eq!(list("queue=reported").await, [1, 2, 0], "the most reported, and then the last written");
    // refused and put back, it waits anew, whenever it was written
    for index in [1, 2, 0] {
        let spam = mona.decides(&written[index], "spam").await;
        app.pass(Duration::from_secs(1));
        mona.decides(&spam, "restore").await;
        app.pass(Duration::from_secs(1));
    }
    for (query, expected) in [
        ("queue=pending".to_owned(), [1, 2, 0]),
        ("queue=pending&sort=oldest".to_owned(), [1, 2, 0]),
        ("queue=pending&sort=newest".to_owned(), [0, 2, 1]),
        (format!("queue=pending&sort=oldest&story_id={}", story.id), [0, 1, 2]),
        (format!("queue=pending&sort=newest&author_id={}", ann.id), [2, 1, 0]),
    ] {
        assert_eq!(list(&query).await, expected, "{query}");
    }
    let next = mona.post("/api/v1/moderation/next?queue=pending&sort=oldest&count=3").expect(200).await.json();
    assert_eq!(next["items"][0]["id"], *written[1].id, "as work is handed out");
    app.check().await;
}

#[actix_web::test]
async fn the_most_reported_come_first() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let (bob, cat) = (app.reader("bob").await, app.reader("cat").await);
    let mut replies = Vec::new();
    for reporters in [&[&bob][..], &[&bob, &cat, &mona], &[], &[&cat, &mona]] {
        let reply = ann.replies(&story, "Hm.").await;
        for reporter in reporters {
            reporter.reports(&reply, "abuse").await;
        }
        replies.push(reply);
    }
    let reported = mona.queue(&blog, "reported").await;
    assert_eq!(ids(&reported), [&*replies[1].id, &replies[3].id, &replies[0].id]);
    assert_eq!(reported[0]["open_reports"], 3);
    app.check().await;
}

#[actix_web::test]
async fn a_moderator_of_two_sites_sees_both_at_once_and_no_third() {
    let app = App::start().await;
    let mut sites = Vec::new();
    for key in ["one", "two", "three"] {
        sites.push(app.site_with(key, json!({})).await);
    }
    let (ann, mona) = (app.reader("ann").await, sites[0].moderator("mona").await);
    sites[1].admin.put(format!("/api/v1/sites/two/roles/{}/moderator", mona.id)).expect(204).await;
    let mut posted = Vec::new();
    for site in &sites {
        posted.push(ann.replies(&site.story("s1").await, "Hello.").await.id);
    }
    let all = async |person: &Person| {
        let items = person.get("/api/v1/moderation/replies?queue=pending").expect(200).await.json()["items"].clone();
        let counted = person.get("/api/v1/moderation/counts").expect(200).await.json()["items"].clone();
        let keys: Vec<String> =
            counted.as_array().unwrap().iter().map(|row| row["site"].as_str().unwrap().to_owned()).collect();
        let found: Vec<String> = ids(items.as_array().unwrap()).into_iter().map(str::to_owned).collect();
        (found, keys)
    };
    assert_eq!(all(&mona).await, (posted[..2].to_vec(), vec!["one".to_owned(), "two".to_owned()]));
    assert_eq!(all(&sites[2].admin).await.0, posted);
    // suspended on one of them, that one is out of sight
    let path = format!("/api/v1/accounts/{}/sanctions", mona.id);
    sites[1].admin.post(path).json(json!({"site": "two", "kind": "ban", "reason": "rude"})).expect(201).await;
    assert_eq!(all(&mona).await, (posted[..1].to_vec(), vec!["one".to_owned()]));
    app.check().await;
}

#[actix_web::test]
async fn an_item_shows_all_that_a_decision_needs() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let commentary = json!({"label": "KC's View", "author_name": "Kevin", "body": "I think so."});
    let story = blog.story_with("s1", json!({"headline": "Eggs", "commentary": commentary})).await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let top = bob.replies(&story, "Top.").await;
    let middle = ann.answers(&top, "Middle.").await;
    let reply = ann.answers(&middle, "*Frist.*").await;
    let reply = ann.edits(&reply, "*First.*").await;
    bob.post(format!("/api/v1/replies/{}/reports", reply.id))
        .json(json!({"reason": "other", "text": "It is third."}))
        .expect(204)
        .await;
    let refused = mona.decides(&ann.replies(&story, "Spam.").await, "spam").await;
    let item = mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
    assert_eq!(item, mona.queue(&blog, "reported").await[0]);
    assert_eq!((&item["body"], &item["body_html"]), (&json!("*First.*"), &json!("<p><em>First.</em></p>\n")));
    assert_eq!((&item["revision"], &item["version"], &item["state"]), (&json!(2), &json!(2), &json!("approved")));
    assert_eq!((&item["story"]["headline"], &item["story"]["commentary_label"]), (&json!("Eggs"), &json!("KC's View")));
    let author = &item["author"];
    assert_eq!((&author["username"], &author["id"]), (&json!("ann"), &json!(ann.id)));
    let history = json!({"pending": 0, "approved": 2, "rejected": 0, "spam": 1, "withdrawn": 0, "returned": 0});
    assert_eq!(author["replies"], history);
    assert!(author["created_at"].is_string());
    assert_eq!(ids(item["ancestors"].as_array().unwrap()), [&*top.id, &middle.id]);
    assert_eq!((&item["parent_id"], &item["answered_revision"]), (&json!(middle.id), &json!(1)));
    let report = &item["reports"][0];
    assert_eq!((&report["text"], &report["reporter_username"]), (&json!("It is third."), &json!("bob")));
    assert_eq!(report["revision"], 2);
    let actions: Vec<&Value> = item["decisions"].as_array().unwrap().iter().map(|row| &row["action"]).collect();
    assert_eq!(actions, ["edit", "post"]);
    assert_eq!(refused.state, "spam");
    app.check().await;
}

#[actix_web::test]
async fn each_decision_leads_where_the_table_says() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let always = [Some("approved"), Some("rejected"), Some("spam")];
    for (from, [approve, reject, spam], restore, back) in [
        ("pending", always, None, Some("returned")),
        ("approved", always, Some("pending"), Some("returned")),
        ("rejected", always, Some("pending"), None),
        ("spam", always, Some("pending"), None),
        ("returned", always, Some("pending"), None),
        ("withdrawn", [None; 3], None, None),
    ] {
        let decisions =
            [("approve", approve), ("reject", reject), ("spam", spam), ("restore", restore), ("return", back)];
        for (action, to) in decisions {
            let reply = reply_in(from, &ann, &mona, &story).await;
            assert_eq!(reply.state, from);
            match to {
                Some(to) => {
                    let decided = mona.decides(&reply, action).await;
                    assert_eq!((decided.state.as_str(), decided.version), (to, reply.version + 1), "{from} {action}");
                }
                None => {
                    let more = match action {
                        "reject" => json!({"reason": "abuse"}),
                        "return" => json!({"message": "Otherwise."}),
                        _ => json!({}),
                    };
                    let problem = mona.deciding(&reply, action, more).refused("state_conflict").await;
                    assert_eq!(problem["current"]["state"], from, "{from} {action}");
                }
            }
        }
    }
    app.check().await;
}

#[actix_web::test]
async fn a_rejection_has_a_reason_and_nothing_else_has() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hm.").await;
    for (action, more) in [
        ("reject", json!({})),
        ("reject", json!({"reason": "boring"})),
        ("approve", json!({"reason": "abuse"})),
        ("spam", json!({"message": "Do not."})),
        ("delete", json!({})),
        ("approve", json!({"note": "\u{7}"})),
        ("approve", json!({"note": "x".repeat(2_001)})),
    ] {
        mona.deciding(&reply, action, more).refused("invalid_fields").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn of_a_hundred_decisions_at_once_one_counts_and_the_others_are_told() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, mona, max) = (app.reader("ann").await, blog.moderator("mona").await, blog.moderator("max").await);
    let reply = ann.replies(&story, "Hm.").await;
    let deciders = [(&mona, "approve"), (&max, "spam")];
    let answers =
        together((0..100).map(|n| deciders[n % 2]).map(|(who, action)| who.deciding(&reply, action, json!({})))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (1, 99));
    let won = answers.iter().position(|answer| answer.status == 201).unwrap();
    let (winner, action) = deciders[won % 2];
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        let current = answer.json()["current"].clone();
        assert_eq!((&current["version"], &current["last_action"]), (&json!(2), &json!(action)));
        assert_eq!(current["last_actor_id"], json!(winner.id));
        assert!(current["last_action_at"].is_string());
    }
    let log = mona.get(format!("/api/v1/sites/blog/log?reply_id={}", reply.id)).expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    app.check().await;
}

#[actix_web::test]
async fn withdrawing_a_refused_reply_gives_no_trust_back() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "trusted", "trusted_after": 1})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    mona.decides(&ann.replies(&story, "First.").await, "approve").await;
    assert_eq!(ann.replies(&story, "Known now.").await.state, "approved");
    let refused = mona.decides(&ann.replies(&story, "Too much.").await, "reject").await;
    assert_eq!(ann.replies(&story, "Waits.").await.state, "pending");
    ann.withdraws(&refused).await;
    assert_eq!(ann.replies(&story, "Still waits.").await.state, "pending");
    // overturned, a refusal counts for nothing
    let other = mona.decides(&ann.replies(&story, "Another.").await, "spam").await;
    mona.decides(&other, "approve").await;
    app.pass(7 * DAY);
    let ann = app.sign_in("ann", PASSWORD).await;
    assert_eq!(ann.replies(&story, "A week later.").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn what_was_public_at_once_counts_as_approved() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "trusted", "trusted_after": 2})).await;
    let lively = blog.story_with("lively", json!({"moderation_mode": "post"})).await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&lively, "One.").await;
    assert_eq!(ann.replies(&story, "Waits.").await.state, "pending");
    ann.replies(&lively, "Two.").await;
    assert_eq!(ann.replies(&story, "Known now.").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn an_author_learns_what_was_decided_and_not_by_whom() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona, olga) = (app.reader("ann").await, blog.moderator("mona").await, blog.moderator("olga").await);
    let reply = ann.replies(&story, "Hm.").await;
    mona.decides(&reply, "reject").await;
    let told = ann.editing(&reply, "Hm!").refused("version_conflict").await;
    assert_eq!((&told["current"]["state"], &told["current"]["last_action"]), (&json!("rejected"), &json!("reject")));
    assert_eq!(told["current"]["last_actor_id"], Value::Null);
    let told = olga.deciding(&reply, "approve", json!({})).refused("version_conflict").await;
    assert_eq!(told["current"]["last_actor_id"], json!(mona.id));
    assert!(told["current"]["last_action_at"].is_string());
}

#[actix_web::test]
async fn a_decision_is_repeated_by_its_key_and_made_once() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hm.").await;
    let decide = || mona.deciding(&reply, "spam", json!({})).header("Idempotency-Key", "k1");
    let answers = together((0..12).map(|_| decide())).await;
    assert_eq!(with_status(&answers, 201), 12);
    let item = decide().expect(201).await.json();
    assert_eq!((&item["state"], &item["version"]), (&json!("spam"), &json!(2)));
    mona.deciding(&reply, "approve", json!({})).header("Idempotency-Key", "k1").refused("idempotency_mismatch").await;
    app.check().await;
}

#[actix_web::test]
async fn every_decision_against_a_reply_closes_its_reports() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.forgives().await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    for action in ["approve", "reject", "spam", "withdraw"] {
        let reply = ann.replies(&story, "Hm.").await;
        bob.reports(&reply, "abuse").await;
        match action {
            "withdraw" => ann.withdraws(&reply).await,
            action => drop(mona.decides(&reply, action).await),
        }
        let item = mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
        assert_eq!(item["open_reports"], 0, "{action}");
        assert!(item["reports"][0]["closed_at"].is_string(), "{action}");
    }
    assert_eq!(mona.queue(&blog, "reported").await.len(), 0);
    app.check().await;
}

#[actix_web::test]
async fn the_log_says_in_what_capacity_somebody_acted() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, kc, mona) = (app.reader("ann").await, blog.author("kc-harlow").await, blog.moderator("mona").await);
    let replies = [
        ("reader", ann.replies(&story, "A reader's.").await),
        ("author", kc.replies(&story, "An author's.").await),
        ("moderator", mona.replies(&story, "A moderator's.").await),
        ("admin", blog.admin.replies(&story, "An admin's.").await),
    ];
    for (kind, reply) in replies {
        let log = mona.get(format!("/api/v1/sites/blog/log?reply_id={}", reply.id)).expect(200).await.json();
        assert_eq!(log["items"][0]["actor_kind"], kind);
        blog.admin.decides(&reply, "approve").await;
        let log = mona.get(format!("/api/v1/sites/blog/log?reply_id={}", reply.id)).expect(200).await.json();
        assert_eq!((&log["items"][0]["actor_kind"], &log["items"][1]["actor_kind"]), (&json!("admin"), &json!(kind)));
    }
}

#[actix_web::test]
async fn numbers_of_queues_are_paged() {
    let app = App::start().await;
    let mut sites = Vec::new();
    for key in ["a", "b", "c", "d", "e"] {
        sites.push(app.site(key).await);
    }
    let mona = sites[0].moderator("mona").await;
    for site in &sites[1..4] {
        site.admin.put(format!("/api/v1/sites/{}/roles/{}/moderator", site.key, mona.id)).expect(204).await;
    }
    for (person, expected) in [(&sites[0].admin, vec!["a", "b", "c", "d", "e"]), (&mona, vec!["a", "b", "c", "d"])] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = person.get(format!("/api/v1/moderation/counts?limit=2{cursor}")).expect(200).await.json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["site"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected);
    }
}
