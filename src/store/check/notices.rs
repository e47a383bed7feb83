//! Notices against their queue.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::{CheckLine, differing};
use crate::{
    domain::{ids::*, notice_reference::NoticeReference, timestamp::Timestamp},
    store::{
        Conn,
        conn::native,
        sql::Sql,
        types::{Instant, Key},
    },
};

const BATCH: i64 = 1_000;

/// Each notice, each text in the queue.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 2]> {
    Ok([notices(conn)?, queue(conn)?])
}

/// A notice: its reference, when it was received and decided, whether it is in its place, and whether the decision is about
/// it.
type Row = (NoticeId, Option<String>, Option<Timestamp>, Option<Timestamp>, bool, Option<bool>);

/// Each notice, in the order of ids: its reference, its place, its decision.
fn notices(conn: &mut Conn<'_>) -> QueryResult<CheckLine> {
    type Columns = (Key, Nullable<Text>, Nullable<Instant>, Nullable<Instant>, Bool, Nullable<Bool>);
    let mut line = CheckLine::new("notices");
    let mut after = NoticeId(Uuid::nil());
    loop {
        let query = Sql::<Columns>::new(
            "SELECT n.id, n.reference, n.received_at, n.decided_at, \
             n.site_id = r.site_id AND n.revision BETWEEN 1 AND r.revision, \
             d.reply_id = n.reply_id AND d.revision = n.revision AND d.site_id = n.site_id AND d.decided_at = n.decided_at FROM notices n JOIN replies r ON r.id = n.reply_id \
             LEFT JOIN notice_decisions d ON d.id = n.decision_id WHERE n.id > ",
        )
        .key(after)
        .sql(" ORDER BY n.id LIMIT ")
        .int(BATCH);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok(line) };
        for row in &rows {
            line.look(wrong_with(row).map(|what| format!("notice {}: {what}", row.0)));
        }
        after = last;
    }
}

fn wrong_with((_, reference, received_at, decided_at, is_in_place, is_about_it): &Row) -> Option<&'static str> {
    let is_known = reference.as_deref().is_none_or(|text| NoticeReference::parse(text).is_some());
    if reference.is_some() != received_at.is_some() || !is_known {
        return Some("no reference that it can have");
    }
    if !is_in_place {
        return Some("about another site's reply, or a text that there is not");
    }
    if decided_at.is_some() != is_about_it.is_some() || *is_about_it == Some(false) {
        return Some("the decision is about another text");
    }
    None
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
