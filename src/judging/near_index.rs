//! The last day's texts in memory, by the hashes that near copies share.
//!
//! It costs a post no writing: each instance fills its own from the ids of replies and of edits in the log, which begin
//! with their time, adds what it stores itself, and reads what others stored once it hears of something. What was
//! stored elsewhere in the last second or two may be missed, and the new text of a reply that goes on waiting, of which
//! nobody tells, until there is other news; a verdict says what was found and is not confirmed against the index.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::off_thread;
use crate::{
    app::State,
    domain::{
        ids::*,
        rules::{Text, near::Sketch},
        timestamp::Timestamp,
    },
    store::{
        Conn, DbError,
        replies::{self, WrittenLately},
    },
};

/// How long a text can be copied.
pub(super) const KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Texts that are kept at most, the latest.
const MOST: usize = 50_000;
/// Of texts that share a hash, so many are known, the latest: a thousand copies are no more certain than a few.
const SHARING: usize = 8;
/// Possible copies that are compared word by word.
const COMPARED: usize = 8;
/// Replies read at once.
const AT_ONCE: i64 = 500;
/// How far back it is looked for what was committed later than its id tells.
const LATE: Duration = Duration::from_secs(2);
/// How long news is gathered before it is looked.
const GATHER: Duration = Duration::from_secs(1);

/// See the module's description. Cheap to clone.
#[derive(Clone, Default)]
pub struct NearIndex(Arc<Mutex<Index>>);

#[derive(Default)]
struct Index {
    /// In the order of their times.
    entries: VecDeque<Arc<Entry>>,
    /// By a hash and its site: the texts that have it, the latest last.
    sharing: HashMap<(SiteId, u32), VecDeque<Arc<Entry>>>,
    known: HashSet<(ReplyId, i32)>,
    /// How many of a site there are.
    of_site: HashMap<SiteId, i64>,
}

/// What is looked at for copies of a text.
#[derive(PartialEq, Eq, Debug)]
pub struct Found {
    /// Replies of the last day on the site whose sketches say that they may be.
    pub replies: Vec<ReplyId>,
    /// Texts of the site among which they were found.
    pub among: i64,
}

struct Entry {
    reply: ReplyId,
    revision: i32,
    site: SiteId,
    at: Timestamp,
    sketch: Sketch,
}

impl NearIndex {
    /// Looks for what a text may be a copy of.
    pub fn find(&self, site: SiteId, sketch: &Sketch, now: Timestamp) -> Found {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        index.forget(now);
        let mut found: Vec<ReplyId> = Vec::new();
        for hash in sketch.looked_up() {
            let sharing = index.sharing.get(&(site, *hash)).into_iter().flatten().rev();
            for entry in sharing {
                if found.len() < COMPARED && !found.contains(&entry.reply) && sketch.may_be_near(&entry.sketch) {
                    found.push(entry.reply);
                }
            }
        }
        Found { replies: found, among: index.of_site.get(&site).copied().unwrap_or_default() }
    }

    /// Adds a text; one too short to be copied has no sketch.
    pub fn add(&self, site: SiteId, (reply, revision): (ReplyId, i32), sketch: Sketch, at: Timestamp) {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sketch.looked_up().is_empty() || !index.known.insert((reply, revision)) {
            return;
        }
        let entry = Arc::new(Entry { reply, revision, site, at, sketch });
        for hash in entry.sketch.looked_up() {
            let sharing = index.sharing.entry((site, *hash)).or_default();
            if sharing.len() >= SHARING {
                sharing.pop_front();
            }
            sharing.push_back(entry.clone());
        }
        *index.of_site.entry(site).or_default() += 1;
        // last as a rule; what was edited long ago is read after what was written since
        let place = index.entries.partition_point(|other| other.at <= at);
        index.entries.insert(place, entry);
        if index.entries.len() > MOST {
            index.forget_first();
        }
    }

    fn knows(&self, reply: ReplyId, revision: i32) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).known.contains(&(reply, revision))
    }
}

impl Index {
    fn forget(&mut self, now: Timestamp) {
        while self.entries.front().is_some_and(|entry| entry.at < now.minus(KEPT)) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        let Some(entry) = self.entries.pop_front() else { return };
        self.known.remove(&(entry.reply, entry.revision));
        if let Some(number) = self.of_site.get_mut(&entry.site) {
            *number -= 1;
            if *number == 0 {
                self.of_site.remove(&entry.site);
            }
        }
        for hash in entry.sketch.looked_up() {
            let key = (entry.site, *hash);
            if let Some(sharing) = self.sharing.get_mut(&key) {
                if let Some(place) = sharing.iter().position(|other| Arc::ptr_eq(other, &entry)) {
                    sharing.remove(place);
                }
                if sharing.is_empty() {
                    self.sharing.remove(&key);
                }
            }
        }
    }
}

/// Fills the index and keeps up with other instances, until it is aborted.
pub async fn run(state: State) {
    let mut listener = state.db.board().listen();
    let mut due = Some(Instant::now());
    let mut after = state.clock.now().minus(KEPT);
    loop {
        let wait = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = wait => {
                due = None;
                match catch_up(&state, after).await {
                    Ok(reached) => after = reached,
                    Err(cause) => {
                        tracing::warn!(%cause, "near copies are looked for among fewer texts; it is tried again");
                        due = Some(Instant::now() + GATHER);
                    }
                }
            }
            heard = listener.next() => match heard {
                Some(heard) if !heard.is_ours => due = due.or(Some(Instant::now() + GATHER)),
                Some(_) => {}
                None => return,
            },
        }
    }
}

/// Adds what was written and edited after this time; from when it is to be looked next.
pub async fn catch_up(state: &State, after: Timestamp) -> Result<Timestamp, DbError> {
    let last = take_in_written(state, ReplyId(first_id(after))).await?;
    // read later, so what was edited is known as far as what was written
    take_in_edited(state, DecisionId(first_id(after))).await?;
    Ok(after.max(time_of(last.0).minus(LATE)))
}

/// Adds what was written after this id; the last one's.
async fn take_in_written(state: &State, mut after: ReplyId) -> Result<ReplyId, DbError> {
    loop {
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(replies::list_written_after(conn, after, AT_ONCE)?);
        let rows = state.db.read(read).await?;
        let is_all = (rows.len() as i64) < AT_ONCE;
        after = rows.last().map_or(after, |row| row.id);
        take_in(state, rows).await?;
        if is_all {
            return Ok(after);
        }
    }
}

/// Adds what was edited after this row of the log.
async fn take_in_edited(state: &State, mut after: DecisionId) -> Result<(), DbError> {
    loop {
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(replies::list_edited_after(conn, after, AT_ONCE)?);
        let rows = state.db.read(read).await?;
        let is_all = (rows.len() as i64) < AT_ONCE;
        after = rows.last().map_or(after, |(edit, _)| *edit);
        take_in(state, rows.into_iter().map(|(_, row)| row).collect()).await?;
        if is_all {
            return Ok(());
        }
    }
}

async fn take_in(state: &State, rows: Vec<WrittenLately>) -> Result<(), DbError> {
    let near = state.judging.near.clone();
    off_thread(move || rows.into_iter().for_each(|row| add(&near, row))).await
}

fn add(near: &NearIndex, row: WrittenLately) {
    if near.knows(row.id, row.revision) {
        return;
    }
    if let Some(groups) = Text::of_source(row.source).groups() {
        near.add(row.site_id, (row.id, row.revision), groups.sketch(), row.at);
    }
}

/// The least id of this time (RFC 9562, section 5.7: the first 48 bits are milliseconds).
fn first_id(at: Timestamp) -> Uuid {
    Uuid::from_u128(u128::from(at.as_millis()) << 80)
}

fn time_of(id: Uuid) -> Timestamp {
    let millis = i64::try_from(id.as_u128() >> 80).unwrap_or_default();
    Timestamp::from_micros(millis.saturating_mul(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id<Id: From<Uuid>>(number: u128) -> Id {
        Id::from(Uuid::from_u128(number))
    }

    #[test]
    fn what_shares_a_hash_on_the_same_site_is_found_for_a_day() {
        let (index, now) = (NearIndex::default(), Timestamp::from_micros(0));
        let add = |number, sketch: &[u32]| index.add(id(1), (id(number), 1), Sketch::of(sketch), now);
        let find = |site, sketch: &[u32], at| index.find(id(site), &Sketch::of(sketch), at);
        add(7, &[1, 2]);
        add(8, &[2, 3]);
        add(9, &[4]);
        assert_eq!(find(1, &[2], now), Found { replies: vec![id(8), id(7)], among: 3 });
        assert_eq!(find(2, &[2], now), Found { replies: Vec::new(), among: 0 });
        assert_eq!(find(1, &[2], now.plus(KEPT)).replies.len(), 2);
        let later = now.plus(KEPT + Duration::from_secs(1));
        assert_eq!(find(1, &[1, 2, 3, 4], later), Found { replies: Vec::new(), among: 0 });
        let inner = index.0.lock().unwrap();
        assert!(
            inner.entries.is_empty() && inner.sharing.is_empty() && inner.known.is_empty() && inner.of_site.is_empty()
        );
    }

    #[test]
    fn of_many_that_share_a_turn_of_phrase_only_likely_copies_are_found() {
        let (index, now) = (NearIndex::default(), Timestamp::from_micros(0));
        let text: Vec<u32> = (0..16).collect();
        index.add(id(1), (id(1), 1), Sketch::of(&text), now);
        for number in 2..=5_u32 {
            let other: Vec<u32> = [0].into_iter().chain((1..16).map(|at| at + 100 * number)).collect();
            index.add(id(1), (id(number.into()), 1), Sketch::of(&other), now);
        }
        assert_eq!(index.find(id(1), &Sketch::of(&text), now), Found { replies: vec![id(1)], among: 5 });
    }

    #[test]
    fn what_is_read_late_is_forgotten_in_its_time() {
        let (index, now) = (NearIndex::default(), Timestamp::from_micros(0));
        let hour = Duration::from_secs(3_600);
        index.add(id(1), (id(7), 1), Sketch::of(&[1]), now.plus(2 * hour));
        index.add(id(1), (id(8), 2), Sketch::of(&[2]), now.plus(hour));
        let found = |at| index.find(id(1), &Sketch::of(&[1, 2]), at);
        assert_eq!(found(now.plus(KEPT + hour)), Found { replies: vec![id(7), id(8)], among: 2 });
        assert_eq!(found(now.plus(KEPT + hour + hour / 2)), Found { replies: vec![id(7)], among: 1 });
    }

    #[test]
    fn a_flood_of_copies_and_of_texts_is_bounded() {
        let (index, now) = (NearIndex::default(), Timestamp::from_micros(0));
        for number in 0..MOST as u128 + 10 {
            index.add(id(1), (id(number), 1), Sketch::of(&[1, 2 + u32::try_from(number).unwrap()]), now);
        }
        let found = index.find(id(1), &Sketch::of(&[1]), now);
        assert_eq!((found.replies.len(), found.among), (COMPARED, MOST as i64));
        let inner = index.0.lock().unwrap();
        assert_eq!((inner.entries.len(), inner.known.len()), (MOST, MOST));
        assert!(inner.sharing.len() <= 2 * MOST);
    }

    #[test]
    fn ids_tell_their_time() {
        let at = Timestamp::from_micros(1_700_000_000_123_000);
        assert_eq!(time_of(first_id(at)), at);
    }
}
