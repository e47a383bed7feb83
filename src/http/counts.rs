//! Public counts of many stories at once, for pages that list them.

use std::collections::HashMap;

use actix_web::{HttpRequest, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::{Body, LARGE},
    problem::{Code, Problem},
    public::{
        PublicPage, Reader,
        page::Made,
        query::{Context, PublicQuery},
    },
};
use crate::{
    app::State,
    domain::{ids::*, story::EXTERNAL_ID_MAX_CHARS, story_url::StoryUrl},
    store::{Conn, board::Place, sites, story_counts},
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(count_replies).service(query_counts);
}

/// Stories of one request at most.
const MAX_STORIES: usize = 500;

/// Which stories; `site` is needed for external ids and URLs.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Deserialize, Validate, ToSchema, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query, style = Form)]
pub struct QueryCounts {
    /// The key of the site that external ids and URLs belong to.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// Stories by id.
    #[param(explode = true)]
    #[schema(max_items = 500)]
    pub id: Vec<StoryId>,
    /// Stories by the site's own id.
    #[param(explode = true)]
    #[schema(max_items = 500)]
    pub external_id: Vec<String>,
    /// Stories by any of their URLs.
    #[param(explode = true)]
    #[schema(max_items = 500)]
    pub url: Vec<String>,
}

/// Counts, in the order in which they were asked for: by id, by external id, by URL.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountsView {
    /// One for each story asked for.
    pub items: Vec<CountView>,
}

/// The public count of one story.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CountView {
    /// The story's id; null if it is unknown.
    pub id: Option<StoryId>,
    /// As asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// As asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether there is such a story.
    pub is_known: bool,
    /// Public replies; 0 if it is unknown.
    pub replies: i64,
}

impl CountView {
    fn of(found: Option<(StoryId, i64)>) -> Self {
        Self {
            id: found.map(|(id, _)| id),
            external_id: None,
            url: None,
            is_known: found.is_some(),
            replies: found.map_or(0, |(_, replies)| replies),
        }
    }
}

impl CountView {
    fn with_external_id(self, id: &str) -> Self {
        Self { external_id: Some(id.to_owned()), ..self }
    }

    fn with_url(self, url: &str) -> Self {
        Self { url: Some(url.to_owned()), ..self }
    }
}

/// Counts, where changes of them are announced, which is nowhere if the site is unknown, and the versions of what was
/// found.
type Counted = (CountsView, Vec<Place>, Vec<(Place, i64)>);

fn count(conn: &mut Conn<'_>, query: &QueryCounts) -> Result<Counted, Problem> {
    let mut items = Vec::new();
    // a story that is registered under an id has a random one, which nobody could have asked for before
    let mut places: Vec<Place> = query.id.iter().map(|id| Place::from(*id)).collect();
    let mut versions: Vec<(Place, i64)> = Vec::new();
    if !query.id.is_empty() {
        let rows = story_counts::find_by_ids(conn, &query.id)?;
        versions.extend(rows.iter().map(|row| (Place::from(row.id), row.version)));
        let found: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.replies)).collect();
        let of = |id: &StoryId| CountView::of(found.get(id).map(|replies| (*id, *replies)));
        items.extend(query.id.iter().map(|id| CountView { id: Some(*id), ..of(id) }));
    }
    let site = match &query.site {
        Some(key) => sites::find_by_key(conn, key)?,
        None => None,
    };
    let Some(site) = site else {
        if query.site.is_some() {
            places.clear();
        }
        // of a site that is unknown so are the stories
        items.extend(query.external_id.iter().map(|id| CountView::of(None).with_external_id(id)));
        items.extend(query.url.iter().map(|url| CountView::of(None).with_url(url)));
        return Ok((CountsView { items }, places, versions));
    };
    // where a story that is registered or gets another URL is announced
    places.push(site.id.into());
    versions.push((site.id.into(), site.people_version));
    if !query.external_id.is_empty() {
        let rows = story_counts::find_by_external_ids(conn, site.id, &query.external_id)?;
        places.extend(rows.iter().map(|row| Place::from(row.id)));
        versions.extend(rows.iter().map(|row| (Place::from(row.id), row.version)));
        let found: HashMap<_, _> = rows.into_iter().map(|row| (row.external_id, (row.id, row.replies))).collect();
        items.extend(query.external_id.iter().map(|id| CountView::of(found.get(id).copied()).with_external_id(id)));
    }
    if !query.url.is_empty() {
        // what is no URL belongs to no story, which is no error here
        let key = |url: &String| StoryUrl::parse(url, &site.tracking_params.0).map(|url| url.key().to_owned()).ok();
        let keys: Vec<Option<String>> = query.url.iter().map(key).collect();
        let known: Vec<String> = keys.iter().flatten().cloned().collect();
        let rows = story_counts::find_by_urls(conn, site.id, &known)?;
        places.extend(rows.iter().map(|(_, row)| Place::from(row.id)));
        versions.extend(rows.iter().map(|(_, row)| (Place::from(row.id), row.version)));
        let found: HashMap<_, _> = rows.into_iter().map(|(key, row)| (key, (row.id, row.replies))).collect();
        let of = |key: Option<String>| CountView::of(key.and_then(|key| found.get(&key).copied()));
        items.extend(query.url.iter().zip(keys).map(|(url, key)| of(key).with_url(url)));
    }
    Ok((CountsView { items }, places, versions))
}

impl QueryCounts {
    /// Makes the page.
    pub(super) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let (view, places, versions) = count(conn, self)?;
        Ok(context.hashed(&view, places, versions))
    }

    /// Bytes of memory besides its own.
    pub(super) fn weight(&self) -> usize {
        let texts = self.external_id.iter().chain(&self.url).map(|text| size_of::<String>() + text.len());
        size_of::<Self>() + self.id.len() * size_of::<StoryId>() + texts.sum::<usize>()
    }
}

/// What is wrong with a query, and where.
fn check(query: &QueryCounts) -> Result<(), (&'static str, &'static str)> {
    let needs_site = !query.external_id.is_empty() || !query.url.is_empty();
    if needs_site && query.site.is_none() {
        return Err(("site", "is needed for external ids and URLs"));
    }
    if query.id.len() + query.external_id.len() + query.url.len() > MAX_STORIES {
        return Err(("", "500 stories at most"));
    }
    let is_too_long = |id: &String| id.chars().count() > EXTERNAL_ID_MAX_CHARS;
    match query.external_id.iter().any(is_too_long) {
        true => Err(("external_id", "200 characters at most")),
        false => Ok(()),
    }
}

/// Count replies
///
/// Of up to 500 stories; unknown ones are marked. What does not fit into an address goes by POST.
#[utoipa::path(tag = "reading", params(QueryCounts), responses((status = 200, body = CountsView)))]
#[get("/api/v1/counts")]
pub async fn count_replies(reader: Reader, state: State, request: HttpRequest) -> Result<PublicPage, Problem> {
    let query = parse(request.query_string())?;
    check(&query).map_err(|(name, detail)| invalid(format!("{name} {detail}")))?;
    state.pages.answer(&state, reader, PublicQuery::Counts(Box::new(query)), None).await
}

fn invalid(detail: impl Into<String>) -> Problem {
    Problem::new(Code::InvalidQuery).detail(detail)
}

/// Parameters that may stand more than once, which a derived query cannot have.
fn parse(query: &str) -> Result<QueryCounts, Problem> {
    let mut parsed = QueryCounts::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "site" if parsed.site.is_none() => parsed.site = Some(value.into_owned()),
            "id" => parsed.id.push(StoryId(value.parse().map_err(|_| invalid("id must be a UUID"))?)),
            "external_id" => parsed.external_id.push(value.into_owned()),
            "url" => parsed.url.push(value.into_owned()),
            _ => return Err(invalid("known are site (once), id, external_id and url")),
        }
    }
    Ok(parsed)
}

/// Count replies of many stories
#[utoipa::path(request_body = QueryCounts, tag = "reading", responses((status = 200, body = CountsView)))]
#[post("/api/v1/counts")]
pub async fn query_counts(reader: Reader, state: State, body: Body<QueryCounts, LARGE>) -> Result<PublicPage, Problem> {
    check(&body.value).map_err(|(name, detail)| Problem::field(format!("/{name}").trim_end_matches('/'), detail))?;
    state.db.read(move |conn| Ok(reader.untagged(&count(conn, &body.value)?.0))).await
}
