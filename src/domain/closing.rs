//! Closing an account: what its owner may choose, and how long it can be undone.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::text_enum;

/// How long its owner can undo it.
pub const CAN_BE_UNDONE: Duration = Duration::from_secs(24 * 3_600);

text_enum! {
    /// What becomes of somebody's replies.
    pub enum ClosedTexts {
        /// They stay, without a name.
        Keep = "keep",
        /// They are withdrawn and erased, with all their former texts. What others answered stays.
        Remove = "remove",
    }
}
