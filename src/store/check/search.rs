//! What is searched for: that everything has its document, each with the words of what it is about.
//!
//! PostgreSQL gives the words back. SQLite's index does not: there it is told which documents are in it, a digest says of which
//! words, and one document of each batch is looked for by its words.

use std::collections::{BTreeSet, HashMap};

use diesel::{QueryResult, RunQueryDsl, sql_types::*};

use super::{CheckLine, NAMED_MAX};
use crate::{
    domain::{ids::ObjectId, search_document::DocumentKind},
    store::{
        Conn, Native,
        conn::native,
        search_documents::{self, Document, DocumentColumns, DocumentRow},
        sql::Sql,
        types::Key,
    },
};

/// Documents of a batch; with each of them the text is read.
const BATCH: i64 = 500;
/// Words by which a document is looked for.
const SOUGHT: usize = 50;

/// What the index has, by the numbers of documents: the words where it gives them back.
type Indexed = HashMap<i64, Option<String>>;

pub(super) fn check(conn: &mut Conn<'_>) -> QueryResult<[CheckLine; 1]> {
    let mut line = CheckLine::new("words that are searched for");
    let mut after = i64::MIN;
    loop {
        let rows =
            Sql::<DocumentColumns>::new("SELECT seq, kind, object_id, digest FROM search_documents WHERE seq > ")
                .int(after)
                .sql(" ORDER BY seq LIMIT ")
                .int(BATCH);
        let rows: Vec<DocumentRow> = native!(conn, c => rows.load(c))?;
        let last = rows.last().map_or(i64::MAX, |row| row.seq);
        let mut indexed = indexed(conn, after, last)?;
        let expected = search_documents::of_rows(conn, &rows)?;
        let mut is_last_right = false;
        for (row, expected) in rows.iter().zip(&expected) {
            let difference = difference(row, expected.as_ref(), indexed.remove(&row.seq));
            is_last_right = difference.is_none();
            line.look(difference);
        }
        for seq in indexed.keys() {
            line.add_wrong(format!("words of document {seq}, which is not there"));
        }
        if let (Some(row), Some(Some(document))) = (rows.last(), expected.last())
            && row.digest.is_some()
            && is_last_right
            && !is_found(conn, row.seq, document)?
        {
            line.add_wrong(format!("{} {}: is not found by its words", row.kind, row.object));
        }
        if rows.is_empty() {
            break;
        }
        after = last;
    }
    for kind in DocumentKind::ALL {
        missing(conn, *kind, &mut line)?;
    }
    Ok([line])
}

/// What is wrong with a document. One of which the index has no words yet is waiting for the job.
fn difference(row: &DocumentRow, expected: Option<&Document>, indexed: Option<Option<String>>) -> Option<String> {
    let DocumentRow { kind, object, digest, .. } = row;
    let Some(expected) = expected else { return Some(format!("{kind} {object}: there is none, but its words")) };
    let wrong = match (digest, indexed) {
        (None, None) => return None,
        (None, Some(_)) => "is in the index and waits to be",
        (Some(_), None) => "is not in the index",
        (Some(digest), _) if *digest != expected.digest() => "its words are others",
        (Some(_), Some(Some(words))) if set(&words) != set(&expected.words) => "the index has other words",
        (Some(_), Some(_)) => return None,
    };
    Some(format!("{kind} {object}: {wrong}"))
}

fn set(words: &str) -> BTreeSet<&str> {
    words.split(' ').filter(|word| !word.is_empty()).collect()
}

fn indexed(conn: &mut Conn<'_>, after: i64, last: i64) -> QueryResult<Indexed> {
    let (begin, end) = match &conn.native {
        Native::Sqlite(_) => ("SELECT rowid, NULL FROM __search_words WHERE rowid > ", " AND rowid <= "),
        Native::Pg(_) => (
            "SELECT seq, array_to_string(tsvector_to_array(words), ' ') FROM __search_words WHERE seq > ",
            " AND seq <= ",
        ),
    };
    let query = Sql::<(BigInt, Nullable<Text>)>::new(begin).int(after).sql(end).int(last);
    let rows: Vec<(i64, Option<String>)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().collect())
}

/// Whether SQLite finds a document by its words.
fn is_found(conn: &mut Conn<'_>, seq: i64, document: &Document) -> QueryResult<bool> {
    let Native::Sqlite(c) = &mut conn.native else { return Ok(true) };
    let words: Vec<String> = set(&document.words).into_iter().take(SOUGHT).map(|word| format!("\"{word}\"")).collect();
    if words.is_empty() {
        return Ok(true);
    }
    let query = Sql::<BigInt>::new("SELECT count(*) FROM __search_words WHERE __search_words MATCH ")
        .str(words.join(" AND "))
        .sql(" AND rowid = ")
        .int(seq);
    Ok(query.get_result::<i64>(*c)? == 1)
}

/// Adds what has no document.
fn missing(conn: &mut Conn<'_>, kind: DocumentKind, line: &mut CheckLine) -> QueryResult<()> {
    let from = match kind {
        DocumentKind::Reply => " FROM replies o",
        DocumentKind::Account => " FROM accounts o",
        DocumentKind::Story => " FROM stories o",
    };
    let without = " WHERE NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.object_id = o.id)";
    let number = Sql::<BigInt>::new("SELECT count(*)").sql(from).sql(without);
    let number: i64 = native!(conn, c => number.get_result(c))?;
    if number == 0 {
        return Ok(());
    }
    let named = Sql::<Key>::new("SELECT o.id").sql(from).sql(without).sql(" ORDER BY o.id LIMIT ");
    let named = named.int(i64::try_from(NAMED_MAX).unwrap_or(i64::MAX));
    let named: Vec<ObjectId> = native!(conn, c => named.load(c))?;
    let others = u64::try_from(number).unwrap_or_default().saturating_sub(named.len() as u64);
    for id in named {
        line.add_wrong(format!("{kind} {id}: has no document"));
    }
    line.wrong += others;
    Ok(())
}
