//! What made the last versions of a story: for those who follow it, also on other instances and after a break.

use diesel::{QueryResult, RunQueryDsl, sql_types};

use super::{Conn, conn::native, sql::Sql, types::Key};
use crate::domain::{change::ChangeKind, ids::*};

/// Versions of a story that are kept at least.
pub const KEPT: i64 = 500;
/// Every so many versions those before are dropped.
const DROPPED_EVERY: i64 = 100;

/// One thing that a version changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoryChange {
    pub version: i64,
    pub kind: ChangeKind,
    /// None: the story itself.
    pub reply_id: Option<ReplyId>,
}

/// Stores what made a story's new version.
pub fn append(
    conn: &mut Conn<'_>,
    story: StoryId,
    version: i64,
    changes: impl IntoIterator<Item = (ChangeKind, Option<ReplyId>)>,
) -> QueryResult<()> {
    for (position, (kind, reply)) in (0i64..).zip(changes) {
        let insert = Sql::<()>::new("INSERT INTO story_changes (story_id, version, position, kind, reply_id) VALUES (")
            .key(story)
            .sql(", ")
            .int(version)
            .sql(", ")
            .int(position)
            .sql(", ")
            .str(kind.as_str());
        let insert = match reply {
            Some(id) => insert.sql(", ").key(id).sql(")"),
            None => insert.sql(", NULL)"),
        };
        native!(conn, c => insert.execute(c))?;
    }
    if version % DROPPED_EVERY == 0 {
        let drop = Sql::<()>::new("DELETE FROM story_changes WHERE story_id = ")
            .key(story)
            .sql(" AND version <= ")
            .int(version - KEPT);
        native!(conn, c => drop.execute(c))?;
    }
    Ok(())
}

/// Up to `limit` things that changed after this version, in order.
pub fn list_after(conn: &mut Conn<'_>, story: StoryId, version: i64, limit: i64) -> QueryResult<Vec<StoryChange>> {
    type Row = (sql_types::BigInt, sql_types::Text, sql_types::Nullable<Key>);
    let query = Sql::<Row>::new("SELECT version, kind, reply_id FROM story_changes WHERE story_id = ")
        .key(story)
        .sql(" AND version > ")
        .int(version)
        .sql(" ORDER BY version, position LIMIT ")
        .int(limit);
    let rows: Vec<(i64, String, Option<ReplyId>)> = native!(conn, c => query.load(c))?;
    let change = |(version, kind, reply_id): (i64, String, _)| {
        Some(StoryChange { version, kind: ChangeKind::parse(&kind)?, reply_id })
    };
    Ok(rows.into_iter().filter_map(change).collect())
}
