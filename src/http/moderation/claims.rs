//! Work handed out: the next replies of a queue, each to one moderator at a time.

use std::time::Duration;

use actix_web::{HttpResponse, delete, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    appeals::for_others,
    find_moderated,
    item::QueueItemView,
    queue::{QueueSort, items, neither_nor, weighed},
    source::{LOOKED_AT, Source},
    waiting::ClaimView,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, queue_event::WorkQueue, queue_filter::Base},
    http::{
        body::Params,
        caller::{Caller, SignedIn},
        page::{PAGE_MAX_BYTES, fitting},
        problem::{Code, Problem},
        replies::conflict,
    },
    store::{
        Conn, appeals,
        claims::{self, Wanted},
        moderation, queue_items,
        queue_sift::{Sifted, sift},
        queue_walk::{Order, Place},
        replies,
        transaction::lost_race,
    },
};

/// How long somebody is believed to look at a reply.
const CLAIM: Duration = Duration::from_secs(90);
/// Replies that one moderator holds at most.
const HELD_MAX: i64 = 60;
/// Replies beyond those wanted that are looked at, since others may be about to take the first ones.
const WINDOW: usize = 40;
/// How often it is looked where others take all that was found, each time among four times as many.
const ROUNDS: u32 = 3;
/// How often it is looked further on, each time among [`LOOKED_AT`], where a filter takes none of them.
const FURTHER: u32 = 10;

/// Which work, and how much of it.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TakeNext {
    /// The queue; this or a saved one.
    #[param(inline)]
    pub queue: Option<WorkQueue>,
    /// The saved queue, which names the sites.
    pub saved_queue: Option<SavedQueueId>,
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// The order; `priority` if absent.
    #[param(inline)]
    pub sort: Option<QueueSort>,
    /// Replies, 1 to 20; 1 if absent. There may be fewer, as their texts have 1 MiB at most.
    #[validate(range(min = 1, max = 20))]
    #[param(minimum = 1, maximum = 20)]
    pub count: Option<u32>,
}

/// Work that was handed out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WorkView {
    /// The replies, in the order asked for; empty if nothing was found that nobody else looks at.
    pub items: Vec<QueueItemView>,
    /// Whether all that waits was looked at, if nothing was found; a filter that takes very few of very many may need another
    /// one beside it, such as a site.
    pub is_complete: bool,
}

/// Take the next replies of a queue, or of a saved one
///
/// They are the caller's for 90 s: nobody else is given them. To hold them longer, say so (`PUT …/claim`); they are given
/// back by `DELETE …/claim`, by a decision, or as the time runs out. Others may look at them and decide all the same.
#[utoipa::path(
    tag = "moderation",
    params(TakeNext),
    responses((status = 200, body = WorkView)),
    security(("token" = []))
)]
#[post("/api/v1/moderation/next")]
pub async fn take_next(caller: Caller, state: State, Params(query): Params<TakeNext>) -> Result<HttpResponse, Problem> {
    let (mut after, mut round) = (None, 0);
    for _ in 0..FURTHER {
        let wanted = query.count() as usize + (WINDOW << (2 * round));
        let Sifted { taken: found, next, .. } = find(&state, (&caller, &query), after, wanted).await?;
        let ids: Vec<ReplyId> = found.iter().map(|(_, id)| *id).collect();
        round += u32::from(!ids.is_empty());
        let taken = take(&state, (&caller, &query), ids).await?;
        if !taken.is_empty() {
            let me = caller.account_id(&state.db, state.clock.now()).await?;
            return Ok(HttpResponse::Ok().json(show(&state, me, taken).await?));
        }
        // others were about to take all of these; further on there may be some that nobody reaches for
        after = next;
        if after.is_none() || round == ROUNDS {
            break;
        }
    }
    Ok(HttpResponse::Ok().json(WorkView { items: Vec::new(), is_complete: after.is_none() }))
}

impl TakeNext {
    fn count(&self) -> u32 {
        self.count.unwrap_or(1)
    }

    fn order(&self) -> Order {
        self.sort.unwrap_or(QueueSort::Priority).into()
    }

    /// Where work is taken from: queues out of which it is handed.
    fn source(&self, conn: &mut Conn<'_>, caller: &SignedIn) -> Result<(Source, Vec<WorkQueue>), Problem> {
        let source = match (self.queue, self.saved_queue) {
            (Some(queue), None) => {
                Source::of_queue(conn, caller, (queue.into(), self.site.as_deref()), Operation::TakeNext)?
            }
            (None, Some(id)) if self.site.is_none() => Source::of_saved(conn, caller, id, Operation::TakeNext)?,
            _ => return Err(neither_nor()),
        };
        match source.base.clone() {
            Base::Waiting(queues) => Ok((source, queues)),
            Base::Decided(_) => {
                Err(Problem::new(Code::StateConflict).detail("nothing in this queue waits for a decision"))
            }
        }
    }
}

/// The first replies that nobody holds. Looked for beside the writes: on SQLite there is one writer.
async fn find(
    state: &State,
    (caller, query): (&Caller, &TakeNext),
    after: Option<Place>,
    wanted: usize,
) -> Result<Sifted, Problem> {
    let (caller, query, now) = (caller.clone(), query.clone(), state.clock.now());
    let find = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::TakeNext, now)?;
        let (source, _) = query.source(conn, &caller)?;
        Ok::<_, Problem>(sift(
            conn,
            &source.walk(query.order(), Some(caller.account.id), now),
            after,
            wanted,
            LOOKED_AT,
        )?)
    };
    state.db.read(find).await
}

/// Gives the caller as many of these as are wanted and still free.
async fn take(
    state: &State,
    (caller, query): (&Caller, &TakeNext),
    ids: Vec<ReplyId>,
) -> Result<Vec<(SiteId, ReplyId)>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (caller, query, now) = (caller.clone(), query.clone(), state.clock.now());
    let take = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::TakeNext, now)?;
        let (source, queues) = query.source(conn, &caller)?;
        let me = caller.account.id;
        let room = HELD_MAX - claims::count_held(conn, me, now)?;
        if room <= 0 {
            return Err(too_many());
        }
        let number = i64::from(query.count()).min(room);
        let wanted = Wanted { queues: &queues, sites: &source.sites, order: query.order(), number };
        Ok::<_, Problem>(claims::take(conn, &ids, wanted, me, (now, now.plus(CLAIM)))?)
    };
    state.db.write(take).await
}

/// What was taken, as far as its texts fit into one answer; the rest is given back.
async fn show(state: &State, me: AccountId, taken: Vec<(SiteId, ReplyId)>) -> Result<WorkView, Problem> {
    let (ids, now): (Vec<ReplyId>, _) = (taken.iter().map(|(_, id)| *id).collect(), state.clock.now());
    let read = move |conn: &mut Conn<'_>| {
        let rows = moderation::list_these(conn, &ids)?;
        let rows = weighed(conn, rows)?;
        let fits = fitting(&rows, &mut PAGE_MAX_BYTES.clone(), true);
        items(conn, rows.into_iter().take(fits).map(|(row, _)| row).collect(), (me, now))
    };
    let items = state.db.read(read).await?;
    let rest = taken[items.len().min(taken.len())..].to_vec();
    if !rest.is_empty() {
        let release = move |conn: &mut Conn<'_>| {
            rest.iter().try_for_each(|reply| claims::release(conn, *reply, me)).map_err(Problem::from)
        };
        state.db.write(release).await?;
    }
    Ok(WorkView { items, is_complete: true })
}

fn too_many() -> Problem {
    Problem::new(Code::StateConflict).detail(format!("you hold {HELD_MAX} replies already"))
}

/// Hold a waiting reply
///
/// For 90 s from now, also again and again while one looks at it; not an appeal that others are to decide. Refused with 409 if somebody else holds it or if it does not
/// wait any more: `claim` says who does, `current` how it stands.
#[utoipa::path(tag = "moderation", responses((status = 200, body = ClaimView)), security(("token" = [])))]
#[put("/api/v1/moderation/replies/{reply_id}/claim")]
pub async fn hold_claim(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let hold = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let row = find_moderated(conn, &caller, *id, Operation::HoldClaim)?;
        let refused = |conn: &mut Conn<'_>, code| {
            let reply = replies::find(conn, row.id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            Ok::<_, Problem>(conflict(conn, &caller, code, &reply))
        };
        let Some(item) = queue_items::list_of_replies(conn, &[row.id], now)?.pop() else {
            return Err(refused(conn, Code::StateConflict)?.detail("it does not wait"));
        };
        let (me, until) = (caller.account.id, now.plus(CLAIM));
        if item.waits.is_appealed && appeals::is_for_others(conn, row.id, me, now)? {
            return Err(for_others());
        }
        match item.claim {
            Some(claim) if claim.account_id != me => {
                return Err(refused(conn, Code::Claimed)?.with("claim", ClaimView::from(claim)));
            }
            None if claims::count_held(conn, me, now)? >= HELD_MAX => return Err(too_many()),
            _ => {}
        }
        if !claims::hold(conn, (row.site_id, row.id), me, (now, until))? {
            return Err(lost_race("somebody took it in this very moment").into());
        }
        Ok(ClaimView::of(&caller.account, until))
    };
    Ok(HttpResponse::Ok().json(state.db.write(hold).await?))
}

/// Give a reply back
///
/// Nothing happens if the caller does not hold it.
#[utoipa::path(tag = "moderation", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/moderation/replies/{reply_id}/claim")]
pub async fn release_claim(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let release = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let row = find_moderated(conn, &caller, *id, Operation::ReleaseClaim)?;
        Ok::<_, Problem>(claims::release(conn, (row.site_id, row.id), caller.account.id)?)
    };
    state.db.write(release).await?;
    Ok(HttpResponse::NoContent().finish())
}
