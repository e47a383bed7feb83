//! What depends on the viewer, apart from what all readers see.

use std::time::Duration;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    body::Params,
    caller::Caller,
    page::{PAGE_MAX_BYTES, Paging, fitting},
    problem::Problem,
    stories::find_head,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation, may},
    domain::{
        bulk::not_undone, ids::*, moderation::Action, reply_state::ReplyState, safe_html::SafeHtml,
        timestamp::Timestamp,
    },
    store::{
        decisions, mutes, recommendations,
        replies::{self, OwnReply, Reply},
        returns::{self, Return},
        stories::StoryHead,
    },
};

/// Rows of the log about a refused reply that are looked at for the one that stands.
const DECISIONS_LOOKED_AT: i64 = 9;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_mine);
}

/// One's own part in a story's discussion.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MineView {
    /// One's own replies in the order in which they were posted, waiting and refused ones too.
    pub items: Vec<OwnReplyView>,
    /// Replies that one recommends.
    pub recommended: Vec<ReplyId>,
    /// Accounts that one mutes, wherever they write: their replies are to be hidden.
    pub muted: Vec<AccountId>,
    /// Where the next page of both begins; null on the last one.
    pub next_cursor: Option<String>,
    /// Whether one may reply here at present.
    pub may_reply: bool,
}

/// One's own reply.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnReplyView {
    /// Its id.
    pub id: ReplyId,
    /// The reply that it stands under.
    pub parent_id: Option<ReplyId>,
    /// 1 at top level.
    pub depth: i32,
    /// Where it stands.
    pub state: ReplyState,
    /// The text in Markdown, byte for byte as it was sent.
    pub body: String,
    /// The text as sanitised HTML.
    pub body_html: SafeHtml,
    /// The version to edit.
    pub version: i32,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// Until when it may be edited; null: not any more.
    pub editable_until: Option<Timestamp>,
    /// What the moderator who refused or returned it wrote to its author. Why it was refused tells its statement.
    pub message: Option<String>,
}

/// List what is mine in a story
///
/// Own replies with their states and until when they may be edited, own recommendations.
#[utoipa::path(
    tag = "reading",
    params(Paging),
    responses((status = 200, body = MineView)),
    security(("token" = []))
)]
#[get("/api/v1/stories/{story_id}/mine")]
pub async fn list_mine(
    caller: Caller,
    state: State,
    id: web::Path<StoryId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let view = db
        .read(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let head = find_head(conn, *id)?;
            let me = caller.account.id;
            let object = Object { owner: Some(me), ..Object::default() };
            caller.may_on(&head.site, Operation::ListMine, object)?;
            let scope = format!("mine/{me}/{}", head.story.id);
            let (after, voted_after): (Option<ReplyId>, Option<ReplyId>) =
                state.cursors.open_optional(&scope, paging.cursor.as_deref())?.unwrap_or_default();
            let mut own = replies::list_own(conn, me, head.story.id, after, paging.rows())?;
            let mut voted = recommendations::list_own(conn, me, head.story.id, voted_after, paging.rows())?;
            let shown = fitting(&own[..own.len().min(paging.limit())], &mut PAGE_MAX_BYTES.clone(), true);
            let has_more = own.len() > shown || voted.len() > paging.limit();
            own.truncate(shown);
            voted.truncate(paging.limit());
            let next_cursor = has_more.then(|| {
                let place = (own.last().map(|last| last.id).or(after), voted.last().copied().or(voted_after));
                state.cursors.seal(&scope, place)
            });
            let in_state = |state| own.iter().filter(move |reply| reply.state == state).map(|reply| reply.id);
            let refused: Vec<ReplyId> = in_state(ReplyState::Rejected).collect();
            let returned: Vec<ReplyId> = in_state(ReplyState::Returned).collect();
            let returned = returns::list_of_replies(conn, &returned)?;
            let mut told = decisions::list_last_of_replies(conn, &refused, DECISIONS_LOOKED_AT)?;
            told.reverse();
            let is_staff = caller.standing.is_staff(head.site.id);
            let here = Object { unproven_accounts: Some(head.site.unproven_accounts), ..Object::of_site(head.site.id) };
            let may_post = may(&caller.standing, Operation::CreateReply, here);
            let view = |reply: OwnReply| {
                let of_it = told.iter().filter(|decision| decision.reply_id == Some(reply.id));
                let standing = not_undone(of_it, |decision| decision.action == Action::Undo);
                let last = standing.into_iter().rfind(|decision| decision.action == Action::Reject);
                let message = last.and_then(|decision| decision.message.clone());
                let returned = returned.iter().find(|returned| returned.reply_id == reply.id);
                OwnReplyView::new(reply, message, returned, (&head, is_staff), now)
            };
            Ok::<_, Problem>(MineView {
                items: own.into_iter().map(view).collect(),
                recommended: voted,
                muted: mutes::list_ids(conn, me)?,
                next_cursor,
                may_reply: may_post.is_ok() && !head.closing().is_closed(now),
            })
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

impl OwnReplyView {
    fn new(
        reply: OwnReply,
        message: Option<String>,
        returned: Option<&Return>,
        (head, is_staff): (&StoryHead, bool),
        now: Timestamp,
    ) -> Self {
        let window = Duration::from_secs(u64::try_from(head.site.edit_window_secs).unwrap_or(0));
        let is_editable = matches!(reply.state, ReplyState::Pending | ReplyState::Approved | ReplyState::Returned);
        // staff edit at any time, which the last time that can be written says
        let until = match (returned.and_then(|returned| returned.due_at), is_staff) {
            (Some(due_at), _) => due_at,
            (None, true) => Timestamp::from_micros(i64::MAX),
            (None, false) => reply.created_at.plus(window),
        };
        Self {
            id: reply.id,
            parent_id: reply.parent_id,
            depth: reply.depth,
            state: reply.state,
            body: reply.body.source,
            body_html: reply.body.html,
            version: reply.version,
            created_at: reply.created_at,
            edited_at: reply.edited_at,
            editable_until: (is_editable && until > now).then_some(until),
            message: returned.map(|returned| returned.message.clone()).or(message),
        }
    }

    /// Of a reply just posted or edited.
    pub fn of(reply: Reply, head: &StoryHead, is_staff: bool, now: Timestamp) -> Self {
        Self::new(reply.into(), None, None, (head, is_staff), now)
    }
}

impl From<Reply> for OwnReply {
    fn from(reply: Reply) -> Self {
        Self {
            id: reply.id,
            parent_id: reply.parent_id,
            depth: reply.depth,
            state: reply.state,
            body: reply.body,
            version: reply.version,
            created_at: reply.created_at,
            edited_at: reply.edited_at,
        }
    }
}
