//! Who is to be asked, as it is sent, checked and stored.

use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    auth::{
        keys::Keys,
        sealed::{self, SealedError},
    },
    clock::Random,
    domain::{ids::AccountId, outside_check::OutsideKind, timestamp::Timestamp, visible::is_visible},
    http::problem::Problem,
    judging::outside::asker::place,
    outside::{
        akismet::{Akismet, DEFAULT_BASE},
        endpoint::{Endpoint, MAX_BYTES},
        guard::Guard,
        signature::Secret,
    },
    store::{outside_checks::OutsideCheck, sites::Site},
};

/// Who is to be asked.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutOutsideCheck {
    /// The site's own endpoint, or a service that speaks Akismet's protocol.
    pub kind: OutsideKind,
    /// The endpoint, at `https://`. Of a service where it is, if that is not Akismet itself. Moderators see it.
    #[schema(max_length = 2048)]
    pub url: Option<String>,
    /// The site's front page, by which a service knows it; needed for one and possible nowhere else.
    #[schema(max_length = 2048)]
    pub blog_url: Option<String>,
    /// What signs the questions to an endpoint, `whsec_` and 24 to 64 bytes in base64; absent or null: the one that there
    /// is, else a new one is made. For a service its key; absent or null: the one that there is for this address.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub secret: Option<String>,
    /// Puts the given secret, or else a new one, in the place of the present one, which goes on signing beside it until
    /// the next change. Only for an endpoint.
    #[serde(default)]
    pub rotate: bool,
}

/// The same, checked.
pub(super) struct Draft {
    kind: OutsideKind,
    url: String,
    blog_url: Option<String>,
    secret: Option<String>,
    rotate: bool,
}

impl PutOutsideCheck {
    /// All of it that can be looked at without what is stored.
    pub(super) fn checked(self, guard: Guard) -> Result<Draft, Problem> {
        let Self { kind, url, blog_url, secret, rotate } = self;
        let (url, blog_url) = match kind {
            OutsideKind::Webhook => {
                let url = url.ok_or_else(|| Problem::field("/url", "is needed"))?;
                let endpoint = Endpoint::parse(&url, guard).map_err(|error| Problem::field("/url", error))?;
                if blog_url.is_some() {
                    return Err(Problem::field("/blog_url", "only for akismet"));
                }
                if let Some(secret) = &secret {
                    Secret::parse(secret).map_err(|error| Problem::field("/secret", error))?;
                }
                (endpoint.as_str().to_owned(), None)
            }
            OutsideKind::Akismet => {
                let url = url.unwrap_or_else(|| DEFAULT_BASE.to_owned());
                Akismet::new(&url, guard).map_err(|error| Problem::field("/url", error))?;
                let blog_url = blog_url.ok_or_else(|| Problem::field("/blog_url", "is needed"))?;
                if rotate {
                    return Err(Problem::field("/rotate", "only for webhook"));
                }
                if secret.as_ref().is_some_and(|secret| !secret.chars().all(is_visible)) {
                    return Err(Problem::field("/secret", "a key has characters that can be seen, and no others"));
                }
                (url, Some(front_page(&blog_url)?))
            }
        };
        Ok(Draft { kind, url, blog_url, secret, rotate })
    }
}

/// An absolute address, which is only told to the service.
fn front_page(text: &str) -> Result<String, Problem> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    let url =
        url.filter(|url| url.as_str().len() <= MAX_BYTES && url.username().is_empty() && url.password().is_none());
    url.map(String::from).ok_or_else(|| Problem::field("/blog_url", "an absolute address at http:// or https://"))
}

impl Draft {
    /// What takes the place of what is stored, and the secret if one was made.
    pub(super) fn replace(
        &self,
        former: Option<OutsideCheck>,
        site: &Site,
        (author, now): (AccountId, Timestamp),
        (keys, random): (&Keys, &Random),
    ) -> Result<(OutsideCheck, Option<String>), Problem> {
        // a key goes to nobody else than whom it was given for
        let same = former.as_ref().filter(|former| former.kind == self.kind);
        let same = same.filter(|former| self.kind == OutsideKind::Webhook || former.url == self.url);
        let place = place(site.id, self.kind);
        let kept = same.map(|former| sealed::open(keys, &place, &former.secret));
        let rotated = kept.clone().and_then(Result::ok).filter(|_| self.rotate);
        let (secret, made) = self.secret(kept, random)?;
        let seal = |secret: &String| sealed::seal(keys, random, &place, secret);
        let check = OutsideCheck {
            site_id: site.id,
            kind: self.kind,
            url: self.url.clone(),
            blog_url: self.blog_url.clone(),
            secret: seal(&secret),
            former_secret: rotated.as_ref().map(seal),
            author_id: Some(author),
            created_at: former.map_or(now, |former| former.created_at),
            updated_at: now,
        };
        Ok((check, made))
    }

    /// The secret from now on, and once more if it was made just now.
    fn secret(
        &self,
        kept: Option<Result<String, SealedError>>,
        random: &Random,
    ) -> Result<(String, Option<String>), Problem> {
        match (&self.secret, kept, self.kind) {
            (Some(given), ..) => Ok((given.clone(), None)),
            (None, Some(Ok(kept)), _) if !self.rotate => Ok((kept, None)),
            (None, Some(Err(error)), _) if !self.rotate => Err(Problem::field("/secret", error)),
            (None, _, OutsideKind::Webhook) => {
                let made = Secret::generate(random).reveal();
                Ok((made.clone(), Some(made)))
            }
            (None, _, OutsideKind::Akismet) => Err(Problem::field("/secret", "is needed")),
        }
    }
}

/// Without the secret.
impl std::fmt::Debug for PutOutsideCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PutOutsideCheck({})", self.kind)
    }
}
