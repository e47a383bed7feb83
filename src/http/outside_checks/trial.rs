//! Asking at once, to see whether it works.

use actix_web::{HttpResponse, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::State,
    auth::permission::Operation,
    clock::Random,
    domain::{ids::*, reply_body::ReplyBody, reply_path::ReplyPath, reply_state::ReplyState, timestamp::Timestamp},
    http::{
        caller::{Caller, SignedIn},
        findings::FindingView,
        problem::{Code, Problem},
        sites::on_site,
    },
    judging::outside::asker::{About, AskError, Asker},
    store::{
        Conn,
        moderation::{QueuedAuthor, QueuedReply, QueuedStory},
        outside_checks,
        sites::Site,
    },
};

/// What is asked about.
const SAMPLE: &str = "A question to see whether it is answered; there is no such reply.";

/// What was answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutsideTestView {
    /// The answer; null if there was none.
    pub finding: Option<FindingView>,
    /// Why there was none.
    pub error: Option<String>,
}

/// Try who is asked about a site's replies
///
/// With a reply that does not exist, by the caller, under a story that does not exist; nothing is stored.
#[utoipa::path(tag = "policies", responses((status = 200, body = OutsideTestView)), security(("token" = [])))]
#[post("/api/v1/sites/{site}/outside-check/test")]
pub async fn test_outside_check(caller: Caller, state: State, key: web::Path<String>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let (caller, site) = on_site(conn, &caller, &key, Operation::TestOutsideCheck, now)?;
        let check = outside_checks::find(conn, site.id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok::<_, Problem>((caller, site, check))
    };
    let (caller, site, check) = state.db.read(read).await?;
    let row = sample(&site, &caller, &state.random, now)?;
    let about = About { row: &row, story_url: None, now };
    let answer = async {
        let asker = Asker::of(&check, &state.keys, state.outside.guard())?;
        Ok::<_, AskError>(asker.ask(&state.outside, state.random.id(now), &about).await?)
    };
    let view = match answer.await {
        Ok(answer) => OutsideTestView { finding: Some(FindingView::of(answer.into_finding(), None)), error: None },
        Err(error) => OutsideTestView { finding: None, error: Some(error.to_string()) },
    };
    Ok(HttpResponse::Ok().json(view))
}

fn sample(site: &Site, caller: &SignedIn, random: &Random, now: Timestamp) -> Result<QueuedReply, Problem> {
    let body = ReplyBody::parse(SAMPLE.to_owned(), SAMPLE.len()).and_then(ReplyBody::render);
    let body = body.map_err(|cause| Problem::new(Code::Internal).caused_by(cause))?;
    let (id, account): (ReplyId, _) = (random.id(now), &caller.account);
    Ok(QueuedReply {
        id,
        site_id: site.id,
        site_key: site.key.clone(),
        story: QueuedStory {
            id: random.id(now),
            external_id: "test".to_owned(),
            headline: "A test".to_owned(),
            commentary_label: None,
        },
        root_id: id,
        parent_id: None,
        in_reply_to: None,
        answered_revision: None,
        depth: 0,
        path: ReplyPath::top(1),
        state: ReplyState::Pending,
        body,
        revision: 1,
        version: 1,
        created_at: now,
        edited_at: None,
        is_edited_by_staff: false,
        visible_below: 0,
        recommendations: 0,
        open_reports: 0,
        flagged_at: None,
        notes: 0,
        author: QueuedAuthor {
            notes: 0,
            id: account.id,
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            created_at: account.created_at,
            pending: 0,
            approved: 0,
            rejected: 0,
            spam: 0,
            withdrawn: 0,
            returned: 0,
        },
    })
}
