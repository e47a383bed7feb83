//! Ids: one type for each kind of thing, so that none is taken for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .format(Some(utoipa::openapi::SchemaFormat::Custom("uuid".to_owned())))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

/// The first id that anything can have which is made from this time on: ids begin with the time of their making in
/// milliseconds (RFC 9562, section 5.7).
pub fn first_id_since(time: crate::domain::timestamp::Timestamp) -> Uuid {
    Uuid::from_u128(u128::from(time.as_micros().max(0).unsigned_abs() / 1_000) << 80)
}

ids! {
    /// Of an account.
    AccountId,
    /// Of a key of a site.
    ApiKeyId,
    /// Of an appeal.
    AppealId,
    /// Of a decision about many replies.
    BulkId,
    /// Of a row of the log.
    DecisionId,
    /// Of an address that an account had.
    FormerEmailId,
    /// Of somebody whom an issuer of tokens knows.
    IdentityId,
    /// Of an issuer of tokens by which a site signs its readers on.
    IssuerId,
    /// Of a job in the outbox.
    JobId,
    /// Of a moderator's note.
    NoteId,
    /// Of what was decided about notices.
    NoticeDecisionId,
    /// Of a notice of illegal content.
    NoticeId,
    /// Of a reply.
    ReplyId,
    /// Of a run of a policy.
    PolicyRunId,
    /// Of a report.
    ReportId,
    /// Of a sanction.
    SanctionId,
    /// Of a saved queue.
    SavedQueueId,
    /// Of a session, a family of refresh tokens.
    SessionId,
    /// Of a site.
    SiteId,
    /// Of a story.
    StoryId,
    /// Of a counted try.
    AttemptId,
    /// Of any kind, where one place holds ids of several.
    ObjectId,
}
