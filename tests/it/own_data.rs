//! A copy of all that is kept of oneself.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::App,
    jobs::count,
};

const DAY: Duration = Duration::from_secs(24 * 3_600);

impl Person {
    /// The files of the copy.
    pub async fn fetches(&self) -> BTreeMap<String, String> {
        let view = self.get("/api/v1/me/data").expect(200).await.json();
        let answer = self.get(view["url"].as_str().unwrap()).expect(200).await;
        assert_eq!(answer.header("content-type"), Some("application/zip"));
        assert_eq!(view["byte_count"], answer.body.len());
        let mut archive = zip::ZipArchive::new(Cursor::new(answer.body.to_vec())).unwrap();
        let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        names.iter().map(|name| (name.clone(), read(name))).collect()
    }
}

fn json_of(files: &BTreeMap<String, String>, name: &str) -> Value {
    serde_json::from_str(&files[name]).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[actix_web::test]
async fn all_that_is_kept_of_somebody_is_in_the_copy_and_nothing_of_others() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, other) = (blog.story("s1").await, blog.story("s2").await);
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let mona = blog.moderator("mona").await;
    let first = ann.replies(&story, "<script>alert(1)</script> Kettles & *quaggas*.").await;
    ann.edits(&first, "Kettles & *quaggas*, said I.").await;
    let of_bob = bob.replies(&story, "What Bob says.").await;
    ann.answers(&of_bob, "Not so, Bob.").await;
    ann.recommends(&of_bob).await;
    ann.post(format!("/api/v1/replies/{}/reports", of_bob.id))
        .json(json!({"reason": "abuse", "text": "He is rude."}))
        .expect(204)
        .await;
    let refused = ann.replies(&other, "Marmots.").await;
    mona.deciding(&refused, "reject", json!({"reason": "off_topic"})).expect(201).await;
    let appeal = json!({"text": "They matter."});
    ann.post(format!("/api/v1/replies/{}/appeal", refused.id)).json(appeal).expect(201).await;
    ann.put(format!("/api/v1/me/mutes/{}", bob.id)).expect(204).await;
    mona.post(format!("/api/v1/accounts/{}/notes", ann.id))
        .json(json!({"text": "Troublesome.", "site": "blog"}))
        .expect(201)
        .await;

    ann.get("/api/v1/me/data").refused("not_found").await;
    ann.get("/api/v1/me/data/file").refused("not_found").await;
    let asked = ann.post("/api/v1/me/data").expect(202).await.json();
    assert_eq!((&asked["state"], &asked["url"]), (&json!("waiting"), &Value::Null));
    ann.get("/api/v1/me/data/file").refused("not_found").await;
    app.tends_people().await;
    let files = ann.fetches().await;
    let account = json_of(&files, "account.json");
    assert_eq!((&account["email"], &account["username"]), (&json!("ann@example.org"), &json!("ann")));
    let replies = json_of(&files, "replies.json");
    let replies = replies.as_array().unwrap();
    assert_eq!(replies.len(), 3);
    let edited = replies.iter().find(|reply| reply["id"] == first.id.as_str()).unwrap();
    assert_eq!(edited["body"], "Kettles & *quaggas*, said I.");
    assert_eq!(edited["former_texts"][0]["body"], "<script>alert(1)</script> Kettles & *quaggas*.");
    let appealed = replies.iter().find(|reply| reply["id"] == refused.id.as_str()).unwrap();
    assert_eq!((&appealed["state"], &appealed["appeals"][0]["text"]), (&json!("rejected"), &json!("They matter.")));
    assert_eq!(json_of(&files, "recommendations.json")[0]["reply_id"], of_bob.id.as_str());
    assert_eq!(json_of(&files, "reports.json")[0]["text"], "He is rude.");
    assert_eq!(json_of(&files, "muted.json")[0]["username"], "bob");
    assert_eq!(json_of(&files, "sessions.json").as_array().unwrap().len(), 1);
    assert_eq!(json_of(&files, "identities.json"), json!([]));
    let page = &files["index.html"];
    assert!(page.contains("Kettles &amp; <em>quaggas</em>, said I.") && !page.contains("<script"), "{page}");
    let all: String = files.values().cloned().collect();
    for word in ["What Bob says", "Troublesome", "bob@example.org", "$argon2"] {
        assert!(!all.contains(word), "{word}");
    }
    bob.get("/api/v1/me/data").refused("not_found").await;
    app.check().await;
}

#[actix_web::test]
async fn a_copy_is_made_once_a_day_at_most_kept_for_three_and_only_for_who_shows_who_he_is() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.post("/api/v1/me/data").expect(202).await;
    let refused = ann.post("/api/v1/me/data").send().await;
    assert_eq!((&refused.json()["code"], refused.header("retry-after")), (&json!("too_many_attempts"), Some("86400")));
    app.tends_people().await;
    let mails = app.mails().await;
    assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Your data is ready"));
    app.pass(Duration::from_secs(601));
    let fresh =
        app.post("/api/v1/sessions/refresh").json(json!({"refresh_token": ann.refresh_token})).expect(201).await;
    let late = app.person("ann", &fresh.json());
    late.get("/api/v1/me/data").expect(200).await;
    late.get("/api/v1/me/data/file").refused("proof_needed").await;
    late.post("/api/v1/me/data").refused("proof_needed").await;
    late.post("/api/v1/sessions/current/proof").json(json!({"password": PASSWORD})).expect(204).await;
    assert!(!late.fetches().await.is_empty());
    app.pass(DAY);
    let ann = app.sign_in("ann", PASSWORD).await;
    let again = ann.post("/api/v1/me/data").expect(202).await.json();
    assert_eq!(again["state"], "waiting");
    // the one before went with it
    assert_eq!(count(&app, "data_export_pieces").await, 0);
    app.tends_people().await;
    app.pass(DAY * 3);
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.get("/api/v1/me/data").refused("not_found").await;
    app.check().await;
    app.pass(Duration::from_secs(3_600));
    rejoinder::jobs::run_due(&app.state).await.unwrap();
    assert_eq!((count(&app, "data_exports").await, count(&app, "data_export_pieces").await), (0, 0));
}

#[actix_web::test]
async fn a_long_history_comes_in_pieces_and_an_interrupted_copy_is_begun_anew() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    // hardly to be compressed
    let mut state = 7_u64;
    let mut noise = || {
        let word = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            format!("{:x}", *state >> 8)
        };
        (0..500).map(|_| word(&mut state)).collect::<Vec<_>>().join(" ")
    };
    for _ in 0..45 {
        ann.replies(&story, &noise()).await;
    }
    ann.post("/api/v1/me/data").expect(202).await;
    // half of it is there, and then nothing works
    app.execute("ALTER TABLE recommendations RENAME TO lost").await;
    app.tends_people().await;
    app.execute("ALTER TABLE lost RENAME TO recommendations").await;
    assert!(count(&app, "data_export_pieces").await > 2);
    assert_eq!(ann.get("/api/v1/me/data").expect(200).await.json()["state"], "waiting");
    app.check().await;
    app.pass(Duration::from_secs(60));
    app.tends_people().await;
    let files = ann.fetches().await;
    assert_eq!(json_of(&files, "replies.json").as_array().unwrap().len(), 45);
    app.check().await;
}

#[actix_web::test]
async fn a_closed_account_leaves_no_copy() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.post("/api/v1/me/data").expect(202).await;
    app.tends_people().await;
    assert!(count(&app, "data_export_pieces").await > 0);
    ann.closes().await;
    assert_eq!((count(&app, "data_exports").await, count(&app, "data_export_pieces").await), (0, 0));
    app.check().await;
}
