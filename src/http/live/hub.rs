//! Who listens to which story. Each story that somebody listens to has a channel, whose feeder makes every event once, for
//! however many listen.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use actix_web::web::Bytes;
use tokio::{
    sync::{Notify, OnceCell, broadcast, watch},
    time::{sleep, timeout},
};

use super::{event, sse};
use crate::{app::State, domain::ids::StoryId, http::problem::Problem};

/// Events that a listener may be behind; past them it is cut off and comes back with the last one that it got.
const BEHIND: usize = 64;
/// How often a feeder looks although nothing was announced, as an announcement of another instance may be lost.
const LOOK: Duration = Duration::from_secs(10);
/// How long a feeder waits after a failure.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// All channels.
#[derive(Debug)]
pub struct Hub {
    channels: Mutex<HashMap<StoryId, Weak<Channel>>>,
    ending: watch::Sender<bool>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { channels: Mutex::default(), ending: watch::Sender::new(false) }
    }
}

/// An event as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub version: i64,
    pub text: Bytes,
}

/// The listeners of one story.
#[derive(Debug)]
pub(super) struct Channel {
    sender: broadcast::Sender<Event>,
    /// The last events, for who comes back after a short break.
    recent: Mutex<VecDeque<Event>>,
    /// The version from which on it tells everything.
    beginning: OnceCell<i64>,
    news: Arc<Notify>,
}

impl Channel {
    /// Events from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    /// The events since this version, if all of them are still here.
    pub(super) fn recent_since(&self, version: i64) -> Option<Vec<Event>> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.front().filter(|first| first.version <= version + 1)?;
        Some(recent.iter().filter(|event| event.version > version).cloned().collect())
    }

    fn send(&self, event: Event) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.len() >= BEHIND {
            recent.pop_front();
        }
        recent.push_back(event.clone());
        // nobody may be listening any more
        let _ = self.sender.send(event);
    }

    /// Says that nobody knows what happened up to this version.
    fn reset(&self, event: Event) {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let _ = self.sender.send(event);
    }
}

/// Says that the page has to be read anew.
pub(super) fn reset(version: i64) -> Event {
    Event { version, text: sse::reset(version) }
}

impl Hub {
    /// Passes on what is announced, until it is aborted.
    pub async fn run(state: State) {
        let mut listener = state.db.board().listen();
        while let Some(heard) = listener.next().await {
            let changes = &heard.changes;
            if changes.everything {
                state.live.all().iter().for_each(|channel| channel.news.notify_one());
            }
            for story in changes.stories.keys() {
                if let Some(channel) = state.live.find(*story) {
                    channel.news.notify_one();
                }
            }
        }
    }

    /// Ends all streams, and those that begin from now on.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Told when streams are to end.
    pub(in crate::http) fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// Stories that somebody listens to.
    pub fn len(&self) -> usize {
        self.all().len()
    }

    /// Whether nobody listens.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The channel of a story, and the version from which on it tells everything to who subscribed before.
    pub(super) async fn join(
        &self,
        state: &State,
        story: StoryId,
    ) -> Result<(Arc<Channel>, broadcast::Receiver<Event>, i64), Problem> {
        let channel = self.find_or_begin(story);
        let receiver = channel.subscribe();
        let begin = || async {
            let version = state.db.read(move |conn| event::version(conn, story)).await?;
            tokio::spawn(feed(state.clone(), story, Arc::downgrade(&channel), channel.news.clone(), version));
            Ok::<_, Problem>(version)
        };
        let beginning = *channel.beginning.get_or_try_init(begin).await?;
        Ok((channel, receiver, beginning))
    }

    fn find_or_begin(&self, story: StoryId) -> Arc<Channel> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(&story).and_then(Weak::upgrade) {
            return channel;
        }
        // those that nobody listens to any more go when a new one comes
        channels.retain(|_, channel| channel.strong_count() > 0);
        let channel = Arc::new(Channel {
            sender: broadcast::Sender::new(BEHIND),
            recent: Mutex::default(),
            beginning: OnceCell::new(),
            news: Arc::default(),
        });
        channels.insert(story, Arc::downgrade(&channel));
        channel
    }

    fn find(&self, story: StoryId) -> Option<Arc<Channel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner).get(&story).and_then(Weak::upgrade)
    }

    fn all(&self) -> Vec<Arc<Channel>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner).values().filter_map(Weak::upgrade).collect()
    }
}

/// Makes the events of a story as long as somebody listens.
async fn feed(state: State, story: StoryId, channel: Weak<Channel>, news: Arc<Notify>, beginning: i64) {
    let mut told = beginning;
    loop {
        let Some(channel) = channel.upgrade() else { return };
        let now = state.clock.now();
        match state.db.read(move |conn| event::read(conn, story, told, now)).await {
            Ok((_, read)) => {
                told = read.version;
                if read.is_reset {
                    channel.reset(reset(read.version));
                }
                for event in read.events {
                    channel.send(Event { version: event.version, text: sse::event(event.version, "change", &event) });
                }
                if read.has_more {
                    continue;
                }
            }
            Err(problem) => {
                tracing::warn!(%problem, "events could not be read; it is tried again");
                drop(channel);
                sleep(AFTER_FAILURE).await;
                continue;
            }
        }
        drop(channel);
        // news that came while it was reading is waiting here
        let _ = timeout(LOOK, news.notified()).await;
    }
}
