//! E-mail addresses: accepted pragmatically, compared without case, never printed by accident.

use std::fmt;

use thiserror::Error;
use url::Host;

/// The most characters of an address, as mail servers take it.
pub const MAX_CHARS: usize = 254;
/// The most characters before the `@`.
pub const LOCAL_MAX_CHARS: usize = 64;

/// Why a text cannot be an e-mail address. No variant carries any part of it, so that an error may
/// be logged.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EmailError {
    /// More characters than allowed, in the whole or before the `@`.
    #[error("an e-mail address may have {max} characters at most, {local_max} before the @")]
    TooLong {
        /// The most characters of the whole.
        max: usize,
        /// The most characters before the `@`.
        local_max: usize,
    },
    /// Not exactly one `@`.
    #[error("an e-mail address has exactly one @")]
    NotOneAt,
    /// Nothing before the `@`, or characters that do not belong there.
    #[error("the part before the @ is not valid")]
    BadLocalPart,
    /// Not the name of a domain with at least two labels.
    #[error("the part after the @ is not the name of a domain")]
    BadDomain,
}

/// An e-mail address of the HTML standard's kind, its domain in ASCII (punycode) and lower case.
/// Shown to nobody but its owner and admins; `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks `typed` and brings its domain to ASCII. White space around it is not removed.
    /// Whether mail arrives is not known before something was sent. Errors: [`EmailError`].
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        const TOO_LONG: EmailError = EmailError::TooLong { max: MAX_CHARS, local_max: LOCAL_MAX_CHARS };
        // Before anything else, so that a megabyte costs nothing.
        if typed.len() > 4 * MAX_CHARS {
            return Err(TOO_LONG);
        }
        let (local, domain) = typed.split_once('@').ok_or(EmailError::NotOneAt)?;
        if domain.contains('@') {
            return Err(EmailError::NotOneAt);
        }
        if local.is_empty() || !local.bytes().all(is_local_byte) {
            return Err(EmailError::BadLocalPart);
        }
        let domain = ascii_domain(domain).ok_or(EmailError::BadDomain)?;
        let address = format!("{local}@{domain}");
        if local.len() > LOCAL_MAX_CHARS || address.len() > MAX_CHARS {
            return Err(TOO_LONG);
        }
        Ok(Self(address))
    }

    /// Takes back what the store was given as an `Email`.
    pub fn from_store(address: String) -> Self {
        Self(address)
    }

    /// The address to send mail to.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What must be unique: the whole in lower case. Some servers tell `Ann@` from `ann@`, but
    /// nobody gives the two to two people.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The part before the `@`, for instance to keep it out of the password.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(..)")
    }
}

fn is_local_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn ascii_domain(typed: &str) -> Option<String> {
    // The URL rules would decode `%41` and take `[::1]` and `127.1` for hosts.
    if typed.contains(['%', '[', ']']) {
        return None;
    }
    let Ok(Host::Domain(domain)) = Host::parse(typed) else {
        return None;
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    (domain.contains('.') && domain.split('.').all(is_label)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_addresses_are_accepted() {
        for typed in ["ann@example.com", "a.b+c@mail.example.co.uk", "o'hara@x-y.example", "1@2.example"] {
            assert_eq!(Email::parse(typed).as_ref().map(Email::as_str), Ok(typed));
        }
    }

    #[test]
    fn broken_addresses_are_refused() {
        for typed in [
            "",
            "@",
            "ann",
            "ann@",
            "@example.com",
            "a@b@c.example",
            "ann@localhost",
            "ann@-x.example",
            "ann@x-.example",
            "ann@x..example",
            "ann@.example",
            "ann@example.",
            "a nn@example.com",
            "ann@exa mple.com",
            "ann\n@example.com",
            "ann@example.com\r\nBcc: b@c.example",
            "ann@[::1]",
            "ann@127.0.0.1",
            "ann@x%2eexample",
            "ánn@example.com",
            "\"a b\"@example.com",
            "ann@x_y.example",
            " ann@example.com",
            "ann@example.com ",
            "ann\0@example.com",
            "ann@example.com/x",
            "ann@x.example:25",
        ] {
            assert!(Email::parse(typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn lengths_are_bounded() {
        let domain = |n| format!("{}.example", vec!["d"; n].join("."));
        assert!(Email::parse(&format!("{}@x.example", "a".repeat(64))).is_ok());
        assert!(Email::parse(&format!("{}@x.example", "a".repeat(65))).is_err());
        assert!(Email::parse(&format!("{}@{}", "a".repeat(64), domain(91))).is_ok());
        assert!(Email::parse(&format!("{}@{}", "a".repeat(64), domain(92))).is_err());
        assert!(Email::parse(&format!("a@{}.example", "d".repeat(64))).is_err());
    }

    #[test]
    fn case_and_script_of_the_domain_make_no_difference() {
        let key = |typed| Email::parse(typed).map(|email| email.key());
        assert_eq!(key("Ann@Example.COM"), Ok("ann@example.com".to_owned()));
        assert_eq!(key("a@BÜCHER.example"), key("a@xn--bcher-kva.example"));
    }

    #[test]
    fn debug_prints_no_address() {
        assert_eq!(format!("{:?}", Email::parse("ann@example.com")), "Ok(Email(..))");
    }

    proptest! {
        #[test]
        fn parsing_again_changes_nothing(typed in "[a-zA-Z.+]{1,5}@[a-zA-Zäß一.-]{1,12}") {
            if let Ok(email) = Email::parse(&typed) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }

        #[test]
        fn nothing_panics(typed in any::<String>()) {
            let _ = Email::parse(&typed);
        }
    }
}
