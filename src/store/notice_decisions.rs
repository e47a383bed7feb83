//! What moderators decided about notices, with the reasons that all concerned are told.

use diesel::prelude::*;

use super::{Conn, conn::native, schema::notice_decisions};
use crate::domain::{
    ids::*,
    notice::{NoticeBasis, NoticeOutcome},
    timestamp::Timestamp,
};

/// A decision about all open notices of a text.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = notice_decisions)]
pub struct NoticeDecision {
    pub id: NoticeDecisionId,
    pub site_id: SiteId,
    pub reply_id: ReplyId,
    pub revision: i32,
    pub outcome: NoticeOutcome,
    /// What a removal rests on.
    pub basis: Option<NoticeBasis>,
    /// Which law, or which of the site's terms.
    pub provision: Option<String>,
    pub reasons: String,
    /// Automated means found the text or took part in the decision.
    pub is_automated: bool,
    pub decided_by: AccountId,
    pub decided_at: Timestamp,
}

/// Stores a decision and nothing else.
pub fn insert(conn: &mut Conn<'_>, decision: &NoticeDecision) -> QueryResult<()> {
    native!(conn, c => diesel::insert_into(notice_decisions::table).values(decision).execute(c))?;
    Ok(())
}

/// The decision of this id.
pub fn find(conn: &mut Conn<'_>, id: NoticeDecisionId) -> QueryResult<Option<NoticeDecision>> {
    native!(conn, c => notice_decisions::table.find(id).select(NoticeDecision::as_select()).first(c).optional())
}

/// The last one by which a reply was removed.
pub fn find_last_removal(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<NoticeDecision>> {
    let removals = notice_decisions::table
        .filter(notice_decisions::reply_id.eq(reply))
        .filter(notice_decisions::outcome.eq(NoticeOutcome::Removed))
        .order((notice_decisions::decided_at.desc(), notice_decisions::id.desc()));
    native!(conn, c => removals.select(NoticeDecision::as_select()).first(c).optional())
}
