//! Stories and their commentaries.

use std::time::Duration;

use diesel::{prelude::*, sql_types};

use super::{
    Conn, Native,
    changes::Change,
    conn::native,
    schema::{commentaries, sites, stories, story_urls},
    sites::Site,
    sql::Sql,
    story_changes,
    types::{Instant, Key},
};
use crate::domain::{
    change::ChangeKind, ids::*, moderation::ModerationMode, safe_html::SafeHtml, story::Closing, timestamp::Timestamp,
};

/// One piece on a site.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = stories)]
#[diesel(treat_none_as_null = true)]
pub struct Story {
    pub id: StoryId,
    pub site_id: SiteId,
    pub external_id: String,
    pub headline: String,
    pub source_name: Option<String>,
    pub source_url: Option<String>,
    pub excerpt: Option<String>,
    pub published_at: Timestamp,
    pub moderation_mode: Option<ModerationMode>,
    pub closes_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub is_kept_open: bool,
    /// Raised by each change of what front ends set.
    pub revision: i64,
    /// Raised by each change of what readers see.
    pub version: i64,
    /// The last sequence number given to a reply.
    pub last_seq: i32,
    /// Public replies.
    pub replies: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Story {
    /// A new one that says nothing yet, published now.
    pub fn new(id: StoryId, site_id: SiteId, external_id: String, now: Timestamp) -> Self {
        Self {
            id,
            site_id,
            external_id,
            headline: String::new(),
            source_name: None,
            source_url: None,
            excerpt: None,
            published_at: now,
            moderation_mode: None,
            closes_at: None,
            closed_at: None,
            is_kept_open: false,
            revision: 1,
            version: 1,
            last_seq: 0,
            replies: 0,
            created_at: now,
            updated_at: now,
        }
    }
}

/// The columnist's part of a story.
#[derive(Clone, PartialEq, Eq, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = commentaries)]
pub struct Commentary {
    pub story_id: StoryId,
    pub label: String,
    pub author_name: String,
    pub body_source: String,
    pub body_html: SafeHtml,
}

/// A story with what is shown of it and decides about it.
#[derive(Clone, Debug)]
pub struct StoryHead {
    pub story: Story,
    pub site: Site,
    pub commentary: Option<Commentary>,
}

impl StoryHead {
    /// All that decides whether the story takes replies.
    pub fn closing(&self) -> Closing {
        Closing {
            published_at: self.story.published_at,
            closed_at: self.story.closed_at,
            closes_at: self.story.closes_at,
            is_kept_open: self.story.is_kept_open,
            close_after_days: self.site.close_after_days,
            is_site_closed: self.site.closed_at.is_some(),
        }
    }

    /// The story's own mode or the site's.
    pub fn moderation_mode(&self) -> ModerationMode {
        self.story.moderation_mode.unwrap_or(self.site.moderation_mode)
    }
}

impl From<(Story, Site, Option<Commentary>)> for StoryHead {
    fn from((story, site, commentary): (Story, Site, Option<Commentary>)) -> Self {
        Self { story, site, commentary }
    }
}

macro_rules! heads {
    () => {
        stories::table.inner_join(sites::table).left_join(commentaries::table).select((
            Story::as_select(),
            Site::as_select(),
            Option::<Commentary>::as_select(),
        ))
    };
}

/// The story with this id.
pub fn find_head(conn: &mut Conn<'_>, id: StoryId) -> QueryResult<Option<StoryHead>> {
    let row = native!(conn, c => heads!().filter(stories::id.eq(id)).first::<(Story, Site, Option<Commentary>)>(c));
    Ok(row.optional()?.map(StoryHead::from))
}

/// The story of a site with this external id.
pub fn find_head_by_external_id(
    conn: &mut Conn<'_>,
    site: SiteId,
    external_id: &str,
) -> QueryResult<Option<StoryHead>> {
    let row = native!(conn, c => {
        heads!()
            .filter(stories::site_id.eq(site))
            .filter(stories::external_id.eq(external_id))
            .first::<(Story, Site, Option<Commentary>)>(c)
    });
    Ok(row.optional()?.map(StoryHead::from))
}

/// Locks the story's row until the end of the transaction, so that what hangs under it changes in one order.
///
/// Every write that changes a reply begins here. On SQLite the transaction itself is the lock. Where there is no such
/// story, nothing is locked.
pub fn lock(conn: &mut Conn<'_>, id: StoryId) -> QueryResult<()> {
    if let Native::Pg(c) = &mut conn.native {
        stories::table.find(id).select(stories::id).for_no_key_update().first::<StoryId>(*c).optional()?;
    }
    Ok(())
}

/// Stores a new story.
pub fn insert(conn: &mut Conn<'_>, story: &Story) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(stories::table).values(story).execute(c))?;
    // what was unknown is known now
    conn.note(Change::Site(story.site_id, 0));
    Ok(())
}

/// Stores that a story was closed or reopened by hand.
pub fn update_closing(conn: &mut Conn<'_>, story: &Story) -> QueryResult<()> {
    let changes = (
        stories::closes_at.eq(story.closes_at),
        stories::closed_at.eq(story.closed_at),
        stories::is_kept_open.eq(story.is_kept_open),
        stories::revision.eq(story.revision),
        stories::version.eq(stories::version + 1),
        stories::updated_at.eq(story.updated_at),
    );
    let changed = diesel::update(stories::table.find(story.id)).set(changes).returning(stories::version);
    let version = native!(conn, c => changed.get_result(c))?;
    changed_itself(conn, story.id, version)
}

/// Stores what front ends set; closing by hand, counters and sequence stay as they are.
pub fn update(conn: &mut Conn<'_>, story: &Story) -> QueryResult<()> {
    let changes = (
        stories::headline.eq(&story.headline),
        stories::source_name.eq(&story.source_name),
        stories::source_url.eq(&story.source_url),
        stories::excerpt.eq(&story.excerpt),
        stories::published_at.eq(story.published_at),
        stories::moderation_mode.eq(story.moderation_mode),
        stories::closes_at.eq(story.closes_at),
        stories::revision.eq(stories::revision + 1),
        stories::version.eq(stories::version + 1),
        stories::updated_at.eq(story.updated_at),
    );
    let changed = diesel::update(stories::table.find(story.id)).set(changes).returning(stories::version);
    let version = native!(conn, c => changed.get_result(c))?;
    changed_itself(conn, story.id, version)
}

/// Tells those who follow a story that something about itself changed.
fn changed_itself(conn: &mut Conn<'_>, id: StoryId, version: i64) -> QueryResult<()> {
    conn.note(Change::Story(id, version));
    story_changes::append(conn, id, version, [(ChangeKind::Story, None)])
}

/// Stores the commentary, or takes it away.
pub fn put_commentary(conn: &mut Conn<'_>, story: StoryId, commentary: Option<&Commentary>) -> QueryResult<()> {
    native!(conn, c => match commentary {
        Some(row) => diesel::insert_into(commentaries::table)
            .values(row)
            .on_conflict(commentaries::story_id)
            .do_update()
            .set(row)
            .execute(c),
        None => diesel::delete(commentaries::table.find(story)).execute(c),
    })?;
    Ok(())
}

/// Up to `limit` stories of a site, the newest first, before this one.
pub fn list(
    conn: &mut Conn<'_>,
    site: SiteId,
    before: Option<(Timestamp, StoryId)>,
    limit: i64,
) -> QueryResult<Vec<(Story, Option<Commentary>)>> {
    let mut ids = Sql::<Key>::new("SELECT id FROM stories WHERE site_id = ").key(site);
    if let Some((time, id)) = before {
        ids = ids.sql(" AND (published_at, id) < (").time(time).sql(", ").key(id).sql(")");
    }
    let ids = ids.sql(" ORDER BY published_at DESC, id DESC LIMIT ").int(limit);
    native!(conn, c => {
        let ids: Vec<StoryId> = ids.load(c)?;
        stories::table
            .left_join(commentaries::table)
            .filter(stories::id.eq_any(ids))
            .order((stories::published_at.desc(), stories::id.desc()))
            .select((Story::as_select(), Option::<Commentary>::as_select()))
            .load(c)
    })
}

/// A story's public count.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = stories)]
pub struct StoryCount {
    pub id: StoryId,
    pub external_id: String,
    pub replies: i64,
    pub version: i64,
}

/// Public counts of stories by id.
pub fn count_by_ids(conn: &mut Conn<'_>, ids: &[StoryId]) -> QueryResult<Vec<StoryCount>> {
    native!(conn, c => stories::table.filter(stories::id.eq_any(ids)).select(StoryCount::as_select()).load(c))
}

/// Public counts of a site's stories by external id.
pub fn count_by_external_ids(conn: &mut Conn<'_>, site: SiteId, ids: &[String]) -> QueryResult<Vec<StoryCount>> {
    native!(conn, c => {
        stories::table
            .filter(stories::site_id.eq(site))
            .filter(stories::external_id.eq_any(ids))
            .select(StoryCount::as_select())
            .load(c)
    })
}

/// Public counts of a site's stories by URL, each with the URL's key.
pub fn count_by_urls(conn: &mut Conn<'_>, site: SiteId, keys: &[String]) -> QueryResult<Vec<(String, StoryCount)>> {
    native!(conn, c => {
        story_urls::table
            .inner_join(stories::table)
            .filter(story_urls::site_id.eq(site))
            .filter(story_urls::url_key.eq_any(keys))
            .select((story_urls::url_key, StoryCount::as_select()))
            .load(c)
    })
}

/// A new reply's place under its story.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct NewPlace {
    /// Its number under the story.
    pub seq: i32,
    /// Of the story, with the reply if it is public.
    pub version: i64,
    /// Of what front ends set.
    revision: i64,
    closed_at: Option<Timestamp>,
    is_kept_open: bool,
}

impl NewPlace {
    /// Whether the story says the same of who may reply as when it was looked at.
    pub(super) fn is_as_seen(&self, story: &Story) -> bool {
        (self.revision, self.closed_at, self.is_kept_open) == (story.revision, story.closed_at, story.is_kept_open)
    }
}

/// Gives the next place under a story, which is locked from then on; what is public is counted and seen.
pub(super) fn take_place(conn: &mut Conn<'_>, id: StoryId, is_public: bool) -> QueryResult<NewPlace> {
    type Row =
        (sql_types::Integer, sql_types::BigInt, sql_types::BigInt, sql_types::Nullable<Instant>, sql_types::Bool);
    let take = Sql::<Row>::new("UPDATE stories SET last_seq = last_seq + 1, version = version + ")
        .int(is_public)
        .sql(", replies = replies + ")
        .int(is_public)
        .sql(" WHERE id = ")
        .key(id)
        .sql(" RETURNING last_seq, version, revision, closed_at, is_kept_open");
    let place: NewPlace = native!(conn, c => take.get_result(c))?;
    if is_public {
        conn.note(Change::Story(id, place.version));
    }
    Ok(place)
}

/// Says that readers see something new, and by how many the public replies changed; the new version.
pub(super) fn bump(conn: &mut Conn<'_>, id: StoryId, replies: i64) -> QueryResult<i64> {
    let bump = Sql::<sql_types::BigInt>::new("UPDATE stories SET version = version + 1, replies = replies + ")
        .int(replies)
        .sql(" WHERE id = ")
        .key(id)
        .sql(" RETURNING version");
    let version = native!(conn, c => bump.get_result(c))?;
    conn.note(Change::Story(id, version));
    Ok(version)
}

/// How long the recommendations of a story wait for each other, so that a vote does not make a version.
pub const RECOMMENDATIONS_WAIT: Duration = Duration::from_secs(1);

/// Lets recommendations be seen, if they were not within the last [`RECOMMENDATIONS_WAIT`]; then the new version.
pub(super) fn show_recommendations(conn: &mut Conn<'_>, id: StoryId, now: Timestamp) -> QueryResult<Option<i64>> {
    let show = Sql::<sql_types::BigInt>::new("UPDATE stories SET version = version + 1, recommendations_shown_at = ")
        .time(now)
        .sql(" WHERE id = ")
        .key(id)
        .sql(" AND (recommendations_shown_at IS NULL OR recommendations_shown_at <= ")
        .time(now.minus(RECOMMENDATIONS_WAIT))
        .sql(") RETURNING version");
    let version = native!(conn, c => show.get_result(c).optional())?;
    if let Some(version) = version {
        conn.note(Change::Story(id, version));
    }
    Ok(version)
}
