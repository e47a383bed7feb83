//! Jobs: what is left to be done after a transaction.

use serde::{Deserialize, Serialize};

use super::text_enum;

text_enum! {
    /// What there is to do.
    pub enum JobKind {
        /// Delete what nobody needs any more.
        Prune = "prune",
    }
}
