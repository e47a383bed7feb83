//! A blog's server acts for its readers by a key: as themselves, on its own site, and never as its people.

use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::{App, Request},
    issuing::Issuing,
    jobs::count,
    keys::Key,
    together::{together, with_status},
};

/// A blog with a reader of its own, who has signed on once, and a server that acts for him.
struct Served {
    app: App,
    blog: Site,
    story: Story,
    issuing: Issuing,
    rae: Person,
    key: Key,
}

impl Served {
    async fn start() -> Self {
        Self::of(App::start().await).await
    }

    async fn of(app: App) -> Self {
        let blog = app.site("blog").await;
        let story = blog.story("s1").await;
        let issuing = Issuing::by_secret(&blog, "wordpress", json!({"gives_roles": ["author", "moderator"]})).await;
        let rae = issuing.signs_on("rae", json!({"name": "Rae"})).await;
        let key = Key::of(&blog, &["replies:act_as", "replies:write"]).await;
        Self { app, blog, story, issuing, rae, key }
    }

    /// For whom a request is made.
    fn acting(&self, request: Request, sub: &str) -> Request {
        request.bearer(&self.key.secret).header("Act-As", &format!("wordpress {sub}"))
    }

    fn posting_as(&self, sub: &str, story: &Story, text: &str) -> Request {
        let request = self.app.post(format!("/api/v1/stories/{}/replies", story.id)).json(json!({"body": text}));
        self.acting(request, sub)
    }

    /// About to post for the reader.
    fn posting(&self, text: &str) -> Request {
        self.posting_as("rae", &self.story, text)
    }
}

fn reply(story: &Story, view: &Value) -> Reply {
    Reply {
        id: view["id"].as_str().unwrap().to_owned(),
        story_id: story.id.clone(),
        version: view["version"].as_i64().unwrap(),
        state: view["state"].as_str().unwrap().to_owned(),
    }
}

#[actix_web::test]
async fn a_server_does_for_its_reader_what_he_may_and_the_log_names_both() {
    let served = Served::start().await;
    let other = served.app.reader("olga").await.replies(&served.story, "First!").await;
    let posted = served.posting("Well said.").expect(201).await;
    assert!(posted.header("location").is_some());
    let posted = reply(&served.story, &posted.json());
    // it is his own, in public and for himself
    let page = served.story.page("").await;
    let shown = page["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(posted.id)).unwrap();
    assert_eq!(
        (&shown["author"]["id"], &shown["author"]["display_name"], shown["author"].get("is_staff")),
        (&json!(served.rae.id), &json!("Rae"), None)
    );
    assert_eq!(served.rae.mine(&served.story).await["items"][0]["id"], json!(posted.id));
    let path = format!("/api/v1/replies/{}", posted.id);
    let edit = served.app.patch(&path).json(json!({"body": "Well, said.", "version": posted.version}));
    served.acting(edit, "rae").expect(200).await;
    let others = format!("/api/v1/replies/{}", other.id);
    served.acting(served.app.put(format!("{others}/recommendation")), "rae").expect(204).await;
    served.acting(served.app.delete(format!("{others}/recommendation")), "rae").expect(204).await;
    let report = served.app.post(format!("{others}/reports")).json(json!({"reason": "spam"}));
    served.acting(report, "rae").expect(204).await;
    let mine = served.acting(served.app.get(format!("/api/v1/stories/{}/mine", served.story.id)), "rae");
    assert_eq!(mine.expect(200).await.json(), served.rae.mine(&served.story).await);
    let preview = served.app.post("/api/v1/replies/preview").json(json!({"body": "*So*"}));
    served.acting(preview, "rae").expect(200).await;
    served.acting(served.app.delete(&path), "rae").expect(204).await;

    let log = served.blog.admin.get(format!("/api/v1/sites/blog/log?actor_id={}", served.rae.id)).expect(200).await;
    let log = log.json();
    let rows = log["items"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| &row["action"]).collect::<Vec<_>>(), ["withdraw", "edit", "post"]);
    for row in rows {
        assert_eq!((&row["actor_kind"], &row["details"]["api_key"]), (&json!("reader"), &json!(served.key.id)));
    }
    served.app.check().await;
}

#[actix_web::test]
async fn who_is_refused_is_told_why_and_appeals_through_his_blog() {
    let served = Served::start().await;
    let mona = served.blog.moderator("mona").await;
    let posted = reply(&served.story, &served.posting("Kettles are worse.").expect(201).await.json());
    mona.decides(&posted, "reject").await;
    let path = format!("/api/v1/replies/{}", posted.id);
    let statement = served.acting(served.app.get(format!("{path}/statement")), "rae");
    statement.expect(200).await;
    let appeal = served.app.post(format!("{path}/appeal")).json(json!({"text": "It is about kettles."}));
    served.acting(appeal, "rae").expect(201).await;
    assert_eq!(served.rae.mine(&served.story).await["items"][0]["state"], "rejected");
    served.app.check().await;
}

#[actix_web::test]
async fn nobody_of_a_sites_people_is_acted_for_nor_whom_the_site_does_not_know() {
    let served = Served::start().await;
    let elsewhere = served.app.site("other").await;
    let other_issuing = Issuing::by_secret(&elsewhere, "theirs", json!({})).await;
    other_issuing.signs_on("tom", json!({})).await;
    let mut refusals = Vec::new();
    let role = |site: &str, person: &Person, role: &str| {
        served.blog.admin.put(format!("/api/v1/sites/{site}/roles/{}/{role}", person.id))
    };
    for (sub, site, named) in
        [("aaron", "blog", "author"), ("mona", "blog", "moderator"), ("otto", "other", "moderator")]
    {
        let person = served.issuing.signs_on(sub, json!({})).await;
        served.posting_as(sub, &served.story, "Still a reader.").expect(201).await;
        role(site, &person, named).expect(204).await;
        refusals.push(served.posting_as(sub, &served.story, "As staff.").expect(403).await.text().to_owned());
    }
    // a role that a token gives, and an admin whose own account it is
    served.issuing.signs_on("given", json!({"roles": ["author"]})).await;
    let boss = json!({"site": "blog", "token": served.issuing.token("boss")});
    served.blog.admin.post("/api/v1/me/identities").json(boss).send().await;
    let cleo = served.app.reader("cleo").await;
    let joined = json!({"site": "blog", "token": served.issuing.token("closed")});
    cleo.post("/api/v1/me/identities").json(joined).expect(201).await;
    served.posting_as("closed", &served.story, "Before closing.").expect(201).await;
    cleo.closes().await;
    for sub in ["given", "boss", "closed", "nobody", "tom", "RAE", "rae%20", &"a".repeat(255)] {
        refusals.push(served.posting_as(sub, &served.story, "As whom?").expect(403).await.text().to_owned());
    }
    for whom in ["theirs tom", "none rae"] {
        let post = served.app.post(format!("/api/v1/stories/{}/replies", served.story.id)).json(json!({"body": "No."}));
        let post = post.bearer(&served.key.secret).header("Act-As", whom);
        refusals.push(post.expect(403).await.text().to_owned());
    }
    assert!(refusals.iter().all(|text| *text == refusals[0] && text.contains("unknown_subject")), "{refusals:?}");
    assert_eq!(count(&served.app, "replies").await, 4);
    // who is a reader again is acted for again
    let path = format!("/api/v1/sites/other/roles/{}/moderator", served.issuing.signs_on("otto", json!({})).await.id);
    served.blog.admin.delete(path).expect(204).await;
    served.posting_as("otto", &served.story, "A reader again.").expect(201).await;
    served.app.check().await;
}

#[actix_web::test]
async fn a_reader_is_no_freer_by_a_key_than_by_himself() {
    let served = Served::start().await;
    let posted = reply(&served.story, &served.posting("Before.").expect(201).await.json());
    let elsewhere = served.app.site("other").await;
    let theirs = elsewhere.story("o1").await;
    let reply_there = served.rae.replies(&theirs, "There.").await;
    // elsewhere nothing is there, be it his own
    served.posting_as("rae", &theirs, "There too.").refused("not_found").await;
    let edit = served.app.patch(format!("/api/v1/replies/{}", reply_there.id));
    served.acting(edit.json(json!({"body": "No.", "version": 1})), "rae").refused("not_found").await;
    served.acting(served.app.delete(format!("/api/v1/replies/{}", reply_there.id)), "rae").refused("not_found").await;
    served.acting(served.app.get(format!("/api/v1/stories/{}/mine", theirs.id)), "rae").refused("not_found").await;
    let report = served.app.post(format!("/api/v1/replies/{}/reports", reply_there.id));
    served.acting(report.json(json!({"reason": "spam"})), "rae").expect(204).await;
    assert_eq!(count(&served.app, "reports").await, 0);
    // nothing of others'
    let others = served.app.reader("olga").await.replies(&served.story, "Mine.").await;
    let edit = served.app.patch(format!("/api/v1/replies/{}", others.id));
    served.acting(edit.json(json!({"body": "No.", "version": 1})), "rae").refused("forbidden").await;
    // nothing of his account
    for path in ["/api/v1/me", "/api/v1/me/identities", "/api/v1/me/mutes", "/api/v1/me/reports"] {
        served.acting(served.app.get(path), "rae").refused("insufficient_scope").await;
    }
    served.acting(served.app.patch("/api/v1/me").json(json!({})), "rae").refused("insufficient_scope").await;
    // and what is imposed on him holds
    let impose = served.blog.admin.post(format!("/api/v1/accounts/{}/sanctions", served.rae.id));
    impose.json(json!({"site": "blog", "kind": "ban", "reason": "rude"})).expect(201).await;
    served.posting("After.").refused("suspended").await;
    served.acting(served.app.delete(format!("/api/v1/replies/{}", posted.id)), "rae").refused("suspended").await;
    served.acting(served.app.get(format!("/api/v1/stories/{}/mine", served.story.id)), "rae").expect(200).await;
    served.app.check().await;
}

#[actix_web::test]
async fn a_key_does_by_itself_or_for_a_reader_what_its_scopes_say() {
    let served = Served::start().await;
    let posting = |key: &Key| key.server().posting(&served.story, "Said.");
    posting(&served.key).refused("insufficient_scope").await;
    for scopes in [["replies:act_as", "stories:write"], ["replies:write", "stories:write"]] {
        let key = Key::of(&served.blog, &scopes).await;
        let acting = |request: Request| request.header("Act-As", "wordpress rae");
        acting(posting(&key)).refused("insufficient_scope").await;
        let mine = acting(key.server().get(format!("/api/v1/stories/{}/mine", served.story.id)));
        mine.expect(if scopes[0] == "replies:act_as" { 200 } else { 403 }).await;
        let put = || key.server().put("/api/v1/sites/blog/stories/s2").json(json!({"headline": "Two"}));
        acting(put()).refused("insufficient_scope").await;
        put().send().await;
    }
    assert_eq!(count(&served.app, "replies").await, 0);
    served.app.check().await;
}

#[actix_web::test]
async fn for_whom_it_is_must_be_said_once_and_with_a_key() {
    let served = Served::start().await;
    for wrong in ["", "rae", "wordpress", "wordpress rae tom", "Wordpress rae", "wordpress\trae", "wordpress  rae"] {
        let post = served.key.server().posting(&served.story, "Said.").header("Act-As", wrong);
        post.refused("invalid_header").await;
    }
    served.posting("Said.").header("Act-As", "wordpress rae").refused("invalid_header").await;
    // who believes to act for another must not do it as himself
    let olga = served.app.reader("olga").await;
    olga.posting(&served.story, "Said.").header("Act-As", "wordpress rae").refused("invalid_header").await;
    assert_eq!(count(&served.app, "replies").await, 0);
}

#[actix_web::test]
async fn an_idempotency_key_is_the_servers_and_the_readers_together() {
    let served = Served::start().await;
    served.issuing.signs_on("tom", json!({})).await;
    let once = |request: Request| request.header("Idempotency-Key", "k1");
    let (first, again) = (once(served.posting("Once.")), once(served.posting("Once.")));
    let (first, again) = (first.expect(201).await.json(), again.expect(201).await.json());
    assert_eq!(first["id"], again["id"]);
    once(served.posting("Twice.")).refused("idempotency_mismatch").await;
    once(served.posting_as("tom", &served.story, "Once.")).expect(201).await;
    once(served.rae.posting(&served.story, "By himself.")).expect(201).await;
    let another = Key::of(&served.blog, &["replies:act_as", "replies:write"]).await;
    let by_another = another.server().posting(&served.story, "By another server.").header("Act-As", "wordpress rae");
    once(by_another).expect(201).await;
    let many = together((0..6).map(|_| served.posting("Many.").header("Idempotency-Key", "k2"))).await;
    assert_eq!(with_status(&many, 201), 6);
    assert_eq!(count(&served.app, "replies").await, 5);
    served.app.check().await;
}

#[actix_web::test]
async fn readers_behind_one_server_do_not_count_for_one_address() {
    let served = Served::start().await;
    served.blog.policy(json!({"pace": {"address_hour": 2}})).await;
    for number in 0..5 {
        let sub = format!("reader-{number}");
        served.issuing.signs_on(&sub, json!({})).await;
        let posted =
            served.posting_as(&sub, &served.story, &format!("The {number}th kettle is mine.")).expect(201).await;
        assert_eq!(posted.json()["state"], "approved");
    }
    assert_eq!(count(&served.app, "attempts").await, 0);
    served.app.check().await;
}

#[actix_web::test]
async fn newcomers_show_no_work_where_their_blogs_server_stands_in_for_them() {
    let served = Served::start().await;
    let asking = served.app.another(&[("PROOF_OF_WORK", "on")]).await;
    let path = format!("/api/v1/stories/{}/replies", served.story.id);
    let posting = |text: &str| asking.post(&path).json(json!({"body": text}));
    posting("By myself.").bearer(&served.rae.token).refused("work_needed").await;
    served.acting(posting("By my blog."), "rae").expect(201).await;
    served.app.check().await;
}

#[actix_web::test]
async fn who_becomes_staff_while_his_server_posts_has_posted_before_or_not_at_all() {
    let served = Served::start().await;
    served.posting("Warm.").expect(201).await;
    let (reached, go_on) = served.app.pause_at("INSERT INTO decisions");
    let posted = actix_web::rt::spawn(served.posting("Just in time.").send());
    reached.await.unwrap();
    let grant = served.blog.admin.put(format!("/api/v1/sites/blog/roles/{}/moderator", served.rae.id));
    let granted = actix_web::rt::spawn(grant.send());
    actix_web::rt::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!granted.is_finished());
    go_on.send(()).unwrap();
    assert_eq!((posted.await.unwrap().status.as_u16(), granted.await.unwrap().status.as_u16()), (201, 204));
    served.posting("Too late.").refused("unknown_subject").await;
    served.app.check().await;
}
