//! Where replies are taken from: a queue or a saved one, as far as the caller moderates its sites.

use super::{moderated_site, saved::find_seen};
use crate::{
    auth::permission::{Object, Operation},
    domain::{
        ids::*,
        queue_filter::{Base, QueueFilter, QueueName},
        timestamp::Timestamp,
    },
    http::{
        caller::SignedIn,
        problem::{Code, Problem},
    },
    store::{
        Conn,
        moderation::QueueSites,
        queue_walk::{Order, Walk},
    },
};

/// Replies that are looked at for one answer where a filter takes but a few.
pub(super) const LOOKED_AT: usize = 20_000;

/// Where replies are taken from.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub base: Base,
    pub sites: QueueSites,
    /// Nothing where all is taken.
    filter: Option<QueueFilter>,
}

impl Source {
    /// A queue of one site, or of all that the caller moderates.
    pub(super) fn of_queue(
        conn: &mut Conn<'_>,
        caller: &SignedIn,
        (queue, site): (QueueName, Option<&str>),
        operation: Operation,
    ) -> Result<Self, Problem> {
        let sites = chosen_sites(conn, caller, site, operation)?;
        let base = match queue.kind() {
            Ok(queue) => Base::Waiting(vec![queue]),
            Err(state) => Base::Decided(vec![state]),
        };
        Ok(Self { base, sites, filter: None })
    }

    /// A saved queue that the caller sees.
    pub(super) fn of_saved(
        conn: &mut Conn<'_>,
        caller: &SignedIn,
        id: SavedQueueId,
        operation: Operation,
    ) -> Result<Self, Problem> {
        caller.may_across(operation, Object::default())?;
        let queue = find_seen(conn, caller, id)?;
        let filter = queue.filter().ok_or_else(|| Problem::new(Code::Internal).caused_by("an unreadable filter"))?;
        Self::of_filter(caller, filter)
    }

    /// What a filter takes, on those of its sites that the caller moderates.
    pub(super) fn of_filter(caller: &SignedIn, filter: QueueFilter) -> Result<Self, Problem> {
        let base = filter.base().ok_or_else(|| Problem::new(Code::Internal).caused_by("a filter of two kinds"))?;
        let sites = caller.standing.queue_sites(&filter.sites);
        Ok(Self { base, sites, filter: Some(filter).filter(|filter| !filter.is_whole()) })
    }

    /// Whether everything in its queues is taken.
    pub(super) fn takes_all(&self) -> bool {
        self.filter.is_none()
    }

    /// The way through it.
    pub(super) fn walk(&self, order: Order, taker: Option<AccountId>, now: Timestamp) -> Walk<'_> {
        Walk { base: &self.base, sites: &self.sites, filter: self.filter.as_ref(), order, taker, now }
    }
}

/// The sites whose queues are asked for: the one that is named, or all that the caller moderates.
pub(super) fn chosen_sites(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    site: Option<&str>,
    operation: Operation,
) -> Result<QueueSites, Problem> {
    if let Some(key) = site {
        return Ok(QueueSites::These(vec![moderated_site(conn, caller, key, operation)?.id]));
    }
    caller.may_across(operation, Object::default())?;
    Ok(caller.standing.queue_sites(&[]))
}
