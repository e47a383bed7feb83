//! What is looked for, as it is asked of the index and compared with texts.

use std::collections::{HashMap, HashSet};

use super::{MarksView, SearchReplies};
use crate::{
    domain::{
        ids::*,
        rules::Span,
        search_document::{of_account, of_story},
        text_query::{Term, TextQuery, Token},
    },
    http::{
        findings::in_characters,
        problem::{Code, Problem},
    },
    store::{
        Conn,
        moderation::{QueueKind, QueueSites, QueuedReply},
        search::{self, Candidate, Wanted, WantedName, WantedTerm},
    },
};

/// Accounts by which one thing that is looked for is found at most, the newest; fewer where several things are looked for.
const AUTHORS_MAX: i64 = 100;
/// The same of stories.
const STORIES_MAX: i64 = 200;
/// Things for which as many are looked up.
const TERMS_WITH_ALL_NAMES: usize = 4;
/// Replies whose texts are read for one page where the index does not know all that is asked.
const READ_MAX: i64 = 200;
/// Marks of a text that are shown.
pub(super) const MARKS_SHOWN: usize = 20;

/// What is looked for, read.
pub(super) struct Sought {
    anywhere: Option<TextQuery>,
    author: Option<TextQuery>,
    story: Option<TextQuery>,
}

/// The texts of a reply in which it is looked for.
pub(super) struct Fields<'a> {
    body: &'a str,
    headline: &'a str,
    username: &'a str,
    display_name: &'a str,
}

impl<'a> Fields<'a> {
    pub(super) fn of(row: &'a QueuedReply) -> Self {
        let (username, display_name) = (&row.author.username, &row.author.display_name);
        Self {
            body: &row.body.source,
            headline: &row.story.headline,
            username: username.as_deref().unwrap_or_default(),
            // the name that is shown
            display_name: display_name.as_ref().or(username.as_ref()).map_or("", String::as_str),
        }
    }
}

impl Sought {
    pub(super) fn of(query: &SearchReplies) -> Result<Self, Problem> {
        let read = |name: &str, typed: &Option<String>| match typed {
            Some(typed) => TextQuery::parse(typed).map(Some).ok_or_else(|| {
                Problem::new(Code::InvalidQuery).detail(format!("{name}: there is no word in it to look for"))
            }),
            None => Ok(None),
        };
        let sought = Self {
            anywhere: read("q", &query.q)?,
            author: read("author", &query.author)?,
            story: read("story", &query.story)?,
        };
        if sought.queries().next().is_none() {
            return Err(Problem::new(Code::InvalidQuery).detail("one of q, author and story is needed"));
        }
        Ok(sought)
    }

    fn queries(&self) -> impl Iterator<Item = &TextQuery> {
        [&self.anywhere, &self.author, &self.story].into_iter().flatten()
    }

    /// Whether what the index finds is what is looked for.
    fn is_known_to_index(&self) -> bool {
        self.queries().all(|query| query.wanted().iter().chain(query.unwanted()).all(Term::is_one_token))
    }

    /// What may be it, and whether there may be more behind it.
    pub(super) fn candidates(
        &self,
        conn: &mut Conn<'_>,
        query: &SearchReplies,
        sites: &QueueSites,
        before: Option<i64>,
        limit: i64,
    ) -> Result<(Vec<Candidate>, bool), Problem> {
        let unwanted = self.anywhere.iter().flat_map(TextQuery::unwanted).filter(|term| term.is_one_token());
        let wanted = Wanted {
            terms: self.terms(conn)?,
            unwanted: unwanted.flat_map(Term::tokens).collect(),
            sites,
            queue: query.queue.map(QueueKind::from),
            author: query.author_id,
            story: query.story_id,
            before,
            limit: if self.is_known_to_index() { limit + 1 } else { READ_MAX.max(limit + 1) },
        };
        let candidates = search::list(conn, &wanted)?;
        let may_go_on = i64::try_from(candidates.len()) == Ok(wanted.limit);
        Ok((candidates, may_go_on))
    }

    /// What the index is asked for, with the accounts and stories that words stand for: one statement.
    fn terms(&self, conn: &mut Conn<'_>) -> Result<Vec<WantedTerm>, Problem> {
        let anywhere: Vec<Vec<Token>> = self.anywhere.iter().flat_map(TextQuery::wanted).map(Term::tokens).collect();
        let share = i64::try_from(anywhere.len().max(TERMS_WITH_ALL_NAMES)).unwrap_or(i64::MAX);
        let all = TERMS_WITH_ALL_NAMES as i64;
        let (authors, stories) = (AUTHORS_MAX * all / share, STORIES_MAX * all / share);
        let named = |tokens: &[Token], name: fn(&str, bool) -> Token, limit: i64| WantedName {
            tokens: tokens.iter().map(|token| name(&token.text, token.is_prefix)).collect(),
            limit,
        };
        let of_query = |query: &TextQuery| query.wanted().iter().flat_map(Term::tokens).collect::<Vec<_>>();
        let mut names = Vec::new();
        for tokens in &anywhere {
            names.push(named(tokens, of_account, authors));
            names.push(named(tokens, of_story, stories));
        }
        let by_author = self.author.as_ref().map(|query| named(&of_query(query), of_account, AUTHORS_MAX));
        let by_story = self.story.as_ref().map(|query| named(&of_query(query), of_story, STORIES_MAX));
        let (has_author, has_story) = (by_author.is_some(), by_story.is_some());
        names.extend(by_author.into_iter().chain(by_story));
        let mut found: HashMap<usize, Vec<ObjectId>> = HashMap::new();
        for (number, id) in search::list_named(conn, &names)? {
            found.entry(number).or_default().push(id);
        }
        let mut found = (0..names.len()).map(|number| found.remove(&number).unwrap_or_default());
        let mut take = |is_there: bool| if is_there { found.next().unwrap_or_default() } else { Vec::new() };
        let mut terms: Vec<WantedTerm> = Vec::with_capacity(anywhere.len() + 2);
        for tokens in anywhere {
            let (authors, stories) = (take(true), take(true));
            terms.push(WantedTerm { tokens, authors: ids(authors), stories: ids(stories) });
        }
        let (authors, stories) = (take(has_author), take(has_story));
        terms.extend(has_author.then(|| WantedTerm { authors: ids(authors), ..WantedTerm::default() }));
        terms.extend(has_story.then(|| WantedTerm { stories: ids(stories), ..WantedTerm::default() }));
        Ok(terms)
    }

    /// Those candidates that are it: of all of them, where the index does not know.
    pub(super) fn found(&self, conn: &mut Conn<'_>, candidates: &[Candidate]) -> Result<Vec<ReplyId>, Problem> {
        let ids: Vec<ReplyId> = candidates.iter().map(|candidate| candidate.id).collect();
        if self.is_known_to_index() {
            return Ok(ids);
        }
        let texts = search::list_texts(conn, &ids)?;
        let is_it = |texts: &&search::Texts| {
            self.is_in(&Fields {
                body: &texts.source,
                headline: &texts.headline,
                username: texts.username.as_deref().unwrap_or_default(),
                display_name: texts.display_name.as_deref().unwrap_or_default(),
            })
        };
        let found: HashSet<ReplyId> = texts.iter().filter(is_it).map(|texts| texts.id).collect();
        Ok(ids.into_iter().filter(|id| found.contains(id)).collect())
    }

    /// Whether it is in these texts.
    pub(super) fn is_in(&self, fields: &Fields<'_>) -> bool {
        let Fields { body, headline, username, display_name } = *fields;
        let is_in = |query: &Option<TextQuery>, texts: &[&str]| query.as_ref().is_none_or(|it| it.matches_in(texts));
        is_in(&self.anywhere, &[body, headline, username, display_name])
            && is_in(&self.author, &[username, display_name])
            && is_in(&self.story, &[headline])
    }

    pub(super) fn marks(&self, fields: &Fields<'_>) -> MarksView {
        let marks = |text: &str, query: &Option<TextQuery>| {
            let mut marks = Vec::new();
            for query in [&self.anywhere, query].into_iter().flatten() {
                marks.extend(query.marks(text).into_iter().map(|mark| Span { start: mark.start, end: mark.end }));
            }
            marks.sort_unstable_by_key(|mark| (mark.start, mark.end));
            marks.dedup_by(|next, before| {
                next.start <= before.end && {
                    before.end = before.end.max(next.end);
                    true
                }
            });
            marks.truncate(MARKS_SHOWN);
            in_characters(text, &marks)
        };
        MarksView {
            body: marks(fields.body, &None),
            headline: marks(fields.headline, &self.story),
            username: marks(fields.username, &self.author),
            display_name: marks(fields.display_name, &self.author),
        }
    }
}

fn ids<I: From<uuid::Uuid>>(objects: Vec<ObjectId>) -> Vec<I> {
    objects.into_iter().map(|object| I::from(object.0)).collect()
}
