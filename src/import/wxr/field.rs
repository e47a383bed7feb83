//! Which elements mean something to us, and where.

use super::{COMMENT_TEXT_MAX_BYTES, FIELD_MAX_BYTES, ITEM_TEXT_MAX_BYTES};

/// The vocabularies of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary<'a> {
    /// RSS itself, which has no namespace.
    Rss,
    /// WordPress's own, of a version that we read.
    Wp,
    /// WordPress's own, of this other version.
    WpOther(&'a str),
    /// WordPress's excerpts.
    Excerpt,
    /// The RSS content module.
    Content,
    /// Dublin Core.
    DublinCore,
    /// Something else.
    Foreign,
}

impl<'a> Vocabulary<'a> {
    /// The vocabulary of a namespace URI.
    pub(super) fn of(uri: &'a str) -> Self {
        let Some(address) = uri.strip_prefix("http://").or_else(|| uri.strip_prefix("https://")) else {
            return Self::Foreign;
        };
        match address {
            "purl.org/rss/1.0/modules/content/" => Self::Content,
            "purl.org/dc/elements/1.1/" => Self::DublinCore,
            _ => match address.strip_prefix("wordpress.org/export/") {
                Some("1.0/" | "1.1/" | "1.2/") => Self::Wp,
                Some("1.0/excerpt/" | "1.1/excerpt/" | "1.2/excerpt/") => Self::Excerpt,
                Some(other) => match other.trim_end_matches('/') {
                    version if !version.contains('/') => Self::WpOther(version),
                    _ => Self::Foreign,
                },
                None => Self::Foreign,
            },
        }
    }
}

/// An open element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Rss,
    Channel,
    Item,
    Comment,
    Field(Field),
    /// Skipped, with all that it contains.
    Skipped,
}

/// An element whose text we keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    ChannelTitle,
    ChannelLink,
    ChannelDescription,
    BaseSiteUrl,
    BaseBlogUrl,
    WxrVersion,
    PostId,
    PostType,
    Status,
    PostPassword,
    PostParent,
    ItemTitle,
    ItemLink,
    Guid,
    Creator,
    PostDateGmt,
    PubDate,
    PostDate,
    ItemExcerpt,
    ItemContent,
    CommentStatus,
    CommentId,
    CommentParent,
    CommentAuthor,
    CommentAuthorEmail,
    CommentAuthorUrl,
    CommentDateGmt,
    CommentDate,
    CommentContent,
    CommentApproved,
    CommentType,
    CommentUserId,
}

/// Every field: the element that it stands in, its vocabulary, its usual name.
const FIELDS: [(Scope, Vocabulary<'static>, &str, Field); 32] = {
    use Field::*;
    use Scope::{Channel, Comment, Item};
    use Vocabulary::{Content, DublinCore, Excerpt, Rss, Wp};
    [
        (Channel, Rss, "title", ChannelTitle),
        (Channel, Rss, "link", ChannelLink),
        (Channel, Rss, "description", ChannelDescription),
        (Channel, Wp, "wp:base_site_url", BaseSiteUrl),
        (Channel, Wp, "wp:base_blog_url", BaseBlogUrl),
        (Channel, Wp, "wp:wxr_version", WxrVersion),
        (Item, Wp, "wp:post_id", PostId),
        (Item, Wp, "wp:post_type", PostType),
        (Item, Wp, "wp:status", Status),
        (Item, Wp, "wp:post_password", PostPassword),
        (Item, Wp, "wp:post_parent", PostParent),
        (Item, Rss, "title", ItemTitle),
        (Item, Rss, "link", ItemLink),
        (Item, Rss, "guid", Guid),
        (Item, DublinCore, "dc:creator", Creator),
        (Item, Wp, "wp:post_date_gmt", PostDateGmt),
        (Item, Rss, "pubDate", PubDate),
        (Item, Wp, "wp:post_date", PostDate),
        (Item, Excerpt, "excerpt:encoded", ItemExcerpt),
        (Item, Content, "content:encoded", ItemContent),
        (Item, Wp, "wp:comment_status", CommentStatus),
        (Comment, Wp, "wp:comment_id", CommentId),
        (Comment, Wp, "wp:comment_parent", CommentParent),
        (Comment, Wp, "wp:comment_author", CommentAuthor),
        (Comment, Wp, "wp:comment_author_email", CommentAuthorEmail),
        (Comment, Wp, "wp:comment_author_url", CommentAuthorUrl),
        (Comment, Wp, "wp:comment_date_gmt", CommentDateGmt),
        (Comment, Wp, "wp:comment_date", CommentDate),
        (Comment, Wp, "wp:comment_content", CommentContent),
        (Comment, Wp, "wp:comment_approved", CommentApproved),
        (Comment, Wp, "wp:comment_type", CommentType),
        (Comment, Wp, "wp:comment_user_id", CommentUserId),
    ]
};

/// The part of an element's name after its prefix.
fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

impl Field {
    /// The field that an element of this vocabulary and local name is within `scope`.
    pub(super) fn find(scope: Scope, vocabulary: Vocabulary<'_>, name: &str) -> Option<Self> {
        FIELDS
            .iter()
            .find(|entry| entry.0 == scope && entry.1 == vocabulary && local(entry.2) == name)
            .map(|entry| entry.3)
    }

    /// The element's usual name, for messages.
    pub(super) fn element(self) -> &'static str {
        FIELDS.iter().find(|entry| entry.3 == self).map_or("an element", |entry| entry.2)
    }

    /// Most bytes of its text that are kept.
    pub(super) fn max_bytes(self) -> usize {
        match self {
            Self::ItemExcerpt | Self::ItemContent => ITEM_TEXT_MAX_BYTES,
            Self::CommentContent => COMMENT_TEXT_MAX_BYTES,
            _ => FIELD_MAX_BYTES,
        }
    }

    /// Whether an import can do with less than the whole text.
    pub(super) fn may_be_long(self) -> bool {
        matches!(self, Self::ItemExcerpt | Self::ItemContent | Self::CommentContent)
    }
}
