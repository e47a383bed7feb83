//! Stories and their commentaries.

use diesel::prelude::*;

use super::{
    Conn, Native,
    changes::Change,
    conn::native,
    schema::{commentaries, sites, stories},
    search_documents,
    sites::Site,
    sql::Sql,
    story_changes,
    types::{Key, TextList},
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
    /// Where the blog puts it.
    pub section: Option<String>,
    pub tags: TextList,
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
            section: None,
            tags: TextList::default(),
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

/// The sites of those of these stories that there are.
pub fn list_sites(conn: &mut Conn<'_>, ids: &[StoryId]) -> QueryResult<Vec<(StoryId, SiteId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // through an iterator: the same list of parameters on both databases
    let these = stories::table.filter(stories::id.eq_any(ids.iter().copied())).select((stories::id, stories::site_id));
    native!(conn, c => these.load(c))
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
    search_documents::keep_story(conn, story.id, &story.headline)?;
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
        stories::section.eq(&story.section),
        stories::tags.eq(&story.tags),
    );
    let changed = diesel::update(stories::table.find(story.id)).set(changes).returning(stories::version);
    let version = native!(conn, c => changed.get_result(c))?;
    search_documents::keep_story(conn, story.id, &story.headline)?;
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
