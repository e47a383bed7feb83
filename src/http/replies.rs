//! Replies: previewing, editing, withdrawing, and what that shares with posting, recommending and reporting next door.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpResponse, delete, patch, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::{Body, LARGE},
    caller::{Caller, SignedIn},
    mine::OwnReplyView,
    off_thread::off_thread,
    problem::{Code, Problem},
    stories::find_head,
    views::CurrentState,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    config::Limits,
    domain::{
        ids::*,
        job::Lane,
        moderation::Action,
        reply_body::{RenderedBody, ReplyBody},
        reply_state::ReplyState,
        rules::Text,
        safe_html::SafeHtml,
        sanction::SanctionKind,
        timestamp::Timestamp,
    },
    judging::{About, NotStored, Writer, outside::Asking},
    store::{
        Conn,
        decisions::{self, Decision},
        replies::{self, Reply},
        returns,
        stories::StoryHead,
        transitions::{self, Entry, NewText},
    },
};

mod posting;
mod reactions;

pub(super) use posting::{Asked, CreateReply, FilledForm, post};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(posting::create_reply)
        .service(preview_reply)
        .service(update_reply)
        .service(withdraw_reply)
        .service(reactions::recommend_reply)
        .service(reactions::unrecommend_reply)
        .service(reactions::report_reply);
}

/// Characters where the limit is switched off.
const HARD_MAX_CHARS: u32 = 60_000;

/// Characters of a reply at most.
pub(super) fn max_chars(limits: &Limits) -> usize {
    limits.reply_max_chars.unwrap_or(HARD_MAX_CHARS) as usize
}

/// A text checked and rendered, off the threads that serve, and as rules look at it.
pub(super) async fn rendered(source: String, limits: &Limits) -> Result<(RenderedBody, Arc<Text>), Problem> {
    let max_chars = max_chars(limits);
    let render = move || ReplyBody::parse(source, max_chars).and_then(ReplyBody::render_to_judge);
    let (body, text) = off_thread(move || render().map_err(|error| Problem::field("/body", error))).await?;
    Ok((body, Arc::new(text)))
}

/// The object that permission is asked about.
pub(super) fn object(reply: &Reply) -> Object {
    Object {
        site: Some(reply.site_id),
        owner: Some(reply.author_id),
        is_hidden: !reply.state.is_public(),
        ..Object::default()
    }
}

/// A reply that the caller may change so, locked, with its story.
pub(super) fn find_for(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: ReplyId,
    operation: Operation,
) -> Result<(Reply, StoryHead), Problem> {
    let reply = replies::find_locked(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let head = find_head(conn, reply.story_id)?;
    caller.may_on(&head.site, operation, object(&reply))?;
    Ok((reply, head))
}

/// What somebody acted on is not what is there any more.
pub(super) fn conflict(conn: &mut Conn<'_>, caller: &SignedIn, code: Code, reply: &Reply) -> Problem {
    let last = match decisions::find_last_of_reply(conn, reply.id) {
        Ok(last) => last,
        Err(error) => return error.into(),
    };
    // an author learns what was decided, not by whom
    let is_told = |last: &Decision| caller.standing.moderates(reply.site_id) || last.actor_id == Some(reply.author_id);
    Problem::new(code).with(
        "current",
        CurrentState {
            state: reply.state,
            version: reply.version,
            last_action: last.as_ref().map(|last| last.action),
            last_actor_id: last.as_ref().filter(|last| is_told(last)).and_then(|last| last.actor_id),
            last_action_at: last.map(|last| last.created_at),
        },
    )
}

/// A reply just posted or edited.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostedReplyView {
    /// The reply.
    #[serde(flatten)]
    pub reply: OwnReplyView,
    /// The story's version that shows it, if it is public: `min_version` of pages that must.
    pub story_version: i64,
}

fn posted_view(conn: &Conn<'_>, reply: Reply, head: &StoryHead, caller: &SignedIn, now: Timestamp) -> PostedReplyView {
    PostedReplyView {
        reply: OwnReplyView::of(reply, head, caller.standing.is_staff(head.site.id), now),
        story_version: conn.new_version(head.story.id).unwrap_or(head.story.version),
    }
}

/// A text to be looked at.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewReply {
    /// The text in Markdown.
    #[schema(min_length = 1, max_length = 60000)]
    pub body: String,
}

/// A text as it would be shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewView {
    /// Sanitised HTML.
    pub body_html: SafeHtml,
}

/// Preview a reply
///
/// As it would be shown; nothing is stored.
#[utoipa::path(request_body = PreviewReply, tag = "replies", responses((status = 200, body = PreviewView)), security(("token" = [])))]
#[post("/api/v1/replies/preview")]
pub async fn preview_reply(
    caller: Caller,
    state: State,
    body: Body<PreviewReply, LARGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    state.db.read(move |conn| caller.permit(conn, Operation::PreviewReply, now).map(|_| ())).await?;
    let body_html = rendered(body.value.body, &state.config.limits).await?.0.html;
    Ok(HttpResponse::Ok().json(PreviewView { body_html }))
}

/// A new text.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateReply {
    /// The text in Markdown.
    #[schema(min_length = 1, max_length = 60000)]
    pub body: String,
    /// The version that was read.
    pub version: i32,
}

/// Edit a reply
///
/// One's own within the site's edit window, or once more where it was returned and its time is not over; staff their own at
/// any time, moderators those of others on their sites. The new text goes the way of a new reply: where that would wait, the reply waits again, out of public view.
#[utoipa::path(request_body = UpdateReply, tag = "replies", responses((status = 200, body = PostedReplyView)), security(("token" = [])))]
#[patch("/api/v1/replies/{reply_id}")]
pub async fn update_reply(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    body: Body<UpdateReply, LARGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let version = body.value.version;
    let (body, text) = rendered(body.value.body, &state.config.limits).await?;
    let random = state.random.clone();
    let (view, asks) = state
        .judging
        .store(&state.db, &text, About::Edit(*id), move |conn, attempt| {
            let caller = caller.sign_in(conn, now)?;
            attempt.hold_repeats(conn, caller.account.id)?;
            let (reply, head) = find_to_edit(conn, &caller, *id, version, now)?;
            let is_staff = caller.standing.is_staff(head.site.id);
            // what he corrects of another's is that one's
            let is_premoderated = reply.author_id == caller.account.id
                && caller.standing.is_held_on(head.site.id, SanctionKind::Premoderate);
            let is_unproven = reply.author_id == caller.account.id && caller.standing.waits_unproven(&head.site);
            let writer = Writer { is_premoderated, is_unproven, ..Writer::of_edit(&reply, is_staff, now) };
            let mut judged = attempt.settle(conn, &head, writer, now)?;
            let is_by_staff = reply.author_id != caller.account.id;
            let asking = Asking::begin_edit(conn, &mut judged, &head.site, (&reply, is_by_staff))?;
            let actor = caller.actor(Some(head.site.id));
            let next = judged.fate.state;
            let entry = Entry { judged: Some(judged), ..Entry::new(random.id(now), actor, Action::Edit, now) };
            let text = NewText { body: body.clone(), is_by_staff };
            let reply = transitions::change(conn, &reply, next, Some(&text), &entry)?;
            attempt.remember(&reply, now);
            if let Some(asking) = asking {
                asking.store(conn, &reply, now)?;
            }
            Ok::<_, NotStored<Problem>>((posted_view(conn, reply, &head, &caller, now), head.site.asks_outside))
        })
        .await?;
    if asks {
        state.jobs.of(Lane::Outside).notify_one();
    }
    Ok(HttpResponse::Ok().json(view))
}

/// A reply whose text the caller may change now, as it was at this version.
fn find_to_edit(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: ReplyId,
    version: i32,
    now: Timestamp,
) -> Result<(Reply, StoryHead), Problem> {
    let (reply, head) = find_for(conn, caller, id, Operation::UpdateReply)?;
    if reply.version != version {
        return Err(conflict(conn, caller, Code::VersionConflict, &reply));
    }
    let is_with_author = reply.state == ReplyState::Returned && reply.author_id == caller.account.id;
    if !is_with_author && !matches!(reply.state, ReplyState::Pending | ReplyState::Approved) {
        return Err(conflict(conn, caller, Code::StateConflict, &reply));
    }
    if is_with_author {
        let due_at = returns::find(conn, reply.id)?.and_then(|returned| returned.due_at);
        return match due_at.is_some_and(|due_at| now < due_at) {
            true => Ok((reply, head)),
            false => Err(Problem::new(Code::EditWindowOver)),
        };
    }
    let window = Duration::from_secs(u64::try_from(head.site.edit_window_secs).unwrap_or(0));
    if !caller.standing.is_staff(head.site.id) && now >= reply.created_at.plus(window) {
        return Err(Problem::new(Code::EditWindowOver));
    }
    Ok((reply, head))
}

/// Withdraw a reply
///
/// One's own, at any time. It leaves a tombstone if something visible hangs below it; moderators' records keep it.
#[utoipa::path(tag = "replies", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/replies/{reply_id}")]
pub async fn withdraw_reply(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    db.write(move |conn| {
        let caller = caller.sign_in(conn, now)?;
        let (reply, head) = find_for(conn, &caller, *id, Operation::WithdrawReply)?;
        if reply.state != ReplyState::Withdrawn {
            let entry = Entry::new(random.id(now), caller.actor(Some(head.site.id)), Action::Withdraw, now);
            transitions::change(conn, &reply, ReplyState::Withdrawn, None, &entry)?;
        }
        Ok::<_, Problem>(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
