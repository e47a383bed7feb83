//! The listener for metrics: apart from the readers', so that it can be shut off from them and answers when theirs is full.

use std::{io, net::TcpListener};

use actix_server::Server;
use actix_web::{
    App, HttpResponse,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::header,
    middleware::from_fn,
    web,
};

use crate::{app::State, http::exchange, metrics};

/// Connections at once: a few of Prometheus, and a person who looks.
const MAX_CONNECTIONS: usize = 16;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 64;
/// How long a scrape may take at the end.
const SHUTDOWN_SECS: u64 = 5;

/// Begins to show metrics where the configuration says; nowhere if it says nothing.
pub(super) fn start(state: &State) -> io::Result<Option<Server>> {
    let Some(address) = state.config.metrics_listen else { return Ok(None) };
    let cannot = |error| io::Error::other(format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).map_err(cannot)?;
    let address = listener.local_addr()?;
    let builder = Server::build()
        .workers(1)
        .max_concurrent_connections(MAX_CONNECTIONS)
        .backlog(BACKLOG)
        .shutdown_timeout(SHUTDOWN_SECS)
        .disable_signals();
    let state = state.clone();
    let builder = super::listen(builder, listener, move || app(state.clone()))?;
    tracing::info!(%address, "metrics are shown");
    Ok(Some(builder.run()))
}

fn app(
    state: State,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let metrics = web::resource("/metrics")
        .route(web::get().to(show))
        // the connection leaves the body out
        .route(web::head().to(show))
        .default_service(web::to(HttpResponse::NotFound));
    App::new()
        .app_data(state)
        .service(metrics)
        .default_service(web::to(HttpResponse::NotFound))
        .wrap(from_fn(exchange::bound))
        .wrap(from_fn(exchange::at_work))
}

async fn show(state: State) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(metrics::CONTENT_TYPE)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(metrics::scrape(&state).await)
}
