//! Sanctions on accounts, on a site or everywhere: imposed and lifted; next door the list of them.

use actix_web::{HttpResponse, delete, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::{Caller, SignedIn},
    idempotent::{Created, Once},
    moderation::bulk,
    problem::{Code, Problem},
    sites::find_site,
};
use crate::{
    app::State,
    auth::{
        permission::{Object, Operation},
        standing::Standing,
    },
    deciding,
    domain::{
        ids::*,
        job::Lane,
        moderation::{Action, Reason},
        reply_state::Verb,
        sanction::{DAY, SanctionKind, check_shape},
        statistics::Measure,
        timestamp::Timestamp,
        visible,
    },
    jobs::bulks::Request,
    security::tell,
    store::{
        Conn,
        accounts::{self, Account},
        day_counts::{self, Tally},
        decisions::{self, Actor, Decision},
        replies,
        sanctions::{self, Sanction},
        sites, standing,
    },
};

mod listing;

pub use listing::SanctionView;

pub(super) fn routes(config: &mut impl Routes) {
    config.service(impose_sanction).service(listing::list_sanctions).service(lift_sanction);
}

/// A sanction to be.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImposeSanction {
    /// What it does.
    pub kind: SanctionKind,
    /// The key of the site; absent or null: everywhere, which takes an admin.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub site: Option<String>,
    /// Until when: always of `suspend`, never of `warn` and `ban`; else absent or null is for good.
    pub until: Option<Timestamp>,
    /// Replies that may be posted in 24 hours, of `slow` alone.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100)]
    pub per_day: Option<i32>,
    /// Why, for the log and for those who moderate.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
    /// What the person is told; always of `warn`.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub message: Option<String>,
    /// The reply that it came of, one of the person's.
    pub reply_id: Option<ReplyId>,
    /// What else becomes of the person's replies there, behind what else one has begun.
    #[validate(nested)]
    pub replies: Option<TheirReplies>,
}

/// What becomes of replies that somebody posted lately: a decision about many, with its progress and its undoing.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TheirReplies {
    /// Posted in so many days, 1 to 365.
    #[validate(range(min = 1, max = 365))]
    #[schema(minimum = 1, maximum = 365)]
    pub days: u32,
    /// `restore` puts public ones back into the queue, `reject` refuses them and those that wait.
    pub action: Verb,
    /// Why; needed for `reject`, possible nowhere else.
    pub reason: Option<Reason>,
}

impl ImposeSanction {
    /// Refuses what is wrong with it by itself.
    fn check(&self) -> Result<(), Problem> {
        for (pointer, text) in [("/reason", Some(&self.reason)), ("/message", self.message.as_ref())] {
            if text.is_some_and(|text| text.chars().any(visible::is_forbidden_control)) {
                return Err(Problem::field(pointer, "control characters are not allowed"));
            }
        }
        check_shape(self.kind, self.until.is_some(), self.per_day)
            .map_err(|(field, why)| Problem::field(format!("/{field}"), why))?;
        if self.kind == SanctionKind::Warn && self.message.is_none() {
            return Err(Problem::field("/message", "needed to warn somebody"));
        }
        match self.replies {
            Some(
                TheirReplies { action: Verb::Restore, reason: None, .. }
                | TheirReplies { action: Verb::Reject, reason: Some(_), .. },
            )
            | None => Ok(()),
            Some(TheirReplies { action: Verb::Restore | Verb::Reject, .. }) => {
                Err(Problem::field("/replies/reason", "needed for reject, possible nowhere else"))
            }
            Some(_) => Err(Problem::field("/replies/action", "restore or reject")),
        }
    }
}

/// Impose a sanction
///
/// Acts at once, also on access tokens already given out. Never on staff of the same or a higher rank, nor on oneself; one
/// of a kind at a place, of which the second is told (409).
#[utoipa::path(request_body = ImposeSanction,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SanctionView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/accounts/{account_id}/sanctions")]
pub async fn impose_sanction(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    once: Once,
    body: Body<ImposeSanction>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    body.value.check()?;
    let (db, kept) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let target = accounts::find(conn, *id)?.filter(|account| account.closed_at.is_none());
        let target = target.ok_or_else(|| Problem::new(Code::NotFound))?;
        // asked also of who repeats a request: a right may have been lost meanwhile
        let site = permit(conn, &caller, &target, body.value.site.as_deref(), Operation::ImposeSanction, now)?;
        // what the person has begun comes to its end before, and of two who impose the same at once the second sees the first
        standing::hold(conn, target.id)?;
        let operation = (Operation::ImposeSanction, id.to_string());
        let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
            impose(conn, &caller, (target.id, site), &body.value, (&kept, now))
        })?;
        let row = sanctions::find(conn, SanctionId(created.object_id.unwrap_or_default()))?;
        let row = row.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), row))
    };
    let (location, row) = db.write(write).await?;
    if row.bulk_id.is_some() {
        state.jobs.of(Lane::Bulks).notify_one();
    }
    tell!(SanctionImposed, account = %row.account_id, site = ?row.site_id, kind = row.kind.as_str());
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(SanctionView::of(row, now)))
}

fn impose(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (account_id, site_id): (AccountId, Option<SiteId>),
    asked: &ImposeSanction,
    (state, now): (&State, Timestamp),
) -> Result<Created, Problem> {
    // not asked of who repeats a request
    if asked.until.is_some_and(|until| until <= now) {
        return Err(Problem::field("/until", "must lie in the future"));
    }
    if let Some(active) = sanctions::find_active(conn, (account_id, site_id, asked.kind), now)? {
        let detail = "one of this kind holds there: lift it first";
        return Err(Problem::new(Code::StateConflict).detail(detail).with("sanction", SanctionView::of(active, now)));
    }
    if let Some(id) = asked.reply_id {
        let reply = replies::find(conn, id)?.filter(|reply| reply.author_id == account_id);
        let is_there = reply.is_some_and(|reply| match site_id {
            Some(site) => reply.site_id == site,
            None => caller.standing.may_decide(reply.site_id),
        });
        if !is_there {
            return Err(Problem::field("/reply_id", "no such reply of this account there"));
        }
    }
    let row = Sanction {
        id: state.random.id(now),
        account_id,
        site_id,
        kind: asked.kind,
        reason: asked.reason.clone(),
        message: asked.message.clone(),
        reply_id: asked.reply_id,
        until: asked.until,
        per_day: asked.per_day,
        created_by: Some(caller.account.id),
        created_at: now,
        lifted_by: None,
        lifted_at: None,
        bulk_id: begin_bulk(conn, caller, (account_id, site_id), asked, (state, now))?,
        read_at: None,
    };
    sanctions::insert(conn, &row)?;
    if let Some(site) = site_id {
        day_counts::count(conn, site, &Tally::one(now, Measure::Sanctioned, row.kind.as_str()))?;
    }
    log(conn, caller.actor(site_id), row.kind.into(), &row, state.random.id(now), now)?;
    Ok(Created::at(format!("/api/v1/accounts/{account_id}/sanctions/{}", row.id), row.id))
}

/// Begins what else is to become of the person's replies; nothing where it cannot be begun.
fn begin_bulk(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (account, site): (AccountId, Option<SiteId>),
    asked: &ImposeSanction,
    (state, now): (&State, Timestamp),
) -> Result<Option<BulkId>, Problem> {
    let Some(TheirReplies { days, action: verb, reason }) = asked.replies else { return Ok(None) };
    let (note, message) = (Some(asked.reason.clone()), asked.message.clone().filter(|_| verb == Verb::Reject));
    let decision = deciding::Decision { verb, reason, note, message, details: None };
    let request = Request::Author { account, site, since: now.minus(DAY * days), as_of: None };
    bulk::begin_with_sanction(conn, caller, decision, &request, (state, now))
}

impl From<SanctionKind> for Action {
    fn from(kind: SanctionKind) -> Self {
        match kind {
            SanctionKind::Warn => Self::Warn,
            SanctionKind::Premoderate => Self::Premoderate,
            SanctionKind::Slow => Self::Slow,
            SanctionKind::Suspend => Self::Suspend,
            SanctionKind::Ban => Self::Ban,
        }
    }
}

/// The site concerned, if the caller may do this to this account there.
fn permit(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    target: &Account,
    site: Option<&str>,
    operation: Operation,
    now: Timestamp,
) -> Result<Option<SiteId>, Problem> {
    let standing = Standing::of(conn, target, now)?;
    // that there is such a sanction is for those who moderate there to know
    let is_hidden = operation == Operation::LiftSanction;
    let object =
        |site| Object { owner: Some(target.id), rank: Some(standing.rank(site)), is_hidden, ..Object::default() };
    let Some(key) = site else {
        caller.may_across(operation, object(None))?;
        return Ok(None);
    };
    let site = find_site(conn, key)?;
    caller.may_on(&site, operation, object(Some(site.id)))?;
    Ok(Some(site.id))
}

fn log(
    conn: &mut Conn<'_>,
    actor: Actor,
    action: Action,
    row: &Sanction,
    id: DecisionId,
    now: Timestamp,
) -> Result<(), Problem> {
    let Sanction { kind, until, per_day, reply_id, bulk_id, .. } = row;
    let details = serde_json::json!({
        "sanction_id": row.id, "kind": kind, "until": until, "per_day": per_day, "reply_id": reply_id, "bulk": bulk_id,
    });
    let decision = Decision {
        site_id: row.site_id,
        account_id: Some(row.account_id),
        note: Some(row.reason.clone()),
        message: row.message.clone(),
        details: Some(details.to_string()),
        ..Decision::new(id, actor, action, now)
    };
    Ok(decisions::insert(conn, &decision)?)
}

/// Lift a sanction
///
/// Lifting what is lifted or over changes nothing.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/accounts/{account_id}/sanctions/{sanction_id}")]
pub async fn lift_sanction(
    caller: Caller,
    state: State,
    path: web::Path<(AccountId, SanctionId)>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (db, random) = (state.db.clone(), state.random.clone());
    db.write(move |conn| {
        let caller = caller.sign_in(conn, now)?;
        let row = sanctions::find(conn, path.1)?.filter(|row| row.account_id == path.0);
        let row = row.ok_or_else(|| Problem::new(Code::NotFound))?;
        let target = accounts::find(conn, row.account_id)?.filter(|account| account.closed_at.is_none());
        let target = target.ok_or_else(|| Problem::new(Code::NotFound))?;
        let site = match row.site_id {
            Some(id) => sites::find(conn, id)?,
            None => None,
        };
        permit(conn, &caller, &target, site.as_ref().map(|site| site.key.as_str()), Operation::LiftSanction, now)?;
        if row.is_active(now) && sanctions::lift(conn, row.id, caller.account.id, now)? {
            log(conn, caller.actor(row.site_id), Action::LiftSanction, &row, random.id(now), now)?;
        }
        Ok::<_, Problem>(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
