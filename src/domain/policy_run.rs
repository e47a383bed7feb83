//! Policies tried on former replies, and waiting replies judged anew.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ids::ReplyId,
    moderation::Fate,
    reply_state::ReplyState,
    rules::{NotRun, Outcome, RuleName, Verdict},
    text_enum,
};

text_enum! {
    /// What a run does.
    pub enum RunKind {
        /// Says what a policy would have done; changes nothing.
        Simulate = "simulate",
        /// Judges anew what waits, and releases what passes.
        Rerun = "rerun",
        /// Puts back what another run released.
        Undo = "undo",
    }
}

text_enum! {
    /// Where a run stands.
    pub enum RunState {
        /// It will begin soon.
        Waiting = "waiting",
        /// It is going on.
        Running = "running",
        /// It looked at everything.
        Done = "done",
        /// Somebody ended it.
        Cancelled = "cancelled",
        /// It came to an end that nobody had thought of, or took too long.
        Failed = "failed",
    }
}

impl RunState {
    /// Whether nothing comes of it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

/// What people decided about a reply, if they did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decided {
    Approved,
    Refused,
}

/// A reply that a policy is tried on.
#[derive(Clone, Copy, Debug)]
pub struct Tried<'a> {
    pub reply: ReplyId,
    /// Where it stands.
    pub state: ReplyState,
    pub decided: Option<Decided>,
    pub source: &'a str,
}

/// How often a rule asked for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct RuleTally {
    /// To be flagged.
    pub flag: u64,
    /// To be held.
    pub hold: u64,
    /// To be spam.
    pub spam: u64,
    /// It took longer than it may.
    pub overruns: u64,
    /// It could not run for another reason.
    pub failures: u64,
}

/// Where replies stand that a policy is tried on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct StandNow {
    /// Public.
    pub public: u64,
    /// Waiting for a moderator.
    pub waiting: u64,
    /// Refused, returned to their authors, or put away as spam.
    pub refused: u64,
}

/// What a policy would have done to the replies that it was tried on.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Simulation {
    /// Replies that it was tried on.
    pub replies: u64,
    /// Where they stand now; nothing of simulations that an older program made.
    #[serde(default)]
    pub now: StandNow,
    /// Public, flagged ones included.
    pub public: u64,
    /// Public and flagged.
    pub flagged: u64,
    /// Waiting for a moderator.
    pub held: u64,
    /// Put away as spam.
    pub spam: u64,
    /// Waiting now, and public by this policy.
    pub released: u64,
    /// What each rule asked for.
    #[schema(value_type = std::collections::HashMap<String, RuleTally>)]
    pub by_rule: BTreeMap<RuleName, RuleTally>,
    /// Held or put away, and refused by people.
    pub caught: u64,
    /// Public, and refused by people.
    pub missed: u64,
    /// Held or put away by a rule, and approved by people.
    pub wrongly_held: u64,
    /// Some of each.
    pub examples: Vec<Example>,
}

text_enum! {
    /// Why a reply is shown as an example.
    pub enum ExampleOf {
        /// It would have been caught, and people refused it.
        Caught = "caught",
        /// It would have been public, and people refused it.
        Missed = "missed",
        /// It would have been held, and people approved it.
        WronglyHeld = "wrongly_held",
        /// It waits, and would be public.
        Released = "released",
        /// It would have been held or put away, and people decided nothing.
        Held = "held",
    }
}

/// A reply that shows what a policy would have done.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Example {
    /// What it shows.
    pub of: ExampleOf,
    /// Its id.
    pub reply_id: ReplyId,
    /// Where it stands.
    pub state: ReplyState,
    /// The beginning of its text.
    pub excerpt: String,
    /// What follows from all rules together.
    pub outcome: Outcome,
    /// What decided, in words.
    pub words: Vec<String>,
}

/// Examples of each kind.
const EXAMPLES: usize = 10;
/// Characters of an example's text.
const EXCERPT_CHARS: usize = 200;
/// Findings that an example names, and the characters of each.
const WORDS: usize = 5;
const WORDS_CHARS: usize = 300;

impl Simulation {
    /// Counts what a policy would have done to a reply.
    pub fn add(&mut self, tried: Tried<'_>, verdict: &Verdict, fate: Fate) {
        self.replies += 1;
        match tried.state {
            ReplyState::Approved => self.now.public += 1,
            ReplyState::Pending => self.now.waiting += 1,
            ReplyState::Rejected | ReplyState::Returned | ReplyState::Spam => self.now.refused += 1,
            ReplyState::Withdrawn => {}
        }
        let is_public = fate.state.is_public();
        self.public += u64::from(is_public);
        self.flagged += u64::from(fate.is_flagged);
        self.held += u64::from(fate.state == ReplyState::Pending);
        self.spam += u64::from(fate.state == ReplyState::Spam);
        self.count_rules(verdict);
        // what waits by the mode alone no rule holds
        let is_held = verdict.outcome() >= Outcome::Hold;
        let released = tried.state == ReplyState::Pending && is_public;
        self.released += u64::from(released);
        let of = match (tried.decided, is_held) {
            (Some(Decided::Refused), true) => Some(ExampleOf::Caught),
            (Some(Decided::Refused), false) if is_public => Some(ExampleOf::Missed),
            (Some(Decided::Approved), true) => Some(ExampleOf::WronglyHeld),
            (None, true) => Some(ExampleOf::Held),
            _ => released.then_some(ExampleOf::Released),
        };
        match of {
            Some(ExampleOf::Caught) => self.caught += 1,
            Some(ExampleOf::Missed) => self.missed += 1,
            Some(ExampleOf::WronglyHeld) => self.wrongly_held += 1,
            Some(ExampleOf::Released | ExampleOf::Held) | None => {}
        }
        if let Some(of) = of.filter(|of| self.examples.iter().filter(|example| example.of == *of).count() < EXAMPLES) {
            self.examples.push(Example::of(of, tried, verdict));
        }
    }

    fn count_rules(&mut self, verdict: &Verdict) {
        let mut strictest: BTreeMap<RuleName, Outcome> = BTreeMap::new();
        for finding in &verdict.findings {
            let known = strictest.entry(finding.rule).or_insert(finding.outcome);
            *known = finding.outcome.max(*known);
        }
        for (rule, outcome) in strictest {
            let tally = self.by_rule.entry(rule).or_default();
            match outcome {
                Outcome::Pass => {}
                Outcome::Flag => tally.flag += 1,
                Outcome::Hold => tally.hold += 1,
                Outcome::Spam => tally.spam += 1,
            }
        }
        for (rule, why) in &verdict.not_run {
            let tally = self.by_rule.entry(*rule).or_default();
            match why {
                NotRun::TooLong => tally.overruns += 1,
                NotRun::Failed | NotRun::Unreachable => tally.failures += 1,
            }
        }
    }
}

impl Example {
    fn of(of: ExampleOf, tried: Tried<'_>, verdict: &Verdict) -> Self {
        let cut = |text: &str, chars: usize| text.chars().take(chars).collect::<String>();
        Self {
            of,
            reply_id: tried.reply,
            state: tried.state,
            excerpt: cut(tried.source, EXCERPT_CHARS),
            outcome: verdict.outcome(),
            words: verdict.deciding().take(WORDS).map(|finding| cut(&finding.words, WORDS_CHARS)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rules::Finding;

    fn add(
        simulation: &mut Simulation,
        state: ReplyState,
        decided: Option<Decided>,
        outcome: Outcome,
        is_public: bool,
    ) {
        let verdict =
            Verdict { findings: vec![Finding::certain(RuleName::Words, outcome, "said")], ..Verdict::default() };
        let fate = if is_public { Fate::plain(true) } else { Fate::plain(false) };
        let tried = Tried { reply: ReplyId(uuid::Uuid::nil()), state, decided, source: "text" };
        simulation.add(tried, &verdict, fate);
    }

    #[test]
    fn what_rules_say_is_set_against_what_people_decided() {
        use {Decided::*, ReplyState::*};
        let mut simulation = Simulation::default();
        add(&mut simulation, Rejected, Some(Refused), Outcome::Hold, false);
        add(&mut simulation, Spam, Some(Refused), Outcome::Pass, true);
        add(&mut simulation, ReplyState::Approved, Some(Decided::Approved), Outcome::Spam, false);
        add(&mut simulation, ReplyState::Approved, Some(Decided::Approved), Outcome::Flag, true);
        add(&mut simulation, Pending, None, Outcome::Pass, true);
        add(&mut simulation, Pending, None, Outcome::Pass, false);
        let Simulation { replies, public, held, released, caught, missed, wrongly_held, .. } = simulation;
        assert_eq!((replies, public, held, released, caught, missed, wrongly_held), (6, 3, 3, 1, 1, 1, 1));
        assert_eq!(simulation.now, StandNow { public: 2, waiting: 2, refused: 2 });
        let words = simulation.by_rule[&RuleName::Words];
        assert_eq!((words.flag, words.hold, words.spam), (1, 1, 1));
        let shown: Vec<_> = simulation.examples.iter().map(|example| example.of).collect();
        assert_eq!(shown, [ExampleOf::Caught, ExampleOf::Missed, ExampleOf::WronglyHeld, ExampleOf::Released]);
    }

    #[test]
    fn examples_are_few_and_short() {
        let mut simulation = Simulation::default();
        for _ in 0..50 {
            add(&mut simulation, ReplyState::Pending, None, Outcome::Hold, false);
        }
        assert_eq!((simulation.held, simulation.examples.len()), (50, EXAMPLES));
    }
}
