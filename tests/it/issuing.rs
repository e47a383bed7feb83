//! A blog's software that signs its readers on, and whoever would like to be it.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    actors::{Person, Site},
    app::{App, Request},
};

/// Whom tokens are for.
pub const AUD: &str = "https://comments.example";

/// What tokens are signed with.
pub enum Signer {
    Secret(Vec<u8>),
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
    /// With nothing.
    Nobody,
}

impl Signer {
    pub fn secret(text: &str) -> Self {
        Self::Secret(text.as_bytes().to_vec())
    }

    pub fn ed25519() -> Self {
        Self::Ed25519(Ed25519KeyPair::generate().unwrap())
    }

    pub fn p256() -> Self {
        Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// The algorithm that tokens name.
    pub fn alg(&self) -> &'static str {
        match self {
            Self::Secret(_) => "HS256",
            Self::Ed25519(_) => "EdDSA",
            Self::P256(_) => "ES256",
            Self::Rsa(_) => "RS256",
            Self::Nobody => "none",
        }
    }

    /// The public key's bytes, as they stand in its document.
    pub fn public(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.public_key().as_ref().to_vec(),
            Self::P256(key) => key.public_key().as_ref()[1..].to_vec(),
            // behind the heads of the sequence and of the number, and its leading zero (RFC 8017, appendix A.1.1)
            Self::Rsa(key) => key.public_key().as_ref()[9..][..256].to_vec(),
            Self::Secret(_) | Self::Nobody => panic!("there is no public key"),
        }
    }

    /// The public key as a member of a document.
    pub fn jwk(&self, kid: &str) -> Value {
        let (public, alg) = (self.public(), self.alg());
        let text = |bytes: &[u8]| BASE64.encode(bytes);
        match self {
            Self::P256(_) => {
                json!({"kty": "EC", "crv": "P-256", "x": text(&public[..32]), "y": text(&public[32..]), "kid": kid, "alg": alg})
            }
            Self::Rsa(_) => {
                json!({"kty": "RSA", "n": text(&public), "e": "AQAB", "kid": kid, "alg": alg, "use": "sig"})
            }
            _ => json!({"kty": "OKP", "crv": "Ed25519", "x": text(&public), "kid": kid}),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Secret(secret) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
                mac.update(message);
                mac.finalize().into_bytes().to_vec()
            }
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Self::P256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; 256];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
            Self::Nobody => Vec::new(),
        }
    }

    /// A token with this header and these claims.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        self.token_of(&header.to_string(), &claims.to_string())
    }

    /// The same of any texts.
    pub fn token_of(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
        let signature = BASE64.encode(self.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }
}

/// An object with further members in place of its own.
pub fn with(mut object: Value, more: Value) -> Value {
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

/// An object without a member.
pub fn without(mut object: Value, member: &str) -> Value {
    object.as_object_mut().unwrap().remove(member);
    object
}

/// An issuer of a site.
pub struct Issuing {
    pub site: Site,
    /// Its key in addresses.
    pub key: String,
    pub iss: String,
    pub signer: Signer,
    /// What its tokens name as their key.
    pub kid: Option<String>,
}

impl Issuing {
    /// On a blog of its own, with these rights beside what any issuer may.
    pub async fn start(rights: Value) -> Self {
        let blog = App::start().await.site("blog").await;
        Self::by_secret(&blog, "wordpress", rights).await
    }

    /// Registers an issuer by a secret: one that is given, or that the service makes.
    pub async fn by_secret(site: &Site, key: &str, more: Value) -> Self {
        let issuer = with(issuer(key, "secret"), more);
        let made = registering(site, key, issuer.clone()).expect(200).await.json();
        let secret = issuer["secret"].as_str().or(made["secret"].as_str()).unwrap();
        Self::of(site, key, Signer::secret(secret), None)
    }

    /// Registers one by its public key.
    pub async fn by_key(site: &Site, key: &str, signer: Signer) -> Self {
        let issuer = with(issuer(key, "keys"), json!({"keys": {"keys": [signer.jwk("k1")]}}));
        registering(site, key, issuer).expect(200).await;
        Self::of(site, key, signer, Some("k1"))
    }

    /// One that is registered.
    pub fn of(site: &Site, key: &str, signer: Signer, kid: Option<&str>) -> Self {
        let kid = kid.map(str::to_owned);
        Self { site: site.clone(), key: key.to_owned(), iss: iss(key), signer, kid }
    }

    pub fn app(&self) -> &App {
        &self.site.app
    }

    pub fn header(&self) -> Value {
        let header = json!({"alg": self.signer.alg(), "typ": "JWT"});
        match &self.kid {
            Some(kid) => with(header, json!({"kid": kid})),
            None => header,
        }
    }

    /// All that a token must say, now and as often as it is asked for.
    pub fn claims(&self, sub: &str) -> Value {
        // also of an issuer that is registered anew
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let (secs, jti) = (self.app().now().as_secs(), format!("jti-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        json!({"iss": self.iss, "aud": AUD, "sub": sub, "iat": secs, "exp": secs + 300, "jti": jti})
    }

    pub fn token(&self, sub: &str) -> String {
        self.token_with(sub, json!({}))
    }

    pub fn token_with(&self, sub: &str, more: Value) -> String {
        self.signer.token(&self.header(), &with(self.claims(sub), more))
    }

    /// About to sign on by this token.
    pub fn showing(&self, token: &str) -> Request {
        showing(&self.site, token)
    }

    /// Signs on, as the token says.
    pub async fn signs_on(&self, sub: &str, more: Value) -> Person {
        let tokens = self.showing(&self.token_with(sub, more)).expect(201).await.json();
        self.app().person(sub, &tokens)
    }

    /// Changes the issuer.
    pub async fn change(&self, more: Value) -> Value {
        let kind = if self.kid.is_some() { "keys" } else { "secret" };
        registering(&self.site, &self.key, with(issuer(&self.key, kind), more)).expect(200).await.json()
    }

    pub fn path(&self) -> String {
        format!("/api/v1/sites/{}/sso/issuers/{}", self.site.key, self.key)
    }

    /// What an admin is told of a token.
    pub async fn tries(&self, token: &str) -> Value {
        let path = format!("/api/v1/sites/{}/sso/test", self.site.key);
        self.site.admin.post(path).json(json!({"token": token})).expect(200).await.json()
    }
}

fn iss(key: &str) -> String {
    format!("https://{key}.example")
}

/// An issuer as it is registered.
pub fn issuer(key: &str, kind: &str) -> Value {
    json!({"iss": iss(key), "aud": AUD, "kind": kind})
}

/// About to register an issuer, or to change one, whatever is there.
pub fn registering(site: &Site, key: &str, issuer: Value) -> Request {
    let path = format!("/api/v1/sites/{}/sso/issuers/{key}", site.key);
    site.admin.put(path).header("If-Match", "*").json(issuer)
}

/// About to sign on on a site.
pub fn showing(site: &Site, token: &str) -> Request {
    site.app.post(format!("/api/v1/sites/{}/sso", site.key)).json(json!({"token": token}))
}

/// What a test of a token says of one part.
pub fn part<'v>(view: &'v Value, name: &str) -> &'v Value {
    let mut parts = view["parts"].as_array().unwrap().iter().filter(|part| part["part"] == name);
    parts.next_back().unwrap_or_else(|| panic!("nothing is said of {name}: {view}"))
}
