//! What moderators have done about oneself, and reading their warnings.

use actix_web::{HttpResponse, get, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    body::Params,
    caller::Caller,
    page::{Page, Paging},
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, sanction::SanctionKind, timestamp::Timestamp},
    store::{
        Conn,
        sanctions::{self, Places, Sanction},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_own_sanctions).service(read_warning);
}

/// A sanction on oneself.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnSanctionView {
    /// Its id.
    pub id: SanctionId,
    /// On which site; null: everywhere.
    pub site_id: Option<SiteId>,
    /// What it does.
    pub kind: SanctionKind,
    /// What one is told.
    pub message: Option<String>,
    /// The reply that it came of.
    pub reply_id: Option<ReplyId>,
    /// Until when; null: for good, and of a warning until it is read.
    pub until: Option<Timestamp>,
    /// Replies that may be posted in a day.
    pub per_day: Option<i32>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// When one read the warning.
    pub read_at: Option<Timestamp>,
    /// Whether it holds at present.
    pub is_active: bool,
}

impl OwnSanctionView {
    fn of(row: Sanction, now: Timestamp) -> Self {
        Self {
            is_active: row.is_active(now),
            id: row.id,
            site_id: row.site_id,
            kind: row.kind,
            message: row.message,
            reply_id: row.reply_id,
            until: row.until,
            per_day: row.per_day,
            created_at: row.created_at,
            lifted_at: row.lifted_at,
            read_at: row.read_at,
        }
    }
}

/// List one's own sanctions
///
/// The newest first, past and lifted ones too; also for who may nothing else any more.
#[utoipa::path(
    tag = "accounts",
    params(Paging),
    responses((status = 200, body = Page<OwnSanctionView>)),
    security(("token" = []))
)]
#[get("/api/v1/me/sanctions")]
pub async fn list_own_sanctions(
    caller: Caller,
    state: State,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListOwnSanctions, now)?;
        let me = caller.account.id;
        let scope = format!("sanctions/{me}");
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = sanctions::list(conn, me, Places::All, before, paging.rows())?;
        let cursor = |last: &Sanction| state.cursors.seal(&scope, (last.created_at, last.id));
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, |row| OwnSanctionView::of(row, now)))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Say that one has read a warning
///
/// From then on one may post again. Saying so twice changes nothing.
#[utoipa::path(tag = "accounts", responses((status = 204)), security(("token" = [])))]
#[post("/api/v1/me/sanctions/{sanction_id}/read")]
pub async fn read_warning(caller: Caller, state: State, id: web::Path<SanctionId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ReadWarning, now)?.account.id;
        let row = sanctions::find(conn, *id)?.filter(|row| row.account_id == me);
        match row.ok_or_else(|| Problem::new(Code::NotFound))? {
            Sanction { kind: SanctionKind::Warn, lifted_at: None, .. } => Ok(sanctions::note_read(conn, *id, now)?),
            Sanction { kind: SanctionKind::Warn, .. } => Ok(()),
            _ => Err(Problem::new(Code::StateConflict).detail("not a warning")),
        }
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
