//! What becomes of a story under its readers' eyes.

use serde::{Deserialize, Serialize};

use super::text_enum;
use crate::domain::reply_state::ReplyState;

text_enum! {
    /// What changed.
    pub enum ChangeKind {
        /// A reply became public.
        Published = "published",
        /// A public reply has another text or version.
        Edited = "edited",
        /// A public reply is a tombstone now, or gone.
        Removed = "removed",
        /// A reply that had been refused or withdrawn became public.
        Restored = "restored",
        /// A reply has another number of recommendations.
        Recommended = "recommended",
        /// A reply was featured, or is no longer, or the list of featured ones has another order or other labels, this one
        /// among them.
        Featured = "featured",
        /// The story itself: closed, reopened, or changed by its front end.
        Story = "story",
    }
}

impl ChangeKind {
    /// Of a reply's former state and its new one; none if readers see neither.
    pub fn of(before: Option<ReplyState>, after: ReplyState) -> Option<Self> {
        let was_public = before.is_some_and(ReplyState::is_public);
        match (was_public, after.is_public()) {
            (false, false) => None,
            (true, false) => Some(Self::Removed),
            (true, true) => Some(Self::Edited),
            (false, true) if matches!(before, None | Some(ReplyState::Pending | ReplyState::Returned)) => {
                Some(Self::Published)
            }
            (false, true) => Some(Self::Restored),
        }
    }
}
