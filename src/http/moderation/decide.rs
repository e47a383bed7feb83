//! Deciding about a reply.

use actix_web::{HttpResponse, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{QueueItemView, find_moderated, queue::items};
use crate::{
    app::State,
    auth::permission::Operation,
    clock::Random,
    domain::{
        ids::*,
        moderation::{Action, Reason},
        reply_state::Verb,
        rules::lesson::{Teaching, taught_by},
        timestamp::Timestamp,
        visible,
    },
    http::{
        body::Body,
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        problem::{Code, Problem},
        replies::{conflict, find_for},
    },
    judging::outside,
    store::{
        Conn,
        lessons::{self, Decided, NewLesson},
        replies::Reply,
        transitions::{self, Entry},
    },
};

/// A decision.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideReply {
    /// What is decided.
    pub action: Verb,
    /// The version that was looked at.
    pub version: i32,
    /// Why; needed for `reject`, possible nowhere else.
    pub reason: Option<Reason>,
    /// For the log.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
    /// For the author, with `reject`.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub message: Option<String>,
}

impl DecideReply {
    fn check(&self) -> Result<(), Problem> {
        let is_reject = self.action == Verb::Reject;
        match (is_reject, self.reason, &self.message) {
            (true, None, _) => return Err(Problem::field("/reason", "is needed to reject")),
            (false, Some(_), _) => return Err(Problem::field("/reason", "only to reject")),
            (false, None, Some(_)) => return Err(Problem::field("/message", "only to reject")),
            _ => {}
        }
        for (pointer, text) in [("/note", &self.note), ("/message", &self.message)] {
            if text.as_ref().is_some_and(|text| text.chars().any(visible::is_forbidden_control)) {
                return Err(Problem::field(pointer, "control characters are not allowed"));
            }
        }
        Ok(())
    }
}

impl From<Verb> for Action {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Approve => Self::Approve,
            Verb::Reject => Self::Reject,
            Verb::Spam => Self::Spam,
            Verb::Restore => Self::Restore,
        }
    }
}

/// Decide about a reply
///
/// On the version that was looked at: if the reply moved on meanwhile, nothing is overwritten and the answer says how
/// it stands and who did what. Approving, rejecting and marking as spam close its reports.
#[utoipa::path(request_body = DecideReply,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = QueueItemView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/moderation/replies/{reply_id}/decisions")]
pub async fn decide_reply(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    once: Once,
    body: Body<DecideReply>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    body.value.check()?;
    let (db, random) = (state.db.clone(), state.random.clone());
    let teaching = taught_by(body.value.action.into(), body.value.reason);
    let lesson = match teaching {
        Teaching::Good | Teaching::Bad => state.judging.lesson(&db, *id).await?,
        Teaching::TakesBack | Teaching::Nothing => None,
    };
    let (location, view) = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let operation = (Operation::DecideReply, id.to_string());
            let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
                let (reply, created) = decide(conn, &caller, *id, &body.value, &random, now)?;
                learn(conn, &reply, teaching, lesson.as_ref(), now)?;
                Ok::<_, Problem>(created)
            })?;
            let row = find_moderated(conn, &caller, *id, Operation::DecideReply)?;
            let view = items(conn, vec![row], now)?.pop().ok_or_else(|| Problem::new(Code::NotFound))?;
            Ok::<_, Problem>((created.location.unwrap_or_default(), view))
        })
        .await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}

fn decide(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    id: ReplyId,
    decision: &DecideReply,
    random: &Random,
    now: Timestamp,
) -> Result<(Reply, Created), Problem> {
    let (reply, head) = find_for(conn, caller, id, Operation::DecideReply)?;
    if reply.version != decision.version {
        return Err(conflict(conn, caller, Code::VersionConflict, &reply));
    }
    let Some(next) = reply.state.after(decision.action) else {
        return Err(conflict(conn, caller, Code::StateConflict, &reply));
    };
    let entry = Entry {
        reason: decision.reason,
        note: decision.note.clone(),
        message: decision.message.clone(),
        ..Entry::new(random.id(now), caller.actor(Some(head.site.id)), decision.action.into(), now)
    };
    outside::tell(conn, &head.site, &reply, (decision.action, decision.reason), (random, now))?;
    let reply = transitions::change(conn, &reply, next, None, &entry)?;
    Ok((reply, Created::at(format!("/api/v1/moderation/replies/{id}"), entry.id)))
}

/// Lets the classifier learn of a decision. The text is the one that was made ready, unless an edit came in between; then
/// the decision was refused for its version, or is about the new text and teaches nothing.
fn learn(
    conn: &mut Conn<'_>,
    reply: &Reply,
    teaching: Teaching,
    lesson: Option<&NewLesson>,
    now: Timestamp,
) -> Result<(), Problem> {
    let decided = Decided { site: reply.site_id, reply: reply.id, version: reply.version };
    let lesson = lesson.filter(|lesson| lesson.revision == reply.revision);
    Ok(lessons::teach(conn, decided, teaching, lesson, now)?)
}
