//! Which websites may call.

use actix_web::http::Method;
use rejoinder::auth::permission::{Operation, Rule};
use serde_json::json;

use crate::{
    actors::{PASSWORD, Site, Story},
    app::{App, Request, Response},
    manners::operations,
};

fn from_website(request: Request, origin: &str) -> Request {
    request.header("Origin", origin)
}

fn shared_with(answer: &Response) -> Option<&str> {
    assert!(answer.header("Access-Control-Allow-Credentials").is_none());
    answer.header("Access-Control-Allow-Origin")
}

async fn two_sites(app: &App) -> (Site, Story) {
    let blog =
        app.site_with("blog", json!({"moderation_mode": "post", "allowed_origins": ["https://blog.example"]})).await;
    app.site_with("other", json!({"allowed_origins": ["https://other.example"]})).await;
    let story = blog.story("s1").await;
    (blog, story)
}

#[actix_web::test]
async fn every_website_may_read_what_is_public() {
    let app = App::start().await;
    let (_, story) = two_sites(&app).await;
    for origin in ["https://blog.example", "https://stranger.example", "null"] {
        for (operation, method, path, has_body) in operations() {
            let is_health = matches!(operation, Operation::ShowHealth | Operation::ShowReadiness);
            if operation.rule() == Rule::Public && !is_health {
                let mut request = from_website(app.request(method, path), origin);
                if has_body {
                    request = request.json(json!({}));
                }
                // found or not
                assert_eq!(shared_with(&request.send().await), Some("*"), "{operation:?} from {origin}");
            }
        }
    }
    let path = format!("/api/v1/stories/{}/replies", story.id);
    let shown = app.get(&path).expect(200).await;
    let exposed = shown.header("Access-Control-Expose-Headers").unwrap();
    for name in ["ETag", "Location", "Retry-After", "X-Request-Id"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    let known = app.get(&path).header("If-None-Match", shown.header("ETag").unwrap()).expect(304).await;
    assert_eq!(shared_with(&known), Some("*"));
    // who calls makes no difference, not even with a wrong token
    let strange = app.get(&path).bearer("nonsense").expect(200).await;
    assert_eq!((strange.body, strange.headers.get("etag")), (shown.body, shown.headers.get("etag")));
    let head = app.request(Method::HEAD, &path).expect(200).await;
    assert_eq!(head.header("ETag"), app.get(&path).expect(200).await.header("ETag"));
}

#[actix_web::test]
async fn a_sites_pages_act_on_their_own_site_only() {
    let app = App::start().await;
    let (blog, story) = two_sites(&app).await;
    let ann = app.reader("ann").await;
    let own = from_website(ann.posting(&story, "Hello."), "https://blog.example").expect(201).await;
    assert_eq!(shared_with(&own), Some("https://blog.example"));
    assert!(own.headers.get_all("vary").any(|value| value.to_str().unwrap().contains("Origin")));
    let own_page = from_website(ann.posting(&story, "Hello."), "http://comments.example").expect(201).await;
    assert_eq!(shared_with(&own_page), Some("http://comments.example"));
    let foreign = from_website(ann.posting(&story, "Hello."), "https://other.example").expect(403).await;
    assert_eq!(foreign.json()["code"], "origin_not_allowed");
    assert_eq!(shared_with(&foreign), Some("https://other.example"));
    for stranger in ["https://stranger.example", "null", "https://blog.example.evil.example", "http://blog.example"] {
        let refused = from_website(ann.posting(&story, "Hello."), stranger).expect(403).await;
        assert_eq!(refused.json()["code"], "origin_not_allowed");
        assert_eq!(shared_with(&refused), None, "{stranger}");
        from_website(app.post("/api/v1/sessions"), stranger)
            .json(json!({"identifier": "ann", "password": PASSWORD}))
            .refused("origin_not_allowed")
            .await;
    }
    // at once, also for pages that were known before
    blog.set(json!({"allowed_origins": ["https://new.example"]})).await;
    from_website(ann.posting(&story, "Hello."), "https://new.example").expect(201).await;
    from_website(ann.posting(&story, "Hello."), "https://blog.example").refused("origin_not_allowed").await;
    app.check().await;
}

#[actix_web::test]
async fn browsers_ask_first_and_are_told() {
    let app = App::start().await;
    let (_, story) = two_sites(&app).await;
    let asking = |origin: &str| {
        let path = format!("/api/v1/stories/{}/replies", story.id);
        from_website(app.request(Method::OPTIONS, path), origin).header("Access-Control-Request-Method", "POST")
    };
    let known = asking("https://blog.example").expect(204).await;
    assert_eq!(shared_with(&known), Some("https://blog.example"));
    assert_eq!(known.header("Vary"), Some("Origin"));
    assert_eq!(known.header("Access-Control-Allow-Methods"), Some("GET, HEAD, POST, PUT, PATCH, DELETE"));
    assert_eq!(
        known.header("Access-Control-Allow-Headers"),
        Some(
            "Altcha, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Rejoinder-Refresh, X-Request-Id"
        )
    );
    let stranger = asking("https://stranger.example").expect(204).await;
    assert_eq!((shared_with(&stranger), stranger.header("Vary")), (None, Some("Origin")));
    // what is public may be asked for by every website
    for (method, path) in [("GET", format!("/api/v1/stories/{}/replies", story.id)), ("POST", "/api/v1/counts".into())]
    {
        let asking = from_website(app.request(Method::OPTIONS, path), "https://stranger.example");
        let told = asking.header("Access-Control-Request-Method", method).expect(204).await;
        assert_eq!(shared_with(&told), Some("*"));
        assert_eq!(told.header("Access-Control-Allow-Methods"), Some("GET, HEAD, POST"));
    }
}

#[actix_web::test]
async fn a_sites_pages_see_nothing_of_other_sites_not_even_by_repeating() {
    let app = App::start().await;
    let (blog, story) = two_sites(&app).await;
    let (ann, admin) = (app.reader("ann").await, &blog.admin);
    let own = |request: Request| from_website(request, "https://blog.example");
    let other = |request: Request| from_website(request, "https://other.example");
    let desk = |request: Request| from_website(request, "http://comments.example");
    let once = || ann.posting(&story, "Once.").header("Idempotency-Key", "k1");
    own(once()).expect(201).await;
    other(once()).refused("origin_not_allowed").await;
    let suspend = |site: serde_json::Value| {
        let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
        admin
            .post(path)
            .json(json!({"site": site, "kind": "suspend", "reason": "rude", "until": "2026-11-24T00:00:00Z"}))
    };
    for ask in [
        || "/api/v1/moderation/replies?queue=approved".to_owned(),
        || "/api/v1/moderation/counts".to_owned(),
        || "/api/v1/moderation/log".to_owned(),
    ] {
        own(admin.get(ask())).refused("origin_not_allowed").await;
        desk(admin.get(ask())).expect(200).await;
        admin.get(ask()).expect(200).await;
    }
    own(admin.get("/api/v1/moderation/replies?queue=approved&site=blog")).expect(200).await;
    own(admin.get("/api/v1/moderation/replies?queue=approved&site=other")).refused("origin_not_allowed").await;
    let suspensions = format!("/api/v1/accounts/{}/sanctions", ann.id);
    own(admin.get(&suspensions)).refused("origin_not_allowed").await;
    own(suspend(json!(null))).refused("origin_not_allowed").await;
    own(suspend(json!("other"))).refused("origin_not_allowed").await;
    own(suspend(json!("blog"))).expect(201).await;
    own(admin.post("/api/v1/sites")).json(json!({"key": "third"})).refused("origin_not_allowed").await;
    desk(suspend(json!(null))).expect(201).await;
    app.check().await;
}
