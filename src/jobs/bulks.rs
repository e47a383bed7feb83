//! Decisions about many replies, and their being undone: first what they are about is found and stored, then each reply is
//! come to in a transaction of its own, together with what came of it; so none is decided about twice, also after a crash.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use super::{After, pace::Pace};
use crate::{
    app::State,
    auth::standing::Standing,
    deciding::{self, Decision},
    domain::{
        bulk::{self, BulkItem, Former, ITEMS_MAX, ItemOutcome, Outcomes},
        ids::*,
        moderation::Action,
        policy_run::RunState,
        queue_filter::QueueFilter,
        reply_state::Verb,
        sanction::SanctionKind,
        timestamp::Timestamp,
    },
    store::{
        Conn, DbError,
        bulks::{self, Bulk, Made, NewItem, STORED_AT_ONCE, WaitingItem},
        decisions,
        jobs::{self, Job},
        queue_sift::sift,
        queue_walk::{Order, Walk},
        replies::{self, Reply},
        sites, standing,
        transitions::Entry,
    },
};

/// Replies that are come to before it rests.
const PIECE: i64 = 20;
/// How long a bulk may take.
const LONGEST: Duration = Duration::from_secs(1_800);
/// Tries of a bulk before it is given up, one after the other without its coming to a single reply.
const TRIES: i32 = 5;
/// Replies that a filter looks at.
const LOOKED_AT: usize = 200_000;

/// A job's payload.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    pub bulk: BulkId,
}

/// Which replies are decided about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Request {
    /// These.
    Items(Vec<BulkItem>),
    /// What a filter takes, as it stands when they are looked for.
    Filter {
        filter: Box<QueueFilter>,
        /// Only what has not changed since then.
        as_of: Option<Timestamp>,
    },
    /// What somebody posted since then, on a site or on all that one moderates, as it stands when it is looked for.
    Author {
        account: AccountId,
        site: Option<SiteId>,
        since: Timestamp,
        /// Only what has not changed since then.
        as_of: Option<Timestamp>,
    },
    /// Those with which another bulk did something.
    Undo,
}

/// What a filter takes by now of what somebody moderates, with their versions, and whether there is more than was looked at: the
/// longest waiting first.
pub fn find_items(
    conn: &mut Conn<'_>,
    standing: &Standing,
    (filter, as_of): (&QueueFilter, Option<Timestamp>),
    looked_at: usize,
    now: Timestamp,
) -> QueryResult<(Vec<BulkItem>, bool)> {
    let Some(base) = filter.base() else { return Ok((Vec::new(), false)) };
    let sites = standing.queue_sites(&filter.sites);
    let walk = Walk { base: &base, sites: &sites, filter: Some(filter), order: Order::Oldest, taker: None, now };
    let sifted = sift(conn, &walk, None, ITEMS_MAX, looked_at)?;
    let ids: Vec<ReplyId> = sifted.taken.iter().map(|(_, id)| *id).collect();
    Ok((at_present(conn, &ids, as_of)?, sifted.next.is_some()))
}

/// What somebody posted since then, by now, of what another moderates, with versions, and whether there is more: the newest
/// first.
pub fn find_items_of_author(
    conn: &mut Conn<'_>,
    standing: &Standing,
    (account, site, since): (AccountId, Option<SiteId>, Timestamp),
    verb: Verb,
    as_of: Option<Timestamp>,
) -> QueryResult<(Vec<BulkItem>, bool)> {
    let sites = standing.queue_sites(site.as_slice());
    let mut ids = bulks::list_of_author(conn, (account, since), &sites, verb, ITEMS_MAX as i64 + 1)?;
    let has_more = ids.len() > ITEMS_MAX;
    ids.truncate(ITEMS_MAX);
    Ok((at_present(conn, &ids, as_of)?, has_more))
}

/// Those of these replies that have not changed since then, with their versions. Times are compared, since a trial names none of
/// the thousands of versions that it looks at: what was under way at that time, or changed on an instance whose clock is behind,
/// passes as looked at. That is as with a filter without a time, whose replies nobody has looked at; and what changes from here
/// on is in conflict, as versions are compared then. Who names replies names their versions.
fn at_present(conn: &mut Conn<'_>, ids: &[ReplyId], as_of: Option<Timestamp>) -> QueryResult<Vec<BulkItem>> {
    let mut items = Vec::with_capacity(ids.len());
    for piece in ids.chunks(STORED_AT_ONCE) {
        let present: HashMap<ReplyId, _> =
            bulks::list_present(conn, piece)?.into_iter().map(|row| (row.id, row)).collect();
        let rows = piece.iter().filter_map(|id| present.get(id));
        let rows = rows.filter(|row| as_of.is_none_or(|as_of| row.changed_at <= as_of));
        items.extend(rows.map(|row| BulkItem { id: row.id, version: row.version }));
    }
    Ok(items)
}

/// Runs a bulk to its end.
pub(super) async fn run(state: &State, job: &Job) -> Result<After, DbError> {
    let Ok(Payload { bulk: id }) = serde_json::from_str(&job.payload) else { return Ok(After::Gone) };
    let found = state.db.read(move |conn| Ok::<_, DbError>(bulks::find(conn, id)?)).await?;
    let Some(bulk) = found.filter(|bulk| !bulk.state.is_over()) else { return Ok(After::Gone) };
    let mut going =
        Going { state, job, bulk: &bulk, begun: Instant::now(), pace: Pace::default(), has_progressed: false };
    match going.go().await {
        // that it failed again and again is said of one and the same reply
        Err(cause) if going.has_progressed => {
            let job = job.id;
            state.db.write(move |conn| Ok::<_, DbError>(jobs::forget_attempts(conn, job)?)).await?;
            return Err(cause);
        }
        Err(cause) if job.attempts < TRIES => return Err(cause),
        Err(cause) => {
            tracing::error!(bulk = %id, %cause, "a bulk failed again and again and is given up");
            going.finish(RunState::Failed).await?;
        }
        Ok(ended) => going.finish(ended).await?,
    }
    Ok(After::Gone)
}

/// A bulk that is going on.
struct Going<'a> {
    state: &'a State,
    job: &'a Job,
    bulk: &'a Bulk,
    begun: Instant,
    pace: Pace,
    /// Whether it has come to a reply.
    has_progressed: bool,
}

impl Going<'_> {
    async fn go(&mut self) -> Result<RunState, DbError> {
        if let Some(ended) = self.ended().await? {
            return Ok(ended);
        }
        if self.bulk.total.is_none() {
            self.find().await?;
        }
        let (id, mut after) = (self.bulk.id, -1);
        loop {
            if let Some(ended) = self.ended().await? {
                return Ok(ended);
            }
            let begun = Instant::now();
            let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(bulks::list_waiting(conn, id, after, PIECE)?);
            let items = self.state.db.read(read).await?;
            let Some(last) = items.last() else { return Ok(RunState::Done) };
            after = last.position;
            for item in items {
                match self.bulk.action {
                    Some(verb) => self.decide(verb, item).await?,
                    None => self.put_back(item).await?,
                }
                self.has_progressed = true;
            }
            let job = self.job.id;
            let note = move |conn: &mut Conn<'_>| {
                let outcomes = outcomes(conn, id)?;
                jobs::forget_attempts(conn, job)?;
                bulks::note_progress(conn, id, outcomes)
            };
            self.pace.rest(self.state, self.job.id, begun, note).await?;
        }
    }

    /// How it ends where it is not to go on.
    async fn ended(&self) -> Result<Option<RunState>, DbError> {
        let id = self.bulk.id;
        let is_wanted = self.state.db.read(move |conn| Ok::<_, DbError>(bulks::is_wanted(conn, id)?)).await?;
        if !is_wanted {
            return Ok(Some(RunState::Cancelled));
        }
        Ok((self.begun.elapsed() > LONGEST).then_some(RunState::Failed))
    }

    async fn finish(&self, ended: RunState) -> Result<(), DbError> {
        let (id, job, now) = (self.bulk.id, self.job.id, self.state.clock.now());
        let random = self.state.random.clone();
        let write = move |conn: &mut Conn<'_>| {
            let outcomes = outcomes(conn, id)?;
            let has_ended = bulks::finish(conn, id, ended, outcomes, now)?;
            if has_ended && ended == RunState::Failed {
                // of one that somebody wanted to end the log was told then
                let failed = bulks::find(conn, id)?.filter(|bulk| bulk.cancelled_at.is_none());
                if let Some(bulk) = failed {
                    bulks::log_end(conn, &bulk, |_| decisions::Actor::SYSTEM, (&random, now))?;
                }
            }
            Ok::<_, DbError>(jobs::delete(conn, job)?)
        };
        self.state.db.write(write).await
    }

    /// Finds and stores what it is about, in pieces, and says so in the log of each site. Where it was interrupted in this
    /// it begins anew, as nothing was done yet.
    async fn find(&mut self) -> Result<(), DbError> {
        let (bulk, now) = (self.bulk.clone(), self.state.clock.now());
        let read = move |conn: &mut Conn<'_>| {
            let request = bulks::find_request(conn, bulk.id)?.unwrap_or_default();
            let request = serde_json::from_str(&request).map_err(|cause| DbError::Unreachable(cause.to_string()))?;
            let filter = match &request {
                Request::Filter { filter, .. } => serde_json::to_value(filter).unwrap_or_default(),
                Request::Author { account, since, .. } => serde_json::json!({"author": account, "since": since}),
                Request::Items(_) | Request::Undo => serde_json::Value::Null,
            };
            let plain = |items: Vec<BulkItem>| items.into_iter().map(|item| NewItem { item, former: None }).collect();
            let items: Vec<NewItem> = match (request, bulk.undoes) {
                (Request::Items(items), _) => plain(items),
                (Request::Filter { filter, as_of }, _) => match find_standing(conn, bulk.account_id, now)? {
                    Some(standing) => plain(find_items(conn, &standing, (&filter, as_of), LOOKED_AT, now)?.0),
                    None => Vec::new(),
                },
                (Request::Author { account, site, since, as_of }, _) => {
                    match (find_standing(conn, bulk.account_id, now)?, bulk.action) {
                        (Some(standing), Some(verb)) => {
                            plain(find_items_of_author(conn, &standing, (account, site, since), verb, as_of)?.0)
                        }
                        _ => Vec::new(),
                    }
                }
                (Request::Undo, Some(undone)) => bulks::list_done(conn, undone)?,
                (Request::Undo, None) => Vec::new(),
            };
            let mut of_sites: BTreeMap<SiteId, usize> = BTreeMap::new();
            for piece in items.chunks(STORED_AT_ONCE) {
                let ids: Vec<ReplyId> = piece.iter().map(|new| new.item.id).collect();
                bulks::list_present(conn, &ids)?.iter().for_each(|row| *of_sites.entry(row.site_id).or_default() += 1);
            }
            Ok::<_, DbError>((items, of_sites, filter))
        };
        // looking at many texts may take long, in which nobody else is to begin with the same
        self.pace.note(self.state, self.job.id, |_| Ok(())).await?;
        let (items, of_sites, filter) = self.state.db.read(read).await?;
        let (id, lease) = (self.bulk.id, (self.job.id, self.job.attempts));
        let delete = move |conn: &mut Conn<'_>| {
            hold(conn, id, lease)?;
            Ok::<_, DbError>(bulks::delete_items(conn, id)?)
        };
        self.state.db.write(delete).await?;
        for (index, piece) in items.chunks(STORED_AT_ONCE).enumerate() {
            let (begun, piece) = (Instant::now(), piece.to_vec());
            let write = move |conn: &mut Conn<'_>| {
                hold(conn, id, lease)?;
                Ok::<_, DbError>(bulks::insert_items(conn, id, index * STORED_AT_ONCE, &piece)?)
            };
            self.state.db.write(write).await?;
            self.pace.rest(self.state, self.job.id, begun, |_| Ok(())).await?;
        }
        let (bulk, total, random) = (self.bulk.clone(), items.len() as i64, self.state.random.clone());
        let write = move |conn: &mut Conn<'_>| {
            hold(conn, bulk.id, lease)?;
            bulks::begin(conn, bulk.id, total)?;
            let standing = find_standing(conn, bulk.account_id, now)?;
            for (site, number) in &of_sites {
                // what is elsewhere is not done, and nobody's business there
                let Some(standing) = standing.as_ref().filter(|standing| standing.may_decide(*site)) else { continue };
                let row = decisions::Decision::new(random.id(now), standing.actor(Some(*site)), Action::Bulk, now);
                let details = serde_json::json!({"bulk": bulk.id, "action": bulk.action, "undoes": bulk.undoes, "items": number, "filter": filter});
                let (site_id, details) = (Some(*site), Some(details.to_string()));
                let note = bulk.note.clone();
                decisions::insert(conn, &decisions::Decision { site_id, details, note, reason: bulk.reason, ..row })?;
            }
            Ok::<_, DbError>(())
        };
        self.state.db.write(write).await
    }

    async fn decide(&self, verb: Verb, item: WaitingItem) -> Result<(), DbError> {
        let (bulk, random, now) = (self.bulk.clone(), self.state.random.clone(), self.state.clock.now());
        let Bulk { reason, note, message, .. } = bulk.clone();
        let decision = Decision { verb, reason, note, message, details: details(bulk.id) };
        let lesson = decision.lesson(&self.state.judging, &self.state.db, item.reply_id).await?;
        let write = move |conn: &mut Conn<'_>| {
            let place = (bulk.id, item.position);
            let standing = find_standing(conn, bulk.account_id, now)?;
            let Some(reply) = replies::find_locked(conn, item.reply_id)? else {
                return Ok(bulks::settle(conn, place, ItemOutcome::Gone, None)?);
            };
            let standing = standing.filter(|standing| standing.may_decide(reply.site_id));
            // whose own replies wait by a sanction does not let them go
            let standing = standing.filter(|standing| {
                let is_own = reply.author_id == standing.account_id;
                !is_own || !standing.is_held_on(reply.site_id, SanctionKind::Premoderate)
            });
            let stands = bulk::Standing {
                state: reply.state,
                version: reply.version,
                is_appealed: reply.appealed_at.is_some(),
                is_erased: reply.body.is_erased(),
                is_moderated: standing.is_some(),
            };
            let (next, standing) = match (bulk::next(Some(stands), item.version, verb), standing) {
                (Ok(next), Some(standing)) => (next, standing),
                (Err(outcome), _) => return Ok(bulks::settle(conn, place, outcome, None)?),
                (Ok(_), None) => return Ok(bulks::settle(conn, place, ItemOutcome::Forbidden, None)?),
            };
            let Some(site) = sites::find(conn, reply.site_id)? else {
                return Ok(bulks::settle(conn, place, ItemOutcome::Gone, None)?);
            };
            let former = deciding::former(conn, &reply, verb, now)?;
            let actor = standing.actor(Some(site.id));
            let (reply, _) = decision.carry_out(conn, (&site, &reply, next), actor, lesson.as_ref(), (&random, now))?;
            let made = Made { version: reply.version, former };
            Ok::<_, DbError>(bulks::settle(conn, place, ItemOutcome::Done, Some(made))?)
        };
        self.state.db.write(write).await
    }

    async fn put_back(&self, item: WaitingItem) -> Result<(), DbError> {
        let (bulk, random, now) = (self.bulk.clone(), self.state.random.clone(), self.state.clock.now());
        let write = move |conn: &mut Conn<'_>| {
            let place = (bulk.id, item.position);
            let former: Option<Former> = item.former.as_deref().and_then(|former| serde_json::from_str(former).ok());
            let standing = find_standing(conn, bulk.account_id, now)?;
            let reply = replies::find_locked(conn, item.reply_id)?;
            let (Some(reply), Some(former)) = (reply, former) else {
                return Ok(bulks::settle(conn, place, ItemOutcome::Gone, None)?);
            };
            let Some(standing) = standing.filter(|standing| standing.may_decide(reply.site_id)) else {
                return Ok(bulks::settle(conn, place, ItemOutcome::Forbidden, None)?);
            };
            if reply.version != item.version {
                // another undoing of the same, which did not come to its end, may have come here before
                let is_back = was_put_back(conn, &reply, bulk.undoes)?;
                let outcome = if is_back { ItemOutcome::Done } else { ItemOutcome::Conflict };
                return Ok(bulks::settle(conn, place, outcome, None)?);
            }
            if reply.body.is_erased() {
                return Ok(bulks::settle(conn, place, ItemOutcome::Conflict, None)?);
            }
            let Some(site) = sites::find(conn, reply.site_id)? else {
                return Ok(bulks::settle(conn, place, ItemOutcome::Gone, None)?);
            };
            let actor = standing.actor(Some(reply.site_id));
            let entry = Entry { details: details(bulk.id), ..Entry::new(random.id(now), actor, Action::Undo, now) };
            let reply = deciding::put_back(conn, (&site, &reply), &former, &entry, &random)?;
            let made = Made { version: reply.version, former };
            Ok::<_, DbError>(bulks::settle(conn, place, ItemOutcome::Done, Some(made))?)
        };
        self.state.db.write(write).await
    }
}

/// Holds a bulk whose items are not known yet, for the runner that still has its job: one that was stopped for long has not.
fn hold(conn: &mut Conn<'_>, id: BulkId, (job, attempts): (JobId, i32)) -> Result<(), DbError> {
    let is_new = bulks::find_locked(conn, id)?.is_some_and(|bulk| bulk.total.is_none());
    match is_new && jobs::is_attempt(conn, job, attempts)? {
        true => Ok(()),
        false => Err(DbError::Unreachable("another runner has taken this over".to_owned())),
    }
}

/// What a row of the log says of a bulk.
fn details(bulk: BulkId) -> Option<String> {
    Some(serde_json::json!({"bulk": bulk}).to_string())
}

/// Whether the last thing that was done with a reply was to undo this bulk.
fn was_put_back(conn: &mut Conn<'_>, reply: &Reply, undone: Option<BulkId>) -> QueryResult<bool> {
    let last = decisions::find_last_of_reply(conn, reply.id)?.filter(|last| last.action == Action::Undo);
    let details = last.and_then(|last| last.details).unwrap_or_default();
    let Ok(Named { bulk }) = serde_json::from_str(&details) else { return Ok(false) };
    Ok(bulks::find(conn, bulk)?.is_some_and(|bulk| bulk.undoes.is_some() && bulk.undoes == undone))
}

/// What a row of the log names.
#[derive(Deserialize)]
struct Named {
    bulk: BulkId,
}

/// What somebody may by now, and to the end of a transaction that writes; nothing of a closed account.
fn find_standing(conn: &mut Conn<'_>, id: AccountId, now: Timestamp) -> QueryResult<Option<Standing>> {
    standing::keep(conn, id)?;
    Ok(Standing::of_open(conn, id, now)?.filter(|standing| !standing.is_suspended_everywhere))
}

fn outcomes(conn: &mut Conn<'_>, id: BulkId) -> QueryResult<Outcomes> {
    let mut outcomes = Outcomes::default();
    for (outcome, number) in bulks::count_outcomes(conn, id)? {
        outcomes.add(outcome, number);
    }
    Ok(outcomes)
}
