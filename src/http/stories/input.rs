//! What front ends say of a story, and how it is stored.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    clock::Random,
    domain::{
        ids::*,
        markdown,
        moderation::ModerationMode,
        safe_html::SafeHtml,
        story::{EXTERNAL_ID_MAX_CHARS, TAG_MAX_CHARS, URLS_MAX, tag},
        story_url::StoryUrl,
        timestamp::Timestamp,
        visible,
    },
    http::problem::{Code, Problem},
    store::{
        Conn,
        sites::Site,
        sql::is_taken,
        stories::{self, Commentary, Story, StoryHead},
        story_urls::{self, StoryUrlRow, UrlsOutcome},
        types::TextList,
    },
};

/// A story, whole: what is absent is taken away.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutStory {
    /// Its http or https URLs, the canonical one first; each belongs to one story of the site.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    pub urls: Vec<String>,
    /// The headline.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub headline: String,
    /// Where the quoted report comes from.
    #[validate(nested)]
    pub source: Option<PutSource>,
    /// The quoted report, plain text.
    #[validate(length(max = 5_000))]
    #[schema(max_length = 5000)]
    pub excerpt: Option<String>,
    /// When it was published; the time of registering if absent.
    pub published_at: Option<Timestamp>,
    /// The columnist's part.
    #[validate(nested)]
    pub commentary: Option<PutCommentary>,
    /// When replies become public; the site's rule if absent.
    pub moderation_mode: Option<ModerationMode>,
    /// When it closes; the site's rule if absent.
    pub closes_at: Option<Timestamp>,
    /// Where the blog puts it, such as "Politics".
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub section: Option<String>,
    /// What it is about; one that is named twice counts once.
    #[serde(default)]
    #[validate(length(max = 30))]
    #[schema(max_items = 30)]
    pub tags: Vec<String>,
}

/// Where a report comes from.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutSource {
    /// The publication.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// The report there.
    #[validate(length(min = 1, max = 2048))]
    #[schema(min_length = 1, max_length = 2048)]
    pub url: Option<String>,
}

/// The columnist's part.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutCommentary {
    /// What stands above it, such as "KC's View".
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
    /// Who wrote it.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub author_name: String,
    /// The text in Markdown.
    #[validate(length(max = 50_000))]
    #[schema(max_length = 50000)]
    pub body: String,
}

/// A story as a front end said it, checked and rendered before a transaction begins.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    put: PutStory,
    section: Option<String>,
    tags: Vec<String>,
    source_url: Option<String>,
    commentary_html: Option<SafeHtml>,
}

impl Prepared {
    /// What the shape alone does not tell, and what is dear.
    pub(super) fn new(put: PutStory) -> Result<Self, Problem> {
        let commentary = put.commentary.as_ref();
        let texts = [
            ("/headline", Some(&put.headline)),
            ("/excerpt", put.excerpt.as_ref()),
            ("/source/name", put.source.as_ref().and_then(|source| source.name.as_ref())),
            ("/commentary/label", commentary.map(|commentary| &commentary.label)),
            ("/commentary/author_name", commentary.map(|commentary| &commentary.author_name)),
            ("/commentary/body", commentary.map(|commentary| &commentary.body)),
        ];
        for (pointer, text) in texts {
            let Some(text) = text else { continue };
            if text.chars().any(visible::is_forbidden_control) {
                return Err(Problem::field(pointer, "control characters are not allowed"));
            }
            let is_line = !matches!(pointer, "/excerpt" | "/commentary/body");
            if is_line && !text.chars().any(visible::is_visible) {
                return Err(Problem::field(pointer, "needs a visible character"));
            }
        }
        let source_url = put.source.as_ref().and_then(|source| source.url.as_deref());
        let source_url = source_url.map(|url| StoryUrl::parse(url, &[])).transpose();
        let source_url = source_url.map_err(|error| Problem::field("/source/url", error))?;
        let commentary_html = commentary.map(|commentary| markdown::render(&commentary.body));
        let section = put.section.as_deref().map(|section| tag_at("/section", section)).transpose()?;
        let mut tags: Vec<String> = Vec::new();
        for (index, text) in put.tags.iter().enumerate() {
            let tag = tag_at(&format!("/tags/{index}"), text)?;
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let source_url = source_url.map(|url| url.as_str().to_owned());
        Ok(Self { source_url, commentary_html, section, tags, put })
    }
}

fn tag_at(pointer: &str, text: &str) -> Result<String, Problem> {
    let wrong = || {
        let detail =
            format!("1 to {TAG_MAX_CHARS} characters, one of them visible, no controls, quotes or backslashes");
        Problem::field(pointer, detail)
    };
    tag(text).map(str::to_owned).ok_or_else(wrong)
}

/// Stores what a front end said, if it differs from what is known.
pub(super) fn store(
    conn: &mut Conn<'_>,
    prepared: &Prepared,
    known: Option<&StoryHead>,
    site: &Site,
    external_id: &str,
    (random, now): (&Random, Timestamp),
) -> Result<StoryId, Problem> {
    let length = external_id.chars().count();
    if !(1..=EXTERNAL_ID_MAX_CHARS).contains(&length) || external_id.chars().any(char::is_control) {
        return Err(Problem::field("", format!("external_id: 1 to {EXTERNAL_ID_MAX_CHARS} characters, no controls")));
    }
    if site.closed_at.is_some() {
        return Err(Problem::new(Code::StateConflict).detail("the site is closed"));
    }
    let put = &prepared.put;
    let story = story(prepared, known, site, external_id, random, now);
    let commentary = put.commentary.as_ref().zip(prepared.commentary_html.as_ref());
    let commentary = commentary.map(|(commentary, html)| Commentary {
        story_id: story.id,
        label: commentary.label.clone(),
        author_name: commentary.author_name.clone(),
        body_html: html.clone(),
        body_source: commentary.body.clone(),
    });
    let urls = urls(&put.urls, site, story.id)?;
    match known {
        None => stories::insert(conn, &story).map_err(|error| {
            // registered by another request meanwhile: tried again, it finds that one
            match is_taken(&error, "stories", "site_id_external_id") {
                true => Problem::lost_race(),
                false => error.into(),
            }
        })?,
        Some(head) => {
            let is_same = head.commentary == commentary
                && is_same_story(&head.story, &story)
                && story_urls::list_rows(conn, story.id)? == urls;
            if is_same {
                return Ok(story.id);
            }
            stories::update(conn, &story)?;
        }
    }
    stories::put_commentary(conn, story.id, commentary.as_ref())?;
    if let UrlsOutcome::Taken { url, story } = story_urls::put(conn, story.id, &urls)? {
        return Err(Problem::new(Code::UrlTaken).detail(url).with("story_id", story));
    }
    Ok(story.id)
}

fn story(
    prepared: &Prepared,
    known: Option<&StoryHead>,
    site: &Site,
    external_id: &str,
    random: &Random,
    now: Timestamp,
) -> Story {
    let base = match known {
        Some(head) => head.story.clone(),
        None => Story::new(random.id(now), site.id, external_id.to_owned(), now),
    };
    let put = &prepared.put;
    Story {
        headline: put.headline.clone(),
        source_name: put.source.as_ref().and_then(|source| source.name.clone()),
        source_url: prepared.source_url.clone(),
        excerpt: put.excerpt.clone(),
        published_at: put.published_at.unwrap_or(base.published_at),
        moderation_mode: put.moderation_mode,
        closes_at: put.closes_at,
        section: prepared.section.clone(),
        tags: TextList(prepared.tags.clone()),
        updated_at: now,
        ..base
    }
}

/// Whether front ends set the same.
fn is_same_story(a: &Story, b: &Story) -> bool {
    let said = |story: &Story| {
        let Story { headline, source_name, source_url, excerpt, section, tags, .. } = story.clone();
        let texts = (headline, source_name, source_url, excerpt, section, tags);
        (texts, story.published_at, story.moderation_mode, story.closes_at)
    };
    said(a) == said(b)
}

/// Rows of the URLs; one that is the same as an earlier one is left out.
fn urls(urls: &[String], site: &Site, story_id: StoryId) -> Result<Vec<StoryUrlRow>, Problem> {
    let mut rows: Vec<StoryUrlRow> = Vec::with_capacity(URLS_MAX.min(urls.len()));
    for (index, url) in urls.iter().enumerate() {
        let url = StoryUrl::parse(url, &site.tracking_params.0)
            .map_err(|error| Problem::field(format!("/urls/{index}"), error))?;
        if rows.iter().all(|row| row.url_key != url.key()) {
            rows.push(StoryUrlRow {
                site_id: site.id,
                url_key: url.key().to_owned(),
                story_id,
                position: i32::try_from(rows.len()).unwrap_or(i32::MAX),
                url: url.as_str().to_owned(),
            });
        }
    }
    Ok(rows)
}
