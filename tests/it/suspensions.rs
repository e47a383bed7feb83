//! Suspensions, the log, and what authors are told.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
};

const HOUR: Duration = Duration::from_secs(3600);

fn suspending(by: &Person, whom: &Person, body: Value) -> Request {
    by.post(format!("/api/v1/accounts/{}/suspensions", whom.id)).json(body)
}

#[actix_web::test]
async fn a_suspension_on_a_site_acts_at_once_and_only_there() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let (bob, reply) = (app.reader("bob").await, ann.replies(&here, "Hello.").await);
    let foreign = bob.replies(&here, "Hi.").await;
    let made = suspending(&mona, &ann, json!({"site": "blog", "reason": "rude"})).expect(201).await;
    assert_eq!((&made.json()["site_id"], &made.json()["until"]), (&json!(blog.id), &Value::Null));
    for refused in [
        ann.posting(&here, "And again."),
        ann.editing(&reply, "Hello?"),
        ann.delete(format!("/api/v1/replies/{}", reply.id)),
        ann.put(format!("/api/v1/replies/{}/recommendation", foreign.id)),
        ann.post(format!("/api/v1/replies/{}/reports", foreign.id)).json(json!({"reason": "abuse"})),
    ] {
        refused.refused("suspended").await;
    }
    let mine = ann.mine(&here).await;
    assert_eq!((&mine["may_reply"], &mine["items"][0]["id"]), (&json!(false), &json!(reply.id)));
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["suspended_on"], json!([blog.id]));
    ann.replies(&there, "Still here.").await;
    app.sign_in("ann", PASSWORD).await;
    mona.delete(made.header("Location").unwrap()).expect(204).await;
    ann.replies(&here, "Back.").await;
    app.check().await;
}

#[actix_web::test]
async fn a_suspension_ends_at_its_time() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let past = json!({"site": "blog", "reason": "rude", "until": app.now().minus(HOUR).to_string()});
    suspending(&mona, &ann, past).refused("invalid_fields").await;
    for hours in [1, 3] {
        let until = app.now().plus(hours * HOUR).to_string();
        suspending(&mona, &ann, json!({"site": "blog", "reason": "rude", "until": until})).expect(201).await;
    }
    app.pass(2 * HOUR);
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.posting(&story, "One is over.").refused("suspended").await;
    app.pass(HOUR);
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.replies(&story, "Both are over.").await;
    app.check().await;
}

#[actix_web::test]
async fn nobody_suspends_staff_of_the_same_or_a_higher_rank_nor_themselves() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (mona, max) = (blog.moderator("mona").await, blog.moderator("max").await);
    let (aaron, otto) = (blog.author("aaron").await, other.moderator("otto").await);
    let here = || json!({"site": "blog", "reason": "rude"});
    for above in [&max, &blog.admin, &mona] {
        suspending(&mona, above, here()).refused("forbidden").await;
    }
    // staff elsewhere are readers here
    for below in [&aaron, &otto] {
        suspending(&mona, below, here()).expect(201).await;
    }
    suspending(&mona, &aaron, json!({"site": "other", "reason": "rude"})).refused("forbidden").await;
    suspending(&mona, &aaron, json!({"reason": "rude"})).refused("forbidden").await;
    suspending(&blog.admin, &other.admin, json!({"reason": "rude"})).refused("forbidden").await;
    suspending(&blog.admin, &blog.admin, json!({"reason": "rude"})).refused("forbidden").await;
    let by_admin = suspending(&blog.admin, &mona, here()).expect(201).await;
    // what an admin did to one's equal is not a moderator's to undo
    max.delete(by_admin.header("Location").unwrap()).refused("forbidden").await;
    mona.delete(by_admin.header("Location").unwrap()).refused("forbidden").await;
    mona.get("/api/v1/moderation/replies?queue=pending&site=blog").refused("suspended").await;
    suspending(&mona, &aaron, json!({"site": "nowhere", "reason": "rude"})).refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn suspensions_are_listed_to_those_whom_they_concern() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    suspending(&mona, &ann, json!({"site": "blog", "reason": "here"})).expect(201).await;
    suspending(&other.admin, &ann, json!({"site": "other", "reason": "there"})).expect(201).await;
    suspending(&other.admin, &ann, json!({"reason": "everywhere"})).expect(201).await;
    let list = async |person: &Person| -> Vec<String> {
        let path = format!("/api/v1/accounts/{}/suspensions", ann.id);
        let items = person.get(path).expect(200).await.json()["items"].clone();
        items.as_array().unwrap().iter().map(|item| item["reason"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(list(&mona).await, ["everywhere", "here"]);
    assert_eq!(list(&blog.admin).await, ["everywhere", "there", "here"]);
}

#[actix_web::test]
async fn the_log_is_filtered_and_paged() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hello.").await;
    let noted = json!({"reason": "abuse", "note": "Third time.", "message": "Please be kind."});
    mona.deciding(&reply, "reject", noted).expect(201).await;
    let between = app.now().to_string();
    let made = suspending(&mona, &ann, json!({"site": "blog", "reason": "rude"})).expect(201).await;
    for _ in 0..2 {
        mona.delete(made.header("Location").unwrap()).expect(204).await;
    }
    blog.admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    blog.set(json!({"name": "The Blog"})).await;
    let log = async |query: &str| -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = mona.get(format!("/api/v1/sites/blog/log?limit=2{query}{cursor}")).expect(200).await.json();
            rows.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else { return rows };
            cursor = format!("&cursor={next}");
        }
    };
    let actions = async |query: &str| -> Vec<String> {
        log(query).await.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect()
    };
    let all =
        ["change_site", "close_story", "lift_suspension", "suspend", "reject", "post", "grant_role", "create_site"];
    assert_eq!(actions("").await, all);
    assert_eq!(actions(&format!("&actor_id={}", mona.id)).await, ["lift_suspension", "suspend", "reject"]);
    assert_eq!(actions(&format!("&reply_id={}", reply.id)).await, ["reject", "post"]);
    assert_eq!(actions(&format!("&account_id={}", ann.id)).await, ["lift_suspension", "suspend", "reject", "post"]);
    assert_eq!(actions("&action=suspend").await, ["suspend"]);
    assert_eq!(actions(&format!("&since={between}")).await, all[..4]);
    assert_eq!(actions(&format!("&until={between}")).await, all[4..]);
    let row = log("&action=reject").await.remove(0);
    assert_eq!((&row["from_state"], &row["to_state"]), (&json!("pending"), &json!("rejected")));
    assert_eq!((&row["note"], &row["reason"]), (&json!("Third time."), &json!("abuse")));
    assert_eq!((&row["reply_version"], &row["story_id"]), (&json!(2), &json!(story.id)));
    for wrong in ["&action=dance", "&since=yesterday", "&who=me", "&limit=0"] {
        mona.get(format!("/api/v1/sites/blog/log?x{wrong}").replace("?x&", "?")).refused("invalid_query").await;
    }
    app.check().await;
}

#[actix_web::test]
async fn the_author_reads_why_a_reply_was_refused_and_nobody_else_does() {
    let app = App::start().await;
    let blog = app.site_with("blog", json!({})).await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Hello.").await;
    let noted = json!({"reason": "abuse", "note": "Third time.", "message": "Please be kind."});
    mona.deciding(&reply, "reject", noted).expect(201).await;
    let mine = ann.mine(&story).await;
    assert_eq!(
        (&mine["items"][0]["state"], &mine["items"][0]["message"]),
        (&json!("rejected"), &json!("Please be kind."))
    );
    assert!(!mine.to_string().contains("Third time."));
    assert_eq!(bob.mine(&story).await["items"], json!([]));
    let decided = crate::actors::Reply { version: 2, ..reply };
    mona.decides(&decided, "restore").await;
    assert_eq!(ann.mine(&story).await["items"][0]["message"], Value::Null);
    app.check().await;
}

#[actix_web::test]
async fn what_belongs_to_no_site_has_a_log_of_its_own() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let path = format!("/api/v1/accounts/{}/suspensions", ann.id);
    let made = blog.admin.post(&path).json(json!({"reason": "Everywhere."})).expect(201).await.json();
    blog.admin.delete(format!("{path}/{}", made["id"].as_str().unwrap())).expect(204).await;
    blog.admin.post(&path).json(json!({"site": "blog", "reason": "Here."})).expect(201).await;
    let log = blog.admin.get("/api/v1/moderation/log").expect(200).await.json();
    let rows: Vec<(&str, &str)> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["action"].as_str().unwrap(), row["note"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [("lift_suspension", "Everywhere."), ("suspend", "Everywhere.")]);
    let first = blog.admin.get("/api/v1/moderation/log?limit=1").expect(200).await.json();
    let next = first["next_cursor"].as_str().unwrap();
    let second = blog.admin.get(format!("/api/v1/moderation/log?limit=1&cursor={next}")).expect(200).await.json();
    assert_eq!(second["items"][0]["action"], "suspend");
    mona.get("/api/v1/moderation/log").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn suspensions_are_paged() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let ann = app.reader("ann").await;
    let path = format!("/api/v1/accounts/{}/suspensions", ann.id);
    for number in 0..5 {
        blog.admin.post(&path).json(json!({"site": "blog", "reason": format!("Number {number}")})).expect(201).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = blog.admin.get(format!("{path}?limit=2{cursor}")).expect(200).await.json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["reason"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"]);
}
