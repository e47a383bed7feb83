//! The conversation with a server that takes mails (RFC 5321), held step by step, so that it is known of each refusal whom
//! it is about: this mail, or all of them.
//!
//! Each answer has its deadline, and a connection is kept for the next mail until there is none.

use std::{error::Error as _, fmt, net::SocketAddr, time::Duration};

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::DEFAULT_MECHANISMS,
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
        response::Severity,
    },
};
use tokio::{
    net::{ToSocketAddrs, lookup_host},
    sync::Mutex,
    time::timeout,
};

use super::server::{Security, Server};
use crate::{domain::email::Email, outside::guard};

/// How much longer the answer to a whole mail may take than others: many look for viruses and spam before it (RFC 5321,
/// section 4.5.3.2.6, even says ten minutes).
const LONGER_FOR_WHOLE: u32 = 3;
/// The answers that one try may wait for: a kept connection's, then a greeting, STARTTLS, a password, the sender, the
/// recipient, DATA, and that to the whole.
const ANSWERS_MAX: u32 = 7 + LONGER_FOR_WHOLE;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// What was being done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Connect,
    StartTls,
    SignIn,
    Sender,
    Recipient,
    Data,
    Whole,
}

impl Step {
    /// Whether what goes wrong here is about one mail.
    fn is_of_one_mail(self) -> bool {
        matches!(self, Self::Recipient | Self::Data | Self::Whole)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::StartTls => "beginning TLS",
            Self::SignIn => "signing in",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Data => "announcing the mail",
            Self::Whole => "handing over the mail",
        })
    }
}

/// What becomes of a mail that was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is not its fault: no mail is taken now.
    All,
    /// It is to come again later, as who comes again is no spammer (RFC 6647), or a mailbox is full.
    Later,
    /// It will never be taken.
    Never,
}

/// Why a mail was not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{step}: {said}")]
pub struct SmtpError {
    pub step: Step,
    /// What the server said, or what happened instead.
    pub said: String,
    pub fate: Fate,
}

impl SmtpError {
    fn happened(step: Step, said: impl Into<String>) -> Self {
        Self { step, said: said.into(), fate: Fate::All }
    }

    fn of(step: Step, error: &Error) -> Self {
        let Some(code) = error.status().map(u16::from) else { return Self::happened(step, cause(error)) };
        let fate = match code {
            // it closes the connection (RFC 5321, section 3.8), or wants a password that is not there (RFC 4954, section 6)
            421 | 530 => Fate::All,
            _ if !step.is_of_one_mail() => Fate::All,
            500..=599 => Fate::Never,
            _ => Fate::Later,
        };
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        Self { step, said: format!("{code} {words}").trim_end().to_owned(), fate }
    }
}

/// The innermost cause, as those around it say nothing.
fn cause(error: &Error) -> String {
    let innermost = std::iter::successors(error.source(), |&cause| cause.source()).last();
    match innermost.map(ToString::to_string).unwrap_or_else(|| error.to_string()) {
        ended if ended == "incomplete response" => "the server ended the connection".to_owned(),
        words => words,
    }
}

/// Hands mails over, one after the other.
pub struct Smtp {
    server: Server,
    hello: ClientId,
    from: Address,
    /// The connection between two mails.
    kept: Mutex<Option<AsyncSmtpConnection>>,
}

impl Smtp {
    /// To this server, from this address, whose host the server is told as ours.
    pub fn new(server: Server, from: &str) -> Self {
        let (user, host) = from.rsplit_once('@').unwrap_or((from, "localhost"));
        // it was checked by rules of ours, or is made of the name of a host
        let address = Address::new_dangerous(user, host);
        Self { server, hello: ClientId::Domain(host.to_owned()), from: address, kept: Mutex::new(None) }
    }

    /// Who takes them.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Hands a mail over. What the server said when it took it on.
    pub async fn send(&self, to: &Email, message: &[u8]) -> Result<String, SmtpError> {
        let mut kept = self.kept.lock().await;
        // taken out, so that no connection is left in the midst of a mail
        let mut connection = match kept.take() {
            Some(connection) => self.begin_again(connection).await?,
            None => self.begin().await?,
        };
        match self.hand_over(&mut connection, to, message).await {
            Ok(said) => {
                *kept = Some(connection);
                Ok(said)
            }
            Err(error) => {
                if error.fate != Fate::All {
                    part(connection).await;
                }
                Err(error)
            }
        }
    }

    /// Ends the connection that is kept, if nobody uses it.
    pub async fn part(&self) {
        let kept = self.kept.try_lock().ok().and_then(|mut kept| kept.take());
        if let Some(connection) = kept {
            part(connection).await;
        }
    }

    /// The longest that one try takes.
    pub fn longest_try(&self) -> Duration {
        self.server.deadline * ANSWERS_MAX + GOODBYE
    }

    /// A connection on which the sender is named.
    async fn begin(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let mut connection = self.connect().await?;
        self.name_sender(&mut connection).await?;
        Ok(connection)
    }

    /// The same on one that was kept, or on a new one where the server had enough of it.
    async fn begin_again(&self, mut kept: AsyncSmtpConnection) -> Result<AsyncSmtpConnection, SmtpError> {
        match self.name_sender(&mut kept).await {
            Ok(()) => Ok(kept),
            Err(_) => self.begin().await,
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let Server { host, port, security, credentials, deadline } = &self.server;
        let place = (host.as_str(), *port);
        let connecting = async {
            match security {
                Security::Tls(parameters) => self.dial(place, Some(parameters.clone())).await,
                Security::StartTls(_) => self.dial(place, None).await,
                Security::Plain => self.dial(&self.private_addresses().await?[..], None).await,
            }
        };
        let mut connection =
            timeout(*deadline, connecting).await.unwrap_or_else(|_| Err(self.silence(Step::Connect)))?;
        if let Security::StartTls(parameters) = security {
            let beginning = connection.starttls(parameters.clone(), &self.hello);
            self.within(*deadline, Step::StartTls, beginning).await?;
        }
        if let Some(credentials) = credentials {
            let signing_in = connection.auth(DEFAULT_MECHANISMS, credentials);
            self.within(*deadline, Step::SignIn, signing_in).await?;
        }
        Ok(connection)
    }

    /// Connects and is greeted. Each address has a part of the time, so that a silent one leaves some for the next.
    async fn dial(
        &self,
        place: impl ToSocketAddrs,
        tls: Option<TlsParameters>,
    ) -> Result<AsyncSmtpConnection, SmtpError> {
        let each = Some(self.server.deadline / 2);
        let connecting = AsyncSmtpConnection::connect_tokio1(place, each, &self.hello, tls, None);
        connecting.await.map_err(|error| SmtpError::of(Step::Connect, &error))
    }

    /// Where plain text may go: to this machine and its own network.
    async fn private_addresses(&self) -> Result<Vec<SocketAddr>, SmtpError> {
        let found = lookup_host((self.server.host.as_str(), self.server.port)).await;
        let found = found.map_err(|error| SmtpError::happened(Step::Connect, error.to_string()))?;
        let private: Vec<SocketAddr> = found.filter(|address| !guard::is_public(address.ip())).collect();
        match private.is_empty() {
            true => {
                Err(SmtpError::happened(Step::Connect, "plain text goes to private addresses only, and it has none"))
            }
            false => Ok(private),
        }
    }

    async fn name_sender(&self, connection: &mut AsyncSmtpConnection) -> Result<(), SmtpError> {
        let naming = connection.command(Mail::new(Some(self.from.clone()), Vec::new()));
        self.within(self.server.deadline, Step::Sender, naming).await.map(drop)
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        to: &Email,
        message: &[u8],
    ) -> Result<String, SmtpError> {
        let deadline = self.server.deadline;
        let (user, host) = to.as_str().rsplit_once('@').unwrap_or((to.as_str(), ""));
        // no letter of an e-mail ends a command, by its type
        let naming = connection.command(Rcpt::new(Address::new_dangerous(user, host), Vec::new()));
        self.within(deadline, Step::Recipient, naming).await?;
        self.within(deadline, Step::Data, connection.command(Data)).await?;
        let answer = self.within(deadline * LONGER_FOR_WHOLE, Step::Whole, connection.message(message)).await?;
        let said = format!("{} {}", answer.code(), answer.message().collect::<Vec<_>>().join(" "));
        match answer.code().severity {
            Severity::PositiveCompletion => Ok(said),
            _ => Err(SmtpError::happened(Step::Whole, said)),
        }
    }

    async fn within<T>(
        &self,
        deadline: Duration,
        step: Step,
        answer: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, SmtpError> {
        match timeout(deadline, answer).await {
            Ok(answer) => answer.map_err(|error| SmtpError::of(step, &error)),
            Err(_) => Err(self.silence(step)),
        }
    }

    fn silence(&self, step: Step) -> SmtpError {
        SmtpError::happened(step, format!("no answer within {} s", self.server.deadline.as_secs()))
    }
}

/// Says goodbye, and does not wait long for an answer to that.
async fn part(mut connection: AsyncSmtpConnection) {
    let _ = timeout(GOODBYE, connection.quit()).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::server::Settings;

    #[tokio::test]
    async fn plain_text_goes_to_no_public_address() {
        let settings = Settings { authorities: Vec::new(), is_plain: true, deadline: Duration::from_secs(1) };
        for public in ["smtp://8.8.8.8:25", "smtp://[2606:4700::1]:25"] {
            let smtp = Smtp::new(Server::parse(public, settings.clone()).unwrap(), "no-reply@comments.example");
            let error = smtp.send(&Email::parse("ann@example.org").unwrap(), b"Hello").await.unwrap_err();
            assert_eq!((error.step, error.fate), (Step::Connect, Fate::All));
            assert!(error.said.contains("private addresses only"), "{error}");
        }
    }
}
