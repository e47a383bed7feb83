//! Sanctions on people.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
};

const HOUR: Duration = Duration::from_secs(3600);

fn imposing(by: &Person, whom: &Person, body: Value) -> Request {
    by.post(format!("/api/v1/accounts/{}/sanctions", whom.id)).json(body)
}

/// What the person is told of, the newest first.
async fn own(person: &Person) -> Vec<Value> {
    person.get("/api/v1/me/sanctions").expect(200).await.json()["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn one_of_a_kind_holds_at_a_place_and_the_second_is_told_of_it() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (ann, mona, max) = (app.reader("ann").await, blog.moderator("mona").await, blog.moderator("max").await);
    let ban = |by| imposing(by, &ann, json!({"site": "blog", "kind": "ban", "reason": "rude"}));
    let (one, two) = tokio::join!(ban(&mona).send(), ban(&max).send());
    let (made, refused) = if one.status == 201 { (one, two) } else { (two, one) };
    assert_eq!((made.status.as_u16(), refused.status.as_u16()), (201, 409));
    let (made, refused) = (made.json(), refused.json());
    assert_eq!((&refused["code"], &refused["sanction"]), (&json!("state_conflict"), &made));
    // other kinds, and elsewhere
    let until = app.now().plus(HOUR).to_string();
    imposing(&mona, &ann, json!({"site": "blog", "kind": "suspend", "reason": "rude", "until": until}))
        .expect(201)
        .await;
    imposing(&blog.admin, &ann, json!({"kind": "ban", "reason": "rude"})).expect(201).await;
    mona.delete(format!("/api/v1/accounts/{}/sanctions/{}", ann.id, made["id"].as_str().unwrap())).expect(204).await;
    ban(&mona).expect(201).await;
    app.pass(HOUR);
    let until = app.now().plus(HOUR).to_string();
    let mona = app.sign_in("mona", PASSWORD).await;
    imposing(&mona, &ann, json!({"site": "blog", "kind": "suspend", "reason": "rude", "until": until}))
        .expect(201)
        .await;
    app.check().await;
}

#[actix_web::test]
async fn what_a_kind_cannot_be_is_refused_by_its_field() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let until = app.now().plus(HOUR).to_string();
    for (body, field) in [
        (json!({"kind": "suspend"}), "/until"),
        (json!({"kind": "ban", "until": until}), "/until"),
        (json!({"kind": "warn", "until": until, "message": "Be kind."}), "/until"),
        (json!({"kind": "warn"}), "/message"),
        (json!({"kind": "slow"}), "/per_day"),
        (json!({"kind": "slow", "per_day": 0}), "/per_day"),
        (json!({"kind": "slow", "per_day": 101}), "/per_day"),
        (json!({"kind": "premoderate", "per_day": 3}), "/per_day"),
        (json!({"kind": "ban", "message": "a\u{7}b"}), "/message"),
        (json!({"kind": "ban", "reply_id": blog.id}), "/reply_id"),
        (json!({"kind": "ban", "replies": {"days": 0, "action": "restore"}}), "/replies/days"),
        (json!({"kind": "ban", "replies": {"days": 7, "action": "reject"}}), "/replies/reason"),
        (json!({"kind": "ban", "replies": {"days": 7, "action": "restore", "reason": "abuse"}}), "/replies/reason"),
        (json!({"kind": "ban", "replies": {"days": 7, "action": "approve"}}), "/replies/action"),
    ] {
        let mut body = body;
        body["site"] = json!("blog");
        body["reason"] = json!("rude");
        let refused = imposing(&mona, &ann, body.clone()).refused("invalid_fields").await;
        assert_eq!(refused["errors"][0]["pointer"], field, "{body}");
    }
    assert_eq!(own(&ann).await, Vec::<Value>::new());
}

#[actix_web::test]
async fn who_was_warned_posts_nothing_before_having_read_it() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let reply = ann.replies(&here, "Rude words.").await;
    let warning = json!({"site": "blog", "kind": "warn", "reason": "third time", "message": "Please be kind.", "reply_id": reply.id});
    let made = imposing(&mona, &ann, warning).expect(201).await.json();
    assert_eq!(made["reply_id"], reply.id);
    ann.posting(&here, "More.").refused("warning_unread").await;
    assert_eq!(ann.mine(&here).await["may_reply"], json!(false));
    ann.edits(&reply, "Kind words.").await;
    ann.replies(&there, "Elsewhere.").await;
    let read = |person: &Person, id: &Value| person.post(format!("/api/v1/me/sanctions/{}/read", id.as_str().unwrap()));
    read(&bob, &made["id"]).refused("not_found").await;
    let mine = own(&ann).await.remove(0);
    assert_eq!(
        (&mine["message"], &mine["kind"], &mine["is_active"]),
        (&json!("Please be kind."), &json!("warn"), &json!(true))
    );
    assert!(!mine.to_string().contains("third time"));
    for _ in 0..2 {
        read(&ann, &mine["id"]).expect(204).await;
    }
    ann.replies(&here, "Sorry.").await;
    let mine = own(&ann).await.remove(0);
    assert_eq!((mine["read_at"].is_string(), &mine["is_active"]), (true, &json!(false)));
    // and the next one, which is lifted instead
    let everywhere = json!({"kind": "warn", "reason": "again", "message": "Be kind everywhere."});
    let made = imposing(&blog.admin, &ann, everywhere).expect(201).await;
    ann.posting(&there, "More.").refused("warning_unread").await;
    blog.admin.delete(made.header("Location").unwrap()).expect(204).await;
    ann.replies(&there, "More.").await;
    let slow = json!({"site": "blog", "kind": "slow", "per_day": 3, "reason": "often"});
    let made = imposing(&mona, &ann, slow).expect(201).await.json();
    read(&ann, &made["id"]).refused("state_conflict").await;
    app.check().await;
}

#[actix_web::test]
async fn what_a_premoderated_author_writes_waits_for_a_person() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"spam": ["casino"]}})).await;
    let story = blog.story("s1").await;
    let (aaron, mona) = (blog.author("aaron").await, blog.moderator("mona").await);
    let ann = app.reader("ann").await;
    let before = ann.replies(&story, "From before.").await;
    let mut made = Vec::new();
    for person in [&ann, &aaron] {
        let body = json!({"site": "blog", "kind": "premoderate", "reason": "rude"});
        made.push(imposing(&mona, person, body).expect(201).await);
    }
    // also of the site's own people, of lower rank
    for person in [&ann, &aaron] {
        assert_eq!(person.replies(&story, "From now on.").await.state, "pending");
    }
    assert_eq!(ann.replies(&story, "At the casino.").await.state, "spam");
    assert_eq!(ann.edits(&before, "From before, edited.").await.state, "pending");
    let waiting = mona.queue(&blog, "pending").await;
    assert_eq!(waiting.len(), 3);
    for item in &waiting {
        assert_eq!(item["decided_by"], "sanction", "{item}");
    }
    made.iter().for_each(|made| assert!(made.header("Location").is_some()));
    for made in &made {
        mona.delete(made.header("Location").unwrap()).expect(204).await;
    }
    let after = ann.replies(&story, "Free again.").await;
    assert_eq!(after.state, "approved");
    // what waits goes on waiting, and no run of the rules lets it go
    assert_eq!(blog.reruns().await["rerun"]["released"], 0);
    assert_eq!(mona.queue(&blog, "pending").await.len(), 3);
    app.check().await;
}

#[actix_web::test]
async fn a_premoderated_moderator_does_not_let_his_own_replies_go() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, mona, max) = (blog.story("s1").await, blog.moderator("mona").await, blog.moderator("max").await);
    imposing(&blog.admin, &mona, json!({"site": "blog", "kind": "premoderate", "reason": "rude"})).expect(201).await;
    let own = mona.replies(&story, "Words of mine.").await;
    assert_eq!(own.state, "pending");
    mona.deciding(&own, "approve", json!({})).refused("own_reply").await;
    let items = json!([{"id": own.id, "version": own.version}]);
    let begun =
        mona.post("/api/v1/moderation/bulk").json(json!({"action": "approve", "items": items})).expect(202).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    let bulk = mona.get(begun.header("location").unwrap()).expect(200).await.json();
    assert_eq!(bulk["outcomes"], json!({"done": 0, "conflict": 0, "forbidden": 0, "gone": 1}));
    // nor does what she corrects of others wait
    let other = app.reader("ann").await.replies(&story, "Mistaken.").await;
    assert_eq!(mona.edits(&other, "Corrected.").await.state, "approved");
    assert_eq!(max.decides(&own, "approve").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn no_run_of_the_rules_lets_go_what_a_premoderated_author_wrote_before() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    blog.policy(json!({"words": {"hold": ["casino"]}})).await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    ann.replies(&story, "At the casino.").await;
    let body = json!({"site": "blog", "kind": "premoderate", "reason": "rude"});
    let made = imposing(&mona, &ann, body).expect(201).await;
    blog.policy(json!({})).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 0, "still_waiting": 1}));
    // what waits by a rule goes once the sanction is over
    mona.delete(made.header("Location").unwrap()).expect(204).await;
    assert_eq!(blog.reruns().await["rerun"], json!({"released": 1, "still_waiting": 0}));
    app.check().await;
}

#[actix_web::test]
async fn who_is_slowed_posts_so_many_in_a_day_and_no_more_at_once() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let slow = |site: Value, per_day| json!({"site": site, "kind": "slow", "per_day": per_day, "reason": "often"});
    imposing(&mona, &ann, slow(json!("blog"), 3)).expect(201).await;
    let texts: Vec<String> = (0..8).map(|number| format!("Words {number}.")).collect();
    let answers = futures_util::future::join_all(texts.iter().map(|text| ann.posting(&here, text).send())).await;
    let mut codes: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [201, 201, 201, 429, 429, 429, 429, 429]);
    let refused = ann.posting(&here, "More.").send().await;
    assert_eq!(refused.json()["code"], "too_many_replies");
    let wait: u64 = refused.header("Retry-After").unwrap().parse().unwrap();
    assert!((23 * 3_600..=24 * 3_600).contains(&wait), "{wait}");
    // taking back is no way to have posted less
    let mine = ann.mine(&here).await["items"][0]["id"].as_str().unwrap().to_owned();
    ann.delete(format!("/api/v1/replies/{mine}")).expect(204).await;
    ann.posting(&here, "More.").refused("too_many_replies").await;
    ann.replies(&there, "Elsewhere.").await;
    imposing(&blog.admin, &ann, slow(Value::Null, 4)).expect(201).await;
    ann.posting(&there, "Everywhere.").refused("too_many_replies").await;
    app.pass(24 * HOUR);
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.replies(&here, "Another day.").await;
    app.check().await;
}

#[actix_web::test]
async fn everybody_knows_of_ones_own_sanctions_also_who_is_banned_everywhere() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let until = app.now().plus(HOUR).to_string();
    let suspend =
        json!({"site": "blog", "kind": "suspend", "reason": "between us", "message": "An hour.", "until": until});
    imposing(&mona, &ann, suspend).expect(201).await;
    imposing(&blog.admin, &ann, json!({"kind": "ban", "reason": "between us", "message": "For good."}))
        .expect(201)
        .await;
    ann.get("/api/v1/me").refused("suspended").await;
    let told = |mine: Vec<Value>| {
        mine.iter().map(|one| (one["message"].clone(), one["is_active"].clone())).collect::<Vec<_>>()
    };
    let mine = own(&ann).await;
    assert!(!json!(mine).to_string().contains("between us"));
    assert_eq!(told(mine), [(json!("For good."), json!(true)), (json!("An hour."), json!(true))]);
    let first = ann.get("/api/v1/me/sanctions?limit=1").expect(200).await.json();
    let next = first["next_cursor"].as_str().unwrap();
    let second = ann.get(format!("/api/v1/me/sanctions?limit=1&cursor={next}")).expect(200).await.json();
    assert_eq!(second["items"][0]["message"], "An hour.");
}

#[actix_web::test]
async fn the_site_advises_the_next_step() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let steps = json!([{"kind": "slow", "days": 2, "per_day": 5}, {"kind": "ban"}]);
    blog.policy(json!({"sanctions": {"steps": steps, "forget_days": 30}})).await;
    let (ann, mona, otto) = (app.reader("ann").await, blog.moderator("mona").await, other.moderator("otto").await);
    let advised = async |by: &Person, site: &str| {
        let path = format!("/api/v1/accounts/{}/sanctions?site={site}", ann.id);
        by.get(path).expect(200).await.json()["suggestion"].clone()
    };
    assert_eq!(advised(&mona, "blog").await, steps[0]);
    assert_eq!(advised(&otto, "other").await, json!({"kind": "warn"}));
    mona.get(format!("/api/v1/accounts/{}/sanctions?site=other", ann.id)).refused("not_found").await;
    let slow = || json!({"site": "blog", "kind": "slow", "per_day": 5, "reason": "often"});
    let made = imposing(&mona, &ann, slow()).expect(201).await;
    assert_eq!(advised(&mona, "blog").await, steps[1]);
    assert_eq!(advised(&otto, "other").await, json!({"kind": "warn"}));
    // what was lifted counts for nothing, nor what is long ago
    mona.delete(made.header("Location").unwrap()).expect(204).await;
    assert_eq!(advised(&mona, "blog").await, steps[0]);
    for _ in 0..2 {
        let until = app.now().plus(HOUR).to_string();
        let mut body = slow();
        body["until"] = json!(until);
        let mona = app.sign_in("mona", PASSWORD).await;
        imposing(&mona, &ann, body).expect(201).await;
        app.pass(2 * HOUR);
    }
    let mona = app.sign_in("mona", PASSWORD).await;
    assert_eq!(advised(&mona, "blog").await, steps[1]);
    app.pass(30 * 24 * HOUR);
    let mona = app.sign_in("mona", PASSWORD).await;
    assert_eq!(advised(&mona, "blog").await, steps[0]);
    let wrong = json!({"sanctions": {"steps": [{"kind": "suspend"}]}});
    let admin = app.sign_in(&blog.admin.username, PASSWORD).await;
    let put = admin.put("/api/v1/sites/blog/policy").header("If-Match", "*").json(wrong);
    assert_eq!(put.refused("invalid_fields").await["errors"][0]["pointer"], "/sanctions/steps/0/days");
}

#[actix_web::test]
async fn a_sanction_takes_the_persons_latest_replies_with_it_and_that_can_be_undone() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    blog.forgives().await;
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    blog.moderator("mona").await;
    let old = ann.replies(&here, "Long ago.").await;
    app.pass(8 * 24 * HOUR);
    let (ann, mona) = (app.sign_in("ann", PASSWORD).await, app.sign_in("mona", PASSWORD).await);
    let bob = app.sign_in(&bob.username, PASSWORD).await;
    let (public, refused) = (ann.replies(&here, "Public.").await, ann.replies(&here, "Refused.").await);
    mona.decides(&refused, "reject").await;
    let (foreign, elsewhere) = (bob.replies(&here, "Of another.").await, ann.replies(&there, "Elsewhere.").await);
    let admin = app.sign_in(&blog.admin.username, PASSWORD).await;
    let states = async || {
        let mut states = Vec::new();
        for id in [&old.id, &public.id, &refused.id, &foreign.id, &elsewhere.id] {
            let shown = admin.get(format!("/api/v1/moderation/replies/{id}")).expect(200).await.json();
            states.push(shown["state"].clone());
        }
        states
    };
    let author = json!({"account_id": ann.id, "days": 7});
    let trial = json!({"action": "restore", "author": author, "preview": true});
    let trial = mona.post("/api/v1/moderation/bulk").json(trial).expect(200).await.json();
    assert_eq!((&trial["number"], &trial["samples"][0]["id"]), (&json!(1), &json!(public.id)));
    let before = states().await;
    let body = json!({"site": "blog", "kind": "ban", "reason": "rude", "replies": {"days": 7, "action": "restore"}});
    let made = imposing(&mona, &ann, body).expect(201).await.json();
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(states().await, ["approved", "pending", "rejected", "approved", "approved"]);
    let bulk = format!("/api/v1/moderation/bulk/{}", made["bulk_id"].as_str().unwrap());
    assert_eq!(mona.get(&bulk).expect(200).await.json()["outcomes"]["done"], 1);
    let log = mona.get("/api/v1/sites/blog/log?action=ban").expect(200).await.json();
    assert_eq!(log["items"][0]["details"]["bulk"], made["bulk_id"]);
    assert_eq!(
        mona.get("/api/v1/sites/blog/log?action=bulk").expect(200).await.json()["items"].as_array().unwrap().len(),
        1
    );
    mona.post(bulk + "/undo").expect(202).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(states().await, before);
    // and refused, what waits too, with the message for all
    let until = app.now().plus(HOUR).to_string();
    let body = json!({"site": "blog", "kind": "suspend", "until": until, "reason": "rude", "message": "Enough.",
        "replies": {"days": 30, "action": "reject", "reason": "abuse"}});
    imposing(&mona, &ann, body).expect(201).await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!(states().await, ["rejected", "rejected", "rejected", "approved", "approved"]);
    assert_eq!(ann.mine(&here).await["items"][1]["message"], "Enough.");
    app.check().await;
}

#[actix_web::test]
async fn a_sanction_holds_at_once_however_many_decisions_go_on() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann, mona) = (blog.story("s1").await, app.reader("ann").await, blog.moderator("mona").await);
    let reply = ann.replies(&story, "Public.").await;
    let items = json!([{"id": reply.id, "version": reply.version}]);
    let decide = || mona.post("/api/v1/moderation/bulk").json(json!({"action": "approve", "items": items}));
    for _ in 0..3 {
        decide().expect(202).await;
    }
    decide().refused("state_conflict").await;
    let replies = json!({"days": 7, "action": "reject", "reason": "abuse"});
    let body = json!({"site": "blog", "kind": "ban", "reason": "rude", "replies": replies});
    let made = imposing(&mona, &ann, body.clone()).expect(201).await.json();
    ann.posting(&story, "More.").refused("suspended").await;
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    let bulk = mona.get(format!("/api/v1/moderation/bulk/{}", made["bulk_id"].as_str().unwrap())).expect(200).await;
    assert_eq!((&bulk.json()["state"], &bulk.json()["outcomes"]["done"]), (&json!("done"), &json!(1)));
    // that is bounded too, and the sanction is not
    for number in 0..50 {
        let reader = app.reader(&format!("reader-{number}")).await;
        assert!(imposing(&mona, &reader, body.clone()).expect(201).await.json()["bulk_id"].is_string());
    }
    let last = app.reader("last").await;
    let made = imposing(&mona, &last, body).expect(201).await.json();
    assert_eq!((&made["bulk_id"], &made["is_active"]), (&Value::Null, &json!(true)));
    last.posting(&story, "More.").refused("suspended").await;
    app.check().await;
}

#[actix_web::test]
async fn what_a_sanction_everywhere_came_of_is_told_where_that_is() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona, otto) = (app.reader("ann").await, blog.moderator("mona").await, other.moderator("otto").await);
    let (reply, elsewhere) = (ann.replies(&here, "Rude.").await, ann.replies(&there, "Rude again.").await);
    let replies = json!({"days": 7, "action": "restore"});
    let ban = json!({"kind": "ban", "reason": "rude", "reply_id": elsewhere.id, "replies": replies});
    let made = imposing(&blog.admin, &ann, ban).expect(201).await.json();
    assert!(made["reply_id"] == elsewhere.id && made["bulk_id"].is_string());
    let slow = json!({"site": "blog", "kind": "slow", "per_day": 3, "reason": "often", "reply_id": reply.id, "replies": replies});
    let slowed = imposing(&mona, &ann, slow).expect(201).await.json();
    let shown = async |by: &Person| {
        let list = by.get(format!("/api/v1/accounts/{}/sanctions", ann.id)).expect(200).await.json();
        let ids = |row: &Value| (row["kind"].clone(), row["reply_id"].clone(), row["bulk_id"].clone());
        list["items"].as_array().unwrap().iter().map(ids).collect::<Vec<_>>()
    };
    let (of_slow, of_ban) =
        ((json!("slow"), json!(reply.id), slowed["bulk_id"].clone()), |reply, bulk| (json!("ban"), reply, bulk));
    let everywhere = of_ban(json!(elsewhere.id), made["bulk_id"].clone());
    assert_eq!(shown(&blog.admin).await, [of_slow.clone(), everywhere]);
    assert_eq!(shown(&mona).await, [of_slow, of_ban(Value::Null, Value::Null)]);
    assert_eq!(shown(&otto).await, [of_ban(json!(elsewhere.id), Value::Null)]);
}

#[actix_web::test]
async fn the_log_names_each_kind() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let until = app.now().plus(HOUR).to_string();
    for body in [
        json!({"kind": "warn", "message": "Be kind."}),
        json!({"kind": "premoderate"}),
        json!({"kind": "slow", "per_day": 1}),
        json!({"kind": "suspend", "until": until}),
        json!({"kind": "ban"}),
    ] {
        let mut body = body;
        body["site"] = json!("blog");
        body["reason"] = json!("rude");
        let made = imposing(&mona, &ann, body).expect(201).await;
        // twice: the second time nothing happens
        for _ in 0..2 {
            mona.delete(made.header("Location").unwrap()).expect(204).await;
        }
    }
    let log = mona.get(format!("/api/v1/sites/blog/log?account_id={}", ann.id)).expect(200).await.json();
    let actions: Vec<&str> =
        log["items"].as_array().unwrap().iter().rev().map(|row| row["action"].as_str().unwrap()).collect();
    let lifted = "lift_sanction";
    assert_eq!(actions, ["warn", lifted, "premoderate", lifted, "slow", lifted, "suspend", lifted, "ban", lifted]);
    app.check().await;
}

#[actix_web::test]
async fn suspensions_of_before_there_were_sanctions_are_kept_the_longest_of_each_place() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let ann = app.reader("ann").await;
    let tree = if app.read(|conn| conn.is_pg()).await { "postgres" } else { "sqlite" };
    let script = |name: &str| {
        let folder = format!("{}/migrations/{tree}/2026-11-26-000022_sanctions", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(format!("{folder}/{name}.sql")).unwrap()
    };
    app.execute(&script("down")).await;
    let is_pg = tree == "postgres";
    let id = if is_pg { "gen_random_uuid()" } else { "randomblob(16)" };
    // far beyond the database's own clock
    let year = |number: i64| match is_pg {
        true => format!("'{number}-01-01T00:00:00Z'"),
        false => ((number - 1970) * 31_556_952_000_000).to_string(),
    };
    for (reason, until) in [("for good", "NULL".to_owned()), ("shorter", year(2098)), ("longer", year(2099))] {
        let insert = format!(
            "INSERT INTO suspensions (id, account_id, site_id, reason, until, created_at) \
             SELECT {id}, a.id, s.id, '{reason}', {until}, s.created_at FROM accounts a, sites s \
             WHERE a.username = 'ann' AND s.key = 'blog'"
        );
        app.execute(&insert).await;
    }
    app.execute(&script("up")).await;
    let list = blog.admin.get(format!("/api/v1/accounts/{}/sanctions", ann.id)).expect(200).await.json();
    let mut kept: Vec<(&str, &str, bool)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["reason"].as_str().unwrap(), row["lifted_at"].is_string()))
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, [("ban", "for good", false), ("suspend", "longer", false), ("suspend", "shorter", true)]);
    app.check().await;
}

#[actix_web::test]
async fn a_suspension_on_a_site_acts_at_once_and_only_there() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (here, there) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let (bob, reply) = (app.reader("bob").await, ann.replies(&here, "Hello.").await);
    let foreign = bob.replies(&here, "Hi.").await;
    let made = imposing(&mona, &ann, json!({"site": "blog", "kind": "ban", "reason": "rude"})).expect(201).await;
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
    let past = json!({"site": "blog", "kind": "suspend", "reason": "rude", "until": app.now().minus(HOUR).to_string()});
    imposing(&mona, &ann, past).refused("invalid_fields").await;
    for (by, hours) in [(&mona, 1), (&blog.admin, 3)] {
        let until = app.now().plus(hours * HOUR).to_string();
        let site = if hours == 1 { json!("blog") } else { Value::Null };
        imposing(by, &ann, json!({"site": site, "kind": "suspend", "reason": "rude", "until": until}))
            .expect(201)
            .await;
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
    let here = || json!({"site": "blog", "kind": "ban", "reason": "rude"});
    for above in [&max, &blog.admin, &mona] {
        imposing(&mona, above, here()).refused("forbidden").await;
    }
    // staff elsewhere are readers here
    for below in [&aaron, &otto] {
        imposing(&mona, below, here()).expect(201).await;
    }
    imposing(&mona, &aaron, json!({"site": "other", "kind": "ban", "reason": "rude"})).refused("forbidden").await;
    imposing(&mona, &aaron, json!({"kind": "ban", "reason": "rude"})).refused("forbidden").await;
    imposing(&blog.admin, &other.admin, json!({"kind": "ban", "reason": "rude"})).refused("forbidden").await;
    imposing(&blog.admin, &blog.admin, json!({"kind": "ban", "reason": "rude"})).refused("forbidden").await;
    let by_admin = imposing(&blog.admin, &mona, here()).expect(201).await;
    // what an admin did to one's equal is not a moderator's to undo
    max.delete(by_admin.header("Location").unwrap()).refused("forbidden").await;
    mona.delete(by_admin.header("Location").unwrap()).refused("forbidden").await;
    mona.get("/api/v1/moderation/replies?queue=pending&site=blog").refused("suspended").await;
    imposing(&mona, &aaron, json!({"site": "nowhere", "kind": "ban", "reason": "rude"})).refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn suspensions_are_listed_to_those_whom_they_concern() {
    let app = App::start().await;
    let (blog, other) = (app.site("blog").await, app.site("other").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    imposing(&mona, &ann, json!({"site": "blog", "kind": "ban", "reason": "here"})).expect(201).await;
    imposing(&other.admin, &ann, json!({"site": "other", "kind": "ban", "reason": "there"})).expect(201).await;
    imposing(&other.admin, &ann, json!({"kind": "ban", "reason": "everywhere"})).expect(201).await;
    let list = async |person: &Person| -> Vec<String> {
        let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
        let items = person.get(path).expect(200).await.json()["items"].clone();
        items.as_array().unwrap().iter().map(|item| item["reason"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(list(&mona).await, ["everywhere", "here"]);
    // what is said among moderators is not for oneself
    let about_mona = format!("/api/v1/accounts/{}/sanctions", mona.id);
    mona.get(&about_mona).refused("not_found").await;
    blog.admin.get(&about_mona).expect(200).await;
    assert_eq!(list(&blog.admin).await, ["everywhere", "there", "here"]);
}

#[actix_web::test]
async fn suspensions_are_paged() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let ann = app.reader("ann").await;
    let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
    for number in 0..5 {
        let body = json!({"site": "blog", "kind": "ban", "reason": format!("Number {number}")});
        let made = blog.admin.post(&path).json(body).expect(201).await;
        blog.admin.delete(made.header("Location").unwrap()).expect(204).await;
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
