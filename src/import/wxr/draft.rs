//! Items and comments while their fields come in.

use super::error::shortened;
use super::field::Field;
use super::source::Place;
use super::text::{Text, mysql_micros, rfc2822_micros};
use super::{Channel, Comment, Item, WxrError, WxrErrorKind};

/// An item of which the end, or the first comment, is still to come.
#[derive(Debug)]
pub(super) struct ItemDraft {
    at: Place,
    item: Item,
    post_id: Option<u64>,
    date_gmt: Option<i64>,
    pub_date: Option<i64>,
    date: Option<i64>,
}

impl ItemDraft {
    pub(super) fn new(at: Place) -> Self {
        Self { at, item: Item::default(), post_id: None, date_gmt: None, pub_date: None, date: None }
    }

    /// Takes in a field; those of other elements are none of its business.
    pub(super) fn set(&mut self, field: Field, text: Text, at: Place) -> Result<(), WxrError> {
        let item = &mut self.item;
        match field {
            Field::PostId => self.post_id = Some(number(field, &text.into_trimmed(), at)?),
            Field::PostType => item.post_type = text.into_trimmed(),
            Field::Status => item.status = text.into_trimmed(),
            // Not trimmed, for WordPress does not trim either; said twice, the stricter counts.
            Field::PostPassword => item.is_protected |= !text.into_exact().is_empty(),
            Field::PostParent => item.parent = number_or_zero(field, &text.into_trimmed(), at)?,
            Field::ItemTitle => item.title = text.into_trimmed(),
            Field::ItemLink => item.link = text.into_trimmed(),
            Field::Guid => item.guid = text.into_trimmed(),
            Field::Creator => item.creator = text.into_trimmed(),
            Field::PostDateGmt => self.date_gmt = mysql_micros(&text.into_trimmed()),
            Field::PubDate => self.pub_date = rfc2822_micros(&text.into_trimmed()),
            Field::PostDate => self.date = mysql_micros(&text.into_trimmed()),
            Field::ItemExcerpt => item.excerpt = text.into_trimmed(),
            Field::ItemContent => item.content = text.into_trimmed(),
            Field::CommentStatus => item.comment_status = text.into_trimmed(),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Item, WxrError> {
        self.item.post_id = required(self.post_id, Field::PostId, self.at)?;
        self.item.published_at = self.date_gmt.or(self.pub_date).or(self.date);
        Ok(self.item)
    }
}

/// A comment of which the end is still to come.
#[derive(Debug)]
pub(super) struct CommentDraft {
    at: Place,
    comment: Comment,
    comment_id: Option<u64>,
    date_gmt: Option<i64>,
    date: Option<i64>,
}

impl CommentDraft {
    pub(super) fn new(at: Place) -> Self {
        Self { at, comment: Comment::default(), comment_id: None, date_gmt: None, date: None }
    }

    /// Takes in a field; those of other elements are none of its business.
    pub(super) fn set(&mut self, field: Field, text: Text, at: Place) -> Result<(), WxrError> {
        let comment = &mut self.comment;
        match field {
            Field::CommentId => self.comment_id = Some(number(field, &text.into_trimmed(), at)?),
            Field::CommentParent => {
                comment.parent = number_or_zero(field, &text.into_trimmed(), at)?;
            }
            Field::CommentAuthor => comment.author = text.into_trimmed(),
            Field::CommentAuthorEmail => comment.author_email = text.into_trimmed(),
            Field::CommentAuthorUrl => comment.author_url = text.into_trimmed(),
            Field::CommentDateGmt => self.date_gmt = mysql_micros(&text.into_trimmed()),
            Field::CommentDate => self.date = mysql_micros(&text.into_trimmed()),
            Field::CommentContent if text.is_over() => comment.content_too_long = true,
            Field::CommentContent => comment.content = text.into_exact(),
            Field::CommentApproved => comment.approved = text.into_trimmed().into(),
            Field::CommentType => comment.kind = text.into_trimmed().into(),
            Field::CommentUserId => {
                comment.user_id = number_or_zero(field, &text.into_trimmed(), at)?;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Comment, WxrError> {
        self.comment.comment_id = required(self.comment_id, Field::CommentId, self.at)?;
        self.comment.published_at = self.date_gmt.or(self.date);
        Ok(self.comment)
    }
}

/// Takes a field of the channel in.
pub(super) fn set_channel(channel: &mut Channel, field: Field, text: Text) {
    let place = match field {
        Field::ChannelTitle => &mut channel.title,
        Field::ChannelLink => &mut channel.link,
        Field::ChannelDescription => &mut channel.description,
        Field::BaseSiteUrl => &mut channel.base_site_url,
        Field::BaseBlogUrl => &mut channel.base_blog_url,
        Field::WxrVersion => &mut channel.wxr_version,
        _ => return,
    };
    *place = text.into_trimmed();
}

fn required(number: Option<u64>, field: Field, at: Place) -> Result<u64, WxrError> {
    number.ok_or_else(|| WxrError::new(at, WxrErrorKind::MissingNumber(field.element())))
}

fn number(field: Field, text: &str, at: Place) -> Result<u64, WxrError> {
    // The standard parser would take a plus sign as well.
    let digits = text.parse().ok().filter(|_| !text.starts_with('+'));
    digits.ok_or_else(|| {
        let kind = if text.is_empty() {
            WxrErrorKind::MissingNumber(field.element())
        } else {
            WxrErrorKind::InvalidNumber { element: field.element(), found: shortened(text) }
        };
        WxrError::new(at, kind)
    })
}

/// WordPress itself reads an empty number of a parent or an account as 0.
fn number_or_zero(field: Field, text: &str, at: Place) -> Result<u64, WxrError> {
    if text.is_empty() {
        return Ok(0);
    }
    number(field, text, at)
}
