//! A finished page: its bytes in each coding with their tags, and until when they are the right ones.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use actix_web::{http::header::HeaderValue, web::Bytes};
use tokio::sync::OnceCell;

use super::{encoding::Encoding, media::Media};
use crate::{
    domain::timestamp::Timestamp,
    http::{off_thread::off_thread, problem::Problem},
    store::board::{Board, Epoch, Place},
};

/// What was made of a query.
#[derive(Debug)]
pub enum Made {
    /// The bytes that are known already.
    Same,
    /// New ones.
    New(Rendered),
}

/// Bytes with all that decides how long they are right.
#[derive(Debug)]
pub struct Rendered {
    /// What the tag says; other bytes have another one.
    pub validator: String,
    pub media: Media,
    pub bytes: Vec<u8>,
    pub about: About,
}

/// What a page shows.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Where changes of it are announced; none: it is not kept.
    pub places: Vec<Place>,
    /// The versions of what has these places; fewer than those, if something was not there.
    pub versions: Vec<(Place, i64)>,
    /// When the clock changes it.
    pub until: Option<Timestamp>,
    /// The version of the story that it is of, if it is of one.
    pub story_version: Option<i64>,
}

impl About {
    /// Whether it shows nothing older than what is known. Where something was not there nobody knows.
    pub(super) fn is_up_to_date(&self, board: &Board) -> bool {
        let is_new = |(place, version): &(Place, i64)| *version >= board.known_version(*place);
        !self.places.is_empty() && self.versions.len() == self.places.len() && self.versions.iter().all(is_new)
    }

    /// Remembers what was shown.
    pub(super) fn seen(&self, board: &Board) {
        self.versions.iter().for_each(|(place, version)| board.saw(*place, *version));
    }
}

/// A finished page.
#[derive(Debug)]
pub struct Page {
    bodies: Arc<Bodies>,
    about: Arc<About>,
    /// The board's, before it was read.
    epoch: Epoch,
    /// When it began to be read, on the clock that only goes forward.
    read_at: Duration,
    /// When somebody last set out to look whether it is still right, in microseconds of that clock.
    look_began: AtomicU64,
}

#[derive(Debug)]
struct Bodies {
    validator: String,
    media: Media,
    identity: Bytes,
    gzip: OnceCell<Bytes>,
    brotli: OnceCell<Bytes>,
}

/// How right a page still is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// What is stored.
    Right,
    /// What was stored so long ago, for all that is known: to be shown and to be looked at again.
    Aging,
    /// Not to be shown.
    Over,
}

/// After this time it is looked whether a page is still right, although nothing was announced: an announcement may have
/// been lost with the instance that had to make it.
const LOOKED_AT_AGAIN: Duration = Duration::from_secs(15);
/// A page that nobody could look at again for so long is not shown any more.
const SHOWN: Duration = Duration::from_secs(30);

impl Page {
    pub(super) fn new(rendered: Rendered, epoch: Epoch, read_at: Duration) -> Self {
        let Rendered { validator, media, bytes, about } = rendered;
        let identity = bytes.into();
        let bodies = Bodies { validator, media, identity, gzip: OnceCell::new(), brotli: OnceCell::new() };
        Self::with(Arc::new(bodies), Arc::new(about), epoch, read_at)
    }

    /// The same bytes, looked at again.
    pub(super) fn renewed(&self, epoch: Epoch, read_at: Duration) -> Self {
        Self::with(self.bodies.clone(), self.about.clone(), epoch, read_at)
    }

    /// The same bytes, made anew.
    pub(super) fn remade(&self, about: About, epoch: Epoch, read_at: Duration) -> Self {
        Self::with(self.bodies.clone(), Arc::new(about), epoch, read_at)
    }

    fn with(bodies: Arc<Bodies>, about: Arc<About>, epoch: Epoch, read_at: Duration) -> Self {
        Self { bodies, about, epoch, read_at, look_began: AtomicU64::new(0) }
    }

    /// Whether this caller is to look if it is still right: one does, and if he fails another after a while.
    pub(super) fn claim_look(&self, elapsed: Duration, again_after: Duration) -> bool {
        let now = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let is_due = |last: u64| last == 0 || now.saturating_sub(last) >= again_after.as_micros() as u64;
        let claim =
            self.look_began.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| is_due(last).then_some(now));
        claim.is_ok()
    }

    /// What its tags say.
    pub fn validator(&self) -> &str {
        &self.bodies.validator
    }

    /// In what form it is written.
    pub fn media(&self) -> Media {
        self.bodies.media
    }

    /// What it shows.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The board's epoch before it was read.
    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// When it began to be read.
    pub(super) fn read_at(&self) -> Duration {
        self.read_at
    }

    /// Whether nothing of what it shows was announced to have changed.
    pub(super) fn is_unchanged(&self, board: &Board) -> bool {
        board.last_changed(&self.about.places) <= self.epoch
    }

    /// How right it is at a time, which is asked for only if it matters.
    pub(super) fn standing(&self, board: &Board, elapsed: Duration, now: impl FnOnce() -> Timestamp) -> Standing {
        if !self.is_unchanged(board) || self.about.until.is_some_and(|until| until <= now()) {
            return Standing::Over;
        }
        if !board.is_shared() {
            return Standing::Right;
        }
        match elapsed.saturating_sub(self.read_at) {
            age if age < LOOKED_AT_AGAIN => Standing::Right,
            age if age < SHOWN => Standing::Aging,
            _ => Standing::Over,
        }
    }

    /// Seconds since it was last known to be right; none as long as announcements of other instances come through.
    pub(super) fn age_secs(&self, board: &Board, elapsed: Duration) -> Option<u64> {
        const NOTICED: Duration = Duration::from_secs(2);
        if !board.is_shared() {
            return None;
        }
        let age = elapsed.saturating_sub(self.read_at.max(board.confirmed_at()));
        (age >= NOTICED).then_some(age.as_secs())
    }

    /// The tag of its bytes in this coding.
    pub fn etag(&self, encoding: Encoding) -> String {
        etag(&self.bodies.validator, encoding)
    }

    /// Its bytes in this coding, made off the threads that serve the first time they are asked for; and whether that was
    /// now.
    pub(super) async fn body(&self, encoding: Encoding) -> Result<(Bytes, bool), Problem> {
        let is_new = Cell::new(false);
        let encoded = async {
            is_new.set(true);
            let bytes = self.bodies.identity.clone();
            off_thread(move || Ok(Bytes::from(encoding.encode(&bytes)))).await
        };
        let body = match encoding {
            Encoding::Identity => self.bodies.identity.clone(),
            Encoding::Gzip => self.bodies.gzip.get_or_try_init(|| encoded).await?.clone(),
            Encoding::Brotli => self.bodies.brotli.get_or_try_init(|| encoded).await?.clone(),
        };
        Ok((body, is_new.get()))
    }

    /// Its bytes in this coding, if they were made already.
    pub(super) fn finished(&self, encoding: Encoding) -> Option<Bytes> {
        match encoding {
            Encoding::Identity => Some(self.bodies.identity.clone()),
            Encoding::Gzip => self.bodies.gzip.get().cloned(),
            Encoding::Brotli => self.bodies.brotli.get().cloned(),
        }
    }

    /// Bytes of memory that it takes.
    pub(super) fn weight(&self) -> usize {
        const STRUCTURES: usize = 400;
        let of = |cell: &OnceCell<Bytes>| cell.get().map_or(0, Bytes::len);
        let bodies = self.bodies.identity.len() + of(&self.bodies.gzip) + of(&self.bodies.brotli);
        STRUCTURES + bodies + self.bodies.validator.len() + std::mem::size_of_val(&*self.about.places)
    }
}

/// A strong tag.
pub fn etag(validator: &str, encoding: Encoding) -> String {
    format!("\"{validator}{}\"", encoding.suffix())
}

/// A header's value of a tag.
pub fn etag_header(tag: &str) -> HeaderValue {
    HeaderValue::from_str(tag).expect("validators are visible ASCII")
}
