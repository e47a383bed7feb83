//! Sites: their keys, origins and the roles that people have on them.

use serde::{Deserialize, Serialize};
use url::Url;

use super::text_enum;

text_enum! {
    /// What an account may be on one site, beside a reader.
    pub enum SiteRole {
        /// Registers stories; their replies do not wait.
        Author = "author",
        /// Works through the queues.
        Moderator = "moderator",
    }
}

text_enum! {
    /// What an account may do on a site whose owner has not proven who he is: by an e-mail address that he confirmed, or by a
    /// site's sign-on.
    pub enum UnprovenAccounts {
        /// Reading, recommending, and what is owed to everybody.
        ReadAndRecommend = "read_and_recommend",
        /// What others may; what it writes waits for a moderator.
        Wait = "wait",
        /// What others may.
        Allow = "allow",
    }
}

text_enum! {
    /// What is shown beside a name.
    pub enum Badge {
        /// An author of the site.
        Author = "author",
        /// A moderator of the site.
        Moderator = "moderator",
        /// An admin.
        Admin = "admin",
    }
}

impl From<SiteRole> for Badge {
    fn from(role: SiteRole) -> Self {
        match role {
            SiteRole::Author => Self::Author,
            SiteRole::Moderator => Self::Moderator,
        }
    }
}

/// A site's name in addresses: 1 to 40 lower-case letters, digits and inner hyphens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SiteKey(String);

impl SiteKey {
    /// `None` if the text is not of that form.
    pub fn parse(text: &str) -> Option<Self> {
        let is_formed = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        is_formed.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A web origin as browsers send it (RFC 6454): scheme, host, and port unless it is the default.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// Of an http or https address without anything past the port.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_bare = matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        is_bare.then(|| Self(url.origin().ascii_serialization()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_key_fits_into_an_address() {
        assert!(SiteKey::parse("business-news").is_some());
        for wrong in ["", "-a", "a-", "A", "a b", "ä", "a/b", &"a".repeat(41)] {
            assert_eq!(SiteKey::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_origin_is_nothing_but_scheme_host_and_port() {
        assert_eq!(WebOrigin::parse("HTTPS://Blog.example:443").unwrap().as_str(), "https://blog.example");
        assert_eq!(WebOrigin::parse("http://localhost:8080/").unwrap().as_str(), "http://localhost:8080");
        for wrong in
            ["blog.example", "https://blog.example/path", "https://a@b.example", "ftp://b.example", "null", "*"]
        {
            assert_eq!(WebOrigin::parse(wrong), None, "{wrong}");
        }
    }
}
