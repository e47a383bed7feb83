//! What an import brought, and from where.

use diesel::{prelude::*, sql_types};

use super::{
    Conn, Native,
    accounts::Account,
    conn::native,
    locks,
    schema::{accounts, author_counters, imported_authors, imported_replies, site_counters},
    search_documents,
    sql::Sql,
    types::Key,
};
use crate::domain::ids::*;

/// Where a reply came from, and its text as it stood there.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = imported_replies)]
pub struct ImportedReply {
    pub site_id: SiteId,
    pub external_id: String,
    pub reply_id: ReplyId,
    pub original: String,
}

/// The person behind an imported account; proves nothing.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = imported_authors)]
pub struct ImportedAuthor {
    pub account_id: AccountId,
    pub site_id: SiteId,
    pub name: String,
    pub email: String,
}

/// Whatever else brings replies into a site waits until the end of the transaction.
pub fn hold(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<()> {
    locks::hold(conn, format!("import/{site}").as_bytes())
}

/// The account made for this name and e-mail on this site, or that of who has claimed it.
pub fn find_author(conn: &mut Conn<'_>, site: SiteId, name: &str, email: &str) -> QueryResult<Option<AccountId>> {
    let query = Sql::<Key>::new(
        "SELECT coalesce(c.claimed_by, i.account_id) FROM imported_authors i \
         LEFT JOIN claimed_authors c ON c.account_id = i.account_id WHERE i.site_id = ",
    )
    .key(site)
    .sql(" AND i.name = ")
    .str(name)
    .sql(" AND i.email = ")
    .str(email);
    native!(conn, c => query.get_result(c).optional())
}

/// Forgets the names and addresses of the imported accounts that somebody has claimed, who is erased. What of them the log
/// names is still known to have been his.
pub fn forget_claimed(conn: &mut Conn<'_>, claimer: AccountId) -> QueryResult<()> {
    let forget = Sql::<()>::new(
        "DELETE FROM imported_authors WHERE account_id IN (SELECT account_id FROM claimed_authors WHERE claimed_by = ",
    )
    .key(claimer)
    .sql(")");
    native!(conn, c => forget.execute(c))?;
    Ok(())
}

/// What became of storing an imported account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountOutcome {
    Stored,
    /// Its username belongs to somebody.
    NameTaken,
}

/// Stores an imported account. Other than with `accounts::insert`, the transaction may go on if the name is taken.
pub fn insert_account(conn: &mut Conn<'_>, account: &Account) -> QueryResult<AccountOutcome> {
    let rows = native!(conn, c => {
        diesel::insert_into(accounts::table).values(account).on_conflict_do_nothing().execute(c)
    })?;
    if rows == 0 {
        return Ok(AccountOutcome::NameTaken);
    }
    search_documents::keep_account(conn, account)?;
    Ok(AccountOutcome::Stored)
}

/// Locks the counters of these authors and then of their site, as `transitions` would come by them.
///
/// A transaction that stores replies of several authors would otherwise hold the site's counters while it waits for
/// the next author's. On SQLite the transaction itself is the lock.
pub fn lock_counters(conn: &mut Conn<'_>, site: SiteId, authors: &[AccountId]) -> QueryResult<()> {
    if let Native::Pg(c) = &mut conn.native {
        author_counters::table
            .filter(author_counters::site_id.eq(site))
            .filter(author_counters::account_id.eq_any(authors))
            .order(author_counters::account_id)
            .select(author_counters::account_id)
            .for_no_key_update()
            .load::<AccountId>(*c)?;
        let counters = site_counters::table.find(site).select(site_counters::site_id);
        counters.for_no_key_update().first::<SiteId>(*c)?;
    }
    Ok(())
}

/// Keeps who an imported account was made for.
pub fn insert_author(conn: &mut Conn<'_>, author: &ImportedAuthor) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(imported_authors::table).values(author).execute(c))?;
    Ok(())
}

/// The reply that was made of this external one.
pub fn find_reply(conn: &mut Conn<'_>, site: SiteId, external_id: &str) -> QueryResult<Option<ReplyId>> {
    native!(conn, c => {
        imported_replies::table
            .find((site, external_id))
            .select(imported_replies::reply_id)
            .first(c)
            .optional()
    })
}

/// Keeps where a reply came from.
pub fn insert_reply(conn: &mut Conn<'_>, reply: &ImportedReply) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(imported_replies::table).values(reply).execute(c))?;
    Ok(())
}

/// The external ids of a story's replies that came with an import, after this one, in order.
pub fn list_external_ids(
    conn: &mut Conn<'_>,
    story: StoryId,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<(String, ReplyId)>> {
    type Row = (sql_types::Text, Key);
    let query = Sql::<Row>::new(
        "SELECT i.external_id, i.reply_id FROM replies r JOIN imported_replies i ON i.reply_id = r.id \
         WHERE r.story_id = ",
    )
    .key(story)
    .sql(" AND i.external_id > ")
    .str(after)
    .sql(" ORDER BY i.external_id LIMIT ")
    .int(limit);
    native!(conn, c => query.load(c))
}
