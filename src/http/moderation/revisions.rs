//! What a reply said before.

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::find_moderated;
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        ids::*,
        timestamp::Timestamp,
        word_diff::{Part, diff},
    },
    http::{
        body::Params,
        caller::Caller,
        off_thread::off_thread,
        page::{Page, Paging},
        problem::{Code, Problem},
    },
    store::{Conn, revisions},
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

/// Which revisions are compared.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareRevisions {
    /// The former one; the one before the later one if absent.
    #[validate(range(min = 1))]
    #[param(minimum = 1)]
    pub from: Option<i32>,
    /// The later one; the present one if absent.
    #[validate(range(min = 1))]
    #[param(minimum = 1)]
    pub to: Option<i32>,
}

/// What changed between two revisions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RevisionDiffView {
    /// The former one.
    pub from: i32,
    /// The later one.
    pub to: i32,
    /// The parts in order: without what was added they are the former text, without what was removed the later one.
    pub parts: Vec<Part>,
}

/// Compare two revisions of a reply, word by word
#[utoipa::path(
    tag = "moderation",
    params(CompareRevisions),
    responses((status = 200, body = RevisionDiffView)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/replies/{reply_id}/diff")]
pub async fn compare_revisions(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    Params(query): Params<CompareRevisions>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let row = find_moderated(conn, &caller, *id, Operation::CompareRevisions)?;
        let to = query.to.unwrap_or(row.revision);
        let from = query.from.unwrap_or((to - 1).max(1));
        let mut texts = Vec::with_capacity(2);
        for (name, number) in [("from", from), ("to", to)] {
            let former = match number == row.revision {
                true => Some(row.body.source.clone()),
                false => revisions::find_text(conn, row.id, number)?,
            };
            let unknown = || Problem::new(Code::InvalidQuery).detail(format!("{name}: there is no such revision"));
            texts.push(former.ok_or_else(unknown)?);
        }
        Ok::<_, Problem>((from, to, texts))
    };
    let (from, to, texts) = state.db.read(read).await?;
    let parts = off_thread(move || Ok::<_, Problem>(diff(&texts[0], &texts[1]))).await?;
    Ok(HttpResponse::Ok().json(RevisionDiffView { from, to, parts }))
}
