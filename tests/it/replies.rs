//! Posting, previewing, editing and withdrawing replies.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Reply, Story},
    app::{App, Request, Response},
    together::{together, with_status},
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn once(person: &Person, story: &Story, key: &str, text: &str) -> Request {
    person.posting(story, text).header("Idempotency-Key", key)
}

fn id(answer: &Response) -> String {
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn fifty_posts_at_once_with_one_key_make_one_reply() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let answers = together((0..50).map(|_| once(&ann, &story, "k1", "Once."))).await;
    assert_eq!(with_status(&answers, 201), 50);
    let first = id(&answers[0]);
    for answer in &answers {
        assert_eq!(id(answer), first);
        assert_eq!(answer.header("Location").unwrap(), format!("/api/v1/replies/{first}"));
    }
    assert_eq!(story.count().await, 1);
    app.check().await;
}

#[actix_web::test]
async fn a_key_belongs_to_one_account_one_story_and_one_body() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, other) = (blog.story("s1").await, blog.story("s2").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let first = id(&once(&ann, &story, "k1", "Once.").expect(201).await);
    once(&ann, &story, "k1", "Twice.").refused("idempotency_mismatch").await;
    assert_eq!(id(&once(&ann, &story, "\"k1\"", "Once.").expect(201).await), first);
    for another in
        [once(&bob, &story, "k1", "Mine."), once(&ann, &other, "k1", "Once."), once(&ann, &story, "k2", "Once.")]
    {
        assert_ne!(id(&another.expect(201).await), first);
    }
    for wrong in ["", "a b", "\"", &"k".repeat(201), "\u{e4}"] {
        once(&ann, &story, wrong, "Once.").refused("invalid_header").await;
    }
    once(&ann, &story, "k1", "Once.").header("Idempotency-Key", "k2").refused("invalid_header").await;
    app.check().await;
}

#[actix_web::test]
async fn a_repeated_request_shows_the_reply_as_it_is_now() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let first = once(&ann, &story, "k1", "Once.").expect(201).await;
    let view = first.json();
    assert_eq!(view["state"], "pending");
    let reply = Reply { id: id(&first), story_id: story.id.clone(), version: 1, state: "pending".into() };
    mona.decides(&reply, "approve").await;
    let again = once(&ann, &story, "k1", "Once.").expect(201).await;
    assert_eq!((&again.json()["state"], &again.json()["version"]), (&json!("approved"), &json!(2)));
    assert_eq!(again.header("Location"), first.header("Location"));
    app.check().await;
}

#[actix_web::test]
async fn a_refusal_is_not_kept_and_a_success_is_for_two_days() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    once(&ann, &story, "k1", "").refused("invalid_fields").await;
    let nowhere = json!({"body": "Once.", "parent_id": story.id});
    let path = format!("/api/v1/stories/{}/replies", story.id);
    ann.post(path).json(nowhere).header("Idempotency-Key", "k1").refused("parent_not_public").await;
    let first = id(&once(&ann, &story, "k1", "Once.").expect(201).await);
    app.pass(47 * HOUR);
    let ann = app.sign_in("ann", PASSWORD).await;
    assert_eq!(id(&once(&ann, &story, "k1", "Once.").expect(201).await), first);
    app.pass(HOUR);
    let ann = app.sign_in("ann", PASSWORD).await;
    assert_ne!(id(&once(&ann, &story, "k1", "Once.").expect(201).await), first);
    app.check().await;
}

#[actix_web::test]
async fn what_is_accepted_comes_back_byte_for_byte() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let text = "  Cafe\u{301} \u{1f469}\u{200d}\u{1f4bb}\r\n\r\n\tcode \\* <b>bold</b> &amp; \u{202e}x\u{202c}\n\n";
    let answer = ann.posting(&story, text).expect(201).await.json();
    assert_eq!(answer["body"], text);
    assert_eq!(ann.mine(&story).await["items"][0]["body"], text);
    app.check().await;
}

#[actix_web::test]
async fn texts_that_nobody_can_read_are_refused() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let wrong = ["", " \n\t", "\u{200b}\u{feff}", "a\u{0}b", "a\u{8}", "a\u{7f}", "a\u{85}b", "\u{301}"];
    for text in wrong {
        let problem = ann.posting(&story, text).refused("invalid_fields").await;
        assert_eq!(problem["errors"][0]["pointer"], "/body", "{text:?}");
        ann.post("/api/v1/replies/preview").json(json!({"body": text})).refused("invalid_fields").await;
    }
    let path = format!("/api/v1/stories/{}/replies", story.id);
    ann.post(&path).body(r#"{"body": "a\ud800b"}"#).refused("invalid_json").await;
    ann.post(&path).body(&b"{\"body\": \"a\xff\"}"[..]).refused("invalid_json").await;
    assert_eq!(story.count().await, 0);
}

#[actix_web::test]
async fn a_reply_has_ten_thousand_characters_at_most() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    for longest in ["x".repeat(10_000), "\u{1f642}".repeat(10_000)] {
        assert_eq!(ann.posting(&story, &longest).expect(201).await.json()["body"], longest);
        ann.posting(&story, &format!("{longest}x")).refused("invalid_fields").await;
    }
    assert_eq!(story.count().await, 2);
}

#[actix_web::test]
async fn a_preview_shows_what_posting_would_and_keeps_nothing() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let text = "# Big\n\n~~no~~ <script>x</script> ![pic](https://a.example/x.png) [l](javascript:x) https://b.example";
    let preview = ann.post("/api/v1/replies/preview").json(json!({"body": text})).expect(200).await.json();
    assert_eq!(ann.mine(&story).await["items"], json!([]));
    let html = preview["body_html"].as_str().unwrap();
    assert_eq!(ann.posting(&story, text).expect(201).await.json()["body_html"], html);
    for never in ["<h1", "<script", "<img", "javascript:"] {
        assert!(!html.contains(never), "{html}");
    }
    assert!(html.contains("<del>no</del>") && html.contains("rel=\"nofollow ugc noopener noreferrer\""), "{html}");
}

#[actix_web::test]
async fn a_reply_is_edited_within_the_window() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let reply = ann.replies(&story, "Frist!").await;
    bob.editing(&reply, "Mine.").refused("forbidden").await;
    app.pass(4 * MINUTE);
    let edited = ann.edits(&reply, "First!").await;
    assert_eq!((edited.version, edited.state.as_str()), (2, "approved"));
    let shown = story.page("").await["items"][0].clone();
    assert_eq!((&shown["body_html"], &shown["is_edited_by_staff"]), (&json!("<p>First!</p>\n"), &json!(false)));
    assert!(shown["edited_at"].is_string());
    app.pass(MINUTE);
    assert!(ann.mine(&story).await["items"][0]["editable_until"].is_null());
    ann.editing(&edited, "Third!").refused("edit_window_over").await;
    blog.set(json!({"edit_window_secs": 0})).await;
    let other = ann.replies(&story, "No way back.").await;
    ann.editing(&other, "Is there?").refused("edit_window_over").await;
    app.check().await;
}

#[actix_web::test]
async fn staff_edit_at_any_time_and_moderators_those_of_others() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona, aaron) = (app.reader("ann").await, blog.moderator("mona").await, blog.author("aaron").await);
    let (hers, own) = (ann.replies(&story, "You %&!").await, aaron.replies(&story, "My view.").await);
    app.pass(30 * 24 * HOUR);
    let (mona, aaron) = (app.sign_in(&mona.username, PASSWORD).await, app.sign_in(&aaron.username, PASSWORD).await);
    aaron.editing(&hers, "You!").refused("forbidden").await;
    assert!(aaron.mine(&story).await["items"][0]["editable_until"].is_string());
    aaron.edits(&own, "My better view.").await;
    mona.edits(&hers, "You ...!").await;
    let page = story.page("?sort=oldest").await;
    assert_eq!(page["items"][0]["is_edited_by_staff"], true);
    assert_eq!(page["items"][1]["is_edited_by_staff"], false);
    let log = mona.get(format!("/api/v1/sites/blog/log?action=edit&reply_id={}", hers.id)).expect(200).await.json();
    assert_eq!((&log["items"][0]["actor_id"], &log["items"][0]["actor_kind"]), (&json!(mona.id), &json!("moderator")));
    let former = mona.get(format!("/api/v1/moderation/replies/{}/revisions", hers.id)).expect(200).await.json();
    assert_eq!(former["items"][0]["body"], "You %&!");
    assert_eq!((&former["items"][0]["revision"], &former["items"][0]["replaced_by"]), (&json!(1), &json!(mona.id)));
    app.check().await;
}

#[actix_web::test]
async fn an_edit_of_an_older_version_is_told_how_the_reply_stands() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "One.").await;
    let answers = together((0..8).map(|n| ann.editing(&reply, &format!("Edit {n}.")))).await;
    assert_eq!((with_status(&answers, 200), with_status(&answers, 409)), (1, 7));
    let problem = ann.editing(&reply, "Two.").refused("version_conflict").await;
    let current = &problem["current"];
    assert_eq!(
        (&current["state"], &current["version"], &current["last_action"]),
        (&json!("approved"), &json!(2), &json!("edit"))
    );
    // recommendations and answers are no change of the reply
    mona.recommends(&reply).await;
    mona.answers(&reply, "Well.").await;
    let reply = ann.edits(&Reply { version: 2, ..reply }, "Three.").await;
    let rejected = mona.decides(&reply, "reject").await;
    let problem = ann.editing(&rejected, "Four.").refused("state_conflict").await;
    assert_eq!((&problem["current"]["state"], &problem["current"]["version"]), (&json!("rejected"), &json!(4)));
    app.check().await;
}

#[actix_web::test]
async fn an_edited_text_waits_where_a_new_one_would() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    let trusting = blog.story_with("s2", json!({"moderation_mode": "trusted"})).await;
    let strict = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    for story in [&strict, &trusting] {
        let reply = ann.replies(story, "Nice.").await;
        assert_eq!(reply.state, "pending");
        let reply = mona.decides(&reply, "approve").await;
        assert_eq!(story.count().await, 1);
        let reply = ann.edits(&reply, "Buy pills.").await;
        assert_eq!((reply.state.as_str(), story.count().await), ("pending", 0));
        app.get(format!("/api/v1/replies/{}", reply.id)).refused("not_found").await;
        // going on waiting, also where staff would pass
        assert_eq!(mona.edits(&reply, "Buy nothing.").await.state, "pending");
    }
    for reply in mona.queue(&blog, "pending").await {
        let reply = Reply {
            id: reply["id"].as_str().unwrap().to_owned(),
            story_id: reply["story"]["id"].as_str().unwrap().to_owned(),
            version: reply["version"].as_i64().unwrap(),
            state: String::new(),
        };
        mona.decides(&reply, "approve").await;
    }
    // two approved replies: trusted now
    let reply = ann.replies(&trusting, "Nice again.").await;
    assert_eq!(reply.state, "approved");
    assert_eq!(ann.edits(&reply, "Nice indeed.").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn a_withdrawn_reply_leaves_a_tombstone_only_where_something_hangs_below() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let (alone, answered) = (ann.replies(&story, "Alone.").await, ann.replies(&story, "Answered.").await);
    let answer = bob.answers(&answered, "Indeed.").await;
    bob.delete(format!("/api/v1/replies/{}", alone.id)).refused("forbidden").await;
    ann.withdraws(&alone).await;
    ann.withdraws(&answered).await;
    ann.withdraws(&answered).await;
    let page = story.page("").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let tombstone = &page["items"][0];
    assert_eq!((&tombstone["is_tombstone"], &tombstone["author"]), (&json!(true), &Value::Null));
    assert_eq!((&tombstone["body_html"], &tombstone["visible_below"]), (&Value::Null, &json!(1)));
    assert_eq!(tombstone["below"]["items"][0]["id"], json!(answer.id));
    app.get(format!("/api/v1/replies/{}", alone.id)).refused("not_found").await;
    assert_eq!(story.count().await, 1);
    bob.withdraws(&answer).await;
    assert_eq!(story.page("").await["items"], json!([]));
    let kept = mona.get(format!("/api/v1/moderation/replies/{}", alone.id)).expect(200).await.json();
    assert_eq!((&kept["state"], &kept["body"]), (&json!("withdrawn"), &json!("Alone.")));
    let withdrawn = Reply { version: 2, ..alone };
    ann.editing(&withdrawn, "Back.").refused("state_conflict").await;
    mona.deciding(&withdrawn, "approve", json!({})).refused("state_conflict").await;
    app.check().await;
}

#[actix_web::test]
async fn only_what_is_public_is_answered() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, other) = (blog.story("s1").await, blog.story("s2").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    for action in ["reject", "spam"] {
        let reply = ann.replies(&story, "Hm.").await;
        let reply = mona.decides(&reply, action).await;
        for person in [&ann, &mona] {
            person.answering(&reply, "What?").refused("parent_not_public").await;
        }
    }
    let withdrawn = ann.replies(&story, "Never mind.").await;
    ann.withdraws(&withdrawn).await;
    let elsewhere = Reply { story_id: story.id.clone(), ..ann.replies(&other, "Elsewhere.").await };
    let unknown = Reply { id: story.id.clone(), ..elsewhere.clone() };
    for parent in [withdrawn, elsewhere, unknown] {
        ann.answering(&parent, "What?").refused("parent_not_public").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn too_many_replies_in_a_minute_have_to_wait() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "3")]).await;
    let story = app.site("blog").await.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let answers = together((0..6).map(|n| ann.posting(&story, &format!("Number {n}.")))).await;
    assert_eq!((with_status(&answers, 201), with_status(&answers, 429)), (3, 3));
    let wait = ann.posting(&story, "More!").expect(429).await;
    assert!((1..=60).contains(&wait.header("Retry-After").unwrap().parse::<u32>().unwrap()));
    bob.replies(&story, "Calm down.").await;
    app.pass(MINUTE);
    ann.replies(&story, "Calm now.").await;
    app.check().await;
}

#[actix_web::test]
async fn an_answer_keeps_the_revision_that_it_answered() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let answered = async |reply: &Reply| {
        mona.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json()["answered_revision"]
            .clone()
    };
    let top = ann.replies(&story, "First text.").await;
    assert_eq!(answered(&top).await, Value::Null);
    let early = bob.answers(&top, "To the first.").await;
    let top = ann.edits(&top, "Second text.").await;
    let top = ann.edits(&top, "Third text.").await;
    let late = bob.answers(&top, "To the third.").await;
    assert_eq!((answered(&early).await, answered(&late).await), (json!(1), json!(3)));
    // where the tree is flat too: of the one truly answered
    let mut chain = vec![late];
    for _ in 0..32 {
        chain.push(ann.answers(chain.last().unwrap(), "Deeper.").await);
    }
    let flat = ann.edits(chain.last().unwrap(), "Deeper still.").await;
    let after = bob.answers(&flat, "Beside it.").await;
    assert_eq!(answered(&after).await, json!(2));
    app.check().await;
}

#[actix_web::test]
async fn former_texts_are_kept_with_their_times() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "post", "edit_window_secs": 3600})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "One.").await;
    app.pass(MINUTE);
    let reply = ann.edits(&reply, "Two.").await;
    let edited_at = ann.mine(&story).await["items"][0]["edited_at"].clone();
    app.pass(MINUTE);
    mona.edits(&reply, "Three.").await;
    let view = ann.mine(&story).await["items"][0].clone();
    let former = mona.get(format!("/api/v1/moderation/replies/{}/revisions", reply.id)).expect(200).await.json();
    let [two, one] = former["items"].as_array().unwrap().as_slice() else { panic!("{former}") };
    assert_eq!(
        (&one["body"], &one["created_at"], &one["replaced_at"]),
        (&json!("One."), &view["created_at"], &edited_at)
    );
    assert_eq!(
        (&two["body"], &two["created_at"], &two["replaced_at"]),
        (&json!("Two."), &edited_at, &view["edited_at"])
    );
    assert_eq!((&one["replaced_by"], &two["replaced_by"]), (&json!(ann.id), &json!(mona.id)));
    app.check().await;
}

#[actix_web::test]
async fn what_shows_nothing_is_refused_and_nothing_hides_in_references() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    for invisible in ["[a]: https://a.example", "&#8203;&nbsp;", "[](https://a.example)", "---", "&#1;&#127;"] {
        ann.posting(&story, invisible).refused("invalid_fields").await;
        ann.post("/api/v1/replies/preview").json(json!({"body": invisible})).refused("invalid_fields").await;
    }
    let shown = ann.posting(&story, "A&#1;B&#x7f;C&#27;D").expect(201).await.json();
    assert_eq!(shown["body_html"], "<p>ABCD</p>\n");
    app.check().await;
}

#[actix_web::test]
async fn a_body_may_have_a_quarter_of_a_megabyte_where_texts_are_long() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    let padded = |bytes: usize, body: Value| {
        let body = body.to_string();
        format!("{body}{}", " ".repeat(bytes - body.len()))
    };
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let reply = |bytes| ann.post(&path).body(padded(bytes, json!({"body": "Padded."})));
    reply(256 * 1024).expect(201).await;
    reply(256 * 1024 + 1).refused("body_too_large").await;
    let put = |bytes| blog.admin.put("/api/v1/sites/blog/stories/s2").body(padded(bytes, json!({"headline": "H"})));
    put(256 * 1024).expect(201).await;
    put(256 * 1024 + 1).refused("body_too_large").await;
    let rename = |bytes| ann.patch("/api/v1/me").body(padded(bytes, json!({})));
    rename(64 * 1024).expect(200).await;
    rename(64 * 1024 + 1).refused("body_too_large").await;
}
