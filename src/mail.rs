//! Mails on their way: sealed in the outbox, composed, and handed to a server that delivers them or, where none is
//! configured, written into files.

use std::{io, path::PathBuf, time::Duration};

use diesel::QueryResult;
use serde::{Deserialize, Serialize};

use crate::{
    auth::{
        keys::Keys,
        sealed::{self, SealedError},
    },
    clock::Random,
    config::Config,
    domain::{ids::*, job::JobKind, mail::Mail, timestamp::Timestamp},
    outside::breaker::{Breaker, Pass},
    store::{
        Conn,
        jobs::{self, Job},
    },
};

pub mod files;
mod letter;
mod message;
pub mod server;
pub mod smtp;

use self::{
    files::Files,
    server::Server,
    smtp::{Fate, Smtp, SmtpError},
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
    /// It cannot be composed.
    #[error("a mail cannot be composed: {0}")]
    Template(#[from] askama::Error),
    /// It cannot be written.
    #[error("a mail cannot be written: {0}")]
    File(#[from] io::Error),
    /// The server did not take it.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
}

impl MailError {
    /// What becomes of the mail.
    pub fn fate(&self) -> Fate {
        match self {
            Self::Smtp(error) => error.fate,
            // no room on the disk is no room for any
            Self::File(_) => Fate::All,
            Self::Form(_) | Self::Sealed(_) | Self::Template(_) => Fate::Later,
        }
    }
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

/// What became of a mail that was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sent {
    /// It is a file now.
    Written(PathBuf),
    /// The server took it on, and said so.
    Taken(String),
}

/// Sends mails.
pub struct Mailer {
    way: Way,
    /// Who they are from: an address, or one that nobody reads.
    from: String,
    /// Leaves a server alone for a while that takes no mail at all.
    breaker: Breaker,
}

/// How they are sent.
enum Way {
    Files(Files),
    Server(Box<Smtp>),
}

impl Mailer {
    /// As it is configured.
    pub fn new(config: &Config) -> Self {
        let from = config.mail_sender();
        let way = match &config.smtp {
            Some(server) => Way::Server(Box::new(Smtp::new(server.clone(), &from))),
            None => Way::Files(Files::new(config.data_dir.join("mail"), config.shows_mails)),
        };
        Self { way, from, breaker: Breaker::new() }
    }

    /// The files that mails become, where no server takes them.
    pub fn files(&self) -> Option<&Files> {
        match &self.way {
            Way::Files(files) => Some(files),
            Way::Server(_) => None,
        }
    }

    /// The server that takes them.
    pub fn server(&self) -> Option<&Server> {
        match &self.way {
            Way::Files(_) => None,
            Way::Server(smtp) => Some(smtp.server()),
        }
    }

    /// The right to send one mail; none as long as the server is left alone. Time is that of [`crate::clock::Clock::elapsed`].
    pub fn enter(&self, elapsed: Duration) -> Option<Pass<'_>> {
        self.breaker.enter("mail", elapsed).ok()
    }

    /// Sends a mail, durably. Of one that is sent again, as nobody knows whether it was, all is the same: time,
    /// `Message-ID`, file.
    pub async fn send(&self, mail: &Mail, job: &Job) -> Result<Sent, MailError> {
        let message = message::compose(&self.from, mail, job)?;
        match &self.way {
            Way::Server(smtp) => Ok(Sent::Taken(smtp.send(&mail.to, &message.bytes).await?)),
            Way::Files(files) => {
                let (files, job) = (files.clone(), job.clone());
                let written = tokio::task::spawn_blocking(move || files.write(&message, &job)).await;
                Ok(Sent::Written(written.unwrap_or_else(|error| Err(io::Error::other(error)))?))
            }
        }
    }

    /// Says that there is no further mail now.
    pub async fn part(&self) {
        if let Way::Server(smtp) = &self.way {
            smtp.part().await;
        }
    }

    /// The longest that sending one mail may take.
    pub fn longest_try(&self) -> Duration {
        match &self.way {
            Way::Files(_) => Duration::from_secs(30),
            Way::Server(smtp) => smtp.longest_try(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::email::Email, letters::letter};

    #[test]
    fn what_waits_in_the_outbox_is_sealed_for_its_job_alone() {
        let (keys, random) = (Keys::generate(&Random::system()), Random::system());
        let mail = letter(Email::parse("ann@example.org").unwrap(), "Hello", "there");
        let now = Timestamp::parse("2026-11-26T10:00:00Z").unwrap();
        let job = Job::new(JobId(uuid::Uuid::from_u128(7)), JobKind::SendMail, "{}", now);
        let sealed = sealed::seal(&keys, &random, &place(job.id), &serde_json::to_string(&mail).unwrap());
        let payload = serde_json::to_string(&Payload { sealed }).unwrap();
        assert!(!payload.contains("ann@") && !payload.contains("example.org"), "{payload}");
        let job = Job { payload, ..job };
        assert_eq!(read(&keys, &job).unwrap(), mail);
        let other = Job { id: JobId(uuid::Uuid::from_u128(8)), ..job.clone() };
        assert!(matches!(read(&keys, &other), Err(MailError::Sealed(SealedError::Damaged))));
        assert!(matches!(read(&keys, &Job { payload: "{}".to_owned(), ..job }), Err(MailError::Form(_))));
    }
}
