//! What is shown of a story at first, all in one answer, by names that a blog's pages know.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ListThreads, StoryState, ThreadView, Threads};
use crate::{
    app::State,
    domain::{ids::*, site::UnprovenAccounts},
    http::{
        body::Params,
        problem::{Code, Problem},
        public::{
            PublicPage, Reader,
            page::Made,
            query::{Context, PublicQuery},
        },
        stories::find_head_of_site,
    },
    store::{Conn, featured, stories::StoryHead},
};

/// A story's discussion as it is shown at first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiscussionView {
    /// What holds on the whole site.
    pub site: DiscussionSite,
    /// The story's headline.
    pub headline: String,
    /// Whose view is answered; null where there is no commentary.
    pub commentary: Option<DiscussionCommentary>,
    /// What changes about the story.
    pub story: StoryState,
    /// Replies that `GET /api/v1/stories/{story_id}/featured` lists; 50 at most.
    pub featured_replies: i64,
    /// Top-level replies with the first ones below them.
    pub items: Vec<ThreadView>,
    /// Where the next page begins, for `GET /api/v1/stories/{story_id}/replies` with the same order; null on the last one.
    pub next_cursor: Option<String>,
}

/// Of a site what its pages need.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiscussionSite {
    /// Its id.
    pub id: SiteId,
    /// Its key in addresses.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its colour as `#rrggbb`, if one was chosen.
    pub colour: Option<String>,
    /// Seconds in which authors may change what they wrote; 0: never.
    pub edit_window_secs: i32,
    /// What may be done by who has proven nothing yet.
    pub unproven_accounts: UnprovenAccounts,
}

/// Whose view is answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DiscussionCommentary {
    /// As the site calls it, such as "KC's View".
    pub label: String,
    /// Who wrote it.
    pub author_name: String,
}

impl DiscussionView {
    fn of(head: &StoryHead, threads: Threads, (story, featured_replies): (StoryState, i64)) -> Self {
        let site = DiscussionSite {
            id: head.site.id,
            key: head.site.key.clone(),
            name: head.site.name.clone(),
            colour: head.site.colour.clone(),
            edit_window_secs: head.site.edit_window_secs,
            unproven_accounts: head.site.unproven_accounts,
        };
        let commentary = head.commentary.as_ref().map(|commentary| DiscussionCommentary {
            label: commentary.label.clone(),
            author_name: commentary.author_name.clone(),
        });
        let Threads { items, next_cursor } = threads;
        Self { site, headline: head.story.headline.clone(), commentary, story, featured_replies, items, next_cursor }
    }
}

/// Show a story's discussion
///
/// All that a page shows at first, by the site's key and its own id of the story.
#[utoipa::path(tag = "reading", params(ListThreads), responses((status = 200, body = DiscussionView)))]
#[get("/api/v1/sites/{site}/stories/{external_id}/discussion")]
pub async fn show_discussion(
    reader: Reader,
    state: State,
    path: web::Path<(String, String)>,
    Params(query): Params<ListThreads>,
) -> Result<PublicPage, Problem> {
    let (site, external_id) = path.into_inner();
    let bounds = query.bounds()?;
    if query.cursor.is_some() {
        return Err(Problem::new(Code::InvalidQuery).detail("cursor: further pages are those of the story's replies"));
    }
    let asked = DiscussionQuery { site, external_id, bounds };
    state.pages.answer(&state, reader, PublicQuery::Discussion(asked), query.min_version).await
}

/// A story's discussion.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DiscussionQuery {
    site: String,
    external_id: String,
    bounds: super::Bounds,
}

impl DiscussionQuery {
    /// Makes the page.
    pub fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let head = find_head_of_site(conn, &self.site, &self.external_id)?;
        context.of_story(&head, || {
            let threads = self.bounds.read(conn, head.story.id, None, context.cursors)?;
            let featured = featured::count_of_story(conn, head.story.id)?;
            Ok(DiscussionView::of(&head, threads, (StoryState::of(&head, context.now), featured)))
        })
    }

    /// Bytes of memory that it takes beside its own.
    pub fn weight(&self) -> usize {
        self.site.len() + self.external_id.len()
    }
}
