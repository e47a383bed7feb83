//! Access tokens: JWTs signed with HS256, of type `at+jwt` (RFC 9068).

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::Keys;
use crate::{
    clock::Random,
    domain::{ids::*, timestamp::Timestamp},
};

/// The type that the header must name.
const TYPE: &str = "at+jwt";
/// The audience that every token is for.
const AUDIENCE: &str = "rejoinder";
/// How far clocks may be apart.
const LEEWAY_SECS: i64 = 30;
/// A token of ours has about 500; a longer text is none.
const TOKEN_MAX_BYTES: usize = 2_048;

/// What a token says; all of it required.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// What a valid token proves: that this session existed when it was made. Whether it still does only the database knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proof {
    pub account_id: AccountId,
    pub session_id: SessionId,
}

/// Makes and reads access tokens.
#[derive(Clone, Debug)]
pub struct AccessTokens {
    keys: Keys,
    issuer: String,
    ttl: Duration,
}

impl AccessTokens {
    /// Tokens of this issuer, the service's public URL, that live so long.
    pub fn new(keys: Keys, issuer: String, ttl: Duration) -> Self {
        Self { keys, issuer, ttl }
    }

    /// How long a token lives.
    pub fn ttl(&self) -> Duration {
        self.ttl
    }

    /// A new token for a session.
    pub fn issue(&self, proof: Proof, now: Timestamp, random: &Random) -> String {
        let key = self.keys.first();
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: proof.account_id.0,
            sid: proof.session_id.0,
            jti: random.id(now),
            iat: now.as_secs(),
            nbf: now.as_secs(),
            exp: now.plus(self.ttl).as_secs(),
        };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.secret()))
            .expect("claims of plain values can be signed")
    }

    /// What a token proves; `None` for whatever is wrong with it.
    pub fn verify(&self, token: &str, now: Timestamp) -> Option<Proof> {
        if token.len() > TOKEN_MAX_BYTES {
            return None;
        }
        let header = jsonwebtoken::decode_header(token).ok()?;
        // critical extensions must be understood (RFC 7515, section 4.1.11), and we know none
        let is_ours = header.typ.as_deref() == Some(TYPE) && header.alg == Algorithm::HS256 && header.crit.is_none();
        let key = self.keys.find(header.kid.as_deref()?).filter(|_| is_ours)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[AUDIENCE]);
        // times are compared below, with the clock that is passed in
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let decoded =
            jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(key.secret()), &validation).ok()?;
        let Claims { sub, sid, iat, nbf, exp, .. } = decoded.claims;
        let now = now.as_secs();
        let is_timely = exp > now - LEEWAY_SECS && nbf <= now + LEEWAY_SECS && iat <= now + LEEWAY_SECS;
        let is_short_lived = exp.checked_sub(iat)? <= i64::try_from(self.ttl.as_secs()).ok()?;
        (is_timely && is_short_lived).then_some(Proof { account_id: AccountId(sub), session_id: SessionId(sid) })
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
