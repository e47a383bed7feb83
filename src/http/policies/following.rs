//! Runs of policies: listed, followed and ended.

use std::{convert::Infallible, time::Duration};

use actix_web::{
    HttpResponse, delete, get,
    web::{self, Bytes},
};
use futures_util::stream::unfold;
use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

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
        live::sse::{self, BEAT, HEARTBEAT},
        page::{Page, Paging},
        problem::Problem,
        sites::on_site,
    },
    store::{
        Conn,
        policy_runs::{self, RunPlace},
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
            let places = policy_runs::list_places(conn, site.id, before, paging.rows())?;
            let cursor = |last: &RunPlace| state.cursors.seal(&scope, (last.created_at, last.id));
            // results are weighed before they are read
            let Page { items, next_cursor } = Page::of_texts(places, paging.limit(), cursor, |place| place.id);
            let items = policy_runs::list(conn, &items)?.into_iter().map(PolicyRunView::from).collect();
            Ok::<_, Problem>(Page { items, next_cursor })
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
    let view = shown(&state, &caller, &path).await?;
    let follower = Follower { ending: state.live.ending(), state, caller, path, view, is_told: false };
    Ok(sse::answer(unfold(follower, |mut follower| async {
        let text = follower.next().await?;
        Some((Ok::<_, Infallible>(text), follower))
    })))
}

/// Somebody who follows a run.
struct Follower {
    state: State,
    caller: Caller,
    path: (String, PolicyRunId),
    ending: watch::Receiver<bool>,
    /// How the run stood when it was looked at last.
    view: PolicyRunView,
    is_told: bool,
}

impl Follower {
    /// What is sent next; nothing if the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        if !self.is_told {
            self.is_told = true;
            return Some(self.text());
        }
        let silent_since = Instant::now();
        while !self.view.state.is_over() {
            tokio::select! {
                _ = self.ending.changed() => return None,
                () = sleep(LOOK) => {}
            }
            let newer = shown(&self.state, &self.caller, &self.path).await.ok()?;
            let is_further = (newer.state, newer.done) != (self.view.state, self.view.done);
            self.view = newer;
            if is_further {
                return Some(self.text());
            }
            // a run may wait for long behind another
            if silent_since.elapsed() >= HEARTBEAT {
                return Some(BEAT.into());
            }
        }
        None
    }

    fn text(&self) -> Bytes {
        sse::event(self.view.done, "run", &self.view)
    }
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
