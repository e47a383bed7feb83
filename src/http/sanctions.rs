//! Sanctions on accounts, on a site or everywhere: imposed, listed, lifted.

use std::collections::HashMap;

use actix_web::{HttpResponse, delete, get, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    Routes,
    body::{Body, Params},
    caller::{Caller, SignedIn},
    idempotent::{Created, Once},
    moderation::bulk,
    page::{DEFAULT_LIMIT, Page},
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
        sanction::{DAY, SanctionKind, SanctionStep, check_shape},
        statistics::Measure,
        timestamp::Timestamp,
        visible,
    },
    jobs::bulks::Request,
    store::{
        Conn,
        accounts::{self, Account},
        day_counts::{self, Tally},
        decisions::{self, Actor, Decision},
        replies,
        sanctions::{self, Places, Sanction},
        sites::{self, Site},
        standing,
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(impose_sanction).service(list_sanctions).service(lift_sanction);
}

/// A sanction.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SanctionView {
    /// Its id.
    pub id: SanctionId,
    /// On whom.
    pub account_id: AccountId,
    /// On which site; null: everywhere.
    pub site_id: Option<SiteId>,
    /// What it does.
    pub kind: SanctionKind,
    /// Why, for those who moderate.
    pub reason: String,
    /// What the person is told.
    pub message: Option<String>,
    /// The reply that it came of; null also where that is of a site that one does not moderate.
    pub reply_id: Option<ReplyId>,
    /// Until when; null: for good, and of a warning until it is read.
    pub until: Option<Timestamp>,
    /// Replies that may be posted in a day.
    pub per_day: Option<i32>,
    /// What was decided with it about the person's replies; null also where that could not be begun, as 50 others of who
    /// imposed it were going on.
    pub bulk_id: Option<BulkId>,
    /// By whom; null: by a command.
    pub created_by: Option<AccountId>,
    /// Since when.
    pub created_at: Timestamp,
    /// Who lifted it.
    pub lifted_by: Option<AccountId>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// When the person read the warning.
    pub read_at: Option<Timestamp>,
    /// Whether it holds at present.
    pub is_active: bool,
}

impl SanctionView {
    fn of(row: Sanction, now: Timestamp) -> Self {
        Self {
            is_active: row.is_active(now),
            id: row.id,
            account_id: row.account_id,
            site_id: row.site_id,
            kind: row.kind,
            reason: row.reason,
            message: row.message,
            reply_id: row.reply_id,
            until: row.until,
            per_day: row.per_day,
            bulk_id: row.bulk_id,
            created_by: row.created_by,
            created_at: row.created_at,
            lifted_by: row.lifted_by,
            lifted_at: row.lifted_at,
            read_at: row.read_at,
        }
    }
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
    tracing::warn!(account = %row.account_id, site = ?row.site_id, kind = row.kind.as_str(), "sanction imposed");
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

/// Which sanctions, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListSanctions {
    /// The key of a site: only those there and everywhere, with what the site advises to do next.
    #[validate(length(min = 1, max = 40))]
    #[param(min_length = 1, max_length = 40)]
    pub site: Option<String>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// Somebody's sanctions.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SanctionsView {
    /// The sanctions.
    #[serde(flatten)]
    pub page: Page<SanctionView>,
    /// What the site advises to do next, by how many there were; null where no site was named.
    pub suggestion: Option<SanctionStep>,
}

/// List an account's sanctions
///
/// The newest first, past and lifted ones too; moderators see those on their sites and those everywhere.
#[utoipa::path(
    tag = "moderation",
    params(ListSanctions),
    responses((status = 200, body = SanctionsView)),
    security(("token" = []))
)]
#[get("/api/v1/accounts/{account_id}/sanctions")]
pub async fn list_sanctions(
    caller: Caller,
    state: State,
    id: web::Path<AccountId>,
    Params(query): Params<ListSanctions>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        caller.may_across(Operation::ListSanctions, Object::default())?;
        let account = accounts::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        // what is said of oneself among moderators is not for oneself, nor for who is suspended where he moderates
        let moderates_nowhere = !caller.standing.is_admin && caller.standing.moderated_sites().is_empty();
        if account.id == caller.account.id || moderates_nowhere {
            return Err(Problem::new(Code::NotFound));
        }
        let site = query.site.as_deref().map(|key| find_site(conn, key)).transpose()?;
        if site.as_ref().is_some_and(|site| !caller.standing.may_decide(site.id)) {
            return Err(Problem::new(Code::NotFound));
        }
        let scope = format!("sanctions/{}/{}/{:?}", account.id, caller.account.id, site.as_ref().map(|site| site.id));
        let before = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let moderated = caller.standing.moderated_sites();
        let named = site.as_ref().map(|site| [site.id]);
        let places = match (&named, caller.standing.is_admin) {
            (Some(site), _) => Places::EverywhereAnd(site),
            (None, true) => Places::All,
            (None, false) => Places::EverywhereAnd(&moderated),
        };
        let rows = sanctions::list(conn, account.id, places, before, i64::from(limit) + 1)?;
        let rows = without_ids_of_others(conn, &caller.standing, rows)?;
        let cursor = |last: &Sanction| state.cursors.seal(&scope, (last.created_at, last.id));
        let page = Page::of(rows, limit as usize, cursor, |row| SanctionView::of(row, now));
        let suggestion = match &site {
            Some(site) => suggest(conn, &state, account.id, site, now)?,
            None => None,
        };
        Ok::<_, Problem>(SanctionsView { page, suggestion })
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Sanctions everywhere without what they came of and went with on sites that somebody does not moderate: those ids answer him
/// as unknown elsewhere too. An admin's decision about many is for admins.
fn without_ids_of_others(
    conn: &mut Conn<'_>,
    standing: &Standing,
    mut rows: Vec<Sanction>,
) -> Result<Vec<Sanction>, Problem> {
    if standing.is_admin {
        return Ok(rows);
    }
    let is_everywhere = |row: &Sanction| row.site_id.is_none();
    let ids: Vec<ReplyId> = rows.iter().filter(|row| is_everywhere(row)).filter_map(|row| row.reply_id).collect();
    let sites: HashMap<ReplyId, SiteId> = replies::list_sites(conn, &ids)?.into_iter().collect();
    for row in rows.iter_mut().filter(|row| is_everywhere(row)) {
        row.bulk_id = None;
        row.reply_id = row.reply_id.filter(|id| sites.get(id).is_some_and(|site| standing.may_decide(*site)));
    }
    Ok(rows)
}

/// What a site advises to do about somebody, by how many sanctions there were.
fn suggest(
    conn: &mut Conn<'_>,
    state: &State,
    account: AccountId,
    site: &Site,
    now: Timestamp,
) -> Result<Option<SanctionStep>, Problem> {
    let settings = state.judging.policies.sanctions(conn, site)?;
    let since = now.minus(settings.remembered());
    let most = i64::try_from(settings.steps.len()).unwrap_or(i64::MAX);
    let counted = sanctions::count_since(conn, account, site.id, since, most)?;
    Ok(settings.next(usize::try_from(counted).unwrap_or(0)))
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
