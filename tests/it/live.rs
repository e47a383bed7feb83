//! Events: one for each version, none missing, none after the right to them.

use actix_web::http::Method;
use rejoinder::http::live::hub::Hub;
use serde_json::{Value, json};

use crate::{
    actors::{Person, Reply, Story},
    app::{App, Event, Opened},
};

fn events(story: &Story) -> String {
    format!("/api/v1/stories/{}/events", story.id)
}

/// An application whose events flow.
async fn flowing() -> App {
    let app = App::start().await;
    flow(&app);
    app
}

fn flow(app: &App) {
    actix_web::rt::spawn(Hub::run(app.state.clone()));
}

async fn version(story: &Story) -> i64 {
    story.page("").await["story"]["version"].as_i64().unwrap()
}

/// The next event of a stream, which must be this version's.
async fn next(stream: &mut Opened, version: i64) -> Value {
    let event = stream.event().await.expect("an event");
    assert_eq!((event.name.as_str(), event.id.as_str()), ("change", version.to_string().as_str()), "{event:?}");
    assert_eq!(event.data["version"], version);
    event.data
}

fn only_change(event: &Value) -> &Value {
    assert_eq!(event["changes"].as_array().unwrap().len(), 1, "{event}");
    &event["changes"][0]
}

#[actix_web::test]
async fn everything_that_readers_see_is_told_in_the_shapes_of_the_page() {
    let app = flowing().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, blog.moderator("mona").await);
    let mut stream = app.get(events(&story)).open().await;
    assert_eq!(stream.headers.get("content-type").unwrap(), "text/event-stream");
    assert_eq!(stream.headers.get("cache-control").unwrap(), "no-store");
    let mut at = version(&story).await;
    let mut told = async || {
        at += 1;
        next(&mut stream, at).await
    };

    let reply = ann.replies(&story, "Hello").await;
    let event = told().await;
    let change = only_change(&event);
    assert_eq!((&change["kind"], &change["reply_id"]), (&json!("published"), &json!(reply.id)));
    let page = story.page("").await;
    let mut shown = page["items"][0].clone();
    shown.as_object_mut().unwrap().remove("below");
    assert_eq!((&change["reply"], &event["story"]), (&shown, &page["story"]), "as on the page");

    let answer = bob.answers(&reply, "Below").await;
    let event = told().await;
    let above = json!([{"id": reply.id, "is_shown": true, "replies": 1, "visible_below": 1}]);
    assert_eq!(only_change(&event)["above"], above);
    let reply = ann.edits(&reply, "Hello, edited").await;
    assert_eq!(only_change(&told().await)["kind"], "edited");
    bob.recommends(&reply).await;
    let event = told().await;
    assert_eq!(only_change(&event)["kind"], "recommended");
    assert_eq!(only_change(&event)["reply"]["recommendations"], 1);

    let refused = mona.decides(&reply, "reject").await;
    let event = told().await;
    let change = only_change(&event);
    assert_eq!((&change["kind"], &change["reply"]["is_tombstone"]), (&json!("removed"), &json!(true)));
    let gone = mona.decides(&answer, "reject").await;
    let event = told().await;
    let change = only_change(&event);
    assert_eq!((&change["kind"], &change["reply"]), (&json!("removed"), &Value::Null));
    assert_eq!(change["above"][0]["is_shown"], false, "the tombstone went with it");
    mona.decides(&gone, "approve").await;
    assert_eq!(only_change(&told().await)["kind"], "restored");
    mona.decides(&refused, "approve").await;
    assert_eq!(only_change(&told().await)["kind"], "restored");

    blog.admin.post(format!("/api/v1/stories/{}/close", story.id)).expect(200).await;
    let event = told().await;
    assert_eq!((&only_change(&event)["kind"], &event["story"]["is_closed"]), (&json!("story"), &json!(true)));
    app.check().await;
}

#[actix_web::test]
async fn what_waits_for_a_moderator_is_not_told() {
    let app = flowing().await;
    let blog = app.site_with("blog", json!({"moderation_mode": "pre"})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let mut stream = app.get(events(&story)).open().await;
    let at = version(&story).await;
    let waiting = ann.replies(&story, "Waits").await;
    let waiting = ann.edits(&waiting, "Waits on").await;
    let waiting = mona.decides(&waiting, "spam").await;
    mona.decides(&waiting, "approve").await;
    let event = next(&mut stream, at + 1).await;
    assert_eq!(only_change(&event)["reply_id"], waiting.id);
}

#[actix_web::test]
async fn recommendations_within_a_second_are_one_event() {
    let app = flowing().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let (first, second) = (ann.replies(&story, "First").await, ann.replies(&story, "Second").await);
    let mut readers = Vec::new();
    for number in 0..4 {
        readers.push(app.reader(&format!("reader-{number}")).await);
    }
    let recommend = async |reader: &Person, reply: &str| {
        reader.put(format!("/api/v1/replies/{reply}/recommendation")).expect(204).await;
    };
    recommend(&readers[0], &first.id).await;
    let at = version(&story).await;
    let mut stream = app.get(events(&story)).open().await;
    for reader in &readers[1..] {
        recommend(reader, &first.id).await;
        recommend(reader, &second.id).await;
    }
    assert_eq!(version(&story).await, at, "pages lag by a second at most");
    app.settle().await;
    let event = next(&mut stream, at + 1).await;
    let mut totals: Vec<i64> = event["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["reply"]["recommendations"].as_i64().unwrap())
        .collect();
    totals.sort_unstable();
    assert_eq!(totals, [3, 4]);
    app.check().await;
}

#[actix_web::test]
async fn who_comes_back_misses_nothing() {
    let app = flowing().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "Before").await;
    let since = version(&story).await;
    // longer than the events that are kept ready, and than what is read at once
    let count = 150;
    for number in 0..count {
        ann.replies(&story, &format!("Reply {number}")).await;
    }
    let mut stream = app.get(events(&story)).header("Last-Event-ID", &since.to_string()).open().await;
    for at in since + 1..=since + count {
        next(&mut stream, at).await;
    }
    ann.replies(&story, "Live").await;
    next(&mut stream, since + count + 1).await;
    // a short break while others listen: nothing is asked of the database
    app.statements();
    let mut again = app.get(events(&story)).header("Last-Event-ID", &(since + count).to_string()).open().await;
    next(&mut again, since + count + 1).await;
    let asked = app.statements().iter().filter(|sql| sql.contains("story_changes")).count();
    assert_eq!(asked, 0);

    // and the same by polling
    let mut polled = since;
    loop {
        let page = app.get(format!("{}?since={polled}", events(&story))).expect(200).await.json();
        for event in page["events"].as_array().unwrap() {
            polled += 1;
            assert_eq!(event["version"], polled);
        }
        assert_eq!(page["version"], polled);
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(polled, since + count + 1);
}

#[actix_web::test]
async fn what_is_not_known_any_more_is_said_to_be_so() {
    let app = flowing().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    for _ in 0..3 {
        ann.replies(&story, "Hello").await;
    }
    let at = version(&story).await;
    let first = at - 3;
    app.execute(&format!("DELETE FROM story_changes WHERE version = {}", first + 1)).await;
    for since in [first, first - 1, at + 1, i64::MAX, i64::MIN, -1] {
        let page = app.get(format!("{}?since={since}", events(&story))).expect(200).await.json();
        assert_eq!((&page["is_reset"], &page["version"], &page["events"]), (&json!(true), &json!(at), &json!([])));
        let mut stream = app.get(events(&story)).header("Last-Event-ID", &since.to_string()).open().await;
        let Event { id, name, data } = stream.event().await.unwrap();
        assert_eq!((name.as_str(), id, data), ("reset", at.to_string(), json!({"version": at})));
    }
    let page = app.get(format!("{}?since={at}", events(&story))).expect(200).await.json();
    assert_eq!((&page["is_reset"], &page["events"]), (&json!(false), &json!([])));
    // an id of no form of ours counts as absent
    for odd in ["", "x", "1.5", "99999999999999999999", "\u{e9}"] {
        let mut stream = app.get(events(&story)).header("Last-Event-ID", odd).open().await;
        ann.replies(&story, "Live").await;
        next(&mut stream, version(&story).await).await;
    }
    app.get(format!("{}?since=x", events(&story))).refused("invalid_query").await;
    app.get("/api/v1/stories/00000000-0000-7000-8000-000000000000/events").refused("not_found").await;
    app.get("/api/v1/stories/x/events").refused("not_found").await;
}

#[actix_web::test]
async fn changes_are_kept_within_bounds() {
    let app = App::start().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "Hello").await;
    app.execute("UPDATE stories SET version = 100000").await;
    for _ in 0..101 {
        ann.replies(&story, "Hello").await;
    }
    let count = "SELECT count(*) AS count FROM story_changes WHERE version < 100000";
    assert_eq!(crate::outside::Outside::of(&app).count(count), 0);
    let count = "SELECT count(*) AS count FROM story_changes";
    assert_eq!(crate::outside::Outside::of(&app).count(count), 101);
}

#[actix_web::test]
async fn an_event_is_made_once_for_however_many_listen() {
    let app = flowing().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let mut streams = Vec::new();
    for _ in 0..1_000 {
        streams.push(app.get(events(&story)).open().await);
    }
    let at = version(&story).await;
    app.statements();
    ann.replies(&story, "Hello").await;
    for stream in &mut streams {
        next(stream, at + 1).await;
    }
    let made = app.statements().iter().filter(|sql| sql.contains("FROM story_changes")).count();
    assert_eq!(made, 1);
    assert_eq!(app.state.metrics.live_story_listeners.get(), 1_000);
    drop(streams);
    assert_eq!(app.state.metrics.live_story_listeners.get(), 0);
    assert!(app.state.live.is_empty());
}

#[actix_web::test]
async fn who_does_not_take_his_events_is_cut_off_and_not_kept_waiting_for() {
    let app = flowing().await;
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let mut slow = app.get(events(&story)).open().await;
    let mut quick = app.get(events(&story)).open().await;
    let at = version(&story).await;
    for number in 1..=80 {
        ann.replies(&story, "Hello").await;
        next(&mut quick, at + number).await;
    }
    assert!(slow.event().await.is_none(), "the stream has ended");
    assert_eq!(app.state.metrics.live_cut.get(), 1);
}

#[actix_web::test]
async fn the_head_of_a_stream_is_answered_without_it() {
    let app = flowing().await;
    let story = app.site("blog").await.story("s1").await;
    let head = app.request(Method::HEAD, events(&story)).expect(200).await;
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    assert!(head.body.is_empty());
    assert_eq!(app.state.metrics.live_story_listeners.get(), 0);
}

#[actix_web::test]
async fn streams_end_with_the_service() {
    let app = flowing().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let mona = blog.moderator("mona").await;
    let mut stream = app.get(events(&story)).open().await;
    let mut queues = mona.get("/api/v1/moderation/events").open().await;
    assert_eq!(queues.event().await.unwrap().name, "queues");
    app.state.live.end();
    assert!(stream.event().await.is_none());
    assert!(queues.event().await.is_none());
    assert!(app.get(events(&story)).open().await.event().await.is_none());
}

#[actix_web::test]
async fn another_instance_tells_the_same() {
    let here = flowing().await;
    let there = here.another(&[]).await;
    flow(&there);
    let wire = |app: &App| app.state.db.lay_wire(&app.state.config.database_url, &app.state.clock);
    let _wires = (wire(&here), wire(&there));
    let blog = here.site("blog").await;
    let story = blog.story("s1").await;
    let ann = here.reader("ann").await;
    let mona = blog.moderator("mona").await;
    let mut stream = there.get(events(&story)).open().await;
    let mut queues = there.get("/api/v1/moderation/events").bearer(&mona.token).open().await;
    queues.event().await.unwrap();
    let at = version(&story).await;
    for number in 1..=5 {
        ann.replies(&story, "Hello").await;
        next(&mut stream, at + number).await;
    }
    while queues.event().await.unwrap().data["items"][0]["approved"] != 5 {}
    let (bob, reply) = (here.reader("bob").await, ann.replies(&story, "Hello").await);
    bob.reports(&reply, "spam").await;
    // a file does not say what another process changed in it, so that all may have
    let wanted = if here.read(|conn| conn.is_pg()).await { "items" } else { "reset" };
    let mut event = queues.event().await.unwrap();
    for _ in 0..4 {
        if event.name == wanted {
            break;
        }
        event = queues.event().await.unwrap();
    }
    let entered = json!([{"queue": "reported", "reply_id": reply.id}]);
    let told = json!([{"queue": event.data["items"][0]["queue"], "reply_id": event.data["items"][0]["reply_id"]}]);
    assert_eq!((event.name.as_str(), wanted == "reset" || told == entered), (wanted, true), "{event:?}");
}

#[actix_web::test]
async fn moderators_are_told_of_their_queues_and_of_no_others() {
    let app = flowing().await;
    let (blog, other) = (app.site_with("blog", json!({})).await, app.site_with("other", json!({})).await);
    let (story, elsewhere) = (blog.story("s1").await, other.story("s1").await);
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let mut stream = mona.get("/api/v1/moderation/events").open().await;
    let first = stream.event().await.unwrap();
    assert_eq!(first.data["items"].as_array().unwrap().len(), 1);
    assert_eq!((&first.data["items"][0]["site"], &first.data["items"][0]["pending"]), (&json!("blog"), &json!(0)));
    ann.replies(&elsewhere, "Not hers.").await;
    ann.replies(&story, "Hers.").await;
    let next = stream.event().await.unwrap();
    assert_eq!((next.name.as_str(), &next.data["items"][0]["pending"]), ("queues", &json!(1)));
    let counts = mona.get("/api/v1/moderation/counts").expect(200).await.json();
    assert_eq!(next.data["items"], counts["items"], "the same shape");
    // who comes back knows the numbers, and may have missed who took what
    let mut again = mona.get("/api/v1/moderation/events").header("Last-Event-ID", &next.id).open().await;
    let reset = again.event().await.unwrap();
    assert_eq!((reset.name.as_str(), &reset.id), ("reset", &next.id));
    ann.replies(&story, "Another.").await;
    let event = again.event().await.unwrap();
    assert_eq!(event.data["items"][0]["pending"], 2);
    let polled = mona.get("/api/v1/moderation/events?since=0").expect(200).await.json();
    assert_eq!(polled, event.data);
}

#[actix_web::test]
async fn a_moderators_stream_ends_with_the_session_and_with_the_right() {
    let app = flowing().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona, olga) = (app.reader("ann").await, blog.moderator("mona").await, blog.moderator("olga").await);
    let mut streams = Vec::new();
    for person in [&mona, &olga] {
        let mut stream = person.get("/api/v1/moderation/events").open().await;
        stream.event().await.unwrap();
        streams.push(stream);
    }
    mona.delete("/api/v1/sessions/current").expect(204).await;
    blog.admin.delete(format!("/api/v1/sites/blog/roles/{}/moderator", olga.id)).expect(204).await;
    // looked at with the next change, or with the next beat
    ann.replies(&story, "Hello").await;
    for stream in &mut streams {
        assert!(stream.event().await.is_none());
    }
    ann.get("/api/v1/moderation/events").refused("not_found").await;
    app.get("/api/v1/moderation/events").refused("unauthenticated").await;
    assert_eq!(app.state.metrics.live_moderation_listeners.get(), 0);
}

/// What a moderator's stream tells of items next, so many things of them, without ids that are in no test's hands.
async fn told_of_items(stream: &mut Opened, number: usize) -> Vec<Value> {
    let mut items: Vec<Value> = Vec::new();
    // bounded: each says something of them, or only the numbers
    for _ in 0..2 * number {
        let event = stream.event().await.expect("an event");
        assert!(["items", "queues"].contains(&event.name.as_str()), "{event:?}");
        items.extend(event.data["items"].as_array().filter(|_| event.name == "items").unwrap_or(&Vec::new()).clone());
        if items.len() >= number {
            break;
        }
    }
    items
}

#[actix_web::test]
async fn moderators_are_told_what_happens_to_the_items_of_their_queues() {
    let app = flowing().await;
    let (blog, other) = (app.site_with("blog", json!({"moderation_mode": "pre"})).await, app.site("other").await);
    let (story, elsewhere) = (blog.story("s1").await, other.story_with("s1", json!({"moderation_mode": "pre"})).await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let (mona, otto) = (blog.moderator("mona").await, blog.moderator("otto").await);
    let site = blog.admin.get("/api/v1/sites/blog").expect(200).await.json()["id"].clone();
    let mut stream = mona.get("/api/v1/moderation/events").open().await;
    stream.event().await.unwrap();

    ann.replies(&elsewhere, "Not hers").await;
    let reply = ann.replies(&story, "Hers").await;
    let nothing = json!({"site_id": site, "reply_id": reply.id, "queue": null, "account_id": null, "until": null,
        "action": null});
    let of = |what: &str, further: Value| {
        let mut event = nothing.clone();
        event["what"] = json!(what);
        event.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        event
    };
    assert_eq!(told_of_items(&mut stream, 1).await, [of("entered", json!({"queue": "pending"}))]);

    let taken = otto.post("/api/v1/moderation/next?queue=pending").expect(200).await.json();
    let until = &taken["items"][0]["waiting"]["claim"]["until"];
    otto.delete(format!("/api/v1/moderation/replies/{}/claim", reply.id)).expect(204).await;
    // nothing was given back any more
    otto.delete(format!("/api/v1/moderation/replies/{}/claim", reply.id)).expect(204).await;
    assert_eq!(
        told_of_items(&mut stream, 2).await,
        [of("claimed", json!({"account_id": otto.id, "until": until})), of("released", json!({"account_id": otto.id}))]
    );

    let approved = otto.decides(&reply, "approve").await;
    bob.reports(&approved, "spam").await;
    let approved = mona.decides(&approved, "approve").await;
    assert_eq!(
        told_of_items(&mut stream, 5).await,
        [
            of("decided", json!({"account_id": otto.id, "action": "approve"})),
            of("left", json!({"queue": "pending"})),
            of("entered", json!({"queue": "reported"})),
            of("decided", json!({"account_id": mona.id, "action": "approve"})),
            of("left", json!({"queue": "reported"})),
        ]
    );
    // of what stands in no queue nothing is told; what is put back enters after it was decided
    let rejected = mona.decides(&approved, "reject").await;
    mona.decides(&rejected, "restore").await;
    assert_eq!(
        told_of_items(&mut stream, 2).await,
        [
            of("decided", json!({"account_id": mona.id, "action": "restore"})),
            of("entered", json!({"queue": "pending"})),
        ]
    );
    // it goes back to its author and comes again, is refused, and that is appealed
    let waiting = Reply { version: rejected.version + 1, ..rejected };
    let returned = mona.deciding(&waiting, "return", json!({"message": "Otherwise."})).expect(201).await.json();
    let edited = ann.edits(&Reply { version: returned["version"].as_i64().unwrap(), ..waiting }, "Otherwise").await;
    let rejected = mona.decides(&edited, "reject").await;
    let appeal = ann.post(format!("/api/v1/replies/{}/appeal", reply.id)).json(json!({"text": "No."}));
    let id = appeal.expect(201).await.json()["appeal"]["id"].as_str().unwrap().to_owned();
    let ruling = json!({"ruling": "overturned", "version": rejected.version + 1, "reasons": "Right."});
    otto.post(format!("/api/v1/moderation/appeals/{id}/decision")).json(ruling).expect(201).await;
    assert_eq!(
        told_of_items(&mut stream, 8).await,
        [
            of("decided", json!({"account_id": mona.id, "action": "return"})),
            of("left", json!({"queue": "pending"})),
            of("entered", json!({"queue": "pending"})),
            of("decided", json!({"account_id": mona.id, "action": "reject"})),
            of("left", json!({"queue": "pending"})),
            of("entered", json!({"queue": "appeals"})),
            of("decided", json!({"account_id": otto.id, "action": "overturn_appeal"})),
            of("left", json!({"queue": "appeals"})),
        ]
    );
}
