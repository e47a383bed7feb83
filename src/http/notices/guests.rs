//! Notices by people without an account: given with an e-mail address, received once that is confirmed.

use actix_web::{HttpResponse, post, web};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{Claim, CreateNotice, NoticeView, view};
use crate::{
    app::State,
    auth::{
        codes::hash_of,
        limits::{self, Subject},
    },
    domain::{
        email::Email,
        ids::*,
        job::Lane,
        notice::{CONFIRMED_WITHIN, GuestNotices, NoticeGround, NoticeState},
        timestamp::Timestamp,
    },
    http::{
        body::Body,
        caller::Guest,
        problem::{Code, Problem},
        stories::find_head,
    },
    letters::About,
    mail,
    noticing::{self, Notifier, Refusal, letters},
    store::{
        Conn,
        decisions::Actor,
        notices::{self, Notice},
        replies,
    },
};

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;

/// A notice by somebody without an account.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateGuestNotice {
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
    /// Who gives notice; may be left out for `child_abuse` alone.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// Where the link to confirm it, the receipt and the decision are sent.
    #[validate(length(min = 1, max = 254))]
    #[schema(min_length = 1, max_length = 254, examples("bob@example.org"))]
    pub email: String,
}

impl CreateGuestNotice {
    fn parse(self) -> Result<(Claim, Option<String>, Email), Problem> {
        let Self { ground, law, explanation, version, is_in_good_faith, name, email } = self;
        let claim = Claim::parse(&CreateNotice { ground, law, explanation, version, is_in_good_faith })?;
        if name.is_none() && !ground.may_be_nameless() {
            return Err(Problem::field("/name", "is needed"));
        }
        if name.as_ref().is_some_and(|name| name.chars().any(char::is_control)) {
            return Err(Problem::field("/name", "control characters are not allowed"));
        }
        let email = Email::parse(&email).map_err(|error| Problem::field("/email", error))?;
        Ok((claim, name, email))
    }
}

/// That a notice waits to be confirmed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestNoticeView {
    /// Where it stands.
    pub state: NoticeState,
    /// Until when it can be confirmed.
    pub confirm_until: Timestamp,
}

/// Where a guest's link leads. The token stands behind the `#`, which browsers send to nobody.
fn link(state: &State, token: &str) -> String {
    format!("{}/notices/confirm#{token}", state.config.home())
}

/// Counts a try at giving notice, whatever comes of it.
async fn count_try(state: &State, guest: Guest, now: Timestamp) -> Result<(), Problem> {
    let (db, state) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let context = (&state.keys, &state.config.limits, &state.random);
        let subjects = [Subject::NoticeAddress(guest.address), Subject::NoticeNetwork(guest.address)];
        limits::count(conn, &subjects, context, now)??;
        Ok::<_, Problem>(())
    };
    db.write(write).await
}

/// Give notice without an account that a reply is illegal
///
/// It is received once a link that is sent to the address was followed, and forgotten after 24 hours otherwise, or after one where
/// very many come. The answer is the same whatever the address is; too many for one address are not written to.
#[utoipa::path(request_body = CreateGuestNotice, tag = "replies", responses((status = 202, body = GuestNoticeView)))]
#[post("/api/v1/replies/{reply_id}/guest-notices")]
pub async fn create_guest_notice(
    guest: Guest,
    state: State,
    id: web::Path<ReplyId>,
    body: Body<CreateGuestNotice>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (claim, name, email) = body.value.parse()?;
    count_try(&state, guest, now).await?;
    let token = BASE64.encode(state.random.bytes::<TOKEN_BYTES>());
    let (db, jobs) = (state.db.clone(), state.clone());
    let write = move |conn: &mut Conn<'_>| {
        let reply = replies::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        claim.check(&reply)?;
        let head = find_head(conn, reply.story_id)?;
        if state.judging.policies.notices(conn, &head.site)?.guests == GuestNotices::Off {
            return Err(Problem::new(Code::Forbidden).detail("the site takes notices by accounts alone"));
        }
        // by the minute, so that who makes up addresses shuts nobody out for long
        let context = (&state.keys, &state.config.limits, &state.random);
        limits::count(conn, &[Subject::NoticeLinks(head.site.id)], context, now)??;
        let notifier = Notifier::Guest(&email).hash(&state.keys);
        let plain = claim.notice(state.random.id(now), &reply, notifier, now);
        // from here on no answer tells one address from another
        match noticing::check_room(conn, &plain)? {
            Some(refusal @ Refusal::ManyOfReply) => return Err(refusal.into()),
            Some(Refusal::ManyOfPerson) => return Ok(()),
            None => {}
        }
        if limits::count(conn, &[Subject::NoticeEmail(&email.key())], context, now)?.is_err() {
            return Ok(());
        }
        noticing::make_room(conn, head.site.id, now)?;
        let (address, token_hash) = (Some(email.as_str().to_owned()), Some(hash_of(&token)));
        notices::insert(conn, &Notice { name: name.clone(), email: address, token_hash, ..plain })?;
        let about = About::of(&head, reply.id, &state.config);
        let mail = letters::confirmation(about, email.clone(), &link(&state, &token));
        Ok::<_, Problem>(mail::leave(conn, &[mail], (&state.keys, &state.random), now)?)
    };
    db.write(write).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    let confirm_until = now.plus(CONFIRMED_WITHIN);
    Ok(HttpResponse::Accepted().json(GuestNoticeView { state: NoticeState::Unconfirmed, confirm_until }))
}

/// A token out of a mailed link.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmNotice {
    /// What stands behind the `#`.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
}

/// Confirm a notice
///
/// Once: it is received then, and a receipt is sent. Afterwards the same link shows where it stands and what was
/// decided. What the same person said of the same text before is answered in its place.
#[utoipa::path(request_body = ConfirmNotice, tag = "replies", responses((status = 200, body = NoticeView)))]
#[post("/api/v1/notices/confirmations")]
pub async fn confirm_notice(_guest: Guest, state: State, body: Body<ConfirmNotice>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let token = body.value.token;
    let token_hash = hash_of(&token);
    // looked at first, so that guesses write nothing
    let known = {
        let token_hash = token_hash.clone();
        let read = move |conn: &mut Conn<'_>| {
            let notice = notices::find_by_token(conn, &token_hash)?.ok_or_else(|| Problem::new(Code::NotFound))?;
            let is_waiting = notice.state == NoticeState::Unconfirmed;
            if is_waiting { Ok(None) } else { view(conn, notice).map(Some) }
        };
        state.db.read(read).await?
    };
    if let Some(view) = known {
        return Ok(HttpResponse::Ok().json(view));
    }
    let (db, jobs) = (state.db.clone(), state.clone());
    let view = db.write(move |conn| confirm(conn, &state, (&token, &token_hash), now)).await?;
    jobs.jobs.of(Lane::Mail).notify_one();
    Ok(HttpResponse::Ok().json(view))
}

fn confirm(
    conn: &mut Conn<'_>,
    state: &State,
    (token, token_hash): (&str, &[u8]),
    now: Timestamp,
) -> Result<NoticeView, Problem> {
    let unknown = || Problem::new(Code::NotFound);
    let seen = notices::find_by_token(conn, token_hash)?.ok_or_else(unknown)?;
    let reply = replies::find_locked(conn, seen.reply_id)?.ok_or_else(unknown)?;
    // another request with the same link may have been first
    let notice = notices::find_by_token(conn, token_hash)?.ok_or_else(unknown)?;
    if notice.state != NoticeState::Unconfirmed {
        return view(conn, notice);
    }
    if notice.created_at.plus(CONFIRMED_WITHIN) <= now {
        return Err(unknown());
    }
    if let Some(former) = notices::find_former(conn, &notice)? {
        return view(conn, former);
    }
    // others may have come since it was asked whether there is room
    if let Some(refusal @ Refusal::ManyOfReply) = noticing::check_room(conn, &notice)? {
        return Err(refusal.into());
    }
    let reference = noticing::new_reference(&state.random).as_str().to_owned();
    notices::confirm(conn, notice.id, &reference, now)?;
    let received =
        Notice { state: NoticeState::Open, reference: Some(reference.clone()), received_at: Some(now), ..notice };
    noticing::receive(conn, &received, &reply, Actor::SYSTEM, (&state.random, now))?;
    if let Some(email) = received.email.clone().map(Email::from_store) {
        let head = find_head(conn, reply.story_id)?;
        let about = About::of(&head, reply.id, &state.config);
        let receipt = letters::receipt(about, email, &reference, &link(state, token));
        mail::leave(conn, &[receipt], (&state.keys, &state.random), now)?;
    }
    view(conn, received)
}
