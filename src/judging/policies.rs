//! Policies made ready, in memory: each version once, as long as there is room.

use std::sync::Arc;

use diesel::QueryResult;
use moka::sync::Cache;
use serde::Deserialize;

use crate::{
    domain::{
        case::ReportSettings,
        ids::SiteId,
        notice::NoticeSettings,
        rules::{
            Outcome,
            policy::{Policy, ReadyPolicy},
        },
        sanction::SanctionSettings,
    },
    store::{Conn, policies, sites::Site},
};

/// Bytes of bodies whose policies are kept; ready they take several times as much.
const KEPT_BYTES: u64 = 16 * 1024 * 1024;

/// See the module's description. Cheap to clone.
#[derive(Clone)]
pub struct Policies {
    kept: Cache<(SiteId, i64), Kept>,
    /// What reports and notices do, by site and version.
    beside: Cache<(SiteId, i64), Beside>,
    /// What every site begins with.
    first: Arc<ReadyPolicy>,
}

/// A policy as it was found.
pub enum ReadPolicy {
    /// In memory. It is taken along, since it may be gone from there a moment later.
    Ready(Arc<ReadyPolicy>),
    /// In the database.
    Body(String),
    /// Nowhere.
    Missing,
}

impl ReadPolicy {
    /// Whether near copies matter, as far as that is known.
    pub(super) fn asks_for_copies(&self) -> bool {
        match self {
            Self::Ready(policy) => policy.repeats().near > Outcome::Pass,
            Self::Body(_) | Self::Missing => true,
        }
    }
}

/// The settings of a policy that are no rules about texts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Beside {
    reports: ReportSettings,
    notices: NoticeSettings,
    sanctions: SanctionSettings,
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
        Self {
            kept: Cache::builder().max_capacity(KEPT_BYTES).weigher(weight).build(),
            beside: Cache::new(1_000),
            first: Arc::new(first),
        }
    }

    /// Reads the site's present policy, if it is not in memory yet.
    pub fn read(&self, conn: &mut Conn<'_>, site: &Site) -> QueryResult<ReadPolicy> {
        if site.policy_version == 0 {
            return Ok(ReadPolicy::Ready(self.first.clone()));
        }
        if let Some(kept) = self.kept.get(&(site.id, site.policy_version)) {
            return Ok(ReadPolicy::Ready(kept.policy));
        }
        let row = policies::find(conn, site.id, site.policy_version)?;
        Ok(row.map_or(ReadPolicy::Missing, |row| ReadPolicy::Body(row.body)))
    }

    /// What reports do on a site.
    pub fn reports(&self, conn: &mut Conn<'_>, site: &Site) -> QueryResult<ReportSettings> {
        Ok(self.beside(conn, site)?.reports)
    }

    /// What becomes of notices of illegal content on a site.
    pub fn notices(&self, conn: &mut Conn<'_>, site: &Site) -> QueryResult<NoticeSettings> {
        Ok(self.beside(conn, site)?.notices)
    }

    /// What a site's moderators are advised to do about people.
    pub fn sanctions(&self, conn: &mut Conn<'_>, site: &Site) -> QueryResult<SanctionSettings> {
        Ok(self.beside(conn, site)?.sanctions)
    }

    /// Where the policy is not in memory only these settings are read of it.
    fn beside(&self, conn: &mut Conn<'_>, site: &Site) -> QueryResult<Beside> {
        let version = (site.id, site.policy_version);
        if let Some(settings) = self.beside.get(&version) {
            return Ok(settings);
        }
        let settings = match self.read(conn, site)? {
            ReadPolicy::Ready(policy) => {
                Beside { reports: *policy.reports(), notices: *policy.notices(), sanctions: policy.sanctions().clone() }
            }
            ReadPolicy::Body(body) => serde_json::from_str(&body).unwrap_or_default(),
            ReadPolicy::Missing => Beside::default(),
        };
        self.beside.insert(version, settings.clone());
        Ok(settings)
    }

    /// A version of a site's policy as it was read, made ready: dear, so of several who ask at once one does it. None: it
    /// cannot be run, such as one of a newer program.
    pub fn ready(&self, site: SiteId, version: i64, read: ReadPolicy) -> Option<Arc<ReadyPolicy>> {
        let body = match read {
            ReadPolicy::Ready(policy) => return Some(policy),
            ReadPolicy::Body(body) => body,
            ReadPolicy::Missing => return None,
        };
        let make = || {
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
