//! What sites taught the classifier, in memory: read once, then kept up with lesson by lesson.

use std::{
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use diesel::QueryResult;
use moka::sync::Cache;

use crate::{
    domain::{
        ids::SiteId,
        rules::{
            lesson::Month,
            trained::{RECENT, Shared, Taught, Trained},
        },
        timestamp::Timestamp,
    },
    store::{
        Conn,
        lessons::{self, Lesson, LessonSum},
    },
};

/// Sites whose models are kept; one takes 4 MB at most.
const KEPT: u64 = 32;
/// How long one is kept: what other sites taught is borrowed as it was at its beginning.
const KEPT_FOR: Duration = Duration::from_secs(3_600);
/// Lessons that are read for one verdict at most. If there are more, it rests on those before them.
const READ_AT_ONCE: i64 = 1_000;
/// Lessons among which the last scored ones are looked for.
const LOOKED_AT: i64 = 2 * RECENT as i64;

/// See the module's description. Cheap to clone.
#[derive(Clone)]
pub struct Models(Cache<SiteId, Model>);

/// A site's.
pub type Model = Arc<RwLock<Trained>>;

/// What was read of a site's lessons.
pub struct News {
    site: SiteId,
    now: Timestamp,
    /// All that there is, where nothing was in memory.
    beginning: Option<Beginning>,
    /// The next lessons.
    next: Vec<Taught>,
}

struct Beginning {
    sums: Vec<LessonSum>,
    shared: Vec<LessonSum>,
    summed: i64,
    /// Lessons in the sums that may be among the last scored ones, the oldest first.
    scored: Vec<Taught>,
}

impl Models {
    /// With nothing kept.
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(KEPT).time_to_live(KEPT_FOR).build())
    }

    /// Reads what is not in memory yet of a site that has so many lessons; nothing where it has none.
    pub fn read(&self, conn: &mut Conn<'_>, site: SiteId, has: i64, now: Timestamp) -> QueryResult<Option<News>> {
        if has == 0 {
            return Ok(None);
        }
        let known = self.0.get(&site).map(|model| read(&model).lessons());
        let beginning = match known {
            Some(_) => None,
            None => Some(Beginning::read(conn, site)?),
        };
        let from = known.or(beginning.as_ref().map(|beginning| beginning.summed)).unwrap_or_default();
        let next = match from < has {
            true => lessons::list_after(conn, site, from, READ_AT_ONCE)?,
            false => Vec::new(),
        };
        Ok(Some(News { site, now, beginning, next: next.iter().filter_map(Lesson::taught).collect() }))
    }

    /// The same of a site of which it is not known how many it has.
    pub fn read_all(&self, conn: &mut Conn<'_>, site: SiteId, now: Timestamp) -> QueryResult<Option<News>> {
        let has = lessons::find_numbers(conn, site)?.lessons;
        self.read(conn, site, has, now)
    }

    /// Takes in what was read.
    pub fn take_in(&self, news: News) -> Model {
        let News { site, now, beginning, next } = news;
        let make = || {
            Arc::new(RwLock::new(beginning.map_or_else(|| Trained::nothing(now), |beginning| beginning.trained(now))))
        };
        let model = self.0.get_with(site, make);
        if !next.is_empty() {
            let mut trained = model.write().unwrap_or_else(PoisonError::into_inner);
            next.iter().for_each(|lesson| trained.learn(lesson));
        }
        model
    }
}

impl Default for Models {
    fn default() -> Self {
        Self::new()
    }
}

/// What a model knows.
pub fn read(model: &Model) -> RwLockReadGuard<'_, Trained> {
    model.read().unwrap_or_else(PoisonError::into_inner)
}

impl Beginning {
    fn read(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<Self> {
        let summed = lessons::find_numbers(conn, site)?.lessons_summed;
        let mut scored = match summed {
            0 => Vec::new(),
            summed => lessons::list_last(conn, site, summed, LOOKED_AT)?,
        };
        scored.reverse();
        Ok(Self {
            sums: lessons::list_sums(conn, site)?,
            shared: lessons::list_shared_sums(conn)?,
            summed,
            scored: scored.iter().filter_map(Lesson::taught).collect(),
        })
    }

    fn trained(self, now: Timestamp) -> Trained {
        let base = Month::of(now);
        let shared = Shared::new(self.shared.iter().map(|sum| (sum.month, sum.all(), &sum.counts)), base);
        let sums = self.sums.iter().map(|sum| (sum.month, sum.all(), &sum.counts));
        let mut trained = Trained::new(sums, self.summed, base, Arc::new(shared));
        let taken_back: Vec<i64> = self.scored.iter().filter_map(|lesson| lesson.takes_back).collect();
        let stand =
            self.scored.iter().filter(|lesson| lesson.takes_back.is_none() && !taken_back.contains(&lesson.number));
        stand.for_each(|lesson| trained.note(lesson));
        trained
    }
}
