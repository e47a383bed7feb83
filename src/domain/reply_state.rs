//! The states of a reply and what leads from one to another.

use serde::{Deserialize, Serialize};

use super::text_enum;

text_enum! {
    /// Where a reply stands. Only `approved` is public.
    pub enum ReplyState {
        /// Waits for a moderator.
        Pending = "pending",
        /// Public.
        Approved = "approved",
        /// Refused by a moderator.
        Rejected = "rejected",
        /// Taken for spam.
        Spam = "spam",
        /// Taken back by its author.
        Withdrawn = "withdrawn",
        /// With its author, to be changed.
        Returned = "returned",
    }
}

text_enum! {
    /// What a moderator decides about a reply.
    pub enum Verb {
        /// Make it public and close its reports.
        Approve = "approve",
        /// Refuse it, for a reason.
        Reject = "reject",
        /// Take it for spam.
        Spam = "spam",
        /// Put a refused, returned or public one back into the queue.
        Restore = "restore",
        /// Give it back to its author, to be changed once more.
        Return = "return",
    }
}

impl ReplyState {
    /// Whether readers see the text.
    pub fn is_public(self) -> bool {
        self == Self::Approved
    }

    /// Whether a moderator refused it.
    pub fn is_refused(self) -> bool {
        matches!(self, Self::Rejected | Self::Spam)
    }

    /// The state that a decision leads to; `None` where it is not possible from here.
    ///
    /// Approving what is approved is possible: it closes reports.
    pub fn after(self, verb: Verb) -> Option<Self> {
        match (self, verb) {
            (Self::Withdrawn, _) => None,
            (_, Verb::Approve) => Some(Self::Approved),
            (_, Verb::Reject) => Some(Self::Rejected),
            (_, Verb::Spam) => Some(Self::Spam),
            (Self::Rejected | Self::Spam | Self::Returned | Self::Approved, Verb::Restore) => Some(Self::Pending),
            (Self::Pending, Verb::Restore) => None,
            (Self::Pending | Self::Approved, Verb::Return) => Some(Self::Returned),
            (Self::Rejected | Self::Spam | Self::Returned, Verb::Return) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_decided_about_a_withdrawn_reply() {
        for verb in Verb::ALL {
            assert_eq!(ReplyState::Withdrawn.after(*verb), None);
        }
    }

    #[test]
    fn restoring_leads_to_pending_from_where_something_was_decided() {
        for state in ReplyState::ALL {
            let is_there = !matches!(state, ReplyState::Pending | ReplyState::Withdrawn);
            assert_eq!(state.after(Verb::Restore), is_there.then_some(ReplyState::Pending));
        }
    }

    #[test]
    fn only_what_waits_or_is_public_goes_back_to_its_author() {
        for state in ReplyState::ALL {
            let is_there = matches!(state, ReplyState::Pending | ReplyState::Approved);
            assert_eq!(state.after(Verb::Return), is_there.then_some(ReplyState::Returned));
        }
    }
}
