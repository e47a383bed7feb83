//! Imported accounts that somebody has claimed as his, by the address that stands in the export (docs/ACCOUNTS.md).
//!
//! What is kept here has no name and no address, so it stays when its claimer is erased: the log goes on naming the imported
//! account, and by this is known whose it was.

use diesel::{prelude::*, sql_types::*};

use super::{
    Conn,
    conn::native,
    sanctions,
    schema::claimed_authors,
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A claim.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = claimed_authors)]
pub struct ClaimedAuthor {
    /// The imported account.
    pub account_id: AccountId,
    pub site_id: SiteId,
    pub claimed_by: AccountId,
    pub claimed_at: Timestamp,
    /// When all of it had become his.
    pub finished_at: Option<Timestamp>,
}

/// Somebody in an export.
#[derive(Clone, Debug, Queryable)]
pub struct Claimable {
    pub account_id: AccountId,
    pub site_id: SiteId,
    pub site_key: String,
    /// As the export names him.
    pub name: String,
    /// Replies that are still the imported account's.
    pub replies: i64,
    /// Whether something was decided about him that holds.
    pub is_sanctioned: bool,
    pub claimed_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// Which of those that are of an address.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// Up to so many that are nobody's yet or this account's, in the order of their ids, after this one.
    Any(AccountId, i64),
    /// Up to so many that are nobody's yet and about whom nothing was decided that holds.
    Open(i64),
    /// This one, if it is nobody's yet or this account's.
    One(AccountId),
}

/// Those in exports whose address this is, by its key, as this account may see them.
pub fn list(
    conn: &mut Conn<'_>,
    (email_key, me): (&str, AccountId),
    which: Which,
    now: Timestamp,
) -> QueryResult<Vec<Claimable>> {
    type Columns = (Key, Key, Text, Text, BigInt, Bool, Nullable<Instant>, Nullable<Instant>);
    let query = Sql::<Columns>::new(
        "SELECT * FROM (SELECT i.account_id, i.site_id, s.key, i.name, coalesce((SELECT h.pending + h.approved + h.rejected \
         + h.spam + h.withdrawn + h.returned FROM author_counters h WHERE h.account_id = i.account_id \
         AND h.site_id = i.site_id), 0) AS replies, EXISTS (SELECT 1 FROM sanctions p WHERE p.account_id = i.account_id \
         AND p.kind <> 'warn'",
    );
    let query = sanctions::that_hold(query, now)
        .sql(
            ") AS is_sanctioned, c.claimed_at, c.finished_at FROM imported_authors i JOIN sites s ON s.id = i.site_id \
             LEFT JOIN claimed_authors c ON c.account_id = i.account_id WHERE i.email = ",
        )
        .str(email_key)
        .sql(" AND (c.account_id IS NULL OR c.claimed_by = ")
        .key(me);
    let (after, limit) = match which {
        Which::Any(after, limit) => (after, limit),
        Which::Open(limit) => (AccountId(uuid::Uuid::nil()), limit),
        Which::One(_) => (AccountId(uuid::Uuid::nil()), 1),
    };
    let query = match which {
        Which::One(id) => query.sql(") AND i.account_id = ").key(id),
        Which::Any(..) => query.sql(") AND i.account_id > ").key(after),
        Which::Open(_) => query.sql(") AND c.account_id IS NULL AND i.account_id > ").key(after),
    };
    let query = query.sql(") AS theirs");
    let query = if matches!(which, Which::Open(_)) { query.sql(" WHERE NOT is_sanctioned") } else { query };
    let query = query.sql(" ORDER BY account_id LIMIT ").int(limit);
    native!(conn, c => query.load(c))
}

/// Whether something was decided about an imported account that holds, other than a warning, which it cannot read.
pub fn is_sanctioned(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<bool> {
    let query =
        Sql::<Bool>::new("SELECT EXISTS (SELECT 1 FROM sanctions WHERE kind <> 'warn' AND account_id = ").key(account);
    let query = sanctions::that_hold(query, now).sql(")");
    native!(conn, c => query.get_result(c))
}

/// The claim on an imported account.
pub fn find(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<Option<ClaimedAuthor>> {
    native!(conn, c => claimed_authors::table.find(account).select(ClaimedAuthor::as_select()).first(c).optional())
}

/// What somebody has claimed: the imported accounts.
pub fn list_of_claimer(conn: &mut Conn<'_>, claimer: AccountId) -> QueryResult<Vec<AccountId>> {
    let theirs = claimed_authors::table.filter(claimed_authors::claimed_by.eq(claimer));
    native!(conn, c => theirs.order(claimed_authors::account_id).select(claimed_authors::account_id).load(c))
}

/// Whether something that somebody has claimed is still being passed on to him.
pub fn is_passing_on(conn: &mut Conn<'_>, claimer: AccountId) -> QueryResult<bool> {
    let query =
        Sql::<Bool>::new("SELECT EXISTS (SELECT 1 FROM claimed_authors WHERE finished_at IS NULL AND claimed_by = ")
            .key(claimer)
            .sql(")");
    native!(conn, c => query.get_result(c))
}

/// Stores a claim on an imported account, which is locked.
pub fn insert(conn: &mut Conn<'_>, claim: &ClaimedAuthor) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(claimed_authors::table).values(claim).execute(c))?;
    Ok(())
}

/// Notes that all of it is its claimer's.
pub fn finish(conn: &mut Conn<'_>, account: AccountId, now: Timestamp) -> QueryResult<()> {
    let changes = claimed_authors::finished_at.eq(now);
    native!(conn, c => diesel::update(claimed_authors::table.find(account)).set(changes).execute(c))?;
    Ok(())
}
