//! The record as an operator has it: sealed beside the service, exported and verified by commands.

use std::fs;

use serde_json::{Value, json};

use crate::process::{Home, Service, until};

/// The head of the blog's log, once nothing is unsealed.
fn sealed(service: &Service, token: &str) -> Value {
    until("all is sealed", || {
        let head = service.send("GET", "/api/v1/sites/blog/log/head", Some(token), None).json();
        (head["unsealed"] == 0).then_some(head)
    })
}

#[test]
fn the_service_seals_by_itself_and_commands_prove_it() {
    let home = Home::migrated();
    home.run(&["site", "create", "blog"]).succeeded();
    let service = home.serve();
    let token = service.sign_up("mona");
    home.run(&["admin", "grant", "mona", "moderator", "--site", "blog"]).succeeded();
    let head = sealed(&service, &token);
    assert_eq!(head["head"]["rows"], 2, "{head}");
    let kept = head["head"]["hash"].as_str().unwrap();
    let key = head["public_key"].as_str().unwrap();

    // a process that is killed leaves nothing half done
    home.run(&["site", "set", "blog", "--name", "Another"]).succeeded();
    service.kill();
    let service = home.serve();
    // tokens outlive it
    let head = sealed(&service, &token);
    assert_eq!(head["head"]["rows"], 3, "{head}");
    let checked = home.run(&["check"]).succeeded();
    assert!(checked.contains(", 0 wrong\nlog rows not sealed yet: 0 looked at"), "{checked}");
    service.stop();

    let log = home.run(&["log", "export", "blog"]).succeeded();
    let file = home.path("log.ndjson").to_string_lossy().into_owned();
    fs::write(&file, &log).unwrap();
    let verify = ["log", "verify", &file];
    let said = home.run(&verify).succeeded();
    assert!(said.contains("complete: all 3 rows") && said.contains(key), "{said}");
    let known = ["--head", kept, "--public-key", key];
    let said = home.run(&[&verify[..], &known].concat()).succeeded();
    assert!(said.contains("the known head is seal"), "{said}");
    assert_eq!(home.run_with_input(&["log", "verify", "-"], &log).succeeded(), home.run(&verify).succeeded());
    let rest = home.run(&["log", "export", "blog", "--after", "2"]).succeeded();
    assert!(log.ends_with(&rest), "{rest}");
    // the log of no site is there as well
    home.run(&["log", "export"]).succeeded();

    let stranger = ["--public-key", &"07".repeat(32)];
    assert!(home.run(&[&verify[..], &stranger].concat()).failed(1).contains("another key"));
    home.run(&[&verify[..], &["--head", "x"]].concat()).failed(2);
    fs::write(&file, log.replacen(r#""before""#, r#""befall""#, 1).replacen("Another", "Nobody", 1)).unwrap();
    let said = home.run(&verify).failed(1);
    assert!(said.contains("log.ndjson: line ") && said.lines().count() == 1, "{said}");
    assert!(home.run(&["log", "verify", "/nowhere"]).failed(1).contains("/nowhere: "));
    assert!(home.run(&["log", "export", "none"]).failed(1).contains("no such thing"));
}

#[test]
fn verifying_needs_no_configuration() {
    let mut home = Home::new();
    home.set("LISTEN", "nonsense");
    let file = home.path("log.ndjson");
    fs::write(&file, json!({"log": 1}).to_string()).unwrap();
    let said = home.run(&["log", "verify", &file.to_string_lossy()]).failed(1);
    assert!(said.contains("line 1: "), "{said}");
}
