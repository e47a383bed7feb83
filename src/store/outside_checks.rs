//! Who is asked about a site's replies.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::{outside_checks, sites},
};
use crate::domain::{ids::*, outside_check::OutsideKind, timestamp::Timestamp};

/// Who is asked about a site's replies.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = outside_checks)]
#[diesel(primary_key(site_id))]
#[diesel(treat_none_as_null = true)]
pub struct OutsideCheck {
    pub site_id: SiteId,
    pub kind: OutsideKind,
    /// Of the endpoint, or of the service that speaks Akismet's protocol.
    pub url: String,
    /// The site's front page, by which such a service knows it.
    pub blog_url: Option<String>,
    /// Encrypted.
    pub secret: String,
    /// The one that it took the place of, encrypted.
    pub former_secret: Option<String>,
    /// Who made it so.
    pub author_id: Option<AccountId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Who is asked about a site's replies, if anybody is.
pub fn find(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<Option<OutsideCheck>> {
    native!(conn, c => outside_checks::table.find(site).select(OutsideCheck::as_select()).first(c).optional())
}

/// Stores who is asked from now on, as this version. The site is locked.
pub fn put(conn: &mut Conn<'_>, check: &OutsideCheck, version: i64) -> QueryResult<()> {
    native!(conn, c => {
        diesel::insert_into(outside_checks::table)
            .values(check)
            .on_conflict(outside_checks::site_id)
            .do_update()
            .set(check)
            .execute(c)
    })?;
    note(conn, check.site_id, true, version)
}

/// Asks nobody from now on. The site is locked.
pub fn delete(conn: &mut Conn<'_>, site: SiteId, version: i64) -> QueryResult<()> {
    native!(conn, c => diesel::delete(outside_checks::table.find(site)).execute(c))?;
    note(conn, site, false, version)
}

/// Stands at the site too, so that replies elsewhere cost no further statement.
fn note(conn: &mut Conn<'_>, site: SiteId, asks: bool, version: i64) -> QueryResult<()> {
    let changes = (sites::asks_outside.eq(asks), sites::outside_version.eq(version));
    native!(conn, c => diesel::update(sites::table.find(site)).set(changes).execute(c))?;
    Ok(())
}
