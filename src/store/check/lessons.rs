//! What the classifier learnt, against the decisions that taught it, and its sums against the lessons.

use std::collections::{BTreeMap, HashMap};

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
    // what stands of each reply
    let mut standing: HashMap<ReplyId, i64> = HashMap::new();
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

/// What is wrong with a lesson that comes after another.
fn difference(
    lesson: &Lesson,
    last: i64,
    decision: Option<Decided>,
    standing: &mut HashMap<ReplyId, i64>,
) -> Option<String> {
    let stood = match lesson.takes_back {
        Some(_) => standing.remove(&lesson.reply_id),
        None => standing.insert(lesson.reply_id, lesson.number),
    };
    if lesson.number != last + 1 {
        return Some(format!("follows on {last}"));
    }
    if lesson.taught().is_none() {
        return Some("its slots cannot be read".to_owned());
    }
    if stood != lesson.takes_back {
        return Some("it takes back what does not stand, or learns what stands already".to_owned());
    }
    let Some((action, reason)) = decision else { return Some("no decision has its version".to_owned()) };
    let follows = match (taught_by(action, reason), lesson.takes_back) {
        (Teaching::Nothing, _) => false,
        (_, Some(_)) => true,
        (Teaching::Good, None) => !lesson.is_bad,
        (Teaching::Bad, None) => lesson.is_bad,
        (Teaching::TakesBack, None) => false,
    };
    (!follows).then(|| format!("it does not follow from {action}"))
}

/// Sums as they are stored, of the last months, against the lessons' own.
fn compare(whose: &str, counted: &BTreeMap<Month, LessonSum>, stored: Vec<LessonSum>, line: &mut CheckLine) {
    for sum in stored {
        let month = format!("{whose}, {}-{:02}", sum.month.0.div_euclid(12), sum.month.0.rem_euclid(12) + 1);
        let expected = counted.get(&sum.month);
        line.look((expected != Some(&sum)).then(|| format!("{month}: differs from its lessons")));
    }
}
