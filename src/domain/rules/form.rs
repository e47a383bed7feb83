//! What a form tells of who filled it in: how soon it came back, and whether a field was filled in that no person sees. A part of
//! the rule `pace`, since programs are quick. What it finds waits for a moderator: now and then it is a person, who pastes what
//! was written elsewhere or whose browser fills in whatever it can.

use std::time::Duration;

use super::{Finding, Outcome, RuleName};

/// People need at least so long.
pub const SOONEST: Duration = Duration::from_secs(2);

/// What people do not do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// It came back so soon.
    TooSoon(Duration),
    /// The field was filled in.
    Trap,
    /// The token is none of ours, or of another site.
    Forged,
}

/// How the words of what it finds begin.
const WORDS: &str = "its form";

/// What follows.
pub fn judge(sign: Sign) -> Finding {
    let words = match sign {
        Sign::TooSoon(after) => format!("{WORDS} came back after {:.1} s", after.as_secs_f64()),
        Sign::Trap => format!("{WORDS}'s field that people do not see was filled in"),
        Sign::Forged => format!("{WORDS} was not given out here"),
    };
    Finding::certain(RuleName::Pace, Outcome::Hold, words)
}

/// Whether this was found by a form, which cannot be looked at again.
pub fn is_of(found: &Finding) -> bool {
    found.rule == RuleName::Pace && found.words.starts_with(WORDS)
}
