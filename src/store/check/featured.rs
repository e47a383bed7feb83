//! Featured replies against what they are of.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::ids::*,
    store::{Conn, conn::native, featured::MAX, sql::Sql, types::Key},
};

const BATCH: i64 = 1_000;

/// Each one's state, story, site and place, in the order of replies.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("featured replies");
    let mut after = ReplyId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, Bool, BigInt, BigInt)>::new(
            "SELECT f.reply_id, r.state = 'approved', r.story_id = f.story_id AND r.site_id = f.site_id, \
             (SELECT count(*) FROM featured g WHERE g.story_id = f.story_id AND g.position = f.position), \
             (SELECT count(*) FROM featured g WHERE g.story_id = f.story_id) \
             FROM featured f JOIN replies r ON r.id = f.reply_id WHERE f.reply_id > ",
        )
        .key(after)
        .sql(" ORDER BY f.reply_id LIMIT ")
        .int(BATCH);
        let rows: Vec<(ReplyId, bool, bool, i64, i64)> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { return Ok([line]) };
        for (id, is_public, is_of_story, at_place, of_story) in rows {
            let wrong = match () {
                () if !is_public => Some("featured and not public"),
                () if !is_of_story => Some("featured under another story or site"),
                () if at_place != 1 => Some("featured at another's place"),
                () if of_story > MAX as i64 => Some("featured beside too many"),
                () => None,
            };
            line.look(wrong.map(|wrong| format!("reply {id}: {wrong}")));
        }
        after = last;
    }
}
