//! Policies made ready, in memory: each version once, as long as there is room.

use std::sync::Arc;

use diesel::QueryResult;
use moka::sync::Cache;

use crate::{
    domain::{
        ids::SiteId,
        rules::{
            Outcome,
            policy::{Policy, ReadyPolicy},
        },
    },
    store::{Conn, policies, sites::Site},
};

/// Bytes of bodies whose policies are kept; ready they take several times as much.
const KEPT_BYTES: u64 = 16 * 1024 * 1024;

/// See the module's description. Cheap to clone.
#[derive(Clone)]
pub struct Policies {
    kept: Cache<(SiteId, i64), Kept>,
    /// What every site begins with.
    first: Arc<ReadyPolicy>,
}

#[derive(Clone)]
struct Kept {
    policy: Arc<ReadyPolicy>,
    bytes: u32,
}

impl Policies {
    /// With nothing kept.
    pub fn new() -> Self {
        let weight = |_: &(SiteId, i64), kept: &Kept| kept.bytes.max(1_024);
        let first = Policy::default().ready().expect("what every site begins with can be run");
        Self { kept: Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).build(), first: Arc::new(first) }
    }

    /// The body of the site's present policy, if it is not in memory yet.
    pub fn missing_body(&self, conn: &mut Conn<'_>, site: &Site) -> QueryResult<Option<String>> {
        if site.policy_version == 0 || self.kept.contains_key(&(site.id, site.policy_version)) {
            return Ok(None);
        }
        Ok(policies::find(conn, site.id, site.policy_version)?.map(|policy| policy.body))
    }

    /// Whether near copies matter on a site, as far as that is known.
    pub(super) fn asks_for_copies(&self, site: &Site) -> bool {
        let kept = self.kept.get(&(site.id, site.policy_version));
        kept.is_none_or(|kept| kept.policy.repeats().near > Outcome::Pass)
    }

    /// A version of a site's policy, made ready of this body if it is not in memory: dear, so of several who ask at once
    /// one makes it. None: it cannot be read, such as one of a newer program.
    pub fn ready(&self, site: SiteId, version: i64, body: Option<String>) -> Option<Arc<ReadyPolicy>> {
        if version == 0 {
            return Some(self.first.clone());
        }
        let make = || {
            let body = body.ok_or(())?;
            let bytes = u32::try_from(body.len()).unwrap_or(u32::MAX);
            let policy: Policy = serde_json::from_str(&body).map_err(|cause| {
                tracing::error!(%site, version, %cause, "a policy cannot be read, so replies wait");
            })?;
            let policy = policy.ready().map_err(|errors| {
                tracing::error!(%site, version, ?errors, "a policy cannot be run, so replies wait");
            })?;
            Ok::<_, ()>(Kept { policy: Arc::new(policy), bytes })
        };
        self.kept.try_get_with((site, version), make).ok().map(|kept| kept.policy)
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self::new()
    }
}
