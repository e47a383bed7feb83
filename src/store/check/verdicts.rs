//! Whether what is stored of the rules explains what became of a reply.

use std::collections::{HashMap, HashSet};

use diesel::{QueryResult, Queryable, RunQueryDsl, sql_types::*};

use super::replies::Link;
use crate::{
    domain::{
        ids::*,
        job::JobKind,
        moderation::{Action, Decider},
        outside_check::question_id,
        reply_state::ReplyState,
        rules::{Outcome, RuleName, Verdict},
    },
    store::{Conn, conn::native, sql::Sql, types::Key, verdicts::Findings},
};

/// A stored verdict.
#[derive(Queryable)]
pub(super) struct Said {
    reply: ReplyId,
    pub(super) version: i32,
    outcome: Outcome,
    decided_by: Decider,
    findings: String,
}

/// The verdicts about each reply after one and up to another.
pub(super) fn read(conn: &mut Conn<'_>, after: ReplyId, last: ReplyId) -> QueryResult<HashMap<ReplyId, Vec<Said>>> {
    let query = Sql::<(Key, Integer, Text, Text, Text)>::new(
        "SELECT reply_id, reply_version, outcome, decided_by, findings FROM verdicts WHERE reply_id > ",
    )
    .key(after)
    .sql(" AND reply_id <= ")
    .key(last)
    .sql(" ORDER BY reply_id, reply_version");
    let rows: Vec<Said> = native!(conn, c => query.load(c))?;
    let mut said: HashMap<ReplyId, Vec<Said>> = HashMap::new();
    for row in rows {
        said.entry(row.reply).or_default().push(row);
    }
    Ok(said)
}

/// The questions to others that are not answered yet: as many as replies wait for answers.
pub(super) fn questions(conn: &mut Conn<'_>) -> QueryResult<HashSet<JobId>> {
    let query = Sql::<Key>::new("SELECT id FROM jobs WHERE kind = ").str(JobKind::AskOutside.as_str());
    let ids: Vec<JobId> = native!(conn, c => query.load(c))?;
    Ok(ids.into_iter().collect())
}

/// That a reply, which has this version now, waits for an answer to what nobody asks.
pub(super) fn unasked(said: &Said, link: Option<&Link>, now: i32, questions: &HashSet<JobId>) -> Option<String> {
    let is_new = link.is_some_and(|link| matches!(link.action, Action::Post | Action::Edit));
    let waits = is_new && said.decided_by == Decider::Outside && said.version == now;
    (waits && !questions.contains(&question_id(said.reply, now)))
        .then(|| format!("reply {}, version {now}: waits for an answer and has no question", said.reply))
}

/// What a verdict says otherwise than its findings, or than the row of the log that has its version.
pub(super) fn difference(said: &Said, link: Option<&Link>) -> Option<String> {
    let about = |what: String| Some(format!("reply {}, version {}: {what}", said.reply, said.version));
    let Ok(Findings { found, not_run, .. }) = Findings::from_json(&said.findings) else {
        return about("its findings cannot be read".to_owned());
    };
    let verdict = Verdict { findings: found, not_run, ..Verdict::default() };
    if verdict.outcome() != said.outcome {
        return about(format!("{} is stored, its findings say {}", said.outcome, verdict.outcome()));
    }
    let Some(link) =
        link.filter(|link| matches!(link.action, Action::Post | Action::Edit | Action::Import | Action::Judge))
    else {
        return about("the log has no row for which there is a verdict".to_owned());
    };
    let could_run = verdict.not_run.is_empty();
    let (is_so, to) = (said.outcome, link.to);
    let follows = match said.decided_by {
        Decider::Rules => match is_so {
            Outcome::Spam => to == ReplyState::Spam,
            Outcome::Hold => to == ReplyState::Pending,
            Outcome::Flag | Outcome::Pass => false,
        },
        Decider::NotRun => !could_run && to == ReplyState::Pending,
        Decider::Changed | Decider::Waiting | Decider::Sanction | Decider::Unproven => to == ReplyState::Pending,
        Decider::Mode => is_so <= Outcome::Flag && matches!(to, ReplyState::Pending | ReplyState::Approved),
        Decider::Staff => could_run && to == ReplyState::Approved,
        Decider::Import => link.action == Action::Import,
        Decider::Outside => follows_from_outside(&verdict, link.action, to),
    };
    if follows { None } else { about(format!("{to} does not follow from {is_so}, decided by {}", said.decided_by)) }
}

/// A text waits for the answer, or became what was answered, or waits as nobody answered.
fn follows_from_outside(verdict: &Verdict, action: Action, to: ReplyState) -> bool {
    let is_asked_for =
        |outcome| verdict.findings.iter().any(|found| found.rule == RuleName::Outside && found.outcome == outcome);
    let is_unanswered = verdict.not_run.iter().any(|(rule, _)| *rule == RuleName::Outside);
    match (action, to) {
        (Action::Post | Action::Edit, ReplyState::Pending) => verdict.not_run.is_empty(),
        (Action::Judge, ReplyState::Pending) => is_unanswered || is_asked_for(Outcome::Hold),
        (Action::Judge, ReplyState::Spam) => is_asked_for(Outcome::Spam),
        _ => false,
    }
}
