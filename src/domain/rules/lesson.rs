//! What decisions teach the classifier, and how that is counted and written down.

use std::collections::BTreeMap;

use super::features::Slot;
use crate::domain::{
    moderation::{Action, Reason},
    timestamp::Timestamp,
};

/// A calendar month (UTC), counted from year 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month(pub i32);

impl Month {
    /// The one of this time.
    pub fn of(time: Timestamp) -> Self {
        let (year, month) = time.year_and_month();
        Self(i32::from(year) * 12 + i32::from(month) - 1)
    }
}

/// What follows from a person's decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Teaching {
    /// The text is good.
    Good,
    /// The text is spam.
    Bad,
    /// What was said of it before does not hold any more.
    TakesBack,
    /// Nothing: nobody said whether it is spam.
    Nothing,
}

/// What an action teaches. Rules teach nothing, nor does an author who withdraws.
pub fn taught_by(action: Action, reason: Option<Reason>) -> Teaching {
    match (action, reason) {
        (Action::Approve | Action::OverturnAppeal, _) => Teaching::Good,
        (Action::Spam, _) | (Action::Reject, Some(Reason::Spam)) => Teaching::Bad,
        // refused or returned for something else: good it is not, and spam neither
        (Action::Reject | Action::Restore | Action::Return, _) => Teaching::TakesBack,
        _ => Teaching::Nothing,
    }
}

/// Slots in order, as their gaps (LEB128).
pub fn pack_slots(slots: &[Slot]) -> Vec<u8> {
    let mut sorted: Vec<u32> = slots.iter().map(|slot| slot.0).collect();
    sorted.sort_unstable();
    let (mut packed, mut last) = (Vec::new(), 0);
    for slot in sorted {
        push(&mut packed, u64::from(slot - last));
        last = slot;
    }
    packed
}

/// The slots that were packed so; none where it is not what we write.
pub fn unpack_slots(packed: &[u8]) -> Option<Vec<Slot>> {
    let (mut rest, mut last, mut slots) = (packed, 0_u32, Vec::new());
    while !rest.is_empty() {
        last = last.checked_add(u32::try_from(pull(&mut rest)?).ok()?)?;
        slots.push(Slot(last));
    }
    Some(slots)
}

/// How many good and bad texts had a feature in each slot.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SlotCounts(pub BTreeMap<Slot, (i64, i64)>);

impl SlotCounts {
    /// Counts a text, or takes one back (-1). What comes to nothing is not there.
    pub fn add(&mut self, slots: &[Slot], is_bad: bool, number: i64) {
        for slot in slots {
            let (good, bad) = self.0.entry(*slot).or_default();
            *(if is_bad { bad } else { good }) += number;
            if self.0.get(slot) == Some(&(0, 0)) {
                self.0.remove(slot);
            }
        }
    }

    /// As it is written down. Errors: where something was taken back that was never counted.
    pub fn pack(&self) -> Option<Vec<u8>> {
        let (mut packed, mut last) = (Vec::new(), 0);
        for (slot, (good, bad)) in &self.0 {
            push(&mut packed, u64::from(slot.0 - last));
            push(&mut packed, u64::try_from(*good).ok()?);
            push(&mut packed, u64::try_from(*bad).ok()?);
            last = slot.0;
        }
        Some(packed)
    }

    /// What was written so; none where it is not what we write.
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let (mut rest, mut last, mut counts) = (packed, 0_u32, BTreeMap::new());
        while !rest.is_empty() {
            last = last.checked_add(u32::try_from(pull(&mut rest)?).ok()?)?;
            let good = i64::try_from(pull(&mut rest)?).ok()?;
            counts.insert(Slot(last), (good, i64::try_from(pull(&mut rest)?).ok()?));
        }
        Some(Self(counts))
    }
}

/// LEB128: seven bits a byte, the least first, the eighth says that more follow.
fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn pull(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_teach_and_nobody_else() {
        assert_eq!(taught_by(Action::Approve, None), Teaching::Good);
        assert_eq!(taught_by(Action::Spam, None), Teaching::Bad);
        assert_eq!(taught_by(Action::Reject, Some(Reason::Spam)), Teaching::Bad);
        assert_eq!(taught_by(Action::Reject, Some(Reason::Abuse)), Teaching::TakesBack);
        assert_eq!(taught_by(Action::Restore, None), Teaching::TakesBack);
        assert_eq!(taught_by(Action::Return, None), Teaching::TakesBack);
        assert_eq!(taught_by(Action::OverturnAppeal, None), Teaching::Good);
        let of_nobody = [Action::Post, Action::Edit, Action::Withdraw, Action::Judge, Action::Import, Action::Undo];
        for action in of_nobody.into_iter().chain([Action::Appeal, Action::UpholdAppeal, Action::DropAppeal]) {
            assert_eq!(taught_by(action, None), Teaching::Nothing);
        }
    }

    #[test]
    fn months_go_on_over_the_years() {
        let month = |text| Month::of(Timestamp::parse(text).unwrap()).0;
        assert_eq!(month("2026-12-31T23:59:59Z") + 1, month("2027-01-01T00:00:00Z"));
        assert_eq!(month("2026-11-26T00:00:00Z"), 2026 * 12 + 10);
    }

    #[test]
    fn what_is_no_packing_is_refused() {
        assert_eq!(unpack_slots(&[0x80]), None);
        assert_eq!(unpack_slots(&[0xff; 12]), None);
        assert_eq!(SlotCounts::unpack(&[1, 2]), None);
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(mut slots in prop::collection::hash_set(0u32..1 << 17, 0..300), odd in any::<u64>()) {
            let mut sorted: Vec<Slot> = slots.drain().map(Slot).collect();
            sorted.sort_unstable();
            let packed = pack_slots(&sorted);
            prop_assert_eq!(unpack_slots(&packed), Some(sorted.clone()));
            let mut counts = SlotCounts::default();
            counts.add(&sorted, false, i64::try_from(odd >> 2).unwrap());
            counts.add(&sorted[..sorted.len() / 2], true, 3);
            prop_assert_eq!(SlotCounts::unpack(&counts.pack().unwrap()), Some(counts.clone()));
            counts.add(&sorted, false, -i64::try_from(odd >> 2).unwrap());
            counts.add(&sorted[..sorted.len() / 2], true, -3);
            prop_assert_eq!(counts, SlotCounts::default());
        }
    }
}
