//! Asks others about a reply: an endpoint that a site named, or a service that speaks Akismet's protocol; and fetches the
//! keys of who signs a site's readers on.
//!
//! Whoever may name an endpoint may have this machine send something anywhere; so only addresses that everybody can
//! reach are asked (`guard`), at the very address that was looked at (`lookup`), and no redirect leads elsewhere.
//! Whoever answers may answer anything, as slowly as he likes; so answers are small, have one deadline and are checked
//! (`answer`), and an endpoint that fails time after time is left alone for a while (`breaker`).
//!
//! Nothing here decides what becomes of a reply: who asks gets an [`Answer`], or an [`OutsideError`] fit to be shown.

use std::{borrow::Cow, sync::LazyLock, time::Duration};

use hyper::{HeaderMap, body::Bytes};

use crate::clock::Clock;

pub mod akismet;
pub mod answer;
pub mod breaker;
pub mod client;
pub mod endpoint;
pub mod guard;
pub mod lookup;
pub mod signature;
pub mod webhook;

#[cfg(test)]
mod client_tests;
#[cfg(test)]
mod local_server;
#[cfg(test)]
mod service_tests;

pub use self::answer::Answer;
use self::{
    breaker::Breaker,
    client::{Client, Post, Response, Settings},
    endpoint::Endpoint,
    guard::Guard,
};

/// Why there is no answer. The words are for moderators: they tell no secret, and nothing of this machine.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OutsideError {
    /// The endpoint is at an address that is not asked, or is named in a way that is not allowed (any more).
    #[error("the endpoint is at an address that must not be asked")]
    Refused,
    /// Nobody was there to be asked.
    #[error("{0}")]
    Unreachable(Unreached),
    /// The answer was not here when it had to be.
    #[error("the endpoint did not answer in time")]
    TimedOut,
    /// The endpoint wanted another one to be asked.
    #[error("the endpoint pointed to another address, which is not followed")]
    Redirect,
    /// The answer had a status that is no success.
    #[error("the endpoint answered with status {0}")]
    Status(u16),
    /// The answer had more bytes than allowed.
    #[error("the endpoint's answer was too large")]
    TooLarge,
    /// The answer was not one that was agreed on.
    #[error("the endpoint's answer was not understood: {0}")]
    Malformed(Cow<'static, str>),
    /// The service does not know the key that it was asked with.
    #[error("the service does not accept the site's key")]
    WrongKey,
    /// The endpoint was not asked, since it failed time after time.
    #[error("the endpoint failed several times and is left alone for a while")]
    BreakerOpen {
        /// How long yet.
        retry_after: Duration,
    },
}

/// What stood in the way to an endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreached {
    /// Its name leads nowhere.
    #[error("the endpoint's name was not found")]
    Name,
    /// No connection.
    #[error("the endpoint could not be reached")]
    Connection,
    /// No TLS: a certificate of somebody else or of an unknown authority, or a server that does not speak it.
    #[error("the endpoint could not prove who it is")]
    Tls,
    /// The connection ended before the answer did.
    #[error("the endpoint ended the connection before it had answered")]
    Cut,
}

impl OutsideError {
    pub(crate) fn malformed(words: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed(words.into())
    }

    /// What it tells of the endpoint's health; nothing, where it was not even asked.
    fn blames(&self) -> Option<bool> {
        match self {
            Self::Refused | Self::BreakerOpen { .. } => None,
            Self::WrongKey => Some(false),
            _ => Some(true),
        }
    }
}

/// All that is needed to ask: one for the whole process, since it keeps the connections and knows who failed.
pub struct Outside {
    /// Made when somebody is asked first: most services ask nobody, and its authorities take memory.
    client: LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>,
    guard: Guard,
    breaker: Breaker,
    clock: Clock,
}

impl Outside {
    /// Asks within the usual bounds.
    pub fn new(guard: Guard, clock: Clock) -> Self {
        Self::with(guard, move || Settings::new(guard), clock)
    }

    /// Asks within bounds that are made up when somebody is asked first.
    pub fn with(guard: Guard, settings: impl FnOnce() -> Settings + Send + 'static, clock: Clock) -> Self {
        let client = LazyLock::new(Box::new(move || Client::new(Settings { guard, ..settings() })) as Box<_>);
        Self { client, guard, breaker: Breaker::new(), clock }
    }

    /// Which addresses may be asked.
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// Fetches what is at an address, of so many bytes at most. No circuit stands before it: who asks keeps what he fetched, and
    /// knows how often he failed.
    pub async fn fetch(&self, endpoint: &Endpoint, max_bytes: usize) -> Result<Bytes, OutsideError> {
        Ok(self.client.get(endpoint, max_bytes).await?.body)
    }

    /// The same with these headers.
    pub async fn fetch_with(
        &self,
        endpoint: &Endpoint,
        headers: HeaderMap,
        max_bytes: usize,
    ) -> Result<Bytes, OutsideError> {
        Ok(self.client.get_with(endpoint, headers, max_bytes).await?.body)
    }

    /// Posts a form, with these headers, and reads the answer. No circuit stands before it: somebody waits for it who began at the
    /// same place a moment ago.
    pub async fn post_form(
        &self,
        endpoint: &Endpoint,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response, OutsideError> {
        let content_type = "application/x-www-form-urlencoded";
        self.client.post(Post { endpoint, content_type, headers, body }).await
    }

    /// Posts and reads the answer, unless this circuit is open. A circuit is an endpoint as one site uses it: what a
    /// site does wrong (its secret, its key) does not keep others from asking there.
    async fn call<T>(
        &self,
        circuit: &str,
        post: Post<'_>,
        read: impl FnOnce(&Response) -> Result<T, OutsideError>,
    ) -> Result<T, OutsideError> {
        let pass = match self.breaker.enter(circuit, self.clock.elapsed()) {
            Ok(pass) => pass,
            Err(open) => return Err(OutsideError::BreakerOpen { retry_after: open.retry_after }),
        };
        let result = self.client.post(post).await.and_then(|response| read(&response));
        match result.as_ref().map_or_else(OutsideError::blames, |_| Some(false)) {
            Some(true) => pass.failed(self.clock.elapsed()),
            Some(false) => pass.succeeded(),
            // the pass is given back
            None => {}
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moderators_are_told_is_short_and_names_no_address() {
        let errors = [
            OutsideError::Refused,
            OutsideError::Unreachable(Unreached::Name),
            OutsideError::Unreachable(Unreached::Connection),
            OutsideError::Unreachable(Unreached::Tls),
            OutsideError::Unreachable(Unreached::Cut),
            OutsideError::TimedOut,
            OutsideError::Redirect,
            OutsideError::Status(500),
            OutsideError::TooLarge,
            OutsideError::malformed("it is not JSON"),
            OutsideError::WrongKey,
            OutsideError::BreakerOpen { retry_after: Duration::from_secs(30) },
        ];
        for error in errors {
            let words = error.to_string();
            assert!(words.starts_with("the ") && words.len() < 80, "{words}");
        }
    }
}
