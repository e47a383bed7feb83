//! What the author of a refused reply is told, and the appeal.

use actix_web::{HttpResponse, get, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    Routes,
    body::Body,
    caller::Caller,
    findings::{SpanView, in_characters},
    idempotent::{Created, Once},
    problem::{Code, Problem},
    replies::{conflict, find_for, object},
    stories::find_head,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        fairness::{AppealState, Ground},
        ids::*,
        moderation::Action,
        rules::{RuleName, Verdict},
        timestamp::Timestamp,
        visible,
    },
    store::{
        Conn,
        appeals::{self, Appeal},
        replies::{self, Reply},
        returns, revisions,
        statements::{self, Statement},
        transitions::{self, Entry},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(show_statement).service(create_appeal);
}

/// Places of a rule that a statement shows.
const SPANS_SHOWN: usize = 20;

/// Why a reply was refused.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatementView {
    /// The reply.
    pub reply_id: ReplyId,
    /// Whether it is refused by now; the statement stays when that is overturned or the author takes the reply back.
    pub is_in_force: bool,
    /// What the refusal rests on.
    pub ground: Ground,
    /// The rules that asked for it, where the ground is `rules`.
    pub rules: Vec<RuleGroundView>,
    /// What the site says to authors of what is refused on this ground, as it was then.
    pub words: Option<String>,
    /// What the moderator wrote to the author.
    pub message: Option<String>,
    /// Whether no person decided so at that moment.
    pub is_automated: bool,
    /// Which text of the reply was refused, from 1.
    pub revision: i32,
    /// When.
    pub refused_at: Timestamp,
    /// How to appeal: a `POST` of a text to this address, by the author; null where that is not possible any more.
    pub appeal_at: Option<String>,
    /// Until when.
    pub appeal_until: Timestamp,
    /// The appeal against this refusal, if there is one.
    pub appeal: Option<OwnAppealView>,
}

/// A rule that a text was refused for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RuleGroundView {
    /// Which.
    pub rule: RuleName,
    /// The parts of the text that it rests on, in order; 20 at most.
    pub spans: Vec<SpanView>,
}

/// An appeal as its author sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnAppealView {
    /// Its id.
    pub id: AppealId,
    /// Where it stands.
    pub state: AppealState,
    /// What the author said.
    pub text: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was decided; null while it waits.
    pub closed_at: Option<Timestamp>,
    /// Why it was decided so.
    pub reasons: Option<String>,
}

impl From<Appeal> for OwnAppealView {
    fn from(appeal: Appeal) -> Self {
        let Appeal { id, state, text, created_at, closed_at, reasons, .. } = appeal;
        Self { id, state, text, created_at, closed_at, reasons }
    }
}

impl StatementView {
    fn of(statement: Statement, reply: &Reply, source: Option<&str>, appeal: Option<Appeal>, now: Timestamp) -> Self {
        let ground = statement.ground();
        let verdict = Verdict { findings: statement.findings().found, ..Verdict::default() };
        let rules = verdict.deciding().map(|finding| {
            let mut spans = source.map(|source| in_characters(source, &finding.spans)).unwrap_or_default();
            spans.truncate(SPANS_SHOWN);
            RuleGroundView { rule: finding.rule, spans }
        });
        let may_appeal = may_appeal(reply, &statement, appeal.as_ref(), now).is_ok();
        Self {
            reply_id: reply.id,
            is_in_force: reply.state.is_refused(),
            ground,
            rules: rules.collect(),
            is_automated: ground.is_automated(),
            revision: statement.revision,
            refused_at: statement.at,
            appeal_at: may_appeal.then(|| format!("/api/v1/replies/{}/appeal", reply.id)),
            appeal_until: statement.appeal_until,
            appeal: appeal.map(OwnAppealView::from),
            words: statement.words,
            message: statement.message,
        }
    }
}

/// Whether there can be an appeal, or why not.
fn may_appeal(reply: &Reply, statement: &Statement, last: Option<&Appeal>, now: Timestamp) -> Result<(), &'static str> {
    match last {
        _ if !reply.state.is_refused() => Err("it is not refused"),
        Some(last) if last.state != AppealState::Moot => Err("there was an appeal; one of a refusal is decided"),
        _ if now >= statement.appeal_until => Err("the time to appeal is over"),
        _ => Ok(()),
    }
}

/// Show why a reply was refused
///
/// To its author, also where he is suspended on the site, and to moderators: on what ground, in the site's words, by a person
/// or not, about which text, and how to appeal. 404 where it was never refused.
#[utoipa::path(tag = "replies", responses((status = 200, body = StatementView)), security(("token" = [])))]
#[get("/api/v1/replies/{reply_id}/statement")]
pub async fn show_statement(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let reply = replies::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let head = find_head(conn, reply.story_id)?;
        caller.may_on(&head.site, Operation::ShowStatement, object(&reply))?;
        let statement = statements::find_last(conn, reply.id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        view(conn, &reply, statement, now)
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}

fn view(conn: &mut Conn<'_>, reply: &Reply, statement: Statement, now: Timestamp) -> Result<StatementView, Problem> {
    let source = match statement.revision == reply.revision {
        true => Some(reply.body.source.clone()),
        false => revisions::find_text(conn, reply.id, statement.revision)?,
    };
    let appeal = find_appeal(conn, &statement)?;
    Ok(StatementView::of(statement, reply, source.as_deref(), appeal, now))
}

/// The last appeal against a refusal; those against former ones do not count.
fn find_appeal(conn: &mut Conn<'_>, statement: &Statement) -> Result<Option<Appeal>, Problem> {
    let last = appeals::find_last(conn, statement.reply_id)?;
    Ok(last.filter(|last| last.refused_version == statement.reply_version))
}

/// An appeal.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAppeal {
    /// Why the refusal is wrong.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// Appeal against a refusal
///
/// Its author, also where he is suspended on the site: once a refusal, as long as the reply is refused and the time is not over,
/// which the statement tells. Another moderator than those who refused it decides, if there is one.
#[utoipa::path(request_body = CreateAppeal,
    tag = "replies",
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = StatementView, headers(("Location" = String)))),
    security(("token" = []))
)]
#[post("/api/v1/replies/{reply_id}/appeal")]
pub async fn create_appeal(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    once: Once,
    body: Body<CreateAppeal>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let text = body.value.text;
    if text.trim().is_empty() {
        return Err(Problem::field("/text", "say why"));
    }
    if text.chars().any(visible::is_forbidden_control) {
        return Err(Problem::field("/text", "control characters are not allowed"));
    }
    let random = state.random.clone();
    let write = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let operation = (Operation::CreateAppeal, id.to_string());
        let created = once.run(conn, caller.account.id, (operation.0, &operation.1), body.hash, now, |conn| {
            let (reply, head) = find_for(conn, &caller, *id, Operation::CreateAppeal)?;
            let refuse =
                |conn: &mut Conn<'_>, why| Err(conflict(conn, &caller, Code::StateConflict, &reply).detail(why));
            let Some(statement) = statements::find_last(conn, reply.id)? else {
                return refuse(conn, "it is not refused");
            };
            let last = find_appeal(conn, &statement)?;
            if let Err(why) = may_appeal(&reply, &statement, last.as_ref(), now) {
                return refuse(conn, why);
            }
            let appeal = Appeal {
                id: random.id(now),
                reply_id: reply.id,
                site_id: reply.site_id,
                author_id: reply.author_id,
                refused_version: statement.reply_version,
                refused_by: find_first(conn, &reply, &statement)?,
                text: text.clone(),
                state: AppealState::Open,
                created_at: now,
                closed_at: None,
                closed_by: None,
                reasons: None,
            };
            let details = Some(serde_json::json!({"appeal": appeal.id}).to_string());
            let actor = caller.actor(Some(head.site.id));
            let entry = Entry { details, ..Entry::new(random.id(now), actor, Action::Appeal, now) };
            transitions::appeal(conn, &reply, &appeal, &entry)?;
            Ok::<_, Problem>(Created::at(format!("/api/v1/replies/{id}/statement"), appeal.id))
        })?;
        let reply = replies::find(conn, *id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        let statement = statements::find_last(conn, reply.id)?.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok::<_, Problem>((created.location.unwrap_or_default(), view(conn, &reply, statement, now)?))
    };
    let (location, view) = state.db.write(write).await?;
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(view))
}

/// The person who decided first: who refused the reply, or who returned what was not changed in time.
fn find_first(conn: &mut Conn<'_>, reply: &Reply, statement: &Statement) -> Result<Option<AccountId>, Problem> {
    if statement.ground() == Ground::Lapsed {
        return Ok(returns::find(conn, reply.id)?.map(|returned| returned.returned_by));
    }
    Ok(statement.refused_by())
}
