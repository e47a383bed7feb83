//! A provider as it describes itself (OpenID Connect Discovery 1.0), kept in memory.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use crate::{
    clock::Clock,
    domain::ids::IssuerId,
    outside::{
        Outside, OutsideError,
        endpoint::{Endpoint, EndpointError},
        guard::Guard,
    },
    store::issuers::Issuer,
};

/// Bytes of a description.
const MAX_BYTES: usize = 64 * 1024;
/// How long a description is believed.
const FRESH: Duration = Duration::from_secs(600);
/// How long a provider is left alone that could not be asked.
const FAILED_WAIT: Duration = Duration::from_secs(10);
/// Providers that are known.
const PROVIDERS_MAX: u64 = 256;

/// What is needed of a provider's description.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Where people sign in.
    pub authorization: Url,
    /// Where codes are taken.
    pub token: Endpoint,
    /// Where its public keys are.
    pub keys: Endpoint,
    /// Where it tells more of who signed in.
    pub userinfo: Option<Endpoint>,
    /// Whether it says with each code whose it is (RFC 9207).
    pub names_itself: bool,
    /// Whether it takes the client's secret in the form alone (RFC 6749, section 2.3.1).
    pub wants_secret_in_body: bool,
}

#[derive(Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Where a provider of this name describes itself (Discovery 1.0, section 4).
pub fn address(iss: &str, guard: Guard) -> Result<Endpoint, EndpointError> {
    // a name with a query or fragment is none (section 2), and would lead somewhere else
    if iss.contains(['?', '#']) {
        return Err(EndpointError::Malformed);
    }
    Endpoint::parse(&format!("{}/.well-known/openid-configuration", iss.trim_end_matches('/')), guard)
}

impl Provider {
    fn read(document: &[u8], iss: &str, guard: Guard) -> Result<Self, OutsideError> {
        let malformed = |what: &str| OutsideError::malformed(format!("the provider's description {what}"));
        let said: Description = serde_json::from_slice(document).map_err(|_| malformed("lacks what is needed"))?;
        // byte by byte (section 4.3): a provider that says it is another may be anybody
        if said.issuer != iss {
            return Err(malformed("is of another issuer"));
        }
        let endpoint = |text: &str| Endpoint::parse(text, guard).map_err(|_| malformed("names a wrong address"));
        let authorization = endpoint(&said.authorization_endpoint)?;
        let takes = |method: &str| {
            said.token_endpoint_auth_methods_supported.as_ref().map(|all| all.iter().any(|m| m == method))
        };
        Ok(Self {
            authorization: Url::parse(authorization.as_str()).map_err(|_| malformed("names a wrong address"))?,
            token: endpoint(&said.token_endpoint)?,
            keys: endpoint(&said.jwks_uri)?,
            userinfo: said.userinfo_endpoint.as_deref().map(endpoint).transpose()?,
            names_itself: said.authorization_response_iss_parameter_supported,
            wants_secret_in_body: takes("client_secret_basic") == Some(false)
                && takes("client_secret_post") == Some(true),
        })
    }
}

/// Several providers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Providers(Cache<(IssuerId, i64), Arc<Mutex<Known>>>);

/// What is known of one; times are those of a clock that nobody sets.
#[derive(Debug, Default)]
struct Known {
    provider: Option<(Arc<Provider>, Duration)>,
    failure: Option<(OutsideError, Duration)>,
}

impl Default for Providers {
    fn default() -> Self {
        Self(Cache::new(PROVIDERS_MAX))
    }
}

impl Providers {
    /// The provider that this issuer is, in the version that was read. One asks for all who wait.
    pub async fn get(
        &self,
        issuer: &Issuer,
        (outside, clock): (&Outside, &Clock),
    ) -> Result<Arc<Provider>, OutsideError> {
        let known = self.0.get_with((issuer.id, issuer.version), Arc::default);
        let mut known = known.lock().await;
        let now = clock.elapsed();
        match (&known.provider, &known.failure) {
            (Some((provider, since)), _) if now.saturating_sub(*since) < FRESH => return Ok(provider.clone()),
            (_, Some((failure, since))) if now.saturating_sub(*since) < FAILED_WAIT => return Err(failure.clone()),
            _ => {}
        }
        match Self::ask(issuer, outside).await.map(Arc::new) {
            Ok(provider) => {
                *known = Known { provider: Some((provider.clone(), now)), failure: None };
                Ok(provider)
            }
            Err(failure) => {
                tracing::warn!(issuer = %issuer.id, error = %failure, "a provider could not be asked");
                known.failure = Some((failure.clone(), now));
                Err(failure)
            }
        }
    }

    async fn ask(issuer: &Issuer, outside: &Outside) -> Result<Provider, OutsideError> {
        let endpoint = address(&issuer.iss, outside.guard()).map_err(|_| OutsideError::Refused)?;
        Provider::read(&outside.fetch(&endpoint, MAX_BYTES).await?, &issuer.iss, outside.guard())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISS: &str = "https://id.example/realms/a";

    fn read(change: Value) -> Result<Provider, OutsideError> {
        let mut description = json!({
            "issuer": ISS,
            "authorization_endpoint": "https://id.example/auth?realm=a",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.example/jwks",
        });
        description.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        Provider::read(description.to_string().as_bytes(), ISS, Guard::new(false))
    }

    #[test]
    fn a_provider_describes_itself_and_no_other() {
        let provider = read(json!({})).unwrap();
        assert_eq!(provider.authorization.as_str(), "https://id.example/auth?realm=a");
        assert!(provider.userinfo.is_none() && !provider.names_itself && !provider.wants_secret_in_body);
        for wrong in [
            json!({"issuer": "https://id.example/realms/b"}),
            json!({"issuer": "https://id.example/realms/a/"}),
            json!({"token_endpoint": "http://id.example/token"}),
            json!({"token_endpoint": "https://127.0.0.1/token"}),
            json!({"jwks_uri": "https://[::1]/jwks"}),
            json!({"jwks_uri": null}),
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            json!({"userinfo_endpoint": "https://10.0.0.1/"}),
        ] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_secret_goes_where_the_provider_takes_it() {
        let wants = |methods: Value| {
            read(json!({"token_endpoint_auth_methods_supported": methods})).unwrap().wants_secret_in_body
        };
        assert!(!wants(json!(["client_secret_post", "client_secret_basic"])));
        assert!(wants(json!(["client_secret_post", "private_key_jwt"])));
        assert!(!wants(json!(["none"])));
    }

    #[test]
    fn where_it_does_so_follows_from_its_name() {
        let at = |iss| address(iss, Guard::new(false)).map(|endpoint| endpoint.as_str().to_owned());
        assert_eq!(at(ISS).unwrap(), "https://id.example/realms/a/.well-known/openid-configuration");
        assert_eq!(at("https://id.example/").unwrap(), "https://id.example/.well-known/openid-configuration");
        for wrong in ["http://id.example", "https://id.example?a", "https://id.example#a", "https://127.0.0.1", "id"] {
            assert!(at(wrong).is_err(), "{wrong}");
        }
    }
}
