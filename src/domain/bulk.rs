//! Decisions about many replies at once.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::CaseState,
    ids::{AccountId, ReplyId},
    reply_state::{ReplyState, Verb},
    text_enum,
    timestamp::Timestamp,
};

/// Replies of one bulk.
pub const ITEMS_MAX: usize = 10_000;
/// How long after its end a bulk can be undone.
pub const UNDOABLE: Duration = Duration::from_secs(24 * 3_600);

text_enum! {
    /// What came of one reply of many.
    pub enum ItemOutcome {
        /// It was decided about, or put back.
        Done = "done",
        /// It has moved on since it was looked at, or is not where this can be decided.
        Conflict = "conflict",
        /// It is of a site that one does not moderate, or does not any more.
        Forbidden = "forbidden",
        /// There is no such reply any more, or none that one may know of.
        Gone = "gone",
    }
}

/// A reply with the version that was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkItem {
    /// The reply.
    pub id: ReplyId,
    /// Its version as it was looked at.
    pub version: i32,
}

/// What came of the replies of a bulk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Outcomes {
    /// Decided about, or put back.
    pub done: i64,
    /// Moved on, or not where this can be decided.
    pub conflict: i64,
    /// Of sites that one does not moderate.
    pub forbidden: i64,
    /// Not there, or not to be known of.
    pub gone: i64,
}

impl Outcomes {
    /// Counts so many more.
    pub fn add(&mut self, outcome: ItemOutcome, number: i64) {
        *match outcome {
            ItemOutcome::Done => &mut self.done,
            ItemOutcome::Conflict => &mut self.conflict,
            ItemOutcome::Forbidden => &mut self.forbidden,
            ItemOutcome::Gone => &mut self.gone,
        } += number;
    }

    /// All of them.
    pub fn total(&self) -> i64 {
        self.done + self.conflict + self.forbidden + self.gone
    }
}

/// A reply as it stands when it is come to.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub state: ReplyState,
    pub version: i32,
    /// Whether its author's appeal waits, which is decided in another way.
    pub is_appealed: bool,
    /// Whether its text was erased, about which nothing is decided any more.
    pub is_erased: bool,
    /// Whether who decides moderates its site.
    pub is_moderated: bool,
}

/// The state that a decision leads to, or why there is none. What one may not know of is as if it were not there.
pub fn next(stands: Option<Standing>, looked_at: i32, verb: Verb) -> Result<ReplyState, ItemOutcome> {
    let Standing { state, version, is_appealed, is_erased, is_moderated } = stands.ok_or(ItemOutcome::Gone)?;
    match (is_moderated, state) {
        (false, ReplyState::Approved) => Err(ItemOutcome::Forbidden),
        (false, _) | (true, ReplyState::Withdrawn) => Err(ItemOutcome::Gone),
        _ if version != looked_at || is_appealed || is_erased => Err(ItemOutcome::Conflict),
        _ => state.after(verb).ok_or(ItemOutcome::Conflict),
    }
}

/// How a reply stood before a decision that may be undone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Former {
    pub state: ReplyState,
    pub flagged_at: Option<Timestamp>,
    pub refused_at: Option<Timestamp>,
    /// Since when it waited.
    pub since: Option<Timestamp>,
    /// When it was decided about, which is when its reports were closed.
    pub decided_at: Timestamp,
    /// Until when its author might have changed it, where it was returned.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// The last time that it had gone back to its author, where that is what is decided.
    #[serde(default)]
    pub returned: Option<FormerReturn>,
    /// Its case; nothing if nobody ever reported it.
    pub case: Option<FormerCase>,
}

/// How a reply had gone back to its author.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FormerReturn {
    pub revision: i32,
    pub returned_by: AccountId,
    pub message: String,
    pub returned_at: Timestamp,
}

/// How the case of a reply stood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FormerCase {
    pub state: CaseState,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<AccountId>,
    pub reopened: i32,
    pub dismissed_at: Option<Timestamp>,
    pub dismissed_revision: Option<i32>,
    pub dismissed_reasons: String,
}

/// The rows of a reply's log, in order, that nobody undid. An undoing follows at once on what it undoes.
pub fn not_undone<Row>(rows: impl IntoIterator<Item = Row>, is_undoing: impl Fn(&Row) -> bool) -> Vec<Row> {
    let mut standing = Vec::new();
    for row in rows {
        if is_undoing(&row) {
            standing.pop();
        } else {
            standing.push(row);
        }
    }
    standing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_decided_follows_from_how_a_reply_stands() {
        let stands = |state, is_moderated| {
            Some(Standing { state, version: 2, is_appealed: false, is_erased: false, is_moderated })
        };
        let pending = stands(ReplyState::Pending, true);
        assert_eq!(next(pending, 2, Verb::Approve), Ok(ReplyState::Approved));
        assert_eq!(next(pending, 1, Verb::Approve), Err(ItemOutcome::Conflict));
        assert_eq!(next(pending, 2, Verb::Restore), Err(ItemOutcome::Conflict));
        let appealed =
            Standing { state: ReplyState::Spam, version: 2, is_appealed: true, is_erased: false, is_moderated: true };
        assert_eq!(next(Some(appealed), 2, Verb::Approve), Err(ItemOutcome::Conflict));
        assert_eq!(next(stands(ReplyState::Withdrawn, true), 1, Verb::Approve), Err(ItemOutcome::Gone));
        assert_eq!(next(None, 2, Verb::Spam), Err(ItemOutcome::Gone));
        // elsewhere only what everybody sees is known to be there
        assert_eq!(next(stands(ReplyState::Approved, false), 2, Verb::Spam), Err(ItemOutcome::Forbidden));
        assert_eq!(next(stands(ReplyState::Pending, false), 2, Verb::Spam), Err(ItemOutcome::Gone));
    }

    #[test]
    fn what_was_undone_does_not_stand() {
        let standing = |rows: &'static str| not_undone(rows.chars(), |row| *row == 'u').into_iter().collect::<String>();
        assert_eq!(standing("paur"), "pr");
        assert_eq!(standing("parusu"), "pa");
        assert_eq!(standing("u"), "");
    }

    #[test]
    fn outcomes_are_counted_by_their_kind() {
        let mut outcomes = Outcomes::default();
        ItemOutcome::ALL.iter().for_each(|outcome| outcomes.add(*outcome, 1));
        outcomes.add(ItemOutcome::Done, 1);
        assert_eq!((outcomes.done, outcomes.total()), (2, 5));
    }
}
