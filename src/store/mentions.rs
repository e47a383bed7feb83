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
const COUNTED_MAX: i64 = 100;
/// Mentions that a request looks at.
const LOOKED_AT: i64 = 500;

/// Those of these names, folded, who moderate the site, or are admins where there is none, in the order of the names; their
/// accounts are kept from being closed until the end of the transaction, since what names them is to follow.
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
    // looked at again where it was waited for, so that who has closed his account meanwhile is not found
    let query = query.sql(if conn.is_pg() { " FOR KEY SHARE OF a" } else { "" });
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

/// A page of an inbox.
#[derive(Clone, Debug)]
pub struct Listed {
    pub mentions: Vec<Mention>,
    /// The last one that was looked at, if there may be more behind it.
    pub looked_at: Option<(Timestamp, NoteId)>,
}

/// How many are unread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Unread {
    /// Up to 100.
    pub count: i64,
    /// Whether that is all of them.
    pub is_exact: bool,
}

/// A mention's time and note, and whether it is of a site that is looked at.
type Place = (NoteId, Timestamp, bool);

impl Inbox<'_> {
    /// The next [`LOOKED_AT`] of all his mentions, the newest first, those of other sites among them: sites that somebody does
    /// not moderate any more are not walked past without end.
    fn look(
        &self,
        conn: &mut Conn<'_>,
        is_unread: bool,
        before: Option<(Timestamp, NoteId)>,
    ) -> QueryResult<Vec<Place>> {
        let query = Sql::<(Key, Instant, sql_types::Bool)>::new("SELECT m.note_id, m.created_at, ");
        let query = match self.only {
            Some(sites) => query.sql("coalesce(n.site_id IN (").keys(sites.iter().copied()).sql("), FALSE)"),
            None => query.sql("TRUE"),
        };
        let query = query.sql(" FROM (SELECT m.note_id, m.created_at FROM mentions m WHERE m.account_id = ");
        let mut query = query.key(self.account).sql(if is_unread { " AND m.read_at IS NULL" } else { "" });
        if let Some((time, id)) = before {
            query = query.sql(" AND (m.created_at, m.note_id) < (").time(time).sql(", ").key(id).sql(")");
        }
        let query = query.sql(" ORDER BY m.created_at DESC, m.note_id DESC LIMIT ").int(LOOKED_AT);
        let query = query.sql(") m JOIN notes n ON n.id = m.note_id");
        let mut places: Vec<Place> = native!(conn, c => query.load(c))?;
        places.sort_unstable_by_key(|(note, at, _)| std::cmp::Reverse((*at, *note)));
        Ok(places)
    }

    /// Up to `limit` of those that are his to see, the newest first, before this one; unread ones alone, or all.
    pub fn list(
        &self,
        conn: &mut Conn<'_>,
        is_unread: bool,
        before: Option<(Timestamp, NoteId)>,
        limit: usize,
    ) -> QueryResult<Listed> {
        let places = self.look(conn, is_unread, before)?;
        let last = places.last().filter(|_| is_full(&places)).map(|(note, at, _)| (*at, *note));
        let seen: Vec<NoteId> = places.iter().filter(|(.., is_seen)| *is_seen).map(|(note, ..)| *note).collect();
        let looked_at = last.filter(|_| seen.len() <= limit);
        let query = Sql::<(Row, sql_types::Nullable<Instant>)>::new("SELECT ")
            .sql(COLUMNS)
            .sql(", m.read_at FROM mentions m JOIN notes n ON n.id = m.note_id ")
            .sql(JOINS)
            .sql("WHERE m.account_id = ")
            .key(self.account)
            .sql(" AND m.note_id IN (")
            .keys(seen.into_iter().take(limit))
            .sql(")");
        let mut mentions: Vec<Mention> = native!(conn, c => query.load(c))?;
        mentions.sort_unstable_by_key(|mention| std::cmp::Reverse((mention.note.created_at, mention.note.id)));
        Ok(Listed { mentions, looked_at })
    }

    /// How many are unread, of those that are looked at first.
    pub fn count_unread(&self, conn: &mut Conn<'_>) -> QueryResult<Unread> {
        let places = self.look(conn, true, None)?;
        let count = places.iter().filter(|(.., is_seen)| *is_seen).count();
        let count = i64::try_from(count).map_or(COUNTED_MAX, |count| count.min(COUNTED_MAX));
        Ok(Unread { count, is_exact: count < COUNTED_MAX && !is_full(&places) })
    }
}

/// Whether there may be more than was looked at.
fn is_full(places: &[Place]) -> bool {
    i64::try_from(places.len()).is_ok_and(|count| count >= LOOKED_AT)
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
