//! Notes of moderators about accounts and replies. They are never told to whom they are about.

use diesel::{OptionalExtension, QueryResult, Queryable, RunQueryDsl, sql_types};

use super::{
    Conn,
    conn::native,
    sql::{Sql, Value},
    types::{Instant, Key},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A note with who wrote it.
#[derive(Clone, Debug, Queryable)]
pub struct Note {
    pub id: NoteId,
    /// None: about an account, for admins.
    pub site_id: Option<SiteId>,
    pub site_key: Option<String>,
    /// Whom it is about, if it is about no reply.
    pub account_id: Option<AccountId>,
    pub reply_id: Option<ReplyId>,
    /// Whom it concerns: the account that it is about, or the reply's author.
    pub concerns: AccountId,
    pub author_id: AccountId,
    pub author_username: Option<String>,
    pub author_display_name: Option<String>,
    pub body: String,
    pub created_at: Timestamp,
}

/// A note's columns, in the order of [`Note`].
pub(super) type Row = (
    Key,
    sql_types::Nullable<Key>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<Key>,
    sql_types::Nullable<Key>,
    Key,
    Key,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Nullable<sql_types::Text>,
    sql_types::Text,
    Instant,
);

pub(super) const COLUMNS: &str = "n.id, n.site_id, s.key, n.account_id, n.reply_id, \
     coalesce(n.account_id, (SELECT r.author_id FROM replies r WHERE r.id = n.reply_id)), n.author_id, a.username, \
     a.display_name, n.body, n.created_at ";

pub(super) const JOINS: &str = "JOIN accounts a ON a.id = n.author_id LEFT JOIN sites s ON s.id = n.site_id ";

/// What a note is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// Somebody, on a site or for admins.
    Account(AccountId, Option<SiteId>),
    /// A reply, on its site.
    Reply(ReplyId, SiteId),
}

impl Subject {
    /// The id of what it is about.
    pub fn id(self) -> uuid::Uuid {
        match self {
            Self::Account(account, _) => account.0,
            Self::Reply(reply, _) => reply.0,
        }
    }

    fn columns(self) -> (Option<SiteId>, Option<AccountId>, Option<ReplyId>) {
        match self {
            Self::Account(account, site) => (site, Some(account), None),
            Self::Reply(reply, site) => (Some(site), None, Some(reply)),
        }
    }
}

/// The note with this id.
pub fn find(conn: &mut Conn<'_>, id: NoteId) -> QueryResult<Option<Note>> {
    let query = Sql::<Row>::new("SELECT ").sql(COLUMNS).sql("FROM notes n ").sql(JOINS).sql("WHERE n.id = ").key(id);
    native!(conn, c => query.get_result(c).optional())
}

/// How many notes there are about something.
pub fn count(conn: &mut Conn<'_>, subject: Subject) -> QueryResult<i64> {
    let query = Sql::<sql_types::BigInt>::new("SELECT count(*) FROM notes WHERE ");
    let query = match subject {
        Subject::Reply(reply, _) => query.sql("reply_id = ").key(reply),
        Subject::Account(account, None) => query.sql("site_id IS NULL AND account_id = ").key(account),
        Subject::Account(account, Some(site)) => {
            query.sql("account_id = ").key(account).sql(" AND site_id = ").key(site)
        }
    };
    native!(conn, c => query.get_result(c))
}

/// Stores a note.
pub fn insert(
    conn: &mut Conn<'_>,
    (id, subject): (NoteId, Subject),
    (author, body): (AccountId, &str),
    now: Timestamp,
) -> QueryResult<()> {
    let (site, account, reply) = subject.columns();
    let insert =
        Sql::<()>::new("INSERT INTO notes (id, site_id, account_id, reply_id, author_id, body, created_at) VALUES (")
            .values([
                Value::key(id),
                Value::optional_key(site),
                Value::optional_key(account),
                Value::optional_key(reply),
                Value::key(author),
                body.into(),
                now.into(),
            ])
            .sql(")");
    native!(conn, c => insert.execute(c))?;
    Ok(())
}

/// Deletes a note with whom it mentions; false if it was not there any more.
pub fn delete(conn: &mut Conn<'_>, id: NoteId) -> QueryResult<bool> {
    let mentions = Sql::<()>::new("DELETE FROM mentions WHERE note_id = ").key(id);
    native!(conn, c => mentions.execute(c))?;
    let note = Sql::<()>::new("DELETE FROM notes WHERE id = ").key(id);
    Ok(native!(conn, c => note.execute(c))? > 0)
}

/// Lets notes about an account be about another one, which is kept from being closed.
pub fn pass_on(conn: &mut Conn<'_>, from: AccountId, to: AccountId) -> QueryResult<()> {
    let update = Sql::<()>::new("UPDATE notes SET account_id = ").key(to).sql(" WHERE account_id = ").key(from);
    native!(conn, c => update.execute(c))?;
    Ok(())
}

/// Deletes all notes about an account, with whom they mention, and what waits in its own inbox.
pub fn delete_of_account(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let mentions = Sql::<()>::new("DELETE FROM mentions WHERE note_id IN (SELECT id FROM notes WHERE account_id = ")
        .key(account)
        .sql(")");
    native!(conn, c => mentions.execute(c))?;
    let notes = Sql::<()>::new("DELETE FROM notes WHERE account_id = ").key(account);
    native!(conn, c => notes.execute(c))?;
    let inbox = Sql::<()>::new("DELETE FROM mentions WHERE account_id = ").key(account);
    native!(conn, c => inbox.execute(c))?;
    Ok(())
}

/// Deletes all notes about an author's replies, with whom they mention.
pub fn delete_of_replies(conn: &mut Conn<'_>, author: AccountId) -> QueryResult<()> {
    let mentions = Sql::<()>::new(
        "DELETE FROM mentions WHERE note_id IN (SELECT n.id FROM replies r JOIN notes n ON n.reply_id = r.id \
         WHERE r.author_id = ",
    )
    .key(author)
    .sql(")");
    native!(conn, c => mentions.execute(c))?;
    let notes = Sql::<()>::new(
        "DELETE FROM notes WHERE id IN (SELECT n.id FROM replies r JOIN notes n ON n.reply_id = r.id \
         WHERE r.author_id = ",
    )
    .key(author)
    .sql(")");
    native!(conn, c => notes.execute(c))?;
    Ok(())
}

/// Up to `limit` notes about an account, the newest first, before this one; where only some sites are looked at, those there.
pub fn list_of_account(
    conn: &mut Conn<'_>,
    account: AccountId,
    only: Option<&[SiteId]>,
    before: Option<(Timestamp, NoteId)>,
    limit: i64,
) -> QueryResult<Vec<Note>> {
    let query =
        Sql::<Row>::new("SELECT ").sql(COLUMNS).sql("FROM (SELECT * FROM notes WHERE account_id = ").key(account);
    list(conn, of_sites(query, only), before, limit)
}

/// The same about a reply.
pub fn list_of_reply(
    conn: &mut Conn<'_>,
    reply: ReplyId,
    before: Option<(Timestamp, NoteId)>,
    limit: i64,
) -> QueryResult<Vec<Note>> {
    let query = Sql::<Row>::new("SELECT ").sql(COLUMNS).sql("FROM (SELECT * FROM notes WHERE reply_id = ").key(reply);
    list(conn, query, before, limit)
}

fn of_sites(query: Sql<Row>, only: Option<&[SiteId]>) -> Sql<Row> {
    match only {
        Some(sites) => query.sql(" AND site_id IN (").keys(sites.iter().copied()).sql(")"),
        None => query,
    }
}

fn list(
    conn: &mut Conn<'_>,
    mut query: Sql<Row>,
    before: Option<(Timestamp, NoteId)>,
    limit: i64,
) -> QueryResult<Vec<Note>> {
    if let Some((time, id)) = before {
        query = query.sql(" AND (created_at, id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let query = query
        .sql(" ORDER BY created_at DESC, id DESC LIMIT ")
        .int(limit)
        .sql(") n ")
        .sql(JOINS)
        .sql("ORDER BY n.created_at DESC, n.id DESC");
    native!(conn, c => query.load(c))
}
