//! An item of a queue: all that a decision needs.

use serde::Serialize;
use utoipa::ToSchema;

use super::{appeals::AppealView, returned::ReturnView, waiting::WaitingView};
use crate::{
    domain::{
        case::ReportFate,
        ids::*,
        moderation::{Decider, Reason},
        reply_state::ReplyState,
        rules::Verdict,
        safe_html::SafeHtml,
        timestamp::Timestamp,
    },
    http::{
        findings::{FindingView, NotRunView},
        log::LogEntryView,
        page::{Texts, keep_nearest},
        views::shown_name,
    },
    store::{
        decisions::Decision,
        moderation::{QueuedAncestor, QueuedReply},
        queue_items::QueueItem,
        reports::Report,
        returns::Return,
        verdicts::StoredVerdict,
    },
};

/// Reports that an item shows, the newest; their number is told in full.
pub(super) const REPORTS_SHOWN: i64 = 20;
/// Earlier decisions that an item shows, the newest.
pub(super) const DECISIONS_SHOWN: i64 = 20;
/// Places of a finding that an item shows.
const SPANS_SHOWN: usize = 20;
/// Bytes of the findings that an item shows, about.
pub(super) const FINDINGS_MAX_BYTES: usize = 2_000;
/// Bytes of the texts of the ancestors that an item shows.
pub(super) const ANCESTORS_MAX_BYTES: usize = 256 * 1024;

/// A reply as a moderator sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueItemView {
    /// The reply's id.
    pub id: ReplyId,
    /// The key of its site.
    pub site: String,
    /// Its story.
    pub story: QueueStoryView,
    /// Where it stands.
    pub state: ReplyState,
    /// The text in Markdown.
    pub body: String,
    /// The text as sanitised HTML.
    pub body_html: SafeHtml,
    /// Which text of the reply it is, from 1.
    pub revision: i32,
    /// The version to decide on.
    pub version: i32,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When its text was last changed.
    pub edited_at: Option<Timestamp>,
    /// Whether staff made that change.
    pub is_edited_by_staff: bool,
    /// Who wrote it.
    pub author: QueueAuthorView,
    /// The reply that it stands under.
    pub parent_id: Option<ReplyId>,
    /// The reply that it answers, where that is not the parent.
    pub in_reply_to: Option<ReplyId>,
    /// The revision of the reply that was answered.
    pub answered_revision: Option<i32>,
    /// What it answers, the top-level reply first.
    pub ancestors: Vec<QueueAncestorView>,
    /// Ancestors that are not shown, as their texts are too long: those farthest away.
    pub ancestors_left_out: usize,
    /// Public replies below.
    pub visible_below: i32,
    /// Recommendations.
    pub recommendations: i32,
    /// Since when it waits, public, to be looked at, as the rules flagged it.
    pub flagged_at: Option<Timestamp>,
    /// What its state followed from when its text was judged last; null for what was written before there were rules.
    pub decided_by: Option<Decider>,
    /// The findings that asked for more than the mode: the strictest ones, with 20 places at most each.
    pub findings: Vec<FindingView>,
    /// Rules that could not run.
    pub not_run: Vec<NotRunView>,
    /// How it waits; null if it does not.
    pub waiting: Option<WaitingView>,
    /// Notes of moderators about it; 0 where it is one's own.
    pub notes: i64,
    /// The last time that it went back to its author; null if it never did.
    pub returned: Option<ReturnView>,
    /// The last appeal against its refusal; null if there is none.
    pub appeal: Option<AppealView>,
    /// Open reports.
    pub open_reports: i32,
    /// The newest reports, closed ones too; 20 at most.
    pub reports: Vec<ReportView>,
    /// The newest rows of the log about it; 20 at most.
    pub decisions: Vec<LogEntryView>,
}

/// The story of a queued reply.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueStoryView {
    /// Its id.
    pub id: StoryId,
    /// The site's own id of it.
    pub external_id: String,
    /// The headline.
    pub headline: String,
    /// What stands above its commentary.
    pub commentary_label: Option<String>,
}

/// The author of a queued reply with their history on the site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueAuthorView {
    /// The account's id.
    pub id: AccountId,
    /// Null for a closed account.
    pub username: Option<String>,
    /// The name to be shown.
    pub display_name: String,
    /// Since when there is the account.
    pub created_at: Timestamp,
    /// Notes of the site's moderators about them; 0 where that is oneself.
    pub notes: i64,
    /// Replies on this site by state.
    pub replies: AuthorCountsView,
}

/// An author's replies on a site by state.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct AuthorCountsView {
    /// Waiting.
    pub pending: i64,
    /// Public.
    pub approved: i64,
    /// Refused.
    pub rejected: i64,
    /// Taken for spam.
    pub spam: i64,
    /// Taken back by the author.
    pub withdrawn: i64,
    /// With the author, to be changed.
    pub returned: i64,
}

/// An ancestor of a queued reply, whatever its state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueueAncestorView {
    /// Its id.
    pub id: ReplyId,
    /// Where it stands.
    pub state: ReplyState,
    /// The text as sanitised HTML.
    pub body_html: SafeHtml,
    /// Which text of the reply it is.
    pub revision: i32,
    /// When it was posted.
    pub created_at: Timestamp,
    /// Who wrote it.
    pub author_id: AccountId,
    /// The name to be shown.
    pub display_name: String,
}

/// A reader's complaint.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportView {
    /// Who reported.
    pub reporter_id: AccountId,
    /// Null for a closed account.
    pub reporter_username: Option<String>,
    /// Why.
    pub reason: Reason,
    /// More words.
    pub text: Option<String>,
    /// The revision that was reported.
    pub revision: i32,
    /// When.
    pub created_at: Timestamp,
    /// When a decision closed it; null while it is open.
    pub closed_at: Option<Timestamp>,
    /// What the reporter's word counted, in hundredths of that of somebody without a record.
    pub weight: i32,
    /// What came of it; null while it is open, and of what was closed before that was kept.
    pub outcome: Option<ReportFate>,
}

/// What stands in other tables.
#[derive(Default)]
pub(super) struct Surroundings {
    pub ancestors: Vec<QueuedAncestor>,
    pub reports: Vec<(Report, Option<String>)>,
    pub decisions: Vec<Decision>,
    /// The last verdict.
    pub said: Option<StoredVerdict>,
    pub waiting: Option<QueueItem>,
    pub returned: Option<Return>,
    pub appeal: Option<AppealView>,
}

impl QueueItemView {
    pub(super) fn of(row: QueuedReply, around: Surroundings) -> Self {
        let Surroundings { mut ancestors, reports, decisions, said, waiting, returned, appeal } = around;
        let author = row.author;
        let is_of_this_text = said.as_ref().is_some_and(|said| said.revision == row.revision);
        let source = is_of_this_text.then_some(row.body.source.as_str());
        let verdict = said.as_ref().map(StoredVerdict::verdict);
        let deciding = verdict.iter().flat_map(Verdict::deciding).map(|finding| {
            let mut view = FindingView::of(finding.clone(), source);
            view.spans.truncate(SPANS_SHOWN);
            view
        });
        let findings = deciding.collect();
        let not_run = verdict.into_iter().flat_map(|verdict| verdict.not_run);
        let ancestors_left_out = keep_nearest(&mut ancestors, ANCESTORS_MAX_BYTES);
        Self {
            id: row.id,
            site: row.site_key,
            story: QueueStoryView {
                id: row.story.id,
                external_id: row.story.external_id,
                headline: row.story.headline,
                commentary_label: row.story.commentary_label,
            },
            state: row.state,
            body: row.body.source,
            body_html: row.body.html,
            revision: row.revision,
            version: row.version,
            created_at: row.created_at,
            edited_at: row.edited_at,
            is_edited_by_staff: row.is_edited_by_staff,
            author: QueueAuthorView {
                id: author.id,
                display_name: shown_name(author.display_name, author.username.as_deref()),
                username: author.username,
                created_at: author.created_at,
                notes: author.notes,
                replies: AuthorCountsView {
                    pending: author.pending,
                    approved: author.approved,
                    rejected: author.rejected,
                    spam: author.spam,
                    withdrawn: author.withdrawn,
                    returned: author.returned,
                },
            },
            parent_id: row.parent_id,
            in_reply_to: row.in_reply_to,
            answered_revision: row.answered_revision,
            ancestors: ancestors.into_iter().map(QueueAncestorView::from).collect(),
            ancestors_left_out,
            visible_below: row.visible_below,
            recommendations: row.recommendations,
            flagged_at: row.flagged_at,
            decided_by: said.map(|said| said.decided_by),
            findings,
            not_run: not_run.map(NotRunView::from).collect(),
            waiting: waiting.map(WaitingView::from),
            notes: row.notes,
            returned: returned.map(|returned| ReturnView::of(returned, row.revision)),
            appeal,
            open_reports: row.open_reports,
            reports: reports.into_iter().map(ReportView::from).collect(),
            decisions: decisions.into_iter().map(LogEntryView::from).collect(),
        }
    }
}

impl Texts for QueuedAncestor {
    fn bytes(&self) -> usize {
        self.body.html.as_str().len()
    }
}

impl From<QueuedAncestor> for QueueAncestorView {
    fn from(ancestor: QueuedAncestor) -> Self {
        Self {
            id: ancestor.id,
            state: ancestor.state,
            body_html: ancestor.body.html,
            revision: ancestor.revision,
            created_at: ancestor.created_at,
            author_id: ancestor.author_id,
            display_name: shown_name(ancestor.display_name, ancestor.username.as_deref()),
        }
    }
}

impl From<(Report, Option<String>)> for ReportView {
    fn from((report, reporter_username): (Report, Option<String>)) -> Self {
        Self {
            reporter_id: report.reporter_id,
            reporter_username,
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
