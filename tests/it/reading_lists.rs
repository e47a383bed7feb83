//! Counts of many stories, the newest of a site and of an account, and what is one's own.

use rejoinder::domain::ids::StoryId;
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply},
    app::App,
};

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// All items of a list, page by page.
async fn all(app: &App, path: &str, limit: usize, person: Option<&Person>) -> Vec<String> {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let request = app.get(format!("{path}?limit={limit}{cursor}"));
        let request = match person {
            Some(person) => request.bearer(&person.token),
            None => request,
        };
        let page = request.expect(200).await.json();
        assert!(ids(&page).len() <= limit);
        seen.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return seen,
        }
    }
}

#[actix_web::test]
async fn counts_are_found_by_id_external_id_and_url_and_unknown_ones_are_marked() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let first = blog.story_with("first", json!({"urls": ["https://blog.example/first", "https://b.example/1"]})).await;
    let second = blog.story("second").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let mut replies = Vec::new();
    for number in 0..3 {
        replies.push(ann.replies(&first, &format!("Number {number}")).await);
    }
    ann.answers(&replies[0], "Below").await;
    mona.decides(&replies[1], "spam").await;
    let unknown = StoryId(ann.id.parse().unwrap());

    let expected = json!({"items": [
        {"id": first.id, "is_known": true, "replies": 3},
        {"id": unknown, "is_known": false, "replies": 0},
        {"id": second.id, "is_known": true, "replies": 0},
        {"id": first.id, "external_id": "first", "is_known": true, "replies": 3},
        {"id": null, "external_id": "nope", "is_known": false, "replies": 0},
        {"id": first.id, "url": "HTTPS://B.example:443/1#x", "is_known": true, "replies": 3},
        {"id": null, "url": "https://blog.example/other", "is_known": false, "replies": 0},
        {"id": null, "url": "no url", "is_known": false, "replies": 0},
        {"id": first.id, "url": "https://blog.example/first?utm_source=x", "is_known": true, "replies": 3},
    ]});
    let query = format!(
        "site=blog&id={}&id={unknown}&external_id=first&external_id=nope&id={}&url=HTTPS%3A%2F%2FB.example:443/1%23x\
         &url=https://blog.example/other&url=no+url&url=https://blog.example/first?utm_source%3Dx",
        first.id, second.id
    );
    assert_eq!(app.get(format!("/api/v1/counts?{query}")).expect(200).await.json(), expected);
    let body = json!({
        "site": "blog",
        "id": [first.id, unknown, second.id],
        "external_id": ["first", "nope"],
        "url": ["HTTPS://B.example:443/1#x", "https://blog.example/other", "no url",
            "https://blog.example/first?utm_source=x"],
    });
    let posted = app.post("/api/v1/counts").json(body).expect(200).await;
    assert_eq!(posted.json(), expected);
    assert_eq!(posted.header("etag"), None);
    // the same story asked for twice is told twice
    let twice = app.get(format!("/api/v1/counts?id={0}&id={0}", first.id)).expect(200).await.json();
    assert_eq!(twice["items"].as_array().unwrap().len(), 2);
    assert_eq!(app.get("/api/v1/counts").expect(200).await.json(), json!({"items": []}));
    app.check().await;
}

#[actix_web::test]
async fn counts_are_bounded_and_refuse_what_they_do_not_know() {
    let app = App::start().await;
    app.site("blog").await;
    let many: Vec<String> = (0..500).map(|number| format!("s{number}")).collect();
    let body = json!({"site": "blog", "external_id": many});
    let counts = app.post("/api/v1/counts").json(body).expect(200).await.json();
    assert_eq!(counts["items"].as_array().unwrap().len(), 500);
    let urls: Vec<String> = (0..500).map(|number| format!("https://blog.example/{number}")).collect();
    app.post("/api/v1/counts").json(json!({"site": "blog", "url": urls})).expect(200).await;
    let more: Vec<String> = (0..501).map(|number| format!("s{number}")).collect();
    app.post("/api/v1/counts").json(json!({"site": "blog", "external_id": more})).refused("invalid_fields").await;
    app.post("/api/v1/counts").json(json!({"external_id": ["s1"]})).refused("invalid_fields").await;
    app.post("/api/v1/counts").json(json!({"site": "blog", "ids": []})).refused("invalid_fields").await;
    let unknown = json!({"site": "nope", "external_id": ["s1"], "url": ["https://blog.example/1", "nonsense"]});
    let counts = app.post("/api/v1/counts").json(unknown).expect(200).await.json();
    let items = counts["items"].as_array().unwrap();
    assert!(items.len() == 3 && items.iter().all(|item| item["is_known"] == false && item["replies"] == 0), "{counts}");
    for wrong in ["url=https://b.example/", "ids=1", "id=1", "site=a&site=b", "site=blog&limit=3"] {
        app.get(format!("/api/v1/counts?{wrong}")).refused("invalid_query").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn the_newest_of_a_site_and_of_an_account_are_paged_over_stories() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let stories = [blog.story("s1").await, blog.story("s2").await, other.story("s1").await];
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let mut by_ann: Vec<Reply> = Vec::new();
    for number in 0..9 {
        by_ann.push(ann.replies(&stories[number % 3], &format!("Number {number}")).await);
    }
    let below = bob.answers(&by_ann[0], "Below").await;
    let gone = mona.decides(&by_ann[4], "reject").await;
    let newest = |story_ids: &[&str], with_bob: bool| {
        let mut ids: Vec<String> = Vec::new();
        ids.extend(with_bob.then(|| below.id.clone()));
        let shown = by_ann.iter().rev().filter(|reply| reply.id != gone.id);
        ids.extend(shown.filter(|reply| story_ids.contains(&reply.story_id.as_str())).map(|reply| reply.id.clone()));
        ids
    };
    let [first, second, third] = stories.each_ref().map(|story| story.id.as_str());
    for limit in [1, 2, 3, 100] {
        let of_site = all(&app, "/api/v1/sites/blog/replies", limit, None).await;
        assert_eq!(of_site, newest(&[first, second], true));
        let of_other = all(&app, "/api/v1/sites/other/replies", limit, None).await;
        assert_eq!(of_other, newest(&[third], false));
        let of_ann = all(&app, &format!("/api/v1/accounts/{}/replies", ann.id), limit, None).await;
        assert_eq!(of_ann, newest(&[first, second, third], false));
    }
    app.check().await;
}

#[actix_web::test]
async fn what_is_mine_is_paged_and_nobody_elses() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "pre", "edit_window_secs": 300})).await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for number in 0..5 {
        mine.push(ann.replies(&story, &format!("Mine *{number}*")).await);
        let reply = bob.replies(&story, "Theirs").await;
        theirs.push(mona.decides(&reply, "approve").await);
    }
    for reply in &theirs[..4] {
        ann.recommends(reply).await;
    }
    let message = json!({"reason": "abuse", "message": "Be kind", "note": "for the log"});
    mona.deciding(&mine[1], "reject", message).expect(201).await;
    mona.decides(&mine[2], "approve").await;
    ann.withdraws(&mine[3]).await;

    let path = format!("/api/v1/stories/{}/mine", story.id);
    let page = ann.get(&path).expect(200).await;
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert_eq!(page.header("etag"), None);
    let page = page.json();
    let items = page["items"].as_array().unwrap();
    let states: Vec<&str> = items.iter().map(|item| item["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["pending", "rejected", "approved", "withdrawn", "pending"]);
    assert_eq!(items[0]["body"], "Mine *0*");
    assert_eq!(items[1]["message"], "Be kind");
    assert!(!page.to_string().contains("for the log"));
    let editable: Vec<bool> = items.iter().map(|item| !item["editable_until"].is_null()).collect();
    assert_eq!(editable, [true, false, true, false, true]);
    assert_eq!(page["recommended"].as_array().unwrap().len(), 4);
    assert_eq!(page["may_reply"], true);

    let mine: Vec<String> = mine.into_iter().map(|reply| reply.id).collect();
    for limit in [1, 2, 3, 5, 100] {
        assert_eq!(all(&app, &path, limit, Some(&ann)).await, mine, "{limit}");
    }
    let (mut recommended, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ann.get(format!("{path}?limit=2{cursor}")).expect(200).await.json();
        recommended.extend(page["recommended"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        // a cursor of one's own opens nothing for anybody else
        bob.get(format!("{path}?cursor={next}")).refused("invalid_cursor").await;
        cursor = format!("&cursor={next}");
    }
    assert_eq!(recommended, theirs[..4].iter().map(|reply| reply.id.clone()).collect::<Vec<_>>());
    assert_eq!(bob.mine(&story).await["recommended"], json!([]));
    assert_eq!(bob.mine(&story).await["items"].as_array().unwrap().len(), 5);
    app.get(&path).refused("unauthenticated").await;
    ann.get(format!("{path}?sort=top")).refused("invalid_query").await;
    blog.admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    assert_eq!(ann.mine(&story).await["may_reply"], false);
    app.check().await;
}

/// Every item of a list by its id, page by page, none of which is larger than a page may be.
async fn read_whole(request: impl Fn(&str) -> crate::app::Request, id: &str) -> (Vec<String>, usize) {
    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let response = request(&cursor).expect(200).await;
        assert!(response.body.len() <= 1024 * 1024, "{} bytes", response.body.len());
        let page = response.json();
        let items = page["items"].as_array().unwrap();
        assert!(!items.is_empty(), "no progress");
        seen.extend(items.iter().map(|item| item[id].to_string()));
        pages += 1;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (seen, pages),
        }
    }
}

#[actix_web::test]
async fn every_list_of_texts_ends_early_where_they_are_huge_and_loses_nothing() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let mut last = ann.replies(&story, "Top").await;
    for _ in 0..40 {
        last = ann.answers(&last, "Below").await;
    }
    for number in 0..30 {
        blog.story_with(
            &format!("more-{number}"),
            json!({"commentary": {"label": "L", "author_name": "K", "body": "B"}}),
        )
        .await;
    }
    let mut edited = last.clone();
    for _ in 0..30 {
        edited = mona.edits(&edited, "Again").await;
    }
    // rendering so much takes long in a debug build; quotation marks double in JSON
    let huge = "&quot;\"".repeat(5_000);
    app.execute(&format!("UPDATE replies SET body_html = '{huge}'")).await;
    app.execute(&format!("UPDATE commentaries SET body_html = '{huge}', body_source = '{huge}'")).await;
    app.execute(&format!("UPDATE revisions SET body_source = '{huge}'")).await;

    let site_replies = |cursor: &str| app.get(format!("/api/v1/sites/blog/replies?limit=100{cursor}"));
    let profile = |cursor: &str| app.get(format!("/api/v1/accounts/{}/replies?limit=100{cursor}", ann.id));
    let stories = |cursor: &str| app.get(format!("/api/v1/sites/blog/stories?limit=100{cursor}"));
    let mine = |cursor: &str| ann.get(format!("/api/v1/stories/{}/mine?limit=100{cursor}", story.id));
    let revisions =
        |cursor: &str| mona.get(format!("/api/v1/moderation/replies/{}/revisions?limit=100{cursor}", last.id));
    for (what, count, (seen, pages)) in [
        ("replies of a site", 41, read_whole(site_replies, "id").await),
        ("replies of an account", 41, read_whole(profile, "id").await),
        ("stories", 31, read_whole(stories, "id").await),
        ("mine", 41, read_whole(mine, "id").await),
        ("revisions", 30, read_whole(revisions, "revision").await),
    ] {
        assert!(pages > 1, "{what} fit into one page");
        assert_eq!(seen.len(), count, "{what}");
        assert_eq!(seen.iter().collect::<std::collections::BTreeSet<_>>().len(), count, "{what}");
    }
}

#[actix_web::test]
async fn a_queue_counts_the_texts_above_its_items() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let mut last = ann.replies(&story, "Top").await;
    for _ in 0..20 {
        last = ann.answers(&last, "Below").await;
    }
    for _ in 0..12 {
        ann.answers(&last, "The last").await;
    }
    let huge = "x".repeat(10_000);
    app.execute(&format!("UPDATE replies SET body_html = '{huge}'")).await;
    let queue = |cursor: &str| mona.get(format!("/api/v1/moderation/replies?queue=approved&limit=100{cursor}"));
    let (seen, pages) = read_whole(queue, "id").await;
    assert_eq!(seen.len(), 33);
    assert!(pages > 3, "{pages} pages");
    app.check().await;
}
