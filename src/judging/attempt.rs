//! Inside the transaction that stores a text: what is still to be judged, and whether the verdict rests on what is so.

use std::{sync::Arc, time::Duration};

use diesel::QueryResult;

use super::{Basis, Judging, NotStored, Prejudged, nothing_could_run};
use crate::{
    auth::limits,
    clock::Clock,
    domain::{
        ids::*,
        moderation::{Fate, Terms},
        rules::{
            AuthorHistory, Finding, Rule, RuleName, Text, Verdict, form, judge,
            pace::{self, Whose},
            policy::ReadyPolicy,
            repeats,
        },
        timestamp::Timestamp,
    },
    store::{
        Conn,
        histories::{self, Before, KnownAuthor, Paced},
        locks,
        replies::Reply,
        stories::StoryHead,
        verdicts::Judged,
    },
};

/// A try to store a text.
#[derive(Clone)]
pub struct Attempt {
    pub(super) judging: Judging,
    pub(super) text: Arc<Text>,
    /// None: there was nothing to judge it by.
    pub(super) prejudged: Option<Prejudged>,
    pub(super) is_last: bool,
}

/// Who writes, where, and from which address.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    pub author: AccountId,
    /// Of the reply whose text is changed.
    pub reply: Option<ReplyId>,
    /// Somebody of the site writes it.
    pub is_staff: bool,
    /// All that the writer writes there waits, by a sanction.
    pub is_premoderated: bool,
    /// All that the writer writes there waits, as he has not proven who he is.
    pub is_unproven: bool,
    /// A keyed hash of the site and the network address; none where it does not count.
    pub address: Option<&'a [u8]>,
    /// Which replies came before the text.
    pub before: Before,
    /// Whether the text makes a further reply, which its pace is about.
    pub is_new: bool,
    /// What was said of the same text before.
    pub former: Option<&'a Verdict>,
    /// What was found beside the text.
    pub found: Option<&'a Finding>,
}

impl<'a> Writer<'a> {
    /// Who posts a new reply now.
    pub fn of_new(author: AccountId, is_staff: bool, address: Option<&'a [u8]>, now: Timestamp) -> Self {
        Self {
            author,
            reply: None,
            is_staff,
            is_premoderated: false,
            is_unproven: false,
            address,
            before: Before::Now(now),
            is_new: true,
            former: None,
            found: None,
        }
    }

    /// What becomes of a text whose verdict is not confirmed.
    fn unconfirmed(&self) -> Fate {
        if self.is_premoderated { Fate::premoderated() } else { Fate::unconfirmed() }
    }

    /// Whose reply gets a new text now.
    pub fn of_edit(reply: &Reply, is_staff: bool, now: Timestamp) -> Self {
        Self { reply: Some(reply.id), is_new: false, ..Self::of_new(reply.author_id, is_staff, None, now) }
    }

    /// Whose reply's present text is looked at again, as of when it was written.
    pub fn of_former(reply: &Reply, is_staff: bool, former: Option<&'a Verdict>) -> Self {
        let written_at = reply.edited_at.unwrap_or(reply.created_at);
        let of_edit = Self::of_edit(reply, is_staff, written_at);
        Self { before: Before::Then(written_at), is_new: reply.revision == 1, former, ..of_edit }
    }
}

/// What counts what is there when a text is stored.
pub(super) struct Counted {
    /// The author's own reply with the same text.
    same: Option<ReplyId>,
    reached: Vec<pace::Limit>,
}

impl Counted {
    /// Looks at what came before a text.
    pub(super) fn read(
        conn: &mut Conn<'_>,
        policy: &ReadyPolicy,
        author: &AuthorHistory,
        paced: Paced<'_>,
        (source, reply): (&str, Option<ReplyId>),
        (before, is_new): (Before, bool),
    ) -> QueryResult<Self> {
        let mut same = None;
        if repeats::asks_for_own(policy.repeats(), source) {
            let within = Duration::from_secs(u64::from(policy.repeats().own_hours) * 3_600);
            same = histories::find_same(conn, paced, source, reply, (before, within))?;
        }
        let mut reached = Vec::new();
        for limit in policy.pace().limits(author).into_iter().filter(|_| is_new) {
            if histories::is_reached(conn, paced, limit, before)? {
                reached.push(limit);
            }
        }
        Ok(Self { same, reached })
    }

    /// What the rules say of it.
    pub(super) fn judge(&self, policy: &ReadyPolicy, clock: &Clock) -> Verdict {
        let own = || repeats::judge_own(policy.repeats(), self.same);
        let pace = || pace::judge(policy.pace(), &self.reached);
        let rules: [Rule<'_>; 2] = [(RuleName::Repeats, &own), (RuleName::Pace, &pace)];
        judge(&rules, || clock.worked())
    }
}

/// What was found before and cannot be looked for again, as the policy has it now: copies are forgotten after a day,
/// addresses are not kept.
fn still_found(policy: &ReadyPolicy, verdict: &Verdict, former: Option<&Verdict>) -> Vec<Finding> {
    let is_found = |rule| verdict.findings.iter().any(|found| found.rule == rule && found.asks());
    let still = |found: &Finding| match found.rule {
        RuleName::Repeats => repeats::still_found(policy.repeats(), found),
        RuleName::Pace if form::is_of(found) => Some(found.clone()),
        RuleName::Pace => pace::still_found(policy.pace(), found),
        _ => None,
    };
    let former = former.into_iter().flat_map(|former| &former.findings);
    former.filter(|found| found.asks() && !is_found(found.rule)).filter_map(still).collect()
}

impl Attempt {
    /// Confirms the verdict inside the transaction, and what becomes of the text.
    pub fn settle<E>(
        &self,
        conn: &mut Conn<'_>,
        head: &StoryHead,
        writer: Writer<'_>,
        now: Timestamp,
    ) -> Result<Judged, NotStored<E>>
    where
        E: From<diesel::result::Error>,
    {
        let known = histories::find(conn, writer.author, head.site.id, now)?;
        let (Some(KnownAuthor { history, .. }), Some(prejudged)) = (known, &self.prejudged) else {
            // somebody made the story, or it went, in this very moment
            return self.unless_stale(|| {
                let (verdict, policy_version) = (nothing_could_run(), head.site.policy_version);
                Judged { fate: writer.unconfirmed(), verdict, policy_version }
            });
        };
        let (mut verdict, policy_version) = (self.verdict(prejudged, history, now), prejudged.basis.policy_version);
        verdict.extend(Verdict { findings: writer.found.cloned().into_iter().collect(), ..Verdict::default() });
        if let Some(policy) = &prejudged.policy {
            verdict.extend(self.judge_inside(conn, policy, (head, &history), writer)?);
            let findings = still_found(policy, &verdict, writer.former);
            verdict.extend(Verdict { findings, ..Verdict::default() });
        }
        if prejudged.basis != Basis::of(head) {
            return self.unless_stale(|| Judged { fate: writer.unconfirmed(), verdict, policy_version });
        }
        let terms = Terms {
            mode: head.moderation_mode(),
            trusted_after: head.site.trusted_after,
            is_staff: writer.is_staff,
            is_premoderated: writer.is_premoderated,
            is_unproven: writer.is_unproven,
        };
        Ok(Judged { fate: terms.fate(&verdict, &history), verdict, policy_version })
    }

    /// What was said before, or what is to be said of an author whose history is this by now.
    fn verdict(&self, prejudged: &Prejudged, history: AuthorHistory, now: Timestamp) -> Verdict {
        let known = &prejudged.author.history;
        match &prejudged.policy {
            Some(policy) if !policy.sees_alike(known, &history) => {
                let author = AuthorHistory { usual_chars: known.usual_chars, ..history };
                prejudged.judge(policy, &self.text, &author, now, &self.judging.clock)
            }
            _ => prejudged.verdict.clone(),
        }
    }

    fn unless_stale<E>(&self, judged: impl FnOnce() -> Judged) -> Result<Judged, NotStored<E>> {
        if self.is_last { Ok(judged()) } else { Err(NotStored::Stale) }
    }

    /// What counts what is there at this moment.
    fn judge_inside(
        &self,
        conn: &mut Conn<'_>,
        policy: &ReadyPolicy,
        (head, author): (&StoryHead, &AuthorHistory),
        writer: Writer<'_>,
    ) -> QueryResult<Verdict> {
        let paced = Paced { site: head.site.id, author: writer.author, story: head.story.id, address: writer.address };
        let text = (self.text.source(), writer.reply);
        let counted = Counted::read(conn, policy, author, paced, text, (writer.before, writer.is_new))?;
        Ok(counted.judge(policy, &self.judging.clock))
    }

    /// Lets copies of a text that was just stored be found. If it is not stored in the end, nothing is found under its id.
    pub fn remember(&self, reply: &Reply, now: Timestamp) {
        if let Some(groups) = self.text.groups().filter(|_| self.prejudged.is_some()) {
            self.judging.near.add(reply.site_id, (reply.id, reply.revision), groups.sketch(), now);
        }
    }

    /// Replies of the author that stood approved on the site when it was judged.
    pub fn approved_before(&self) -> i64 {
        self.prejudged.as_ref().map_or(0, |prejudged| prejudged.author.history.approved)
    }

    /// Whether addresses count for the pace here.
    pub fn counts_addresses(&self) -> bool {
        self.policy().is_some_and(|policy| policy.pace().counts(Whose::Address))
    }

    fn policy(&self) -> Option<&ReadyPolicy> {
        self.prejudged.as_ref()?.policy.as_deref()
    }

    /// Waits for whoever stores at this moment what is counted for a new reply, and holds others back, so that of
    /// several at once each counts those before it. Comes before the story is locked, and in this order: the author
    /// (held already where the service limits the pace), the story, the address.
    pub fn hold_counted(&self, conn: &mut Conn<'_>, paced: Paced<'_>, is_author_held: bool) -> QueryResult<()> {
        let Some(policy) = self.policy() else { return Ok(()) };
        if !is_author_held && (policy.pace().counts(Whose::Author) || self.asks_for_own()) {
            limits::hold_author(conn, paced.author)?;
        }
        if policy.pace().counts(Whose::Story) {
            locks::hold(conn, paced.story.0.as_bytes())?;
        }
        if let Some(address) = paced.address {
            locks::hold(conn, address)?;
        }
        Ok(())
    }

    /// The same for an edit, which is no further reply, by this account.
    pub fn hold_repeats(&self, conn: &mut Conn<'_>, author: AccountId) -> QueryResult<()> {
        if self.asks_for_own() { limits::hold_author(conn, author) } else { Ok(()) }
    }

    fn asks_for_own(&self) -> bool {
        self.policy().is_some_and(|policy| repeats::asks_for_own(policy.repeats(), self.text.source()))
    }
}
