//! What is owed to the author of a reply, kept with each change of it: until when it is to be changed, the statement of its
//! refusal, what came of the appeal. Written by `transitions`, under the reply's lock.

use diesel::{QueryResult, result::Error};

use super::{
    Conn,
    appeals::{self, End},
    replies::Reply,
    returns::{self, Return},
    statements::{self, NewStatement},
    transitions::Entry,
};
use crate::domain::{
    bulk::{Former, FormerReturn},
    fairness::{AppealState, Ground},
    moderation::Action,
    reply_state::ReplyState,
    timestamp::Timestamp,
};

/// Keeps what follows from a change. What is neither refused nor returned, nor was, costs nothing.
pub(super) fn keep(conn: &mut Conn<'_>, before: Option<&Reply>, after: &Reply, entry: &Entry) -> QueryResult<()> {
    if entry.action == Action::Return {
        give_back(conn, after, entry)?;
    } else if before.is_some_and(|before| before.state == ReplyState::Returned) {
        returns::set_due(conn, after.id, None)?;
    }
    if after.state.is_refused() && is_refusal(entry.action) {
        state_why(conn, after, entry)?;
    }
    if before.is_some_and(|before| before.appealed_at.is_some()) && after.appealed_at.is_none() {
        let state = match entry.action {
            Action::UpholdAppeal => AppealState::Upheld,
            Action::OverturnAppeal => AppealState::Overturned,
            _ => AppealState::Moot,
        };
        let reasons = entry.message.as_deref().filter(|_| state != AppealState::Moot);
        let by = entry.actor.id.filter(|_| state != AppealState::Moot);
        appeals::close(conn, after.id, End { state, by, reasons, at: entry.at })?;
    }
    Ok(())
}

/// Puts it back to how it was before a decision that is undone.
pub(super) fn put_back(conn: &mut Conn<'_>, before: &Reply, former: &Former, now: Timestamp) -> QueryResult<()> {
    if before.state.is_refused() {
        statements::delete(conn, before.id, before.version)?;
    }
    if before.state == ReplyState::Returned {
        forget_return(conn, before, former)?;
    }
    if former.state == ReplyState::Returned {
        // the time in which it was not with its author does not count
        let due_at = former.due_at.map(|due_at| due_at.plus(now.since(former.decided_at)));
        returns::set_due(conn, before.id, due_at)?;
    }
    Ok(())
}

/// Puts the return before the one that is undone in its place, if there was one: it is over by then, since nothing that is with
/// its author is returned.
fn forget_return(conn: &mut Conn<'_>, reply: &Reply, former: &Former) -> QueryResult<()> {
    let Some(FormerReturn { revision, returned_by, message, returned_at }) = former.returned.clone() else {
        return returns::delete(conn, reply.id);
    };
    let reply_id = reply.id;
    returns::put(conn, &Return { reply_id, revision, returned_by, message, returned_at, due_at: None })
}

/// Whether an action that leads to a refused reply refuses it; what an import brought was refused elsewhere.
fn is_refusal(action: Action) -> bool {
    matches!(action, Action::Post | Action::Edit | Action::Judge | Action::Reject | Action::Spam)
}

fn give_back(conn: &mut Conn<'_>, reply: &Reply, entry: &Entry) -> QueryResult<()> {
    let (Some(returned_by), Some(message)) = (entry.actor.id, entry.message.clone()) else {
        return Err(Error::QueryBuilderError("somebody returns a reply, and says why".into()));
    };
    let settings = statements::settings(conn, reply.site_id)?;
    returns::put(
        conn,
        &Return {
            reply_id: reply.id,
            revision: reply.revision,
            returned_by,
            message,
            returned_at: entry.at,
            due_at: Some(entry.at.plus(settings.return_time())),
        },
    )
}

fn state_why(conn: &mut Conn<'_>, reply: &Reply, entry: &Entry) -> QueryResult<()> {
    let settings = statements::settings(conn, reply.site_id)?;
    let ground = Ground::of(entry.action, entry.actor.kind, entry.reason);
    statements::insert(
        conn,
        &NewStatement {
            reply_id: reply.id,
            reply_version: reply.version,
            revision: reply.revision,
            words: settings.words.get(&ground).map(String::as_str),
            appeal_until: entry.at.plus(settings.appeal_time()),
        },
    )
}
