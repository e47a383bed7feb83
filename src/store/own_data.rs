//! What is kept of somebody, as he is given it: rows that become JSON as they are read.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Conn,
    body::Body,
    conn::native,
    erasing::Place,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    fairness::AppealState,
    ids::*,
    notice::{NoticeGround, NoticeState},
    reply_body::RenderedBody,
    reply_state::ReplyState,
    session::{EndReason, SessionWay},
    site::SiteRole,
    timestamp::Timestamp,
};

/// A reply with where it stands.
#[derive(Clone, Debug, Queryable)]
pub struct OwnReply {
    pub site: String,
    pub story_id: StoryId,
    pub headline: String,
    pub id: ReplyId,
    /// The reply that it answers; none: the commentary.
    pub parent_id: Option<ReplyId>,
    pub state: ReplyState,
    pub body: RenderedBody,
    pub revision: i32,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub recommendations: i32,
}

/// Up to `limit` replies of somebody, story by story, after this one.
pub fn list_replies(
    conn: &mut Conn<'_>,
    author: AccountId,
    after: Option<Place>,
    limit: i64,
) -> QueryResult<Vec<OwnReply>> {
    type Row = (Text, Key, Text, Key, Nullable<Key>, Text, Body, Integer, Instant, Nullable<Instant>, Integer);
    let (story, reply) = after.unwrap_or((StoryId(Uuid::nil()), ReplyId(Uuid::nil())));
    let query = Sql::<Row>::new(
        "SELECT s.key, r.story_id, t.headline, r.id, coalesce(r.in_reply_to, r.parent_id), r.state, r.body_source, \
         r.body_html, r.revision, r.created_at, r.edited_at, r.recommendations FROM replies r \
         JOIN stories t ON t.id = r.story_id JOIN sites s ON s.id = r.site_id WHERE r.author_id = ",
    )
    .key(author)
    .sql(" AND (r.story_id, r.id) > (")
    .key(story)
    .sql(", ")
    .key(reply)
    .sql(") ORDER BY r.story_id, r.id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// What somebody said to a refusal, and what came of it.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnAppeal {
    pub id: AppealId,
    pub reply_id: ReplyId,
    pub text: String,
    pub state: AppealState,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub reasons: Option<String>,
}

/// The appeals against refusals of these replies.
pub fn list_appeals(conn: &mut Conn<'_>, replies: &[ReplyId]) -> QueryResult<Vec<OwnAppeal>> {
    type Row = (Key, Key, Text, Text, Instant, Nullable<Instant>, Nullable<Text>);
    let query = Sql::<Row>::new(
        "SELECT id, reply_id, text, state, created_at, closed_at, reasons FROM appeals WHERE reply_id IN (",
    )
    .keys(replies.iter().copied())
    .sql(") ORDER BY reply_id, created_at, id");
    native!(conn, c => query.load(c))
}

/// A session, also one that ended.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnSession {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub end_reason: Option<EndReason>,
    pub device: Option<String>,
    pub place: Option<String>,
    pub way: SessionWay,
}

/// Up to `limit` sessions of somebody, after this one.
pub fn list_sessions(
    conn: &mut Conn<'_>,
    account: AccountId,
    after: Option<SessionId>,
    limit: i64,
) -> QueryResult<Vec<OwnSession>> {
    type Row =
        (Key, Instant, Instant, Instant, Nullable<Instant>, Nullable<Text>, Nullable<Text>, Nullable<Text>, Text);
    let query = Sql::<Row>::new(
        "SELECT id, created_at, last_used_at, expires_at, ended_at, end_reason, device, place, way FROM sessions \
         WHERE account_id = ",
    )
    .key(account)
    .sql(" AND id > ")
    .key(after.map_or(Uuid::nil(), |id| id.0))
    .sql(" ORDER BY id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// A role that somebody has.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnRole {
    pub site: String,
    pub role: SiteRole,
    pub granted_at: Timestamp,
}

/// The roles of somebody.
pub fn list_roles(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Vec<OwnRole>> {
    let query = Sql::<(Text, Text, Instant)>::new(
        "SELECT s.key, g.role, g.granted_at FROM site_roles g JOIN sites s ON s.id = g.site_id WHERE g.account_id = ",
    )
    .key(account)
    .sql(" ORDER BY s.key, g.role");
    native!(conn, c => query.load(c))
}

/// A badge that somebody has.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnBadge {
    pub site: String,
    pub key: String,
    pub granted_at: Timestamp,
}

/// The badges of somebody.
pub fn list_badges(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Vec<OwnBadge>> {
    let query = Sql::<(Text, Text, Instant)>::new(
        "SELECT s.key, h.key, h.granted_at FROM badge_holders h JOIN sites s ON s.id = h.site_id WHERE h.account_id = ",
    )
    .key(account)
    .sql(" ORDER BY s.key, h.key");
    native!(conn, c => query.load(c))
}

/// An address that somebody had until lately.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnFormerEmail {
    pub email: String,
    pub given_up_at: Timestamp,
}

/// The former addresses of somebody that are still known.
pub fn list_former_emails(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Vec<OwnFormerEmail>> {
    let query = Sql::<(Text, Instant)>::new("SELECT email, given_up_at FROM former_emails WHERE account_id = ")
        .key(account)
        .sql(" ORDER BY given_up_at, id");
    native!(conn, c => query.load(c))
}

/// A recommendation that somebody gave.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnRecommendation {
    pub story_id: StoryId,
    pub reply_id: ReplyId,
    pub created_at: Timestamp,
}

/// Up to `limit` recommendations by somebody, story by story, after this one.
pub fn list_recommendations(
    conn: &mut Conn<'_>,
    account: AccountId,
    after: Option<Place>,
    limit: i64,
) -> QueryResult<Vec<OwnRecommendation>> {
    let (story, reply) = after.unwrap_or((StoryId(Uuid::nil()), ReplyId(Uuid::nil())));
    let query = Sql::<(Key, Key, Instant)>::new(
        "SELECT story_id, reply_id, created_at FROM recommendations WHERE account_id = ",
    )
    .key(account)
    .sql(" AND (story_id, reply_id) > (")
    .key(story)
    .sql(", ")
    .key(reply)
    .sql(") ORDER BY story_id, reply_id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// A notice of illegal content that somebody gave.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnNotice {
    pub id: NoticeId,
    pub reply_id: ReplyId,
    pub ground: NoticeGround,
    pub law: Option<String>,
    pub explanation: String,
    pub state: NoticeState,
    pub reference: Option<String>,
    pub created_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}

/// Up to `limit` notices by somebody, after this one.
pub fn list_notices(
    conn: &mut Conn<'_>,
    account: AccountId,
    after: Option<NoticeId>,
    limit: i64,
) -> QueryResult<Vec<OwnNotice>> {
    type Row = (Key, Key, Text, Nullable<Text>, Text, Text, Nullable<Text>, Instant, Nullable<Instant>);
    let query = Sql::<Row>::new(
        "SELECT id, reply_id, ground, law, explanation, state, reference, created_at, decided_at FROM notices \
         WHERE account_id = ",
    )
    .key(account)
    .sql(" AND id > ")
    .key(after.map_or(Uuid::nil(), |id| id.0))
    .sql(" ORDER BY id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// Somebody in an export whom the account has claimed to be.
#[derive(Clone, Debug, Queryable, Serialize)]
pub struct OwnClaim {
    #[serde(skip)]
    pub account_id: AccountId,
    pub site: String,
    pub name: String,
    pub email: String,
    pub claimed_at: Timestamp,
}

/// Up to `limit` claims of somebody, after that of this imported account.
pub fn list_claims(
    conn: &mut Conn<'_>,
    account: AccountId,
    after: Option<AccountId>,
    limit: i64,
) -> QueryResult<Vec<OwnClaim>> {
    let query = Sql::<(Key, Text, Text, Text, Instant)>::new(
        "SELECT c.account_id, s.key, i.name, i.email, c.claimed_at FROM claimed_authors c \
         JOIN imported_authors i ON i.account_id = c.account_id JOIN sites s ON s.id = c.site_id WHERE c.claimed_by = ",
    )
    .key(account)
    .sql(" AND c.account_id > ")
    .key(after.map_or(Uuid::nil(), |id| id.0))
    .sql(" ORDER BY c.account_id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}
