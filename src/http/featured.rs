//! Featured replies: those that a site's people put forward, and in which order; next door the lists of them.

use actix_web::{HttpRequest, HttpResponse, delete, http::header, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::{Caller, SignedIn},
    etag::Expected,
    log::what_changed,
    problem::{Code, Problem},
    replies::{conflict, find_for},
    stories::find_head,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, label::Label, moderation::Action, timestamp::Timestamp},
    store::{
        Conn,
        decisions::{self, Actor, Decision},
        featured::{self, Featured, MAX},
        replies::Reply,
        stories,
    },
};

mod lists;

use lists::Listed;
pub use lists::{FeaturedListView, FeaturedQuery, SiteFeaturedQuery};

/// Characters of a label.
const LABEL_MAX_CHARS: usize = 60;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(lists::list_featured)
        .service(put_featured)
        .service(lists::list_site_featured)
        .service(feature_reply)
        .service(unfeature_reply);
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
        let actor = caller.actor(Some(reply.site_id));
        put_last(conn, &reply, (&listed, &label), (actor, caller.account.id), (random.id(now), now))
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Puts a public reply, which is locked, behind those that are listed, and writes into the log who did.
pub fn put_last(
    conn: &mut Conn<'_>,
    reply: &Reply,
    (listed, label): (&[Featured], &Option<String>),
    (actor, by): (Actor, AccountId),
    (id, now): (DecisionId, Timestamp),
) -> Result<(), Problem> {
    let position = listed.last().map_or(1, |last| last.position + 1);
    featured::insert(conn, reply, (position, label), by, now)?;
    let details = serde_json::json!({"reply_id": reply.id, "label": label});
    Ok(decisions::insert(conn, &logged(actor, reply, (id, Action::Feature), details, now))?)
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
            let actor = caller.actor(Some(reply.site_id));
            decisions::insert(conn, &logged(actor, &reply, (random.id(now), Action::Unfeature), details, now))?;
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
    actor: Actor,
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
        ..Decision::new(id, actor, action, now)
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
        FeaturedQuery::whole(*id).view(conn, &state.cursors)
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
