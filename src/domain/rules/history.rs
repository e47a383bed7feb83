//! The rule `history`: what the author was told before, and how new they are.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, Outcome, RuleName, Subject};

/// Settings of the rule.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HistorySettings {
    /// Of a hundred replies that people decided about in the last seven days, so many refused ones hold the next; 0
    /// switches it off.
    #[schema(maximum = 100)]
    pub refused_percent: u32,
    /// Decisions that this share needs.
    #[schema(minimum = 1, maximum = 1000)]
    pub refused_of: u32,
    /// Minutes after sign-up in which replies wait; 0 switches it off.
    #[schema(maximum = 525600)]
    pub young_minutes: u32,
    /// First replies on the site that wait, until so many are approved; 0 switches it off.
    #[schema(maximum = 1000)]
    pub first_replies: u32,
}

impl Default for HistorySettings {
    fn default() -> Self {
        Self { refused_percent: 50, refused_of: 3, young_minutes: 0, first_replies: 0 }
    }
}

/// What the author's history says.
pub fn judge(settings: &HistorySettings, subject: &Subject<'_>) -> Vec<Finding> {
    let author = subject.author;
    let mut findings = Vec::new();
    let mut hold = |words: String| findings.push(Finding::certain(RuleName::History, Outcome::Hold, words));
    let (refused, decided) = (author.refused_lately, author.decided_lately);
    let is_refused = settings.refused_percent > 0
        && decided >= i64::from(settings.refused_of.max(1))
        && refused * 100 >= decided * i64::from(settings.refused_percent);
    if is_refused {
        hold(format!("{refused} of the {decided} last decisions of seven days refused a reply"));
    }
    let age = subject.now.since(author.since);
    if age < Duration::from_secs(u64::from(settings.young_minutes) * 60) {
        hold(format!("the account is {} minutes old, replies wait for {}", age.as_secs() / 60, settings.young_minutes));
    }
    if author.is_new(settings.first_replies) {
        hold(format!("{} replies are approved, the first {} wait", author.approved, settings.first_replies));
    }
    if findings.is_empty() {
        findings.push(Finding::nothing(RuleName::History));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        rules::{AuthorHistory, Text},
        timestamp::Timestamp,
    };

    fn is_held(settings: HistorySettings, approved: i64, (refused, decided): (i64, i64), minutes: u64) -> bool {
        let since = Timestamp::from_micros(0);
        let author = AuthorHistory {
            approved,
            refused_lately: refused,
            decided_lately: decided,
            ..AuthorHistory::newcomer(since)
        };
        let now = since.plus(Duration::from_secs(minutes * 60));
        judge(&settings, &Subject::new(&Text::of("text"), &author, now))
            .iter()
            .any(|finding| finding.outcome == Outcome::Hold)
    }

    #[test]
    fn who_was_refused_often_waits() {
        let settings = HistorySettings::default;
        assert!(is_held(settings(), 9, (2, 4), 999));
        assert!(!is_held(settings(), 9, (1, 4), 999));
        // too few to tell
        assert!(!is_held(settings(), 9, (2, 2), 999));
        assert!(!is_held(HistorySettings { refused_percent: 0, ..settings() }, 9, (4, 4), 999));
    }

    #[test]
    fn newcomers_wait_where_the_site_says_so() {
        let settings = HistorySettings { young_minutes: 60, first_replies: 2, ..HistorySettings::default() };
        assert!(is_held(settings.clone(), 2, (0, 0), 59));
        assert!(is_held(settings.clone(), 1, (0, 0), 60));
        assert!(!is_held(settings, 2, (0, 0), 60));
    }
}
