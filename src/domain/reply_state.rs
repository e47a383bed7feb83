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
        /// Put a refused or public one back into the queue.
        Restore = "restore",
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
            (Self::Rejected | Self::Spam | Self::Approved, Verb::Restore) => Some(Self::Pending),
            (Self::Pending, Verb::Restore) => None,
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
            let is_decided = matches!(state, ReplyState::Rejected | ReplyState::Spam | ReplyState::Approved);
            let expected = is_decided.then_some(ReplyState::Pending);
            assert_eq!(state.after(Verb::Restore), expected);
        }
    }
}
