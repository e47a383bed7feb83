//! Sites.

use diesel::{prelude::*, sql_types::BigInt};

use super::{
    Conn, Native, badges,
    changes::Change,
    conn::native,
    schema::{site_counters, sites},
    sql::{Sql, is_taken},
    types::{Key, TextList},
};
use crate::domain::{
    colour::Colour, ids::*, moderation::ModerationMode, queue_filter::Base, site::UnprovenAccounts,
    story_url::StoryUrl, timestamp::Timestamp,
};

/// A news blog.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sites)]
pub struct Site {
    pub id: SiteId,
    pub key: String,
    pub name: String,
    pub tagline: String,
    pub allowed_origins: TextList,
    pub reserved_names: TextList,
    /// The same folded, as usernames are compared.
    pub reserved_keys: TextList,
    pub tracking_params: TextList,
    pub moderation_mode: ModerationMode,
    pub trusted_after: i32,
    pub edit_window_secs: i32,
    pub close_after_days: Option<i32>,
    /// Raised whenever a name, a badge or a setting that public pages show changes.
    pub people_version: i64,
    /// Raised by each change of the policy; 0: nobody has changed it.
    pub policy_version: i64,
    /// Whether moderators may change the policy, and not admins alone.
    pub moderators_change_policy: bool,
    /// Whether somebody outside is asked about replies: there is a row in `outside_checks`.
    pub asks_outside: bool,
    /// Raised by each change of that; 0: nobody has changed it.
    pub outside_version: i64,
    /// What its mails are headed with, as `#rrggbb`.
    pub colour: Option<String>,
    /// What may be done by who has proven nothing yet.
    pub unproven_accounts: UnprovenAccounts,
    pub closed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Site {
    /// Its colour, if one was chosen.
    pub fn colour(&self) -> Option<Colour> {
        self.colour.as_deref().and_then(Colour::parse)
    }

    /// The key of a story's URL here; the URL itself where it is none, which [`crate::domain::story_url`] never lets in.
    pub fn url_key(&self, url: &str) -> String {
        StoryUrl::parse(url, &self.tracking_params.0).map_or_else(|_| url.to_owned(), |url| url.key().to_owned())
    }
}

/// Exact numbers of a site's replies by state, and of those in the queues of reported and of flagged ones and of appeals.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Queryable, Selectable)]
#[diesel(table_name = site_counters)]
pub struct SiteCounters {
    pub pending: i64,
    pub approved: i64,
    pub rejected: i64,
    pub spam: i64,
    pub withdrawn: i64,
    pub reported: i64,
    pub flagged: i64,
    pub returned: i64,
    pub appeals: i64,
    /// Raised by each change.
    pub version: i64,
}

/// What became of storing a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SiteOutcome {
    Stored,
    KeyTaken,
}

/// The site with this id.
pub fn find(conn: &mut Conn<'_>, id: SiteId) -> QueryResult<Option<Site>> {
    native!(conn, c => sites::table.find(id).select(Site::as_select()).first(c).optional())
}

/// The site with this key.
pub fn find_by_key(conn: &mut Conn<'_>, key: &str) -> QueryResult<Option<Site>> {
    native!(conn, c => sites::table.filter(sites::key.eq(key)).select(Site::as_select()).first(c).optional())
}

/// The site with this key, locked until the end of the transaction: of two changes of its settings neither undoes the
/// other. On SQLite the transaction itself is the lock.
pub fn find_by_key_locked(conn: &mut Conn<'_>, key: &str) -> QueryResult<Option<Site>> {
    match &mut conn.native {
        Native::Sqlite(_) => find_by_key(conn, key),
        Native::Pg(c) => {
            sites::table.filter(sites::key.eq(key)).select(Site::as_select()).for_no_key_update().first(*c).optional()
        }
    }
}

/// The site with this key, held so that its settings stay as they are until the end of the transaction.
pub fn find_by_key_held(conn: &mut Conn<'_>, key: &str) -> QueryResult<Option<Site>> {
    match &mut conn.native {
        Native::Sqlite(_) => find_by_key(conn, key),
        Native::Pg(c) => {
            sites::table.filter(sites::key.eq(key)).select(Site::as_select()).for_share().first(*c).optional()
        }
    }
}

/// What usernames and passwords are compared with.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sites)]
pub struct SiteWords {
    pub key: String,
    pub name: String,
    pub reserved_keys: TextList,
}

/// The words of every site.
pub fn list_words(conn: &mut Conn<'_>) -> QueryResult<Vec<SiteWords>> {
    native!(conn, c => sites::table.select(SiteWords::as_select()).load(c))
}

/// Those of these sites that there are, with their keys.
pub fn list_by_keys(conn: &mut Conn<'_>, keys: &[String]) -> QueryResult<Vec<(SiteId, String)>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    // through an iterator: the same list of parameters on both databases
    let these = sites::table.filter(sites::key.eq_any(keys.iter())).select((sites::id, sites::key));
    native!(conn, c => these.load(c))
}

/// The keys of these sites.
pub fn list_keys(conn: &mut Conn<'_>, ids: &[SiteId]) -> QueryResult<Vec<(SiteId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = sites::table.filter(sites::id.eq_any(ids.iter().copied())).select((sites::id, sites::key));
    native!(conn, c => these.load(c))
}

/// Up to `limit` sites in the order of their keys, after this one.
pub fn list(conn: &mut Conn<'_>, after: &str, limit: i64) -> QueryResult<Vec<Site>> {
    native!(conn, c => {
        sites::table.filter(sites::key.gt(after)).order(sites::key).limit(limit).select(Site::as_select()).load(c)
    })
}

/// The allowed origins of every site.
pub fn origins(conn: &mut Conn<'_>) -> QueryResult<Vec<TextList>> {
    native!(conn, c => sites::table.select(sites::allowed_origins).load(c))
}

/// Stores a new site with its counters and the badges that every site has.
pub fn insert(conn: &mut Conn<'_>, site: &Site) -> QueryResult<SiteOutcome> {
    match native!(conn, c => diesel::insert_into(sites::table).values(site).execute(c)) {
        Err(error) if is_taken(&error, "sites", "key") => return Ok(SiteOutcome::KeyTaken),
        outcome => outcome?,
    };
    let counters = (
        site_counters::site_id.eq(site.id),
        site_counters::pending.eq(0),
        site_counters::approved.eq(0),
        site_counters::rejected.eq(0),
        site_counters::spam.eq(0),
        site_counters::withdrawn.eq(0),
        site_counters::reported.eq(0),
    );
    native!(conn, c => diesel::insert_into(site_counters::table).values(counters).execute(c))?;
    badges::insert_built_in(conn, site.id)?;
    Ok(SiteOutcome::Stored)
}

/// Stores changed settings; raises the version of what pages show.
pub fn update(conn: &mut Conn<'_>, site: &Site) -> QueryResult<SiteOutcome> {
    let changes = (
        sites::key.eq(&site.key),
        sites::name.eq(&site.name),
        sites::tagline.eq(&site.tagline),
        sites::allowed_origins.eq(&site.allowed_origins),
        sites::reserved_names.eq(&site.reserved_names),
        sites::reserved_keys.eq(&site.reserved_keys),
        sites::tracking_params.eq(&site.tracking_params),
        sites::moderation_mode.eq(site.moderation_mode),
        sites::trusted_after.eq(site.trusted_after),
        sites::edit_window_secs.eq(site.edit_window_secs),
        sites::close_after_days.eq(site.close_after_days),
        sites::people_version.eq(sites::people_version + 1),
        sites::moderators_change_policy.eq(site.moderators_change_policy),
        sites::colour.eq(&site.colour),
        sites::unproven_accounts.eq(site.unproven_accounts),
        sites::closed_at.eq(site.closed_at),
        sites::updated_at.eq(site.updated_at),
    );
    let update = diesel::update(sites::table.find(site.id)).set(changes).returning(sites::people_version);
    match native!(conn, c => update.get_result(c)) {
        Err(error) if is_taken(&error, "sites", "key") => Ok(SiteOutcome::KeyTaken),
        outcome => {
            conn.note(Change::Site(site.id, outcome?));
            Ok(SiteOutcome::Stored)
        }
    }
}

/// Says that pages of this site show an old name or badge.
pub fn raise_people_version(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<()> {
    let raise = Sql::<BigInt>::new("UPDATE sites SET people_version = people_version + 1 WHERE id = ")
        .key(site)
        .sql(" RETURNING people_version");
    let version = native!(conn, c => raise.get_result(c))?;
    conn.note(Change::Site(site, version));
    Ok(())
}

/// Says so of every site where this account wrote. The account is locked, so that it begins to write nowhere meanwhile.
pub fn raise_people_version_where_wrote(conn: &mut Conn<'_>, account: AccountId) -> QueryResult<()> {
    let raise =
        Sql::<(Key, BigInt)>::new("UPDATE sites SET people_version = people_version + 1 WHERE id IN (SELECT id FROM (")
            .sql("SELECT s.id FROM sites s WHERE s.id IN (SELECT site_id FROM author_counters WHERE account_id = ")
            .key(account)
            .sql(") ORDER BY s.id")
            // in one order, so that two who wrote on the same sites do not wait for each other in a circle
            .sql(if conn.is_pg() { " FOR NO KEY UPDATE" } else { "" })
            .sql(") AS theirs) RETURNING id, people_version");
    let raised: Vec<(SiteId, i64)> = native!(conn, c => raise.load(c))?;
    raised.into_iter().for_each(|(site, version)| conn.note(Change::Site(site, version)));
    Ok(())
}

/// The numbers of a site's queues.
pub fn counters(conn: &mut Conn<'_>, site: SiteId) -> QueryResult<SiteCounters> {
    native!(conn, c => site_counters::table.find(site).select(SiteCounters::as_select()).first(c))
}

/// The queues' numbers of up to `limit` sites in the order of their keys, after this one; of all sites, or of these
/// only.
pub fn list_counters(
    conn: &mut Conn<'_>,
    only: Option<&[SiteId]>,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<(String, SiteCounters)>> {
    let all = site_counters::table.inner_join(sites::table).filter(sites::key.gt(after)).order(sites::key).limit(limit);
    native!(conn, c => match only {
        None => all.select((sites::key, SiteCounters::as_select())).load(c),
        Some(sites) => {
            // through an iterator: the same list of parameters on both databases
            let theirs = sites.iter().copied();
            all.filter(sites::id.eq_any(theirs)).select((sites::key, SiteCounters::as_select())).load(c)
        }
    })
}

/// How many replies all sites, or these only, have of a kind, or of several kinds none of whose replies is of another.
pub fn sum_counters(conn: &mut Conn<'_>, only: Option<&[SiteId]>, of: &Base) -> QueryResult<i64> {
    let columns: Vec<&'static str> = match of {
        Base::Waiting(queues) => queues.iter().map(|queue| queue.as_str()).collect(),
        Base::Decided(states) => states.iter().map(|state| state.as_str()).collect(),
    };
    let mut query = Sql::<BigInt>::new("SELECT CAST(coalesce(sum(0");
    for column in columns {
        // the counters are named as what they count
        query = query.sql(" + ").sql(column);
    }
    query = query.sql("), 0) AS BIGINT) FROM site_counters");
    if let Some(sites) = only {
        query = query.sql(" WHERE site_id IN (").keys(sites.iter().copied()).sql(")");
    }
    native!(conn, c => query.get_result(c))
}
