//! Replies from before there was this service, claimed by whoever reads the address that stands in the export.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    page::{Page, Paging},
    problem::{Code, Problem},
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        ids::*,
        job::{JobKind, Lane},
        moderation::Action,
        timestamp::Timestamp,
    },
    jobs::claims::Payload,
    security::tell,
    store::{
        Conn, accounts, badges,
        claimed_authors::{self, Claimable, ClaimedAuthor, Which},
        decisions::{self, Decision},
        imports,
        jobs::{self, Job},
        notes, roles, sites, standing,
    },
};

/// How many are claimed at once; more by asking again.
const AT_ONCE: usize = 10;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_claimable_authors).service(claim_authors);
}

/// Somebody in the export of a blog's former comments whose address is mine.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimableView {
    /// The imported account.
    pub id: AccountId,
    /// The site's key.
    pub site: String,
    /// As the export names him; anybody may have written under this name and address.
    pub name: String,
    /// Replies in any state that are not mine yet.
    pub replies: i64,
    /// Something was decided about him that holds, such as a ban: who has imposed it lifts it first.
    pub is_sanctioned: bool,
    /// When I claimed it; null: it can be claimed.
    pub claimed_at: Option<Timestamp>,
    /// When the last reply had become mine.
    pub finished_at: Option<Timestamp>,
}

impl From<Claimable> for ClaimableView {
    fn from(row: Claimable) -> Self {
        Self {
            id: row.account_id,
            site: row.site_key,
            name: row.name,
            replies: row.replies,
            is_sanctioned: row.is_sanctioned,
            claimed_at: row.claimed_at,
            finished_at: row.finished_at,
        }
    }
}

/// The key of the address that one has confirmed.
fn confirmed(me: &SignedIn) -> Option<&str> {
    me.account.email_key.as_deref().filter(|_| me.account.email_verified_at.is_some())
}

/// List replies that I may claim
///
/// Comments that a blog brought along from before, under my confirmed e-mail address. Without one there are none.
#[utoipa::path(tag = "me", params(Paging), responses((status = 200, body = Page<ClaimableView>)), security(("token" = [])))]
#[get("/api/v1/me/claims")]
pub async fn list_claimable_authors(
    caller: Caller,
    state: State,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ListClaimableAuthors, now)?;
        let scope = format!("claims/{}", me.account.id);
        let after = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let which = Which::Any(after.unwrap_or(AccountId(uuid::Uuid::nil())), paging.rows());
        let rows = match confirmed(&me) {
            Some(email) => claimed_authors::list(conn, (email, me.account.id), which, now)?,
            None => Vec::new(),
        };
        let cursor = |last: &Claimable| state.cursors.seal(&scope, last.account_id);
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, ClaimableView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// What I claim.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimAuthors {
    /// One of the imported accounts; absent: all about whom nothing was decided that holds, ten at a time.
    pub id: Option<AccountId>,
}

/// What I have claimed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimedView {
    /// The imported accounts.
    pub items: Vec<ClaimableView>,
    /// Whether there are more: ask again.
    pub has_more: bool,
}

/// Claim replies as mine
///
/// Those under my confirmed e-mail address, for good. They become mine within moments, and are shown without a name until then.
/// Badges, roles and sanctions of before do not follow; as long as a sanction holds the claim is refused.
#[utoipa::path(request_body = ClaimAuthors, tag = "me", responses((status = 202, body = ClaimedView)), security(("token" = [])))]
#[post("/api/v1/me/claims")]
pub async fn claim_authors(caller: Caller, state: State, body: Body<ClaimAuthors>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let wanted = body.value.id;
    let (db, waking) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let mut me = caller.permit(conn, Operation::ClaimAuthors, now)?;
        // as it is now, and not closed by another request that was waited for
        let account = accounts::find_locked(conn, me.account.id)?.filter(|account| account.closed_at.is_none());
        me.account = account.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
        let email = confirmed(&me).ok_or_else(|| {
            Problem::new(Code::StateConflict)
                .detail("confirm your e-mail address first: by it it is known what is yours")
        })?;
        let which = wanted.map_or(Which::Open(AT_ONCE as i64 + 1), Which::One);
        let mut found = claimed_authors::list(conn, (email, me.account.id), which, now)?;
        if wanted.is_some() && found.is_empty() {
            return Err(Problem::new(Code::NotFound));
        }
        let has_more = found.len() > AT_ONCE;
        found.truncate(AT_ONCE);
        let mut items = Vec::new();
        for mut author in found {
            if author.claimed_at.is_none() && claim(conn, &state, (&me, &author), now)? {
                author.claimed_at = Some(now);
            }
            items.push(ClaimableView::from(author));
        }
        Ok::<_, Problem>(ClaimedView { items, has_more })
    };
    let view = db.write(write).await?;
    waking.jobs.of(Lane::Bulks).notify_one();
    tell!(AuthorsClaimed, number = view.items.len());
    Ok(HttpResponse::Accepted().json(view))
}

/// Gives an imported account to its claimer, who is locked: from now on it is nobody's to act by, to be given anything or to
/// be posted under. Its replies are passed on by a job. False if it was given away before it was locked.
fn claim(
    conn: &mut Conn<'_>,
    state: &State,
    (me, author): (&SignedIn, &Claimable),
    now: Timestamp,
) -> Result<bool, Problem> {
    let (id, site) = (author.account_id, author.site_id);
    standing::hold(conn, id)?;
    // an import that runs beside posts under it until its piece is stored, and under the claimer's from then on
    imports::hold(conn, site)?;
    let imported = accounts::find_locked(conn, id)?.filter(|imported| imported.closed_at.is_none());
    if imported.is_none() || claimed_authors::find(conn, id)?.is_some() {
        return Ok(false);
    }
    // looked at again, behind the lock
    if claimed_authors::is_sanctioned(conn, id, now)? {
        return Err(Problem::new(Code::StateConflict).detail("a sanction of it holds: who imposed it lifts it first"));
    }
    let claim =
        ClaimedAuthor { account_id: id, site_id: site, claimed_by: me.account.id, claimed_at: now, finished_at: None };
    claimed_authors::insert(conn, &claim)?;
    accounts::close(conn, id, now)?;
    roles::delete_of_account(conn, id)?;
    notes::pass_on(conn, id, me.account.id)?;
    sites::raise_people_version(conn, site)?;
    badges::revoke_all(conn, id)?;
    let row = Decision::new(state.random.id(now), me.actor(Some(site)), Action::ClaimAuthor, now);
    let details = serde_json::json!({"replies": author.replies}).to_string();
    decisions::insert(conn, &Decision { site_id: Some(site), account_id: Some(id), details: Some(details), ..row })?;
    let payload = serde_json::to_string(&Payload { account: id }).expect("an id is JSON");
    jobs::insert(conn, &Job::new(state.random.id(now), JobKind::ClaimAuthor, payload, now))?;
    Ok(true)
}
