//! Notices of illegal content: who says what of which text, and where that stands.

use diesel::{prelude::*, sql_types};

use super::{
    Conn,
    conn::native,
    day_counts::{self, Tally},
    schema::notices,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{
    ids::*,
    notice::{NoticeGround, NoticeState},
    notice_days::Counted,
    statistics::Measure,
    timestamp::Timestamp,
};

/// A notice.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = notices)]
pub struct Notice {
    pub id: NoticeId,
    pub site_id: SiteId,
    pub reply_id: ReplyId,
    /// Of the text that it is about.
    pub revision: i32,
    /// Who says so; nobody for a guest.
    pub account_id: Option<AccountId>,
    /// A guest's, until it is erased; like the next.
    pub name: Option<String>,
    pub email: Option<String>,
    /// A keyed hash of who says so.
    pub notifier: Option<Vec<u8>>,
    pub ground: NoticeGround,
    /// The law, in the notifier's words.
    pub law: Option<String>,
    pub explanation: String,
    pub state: NoticeState,
    /// Once it was received.
    pub reference: Option<String>,
    /// Of the token in the link that confirms a guest's.
    pub token_hash: Option<Vec<u8>>,
    pub created_at: Timestamp,
    /// Of a guest's, when it was confirmed.
    pub received_at: Option<Timestamp>,
    pub decision_id: Option<NoticeDecisionId>,
    pub decided_at: Option<Timestamp>,
    /// When what names a guest was erased.
    pub erased_at: Option<Timestamp>,
}

/// The notice of this id.
pub fn find(conn: &mut Conn<'_>, id: NoticeId) -> QueryResult<Option<Notice>> {
    native!(conn, c => notices::table.find(id).select(Notice::as_select()).first(c).optional())
}

/// The one of this reference.
pub fn find_by_reference(conn: &mut Conn<'_>, reference: &str) -> QueryResult<Option<Notice>> {
    let found = notices::table.filter(notices::reference.eq(reference));
    native!(conn, c => found.select(Notice::as_select()).first(c).optional())
}

/// The one whose link has the token of this hash.
pub fn find_by_token(conn: &mut Conn<'_>, hash: &[u8]) -> QueryResult<Option<Notice>> {
    let found = notices::table.filter(notices::token_hash.eq(hash));
    native!(conn, c => found.select(Notice::as_select()).first(c).optional())
}

/// What the same person said of the same text before and was received.
pub fn find_former(conn: &mut Conn<'_>, of: &Notice) -> QueryResult<Option<Notice>> {
    let Some(notifier) = &of.notifier else { return Ok(None) };
    let found = notices::table
        .filter(notices::reply_id.eq(of.reply_id))
        .filter(notices::revision.eq(of.revision))
        .filter(notices::notifier.eq(notifier.as_slice()))
        .filter(notices::received_at.is_not_null());
    native!(conn, c => found.select(Notice::as_select()).first(c).optional())
}

/// How many notices of a reply are open.
pub fn count_open(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<i64> {
    let query =
        Sql::<sql_types::BigInt>::new("SELECT count(*) FROM notices WHERE state = 'open' AND reply_id = ").key(reply);
    native!(conn, c => query.get_result(c))
}

/// How many of a person's wait to be confirmed or decided about; counted up to this number.
pub fn count_of_person(conn: &mut Conn<'_>, notifier: &[u8], most: i64) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM (SELECT 1 FROM notices WHERE notifier = ")
        .bytes(notifier)
        .sql(" AND state IN ('unconfirmed', 'open') LIMIT ")
        .int(most)
        .sql(") AS waiting");
    native!(conn, c => query.get_result(c))
}

/// How many on a site wait to be confirmed; counted up to this number.
pub fn count_unconfirmed(conn: &mut Conn<'_>, site: SiteId, most: i64) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new(
        "SELECT count(*) FROM (SELECT 1 FROM notices WHERE received_at IS NULL AND site_id = ",
    )
    .key(site)
    .sql(" LIMIT ")
    .int(most)
    .sql(") AS waiting");
    native!(conn, c => query.get_result(c))
}

/// Stores a notice and nothing else.
pub fn insert(conn: &mut Conn<'_>, notice: &Notice) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(notices::table).values(notice).execute(c))?;
    Ok(())
}

/// Lets a guest's notice, whose reply is locked, be received.
pub fn confirm(conn: &mut Conn<'_>, id: NoticeId, reference: &str, now: Timestamp) -> QueryResult<()> {
    let changes =
        (notices::state.eq(NoticeState::Open), notices::reference.eq(reference), notices::received_at.eq(now));
    native!(conn, c => diesel::update(notices::table.find(id)).set(changes).execute(c))?;
    Ok(())
}

/// An open notice, as far as its decision concerns it.
#[derive(Clone, Debug, Queryable)]
pub struct OpenNotice {
    pub reference: String,
    pub received_at: Timestamp,
    /// Where its notifier is reached.
    pub email: Option<String>,
}

/// The open notices of a text of a locked reply, the oldest first: as many as may be open.
pub fn list_open(conn: &mut Conn<'_>, reply: ReplyId, revision: i32) -> QueryResult<Vec<OpenNotice>> {
    let query = Sql::<(sql_types::Text, Instant, sql_types::Nullable<sql_types::Text>)>::new(
        "SELECT n.reference, n.received_at, coalesce(n.email, a.email) FROM notices n \
         LEFT JOIN accounts a ON a.id = n.account_id WHERE n.state = 'open' AND n.reply_id = ",
    )
    .key(reply)
    .sql(" AND n.revision = ")
    .int(revision)
    .sql(" ORDER BY n.received_at, n.id");
    native!(conn, c => query.load(c))
}

/// Closes the open notices of a text of a locked reply.
pub fn close(
    conn: &mut Conn<'_>,
    (reply, revision): (ReplyId, i32),
    decision: NoticeDecisionId,
    now: Timestamp,
) -> QueryResult<()> {
    let open = notices::table
        .filter(notices::reply_id.eq(reply))
        .filter(notices::revision.eq(revision))
        .filter(notices::state.eq(NoticeState::Open));
    let changes =
        (notices::state.eq(NoticeState::Decided), notices::decision_id.eq(decision), notices::decided_at.eq(now));
    native!(conn, c => diesel::update(open).set(changes).execute(c))?;
    Ok(())
}

/// A received notice, as a moderator sees it: not how a guest is reached.
#[derive(Clone, Debug, Queryable)]
pub struct ReceivedNotice {
    pub id: NoticeId,
    pub reference: String,
    pub revision: i32,
    pub account_id: Option<AccountId>,
    pub username: Option<String>,
    pub name: Option<String>,
    pub ground: NoticeGround,
    pub law: Option<String>,
    pub explanation: String,
    pub state: NoticeState,
    pub received_at: Timestamp,
    pub decision_id: Option<NoticeDecisionId>,
}

pub(super) type ReceivedColumns = (
    Key,
    sql_types::Text,
    sql_types::Integer,
    sql_types::Nullable<Key>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Text,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Text,
    sql_types::Text,
    Instant,
    sql_types::Nullable<Key>,
);

/// The columns of [`ReceivedNotice`], of a notice `n` and its account `a`.
pub(super) const RECEIVED: &str = "n.id, n.reference, n.revision, n.account_id, a.username, n.name, n.ground, n.law, \
     n.explanation, n.state, n.received_at, n.decision_id";

/// Up to `limit` received notices of a reply, the newest first, before this one.
pub fn list_of_reply(
    conn: &mut Conn<'_>,
    reply: ReplyId,
    before: Option<(Timestamp, NoticeId)>,
    limit: i64,
) -> QueryResult<Vec<ReceivedNotice>> {
    let mut query = Sql::<ReceivedColumns>::new("SELECT ")
        .sql(RECEIVED)
        .sql(
            " FROM notices n LEFT JOIN accounts a ON a.id = n.account_id \
             WHERE n.received_at IS NOT NULL AND n.reply_id = ",
        )
        .key(reply);
    if let Some((at, id)) = before {
        query = query.sql(" AND (n.received_at, n.id) < (").time(at).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY n.received_at DESC, n.id DESC LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// Whether there is anything to drop or to erase on a site; see the next two.
pub fn is_untidy(conn: &mut Conn<'_>, site: SiteId, dropped: Timestamp, erased: Timestamp) -> QueryResult<bool> {
    let query =
        Sql::<sql_types::Bool>::new("SELECT EXISTS (SELECT 1 FROM notices WHERE received_at IS NULL AND site_id = ")
            .key(site)
            .sql(" AND created_at <= ")
            .time(dropped)
            .sql(") OR EXISTS (SELECT 1 FROM notices WHERE erased_at IS NULL AND site_id = ")
            .key(site)
            .sql(" AND decided_at <= ")
            .time(erased)
            .sql(")");
    native!(conn, c => query.get_result(c))
}

/// Notices that are forgotten at once, so that nobody waits long.
const AT_ONCE: i64 = 500;

/// Deletes notices of a site that nobody confirmed before this time; whether there may be more.
pub fn drop_unconfirmed(conn: &mut Conn<'_>, site: SiteId, before: Timestamp, now: Timestamp) -> QueryResult<bool> {
    let delete = Sql::<()>::new(
        "DELETE FROM notices WHERE received_at IS NULL AND id IN (SELECT id FROM notices \
         WHERE received_at IS NULL AND site_id = ",
    )
    .key(site)
    .sql(" AND created_at <= ")
    .time(before)
    .sql(" ORDER BY created_at LIMIT ")
    .int(AT_ONCE)
    .sql(")");
    let dropped = native!(conn, c => delete.execute(c))?;
    let dropped = i64::try_from(dropped).unwrap_or(i64::MAX);
    if dropped > 0 {
        let mut tally = Tally::on(now);
        tally.add(Measure::Noticed, Counted::Dropped.key(), dropped);
        day_counts::count(conn, site, &tally)?;
    }
    Ok(dropped >= AT_ONCE)
}

/// Erases who the guests were whose notices of a site were decided about before this time; whether there may be more.
pub fn erase_guests(conn: &mut Conn<'_>, site: SiteId, before: Timestamp, now: Timestamp) -> QueryResult<bool> {
    let update = Sql::<()>::new(
        "UPDATE notices SET name = NULL, email = NULL, token_hash = NULL, \
         notifier = CASE WHEN account_id IS NULL THEN NULL ELSE notifier END, erased_at = ",
    )
    .time(now)
    .sql(" WHERE id IN (SELECT id FROM notices WHERE erased_at IS NULL AND site_id = ")
    .key(site)
    .sql(" AND decided_at <= ")
    .time(before)
    .sql(" ORDER BY decided_at LIMIT ")
    .int(AT_ONCE)
    .sql(")");
    let erased = native!(conn, c => update.execute(c))?;
    Ok(i64::try_from(erased).unwrap_or(i64::MAX) >= AT_ONCE)
}
