//! A server on this machine that is asked about replies, or for keys, and answers as a test has it.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// What it was sent.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The first line.
    pub line: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        &self.headers[name]
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// As Standard Webhooks has an endpoint look at it.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.", self.header("webhook-id"), self.header("webhook-timestamp")).as_bytes());
        mac.update(&self.body);
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.header("webhook-signature").split(' ').any(|signature| signature == expected)
    }
}

/// What it answers.
#[derive(Clone, Debug)]
pub enum Says {
    /// This, with success.
    Body(String),
    /// Nothing but this.
    Status(&'static str),
    /// Nothing at all, and keeps the connection.
    Nothing,
}

/// Where the next question is held up.
struct Held {
    reached: oneshot::Sender<()>,
    goes_on: oneshot::Receiver<()>,
}

struct Inner {
    address: SocketAddr,
    asked: Mutex<Vec<Asked>>,
    says: Mutex<Says>,
    held: Mutex<Option<Held>>,
}

/// Runs as long as the test.
#[derive(Clone)]
pub struct AskedServer(Arc<Inner>);

impl AskedServer {
    pub async fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self(Arc::new(Inner {
            address: listener.local_addr().unwrap(),
            asked: Mutex::default(),
            says: Mutex::new(says),
            held: Mutex::default(),
        }));
        let serving = server.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                actix_web::rt::spawn(serving.clone().converse(stream));
            }
        });
        server
    }

    /// One that answers with this outcome.
    pub async fn with_outcome(outcome: &str) -> Self {
        Self::start(outcome_is(outcome)).await
    }

    pub fn url(&self) -> String {
        format!("http://{}/check", self.0.address)
    }

    /// What it answers from now on.
    pub fn says(&self, says: Says) {
        *self.0.says.lock().unwrap() = says;
    }

    /// All that it was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.0.asked.lock().unwrap().clone()
    }

    /// Lets the next question wait for its answer: when it is here, and by what it goes on.
    pub fn hold(&self) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
        let (reached, is_reached) = oneshot::channel();
        let (go_on, goes_on) = oneshot::channel();
        *self.0.held.lock().unwrap() = Some(Held { reached, goes_on });
        (is_reached, go_on)
    }

    /// Ends with the peer.
    async fn converse(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let asked = read(&mut stream).await?;
            let is_submission = asked.line.contains("/1.1/submit-");
            self.0.asked.lock().unwrap().push(asked);
            let held = self.0.held.lock().unwrap().take();
            if let Some(held) = held {
                held.reached.send(()).ok()?;
                held.goes_on.await.ok()?;
            }
            let says = self.0.says.lock().unwrap().clone();
            let (status, body) = match says {
                Says::Body(_) if is_submission => ("200 OK", "Thanks for making the web a better place.".to_owned()),
                Says::Body(body) => ("200 OK", body),
                Says::Status(status) => (status, String::new()),
                Says::Nothing => std::future::pending().await,
            };
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.ok()?;
        }
    }
}

/// An answer with nothing but an outcome.
pub fn outcome_is(outcome: &str) -> Says {
    Says::Body(serde_json::json!({ "outcome": outcome }).to_string())
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    // what is only fetched comes without one
    let length = headers.get("content-length").map_or(Ok(0), |length| length.parse()).ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Asked { line: line.trim_end().to_owned(), headers, body })
}
