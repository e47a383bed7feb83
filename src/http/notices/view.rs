//! What notifiers, guests and authors are shown of notices.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        ids::*,
        notice::{NoticeBasis, NoticeGround, NoticeOutcome, NoticeState},
        timestamp::Timestamp,
    },
    http::problem::Problem,
    store::{
        Conn,
        notice_decisions::{self, NoticeDecision},
        notices::Notice,
    },
};

/// That a notice was received.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeReceiptView {
    /// What it is known by.
    pub reference: String,
    /// When it was received.
    pub received_at: Timestamp,
}

/// What was decided about notices.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeDecisionView {
    /// Its id.
    pub id: NoticeDecisionId,
    /// The reply.
    pub reply_id: ReplyId,
    /// About which of its texts, from 1.
    pub revision: i32,
    /// What was decided.
    pub outcome: NoticeOutcome,
    /// What a removal rests on; null where the reply was kept.
    pub basis: Option<NoticeBasis>,
    /// Which law, or which of the site's terms.
    pub provision: Option<String>,
    /// The facts and the reasons.
    pub reasons: String,
    /// Whether automated means found the text or took part in the decision.
    pub is_automated: bool,
    /// When.
    pub decided_at: Timestamp,
    /// What can be done against it.
    pub redress: Vec<Redress>,
}

/// A way to object to a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Redress {
    /// To the site.
    Site,
    /// Before a certified body that settles disputes out of court (Regulation (EU) 2022/2065, article 21).
    OutOfCourt,
    /// Before a court.
    Court,
}

impl From<NoticeDecision> for NoticeDecisionView {
    fn from(row: NoticeDecision) -> Self {
        Self {
            id: row.id,
            reply_id: row.reply_id,
            revision: row.revision,
            outcome: row.outcome,
            basis: row.basis,
            provision: row.provision,
            reasons: row.reasons,
            is_automated: row.is_automated,
            decided_at: row.decided_at,
            redress: vec![Redress::Site, Redress::OutOfCourt, Redress::Court],
        }
    }
}

/// A notice, as its notifier sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NoticeView {
    /// What it is known by.
    pub reference: String,
    /// The reply.
    pub reply_id: ReplyId,
    /// Which of its texts, from 1.
    pub revision: i32,
    /// Which kind of law it breaks.
    pub ground: NoticeGround,
    /// Which law.
    pub law: Option<String>,
    /// Why it is illegal.
    pub explanation: String,
    /// Where it stands.
    pub state: NoticeState,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// What was decided; null as long as it is open.
    pub decision: Option<NoticeDecisionView>,
}

/// A notice with its decision.
pub(super) fn view(conn: &mut Conn<'_>, notice: Notice) -> Result<NoticeView, Problem> {
    let decision = match notice.decision_id {
        Some(id) => notice_decisions::find(conn, id)?.map(NoticeDecisionView::from),
        None => None,
    };
    Ok(NoticeView {
        reference: notice.reference.unwrap_or_default(),
        reply_id: notice.reply_id,
        revision: notice.revision,
        ground: notice.ground,
        law: notice.law,
        explanation: notice.explanation,
        state: notice.state,
        received_at: notice.received_at,
        decision,
    })
}
