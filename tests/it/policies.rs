//! Policies: changed by those who may, version by version, never over another's change; and what is wrong is said.

use serde_json::{Value, json};

use crate::{
    actors::{Person, Site},
    app::{App, Request},
    together::{together, with_status},
};

fn path(site: &Site, rest: &str) -> String {
    format!("/api/v1/sites/{}/policy{rest}", site.key)
}

fn putting(person: &Person, site: &Site, tag: &str, policy: Value) -> Request {
    person.put(path(site, "")).header("If-Match", tag).json(policy)
}

#[actix_web::test]
async fn each_change_makes_a_version_and_any_former_one_can_be_restored() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let mona = blog.moderator("mona").await;
    let first = mona.get(path(&blog, "")).expect(200).await;
    assert_eq!(first.header("etag"), Some("\"0\""));
    assert_eq!(first.json()["author_id"], Value::Null);
    assert_eq!(first.json()["policy"]["links"]["max"], 5);

    let changed = putting(&blog.admin, &blog, "\"0\"", json!({"links": {"max": 1}})).expect(200).await;
    assert_eq!((changed.header("etag"), changed.json()["version"].as_i64()), (Some("\"1\""), Some(1)));
    assert_eq!(changed.json()["author_id"], json!(blog.admin.id));
    putting(&blog.admin, &blog, "\"1\"", json!({"links": {"max": 2}})).expect(200).await;

    let restore = |version: i64| blog.admin.post(path(&blog, &format!("/versions/{version}/restore")));
    let restored = restore(1).header("If-Match", "\"2\"").expect(200).await.json();
    assert_eq!((&restored["version"], &restored["restored_from"]), (&json!(3), &json!(1)));
    assert_eq!(restored["policy"]["links"]["max"], 1);
    let plain = restore(0).header("If-Match", "\"3\"").expect(200).await.json();
    assert_eq!(plain["policy"], first.json()["policy"]);
    restore(9).header("If-Match", "\"4\"").refused("not_found").await;

    let page = mona.get(path(&blog, "/versions?limit=3")).expect(200).await.json();
    let versions = |page: &Value| -> Vec<i64> {
        page["items"].as_array().unwrap().iter().map(|item| item["version"].as_i64().unwrap()).collect()
    };
    assert_eq!(versions(&page), [4, 3, 2]);
    let next = format!("/versions?limit=3&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(versions(&mona.get(path(&blog, &next)).expect(200).await.json()), [1]);
    let second = mona.get(path(&blog, "/versions/2")).expect(200).await.json();
    assert_eq!(second["policy"]["links"]["max"], 2);
    mona.get(path(&blog, "/versions/5")).refused("not_found").await;

    let log = mona.get("/api/v1/sites/blog/log?action=change_policy").expect(200).await.json();
    assert_eq!(log["items"].as_array().unwrap().len(), 4);
    assert_eq!(log["items"][1]["details"], json!({"version": 3, "restored_from": 1}));
}

#[actix_web::test]
async fn of_two_changes_at_once_the_second_is_told() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let admin = &blog.admin;
    putting(admin, &blog, "\"0\"", json!({})).expect(200).await;
    putting(admin, &blog, "\"0\"", json!({})).refused("precondition_failed").await;
    putting(admin, &blog, "W/\"1\"", json!({})).refused("precondition_failed").await;
    admin.put(path(&blog, "")).json(json!({})).refused("precondition_required").await;
    admin.post(path(&blog, "/versions/0/restore")).refused("precondition_required").await;
    admin.post(path(&blog, "/versions/0/restore")).header("If-Match", "\"0\"").refused("precondition_failed").await;
    let list = || admin.put(path(&blog, "/lists/words_hold")).json(json!(["one"]));
    list().refused("precondition_required").await;
    list().header("If-Match", "\"0\"").refused("precondition_failed").await;
    let tries = (0..8).map(|number| putting(admin, &blog, "\"1\"", json!({"links": {"max": number}})));
    let answers = together(tries).await;
    assert_eq!((with_status(&answers, 200), with_status(&answers, 412)), (1, 7));
}

#[actix_web::test]
async fn moderators_change_it_where_the_site_lets_them() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (mona, ann) = (blog.moderator("mona").await, app.reader("ann").await);
    putting(&mona, &blog, "*", json!({})).refused("forbidden").await;
    ann.get(path(&blog, "")).refused("not_found").await;
    blog.set(json!({"moderators_change_policy": true})).await;
    putting(&mona, &blog, "*", json!({})).expect(200).await;
    mona.put(path(&blog, "/lists/words_spam")).header("If-Match", "*").json(json!(["viagra"])).expect(200).await;
    mona.post(path(&blog, "/versions/0/restore")).header("If-Match", "*").expect(200).await;
    putting(&ann, &blog, "*", json!({})).refused("forbidden").await;
    let other = app.site("other").await;
    putting(&mona, &other, "*", json!({})).refused("forbidden").await;
}

#[actix_web::test]
async fn who_may_not_is_told_so_before_a_policy_is_made_ready() {
    let app = App::start().await;
    let (blog, ann) = (app.site("blog").await, app.reader("ann").await);
    // what is wrong with it would be found out only then
    let wrong = json!({"words": {"hold": [""]}});
    putting(&ann, &blog, "*", wrong.clone()).refused("forbidden").await;
    ann.post(path(&blog, "/test")).json(json!({"policy": wrong, "body": "Hello"})).refused("forbidden").await;
    ann.post(path(&blog, "/simulate")).json(json!({"policy": wrong})).refused("forbidden").await;
    ann.put(path(&blog, "/lists/words_hold")).header("If-Match", "*").json(json!([""])).refused("forbidden").await;
}

#[actix_web::test]
async fn what_is_wrong_with_a_policy_is_said_entry_by_entry() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let refused = |policy: Value| async {
        let problem = putting(&blog.admin, &blog, "*", policy).refused("invalid_fields").await;
        let errors = problem["errors"].as_array().unwrap().iter();
        errors.map(|error| error["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        refused(json!({"words": {"hold": ["fine", " ", "a*b", "!!!"]}})).await,
        ["/words/hold/1", "/words/hold/2", "/words/hold/3"]
    );
    assert_eq!(refused(json!({"words": {"spam": vec!["x"; 10_001]}})).await, ["/words/spam"]);
    assert_eq!(refused(json!({"links": {"deny": ["co.uk", "no host"], "max": 1_001}})).await, ["/links/max"]);
    assert_eq!(refused(json!({"links": {"deny": ["co.uk", "no host"]}})).await, ["/links/deny/0", "/links/deny/1"]);
    assert_eq!(refused(json!({"history": {"refused_percent": -1}})).await, ["/history/refused_percent"]);
    assert_eq!(refused(json!({"shape": {"shouting": "reject"}})).await, ["/shape/shouting"]);
    assert_eq!(refused(json!({"wrods": {}})).await, ["/wrods"]);
    // a list as long as lists may be is taken, a body over four megabytes is not
    let long = vec!["x".repeat(199); 10_000];
    putting(&blog.admin, &blog, "*", json!({"words": {"hold": long}})).expect(200).await;
    let body = format!("{{\"words\": {{\"hold\": [\"{}\"]}}}}", "x".repeat(4 * 1024 * 1024));
    blog.admin.put(path(&blog, "")).header("If-Match", "*").body(body).refused("body_too_large").await;
}

#[actix_web::test]
async fn a_list_goes_up_and_comes_down_as_text() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let list = path(&blog, "/lists/words_spam");
    let put = |tag: &str, text: &str| {
        let request = blog.admin.put(&list).header("If-Match", tag).body(text.to_owned());
        request.header_instead("Content-Type", "text/plain; charset=utf-8")
    };
    let text = "free money\r\n\r\nviagr*\n  gewinn größe  \n";
    let changed = put("\"0\"", text).expect(200).await.json();
    assert_eq!(changed["policy"]["words"]["spam"], json!(["free money", "viagr*", "  gewinn größe  "]));
    let down = blog.admin.get(&list).expect(200).await;
    assert_eq!((down.text().as_str(), down.header("etag")), ("free money\nviagr*\n  gewinn größe  \n", Some("\"1\"")));
    // and the rest of the policy stays
    putting(&blog.admin, &blog, "\"1\"", json!({"links": {"max": 7}})).expect(200).await;
    let changed = put("*", "one\n").expect(200).await.json();
    assert_eq!((&changed["policy"]["links"]["max"], &changed["policy"]["words"]["spam"]), (&json!(7), &json!(["one"])));

    let problem = put("*", "fine\n\n!!!\nfine too\na*b\n").refused("invalid_fields").await;
    let told: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["detail"].as_str().unwrap()).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("line 3: ") && told[1].starts_with("line 5: "), "{told:?}");
    let json = blog.admin.put(&list).header("If-Match", "*").json(json!(["fine", ""]));
    assert_eq!(json.refused("invalid_fields").await["errors"][0]["pointer"], "/1");
    let many = "word\n".repeat(10_001);
    assert_eq!(
        put("*", &many).refused("invalid_fields").await["errors"][0]["detail"],
        "10000 entries at most, these are 10001"
    );
    let odd = blog.admin.put(&list).header("If-Match", "*").body("x").header_instead("Content-Type", "text/html");
    odd.refused("unsupported_media_type").await;
    blog.admin.get(path(&blog, "/lists/words_maybe")).refused("not_found").await;
}

#[actix_web::test]
async fn a_text_can_be_tried_on_a_draft_and_nothing_is_stored() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let mona = blog.moderator("mona").await;
    let test = |body: Value| mona.post(path(&blog, "/test")).json(body);
    let text = "Große *Gewinne*!";
    let draft = json!({"words": {"spam": ["gewinn*"]}});
    let tried = test(json!({"policy": draft, "body": text})).expect(200).await.json();
    assert_eq!(tried["outcome"], "spam");
    let words = &tried["findings"][0];
    assert_eq!((&words["rule"], &words["words"]), (&json!("words"), &json!("listed: gewinn*")));
    // characters, not bytes: the ß has two of these
    assert_eq!(words["spans"], json!([{"start": 7, "end": 13}]));
    // the site's own says nothing of it
    assert_eq!(test(json!({"body": text})).expect(200).await.json()["outcome"], "pass");
    let wrong = test(json!({"policy": {"words": {"hold": [""]}}, "body": text})).refused("invalid_fields").await;
    assert_eq!(wrong["errors"][0]["pointer"], "/policy/words/hold/0");
    assert_eq!(test(json!({"body": ""})).refused("invalid_fields").await["errors"][0]["pointer"], "/body");
    let nobody = json!({"body": text, "author_id": "0193a000-0000-7000-8000-000000000001"});
    assert_eq!(test(nobody).refused("invalid_fields").await["errors"][0]["pointer"], "/author_id");
    assert_eq!(mona.get(path(&blog, "/versions")).expect(200).await.json()["items"], json!([]));
}
