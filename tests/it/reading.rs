//! Pages of threads: orders, bounds, cursors, tombstones, permanent links.

use rejoinder::{auth::keys::Keys, clock::Random, http::cursor::Cursors};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Story},
    app::App,
};

/// The ids of a list.
fn ids(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// All pages of a story's threads, as lists of top-level ids.
async fn all_pages(story: &Story, query: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = story.page(&format!("?{query}{cursor}")).await;
        pages.push(ids(&page).into_iter().map(str::to_owned).collect());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return pages,
        }
        assert!(pages.len() < 1_000, "pages without end");
    }
}

/// `count` top-level replies.
async fn post(person: &Person, story: &Story, count: usize) -> Vec<Reply> {
    let mut replies = Vec::new();
    for number in 0..count {
        replies.push(person.replies(story, &format!("Number {number}")).await);
    }
    replies
}

#[actix_web::test]
async fn each_order_puts_equals_in_a_fixed_order_across_pages() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, cat) = (app.reader("ann").await, app.reader("bob").await, app.reader("cat").await);
    let replies = post(&ann, &story, 7).await;
    let by = |order: &[usize]| order.iter().map(|index| replies[*index].id.clone()).collect::<Vec<_>>();
    for index in [1, 4] {
        bob.recommends(&replies[index]).await;
    }
    for index in [2, 4] {
        cat.recommends(&replies[index]).await;
    }
    for limit in [1, 2, 3, 7, 100] {
        let query = |sort: &str| format!("sort={sort}&limit={limit}");
        assert_eq!(all_pages(&story, &query("newest")).await.concat(), by(&[6, 5, 4, 3, 2, 1, 0]));
        assert_eq!(all_pages(&story, &query("oldest")).await.concat(), by(&[0, 1, 2, 3, 4, 5, 6]));
        assert_eq!(all_pages(&story, &query("top")).await.concat(), by(&[4, 2, 1, 6, 5, 3, 0]));
    }
    // all posted within one microsecond: the id decides
    app.execute("UPDATE replies SET created_at = (SELECT min(created_at) FROM replies)").await;
    let mut sorted: Vec<String> = replies.iter().map(|reply| reply.id.clone()).collect();
    sorted.sort();
    assert_eq!(all_pages(&story, "sort=oldest&limit=2").await.concat(), sorted);
    sorted.reverse();
    assert_eq!(all_pages(&story, "sort=newest&limit=2").await.concat(), sorted);
    assert_eq!(all_pages(&story, "sort=top&limit=2").await.concat().len(), 7);
    assert_eq!(all_pages(&story, "").await.concat(), sorted, "newest is the default");
    app.check().await;
}

#[actix_web::test]
async fn a_page_is_as_long_as_asked_for_and_bounded() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let first = ann.replies(&story, "First").await;
    for number in 0..5 {
        ann.answers(&first, &format!("Answer {number}")).await;
    }
    let path = format!("/api/v1/stories/{}/replies", story.id);
    for wrong in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=",
        "replies_per_thread=101",
        "replies_per_thread=-1",
        "limit=100&replies_per_thread=5",
        "limit=5&replies_per_thread=100",
        "replies_per_thread=10",
        "sort=best",
        "sort=Newest",
        "page=2",
        "limit=1&limit=2",
    ] {
        assert_eq!(app.get(format!("{path}?{wrong}")).refused("invalid_query").await["status"], 400, "{wrong}");
    }
    for right in ["limit=100&replies_per_thread=4", "limit=1", "limit=4&replies_per_thread=100", "replies_per_thread=9"]
    {
        app.get(format!("{path}?{right}")).expect(200).await;
    }
    for path in [format!("/api/v1/replies/{}", first.id), format!("/api/v1/replies/{}/below", first.id)] {
        for wrong in ["limit=0", "limit=101", "sort=top", "replies_per_thread=3"] {
            app.get(format!("{path}?{wrong}")).refused("invalid_query").await;
        }
    }
    let lengths = [(0, 0), (1, 1), (4, 4), (5, 5), (100, 5)];
    for (each, shown) in lengths {
        let page = story.page(&format!("?limit=1&replies_per_thread={each}")).await;
        let below = &page["items"][0]["below"];
        assert_eq!(ids(below).len(), shown);
        assert_eq!(below["next_cursor"].is_null(), shown == 5, "{each}");
    }
    assert_eq!(ids(&story.page("").await["items"][0]["below"]).len(), 3, "three is the default");
    app.check().await;
}

#[actix_web::test]
async fn below_goes_on_where_a_thread_ended_and_permanent_links_show_the_surroundings() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let top = ann.replies(&story, "Top").await;
    let first = bob.answers(&top, "First").await;
    let second = bob.answers(&top, "Second").await;
    let under_first = ann.answers(&first, "Under first").await;
    let deeper = bob.answers(&under_first, "Deeper").await;
    let reading = [&first, &under_first, &deeper, &second].map(|reply| reply.id.as_str());

    for each in 0..=4 {
        let page = story.page(&format!("?replies_per_thread={each}&limit=1")).await;
        let below = &page["items"][0]["below"];
        let mut seen: Vec<String> = ids(below).iter().map(|id| (*id).to_owned()).collect();
        let mut cursor = below["next_cursor"].as_str().map(str::to_owned);
        while let Some(next) = cursor {
            let path = format!("/api/v1/replies/{}/below?limit=1&cursor={next}", top.id);
            let more = app.get(path).expect(200).await.json();
            seen.extend(ids(&more).iter().map(|id| (*id).to_owned()));
            cursor = more["next_cursor"].as_str().map(str::to_owned);
        }
        assert_eq!(seen, reading, "with {each} in the page");
    }

    let link = app.get(format!("/api/v1/replies/{}?limit=1", under_first.id)).expect(200).await.json();
    let ancestors: Vec<&str> =
        link["ancestors"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ancestors, [top.id.as_str(), &first.id]);
    assert_eq!(ids(&link["below"]), [deeper.id.as_str()]);
    assert_eq!(link["below"]["next_cursor"], Value::Null);
    assert_eq!((&link["depth"], &link["replies"], &link["visible_below"]), (&json!(3), &json!(1), &json!(1)));
    assert_eq!(link["parent_id"], first.id.as_str());
    let link = app.get(format!("/api/v1/replies/{}?limit=2", top.id)).expect(200).await.json();
    assert_eq!(link["ancestors"], json!([]));
    assert_eq!((&link["replies"], &link["visible_below"]), (&json!(2), &json!(4)));
    let next = link["below"]["next_cursor"].as_str().unwrap();
    let more = app.get(format!("/api/v1/replies/{}/below?cursor={next}", top.id)).expect(200).await.json();
    assert_eq!(ids(&more), reading[2..]);
    app.check().await;
}

#[actix_web::test]
async fn a_removed_reply_with_public_ones_below_keeps_its_place_without_text_or_author() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let top = ann.replies(&story, "The unspeakable thing").await;
    let middle = bob.answers(&top, "Another").await;
    let leaf = bob.answers(&middle, "The leaf").await;
    bob.recommends(&top).await;
    let top = ann.edits(&top, "The unspeakable thing, edited").await;
    let rejected = mona.decides(&top, "reject").await;
    bob.withdraws(&middle).await;

    let page = app.get(format!("/api/v1/stories/{}/replies", story.id)).expect(200).await;
    assert!(!page.text().contains("unspeakable") && !page.text().contains("Another") && !page.text().contains("ann"));
    let page = page.json();
    let stone = &page["items"][0];
    assert_eq!(stone["id"], top.id.as_str());
    assert_eq!(stone["is_tombstone"], true);
    for field in ["author", "body_html", "edited_at"] {
        assert_eq!(stone[field], Value::Null, "{field}");
    }
    assert_eq!(
        (&stone["recommendations"], &stone["replies"], &stone["visible_below"]),
        (&json!(0), &json!(0), &json!(1))
    );
    assert_eq!(ids(&stone["below"]), [middle.id.as_str(), &leaf.id]);
    assert_eq!(stone["below"]["items"][0]["is_tombstone"], true);
    assert_eq!(page["story"]["replies"], 1);
    let link = app.get(format!("/api/v1/replies/{}", leaf.id)).expect(200).await.json();
    assert_eq!(link["ancestors"].as_array().unwrap().len(), 2);
    assert!(link["ancestors"].as_array().unwrap().iter().all(|ancestor| ancestor["author"].is_null()));
    app.get(format!("/api/v1/replies/{}", top.id)).expect(200).await;

    bob.withdraws(&leaf).await;
    assert_eq!(story.page("").await["items"], json!([]));
    for gone in [&top, &middle, &leaf] {
        app.get(format!("/api/v1/replies/{}", gone.id)).refused("not_found").await;
        app.get(format!("/api/v1/replies/{}/below", gone.id)).refused("not_found").await;
    }
    mona.decides(&rejected, "approve").await;
    assert_eq!(story.page("").await["items"][0]["body_html"], "<p>The unspeakable thing, edited</p>\n");
    app.check().await;
}

#[actix_web::test]
async fn past_32_levels_replies_stand_flat_and_name_what_they_answer_while_it_is_public() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let mut chain = vec![ann.replies(&story, "Level 1").await];
    for level in 2..=36 {
        chain.push(ann.answers(chain.last().unwrap(), &format!("Level {level}")).await);
    }
    let link = |reply: &Reply| app.get(format!("/api/v1/replies/{}", reply.id));
    let deepest = link(&chain[35]).expect(200).await.json();
    assert_eq!(deepest["depth"], 33);
    assert_eq!(deepest["parent_id"], chain[31].id.as_str());
    assert_eq!(deepest["in_reply_to"], chain[34].id.as_str());
    assert_eq!(deepest["ancestors"].as_array().unwrap().len(), 32);
    assert_eq!(deepest["below"], json!({"items": [], "next_cursor": null}));
    let level_32 = link(&chain[31]).expect(200).await.json();
    assert_eq!((&level_32["replies"], &level_32["visible_below"]), (&json!(4), &json!(4)));
    assert_eq!(link(&chain[0]).expect(200).await.json()["visible_below"], 35);

    ann.withdraws(&chain[34]).await;
    let deepest = link(&chain[35]).expect(200).await.json();
    assert_eq!(deepest["in_reply_to"], Value::Null);
    link(&chain[34]).refused("not_found").await;
    let level_32 = link(&chain[31]).expect(200).await.json();
    assert_eq!((&level_32["replies"], &level_32["visible_below"]), (&json!(3), &json!(3)));
    app.check().await;
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_own_list_alone() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, other) = (blog.story("s1").await, blog.story("s2").await);
    let ann = app.reader("ann").await;
    let replies = post(&ann, &story, 3).await;
    post(&ann, &other, 3).await;
    for number in 0..3 {
        ann.answers(&replies[0], &format!("Below {number}")).await;
        ann.answers(&replies[1], &format!("Below {number}")).await;
    }
    let page = story.page("?limit=1&sort=oldest&replies_per_thread=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let below = page["items"][0]["below"]["next_cursor"].as_str().unwrap();
    let threads = |story: &Story, sort: &str, cursor: &str| {
        app.get(format!("/api/v1/stories/{}/replies?sort={sort}&cursor={cursor}", story.id))
    };
    threads(&story, "oldest", cursor).expect(200).await;
    threads(&story, "newest", cursor).refused("invalid_cursor").await;
    threads(&story, "top", cursor).refused("invalid_cursor").await;
    threads(&other, "oldest", cursor).refused("invalid_cursor").await;
    threads(&story, "oldest", below).refused("invalid_cursor").await;
    app.get(format!("/api/v1/replies/{}/below?cursor={below}", replies[0].id)).expect(200).await;
    app.get(format!("/api/v1/replies/{}/below?cursor={below}", replies[1].id)).refused("invalid_cursor").await;
    app.get(format!("/api/v1/replies/{}/below?cursor={cursor}", replies[0].id)).refused("invalid_cursor").await;
    app.get(format!("/api/v1/sites/blog/replies?cursor={cursor}")).refused("invalid_cursor").await;
    app.get(format!("/api/v1/sites/blog/stories?cursor={cursor}")).refused("invalid_cursor").await;
    for position in 0..cursor.len() {
        let mut tampered = cursor.to_owned().into_bytes();
        tampered[position] = if tampered[position] == b'A' { b'B' } else { b'A' };
        threads(&story, "oldest", std::str::from_utf8(&tampered).unwrap()).refused("invalid_cursor").await;
    }
    for wrong in ["", "x", "%01", &cursor[1..], &format!("{cursor}A")] {
        threads(&story, "oldest", wrong).refused("invalid_cursor").await;
    }
    threads(&story, "oldest", &"A".repeat(801)).refused("invalid_query").await;
    // the same place sealed by a server with another key
    let place = (0, app.now(), replies[0].id.clone());
    let ours = app.state.cursors.seal(&format!("threads/{}/Oldest", story.id), &place);
    threads(&story, "oldest", &ours).expect(200).await;
    let theirs = Cursors::new(Keys::generate(&Random::system())).seal(&format!("threads/{}/Oldest", story.id), &place);
    threads(&story, "oldest", &theirs).refused("invalid_cursor").await;
    app.check().await;
}

#[actix_web::test]
async fn a_page_of_huge_texts_ends_early_and_loses_nothing() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let mut posted = Vec::new();
    for _ in 0..8 {
        let top = ann.replies(&story, "Top").await;
        for _ in 0..7 {
            posted.push(ann.answers(&top, "Below").await.id);
        }
        posted.push(top.id);
    }
    // rendering so much takes long in a debug build; quotation marks double in JSON
    let huge = "&quot;\"".repeat(7_000);
    app.execute(&format!("UPDATE replies SET body_html = '{huge}'")).await;
    let mut seen = Vec::new();
    let mut paths = vec![format!("/api/v1/stories/{}/replies?limit=50&replies_per_thread=9", story.id)];
    let mut requests = 0;
    while let Some(path) = paths.pop() {
        requests += 1;
        let response = app.get(&path).expect(200).await;
        assert!(response.body.len() <= 1024 * 1024, "{} bytes at {path}", response.body.len());
        let page = response.json();
        assert!(!ids(&page).is_empty(), "no progress at {path}");
        let base = path.split("&cursor=").next().unwrap().to_owned();
        paths.extend(page["next_cursor"].as_str().map(|next| format!("{base}&cursor={next}")));
        for item in page["items"].as_array().unwrap() {
            seen.push(item["id"].as_str().unwrap().to_owned());
            let Some(below) = item.get("below") else { continue };
            seen.extend(ids(below).iter().map(|id| (*id).to_owned()));
            let path = format!("/api/v1/replies/{}/below?limit=100", item["id"].as_str().unwrap());
            paths.extend(below["next_cursor"].as_str().map(|next| format!("{path}&cursor={next}")));
        }
    }
    assert!(requests >= 4, "{requests} requests read {} replies", seen.len());
    seen.sort();
    posted.sort();
    assert_eq!(seen, posted);
    app.check().await;
}

#[actix_web::test]
async fn all_that_a_page_shows_at_first_comes_in_one_answer() {
    let app = App::start().await;
    let site = app.site_with("blog", json!({"moderation_mode": "post", "name": "My blog", "colour": "#0b5394"})).await;
    let commentary = json!({"label": "KC's View", "author_name": "KC", "body": "So it is."});
    let story = site.story_with("s1", json!({"headline": "Teapots get smaller", "commentary": commentary})).await;
    let ann = app.reader("ann").await;
    let first = ann.replies(&story, "First").await;
    ann.answers(&first, "Below").await;
    ann.replies(&story, "Second").await;
    app.settle().await;
    let path = "/api/v1/sites/blog/stories/s1/discussion";
    let shown = app.get(format!("{path}?limit=1")).expect(200).await;
    assert!(shown.header("etag").is_some());
    let shown = shown.json();
    assert_eq!(
        (&shown["headline"], &shown["commentary"]["label"]),
        (&json!("Teapots get smaller"), &json!("KC's View"))
    );
    assert_eq!(shown["commentary"].get("body"), None, "the page shows it already");
    let of_site = &shown["site"];
    assert_eq!(
        (&of_site["key"], &of_site["name"], &of_site["colour"]),
        (&json!("blog"), &json!("My blog"), &json!("#0b5394"))
    );
    // the rest is that of the story's replies, and goes on there
    let replies = story.page("?limit=1").await;
    for part in ["story", "items", "next_cursor"] {
        assert_eq!(shown[part], replies[part], "{part}");
    }
    let next = shown["next_cursor"].as_str().unwrap();
    let rest = story.page(&format!("?limit=1&cursor={next}")).await;
    assert_eq!(rest["items"][0]["id"], json!(first.id));
    // a setting that is shown is shown at once, from every page in memory
    site.admin.patch("/api/v1/sites/blog").json(json!({"colour": "#38761d"})).expect(200).await;
    assert_eq!(app.get(format!("{path}?limit=1")).expect(200).await.json()["site"]["colour"], "#38761d");
    app.get(format!("{path}?cursor=x")).refused("invalid_query").await;
    app.get("/api/v1/sites/blog/stories/none/discussion").refused("not_found").await;
    app.get("/api/v1/sites/none/stories/s1/discussion").refused("not_found").await;
}
