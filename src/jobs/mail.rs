//! Sends the mails of the outbox: each at least once, and as long as it is not sent again and again, for days.

use std::time::Duration;

use super::{backoff, bury, delete, lease, postpone};
use crate::{
    app::State,
    domain::{email::Email, job::Lane},
    mail::{self, MailError, smtp::Fate},
    store::{DbError, jobs::Job},
};

/// How long a mail is tried: as long as mail servers do among each other (RFC 5321, section 4.5.4.1).
const TRIED_FOR: Duration = Duration::from_secs(5 * 24 * 3600);
/// The first wait is that of the fifth try of other jobs: half a minute. Who is told to come again later is told so for
/// minutes.
const WAITS_SKIPPED: i32 = 4;
/// Characters that are kept of why a mail was not taken.
const CAUSE_MAX_CHARS: usize = 300;

/// Why a mail is not sent yet, or never, in words without its address.
struct Unsent {
    cause: String,
    fate: Fate,
}

/// Sends what is due, one after the other, until the server takes none.
pub(super) async fn run_due(state: &State) -> Result<(), DbError> {
    let outcome = send_due(state).await;
    state.mailer.part().await;
    outcome
}

async fn send_due(state: &State) -> Result<(), DbError> {
    while let Some(pass) = state.mailer.enter(state.clock.elapsed()) {
        // nobody else takes it as long as this may go on
        let Some(job) = lease(state, Lane::Mail, state.mailer.longest_try() + super::LEASE).await? else { break };
        let sent = send(state, &job).await;
        match &sent {
            Err(Unsent { fate: Fate::All, .. }) => pass.failed(state.clock.elapsed()),
            _ => pass.succeeded(),
        }
        settle(state, &job, sent).await?;
    }
    Ok(())
}

async fn send(state: &State, job: &Job) -> Result<(), Unsent> {
    let unreadable = |error: MailError| Unsent { cause: error.to_string(), fate: error.fate() };
    let mail = mail::read(&state.keys, job).map_err(unreadable)?;
    match state.mailer.send(&mail, job).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Unsent { cause: without_address(&error.to_string(), &mail.to), fate: error.fate() }),
    }
}

async fn settle(state: &State, job: &Job, sent: Result<(), Unsent>) -> Result<(), DbError> {
    let Err(Unsent { cause, fate }) = sent else { return delete(state, job.id).await };
    let now = state.clock.now();
    if fate == Fate::Never || now.since(job.created_at) >= TRIED_FOR {
        tracing::error!(job = %job.id, cause, "a mail is given up");
        return bury(state, job.id, cause).await;
    }
    tracing::warn!(job = %job.id, cause, "a mail was not sent and will be tried again");
    let wait = backoff(job.attempts.saturating_add(WAITS_SKIPPED), state.random.bytes());
    postpone(state, job.id, now.plus(wait), Some(cause)).await
}

/// A server's words without the address that they are about, nor any other, as they are kept and logged.
fn without_address(said: &str, address: &Email) -> String {
    let is_address = |word: &str| {
        let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
        word.contains('@') || bare.eq_ignore_ascii_case(address.local_part())
    };
    let words = said.split_whitespace().map(|word| if is_address(word) { "(address)" } else { word });
    let safe = words.collect::<Vec<_>>().join(" ");
    safe.chars().map(|c| if c.is_control() { ' ' } else { c }).take(CAUSE_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::BACKOFF_MAX;

    #[test]
    fn what_is_kept_of_a_refusal_names_nobody() {
        let ann = Email::parse("Ann.B@example.org").unwrap();
        for (said, kept) in [
            ("550 5.1.1 <ann.b@example.org>: no such mailbox", "550 5.1.1 (address) no such mailbox"),
            ("550 user \"ann.b\" unknown", "550 user (address) unknown"),
            ("550 ann.b=example.org@bounces.example\r\n unknown\u{1b}[2J", "550 (address) unknown [2J"),
        ] {
            assert_eq!(without_address(said, &ann), kept);
        }
        assert_eq!(without_address(&"x".repeat(10_000), &ann).len(), CAUSE_MAX_CHARS);
    }

    #[test]
    fn a_mail_is_first_tried_again_within_a_minute_and_at_last_about_every_hour() {
        let wait = |attempts: i32| backoff(attempts + WAITS_SKIPPED, [128]);
        assert_eq!([1, 2, 3].map(wait), [32, 64, 128].map(Duration::from_secs));
        assert_eq!(wait(100), BACKOFF_MAX);
    }
}
