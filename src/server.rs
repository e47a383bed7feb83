//! The HTTP server around the application: connections, their limits and deadlines, the end.

use std::{net::TcpListener, time::Duration};

use actix_http::{HttpService, Protocol, error::DispatchError};
use actix_server::{Server, ServerBuilder};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App,
    body::MessageBody,
    dev::{AppConfig, ServiceRequest, ServiceResponse},
    rt::net::TcpStream,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use connection::Connection;

use crate::{
    app::{self, State},
    domain::job::Lane,
    http::live::hub::Hub,
    jobs,
};

mod connection;
mod open_files;
mod scrapes;

/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(5);
/// How long a connection may be silent between requests.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long accepted requests may take at the end; with a margin less than the 15 s that are promised.
const SHUTDOWN_SECS: u64 = 12;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 4_096;
/// Connections of one worker where the limit is switched off.
const HARD_MAX_CONNECTIONS: usize = 1_000_000;

/// Serves until a signal ends it: the first one gracefully, a second one at once.
pub async fn run(state: State, listener: TcpListener) -> std::io::Result<()> {
    open_files::raise();
    let address = listener.local_addr()?;
    let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let server = start(state.clone(), listener)?;
    let handle = server.handle();
    let scrapes = scrapes::start(&state)?;
    let scraped = scrapes.as_ref().map(Server::handle);
    let scrapes = scrapes.map(tokio::spawn);
    tracing::info!(%address, "serving");
    log_way_of_mails(&state);
    let _wire = state.db.lay_wire(&state.config.database_url, &state.clock);
    let mut tasks: Vec<_> = Lane::ALL.iter().map(|lane| tokio::spawn(jobs::run(state.clone(), *lane))).collect();
    tasks.extend([
        tokio::spawn(jobs::recommendations::run(state.clone())),
        tokio::spawn(jobs::sealing::run(state.clone())),
        tokio::spawn(jobs::key_uses::run(state.clone())),
        tokio::spawn(crate::judging::near_index::run(state.clone())),
        tokio::spawn(Hub::run(state.clone())),
    ]);
    tokio::spawn(async move {
        let mut signals = Signals { terminate, interrupt };
        signals.next().await;
        tracing::info!("ending: accepted requests are still answered");
        state.live.end();
        let ended = handle.stop(true);
        let _scraped = scraped.map(|handle| handle.stop(true));
        tokio::select! {
            () = ended => {}
            () = signals.next() => {
                tracing::warn!("a second signal: ending at once");
                std::process::exit(1);
            }
        }
    });
    let outcome = server.await;
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    if let Some(scrapes) = scrapes.filter(|_| outcome.is_ok()) {
        let _ = scrapes.await;
    }
    outcome
}

fn log_way_of_mails(state: &State) {
    if let Some(files) = state.mailer.files() {
        tracing::info!(folder = %files.folder().display(), "mails are not sent but written into files");
    }
    if let Some(server) = state.mailer.server() {
        tracing::info!(%server, "mails are handed to a server");
    }
}

/// Begins to serve; the future ends with the server.
pub fn start(state: State, listener: TcpListener) -> std::io::Result<Server> {
    let max_connections = state.config.limits.max_connections.map_or(HARD_MAX_CONNECTIONS, |max| max as usize);
    let builder = Server::build()
        .workers(state.config.http_workers)
        .max_concurrent_connections(max_connections)
        .backlog(BACKLOG)
        .shutdown_timeout(SHUTDOWN_SECS)
        .disable_signals();
    Ok(listen(builder, listener, move || app::build(state.clone()))?.run())
}

/// An application on connections of ours: with deadlines, and told of the end.
fn listen<T, B>(
    builder: ServerBuilder,
    listener: TcpListener,
    app: impl Fn() -> App<T> + Send + Clone + 'static,
) -> std::io::Result<ServerBuilder>
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = actix_web::Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let ending = builder.graceful_shutdown_signal();
    listener.set_nonblocking(true)?;
    builder.listen("http", listener, move || {
        let ending = ending.clone();
        let app = app().into_factory().map_err(|error| error.error_response());
        let http = HttpService::build()
            .graceful_shutdown_signal(move || {
                let ending = ending.clone();
                async move { ending.notified().await }
            })
            .client_request_timeout(HEAD)
            .client_disconnect_timeout(HEAD)
            .keep_alive(KEEP_ALIVE)
            .on_connect_ext(|connection: &Connection, data| {
                data.insert(connection.told());
            })
            .finish(map_config(app, |()| AppConfig::default()));
        // what `HttpServer` does, with connections of ours
        fn_service(|stream: TcpStream| async {
            let peer = stream.peer_addr().ok();
            Ok::<_, DispatchError>((Connection::new(stream), Protocol::Http1, peer))
        })
        .and_then(http)
    })
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
