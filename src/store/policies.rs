//! Policies of sites, version by version.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::{policies, sites},
};
use crate::domain::{ids::*, timestamp::Timestamp};

/// A version of a site's policy.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = policies)]
pub struct PolicyVersion {
    pub site_id: SiteId,
    /// From 1.
    pub version: i64,
    /// JSON.
    pub body: String,
    pub author_id: Option<AccountId>,
    pub created_at: Timestamp,
    /// The former version that it was made of.
    pub restored_from: Option<i64>,
}

/// A version without its body.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = policies)]
pub struct PolicyVersionHead {
    pub version: i64,
    pub author_id: Option<AccountId>,
    pub created_at: Timestamp,
    pub restored_from: Option<i64>,
}

/// A version of a site's policy.
pub fn find(conn: &mut Conn<'_>, site: SiteId, version: i64) -> QueryResult<Option<PolicyVersion>> {
    native!(conn, c => {
        policies::table.find((site, version)).select(PolicyVersion::as_select()).first(c).optional()
    })
}

/// Up to `limit` versions of a site's policy, the newest first, before this one.
pub fn list(conn: &mut Conn<'_>, site: SiteId, before: i64, limit: i64) -> QueryResult<Vec<PolicyVersionHead>> {
    let versions = policies::table
        .filter(policies::site_id.eq(site))
        .filter(policies::version.lt(before))
        .order(policies::version.desc())
        .limit(limit);
    native!(conn, c => versions.select(PolicyVersionHead::as_select()).load(c))
}

/// Stores the next version, which holds from now on. The site is locked.
pub fn insert(conn: &mut Conn<'_>, policy: &PolicyVersion) -> QueryResult<()> {
    native!(conn, c => {
        diesel::insert_into(policies::table).values(policy).execute(c)?;
        diesel::update(sites::table.find(policy.site_id)).set(sites::policy_version.eq(policy.version)).execute(c)
    })?;
    Ok(())
}
