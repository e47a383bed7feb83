//! How a new text gets its first state, and the words of the log.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{reply_state::ReplyState, text_enum};

text_enum! {
    /// When replies become public.
    pub enum ModerationMode {
        /// All wait for a moderator.
        Pre = "pre",
        /// Public at once.
        Post = "post",
        /// As `pre` until enough replies of the author were approved on the site.
        Trusted = "trusted",
    }
}

text_enum! {
    /// Why a reader reports a reply, or a moderator refuses it.
    pub enum Reason {
        /// Advertising, links for their own sake.
        Spam = "spam",
        /// Insults, threats, harassment.
        Abuse = "abuse",
        /// Not about the story.
        OffTopic = "off_topic",
        /// False facts.
        Misinformation = "misinformation",
        /// Against the law.
        Illegal = "illegal",
        /// Something else, said in words.
        Other = "other",
    }
}

text_enum! {
    /// In what capacity somebody acted.
    pub enum ActorKind {
        /// A reader, the writer of the reply concerned.
        Reader = "reader",
        /// An author of the site.
        Author = "author",
        /// A moderator of the site.
        Moderator = "moderator",
        /// An admin.
        Admin = "admin",
        /// Nobody: a command or the service itself.
        System = "system",
    }
}

text_enum! {
    /// What a row of the log says was done.
    pub enum Action {
        /// A reply was posted.
        Post = "post",
        /// Its text was changed.
        Edit = "edit",
        /// Its author took it back.
        Withdraw = "withdraw",
        /// It was approved.
        Approve = "approve",
        /// It was refused.
        Reject = "reject",
        /// It was taken for spam.
        Spam = "spam",
        /// It was put back into the queue.
        Restore = "restore",
        /// It came with an import.
        Import = "import",
        /// An account was suspended.
        Suspend = "suspend",
        /// A suspension was lifted.
        LiftSuspension = "lift_suspension",
        /// A role was granted.
        GrantRole = "grant_role",
        /// A role was taken back.
        RevokeRole = "revoke_role",
        /// A site was created.
        CreateSite = "create_site",
        /// A site's settings were changed.
        ChangeSite = "change_site",
        /// A story was closed by hand.
        CloseStory = "close_story",
        /// A story was reopened by hand.
        ReopenStory = "reopen_story",
    }
}

/// How long a refusal makes an author's next replies wait in [`ModerationMode::Trusted`].
pub const DISTRUST: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is known of an author when a text of theirs comes in.
#[derive(Clone, Copy, Debug)]
pub struct AuthorRecord {
    /// Author or moderator of the site, or admin.
    pub is_staff: bool,
    /// Replies on this site that stand approved.
    pub approved: i64,
    /// Whether a reply of theirs on this site was refused within [`DISTRUST`].
    pub was_refused_lately: bool,
}

/// The state that a new or changed text begins in.
pub fn first_state(mode: ModerationMode, trusted_after: i32, author: AuthorRecord) -> ReplyState {
    let is_public = author.is_staff
        || match mode {
            ModerationMode::Pre => false,
            ModerationMode::Post => true,
            ModerationMode::Trusted => author.approved >= i64::from(trusted_after) && !author.was_refused_lately,
        };
    if is_public { ReplyState::Approved } else { ReplyState::Pending }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: AuthorRecord = AuthorRecord { is_staff: false, approved: 0, was_refused_lately: false };

    #[test]
    fn staff_never_wait() {
        for mode in ModerationMode::ALL {
            let staff = AuthorRecord { is_staff: true, was_refused_lately: true, ..STRANGER };
            assert_eq!(first_state(*mode, 2, staff), ReplyState::Approved);
        }
    }

    #[test]
    fn trust_comes_with_approvals_and_goes_with_a_refusal() {
        let known = AuthorRecord { approved: 2, ..STRANGER };
        assert_eq!(first_state(ModerationMode::Trusted, 2, STRANGER), ReplyState::Pending);
        assert_eq!(first_state(ModerationMode::Trusted, 2, known), ReplyState::Approved);
        let refused = AuthorRecord { was_refused_lately: true, ..known };
        assert_eq!(first_state(ModerationMode::Trusted, 2, refused), ReplyState::Pending);
    }

    #[test]
    fn the_strict_and_the_lenient_mode_ask_for_no_record() {
        assert_eq!(first_state(ModerationMode::Pre, 0, STRANGER), ReplyState::Pending);
        assert_eq!(first_state(ModerationMode::Post, 9, STRANGER), ReplyState::Approved);
    }
}
