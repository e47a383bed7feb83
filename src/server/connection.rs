//! A connection whose peer must take what it is sent in time, and say in time what it wants next.
//!
//! actix's own deadlines are those of the first head and of silence behind an answer: a peer that reads a byte now and
//! then would hold its connection, and the bytes that wait for it, for ever; so would one that begins a second request.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::rt::net::TcpStream;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::{HEAD, KEEP_ALIVE};
use crate::http::exchange::Told;

/// How long what is to be sent may wait for the peer, from when it first had to until the last byte was handed over.
const UNREAD: Duration = Duration::from_secs(30);
/// How long a connection may be silent while no request is at work. Streams send a sign of life more often; who is
/// silent behind an answer is told goodbye before, by actix, unless the beginning of a head lies there.
const SILENCE: Duration = Duration::from_secs(KEEP_ALIVE.as_secs() + 2);

/// A TCP connection that is reset when its peer does not read, and ends when it does not come to its point, or behind an
/// answer that says so.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    /// Runs while something waits to be sent.
    overdue: Option<Pin<Box<Sleep>>>,
    told: Told,
    /// When something was sent last.
    sent_at: Instant,
    /// When the peer first sent something since then that is not at work.
    begun_at: Option<Instant>,
    /// When it is looked at next whether the peer takes too long; not after it does.
    look: Pin<Box<Sleep>>,
    /// Nothing more is read: as if the peer had said goodbye.
    is_over: bool,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        let socket = SockRef::from(&stream);
        // what was handed over already and stays unacknowledged is the kernel's to give up, without a word to the peer;
        // so not before we would
        let set = socket
            .set_tcp_user_timeout(Some(UNREAD + Duration::from_secs(5)))
            .and_then(|()| socket.set_tcp_nodelay(true));
        if let Err(cause) = set {
            tracing::debug!(%cause, "a connection went away at once");
        }
        Self {
            stream,
            overdue: None,
            told: Told::default(),
            sent_at: Instant::now(),
            begun_at: None,
            look: Box::pin(sleep(SILENCE)),
            is_over: false,
        }
    }

    /// By which the application says what becomes of the connection.
    pub(super) fn told(&self) -> Told {
        self.told.clone()
    }

    /// The peer sent something: a head, unless it belongs to a request that is at work.
    fn heard(&mut self) {
        if self.begun_at.is_some() || self.told.is_at_work() {
            return;
        }
        let now = Instant::now();
        self.begun_at = Some(now);
        // moved forward every few seconds, however many requests there are
        if self.look.deadline() > now + HEAD {
            self.look.as_mut().reset(now + HEAD);
        }
    }

    /// Whether the peer takes too long to say what it wants.
    fn is_late(&mut self, context: &mut Context<'_>) -> bool {
        while self.look.as_mut().poll(context).is_ready() {
            let now = Instant::now();
            let due = if self.told.is_at_work() || self.overdue.is_some() {
                // what came was a whole head, or it is the peer's turn to take
                self.begun_at = None;
                now + HEAD
            } else {
                self.begun_at.map_or(self.sent_at + SILENCE, |begun_at| begun_at + HEAD)
            };
            if due <= now {
                return true;
            }
            self.look.as_mut().reset(due);
        }
        false
    }

    /// After a write for which the peer had no room: an error once it is overdue.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let overdue = self.overdue.get_or_insert_with(|| Box::pin(sleep(UNREAD)));
        overdue.as_mut().poll(context).map(|()| {
            // a reset: otherwise the kernel would go on to offer what it holds
            let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
            io::ErrorKind::TimedOut.into()
        })
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.is_over {
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        match read {
            Poll::Pending if self.is_late(context) => {
                self.is_over = true;
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Ok(())) if buffer.filled().len() > before => {
                self.heard();
                read
            }
            _ => read,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait(context).map(Err),
            written => {
                self.sent_at = Instant::now();
                self.begun_at = None;
                written
            }
        }
    }

    /// Called once all that there was to send has been handed over.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.overdue = None;
        if self.told.is_over() && !self.is_over {
            self.is_over = true;
            // so that the end is read, which otherwise nobody looks for before the peer sends something
            context.waker().wake_by_ref();
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
