//! A copy of all that is kept of somebody (docs/ACCOUNTS.md): a ZIP file of JSON, and a page to be read.
//!
//! It is read in pages, each of its own snapshot, and written as it is read, so that its memory does not grow with what somebody
//! wrote.

use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use self::archive::Archive;
use crate::{
    app::State,
    domain::{ids::*, moderation::Reason, reply_state::ReplyState, sanction::SanctionKind, timestamp::Timestamp},
    store::{
        Conn, DbError,
        accounts::{self, Account},
        identities, mutes,
        own_data::{self, OwnAppeal, OwnReply},
        reports, revisions,
        sanctions::{self, Places},
    },
};

mod archive;
pub mod letters;
mod page;

/// Rows that are read at once.
const ROWS: i64 = 500;
/// Replies that are read at once, whose texts are long.
const REPLIES: i64 = 20;
/// Former texts that are read at once.
const FORMER: i64 = 20;

/// A job's payload.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    pub account: AccountId,
}

/// Where pieces of the finished file go, as they come.
pub trait Sink {
    /// Takes a piece.
    fn take(&mut self, piece: Vec<u8>) -> impl Future<Output = Result<(), DbError>> + Send;
}

/// A copy that is being made.
pub struct Copying<'a, S> {
    state: &'a State,
    account: Account,
    archive: Archive,
    sink: &'a mut S,
}

/// Puts together all that is kept of an account; nothing where it is closed.
pub async fn copy(state: &State, account: AccountId, sink: &mut impl Sink) -> Result<(), DbError> {
    let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(accounts::find(conn, account)?);
    let found = state.db.read(read).await?.filter(|account| account.closed_at.is_none());
    let Some(account) = found else { return Ok(()) };
    let archive = Archive::new(state.clock.now());
    Copying { state, account, archive, sink }.copy().await
}

/// The account's own row, as its owner is given it.
#[derive(Serialize)]
struct AccountFile<'a> {
    id: AccountId,
    email: &'a Option<String>,
    email_verified_at: Option<Timestamp>,
    unconfirmed_email: &'a Option<String>,
    former_emails: Vec<own_data::OwnFormerEmail>,
    username: &'a Option<String>,
    username_changed_at: Option<Timestamp>,
    display_name: &'a Option<String>,
    is_admin: bool,
    has_password: bool,
    second_factor_since: Option<Timestamp>,
    proven_at: Option<Timestamp>,
    created_at: Timestamp,
    roles: Vec<own_data::OwnRole>,
    badges: Vec<own_data::OwnBadge>,
}

/// A reply, as its author is given it.
#[derive(Serialize)]
struct ReplyFile<'a> {
    site: &'a str,
    story_id: StoryId,
    story: &'a str,
    id: ReplyId,
    parent_id: Option<ReplyId>,
    state: ReplyState,
    body: &'a str,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    recommendations: i32,
    former_texts: Vec<FormerText>,
    appeals: Vec<OwnAppeal>,
}

/// A text that was replaced.
#[derive(Serialize)]
struct FormerText {
    body: String,
    created_at: Timestamp,
    replaced_at: Timestamp,
}

#[derive(Serialize)]
struct IdentityFile {
    site: String,
    issuer: String,
    subject: String,
    created_at: Timestamp,
    last_used_at: Timestamp,
}

#[derive(Serialize)]
struct SanctionFile {
    id: SanctionId,
    site_id: Option<SiteId>,
    kind: SanctionKind,
    message: Option<String>,
    reply_id: Option<ReplyId>,
    until: Option<Timestamp>,
    per_day: Option<i32>,
    created_at: Timestamp,
    lifted_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct ReportFile {
    id: ReportId,
    reply_id: ReplyId,
    reason: Reason,
    text: Option<String>,
    created_at: Timestamp,
    closed_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct MutedFile {
    account_id: AccountId,
    username: Option<String>,
    created_at: Timestamp,
}

impl<S: Sink> Copying<'_, S> {
    async fn copy(mut self) -> Result<(), DbError> {
        self.page().await?;
        self.account_file().await?;
        let me = self.account.id;
        self.list("sessions.json", move |conn, after| own_data::list_sessions(conn, me, after, ROWS), |row| row.id)
            .await?;
        let identities = move |conn: &mut Conn<'_>, after| identities::list(conn, me, after, ROWS);
        self.list_as(
            "identities.json",
            identities,
            |row| row.id,
            |row| IdentityFile {
                site: row.site_key,
                issuer: row.issuer_key,
                subject: row.sub,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
            },
        )
        .await?;
        self.replies_file().await?;
        let recommendations = move |conn: &mut Conn<'_>, after| own_data::list_recommendations(conn, me, after, ROWS);
        self.list("recommendations.json", recommendations, |row| (row.story_id, row.reply_id)).await?;
        let reports = move |conn: &mut Conn<'_>, before| reports::list_by(conn, me, before, ROWS);
        self.list_as(
            "reports.json",
            reports,
            |row| (row.created_at, row.id),
            |row| ReportFile {
                id: row.id,
                reply_id: row.reply_id,
                reason: row.reason,
                text: row.note,
                created_at: row.created_at,
                closed_at: row.closed_at,
            },
        )
        .await?;
        self.list("notices.json", move |conn, after| own_data::list_notices(conn, me, after, ROWS), |row| row.id)
            .await?;
        let sanctions = move |conn: &mut Conn<'_>, before| sanctions::list(conn, me, Places::All, before, ROWS);
        self.list_as(
            "sanctions.json",
            sanctions,
            |row| (row.created_at, row.id),
            |row| SanctionFile {
                id: row.id,
                site_id: row.site_id,
                kind: row.kind,
                message: row.message,
                reply_id: row.reply_id,
                until: row.until,
                per_day: row.per_day,
                created_at: row.created_at,
                lifted_at: row.lifted_at,
            },
        )
        .await?;
        self.list("claims.json", move |conn, after| own_data::list_claims(conn, me, after, ROWS), |row| row.account_id)
            .await?;
        let muted = move |conn: &mut Conn<'_>, after| mutes::list(conn, me, after, ROWS);
        self.list_as(
            "muted.json",
            muted,
            |row| row.account_id,
            |row| MutedFile { account_id: row.account_id, username: row.username, created_at: row.created_at },
        )
        .await?;
        let rest = self.archive.finish();
        self.sink.take(rest).await
    }

    async fn account_file(&mut self) -> Result<(), DbError> {
        let me = self.account.id;
        let read = move |conn: &mut Conn<'_>| {
            let roles = own_data::list_roles(conn, me)?;
            let badges = own_data::list_badges(conn, me)?;
            Ok::<_, DbError>((roles, badges, own_data::list_former_emails(conn, me)?))
        };
        let (roles, badges, former_emails) = self.state.db.read(read).await?;
        let account = &self.account;
        let file = AccountFile {
            id: account.id,
            email: &account.email,
            email_verified_at: account.email_verified_at,
            unconfirmed_email: &account.claimed_email,
            former_emails,
            username: &account.username,
            username_changed_at: account.username_changed_at,
            display_name: &account.display_name,
            is_admin: account.is_admin,
            has_password: account.password_hash.is_some(),
            second_factor_since: account.second_factor_at,
            proven_at: account.proven_at,
            created_at: account.created_at,
            roles,
            badges,
        };
        self.archive.begin("account.json");
        self.archive.write(&serde_json::to_vec_pretty(&file).expect("plain values are JSON"));
        self.hand_over().await
    }

    /// A list of rows as they are read.
    async fn list<Row: Serialize + Send + 'static, Cursor: Clone + Send + 'static>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Conn<'_>, Option<Cursor>) -> QueryResult<Vec<Row>> + Clone + Send + 'static,
        cursor: impl Fn(&Row) -> Cursor,
    ) -> Result<(), DbError> {
        self.list_as(name, read, cursor, |row| row).await
    }

    /// A list of rows, each as something else.
    async fn list_as<Row: Send + 'static, Cursor: Clone + Send + 'static, File: Serialize>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Conn<'_>, Option<Cursor>) -> QueryResult<Vec<Row>> + Clone + Send + 'static,
        cursor: impl Fn(&Row) -> Cursor,
        file: impl Fn(Row) -> File,
    ) -> Result<(), DbError> {
        self.archive.begin_list(name);
        let mut after = None;
        loop {
            let (read, from) = (read.clone(), after.clone());
            let look = move |conn: &mut Conn<'_>| Ok::<_, DbError>(read(conn, from.clone())?);
            let rows = self.state.db.read(look).await?;
            let count = rows.len();
            after = rows.last().map(&cursor);
            for row in rows {
                self.archive.write_item(&file(row));
            }
            self.hand_over().await?;
            if count < ROWS as usize {
                break;
            }
        }
        self.archive.end_list();
        Ok(())
    }

    async fn replies_file(&mut self) -> Result<(), DbError> {
        self.archive.begin_list("replies.json");
        let mut after = None;
        loop {
            let rows = self.replies_after(after).await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.story_id, last.id));
            let ids: Vec<ReplyId> = rows.iter().map(|row| row.id).collect();
            let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(own_data::list_appeals(conn, &ids)?);
            let appeals = self.state.db.read(read).await?;
            for row in &rows {
                let file = ReplyFile {
                    site: &row.site,
                    story_id: row.story_id,
                    story: &row.headline,
                    id: row.id,
                    parent_id: row.parent_id,
                    state: row.state,
                    body: &row.body.source,
                    created_at: row.created_at,
                    edited_at: row.edited_at,
                    recommendations: row.recommendations,
                    former_texts: self.former_texts(row).await?,
                    appeals: appeals.iter().filter(|appeal| appeal.reply_id == row.id).cloned().collect(),
                };
                self.archive.write_item(&file);
                self.hand_over().await?;
            }
        }
        self.archive.end_list();
        Ok(())
    }

    async fn replies_after(&self, after: Option<(StoryId, ReplyId)>) -> Result<Vec<OwnReply>, DbError> {
        let me = self.account.id;
        let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(own_data::list_replies(conn, me, after, REPLIES)?);
        self.state.db.read(read).await
    }

    /// The former texts of a reply, the newest first.
    async fn former_texts(&self, reply: &OwnReply) -> Result<Vec<FormerText>, DbError> {
        let (id, mut before, mut texts) = (reply.id, Some(reply.revision), Vec::new());
        while before.is_some_and(|before| before > 1) {
            let read = move |conn: &mut Conn<'_>| Ok::<_, DbError>(revisions::list(conn, id, before, FORMER)?);
            let page = self.state.db.read(read).await?;
            before = page.last().map(|last| last.number);
            texts.extend(page.into_iter().map(|former| FormerText {
                body: former.body_source,
                created_at: former.created_at,
                replaced_at: former.replaced_at,
            }));
        }
        Ok(texts)
    }

    /// The page to be read.
    async fn page(&mut self) -> Result<(), DbError> {
        self.archive.begin("index.html");
        let head = page::head(&self.account, &self.state.config, self.state.clock.now());
        self.archive.write(head.as_bytes());
        let (mut after, mut story) = (None, None);
        loop {
            let rows = self.replies_after(after).await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.story_id, last.id));
            for row in &rows {
                self.archive.write(page::reply(row, story != Some(row.story_id)).as_bytes());
                story = Some(row.story_id);
            }
            self.hand_over().await?;
        }
        self.archive.write(page::tail(story.is_some()).as_bytes());
        self.hand_over().await
    }

    /// Hands the pieces over that are full.
    async fn hand_over(&mut self) -> Result<(), DbError> {
        for piece in self.archive.take_pieces() {
            self.sink.take(piece).await?;
        }
        Ok(())
    }
}
