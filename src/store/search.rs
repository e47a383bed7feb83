//! The search among documents (`search_documents`), the newest stored first: which replies have which words.
//!
//! SQLite's index is a list for each word in the order of the documents' numbers, so a page is read off the ends of a few
//! lists. PostgreSQL's knows no order: of a word that is everywhere it would gather all documents first. So there the last
//! few thousand documents are read, and the index is asked only if these do not fill the page, which means that what is
//! looked for is not that frequent.

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::{
    Conn, Native,
    conn::native,
    moderation::{QueueKind, QueueSites},
    sql::Sql,
    types::Key,
};
use crate::domain::{
    ids::*,
    search_document::{self as words},
    text_query::Token,
};

/// Documents that PostgreSQL reads before it asks its index.
const NEAR: i64 = 5_000;

/// Which replies are looked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// All of them.
    pub terms: Vec<WantedTerm>,
    /// None of these.
    pub unwanted: Vec<Token>,
    pub sites: &'a QueueSites,
    pub queue: Option<QueueKind>,
    pub author: Option<AccountId>,
    pub story: Option<StoryId>,
    /// Stored before this document.
    pub before: Option<i64>,
    pub limit: i64,
}

/// A reply has all of the tokens, or one of the authors, or one of the stories.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WantedTerm {
    pub tokens: Vec<Token>,
    pub authors: Vec<AccountId>,
    pub stories: Vec<StoryId>,
}

impl WantedTerm {
    /// Whether no reply can have it.
    pub fn is_nowhere(&self) -> bool {
        self.tokens.is_empty() && self.authors.is_empty() && self.stories.is_empty()
    }

    fn has_names(&self) -> bool {
        !self.authors.is_empty() || !self.stories.is_empty()
    }

    fn names(&self) -> impl Iterator<Item = Token> + '_ {
        self.authors.iter().map(|id| words::author(*id)).chain(self.stories.iter().map(|id| words::story(*id)))
    }
}

/// A reply that has the words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Queryable)]
pub struct Candidate {
    /// Its document.
    pub seq: i64,
    pub id: ReplyId,
}

type Columns = (BigInt, Key);

impl Wanted<'_> {
    /// What must all be there beside the terms.
    fn filters(&self) -> Vec<Token> {
        let queue = self.queue.map(|queue| match queue {
            QueueKind::State(state) => words::state(state),
            QueueKind::Reported => words::reported(),
            QueueKind::Flagged => words::flagged(),
            QueueKind::Appealed => words::appealed(),
        });
        let named = self.author.map(words::author).into_iter().chain(self.story.map(words::story));
        queue.into_iter().chain(named).collect()
    }

    /// The sites of which it must be one; nothing if it may be any.
    fn sites(&self) -> Option<Vec<Token>> {
        match self.sites {
            QueueSites::All => None,
            QueueSites::These(sites) => Some(sites.iter().map(|site| words::site(*site)).collect()),
        }
    }

    /// As FTS5 is asked. Each token is quoted, and none has a quote in it.
    fn in_fts5(&self) -> String {
        let term = |term: &WantedTerm| {
            let all = (!term.tokens.is_empty()).then(|| joined(&term.tokens, " AND ", fts5));
            let any: Vec<String> = all.into_iter().chain(term.names().map(|name| fts5(&name))).collect();
            format!("({})", any.join(" OR "))
        };
        let mut all: Vec<String> = self.terms.iter().map(term).collect();
        all.extend(self.filters().iter().map(fts5));
        all.extend(self.sites().map(|sites| joined(&sites, " OR ", fts5)));
        let all = all.join(" AND ");
        if self.unwanted.is_empty() { all } else { format!("({all}) NOT {}", joined(&self.unwanted, " OR ", fts5)) }
    }

    /// As PostgreSQL is asked, without the terms that names may stand for; perhaps nothing.
    fn in_tsquery(&self) -> String {
        let plain = self.terms.iter().filter(|term| !term.has_names());
        let mut all: Vec<String> = plain.map(|term| joined(&term.tokens, " & ", tsquery)).collect();
        all.extend(self.filters().iter().map(tsquery));
        all.extend(self.sites().map(|sites| joined(&sites, " | ", tsquery)));
        all.extend(self.unwanted.iter().map(|token| format!("!{}", tsquery(token))));
        all.join(" & ")
    }
}

fn joined(tokens: &[Token], with: &str, write: impl Fn(&Token) -> String) -> String {
    format!("({})", tokens.iter().map(write).collect::<Vec<_>>().join(with))
}

fn fts5(Token { text, is_prefix }: &Token) -> String {
    format!("\"{text}\"{}", if *is_prefix { "*" } else { "" })
}

fn tsquery(Token { text, is_prefix }: &Token) -> String {
    format!("'{text}'{}", if *is_prefix { ":*" } else { "" })
}

/// Replies that have what is wanted, the newest stored first.
pub fn list(conn: &mut Conn<'_>, wanted: &Wanted<'_>) -> QueryResult<Vec<Candidate>> {
    if wanted.terms.iter().any(WantedTerm::is_nowhere) {
        return Ok(Vec::new());
    }
    let before = wanted.before.unwrap_or(i64::MAX);
    let query = match &conn.native {
        Native::Sqlite(_) => Sql::<Columns>::new(
            "SELECT d.seq, d.object_id FROM __search_words CROSS JOIN search_documents d ON d.seq = __search_words.rowid \
             WHERE __search_words MATCH ",
        )
        .str(wanted.in_fts5())
        .sql(" AND __search_words.rowid < ")
        .int(before)
        .sql(" ORDER BY __search_words.rowid DESC LIMIT ")
        .int(wanted.limit),
        Native::Pg(_) => {
            // a number that is computed is no reason to walk the table in its order
            Sql::new(
                "WITH near AS MATERIALIZED (SELECT n.seq FROM (SELECT w.seq, w.author_id, w.story_id, w.words \
                 FROM __search_words w WHERE w.seq < ",
            )
            .int(before)
            .sql(" ORDER BY w.seq DESC LIMIT ")
            .int(NEAR)
            .sql(") n WHERE ")
            .append(pg_condition(wanted, false))
            .sql(" ORDER BY n.seq DESC LIMIT ")
            .int(wanted.limit)
            .sql("), far AS MATERIALIZED (SELECT n.seq FROM __search_words n WHERE ")
            .append(pg_condition(wanted, true))
            .sql(" AND n.seq + 0 < (SELECT l.seq FROM __search_words l WHERE l.seq < ")
            .int(before)
            .sql(" ORDER BY l.seq DESC OFFSET ")
            .int(NEAR - 1)
            .sql(" LIMIT 1) AND (SELECT count(*) FROM near) < ")
            .int(wanted.limit)
            .sql(
                ") SELECT d.seq, d.object_id FROM (SELECT f.seq FROM (SELECT seq FROM near UNION ALL SELECT seq FROM far) f \
                 ORDER BY f.seq DESC LIMIT ",
            )
            .int(wanted.limit)
            .sql(
                ") f CROSS JOIN LATERAL (SELECT * FROM search_documents b WHERE b.seq = f.seq LIMIT 1) d \
                 ORDER BY d.seq DESC",
            )
        }
    };
    native!(conn, c => query.load(c))
}

/// That a row `n` of words is wanted: by what stands in the row where rows are read one by one, and by what the index knows
/// where it is asked. What does not depend on the row is computed once.
fn pg_condition(wanted: &Wanted<'_>, is_by_index: bool) -> Sql<Columns> {
    let mut condition = Sql::new("true");
    let all = wanted.in_tsquery();
    if !all.is_empty() {
        condition = condition.sql(" AND n.words @@ (SELECT CAST(").str(all).sql(" AS tsquery))");
    }
    for term in wanted.terms.iter().filter(|term| term.has_names()) {
        condition = condition.sql(" AND (false");
        if !term.tokens.is_empty() {
            condition = condition.sql(" OR n.words @@ (SELECT CAST(").str(joined(&term.tokens, " & ", tsquery));
            condition = condition.sql(" AS tsquery))");
        }
        if is_by_index {
            let names: Vec<String> = term.names().map(|name| tsquery(&name)).collect();
            condition = condition.sql(" OR n.words @@ ANY ((SELECT CAST(string_to_array(").str(names.join(" "));
            condition = condition.sql(", ' ') AS tsquery[]))::tsquery[])");
        } else {
            let authors: Vec<String> = term.authors.iter().map(ToString::to_string).collect();
            let stories: Vec<String> = term.stories.iter().map(ToString::to_string).collect();
            condition = condition
                .sql(" OR n.author_id = ANY ((SELECT CAST(string_to_array(")
                .str(authors.join(" "))
                .sql(", ' ') AS uuid[]))::uuid[]) OR n.story_id = ANY ((SELECT CAST(string_to_array(")
                .str(stories.join(" "))
                .sql(", ' ') AS uuid[]))::uuid[])");
        }
        condition = condition.sql(")");
    }
    condition
}

/// What accounts or stories are looked for: their names have all of these tokens.
#[derive(Clone, Debug)]
pub struct WantedName {
    pub tokens: Vec<Token>,
    /// The newest ones, so many.
    pub limit: i64,
}

/// Accounts or stories, each with the number of what it was found by.
pub fn list_named(conn: &mut Conn<'_>, wanted: &[WantedName]) -> QueryResult<Vec<(usize, ObjectId)>> {
    let is_pg = conn.is_pg();
    let mut query: Option<Sql<Columns>> = None;
    for (number, name) in wanted.iter().enumerate() {
        let begun = query.map_or_else(|| Sql::new("SELECT * FROM ("), |query| query.sql(" UNION ALL SELECT * FROM ("));
        let begun = begun.sql("SELECT ").int(i64::try_from(number).unwrap_or(i64::MAX));
        query = Some(if is_pg {
            begun
                .sql(
                    ", d.object_id FROM (SELECT w.seq FROM __search_words w WHERE w.words @@ (SELECT CAST(",
                )
                .str(joined(&name.tokens, " & ", tsquery))
                .sql(" AS tsquery)) ORDER BY w.seq + 0 DESC LIMIT ")
                .int(name.limit)
                .sql(
                    ") w CROSS JOIN LATERAL (SELECT b.object_id FROM search_documents b WHERE b.seq = w.seq LIMIT 1) d) n",
                )
        } else {
            begun
                .sql(
                    ", d.object_id FROM __search_words CROSS JOIN search_documents d ON d.seq = __search_words.rowid \
                     WHERE __search_words MATCH ",
                )
                .str(joined(&name.tokens, " AND ", fts5))
                .sql(" ORDER BY __search_words.rowid DESC LIMIT ")
                .int(name.limit)
                .sql(") n")
        });
    }
    let Some(query) = query else { return Ok(Vec::new()) };
    let rows: Vec<(i64, ObjectId)> = native!(conn, c => query.load(c))?;
    Ok(rows.into_iter().map(|(number, id)| (usize::try_from(number).unwrap_or(usize::MAX), id)).collect())
}

/// The texts in which what is looked for may stand.
#[derive(Clone, Debug, Queryable)]
pub struct Texts {
    pub id: ReplyId,
    pub source: String,
    pub username: Option<String>,
    pub display_name: Option<String>,
    pub headline: String,
}

/// The texts of these replies, in any order.
pub fn list_texts(conn: &mut Conn<'_>, ids: &[ReplyId]) -> QueryResult<Vec<Texts>> {
    type Columns = (Key, Text, Nullable<Text>, Nullable<Text>, Text);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let query = Sql::<Columns>::new(
        "SELECT r.id, r.body_source, a.username, a.display_name, y.headline FROM replies r \
         JOIN accounts a ON a.id = r.author_id JOIN stories y ON y.id = r.story_id WHERE r.id IN (",
    )
    .keys(ids.iter().copied())
    .sql(")");
    native!(conn, c => query.load(c))
}
