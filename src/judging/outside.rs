//! What is left to be asked outside about a reply that is stored, and to be told of what people decide about it.
//!
//! Nobody waits on the wire: a reply is stored as it waits, with a job in the same transaction, and the job's answer moves
//! it. The job knows what would have become of the reply without asking, and which version it is about: of one that was
//! edited or decided meanwhile nothing is overwritten.

use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Random,
    domain::{
        bulk::not_undone,
        ids::*,
        job::JobKind,
        moderation::{Action, Fate, Reason},
        outside_check::{OutsideKind, question_id},
        reply_state::Verb,
        rules::{
            Finding, NotRun, Outcome, RuleName, Verdict,
            lesson::{Teaching, taught_by},
        },
        timestamp::Timestamp,
    },
    store::{
        Conn, decisions,
        jobs::{self, Job},
        outside_checks,
        replies::Reply,
        sites::Site,
        verdicts::{self, Judged, StoredVerdict},
    },
};

pub mod asker;

/// What a job asks about: a reply as it was stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// None: an earlier program left it.
    pub site: Option<SiteId>,
    pub reply: ReplyId,
    pub version: i32,
    pub revision: i32,
    /// What would have become of it without asking.
    pub fate: Fate,
}

impl Asked {
    /// Whether this is what is there yet.
    pub fn is_about(&self, version: i32, revision: i32) -> bool {
        (self.version, self.revision) == (version, revision)
    }

    /// The verdict and the fate with what was answered.
    pub fn answered(&self, said: &StoredVerdict, found: Finding) -> Judged {
        let fate = self.fate.answered(found.outcome);
        self.judged(said, fate, Verdict { findings: vec![found], ..Verdict::default() })
    }

    /// The same where nobody answered, for this reason.
    pub fn unanswered(&self, said: &StoredVerdict, why: &str) -> Judged {
        let found = Finding::pass(RuleName::Outside, format!("asked for an hour without an answer: {why}"));
        let not_run = vec![(RuleName::Outside, NotRun::Unreachable)];
        self.judged(said, self.fate.unanswered(), Verdict { findings: vec![found], not_run, ..Verdict::default() })
    }

    /// The same where the site asks nobody any more.
    pub fn unasked(&self, said: &StoredVerdict) -> Judged {
        self.judged(said, self.fate, Verdict::default())
    }

    fn judged(&self, said: &StoredVerdict, fate: Fate, outside: Verdict) -> Judged {
        let mut verdict = said.verdict();
        verdict.extend(outside);
        Judged { verdict, policy_version: said.policy_version, fate }
    }
}

/// That somebody is to be asked about a text; begun before it is stored, since it waits from then on.
#[derive(Clone, Copy, Debug)]
#[must_use = "the reply would wait for an answer to what nobody asks"]
pub struct Asking(Fate);

impl Asking {
    /// Lets a new reply wait where its site asks.
    pub fn begin(judged: &mut Judged, site: &Site) -> Option<Self> {
        let fate = judged.fate;
        site.asks_outside.then(|| {
            judged.fate = fate.until_answered();
            Self(fate)
        })
    }

    /// The same of a new text of a reply. What waits goes on waiting, but for what waits for an answer alone: of that the new
    /// text is asked about instead. And an edit is no way out of the queue of flagged ones, unless a moderator makes it.
    pub fn begin_edit(
        conn: &mut Conn<'_>,
        judged: &mut Judged,
        site: &Site,
        (before, is_by_staff): (&Reply, bool),
    ) -> QueryResult<Option<Self>> {
        let unanswered = find_public_fate(conn, site, before)?;
        if !before.state.is_public() && unanswered.is_none() {
            judged.fate = judged.fate.while_waiting();
        }
        let was_flagged = before.flagged_at.is_some() || unanswered.is_some_and(|fate| fate.is_flagged);
        let stays_flagged = was_flagged && !is_by_staff && judged.fate.state.is_public();
        let asking = Self::begin(judged, site);
        Ok(asking.map(|Self(fate)| Self(Fate { is_flagged: fate.is_flagged || stays_flagged, ..fate })))
    }

    /// Leaves the job, in the transaction that stored the reply.
    pub fn store(self, conn: &mut Conn<'_>, reply: &Reply, now: Timestamp) -> QueryResult<()> {
        let Reply { site_id, id, version, revision, .. } = *reply;
        let asked = Asked { site: Some(site_id), reply: id, version, revision, fate: self.0 };
        let payload = serde_json::to_string(&asked).expect("plain values are JSON");
        jobs::insert(conn, &Job::new(question_id(reply.id, reply.version), JobKind::AskOutside, payload, now))
    }
}

/// What a reply would be, if it would be public but for an answer that is not there yet.
fn find_public_fate(conn: &mut Conn<'_>, site: &Site, reply: &Reply) -> QueryResult<Option<Fate>> {
    if !site.asks_outside || reply.state.is_public() {
        return Ok(None);
    }
    let job = jobs::find(conn, question_id(reply.id, reply.version))?;
    let asked = job.and_then(|job| serde_json::from_str::<Asked>(&job.payload).ok());
    Ok(asked.map(|asked| asked.fate).filter(|fate| fate.state.is_public()))
}

/// Brings what was answered about a waiting reply, as the last verdict about its present text says, into one that judges
/// it anew. Whether it may be released by that: not
/// while somebody is asked, nor where the site asks and nobody answered about this text, or was not even asked.
pub fn keep_answer(
    conn: &mut Conn<'_>,
    judged: &mut Judged,
    site: &Site,
    (reply, said): (&Reply, Option<&Verdict>),
) -> QueryResult<bool> {
    if jobs::find(conn, question_id(reply.id, reply.version))?.is_some() {
        return Ok(false);
    }
    let Some(found) = said.and_then(answer_in) else { return Ok(!site.asks_outside) };
    judged.fate = judged.fate.answered(found.outcome);
    judged.verdict.extend(Verdict { findings: vec![found], ..Verdict::default() });
    Ok(true)
}

/// What was answered about a text, as a verdict about it says; nothing where nobody answered.
fn answer_in(verdict: &Verdict) -> Option<Finding> {
    let is_missing = verdict.not_run.iter().any(|(rule, _)| *rule == RuleName::Outside);
    verdict.findings.iter().find(|finding| finding.rule == RuleName::Outside && !is_missing).cloned()
}

/// What a job tells: what people took a text for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Told {
    /// None: an earlier program left it.
    pub site: Option<SiteId>,
    pub reply: ReplyId,
    pub revision: i32,
    pub is_spam: bool,
}

/// Whose job it is, as the payload of either kind says; nothing where an earlier program left it.
pub fn site_of(payload: &str) -> Option<SiteId> {
    #[derive(Deserialize)]
    struct OfSite {
        site: Option<SiteId>,
    }
    serde_json::from_str::<OfSite>(payload).ok().and_then(|of| of.site)
}

/// Decisions about a reply that are looked at.
const LOOKED_BACK: i64 = 50;

/// Whether a reply's present text is taken for spam: by people, as they last decided and nobody undid, else by who was asked
/// outside; nothing where neither is so.
pub fn find_taken_for_spam(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<Option<bool>> {
    match find_decided(conn, reply.id)? {
        None => find_answered(conn, reply),
        decided => Ok(decided),
    }
}

fn find_decided(conn: &mut Conn<'_>, reply: ReplyId) -> QueryResult<Option<bool>> {
    let newest = decisions::list_last_of_replies(conn, &[reply], LOOKED_BACK)?;
    let is_about_text = |row: &decisions::Decision| !matches!(row.action, Action::Post | Action::Edit);
    let about_text: Vec<_> = newest.into_iter().take_while(is_about_text).collect();
    let standing = not_undone(about_text.into_iter().rev(), |row| row.action == Action::Undo);
    let mut decided = standing.iter().rev().filter_map(|row| match taught_by(row.action, row.reason) {
        Teaching::Good => Some(false),
        Teaching::Bad => Some(true),
        Teaching::TakesBack | Teaching::Nothing => None,
    });
    Ok(decided.next())
}

fn find_answered(conn: &mut Conn<'_>, reply: &Reply) -> QueryResult<Option<bool>> {
    let said = verdicts::find_last_of_text(conn, reply)?;
    Ok(said.as_ref().and_then(answer_in).map(|answer| answer.outcome == Outcome::Spam))
}

/// What a service that learns takes a reply's present text for by now: as it answered, or as it was told; nothing where none is
/// asked, or none answered.
pub fn find_known(conn: &mut Conn<'_>, site: &Site, reply: &Reply) -> QueryResult<Option<bool>> {
    let learns = |kind| kind == OutsideKind::Akismet;
    if !site.asks_outside || !outside_checks::find(conn, site.id)?.is_some_and(|check| learns(check.kind)) {
        return Ok(None);
    }
    let Some(answered) = find_answered(conn, reply)? else { return Ok(None) };
    Ok(find_decided(conn, reply.id)?.or(Some(answered)))
}

/// Leaves it to be told to a service that learns, where people decide otherwise about a reply than it knows: than they
/// decided before, which it was told where it had answered otherwise, or than it answered.
pub fn tell(
    conn: &mut Conn<'_>,
    site: &Site,
    reply: &Reply,
    (verb, reason): (Verb, Option<Reason>),
    (random, now): (&Random, Timestamp),
) -> QueryResult<()> {
    let is_spam = match (verb, reason) {
        (Verb::Approve, _) => false,
        (Verb::Spam, _) | (Verb::Reject, Some(Reason::Spam)) => true,
        _ => return Ok(()),
    };
    let known = find_known(conn, site, reply)?;
    leave_told(conn, reply, (known, Some(is_spam)), (random, now))
}

/// Leaves it to be told to a service that learns what a reply's text is taken for, if it knows otherwise.
pub fn leave_told(
    conn: &mut Conn<'_>,
    reply: &Reply,
    (known, taken): (Option<bool>, Option<bool>),
    (random, now): (&Random, Timestamp),
) -> QueryResult<()> {
    let Some((_, is_spam)) = known.zip(taken).filter(|(known, taken)| known != taken) else { return Ok(()) };
    let told = Told { site: Some(reply.site_id), reply: reply.id, revision: reply.revision, is_spam };
    let payload = serde_json::to_string(&told).expect("plain values are JSON");
    jobs::insert(conn, &Job::new(random.id(now), JobKind::TellOutside, payload, now))
}
