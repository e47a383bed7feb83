//! Sanctions: what moderators do about people, and what they are advised to do next.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text_enum;

text_enum! {
    /// What is done about somebody.
    pub enum SanctionKind {
        /// They post nothing before they have read the warning.
        Warn = "warn",
        /// What they write waits for a moderator.
        Premoderate = "premoderate",
        /// They post so many replies a day at most.
        Slow = "slow",
        /// They only read, for a time.
        Suspend = "suspend",
        /// They only read, for good.
        Ban = "ban",
    }
}

impl SanctionKind {
    /// Whether it leaves nothing but reading.
    pub fn shuts_out(self) -> bool {
        matches!(self, Self::Suspend | Self::Ban)
    }
}

/// A sanction that holds, with the replies a day of one that is [`SanctionKind::Slow`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Held {
    pub kind: SanctionKind,
    pub per_day: Option<i32>,
}

/// What a day is to those who may post so many replies in it: the last 24 hours.
pub const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Replies a day at most that can be said.
pub const PER_DAY_MAX: i32 = 100;
/// Steps of an escalation at most.
const STEPS_MAX: usize = 10;
/// Days of a step at most.
const DAYS_MAX: u32 = 3_650;

/// One step of an escalation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SanctionStep {
    /// What is to be done.
    pub kind: SanctionKind,
    /// For how many days, 1 to 3,650; always of `suspend`, never of `warn` and `ban`, else for good if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3_650)]
    pub days: Option<u32>,
    /// Replies a day, 1 to 100; of `slow` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    pub per_day: Option<i32>,
}

impl SanctionStep {
    /// What is wrong with it: the field, and why.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        check_shape(self.kind, self.days.is_some(), self.per_day).map_err(|(field, why)| match field {
            "until" => ("days", why),
            field => (field, why),
        })?;
        match self.days {
            Some(days) if !(1..=DAYS_MAX).contains(&days) => Err(("days", "1 to 3650")),
            _ => Ok(()),
        }
    }
}

/// Whether a sanction of this kind may end by itself, and allow so many replies: else which field is wrong, and why.
pub fn check_shape(kind: SanctionKind, ends: bool, per_day: Option<i32>) -> Result<(), (&'static str, &'static str)> {
    match (kind, ends) {
        (SanctionKind::Suspend, false) => return Err(("until", "needed to suspend; for good it is a ban")),
        (SanctionKind::Warn, true) => return Err(("until", "a warning ends when it is read")),
        (SanctionKind::Ban, true) => return Err(("until", "a ban is for good; to an end it is to suspend")),
        _ => {}
    }
    match (kind, per_day) {
        (SanctionKind::Slow, Some(per_day)) if (1..=PER_DAY_MAX).contains(&per_day) => Ok(()),
        (SanctionKind::Slow, _) => Err(("per_day", "1 to 100, needed to slow somebody")),
        (_, Some(_)) => Err(("per_day", "only to slow somebody")),
        (_, None) => Ok(()),
    }
}

/// What a site advises its moderators to do about people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SanctionSettings {
    /// The first time, the second time, and so on; the last step from then on. 1 to 10.
    #[schema(min_items = 1, max_items = 10)]
    pub steps: Vec<SanctionStep>,
    /// After how many days a sanction does not count any more: 1 to 3,650.
    #[schema(minimum = 1, maximum = 3_650)]
    pub forget_days: u32,
}

impl Default for SanctionSettings {
    fn default() -> Self {
        let step = |kind, days, per_day| SanctionStep { kind, days, per_day };
        Self {
            steps: vec![
                step(SanctionKind::Warn, None, None),
                step(SanctionKind::Slow, Some(7), Some(3)),
                step(SanctionKind::Premoderate, Some(30), None),
                step(SanctionKind::Suspend, Some(7), None),
                step(SanctionKind::Ban, None, None),
            ],
            forget_days: 365,
        }
    }
}

impl SanctionSettings {
    /// Whether they are as every site begins with.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with them: the place below them, as a JSON pointer (RFC 6901), and why.
    pub fn errors(&self) -> Vec<(String, &'static str)> {
        let mut errors = Vec::new();
        if !(1..=STEPS_MAX).contains(&self.steps.len()) {
            errors.push(("/steps".to_owned(), "1 to 10 steps"));
        }
        if !(1..=DAYS_MAX).contains(&self.forget_days) {
            errors.push(("/forget_days".to_owned(), "1 to 3650"));
        }
        for (index, step) in self.steps.iter().enumerate().take(STEPS_MAX) {
            if let Err((field, why)) = step.check() {
                errors.push((format!("/steps/{index}/{field}"), why));
            }
        }
        errors
    }

    /// For how long a sanction counts.
    pub fn remembered(&self) -> Duration {
        DAY * self.forget_days
    }

    /// What to do about somebody after so many sanctions that count.
    pub fn next(&self, counted: usize) -> Option<SanctionStep> {
        self.steps.get(counted).or(self.steps.last()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_answered_by_the_next_step_and_then_by_the_last() {
        let settings = SanctionSettings::default();
        let kinds: Vec<_> = (0..7).map(|counted| settings.next(counted).unwrap().kind).collect();
        use SanctionKind::*;
        assert_eq!(kinds, [Warn, Slow, Premoderate, Suspend, Ban, Ban, Ban]);
        assert_eq!(settings.errors(), []);
    }

    #[test]
    fn what_cannot_be_done_is_no_step() {
        let wrong = |kind, days, per_day| SanctionStep { kind, days, per_day }.check().unwrap_err().0;
        assert_eq!(wrong(SanctionKind::Suspend, None, None), "days");
        assert_eq!(wrong(SanctionKind::Suspend, Some(0), None), "days");
        assert_eq!(wrong(SanctionKind::Ban, Some(7), None), "days");
        assert_eq!(wrong(SanctionKind::Warn, Some(7), None), "days");
        assert_eq!(wrong(SanctionKind::Slow, Some(7), None), "per_day");
        assert_eq!(wrong(SanctionKind::Slow, None, Some(101)), "per_day");
        assert_eq!(wrong(SanctionKind::Premoderate, None, Some(1)), "per_day");

        let step = SanctionStep { kind: SanctionKind::Ban, days: Some(1), per_day: None };
        let settings = SanctionSettings { steps: vec![step], forget_days: 0 };
        let places: Vec<_> = settings.errors().into_iter().map(|(place, _)| place).collect();
        assert_eq!(places, ["/forget_days", "/steps/0/days"]);
        assert_eq!(SanctionSettings { steps: Vec::new(), ..settings }.errors().len(), 2);
    }
}
