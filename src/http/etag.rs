//! Entity tags and the conditions that name them (RFC 9110, sections 8.8.3 and 13).

use actix_web::{
    HttpRequest,
    http::header::{HeaderMap, HeaderName, IF_MATCH},
};

use super::problem::{Code, Problem};

/// Bytes of the longest list of tags that is read.
const LIST_MAX_BYTES: usize = 4_096;

/// A condition about the tag of what is there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Tags {
    /// No condition.
    #[default]
    None,
    /// `*`: anything that is there.
    Any,
    /// One of these; the opaque parts with their quotes, and whether each is weak.
    List(Vec<(String, bool)>),
}

impl Tags {
    /// Of a request's header; several lines of it are one list.
    pub fn read(headers: &HeaderMap, name: HeaderName) -> Result<Self, Problem> {
        Self::of(headers, name).ok_or_else(|| Problem::new(Code::InvalidHeader))
    }

    fn of(headers: &HeaderMap, name: HeaderName) -> Option<Self> {
        let lines: Option<Vec<&str>> = headers.get_all(&name).map(|value| value.to_str().ok()).collect();
        let lines = lines?;
        if lines.is_empty() {
            return Some(Self::None);
        }
        let list = lines.join(",");
        if list.is_empty() {
            return Some(Self::None);
        }
        if list.trim() == "*" {
            return Some(Self::Any);
        }
        if list.len() > LIST_MAX_BYTES {
            return None;
        }
        let mut tags = Vec::new();
        let mut rest = list.trim_start_matches([' ', '\t', ',']);
        while !rest.is_empty() {
            let (is_weak, tag) = match rest.strip_prefix("W/") {
                Some(tag) => (true, tag),
                None => (false, rest),
            };
            let end = tag.strip_prefix('"')?.find('"')? + 2;
            tags.push((tag[..end].to_owned(), is_weak));
            rest = tag[end..].trim_start_matches([' ', '\t']);
            // tags are parted by commas
            if !rest.is_empty() && !rest.starts_with(',') {
                return None;
            }
            rest = rest.trim_start_matches([' ', '\t', ',']);
        }
        Some(Self::List(tags))
    }

    /// Whether this tag is named, weak or not: the comparison of `If-None-Match`.
    pub fn names(&self, etag: &str) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|(tag, _)| tag == etag),
        }
    }

    /// Whether a strong tag is named for which this holds: the comparison of `If-Match`.
    pub fn has_strong(&self, is_match: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::None => false,
            Self::Any => true,
            Self::List(tags) => tags.iter().any(|(tag, is_weak)| !is_weak && is_match(tag.trim_matches('"'))),
        }
    }
}

/// The version that a change is made of, which must be named.
#[derive(Clone, Debug)]
pub struct Expected(Tags);

impl Expected {
    /// Of a request's `If-Match`.
    pub fn read(request: &HttpRequest) -> Result<Self, Problem> {
        match Tags::read(request.headers(), IF_MATCH)? {
            Tags::None => Err(Problem::new(Code::PreconditionRequired)),
            tags => Ok(Self(tags)),
        }
    }

    /// Refuses where another version is there by now, which is named.
    pub fn check(&self, present: i64) -> Result<(), Problem> {
        self.check_tag(&present.to_string())
    }

    /// The same of a version that is no number.
    pub fn check_tag(&self, present: &str) -> Result<(), Problem> {
        match self.0.has_strong(|tag| tag == present) {
            true => Ok(()),
            false => Err(Problem::new(Code::PreconditionFailed).with("version", present)),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{http::header, test::TestRequest};

    use super::*;

    fn tags(lines: &[&str]) -> Option<Tags> {
        let mut request = TestRequest::default();
        for line in lines {
            request = request.append_header((header::IF_NONE_MATCH, *line));
        }
        Tags::read(request.to_http_request().headers(), header::IF_NONE_MATCH).ok()
    }

    #[test]
    fn lists_weak_tags_and_the_star_are_understood() {
        assert_eq!(tags(&[]), Some(Tags::None));
        assert_eq!(tags(&["*"]), Some(Tags::Any));
        assert!(tags(&["\"a\", W/\"b,c\"", "\"d\""]).unwrap().names("\"b,c\""));
        assert!(tags(&["\"a\",\"d\""]).unwrap().names("\"d\""));
        assert!(!tags(&["\"a\""]).unwrap().names("\"b\""));
        assert!(!tags(&["W/\"a\""]).unwrap().has_strong(|tag| tag == "a"));
        assert!(tags(&["\"a\""]).unwrap().has_strong(|tag| tag == "a"));
    }

    #[test]
    fn malformed_lists_are_refused() {
        for wrong in ["a", "\"a", "\"a\" \"b\"", "W/a", "\"a\", b"] {
            assert_eq!(tags(&[wrong]), None, "{wrong}");
        }
    }
}
