//! What a reply said before.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::find_moderated;
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, timestamp::Timestamp},
    http::{
        body::Params,
        caller::Caller,
        page::{Page, Paging},
        problem::Problem,
    },
    store::revisions,
};

/// A former text of a reply.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionView {
    /// Its number, from 1.
    pub revision: i32,
    /// The text in Markdown.
    pub body: String,
    /// When it came.
    pub created_at: Timestamp,
    /// When the next one replaced it.
    pub replaced_at: Timestamp,
    /// Who wrote that one.
    pub replaced_by: Option<AccountId>,
}

/// List a reply's former texts
///
/// The newest first; the present one is the reply's own.
#[utoipa::path(
    tag = "moderation",
    params(Paging),
    responses((status = 200, body = Page<RevisionView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/replies/{reply_id}/revisions")]
pub async fn list_revisions(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let row = find_moderated(conn, &caller, *id, Operation::ListRevisions)?;
            let scope = format!("revisions/{}", row.id);
            let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
            let rows = revisions::list(conn, row.id, before, paging.rows())?;
            let cursor = |last: &revisions::Revision| state.cursors.seal(&scope, last.number);
            Ok::<_, Problem>(Page::of_texts(rows, paging.limit(), cursor, |revision| RevisionView {
                revision: revision.number,
                body: revision.body_source,
                created_at: revision.created_at,
                replaced_at: revision.replaced_at,
                replaced_by: revision.replaced_by,
            }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}
