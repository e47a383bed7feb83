//! What may be done by who has proven nothing yet, as each site says.

use serde_json::json;

use crate::{
    actors::{Person, Site},
    app::App,
    issuing::Issuing,
};

async fn site(app: &App, unproven: &str) -> Site {
    app.site_with(&unproven.replace('_', "-"), json!({"moderation_mode": "post", "unproven_accounts": unproven})).await
}

/// Confirms the address that somebody signed up with.
async fn confirm(person: &Person) {
    let mail = person.app.last_mail_to(&format!("{}@example.org", person.username)).await;
    person.app.following(&mail.token_of("account/email")).expect(204).await;
}

#[actix_web::test]
async fn replies_of_the_unproven_wait_unless_the_site_says_otherwise() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let settings = blog.admin.get("/api/v1/sites/blog/settings").expect(200).await.json();
    assert_eq!(settings["unproven_accounts"], "wait", "as on any new site");
    let (story, ann, olga) = (blog.story("s1").await, app.newcomer("ann").await, app.reader("olga").await);
    let waiting = ann.replies(&story, "Well said.").await;
    assert_eq!(waiting.state, "pending");
    assert_eq!(olga.replies(&story, "Well said, too.").await.state, "approved");
    let trace = blog.admin.get(format!("/api/v1/moderation/replies/{}/trace", waiting.id)).expect(200).await.json();
    assert!(trace.to_string().contains("\"unproven\""), "{trace}");
    // a moderator lets it go; an edit is no way past him
    let mona = blog.moderator("mona").await;
    let public = mona.decides(&waiting, "approve").await;
    assert_eq!(ann.edits(&public, "Well said, indeed.").await.state, "pending");
    // all else is as for others
    let other = olga.replies(&story, "Reported and recommended.").await;
    ann.recommends(&other).await;
    ann.reports(&other, "spam").await;
    confirm(&ann).await;
    assert_eq!(ann.replies(&story, "It is me.").await.state, "approved");
    let lenient = site(&app, "allow").await.story("s1").await;
    assert_eq!(app.newcomer("bob").await.replies(&lenient, "Hello.").await.state, "approved");
    app.check().await;
}

#[actix_web::test]
async fn where_they_only_read_and_recommend_nothing_is_written() {
    let app = App::start().await;
    let strict = site(&app, "read_and_recommend").await;
    let (story, olga, ann) = (strict.story("s1").await, app.reader("olga").await, app.newcomer("ann").await);
    let reply = olga.replies(&story, "Well said.").await;
    ann.posting(&story, "Hello.").refused("email_unverified").await;
    let report = ann.post(format!("/api/v1/replies/{}/reports", reply.id)).json(json!({"reason": "spam"}));
    report.refused("email_unverified").await;
    ann.recommends(&reply).await;
    assert_eq!(story.page("").await["items"][0]["recommendations"], 1);
    // what the law owes to everybody is open
    let notice = ann.post(format!("/api/v1/replies/{}/notices", reply.id)).json(crate::world::notice());
    notice.expect(201).await;
    // whom an admin gives a role he knows
    let (path, mona) = ("/api/v1/sites/read-and-recommend/roles/", app.newcomer("mona").await);
    strict.admin.put(format!("{path}{}/author", mona.id)).expect(204).await;
    assert_eq!(mona.replies(&story, "Of the site.").await.state, "approved");
    confirm(&ann).await;
    let own = ann.replies(&story, "It is me.").await;
    assert_eq!(own.state, "approved");
    ann.edits(&own, "It is me indeed.").await;
    app.check().await;
}

#[actix_web::test]
async fn what_was_written_before_a_site_grew_strict_can_be_taken_back() {
    let app = App::start().await;
    let blog = site(&app, "allow").await;
    let (story, ann) = (blog.story("s1").await, app.newcomer("ann").await);
    let reply = ann.replies(&story, "Well said.").await;
    blog.set(json!({"unproven_accounts": "read_and_recommend"})).await;
    ann.editing(&reply, "Well, said.").refused("email_unverified").await;
    ann.withdraws(&reply).await;
    app.check().await;
}

#[actix_web::test]
async fn no_run_of_the_rules_lets_go_what_waits_as_nobody_knows_whose_it_is() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let (story, ann) = (blog.story("s1").await, app.newcomer("ann").await);
    ann.replies(&story, "Well said.").await;
    blog.reruns().await;
    assert_eq!(story.count().await, 0);
    confirm(&ann).await;
    blog.reruns().await;
    assert_eq!(story.count().await, 1, "he has shown who he is, and the rules have nothing against it");
    app.check().await;
}

#[actix_web::test]
async fn whoever_a_site_signed_on_is_proven() {
    let issuing = Issuing::start(json!({})).await;
    let story = issuing.site.story("s1").await;
    issuing.site.set(json!({"moderation_mode": "post", "unproven_accounts": "read_and_recommend"})).await;
    let on = issuing.signs_on("4711", json!({"name": "Ann"})).await;
    assert_eq!(on.replies(&story, "Hello.").await.state, "approved");
    issuing.app().check().await;
}

#[actix_web::test]
async fn a_site_has_one_of_three_ways() {
    let app = App::start().await;
    let blog = app.site("blog").await;
    let set = blog.admin.patch("/api/v1/sites/blog").json(json!({"unproven_accounts": "trust"}));
    set.refused("invalid_fields").await;
    blog.set(json!({"unproven_accounts": "allow"})).await;
    let log = blog.admin.get("/api/v1/sites/blog/log?action=change_site").expect(200).await.json();
    let details = &log["items"][0]["details"];
    assert_eq!(
        (&details["before"], &details["after"]),
        (&json!({"unproven_accounts": "wait"}), &json!({"unproven_accounts": "allow"}))
    );
}
