//! Runs of policies: listed, followed and ended.

use std::{convert::Infallible, time::Duration};

use actix_web::{HttpResponse, delete, get, web};
use futures_util::stream::unfold;

use super::{
    run_view::PolicyRunView,
    runs::{find_run, log},
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, moderation::Action},
    http::{
        body::Params,
        caller::Caller,
        live::sse,
        page::{Page, Paging},
        problem::Problem,
        sites::on_site,
    },
    store::{
        Conn,
        policy_runs::{self, PolicyRun},
    },
};

/// List the runs of a site's policy
///
/// The newest first.
#[utoipa::path(tag = "policies", params(Paging), responses((status = 200, body = Page<PolicyRunView>)), security(("token" = [])))]
#[get("/api/v1/sites/{site}/policy/runs")]
pub async fn list_policy_runs(
    caller: Caller,
    state: State,
    site: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let (_, site) = on_site(conn, &caller, &site, Operation::ListPolicyRuns, now)?;
            let scope = format!("policy-runs/{}", site.id);
            let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
            let rows = policy_runs::list(conn, site.id, before, paging.rows())?;
            let cursor = |last: &PolicyRun| state.cursors.seal(&scope, (last.created_at, last.id));
            Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, PolicyRunView::from))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Show a run of a policy
#[utoipa::path(tag = "policies", responses((status = 200, body = PolicyRunView)), security(("token" = [])))]
#[get("/api/v1/sites/{site}/policy/runs/{run_id}")]
pub async fn show_policy_run(
    caller: Caller,
    state: State,
    path: web::Path<(String, PolicyRunId)>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(shown(&state, &caller, &path).await?))
}

async fn shown(state: &State, caller: &Caller, path: &(String, PolicyRunId)) -> Result<PolicyRunView, Problem> {
    let (caller, now, (key, id)) = (caller.clone(), state.clock.now(), path.clone());
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let (_, run) = find_run(conn, &caller, (&key, id), Operation::ShowPolicyRun)?;
        Ok::<_, Problem>(PolicyRunView::from(run))
    };
    state.db.read(read).await
}

/// How often it is looked how far a run is.
const LOOK: Duration = Duration::from_millis(500);

/// Follow a run of a policy
///
/// A stream of Server-Sent Events: `run` (a `PolicyRunView`) at the beginning and each time that it is further; it ends
/// with the run.
#[utoipa::path(
    tag = "live",
    responses((status = 200, content((String = "text/event-stream", example = json!("id: 200\nevent: run\ndata: {\"state\": \"running\", ...}\n\n"))))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/policy/runs/{run_id}/events")]
pub async fn list_policy_run_events(
    caller: Caller,
    state: State,
    path: web::Path<(String, PolicyRunId)>,
) -> Result<HttpResponse, Problem> {
    let path = path.into_inner();
    let first = shown(&state, &caller, &path).await?;
    let ending = state.live.ending();
    let stream = unfold(Some((first, false)), move |next| {
        let (state, caller, path) = (state.clone(), caller.clone(), path.clone());
        let mut ending = ending.clone();
        async move {
            let (mut view, is_told) = next?;
            while is_told && !view.state.is_over() {
                tokio::select! {
                    _ = ending.changed() => return None,
                    () = tokio::time::sleep(LOOK) => {}
                }
                let newer = shown(&state, &caller, &path).await.ok()?;
                let is_further = (newer.state, newer.done) != (view.state, view.done);
                view = newer;
                if is_further {
                    break;
                }
            }
            let text = sse::event(view.done, "run", &view);
            let rest = (!view.state.is_over()).then_some((view, true));
            Some((Ok::<_, Infallible>(text), rest))
        }
    });
    Ok(sse::answer(stream))
}

/// End a run of a policy
///
/// Soon; what it released until then stays released.
#[utoipa::path(tag = "policies", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/sites/{site}/policy/runs/{run_id}")]
pub async fn cancel_policy_run(
    caller: Caller,
    state: State,
    path: web::Path<(String, PolicyRunId)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let kept = state.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let (site, run) = find_run(conn, &caller, (&path.0, path.1), Operation::CancelPolicyRun)?;
        if !run.state.is_over() && run.cancelled_at.is_none() {
            policy_runs::cancel(conn, run.id, now)?;
            log(conn, &caller, &site, (Action::CancelRun, &run), (&kept, now))?;
        }
        Ok::<_, Problem>(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
