//! Everything that one change of a reply changes, in one place and one order.
//!
//! Every writer locks the story first (`stories::lock`, `replies::find_locked`) and then comes here, where rows are
//! written in this order: its reports, the reporters' records and its case, the story, the reply, its ancestors, its place
//! among featured ones, the queue, its words, the author's counters, the site's counters, the sums of its day, the log, what
//! is owed to its author (`fairness`).
//! The one order keeps transactions on PostgreSQL from waiting for each other in a circle.

use diesel::QueryResult;

use super::{
    Conn,
    appeals::{self, Appeal},
    cases, counters,
    day_counts::{self, Seen, Tally},
    decisions::{self, Actor, Decision},
    fairness, featured,
    queue_items::{self, Cause},
    recommendations::{self, VoteOutcome},
    replies::{self, NewReply, Reply},
    reports::{self, Report},
    revisions::{self, Revision},
    search_documents,
    stories::Story,
    story_changes, story_versions,
    transaction::lost_race,
    verdicts::{self, Judged},
};
use crate::domain::{
    bulk::Former,
    case::{ReportFate, ReportSettings},
    change::ChangeKind,
    ids::{AccountId, DecisionId, StoryId},
    moderation::{Action, Reason},
    reply_body::RenderedBody,
    reply_state::ReplyState,
    statistics::Measure,
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
    /// What else the log is to say, a JSON object.
    pub details: Option<String>,
    /// What the rules said, where they were asked.
    pub judged: Option<Judged>,
}

impl Entry {
    /// Without words.
    pub fn new(id: DecisionId, actor: Actor, action: Action, at: Timestamp) -> Self {
        Self { id, actor, action, reason: None, note: None, message: None, at, details: None, judged: None }
    }

    fn cause(&self) -> Cause<'_> {
        Cause { action: Some(self.action), by: self.actor.id, judged: self.judged.as_ref(), since: None }
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
            details: self.details.clone(),
            ..Decision::new(self.id, self.actor, self.action, self.at)
        }
    }

    /// The same of what [`store`] has changed.
    fn decided(&self, before: &Reply, after: &Reply, stored: Stored) -> Decision {
        let decision = self.decision(Some(before), after);
        match stored {
            Stored::Changed => decision,
            Stored::Unfeatured => Decision { details: Some(with_unfeatured(decision.details.as_deref())), ..decision },
        }
    }
}

/// What became of a reply's row beside its own change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stored {
    Changed,
    /// It was featured and is not public any more.
    Unfeatured,
}

/// The details of a row of the log that also says what left the list of featured replies.
fn with_unfeatured(details: Option<&str>) -> String {
    let details = details.and_then(|details| serde_json::from_str(details).ok());
    let mut details: serde_json::Map<String, serde_json::Value> = details.unwrap_or_default();
    details.insert("unfeatured".to_owned(), true.into());
    serde_json::Value::from(details).to_string()
}

/// Stores a new reply under its story, which is locked here and not before: when the reply was judged the story was only
/// seen. If it says anything else by now of who may reply, or the parent is not public any more, the transaction has lost
/// a race and is tried again. Not seen: it was locked before.
pub fn post(conn: &mut Conn<'_>, new: NewReply<'_>, seen: Option<&Story>, entry: &Entry) -> QueryResult<Reply> {
    let (story, parent, is_public) = (new.story_id, new.parent, new.fate.state.is_public());
    let place = story_versions::take_place(conn, story, is_public)?;
    // on SQLite nobody writes between a look and the lock
    if let (Some(story), true) = (seen, conn.is_pg())
        && (!place.is_as_seen(story) || is_gone(conn, parent)?)
    {
        return Err(lost_race("what was answered has changed"));
    }
    let reply = Reply::new(new, place.seq);
    replies::insert(conn, &reply)?;
    if is_public {
        replies::add_below(conn, &reply, 1)?;
    }
    queue_items::adjust(conn, None, &reply, entry.cause(), entry.at)?;
    search_documents::keep_reply(conn, None, &reply)?;
    counters::adjust(conn, None, &reply, false)?;
    // imports bring what happened elsewhere
    if entry.action == Action::Post {
        let tally = Tally::of_post(&reply, entry.judged.as_ref(), entry.at);
        day_counts::count(conn, reply.site_id, &tally)?;
    }
    decisions::insert(conn, &entry.decision(None, &reply))?;
    if let Some(judged) = &entry.judged {
        verdicts::insert(conn, &reply, judged)?;
    }
    fairness::keep(conn, None, &reply, entry)?;
    if is_public {
        story_changes::append(conn, story, place.version, [(ChangeKind::Published, Some(reply.id))])?;
    }
    Ok(reply)
}

/// Whether a parent was public when it was looked at and is not any more.
fn is_gone(conn: &mut Conn<'_>, parent: Option<&Reply>) -> QueryResult<bool> {
    match parent.filter(|parent| parent.state.is_public()) {
        Some(parent) => Ok(!replies::is_public(conn, parent.id)?),
        None => Ok(false),
    }
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
    change_counted(conn, (before, before), (state, text), entry, Tally::on(entry.at))
}

/// The same of a reply whose new reports are not counted yet: as it was counted, and as it is, with what they add to the day.
fn change_counted(
    conn: &mut Conn<'_>,
    (counted, before): (&Reply, &Reply),
    (state, text): (ReplyState, Option<&NewText>),
    entry: &Entry,
    mut tally: Tally,
) -> QueryResult<Reply> {
    // also where the state stays: of two who decide at once the second must learn of the first
    let mut after = Reply { state, version: before.version + 1, ..before.clone() };
    if state != before.state {
        after.state_changed_at = entry.at;
    }
    after.refused_at = match entry.action {
        Action::Reject | Action::Spam => before.refused_at.filter(|_| state == before.state).or(Some(entry.at)),
        Action::Withdraw | Action::Appeal | Action::UpholdAppeal | Action::DropAppeal => before.refused_at,
        // rules refuse nobody
        _ => None,
    };
    after.appealed_at = match entry.action {
        Action::Appeal => Some(entry.at),
        Action::UpholdAppeal | Action::OverturnAppeal | Action::DropAppeal => None,
        // what is refused anew while it is appealed, as a notice does, is another refusal with an appeal of its own
        Action::Reject | Action::Spam => None,
        _ => before.appealed_at.filter(|_| state == before.state),
    };
    if let Some(text) = text {
        revisions::insert(
            conn,
            &Revision {
                reply_id: before.id,
                number: before.revision,
                body_source: before.body.source.clone(),
                created_at: before.edited_at.unwrap_or(before.created_at),
                replaced_at: entry.at,
                replaced_by: entry.actor.id,
            },
        )?;
        after.revision += 1;
        after.body = text.body.clone();
        after.edited_at = Some(entry.at);
        after.is_edited_by_staff = text.is_by_staff;
    }
    after.flagged_at = flagged_at(before, state, text, entry);
    let seen = day_counts::look(conn, before, entry.action, entry.actor)?;
    // what nobody looked at answers no report
    match entry.action {
        Action::Restore | Action::Judge | Action::Undo | Action::Hold => {}
        Action::Appeal | Action::UpholdAppeal | Action::DropAppeal => {}
        // what a moderator had looked at is not what is there now
        Action::Edit if text.is_some_and(|text| !text.is_by_staff) => {
            after.open_reports += cases::reopen_for_text(conn, before, (&mut tally, entry.at))?;
        }
        Action::Edit => {}
        action => {
            let fate = match action {
                // also where it was returned: the text about which they are could not stay as it was
                Action::Reject | Action::Spam | Action::Return => ReportFate::Upheld,
                Action::Withdraw => ReportFate::Moot,
                _ => ReportFate::Dismissed,
            };
            cases::close(conn, before, fate, entry.actor, (&mut tally, entry.at))?;
            after.open_reports = 0;
        }
    }
    let stored = store(conn, counted, &after, entry.cause(), entry.at)?;
    let row = entry.decided(before, &after, stored);
    tally.add_fate(before, &after, entry, &seen);
    tally.add_decision(&row, &seen);
    tally.add_appeal(before, &after, entry.action);
    day_counts::count(conn, after.site_id, &tally)?;
    decisions::insert(conn, &row)?;
    if let Some(judged) = &entry.judged {
        verdicts::insert(conn, &after, judged)?;
    }
    fairness::keep(conn, Some(before), &after, entry)?;
    Ok(after)
}

/// Puts a reply back to how it stood before the last thing that was done with it: its state, its flag, its refusal, its place
/// in the queues, and the reports that were closed with it.
pub fn put_back(conn: &mut Conn<'_>, before: &Reply, former: &Former, entry: &Entry) -> QueryResult<Reply> {
    let mut after = Reply {
        state: former.state,
        version: before.version + 1,
        refused_at: former.refused_at,
        flagged_at: former.flagged_at,
        ..before.clone()
    };
    if after.state != before.state {
        after.state_changed_at = entry.at;
    }
    let mut tally = Tally::on(entry.at);
    after.open_reports += cases::put_back(conn, before, former, (&mut tally, entry.at))?;
    let cause = Cause { since: former.since, ..entry.cause() };
    let stored = store(conn, before, &after, cause, entry.at)?;
    let row = entry.decided(before, &after, stored);
    tally.add_decision(&row, &Seen::default());
    day_counts::count(conn, after.site_id, &tally)?;
    decisions::insert(conn, &row)?;
    fairness::put_back(conn, before, former, entry.at)?;
    Ok(after)
}

/// Stores its author's appeal about a locked reply, which stands in the queue of appeals from then on.
pub fn appeal(conn: &mut Conn<'_>, before: &Reply, appeal: &Appeal, entry: &Entry) -> QueryResult<Reply> {
    let reply = change(conn, before, before.state, None, entry)?;
    appeals::insert(conn, appeal)?;
    Ok(reply)
}

/// Since when a reply waits to be looked at after a change: not once a moderator approved it or wrote its text.
fn flagged_at(before: &Reply, state: ReplyState, text: Option<&NewText>, entry: &Entry) -> Option<Timestamp> {
    let is_seen = entry.action == Action::Approve || text.is_some_and(|text| text.is_by_staff);
    if is_seen || !state.is_public() {
        return None;
    }
    let is_flagged = entry.judged.as_ref().is_some_and(|judged| judged.fate.is_flagged);
    before.flagged_at.or(is_flagged.then_some(entry.at))
}

/// Writes the row and all that is counted from it.
fn store(conn: &mut Conn<'_>, before: &Reply, after: &Reply, cause: Cause<'_>, now: Timestamp) -> QueryResult<Stored> {
    let delta = i64::from(after.state.is_public()) - i64::from(before.state.is_public());
    if let Some(kind) = ChangeKind::of(Some(before.state), after.state) {
        let version = story_versions::bump(conn, after.story_id, delta)?;
        story_changes::append(conn, after.story_id, version, [(kind, Some(after.id))])?;
    }
    replies::update(conn, after)?;
    if delta != 0 {
        replies::add_below(conn, after, delta)?;
    }
    let is_taken_off = delta < 0 && featured::take_off(conn, after)?;
    queue_items::adjust(conn, Some(before), after, cause, now)?;
    search_documents::keep_reply(conn, Some(before), after)?;
    counters::adjust(conn, Some(before), after, cause.decision().is_some())?;
    Ok(if is_taken_off { Stored::Unfeatured } else { Stored::Changed })
}

/// Gives a locked reply another author, who is the same person: nothing is decided about it, so it keeps its version, its
/// log and its place. If he has recommended it, he has not any more. Pages show the other name with the site's next version.
pub fn pass_on(conn: &mut Conn<'_>, before: &Reply, to: AccountId, now: Timestamp) -> QueryResult<()> {
    if recommendations::delete(conn, before.id, to)? == VoteOutcome::Changed {
        recommend(conn, before, -1, now)?;
    }
    let after = Reply { author_id: to, ..before.clone() };
    replies::set_author(conn, after.id, to)?;
    queue_items::mend(conn, &after, now)?;
    search_documents::keep_reply(conn, None, &after)?;
    counters::pass_on(conn, before, &after)
}

/// Adds to a public reply's recommendations. They are counted at once and seen with the others of the story: now, if none
/// were seen just before, else by [`show_waiting`]. The number in the reply's row is the one that is seen, so that the
/// bytes of a page follow from the story's version.
pub fn recommend(conn: &mut Conn<'_>, reply: &Reply, delta: i64, now: Timestamp) -> QueryResult<()> {
    let version = story_versions::show_recommendations(conn, reply.story_id, now)?;
    recommendations::wait(conn, reply.story_id, reply.id, delta)?;
    version.map_or(Ok(()), |version| show(conn, reply.story_id, version))
}

/// Lets readers see recommendations that wait, if they have waited long enough; whether some go on waiting. The story
/// is locked.
pub fn show_waiting(conn: &mut Conn<'_>, story: StoryId, now: Timestamp) -> QueryResult<bool> {
    if !recommendations::is_waiting(conn, story)? {
        return Ok(false);
    }
    match story_versions::show_recommendations(conn, story, now)? {
        Some(version) => show(conn, story, version).map(|()| false),
        None => Ok(true),
    }
}

fn show(conn: &mut Conn<'_>, story: StoryId, version: i64) -> QueryResult<()> {
    let shown = recommendations::take_waiting(conn, story)?;
    for (reply, delta) in &shown {
        replies::add_recommendations(conn, *reply, i64::from(*delta))?;
    }
    let changes = shown.into_iter().map(|(reply, _)| (ChangeKind::Recommended, Some(reply)));
    story_changes::append(conn, story, version, changes)
}

/// Stores a report of a locked reply with its case, unless it says what is known, and brings the reply's open reports up, with
/// the queue's number and its place there. Where they weigh enough, and nobody has approved the reply just before, it waits.
pub fn report(
    conn: &mut Conn<'_>,
    before: &Reply,
    report: &Report,
    settings: &ReportSettings,
    hold_id: DecisionId,
) -> QueryResult<()> {
    let now = report.created_at;
    if reports::is_known(conn, report, now.minus(settings.immunity()))? {
        return Ok(());
    }
    let mut tally = Tally::one(now, Measure::Reported, report.reason.as_str());
    let Some((more, weight)) = cases::take_in(conn, before, report, settings, (&mut tally, now))? else {
        return day_counts::count(conn, before.site_id, &tally);
    };
    replies::add_open_reports(conn, before.id, more.into())?;
    let after = Reply { open_reports: before.open_reports + more, ..before.clone() };
    let is_held = after.state.is_public()
        && settings.holds(weight)
        && !decisions::is_approved_since(conn, before.id, now.minus(settings.immunity()))?;
    if is_held {
        let details = Some(serde_json::json!({"weight": weight}).to_string());
        let entry = Entry { details, ..Entry::new(hold_id, Actor::SYSTEM, Action::Hold, now) };
        // at once, so that the counters are locked in their order
        change_counted(conn, (before, &after), (ReplyState::Pending, None), &entry, tally)?;
        return Ok(());
    }
    queue_items::adjust(conn, Some(before), &after, Cause::default(), now)?;
    search_documents::keep_reply(conn, Some(before), &after)?;
    counters::adjust(conn, Some(before), &after, false)?;
    day_counts::count(conn, before.site_id, &tally)
}
