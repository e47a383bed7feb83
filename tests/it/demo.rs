//! The demo's blog.

use std::collections::HashMap;

use rejoinder::{clock::Random, demo, http::problem::Problem};

use crate::app::App;

#[actix_web::test]
async fn the_demo_is_a_small_living_blog() {
    let app = App::start().await;
    let hash = app.state.hasher.hash("a demo of something".to_owned()).await.unwrap();
    let hashes: HashMap<String, String> =
        demo::members().into_iter().map(|member| (member.username, hash.clone())).collect();
    let now = app.now();
    let seeded: Result<(), Problem> =
        app.state.db.write(move |conn| demo::seed(conn, &hashes, &Random::system(), now)).await;
    seeded.unwrap();
    app.check().await;

    let sites = app.get("/api/v1/sites").expect(200).await.json();
    let site = sites["items"][0]["key"].as_str().unwrap().to_owned();
    let stories = app.get(format!("/api/v1/sites/{site}/stories")).expect(200).await.json();
    assert_eq!(stories["items"].as_array().unwrap().len(), 3);
    let admin = app.sign_in(demo::ADMIN, "a demo of something").await;
    let counts = admin.get("/api/v1/moderation/counts").expect(200).await.json()["items"][0].clone();
    for queue in ["pending", "reported", "spam", "approved", "rejected"] {
        assert!(counts[queue].as_i64().unwrap() > 0, "{queue} is not empty: {counts}");
    }
    let deepest = stories["items"].as_array().unwrap().iter().map(|story| story["id"].as_str().unwrap().to_owned());
    let mut depth = 0;
    for id in deepest {
        let page = app.get(format!("/api/v1/stories/{id}/replies?limit=5&replies_per_thread=99")).expect(200).await;
        for thread in page.json()["items"].as_array().unwrap() {
            let below = thread["below"]["items"].as_array().unwrap();
            depth = depth.max(below.iter().map(|reply| reply["depth"].as_i64().unwrap()).max().unwrap_or(1));
        }
    }
    assert_eq!(depth, 8);
    // something a person can look at
    let page = app.get("/").expect(200).await;
    assert!(page.text().contains("KC&#39;s View"), "{}", page.text());
    assert!(page.header("content-security-policy").unwrap().contains("sha256-"));
    app.get("/docs/").expect(200).await;
}
