//! The queue of notices: each text of a reply with open notices once, by the oldest of them, so that however many there
//! are of one they hide no other. Written under the reply's lock.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    moderation::QueueSites,
    notices::{Notice, RECEIVED, ReceivedColumns, ReceivedNotice},
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{ids::*, reply_state::ReplyState, timestamp::Timestamp};

/// Lets a notice that was received wait, by itself or with the others about its text.
pub fn add(conn: &mut Conn<'_>, notice: &Notice) -> QueryResult<()> {
    let insert = Sql::<()>::new(
        "INSERT INTO notice_queue (notice_id, site_id, reply_id, revision, opened_at, notices) VALUES (",
    )
    .values([
        Value::key(notice.id),
        Value::key(notice.site_id),
        Value::key(notice.reply_id),
        notice.revision.into(),
        notice.received_at.into(),
        1.into(),
    ])
    .sql(") ON CONFLICT (reply_id, revision) DO UPDATE SET notices = notice_queue.notices + 1");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Takes a text out whose notices were decided about.
pub fn delete(conn: &mut Conn<'_>, reply: ReplyId, revision: i32) -> QueryResult<()> {
    let delete =
        Sql::<()>::new("DELETE FROM notice_queue WHERE reply_id = ").key(reply).sql(" AND revision = ").int(revision);
    native!(conn, c => delete.execute(c))?;
    Ok(())
}

/// A text with open notices.
#[derive(Clone, Debug, Queryable)]
pub struct NoticedText {
    pub site_key: String,
    pub opened_at: Timestamp,
    /// How many are open.
    pub notices: i32,
    pub reply_id: ReplyId,
    /// What was said, in Markdown.
    pub body: String,
    /// As the reply stands by now.
    pub state: ReplyState,
    pub version: i32,
    pub revision: i32,
    pub author_id: AccountId,
    pub story_id: StoryId,
    /// The oldest notice.
    pub first: ReceivedNotice,
}

/// Up to `limit` texts with open notices, those that wait for longest first, past a place: a range of one index for
/// each site, merged.
pub fn list(
    conn: &mut Conn<'_>,
    sites: &QueueSites,
    after: Option<(Timestamp, NoticeId)>,
    limit: i64,
) -> QueryResult<Vec<NoticedText>> {
    type Row = (
        sql_types::Text,
        Instant,
        sql_types::Integer,
        Key,
        sql_types::Text,
        sql_types::Text,
        sql_types::Integer,
        sql_types::Integer,
        Key,
        Key,
        ReceivedColumns,
    );
    let is_lateral = conn.is_pg();
    let mut query = Sql::<Row>::new(
        "SELECT t.key, q.opened_at, q.notices, q.reply_id, coalesce(v.body_source, r.body_source), r.state, r.version, \
         r.revision, r.author_id, r.story_id, ",
    )
    .sql(RECEIVED)
    .sql(" FROM sites t ")
    .sql(match is_lateral {
        true => "CROSS JOIN LATERAL (SELECT b.* FROM notice_queue b WHERE b.site_id = t.id",
        false => {
            "CROSS JOIN notice_queue q ON q.notice_id IN (SELECT b.notice_id FROM notice_queue b WHERE b.site_id = t.id"
        }
    });
    if let Some((at, id)) = after {
        query = query.sql(" AND (b.opened_at, b.notice_id) > (").time(at).sql(", ").key(id).sql(")");
    }
    query = query.sql(" ORDER BY b.opened_at, b.notice_id LIMIT ").int(limit);
    query = query
        .sql(if is_lateral { ") q " } else { ") " })
        .sql(
            "JOIN notices n ON n.id = q.notice_id JOIN replies r ON r.id = q.reply_id \
             LEFT JOIN revisions v ON v.reply_id = q.reply_id AND v.number = q.revision \
             LEFT JOIN accounts a ON a.id = n.account_id ",
        )
        .append(sites.condition());
    let query = query.sql(" ORDER BY q.opened_at, q.notice_id LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// How many notices of a site are open, and since when the oldest is.
pub fn count(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<(i64, Option<Timestamp>)> {
    let query = Sql::<(sql_types::BigInt, sql_types::Nullable<Instant>)>::new(
        "SELECT CAST(coalesce(sum(notices), 0) AS BIGINT), min(opened_at) FROM notice_queue WHERE site_id = ",
    )
    .key(site);
    native!(conn, c => query.get_result(c))
}
