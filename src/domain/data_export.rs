//! A copy of all that is kept of somebody.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::text_enum;

/// How long until the next one can be asked for.
pub const AT_MOST_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// How long it can be fetched.
pub const KEPT: Duration = Duration::from_secs(3 * 24 * 3_600);
/// Bytes of a piece in which it is stored and sent.
pub const PIECE_BYTES: usize = 64 * 1_024;

text_enum! {
    /// How far it is.
    pub enum DataExportState {
        /// It is being put together.
        Waiting = "waiting",
        /// It can be fetched.
        Ready = "ready",
        /// It could not be put together; another can be asked for at once.
        Failed = "failed",
    }
}
