//! Shapes that several resources show.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    auth::standing::badge,
    domain::{
        badge::{GrantedBadge, STAFF},
        ids::*,
        reply_state::ReplyState,
        safe_html::SafeHtml,
        site::Badge,
        timestamp::Timestamp,
    },
    store::pages::{ShownAuthor, ShownReply},
};

/// What is shown in place of a closed account's name.
pub const FORMER_READER: &str = "a former reader";

/// A writer as readers see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuthorView {
    /// The account's id.
    pub id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The name to be shown: the display name, else the username, else "a former reader".
    pub display_name: String,
    /// The role on this site.
    pub badge: Option<Badge>,
    /// Of the newsroom, by a role or by the badge `staff`; absent of all others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_staff: bool,
    /// What the site gave: 5 at most, in the order of their keys; absent if that is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub badges: Vec<BadgeView>,
}

/// A badge beside a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BadgeView {
    /// `staff`, `verified`, or one of the site's own.
    pub key: String,
    /// What is to be shown.
    pub label: String,
}

impl From<GrantedBadge> for BadgeView {
    fn from(GrantedBadge { key, label }: GrantedBadge) -> Self {
        Self { key, label }
    }
}

/// The name to be shown of an account.
pub fn shown_name(display_name: Option<String>, username: Option<&str>) -> String {
    display_name.or_else(|| username.map(str::to_owned)).unwrap_or_else(|| FORMER_READER.to_owned())
}

impl From<ShownAuthor> for AuthorView {
    fn from(author: ShownAuthor) -> Self {
        let badge = badge(author.is_admin, author.role);
        let badges = GrantedBadge::parse_list(author.badges.as_deref());
        Self {
            id: author.id,
            display_name: shown_name(author.display_name, author.username.as_deref()),
            username: author.username,
            badge,
            is_staff: badge.is_some() || badges.iter().any(|badge| badge.key == STAFF),
            badges: badges.into_iter().map(BadgeView::from).collect(),
        }
    }
}

/// A reply as readers see it. A tombstone, in place of a reply that is not public but has public ones below it, has no
/// text and no author.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReplyView {
    /// Its id.
    pub id: ReplyId,
    /// The story that it belongs to.
    pub story_id: StoryId,
    /// The reply that it stands under; null at top level.
    pub parent_id: Option<ReplyId>,
    /// The reply that it answers, where that is not the parent: past 32 levels replies stand flat. Null while that one
    /// is not public.
    pub in_reply_to: Option<ReplyId>,
    /// 1 at top level, 33 at most.
    pub depth: i32,
    /// Not public itself: only its place is shown.
    pub is_tombstone: bool,
    /// Null for a tombstone.
    pub author: Option<AuthorView>,
    /// Sanitised HTML; null for a tombstone.
    pub body_html: Option<SafeHtml>,
    /// Raised by each edit and change of state; edits and decisions name it. Null for a tombstone.
    pub version: Option<i32>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// Whether staff made that change instead of the author.
    pub is_edited_by_staff: bool,
    /// Public replies directly below.
    pub replies: i32,
    /// Public replies below, at any depth.
    pub visible_below: i32,
    /// Recommendations by readers.
    pub recommendations: i32,
    /// That the site's people put it forward; absent where they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub featured: Option<FeaturedView>,
}

/// How a reply is featured.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeaturedView {
    /// Words above it.
    pub label: Option<String>,
    /// Since when.
    pub featured_at: Timestamp,
}

impl From<ShownReply> for ReplyView {
    fn from(reply: ShownReply) -> Self {
        let is_public = reply.state.is_public();
        Self {
            id: reply.id,
            story_id: reply.story_id,
            parent_id: reply.parent_id,
            in_reply_to: reply.in_reply_to.filter(|_| is_public),
            depth: reply.depth,
            is_tombstone: !is_public,
            author: is_public.then(|| reply.author.into()),
            body_html: is_public.then_some(reply.body.html),
            version: is_public.then_some(reply.version),
            created_at: reply.created_at,
            edited_at: reply.edited_at.filter(|_| is_public),
            is_edited_by_staff: reply.is_edited_by_staff && is_public,
            replies: reply.direct_below,
            visible_below: reply.visible_below,
            recommendations: if is_public { reply.recommendations } else { 0 },
            featured: reply
                .featured
                .at
                .filter(|_| is_public)
                .map(|featured_at| FeaturedView { label: reply.featured.label, featured_at }),
        }
    }
}

/// A reply's present state, told to whom acted on an older one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CurrentState {
    /// Where it stands.
    pub state: ReplyState,
    /// The version to act on.
    pub version: i32,
    /// The last action.
    pub last_action: Option<crate::domain::moderation::Action>,
    /// Who did it; null for a moderator's decision told to the author, and for the service itself.
    pub last_actor_id: Option<AccountId>,
    /// When.
    pub last_action_at: Option<Timestamp>,
}
