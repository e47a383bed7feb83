//! Inside the transaction that stores a text: what is still to be judged, and whether the verdict rests on what is so.

use std::{sync::Arc, time::Duration};

use diesel::QueryResult;

use super::{Basis, Judging, NotStored, Prejudged, nothing_could_run};
use crate::{
    clock::Clock,
    domain::{
        ids::*,
        moderation::{Fate, Terms},
        rules::{AuthorHistory, Rule, RuleName, Text, Verdict, judge, pace, policy::ReadyPolicy, repeats},
        timestamp::Timestamp,
    },
    store::{
        Conn,
        histories::{self, Before, KnownAuthor, Paced},
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
    /// A keyed hash of the network address; none where it does not count.
    pub address: Option<&'a [u8]>,
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
        before: Before,
    ) -> QueryResult<Self> {
        let mut same = None;
        if repeats::asks_for_own(policy.repeats(), source) {
            let within = Duration::from_secs(u64::from(policy.repeats().own_hours) * 3_600);
            same = histories::find_same(conn, paced, source, reply, (before, within))?;
        }
        let mut reached = Vec::new();
        // an edit is no further reply, whereas one that is looked at as it came was
        let is_new = reply.is_none() || matches!(before, Before::Then(_));
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
        judge(&rules, || clock.elapsed())
    }
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
                Judged { fate: Fate::unconfirmed(), verdict, policy_version }
            });
        };
        let (mut verdict, policy_version) = (self.verdict(prejudged, history, now), prejudged.basis.policy_version);
        if let Some(policy) = &prejudged.policy {
            verdict.extend(self.judge_inside(conn, policy, (head, &history), writer, now)?);
        }
        if prejudged.basis != Basis::of(head) {
            return self.unless_stale(|| Judged { fate: Fate::unconfirmed(), verdict, policy_version });
        }
        let terms =
            Terms { mode: head.moderation_mode(), trusted_after: head.site.trusted_after, is_staff: writer.is_staff };
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
        now: Timestamp,
    ) -> QueryResult<Verdict> {
        let paced = Paced { site: head.site.id, author: writer.author, story: head.story.id, address: writer.address };
        let text = (self.text.source(), writer.reply);
        let counted = Counted::read(conn, policy, author, paced, text, Before::Now(now))?;
        Ok(counted.judge(policy, &self.judging.clock))
    }

    /// Lets copies of a text that was just stored be found. If it is not stored in the end, nothing is found under its id.
    pub fn remember(&self, reply: &Reply, now: Timestamp) {
        if let Some(prejudged) = &self.prejudged {
            self.judging.near.add(reply.site_id, (reply.id, reply.revision), &prejudged.sketch, now);
        }
    }

    /// Whether addresses count for the pace here.
    pub fn counts_addresses(&self) -> bool {
        let policy = self.prejudged.as_ref().and_then(|prejudged| prejudged.policy.as_ref());
        policy.is_some_and(|policy| policy.pace().counts_addresses())
    }
}
