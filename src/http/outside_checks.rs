//! Who outside is asked about a site's replies.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, put, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    body::Body,
    caller::Caller,
    etag::Expected,
    problem::Problem,
    sites::{find_site_locked, on_site},
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    clock::Random,
    domain::{ids::*, moderation::Action, outside_check::OutsideKind, timestamp::Timestamp},
    store::{
        Conn,
        decisions::{self, Actor, Decision},
        outside_checks::{self, OutsideCheck},
        sites::Site,
    },
};

mod input;
mod trial;

pub use input::PutOutsideCheck;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(show_outside_check)
        .service(put_outside_check)
        .service(delete_outside_check)
        .service(trial::test_outside_check);
}

/// Who is asked about a site's replies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutsideCheckView {
    /// Raised by each change; 0: nobody is asked.
    pub version: i64,
    /// Who is asked; null: nobody, and neither is what follows there.
    pub kind: Option<OutsideKind>,
    /// The endpoint, or where the service is.
    pub url: Option<String>,
    /// The site's front page, by which a service knows it.
    pub blog_url: Option<String>,
    /// The secret that was just made. It is shown here and never again.
    pub secret: Option<String>,
    /// Whether the former secret signs beside the present one.
    pub is_rotating: bool,
    /// Who made it so.
    pub author_id: Option<AccountId>,
    /// Since when somebody is asked.
    pub created_at: Option<Timestamp>,
    /// When that was changed last.
    pub updated_at: Option<Timestamp>,
}

impl OutsideCheckView {
    fn of(check: Option<OutsideCheck>, version: i64, secret: Option<String>) -> Self {
        let of = check.as_ref();
        Self {
            version,
            kind: of.map(|check| check.kind),
            url: of.map(|check| check.url.clone()),
            blog_url: of.and_then(|check| check.blog_url.clone()),
            secret,
            is_rotating: of.is_some_and(|check| check.former_secret.is_some()),
            author_id: of.and_then(|check| check.author_id),
            created_at: of.map(|check| check.created_at),
            updated_at: of.map(|check| check.updated_at),
        }
    }

    fn answer(self) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", self.version))).json(self)
    }
}

/// The version of what is there; 0: nobody is asked.
fn present(site: &Site) -> i64 {
    if site.asks_outside { site.outside_version } else { 0 }
}

/// Says in a site's log that it asks somebody else, or nobody any more.
fn log_change(
    conn: &mut Conn<'_>,
    site: SiteId,
    (version, kind): (i64, Option<OutsideKind>),
    (actor, random, now): (Actor, &Random, Timestamp),
) -> Result<(), Problem> {
    let row = Decision::new(random.id(now), actor, Action::ChangeOutsideCheck, now);
    let details = serde_json::json!({"version": version, "kind": kind}).to_string();
    Ok(decisions::insert(conn, &Decision { site_id: Some(site), details: Some(details), ..row })?)
}

/// Show who is asked about a site's replies
#[utoipa::path(
    tag = "policies",
    responses((status = 200, body = OutsideCheckView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/outside-check")]
pub async fn show_outside_check(caller: Caller, state: State, key: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ShowOutsideCheck, now)?;
        Ok::<_, Problem>(OutsideCheckView::of(outside_checks::find(conn, site.id)?, present(&site), None))
    };
    Ok(state.db.read(read).await?.answer())
}

/// Have somebody asked about a site's replies
///
/// From then on replies that would be public wait for the answer.
#[utoipa::path(request_body = PutOutsideCheck,
    tag = "policies",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = OutsideCheckView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/outside-check")]
pub async fn put_outside_check(
    caller: Caller,
    state: State,
    request: HttpRequest,
    key: web::Path<String>,
    body: Body<PutOutsideCheck>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let draft = body.value.checked(state.outside.guard())?;
    let (db, state) = (state.db.clone(), state);
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let site = find_site_locked(conn, &key)?;
        caller.may_on(&site, Operation::PutOutsideCheck, Object::default())?;
        expected.check(present(&site))?;
        let (former, version) = (outside_checks::find(conn, site.id)?, site.outside_version + 1);
        let (check, made) = draft.replace(former, &site, (caller.account.id, now), (&state.keys, &state.random))?;
        outside_checks::put(conn, &check, version)?;
        let by = (caller.actor(Some(site.id)), &state.random, now);
        log_change(conn, site.id, (version, Some(check.kind)), by)?;
        Ok::<_, Problem>(OutsideCheckView::of(Some(check), version, made))
    };
    Ok(db.write(write).await?.answer())
}

/// Have nobody asked about a site's replies any more
///
/// What waits for an answer alone is released.
#[utoipa::path(
    tag = "policies",
    params(("If-Match" = String, Header)),
    responses((status = 204)),
    security(("token" = []))
)]
#[delete("/api/v1/sites/{site}/outside-check")]
pub async fn delete_outside_check(
    caller: Caller,
    state: State,
    request: HttpRequest,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let random = state.random.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let site = find_site_locked(conn, &key)?;
        caller.may_on(&site, Operation::DeleteOutsideCheck, Object::default())?;
        expected.check(present(&site))?;
        if !site.asks_outside {
            return Ok(());
        }
        let version = site.outside_version + 1;
        outside_checks::delete(conn, site.id, version)?;
        log_change(conn, site.id, (version, None), (caller.actor(Some(site.id)), &random, now))
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}
