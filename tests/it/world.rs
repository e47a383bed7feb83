//! A world in which every operation of the document can be asked for, by everybody.

use std::{cell::Cell, sync::LazyLock};

use actix_web::http::Method;
use rejoinder::{
    auth::{
        permission::Operation,
        scopes::{Need, need},
        session::Beginning,
    },
    domain::{api_key::Scope, ids::AccountId},
    http::problem::Problem,
};
use serde_json::{Value, json};

use crate::{
    actors::{PASSWORD, Person, Site, Story},
    app::{App, Request},
    contract::DOCUMENT,
    issuing::Issuing,
    keys::Key,
};

/// Who calls, in the order of a row's letters.
pub const WHO: [&str; 12] = [
    "anonymous",
    "a reader",
    "the owner",
    "an author here",
    "a moderator here",
    "a moderator elsewhere",
    "an admin",
    "a reader suspended everywhere",
    "a reader suspended here",
    "a closed account",
    "a reader who has proven nothing",
    "a key of the site that lacks the scope",
];

/// What everybody may.
pub const ALL: &str = "aaaaaaaaaaaa";
/// What everybody may who is signed in and not suspended everywhere.
const SIGNED_IN: &str = "1aaaaaa3a1a3";
/// What is owed to everybody who is signed in.
const OWED: &str = "1aaaaaaaa1a3";
/// What only admins may, told to the others.
const ADMIN: &str = "133333a33133";
/// What moderators of the site may.
const MODERATOR: &str = "1333a3a33133";
/// What only they may know of.
const MODERATOR_SEES: &str = "1444a4a34143";
/// What people of the site may.
const STAFF: &str = "133aa3a33133";

/// One operation on one kind of object: a query, a body, and for each of [`WHO`] whether the operation is allowed (`a`:
/// nothing that permission refuses with) or answered with 401, 403 or 404.
pub struct Row(pub &'static str, pub &'static str, pub Value, pub &'static str);

/// A notice that a reply is illegal.
pub fn notice() -> Value {
    json!({"ground": "defamation", "explanation": "It says of me what is not true.", "is_in_good_faith": true})
}

fn guest_notice() -> Value {
    let (mut notice, guest) = (notice(), json!({"name": "Gil", "email": "gil{n}@example.org"}));
    notice.as_object_mut().unwrap().extend(guest.as_object().unwrap().clone());
    notice
}

fn notice_decision(version: i64) -> Value {
    let reasons = "The reply claims what is not true.";
    json!({"outcome": "removed", "version": version, "basis": "legal", "reasons": reasons, "is_automated": false})
}

/// What is told of a reader who signs on.
fn sso_claims(number: &str) -> Value {
    let email = format!("on{number}@example.org");
    json!({"name": format!("On {number}"), "email": email, "email_verified": true, "roles": ["author"], "badges": ["staff"]})
}

pub fn rows_on_what_is_public() -> Vec<Row> {
    let text = json!({"body": "Well said."});
    vec![
        Row(
            "create_account",
            "",
            json!({"email": "new{n}@example.org", "username": "new{n}", "password": PASSWORD}),
            ALL,
        ),
        Row("create_session", "", json!({"identifier": "victim", "password": PASSWORD}), ALL),
        Row("refresh_session", "", json!({"refresh_token": "of nobody"}), ALL),
        Row("create_sso_session", "", json!({"token": "{sso}"}), ALL),
        // no such provider
        Row(
            "begin_oidc_sign_on",
            "?return_to=https://blog.example/&challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            Value::Null,
            "444444444444",
        ),
        Row("finish_oidc_sign_on", "?state=of-nobody-at-all&code=c", Value::Null, ALL),
        Row(
            "create_oidc_session",
            "",
            json!({"code": "of nobody", "verifier": "a-text-that-the-page-made-up-and-kept-for-itself"}),
            ALL,
        ),
        Row("create_challenge", "", json!({"operation": "create_reply", "site": "blog"}), ALL),
        // also who is suspended may leave
        Row("delete_session", "", Value::Null, "1aaaaaaaa1a3"),
        Row("list_sessions", "", Value::Null, SIGNED_IN),
        Row("end_session", "", Value::Null, "14a444434143"),
        Row("end_other_sessions", "", Value::Null, SIGNED_IN),
        Row("list_sessions_of_account", "", Value::Null, "144444a34143"),
        Row("end_session_of_account", "", Value::Null, ADMIN),
        Row("end_sessions_of_account", "", Value::Null, ADMIN),
        Row("change_email", "", json!({"email": "other{n}@example.org", "password": "wrong"}), SIGNED_IN),
        // nothing waits to be confirmed
        Row("send_email_code", "", Value::Null, SIGNED_IN),
        Row("confirm_my_email", "", json!({"code": "0000 0000"}), SIGNED_IN),
        Row("confirm_email", "", json!({"token": "of nobody"}), ALL),
        Row("restore_email", "", json!({"token": "of nobody"}), ALL),
        Row("request_password_reset", "", json!({"email": "nobody@example.org"}), ALL),
        Row("reset_password", "", json!({"token": "of nobody", "new_password": PASSWORD}), ALL),
        Row("show_me", "", Value::Null, SIGNED_IN),
        Row("update_me", "", json!({}), SIGNED_IN),
        // a wrong password: the refusal of the right kind shows that permission was given
        Row("change_password", "", json!({"password": "wrong", "new_password": PASSWORD}), SIGNED_IN),
        Row("close_account", "", json!({"password": "wrong"}), OWED),
        Row("keep_account", "", Value::Null, OWED),
        Row("request_own_data", "", Value::Null, OWED),
        Row("show_own_data", "", Value::Null, OWED),
        // it is not ready
        Row("download_own_data", "", Value::Null, "144444444143"),
        Row("prove_session", "", json!({"password": "wrong"}), SIGNED_IN),
        Row("show_second_factor", "", Value::Null, SIGNED_IN),
        Row("begin_second_factor", "", Value::Null, SIGNED_IN),
        // a wrong code, or none to show a code of: refusals of another kind
        Row("confirm_second_factor", "", json!({"code": "wrong"}), SIGNED_IN),
        Row("renew_recovery_codes", "", json!({"code": "wrong"}), SIGNED_IN),
        Row("remove_second_factor", "", json!({"code": "wrong"}), SIGNED_IN),
        Row("list_identities", "", Value::Null, SIGNED_IN),
        Row("add_identity", "", json!({"site": "blog", "token": "{sso}"}), SIGNED_IN),
        Row("delete_identity", "", Value::Null, "14a444434143"),
        Row("list_claimable_authors", "", Value::Null, SIGNED_IN),
        // nothing was imported
        Row("claim_authors", "", json!({}), SIGNED_IN),
        Row("show_account", "", Value::Null, ALL),
        Row("list_account_replies", "", Value::Null, ALL),
        Row("list_sites", "", Value::Null, ALL),
        Row("show_site", "", Value::Null, ALL),
        Row("create_site", "", json!({"key": "new-{n}"}), ADMIN),
        Row("update_site", "", json!({}), ADMIN),
        Row("show_site_settings", "", Value::Null, MODERATOR_SEES),
        Row("list_site_roles", "", Value::Null, "144444a34143"),
        Row("grant_site_role", "", Value::Null, ADMIN),
        Row("revoke_site_role", "", Value::Null, ADMIN),
        Row("list_issuers", "", Value::Null, "144444a34143"),
        Row("show_issuer", "", Value::Null, "144444a34143"),
        Row("put_issuer", "", json!({"iss": "https://other.example", "aud": "rejoinder", "kind": "secret"}), ADMIN),
        Row("test_sso_token", "", json!({"token": "{sso}"}), ADMIN),
        Row("delete_issuer", "", Value::Null, ADMIN),
        Row("list_api_keys", "", Value::Null, "144444a34143"),
        Row("show_api_key", "", Value::Null, "144444a34143"),
        Row("create_api_key", "", json!({"name": "Number {n}", "scopes": ["stories:write"]}), ADMIN),
        Row("rotate_api_key", "", json!({"overlap_secs": 60}), ADMIN),
        Row("revoke_api_key", "", Value::Null, ADMIN),
        Row("list_badges", "", Value::Null, MODERATOR_SEES),
        Row("put_badge", "", json!({"label": "Number {n}"}), ADMIN),
        Row("grant_badge", "", Value::Null, MODERATOR),
        Row("list_badge_holders", "", Value::Null, MODERATOR_SEES),
        Row("revoke_badge", "", Value::Null, MODERATOR),
        Row("delete_badge", "", Value::Null, ADMIN),
        Row("list_site_replies", "", Value::Null, ALL),
        Row("list_stories", "", Value::Null, ALL),
        Row("show_story_of_site", "", Value::Null, ALL),
        Row("put_story", "", json!({"headline": "Number {n}"}), STAFF),
        Row("show_story", "", Value::Null, ALL),
        Row("close_story", "", Value::Null, STAFF),
        Row("reopen_story", "", Value::Null, STAFF),
        Row("show_discussion", "", Value::Null, ALL),
        Row("list_story_replies", "", Value::Null, ALL),
        Row("show_reply", "", Value::Null, ALL),
        Row("list_replies_below", "", Value::Null, ALL),
        Row("count_replies", "?id={story}", Value::Null, ALL),
        Row("query_counts", "", json!({"site": "blog", "external_id": ["s1"]}), ALL),
        Row("list_story_events", "?since=1", Value::Null, ALL),
        Row("list_mine", "", Value::Null, SIGNED_IN),
        Row("preview_reply", "", text.clone(), SIGNED_IN),
        Row("create_reply", "", text, "1aaaaaa33133"),
        Row("update_reply", "", json!({"body": "Well, said.", "version": 1}), "13a3a3a33133"),
        Row("withdraw_reply", "", Value::Null, "13a333333133"),
        // refused by another moderator
        Row("show_statement", "", Value::Null, "14a4a4a44143"),
        Row("create_appeal", "", json!({"text": "It is about kettles."}), "14a434344143"),
        Row("decide_appeal", "", json!({"ruling": "overturned", "version": 3, "reasons": "So it is."}), MODERATOR_SEES),
        Row("recommend_reply", "", Value::Null, "1a3aaaa331a3"),
        Row("unrecommend_reply", "", Value::Null, "1a3aaaa331a3"),
        Row("report_reply", "", json!({"reason": "abuse"}), "1aaaaaa33133"),
        Row("list_featured", "", Value::Null, ALL),
        Row("list_site_featured", "", Value::Null, ALL),
        Row("put_featured", "", Value::Null, STAFF),
        Row("feature_reply", "", json!({"label": "Your views"}), STAFF),
        Row("unfeature_reply", "", Value::Null, STAFF),
        Row("create_notice", "", notice(), "1aaaaaa3a1a3"),
        Row("create_guest_notice", "", guest_notice(), ALL),
        Row("confirm_notice", "", json!({"token": "of nobody"}), "444444444444"),
        Row("show_notice", "", Value::Null, "14a444444143"),
        Row("show_notice_decision", "", Value::Null, "14a444444143"),
        Row("list_notices", "?site=blog", Value::Null, MODERATOR_SEES),
        Row("list_notices", "", Value::Null, "1444aaa34143"),
        Row("list_reply_notices", "", Value::Null, MODERATOR_SEES),
        Row("decide_notice", "", notice_decision(1), MODERATOR_SEES),
        Row("show_notice_statistics", "?from=2026-11-01&to=2026-11-30", Value::Null, MODERATOR_SEES),
        Row("list_queue", "?queue=pending&site=blog", Value::Null, MODERATOR_SEES),
        Row("list_queue", "?queue=pending", Value::Null, "1444aaa34143"),
        Row("search_replies", "?q=said&site=blog", Value::Null, MODERATOR_SEES),
        Row("search_replies", "?q=said", Value::Null, "1444aaa34143"),
        Row("count_queues", "?site=blog", Value::Null, MODERATOR_SEES),
        Row("count_queues", "", Value::Null, "1444aaa34143"),
        Row("list_queue_events", "?since=0", Value::Null, "1444aaa34143"),
        Row("take_next", "?queue=reported&site=blog", Value::Null, "1333a4a33133"),
        Row("take_next", "?queue=reported", Value::Null, "1333aaa33133"),
        Row("hold_claim", "", Value::Null, MODERATOR),
        Row("release_claim", "", Value::Null, MODERATOR),
        Row("list_own_reports", "", Value::Null, SIGNED_IN),
        Row("list_mutes", "", Value::Null, SIGNED_IN),
        Row("mute_account", "", Value::Null, SIGNED_IN),
        Row("unmute_account", "", Value::Null, SIGNED_IN),
        Row("list_cases", "?state=open", Value::Null, "1444aaa34143"),
        Row("show_case", "", Value::Null, MODERATOR_SEES),
        Row("list_account_notes", "", Value::Null, "1444aaa34143"),
        Row("add_account_note", "", json!({"site": "blog", "text": "Well, @mona."}), MODERATOR),
        Row("add_account_note", "", json!({"text": "For admins."}), ADMIN),
        Row("list_reply_notes", "", Value::Null, MODERATOR_SEES),
        Row("add_reply_note", "", json!({"text": "Well, @mona."}), MODERATOR),
        Row("show_note", "", Value::Null, MODERATOR_SEES),
        // the moderator here has written it, and mentions the admin
        Row("delete_note", "", Value::Null, "1444a4a34143"),
        Row("list_mentions", "", Value::Null, "1444aaa34143"),
        Row("read_mention", "", Value::Null, "144444a34143"),
        Row(
            "decide_many",
            "",
            json!({"action": "approve", "items": [{"id": "0193a000-0000-7000-8000-00000000dead", "version": 1}], "preview": true}),
            "1333aaa33133",
        ),
        Row("undo_bulk", "", Value::Null, "133344a33133"),
        Row("list_bulks", "", Value::Null, "1444aaa34143"),
        Row("show_bulk", "", Value::Null, "144444a34143"),
        Row("list_bulk_items", "", Value::Null, "144444a34143"),
        Row("cancel_bulk", "", Value::Null, "133344a33133"),
        Row("list_saved_queues", "", Value::Null, "1444aaa34143"),
        Row("create_saved_queue", "", json!({"name": "All", "filter": {}}), "1333aaa33133"),
        Row("show_saved_queue", "", Value::Null, MODERATOR_SEES),
        Row("put_saved_queue", "", json!({"name": "All", "filter": {}}), "133334a33133"),
        Row("delete_saved_queue", "", Value::Null, "133334a33133"),
        Row("show_queued_reply", "", Value::Null, MODERATOR_SEES),
        Row("list_revisions", "", Value::Null, MODERATOR_SEES),
        Row("compare_revisions", "", Value::Null, MODERATOR_SEES),
        Row("decide_reply", "", json!({"action": "spam", "version": 1}), MODERATOR),
        Row("show_trace", "", Value::Null, MODERATOR_SEES),
        Row("show_classifier", "", Value::Null, MODERATOR_SEES),
        Row("show_classifier_chart", "", Value::Null, MODERATOR_SEES),
        Row("show_policy", "", Value::Null, MODERATOR_SEES),
        Row("put_policy", "", json!({}), ADMIN),
        Row("list_policy_versions", "", Value::Null, MODERATOR_SEES),
        Row("show_policy_version", "", Value::Null, MODERATOR_SEES),
        Row("restore_policy", "", Value::Null, ADMIN),
        Row("show_policy_list", "", Value::Null, MODERATOR_SEES),
        Row("put_policy_list", "", json!(["free money"]), ADMIN),
        Row("test_policy", "", json!({"body": "Well said."}), MODERATOR),
        Row("simulate_policy", "", json!({"last": 5}), MODERATOR),
        Row("rerun_policy", "", Value::Null, MODERATOR),
        Row("list_policy_runs", "", Value::Null, MODERATOR_SEES),
        Row("show_policy_run", "", Value::Null, MODERATOR_SEES),
        Row("show_policy_run_chart", "", Value::Null, MODERATOR_SEES),
        Row("list_policy_run_events", "", Value::Null, MODERATOR_SEES),
        Row("cancel_policy_run", "", Value::Null, MODERATOR),
        Row("undo_policy_run", "", Value::Null, MODERATOR),
        Row("show_outside_check", "", Value::Null, MODERATOR_SEES),
        Row("put_outside_check", "", json!({"kind": "webhook", "url": "https://filter.invalid/"}), ADMIN),
        Row("test_outside_check", "", Value::Null, ADMIN),
        // and nobody is asked about the replies of the rows below
        Row("delete_outside_check", "", Value::Null, ADMIN),
        Row("list_log", "", Value::Null, MODERATOR_SEES),
        Row("list_common_log", "", Value::Null, "144444a34143"),
        Row("show_log_head", "", Value::Null, MODERATOR_SEES),
        Row("export_log", "", Value::Null, MODERATOR_SEES),
        Row("impose_sanction", "", json!({"site": "blog", "kind": "slow", "per_day": 50, "reason": "rude"}), MODERATOR),
        Row("impose_sanction", "", json!({"kind": "slow", "per_day": 50, "reason": "rude"}), ADMIN),
        Row("list_sanctions", "", Value::Null, "1444aaa34143"),
        Row("list_sanctions", "?site=blog", Value::Null, "1444a4a34143"),
        Row("lift_sanction", "", Value::Null, MODERATOR_SEES),
        // also who is suspended may know of it
        Row("list_own_sanctions", "", Value::Null, "1aaaaaaaa1a3"),
        Row("show_statistics", "", Value::Null, MODERATOR_SEES),
        Row("show_statistics_chart", "?of=replies", Value::Null, MODERATOR_SEES),
        Row("show_transparency_report", "", Value::Null, MODERATOR_SEES),
        Row("show_transparency_chart", "?of=decisions", Value::Null, MODERATOR_SEES),
        Row("read_warning", "", Value::Null, "14a444434143"),
        Row("show_privacy", "", Value::Null, ALL),
        Row("show_health", "", Value::Null, ALL),
        Row("show_readiness", "", Value::Null, ALL),
    ]
}

/// The same on a reply that waits.
pub fn rows_on_what_is_hidden() -> Vec<Row> {
    vec![
        Row("show_reply", "", Value::Null, "444444444444"),
        Row("list_replies_below", "", Value::Null, "444444444444"),
        Row("update_reply", "", json!({"body": "Well, said.", "version": 1}), "14a4a4a34143"),
        // moderators reject what others should not see; only its author takes a reply back
        Row("withdraw_reply", "", Value::Null, "14a434334143"),
        Row("recommend_reply", "", Value::Null, "144444434143"),
        Row("unrecommend_reply", "", Value::Null, "144444434143"),
        // as if it were not there
        Row("report_reply", "", json!({"reason": "abuse"}), "1aaaaaa3a1a3"),
        // as authors moderate nothing
        Row("feature_reply", "", json!({}), "1434a4a34143"),
        Row("unfeature_reply", "", Value::Null, "1434a4a34143"),
        Row("create_notice", "", notice(), "144444434143"),
        Row("create_guest_notice", "", guest_notice(), "444444444444"),
        Row("list_reply_notices", "", Value::Null, MODERATOR_SEES),
        // it was public when the notice was given, and was put back since
        Row("decide_notice", "", notice_decision(3), MODERATOR_SEES),
        Row("show_queued_reply", "", Value::Null, MODERATOR_SEES),
        Row("list_revisions", "", Value::Null, MODERATOR_SEES),
        Row("compare_revisions", "", Value::Null, MODERATOR_SEES),
        Row("show_trace", "", Value::Null, MODERATOR_SEES),
        Row("show_case", "", Value::Null, MODERATOR_SEES),
        Row("list_reply_notes", "", Value::Null, MODERATOR_SEES),
        Row("add_reply_note", "", json!({"text": "Well, @mona."}), "1434a4a34143"),
        // refused by another moderator
        Row("show_statement", "", Value::Null, "14a4a4a44143"),
        Row("decide_reply", "", json!({"action": "spam", "version": 1}), "1434a4a34143"),
        Row("hold_claim", "", Value::Null, "1434a4a34143"),
        Row("release_claim", "", Value::Null, "1434a4a34143"),
    ]
}

/// Everybody, and what they act on.
pub struct World {
    pub app: App,
    pub blog: Site,
    pub other: Site,
    pub victim: Person,
    /// A moderator who does nothing else than refuse what may be appealed.
    judge: Person,
    /// In the order of [`WHO`].
    pub people: Vec<Option<Person>>,
    pub story: Story,
    /// Who signs the blog's readers on.
    pub issuing: Issuing,
    /// Two keys of the blog, of which any operation lacks the scope of one at least.
    key: Key,
    other_key: Key,
    next: Cell<u32>,
}

impl World {
    pub async fn create(mode: &str) -> Self {
        Self::create_in(App::start().await, mode).await
    }

    pub async fn create_in(app: App, mode: &str) -> Self {
        let blog = app.site("blog").await;
        blog.forgives().await;
        let other = app.site("other").await;
        let story = blog.story_with("s1", json!({"moderation_mode": mode})).await;
        let suspended = app.reader("everywhere").await;
        let suspended_here = app.reader("here").await;
        for (person, site) in [(&suspended, Value::Null), (&suspended_here, json!("blog"))] {
            let path = format!("/api/v1/accounts/{}/sanctions", person.id);
            blog.admin.post(path).json(json!({"site": site, "kind": "ban", "reason": "rude"})).expect(201).await;
        }
        let closed = app.reader("closed").await;
        closed.closes().await;
        // who only reads and recommends
        blog.set(json!({"unproven_accounts": "read_and_recommend"})).await;
        let newcomer = app.newcomer("nora").await;
        let (key, other_key) = (Key::of(&blog, &["counts:read"]).await, Key::of(&blog, &["stories:write"]).await);
        let people = vec![
            None,
            Some(app.reader("ann").await),
            Some(app.reader("olga").await),
            Some(blog.author("aaron").await),
            Some(blog.moderator("mona").await),
            Some(other.moderator("otto").await),
            Some(blog.admin.clone()),
            Some(suspended),
            Some(suspended_here),
            Some(closed),
            Some(newcomer),
            Some(key.server()),
        ];
        let victim = app.reader("victim").await;
        let judge = blog.moderator("judge").await;
        let rights = json!({"joins_by_verified_email": true, "gives_roles": ["author"], "gives_badges": true});
        let issuing = Issuing::by_secret(&blog, "wordpress", rights).await;
        Self { app, blog, other, victim, judge, people, story, issuing, key, other_key, next: Cell::new(0) }
    }

    fn owner(&self) -> &Person {
        self.people[2].as_ref().unwrap()
    }

    /// Where the document has the operation, with objects of this world in its path, each made for this one use.
    async fn address(&self, operation: &str) -> (Method, String) {
        let (method, template) = find(operation);
        let mut path = template.replace("{site}", "blog").replace("{external_id}", "s1").replace("{role}", "author");
        if ["put_badge", "delete_badge"].contains(&operation) {
            let make = self.blog.admin.put("/api/v1/sites/blog/badges/expert").header("If-Match", "*");
            make.json(json!({"label": "Expert"})).expect(200).await;
            path = path.replace("{badge}", "expert");
        }
        path = path.replace("{badge}", "verified");
        if path.contains("{issuer}") {
            let register = self.blog.admin.put("/api/v1/sites/blog/sso/issuers/other").header("If-Match", "*");
            let issuer = json!({"iss": "https://other.example", "aud": "rejoinder", "kind": "secret"});
            register.json(issuer).expect(200).await;
            path = path.replace("{issuer}", "other");
        }
        if path.contains("{key_id}") {
            let key = Key::of(&self.blog, &["stories:write"]).await;
            path = path.replace("{key_id}", &key.id);
        }
        if path.contains("{identity_id}") {
            let token = self.issuing.token("the-owners");
            let join = self.owner().post("/api/v1/me/identities").json(json!({"site": "blog", "token": token}));
            path = path.replace("{identity_id}", join.expect(201).await.json()["id"].as_str().unwrap());
        }
        path = path.replace("{version}", "0").replace("{list}", "words_spam");
        if operation.ends_with("_of_account") {
            let another = self.app.reader(&format!("another-{}", self.next.get())).await;
            path = path.replace("{account_id}", &another.id).replace("{session_id}", &another.session().await);
        }
        if path.contains("{session_id}") {
            let token = self.another_session(self.owner()).await;
            let another = Person { token, ..self.owner().clone() };
            path = path.replace("{session_id}", &another.session().await);
        }
        if operation == "impose_sanction" {
            // one of a kind is enough for anybody
            let another = self.app.reader(&format!("another-{}", self.next.get())).await;
            path = path.replace("{account_id}", &another.id);
        }
        path = path.replace("{story_id}", &self.story.id).replace("{account_id}", &self.victim.id);
        if path.contains("{appeal_id}") || ["show_statement", "create_appeal"].contains(&operation) {
            let reply = self.owner().replies(&self.story, "Refused.").await;
            self.judge.decides(&reply, "reject").await;
            let own = format!("/api/v1/replies/{}/", reply.id);
            if path.contains("{appeal_id}") {
                let appeal = self.owner().post(own.clone() + "appeal").json(json!({"text": "No."}));
                let id = appeal.expect(201).await.json()["appeal"]["id"].as_str().unwrap().to_owned();
                path = path.replace("{appeal_id}", &id);
            }
            path = path.replace("/api/v1/replies/{reply_id}/", &own);
        }
        let waits = ["take_next", "hold_claim"].contains(&operation);
        if path.contains("{reply_id}") || waits {
            let reply = self.owner().replies(&self.story, "First!").await;
            if waits && reply.state == "approved" {
                self.victim.reports(&reply, "spam").await;
            }
            path = path.replace("{reply_id}", &reply.id);
        }
        if path.contains("{reference}") {
            let reply = self.victim.replies(&self.story, "Said to be illegal.").await;
            let notice = self.owner().post(format!("/api/v1/replies/{}/notices", reply.id)).json(notice());
            let made = notice.expect(201).await.json();
            path = path.replace("{reference}", made["reference"].as_str().unwrap());
        }
        if path.contains("{notice_id}") || operation == "show_notice_decision" {
            let reply = self.owner().replies(&self.story, "Said to be illegal.").await;
            let of_reply = format!("/api/v1/moderation/replies/{}/notices", reply.id);
            let notice = self.victim.post(format!("/api/v1/replies/{}/notices", reply.id)).json(notice());
            if reply.state == "pending" {
                // notice is given of what is public
                let public = self.judge.decides(&reply, "approve").await;
                notice.expect(201).await;
                self.judge.decides(&public, "restore").await;
            } else {
                notice.expect(201).await;
            }
            let listed = self.blog.admin.get(of_reply).expect(200).await.json();
            let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
            if operation == "show_notice_decision" {
                let decide = self.blog.admin.post(format!("/api/v1/moderation/notices/{id}/decision"));
                decide.json(notice_decision(1)).expect(201).await;
                path = template.replace("{reply_id}", &reply.id);
            }
            path = path.replace("{notice_id}", &id);
        }
        if path.contains("{run_id}") {
            let is_undone = operation == "undo_policy_run";
            let run = if is_undone { self.blog.reruns().await } else { self.blog.simulates(json!({"last": 1})).await };
            path = path.replace("{run_id}", run["id"].as_str().unwrap());
        }
        if path.contains("{bulk_id}") || operation == "list_bulks" {
            let reply = self.owner().replies(&self.story, "One of many.").await;
            let bulk = self.blog.admin.post("/api/v1/moderation/bulk");
            let items = json!([{"id": reply.id, "version": reply.version}]);
            let bulk = bulk.json(json!({"action": "approve", "items": items})).expect(202).await.json();
            rejoinder::jobs::run_due(&self.app.state).await.unwrap();
            path = path.replace("{bulk_id}", bulk["id"].as_str().unwrap());
        }
        if path.contains("{saved_queue_id}") || operation == "list_saved_queues" {
            let save = self.blog.admin.post("/api/v1/moderation/saved-queues");
            let filter = json!({"queues": ["pending"], "sites": ["blog"], "sections": ["Politics"]});
            let save = save.json(json!({"name": "Politics", "filter": filter, "is_shared": true}));
            path = path.replace("{saved_queue_id}", save.expect(201).await.json()["id"].as_str().unwrap());
        }
        if path.contains("{sanction_id}") {
            path = path.replace("{sanction_id}", &self.sanction(operation == "read_warning").await);
        }
        if path.contains("{note_id}") {
            let mona = self.people[4].as_ref().unwrap();
            let note = mona.post(format!("/api/v1/accounts/{}/notes", self.victim.id));
            let note = note.json(json!({"site": "blog", "text": "Well, @boss-blog."})).expect(201).await.json();
            path = path.replace("{note_id}", note["id"].as_str().unwrap());
        }
        (method, path)
    }

    /// A warning of the owner elsewhere, or a sanction on the victim here: a new one, or the one that holds.
    async fn sanction(&self, is_warning: bool) -> String {
        let (whom, body) = match is_warning {
            true => (self.owner(), json!({"site": "other", "kind": "warn", "reason": "rude", "message": "Be kind."})),
            false => (&self.victim, json!({"site": "blog", "kind": "premoderate", "reason": "rude"})),
        };
        let answer = self.blog.admin.post(format!("/api/v1/accounts/{}/sanctions", whom.id)).json(body).send().await;
        let (made, standing) = (answer.json(), answer.json()["sanction"].clone());
        let sanction = if standing.is_null() { made } else { standing };
        sanction["id"].as_str().unwrap().to_owned()
    }

    pub async fn request(&self, Row(operation, query, body, _): &Row, person: Option<&Person>) -> Request {
        if operation.ends_with("_policy") {
            // only so many runs of a site go on at once
            rejoinder::jobs::run_due(&self.app.state).await.unwrap();
        }
        let (method, path) = self.address(operation).await;
        self.next.set(self.next.get() + 1);
        let query = query.replace("{story}", &self.story.id);
        let mut request = self.app.request(method, path + &query);
        if matches!(
            *operation,
            "put_policy"
                | "restore_policy"
                | "put_policy_list"
                | "put_outside_check"
                | "delete_outside_check"
                | "put_badge"
                | "delete_badge"
                | "put_issuer"
                | "delete_issuer"
                | "rotate_api_key"
                | "revoke_api_key"
                | "put_featured"
                | "put_saved_queue"
                | "delete_saved_queue"
        ) {
            request = request.header("If-Match", "*");
        }
        if *operation == "put_featured" {
            request = request.json(json!({"items": self.featured_turned().await}));
        } else if !body.is_null() {
            let number = self.next.get().to_string();
            let text = body.to_string().replace("{n}", &number);
            let text = text.replace("{sso}", &self.issuing.token_with(&number, sso_claims(&number)));
            request = request.json(serde_json::from_str(&text).unwrap());
        }
        match person {
            None => request,
            // the words of an issuer prove somebody
            Some(person) if *operation == "add_identity" && person.username == "nora" => {
                request.bearer(&self.app.newcomer(&format!("nora-{}", self.next.get())).await.token)
            }
            Some(person) if person.id == self.key.account_id => request.bearer(&self.key_lacking(operation).secret),
            Some(person) if *operation == "delete_session" => request.bearer(&self.another_session(person).await),
            Some(person) => request.bearer(&person.token),
        }
    }

    /// A key of the blog without the scope that an operation needs.
    fn key_lacking(&self, operation: &str) -> &Key {
        match Operation::parse(operation).and_then(need) {
            Some(Need::Itself(Scope::CountsRead) | Need::ForReader(Scope::CountsRead)) => &self.other_key,
            _ => &self.key,
        }
    }

    /// What is featured under the story, the other way round.
    async fn featured_turned(&self) -> Vec<Value> {
        let list = self.app.get(format!("/api/v1/stories/{}/featured", self.story.id)).expect(200).await.json();
        let ids = list["items"].as_array().unwrap().iter().rev().map(|reply| json!({"reply_id": reply["id"]}));
        ids.collect()
    }

    /// An access token of a session that may be ended.
    async fn another_session(&self, person: &Person) -> String {
        let (state, id) = (self.app.state.clone(), person.id.parse().unwrap());
        let db = state.db.clone();
        let now = self.app.now();
        let account = AccountId(id);
        db.write(move |conn| Ok::<_, Problem>(state.sessions.begin(conn, account, Beginning::by_password(), now)?))
            .await
            .unwrap()
            .access_token
    }
}

/// Every operation of the document: id, method, path.
pub fn operations() -> &'static [(String, Method, String)] {
    static OPERATIONS: LazyLock<Vec<(String, Method, String)>> = LazyLock::new(|| {
        let paths = DOCUMENT["paths"].as_object().unwrap().iter();
        let of_path = paths.flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(move |(method, operation)| {
                let id = operation["operationId"].as_str().unwrap().to_owned();
                (id, method.to_uppercase().parse().unwrap(), path.clone())
            })
        });
        of_path.collect()
    });
    &OPERATIONS
}

pub fn find(operation: &str) -> (Method, String) {
    let found = operations().iter().find(|(id, ..)| id == operation);
    let (_, method, path) = found.unwrap_or_else(|| panic!("{operation} is not in the document"));
    (method.clone(), path.clone())
}
