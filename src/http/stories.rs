//! Stories as front ends register them and readers see them.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, http::header, put, web};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

use super::{
    Routes,
    body::{Body, LARGE, Params},
    caller::Caller,
    etag::Tags,
    off_thread::off_thread,
    page::{Page, Texts},
    problem::{Code, Problem},
    public::{
        PublicPage, Reader, is_of_revision,
        page::Made,
        query::{Context, PublicQuery},
        validator,
    },
    sites::{find_site, find_site_held},
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, moderation::Action, story_url::StoryUrl, timestamp::Timestamp},
    store::{
        Conn,
        decisions::Decision,
        sites::Site,
        stories::{self, Commentary, Story, StoryHead},
        story_urls,
    },
};

mod closing;
mod input;
mod logged;
mod view;

use input::Prepared;
pub use input::PutStory;
use logged::Logged;
pub use view::{CommentaryView, SourceView, StoryView};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(list_stories)
        .service(show_story_of_site)
        .service(put_story)
        .service(show_story)
        .service(closing::close_story)
        .service(closing::reopen_story);
}

/// The story with this id.
pub(super) fn find_head(conn: &mut Conn<'_>, id: StoryId) -> Result<StoryHead, Problem> {
    stories::find_head(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// Which stories, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListStories {
    /// Only the story with this URL, whichever of its own it is.
    #[validate(length(min = 1, max = 2048))]
    pub url: Option<String>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List a site's stories
///
/// The newest first; with `url` only the one that has it.
#[utoipa::path(tag = "stories", params(ListStories), responses((status = 200, body = Page<StoryView>)))]
#[get("/api/v1/sites/{site}/stories")]
pub async fn list_stories(
    reader: Reader,
    state: State,
    key: web::Path<String>,
    Params(query): Params<ListStories>,
) -> Result<PublicPage, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    db.read(move |conn| {
        let site = find_site(conn, &key)?;
        let page = match &query.url {
            Some(url) => list_by_url(conn, site, url, now)?,
            None => list_newest(conn, site, &state, &query, now)?,
        };
        Ok(reader.hashed(&page))
    })
    .await
}

fn list_by_url(conn: &mut Conn<'_>, site: Site, url: &str, now: Timestamp) -> Result<Page<StoryView>, Problem> {
    let url = StoryUrl::parse(url, &site.tracking_params.0)
        .map_err(|error| Problem::new(Code::InvalidQuery).detail(format!("url: {error}")))?;
    let mut items = Vec::new();
    if let Some(id) = story_urls::find_story(conn, site.id, url.key())? {
        let head = find_head(conn, id)?;
        items.push(StoryView::of(head, story_urls::list(conn, id)?, now));
    }
    Ok(Page { items, next_cursor: None })
}

fn list_newest(
    conn: &mut Conn<'_>,
    site: Site,
    state: &State,
    query: &ListStories,
    now: Timestamp,
) -> Result<Page<StoryView>, Problem> {
    let limit = query.limit.unwrap_or(super::page::DEFAULT_LIMIT);
    let scope = format!("stories/{}", site.id);
    let before = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
    let rows = stories::list(conn, site.id, before, i64::from(limit) + 1)?;
    let ids: Vec<StoryId> = rows.iter().map(|(story, _)| story.id).collect();
    let mut urls: HashMap<StoryId, Vec<String>> = HashMap::new();
    for (id, url) in story_urls::list_of(conn, &ids)? {
        urls.entry(id).or_default().push(url);
    }
    let whole = |(story, commentary): (Story, _)| {
        let urls = urls.remove(&story.id).unwrap_or_default();
        (story, commentary, urls)
    };
    let rows: Vec<ListedStory> = rows.into_iter().map(whole).collect();
    let cursor = |(last, ..): &ListedStory| state.cursors.seal(&scope, (last.published_at, last.id));
    Ok(Page::of_texts(rows, limit as usize, cursor, |(story, commentary, urls)| {
        StoryView::of(StoryHead { story, site: site.clone(), commentary }, urls, now)
    }))
}

/// A story with its URLs.
type ListedStory = (Story, Option<Commentary>, Vec<String>);

impl Texts for ListedStory {
    fn bytes(&self) -> usize {
        let (story, commentary, urls) = self;
        let commentary = commentary.as_ref().map_or(0, |text| {
            text.body_source.len() + text.body_html.as_str().len() + text.label.len() + text.author_name.len()
        });
        let optional = [&story.excerpt, &story.source_name, &story.source_url, &story.section].into_iter().flatten();
        let others = optional.chain(urls).chain(&story.tags.0).chain([&story.headline, &story.external_id]);
        commentary + others.map(String::len).sum::<usize>()
    }
}

/// The story of the site with this key that has this external id.
pub(super) fn find_head_of_site(conn: &mut Conn<'_>, key: &str, external_id: &str) -> Result<StoryHead, Problem> {
    let site = find_site(conn, key)?;
    let head = stories::find_head_by_external_id(conn, site.id, external_id)?;
    head.ok_or_else(|| Problem::new(Code::NotFound))
}

/// Makes a story's page.
pub(super) fn make(conn: &mut Conn<'_>, head: StoryHead, context: &Context<'_>) -> Result<Made, Problem> {
    context.of_story(&head, || {
        let urls = story_urls::list(conn, head.story.id)?;
        Ok(StoryView::of(head.clone(), urls, context.now))
    })
}

/// How new a story must be.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShowStory {
    /// The story's version that must be shown; a newer one than there is counts for nothing.
    pub min_version: Option<i64>,
}

/// Show a story by the site's own id
#[utoipa::path(tag = "stories", params(ShowStory), responses((status = 200, body = StoryView)))]
#[get("/api/v1/sites/{site}/stories/{external_id}")]
pub async fn show_story_of_site(
    reader: Reader,
    state: State,
    path: web::Path<(String, String)>,
    Params(query): Params<ShowStory>,
) -> Result<PublicPage, Problem> {
    let (site, external_id) = path.into_inner();
    let asked = PublicQuery::StoryOfSite(site, external_id);
    state.pages.answer(&state, reader, asked, query.min_version).await
}

/// Show a story
#[utoipa::path(tag = "stories", params(ShowStory), responses((status = 200, body = StoryView)))]
#[get("/api/v1/stories/{story_id}")]
pub async fn show_story(
    reader: Reader,
    state: State,
    id: web::Path<StoryId>,
    Params(query): Params<ShowStory>,
) -> Result<PublicPage, Problem> {
    state.pages.answer(&state, reader, PublicQuery::Story(*id), query.min_version).await
}

/// Register or change a story
///
/// Idempotent: the same body again changes nothing. With `If-Match` (a tag of the story) only if what front ends set
/// has not changed since; with `If-None-Match: *` only if there is no such story.
#[utoipa::path(request_body = PutStory,
    tag = "stories",
    params(("If-Match" = Option<String>, Header), ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, description = "changed, or the same as before", body = StoryView, headers(("ETag" = String))),
        (status = 201, description = "registered", body = StoryView, headers(("ETag" = String), ("Location" = String)))
    ),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/stories/{external_id}")]
pub async fn put_story(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Body<PutStory, LARGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let must_match = Tags::read(request.headers(), header::IF_MATCH)?;
    let must_not_match = Tags::read(request.headers(), header::IF_NONE_MATCH)?;
    let put = off_thread(move || Prepared::new(body.value)).await?;
    let db = state.db.clone();
    let cursors = state.cursors.clone();
    let (is_new, head, urls) = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let site = find_site_held(conn, &path.0)?;
            caller.may_on(&site, Operation::PutStory, Object::default())?;
            let mut known = stories::find_head_by_external_id(conn, site.id, &path.1)?;
            if let Some(head) = &known {
                stories::lock(conn, head.story.id)?;
                known = stories::find_head(conn, head.story.id)?;
            }
            let is_as_expected = match &known {
                None => must_match == Tags::None,
                Some(head) => {
                    let is_named = |tag: &str| is_of_revision(tag, &head.story);
                    (must_match == Tags::None || must_match.has_strong(is_named)) && must_not_match != Tags::Any
                }
            };
            if !is_as_expected {
                return Err(Problem::new(Code::PreconditionFailed));
            }
            let before = match &known {
                Some(head) => Some(Logged::of(head, story_urls::list(conn, head.story.id)?)),
                None => None,
            };
            let id = input::store(conn, &put, known.as_ref(), &site, &path.1, (&state.random, now))?;
            let (head, urls) = (find_head(conn, id)?, story_urls::list(conn, id)?);
            let row = Decision::new(state.random.id(now), caller.actor(Some(site.id)), Action::PutStory, now);
            logged::log(conn, &head, (before.as_ref(), &Logged::of(&head, urls.clone())), row)?;
            Ok((known.is_none(), head, urls))
        })
        .await?;
    let etag = format!("\"{}\"", validator(&head, now, &cursors));
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    if is_new {
        response.insert_header((header::LOCATION, format!("/api/v1/stories/{}", head.story.id)));
    }
    Ok(response.insert_header((header::ETAG, etag)).json(StoryView::of(head, urls, now)))
}
