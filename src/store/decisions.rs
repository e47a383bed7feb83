//! The log: append-only; triggers in the database refuse everything else.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    schema::decisions,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    moderation::{Action, ActorKind, Reason},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// One row of the log.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = decisions)]
pub struct Decision {
    pub id: DecisionId,
    pub site_id: Option<SiteId>,
    pub reply_id: Option<ReplyId>,
    /// The reply's version that this row made.
    pub reply_version: Option<i32>,
    pub story_id: Option<StoryId>,
    /// Whom it concerns.
    pub account_id: Option<AccountId>,
    pub actor_kind: ActorKind,
    pub actor_id: Option<AccountId>,
    pub action: Action,
    pub from_state: Option<ReplyState>,
    pub to_state: Option<ReplyState>,
    pub reason: Option<Reason>,
    /// For the log.
    pub note: Option<String>,
    /// For the author.
    pub message: Option<String>,
    /// A JSON object.
    pub details: Option<String>,
    pub created_at: Timestamp,
}

/// Who acted, as the log says it.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    pub kind: ActorKind,
    pub id: Option<AccountId>,
}

impl Actor {
    /// A command or the service itself.
    pub const SYSTEM: Self = Self { kind: ActorKind::System, id: None };
}

impl Decision {
    /// A row about nothing yet.
    pub fn new(id: DecisionId, actor: Actor, action: Action, now: Timestamp) -> Self {
        Self {
            id,
            site_id: None,
            reply_id: None,
            reply_version: None,
            story_id: None,
            account_id: None,
            actor_kind: actor.kind,
            actor_id: actor.id,
            action,
            from_state: None,
            to_state: None,
            reason: None,
            note: None,
            message: None,
            details: None,
            created_at: now,
        }
    }
}

/// Appends a row.
pub fn insert(conn: &mut Conn<'_>, decision: &Decision) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(decisions::table).values(decision).execute(c))?;
    Ok(())
}

/// The last row about a reply.
pub fn find_last_of_reply(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<Decision>> {
    native!(conn, c => {
        decisions::table
            .filter(decisions::reply_id.eq(reply))
            .order(decisions::reply_version.desc())
            .select(Decision::as_select())
            .first(c)
            .optional()
    })
}

/// Which rows of a site's log are asked for.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    pub actor: Option<AccountId>,
    pub action: Option<Action>,
    pub reply: Option<ReplyId>,
    pub account: Option<AccountId>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
}

/// A row's columns, in the order of [`Decision`].
type Row = (
    Key,
    sql_types::Nullable<Key>,
    sql_types::Nullable<Key>,
    sql_types::Nullable<sql_types::Integer>,
    sql_types::Nullable<Key>,
    sql_types::Nullable<Key>,
    sql_types::Text,
    sql_types::Nullable<Key>,
    sql_types::Text,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    Instant,
);

const SELECT: &str = "SELECT id, site_id, reply_id, reply_version, story_id, account_id, actor_kind, actor_id, action, \
     from_state, to_state, reason, note, message, details, created_at FROM decisions ";

/// Up to `limit` rows of a site's log, the newest first, before this one.
pub fn list_of_site(
    conn: &mut Conn<'_>,
    site: SiteId,
    filter: &LogFilter,
    before: Option<(Timestamp, DecisionId)>,
    limit: i64,
) -> QueryResult<Vec<Decision>> {
    let mut query = Sql::<Row>::new(SELECT).sql("WHERE site_id = ").key(site);
    if let Some(actor) = filter.actor {
        query = query.sql(" AND actor_id = ").key(actor);
    }
    if let Some(action) = filter.action {
        query = query.sql(" AND action = ").str(action.as_str());
    }
    if let Some(reply) = filter.reply {
        query = query.sql(" AND reply_id = ").key(reply);
    }
    if let Some(account) = filter.account {
        query = query.sql(" AND account_id = ").key(account);
    }
    if let Some(since) = filter.since {
        query = query.sql(" AND created_at >= ").time(since);
    }
    if let Some(until) = filter.until {
        query = query.sql(" AND created_at < ").time(until);
    }
    if let Some((time, id)) = before {
        query = query.sql(" AND (created_at, id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY created_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// The last `each` rows of each of these replies, the newest first.
pub fn list_last_of_replies(conn: &mut Conn<'_>, ids: &[ReplyId], each: i64) -> QueryResult<Vec<Decision>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Row>::new(SELECT)
        .sql("WHERE reply_id IN (")
        .keys(ids.iter().copied())
        // versions count up by one, so the last few are a range of each reply's own
        .sql(") AND reply_version > (SELECT r.version FROM replies r WHERE r.id = decisions.reply_id) - ")
        .int(each)
        .sql(" ORDER BY reply_id, reply_version DESC");
    native!(conn, c => query.load(c))
}
