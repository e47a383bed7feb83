//! Notes against what they are about, and how many they mention.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::{ids::*, note::MENTIONS_MAX},
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 1_000;

/// Each note, in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("notes of moderators");
    let mut after = NoteId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, Bool, BigInt)>::new(
            "SELECT n.id, coalesce(n.site_id = (SELECT r.site_id FROM replies r WHERE r.id = n.reply_id), \
             n.reply_id IS NULL), EXISTS (SELECT 1 FROM accounts a WHERE a.id = n.account_id \
             AND a.closed_at IS NOT NULL), (SELECT count(*) FROM mentions m WHERE m.note_id = n.id) \
             FROM notes n WHERE n.id > ",
        )
        .key(after)
        .sql(" ORDER BY n.id LIMIT ")
        .int(BATCH);
        let rows: Vec<(NoteId, bool, bool, i64)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok([line]) };
        for (id, is_of_site, is_of_closed, mentioned) in rows {
            let wrong = match () {
                () if !is_of_site => Some("about a reply of another site"),
                () if is_of_closed => Some("about a closed account"),
                () if mentioned > MENTIONS_MAX as i64 => Some("mentions too many"),
                () => None,
            };
            line.look(wrong.map(|wrong| format!("note {id}: {wrong}")));
        }
        after = last;
    }
}
