//! Keys by which a site's own servers call: what one may, and how many there are (docs/KEYS.md).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::text_enum;

text_enum! {
    /// What a key may do on its site.
    pub enum Scope {
        /// Register and change stories, close and reopen them.
        StoriesWrite = "stories:write",
        /// Feature replies, arrange them, take them away.
        FeaturedWrite = "featured:write",
        /// Act for readers of the site, whom its issuers have signed on; alone it lets see what is theirs.
        RepliesActAs = "replies:act_as",
        /// With `replies:act_as`: post, edit, withdraw, recommend and report as they do.
        RepliesWrite = "replies:write",
        /// See numbers of the queues and statistics; no texts.
        CountsRead = "counts:read",
        /// See what moderators see of replies.
        ModerationRead = "moderation:read",
        /// Decide about replies, and see those that were decided about.
        ModerationDecide = "moderation:decide",
        /// Read and export the log.
        LogRead = "log:read",
    }
}

/// Keys of a site that are not revoked.
pub const KEYS_MAX: usize = 50;
/// Characters of a key's name.
pub const NAME_MAX_CHARS: usize = 80;
/// How long a key with an expiry lives at most.
pub const LIFE_MAX: Duration = Duration::from_secs(5 * 366 * 24 * 3600);
/// How long the secret before the present one is taken at most, in seconds.
pub const OVERLAP_MAX_SECS: u32 = 7 * 24 * 3600;
/// How long a key that is good for nothing any more is listed.
pub const KEPT: Duration = Duration::from_secs(90 * 24 * 3600);
