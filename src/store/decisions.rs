//! The log: append-only; triggers in the database refuse everything else.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    schema::decisions,
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    moderation::{Action, ActorKind, Reason},
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// One row of the log.
#[derive(Clone, Debug, Queryable, Selectable)]
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
    /// A JSON object; [`insert`] puts in the key by which a request called.
    pub details: Option<String>,
    pub created_at: Timestamp,
    /// The request that did it; put in by [`insert`].
    pub request_id: Option<String>,
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
            request_id: None,
        }
    }
}

/// Appends a row.
pub fn insert(conn: &mut Conn<'_>, decision: &Decision) -> QueryResult<()> {
    let details = conn.key().map(|key| Some(with_key(decision.details.as_deref(), key)));
    let details = details.as_ref().unwrap_or(&decision.details);
    // as text, since diesel would prepare it anew each time
    let insert = Sql::<()>::new(
        "INSERT INTO decisions (id, site_id, reply_id, reply_version, story_id, account_id, actor_kind, actor_id, \
         action, from_state, to_state, reason, note, message, details, created_at, request_id) VALUES (",
    )
    .values([
        Value::key(decision.id),
        Value::optional_key(decision.site_id),
        Value::optional_key(decision.reply_id),
        decision.reply_version.into(),
        Value::optional_key(decision.story_id),
        Value::optional_key(decision.account_id),
        decision.actor_kind.as_str().into(),
        Value::optional_key(decision.actor_id),
        decision.action.as_str().into(),
        decision.from_state.map(ReplyState::as_str).into(),
        decision.to_state.map(ReplyState::as_str).into(),
        decision.reason.map(Reason::as_str).into(),
        (&decision.note).into(),
        (&decision.message).into(),
        details.into(),
        decision.created_at.into(),
        conn.request().into(),
    ])
    .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// The details with the key by which it was done: beside whom it was done for, there.
fn with_key(details: Option<&str>, key: ApiKeyId) -> String {
    let mut object: serde_json::Map<String, serde_json::Value> =
        details.and_then(|details| serde_json::from_str(details).ok()).unwrap_or_default();
    object.insert("api_key".to_owned(), key.to_string().into());
    serde_json::Value::Object(object).to_string()
}

/// Appends a row to the log of each of these sites, or to that of no site where there is none.
pub fn insert_of_sites(
    conn: &mut Conn<'_>,
    sites: impl IntoIterator<Item = SiteId>,
    row: impl Fn(Option<SiteId>) -> Decision,
) -> QueryResult<()> {
    let mut sites: Vec<Option<SiteId>> = sites.into_iter().map(Some).collect();
    if sites.is_empty() {
        sites.push(None);
    }
    for site_id in sites {
        insert(conn, &Decision { site_id, ..row(site_id) })?;
    }
    Ok(())
}

/// Whether a person approved the present text of a reply after this time, be it upon an appeal, and nobody undid it.
pub fn is_approved_since(conn: &mut Conn<'_>, reply: ReplyId, since: Timestamp) -> QueryResult<bool> {
    let query = Sql::<Key>::new(
        "SELECT d.id FROM decisions d WHERE d.action IN ('approve', 'overturn_appeal') AND d.actor_kind <> 'system' \
         AND d.reply_id = ",
    )
    .key(reply)
    .sql(" AND d.created_at > ")
    .time(since)
    .sql(
        " AND NOT EXISTS (SELECT 1 FROM decisions e WHERE e.reply_id = d.reply_id AND e.reply_version > d.reply_version \
         AND (e.action = 'edit' OR (e.action = 'undo' AND e.reply_version = d.reply_version + 1))) LIMIT 1",
    );
    let found: Option<DecisionId> = native!(conn, c => query.get_result(c).optional())?;
    Ok(found.is_some())
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

/// How often a reply's text was changed after this version.
pub fn count_edits_after(conn: &mut Conn<'_>, reply: ReplyId, version: i32) -> QueryResult<i32> {
    let query = Sql::<sql_types::Integer>::new(
        "SELECT CAST(count(*) AS INTEGER) FROM decisions WHERE action = 'edit' AND reply_id = ",
    )
    .key(reply)
    .sql(" AND reply_version > ")
    .int(version);
    native!(conn, c => query.get_result(c))
}

/// Which rows of a site's log are asked for.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    pub actor: Option<AccountId>,
    pub action: Option<Action>,
    /// What made its versions.
    pub reply: Option<ReplyId>,
    /// What was done to itself; nothing about the replies to it.
    pub story: Option<StoryId>,
    pub account: Option<AccountId>,
    /// From then on.
    pub since: Option<Timestamp>,
    /// Before then.
    pub until: Option<Timestamp>,
    /// Who looks, and is not to learn of notes about himself.
    pub reader: Option<AccountId>,
}

/// A row's columns, in the order of [`Decision`].
pub(super) type Row = (
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
    sql_types::Nullable<sql_types::Text>,
);

pub(super) const SELECT: &str = "SELECT d.id, d.site_id, d.reply_id, d.reply_version, d.story_id, d.account_id, d.actor_kind, \
     d.actor_id, d.action, d.from_state, d.to_state, d.reason, d.note, d.message, d.details, d.created_at, \
     d.request_id ";

/// The site, which is the same in all rows, stands in it as PostgreSQL does not see this of `IS NULL` and would sort.
const NEWEST_FIRST: &str = " ORDER BY d.site_id DESC, d.created_at DESC, d.id DESC LIMIT ";

// Parts of the log, two of which together are all of it, with indexes of their own; spelt as there.

/// What people did with their own.
const OF_ONESELF: &str = " AND (d.actor_id = d.account_id) IS TRUE";
/// All else.
const OF_OTHERS: &str = " AND (d.actor_id = d.account_id) IS NOT TRUE";
const POSTS: &str = " AND d.action = 'post'";
/// All else.
const NO_POSTS: &str = " AND d.action <> 'post'";
/// Not parted.
const ALL: &str = "";

/// Up to `limit` rows of a site's log, or of what belongs to no site, the newest first, before this one.
pub fn list(
    conn: &mut Conn<'_>,
    site: Option<SiteId>,
    filter: &LogFilter,
    before: Option<(Timestamp, DecisionId)>,
    limit: i64,
) -> QueryResult<Vec<Decision>> {
    let parts: &[&str] = match filter {
        LogFilter { reply: Some(_), .. } | LogFilter { story: Some(_), .. } => &[ALL],
        LogFilter { actor: Some(_), .. } | LogFilter { account: Some(_), .. } => &[OF_ONESELF, OF_OTHERS],
        LogFilter { action: Some(_), .. } => &[ALL],
        _ => &[POSTS, NO_POSTS],
    };
    let mut rows = Vec::new();
    for part in parts {
        let query = range(part, site, filter, before, limit);
        rows.extend(native!(conn, c => query.load::<Decision>(c))?);
    }
    if parts.len() > 1 {
        rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.created_at, row.id)));
        rows.truncate(usize::try_from(limit).unwrap_or(0));
    }
    Ok(rows)
}

/// Whether there may be rows about notes in a part of the log: nobody notes anything about himself, and they name neither a
/// reply nor a story.
fn tells_of_notes(part: &str, filter: &LogFilter) -> bool {
    let is_asked_for = filter.action.is_none_or(|action| matches!(action, Action::AddNote | Action::DeleteNote));
    let names_another = filter.reply.is_some() || filter.story.is_some();
    is_asked_for && !names_another && part != OF_ONESELF && part != POSTS
}

/// The newest rows of one part of the log.
fn range(
    part: &'static str,
    site: Option<SiteId>,
    filter: &LogFilter,
    before: Option<(Timestamp, DecisionId)>,
    limit: i64,
) -> Sql<Row> {
    let mut query = Sql::<Row>::new(SELECT).sql("FROM decisions d WHERE d.site_id");
    query = match site {
        Some(site) => query.sql(" = ").key(site),
        None => query.sql(" IS NULL"),
    }
    .sql(part);
    if let Some(reply) = filter.reply {
        query = query.sql(" AND d.reply_id = ").key(reply);
    }
    if let Some(story) = filter.story {
        query = query.sql(" AND d.reply_id IS NULL AND d.story_id = ").key(story);
    }
    if let Some(actor) = filter.actor {
        // of their own things, which stand under them as the one concerned, it is the same
        let column = if part == OF_ONESELF { " AND d.account_id = " } else { " AND d.actor_id = " };
        query = query.sql(column).key(actor);
    }
    if let Some(action) = filter.action {
        query = query.sql(" AND d.action = ").str(action.as_str());
    }
    if let Some(account) = filter.account {
        query = query.sql(" AND d.account_id = ").key(account);
    }
    if let Some(since) = filter.since {
        query = query.sql(" AND d.created_at >= ").time(since);
    }
    if let Some(until) = filter.until {
        query = query.sql(" AND d.created_at < ").time(until);
    }
    if let Some(reader) = filter.reader.filter(|_| tells_of_notes(part, filter)) {
        query = query.sql(" AND NOT (d.action IN ('add_note', 'delete_note') AND d.account_id = ").key(reader).sql(")");
    }
    let query = match (filter.reply, before) {
        // a reply's rows stand in the order of its versions, by an index of their own
        (Some(_), None) => query.sql(" ORDER BY d.reply_version DESC LIMIT "),
        (Some(_), Some((_, id))) => query
            .sql(" AND d.reply_version < (SELECT b.reply_version FROM decisions b WHERE b.id = ")
            .key(id)
            .sql(") ORDER BY d.reply_version DESC LIMIT "),
        (None, None) => query.sql(NEWEST_FIRST),
        (None, Some((time, id))) => {
            query.sql(" AND (d.created_at, d.id) < (").time(time).sql(", ").key(id).sql(")").sql(NEWEST_FIRST)
        }
    };
    query.int(limit)
}

/// The last `each` rows of each of these replies, the newest first.
pub fn list_last_of_replies(conn: &mut Conn<'_>, ids: &[ReplyId], each: i64) -> QueryResult<Vec<Decision>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // versions count up by one, so the last few are a range of each reply's own
    let query = Sql::<Row>::new(SELECT)
        .sql("FROM replies r CROSS JOIN decisions d WHERE d.reply_id = r.id AND d.reply_version > r.version - ")
        .int(each)
        .sql(" AND r.id IN (")
        .keys(ids.iter().copied())
        .sql(")");
    let mut rows: Vec<Decision> = native!(conn, c => query.load(c))?;
    rows.sort_unstable_by_key(|row| (row.reply_id, std::cmp::Reverse(row.reply_version)));
    Ok(rows)
}
