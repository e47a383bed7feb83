//! Sign-on by a site's own tokens: who issues them, and the bounds of what they say.

use serde::{Deserialize, Serialize};

use super::text_enum;

text_enum! {
    /// How an issuer's tokens are signed.
    pub enum IssuerKind {
        /// HS256, by a secret that the site and this service share.
        Secret = "secret",
        /// EdDSA, ES256 or RS256, by keys whose public parts are stored here.
        Keys = "keys",
        /// The same, by keys whose public parts are fetched.
        KeysUrl = "keys_url",
        /// By a provider of OpenID Connect, at which people sign in themselves.
        Oidc = "oidc",
    }
}

text_enum! {
    /// What an issuer gave to somebody, and may take back.
    pub enum GrantKind {
        /// A role on its site.
        Role = "role",
        /// A badge of its site.
        Badge = "badge",
    }
}

text_enum! {
    /// What a good token does.
    pub enum SsoOutcome {
        /// It makes an account.
        New = "new_account",
        /// It signs on whom the issuer has signed on before, or who joined it.
        Known = "known_account",
        /// It joins an account from before by its verified e-mail.
        Joined = "joined_account",
    }
}

/// Issuers of a site.
pub const ISSUERS_MAX: usize = 10;
/// People who have a role by one issuer: each is told of in the log when the issuer goes.
pub const ROLES_GIVEN_MAX: usize = 500;
/// Identities of one account.
pub const IDENTITIES_MAX: usize = 10;
/// Bytes of an issuer's name, an audience, a subject, a token's or key's id.
pub const NAME_MAX_BYTES: usize = 255;
/// Bytes of a secret: at least as many as its hash has (RFC 7518, section 3.2).
pub const SECRET_MIN_BYTES: usize = 32;
/// Bytes of a secret at most.
pub const SECRET_MAX_BYTES: usize = 256;
/// Bytes of a client's secret, as a provider gives it.
pub const CLIENT_SECRET_MIN_BYTES: usize = 8;
/// Bytes of a document of keys.
pub const KEYS_MAX_BYTES: usize = 64 * 1024;
/// Keys of an issuer.
pub const KEYS_MAX: usize = 20;
/// Seconds that a token lives at most.
pub const TOKEN_MAX_SECS: i64 = 600;
/// Bytes of a token.
pub const TOKEN_MAX_BYTES: usize = 8 * 1024;
/// Badges or roles that one token names.
pub const NAMED_MAX: usize = 20;

/// Whether a text can be an issuer, an audience, a subject or an id: visible ASCII, as all who compare such names byte by
/// byte then see the same.
pub fn is_name(text: &str) -> bool {
    (1..=NAME_MAX_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_can_be_seen_whole() {
        for name in ["1", "https://blog.example/", "auth0|5f7c8ec7c33c6c004bbafe82", &"a".repeat(255)] {
            assert!(is_name(name), "{name}");
        }
        for wrong in ["", " ", "a b", "a\n", "\0", "é", "\u{202e}a", &"a".repeat(256)] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
