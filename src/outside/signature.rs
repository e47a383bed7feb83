//! Signatures as the Standard Webhooks specification (1.0.0) lays them down: HMAC-SHA-256 over `id.timestamp.body`.
//!
//! The id is a job's and the timestamp a number, so neither holds a full stop, which would let one signature stand for
//! two messages. While a secret is replaced both sign, the new one first, and the endpoint takes either.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use hmac::{Hmac, KeyInit, Mac};
use hyper::{HeaderMap, header::HeaderValue};
use sha2::Sha256;

use crate::{
    clock::Random,
    domain::{ids::JobId, timestamp::Timestamp},
};

/// The least and the most bytes of a secret.
pub const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

const PREFIX: &str = "whsec_";
/// Of secrets that we make: as many as the hash has.
const NEW_BYTES: usize = 32;
/// Written with padding, read with and without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The text is not `whsec_` and 24 to 64 bytes in base64.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a secret is whsec_ with 24 to 64 bytes in base64 behind it")]
pub struct SecretError;

/// What a site and its endpoint both know. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Reads `whsec_...`.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let bytes = BASE64.decode(text.strip_prefix(PREFIX).ok_or(SecretError)?).map_err(|_| SecretError)?;
        if SECRET_BYTES.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(SecretError) }
    }

    /// A new one.
    pub fn generate(random: &Random) -> Self {
        Self(random.bytes::<NEW_BYTES>().to_vec())
    }

    /// As text, to be shown to who sets the endpoint up.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", BASE64.encode(&self.0))
    }

    fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The secrets of one endpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Secrets {
    /// The one that stays.
    pub current: Secret,
    /// The one that it takes the place of, while the endpoint may know only that.
    pub former: Option<Secret>,
}

impl Secrets {
    /// The headers of a message: the id, which stays the same when it is sent again, the time of this try, the
    /// signatures.
    pub fn headers(&self, id: JobId, now: Timestamp, body: &[u8]) -> HeaderMap {
        let (id, timestamp) = (id.to_string(), now.as_secs().to_string());
        let signatures: Vec<_> = [Some(&self.current), self.former.as_ref()]
            .into_iter()
            .flatten()
            .map(|s| s.sign(&id, &timestamp, body))
            .collect();
        let signatures = signatures.join(" ");
        let mut headers = HeaderMap::new();
        for (name, value) in [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", signatures)] {
            headers.insert(name, HeaderValue::try_from(value).expect("ids, numbers and base64 are ASCII"));
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// The specification's example secret.
    const EXAMPLE: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_published_example_is_signed_as_published() {
        // the vector of the specification's reference libraries
        let secret = Secret::parse(EXAMPLE).unwrap();
        assert_eq!(
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn two_secrets_sign_side_by_side_the_new_one_first() {
        let (current, former) = (Secret::parse(EXAMPLE).unwrap(), Secret(vec![7; 64]));
        let (id, now) = (JobId(Uuid::from_u128(1)), Timestamp::from_micros(1_614_265_330_999_999));
        let signed = |secrets: Secrets| {
            let headers = secrets.headers(id, now, b"body");
            assert_eq!(headers["webhook-id"], id.to_string());
            assert_eq!(headers["webhook-timestamp"], "1614265330");
            headers["webhook-signature"].to_str().unwrap().to_owned()
        };
        let both = signed(Secrets { current: current.clone(), former: Some(former.clone()) });
        let alone = [current, former].map(|current| signed(Secrets { current, former: None }));
        assert_eq!(both, alone.join(" "));
    }

    #[test]
    fn secrets_have_their_prefix_and_length() {
        let text = |bytes: usize| format!("whsec_{}", BASE64.encode(vec![1; bytes]));
        for (bytes, good) in [(0, false), (23, false), (24, true), (25, true), (64, true), (65, false)] {
            assert_eq!(Secret::parse(&text(bytes)).is_ok(), good, "{bytes}");
            assert_eq!(Secret::parse(text(bytes).trim_end_matches('=')).is_ok(), good, "{bytes}, without padding");
        }
        for text in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!"] {
            assert_eq!(Secret::parse(text), Err(SecretError), "{text}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = Secret::generate(&Random::from_fn(|bytes| bytes.fill(65)));
        assert_eq!(format!("{secret:?}"), "Secret");
        assert_eq!(Secret::parse(&secret.reveal()).unwrap(), secret);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(whsec_)?.{0,100}") {
            if let Ok(secret) = Secret::parse(&text) {
                prop_assert!(SECRET_BYTES.contains(&secret.0.len()));
            }
        }
    }
}
