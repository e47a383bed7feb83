//! Whom a reader does not want to read. Public pages are the same for all, so front ends hide what they write.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    body::Params,
    caller::Caller,
    page::{Page, Paging},
    problem::{Code, Problem},
    views::shown_name,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, timestamp::Timestamp},
    store::{
        Conn, accounts,
        mutes::{self, Muted},
    },
};

/// Accounts that one mutes at most.
const MUTED_MAX: i64 = 500;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_mutes).service(mute_account).service(unmute_account);
}

/// Somebody whom one does not want to read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MutedView {
    /// The account.
    pub account_id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
    /// Since when.
    pub created_at: Timestamp,
}

impl From<Muted> for MutedView {
    fn from(row: Muted) -> Self {
        Self {
            account_id: row.account_id,
            display_name: shown_name(row.display_name, row.username.as_deref()),
            username: row.username,
            created_at: row.created_at,
        }
    }
}

/// List whom one mutes
#[utoipa::path(tag = "accounts", params(Paging), responses((status = 200, body = Page<MutedView>)), security(("token" = [])))]
#[get("/api/v1/me/mutes")]
pub async fn list_mutes(caller: Caller, state: State, Params(paging): Params<Paging>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListMutes, now)?;
        let scope = format!("mutes/{}", caller.account.id);
        let after = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = mutes::list(conn, caller.account.id, after, paging.rows())?;
        let cursor = |last: &Muted| state.cursors.seal(&scope, last.account_id);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, MutedView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Mute an account
///
/// For oneself alone, and nobody is told. What it says stays on public pages; `/mine` tells whose replies to hide.
#[utoipa::path(tag = "accounts", responses((status = 204)), security(("token" = [])))]
#[put("/api/v1/me/mutes/{account_id}")]
pub async fn mute_account(caller: Caller, state: State, id: web::Path<AccountId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::MuteAccount, now)?.account.id;
        if *id == me {
            return Err(Problem::new(Code::StateConflict).detail("nobody mutes himself"));
        }
        let account = accounts::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let before = mutes::count(conn, me)?;
        // who is muted already may be muted again
        if mutes::insert(conn, me, account.id, now)? && before >= MUTED_MAX {
            return Err(Problem::new(Code::StateConflict).detail(format!("you mute {MUTED_MAX} accounts already")));
        }
        Ok(())
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Mute an account no more
#[utoipa::path(tag = "accounts", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/me/mutes/{account_id}")]
pub async fn unmute_account(caller: Caller, state: State, id: web::Path<AccountId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::UnmuteAccount, now)?.account.id;
        Ok::<_, Problem>(mutes::delete(conn, me, *id)?)
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
