//! The log, and what authors are told.

use serde_json::{Value, json};

use crate::app::App;

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
    let made = mona
        .post(format!("/api/v1/accounts/{}/sanctions", ann.id))
        .json(json!({"site": "blog", "kind": "ban", "reason": "rude"}))
        .expect(201)
        .await;
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
    let all = [
        "change_site",
        "close_story",
        "lift_sanction",
        "ban",
        "reject",
        "post",
        "grant_role",
        "put_story",
        "create_site",
    ];
    assert_eq!(actions("").await, all);
    assert_eq!(actions(&format!("&actor_id={}", mona.id)).await, ["lift_sanction", "ban", "reject"]);
    assert_eq!(actions(&format!("&reply_id={}", reply.id)).await, ["reject", "post"]);
    assert_eq!(actions(&format!("&account_id={}", ann.id)).await, ["lift_sanction", "ban", "reject", "post"]);
    let of_story = |query: &str| format!("&story_id={}{query}", story.id);
    assert_eq!(actions(&of_story("")).await, ["close_story", "put_story"], "what was done to itself");
    assert_eq!(actions(&of_story("&action=close_story")).await, ["close_story"]);
    assert_eq!(actions(&of_story(&format!("&actor_id={}", mona.id))).await, [""; 0]);
    assert_eq!(actions(&of_story(&format!("&reply_id={}", reply.id))).await, [""; 0], "no row is about both");
    assert_eq!(actions("&action=ban").await, ["ban"]);
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
    let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
    let made = blog.admin.post(&path).json(json!({"kind": "ban", "reason": "Everywhere."})).expect(201).await.json();
    blog.admin.delete(format!("{path}/{}", made["id"].as_str().unwrap())).expect(204).await;
    blog.admin.post(&path).json(json!({"site": "blog", "kind": "ban", "reason": "Here."})).expect(201).await;
    let log = blog.admin.get("/api/v1/moderation/log").expect(200).await.json();
    let rows: Vec<(&str, &str)> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["action"].as_str().unwrap(), row["note"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [("lift_sanction", "Everywhere."), ("ban", "Everywhere.")]);
    let first = blog.admin.get("/api/v1/moderation/log?limit=1").expect(200).await.json();
    let next = first["next_cursor"].as_str().unwrap();
    let second = blog.admin.get(format!("/api/v1/moderation/log?limit=1&cursor={next}")).expect(200).await.json();
    assert_eq!(second["items"][0]["action"], "ban");
    mona.get("/api/v1/moderation/log").refused("not_found").await;
    app.check().await;
}
