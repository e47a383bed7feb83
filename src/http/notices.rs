//! Notices of illegal content (Regulation (EU) 2022/2065, articles 16 and 17), by people with an account; what
//! notifiers and authors are told.

use actix_web::{HttpResponse, get, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::Caller,
    idempotent::{Created, Once},
    problem::{Code, Problem},
    stories::find_head,
    views::CurrentState,
};
use crate::{
    app::State,
    auth::{
        limits::{self, Subject},
        permission::{Object, Operation},
    },
    domain::{
        ids::*,
        notice::{NoticeGround, NoticeState},
        notice_reference::NoticeReference,
        timestamp::Timestamp,
        visible,
    },
    noticing::{self, Notifier, Refusal},
    store::{
        Conn, notice_decisions,
        notices::{self, Notice},
        replies::{self, Reply},
    },
};

mod guests;
pub mod page;
mod statistics;
mod view;

pub use view::{NoticeDecisionView, NoticeReceiptView, NoticeView};

use view::view;

pub(super) fn routes(config: &mut impl Routes) {
    config
        .service(create_notice)
        .service(guests::create_guest_notice)
        .service(guests::confirm_notice)
        .service(show_notice)
        .service(show_notice_decision)
        .service(statistics::show_notice_statistics);
}

/// A notice that a reply is illegal.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateNotice {
    /// Which kind of law it breaks.
    pub ground: NoticeGround,
    /// Which law, as far as it is known; needed for `other`.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub law: Option<String>,
    /// Why it is illegal.
    #[validate(length(min = 20, max = 5_000))]
    #[schema(min_length = 20, max_length = 5000)]
    pub explanation: String,
    /// The version of the reply that was read; if it has changed since, the notice is not taken. Absent: the present
    /// one.
    pub version: Option<i32>,
    /// That one believes in good faith that all of this is accurate and complete: `true`.
    pub is_in_good_faith: bool,
}

/// What a notice says, whoever gives it.
#[derive(Clone, Debug)]
struct Claim {
    ground: NoticeGround,
    law: Option<String>,
    explanation: String,
    version: Option<i32>,
}

impl Claim {
    /// What the shape alone does not tell.
    fn parse(form: &CreateNotice) -> Result<Self, Problem> {
        let CreateNotice { ground, law, explanation, version, is_in_good_faith } = form.clone();
        if !is_in_good_faith {
            return Err(Problem::field("/is_in_good_faith", "must be true"));
        }
        if ground == NoticeGround::Other && law.is_none() {
            return Err(Problem::field("/law", "say which law"));
        }
        for (pointer, text) in [("/law", law.as_deref().unwrap_or_default()), ("/explanation", &explanation)] {
            if text.chars().any(visible::is_forbidden_control) {
                return Err(Problem::field(pointer, "control characters are not allowed"));
            }
        }
        Ok(Self { ground, law, explanation, version })
    }

    /// The notice of a reply's present text that says this, before it is received.
    fn notice(&self, id: NoticeId, reply: &Reply, notifier: Vec<u8>, now: Timestamp) -> Notice {
        Notice {
            id,
            site_id: reply.site_id,
            reply_id: reply.id,
            revision: reply.revision,
            account_id: None,
            name: None,
            email: None,
            notifier: Some(notifier),
            ground: self.ground,
            law: self.law.clone(),
            explanation: self.explanation.clone(),
            state: NoticeState::Unconfirmed,
            reference: None,
            token_hash: None,
            created_at: now,
            received_at: None,
            decision_id: None,
            decided_at: None,
            erased_at: None,
        }
    }

    /// Refuses what is about another text than the one that is there, or about nothing that everybody sees.
    fn check(&self, reply: &Reply) -> Result<(), Problem> {
        if !reply.state.is_public() {
            return Err(Problem::new(Code::NotFound));
        }
        let (state, version) = (reply.state, reply.version);
        let current = CurrentState { state, version, last_action: None, last_actor_id: None, last_action_at: None };
        match self.version {
            Some(seen) if seen != version => Err(Problem::new(Code::VersionConflict).with("current", current)),
            _ => Ok(()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(Code::StateConflict).detail(match refusal {
            Refusal::ManyOfReply => "many notices about this reply are open, and it is looked at",
            Refusal::ManyOfPerson => "many of your notices are open",
        })
    }
}

/// Give notice that a reply is illegal
///
/// It waits for a moderator in a queue of its own, and is decided about with reasons. The same again answers the former
/// reference. What only breaks the site's rules is reported.
#[utoipa::path(request_body = CreateNotice,
    tag = "replies",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = NoticeReceiptView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/replies/{reply_id}/notices")]
pub async fn create_notice(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    once: Once,
    body: Body<CreateNotice>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let claim = Claim::parse(&body.value)?;
    let db = state.db.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::CreateNotice, now)?;
        let me = caller.account.id;
        let created = once.run(conn, me, (Operation::CreateNotice, &id.to_string()), body.hash, now, |conn| {
            let context = (&state.keys, &state.config.limits, &state.random);
            limits::count(conn, &[Subject::NoticeAccount(me)], context, now)??;
            let reply = replies::find_locked(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            claim.check(&reply)?;
            let head = find_head(conn, reply.story_id)?;
            caller.may_on(&head.site, Operation::CreateNotice, Object::default())?;
            let notifier = Notifier::Account(me).hash(&state.keys);
            let new = claim.notice(state.random.id(now), &reply, notifier, now);
            let at = |notice: &Notice| {
                let reference = notice.reference.as_deref().unwrap_or_default();
                Created::at(format!("/api/v1/notices/{reference}"), notice.id)
            };
            if let Some(former) = notices::find_former(conn, &new)? {
                return Ok(at(&former));
            }
            if let Some(refusal) = noticing::check_room(conn, &new)? {
                return Err(refusal.into());
            }
            let reference = noticing::new_reference(&state.random).as_str().to_owned();
            let (account_id, reference, received_at) = (Some(me), Some(reference), Some(now));
            let notice = Notice { account_id, reference, received_at, state: NoticeState::Open, ..new };
            notices::insert(conn, &notice)?;
            let actor = caller.actor(Some(reply.site_id));
            noticing::receive(conn, &notice, &reply, actor, (&state.random, now))?;
            Ok::<_, Problem>(at(&notice))
        })?;
        let id = NoticeId(created.object_id.ok_or_else(|| Problem::new(Code::NotFound))?);
        let notice = notices::find(conn, id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), notice))
    };
    let (location, notice) = db.write(write).await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(NoticeReceiptView {
        reference: notice.reference.unwrap_or_default(),
        received_at: notice.received_at.unwrap_or(notice.created_at),
    }))
}

/// Show a notice of one's own
///
/// Where it stands, and what was decided.
#[utoipa::path(tag = "replies", responses((status = 200, body = NoticeView)), security(("token" = [])))]
#[get("/api/v1/notices/{reference}")]
pub async fn show_notice(caller: Caller, state: State, reference: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ShowNotice, now)?.account.id;
        let unknown = || Problem::new(Code::NotFound);
        let reference = NoticeReference::parse(&reference).ok_or_else(unknown)?;
        let found = notices::find_by_reference(conn, reference.as_str())?;
        let notice = found.filter(|notice| notice.account_id == Some(me)).ok_or_else(unknown)?;
        view(conn, notice)
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

/// Show why a reply of one's own was removed after a notice
///
/// To its author: what the last such decision rests on, and what can be done against it. Not who gave notice.
#[utoipa::path(tag = "replies", responses((status = 200, body = NoticeDecisionView)), security(("token" = [])))]
#[get("/api/v1/replies/{reply_id}/notice-decision")]
pub async fn show_notice_decision(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let me = caller.permit(conn, Operation::ShowNoticeDecision, now)?.account.id;
        let unknown = || Problem::new(Code::NotFound);
        replies::find(conn, *id)?.filter(|reply| reply.author_id == me).ok_or_else(unknown)?;
        let decision = notice_decisions::find_last_removal(conn, *id)?.ok_or_else(unknown)?;
        Ok::<_, Problem>(NoticeDecisionView::from(decision))
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}
