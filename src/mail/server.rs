//! Where mails are handed in: a server of somebody who knows how to deliver them, as it is configured.

use std::{fmt, time::Duration};

use lettre::transport::smtp::{
    SUBMISSION_PORT, SUBMISSIONS_PORT,
    authentication::Credentials,
    client::{Certificate, CertificateStore, TlsParameters},
};
use percent_encoding::percent_decode_str;
use rustls::pki_types::{CertificateDer, ServerName};
use url::{Host, Url};

/// How what is said stays secret.
#[derive(Clone)]
pub(super) enum Security {
    /// TLS from the first byte (RFC 8314, section 3).
    Tls(TlsParameters),
    /// TLS before anything is told (RFC 3207); a server that offers none gets nothing.
    StartTls(TlsParameters),
    /// Not at all; only at addresses that nobody reaches from outside.
    Plain,
}

/// A server that takes mails.
#[derive(Clone)]
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<Credentials>,
    /// How long it has for each answer.
    pub(super) deadline: Duration,
}

/// What is not in its URL.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whose certificates are believed; Mozilla's authorities where none is named.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Whether what is said goes in plain text.
    pub is_plain: bool,
    /// How long it has for each answer.
    pub deadline: Duration,
}

impl Server {
    /// Of `smtps://name:password@host:port` or `smtp://...`.
    ///
    /// # Errors
    /// What it must be instead, in words that repeat nothing of it.
    pub fn parse(text: &str, settings: Settings) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "must be an smtps:// or smtp:// URL")?;
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let has_tls_at_once = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err("must be an smtps:// or smtp:// URL"),
        };
        if !is_bare {
            return Err(
                "must end with the host or the port; in a name or password %2F stands for /, %3F for ? and %23 for #",
            );
        }
        let host = host(&url).ok_or("must name a host")?;
        let credentials = credentials(&url)?;
        let Settings { authorities, is_plain, deadline } = settings;
        let security = match (has_tls_at_once, is_plain) {
            (true, true) => return Err("must begin with smtp:// where SMTP_PLAINTEXT is true"),
            (false, true) if credentials.is_some() => return Err("must hold no password where SMTP_PLAINTEXT is true"),
            (false, true) => Security::Plain,
            (true, false) => Security::Tls(parameters(&host, authorities)?),
            (false, false) => Security::StartTls(parameters(&host, authorities)?),
        };
        let port = url.port().unwrap_or(if has_tls_at_once { SUBMISSIONS_PORT } else { SUBMISSION_PORT });
        Ok(Self { host, port, security, credentials, deadline })
    }
}

/// Host and port; nothing else is anybody's business.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self})")
    }
}

/// A name or an address, as certificates have it.
fn host(url: &Url) -> Option<String> {
    let host = match url.host()? {
        Host::Domain(name) => name.to_ascii_lowercase(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    };
    ServerName::try_from(host.as_str()).is_ok().then_some(host)
}

fn credentials(url: &Url) -> Result<Option<Credentials>, &'static str> {
    const WRONG: &str = "must hold both a name and a password, or none; %40 stands for @, %3A for : and %25 for %";
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(String::from).map_err(|_| WRONG);
    match (decoded(url.username())?, url.password().map(decoded).transpose()?) {
        (name, None) if name.is_empty() => Ok(None),
        (name, Some(password)) if !name.is_empty() && !password.is_empty() => {
            // one part ends where a NUL stands (RFC 4616)
            let has_nul = name.contains('\0') || password.contains('\0');
            if has_nul { Err(WRONG) } else { Ok(Some(Credentials::new(name, password))) }
        }
        _ => Err(WRONG),
    }
}

/// TLS 1.2 or later with whoever proves to be this host.
fn parameters(host: &str, authorities: Vec<CertificateDer<'static>>) -> Result<TlsParameters, &'static str> {
    let mut builder = TlsParameters::builder(host.to_owned());
    builder = match authorities.is_empty() {
        true => builder.certificate_store(CertificateStore::WebpkiRoots),
        false => builder.certificate_store(CertificateStore::None),
    };
    for authority in authorities {
        let authority =
            Certificate::from_der(authority.to_vec()).map_err(|_| "needs other certificates in SMTP_CA_FILE")?;
        builder = builder.add_root_certificate(authority);
    }
    builder.build_rustls().map_err(|_| "needs other certificates in SMTP_CA_FILE")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(is_plain: bool) -> Settings {
        Settings { authorities: Vec::new(), is_plain, deadline: Duration::from_secs(30) }
    }

    fn parsed(text: &str) -> Server {
        Server::parse(text, settings(false)).expect(text)
    }

    #[test]
    fn tls_is_there_from_the_beginning_or_before_anything_is_told() {
        let server = parsed("smtps://mail.example");
        assert!(matches!(server.security, Security::Tls(_)));
        assert_eq!((server.to_string(), server.credentials), ("mail.example:465".to_owned(), None));
        let server = parsed("smtp://Mail.Example/");
        assert!(matches!(server.security, Security::StartTls(_)));
        assert_eq!(server.to_string(), "mail.example:587");
        assert_eq!(parsed("smtp://192.0.2.7:2525").to_string(), "192.0.2.7:2525");
        assert_eq!(parsed("smtps://[2001:db8::7]:25").to_string(), "[2001:db8::7]:25");
    }

    #[test]
    fn names_and_passwords_are_read_as_urls_have_them_and_shown_to_nobody() {
        let server = parsed("smtps://desk%40blog.example:s3%25c%3Aret%2F@mail.example");
        assert_eq!(server.credentials, Some(Credentials::new("desk@blog.example".into(), "s3%c:ret/".into())));
        let shown = format!("{server:?} {server} {:?}", server.credentials);
        assert!(!shown.contains("s3%") && !shown.contains("desk"), "{shown}");
    }

    #[test]
    fn plain_text_has_to_be_asked_for_and_takes_no_password_along() {
        let server = Server::parse("smtp://127.0.0.1:25", settings(true)).unwrap();
        assert!(matches!(server.security, Security::Plain));
        for wrong in ["smtps://127.0.0.1", "smtp://desk:s3cret@127.0.0.1"] {
            let said = Server::parse(wrong, settings(true)).unwrap_err();
            assert!(said.contains("SMTP_PLAINTEXT") && !said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn what_is_no_server_is_told_without_its_words() {
        for wrong in [
            "s3cret",
            "https://mail.example",
            "smtp:mail.example",
            "smtp://",
            "smtp://:25",
            "smtps://s3cret@mail.example",
            "smtps://:s3cret@mail.example",
            "smtps://desk:@mail.example",
            "smtps://desk:s3cret%00@mail.example",
            "smtps://desk:s3cret%ff@mail.example",
            "smtps://desk:s3cret@mail.example/inbox",
            "smtps://desk:s3/cret@mail.example",
            "smtps://desk:s3?cret@mail.example",
            "smtps://mail.example#s3cret",
            "smtps://mail..example",
            "smtps://m%41il.example",
            "smtps://mäil.example",
            "smtps://mail.example:99999",
        ] {
            let said = Server::parse(wrong, settings(false)).expect_err(wrong);
            assert!(!said.contains("s3") && said.starts_with("must "), "{said}");
        }
    }
}
