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
    /// Replies on this site that stand approved.
    pub approved: i64,
    /// Whether a reply of theirs on this site was refused within [`DISTRUST`].
    pub was_refused_lately: bool,
}

/// The state that a new or changed text begins in. The author's record is only asked for where it decides.
pub fn first_state<E>(
    mode: ModerationMode,
    trusted_after: i32,
    is_staff: bool,
    record: impl FnOnce() -> Result<AuthorRecord, E>,
) -> Result<ReplyState, E> {
    let is_public = is_staff
        || match mode {
            ModerationMode::Pre => false,
            ModerationMode::Post => true,
            ModerationMode::Trusted => {
                let author = record()?;
                author.approved >= i64::from(trusted_after) && !author.was_refused_lately
            }
        };
    Ok(if is_public { ReplyState::Approved } else { ReplyState::Pending })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGER: AuthorRecord = AuthorRecord { approved: 0, was_refused_lately: false };

    fn state(mode: ModerationMode, trusted_after: i32, is_staff: bool, author: Option<AuthorRecord>) -> ReplyState {
        first_state(mode, trusted_after, is_staff, || author.ok_or("not to be asked for")).unwrap()
    }

    #[test]
    fn staff_never_wait() {
        for mode in ModerationMode::ALL {
            assert_eq!(state(*mode, 2, true, None), ReplyState::Approved);
        }
    }

    #[test]
    fn trust_comes_with_approvals_and_goes_with_a_refusal() {
        let known = AuthorRecord { approved: 2, ..STRANGER };
        let trusted = |author| state(ModerationMode::Trusted, 2, false, Some(author));
        assert_eq!(trusted(STRANGER), ReplyState::Pending);
        assert_eq!(trusted(known), ReplyState::Approved);
        assert_eq!(trusted(AuthorRecord { was_refused_lately: true, ..known }), ReplyState::Pending);
    }

    #[test]
    fn the_strict_and_the_lenient_mode_ask_for_no_record() {
        assert_eq!(state(ModerationMode::Pre, 0, false, None), ReplyState::Pending);
        assert_eq!(state(ModerationMode::Post, 9, false, None), ReplyState::Approved);
    }
}
