//! How a new text gets its first state, and the words of the log.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    reply_state::ReplyState,
    rules::{AuthorHistory, Outcome, Verdict},
    text_enum,
};

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
        /// A key of the site, by itself and for no reader.
        Key = "key",
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
        /// It went back to its author, to be changed.
        Return = "return",
        /// Its author appealed against its refusal.
        Appeal = "appeal",
        /// That was looked at, and the refusal stands.
        UpholdAppeal = "uphold_appeal",
        /// That was looked at, and the reply is public.
        OverturnAppeal = "overturn_appeal",
        /// Nobody is there any more to whom an appeal could be answered.
        DropAppeal = "drop_appeal",
        /// It came with an import.
        Import = "import",
        /// Somebody was warned.
        Warn = "warn",
        /// What somebody writes waits for a moderator from now on.
        Premoderate = "premoderate",
        /// Somebody may post so many replies a day.
        Slow = "slow",
        /// Somebody was suspended.
        Suspend = "suspend",
        /// Somebody was banned.
        Ban = "ban",
        /// A sanction was lifted.
        LiftSanction = "lift_sanction",
        /// A suspension was lifted, before there were other sanctions.
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
        /// A site's policy was changed.
        ChangePolicy = "change_policy",
        /// Rules, or who is asked from outside, judged a reply that waited.
        Judge = "judge",
        /// A policy was tried on former replies, or those that wait were judged anew.
        RunPolicy = "run_policy",
        /// That was ended before its end.
        CancelRun = "cancel_run",
        /// A reply went back to where it was before the last thing that was done with it.
        Undo = "undo",
        /// Who is asked from outside was changed.
        ChangeOutsideCheck = "change_outside_check",
        /// Many replies are decided about at once.
        Bulk = "bulk",
        /// That ended before all of them were come to: somebody wanted it to, or it failed.
        CancelBulk = "cancel_bulk",
        /// So many readers reported a reply that it waits until a moderator looked.
        Hold = "hold",
        /// The log was exported.
        ExportLog = "export_log",
        /// An imported account was claimed by whoever reads its address.
        ClaimAuthor = "claim_author",
        /// An operator took somebody's second factor away.
        ResetSecondFactor = "reset_second_factor",
        /// A front end registered a story or changed what it says of it.
        PutStory = "put_story",
        /// A queue was saved or changed.
        SaveQueue = "save_queue",
        /// A saved queue was deleted.
        DeleteQueue = "delete_queue",
        /// A reply was featured.
        Feature = "feature",
        /// It is no longer.
        Unfeature = "unfeature",
        /// A story's featured replies got another order or other labels.
        ArrangeFeatured = "arrange_featured",
        /// Sessions of somebody were ended by an admin.
        EndSessions = "end_sessions",
        /// A badge of the site was made or got another label.
        ChangeBadge = "change_badge",
        /// A badge of the site was deleted.
        DeleteBadge = "delete_badge",
        /// Somebody was given a badge.
        GrantBadge = "grant_badge",
        /// It was taken back.
        RevokeBadge = "revoke_badge",
        /// Who issues tokens that sign readers of the site on was named, or named otherwise.
        ChangeIssuer = "change_issuer",
        /// An issuer of such tokens was deleted.
        DeleteIssuer = "delete_issuer",
        /// A key by which the site's own servers call was made.
        CreateKey = "create_key",
        /// Such a key got a new secret.
        RotateKey = "rotate_key",
        /// Such a key was revoked.
        RevokeKey = "revoke_key",
        /// A moderator noted something about an account or a reply.
        AddNote = "add_note",
        /// A note was deleted.
        DeleteNote = "delete_note",
        /// A notice of illegal content was received.
        ReceiveNotice = "receive_notice",
        /// It was decided about notices of a reply.
        DecideNotice = "decide_notice",
    }
}

text_enum! {
    /// What a text's state follows from.
    pub enum Decider {
        /// A finding that asks for it.
        Rules = "rules",
        /// A rule that could not run.
        NotRun = "not_run",
        /// What it was judged by changed again and again meanwhile.
        Changed = "changed",
        /// The story's mode, or the site's.
        Mode = "mode",
        /// A sanction on its author.
        Sanction = "sanction",
        /// Its author has not proven who he is.
        Unproven = "unproven",
        /// It is by somebody of the site.
        Staff = "staff",
        /// It waited before, and an edit is no way past a moderator.
        Waiting = "waiting",
        /// It came with an import, as it stood there.
        Import = "import",
        /// Who is asked from outside: it waits for the answer, could not be asked, or asked for this.
        Outside = "outside",
    }
}

/// How long a refusal makes an author's next replies wait in [`ModerationMode::Trusted`].
pub const DISTRUST: Duration = Duration::from_secs(7 * 24 * 3600);

/// What becomes of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fate {
    pub state: ReplyState,
    /// Public, and to be looked at by a moderator.
    pub is_flagged: bool,
    pub decided_by: Decider,
}

impl Fate {
    fn of(state: ReplyState, decided_by: Decider) -> Self {
        Self { state, is_flagged: false, decided_by }
    }

    /// Of what was judged by what is no more, again and again.
    pub fn unconfirmed() -> Self {
        Self::of(ReplyState::Pending, Decider::Changed)
    }

    /// Of what somebody writes all of whose texts wait, by a sanction.
    pub fn premoderated() -> Self {
        Self::of(ReplyState::Pending, Decider::Sanction)
    }

    /// Of what somebody writes who has not proven who he is, where such texts wait.
    pub fn unproven() -> Self {
        Self::of(ReplyState::Pending, Decider::Unproven)
    }

    /// Of what came with an import.
    pub fn imported(state: ReplyState) -> Self {
        Self::of(state, Decider::Import)
    }

    /// Of what nobody has to judge: it waits, or is by somebody of the site.
    pub fn plain(is_staff: bool) -> Self {
        if is_staff {
            Self::of(ReplyState::Approved, Decider::Staff)
        } else {
            Self::of(ReplyState::Pending, Decider::Mode)
        }
    }

    /// Of a new text of a reply that waited already.
    pub fn while_waiting(self) -> Self {
        if self.state.is_public() { Self::of(ReplyState::Pending, Decider::Waiting) } else { self }
    }
}

/// What decides about a text beside what the rules say of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    pub mode: ModerationMode,
    /// Approved replies after which an author no longer waits in mode `trusted`.
    pub trusted_after: i32,
    /// Whether it is by somebody of the site.
    pub is_staff: bool,
    /// Whether all that its author writes waits, by a sanction.
    pub is_premoderated: bool,
    /// Whether what its author writes waits as he has not proven who he is.
    pub is_unproven: bool,
}

impl Terms {
    /// What becomes of a text: the strictest finding decides, together with the mode. What could not be judged waits,
    /// whoever wrote it; what was found in a text of the site's own people is only told.
    pub fn fate(&self, verdict: &Verdict, author: &AuthorHistory) -> Fate {
        let outcome = verdict.outcome();
        if outcome == Outcome::Spam && !self.is_staff {
            return Fate::of(ReplyState::Spam, Decider::Rules);
        }
        // also of the site's own people, since somebody of higher rank said so; and whatever could not run
        if self.is_premoderated {
            return Fate::premoderated();
        }
        if !verdict.not_run.is_empty() {
            return Fate::of(ReplyState::Pending, Decider::NotRun);
        }
        if self.is_staff {
            return Fate::of(ReplyState::Approved, Decider::Staff);
        }
        if outcome == Outcome::Hold {
            return Fate::of(ReplyState::Pending, Decider::Rules);
        }
        if self.is_unproven {
            return Fate::unproven();
        }
        let is_public = match self.mode {
            ModerationMode::Pre => false,
            ModerationMode::Post => true,
            ModerationMode::Trusted => author.approved >= i64::from(self.trusted_after) && author.refused_lately == 0,
        };
        let state = if is_public { ReplyState::Approved } else { ReplyState::Pending };
        Fate { is_flagged: is_public && outcome == Outcome::Flag, ..Fate::of(state, Decider::Mode) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        rules::{Finding, NotRun, RuleName},
        timestamp::Timestamp,
    };

    fn stranger() -> AuthorHistory {
        AuthorHistory::newcomer(Timestamp::from_micros(0))
    }

    fn said(outcome: Outcome) -> Verdict {
        Verdict { findings: vec![Finding::certain(RuleName::Words, outcome, "said")], ..Verdict::default() }
    }

    fn terms(mode: ModerationMode, is_staff: bool) -> Terms {
        Terms { mode, trusted_after: 2, is_staff, is_premoderated: false, is_unproven: false }
    }

    fn fate(
        mode: ModerationMode,
        is_staff: bool,
        verdict: &Verdict,
        author: AuthorHistory,
    ) -> (ReplyState, bool, Decider) {
        let fate = terms(mode, is_staff).fate(verdict, &author);
        (fate.state, fate.is_flagged, fate.decided_by)
    }

    #[test]
    fn staff_wait_only_for_what_could_not_be_judged() {
        let failed = Verdict { not_run: vec![(RuleName::Links, NotRun::Failed)], ..said(Outcome::Spam) };
        for mode in ModerationMode::ALL {
            for outcome in Outcome::ALL {
                let expected = (ReplyState::Approved, false, Decider::Staff);
                assert_eq!(fate(*mode, true, &said(*outcome), stranger()), expected);
            }
            assert_eq!(fate(*mode, true, &failed, stranger()), (ReplyState::Pending, false, Decider::NotRun));
        }
    }

    #[test]
    fn trust_comes_with_approvals_and_goes_with_a_refusal() {
        let known = AuthorHistory { approved: 2, ..stranger() };
        let trusted = |author| fate(ModerationMode::Trusted, false, &said(Outcome::Pass), author).0;
        assert_eq!(trusted(stranger()), ReplyState::Pending);
        assert_eq!(trusted(known), ReplyState::Approved);
        assert_eq!(trusted(AuthorHistory { refused_lately: 1, ..known }), ReplyState::Pending);
    }

    #[test]
    fn the_strictest_finding_decides_together_with_the_mode() {
        use {Decider::*, ModerationMode::*, ReplyState::*};
        for (mode, outcome, expected) in [
            (Post, Outcome::Pass, (Approved, false, Mode)),
            (Post, Outcome::Flag, (Approved, true, Mode)),
            (Post, Outcome::Hold, (Pending, false, Rules)),
            (Post, Outcome::Spam, (Spam, false, Rules)),
            (Pre, Outcome::Pass, (Pending, false, Mode)),
            (Pre, Outcome::Flag, (Pending, false, Mode)),
            (Pre, Outcome::Hold, (Pending, false, Rules)),
            (Pre, Outcome::Spam, (Spam, false, Rules)),
        ] {
            assert_eq!(fate(mode, false, &said(outcome), stranger()), expected, "{mode} {outcome}");
        }
    }

    #[test]
    fn what_a_premoderated_author_writes_waits_unless_it_is_spam() {
        for is_staff in [false, true] {
            let fate = |outcome| {
                let terms = Terms { is_premoderated: true, ..terms(ModerationMode::Post, is_staff) };
                let fate = terms.fate(&said(outcome), &stranger());
                (fate.state, fate.decided_by)
            };
            assert_eq!(fate(Outcome::Pass), (ReplyState::Pending, Decider::Sanction));
            let spam =
                if is_staff { (ReplyState::Pending, Decider::Sanction) } else { (ReplyState::Spam, Decider::Rules) };
            assert_eq!(fate(Outcome::Spam), spam);
        }
    }

    #[test]
    fn what_is_written_by_somebody_unproven_waits_in_every_mode_unless_it_is_spam() {
        let known = AuthorHistory { approved: 9, ..stranger() };
        for mode in ModerationMode::ALL {
            let of = |outcome, is_staff| {
                let fate = Terms { is_unproven: true, ..terms(*mode, is_staff) }.fate(&said(outcome), &known);
                (fate.state, fate.is_flagged, fate.decided_by)
            };
            assert_eq!(of(Outcome::Flag, false), (ReplyState::Pending, false, Decider::Unproven), "{mode}");
            assert_eq!(of(Outcome::Spam, false), (ReplyState::Spam, false, Decider::Rules), "{mode}");
            // whom an admin gave a role he knows
            assert_eq!(of(Outcome::Pass, true), (ReplyState::Approved, false, Decider::Staff), "{mode}");
        }
    }

    #[test]
    fn what_could_not_be_judged_waits() {
        let mut verdict = said(Outcome::Flag);
        verdict.not_run.push((RuleName::Shape, NotRun::TooLong));
        let waits = |decider| (ReplyState::Pending, false, decider);
        assert_eq!(fate(ModerationMode::Post, false, &verdict, stranger()), waits(Decider::NotRun));
    }

    #[test]
    fn a_new_text_of_what_waits_goes_on_waiting_or_is_spam() {
        let of = |outcome| terms(ModerationMode::Post, false).fate(&said(outcome), &stranger()).while_waiting();
        assert_eq!(of(Outcome::Flag), Fate::of(ReplyState::Pending, Decider::Waiting));
        assert_eq!(of(Outcome::Hold), Fate::of(ReplyState::Pending, Decider::Rules));
        assert_eq!(of(Outcome::Spam), Fate::of(ReplyState::Spam, Decider::Rules));
    }
}
