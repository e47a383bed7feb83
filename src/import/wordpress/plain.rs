//! Words out of a post's HTML, for headlines, excerpts and names.
//!
//! Comments keep their markup and take another way (`domain::imported_html`); here every tag goes, so a post's
//! pictures, embedded media and shortcodes leave nothing behind.

use std::{collections::HashSet, sync::LazyLock};

/// More than an excerpt can need is not looked at.
const LOOKED_AT_MAX_BYTES: usize = 64 * 1024;

/// Elements that go with all that they contain.
const DROPPED: [&str; 13] = [
    "audio", "canvas", "figure", "form", "iframe", "noscript", "object", "pre", "script", "style", "svg", "table",
    "video",
];

/// Elements that part paragraphs.
const BLOCKS: [&str; 24] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "ol",
    "p",
    "section",
    "ul",
    "main",
];

/// WordPress's own shortcodes, that go with all that they contain.
const SHORTCODES: [&str; 7] = ["audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"];

/// Decodes references; there are no tags left for it to take out.
static DECODER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(ammonia::Builder::empty);

/// Elements that are no excerpt if there is anything else.
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// All words in one line.
pub(super) fn line(html: &str) -> String {
    paragraphs(html, &DROPPED).join(" ")
}

/// The first paragraph that has words; a heading only if there are no other words.
pub(super) fn first_paragraph(html: &str) -> Option<String> {
    let dropped = [&DROPPED[..], &HEADINGS].concat();
    let below_headings = paragraphs(html, &dropped).into_iter().next();
    below_headings.or_else(|| paragraphs(html, &DROPPED).into_iter().next())
}

/// At most so many characters, ended at a word's end by an ellipsis if there were more.
pub(super) fn shortened(text: String, max_chars: usize) -> (String, bool) {
    let Some((end, _)) = text.char_indices().nth(max_chars) else { return (text, false) };
    let room = text[..end].char_indices().next_back().map_or(0, |(last, _)| last);
    let kept = &text[..room];
    // a word of more than half of the room is cut where it stands
    let at = kept.rfind(char::is_whitespace).filter(|at| *at > room / 2).unwrap_or(room);
    (format!("{}…", kept[..at].trim_end()), true)
}

fn paragraphs(html: &str, dropped: &[&str]) -> Vec<String> {
    let html = &html[..html.floor_char_boundary(LOOKED_AT_MAX_BYTES)];
    let bare = without_tags(&without_shortcodes(html), dropped);
    let decoded = DECODER.clean(&bare).to_string();
    let decoded = decoded.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let mut paragraphs = vec![String::new()];
    for line in decoded.lines() {
        if line.trim().is_empty() {
            paragraphs.push(String::new());
            continue;
        }
        let Some(paragraph) = paragraphs.last_mut() else { continue };
        for word in line.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(word);
        }
    }
    paragraphs.retain(|paragraph| paragraph.chars().any(char::is_alphanumeric));
    paragraphs
}

/// Text with blank lines where blocks were; nothing in it reads as a tag.
fn without_tags(html: &str, dropped: &[&str]) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
            text.push_str("&lt;");
            rest = &rest[1..];
            continue;
        }
        let is_end = rest.starts_with("</");
        let name: String =
            inner.chars().take_while(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        rest = after_tag(inner);
        if dropped.contains(&&*name) && !is_end {
            rest = after_end_tag(rest, &name);
        }
        if name == "br" {
            text.push('\n');
        } else if dropped.contains(&&*name) || BLOCKS.contains(&&*name) {
            text.push_str("\n\n");
        }
    }
    text.push_str(rest);
    text
}

/// Behind the tag that this is the beginning of; a `>` within quotes does not end it.
fn after_tag(tag: &str) -> &str {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return &tag[at + 1..],
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // quotes that never close: the plain reading
    tag.split_once('>').map_or("", |(_, after)| after)
}

/// Behind the end tag of this name, or here if there is none.
fn after_end_tag<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("</") {
        let is_it = after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
            && !after[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        if is_it {
            return after_tag(after);
        }
        rest = after;
    }
    html
}

/// Without `[caption ...]...[/caption]` and the like. What merely stands in brackets stays.
fn without_shortcodes(html: &str) -> String {
    let closed: HashSet<&str> = html.split("[/").skip(1).map(shortcode_name).collect();
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('[') {
        let tag = &rest[at + 1..];
        let name = shortcode_name(tag.strip_prefix('/').unwrap_or(tag));
        let end = tag.find(['[', ']', '\n']).filter(|end| tag.as_bytes()[*end] == b']');
        let Some(inner) = end.map(|end| &tag[..end]).filter(|_| !name.is_empty()) else {
            text.push_str(&rest[..=at]);
            rest = tag;
            continue;
        };
        let is_shortcode = closed.contains(name) || SHORTCODES.contains(&name) || inner.contains("=");
        text.push_str(&rest[..at]);
        let after = &tag[inner.len() + 1..];
        if !is_shortcode {
            text.push_str(&rest[at..rest.len() - after.len()]);
        }
        let end = (SHORTCODES.contains(&name) && closed.contains(name) && !inner.starts_with('/'))
            .then(|| after.find(&format!("[/{name}]")))
            .flatten();
        rest = end.map_or(after, |end| &after[end..]);
    }
    text.push_str(rest);
    text
}

fn shortcode_name(tag: &str) -> &str {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let end = tag.find(|c| !is_part(c)).unwrap_or(tag.len());
    &tag[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_markup_goes() {
        assert_eq!(
            line("Grain &amp; <em>freight</em>&#8217;s\n price: 1 < 2 &lt;b&gt;"),
            "Grain & freight’s price: 1 < 2 <b>"
        );
        assert_eq!(line("<a title='a > b' href=x>link</a>"), "link");
        assert_eq!(line("<script>x</script><b onclick=y>"), "");
        assert_eq!(line("a <b"), "a");
    }

    #[test]
    fn the_first_paragraph_is_the_first_with_words() {
        let blocks = "<!-- wp:image --><figure><img src=x><figcaption>no</figcaption></figure><!-- /wp:image -->\n\
             <p class=\"lead\">The <strong>first</strong><br>one.</p>\n<p>The second.</p>";
        assert_eq!(first_paragraph(blocks).as_deref(), Some("The first one."));
        let classic = "[caption id=\"1\"]<img src=x> words[/caption]\n\n[gallery ids=\"1,2\"]\nFirst [sic] line\nand more.\n\nSecond.";
        assert_eq!(first_paragraph(classic).as_deref(), Some("First [sic] line and more."));
        assert_eq!(first_paragraph("<p>&nbsp;</p><hr>"), None);
        assert_eq!(first_paragraph("<h2>Head</h2>Words.").as_deref(), Some("Words."));
        assert_eq!(first_paragraph("<h2>Head</h2>").as_deref(), Some("Head"));
    }

    #[test]
    fn what_is_too_long_ends_at_a_word() {
        assert_eq!(shortened("one two three".to_owned(), 13), ("one two three".to_owned(), false));
        assert_eq!(shortened("one two three".to_owned(), 12), ("one two…".to_owned(), true));
        assert_eq!(shortened("ééééé".to_owned(), 4), ("ééé…".to_owned(), true));
    }

    #[test]
    fn hostile_html_takes_no_time() {
        for piece in ["<", "[caption]", "<a '", "<script>", "[/a][a ", "<!--", "</x"] {
            line(&piece.repeat(LOOKED_AT_MAX_BYTES / piece.len()));
        }
    }
}
