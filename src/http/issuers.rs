//! Who issues tokens by which a site signs its readers on. Admins register them.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, put, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    body::{Body, LARGE, Params},
    caller::{Caller, SignedIn},
    etag::Expected,
    page::{Page, Paging},
    problem::{Code, Problem},
    sites::{find_site_locked, on_site},
};
use crate::{
    app::State,
    auth::{
        keys::{Keys, Purpose},
        permission::Operation,
        sealed,
        sso::keys::{PublicKey, PublicKeys},
    },
    domain::{
        ids::*,
        site::{SiteKey, SiteRole},
        sso::{ISSUERS_MAX, IssuerKind},
        timestamp::Timestamp,
    },
    security::tell,
    signing_on::place,
    store::{
        Conn,
        issuers::{self, Issuer},
        oidc_codes, sessions,
    },
};

mod ending;
mod input;

pub use input::PutIssuer;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_issuers).service(show_issuer).service(put_issuer).service(delete_issuer);
}

/// An issuer of tokens by which a site signs its readers on.
#[derive(Clone, Serialize, ToSchema)]
pub struct IssuerView {
    /// Its name in addresses.
    pub key: String,
    /// What `If-Match` names to change it.
    pub version: i64,
    /// As its tokens name it.
    pub iss: String,
    /// Whom its tokens must be for.
    pub aud: String,
    /// How they are signed.
    pub kind: IssuerKind,
    /// The secret that was just made. It is shown here and never again.
    pub secret: Option<String>,
    /// By which a secret is known from another; null: there is none, or it cannot be read.
    pub secret_fingerprint: Option<String>,
    /// The same of the one that it took the place of, which is taken beside it.
    pub former_secret_fingerprint: Option<String>,
    /// The keys that are stored here.
    pub keys: Vec<IssuerKeyView>,
    /// Where the keys are fetched.
    pub keys_url: Option<String>,
    /// Whether an account from before is joined by its verified e-mail.
    pub joins_by_verified_email: bool,
    /// The roles on this site that its tokens may give.
    pub gives_roles: Vec<SiteRole>,
    /// Whether its tokens may give badges of this site.
    pub gives_badges: bool,
    /// Who made it so.
    pub author_id: AccountId,
    /// Since when it is registered.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// A public key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IssuerKeyView {
    /// Its name in the document.
    pub kid: Option<String>,
    /// The one algorithm that it is for.
    #[schema(value_type = String)]
    pub alg: &'static str,
    /// Its thumbprint (RFC 7638), SHA-256 in base64url.
    pub thumbprint: String,
}

impl IssuerView {
    fn of(row: Issuer, made: Option<String>, keys: &Keys) -> Self {
        let fingerprint = |sealed: &Option<String>| {
            let secret = sealed::open(keys, &place(row.id), sealed.as_ref()?).ok()?;
            Some(fingerprint(keys, &secret))
        };
        let public = row.keys.as_ref().and_then(|document| PublicKeys::parse(document.as_bytes()).ok());
        let shown = |key: &PublicKey| IssuerKeyView {
            kid: key.kid.clone(),
            alg: key.algorithm.as_str(),
            thumbprint: key.thumbprint.clone(),
        };
        Self {
            secret: made,
            secret_fingerprint: fingerprint(&row.secret),
            former_secret_fingerprint: fingerprint(&row.former_secret),
            keys: public.iter().flat_map(PublicKeys::iter).map(shown).collect(),
            gives_roles: SiteRole::ALL.iter().copied().filter(|role| row.may_give(*role)).collect(),
            key: row.key,
            version: row.version,
            iss: row.iss,
            aud: row.aud,
            kind: row.kind,
            keys_url: row.keys_url,
            joins_by_verified_email: row.joins_by_verified_email,
            gives_badges: row.gives_badges,
            author_id: row.author_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }

    fn answer(self) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", self.version))).json(self)
    }
}

/// Keyed, so that who reads the log cannot try secrets by it.
fn fingerprint(keys: &Keys, secret: &str) -> String {
    let hash = keys.hash(Purpose::Secret, &[b"fingerprint", secret.as_bytes()]);
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn find(conn: &mut Conn<'_>, site: SiteId, key: &str) -> Result<Issuer, Problem> {
    issuers::find(conn, site, key)?.ok_or_else(|| Problem::new(Code::NotFound))
}

/// List a site's issuers
///
/// In the order of their keys.
#[utoipa::path(
    tag = "sites",
    params(Paging),
    responses((status = 200, body = Page<IssuerView>)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/sso/issuers")]
pub async fn list_issuers(
    caller: Caller,
    state: State,
    key: web::Path<String>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &key, Operation::ListIssuers, now)?;
        let scope = format!("issuers/{}", site.id);
        let after: Option<String> = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = issuers::list(conn, site.id, after.as_deref().unwrap_or_default(), paging.rows())?;
        let cursor = |last: &Issuer| state.cursors.seal(&scope, &last.key);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, |row| IssuerView::of(row, None, &state.keys)))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Show an issuer
#[utoipa::path(
    tag = "sites",
    responses((status = 200, body = IssuerView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/sso/issuers/{issuer}")]
pub async fn show_issuer(
    caller: Caller,
    state: State,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &path.0, Operation::ShowIssuer, now)?;
        find(conn, site.id, &path.1)
    };
    Ok(IssuerView::of(state.db.read(read).await?, None, &state.keys).answer())
}

/// Register an issuer, or change one
///
/// `If-Match` names the version; `"0"` that of one which is not there yet. 10 at most. What it gave and may give no more is
/// taken back at once.
#[utoipa::path(request_body = PutIssuer,
    tag = "sites",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = IssuerView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/sites/{site}/sso/issuers/{issuer}")]
pub async fn put_issuer(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: Body<PutIssuer, LARGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let ends_sessions = body.value.end_sessions;
    let draft = body.value.checked(state.outside.guard())?;
    let (db, state) = (state.db.clone(), state);
    let write = move |conn: &mut Conn<'_>| {
        let (caller, site) = on_site(conn, &caller, &path.0, Operation::PutIssuer, now)?;
        let key = SiteKey::parse(&path.1).ok_or_else(malformed_key)?;
        let former = find_held(conn, site.id, key.as_str())?;
        expected.check(former.as_ref().map_or(0, |former| former.version))?;
        let by = (&state.random, now);
        let (row, made) = draft.replace(former.clone(), (site.id, key.as_str()), (&caller, by), &state.keys)?;
        if let Some(former) = &former {
            ending::take_back_more(conn, (former, &row), by)?;
        }
        find_site_locked(conn, &path.0)?;
        if former.is_none() {
            check_free(conn, &row)?;
            issuers::insert(conn, &row)?;
        } else {
            issuers::update(conn, &row)?;
        }
        if ends_sessions {
            sessions::end_of_issuer(conn, row.id, now)?;
            oidc_codes::delete_of_issuer(conn, row.id)?;
        }
        let view = |row: &Issuer| IssuerView::of(row.clone(), None, &state.keys);
        ending::log_change(conn, (&caller, row.site_id), (former.as_ref().map(view), view(&row)), by)?;
        Ok::<_, Problem>(IssuerView::of(row, made, &state.keys))
    };
    let view = db.write(write).await?;
    tell!(IssuerChanged, issuer = view.key);
    Ok(view.answer())
}

fn malformed_key() -> Problem {
    Problem::new(Code::InvalidRequest).detail("an issuer's key: 1 to 40 lower-case letters, digits and inner hyphens")
}

/// The issuer of this key, with all who sign on by it kept out.
fn find_held(conn: &mut Conn<'_>, site: SiteId, key: &str) -> Result<Option<Issuer>, Problem> {
    let Some(found) = issuers::find(conn, site, key)? else { return Ok(None) };
    issuers::hold(conn, found.id)?;
    // as it is now that nobody changes it
    Ok(issuers::find(conn, site, key)?)
}

/// Refuses a new issuer that is one too many, or known already. The site is locked.
fn check_free(conn: &mut Conn<'_>, row: &Issuer) -> Result<(), Problem> {
    let conflict = |detail: String| Err(Problem::new(Code::StateConflict).detail(detail));
    if issuers::find(conn, row.site_id, &row.key)?.is_some() {
        return Err(Problem::lost_race());
    }
    if issuers::find_by_iss(conn, row.site_id, &row.iss)?.is_some() {
        return conflict("the site has an issuer of this iss already".to_owned());
    }
    if issuers::count(conn, row.site_id)? >= ISSUERS_MAX as i64 {
        return conflict(format!("the site has {ISSUERS_MAX} issuers already"));
    }
    Ok(())
}

/// Delete an issuer
///
/// For good: nobody signs on by it any more, the sessions that began by it end, and the roles and badges that it gave are taken
/// back. The accounts stay, without the way to them that it was.
#[utoipa::path(
    tag = "sites",
    params(("If-Match" = String, Header)),
    responses((status = 204)),
    security(("token" = []))
)]
#[delete("/api/v1/sites/{site}/sso/issuers/{issuer}")]
pub async fn delete_issuer(
    caller: Caller,
    state: State,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let expected = Expected::read(&request)?;
    let (db, random) = (state.db.clone(), state.random.clone());
    let write = move |conn: &mut Conn<'_>| {
        let (caller, site): (SignedIn, _) = on_site(conn, &caller, &path.0, Operation::DeleteIssuer, now)?;
        let issuer = find_held(conn, site.id, &path.1)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        expected.check(issuer.version)?;
        ending::delete(conn, &caller, &issuer, (&random, now))?;
        Ok::<_, Problem>(issuer.id)
    };
    let issuer = db.write(write).await?;
    tell!(IssuerDeleted, %issuer);
    Ok(HttpResponse::NoContent().finish())
}
