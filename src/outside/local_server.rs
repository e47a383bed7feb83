//! For tests: a server on this machine that says what a test has it say.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// What the server was sent.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which of its connections this came on.
    pub connection: usize,
    /// The first line.
    pub line: String,
    /// The other lines of the head, with small names.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    /// The value of a header that is there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(is, _)| is == name).map(|(_, value)| value.as_str()).expect(name)
    }
}

/// What it does then.
pub enum Then {
    /// Sends this and waits for more questions.
    Say(Vec<u8>),
    /// Sends this and ends the connection.
    SayAndEnd(Vec<u8>),
    /// Sends this and then nothing, for ever.
    SayAndHang(Vec<u8>),
    /// Sends this again and again, until nobody takes it.
    Repeat(Vec<u8>, &'static [u8]),
}

/// An answer of this status with these lines in its head.
pub fn answer(status: &str, headers: &[&str], body: &str) -> Then {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    Then::Say(format!("HTTP/1.1 {status}\r\n{lines}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

/// 200 with this body.
pub fn ok(body: &str) -> Then {
    answer("200 OK", &[], body)
}

type Handler = dyn Fn(&Asked) -> Then + Send + Sync;

/// Runs as long as the test's runtime.
pub struct LocalServer {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

impl LocalServer {
    /// One that speaks plainly.
    pub async fn start(handler: impl Fn(&Asked) -> Then + Send + Sync + 'static) -> Self {
        Self::serve(None, Arc::new(handler)).await
    }

    /// One that speaks TLS as this name, and who must be believed for that.
    pub async fn start_tls(
        name: &str,
        handler: impl Fn(&Asked) -> Then + Send + Sync + 'static,
    ) -> (Self, RootCertStore) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
        let mut believed = RootCertStore::empty();
        believed.add(cert.der().clone()).unwrap();
        (Self::serve(Some(TlsAcceptor::from(Arc::new(config))), Arc::new(handler)).await, believed)
    }

    async fn serve(tls: Option<TlsAcceptor>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let all = asked.clone();
        tokio::spawn(async move {
            for connection in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let (tls, handler, all) = (tls.clone(), handler.clone(), all.clone());
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, connection, &*handler, &all).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => converse(stream, connection, &*handler, &all).await,
                            Err(_) => None,
                        },
                    }
                });
            }
        });
        Self { address, asked }
    }

    /// All that it was asked.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Ends with the peer.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    handler: &Handler,
    all: &Mutex<Vec<Asked>>,
) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let asked = read(&mut stream, connection).await?;
        all.lock().unwrap().push(asked.clone());
        match handler(&asked) {
            Then::Say(bytes) => stream.write_all(&bytes).await.ok()?,
            Then::SayAndEnd(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                return stream.shutdown().await.ok();
            }
            Then::SayAndHang(bytes) => {
                stream.write_all(&bytes).await.ok()?;
                std::future::pending::<()>().await;
            }
            Then::Repeat(first, piece) => {
                stream.write_all(&first).await.ok()?;
                loop {
                    stream.write_all(piece).await.ok()?;
                    stream.flush().await.ok()?;
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
            }
        }
        stream.flush().await.ok()?;
    }
}

async fn read(stream: &mut (impl AsyncBufReadExt + Unpin), connection: usize) -> Option<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let mut asked = Asked { connection, line: line.trim_end().to_owned(), headers, body: Vec::new() };
    let length = asked.header("content-length").parse().ok()?;
    asked.body.resize(length, 0);
    stream.read_exact(&mut asked.body).await.ok()?;
    Some(asked)
}
