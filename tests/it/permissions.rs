//! Who may do what: every operation of the document by everybody.

use std::collections::BTreeSet;

use rejoinder::auth::permission::Operation;
use serde_json::{Value, json};

use crate::{
    contract::DOCUMENT,
    world::{Row, WHO, World, operations, rows_on_what_is_hidden, rows_on_what_is_public},
};

impl World {
    /// The letters that come out.
    async fn verdicts(&self, row: &Row) -> String {
        let mut verdicts = String::new();
        for person in &self.people {
            let answer = self.request(row, person.as_ref()).await.send().await;
            let code = if answer.status.is_success() { Value::Null } else { answer.json()["code"].clone() };
            verdicts.push(match code.as_str() {
                None
                | Some(
                    "wrong_credentials"
                    | "invalid_refresh_token"
                    | "invalid_sso_token"
                    | "invalid_code"
                    | "wrong_code"
                    | "sign_on_unknown"
                    | "state_conflict",
                ) => 'a',
                Some("unauthenticated") => '1',
                Some("forbidden" | "suspended" | "own_reply" | "email_unverified" | "insufficient_scope") => '3',
                Some("not_found") => '4',
                Some(code) => panic!("{}: {code}: {}", row.0, answer.text()),
            });
        }
        verdicts
    }

    async fn compare(&self, rows: &[Row]) {
        let mut wrong = Vec::new();
        for row in rows {
            let verdicts = self.verdicts(row).await;
            for ((who, expected), found) in WHO.iter().zip(row.3.chars()).zip(verdicts.chars()) {
                if expected != found {
                    wrong.push(format!("{}{} by {who}: expected {expected}, found {found}", row.0, row.1));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        self.app.check().await;
    }
}

#[test]
fn every_operation_of_the_document_has_a_rule_and_a_row() {
    let documented: Vec<String> = operations().iter().map(|(id, ..)| id.clone()).collect();
    let unique: BTreeSet<&str> = documented.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), documented.len(), "an id stands twice");
    let ruled: BTreeSet<&str> = Operation::ALL.iter().map(|operation| operation.id()).collect();
    assert_eq!(unique, ruled);
    assert!(unique.iter().all(|id| Operation::parse(id).is_some_and(|operation| operation.id() == *id)));
    let rows: BTreeSet<&str> = rows_on_what_is_public().iter().map(|row| row.0).collect();
    assert_eq!(unique, rows, "an operation has no row in this test, or a row has no operation");
}

#[test]
fn the_document_says_which_operations_need_a_token() {
    for (id, method, path) in operations() {
        let documented = &DOCUMENT["paths"][path][method.as_str().to_lowercase()];
        let needs_caller = Operation::parse(id).unwrap().needs_caller();
        assert_eq!(documented.get("security").is_some(), needs_caller, "{id}");
        assert!(documented["summary"].is_string() && documented["tags"].is_array(), "{id}");
    }
}

#[actix_web::test]
async fn everybody_may_do_what_the_table_says_to_what_is_public() {
    World::create("post").await.compare(&rows_on_what_is_public()).await;
}

#[actix_web::test]
async fn everybody_may_do_what_the_table_says_to_a_reply_that_waits() {
    World::create("pre").await.compare(&rows_on_what_is_hidden()).await;
}

#[actix_web::test]
async fn suspended_everywhere_nothing_is_done_not_even_again() {
    let world = World::create("post").await;
    let (ann, story, admin) = (world.people[1].as_ref().unwrap(), &world.story, &world.blog.admin);
    let nowhere = format!("/api/v1/replies/{}/reports", story.id);
    let report = || ann.post(&nowhere).json(json!({"reason": "spam"}));
    report().expect(204).await;
    ann.posting(story, "Once.").header("Idempotency-Key", "k1").expect(201).await;
    let path = format!("/api/v1/accounts/{}/sanctions", ann.id);
    admin.post(path).json(json!({"kind": "ban", "reason": "rude"})).expect(201).await;
    report().refused("suspended").await;
    ann.posting(story, "Once.").header("Idempotency-Key", "k1").refused("suspended").await;
    world.app.check().await;
}

#[actix_web::test]
async fn who_lost_a_right_learns_nothing_by_repeating_a_request() {
    let world = World::create("post").await;
    let (mona, admin) = (world.people[4].as_ref().unwrap(), &world.blog.admin);
    let path = format!("/api/v1/accounts/{}/sanctions", world.victim.id);
    let suspend = || {
        mona.post(&path)
            .header("Idempotency-Key", "k1")
            .json(json!({"site": "blog", "kind": "ban", "reason": "very rude"}))
    };
    let first = suspend().expect(201).await.json();
    assert_eq!(suspend().expect(201).await.json(), first);
    admin.delete(format!("/api/v1/sites/blog/roles/{}/moderator", mona.id)).expect(204).await;
    suspend().refused("forbidden").await;
    world.app.check().await;
}
