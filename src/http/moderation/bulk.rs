//! Decisions about many replies: tried, begun, undone.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    bulk_view::{BulkView, find_seen},
    decide,
    filter::{self, FilterView},
    item::QueueItemView,
    queue::{items, weighed},
    saved,
    source::LOOKED_AT,
};
use crate::{
    app::State,
    auth::{
        permission::{Object, Operation},
        standing::Standing,
    },
    deciding::Decision,
    domain::{
        bulk::{self, BulkItem, ITEMS_MAX, ItemOutcome, Outcomes, UNDOABLE},
        ids::*,
        job::{JobKind, Lane},
        moderation::Reason,
        policy_run::RunState,
        reply_state::Verb,
        sanction::DAY,
        timestamp::Timestamp,
    },
    http::{
        body::{Body, HUGE},
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        page::{PAGE_MAX_BYTES, fitting},
        problem::{Code, Problem},
    },
    jobs::bulks::{Payload, Request, find_items, find_items_of_author},
    store::{
        Conn, accounts,
        bulks::{self, Bulk, Present, STORED_AT_ONCE},
        jobs::{self, Job},
        locks, moderation, sites,
    },
};

/// Bulks of one moderator that may wait or go on at once, where he asks for another one.
const AT_ONCE: i64 = 3;
/// Where it comes with a sanction.
const AT_ONCE_WITH_SANCTIONS: i64 = 50;
/// Replies that a trial shows.
const SAMPLES: usize = 5;
/// Replies that would not be decided about which a trial names.
const NAMED: usize = 100;

/// A decision about many replies: about these, or about what a filter or a saved queue takes, or about somebody's.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideMany {
    /// What is decided.
    pub action: Verb,
    /// Why; needed for `reject`, possible nowhere else.
    pub reason: Option<Reason>,
    /// For the log.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
    /// For the authors, with `reject`, and with `return`, which needs it.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub message: Option<String>,
    /// The replies, with the versions that were looked at; one that is named twice counts once.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(min_items = 1, max_items = 10000)]
    pub items: Option<Vec<BulkItem>>,
    /// What takes the replies: of all that it takes 10,000 at most, the longest waiting.
    pub filter: Option<FilterView>,
    /// The saved queue that does.
    pub saved_queue: Option<SavedQueueId>,
    /// Whose replies: those that the decision is of use for, so that what was refused stays so; 10,000 at most, the newest.
    #[validate(nested)]
    pub author: Option<TheirLatest>,
    /// With `filter`, `saved_queue` and `author`: only replies that have not changed since then, such as `as_of` of a trial, by
    /// the clocks of those who changed them; with `items` each version is compared.
    pub as_of: Option<Timestamp>,
    /// Only tell what would come of it.
    #[serde(default)]
    pub preview: bool,
}

/// What somebody posted lately.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TheirLatest {
    /// The account.
    pub account_id: AccountId,
    /// In so many days, 1 to 365.
    #[validate(range(min = 1, max = 365))]
    #[schema(minimum = 1, maximum = 365)]
    pub days: u32,
    /// The key of a site; absent or null: all that one moderates.
    #[validate(length(min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    pub site: Option<String>,
}

/// What would come of a decision about many replies.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkPreviewView {
    /// The replies, so many.
    pub number: i64,
    /// Whether the filter may take more: than 10,000, which another bulk is for, or behind the first 20,000 that are looked at
    /// for a trial.
    pub has_more: bool,
    /// When they were looked at.
    pub as_of: Timestamp,
    /// What would come of them.
    pub outcomes: Outcomes,
    /// The first ones that would be decided about.
    pub samples: Vec<QueueItemView>,
    /// The first ones that would not, up to 100.
    pub others: Vec<OtherView>,
}

/// A reply that would not be decided about.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct OtherView {
    /// Its id.
    pub id: ReplyId,
    /// The version that was looked at.
    pub version: i32,
    /// Why not.
    pub outcome: ItemOutcome,
}

impl DecideMany {
    fn decision(&self) -> Decision {
        let Self { action: verb, reason, note, message, .. } = self.clone();
        Decision { verb, reason, note, message, details: None }
    }

    /// What the shape alone does not tell.
    fn checked(mut self) -> Result<Self, Problem> {
        decide::check(&self.decision())?;
        let number = [self.items.is_some(), self.filter.is_some(), self.saved_queue.is_some(), self.author.is_some()];
        if number.into_iter().filter(|is_there| *is_there).count() != 1 {
            return Err(Problem::field("", "items, filter, saved_queue or author, one of them"));
        }
        if self.as_of.is_some() && self.items.is_some() {
            return Err(Problem::field("/as_of", "not with items, which say their versions"));
        }
        if let Some(filter) = self.filter.take() {
            self.filter = Some(filter::checked(filter).map_err(|problem| problem.below("/filter"))?);
        }
        if let Some(items) = &mut self.items {
            let mut seen = std::collections::HashSet::with_capacity(items.len());
            items.retain(|item| seen.insert(item.id));
        }
        Ok(self)
    }

    /// Refuses whom this is not open to, be it tried or done. What somebody posted on a site is that site's alone, as with a
    /// sanction that takes it along; all else may be of several.
    fn permit(&self, conn: &mut Conn<'_>, caller: &SignedIn) -> Result<(), Problem> {
        let site = match self.author.as_ref().and_then(|author| author.site.as_deref()) {
            Some(key) => sites::find_by_key(conn, key)?,
            None => None,
        };
        match site {
            Some(site) => caller.may_on(&site, Operation::DecideMany, Object::default()),
            None => caller.may_across(Operation::DecideMany, Object::default()),
        }
    }

    /// Which replies, with filters by ids.
    fn request(&self, conn: &mut Conn<'_>, caller: &SignedIn, now: Timestamp) -> Result<Request, Problem> {
        if let Some(author) = &self.author {
            return author.request(conn, caller, self.as_of, now);
        }
        let filter = match (&self.items, &self.filter, self.saved_queue) {
            (Some(items), ..) => return Ok(Request::Items(items.clone())),
            (None, Some(filter), _) => {
                filter::resolved(conn, caller, filter.clone()).map_err(|problem| problem.below("/filter"))?
            }
            (None, None, id) => {
                let queue = saved::find_seen(conn, caller, id.ok_or_else(|| Problem::new(Code::NotFound))?)?;
                queue.filter().ok_or_else(|| Problem::new(Code::Internal).caused_by("an unreadable filter"))?
            }
        };
        Ok(Request::Filter { filter: Box::new(filter), as_of: self.as_of })
    }
}

impl TheirLatest {
    fn request(
        &self,
        conn: &mut Conn<'_>,
        caller: &SignedIn,
        as_of: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Request, Problem> {
        let site = self.site.as_deref().map(|key| sites::find_by_key(conn, key)).transpose()?;
        let site = match site.map(|site| site.filter(|site| caller.standing.may_decide(site.id))) {
            Some(None) => return Err(Problem::field("/author/site", "no such site")),
            Some(Some(site)) => Some(site.id),
            None => None,
        };
        if accounts::find(conn, self.account_id)?.is_none() {
            return Err(Problem::field("/author/account_id", "no such account"));
        }
        Ok(Request::Author { account: self.account_id, site, since: now.minus(DAY * self.days), as_of })
    }
}

/// Decide about many replies
///
/// With `preview` the answer says what would come of it, and nothing is changed. Else it goes on beside, reply by reply, and
/// the answer says where its progress stands and what came of each: those that have moved on since they were looked at are
/// left as they are. Within 24 hours of its end it can be undone.
#[utoipa::path(request_body = DecideMany,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, description = "with `preview`", body = BulkPreviewView),
        (status = 202, body = BulkView, headers(("Location" = String)))
    ),
    security(("token" = []))
)]
#[post("/api/v1/moderation/bulk")]
pub async fn decide_many(
    caller: Caller,
    state: State,
    once: Once,
    body: Body<DecideMany, HUGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let hash = body.hash;
    let asked = body.value.checked()?;
    if asked.preview {
        let read = move |conn: &mut Conn<'_>| {
            let caller = caller.sign_in(conn, now)?;
            asked.permit(conn, &caller)?;
            preview(conn, &caller, &asked, now)
        };
        return Ok(HttpResponse::Ok().json(state.db.read(read).await?));
    }
    let kept = state.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        asked.permit(conn, &caller)?;
        let created = once.run(conn, caller.account.id, (Operation::DecideMany, ""), hash, now, |conn| {
            let request = asked.request(conn, &caller, now)?;
            let bulk = decided(&caller, asked.decision(), (&kept, now));
            begin(conn, &bulk, &request, (&kept, now))?;
            Ok::<_, Problem>(Created::at(location(bulk.id), bulk.id))
        })?;
        // one's own, whatever may be shown of it to the website that asks
        let bulk = bulks::find(conn, BulkId(created.object_id.unwrap_or_default()))?;
        bulk.ok_or_else(|| Problem::new(Code::NotFound))
    };
    Ok(begun(&state, state.db.write(write).await?))
}

/// Undo a decision about many replies
///
/// Each is put back to how it stood, with its flag, its reports and its place in the queues, unless it has moved on since.
/// Within 24 hours, once, by who wanted it or an admin.
#[utoipa::path(
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = BulkView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/moderation/bulk/{bulk_id}/undo")]
pub async fn undo_bulk(
    caller: Caller,
    state: State,
    id: web::Path<BulkId>,
    once: Once,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let kept = state.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::UndoBulk, now)?;
        let bulk = find_seen(conn, &caller, *id, Operation::UndoBulk)?;
        let operation = (Operation::UndoBulk, id.to_string());
        // there is no body to be told apart by
        let created = once.run(conn, caller.account.id, (operation.0, &operation.1), [0; 32], now, |conn| {
            let refused = |detail: &str| Problem::new(Code::StateConflict).with("state", bulk.state).detail(detail);
            let wrong = |detail: &str| Err(refused(detail));
            match bulk.finished_at {
                _ if bulk.action.is_none() => return wrong("an undoing is not undone"),
                None => return wrong("it is still going on: wait, or end it"),
                Some(at) if at.plus(UNDOABLE) < now => return wrong("it ended more than 24 hours ago"),
                Some(_) => {
                    if let Some(undoing) = bulks::find_undoing(conn, bulk.id)? {
                        return Err(refused("it was undone before").with("undone_by", undoing));
                    }
                }
            }
            let undoing = Bulk { undoes: Some(bulk.id), ..new(&caller, &kept, now) };
            begin(conn, &undoing, &Request::Undo, (&kept, now))?;
            Ok(Created::at(location(undoing.id), undoing.id))
        })?;
        find_seen(conn, &caller, BulkId(created.object_id.unwrap_or_default()), Operation::ShowBulk)
    };
    Ok(begun(&state, state.db.write(write).await?))
}

/// A bulk that waits, of nothing yet.
fn new(caller: &SignedIn, state: &State, now: Timestamp) -> Bulk {
    Bulk {
        id: state.random.id(now),
        account_id: caller.account.id,
        action: None,
        undoes: None,
        reason: None,
        note: None,
        message: None,
        state: RunState::Waiting,
        done: 0,
        total: None,
        result: "{\"done\":0,\"conflict\":0,\"forbidden\":0,\"gone\":0}".to_owned(),
        created_at: now,
        cancelled_at: None,
        finished_at: None,
    }
}

/// A bulk that decides so, in the caller's name.
fn decided(caller: &SignedIn, decision: Decision, (state, now): (&State, Timestamp)) -> Bulk {
    let Decision { verb, reason, note, message, .. } = decision;
    Bulk { action: Some(verb), reason, note, message, ..new(caller, state, now) }
}

/// Begins to decide so about many as a part of a sanction, which is to hold whatever else goes on: it waits behind the others,
/// and where very many do there is none. The runner is to be told once the transaction is durable.
pub(in crate::http) fn begin_with_sanction(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    decision: Decision,
    request: &Request,
    (state, now): (&State, Timestamp),
) -> Result<Option<BulkId>, Problem> {
    let bulk = decided(caller, decision, (state, now));
    if !has_room(conn, &bulk, AT_ONCE_WITH_SANCTIONS)? {
        return Ok(None);
    }
    insert(conn, &bulk, request, (state, now))?;
    Ok(Some(bulk.id))
}

/// Begins a bulk that was asked for.
fn begin(
    conn: &mut Conn<'_>,
    bulk: &Bulk,
    request: &Request,
    (state, now): (&State, Timestamp),
) -> Result<(), Problem> {
    if !has_room(conn, bulk, AT_ONCE)? {
        return Err(Problem::new(Code::StateConflict).detail("others of yours are going on: wait, or end one"));
    }
    insert(conn, bulk, request, (state, now))
}

/// Whether fewer than so many of the same moderator are going on; counted under a lock, so that it stays so.
fn has_room(conn: &mut Conn<'_>, bulk: &Bulk, at_once: i64) -> Result<bool, Problem> {
    locks::hold(conn, &[b"bulks", bulk.account_id.0.as_bytes().as_slice()].concat())?;
    Ok(bulks::count_going_on(conn, bulk.account_id)? < at_once)
}

/// Stores a bulk with its job.
fn insert(
    conn: &mut Conn<'_>,
    bulk: &Bulk,
    request: &Request,
    (state, now): (&State, Timestamp),
) -> Result<(), Problem> {
    let as_json = |cause| Problem::new(Code::Internal).caused_by(cause);
    bulks::insert(conn, bulk, &serde_json::to_string(request).map_err(as_json)?)?;
    let payload = serde_json::to_string(&Payload { bulk: bulk.id }).map_err(as_json)?;
    Ok(jobs::insert(conn, &Job::new(state.random.id(now), JobKind::RunBulk, payload, now))?)
}

fn location(id: BulkId) -> String {
    format!("/api/v1/moderation/bulk/{id}")
}

/// The answer to who began one.
fn begun(state: &State, bulk: Bulk) -> HttpResponse {
    state.jobs.of(Lane::Bulks).notify_one();
    HttpResponse::Accepted().insert_header((header::LOCATION, location(bulk.id))).json(BulkView::from(bulk))
}

fn preview(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    asked: &DecideMany,
    now: Timestamp,
) -> Result<BulkPreviewView, Problem> {
    let (listed, has_more) = match asked.request(conn, caller, now)? {
        Request::Items(items) => (items, false),
        Request::Filter { filter, as_of } => find_items(conn, &caller.standing, (&filter, as_of), LOOKED_AT, now)?,
        Request::Author { account, site, since, as_of } => {
            find_items_of_author(conn, &caller.standing, (account, site, since), asked.action, as_of)?
        }
        Request::Undo => (Vec::new(), false),
    };
    let (mut outcomes, mut samples, mut others) = (Outcomes::default(), Vec::new(), Vec::new());
    for piece in listed.chunks(STORED_AT_ONCE) {
        let ids: Vec<ReplyId> = piece.iter().map(|item| item.id).collect();
        let present = bulks::list_present(conn, &ids)?;
        let present: HashMap<ReplyId, Present> = present.into_iter().map(|row| (row.id, row)).collect();
        for item in piece {
            let stands = present.get(&item.id).map(|row| stands(row, &caller.standing));
            let outcome = bulk::next(stands, item.version, asked.action).err().unwrap_or(ItemOutcome::Done);
            outcomes.add(outcome, 1);
            match outcome {
                ItemOutcome::Done if samples.len() < SAMPLES => samples.push(item.id),
                ItemOutcome::Done => {}
                _ if others.len() < NAMED => others.push(OtherView { id: item.id, version: item.version, outcome }),
                _ => {}
            }
        }
    }
    let rows = moderation::list_these(conn, &samples)?;
    let rows = weighed(conn, rows)?;
    let shown = fitting(&rows, &mut PAGE_MAX_BYTES.clone(), true);
    let samples = items(conn, rows.into_iter().take(shown).map(|(row, _)| row).collect(), (caller.account.id, now))?;
    let number = i64::try_from(listed.len().min(ITEMS_MAX)).unwrap_or(i64::MAX);
    Ok(BulkPreviewView { number, has_more, as_of: now, outcomes, samples, others })
}

fn stands(row: &Present, standing: &Standing) -> bulk::Standing {
    let Present { state, version, is_appealed, is_erased, .. } = *row;
    bulk::Standing { state, version, is_appealed, is_erased, is_moderated: standing.may_decide(row.site_id) }
}
