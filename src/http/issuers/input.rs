//! Who is to issue tokens, as it is sent, checked and stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    auth::{
        keys::Keys,
        sealed::{self, SealedError},
        sso::keys::PublicKeys,
    },
    clock::Random,
    domain::{
        ids::*,
        site::SiteRole,
        sso::{CLIENT_SECRET_MIN_BYTES, IssuerKind, SECRET_MAX_BYTES, SECRET_MIN_BYTES, is_name},
        timestamp::Timestamp,
    },
    http::{caller::SignedIn, problem::Problem},
    outside::{endpoint::Endpoint, guard::Guard},
    signing_on::{oidc::provider, place},
    store::{issuers::Issuer, types::TextList},
};

/// Who is to issue tokens, how they are signed, and what they may do; what is absent is not so.
#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutIssuer {
    /// As its tokens name it, often the blog's address; of a provider its own. It stays as it is: people are known by it.
    #[schema(min_length = 1, max_length = 255, examples("https://blog.example"))]
    pub iss: String,
    /// Whom its tokens must be for, at a provider the client's id; what it issues for others is not taken here.
    #[schema(min_length = 1, max_length = 255, examples("https://comments.example"))]
    pub aud: String,
    /// How they are signed.
    pub kind: IssuerKind,
    /// For `secret`: the text whose bytes sign, 32 to 256 of them; absent or null: the one that there is, else a new one is
    /// made. For `oidc`: the client's secret, 8 to 256 bytes; absent or null: the one that there is, else none.
    #[schema(min_length = 8, max_length = 256, format = Password)]
    pub secret: Option<String>,
    /// Puts the given secret, or else a new one, in the place of the present one, which is taken beside it until the next
    /// change.
    #[serde(default)]
    pub rotate: bool,
    /// For `keys`: a JSON Web Key Set of public keys, 20 at most: Ed25519, P-256, or RSA of 2048 bits or more.
    #[schema(value_type = Option<Object>)]
    pub keys: Option<serde_json::Value>,
    /// For `keys_url`: where such a document is, at `https://`.
    #[schema(max_length = 2048)]
    pub keys_url: Option<String>,
    /// Whether an account from before, with the same e-mail verified, becomes that of who signs on with a verified e-mail.
    #[serde(default)]
    pub joins_by_verified_email: bool,
    /// The roles on this site that tokens may give.
    #[validate(length(max = 2))]
    #[schema(max_items = 2)]
    #[serde(default)]
    pub gives_roles: Vec<SiteRole>,
    /// Whether tokens may give badges of this site.
    #[serde(default)]
    pub gives_badges: bool,
    /// Ends all sessions that began by its tokens, such as when a key was stolen.
    #[serde(default)]
    pub end_sessions: bool,
}

/// The same, checked.
pub(super) struct Draft {
    asked: PutIssuer,
    /// As it is stored.
    keys: Option<String>,
}

impl PutIssuer {
    /// All of it that can be looked at without what is stored.
    pub(super) fn checked(mut self, guard: Guard) -> Result<Draft, Problem> {
        for (pointer, text) in [("/iss", &self.iss), ("/aud", &self.aud)] {
            if !is_name(text) {
                return Err(Problem::field(pointer, "must have 1 to 255 visible ASCII characters"));
            }
        }
        self.refuse_others()?;
        let least = if self.kind == IssuerKind::Oidc { CLIENT_SECRET_MIN_BYTES } else { SECRET_MIN_BYTES };
        if let Some(secret) = &self.secret
            && !(least..=SECRET_MAX_BYTES).contains(&secret.len())
        {
            return Err(Problem::field("/secret", format!("must have {least} to {SECRET_MAX_BYTES} bytes")));
        }
        if self.kind == IssuerKind::Oidc {
            provider::address(&self.iss, guard).map_err(|error| Problem::field("/iss", error))?;
        }
        let keys = match (self.kind, self.keys.take()) {
            (IssuerKind::Keys, None) => return Err(Problem::field("/keys", "is needed")),
            (IssuerKind::Keys, Some(document)) => Some(checked_keys(&document)?),
            _ => None,
        };
        if self.kind == IssuerKind::KeysUrl {
            let url = self.keys_url.as_ref().ok_or_else(|| Problem::field("/keys_url", "is needed"))?;
            let endpoint = Endpoint::parse(url, guard).map_err(|error| Problem::field("/keys_url", error))?;
            self.keys_url = Some(endpoint.as_str().to_owned());
        }
        Ok(Draft { asked: self, keys })
    }

    /// Refuses what belongs to another kind: who sends it expects that it counts.
    fn refuse_others(&self) -> Result<(), Problem> {
        let only = |is_there: bool, pointer: &str, kind: IssuerKind| match is_there && self.kind != kind {
            true => Err(Problem::field(pointer, format!("only for {kind}"))),
            false => Ok(()),
        };
        if self.kind != IssuerKind::Oidc {
            only(self.secret.is_some(), "/secret", IssuerKind::Secret)?;
        }
        only(self.rotate, "/rotate", IssuerKind::Secret)?;
        only(self.keys.is_some(), "/keys", IssuerKind::Keys)?;
        only(self.keys_url.is_some(), "/keys_url", IssuerKind::KeysUrl)
    }
}

fn checked_keys(document: &serde_json::Value) -> Result<String, Problem> {
    let text = document.to_string();
    PublicKeys::parse(text.as_bytes()).map_err(|fault| Problem::field("/keys", fault))?;
    Ok(text)
}

impl Draft {
    /// What takes the place of what is stored, and the secret if one was made.
    pub(super) fn replace(
        &self,
        former: Option<Issuer>,
        (site_id, key): (SiteId, &str),
        (caller, (random, now)): (&SignedIn, (&Random, Timestamp)),
        keys: &Keys,
    ) -> Result<(Issuer, Option<String>), Problem> {
        let PutIssuer { iss, aud, kind, keys_url, joins_by_verified_email, gives_roles, gives_badges, .. } =
            &self.asked;
        if former.as_ref().is_some_and(|former| former.iss != *iss) {
            let detail = "stays as it is, since people are known by it; delete the issuer and register another";
            return Err(Problem::field("/iss", detail));
        }
        let id = former.as_ref().map_or_else(|| random.id(now), |former| former.id);
        let (present, replaced, made) = self.secrets((id, former.as_ref()), keys, random)?;
        let mut gives_roles = gives_roles.clone();
        gives_roles.sort_unstable();
        gives_roles.dedup();
        let issuer = Issuer {
            id,
            site_id,
            key: key.to_owned(),
            version: former.as_ref().map_or(0, |former| former.version) + 1,
            iss: iss.clone(),
            aud: aud.clone(),
            kind: *kind,
            secret: present,
            former_secret: replaced,
            keys: self.keys.clone(),
            keys_url: keys_url.clone(),
            joins_by_verified_email: *joins_by_verified_email,
            gives_roles: TextList(gives_roles.iter().map(|role| role.as_str().to_owned()).collect()),
            gives_badges: *gives_badges,
            author_id: caller.account.id,
            created_at: former.map_or(now, |former| former.created_at),
            updated_at: now,
        };
        Ok((issuer, made))
    }

    /// The secret from now on and the one beside it, encrypted; and once more if it was made just now.
    #[expect(clippy::type_complexity, reason = "three secrets, of which each may be none")]
    fn secrets(
        &self,
        (id, former): (IssuerId, Option<&Issuer>),
        keys: &Keys,
        random: &Random,
    ) -> Result<(Option<String>, Option<String>, Option<String>), Problem> {
        if !matches!(self.asked.kind, IssuerKind::Secret | IssuerKind::Oidc) {
            return Ok((None, None, None));
        }
        let seal = |secret: &String| sealed::seal(keys, random, &place(id), secret);
        // a secret of another kind is nothing to this one
        let former = former.filter(|former| former.kind == self.asked.kind);
        let sealed = former.and_then(|former| former.secret.as_ref());
        let known: Option<Result<String, SealedError>> = sealed.map(|sealed| sealed::open(keys, &place(id), sealed));
        let beside = known.clone().and_then(Result::ok).filter(|_| self.asked.rotate);
        let (secret, made) = match (&self.asked.secret, known) {
            (Some(given), _) => (given.clone(), None),
            (None, Some(Ok(known))) if !self.asked.rotate => (known, None),
            (None, Some(Err(error))) if !self.asked.rotate => return Err(Problem::field("/secret", error)),
            // a client that has none proves by its challenge alone that it is the one that began
            (None, None) if self.asked.kind == IssuerKind::Oidc => return Ok((None, None, None)),
            (None, _) => {
                let made = BASE64.encode(random.bytes::<SECRET_MIN_BYTES>());
                (made.clone(), Some(made))
            }
        };
        Ok((Some(seal(&secret)), beside.as_ref().map(seal), made))
    }
}

/// Without the secret.
impl std::fmt::Debug for PutIssuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PutIssuer({}, {})", self.iss, self.kind)
    }
}
