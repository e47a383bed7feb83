//! Signing on by a token of a site, and trying one.

use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::Guest,
    keeping::Keeping,
    problem::{Code, Problem},
    sessions::TokensView,
    sites::find_site,
};
use crate::{
    app::State,
    auth::{
        limits::{self, Subject},
        session::{Beginning, Tokens},
        sso::{
            claims::{Claims, Examined},
            token::Parts,
        },
    },
    domain::{ids::*, job::Lane, timestamp::Timestamp},
    proving::changes::{self, Change},
    security::tell,
    signing_on::{self, SignedOn},
    store::{
        Conn,
        identities::Identity,
        issuers::{self, Issuer},
    },
};

mod trial;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(create_sso_session).service(trial::test_sso_token);
}

/// A token of one of the site's issuers.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SsoToken {
    /// A signed JWT in compact form.
    #[validate(length(min = 1, max = 8_192))]
    #[schema(min_length = 1, max_length = 8192)]
    pub token: String,
}

/// Finds the issuer that a token names itself after, on this site alone.
fn find_issuer(conn: &mut Conn<'_>, site: SiteId, named: Option<&str>) -> Result<Option<Issuer>, Problem> {
    Ok(match named {
        Some(iss) => issuers::find_by_iss(conn, site, iss)?,
        None => None,
    })
}

/// A token's issuer on this site with what it says, if nothing is wrong with it. Who had too many that were is told to wait.
pub(super) async fn prove(
    state: &State,
    subject: Subject<'static>,
    site: String,
    token: &str,
    now: Timestamp,
) -> Result<Option<(Issuer, Claims)>, Problem> {
    let parts = Parts::parse(token);
    let named = parts.as_ref().and_then(Parts::issuer).map(str::to_owned);
    let (db, looking) = (state.db.clone(), state.clone());
    let read = move |conn: &mut Conn<'_>| {
        limits::check(conn, &[subject], (&looking.keys, &looking.config.limits), now)??;
        let site = find_site(conn, &site)?;
        find_issuer(conn, site.id, named.as_deref())
    };
    let Some((issuer, parts)) = db.read(read).await?.zip(parts) else { return Ok(None) };
    let examined = signing_on::examine(state, &issuer, &parts, now).await;
    tell(&issuer, &examined);
    Ok(examined.claims.map(|claims| (issuer, claims)))
}

/// Says in the log which parts of a token were wrong, and nothing of what stands in them.
fn tell(issuer: &Issuer, examined: &Examined) {
    let wrong = examined.findings.iter().filter(|finding| !finding.is_right).map(|finding| finding.part);
    let wrong: Vec<&str> = wrong.collect();
    if !wrong.is_empty() {
        tracing::info!(issuer = %issuer.id, wrong = wrong.join(" "), "a token of a site was refused");
    }
}

/// Counts a try that came to nothing.
pub(super) async fn count_failure(state: &State, subject: Subject<'static>, now: Timestamp) -> Result<(), Problem> {
    let (db, state) = (state.db.clone(), state.clone());
    db.write(move |conn| {
        let context = (&state.keys, &state.config.limits, &state.random);
        limits::count(conn, &[subject], context, now)??;
        Ok(())
    })
    .await
}

/// The one answer to a token that is good for nothing; counts it.
pub(super) async fn refuse(state: &State, subject: Subject<'static>, now: Timestamp) -> Problem {
    let counted = count_failure(state, subject, now).await;
    tell!(SignOnFailed);
    counted.err().unwrap_or_else(|| Problem::new(Code::InvalidSsoToken))
}

/// Sign on
///
/// By a token of one of the site's issuers, good for once. Somebody's first makes an account; docs/SSO.md says when it joins one
/// from before. What is wrong with a token admins are told who try it.
#[utoipa::path(request_body = SsoToken, tag = "sessions", params(("Rejoinder-Refresh" = Option<String>, Header)), responses((status = 201, body = TokensView)))]
#[post("/api/v1/sites/{site}/sso")]
pub async fn create_sso_session(
    guest: Guest,
    state: State,
    site: web::Path<String>,
    keeping: Keeping,
    body: Body<SsoToken>,
) -> Result<HttpResponse, Problem> {
    begin_by_token(&state, &guest, site.into_inner(), &body.value.token).await.map(|tokens| keeping.created(tokens))
}

/// Begins a session for who shows a token of a site.
pub(super) async fn begin_by_token(state: &State, guest: &Guest, site: String, token: &str) -> Result<Tokens, Problem> {
    let now = state.clock.now();
    let subject = Subject::SsoAddress(guest.address);
    let tokens = match prove(state, subject, site, token, now).await? {
        Some(proven) => begin(state, guest, proven, now).await?,
        None => None,
    };
    let Some(tokens) = tokens else { return Err(refuse(state, subject, now).await) };
    tell!(SignedOn, account = %tokens.account_id);
    Ok(tokens)
}

/// Signs a sound token's subject on; whose account from before was joined by its e-mail is written so.
pub(super) fn sign_on(
    conn: &mut Conn<'_>,
    state: &State,
    (issuer, claims): (&Issuer, &Claims),
    (device, now): (Option<&str>, Timestamp),
) -> Result<Option<Identity>, Problem> {
    let signed_on = signing_on::sign_on(conn, (issuer, claims), (&state.random, now))?;
    let Some(SignedOn { identity, joined }) = signed_on else { return Ok(None) };
    if let Some(account) = joined {
        let change = Change::IdentityJoined(issuer.site_id, &issuer.key);
        changes::announce(conn, (&state.keys, &state.config, &state.random), (&account, change, device), now)?;
    }
    Ok(Some(identity))
}

async fn begin(
    state: &State,
    guest: &Guest,
    (issuer, claims): (Issuer, Claims),
    now: Timestamp,
) -> Result<Option<Tokens>, Problem> {
    let (db, jobs, state, guest) = (state.db.clone(), state, state.clone(), guest.clone());
    let begun = db.write(move |conn| {
        let identity = sign_on(conn, &state, (&issuer, &claims), (guest.device.as_deref(), now))?;
        let Some(identity) = identity else { return Ok(None) };
        let beginning = guest.begins(&state, Beginning::by_token(identity.id));
        Ok::<_, Problem>(Some(state.sessions.begin(conn, identity.account_id, beginning, now)?))
    });
    let tokens = begun.await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(tokens)
}
