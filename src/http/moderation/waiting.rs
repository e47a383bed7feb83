//! How a reply waits: since when, how urgently and why, and who looks at it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{ids::*, text_enum, timestamp::Timestamp},
    http::views::shown_name,
    store::{
        accounts::Account,
        queue_items::{Claim, QueueItem},
    },
};

text_enum! {
    /// What speaks for looking at a reply before others.
    pub enum Urgency {
        /// What rules found.
        Found = "found",
        /// Open reports.
        Reports = "reports",
        /// How many people see it.
        Reach = "reach",
        /// Who wrote it.
        Author = "author",
    }
}

/// Why a reply stands where it does in the order of urgency.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WaitingView {
    /// Since when it waits without a break.
    pub since: Timestamp,
    /// All points together. Each counts like two minutes of waiting.
    pub points: i32,
    /// What they are for; nothing that has none.
    pub why: Vec<UrgencyView>,
    /// Who looks at it; null if nobody does.
    pub claim: Option<ClaimView>,
}

/// One thing that speaks for a reply.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UrgencyView {
    /// Which.
    pub what: Urgency,
    /// How much.
    pub points: i32,
    /// In words.
    pub words: String,
}

/// That a moderator looks at a reply. Others may decide about it all the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// Who.
    pub account_id: AccountId,
    /// The name to be shown.
    pub display_name: String,
    /// Until when that is believed, unless it is said again.
    pub until: Timestamp,
}

impl ClaimView {
    /// That somebody holds it until then.
    pub fn of(account: &Account, until: Timestamp) -> Self {
        let display_name = shown_name(account.display_name.clone(), account.username.as_deref());
        Self { account_id: account.id, display_name, until }
    }
}

impl From<Claim> for ClaimView {
    fn from(claim: Claim) -> Self {
        Self {
            account_id: claim.account_id,
            display_name: shown_name(claim.display_name, claim.username.as_deref()),
            until: claim.until,
        }
    }
}

impl From<QueueItem> for WaitingView {
    fn from(item: QueueItem) -> Self {
        let points = item.points;
        let author = match item.waits.is_pending || item.waits.is_appealed {
            true => "somebody known is kept waiting",
            false => "other replies by the author were refused in the last seven days",
        };
        let parts = [
            (Urgency::Found, points.found, "what the rules found in it"),
            (Urgency::Reports, points.reports, "open reports and what they are for"),
            (Urgency::Reach, points.reach, "its story is being read, it is recommended or answered"),
            (Urgency::Author, points.author, author),
        ];
        let why = parts.into_iter().filter(|(_, points, _)| *points > 0);
        Self {
            since: item.since,
            points: points.total(),
            why: why.map(|(what, points, words)| UrgencyView { what, points, words: words.to_owned() }).collect(),
            claim: item.claim.map(ClaimView::from),
        }
    }
}
