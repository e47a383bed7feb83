//! What the classifier learnt, against the decisions that taught it, and its sums against the lessons.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use super::{CheckLine, differing};
use crate::{
    domain::{
        ids::*,
        moderation::{Action, Reason},
        rules::lesson::{Month, Teaching, taught_by},
    },
    store::{
        Conn,
        conn::native,
        lessons::{self, Lesson, LessonSum},
        sites,
        sql::Sql,
        types::Key,
    },
};

const SITES_BATCH: i64 = 100;
const LESSONS_BATCH: i64 = 1_000;
/// The highest score.
const MILLION: i32 = 1_000_000;

/// Each lesson against the decision that it is of, and the sums of each month against the lessons.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    let mut lines = [CheckLine::new("lessons of decisions"), CheckLine::new("sums of lessons")];
    let mut shared: BTreeMap<Month, LessonSum> = BTreeMap::new();
    let mut after = String::new();
    loop {
        let batch = sites::list(conn, &after, SITES_BATCH)?;
        let Some(last) = batch.last() else { break };
        after.clone_from(&last.key);
        for site in &batch {
            check_site(conn, site, &mut lines, &mut shared)?;
        }
    }
    let stored = lessons::list_shared_sums(conn)?;
    compare("all sites", &shared, stored, &mut lines[1]);
    Ok(lines)
}

fn check_site(
    conn: &mut Conn<'_>,
    site: &sites::Site,
    [of_decisions, of_sums]: &mut [CheckLine; 2],
    shared: &mut BTreeMap<Month, LessonSum>,
) -> QueryResult<()> {
    let numbers = lessons::find_numbers(conn, site.id)?;
    let mut sums: BTreeMap<Month, LessonSum> = BTreeMap::new();
    let mut standing = HashMap::new();
    let mut last = 0;
    loop {
        let batch = lessons::list_after(conn, site.id, last, LESSONS_BATCH)?;
        if batch.is_empty() {
            break;
        }
        let decisions = decisions_of(conn, &batch)?;
        for lesson in &batch {
            let decision = decisions.get(&(lesson.reply_id, lesson.reply_version));
            let wrong = difference(lesson, last, decision.copied(), &mut standing);
            of_decisions.look(wrong.map(|wrong| format!("site {}, lesson {}: {wrong}", site.key, lesson.number)));
            last = lesson.number;
            if let Some(taught) = lesson.taught().filter(|taught| taught.number <= numbers.lessons_summed) {
                for sums in [&mut sums, &mut *shared] {
                    sums.entry(taught.month).or_insert_with(|| LessonSum::new(taught.month)).add(&taught);
                }
            }
        }
    }
    of_decisions.look(differing(numbers.lessons, last, || format!("site {}, lessons", site.key)));
    if numbers.lessons_summed > last {
        of_sums.add_wrong(format!("site {}: sums of {} lessons, there are {last}", site.key, numbers.lessons_summed));
    }
    let stored = lessons::list_sums(conn, site.id)?;
    compare(&format!("site {}", site.key), &sums, stored, of_sums);
    Ok(())
}

/// What a decision was, by the reply's version that it made.
type Decided = (Action, Option<Reason>);

fn decisions_of(conn: &mut Conn<'_>, batch: &[Lesson]) -> QueryResult<HashMap<(ReplyId, i32), Decided>> {
    let query = Sql::<(Key, Integer, Text, Nullable<Text>)>::new(
        "SELECT reply_id, reply_version, action, reason FROM decisions WHERE reply_id IN (",
    )
    .keys(batch.iter().map(|lesson| lesson.reply_id))
    .sql(")");
    let rows: Vec<(ReplyId, i32, Action, Option<Reason>)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().map(|(reply, version, action, reason)| ((reply, version), (action, reason))).collect())
}

/// A lesson that stands.
struct Standing {
    number: i64,
    /// A hash of what it teaches.
    says: u64,
}

impl Standing {
    fn of(lesson: &Lesson) -> Self {
        let says = (lesson.month, lesson.is_bad, lesson.revision, &lesson.slots);
        Self { number: lesson.number, says: BuildHasherDefault::<DefaultHasher>::default().hash_one(says) }
    }
}

/// What is wrong with a lesson that comes after another; what stands of each reply is kept up.
fn difference(
    lesson: &Lesson,
    last: i64,
    decision: Option<Decided>,
    standing: &mut HashMap<ReplyId, Standing>,
) -> Option<String> {
    let this = Standing::of(lesson);
    let says = this.says;
    let stood = match lesson.takes_back {
        Some(_) => standing.remove(&lesson.reply_id),
        None => standing.insert(lesson.reply_id, this),
    };
    if lesson.number != last + 1 {
        return Some(format!("follows on {last}"));
    }
    if lesson.taught().is_none() {
        return Some("its slots cannot be read".to_owned());
    }
    if stood.as_ref().map(|stood| stood.number) != lesson.takes_back {
        return Some("it takes back what does not stand, or learns what stands already".to_owned());
    }
    if stood.is_some_and(|stood| stood.says != says) {
        return Some("it takes back something else than was learnt".to_owned());
    }
    if lesson.takes_back.is_none() && lesson.month != Month::of(lesson.created_at).0 {
        return Some("it counts in another month than its own".to_owned());
    }
    if lesson.score.is_some_and(|score| lesson.takes_back.is_some() || !(0..=MILLION).contains(&score)) {
        return Some("it has a score that was never given".to_owned());
    }
    let Some((action, reason)) = decision else { return Some("no decision has its version".to_owned()) };
    let follows = match (taught_by(action, reason), lesson.takes_back) {
        // what it takes back and teaches again is told by the last decision that stands, with the replies
        _ if action == Action::Undo => true,
        (Teaching::Nothing, _) => false,
        (_, Some(_)) => true,
        (Teaching::Good, None) => !lesson.is_bad,
        (Teaching::Bad, None) => lesson.is_bad,
        (Teaching::TakesBack, None) => false,
    };
    (!follows).then(|| format!("it does not follow from {action}"))
}

/// Sums as they are stored, of the months that are read, against the lessons' own.
fn compare(whose: &str, counted: &BTreeMap<Month, LessonSum>, stored: Vec<LessonSum>, line: &mut CheckLine) {
    let stored: BTreeMap<Month, LessonSum> = stored.into_iter().map(|sum| (sum.month, sum)).collect();
    let expected = counted.keys().rev().take(usize::from(lessons::MONTHS));
    let months: BTreeSet<Month> = expected.chain(stored.keys()).copied().collect();
    for month in months {
        let wrong = match (stored.get(&month), counted.get(&month)) {
            (None, _) => Some("is not stored, or cannot be read"),
            (Some(stored), Some(counted)) if stored == counted => None,
            (Some(_), _) => Some("differs from its lessons"),
        };
        let (year, of_year) = (month.0.div_euclid(12), month.0.rem_euclid(12) + 1);
        line.look(wrong.map(|wrong| format!("{whose}, {year}-{of_year:02}: {wrong}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_that_nobody_reads_may_be_missing_and_others_not() {
        let sums = || (0..30).map(|month| LessonSum { good: 1, ..LessonSum::new(Month(month)) });
        let counted = sums().map(|sum| (sum.month, sum)).collect();
        let wrong = |stored: Vec<LessonSum>| {
            let mut line = CheckLine::new("sums of lessons");
            compare("all sites", &counted, stored, &mut line);
            line.differences
        };
        assert!(wrong(sums().skip(6).collect()).is_empty());
        assert_eq!(wrong(sums().skip(7).collect()), ["all sites, 0-07: is not stored, or cannot be read"]);
        let without_one = sums().skip(5).filter(|sum| sum.month != Month(20)).collect();
        assert_eq!(wrong(without_one), ["all sites, 1-09: is not stored, or cannot be read"]);
        let another = sums().skip(6).map(|sum| LessonSum { bad: i64::from(sum.month == Month(12)), ..sum });
        assert_eq!(wrong(another.collect()), ["all sites, 1-01: differs from its lessons"]);
    }
}
