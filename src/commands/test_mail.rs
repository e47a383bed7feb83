//! `admin send-test-mail`: whether mails get through, tried without the outbox.

use super::{Outcome, print};
use crate::{
    clock::{Clock, Random},
    config::Config,
    domain::{email::Email, job::JobKind},
    letters::letter,
    mail::{Mailer, Sent},
    store::jobs::Job,
};

/// Sends one and tells what became of it, in the server's words.
pub(super) async fn send(config: &Config, address: &str) -> Outcome {
    let to = Email::parse(address)?;
    let text = format!("This mail was sent from {} to see whether mails get through. It did.\n", config.home());
    let mail = letter(to, "A test", &text);
    let (now, random) = (Clock::system().now(), Random::system());
    let job = Job::new(random.id(now), JobKind::SendMail, "", now);
    let mailer = Mailer::new(config);
    let sent = mailer.send(&mail, &job).await;
    mailer.part().await;
    let server = mailer.server().map(ToString::to_string).unwrap_or_default();
    match sent {
        Ok(Sent::Taken(said)) => print(format_args!("{server} took the mail: {}", safe(&said))),
        Ok(Sent::Written(path)) => {
            print(format_args!("no server is configured (SMTP_URL): the mail is the file {}", path.display()))
        }
        Err(error) if server.is_empty() => Err(error.into()),
        Err(error) => Err(format!("{server} did not take the mail: {}", safe(&error.to_string())).into()),
    }
}

/// A server's words on a terminal, which obeys control characters.
fn safe(said: &str) -> String {
    said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
