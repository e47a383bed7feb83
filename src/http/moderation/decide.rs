//! Deciding about a reply.

use actix_web::{HttpResponse, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{QueueItemView, find_moderated, queue::items};
use crate::{
    app::State,
    auth::permission::Operation,
    deciding::{
        Decision,
        letters::{Told, write_to_author},
    },
    domain::{ids::*, job::Lane, moderation::Reason, reply_state::Verb, sanction::SanctionKind, visible},
    http::{
        body::Body,
        caller::Caller,
        idempotent::{Created, Once},
        problem::{Code, Problem},
        replies::{conflict, find_for},
    },
    letters::About,
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
    /// For the author, with `reject`, and with `return`, which needs it.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub message: Option<String>,
}

impl DecideReply {
    fn decision(&self) -> Decision {
        let Self { action: verb, version: _, reason, note, message } = self.clone();
        Decision { verb, reason, note, message, details: None }
    }
}

/// What the shape alone does not tell of a decision.
pub(super) fn check(decision: &Decision) -> Result<(), Problem> {
    let Decision { verb, reason, note, message, details: _ } = decision;
    match (*verb, reason, message) {
        (Verb::Reject, None, _) => return Err(Problem::field("/reason", "is needed to reject")),
        (Verb::Reject, Some(_), _) | (Verb::Return, None, Some(_)) => {}
        (_, Some(_), _) => return Err(Problem::field("/reason", "only to reject")),
        (Verb::Return, None, None) => return Err(Problem::field("/message", "is needed to return")),
        (_, None, Some(_)) => return Err(Problem::field("/message", "only to reject or return")),
        (_, None, None) => {}
    }
    for (pointer, text) in [("/note", note), ("/message", message)] {
        if text.as_ref().is_some_and(|text| text.chars().any(visible::is_forbidden_control)) {
            return Err(Problem::field(pointer, "control characters are not allowed"));
        }
    }
    Ok(())
}

/// Decide about a reply
///
/// On the version that was looked at: if the reply moved on meanwhile, nothing is overwritten and the answer says how
/// it stands and who did what. Approving, rejecting, returning and marking as spam close its reports. The author of what is
/// refused or returned is written to.
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
    let (version, decision) = (body.value.version, body.value.decision());
    check(&decision)?;
    let lesson = decision.lesson(&state.judging, &state.db, *id).await?;
    let (db, jobs) = (state.db.clone(), state.clone());
    let (location, view) = db
        .write(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let operation = (Operation::DecideReply, id.to_string());
            let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
                let (reply, head) = find_for(conn, &caller, *id, Operation::DecideReply)?;
                if reply.version != version {
                    return Err(conflict(conn, &caller, Code::VersionConflict, &reply));
                }
                let is_own = reply.author_id == caller.account.id;
                if is_own && caller.standing.is_held_on(head.site.id, SanctionKind::Premoderate) {
                    return Err(Problem::new(Code::OwnReply).detail("by a sanction, others decide about it"));
                }
                if reply.appealed_at.is_some() {
                    let told = "its author appeals: decide the appeal";
                    return Err(conflict(conn, &caller, Code::StateConflict, &reply).detail(told));
                }
                let Some(next) = reply.after(decision.verb) else {
                    return Err(conflict(conn, &caller, Code::StateConflict, &reply));
                };
                let (actor, about) = (caller.actor(Some(head.site.id)), (&head.site, &reply, next));
                let (reply, row) = decision.carry_out(conn, about, actor, lesson.as_ref(), (&state.random, now))?;
                let (told, about) = (Told::Decision(decision.verb), About::of(&head, reply.id, &state.config));
                write_to_author(conn, (&reply, about), told, actor.id, (&state.keys, &state.random, now))?;
                Ok::<_, Problem>(Created::at(format!("/api/v1/moderation/replies/{id}"), row))
            })?;
            let row = find_moderated(conn, &caller, *id, Operation::DecideReply)?;
            let view =
                items(conn, vec![row], (caller.account.id, now))?.pop().ok_or_else(|| Problem::new(Code::NotFound))?;
            Ok::<_, Problem>((created.location.unwrap_or_default(), view))
        })
        .await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}
