//! Closing accounts: a day in which that can be undone, what stays, what is erased, and that nothing of it is left.

use std::time::Duration;

use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    query_builder::SqlQuery,
    query_dsl::LoadQuery,
    sql_query,
    sql_types::{BigInt, Text},
};
use rejoinder::{
    domain::job::Lane,
    jobs::{self, sealing::seal_all},
    store::Native,
};
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person},
    app::App,
    jobs::count,
};

const DAY: Duration = Duration::from_secs(24 * 3_600);
const MINUTE: Duration = Duration::from_secs(60);

/// Columns with words, but for SQLite's index, which cannot be read like that.
const SQLITE_COLUMNS: &str = "SELECT t.name || '.' || c.name AS name FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_search%' ESCAPE '\\' AND c.type = 'TEXT'";
const PG_COLUMNS: &str = "SELECT table_name || '.' || column_name AS name FROM information_schema.columns \
     WHERE table_schema = current_schema() AND data_type IN ('text', 'tsvector', 'jsonb', 'character varying')";

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn places<C>(conn: &mut C, columns: &str, lower: &str, word: &str) -> Vec<String>
where
    C: Connection,
    SqlQuery: for<'q> LoadQuery<'q, C, Column> + for<'q> LoadQuery<'q, C, Number>,
{
    let columns: Vec<Column> = sql_query(columns).load(conn).unwrap();
    assert!(columns.len() > 100);
    let has_word = |name: &String| {
        let (table, column) = name.split_once('.').unwrap();
        let lower = lower.replace("{column}", column);
        let text = format!("SELECT count(*) AS number FROM {table} WHERE {lower} LIKE '%{word}%'");
        sql_query(text).get_result::<Number>(conn).unwrap().number > 0
    };
    columns.into_iter().map(|column| column.name).filter(has_word).collect()
}

impl Person {
    async fn asks_to_close(&self, texts: &str) -> Value {
        let body = json!({"password": PASSWORD, "texts": texts});
        self.post("/api/v1/me/close").json(body).expect(202).await.json()
    }
}

impl App {
    /// Lets the jobs about people run that are due.
    pub async fn tends_people(&self) {
        jobs::run_due_of(&self.state, Lane::People).await.unwrap();
    }

    /// The columns of all tables in which a word stands, whatever its letters' case; what is sealed shows nothing.
    async fn places_of(&self, word: &str) -> Vec<String> {
        let word = word.to_lowercase();
        self.read(move |conn| match &mut conn.native {
            Native::Sqlite(c) => places(*c, SQLITE_COLUMNS, "lower(CAST({column} AS TEXT))", &word),
            Native::Pg(c) => places(*c, PG_COLUMNS, "lower({column}::text)", &word),
        })
        .await
    }

    async fn tries_to_sign_in(&self, username: &str) -> u16 {
        let body = json!({"identifier": username, "password": PASSWORD});
        self.post("/api/v1/sessions").json(body).send().await.status.as_u16()
    }
}

#[actix_web::test]
async fn for_a_day_closing_can_be_undone_and_changes_nothing() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "I was here.").await;
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["closing"], Value::Null);
    let asked = ann.asks_to_close("remove").await;
    let me = ann.get("/api/v1/me").expect(200).await.json();
    assert_eq!((&me["closing"], &asked["texts"]), (&asked, &json!("remove")));
    app.pass(DAY - MINUTE);
    app.tends_people().await;
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.replies(&story, "And I still am.").await;
    ann.delete("/api/v1/me/close").expect(204).await;
    ann.delete("/api/v1/me/close").expect(204).await;
    assert_eq!(ann.get("/api/v1/me").expect(200).await.json()["closing"], Value::Null);
    app.pass(DAY);
    app.tends_people().await;
    assert_eq!(app.tries_to_sign_in("ann").await, 201);
    assert_eq!((story.count().await, count(&app, "closings").await), (2, 0));
    app.check().await;
}

#[actix_web::test]
async fn after_a_day_it_is_closed_and_what_was_chosen_last_holds() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    ann.replies(&story, "I was here.").await;
    ann.asks_to_close("remove").await;
    app.pass(DAY - MINUTE);
    // another day from here
    let ann = app.sign_in("ann", PASSWORD).await;
    ann.asks_to_close("keep").await;
    app.pass(MINUTE * 2);
    app.tends_people().await;
    assert_eq!(app.tries_to_sign_in("ann").await, 201);
    app.pass(DAY);
    app.tends_people().await;
    assert_eq!(app.tries_to_sign_in("ann").await, 401);
    let shown = story.page("").await["items"][0].clone();
    assert_eq!((&shown["body_html"], &shown["author"]["username"]), (&json!("<p>I was here.</p>\n"), &Value::Null));
    assert_eq!(count(&app, "closings WHERE erased_at IS NOT NULL").await, 1);
    app.check().await;
}

#[actix_web::test]
async fn removed_texts_are_gone_and_those_of_others_stay() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, bob) = (app.reader("ann").await, app.reader("bob").await);
    let mona = blog.moderator("mona").await;
    let first = ann.replies(&story, "Kettles are zebras.").await;
    let first = ann.edits(&first, "Kettles are quaggas.").await;
    let answer = bob.answers(&first, "No, they are not.").await;
    let refused = ann.replies(&story, "Marmots are kettles.").await;
    let note = json!({"note": "that is Ann Oakley of Ely again", "message": "Dear Ann, no.", "reason": "off_topic"});
    mona.deciding(&refused, "reject", note).expect(201).await;
    let appeal = json!({"text": "Wombats agree with me."});
    ann.post(format!("/api/v1/replies/{}/appeal", refused.id)).json(appeal).expect(201).await;
    let about = json!({"text": "She is Ann Oakley."});
    mona.post(format!("/api/v1/moderation/replies/{}/notes", first.id)).json(about).expect(201).await;
    let sanction = json!({"kind": "premoderate", "reason": "Ann Oakley", "site": "blog", "message": "Dear Ann"});
    mona.post(format!("/api/v1/accounts/{}/sanctions", ann.id)).json(sanction).expect(201).await;
    ann.post(format!("/api/v1/replies/{}/reports", answer.id))
        .json(json!({"reason": "abuse", "text": "Rude to Ann."}))
        .expect(204)
        .await;
    ann.recommends(&answer).await;
    seal_all(&app.state).await.unwrap();

    ann.asks_to_close("remove").await;
    app.pass(DAY);
    app.tends_people().await;
    // the withdrawals are sealed by then
    seal_all(&app.state).await.unwrap();
    app.pass(MINUTE);
    app.tends_people().await;
    assert_eq!(count(&app, "closings WHERE erased_at IS NOT NULL").await, 1);
    for word in ["zebras", "quaggas", "Marmots", "Wombats", "Oakley", "Dear Ann", "Rude to Ann", "ann@example.org"] {
        assert_eq!(app.places_of(word).await, Vec::<String>::new(), "{word}");
    }
    let items = story.page("").await["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 1, "{items}");
    assert_eq!((&items[0]["body_html"], &items[0]["author"]), (&Value::Null, &Value::Null));
    assert_eq!(items[0]["below"]["items"][0]["body_html"], "<p>No, they are not.</p>\n");
    assert_eq!(items[0]["below"]["items"][0]["recommendations"], 1);
    // what is left is of nobody's business
    let mona = app.sign_in("mona", PASSWORD).await;
    let row = mona.get(format!("/api/v1/moderation/replies/{}", first.id)).expect(200).await.json();
    assert_eq!((&row["state"], &row["body_html"]), (&json!("withdrawn"), &json!("")));
    let found = mona.get("/api/v1/moderation/search?q=quaggas&site=blog").expect(200).await.json();
    assert_eq!(found["items"], json!([]));
    app.check().await;
}

#[actix_web::test]
async fn erasing_goes_on_where_it_was_interrupted() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let ann = app.reader("ann").await;
    for number in 0..5 {
        ann.replies(&story, &format!("Number {number} of Ann.")).await;
    }
    ann.asks_to_close("remove").await;
    app.pass(DAY);
    // closed, and with the first reply it fails
    app.execute("ALTER TABLE appeals RENAME TO lost").await;
    app.tends_people().await;
    app.execute("ALTER TABLE lost RENAME TO appeals").await;
    assert_eq!(count(&app, "closings WHERE closed_at IS NOT NULL AND erased_at IS NULL").await, 1);
    assert_eq!(count(&app, "replies WHERE body_source = ''").await, 0);
    app.pass(MINUTE * 10);
    // and again behind the last one
    app.execute("ALTER TABLE notes RENAME TO lost").await;
    app.tends_people().await;
    app.execute("ALTER TABLE lost RENAME TO notes").await;
    assert_eq!(count(&app, "closings WHERE erased_at IS NULL").await, 1);
    app.check().await;
    app.pass(MINUTE * 10);
    app.tends_people().await;
    assert_eq!(count(&app, "replies WHERE body_source <> ''").await, 0);
    assert_eq!((story.count().await, count(&app, "closings WHERE erased_at IS NOT NULL").await), (0, 1));
    app.check().await;
}

#[actix_web::test]
async fn who_asks_to_close_shows_who_he_is() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    let closing = |body: Value| ann.post("/api/v1/me/close").json(body);
    closing(json!({"texts": "keep"})).refused("invalid_fields").await;
    closing(json!({"password": "wrong", "texts": "keep"})).refused("wrong_credentials").await;
    closing(json!({"password": PASSWORD, "texts": "burn"})).refused("invalid_fields").await;
    // without a password: who signed on a short time ago
    app.execute("UPDATE accounts SET password_hash = NULL").await;
    let token = ann.token.clone();
    app.pass(Duration::from_secs(599));
    app.post("/api/v1/me/close").bearer(&token).json(json!({"texts": "remove"})).expect(202).await;
    app.execute("UPDATE sessions SET proven_at = NULL").await;
    let tokens = json!({"refresh_token": ann.refresh_token});
    app.pass(MINUTE);
    let fresh = app.post("/api/v1/sessions/refresh").json(tokens).expect(201).await.json();
    let later = app.person("ann", &fresh);
    later.post("/api/v1/me/close").json(json!({"texts": "remove"})).refused("proof_needed").await;
    // taking it back needs nothing
    later.delete("/api/v1/me/close").expect(204).await;
    app.check().await;
}

#[actix_web::test]
async fn its_owner_is_written_when_it_closes_and_how_to_undo_that() {
    let app = App::start().await;
    let ann = app.reader("ann").await;
    ann.asks_to_close("keep").await;
    let mails = app.mails().await;
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("ann@example.org", "Your account is to be closed"));
    assert!(mail.text.contains("2026-11-24 09:00 UTC") && mail.text.contains("take it back"), "{}", mail.text);
}

#[actix_web::test]
async fn texts_of_spam_are_erased_after_their_time_and_nothing_is_decided_about_them_any_more() {
    let app = App::with(&[("RETENTION_SPAM_DAYS", "100")]).await;
    let blog = app.site("blog").await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);
    let old = ann.replies(&story, "Buy watches at Wombat.").await;
    let old = mona.decides(&old, "spam").await;
    let note = json!({"text": "It is Ann again."});
    mona.post(format!("/api/v1/moderation/replies/{}/notes", old.id)).json(note).expect(201).await;
    app.pass(DAY * 60);
    let ann = app.sign_in("ann", PASSWORD).await;
    let mona = app.sign_in("mona", PASSWORD).await;
    let young = ann.replies(&story, "Buy clocks at Wombat.").await;
    let young = mona.decides(&young, "spam").await;
    app.pass(DAY * 40);
    app.tends_people().await;
    assert_eq!(app.places_of("watches").await, Vec::<String>::new());
    assert_eq!(count(&app, "replies WHERE body_source = ''").await, 1);
    let mona = app.sign_in("mona", PASSWORD).await;
    mona.deciding(&old, "approve", json!({})).refused("state_conflict").await;
    let items = json!([{"id": old.id, "version": old.version}, {"id": young.id, "version": young.version}]);
    let bulk = json!({"action": "restore", "items": items});
    let many = mona.post("/api/v1/moderation/bulk").json(bulk).expect(202).await.json();
    jobs::run_due_of(&app.state, Lane::Bulks).await.unwrap();
    let path = format!("/api/v1/moderation/bulk/{}", many["id"].as_str().unwrap());
    let outcomes = mona.get(path).expect(200).await.json()["outcomes"].clone();
    assert_eq!((&outcomes["done"], &outcomes["conflict"]), (&json!(1), &json!(1)), "{outcomes}");
    app.check().await;
    // and nothing stays of it where its author wants none of his texts to
    app.sign_in("ann", PASSWORD).await.asks_to_close("remove").await;
    seal_all(&app.state).await.unwrap();
    app.pass(DAY);
    app.tends_people().await;
    assert_eq!((count(&app, "closings WHERE erased_at IS NOT NULL").await, count(&app, "notes").await), (1, 0));
    app.check().await;
}

#[actix_web::test]
async fn what_is_kept_of_people_is_told_with_the_times_that_are_configured() {
    let app = App::with(&[("RETENTION_SPAM_DAYS", "0"), ("RETENTION_IDEMPOTENCY_HOURS", "72")]).await;
    let told = app.get("/api/v1/privacy").expect(200).await.json();
    let of = |what: &str| told["kept"].as_array().unwrap().iter().find(|kept| kept["what"] == what).unwrap().clone();
    assert_eq!(
        (&of("repeated_requests")["seconds"], &of("network_address")["kept_as"]),
        (&json!(259_200), &json!("daily_hash"))
    );
    assert_eq!((&of("spam_texts")["until"], &of("spam_texts")["seconds"]), (&json!("author"), &Value::Null));
    assert_eq!(of("sign_in")["seconds"], 90 * 24 * 3_600);
}
