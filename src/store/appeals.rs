//! Appeals against refusals. One of a refusal is decided about; those that had nothing to decide about do not count.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    schema::appeals,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{fairness::AppealState, ids::*, timestamp::Timestamp};

/// An appeal.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = appeals)]
pub struct Appeal {
    pub id: AppealId,
    pub reply_id: ReplyId,
    pub site_id: SiteId,
    pub author_id: AccountId,
    /// The reply's version that refused it.
    pub refused_version: i32,
    /// Who did; nobody where rules did.
    pub refused_by: Option<AccountId>,
    pub text: String,
    pub state: AppealState,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<AccountId>,
    /// For the author.
    pub reasons: Option<String>,
}

type Columns = (
    Key,
    Key,
    Key,
    Key,
    sql_types::Integer,
    sql_types::Nullable<Key>,
    sql_types::Text,
    sql_types::Text,
    Instant,
    sql_types::Nullable<Instant>,
    sql_types::Nullable<Key>,
    sql_types::Nullable<sql_types::Text>,
);

/// How an appeal ends.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    pub state: AppealState,
    pub by: Option<AccountId>,
    pub reasons: Option<&'a str>,
    pub at: Timestamp,
}

/// Stores an appeal; the reply is locked.
pub(super) fn insert(conn: &mut Conn<'_>, appeal: &Appeal) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(appeals::table).values(appeal).execute(c))?;
    Ok(())
}

/// Ends the open appeal about a locked reply.
pub(super) fn close(conn: &mut Conn<'_>, reply: ReplyId, end: End<'_>) -> QueryResult<()> {
    let open = appeals::table.filter(appeals::reply_id.eq(reply)).filter(appeals::state.eq(AppealState::Open));
    let changes = (
        appeals::state.eq(end.state),
        appeals::closed_at.eq(end.at),
        appeals::closed_by.eq(end.by),
        appeals::reasons.eq(end.reasons),
    );
    native!(conn, c => diesel::update(open).set(changes).execute(c))?;
    Ok(())
}

/// The appeal with this id.
pub fn find(conn: &mut Conn<'_>, id: AppealId) -> QueryResult<Option<Appeal>> {
    native!(conn, c => appeals::table.find(id).select(Appeal::as_select()).first(c).optional())
}

/// The last appeal about a reply.
pub fn find_last(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<Appeal>> {
    Ok(list_last_of_replies(conn, &[reply])?.pop())
}

/// The last appeal about each of these replies.
pub fn list_last_of_replies(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<Appeal>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Columns>::new(
        "SELECT x.id, x.reply_id, x.site_id, x.author_id, x.refused_version, x.refused_by, x.text, x.state, x.created_at, \
         x.closed_at, x.closed_by, x.reasons FROM appeals x WHERE NOT EXISTS (SELECT 1 FROM appeals y WHERE y.reply_id = x.reply_id \
         AND (y.created_at, y.id) > (x.created_at, x.id)) AND x.reply_id IN (",
    )
    .keys(ids.iter().copied())
    .sql(")");
    native!(conn, c => query.load(c))
}

/// Up to `limit` open appeals of people who closed their accounts, in the order of their ids, after this one.
pub fn list_of_closed(conn: &mut Conn<'_>, after: AppealId, limit: i64) -> QueryResult<Vec<(AppealId, ReplyId)>> {
    let query = Sql::<(Key, Key)>::new(
        "SELECT x.id, x.reply_id FROM appeals x JOIN accounts a ON a.id = x.author_id \
         WHERE x.state = 'open' AND a.closed_at IS NOT NULL AND x.id > ",
    )
    .key(after)
    .sql(" ORDER BY x.id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}

/// Whether somebody else is to decide an appeal than this person: who took part in the refusal does not, if another moderator
/// of the site is there who did not and who may.
pub fn is_for_others(conn: &mut Conn<'_>, reply: ReplyId, account: AccountId, now: Timestamp) -> QueryResult<bool> {
    let query =
        Sql::<sql_types::Bool>::new("SELECT EXISTS (SELECT 1 FROM appeals x WHERE x.state = 'open' AND x.reply_id = ")
            .key(reply)
            .sql(" AND ")
            .append(by_this_one(account, now))
            .sql(")");
    native!(conn, c => query.get_result(c))
}

/// Those of these replies whose open appeals somebody else is to decide than this person, as above or as they are his own.
pub fn list_for_others(
    conn: &mut Conn<'_>,
    ids: &[ReplyId],
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Vec<ReplyId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<(Key,)>::new("SELECT x.reply_id FROM appeals x WHERE x.state = 'open' AND x.reply_id IN (")
        .keys(ids.iter().copied())
        .sql(") AND (x.author_id = ")
        .key(account)
        .sql(" OR ")
        .append(by_this_one(account, now))
        .sql(")");
    let found: Vec<(ReplyId,)> = native!(conn, c => query.load(c))?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// That the row's reply, whose id is in this column, is none whose appeal others are to decide, nor this one's own.
pub(super) fn may_take(id: &'static str, account: AccountId, now: Timestamp) -> Sql<()> {
    Sql::new(" AND NOT EXISTS (SELECT 1 FROM appeals x WHERE x.state = 'open' AND x.reply_id = ")
        .sql(id)
        .sql(" AND ")
        .append(by_this_one(account, now))
        .sql(") AND NOT EXISTS (SELECT 1 FROM appeals x WHERE x.state = 'open' AND x.reply_id = ")
        .sql(id)
        .sql(" AND x.author_id = ")
        .key(account)
        .sql(")")
}

/// That the appeal `x` is about what this person refused, and others are there.
fn by_this_one(account: AccountId, now: Timestamp) -> Sql<()> {
    Sql::new("(")
        .append(took_part(&|sql| sql.key(account)))
        .sql(
            " AND EXISTS (SELECT 1 FROM site_roles w WHERE w.site_id = x.site_id AND w.role = 'moderator' \
             AND w.account_id <> x.author_id AND NOT EXISTS (SELECT 1 FROM sanctions p \
             WHERE p.account_id = w.account_id AND (p.site_id IS NULL OR p.site_id = w.site_id) \
             AND p.kind IN ('suspend', 'ban') AND p.lifted_at IS NULL AND (p.until IS NULL OR p.until > ",
        )
        .time(now)
        .sql(")) AND NOT ")
        .append(took_part(&|sql| sql.sql("w.account_id")))
        .sql("))")
}

/// That somebody decided the refusal that the appeal `x` is about, or one before it that this one took the place of: since
/// then the reply was refused all the time.
fn took_part(person: &dyn Fn(Sql<()>) -> Sql<()>) -> Sql<()> {
    let sql = person(Sql::new("(coalesce(x.refused_by = ")).sql(
        ", 1 = 0) OR EXISTS (SELECT 1 FROM statements m JOIN decisions d ON d.reply_id = m.reply_id \
         AND d.reply_version = m.reply_version WHERE m.reply_id = x.reply_id AND m.reply_version <= x.refused_version \
         AND d.action IN ('reject', 'spam') AND d.actor_id = ",
    );
    person(sql).sql(
        " AND NOT EXISTS (SELECT 1 FROM decisions e WHERE e.reply_id = m.reply_id AND e.reply_version > m.reply_version \
         AND e.reply_version < x.refused_version AND e.to_state NOT IN ('rejected', 'spam'))))",
    )
}
