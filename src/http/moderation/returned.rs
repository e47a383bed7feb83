//! That a reply went back to its author, as moderators see it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{ids::*, timestamp::Timestamp},
    store::returns::Return,
};

/// The last time that a reply went back to its author.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReturnView {
    /// Who gave it back.
    pub by: AccountId,
    /// What the author was told.
    pub message: String,
    /// Which text was returned, from 1.
    pub revision: i32,
    /// When.
    pub at: Timestamp,
    /// Until when the author may change it; null where it is not with the author any more.
    pub until: Option<Timestamp>,
    /// Where that text and the present one are compared word by word; null while they are the same.
    pub diff_at: Option<String>,
}

impl ReturnView {
    /// Of a reply that has this text by now.
    pub fn of(returned: Return, revision: i32) -> Self {
        let Return { reply_id, revision: from, returned_by, message, returned_at, due_at } = returned;
        let address = || format!("/api/v1/moderation/replies/{reply_id}/diff?from={from}&to={revision}");
        let diff_at = (revision > from).then(address);
        Self { by: returned_by, message, revision: from, at: returned_at, until: due_at, diff_at }
    }
}
