//! A connection whose peer must take what it is sent in time.
//!
//! actix's own deadlines end with the head of a request: a peer that reads a byte now and then would hold its
//! connection, and the bytes that wait for it, for ever.

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
    time::{Sleep, sleep},
};

use crate::http::exchange::CloseBehindAnswer;

/// How long what is to be sent may wait for the peer, from when it first had to until the last byte was handed over.
const UNREAD: Duration = Duration::from_secs(30);

/// A TCP connection that is reset when its peer does not read, and ends behind an answer that says so.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    /// Runs while something waits to be sent.
    overdue: Option<Pin<Box<Sleep>>>,
    close: CloseBehindAnswer,
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
        Self { stream, overdue: None, close: CloseBehindAnswer::default(), is_over: false }
    }

    /// By which an answer asks to be the last.
    pub(super) fn close_behind_answer(&self) -> CloseBehindAnswer {
        self.close.clone()
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
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait(context).map(Err),
            written => written,
        }
    }

    /// Called once all that there was to send has been handed over.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.overdue = None;
        if self.close.is_asked() && !self.is_over {
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
