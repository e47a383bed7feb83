//! Codes that are mailed, by which somebody shows that he reads what comes to an address.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::text_enum;

/// Tries of a code's digits; the link, which nobody guesses, is good also when they are used up.
pub const TRIES: i32 = 5;
/// How long the way back to a former address is open.
pub const WAY_BACK: Duration = Duration::from_secs(7 * 24 * 3600);
/// Ways back that an account has open at most. Past them the address does not change, as none may be lost.
pub const WAYS_BACK_MAX: i64 = 10;

text_enum! {
    /// What a code is for.
    pub enum CodePurpose {
        /// That an address is one's own.
        ConfirmEmail = "confirm_email",
        /// To set the password anew.
        ResetPassword = "reset_password",
    }
}

impl CodePurpose {
    /// How long it is good.
    pub fn lasts(self) -> Duration {
        Duration::from_secs(match self {
            Self::ConfirmEmail => 60 * 60,
            Self::ResetPassword => 30 * 60,
        })
    }
}
