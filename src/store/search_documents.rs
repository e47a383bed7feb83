//! What is searched for, by words: replies, and the names of accounts and stories, each with a document that is written by
//! the transaction that writes what it is about.
//!
//! Words are ours (`domain::text_query`), so that both databases have the same; each keeps them in its own kind of index,
//! the table `__search_words`. Documents have numbers in the order in which they were stored, and keep them.

use std::collections::HashMap;

use diesel::{QueryResult, Queryable, RunQueryDsl, prelude::*, sql_types};
use sha2::{Digest, Sha256};

use super::{
    Conn, Native,
    accounts::Account,
    conn::native,
    replies::Reply,
    schema::{accounts, replies, stories},
    sql::{Sql, Value},
    types::Key,
};
use crate::domain::{
    ids::*,
    search_document::{self as words, DocumentKind},
    text_query::index_words,
    timestamp::Timestamp,
};

/// A document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    pub kind: DocumentKind,
    pub object: ObjectId,
    /// Of a reply.
    pub author: Option<AccountId>,
    /// Of a reply.
    pub story: Option<StoryId>,
    /// Separated by spaces.
    pub words: String,
}

impl Document {
    /// Of a reply: its words, where it belongs and in which lists of moderators it stands.
    pub fn of_reply(reply: &Reply) -> Self {
        let (site, author, story) = (reply.site_id, reply.author_id, reply.story_id);
        let mut tokens = vec![words::site(site), words::author(author), words::story(story), words::state(reply.state)];
        tokens.extend(reply.is_reported().then(words::reported));
        tokens.extend(reply.flagged_at.map(|_| words::flagged()));
        tokens.extend(reply.appealed_at.map(|_| words::appealed()));
        let tokens: Vec<String> = tokens.into_iter().map(|token| token.text).collect();
        let text = index_words(&reply.body.source);
        let words = if text.is_empty() { tokens.join(" ") } else { format!("{} {text}", tokens.join(" ")) };
        Self {
            kind: DocumentKind::Reply,
            object: ObjectId(reply.id.0),
            author: Some(author),
            story: Some(story),
            words,
        }
    }

    /// Of an account.
    pub fn of_account(id: AccountId, username: Option<&str>, display_name: Option<&str>) -> Self {
        let names = [username, display_name].map(Option::unwrap_or_default).join("\n");
        let words = index_words(&names);
        let words = words.split(' ').filter(|word| !word.is_empty()).map(|word| words::of_account(word, false).text);
        Self::of_name(DocumentKind::Account, ObjectId(id.0), words)
    }

    /// Of a story.
    pub fn of_story(id: StoryId, headline: &str) -> Self {
        let words = index_words(headline);
        let words = words.split(' ').filter(|word| !word.is_empty()).map(|word| words::of_story(word, false).text);
        Self::of_name(DocumentKind::Story, ObjectId(id.0), words)
    }

    fn of_name(kind: DocumentKind, object: ObjectId, words: impl Iterator<Item = String>) -> Self {
        Self { kind, object, author: None, story: None, words: words.collect::<Vec<_>>().join(" ") }
    }

    /// What tells that it has the same words as another.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.words.as_bytes())[..8].to_vec()
    }
}

/// Writes a document: a new one, or other words for one that is there.
pub(super) fn put(conn: &mut Conn<'_>, document: &Document) -> QueryResult<()> {
    let put = match &conn.native {
        Native::Sqlite(_) => {
            Sql::<sql_types::BigInt>::new("INSERT INTO search_documents (kind, object_id, digest) VALUES (")
        }
        // a sequence of its own: the twin trees' tables are declared alike
        Native::Pg(_) => Sql::new(
            "INSERT INTO search_documents (seq, kind, object_id, digest) VALUES (nextval('search_documents_seq'), ",
        ),
    };
    let put = put
        .values([document.kind.as_str().into(), Value::key(document.object), document.digest().as_slice().into()])
        .sql(") ON CONFLICT (object_id) DO UPDATE SET digest = excluded.digest RETURNING seq");
    let seq: i64 = native!(conn, c => put.get_result(c))?;
    let words = match &conn.native {
        Native::Sqlite(_) => Sql::<()>::new("INSERT OR REPLACE INTO __search_words (rowid, words) VALUES (")
            .values([seq.into(), document.words.as_str().into()])
            .sql(")"),
        Native::Pg(_) => Sql::<()>::new("INSERT INTO __search_words (seq, author_id, story_id, words) VALUES (")
            .values([seq.into(), Value::optional_key(document.author), Value::optional_key(document.story)])
            .sql(", array_to_tsvector(string_to_array(")
            .str(&*document.words)
            .sql(", ' '))) ON CONFLICT (seq) DO UPDATE SET author_id = excluded.author_id, words = excluded.words"),
    };
    native!(conn, c => words.execute(c))?;
    Ok(())
}

/// Keeps the document of a reply that was written.
pub fn keep_reply(conn: &mut Conn<'_>, before: Option<&Reply>, after: &Reply) -> QueryResult<()> {
    let signs = |reply: &Reply| (reply.is_reported(), reply.flagged_at.is_some(), reply.appealed_at.is_some());
    let told = |reply: &Reply| (reply.revision, reply.state, signs(reply));
    match before {
        Some(before) if told(before) == told(after) => Ok(()),
        _ => put(conn, &Document::of_reply(after)),
    }
}

/// Keeps the document of an account that was written.
pub(super) fn keep_account(conn: &mut Conn<'_>, account: &Account) -> QueryResult<()> {
    put(conn, &Document::of_account(account.id, account.username.as_deref(), account.display_name.as_deref()))
}

/// Keeps the document of an account of which a name was written.
pub(super) fn keep_names(conn: &mut Conn<'_>, id: AccountId) -> QueryResult<()> {
    let names = accounts::table.find(id).select((accounts::username, accounts::display_name));
    let names: Option<(Option<String>, Option<String>)> = native!(conn, c => names.first(c).optional())?;
    let Some((username, display_name)) = names else { return Ok(()) };
    put(conn, &Document::of_account(id, username.as_deref(), display_name.as_deref()))
}

/// Keeps the document of a story that was written.
pub(super) fn keep_story(conn: &mut Conn<'_>, id: StoryId, headline: &str) -> QueryResult<()> {
    put(conn, &Document::of_story(id, headline))
}

/// Up to `limit` replies of the last day without a document: a program of before there was a search posted them.
pub fn list_missing(conn: &mut Conn<'_>, now: Timestamp, limit: i64) -> QueryResult<Vec<ReplyId>> {
    let first = first_id_since(now.minus(DAY));
    let query = Sql::<Key>::new("SELECT r.id FROM replies r WHERE r.id > ")
        .key(first)
        .sql(" AND NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.object_id = r.id) LIMIT ")
        .int(limit);
    native!(conn, c => query.load(c))
}

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3_600);

/// Whether the words of all that is stored are in the index.
pub fn is_complete(conn: &mut Conn<'_>) -> QueryResult<bool> {
    let query = Sql::<sql_types::Bool>::new("SELECT NOT EXISTS (SELECT 1 FROM search_documents WHERE digest IS NULL)");
    native!(conn, c => query.get_result(c))
}

/// A row as `check` and the job read it.
#[derive(Clone, Debug, Queryable)]
pub(super) struct DocumentRow {
    pub seq: i64,
    pub kind: String,
    pub object: ObjectId,
    pub digest: Option<Vec<u8>>,
}

pub(super) type DocumentColumns = (sql_types::BigInt, sql_types::Text, Key, sql_types::Nullable<sql_types::Binary>);

/// Brings up to `limit` documents into the index of which it has no words, the newest first. How many there were.
pub fn index_waiting(conn: &mut Conn<'_>, limit: i64) -> QueryResult<usize> {
    let waiting = Sql::<DocumentColumns>::new(
        "SELECT seq, kind, object_id, digest FROM search_documents WHERE digest IS NULL ORDER BY seq DESC LIMIT ",
    )
    .int(limit);
    // what is being written is indexed by who writes it
    let waiting = if conn.is_pg() { waiting.sql(" FOR UPDATE SKIP LOCKED") } else { waiting };
    let mut rows: Vec<DocumentRow> = native!(conn, c => waiting.load(c))?;
    // SQLite sorts in best what comes in order
    rows.reverse();
    for document in of_rows(conn, &rows)?.into_iter().flatten() {
        put(conn, &document)?;
    }
    Ok(rows.len())
}

/// What the documents of these rows should be, in their order; nothing where there is no such thing.
pub(super) fn of_rows(conn: &mut Conn<'_>, rows: &[DocumentRow]) -> QueryResult<Vec<Option<Document>>> {
    let ids = |kind: DocumentKind| rows.iter().filter(move |row| row.kind == kind.as_str()).map(|row| row.object.0);
    let mut documents: Vec<Document> = Vec::with_capacity(rows.len());
    let wanted: Vec<ReplyId> = ids(DocumentKind::Reply).map(ReplyId).collect();
    if !wanted.is_empty() {
        let found = replies::table.filter(replies::id.eq_any(wanted));
        let found: Vec<Reply> = native!(conn, c => found.select(Reply::as_select()).load(c))?;
        documents.extend(found.iter().map(Document::of_reply));
    }
    let wanted: Vec<AccountId> = ids(DocumentKind::Account).map(AccountId).collect();
    if !wanted.is_empty() {
        let names = (accounts::id, accounts::username, accounts::display_name);
        let found = accounts::table.filter(accounts::id.eq_any(wanted)).select(names);
        let found: Vec<(AccountId, Option<String>, Option<String>)> = native!(conn, c => found.load(c))?;
        let of = |(id, username, name): &(AccountId, Option<String>, Option<String>)| {
            Document::of_account(*id, username.as_deref(), name.as_deref())
        };
        documents.extend(found.iter().map(of));
    }
    let wanted: Vec<StoryId> = ids(DocumentKind::Story).map(StoryId).collect();
    if !wanted.is_empty() {
        let found = stories::table.filter(stories::id.eq_any(wanted)).select((stories::id, stories::headline));
        let found: Vec<(StoryId, String)> = native!(conn, c => found.load(c))?;
        documents.extend(found.iter().map(|(id, headline)| Document::of_story(*id, headline)));
    }
    let mut documents: HashMap<ObjectId, Document> =
        documents.into_iter().map(|document| (document.object, document)).collect();
    Ok(rows.iter().map(|row| documents.remove(&row.object)).collect())
}
