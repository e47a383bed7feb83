//! The examples in docs/SSO.md, run by their interpreters and taken by the service.

use std::{io::Write, path::PathBuf, process::Command, rc::Rc};

use rejoinder::clock::Clock;
use serde_json::json;

use crate::{
    app::{App, beginning_at},
    database::Database,
    issuing::{AUD, Issuing},
};

const PAGE: &str = include_str!("../../docs/SSO.md");
const SECRET: &str = "a secret that the blog's software and we share";

/// A file in docs/sso, how the page calls its language, and what runs it.
const EXAMPLES: [(&str, &str, &str); 4] = [
    ("rejoinder-sign-on.php", "php", "php"),
    ("sign-on.mjs", "js", "node"),
    ("sign_on.py", "python", "python3"),
    ("sign_on.rb", "ruby", "ruby"),
];

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/sso").join(file)
}

fn is_at_hand(interpreter: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(interpreter).is_file())
}

#[test]
fn the_page_shows_the_examples_as_they_are_run() {
    for (file, language, _) in EXAMPLES {
        let text = std::fs::read_to_string(path(file)).unwrap();
        assert!(
            PAGE.contains(&format!("```{language}\n{text}```\n")),
            "docs/SSO.md does not show docs/sso/{file} as it is"
        );
    }
    let files = std::fs::read_dir(path("")).unwrap().count();
    assert_eq!(files, EXAMPLES.len(), "a file in docs/sso is no example of the page");
}

/// As their authors run them, at the present time.
#[actix_web::test]
async fn each_example_signs_a_reader_on_where_its_interpreter_is_at_hand() {
    let app = App::on(Rc::new(Database::create()), beginning_at(Clock::system().now()), &[]).await;
    let issuer = json!({"secret": SECRET, "gives_badges": true});
    let issuing = Issuing::by_secret(&app.site("blog").await, "wordpress", issuer).await;
    let mut run = 0;
    for (file, _, interpreter) in EXAMPLES {
        if !is_at_hand(interpreter) {
            // past what the harness keeps back of tests that pass
            writeln!(std::io::stderr(), "not run: docs/sso/{file}, since {interpreter} is not at hand").unwrap();
            continue;
        }
        let name = format!("Änne \"{file}\" O'Brien");
        let reader = json!({"sub": file, "name": name, "email": "anne@example.org", "email_verified": true, "badges": ["staff"]});
        let mut command = Command::new(interpreter);
        command.arg(path(file)).arg(reader.to_string());
        command.env("REJOINDER_SECRET", SECRET).env("REJOINDER_ISS", &issuing.iss).env("REJOINDER_AUD", AUD);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
        let token = String::from_utf8(output.stdout).unwrap();
        let tried = issuing.tries(token.trim()).await;
        assert_eq!(tried["is_good"], true, "{file}: {tried}");
        let answer = issuing.showing(token.trim()).expect(201).await;
        let shown = app.person(file, &answer.json()).get("/api/v1/me").expect(200).await.json();
        assert_eq!(shown["display_name"], name, "{file}");
        run += 1;
    }
    assert!(run > 0, "no interpreter is at hand at all");
    app.check().await;
}
