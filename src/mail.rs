//! Mails on their way: sealed in the outbox, composed (RFC 5322) and, as long as there is no other way, written into
//! files.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use diesel::QueryResult;
use mail_builder::{
    MessageBuilder,
    headers::{address::Address, date::Date, raw::Raw},
};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{
        keys::Keys,
        sealed::{self, SealedError},
    },
    clock::Random,
    config::Config,
    domain::{ids::*, job::JobKind, mail::Mail, timestamp::Timestamp},
    store::{
        Conn,
        jobs::{self, Job},
    },
};

/// What a job holds of a mail. Whoever reads the database reads neither addresses nor links.
#[derive(Serialize, Deserialize)]
struct Payload {
    sealed: String,
}

/// Why a mail cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// What is in the outbox is no mail.
    #[error("not a mail: {0}")]
    Form(#[from] serde_json::Error),
    /// It cannot be decrypted.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// It cannot be written.
    #[error("a mail cannot be written: {0}")]
    File(#[from] io::Error),
}

fn place(job: JobId) -> String {
    format!("mail {job}")
}

/// Leaves mails in the outbox, with one statement however many; the caller bounds their number.
pub fn leave(conn: &mut Conn<'_>, mails: &[Mail], (keys, random): (&Keys, &Random), now: Timestamp) -> QueryResult<()> {
    let job = |mail: &Mail| {
        let id = random.id(now);
        let json = serde_json::to_string(mail).expect("texts become JSON");
        let payload = Payload { sealed: sealed::seal(keys, random, &place(id), &json) };
        let payload = serde_json::to_string(&payload).expect("texts become JSON");
        Job::new(id, JobKind::SendMail, payload, now)
    };
    jobs::insert_all(conn, &mails.iter().map(job).collect::<Vec<_>>())
}

/// The mail that a job is to send.
pub fn read(keys: &Keys, job: &Job) -> Result<Mail, MailError> {
    let Payload { sealed } = serde_json::from_str(&job.payload)?;
    Ok(serde_json::from_str(&sealed::open(keys, &place(job.id), &sealed)?)?)
}

/// Sends mails: each becomes a file `*.eml` in a folder that only the service's owner reads.
#[derive(Clone, Debug)]
pub struct Mailer {
    folder: PathBuf,
    /// Who they are from: an address, or one that nobody reads.
    from: String,
}

impl Mailer {
    /// As it is configured.
    pub fn new(config: &Config) -> Self {
        Self { folder: config.data_dir.join("mail"), from: config.mail_sender() }
    }

    /// Where the files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sends a mail, durably. Of one that is sent again, as nobody knows whether it was, time, `Message-ID` and file
    /// are the same.
    pub fn send(&self, mail: &Mail, job: &Job) -> Result<(), MailError> {
        let bytes = self.compose(mail, job)?;
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let (path, temporary) = (self.path(job.id, "eml"), self.path(job.id, &format!("new-{}", job.attempts)));
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)?;
            // the name is durable, too
            File::open(&self.folder)?.sync_all()
        })();
        if written.is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        Ok(written?)
    }

    fn path(&self, job: JobId, ending: &str) -> PathBuf {
        self.folder.join(format!("{job}.{ending}"))
    }

    fn compose(&self, mail: &Mail, job: &Job) -> io::Result<Vec<u8>> {
        let host = self.from.rsplit('@').next().unwrap_or_default();
        MessageBuilder::new()
            .date(Date::new(job.created_at.as_secs()))
            .from(Address::new_address(Some("Rejoinder"), self.from.as_str()))
            .to(Address::new_address(None::<&str>, mail.to.as_str()))
            .subject(mail.subject.as_str())
            .message_id(format!("{}@{host}", job.id))
            // no machine is to answer (RFC 3834)
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .text_body(mail.text.as_str().replace('\n', "\r\n"))
            .write_to_vec()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::domain::{
        email::Email,
        mail::{PlainText, Subject},
    };

    fn mail(subject: &str, text: &str) -> Mail {
        let to = Email::parse("ann@example.org").unwrap();
        Mail { to, subject: Subject::new(subject), text: PlainText::new(text) }
    }

    fn job() -> Job {
        let now = Timestamp::parse("2026-11-26T10:00:00Z").unwrap();
        Job::new(JobId(uuid::Uuid::from_u128(7)), JobKind::SendMail, "{}", now)
    }

    fn mailer(folder: &Path) -> Mailer {
        Mailer { folder: folder.join("mail"), from: "no-reply@comments.example".to_owned() }
    }

    #[test]
    fn a_mail_is_one_of_the_standard_with_lines_that_end_where_ours_do() {
        let bytes = mailer(Path::new("/")).compose(&mail("Your notice", "One line.\nAnother one.\n"), &job()).unwrap();
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap().replace("\r\n", "\n"), @r#"
        Date: Thu, 26 Nov 2026 10:00:00 +0000
        From: "Rejoinder" <no-reply@comments.example>
        To: <ann@example.org>
        Subject: Your notice
        Message-ID: <00000000-0000-0000-0000-000000000007@comments.example>
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: 7bit

        One line.
        Another one.
        "#);
    }

    #[test]
    fn nothing_in_a_mail_makes_a_header() {
        let evil = mail("Hi\r\nBcc: bob@example.org", "text\r\n.\r\nBcc: bob@example.org\r\n\r\nmore");
        let bytes = mailer(Path::new("/")).compose(&evil, &job()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.lines().all(|line| !line.to_ascii_lowercase().starts_with("bcc")), "{head}");
        assert!(text.lines().all(|line| line.len() < 998) && text.is_ascii());
        // one that is no English, and very long
        let long = mail("Grüße, 東京", &"ä".repeat(10_000));
        let text = String::from_utf8(mailer(Path::new("/")).compose(&long, &job()).unwrap()).unwrap();
        assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() <= 78), "{text}");
    }

    #[test]
    fn a_file_is_whole_its_owners_alone_and_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let mailer = mailer(folder.path());
        mailer.send(&mail("Hello", "there"), &job()).unwrap();
        mailer.send(&mail("Hello", "there"), &Job { attempts: 2, ..job() }).unwrap();
        let files: Vec<_> = std::fs::read_dir(mailer.folder()).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(files.len(), 1);
        assert!(files[0].file_name().to_string_lossy().ends_with(".eml"));
        assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(mailer.folder()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn what_waits_in_the_outbox_is_sealed_for_its_job_alone() {
        let (keys, random) = (Keys::generate(&Random::system()), Random::system());
        let json = serde_json::to_string(&mail("Hello", "there")).unwrap();
        let sealed = sealed::seal(&keys, &random, &place(job().id), &json);
        let payload = serde_json::to_string(&Payload { sealed }).unwrap();
        assert!(!payload.contains("ann"));
        let job = Job { payload, ..job() };
        assert_eq!(read(&keys, &job).unwrap(), mail("Hello", "there"));
        let other = Job { id: JobId(uuid::Uuid::from_u128(8)), ..job.clone() };
        assert!(matches!(read(&keys, &other), Err(MailError::Sealed(SealedError::Damaged))));
        assert!(matches!(read(&keys, &Job { payload: "{}".to_owned(), ..job }), Err(MailError::Form(_))));
    }
}
