//! The texts of a simulation that later ones are compared with: those of the last day, the latest, as many as there is
//! room for.

use std::collections::{HashMap, VecDeque};

use crate::{
    domain::{ids::ReplyId, rules::near::Groups, timestamp::Timestamp},
    judging::near_index::KEPT,
};

/// Texts that are kept at most.
const MOST: usize = 10_000;
/// Bytes that their groups of words take at most.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// See the module's description.
#[derive(Default)]
pub(super) struct Compared {
    groups: HashMap<ReplyId, Groups>,
    /// In the order of their times.
    order: VecDeque<(ReplyId, Timestamp)>,
    bytes: usize,
}

impl Compared {
    /// The groups of a reply's text, if it is still kept.
    pub(super) fn find(&self, reply: ReplyId) -> Option<&Groups> {
        self.groups.get(&reply)
    }

    /// Adds a text, which came after those before it.
    pub(super) fn add(&mut self, reply: ReplyId, groups: Groups, at: Timestamp) {
        self.bytes += groups.bytes();
        self.groups.insert(reply, groups);
        self.order.push_back((reply, at));
        let since = at.minus(KEPT);
        while self.is_full() || self.order.front().is_some_and(|(_, first)| *first < since) {
            self.forget_first();
        }
    }

    fn is_full(&self) -> bool {
        self.order.len() > MOST || self.bytes > MOST_BYTES
    }

    fn forget_first(&mut self) {
        let first = self.order.pop_front().and_then(|(reply, _)| self.groups.remove(&reply));
        self.bytes -= first.map_or(0, |groups| groups.bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::rules::Text;

    fn id(number: u128) -> ReplyId {
        ReplyId(uuid::Uuid::from_u128(number))
    }

    /// Of a text of so many words of one letter.
    fn groups(words: u32) -> Groups {
        let text: String = (0..words).filter_map(|number| char::from_u32(0x4e00 + number)).collect();
        Text::of(&text).groups().unwrap().clone()
    }

    #[test]
    fn long_texts_are_kept_as_far_as_there_is_room() {
        let (mut compared, groups) = (Compared::default(), groups(10_000));
        let kept = MOST_BYTES / groups.bytes();
        for number in 0..kept as u128 + 50 {
            compared.add(id(number), groups.clone(), Timestamp::from_micros(0));
            assert!(compared.bytes <= MOST_BYTES, "{number}");
        }
        assert_eq!((compared.groups.len(), compared.order.len()), (kept, kept));
        assert!(compared.find(id(49)).is_none() && compared.find(id(50)).is_some());
    }

    #[test]
    fn of_short_texts_the_latest_are_kept() {
        let (mut compared, groups) = (Compared::default(), groups(10));
        for number in 0..MOST as u128 + 50 {
            compared.add(id(number), groups.clone(), Timestamp::from_micros(0));
        }
        assert_eq!((compared.groups.len(), compared.bytes), (MOST, MOST * groups.bytes()));
    }

    #[test]
    fn what_is_older_than_a_day_is_dropped() {
        let (mut compared, now) = (Compared::default(), Timestamp::from_micros(0));
        let second = Duration::from_secs(1);
        for (number, at) in [(1, now), (2, now.plus(second)), (3, now.plus(KEPT + second))] {
            compared.add(id(number), groups(10), at);
        }
        assert!(compared.find(id(1)).is_none() && compared.find(id(2)).is_some());
        assert_eq!((compared.order.len(), compared.bytes), (2, 2 * groups(10).bytes()));
    }
}
