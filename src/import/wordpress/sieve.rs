//! What of an export comes in.

use roaring::RoaringTreemap;

use super::LeftOut;
use crate::{
    domain::{imported_html, reply_state::ReplyState},
    import::wxr::{Approved, Comment, Item, Kind},
};

/// Decides about items and comments, one reading of the file long: it remembers which numbers came before.
pub(super) struct Sieve<'a> {
    with_pingbacks: bool,
    hidden: &'a Hidden,
    items: RoaringTreemap,
    comments: RoaringTreemap,
}

/// Numbers of items that not everybody may see. What belongs to them may stand before them in the file.
#[derive(Default)]
pub(super) struct Hidden {
    left_out: RoaringTreemap,
    protected: RoaringTreemap,
}

impl Hidden {
    pub(super) fn note(&mut self, item: &Item) {
        if item.status != INHERIT && by_status(&item.status).is_err() {
            self.left_out.insert(item.post_id);
        }
        if item.is_protected {
            self.protected.insert(item.post_id);
        }
    }
}

/// What becomes of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Taken {
    /// A published post; every other item is a story only for its comments' sake.
    pub(super) is_post: bool,
    /// Its number came before.
    pub(super) is_repeated: bool,
}

/// The status of what has that of the item it belongs to: an attachment that of its post.
const INHERIT: &str = "inherit";

fn by_status(status: &str) -> Result<(), LeftOut> {
    match status {
        "publish" | INHERIT => Ok(()),
        "draft" => Err(LeftOut::Draft),
        "private" => Err(LeftOut::Private),
        "pending" => Err(LeftOut::PendingItem),
        "future" => Err(LeftOut::Scheduled),
        "trash" => Err(LeftOut::TrashedItem),
        "auto-draft" => Err(LeftOut::AutoDraft),
        _ => Err(LeftOut::OtherStatus),
    }
}

impl<'a> Sieve<'a> {
    pub(super) fn new(with_pingbacks: bool, hidden: &'a Hidden) -> Self {
        Self { with_pingbacks, hidden, items: RoaringTreemap::new(), comments: RoaringTreemap::new() }
    }

    /// What becomes of the item, which is protected if what it belongs to is.
    pub(super) fn item(&mut self, item: &mut Item) -> Result<Taken, LeftOut> {
        by_status(&item.status)?;
        if item.status == INHERIT {
            if self.hidden.left_out.contains(item.parent) {
                return Err(LeftOut::OfHiddenItem);
            }
            item.is_protected |= self.hidden.protected.contains(item.parent);
        }
        let is_post = item.post_type == "post" && item.status == "publish";
        Ok(Taken { is_post, is_repeated: !self.items.insert(item.post_id) })
    }

    /// The state in which a comment of an item that is taken comes in.
    pub(super) fn comment(&mut self, comment: &Comment) -> Result<ReplyState, LeftOut> {
        match &comment.kind {
            Kind::Comment => {}
            Kind::Pingback if !self.with_pingbacks => return Err(LeftOut::Pingback),
            Kind::Trackback if !self.with_pingbacks => return Err(LeftOut::Trackback),
            Kind::Pingback | Kind::Trackback => {}
            // not for readers: shops keep notes on orders so
            Kind::Other(_) => return Err(LeftOut::OtherKind),
        }
        let state = match &comment.approved {
            Approved::Approved => ReplyState::Approved,
            Approved::Pending => ReplyState::Pending,
            Approved::Spam => ReplyState::Spam,
            Approved::Trash => ReplyState::Rejected,
            Approved::Other(_) => return Err(LeftOut::OtherState),
        };
        if comment.content_too_long || comment.content.len() > imported_html::MAX_BYTES {
            return Err(LeftOut::TooLong);
        }
        if !self.comments.insert(comment.comment_id) {
            return Err(LeftOut::RepeatedComment);
        }
        Ok(state)
    }
}
