//! Sessions: why they end.

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
    }
}
