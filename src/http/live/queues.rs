//! The numbers of a moderator's queues, as they change.

use std::{convert::Infallible, time::Duration};

use actix_web::{HttpRequest, HttpResponse, get, web::Bytes};
use futures_util::stream::unfold;
use serde::Serialize;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};
use utoipa::ToSchema;

use super::{
    sse::{self, BEAT, BEGINNING, Counted, HEARTBEAT},
    stories::ListEvents,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::timestamp::Timestamp,
    http::{
        body::Params,
        caller::Caller,
        moderation::QueueCountsView,
        problem::{Code, Problem},
    },
    store::{Conn, board, sites},
};

/// Sites whose numbers are told: the first by their keys.
const SITES_MAX: i64 = 100;
/// How long changes are gathered.
const GATHER: Duration = Duration::from_secs(1);
/// How long a moderator is believed to be one without being looked at.
const BELIEVED: Duration = Duration::from_secs(30);

/// The numbers of the queues of all sites where one moderates.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueuesEventView {
    /// Raised by each change of a number: the event's id, and the next `since`.
    pub version: i64,
    /// Up to 100 sites, in the order of their keys.
    pub items: Vec<QueueCountsView>,
}

/// Follow the queues
///
/// A stream of Server-Sent Events: `queues` (a `QueuesEventView`) at the beginning, unless `Last-Event-ID` says that it is
/// known, and after changes, once a second at most. It ends with the session and with the right to moderate. With `since`
/// the numbers at once and as JSON.
#[utoipa::path(
    tag = "live",
    params(ListEvents, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, content((QueuesEventView = "application/json"), (String = "text/event-stream", example = json!("id: 17\nevent: queues\ndata: {\"version\": 17, ...}\n\n"))))),
    security(("token" = []))
)]
#[get("/api/v1/moderation/events")]
pub async fn list_queue_events(
    caller: Caller,
    state: State,
    request: HttpRequest,
    Params(query): Params<ListEvents>,
) -> Result<HttpResponse, Problem> {
    let heard = state.db.board().listen();
    let first = numbers(&state, &caller).await?;
    if query.since.is_some() {
        return Ok(HttpResponse::Ok().json(first));
    }
    let is_known = sse::last_event_id(&request) == Some(first.version);
    let listener = Listener {
        told: first.version,
        waiting: [Some(BEGINNING.into()), (!is_known).then(|| text(&first))].into_iter().flatten().collect(),
        ending: state.live.ending(),
        looked_at: Instant::now(),
        due: Instant::now() + HEARTBEAT,
        _counted: Counted::new(&state.metrics.live_moderation_listeners),
        heard,
        caller,
        state,
    };
    Ok(sse::answer(unfold(listener, |mut listener| async {
        let text = listener.next().await?;
        Some((Ok::<_, Infallible>(text), listener))
    })))
}

fn text(view: &QueuesEventView) -> Bytes {
    sse::event(view.version, "queues", view)
}

async fn numbers(state: &State, caller: &Caller) -> Result<QueuesEventView, Problem> {
    let (caller, now) = (caller.clone(), state.clock.now());
    state.db.read(move |conn| read(conn, &caller, now)).await
}

fn read(conn: &mut Conn<'_>, caller: &Caller, now: Timestamp) -> Result<QueuesEventView, Problem> {
    let caller = caller.permit(conn, Operation::ListQueueEvents, now)?;
    caller.may_across(Operation::ListQueueEvents, Object::default())?;
    let moderated = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
    let rows = sites::list_counters(conn, moderated.as_deref(), "", SITES_MAX)?;
    Ok(QueuesEventView {
        version: rows.iter().map(|(_, counters)| counters.version).sum(),
        items: rows.into_iter().map(QueueCountsView::from).collect(),
    })
}

/// A moderator who listens.
struct Listener {
    state: State,
    caller: Caller,
    heard: board::Listener,
    ending: watch::Receiver<bool>,
    /// What is sent before anything else.
    waiting: std::collections::VecDeque<Bytes>,
    /// The version that was told.
    told: i64,
    /// When the moderator's rights were last looked at.
    looked_at: Instant,
    /// When it is looked next.
    due: Instant,
    _counted: Counted,
}

impl Listener {
    /// What is sent next; nothing if the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        if *self.ending.borrow() {
            return None;
        }
        if let Some(text) = self.waiting.pop_front() {
            return Some(text);
        }
        loop {
            tokio::select! {
                _ = self.ending.changed() => return None,
                () = sleep_until(self.due) => return self.look().await,
                heard = self.heard.next() => {
                    let changes = heard?.changes;
                    if changes.everything || !changes.queues.is_empty() {
                        self.due = self.due.min(self.looked_at + GATHER).max(Instant::now());
                    }
                }
            }
        }
    }

    async fn look(&mut self) -> Option<Bytes> {
        let now = Instant::now();
        self.due = now + HEARTBEAT;
        match numbers(&self.state, &self.caller).await {
            Ok(view) => {
                self.looked_at = now;
                let is_new = view.version != self.told;
                self.told = view.version;
                Some(if is_new { text(&view) } else { BEAT.into() })
            }
            // the database is away: he is believed for a while
            Err(problem) if problem.code() == Code::Busy && now < self.looked_at + BELIEVED - HEARTBEAT => {
                Some(BEAT.into())
            }
            Err(_) => None,
        }
    }
}
