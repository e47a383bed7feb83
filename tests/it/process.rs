//! The binary as a process: its commands, and the service on a real socket.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rejoinder::store::DbUrl;
use serde_json::{Value, json};

use crate::{actors::PASSWORD, app::PACES, database::Database, outside::Outside};

/// How long a test waits for anything of another process before it fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Looks again and again until there is something; the test fails if that takes too long.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "there is not: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Where the binary runs: a folder, a database, variables.
pub struct Home {
    pub database: Database,
    variables: Vec<(String, String)>,
}

impl Home {
    /// With an empty database, and limits of pace off.
    pub fn new() -> Self {
        Self::with(Database::empty())
    }

    /// With a migrated database.
    pub fn migrated() -> Self {
        Self::with(Database::create())
    }

    fn with(database: Database) -> Self {
        let folder = database.folder.path().to_string_lossy().into_owned();
        let mut home = Self { database, variables: Vec::new() };
        home.set("DATA_DIR", &folder);
        home.set("DATABASE_URL", &home.database.url.clone());
        home.set("LISTEN", "127.0.0.1:0");
        home.set("PUBLIC_URL", "http://comments.example");
        home.set("HTTP_WORKERS", "2");
        for limit in ["SIGN_IN_FAILURES_PER_ADDRESS", "SIGN_UPS_PER_ADDRESS", "REPLIES_PER_MINUTE"] {
            home.set(limit, "0");
        }
        for off in PACES.iter().chain(&["PROOF_OF_WORK"]) {
            home.set(off, "off");
        }
        home
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(set, _)| set != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// A file in the folder.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.database.folder.path().join(name)
    }

    /// Whether this is SQLite.
    pub fn is_embedded(&self) -> bool {
        self.database.url.starts_with("sqlite:")
    }

    /// The binary with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.dressed(Command::new(env!("CARGO_BIN_EXE_rejoinder")), arguments)
    }

    /// A shell script in which `"$0" "$@"` is the binary with its arguments.
    pub fn script(&self, script: &str, arguments: &[&str]) -> Command {
        let mut bash = Command::new("bash");
        bash.args(["-euc", script, env!("CARGO_BIN_EXE_rejoinder")]);
        self.dressed(bash, arguments)
    }

    fn dressed(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.args(arguments).current_dir(self.database.folder.path()).stdin(Stdio::null());
        command.env_clear().envs(self.variables.iter().cloned());
        // what the system needs to start a program at all
        command.envs(std::env::vars().filter(|(name, _)| matches!(&**name, "PATH" | "HOME" | "TMPDIR")));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }

    /// The same with something on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ended::of(child.wait_with_output().unwrap())
    }

    /// A connection to the database.
    pub fn outside(&self) -> Outside {
        Outside::at(&DbUrl::parse(&self.database.url).unwrap())
    }

    /// Starts the service and waits until it serves.
    pub fn serve(&self) -> Service {
        self.serve_with(&["serve", "--migrate"])
    }

    /// The same with these arguments.
    pub fn serve_with(&self, arguments: &[&str]) -> Service {
        Service::start(self.command(arguments))
    }
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// What it printed; the test fails if it failed.
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// What it said; the test fails if it did not end with this code.
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        self.err
    }
}

/// The service running. Killed at the end of the test if it still runs.
pub struct Service {
    child: Child,
    pub address: SocketAddr,
    pub out: Arc<Mutex<String>>,
    log: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Service {
    /// Starts the command and waits until it says where it serves.
    pub fn start(command: Command) -> Self {
        Self::start_read(command, |_| true)
    }

    /// The same; its log is read as long as the lines are wanted.
    pub fn start_read(mut command: Command, mut is_wanted: impl FnMut(&str) -> bool + Send + 'static) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (log, out): (Arc<Mutex<String>>, Arc<Mutex<String>>) = Default::default();
        let (found, address) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let readers = vec![
            collect(stderr, log.clone(), move |line| {
                let is_last = !is_wanted(line);
                if let Some(address) = address_in(line) {
                    let _ = found.send(address);
                }
                is_last
            }),
            collect(stdout, out.clone(), |_| false),
        ];
        match address.recv_timeout(PATIENCE) {
            Ok(address) => Self { child, address, out, log, readers },
            Err(_) => {
                let _ = child.kill();
                let status = child.wait();
                panic!("the service did not start: {status:?} {}", log.lock().unwrap());
            }
        }
    }

    /// Waits until it has logged these words.
    pub fn says(&self, words: &str) {
        until(words, || self.log().contains(words).then_some(()));
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Sends it a signal by name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().unwrap().success());
    }

    /// Waits until it has ended, and for all that it said.
    pub fn wait(&mut self) -> ExitStatus {
        let status = until("the end of the service", || self.child.try_wait().unwrap());
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
        status
    }

    /// Ends it with SIGTERM; it must have ended well.
    pub fn stop(mut self) -> String {
        self.signal("TERM");
        assert_eq!(self.wait().code(), Some(0), "{}", self.log());
        self.log()
    }

    /// Ends it with SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.wait();
    }

    /// A connection to it.
    pub fn connect(&self) -> TcpStream {
        connect(self.address).unwrap()
    }

    /// Sends a request on a connection of its own; the answer.
    pub fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        send(self.address, &request(method, path, token, None, body)).unwrap()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, None)
    }

    /// Signs up; the access token.
    pub fn sign_up(&self, username: &str) -> String {
        let body = json!({"email": format!("{username}@example.org"), "username": username, "password": PASSWORD});
        self.send("POST", "/api/v1/accounts", None, Some(&body)).json()["access_token"].as_str().unwrap().to_owned()
    }

    /// Signs in; the access token.
    pub fn sign_in(&self, identifier: &str, password: &str) -> String {
        let body = json!({"identifier": identifier, "password": password});
        self.send("POST", "/api/v1/sessions", None, Some(&body)).json()["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads line by line, to the end or to the last one.
fn collect(
    from: impl BufRead + Send + 'static,
    into: Arc<Mutex<String>>,
    mut is_last: impl FnMut(&str) -> bool + Send + 'static,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in from.lines().map_while(Result::ok) {
            {
                let mut into = into.lock().unwrap();
                into.push_str(&line);
                into.push('\n');
            }
            if is_last(&line) {
                return;
            }
        }
    })
}

/// The address in the line that says where the service serves, as text or as JSON.
fn address_in(line: &str) -> Option<SocketAddr> {
    if !line.contains("serving") {
        return None;
    }
    let (_, rest) = line.split_once("address")?;
    rest.trim_start_matches(['=', '"', ':']).split(['"', ' ', ',']).next()?.parse().ok()
}

/// A connection on which nothing is waited for without end.
pub fn connect(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A request's bytes; the connection is closed behind it.
pub fn request(method: &str, path: &str, token: Option<&str>, key: Option<&str>, body: Option<&Value>) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n");
    if let Some(token) = token {
        let _ = write!(text, "Authorization: Bearer {token}\r\n");
    }
    if let Some(key) = key {
        let _ = write!(text, "Idempotency-Key: {key}\r\n");
    }
    match body.map(Value::to_string) {
        Some(body) => {
            let length = body.len();
            let _ = write!(text, "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        }
        None => text.push_str("\r\n"),
    }
    text
}

/// Sends a request; the whole answer, or why there is none.
pub fn send(address: SocketAddr, request: &str) -> std::io::Result<Answer> {
    let mut stream = connect(address)?;
    stream.write_all(request.as_bytes())?;
    Answer::read(&mut stream)
}

/// An answer read from a socket.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads one answer with a length.
    pub fn read(stream: &mut impl Read) -> std::io::Result<Self> {
        let cut_short = || std::io::Error::other("the answer was cut short");
        let mut bytes = Vec::new();
        let head_end = loop {
            if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk)? {
                0 => return Err(cut_short()),
                count => bytes.extend_from_slice(&chunk[..count]),
            }
        };
        let head = String::from_utf8_lossy(&bytes[..head_end]).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut_short)?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
        let mut body = bytes.split_off(head_end);
        let missing = length.saturating_sub(body.len());
        let had = body.len();
        body.resize(had + missing, 0);
        stream.read_exact(&mut body[had..])?;
        Ok(Self { status, head, body })
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
