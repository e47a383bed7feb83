//! Notices of illegal content: received, and decided about with all that follows from it.

use diesel::QueryResult;

use crate::{
    auth::keys::{Keys, Purpose},
    clock::Random,
    deciding,
    domain::{
        email::Email,
        ids::*,
        mail::Mail,
        moderation::{Action, Reason},
        notice::{
            NoticeBasis, NoticeOutcome, OPEN_OF_PERSON_MAX, OPEN_OF_REPLY_MAX, UNCONFIRMED_KEPT,
            UNCONFIRMED_OF_SITE_MAX,
        },
        notice_days::Counted,
        notice_reference::NoticeReference,
        reply_state::{ReplyState, Verb},
        statistics::{Measure, Wait},
        timestamp::Timestamp,
    },
    letters::About,
    mail,
    store::{
        Conn, accounts,
        day_counts::{self, Tally},
        decisions::{self, Actor, Decision},
        notice_decisions::{self, NoticeDecision},
        notice_queue,
        notices::{self, Notice, OpenNotice},
        replies::Reply,
        sites::Site,
        statements,
    },
};

pub mod letters;

/// Who gives notice.
#[derive(Clone, Copy, Debug)]
pub enum Notifier<'a> {
    Account(AccountId),
    Guest(&'a Email),
}

impl Notifier<'_> {
    /// By which the same person is known again, and nobody by it.
    pub fn hash(self, keys: &Keys) -> Vec<u8> {
        let hash = |kind: &[u8], who: &[u8]| keys.hash(Purpose::Notifier, &[kind, who]).to_vec();
        match self {
            Self::Account(id) => hash(b"account", id.0.as_bytes()),
            Self::Guest(email) => hash(b"e-mail", email.key().as_bytes()),
        }
    }
}

/// Why a notice is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// So many are open about the reply that one more says nothing new.
    ManyOfReply,
    /// So many of this person are open.
    ManyOfPerson,
}

/// Whether one more notice of this kind may come.
pub fn check_room(conn: &mut Conn<'_>, notice: &Notice) -> QueryResult<Option<Refusal>> {
    if notices::count_open(conn, notice.reply_id)? >= OPEN_OF_REPLY_MAX {
        return Ok(Some(Refusal::ManyOfReply));
    }
    let notifier = notice.notifier.as_deref().unwrap_or_default();
    let is_full = notices::count_of_person(conn, notifier, OPEN_OF_PERSON_MAX)? >= OPEN_OF_PERSON_MAX;
    Ok(is_full.then_some(Refusal::ManyOfPerson))
}

/// Makes room for one more notice on a site that nobody has confirmed yet.
pub fn make_room(conn: &mut Conn<'_>, site: SiteId, now: Timestamp) -> QueryResult<()> {
    if notices::count_unconfirmed(conn, site, UNCONFIRMED_OF_SITE_MAX)? >= UNCONFIRMED_OF_SITE_MAX {
        notices::drop_unconfirmed(conn, site, now.minus(UNCONFIRMED_KEPT), now)?;
    }
    Ok(())
}

/// A reference that nobody else has.
pub fn new_reference(random: &Random) -> NoticeReference {
    NoticeReference::of(random.bytes())
}

/// Lets a stored notice, received now, of a locked reply wait for a moderator: its place in the queue, the day's
/// numbers, the log. No word of it stands in the log, and of a guest nothing.
pub fn receive(
    conn: &mut Conn<'_>,
    notice: &Notice,
    reply: &Reply,
    actor: Actor,
    (random, now): (&Random, Timestamp),
) -> QueryResult<()> {
    notice_queue::add(conn, notice)?;
    let from = if notice.account_id.is_some() { Counted::OfAccount } else { Counted::OfGuest };
    let mut tally = Tally::on(now);
    for counted in [Counted::Received(notice.ground), from] {
        tally.add(Measure::Noticed, counted.key(), 1);
    }
    day_counts::count(conn, notice.site_id, &tally)?;
    let details = serde_json::json!({"notice": notice.id, "reply": reply.id, "revision": notice.revision});
    decisions::insert(conn, &row(reply, Decision::new(random.id(now), actor, Action::ReceiveNotice, now), &details))
}

/// A row of the log. It names the reply in its details, since the rows that name it as theirs are the chain of its
/// states.
fn row(reply: &Reply, row: Decision, details: &serde_json::Value) -> Decision {
    Decision {
        site_id: Some(reply.site_id),
        account_id: Some(reply.author_id),
        details: Some(details.to_string()),
        ..row
    }
}

/// Decides about all open notices of a text of a locked reply: the reply goes where it is to go, and all concerned are
/// written to.
pub fn decide(
    conn: &mut Conn<'_>,
    (site, reply, about): (&Site, &Reply, About<'_>),
    decision: &NoticeDecision,
    actor: Actor,
    (keys, random, now): (&Keys, &Random, Timestamp),
) -> QueryResult<()> {
    let open = notices::list_open(conn, reply.id, decision.revision)?;
    notice_decisions::insert(conn, decision)?;
    notices::close(conn, (reply.id, decision.revision), decision.id, now)?;
    notice_queue::delete(conn, reply.id, decision.revision)?;
    let mut appeal_until = None;
    if decision.outcome == NoticeOutcome::Removed && may_come_back(reply) {
        let details = Some(serde_json::json!({"notice_decision": decision.id}).to_string());
        // against the site's own rules is not against the law
        let reason = match decision.basis {
            Some(NoticeBasis::Contractual) => Reason::Other,
            _ => Reason::Illegal,
        };
        let (verb, message) = (Verb::Reject, Some(decision.reasons.clone()));
        let rejection = deciding::Decision { verb, reason: Some(reason), note: None, message, details };
        let refused = (site, reply, ReplyState::Rejected);
        rejection.carry_out(conn, refused, actor, None, (random, now))?;
        appeal_until = statements::find_last(conn, reply.id)?.map(|statement| statement.appeal_until);
    }
    day_counts::count(conn, site.id, &counted(&open, decision, now))?;
    let details = serde_json::json!({
        "decision": decision.id, "outcome": decision.outcome, "reply": reply.id, "revision": decision.revision,
        "notices": open.len(),
    });
    decisions::insert(conn, &row(reply, Decision::new(random.id(now), actor, Action::DecideNotice, now), &details))?;
    let mut mails: Vec<Mail> = open.iter().filter_map(|notice| letters::decision(about, notice, decision)).collect();
    if decision.outcome == NoticeOutcome::Removed {
        let author = accounts::find(conn, reply.author_id)?;
        mails.extend(author.and_then(|author| letters::statement(about, author.email, decision, appeal_until)));
    }
    mail::leave(conn, &mails, (keys, random), now)
}

/// Whether a reply is shown or may be again: also what is refused already is refused once more, for this reason, so that
/// undoing the former refusal or an appeal against it does not bring back what a notice found. What its author took back stays away.
fn may_come_back(reply: &Reply) -> bool {
    reply.state != ReplyState::Withdrawn
}

fn counted(open: &[OpenNotice], decision: &NoticeDecision, now: Timestamp) -> Tally {
    let mut tally = Tally::on(now);
    let mut add = |counted: Counted| tally.add(Measure::Noticed, counted.key(), 1);
    for notice in open {
        add(Counted::Decided(decision.outcome));
        add(Counted::Took(Wait::of(now.since(notice.received_at))));
        if decision.is_automated {
            add(Counted::Automated);
        }
    }
    tally
}
