//! Column types that are native on both databases, and the domain's types that stand in columns.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Binary, SqlType, Text},
    sqlite::Sqlite,
};
use uuid::Uuid;

use crate::domain::{
    bulk::ItemOutcome,
    case::{CaseState, ReportFate},
    closing::ClosedTexts,
    code::CodePurpose,
    data_export::DataExportState,
    fairness::AppealState,
    ids::*,
    moderation::{Action, ActorKind, Decider, ModerationMode, Reason},
    notice::{NoticeBasis, NoticeGround, NoticeOutcome, NoticeState},
    outside_check::OutsideKind,
    policy_run::{RunKind, RunState},
    reply_path::ReplyPath,
    reply_state::{ReplyState, Verb},
    rules::Outcome,
    safe_html::SafeHtml,
    sanction::SanctionKind,
    session::{EndReason, SessionWay},
    site::{SiteRole, UnprovenAccounts},
    sso::IssuerKind,
    timestamp::Timestamp,
};

/// An id: `uuid` on PostgreSQL, sixteen bytes on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Key;

/// A point in time: `timestamptz` on PostgreSQL, integer microseconds since 1970 on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Instant;

/// Microseconds from 1970 to 2000, where PostgreSQL's binary times begin.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

macro_rules! key_columns {
    ($($id:ident $proxy:ident),* $(,)?) => {$(
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive)]
        #[diesel(sql_type = Key)]
        #[expect(dead_code, reason = "names the type that diesel's derives are for")]
        struct $proxy($id);

        impl ToSql<Key, Sqlite> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.0.as_bytes().as_slice());
                Ok(IsNull::No)
            }
        }

        impl ToSql<Key, Pg> for $id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                std::io::Write::write_all(out, self.0.as_bytes())?;
                Ok(IsNull::No)
            }
        }

        impl FromSql<Key, Sqlite> for $id {
            fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                Ok(Self(Uuid::from_slice(&bytes)?))
            }
        }

        impl FromSql<Key, Pg> for $id {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.as_bytes())?))
            }
        }
    )*};
}

key_columns! {
    AccountId AccountIdColumn,
    ApiKeyId ApiKeyIdColumn,
    AppealId AppealIdColumn,
    AttemptId AttemptIdColumn,
    BulkId BulkIdColumn,
    DecisionId DecisionIdColumn,
    FormerEmailId FormerEmailIdColumn,
    IdentityId IdentityIdColumn,
    IssuerId IssuerIdColumn,
    JobId JobIdColumn,
    NoteId NoteIdColumn,
    NoticeDecisionId NoticeDecisionIdColumn,
    NoticeId NoticeIdColumn,
    PolicyRunId PolicyRunIdColumn,
    ReplyId ReplyIdColumn,
    ReportId ReportIdColumn,
    SessionId SessionIdColumn,
    SiteId SiteIdColumn,
    StoryId StoryIdColumn,
    SavedQueueId SavedQueueIdColumn,
    SanctionId SanctionIdColumn,
    ObjectId ObjectIdColumn,
}

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Instant)]
#[expect(dead_code, reason = "names the type that diesel's derives are for")]
struct TimestampColumn(Timestamp);

impl ToSql<Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_micros());
        Ok(IsNull::No)
    }
}

impl ToSql<Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self.as_micros() - PG_EPOCH_MICROS;
        std::io::Write::write_all(out, &micros.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Sqlite> for Timestamp {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_micros(<i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?))
    }
}

impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes: [u8; 8] = value.as_bytes().try_into()?;
        Ok(Self::from_micros(i64::from_be_bytes(bytes).saturating_add(PG_EPOCH_MICROS)))
    }
}

macro_rules! text_columns {
    ($($value:ident $proxy:ident),* $(,)?) => {$(
        #[derive(AsExpression, FromSqlRow)]
        #[diesel(foreign_derive)]
        #[diesel(sql_type = Text)]
        #[expect(dead_code, reason = "names the type that diesel's derives are for")]
        struct $proxy($value);

        impl<DB: Backend> ToSql<Text, DB> for $value
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $value
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let text = String::from_sql(value)?;
                Self::parse(&text).ok_or_else(|| format!("unknown {}: {text}", stringify!($value)).into())
            }
        }
    )*};
}

text_columns! {
    Action ActionColumn,
    ActorKind ActorKindColumn,
    AppealState AppealStateColumn,
    CaseState CaseStateColumn,
    ClosedTexts ClosedTextsColumn,
    CodePurpose CodePurposeColumn,
    DataExportState DataExportStateColumn,
    Decider DeciderColumn,
    EndReason EndReasonColumn,
    IssuerKind IssuerKindColumn,
    ItemOutcome ItemOutcomeColumn,
    ModerationMode ModerationModeColumn,
    NoticeBasis NoticeBasisColumn,
    NoticeGround NoticeGroundColumn,
    NoticeOutcome NoticeOutcomeColumn,
    NoticeState NoticeStateColumn,
    Outcome OutcomeColumn,
    OutsideKind OutsideKindColumn,
    Reason ReasonColumn,
    ReplyState ReplyStateColumn,
    ReportFate ReportFateColumn,
    RunKind RunKindColumn,
    RunState RunStateColumn,
    SanctionKind SanctionKindColumn,
    SessionWay SessionWayColumn,
    SiteRole SiteRoleColumn,
    UnprovenAccounts UnprovenAccountsColumn,
    Verb VerbColumn,
}

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Binary)]
#[expect(dead_code, reason = "names the type that diesel's derives are for")]
struct ReplyPathColumn(ReplyPath);

impl<DB: Backend> ToSql<Binary, DB> for ReplyPath
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <[u8] as ToSql<Binary, DB>>::to_sql(self.as_bytes(), out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for ReplyPath
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_store(Vec::from_sql(value)?))
    }
}

#[derive(AsExpression, FromSqlRow)]
#[diesel(foreign_derive)]
#[diesel(sql_type = Text)]
#[expect(dead_code, reason = "names the type that diesel's derives are for")]
struct SafeHtmlColumn(SafeHtml);

impl<DB: Backend> ToSql<Text, DB> for SafeHtml
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
    }
}

impl<DB: Backend> FromSql<Text, DB> for SafeHtml
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_store(String::from_sql(value)?))
    }
}

/// A list of texts in one column, as a JSON array.
#[derive(Clone, PartialEq, Eq, Debug, Default, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct TextList(pub Vec<String>);

impl ToSql<Text, Sqlite> for TextList {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl ToSql<Text, Pg> for TextList {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<DB: Backend> FromSql<Text, DB> for TextList
where
    String: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(&String::from_sql(value)?)?))
    }
}
