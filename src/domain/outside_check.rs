//! What it does to a reply that somebody outside is asked about it.
//!
//! What would be public waits for the answer, whoever wrote it. The answer may make a reply wait or put it away as spam;
//! it never releases what waits for something else. As with rules, what is said of a text of the site's own people is only
//! told.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    ids::{JobId, ReplyId},
    moderation::{Decider, Fate},
    reply_state::ReplyState,
    rules::Outcome,
    text_enum,
};

text_enum! {
    /// Who is asked about a site's replies.
    pub enum OutsideKind {
        /// The site's own endpoint, by signed messages.
        Webhook = "webhook",
        /// A service that speaks Akismet's protocol.
        Akismet = "akismet",
    }
}

/// The id of the question about a version of a reply, which is that of its job: the same however often it is asked, and
/// found without looking for it.
pub fn question_id(reply: ReplyId, version: i32) -> JobId {
    let hash = Sha256::digest([b"question".as_slice(), reply.0.as_bytes(), &version.to_be_bytes()].concat());
    JobId(uuid::Builder::from_custom_bytes(*hash.first_chunk().expect("a hash is longer")).into_uuid())
}

impl Fate {
    /// Of a text about which somebody outside was not asked yet.
    pub fn until_answered(self) -> Self {
        match self.state.is_public() {
            true => Self::by_outside(ReplyState::Pending),
            false => self,
        }
    }

    /// What this, which would have been the text's fate without asking, becomes by an answer.
    pub fn answered(self, outcome: Outcome) -> Self {
        match (self.decided_by, outcome) {
            (Decider::Staff, _) | (_, Outcome::Pass) => self,
            (_, Outcome::Flag) => Self { is_flagged: self.state.is_public(), ..self },
            // that the mode would have let it wait is no reason any more
            (Decider::Mode, Outcome::Hold) => Self::by_outside(ReplyState::Pending),
            (_, Outcome::Hold) => self,
            (_, Outcome::Spam) if self.state == ReplyState::Spam => self,
            (_, Outcome::Spam) => Self::by_outside(ReplyState::Spam),
        }
    }

    /// What it becomes where nobody answered: people decide.
    pub fn unanswered(self) -> Self {
        match self.decided_by {
            Decider::Mode | Decider::Staff => Self::by_outside(ReplyState::Pending),
            _ => self,
        }
    }

    fn by_outside(state: ReplyState) -> Self {
        Self { state, is_flagged: false, decided_by: Decider::Outside }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_version_of_each_reply_is_another_question_and_always_the_same() {
        let id = |reply: u128, version| question_id(ReplyId(Uuid::from_u128(reply)), version);
        assert_eq!(id(1, 1), id(1, 1));
        assert_ne!(id(1, 1), id(1, 2));
        assert_ne!(id(1, 1), id(2, 1));
        assert_eq!(id(1, 1).0.get_version_num(), 8);
    }

    fn fate(state: ReplyState, is_flagged: bool, decided_by: Decider) -> Fate {
        Fate { state, is_flagged, decided_by }
    }

    /// All that a new text's fate can be.
    fn fates() -> [Fate; 9] {
        use {Decider::*, ReplyState::*};
        [
            fate(Approved, false, Mode),
            fate(Approved, true, Mode),
            fate(Approved, false, Staff),
            fate(Pending, false, Mode),
            fate(Pending, false, Rules),
            fate(Pending, false, NotRun),
            fate(Pending, false, Changed),
            fate(Pending, false, Waiting),
            fate(Spam, false, Rules),
        ]
    }

    #[test]
    fn what_would_be_public_waits_whoever_wrote_it_and_all_else_stays() {
        for before in fates() {
            let waits = before.until_answered();
            assert!(!waits.state.is_public() && !waits.is_flagged);
            let expected = if before.state.is_public() { Decider::Outside } else { before.decided_by };
            assert_eq!(waits.decided_by, expected);
            assert_eq!(before.unanswered().state, waits.state);
        }
    }

    #[test]
    fn no_answer_releases_what_waits_for_something_else() {
        for before in fates().into_iter().filter(|fate| !fate.state.is_public()) {
            for outcome in Outcome::ALL {
                let after = before.answered(*outcome);
                let expected = if *outcome == Outcome::Spam { ReplyState::Spam } else { before.state };
                assert_eq!((after.state, after.is_flagged), (expected, false), "{before:?} {outcome}");
            }
        }
    }

    #[test]
    fn an_answer_lets_pass_flags_holds_or_takes_for_spam() {
        use {Decider::*, ReplyState::*};
        let of = |outcome| fate(Approved, false, Mode).answered(outcome);
        assert_eq!(of(Outcome::Pass), fate(Approved, false, Mode));
        assert_eq!(of(Outcome::Flag), fate(Approved, true, Mode));
        assert_eq!(of(Outcome::Hold), fate(Pending, false, Outside));
        assert_eq!(of(Outcome::Spam), fate(Spam, false, Outside));
        // what was to be flagged before is still
        assert_eq!(fate(Approved, true, Mode).answered(Outcome::Pass), fate(Approved, true, Mode));
        // what rules found stays the reason
        assert_eq!(fate(Pending, false, Rules).answered(Outcome::Hold), fate(Pending, false, Rules));
        assert_eq!(fate(Pending, false, Mode).answered(Outcome::Hold), fate(Pending, false, Outside));
    }

    #[test]
    fn of_the_sites_own_people_it_is_only_told() {
        let before = fate(ReplyState::Approved, false, Decider::Staff);
        for outcome in Outcome::ALL {
            assert_eq!(before.answered(*outcome), before);
        }
    }
}
