//! Mails: to one person, in plain text, of pieces that cannot end a header.

use serde::{Deserialize, Serialize};

use super::{email::Email, visible};

/// Characters of a subject at most.
const SUBJECT_MAX_CHARS: usize = 150;

/// A line without breaks and other characters that steer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Subject(String);

impl Subject {
    /// Of any words: what is no word's part becomes a blank, and what is too long is left out.
    pub fn new(words: &str) -> Self {
        let safe = words.chars().map(|c| if c.is_control() || visible::is_format(c) { ' ' } else { c });
        Self(safe.take(SUBJECT_MAX_CHARS).collect())
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Subject {
    fn from(words: String) -> Self {
        Self::new(&words)
    }
}

/// Lines of plain text without other control characters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct PlainText(String);

impl PlainText {
    /// Of any text.
    pub fn new(text: &str) -> Self {
        let safe = |c: &char| !visible::is_forbidden_control(*c) && *c != '\r';
        Self(text.chars().filter(safe).collect())
    }

    /// The lines, parted by line feeds.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for PlainText {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

/// A mail to one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    #[serde(with = "address")]
    pub to: Email,
    pub subject: Subject,
    pub text: PlainText,
}

/// An address as a text, checked when it is read.
mod address {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    use super::Email;

    pub fn serialize<S: Serializer>(email: &Email, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(email.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Email, D::Error> {
        Email::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_subject_ends_its_line() {
        let subject = Subject::new("Hello\r\nBcc: bob@example.org\0\u{2028}\u{202e}there");
        assert_eq!(subject.as_str(), "Hello  Bcc: bob@example.org   there");
        assert_eq!(Subject::new(&"a".repeat(1_000)).as_str().len(), SUBJECT_MAX_CHARS);
    }

    #[test]
    fn a_text_keeps_its_lines_and_nothing_else_that_steers() {
        assert_eq!(PlainText::new("one\r\ntwo\tthree\u{7}\0\n").as_str(), "one\ntwo\tthree\n");
    }

    #[test]
    fn a_mail_is_read_as_it_was_written_and_checked() {
        let to = Email::parse("ann@example.org").unwrap();
        let mail = Mail { to, subject: Subject::new("Hello"), text: PlainText::new("there") };
        let json = serde_json::to_string(&mail).unwrap();
        assert_eq!(serde_json::from_str::<Mail>(&json).unwrap(), mail);
        let forged = json.replace("ann@example.org", "ann@example.org\\nBcc: bob@example.org");
        assert!(serde_json::from_str::<Mail>(&forged).is_err());
        let forged = json.replace("Hello", "Hello\\nBcc: x");
        assert_eq!(serde_json::from_str::<Mail>(&forged).unwrap().subject.as_str(), "Hello Bcc: x");
    }
}
