//! The search: replies by the words in their text, in their author's names and in their story's headline.

use std::collections::HashMap;

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    item::QueueItemView,
    queue::{items, weighed},
    source::chosen_sites,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, reply_state::ReplyState, timestamp::Timestamp},
    http::{
        body::Params,
        caller::Caller,
        findings::SpanView,
        page::{DEFAULT_LIMIT, Page},
        problem::Problem,
    },
    store::{
        Conn,
        moderation::{self, QueueKind, QueueSites, QueuedReply},
        search_documents,
    },
};
use sought::{Fields, MARKS_SHOWN, Sought};

mod sought;

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
    /// Replies that are with their authors, to be changed.
    Returned,
    /// Refused replies whose authors appeal.
    Appeals,
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
            SearchedQueue::Returned => Self::State(ReplyState::Returned),
            SearchedQueue::Appeals => Self::Appealed,
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
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.permit(conn, Operation::SearchReplies, now)?;
            let sites = chosen_sites(conn, &caller, query.site.as_deref(), Operation::SearchReplies)?;
            page(conn, &state, &query, &sought, &sites, (caller.account.id, now))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

fn page(
    conn: &mut Conn<'_>,
    state: &State,
    query: &SearchReplies,
    sought: &Sought,
    sites: &QueueSites,
    (me, now): (AccountId, Timestamp),
) -> Result<FoundPage, Problem> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let SearchReplies { q, author, story, queue, story_id, author_id, .. } = query;
    let scope = format!("search/{q:?}/{author:?}/{story:?}/{queue:?}/{sites:?}/{story_id:?}/{author_id:?}");
    let before: Option<i64> = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
    let is_complete = search_documents::is_complete(conn)?;
    let (candidates, may_go_on) = sought.candidates(conn, query, sites, before, i64::from(limit))?;
    let found = sought.found(conn, &candidates)?;
    let rows = moderation::list_these(conn, &found[..found.len().min(limit as usize + 1)])?;
    let rows = rows.into_iter().filter(|row| sought.is_in(&Fields::of(row))).collect();
    let rows = weighed(conn, rows)?.into_iter().map(|(row, bytes)| (row, bytes + MARKS_MAX_BYTES)).collect();
    let numbers: HashMap<ReplyId, i64> = candidates.iter().map(|found| (found.id, found.seq)).collect();
    let cursor = |(last, _): &(QueuedReply, usize)| state.cursors.seal(&scope, numbers[&last.id]);
    let page = Page::of_texts(rows, limit as usize, cursor, |(row, _)| row);
    // behind what was looked at, though nothing more of it is shown
    let last = candidates.last().filter(|_| may_go_on).map(|last| state.cursors.seal(&scope, last.seq));
    let marks: Vec<MarksView> = page.items.iter().map(|row| sought.marks(&Fields::of(row))).collect();
    let items = items(conn, page.items, (me, now))?.into_iter().zip(marks);
    let items = items.map(|(item, marks)| FoundReplyView { item, marks }).collect();
    Ok(FoundPage { items, next_cursor: page.next_cursor.or(last), is_complete })
}
