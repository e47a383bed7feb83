//! Notices in numbers, day by day.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        day::Day,
        notice::{NoticeGround, NoticeOutcome},
        notice_days::{Counted, Sums},
        timestamp::Timestamp,
    },
    http::{
        body::Params,
        caller::Caller,
        problem::{Code, Problem},
        sites::on_site,
    },
    store::{Conn, day_counts, notice_queue},
};

/// Days of one answer at most.
const DAYS_MAX: i32 = 366;

/// Which days.
#[derive(Clone, Copy, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeStatistics {
    /// The first, in UTC.
    #[param(inline)]
    pub from: Day,
    /// The last; 366 days at most together.
    #[param(inline)]
    pub to: Day,
}

/// Notices in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeStatisticsView {
    /// The first day.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// How many are open now.
    pub open: i64,
    /// Since when the oldest of them is; null if none is.
    pub oldest_open_at: Option<Timestamp>,
    /// Of all the days.
    pub total: NoticeNumbersView,
    /// Of each day on which there was something to count.
    pub days: Vec<NoticeDayView>,
}

/// Notices of a day in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeDayView {
    /// The day, in UTC.
    pub day: Day,
    /// The numbers.
    pub numbers: NoticeNumbersView,
}

/// Numbers of some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeNumbersView {
    /// Received.
    pub received: i64,
    /// By ground; those of which there were any.
    pub grounds: Vec<NoticeGroundView>,
    /// Received of people with an account.
    pub of_accounts: i64,
    /// Received of people without one.
    pub of_guests: i64,
    /// Given by people without an account and not confirmed in time, or said before.
    pub dropped: i64,
    /// Decided about.
    pub decided: i64,
    /// After which the reply was removed.
    pub removed: i64,
    /// After which it was kept.
    pub kept: i64,
    /// Decided with automated means.
    pub automated: i64,
    /// Their share of all decided, 0 to 1; null if none was.
    pub automated_share: Option<f64>,
    /// Seconds from receipt to decision that half of them took at most, to within a fifth; null if none was decided.
    pub median_secs: Option<u64>,
}

/// Notices for a ground.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct NoticeGroundView {
    /// The ground.
    pub ground: NoticeGround,
    /// How many were received.
    pub received: i64,
}

impl From<&Sums> for NoticeNumbersView {
    fn from(sums: &Sums) -> Self {
        let of_ground =
            |ground: &NoticeGround| NoticeGroundView { ground: *ground, received: sums.of(Counted::Received(*ground)) };
        let (decided, automated) = (sums.decided(), sums.of(Counted::Automated));
        Self {
            received: sums.received(),
            grounds: NoticeGround::ALL.iter().map(of_ground).filter(|view| view.received > 0).collect(),
            of_accounts: sums.of(Counted::OfAccount),
            of_guests: sums.of(Counted::OfGuest),
            dropped: sums.of(Counted::Dropped),
            decided,
            removed: sums.of(Counted::Decided(NoticeOutcome::Removed)),
            kept: sums.of(Counted::Decided(NoticeOutcome::Kept)),
            automated,
            automated_share: (decided > 0).then(|| automated as f64 / decided as f64),
            median_secs: sums.median(),
        }
    }
}

fn numbers(days: &BTreeMap<Day, Sums>) -> (NoticeNumbersView, Vec<NoticeDayView>) {
    let mut total = Sums::default();
    days.values().for_each(|sums| total.add_all(sums));
    let view = |(day, sums): (&Day, &Sums)| NoticeDayView { day: *day, numbers: sums.into() };
    ((&total).into(), days.iter().map(view).collect())
}

/// Show notices in numbers
#[utoipa::path(
    tag = "moderation",
    params(NoticeStatistics),
    responses((status = 200, body = NoticeStatisticsView)),
    security(("token" = []))
)]
#[get("/api/v1/sites/{site}/notices/statistics")]
pub async fn show_notice_statistics(
    caller: Caller,
    state: State,
    site: web::Path<String>,
    Params(NoticeStatistics { from, to }): Params<NoticeStatistics>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    if to < from || to.0 - from.0 >= DAYS_MAX {
        return Err(Problem::new(Code::InvalidQuery).detail("from, to: in this order, 366 days at most"));
    }
    let read = move |conn: &mut Conn<'_>| {
        let (_, site) = on_site(conn, &caller, &site, Operation::ShowNoticeStatistics, now)?;
        let (total, days) = numbers(&day_counts::list_noticed(conn, site.id, from, to)?);
        let (open, oldest_open_at) = notice_queue::count(conn, site.id)?;
        Ok::<_, Problem>(NoticeStatisticsView { from, to, open, oldest_open_at, total, days })
    };
    Ok(HttpResponse::Ok().json(state.db.read(read).await?))
}
