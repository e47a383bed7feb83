//! Replies that a site's people put forward, in the order of their story. Every change of them is made under the story's
//! lock, is seen by its readers, and tells the site's list.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn,
    changes::Change,
    conn::native,
    replies::Reply,
    sql::{Sql, Value},
    story_changes, story_versions,
    types::Key,
};
use crate::domain::{change::ChangeKind, ids::*, timestamp::Timestamp};

/// Replies of one story that are featured at most.
pub const MAX: usize = 50;

/// A featured reply in the list of its story.
#[derive(Clone, PartialEq, Eq, Debug, Queryable)]
pub struct Featured {
    pub reply_id: ReplyId,
    /// No two of a story have the same.
    pub position: i32,
    pub label: Option<String>,
}

/// All of a story in their order; no more than [`MAX`].
pub fn list_of_story(conn: &mut Conn<'_>, story: StoryId) -> QueryResult<Vec<Featured>> {
    type Row = (Key, sql_types::Integer, sql_types::Nullable<sql_types::Text>);
    let query = Sql::<Row>::new("SELECT reply_id, position, label FROM featured WHERE story_id = ")
        .key(story)
        .sql(" ORDER BY position");
    native!(conn, c => query.load(c))
}

/// How many of a story are featured; no more than [`MAX`].
pub fn count_of_story(conn: &mut Conn<'_>, story: StoryId) -> QueryResult<i64> {
    let query = Sql::<(sql_types::BigInt,)>::new("SELECT count(*) FROM featured WHERE story_id = ").key(story);
    let (count,): (i64,) = native!(conn, c => query.get_result(c))?;
    Ok(count)
}

/// Puts a locked reply at this place of its story's list.
pub fn insert(
    conn: &mut Conn<'_>,
    reply: &Reply,
    (position, label): (i32, &Option<String>),
    by: AccountId,
    now: Timestamp,
) -> QueryResult<()> {
    let insert = Sql::<()>::new(
        "INSERT INTO featured (reply_id, site_id, story_id, position, label, featured_by, featured_at) VALUES (",
    )
    .values([
        Value::key(reply.id),
        Value::key(reply.site_id),
        Value::key(reply.story_id),
        position.into(),
        label.into(),
        Value::key(by),
        now.into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    tell(conn, (reply.site_id, reply.story_id), reply.id)
}

/// Takes a locked reply off the list; whether it was on it.
pub fn delete(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<bool> {
    let was_featured = take_off(conn, reply)?;
    if was_featured {
        tell(conn, (reply.site_id, reply.story_id), reply.id)?;
    }
    Ok(was_featured)
}

/// The same where the story's readers see another change of the reply.
pub(super) fn take_off(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<bool> {
    let delete = Sql::<()>::new("DELETE FROM featured WHERE reply_id = ").key(reply.id);
    let was_featured = native!(conn, c => delete.execute(c))? > 0;
    if was_featured {
        conn.note(Change::Site(reply.site_id, 0));
    }
    Ok(was_featured)
}

/// Gives all of a locked story these labels and this order, of which the first that differs is named.
pub fn arrange(
    conn: &mut Conn<'_>,
    (site, story): (SiteId, StoryId),
    items: &[(ReplyId, Option<String>)],
    first: ReplyId,
) -> QueryResult<()> {
    let mut update = Sql::<()>::new("UPDATE featured SET position = CASE reply_id");
    for (position, (id, _)) in (1i64..).zip(items) {
        update = update.sql(" WHEN ").key(*id).sql(" THEN ").int(position);
    }
    update = update.sql(" ELSE position END, label = CASE reply_id");
    for (id, label) in items {
        update = update.sql(" WHEN ").key(*id).sql(" THEN ").value(label);
    }
    let update = update.sql(" ELSE label END WHERE story_id = ").key(story).not_kept();
    native!(conn, c => update.execute(c))?;
    tell(conn, (site, story), first)
}

/// Lets the story's readers see it, and those of the site's list.
fn tell(conn: &mut Conn<'_>, (site, story): (SiteId, StoryId), reply: ReplyId) -> QueryResult<()> {
    let version = story_versions::bump(conn, story, 0)?;
    conn.note(Change::Site(site, 0));
    story_changes::append(conn, story, version, [(ChangeKind::Featured, Some(reply))])
}
