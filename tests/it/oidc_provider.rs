//! A provider of OpenID Connect, as a process of its own: oidc-provider with the script in `tests/oidc`; and the browser of who
//! signs in there. It is prepared once, by `scripts/prepare-oidc`.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{OnceLock, mpsc},
};

use serde_json::{Value, json};
use url::Url;

use crate::process::{PATIENCE, connect};

/// Where providers lead people back to.
pub const CALLBACK: &str = "http://comments.example/api/v1/oidc/callback";
/// The client's secret there.
pub const CLIENT_SECRET: &str = "what the provider gave";
/// Redirects that a browser follows.
const FOLLOWED_MAX: usize = 10;

/// The provider running. Killed at the end of the test.
pub struct Provider {
    child: Child,
    pub iss: String,
}

impl Provider {
    /// Starts one that differs in these ways from what it does by itself, and waits until it listens.
    pub fn start(mut ways: Value) -> Self {
        ways["callback"] = json!(CALLBACK);
        let script = prepared();
        let mut command = Command::new("node");
        command.arg(script).arg(ways.to_string()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (found, listening) = mpsc::channel();
        // ends when the provider does
        std::thread::spawn(move || {
            let line = lines.find_map(|line| line.ok().filter(|line| line.contains("\"issuer\"")));
            let _ = found.send(line.unwrap());
            lines.for_each(drop);
        });
        let line = listening.recv_timeout(PATIENCE).expect("the provider listens");
        let said: Value = serde_json::from_str(&line).unwrap();
        Self { child, iss: said["issuer"].as_str().unwrap().to_owned() }
    }

    /// Ends it.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

fn prepared() -> std::path::PathBuf {
    static PREPARED: OnceLock<()> = OnceLock::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    PREPARED.get_or_init(|| {
        let done = Command::new(root.join("scripts/prepare-oidc")).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "the provider of the tests is not there; run scripts/prepare-oidc:\n{said}");
    });
    root.join("target/oidc-provider/provider.mjs")
}

/// Somebody's browser at providers.
#[derive(Default)]
pub struct Browser {
    /// By host.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
}

impl Browser {
    /// Signs somebody in there; where he is led back to.
    pub fn signs_in(&mut self, at: &str, person: &str) -> Url {
        let mut url = Url::parse(at).unwrap();
        for _ in 0..FOLLOWED_MAX {
            url = self.visit(&url, person);
            if url.as_str().starts_with(CALLBACK) {
                return url;
            }
        }
        panic!("led around without end, in the end to {url}");
    }

    /// Where a page leads on to.
    fn visit(&mut self, url: &Url, person: &str) -> Url {
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let cookies = self.cookies.entry(host.clone()).or_default();
        let sent: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX-Person: {person}\r\nCookie: {}\r\n\r\n",
            sent.join("; ")
        );
        let mut stream = connect(host.parse().unwrap()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let head = answer.split("\r\n\r\n").next().unwrap();
        let mut next = None;
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "set-cookie" => {
                    let (name, value) = value.split(';').next().unwrap().split_once('=').unwrap();
                    cookies.insert(name.to_owned(), value.to_owned());
                }
                "location" => next = Some(url.join(value).unwrap()),
                _ => {}
            }
        }
        next.unwrap_or_else(|| panic!("{url} leads nowhere:\n{answer}"))
    }
}
