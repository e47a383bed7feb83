//! Automatic rules: what each of them says of a text, and what follows from all of them together.
//!
//! A rule is a pure function: it sees a text, its author's history, the story and the site's policy, and gives findings. All
//! rules run, always, and the strictest finding decides; none of them rejects, since only people do. A rule that could
//! not run makes the reply wait, and never lets it through.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ids::ReplyId, text_enum, timestamp::Timestamp};
use trained::Trained;

pub mod classifier;
pub mod features;
pub mod fold;
pub mod form;
pub mod history;
pub mod lesson;
pub mod links;
pub mod list;
pub mod near;
pub mod pace;
pub mod policy;
pub mod repeats;
pub mod shape;
pub mod stable_hash;
pub mod text;
pub mod trained;
pub mod words;

pub use text::Text;

text_enum! {
    /// A rule.
    pub enum RuleName {
        /// Phrases of the site's lists.
        Words = "words",
        /// Links: how many, where to, what they pretend.
        Links = "links",
        /// What was written before, by the same author or by anybody.
        Repeats = "repeats",
        /// Replies of an author, to a story and from an address in a minute and in an hour.
        Pace = "pace",
        /// What the author was told before, and how new they are.
        History = "history",
        /// How the text looks: shouting, signs, characters that nobody sees.
        Shape = "shape",
        /// What the site's own decisions say of such texts.
        Classifier = "classifier",
        /// Who the site asks from outside.
        Outside = "outside",
    }
}

impl RuleName {
    /// What it says of most texts, in which it finds nothing.
    pub fn of_most(self) -> &'static str {
        match self {
            Self::Words => "no listed phrase",
            Self::Links => "no links",
            Self::Repeats => "not said before",
            Self::Pace => "not too many",
            Self::History => "nothing against the author",
            Self::Shape => "looks like any text",
            Self::Classifier => "has learnt nothing",
            Self::Outside => "nothing against it",
        }
    }
}

text_enum! {
    /// What a finding asks for, the strictest last.
    pub enum Outcome {
        /// Nothing: the site's mode decides.
        Pass = "pass",
        /// To be public and looked at afterwards.
        Flag = "flag",
        /// To wait for a moderator.
        Hold = "hold",
        /// To be put away as spam.
        Spam = "spam",
    }
}

/// How long a rule may take. It is looked at once the rule has returned: what keeps rules short are the bounds of what they
/// are given.
pub const BUDGET: Duration = Duration::from_millis(50);

/// Places that one finding names at most.
pub const MAX_SPANS: usize = 100;

/// A part of a text's source, in bytes, between characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// What a rule says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Who says it.
    pub rule: RuleName,
    /// What it asks for.
    pub outcome: Outcome,
    /// How sure it is, 0 to 1.
    pub score: f64,
    /// The parts of the source that it rests on, in order; 100 at most.
    pub spans: Vec<Span>,
    /// In words for a person.
    pub words: String,
    /// Of the classifier, the features that weighed most; ten at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<FeatureWeight>,
}

/// What a feature of a text says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct FeatureWeight {
    /// Its kind and itself, such as `word viagra`.
    pub name: String,
    /// The logarithm of how much commoner it is in spam than in good texts; negative: in good ones.
    pub evidence: f64,
}

impl Finding {
    /// Nothing found.
    pub fn pass(rule: RuleName, words: impl Into<String>) -> Self {
        Self { rule, outcome: Outcome::Pass, score: 0.0, spans: Vec::new(), words: words.into(), features: Vec::new() }
    }

    /// Nothing found, as in most texts.
    pub fn nothing(rule: RuleName) -> Self {
        Self::pass(rule, rule.of_most())
    }

    /// Something found for certain.
    pub fn certain(rule: RuleName, outcome: Outcome, words: impl Into<String>) -> Self {
        Self { rule, outcome, score: 1.0, spans: Vec::new(), words: words.into(), features: Vec::new() }
    }

    /// Whether it asks for anything.
    pub fn asks(&self) -> bool {
        self.outcome > Outcome::Pass
    }

    /// With the places that it rests on, brought into order.
    pub fn at(mut self, spans: impl IntoIterator<Item = Range<usize>>) -> Self {
        self.spans = spans.into_iter().map(Span::from).collect();
        self.spans.sort_unstable();
        self.spans.dedup();
        self.spans.truncate(MAX_SPANS);
        self
    }
}

/// What all rules are given of a text.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    pub text: &'s Text,
    /// What the author did before.
    pub author: &'s AuthorHistory,
    /// As readers see it.
    pub author_name: &'s str,
    /// Other replies on the site that are nearly the same.
    pub copies: &'s [NearCopy],
    /// Texts of the site among which these were looked for.
    pub compared: i64,
    /// What the site's decisions taught.
    pub trained: Option<&'s Trained>,
    /// Of a text that was learnt already: what was said of it before, if anything was.
    pub scored: Option<Option<f64>>,
    /// Host names of the site itself.
    pub site_hosts: &'s [String],
    pub now: Timestamp,
}

impl<'s> Subject<'s> {
    /// A text by itself, on a site without hosts of its own.
    pub fn new(text: &'s Text, author: &'s AuthorHistory, now: Timestamp) -> Self {
        Self {
            text,
            author,
            author_name: "",
            copies: &[],
            compared: 0,
            trained: None,
            scored: None,
            site_hosts: &[],
            now,
        }
    }
}

/// A reply of the last day that says nearly the same.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct NearCopy {
    pub reply: ReplyId,
    /// The share of all groups of words that both have, 0 to 1.
    pub likeness: f64,
}

/// What is known of an author on a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuthorHistory {
    /// Since when there is the account.
    pub since: Timestamp,
    /// Replies that stand approved.
    pub approved: i64,
    /// Replies of the last seven days that people refused (rejected or spam).
    pub refused_lately: i64,
    /// Decisions of the last seven days about their replies.
    pub decided_lately: i64,
    /// The mean length of their last replies in characters; none before the first few.
    pub usual_chars: Option<u32>,
}

impl AuthorHistory {
    /// Of somebody who never wrote here.
    pub fn newcomer(since: Timestamp) -> Self {
        Self { since, approved: 0, refused_lately: 0, decided_lately: 0, usual_chars: None }
    }

    /// Whether they have fewer approved replies than this.
    pub fn is_new(&self, approved: u32) -> bool {
        self.approved < i64::from(approved)
    }
}

text_enum! {
    /// Why a rule said nothing.
    pub enum NotRun {
        /// It came to an end that nobody had thought of, or its settings cannot be read.
        Failed = "failed",
        /// It took longer than it may.
        TooLong = "too_long",
        /// Who is asked from outside gave no answer that could be used.
        Unreachable = "unreachable",
    }
}

/// What all rules together say of a text.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// What each rule said, in the order of the rules.
    pub findings: Vec<Finding>,
    /// Rules that could not run.
    pub not_run: Vec<(RuleName, NotRun)>,
    /// Microseconds that they took together.
    pub micros: u64,
    /// How much was known for it.
    pub knowledge: Knowledge,
}

/// How much was known of a site when a text was judged, beside its policy. It grows while the text is stored, and the
/// verdict stands by what it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Knowledge {
    /// Decisions of the site, taken back or not, that the classifier had learnt; 0 also where it was not asked.
    pub lessons: i64,
    /// Decisions of all sites that it borrowed from.
    pub shared_lessons: i64,
    /// Texts of the site's last 24 hours among which near copies were looked for.
    pub compared: i64,
}

impl Subject<'_> {
    /// How much is known for it.
    pub fn knowledge(&self) -> Knowledge {
        let lessons = self.trained.map_or(0, Trained::lessons);
        let shared_lessons = self.trained.map_or(0, Trained::shared_lessons);
        Knowledge { lessons, shared_lessons, compared: self.compared }
    }
}

impl Verdict {
    /// Adds what other rules said. A rule that found nothing in one place and something in another has found something.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.not_run.extend(other.not_run);
        self.micros += other.micros;
        let found: Vec<RuleName> =
            self.findings.iter().filter(|finding| finding.asks()).map(|found| found.rule).collect();
        let mut passed = Vec::new();
        self.findings.retain(|finding| {
            let is_first = !finding.asks() && !found.contains(&finding.rule) && !passed.contains(&finding.rule);
            passed.extend(is_first.then_some(finding.rule));
            finding.asks() || is_first
        });
        self.findings.sort_by_key(|finding| finding.rule);
    }

    /// The strictest outcome; at least [`Outcome::Hold`] where a rule could not run.
    pub fn outcome(&self) -> Outcome {
        let found = self.findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::Pass);
        if self.not_run.is_empty() { found } else { found.max(Outcome::Hold) }
    }

    /// The findings that ask for the outcome; none where nothing was found.
    pub fn deciding(&self) -> impl Iterator<Item = &Finding> {
        let outcome = self.outcome();
        self.findings.iter().filter(move |finding| finding.outcome == outcome && outcome > Outcome::Pass)
    }
}

/// A rule that is ready to run.
pub type Rule<'r> = (RuleName, &'r dyn Fn() -> Vec<Finding>);

/// Runs all of them. `worked` tells for how long this thread has worked since some moment: a rule is not late because the
/// machine is busy.
pub fn judge(rules: &[Rule<'_>], worked: impl Fn() -> Duration) -> Verdict {
    let begun = worked();
    let mut verdict = Verdict::default();
    for (name, rule) in rules {
        let before = worked();
        // whatever a rule was doing, nobody else sees its halves: it changes nothing
        let outcome = catch_unwind(AssertUnwindSafe(rule));
        let took = worked().saturating_sub(before);
        match outcome {
            Err(_) => verdict.not_run.push((*name, NotRun::Failed)),
            Ok(_) if took > BUDGET => verdict.not_run.push((*name, NotRun::TooLong)),
            Ok(findings) => verdict.findings.extend(findings),
        }
    }
    verdict.micros = u64::try_from(worked().saturating_sub(begun).as_micros()).unwrap_or(u64::MAX);
    verdict
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
