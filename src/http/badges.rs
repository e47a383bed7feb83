//! Badges of a site: which there are, and who has them. Admins make them, moderators give them.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    etag::Expected,
    page::{Page, Paging},
    problem::{Code, Problem},
    sites::{find_site_locked, on_site},
    views::shown_name,
};
use crate::{
    app::State,
    auth::permission::Operation,
    clock::Random,
    domain::{
        badge::{BUILT_IN, BadgeKey, HELD_MAX, LABEL_MAX_CHARS, OWN_MAX},
        ids::*,
        label::Label,
        moderation::Action,
        timestamp::Timestamp,
    },
    store::{
        Conn, accounts,
        badges::{self, BadgeHolder, SiteBadge},
        decisions::{self, Decision},
        sites,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(list_badges)
        .service(put_badge)
        .service(delete_badge)
        .service(list_badge_holders)
        .service(grant_badge)
        .service(revoke_badge);
}

/// A badge of a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SiteBadgeView {
    /// Its name in addresses.
    pub key: String,
    /// What is shown.
    pub label: String,
    /// What `If-Match` names to change it.
    pub version: i64,
    /// Whether every site has it: it cannot be deleted.
    pub is_built_in: bool,
}

impl From<SiteBadge> for SiteBadgeView {
    fn from(row: SiteBadge) -> Self {
        let is_built_in = BUILT_IN.iter().any(|(key, _)| *key == row.key);
        Self { key: row.key, label: row.label, version: row.version, is_built_in }
    }
}

/// List a site's badges
///
/// Those that are given, in the order of their keys; what roles show is not among them.
#[utoipa::path(
    tag = "sites",
    params(Paging),
    responses((status = 200, body = Page<SiteBadgeView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/badges")]
pub async fn list_badges(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ListBadges, now)?;
        let scope = format!("badges/{}", site.id);
        let after: Option<String> = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = badges::list(conn, site.id, after.as_deref().unwrap_or_default(), paging.rows())?;
        let cursor = |last: &SiteBadge| state.cursors.seal(&scope, &last.key);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, SiteBadgeView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// What a badge is to show.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutBadge {
    /// One line.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub label: String,
}

/// A badge as the log tells it.
#[derive(Serialize)]
struct Logged<'a> {
    key: &'a str,
    label: Option<&'a str>,
}

/// Make a badge, or give it another label
///
/// `If-Match` names the version; `"0"` that of one which is not there yet. 50 of its own at most.
#[utoipa::path(request_body = PutBadge,
    tag = "sites",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = SiteBadgeView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/badges/{badge}")]
pub async fn put_badge(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Body<PutBadge>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let label = Label::parse(&body.value.label, LABEL_MAX_CHARS).map(Label::into_string);
    let label = label.map_err(|error| Problem::field("/label", error))?;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, _) = on_site(conn, &caller, &path.0, Operation::PutBadge, now)?;
        let key = key(&path.1)?;
        let site = find_site_locked(conn, &path.0)?.id;
        let known = badges::find(conn, site, key.as_str())?;
        expected.check(known.as_ref().map_or(0, |known| known.version))?;
        let version = known.as_ref().map_or(0, |known| known.version) + 1;
        let badge = SiteBadge { key: key.as_str().to_owned(), label: label.clone(), version };
        match &known {
            Some(known) if known.label == badge.label => return Ok(known.clone()),
            None if badges::count(conn, site)? >= (OWN_MAX + BUILT_IN.len()) as i64 => {
                let detail = format!("the site has {OWN_MAX} badges of its own already");
                return Err(Problem::new(Code::StateConflict).detail(detail));
            }
            _ => badges::put(conn, site, &badge)?,
        }
        let before = known.as_ref().map(|known| known.label.as_str());
        let told = |label| Logged { key: &badge.key, label };
        let details = serde_json::json!({"before": told(before), "after": told(Some(&badge.label))});
        log(conn, (&caller, site, None), Action::ChangeBadge, details.to_string(), (&random, now))?;
        if known.is_some() {
            sites::raise_people_version(conn, site)?;
        }
        Ok(badge)
    };
    let view = SiteBadgeView::from(db.write(write).await?);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", view.version))).json(view))
}

/// Delete a badge
///
/// Who has it has it no more. Those that every site has stay.
#[utoipa::path(
    tag = "sites",
    params(("If-Match" = String, Header)),
    responses((status = 204)),
    security(("token" = []))
)]
#[delete("/api/v1/sites/{site}/badges/{badge}")]
pub async fn delete_badge(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, _) = on_site(conn, &caller, &path.0, Operation::DeleteBadge, now)?;
        let key = key(&path.1)?;
        let site = find_site_locked(conn, &path.0)?.id;
        let known = badges::find(conn, site, key.as_str())?.ok_or_else(|| Problem::new(Code::NotFound))?;
        expected.check(known.version)?;
        if key.is_built_in() {
            return Err(Problem::new(Code::StateConflict).detail("every site has this badge"));
        }
        let held = badges::delete(conn, site, key.as_str())?;
        let details = serde_json::json!({"key": known.key, "label": known.label, "holders": held}).to_string();
        log(conn, (&caller, site, None), Action::DeleteBadge, details, (&random, now))?;
        Ok(sites::raise_people_version(conn, site)?)
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Somebody who has a badge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BadgeHolderView {
    /// The account.
    pub account_id: AccountId,
    /// Its username.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
    /// Who gave it.
    pub granted_by: AccountId,
    /// Since when.
    pub granted_at: Timestamp,
}

impl From<BadgeHolder> for BadgeHolderView {
    fn from(row: BadgeHolder) -> Self {
        Self {
            account_id: row.account_id,
            display_name: shown_name(row.display_name, row.username.as_deref()),
            username: row.username,
            granted_by: row.granted_by,
            granted_at: row.granted_at,
        }
    }
}

/// List who has a badge
#[utoipa::path(
    tag = "sites",
    params(Paging),
    responses((status = 200, body = Page<BadgeHolderView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/badges/{badge}/holders")]
pub async fn list_badge_holders(
    caller: Caller,
    state: State,
    path: web::Path<(String, String)>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &path.0, Operation::ListBadgeHolders, now)?;
        let badge = badges::find(conn, site.id, &path.1)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let scope = format!("badge_holders/{}/{}", site.id, badge.key);
        let after = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = badges::list_holders(conn, site.id, &badge.key, after, paging.rows())?;
        let cursor = |last: &BadgeHolder| state.cursors.seal(&scope, last.account_id);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, BadgeHolderView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Whom which badge of which site is given.
#[derive(Clone, Debug, Deserialize)]
pub struct HolderPath {
    site: String,
    badge: String,
    account_id: AccountId,
}

/// Give a badge
///
/// Pages show it at once. Five at most for one person; giving what is given changes nothing.
#[utoipa::path(tag = "sites", responses((status = 204)), security(("token" = [])))]
#[put("/api/v1/sites/{site}/badges/{badge}/holders/{account_id}")]
pub async fn grant_badge(caller: Caller, state: State, path: web::Path<HolderPath>) -> Result<HttpResponse, Problem> {
    change(caller, state, path.into_inner(), Operation::GrantBadge).await
}

/// Take a badge back
///
/// Taking back what is not given changes nothing.
#[utoipa::path(tag = "sites", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/sites/{site}/badges/{badge}/holders/{account_id}")]
pub async fn revoke_badge(caller: Caller, state: State, path: web::Path<HolderPath>) -> Result<HttpResponse, Problem> {
    change(caller, state, path.into_inner(), Operation::RevokeBadge).await
}

async fn change(caller: Caller, state: State, path: HolderPath, operation: Operation) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let write = move |conn: &mut Conn<'_>| {
        let (caller, _) = on_site(conn, &caller, &path.site, operation, now)?;
        let unknown = || Problem::new(Code::NotFound);
        // the account before the site, as whoever changes a name locks them
        let account = accounts::find_locked(conn, path.account_id)?.filter(|account| account.closed_at.is_none());
        let account = account.ok_or_else(unknown)?.id;
        let site = find_site_locked(conn, &path.site)?.id;
        let badge = badges::find(conn, site, &path.badge)?.ok_or_else(unknown)?;
        let about = (site, account, badge.key.as_str());
        let (is_changed, action) = match operation {
            Operation::GrantBadge => (badges::grant(conn, about, caller.account.id, now)?, Action::GrantBadge),
            _ => (badges::revoke(conn, about)?, Action::RevokeBadge),
        };
        if !is_changed {
            return Ok(());
        }
        if action == Action::GrantBadge && badges::count_held(conn, site, account)? > HELD_MAX as i64 {
            let detail = format!("this account has {HELD_MAX} badges here already");
            return Err(Problem::new(Code::StateConflict).detail(detail));
        }
        let details = serde_json::json!({"badge": badge.key}).to_string();
        log(conn, (&caller, site, Some(account)), action, details, (&state.random, now))?;
        Ok(sites::raise_people_version(conn, site)?)
    };
    db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn key(text: &str) -> Result<BadgeKey, Problem> {
    let formed = "1 to 40 lower-case letters, digits and inner hyphens, and not what roles show";
    BadgeKey::parse(text).ok_or_else(|| Problem::new(Code::InvalidRequest).detail(format!("a badge's key: {formed}")))
}

fn log(
    conn: &mut Conn<'_>,
    (caller, site, account_id): (&SignedIn, SiteId, Option<AccountId>),
    action: Action,
    details: String,
    (random, now): (&Random, Timestamp),
) -> Result<(), Problem> {
    let decision = Decision {
        site_id: Some(site),
        account_id,
        details: Some(details),
        ..Decision::new(random.id(now), caller.actor(Some(site)), action, now)
    };
    Ok(decisions::insert(conn, &decision)?)
}
