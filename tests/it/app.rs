//! The application under test: in this process, with a clock that tests set and a database of its own.

use std::{
    collections::HashSet,
    future::{Future, poll_fn},
    io::Read,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
    time::Duration,
};

use actix_web::{
    body::{BoxBody, MessageBody, to_bytes},
    dev::Service,
    http::{Method, StatusCode, header::HeaderMap},
    test::{TestRequest, init_service},
    web::Bytes,
};
use diesel::connection::SimpleConnection;
use flate2::read::GzDecoder;
use rejoinder::{
    app::{State, build},
    clock::{Clock, Random},
    config::Config,
    domain::timestamp::Timestamp,
    outside::{
        Outside,
        client::{DEADLINE, Settings},
        guard::Guard,
    },
    store::{
        Conn, Db, DbError, DbOptions, Native, check,
        db_options::{Observer, Seen},
        story_versions::RECOMMENDATIONS_WAIT,
    },
};
use serde_json::Value;
use tokio::{sync::oneshot, time::timeout};

use crate::{contract, database::Database, process::PATIENCE};

type Answer = Pin<Box<dyn Future<Output = Opened>>>;

/// The application with its database.
#[derive(Clone)]
pub struct App {
    call: Rc<dyn Fn(TestRequest) -> Answer>,
    pub state: State,
    time: Arc<Time>,
    statements: Arc<Mutex<Vec<String>>>,
    kept: Arc<Mutex<HashSet<String>>>,
    pause: Arc<Mutex<Option<Pause>>>,
    pub database: Rc<Database>,
}

/// Where the database is to wait for the test.
struct Pause {
    text: &'static str,
    reached: oneshot::Sender<()>,
    goes_on: mpsc::Receiver<()>,
}

/// The paces of kinds of requests.
pub const PACES: [&str; 6] =
    ["PACE_DEAR", "PACE_POSTING", "PACE_REPORTING", "PACE_RECOMMENDING", "PACE_SIGNING_IN", "PACE_OTHER"];

/// When the clock begins.
const BEGINNING: &str = "2026-11-23T09:00:00Z";

/// The tests' time, in microseconds.
pub struct Time {
    /// Each look at it is a millisecond later than the one before, so that no two things happen at once.
    now: AtomicI64,
    /// What the test let pass and nothing else: how long something took must not depend on how often others looked.
    passed: AtomicI64,
}

/// A clock at its beginning.
pub fn beginning() -> Arc<Time> {
    beginning_at(Timestamp::parse(BEGINNING).unwrap())
}

/// A clock that begins at this time.
pub fn beginning_at(now: Timestamp) -> Arc<Time> {
    Arc::new(Time { now: AtomicI64::new(now.as_micros()), passed: AtomicI64::new(0) })
}

impl Time {
    fn clock(self: Arc<Self>) -> Clock {
        let passed = self.clone();
        Clock::from_fn(move || Timestamp::from_micros(self.now.fetch_add(1_000, Ordering::Relaxed)))
            .measuring(move || Duration::from_micros(passed.passed.load(Ordering::Relaxed).unsigned_abs()))
    }
}

impl App {
    /// With all limits of pace off.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these variables.
    pub async fn with(variables: &[(&str, &str)]) -> Self {
        Self::on(Rc::new(Database::create()), beginning(), variables).await
    }

    /// Another instance on the same database, under the same clock and with the same keys.
    pub async fn another(&self, variables: &[(&str, &str)]) -> Self {
        Self::on(self.database.clone(), self.time.clone(), variables).await
    }

    /// That asks servers of this machine about replies, each of which has so long for its answer.
    pub async fn asking(deadline: Duration) -> Self {
        let variables = [("OUTSIDE_ALLOW_PRIVATE", "true")];
        Self::on_asking(Rc::new(Database::create()), beginning(), &variables, deadline).await
    }

    /// On this database, under this clock.
    pub async fn on(database: Rc<Database>, time: Arc<Time>, variables: &[(&str, &str)]) -> Self {
        Self::on_asking(database, time, variables, DEADLINE).await
    }

    /// The same, that asks others who have so long for their answer.
    pub async fn on_asking(
        database: Rc<Database>,
        time: Arc<Time>,
        variables: &[(&str, &str)],
        deadline: Duration,
    ) -> Self {
        let folder = database.folder.path().to_owned();
        let url = database.url.clone();
        let config = Config::from_lookup(&|name| {
            let set = variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            set.or_else(|| match name {
                "DATA_DIR" => Some(folder.clone().into_os_string()),
                "DATABASE_URL" => Some(url.clone().into()),
                "PUBLIC_URL" => Some("http://comments.example".into()),
                "DB_POOL_SIZE" => Some("4".into()),
                "SIGN_IN_FAILURES_PER_IDENTIFIER"
                | "SIGN_IN_FAILURES_PER_ADDRESS"
                | "SIGN_UPS_PER_ADDRESS"
                | "ACCOUNT_MAILS_PER_HOUR"
                | "NOTICES_PER_HOUR"
                | "REPLIES_PER_MINUTE" => Some("0".into()),
                "PROOF_OF_WORK" => Some("off".into()),
                _ if PACES.contains(&name) => Some("off".into()),
                _ => None,
            })
        })
        .unwrap();
        let statements: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = statements.clone();
        let pause: Arc<Mutex<Option<Pause>>> = Arc::default();
        let paused = pause.clone();
        let kept: Arc<Mutex<HashSet<String>>> = Arc::default();
        let keeping = kept.clone();
        let observer: Observer = Arc::new(move |observed| {
            let sql = match observed {
                Seen::Statement(sql) => sql,
                Seen::Kept(sql) => {
                    keeping.lock().unwrap().insert(sql.to_owned());
                    return;
                }
            };
            seen.lock().unwrap().push(sql.to_owned());
            let pause = paused.lock().unwrap().take_if(|pause| sql.contains(pause.text));
            if let Some(pause) = pause {
                pause.reached.send(()).unwrap();
                // ends too when the test does
                let _ = pause.goes_on.recv();
            }
        });
        let clock = time.clone().clock();
        let options = DbOptions { observer: Some(observer), clock: clock.clone(), ..config.db_options() };
        let db = Db::open(&config.database_url, options).unwrap();
        let guard = Guard::new(config.outside_allow_private);
        let settings = move || Settings { deadline, ..Settings::new(guard) };
        let outside = Outside::with(guard, settings, clock.clone());
        let state = State::asking(config, db, clock, Random::system(), outside).unwrap();
        let service = Rc::new(init_service(build(state.clone())).await);
        let call = Rc::new(move |request: TestRequest| -> Answer {
            let service = service.clone();
            Box::pin(async move { Opened::of(service.call(request.to_request()).await) })
        });
        Self { call, state, time, statements, kept, pause, database }
    }

    /// Lets time pass.
    pub fn pass(&self, time: Duration) {
        let micros = i64::try_from(time.as_micros()).unwrap();
        self.time.now.fetch_add(micros, Ordering::Relaxed);
        self.time.passed.fetch_add(micros, Ordering::Relaxed);
    }

    /// Lets what is shown a second later be shown.
    pub async fn settle(&self) {
        self.pass(RECOMMENDATIONS_WAIT);
        let has_more = rejoinder::jobs::recommendations::show_due(&self.state).await.unwrap();
        assert!(!has_more);
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.time.now.load(Ordering::Relaxed))
    }

    /// The statements that ran since the last call, without SQLite's writer's looking now and then whether another process
    /// wrote, which nobody asked for.
    pub fn statements(&self) -> Vec<String> {
        let mut statements = std::mem::take(&mut *self.statements.lock().unwrap());
        statements.retain(|sql| !sql.starts_with("PRAGMA data_version"));
        statements
    }

    /// The statements, without their parameters, that were prepared once and kept.
    pub fn kept(&self) -> HashSet<String> {
        self.kept.lock().unwrap().clone()
    }

    /// Lets the next statement with this text wait before it runs: when it does so, and by what it goes on.
    pub fn pause_at(&self, text: &'static str) -> (oneshot::Receiver<()>, mpsc::Sender<()>) {
        let (reached, is_reached) = oneshot::channel();
        let (go_on, goes_on) = mpsc::channel();
        *self.pause.lock().unwrap() = Some(Pause { text, reached, goes_on });
        (is_reached, go_on)
    }

    pub fn get(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::GET, path)
    }

    pub fn post(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::POST, path)
    }

    pub fn put(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::PUT, path)
    }

    pub fn patch(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::PATCH, path)
    }

    pub fn delete(&self, path: impl AsRef<str>) -> Request {
        self.request(Method::DELETE, path)
    }

    pub fn request(&self, method: Method, path: impl AsRef<str>) -> Request {
        let path = path.as_ref().to_owned();
        let inner = TestRequest::with_uri(&path).method(method.clone()).peer_addr("127.0.0.1:9999".parse().unwrap());
        Request { app: self.clone(), method, path, sent: None, inner }
    }

    /// Reads the database directly.
    pub async fn read<T: Send + 'static>(&self, read: impl FnOnce(&mut Conn<'_>) -> T + Send + 'static) -> T {
        self.state.db.read(move |conn| Ok::<_, DbError>(read(conn))).await.unwrap()
    }

    /// Runs statements as an operator might, behind the application's back.
    pub async fn execute(&self, sql: &str) {
        let sql = sql.to_owned();
        let outcome: Result<(), DbError> = self
            .state
            .db
            .write(move |conn| {
                match &mut conn.native {
                    Native::Sqlite(c) => c.batch_execute(&sql)?,
                    Native::Pg(c) => c.batch_execute(&sql)?,
                }
                Ok(())
            })
            .await;
        outcome.unwrap();
    }

    /// Fails the test if anything that is stored twice differs.
    pub async fn check(&self) {
        let mut found = Vec::new();
        let found = self
            .state
            .db
            .read(move |conn| {
                let is_clean = check::run(conn, &mut |line| found.push(line.to_string()))?;
                Ok::<_, DbError>((is_clean, found))
            })
            .await
            .unwrap();
        assert!(found.0, "check found differences:\n{}", found.1.join("\n"));
    }
}

/// A request on its way.
pub struct Request {
    app: App,
    method: Method,
    path: String,
    /// The body, where it is JSON.
    sent: Option<Value>,
    inner: TestRequest,
}

impl Request {
    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.inner = self.inner.append_header((name, value));
        self
    }

    /// With a header in place of what it had.
    pub fn header_instead(mut self, name: &str, value: &str) -> Self {
        self.inner = self.inner.insert_header((name, value));
        self
    }

    /// From this network address.
    pub fn from(mut self, address: &str) -> Self {
        self.inner = self.inner.peer_addr(format!("{address}:9999").parse().unwrap());
        self
    }

    /// With an access token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// With a JSON body.
    pub fn json(mut self, body: Value) -> Self {
        self.inner = self.inner.set_json(&body);
        self.sent = Some(body);
        self
    }

    /// With a body of any bytes, said to be JSON.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.inner = self.inner.insert_header(("Content-Type", "application/json")).set_payload(body);
        self
    }

    /// With a form's fields, as a browser without script sends them.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.inner = self.inner.insert_header(("Content-Type", "application/x-www-form-urlencoded")).set_payload(body);
        self
    }

    /// Its path and query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The answer, checked against the OpenAPI document.
    pub async fn send(self) -> Response {
        let response = (self.app.call)(self.inner).await.read().await;
        contract::check(&self.method, &self.path, self.sent.as_ref(), &response);
        response
    }

    /// The beginning of an answer that goes on.
    pub async fn open(self) -> Opened {
        let opened = (self.app.call)(self.inner).await;
        assert_eq!(opened.status, 200, "{} {}", self.method, self.path);
        opened
    }

    /// The answer, which must have this status.
    pub async fn expect(self, status: u16) -> Response {
        let what = format!("{} {}", self.method, self.path);
        let response = self.send().await;
        assert_eq!(response.status.as_u16(), status, "{what}: {}", response.text());
        response
    }

    /// The problem answered, which must have this code.
    pub async fn refused(self, code: &str) -> Value {
        let what = format!("{} {}", self.method, self.path);
        let response = self.send().await;
        let problem = response.json();
        assert_eq!(problem["code"], code, "{what}: {} {}", response.status, response.text());
        assert_eq!(problem["status"], response.status.as_u16());
        problem
    }
}

/// An answer.
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer whose body is still to be read.
pub struct Opened {
    pub status: StatusCode,
    pub headers: HeaderMap,
    body: BoxBody,
    /// What was read and not given yet.
    text: String,
}

impl Opened {
    fn of(answer: Result<actix_web::dev::ServiceResponse<impl MessageBody + 'static>, actix_web::Error>) -> Self {
        let response = match answer {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, body: response.into_body(), text: String::new() }
    }

    /// Reads to the end; whether it came too early.
    pub async fn cut_off(mut self) -> bool {
        loop {
            let chunk = poll_fn(|context| Pin::new(&mut self.body).poll_next(context));
            match timeout(PATIENCE, chunk).await.expect("something comes") {
                None => return false,
                Some(Ok(_)) => {}
                Some(Err(_)) => return true,
            }
        }
    }

    async fn read(self) -> Response {
        let body = to_bytes(self.body).await.unwrap_or_default();
        Response { status: self.status, headers: self.headers, body }
    }

    /// The next event of a stream, a few comments left out; none when it ends.
    pub async fn event(&mut self) -> Option<Event> {
        for _ in 0..4 {
            let block = self.block().await?;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let Some(data) = field("data: ") {
                let data = serde_json::from_str(&data).unwrap();
                return Some(Event { id: field("id: ").unwrap(), name: field("event: ").unwrap(), data });
            }
        }
        panic!("nothing but comments comes");
    }

    /// What comes next in a stream, be it an event or a comment; none when it ends.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let chunk = poll_fn(|context| Pin::new(&mut self.body).poll_next(context));
            let chunk = timeout(PATIENCE, chunk).await.expect("something comes");
            self.text += std::str::from_utf8(&chunk?.unwrap()).unwrap();
        }
    }
}

/// An event of a stream.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub data: Value,
}

impl Response {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The body without its content coding.
    pub fn decoded(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        match self.header("content-encoding") {
            None => plain.extend(&self.body),
            Some("gzip") => drop(GzDecoder::new(&*self.body).read_to_end(&mut plain).unwrap()),
            Some("br") => brotli::BrotliDecompress(&mut &*self.body, &mut plain).unwrap(),
            Some(other) => panic!("encoded as {other}"),
        }
        plain
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
