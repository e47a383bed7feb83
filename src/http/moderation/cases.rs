//! Cases: all reports of a reply together, with who reported.

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{find_moderated, source::chosen_sites};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        case::{CaseState, ReportFate},
        ids::*,
        moderation::Reason,
        timestamp::Timestamp,
    },
    http::{
        body::Params,
        caller::Caller,
        page::{DEFAULT_LIMIT, Page, Paging},
        problem::Problem,
    },
    store::{
        Conn,
        cases::{self, ListedCase},
        reports::{self, CaseReport},
    },
};

/// Where a case stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseStanding {
    /// Some of its reports wait for a moderator.
    Open,
    /// The same, and a moderator looks at it.
    InReview,
    /// A moderator refused the reply.
    Upheld,
    /// A moderator left the reply as it is.
    Dismissed,
    /// The author took the reply back, or none of its reports was about the text that was there when it came.
    Moot,
}

/// All reports of a reply together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// The reply.
    pub reply_id: ReplyId,
    /// The key of its site.
    pub site: String,
    /// Where it stands.
    pub state: CaseStanding,
    /// What its open reports weigh together, in hundredths of one by somebody without a record.
    pub weight: i64,
    /// The same of those that came since a moderator dismissed the like, and open nothing by themselves.
    pub held_back_weight: i64,
    /// When it was opened, the last time.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Who closed it; null while it is open, and where no person did.
    pub closed_by: Option<AccountId>,
    /// How often it was opened again.
    pub reopened: i32,
    /// When a person dismissed it last.
    pub dismissed_at: Option<Timestamp>,
}

impl From<ListedCase> for CaseView {
    fn from(ListedCase { case, site_key, is_claimed }: ListedCase) -> Self {
        let state = match case.state {
            CaseState::Open if is_claimed => CaseStanding::InReview,
            CaseState::Open => CaseStanding::Open,
            CaseState::Upheld => CaseStanding::Upheld,
            CaseState::Dismissed => CaseStanding::Dismissed,
            CaseState::Moot => CaseStanding::Moot,
        };
        Self {
            reply_id: case.reply_id,
            site: site_key,
            state,
            weight: case.weight,
            held_back_weight: case.held_back,
            opened_at: case.opened_at,
            closed_at: case.closed_at,
            closed_by: case.closed_by,
            reopened: case.reopened,
            dismissed_at: case.dismissed_at,
        }
    }
}

/// A report with what is known of who reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CaseReportView {
    /// Its id.
    pub id: ReportId,
    /// Who reported.
    pub reporter: ReporterView,
    /// Why.
    pub reason: Reason,
    /// More words.
    pub text: Option<String>,
    /// The revision that was reported.
    pub revision: i32,
    /// When.
    pub created_at: Timestamp,
    /// When it was closed; null while it is open.
    pub closed_at: Option<Timestamp>,
    /// What the reporter's word counted then, in hundredths of that of somebody without a record.
    pub weight: i32,
    /// What came of it; null while it is open, and of what was closed before that was kept.
    pub outcome: Option<ReportFate>,
}

/// Who reported, with what came of their reports on the site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReporterView {
    /// The account.
    pub id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// Reports after which a moderator refused the reply.
    pub upheld: i64,
    /// Reports after which a moderator left it as it was.
    pub dismissed: i64,
}

impl From<CaseReport> for CaseReportView {
    fn from(row: CaseReport) -> Self {
        let CaseReport { report, username, upheld, dismissed } = row;
        Self {
            id: report.id,
            reporter: ReporterView { id: report.reporter_id, username, upheld, dismissed },
            reason: report.reason,
            text: report.note,
            revision: report.revision,
            created_at: report.created_at,
            closed_at: report.closed_at,
            weight: report.weight,
            outcome: report.outcome,
        }
    }
}

/// A case with its reports.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WholeCaseView {
    /// The case; null if nobody ever reported the reply.
    pub case: Option<CaseView>,
    /// The reports, the newest first.
    pub reports: Page<CaseReportView>,
}

/// Which cases, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCases {
    /// Where they stand; with `open` also those that somebody looks at.
    #[param(inline)]
    pub state: CaseState,
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List cases
///
/// Those opened longest ago first.
#[utoipa::path(
    tag = "moderation",
    params(ListCases),
    responses((status = 200, body = Page<CaseView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/cases")]
pub async fn list_cases(
    caller: Caller,
    state: State,
    Params(query): Params<ListCases>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListCases, now)?;
        let sites = chosen_sites(conn, &caller, query.site.as_deref(), Operation::ListCases)?;
        let scope = format!("cases/{}/{sites:?}", query.state);
        let after = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
        let rows = cases::list(conn, &sites, query.state, after, (now, i64::from(limit) + 1))?;
        let cursor = |last: &ListedCase| state.cursors.seal(&scope, (last.case.opened_at, last.case.reply_id));
        Ok::<_, Problem>(Page::of(rows, limit as usize, cursor, CaseView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}

/// Show the case of a reply
///
/// With all that readers reported, and which text they saw.
#[utoipa::path(
    tag = "moderation",
    params(Paging),
    responses((status = 200, body = WholeCaseView)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/replies/{reply_id}/case")]
pub async fn show_case(
    caller: Caller,
    state: State,
    id: web::Path<ReplyId>,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.sign_in(conn, now)?;
        let reply = find_moderated(conn, &caller, *id, Operation::ShowCase)?.id;
        let scope = format!("case/{reply}");
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = reports::list_of_case(conn, reply, before, paging.rows())?;
        let cursor = |last: &CaseReport| state.cursors.seal(&scope, (last.report.created_at, last.report.id));
        let reports = Page::of(rows, paging.limit(), cursor, CaseReportView::from);
        let case = cases::find_listed(conn, reply, now)?.map(CaseView::from);
        Ok::<_, Problem>(WholeCaseView { case, reports })
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}
