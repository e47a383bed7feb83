//! Work handed out: the next replies of a queue, each to one moderator at a time.

use std::time::Duration;

use actix_web::{HttpResponse, delete, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    find_moderated,
    item::QueueItemView,
    queue::{QueueSort, chosen_sites, items, weighed},
    waiting::ClaimView,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{ids::*, queue_event::WorkQueue},
    http::{
        body::Params,
        caller::Caller,
        page::{PAGE_MAX_BYTES, fitting},
        problem::{Code, Problem},
        replies::conflict,
    },
    store::{
        Conn, claims,
        moderation::{self, QueuedReply},
        queue_items::{self, QueueItem, Wanted},
        replies,
        transaction::lost_race,
    },
};

/// How long somebody is believed to look at a reply.
const CLAIM: Duration = Duration::from_secs(90);
/// Replies that one moderator holds at most.
const HELD_MAX: i64 = 60;

/// Which work, and how much of it.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TakeNext {
    /// The queue.
    #[param(inline)]
    pub queue: WorkQueue,
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
    /// The replies, in the order asked for; empty if nothing waits that nobody else looks at.
    pub items: Vec<QueueItemView>,
}

/// Take the next replies of a queue
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
    let now = state.clock.now();
    let take = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::TakeNext, now)?;
        let moderated = caller.standing.moderated_sites();
        let sites = chosen_sites(conn, &caller, query.site.as_deref(), &moderated, Operation::TakeNext)?;
        let me = caller.account.id;
        let room = HELD_MAX - claims::count_held(conn, me, now)?;
        if room <= 0 {
            return Err(too_many());
        }
        let order = query.sort.unwrap_or(QueueSort::Priority).into();
        let wanted = Wanted { queue: query.queue, sites, order, free_at: Some(now), after: None, limit: 0 };
        let number = i64::from(query.count.unwrap_or(1)).min(room);
        let free = claims::find_free(conn, &wanted, number, now)?;
        let rows = moderation::list_these(conn, &free)?;
        let rows = weighed(conn, rows)?;
        let fits = fitting(&rows, &mut PAGE_MAX_BYTES.clone(), true);
        let rows: Vec<QueuedReply> = rows.into_iter().take(fits).map(|(row, _)| row).collect();
        let taken: Vec<(SiteId, ReplyId)> = rows.iter().map(|row| (row.site_id, row.id)).collect();
        claims::take(conn, &taken, me, now.plus(CLAIM))?;
        Ok::<_, Problem>(WorkView { items: items(conn, rows, now)? })
    };
    Ok(HttpResponse::Ok().json(state.db.write(take).await?))
}

fn too_many() -> Problem {
    Problem::new(Code::StateConflict).detail(format!("you hold {HELD_MAX} replies already"))
}

/// Hold a waiting reply
///
/// For 90 s from now, also again and again while one looks at it. Refused with 409 if somebody else holds it or if it does not
/// wait any more: `claim` says who does, `current` how it stands.
#[utoipa::path(tag = "moderation", responses((status = 200, body = ClaimView)), security(("token" = [])))]
#[put("/api/v1/moderation/replies/{reply_id}/claim")]
pub async fn hold_claim(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let hold = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let row = find_moderated(conn, &caller, *id, Operation::HoldClaim)?;
        let me = caller.account.id;
        let waiting = |conn: &mut Conn<'_>| Ok::<_, Problem>(queue_items::list_of_replies(conn, &[row.id], now)?.pop());
        let is_further = |item: QueueItem| item.claim.is_none_or(|claim| claim.account_id != me);
        if waiting(conn)?.is_some_and(is_further) && claims::count_held(conn, me, now)? >= HELD_MAX {
            return Err(too_many());
        }
        let is_held = claims::hold(conn, (row.site_id, row.id), me, (now, now.plus(CLAIM)))?;
        let refused = |conn: &mut Conn<'_>, code| {
            let reply = replies::find(conn, row.id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            Ok::<_, Problem>(conflict(conn, &caller, code, &reply))
        };
        match waiting(conn)? {
            Some(QueueItem { claim: Some(claim), .. }) if is_held => Ok(ClaimView::from(claim)),
            Some(QueueItem { claim: Some(claim), .. }) => {
                Err(refused(conn, Code::Claimed)?.with("claim", ClaimView::from(claim)))
            }
            // given back in this very moment
            Some(_) => Err(lost_race("who held it gave it back").into()),
            None => Err(refused(conn, Code::StateConflict)?.detail("it does not wait")),
        }
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
