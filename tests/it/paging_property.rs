//! Random trees read page by page while others insert, edit, approve, reject, withdraw: nothing stands twice, nothing
//! is missing that was there before the reading began and still is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Story},
    app::App,
    dice::Dice,
};

struct World {
    app: App,
    story: Story,
    people: Vec<Person>,
    mona: Person,
    /// Everything posted, with its author's place in the list.
    replies: Vec<(Reply, usize)>,
    /// Whose recommendations changed since the present reading began.
    voted: BTreeSet<String>,
    dice: Dice,
}

/// What a reader has seen so far.
struct Seen {
    ids: Vec<String>,
    pages: usize,
    /// What was shown all the time.
    always: BTreeSet<String>,
}

impl Seen {
    fn add(&mut self, items: &Value) {
        self.ids.extend(items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
    }

    fn begin(shown: BTreeSet<String>) -> Self {
        Self { ids: Vec::new(), pages: 0, always: shown }
    }

    /// What is not shown now need not have been seen, even if it comes back later.
    fn keep(&mut self, shown: &BTreeSet<String>) {
        self.always.retain(|id| shown.contains(id));
    }

    fn assert_whole(&self, what: &str) {
        let once: BTreeSet<String> = self.ids.iter().cloned().collect();
        assert_eq!(once.len(), self.ids.len(), "{what}: something stands twice");
        let missing: Vec<&String> = self.always.difference(&once).collect();
        assert!(missing.is_empty(), "{what}: {missing:?} are missing after {} pages", self.pages);
    }
}

impl World {
    /// A tree whose threads reach past the depth where paths go flat.
    async fn new() -> Self {
        let app = App::start().await;
        let blog = app.site("blog").await;
        let story = blog.story("s1").await;
        let mut people = Vec::new();
        for name in ["ann", "bob", "cat"] {
            people.push(app.reader(name).await);
        }
        let mona = blog.moderator("mona").await;
        let mut world =
            Self { app, story, people, mona, replies: Vec::new(), voted: BTreeSet::new(), dice: Dice::new() };
        for _ in 0..40 {
            // one long chain
            let parent = world.replies.len().checked_sub(1);
            world.post(parent).await;
        }
        for _ in 0..160 {
            let parent = match world.dice.below(4) {
                0 => None,
                1 => Some(world.replies.len() - 1),
                _ => Some(world.dice.below(world.replies.len())),
            };
            world.post(parent).await;
        }
        for _ in 0..120 {
            let index = world.dice.below(world.replies.len());
            world.vote(index).await;
        }
        world
    }

    /// Refused where it is one's own or not public.
    async fn vote(&mut self, index: usize) {
        let person = self.dice.below(self.people.len());
        let id = &self.replies[index].0.id;
        let path = format!("/api/v1/replies/{id}/recommendation");
        let person = &self.people[person];
        let request = if self.dice.once_in(4) { person.delete(path) } else { person.put(path) };
        if request.send().await.status.is_success() {
            self.voted.insert(id.clone());
            self.app.settle().await;
        }
    }

    /// Refused where the parent is not public.
    async fn post(&mut self, parent: Option<usize>) {
        let author = self.dice.below(self.people.len());
        let parent = parent.map(|index| self.replies[index].0.clone());
        let person = &self.people[author];
        let request = match &parent {
            Some(parent) => person.answering(parent, "A text"),
            None => person.posting(&self.story, "A text"),
        };
        let response = request.send().await;
        if response.status != 201 {
            assert_eq!(response.json()["code"], "parent_not_public");
            return;
        }
        let view = response.json();
        let reply = Reply {
            id: view["id"].as_str().unwrap().to_owned(),
            story_id: self.story.id.clone(),
            version: 1,
            state: view["state"].as_str().unwrap().to_owned(),
        };
        self.replies.push((reply, author));
    }

    /// A few things that others do between two pages.
    async fn meddle(&mut self) {
        for _ in 0..self.dice.below(4) {
            let index = self.dice.below(self.replies.len());
            match self.dice.below(10) {
                0 => self.post(None).await,
                1 => self.post(Some(index)).await,
                2 => self.post(Some(self.replies.len() - 1)).await,
                3 | 4 => self.decide(index, "reject").await,
                5 => self.decide(index, "approve").await,
                6 => {
                    let (reply, author) = &self.replies[index];
                    let body = json!({"body": "Another text", "version": reply.version});
                    let path = format!("/api/v1/replies/{}", reply.id);
                    let response = self.people[*author].patch(path).json(body).send().await;
                    if response.status.is_success() {
                        self.replies[index].0.version += 1;
                    }
                }
                7 | 8 => self.vote(index).await,
                _ if self.dice.once_in(4) => {
                    let (reply, author) = &self.replies[index];
                    self.people[*author].withdraws(reply).await;
                    self.replies[index].0.version += 1;
                }
                _ => self.decide(index, "spam").await,
            }
        }
    }

    /// Conflicts where it was withdrawn.
    async fn decide(&mut self, index: usize, action: &str) {
        let more = if action == "reject" { json!({"reason": "other"}) } else { json!({}) };
        let response = self.mona.deciding(&self.replies[index].0, action, more).send().await;
        if response.status == 201 {
            self.replies[index].0.version = response.json()["version"].as_i64().unwrap();
        }
    }

    /// Everything that is shown, with its parent's id, out of the database at one moment.
    async fn shown(&self) -> Vec<(String, Option<String>)> {
        let rows = self
            .app
            .read(|conn| {
                use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};
                use rejoinder::store::{Native, replies::Reply, schema::replies::table};
                match &mut conn.native {
                    Native::Sqlite(c) => table.select(Reply::as_select()).load(*c),
                    Native::Pg(c) => table.select(Reply::as_select()).load(*c),
                }
                .unwrap()
            })
            .await;
        let is_shown = |row: &rejoinder::store::replies::Reply| row.state.is_public() || row.visible_below > 0;
        let shown = rows.into_iter().filter(is_shown);
        shown.map(|row| (row.id.to_string(), row.parent_id.map(|id| id.to_string()))).collect()
    }

    async fn shown_tops(&self) -> BTreeSet<String> {
        self.shown().await.into_iter().filter(|(_, parent)| parent.is_none()).map(|(id, _)| id).collect()
    }

    /// What is shown below this reply.
    async fn shown_below(&self, top: &str) -> BTreeSet<String> {
        let shown = self.shown().await;
        let mut below = BTreeSet::from([top.to_owned()]);
        loop {
            let is_new = |(id, parent): &&(String, Option<String>)| {
                !below.contains(id) && parent.as_ref().is_some_and(|parent| below.contains(parent))
            };
            let more: Vec<String> = shown.iter().filter(is_new).map(|(id, _)| id.clone()).collect();
            if more.is_empty() {
                below.remove(top);
                return below;
            }
            below.extend(more);
        }
    }

    async fn read_threads(&mut self, sort: &str) {
        self.voted.clear();
        let (mut seen, mut cursor) = (Seen::begin(self.shown_tops().await), String::new());
        loop {
            let (limit, each) = (1 + self.dice.below(9), self.dice.below(4));
            let query = format!("?sort={sort}&limit={limit}&replies_per_thread={each}{cursor}");
            let page = self.story.page(&query).await;
            seen.pages += 1;
            seen.add(&page["items"]);
            for item in page["items"].as_array().unwrap() {
                assert!(item["below"]["items"].as_array().unwrap().len() <= each);
                let has_more = item["visible_below"].as_u64().unwrap() > 0 && each == 0;
                assert!(!has_more || item["below"]["next_cursor"].is_string(), "no way to what is below");
            }
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            self.meddle().await;
            seen.keep(&self.shown_tops().await);
        }
        if sort == "top" {
            // what went up or down meanwhile may be met twice or not at all
            seen.ids.retain(|id| !self.voted.contains(id));
            seen.always.retain(|id| !self.voted.contains(id));
        }
        seen.assert_whole(sort);
    }

    /// What is below one reply, as the page, the permanent link and the continuations give it.
    async fn read_below(&mut self, top: &str) {
        let mut seen = Seen::begin(self.shown_below(top).await);
        let first = self.app.get(format!("/api/v1/replies/{top}?limit={}", 1 + self.dice.below(5))).send().await;
        if first.status == 404 {
            assert!(seen.always.is_empty());
            return;
        }
        let mut below = first.json()["below"].clone();
        loop {
            seen.pages += 1;
            seen.add(&below["items"]);
            let Some(next) = below["next_cursor"].as_str() else { break };
            self.meddle().await;
            seen.keep(&self.shown_below(top).await);
            let limit = 1 + self.dice.below(9);
            let response =
                self.app.get(format!("/api/v1/replies/{top}/below?limit={limit}&cursor={next}")).send().await;
            if response.status == 404 {
                // it went with everything below
                assert!(seen.always.is_empty());
                break;
            }
            below = response.json();
        }
        seen.assert_whole("below");
    }
}

#[actix_web::test]
async fn pages_of_threads_show_everything_once_whatever_happens_between_them() {
    let mut world = World::new().await;
    for sort in ["newest", "top", "oldest", "top", "newest", "top", "oldest"] {
        world.read_threads(sort).await;
    }
    world.app.check().await;
}

#[actix_web::test]
async fn what_is_below_shows_everything_once_whatever_happens_between_pages() {
    let mut world = World::new().await;
    let longest = world.replies[0].0.id.clone();
    world.read_below(&longest).await;
    for _ in 0..6 {
        let any = world.dice.below(world.replies.len());
        let id = world.replies[any].0.id.clone();
        world.read_below(&id).await;
    }
    world.app.check().await;
}

#[actix_web::test]
async fn lists_over_stories_and_queues_show_everything_once_while_more_comes() {
    let mut world = World::new().await;
    for path in [
        "/api/v1/sites/blog/replies?".to_owned(),
        format!("/api/v1/accounts/{}/replies?", world.people[0].id),
        "/api/v1/moderation/replies?queue=approved&site=blog&".to_owned(),
        "/api/v1/moderation/replies?queue=approved&sort=newest&".to_owned(),
    ] {
        let public = async |world: &World| {
            let all = world.app.read(|conn| {
                use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
                use rejoinder::store::schema::replies::{author_id, id, state, table};
                use rejoinder::{domain::ids::*, domain::reply_state::ReplyState, store::Native};
                let query = table.filter(state.eq(ReplyState::Approved)).select((id, author_id));
                match &mut conn.native {
                    Native::Sqlite(c) => query.load::<(ReplyId, AccountId)>(*c),
                    Native::Pg(c) => query.load::<(ReplyId, AccountId)>(*c),
                }
                .unwrap()
            });
            let author = path.contains("accounts").then(|| world.people[0].id.clone());
            let is_of = |writer: String| author.as_ref().is_none_or(|author| *author == writer);
            let all = all.await.into_iter().filter(|(_, writer)| is_of(writer.to_string()));
            all.map(|(reply, _)| reply.to_string()).collect::<BTreeSet<String>>()
        };
        let (mut seen, mut cursor) = (Seen::begin(public(&world).await), String::new());
        loop {
            let limit = 10 + world.dice.below(30);
            let page = world.mona.get(format!("{path}limit={limit}{cursor}")).expect(200).await.json();
            seen.pages += 1;
            seen.add(&page["items"]);
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            world.meddle().await;
            seen.keep(&public(&world).await);
        }
        seen.assert_whole(&path);
    }
    world.app.check().await;
}
