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
    domain::{ids::SiteId, queue_event::QueueEvent, timestamp::Timestamp},
    http::{
        body::Params,
        caller::Caller,
        moderation::QueueCountsView,
        problem::{Code, Problem},
    },
    store::{Conn, board, changes::Changes, sites},
};

/// Sites whose numbers are told: the first by their keys.
const SITES_MAX: i64 = 100;
/// What happened in the queues is told one by one up to so many times in one event.
const ITEMS_MAX: usize = 500;
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

/// What happened to replies in the queues of all sites where one moderates.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueItemsEventView {
    /// In the order in which it was heard of, which of two instances may be another than that in which it happened.
    pub items: Vec<QueueEvent>,
}

/// Follow the queues
///
/// A stream of Server-Sent Events: `queues` (a `QueuesEventView`) at the beginning and after changes; `items` (a
/// `QueueItemsEventView`) with what entered a queue or left it, was claimed, given back or decided; instead of these
/// `reset`, where more happened than is told one by one or something may have been missed, which means that a queue on a
/// screen is to be read anew. So it is when one comes back: where `Last-Event-ID` says that the numbers are known, the
/// beginning is `reset` alone. Once a second at most. It ends with the session and with the right to moderate. With `since`
/// the numbers at once and as JSON.
#[utoipa::path(
    tag = "live",
    params(ListEvents, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, content((QueuesEventView = "application/json"), (String = "text/event-stream", example = json!("id: 17\nevent: queues\ndata: {\"version\": 17, ...}\n\nid: 17\nevent: items\ndata: {\"items\": [...]}\n\n"))))),
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
    let Seen { view: first, .. } = look(&state, &caller).await?;
    if query.since.is_some() {
        return Ok(HttpResponse::Ok().json(first));
    }
    let is_known = sse::last_event_id(&request) == Some(first.version);
    let listener = Listener {
        told: first.version,
        happened: Happened::default(),
        // claims change no number, so some may have been missed all the same
        waiting: [BEGINNING.into(), if is_known { sse::reset(first.version) } else { text(&first) }].into(),
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

/// What a moderator sees.
struct Seen {
    view: QueuesEventView,
    /// Where he moderates; everywhere if none.
    sites: Option<Vec<SiteId>>,
}

async fn look(state: &State, caller: &Caller) -> Result<Seen, Problem> {
    let (caller, now) = (caller.clone(), state.clock.now());
    state.db.read(move |conn| read(conn, &caller, now)).await
}

fn read(conn: &mut Conn<'_>, caller: &Caller, now: Timestamp) -> Result<Seen, Problem> {
    let caller = caller.permit(conn, Operation::ListQueueEvents, now)?;
    caller.may_across(Operation::ListQueueEvents, Object::default())?;
    let sites = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
    let rows = sites::list_counters(conn, sites.as_deref(), "", SITES_MAX)?;
    let view = QueuesEventView {
        version: rows.iter().map(|(_, counters)| counters.version).sum(),
        items: rows.into_iter().map(QueueCountsView::from).collect(),
    };
    Ok(Seen { view, sites })
}

/// What happened since it was last told, up to [`ITEMS_MAX`].
#[derive(Default)]
struct Happened {
    items: Vec<QueueEvent>,
    is_lost: bool,
}

impl Happened {
    /// Whether there was anything of interest.
    fn take_in(&mut self, changes: &Changes) -> bool {
        self.is_lost |= changes.everything || changes.has_more_queue_items;
        self.is_lost |= self.items.len() + changes.queue_items.len() > ITEMS_MAX;
        if self.is_lost {
            self.items = Vec::new();
        } else {
            self.items.extend(&changes.queue_items);
        }
        self.is_lost || !changes.queues.is_empty() || !changes.queue_items.is_empty()
    }

    /// The event, if something happened where this moderator is one.
    fn text(self, seen: &Seen) -> Option<Bytes> {
        let version = seen.view.version;
        if self.is_lost {
            return Some(sse::reset(version));
        }
        let is_seen = |event: &QueueEvent| seen.sites.as_ref().is_none_or(|sites| sites.contains(&event.site_id));
        let items: Vec<QueueEvent> = self.items.into_iter().filter(is_seen).collect();
        (!items.is_empty()).then(|| sse::event(version, "items", &QueueItemsEventView { items }))
    }
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
    /// What is to be told.
    happened: Happened,
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
                    if self.happened.take_in(&heard?.changes) {
                        self.due = self.due.min(self.looked_at + GATHER).max(Instant::now());
                    }
                }
            }
        }
    }

    async fn look(&mut self) -> Option<Bytes> {
        let now = Instant::now();
        self.due = now + HEARTBEAT;
        match look(&self.state, &self.caller).await {
            Ok(seen) => {
                self.looked_at = now;
                let is_new = seen.view.version != self.told;
                self.told = seen.view.version;
                self.waiting.extend(is_new.then(|| text(&seen.view)));
                self.waiting.extend(std::mem::take(&mut self.happened).text(&seen));
                Some(self.waiting.pop_front().unwrap_or_else(|| BEAT.into()))
            }
            // the database is away: he is believed for a while
            Err(problem) if problem.code() == Code::Busy && now < self.looked_at + BELIEVED - HEARTBEAT => {
                Some(BEAT.into())
            }
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::queue_event::WorkQueue;

    fn happened(number: usize, site: u128) -> Changes {
        let reply = (Uuid::from_u128(site).into(), Uuid::from_u128(2).into());
        Changes { queue_items: vec![QueueEvent::moved(reply, WorkQueue::Pending, true); number], ..Changes::default() }
    }

    fn told(happened: Happened, sites: Option<Vec<SiteId>>) -> Option<String> {
        let seen = Seen { view: QueuesEventView { version: 7, items: Vec::new() }, sites };
        happened.text(&seen).map(|text| String::from_utf8(text.to_vec()).unwrap())
    }

    #[test]
    fn what_was_too_much_or_missed_is_said_instead_of_half_of_it() {
        let reset = "id: 7\nevent: reset\ndata: {\"version\":7}\n\n";
        let mut many = Happened::default();
        assert!(many.take_in(&happened(ITEMS_MAX, 1)));
        assert_eq!(
            told(Happened { items: many.items.clone(), is_lost: false }, None).unwrap().matches("entered").count(),
            500
        );
        assert!(many.take_in(&happened(1, 1)));
        assert_eq!((many.items.len(), told(many, None).as_deref()), (0, Some(reset)));
        for lost in [Changes::everything(), Changes { has_more_queue_items: true, ..Changes::default() }] {
            let mut happened = Happened::default();
            assert!(happened.take_in(&lost));
            assert_eq!(told(happened, Some(Vec::new())).as_deref(), Some(reset));
        }
    }

    #[test]
    fn what_happens_elsewhere_is_not_told() {
        let mut both = Happened::default();
        assert!(!both.take_in(&Changes::default()));
        assert!(both.take_in(&happened(1, 1)) && both.take_in(&happened(1, 2)));
        let here = told(both, Some(vec![Uuid::from_u128(2).into()])).unwrap();
        assert!(here.contains(&Uuid::from_u128(2).to_string()) && here.matches("site_id").count() == 1, "{here}");
        let mut elsewhere = Happened::default();
        elsewhere.take_in(&happened(1, 1));
        assert_eq!(told(elsewhere, Some(Vec::new())), None);
    }
}
