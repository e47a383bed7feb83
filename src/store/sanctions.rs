//! Sanctions on accounts, on a site or everywhere.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::sanctions, sql::Sql, types::Key};
use crate::domain::{ids::*, sanction::SanctionKind, timestamp::Timestamp};

/// A sanction, present, past or lifted.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sanctions)]
pub struct Sanction {
    pub id: SanctionId,
    pub account_id: AccountId,
    /// None: everywhere.
    pub site_id: Option<SiteId>,
    pub kind: SanctionKind,
    /// For those who moderate.
    pub reason: String,
    /// For the person.
    pub message: Option<String>,
    /// The reply that it came of.
    pub reply_id: Option<ReplyId>,
    /// None: for good.
    pub until: Option<Timestamp>,
    /// Replies that may be posted in a day.
    pub per_day: Option<i32>,
    /// None: a command.
    pub created_by: Option<AccountId>,
    pub created_at: Timestamp,
    pub lifted_by: Option<AccountId>,
    pub lifted_at: Option<Timestamp>,
    /// What was decided with it about the person's replies.
    pub bulk_id: Option<BulkId>,
    /// When the person read the warning.
    pub read_at: Option<Timestamp>,
}

impl Sanction {
    /// Whether it holds at this time.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.lifted_at.is_none() && self.read_at.is_none() && self.until.is_none_or(|until| until > now)
    }
}

/// Ends a query of an account's sanctions with the condition that they hold at this time.
pub(super) fn that_hold<ST>(query: Sql<ST>, now: Timestamp) -> Sql<ST> {
    query.sql(" AND lifted_at IS NULL AND read_at IS NULL AND (until IS NULL OR until > ").time(now).sql(")")
}

/// On which of an account's sanctions a list looks.
#[derive(Clone, Copy, Debug)]
pub enum Places<'a> {
    /// All of them.
    All,
    /// Those everywhere and those on these sites.
    EverywhereAnd(&'a [SiteId]),
}

/// Up to `limit` sanctions of an account, the newest first, before this one.
pub fn list(
    conn: &mut Conn<'_>,
    account: AccountId,
    places: Places<'_>,
    before: Option<(Timestamp, SanctionId)>,
    limit: i64,
) -> QueryResult<Vec<Sanction>> {
    let mut query = Sql::<Key>::new("SELECT id FROM sanctions WHERE account_id = ").key(account);
    if let Places::EverywhereAnd(sites) = places {
        query = query.sql(" AND (site_id IS NULL OR site_id IN (").keys(sites.iter().copied()).sql("))");
    }
    if let Some((time, id)) = before {
        query = query.sql(" AND (created_at, id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY created_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => {
        let ids: Vec<SanctionId> = query.load(c)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = sanctions::table.filter(sanctions::id.eq_any(ids));
        rows.order((sanctions::created_at.desc(), sanctions::id.desc())).select(Sanction::as_select()).load(c)
    })
}

/// The sanction with this id.
pub fn find(conn: &mut Conn<'_>, id: SanctionId) -> QueryResult<Option<Sanction>> {
    native!(conn, c => sanctions::table.find(id).select(Sanction::as_select()).first(c).optional())
}

/// The sanction of a kind that an account has at a place at this time. Where another is to follow, what the account may is
/// held ([`super::standing::hold`]).
pub fn find_active(
    conn: &mut Conn<'_>,
    (account, site, kind): (AccountId, Option<SiteId>, SanctionKind),
    now: Timestamp,
) -> QueryResult<Option<Sanction>> {
    let query = Sql::<Key>::new("SELECT id FROM sanctions WHERE account_id = ").key(account);
    let query = match site {
        Some(site) => query.sql(" AND site_id = ").key(site),
        None => query.sql(" AND site_id IS NULL"),
    };
    let query = that_hold(query.sql(" AND kind = ").str(kind.as_str()), now).sql(" LIMIT 1");
    let id: Option<SanctionId> = native!(conn, c => query.get_result(c).optional())?;
    id.map_or(Ok(None), |id| find(conn, id))
}

/// How many sanctions an account got on a site or everywhere since then that nobody lifted, `most` at most.
pub fn count_since(
    conn: &mut Conn<'_>,
    account: AccountId,
    site: SiteId,
    since: Timestamp,
    most: i64,
) -> QueryResult<i64> {
    let query = Sql::<diesel::sql_types::BigInt>::new(
        "SELECT count(*) FROM (SELECT 1 FROM sanctions WHERE lifted_at IS NULL AND account_id = ",
    )
    .key(account)
    .sql(" AND (site_id IS NULL OR site_id = ")
    .key(site)
    .sql(") AND created_at > ")
    .time(since)
    .sql(" LIMIT ")
    .int(most)
    .sql(") AS counted");
    native!(conn, c => query.get_result(c))
}

/// Stores a new sanction.
pub fn insert(conn: &mut Conn<'_>, sanction: &Sanction) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(sanctions::table).values(sanction).execute(c))?;
    Ok(())
}

/// Lifts a sanction that nobody lifted; whether it was not lifted before.
pub fn lift(conn: &mut Conn<'_>, id: SanctionId, by: AccountId, now: Timestamp) -> QueryResult<bool> {
    let changes = (sanctions::lifted_by.eq(by), sanctions::lifted_at.eq(now));
    let rows = native!(conn, c => {
        diesel::update(sanctions::table.find(id).filter(sanctions::lifted_at.is_null())).set(changes).execute(c)
    })?;
    Ok(rows > 0)
}

/// Notes that a warning was read, unless it was before.
pub fn note_read(conn: &mut Conn<'_>, id: SanctionId, now: Timestamp) -> QueryResult<()> {
    let warning = sanctions::table.find(id).filter(sanctions::read_at.is_null());
    native!(conn, c => diesel::update(warning).set(sanctions::read_at.eq(now)).execute(c))?;
    Ok(())
}
