//! Where one is signed in, and ending that.

use actix_web::{HttpResponse, delete, get, web};
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
    domain::{
        ids::*,
        session::{EndReason, SessionWay},
        timestamp::Timestamp,
    },
    security::tell,
    store::{
        Conn, accounts,
        sessions::{self, Session},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_sessions).service(end_session).service(end_other_sessions);
}

/// Somewhere that somebody is signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub is_current: bool,
    /// From what device it began, as in `Firefox on Linux`; null if that is not known.
    pub device: Option<String>,
    /// Where, as in `Bergen, Norway`; null if that is not known.
    pub place: Option<String>,
    /// How it began.
    pub way: SessionWay,
    /// When it began.
    pub created_at: Timestamp,
    /// The hour in which it was used last.
    pub last_used_at: Timestamp,
    /// When it ends, however often it is used.
    pub expires_at: Timestamp,
}

impl SessionView {
    /// As who has this session sees it.
    pub(super) fn of(session: Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id,
            is_current: current == Some(session.id),
            device: session.device,
            place: session.place,
            way: session.way,
            created_at: session.created_at,
            last_used_at: session.last_used_at.hour(),
            expires_at: session.expires_at,
        }
    }
}

/// A page of an account's sessions.
pub(super) fn page(
    conn: &mut Conn<'_>,
    state: &State,
    (account, current): (AccountId, Option<SessionId>),
    paging: &Paging,
    now: Timestamp,
) -> Result<Page<SessionView>, Problem> {
    let scope = format!("sessions/{account}");
    let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
    let rows = sessions::list_live(conn, account, before, paging.rows(), (now, state.sessions.idle_ttl))?;
    let cursor = |last: &Session| state.cursors.seal(&scope, last.id);
    Ok(Page::of(rows, paging.limit(), cursor, |session| SessionView::of(session, current)))
}

/// List my sessions
///
/// Where one is signed in, the newest first.
#[utoipa::path(tag = "me", params(Paging), responses((status = 200, body = Page<SessionView>)), security(("token" = [])))]
#[get("/api/v1/me/sessions")]
pub async fn list_sessions(
    caller: Caller,
    state: State,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ListSessions, now)?.standing;
        page(conn, &state, (me.account_id, me.session_id), &paging, now)
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// End one of my sessions
///
/// At once, with the access tokens that it was given.
#[utoipa::path(tag = "me", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/me/sessions/{session_id}")]
pub async fn end_session(caller: Caller, state: State, id: web::Path<SessionId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::EndSession, now)?.account.id;
        match sessions::end_of_account(conn, (*id, me), EndReason::EndedByOwner, now)? {
            true => Ok(()),
            false => Err(Problem::new(Code::NotFound)),
        }
    };
    state.db.write(write).await?;
    tell!(SessionsEnded, number = 1);
    Ok(HttpResponse::NoContent().finish())
}

/// End all my other sessions
#[utoipa::path(tag = "me", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/me/sessions")]
pub async fn end_other_sessions(caller: Caller, state: State) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let write = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::EndOtherSessions, now)?.standing;
        // those that begin at this moment are seen
        accounts::find_locked(conn, me.account_id)?;
        Ok::<_, Problem>(sessions::end_all(conn, me.account_id, me.session_id, EndReason::EndedByOwner, now)?)
    };
    let ended = state.db.write(write).await?;
    tell!(SessionsEnded, number = ended);
    Ok(HttpResponse::NoContent().finish())
}
