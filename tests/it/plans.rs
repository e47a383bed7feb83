//! What each operation asks of the database: the same statements however much there is, and each of them by an index.

use std::collections::BTreeMap;

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Integer, Text},
};
use rejoinder::store::{Conn, Native};
use serde_json::{Value, json};

use crate::{
    actors::Reply,
    app::{App, Request},
    world::{Row, World, notice, rows_on_what_is_public},
};

/// Tables that are read from end to end or sorted where that is meant, since they are small by their nature: one row a
/// site, a few facts, at most 20 URLs a story, and the jobs, which are few unless somebody who is asked outside is away.
const SMALL: [&str; 5] = ["sites", "settings", "__diesel_schema_migrations", "story_urls", "jobs"];

/// Statements of each operation on SQLite, its first row in the table of permissions. They may become fewer; more need a
/// reason.
const STATEMENTS: [(&str, usize); 181] = [
    ("add_account_note", 10),
    ("add_identity", 15),
    ("add_reply_note", 10),
    ("begin_oidc_sign_on", 2),
    ("begin_second_factor", 4),
    ("cancel_bulk", 2),
    ("cancel_policy_run", 3),
    ("change_email", 1),
    ("change_password", 1),
    ("claim_authors", 3),
    ("close_account", 1),
    ("close_story", 7),
    ("compare_revisions", 3),
    ("confirm_email", 1),
    ("confirm_my_email", 3),
    ("confirm_notice", 1),
    ("confirm_second_factor", 6),
    ("count_queues", 3),
    ("count_replies", 1),
    ("create_account", 10),
    ("create_api_key", 12),
    ("create_appeal", 19),
    ("create_challenge", 1),
    ("create_guest_notice", 9),
    ("create_notice", 12),
    ("create_oidc_session", 1),
    ("create_reply", 17),
    ("create_saved_queue", 9),
    ("create_session", 4),
    ("create_site", 7),
    ("create_sso_session", 27),
    ("decide_appeal", 36),
    ("decide_many", 2),
    ("decide_notice", 34),
    ("decide_reply", 36),
    ("delete_badge", 9),
    ("delete_identity", 11),
    ("delete_issuer", 14),
    ("delete_note", 6),
    ("delete_outside_check", 5),
    ("delete_saved_queue", 8),
    ("delete_session", 2),
    ("download_own_data", 2),
    ("end_other_sessions", 3),
    ("end_session", 2),
    ("end_session_of_account", 4),
    ("end_sessions_of_account", 5),
    ("export_log", 7),
    ("feature_reply", 9),
    ("finish_oidc_sign_on", 0),
    ("grant_badge", 9),
    ("grant_site_role", 6),
    ("hold_claim", 6),
    ("impose_sanction", 9),
    ("keep_account", 3),
    ("lift_sanction", 8),
    ("list_account_notes", 4),
    ("list_account_replies", 2),
    ("list_api_keys", 4),
    ("list_badge_holders", 4),
    ("list_badges", 3),
    ("list_bulk_items", 3),
    ("list_bulks", 3),
    ("list_cases", 2),
    ("list_claimable_authors", 2),
    ("list_common_log", 3),
    ("list_featured", 3),
    ("list_identities", 2),
    ("list_issuers", 3),
    ("list_log", 4),
    ("list_mentions", 5),
    ("list_mine", 6),
    ("list_mutes", 2),
    ("list_notices", 3),
    ("list_own_reports", 2),
    ("list_own_sanctions", 2),
    ("list_policy_run_events", 3),
    ("list_policy_runs", 4),
    ("list_policy_versions", 3),
    ("list_queue", 12),
    ("list_queue_events", 2),
    ("list_replies_below", 3),
    ("list_reply_notes", 4),
    ("list_reply_notices", 4),
    ("list_revisions", 4),
    ("list_sanctions", 4),
    ("list_saved_queues", 6),
    ("list_sessions", 2),
    ("list_sessions_of_account", 3),
    ("list_site_featured", 3),
    ("list_site_replies", 2),
    ("list_site_roles", 3),
    ("list_sites", 1),
    ("list_stories", 4),
    ("list_story_events", 4),
    ("list_story_replies", 3),
    ("mute_account", 4),
    ("preview_reply", 1),
    ("prove_session", 1),
    ("put_badge", 7),
    ("put_featured", 9),
    ("put_issuer", 7),
    ("put_outside_check", 6),
    ("put_policy", 7),
    ("put_policy_list", 8),
    ("put_saved_queue", 11),
    ("put_story", 14),
    ("query_counts", 2),
    ("read_mention", 4),
    ("read_warning", 3),
    ("recommend_reply", 10),
    ("refresh_session", 1),
    ("release_claim", 4),
    ("remove_second_factor", 2),
    ("renew_recovery_codes", 2),
    ("reopen_story", 7),
    ("report_reply", 20),
    ("request_own_data", 7),
    ("request_password_reset", 2),
    ("rerun_policy", 6),
    ("reset_password", 1),
    ("restore_email", 1),
    ("restore_policy", 5),
    ("revoke_api_key", 7),
    ("revoke_badge", 9),
    ("revoke_site_role", 7),
    ("rotate_api_key", 10),
    ("search_replies", 14),
    ("send_email_code", 1),
    ("show_account", 1),
    ("show_api_key", 4),
    ("show_bulk", 2),
    ("show_case", 5),
    ("show_classifier", 5),
    ("show_classifier_chart", 5),
    ("show_discussion", 5),
    ("show_health", 0),
    ("show_issuer", 3),
    ("show_log_head", 4),
    ("show_me", 2),
    ("show_note", 4),
    ("show_notice", 2),
    ("show_notice_decision", 3),
    ("show_notice_statistics", 4),
    ("show_outside_check", 3),
    ("show_own_data", 2),
    ("show_policy", 3),
    ("show_policy_list", 3),
    ("show_policy_run", 3),
    ("show_policy_run_chart", 3),
    ("show_policy_version", 2),
    ("show_privacy", 0),
    ("show_queued_reply", 10),
    ("show_readiness", 2),
    ("show_reply", 3),
    ("show_saved_queue", 5),
    ("show_second_factor", 2),
    ("show_site", 1),
    ("show_site_settings", 2),
    ("show_statement", 5),
    ("show_statistics", 9),
    ("show_statistics_chart", 3),
    ("show_story", 2),
    ("show_story_of_site", 3),
    ("show_trace", 6),
    ("show_transparency_chart", 3),
    ("show_transparency_report", 4),
    ("simulate_policy", 8),
    ("take_next", 17),
    ("test_outside_check", 3),
    ("test_policy", 4),
    ("test_sso_token", 7),
    ("undo_bulk", 7),
    ("undo_policy_run", 8),
    ("unfeature_reply", 5),
    ("unmute_account", 2),
    ("unrecommend_reply", 5),
    ("update_me", 3),
    ("update_reply", 16),
    ("update_site", 4),
    ("withdraw_reply", 14),
];

/// Operations that lock the story or what a moderator holds, hold a lock by name, or ask for the database's time, which on
/// PostgreSQL is a statement of its own.
const LOCKING: [&str; 36] = [
    "add_account_note",
    "add_identity",
    "add_reply_note",
    "close_story",
    "confirm_second_factor",
    "create_appeal",
    "create_guest_notice",
    "create_notice",
    "create_saved_queue",
    "create_sso_session",
    "decide_appeal",
    "decide_notice",
    "decide_reply",
    "delete_identity",
    "delete_issuer",
    "feature_reply",
    "grant_site_role",
    "hold_claim",
    "impose_sanction",
    "mute_account",
    "put_featured",
    "put_issuer",
    "put_story",
    "recommend_reply",
    "reopen_story",
    "report_reply",
    "revoke_api_key",
    "revoke_site_role",
    "rotate_api_key",
    "show_log_head",
    "take_next",
    "undo_bulk",
    "unfeature_reply",
    "unrecommend_reply",
    "update_reply",
    "withdraw_reply",
];

/// Reading beyond the first page and by every filter, each with an index that must be used.
fn rows_of_further_readings() -> Vec<Row> {
    let row = |operation, query, index| Row(operation, query, Value::Null, index);
    vec![
        row("show_discussion", "?sort=newest&limit=2", "replies_shown_by_time"),
        row("list_story_replies", "?sort=newest&limit=2&cursor={next}", "replies_shown_by_time"),
        row("list_story_replies", "?sort=newest&limit=2&cursor={next}", "replies_shown_below"),
        row("list_story_replies", "?sort=oldest&limit=2&cursor={next}", "replies_shown_by_time"),
        row("list_story_replies", "?sort=top&limit=2&cursor={next}", "replies_shown_by_recommendations"),
        row("list_replies_below", "?limit=2&cursor={next}", "replies_shown_below"),
        row("list_badges", "?limit=1&cursor={next}", "site_badges"),
        row("list_badge_holders", "?limit=1&cursor={next}", "badge_holders_by_badge"),
        row("list_site_replies", "?limit=2&cursor={next}", "replies_by_site"),
        row("list_account_replies", "?limit=2&cursor={next}", "replies_by_author"),
        row("list_stories", "?limit=2&cursor={next}", "stories_by_site"),
        row("list_featured", "?limit=2&cursor={next}", "featured_by_story"),
        row("list_site_featured", "?limit=2&cursor={next}", "featured_by_site"),
        row("list_account_notes", "?limit=2&cursor={next}", "notes_by_account"),
        row("list_reply_notes", "?limit=2&cursor={next}", "notes_by_reply"),
        row("list_mentions", "?limit=2&cursor={next}", "mentions_by_account"),
        row("list_mentions", "?unread=true&limit=2&cursor={next}", "mentions_unread"),
        row("list_mine", "?limit=2&cursor={next}", "replies_by_author_in_story"),
        row("list_mine", "?limit=2&cursor={next}", "recommendations_by_account"),
        row("list_queue", "?queue=pending&sort=newest&limit=2&cursor={next}", "queue_items_pending_since"),
        row("list_queue", "?queue=approved&sort=oldest&limit=2&cursor={next}", "replies_by_site"),
        row("list_queue", "?queue=approved&site=blog&story_id={story}&limit=2&cursor={next}", "replies_by_story"),
        row("list_queue", "?queue=approved&site=blog&author_id={owner}&limit=2&cursor={next}", "replies_by_author"),
        row("list_queue", "?queue=reported&limit=2&cursor={next}", "replies_reported"),
        row("list_queue", "?queue=reported&sort=newest&limit=2&cursor={next}", "queue_items_reported_since"),
        row("list_queue", "?queue=flagged&limit=2&cursor={next}", "queue_items_flagged_since"),
        row("list_queue", "?queue=pending&sort=priority&limit=2&cursor={next}", "queue_items_pending_due"),
        row("list_queue", "?queue=reported&sort=priority&limit=2&cursor={next}", "queue_items_reported_due"),
        row("list_queue", "?queue=flagged&sort=priority&limit=2&cursor={next}", "queue_items_flagged_due"),
        row("list_queue", "?queue=appeals&limit=2&cursor={next}", "queue_items_appeals_since"),
        row("list_queue", "?queue=appeals&sort=priority&limit=2&cursor={next}", "queue_items_appeals_due"),
        row("take_next", "?queue=appeals&sort=oldest", "queue_items_appeals_since"),
        row("take_next", "?queue=appeals", "queue_items_appeals_due"),
        row("search_replies", "?q=sa*&queue=approved&limit=2&cursor={next}", "__search_words"),
        row("search_replies", "?q=said&story=s*&author_id={owner}", "__search_words"),
        row("search_replies", "?q=%22said%20again%22%20-x&site=blog", "search_documents_waiting"),
        row("take_next", "?queue=pending&count=20", "queue_items_pending_due"),
        row("take_next", "?queue=pending&sort=oldest", "queue_items_pending_since"),
        row("take_next", "?queue=reported&sort=newest", "queue_items_reported_since"),
        row("take_next", "?queue=flagged&sort=oldest", "queue_items_flagged_since"),
        row("list_log", "?limit=2&cursor={next}", "decisions_by_site"),
        row("list_log", "?limit=2&cursor={next}", "decisions_by_action"),
        row("list_log", "?action=post&limit=2&cursor={next}", "decisions_by_action"),
        row("list_log", "?actor_id={owner}&limit=2&cursor={next}", "decisions_by_actor"),
        row("list_log", "?actor_id={owner}&limit=2&cursor={next}", "decisions_of_oneself"),
        row("list_log", "?account_id={owner}&limit=2&cursor={next}", "decisions_by_account"),
        row("list_log", "?account_id={owner}&limit=2&cursor={next}", "decisions_of_oneself"),
        row("list_log", "?reply_id={reply}", "decisions_by_reply"),
        row("list_log", "?story_id={story}&limit=2&cursor={next}", "decisions_by_story"),
        row("list_log", "?story_id={story}&actor_id={owner}&action=close_story", "decisions_by_story"),
        row("list_notices", "?limit=2&cursor={next}", "notice_queue_by_site"),
        row("list_reply_notices", "", "notices_by_reply"),
        row("show_notice_statistics", "?from=2026-11-01&to=2026-11-30", "day_counts"),
        row("count_replies", "?site=blog&url=https://blog.example/s1", "story_urls"),
    ]
}

impl World {
    /// More of everything: threads, reports, recommendations, decisions, stories, sanctions, roles.
    async fn fill(&self, count: usize) {
        let (ann, olga) = (self.people[1].as_ref().unwrap(), self.people[2].as_ref().unwrap());
        let (mona, admin) = (self.people[4].as_ref().unwrap(), &self.blog.admin);
        for number in 0..count {
            let top = olga.replies(&self.story, "Top.").await;
            let mut last = top.clone();
            for _ in 0..count {
                last = ann.answers(&last, "Below.").await;
                olga.recommends(&last).await;
            }
            let said = self.victim.replies(&self.story, "Said.").await;
            for reply in [&said, &top] {
                mona.put(format!("/api/v1/replies/{}/feature", reply.id)).json(json!({})).expect(204).await;
            }
            ann.reports(&top, "spam").await;
            let give_notice = ann.post(format!("/api/v1/replies/{}/notices", top.id));
            give_notice.json(notice()).expect(201).await;
            olga.answers(&top, "For the records.").await;
            // shouting, which is flagged
            ann.replies(&self.story, &format!("I SHOUT AND I SHOUT AGAIN {number}")).await;
            let refused = olga.replies(&self.story, "Refused.").await;
            mona.decides(&refused, "reject").await;
            let appeal = olga.post(format!("/api/v1/replies/{}/appeal", refused.id));
            appeal.json(json!({"text": "Wrongly."})).expect(201).await;
            self.blog.story_with(&format!("more-{number}"), json!({"moderation_mode": "pre"})).await;
            let impose = admin.post(format!("/api/v1/accounts/{}/sanctions", self.victim.id));
            let made = impose.json(json!({"site": "other", "kind": "ban", "reason": "rude"})).expect(201).await;
            admin.delete(made.header("Location").unwrap()).expect(204).await;
            let note = mona.post(format!("/api/v1/accounts/{}/notes", self.victim.id));
            note.json(json!({"site": "blog", "text": "Look, @boss-blog."})).expect(201).await;
        }
        for person in [ann, olga] {
            mona.put(format!("/api/v1/sites/blog/badges/verified/holders/{}", person.id)).expect(204).await;
        }
        let waiting = self.blog.story_with("waiting", json!({"moderation_mode": "pre"})).await;
        for _ in 0..count {
            olga.replies(&waiting, "Waits.").await;
        }
    }

    /// The request of a row by somebody who may; a cursor in it is that of the page before.
    async fn reading(&self, row: &Row) -> Request {
        // the admin, else the owner of what is acted on
        let is_owners = ["list_mine", "add_identity"].contains(&row.0)
            || (row.3.starts_with(['1', 'a']) && row.3.chars().nth(6) != Some('a'));
        let person = self.people[if is_owners { 2 } else { 6 }].as_ref();
        let owner = self.people[2].as_ref().unwrap();
        let mut query = row.1.replace("{owner}", &owner.id);
        if query.contains("{reply}") {
            query = query.replace("{reply}", &owner.replies(&self.story, "Asked about.").await.id);
        }
        let of = |query: &str| Row(row.0, query.to_owned().leak(), row.2.clone(), row.3);
        if let Some(first) = query.strip_suffix("&cursor={next}") {
            let request = match row.0 {
                "list_replies_below" => self.app.get(self.path_below().await + first),
                "list_reply_notes" => person.unwrap().get(self.path_noted().await + first),
                _ => self.request(&of(first), person).await,
            };
            let path = request.path().split('?').next().unwrap().to_owned();
            let next = request.expect(200).await.json()["next_cursor"].as_str().map(str::to_owned);
            let next = next.unwrap_or_else(|| panic!("{} {first} has one page only", row.0));
            let first = first.replace("{story}", &self.story.id);
            let request = self.app.get(format!("{path}{first}&cursor={next}"));
            return request.bearer(&person.unwrap().token);
        }
        self.request(&of(&query), person).await
    }

    /// Where what is noted about a reply with several notes is read.
    async fn path_noted(&self) -> String {
        let reply = self.victim.replies(&self.story, "Much discussed.").await;
        let path = format!("/api/v1/moderation/replies/{}/notes", reply.id);
        for _ in 0..4 {
            self.blog.admin.post(&path).json(json!({"text": "Look."})).expect(201).await;
        }
        path
    }

    /// Where what is below a reply with several below it is read.
    async fn path_below(&self) -> String {
        let page = self.story.page("?sort=oldest&replies_per_thread=0").await;
        let thread = page["items"].as_array().unwrap().iter().find(|reply| reply["visible_below"].as_i64() > Some(2));
        format!("/api/v1/replies/{}/below", thread.unwrap()["id"].as_str().unwrap())
    }

    /// The statements that a row's request runs, without the transaction's own.
    async fn statements(&self, row: &Row) -> Vec<String> {
        let request = self.reading(row).await;
        self.app.statements();
        let answer = request.send().await;
        assert!(!answer.status.is_server_error(), "{}: {}", row.0, answer.text());
        let is_ours = |sql: &String| {
            // the lock is that of who writes, on PostgreSQL
            let keep = "SELECT pg_advisory_xact_lock_shared(";
            let frame = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ", "PRAGMA", keep];
            !frame.iter().any(|word| sql.starts_with(word))
        };
        let statements = self.app.statements().into_iter().filter(is_ours);
        // behind it stand the parameters of this one run
        statements.map(|sql| sql.split(" -- binds").next().unwrap().to_owned()).collect()
    }
}

impl World {
    /// The plans of what a row's request runs; what is wrong with them goes into the list.
    async fn explain(&self, row: &Row, wrong: &mut Vec<String>) -> String {
        let mut plans = String::new();
        for sql in self.statements(row).await {
            let text = sql.clone();
            let (plan, faults) = self.app.read(move |conn| explained(conn, &text)).await;
            if !faults.is_empty() {
                wrong.push(format!("{}{}: {faults:?}\n{sql}\n{plan}", row.0, row.1));
            }
            plans += &plan;
        }
        plans
    }
}

/// Where nothing is answered from memory.
async fn forgetful_world() -> World {
    World::create_in(App::with(&[("CACHE_MAX_MB", "0")]).await, "post").await
}

#[actix_web::test]
async fn the_number_of_statements_does_not_grow_with_what_there_is() {
    let (small, large) = (forgetful_world().await, forgetful_world().await);
    small.fill(1).await;
    large.fill(6).await;
    let mut counts = BTreeMap::new();
    for row in &rows_on_what_is_public() {
        let (few, many) = (small.statements(row).await, large.statements(row).await);
        assert_eq!(few.len(), many.len(), "{}: {few:#?}\n{many:#?}", row.0);
        counts.entry(row.0).or_insert(few.len());
    }
    let found: Vec<String> = counts.iter().map(|(operation, count)| format!("{operation} {count}")).collect();
    let is_pg = large.app.read(|conn| conn.is_pg()).await;
    let locks = |operation: &str| usize::from(is_pg && LOCKING.contains(&operation));
    let expected = STATEMENTS.iter().map(|(operation, count)| format!("{operation} {}", count + locks(operation)));
    assert_eq!(found, expected.collect::<Vec<_>>());
}

#[actix_web::test]
async fn what_is_done_often_is_prepared_once() {
    let app = App::with(&[("REPLIES_PER_MINUTE", "9999")]).await;
    let (post, trusted) =
        (app.site("post").await, app.site_with("trusted", json!({"moderation_mode": "trusted"})).await);
    post.forgives().await;
    let (story, other) = (post.story("s1").await, trusted.story("s1").await);
    let (ann, bob, mona) = (app.reader("ann").await, app.reader("bob").await, post.moderator("mona").await);
    let round = async |number: usize| {
        let top = ann.posting(&story, "Top").header("Idempotency-Key", &format!("k{number}")).expect(201).await.json();
        let top = Reply {
            id: top["id"].as_str().unwrap().to_owned(),
            story_id: story.id.clone(),
            version: 1,
            state: "approved".to_owned(),
        };
        let below = bob.answers(&top, "Below").await;
        ann.replies(&other, "Waits").await;
        ann.recommends(&below).await;
        let below = bob.edits(&below, "Below, edited").await;
        mona.decides(&below, "reject").await;
        app.get(format!("/api/v1/stories/{}/replies?sort=top", story.id)).expect(200).await;
        app.get(format!("/api/v1/replies/{}", top.id)).expect(200).await;
    };
    round(0).await;
    app.statements();
    let before = app.kept();
    let rounds = 125;
    for number in 1..=rounds {
        round(number).await;
    }
    let runs = app.statements();
    let texts = runs.iter().map(|sql| sql.split(" -- binds").next().unwrap());
    let kept = app.kept();
    let frame = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"];
    let mut anew: Vec<&str> =
        texts.filter(|text| !kept.contains(*text) && !frame.iter().any(|word| text.starts_with(word))).collect();
    assert!(runs.len() > rounds * 30, "{}", runs.len());
    anew.sort_unstable();
    anew.dedup();
    assert!(anew.is_empty(), "prepared at each of {rounds} rounds: {anew:#?}");
    // a pool has several connections, each of which keeps its own
    assert!(kept.len() - before.len() < 10, "{} and then {}", before.len(), kept.len());
}

#[actix_web::test]
async fn every_statement_finds_its_rows_by_an_index_and_sorts_only_what_is_few() {
    let world = forgetful_world().await;
    if world.app.read(|conn| conn.is_pg()).await {
        world.app.execute(PLAN_OF).await;
    }
    world.fill(4).await;
    let mut wrong = Vec::new();
    for row in &rows_on_what_is_public() {
        world.explain(row, &mut wrong).await;
    }
    for row in &rows_of_further_readings() {
        let plans = world.explain(row, &mut wrong).await;
        if !plans.contains(row.3) {
            wrong.push(format!("{}{} does not use {}:\n{plans}", row.0, row.1, row.3));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The plan of a statement, and what is wrong with it.
fn explained(conn: &mut Conn<'_>, sql: &str) -> (String, Vec<String>) {
    match &mut conn.native {
        Native::Sqlite(c) => {
            let plan: Vec<SqliteStep> = sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(*c).unwrap();
            let text = plan.iter().map(|step| format!("{} < {}: {}\n", step.id, step.parent, step.detail)).collect();
            (text, sqlite_faults(sql, &plan))
        }
        Native::Pg(c) => {
            let plan = pg_plan(c, sql);
            let mut faults = Vec::new();
            pg_faults(&plan, &mut faults);
            (serde_json::to_string_pretty(&plan).unwrap(), faults)
        }
    }
}

/// A row of SQLite's `EXPLAIN QUERY PLAN`.
#[derive(QueryableByName)]
struct SqliteStep {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Integer)]
    parent: i32,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A table read from end to end, or rows sorted that come from a range without a limit. A subquery that is scanned or
/// sorted is one with a limit: its own steps are looked at under it.
fn sqlite_faults(sql: &str, plan: &[SqliteStep]) -> Vec<String> {
    let mut faults = Vec::new();
    let name = |detail: &str| detail.split(' ').nth(1).unwrap_or_default().to_owned();
    let is_subquery = |step: &SqliteStep| {
        let subqueries = ["CO-ROUTINE ", "MATERIALIZE "].map(|kind| format!("{kind}{}", name(&step.detail)));
        plan.iter().any(|other| subqueries.contains(&other.detail))
    };
    let is_small = |step: &SqliteStep| {
        let (words, alias): (Vec<&str>, _) = (sql.split([' ', '`', '"', '(', ')', ',']).collect(), name(&step.detail));
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let named = |pair: &[&str]| SMALL.contains(&pair[0]) && pair[1] == alias;
        SMALL.contains(&&*alias) || words.windows(2).any(named)
    };
    for step in plan {
        if step.detail.starts_with("SCAN ")
            && step.detail != "SCAN CONSTANT ROW"
            // what is inserted itself
            && !step.detail.ends_with("-ROW VALUES CLAUSE")
            && !is_word_search(&step.detail)
            && !is_subquery(step)
            && !is_small(step)
        {
            faults.push(step.detail.clone());
        }
        if step.detail.starts_with("USE TEMP B-TREE FOR") && step.detail.ends_with("ORDER BY") {
            let mut beside = plan.iter().filter(|other| other.parent == step.parent);
            let is_range = |other: &&SqliteStep| {
                other.detail.starts_with("SEARCH ") && !is_point(&other.detail) && !is_small(other)
            };
            // the outermost loop decides how many rows there are; those inside look up single rows or small groups
            let outermost = beside.find(|step| step.detail.starts_with("SEARCH ") || step.detail.starts_with("SCAN "));
            faults.extend(outermost.filter(is_range).map(|range| format!("sorts {}", range.detail)));
        }
    }
    faults
}

/// Whether a step of SQLite's asks the index of words for some.
fn is_word_search(detail: &str) -> bool {
    detail.contains(" VIRTUAL TABLE INDEX ") && detail.contains(":M")
}

/// Whether a step of SQLite's looks up single rows: by the whole of a primary or unique key.
fn is_point(detail: &str) -> bool {
    let is_unique = ["sqlite_autoindex_", "PRIMARY KEY", "replies_by_path"].iter().any(|key| detail.contains(key));
    is_unique && !detail.contains('>') && !detail.contains('<')
}

/// A plan as text, which `EXPLAIN` gives under a name that is none of a column; and no statistics of tables, so that the
/// plans do not depend on when the server comes round to gather them.
const PLAN_OF: &str = "CREATE FUNCTION plan_of(statement text) RETURNS text LANGUAGE plpgsql AS \
     $$ DECLARE plan json; BEGIN EXECUTE statement INTO plan; RETURN plan::text; END $$; \
     DO $$ DECLARE name text; BEGIN FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP \
     EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = false)', name); END LOOP; END $$";

#[derive(QueryableByName)]
struct PgText {
    #[diesel(sql_type = Text)]
    plan: String,
}

/// The generic plan of a statement, where neither end-to-end scans nor sorts are taken if there is any other way: the
/// tables of a test are so small that they would be.
fn pg_plan(conn: &mut diesel::PgConnection, sql: &str) -> Value {
    let count = (1..).take_while(|number| sql.contains(&format!("${number}"))).count();
    let nulls = vec!["NULL"; count].join(", ");
    let arguments = if count == 0 { String::new() } else { format!("({nulls})") };
    conn.batch_execute(
        "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; \
         SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; \
         SET LOCAL enable_hashagg = off; SET LOCAL jit = off",
    )
    .unwrap();
    if sql.contains("__search_words") {
        // its index has no other way
        conn.batch_execute("SET LOCAL enable_bitmapscan = on").unwrap();
    }
    conn.batch_execute(&format!("PREPARE explained AS {sql}")).unwrap();
    let explain = format!("EXPLAIN (FORMAT JSON, VERBOSE) EXECUTE explained{arguments}");
    let explain = format!("SELECT plan_of($explain${explain}$explain$) AS plan");
    let rows: Vec<PgText> = sql_query(explain).load(conn).unwrap();
    conn.batch_execute("DEALLOCATE explained").unwrap();
    serde_json::from_str::<Value>(&rows[0].plan).unwrap()[0]["Plan"].clone()
}

/// As for SQLite; a limit stands as a node of its own.
fn pg_faults(node: &Value, faults: &mut Vec<String>) {
    let kind = node["Node Type"].as_str().unwrap();
    let table = node["Relation Name"].as_str().unwrap_or_default();
    if kind == "Seq Scan" && !SMALL.contains(&table) {
        faults.push(format!("Seq Scan on {table}"));
    }
    if kind.ends_with("Sort") {
        pg_unlimited(node, faults);
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        pg_faults(child, faults);
    }
}

/// The ranges that reach a sort without a limit in between, through the outer sides of joins.
fn pg_unlimited(node: &Value, faults: &mut Vec<String>) {
    let kind = node["Node Type"].as_str().unwrap();
    if kind == "Limit" {
        return;
    }
    if let Some(index) = node["Index Name"].as_str() {
        let is_unique = index.ends_with("_pkey") || index.ends_with("_key") || index == "replies_by_path";
        let condition = node["Index Cond"].as_str().unwrap_or_default();
        let is_point = is_unique && !condition.is_empty() && !condition.contains('>') && !condition.contains('<');
        // what has certain words is sorted, as their index knows no order; where it may be much, it is not asked
        let is_of_words = index == "__search_words_words";
        if !is_point && !is_of_words && !SMALL.contains(&node["Relation Name"].as_str().unwrap_or_default()) {
            faults.push(format!("sorts {index} {condition}"));
        }
    }
    // the inner side of a join looks up single rows or small groups for each row of the outer one
    let children = node["Plans"].as_array().into_iter().flatten();
    for child in children.filter(|child| child["Parent Relationship"] != "Inner") {
        pg_unlimited(child, faults);
    }
}
