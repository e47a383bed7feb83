//! Posting a reply.

use actix_web::{HttpResponse, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{PostedReplyView, first, posted_view, rendered};
use crate::{
    app::State,
    auth::{
        limits,
        permission::{Object, Operation},
    },
    domain::{ids::*, moderation::Action, reply_body::RenderedBody, timestamp::Timestamp},
    http::{
        body::{Body, LARGE},
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        problem::{Code, Problem},
        stories::find_head,
    },
    store::{
        Conn,
        replies::{self, NewReply, Reply},
        stories::StoryHead,
        transitions::{self, Entry},
    },
};

/// A new reply.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReply {
    /// The reply that it answers; absent or null: the commentary.
    pub parent_id: Option<ReplyId>,
    /// The text in Markdown, 10,000 characters at most where the service is not configured otherwise.
    #[schema(min_length = 1, max_length = 60000)]
    pub body: String,
}

/// Post a reply
///
/// Public at once or after a moderator approved it, as `state` tells.
#[utoipa::path(request_body = CreateReply,
    tag = "replies",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = PostedReplyView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/stories/{story_id}/replies")]
pub async fn create_reply(
    caller: Caller,
    state: State,
    id: web::Path<StoryId>,
    once: Once,
    body: Body<CreateReply, LARGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let text = rendered(body.value.body.clone(), &state.config.limits).await?;
    let db = state.db.clone();
    let (location, view) = db
        .write(move |conn| {
            let caller = caller.permit(conn, Operation::CreateReply, now)?;
            let operation = (Operation::CreateReply, id.to_string());
            let mut posted = None;
            let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
                let (reply, _) =
                    posted.insert(post_reply(conn, &caller, *id, body.value.parent_id, &text, &state, now)?);
                Ok(Created::at(format!("/api/v1/replies/{}", reply.id), reply.id))
            })?;
            let (reply, head) = match posted {
                Some(posted) => posted,
                None => find_posted(conn, &caller, created.object_id)?,
            };
            let view = posted_view(conn, reply, &head, &caller, now);
            Ok::<_, Problem>((created.location.unwrap_or_default(), view))
        })
        .await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}

fn post_reply(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    story: StoryId,
    parent: Option<ReplyId>,
    text: &RenderedBody,
    state: &State,
    now: Timestamp,
) -> Result<(Reply, StoryHead), Problem> {
    let me = caller.account.id;
    let head = find_head(conn, story)?;
    caller.may_on(&head.site, Operation::CreateReply, Object::default())?;
    if head.closing().is_closed(now) {
        return Err(Problem::new(Code::StoryClosed));
    }
    limits::check_pace(conn, me, &state.config.limits, now)?
        .map_err(|too_many| Problem::new(Code::TooManyReplies).retry_after(too_many.retry_after))?;
    let parent = match parent {
        None => None,
        Some(id) => {
            let parent = replies::find(conn, id)?.filter(|parent| parent.story_id == story);
            Some(parent.filter(|parent| parent.state.is_public()).ok_or_else(|| Problem::new(Code::ParentNotPublic))?)
        }
    };
    let entry = Entry::new(state.random.id(now), caller.actor(Some(head.site.id)), Action::Post, now);
    let new = NewReply {
        id: state.random.id(now),
        site_id: head.site.id,
        story_id: story,
        author_id: me,
        parent: parent.as_ref(),
        state: first(conn, caller, &head, now)?,
        text,
        created_at: now,
    };
    let reply = transitions::post(conn, new, Some(&head.story), &entry)?;
    Ok((reply, head))
}

/// What an earlier request of the same key posted, as it is now.
fn find_posted(conn: &mut Conn<'_>, caller: &SignedIn, id: Option<uuid::Uuid>) -> Result<(Reply, StoryHead), Problem> {
    let reply = id.map(|id| replies::find(conn, ReplyId(id))).transpose()?.flatten();
    let reply = reply.ok_or_else(|| Problem::new(Code::NotFound))?;
    let head = find_head(conn, reply.story_id)?;
    // asked also of who repeats a request: a right may have been lost meanwhile, and another website may ask
    caller.may_on(&head.site, Operation::CreateReply, Object::default())?;
    Ok((reply, head))
}
