//! The form of the demo's content.

use serde::Deserialize;

use crate::domain::{moderation::Reason, reply_state::ReplyState, site::SiteRole};

#[derive(Deserialize)]
pub(super) struct Blog {
    pub(super) site: SiteText,
    pub(super) people: Vec<Person>,
    pub(super) stories: Vec<StoryText>,
}

#[derive(Deserialize)]
pub(super) struct SiteText {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) tagline: String,
}

#[derive(Deserialize)]
pub(super) struct Person {
    pub(super) username: String,
    pub(super) display_name: Option<String>,
    pub(super) role: Option<SiteRole>,
}

#[derive(Deserialize)]
pub(super) struct StoryText {
    pub(super) external_id: String,
    pub(super) urls: Vec<String>,
    pub(super) headline: String,
    pub(super) source: SourceText,
    pub(super) excerpt: String,
    pub(super) hours_ago: u64,
    pub(super) commentary: CommentaryText,
    pub(super) replies: Vec<ReplyText>,
}

#[derive(Deserialize)]
pub(super) struct SourceText {
    pub(super) name: String,
    pub(super) url: String,
}

#[derive(Deserialize)]
pub(super) struct CommentaryText {
    pub(super) label: String,
    pub(super) author_name: String,
    pub(super) body: String,
}

#[derive(Deserialize)]
pub(super) struct ReplyText {
    pub(super) by: String,
    pub(super) minutes_after: u64,
    pub(super) text: String,
    pub(super) state: ReplyState,
    pub(super) reason: Option<Reason>,
    pub(super) note: Option<String>,
    pub(super) message: Option<String>,
    pub(super) edited_text: Option<String>,
    /// The label under which it is featured, if it is.
    pub(super) featured: Option<String>,
    #[serde(default)]
    pub(super) recommended_by: Vec<String>,
    #[serde(default)]
    pub(super) reports: Vec<ReportText>,
    #[serde(default)]
    pub(super) answers: Vec<ReplyText>,
}

#[derive(Deserialize)]
pub(super) struct ReportText {
    pub(super) by: String,
    pub(super) reason: Reason,
    pub(super) text: Option<String>,
}

/// The content, as it stands in the binary.
pub(super) fn blog() -> Blog {
    serde_json::from_str(include_str!("blog.json")).expect("the content is of its form, as a test shows")
}
