//! A site's policy: the settings of all rules, as admins write them and as they are run.

use std::{fmt::Display, time::Duration};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AuthorHistory, NotRun, Rule, RuleName, Subject, Verdict, features,
    history::{self, HistorySettings},
    judge,
    links::{LinkRule, LinkSettings, MAX_HOSTS, MAX_LINKS},
    list::BadEntry,
    pace::PaceSettings,
    repeats::{self, RepeatSettings},
    shape::{self, ShapeSettings},
    trained::{self, ClassifierSettings},
    words::{MAX_PHRASES, WordRule, WordSettings},
};
use crate::domain::{
    case::ReportSettings, fairness::FairnessSettings, notice::NoticeSettings, sanction::SanctionSettings,
};

/// Settings of all rules; what is absent is as if nobody had changed it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Phrases.
    pub words: WordSettings,
    /// Links.
    pub links: LinkSettings,
    /// Texts that were posted before.
    pub repeats: RepeatSettings,
    /// Replies in a minute and in an hour.
    pub pace: PaceSettings,
    /// The author's history.
    pub history: HistorySettings,
    /// How a text looks.
    pub shape: ShapeSettings,
    /// What was learnt of decisions.
    pub classifier: ClassifierSettings,
    /// What reports do; no rule about texts.
    // a program of before there were cases reads what says nothing of them
    #[serde(skip_serializing_if = "ReportSettings::is_default")]
    pub reports: ReportSettings,
    /// What moderators are advised to do about people; no rule about texts.
    #[serde(skip_serializing_if = "SanctionSettings::is_default")]
    pub sanctions: SanctionSettings,
    /// What authors may expect of refusals; no rule about texts either.
    #[serde(skip_serializing_if = "FairnessSettings::is_default")]
    pub fairness: FairnessSettings,
    /// What becomes of notices of illegal content; no rule about texts.
    #[serde(skip_serializing_if = "NoticeSettings::is_default")]
    pub notices: NoticeSettings,
}

/// Something in a policy that cannot be run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyError {
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong, with the line of a list.
    pub detail: String,
}

/// A policy made ready: dear, so done once for each version of it.
#[derive(Clone, Debug)]
pub struct ReadyPolicy {
    words: WordRule,
    links: LinkRule,
    repeats: RepeatSettings,
    pace: PaceSettings,
    history: HistorySettings,
    shape: ShapeSettings,
    classifier: ClassifierSettings,
    reports: ReportSettings,
    sanctions: SanctionSettings,
    notices: NoticeSettings,
}

impl Policy {
    /// Makes it ready. Errors: everything that is wrong with it, line by line.
    pub fn ready(self) -> Result<ReadyPolicy, Vec<PolicyError>> {
        let mut errors = Vec::new();
        for (pointer, entries, most) in [
            ("/words/hold", self.words.hold.len(), MAX_PHRASES),
            ("/words/spam", self.words.spam.len(), MAX_PHRASES),
            ("/links/allow", self.links.allow.len(), MAX_HOSTS),
            ("/links/deny", self.links.deny.len(), MAX_HOSTS),
        ] {
            if entries > most {
                let detail = format!("{most} entries at most, these are {entries}");
                errors.push(PolicyError { pointer: pointer.to_owned(), detail });
            }
        }
        for (pointer, number, least, most) in [
            ("/links/max", self.links.max, 0, MAX_LINKS),
            ("/links/newcomer_max", self.links.newcomer_max, 0, MAX_LINKS),
            ("/links/newcomer_below", self.links.newcomer_below, 0, 1_000),
            ("/repeats/own_hours", self.repeats.own_hours, 1, 168),
            ("/repeats/own_min_chars", self.repeats.own_min_chars, 0, 10_000),
            ("/pace/author_minute", self.pace.author_minute, 0, 10_000),
            ("/pace/author_hour", self.pace.author_hour, 0, 10_000),
            ("/pace/story_minute", self.pace.story_minute, 0, 10_000),
            ("/pace/story_hour", self.pace.story_hour, 0, 10_000),
            ("/pace/address_minute", self.pace.address_minute, 0, 10_000),
            ("/pace/address_hour", self.pace.address_hour, 0, 10_000),
            ("/pace/trusted_from", self.pace.trusted_from, 0, 1_000),
            ("/pace/trusted_times", self.pace.trusted_times, 1, 100),
            ("/history/refused_percent", self.history.refused_percent, 0, 100),
            ("/history/refused_of", self.history.refused_of, 1, 1_000),
            ("/history/young_minutes", self.history.young_minutes, 0, 525_600),
            ("/history/first_replies", self.history.first_replies, 0, 1_000),
            ("/reports/immunity_hours", self.reports.immunity_hours, 0, 720),
            ("/reports/reopen_at_weight", self.reports.reopen_at_weight, 1, 1_000),
            ("/reports/hold_at_weight", self.reports.hold_at_weight.unwrap_or(1), 1, 1_000),
            ("/fairness/return_days", self.fairness.return_days, 1, 60),
            ("/fairness/appeal_days", self.fairness.appeal_days, 1, 180),
            ("/notices/guests_kept_days", self.notices.guests_kept_days, 1, 3_650),
        ] {
            if !(least..=most).contains(&number) {
                errors.push(PolicyError { pointer: pointer.to_owned(), detail: format!("{least} to {most}") });
            }
        }
        if self.classifier.threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
            errors.push(PolicyError { pointer: "/classifier/threshold".to_owned(), detail: "0 to 1".to_owned() });
        }
        errors.extend(
            self.sanctions
                .errors()
                .into_iter()
                .map(|(place, why)| PolicyError { pointer: format!("/sanctions{place}"), detail: why.to_owned() }),
        );
        errors.extend(self.fairness.wrong_words().map(|(ground, detail)| PolicyError {
            pointer: format!("/fairness/words/{ground}"),
            detail: detail.to_owned(),
        }));
        // lists that are too long are not gone through line by line
        if !errors.is_empty() {
            return Err(errors);
        }
        let words = WordRule::new(&self.words).map_err(|bad| errors.extend(bad.iter().map(|bad| told("words", bad))));
        let links =
            LinkRule::new(self.links.clone()).map_err(|bad| errors.extend(bad.iter().map(|bad| told("links", bad))));
        match (words, links) {
            (Ok(words), Ok(links)) => {
                let Self { repeats, pace, history, shape, classifier, reports, sanctions, notices, .. } = self;
                Ok(ReadyPolicy { words, links, repeats, pace, history, shape, classifier, reports, sanctions, notices })
            }
            _ => Err(errors),
        }
    }
}

/// An entry of a rule's list that cannot be used, with its place in the policy.
fn told(rule: &str, bad: &BadEntry<impl Display>) -> PolicyError {
    PolicyError {
        pointer: format!("/{rule}/{}/{}", bad.list, bad.line - 1),
        detail: format!("line {}: {}", bad.line, bad.error),
    }
}

impl ReadyPolicy {
    /// What reports do.
    pub fn reports(&self) -> &ReportSettings {
        &self.reports
    }

    /// What moderators are advised to do about people.
    pub fn sanctions(&self) -> &SanctionSettings {
        &self.sanctions
    }

    /// What becomes of notices of illegal content.
    pub fn notices(&self) -> &NoticeSettings {
        &self.notices
    }

    /// The settings of [`super::pace`].
    pub fn pace(&self) -> &PaceSettings {
        &self.pace
    }

    /// The settings of [`super::repeats`].
    pub fn repeats(&self) -> &RepeatSettings {
        &self.repeats
    }

    /// Whether rules would say the same of two states of an author's history. What is usual of their texts is left out: it
    /// moves with each of them, and little.
    pub fn sees_alike(&self, one: &AuthorHistory, other: &AuthorHistory) -> bool {
        let thresholds = [self.links.newcomer_below(), self.history.first_replies, self.pace.trusted_from];
        let lately = |author: &AuthorHistory| (author.since, author.refused_lately, author.decided_lately);
        lately(one) == lately(other)
            && thresholds.iter().all(|&approved| one.is_new(approved) == other.is_new(approved))
            && features::trust(one) == features::trust(other)
    }

    /// What rules say of a text: all but those that count what is there at the very moment of storing it. `worked` tells
    /// the time since some moment.
    pub fn judge(&self, subject: &Subject<'_>, worked: impl Fn() -> Duration) -> Verdict {
        let words = || self.words.judge(subject);
        let repeats = || repeats::judge_near(&self.repeats, subject);
        let links = || self.links.judge(subject);
        let history = || history::judge(&self.history, subject);
        let shape = || shape::judge(&self.shape, subject);
        let classifier = || trained::judge(&self.classifier, subject);
        let rules: [Rule<'_>; 6] = [
            (RuleName::Words, &words),
            (RuleName::Links, &links),
            (RuleName::Repeats, &repeats),
            (RuleName::History, &history),
            (RuleName::Shape, &shape),
            (RuleName::Classifier, &classifier),
        ];
        let verdict = match subject.text.is_read() {
            true => judge(&rules, worked),
            false => Verdict {
                not_run: rules.iter().map(|(name, _)| (*name, NotRun::Failed)).collect(),
                ..Verdict::default()
            },
        };
        Verdict { knowledge: subject.knowledge(), ..verdict }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        rules::{Outcome, Text},
        timestamp::Timestamp,
    };

    fn verdict(policy: Policy, source: &str) -> Verdict {
        let (text, now) = (Text::of(source), Timestamp::from_micros(0));
        let author = AuthorHistory { approved: 5, usual_chars: Some(100), ..AuthorHistory::newcomer(now) };
        policy.ready().unwrap().judge(&Subject::new(&text, &author, now), || Duration::ZERO)
    }

    #[test]
    fn of_a_text_that_could_not_be_read_no_rule_says_anything_and_it_waits() {
        let (text, now) = (Text::unread("Hello"), Timestamp::from_micros(0));
        let author = AuthorHistory::newcomer(now);
        let verdict = Policy::default().ready().unwrap().judge(&Subject::new(&text, &author, now), || Duration::ZERO);
        assert_eq!((verdict.findings.len(), verdict.not_run.len()), (0, 6));
        assert_eq!(verdict.outcome(), Outcome::Hold);
    }

    #[test]
    fn every_rule_says_something_of_every_text() {
        let verdict = verdict(Policy::default(), "a plain answer");
        let said: Vec<_> = verdict.findings.iter().map(|finding| finding.rule).collect();
        let counting = [RuleName::Pace, RuleName::Outside];
        let expected: Vec<_> = RuleName::ALL.iter().copied().filter(|rule| !counting.contains(rule)).collect();
        assert_eq!(said, expected);
        assert_eq!((verdict.outcome(), verdict.not_run.len()), (Outcome::Pass, 0));
    }

    #[test]
    fn a_finding_rests_on_what_stands_in_the_source() {
        let words = WordSettings { spam: vec!["free money".into()], ..WordSettings::default() };
        let source = "take the *free*  **money** now";
        let verdict = verdict(Policy { words, ..Policy::default() }, source);
        let finding = verdict.deciding().next().unwrap();
        assert_eq!(&source[finding.spans[0].start..finding.spans[0].end], "free*  **money");
        assert_eq!(finding.words, "listed: free money");
    }

    #[test]
    fn everything_that_is_wrong_with_a_policy_is_said() {
        let words = WordSettings { hold: vec!["fine".into(), " ".into(), "a*b".into()], ..WordSettings::default() };
        let links = LinkSettings { deny: vec!["co.uk".into()], ..LinkSettings::default() };
        let errors = Policy { words, links, ..Policy::default() }.ready().unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/words/hold/1", "/words/hold/2", "/links/deny/0"]);
        assert!(errors[0].detail.starts_with("line 2: "), "{errors:?}");

        let words = WordSettings { spam: vec!["x".into(); MAX_PHRASES + 1], ..WordSettings::default() };
        let history = HistorySettings { refused_percent: 101, ..HistorySettings::default() };
        let errors = Policy { words, history, ..Policy::default() }.ready().unwrap_err();
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/words/spam", "/history/refused_percent"]);
    }

    #[test]
    fn hostile_texts_end() {
        let words: Vec<String> = (0..MAX_PHRASES).map(|number| format!("phrase {number}")).collect();
        let policy =
            || Policy { words: WordSettings { hold: words.clone(), ..WordSettings::default() }, ..Policy::default() };
        for text in ["a", "\u{430}", "*", "\u{200b}x", "a ", "[x](http://a.b) ", "> ", "\u{fdfa}", "<", "&amp;"] {
            let source: String = text.chars().cycle().take(10_000).collect();
            assert_eq!(verdict(policy(), &source).not_run, []);
        }
    }

    proptest! {
        #[test]
        fn spans_lie_in_the_source_between_characters(
            source in "(\\PC|[a-c *_`>\\[\\]()&;~\r\n]|free money|https://a\\.example/|\u{200b}|\u{430}|\u{202e}){0,60}",
        ) {
            let words = WordSettings { hold: vec!["a*".into(), "free money".into()], ..WordSettings::default() };
            let links = LinkSettings { max: 0, newcomer_max: 0, ..LinkSettings::default() };
            let verdict = verdict(Policy { words, links, ..Policy::default() }, &source);
            prop_assert_eq!(&verdict.not_run, &[]);
            for span in verdict.findings.iter().flat_map(|finding| &finding.spans) {
                prop_assert!(source.get(span.start..span.end).is_some_and(|part| !part.is_empty()));
            }
        }
    }
}
