//! Akismet's protocol, REST 1.1: forms that are answered with a word.
//!
//! The protocol wants the address and the browser of who wrote; we keep neither. They are sent if whoever asks has them
//! at hand, and left out otherwise, which Akismet says makes it judge worse.

use std::net::IpAddr;

use hyper::HeaderMap;
use url::{Url, form_urlencoded};

use super::{
    Answer, Outside, OutsideError,
    client::{Post, Response},
    endpoint::{Endpoint, EndpointError},
    guard::Guard,
};
use crate::domain::{rules::Outcome, timestamp::Timestamp};

/// Akismet itself.
pub const DEFAULT_BASE: &str = "https://rest.akismet.com";

/// The most characters of a service's own explanation that are shown.
const MAX_HELP_CHARS: usize = 200;

/// A service that speaks the protocol.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Akismet {
    verify_key: Endpoint,
    comment_check: Endpoint,
    submit_spam: Endpoint,
    submit_ham: Endpoint,
}

/// For whom it is asked. `Debug` does not show the key.
#[derive(Clone, Copy)]
pub struct Blog<'a> {
    /// The key that the service gave out.
    pub key: &'a str,
    /// The front page, an absolute address.
    pub url: &'a str,
}

impl std::fmt::Debug for Blog<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blog({})", self.url)
    }
}

/// What it is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Comment<'a> {
    /// The name that readers see.
    pub author: &'a str,
    /// The text.
    pub content: &'a str,
    /// The page where it stands, or will.
    pub permalink: Option<&'a str>,
    pub created_at: Timestamp,
    /// Whether it answers another reply.
    pub is_answer: bool,
    /// Whether it was looked at before, with another text.
    pub is_edit: bool,
    /// From where it was sent.
    pub user_ip: Option<IpAddr>,
    /// By which browser.
    pub user_agent: Option<&'a str>,
}

impl Akismet {
    /// The service at this address, under which it has its `/1.1/`.
    pub fn new(base: &str, guard: Guard) -> Result<Self, EndpointError> {
        let base = Endpoint::parse(base, guard)?;
        let call = |name: &str| {
            let mut url = Url::parse(base.as_str()).map_err(|_| EndpointError::Malformed)?;
            url.set_query(None);
            url.path_segments_mut().map_err(|()| EndpointError::Malformed)?.pop_if_empty().extend(["1.1", name]);
            Endpoint::from_url(url, guard)
        };
        Ok(Self {
            verify_key: call("verify-key")?,
            comment_check: call("comment-check")?,
            submit_spam: call("submit-spam")?,
            submit_ham: call("submit-ham")?,
        })
    }

    /// Whether the service knows the key.
    pub async fn verify_key(&self, outside: &Outside, blog: Blog<'_>) -> Result<bool, OutsideError> {
        // older services read `key`, newer ones `api_key`
        let form = Form::of(blog).with("key", blog.key);
        outside
            .submit(&self.verify_key, blog, form, |word, response| match word {
                "valid" => Ok(true),
                "invalid" => Ok(false),
                _ => Err(not_understood(blog, &response.headers)),
            })
            .await
    }

    /// What the service thinks of it: spam (with a score of 1 if nobody need look at it), or nothing to say against it.
    pub async fn check(
        &self,
        outside: &Outside,
        blog: Blog<'_>,
        comment: &Comment<'_>,
    ) -> Result<Answer, OutsideError> {
        outside
            .submit(&self.comment_check, blog, Form::of(blog).with_comment(comment), |word, response| match word {
                "true" => {
                    let tip = response.headers.get("x-akismet-pro-tip");
                    let is_blatant = tip.is_some_and(|tip| tip.as_bytes().eq_ignore_ascii_case(b"discard"));
                    Ok(Answer { score: is_blatant.then_some(1.0), ..Answer::plain(Outcome::Spam) })
                }
                "false" => Ok(Answer::plain(Outcome::Pass)),
                _ => Err(refusal(word, blog, &response.headers)),
            })
            .await
    }

    /// Tells the service what it took for good and people for spam.
    pub async fn submit_spam(
        &self,
        outside: &Outside,
        blog: Blog<'_>,
        comment: &Comment<'_>,
    ) -> Result<(), OutsideError> {
        self.teach(&self.submit_spam, outside, blog, comment).await
    }

    /// Tells the service what it took for spam and people for good.
    pub async fn submit_ham(
        &self,
        outside: &Outside,
        blog: Blog<'_>,
        comment: &Comment<'_>,
    ) -> Result<(), OutsideError> {
        self.teach(&self.submit_ham, outside, blog, comment).await
    }

    async fn teach(
        &self,
        endpoint: &Endpoint,
        outside: &Outside,
        blog: Blog<'_>,
        comment: &Comment<'_>,
    ) -> Result<(), OutsideError> {
        outside
            .submit(endpoint, blog, Form::of(blog).with_comment(comment), |word, response| {
                // "Thanks for making the web a better place."
                if word.starts_with("Thanks") { Ok(()) } else { Err(refusal(word, blog, &response.headers)) }
            })
            .await
    }
}

impl Outside {
    async fn submit<T>(
        &self,
        endpoint: &Endpoint,
        blog: Blog<'_>,
        form: Form,
        read: impl FnOnce(&str, &Response) -> Result<T, OutsideError>,
    ) -> Result<T, OutsideError> {
        let circuit = format!("{} {}", endpoint.as_str(), blog.url);
        let body = form.0.into_bytes();
        let content_type = "application/x-www-form-urlencoded; charset=utf-8";
        let post = Post { endpoint, content_type, headers: HeaderMap::new(), body };
        let word = |response: &Response| String::from_utf8_lossy(&response.body).trim().to_owned();
        self.call(&circuit, post, |response| read(&word(response), response)).await
    }
}

/// A body of fields.
struct Form(String);

impl Form {
    fn of(blog: Blog<'_>) -> Self {
        Self(String::new()).with("api_key", blog.key).with("blog", blog.url)
    }

    fn with(self, name: &str, value: &str) -> Self {
        let mut fields = form_urlencoded::Serializer::new(self.0);
        fields.append_pair(name, value);
        Self(fields.finish())
    }

    fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn with_comment(self, comment: &Comment<'_>) -> Self {
        self.with_some("user_ip", comment.user_ip.map(|address| address.to_string()).as_deref())
            .with_some("user_agent", comment.user_agent)
            .with_some("permalink", comment.permalink)
            .with("comment_type", if comment.is_answer { "reply" } else { "comment" })
            .with("comment_author", comment.author)
            .with("comment_content", comment.content)
            .with("comment_date_gmt", &comment.created_at.to_string())
            .with("blog_charset", "UTF-8")
            .with_some("recheck_reason", comment.is_edit.then_some("edit"))
    }
}

/// What stands in the place of a judgement.
fn refusal(word: &str, blog: Blog<'_>, headers: &HeaderMap) -> OutsideError {
    // "invalid" or "Invalid Key", and nothing else begins so
    let is_about_key = word.get(.."invalid".len()).is_some_and(|word| word.eq_ignore_ascii_case("invalid"));
    if is_about_key { OutsideError::WrongKey } else { not_understood(blog, headers) }
}

/// With the service's own explanation, if it gave one; should it repeat the key, that is not shown.
fn not_understood(blog: Blog<'_>, headers: &HeaderMap) -> OutsideError {
    let help = headers.get("x-akismet-debug-help").and_then(|help| help.to_str().ok());
    let help = help.map(|help| if blog.key.is_empty() { help.to_owned() } else { help.replace(blog.key, "(key)") });
    match help.as_deref().map(str::trim) {
        Some(help) if !help.is_empty() => {
            OutsideError::malformed(help.chars().take(MAX_HELP_CHARS).collect::<String>())
        }
        _ => OutsideError::malformed("it is neither true nor false"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_calls_stand_below_its_address() {
        let call =
            |base: &str| Akismet::new(base, Guard::new(false)).map(|akismet| akismet.comment_check.as_str().to_owned());
        assert_eq!(call(DEFAULT_BASE).unwrap(), "https://rest.akismet.com/1.1/comment-check");
        assert_eq!(call("https://example.org/a/?b").unwrap(), "https://example.org/a/1.1/comment-check");
        assert_eq!(call("http://example.org/"), Err(EndpointError::WrongScheme));
        assert_eq!(call("https://127.0.0.1/"), Err(EndpointError::Refused));
    }
}
