//! The last day's texts in memory, by the hashes that near copies share.
//!
//! It costs a post no writing: each instance fills its own from the replies' ids, which begin with their time, adds what
//! it stores itself, and reads what others stored once it hears of something. What was stored elsewhere in the last second
//! or two may be missed; a verdict says what was found and is not confirmed against the index.

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
        rules::{Text, near::SKETCH},
        timestamp::Timestamp,
    },
    store::{
        DbError,
        replies::{self, WrittenLately},
    },
};

/// How long a text can be copied.
const KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Texts that are kept at most, the latest.
const MOST: usize = 50_000;
/// Of texts that share a hash, so many are known, the latest: a thousand copies are no more certain than a few.
const SHARING: usize = 8;
/// Possible copies that are compared.
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
    /// In the order in which they came.
    entries: VecDeque<Entry>,
    /// By a hash and its site: the replies that have it, the latest last.
    sharing: HashMap<(SiteId, i64), VecDeque<ReplyId>>,
    known: HashSet<(ReplyId, i32)>,
    /// How many of a site there are.
    of_site: HashMap<SiteId, i64>,
}

/// What is looked at for copies of a text.
#[derive(PartialEq, Eq, Debug)]
pub struct Found {
    /// Replies of the last day on the site that share a hash with it.
    pub replies: Vec<ReplyId>,
    /// Texts of the site among which they were found.
    pub among: i64,
}

struct Entry {
    reply: ReplyId,
    revision: i32,
    site: SiteId,
    at: Timestamp,
    sketch: [Option<i64>; SKETCH],
}

impl NearIndex {
    /// Looks for what shares a hash with a text.
    pub fn find(&self, site: SiteId, sketch: &[i64], now: Timestamp) -> Found {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        index.forget(now);
        let mut found: Vec<ReplyId> = Vec::new();
        for hash in sketch {
            let sharing = index.sharing.get(&(site, *hash)).into_iter().flatten().rev();
            for reply in sharing {
                if found.len() < COMPARED && !found.contains(reply) {
                    found.push(*reply);
                }
            }
        }
        Found { replies: found, among: index.of_site.get(&site).copied().unwrap_or_default() }
    }

    /// Adds a text; one too short to be copied has no sketch.
    pub fn add(&self, site: SiteId, (reply, revision): (ReplyId, i32), sketch: &[i64], at: Timestamp) {
        let mut index = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sketch.is_empty() || !index.known.insert((reply, revision)) {
            return;
        }
        let mut kept = [None; SKETCH];
        for (place, hash) in kept.iter_mut().zip(sketch) {
            *place = Some(*hash);
            let sharing = index.sharing.entry((site, *hash)).or_default();
            if sharing.len() >= SHARING {
                sharing.pop_front();
            }
            sharing.push_back(reply);
        }
        *index.of_site.entry(site).or_default() += 1;
        index.entries.push_back(Entry { reply, revision, site, at, sketch: kept });
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
        for hash in entry.sketch.into_iter().flatten() {
            let key = (entry.site, hash);
            if let Some(sharing) = self.sharing.get_mut(&key) {
                if let Some(place) = sharing.iter().position(|reply| *reply == entry.reply) {
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
    let mut after = first_id(state.clock.now().minus(KEPT));
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
                    Ok(last) => after = last,
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

/// Adds what was stored after this id; from where it is to be looked next.
pub async fn catch_up(state: &State, mut after: ReplyId) -> Result<ReplyId, DbError> {
    loop {
        let rows =
            state.db.read(move |conn| Ok::<_, DbError>(replies::list_written_after(conn, after, AT_ONCE)?)).await?;
        let is_all = (rows.len() as i64) < AT_ONCE;
        if let Some(last) = rows.last() {
            after = last.id;
        }
        let near = state.judging.near.clone();
        off_thread(move || rows.into_iter().for_each(|row| take_in(&near, row))).await?;
        if is_all {
            return Ok(first_id(time_of(after).minus(LATE)));
        }
    }
}

fn take_in(near: &NearIndex, row: WrittenLately) {
    if near.knows(row.id, row.revision) {
        return;
    }
    if let Some(groups) = Text::of_source(row.source).groups() {
        near.add(row.site_id, (row.id, row.revision), &groups.sketch(), row.created_at);
    }
}

/// The least id of this time (RFC 9562, section 5.7: the first 48 bits are milliseconds).
fn first_id(at: Timestamp) -> ReplyId {
    ReplyId(Uuid::from_u128(u128::from(at.as_millis()) << 80))
}

fn time_of(id: ReplyId) -> Timestamp {
    let millis = i64::try_from(id.0.as_u128() >> 80).unwrap_or_default();
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
        let add = |number, sketch: &[i64]| index.add(id(1), (id(number), 1), sketch, now);
        add(7, &[1, 2]);
        add(8, &[2, 3]);
        add(9, &[4]);
        assert_eq!(index.find(id(1), &[2], now), Found { replies: vec![id(8), id(7)], among: 3 });
        assert_eq!(index.find(id(2), &[2], now), Found { replies: Vec::new(), among: 0 });
        assert_eq!(index.find(id(1), &[2], now.plus(KEPT)).replies.len(), 2);
        let later = now.plus(KEPT + Duration::from_secs(1));
        assert_eq!(index.find(id(1), &[1, 2, 3, 4], later), Found { replies: Vec::new(), among: 0 });
        let inner = index.0.lock().unwrap();
        assert!(
            inner.entries.is_empty() && inner.sharing.is_empty() && inner.known.is_empty() && inner.of_site.is_empty()
        );
    }

    #[test]
    fn a_flood_of_copies_and_of_texts_is_bounded() {
        let (index, now) = (NearIndex::default(), Timestamp::from_micros(0));
        for number in 0..MOST as u128 + 10 {
            index.add(id(1), (id(number), 1), &[1, i64::try_from(number).unwrap()], now);
        }
        let found = index.find(id(1), &[1], now);
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
