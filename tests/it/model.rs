//! A discussion in memory, as simple as can be: what the service must show after the same actions.

use std::collections::{BTreeMap, BTreeSet};

use rejoinder::domain::{
    case::CaseState, moderation::ModerationMode, queue_event::WorkQueue, reply_state::ReplyState,
    sanction::SanctionKind, timestamp::Timestamp,
};
use serde_json::Value;

/// Ordinals of people, stories and replies: their places in the lists of the test.
pub type Person = usize;
pub type Story = usize;

/// What the rules of the site hold, take for spam and flag.
pub const HELD: &str = "haltword";
pub const SPAM: &str = "pillword";
pub const FLAGGED: &str = "SHOUTING AND SHOUTING AGAIN";

/// What a reader said of a reply.
#[derive(Clone, Debug)]
pub struct Report {
    pub by: Person,
    pub reason: &'static str,
    /// Of the text that was there.
    pub revision: usize,
    /// Open, or what came of it.
    pub state: CaseState,
}

/// All reports of a reply together.
#[derive(Clone, Debug)]
pub struct Case {
    pub state: CaseState,
    /// How often it was opened again.
    pub reopened: usize,
    /// Which of the reports were open when a moderator dismissed it last, and the text that he saw.
    dismissed: (Vec<usize>, usize),
}

/// One reply.
#[derive(Clone, Debug)]
pub struct Reply {
    pub id: String,
    pub story: Story,
    pub author: Person,
    /// In the tree.
    pub parent: Option<usize>,
    pub depth: usize,
    pub state: ReplyState,
    pub version: i64,
    /// Number of its text, from 1.
    pub revision: usize,
    pub text: String,
    pub recommended_by: BTreeSet<Person>,
    /// Refused, and that was not overturned; stays when the author withdraws.
    pub is_refused: bool,
    /// Public, flagged by the rules and not looked at since.
    pub is_flagged: bool,
    /// In the order in which they came.
    pub reports: Vec<Report>,
    /// Nothing if nobody ever reported it.
    pub case: Option<Case>,
    /// Since which step it waits without a break.
    pub waits_since: Option<usize>,
    /// Who holds it, and until when.
    pub claim: Option<(Person, Timestamp)>,
    /// Who returned it last, and who took part in its refusal; nobody where rules did.
    pub returned_by: Option<Person>,
    pub refused_by: BTreeSet<Person>,
    /// Whether it was refused last as it came back too late.
    pub is_lapsed: bool,
    /// Whether its author's appeal waits, whether one against the last refusal was decided, and the id of the last.
    pub is_appealed: bool,
    pub was_appealed: bool,
    pub appeal: Option<String>,
}

impl Case {
    fn open(&mut self) {
        self.reopened += usize::from(self.state != CaseState::Open);
        self.state = CaseState::Open;
    }
}

impl Reply {
    pub fn is_in(&self, queue: WorkQueue) -> bool {
        match queue {
            WorkQueue::Pending => self.state == ReplyState::Pending,
            WorkQueue::Reported => self.state.is_public() && self.has_open_reports(),
            WorkQueue::Flagged => self.is_flagged,
            WorkQueue::Appeals => self.is_appealed,
        }
    }

    /// Who holds it at this time.
    pub fn holder(&self, now: Timestamp) -> Option<Person> {
        self.claim.filter(|(_, until)| *until > now).map(|(person, _)| person)
    }

    pub fn has_open_reports(&self) -> bool {
        self.reports.iter().any(|report| report.state == CaseState::Open)
    }

    /// Where its case stands, as it is shown at this time.
    pub fn standing(&self, now: Timestamp) -> Option<&'static str> {
        let state = self.case.as_ref()?.state;
        let is_looked_at = state == CaseState::Open && self.holder(now).is_some();
        Some(if is_looked_at { "in_review" } else { state.as_str() })
    }

    pub fn is_dismissed(&self) -> bool {
        self.case.as_ref().is_some_and(|case| case.state == CaseState::Dismissed)
    }

    /// Takes a report. Of a reader one is open at a time: another takes its place, and the same again says nothing.
    pub fn report(&mut self, by: Person, reason: &'static str) {
        let open = self.reports.iter_mut().find(|report| report.by == by && report.state == CaseState::Open);
        if let Some(open) = open {
            if (open.reason, open.revision) == (reason, self.revision) {
                return;
            }
            open.state = CaseState::Moot;
        }
        self.reports.push(Report { by, reason, revision: self.revision, state: CaseState::Open });
        match &mut self.case {
            Some(case) => case.open(),
            None => self.case = Some(Case { state: CaseState::Open, reopened: 0, dismissed: (Vec::new(), 0) }),
        }
    }

    /// Lets a decision, or the author, close what readers reported. A decision otherwise than the one before turns what came of
    /// the reports of the present text.
    fn close_reports(&mut self, state: ReplyState, is_by_person: bool) {
        let Some(case) = &mut self.case else { return };
        let to = match state {
            ReplyState::Pending => return,
            ReplyState::Approved => CaseState::Dismissed,
            ReplyState::Withdrawn => CaseState::Moot,
            ReplyState::Rejected | ReplyState::Spam | ReplyState::Returned => CaseState::Upheld,
        };
        let from = case.state;
        let is_turned =
            matches!((from, to), (CaseState::Upheld, CaseState::Dismissed) | (CaseState::Dismissed, CaseState::Upheld));
        let is_meant = |report: &Report| {
            report.state == from
                && (from == CaseState::Open || (is_turned && is_by_person && report.revision == self.revision))
        };
        let meant: Vec<usize> = (0..self.reports.len()).filter(|index| is_meant(&self.reports[*index])).collect();
        if meant.is_empty() {
            return;
        }
        meant.iter().for_each(|index| self.reports[*index].state = to);
        case.state = to;
        if to == CaseState::Dismissed {
            case.dismissed = (if is_turned { Vec::new() } else { meant }, self.revision);
        }
    }

    /// Opens again what was dismissed of a text that its author replaces, the last of each reader.
    fn reopen_reports(&mut self) {
        let Some(case) = self.case.as_mut().filter(|case| case.state == CaseState::Dismissed) else { return };
        let (closed, revision) = &case.dismissed;
        let mut last = BTreeMap::new();
        for (index, report) in self.reports.iter().enumerate() {
            if report.state == CaseState::Dismissed && (closed.contains(&index) || report.revision == *revision) {
                last.insert(report.by, index);
            }
        }
        if !last.is_empty() {
            last.values().for_each(|index| self.reports[*index].state = CaseState::Open);
            case.open();
        }
    }

    /// Takes an appeal.
    pub fn appeal(&mut self, id: String) {
        self.version += 1;
        (self.is_appealed, self.appeal) = (true, Some(id));
    }

    /// Lets the appeal be decided.
    pub fn rule(&mut self, is_overturned: bool) {
        if is_overturned {
            self.change(ReplyState::Approved);
        } else {
            self.version += 1;
            (self.is_appealed, self.claim) = (false, None);
        }
        self.was_appealed = true;
    }

    /// Gives it the state that rules lead to.
    fn take_first_state(&mut self, state: ReplyState) {
        self.state = state;
        self.refused_by.clear();
        self.was_appealed &= !state.is_refused();
    }

    /// Lets somebody take part in its refusal; if it was not refused before, or came back too late, as the only one.
    pub fn refuse(&mut self, person: Person, was_refused: bool) {
        if !was_refused || self.is_lapsed {
            self.refused_by.clear();
        }
        self.is_lapsed = false;
        self.refused_by.insert(person);
    }

    /// Rejects it as its author did not change it in time.
    pub fn lapse(&mut self) {
        self.change_by(ReplyState::Rejected, false);
        (self.refused_by, self.is_lapsed) = (self.returned_by.into_iter().collect(), true);
    }

    /// Gives it a state by a decision or its author.
    pub fn change(&mut self, state: ReplyState) {
        self.change_by(state, true);
    }

    fn change_by(&mut self, state: ReplyState, is_by_person: bool) {
        if state == ReplyState::Withdrawn && self.state == state {
            return;
        }
        self.version += 1;
        self.state = state;
        self.claim = None;
        self.is_appealed = false;
        self.is_flagged = false;
        // each refusal can be appealed
        self.was_appealed &= !state.is_refused();
        self.is_refused = state.is_refused() || (self.is_refused && state == ReplyState::Withdrawn);
        self.close_reports(state, is_by_person);
    }
}

/// What is done about somebody.
#[derive(Clone, Debug)]
pub struct Sanction {
    pub id: String,
    pub kind: SanctionKind,
    /// And not on the site alone.
    pub is_everywhere: bool,
    pub until: Option<Timestamp>,
    /// Replies a day.
    pub per_day: usize,
}

/// What is known of one site.
#[derive(Clone, Debug)]
pub struct Model {
    pub mode: ModerationMode,
    pub replies: Vec<Reply>,
    /// What each person is under, if anything; it is over at its end, whoever knows.
    pub sanctioned: BTreeMap<Person, Sanction>,
    /// The time.
    pub now: Timestamp,
    pub closed: BTreeSet<Story>,
    /// Staff of the site.
    pub staff: BTreeSet<Person>,
}

/// A reply on a page: id, version and text unless it is a tombstone, depth, direct and all public ones below,
/// recommendations.
pub type Shown = (String, Option<i64>, Option<String>, usize, usize, usize, usize);

impl Model {
    /// The sanction that holds.
    pub fn sanction(&self, person: Person) -> Option<&Sanction> {
        let holds = |sanction: &&Sanction| sanction.until.is_none_or(|until| until > self.now);
        self.sanctioned.get(&person).filter(holds)
    }

    /// Whether a sanction of this kind holds.
    pub fn is_under(&self, person: Person, kind: SanctionKind) -> bool {
        self.sanction(person).is_some_and(|sanction| sanction.kind == kind)
    }

    /// Whether somebody only reads, on the site and perhaps everywhere.
    pub fn is_shut_out(&self, person: Person) -> bool {
        self.sanction(person).is_some_and(|sanction| sanction.kind.shuts_out())
    }

    /// Whether somebody only reads everywhere.
    pub fn is_shut_out_everywhere(&self, person: Person) -> bool {
        self.is_shut_out(person) && self.sanction(person).is_some_and(|sanction| sanction.is_everywhere)
    }

    /// Whether who is slowed has posted enough: all of it takes less than a day.
    pub fn has_posted_enough(&self, person: Person) -> bool {
        let posted = self.replies.iter().filter(|reply| reply.author == person).count();
        let slowed = self.sanction(person).filter(|sanction| sanction.kind == SanctionKind::Slow);
        slowed.is_some_and(|sanction| posted >= sanction.per_day)
    }

    /// The state of a text that this person writes now, and whether it is flagged.
    pub fn first_state(&self, person: Person, text: &str) -> (ReplyState, bool) {
        let is_staff = self.staff.contains(&person);
        if !is_staff && text.contains(SPAM) {
            return (ReplyState::Spam, false);
        }
        if (!is_staff && text.contains(HELD)) || self.is_under(person, SanctionKind::Premoderate) {
            return (ReplyState::Pending, false);
        }
        let is_refused = |reply: &Reply| reply.author == person && reply.is_refused;
        let is_public = is_staff
            || match self.mode {
                ModerationMode::Pre => false,
                ModerationMode::Post => true,
                ModerationMode::Trusted => {
                    self.count_of(person, ReplyState::Approved) >= 2 && !self.replies.iter().any(is_refused)
                }
            };
        let state = if is_public { ReplyState::Approved } else { ReplyState::Pending };
        (state, is_public && !is_staff && text.contains(FLAGGED))
    }

    /// Gives a reply another text.
    pub fn edit(&mut self, index: usize, person: Person, text: &str) {
        let (next, is_flagged) = self.first_state(person, text);
        let edited = &mut self.replies[index];
        if edited.state.is_public() {
            edited.is_flagged = next.is_public() && edited.author == person && (edited.is_flagged || is_flagged);
            edited.take_first_state(next);
        } else if next == ReplyState::Spam {
            edited.take_first_state(next);
        } else {
            edited.state = ReplyState::Pending;
        }
        if edited.author == person {
            edited.reopen_reports();
        }
        edited.text = text.to_owned();
        edited.revision += 1;
        edited.version += 1;
    }

    /// After a step: what waits from now on, and what waits no more, which nobody holds.
    pub fn settle(&mut self, step: usize) {
        for reply in &mut self.replies {
            if WorkQueue::ALL.iter().any(|queue| reply.is_in(*queue)) {
                reply.waits_since.get_or_insert(step);
            } else {
                (reply.waits_since, reply.claim) = (None, None);
            }
        }
    }

    /// The replies in a queue, the longest waiting first.
    pub fn waiting(&self, queue: WorkQueue) -> Vec<usize> {
        let mut waiting: Vec<usize> =
            (0..self.replies.len()).filter(|index| self.replies[*index].is_in(queue)).collect();
        waiting.sort_by_key(|index| self.replies[*index].waits_since);
        waiting
    }

    pub fn flagged(&self) -> usize {
        self.replies.iter().filter(|reply| reply.is_flagged).count()
    }

    pub fn count_of(&self, person: Person, state: ReplyState) -> usize {
        self.replies.iter().filter(|reply| reply.author == person && reply.state == state).count()
    }

    pub fn count(&self, state: ReplyState) -> usize {
        self.replies.iter().filter(|reply| reply.state == state).count()
    }

    pub fn public_in(&self, story: Story) -> usize {
        self.replies.iter().filter(|reply| reply.story == story && reply.state.is_public()).count()
    }

    pub fn reported(&self) -> usize {
        self.replies.iter().filter(|reply| reply.state.is_public() && reply.has_open_reports()).count()
    }

    /// A new reply; its place in the list.
    pub fn post(&mut self, id: String, story: Story, author: Person, answered: Option<usize>, text: &str) -> usize {
        let parent = match answered {
            Some(index) if self.replies[index].depth == 33 => self.replies[index].parent,
            other => other,
        };
        let depth = parent.map_or(1, |parent| self.replies[parent].depth + 1);
        let (state, is_flagged) = self.first_state(author, text);
        self.replies.push(Reply {
            id,
            story,
            author,
            parent,
            depth,
            state,
            version: 1,
            revision: 1,
            text: text.to_owned(),
            recommended_by: BTreeSet::new(),
            is_refused: false,
            is_flagged,
            reports: Vec::new(),
            case: None,
            waits_since: None,
            claim: None,
            returned_by: None,
            refused_by: BTreeSet::new(),
            is_lapsed: false,
            is_appealed: false,
            was_appealed: false,
            appeal: None,
        });
        self.replies.len() - 1
    }

    fn children(&self, parent: Option<usize>, story: Story) -> Vec<usize> {
        let is_child = |reply: &Reply| reply.parent == parent && reply.story == story;
        (0..self.replies.len()).filter(|index| is_child(&self.replies[*index])).collect()
    }

    fn public_below(&self, index: usize) -> usize {
        let below = self.children(Some(index), self.replies[index].story);
        below.iter().map(|child| usize::from(self.replies[*child].state.is_public()) + self.public_below(*child)).sum()
    }

    /// All that readers see of a story, the newest thread first.
    pub fn shown(&self, story: Story) -> Vec<Shown> {
        let mut shown = Vec::new();
        for top in self.children(None, story).into_iter().rev() {
            self.show(top, &mut shown);
        }
        shown
    }

    fn show(&self, index: usize, shown: &mut Vec<Shown>) {
        let reply = &self.replies[index];
        let (is_public, below) = (reply.state.is_public(), self.public_below(index));
        if !is_public && below == 0 {
            return;
        }
        let children = self.children(Some(index), reply.story);
        shown.push((
            reply.id.clone(),
            is_public.then_some(reply.version),
            is_public.then(|| format!("<p>{}</p>\n", reply.text)),
            reply.depth,
            children.iter().filter(|child| self.replies[**child].state.is_public()).count(),
            below,
            if is_public { reply.recommended_by.len() } else { 0 },
        ));
        for child in children {
            self.show(child, shown);
        }
    }
}

/// The same of an answer of the service.
pub fn shown_in(view: &Value) -> Shown {
    let number = |name: &str| usize::try_from(view[name].as_u64().unwrap()).unwrap();
    (
        view["id"].as_str().unwrap().to_owned(),
        view["version"].as_i64().filter(|_| !view["is_tombstone"].as_bool().unwrap()),
        view["body_html"].as_str().map(str::to_owned),
        number("depth"),
        number("replies"),
        number("visible_below"),
        number("recommendations"),
    )
}
