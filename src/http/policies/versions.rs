//! Former policies of a site.

use actix_web::{HttpRequest, HttpResponse, get, post, web};

use super::{Expected, PolicyVersionView, PolicyView, answer, find_to_change, find_version, store_next};
use crate::{
    app::State,
    auth::permission::Operation,
    http::{
        body::Params,
        caller::Caller,
        page::{Page, Paging},
        problem::{Code, Problem},
        sites::on_site,
    },
    store::{
        Conn,
        policies::{self, PolicyVersionHead},
    },
};

/// List the versions of a site's policy
///
/// The newest first.
#[utoipa::path(
    tag = "policies",
    params(Paging),
    responses((status = 200, body = Page<PolicyVersionView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/policy/versions")]
pub async fn list_policy_versions(
    caller: Caller,
    state: State,
    site: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let (_, site) = on_site(conn, &caller, &site, Operation::ListPolicyVersions, now)?;
            let scope = format!("policies/{}", site.id);
            let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
            let rows = policies::list(conn, site.id, before.unwrap_or(i64::MAX), paging.rows())?;
            let cursor = |last: &PolicyVersionHead| state.cursors.seal(&scope, last.version);
            Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, PolicyVersionView::from))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Show a former policy of a site
#[utoipa::path(tag = "policies", responses((status = 200, body = PolicyView)), security(("token" = [])))]
#[get("/api/v1/sites/{site}/policy/versions/{version}")]
pub async fn show_policy_version(
    caller: Caller,
    state: State,
    path: web::Path<(String, i64)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &path.0, Operation::ShowPolicyVersion, now)?;
        find_version(conn, site.id, path.1)?.ok_or_else(|| Problem::new(Code::NotFound))
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

/// Restore a former policy of a site
///
/// As a new version.
#[utoipa::path(
    tag = "policies",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = PolicyView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/policy/versions/{version}/restore")]
pub async fn restore_policy(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, i64)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let random = state.random.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let site = find_to_change(conn, &caller, &path.0, Operation::RestorePolicy, &expected)?;
        let former = find_version(conn, site.id, path.1)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        store_next(conn, &caller, &site, (&former.policy, Some(former.version)), (&random, now))
    };
    Ok(answer(state.db.write(write).await?))
}
