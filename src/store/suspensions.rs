//! Suspensions of accounts, on a site or everywhere.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::suspensions,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A suspension, present, past or lifted.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = suspensions)]
pub struct Suspension {
    pub id: SuspensionId,
    pub account_id: AccountId,
    /// None: everywhere.
    pub site_id: Option<SiteId>,
    pub reason: String,
    /// None: for good.
    pub until: Option<Timestamp>,
    /// None: a command.
    pub created_by: Option<AccountId>,
    pub created_at: Timestamp,
    pub lifted_by: Option<AccountId>,
    pub lifted_at: Option<Timestamp>,
}

/// Up to `limit` suspensions of an account, the newest first, before this one; where only some sites are
/// looked at, those everywhere and those there.
pub fn list(
    conn: &mut Conn<'_>,
    account: AccountId,
    only: Option<&[SiteId]>,
    before: Option<(Timestamp, SuspensionId)>,
    limit: i64,
) -> QueryResult<Vec<Suspension>> {
    type Row = (
        Key,
        Key,
        diesel::sql_types::Nullable<Key>,
        diesel::sql_types::Text,
        diesel::sql_types::Nullable<Instant>,
        diesel::sql_types::Nullable<Key>,
        Instant,
        diesel::sql_types::Nullable<Key>,
        diesel::sql_types::Nullable<Instant>,
    );
    let mut query = Sql::<Row>::new(
        "SELECT id, account_id, site_id, reason, until, created_by, created_at, lifted_by, lifted_at \
         FROM suspensions WHERE account_id = ",
    )
    .key(account);
    if let Some(sites) = only {
        query = query.sql(" AND (site_id IS NULL OR site_id IN (").keys(sites.iter().copied()).sql("))");
    }
    if let Some((time, id)) = before {
        query = query.sql(" AND (created_at, id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let query = query.sql(" ORDER BY created_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// The suspension with this id.
pub fn find(conn: &mut Conn<'_>, id: SuspensionId) -> QueryResult<Option<Suspension>> {
    native!(conn, c => suspensions::table.find(id).select(Suspension::as_select()).first(c).optional())
}

/// Stores a new suspension.
pub fn insert(conn: &mut Conn<'_>, suspension: &Suspension) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(suspensions::table).values(suspension).execute(c))?;
    Ok(())
}

/// Lifts a suspension; true if it was not lifted before.
pub fn lift(conn: &mut Conn<'_>, id: SuspensionId, by: AccountId, now: Timestamp) -> QueryResult<bool> {
    let changes = (suspensions::lifted_by.eq(by), suspensions::lifted_at.eq(now));
    let rows = native!(conn, c => {
        diesel::update(suspensions::table.find(id).filter(suspensions::lifted_at.is_null())).set(changes).execute(c)
    })?;
    Ok(rows > 0)
}
