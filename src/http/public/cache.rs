//! Pages in memory: each made once for what is stored, and given to everybody until that changes.
//!
//! A page keeps the board's epoch from before it was read, so that a change which is announced while it is made makes it
//! old at once. Many who ask for a page that is not there wait for one to be made; who came after a change does not take
//! one that was begun before it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::http::header::HeaderValue;
use moka::{notification::RemovalCause, sync::Cache};
use prometheus::IntCounter;
use tokio::sync::OnceCell;

use super::{
    PublicPage, Reader,
    page::{Made, Page, Standing},
    query::{Context, PublicQuery},
};
use crate::{app::State, config::Config, http::problem::Problem, store::board::Epoch};

/// Of the memory, so much for addresses as they were written, which lead to queries.
const ADDRESSES_SHARE: u64 = 16;
/// How long a page that could not be looked at again is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// See the module's description.
#[derive(Debug)]
pub struct PageCache {
    pages: Cache<PublicQuery, Arc<Page>>,
    /// What addresses that were read before ask for.
    addresses: Cache<String, Arc<PublicQuery>>,
    flights: Mutex<HashMap<PublicQuery, Arc<Flight>>>,
    cache_control: HeaderValue,
}

/// A page in the making.
#[derive(Debug)]
struct Flight {
    epoch: Epoch,
    began: Duration,
    /// Whether the replica is not asked: it may lack a version that this instance has not heard of.
    skips_replica: bool,
    outcome: OnceCell<Result<Arc<Page>, Problem>>,
}

/// What the reader of a page must see.
#[derive(Clone, Copy, Debug)]
struct Demand {
    epoch: Epoch,
    arrived: Duration,
    min_version: Option<i64>,
}

impl Demand {
    /// Whether the page shows what the reader must see, or is at least newer than the question.
    fn is_met(&self, page: &Page, state: &State) -> bool {
        let is_newer = page.epoch() >= self.epoch && page.read_at() >= self.arrived;
        is_newer || ((page.epoch() >= self.epoch || page.is_unchanged(state.db.board())) && self.has_version(page))
    }

    fn has_version(&self, page: &Page) -> bool {
        let version = page.about().story_version;
        self.min_version.is_none_or(|least| version.is_none_or(|version| version >= least))
    }
}

/// A place among those who wait for a page; the last one to leave takes it out of the list.
struct Seat<'a> {
    cache: &'a PageCache,
    query: &'a PublicQuery,
    flight: Arc<Flight>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let mut flights = self.cache.flights.lock().unwrap_or_else(PoisonError::into_inner);
        let is_ours = flights.get(self.query).is_some_and(|listed| Arc::ptr_eq(listed, &self.flight));
        // the list's own and this one's
        let is_last = Arc::strong_count(&self.flight) <= 2;
        if is_ours && (is_last || self.flight.outcome.initialized()) {
            flights.remove(self.query);
        }
    }
}

impl PageCache {
    /// An empty one.
    pub fn new(config: &Config, evictions: IntCounter) -> Self {
        let bytes = u64::from(config.cache_max_mb) * 1024 * 1024;
        let weight = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let cache_control = format!(
            "public, max-age={}, stale-while-revalidate={}",
            config.pages_max_age.as_secs(),
            config.pages_stale.as_secs()
        );
        Self {
            pages: Cache::builder()
                .max_capacity(bytes - bytes / ADDRESSES_SHARE)
                .weigher(move |query: &PublicQuery, page: &Arc<Page>| weight(query.weight() + page.weight()))
                .eviction_listener(move |_, _, cause| {
                    if cause == RemovalCause::Size {
                        evictions.inc();
                    }
                })
                .build(),
            addresses: Cache::builder()
                .max_capacity(bytes / ADDRESSES_SHARE)
                .weigher(move |address: &String, query: &Arc<PublicQuery>| weight(address.len() + query.weight() + 100))
                .build(),
            flights: Mutex::default(),
            cache_control: HeaderValue::from_str(&cache_control).expect("numbers are visible ASCII"),
        }
    }

    /// Pages in memory, and the bytes that they take.
    pub fn size(&self) -> (u64, u64) {
        self.pages.run_pending_tasks();
        (self.pages.entry_count(), self.pages.weighted_size())
    }

    /// Readers who wait for pages that are being made.
    pub fn waiting(&self) -> usize {
        let flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.values().map(|flight| Arc::strong_count(flight) - 1).sum()
    }

    /// What shared caches and browsers are told of pages.
    pub fn cache_control(&self) -> HeaderValue {
        self.cache_control.clone()
    }

    /// Answers a public read: from memory if the page is there and right. With `min_version` the page shows at least this
    /// version of its story, if there is one.
    pub async fn answer(
        &self,
        state: &State,
        reader: Reader,
        query: PublicQuery,
        min_version: Option<i64>,
    ) -> Result<PublicPage, Problem> {
        let page = self.find_or_make(state, &query, min_version).await?;
        if min_version.is_none() && !page.about().places.is_empty() {
            self.addresses.insert(reader.address().to_owned(), Arc::new(query.clone()));
        }
        if reader.knows(&page) {
            return Ok(reader.not_modified(&page, state));
        }
        let (body, is_new) = page.body(reader.encoding()).await?;
        if is_new {
            // it has become heavier
            self.keep(&query, &page);
        }
        Ok(reader.page(&page, body, state))
    }

    /// The finished page at an address as it is written, if it is in memory and right.
    pub(super) fn find_by_address(&self, state: &State, address: &str) -> Option<(Arc<PublicQuery>, Arc<Page>)> {
        let query = self.addresses.get(address)?;
        let page = self.pages.get(&*query)?;
        let standing = page.standing(state.db.board(), state.clock.elapsed(), || state.clock.now());
        if standing != Standing::Right {
            return None;
        }
        state.metrics.cache_hits.inc();
        Some((query, page))
    }

    async fn find_or_make(
        &self,
        state: &State,
        query: &PublicQuery,
        min_version: Option<i64>,
    ) -> Result<Arc<Page>, Problem> {
        let board = state.db.board();
        let demand = Demand { epoch: board.epoch(), arrived: state.clock.elapsed(), min_version };
        let known = self.pages.get(query);
        let Some(page) = &known else {
            state.metrics.cache_misses.inc();
            return self.make(state, query, None, demand).await;
        };
        match page.standing(board, demand.arrived, || state.clock.now()) {
            _ if !demand.has_version(page) => {}
            Standing::Right => {
                state.metrics.cache_hits.inc();
                return Ok(page.clone());
            }
            Standing::Aging => {
                state.metrics.cache_hits.inc();
                self.look_again(state, query, page, demand);
                return Ok(page.clone());
            }
            Standing::Over => {}
        }
        state.metrics.cache_misses.inc();
        self.make(state, query, known, demand).await
    }

    /// Looks in the background whether an aging page is still right.
    fn look_again(&self, state: &State, query: &PublicQuery, page: &Arc<Page>, demand: Demand) {
        if !page.claim_look(demand.arrived, LEFT_ALONE) {
            return;
        }
        let (state, query, known) = (state.clone(), query.clone(), page.clone());
        tokio::spawn(async move {
            // if it fails the page goes on for as long as it may
            let _ = state.pages.make(&state, &query, Some(known), demand).await;
        });
    }

    /// The page, made by this caller or by another who asks for the same.
    async fn make(
        &self,
        state: &State,
        query: &PublicQuery,
        known: Option<Arc<Page>>,
        demand: Demand,
    ) -> Result<Arc<Page>, Problem> {
        loop {
            let seat = self.join(state, query, demand.min_version.is_some());
            let flight = &seat.flight;
            let page = flight.outcome.get_or_init(|| self.fly(state, query, known.clone(), flight)).await.clone()?;
            drop(seat);
            // one that was begun before a change that this caller must see is not for him; the next one begins after it
            if demand.is_met(&page, state) {
                return Ok(page);
            }
        }
    }

    fn join<'a>(&'a self, state: &State, query: &'a PublicQuery, skips_replica: bool) -> Seat<'a> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || {
            let (epoch, began) = (state.db.board().epoch(), state.clock.elapsed());
            Arc::new(Flight { epoch, began, skips_replica, outcome: OnceCell::new() })
        };
        let flight = flights.entry(query.clone()).or_insert_with(begin);
        // one that has ended is not for who comes now
        if flight.outcome.initialized() || (skips_replica && !flight.skips_replica) {
            *flight = begin();
        }
        Seat { cache: self, query, flight: flight.clone() }
    }

    async fn fly(
        &self,
        state: &State,
        query: &PublicQuery,
        known: Option<Arc<Page>>,
        flight: &Flight,
    ) -> Result<Arc<Page>, Problem> {
        let work = {
            let (state, query, known) = (state.clone(), query.clone(), known.clone());
            move |conn: &mut crate::store::Conn<'_>| {
                let (cursors, home) = (&state.cursors, state.config.home());
                let context = Context { cursors, home, now: state.clock.now(), known: known.as_deref() };
                query.make(conn, &context)
            }
        };
        let board = state.db.board();
        let is_new = |made: &Made| match made {
            Made::Same => known.as_ref().is_some_and(|known| known.about().is_up_to_date(board)),
            Made::New(made) => made.about.is_up_to_date(board),
        };
        let replicas = if flight.skips_replica { None } else { state.db.read_replica(work.clone()).await };
        let made = match replicas {
            Some(Ok(made)) if is_new(&made) => made,
            // what it has not, or not yet, may be in the database itself
            _ => state.db.read(work).await?,
        };
        if let Made::New(made) = &made {
            made.about.seen(board);
            state.metrics.cache_renders.inc();
        }
        let page = match (made, known) {
            (Made::Same, Some(known)) => known.renewed(flight.epoch, flight.began),
            (Made::New(made), Some(known)) if made.validator == known.validator() => {
                known.remade(made.about, flight.epoch, flight.began)
            }
            (Made::New(made), _) => Page::new(made, flight.epoch, flight.began),
            (Made::Same, None) => unreachable!("nothing was known that could be the same"),
        };
        let page = Arc::new(page);
        self.keep(query, &page);
        Ok(page)
    }

    fn keep(&self, query: &PublicQuery, page: &Arc<Page>) {
        // what is to be kept nowhere would stay for a moment
        let has_room = self.pages.policy().max_capacity() != Some(0);
        if has_room && !page.about().places.is_empty() {
            self.pages.insert(query.clone(), page.clone());
        }
    }
}
