//! Stories as everybody sees them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{ids::*, moderation::ModerationMode, safe_html::SafeHtml, timestamp::Timestamp},
    store::stories::{Commentary, StoryHead},
};

/// A story.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryView {
    /// Its id.
    pub id: StoryId,
    /// The key of its site.
    pub site: String,
    /// The site's own id of it.
    pub external_id: String,
    /// Its URLs, the canonical one first.
    pub urls: Vec<String>,
    /// The headline.
    pub headline: String,
    /// Where the quoted report comes from.
    pub source: Option<SourceView>,
    /// The quoted report.
    pub excerpt: Option<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// The columnist's part.
    pub commentary: Option<CommentaryView>,
    /// When replies become public, where the story's own rule differs from the site's.
    pub moderation_mode: Option<ModerationMode>,
    /// Whether replies are taken.
    pub is_closed: bool,
    /// Its own closing time, as it was registered.
    pub closes_at: Option<Timestamp>,
    /// When it closes by the clock, or did, by its own time or the site's rule.
    pub effective_closes_at: Option<Timestamp>,
    /// Public replies.
    pub replies: i64,
    /// Where the blog puts it.
    pub section: Option<String>,
    /// What it is about.
    pub tags: Vec<String>,
}

/// Where a report comes from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceView {
    /// The publication.
    pub name: Option<String>,
    /// The report there.
    pub url: Option<String>,
}

/// The columnist's part of a story.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentaryView {
    /// What stands above it, such as "KC's View".
    pub label: String,
    /// Who wrote it.
    pub author_name: String,
    /// The text in Markdown.
    pub body: String,
    /// The text as sanitised HTML.
    pub body_html: SafeHtml,
}

impl From<Commentary> for CommentaryView {
    fn from(commentary: Commentary) -> Self {
        Self {
            label: commentary.label,
            author_name: commentary.author_name,
            body: commentary.body_source,
            body_html: commentary.body_html,
        }
    }
}

impl StoryView {
    /// Of a story with its URLs.
    pub fn of(head: StoryHead, urls: Vec<String>, now: Timestamp) -> Self {
        let closing = head.closing();
        let StoryHead { story, site, commentary } = head;
        let has_source = story.source_name.is_some() || story.source_url.is_some();
        Self {
            id: story.id,
            site: site.key,
            external_id: story.external_id,
            urls,
            headline: story.headline,
            source: has_source.then_some(SourceView { name: story.source_name, url: story.source_url }),
            excerpt: story.excerpt,
            published_at: story.published_at,
            commentary: commentary.map(CommentaryView::from),
            moderation_mode: story.moderation_mode,
            is_closed: closing.is_closed(now),
            closes_at: story.closes_at,
            effective_closes_at: closing.time(),
            replies: story.replies,
            section: story.section,
            tags: story.tags.0,
        }
    }
}
