//! Tokens by which a site signs its readers on: JWTs (RFC 7519) of an issuer that it registered.
//!
//! The issuer is found by what a token says of itself, the key among the issuer's, and nothing else of the token is
//! believed before its signature was looked at. One function looks at all of it ([`claims::examine`]): who exchanges a token learns its
//! outcome alone, an admin who tries one reads what is wrong with it.

pub mod claims;
pub mod keys;
pub mod token;

#[cfg(test)]
mod keys_tests;
