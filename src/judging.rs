//! How a text comes to its verdict.
//!
//! What is dear is done before the transaction that stores the text: a snapshot is read (the site's policy, the author's
//! history, possible copies), and the rules run on it, off the threads that serve. Inside the transaction pace and the
//! author's own repeats are judged, which count what is there at that very moment, and what the verdict rests on is
//! looked at again. If policy or story changed, nothing is stored and all is done once more; after that the text waits. If
//! only the author's history did, as it does while somebody posts several at once, the rules run again right there: the
//! text is read already, and a writer who is kept waiting for that is himself the cause.

use std::sync::Arc;

use diesel::QueryResult;

use crate::{
    clock::Clock,
    domain::{
        ids::*,
        rules::{
            AuthorHistory, NearCopy, NotRun, RuleName, Subject, Text, Verdict,
            near::{Groups, NEAR, Sketch},
            policy::ReadyPolicy,
            shape,
        },
        timestamp::Timestamp,
    },
    store::{
        Conn, Db, DbError,
        histories::{self, KnownAuthor},
        replies,
        sites::Site,
        stories::{self, StoryHead},
        transaction::LostRace,
    },
};

pub mod alone;
pub mod attempt;
pub mod models;
pub mod near_index;
pub mod outside;
pub mod policies;
pub mod simulation;
mod teaching;

pub use attempt::{Attempt, Writer};
use models::{Model, Models, News};
use near_index::NearIndex;
use policies::{Policies, ReadPolicy};

/// All that judging needs beside the database.
#[derive(Clone)]
pub struct Judging {
    pub policies: Policies,
    pub near: NearIndex,
    pub models: Models,
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
    author: KnownAuthor,
    now: Timestamp,
    /// What is not in memory yet of the site's lessons.
    news: Option<News>,
    policy: ReadPolicy,
    /// Texts that may be nearly the same.
    candidates: Vec<(ReplyId, String)>,
    /// Among how many they were found.
    compared: i64,
}

/// A verdict of all rules but those that judge inside the transaction.
#[derive(Clone)]
pub struct Prejudged {
    verdict: Verdict,
    basis: Basis,
    author: KnownAuthor,
    copies: Vec<NearCopy>,
    compared: i64,
    trained: Option<Model>,
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

impl Judging {
    /// With nothing in memory.
    pub fn new(clock: Clock) -> Self {
        Self { policies: Policies::new(), near: NearIndex::default(), models: Models::new(), clock }
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
        let (reader, is_long) = (self.clone(), shape::may_be_unusually_long(text.source()));
        let sketch = text.groups().map(Groups::sketch).unwrap_or_default();
        let now = self.clock.now();
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(reader.snapshot(conn, about, &sketch, is_long, now)?);
        let Some(snapshot) = db.read(read).await? else { return Ok(None) };
        off_thread(move || judging.judge(&text, snapshot)).await.map(Some)
    }

    fn snapshot(
        &self,
        conn: &mut Conn<'_>,
        about: About,
        sketch: &Sketch,
        is_long: bool,
        now: Timestamp,
    ) -> QueryResult<Option<Snapshot>> {
        let (story, author_id, reply) = match about {
            About::New { story, author } => (story, author, None),
            About::Edit(id) => match replies::find(conn, id)? {
                Some(reply) => (reply.story_id, reply.author_id, Some(id)),
                None => return Ok(None),
            },
        };
        let Some(head) = stories::find_head(conn, story)? else { return Ok(None) };
        let Some(mut author) = histories::find(conn, author_id, head.site.id, now)? else { return Ok(None) };
        if is_long {
            author.history.usual_chars = histories::find_usual_chars(conn, author_id)?;
        }
        let news = self.models.read(conn, head.site.id, author.lessons, now)?;
        let policy = self.policies.read(conn, &head.site)?;
        let (candidates, compared) = match policy.asks_for_copies() {
            true => {
                let near_index::Found { replies: near, among } = self.near.find(head.site.id, sketch, now);
                let others: Vec<_> = near.into_iter().filter(|id| Some(*id) != reply).collect();
                (replies::list_sources(conn, &others)?, among)
            }
            false => (Vec::new(), 0),
        };
        Ok(Some(Snapshot { basis: Basis::of(&head), author, now, news, policy, candidates, compared }))
    }

    fn judge(&self, text: &Text, snapshot: Snapshot) -> Prejudged {
        let Snapshot { basis, author, now, news, policy, candidates, compared } = snapshot;
        let trained = news.map(|news| self.models.take_in(news));
        let policy = self.policies.ready(basis.site, basis.policy_version, policy);
        let copies = text.groups().map(|groups| near_copies(groups, candidates)).unwrap_or_default();
        let verdict = nothing_could_run();
        let mut prejudged = Prejudged { verdict, basis, author, copies, compared, trained, policy };
        if let Some(policy) = &prejudged.policy {
            prejudged.verdict = prejudged.judge(policy, text, &prejudged.author.history, now, &self.clock);
        }
        prejudged
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

impl Prejudged {
    /// Runs the rules on what was read.
    fn judge(
        &self,
        policy: &ReadyPolicy,
        text: &Text,
        author: &AuthorHistory,
        now: Timestamp,
        clock: &Clock,
    ) -> Verdict {
        let trained = self.trained.as_ref().map(models::read);
        let subject = Subject {
            author_name: &self.author.name,
            copies: &self.copies,
            compared: self.compared,
            trained: trained.as_deref(),
            site_hosts: &self.basis.site_hosts,
            ..Subject::new(text, author, now)
        };
        policy.judge(&subject, || clock.elapsed())
    }
}

/// Of a policy that cannot be read: nothing is let through because of it.
fn nothing_could_run() -> Verdict {
    // who is asked from outside is no rule of the policy
    let of_policy = RuleName::ALL.iter().filter(|rule| **rule != RuleName::Outside);
    let not_run = of_policy.map(|rule| (*rule, NotRun::Failed)).collect();
    Verdict { not_run, ..Verdict::default() }
}

/// Those of the candidates that are nearly the same.
fn near_copies(groups: &Groups, candidates: Vec<(ReplyId, String)>) -> Vec<NearCopy> {
    let copies = candidates.into_iter().filter_map(|(reply, source)| {
        let other = Text::of_source(source);
        let likeness = groups.likeness(other.groups()?);
        (likeness >= NEAR).then_some(NearCopy { reply, likeness })
    });
    copies.collect()
}

/// Runs work on a blocking thread, in the request's span.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, DbError> {
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await.map_err(|_| DbError::Panicked)
}
