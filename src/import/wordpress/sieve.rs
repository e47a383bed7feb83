//! What of an export comes in.

use std::collections::HashMap;

use super::LeftOut;
use crate::{
    domain::{imported_html, reply_state::ReplyState},
    import::wxr::{Approved, Comment, Item, Kind},
};

/// Decides about items and comments, one reading of the file long: it remembers which numbers came before.
pub(super) struct Sieve {
    with_pingbacks: bool,
    items: Numbers,
    comments: Numbers,
}

/// What becomes of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Taken {
    /// A published post; every other item is a story only for its comments' sake.
    pub(super) is_post: bool,
    /// Its number came before.
    pub(super) is_repeated: bool,
}

impl Sieve {
    pub(super) fn new(with_pingbacks: bool) -> Self {
        Self { with_pingbacks, items: Numbers::default(), comments: Numbers::default() }
    }

    pub(super) fn item(&mut self, item: &Item) -> Result<Taken, LeftOut> {
        match item.status.as_str() {
            // an attachment inherits the status of its post
            "publish" | "inherit" => {}
            "draft" => return Err(LeftOut::Draft),
            "private" => return Err(LeftOut::Private),
            "pending" => return Err(LeftOut::PendingItem),
            "future" => return Err(LeftOut::Scheduled),
            "trash" => return Err(LeftOut::TrashedItem),
            "auto-draft" => return Err(LeftOut::AutoDraft),
            _ => return Err(LeftOut::OtherStatus),
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

/// Numbers that came before, a bit each in pieces: WordPress counts up, so they stand close together.
#[derive(Default)]
struct Numbers(HashMap<u64, [u64; 8]>);

impl Numbers {
    /// Whether the number is new.
    fn insert(&mut self, number: u64) -> bool {
        let bits = &mut self.0.entry(number / 512).or_default()[(number % 512 / 64) as usize];
        let is_new = *bits & (1 << (number % 64)) == 0;
        *bits |= 1 << (number % 64);
        is_new
    }
}
