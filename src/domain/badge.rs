//! Badges that a site gives to people, beside what their roles show.

use super::site::SiteKey;

/// Badges of a site's own making.
pub const OWN_MAX: usize = 50;
/// Badges that one person has on one site.
pub const HELD_MAX: usize = 5;
/// Characters of a badge's label.
pub const LABEL_MAX_CHARS: usize = 40;

/// Every site has these, with labels to begin with: the newsroom's people, and those whose identity it knows.
pub const BUILT_IN: [(&str, &str); 2] = [(STAFF, "Staff"), ("verified", "Verified")];
/// Of the newsroom. Who has a role on the site is so anyway.
pub const STAFF: &str = "staff";
/// What roles show: nothing that could be given.
const OF_ROLES: [&str; 3] = ["author", "moderator", "admin"];

/// A badge's name in addresses: formed as a site's key, and none of what roles show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadgeKey(String);

impl BadgeKey {
    /// `None` if the text is not of that form.
    pub fn parse(text: &str) -> Option<Self> {
        let is_formed = SiteKey::parse(text).is_some() && !OF_ROLES.contains(&text);
        is_formed.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether every site has it.
    pub fn is_built_in(&self) -> bool {
        BUILT_IN.iter().any(|(key, _)| *key == self.0)
    }
}

/// A badge as pages show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct GrantedBadge {
    pub key: String,
    pub label: String,
}

impl GrantedBadge {
    /// Those of one person as the store reads them, `key label` a line, in the order of their keys.
    pub fn parse_list(lines: Option<&str>) -> Vec<Self> {
        let parts = lines.unwrap_or_default().lines().filter_map(|line| line.split_once(' '));
        let mut badges: Vec<Self> =
            parts.map(|(key, label)| Self { key: key.to_owned(), label: label.to_owned() }).collect();
        badges.sort_unstable();
        badges
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_is_named_like_a_site_and_like_no_role() {
        assert!(BadgeKey::parse("top-100").is_some_and(|key| !key.is_built_in()));
        assert!(BadgeKey::parse("verified").is_some_and(|key| key.is_built_in()));
        for wrong in ["", "Top", "a b", "moderator", "admin", "author"] {
            assert_eq!(BadgeKey::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_the_store_reads_is_the_same_in_any_order() {
        let badge = |key: &str, label: &str| GrantedBadge { key: key.to_owned(), label: label.to_owned() };
        let expected = [badge("a", "The first one"), badge("b", "Second")];
        for lines in ["a The first one\nb Second", "b Second\na The first one"] {
            assert_eq!(GrantedBadge::parse_list(Some(lines)), expected);
        }
        assert_eq!(GrantedBadge::parse_list(None), []);
    }
}
