//! One text against a draft.

use std::sync::Arc;

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use super::made_ready;
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        ids::*,
        reply_body::ReplyBody,
        rules::{Outcome, policy::Policy},
    },
    http::{
        body::{Body, HUGE},
        caller::Caller,
        findings::{FindingView, NotRunView},
        off_thread::off_thread,
        problem::Problem,
        replies::max_chars,
        sites::on_site,
    },
    store::{
        Conn,
        histories::{self, KnownAuthor},
    },
};

/// A text and what it is to be judged by.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestPolicy {
    /// The policy; absent or null: the site's own.
    pub policy: Option<Policy>,
    /// The text in Markdown.
    #[schema(min_length = 1, max_length = 60000)]
    pub body: String,
    /// As if this account had written it; absent or null: somebody new.
    pub author_id: Option<AccountId>,
}

/// The text is checked as a reply's, the policy where it is made ready.
impl Validate for TestPolicy {
    fn validate(&self) -> Result<(), ValidationErrors> {
        Ok(())
    }
}

/// What the rules say of a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PolicyTestView {
    /// What follows from all of them together.
    pub outcome: Outcome,
    /// What each rule said, but for those that count what is there when a reply is stored: pace and repeats.
    pub findings: Vec<FindingView>,
    /// Rules that could not run.
    pub not_run: Vec<NotRunView>,
    /// Microseconds that they took together.
    pub micros: u64,
}

/// Try a policy on a text
///
/// At once; nothing is stored.
#[utoipa::path(request_body = TestPolicy,
    tag = "policies",
    responses((status = 200, body = PolicyTestView)),
    security(("token" = []))
)]
#[post("/api/v1/sites/{site}/policy/test")]
pub async fn test_policy(
    caller: Caller,
    state: State,
    site: web::Path<String>,
    body: Body<TestPolicy, HUGE>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let TestPolicy { policy, body, author_id } = body.value;
    let (judging, has_draft) = (state.judging.clone(), policy.is_some());
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &site, Operation::TestPolicy, now)?;
        let author = match author_id {
            Some(id) => {
                histories::find(conn, id, site.id, now)?.ok_or_else(|| Problem::field("/author_id", "nobody"))?
            }
            None => KnownAuthor::newcomer(now),
        };
        Ok::<_, Problem>((judging.read_alone(conn, site, has_draft, now)?, author))
    };
    let (alone, author) = state.db.read(read).await?;
    let draft = match policy {
        Some(policy) => Some(made_ready(&state, policy).await.map_err(|problem| problem.below("/policy"))?.1),
        None => None,
    };
    let max_chars = max_chars(&state.config.limits);
    let view = off_thread(move || {
        let text = ReplyBody::parse(body, max_chars).and_then(ReplyBody::render_to_judge);
        let (body, text) = text.map_err(|error| Problem::field("/body", error))?;
        let verdict = state.judging.bench(alone, draft.map(Arc::new)).judge(&text, &author, now);
        Ok(PolicyTestView {
            outcome: verdict.outcome(),
            findings: verdict.findings.into_iter().map(|found| FindingView::of(found, Some(&body.source))).collect(),
            not_run: verdict.not_run.into_iter().map(NotRunView::from).collect(),
            micros: verdict.micros,
        })
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}
