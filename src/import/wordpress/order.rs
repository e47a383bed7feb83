//! The order in which a story's comments are stored.

/// All that decides about a comment's turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stub {
    pub(super) id: u64,
    pub(super) parent: u64,
    /// In microseconds.
    pub(super) time: i64,
}

/// The places of the stubs in the order of storing: by time, but parents before their answers. Of comments that claim
/// to answer each other in a circle, the earliest comes first, and so before its parent.
pub(super) fn order(stubs: &[Stub]) -> Vec<u32> {
    let mut by_id: Vec<(u64, u32)> = (0..).zip(stubs).map(|(place, stub)| (stub.id, place)).collect();
    by_id.sort_unstable();
    let turn = |place: u32| (stubs[place as usize].time, stubs[place as usize].id);
    let mut by_time: Vec<u32> = (0..).take(stubs.len()).collect();
    by_time.sort_unstable_by_key(|&place| turn(place));

    let mut has_turn = vec![false; stubs.len()];
    let mut ordered = Vec::with_capacity(stubs.len());
    let mut climbed = Vec::new();
    for place in by_time {
        let mut next = Some(place);
        while let Some(place) = next.filter(|&place| !has_turn[place as usize]) {
            has_turn[place as usize] = true;
            climbed.push(place);
            next = find(&by_id, stubs[place as usize].parent);
        }
        // comments that answer each other in a circle: the earliest begins
        if let Some(begin) = next.and_then(|end| climbed.iter().position(|&place| place == end)) {
            let mut circle = climbed.split_off(begin);
            circle.reverse();
            let earliest = (0..circle.len()).min_by_key(|&at| turn(circle[at])).unwrap_or_default();
            circle.rotate_left(earliest);
            ordered.append(&mut circle);
        }
        ordered.extend(climbed.drain(..).rev());
    }
    ordered
}

/// The place of this number in a list sorted by number.
pub(super) fn find(by_id: &[(u64, u32)], id: u64) -> Option<u32> {
    let at = by_id.binary_search_by_key(&id, |&(id, _)| id).ok()?;
    Some(by_id[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(stubs: &[(u64, u64, i64)]) -> Vec<u64> {
        let stubs: Vec<Stub> = stubs.iter().map(|&(id, parent, time)| Stub { id, parent, time }).collect();
        order(&stubs).into_iter().map(|place| stubs[place as usize].id).collect()
    }

    #[test]
    fn comments_come_by_time_and_after_their_parents() {
        assert_eq!(ordered(&[(3, 0, 30), (1, 0, 20), (2, 0, 10)]), [2, 1, 3]);
        assert_eq!(ordered(&[(1, 2, 10), (2, 3, 20), (3, 0, 30), (4, 0, 15)]), [3, 2, 1, 4]);
        assert_eq!(ordered(&[(1, 99, 10), (2, 1, 10)]), [1, 2]);
    }

    #[test]
    fn a_circle_is_opened_at_its_earliest_comment() {
        assert_eq!(ordered(&[(1, 1, 10)]), [1]);
        assert_eq!(ordered(&[(1, 2, 10), (2, 1, 20)]), [1, 2]);
        assert_eq!(ordered(&[(1, 2, 10), (2, 1, 20), (3, 2, 5)]), [1, 2, 3]);
        assert_eq!(ordered(&[(1, 2, 30), (2, 3, 10), (3, 1, 20)]), [2, 1, 3]);
    }

    #[test]
    fn a_long_chain_from_its_end_takes_no_stack_and_little_time() {
        let stubs: Vec<Stub> = (1..=200_000).map(|id| Stub { id, parent: id + 1, time: id as i64 }).collect();
        assert_eq!(order(&stubs).len(), stubs.len());
    }
}
