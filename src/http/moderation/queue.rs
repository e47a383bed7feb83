//! Queues, and one reply as it stands in them.

use std::collections::HashMap;

use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    find_moderated,
    item::{self, QueueItemView, Surroundings},
    moderated_site,
};
use crate::{
    app::State,
    auth::permission::{Object, Operation},
    domain::{ids::*, queue_event::WorkQueue, reply_state::ReplyState, timestamp::Timestamp},
    http::{
        body::Params,
        caller::{Caller, SignedIn},
        page::{DEFAULT_LIMIT, Page, Texts},
        problem::{Code, Problem},
    },
    store::{
        Conn, decisions,
        moderation::{self, QueueFilter, QueueKind, QueuePlace, QueueSites, QueuedReply},
        queue_items::{self, Order, QueueItem, Wanted},
        reports,
        verdicts::{self, StoredVerdict},
    },
};

/// A queue that waits for moderators, or a list of what was decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueueName {
    /// Waiting replies.
    Pending,
    /// Public replies with open reports, those with the most first.
    Reported,
    /// Public replies that the rules flagged and no moderator has looked at since.
    Flagged,
    /// Replies taken for spam.
    Spam,
    /// Public replies.
    Approved,
    /// Refused replies.
    Rejected,
}

impl From<QueueName> for QueueKind {
    fn from(name: QueueName) -> Self {
        match name {
            QueueName::Pending => Self::State(ReplyState::Pending),
            QueueName::Reported => Self::Reported,
            QueueName::Flagged => Self::Flagged,
            QueueName::Spam => Self::State(ReplyState::Spam),
            QueueName::Approved => Self::State(ReplyState::Approved),
            QueueName::Rejected => Self::State(ReplyState::Rejected),
        }
    }
}

impl QueueName {
    /// The queue, if work is handed out of it.
    fn of_work(self) -> Option<WorkQueue> {
        match self {
            Self::Pending => Some(WorkQueue::Pending),
            Self::Reported => Some(WorkQueue::Reported),
            Self::Flagged => Some(WorkQueue::Flagged),
            _ => None,
        }
    }
}

/// By what a queue is ordered; the reported ones by the number of reports, unless by urgency.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueueSort {
    /// The longest waiting first.
    #[default]
    Oldest,
    /// The newest first.
    Newest,
    /// The most urgent first, of `pending`, `reported` and `flagged`.
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
    /// The queue.
    #[param(inline)]
    pub queue: QueueName,
    /// The key of one site; all where one may moderate if absent.
    #[validate(length(min = 1, max = 40))]
    pub site: Option<String>,
    /// Only replies to this story.
    pub story_id: Option<StoryId>,
    /// Only replies by this account.
    pub author_id: Option<AccountId>,
    /// The order; `oldest` if absent.
    #[serde(default)]
    #[param(inline)]
    pub sort: QueueSort,
    /// `next_cursor` of the page before; absent for the first.
    #[validate(length(max = 800))]
    pub cursor: Option<String>,
    /// Items of a page, 1 to 100; 50 if absent.
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
}

/// List a queue
///
/// Each item with all that a decision needs.
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
            let sites = chosen_sites(conn, &caller, query.site.as_deref(), Operation::ListQueue)?;
            let scope = format!(
                "queue/{:?}/{sites:?}/{:?}/{:?}/{:?}",
                query.queue, query.story_id, query.author_id, query.sort
            );
            if query.sort == QueueSort::Priority {
                return by_urgency(conn, &state, &query, &sites, &scope, now);
            }
            let place: Option<(i32, Timestamp, ReplyId)> =
                state.cursors.open_optional(&scope, query.cursor.as_deref())?;
            let filter = QueueFilter {
                kind: query.queue.into(),
                sites: &sites,
                story: query.story_id,
                author: query.author_id,
                is_newest_first: query.sort == QueueSort::Newest,
                after: place.map(|(open_reports, created_at, id)| QueuePlace { open_reports, created_at, id }),
                limit: i64::from(limit) + 1,
            };
            let rows = moderation::list(conn, &filter)?;
            let cursor = |last: &QueuedReply| state.cursors.seal(&scope, (last.open_reports, last.created_at, last.id));
            let page = Page::of_texts(weighed(conn, rows)?, limit as usize, |(last, _)| cursor(last), |(row, _)| row);
            Ok::<_, Problem>(Page { items: items(conn, page.items, now)?, next_cursor: page.next_cursor })
        })
        .await?;
    Ok(HttpResponse::Ok().json(page))
}

/// The sites whose queues are asked for: the one that is named, or all that the caller moderates.
pub(super) fn chosen_sites(
    conn: &mut Conn<'_>,
    caller: &SignedIn,
    site: Option<&str>,
    operation: Operation,
) -> Result<QueueSites, Problem> {
    if let Some(key) = site {
        return Ok(QueueSites::These(vec![moderated_site(conn, caller, key, operation)?.id]));
    }
    caller.may_across(operation, Object::default())?;
    Ok(match caller.standing.is_admin {
        true => QueueSites::All,
        false => QueueSites::These(caller.standing.moderated_sites()),
    })
}

/// A page of a queue in the order of urgency.
fn by_urgency(
    conn: &mut Conn<'_>,
    state: &State,
    query: &ListQueue,
    sites: &QueueSites,
    scope: &str,
    now: Timestamp,
) -> Result<Page<QueueItemView>, Problem> {
    let queue = query.queue.of_work().filter(|_| query.story_id.is_none() && query.author_id.is_none());
    let Some(queue) = queue else {
        let detail = "sort=priority: of the queues pending, reported and flagged, without story_id and author_id";
        return Err(Problem::new(Code::InvalidQuery).detail(detail));
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let wanted = Wanted {
        queues: &[queue],
        sites,
        order: Order::Priority,
        free_at: None,
        after: state.cursors.open_optional(scope, query.cursor.as_deref())?,
        limit: i64::from(limit) + 1,
    };
    let places = queue_items::list(conn, &wanted)?;
    let ids: Vec<ReplyId> = places.iter().map(|(id, _)| *id).collect();
    let rows = moderation::list_these(conn, &ids)?;
    let rows = weighed(conn, rows)?;
    let cursor = |(last, _): &(QueuedReply, usize)| {
        let at = places.iter().find(|(id, _)| *id == last.id).map(|(_, at)| *at);
        state.cursors.seal(scope, (at, last.id))
    };
    let page = Page::of_texts(rows, limit as usize, cursor, |(row, _)| row);
    Ok(Page { items: items(conn, page.items, now)?, next_cursor: page.next_cursor })
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

/// Adds to rows what stands in other tables: five statements, however many rows.
pub(super) fn items(
    conn: &mut Conn<'_>,
    rows: Vec<QueuedReply>,
    now: Timestamp,
) -> Result<Vec<QueueItemView>, Problem> {
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
    let view = |row: QueuedReply| {
        let around = Surroundings {
            ancestors: ancestors.remove(&row.id).unwrap_or_default(),
            reports: reports.remove(&row.id).unwrap_or_default(),
            decisions: decisions.remove(&row.id).unwrap_or_default(),
            said: said.remove(&row.id),
            waiting: waiting.remove(&row.id),
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
            items(conn, vec![row], now)?.pop().ok_or_else(|| Problem::new(Code::NotFound))
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}
