//! Stories: the bounds of their parts and when they take replies.

use std::time::Duration;

use super::{timestamp::Timestamp, visible};

/// Characters of a story's `external_id`.
pub const EXTERNAL_ID_MAX_CHARS: usize = 200;
/// Characters of a headline.
pub const HEADLINE_MAX_CHARS: usize = 300;
/// Characters of a source's name.
pub const SOURCE_NAME_MAX_CHARS: usize = 200;
/// Characters of an excerpt.
pub const EXCERPT_MAX_CHARS: usize = 5_000;
/// Characters of a commentary's label and of its author's name.
pub const LABEL_MAX_CHARS: usize = 100;
/// Characters of a commentary's text.
pub const COMMENTARY_MAX_CHARS: usize = 50_000;
/// Characters of a section's name and of a tag.
pub const TAG_MAX_CHARS: usize = 100;
/// Tags of one story.
pub const TAGS_MAX: usize = 30;
/// URLs of one story.
pub const URLS_MAX: usize = 20;

/// All that decides whether a story takes replies.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    /// When the story was published.
    pub published_at: Timestamp,
    /// Closed by hand.
    pub closed_at: Option<Timestamp>,
    /// Its own closing time.
    pub closes_at: Option<Timestamp>,
    /// Reopened by hand, so that the site's rule is off.
    pub is_kept_open: bool,
    /// The site's rule: days after publication.
    pub close_after_days: Option<i32>,
    /// Whether the whole site is closed.
    pub is_site_closed: bool,
}

impl Closing {
    /// When the story closes or closed by the clock; `None` if it never does.
    pub fn time(&self) -> Option<Timestamp> {
        self.closes_at.or_else(|| {
            let days = self.close_after_days.filter(|_| !self.is_kept_open)?;
            let days = u64::try_from(days).ok()?;
            Some(self.published_at.plus(Duration::from_secs(days * 24 * 3600)))
        })
    }

    /// Whether no replies are taken at this time.
    pub fn is_closed(&self, now: Timestamp) -> bool {
        self.is_site_closed || self.closed_at.is_some() || self.time().is_some_and(|time| time <= now)
    }
}

/// A section's name or a tag as it is stored and compared, without blanks around it; nothing if it is none: 1 to
/// [`TAG_MAX_CHARS`] characters, one of them visible, no control characters, and none that JSON writes with a backslash, so
/// that a list of them can be searched as it is stored.
pub fn tag(text: &str) -> Option<&str> {
    let text = text.trim();
    let is_wrong = |c: char| c.is_control() || matches!(c, '"' | '\\');
    let is_tag =
        text.chars().count() <= TAG_MAX_CHARS && text.chars().any(visible::is_visible) && !text.contains(is_wrong);
    is_tag.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn open() -> Closing {
        Closing {
            published_at: Timestamp::from_micros(0),
            closed_at: None,
            closes_at: None,
            is_kept_open: false,
            close_after_days: Some(2),
            is_site_closed: false,
        }
    }

    #[test]
    fn a_story_closes_by_the_sites_rule_at_its_time() {
        let start = open().published_at;
        assert!(!open().is_closed(start.plus(DAY)));
        assert!(open().is_closed(start.plus(2 * DAY)));
        assert!(!Closing { close_after_days: None, ..open() }.is_closed(start.plus(900 * DAY)));
    }

    #[test]
    fn its_own_closing_time_comes_before_the_sites_rule() {
        let start = open().published_at;
        let later = Closing { closes_at: Some(start.plus(9 * DAY)), ..open() };
        assert!(!later.is_closed(start.plus(8 * DAY)));
        assert!(later.is_closed(start.plus(9 * DAY)));
    }

    #[test]
    fn reopened_by_hand_the_sites_rule_is_off() {
        let kept = Closing { is_kept_open: true, ..open() };
        assert!(!kept.is_closed(kept.published_at.plus(900 * DAY)));
        assert!(Closing { closed_at: Some(kept.published_at), ..kept }.is_closed(kept.published_at));
        assert!(Closing { is_site_closed: true, ..kept }.is_closed(kept.published_at));
    }

    #[test]
    fn tags_are_short_visible_and_plain() {
        assert_eq!(tag("  EU politics "), Some("EU politics"));
        assert_eq!(tag("気候"), Some("気候"));
        let long = "x".repeat(TAG_MAX_CHARS + 1);
        for wrong in ["", "  ", "\u{200b}", "a\"b", "a\\b", "a\nb", &long] {
            assert_eq!(tag(wrong), None, "{wrong:?}");
        }
    }
}
