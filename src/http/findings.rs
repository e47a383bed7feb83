//! What the rules said, as moderators see it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    moderation::Decider,
    rules::{FeatureWeight, Finding, NotRun, Outcome, RuleName, Span},
};

/// What a rule said of a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// Who says it.
    pub rule: RuleName,
    /// What it asks for.
    pub outcome: Outcome,
    /// How sure it is, 0 to 1.
    pub score: f64,
    /// In words for a person.
    pub words: String,
    /// The parts of the text that it rests on, in order.
    pub spans: Vec<SpanView>,
    /// Of the classifier, the features that weighed most; ten at most.
    pub features: Vec<FeatureWeight>,
}

/// A part of a text, in characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct SpanView {
    /// Its first character, from 0.
    pub start: usize,
    /// The character behind its last one.
    pub end: usize,
}

/// A rule that said nothing.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct NotRunView {
    /// Which one.
    pub rule: RuleName,
    /// Why.
    pub why: NotRun,
}

impl From<(RuleName, NotRun)> for NotRunView {
    fn from((rule, why): (RuleName, NotRun)) -> Self {
        Self { rule, why }
    }
}

impl FindingView {
    /// Of a finding about this text; without parts where it is another one.
    pub fn of(finding: Finding, source: Option<&str>) -> Self {
        let spans = source.map(|source| in_characters(source, &finding.spans)).unwrap_or_default();
        let Finding { rule, outcome, score, words, features, .. } = finding;
        Self { rule, outcome, score, words, spans, features }
    }
}

/// Places in bytes, in order of their beginnings, as places in characters; those outside the text are left out.
pub fn in_characters(source: &str, spans: &[Span]) -> Vec<SpanView> {
    let (mut byte, mut characters) = (0, 0);
    let mut place = |to: usize| {
        let passed = source.get(byte..to)?;
        (byte, characters) = (to, characters + passed.chars().count());
        Some(characters)
    };
    let view = |span: &Span| {
        let start = place(span.start)?;
        Some(SpanView { start, end: start + source.get(span.start..span.end)?.chars().count() })
    };
    spans.iter().filter_map(view).collect()
}

/// In words why a text's state is what it is.
pub fn told(decider: Decider) -> &'static str {
    match decider {
        Decider::Rules => "a finding asks for it",
        Decider::NotRun => "a rule could not run, so it waits",
        Decider::Changed => "the policy or the story changed again and again while it was judged, so it waits",
        Decider::Mode => "no finding asks to hold it, and the story's mode or the site's decides",
        Decider::Sanction => "all that its author writes waits, by a sanction",
        Decider::Unproven => "its author has not proven who he is, and the site lets such texts wait",
        Decider::Staff => "it is by somebody of the site",
        Decider::Waiting => "it waited before, and an edit is no way past a moderator",
        Decider::Import => "it came with an import, as it stood there",
        Decider::Outside => "who is asked from outside has not answered yet, gave no answer, or asked for this",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        let spans = [(1, 3), (4, 6), (4, 7), (5, 6), (9, 99)].map(|(start, end)| Span { start, end });
        let found = in_characters("aé ü! xyz", &spans);
        let found: Vec<_> = found.iter().map(|span| (span.start, span.end)).collect();
        assert_eq!(found, [(1, 2), (3, 4), (3, 5)]);
    }
}
