//! Public reads: all that decides about a page's bytes, and nothing else. Who asks is no part of it, and what makes a page
//! of it is given nothing but this, a snapshot and the clock: so nothing that depends on a caller can come into memory.

use serde::Serialize;
use sha2::{Digest, Sha256};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};

use super::{
    media::Media,
    page::{About, Made, Page, Rendered},
    validator,
};
use crate::{
    domain::{ids::*, timestamp::Timestamp},
    http::{
        counts::QueryCounts,
        cursor::Cursors,
        featured::{FeaturedQuery, SiteFeaturedQuery},
        live::EventsQuery,
        plain::PlainQuery,
        problem::Problem,
        stories,
        threads::{BelowQuery, DiscussionQuery, ReplyQuery, ThreadsQuery},
    },
    store::{Conn, board::Place, stories::StoryHead},
};

/// A public read of what is kept in memory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PublicQuery {
    /// All that is shown of a story at first.
    Discussion(DiscussionQuery),
    /// A page of a story's threads.
    Threads(ThreadsQuery),
    /// A reply with its surroundings.
    Reply(ReplyQuery),
    /// What is below a reply.
    Below(BelowQuery),
    /// A story.
    Story(StoryId),
    /// A story by its site's key and the site's own id.
    StoryOfSite(String, String),
    /// What happened under a story since a version.
    Events(EventsQuery),
    /// Featured replies of a story.
    Featured(FeaturedQuery),
    /// Featured replies of a site.
    SiteFeatured(SiteFeaturedQuery),
    /// Counts of stories.
    Counts(Box<QueryCounts>),
    /// A story's discussion as HTML.
    Plain(Box<PlainQuery>),
}

/// What a page is made with.
pub struct Context<'a> {
    pub cursors: &'a Cursors,
    /// Where readers reach the service, without a slash at the end.
    pub home: &'a str,
    pub now: Timestamp,
    /// What was made of the same query before.
    pub known: Option<&'a Page>,
}

impl PublicQuery {
    /// Makes the page.
    pub fn make(&self, conn: &mut Conn<'_>, context: &Context<'_>) -> Result<Made, Problem> {
        match self {
            Self::Discussion(query) => query.make(conn, context),
            Self::Threads(query) => query.make(conn, context),
            Self::Reply(query) => query.make(conn, context),
            Self::Below(query) => query.make(conn, context),
            Self::Story(id) => {
                let head = stories::find_head(conn, *id)?;
                stories::make(conn, head, context)
            }
            Self::StoryOfSite(site, external_id) => {
                let head = stories::find_head_of_site(conn, site, external_id)?;
                stories::make(conn, head, context)
            }
            Self::Events(query) => query.make(conn, context),
            Self::Featured(query) => query.make(conn, context),
            Self::SiteFeatured(query) => query.make(conn, context),
            Self::Counts(query) => query.make(conn, context),
            Self::Plain(query) => query.make(conn, context),
        }
    }

    /// The pattern of the address where it is asked for.
    pub fn route(&self) -> &'static str {
        match self {
            Self::Discussion(_) => "/api/v1/sites/{site}/stories/{external_id}/discussion",
            Self::Threads(_) => "/api/v1/stories/{story_id}/replies",
            Self::Reply(_) => "/api/v1/replies/{reply_id}",
            Self::Below(_) => "/api/v1/replies/{reply_id}/below",
            Self::Story(_) => "/api/v1/stories/{story_id}",
            Self::StoryOfSite(..) => "/api/v1/sites/{site}/stories/{external_id}",
            Self::Events(_) => "/api/v1/stories/{story_id}/events",
            Self::Featured(_) => "/api/v1/stories/{story_id}/featured",
            Self::SiteFeatured(_) => "/api/v1/sites/{site}/featured",
            Self::Counts(_) => "/api/v1/counts",
            Self::Plain(query) => query.route(),
        }
    }

    /// Bytes of memory that it takes as a key.
    pub fn weight(&self) -> usize {
        let more = match self {
            Self::Discussion(query) => query.weight(),
            Self::Below(query) => query.weight(),
            Self::StoryOfSite(site, external_id) => site.len() + external_id.len(),
            Self::SiteFeatured(query) => query.weight(),
            Self::Counts(query) => query.weight(),
            Self::Plain(query) => query.weight(),
            Self::Threads(_) | Self::Reply(_) | Self::Story(_) | Self::Events(_) | Self::Featured(_) => 0,
        };
        size_of::<Self>() + more
    }
}

impl Context<'_> {
    /// A page of one story, whose bytes follow from its validator. The view is not made if they are known.
    pub fn of_story<T: Serialize>(
        &self,
        head: &StoryHead,
        view: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<Made, Problem> {
        self.of_story_as(Media::Json, head, || Ok(json(&view()?)))
    }

    /// The same in another form.
    pub fn of_story_as(
        &self,
        media: Media,
        head: &StoryHead,
        bytes: impl FnOnce() -> Result<Vec<u8>, Problem>,
    ) -> Result<Made, Problem> {
        let validator = validator(head, self.now, self.cursors);
        if self.known.is_some_and(|known| known.validator() == validator) {
            return Ok(Made::Same);
        }
        let closing = head.closing();
        let versions =
            [(Place::from(head.story.id), head.story.version), (Place::from(head.site.id), head.site.people_version)];
        let about = About {
            places: versions.iter().map(|(place, _)| *place).collect(),
            versions: versions.to_vec(),
            until: closing.time().filter(|_| !closing.is_closed(self.now)),
            story_version: Some(head.story.version),
        };
        Ok(Made::New(Rendered { validator, media, bytes: bytes()?, about }))
    }

    /// A page over several things: its validator is a hash of its bytes.
    pub fn hashed<T: Serialize>(&self, view: &T, places: Vec<Place>, versions: Vec<(Place, i64)>) -> Made {
        let bytes = json(view);
        let about = About { places, versions, until: None, story_version: None };
        Made::New(Rendered { validator: hash(&bytes), media: Media::Json, bytes, about })
    }
}

/// A validator of bytes.
pub(super) fn hash(bytes: &[u8]) -> String {
    BASE64.encode(&Sha256::digest(bytes)[..16])
}

/// A view's bytes.
pub(super) fn json<T: Serialize>(view: &T) -> Vec<u8> {
    serde_json::to_vec(view).expect("views are plain values")
}
