//! By which sites' tokens one signs on oneself.

use actix_web::{HttpResponse, delete, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    page::{Page, Paging},
    problem::{Code, Problem},
    sites::on_site,
    sso::{prove, refuse},
};
use crate::{
    app::State,
    auth::{limits::Subject, permission::Operation, sso::claims::Claims},
    domain::{ids::*, job::Lane, sso::IDENTITIES_MAX, timestamp::Timestamp},
    proving::changes::{self, Change},
    security::tell,
    signing_on::{self, Joining, following},
    store::{
        Conn, accounts,
        identities::{self, ListedIdentity},
        issuers::{self, Issuer},
        sessions, standing,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_identities).service(add_identity).service(delete_identity);
}

/// Somebody as an issuer of a site knows him.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct IdentityView {
    /// Its id.
    pub id: IdentityId,
    /// The site's key.
    pub site: String,
    /// The issuer's key.
    pub issuer: String,
    /// Who one is to the issuer.
    pub sub: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When one signed on by it last, or joined it.
    pub last_used_at: Timestamp,
}

impl From<ListedIdentity> for IdentityView {
    fn from(row: ListedIdentity) -> Self {
        Self {
            id: row.id,
            site: row.site_key,
            issuer: row.issuer_key,
            sub: row.sub,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// List my identities
///
/// By which sites' tokens one signs on.
#[utoipa::path(
    tag = "me",
    params(Paging),
    responses((status = 200, body = Page<IdentityView>)),
    security(("token" = []))
)]
#[get("/api/v1/me/identities")]
pub async fn list_identities(
    caller: Caller,
    state: State,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ListIdentities, now)?.account.id;
        let scope = format!("identities/{me}");
        let after = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = identities::list(conn, me, after, paging.rows())?;
        let cursor = |last: &ListedIdentity| state.cursors.seal(&scope, last.id);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, IdentityView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Whom one is to a site's issuer.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddIdentity {
    /// The site's key.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub site: String,
    /// A token of one of its issuers, as for signing on. It is spent.
    #[validate(length(min = 1, max = 8_192))]
    #[schema(min_length = 1, max_length = 8192)]
    pub token: String,
}

/// Join an identity to my account
///
/// From then on one signs on by the site's tokens as oneself. Who is an admin signs in by his password alone.
#[utoipa::path(request_body = AddIdentity,
    tag = "me",
    responses((status = 201, body = IdentityView)),
    security(("token" = []))
)]
#[post("/api/v1/me/identities")]
pub async fn add_identity(caller: Caller, state: State, body: Body<AddIdentity>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let AddIdentity { site, token } = body.value;
    {
        let (caller, site) = (caller.clone(), site.clone());
        // the rule holds on every site; a website joins nothing for another one
        state.db.read(move |conn| on_site(conn, &caller, &site, Operation::AddIdentity, now).map(|_| ())).await?;
    }
    let subject = Subject::SsoAddress(caller.address);
    let proven = prove(&state, subject, site.clone(), &token, now).await?;
    let joined = match proven {
        Some(proven) => join(&state, caller, proven, (site, now)).await?,
        None => None,
    };
    let Some(view) = joined else { return Err(refuse(&state, subject, now).await) };
    tell!(IdentityJoined, identity = %view.id);
    Ok(HttpResponse::Created().json(view))
}

async fn join(
    state: &State,
    caller: Caller,
    (issuer, claims): (Issuer, Claims),
    (site, now): (String, Timestamp),
) -> Result<Option<IdentityView>, Problem> {
    let (db, jobs, state) = (state.db.clone(), state, state.clone());
    let joined = db.write(move |conn| {
        let SignedIn { account: me, standing, .. } = caller.permit(conn, Operation::AddIdentity, now)?;
        let conflict = |detail: String| Err(Problem::new(Code::StateConflict).detail(detail));
        if me.is_admin {
            return conflict("an admin signs in by the password alone".to_owned());
        }
        let identity = match signing_on::join(conn, (&issuer, &claims), me.id, (&state.random, now))? {
            Joining::Joined(identity, account) => {
                let change = Change::IdentityJoined(issuer.site_id, &issuer.key);
                let device = sessions::find_device(conn, standing.session_id)?;
                let changed = (&*account, change, device.as_deref());
                changes::announce(conn, (&state.keys, &state.config, &state.random), changed, now)?;
                identity
            }
            Joining::Known(identity) => identity,
            Joining::Refused => return Ok(None),
            Joining::OfAnother => return conflict("another account signs on by this identity".to_owned()),
            Joining::TooMany => return conflict(format!("an account has {IDENTITIES_MAX} identities at most")),
        };
        Ok(Some(IdentityView {
            id: identity.id,
            site: site.clone(),
            issuer: issuer.key.clone(),
            sub: identity.sub,
            created_at: identity.created_at,
            last_used_at: identity.last_used_at,
        }))
    });
    let view = joined.await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(view)
}

/// Remove one of my identities
///
/// Nobody signs on by it any more; the sessions that began by it end, this one perhaps, and roles and badges that came by it go. The
/// last way to sign in stays.
#[utoipa::path(tag = "me", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/me/identities/{identity_id}")]
pub async fn delete_identity(caller: Caller, state: State, id: web::Path<IdentityId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let SignedIn { account: me, standing, .. } = caller.permit(conn, Operation::DeleteIdentity, now)?;
        let unknown = || Problem::new(Code::NotFound);
        standing::hold(conn, me.id)?;
        let me = accounts::find_locked(conn, me.id)?.ok_or_else(unknown)?;
        let identity = identities::find_of(conn, me.id, *id)?.ok_or_else(unknown)?;
        if me.password_hash.is_none() && identities::count(conn, me.id)?.0 < 2 {
            let detail = "it is the only way to sign in: the account has no password and no other identity";
            return Err(Problem::new(Code::StateConflict).detail(detail));
        }
        let issuer = issuers::find_by_id(conn, identity.issuer_id)?.ok_or_else(unknown)?;
        following::take_back(conn, &issuer, &identity, (&state.random, now))?;
        sessions::end_of_identity(conn, identity.id, now)?;
        identities::delete(conn, identity.id)?;
        let device = sessions::find_device(conn, standing.session_id)?;
        let changed = (&me, Change::IdentityRemoved(issuer.site_id, &issuer.key), device.as_deref());
        Ok::<_, Problem>(changes::announce(conn, (&state.keys, &state.config, &state.random), changed, now)?)
    };
    db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    tell!(IdentityRemoved);
    Ok(HttpResponse::NoContent().finish())
}
