//! What rules do to replies, and how that is told.

use std::time::Duration;

use rejoinder::{domain::timestamp::Timestamp, judging::near_index::catch_up};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site},
    app::{App, Request},
    together::together,
};

async fn trace(moderator: &Person, reply: &Reply) -> Value {
    moderator.get(format!("/api/v1/moderation/replies/{}/trace", reply.id)).expect(200).await.json()
}

/// What a rule said last of a reply, other than that it found nothing.
async fn said(moderator: &Person, reply: &Reply, rule: &str) -> Vec<String> {
    let trace = trace(moderator, reply).await;
    let findings = trace["verdicts"][0]["findings"].as_array().unwrap().iter();
    let asks = findings.filter(|finding| finding["rule"] == rule && finding["outcome"] != "pass");
    asks.map(|finding| finding["words"].as_str().unwrap().to_owned()).collect()
}

async fn blog_with(app: &App, policy: Value) -> Site {
    let blog = app.site("blog").await;
    blog.policy(policy).await;
    blog
}

#[actix_web::test]
async fn the_strictest_finding_decides_and_all_of_them_are_told() {
    let app = App::start().await;
    let policy = json!({"words": {"hold": ["ca sino"], "spam": ["viagra"]}});
    let blog = blog_with(&app, policy).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);

    let plain = ann.replies(&story, "A plain answer.").await;
    let flagged = ann.replies(&story, "NOBODY EVER LISTENS TO ME HERE").await;
    let held = ann.replies(&story, "The *ca*  **sino** is NEAR, AND NOBODY EVER LISTENS TO ME").await;
    let spam = ann.replies(&story, "Buy v i a g r a and viágra").await;
    let states = [&plain, &flagged, &held, &spam].map(|reply| reply.state.as_str());
    assert_eq!(states, ["approved", "approved", "pending", "spam"]);

    let queue = |name: &'static str| mona.queue(&blog, name);
    let ids = |items: Vec<Value>| items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(queue("flagged").await), [&*flagged.id]);
    assert_eq!(ids(queue("spam").await), [&*spam.id]);
    let item = queue("pending").await.remove(0);
    assert_eq!((&item["id"], &item["decided_by"]), (&json!(held.id), &json!("rules")));
    assert_eq!(item["findings"].as_array().unwrap().len(), 1, "only what decided: {item}");
    assert_eq!(item["findings"][0]["spans"], json!([{"start": 5, "end": 16}]));

    let trace = trace(&mona, &held).await;
    let verdict = &trace["verdicts"][0];
    assert_eq!(
        (&verdict["outcome"], &verdict["decided_by"], &verdict["policy_version"]),
        (&json!("hold"), &json!("rules"), &json!(1))
    );
    let rules: Vec<_> =
        verdict["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["words", "links", "repeats", "pace", "history", "shape", "classifier"]);
    assert_eq!(verdict["body"], "The *ca*  **sino** is NEAR, AND NOBODY EVER LISTENS TO ME");
    assert_eq!(trace["decisions"][0]["action"], "post");
    app.check().await;
}

#[actix_web::test]
async fn the_author_sees_the_state_and_nothing_of_the_rules() {
    let app = App::start().await;
    let blog = blog_with(&app, json!({"words": {"hold": ["secretword"]}})).await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let posted = ann.posting(&story, "This has the secretword in it").expect(201).await;
    let mine = ann.get(format!("/api/v1/stories/{}/mine", story.id)).expect(200).await;
    for answer in [posted.text(), mine.text()] {
        assert!(answer.contains("pending"), "{answer}");
        for hidden in ["finding", "verdict", "rule", "score", "listed", "decided_by", "flagged"] {
            assert!(!answer.contains(hidden), "{hidden}: {answer}");
        }
    }
    let id = posted.json()["id"].as_str().unwrap().to_owned();
    ann.get(format!("/api/v1/moderation/replies/{id}/trace")).refused("not_found").await;
}

#[actix_web::test]
async fn who_is_flagged_is_public_and_waits_until_a_moderator_approves() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "NOBODY EVER LISTENS TO ME HERE").await;
    let counts =
        || async { mona.get("/api/v1/moderation/counts?site=blog").expect(200).await.json()["items"][0].clone() };
    assert_eq!((story.count().await, &counts().await["flagged"]), (1, &json!(1)));
    // an edit of one's own is no way out of the queue
    let edited = ann.edits(&reply, "I take that back.").await;
    assert_eq!(counts().await["flagged"], 1);
    let item = mona.queue(&blog, "flagged").await.remove(0);
    assert!(item["flagged_at"].is_string() && item["state"] == "approved", "{item}");
    let approved = mona.decides(&edited, "approve").await;
    assert_eq!((approved.state.as_str(), &counts().await["flagged"]), ("approved", &json!(0)));
    // what a moderator refuses leaves it too, and what he wrote himself
    let refused = ann.replies(&story, "NOBODY EVER LISTENS TO ME, NOBODY").await;
    let changed = ann.replies(&story, "NOBODY EVER LISTENS TO ME, I SAID").await;
    assert_eq!(counts().await["flagged"], 2);
    mona.decides(&refused, "reject").await;
    mona.edits(&changed, "(Shouting removed.)").await;
    assert_eq!(counts().await["flagged"], 0);
    app.check().await;
}

#[actix_web::test]
async fn an_edit_is_judged_like_a_new_reply() {
    let app = App::start().await;
    let blog = blog_with(&app, json!({"words": {"hold": ["casino"], "spam": ["viagra"]}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "A plain answer.").await;
    let held = ann.edits(&reply, "A casino answer.").await;
    assert_eq!(held.state, "pending");
    // what waits goes on waiting, and the trace says why
    let waiting = ann.edits(&held, "A plain answer again.").await;
    let told = trace(&mona, &waiting).await;
    assert_eq!((waiting.state.as_str(), &told["verdicts"][0]["decided_by"]), ("pending", &json!("waiting")));
    assert_eq!(told["verdicts"].as_array().unwrap().len(), 3);
    assert_eq!(told["verdicts"][1]["body"], "A casino answer.");
    let spam = ann.edits(&waiting, "A viagra answer.").await;
    assert_eq!(spam.state, "spam");
    // rules refuse nobody: it counts for nothing against the author
    assert_eq!(said(&mona, &ann.replies(&story, "Another one.").await, "history").await, [""; 0]);
    app.check().await;
}

#[actix_web::test]
async fn what_people_of_the_site_write_is_told_and_not_held() {
    let app = App::start().await;
    let blog = blog_with(&app, json!({"words": {"spam": ["viagra"]}})).await;
    let (story, kc, mona) = (blog.story("s1").await, blog.author("columnist").await, blog.moderator("mona").await);
    let reply = kc.replies(&story, "About viagra, a report.").await;
    assert_eq!(reply.state, "approved");
    let told = trace(&mona, &reply).await;
    assert_eq!(
        (&told["verdicts"][0]["outcome"], &told["verdicts"][0]["decided_by"]),
        (&json!("spam"), &json!("staff"))
    );
    let edited = mona.edits(&reply, "About viagra, a long report.").await;
    assert_eq!(edited.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn the_same_text_again_waits_and_so_do_near_copies() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, bob, mona) =
        (blog.story("s1").await, app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let other = blog.story("s2").await;
    let text = "Hello dear friends, I have earned nine thousand dollars last month from home with this simple \
        method, no experience needed at all, just visit my page today and read how everything works in ten minutes";
    let first = ann.replies(&story, text).await;
    let again = ann.replies(&other, text).await;
    let knowledge = async |reply: &Reply| trace(&mona, reply).await["verdicts"][0]["knowledge"].clone();
    assert_eq!(knowledge(&first).await, json!({"lessons": 0, "shared_lessons": 0, "compared": 0}));
    assert_eq!(knowledge(&again).await["compared"], 1);
    assert_eq!((first.state.as_str(), again.state.as_str()), ("approved", "pending"));
    let words = said(&mona, &again, "repeats").await;
    assert!(words.iter().any(|words| words == &format!("the author's own reply {} again", first.id)), "{words:?}");
    let near = bob.replies(&other, &text.replace("nine", "TEN").replace("friends", "fr\u{456}ends")).await;
    assert_eq!(near.state, "pending");
    assert!(said(&mona, &near, "repeats").await[0].starts_with("nearly the same as reply "));
    // short texts may be said twice, and the same on another site or a day later
    ann.replies(&story, "Thanks!").await;
    assert_eq!(ann.replies(&other, "Thanks!").await.state, "approved");
    let elsewhere = app.site("other").await.story("s1").await;
    assert_eq!(bob.replies(&elsewhere, text).await.state, "approved");
    app.pass(Duration::from_secs(24 * 3_600 + 10));
    let bob = app.sign_in("bob", crate::actors::PASSWORD).await;
    assert_eq!(bob.replies(&story, &text.replace("nine", "eleven")).await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn another_instance_finds_copies_once_it_has_caught_up() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let text = "Hello dear friends, I have earned nine thousand dollars last month from home with this simple \
        method, no experience needed at all, just visit my page today and read how everything works in ten minutes";
    ann.replies(&story, text).await;
    let restarted = app.another(&[]).await;
    let bob = restarted.reader("bob").await;
    let there = crate::actors::Story { app: restarted.clone(), id: story.id.clone() };
    assert_eq!(bob.replies(&there, &text.replace("nine", "ten")).await.state, "approved");
    catch_up(&restarted.state, Timestamp::from_micros(0)).await.unwrap();
    assert_eq!(bob.replies(&there, &text.replace("nine", "twelve")).await.state, "pending");
}

#[actix_web::test]
async fn another_instance_finds_copies_of_what_was_edited_once_it_has_caught_up() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let early = ann.replies(&story, "A plain answer.").await;
    app.pass(Duration::from_secs(10));
    ann.replies(&story, "Another one.").await;
    let other = app.another(&[]).await;
    let bob = other.reader("bob").await;
    let there = crate::actors::Story { app: other.clone(), id: story.id.clone() };
    let seen = catch_up(&other.state, Timestamp::from_micros(0)).await.unwrap();
    let text = "Hello dear friends, I have earned nine thousand dollars last month from home with this simple \
        method, no experience needed at all, just visit my page today and read how everything works in ten minutes";
    ann.edits(&early, text).await;
    catch_up(&other.state, seen).await.unwrap();
    assert_eq!(bob.replies(&there, &text.replace("nine", "ten")).await.state, "pending");
}

#[actix_web::test]
async fn too_many_replies_wait_by_author_story_and_address() {
    let app = App::start().await;
    let blog = blog_with(&app, json!({"pace": {"author_minute": 2, "trusted_from": 3, "trusted_times": 2}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    for (number, expected) in [(1, "approved"), (2, "approved"), (3, "pending")] {
        assert_eq!(ann.replies(&story, &format!("Number {number}")).await.state, expected);
    }
    app.pass(Duration::from_secs(61));
    // an edit is no further reply; and whoever is trusted may do more
    let reply = ann.replies(&story, "Number 4").await;
    for number in 5..=7 {
        assert_eq!(
            ann.edits(&Reply { version: number - 4, ..reply.clone() }, &format!("Number {number}")).await.state,
            "approved"
        );
    }
    for (number, expected) in [(8, "approved"), (9, "approved"), (10, "approved"), (11, "pending")] {
        let reply = ann.replies(&story, &format!("Number {number}")).await;
        assert_eq!(reply.state, expected, "{number} {:?}", said(&mona, &reply, "pace").await);
    }

    blog.policy(json!({"pace": {"story_minute": 2, "address_hour": 3}})).await;
    let quiet = blog.story("s2").await;
    let from = |person: Person, address: &'static str, number: usize| {
        let quiet = quiet.clone();
        async move { person.posting(&quiet, &format!("N {number}")).from(address).expect(201).await.json()["state"].clone() }
    };
    let (bob, cara) = (app.reader("bob").await, app.reader("cara").await);
    assert_eq!(from(bob.clone(), "203.0.113.7", 1).await, "approved");
    assert_eq!(from(cara.clone(), "203.0.113.7", 2).await, "approved");
    assert_eq!(from(bob.clone(), "203.0.113.8", 3).await, "pending", "the story's third in a minute");
    app.pass(Duration::from_secs(61));
    assert_eq!(from(cara.clone(), "203.0.113.7", 4).await, "approved");
    app.pass(Duration::from_secs(61));
    assert_eq!(from(bob, "203.0.113.7", 5).await, "pending", "the address's fourth in an hour");
    assert_eq!(from(cara, "203.0.113.9", 6).await, "approved");
    app.check().await;
}

#[actix_web::test]
async fn what_comes_from_an_address_counts_on_its_site_alone() {
    let app = App::start().await;
    let (ann, mut stories) = (app.reader("ann").await, Vec::new());
    for name in ["first", "second"] {
        let site = app.site(name).await;
        site.policy(json!({"pace": {"address_hour": 2}})).await;
        stories.push(site.story("s1").await);
    }
    let mut states = Vec::new();
    for (index, number) in [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (1, 6)] {
        states.push(ann.replies(&stories[index], &format!("Number {number}")).await.state);
    }
    assert_eq!(states, ["approved", "approved", "pending", "approved", "approved", "pending"]);
    app.check().await;
}

#[actix_web::test]
async fn of_several_at_once_each_counts_those_before_it() {
    const AT_ONCE: usize = 8;
    let app = App::start().await;
    let mut people = Vec::new();
    for number in 0..AT_ONCE {
        people.push(app.reader(&format!("reader{number}")).await);
    }
    let stories_of = async |name: &'static str, policy: Value| {
        let (site, mut stories) = (app.site(name).await, Vec::new());
        site.policy(policy).await;
        for number in 0..AT_ONCE {
            stories.push(site.story(&format!("s{number}")).await);
        }
        stories
    };
    let approved = async |requests: Vec<Request>| {
        let answers = together(requests).await;
        let states: Vec<Value> = answers.iter().map(|answer| answer.json()["state"].clone()).collect();
        assert!(states.iter().all(|state| state == "approved" || state == "pending"), "{states:?}");
        states.iter().filter(|state| *state == "approved").count()
    };
    let text = |number: usize| format!("Number {number}");

    let stories = stories_of("story", json!({"pace": {"story_hour": 3}})).await;
    let to_one_story = people.iter().enumerate().map(|(number, person)| person.posting(&stories[0], &text(number)));
    assert_eq!(approved(to_one_story.collect()).await, 3);

    let stories = stories_of("address", json!({"pace": {"address_hour": 3}})).await;
    let from_one_address = (0..AT_ONCE).map(|number| people[number].posting(&stories[number], &text(number)));
    assert_eq!(approved(from_one_address.collect()).await, 3);

    let ann = &people[0];
    let stories = stories_of("author", json!({"pace": {"author_hour": 3}})).await;
    let of_one_author = (0..AT_ONCE).map(|number| ann.posting(&stories[number], &text(number)));
    assert_eq!(approved(of_one_author.collect()).await, 3);

    let stories = stories_of("repeats", json!({})).await;
    let again = stories.iter().map(|story| ann.posting(story, "The same text in every story"));
    assert_eq!(approved(again.collect()).await, 1);
    let mut edits = Vec::new();
    for (number, story) in stories.iter().enumerate() {
        let reply = ann.replies(story, &text(number)).await;
        let body = json!({"body": "Another text in every story", "version": reply.version});
        edits.push(ann.patch(format!("/api/v1/replies/{}", reply.id)).json(body));
    }
    assert_eq!(approved(edits).await, 1);

    // many who wait for several of these come to an end
    let all = json!({"pace": {"story_hour": 3, "address_hour": 999, "author_hour": 999}});
    let stories = stories_of("all", all).await;
    let crossing =
        people[..4].iter().flat_map(|person| stories[..4].iter().map(move |story| person.posting(story, "I")));
    assert_eq!(approved(crossing.collect()).await, 12);
    app.check().await;
}

#[actix_web::test]
async fn newcomers_have_fewer_links_and_who_was_refused_often_waits() {
    let app = App::start().await;
    let blog = blog_with(&app, json!({"links": {"newcomer_max": 0, "newcomer_below": 2, "max": 1}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let link = |number: usize| format!("See https://a.example/{number} for what I mean by that");
    let first = ann.replies(&story, &link(1)).await;
    assert_eq!(first.state, "pending");
    mona.decides(&first, "approve").await;
    ann.replies(&story, "No link.").await;
    assert_eq!(ann.replies(&story, &link(2)).await.state, "approved");
    for number in 0..2 {
        let reply = ann.replies(&story, &format!("Rude {number}")).await;
        assert_eq!(reply.state, "approved");
        mona.decides(&reply, "reject").await;
    }
    let held = ann.replies(&story, "Polite").await;
    assert_eq!(said(&mona, &held, "history").await, ["2 of the 3 last decisions of seven days refused a reply"]);
    app.pass(Duration::from_secs(8 * 24 * 3_600));
    let ann = app.sign_in("ann", crate::actors::PASSWORD).await;
    assert_eq!(ann.replies(&story, "Polite again").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn a_policy_that_cannot_be_read_lets_nothing_through() {
    let app = App::start().await;
    let blog = blog_with(&app, json!({"links": {"max": 1}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    // as an older program sees what a newer one wrote
    app.execute("UPDATE policies SET body = '{\"telepathy\": {}}'").await;
    let reply = ann.replies(&story, "A plain answer.").await;
    assert_eq!(reply.state, "pending");
    let told = trace(&mona, &reply).await;
    assert_eq!(told["verdicts"][0]["decided_by"], "not_run");
    let item = mona.queue(&blog, "pending").await.remove(0);
    assert_eq!(item["not_run"][0], json!({"rule": "words", "why": "failed"}));
    app.check().await;
}

#[actix_web::test]
async fn a_policy_that_changes_while_a_reply_is_judged_counts_and_after_two_changes_it_waits() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let change = |words: Value| blog.policy(json!({"words": {"spam": words}}));
    let post = |text: &'static str| {
        let request = ann.posting(&story, text);
        actix_web::rt::spawn(async move { request.expect(201).await.json() })
    };
    // a snapshot looks at the author after it has seen which policy the site has
    let (reached, go_on) = app.pause_at("coalesce(a.display_name, a.username, '')");
    let posted = post("about casinos one");
    reached.await.unwrap();
    change(json!(["casinos"])).await;
    go_on.send(()).unwrap();
    assert_eq!(posted.await.unwrap()["state"], "spam");

    let (reached, go_on) = app.pause_at("coalesce(a.display_name, a.username, '')");
    let posted = post("about casinos two");
    reached.await.unwrap();
    change(json!([])).await;
    // the second one reads the new policy, which changes once more
    let is_pg = app.read(|conn| conn.is_pg()).await;
    let (again, go_on_again) = app.pause_at(if is_pg { "FROM \"policies\"" } else { "FROM `policies`" });
    go_on.send(()).unwrap();
    again.await.unwrap();
    change(json!(["poker"])).await;
    go_on_again.send(()).unwrap();
    let view = posted.await.unwrap();
    assert_eq!(view["state"], "pending");
    let item = mona.queue(&blog, "pending").await.remove(0);
    assert_eq!((&item["id"], &item["decided_by"]), (&view["id"], &json!("changed")));
    app.check().await;
}

#[actix_web::test]
async fn many_replies_of_one_author_at_once_are_judged_and_none_waits_for_that() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann) = (blog.story("s1").await, app.reader("ann").await);
    let posts = (0..16).map(|number| ann.posting(&story, &format!("Number {number}")));
    let states: Vec<Value> = together(posts).await.iter().map(|answer| answer.json()["state"].clone()).collect();
    assert!(states.iter().all(|state| state == "approved"), "{states:?}");
    app.check().await;
}
