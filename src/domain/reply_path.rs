//! A reply's place in its thread: the sequence numbers of its ancestors and its own, so that bytes in order are
//! replies in reading order.

/// The deepest level that has a level below it; what answers a reply there or below stands flat on the next one.
pub const MAX_DEPTH: usize = 32;

/// Bytes of one level.
const LEVEL_BYTES: usize = 4;

/// Four big-endian bytes for each level from the top-level reply down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ReplyPath(Vec<u8>);

impl ReplyPath {
    /// The path of a top-level reply with this sequence number.
    pub fn top(seq: i32) -> Self {
        Self(seq.to_be_bytes().to_vec())
    }

    /// A path that the store kept.
    pub fn from_store(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The path of an answer to this reply: one level down, or flat past [`MAX_DEPTH`].
    pub fn answer(&self, seq: i32) -> Self {
        let kept = self.0.len().min(MAX_DEPTH * LEVEL_BYTES);
        let mut bytes = self.0[..kept].to_vec();
        bytes.extend_from_slice(&seq.to_be_bytes());
        Self(bytes)
    }

    /// 1 for a top-level reply.
    pub fn depth(&self) -> usize {
        self.0.len() / LEVEL_BYTES
    }

    /// Whether an answer to this reply stands beside it instead of below it.
    pub fn is_flat(&self) -> bool {
        self.depth() > MAX_DEPTH
    }

    /// The paths of all ancestors, the top-level reply first.
    pub fn ancestors(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        (1..self.depth()).map(|depth| &self.0[..depth * LEVEL_BYTES])
    }

    /// The first path in reading order that is neither this one nor below it.
    pub fn end(&self) -> Self {
        let mut bytes = self.0.clone();
        for byte in bytes.iter_mut().rev() {
            match byte.checked_add(1) {
                Some(next) => {
                    *byte = next;
                    break;
                }
                None => *byte = 0,
            }
        }
        Self(bytes)
    }

    /// The bytes as the store keeps them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_lies_between_its_parent_and_the_parents_end() {
        let top = ReplyPath::top(255);
        let answer = top.answer(256);
        assert!(top < answer && answer < top.end());
        assert!(top.answer(i32::MAX) < top.end());
        assert_eq!(answer.ancestors().collect::<Vec<_>>(), [top.as_bytes()]);
    }

    #[test]
    fn past_the_limit_answers_stand_beside_each_other() {
        let mut path = ReplyPath::top(1);
        for seq in 2..=40 {
            path = path.answer(seq);
        }
        assert_eq!(path.depth(), MAX_DEPTH + 1);
        assert!(path.is_flat());
        assert_eq!(path.ancestors().count(), MAX_DEPTH);
        assert_eq!(path.answer(41).ancestors().next_back(), path.ancestors().next_back());
    }
}
