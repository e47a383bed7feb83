//! A mail server of the tests, as a process of its own: aiosmtpd with the script in `tests/smtp`, which does with each mail
//! what the name of its recipient says. It is prepared once, by `scripts/prepare-smtp`.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, OnceLock, mpsc},
    thread::JoinHandle,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    notice_mails::Letter,
    process::{PATIENCE, until},
};

/// A mail that the server keeps.
#[derive(Clone, Debug)]
pub struct Received {
    pub to: String,
    pub sender: String,
    /// As it came in.
    pub text: String,
    /// Who had signed in.
    pub user: Option<String>,
    /// Whether it came over TLS.
    pub is_secret: bool,
}

impl Received {
    /// As its reader sees it.
    pub fn letter(&self) -> Letter {
        Letter::parse(&self.text)
    }
}

/// The server running. Killed at the end of the test if it still runs.
pub struct MailServer {
    child: Child,
    pub port: u16,
    events: Arc<Mutex<Vec<Value>>>,
    reader: Option<JoinHandle<()>>,
}

impl MailServer {
    /// Starts it with these options of the script, and waits until it listens.
    pub fn start(options: &[&str]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(prepared(root));
        command.arg(root.join("tests/smtp/server.py")).args(options).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let events: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (found, listening) = mpsc::channel();
        let (lines, into) = (BufReader::new(child.stdout.take().unwrap()).lines(), events.clone());
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let event: Value = serde_json::from_str(&line).unwrap();
                match event["port"].as_u64() {
                    Some(port) => found.send(u16::try_from(port).unwrap()).unwrap(),
                    None => into.lock().unwrap().push(event),
                }
            }
        });
        let port = listening.recv_timeout(PATIENCE).expect("the mail server listens");
        Self { child, port, events, reader: Some(reader) }
    }

    /// The mails that it keeps, once there are so many.
    pub fn mails(&self, count: usize) -> Vec<Received> {
        until("mails at the server", || Some(self.kept()).filter(|kept| kept.len() >= count))
    }

    /// Ends it; the mails that it kept, and how many connections it had.
    pub fn stop(mut self) -> (Vec<Received>, usize) {
        self.end();
        let connections = self.events.lock().unwrap().iter().filter(|event| event["event"] == "connection").count();
        (self.kept(), connections)
    }

    fn kept(&self) -> Vec<Received> {
        let events = self.events.lock().unwrap();
        let text = |event: &Value, name: &str| event[name].as_str().map(str::to_owned);
        let mails = events.iter().filter(|event| event["event"] == "mail");
        mails
            .map(|event| Received {
                to: text(event, "to").unwrap(),
                sender: text(event, "sender").unwrap(),
                text: text(event, "text").unwrap(),
                user: text(event, "user"),
                is_secret: event["is_secret"] == true,
            })
            .collect()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.end();
    }
}

/// Python with what the server needs.
fn prepared(root: &Path) -> PathBuf {
    static PREPARED: OnceLock<()> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let done = Command::new(root.join("scripts/prepare-smtp")).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "the mail server of the tests is not there; run scripts/prepare-smtp:\n{said}");
    });
    root.join("target/smtp-venv/bin/python")
}

/// An authority of the test's own, and the certificates that it gives out.
pub struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { folder, issuer }
    }

    /// The file that says whom to believe.
    pub fn file(&self) -> String {
        self.path("ca.pem")
    }

    /// A file with a certificate for this name, and its key.
    pub fn certificate(&self, name: &str) -> String {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        let file = self.path(&format!("{name}.pem"));
        std::fs::write(&file, certificate.pem() + &key.serialize_pem()).unwrap();
        file
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }
}
