//! The HTTP server around the application: connections, their limits and deadlines, the end.

use std::{any::Any, net::TcpListener, time::Duration};

use actix_web::{HttpServer, dev::Extensions, rt::net::TcpStream};
use socket2::SockRef;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    app::{self, State},
    jobs,
};

/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(5);
/// How long a connection may be silent between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a peer may leave what it was sent unacknowledged, or its window shut.
const UNREAD: Duration = Duration::from_secs(30);
/// How long accepted requests may take at the end; with a margin less than the 15 s that are promised.
const SHUTDOWN_SECS: u64 = 12;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 4_096;
/// Connections of one worker where the limit is switched off.
const HARD_MAX_CONNECTIONS: usize = 1_000_000;

/// Serves until a signal ends it: the first one gracefully, a second one at once.
pub async fn run(state: State, listener: TcpListener) -> std::io::Result<()> {
    let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let server = start(state.clone(), listener)?;
    let handle = server.handle();
    let jobs = tokio::spawn(jobs::run(state));
    tokio::spawn(async move {
        let mut signals = Signals { terminate, interrupt };
        signals.next().await;
        tracing::info!("ending: accepted requests are still answered");
        let ended = handle.stop(true);
        tokio::select! {
            () = ended => {}
            () = signals.next() => {
                tracing::warn!("a second signal: ending at once");
                std::process::exit(1);
            }
        }
    });
    let outcome = server.await;
    jobs.abort();
    outcome
}

/// Begins to serve; the future ends with the server.
pub fn start(state: State, listener: TcpListener) -> std::io::Result<actix_web::dev::Server> {
    let workers = state.config.http_workers;
    let max_connections = state.config.limits.max_connections.map_or(HARD_MAX_CONNECTIONS, |max| max as usize);
    let server = HttpServer::new(move || app::build(state.clone()))
        .workers(workers)
        .max_connections(max_connections)
        .backlog(BACKLOG)
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(HEAD)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(SHUTDOWN_SECS)
        .disable_signals()
        .on_connect(limit_unread)
        .listen(listener)?;
    Ok(server.run())
}

/// actix's deadlines end with the head of the request: a peer that does not read is cut off by the kernel.
fn limit_unread(connection: &dyn Any, _: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<TcpStream>() {
        let socket = SockRef::from(stream);
        if let Err(cause) = socket.set_tcp_user_timeout(Some(UNREAD)).and_then(|()| socket.set_tcp_nodelay(true)) {
            tracing::debug!(%cause, "a connection went away at once");
        }
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
