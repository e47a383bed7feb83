//! What is needed to ask others about a reply: an endpoint that a site named.
//!
//! Whoever may name an endpoint may have this machine send something anywhere; so only addresses that everybody can
//! reach are asked (`guard`). Whoever is asked may be down; so an endpoint that fails time after time is left alone for
//! a while (`breaker`).

pub mod breaker;
pub mod guard;
