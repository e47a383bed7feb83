//! How a reply came to its state: what the rules said of each of its texts, and what people decided.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::find_moderated;
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        ids::*,
        moderation::Decider,
        outside_check::question_id,
        reply_state::ReplyState,
        rules::{Knowledge, Outcome},
        timestamp::Timestamp,
    },
    http::{
        caller::Caller,
        findings::{FindingView, NotRunView, told},
        log::LogEntryView,
        problem::Problem,
    },
    store::{
        Conn, decisions,
        jobs::{self, Job},
        revisions,
        verdicts::{self, StoredVerdict},
    },
};

/// Bytes of texts that a trace shows; of older ones only what was said is told.
const TEXTS_MAX_BYTES: usize = 256 * 1024;
/// Rows of the log that it shows, the newest.
const DECISIONS_SHOWN: i64 = 50;

/// All that a reply's state follows from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TraceView {
    /// The reply's id.
    pub reply_id: ReplyId,
    /// Where it stands.
    pub state: ReplyState,
    /// Of text and state.
    pub version: i32,
    /// Of the text.
    pub revision: i32,
    /// What the rules said, the newest first; 50 at most. Empty for what was written before there were rules.
    pub verdicts: Vec<VerdictView>,
    /// What was done with it, the newest first; 50 at most. Of a version without a verdict the row says who decided.
    pub decisions: Vec<LogEntryView>,
    /// The question that it waits for; null where it waits for none.
    pub asking: Option<AskingView>,
}

/// A question to somebody outside that was not answered yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AskingView {
    /// Since when it is asked.
    pub since: Timestamp,
    /// How often it was tried; not each time was the endpoint asked, since one that fails is left alone for a while.
    pub tries: i32,
    /// Why there was no answer the last time.
    pub last_error: Option<String>,
    /// When it is asked next.
    pub next_try_at: Timestamp,
}

impl From<Job> for AskingView {
    fn from(job: Job) -> Self {
        let Job { created_at, attempts, last_error, run_at, .. } = job;
        Self { since: created_at, tries: attempts, last_error, next_try_at: run_at }
    }
}

/// What the rules said of a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VerdictView {
    /// The reply's version that it made, as the row of the log has it.
    pub version: i32,
    /// Which text of the reply it is.
    pub revision: i32,
    /// The policy's version; 0: what every site begins with.
    pub policy_version: i64,
    /// What follows from all findings together.
    pub outcome: Outcome,
    /// What the state follows from.
    pub decided_by: Decider,
    /// The same in words.
    pub why: String,
    /// What each rule said.
    pub findings: Vec<FindingView>,
    /// Rules that could not run.
    pub not_run: Vec<NotRunView>,
    /// How much was known for it; zeros for verdicts of before that was kept.
    pub knowledge: Knowledge,
    /// Microseconds that they took together.
    pub micros: i64,
    /// The text in Markdown, in which the spans lie; null where it would be too much.
    pub body: Option<String>,
}

impl VerdictView {
    fn of(stored: StoredVerdict, source: Option<&str>) -> Self {
        let verdict = stored.verdict();
        Self {
            version: stored.reply_version,
            revision: stored.revision,
            policy_version: stored.policy_version,
            outcome: stored.outcome,
            decided_by: stored.decided_by,
            why: told(stored.decided_by).to_owned(),
            findings: verdict.findings.into_iter().map(|finding| FindingView::of(finding, source)).collect(),
            not_run: verdict.not_run.into_iter().map(NotRunView::from).collect(),
            knowledge: verdict.knowledge,
            micros: stored.micros,
            body: source.map(str::to_owned),
        }
    }
}

/// Show how a reply came to its state
#[utoipa::path(tag = "moderation", responses((status = 200, body = TraceView)), security(("token" = [])))]
#[get("/api/v1/moderation/replies/{reply_id}/trace")]
pub async fn show_trace(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let row = find_moderated(conn, &caller, *id, Operation::ShowTrace)?;
        let stored = verdicts::list_of_reply(conn, row.id)?;
        let mut sources = sources(conn, row.id, &stored)?;
        sources.insert(row.revision, row.body.source);
        let asking = find_asking(conn, stored.first(), row.version)?;
        let mut left = TEXTS_MAX_BYTES;
        let view = |stored: StoredVerdict| {
            let source = sources.get(&stored.revision).filter(|source| {
                let fits = source.len() <= left;
                left = left.saturating_sub(source.len());
                fits
            });
            VerdictView::of(stored, source.map(String::as_str))
        };
        let verdicts = stored.into_iter().map(view).collect();
        let decisions = decisions::list_last_of_replies(conn, &[row.id], DECISIONS_SHOWN)?;
        let (reply_id, state, version, revision) = (row.id, row.state, row.version, row.revision);
        let decisions = decisions.into_iter().map(LogEntryView::from).collect();
        Ok::<_, Problem>(TraceView { reply_id, state, version, revision, verdicts, decisions, asking })
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

/// The question that a reply waits for, as its last verdict says.
fn find_asking(conn: &mut Conn<'_>, last: Option<&StoredVerdict>, version: i32) -> Result<Option<AskingView>, Problem> {
    let waits = |last: &&StoredVerdict| last.decided_by == Decider::Outside && last.reply_version == version;
    let Some(last) = last.filter(waits) else { return Ok(None) };
    Ok(jobs::find(conn, question_id(last.reply_id, version))?.map(AskingView::from))
}

/// The former texts that verdicts are about.
fn sources(conn: &mut Conn<'_>, reply: ReplyId, stored: &[StoredVerdict]) -> Result<HashMap<i32, String>, Problem> {
    let Some(oldest) = stored.iter().map(|stored| stored.revision).min() else { return Ok(HashMap::new()) };
    let former = revisions::list(conn, reply, None, verdicts::SHOWN)?;
    let known = former.into_iter().filter(|revision| revision.number >= oldest);
    Ok(known.map(|revision| (revision.number, revision.body_source)).collect())
}
