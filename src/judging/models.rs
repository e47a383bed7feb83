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
    start: Start,
    /// The next lessons by their numbers; nothing of one that cannot be read.
    next: Vec<(i64, Option<Taught>)>,
}

/// What the next lessons go on from.
enum Start {
    /// What was in memory. It is held on to, as it may go from there before the next lessons are taken in.
    Model(Model),
    /// All that there is, where nothing was in memory.
    Beginning(Beginning),
}

impl Start {
    /// Lessons up to this one are in it.
    fn lessons(&self) -> i64 {
        match self {
            Self::Model(model) => read(model).lessons(),
            Self::Beginning(beginning) => beginning.summed,
        }
    }
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
        let start = match self.0.get(&site) {
            Some(model) => Start::Model(model),
            None => Start::Beginning(Beginning::read(conn, site)?),
        };
        let from = start.lessons();
        let next = match from < has {
            true => lessons::list_after(conn, site, from, READ_AT_ONCE)?,
            false => Vec::new(),
        };
        let next = next.iter().map(|lesson| (lesson.number, lesson.taught())).collect();
        Ok(Some(News { site, now, start, next }))
    }

    /// The same of a site of which it is not known how many it has.
    pub fn read_all(&self, conn: &mut Conn<'_>, site: SiteId, now: Timestamp) -> QueryResult<Option<News>> {
        let has = lessons::find_numbers(conn, site)?.lessons;
        self.read(conn, site, has, now)
    }

    /// Takes in what was read.
    pub fn take_in(&self, news: News) -> Model {
        let News { site, now, start, next } = news;
        let model = match start {
            Start::Model(model) => model,
            // others may have begun meanwhile: then theirs is the one
            Start::Beginning(beginning) => self.0.get_with(site, || Arc::new(RwLock::new(beginning.trained(now)))),
        };
        if !next.is_empty() {
            let mut trained = model.write().unwrap_or_else(PoisonError::into_inner);
            for (number, lesson) in &next {
                match lesson {
                    Some(lesson) => trained.learn(lesson),
                    None => trained.pass_over(*number),
                }
            }
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

#[cfg(test)]
mod tests {
    use diesel::{Connection as _, SqliteConnection};

    use super::*;
    use crate::store::Native;

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    fn site() -> SiteId {
        SiteId::from(uuid::Uuid::from_u128(1))
    }

    fn lesson(number: i64) -> Taught {
        Taught { number, month: Month::of(now()), is_bad: false, takes_back: None, score: None, slots: Vec::new() }
    }

    /// What a site has taught with so many lessons.
    fn trained(lessons: i64) -> Model {
        let mut trained = Trained::nothing(now());
        (1..=lessons).for_each(|number| trained.learn(&lesson(number)));
        Arc::new(RwLock::new(trained))
    }

    fn texts(model: &Model) -> (i64, f64) {
        let trained = read(model);
        (trained.lessons(), trained.texts().good)
    }

    #[test]
    fn what_goes_from_memory_between_reading_and_learning_is_not_forgotten() {
        let (models, mut nowhere) = (Models::new(), SqliteConnection::establish(":memory:").unwrap());
        models.0.insert(site(), trained(100));
        let news = models.read(&mut Conn::new(Native::Sqlite(&mut nowhere)), site(), 100, now()).unwrap().unwrap();
        models.0.invalidate(&site());
        let model = models.take_in(News { next: vec![(101, Some(lesson(101)))], ..news });
        assert_eq!(texts(&model), (101, 101.0));
    }

    #[test]
    fn what_others_have_begun_learns_no_lessons_before_which_some_are_missing() {
        let models = Models::new();
        models.0.insert(site(), trained(100));
        let beginning = Beginning { sums: Vec::new(), shared: Vec::new(), summed: 150, scored: Vec::new() };
        let next = vec![(151, Some(lesson(151)))];
        let model = models.take_in(News { site: site(), now: now(), start: Start::Beginning(beginning), next });
        assert_eq!(texts(&model), (100, 100.0));
    }

    #[test]
    fn a_lesson_that_cannot_be_read_stops_nothing() {
        let models = Models::new();
        let next = vec![(3, None), (4, Some(lesson(4)))];
        let model = models.take_in(News { site: site(), now: now(), start: Start::Model(trained(2)), next });
        assert_eq!(texts(&model), (4, 3.0));
    }
}
