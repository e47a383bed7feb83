//! Sessions: how they begin and why they end.

use serde::{Deserialize, Serialize};

use super::text_enum;

text_enum! {
    /// Why a session ended before its time.
    pub enum EndReason {
        /// Its owner signed out.
        SignedOut = "signed_out",
        /// A spent refresh token was presented again.
        TokenReused = "token_reused",
        /// The password changed.
        PasswordChanged = "password_changed",
        /// The account was closed.
        AccountClosed = "account_closed",
        /// Its owner ended it from another one.
        EndedByOwner = "ended_by_owner",
        /// An admin ended it.
        EndedByAdmin = "ended_by_admin",
        /// The password was set anew by who reads the account's mail.
        PasswordReset = "password_reset",
        /// The identity by which it began was removed, or its issuer's trust was taken back.
        IdentityRemoved = "identity_removed",
        /// The account's second factor was set up or taken away.
        SecondFactorChanged = "second_factor_changed",
        /// A change of the e-mail was taken back from the former address.
        EmailRestored = "email_restored",
    }
}

text_enum! {
    /// How a session began.
    pub enum SessionWay {
        /// With the account's own password.
        Password = "password",
        /// By a token of a site.
        Sso = "sso",
        /// At a provider of OpenID Connect.
        Oidc = "oidc",
    }
}
