//! Events of a story.

use std::{convert::Infallible, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, Responder, get, web};
use futures_util::stream::unfold;
use serde::Deserialize;
use tokio::{
    sync::{broadcast, broadcast::error::RecvError, watch},
    time::sleep,
};
use utoipa::IntoParams;
use validator::Validate;

use super::{
    EventsView, event,
    hub::{Channel, Event, reset},
    sse::{self, BEAT, BEGINNING, Counted, HEARTBEAT},
};
use crate::{
    app::State,
    domain::ids::StoryId,
    http::{
        body::Params,
        problem::Problem,
        public::{
            Reader,
            page::Made,
            query::{Context, PublicQuery},
        },
    },
    store::Conn,
};

/// Where to begin.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEvents {
    /// A version: what happened since is told at once and as JSON. Absent: a stream.
    pub since: Option<i64>,
}

/// Follow a story
///
/// A stream of Server-Sent Events: one `change` (an `EventView`) for each version, which is its id. Who comes back with
/// `Last-Event-ID` misses nothing; past the last 500 versions `reset` says that the page has to be read anew. With
/// `since` what happened since that version, at once and as JSON.
#[utoipa::path(
    tag = "live",
    params(ListEvents, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = 200, content((EventsView = "application/json"), (String = "text/event-stream", example = json!("id: 8\nevent: change\ndata: {\"version\": 8, ...}\n\n")))))
)]
#[get("/api/v1/stories/{story_id}/events")]
pub async fn list_story_events(
    reader: Reader,
    state: State,
    request: HttpRequest,
    id: web::Path<StoryId>,
    Params(query): Params<ListEvents>,
) -> Result<HttpResponse, Problem> {
    if let Some(since) = query.since {
        let asked = PublicQuery::Events(EventsQuery { story: *id, since });
        return Ok(state.pages.answer(&state, reader, asked, None).await?.respond_to(&request));
    }
    let (channel, receiver, beginning) = state.live.join(&state, *id).await?;
    let listener = Listener {
        told: sse::last_event_id(&request).unwrap_or(beginning),
        is_behind: sse::last_event_id(&request).is_some(),
        story: *id,
        channel,
        receiver,
        ending: state.live.ending(),
        _counted: Counted::new(&state.metrics.live_story_listeners),
        has_begun: false,
        state,
    };
    Ok(sse::answer(unfold(listener, |mut listener| async {
        let text = listener.next().await?;
        Some((Ok::<_, Infallible>(text), listener))
    })))
}

/// What happened under a story since a version.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EventsQuery {
    story: StoryId,
    since: i64,
}

impl EventsQuery {
    /// Makes the page.
    pub(in crate::http) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let (head, events) = event::read(conn, self.story, self.since, context.now)?;
        context.of_story(&head, || Ok(events))
    }
}

/// Somebody who listens to a story.
struct Listener {
    state: State,
    story: StoryId,
    channel: Arc<Channel>,
    receiver: broadcast::Receiver<Event>,
    ending: watch::Receiver<bool>,
    /// The version up to which everything was told.
    told: i64,
    /// Whether there may be more to tell from before the channel.
    is_behind: bool,
    has_begun: bool,
    _counted: Counted,
}

impl Listener {
    /// What is sent next; nothing if the stream ends.
    async fn next(&mut self) -> Option<actix_web::web::Bytes> {
        if *self.ending.borrow() {
            return None;
        }
        if !self.has_begun {
            self.has_begun = true;
            return Some(BEGINNING.into());
        }
        while self.is_behind {
            if let Some(text) = self.catch_up().await? {
                return Some(text);
            }
        }
        loop {
            tokio::select! {
                _ = self.ending.changed() => return None,
                () = sleep(HEARTBEAT) => return Some(BEAT.into()),
                event = self.receiver.recv() => match event {
                    Ok(event) if event.version > self.told => {
                        self.told = event.version;
                        return Some(event.text);
                    }
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => {
                        self.state.metrics.live_cut.inc();
                        return None;
                    }
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Tells what happened between the last event that a returning client got and now, piece by piece.
    async fn catch_up(&mut self) -> Option<Option<actix_web::web::Bytes>> {
        if let Some(events) = self.channel.recent_since(self.told) {
            self.is_behind = false;
            self.told = events.last().map_or(self.told, |last| last.version);
            let text: Vec<u8> = events.iter().flat_map(|event| event.text.iter().copied()).collect();
            return Some((!text.is_empty()).then(|| text.into()));
        }
        let (story, told, now) = (self.story, self.told, self.state.clock.now());
        // who cannot be told what happened ends and comes back
        let (_, read) = self.state.db.read(move |conn| event::read(conn, story, told, now)).await.ok()?;
        self.told = read.version;
        self.is_behind = read.has_more;
        if read.is_reset {
            return Some(Some(reset(read.version).text));
        }
        let text: Vec<u8> = read.events.iter().flat_map(|event| sse::event(event.version, "change", event)).collect();
        Some((!text.is_empty()).then(|| text.into()))
    }
}
