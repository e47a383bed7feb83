//! What is to be asked, prepared by the harness.

use std::{cell::Cell, collections::HashMap, fs, path::Path};

use http_body_util::Full;
use hyper::{Method, Request, body::Bytes, header};
use serde::Deserialize;

use crate::{Failure, client::Answer};

/// One kind of request and which answers are good.
#[derive(Deserialize)]
pub struct Planned {
    /// Under which name it is counted.
    pub kind: String,
    method: String,
    path: String,
    #[serde(default)]
    headers: HashMap<String, String>,
    /// `{n}` in it becomes a word that no other request has.
    #[serde(default)]
    body: Option<String>,
    /// Statuses of good answers.
    expect: Vec<u16>,
    /// A good answer has this in it.
    #[serde(default)]
    expect_part: Option<String>,
    /// A good answer has at least so many bytes.
    #[serde(default)]
    min_bytes: usize,
    /// What follows a good answer at once, on the same connection.
    #[serde(default)]
    then: Option<Box<Then>>,
}

/// A request that needs something of the answer before.
#[derive(Deserialize)]
struct Then {
    /// What is needed stands behind this, up to a quote.
    behind: String,
    /// `{found}` in its path becomes that.
    request: Planned,
}

impl Planned {
    pub fn is_good(&self, answer: &Answer) -> bool {
        let is_complete = answer.has_part && answer.found.is_some() == self.then.is_some();
        self.expect.contains(&answer.status) && answer.bytes >= self.min_bytes && is_complete
    }

    /// What follows.
    pub fn then(&self) -> Option<&Self> {
        self.then.as_ref().map(|then| &then.request)
    }

    /// What the request that follows needs, behind which text it stands.
    pub fn sought(&self) -> Option<&str> {
        self.then.as_ref().map(|then| then.behind.as_str())
    }

    /// What a good answer has in it.
    pub fn expect_part(&self) -> Option<&str> {
        self.expect_part.as_deref()
    }

    /// The request, its number filled in as a word, and what was found in the answer before.
    pub fn request(&self, host: &str, number: usize, found: &str) -> Result<Request<Full<Bytes>>, Failure> {
        let mut request = Request::builder()
            .method(Method::from_bytes(self.method.as_bytes())?)
            .uri(self.path.replace("{found}", found))
            .header(header::HOST, host);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let body = self.body.as_ref().map(|body| body.replace("{n}", &word(number))).unwrap_or_default();
        Ok(request.body(Full::new(Bytes::from(body)))?)
    }
}

/// Requests and the order in which they are sent.
#[derive(Deserialize)]
pub struct Plan {
    requests: Vec<Planned>,
    /// Indexes of `requests`.
    order: Vec<usize>,
    #[serde(skip)]
    next: Cell<usize>,
    #[serde(skip)]
    first_number: usize,
}

/// A number in letters, so that no folding of texts makes two of them the same: digits in turn of two alphabets, without
/// a letter twice in a row.
fn word(number: usize) -> String {
    let alphabets = [b"bdfghklmnp", b"aeiouyrstv"].into_iter().cycle();
    let digits = number.to_string().into_bytes();
    digits.iter().zip(alphabets).map(|(digit, letters)| char::from(letters[usize::from(digit - b'0')])).collect()
}

impl Plan {
    /// Errors: there is none, or it asks for nothing. Its requests are numbered from this number on.
    pub fn read(path: &Path, first_number: usize) -> Result<Self, Failure> {
        let plan: Self = serde_json::from_slice(&fs::read(path)?)?;
        let plan = Self { first_number, ..plan };
        if plan.order.is_empty() || plan.order.iter().any(|index| *index >= plan.requests.len()) {
            return Err("the plan's order is empty or names a request that is not there".into());
        }
        Ok(plan)
    }

    /// The next request with its number, from the beginning again after the last one; nothing then if each is to be
    /// sent once.
    pub fn next(&self, is_once: bool) -> Option<(&Planned, usize)> {
        let number = self.next.get();
        if is_once && number >= self.order.len() {
            return None;
        }
        self.next.set(number + 1);
        Some((&self.requests[self.order[number % self.order.len()]], self.first_number + number))
    }
}
