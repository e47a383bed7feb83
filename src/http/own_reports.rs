//! What a reader reported, and what came of it.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Routes,
    body::Params,
    caller::Caller,
    page::{Page, Paging},
    problem::Problem,
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{case::ReportFate, ids::*, moderation::Reason, timestamp::Timestamp},
    store::{
        Conn,
        reports::{self, Report},
    },
};

pub(super) fn routes(config: &mut impl Routes) {
    config.service(list_own_reports);
}

/// What a reporter is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportStanding {
    /// It waits for a moderator.
    Open,
    /// A moderator refused the reply.
    Upheld,
    /// A moderator left the reply as it is.
    Dismissed,
    /// There was nothing to decide about any more: the author took the reply back or changed it before the report came, or
    /// one reported another text of it.
    Moot,
    /// It was closed before it was kept what came of reports.
    Closed,
}

/// A report of one's own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnReportView {
    /// Its id.
    pub id: ReportId,
    /// The reply.
    pub reply_id: ReplyId,
    /// Why.
    pub reason: Reason,
    /// More words.
    pub text: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// What came of it.
    pub state: ReportStanding,
}

impl From<Report> for OwnReportView {
    fn from(report: Report) -> Self {
        let state = match (report.outcome, report.closed_at) {
            (None, None) => ReportStanding::Open,
            (None, Some(_)) => ReportStanding::Closed,
            (Some(ReportFate::Upheld), _) => ReportStanding::Upheld,
            // that it was held back is nothing but another moderator's decision on the like of it
            (Some(ReportFate::Dismissed | ReportFate::HeldBack), _) => ReportStanding::Dismissed,
            (Some(ReportFate::Moot), _) => ReportStanding::Moot,
        };
        let Report { id, reply_id, reason, note: text, created_at, .. } = report;
        Self { id, reply_id, reason, text, created_at, state }
    }
}

/// List one's own reports
///
/// The newest first, with what came of them.
#[utoipa::path(
    tag = "accounts",
    params(Paging),
    responses((status = 200, body = Page<OwnReportView>)),
    security(("token" = []))
)]
#[get("/api/v1/me/reports")]
pub async fn list_own_reports(
    caller: Caller,
    state: State,
    Params(paging): Params<Paging>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let db = state.db.clone();
    let read = move |conn: &mut Conn<'_>| {
        let caller = caller.permit(conn, Operation::ListOwnReports, now)?;
        let me = caller.account.id;
        let scope = format!("reports/{me}");
        let before = state.cursors.open_optional(&scope, paging.cursor.as_deref())?;
        let rows = reports::list_by(conn, me, before, paging.rows())?;
        let cursor = |last: &Report| state.cursors.seal(&scope, (last.created_at, last.id));
        Ok::<_, Problem>(Page::of(rows, paging.limit(), cursor, OwnReportView::from))
    };
    Ok(HttpResponse::Ok().json(db.read(read).await?))
}
