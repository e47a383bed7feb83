//! Notices of illegal content: the queue of texts that they are about, and all of one reply.

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{find_moderated, source::chosen_sites};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        ids::*,
        notice::{NoticeGround, NoticeState},
        reply_state::ReplyState,
        timestamp::Timestamp,
    },
    http::{
        body::Params,
        caller::Caller,
        page::{DEFAULT_LIMIT, Page, Paging, Texts},
        problem::Problem,
    },
    store::{
        Conn,
        notice_queue::{self, NoticedText},
        notices::{self, ReceivedNotice},
    },
};

pub mod deciding;

/// A notice, as moderators see it: by whom, but not how a guest is reached.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReceivedNoticeView {
    /// Its id.
    pub id: NoticeId,
    /// What its notifier knows it by.
    pub reference: String,
    /// Which of the reply's texts it is about, from 1.
    pub revision: i32,
    /// Who gave it; null for a guest.
    pub account_id: Option<AccountId>,
    /// The account's name; null for a guest and for a closed account.
    pub username: Option<String>,
    /// A guest's name, until it is erased.
    pub name: Option<String>,
    /// Which kind of law the reply breaks.
    pub ground: NoticeGround,
    /// Which law.
    pub law: Option<String>,
    /// Why it is illegal.
    pub explanation: String,
    /// Where it stands.
    pub state: NoticeState,
    /// When it was received.
    pub received_at: Timestamp,
    /// What was decided; null while it is open.
    pub decision_id: Option<NoticeDecisionId>,
}

impl From<ReceivedNotice> for ReceivedNoticeView {
    fn from(row: ReceivedNotice) -> Self {
        Self {
            id: row.id,
            reference: row.reference,
            revision: row.revision,
            account_id: row.account_id,
            username: row.username,
            name: row.name,
            ground: row.ground,
            law: row.law,
            explanation: row.explanation,
            state: row.state,
            received_at: row.received_at,
            decision_id: row.decision_id,
        }
    }
}

/// A text with open notices.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticedTextView {
    /// The key of its site.
    pub site: String,
    /// The reply.
    pub reply_id: ReplyId,
    /// Its story.
    pub story_id: StoryId,
    /// Who wrote it.
    pub author_id: AccountId,
    /// The text that the notices are about, in Markdown.
    pub body: String,
    /// How many notices about it are open.
    pub notices: i32,
    /// The oldest of them.
    pub first: ReceivedNoticeView,
    /// Where the reply stands by now.
    pub state: ReplyState,
    /// Its version by now, to decide on.
    pub version: i32,
    /// Which of its texts is there by now; where that is not the one of the notices, a decision to remove names it.
    pub revision: i32,
}

impl From<NoticedText> for NoticedTextView {
    fn from(row: NoticedText) -> Self {
        Self {
            site: row.site_key,
            reply_id: row.reply_id,
            story_id: row.story_id,
            author_id: row.author_id,
            body: row.body,
            notices: row.notices,
            first: row.first.into(),
            state: row.state,
            version: row.version,
            revision: row.revision,
        }
    }
}

impl Texts for ReceivedNotice {
    fn bytes(&self) -> usize {
        self.explanation.len() + self.law.as_ref().map_or(0, String::len)
    }
}

impl Texts for NoticedText {
    fn bytes(&self) -> usize {
        self.body.len() + self.first.bytes()
    }
}

/// Which texts, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListNotices {
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List texts with open notices of illegal content
///
/// Those that wait for longest first, each once however many notices are about it. They wait until they are decided
/// about as notices, whatever becomes of the reply meanwhile.
#[utoipa::path(
    tag = "moderation",
    params(ListNotices),
    responses((status = 200, body = Page<NoticedTextView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/notices")]
pub async fn list_notices(
    caller: Caller,
    state: State,
    Params(query): Params<ListNotices>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListNotices, now)?;
        let sites = chosen_sites(conn, &caller, query.site.as_deref(), Operation::ListNotices)?;
        let scope = format!("notices/{sites:?}");
        let after = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let rows = notice_queue::list(conn, &sites, after, i64::from(limit) + 1)?;
        let cursor = |last: &NoticedText| state.cursors.seal(&scope, (last.opened_at, last.first.id));
        Ok::<_, Problem>(Page::of_texts(rows, limit as usize, cursor, NoticedTextView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// List the notices about a reply
///
/// The newest first, decided ones too.
#[utoipa::path(
    tag = "moderation",
    params(Paging),
    responses((status = 200, body = Page<ReceivedNoticeView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/replies/{reply_id}/notices")]
pub async fn list_reply_notices(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let reply = find_moderated(conn, &caller, *id, Operation::ListReplyNotices)?.id;
        let scope = format!("notices-of/{reply}");
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = notices::list_of_reply(conn, reply, before, paging.rows())?;
        let cursor = |last: &ReceivedNotice| state.cursors.seal(&scope, (last.received_at, last.id));
        Ok::<_, Problem>(Page::of_texts(rows, paging.limit(), cursor, ReceivedNoticeView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}
