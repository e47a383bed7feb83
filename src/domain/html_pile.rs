//! A guard in front of HTML parsers: hostile nesting, told from the text alone.
//!
//! The time and memory that a parser needs grow with the product of length and depth, and some
//! elements are opened again in each new block until somebody closes them: 64 KiB can grow to
//! gigabytes. So depth is counted roughly before anything is parsed, and where counting could be
//! misled, end tags are not believed.

use std::collections::HashMap;

/// Elements that an HTML parser opens again in each new block until they are closed.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements that end themselves or hold nothing, and therefore do not pile up.
const SELF_ENDING: [&str; 18] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "p", "param",
    "source", "track", "wbr",
];

/// Elements inside which the end tags of outer ones mean nothing, so that counting misleads.
const SCOPES: [&str; 14] = [
    "applet", "button", "caption", "frameset", "html", "marquee", "math", "object", "select", "svg", "table", "td",
    "template", "th",
];

/// The most elements open at once, and of those that are opened again in each block. The parser's
/// time and memory grow with the product of length and depth.
const MAX_OPEN: usize = 64;
const MAX_OPEN_FORMATTING: usize = 12;

/// Elements whose content is no markup, so that an end tag in it ends nothing.
const RAW_TEXT: [&str; 10] =
    ["iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp"];

/// Whether more elements are left open than a person's comment would. Never true for well-formed
/// HTML of common depth; when in doubt, true.
pub(super) fn piles_up(html: &str) -> bool {
    let mut ends_count = !(html.contains("<!") || html.contains("<?"));
    // One frame for each open scope, as an end tag inside cannot close what is open outside.
    let mut frames: Vec<(String, HashMap<String, usize>)> = vec![Default::default()];
    let (mut all, mut formatting) = (0_usize, 0_usize);
    for piece in html.split('<').skip(1) {
        let (is_end, tag) = match piece.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, piece),
        };
        let end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
        let (name, rest) = tag.split_at(end.unwrap_or(tag.len()));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name = name.to_ascii_lowercase();
        ends_count &= is_closed(rest) && !RAW_TEXT.contains(&&*name);
        if SELF_ENDING.contains(&&*name) {
            continue;
        }
        let is_formatting = usize::from(FORMATTING.contains(&&*name));
        let is_scope = SCOPES.contains(&&*name);
        let Some((scope, open)) = frames.last_mut() else {
            return true;
        };
        if !is_end {
            all += 1;
            formatting += is_formatting;
            if is_scope {
                frames.push((name, HashMap::new()));
            } else {
                *open.entry(name).or_default() += 1;
            }
        } else if ends_count && is_scope && *scope == name {
            // What was left open inside stays counted: not all scopes end it.
            frames.pop();
            all -= 1;
        } else if ends_count && open.get(&name).is_some_and(|&count| count > 0) {
            *open.entry(name).or_default() -= 1;
            all -= 1;
            formatting -= is_formatting;
        }
        if all > MAX_OPEN || formatting > MAX_OPEN_FORMATTING {
            return true;
        }
    }
    false
}

/// Whether a tag certainly ends within `rest`, what follows its name up to the next `<`.
fn is_closed(rest: &str) -> bool {
    let mut quote = None;
    let mut previous = ' ';
    for c in rest.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '>') => return true,
            (None, '"' | '\'') if previous == '=' => quote = Some(c),
            // A quote elsewhere is part of a name, and nobody writes that by accident.
            (None, '"' | '\'') => return false,
            (None, _) => {}
        }
        previous = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_comments_pass() {
        let row = "<tr><td><b>a</b></td><td class=\"b\"><a href='c'>d</a></td></tr>";
        for html in [
            format!("<table>{}</table>", row.repeat(100)),
            "<p>a <b>b</b> <i>c</i><br>\n".repeat(500),
            format!("<ul>{}</ul>", "<li>a <code>b</code>".repeat(500)),
            format!("{}a{}", "<blockquote>".repeat(20), "</blockquote>".repeat(20)),
            "a < b <3 <<< </p>".repeat(500),
        ] {
            assert!(!piles_up(&html), "{}", &html[..30]);
        }
    }

    #[test]
    fn end_tags_that_end_nothing_do_not_mislead() {
        for unit in [
            "<b>",
            "<b><object></b></object>",
            "<b><table><td></b></table>",
            "<b><!--</b>-->",
            "<b><style></b></style>",
            "<b x='</b>'>",
            "<b \"=\"></b>\">",
            "<b x= \"></b>\">",
            "<b x=\">\" </b>",
            "<b><svg></b></svg>",
            "<b><textarea></b></textarea>",
            "<b></i>",
            "<div>",
            "<td>",
        ] {
            assert!(piles_up(&unit.repeat(70)), "{unit}");
        }
    }
}
