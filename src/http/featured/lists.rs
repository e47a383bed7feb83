//! The lists of featured replies: of a story in its order, and of a site.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    app::State,
    domain::{ids::*, timestamp::Timestamp},
    http::{
        body::Params,
        cursor::Cursors,
        page::{DEFAULT_LIMIT, Page, Paging},
        problem::{Code, Problem},
        public::{
            PublicPage, Reader,
            page::Made,
            query::{Context, PublicQuery},
        },
        sites::find_site,
        stories::find_head,
        views::ReplyView,
    },
    store::{
        Conn,
        board::Place,
        featured::{self, Featured},
        pages::{self, ShownReply},
        story_counts,
    },
};

/// Featured replies of a story.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeaturedListView {
    /// Of the whole list, its order and its labels: what `If-Match` names to change it.
    pub version: String,
    /// The replies, in the list's order.
    pub items: Vec<ReplyView>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
}

/// What stands in a story's list, as the log tells it and as its version is made of it.
#[derive(Serialize)]
pub(super) struct Listed<'a> {
    pub(super) featured: Vec<(ReplyId, Option<&'a str>)>,
}

impl<'a> Listed<'a> {
    pub(super) fn of(rows: &'a [Featured]) -> Self {
        Self { featured: rows.iter().map(|row| (row.reply_id, row.label.as_deref())).collect() }
    }

    /// Which follows from what is listed, so that nothing has to count.
    pub(super) fn version(&self) -> Result<String, Problem> {
        let json = serde_json::to_vec(self).map_err(|cause| Problem::new(Code::Internal).caused_by(cause))?;
        let digest: [u8; 32] = Sha256::digest(json).into();
        Ok(digest[..8].iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Which page of a story's featured replies.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListFeatured {
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent, which is all that one story has.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// The story's version that the page must show; a newer one than there is counts for nothing.
    pub min_version: Option<i64>,
}

/// List a story's featured replies
///
/// In the order that the site's people gave them, 50 at most.
#[utoipa::path(tag = "reading", params(ListFeatured), responses((status = 200, body = FeaturedListView)))]
#[get("/api/v1/stories/{story_id}/featured")]
pub async fn list_featured(
    reader: Reader,
    state: State,
    id: web::Path<StoryId>,
    Params(query): Params<ListFeatured>,
) -> Result<PublicPage, Problem> {
    let after = state.cursors.open_optional(&story_scope(*id), query.cursor.as_deref())?;
    let asked = FeaturedQuery { story: *id, limit: query.limit.unwrap_or(DEFAULT_LIMIT), after };
    state.pages.answer(&state, reader, PublicQuery::Featured(asked), query.min_version).await
}

fn story_scope(story: StoryId) -> String {
    format!("featured/{story}")
}

/// A page of a story's featured replies.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FeaturedQuery {
    story: StoryId,
    limit: u32,
    /// Past this position.
    after: Option<i32>,
}

impl FeaturedQuery {
    /// Of all that are featured.
    pub(super) fn whole(story: StoryId) -> Self {
        Self { story, limit: DEFAULT_LIMIT, after: None }
    }

    /// Makes the page.
    pub(in crate::http) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let head = find_head(conn, self.story)?;
        context.of_story(&head, || self.view(conn, context.cursors))
    }

    pub(super) fn view(&self, conn: &mut Conn<'_>, cursors: &Cursors) -> Result<FeaturedListView, Problem> {
        let version = Listed::of(&featured::list_of_story(conn, self.story)?).version()?;
        let rows = pages::list_featured(conn, self.story, self.after, i64::from(self.limit) + 1)?;
        let cursor = |last: &ShownReply| cursors.seal(&story_scope(self.story), last.featured.position);
        let Page { items, next_cursor } = Page::of_texts(rows, self.limit as usize, cursor, ReplyView::from);
        Ok(FeaturedListView { version, items, next_cursor })
    }
}

/// List a site's featured replies
///
/// Of all its stories, those featured last first.
#[utoipa::path(tag = "reading", params(Paging), responses((status = 200, body = Page<ReplyView>)))]
#[get("/api/v1/sites/{site}/featured")]
pub async fn list_site_featured(
    reader: Reader,
    state: State,
    key: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<PublicPage, Problem> {
    let site = key.into_inner();
    let before = state.cursors.open_optional(&site_scope(&site), paging.cursor.as_deref())?;
    let asked = SiteFeaturedQuery { site, limit: paging.limit.unwrap_or(DEFAULT_LIMIT), before };
    state.pages.answer(&state, reader, PublicQuery::SiteFeatured(asked), None).await
}

fn site_scope(key: &str) -> String {
    format!("site_featured/{key}")
}

/// A page of a site's featured replies.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SiteFeaturedQuery {
    site: String,
    limit: u32,
    before: Option<(Timestamp, ReplyId)>,
}

impl SiteFeaturedQuery {
    /// Makes the page.
    pub(in crate::http) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let site = find_site(conn, &self.site)?;
        let rows = pages::list_featured_of_site(conn, site.id, self.before, i64::from(self.limit) + 1)?;
        // what is featured or no longer is told to the site, what becomes of the replies to their stories
        let mut stories: Vec<StoryId> = rows.iter().map(|row| row.story_id).collect();
        stories.sort_unstable();
        stories.dedup();
        let mut versions = vec![(Place::from(site.id), site.people_version)];
        if !stories.is_empty() {
            let counts = story_counts::find_by_ids(conn, &stories)?;
            versions.extend(counts.iter().map(|row| (Place::from(row.id), row.version)));
        }
        let places = versions.iter().map(|(place, _)| *place).collect();
        let cursor = |last: &ShownReply| context.cursors.seal(&site_scope(&self.site), (last.featured.at, last.id));
        let page = Page::of_texts(rows, self.limit as usize, cursor, ReplyView::from);
        Ok(context.hashed(&page, places, versions))
    }

    /// Bytes of memory besides its own.
    pub(in crate::http) fn weight(&self) -> usize {
        self.site.len()
    }
}
