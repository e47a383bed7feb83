//! A site's log.

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

mod export;
mod head;

pub use export::log_export;

use super::{
    Routes,
    body::Params,
    caller::{Caller, SignedIn},
    page::{DEFAULT_LIMIT, Page},
    problem::{Code, Problem},
    sites::on_site,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{
        ids::*,
        moderation::{Action, ActorKind, Reason},
        reply_state::ReplyState,
        timestamp::Timestamp,
    },
    store::{
        Conn,
        decisions::{self, Decision, LogFilter},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_log).service(list_common_log).service(head::show_log_head).service(export::export_log);
}

/// One row of the log.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LogEntryView {
    /// Its id.
    pub id: DecisionId,
    /// When.
    pub created_at: Timestamp,
    /// In what capacity somebody acted.
    pub actor_kind: ActorKind,
    /// Who; null for a command or the service itself.
    pub actor_id: Option<AccountId>,
    /// What was done.
    pub action: Action,
    /// To which reply.
    pub reply_id: Option<ReplyId>,
    /// The version of the reply that this made.
    pub reply_version: Option<i32>,
    /// Under or to which story.
    pub story_id: Option<StoryId>,
    /// Whom it concerns.
    pub account_id: Option<AccountId>,
    /// Where the reply stood before; null for a new one.
    pub from_state: Option<ReplyState>,
    /// Where it stood after.
    pub to_state: Option<ReplyState>,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// For the log.
    pub note: Option<String>,
    /// For the author.
    pub message: Option<String>,
    /// What else there is to say.
    #[schema(value_type = Option<Object>)]
    pub details: Option<serde_json::Value>,
    /// The request that did it, by the id in its answer's `X-Request-Id`; null for what no request did.
    pub request_id: Option<String>,
}

/// What a change has changed, for a row's details: the fields that differ, as they were and as they are.
pub(super) fn what_changed(before: &impl Serialize, after: &impl Serialize) -> Result<String, Problem> {
    let value = |of: serde_json::Result<_>| of.map_err(|cause| Problem::new(Code::Internal).caused_by(cause));
    let (mut before, mut after) = (value(serde_json::to_value(before))?, value(serde_json::to_value(after))?);
    if let (Some(before), Some(after)) = (before.as_object_mut(), after.as_object_mut()) {
        before.retain(|field, value| after.get(field) != Some(value) || after.remove(field).is_none());
    }
    Ok(serde_json::json!({"before": before, "after": after}).to_string())
}

impl From<Decision> for LogEntryView {
    fn from(row: Decision) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            action: row.action,
            reply_id: row.reply_id,
            reply_version: row.reply_version,
            story_id: row.story_id,
            account_id: row.account_id,
            from_state: row.from_state,
            to_state: row.to_state,
            reason: row.reason,
            note: row.note,
            message: row.message,
            details: row.details.and_then(|details| serde_json::from_str(&details).ok()),
            request_id: row.request_id,
        }
    }
}

/// Which rows, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListLog {
    /// Only what this account did.
    pub actor_id: Option<AccountId>,
    /// Only this kind of action.
    #[param(inline)]
    pub action: Option<Action>,
    /// Only what made the versions of this reply: its being posted, edited, decided about. What else was done about it (a note,
    /// a notice, its being featured) names it in `details`.
    pub reply_id: Option<ReplyId>,
    /// Only what was done to this story itself: its being put, closed, reopened, and what is featured under it. What was done
    /// to the replies to it is not there.
    pub story_id: Option<StoryId>,
    /// Only what concerns this account.
    pub account_id: Option<AccountId>,
    /// Only from then on.
    pub since: Option<Timestamp>,
    /// Only before then.
    pub until: Option<Timestamp>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List a site's log
///
/// The newest first; without the rows about notes on oneself.
#[utoipa::path(
    tag = "moderation",
    params(ListLog),
    responses((status = 200, body = Page<LogEntryView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/log")]
pub async fn list_log(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(query): Params<ListLog>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let (caller, site) = on_site(conn, &caller, &key, Operation::ListLog, now)?;
            list(conn, Some(site.id), query, (&caller, &state))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// List the log of no site
///
/// What was done to accounts everywhere, to rights of admins, and what is about no site. The newest first.
#[utoipa::path(
    tag = "moderation",
    params(ListLog),
    responses((status = 200, body = Page<LogEntryView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/log")]
pub async fn list_common_log(
    caller: Caller,
    state: State,
    Params(query): Params<ListLog>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            caller.may_across(Operation::ListCommonLog, Object::default())?;
            list(conn, None, query, (&caller, &state))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

fn list(
    conn: &mut Conn<'_>,
    site: Option<SiteId>,
    query: ListLog,
    (caller, state): (&SignedIn, &State),
) -> Result<Page<LogEntryView>, Problem> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let filter = LogFilter {
        actor: query.actor_id,
        action: query.action,
        reply: query.reply_id,
        story: query.story_id,
        account: query.account_id,
        since: query.since,
        until: query.until,
        reader: Some(caller.account.id),
    };
    let scope = format!("log/{site:?}/{filter:?}");
    let before = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
    let rows = decisions::list(conn, site, &filter, before, i64::from(limit) + 1)?;
    let cursor = |last: &Decision| state.cursors.seal(&scope, (last.created_at, last.id));
    Ok(Page::of_texts(rows, limit as usize, cursor, LogEntryView::from))
}
