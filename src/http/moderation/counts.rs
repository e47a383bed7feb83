//! How much is in the queues.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::moderated_site;
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    http::{
        body::Params,
        caller::Caller,
        page::{DEFAULT_LIMIT, Page},
        problem::Problem,
    },
    store::sites::{self, SiteCounters},
};

/// Numbers of a site's queues, exact.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueCountsView {
    /// The site's key.
    pub site: String,
    /// Waiting.
    pub pending: i64,
    /// Public with open reports.
    pub reported: i64,
    /// Public and flagged by the rules.
    pub flagged: i64,
    /// Taken for spam.
    pub spam: i64,
    /// Public.
    pub approved: i64,
    /// Refused.
    pub rejected: i64,
    /// With their authors, to be changed.
    pub returned: i64,
    /// Refused, and their authors appeal.
    pub appeals: i64,
}

impl From<(String, SiteCounters)> for QueueCountsView {
    fn from((site, counters): (String, SiteCounters)) -> Self {
        Self {
            site,
            pending: counters.pending,
            reported: counters.reported,
            flagged: counters.flagged,
            spam: counters.spam,
            approved: counters.approved,
            rejected: counters.rejected,
            returned: counters.returned,
            appeals: counters.appeals,
        }
    }
}

/// Which sites' numbers.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CountQueues {
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Sites of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// Count the queues
///
/// By site, kept by the transactions that change them.
#[utoipa::path(
    tag = "moderation",
    params(CountQueues),
    responses((status = 200, body = Page<QueueCountsView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/counts")]
pub async fn count_queues(
    caller: Caller,
    state: State,
    Params(query): Params<CountQueues>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.permit(conn, Operation::CountQueues, now)?;
            let scope = format!("queue-counts/{}", caller.account.id);
            let after: Option<String> = state.cursors.open_optional(&scope, query.cursor.as_deref())?;
            let rows = match &query.site {
                Some(key) => {
                    let site = moderated_site(conn, &caller, key, Operation::CountQueues)?;
                    vec![(site.key, sites::counters(conn, site.id)?)]
                }
                None => {
                    caller.may_across(Operation::CountQueues, Object::default())?;
                    let moderated = (!caller.standing.is_admin).then(|| caller.standing.moderated_sites());
                    sites::list_counters(
                        conn,
                        moderated.as_deref(),
                        after.as_deref().unwrap_or_default(),
                        i64::from(limit) + 1,
                    )?
                }
            };
            let cursor = |(key, _): &(String, _)| state.cursors.seal(&scope, key);
            Ok::<_, Problem>(Page::of(rows, limit as usize, cursor, QueueCountsView::from))
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}
