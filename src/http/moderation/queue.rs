//! Queues, and one reply as it stands in them.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    appeals::AppealView,
    find_moderated,
    item::{self, QueueItemView, Surroundings},
    source::{LOOKED_AT, Source},
};
use crate::{
    app::State,
    auth::permission::Operation,
    domain::{
        fairness::AppealState, ids::*, queue_event::WorkQueue, queue_filter::QueueName, reply_state::ReplyState,
        timestamp::Timestamp,
    },
    http::{
        body::Params,
        caller::Caller,
        page::{DEFAULT_LIMIT, PAGE_MAX_BYTES, Page, Texts, fitting},
        problem::{Code, Problem},
    },
    store::{
        Conn,
        appeals::{self, Appeal},
        decisions,
        moderation::{self, ListedQueue, QueueKind, QueuePlace, QueuedReply},
        queue_items::{self, QueueItem},
        queue_sift::{Sifted, sift},
        queue_walk::Order,
        reports,
        returns::{self, Return},
        verdicts::{self, StoredVerdict},
    },
};

impl From<QueueName> for QueueKind {
    fn from(name: QueueName) -> Self {
        match name.kind() {
            Ok(WorkQueue::Pending) => Self::State(ReplyState::Pending),
            Ok(WorkQueue::Reported) => Self::Reported,
            Ok(WorkQueue::Flagged) => Self::Flagged,
            Ok(WorkQueue::Appeals) => Self::Appealed,
            Err(state) => Self::State(state),
        }
    }
}

/// By what a queue is ordered: what waits by when it came into a queue, what was decided by when it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueueSort {
    /// The longest waiting first; of what was decided the first written.
    #[default]
    Oldest,
    /// The shortest waiting first; of what was decided the last written.
    Newest,
    /// The most urgent first, of `pending`, `reported`, `flagged` and `appeals`.
    Priority,
}

impl From<QueueSort> for Order {
    fn from(sort: QueueSort) -> Self {
        match sort {
            QueueSort::Oldest => Self::Oldest,
            QueueSort::Newest => Self::Newest,
            QueueSort::Priority => Self::Priority,
        }
    }
}

/// Which queue, and where the page begins.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQueue {
    /// The queue; this or a saved one.
    #[param(inline)]
    pub queue: Option<QueueName>,
    /// The saved queue, which says everything but the order.
    pub saved_queue: Option<SavedQueueId>,
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// Only replies to this story.
    pub story_id: Option<StoryId>,
    /// Only replies by this account.
    pub author_id: Option<AccountId>,
    /// The order; if absent `oldest`, and of `reported` by the number of reports. With `story_id` or `author_id` what waits is
    /// ordered by when it was written too, and `reported` always by the number of reports.
    #[param(inline)]
    pub sort: Option<QueueSort>,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

impl ListQueue {
    fn names_nothing_else(&self) -> bool {
        self.site.is_none() && self.names_nothing_within()
    }

    fn names_nothing_within(&self) -> bool {
        self.story_id.is_none() && self.author_id.is_none()
    }

    fn sort(&self) -> QueueSort {
        self.sort.unwrap_or_default()
    }

    /// Whether a queue is gone through in the order of what waits.
    fn is_by_waiting(&self, queue: QueueName) -> bool {
        let by_reports = queue == QueueName::Reported && self.sort.is_none();
        queue.kind().is_ok() && self.names_nothing_within() && !by_reports
    }
}

/// List a queue
///
/// Each item with all that a decision needs. A page of a saved queue may be short where its filter takes but a few of many;
/// where `next_cursor` is there is more to look at.
#[utoipa::path(
    tag = "moderation",
    params(ListQueue),
    responses((status = 200, body = Page<QueueItemView>)),
    security(("token" = []))
)]
#[get("/api/v1/moderation/replies")]
pub async fn list_queue(
    caller: Caller,
    state: State,
    Params(query): Params<ListQueue>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let db = state.db.clone();
    let page = db
        .read(move |conn| {
            let caller = caller.permit(conn, Operation::ListQueue, now)?;
            let queue = match (query.queue, query.saved_queue) {
                (Some(queue), None) => queue,
                (None, Some(id)) if query.names_nothing_else() => {
                    let source = Source::of_saved(conn, &caller, id, Operation::ListQueue)?;
                    let scope = format!("saved_queue/{id}/{:?}", query.sort());
                    return walked(conn, &state, (&source, &query), &scope, (caller.account.id, now));
                }
                _ => return Err(neither_nor()),
            };
            let source = Source::of_queue(conn, &caller, (queue, query.site.as_deref()), Operation::ListQueue)?;
            let sites = &source.sites;
            let scope = format!(
                "queue/{queue}/{:?}/{sites:?}/{:?}/{:?}/{:?}",
                query.site,
                query.story_id,
                query.author_id,
                query.sort()
            );
            if query.is_by_waiting(queue) {
                // cursors of when these orders were those of writing are of another list
                let is_as_before = query.sort() == QueueSort::Priority;
                let scope = if is_as_before { scope } else { format!("{scope}/waiting") };
                return walked(conn, &state, (&source, &query), &scope, (caller.account.id, now));
            }
            if query.sort() == QueueSort::Priority {
                let detail =
                    "sort=priority: of pending, reported, flagged, appeals and saved queues, without story_id and author_id";
                return Err(Problem::new(Code::InvalidQuery).detail(detail));
            }
            let place: Option<(i32, Timestamp, ReplyId)> =
                state.cursors.open_optional(&scope, query.cursor.as_deref())?;
            let filter = ListedQueue {
                kind: queue.into(),
                sites,
                story: query.story_id,
                author: query.author_id,
                is_newest_first: query.sort() == QueueSort::Newest,
                after: place.map(|(open_reports, created_at, id)| QueuePlace { open_reports, created_at, id }),
                limit: i64::from(limit) + 1,
            };
            let rows = moderation::list(conn, &filter)?;
            let cursor = |last: &QueuedReply| state.cursors.seal(&scope, (last.open_reports, last.created_at, last.id));
            let page = Page::of_texts(weighed(conn, rows)?, limit as usize, |(last, _)| cursor(last), |(row, _)| row);
            let items = items(conn, page.items, (caller.account.id, now))?;
            Ok::<_, Problem>(Page { items, next_cursor: page.next_cursor })
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// A page of a queue in one of the orders of what waits, or of a saved queue.
fn walked(
    conn: &mut Conn<'_>,
    state: &State,
    (source, query): (&Source, &ListQueue),
    scope: &str,
    (me, now): (AccountId, Timestamp),
) -> Result<Page<QueueItemView>, Problem> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT) as usize;
    let after = state.cursors.open_optional(scope, query.cursor.as_deref())?;
    let walk = source.walk(query.sort().into(), None, now);
    let Sifted { taken, next, .. } = sift(conn, &walk, after, limit, LOOKED_AT)?;
    let ids: Vec<ReplyId> = taken.iter().map(|(_, id)| *id).collect();
    let rows = moderation::list_these(conn, &ids)?;
    let rows = weighed(conn, rows)?;
    let shown = fitting(&rows, &mut PAGE_MAX_BYTES.clone(), true);
    let next = if shown < taken.len() { taken[..shown].last().copied() } else { next };
    let rows = rows.into_iter().take(shown).map(|(row, _)| row).collect();
    Ok(Page { items: items(conn, rows, (me, now))?, next_cursor: next.map(|place| state.cursors.seal(scope, place)) })
}

/// That a request names a queue and a saved one, or neither.
pub(super) fn neither_nor() -> Problem {
    Problem::new(Code::InvalidQuery)
        .detail("queue or saved_queue, one of them; site, story_id and author_id go with queue")
}

/// The rows with the bytes of the texts around them, which may be many times their own.
pub(super) fn weighed(conn: &mut Conn<'_>, rows: Vec<QueuedReply>) -> Result<Vec<(QueuedReply, usize)>, Problem> {
    let ids: Vec<ReplyId> = rows.iter().map(|row| row.id).collect();
    let mut bytes: HashMap<ReplyId, (usize, usize)> = HashMap::new();
    for (id, is_of_ancestor, count) in moderation::list_bytes_around(conn, &ids, item::DECISIONS_SHOWN)? {
        let (ancestors, others) = bytes.entry(id).or_default();
        let sum = if is_of_ancestor { ancestors } else { others };
        *sum += usize::try_from(count).unwrap_or_default();
    }
    let weigh = |row: QueuedReply| {
        let (ancestors, others) = bytes.get(&row.id).copied().unwrap_or_default();
        (row, ancestors.min(item::ANCESTORS_MAX_BYTES) + others + item::FINDINGS_MAX_BYTES)
    };
    Ok(rows.into_iter().map(weigh).collect())
}

impl Texts for (QueuedReply, usize) {
    fn bytes(&self) -> usize {
        let (row, around) = self;
        row.body.source.len() + row.body.html.as_str().len() + around
    }
}

/// Adds to rows what stands in other tables: seven statements, and one where appeals are open, however many rows. Of what is
/// noted about who looks at them he learns nothing.
pub(super) fn items(
    conn: &mut Conn<'_>,
    mut rows: Vec<QueuedReply>,
    (me, now): (AccountId, Timestamp),
) -> Result<Vec<QueueItemView>, Problem> {
    for row in rows.iter_mut().filter(|row| row.author.id == me) {
        (row.notes, row.author.notes) = (0, 0);
    }
    let ids: Vec<ReplyId> = rows.iter().map(|row| row.id).collect();
    let mut ancestors = grouped(moderation::list_ancestors(conn, &ids)?, |ancestor| Some(ancestor.below_id));
    let reports = reports::list_latest_of_replies(conn, &ids, item::REPORTS_SHOWN)?;
    let mut reports = grouped(reports, |(report, _)| Some(report.reply_id));
    let decisions = decisions::list_last_of_replies(conn, &ids, item::DECISIONS_SHOWN)?;
    let mut decisions = grouped(decisions, |decision| decision.reply_id);
    let said = verdicts::list_last_of_replies(conn, &ids)?;
    let mut said: HashMap<ReplyId, StoredVerdict> = said.into_iter().map(|said| (said.reply_id, said)).collect();
    let waiting = queue_items::list_of_replies(conn, &ids, now)?;
    let mut waiting: HashMap<ReplyId, QueueItem> = waiting.into_iter().map(|item| (item.reply_id, item)).collect();
    let returned = returns::list_of_replies(conn, &ids)?;
    let mut returned: HashMap<ReplyId, Return> = returned.into_iter().map(|row| (row.reply_id, row)).collect();
    let appeals = appeals::list_last_of_replies(conn, &ids)?;
    let open = appeals.iter().filter(|appeal| appeal.state == AppealState::Open).map(|appeal| appeal.reply_id);
    let for_others = appeals::list_for_others(conn, &open.collect::<Vec<_>>(), me, now)?;
    let appeal_view = |appeal: Appeal| {
        let id = appeal.reply_id;
        (id, AppealView::of(appeal, for_others.contains(&id)))
    };
    let mut appeals: HashMap<ReplyId, AppealView> = appeals.into_iter().map(appeal_view).collect();
    let view = |row: QueuedReply| {
        let around = Surroundings {
            ancestors: ancestors.remove(&row.id).unwrap_or_default(),
            reports: reports.remove(&row.id).unwrap_or_default(),
            decisions: decisions.remove(&row.id).unwrap_or_default(),
            said: said.remove(&row.id),
            waiting: waiting.remove(&row.id),
            returned: returned.remove(&row.id),
            appeal: appeals.remove(&row.id),
        };
        QueueItemView::of(row, around)
    };
    Ok(rows.into_iter().map(view).collect())
}

fn grouped<T>(rows: Vec<T>, id: impl Fn(&T) -> Option<ReplyId>) -> HashMap<ReplyId, Vec<T>> {
    let mut groups: HashMap<ReplyId, Vec<T>> = HashMap::new();
    for row in rows {
        if let Some(id) = id(&row) {
            groups.entry(id).or_default().push(row);
        }
    }
    groups
}

/// Show a reply to a moderator
#[utoipa::path(tag = "moderation", responses((status = 200, body = QueueItemView)), security(("token" = [])))]
#[get("/api/v1/moderation/replies/{reply_id}")]
pub async fn show_queued_reply(caller: Caller, state: State, id: web::Path<ReplyId>) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let view = state
        .db
        .read(move |conn| {
            let caller = caller.sign_in(conn, now)?;
            let row = find_moderated(conn, &caller, *id, Operation::ShowQueuedReply)?;
            items(conn, vec![row], (caller.account.id, now))?.pop().ok_or_else(|| Problem::new(Code::NotFound))
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}
