//! Queues: which replies stand in them, and all that a decision about one needs.

use diesel::{OptionalExtension, QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn, Native,
    body::{Body, HTML_BYTES},
    conn::native,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*, reply_body::RenderedBody, reply_path::ReplyPath, reply_state::ReplyState, timestamp::Timestamp,
};

/// Which replies: those of a state, public ones with open reports, public ones that rules flagged, or refused ones whose
/// authors appeal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QueueKind {
    State(ReplyState),
    Reported,
    Flagged,
    Appealed,
}

/// The queues of which sites.
#[derive(Clone, Debug)]
pub enum QueueSites {
    /// All that there are.
    All,
    /// These.
    These(Vec<SiteId>),
}

impl QueueSites {
    /// That a site, `t`, is one of them.
    pub(super) fn condition(&self) -> Sql<()> {
        match self {
            Self::All => Sql::new(""),
            Self::These(sites) => Sql::new("WHERE t.id IN (").keys(sites.iter().copied()).sql(")"),
        }
    }
}

/// Which items of which queues are asked for.
#[derive(Clone, Copy, Debug)]
pub struct ListedQueue<'a> {
    pub kind: QueueKind,
    pub sites: &'a QueueSites,
    pub story: Option<StoryId>,
    pub author: Option<AccountId>,
    pub is_newest_first: bool,
    /// Past this one.
    pub after: Option<QueuePlace>,
    pub limit: i64,
}

/// The place of an item in any of the orders.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueuePlace {
    pub open_reports: i32,
    pub created_at: Timestamp,
    pub id: ReplyId,
}

/// A reply with what a moderator sees of it at once.
#[derive(Clone, Debug, Queryable)]
pub struct QueuedReply {
    pub id: ReplyId,
    pub site_id: SiteId,
    pub site_key: String,
    pub story: QueuedStory,
    pub root_id: ReplyId,
    pub parent_id: Option<ReplyId>,
    pub in_reply_to: Option<ReplyId>,
    pub answered_revision: Option<i32>,
    pub depth: i32,
    pub path: ReplyPath,
    pub state: ReplyState,
    pub body: RenderedBody,
    pub revision: i32,
    pub version: i32,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub is_edited_by_staff: bool,
    pub visible_below: i32,
    pub recommendations: i32,
    pub open_reports: i32,
    pub flagged_at: Option<Timestamp>,
    /// Notes of moderators about it.
    pub notes: i64,
    pub author: QueuedAuthor,
}

/// The story of a queued reply.
#[derive(Clone, Debug, Queryable)]
pub struct QueuedStory {
    pub id: StoryId,
    pub external_id: String,
    pub headline: String,
    pub commentary_label: Option<String>,
}

/// The author of a queued reply with their history on the site.
#[derive(Clone, Debug, Queryable)]
pub struct QueuedAuthor {
    pub id: AccountId,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub created_at: Timestamp,
    pub pending: i64,
    pub approved: i64,
    pub rejected: i64,
    pub spam: i64,
    pub withdrawn: i64,
    pub returned: i64,
    /// Notes of the site's moderators about them.
    pub notes: i64,
}

type Row = (
    Key,
    Key,
    sql_types::Text,
    (Key, sql_types::Text, sql_types::Text, sql_types::Nullable<sql_types::Text>),
    Key,
    sql_types::Nullable<Key>,
    sql_types::Nullable<Key>,
    sql_types::Nullable<sql_types::Integer>,
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
    sql_types::Nullable<Instant>,
    sql_types::BigInt,
    (
        Key,
        sql_types::Nullable<sql_types::Text>,
        sql_types::Nullable<sql_types::Text>,
        Instant,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
        sql_types::BigInt,
    ),
);

const SELECT: &str = "SELECT r.id, r.site_id, s.key, y.id, y.external_id, y.headline, m.label, r.root_id, r.parent_id, \
     r.in_reply_to, r.answered_revision, r.depth, r.path, r.state, r.body_source, r.body_html, r.revision, r.version, \
     r.created_at, r.edited_at, r.is_edited_by_staff, r.visible_below, r.recommendations, r.open_reports, r.flagged_at, \
     (SELECT count(*) FROM notes n WHERE n.reply_id = r.id), a.id, a.username, a.display_name, a.created_at, h.pending, h.approved, h.rejected, h.spam, h.withdrawn, \
     h.returned, \
     (SELECT count(*) FROM notes n WHERE n.account_id = r.author_id AND n.site_id = r.site_id) ";

const JOINS: &str = "JOIN sites s ON s.id = r.site_id JOIN stories y ON y.id = r.story_id \
     LEFT JOIN commentaries m ON m.story_id = y.id JOIN accounts a ON a.id = r.author_id \
     JOIN author_counters h ON h.account_id = r.author_id AND h.site_id = r.site_id ";

/// The items of a queue page, in its order: a range of one index for each site, merged.
pub fn list(conn: &mut Conn<'_>, filter: &ListedQueue<'_>) -> QueryResult<Vec<QueuedReply>> {
    let mut query = Sql::<Row>::new(SELECT).sql("FROM sites t ");
    // as in `pages`: a lateral join where there is one, else a correlated list
    let is_lateral = conn.is_pg();
    query = query.sql(if is_lateral {
        "CROSS JOIN LATERAL (SELECT b.* FROM replies b WHERE b.site_id = t.id"
    } else {
        "CROSS JOIN replies r ON r.id IN (SELECT b.id FROM replies b WHERE b.site_id = t.id"
    });
    query = match filter.kind {
        QueueKind::State(state) => query.sql(" AND b.state = ").str(state.as_str()),
        QueueKind::Reported => query.sql(" AND b.state = 'approved' AND b.open_reports > 0"),
        QueueKind::Flagged => query.sql(" AND b.flagged_at IS NOT NULL"),
        QueueKind::Appealed => query.sql(" AND b.appealed_at IS NOT NULL"),
    };
    if let Some(story) = filter.story {
        query = query.sql(" AND b.story_id = ").key(story);
    }
    if let Some(author) = filter.author {
        query = query.sql(" AND b.author_id = ").key(author);
    }
    if let Some(place) = filter.after {
        query = match (filter.kind, filter.is_newest_first) {
            (QueueKind::Reported, _) => {
                query.sql(" AND (b.open_reports, b.created_at, b.id) < (").int(place.open_reports).sql(", ")
            }
            (_, true) => query.sql(" AND (b.created_at, b.id) < ("),
            (_, false) => query.sql(" AND (b.created_at, b.id) > ("),
        };
        query = query.time(place.created_at).sql(", ").key(place.id).sql(")");
    }
    let (inner, outer) = match (filter.kind, filter.is_newest_first) {
        (QueueKind::Reported, _) => (
            " ORDER BY b.open_reports DESC, b.created_at DESC, b.id DESC LIMIT ",
            " ORDER BY r.open_reports DESC, r.created_at DESC, r.id DESC LIMIT ",
        ),
        (_, true) => (" ORDER BY b.created_at DESC, b.id DESC LIMIT ", " ORDER BY r.created_at DESC, r.id DESC LIMIT "),
        (_, false) => (" ORDER BY b.created_at, b.id LIMIT ", " ORDER BY r.created_at, r.id LIMIT "),
    };
    query = query.sql(inner).int(filter.limit).sql(if is_lateral { ") r " } else { ") " }).sql(JOINS);
    query = query.append(filter.sites.condition());
    let query = query.sql(outer).int(filter.limit);
    native!(conn, c => query.load(c))
}

/// One reply as a moderator sees it.
pub fn find(conn: &mut Conn<'_>, id: ReplyId) -> QueryResult<Option<QueuedReply>> {
    let query = Sql::<Row>::new(SELECT).sql("FROM replies r ").sql(JOINS).sql("WHERE r.id = ").key(id);
    native!(conn, c => query.get_result(c).optional())
}

/// These replies, in their order.
pub fn list_these(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<QueuedReply>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Sql::<Row>::new(SELECT).sql("FROM replies r ").sql(JOINS).sql("WHERE r.id IN (").keys(ids.iter().copied());
    let query = query.sql(")");
    let mut rows: Vec<QueuedReply> = native!(conn, c => query.load(c))?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// The bytes of the texts that stand around each of these replies: of its ancestors, of the `each` last reports and
/// decisions, of its return and of appeals; several rows for a reply are to be added up.
pub fn list_bytes_around(conn: &mut Conn<'_>, ids: &[ReplyId], each: i64) -> QueryResult<Vec<(ReplyId, bool, i64)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = up::<(Key, sql_types::Bool, sql_types::BigInt)>(conn, ids)
        .sql("SELECT up.below_id, 1 = 1, ")
        .sql(HTML_BYTES)
        .sql(" FROM up ")
        .sql(by_up_id(conn, "r"))
        .sql(
            " UNION ALL SELECT p.reply_id, 1 = 0, CAST(octet_length(p.note) AS BIGINT) FROM reports p \
             WHERE p.note IS NOT NULL AND p.reply_id IN (",
        )
        .keys(ids.iter().copied())
        .sql(
            ") UNION ALL SELECT b.reply_id, 1 = 0, CAST(octet_length(b.message) AS BIGINT) FROM returns b WHERE b.reply_id IN (",
        )
        .keys(ids.iter().copied())
        .sql(
            ") UNION ALL SELECT x.reply_id, 1 = 0, CAST(octet_length(x.text || coalesce(x.reasons, '')) AS BIGINT) \
             FROM appeals x WHERE x.reply_id IN (",
        )
        .keys(ids.iter().copied())
        .sql(
            ") UNION ALL SELECT d.reply_id, 1 = 0, \
             CAST(octet_length(coalesce(d.note, '') || coalesce(d.message, '')) AS BIGINT) \
             FROM replies r CROSS JOIN decisions d WHERE d.reply_id = r.id AND d.reply_version > r.version - ",
        )
        .int(each)
        .sql(" AND r.id IN (")
        .keys(ids.iter().copied())
        .sql(")");
    native!(conn, c => query.load(c))
}

/// The table `up` of the ancestors of each of these replies: at most 32 look-ups by id for each.
fn up<ST>(conn: &Conn<'_>, ids: &[ReplyId]) -> Sql<ST> {
    Sql::new(
        "WITH RECURSIVE up(below_id, id) AS (SELECT s.id, s.parent_id FROM replies s WHERE s.parent_id IS NOT NULL \
         AND s.id IN (",
    )
    .keys(ids.iter().copied())
    .sql(") UNION ALL SELECT up.below_id, s.parent_id FROM up ")
    .sql(by_up_id(conn, "s"))
    .sql(" WHERE s.parent_id IS NOT NULL) ")
}

/// Joins the reply that a row of `up` names. PostgreSQL, which cannot know how few they are, would rather read all replies
/// of all sites than look them up one by one.
fn by_up_id(conn: &Conn<'_>, alias: &str) -> &'static str {
    match (&conn.native, alias) {
        (Native::Sqlite(_), "s") => "JOIN replies s ON s.id = up.id",
        (Native::Sqlite(_), _) => "JOIN replies r ON r.id = up.id",
        (Native::Pg(_), "s") => "CROSS JOIN LATERAL (SELECT * FROM replies b WHERE b.id = up.id LIMIT 1) s",
        (Native::Pg(_), _) => "CROSS JOIN LATERAL (SELECT * FROM replies b WHERE b.id = up.id LIMIT 1) r",
    }
}

/// The numbers of a reply that stands above another.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Above {
    /// The one below.
    pub below_id: ReplyId,
    pub id: ReplyId,
    pub state: ReplyState,
    pub direct_below: i32,
    pub visible_below: i32,
}

/// The numbers of all ancestors of each of these replies, the top-level one first.
pub fn list_above(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<Above>> {
    type Row = (Key, Key, sql_types::Text, sql_types::Integer, sql_types::Integer);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = up::<Row>(conn, ids)
        .sql("SELECT up.below_id, r.id, r.state, r.direct_below, r.visible_below FROM up ")
        .sql(by_up_id(conn, "r"))
        .sql(" ORDER BY up.below_id, r.depth");
    native!(conn, c => query.load(c))
}

/// An ancestor of a queued reply, whatever its state.
#[derive(Clone, Debug, Queryable)]
pub struct QueuedAncestor {
    /// The queued reply.
    pub below_id: ReplyId,
    pub id: ReplyId,
    pub state: ReplyState,
    pub depth: i32,
    pub body: RenderedBody,
    pub revision: i32,
    pub created_at: Timestamp,
    pub author_id: AccountId,
    pub username: Option<String>,
    pub display_name: Option<String>,
}

/// The ancestors of each of these replies, the top-level one first.
pub fn list_ancestors(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<QueuedAncestor>> {
    type Ancestor = (
        Key,
        Key,
        sql_types::Text,
        sql_types::Integer,
        Body,
        sql_types::Integer,
        Instant,
        Key,
        sql_types::Nullable<sql_types::Text>,
        sql_types::Nullable<sql_types::Text>,
    );
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = up::<Ancestor>(conn, ids)
        .sql(
            "SELECT up.below_id, r.id, r.state, r.depth, r.body_source, r.body_html, r.revision, r.created_at, a.id, \
             a.username, a.display_name FROM up ",
        )
        .sql(by_up_id(conn, "r"))
        .sql(" JOIN accounts a ON a.id = r.author_id ORDER BY up.below_id, r.depth");
    native!(conn, c => query.load(c))
}
