//! A site's own endpoint: the question as JSON, signed, and its answer.
//!
//! Nothing is told of an author that is not public or known to the site's moderators: no e-mail, no network address.

use serde::Serialize;

use super::{Answer, Outside, OutsideError, client::Post, endpoint::Endpoint, signature::Secrets};
use crate::domain::{
    ids::{AccountId, JobId, ReplyId, StoryId},
    timestamp::Timestamp,
};

/// Where a site has its replies looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Webhook {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What proves that it is us who ask.
    pub secrets: Secrets,
}

/// What is asked.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Question<'q> {
    /// The site's key.
    pub site: &'q str,
    /// About this reply,
    pub reply: AskedReply<'q>,
    /// by this author,
    pub author: AskedAuthor,
    /// under this story.
    pub story: AskedStory<'q>,
}

/// The reply that it is about.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AskedReply<'q> {
    pub id: ReplyId,
    /// The reply that it answers; none at top level.
    pub parent_id: Option<ReplyId>,
    /// Which of its texts this is: the first has 1, and each edit makes another.
    pub revision: i32,
    pub created_at: Timestamp,
    /// As it was written, Markdown.
    pub body: &'q str,
    /// As it would be shown.
    pub html: &'q str,
}

/// Who wrote it, as far as the site's moderators know.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AskedAuthor {
    pub id: AccountId,
    /// Whole days since the account was made.
    pub age_days: i64,
    /// Replies on this site that stand approved.
    pub approved: i64,
    /// Replies on this site that were rejected.
    pub rejected: i64,
    /// Replies on this site that were spam.
    pub spam: i64,
}

/// What it was written under.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AskedStory<'q> {
    pub id: StoryId,
    /// The site's own name for it.
    pub external_id: &'q str,
    pub headline: &'q str,
    /// Its page on the site, where it is known.
    pub url: Option<&'q str>,
}

impl Outside {
    /// Asks a site's endpoint. The id is the same each time that the same question is asked again, so that the endpoint
    /// may know it.
    pub async fn ask(&self, webhook: &Webhook, id: JobId, question: &Question<'_>) -> Result<Answer, OutsideError> {
        let Webhook { endpoint, secrets } = webhook;
        let body = serde_json::to_vec(question).expect("texts and numbers become JSON");
        let headers = secrets.headers(id, self.clock.now(), &body);
        let circuit = format!("{} {}", endpoint.as_str(), question.site);
        let post = Post { endpoint, content_type: "application/json", headers, body };
        self.call(&circuit, post, |response| Answer::parse(&response.body)).await
    }
}
