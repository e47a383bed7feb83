//! The URLs of stories: each belongs to one story of a site.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types};

use super::{Conn, changes::Change, conn::native, schema::story_urls, sites::Site, sql::Sql, types::Key};
use crate::domain::ids::*;

/// One of a story's URLs.
#[derive(Clone, PartialEq, Eq, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = story_urls)]
pub struct StoryUrlRow {
    pub site_id: SiteId,
    pub url_key: String,
    pub story_id: StoryId,
    /// 0 is the canonical one.
    pub position: i32,
    pub url: String,
}

/// Which story of the site has this URL.
pub fn find_story(conn: &mut Conn<'_>, site: SiteId, url_key: &str) -> QueryResult<Option<StoryId>> {
    native!(conn, c => {
        story_urls::table.find((site, url_key)).select(story_urls::story_id).first(c).optional()
    })
}

/// A story's URLs, the canonical one first.
pub fn list(conn: &mut Conn<'_>, id: StoryId) -> QueryResult<Vec<String>> {
    native!(conn, c => {
        story_urls::table
            .filter(story_urls::story_id.eq(id))
            .order(story_urls::position)
            .select(story_urls::url)
            .load(c)
    })
}

/// A story's URLs as they are stored, the canonical one first.
pub fn list_rows(conn: &mut Conn<'_>, id: StoryId) -> QueryResult<Vec<StoryUrlRow>> {
    native!(conn, c => {
        story_urls::table
            .filter(story_urls::story_id.eq(id))
            .order(story_urls::position)
            .select(StoryUrlRow::as_select())
            .load(c)
    })
}

/// The URLs of several stories, each story's canonical one first.
pub fn list_of(conn: &mut Conn<'_>, ids: &[StoryId]) -> QueryResult<Vec<(StoryId, String)>> {
    type Row = (Key, sql_types::Text);
    let query = Sql::<Row>::new("SELECT story_id, url FROM story_urls WHERE story_id IN (")
        .keys(ids.iter().copied())
        .sql(") ORDER BY story_id, position");
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    native!(conn, c => query.load(c))
}

/// What became of storing a story's URLs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UrlsOutcome {
    Stored,
    /// This URL belongs to another story of the site.
    Taken {
        url: String,
        story: StoryId,
    },
}

/// Makes these the story's URLs, in this order. Concurrent claims of one URL wait for each other at its key.
pub fn put(conn: &mut Conn<'_>, story: StoryId, urls: &[StoryUrlRow]) -> QueryResult<UrlsOutcome> {
    let former =
        diesel::delete(story_urls::table.filter(story_urls::story_id.eq(story))).returning(story_urls::url_key);
    let mut former: Vec<String> = native!(conn, c => former.load(c))?;
    // in one order, so that two stories that claim the same URLs do not wait for each other in a circle
    let mut rows: Vec<&StoryUrlRow> = urls.iter().collect();
    rows.sort_unstable_by(|a, b| a.url_key.cmp(&b.url_key));
    for row in &rows {
        let stored = native!(conn, c => {
            diesel::insert_into(story_urls::table).values(*row).on_conflict_do_nothing().execute(c)
        })?;
        if stored == 0 {
            let owner = find_story(conn, row.site_id, &row.url_key)?;
            return Ok(UrlsOutcome::Taken { url: row.url.clone(), story: owner.unwrap_or(story) });
        }
    }
    former.sort_unstable();
    if let Some(url) = urls.first().filter(|_| !rows.iter().map(|row| &row.url_key).eq(&former)) {
        // what belonged to no story does now
        conn.note(Change::Site(url.site_id, 0));
    }
    Ok(UrlsOutcome::Stored)
}

/// Stores the URLs of all stories of a site under the keys that its present settings give them.
pub fn put_keys_anew(conn: &mut Conn<'_>, site: &Site) -> QueryResult<UrlsOutcome> {
    let rows: Vec<StoryUrlRow> = native!(conn, c => {
        story_urls::table
            .filter(story_urls::site_id.eq(site.id))
            .order((story_urls::story_id, story_urls::position))
            .select(StoryUrlRow::as_select())
            .load(c)
    })?;
    let mut owners: HashMap<String, StoryId> = HashMap::with_capacity(rows.len());
    let (mut former, mut anew) = (Vec::new(), Vec::new());
    for row in rows {
        let key = site.url_key(&row.url);
        match owners.insert(key.clone(), row.story_id) {
            Some(story) if story != row.story_id => return Ok(UrlsOutcome::Taken { url: row.url, story }),
            // its story has another URL that is the same now
            Some(_) => former.push(row.url_key),
            None if key != row.url_key => {
                former.push(row.url_key.clone());
                anew.push(StoryUrlRow { url_key: key, ..row });
            }
            None => {}
        }
    }
    for key in former {
        native!(conn, c => diesel::delete(story_urls::table.find((site.id, &key))).execute(c))?;
    }
    for row in anew {
        native!(conn, c => diesel::insert_into(story_urls::table).values(&row).execute(c))?;
    }
    Ok(UrlsOutcome::Stored)
}
