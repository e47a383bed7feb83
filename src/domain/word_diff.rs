//! What changed between two texts, word by word.

use std::time::Duration;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use utoipa::ToSchema;

/// How long it may take; past it the rest is told as one change.
const LONGEST: Duration = Duration::from_millis(300);

/// What became of a part of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// In both.
    Same,
    /// Only in the former one.
    Removed,
    /// Only in the later one.
    Added,
}

/// A part of two texts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Part {
    /// What became of it.
    pub change: Change,
    /// The part, byte for byte.
    pub text: String,
}

/// The parts of two texts in order, neighbours of one kind together. Those that are the same and removed make up the former
/// text, those that are the same and added the later one. Words are those of Unicode (UAX 29).
pub fn diff(former: &str, later: &str) -> Vec<Part> {
    let diff = TextDiff::configure().timeout(LONGEST).diff_unicode_words(former, later);
    let mut parts: Vec<Part> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Delete => Change::Removed,
            ChangeTag::Insert => Change::Added,
        };
        match parts.last_mut().filter(|last| last.change == kind) {
            Some(last) => last.text.push_str(change.value()),
            None => parts.push(Part { change: kind, text: change.value().to_owned() }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(former: &str, later: &str) -> String {
        diff(former, later).into_iter().fold(String::new(), |told, part| {
            told + &match part.change {
                Change::Same => part.text,
                Change::Removed => format!("[-{}]", part.text),
                Change::Added => format!("[+{}]", part.text),
            }
        })
    }

    #[test]
    fn words_are_told_apart() {
        assert_eq!(told("The cat sat.", "The dog sat."), "The [-cat][+dog] sat.");
        assert_eq!(told("same", "same"), "same");
        assert_eq!(told("", "new"), "[+new]");
        assert_eq!(told("Größe über alles", "Größe unter alles"), "Größe [-über][+unter] alles");
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_their_difference(former in "\\PC{0,40}", later in "\\PC{0,40}") {
            let of = |other: Change| -> String {
                diff(&former, &later).into_iter().filter(|part| part.change != other).map(|part| part.text).collect()
            };
            prop_assert_eq!(of(Change::Added), former.clone());
            prop_assert_eq!(of(Change::Removed), later.clone());
        }
    }
}
