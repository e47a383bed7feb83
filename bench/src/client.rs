//! One connection, opened again whenever the server ended it.

use std::{net::SocketAddr, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{
    Response,
    body::{Bytes, Incoming},
    client::conn::http1::{SendRequest, handshake},
    header,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::{Failure, plan::Planned};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

pub struct Client {
    address: SocketAddr,
    host: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

fn contains(data: &[u8], part: &str) -> bool {
    data.windows(part.len()).any(|window| window == part.as_bytes())
}

/// What stands behind a text, up to a quote.
fn find_behind(text: &str, behind: &str) -> Option<String> {
    let (_, rest) = text.split_once(behind)?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub bytes: usize,
    /// What was expected in it is there.
    pub has_part: bool,
    /// What the request that follows needs.
    pub found: Option<String>,
    /// Seconds that the server asks to wait before the next try.
    pub retry_after: Option<u64>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, host: address.to_string(), sender: None }
    }

    /// Sends and takes the whole answer; `found` is of the answer before. After an error the connection is a new one.
    pub async fn ask(&mut self, planned: &Planned, number: usize, found: &str) -> Result<Answer, Failure> {
        let outcome = timeout(PATIENCE, self.exchange(planned, number, found)).await;
        match outcome.unwrap_or_else(|_| Err("no answer in time".into())) {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.sender = None;
                Err(error)
            }
        }
    }

    async fn exchange(&mut self, planned: &Planned, number: usize, found: &str) -> Result<Answer, Failure> {
        let response = self.send(planned, number, found).await?;
        let number_in = |name: header::HeaderName| response.headers().get(name)?.to_str().ok()?.parse().ok();
        let (status, retry_after) = (response.status().as_u16(), number_in(header::RETRY_AFTER));
        let mut body = response.into_body();
        let (mut bytes, mut has_part, mut kept) = (0, planned.expect_part().is_none(), Vec::new());
        while let Some(frame) = body.frame().await {
            let frame = frame?;
            let Some(data) = frame.data_ref() else { continue };
            bytes += data.len();
            if planned.sought().is_some() {
                kept.extend_from_slice(data);
            }
            // answers in which something is looked for are short: they come in one piece
            has_part = has_part || planned.expect_part().is_some_and(|part| contains(data, part));
        }
        let found = planned.sought().and_then(|behind| find_behind(std::str::from_utf8(&kept).ok()?, behind));
        Ok(Answer { status, bytes, has_part, found, retry_after })
    }

    /// Sends and takes the head of the answer.
    pub async fn send(
        &mut self,
        planned: &Planned,
        number: usize,
        found: &str,
    ) -> Result<Response<Incoming>, Failure> {
        let request = planned.request(&self.host, number, found)?;
        let is_open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !is_open {
            self.sender = Some(self.connect().await?);
        }
        let sender = self.sender.as_mut().ok_or("no connection")?;
        Ok(sender.send_request(request).await?)
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Failure> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(async move {
            // how it ended is told to whoever waits for an answer
            let _ = connection.await;
        });
        Ok(sender)
    }
}
