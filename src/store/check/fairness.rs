//! What is owed to authors, against the replies: each refused one has the statement of its last refusal, each returned one its
//! time, and what an open appeal is about is refused.

use diesel::{QueryResult, RunQueryDsl, sql_types::*};
use uuid::Uuid;

use super::CheckLine;
use crate::{
    domain::ids::*,
    store::{Conn, conn::native, sql::Sql, types::Key},
};

const BATCH: i64 = 2_000;

/// What is looked at of a reply that is refused, returned or appealed.
type Row = (ReplyId, bool, bool, bool, bool, bool, bool);

/// Looks at all replies in the order of their ids.
pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 3]> {
    let mut statements = CheckLine::new("statements of refused replies");
    let mut returns = CheckLine::new("returned replies");
    let mut appeals = CheckLine::new("appeals");
    let mut after = ReplyId(Uuid::nil());
    loop {
        let query = Sql::<(Key, Bool, Bool, Bool, Bool, Bool, Bool)>::new(
            "SELECT r.id, r.state IN ('rejected', 'spam'), CASE WHEN r.state IN ('rejected', 'spam') \
             THEN coalesce((SELECT max(m.reply_version) FROM statements m WHERE m.reply_id = r.id), 0) \
             = coalesce((SELECT max(d.reply_version) FROM decisions d WHERE d.reply_id = r.id \
             AND d.action IN ('post', 'edit', 'judge', 'reject', 'spam') AND d.to_state IN ('rejected', 'spam') \
             AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.reply_id = d.reply_id \
             AND u.reply_version = d.reply_version + 1 AND u.action = 'undo')), 0) ELSE 1 = 1 END, r.state = 'returned', \
             EXISTS (SELECT 1 FROM returns b WHERE b.reply_id = r.id AND b.due_at IS NOT NULL), \
             r.appealed_at IS NOT NULL, EXISTS (SELECT 1 FROM appeals x WHERE x.reply_id = r.id AND x.state = 'open' \
             AND x.site_id = r.site_id AND x.author_id = r.author_id) FROM replies r WHERE r.id > ",
        )
        .key(after)
        .sql(" ORDER BY r.id LIMIT ")
        .int(BATCH);
        let rows: Vec<Row> = native!(conn, c => query.load(c))?;
        let Some(&(last, ..)) = rows.last() else { break };
        for (id, is_refused, has_statement, is_returned, has_time, is_appealed, has_appeal) in rows {
            if is_refused {
                statements.look(
                    (!has_statement)
                        .then(|| format!("reply {id}: is refused without the statement of its last refusal")),
                );
            }
            if is_returned || has_time {
                let wrong = is_returned != has_time;
                returns.look(wrong.then(|| format!("reply {id}: returned is {is_returned}, with a time {has_time}")));
            }
            if is_appealed || has_appeal {
                let wrong = is_appealed != has_appeal;
                appeals
                    .look(wrong.then(|| format!("reply {id}: appealed is {is_appealed}, an open appeal {has_appeal}")));
            }
        }
        after = last;
    }
    let stray = Sql::<(Key, Integer)>::new(
        "SELECT m.reply_id, m.reply_version FROM statements m WHERE NOT EXISTS (SELECT 1 FROM decisions d \
         WHERE d.reply_id = m.reply_id AND d.reply_version = m.reply_version \
         AND d.action IN ('post', 'edit', 'judge', 'reject', 'spam') AND d.to_state IN ('rejected', 'spam'))",
    );
    let stray: Vec<(ReplyId, i32)> = native!(conn, c => stray.load(c))?;
    stray.iter().for_each(|(id, version)| {
        statements.look(Some(format!("reply {id}: a statement of version {version}, which refuses nothing")));
    });
    Ok([statements, returns, appeals])
}
