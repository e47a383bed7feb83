//! The variables that say how many requests of one kind are let through in a minute.

use super::environment::Reader;
use crate::auth::kind::Kind;

/// Requests of one account in a minute, by their kind; `None`: as many as they like.
#[derive(Clone, Debug)]
pub struct Paces {
    pub dear: Option<u32>,
    pub posting: Option<u32>,
    pub reporting: Option<u32>,
    pub recommending: Option<u32>,
    /// Also of signing up.
    pub signing_in: Option<u32>,
    pub other: Option<u32>,
    /// Of one address, since who reads has no account.
    pub pages: Option<u32>,
    /// As many accounts as one address counts for.
    pub address_times: u32,
    /// As many accounts as one site counts for.
    pub site_times: u32,
}

impl Paces {
    pub(super) fn read(env: &mut Reader<'_>) -> Self {
        const MAX: u32 = 1_000_000;
        Self {
            dear: env.limit("PACE_DEAR", 60, MAX),
            posting: env.limit("PACE_POSTING", 30, MAX),
            reporting: env.limit("PACE_REPORTING", 30, MAX),
            recommending: env.limit("PACE_RECOMMENDING", 120, MAX),
            signing_in: env.limit("PACE_SIGNING_IN", 20, MAX),
            other: env.limit("PACE_OTHER", 600, MAX),
            pages: env.limit("PACE_PAGES", 0, MAX),
            address_times: env.number("PACE_ADDRESS_TIMES", 5, 1, 1_000),
            site_times: env.number("PACE_SITE_TIMES", 100, 1, 100_000),
        }
    }

    /// Nothing limited.
    pub fn off() -> Self {
        Self {
            dear: None,
            posting: None,
            reporting: None,
            recommending: None,
            signing_in: None,
            other: None,
            pages: None,
            address_times: 1,
            site_times: 1,
        }
    }

    /// Requests of this kind.
    pub fn of(&self, kind: Kind) -> Option<u32> {
        match kind {
            Kind::Page => self.pages,
            Kind::Dear => self.dear,
            Kind::Posting => self.posting,
            Kind::Reporting => self.reporting,
            Kind::Recommending => self.recommending,
            Kind::SigningUp | Kind::SigningIn => self.signing_in,
            Kind::Other => self.other,
        }
    }

    /// Those that are on by default, by name.
    pub(super) fn named(&self) -> [(&'static str, Option<u32>); 6] {
        [
            ("PACE_DEAR", self.dear),
            ("PACE_POSTING", self.posting),
            ("PACE_REPORTING", self.reporting),
            ("PACE_RECOMMENDING", self.recommending),
            ("PACE_SIGNING_IN", self.signing_in),
            ("PACE_OTHER", self.other),
        ]
    }
}
