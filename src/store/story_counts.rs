//! Public counts of several stories at once, by whatever a front end knows them.

use diesel::prelude::*;

use super::{
    Conn,
    conn::native,
    schema::{stories, story_urls},
};
use crate::domain::ids::*;

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
pub fn find_by_ids(conn: &mut Conn<'_>, ids: &[StoryId]) -> QueryResult<Vec<StoryCount>> {
    native!(conn, c => stories::table.filter(stories::id.eq_any(ids)).select(StoryCount::as_select()).load(c))
}

/// Public counts of a site's stories by external id.
pub fn find_by_external_ids(conn: &mut Conn<'_>, site: SiteId, ids: &[String]) -> QueryResult<Vec<StoryCount>> {
    native!(conn, c => {
        stories::table
            .filter(stories::site_id.eq(site))
            .filter(stories::external_id.eq_any(ids))
            .select(StoryCount::as_select())
            .load(c)
    })
}

/// Public counts of a site's stories by URL, each with the URL's key.
pub fn find_by_urls(conn: &mut Conn<'_>, site: SiteId, keys: &[String]) -> QueryResult<Vec<(String, StoryCount)>> {
    native!(conn, c => {
        story_urls::table
            .inner_join(stories::table)
            .filter(story_urls::site_id.eq(site))
            .filter(story_urls::url_key.eq_any(keys))
            .select((story_urls::url_key, StoryCount::as_select()))
            .load(c)
    })
}
