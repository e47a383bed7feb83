//! Posting a reply.

use std::net::IpAddr;

use actix_web::{HttpResponse, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{PostedReplyView, posted_view, rendered};
use crate::{
    app::State,
    auth::{
        form, limits,
        permission::{Object, Operation},
        standing::Standing,
        work::{Errand, Shown, Works},
    },
    config::Limits,
    domain::{
        ids::*,
        job::Lane,
        moderation::Action,
        reply_body::RenderedBody,
        rules,
        sanction::{DAY, SanctionKind},
        timestamp::Timestamp,
    },
    http::{
        body::{Body, LARGE},
        caller::{Caller, SignedIn},
        idempotent::{Created, Once},
        problem::{Code, Problem},
        stories::find_head,
        work::{self, Solution},
    },
    judging::{About, Attempt, NotStored, Writer, outside::Asking},
    store::{
        Conn,
        histories::Paced,
        replies::{self, NewReply, Reply},
        stories::StoryHead,
        transitions::{self, Entry},
    },
};

/// A new reply.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReply {
    /// The reply that it answers; absent or null: the commentary.
    pub parent_id: Option<ReplyId>,
    /// The text in Markdown, 10,000 characters at most where the service is not configured otherwise.
    #[schema(min_length = 1, max_length = 60000)]
    pub body: String,
    /// What the form tells in which it was written, where it was one: a reply that a program seems to have filled in waits for a
    /// moderator.
    #[validate(nested)]
    pub form: Option<FilledForm>,
}

/// A form as it was filled in.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FilledForm {
    /// The `form_token` that the form was opened with.
    #[validate(length(max = 64))]
    #[schema(max_length = 64)]
    pub token: String,
    /// What stands in a field that people do not see: empty, unless a program filled it in.
    #[validate(length(max = 1_000))]
    #[schema(max_length = 1000)]
    pub trap: String,
}

/// Post a reply
///
/// Public at once or after a moderator approved it, as `state` tells. While many newcomers post on the site, theirs take a
/// solved challenge.
#[utoipa::path(request_body = CreateReply,
    tag = "replies",
    params(("Idempotency-Key" = Option<String>, Header), ("Altcha" = Option<String>, Header)),
    responses((status = 201, body = PostedReplyView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/stories/{story_id}/replies")]
pub async fn create_reply(
    caller: Caller,
    state: State,
    id: web::Path<StoryId>,
    once: Once,
    solution: Solution,
    body: Body<CreateReply, LARGE>,
) -> Result<HttpResponse, Problem> {
    let shown = solution.look_at(&state, state.clock.now()).await?;
    let asked = Asked { story: *id, reply: body.value, hash: body.hash, shown };
    let (location, view) = post(state, caller, once, asked).await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}

/// A reply that somebody asks to have posted.
pub(in crate::http) struct Asked {
    pub story: StoryId,
    pub reply: CreateReply,
    /// Of all that was sent, to tell a repeated request from another one.
    pub hash: [u8; 32],
    pub shown: Shown,
}

/// Posts it: where it is, and what became of it.
pub(in crate::http) async fn post(
    state: State,
    caller: Caller,
    once: Once,
    Asked { story, reply: asked, hash, shown }: Asked,
) -> Result<(String, PostedReplyView), Problem> {
    let now = state.clock.now();
    let (text, to_judge) = rendered(asked.body.clone(), &state.config.limits).await?;
    let author = caller.account_id(&state.db, now).await?;
    let about = About::New { story, author };
    let (judging, db, runners) = (state.judging.clone(), state.db.clone(), state.clone());
    let (location, view, asks) = judging
        .store(&db, &to_judge, about, move |conn, attempt| {
            let posting = Posting {
                story,
                parent: asked.parent_id,
                text: &text,
                attempt,
                address: caller.reader_address(),
                shown: &shown,
                form: asked.form.as_ref(),
            };
            let caller = caller.permit(conn, Operation::CreateReply, now)?;
            if caller.account.id != author {
                // for whom the key acts has become another since
                return Err(Problem::lost_race().into());
            }
            let operation = (Operation::CreateReply, story.to_string());
            let mut posted = None;
            let created = once.run(conn, caller.account.id, (operation.0, &operation.1), hash, now, |conn| {
                let (reply, _) = posted.insert(posting.post(conn, &caller, &state, now)?);
                Ok::<_, NotStored<Problem>>(Created::at(format!("/api/v1/replies/{}", reply.id), reply.id))
            })?;
            let (reply, head) = match posted {
                Some(posted) => posted,
                None => find_posted(conn, &caller, created.object_id)?,
            };
            let view = posted_view(conn, reply, &head, &caller, now);
            Ok::<_, NotStored<Problem>>((created.location.unwrap_or_default(), view, head.site.asks_outside))
        })
        .await?;
    if asks {
        runners.jobs.of(Lane::Outside).notify_one();
    }
    Ok((location, view))
}

/// A reply about to be stored.
struct Posting<'a> {
    story: StoryId,
    parent: Option<ReplyId>,
    text: &'a RenderedBody,
    attempt: &'a Attempt,
    /// The author's own.
    address: Option<IpAddr>,
    shown: &'a Shown,
    form: Option<&'a FilledForm>,
}

impl Posting<'_> {
    fn post(
        &self,
        conn: &mut Conn<'_>,
        caller: &SignedIn,
        state: &State,
        now: Timestamp,
    ) -> Result<(Reply, StoryHead), NotStored<Problem>> {
        let me = caller.account.id;
        let (head, parent) = self.find_place(conn, caller, &state.config.limits, now)?;
        let site = head.site.id;
        // who comes through the blog's own server has shown there that he may
        let is_trusted = caller.standing.is_staff(site)
            || caller.standing.by_key.is_some()
            || Works::trusts(self.attempt.approved_before(), caller.account.proven_at, now);
        if !is_trusted {
            work::check(conn, state, self.shown, Errand::Post(site), Some(&head.site.key))?;
        }
        let counted = self.address.filter(|_| self.attempt.counts_addresses());
        let hash = counted.map(|address| limits::daily_address(&state.keys, site, address, now));
        let address = hash.as_ref().map(<[u8; 32]>::as_slice);
        let is_author_held =
            state.config.limits.replies_per_minute.is_some() || caller.standing.is_held_on(site, SanctionKind::Slow);
        self.attempt.hold_counted(conn, Paced { site, author: me, story: self.story, address }, is_author_held)?;
        let sign = |form: &FilledForm| form::look_at(&state.keys, site, &form.token, &form.trap, now);
        let found = self.form.and_then(sign).map(rules::form::judge);
        let writer = Writer {
            found: found.as_ref(),
            is_premoderated: caller.standing.is_held_on(site, SanctionKind::Premoderate),
            is_unproven: caller.standing.waits_unproven(&head.site),
            ..Writer::of_new(me, caller.standing.is_staff(site), address, now)
        };
        let mut judged = self.attempt.settle(conn, &head, writer, now)?;
        let asking = Asking::begin(&mut judged, &head.site);
        if let Some(address) = address {
            limits::count_reply(conn, address, &state.random, now)?;
        }
        let new = NewReply {
            id: state.random.id(now),
            site_id: site,
            story_id: self.story,
            author_id: me,
            parent: parent.as_ref(),
            fate: judged.fate,
            text: self.text,
            created_at: now,
        };
        let actor = caller.actor(Some(site));
        let entry = Entry { judged: Some(judged), ..Entry::new(state.random.id(now), actor, Action::Post, now) };
        let reply = transitions::post(conn, new, Some(&head.story), &entry)?;
        self.attempt.remember(&reply, now);
        if let Some(asking) = asking {
            asking.store(conn, &reply, now)?;
        }
        Ok((reply, head))
    }

    /// The story and the reply answered, if the caller may reply there now.
    fn find_place(
        &self,
        conn: &mut Conn<'_>,
        caller: &SignedIn,
        limits: &Limits,
        now: Timestamp,
    ) -> Result<(StoryHead, Option<Reply>), Problem> {
        let head = find_head(conn, self.story)?;
        caller.may_on(&head.site, Operation::CreateReply, Object::default())?;
        if head.closing().is_closed(now) {
            return Err(Problem::new(Code::StoryClosed));
        }
        limits::check_pace(conn, caller.account.id, limits, now)?
            .map_err(|too_many| Problem::new(Code::TooManyReplies).retry_after(too_many.retry_after))?;
        check_slow(conn, &caller.standing, head.site.id, now)?;
        let Some(id) = self.parent else { return Ok((head, None)) };
        let parent = replies::find(conn, id)?.filter(|parent| parent.story_id == self.story);
        let parent =
            parent.filter(|parent| parent.state.is_public()).ok_or_else(|| Problem::new(Code::ParentNotPublic))?;
        Ok((head, Some(parent)))
    }
}

/// Refuses who is slowed and has posted enough for today, on the site or everywhere, as the sanction says.
fn check_slow(conn: &mut Conn<'_>, standing: &Standing, site: SiteId, now: Timestamp) -> Result<(), Problem> {
    let me = standing.account_id;
    for (place, held) in standing.held_on(site, SanctionKind::Slow) {
        limits::hold_author(conn, me)?;
        let Some(per_day) = held.per_day else { continue };
        if let Some(oldest) = replies::nth_latest_of_author(conn, (me, place), per_day.into(), now.minus(DAY))? {
            let detail = format!("a sanction lets you post {per_day} in 24 hours");
            return Err(Problem::new(Code::TooManyReplies).detail(detail).retry_after(oldest.plus(DAY).since(now)));
        }
    }
    Ok(())
}

/// What an earlier request of the same key posted, as it is now.
fn find_posted(conn: &mut Conn<'_>, caller: &SignedIn, id: Option<uuid::Uuid>) -> Result<(Reply, StoryHead), Problem> {
    let reply = id.map(|id| replies::find(conn, ReplyId(id))).transpose()?.flatten();
    let reply = reply.ok_or_else(|| Problem::new(Code::NotFound))?;
    let head = find_head(conn, reply.story_id)?;
    // asked also of who repeats a request: a right may have been lost meanwhile, and another website may ask
    caller.may_on(&head.site, Operation::CreateReply, Object::default())?;
    Ok((reply, head))
}
