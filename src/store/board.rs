//! The board on which changes are announced once they are durable: what has changed since when, and who wants to know.
//!
//! Time is counted in announcements. Who wants to keep what he reads takes the board's [`Epoch`] before he begins to
//! read, and later asks whether anything that he read about was announced after it. A snapshot that begins after an
//! announcement contains what was announced, so that nothing old passes for new; what was announced while he read makes
//! him read again. The board has a fixed size: two things may share a place, and then each counts for both.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::broadcast;
use uuid::Uuid;

use super::changes::Changes;
use crate::domain::ids::{SiteId, StoryId};

/// Places of the board. Sixteen thousand stories that change at once would begin to get in each other's way.
const PLACES: usize = 16_384;
/// Announcements that a slow listener may be behind; past them it is told that everything changed.
const BEHIND: usize = 1_024;

/// A moment, counted in announcements.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Epoch(u64);

/// Where changes of one thing are marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place(u16);

impl Place {
    fn of(id: Uuid) -> Self {
        // the last bytes are random in all ids of ours
        let [.., a, b] = id.into_bytes();
        Self(u16::from_be_bytes([a, b]) % (PLACES as u16))
    }
}

impl From<StoryId> for Place {
    fn from(id: StoryId) -> Self {
        Self::of(id.0)
    }
}

impl From<SiteId> for Place {
    fn from(id: SiteId) -> Self {
        Self::of(id.0)
    }
}

/// What was announced, and where it was done.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub changes: Arc<Changes>,
    /// By this process, so that others have to be told.
    pub is_ours: bool,
}

impl Announcement {
    /// In place of those that were missed. They may have been ours or not: to tell others once too often does no harm.
    fn missed() -> Self {
        Self { changes: Arc::new(Changes::everything()), is_ours: true }
    }
}

/// See the module's description.
#[derive(Debug)]
pub struct Board {
    announced: AtomicU64,
    everything: AtomicU64,
    places: Box<[AtomicU64]>,
    /// The highest version that is known of what has this place.
    versions: Box<[AtomicI64]>,
    /// How far the database had written its log when it was last looked at, as PostgreSQL names it.
    written: Mutex<Option<String>>,
    /// Whether other instances write to the same database.
    is_shared: bool,
    /// When announcements of other instances were last known to come through, in microseconds.
    confirmed_at: AtomicU64,
    is_heard: AtomicBool,
    listeners: broadcast::Sender<Announcement>,
}

impl Board {
    /// Where nothing has changed yet; shared, if other instances write to the same database.
    pub fn new(is_shared: bool) -> Self {
        Self {
            announced: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            places: (0..PLACES).map(|_| AtomicU64::new(0)).collect(),
            versions: (0..PLACES).map(|_| AtomicI64::new(0)).collect(),
            written: Mutex::default(),
            is_shared,
            confirmed_at: AtomicU64::new(0),
            is_heard: AtomicBool::new(false),
            listeners: broadcast::Sender::new(BEHIND),
        }
    }

    /// Whether other instances write to the same database, so that announcements may be lost on their way here.
    pub fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// Says that announcements of other instances come through, at this time on the clock that only goes forward.
    pub fn confirm(&self, elapsed: Duration) {
        self.confirmed_at.fetch_max(u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.is_heard.store(true, Ordering::Relaxed);
    }

    /// Says that they may not come through from now on, although they did a moment ago.
    pub fn lose(&self) {
        self.is_heard.store(false, Ordering::Relaxed);
    }

    /// Whether they come through.
    pub fn is_heard(&self) -> bool {
        self.is_heard.load(Ordering::Relaxed)
    }

    /// When they last did.
    pub fn confirmed_at(&self) -> Duration {
        Duration::from_micros(self.confirmed_at.load(Ordering::Relaxed))
    }

    /// The present moment.
    pub fn epoch(&self) -> Epoch {
        Epoch(self.announced.load(Ordering::SeqCst))
    }

    /// When any of this was last announced to have changed.
    pub fn last_changed(&self, places: &[Place]) -> Epoch {
        let places = places.iter().map(|place| self.places[usize::from(place.0)].load(Ordering::SeqCst));
        Epoch(places.fold(self.everything.load(Ordering::SeqCst), u64::max))
    }

    /// Says that this version was seen: nothing older is to be shown from then on.
    pub fn saw(&self, place: Place, version: i64) {
        self.versions[usize::from(place.0)].fetch_max(version, Ordering::SeqCst);
    }

    /// The highest version that is known of what has this place, or of something else that shares it.
    pub fn known_version(&self, place: Place) -> i64 {
        self.versions[usize::from(place.0)].load(Ordering::SeqCst)
    }

    /// Says how far the database has written its log.
    pub fn wrote(&self, position: String) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(position);
    }

    /// How far it had when it was last looked at.
    pub fn written(&self) -> Option<String> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Announces what a transaction of this process changed; it is durable already.
    pub fn announce(&self, changes: Changes) {
        self.tell(changes, true);
    }

    /// Passes on what another process changed.
    pub fn pass_on(&self, changes: Changes) {
        self.tell(changes, false);
    }

    fn tell(&self, changes: Changes, is_ours: bool) {
        if changes.is_empty() {
            return;
        }
        let stories = changes.stories.iter().map(|(id, version)| (Place::from(*id), *version));
        let sites = changes.sites.iter().map(|(id, version)| (Place::from(*id), *version));
        let changed: Vec<(Place, i64)> = stories.chain(sites).collect();
        changed.iter().for_each(|(place, version)| self.saw(*place, *version));
        // first the moment, then the marks: who takes the moment in between begins to read after the change
        let epoch = self.announced.fetch_add(1, Ordering::SeqCst) + 1;
        for (place, _) in changed {
            self.places[usize::from(place.0)].fetch_max(epoch, Ordering::SeqCst);
        }
        if changes.everything {
            self.everything.fetch_max(epoch, Ordering::SeqCst);
        }
        // nobody may be listening
        let _ = self.listeners.send(Announcement { changes: Arc::new(changes), is_ours });
    }

    /// All announcements from now on.
    pub fn listen(&self) -> Listener {
        Listener(self.listeners.subscribe())
    }
}

/// Hears what is announced.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Announcement>);

impl Listener {
    /// The next announcement; `None` when the board is gone. Who was too slow hears that everything changed.
    pub async fn next(&mut self) -> Option<Announcement> {
        match self.0.recv().await {
            Ok(announcement) => Some(announcement),
            Err(broadcast::error::RecvError::Closed) => None,
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Announcement::missed()),
        }
    }

    /// The next announcement, if there is one already.
    pub fn try_next(&mut self) -> Option<Announcement> {
        match self.0.try_recv() {
            Ok(announcement) => Some(announcement),
            Err(broadcast::error::TryRecvError::Lagged(_)) => Some(Announcement::missed()),
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::changes::Change;

    fn story(number: u128) -> StoryId {
        StoryId(Uuid::from_u128(number))
    }

    fn changed(number: u128) -> Changes {
        let mut changes = Changes::default();
        changes.note(Change::Story(story(number), 2));
        changes
    }

    #[test]
    fn what_was_announced_after_one_began_to_read_is_newer() {
        let board = Board::new(false);
        let (one, other) = (Place::from(story(1)), Place::from(story(2)));
        let before = board.epoch();
        assert!(board.last_changed(&[one, other]) <= before);
        board.announce(changed(1));
        assert!(board.last_changed(&[one]) > before);
        assert!(board.last_changed(&[other]) <= before);
        assert!(board.last_changed(&[other, one]) > before);
        assert!(board.last_changed(&[one]) <= board.epoch());
        board.pass_on(Changes::everything());
        assert!(board.last_changed(&[other]) > before);
    }

    #[tokio::test]
    async fn who_is_too_slow_hears_that_everything_changed() {
        let board = Board::new(false);
        let mut listener = board.listen();
        (0..=BEHIND).for_each(|number| board.announce(changed(number as u128)));
        assert!(listener.next().await.unwrap().changes.everything);
        assert!(!listener.next().await.unwrap().changes.everything);
    }
}
