//! What the classifier learnt of decisions: a row for each lesson, appended in the decision's transaction, and sums of the
//! first ones by month, which a job makes.
//!
//! A lesson is taken back by another one. So what is known up to a number is the same everywhere and for ever.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::{lesson_sums, lessons, shared_lesson_sums, site_counters},
    sql::Sql,
};
use crate::domain::{
    ids::*,
    rules::{
        classifier::Count,
        features::Slot,
        lesson::{Month, SlotCounts, Teaching, pack_slots, unpack_slots},
        trained::Taught,
    },
    timestamp::Timestamp,
};

/// A lesson.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = lessons)]
pub struct Lesson {
    pub site_id: SiteId,
    /// From 1.
    pub number: i64,
    pub reply_id: ReplyId,
    /// The reply's version that the decision made.
    pub reply_version: i32,
    /// Of the text.
    pub revision: i32,
    /// See [`Month`].
    pub month: i32,
    pub is_bad: bool,
    /// The lesson that this one takes back.
    pub takes_back: Option<i64>,
    /// In millionths; see [`Taught::score`].
    pub score: Option<i32>,
    pub slots: Vec<u8>,
    pub created_at: Timestamp,
}

impl Lesson {
    /// As the classifier takes it; nothing where its slots are not what we write.
    pub fn taught(&self) -> Option<Taught> {
        Some(Taught {
            number: self.number,
            month: Month(self.month),
            is_bad: self.is_bad,
            takes_back: self.takes_back,
            score: self.score.map(|score| f64::from(score) / 1e6),
            slots: unpack_slots(&self.slots)?,
        })
    }
}

/// A text about to teach.
#[derive(Clone, Debug)]
pub struct NewLesson {
    /// Of the text.
    pub revision: i32,
    pub slots: Vec<Slot>,
    /// What the classifier says of it so far; none while it is quiet.
    pub score: Option<f64>,
}

/// Which reply a decision was about, as it is afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Decided {
    pub site: SiteId,
    pub reply: ReplyId,
    pub version: i32,
}

/// Learns what a decision teaches, and takes back what the last one about the reply taught where that does not hold any
/// more. The site's counters are locked from then on, so that numbers come in the order of commits.
pub fn teach(
    conn: &mut Conn<'_>,
    decided: Decided,
    teaching: Teaching,
    text: Option<&NewLesson>,
    now: Timestamp,
) -> QueryResult<()> {
    if teaching == Teaching::Nothing {
        return Ok(());
    }
    let standing = find_standing(conn, decided.reply)?;
    let is_bad = teaching == Teaching::Bad;
    let text = text.filter(|_| teaching != Teaching::TakesBack);
    let says_the_same =
        |standing: &Lesson| text.is_some_and(|text| (standing.is_bad, standing.revision) == (is_bad, text.revision));
    if standing.as_ref().is_some_and(says_the_same) {
        return Ok(());
    }
    let new = text.map(|text| Lesson {
        site_id: decided.site,
        number: 0,
        reply_id: decided.reply,
        reply_version: decided.version,
        revision: text.revision,
        month: Month::of(now).0,
        is_bad,
        takes_back: None,
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and a million")]
        score: text.score.map(|score| (score * 1e6).round() as i32),
        slots: pack_slots(&text.slots),
        created_at: now,
    });
    let back = standing.map(|standing| Lesson {
        reply_version: decided.version,
        takes_back: Some(standing.number),
        score: None,
        created_at: now,
        ..standing
    });
    append(conn, decided.site, back.into_iter().chain(new).collect())
}

/// Takes back what a decision taught that is undone, and teaches again what it had taken back. `undone` is the reply's version
/// that the decision made.
pub fn unteach(conn: &mut Conn<'_>, decided: Decided, undone: i32, now: Timestamp) -> QueryResult<()> {
    let of_it = lessons::table
        .filter(lessons::reply_id.eq(decided.reply))
        .filter(lessons::reply_version.eq(undone))
        .order(lessons::number.desc());
    let taught: Vec<Lesson> = native!(conn, c => of_it.select(Lesson::as_select()).load(c))?;
    let mut rows = Vec::with_capacity(taught.len());
    for lesson in taught {
        let anew = Lesson { reply_version: decided.version, score: None, created_at: now, ..lesson };
        match anew.takes_back {
            None => rows.push(Lesson { takes_back: Some(anew.number), ..anew }),
            // it says all that the one said which it took back
            Some(_) => rows.push(Lesson { takes_back: None, month: Month::of(now).0, ..anew }),
        }
    }
    append(conn, decided.site, rows)
}

/// Appends lessons with the next numbers of their site.
fn append(conn: &mut Conn<'_>, site: SiteId, rows: Vec<Lesson>) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let take = Sql::<diesel::sql_types::BigInt>::new("UPDATE site_counters SET lessons = lessons + ")
        .int(count)
        .sql(" WHERE site_id = ")
        .key(site)
        .sql(" RETURNING lessons");
    let last: i64 = native!(conn, c => take.get_result(c))?;
    for (number, row) in (last - count + 1..).zip(rows) {
        let row = Lesson { number, ..row };
        native!(conn, c => diesel::insert_into(lessons::table).values(&row).execute(c))?;
    }
    Ok(())
}

/// What a reply taught and was not taken back.
fn find_standing(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<Lesson>> {
    let last: Option<Lesson> = native!(conn, c => {
        lessons::table
            .filter(lessons::reply_id.eq(reply))
            .order(lessons::number.desc())
            .select(Lesson::as_select())
            .first(c)
            .optional()
    })?;
    Ok(last.filter(|last| last.takes_back.is_none()))
}

/// Up to `limit` lessons of a site after this number.
pub fn list_after(conn: &mut Conn<'_>, site: SiteId, number: i64, limit: i64) -> QueryResult<Vec<Lesson>> {
    let rows = lessons::table
        .filter(lessons::site_id.eq(site))
        .filter(lessons::number.gt(number))
        .order(lessons::number)
        .limit(limit);
    native!(conn, c => rows.select(Lesson::as_select()).load(c))
}

/// The last `limit` lessons of a site up to this number, the newest first.
pub fn list_last(conn: &mut Conn<'_>, site: SiteId, up_to: i64, limit: i64) -> QueryResult<Vec<Lesson>> {
    let rows = lessons::table
        .filter(lessons::site_id.eq(site))
        .filter(lessons::number.le(up_to))
        .order(lessons::number.desc())
        .limit(limit);
    native!(conn, c => rows.select(Lesson::as_select()).load(c))
}

/// What was said of these replies' texts before they were learnt, the last of each.
pub fn list_scores(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<(ReplyId, Option<f64>)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<(super::types::Key, diesel::sql_types::Nullable<diesel::sql_types::Integer>)>::new(
        "SELECT reply_id, score FROM lessons WHERE takes_back IS NULL AND reply_id IN (",
    )
    .keys(ids.iter().copied())
    .sql(") ORDER BY reply_id, number");
    let rows: Vec<(ReplyId, Option<i32>)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().map(|(reply, score)| (reply, score.map(|score| f64::from(score) / 1e6))).collect())
}

/// How many lessons a site has, and how many of them are in its sums.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Queryable, Selectable)]
#[diesel(table_name = site_counters)]
pub struct LessonNumbers {
    pub lessons: i64,
    pub lessons_summed: i64,
}

/// The numbers of a site's lessons.
pub fn find_numbers(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<LessonNumbers> {
    let numbers = native!(conn, c => {
        site_counters::table.find(site).select(LessonNumbers::as_select()).first(c).optional()
    })?;
    Ok(numbers.unwrap_or_default())
}

/// Sums of a month.
#[derive(Clone, PartialEq, Debug)]
pub struct LessonSum {
    pub month: Month,
    pub good: i64,
    pub bad: i64,
    pub counts: SlotCounts,
}

impl LessonSum {
    /// Nothing yet.
    pub fn new(month: Month) -> Self {
        Self { month, good: 0, bad: 0, counts: SlotCounts::default() }
    }

    fn of((month, good, bad, counts): (i32, i64, i64, Vec<u8>)) -> Option<Self> {
        Some(Self { month: Month(month), good, bad, counts: SlotCounts::unpack(&counts)? })
    }

    /// Counts a lesson.
    pub fn add(&mut self, lesson: &Taught) {
        let number = if lesson.takes_back.is_some() { -1 } else { 1 };
        *(if lesson.is_bad { &mut self.bad } else { &mut self.good }) += number;
        self.counts.add(&lesson.slots, lesson.is_bad, number);
    }

    /// All texts of the month.
    #[expect(clippy::cast_precision_loss, reason = "counts of decisions are far below 2^53")]
    pub fn all(&self) -> Count {
        Count { good: self.good as f64, bad: self.bad as f64 }
    }
}

/// Months that are read at most, the last ones: older ones weigh next to nothing.
pub const MONTHS: u8 = 24;

/// The sums of a site's last months. Those that are not what we write are left out.
pub fn list_sums(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<Vec<LessonSum>> {
    use lesson_sums::{bad, counts, good, month};
    let rows = lesson_sums::table.filter(lesson_sums::site_id.eq(site)).order(month.desc()).limit(MONTHS.into());
    let rows: Vec<(i32, i64, i64, Vec<u8>)> = native!(conn, c => rows.select((month, good, bad, counts)).load(c))?;
    Ok(rows.into_iter().filter_map(LessonSum::of).collect())
}

/// The sums of all sites' last months.
pub fn list_shared_sums(conn: &mut Conn<'_>) -> QueryResult<Vec<LessonSum>> {
    use shared_lesson_sums::{bad, counts, good, month};
    let rows = shared_lesson_sums::table.order(month.desc()).limit(MONTHS.into());
    let rows: Vec<(i32, i64, i64, Vec<u8>)> = native!(conn, c => rows.select((month, good, bad, counts)).load(c))?;
    Ok(rows.into_iter().filter_map(LessonSum::of).collect())
}

/// Sites with lessons that are in no sum yet.
pub fn list_sites_to_sum(conn: &mut Conn<'_>) -> QueryResult<Vec<SiteId>> {
    let is_waiting = site_counters::lessons.gt(site_counters::lessons_summed);
    let sites = site_counters::table.filter(is_waiting).select(site_counters::site_id);
    native!(conn, c => sites.load(c))
}

/// Lessons that one step of [`sum`] takes at most, so that it never holds the writer for long.
pub const SUMMED_AT_ONCE: i64 = 200;

/// Adds the next lessons of a site to its sums and to those of all sites. True if there may be more.
pub fn sum(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<bool> {
    super::locks::hold(conn, b"sum_lessons")?;
    let numbers = find_numbers(conn, site)?;
    let rows = list_after(conn, site, numbers.lessons_summed, SUMMED_AT_ONCE)?;
    let Some(last) = rows.last().map(|row| row.number) else { return Ok(false) };
    let taught: Vec<Taught> = rows.iter().filter_map(Lesson::taught).collect();
    let mut months: Vec<Month> = taught.iter().map(|lesson| lesson.month).collect();
    months.sort_unstable();
    months.dedup();
    for month in months {
        let of_month = || taught.iter().filter(|lesson| lesson.month == month);
        let mut own = find_sum(conn, Some(site), month)?.unwrap_or_else(|| LessonSum::new(month));
        of_month().for_each(|lesson| own.add(lesson));
        put_sum(conn, Some(site), &own)?;
        let mut shared = find_sum(conn, None, month)?.unwrap_or_else(|| LessonSum::new(month));
        of_month().for_each(|lesson| shared.add(lesson));
        put_sum(conn, None, &shared)?;
    }
    let note = diesel::update(site_counters::table.find(site)).set(site_counters::lessons_summed.eq(last));
    native!(conn, c => note.execute(c))?;
    Ok(last < numbers.lessons)
}

fn find_sum(conn: &mut Conn<'_>, site: Option<SiteId>, month: Month) -> QueryResult<Option<LessonSum>> {
    let row: Option<(i32, i64, i64, Vec<u8>)> = match site {
        Some(site) => native!(conn, c => {
            use lesson_sums::{bad, counts, good, month as of};
            lesson_sums::table.find((site, month.0)).select((of, good, bad, counts)).first(c).optional()
        })?,
        None => native!(conn, c => shared_lesson_sums::table.find(month.0).first(c).optional())?,
    };
    Ok(row.and_then(LessonSum::of))
}

fn put_sum(conn: &mut Conn<'_>, site: Option<SiteId>, sum: &LessonSum) -> QueryResult<()> {
    // what is less than nothing was never learnt here; `check` tells
    let counts = sum.counts.pack().ok_or(diesel::result::Error::RollbackTransaction)?;
    let put = match site {
        Some(site) => {
            Sql::<()>::new("INSERT INTO lesson_sums (site_id, month, good, bad, counts) VALUES (").key(site).sql(", ")
        }
        None => Sql::new("INSERT INTO shared_lesson_sums (month, good, bad, counts) VALUES ("),
    };
    let put = put
        .values([sum.month.0.into(), sum.good.into(), sum.bad.into(), counts.as_slice().into()])
        .sql(if site.is_some() { ") ON CONFLICT (site_id, month)" } else { ") ON CONFLICT (month)" })
        .sql(" DO UPDATE SET good = excluded.good, bad = excluded.bad, counts = excluded.counts");
    native!(conn, c => put.execute(c))?;
    Ok(())
}
