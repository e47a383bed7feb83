//! Exports of the log: whole, gone on with, filtered, and every change of one found.

use std::{fs, process::Command};

use rejoinder::{
    domain::{
        log_chain::{Hash, from_hex},
        timestamp::Timestamp,
    },
    record::verify::{Known, verify},
};
use serde_json::{Value, json};

use crate::{
    dice::Dice,
    record::{Recorded, verified},
};

/// The line as JSON.
fn json_of(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[actix_web::test]
async fn an_export_proves_all_of_the_log() {
    let recorded = Recorded::create().await;
    let text = recorded.export("").await;
    let proved = verified(&text).unwrap();
    let head = recorded.head().await;
    assert_eq!((proved.rows as i64, proved.is_filtered), (head["head"]["rows"].as_i64().unwrap(), false));
    assert_eq!(proved.links.hash.unwrap().to_string(), head["head"]["hash"].as_str().unwrap());
    assert_eq!(proved.public_key, head["public_key"].as_str().unwrap());
    assert_eq!(json_of(text.lines().last().unwrap())["head"], head["head"]);
    let rejected = text.lines().find(|line| line.contains(r#""reject""#)).unwrap();
    assert!(rejected.contains("Please be kind."), "{rejected}");
}

#[actix_web::test]
async fn a_log_of_nothing_is_proved_too() {
    let recorded = Recorded::create().await;
    recorded.app.site("empty").await;
    let boss = recorded.app.sign_in("boss-empty", crate::actors::PASSWORD).await;
    let text = boss.get("/api/v1/sites/empty/log/export").expect(200).await.text();
    assert_eq!((text.lines().count(), verified(&text).unwrap().rows), (2, 0));
}

#[actix_web::test]
async fn an_export_that_was_cut_off_goes_on_where_it_was() {
    let recorded = Recorded::create().await;
    let whole = recorded.export("").await;
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let rows = lines.iter().enumerate().filter(|(_, line)| line.starts_with(r#"{"row""#));
    for (number, line) in rows {
        let had: String = lines[..=number].concat();
        let told = verified(&had).unwrap_err();
        let place = json_of(line)["row"]["place"].as_i64().unwrap();
        assert!(told.ends_with(&format!("after={place}")), "{told}");
        assert_eq!(had + &recorded.export(&format!("?after={place}")).await, whole, "after {place}");
    }
    for (query, filtered) in [("action=post", "?action=post"), ("reply", "?until=2026-11-23T09:00:00.300Z")] {
        let whole = recorded.export(filtered).await;
        let lines: Vec<&str> = whole.split_inclusive('\n').collect();
        let (number, line) = lines.iter().enumerate().find(|(_, line)| line.starts_with(r#"{"row""#)).unwrap();
        let place = &json_of(line)["row"]["place"];
        let rest = recorded.export(&format!("{filtered}&after={place}")).await;
        assert_eq!(lines[..=number].concat() + &rest, whole, "{query}");
    }
}

#[actix_web::test]
async fn a_filtered_export_proves_its_rows() {
    let recorded = Recorded::create().await;
    let whole = recorded.export("").await;
    let rows: Vec<Value> = whole.lines().map(json_of).filter(|line| line.get("row").is_some()).collect();
    let reply = rows.iter().find(|line| line["row"]["action"] == "reject").unwrap()["row"]["reply_id"].clone();
    let middle = rows[rows.len() / 2]["row"]["created_at"].as_str().unwrap().to_owned();
    let is = |field: &'static str, value: &str| {
        let value = json!(value);
        move |row: &Value| row[field] == value
    };
    type Test = Box<dyn Fn(&Value) -> bool>;
    // not as texts: 09:00:00.07Z is before 09:00:00.075Z
    let time = |of: &Value| serde_json::from_value::<Timestamp>(of.clone()).unwrap();
    let bound = time(&json!(middle));
    let story = rows.iter().find(|line| line["row"]["action"] == "put_story").unwrap()["row"]["story_id"].clone();
    let story = story.as_str().unwrap().to_owned();
    let is_of_story = is("story_id", &story);
    let cases: [(String, Test); 7] = [
        (format!("story_id={story}"), Box::new(move |row| is_of_story(row) && row["reply_id"].is_null())),
        (format!("actor_id={}", recorded.mona.id), Box::new(is("actor_id", &recorded.mona.id))),
        (format!("account_id={}", recorded.mona.id), Box::new(is("account_id", &recorded.mona.id))),
        ("action=reject".to_owned(), Box::new(is("action", "reject"))),
        (format!("reply_id={}", reply.as_str().unwrap()), Box::new(is("reply_id", reply.as_str().unwrap()))),
        (format!("since={middle}"), Box::new(move |row| time(&row["created_at"]) >= bound)),
        (format!("until={middle}"), Box::new(move |row| time(&row["created_at"]) < bound)),
    ];
    for (query, is_asked_for) in cases {
        let text = recorded.export(&format!("?{query}")).await;
        let proved = verified(&text).unwrap_or_else(|error| panic!("{query}: {error}\n{text}"));
        let expected: Vec<&Value> = rows.iter().filter(|line| is_asked_for(&line["row"])).collect();
        let found: Vec<Value> = text.lines().map(json_of).filter(|line| line.get("row").is_some()).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query}");
        assert!(proved.is_filtered && !found.is_empty() && found.len() < rows.len(), "{query}");
        assert_eq!(proved.links, verified(&whole).unwrap().links);
    }
    // a row that is not what was sealed, with a digest to match
    let text = recorded.export("?action=reject").await;
    let beginning = text.lines().next().unwrap();
    assert!(!beginning.contains("story_id"), "as before it could be asked for: {beginning}");
    let changed = text.replacen(r#""reason":"abuse""#, r#""reason":"other""#, 1);
    assert!(verified(&changed).unwrap_err().contains("not what was sealed"));
}

#[actix_web::test]
async fn a_head_that_was_kept_and_the_key_must_fit() {
    let recorded = Recorded::create().await;
    let kept = recorded.head().await;
    recorded.goes_on("dora").await;
    recorded.seal().await;
    let text = recorded.export("").await;
    let hash = Hash::parse(kept["head"]["hash"].as_str().unwrap());
    let key = from_hex(kept["public_key"].as_str().unwrap());
    let known = Known { head: hash, public_key: key };
    assert_eq!(verify(text.as_bytes(), &known).unwrap().known_seal, Some(3));
    let stranger = Known { head: Some(Hash::of(b"another")), ..known.clone() };
    assert!(verify(text.as_bytes(), &stranger).unwrap_err().to_string().contains("known head"));
    let stranger = Known { public_key: Some([7; 32]), ..known };
    assert!(verify(text.as_bytes(), &stranger).unwrap_err().to_string().contains("another key"));
}

#[actix_web::test]
async fn any_single_change_of_an_export_is_found() {
    let recorded = Recorded::create().await;
    let text = recorded.export("").await;
    verified(&text).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for number in 0..lines.len() {
        let removed = [&lines[..number], &lines[number + 1..]].concat().concat();
        let told = verified(&removed).unwrap_err();
        assert!(told.starts_with("line "), "{told}");
        let doubled = [&lines[..=number], &lines[number..]].concat().concat();
        verified(&doubled).unwrap_err();
        for other in 0..number {
            let mut swapped = lines.clone();
            swapped.swap(number, other);
            verified(&swapped.concat()).unwrap_err();
        }
        verified(&lines[..number].concat()).unwrap_err();
    }
    let mut dice = Dice::new();
    for _ in 0..1_000 {
        let mut bytes = text.clone().into_bytes();
        let at = dice.below(bytes.len());
        match dice.below(3) {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, *dice.pick(b" 0a\"\\\n{}[],:\x00\xff")),
            _ => {
                let other = dice.pick(b"0123456789abcdefz \"\n").to_owned();
                if bytes[at] == other {
                    continue;
                }
                bytes[at] = other;
            }
        }
        if bytes == text.as_bytes() {
            continue;
        }
        let told = verify(&*bytes, &Known::default());
        assert!(told.is_err(), "byte {at}: {}", String::from_utf8_lossy(&bytes));
    }
}

#[actix_web::test]
async fn what_cannot_be_asked_for_is_refused() {
    let recorded = Recorded::create().await;
    let rows = recorded.head().await["head"]["rows"].as_i64().unwrap();
    assert_eq!(recorded.export(&format!("?after={rows}")).await.lines().count(), 2, "the seal and the head");
    let behind = rows + 1;
    for query in [
        &*format!("after={behind}"),
        "after=-1",
        "after=9223372036854775808",
        "after=x",
        "since=yesterday",
        "action=dance",
        "actor_id=1",
        "limit=5",
        "after=1&after=2",
    ] {
        recorded.mona.get(format!("/api/v1/sites/blog/log/export?{query}")).refused("invalid_query").await;
    }
    recorded.mona.get("/api/v1/sites/none/log/export").refused("not_found").await;
    recorded.mona.get("/api/v1/sites/none/log/head").refused("not_found").await;
}

#[actix_web::test]
async fn who_loses_the_right_is_given_no_more() {
    let recorded = Recorded::create().await;
    let path = format!("/api/v1/sites/blog/roles/{}/moderator", recorded.mona.id);
    let begun = recorded.mona.get("/api/v1/sites/blog/log/export").open().await;
    recorded.blog.admin.delete(path).expect(204).await;
    assert!(begun.cut_off().await, "the answer has no end");
}

#[actix_web::test]
async fn the_verifier_in_the_documents_agrees() {
    let recorded = Recorded::create().await;
    let text = recorded.export("").await;
    let document = include_str!("../../docs/LOG.md");
    let program = document.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("verify.py"), program).unwrap();
    fs::write(path("log.ndjson"), &text).unwrap();
    fs::write(path("changed.ndjson"), text.replacen(r#""reason":"abuse""#, r#""reason":"other""#, 1)).unwrap();
    let run = |file: &str| Command::new("python3").arg(path("verify.py")).arg(path(file)).output();
    // who has no Python does without
    let Ok(said) = run("log.ndjson") else { return };
    assert!(said.status.success(), "{said:?}");
    let hash = verified(&text).unwrap().links.hash.unwrap().to_string();
    assert!(String::from_utf8(said.stdout).unwrap().contains(&hash));
    assert!(!run("changed.ndjson").unwrap().status.success());
}
