//! Appeals as moderators see them, and deciding them.

use actix_web::{HttpResponse, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{QueueItemView, find_moderated, queue::items};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    deciding::{
        AppealDecision,
        letters::{Told, write_to_author},
    },
    domain::{
        fairness::{AppealState, Ruling},
        ids::*,
        job::Lane,
        timestamp::Timestamp,
        visible,
    },
    http::{
        body::Body,
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        problem::{Code, Problem},
        replies::conflict,
        stories::find_head,
    },
    letters::About,
    store::{
        Conn,
        appeals::{self, Appeal},
        replies::{self, Reply},
        statements,
        stories::StoryHead,
    },
};

/// An appeal against a refusal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AppealView {
    /// Its id.
    pub id: AppealId,
    /// Where it stands.
    pub state: AppealState,
    /// What the author said.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
    /// The person whose refusal it is against and who does not decide this, like whoever refused the reply just before, if
    /// another moderator may; null where rules refused.
    pub refused_by: Option<AccountId>,
    /// Whether it is open and somebody else than the caller is to decide it: he refused the reply and another moderator may, or
    /// it is his own.
    pub is_for_others: bool,
    /// When it was decided; null while it waits.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<AccountId>,
    /// What the author was told.
    pub reasons: Option<String>,
}

impl AppealView {
    pub(super) fn of(appeal: Appeal, is_for_others: bool) -> Self {
        let Appeal { id, state, text, created_at, refused_by, closed_at, closed_by, reasons, .. } = appeal;
        Self { id, state, text, created_at, refused_by, is_for_others, closed_at, closed_by, reasons }
    }
}

/// What is said to an appeal.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideAppeal {
    /// What is decided.
    pub ruling: Ruling,
    /// The reply's version that was looked at.
    pub version: i32,
    /// For the author.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub reasons: String,
    /// For the log.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

impl DecideAppeal {
    fn checked(self) -> Result<(i32, AppealDecision), Problem> {
        let Self { ruling, version, reasons, note } = self;
        if reasons.trim().is_empty() {
            return Err(Problem::field("/reasons", "say why"));
        }
        for (pointer, text) in [("/reasons", Some(&reasons)), ("/note", note.as_ref())] {
            if text.is_some_and(|text| text.chars().any(visible::is_forbidden_control)) {
                return Err(Problem::field(pointer, "control characters are not allowed"));
            }
        }
        Ok((version, AppealDecision { ruling, reasons, note }))
    }
}

/// A locked reply whose appeal the caller may decide about, if there is one; nobody decides about his own.
fn find_to_decide(conn: &mut Conn<'_>, caller: &SignedIn, id: ReplyId) -> Result<(Reply, StoryHead), Problem> {
    let reply = replies::find_locked(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
    let head = find_head(conn, reply.story_id)?;
    // only moderators know of appeals, also of what is public again
    caller.may_on(&head.site, Operation::DecideAppeal, Object { is_hidden: true, ..Object::default() })?;
    if reply.author_id == caller.account.id {
        return Err(Problem::new(Code::OwnReply));
    }
    Ok((reply, head))
}

/// Somebody else is to decide: who took part in the refusal does not, if another moderator is there.
pub(super) fn for_others() -> Problem {
    Problem::new(Code::FirstDecider).detail("you refused it; another moderator of the site may decide")
}

/// Why there is nothing to decide about an appeal any more.
fn why_over(conn: &mut Conn<'_>, appeal: &Appeal) -> Result<String, Problem> {
    if appeal.state != AppealState::Moot {
        return Ok("it was decided".to_owned());
    }
    let last = statements::find_last(conn, appeal.reply_id)?;
    Ok(match last.filter(|last| last.reply_version > appeal.refused_version) {
        Some(last) => format!("the reply was refused anew meanwhile, on the ground `{}`", last.ground().as_str()),
        None => "its author took the reply back or closed the account".to_owned(),
    })
}

/// Decide an appeal
///
/// `upheld` leaves the reply refused, `overturned` makes it public where it stood. On the version that was looked at. Not by
/// those who refused the reply, if another moderator of the site may decide.
#[utoipa::path(request_body = DecideAppeal,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = QueueItemView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/moderation/appeals/{appeal_id}/decision")]
pub async fn decide_appeal(
    caller: Caller,
    state: State,
    id: web::Path<AppealId>,
    once: Once,
    body: Body<DecideAppeal>,
) -> Result<HttpResponse, Problem> {
    let (now, hash, id) = (state.clock.now(), body.hash, *id);
    let (version, decision) = body.value.checked()?;
    let found = state.db.read(move |conn| Ok::<_, Problem>(appeals::find(conn, id)?)).await?;
    // who may not know of it learns nothing of what is looked up for him
    let lesson = match &found {
        Some(appeal) => decision.lesson(&state.judging, &state.db, appeal.reply_id).await?,
        None => None,
    };
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let reply_id = found.as_ref().ok_or_else(|| Problem::new(Code::NotFound))?.reply_id;
        let operation = (Operation::DecideAppeal, id.to_string());
        let created = once.run(conn, caller.account.id, (operation.0, &operation.1), hash, now, |conn| {
            let (reply, head) = find_to_decide(conn, &caller, reply_id)?;
            let appeal = appeals::find(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            if appeal.state != AppealState::Open {
                let why = why_over(conn, &appeal)?;
                return Err(conflict(conn, &caller, Code::StateConflict, &reply).detail(why));
            }
            if reply.version != version {
                return Err(conflict(conn, &caller, Code::VersionConflict, &reply));
            }
            if appeals::is_for_others(conn, reply.id, caller.account.id, now)? {
                return Err(for_others());
            }
            let (actor, about) = (caller.actor(Some(head.site.id)), (&head.site, &reply));
            let (reply, row) = decision.carry_out(conn, about, actor, lesson.as_ref(), (&state.random, now))?;
            let (told, about) = (Told::Ruling(&decision), About::of(&head, reply.id, &state.config));
            write_to_author(conn, (&reply, about), told, actor.id, (&state.keys, &state.random, now))?;
            Ok::<_, Problem>(Created::at(format!("/api/v1/moderation/replies/{reply_id}"), row))
        })?;
        let row = find_moderated(conn, &caller, reply_id, Operation::DecideAppeal)?;
        let view =
            items(conn, vec![row], (caller.account.id, now))?.pop().ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), view))
    };
    let (location, view) = db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}
