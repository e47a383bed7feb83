//! Notes of moderators: who sees them, whom they mention, and what goes with them.

use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Site, Story},
    app::{App, Request},
    outside::Outside,
    together::{together, with_status},
};

const INBOX: &str = "/api/v1/moderation/mentions";

struct Desk {
    app: App,
    blog: Site,
    other: Site,
    story: Story,
    mona: Person,
    mike: Person,
    otto: Person,
    ann: Person,
}

impl Desk {
    async fn open() -> Self {
        let app = App::start().await;
        let (blog, other) = (app.site("blog").await, app.site("other").await);
        let (mona, mike) = (blog.moderator("mona").await, blog.moderator("mike").await);
        let (otto, story) = (other.moderator("otto").await, blog.story("s1").await);
        let ann = app.reader("ann").await;
        Self { app, blog, other, story, mona, mike, otto, ann }
    }

    /// A note of Mona's about Ann on the blog.
    async fn note(&self, text: &str) -> Value {
        self.noting(&self.mona, json!("blog"), text).expect(201).await.json()
    }

    fn noting(&self, by: &Person, site: Value, text: &str) -> Request {
        by.post(of_account(&self.ann)).json(json!({"site": site, "text": text}))
    }

    async fn log(&self, action: &str) -> Vec<Value> {
        let path = format!("/api/v1/sites/blog/log?action={action}");
        self.mona.get(path).expect(200).await.json()["items"].as_array().unwrap().clone()
    }
}

fn of_account(person: &Person) -> String {
    format!("/api/v1/accounts/{}/notes", person.id)
}

fn of_reply(reply: &Reply) -> String {
    format!("/api/v1/moderation/replies/{}/notes", reply.id)
}

fn address(note: &Value) -> String {
    format!("/api/v1/moderation/notes/{}", note["id"].as_str().unwrap())
}

async fn texts(person: &Person, path: &str) -> Vec<String> {
    let page = person.get(path).expect(200).await.json();
    page["items"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect()
}

/// The texts in somebody's inbox, and how many he has not read.
async fn inbox(person: &Person) -> (Vec<String>, i64) {
    let list = person.get(INBOX).expect(200).await.json();
    let text = |mention: &Value| mention["note"]["text"].as_str().unwrap().to_owned();
    (list["items"].as_array().unwrap().iter().map(text).collect(), list["unread"].as_i64().unwrap())
}

#[actix_web::test]
async fn notes_about_people_are_for_the_moderators_of_their_site() {
    let desk = Desk::open().await;
    let made = desk.noting(&desk.mona, json!("blog"), "Wrote to her.\nTwice.").expect(201).await;
    let note = made.json();
    assert_eq!(made.header("location").unwrap(), address(&note));
    assert_eq!((&note["site"], &note["account_id"]), (&json!("blog"), &json!(desk.ann.id)));
    assert_eq!((&note["author"]["username"], &note["reply_id"]), (&json!("mona"), &Value::Null));
    assert_eq!(desk.mike.get(address(&note)).expect(200).await.json(), note);
    desk.noting(&desk.otto, json!("other"), "Elsewhere.").expect(201).await;
    desk.noting(&desk.blog.admin, Value::Null, "For admins.").expect(201).await;
    let path = of_account(&desk.ann);
    assert_eq!(texts(&desk.mike, &path).await, ["Wrote to her.\nTwice."]);
    assert_eq!(texts(&desk.otto, &path).await, ["Elsewhere."]);
    assert_eq!(texts(&desk.other.admin, &path).await, ["For admins.", "Elsewhere.", "Wrote to her.\nTwice."]);
    // whom it is about learns nothing of it, nor does anybody else
    desk.ann.get(&path).expect(404).await;
    desk.ann.get(address(&note)).expect(404).await;
    desk.otto.get(address(&note)).expect(404).await;
    desk.blog.author("arthur").await.get(&path).expect(404).await;
    desk.noting(&desk.ann, json!("blog"), "Me.").expect(403).await;
    desk.noting(&desk.otto, json!("blog"), "Not his site.").expect(403).await;
    desk.noting(&desk.mona, Value::Null, "Everywhere.").expect(403).await;
    desk.noting(&desk.mona, json!("none"), "Nowhere.").expect(404).await;
    let nobody = "/api/v1/accounts/0193a000-0000-7000-8000-00000000dead/notes";
    desk.mona.post(nobody).json(json!({"site": "blog", "text": "Nobody."})).expect(404).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn nobody_sees_what_is_noted_about_himself() {
    let desk = Desk::open().await;
    let body = json!({"site": "blog", "text": "Late again. @mike @mona"});
    let note = desk.mona.post(of_account(&desk.mike)).json(body.clone()).expect(201).await.json();
    assert_eq!(note["mentions"], json!([]));
    let reply = desk.mike.replies(&desk.story, "A moderator's.").await;
    let second = desk.mona.post(of_reply(&reply)).json(json!({"text": "Off duty. @mike"})).expect(201).await.json();
    for path in [of_account(&desk.mike), address(&note), of_reply(&reply), address(&second)] {
        desk.mike.get(&path).expect(404).await;
        desk.mona.get(&path).expect(200).await;
    }
    desk.mike.post(of_account(&desk.mike)).json(body).expect(404).await;
    desk.mike.post(of_reply(&reply)).json(json!({"text": "Mine."})).expect(404).await;
    desk.mike.delete(address(&note)).expect(404).await;
    assert_eq!(inbox(&desk.mike).await, (Vec::new(), 0));
    // nor does he learn that there is one, from counts or from the log
    let counts = async |person: &Person| {
        let item = person.get(format!("/api/v1/moderation/replies/{}", reply.id)).expect(200).await.json();
        (item["notes"].clone(), item["author"]["notes"].clone())
    };
    assert_eq!(counts(&desk.mona).await, (json!(1), json!(1)));
    assert_eq!(counts(&desk.mike).await, (json!(0), json!(0)));
    let about_ann = desk.note("Of ann.").await;
    desk.mona.delete(address(&note)).expect(204).await;
    for query in ["", "?action=add_note", "?action=delete_note", "?actor_id={mona}", "?account_id={mike}"] {
        let query = query.replace("{mona}", &desk.mona.id).replace("{mike}", &desk.mike.id);
        let rows = async |person: &Person| {
            let log = person.get(format!("/api/v1/sites/blog/log{query}")).expect(200).await.json();
            let rows = log["items"].as_array().unwrap().clone();
            rows.into_iter().filter(|row| row["details"]["note_id"].is_string()).collect::<Vec<_>>()
        };
        let all = rows(&desk.mona).await;
        let others: Vec<Value> = all.iter().filter(|row| row["account_id"] != desk.mike.id).cloned().collect();
        assert!(others.len() < all.len(), "{query}: {all:?}");
        assert_eq!(rows(&desk.mike).await, others, "{query}");
        assert!(others.iter().all(|row| row["details"]["note_id"] == about_ann["id"]));
    }
}

#[actix_web::test]
async fn notes_about_replies_are_counted_in_queues_and_shown_nowhere_else() {
    let desk = Desk::open().await;
    let waiting = desk.blog.story_with("s2", json!({"moderation_mode": "pre"})).await;
    let reply = desk.ann.replies(&waiting, "Waits.").await;
    let path = of_reply(&reply);
    for text in ["First.", "Second."] {
        desk.mona.post(&path).json(json!({"text": text})).expect(201).await;
    }
    desk.note("About her.").await;
    desk.noting(&desk.blog.admin, Value::Null, "For admins.").expect(201).await;
    assert_eq!(texts(&desk.mike, &path).await, ["Second.", "First."]);
    let item = &desk.mike.queue(&desk.blog, "pending").await[0];
    assert_eq!((&item["notes"], &item["author"]["notes"]), (&json!(2), &json!(1)));
    // its author knows the reply, others do not
    for (person, status) in [(&desk.ann, 403), (&desk.otto, 404)] {
        person.get(&path).expect(404).await;
        person.post(&path).json(json!({"text": "Mine."})).expect(status).await;
    }
    let public = desk.ann.replies(&desk.story, "Public.").await;
    desk.mona.post(of_reply(&public)).json(json!({"text": "Secret."})).expect(201).await;
    for page in [desk.story.page("").await, desk.ann.mine(&desk.story).await] {
        assert!(!page.to_string().contains("Secret") && !page.to_string().contains("\"notes\""), "{page}");
    }
    desk.mona.get("/api/v1/moderation/replies/0193a000-0000-7000-8000-00000000dead/notes").expect(404).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn the_log_says_that_there_was_a_note_and_not_what_it_said() {
    let desk = Desk::open().await;
    let note = desk.note("Very private.").await;
    desk.mike.delete(address(&note)).expect(403).await;
    desk.mona.delete(address(&note)).expect(204).await;
    desk.mona.delete(address(&note)).expect(404).await;
    let second = desk.note("Also private.").await;
    desk.blog.admin.delete(address(&second)).expect(204).await;
    assert_eq!(texts(&desk.mona, &of_account(&desk.ann)).await, Vec::<String>::new());
    let (added, deleted) = (desk.log("add_note").await, desk.log("delete_note").await);
    assert_eq!((added.len(), deleted.len()), (2, 2));
    assert_eq!((&added[1]["details"]["note_id"], &added[1]["account_id"]), (&note["id"], &json!(desk.ann.id)));
    assert_eq!((&deleted[0]["actor_kind"], &deleted[1]["actor_kind"]), (&json!("admin"), &json!("moderator")));
    assert!(!json!([added, deleted]).to_string().contains("private"));
    desk.app.check().await;
}

#[actix_web::test]
async fn texts_are_bounded_and_a_repeated_request_notes_once() {
    let desk = Desk::open().await;
    for text in ["", " \n ", "a\u{7}b", &"x".repeat(2_001)] {
        desk.noting(&desk.mona, json!("blog"), text).refused("invalid_fields").await;
    }
    let noting = || desk.noting(&desk.mona, json!("blog"), &"é".repeat(2_000)).header("Idempotency-Key", "once");
    let first = noting().expect(201).await.json();
    for answer in together((0..5).map(|_| noting())).await {
        assert_eq!((answer.status.as_u16(), answer.json()["id"].clone()), (201, first["id"].clone()));
    }
    let other = desk.noting(&desk.mona, json!("blog"), "Other.").header("Idempotency-Key", "once");
    other.refused("idempotency_mismatch").await;
    assert_eq!(texts(&desk.mona, &of_account(&desk.ann)).await.len(), 1);
}

#[actix_web::test]
async fn two_hundred_notes_are_enough_and_they_are_paged() {
    let desk = Desk::open().await;
    let reply = desk.ann.replies(&desk.story, "Much discussed.").await;
    for number in 0..198 {
        desk.note(&number.to_string()).await;
        desk.mona.post(of_reply(&reply)).json(json!({"text": number.to_string()})).expect(201).await;
    }
    for path in [of_account(&desk.ann), of_reply(&reply)] {
        let body = if path.contains("accounts") { json!({"site": "blog", "text": "x"}) } else { json!({"text": "x"}) };
        let answers = together((0..6).map(|_| desk.mona.post(&path).json(body.clone()))).await;
        assert_eq!((with_status(&answers, 201), with_status(&answers, 409)), (2, 4));
        let (mut found, mut query) = (Vec::new(), "?limit=90".to_owned());
        loop {
            let page = desk.mike.get(format!("{path}{query}")).expect(200).await.json();
            found
                .extend(page["items"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            query = format!("?limit=90&cursor={next}");
        }
        let expected: Vec<String> = (0..198).rev().map(|number| number.to_string()).collect();
        assert_eq!((&found[..2], &found[2..]), (&["x".to_owned(), "x".to_owned()][..], &expected[..]));
    }
    // of another site and of admins there may be as many
    desk.noting(&desk.otto, json!("other"), "First here.").expect(201).await;
    desk.noting(&desk.blog.admin, Value::Null, "First for admins.").expect(201).await;
    desk.app.check().await;
}

#[actix_web::test]
async fn whoever_is_named_and_may_see_it_has_it_in_his_inbox() {
    let desk = Desk::open().await;
    let author = desk.blog.author("arthur").await;
    let text = "@MIKE, @boss-blog and @mike again: ask @otto, @ann, @arthur, @nobody-there; mona@mike. I am @mona.";
    let note = desk.note(text).await;
    let mut mentioned: Vec<&str> =
        note["mentions"].as_array().unwrap().iter().map(|person| person["username"].as_str().unwrap()).collect();
    mentioned.sort_unstable();
    assert_eq!(mentioned, ["boss-blog", "mike"], "each once, who moderates the site or is admin, and not oneself");
    assert_eq!(inbox(&desk.mike).await, (vec![text.to_owned()], 1));
    assert_eq!(inbox(&desk.otto).await, (Vec::new(), 0));
    desk.ann.get(INBOX).expect(404).await;
    author.get(INBOX).expect(404).await;
    // on a reply alike
    let reply = desk.ann.replies(&desk.story, "Mine.").await;
    let path = of_reply(&reply);
    let second = desk.mike.post(&path).json(json!({"text": "@mona, look"})).expect(201).await.json();
    let first = &desk.mona.get(INBOX).expect(200).await.json()["items"][0];
    assert_eq!((&first["note"], &first["read_at"]), (&second, &Value::Null));
    // for admins, admins alone
    let note = desk.noting(&desk.other.admin, Value::Null, "@mike @boss-blog").expect(201).await.json();
    assert_eq!(note["mentions"].as_array().unwrap().len(), 1);
    assert_eq!(note["mentions"][0]["username"], "boss-blog");
    desk.app.check().await;
}

#[actix_web::test]
async fn ten_people_are_mentioned_at_most() {
    let desk = Desk::open().await;
    let mut text = String::new();
    for number in 0..12 {
        desk.blog.moderator(&format!("colleague-{number}")).await;
        text += &format!("@reader-{number} @colleague-{number} ");
    }
    let note = desk.note(&text).await;
    let mut found: Vec<String> = note["mentions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["username"].as_str().unwrap().to_owned())
        .collect();
    found.sort();
    let mut expected: Vec<String> = (0..10).map(|number| format!("colleague-{number}")).collect();
    expected.sort();
    assert_eq!(found, expected, "the first ten");
}

#[actix_web::test]
async fn what_was_read_is_told_apart_and_the_unread_are_counted() {
    let desk = Desk::open().await;
    let mut notes = Vec::new();
    for number in 0..3 {
        notes.push(desk.note(&format!("@mike {number}")).await);
    }
    assert_eq!(inbox(&desk.mike).await.1, 3);
    let read = |note: &Value| format!("{INBOX}/{}/read", note["id"].as_str().unwrap());
    desk.mike.put(read(&notes[1])).expect(204).await;
    let at = desk.mike.get(INBOX).expect(200).await.json()["items"][1]["read_at"].clone();
    assert!(at.is_string());
    desk.mike.put(read(&notes[1])).expect(204).await;
    let list = desk.mike.get(INBOX).expect(200).await.json();
    assert_eq!((&list["items"][1]["read_at"], &list["unread"], &list["is_exact"]), (&at, &json!(2), &json!(true)));
    // page by page
    let first = desk.mike.get(format!("{INBOX}?unread=true&limit=1")).expect(200).await.json();
    assert_eq!((&first["items"][0]["note"]["text"], &first["unread"]), (&json!("@mike 2"), &json!(2)));
    let next = first["next_cursor"].as_str().unwrap();
    let second = desk.mike.get(format!("{INBOX}?unread=true&limit=1&cursor={next}")).expect(200).await.json();
    assert_eq!((&second["items"][0]["note"]["text"], &second["next_cursor"]), (&json!("@mike 0"), &Value::Null));
    // nobody reads for another
    for person in [&desk.mona, &desk.otto, &desk.ann] {
        person.put(read(&notes[0])).expect(404).await;
    }
    for number in 0..120 {
        desk.note(&format!("@mike again {number}")).await;
    }
    let list = desk.mike.get(format!("{INBOX}?limit=1")).expect(200).await.json();
    assert_eq!((&list["unread"], &list["is_exact"]), (&json!(100), &json!(false)));
}

#[actix_web::test]
async fn a_name_that_changes_is_still_the_same_person_and_a_lost_role_hides_the_mention() {
    let desk = Desk::open().await;
    let note = desk.note("@mike, look").await;
    desk.mike.patch("/api/v1/me").json(json!({"username": "michael"})).expect(200).await;
    assert_eq!(inbox(&desk.mike).await.1, 1);
    assert_eq!(desk.mona.get(address(&note)).expect(200).await.json()["mentions"][0]["username"], "michael");
    // a moderator of something else sees nothing of it
    let role = |site: &str| format!("/api/v1/sites/{site}/roles/{}/moderator", desk.mike.id);
    desk.other.admin.put(role("other")).expect(204).await;
    desk.blog.admin.delete(role("blog")).expect(204).await;
    assert_eq!(inbox(&desk.mike).await, (Vec::new(), 0));
    desk.mike.get(address(&note)).expect(404).await;
    desk.mike.put(format!("{INBOX}/{}/read", note["id"].as_str().unwrap())).expect(404).await;
    desk.blog.admin.put(role("blog")).expect(204).await;
    assert_eq!(inbox(&desk.mike).await.1, 1);
    // nor does who is suspended there
    let suspend = desk.blog.admin.post(format!("/api/v1/accounts/{}/sanctions", desk.mike.id));
    suspend.json(json!({"site": "blog", "kind": "ban", "reason": "away"})).expect(201).await;
    assert_eq!(inbox(&desk.mike).await, (Vec::new(), 0));
    desk.mike.get(address(&note)).refused("suspended").await;
    desk.app.check().await;
}

#[actix_web::test]
async fn mentions_of_a_site_that_is_lost_are_passed_by_so_many_at_a_time() {
    let desk = Desk::open().await;
    let role = |site: &str| format!("/api/v1/sites/{site}/roles/{}/moderator", desk.mike.id);
    desk.other.admin.put(role("other")).expect(204).await;
    desk.noting(&desk.otto, json!("other"), "@mike, here").expect(201).await;
    let subjects = [&desk.ann, &desk.otto, &desk.other.admin];
    for number in 0..500 {
        let note = desk.mona.post(of_account(subjects[number % 3]));
        note.json(json!({"site": "blog", "text": "@mike, there"})).expect(201).await;
    }
    desk.blog.admin.delete(role("blog")).expect(204).await;
    for query in ["?", "?unread=true&"] {
        let first = desk.mike.get(format!("{INBOX}{query}limit=10")).expect(200).await.json();
        assert_eq!((&first["items"], &first["unread"], &first["is_exact"]), (&json!([]), &json!(0), &json!(false)));
        let next = first["next_cursor"].as_str().unwrap();
        let second = desk.mike.get(format!("{INBOX}{query}limit=10&cursor={next}")).expect(200).await.json();
        assert_eq!(
            (&second["items"][0]["note"]["text"], &second["next_cursor"]),
            (&json!("@mike, here"), &Value::Null)
        );
    }
    desk.app.check().await;
}

#[actix_web::test]
async fn who_is_closing_his_account_is_not_mentioned_any_more() {
    let desk = Desk::open().await;
    let mut outside = Outside::of(&desk.app);
    outside.begin();
    // as the account's owner closes it
    outside.run("UPDATE accounts SET username = NULL, username_key = NULL WHERE username = 'mike'");
    let noted = actix_web::rt::spawn(desk.noting(&desk.mona, json!("blog"), "@mike and @boss-blog").send());
    outside.somebody_waits().await;
    outside.run("COMMIT");
    let noted = noted.await.unwrap().json();
    let mentions: Vec<&Value> =
        noted["mentions"].as_array().unwrap().iter().map(|person| &person["username"]).collect();
    assert_eq!(mentions, ["boss-blog"]);
}

#[actix_web::test]
async fn mentions_go_with_their_note_and_notes_with_the_account_that_they_are_about() {
    let desk = Desk::open().await;
    let note = desk.note("@mike, one").await;
    desk.note("@mike, two").await;
    let reply = desk.ann.replies(&desk.story, "Mine.").await;
    desk.mona.post(of_reply(&reply)).json(json!({"text": "@mike, three"})).expect(201).await;
    desk.mona.delete(address(&note)).expect(204).await;
    assert_eq!(inbox(&desk.mike).await.0, ["@mike, three", "@mike, two"]);
    desk.app.check().await;
    desk.ann.closes().await;
    assert_eq!(
        inbox(&desk.mike).await.0,
        ["@mike, three"],
        "the reply is still there, and so is what is noted about it"
    );
    assert_eq!(texts(&desk.mona, &of_account(&desk.ann)).await, Vec::<String>::new());
    desk.noting(&desk.mona, json!("blog"), "Too late.").expect(404).await;
    // who wrote and who was named may leave
    for person in [&desk.mona, &desk.mike] {
        person.closes().await;
    }
    let page = desk.blog.admin.get(of_reply(&reply)).expect(200).await.json();
    assert_eq!((&page["items"][0]["author"]["username"], &page["items"][0]["mentions"]), (&Value::Null, &json!([])));
    desk.app.check().await;
}
