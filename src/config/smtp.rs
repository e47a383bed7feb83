//! The variables that say which server takes mails.

use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::environment::Reader;
use crate::mail::server::{Server, Settings};

/// The server, if one is named.
pub(super) fn read(env: &mut Reader<'_>) -> Option<Server> {
    let url = env.text("SMTP_URL");
    let authorities = env.parsed("SMTP_CA_FILE", Vec::new(), "a file with certificates in PEM", |path| {
        let read = CertificateDer::pem_file_iter(path).ok()?.collect::<Result<Vec<_>, _>>().ok()?;
        (!read.is_empty()).then_some(read)
    });
    let is_plain = env.parsed("SMTP_PLAINTEXT", false, "true or false", |value| value.parse().ok());
    let deadline = env.secs("SMTP_TIMEOUT_SECS", 30, 1, 60);
    let has_authorities = !authorities.is_empty();
    let Some(url) = url else {
        for (name, is_set) in [("SMTP_CA_FILE", has_authorities), ("SMTP_PLAINTEXT", is_plain)] {
            env.wrong.extend(is_set.then(|| format!("{name}: means nothing without SMTP_URL")));
        }
        return None;
    };
    if has_authorities && is_plain {
        env.wrong.push("SMTP_CA_FILE: means nothing where SMTP_PLAINTEXT is true".to_owned());
    }
    let server = Server::parse(url.trim(), Settings { authorities, is_plain, deadline });
    server.map_err(|what| env.wrong.push(format!("SMTP_URL: {what}"))).ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use crate::config::Config;

    fn with(set: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        Config::from_lookup(&|name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| OsString::from(value)))
    }

    #[test]
    fn a_server_needs_no_more_than_its_url_and_its_password_is_shown_to_nobody() {
        let config = with(&[("SMTP_URL", "smtps://desk:s3cret@mail.example")]).unwrap();
        assert_eq!(config.smtp.as_ref().unwrap().to_string(), "mail.example:465");
        assert!(!format!("{config:?}").contains("s3cret") && !format!("{config:?}").contains("desk"));
        assert!(with(&[]).unwrap().smtp.is_none());
    }

    #[test]
    fn what_does_not_go_together_is_told_without_its_words() {
        let told = |set: &[(&str, &str)]| with(set).unwrap_err().join("\n");
        let none = told(&[("SMTP_PLAINTEXT", "true")]);
        assert_eq!(none, "SMTP_PLAINTEXT: means nothing without SMTP_URL");
        let both = told(&[("SMTP_URL", "smtps://desk:s3cret@mail.example"), ("SMTP_PLAINTEXT", "true")]);
        assert!(both.starts_with("SMTP_URL: must ") && !both.contains("s3cret"), "{both}");
        let wrong = told(&[("SMTP_URL", "s3cret"), ("SMTP_CA_FILE", "/no/such/s3cret"), ("SMTP_TIMEOUT_SECS", "0")]);
        assert_eq!(wrong.lines().count(), 3, "{wrong}");
        assert!(!wrong.contains("s3cret"), "{wrong}");
    }

    #[test]
    fn a_file_of_authorities_holds_at_least_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem").to_string_lossy().into_owned();
        let url = ("SMTP_URL", "smtps://mail.example");
        for wrong in ["", "nonsense", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
            std::fs::write(&file, wrong).unwrap();
            let told = with(&[url, ("SMTP_CA_FILE", &file)]).unwrap_err();
            assert_eq!(told, ["SMTP_CA_FILE: must be a file with certificates in PEM"]);
        }
        // PEM, and no certificate in it
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
        assert_eq!(
            with(&[url, ("SMTP_CA_FILE", &file)]).unwrap_err(),
            ["SMTP_URL: needs other certificates in SMTP_CA_FILE"]
        );
        let key = rcgen::generate_simple_self_signed(["mail.example".to_owned()]).unwrap();
        std::fs::write(&file, key.cert.pem()).unwrap();
        let config = with(&[url, ("SMTP_CA_FILE", &file)]).unwrap();
        assert!(config.smtp.is_some());
        let plain = [("SMTP_URL", "smtp://127.0.0.1"), ("SMTP_CA_FILE", &file), ("SMTP_PLAINTEXT", "true")];
        assert_eq!(with(&plain).unwrap_err(), ["SMTP_CA_FILE: means nothing where SMTP_PLAINTEXT is true"]);
    }
}
