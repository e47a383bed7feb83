//! Which replies of which queues somebody wants to see: filters that are saved, listed, counted and acted on.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ids::*, moderation::Reason, queue_event::WorkQueue, reply_state::ReplyState, rules::RuleName, text_enum,
    text_query::TextQuery,
};

/// Entries of each list of a filter.
pub const ENTRIES_MAX: usize = 50;
/// Characters of the words that are looked for.
pub const TEXT_MAX_CHARS: usize = 500;

/// What a filter chooses from that names no queue.
const USUAL: [WorkQueue; 3] = [WorkQueue::Pending, WorkQueue::Reported, WorkQueue::Flagged];

text_enum! {
    /// A queue that waits for moderators, or a list of what was decided.
    pub enum QueueName {
        /// Waiting replies.
        Pending = "pending",
        /// Public replies with open reports.
        Reported = "reported",
        /// Public replies that the rules flagged and no moderator has looked at since.
        Flagged = "flagged",
        /// Refused replies whose authors appeal.
        Appeals = "appeals",
        /// Replies taken for spam.
        Spam = "spam",
        /// Public replies.
        Approved = "approved",
        /// Refused replies.
        Rejected = "rejected",
        /// Replies that are with their authors, to be changed.
        Returned = "returned",
    }
}

impl From<WorkQueue> for QueueName {
    fn from(queue: WorkQueue) -> Self {
        match queue {
            WorkQueue::Pending => Self::Pending,
            WorkQueue::Reported => Self::Reported,
            WorkQueue::Flagged => Self::Flagged,
            WorkQueue::Appeals => Self::Appeals,
        }
    }
}

impl QueueName {
    /// The queue, if work is handed out of it; else the state of what was decided.
    pub fn kind(self) -> Result<WorkQueue, ReplyState> {
        match self {
            Self::Pending => Ok(WorkQueue::Pending),
            Self::Reported => Ok(WorkQueue::Reported),
            Self::Flagged => Ok(WorkQueue::Flagged),
            Self::Appeals => Ok(WorkQueue::Appeals),
            Self::Spam => Err(ReplyState::Spam),
            Self::Approved => Err(ReplyState::Approved),
            Self::Rejected => Err(ReplyState::Rejected),
            Self::Returned => Err(ReplyState::Returned),
        }
    }
}

/// Which replies: those that are in one of each list that says something. Sites are named by their ids, on the wire by their
/// keys.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueFilter<Site = SiteId> {
    /// Queues out of which work is handed, or lists of what was decided, not both; `pending`, `reported` and `flagged` if
    /// empty.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub queues: Vec<QueueName>,
    /// Sites; all that one moderates if empty.
    #[serde(default = "Vec::new")]
    #[schema(max_items = 50, value_type = Vec<String>)]
    pub sites: Vec<Site>,
    /// Stories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub stories: Vec<StoryId>,
    /// Accounts of authors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub authors: Vec<AccountId>,
    /// Sections of stories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub sections: Vec<String>,
    /// Tags of stories, one of which the story has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub tags: Vec<String>,
    /// Rules, one of which found something in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub rules: Vec<RuleName>,
    /// What open reports are for; of what was decided, any reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub reasons: Vec<Reason>,
    /// Languages of the text, by their shortest tags (BCP 47): `de`; `und` where it cannot be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub languages: Vec<String>,
    /// Only by authors with fewer approved replies on the site than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub author_approved_below: Option<u32>,
    /// Only by accounts that are younger than so many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 36_500)]
    pub author_days_below: Option<u32>,
    /// Only what has waited for so many minutes; not of what was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 5_256_000)]
    pub waiting_minutes: Option<u32>,
    /// Words that the text has, as in a search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub text: Option<String>,
}

impl<Site> Default for QueueFilter<Site> {
    fn default() -> Self {
        Self {
            queues: Vec::new(),
            sites: Vec::new(),
            stories: Vec::new(),
            authors: Vec::new(),
            sections: Vec::new(),
            tags: Vec::new(),
            rules: Vec::new(),
            reasons: Vec::new(),
            languages: Vec::new(),
            author_approved_below: None,
            author_days_below: None,
            waiting_minutes: None,
            text: None,
        }
    }
}

/// What a filter chooses from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Base {
    /// What waits in any of these.
    Waiting(Vec<WorkQueue>),
    /// What was decided to be one of these.
    Decided(Vec<ReplyState>),
}

impl<Site> QueueFilter<Site> {
    /// What it chooses from; nothing if it names both what waits and what was decided.
    pub fn base(&self) -> Option<Base> {
        let (mut waiting, mut decided) = (Vec::new(), Vec::new());
        for name in &self.queues {
            match name.kind() {
                Ok(queue) if !waiting.contains(&queue) => waiting.push(queue),
                Err(state) if !decided.contains(&state) => decided.push(state),
                _ => {}
            }
        }
        match (waiting.is_empty(), decided.is_empty()) {
            // appeals are decided in another way
            (true, true) => Some(Base::Waiting(USUAL.to_vec())),
            (false, true) => Some(Base::Waiting(waiting)),
            (true, false) => Some(Base::Decided(decided)),
            (false, false) => None,
        }
    }

    /// The same of sites that are named otherwise.
    pub fn of_sites<Other>(self, sites: Vec<Other>) -> QueueFilter<Other> {
        let Self { queues, sites: _, stories, authors, sections, tags, rules, reasons, languages, .. } = self;
        let Self { author_approved_below, author_days_below, waiting_minutes, text, .. } = self;
        QueueFilter {
            queues,
            sites,
            stories,
            authors,
            sections,
            tags,
            rules,
            reasons,
            languages,
            author_approved_below,
            author_days_below,
            waiting_minutes,
            text,
        }
    }

    /// For how long something must have waited.
    pub fn waiting(&self) -> Option<Duration> {
        self.waiting_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60))
    }

    /// How young an author's account must be.
    pub fn author_age(&self) -> Option<Duration> {
        self.author_days_below.map(|days| Duration::from_secs(u64::from(days) * 24 * 3_600))
    }

    /// What the text must have.
    pub fn words(&self) -> Option<TextQuery> {
        self.text.as_deref().and_then(TextQuery::parse)
    }
}

impl QueueFilter {
    /// Whether it takes all there is in its queues on its sites.
    pub fn is_whole(&self) -> bool {
        let Self { queues, sites, .. } = self.clone();
        *self == Self { queues, sites, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_of_what_waits_or_of_what_was_decided() {
        let base =
            |queues: &[QueueName]| QueueFilter::<SiteId> { queues: queues.to_vec(), ..QueueFilter::default() }.base();
        assert_eq!(base(&[]), Some(Base::Waiting(USUAL.to_vec())));
        assert_eq!(base(&[QueueName::Appeals]), Some(Base::Waiting(vec![WorkQueue::Appeals])));
        assert_eq!(base(&[QueueName::Flagged; 2]), Some(Base::Waiting(vec![WorkQueue::Flagged])));
        assert_eq!(
            base(&[QueueName::Spam, QueueName::Rejected]),
            Some(Base::Decided(vec![ReplyState::Spam, ReplyState::Rejected]))
        );
        assert_eq!(base(&[QueueName::Spam, QueueName::Pending]), None);
    }

    #[test]
    fn what_a_filter_does_not_say_is_not_stored() {
        let site = SiteId(uuid::Uuid::from_u128(7));
        let filter = QueueFilter { sites: vec![site], ..QueueFilter::default() };
        assert!(filter.is_whole());
        let stored = serde_json::to_string(&filter).unwrap();
        assert!(!stored.contains("text") && !stored.contains("author_"), "{stored}");
        assert_eq!(serde_json::from_str::<QueueFilter>(&stored).unwrap(), filter);
        let words = QueueFilter { text: Some("gardens".into()), ..filter };
        assert!(words.words().is_some() && !words.is_whole());
    }
}
