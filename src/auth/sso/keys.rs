//! What an issuer's tokens are signed with: shared secrets, or public keys out of a JSON Web Key Set (RFC 7517).
//!
//! A key verifies by the one algorithm that its kind has here, whatever a token asks for, so that no public key is ever
//! taken for a secret. Elliptic curves beside Ed25519 (RFC 8037) and P-256, and RSA below 2048 bits, are not taken.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::token::Parts;
use crate::domain::sso::{KEYS_MAX, KEYS_MAX_BYTES, is_name};

/// Members that only private and symmetric keys have (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
/// Bits of an RSA key's modulus.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// How public keys verify.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyAlgorithm {
    EdDsa,
    Es256,
    Rs256,
}

impl KeyAlgorithm {
    /// The name in a token's header (RFC 7518, section 3.1; RFC 8037, section 3.1).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    fn native(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
        }
    }
}

/// Why a document of keys is not taken, in words for admins.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeysFault {
    #[error("has more than {KEYS_MAX_BYTES} bytes")]
    TooLarge,
    #[error("is no JSON object with a list of keys")]
    NoDocument,
    #[error("has more than {KEYS_MAX} keys")]
    TooMany,
    #[error("has no key that can be used")]
    Nothing,
    /// Whoever published it has to make new keys.
    #[error("key {0} has a private part or is a secret: it must be replaced, as others may have read it")]
    Private(usize),
    #[error("key {0} has the kid of another one")]
    SameKid(usize),
    #[error("key {0} {1}")]
    Unusable(usize, &'static str),
}

/// A public key.
#[derive(Clone, Debug)]
pub struct PublicKey {
    /// Its name in the document.
    pub kid: Option<String>,
    /// The one algorithm that it verifies by.
    pub algorithm: KeyAlgorithm,
    /// Its thumbprint (RFC 7638).
    pub thumbprint: String,
    key: DecodingKey,
}

/// The public keys of an issuer; never empty.
#[derive(Clone, Debug)]
pub struct PublicKeys(Vec<PublicKey>);

#[derive(Deserialize)]
struct Document {
    keys: Vec<Map<String, Value>>,
}

impl PublicKeys {
    /// Of a document every key of which must be usable.
    pub fn parse(document: &[u8]) -> Result<Self, KeysFault> {
        Self::read(document, false)
    }

    /// The same, leaving out keys that are for something else: who publishes keys may do so for others too. A private
    /// part is refused all the same.
    pub fn parse_published(document: &[u8]) -> Result<Self, KeysFault> {
        Self::read(document, true)
    }

    fn read(document: &[u8], leaves_out: bool) -> Result<Self, KeysFault> {
        if document.len() > KEYS_MAX_BYTES {
            return Err(KeysFault::TooLarge);
        }
        let document: Document = serde_json::from_slice(document).map_err(|_| KeysFault::NoDocument)?;
        if document.keys.len() > KEYS_MAX {
            return Err(KeysFault::TooMany);
        }
        let mut keys: Vec<PublicKey> = Vec::new();
        for (number, members) in (1..).zip(&document.keys) {
            if PRIVATE.iter().any(|member| members.contains_key(*member)) {
                return Err(KeysFault::Private(number));
            }
            match PublicKey::read(members) {
                Ok(key) if keys.iter().any(|known| known.kid == key.kid) => return Err(KeysFault::SameKid(number)),
                Ok(key) => keys.push(key),
                Err(_) if leaves_out => {}
                Err(why) => return Err(KeysFault::Unusable(number, why)),
            }
        }
        if keys.is_empty() { Err(KeysFault::Nothing) } else { Ok(Self(keys)) }
    }

    /// In the document's order.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.0.iter()
    }

    /// The key of this name; without a name the only one.
    pub fn find(&self, kid: Option<&str>) -> Option<&PublicKey> {
        match (kid, self.0.as_slice()) {
            (Some(kid), keys) => keys.iter().find(|key| key.kid.as_deref() == Some(kid)),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

impl PublicKey {
    fn read(members: &Map<String, Value>) -> Result<Self, &'static str> {
        let kid = match members.get("kid") {
            None => None,
            Some(Value::String(kid)) if is_name(kid) => Some(kid.clone()),
            Some(_) => return Err("has a kid that is no short text"),
        };
        if members.get("use").is_some_and(|of| of != "sig") {
            return Err("is not for signatures: its use is another than sig");
        }
        let verifies = |operations: &Value| operations.as_array().is_some_and(|list| list.contains(&json!("verify")));
        if members.get("key_ops").is_some_and(|operations| !verifies(operations)) {
            return Err("is not for verifying, as its key_ops say");
        }
        let (algorithm, key, thumbprint) = match text(members, "kty") {
            Some("OKP") => ed25519(members)?,
            Some("EC") => p256(members)?,
            Some("RSA") => rsa(members)?,
            _ => return Err("is of another kty than OKP, EC and RSA"),
        };
        // the algorithm's other name: RFC 9864, section 2.2
        let is_named =
            |alg: &Value| alg == algorithm.as_str() || (algorithm == KeyAlgorithm::EdDsa && alg == "Ed25519");
        if members.get("alg").is_some_and(|alg| !is_named(alg)) {
            return Err("is for another alg than EdDSA (Ed25519), ES256 and RS256, each with its own kty");
        }
        let thumbprint = BASE64.encode(Sha256::digest(thumbprint));
        Ok(Self { kid, algorithm, thumbprint, key })
    }

    fn has_signed(&self, parts: &Parts<'_>) -> bool {
        verify(parts, &self.key, self.algorithm.native())
    }
}

/// An algorithm, a key for it, and what its thumbprint is made of (RFC 7638, section 3.2).
type Read = (KeyAlgorithm, DecodingKey, String);

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    members.get(name)?.as_str()
}

fn bytes(members: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    BASE64.decode(text(members, name)?).ok()
}

fn ed25519(members: &Map<String, Value>) -> Result<Read, &'static str> {
    if text(members, "crv") != Some("Ed25519") {
        return Err("is of another curve than Ed25519");
    }
    let point = bytes(members, "x").filter(|point| point.len() == 32).ok_or("has no x of 32 bytes")?;
    let named = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, members["x"]);
    Ok((KeyAlgorithm::EdDsa, DecodingKey::from_ed_der(&point), named))
}

fn p256(members: &Map<String, Value>) -> Result<Read, &'static str> {
    if text(members, "crv") != Some("P-256") {
        return Err("is of another curve than P-256");
    }
    let coordinate = |name| bytes(members, name).filter(|bytes| bytes.len() == 32);
    let (x, y) = coordinate("x").zip(coordinate("y")).ok_or("has no x and y of 32 bytes each")?;
    // not compressed: SEC 1, section 2.3.3
    let point = [[4].as_slice(), &x, &y].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).map_err(|_| "is no point of its curve")?;
    let named = format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, members["x"], members["y"]);
    Ok((KeyAlgorithm::Es256, DecodingKey::from_ec_der(&point), named))
}

fn rsa(members: &Map<String, Value>) -> Result<Read, &'static str> {
    let number = |name| bytes(members, name).map(|bytes| bytes.into_iter().skip_while(|byte| *byte == 0).collect());
    let (n, e): (Vec<u8>, Vec<u8>) = number("n").zip(number("e")).ok_or("has no n and e")?;
    let bits = n.first().map_or(0, |first| 8 * n.len() - first.leading_zeros() as usize);
    if !RSA_BITS.contains(&bits) {
        return Err("has fewer than 2048 bits, or more than 8192");
    }
    let is_exponent = e.len() <= 4 && e.last().is_some_and(|last| last % 2 == 1) && e != [1];
    if !is_exponent {
        return Err("has an e that is none");
    }
    let named = format!(r#"{{"e":{},"kty":"RSA","n":{}}}"#, members["e"], members["n"]);
    Ok((KeyAlgorithm::Rs256, DecodingKey::from_rsa_raw_components(&n, &e), named))
}

/// A shared secret. `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Of the text whose bytes are the key.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    fn has_signed(&self, parts: &Parts<'_>) -> bool {
        verify(parts, &DecodingKey::from_secret(self.0.as_bytes()), Algorithm::HS256)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

fn verify(parts: &Parts<'_>, key: &DecodingKey, algorithm: Algorithm) -> bool {
    jsonwebtoken::crypto::verify(parts.signature, parts.message.as_bytes(), key, algorithm).unwrap_or(false)
}

/// All that an issuer may have signed with.
#[derive(Clone, Debug)]
pub enum SigningKeys {
    /// The present secret, and the former one while it is rotated.
    Secrets(Vec<Secret>),
    Public(PublicKeys),
}

impl SigningKeys {
    /// Of those that this token may be of, the algorithm; or why there is none.
    pub fn algorithm(&self, parts: &Parts<'_>) -> Result<&'static str, &'static str> {
        match self {
            Self::Secrets(_) => Ok("HS256"),
            Self::Public(keys) => keys.find(parts.kid()).map(|key| key.algorithm.as_str()).ok_or(match parts.kid() {
                Some(_) => "no key of the issuer has this kid",
                None => "is needed, since the issuer has several keys",
            }),
        }
    }

    /// Whether the issuer has signed it. The algorithm is the key's own; that the token names it is looked at apart.
    pub fn have_signed(&self, parts: &Parts<'_>) -> bool {
        match self {
            Self::Secrets(secrets) => secrets.iter().any(|secret| secret.has_signed(parts)),
            Self::Public(keys) => keys.find(parts.kid()).is_some_and(|key| key.has_signed(parts)),
        }
    }
}
