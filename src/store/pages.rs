//! Replies as readers see them: two statements a page, each a few index ranges whatever the story's size.
//!
//! A reply is shown when it is public or has something public below it; the partial indexes hold exactly those, and
//! the conditions here are spelt as there, so that both databases recognise them.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn, Native,
    body::Body,
    conn::native,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*, reply_body::RenderedBody, reply_path::ReplyPath, reply_state::ReplyState, site::SiteRole,
    timestamp::Timestamp,
};

/// A reply with its author, as pages need it.
#[derive(Clone, Debug, Queryable)]
pub struct ShownReply {
    pub id: ReplyId,
    pub site_id: SiteId,
    pub story_id: StoryId,
    pub root_id: ReplyId,
    pub parent_id: Option<ReplyId>,
    /// The true parent where the tree is flat, while it is public.
    pub in_reply_to: Option<ReplyId>,
    pub depth: i32,
    pub path: ReplyPath,
    pub state: ReplyState,
    pub body: RenderedBody,
    pub revision: i32,
    pub version: i32,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub is_edited_by_staff: bool,
    pub direct_below: i32,
    pub visible_below: i32,
    pub recommendations: i32,
    pub author: ShownAuthor,
    pub featured: ShownFeatured,
}

/// How a reply is featured; nothing of one that is not.
#[derive(Clone, PartialEq, Eq, Debug, Queryable)]
pub struct ShownFeatured {
    /// Since when.
    pub at: Option<Timestamp>,
    /// Its place in the story's list.
    pub position: Option<i32>,
    pub label: Option<String>,
}

/// An author as pages need them.
#[derive(Clone, Debug, Queryable)]
pub struct ShownAuthor {
    pub id: AccountId,
    /// None: the account is closed.
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub is_admin: bool,
    /// On the reply's site; `author` before `moderator`.
    pub role: Option<SiteRole>,
    /// What he was given on the reply's site, `key label` a line in no order.
    pub badges: Option<String>,
}

impl ShownReply {
    /// Whether readers see it, as itself or as a tombstone.
    pub fn is_shown(&self) -> bool {
        self.state.is_public() || self.visible_below > 0
    }
}

type Row = (
    Key,
    Key,
    Key,
    Key,
    sql_types::Nullable<Key>,
    sql_types::Nullable<Key>,
    sql_types::Integer,
    sql_types::Binary,
    sql_types::Text,
    Body,
    sql_types::Integer,
    sql_types::Integer,
    Instant,
    sql_types::Nullable<Instant>,
    sql_types::Bool,
    sql_types::Integer,
    sql_types::Integer,
    sql_types::Integer,
    (
        Key,
        sql_types::Nullable<sql_types::Text>,
        sql_types::Nullable<sql_types::Text>,
        sql_types::Bool,
        sql_types::Nullable<sql_types::Text>,
        sql_types::Nullable<sql_types::Text>,
    ),
    (sql_types::Nullable<Instant>, sql_types::Nullable<sql_types::Integer>, sql_types::Nullable<sql_types::Text>),
);

const SELECT: &str = "SELECT r.id, r.site_id, r.story_id, r.root_id, r.parent_id, p.id, r.depth, r.path, r.state, \
     r.body_source, r.body_html, r.revision, r.version, r.created_at, r.edited_at, r.is_edited_by_staff, r.direct_below, \
     r.visible_below, r.recommendations, a.id, a.username, a.display_name, a.is_admin, \
     (SELECT min(g.role) FROM site_roles g WHERE g.site_id = r.site_id AND g.account_id = r.author_id), \
     (SELECT string_agg(b.key || ' ' || d.label, '\n') FROM badge_holders b JOIN site_badges d \
     ON d.site_id = b.site_id AND d.key = b.key WHERE b.site_id = r.site_id AND b.account_id = r.author_id), \
     v.featured_at, v.position, v.label ";

const JOINS: &str = "JOIN accounts a ON a.id = r.author_id \
     LEFT JOIN replies p ON p.id = r.in_reply_to AND p.state = 'approved' \
     LEFT JOIN featured v ON v.reply_id = r.id ";

/// The order of top-level replies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sort {
    Newest,
    Oldest,
    /// Most recommended, then newest.
    Top,
}

/// The place of a top-level reply in any of the orders.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place {
    pub recommendations: i32,
    pub created_at: Timestamp,
    pub id: ReplyId,
}

impl From<&ShownReply> for Place {
    fn from(reply: &ShownReply) -> Self {
        Self { recommendations: reply.recommendations, created_at: reply.created_at, id: reply.id }
    }
}

/// Which top-level replies are asked for.
#[derive(Clone, Copy, Debug)]
pub struct TopsFilter {
    pub story: StoryId,
    pub sort: Sort,
    /// Past this one.
    pub after: Option<Place>,
    pub limit: i64,
}

impl TopsFilter {
    /// Condition, order and limit over the table `r`.
    fn range(&self) -> Sql<Row> {
        let range = Sql::new(
            "FROM replies r WHERE r.depth = 1 AND (r.state = 'approved' OR r.visible_below > 0) AND r.story_id = ",
        )
        .key(self.story);
        let range = match (self.sort, self.after) {
            (_, None) => range,
            (Sort::Newest, Some(place)) => {
                range.sql(" AND (r.created_at, r.id) < (").time(place.created_at).sql(", ").key(place.id).sql(")")
            }
            (Sort::Oldest, Some(place)) => {
                range.sql(" AND (r.created_at, r.id) > (").time(place.created_at).sql(", ").key(place.id).sql(")")
            }
            (Sort::Top, Some(place)) => range
                .sql(" AND (r.recommendations, r.created_at, r.id) < (")
                .int(place.recommendations)
                .sql(", ")
                .time(place.created_at)
                .sql(", ")
                .key(place.id)
                .sql(")"),
        };
        let order = match self.sort {
            Sort::Newest => " ORDER BY r.created_at DESC, r.id DESC LIMIT ",
            Sort::Oldest => " ORDER BY r.created_at, r.id LIMIT ",
            Sort::Top => " ORDER BY r.recommendations DESC, r.created_at DESC, r.id DESC LIMIT ",
        };
        range.sql(order).int(self.limit)
    }
}

/// The top-level replies of a page, in its order.
pub fn list_tops(conn: &mut Conn<'_>, filter: &TopsFilter) -> QueryResult<Vec<ShownReply>> {
    let order = match filter.sort {
        Sort::Newest => "ORDER BY r.created_at DESC, r.id DESC",
        Sort::Oldest => "ORDER BY r.created_at, r.id",
        Sort::Top => "ORDER BY r.recommendations DESC, r.created_at DESC, r.id DESC",
    };
    let query =
        Sql::<Row>::new(SELECT).sql("FROM (SELECT r.* ").append(filter.range()).sql(") r ").sql(JOINS).sql(order);
    native!(conn, c => query.load(c))
}

/// The first `each` replies below each of the page's top-level ones, in reading order thread by thread.
pub fn list_first_below(conn: &mut Conn<'_>, filter: &TopsFilter, each: i64) -> QueryResult<Vec<ShownReply>> {
    let query = Sql::<Row>::new(SELECT).sql("FROM (SELECT r.id ").append(filter.range()).sql(") t ");
    // the one place of reading where the SQL differs: SQLite has no lateral joins, and PostgreSQL runs the correlated
    // form as a scan of everything
    let query = match &mut conn.native {
        Native::Pg(_) => query
            .sql(
                "CROSS JOIN LATERAL (SELECT * FROM replies b WHERE b.root_id = t.id AND b.depth > 1 \
                 AND (b.state = 'approved' OR b.visible_below > 0) ORDER BY b.root_id, b.path LIMIT ",
            )
            .int(each)
            .sql(") r "),
        Native::Sqlite(_) => query
            .sql(
                "CROSS JOIN replies r ON r.id IN (SELECT b.id FROM replies b WHERE b.root_id = t.id AND b.depth > 1 \
                 AND (b.state = 'approved' OR b.visible_below > 0) ORDER BY b.root_id, b.path LIMIT ",
            )
            .int(each)
            .sql(") "),
    };
    let query = query.sql(JOINS);
    let mut rows: Vec<ShownReply> = native!(conn, c => query.load(c))?;
    // at most a page's worth, each thread's rows an index range already; paths order threads and replies alike
    rows.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(rows)
}

/// Up to `limit` replies below a reply in reading order, past this path.
pub fn list_below(
    conn: &mut Conn<'_>,
    root: ReplyId,
    path: &ReplyPath,
    after: Option<&ReplyPath>,
    limit: i64,
) -> QueryResult<Vec<ShownReply>> {
    let query = Sql::<Row>::new(SELECT)
        .sql(
            "FROM (SELECT r.* FROM replies r WHERE r.depth > 1 AND (r.state = 'approved' OR r.visible_below > 0) \
             AND r.root_id = ",
        )
        .key(root)
        .sql(" AND r.path > ")
        .bytes(after.unwrap_or(path).as_bytes())
        .sql(" AND r.path < ")
        .bytes(path.end().as_bytes())
        .sql(" ORDER BY r.root_id, r.path LIMIT ")
        .int(limit)
        .sql(") r ")
        .sql(JOINS)
        .sql("ORDER BY r.path");
    native!(conn, c => query.load(c))
}

/// A reply, whether readers see it or not.
pub fn find(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<ShownReply>> {
    use diesel::OptionalExtension;
    let query = Sql::<Row>::new(SELECT).sql("FROM replies r ").sql(JOINS).sql("WHERE r.id = ").key(id);
    native!(conn, c => query.get_result(c).optional())
}

/// These replies, in no order; the caller bounds how many they are.
pub fn list_by_ids(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<ShownReply>> {
    let query = Sql::<Row>::new(SELECT)
        .sql("FROM replies r ")
        .sql(JOINS)
        .sql("WHERE r.id IN (")
        .keys(ids.iter().copied())
        .sql(")");
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    native!(conn, c => query.load(c))
}

/// The ancestors of a reply, the top-level one first.
pub fn list_ancestors(conn: &mut Conn<'_>, root: ReplyId, path: &ReplyPath) -> QueryResult<Vec<ShownReply>> {
    if path.depth() < 2 {
        return Ok(Vec::new());
    }
    // a range of 32 points at most, walked down the parents: each a look-up by id
    let query = Sql::<Row>::new("WITH RECURSIVE up(id) AS (SELECT s.parent_id FROM replies s WHERE s.root_id = ")
        .key(root)
        .sql(" AND s.path = ")
        .bytes(path.as_bytes())
        .sql(" UNION ALL SELECT s.parent_id FROM up JOIN replies s ON s.id = up.id WHERE s.parent_id IS NOT NULL) ")
        .sql(SELECT)
        .sql("FROM up JOIN replies r ON r.id = up.id ")
        .sql(JOINS)
        .sql("ORDER BY r.path");
    native!(conn, c => query.load(c))
}

/// Up to `limit` public replies of a site, the newest first, before this one.
pub fn list_newest_of_site(
    conn: &mut Conn<'_>,
    site: SiteId,
    before: Option<(Timestamp, ReplyId)>,
    limit: i64,
) -> QueryResult<Vec<ShownReply>> {
    newest("r.site_id = ", site.into(), before, limit, conn)
}

/// Up to `limit` public replies of an author, the newest first, before this one.
pub fn list_newest_of_author(
    conn: &mut Conn<'_>,
    author: AccountId,
    before: Option<(Timestamp, ReplyId)>,
    limit: i64,
) -> QueryResult<Vec<ShownReply>> {
    newest("r.author_id = ", author.into(), before, limit, conn)
}

/// Up to `limit` featured replies of a story in their order, past this position.
pub fn list_featured(
    conn: &mut Conn<'_>,
    story: StoryId,
    after: Option<i32>,
    limit: i64,
) -> QueryResult<Vec<ShownReply>> {
    let query = Sql::<Row>::new(SELECT)
        .sql("FROM (SELECT reply_id, position FROM featured WHERE story_id = ")
        .key(story)
        .sql(" AND position > ")
        .int(after.unwrap_or_default())
        .sql(" ORDER BY position LIMIT ")
        .int(limit)
        .sql(") o JOIN replies r ON r.id = o.reply_id ")
        .sql(JOINS)
        .sql("ORDER BY o.position");
    native!(conn, c => query.load(c))
}

/// Up to `limit` featured replies of a site, those featured last first, before this one.
pub fn list_featured_of_site(
    conn: &mut Conn<'_>,
    site: SiteId,
    before: Option<(Timestamp, ReplyId)>,
    limit: i64,
) -> QueryResult<Vec<ShownReply>> {
    let mut query =
        Sql::<Row>::new(SELECT).sql("FROM (SELECT reply_id, featured_at FROM featured WHERE site_id = ").key(site);
    if let Some((time, id)) = before {
        query = query.sql(" AND (featured_at, reply_id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let query = query
        .sql(" ORDER BY featured_at DESC, reply_id DESC LIMIT ")
        .int(limit)
        .sql(") o JOIN replies r ON r.id = o.reply_id ")
        .sql(JOINS)
        .sql("ORDER BY o.featured_at DESC, o.reply_id DESC");
    native!(conn, c => query.load(c))
}

fn newest(
    whose: &'static str,
    id: uuid::Uuid,
    before: Option<(Timestamp, ReplyId)>,
    limit: i64,
    conn: &mut Conn<'_>,
) -> QueryResult<Vec<ShownReply>> {
    let mut query = Sql::<Row>::new(SELECT)
        .sql("FROM (SELECT r.* FROM replies r WHERE r.state = 'approved' AND ")
        .sql(whose)
        .key(id);
    if let Some((time, id)) = before {
        query = query.sql(" AND (r.created_at, r.id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let query = query
        .sql(" ORDER BY r.created_at DESC, r.id DESC LIMIT ")
        .int(limit)
        .sql(") r ")
        .sql(JOINS)
        .sql("ORDER BY r.created_at DESC, r.id DESC");
    native!(conn, c => query.load(c))
}
