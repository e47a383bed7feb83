//! Comments from before, claimed by whoever reads the address that stands in the export.

use std::fmt::Write;

use rejoinder::{
    domain::ids::AccountId,
    jobs,
    store::{Conn, DbError, imports},
};
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply},
    app::{App, Request},
    import::import_of,
    outside::Outside,
    together::{together, with_status},
};

const CLAIMS: &str = "/api/v1/me/claims";
const ANN: &str = "ann@example.org";

/// A blog with comments from before.
struct Ledger {
    app: App,
    admin: Person,
}

impl Ledger {
    async fn start() -> Self {
        // its spam is old, and its texts are to stay
        let app = App::with(&[("RETENTION_SPAM_DAYS", "0")]).await;
        let admin = app.admin("boss").await;
        Self { app, admin }
    }

    /// Brings an export in: of each comment a name, an address, and whether it is approved (WordPress writes 1, 0 and spam).
    async fn imports(&self, comments: &[(&str, &str, &str)]) {
        let file = self.app.database.folder.path().join("export.xml");
        let mut text = "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>Ledger</title>\
             <wp:wxr_version>1.2</wp:wxr_version><item><title>Story</title><wp:post_id>7</wp:post_id>\
             <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
            .to_owned();
        for (index, (name, email, approved)) in comments.iter().enumerate() {
            let number = index + 1;
            write!(
                text,
                "<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author>{name}</wp:comment_author>\
                 <wp:comment_author_email>{email}</wp:comment_author_email>\
                 <wp:comment_date_gmt>2020-03-01 {:02}:{:02}:00</wp:comment_date_gmt>\
                 <wp:comment_content>Comment {number}.</wp:comment_content>\
                 <wp:comment_approved>{approved}</wp:comment_approved></wp:comment>",
                index / 60 % 24,
                index % 60
            )
            .unwrap();
        }
        text += "</item></channel></rss>";
        std::fs::write(&file, text).unwrap();
        import_of(&self.app, file, false).await;
    }

    async fn story(&self) -> String {
        let story = self.app.get("/api/v1/sites/ledger/stories/wp:7").expect(200).await.json();
        story["id"].as_str().unwrap().to_owned()
    }

    /// What is shown under the story, the oldest first.
    async fn page(&self) -> Vec<Value> {
        let page = self.app.get(format!("/api/v1/stories/{}/replies?sort=oldest", self.story().await));
        page.expect(200).await.json()["items"].as_array().unwrap().clone()
    }

    /// The names there.
    async fn names(&self) -> Vec<String> {
        let name = |reply: &Value| reply["author"]["display_name"].as_str().unwrap_or_default().to_owned();
        self.page().await.iter().map(name).collect()
    }

    async fn first(&self) -> Reply {
        let (page, story_id) = (self.page().await, self.story().await);
        let id = page[0]["id"].as_str().unwrap().to_owned();
        Reply { id, story_id, version: 1, state: "approved".to_owned() }
    }

    async fn run_jobs(&self) {
        jobs::run_due(&self.app.state).await.unwrap();
    }
}

impl Person {
    async fn claimable(&self) -> Vec<Value> {
        self.get(CLAIMS).expect(200).await.json()["items"].as_array().unwrap().clone()
    }

    fn claiming(&self, what: Value) -> Request {
        self.post(CLAIMS).json(what)
    }
}

#[actix_web::test]
async fn who_confirmed_the_address_has_the_replies_and_their_numbers() {
    let ledger = Ledger::start().await;
    let comments = [
        ("Annie", ANN, "1"),
        ("Annie", "ANN@Example.org", "0"),
        ("Bob", "bob@example.org", "1"),
        ("Annie B.", ANN, "spam"),
    ];
    ledger.imports(&comments).await;
    assert_eq!(ledger.names().await, ["Annie", "Bob"]);
    let newcomer = ledger.app.newcomer("ann").await;
    // an address that is not confirmed is nobody's
    assert_eq!(newcomer.claimable().await, [Value::Null; 0]);
    newcomer.claiming(json!({})).refused("state_conflict").await;
    let token = ledger.app.last_mail_to(ANN).await.token_of("account/email");
    ledger.app.following(&token).expect(204).await;
    let found = newcomer.claimable().await;
    let told: Vec<(&Value, &Value, &Value)> =
        found.iter().map(|item| (&item["site"], &item["name"], &item["replies"])).collect();
    let site = json!("ledger");
    assert_eq!(told.len(), 2);
    assert!(
        told.contains(&(&site, &json!("Annie"), &json!(2))) && told.contains(&(&site, &json!("Annie B."), &json!(1)))
    );
    // nobody else has them
    let bob = ledger.app.reader("robert").await;
    bob.claiming(json!({"id": found[0]["id"]})).refused("not_found").await;

    let claimed = newcomer.claiming(json!({})).expect(202).await.json();
    assert_eq!((claimed["items"].as_array().unwrap().len(), &claimed["has_more"]), (2, &json!(false)));
    ledger.app.check().await;
    ledger.run_jobs().await;
    ledger.app.check().await;
    assert_eq!(ledger.names().await, ["ann", "Bob"]);
    let done = newcomer.claimable().await;
    assert!(done.iter().all(|item| item["replies"] == 0 && item["finished_at"].is_string()), "{done:?}");
    let profile = ledger.app.get(format!("/api/v1/accounts/{}/replies", newcomer.id)).expect(200).await.json();
    assert_eq!(profile["items"].as_array().unwrap().len(), 1);
    // what waits is hers for moderators too
    let queue = "/api/v1/moderation/replies?queue=pending&site=ledger";
    let waiting = ledger.admin.get(queue).expect(200).await.json();
    assert_eq!(waiting["items"][0]["author"]["id"], json!(newcomer.id));
    let search = format!("/api/v1/moderation/search?q=comment&site=ledger&author_id={}", newcomer.id);
    let sought = ledger.admin.get(search).expect(200).await.json();
    assert_eq!(sought["items"].as_array().unwrap().len(), 3);
    // and so does the copy of what is kept of her
    newcomer.post("/api/v1/me/data").expect(202).await;
    ledger.app.tends_people().await;
    let claims = newcomer.fetches().await["claims.json"].clone();
    assert!(claims.contains(r#""name":"Annie B.""#) && claims.contains(ANN), "{claims}");
    // she may do with it what she may with any of hers
    let own = ledger.first().await;
    newcomer.put(format!("/api/v1/replies/{}/recommendation", own.id)).refused("own_reply").await;
    newcomer.delete(format!("/api/v1/replies/{}", own.id)).expect(204).await;
    assert_eq!(ledger.names().await, ["Bob"]);
    ledger.app.check().await;
}

#[actix_web::test]
async fn a_claim_is_made_once_and_goes_on_where_it_was_left() {
    let ledger = Ledger::start().await;
    let comments: Vec<(&str, &str, &str)> = (0..130).map(|_| ("Annie", ANN, "1")).collect();
    ledger.imports(&comments).await;
    let ann = ledger.app.reader("ann").await;
    let id = ann.claimable().await[0]["id"].clone();
    let answers = together((0..6).map(|_| ann.claiming(json!({"id": id})))).await;
    assert_eq!(with_status(&answers, 202), 6, "all say that it is hers");
    let mut outside = Outside::of(&ledger.app);
    assert_eq!(outside.count("SELECT count(*) AS count FROM jobs WHERE kind = 'claim_author'"), 1);
    assert_eq!(outside.count("SELECT count(*) AS count FROM decisions WHERE action = 'claim_author'"), 1);
    // the instance ends in the middle
    let state = ledger.app.state.clone();
    let (reached, go_on) = ledger.app.pause_at("INSERT INTO search_documents");
    let runner = tokio::spawn(async move { jobs::run_due(&state).await });
    reached.await.unwrap();
    runner.abort();
    drop(go_on);
    let _ = runner.await;
    ledger.app.check().await;
    // another takes it up when the lease is over
    ledger.app.pass(std::time::Duration::from_secs(120));
    ledger.run_jobs().await;
    let left =
        "SELECT count(*) AS count FROM replies r JOIN accounts a ON a.id = r.author_id WHERE a.closed_at IS NOT NULL";
    assert_eq!(outside.count(left), 0);
    assert_eq!(outside.count("SELECT count(*) AS count FROM jobs WHERE kind = 'claim_author'"), 0);
    assert_eq!(ann.claimable().await[0]["replies"], 0);
    ledger.app.check().await;
}

#[actix_web::test]
async fn an_address_that_changes_hands_takes_nothing_along() {
    let ledger = Ledger::start().await;
    ledger.imports(&[("Annie", ANN, "1")]).await;
    let ann = ledger.app.reader("ann").await;
    let id = ann.claimable().await[0]["id"].clone();
    ann.claiming(json!({})).expect(202).await;
    ledger.run_jobs().await;
    // she goes, and the mailbox becomes another's
    ledger
        .app
        .execute("UPDATE accounts SET email = 'a@example.org', email_key = 'a@example.org' WHERE username = 'ann'")
        .await;
    let other = ledger.app.reader("other").await;
    let sql = "UPDATE accounts SET email = 'ann@example.org', email_key = 'ann@example.org' WHERE username = 'other'";
    ledger.app.execute(sql).await;
    assert_eq!(other.claimable().await, [Value::Null; 0]);
    other.claiming(json!({"id": id})).refused("not_found").await;
    let claimed = other.claiming(json!({})).expect(202).await.json();
    assert_eq!(claimed["items"], json!([]));
    ledger.app.check().await;
}

#[actix_web::test]
async fn of_two_who_claim_at_once_the_one_with_the_address_gets_it() {
    let ledger = Ledger::start().await;
    ledger.imports(&[("Annie", ANN, "1"), ("Annie", ANN, "1")]).await;
    let (ann, other) = (ledger.app.reader("ann").await, ledger.app.reader("other").await);
    let id = ann.claimable().await[0]["id"].clone();
    let answers = together([ann.claiming(json!({"id": id})), other.claiming(json!({"id": id}))]).await;
    assert_eq!(with_status(&answers, 202), 1);
    assert_eq!(with_status(&answers, 404), 1);
    ledger.run_jobs().await;
    assert_eq!(ledger.names().await, ["ann", "ann"]);
    ledger.app.check().await;
}

#[actix_web::test]
async fn ones_own_recommendation_goes_and_the_others_stay() {
    let ledger = Ledger::start().await;
    ledger.imports(&[("Annie", ANN, "1"), ("Annie", ANN, "1")]).await;
    let (ann, bob) = (ledger.app.reader("ann").await, ledger.app.reader("bob").await);
    let reply = ledger.first().await;
    ann.recommends(&reply).await;
    bob.recommends(&reply).await;
    assert_eq!(ledger.page().await[0]["recommendations"], 2);
    ann.claiming(json!({})).expect(202).await;
    ledger.run_jobs().await;
    ledger.app.settle().await;
    assert_eq!(ledger.page().await[0]["recommendations"], 1);
    ledger.app.check().await;
}

#[actix_web::test]
async fn what_was_decided_about_the_imported_account_is_left_behind_by_nobody() {
    let ledger = Ledger::start().await;
    ledger.imports(&[("Annie", ANN, "1"), ("Annie B.", ANN, "1")]).await;
    let ann = ledger.app.reader("ann").await;
    let found = ann.claimable().await;
    let banned = found.iter().find(|item| item["name"] == "Annie").unwrap()["id"].as_str().unwrap().to_owned();
    let reply = ledger.first().await;
    let impose = |kind: &str, more: Value| {
        let mut body = json!({"site": "ledger", "kind": kind, "reason": "rude", "reply_id": reply.id});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ledger.admin.post(format!("/api/v1/accounts/{banned}/sanctions")).json(body)
    };
    impose("warn", json!({"message": "Be kind."})).expect(201).await;
    let ban = impose("ban", json!({})).expect(201).await;
    ann.claiming(json!({"id": banned})).refused("state_conflict").await;
    let claimed = ann.claiming(json!({})).expect(202).await.json();
    let names: Vec<&Value> = claimed["items"].as_array().unwrap().iter().map(|item| &item["name"]).collect();
    assert_eq!(names, ["Annie B."]);
    let left = ann.claimable().await.into_iter().find(|item| item["name"] == "Annie").unwrap();
    assert_eq!((&left["is_sanctioned"], &left["claimed_at"]), (&json!(true), &Value::Null));
    ledger.admin.delete(ban.header("Location").unwrap()).expect(204).await;
    ann.claiming(json!({"id": banned})).expect(202).await;
    ledger.run_jobs().await;
    assert_eq!(ledger.names().await, ["ann", "ann"]);
    // it is nobody's to decide about any more
    assert_ne!(impose("ban", json!({})).send().await.status, 201);
    ledger.app.check().await;
}

#[actix_web::test]
async fn who_muted_the_name_goes_on_not_reading_it() {
    let ledger = Ledger::start().await;
    ledger.imports(&[("Annie", ANN, "1")]).await;
    let (ann, bob) = (ledger.app.reader("ann").await, ledger.app.reader("bob").await);
    let id = ann.claimable().await[0]["id"].as_str().unwrap().to_owned();
    for reader in [&ann, &bob] {
        reader.put(format!("/api/v1/me/mutes/{id}")).expect(204).await;
    }
    let note = ledger.admin.post(format!("/api/v1/accounts/{id}/notes"));
    note.json(json!({"site": "ledger", "text": "Knows a lot."})).expect(201).await;
    ann.claiming(json!({})).expect(202).await;
    ledger.run_jobs().await;
    let muted = bob.get("/api/v1/me/mutes").expect(200).await.json();
    assert_eq!((muted["items"].as_array().unwrap().len(), &muted["items"][0]["account_id"]), (1, &json!(ann.id)));
    assert_eq!(ann.get("/api/v1/me/mutes").expect(200).await.json()["items"], json!([]), "not oneself");
    let notes = ledger.admin.get(format!("/api/v1/accounts/{}/notes", ann.id)).expect(200).await.json();
    assert_eq!(notes["items"][0]["text"], "Knows a lot.");
    ledger.app.check().await;
}

#[actix_web::test]
async fn what_an_import_still_brings_is_the_claimers() {
    let ledger = Ledger::start().await;
    ledger.imports(&[("Annie", ANN, "1")]).await;
    let ann = ledger.app.reader("ann").await;
    ann.claiming(json!({})).expect(202).await;
    ledger.run_jobs().await;
    ledger.imports(&[("Annie", ANN, "1"), ("Annie", ANN, "1")]).await;
    assert_eq!(ledger.names().await, ["ann", "ann"]);
    ledger.app.check().await;
    // of who is erased names and addresses of before are gone too, and it is still known whose the log's rows are
    let id = AccountId(ann.id.parse().unwrap());
    let forget = move |conn: &mut Conn<'_>| Ok::<_, DbError>(imports::forget_claimed(conn, id)?);
    ledger.app.state.db.write(forget).await.unwrap();
    assert_eq!(Outside::of(&ledger.app).count("SELECT count(*) AS count FROM imported_authors"), 0);
    ledger.app.check().await;
}
