//! Saved queues as they are shown, with how much is in them.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{filter::FilterView, source::Source};
use crate::{
    app::State,
    domain::{
        ids::*,
        queue_filter::{Base, QueueFilter},
        timestamp::Timestamp,
    },
    http::{
        caller::SignedIn,
        problem::{Code, Problem},
    },
    store::{
        Conn,
        moderation::QueueSites,
        queue_sift::{Sifted, sift},
        queue_walk::Order,
        saved_queues::{self, SavedQueue},
        sites,
    },
};

/// Items of a filtered queue that are counted.
const COUNTED: usize = 1_000;
/// Items of a filtered queue that are looked at to be counted, and of all of a page.
const LOOKED_AT: usize = 10_000;
const LOOKED_AT_OF_ALL: usize = 30_000;

/// A saved queue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedQueueView {
    /// Its id.
    pub id: SavedQueueId,
    /// Its name.
    pub name: String,
    /// What it takes.
    pub filter: FilterView,
    /// Whether all who moderate its sites see it.
    pub is_shared: bool,
    /// Whose work it is.
    pub assigned_to: Vec<AccountId>,
    /// Who made it.
    pub owner_id: AccountId,
    /// Raised by each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed.
    pub updated_at: Timestamp,
    /// What is in it by now, of that which the caller moderates.
    pub count: AmountView,
}

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct AmountView {
    /// So many, or more.
    pub number: i64,
    /// Whether there are no more. Queues that take all of some sites, of one kind, are counted to the end; others up to 1,000,
    /// among the first 10,000 that wait, or fewer where many such queues are listed.
    pub is_exact: bool,
}

/// The view of what was stored. Counted beside the writes: that may take a while, and on SQLite there is one writer.
pub(super) async fn viewed(state: &State, caller: SignedIn, row: SavedQueue) -> Result<SavedQueueView, Problem> {
    let now = state.clock.now();
    state.db.read(move |conn| view(conn, &caller, row.clone(), now)).await
}

/// A queue as the caller sees it.
pub(super) fn view(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    row: SavedQueue,
    now: Timestamp,
) -> Result<SavedQueueView, Problem> {
    views(conn, caller, vec![row], now)?.pop().ok_or_else(|| Problem::new(Code::NotFound))
}

/// These queues, with what is in them.
pub(super) fn views(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    rows: Vec<SavedQueue>,
    now: Timestamp,
) -> Result<Vec<SavedQueueView>, Problem> {
    let ids: Vec<SavedQueueId> = rows.iter().map(|row| row.id).collect();
    let mut assignees: HashMap<SavedQueueId, Vec<AccountId>> = HashMap::new();
    for (queue, account) in saved_queues::list_assignees(conn, &ids)? {
        assignees.entry(queue).or_default().push(account);
    }
    let filters: Vec<QueueFilter> = rows.iter().map(|row| row.filter().unwrap_or_default()).collect();
    let named: Vec<SiteId> = filters.iter().flat_map(|filter| filter.sites.iter().copied()).collect();
    let keys: HashMap<SiteId, String> = sites::list_keys(conn, &named)?.into_iter().collect();
    let (mut views, mut left) = (Vec::with_capacity(rows.len()), LOOKED_AT_OF_ALL);
    for (row, filter) in rows.into_iter().zip(filters) {
        let source = Source::of_filter(caller, filter.clone())?;
        let site_keys = filter.sites.iter().filter_map(|site| keys.get(site).cloned()).collect();
        views.push(SavedQueueView {
            id: row.id,
            name: row.name,
            filter: filter.of_sites(site_keys),
            is_shared: row.is_shared,
            assigned_to: assignees.remove(&row.id).unwrap_or_default(),
            owner_id: row.owner_id,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            count: count(conn, &source, &mut left, now)?,
        });
    }
    Ok(views)
}

/// How much is in a queue: by the counters of its sites where these tell, else counted as far as that is cheap, and as what is
/// left for a page allows.
fn count(conn: &mut Conn<'_>, source: &Source, left: &mut usize, now: Timestamp) -> Result<AmountView, Problem> {
    if source.takes_all()
        && let Some(number) = counted(conn, source)?
    {
        return Ok(AmountView { number, is_exact: true });
    }
    if *left == 0 {
        return Ok(AmountView { number: 0, is_exact: false });
    }
    let walk = source.walk(Order::Oldest, None, now);
    let Sifted { taken, next, looked_at } = sift(conn, &walk, None, COUNTED, LOOKED_AT.min(*left))?;
    *left = left.saturating_sub(looked_at);
    Ok(AmountView { number: i64::try_from(taken.len()).unwrap_or(i64::MAX), is_exact: next.is_none() })
}

/// The sum of the counters; nothing where several kinds of waiting may be of one reply.
fn counted(conn: &mut Conn<'_>, source: &Source) -> Result<Option<i64>, Problem> {
    if matches!(&source.base, Base::Waiting(queues) if queues.len() > 1) {
        return Ok(None);
    }
    let sites = match &source.sites {
        QueueSites::All => None,
        QueueSites::These(sites) => Some(sites.as_slice()),
    };
    Ok(Some(sites::sum_counters(conn, sites, &source.base)?))
}
