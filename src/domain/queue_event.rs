//! What happens to replies in the queues, as moderators are told of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ids::*, moderation::Action, text_enum, timestamp::Timestamp};

text_enum! {
    /// A queue out of which work is handed.
    pub enum WorkQueue {
        /// Waiting replies.
        Pending = "pending",
        /// Public replies with open reports.
        Reported = "reported",
        /// Public replies that the rules flagged and no moderator has looked at since.
        Flagged = "flagged",
        /// Refused replies whose authors appeal.
        Appeals = "appeals",
    }
}

text_enum! {
    /// What happened.
    pub enum Happening {
        /// It stands in the queue from now on.
        Entered = "entered",
        /// It stands there no more.
        Left = "left",
        /// A moderator looks at it until a time, unless something else is said. That this ran out is not told.
        Claimed = "claimed",
        /// The moderator gave it back.
        Released = "released",
        /// A moderator decided about it, which also gives it back.
        Decided = "decided",
    }
}

/// Something that happened to a reply in the queues.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct QueueEvent {
    /// The reply's site.
    pub site_id: SiteId,
    /// The reply.
    pub reply_id: ReplyId,
    /// What happened.
    pub what: Happening,
    /// Which queue was entered or left; else null.
    pub queue: Option<WorkQueue>,
    /// The moderator; null where none did it.
    pub account_id: Option<AccountId>,
    /// Until when it is claimed; else null.
    pub until: Option<Timestamp>,
    /// What was decided; else null.
    pub action: Option<Action>,
}

impl QueueEvent {
    fn new((site_id, reply_id): (SiteId, ReplyId), what: Happening) -> Self {
        Self { site_id, reply_id, what, queue: None, account_id: None, until: None, action: None }
    }

    /// It came to stand in a queue, or stands there no more.
    pub fn moved(reply: (SiteId, ReplyId), queue: WorkQueue, is_there: bool) -> Self {
        let what = if is_there { Happening::Entered } else { Happening::Left };
        Self { queue: Some(queue), ..Self::new(reply, what) }
    }

    /// Somebody looks at it until then.
    pub fn claimed(reply: (SiteId, ReplyId), by: AccountId, until: Timestamp) -> Self {
        Self { account_id: Some(by), until: Some(until), ..Self::new(reply, Happening::Claimed) }
    }

    /// Who looked at it gave it back.
    pub fn released(reply: (SiteId, ReplyId), by: AccountId) -> Self {
        Self { account_id: Some(by), ..Self::new(reply, Happening::Released) }
    }

    /// Somebody decided about it.
    pub fn decided(reply: (SiteId, ReplyId), by: Option<AccountId>, action: Action) -> Self {
        Self { account_id: by, action: Some(action), ..Self::new(reply, Happening::Decided) }
    }
}
