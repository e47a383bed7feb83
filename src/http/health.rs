//! Whether the service lives, and whether it can do its work.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    problem::{Code, Problem},
};
use crate::{
    app::State,
    store::{DbError, migrations, settings},
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(show_health).service(show_readiness);
}

/// Good news.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct HealthView {
    /// Always `ok`.
    #[schema(value_type = String)]
    pub status: &'static str,
}

const OK: HealthView = HealthView { status: "ok" };

/// Is the process alive?
#[utoipa::path(tag = "health", responses((status = 200, body = HealthView)))]
#[get("/healthz")]
pub async fn show_health() -> HttpResponse {
    HttpResponse::Ok().json(OK)
}

/// Can it do its work?
///
/// The database takes writes and its migrations are applied.
#[utoipa::path(tag = "health", responses((status = 200, body = HealthView)))]
#[get("/readyz")]
pub async fn show_readiness(state: State) -> Result<HttpResponse, Problem> {
    state.db.write(|conn| settings::probe(conn).map_err(DbError::from)).await.map_err(Problem::from)?;
    let known = migrations::latest();
    let applied = state.db.read(|conn| settings::last_migration(conn).map_err(DbError::from)).await;
    match applied.map_err(Problem::from)? {
        Some(applied) if applied == known => Ok(HttpResponse::Ok().json(OK)),
        _ => Err(Problem::new(Code::Busy).detail("migrations are pending")),
    }
}
