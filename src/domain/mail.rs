//! Mails: to one person, in plain words, of pieces that cannot end a header.

use serde::{Deserialize, Serialize};

use super::{colour::Colour, email::Email, visible};

/// Characters of a subject at most.
const SUBJECT_MAX_CHARS: usize = 150;
/// Characters of a sender's name at most.
const NAME_MAX_CHARS: usize = 100;

/// Any words as one line: what is no word's part becomes a blank, and what is too long is left out.
fn line(words: &str, max_chars: usize) -> String {
    words.chars().map(|c| if c.is_control() || visible::is_format(c) { ' ' } else { c }).take(max_chars).collect()
}

/// A line without breaks and other characters that steer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Subject(String);

impl Subject {
    /// Of any words: what is no word's part becomes a blank, and what is too long is left out.
    pub fn new(words: &str) -> Self {
        Self(line(words, SUBJECT_MAX_CHARS))
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

/// A name before an address: a line, like a subject.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct SenderName(String);

impl SenderName {
    /// Of any words.
    pub fn new(words: &str) -> Self {
        Self(line(words, NAME_MAX_CHARS).trim().to_owned())
    }

    /// The line; perhaps nothing is in it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for SenderName {
    fn from(words: String) -> Self {
        Self::new(&words)
    }
}

/// Whose paper a mail is written on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Letterhead {
    /// The site's name, which mails are from.
    pub name: SenderName,
    /// Its colour, if it has one.
    pub colour: Option<Colour>,
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
    /// The site's that it is about; of many a mail there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letterhead: Option<Letterhead>,
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
    fn no_name_ends_its_line() {
        let name = SenderName::new(" The Blog\r\nBcc: bob@example.org\u{202e}");
        assert_eq!(name.as_str(), "The Blog  Bcc: bob@example.org");
        assert_eq!(SenderName::new(&"a".repeat(1_000)).as_str().len(), NAME_MAX_CHARS);
    }

    #[test]
    fn a_text_keeps_its_lines_and_nothing_else_that_steers() {
        assert_eq!(PlainText::new("one\r\ntwo\tthree\u{7}\0\n").as_str(), "one\ntwo\tthree\n");
    }

    #[test]
    fn a_mail_is_read_as_it_was_written_and_checked() {
        let to = Email::parse("ann@example.org").unwrap();
        let letterhead = Letterhead { name: SenderName::new("Blog"), colour: Colour::parse("#0b5394") };
        let mail =
            Mail { to, subject: Subject::new("Hello"), text: PlainText::new("there"), letterhead: Some(letterhead) };
        let json = serde_json::to_string(&mail).unwrap();
        assert_eq!(serde_json::from_str::<Mail>(&json).unwrap(), mail);
        let forged = json.replace("ann@example.org", "ann@example.org\\nBcc: bob@example.org");
        assert!(serde_json::from_str::<Mail>(&forged).is_err());
        let forged = json.replace("Hello", "Hello\\nBcc: x");
        assert_eq!(serde_json::from_str::<Mail>(&forged).unwrap().subject.as_str(), "Hello Bcc: x");
        let forged = json.replace("Blog", "Blog\\r\\nBcc: x");
        let name = serde_json::from_str::<Mail>(&forged).unwrap().letterhead.unwrap().name;
        assert_eq!(name.as_str(), "Blog  Bcc: x");
        let forged = json.replace("#0b5394", "red;display:none");
        assert!(serde_json::from_str::<Mail>(&forged).is_err());
        // as a program wrote it that knew of no letterheads
        let bare = r#"{"to":"ann@example.org","subject":"Hello","text":"there"}"#;
        assert_eq!(serde_json::from_str::<Mail>(bare).unwrap(), Mail { letterhead: None, ..mail });
    }
}
