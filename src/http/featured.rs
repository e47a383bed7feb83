//! Featured replies: those that a site's people put forward, listed by story in an order of theirs, and by site.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, put, web};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    cursor::Cursors,
    etag::Expected,
    log::what_changed,
    page::{DEFAULT_LIMIT, Page, Paging},
    problem::{Code, Problem},
    public::{
        PublicPage, Reader,
        page::Made,
        query::{Context, PublicQuery},
    },
    replies::{conflict, find_for},
    sites::find_site,
    stories::find_head,
    views::ReplyView,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, label::Label, moderation::Action, timestamp::Timestamp},
    store::{
        Conn,
        board::Place,
        decisions::{self, Decision},
        featured::{self, Featured, MAX},
        pages::{self, ShownReply},
        replies::Reply,
        stories, story_counts,
    },
};

/// Characters of a label.
const LABEL_MAX_CHARS: usize = 60;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(list_featured)
        .service(put_featured)
        .service(list_site_featured)
        .service(feature_reply)
        .service(unfeature_reply);
}

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
struct Listed<'a> {
    featured: Vec<(ReplyId, Option<&'a str>)>,
}

impl<'a> Listed<'a> {
    fn of(rows: &'a [Featured]) -> Self {
        Self { featured: rows.iter().map(|row| (row.reply_id, row.label.as_deref())).collect() }
    }

    /// Which follows from what is listed, so that nothing has to count.
    fn version(&self) -> Result<String, Problem> {
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
    /// Makes the page.
    pub(super) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        let head = find_head(conn, self.story)?;
        context.of_story(&head, || self.view(conn, context.cursors))
    }

    fn view(&self, conn: &mut Conn<'_>, cursors: &Cursors) -> Result<FeaturedListView, Problem> {
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
    pub(super) fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
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
    pub(super) fn weight(&self) -> usize {
        self.site.len()
    }
}

/// How a reply is to be featured.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeatureReply {
    /// Words above it.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60)]
    pub label: Option<String>,
}

fn label(pointer: &str, typed: Option<&str>) -> Result<Option<String>, Problem> {
    let parsed = typed.map(|typed| Label::parse(typed, LABEL_MAX_CHARS).map(Label::into_string));
    parsed.transpose().map_err(|error| Problem::field(pointer, error))
}

/// Feature a reply
///
/// It stands last in its story's list. Only a public one; it leaves the list with its being public. Again with the same label
/// changes nothing; another one is given in the list.
#[utoipa::path(request_body = FeatureReply, tag = "replies", responses((status = 204)), security(("token" = [])))]
#[put("/api/v1/replies/{reply_id}/feature")]
pub async fn feature_reply(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    body: Body<FeatureReply>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let label = label("/label", body.value.label.as_deref())?;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let reply = find_to_feature(conn, &caller, *id, Operation::FeatureReply)?;
        if !reply.state.is_public() {
            return Err(conflict(conn, &caller, Code::StateConflict, &reply));
        }
        let listed = featured::list_of_story(conn, reply.story_id)?;
        if let Some(known) = listed.iter().find(|row| row.reply_id == reply.id) {
            let other = || told(Problem::new(Code::StateConflict).detail("it is featured with another label"), &listed);
            return if known.label == label { Ok(()) } else { Err(other()) };
        }
        if listed.len() >= MAX {
            return Err(Problem::new(Code::StateConflict).detail(format!("{MAX} replies of the story are featured")));
        }
        let position = listed.last().map_or(1, |last| last.position + 1);
        featured::insert(conn, &reply, (position, &label), caller.account.id, now)?;
        let details = serde_json::json!({"reply_id": reply.id, "label": label});
        Ok(decisions::insert(conn, &logged(&caller, &reply, (random.id(now), Action::Feature), details, now))?)
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Feature a reply no more
///
/// Of what is not featured nothing changes.
#[utoipa::path(tag = "replies", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/replies/{reply_id}/feature")]
pub async fn unfeature_reply(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let reply = find_to_feature(conn, &caller, *id, Operation::UnfeatureReply)?;
        if featured::delete(conn, &reply)? {
            let details = serde_json::json!({"reply_id": reply.id});
            decisions::insert(conn, &logged(&caller, &reply, (random.id(now), Action::Unfeature), details, now))?;
        }
        Ok::<_, Problem>(())
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A reply that the caller may feature, locked. Of what is not public authors know no more than others.
fn find_to_feature(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: ReplyId,
    operation: Operation,
) -> Result<Reply, Problem> {
    let (reply, _) = find_for(conn, caller, id, operation)?;
    let is_seen =
        reply.state.is_public() || reply.author_id == caller.account.id || caller.standing.moderates(reply.site_id);
    if is_seen { Ok(reply) } else { Err(Problem::new(Code::NotFound)) }
}

/// The row of the log. It is no part of the chain of the reply's states, so the reply is named in its details.
fn logged(
    caller: &SignedIn,
    reply: &Reply,
    (id, action): (DecisionId, Action),
    details: serde_json::Value,
    now: Timestamp,
) -> Decision {
    Decision {
        site_id: Some(reply.site_id),
        story_id: Some(reply.story_id),
        account_id: Some(reply.author_id),
        details: Some(details.to_string()),
        ..Decision::new(id, caller.actor(Some(reply.site_id)), action, now)
    }
}

/// A story's list of featured replies as it is to be.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutFeatured {
    /// All that are featured, in their new order.
    #[validate(length(max = 50), nested)]
    #[schema(max_items = 50)]
    pub items: Vec<PutFeaturedItem>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutFeaturedItem {
    /// The reply.
    pub reply_id: ReplyId,
    /// Words above it; absent or null: none.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60)]
    pub label: Option<String>,
}

/// Arrange a story's featured replies
///
/// Gives them another order and other labels: all that are featured must be named once. `If-Match` names the list's `version`.
#[utoipa::path(request_body = PutFeatured,
    tag = "replies",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = FeaturedListView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/stories/{story_id}/featured")]
pub async fn put_featured(
    caller: Caller,
    state: State,
    request: HttpRequest,
    id: web::Path<StoryId>,
    body: Body<PutFeatured>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let items = body.value.items.iter().enumerate();
    let parsed =
        items.map(|(index, item)| Ok((item.reply_id, label(&format!("/items/{index}/label"), item.label.as_deref())?)));
    let items = parsed.collect::<Result<Vec<_>, Problem>>()?;
    let db = state.db.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let site = find_head(conn, *id)?.site;
        caller.may_on(&site, Operation::PutFeatured, Object::default())?;
        stories::lock(conn, *id)?;
        let listed = featured::list_of_story(conn, *id)?;
        expected.check_tag(&Listed::of(&listed).version()?)?;
        if let Some(first) = arranged(&listed, &items)? {
            featured::arrange(conn, (site.id, *id), &items, first)?;
            let after = Listed { featured: items.iter().map(|(id, label)| (*id, label.as_deref())).collect() };
            let decision = Decision {
                site_id: Some(site.id),
                story_id: Some(*id),
                details: Some(what_changed(&Listed::of(&listed), &after)?),
                ..Decision::new(state.random.id(now), caller.actor(Some(site.id)), Action::ArrangeFeatured, now)
            };
            decisions::insert(conn, &decision)?;
        }
        FeaturedQuery { story: *id, limit: DEFAULT_LIMIT, after: None }.view(conn, &state.cursors)
    };
    let view = db.write(write).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", view.version))).json(view))
}

/// The first reply whose place or label the new list changes; none if it is the old one.
fn arranged(listed: &[Featured], items: &[(ReplyId, Option<String>)]) -> Result<Option<ReplyId>, Problem> {
    let mut before: Vec<ReplyId> = listed.iter().map(|row| row.reply_id).collect();
    let mut after: Vec<ReplyId> = items.iter().map(|(id, _)| *id).collect();
    before.sort_unstable();
    after.sort_unstable();
    if before != after {
        let problem = Problem::new(Code::StateConflict).detail("all that are featured must be named once");
        return Err(told(problem, listed));
    }
    let mut pairs = listed.iter().zip(items);
    let changed = pairs.find(|(row, (id, label))| row.reply_id != *id || row.label != *label);
    Ok(changed.map(|(_, (id, _))| *id))
}

/// With what is featured by now, in its order.
fn told(problem: Problem, listed: &[Featured]) -> Problem {
    let item = |row: &Featured| PutFeaturedItem { reply_id: row.reply_id, label: row.label.clone() };
    problem.with("featured", listed.iter().map(item).collect::<Vec<_>>())
}
