//! Who is asked, made of what a site has stored, and what is told of a reply.

use crate::{
    auth::{
        keys::Keys,
        sealed::{self, SealedError},
    },
    domain::{
        ids::{JobId, SiteId},
        outside_check::OutsideKind,
        timestamp::Timestamp,
    },
    outside::{
        Answer, Outside, OutsideError,
        akismet::{Akismet, Blog, Comment},
        endpoint::{Endpoint, EndpointError},
        guard::Guard,
        signature::{Secret, SecretError, Secrets},
        webhook::{AskedAuthor, AskedReply, AskedStory, Question, Webhook},
    },
    store::{moderation::QueuedReply, outside_checks::OutsideCheck},
};

/// Why nobody can be asked, or did not answer; in words for moderators.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Outside(#[from] OutsideError),
    /// What is stored is not allowed, such as after the configuration changed.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    #[error(transparent)]
    Sealed(#[from] SealedError),
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Who is asked.
#[derive(Debug)]
pub enum Asker {
    Webhook(Webhook),
    Akismet { service: Box<Akismet>, key: Key, blog_url: String },
}

/// A service's key. `Debug` does not show it.
pub struct Key(String);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// Where a site's secrets stand, as they are encrypted for it alone.
pub fn place(site: SiteId, kind: OutsideKind) -> String {
    format!("outside_checks/{site}/{kind}")
}

impl Asker {
    /// Of what is stored.
    pub fn of(check: &OutsideCheck, keys: &Keys, guard: Guard) -> Result<Self, AskError> {
        let open = |sealed: &String| sealed::open(keys, &place(check.site_id, check.kind), sealed);
        match check.kind {
            OutsideKind::Webhook => {
                let endpoint = Endpoint::parse(&check.url, guard)?;
                let current = Secret::parse(&open(&check.secret)?)?;
                // one that cannot be read is one that nobody waits for
                let former = check.former_secret.as_ref().and_then(|sealed| open(sealed).ok());
                let former = former.and_then(|secret| Secret::parse(&secret).ok());
                Ok(Self::Webhook(Webhook { endpoint, secrets: Secrets { current, former } }))
            }
            OutsideKind::Akismet => {
                let service = Box::new(Akismet::new(&check.url, guard)?);
                let blog_url = check.blog_url.clone().unwrap_or_default();
                Ok(Self::Akismet { service, key: Key(open(&check.secret)?), blog_url })
            }
        }
    }

    /// Asks; the id is the same each time that the same is asked.
    pub async fn ask(&self, outside: &Outside, id: JobId, about: &About<'_>) -> Result<Answer, OutsideError> {
        match self {
            Self::Webhook(webhook) => outside.ask(webhook, id, &about.question()).await,
            Self::Akismet { service, key, blog_url } => {
                let blog = Blog { key: &key.0, url: blog_url };
                service.check(outside, blog, &about.comment()).await
            }
        }
    }

    /// Tells a service that learns what people took it for; nothing to do for one that does not.
    pub async fn tell(&self, outside: &Outside, is_spam: bool, about: &About<'_>) -> Result<(), OutsideError> {
        let Self::Akismet { service, key, blog_url } = self else { return Ok(()) };
        let (blog, comment) = (Blog { key: &key.0, url: blog_url }, about.comment());
        match is_spam {
            true => service.submit_spam(outside, blog, &comment).await,
            false => service.submit_ham(outside, blog, &comment).await,
        }
    }
}

/// What it is about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub row: &'a QueuedReply,
    /// The story's page, where it is known.
    pub story_url: Option<&'a str>,
    pub now: Timestamp,
}

impl About<'_> {
    fn question(&self) -> Question<'_> {
        let QueuedReply { author, story, body, .. } = self.row;
        Question {
            site: &self.row.site_key,
            reply: AskedReply {
                id: self.row.id,
                parent_id: self.row.in_reply_to.or(self.row.parent_id),
                revision: self.row.revision,
                created_at: self.row.created_at,
                body: &body.source,
                html: body.html.as_str(),
            },
            author: AskedAuthor {
                id: author.id,
                age_days: i64::try_from(self.now.since(author.created_at).as_secs() / DAY_SECS).unwrap_or(i64::MAX),
                approved: author.approved,
                rejected: author.rejected,
                spam: author.spam,
            },
            story: AskedStory {
                id: story.id,
                external_id: &story.external_id,
                headline: &story.headline,
                url: self.story_url,
            },
        }
    }

    fn comment(&self) -> Comment<'_> {
        let author = &self.row.author;
        Comment {
            author: author.display_name.as_deref().or(author.username.as_deref()).unwrap_or_default(),
            content: &self.row.body.source,
            permalink: self.story_url,
            created_at: self.row.created_at,
            is_answer: self.row.parent_id.is_some(),
            is_edit: self.row.revision > 1,
            user_ip: None,
            user_agent: None,
        }
    }
}

const DAY_SECS: u64 = 24 * 3_600;
