//! What changes of the ways into an account, which its owner is written (docs/ACCOUNTS.md).
//!
//! It goes to the address that he confirmed, and to no other. Of each kind so many go in an hour as of any mails to one
//! address, counted by itself: who is in an account that is not his keeps no letter back by what he did before.

use diesel::QueryResult;

use super::letters::{self, Links};
use crate::{
    auth::{
        keys::Keys,
        limits::{self, Subject},
    },
    clock::Random,
    config::Config,
    domain::{email::Email, ids::SiteId, timestamp::Timestamp},
    mail,
    store::{Conn, accounts::Account, sites},
};

/// What has changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change<'a> {
    /// Its owner changed the password.
    Password,
    /// Whoever runs the service did.
    PasswordByOperator,
    FactorSet,
    FactorRemoved,
    /// By whoever runs the service.
    FactorRemovedByOperator,
    RecoveryCodesRenewed,
    /// One is spent; so many are left.
    RecoveryCodeUsed(i64),
    /// Who an issuer of a site knows signs on as its owner, by the issuer's key.
    IdentityJoined(SiteId, &'a str),
    /// He does not any more.
    IdentityRemoved(SiteId, &'a str),
}

impl Change<'_> {
    /// What counts as one kind.
    fn kind(self) -> &'static str {
        match self {
            Self::Password | Self::PasswordByOperator => "password",
            Self::FactorSet | Self::FactorRemoved | Self::FactorRemovedByOperator => "second factor",
            Self::RecoveryCodesRenewed => "recovery codes",
            Self::RecoveryCodeUsed(_) => "recovery code",
            Self::IdentityJoined(..) => "identity joined",
            Self::IdentityRemoved(..) => "identity removed",
        }
    }

    /// The site that is concerned.
    fn site(self) -> Option<SiteId> {
        match self {
            Self::IdentityJoined(site, _) | Self::IdentityRemoved(site, _) => Some(site),
            _ => None,
        }
    }
}

/// Leaves the owner of a locked account a letter about what changed, from what device, if he confirmed an address.
pub fn announce(
    conn: &mut Conn<'_>,
    (keys, config, random): (&Keys, &Config, &Random),
    (account, change, device): (&Account, Change<'_>, Option<&str>),
    now: Timestamp,
) -> QueryResult<()> {
    let email = account.email.clone().filter(|_| account.email_verified_at.is_some() && account.closed_at.is_none());
    let Some(email) = email.map(Email::from_store) else { return Ok(()) };
    let subject = Subject::ChangeOf(account.id, change.kind());
    if limits::count(conn, &[subject], (keys, &config.limits, random), now)?.is_err() {
        return Ok(());
    }
    let site = match change.site() {
        Some(site) => sites::find(conn, site)?,
        None => None,
    };
    let of = (account.username.as_deref(), change, site.as_ref());
    let letter = letters::changed_way_in(Links::of(config), email, of, (device, now));
    mail::leave(conn, &[letter], (keys, random), now)
}
