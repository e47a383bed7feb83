//! A reply with its surroundings, and what is below it.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::StoryState;
use crate::{
    app::State,
    domain::{ids::*, reply_path::ReplyPath},
    http::{
        body::Params,
        cursor::Cursors,
        page::{DEFAULT_LIMIT, PAGE_MAX_BYTES, Page, fitting, keep_nearest, max_bytes},
        problem::{Code, Problem},
        public::{
            PublicPage, Reader,
            page::Made,
            query::{Context, PublicQuery},
        },
        stories::find_head,
        views::ReplyView,
    },
    store::{
        Conn,
        pages::{self, ShownReply},
        stories::StoryHead,
    },
};

/// A reply with its surroundings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermalinkView {
    /// What changes about the story.
    pub story: StoryState,
    /// The ancestors, the top-level one first.
    pub ancestors: Vec<ReplyView>,
    /// Ancestors that are not shown, as their texts are too long for one page: those farthest away.
    pub ancestors_left_out: usize,
    /// The reply.
    #[serde(flatten)]
    pub reply: ReplyView,
    /// The first ones below it in reading order.
    pub below: Page<ReplyView>,
}

/// A cursor into what is below a reply.
fn below_scope(id: ReplyId) -> String {
    format!("below/{id}")
}

/// The place that a cursor into what is below a reply names.
pub(in crate::http) fn below_place(
    id: ReplyId,
    cursor: Option<&str>,
    cursors: &Cursors,
) -> Result<Option<ReplyPath>, Problem> {
    let path: Option<Vec<u8>> = cursors.open_optional(&below_scope(id), cursor)?;
    Ok(path.map(ReplyPath::from_store))
}

pub(super) fn below_cursor(cursors: &Cursors, id: ReplyId, last: &ShownReply) -> String {
    cursors.seal(&below_scope(id), last.path.as_bytes())
}

/// What is shown around a reply.
pub(in crate::http) struct Surroundings {
    /// The top-level one first.
    pub ancestors: Vec<ReplyView>,
    /// Ancestors that are too long for one page: those farthest away.
    pub ancestors_left_out: usize,
    pub below: Page<ReplyView>,
}

impl Surroundings {
    /// Reads them: so many of those below, past this path.
    pub(in crate::http) fn read(
        conn: &mut Conn<'_>,
        reply: &ShownReply,
        after: Option<&ReplyPath>,
        limit: usize,
        cursors: &Cursors,
    ) -> Result<Self, Problem> {
        let mut left = PAGE_MAX_BYTES.saturating_sub(max_bytes(reply));
        let mut ancestors = pages::list_ancestors(conn, reply.root_id, &reply.path)?;
        let ancestors_left_out = keep_nearest(&mut ancestors, left / 4);
        left = ancestors.iter().fold(left, |left, ancestor| left.saturating_sub(max_bytes(ancestor)));
        let below = page_below(conn, reply, after, limit, cursors, left)?;
        Ok(Self { ancestors: ancestors.into_iter().map(ReplyView::from).collect(), ancestors_left_out, below })
    }
}

/// A reply that readers see, with its story.
pub(in crate::http) fn find_shown(conn: &mut Conn<'_>, id: ReplyId) -> Result<(ShownReply, StoryHead), Problem> {
    let reply = pages::find(conn, id)?.filter(ShownReply::is_shown);
    let reply = reply.ok_or_else(|| Problem::new(Code::NotFound))?;
    let head = find_head(conn, reply.story_id)?;
    Ok((reply, head))
}

/// What is below a reply, past this path.
fn page_below(
    conn: &mut Conn<'_>,
    reply: &ShownReply,
    after: Option<&ReplyPath>,
    limit: usize,
    cursors: &Cursors,
    mut left: usize,
) -> Result<Page<ReplyView>, Problem> {
    if reply.depth > 32 {
        // flat: nothing stands below
        return Ok(Page { items: Vec::new(), next_cursor: None });
    }
    let rows = pages::list_below(conn, reply.root_id, &reply.path, after, i64::try_from(limit).unwrap_or(100) + 1)?;
    let shown = fitting(&rows[..rows.len().min(limit)], &mut left, true);
    Ok(Page::of(rows, shown, |last| below_cursor(cursors, reply.id, last), ReplyView::from))
}

/// Show a reply
///
/// With its ancestors and the first replies below: what a permanent link leads to.
#[utoipa::path(tag = "reading", params(ShowReply), responses((status = 200, body = PermalinkView)))]
#[get("/api/v1/replies/{reply_id}")]
pub async fn show_reply(
    reader: Reader,
    state: State,
    id: web::Path<ReplyId>,
    Params(query): Params<ShowReply>,
) -> Result<PublicPage, Problem> {
    let asked = PublicQuery::Reply(ReplyQuery { id: *id, limit: query.limit.unwrap_or(DEFAULT_LIMIT) });
    state.pages.answer(&state, reader, asked, query.min_version).await
}

/// A reply with its surroundings.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ReplyQuery {
    id: ReplyId,
    /// Replies below.
    limit: u32,
}

impl ReplyQuery {
    /// Makes the page.
    pub(in crate::http) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let (reply, head) = find_shown(conn, self.id)?;
        context.of_story(&head, || {
            let Surroundings { ancestors, ancestors_left_out, below } =
                Surroundings::read(conn, &reply, None, self.limit as usize, context.cursors)?;
            Ok(PermalinkView {
                story: StoryState::of(&head, context.now),
                ancestors,
                ancestors_left_out,
                reply: reply.into(),
                below,
            })
        })
    }
}

/// How much is shown below a reply.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShowReply {
    /// Replies below, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The story's version that the page must show; a newer one than there is counts for nothing.
    pub min_version: Option<i64>,
}

/// Where a page of what is below a reply begins and how long it is.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListBelow {
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The story's version that the page must show; a newer one than there is counts for nothing.
    pub min_version: Option<i64>,
}

/// List what is below a reply
///
/// In reading order: each reply before its answers. Goes on where a thread's or a reply's `below` ended.
#[utoipa::path(tag = "reading", params(ListBelow), responses((status = 200, body = Page<ReplyView>)))]
#[get("/api/v1/replies/{reply_id}/below")]
pub async fn list_replies_below(
    reader: Reader,
    state: State,
    id: web::Path<ReplyId>,
    Params(query): Params<ListBelow>,
) -> Result<PublicPage, Problem> {
    let after = below_place(*id, query.cursor.as_deref(), &state.cursors)?;
    let asked = BelowQuery { id: *id, limit: query.limit.unwrap_or(DEFAULT_LIMIT), after };
    state.pages.answer(&state, reader, PublicQuery::Below(asked), query.min_version).await
}

/// A page of what is below a reply.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BelowQuery {
    id: ReplyId,
    limit: u32,
    after: Option<ReplyPath>,
}

impl BelowQuery {
    /// Makes the page.
    pub(in crate::http) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let (reply, head) = find_shown(conn, self.id)?;
        context.of_story(&head, || {
            page_below(conn, &reply, self.after.as_ref(), self.limit as usize, context.cursors, PAGE_MAX_BYTES)
        })
    }

    /// Bytes of memory besides its own.
    pub(in crate::http) fn weight(&self) -> usize {
        self.after.as_ref().map_or(0, |path| path.as_bytes().len())
    }
}
