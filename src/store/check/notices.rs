//! Notices against their queue and against the numbers of their days.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::{
        day::Day,
        ids::*,
        notice::{NoticeGround, NoticeOutcome},
        notice_days::{Counted, Took},
        notice_reference::NoticeReference,
        timestamp::Timestamp,
    },
    store::{
        Conn,
        conn::native,
        sites,
        sql::Sql,
        types::{Instant, Key},
    },
};

const BATCH: i64 = 1_000;
const SITES_BATCH: i64 = 100;

/// What the notices say of a day: a number for each site, day and kind, whatever their own number.
type Numbers = BTreeMap<(SiteId, i32, String), i64>;

/// Each notice, each text in the queue, each number of a day.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 3]> {
    let mut counted = Numbers::new();
    let notices = notices(conn, &mut counted)?;
    Ok([notices, queue(conn)?, days(conn, counted)?])
}

/// A notice with what it is about and what was decided.
type Row = (
    NoticeId,
    SiteId,
    bool,
    NoticeGround,
    Option<String>,
    Option<Timestamp>,
    Option<Timestamp>,
    bool,
    Option<(NoticeOutcome, bool, bool)>,
);

/// Each notice, in the order of ids: its reference, its place, its decision.
fn notices(conn: &mut Conn<'_>, counted: &mut Numbers) -> QueryResult<CheckLine> {
    type Columns = (
        Key,
        Key,
        Bool,
        Text,
        Nullable<Text>,
        Nullable<Instant>,
        Nullable<Instant>,
        Bool,
        Nullable<(Text, Bool, Bool)>,
    );
    let mut line = CheckLine::new("notices");
    let mut after = NoticeId(Uuid::nil());
    loop {
        let query = Sql::<Columns>::new(
            "SELECT n.id, n.site_id, n.account_id IS NOT NULL, n.ground, n.reference, n.received_at, n.decided_at, \
             n.site_id = r.site_id AND n.revision BETWEEN 1 AND r.revision, d.outcome, d.is_automated, \
             d.reply_id = n.reply_id AND d.revision = n.revision AND d.site_id = n.site_id \
             AND d.decided_at = n.decided_at FROM notices n JOIN replies r ON r.id = n.reply_id \
             LEFT JOIN notice_decisions d ON d.id = n.decision_id WHERE n.id > ",
        )
        .key(after)
        .sql(" ORDER BY n.id LIMIT ")
        .int(BATCH);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for row in &rows {
            line.look(wrong_with(row).map(|what| format!("notice {}: {what}", row.0)));
            count(row, counted);
        }
        after = last;
    }
}

fn wrong_with((_, _, _, _, reference, received_at, decided_at, is_in_place, decision): &Row) -> Option<&'static str> {
    let is_known = reference.as_deref().is_none_or(|text| NoticeReference::parse(text).is_some());
    if reference.is_some() != received_at.is_some() || !is_known {
        return Some("no reference that it can have");
    }
    if !is_in_place {
        return Some("about another site's reply, or a text that there is not");
    }
    if decided_at.is_some() != decision.is_some() || decision.is_some_and(|(_, _, is_about_it)| !is_about_it) {
        return Some("the decision is about another text");
    }
    None
}

fn count((_, site, is_of_account, ground, _, received_at, decided_at, _, decision): &Row, counted: &mut Numbers) {
    let mut add = |at: Timestamp, what: Counted| *counted.entry((*site, Day::of(at).0, what.key())).or_default() += 1;
    let Some(received_at) = *received_at else { return };
    add(received_at, Counted::Received(*ground));
    add(received_at, if *is_of_account { Counted::OfAccount } else { Counted::OfGuest });
    if let (Some(decided_at), Some((outcome, is_automated, _))) = (*decided_at, *decision) {
        add(decided_at, Counted::Decided(outcome));
        add(decided_at, Counted::Took(Took::of(decided_at.since(received_at))));
        if is_automated {
            add(decided_at, Counted::Automated);
        }
    }
}

/// Each text in the queue, and those that are missing there.
fn queue(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    let mut line = CheckLine::new("texts with open notices");
    let mut after = NoticeId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Integer, BigInt, Bool)>::new(
            "SELECT q.notice_id, q.notices, (SELECT count(*) FROM notices o WHERE o.state = 'open' \
             AND o.reply_id = q.reply_id AND o.revision = q.revision), n.state = 'open' AND n.reply_id = q.reply_id \
             AND n.revision = q.revision AND n.site_id = q.site_id AND n.received_at = q.opened_at \
             FROM notice_queue q JOIN notices n ON n.id = q.notice_id WHERE q.notice_id > ",
        )
        .key(after)
        .sql(" ORDER BY q.notice_id LIMIT ")
        .int(BATCH);
        let rows: Vec<(NoticeId, i32, i64, bool)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { break };
        for (id, stored, open, is_of_it) in rows {
            let other = (!is_of_it).then(|| format!("the text of notice {id}: not as the notice says"));
            line.look(other.or_else(|| differing(stored.into(), open, || format!("the text of notice {id}"))));
        }
        after = last;
    }
    let missing = Sql::<Key>::new(
        "SELECT DISTINCT n.reply_id FROM notices n WHERE n.state = 'open' AND NOT EXISTS (SELECT 1 FROM notice_queue q \
         WHERE q.reply_id = n.reply_id AND q.revision = n.revision)",
    );
    let missing: Vec<ReplyId> = native!(conn, c => missing.load(c))?;
    missing.iter().for_each(|id| line.look(Some(format!("reply {id}: open notices that are in no queue"))));
    Ok(line)
}

/// The numbers of days, but of what was deleted with what it counts.
fn days(conn: &mut Conn<'_>, counted: Numbers) -> QueryResult<CheckLine> {
    let mut stored = Numbers::new();
    let mut after = String::new();
    loop {
        let sites = sites::list(conn, &after, SITES_BATCH)?;
        let Some(last) = sites.last() else { break };
        after.clone_from(&last.key);
        for site in &sites {
            let query =
                Sql::<(Integer, Text, BigInt)>::new("SELECT day, what, number FROM notice_days WHERE site_id = ")
                    .key(site.id)
                    .sql(" AND what <> ")
                    .str(Counted::Dropped.key());
            let rows: Vec<(i32, String, i64)> = native!(conn, c => query.load(c))?;
            stored.extend(rows.into_iter().map(|(day, what, number)| ((site.id, day, what), number)));
        }
    }
    let mut line = CheckLine::new("days of notices");
    let keys: BTreeSet<_> = stored.keys().chain(counted.keys()).collect();
    for key in keys {
        let [stored, counted] = [&stored, &counted].map(|numbers| numbers.get(key).copied().unwrap_or_default());
        line.look(differing(stored, counted, || format!("site {}, {}, {}", key.0, Day(key.1), key.2)));
    }
    Ok(line)
}
