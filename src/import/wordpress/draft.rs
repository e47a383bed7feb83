//! Items and comments in our words, ready to be stored.

use url::Url;

use super::{LeftOut, Note, Report, plain};
use crate::{
    domain::{
        display_name::{self, DisplayName, DisplayNameError},
        ids::SiteId,
        imported_html,
        moderation::ModerationMode,
        reply_body::{RenderedBody, ReplyBody},
        reply_state::ReplyState,
        site::{SiteKey, UnprovenAccounts, WebOrigin},
        story::{EXCERPT_MAX_CHARS, HEADLINE_MAX_CHARS},
        story_url::DEFAULT_TRACKING_PARAMS,
        timestamp::Timestamp,
    },
    import::wxr::{Channel, Comment, Item},
    store::{sites::Site, types::TextList, verdicts::Judged},
};

/// Bytes of a name and of an e-mail; WordPress's own columns hold 255 and 100.
const AUTHOR_MAX_BYTES: usize = 255;
/// Characters of a site's name and tagline.
const SITE_TEXT_MAX_CHARS: usize = 200;
/// The name of those who gave none.
const NAMELESS: &str = "Anonymous";

/// A story as it will be if it is not there yet.
#[derive(Clone, Debug)]
pub(super) struct StoryDraft {
    pub(super) post_id: u64,
    pub(super) headline: String,
    pub(super) excerpt: Option<String>,
    pub(super) published_at: Timestamp,
    pub(super) is_closed: bool,
    /// As the file has them.
    pub(super) urls: Vec<String>,
    pub(super) notes: Vec<Note>,
}

impl StoryDraft {
    pub(super) fn new(item: &Item, now: Timestamp) -> Self {
        let mut notes = Vec::new();
        let (headline, is_shortened) = plain::shortened(plain::line(&item.title), HEADLINE_MAX_CHARS);
        if is_shortened {
            notes.push(Note::ShortenedHeadline);
        }
        let excerpt = if item.is_protected {
            notes.push(Note::Protected);
            None
        } else {
            let excerpt = Some(plain::line(&item.excerpt)).filter(|excerpt| !excerpt.is_empty());
            excerpt.or_else(|| plain::first_paragraph(&item.content))
        };
        let excerpt = excerpt.map(|excerpt| {
            let (excerpt, is_shortened) = plain::shortened(excerpt, EXCERPT_MAX_CHARS);
            if is_shortened {
                notes.push(Note::ShortenedExcerpt);
            }
            excerpt
        });
        let urls = [&item.link, &item.guid].into_iter().filter(|url| !url.is_empty());
        Self {
            post_id: item.post_id,
            // as WordPress itself names it
            headline: if headline.is_empty() { "(no title)".to_owned() } else { headline },
            excerpt,
            published_at: item.published_at.map_or(now, Timestamp::from_micros),
            is_closed: item.is_protected || !matches!(item.comment_status.as_str(), "open" | ""),
            urls: urls.cloned().collect(),
            notes,
        }
    }

    pub(super) fn external_id(&self) -> String {
        format!("wp:{}", self.post_id)
    }

    /// Bytes that it takes, about.
    pub(super) fn weight(&self) -> usize {
        self.headline.len() + self.excerpt.as_ref().map_or(0, String::len)
    }
}

/// Who wrote: an account for each pair.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Author {
    /// As the file has it; empty for none.
    pub(super) name: String,
    /// In lower case: capitals make no other mailbox.
    pub(super) email: String,
}

impl Author {
    fn new(comment: &Comment) -> Self {
        let cut = |text: &str| text[..text.floor_char_boundary(AUTHOR_MAX_BYTES)].to_owned();
        Self { name: cut(&comment.author), email: cut(&comment.author_email.to_lowercase()) }
    }

    /// The name to be shown, without what may not be shown; whether it is shortened.
    pub(super) fn display_name(&self) -> (DisplayName, bool) {
        let mut name = plain::line(&self.name);
        let mut is_shortened = false;
        loop {
            match DisplayName::parse(&name) {
                Ok(name) => return (name, is_shortened),
                Err(DisplayNameError::ForbiddenCharacter { code_point }) => {
                    name.retain(|c| u32::from(c) != code_point);
                }
                Err(DisplayNameError::TooLong { .. }) => {
                    name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                    (name, is_shortened) = plain::shortened(name, display_name::MAX_CHARS);
                }
                Err(DisplayNameError::Invisible) => return (DisplayName::from_store(NAMELESS.to_owned()), false),
            }
        }
    }
}

/// A reply as it will be if it is not there yet.
#[derive(Clone, Debug)]
pub(super) struct ReplyDraft {
    pub(super) comment_id: u64,
    /// 0 for none.
    pub(super) parent: u64,
    pub(super) author: Author,
    pub(super) state: ReplyState,
    pub(super) created_at: Timestamp,
    /// Whether the file tells its time.
    pub(super) has_time: bool,
    pub(super) text: RenderedBody,
    /// What the rules say of it, once they were asked.
    pub(super) judged: Option<Judged>,
    pub(super) original: String,
}

impl ReplyDraft {
    /// Converts the text.
    pub(super) fn new(comment: Comment, state: ReplyState, published_at: Timestamp) -> Result<Self, LeftOut> {
        let mut source = imported_html::to_markdown(&comment.content);
        source.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
        let text = ReplyBody::parse(source, usize::MAX).and_then(ReplyBody::render).map_err(|_| LeftOut::NoText)?;
        Ok(Self {
            comment_id: comment.comment_id,
            parent: comment.parent,
            author: Author::new(&comment),
            state,
            has_time: comment.published_at.is_some(),
            created_at: comment.published_at.map_or(published_at, Timestamp::from_micros),
            text,
            judged: None,
            original: comment.content,
        })
    }

    /// Bytes that it takes, about.
    pub(super) fn weight(&self) -> usize {
        self.original.len() + self.text.source.len() + self.text.html.as_str().len()
    }
}

/// What a comment's external id is.
pub(super) fn external_id(comment_id: u64) -> String {
    format!("wp:comment:{comment_id}")
}

/// The site of an export: its name, its tagline, its origin; all else as any new site has it, and all replies wait.
pub(super) fn site(key: &SiteKey, channel: &Channel, id: SiteId, now: Timestamp) -> Site {
    let text = |html: &str| plain::shortened(plain::line(html), SITE_TEXT_MAX_CHARS).0;
    let name = Some(text(&channel.title)).filter(|name| !name.is_empty());
    let urls = [&channel.base_blog_url, &channel.link, &channel.base_site_url];
    let origin = urls.iter().find_map(|url| {
        let origin = Url::parse(url).ok()?.origin().ascii_serialization();
        WebOrigin::parse(&origin)
    });
    Site {
        id,
        key: key.as_str().to_owned(),
        name: name.unwrap_or_else(|| key.as_str().to_owned()),
        tagline: text(&channel.description),
        allowed_origins: TextList(origin.into_iter().map(WebOrigin::into_string).collect()),
        reserved_names: TextList::default(),
        reserved_keys: TextList::default(),
        tracking_params: TextList(DEFAULT_TRACKING_PARAMS.map(str::to_owned).to_vec()),
        moderation_mode: ModerationMode::Pre,
        trusted_after: 2,
        edit_window_secs: 300,
        close_after_days: None,
        people_version: 1,
        policy_version: 0,
        moderators_change_policy: false,
        asks_outside: false,
        outside_version: 0,
        colour: None,
        unproven_accounts: UnprovenAccounts::Wait,
        closed_at: None,
        created_at: now,
        updated_at: now,
    }
}

impl Report {
    /// Counts what is to be said of a new story.
    pub(super) fn note_story(&mut self, story: &StoryDraft) {
        story.notes.iter().for_each(|note| self.note(*note));
    }

    /// Counts what is to be said of a new author.
    pub(super) fn note_author(&mut self, author: &Author) {
        self.new_authors += 1;
        if author.display_name().1 {
            self.note(Note::ShortenedName);
        }
    }

    /// Counts what is to be said of a new reply.
    pub(super) fn note_reply(&mut self, reply: &ReplyDraft, has_parent: bool) {
        if !reply.has_time {
            self.note(Note::MissingTime);
        }
        if !has_parent {
            self.note(Note::MissingParent);
        }
    }
}
