//! Keys by which a site's own servers call (docs/KEYS.md). Admins make them.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    act_as::new_account,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    etag::Expected,
    idempotent::{Created, Once},
    page::{Page, Paging},
    problem::{Code, Problem},
    sites::{find_site_locked, on_site},
};
use crate::{
    app::State,
    auth::{api_key::ApiKey, permission::Operation},
    clock::Random,
    domain::{
        api_key::{KEYS_MAX, LIFE_MAX, NAME_MAX_CHARS, OVERLAP_MAX_SECS, Scope},
        ids::*,
        label::Label,
        moderation::Action,
        timestamp::Timestamp,
    },
    security::tell,
    store::{
        Conn, accounts,
        api_keys::{self, ApiKeyRow},
        decisions::{self, Decision},
        types::TextList,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(list_api_keys)
        .service(create_api_key)
        .service(show_api_key)
        .service(rotate_api_key)
        .service(revoke_api_key);
}

/// A key by which a site's own servers call.
#[derive(Clone, Serialize, ToSchema)]
pub struct ApiKeyView {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for, in words.
    pub name: String,
    /// What it may.
    pub scopes: Vec<Scope>,
    /// What `If-Match` names to give it a new secret or to revoke it.
    pub version: i64,
    /// The secret that was just made: what calls show. It is shown here and never again.
    pub secret: Option<String>,
    /// How its present secret begins, by which one that was found somewhere is known.
    pub beginning: String,
    /// Until when the secret before it is taken too; null: there is none.
    pub former_until: Option<Timestamp>,
    /// From when on it is good for nothing; null: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, a minute or so late; null: not yet.
    pub last_used_at: Option<Timestamp>,
    /// Under whom the log tells what it does by itself.
    pub account_id: AccountId,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// Who revoked it.
    pub revoked_by: Option<AccountId>,
    /// When; null: it is not revoked.
    pub revoked_at: Option<Timestamp>,
}

impl ApiKeyView {
    fn of(row: ApiKeyRow, former_until: Option<Timestamp>, secret: Option<ApiKey>) -> Self {
        Self {
            scopes: row.scopes(),
            secret: secret.map(ApiKey::into_text),
            former_until,
            id: row.id,
            name: row.name,
            version: row.version,
            beginning: row.beginning,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
            account_id: row.account_id,
            created_by: row.created_by,
            created_at: row.created_at,
            revoked_by: row.revoked_by,
            revoked_at: row.revoked_at,
        }
    }

    fn tag(&self) -> (header::HeaderName, String) {
        (header::ETAG, format!("\"{}\"", self.version))
    }
}

/// A key as it is at this time.
fn shown(conn: &mut Conn<'_>, row: ApiKeyRow, secret: Option<ApiKey>, now: Timestamp) -> Result<ApiKeyView, Problem> {
    let former = api_keys::list_secrets(conn, row.id)?.into_iter().find_map(|(_, ends_at)| ends_at);
    Ok(ApiKeyView::of(row, former.filter(|ends_at| *ends_at > now), secret))
}

/// List a site's keys
///
/// The oldest first; those that are good for nothing any more for 90 days.
#[utoipa::path(
    tag = "sites",
    params(Paging),
    responses((status = 200, body = Page<ApiKeyView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/keys")]
pub async fn list_api_keys(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ListApiKeys, now)?;
        let scope = format!("api-keys/{}", site.id);
        let after: Option<ApiKeyId> = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = api_keys::list(conn, site.id, after, paging.rows())?;
        let ids: Vec<ApiKeyId> = rows.iter().map(|row| row.id).collect();
        let former = api_keys::list_former_ends(conn, &ids)?;
        let cursor = |last: &ApiKeyRow| state.cursors.seal(&scope, last.id);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, |row| {
            let of_it = former.iter().find(|(key, ends_at)| *key == row.id && *ends_at > now);
            ApiKeyView::of(row, of_it.map(|(_, ends_at)| *ends_at), None)
        }))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Show a key
#[utoipa::path(
    tag = "sites",
    responses((status = 200, body = ApiKeyView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/keys/{key_id}")]
pub async fn show_api_key(
    caller: Caller,
    state: State,
    path: web::Path<(String, ApiKeyId)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &path.0, Operation::ShowApiKey, now)?;
        let row = api_keys::find(conn, site.id, path.1)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        shown(conn, row, None, now)
    };
    let view = state.db.read(read).await?;
    Ok(HttpResponse::Ok().insert_header(view.tag()).json(view))
}

/// A new key.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What it is for, in words.
    #[validate(length(min = 1, max = 400))]
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// What it may; no more than it needs.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    pub scopes: Vec<Scope>,
    /// From when on it is good for nothing, five years from now at most; absent or null: never.
    pub expires_at: Option<Timestamp>,
}

impl CreateApiKey {
    /// Without what stands in it twice, in the order of the table.
    fn checked(mut self, now: Timestamp) -> Result<Self, Problem> {
        let name = Label::parse(&self.name, NAME_MAX_CHARS).map_err(|error| Problem::field("/name", error))?;
        self.name = name.into_string();
        self.scopes.sort();
        self.scopes.dedup();
        if self.expires_at.is_some_and(|time| time <= now || time > now.plus(LIFE_MAX)) {
            return Err(Problem::field("/expires_at", "a time from now on, within five years"));
        }
        Ok(self)
    }
}

/// Make a key
///
/// Its secret is shown in this answer and never again: who repeats the request by its `Idempotency-Key` is shown the key without
/// it. 50 at most that are not revoked.
#[utoipa::path(request_body = CreateApiKey,
    tag = "sites",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = ApiKeyView, headers(("Location" = String), ("ETag" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/keys")]
pub async fn create_api_key(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    once: Once,
    body: Body<CreateApiKey>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let asked = body.value.checked(now)?;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, site) = on_site(conn, &caller, &key, Operation::CreateApiKey, now)?;
        let mut made = None;
        let operation = (Operation::CreateApiKey, site.id.to_string());
        let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
            let site = find_site_locked(conn, &key)?;
            let (row, secret) = make(conn, (&caller, site.id), asked.clone(), (&random, now))?;
            made = Some(secret);
            Ok::<_, Problem>(Created::at(format!("/api/v1/sites/{}/keys/{}", site.key, row.id), row.id))
        })?;
        let row = created.object_id.map(|id| api_keys::find(conn, site.id, ApiKeyId(id))).transpose()?.flatten();
        let row = row.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), shown(conn, row, made, now)?))
    };
    let (location, view) = db.write(write).await?;
    tell!(KeyMade, key = %view.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).insert_header(view.tag()).json(view))
}

/// Stores a new key of a site, which is locked.
fn make(
    conn: &mut Conn<'_>,
    (caller, site): (&SignedIn, SiteId),
    asked: CreateApiKey,
    (random, now): (&Random, Timestamp),
) -> Result<(ApiKeyRow, ApiKey), Problem> {
    if api_keys::count(conn, site)? >= KEYS_MAX as i64 {
        return Err(Problem::new(Code::StateConflict).detail(format!("the site has {KEYS_MAX} keys already")));
    }
    let account = new_account(random.id(now), now);
    accounts::insert(conn, &account)?;
    let secret = ApiKey::make(random);
    let row = ApiKeyRow {
        id: random.id(now),
        site_id: site,
        account_id: account.id,
        name: asked.name,
        scopes: TextList(asked.scopes.iter().map(|scope| scope.as_str().to_owned()).collect()),
        beginning: secret.beginning().to_owned(),
        version: 1,
        expires_at: asked.expires_at,
        last_used_at: None,
        created_by: caller.account.id,
        created_at: now,
        revoked_by: None,
        revoked_at: None,
    };
    api_keys::insert(conn, &row)?;
    api_keys::insert_secret(conn, row.id, &secret.hash(), now)?;
    let more = serde_json::json!({"scopes": asked.scopes, "expires_at": row.expires_at});
    log(conn, caller, (Action::CreateKey, &row, more), (random, now))?;
    Ok((row, secret))
}

/// Tells the site's log what was done to a key, by its name and how its secret begins.
fn log(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (action, key, more): (Action, &ApiKeyRow, serde_json::Value),
    (random, now): (&Random, Timestamp),
) -> Result<(), Problem> {
    let mut details = serde_json::json!({"key_id": key.id, "name": key.name, "beginning": key.beginning});
    if let (Some(details), serde_json::Value::Object(more)) = (details.as_object_mut(), more) {
        details.extend(more);
    }
    let row = Decision::new(random.id(now), caller.actor(Some(key.site_id)), action, now);
    let (site_id, details) = (Some(key.site_id), Some(details.to_string()));
    Ok(decisions::insert(conn, &Decision { site_id, details, ..row })?)
}

/// How a key gets a new secret.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateApiKey {
    /// How long the present secret is taken beside the new one, in seconds: a week at most, 0 if it was seen by others. One from
    /// before, which was still taken, is not any more.
    #[validate(range(max = 604_800))]
    #[schema(maximum = 604800)]
    pub overlap_secs: u32,
}

const _: () = assert!(OVERLAP_MAX_SECS == 604_800);

/// Give a key a new secret
///
/// It is shown in this answer and never again. The one before is taken for as long as is said.
#[utoipa::path(request_body = RotateApiKey,
    tag = "sites",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = ApiKeyView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/keys/{key_id}/rotation")]
pub async fn rotate_api_key(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, ApiKeyId)>,
    body: Body<RotateApiKey>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let overlap_secs = body.value.overlap_secs;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, mut row) = find_to_change(conn, &caller, &path, (Operation::RotateApiKey, &expected), now)?;
        if !row.is_good(now) {
            return Err(Problem::new(Code::StateConflict).detail("the key is good for nothing any more: make another"));
        }
        api_keys::hold_secrets(conn, row.id)?;
        match overlap_secs {
            0 => api_keys::delete_secrets(conn, row.id)?,
            secs => api_keys::end_secret(conn, row.id, now.plus(std::time::Duration::from_secs(secs.into())))?,
        }
        let secret = ApiKey::make(&random);
        let former = std::mem::replace(&mut row.beginning, secret.beginning().to_owned());
        row.version += 1;
        api_keys::insert_secret(conn, row.id, &secret.hash(), now)?;
        api_keys::update_secret(conn, &row)?;
        let more = serde_json::json!({"former_beginning": former, "overlap_secs": overlap_secs});
        log(conn, &caller, (Action::RotateKey, &row, more), (&random, now))?;
        shown(conn, row, Some(secret), now)
    };
    let view = db.write(write).await?;
    tell!(KeyMade, key = %view.id);
    Ok(HttpResponse::Ok().insert_header(view.tag()).json(view))
}

/// A key as it was read, locked, for an admin.
fn find_to_change(
    conn: &mut Conn<'_>,
    caller: &Caller,
    (site, id): &(String, ApiKeyId),
    (operation, expected): (Operation, &Expected),
    now: Timestamp,
) -> Result<(SignedIn, ApiKeyRow), Problem> {
    let (caller, site) = on_site(conn, caller, site, operation, now)?;
    let row = api_keys::find_locked(conn, site.id, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    expected.check(row.version)?;
    Ok((caller, row))
}

/// Revoke a key
///
/// At once and for good: what it began is done or refused by the time of the answer. Revoking what is revoked changes nothing.
#[utoipa::path(
    tag = "sites",
    params(("If-Match" = String, Header)),
    responses((status = 204)),
    security(("token" = []))
)]
#[delete("/api/v1/sites/{site}/keys/{key_id}")]
pub async fn revoke_api_key(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, ApiKeyId)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let (db, random, told) = (state.db.clone(), state.random.clone(), path.1);
    let write = move |conn: &mut Conn<'_>| {
        let (caller, row) = find_to_change(conn, &caller, &path, (Operation::RevokeApiKey, &expected), now)?;
        if row.revoked_at.is_none() {
            api_keys::hold_secrets(conn, row.id)?;
            api_keys::delete_secrets(conn, row.id)?;
            api_keys::revoke(conn, row.id, caller.account.id, now)?;
            log(conn, &caller, (Action::RevokeKey, &row, serde_json::Value::Null), (&random, now))?;
        }
        Ok::<_, Problem>(())
    };
    db.write(write).await?;
    tell!(KeyRevoked, key = %told);
    Ok(HttpResponse::NoContent().finish())
}
