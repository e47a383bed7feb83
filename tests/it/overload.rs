//! Too much to do: dear work is refused first, then texts, and reading goes on; by itself all is as before.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

use actix_web::rt::{spawn, task::JoinHandle};
use rejoinder::store::DbError;
use serde_json::json;
use tokio::task::yield_now;

use crate::{
    actors::{PASSWORD, Person},
    app::{App, Request},
};

/// Writes at once, more than any of the two databases takes.
const MANY: usize = 8;

/// That nobody else's waiting comes to an end meanwhile.
const PATIENT: [(&str, &str); 1] = [("DB_MAX_WAIT_SECS", "9")];

fn signing_up(app: &App, name: &str) -> Request {
    let body = json!({"email": format!("{name}@example.org"), "username": name, "password": PASSWORD});
    app.post("/api/v1/accounts").json(body)
}

fn previewing(person: &Person) -> Request {
    person.post("/api/v1/replies/preview").json(json!({"body": "*Well* said."}))
}

/// Begins writes that do not end before the other end of this channel is gone, and others behind them.
async fn stop(app: &App, until: Receiver<()>) -> Vec<JoinHandle<Result<(), DbError>>> {
    let until = Arc::new(Mutex::new(until));
    let writes = (0..MANY).map(|_| {
        let (db, until) = (app.state.db.clone(), until.clone());
        spawn(async move {
            let work = move |_: &mut rejoinder::store::Conn<'_>| {
                let _ = until.lock().unwrap().recv();
                Ok::<_, DbError>(())
            };
            db.write(work).await
        })
    });
    let writes = writes.collect();
    // each of them has come as far as it does
    for _ in 0..MANY {
        yield_now().await;
    }
    writes
}

#[actix_web::test]
async fn dear_work_is_refused_first_then_texts_and_reading_goes_on() {
    let app = App::with(&PATIENT).await;
    let (blog, ann) = (app.site("blog").await, app.reader("ann").await);
    let story = blog.story("s1").await;
    let reply = blog.admin.replies(&story, "First.").await;
    let level = async || app.scrape().await.value("rejoinder_overload_level");
    assert_eq!(level().await, 0.0);
    let (held, until) = channel::<()>();
    let writes = stop(&app, until).await;
    previewing(&ann).expect(200).await;

    app.pass(Duration::from_millis(600));
    for dear in [signing_up(&app, "bob"), previewing(&ann), blog.admin.get("/api/v1/sites/blog/log")] {
        let refused = dear.expect(503).await;
        assert_eq!((&refused.json()["code"], refused.header("Retry-After")), (&json!("busy"), Some("10")));
    }
    assert_eq!(level().await, 1.0);
    ann.get("/api/v1/me").expect(200).await;

    app.pass(Duration::from_millis(1_500));
    let recommending = ann.put(format!("/api/v1/replies/{}/recommendation", reply.id));
    let reporting = ann.post(format!("/api/v1/replies/{}/reports", reply.id)).json(json!({"reason": "abuse"}));
    let signing_in = app.post("/api/v1/sessions").json(json!({"identifier": "ann", "password": PASSWORD}));
    for text in [ann.posting(&story, "Well said."), recommending, reporting, signing_in] {
        let refused = text.expect(503).await;
        assert_eq!((&refused.json()["code"], refused.header("Retry-After")), (&json!("busy"), Some("5")));
    }
    // out of memory, out of the database, and what is one's own
    assert_eq!(story.page("").await["items"][0]["id"], reply.id);
    assert_eq!(story.page("?limit=7").await["items"][0]["id"], reply.id);
    ann.mine(&story).await;
    blog.admin.get("/api/v1/moderation/replies?queue=approved").expect(200).await;
    let scrape = app.scrape().await;
    assert_eq!(scrape.value("rejoinder_overload_level"), 2.0);
    assert!(scrape.value(r#"rejoinder_line_age_seconds{line="writes"}"#) >= 2.1);
    assert_eq!(scrape.value(r#"rejoinder_shed_total{kind="posting"}"#), 1.0);
    assert_eq!(scrape.value(r#"rejoinder_shed_total{kind="signing-up"}"#), 1.0);

    drop(held);
    for write in writes {
        write.await.unwrap().unwrap();
    }
    ann.replies(&story, "Well said.").await;
    signing_up(&app, "bob").expect(201).await;
    previewing(&ann).expect(200).await;
    assert_eq!(level().await, 0.0);
    assert_eq!(story.count().await, 2, "what was refused was not stored");
    app.check().await;
}

#[actix_web::test]
async fn who_waits_behind_is_answered_when_it_goes_on() {
    let app = App::with(&PATIENT).await;
    let (story, ann) = (app.site("blog").await.story("s1").await, app.reader("ann").await);
    let (held, until) = channel::<()>();
    let writes = stop(&app, until).await;
    let waiting = spawn(ann.posting(&story, "I came before.").expect(201));
    for _ in 0..MANY {
        yield_now().await;
    }
    app.pass(Duration::from_secs(3));
    ann.posting(&story, "And I after.").refused("busy").await;
    drop(held);
    waiting.await.unwrap();
    for write in writes {
        write.await.unwrap().unwrap();
    }
    assert_eq!(story.count().await, 1);
    app.check().await;
}
