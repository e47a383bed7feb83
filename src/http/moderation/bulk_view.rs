//! Decisions about many replies: listed, followed and ended.

use actix_web::{HttpResponse, delete, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{
        bulk::{ItemOutcome, Outcomes, UNDOABLE},
        ids::*,
        moderation::Reason,
        policy_run::RunState,
        reply_state::Verb,
        timestamp::Timestamp,
    },
    http::{
        body::Params,
        caller::{Caller, SignedIn},
        page::{DEFAULT_LIMIT, Page, Paging},
        problem::{Code, Problem},
    },
    store::{
        Conn,
        bulks::{self, Bulk, ListedItem},
    },
};

/// A decision about many replies, or its being undone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkView {
    /// Its id, by which the log names it with each reply.
    pub id: BulkId,
    /// What is decided; null where another is undone.
    pub action: Option<Verb>,
    /// The one that is undone.
    pub undoes: Option<BulkId>,
    /// Why.
    pub reason: Option<Reason>,
    /// For the log.
    pub note: Option<String>,
    /// For the authors.
    pub message: Option<String>,
    /// Where it stands.
    pub state: RunState,
    /// Replies that were come to.
    pub done: i64,
    /// How many there are; null before they were found.
    pub total: Option<i64>,
    /// What came of them so far.
    pub outcomes: Outcomes,
    /// Who wants it.
    pub account_id: AccountId,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Until when it can be undone; null where it cannot.
    pub undoable_until: Option<Timestamp>,
}

impl From<Bulk> for BulkView {
    fn from(bulk: Bulk) -> Self {
        let outcomes = bulk.outcomes();
        Self {
            id: bulk.id,
            action: bulk.action,
            undoes: bulk.undoes,
            reason: bulk.reason,
            note: bulk.note,
            message: bulk.message,
            state: bulk.state,
            done: bulk.done,
            total: bulk.total,
            outcomes,
            account_id: bulk.account_id,
            created_at: bulk.created_at,
            finished_at: bulk.finished_at,
            undoable_until: bulk.finished_at.filter(|_| bulk.action.is_some()).map(|at| at.plus(UNDOABLE)),
        }
    }
}

/// One reply of many.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BulkItemView {
    /// Its id.
    pub id: ReplyId,
    /// The version that was looked at.
    pub version: i32,
    /// What came of it; null before it was come to.
    pub outcome: Option<ItemOutcome>,
}

/// The bulk of this id, for who wanted it and for admins; locked to be changed.
pub(super) fn find_seen(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: BulkId,
    operation: Operation,
) -> Result<Bulk, Problem> {
    caller.may_across(operation, Object::default())?;
    let find = if operation.is_reading() { bulks::find } else { bulks::find_locked };
    let is_seen = |bulk: &Bulk| bulk.account_id == caller.account.id || caller.standing.is_admin;
    find(conn, id)?.filter(is_seen).ok_or_else(|| Problem::new(Code::NotFound))
}

/// List one's decisions about many replies
///
/// The newest first.
#[utoipa::path(tag = "moderation", params(Paging), responses((status = 200, body = Page<BulkView>)), security(("token" = [])))]
#[get("/api/v1/moderation/bulk")]
pub async fn list_bulks(caller: Caller, state: State, Params(paging): Params<Paging>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListBulks, now)?;
        caller.may_across(Operation::ListBulks, Object::default())?;
        let scope = format!("bulks/{}", caller.account.id);
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = bulks::list(conn, caller.account.id, before, paging.rows())?;
        let cursor = |last: &Bulk| state.cursors.seal(&scope, (last.created_at, last.id));
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, BulkView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Show a decision about many replies
///
/// How far it is.
#[utoipa::path(tag = "moderation", responses((status = 200, body = BulkView)), security(("token" = [])))]
#[get("/api/v1/moderation/bulk/{bulk_id}")]
pub async fn show_bulk(caller: Caller, state: State, id: web::Path<BulkId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ShowBulk, now)?;
        find_seen(conn, &caller, *id, Operation::ShowBulk).map(BulkView::from)
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

/// Which replies, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListBulkItems {
    /// Only those of which this came.
    #[param(inline)]
    pub outcome: Option<ItemOutcome>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List the replies of a decision about many
///
/// With what came of each; they are kept for 30 days.
#[utoipa::path(
    tag = "moderation",
    params(ListBulkItems),
    responses((status = 200, body = Page<BulkItemView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/bulk/{bulk_id}/items")]
pub async fn list_bulk_items(
    caller: Caller,
    state: State,
    id: web::Path<BulkId>,
    Params(query): Params<ListBulkItems>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListBulkItems, now)?;
        let bulk = find_seen(conn, &caller, *id, Operation::ListBulkItems)?;
        let scope = format!("bulk/{}/{:?}", bulk.id, query.outcome);
        let after: Option<i32> = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let rows = bulks::list_items(conn, bulk.id, query.outcome, after.unwrap_or(-1), i64::from(limit) + 1)?;
        let cursor = |last: &ListedItem| state.cursors.seal(&scope, last.position);
        let view = |row: ListedItem| BulkItemView { id: row.reply_id, version: row.version, outcome: row.outcome };
        Ok::<_, Problem>(Page::of(rows, limit as usize, cursor, view))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// End a decision about many replies
///
/// Soon; what was decided until then stays decided, and can be undone. The log says so (`cancel_bulk`) where it says that it
/// was begun.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/moderation/bulk/{bulk_id}")]
pub async fn cancel_bulk(caller: Caller, state: State, id: web::Path<BulkId>) -> Result<HttpResponse, Problem> {
    let (db, random, now) = (state.db.clone(), state.random.clone(), state.clock.now());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::CancelBulk, now)?;
        let bulk = find_seen(conn, &caller, *id, Operation::CancelBulk)?;
        if !bulk.state.is_over() && bulk.cancelled_at.is_none() {
            bulks::cancel(conn, bulk.id, now)?;
            bulks::log_end(conn, &bulk, |site| caller.actor(site), (&random, now))?;
        }
        Ok::<_, Problem>(())
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
