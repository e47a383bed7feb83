//! Featured replies: who puts them forward, in which order they stand, and what takes them off.

use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::App,
    together::together,
};

struct Desk {
    app: App,
    blog: Site,
    story: Story,
    mona: Person,
    ann: Person,
}

impl Desk {
    async fn open() -> Self {
        let app = App::start().await;
        let blog = app.site("blog").await;
        blog.forgives().await;
        let (mona, story) = (blog.moderator("mona").await, blog.story("s1").await);
        let ann = app.reader("ann").await;
        Self { app, blog, story, mona, ann }
    }

    /// A reply of Ann's that is featured.
    async fn featured(&self, text: &str, label: Value) -> Reply {
        let reply = self.ann.replies(&self.story, text).await;
        self.mona.put(feature(&reply)).json(json!({"label": label})).expect(204).await;
        reply
    }

    /// Which of the story are featured, in their order.
    async fn list(&self) -> Vec<String> {
        ids(&self.app.get(of_story(&self.story)).expect(200).await.json())
    }

    async fn list_of_site(&self) -> Vec<String> {
        ids(&self.app.get("/api/v1/sites/blog/featured").expect(200).await.json())
    }

    /// How many pages are told that there are.
    async fn count(&self) -> i64 {
        let path = "/api/v1/sites/blog/stories/s1/discussion";
        self.app.get(path).expect(200).await.json()["featured_replies"].as_i64().unwrap()
    }

    async fn version(&self) -> String {
        let list = self.app.get(of_story(&self.story)).expect(200).await.json();
        format!("\"{}\"", list["version"].as_str().unwrap())
    }

    async fn log(&self, action: &str) -> Vec<Value> {
        let path = format!("/api/v1/sites/blog/log?action={action}");
        self.mona.get(path).expect(200).await.json()["items"].as_array().unwrap().clone()
    }
}

fn feature(reply: &Reply) -> String {
    format!("/api/v1/replies/{}/feature", reply.id)
}

fn of_story(story: &Story) -> String {
    format!("/api/v1/stories/{}/featured", story.id)
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|reply| reply["id"].as_str().unwrap().to_owned()).collect()
}

fn item(reply: &Reply, label: Value) -> Value {
    json!({"reply_id": reply.id, "label": label})
}

#[actix_web::test]
async fn a_featured_reply_is_listed_and_marked_on_pages() {
    let desk = Desk::open().await;
    let plain = desk.ann.replies(&desk.story, "Plain.").await;
    let first = desk.featured("First.", json!("  Your   views ")).await;
    let second = desk.featured("Second.", Value::Null).await;
    assert_eq!(desk.list().await, [first.id.clone(), second.id.clone()]);
    assert_eq!(desk.list_of_site().await, [second.id.clone(), first.id.clone()], "those featured last first");
    let page = desk.story.page("?sort=oldest").await;
    let marks: Vec<&Value> =
        page["items"].as_array().unwrap().iter().map(|reply| &reply["featured"]["label"]).collect();
    assert_eq!(marks, [&Value::Null, &json!("Your views"), &Value::Null]);
    assert!(page["items"][0].get("featured").is_none(), "{}", plain.id);
    let shown = desk.app.get(format!("/api/v1/replies/{}", second.id)).expect(200).await.json();
    assert!(shown["featured"]["featured_at"].is_string());

    // the same again changes nothing, another label is given in the list
    desk.mona.put(feature(&first)).json(json!({"label": "Your views"})).expect(204).await;
    let refused = desk.mona.put(feature(&first)).json(json!({"label": "Other"})).refused("state_conflict").await;
    assert_eq!(refused["featured"], json!([item(&first, json!("Your views")), item(&second, Value::Null)]));
    assert_eq!(desk.log("feature").await.len(), 2);
    let logged = &desk.log("feature").await[1];
    assert_eq!(logged["details"], json!({"reply_id": first.id, "label": "Your views"}));
    assert_eq!((&logged["actor_id"], &logged["account_id"]), (&json!(desk.mona.id), &json!(desk.ann.id)));

    assert_eq!(desk.count().await, 2);
    desk.mona.delete(feature(&first)).expect(204).await;
    desk.mona.delete(feature(&first)).expect(204).await;
    assert_eq!(desk.list().await, std::slice::from_ref(&second.id));
    assert_eq!(desk.count().await, 1);
    assert_eq!(desk.log("unfeature").await.len(), 1);
    desk.app.check().await;
}

#[actix_web::test]
async fn labels_are_short_lines() {
    let desk = Desk::open().await;
    let reply = desk.ann.replies(&desk.story, "Mine.").await;
    for wrong in [json!(""), json!(" "), json!("a\u{202e}b"), json!("x".repeat(61)), json!(7)] {
        let refused = desk.mona.put(feature(&reply)).json(json!({"label": wrong})).send().await;
        assert!(matches!(refused.status.as_u16(), 400 | 422), "{wrong}");
    }
    desk.mona.put(feature(&reply)).json(json!({"label": "é".repeat(60)})).expect(204).await;
    let version = desk.version().await;
    let arrange = desk.mona.put(of_story(&desk.story)).header("If-Match", &version);
    let refused = arrange.json(json!({"items": [item(&reply, json!("\u{202e}"))]})).refused("invalid_fields").await;
    assert_eq!(refused["errors"][0]["pointer"], "/items/0/label");
}

#[actix_web::test]
async fn the_lists_are_paged_and_fifty_of_a_story_are_enough() {
    let desk = Desk::open().await;
    let mut order = Vec::new();
    for number in 0..50 {
        order.push(desk.featured(&format!("Number {number}."), Value::Null).await.id);
    }
    let one_more = desk.ann.replies(&desk.story, "One more.").await;
    desk.mona.put(feature(&one_more)).json(json!({})).refused("state_conflict").await;
    for (path, backwards) in [(of_story(&desk.story), false), ("/api/v1/sites/blog/featured".to_owned(), true)] {
        let (mut found, mut query) = (Vec::new(), "?limit=20".to_owned());
        loop {
            let page = desk.app.get(format!("{path}{query}")).expect(200).await.json();
            found.extend(ids(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            query = format!("?limit=20&cursor={next}");
        }
        if backwards {
            found.reverse();
        }
        assert_eq!(found, order, "{path}");
    }
    // one that goes makes room, and the next one stands last
    let gone = Reply { id: order.remove(7), ..one_more.clone() };
    desk.mona.delete(feature(&gone)).expect(204).await;
    desk.mona.put(feature(&one_more)).json(json!({})).expect(204).await;
    order.push(one_more.id);
    assert_eq!(desk.list().await, order);
    desk.app.check().await;
}

#[actix_web::test]
async fn the_order_is_changed_by_whoever_saw_the_present_one() {
    let desk = Desk::open().await;
    let (a, b) = (desk.featured("A.", Value::Null).await, desk.featured("B.", json!("Bee")).await);
    let path = of_story(&desk.story);
    let turned = json!({"items": [item(&b, json!("Queen")), item(&a, Value::Null)]});
    desk.mona.put(&path).json(turned.clone()).refused("precondition_required").await;
    let seen = desk.version().await;
    let answer = desk.mona.put(&path).header("If-Match", &seen).json(turned.clone()).expect(200).await;
    assert_eq!(ids(&answer.json()), [b.id.clone(), a.id.clone()]);
    assert_eq!(answer.json()["items"][0]["featured"]["label"], "Queen");
    assert_eq!(answer.header("etag").unwrap(), desk.version().await);
    assert_eq!(desk.list().await, [b.id.clone(), a.id.clone()]);
    let log = desk.log("arrange_featured").await;
    assert_eq!(log[0]["details"]["before"]["featured"], json!([[a.id, null], [b.id, "Bee"]]));
    assert_eq!(log[0]["details"]["after"]["featured"], json!([[b.id, "Queen"], [a.id, null]]));

    // who saw the one before overwrites nothing
    let back = json!({"items": [item(&a, Value::Null), item(&b, json!("Bee"))]});
    desk.mona.put(&path).header("If-Match", &seen).json(back.clone()).refused("precondition_failed").await;
    assert_eq!(desk.list().await, [b.id.clone(), a.id.clone()]);
    // the same list again changes nothing
    let seen = desk.version().await;
    desk.mona.put(&path).header("If-Match", &seen).json(turned).expect(200).await;
    assert_eq!(desk.log("arrange_featured").await.len(), 1);
    // it holds what is featured, each once
    for items in [json!([]), json!([item(&a, Value::Null)]), json!([item(&a, Value::Null), item(&a, Value::Null)])] {
        let put = desk.mona.put(&path).header("If-Match", &seen).json(json!({"items": items}));
        let present = json!([item(&b, json!("Queen")), item(&a, Value::Null)]);
        assert_eq!(put.refused("state_conflict").await["featured"], present);
    }
    desk.app.check().await;
}

#[actix_web::test]
async fn whatever_ends_its_being_public_takes_a_reply_off_the_list() {
    let desk = Desk::open().await;
    desk.blog
        .policy(
            json!({"history": {"refused_percent": 0}, "words": {"hold": ["casino"]}, "reports": {"hold_at_weight": 1}}),
        )
        .await;
    let taken_off = |rows: Vec<Value>| rows.iter().filter(|row| row["details"]["unfeatured"] == true).count();

    let rejected = desk.featured("To be rejected.", Value::Null).await;
    let rejected = desk.mona.decides(&rejected, "reject").await;
    assert_eq!((desk.list().await.len(), desk.list_of_site().await.len()), (0, 0));
    assert_eq!(taken_off(desk.log("reject").await), 1);
    desk.app.check().await;
    // and its coming back puts it on no list
    desk.mona.decides(&rejected, "approve").await;
    assert_eq!(desk.list().await, Vec::<String>::new());
    assert!(desk.story.page("").await["items"][0].get("featured").is_none());

    let withdrawn = desk.featured("To be withdrawn.", Value::Null).await;
    desk.ann.withdraws(&withdrawn).await;
    assert_eq!((desk.list().await.len(), taken_off(desk.log("withdraw").await)), (0, 1));

    let edited = desk.featured("To be edited.", json!("Best")).await;
    let edited = desk.ann.edits(&edited, "Still public.").await;
    assert_eq!(desk.list().await.len(), 1, "as long as it is public it stays");
    assert_eq!(desk.ann.edits(&edited, "Win in my casino.").await.state, "pending");
    assert_eq!((desk.list().await.len(), taken_off(desk.log("edit").await)), (0, 1));

    let reported = desk.featured("To be reported.", Value::Null).await;
    for name in ["rita", "rosa"] {
        desk.app.reader(name).await.reports(&reported, "abuse").await;
    }
    assert_eq!((desk.list().await.len(), taken_off(desk.log("hold").await)), (0, 1));

    let many = desk.featured("One of many.", Value::Null).await;
    desk.app.pass(std::time::Duration::from_secs(1));
    let bulk = json!({"action": "spam", "items": [{"id": many.id, "version": many.version}]});
    let bulk = desk.mona.post("/api/v1/moderation/bulk").json(bulk).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    let row = &desk.log("spam").await[0];
    assert_eq!((desk.list().await.len(), &row["details"]["unfeatured"]), (0, &json!(true)));
    assert_eq!(row["details"]["bulk"], bulk["id"], "beside what else the row says");
    desk.app.check().await;
}

#[actix_web::test]
async fn undoing_what_made_a_reply_public_takes_it_off_too() {
    let desk = Desk::open().await;
    let waiting = desk.blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let reply = desk.ann.replies(&waiting, "Waits.").await;
    desk.app.pass(std::time::Duration::from_secs(1));
    let bulk = json!({"action": "approve", "items": [{"id": reply.id, "version": reply.version}]});
    let bulk = desk.mona.post("/api/v1/moderation/bulk").json(bulk).expect(202).await.json();
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    desk.mona.put(feature(&reply)).json(json!({})).expect(204).await;
    desk.mona.post(format!("/api/v1/moderation/bulk/{}/undo", bulk["id"].as_str().unwrap())).expect(202).await;
    rejoinder::jobs::run_due(&desk.app.state).await.unwrap();
    assert_eq!(desk.app.get(of_story(&waiting)).expect(200).await.json()["items"], json!([]));
    assert_eq!(desk.log("undo").await[0]["details"]["unfeatured"], true);
    desk.app.check().await;
}

#[actix_web::test]
async fn only_what_is_public_is_featured_and_by_the_sites_own_people() {
    let desk = Desk::open().await;
    let waiting = desk.blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let (hidden, public) = (desk.ann.replies(&waiting, "Waits.").await, desk.ann.replies(&desk.story, "Seen.").await);
    let refused = desk.mona.put(feature(&hidden)).json(json!({})).refused("state_conflict").await;
    assert_eq!(refused["current"]["state"], "pending");
    let (author, other) = (desk.blog.author("arthur").await, desk.app.site("other").await.moderator("otto").await);
    // authors feature, and know of what is not public no more than readers
    author.put(feature(&hidden)).json(json!({})).expect(404).await;
    author.delete(feature(&hidden)).expect(404).await;
    author.put(feature(&public)).json(json!({})).expect(204).await;
    assert_eq!(desk.log("feature").await[0]["actor_kind"], "author");
    for person in [&desk.ann, &other] {
        person.put(feature(&public)).json(json!({})).expect(403).await;
        person.delete(feature(&public)).expect(403).await;
        person.put(of_story(&desk.story)).header("If-Match", "*").json(json!({"items": []})).expect(403).await;
    }
    other.put(feature(&hidden)).json(json!({})).expect(404).await;
    for path in ["/api/v1/stories/0193a000-0000-7000-8000-00000000dead/featured", "/api/v1/sites/none/featured"] {
        desk.app.get(path).expect(404).await;
    }
}

#[actix_web::test]
async fn those_who_follow_a_story_are_told() {
    let desk = Desk::open().await;
    let reply = desk.ann.replies(&desk.story, "Mine.").await;
    let version = desk.story.page("").await["story"]["version"].as_i64().unwrap();
    desk.mona.put(feature(&reply)).json(json!({"label": "Best"})).expect(204).await;
    desk.mona.delete(feature(&reply)).expect(204).await;
    let path = format!("/api/v1/stories/{}/events?since={version}", desk.story.id);
    let told = desk.app.get(path).expect(200).await.json();
    let kinds: Vec<&Value> =
        told["events"].as_array().unwrap().iter().map(|event| &event["changes"][0]["kind"]).collect();
    assert_eq!(kinds, ["featured", "featured"]);
    assert_eq!(told["events"][0]["changes"][0]["reply_id"], reply.id);
}

#[actix_web::test]
async fn lists_in_memory_are_never_older_than_what_they_show() {
    let desk = Desk::open().await;
    let reply = desk.featured("Mine.", Value::Null).await;
    let lists = [of_story(&desk.story), "/api/v1/sites/blog/featured".to_owned()];
    let mut tags = Vec::new();
    for path in &lists {
        let answer = desk.app.get(path).expect(200).await;
        let tag = answer.header("etag").unwrap().to_owned();
        assert_eq!(desk.app.get(path).header("If-None-Match", &tag).expect(304).await.body.len(), 0);
        tags.push(tag);
    }
    // another text, another number, another name, another reply
    desk.ann.edits(&reply, "Mine, edited.").await;
    desk.mona.recommends(&reply).await;
    desk.ann.patch("/api/v1/me").json(json!({"display_name": "Ann A."})).expect(200).await;
    for path in &lists {
        let shown = &desk.app.get(path).expect(200).await.json()["items"][0];
        assert_eq!((&shown["body_html"], &shown["recommendations"]), (&json!("<p>Mine, edited.</p>\n"), &json!(1)));
        assert_eq!(shown["author"]["display_name"], "Ann A.");
    }
    let elsewhere = desk.blog.story("s2").await;
    let second = desk.ann.replies(&elsewhere, "Elsewhere.").await;
    desk.mona.put(feature(&second)).json(json!({})).expect(204).await;
    assert_eq!(desk.list_of_site().await, [second.id.clone(), reply.id.clone()]);
    desk.mona.decides(&second, "spam").await;
    assert_eq!(desk.list_of_site().await, [reply.id]);
    assert_ne!(desk.app.get(&lists[1]).expect(200).await.header("etag").unwrap(), tags[1]);
}

#[actix_web::test]
async fn of_those_who_feature_at_once_none_is_lost_and_no_place_is_given_twice() {
    let desk = Desk::open().await;
    let mut replies = Vec::new();
    for number in 0..12 {
        replies.push(desk.ann.replies(&desk.story, &format!("Number {number}.")).await);
    }
    let puts = replies.iter().map(|reply| desk.mona.put(feature(reply)).json(json!({})));
    for answer in together(puts).await {
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
    let mut listed = desk.list().await;
    listed.sort();
    let mut expected: Vec<String> = replies.iter().map(|reply| reply.id.clone()).collect();
    expected.sort();
    assert_eq!(listed, expected);
    // of a decision and a feature at once one comes first, and what is not public is on no list
    let reply = desk.ann.replies(&desk.story, "Fought over.").await;
    let decide = desk.mona.deciding(&reply, "spam", json!({}));
    let put = desk.mona.put(feature(&reply)).json(json!({}));
    let answers = together([decide, put]).await;
    assert_eq!(answers[0].status, 201);
    assert!(matches!(answers[1].status.as_u16(), 204 | 409), "{}", answers[1].text());
    assert!(!desk.list().await.contains(&reply.id));
    desk.app.check().await;
}
