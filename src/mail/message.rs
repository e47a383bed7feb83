//! A mail as it goes out: its head (RFC 5322), and its words twice, of which readers show the last that they can (RFC 2046,
//! section 5.1.4).

use mail_builder::{
    MessageBuilder,
    headers::{address::Address, content_type::ContentType, date::Date, raw::Raw},
    mime::MimePart,
};

use super::{MailError, letter};
use crate::{domain::mail::Mail, store::jobs::Job};

/// What is handed over.
#[derive(Debug)]
pub(super) struct Message {
    /// All of it, in ASCII.
    pub bytes: Vec<u8>,
    /// What stands in it as HTML.
    pub html: String,
}

/// A mail from this address. Of one job it is the same byte by byte, however often it is composed by one program.
pub(super) fn compose(from: &str, mail: &Mail, job: &Job) -> Result<Message, MailError> {
    let host = from.rsplit('@').next().unwrap_or_default();
    let (text, html) = (letter::text(mail)?.replace('\n', "\r\n"), letter::html(mail)?);
    let bodies = vec![MimePart::new("text/plain", text), MimePart::new("text/html", html.replace('\n', "\r\n"))];
    // the library's own would be another each time; whoever wrote the words could not know the job's id
    let kind = ContentType::new("multipart/alternative").attribute("boundary", job.id.to_string());
    let bytes = MessageBuilder::new()
        .date(Date::new(job.created_at.as_secs()))
        .from(Address::new_address(Some(letter::sender(mail)), from))
        .to(Address::new_address(None::<&str>, mail.to.as_str()))
        .subject(mail.subject.as_str())
        .message_id(format!("{}@{host}", job.id))
        // no machine is to answer (RFC 3834)
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .body(MimePart::new(kind, bodies))
        .write_to_vec()?;
    Ok(Message { bytes, html })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            email::Email,
            ids::JobId,
            job::JobKind,
            mail::{Letterhead, PlainText, SenderName, Subject},
            timestamp::Timestamp,
        },
        letters::letter,
    };

    const FROM: &str = "no-reply@comments.example";

    fn job() -> Job {
        let now = Timestamp::parse("2026-11-26T10:00:00Z").unwrap();
        Job::new(JobId(uuid::Uuid::from_u128(7)), JobKind::SendMail, "{}", now)
    }

    fn composed(subject: &str, text: &str, name: &str) -> String {
        let to = Email::parse("ann@example.org").unwrap();
        let letterhead = Letterhead { name: SenderName::new(name), colour: None };
        let mail =
            Mail { to, subject: Subject::new(subject), text: PlainText::new(text), letterhead: Some(letterhead) };
        String::from_utf8(compose(FROM, &mail, &job()).unwrap().bytes).unwrap()
    }

    #[test]
    fn a_mail_is_one_of_the_standard_with_lines_that_end_where_ours_do() {
        let mail = composed("Your notice", "One line.\nAnother one.\n", "Business News");
        let (head_and_text, html) = mail.split_once("Content-Type: text/html").unwrap();
        insta::assert_snapshot!(head_and_text.replace("\r\n", "\n"), @r#"
        Date: Thu, 26 Nov 2026 10:00:00 +0000
        From: "Business News" <no-reply@comments.example>
        To: <ann@example.org>
        Subject: Your notice
        Message-ID: <00000000-0000-0000-0000-000000000007@comments.example>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: multipart/alternative;
         boundary="00000000-0000-0000-0000-000000000007"

        --00000000-0000-0000-0000-000000000007
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: 7bit

        One line.
        Another one.

        Business News

        --00000000-0000-0000-0000-000000000007
        "#);
        assert!(
            html.contains("<p ") && html.trim_end().ends_with("--00000000-0000-0000-0000-000000000007--"),
            "{html}"
        );
        assert_eq!(mail, composed("Your notice", "One line.\nAnother one.\n", "Business News"), "each time the same");
    }

    #[test]
    fn a_mail_of_no_site_is_from_the_service() {
        let to = Email::parse("ann@example.org").unwrap();
        let mail = compose(FROM, &letter(to, "Hello", "there"), &job()).unwrap();
        assert!(String::from_utf8(mail.bytes).unwrap().contains("From: \"Rejoinder\" <no-reply@comments.example>\r\n"));
    }

    #[test]
    fn nothing_in_a_mail_makes_a_header() {
        let evil = "Hi\r\nBcc: bob@example.org";
        for name in [evil, "\" <bob@example.org>, \"x", "=?utf-8?q?x?= <bob@example.org>", "a, b; c:", ""] {
            let text = composed(evil, "text\r\n.\r\nBcc: bob@example.org\r\n\r\nmore", name);
            let (head, _) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.lines().all(|line| !line.to_ascii_lowercase().starts_with("bcc")), "{head}");
            assert!(text.lines().all(|line| line.len() < 998) && text.is_ascii());
            // the name is one quoted word, or an encoded one, and the only address is ours
            let unfolded = head.replace("\r\n ", " ");
            let from = unfolded.lines().find_map(|line| line.strip_prefix("From: ")).unwrap();
            let name = from.strip_suffix(" <no-reply@comments.example>").expect(from);
            let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            let is_quoted = inner.is_some_and(|inner| !inner.replace("\\\\", "").replace("\\\"", "").contains('"'));
            assert!(is_quoted || name.split(' ').all(|word| word.starts_with("=?") && word.ends_with("?=")), "{from}");
        }
    }

    #[test]
    fn a_mail_in_another_script_is_ascii_on_the_wire() {
        let text = composed("Grüße, 東京", &"ä".repeat(10_000), "Grüße aus 東京");
        assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() <= 78), "{text}");
    }
}
