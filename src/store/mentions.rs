//! Whom notes name, and who has read what names him.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    notes::{COLUMNS, JOINS, Note, Row},
    sql::Sql,
    types::{Instant, Key},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// Unread mentions are counted up to so many.
pub const COUNTED_MAX: i64 = 100;

/// Those of these names, folded, who moderate the site, or are admins where there is none, in the order of the names.
pub fn find_named(conn: &mut Conn<'_>, names: &[String], site: Option<SiteId>) -> QueryResult<Vec<AccountId>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        Sql::<(Key, sql_types::Text)>::new("SELECT a.id, a.username_key FROM accounts a WHERE a.username_key IN (")
            .strs(names.iter().map(String::as_str))
            .sql(") AND (a.is_admin");
    let query = match site {
        None => query.sql(")"),
        Some(site) => query
            .sql(" OR EXISTS (SELECT 1 FROM site_roles g WHERE g.account_id = a.id AND g.role = 'moderator' AND g.site_id = ")
            .key(site)
            .sql("))"),
    };
    let mut found: Vec<(AccountId, String)> = native!(conn, c => query.load(c))?;
    found.sort_by_key(|(_, name)| names.iter().position(|asked| asked == name));
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

/// Stores whom a note mentions.
pub fn insert(conn: &mut Conn<'_>, note: NoteId, accounts: &[AccountId], now: Timestamp) -> QueryResult<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let insert = Sql::<()>::new("INSERT INTO mentions (account_id, note_id, created_at) SELECT a.id, ")
        .key(note)
        .sql(", ")
        .time(now)
        .sql(" FROM accounts a WHERE a.id IN (")
        .keys(accounts.iter().copied())
        .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Whom each of these notes mentions, with their present usernames.
pub fn list_of_notes(conn: &mut Conn<'_>, notes: &[NoteId]) -> QueryResult<Vec<(NoteId, AccountId, Option<String>)>> {
    if notes.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<(Key, Key, sql_types::Nullable<sql_types::Text>)>::new(
        "SELECT m.note_id, m.account_id, a.username FROM mentions m JOIN accounts a ON a.id = m.account_id \
         WHERE m.note_id IN (",
    )
    .keys(notes.iter().copied())
    .sql(")");
    let mut found: Vec<(NoteId, AccountId, Option<String>)> = native!(conn, c => query.load(c))?;
    found.sort_unstable();
    Ok(found)
}

/// A note that names somebody.
#[derive(Clone, Debug, Queryable)]
pub struct Mention {
    pub note: Note,
    pub read_at: Option<Timestamp>,
}

/// Whose mentions of which sites.
#[derive(Clone, Copy, Debug)]
pub struct Inbox<'a> {
    pub account: AccountId,
    /// Those that he moderates; none: everything, as of an admin.
    pub only: Option<&'a [SiteId]>,
}

impl Inbox<'_> {
    /// The table `m` of his mentions, with their notes as `n`.
    fn range<ST>(&self, query: Sql<ST>, is_unread: bool) -> Sql<ST> {
        let query =
            query.sql("FROM mentions m JOIN notes n ON n.id = m.note_id WHERE m.account_id = ").key(self.account);
        let query = if is_unread { query.sql(" AND m.read_at IS NULL") } else { query };
        match self.only {
            Some(sites) => query.sql(" AND n.site_id IN (").keys(sites.iter().copied()).sql(")"),
            None => query,
        }
    }

    /// Up to `limit` of them, the newest first, before this one; unread ones alone, or all.
    pub fn list(
        &self,
        conn: &mut Conn<'_>,
        is_unread: bool,
        before: Option<(Timestamp, NoteId)>,
        limit: i64,
    ) -> QueryResult<Vec<Mention>> {
        let query = Sql::<(Row, sql_types::Nullable<Instant>)>::new("SELECT ").sql(COLUMNS).sql(", o.read_at FROM (");
        let query = query.sql("SELECT m.note_id, m.created_at, m.read_at ");
        let mut query = self.range(query, is_unread);
        if let Some((time, id)) = before {
            query = query.sql(" AND (m.created_at, m.note_id) < (").time(time).sql(", ").key(id).sql(")");
        }
        let query = query
            .sql(" ORDER BY m.created_at DESC, m.note_id DESC LIMIT ")
            .int(limit)
            .sql(") o JOIN notes n ON n.id = o.note_id ")
            .sql(JOINS)
            .sql("ORDER BY o.created_at DESC, o.note_id DESC");
        native!(conn, c => query.load(c))
    }

    /// How many are unread, counted up to [`COUNTED_MAX`].
    pub fn count_unread(&self, conn: &mut Conn<'_>) -> QueryResult<i64> {
        let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM (SELECT m.note_id ");
        let query = self.range(query, true).sql(" LIMIT ").int(COUNTED_MAX).sql(") o");
        native!(conn, c => query.get_result(c))
    }
}

/// Says that somebody has read what names him, if he had not before; whether it names him.
pub fn read(conn: &mut Conn<'_>, account: AccountId, note: NoteId, now: Timestamp) -> QueryResult<bool> {
    let update = Sql::<()>::new("UPDATE mentions SET read_at = coalesce(read_at, ")
        .time(now)
        .sql(") WHERE account_id = ")
        .key(account)
        .sql(" AND note_id = ")
        .key(note);
    Ok(native!(conn, c => update.execute(c))? > 0)
}
