//! Sites.

use actix_web::{HttpResponse, get, http::header, patch, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};
use validator::{Validate, ValidationError, ValidationErrors};

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    idempotent::{Created, Once},
    page::{Page, Paging},
    problem::{Code, Problem},
    public::{PublicPage, Reader},
    views::ReplyView,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, moderation::ModerationMode, site::UnprovenAccounts, timestamp::Timestamp},
    store::{
        Conn, pages,
        sites::{self, Site},
    },
};

mod settings;

/// Who calls, and the site of this key, if they may do this to it.
pub(super) fn on_site(
    conn: &mut Conn<'_>,
    caller: &Caller,
    key: &str,
    operation: Operation,
    now: Timestamp,
) -> Result<(SignedIn, Site), Problem> {
    let caller = caller.sign_in(conn, now)?;
    let site = find_site(conn, key)?;
    caller.may_on(&site, operation, Object::default())?;
    Ok((caller, site))
}

pub use settings::{SiteSettings, change_site, find_site, find_site_held, find_site_locked, new_site, store_new};

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(list_sites)
        .service(show_site)
        .service(show_site_settings)
        .service(create_site)
        .service(update_site)
        .service(list_site_replies);
}

/// What everybody sees of a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SiteView {
    /// Its id.
    pub id: SiteId,
    /// Its name in addresses.
    pub key: String,
    /// Its name.
    pub name: String,
    /// A line about it.
    pub tagline: String,
    /// Takes no stories and no replies any more.
    pub is_closed: bool,
}

impl From<Site> for SiteView {
    fn from(site: Site) -> Self {
        Self { id: site.id, key: site.key, name: site.name, tagline: site.tagline, is_closed: site.closed_at.is_some() }
    }
}

/// A site with its settings.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SiteSettingsView {
    /// What everybody sees.
    #[serde(flatten)]
    pub site: SiteView,
    /// Websites whose pages may call, as origins.
    pub allowed_origins: Vec<String>,
    /// When replies become public.
    pub moderation_mode: ModerationMode,
    /// Approved replies after which an author no longer waits in mode `trusted`.
    pub trusted_after: i32,
    /// Seconds in which authors may edit; 0: never.
    pub edit_window_secs: i32,
    /// Whether moderators may change the policy, and not admins alone.
    pub moderators_change_policy: bool,
    /// Days after publication when stories close; null: never.
    pub close_after_days: Option<i32>,
    /// Names that nobody may take.
    pub reserved_names: Vec<String>,
    /// Query parameters that do not tell URLs apart; `*` at the end stands for any ending.
    pub tracking_params: Vec<String>,
    /// What the site's mails are headed with, as `#rrggbb`.
    pub colour: Option<String>,
    /// What may be done by who has proven nothing yet.
    pub unproven_accounts: UnprovenAccounts,
    /// When it was made.
    pub created_at: Timestamp,
}

impl From<Site> for SiteSettingsView {
    fn from(site: Site) -> Self {
        Self {
            allowed_origins: site.allowed_origins.0.clone(),
            moderation_mode: site.moderation_mode,
            trusted_after: site.trusted_after,
            edit_window_secs: site.edit_window_secs,
            moderators_change_policy: site.moderators_change_policy,
            close_after_days: site.close_after_days,
            reserved_names: site.reserved_names.0.clone(),
            tracking_params: site.tracking_params.0.clone(),
            colour: site.colour.clone(),
            unproven_accounts: site.unproven_accounts,
            created_at: site.created_at,
            site: site.into(),
        }
    }
}

/// List sites
#[utoipa::path(tag = "sites", params(Paging), responses((status = 200, body = Page<SiteView>)))]
#[get("/api/v1/sites")]
pub async fn list_sites(reader: Reader, state: State, Params(paging): Params<Paging>) -> Result<PublicPage, Problem> {
    let db = state.db.clone();
    db.read(move |conn| {
        let after: Option<String> = state.cursors.open_optional("sites", paging.cursor.as_deref())?;
        let rows = sites::list(conn, after.as_deref().unwrap_or_default(), paging.rows())?;
        let cursor = |last: &Site| state.cursors.seal("sites", &last.key);
        Ok(reader.hashed(&Page::of(rows, paging.limit(), cursor, SiteView::from)))
    })
    .await
}

/// Show a site
#[utoipa::path(tag = "sites", responses((status = 200, body = SiteView)))]
#[get("/api/v1/sites/{site}")]
pub async fn show_site(reader: Reader, state: State, key: web::Path<String>) -> Result<PublicPage, Problem> {
    let site = state.db.read(move |conn| find_site(conn, &key)).await?;
    Ok(reader.hashed(&SiteView::from(site)))
}

/// Show a site's settings
#[utoipa::path(tag = "sites", responses((status = 200, body = SiteSettingsView)), security(("token" = [])))]
#[get("/api/v1/sites/{site}/settings")]
pub async fn show_site_settings(caller: Caller, state: State, key: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let site = state
        .db
        .read(move |conn| {
            let (_, site) = on_site(conn, &caller, &key, Operation::ShowSiteSettings, now)?;
            Ok::<_, Problem>(site)
        })
        .await?;
    Ok(HttpResponse::Ok().json(SiteSettingsView::from(site)))
}

/// A new site: its key, and what should differ from the defaults.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct CreateSite(SiteSettings);

impl Validate for CreateSite {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = self.0.validate().err().unwrap_or_default();
        if self.0.key.is_none() {
            errors.add("key", ValidationError::new("required").with_message("is needed".into()));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl PartialSchema for CreateSite {
    /// That of the settings, with the key needed.
    fn schema() -> RefOr<Schema> {
        let mut schema = SiteSettings::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.push("key".to_owned());
            object.description = Some("A new site: its key, and what should differ from the defaults.".to_owned());
        }
        schema
    }
}

impl ToSchema for CreateSite {}

/// Create a site
#[utoipa::path(request_body = CreateSite,
    tag = "sites",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SiteSettingsView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/sites")]
pub async fn create_site(
    caller: Caller,
    state: State,
    once: Once,
    body: Body<CreateSite>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let mut site = new_site(&state.random, now);
    body.value.0.apply(&mut site, now)?;
    let db = state.db.clone();
    let random = state.random.clone();
    let (created, site) = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            caller.may_across(Operation::CreateSite, Object::default())?;
            let operation = (Operation::CreateSite, "");
            let created = once.run(conn, caller.account.id, operation, body.hash, now, |conn| {
                store_new(conn, &site, caller.actor(None), &random)?;
                Ok::<_, Problem>(Created::at(format!("/api/v1/sites/{}", site.key), site.id))
            })?;
            let id = SiteId(created.object_id.unwrap_or(site.id.0));
            let site = sites::find(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            Ok::<_, Problem>((created, site))
        })
        .await?;
    state.origins.forget();
    let location = created.location.unwrap_or_default();
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(SiteSettingsView::from(site)))
}

/// Change a site's settings
///
/// What is absent stays as it is.
#[utoipa::path(request_body = SiteSettings, tag = "sites", responses((status = 200, body = SiteSettingsView)), security(("token" = [])))]
#[patch("/api/v1/sites/{site}")]
pub async fn update_site(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    body: Body<SiteSettings>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    let site = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let mut site = find_site_locked(conn, &key)?;
            caller.may_on(&site, Operation::UpdateSite, Object::default())?;
            let by = (caller.actor(Some(site.id)), &random, now);
            change_site(conn, &mut site, body.value.clone(), by)?;
            Ok::<_, Problem>(site)
        })
        .await?;
    state.origins.forget();
    Ok(HttpResponse::Ok().json(SiteSettingsView::from(site)))
}

/// List a site's public replies
///
/// Under all its stories, the newest first.
#[utoipa::path(tag = "sites", params(Paging), responses((status = 200, body = Page<ReplyView>)))]
#[get("/api/v1/sites/{site}/replies")]
pub async fn list_site_replies(
    reader: Reader,
    state: State,
    key: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<PublicPage, Problem> {
    let db = state.db.clone();
    db.read(move |conn| {
        let site = find_site(conn, &key)?;
        let scope = format!("site-replies/{}", site.id);
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = pages::list_newest_of_site(conn, site.id, before, paging.rows())?;
        let cursor = |last: &pages::ShownReply| state.cursors.seal(&scope, (last.created_at, last.id));
        Ok(reader.hashed(&Page::of_texts(rows, paging.limit(), cursor, ReplyView::from)))
    })
    .await
}
