//! WordPress eXtended RSS (WXR), the format of WordPress's own exports, read as a stream.
//!
//! Versions 1.0, 1.1 and 1.2 are read. Elements are told by their namespace's URI, `http` and `https`
//! alike, never by their prefix; elements that mean nothing to us are skipped.
//!
//! An export is somebody else's file, so memory and work are bounded whatever it holds:
//!
//! | what | bound | past it |
//! |---|---|---|
//! | one token (tag, text between tags, CDATA section, comment) | [`TOKEN_MAX_BYTES`] | error |
//! | elements open at once | [`DEPTH_MAX`] | error |
//! | attributes of one element | [`ATTRIBUTES_MAX`] | error |
//! | an item's content, an item's excerpt | [`ITEM_TEXT_MAX_BYTES`] | cut there |
//! | a comment's content | [`COMMENT_TEXT_MAX_BYTES`] | dropped and flagged |
//! | every other field | [`FIELD_MAX_BYTES`] | error |
//!
//! A DOCTYPE is refused, so no entity can be declared and nothing outside the file is ever read. The five
//! predefined entities and numeric references are resolved; any other `&name;` and a bare `&` stay as
//! written, since WordPress writes some URLs without escaping. Characters that XML 1.0 forbids, which old
//! exports carry inside CDATA, are left out. Line ends become `\n`, as XML prescribes.

mod check;
mod draft;
mod error;
mod field;
mod reader;
mod source;
#[cfg(test)]
mod tests;
mod text;

pub use error::{WxrError, WxrErrorKind};
pub use reader::WxrReader;

/// Longest token of the file in bytes: a tag, the text between two tags, a CDATA section, a comment.
pub const TOKEN_MAX_BYTES: usize = 8 * 1024 * 1024;
/// Most elements open at once, `rss` included.
pub const DEPTH_MAX: usize = 256;
/// Most attributes of one element.
pub const ATTRIBUTES_MAX: usize = 256;
/// Length in bytes at which an item's content and its excerpt are cut, at a character's end.
pub const ITEM_TEXT_MAX_BYTES: usize = 256 * 1024;
/// Longest content of a comment in bytes; a longer one is dropped and flagged.
pub const COMMENT_TEXT_MAX_BYTES: usize = 1024 * 1024;
/// Longest text in bytes of every field but contents and excerpts; WordPress's own columns hold less.
pub const FIELD_MAX_BYTES: usize = 64 * 1024;

/// One piece of an export, in the file's order: one channel, then for each item the item, its comments
/// and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WxrEvent {
    /// The exported site; comes once, before everything else.
    Channel(Channel),
    /// An item's head; comes when its first comment begins, or else when the item ends.
    Item(Box<Item>),
    /// A comment of the item that came last.
    Comment(Box<Comment>),
    /// The item that came last has no more comments.
    ItemEnd,
}

/// The exported site, as far as the file tells of it before its first item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Channel {
    /// The site's title, trimmed.
    pub title: String,
    /// The site's address.
    pub link: String,
    /// The site's tagline, trimmed.
    pub description: String,
    /// Address of the network that the blog belongs to, or the blog's own; empty if absent.
    pub base_site_url: String,
    /// Address of the blog; empty if absent.
    pub base_blog_url: String,
    /// `1.0`, `1.1` or `1.2`.
    pub wxr_version: String,
}

/// An item's head: a post, page, attachment, menu entry or whatever a plugin stores as a post.
///
/// Only what the file says before the item's first comment; WordPress writes all of it there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The post's number in WordPress, unique in the export.
    pub post_id: u64,
    /// `post`, `page`, `attachment` or a plugin's own word; empty if absent.
    pub post_type: String,
    /// `publish`, `draft`, `private`, `future`, `inherit` or another of WordPress's words; empty if absent.
    pub status: String,
    /// Number of the item that it belongs to, such as an attachment's post; 0 for none.
    pub parent: u64,
    /// Whether WordPress asks for a password before it shows the item.
    pub is_protected: bool,
    /// The title, trimmed; may contain HTML.
    pub title: String,
    /// The permanent address.
    pub link: String,
    /// The feed's identifier, most often an address.
    pub guid: String,
    /// The author's sign-in name.
    pub creator: String,
    /// Time of publication in microseconds since 1970 UTC: `wp:post_date_gmt`, else `pubDate`, else
    /// `wp:post_date` taken as UTC; `None` if none of them can be read (drafts have none).
    pub published_at: Option<i64>,
    /// The excerpt as HTML, trimmed and cut at [`ITEM_TEXT_MAX_BYTES`].
    pub excerpt: String,
    /// The text as HTML, trimmed and cut at [`ITEM_TEXT_MAX_BYTES`].
    pub content: String,
    /// `open` or `closed`; empty if absent.
    pub comment_status: String,
}

/// A comment, pingback or trackback.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comment {
    /// The comment's number in WordPress, unique in the export.
    pub comment_id: u64,
    /// Number of the comment that this one answers, 0 for none. It may come later in the file or be missing.
    pub parent: u64,
    /// The name given, trimmed.
    pub author: String,
    /// The e-mail address given, trimmed.
    pub author_email: String,
    /// The web address given, trimmed.
    pub author_url: String,
    /// Time of writing in microseconds since 1970 UTC: `wp:comment_date_gmt`, else `wp:comment_date` taken
    /// as UTC; `None` if neither can be read.
    pub published_at: Option<i64>,
    /// The text as HTML, exactly as the file has it; empty if it was too long.
    pub content: String,
    /// Whether the content exceeded [`COMMENT_TEXT_MAX_BYTES`] and was dropped.
    pub content_too_long: bool,
    /// State of moderation.
    pub approved: Approved,
    /// What it is.
    pub kind: Kind,
    /// Number of the WordPress account that wrote it, 0 for none.
    pub user_id: u64,
}

/// A comment's state of moderation (`wp:comment_approved`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approved {
    /// `1`.
    Approved,
    /// `0`.
    Pending,
    /// `spam`.
    Spam,
    /// `trash`.
    Trash,
    /// Anything else, such as `post-trashed`; empty if absent.
    Other(String),
}

impl Default for Approved {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<String> for Approved {
    fn from(word: String) -> Self {
        match word.as_str() {
            "1" => Self::Approved,
            "0" => Self::Pending,
            "spam" => Self::Spam,
            "trash" => Self::Trash,
            _ => Self::Other(word),
        }
    }
}

/// What a comment is (`wp:comment_type`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Kind {
    /// `comment`, empty or absent.
    #[default]
    Comment,
    /// `pingback`.
    Pingback,
    /// `trackback`.
    Trackback,
    /// A plugin's own word.
    Other(String),
}

impl From<String> for Kind {
    fn from(word: String) -> Self {
        match word.as_str() {
            "" | "comment" => Self::Comment,
            "pingback" => Self::Pingback,
            "trackback" => Self::Trackback,
            _ => Self::Other(word),
        }
    }
}
