//! The one type for HTML that may be shown: made by the sanitiser's allow-list, or of words that need none.
//!
//! The Markdown renderer makes it from what people write; the store reads back what it got from
//! there, or makes it again of a source without markup. There is no other constructor, so a function
//! that takes [`SafeHtml`] needs no check.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use serde::Serialize;

/// Every element that may appear in a reply or a commentary.
pub const ALLOWED_TAGS: [&str; 13] =
    ["a", "blockquote", "br", "code", "del", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"];

/// Every attribute that may appear, with its element. `rel` is not a writer's to choose: see
/// [`LINK_REL`].
pub const ALLOWED_ATTRIBUTES: [(&str, &str); 2] = [("a", "href"), ("ol", "start")];

/// Every scheme that a link may have. Addresses without a scheme are refused too: a reply is shown
/// on pages, in feeds and in mails, so "relative" has no one meaning.
pub const ALLOWED_SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Set on every link: no credit in search engines, written by a user, no way back to our window
/// and no address of the page handed over.
pub const LINK_REL: &str = "nofollow ugc noopener noreferrer";

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (tag, attribute) in ALLOWED_ATTRIBUTES {
        attributes.entry(tag).or_default().insert(attribute);
    }
    // `empty` still allows the attributes `lang` and `title` on every element; they go as well, so
    // that nothing is allowed that is not written above.
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(ALLOWED_TAGS))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(ALLOWED_SCHEMES))
        .url_relative(UrlRelative::Deny)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .link_rel(Some(LINK_REL));
    builder
});

/// HTML that holds nothing beyond the written allow-list: safe to place inside an element of any
/// page, feed entry or mail. Serialised as a plain string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl utoipa::PartialSchema for SafeHtml {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        <String as utoipa::PartialSchema>::schema()
    }
}

impl utoipa::ToSchema for SafeHtml {}

impl SafeHtml {
    /// Sanitises `html` by the allow-list. Only the domain calls it, and only with the renderer's
    /// output: the sanitiser's time is quadratic in the depth of nesting, which the caller bounds.
    pub(super) fn sanitise(html: &str) -> Self {
        Self(SANITISER.clean(html).to_string())
    }

    /// Takes back what the store was given as a `SafeHtml`. Never to be called with text that came
    /// from anywhere else: nothing is checked here.
    pub fn from_store(html: String) -> Self {
        Self(html)
    }

    /// The HTML of a source that is its own words: paragraphs without any sign that HTML would take for its own. Nothing
    /// where a source needs more than that; and where the renderer would see something else in it (emphasis, a link),
    /// what is given here is safe all the same, but not its rendering.
    pub fn of_plain(source: &str) -> Option<Self> {
        let is_plain = !source.contains(['&', '<', '>', '\u{a0}', '\r', '\0']);
        is_plain.then(|| Self(format!("<p>{}</p>\n", source.replace("\n\n", "</p>\n<p>"))))
    }

    /// The HTML text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The words of `html` without its markup: one line feed after each block and line break, entities
/// decoded. It is text, not HTML: whoever places it in a page must escape it again.
pub fn plain_text(html: &SafeHtml) -> String {
    let mut text = String::with_capacity(html.0.len());
    // The serialiser writes `<` and `>` for tags only, so that tags can be found without a parser.
    for (i, piece) in html.0.split('<').enumerate() {
        let words = match piece.split_once('>') {
            Some((tag, words)) if i > 0 => {
                let ends_line = matches!(tag, "br" | "/p" | "/li" | "/pre" | "hr" | "/blockquote");
                if ends_line && !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                // The renderer writes a line feed behind `<br>`, which stands for the same break.
                match tag {
                    "br" => words.strip_prefix('\n').unwrap_or(words),
                    _ => words,
                }
            }
            _ => piece,
        };
        // Line feeds between blocks are layout of the source, not words.
        if !(words.trim().is_empty() && text.ends_with('\n')) {
            text.push_str(&decode_entities(words));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Decodes the only references that the HTML serialiser writes into text.
pub(super) fn decode_entities(text: &str) -> String {
    text.replace("&nbsp;", "\u{a0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        // Last, so that `&amp;lt;` stays the words `&lt;`.
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_in_the_list_stays() {
        let html = SafeHtml::sanitise(
            "<h1 id=x onclick=y>a</h1><p class=c style=s title=t lang=l>b<img src=x onerror=y></p>\
             <ol start=3 type=a><li>c</li></ol><script>d</script><style>e</style><!-- f -->",
        );
        assert_eq!(html.as_str(), "a<p>b</p><ol start=\"3\"><li>c</li></ol>");
    }

    #[test]
    fn every_link_carries_our_rel_and_no_other() {
        let html = SafeHtml::sanitise("<a href='https://a.example/' rel=opener target=_top>a</a>");
        assert_eq!(html.as_str(), format!("<a href=\"https://a.example/\" rel=\"{LINK_REL}\">a</a>"));
    }

    #[test]
    fn links_of_other_schemes_and_relative_ones_lose_their_address() {
        for address in ["javascript:x", "data:text/html,x", "/a", "//a.example", "vbscript:x"] {
            let html = SafeHtml::sanitise(&format!("<a href=\"{address}\">a</a>"));
            assert!(!html.as_str().contains("href"), "{}", html.as_str());
        }
    }

    #[test]
    fn it_is_serialised_as_a_string() {
        let json = serde_json::to_string(&SafeHtml::sanitise("<p>\"a\"</p>"));
        assert_eq!(json.ok().as_deref(), Some("\"<p>\\\"a\\\"</p>\""));
    }

    #[test]
    fn plain_text_keeps_words_lines_and_literal_entities() {
        let html =
            SafeHtml::sanitise("<p>a &amp;lt; <em>b</em><br>\nc</p>\n<ul>\n<li>d</li>\n<li>e &lt;x&gt;</li></ul>");
        assert_eq!(plain_text(&html), "a &lt; b\nc\nd\ne <x>");
    }
}
