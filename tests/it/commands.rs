//! The commands, run as an operator runs them.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use serde_json::json;

use crate::{
    actors::PASSWORD,
    notice_mails::notice_of,
    process::{Answer, Home, Service, request, send, until},
};

/// The one sentence with which a command ended, behind what it logged.
fn sentence(said: String) -> String {
    let sentences: Vec<&str> = said.lines().filter(|line| line.starts_with("rejoinder: ")).collect();
    assert_eq!(sentences.len(), 1, "{said}");
    sentences[0].to_owned()
}

#[test]
fn what_needs_no_database_reads_no_configuration_and_touches_no_file() {
    let mut home = Home::new();
    home.set("LISTEN", "nonsense");
    home.set("DATA_DIR", &home.path("never").to_string_lossy());
    let document: serde_json::Value = serde_json::from_str(&home.run(&["openapi"]).succeeded()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    for arguments in [&["--help"][..], &["serve", "--help"], &["--version"]] {
        home.run(arguments).succeeded();
    }
    assert!(!home.path("never").exists());
}

#[test]
fn wrong_values_are_all_named_and_nothing_is_started() {
    let mut home = Home::new();
    for name in ["LISTEN", "DATABASE_URL", "DB_POOL_SIZE", "LOG_FORMAT", "ACCESS_TOKEN_TTL_SECS", "PUBLIC_URL"] {
        home.set(name, "s3cret-nonsense");
    }
    home.set("DATA_DIR", &home.path("never").to_string_lossy());
    for command in ["serve", "migrate", "demo", "check"] {
        let said = home.run(&[command]).failed(2);
        assert_eq!(said.lines().count(), 6, "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    assert!(!home.path("never").exists());
}

#[test]
fn a_file_with_variables_is_read_and_the_environment_comes_before_it() {
    let home = Home::new();
    fs::write(home.path(".env"), "LOG_FORMAT=nonsense\nLISTEN=nonsense\n").unwrap();
    let said = home.run(&["migrate"]).failed(2);
    assert!(said.contains("LOG_FORMAT") && !said.contains("LISTEN"), "{said}");
}

#[test]
fn a_broken_file_with_variables_hides_no_wrong_value_and_shows_no_secret() {
    let mut home = Home::new();
    home.set("LISTEN", "nonsense");
    fs::write(home.path(".env"), "LOG_FORMAT=json\ns3cret-nonsense\n").unwrap();
    let said = home.run(&["migrate"]).failed(2);
    assert!(said.contains("what follows LOG_FORMAT") && said.contains("LISTEN"), "{said}");
    assert!(!said.contains("s3cret"), "{said}");
    // another folder's file is not read
    fs::create_dir(home.path("below")).unwrap();
    home.set("LISTEN", "127.0.0.1:0");
    home.command(&["migrate"])
        .current_dir(home.path("below"))
        .status()
        .map(|status| assert!(status.success()))
        .unwrap();
}

#[test]
fn what_cannot_be_printed_is_told_and_a_reader_may_go_away() {
    let home = Home::migrated();
    for arguments in [&["openapi"][..], &["migrate", "--check"], &["check"]] {
        let full = home.script("exec \"$0\" \"$@\" > /dev/full", arguments).output().unwrap();
        let said = String::from_utf8_lossy(&full.stderr).into_owned();
        assert_eq!(full.status.code(), Some(1), "{said}");
        assert!(sentence(said).contains("No space left"));
        let cut = home.script("set -o pipefail; \"$0\" \"$@\" | head -c 1", arguments).output().unwrap();
        let said = String::from_utf8_lossy(&cut.stderr).into_owned();
        assert!(cut.status.success() && !said.contains("panicked"), "{said}");
    }
}

/// The folders of the migrations, the oldest first; both databases have the same, and the last is taken back alike.
fn migrations() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let mut folders: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

#[test]
fn migrations_are_looked_at_and_applied() {
    let home = Home::new();
    let looked = home.run(&["migrate", "--check"]).failed(1);
    assert!(looked.contains("no database at") || looked.contains("migrations are pending"), "{looked}");
    home.run(&["check"]).failed(1);
    let applied = home.run(&["migrate"]).succeeded();
    assert_eq!(applied.lines().filter(|line| line.starts_with("applied ")).count(), migrations().len(), "{applied}");
    assert_eq!(home.run(&["migrate"]).succeeded(), "the schema is up to date\n");
    home.run(&["migrate", "--check"]).succeeded();
    home.run(&["check"]).succeeded();
}

#[test]
fn pending_migrations_are_told_and_only_an_embedded_database_is_migrated_by_itself() {
    let home = Home::new();
    home.run(&["migrate"]).succeeded();
    // as if the last one were new
    home.outside().run(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
    );
    let last = migrations().pop().unwrap();
    let tree = if home.is_embedded() { "sqlite" } else { "postgres" };
    let of_tree = last.parent().unwrap().with_file_name(tree).join(last.file_name().unwrap());
    home.outside().run(&fs::read_to_string(of_tree.join("down.sql")).unwrap());
    let pending = format!("migrations are pending: {}", last.file_name().unwrap().to_str().unwrap());
    for arguments in [&["check"][..], &["migrate", "--check"]] {
        let said = home.run(arguments).failed(1);
        assert!(said.contains(&pending), "{said}");
    }
    if home.is_embedded() {
        home.run(&["site", "create", "blog"]).succeeded();
        return;
    }
    for arguments in [&["serve"][..], &["site", "create", "blog"]] {
        let said = home.run(arguments).failed(1);
        assert!(said.contains("migrations are pending"), "{said}");
    }
    home.serve().stop();
}

#[test]
fn a_newer_schema_is_left_alone() {
    let home = Home::migrated();
    home.outside().run("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')");
    for arguments in [&["serve"][..], &["serve", "--migrate"], &["migrate"], &["migrate", "--check"], &["check"]] {
        let said = home.run(arguments).failed(1);
        assert!(said.contains("newer schema"), "{said}");
    }
}

#[test]
fn several_that_migrate_at_once_wait_for_each_other() {
    let home = Home::new();
    let started: Vec<_> = (0..4).map(|_| std::thread::scope(|_| home.command(&["migrate"]).spawn().unwrap())).collect();
    for mut child in started {
        assert!(child.wait().unwrap().success());
    }
    home.run(&["migrate", "--check"]).succeeded();
}

#[test]
fn a_database_that_cannot_be_had_is_told_in_a_sentence() {
    let mut home = Home::new();
    let (url, words) = if home.is_embedded() {
        fs::write(home.path("test.sqlite"), "This is a file, but no database. ".repeat(100)).unwrap();
        (home.database.url.clone(), "file is not a database")
    } else {
        (home.database.url.replace("/rejoinder_test_", "/no_such_database_"), "does not exist")
    };
    home.set("DATABASE_URL", &url);
    for arguments in [&["serve"][..], &["migrate"], &["migrate", "--check"], &["check"]] {
        let said = sentence(home.run(arguments).failed(1));
        assert!(said.contains(words) && (!home.is_embedded() || said.contains("test.sqlite")), "{said}");
    }
    home.set("DATABASE_URL", "postgres://nobody:s3cret@127.0.0.1:1/none");
    let said = home.run(&["serve"]).failed(1);
    assert!(said.contains("the database cannot be reached") && !said.contains("s3cret"), "{said}");
}

#[test]
fn a_database_across_the_internet_is_refused_before_it_is_dialled_unless_it_proves_itself() {
    let mut home = Home::new();
    // of the public addresses, and given to nobody
    let url = "postgres://nobody:s3cret@[2d00::1]/none";
    for (name, command) in [("DATABASE_READ_URL", "check"), ("DATABASE_URL", "serve")] {
        home.set(name, url);
        let said = sentence(home.run(&[command]).failed(2));
        assert!(said.contains(name) && said.contains("2d00::1") && said.contains("sslmode=verify-full"), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
        home.set(name, "");
    }
}

#[test]
fn a_folder_that_takes_no_files_is_told_in_a_sentence() {
    let mut home = Home::migrated();
    // a file system that takes nothing, whoever asks
    home.set("DATA_DIR", "/sys/kernel");
    let said = home.run(&["serve"]).failed(1);
    assert!(said.contains("/sys/kernel/jwt-keys.json"), "{said}");
    if home.is_embedded() {
        home.set("DATABASE_URL", "");
        let said = home.run(&["serve"]).failed(1);
        assert!(said.contains("/sys/kernel/rejoinder.sqlite"), "{said}");
    }
}

#[test]
fn a_database_that_may_not_be_written_is_told_in_a_sentence() {
    let mut home = Home::new();
    // a file system that nobody may write, whoever asks
    home.set("DATABASE_URL", "sqlite:/sys/kernel/notes");
    home.set("DATA_DIR", "/sys/kernel");
    for arguments in [&["serve"][..], &["migrate"], &["migrate", "--check"], &["check"]] {
        let said = sentence(home.run(arguments).failed(1));
        assert!(said.contains("/sys/kernel/notes"), "{said}");
    }
    let said = sentence(home.run(&["demo"]).failed(1));
    assert!(said.contains("/sys/kernel/demo.sqlite"), "{said}");
}

#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let mut home = Home::new();
    home.set("DATABASE_URL", "");
    // files may have one block: what is written past it fails
    let ended = home.script("trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", &["migrate"]).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    let said = sentence(said);
    assert!(said.contains("rejoinder.sqlite cannot be used"), "{said}");
}

#[test]
fn an_admin_is_made_with_a_password_from_standard_input() {
    let home = Home::migrated();
    let create = ["admin", "create", "--email", "boss@example.org", "--username", "boss"];
    for (input, words) in [("", "no password"), ("short\n", "at least 8"), ("password1\n", "commonest")] {
        let said = home.run_with_input(&create, input).failed(1);
        assert!(said.contains(words), "{said}");
    }
    home.run_with_input(&create, "three cold teapots\n").succeeded();
    let said = home.run_with_input(&create, "three cold teapots\n").failed(1);
    assert!(said.contains("email an account has it"), "{said}");
    home.run(&["site", "create", "blog", "--mode", "pre"]).succeeded();
    let service = home.serve();
    let token = service.sign_in("boss", "three cold teapots");
    let settings = service.send("GET", "/api/v1/sites/blog/settings", Some(&token), None);
    assert_eq!(settings.json()["moderation_mode"], "pre");

    home.run_with_input(&["admin", "set-password", "boss@example.org"], "four warm kettles\n").succeeded();
    assert_eq!(service.send("GET", "/api/v1/me", Some(&token), None).status, 401, "its sessions are ended");
    service.sign_in("boss", "four warm kettles");
}

#[test]
fn a_second_factor_is_taken_away_from_who_lost_the_device() {
    let home = Home::migrated();
    let reset = ["admin", "reset-second-factor", "mona"];
    home.run(&reset).failed(1);
    let service = home.serve();
    let token = service.sign_up("mona");
    assert!(home.run(&reset).succeeded().contains("there was none"));
    let shown = service.send("POST", "/api/v1/me/second-factor", Some(&token), None).json();
    let device = totp_rs::Totp::from_url(shown["uri"].as_str().unwrap()).unwrap();
    let secs = u64::try_from(rejoinder::clock::Clock::system().now().as_secs()).unwrap();
    let code = json!({"code": device.generate(secs).to_string()});
    let confirm = service.send("POST", "/api/v1/me/second-factor/confirm", Some(&token), Some(&code));
    assert_eq!(confirm.status, 200, "{}", confirm.text());
    let signing_in = json!({"identifier": "mona", "password": PASSWORD});
    let refused = service.send("POST", "/api/v1/sessions", None, Some(&signing_in));
    assert_eq!(refused.json()["code"], "second_factor_required");

    assert!(home.run(&reset).succeeded().contains("gone"));
    assert_eq!(service.send("GET", "/api/v1/me", Some(&token), None).status, 401, "its sessions are ended");
    service.sign_in("mona", PASSWORD);
}

#[test]
fn rights_are_granted_and_taken_back_beside_the_running_service() {
    let home = Home::migrated();
    home.run(&["site", "create", "blog"]).succeeded();
    let service = home.serve();
    let token = service.sign_up("mona");
    let status = |path: &str| service.send("GET", path, Some(&token), None).status;
    let queue = "/api/v1/moderation/replies?queue=pending&site=blog";
    assert_eq!(status(queue), 404);
    home.run(&["admin", "grant", "mona", "moderator", "--site", "blog"]).succeeded();
    assert_eq!(status(queue), 200);
    home.run(&["admin", "revoke", "mona", "moderator", "--site", "blog"]).succeeded();
    assert_eq!(status(queue), 404);
    for said in ["done\n", "that was so already\n"] {
        assert_eq!(home.run(&["admin", "grant", "mona", "admin"]).succeeded(), said);
        assert_eq!(status("/api/v1/sites/blog/roles"), 200);
    }
    let log = service.send("GET", "/api/v1/moderation/log?action=grant_role", Some(&token), None).json();
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "what changes nothing is not logged: {log}");
    home.run(&["admin", "revoke", "mona", "admin"]).succeeded();
    assert_eq!(status("/api/v1/sites/blog/roles"), 404);
    for (arguments, words) in [
        (&["admin", "grant", "nobody", "admin"][..], "no account nobody"),
        (&["admin", "grant", "mona", "author"], "--site KEY is needed"),
        (&["admin", "grant", "mona", "author", "--site", "none"], "no such thing"),
    ] {
        let said = home.run(arguments).failed(1);
        assert!(said.contains(words), "{said}");
    }
    home.run(&["check"]).succeeded();
}

#[test]
fn a_site_is_made_and_changed() {
    let home = Home::migrated();
    home.run(&["site", "create", "blog", "--name", "My Blog", "--origin", "https://blog.example"]).succeeded();
    assert!(home.run(&["site", "create", "blog"]).failed(1).contains("key"));
    assert!(home.run(&["site", "set", "none", "--name", "x"]).failed(1).contains("no such thing"));
    assert!(home.run(&["site", "create", "Not A Key"]).failed(1).contains("lower-case"));
    assert!(home.run(&["site", "set", "blog", "--origin", "nonsense"]).failed(1).contains("origin"));
    home.run(&["site", "set", "blog", "--mode", "post", "--closed", "true"]).succeeded();
    let service = home.serve();
    let site = service.get("/api/v1/sites/blog").json();
    assert_eq!((&site["name"], &site["is_closed"]), (&json!("My Blog"), &json!(true)));
    // a list that is not named stays, an empty one empties it
    let may_call = |service: &Service| {
        let preflight = request("OPTIONS", "/api/v1/me", None, None, None);
        let headers = "Host: test\r\nOrigin: https://blog.example\r\nAccess-Control-Request-Method: GET";
        let answer = send(service.address, &preflight.replacen("Host: test", headers, 1)).unwrap();
        answer.head.contains("access-control-allow-origin")
    };
    assert!(may_call(&service));
    service.stop();
    home.run(&["site", "set", "blog", "--origin", ""]).succeeded();
    assert!(!may_call(&home.serve()));
}

#[test]
fn folders_are_made_for_their_owner_alone() {
    let mut home = Home::migrated();
    let folder = home.path("made/on the way");
    home.set("DATA_DIR", folder.to_str().unwrap());
    home.run(&["site", "create", "blog"]).succeeded();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn check_names_what_differs_beside_the_running_service() {
    let home = Home::migrated();
    home.run(&["site", "create", "blog", "--mode", "post"]).succeeded();
    let service = home.serve();
    let clean = home.run(&["check"]).succeeded();
    assert!(clean.lines().count() > 10, "{clean}");
    home.outside().run("UPDATE site_counters SET approved = 7");
    let ended = home.run(&["check"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.out.contains("approved") && ended.out.contains('7'), "{ended:?}");
    service.stop();
}

#[test]
fn an_export_is_imported_and_a_broken_one_is_told_with_its_place() {
    let home = Home::migrated();
    let export = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/wordpress-export.xml");
    let import = ["import", "wordpress", export, "--site", "ledger"];
    home.run(&[&import[..], &["--dry-run"]].concat()).succeeded();
    let report = home.run(&import).succeeded();
    let again = home.run(&import).succeeded();
    assert_ne!(report, again);
    home.run(&["check"]).succeeded();

    let whole = fs::read_to_string(export).unwrap();
    let broken = home.path("broken.xml");
    fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
    let broken = broken.to_string_lossy().into_owned();
    let said = home.run(&["import", "wordpress", &broken, "--site", "ledger"]).failed(1);
    assert!(said.contains("line") && said.contains("column"), "{said}");
    assert!(home.run(&["import", "wordpress", "no-such-file", "--site", "x"]).failed(1).contains("no-such-file"));
    home.run(&["check"]).succeeded();
}

/// What the demo printed, once it serves.
fn demo_accounts(service: &Service) -> Vec<(String, String)> {
    // standard output is written before the service begins to serve, but may be read later
    let out =
        until("the demo's words", || Some(service.out.lock().unwrap().clone()).filter(|out| out.contains("Ctrl-C")));
    let lines = out.lines().filter(|line| line.starts_with("  ") && !line.contains("http"));
    let words = lines.map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    words.map(|words| (words[words.len() - 2].clone(), words[words.len() - 1].clone())).collect()
}

/// Three stories with sources and views, some sixty replies in threads up to eight levels, of all states, two
/// moderators, some reports.
fn it_lives(service: &Service, admin: &str) {
    let count = |path: &str, field: &str| service.send("GET", path, Some(admin), None).json()[field].clone();
    let site = count("/api/v1/sites", "items")[0]["key"].as_str().unwrap().to_owned();
    let stories = count(&format!("/api/v1/sites/{site}/stories"), "items");
    let stories = stories.as_array().unwrap();
    assert_eq!(stories.len(), 3);
    for story in stories {
        let commentary = &story["commentary"];
        for text in [&story["headline"], &story["source"]["name"], &story["excerpt"], &commentary["label"]] {
            assert!(!text.as_str().unwrap().is_empty(), "{story}");
        }
    }
    let roles = count(&format!("/api/v1/sites/{site}/roles"), "items");
    let moderators = roles.as_array().unwrap().iter().filter(|grant| grant["role"] == "moderator");
    assert_eq!(moderators.count(), 2);
    let mut all = 0;
    for queue in ["pending", "reported", "spam", "approved", "rejected"] {
        let listed = count(&format!("/api/v1/moderation/replies?queue={queue}&site={site}&limit=100"), "items");
        let listed = listed.as_array().unwrap().len();
        assert!(listed > 0, "nothing is {queue}");
        all += if queue == "reported" { 0 } else { listed };
    }
    let withdrawn = count(&format!("/api/v1/sites/{site}/log?action=withdraw"), "items");
    let withdrawn = withdrawn.as_array().unwrap().len();
    assert!(withdrawn > 0, "nothing is withdrawn");
    assert!((55..=65).contains(&(all + withdrawn)), "{all} and {withdrawn} withdrawn");
    let depths = stories.iter().flat_map(|story| {
        let path = format!("/api/v1/stories/{}/replies?replies_per_thread=9", story["id"].as_str().unwrap());
        let page = service.get(&path).text();
        (1..=32).filter(|depth| page.contains(&format!("\"depth\":{depth},"))).collect::<Vec<_>>()
    });
    assert_eq!(depths.max(), Some(8));
}

#[test]
fn the_demo_serves_a_blog_and_keeps_it() {
    let mut home = Home::new();
    home.set("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    home.set("PUBLIC_URL", "");
    // an empty file is as good as none
    fs::write(home.path("demo.sqlite"), "").unwrap();
    let service = home.serve_with(&["demo"]);
    let accounts = demo_accounts(&service);
    let reachable = format!("http://{}/docs/", service.address);
    assert!(service.out.lock().unwrap().contains(&reachable), "{reachable}");
    let secret = home.path("demo-accounts.txt");
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    let tokens: Vec<String> = accounts.iter().map(|(name, password)| service.sign_in(name, password)).collect();
    it_lives(&service, &tokens[0]);
    let page = service.get("/");
    assert!(page.status == 200 && page.text().contains("<html"), "{}", page.text());
    service.sign_up("a-guest");
    service.stop();

    let service = home.serve_with(&["demo"]);
    assert_eq!(demo_accounts(&service), accounts);
    service.sign_in("a-guest", PASSWORD);
    service.stop();

    // the file is lost: the accounts get new passwords, the blog stays
    fs::remove_file(&secret).unwrap();
    let service = home.serve_with(&["demo"]);
    let renewed = demo_accounts(&service);
    assert_ne!(renewed, accounts);
    service.sign_in(&renewed[0].0, &renewed[0].1);
    service.sign_in("a-guest", PASSWORD);
    service.stop();
    home.set("DATABASE_URL", &format!("sqlite:{}", home.path("demo.sqlite").display()));
    home.run(&["check"]).succeeded();
}

#[test]
fn the_demo_takes_no_database_of_others_and_no_public_address() {
    let mut home = Home::new();
    home.set("LISTEN", "0.0.0.0:0");
    assert!(home.run(&["demo"]).failed(1).contains("--public"));
    assert!(!home.path("demo.sqlite").exists());
    home.serve_with(&["demo", "--public"]).stop();

    let mut home = Home::new();
    home.set("DATABASE_URL", &format!("sqlite:{}", home.path("demo.sqlite").display()));
    home.run(&["site", "create", "blog"]).succeeded();
    assert!(home.run(&["demo"]).failed(1).contains("left alone"));
    home.run(&["check"]).succeeded();
}

/// A page as a browser asks for it by this name.
fn page_by(service: &Service, host: &str, path: &str, more: &str) -> Answer {
    let asked = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
    send(service.address, &asked).unwrap()
}

#[test]
fn the_demo_shows_its_mails_to_its_own_machine_alone() {
    let mut home = Home::new();
    home.set("PUBLIC_URL", "");
    let service = home.serve_with(&["demo"]);
    assert!(page_by(&service, "localhost", "/mails", "").text().contains("There is none yet."));
    let site = service.get("/api/v1/sites").json()["items"][0]["key"].as_str().unwrap().to_owned();
    let replies = service.get(&format!("/api/v1/sites/{site}/replies?limit=1")).json();
    let path = format!("/api/v1/replies/{}/guest-notices", replies["items"][0]["id"].as_str().unwrap());
    assert_eq!(service.send("POST", &path, None, Some(&notice_of("gil@example.org"))).status, 202);
    let listed = until("a mail", || {
        Some(page_by(&service, "127.0.0.1:80", "/mails", "").text()).filter(|page| page.contains("Please confirm"))
    });
    assert!(page_by(&service, "[::1]", "/", "").text().contains("href=\"/mails\""));
    let (_, rest) = listed.split_once("<li><a href=\"").unwrap();
    let mail = rest.split('"').next().unwrap();
    let shown = page_by(&service, "localhost", mail, "");
    assert!(
        shown.text().contains("/notices/confirm#") && shown.text().contains("Business in Context"),
        "{}",
        shown.text()
    );
    assert!(shown.head.contains("content-security-policy: default-src 'none'") && shown.head.contains("no-store"));
    // a name that leads here, and a proxy that stands here
    for (host, more) in [("evil.example", ""), ("localhost", "X-Forwarded-For: 203.0.113.9\r\n")] {
        for path in ["/mails", mail] {
            assert_eq!(page_by(&service, host, path, more).status, 404, "{host} {path}");
        }
        assert!(!page_by(&service, host, "/", more).text().contains("/mails"));
    }
    for wrong in ["/mails/nonsense", "/mails/..%2fdemo-accounts.txt", "/mails/0193a000-0000-7000-8000-000000000004"] {
        assert_eq!(page_by(&service, "localhost", wrong, "").status, 404, "{wrong}");
    }
    service.stop();
    // nor where others could ask
    home.set("LISTEN", "0.0.0.0:0");
    let service = home.serve_with(&["demo", "--public"]);
    assert_eq!(page_by(&service, "localhost", mail, "").status, 404);
    service.stop();
}

#[test]
fn a_service_shows_nobody_its_mails() {
    let home = Home::migrated();
    let service = home.serve();
    assert_eq!(page_by(&service, "localhost", "/mails", "").status, 404);
    assert!(!page_by(&service, "localhost", "/", "").text().contains("/mails"));
    service.stop();
}
