//! A WordPress export, brought in and read through the API, on both databases.

use std::{ops::ControlFlow, path::PathBuf};

use rejoinder::{
    clock::Random,
    domain::site::SiteKey,
    import::wordpress::{self, Options, Progress, Report, Step, Target},
};
use serde_json::{Value, json};

use crate::app::App;

struct Silent;

impl Progress for Silent {
    fn step(&mut self, _: &Step<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

async fn import(app: &App, is_dry_run: bool) -> Report {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/wordpress-export.xml"));
    let options = Options { file, site: SiteKey::parse("ledger").unwrap(), with_pingbacks: false };
    let target = if is_dry_run { Target::DryRun(Some(&app.state.db)) } else { Target::Write(&app.state.db) };
    wordpress::run(target, app.now(), &Random::system(), &options, &mut Silent).await.unwrap()
}

async fn story(app: &App, post: &str) -> Value {
    app.get(format!("/api/v1/sites/ledger/stories/wp:{post}")).expect(200).await.json()
}

#[actix_web::test]
async fn an_export_comes_in_whole_and_only_once() {
    let app = App::start().await;
    assert_eq!(import(&app, true).await.all_replies().new, 8, "a dry run tells the same");
    app.get("/api/v1/sites/ledger").expect(404).await;
    let first = import(&app, false).await;
    assert_eq!((first.stories.new, first.all_replies().new), (3, 8));
    app.check().await;
    let second = import(&app, false).await;
    assert_eq!((second.stories.new, second.all_replies().new, second.new_authors), (0, 0, 0));
    app.check().await;
}

#[actix_web::test]
async fn imported_replies_are_read_with_their_names_times_and_places() {
    let app = App::start().await;
    import(&app, false).await;
    let story = story(&app, "7").await;
    assert_eq!(story["headline"], "Grain and freight");
    let page = app
        .get(format!("/api/v1/stories/{}/replies?sort=oldest", story["id"].as_str().unwrap()))
        .expect(200)
        .await
        .json();
    let first = &page["items"][0];
    assert_eq!(first["created_at"], "2020-03-01T10:00:00Z");
    assert_eq!(first["author"]["display_name"], "Ann");
    assert_eq!(first["body_html"], "<p>A <em>parent</em> &amp; more.</p>\n<p>Second paragraph.</p>\n");
    assert_eq!(first["below"]["items"][0]["body_html"], "<p>Before its parent in the file.</p>\n");
    // the public count is that of the approved ones
    let shown = page["story"]["replies"].as_i64().unwrap();
    let counts = json!({"site": "ledger", "external_id": ["wp:7"]});
    let counts = app.post("/api/v1/counts").json(counts).expect(200).await.json();
    assert_eq!(counts["items"][0]["replies"], shown);
}

#[actix_web::test]
async fn an_imported_address_blocks_no_sign_up_and_joins_nobody() {
    let app = App::start().await;
    import(&app, false).await;
    let body = json!({"email": "ann@example.org", "username": "ann-herself", "password": crate::actors::PASSWORD});
    let id = app.post("/api/v1/accounts").json(body).expect(201).await.json()["account_id"].clone();
    let profile = format!("/api/v1/accounts/{}/replies", id.as_str().unwrap());
    assert_eq!(app.get(profile).expect(200).await.json()["items"], json!([]));
}
