//! Everything that one change of a reply changes, in one place and one order.
//!
//! Every writer locks the story first (`stories::lock`, `replies::find_locked`) and then comes here, where rows are
//! written in this order: the story, the reply, its ancestors, the author's counters, the site's counters, the log.
//! The one order keeps transactions on PostgreSQL from waiting for each other in a circle.

use diesel::QueryResult;

use super::{
    Conn, counters,
    decisions::{self, Actor, Decision},
    replies::{self, Reply},
    reports,
    revisions::{self, Revision},
    stories,
};
use crate::domain::{
    ids::DecisionId,
    moderation::{Action, Reason},
    reply_body::RenderedBody,
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// What the log says of a change.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: DecisionId,
    pub actor: Actor,
    pub action: Action,
    pub reason: Option<Reason>,
    pub note: Option<String>,
    pub message: Option<String>,
    pub at: Timestamp,
}

impl Entry {
    /// Without words.
    pub fn new(id: DecisionId, actor: Actor, action: Action, at: Timestamp) -> Self {
        Self { id, actor, action, reason: None, note: None, message: None, at }
    }

    fn decision(&self, before: Option<&Reply>, after: &Reply) -> Decision {
        Decision {
            site_id: Some(after.site_id),
            reply_id: Some(after.id),
            reply_version: Some(after.version),
            story_id: Some(after.story_id),
            account_id: Some(after.author_id),
            from_state: before.map(|reply| reply.state),
            to_state: Some(after.state),
            reason: self.reason,
            note: self.note.clone(),
            message: self.message.clone(),
            ..Decision::new(self.id, self.actor, self.action, self.at)
        }
    }
}

/// Stores a new reply under its locked story.
pub fn post(conn: &mut Conn<'_>, reply: &Reply, entry: &Entry) -> QueryResult<()> {
    if reply.state.is_public() {
        stories::bump(conn, reply.story_id, 1)?;
    }
    replies::insert(conn, reply)?;
    if reply.state.is_public() {
        replies::add_below(conn, reply, 1)?;
    }
    counters::adjust(conn, None, reply)?;
    decisions::insert(conn, &entry.decision(None, reply))
}

/// A text that replaces another.
#[derive(Clone, Debug)]
pub struct NewText {
    pub body: RenderedBody,
    /// Written by somebody else than the reply's author.
    pub is_by_staff: bool,
}

/// Gives a locked reply another state, another text, or both. The reply as it stands then.
pub fn change(
    conn: &mut Conn<'_>,
    before: &Reply,
    state: ReplyState,
    text: Option<&NewText>,
    entry: &Entry,
) -> QueryResult<Reply> {
    // also where the state stays: of two who decide at once the second must learn of the first
    let mut after = Reply { state, version: before.version + 1, ..before.clone() };
    if state != before.state {
        after.state_changed_at = entry.at;
        after.refused_at = match state {
            ReplyState::Rejected | ReplyState::Spam => Some(entry.at),
            ReplyState::Approved | ReplyState::Pending => None,
            ReplyState::Withdrawn => before.refused_at,
        };
    }
    if let Some(text) = text {
        revisions::insert(
            conn,
            &Revision {
                reply_id: before.id,
                number: before.revision,
                body_source: before.body_source.clone(),
                created_at: before.edited_at.unwrap_or(before.created_at),
                replaced_at: entry.at,
                replaced_by: entry.actor.id,
            },
        )?;
        after.revision += 1;
        after.body_source = text.body.source.clone();
        after.body_html = text.body.html.clone();
        after.edited_at = Some(entry.at);
        after.is_edited_by_staff = text.is_by_staff;
    }
    let closes_reports = !matches!(entry.action, Action::Edit | Action::Restore);
    if closes_reports && before.open_reports > 0 {
        reports::close_all(conn, before.id, entry.at)?;
        after.open_reports = 0;
    }
    store(conn, before, &after)?;
    decisions::insert(conn, &entry.decision(Some(before), &after))?;
    Ok(after)
}

/// Writes the row and all that is counted from it.
fn store(conn: &mut Conn<'_>, before: &Reply, after: &Reply) -> QueryResult<()> {
    let delta = i64::from(after.state.is_public()) - i64::from(before.state.is_public());
    if before.state.is_public() || after.state.is_public() {
        stories::bump(conn, after.story_id, delta)?;
    }
    replies::update(conn, after)?;
    if delta != 0 {
        replies::add_below(conn, after, delta)?;
    }
    counters::adjust(conn, Some(before), after)
}

/// Brings a reply's open reports up by one, with the queue's number.
pub fn report(conn: &mut Conn<'_>, before: &Reply) -> QueryResult<()> {
    replies::add_open_reports(conn, before.id, 1)?;
    let after = Reply { open_reports: before.open_reports + 1, ..before.clone() };
    counters::adjust(conn, Some(before), &after)
}
