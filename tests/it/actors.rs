//! The people of the tests, and what they do through the public API.

use std::sync::OnceLock;

use rejoinder::{
    app::State,
    auth::session::{Beginning, Tokens},
    domain::{email::Email, ids::AccountId, job::Lane, username::Username},
    http::problem::Problem,
    jobs,
    store::accounts::{self, Account, NameOutcome},
};
use serde_json::{Value, json};

use crate::app::{App, Request};

/// A password that is good enough.
pub const PASSWORD: &str = "seven wet umbrellas";

/// The hash of [`PASSWORD`], made once for all.
async fn password_hash(state: &State) -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return hash.clone();
    }
    let hash = state.hasher.hash(PASSWORD.to_owned()).await.unwrap();
    HASH.get_or_init(|| hash).clone()
}

/// Somebody signed in.
#[derive(Clone)]
pub struct Person {
    pub app: App,
    pub id: String,
    pub username: String,
    pub token: String,
    pub refresh_token: String,
}

/// A site.
#[derive(Clone)]
pub struct Site {
    pub app: App,
    pub key: String,
    pub id: String,
    /// Who made it.
    pub admin: Person,
}

/// A story.
#[derive(Clone)]
pub struct Story {
    pub app: App,
    pub id: String,
}

/// A reply as its writer knows it.
#[derive(Clone, Debug)]
pub struct Reply {
    pub id: String,
    pub story_id: String,
    pub version: i64,
    pub state: String,
}

impl App {
    /// Signs up, and has not confirmed the address yet.
    pub async fn newcomer(&self, username: &str) -> Person {
        let body = json!({"email": format!("{username}@example.org"), "username": username, "password": PASSWORD});
        let tokens = self.post("/api/v1/accounts").json(body).expect(201).await.json();
        self.person(username, &tokens)
    }

    /// Somebody who has signed up and confirmed the address, as the store has it then.
    pub async fn reader(&self, username: &str) -> Person {
        // a moment of its own, by which ids are in order
        let (state, now, hash) = (self.state.clone(), self.state.clock.now(), password_hash(&self.state).await);
        let (name, email) = (Username::parse(username).unwrap(), format!("{username}@example.org"));
        let email = Email::parse(&email).unwrap();
        let db = self.state.db.clone();
        let tokens: Result<Tokens, Problem> = db
            .write(move |conn| {
                let account = Account {
                    password_hash: Some(hash.clone()),
                    email_verified_at: Some(now),
                    proven_at: Some(now),
                    ..Account::new(state.random.id(now), Some(&email), &name, now)
                };
                assert_eq!(accounts::insert(conn, &account)?, NameOutcome::Stored);
                Ok(state.sessions.begin(conn, account.id, Beginning::by_password(), now)?)
            })
            .await;
        let tokens = tokens.unwrap_or_else(|problem| panic!("{username}: {problem}"));
        Person {
            app: self.clone(),
            id: tokens.account_id.to_string(),
            username: username.to_owned(),
            token: tokens.access_token,
            refresh_token: tokens.refresh_token,
        }
    }

    pub fn person(&self, username: &str, tokens: &Value) -> Person {
        Person {
            app: self.clone(),
            id: tokens["account_id"].as_str().unwrap().to_owned(),
            username: username.to_owned(),
            token: tokens["access_token"].as_str().unwrap().to_owned(),
            refresh_token: tokens["refresh_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Signs in.
    pub async fn sign_in(&self, identifier: &str, password: &str) -> Person {
        let body = json!({"identifier": identifier, "password": password});
        let tokens = self.post("/api/v1/sessions").json(body).expect(201).await.json();
        self.person(identifier, &tokens)
    }

    /// Signs up and is made an admin, as the command does.
    pub async fn admin(&self, username: &str) -> Person {
        let person = self.reader(username).await;
        let id = AccountId(person.id.parse().unwrap());
        let made: Result<(), Problem> = self.state.db.write(move |conn| Ok(accounts::set_admin(conn, id, true)?)).await;
        made.unwrap();
        person
    }

    /// A site on which all replies are public at once.
    pub async fn site(&self, key: &str) -> Site {
        self.site_with(key, json!({"moderation_mode": "post"})).await
    }

    /// A site with these settings, made by an admin of its own.
    pub async fn site_with(&self, key: &str, mut settings: Value) -> Site {
        let admin = self.admin(&format!("boss-{key}")).await;
        settings["key"] = json!(key);
        let site = admin.post("/api/v1/sites").json(settings).expect(201).await.json();
        Site { app: self.clone(), key: key.to_owned(), id: site["id"].as_str().unwrap().to_owned(), admin }
    }
}

impl Site {
    /// Registers a story.
    pub async fn story(&self, external_id: &str) -> Story {
        self.story_with(external_id, json!({})).await
    }

    /// Registers a story with these fields.
    pub async fn story_with(&self, external_id: &str, mut fields: Value) -> Story {
        if fields.get("headline").is_none() {
            fields["headline"] = json!(format!("About {external_id}"));
        }
        let path = format!("/api/v1/sites/{}/stories/{external_id}", self.key);
        let story = self.admin.put(path).json(fields).expect(201).await.json();
        Story { app: self.app.clone(), id: story["id"].as_str().unwrap().to_owned() }
    }

    /// Signs up and becomes a moderator.
    pub async fn moderator(&self, username: &str) -> Person {
        self.staff(username, "moderator").await
    }

    /// Signs up and becomes an author.
    pub async fn author(&self, username: &str) -> Person {
        self.staff(username, "author").await
    }

    async fn staff(&self, username: &str, role: &str) -> Person {
        let person = self.app.reader(username).await;
        let path = format!("/api/v1/sites/{}/roles/{}/{role}", self.key, person.id);
        self.admin.put(path).expect(204).await;
        person
    }

    /// Changes settings.
    pub async fn set(&self, settings: Value) {
        self.admin.patch(format!("/api/v1/sites/{}", self.key)).json(settings).expect(200).await;
    }
}

impl Site {
    /// Gives it a policy.
    pub async fn policy(&self, policy: Value) {
        let path = format!("/api/v1/sites/{}/policy", self.key);
        self.admin.put(path).header("If-Match", "*").json(policy).expect(200).await;
    }

    /// Tries a policy on former replies, to the end.
    pub async fn simulates(&self, body: Value) -> Value {
        let begun = self.admin.post(format!("/api/v1/sites/{}/policy/simulate", self.key)).json(body);
        self.runs(begun).await
    }

    /// Runs the policy on what waits, to the end.
    pub async fn reruns(&self) -> Value {
        self.runs(self.admin.post(format!("/api/v1/sites/{}/policy/rerun", self.key))).await
    }

    /// Waits for a run to end.
    pub async fn runs(&self, begun: Request) -> Value {
        let begun = begun.expect(202).await;
        rejoinder::jobs::run_due(&self.app.state).await.unwrap();
        self.admin.get(begun.header("location").unwrap()).expect(200).await.json()
    }

    /// Lets nobody wait for what was said of their earlier replies.
    pub async fn forgives(&self) {
        self.policy(json!({"history": {"refused_percent": 0}})).await;
    }
}

impl Story {
    /// The first page of its threads.
    pub async fn page(&self, query: &str) -> Value {
        self.app.get(format!("/api/v1/stories/{}/replies{query}", self.id)).expect(200).await.json()
    }

    /// Its public count.
    pub async fn count(&self) -> i64 {
        self.page("").await["story"]["replies"].as_i64().unwrap()
    }
}

impl Person {
    /// Closes the account, as if the day were over in which that can be undone.
    pub async fn closes(&self) {
        self.post("/api/v1/me/close").json(json!({"password": PASSWORD})).expect(202).await;
        self.app.execute("UPDATE closings SET closes_at = asked_at WHERE closed_at IS NULL").await;
        self.app.execute("UPDATE jobs SET run_at = created_at WHERE kind = 'close_account'").await;
        jobs::run_due_of(&self.app.state, Lane::People).await.unwrap();
    }

    pub fn get(&self, path: impl AsRef<str>) -> Request {
        self.app.get(path).bearer(&self.token)
    }

    pub fn post(&self, path: impl AsRef<str>) -> Request {
        self.app.post(path).bearer(&self.token)
    }

    pub fn put(&self, path: impl AsRef<str>) -> Request {
        self.app.put(path).bearer(&self.token)
    }

    pub fn patch(&self, path: impl AsRef<str>) -> Request {
        self.app.patch(path).bearer(&self.token)
    }

    pub fn delete(&self, path: impl AsRef<str>) -> Request {
        self.app.delete(path).bearer(&self.token)
    }

    /// The id of the session that asks.
    pub async fn session(&self) -> String {
        let list = self.get("/api/v1/me/sessions").expect(200).await.json();
        let current = list["items"].as_array().unwrap().iter().find(|session| session["is_current"] == true);
        current.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// About to post to the commentary.
    pub fn posting(&self, story: &Story, text: &str) -> Request {
        self.post(format!("/api/v1/stories/{}/replies", story.id)).json(json!({"body": text}))
    }

    /// Posts to the commentary.
    pub async fn replies(&self, story: &Story, text: &str) -> Reply {
        reply(&story.id, &self.posting(story, text).expect(201).await.json())
    }

    /// About to answer another reply.
    pub fn answering(&self, parent: &Reply, text: &str) -> Request {
        self.post(format!("/api/v1/stories/{}/replies", parent.story_id))
            .json(json!({"parent_id": parent.id, "body": text}))
    }

    /// Answers another reply.
    pub async fn answers(&self, parent: &Reply, text: &str) -> Reply {
        reply(&parent.story_id, &self.answering(parent, text).expect(201).await.json())
    }

    /// About to edit.
    pub fn editing(&self, reply: &Reply, text: &str) -> Request {
        self.patch(format!("/api/v1/replies/{}", reply.id)).json(json!({"body": text, "version": reply.version}))
    }

    /// Edits; the reply as it stands then.
    pub async fn edits(&self, edited: &Reply, text: &str) -> Reply {
        reply(&edited.story_id, &self.editing(edited, text).expect(200).await.json())
    }

    /// Withdraws.
    pub async fn withdraws(&self, reply: &Reply) {
        self.delete(format!("/api/v1/replies/{}", reply.id)).expect(204).await;
    }

    /// About to decide, with these further fields.
    pub fn deciding(&self, reply: &Reply, action: &str, more: Value) -> Request {
        let mut body = json!({"action": action, "version": reply.version});
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.post(format!("/api/v1/moderation/replies/{}/decisions", reply.id)).json(body)
    }

    /// Decides; the reply as it stands then.
    pub async fn decides(&self, decided: &Reply, action: &str) -> Reply {
        let more = match action {
            "reject" => json!({"reason": "off_topic"}),
            "return" => json!({"message": "Say it otherwise, please."}),
            _ => json!({}),
        };
        let item = self.deciding(decided, action, more).expect(201).await.json();
        reply(&decided.story_id, &item)
    }

    /// Reports.
    pub async fn reports(&self, reply: &Reply, reason: &str) {
        self.post(format!("/api/v1/replies/{}/reports", reply.id)).json(json!({"reason": reason})).expect(204).await;
    }

    /// Recommends, and lets it be seen.
    pub async fn recommends(&self, reply: &Reply) {
        self.put(format!("/api/v1/replies/{}/recommendation", reply.id)).expect(204).await;
        self.app.settle().await;
    }

    /// A queue of one site.
    pub async fn queue(&self, site: &Site, queue: &str) -> Vec<Value> {
        let path = format!("/api/v1/moderation/replies?queue={queue}&site={}", site.key);
        self.get(path).expect(200).await.json()["items"].as_array().unwrap().clone()
    }

    /// What is one's own in a story.
    pub async fn mine(&self, story: &Story) -> Value {
        self.get(format!("/api/v1/stories/{}/mine", story.id)).expect(200).await.json()
    }
}

fn reply(story_id: &str, view: &Value) -> Reply {
    Reply {
        id: view["id"].as_str().unwrap().to_owned(),
        story_id: story_id.to_owned(),
        version: view["version"].as_i64().unwrap(),
        state: view["state"].as_str().unwrap().to_owned(),
    }
}
