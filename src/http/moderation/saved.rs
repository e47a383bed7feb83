//! Saved queues: a name and a filter, one's own or shared with those who moderate its sites.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, post, put, web};
use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    filter::{self, FilterView},
    saved_view::{SavedQueueView, view, viewed, views},
};
use crate::{
    app::State,
    auth::{
        permission::{Object, Operation},
        standing::Standing,
    },
    clock::Random,
    domain::{ids::*, moderation::Action, queue_filter::QueueFilter, timestamp::Timestamp, visible},
    http::{
        body::{Body, Params},
        caller::{Caller, SignedIn},
        etag::Expected,
        idempotent::{Created, Once},
        log::what_changed,
        page::{Page, Paging},
        problem::{Code, Problem},
    },
    store::{
        Conn,
        decisions::{self, Decision},
        saved_queues::{self, SavedQueue},
    },
};

/// Queues that one moderator saves at most.
const OWN_MAX: i64 = 50;
/// A queue to be saved.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveQueue {
    /// Its name.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
    /// What it takes.
    pub filter: FilterView,
    /// Whether all who moderate its sites see it; it names at least one then.
    #[serde(default)]
    pub is_shared: bool,
    /// Whose work it is: accounts that moderate all its sites, of which it names at least one.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub assigned_to: Vec<AccountId>,
}

/// A queue as it is to be stored.
struct Checked {
    filter: String,
    sites: Vec<SiteId>,
    assignees: Vec<AccountId>,
}

/// List saved queues
///
/// One's own, those assigned to one, and those that are shared by who moderates the same sites.
#[utoipa::path(
    tag = "moderation",
    params(Paging),
    responses((status = 200, body = Page<SavedQueueView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/saved-queues")]
pub async fn list_saved_queues(
    caller: Caller,
    state: State,
    Params(query): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListSavedQueues, now)?;
        caller.may_across(Operation::ListSavedQueues, Object::default())?;
        let scope = format!("saved_queues/{}", caller.account.id);
        let after = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let moderated = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
        let rows = saved_queues::list_seen(conn, caller.account.id, moderated.as_deref(), after, query.rows())?;
        let cursor = |last: &SavedQueue| state.cursors.seal(&scope, last.id);
        let page = Page::of(rows, query.limit(), cursor, |row| row);
        Ok::<_, Problem>(Page { items: views(conn, &caller, page.items, now)?, next_cursor: page.next_cursor })
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Save a queue
#[utoipa::path(request_body = SaveQueue,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = SavedQueueView, headers(("ETag" = String), ("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/moderation/saved-queues")]
pub async fn create_saved_queue(
    caller: Caller,
    state: State,
    once: Once,
    body: Body<SaveQueue>,
) -> Result<HttpResponse, Problem> {
    let (random, now) = (state.random.clone(), state.clock.now());
    let hash = body.hash;
    let request = body.value.checked()?;
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::CreateSavedQueue, now)?;
        caller.may_across(Operation::CreateSavedQueue, Object::default())?;
        let me = caller.account.id;
        let created = once.run(conn, me, (Operation::CreateSavedQueue, ""), hash, now, |conn| {
            if saved_queues::count_own(conn, me)? >= OWN_MAX {
                let detail = format!("you have {OWN_MAX} saved queues already");
                return Err(Problem::new(Code::StateConflict).detail(detail));
            }
            let checked = request.resolved(conn, &caller, now)?;
            let row = SavedQueue {
                id: random.id(now),
                owner_id: me,
                name: request.name.clone(),
                filter: checked.filter,
                is_shared: request.is_shared,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            saved_queues::insert(conn, &row, &checked.sites, &checked.assignees)?;
            let told = Told::of(&row, &checked.assignees);
            log(conn, &caller, (Action::SaveQueue, what_changed(&(), &told)?), &checked.sites, (&random, now))?;
            Ok::<_, Problem>(Created::at(format!("/api/v1/moderation/saved-queues/{}", row.id), row.id))
        })?;
        let row = find_seen(conn, &caller, SavedQueueId(created.object_id.unwrap_or_default()))?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), caller, row))
    };
    let (location, caller, row) = state.db.write(write).await?;
    let view = viewed(&state, caller, row).await?;
    let tag = (header::ETAG, format!("\"{}\"", view.version));
    Ok(HttpResponse::Created().insert_header(tag).insert_header((header::LOCATION, location)).json(view))
}

/// Show a saved queue
#[utoipa::path(
    tag = "moderation",
    responses((status = 200, body = SavedQueueView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[get("/api/v1/moderation/saved-queues/{saved_queue_id}")]
pub async fn show_saved_queue(
    caller: Caller,
    state: State,
    id: web::Path<SavedQueueId>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ShowSavedQueue, now)?;
        caller.may_across(Operation::ShowSavedQueue, Object::default())?;
        let row = find_seen(conn, &caller, *id)?;
        view(conn, &caller, row, now)
    };
    Ok(answer(state.db.read(read).await?))
}

/// Change a saved queue
///
/// As a whole; by who made it, of what is shared or assigned also by admins.
#[utoipa::path(request_body = SaveQueue,
    tag = "moderation",
    params(("If-Match" = String, Header)),
    responses((status = 200, body = SavedQueueView, headers(("ETag" = String)))),
    security(("token" = []))
)]
#[put("/api/v1/moderation/saved-queues/{saved_queue_id}")]
pub async fn put_saved_queue(
    caller: Caller,
    state: State,
    request: HttpRequest,
    id: web::Path<SavedQueueId>,
    body: Body<SaveQueue>,
) -> Result<HttpResponse, Problem> {
    let (random, now) = (state.random.clone(), state.clock.now());
    let expected = Expected::read(&request)?;
    let request = body.value.checked()?;
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::PutSavedQueue, now)?;
        let former = find_to_change(conn, &caller, *id, Operation::PutSavedQueue, &expected)?;
        let checked = request.resolved(conn, &caller, now)?;
        let assigned = list_assignees(conn, former.id)?;
        let row = SavedQueue {
            name: request.name.clone(),
            filter: checked.filter,
            is_shared: request.is_shared,
            version: former.version + 1,
            updated_at: now,
            ..former.clone()
        };
        if !saved_queues::update(conn, &row, former.version, &checked.sites, &checked.assignees)? {
            return Err(Problem::lost_race());
        }
        let changed = what_changed(&Told::of(&former, &assigned), &Told::of(&row, &checked.assignees))?;
        // where it was, it is known to have gone
        let sites: BTreeSet<SiteId> = sites_of(&former).into_iter().chain(checked.sites).collect();
        log(conn, &caller, (Action::SaveQueue, changed), sites.iter(), (&random, now))?;
        Ok((caller, row))
    };
    let (caller, row) = state.db.write(write).await?;
    Ok(answer(viewed(&state, caller, row).await?))
}

/// Delete a saved queue
///
/// By who made it, of what is shared or assigned also by admins. What is in it stays where it is.
#[utoipa::path(
    tag = "moderation",
    params(("If-Match" = String, Header)),
    responses((status = 204)),
    security(("token" = []))
)]
#[delete("/api/v1/moderation/saved-queues/{saved_queue_id}")]
pub async fn delete_saved_queue(
    caller: Caller,
    state: State,
    request: HttpRequest,
    id: web::Path<SavedQueueId>,
) -> Result<HttpResponse, Problem> {
    let (random, now) = (state.random.clone(), state.clock.now());
    let expected = Expected::read(&request)?;
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::DeleteSavedQueue, now)?;
        let row = find_to_change(conn, &caller, *id, Operation::DeleteSavedQueue, &expected)?;
        let told = what_changed(&Told::of(&row, &list_assignees(conn, row.id)?), &())?;
        if !saved_queues::delete(conn, row.id, row.version)? {
            return Err(Problem::lost_race());
        }
        log(conn, &caller, (Action::DeleteQueue, told), &sites_of(&row), (&random, now))
    };
    state.db.write(write).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl SaveQueue {
    /// What the shape alone does not tell.
    fn checked(mut self) -> Result<Self, Problem> {
        if self.name.chars().any(char::is_control) || !self.name.chars().any(visible::is_visible) {
            return Err(Problem::field("/name", "needs a visible character and no control characters"));
        }
        self.filter = filter::checked(self.filter).map_err(|problem| problem.below("/filter"))?;
        if (self.is_shared || !self.assigned_to.is_empty()) && self.filter.sites.is_empty() {
            return Err(Problem::field("/filter/sites", "what others see names its sites"));
        }
        self.assigned_to.sort_unstable();
        self.assigned_to.dedup();
        Ok(self)
    }

    /// What only the database knows.
    fn resolved(&self, conn: &mut Conn<'_>, caller: &SignedIn, now: Timestamp) -> Result<Checked, Problem> {
        let filter = filter::resolved(conn, caller, self.filter.clone());
        let filter = filter.map_err(|problem| problem.below("/filter"))?;
        for (index, id) in self.assigned_to.iter().enumerate() {
            let standing = Standing::of_open(conn, *id, now)?;
            let moderates = |standing: &Standing| filter.sites.iter().all(|site| standing.may_decide(*site));
            if !standing.as_ref().is_some_and(moderates) {
                let detail = "no account that moderates all the sites";
                return Err(Problem::field(format!("/assigned_to/{index}"), detail));
            }
        }
        let json = serde_json::to_string(&filter).map_err(|cause| Problem::new(Code::Internal).caused_by(cause))?;
        Ok(Checked { filter: json, sites: filter.sites, assignees: self.assigned_to.clone() })
    }
}

/// The saved queue of this id, if the caller sees it.
pub(super) fn find_seen(conn: &mut Conn<'_>, caller: &SignedIn, id: SavedQueueId) -> Result<SavedQueue, Problem> {
    let unknown = || Problem::new(Code::NotFound);
    let row = saved_queues::find(conn, id)?.ok_or_else(unknown)?;
    let me = caller.account.id;
    if row.owner_id == me {
        return Ok(row);
    }
    let is_for_me = row.is_shared || saved_queues::list_assignees(conn, &[id])?.contains(&(id, me));
    let sites = row.filter().map(|filter| filter.sites).unwrap_or_default();
    let moderates =
        caller.standing.is_admin || (!sites.is_empty() && sites.iter().all(|site| caller.standing.moderates(*site)));
    if is_for_me && moderates { Ok(row) } else { Err(unknown()) }
}

/// The saved queue of this id, if the caller may change it and it is what the change was made of.
fn find_to_change(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: SavedQueueId,
    operation: Operation,
    expected: &Expected,
) -> Result<SavedQueue, Problem> {
    caller.may_across(operation, Object::default())?;
    let row = find_seen(conn, caller, id)?;
    if row.owner_id != caller.account.id && !caller.standing.is_admin {
        return Err(caller.not_own(operation));
    }
    expected.check(row.version)?;
    Ok(row)
}

/// What the log tells of a queue.
#[derive(Serialize)]
struct Told<'a> {
    id: SavedQueueId,
    name: &'a str,
    filter: Option<QueueFilter>,
    is_shared: bool,
    assigned_to: &'a [AccountId],
}

impl<'a> Told<'a> {
    fn of(row: &'a SavedQueue, assigned_to: &'a [AccountId]) -> Self {
        // its sites are those in whose logs this stands, and none of them learns of the others
        let filter = row.filter().map(|filter| QueueFilter { sites: Vec::new(), ..filter });
        Self { id: row.id, name: &row.name, filter, is_shared: row.is_shared, assigned_to }
    }
}

fn list_assignees(conn: &mut Conn<'_>, id: SavedQueueId) -> QueryResult<Vec<AccountId>> {
    let mut assignees: Vec<AccountId> =
        saved_queues::list_assignees(conn, &[id])?.into_iter().map(|(_, account)| account).collect();
    assignees.sort_unstable();
    Ok(assignees)
}

fn sites_of(row: &SavedQueue) -> Vec<SiteId> {
    row.filter().map(|filter| filter.sites).unwrap_or_default()
}

/// Says in the log of each site that a queue is about, or in that of none, what was done with it.
fn log<'a>(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    (action, details): (Action, String),
    sites: impl IntoIterator<Item = &'a SiteId>,
    (random, now): (&Random, Timestamp),
) -> Result<(), Problem> {
    Ok(decisions::insert_of_sites(conn, sites.into_iter().copied(), |site| Decision {
        details: Some(details.clone()),
        ..Decision::new(random.id(now), caller.actor(site), action, now)
    })?)
}

fn answer(view: SavedQueueView) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, format!("\"{}\"", view.version))).json(view)
}
