//! Recommending and reporting replies.

use actix_web::{HttpResponse, delete, post, put, web};
use diesel::QueryResult;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{find_for, object};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{case, ids::*, moderation::Reason, timestamp::Timestamp, visible},
    http::{
        body::Body,
        caller::Caller,
        idempotent::{Created, Once},
        problem::{Code, Problem},
        stories::find_head,
    },
    store::{
        Conn, decisions,
        recommendations::{self, Recommendation, VoteOutcome},
        replies::{self, Reply},
        reports::{self, Report},
        transitions,
    },
};

/// Recommend a reply
///
/// Once; again changes nothing.
#[utoipa::path(tag = "replies", responses((status = 204)), security(("token" = [])))]
#[put("/api/v1/replies/{reply_id}/recommendation")]
pub async fn recommend_reply(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    vote(caller, state, *id, Operation::RecommendReply).await
}

/// Take a recommendation back
///
/// Taking back what was not given changes nothing.
#[utoipa::path(tag = "replies", responses((status = 204)), security(("token" = [])))]
#[delete("/api/v1/replies/{reply_id}/recommendation")]
pub async fn unrecommend_reply(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    vote(caller, state, *id, Operation::UnrecommendReply).await
}

async fn vote(caller: Caller, state: State, id: ReplyId, operation: Operation) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    db.write(move |conn| change_vote(conn, &caller, id, operation, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn change_vote(
    conn: &mut Conn<'_>,
    caller: &Caller,
    id: ReplyId,
    operation: Operation,
    now: Timestamp,
) -> Result<(), Problem> {
    let caller = caller.sign_in(conn, now)?;
    let (reply, _) = find_for(conn, &caller, id, operation)?;
    if !reply.state.is_public() {
        return Err(Problem::new(Code::NotFound));
    }
    let me = caller.account.id;
    if reply.author_id == me {
        return Err(Problem::new(Code::OwnReply));
    }
    let (outcome, delta) = if operation == Operation::RecommendReply {
        let vote = Recommendation { reply_id: id, account_id: me, story_id: reply.story_id, created_at: now };
        (recommendations::insert(conn, &vote)?, 1)
    } else {
        (recommendations::delete(conn, id, me)?, -1)
    };
    if outcome == VoteOutcome::Changed {
        transitions::recommend(conn, &reply, delta, now)?;
    }
    Ok(())
}

/// A complaint.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportReply {
    /// Why; not `illegal`, for which there is a form: a notice.
    pub reason: Reason,
    /// More words; needed for `other`.
    #[validate(length(min = 1, max = 1_000))]
    #[schema(min_length = 1, max_length = 1000)]
    pub text: Option<String>,
    /// The version of the reply that was read; the present one if absent, or if there is no such version yet. If the text
    /// was changed since, the report is about the former one: it is kept, and opens nothing.
    #[validate(range(min = 1))]
    #[schema(minimum = 1)]
    pub version: Option<i32>,
}

impl ReportReply {
    /// Which of a reply's texts was read.
    fn revision(&self, conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<i32> {
        match self.version.filter(|version| *version < reply.version) {
            Some(version) => Ok(reply.revision - decisions::count_edits_after(conn, reply.id, version)?),
            None => Ok(reply.revision),
        }
    }
}

/// Where it is said that a reply is illegal.
fn to_notices(reply: ReplyId) -> String {
    format!(
        "what is illegal takes a notice, with its ground, an explanation and good faith: POST \
         /api/v1/replies/{reply}/notices, or without an account /api/v1/replies/{reply}/guest-notices"
    )
}

/// Report a reply
///
/// One report by reader and reply is open at a time, and all are kept. What somebody's word counts follows from what came of
/// former reports. The answer is the same whatever the reply's state is. That a reply breaks the law (`illegal`) is told by a
/// notice, whose form asks for what an answer with reasons needs.
#[utoipa::path(request_body = ReportReply,
    tag = "replies",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204)),
    security(("token" = []))
)]
#[post("/api/v1/replies/{reply_id}/reports")]
pub async fn report_reply(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    once: Once,
    body: Body<ReportReply>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let has_control = |text: &String| text.chars().any(visible::is_forbidden_control);
    if body.value.text.as_ref().is_some_and(has_control) {
        return Err(Problem::field("/text", "control characters are not allowed"));
    }
    if body.value.reason == Reason::Illegal {
        return Err(Problem::field("/reason", to_notices(*id)));
    }
    if body.value.reason == Reason::Other && body.value.text.is_none() {
        return Err(Problem::field("/text", "say what is wrong"));
    }
    let (db, random, policies) = (state.db.clone(), state.random.clone(), state.judging.policies.clone());
    db.write(move |conn| {
        let signed_in = caller.permit(conn, Operation::ReportReply, now)?;
        let me = signed_in.account.id;
        once.run(conn, me, (Operation::ReportReply, &id.to_string()), body.hash, now, |conn| {
            let done = Created { status: 204, location: None, object_id: None };
            // what is not there, not public or one's own is taken without a word: no answer tells one from another
            let Some(reply) = replies::find_locked(conn, *id)? else { return Ok::<_, Problem>(done) };
            let head = find_head(conn, reply.story_id)?;
            let may = signed_in.may_on(&head.site, Operation::ReportReply, object(&reply));
            match may {
                Err(problem) if problem.code() == Code::NotFound => return Ok(done),
                outcome => outcome?,
            }
            if !reply.state.is_public() || reply.author_id == me {
                return Ok(done);
            }
            let report = Report {
                id: random.id(now),
                reply_id: reply.id,
                reporter_id: me,
                reason: body.value.reason,
                note: body.value.text.clone(),
                revision: body.value.revision(conn, &reply)?,
                created_at: now,
                closed_at: None,
                weight: case::weight(
                    reports::find_record(conn, me, reply.site_id)?,
                    now.since(signed_in.account.created_at),
                    signed_in.standing.is_staff(reply.site_id),
                ),
                outcome: None,
            };
            let settings = policies.reports(conn, &head.site)?;
            transitions::report(conn, &reply, &report, &settings, random.id(now))?;
            Ok(done)
        })
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
