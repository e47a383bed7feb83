//! What keys may do: every operation of the document, by keys with every scope, for a reader, with all scopes but the one that is
//! needed, and of another site.

use rejoinder::auth::{
    permission::Operation,
    scopes::{Need, need},
};
use serde_json::{Value, json};

use crate::{
    issuing::Issuing,
    keys::{EVERY, Key},
    world::{Row, World, rows_on_what_is_hidden, rows_on_what_is_public},
};

/// Operations that some key may do, with what comes of it: of a key with every scope, of the same for a reader, of one without
/// the scope (both ways), and of another site's with every scope (likewise). `a`: allowed; `s`: its scopes do not reach so far;
/// `3`: the reader may not; `4`: as if there were nothing. No key may anything else that needs a caller.
const KEYS: [(&str, &str); 33] = [
    ("put_story", "asss44"),
    ("close_story", "asss44"),
    ("reopen_story", "asss44"),
    ("put_featured", "asss44"),
    ("feature_reply", "asss44"),
    ("unfeature_reply", "asss44"),
    ("list_mine", "sass44"),
    ("preview_reply", "sasssa"),
    ("create_reply", "sasss4"),
    ("update_reply", "s3ss44"),
    ("withdraw_reply", "s3ss44"),
    ("show_statement", "s4ss44"),
    ("create_appeal", "s4ss44"),
    ("recommend_reply", "sass44"),
    ("unrecommend_reply", "sass44"),
    ("report_reply", "sasssa"),
    ("count_queues", "asss4s"),
    ("show_statistics", "asss44"),
    ("show_statistics_chart", "asss44"),
    ("show_transparency_report", "asss44"),
    ("show_transparency_chart", "asss44"),
    ("list_queue", "asss4s"),
    ("search_replies", "asss4s"),
    ("list_queue_events", "asssas"),
    ("show_queued_reply", "asss44"),
    ("list_revisions", "asss44"),
    ("compare_revisions", "asss44"),
    ("show_trace", "asss44"),
    ("list_cases", "asssas"),
    ("show_case", "asss44"),
    ("decide_reply", "asss44"),
    ("list_log", "asss44"),
    ("show_log_head", "asss44"),
];

/// Where what is asked differs from the operation's first row: what is not named by its site is asked of the own one.
const ELSEWHERE: [(&str, &str); 5] = [
    ("list_queue?queue=pending", "asssas"),
    ("search_replies?q=said", "asssas"),
    ("count_queues", "asssas"),
    ("export_log", "asss44"),
    ("list_cases?state=open", "asssas"),
];

/// What hangs on the reply that waits, in place of the above.
const HIDDEN: [(&str, &str); 5] = [
    ("update_reply", "s4ss44"),
    ("withdraw_reply", "s4ss44"),
    ("recommend_reply", "s4ss44"),
    ("unrecommend_reply", "s4ss44"),
    // by authors too
    ("feature_reply", "asss44"),
];

fn expected(row: &Row, is_hidden: bool) -> Option<&'static str> {
    let whole = format!("{}{}", row.0, row.1);
    let find = |table: &[(&str, &'static str)], name: &str| table.iter().find(|(of, _)| *of == name).map(|(_, it)| *it);
    let hidden = if is_hidden { find(&HIDDEN, row.0) } else { None };
    hidden.or_else(|| find(&ELSEWHERE, &whole)).or_else(|| find(&KEYS, row.0))
}

/// The keys of a row's letters: here with every scope and, where one is needed, without it; and elsewhere.
struct Keys {
    every: Key,
    without: Vec<(&'static str, Key)>,
    elsewhere: Key,
}

impl Keys {
    async fn of(world: &World) -> Self {
        // also of a key of another site the reader is known there
        world.issuing.signs_on("rae", json!({})).await;
        let other = world.other.clone();
        Issuing::by_secret(&other, "wordpress", json!({})).await.signs_on("rae", json!({})).await;
        let mut without = Vec::new();
        for scope in EVERY {
            let rest: Vec<&str> = EVERY.into_iter().filter(|of| *of != scope).collect();
            without.push((scope, Key::of(&world.blog, &rest).await));
        }
        Self { every: Key::of(&world.blog, &EVERY).await, without, elsewhere: Key::of(&other, &EVERY).await }
    }

    /// Without the scope that an operation needs.
    fn lacking(&self, operation: &str) -> &Key {
        let scope = match Operation::parse(operation).and_then(need) {
            Some(Need::Itself(scope) | Need::ForReader(scope)) => scope.as_str(),
            None => return &self.every,
        };
        &self.without.iter().find(|(of, _)| *of == scope).unwrap().1
    }
}

impl World {
    async fn verdicts_of_keys(&self, row: &Row, keys: &Keys) -> String {
        let mut verdicts = String::new();
        for key in [&keys.every, keys.lacking(row.0), &keys.elsewhere] {
            for is_for_reader in [false, true] {
                let request = self.request(row, None).await.bearer(&key.secret);
                let request = if is_for_reader { request.header("Act-As", "wordpress rae") } else { request };
                let answer = request.send().await;
                let code = if answer.status.is_success() { Value::Null } else { answer.json()["code"].clone() };
                verdicts.push(match code.as_str() {
                    None | Some("state_conflict") => 'a',
                    Some("insufficient_scope") => 's',
                    Some("forbidden" | "own_reply") => '3',
                    Some("not_found") => '4',
                    Some(code) => panic!("{}: {code}: {}", row.0, answer.text()),
                });
            }
        }
        verdicts
    }

    async fn compare_keys(&self, rows: &[Row], is_hidden: bool) {
        let keys = Keys::of(self).await;
        let mut wrong = Vec::new();
        for row in rows.iter().filter(|row| Operation::parse(row.0).unwrap().needs_caller()) {
            let found = self.verdicts_of_keys(row, &keys).await;
            let is_right = match expected(row, is_hidden) {
                Some(expected) => expected == found,
                None => found.chars().all(|letter| matches!(letter, 's' | '4')),
            };
            if !is_right {
                wrong.push(format!("{}{}: {:?}, found {found}", row.0, row.1, expected(row, is_hidden)));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        self.app.check().await;
    }
}

#[test]
fn the_table_names_what_some_key_may_and_nothing_else() {
    let mut named: Vec<&str> = KEYS.iter().map(|(operation, _)| *operation).chain(["export_log"]).collect();
    let scoped = Operation::ALL.iter().filter(|operation| need(**operation).is_some());
    let mut scoped: Vec<&str> = scoped.map(|operation| operation.id()).collect();
    named.sort_unstable();
    scoped.sort_unstable();
    assert_eq!(named, scoped);
}

#[actix_web::test]
async fn keys_may_do_what_the_table_says_to_what_is_public() {
    World::create("post").await.compare_keys(&rows_on_what_is_public(), false).await;
}

#[actix_web::test]
async fn keys_may_do_what_the_table_says_to_a_reply_that_waits() {
    World::create("pre").await.compare_keys(&rows_on_what_is_hidden(), true).await;
}
