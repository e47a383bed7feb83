//! The comments of one item on their way into their order.

use std::collections::BTreeMap;

use super::order::{self, Stub};
use crate::{domain::reply_state::ReplyState, import::wxr::Comment};

/// A comment that comes in.
pub(super) struct Kept {
    pub(super) comment: Comment,
    pub(super) state: ReplyState,
}

impl Kept {
    /// Bytes that it takes while it waits, about.
    pub(super) fn weight(&self) -> usize {
        let comment = &self.comment;
        size_of::<Self>()
            + comment.content.len()
            + comment.author.len()
            + comment.author_email.len()
            + comment.author_url.len()
    }
}

/// The order of an item that is too large to be held at once, kept from one reading of the file to the next.
pub(super) struct Plan {
    /// Numbers of comments with their turns, sorted by number.
    turns: Vec<(u64, u32)>,
    /// The turn that has not come yet.
    next: u32,
    /// Whether its story was handed over.
    pub(super) has_story: bool,
}

impl Plan {
    pub(super) fn new(stubs: &[Stub]) -> Self {
        let ordered = order::order(stubs);
        let mut turns: Vec<(u64, u32)> =
            (0..).zip(ordered).map(|(turn, place)| (stubs[place as usize].id, turn)).collect();
        turns.sort_unstable();
        Self { turns, next: 0, has_story: false }
    }

    pub(super) fn is_done(&self) -> bool {
        self.next as usize >= self.turns.len()
    }
}

/// The comments of a planned item that came before their turn, in one reading of the file.
///
/// When they take too much room, those whose turn is farthest are dropped, and with them all that come after: another
/// reading brings them again. Each reading stores at least a window full, so the readings end.
pub(super) struct Window {
    max_bytes: usize,
    waiting: BTreeMap<u32, Kept>,
    bytes: usize,
    /// Turns from here on are left to another reading.
    end: u32,
}

impl Window {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self { max_bytes, waiting: BTreeMap::new(), bytes: 0, end: u32::MAX }
    }

    /// Takes a comment in, if the plan has a turn for it. Afterwards [`next`](Self::next) gives those whose turn has
    /// come.
    pub(super) fn offer(&mut self, plan: &Plan, kept: Kept) -> bool {
        let Some(turn) = order::find(&plan.turns, kept.comment.comment_id) else { return false };
        // a number given twice: the first counts, whether stored, waiting or left to another reading
        if turn < plan.next || turn >= self.end || self.waiting.contains_key(&turn) {
            return true;
        }
        self.bytes += kept.weight();
        self.waiting.insert(turn, kept);
        // the one whose turn it is stays, however large
        while self.bytes > self.max_bytes && self.waiting.len() > 1 {
            let Some((turn, dropped)) = self.waiting.pop_last() else { break };
            self.bytes -= dropped.weight();
            self.end = turn;
        }
        true
    }

    /// The comment whose turn has come, if it is there.
    pub(super) fn next(&mut self, plan: &mut Plan) -> Option<Kept> {
        let kept = self.waiting.remove(&plan.next)?;
        self.bytes -= kept.weight();
        plan.next += 1;
        Some(kept)
    }
}
