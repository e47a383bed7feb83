//! Signing in at a provider of OpenID Connect (Core 1.0, section 3.1): the authorisation code with a challenge (RFC 7636), by
//! the crate `oauth2`. What comes back is looked at as all tokens are, by `auth::sso::claims`, and leads to an account as they
//! do.
//!
//! What this service must know when somebody comes back stands with his browser, sealed ([`Pending`]): so nothing is stored for
//! those who never do.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use self::provider::Provider;
use crate::{
    app::State,
    auth::{
        sealed,
        sso::{
            claims::{self, Claims, Expected, Kind},
            keys::SigningKeys,
            token::Parts,
        },
    },
    domain::{ids::IssuerId, sso::IssuerKind, timestamp::Timestamp},
    outside::{OutsideError, endpoint::Endpoint},
    store::issuers::Issuer,
};

pub mod provider;

/// Where providers send people back to, below `PUBLIC_URL`; it is registered with them.
pub const CALLBACK: &str = "/api/v1/oidc/callback";
/// Seconds in which somebody comes back.
pub const PENDING_SECS: i64 = 600;
/// Bytes of a state, a nonce and a verifier.
const RANDOM_BYTES: usize = 32;
/// Bytes that what a provider tells of somebody may have.
const USERINFO_MAX_BYTES: usize = 16 * 1024;
/// Where the browser's part is sealed for.
const PLACE: &str = "oidc";

/// What somebody's browser keeps while he is at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub issuer: IssuerId,
    /// In which version it was asked; it is not any more what he went to where that has changed.
    pub version: i64,
    /// What the provider gives back.
    pub state: String,
    pub nonce: String,
    /// What the challenge at the provider was made of.
    pub verifier: String,
    /// The page that he is led back to, and the challenge that it has given.
    pub return_to: String,
    pub challenge: String,
    /// Seconds since 1970.
    pub useless_at: i64,
}

impl Pending {
    /// For the browser.
    pub fn seal(&self, state: &State) -> String {
        let text = serde_json::to_string(self).expect("texts and numbers");
        sealed::seal(&state.keys, &state.random, PLACE, &text)
    }

    /// As it was sealed for who comes back with this state; nothing if it is another's, too old, or no such thing.
    pub fn open(state: &State, sealed: &str, given_back: &str, now: Timestamp) -> Option<Self> {
        let text = sealed::open(&state.keys, PLACE, sealed).ok()?;
        let pending: Self = serde_json::from_str(&text).ok()?;
        (pending.state == given_back && pending.useless_at > now.as_secs()).then_some(pending)
    }
}

/// Why somebody who came back is not signed in. The words are for the log.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The provider is not there, or answers what nobody understands.
    #[error("{0}")]
    Outside(#[from] OutsideError),
    /// It would give no token for the code.
    #[error("the code was not taken: {0}")]
    Code(String),
    /// There is something wrong with what it said.
    #[error("the answer is not sound: {0}")]
    Unsound(String),
}

/// What a token answer has beside what OAuth 2.0 knows (Core 1.0, section 3.1.3.3).
#[derive(Debug, Serialize, Deserialize)]
struct IdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

type Tokens = StandardTokenResponse<IdToken, BasicTokenType>;
type ProvidersClient<Authorization = EndpointNotSet, Token = EndpointNotSet> = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Authorization,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    Token,
>;

fn client(
    state: &State,
    issuer: &Issuer,
    provider: &Provider,
) -> Result<ProvidersClient<EndpointSet, EndpointSet>, Failure> {
    let callback = format!("{}{CALLBACK}", state.config.home());
    let client: ProvidersClient = Client::new(ClientId::new(issuer.aud.clone()));
    let client = client
        .set_auth_uri(AuthUrl::from_url(provider.authorization.clone()))
        .set_token_uri(TokenUrl::new(provider.token.as_str().to_owned()).expect("it was parsed"))
        .set_redirect_uri(RedirectUrl::new(callback).expect("PUBLIC_URL was parsed"))
        .set_auth_type(if provider.wants_secret_in_body { AuthType::RequestBody } else { AuthType::BasicAuth });
    Ok(match &issuer.secret {
        None => client,
        Some(sealed) => {
            let secret = sealed::open(&state.keys, &super::place(issuer.id), sealed);
            let secret = secret.map_err(|error| Failure::Code(error.to_string()))?;
            client.set_client_secret(ClientSecret::new(secret))
        }
    })
}

/// Where somebody signs in, and what his browser keeps meanwhile.
pub async fn begin(
    state: &State,
    issuer: &Issuer,
    (return_to, challenge): (&Url, &str),
    now: Timestamp,
) -> Result<(Url, Pending), Failure> {
    let provider = find_provider(state, issuer).await?;
    let random = || BASE64.encode(state.random.bytes::<RANDOM_BYTES>());
    let pending = Pending {
        issuer: issuer.id,
        version: issuer.version,
        state: random(),
        nonce: random(),
        verifier: random(),
        return_to: return_to.as_str().to_owned(),
        challenge: challenge.to_owned(),
        useless_at: now.as_secs() + PENDING_SECS,
    };
    let of_verifier = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(pending.verifier.clone()));
    let client = client(state, issuer, &provider)?;
    let given_back = pending.state.clone();
    let (url, _) = client
        .authorize_url(|| CsrfToken::new(given_back))
        .add_scopes(["openid", "email", "profile"].map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("nonce", pending.nonce.clone())
        .set_pkce_challenge(of_verifier)
        .url();
    Ok((url, pending))
}

/// Who came back with this code, as the provider says.
pub async fn finish(
    state: &State,
    issuer: &Issuer,
    pending: Pending,
    (code, iss): (String, Option<&str>),
    now: Timestamp,
) -> Result<Claims, Failure> {
    let provider = find_provider(state, issuer).await?;
    // whose code it is: one of another provider must not be shown to this one (RFC 9207, section 2.4)
    match iss {
        Some(iss) if iss != issuer.iss => return Err(unsound("the code is another provider's")),
        None if provider.names_itself => return Err(unsound("the provider did not say whose code it is")),
        _ => {}
    }
    let tokens = exchange(state, issuer, &provider, (code, pending.verifier)).await?;
    let id_token = tokens.extra_fields().id_token.as_deref().ok_or_else(|| unsound("there is no ID token"))?;
    let mut parts = Parts::parse(id_token).ok_or_else(|| unsound("the ID token is none"))?;
    let of = (issuer.id, issuer.version);
    let keys = state.issuer_keys.get(of, &provider.keys, parts.kid(), (&state.outside, &state.clock)).await?;
    if is_terse(&parts.claims)
        && let Some(userinfo) = &provider.userinfo
    {
        let more = ask_who(state, userinfo, tokens.access_token().secret()).await?;
        learn(&mut parts.claims, more)?;
    }
    let expected = Expected { iss: &issuer.iss, aud: &issuer.aud, kind: Kind::Id { nonce: &pending.nonce } };
    let examined = claims::examine(&parts, expected, Ok(&SigningKeys::Public(keys)), now);
    examined.claims.ok_or_else(|| {
        let wrong = examined.findings.iter().filter(|finding| !finding.is_right).map(|finding| finding.part);
        unsound(&format!("in the ID token: {}", wrong.collect::<Vec<_>>().join(" ")))
    })
}

fn unsound(words: &str) -> Failure {
    Failure::Unsound(words.to_owned())
}

async fn find_provider(state: &State, issuer: &Issuer) -> Result<std::sync::Arc<Provider>, Failure> {
    if issuer.kind != IssuerKind::Oidc {
        return Err(unsound("the issuer is no provider"));
    }
    Ok(state.providers.get(issuer, (&state.outside, &state.clock)).await?)
}

async fn exchange(
    state: &State,
    issuer: &Issuer,
    provider: &Provider,
    (code, verifier): (String, String),
) -> Result<Tokens, Failure> {
    let post = |request: oauth2::HttpRequest| async move {
        let (head, body) = request.into_parts();
        let answer = state.outside.post_form(&provider.token, head.headers, body).await?;
        let mut response = oauth2::HttpResponse::new(answer.body.to_vec());
        *response.headers_mut() = answer.headers;
        Ok::<_, OutsideError>(response)
    };
    let asked = client(state, issuer, provider)?
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier))
        .request_async(&post)
        .await;
    asked.map_err(|error| match error {
        oauth2::RequestTokenError::Request(error) => Failure::Outside(error),
        other => Failure::Code(other.to_string()),
    })
}

/// What is asked about where an ID token does not say it: with codes, providers may keep it for their other answer (Core
/// 1.0, section 5.4).
const TOLD: [&str; 4] = ["name", "preferred_username", "email", "email_verified"];

fn is_terse(claims: &Map<String, Value>) -> bool {
    !claims.contains_key("name") || !claims.contains_key("email")
}

async fn ask_who(state: &State, userinfo: &Endpoint, token: &str) -> Result<Map<String, Value>, Failure> {
    let bearer = hyper::header::HeaderValue::from_str(&format!("Bearer {token}"));
    let mut bearer = bearer.map_err(|_| unsound("the access token is none"))?;
    bearer.set_sensitive(true);
    let headers = hyper::HeaderMap::from_iter([(hyper::header::AUTHORIZATION, bearer)]);
    let told = state.outside.fetch_with(userinfo, headers, USERINFO_MAX_BYTES).await?;
    serde_json::from_slice(&told).map_err(|_| unsound("what the provider tells of him is no JSON object"))
}

/// Takes over what the ID token does not say, if it is about the same person (Core 1.0, section 5.3.2). An address and whether it
/// is verified are taken from one place.
fn learn(claims: &mut Map<String, Value>, mut more: Map<String, Value>) -> Result<(), Failure> {
    if more.get("sub").is_none_or(|sub| Some(sub) != claims.get("sub")) {
        return Err(unsound("what the provider tells is about somebody else"));
    }
    if claims.contains_key("email") {
        more.remove("email");
        more.remove("email_verified");
    } else {
        claims.remove("email_verified");
    }
    for (name, value) in more.into_iter().filter(|(name, _)| TOLD.contains(&name.as_str())) {
        claims.entry(name).or_insert(value);
    }
    if !claims.contains_key("name")
        && let Some(username) = claims.get("preferred_username").cloned()
    {
        claims.insert("name".to_owned(), username);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn learned(claims: Value, more: Value) -> Option<Value> {
        let mut claims = claims.as_object().unwrap().clone();
        learn(&mut claims, more.as_object().unwrap().clone()).ok()?;
        Some(Value::Object(claims))
    }

    #[test]
    fn what_is_told_beside_the_token_is_of_the_same_person_and_overrides_nothing() {
        let more =
            json!({"sub": "1", "name": "Ann", "email": "a@example.org", "email_verified": true, "roles": ["author"]});
        assert_eq!(
            learned(json!({"sub": "1"}), more.clone()).unwrap(),
            json!({"sub": "1", "name": "Ann", "email": "a@example.org", "email_verified": true})
        );
        // verified is only the address that is said to be
        assert_eq!(
            learned(json!({"sub": "1", "email": "b@example.org"}), more.clone()).unwrap(),
            json!({"sub": "1", "name": "Ann", "email": "b@example.org"})
        );
        assert_eq!(
            learned(json!({"sub": "1", "email_verified": true}), json!({"sub": "1", "email": "c@example.org"}))
                .unwrap(),
            json!({"sub": "1", "email": "c@example.org"})
        );
        let by_username = learned(json!({"sub": "1"}), json!({"sub": "1", "preferred_username": "ann"})).unwrap();
        assert_eq!(by_username["name"], "ann");
        assert_eq!(learned(json!({"sub": "1"}), json!({"sub": "2", "name": "Bob"})), None);
        assert_eq!(learned(json!({"sub": "1"}), json!({"name": "Bob"})), None);
    }
}
