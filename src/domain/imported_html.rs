//! The HTML of imported comments, turned into our Markdown.
//!
//! The way: a sanitiser makes it well-formed and drops what nobody should see, line feeds become
//! the paragraphs and breaks that WordPress would show, a converter writes Markdown. The outcome is
//! rendered once and compared with the words and links that went in; what does not come back the
//! same is tried again without emphasis, and then written as plain words.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use htmd::HtmlToMarkdown;

use crate::domain::html_pile::piles_up;
use crate::domain::imported_lines::{self, Marked};
use crate::domain::markdown;
use crate::domain::markdown_escape::{literal, unmask};
use crate::domain::safe_html::{ALLOWED_SCHEMES, SafeHtml, plain_text};

/// The most bytes that are converted; longer HTML becomes plain text as it stands.
pub const MAX_BYTES: usize = 64 * 1024;

/// What the sanitiser leaves for the conversion. Blocks that Markdown lacks are kept so far that
/// the words on their two sides stay apart.
const TAGS: [&str; 43] = [
    "a",
    "address",
    "article",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "section",
    "strike",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
];

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(TAGS))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(ALLOWED_SCHEMES))
        .url_relative(UrlRelative::Deny)
        .clean_content_tags(HashSet::from([
            "iframe", "noscript", "object", "script", "style", "svg", "template", "textarea", "title",
        ]))
        .link_rel(None);
    builder
});

/// Markdown whose rendering has the words and links of `html`, a comment as WordPress stores it: a
/// blank line is a paragraph, a single line feed a line break. Scripts, styles and comments are
/// dropped. HTML that is too long, too deep or too odd becomes its own text. Never fails; the text
/// returned may be longer than `html`, as literal punctuation gets a backslash.
pub fn to_markdown(html: &str) -> String {
    if html.len() > MAX_BYTES || piles_up(html) {
        return literal(html);
    }
    let clean = SANITISER.clean(html).to_string();
    if clean.len() > 4 * MAX_BYTES || piles_up(&clean) {
        return literal(html);
    }
    for keeps_emphasis in [true, false] {
        let marked = imported_lines::mark(&clean, keeps_emphasis);
        if let Some(markdown) = convert(&marked) {
            return markdown;
        }
    }
    let words = imported_lines::mark(&clean, false).text;
    literal(&words)
}

/// The Markdown of `marked`, if it says the same.
fn convert(marked: &Marked) -> Option<String> {
    let markdown = HtmlToMarkdown::new().convert(&marked.html).ok()?;
    let markdown = unmask(&markdown);
    let rendered = markdown::render(&markdown);
    (bare(&plain_text(&rendered)) == bare(&marked.text) && has_links(&rendered, marked.links)).then_some(markdown)
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Bare addresses become links on top of those that were written as such.
fn has_links(rendered: &SafeHtml, links: usize) -> bool {
    rendered.as_str().matches("<a href=").count() >= links
}

#[cfg(test)]
#[path = "imported_html_tests.rs"]
mod tests;
