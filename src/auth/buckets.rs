//! Buckets of pace, in memory: requests empty one, time fills it again (GCRA, by `governor`).
//!
//! One instance counts for itself, so that of several each lets the whole pace through: what must be exact is counted in the
//! database ([`super::limits`]). All buckets stand in one table of fixed size, by a keyed hash of whose they are, so that a flood
//! of addresses takes no memory and nobody can look for two that share a place.

use std::{
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter, clock,
    middleware::{StateInformationMiddleware, StateSnapshot},
    nanos::Nanos,
    state::StateStore,
};

use super::{api_key::KeyHash, kind::Kind, limits};
use crate::{clock::Clock, config::Paces, domain::ids::*};

/// The time in which a full bucket may be emptied once, and fills again.
pub const WINDOW: Duration = Duration::from_secs(60);

/// Whose bucket it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Whose {
    /// Who is signed in.
    Account(AccountId),
    /// Where the request comes from; of IPv6 the /64.
    Address(IpAddr),
    /// On whose site something is done.
    Site(SiteId),
    /// Which key is shown, for as many people as its blog has.
    Key(KeyHash),
}

impl Whose {
    /// The name in headers and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Address(_) => "address",
            Self::Site(_) => "site",
            Self::Key(_) => "key",
        }
    }

    fn hash(self, kind: Kind, state: &RandomState) -> u64 {
        let hash = match self {
            Self::Account(id) => state.hash_one((kind, 0, id.0.as_u128())),
            Self::Site(id) => state.hash_one((kind, 1, id.0.as_u128())),
            Self::Key(hash) => state.hash_one((kind, 3, hash)),
            Self::Address(address) => state.hash_one((kind, 2, limits::network(address))),
        };
        // 0 is a free place
        hash.max(1)
    }
}

/// How a bucket stands after a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    pub kind: Kind,
    /// As [`Whose::as_str`].
    pub whose: &'static str,
    /// What the bucket holds: requests in [`WINDOW`].
    pub quota: u32,
    /// Requests that it still lets through at once.
    pub remaining: u32,
    /// When it is full again.
    pub full_in: Duration,
}

/// An empty bucket: it lets the next request through after this time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Empty {
    pub level: Level,
    pub retry_after: Duration,
}

/// All buckets of this instance.
#[derive(Debug)]
pub struct Buckets {
    hasher: RandomState,
    clock: Clock,
    /// By kind, of an account, an address, a site and a key.
    limiters: [[Option<Limiter>; 4]; Kind::ALL.len()],
}

type Limiter = RateLimiter<u64, Shared, Time, StateInformationMiddleware>;

impl Buckets {
    /// All full.
    pub fn new(paces: &Paces, clock: Clock) -> Self {
        let table = Shared(Arc::new(Table::new()));
        let limiter = |pace: Option<u32>| -> Option<Limiter> {
            let quota = Quota::per_minute(NonZeroU32::new(pace?)?);
            Some(RateLimiter::new(quota, table.clone(), Time(clock.clone())))
        };
        let limiters = Kind::ALL.map(|kind| {
            let pace = paces.of(kind);
            let times = |times: u32| pace.map(|pace| pace.saturating_mul(times));
            match kind {
                Kind::Page => [None, limiter(pace), None, None],
                _ => [
                    limiter(pace),
                    limiter(times(paces.address_times)),
                    limiter(times(paces.site_times)),
                    limiter(times(paces.site_times)),
                ],
            }
        });
        Self { hasher: RandomState::new(), clock, limiters }
    }

    /// Takes a request out of a bucket; nothing where this pace is not limited.
    pub fn take(&self, kind: Kind, whose: Whose) -> Option<Result<Level, Empty>> {
        let place = match whose {
            Whose::Account(_) => 0,
            Whose::Address(_) => 1,
            Whose::Site(_) => 2,
            Whose::Key(_) => 3,
        };
        let limiter = self.limiters[kind as usize][place].as_ref()?;
        let level = |quota: Quota, remaining: u32| Level {
            kind,
            whose: whose.as_str(),
            quota: quota.burst_size().get(),
            remaining,
            full_in: quota.replenish_interval() * (quota.burst_size().get() - remaining),
        };
        let of = |snapshot: StateSnapshot| level(snapshot.quota(), snapshot.remaining_burst_capacity());
        Some(limiter.check_key(&whose.hash(kind, &self.hasher)).map(of).map_err(|not_until| Empty {
            level: level(not_until.quota(), 0),
            retry_after: not_until.wait_time_from(self.clock.elapsed()),
        }))
    }
}

/// The clock as buckets look at it.
#[derive(Clone, Debug)]
struct Time(Clock);

impl clock::Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Places that a bucket can be at.
const WAYS: usize = 8;
/// So many times as many buckets: 65,536 of 16 bytes.
const SETS: usize = 8_192;

/// A bucket: whose, and when it will be full.
#[derive(Clone, Copy, Default, Debug)]
struct Slot {
    key: u64,
    full_at: u64,
}

/// The buckets that are not full, as far as there is room; one that is not there counts as full.
#[derive(Debug)]
struct Table(Box<[Mutex<[Slot; WAYS]>]>);

impl Table {
    fn new() -> Self {
        Self((0..SETS).map(|_| Mutex::default()).collect())
    }
}

#[derive(Clone, Debug)]
struct Shared(Arc<Table>);

impl StateStore for Shared {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let sets = &self.0.0;
        let place = usize::try_from(*key % sets.len() as u64).unwrap_or_default();
        let mut set = sets[place].lock().unwrap_or_else(PoisonError::into_inner);
        let found = set.iter().position(|slot| slot.key == *key);
        let (outcome, full_at) = measure(found.map(|at| set[at].full_at.into()))?;
        // who is not there yet takes a free place, or that of the bucket which is full, or will be, before the others: what
        // was emptied most is remembered longest
        let fullest = || (0..WAYS).min_by_key(|at| set[*at].full_at).unwrap_or_default();
        let at = found.unwrap_or_else(fullest);
        set[at] = Slot { key: *key, full_at: full_at.into() };
        Ok(outcome)
    }
}

#[cfg(test)]
#[path = "buckets_tests.rs"]
mod tests;
