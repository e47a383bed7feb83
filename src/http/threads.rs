//! Threads as readers see them: pages of a story; next door a reply with its surroundings, and what is below.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::Params,
    page::{DEFAULT_LIMIT, PAGE_MAX_BYTES, Page, fitting},
    problem::{Code, Problem},
    public::{
        PublicPage, Reader,
        page::Made,
        query::{Context, PublicQuery},
    },
    stories::find_head,
    views::ReplyView,
};
use crate::{
    app::State,
    domain::{ids::*, timestamp::Timestamp},
    http::cursor::Cursors,
    store::{
        Conn,
        pages::{self, Place, ShownReply, Sort, TopsFilter},
        stories::StoryHead,
    },
};

mod discussion;
mod reply;

pub use discussion::DiscussionQuery;
use reply::below_cursor;
pub use reply::{BelowQuery, PermalinkView, ReplyQuery};
pub(super) use reply::{Surroundings, below_place, find_shown};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(discussion::show_discussion)
        .service(list_story_replies)
        .service(reply::show_reply)
        .service(reply::list_replies_below);
}

/// Replies of a page at most, top-level ones and those below.
const PAGE_MAX_REPLIES: u32 = 500;
/// Replies below a top-level one where the request does not say.
const DEFAULT_PER_THREAD: u32 = 3;

/// The order of top-level replies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SortParam {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// The most recommended first, among equals the newest.
    Top,
}

impl From<SortParam> for Sort {
    fn from(sort: SortParam) -> Self {
        match sort {
            SortParam::Newest => Self::Newest,
            SortParam::Oldest => Self::Oldest,
            SortParam::Top => Self::Top,
        }
    }
}

/// Which page of a story's threads.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListThreads {
    /// The order of top-level replies; `newest` if absent.
    #[serde(default)]
    #[param(inline)]
    pub sort: SortParam,
    /// Top-level replies of a page, 1 to 100; 50 if absent. With all below at most 500 replies.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// Replies below each of them, 0 to 100; 3 if absent.
    #[validate(range(min = 0, max = 100))]
    #[param(minimum = 0, maximum = 100)]
    pub replies_per_thread: Option<u32>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// The story's version that the page must show, as the answer to a post names it; a newer one than there is counts
    /// for nothing.
    pub min_version: Option<i64>,
}

/// A page of a story's threads.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadPage {
    /// What changes about the story.
    pub story: StoryState,
    /// Top-level replies with the first ones below them.
    pub items: Vec<ThreadView>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
}

/// What changes about a story while people reply.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryState {
    /// Its id.
    pub id: StoryId,
    /// Raised by each change of what readers see.
    pub version: i64,
    /// Public replies.
    pub replies: i64,
    /// Whether replies are taken.
    pub is_closed: bool,
    /// When it closes by the clock, or did.
    pub closes_at: Option<Timestamp>,
}

impl StoryState {
    pub(super) fn of(head: &StoryHead, now: Timestamp) -> Self {
        let closing = head.closing();
        Self {
            id: head.story.id,
            version: head.story.version,
            replies: head.story.replies,
            is_closed: closing.is_closed(now),
            closes_at: closing.time(),
        }
    }
}

/// A top-level reply with the first ones below it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreadView {
    /// The reply.
    #[serde(flatten)]
    pub reply: ReplyView,
    /// Below it in reading order; its cursor is for `GET /api/v1/replies/{reply_id}/below`.
    pub below: Page<ReplyView>,
}

/// List a story's replies
///
/// A page of top-level replies, each with the first ones below it. However many are posted, edited or removed
/// meanwhile, going on by the cursors shows no reply twice and leaves none out that was there before.
#[utoipa::path(tag = "reading", params(ListThreads), responses((status = 200, body = ThreadPage)))]
#[get("/api/v1/stories/{story_id}/replies")]
pub async fn list_story_replies(
    reader: Reader,
    state: State,
    id: web::Path<StoryId>,
    Params(query): Params<ListThreads>,
) -> Result<PublicPage, Problem> {
    let bounds = query.bounds()?;
    let after = bounds.place(*id, query.cursor.as_deref(), &state.cursors)?;
    let asked = PublicQuery::Threads(ThreadsQuery { story: *id, bounds, after });
    state.pages.answer(&state, reader, asked, query.min_version).await
}

/// A cursor into a story's threads.
fn threads_scope(story: StoryId, sort: Sort) -> String {
    format!("threads/{story}/{sort:?}")
}

/// A page of a story's threads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ThreadsQuery {
    story: StoryId,
    bounds: Bounds,
    after: Option<Place>,
}

impl ThreadsQuery {
    /// Makes the page.
    pub(super) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let head = find_head(conn, self.story)?;
        context.of_story(&head, || {
            let Threads { items, next_cursor } = self.bounds.read(conn, self.story, self.after, context.cursors)?;
            Ok(ThreadPage { story: StoryState::of(&head, context.now), items, next_cursor })
        })
    }
}

/// Which threads of a story a page shows, and how much of each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Bounds {
    pub(super) sort: Sort,
    /// Top-level replies.
    pub(super) limit: u32,
    /// Replies below each of them.
    pub(super) each: u32,
}

/// The threads of a page.
pub(super) struct Threads {
    pub(super) items: Vec<ThreadView>,
    pub(super) next_cursor: Option<String>,
}

impl ListThreads {
    fn bounds(&self) -> Result<Bounds, Problem> {
        let limit = self.limit.unwrap_or(DEFAULT_LIMIT);
        let each = self.replies_per_thread.unwrap_or(DEFAULT_PER_THREAD);
        if limit * (1 + each) > PAGE_MAX_REPLIES {
            let detail = format!("limit x (1 + replies_per_thread) must be {PAGE_MAX_REPLIES} at most");
            return Err(Problem::new(Code::InvalidQuery).detail(detail));
        }
        Ok(Bounds { sort: self.sort.into(), limit, each })
    }
}

impl Bounds {
    /// The place that a cursor into a story's threads names.
    pub(super) fn place(
        self,
        story: StoryId,
        cursor: Option<&str>,
        cursors: &Cursors,
    ) -> Result<Option<Place>, Problem> {
        let place: Option<(i32, Timestamp, ReplyId)> =
            cursors.open_optional(&threads_scope(story, self.sort), cursor)?;
        Ok(place.map(|(recommendations, created_at, id)| Place { recommendations, created_at, id }))
    }

    /// Reads the threads behind a place.
    pub(super) fn read(
        self,
        conn: &mut Conn<'_>,
        story: StoryId,
        after: Option<Place>,
        cursors: &Cursors,
    ) -> Result<Threads, Problem> {
        let filter = TopsFilter { story, sort: self.sort, after, limit: self.limit.into() };
        let more = TopsFilter { limit: filter.limit + 1, ..filter };
        let tops = pages::list_tops(conn, &more)?;
        let below = match self.each {
            0 => Vec::new(),
            _ => pages::list_first_below(conn, &filter, i64::from(self.each) + 1)?,
        };
        Ok(self.arrange(tops, below, &threads_scope(story, self.sort), cursors))
    }

    /// As many as fit into a page.
    fn arrange(self, tops: Vec<ShownReply>, mut below: Vec<ShownReply>, scope: &str, cursors: &Cursors) -> Threads {
        let (limit, each) = (self.limit as usize, self.each as usize);
        let mut left = PAGE_MAX_BYTES;
        let asked = tops.len();
        let mut items: Vec<ThreadView> = Vec::with_capacity(limit.min(asked));
        // of the last one shown, if there are more
        let mut last = None;
        for (index, top) in tops.into_iter().enumerate() {
            if index >= limit || fitting(std::slice::from_ref(&top), &mut left, index == 0) == 0 {
                break;
            }
            let from = below.partition_point(|reply| reply.path <= top.path);
            let end = top.path.end();
            let to = below.partition_point(|reply| reply.path < end);
            let rows: Vec<ShownReply> = below.drain(from.min(to)..to).collect();
            let shown = fitting(&rows[..rows.len().min(each)], &mut left, false);
            let has_more = if each == 0 { has_shown_below(&top) } else { rows.len() > shown };
            let cursor =
                has_more.then(|| below_cursor(cursors, top.id, if shown == 0 { &top } else { &rows[shown - 1] }));
            last = (index + 1 < asked).then(|| Place::from(&top));
            let items_below = rows.into_iter().take(shown).map(ReplyView::from).collect();
            items.push(ThreadView { reply: top.into(), below: Page { items: items_below, next_cursor: cursor } });
        }
        let next_cursor = last.map(|place| cursors.seal(scope, (place.recommendations, place.created_at, place.id)));
        Threads { items, next_cursor }
    }
}

/// Whether anything is shown below: only what is public, or has something public below it, is.
fn has_shown_below(reply: &ShownReply) -> bool {
    reply.visible_below > 0
}
