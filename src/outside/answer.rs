//! What an endpoint says of a reply, taken over only if it is all as agreed on.

use serde::{Deserialize, de::IgnoredAny};
use unicode_normalization::char::is_combining_mark;

use super::OutsideError;
use crate::domain::{
    rules::{Finding, Outcome, RuleName},
    visible::{is_forbidden_control, is_visible},
};

/// The most labels of an answer.
pub const MAX_LABELS: usize = 10;
/// The most characters of a label.
pub const MAX_LABEL_CHARS: usize = 50;
/// The most characters of a message.
pub const MAX_MESSAGE_CHARS: usize = 500;

/// What was answered.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// What it asks for.
    pub outcome: Outcome,
    /// How sure it is, 0 to 1.
    pub score: Option<f64>,
    /// Words for what was found: 10 at most, of 50 characters at most, that can be seen.
    pub labels: Vec<String>,
    /// In words for a moderator, 500 characters at most.
    pub message: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    outcome: Outcome,
    score: Option<f64>,
    labels: Option<Vec<String>>,
    message: Option<String>,
}

impl Answer {
    /// Nothing but an outcome.
    pub fn plain(outcome: Outcome) -> Self {
        Self { outcome, score: None, labels: Vec::new(), message: None }
    }

    /// As what a rule says.
    pub fn into_finding(self) -> Finding {
        let Self { outcome, score, labels, message } = self;
        let certain = if outcome == Outcome::Pass { 0.0 } else { 1.0 };
        let words = match (labels.join(", "), message) {
            (labels, None) if labels.is_empty() => "no words were given".to_owned(),
            (labels, None) => labels,
            (labels, Some(message)) if labels.is_empty() => message,
            (labels, Some(message)) => format!("{labels}: {message}"),
        };
        Finding { score: score.unwrap_or(certain), ..Finding::certain(RuleName::Outside, outcome, words) }
    }

    /// Reads `{"outcome": ..., "score": ..., "labels": [...], "message": ...}`, of which only the first must be there.
    /// Other fields are passed over, so that endpoints may say more one day.
    pub fn parse(body: &[u8]) -> Result<Self, OutsideError> {
        if serde_json::from_slice::<IgnoredAny>(body).is_err() {
            return Err(OutsideError::malformed("it is not JSON"));
        }
        let told: Result<Told, _> = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(body));
        // what is wrong is not repeated, only where it is
        let told = told.map_err(|error| {
            let field = error.path().iter().next().map(ToString::to_string);
            OutsideError::malformed(match field.as_deref() {
                Some("outcome") => "`outcome` is none of pass, flag, hold, spam",
                Some("score") => "`score` is not a number",
                Some("labels") => "`labels` is not a list of texts",
                Some("message") => "`message` is not a text",
                _ => "it is not an object with one `outcome`",
            })
        })?;
        told.check()
    }
}

impl Told {
    fn check(self) -> Result<Answer, OutsideError> {
        let Self { outcome, score, labels, message } = self;
        if score.is_some_and(|score| !(0.0..=1.0).contains(&score)) {
            return Err(OutsideError::malformed("`score` is not between 0 and 1"));
        }
        let labels = labels.unwrap_or_default();
        if labels.len() > MAX_LABELS {
            return Err(OutsideError::malformed("there are more than 10 `labels`"));
        }
        if !labels.iter().all(|label| is_label(label)) {
            return Err(OutsideError::malformed("one of `labels` has not 1 to 50 characters that can be seen"));
        }
        let message = message.map(|message| message.trim().to_owned()).filter(|message| !message.is_empty());
        if let Some(message) = &message {
            if message.chars().count() > MAX_MESSAGE_CHARS {
                return Err(OutsideError::malformed("`message` has more than 500 characters"));
            }
            if message.chars().any(is_forbidden_control) {
                return Err(OutsideError::malformed("`message` has control characters"));
            }
        }
        Ok(Answer { outcome, score, labels, message })
    }
}

/// Letters with their marks, and spaces between them.
fn is_label(label: &str) -> bool {
    label.chars().count() <= MAX_LABEL_CHARS
        && label.trim() == label
        && label.chars().any(is_visible)
        && label.chars().all(|c| c == ' ' || is_visible(c) || is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parse(value: &serde_json::Value) -> Result<Answer, OutsideError> {
        Answer::parse(value.to_string().as_bytes())
    }

    fn words(body: &str) -> String {
        match Answer::parse(body.as_bytes()) {
            Err(OutsideError::Malformed(words)) => words.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_answer_needs_an_outcome_and_may_say_more() {
        for outcome in Outcome::ALL {
            assert_eq!(parse(&json!({ "outcome": outcome })).unwrap(), Answer::plain(*outcome));
        }
        let whole =
            json!({"outcome": "hold", "score": 1, "labels": ["insult", "à la carte", "हिन्दी"], "message": " Hm.\n"});
        let answer = parse(&whole).unwrap();
        assert_eq!((answer.score, answer.labels.len(), answer.message.as_deref()), (Some(1.0), 3, Some("Hm.")));
        let empty = json!({"outcome": "pass", "score": null, "labels": null, "message": "", "more": {"a": [1]}});
        assert_eq!(parse(&empty).unwrap(), Answer::plain(Outcome::Pass));
    }

    #[test]
    fn what_is_not_as_agreed_is_named_without_repeating_it() {
        let told = [
            ("", "it is not JSON"),
            ("secret", "it is not JSON"),
            ("[]", "it is not an object with one `outcome`"),
            ("{}", "it is not an object with one `outcome`"),
            (r#"{"outcome": "secret"}"#, "`outcome` is none of pass, flag, hold, spam"),
            (r#"{"outcome": 1}"#, "`outcome` is none of pass, flag, hold, spam"),
            (r#"{"outcome": "pass"} secret"#, "it is not JSON"),
            (r#"{"outcome": "pass", "outcome": "spam"}"#, "it is not an object with one `outcome`"),
            (r#"{"outcome": "pass", "score": "secret"}"#, "`score` is not a number"),
            (r#"{"outcome": "pass", "score": 1.01}"#, "`score` is not between 0 and 1"),
            (r#"{"outcome": "pass", "score": -0.1}"#, "`score` is not between 0 and 1"),
            (r#"{"outcome": "pass", "score": 1e999}"#, "`score` is not a number"),
            (r#"{"outcome": "pass", "labels": "secret"}"#, "`labels` is not a list of texts"),
            (r#"{"outcome": "pass", "labels": [1]}"#, "`labels` is not a list of texts"),
            (r#"{"outcome": "pass", "labels": [""]}"#, "one of `labels` has not 1 to 50 characters that can be seen"),
            (
                r#"{"outcome": "pass", "labels": ["a\u200b"]}"#,
                "one of `labels` has not 1 to 50 characters that can be seen",
            ),
            (r#"{"outcome": "pass", "message": {}}"#, "`message` is not a text"),
            (r#"{"outcome": "pass", "message": "a\u0000"}"#, "`message` has control characters"),
        ];
        for (body, expected) in told {
            assert_eq!(words(body), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_is_told_as_a_finding() {
        let told = |answer: Answer| {
            let finding = answer.into_finding();
            (finding.outcome, finding.score, finding.words)
        };
        let whole = Answer {
            labels: vec!["a".into(), "b".into()],
            message: Some("Hm.".into()),
            score: Some(0.25),
            ..Answer::plain(Outcome::Hold)
        };
        assert_eq!(told(whole.clone()), (Outcome::Hold, 0.25, "a, b: Hm.".to_owned()));
        assert_eq!(told(Answer { message: None, ..whole.clone() }).2, "a, b");
        assert_eq!(told(Answer { labels: Vec::new(), ..whole }).2, "Hm.");
        assert_eq!(told(Answer::plain(Outcome::Spam)), (Outcome::Spam, 1.0, "no words were given".to_owned()));
        assert_eq!(told(Answer::plain(Outcome::Pass)).1, 0.0);
    }

    #[test]
    fn lengths_are_those_agreed_on() {
        let labels = |count: usize, chars: usize| json!({"outcome": "flag", "labels": vec!["ü".repeat(chars); count]});
        assert!(parse(&labels(10, 50)).is_ok());
        assert!(parse(&labels(11, 50)).is_err());
        assert!(parse(&labels(10, 51)).is_err());
        let message = |chars: usize| json!({"outcome": "flag", "message": "ü".repeat(chars)});
        assert!(parse(&message(500)).is_ok());
        assert!(parse(&message(501)).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_within_bounds(
            score in proptest::option::of(-1.0..2.0f64),
            labels in proptest::collection::vec("\\PC{0,60}", 0..12),
            message in "(?s).{0,600}",
        ) {
            let value = json!({"outcome": "spam", "score": score, "labels": labels, "message": message});
            if let Ok(answer) = parse(&value) {
                prop_assert!(answer.score.is_none_or(|score| (0.0..=1.0).contains(&score)));
                prop_assert!(answer.labels.len() <= MAX_LABELS);
                prop_assert!(answer.labels.iter().all(|label| (1..=MAX_LABEL_CHARS).contains(&label.chars().count())));
                prop_assert!(answer.message.is_none_or(|message| message.chars().count() <= MAX_MESSAGE_CHARS));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Answer::parse(&body);
        }
    }
}
