//! The search: replies by the words in their text, in their author's names and in their story's headline.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    item::QueueItemView,
    queue::{chosen_sites, items, weighed},
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        ids::*,
        reply_state::ReplyState,
        rules::Span,
        search_document::{of_account, of_story},
        text_query::{Term, TextQuery, Token},
    },
    http::{
        body::Params,
        caller::Caller,
        findings::{SpanView, in_characters},
        page::{DEFAULT_LIMIT, Page},
        problem::{Code, Problem},
    },
    store::{
        Conn,
        moderation::{self, QueueKind, QueueSites, QueuedReply},
        search::{self, Candidate, Wanted, WantedName, WantedTerm},
        search_documents,
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
const MARKS_SHOWN: usize = 20;
/// Bytes of an item's marks.
const MARKS_MAX_BYTES: usize = 4 * MARKS_SHOWN * 34;

/// Which replies are searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SearchedQueue {
    /// Waiting replies.
    Pending,
    /// Public replies with open reports.
    Reported,
    /// Public replies that the rules flagged and no moderator has looked at since.
    Flagged,
    /// Replies taken for spam.
    Spam,
    /// Public replies.
    Approved,
    /// Refused replies.
    Rejected,
    /// Replies that their authors took back.
    Withdrawn,
}

impl From<SearchedQueue> for QueueKind {
    fn from(queue: SearchedQueue) -> Self {
        match queue {
            SearchedQueue::Pending => Self::State(ReplyState::Pending),
            SearchedQueue::Reported => Self::Reported,
            SearchedQueue::Flagged => Self::Flagged,
            SearchedQueue::Spam => Self::State(ReplyState::Spam),
            SearchedQueue::Approved => Self::State(ReplyState::Approved),
            SearchedQueue::Rejected => Self::State(ReplyState::Rejected),
            SearchedQueue::Withdrawn => Self::State(ReplyState::Withdrawn),
        }
    }
}

/// What is looked for; one of `q`, `author` and `story` at least.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchReplies {
    /// Words that must all be there, each in the text, in a name of the author or in the story's headline;
    /// `"words in this order"`, `begin*`, `-without`. Case and accents do not count. 16 of them count at most.
    #[validate(length(min = 1, max = 1000))]
    #[param(min_length = 1, max_length = 1000)]
    pub q: Option<String>,
    /// Words of the author's names.
    #[validate(length(min = 1, max = 200))]
    #[param(min_length = 1, max_length = 200)]
    pub author: Option<String>,
    /// Words of the story's headline.
    #[validate(length(min = 1, max = 200))]
    #[param(min_length = 1, max_length = 200)]
    pub story: Option<String>,
    /// Only of this queue or list; all replies if absent.
    #[param(inline)]
    pub queue: Option<SearchedQueue>,
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// Only replies to this story.
    pub story_id: Option<StoryId>,
    /// Only replies by this account.
    pub author_id: Option<AccountId>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// A page of what was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundPage {
    /// The replies, the newest stored first.
    pub items: Vec<FoundReplyView>,
    /// Where to go on; null at the end. A page may have fewer items than asked for, or none, and go on.
    pub next_cursor: Option<String>,
    /// False while replies of before there was a search are still brought into the index: some may be missing.
    pub is_complete: bool,
}

/// A reply that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundReplyView {
    /// The reply.
    pub item: QueueItemView,
    /// Where what was looked for stands.
    pub marks: MarksView,
}

/// Where what was looked for stands in each text, in order; the first 20 places.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MarksView {
    /// In `item.body`.
    pub body: Vec<SpanView>,
    /// In `item.story.headline`.
    pub headline: Vec<SpanView>,
    /// In `item.author.username`.
    pub username: Vec<SpanView>,
    /// In `item.author.display_name`, the name that is shown.
    pub display_name: Vec<SpanView>,
}

/// Search replies
///
/// By words in the text, in the author's names and in the story's headline; of any state. Whatever is typed is understood:
/// signs that mean nothing are left out. By a name that very many have, the newest 100 accounts and 200 stories are found.
#[utoipa::path(
    tag = "moderation",
    params(SearchReplies),
    responses((status = 200, body = FoundPage)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/search")]
pub async fn search_replies(
    caller: Caller,
    state: State,
    Params(query): Params<SearchReplies>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let sought = Sought::of(&query)?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.permit(conn, Operation::SearchReplies, now)?;
            let moderated = caller.standing.moderated_sites();
            let sites = chosen_sites(conn, &caller, query.site.as_deref(), &moderated, Operation::SearchReplies)?;
            let SearchReplies { q, author, story, queue, story_id, author_id, .. } = &query;
            let scope = format!("search/{q:?}/{author:?}/{story:?}/{queue:?}/{sites:?}/{story_id:?}/{author_id:?}");
            let before: Option<i64> = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
            let is_complete = search_documents::is_complete(conn)?;
            let (candidates, may_go_on) = sought.candidates(conn, &query, sites, before, i64::from(limit))?;
            let found = sought.found(conn, &candidates)?;
            let numbers: HashMap<ReplyId, i64> = candidates.iter().map(|found| (found.id, found.seq)).collect();
            let rows = moderation::list_these(conn, &found[..found.len().min(limit as usize + 1)])?;
            let rows = rows.into_iter().filter(|row| sought.is_in(&Fields::of(row))).collect();
            let weighed = weighed(conn, rows)?.into_iter().map(|(row, bytes)| (row, bytes + MARKS_MAX_BYTES)).collect();
            let cursor = |(last, _): &(QueuedReply, usize)| state.cursors.seal(&scope, numbers[&last.id]);
            let page = Page::of_texts(weighed, limit as usize, cursor, |(row, _)| row);
            let last = candidates.last().filter(|_| may_go_on).map(|last| state.cursors.seal(&scope, last.seq));
            let marks: Vec<MarksView> = page.items.iter().map(|row| sought.marks(&Fields::of(row))).collect();
            let items = items(conn, page.items, now)?.into_iter().zip(marks);
            let items = items.map(|(item, marks)| FoundReplyView { item, marks }).collect();
            Ok::<_, Problem>(FoundPage { items, next_cursor: page.next_cursor.or(last), is_complete })
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// What is looked for, read.
struct Sought {
    anywhere: Option<TextQuery>,
    author: Option<TextQuery>,
    story: Option<TextQuery>,
}

/// The texts of a reply in which it is looked for.
struct Fields<'a> {
    body: &'a str,
    headline: &'a str,
    username: &'a str,
    display_name: &'a str,
}

impl<'a> Fields<'a> {
    fn of(row: &'a QueuedReply) -> Self {
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
    fn of(query: &SearchReplies) -> Result<Self, Problem> {
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
    fn candidates(
        &self,
        conn: &mut Conn<'_>,
        query: &SearchReplies,
        sites: QueueSites<'_>,
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
    fn found(&self, conn: &mut Conn<'_>, candidates: &[Candidate]) -> Result<Vec<ReplyId>, Problem> {
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
    fn is_in(&self, fields: &Fields<'_>) -> bool {
        let Fields { body, headline, username, display_name } = *fields;
        let is_in = |query: &Option<TextQuery>, texts: &[&str]| query.as_ref().is_none_or(|it| it.matches_in(texts));
        is_in(&self.anywhere, &[body, headline, username, display_name])
            && is_in(&self.author, &[username, display_name])
            && is_in(&self.story, &[headline])
    }

    fn marks(&self, fields: &Fields<'_>) -> MarksView {
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
