//! Deciding about notices of illegal content.

use actix_web::{HttpResponse, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{
        ids::*,
        job::Lane,
        notice::{NoticeBasis, NoticeOutcome, NoticeState},
        timestamp::Timestamp,
        visible,
    },
    http::{
        body::Body,
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        notices::NoticeDecisionView,
        problem::{Code, Problem},
        replies::conflict,
        stories::find_head,
    },
    letters::About,
    noticing,
    store::{
        Conn,
        notice_decisions::{self, NoticeDecision},
        notices::{self, Notice},
        replies::{self, Reply},
        stories::StoryHead,
    },
};

/// A decision about the notices of a text.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideNotice {
    /// What is decided.
    pub outcome: NoticeOutcome,
    /// The version of the reply that was looked at.
    pub version: i32,
    /// Which of the reply's texts was looked at, from 1; the one that the notice is about if absent. Needed for `removed` where
    /// the author has changed it since.
    pub revision: Option<i32>,
    /// What the removal rests on; needed for `removed`, possible nowhere else.
    pub basis: Option<NoticeBasis>,
    /// Which law, or which of the site's terms.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub provision: Option<String>,
    /// The facts and the reasons, for the notifiers and the author.
    #[validate(length(min = 20, max = 2_000))]
    #[schema(min_length = 20, max_length = 2000)]
    pub reasons: String,
    /// Whether automated means found the text or took part in the decision.
    pub is_automated: bool,
}

impl DecideNotice {
    /// What the shape alone does not tell.
    fn check(&self) -> Result<(), Problem> {
        match (self.outcome, self.basis) {
            (NoticeOutcome::Removed, None) => return Err(Problem::field("/basis", "is needed to remove")),
            (NoticeOutcome::Kept, Some(_)) => return Err(Problem::field("/basis", "only to remove")),
            _ => {}
        }
        for (pointer, text) in
            [("/provision", self.provision.as_deref().unwrap_or_default()), ("/reasons", &self.reasons)]
        {
            if text.chars().any(visible::is_forbidden_control) {
                return Err(Problem::field(pointer, "control characters are not allowed"));
            }
        }
        Ok(())
    }

    /// Whether it would refuse a text that who decides has not named: another one than the notice is about.
    fn is_about_another_text(&self, notice: &Notice, reply: &Reply) -> bool {
        self.outcome == NoticeOutcome::Removed && self.revision.unwrap_or(notice.revision) != reply.revision
    }

    fn decision(&self, id: NoticeDecisionId, notice: &Notice, by: AccountId, now: Timestamp) -> NoticeDecision {
        NoticeDecision {
            id,
            site_id: notice.site_id,
            reply_id: notice.reply_id,
            revision: notice.revision,
            outcome: self.outcome,
            basis: self.basis,
            provision: self.provision.clone(),
            reasons: self.reasons.clone(),
            is_automated: self.is_automated,
            decided_by: by,
            decided_at: now,
        }
    }
}

/// A received notice that the caller may decide about, with its locked reply.
fn find_to_decide(conn: &mut Conn<'_>, caller: &SignedIn, id: NoticeId) -> Result<(Notice, Reply, StoryHead), Problem> {
    let unknown = || Problem::new(Code::NotFound);
    let seen = notices::find(conn, id)?.ok_or_else(unknown)?;
    let reply = replies::find_locked(conn, seen.reply_id)?.ok_or_else(unknown)?;
    let head = find_head(conn, reply.story_id)?;
    // only moderators know of notices
    caller.may_on(&head.site, Operation::DecideNotice, Object { is_hidden: true, ..Object::default() })?;
    if reply.author_id == caller.account.id {
        return Err(Problem::new(Code::OwnReply));
    }
    let notice = notices::find(conn, id)?.filter(|notice| notice.state != NoticeState::Unconfirmed);
    Ok((notice.ok_or_else(unknown)?, reply, head))
}

/// Decide about the notices of a text
///
/// About all that are open of the text that this one is about. `removed` rejects the reply, with reason `illegal`, or
/// `other` where its basis is contractual, also where it is refused already, if its author did not take it back; `kept` leaves
/// it as it is. Notifiers are written to, and where
/// the reply is removed its author is, with the reasons. On the version of the reply that was looked at: if it moved
/// on, or somebody else has decided, nothing is overwritten and the answer says how it stands; as does one about a
/// text that is another by now, unless it names that `revision`.
#[utoipa::path(request_body = DecideNotice,
    tag = "moderation",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = NoticeDecisionView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/moderation/notices/{notice_id}/decision")]
pub async fn decide_notice(
    caller: Caller,
    state: State,
    id: web::Path<NoticeId>,
    once: Once,
    body: Body<DecideNotice>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    body.value.check()?;
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let operation = (Operation::DecideNotice, id.to_string());
        let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
            let (notice, reply, head) = find_to_decide(conn, &caller, *id)?;
            if notice.state != NoticeState::Open {
                return Err(conflict(conn, &caller, Code::StateConflict, &reply));
            }
            if reply.version != body.value.version {
                return Err(conflict(conn, &caller, Code::VersionConflict, &reply));
            }
            if body.value.is_about_another_text(&notice, &reply) {
                let told = format!(
                    "the text is another by now: to remove it, look at it and name revision {}",
                    reply.revision
                );
                return Err(conflict(conn, &caller, Code::VersionConflict, &reply).detail(told));
            }
            let decision = body.value.decision(state.random.id(now), &notice, caller.account.id, now);
            let about = (&head.site, &reply, About::of(&head, reply.id, &state.config));
            let actor = caller.actor(Some(head.site.id));
            noticing::decide(conn, about, &decision, actor, (&state.keys, &state.random, now))?;
            Ok::<_, Problem>(Created::at(format!("/api/v1/moderation/replies/{}/notices", reply.id), decision.id))
        })?;
        let unknown = || Problem::new(Code::NotFound);
        let decision = NoticeDecisionId(created.object_id.ok_or_else(unknown)?);
        let decision = notice_decisions::find(conn, decision)?.ok_or_else(unknown)?;
        // who lost the right learns nothing by asking again
        super::super::find_moderated(conn, &caller, decision.reply_id, Operation::DecideNotice)?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), NoticeDecisionView::from(decision)))
    };
    let (location, view) = db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}
