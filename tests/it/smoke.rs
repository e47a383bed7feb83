//! One reply's whole way, from sign-up to the page.

use crate::app::App;

#[actix_web::test]
async fn a_reply_waits_is_approved_and_is_shown() {
    let app = App::start().await;
    let blog = app.site_with("blog", serde_json::json!({"moderation_mode": "pre"})).await;
    let story = blog.story("s1").await;
    let (ann, mona) = (app.reader("ann").await, blog.moderator("mona").await);

    let reply = ann.replies(&story, "I *disagree*.").await;
    assert_eq!(reply.state, "pending");
    assert_eq!(story.count().await, 0);
    assert_eq!(mona.queue(&blog, "pending").await.len(), 1);

    mona.decides(&reply, "approve").await;
    let page = story.page("").await;
    assert_eq!(page["items"][0]["body_html"], "<p>I <em>disagree</em>.</p>\n");
    assert_eq!(page["items"][0]["author"]["username"], "ann");
    assert_eq!(story.count().await, 1);
    app.check().await;
}
