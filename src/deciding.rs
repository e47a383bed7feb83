//! Deciding about replies, one or many: what changes with the reply, who is told, what the classifier learns.

use diesel::QueryResult;

use crate::{
    clock::Random,
    domain::{
        bulk::{Former, FormerReturn},
        fairness::Ruling,
        ids::*,
        moderation::{Action, Reason},
        reply_state::{ReplyState, Verb},
        rules::lesson::{Teaching, taught_by},
        timestamp::Timestamp,
    },
    judging::{Judging, outside},
    store::{
        Conn, Db, DbError, cases,
        decisions::Actor,
        lessons::{self, Decided, NewLesson},
        queue_items,
        replies::Reply,
        returns,
        sites::Site,
        transitions::{self, Entry},
    },
};

pub mod letters;

/// What is decided.
#[derive(Clone, Debug)]
pub struct Decision {
    pub verb: Verb,
    pub reason: Option<Reason>,
    /// For the log.
    pub note: Option<String>,
    /// For the author.
    pub message: Option<String>,
    /// What else the log is to say, a JSON object.
    pub details: Option<String>,
}

impl From<Verb> for Action {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Approve => Self::Approve,
            Verb::Reject => Self::Reject,
            Verb::Spam => Self::Spam,
            Verb::Restore => Self::Restore,
            Verb::Return => Self::Return,
        }
    }
}

impl Decision {
    fn teaching(&self) -> Teaching {
        taught_by(self.verb.into(), self.reason)
    }

    /// What the reply's text would teach, made ready before the transaction.
    pub async fn lesson(&self, judging: &Judging, db: &Db, reply: ReplyId) -> Result<Option<NewLesson>, DbError> {
        match self.teaching() {
            Teaching::Good | Teaching::Bad => judging.lesson(db, reply).await,
            Teaching::TakesBack | Teaching::Nothing => Ok(None),
        }
    }

    /// Decides about a locked reply, of which it was looked that it leads to this state. The reply as it stands then, and the
    /// id of the log's row.
    pub fn carry_out(
        &self,
        conn: &mut Conn<'_>,
        (site, reply, next): (&Site, &Reply, ReplyState),
        actor: Actor,
        lesson: Option<&NewLesson>,
        (random, now): (&Random, Timestamp),
    ) -> QueryResult<(Reply, DecisionId)> {
        let entry = Entry {
            reason: self.reason,
            note: self.note.clone(),
            message: self.message.clone(),
            details: self.details.clone(),
            ..Entry::new(random.id(now), actor, self.verb.into(), now)
        };
        outside::tell(conn, site, reply, (self.verb, self.reason), (random, now))?;
        let reply = transitions::change(conn, reply, next, None, &entry)?;
        // the text is the one that was made ready, unless an edit came in between; then the decision was refused for its
        // version, or is about the new text and teaches nothing
        let lesson = lesson.filter(|lesson| lesson.revision == reply.revision);
        lessons::teach(conn, decided(&reply), self.teaching(), lesson, now)?;
        Ok((reply, entry.id))
    }
}

/// What is said to an appeal.
#[derive(Clone, Debug)]
pub struct AppealDecision {
    pub ruling: Ruling,
    /// For the author.
    pub reasons: String,
    /// For the log.
    pub note: Option<String>,
}

impl AppealDecision {
    /// What the reply's text would teach, made ready before the transaction.
    pub async fn lesson(&self, judging: &Judging, db: &Db, reply: ReplyId) -> Result<Option<NewLesson>, DbError> {
        match self.ruling {
            Ruling::Overturned => judging.lesson(db, reply).await,
            Ruling::Upheld => Ok(None),
        }
    }

    /// Decides the open appeal about a locked reply. The reply as it stands then, and the id of the log's row.
    pub fn carry_out(
        &self,
        conn: &mut Conn<'_>,
        (site, reply): (&Site, &Reply),
        actor: Actor,
        lesson: Option<&NewLesson>,
        (random, now): (&Random, Timestamp),
    ) -> QueryResult<(Reply, DecisionId)> {
        let action = Action::from(self.ruling);
        let entry = Entry {
            note: self.note.clone(),
            message: Some(self.reasons.clone()),
            ..Entry::new(random.id(now), actor, action, now)
        };
        let next = match self.ruling {
            Ruling::Upheld => reply.state,
            Ruling::Overturned => {
                outside::tell(conn, site, reply, (Verb::Approve, None), (random, now))?;
                ReplyState::Approved
            }
        };
        let reply = transitions::change(conn, reply, next, None, &entry)?;
        // a refused reply is not edited, so it is the text that was made ready, unless it was moved on meanwhile
        let lesson = lesson.filter(|lesson| lesson.revision == reply.revision);
        lessons::teach(conn, decided(&reply), taught_by(action, None), lesson, now)?;
        Ok((reply, entry.id))
    }
}

/// How a reply stands before such a decision of this time, so that it can be put back.
pub fn former(conn: &mut Conn<'_>, reply: &Reply, verb: Verb, now: Timestamp) -> QueryResult<Former> {
    let returned = match (reply.state, verb) {
        (ReplyState::Returned, _) | (_, Verb::Return) => returns::find(conn, reply.id)?,
        _ => None,
    };
    let due_at = returned.as_ref().and_then(|returned| returned.due_at);
    // only what takes its place makes it forgotten
    let replaced = returned.filter(|_| verb == Verb::Return);
    Ok(Former {
        state: reply.state,
        flagged_at: reply.flagged_at,
        refused_at: reply.refused_at,
        since: queue_items::find_since(conn, reply.id)?,
        decided_at: now,
        due_at,
        returned: replaced.map(|returned| FormerReturn {
            revision: returned.revision,
            returned_by: returned.returned_by,
            message: returned.message,
            returned_at: returned.returned_at,
        }),
        case: cases::former(conn, reply.id)?,
    })
}

/// Puts a locked reply back to how it stood before its last decision, and who learns outside is told of the change of mind.
pub fn put_back(
    conn: &mut Conn<'_>,
    (site, reply): (&Site, &Reply),
    former: &Former,
    entry: &Entry,
    random: &Random,
) -> QueryResult<Reply> {
    let undone = reply.version;
    let known = outside::find_known(conn, site, reply)?;
    let reply = transitions::put_back(conn, reply, former, entry)?;
    let taken = outside::find_known(conn, site, &reply)?;
    outside::leave_told(conn, &reply, (known, taken), (random, entry.at))?;
    lessons::unteach(conn, decided(&reply), undone, entry.at)?;
    Ok(reply)
}

fn decided(reply: &Reply) -> Decided {
    Decided { site: reply.site_id, reply: reply.id, version: reply.version }
}
