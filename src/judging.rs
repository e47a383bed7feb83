//! How a text comes to its verdict.
//!
//! What is dear is done before the transaction that stores the text: a snapshot is read (the site's policy, the author's
//! history, possible copies), and the rules run on it, off the threads that serve. Inside the transaction pace and the
//! author's own repeats are judged, which count what is there at that very moment, and what the verdict rests on is
//! looked at again. If policy or story changed, nothing is stored and all is done once more; after that the text waits. If
//! only the author's history did, as it does while somebody posts several at once, the rules run again right there: the
//! text is read already, and a writer who is kept waiting for that is himself the cause.

use std::{sync::Arc, time::Duration};

use diesel::QueryResult;

use crate::{
    clock::Clock,
    domain::{
        ids::*,
        markdown::render_shown,
        moderation::{Fate, Terms},
        rules::{
            AuthorHistory, NearCopy, NotRun, Rule, RuleName, Subject, Text, Verdict, judge, near::Groups, pace,
            policy::ReadyPolicy, repeats, shape,
        },
        timestamp::Timestamp,
    },
    store::{
        Conn, Db, DbError,
        histories::{self, Paced},
        replies::{self, Reply},
        sites::Site,
        stories::{self, StoryHead},
        transaction::LostRace,
        verdicts::Judged,
    },
};

pub mod near_index;
pub mod policies;

use near_index::NearIndex;
use policies::Policies;

/// All that judging needs beside the database.
#[derive(Clone)]
pub struct Judging {
    pub policies: Policies,
    pub near: NearIndex,
    clock: Clock,
}

/// Which text is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// A new reply's.
    New { story: StoryId, author: AccountId },
    /// A new one of this reply.
    Edit(ReplyId),
}

/// What a verdict rests on beside the text.
#[derive(Clone, PartialEq, Debug)]
struct Basis {
    site: SiteId,
    policy_version: i64,
    site_hosts: Vec<String>,
    story: StoryId,
    story_revision: i64,
}

/// What was read for a verdict.
struct Snapshot {
    basis: Basis,
    author: AuthorHistory,
    now: Timestamp,
    /// The policy's body, if it was not in memory.
    body: Option<String>,
    /// Texts that may be nearly the same.
    candidates: Vec<(ReplyId, String)>,
}

/// A verdict of all rules but those that judge inside the transaction.
#[derive(Clone)]
pub struct Prejudged {
    verdict: Verdict,
    basis: Basis,
    author: AuthorHistory,
    copies: Vec<NearCopy>,
    /// By which copies of the text will be found.
    sketch: Vec<i64>,
    /// None: it cannot be read, and no rule could run.
    policy: Option<Arc<ReadyPolicy>>,
}

/// Why a judged text was not stored.
#[derive(Debug)]
pub enum NotStored<E> {
    /// What it was judged by has changed.
    Stale,
    /// Something else.
    Other(E),
}

impl<E: From<DbError>> From<DbError> for NotStored<E> {
    fn from(error: DbError) -> Self {
        Self::Other(error.into())
    }
}

impl<E: From<diesel::result::Error>> From<diesel::result::Error> for NotStored<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Other(error.into())
    }
}

impl<E: LostRace> LostRace for NotStored<E> {
    fn is_lost_race(&self) -> bool {
        matches!(self, Self::Other(error) if error.is_lost_race())
    }
}

/// A try to store a text.
#[derive(Clone)]
pub struct Attempt {
    judging: Judging,
    text: Arc<Text>,
    /// None: there was nothing to judge it by.
    prejudged: Option<Prejudged>,
    is_last: bool,
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

impl Judging {
    /// With nothing in memory.
    pub fn new(clock: Clock) -> Self {
        Self { policies: Policies::new(), near: NearIndex::default(), clock }
    }

    /// Judges a text and stores it by this write, once more if it was judged by what is no more.
    pub async fn store<T, E>(
        &self,
        db: &Db,
        text: &Arc<Text>,
        about: About,
        write: impl Fn(&mut Conn<'_>, &Attempt) -> Result<T, NotStored<E>> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + LostRace + Send + 'static,
    {
        let (write, mut is_last) = (Arc::new(write), false);
        loop {
            let prejudged = self.prejudge(db, text, about).await?;
            let attempt = Attempt { judging: self.clone(), text: text.clone(), prejudged, is_last };
            let write = write.clone();
            match db.write(move |conn| write(conn, &attempt)).await {
                Ok(stored) => return Ok(stored),
                Err(NotStored::Other(error)) => return Err(error),
                // the last try is never stale
                Err(NotStored::Stale) => is_last = true,
            }
        }
    }

    /// What the rules say of a text as things stand; nothing if there is nothing to judge it by.
    async fn prejudge(&self, db: &Db, text: &Arc<Text>, about: About) -> Result<Option<Prejudged>, DbError> {
        let (judging, text) = (self.clone(), text.clone());
        let groups = text.groups();
        let (reader, is_long) = (self.clone(), shape::may_be_unusually_long(text.source()));
        let sketch = groups.as_ref().map(Groups::sketch).unwrap_or_default();
        let now = self.clock.now();
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(reader.snapshot(conn, about, &sketch, is_long, now)?);
        let Some(snapshot) = db.read(read).await? else { return Ok(None) };
        off_thread(move || judging.judge(&text, groups.as_ref(), snapshot)).await.map(Some)
    }

    /// What rules say of a text by itself, apart from those that compare it with others.
    pub fn judge_alone(
        &self,
        policy: &ReadyPolicy,
        site: &Site,
        text: &Text,
        author: &AuthorHistory,
        now: Timestamp,
    ) -> Verdict {
        let hosts = site_hosts(site);
        let subject = Subject { site_hosts: &hosts, ..Subject::new(text, author, now) };
        let mut verdict = policy.judge(&subject, || self.clock.elapsed());
        verdict.findings.retain(|finding| finding.rule != RuleName::Repeats);
        verdict
    }

    /// What rules say of texts that come with an import into a site, by what they are alone: nobody knows their authors
    /// here, and neither pace nor repeats are judged.
    pub async fn judge_imported(
        &self,
        db: &Db,
        site: Arc<Site>,
        texts: Vec<(String, Timestamp)>,
    ) -> Result<Vec<(Verdict, i64)>, DbError> {
        let (judging, version) = (self.clone(), site.policy_version);
        let (reader, of) = (self.policies.clone(), site.clone());
        let body = db.read(move |conn| Ok::<_, DbError>(reader.missing_body(conn, &of)?)).await?;
        off_thread(move || {
            let policy = judging.policies.ready(site.id, version, body);
            let judge = |(source, at): (String, Timestamp)| {
                let verdict = policy.as_ref().map_or_else(nothing_could_run, |policy| {
                    judging.judge_alone(policy, &site, &text_of(source), &AuthorHistory::newcomer(at), at)
                });
                (verdict, version)
            };
            texts.into_iter().map(judge).collect()
        })
        .await
    }

    fn snapshot(
        &self,
        conn: &mut Conn<'_>,
        about: About,
        sketch: &[i64],
        is_long: bool,
        now: Timestamp,
    ) -> QueryResult<Option<Snapshot>> {
        let (story, author, reply) = match about {
            About::New { story, author } => (story, author, None),
            About::Edit(id) => match replies::find(conn, id)? {
                Some(reply) => (reply.story_id, reply.author_id, Some(id)),
                None => return Ok(None),
            },
        };
        let Some(head) = stories::find_head(conn, story)? else { return Ok(None) };
        let Some(mut history) = histories::find(conn, author, head.site.id, now)? else { return Ok(None) };
        if is_long {
            history.usual_chars = histories::find_usual_chars(conn, author)?;
        }
        let near = self.near.find(head.site.id, sketch, now).into_iter().filter(|id| Some(*id) != reply);
        let candidates = replies::list_sources(conn, &near.collect::<Vec<_>>())?;
        let body = self.policies.missing_body(conn, &head.site)?;
        Ok(Some(Snapshot { basis: Basis::of(&head), author: history, now, body, candidates }))
    }

    fn judge(&self, text: &Text, groups: Option<&Groups>, snapshot: Snapshot) -> Prejudged {
        let Snapshot { basis, author, now, body, candidates } = snapshot;
        let sketch = groups.map(Groups::sketch).unwrap_or_default();
        let Some(policy) = self.policies.ready(basis.site, basis.policy_version, body) else {
            let (verdict, copies) = (nothing_could_run(), Vec::new());
            return Prejudged { verdict, basis, author, copies, sketch, policy: None };
        };
        let copies = groups.map(|groups| near_copies(groups, candidates)).unwrap_or_default();
        let subject = Subject { text, author: &author, copies: &copies, site_hosts: &basis.site_hosts, now };
        let verdict = policy.judge(&subject, || self.clock.elapsed());
        Prejudged { verdict, basis, author, copies, sketch, policy: Some(policy) }
    }
}

impl Basis {
    fn of(head: &StoryHead) -> Self {
        Self {
            site: head.site.id,
            policy_version: head.site.policy_version,
            site_hosts: site_hosts(&head.site),
            story: head.story.id,
            story_revision: head.story.revision,
        }
    }
}

/// The host names of a site's own pages.
fn site_hosts(site: &Site) -> Vec<String> {
    let hosts = site.allowed_origins.0.iter().filter_map(|origin| url::Url::parse(origin).ok());
    hosts.filter_map(|url| url.host_str().map(str::to_owned)).collect()
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
        let history = histories::find(conn, writer.author, head.site.id, now)?;
        let (Some(history), Some(prejudged)) = (history, &self.prejudged) else {
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
        let Prejudged { verdict, basis, author: known, copies, policy, .. } = prejudged;
        match policy {
            Some(policy) if !policy.sees_alike(known, &history) => {
                let author = AuthorHistory { usual_chars: known.usual_chars, ..history };
                let (text, site_hosts) = (&self.text, &basis.site_hosts);
                let subject = Subject { text, author: &author, copies, site_hosts, now };
                policy.judge(&subject, || self.judging.clock.elapsed())
            }
            _ => verdict.clone(),
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
        let same = if repeats::asks_for_own(policy.repeats(), self.text.source()) {
            let within = Duration::from_secs(u64::from(policy.repeats().own_hours) * 3_600);
            histories::find_same(conn, writer.author, self.text.source(), writer.reply, (now, within))?
        } else {
            None
        };
        let mut reached = Vec::new();
        let paced = Paced { site: head.site.id, author: writer.author, story: head.story.id, address: writer.address };
        // an edit is no further reply
        for limit in policy.pace().limits(author).into_iter().filter(|_| writer.reply.is_none()) {
            if histories::is_reached(conn, paced, limit, now)? {
                reached.push(limit);
            }
        }
        let own = || repeats::judge_own(policy.repeats(), same);
        let pace = || pace::judge(policy.pace(), &reached);
        let rules: [Rule<'_>; 2] = [(RuleName::Repeats, &own), (RuleName::Pace, &pace)];
        Ok(judge(&rules, || self.judging.clock.elapsed()))
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

/// Of a policy that cannot be read: nothing is let through because of it.
fn nothing_could_run() -> Verdict {
    let not_run = RuleName::ALL.iter().map(|rule| (*rule, NotRun::Failed)).collect();
    Verdict { findings: Vec::new(), not_run, micros: 0 }
}

/// Those of the candidates that are nearly the same.
fn near_copies(groups: &Groups, candidates: Vec<(ReplyId, String)>) -> Vec<NearCopy> {
    let copies = candidates.into_iter().filter_map(|(reply, source)| {
        let other = text_of(source).groups()?;
        groups.is_near(&other).then(|| NearCopy { reply, likeness: groups.likeness(&other) })
    });
    copies.collect()
}

fn text_of(source: String) -> Text {
    let (_, shown) = render_shown(&source);
    Text::new(source, shown)
}

/// Runs work on a blocking thread, in the request's span.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DbError> {
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await.map_err(|_| DbError::Panicked)
}
