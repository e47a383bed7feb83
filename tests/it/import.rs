//! A WordPress export, brought in and read through the API, on both databases.

use std::{ops::ControlFlow, path::PathBuf, process::Stdio};

use rejoinder::{
    clock::Random,
    domain::site::SiteKey,
    import::wordpress::{self, Options, Progress, Report, Step, Target},
};
use serde_json::{Value, json};

use crate::{
    app::App,
    process::{Home, until},
};

struct Silent;

impl Progress for Silent {
    fn step(&mut self, _: &Step<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

pub async fn import(app: &App, is_dry_run: bool) -> Report {
    import_of(app, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/wordpress-export.xml").into(), is_dry_run).await
}

pub async fn import_of(app: &App, file: PathBuf, is_dry_run: bool) -> Report {
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

#[test]
fn killed_again_and_again_and_repeated_it_brings_the_whole_once() {
    const COMMENTS: i64 = 3_000;
    let home = Home::migrated();
    let file = home.path("export.xml");
    let comment = |id: i64| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_parent>{}</wp:comment_parent>\
             <wp:comment_author>Ann {}</wp:comment_author>\
             <wp:comment_date_gmt>2020-03-01 {:02}:{:02}:00</wp:comment_date_gmt>\
             <wp:comment_content>Comment &lt;em&gt;{id}&lt;/em&gt;.</wp:comment_content>\
             <wp:comment_approved>1</wp:comment_approved></wp:comment>",
            id / 3,
            id % 7,
            id / 60 % 24,
            id % 60
        )
    };
    let export = format!(
        "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>Ledger</title>\
         <wp:wxr_version>1.2</wp:wxr_version><item><title>Story</title><wp:post_id>1</wp:post_id>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{}</item></channel></rss>",
        (1..=COMMENTS).map(comment).collect::<String>()
    );
    std::fs::write(&file, export).unwrap();
    let arguments = ["import", "wordpress", file.to_str().unwrap(), "--site", "ledger"];
    let count = |what: &str| home.outside().count(&format!("SELECT count(*) AS count FROM {what}"));
    let mut before = 0;
    for _ in 0..3 {
        let mut child = home.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("a batch", || (count("imported_replies") > before).then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
        before = count("imported_replies");
        assert!(before < COMMENTS, "it was not killed in the middle");
        home.run(&["check"]).succeeded();
    }
    home.run(&arguments).succeeded();
    assert_eq!((count("replies"), count("imported_replies"), count("stories")), (COMMENTS, COMMENTS, 1));
    let again = home.run(&arguments).succeeded();
    assert!(again.lines().any(|line| line.split_whitespace().eq(["replies", "0", "3000"])), "{again}");
    let checked = home.run(&["check"]).succeeded();
    assert!(checked.contains(&format!("verdicts about replies: {COMMENTS} looked at, 0 wrong")), "{checked}");
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

/// An export of one story with so many comments.
fn large_export(count: usize) -> String {
    let small = include_str!("../fixtures/wxr-1.2.xml");
    let (begin, end) = (small.find("<wp:comment>").unwrap(), small.find("</item>").unwrap());
    let comment = &small[begin..end];
    let comments = (1..=count).map(|id| comment.replace("_id>9<", &format!("_id>{id}<")));
    format!("{}{}{}", &small[..begin], comments.collect::<String>(), &small[end..])
}

#[actix_web::test]
async fn an_import_beside_the_service_leaves_it_room_and_is_seen() {
    let app = App::start().await;
    // as the command is another process, with a connection of its own that writes
    let beside = app.another(&[]).await;
    let wire = |app: &App| app.state.db.lay_wire(&app.state.config.database_url, &app.state.clock);
    let _wires = (wire(&app), wire(&beside));
    let story = app.site("blog").await.story("s1").await;
    let ann = app.reader("ann").await;
    let file = app.database.folder.path().join("large.xml");
    std::fs::write(&file, large_export(1_000)).unwrap();
    let imported = actix_web::rt::spawn(async move { import_of(&beside, file, false).await });
    let mut posted = 0;
    while !imported.is_finished() {
        ann.replies(&story, "Meanwhile").await;
        posted += 1;
        assert_eq!(story.count().await, posted);
    }
    assert!(posted > 3, "only {posted} replies came through");
    assert_eq!(imported.await.unwrap().all_replies().new, 1_000);
    let path = "/api/v1/sites/ledger/stories/wp:5";
    let deadline = std::time::Instant::now() + crate::process::PATIENCE;
    while app.get(path).expect(200).await.json()["replies"] != 1_000 {
        assert!(std::time::Instant::now() < deadline, "what was imported is not seen");
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    app.check().await;
}
