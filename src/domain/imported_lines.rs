//! Imported comments made ready for the converter: what WordPress does with line feeds is done, and
//! characters that must stay literal are masked.

use url::Url;

use crate::domain::markdown::is_linkable;
use crate::domain::markdown_escape::{STRIKE, is_mask, mask, mask_bare};
use crate::domain::safe_html::decode_entities;

/// Blocks that the converter knows. All others only part their words from the rest.
const BLOCKS: [&str; 12] = ["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "ul"];

/// A comment ready for the converter.
#[derive(Default)]
pub(super) struct Marked {
    /// HTML without meaning in its line feeds, its literal characters masked.
    pub html: String,
    /// The words that a reader is to see, with line feeds between blocks.
    pub text: String,
    /// The number of links.
    pub links: usize,
}

#[derive(Default)]
struct Marker {
    out: Marked,
    keeps_emphasis: bool,
    /// Line feeds since the last word; a break in front of the next word comes of them.
    breaks: usize,
    has_space: bool,
    at_block_start: bool,
    at_line_start: bool,
    inline_depth: usize,
    /// For each open `<a>`, whether it is written.
    links: Vec<bool>,
    in_code: usize,
    in_pre: bool,
    in_address: bool,
    was_br: bool,
}

/// Marks up `clean`, a sanitiser's well-formed output.
pub(super) fn mark(clean: &str, keeps_emphasis: bool) -> Marked {
    let mut marker = Marker { keeps_emphasis, at_block_start: true, at_line_start: true, ..Marker::default() };
    for (i, piece) in clean.split('<').enumerate() {
        let text = match piece.split_once('>') {
            Some((tag, text)) if i > 0 => {
                marker.tag(tag);
                text
            }
            _ => piece,
        };
        // Noncharacters are ours here.
        let text: String = decode_entities(text).chars().map(|c| if is_mask(c) { '\u{fffd}' } else { c }).collect();
        marker.text(&text);
    }
    marker.out
}

impl Marker {
    fn tag(&mut self, tag: &str) {
        self.in_address = false;
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        match name {
            "pre" => {
                self.block("<pre><code>");
                self.in_pre = true;
            }
            "/pre" => {
                self.in_pre = false;
                self.block("</code></pre>");
            }
            "br" if self.in_pre => self.text("\n"),
            "br" => {
                self.breaks += 1;
                self.was_br = true;
            }
            // Nothing inside a code block has a meaning in Markdown.
            _ if self.in_pre => {}
            "a" => self.open_link(&attribute(attributes, "href")),
            "/a" => {
                if self.links.pop() == Some(true) {
                    self.close("</a>");
                }
            }
            "img" => {
                let (address, words) = (attribute(attributes, "src"), attribute(attributes, "alt"));
                let words = if words.trim().is_empty() { &address } else { &words };
                if self.links.is_empty() {
                    self.open_link(&address);
                    self.text(words);
                    self.tag("/a");
                } else {
                    self.text(words);
                }
            }
            "em" | "i" => self.emphasis("<em>"),
            "strong" | "b" => self.emphasis("<strong>"),
            "del" | "s" | "strike" => self.emphasis(STRIKE),
            "/em" | "/i" => self.end_emphasis("</em>"),
            "/strong" | "/b" => self.end_emphasis("</strong>"),
            "/del" | "/s" | "/strike" => self.end_emphasis(STRIKE),
            "code" | "tt" => {
                self.open("<code>");
                self.in_code += 1;
            }
            "/code" | "/tt" => {
                self.in_code = self.in_code.saturating_sub(1);
                self.close("</code>");
            }
            "ol" => {
                let start = attribute(attributes, "start").parse().unwrap_or(1_u32);
                self.block(&format!("<ol start=\"{}\">", start.min(999_999)));
            }
            _ if BLOCKS.contains(&name.trim_start_matches('/')) => self.block(&format!("<{name}>")),
            _ => self.block("<p>"),
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_pre {
            self.out.text.push_str(text);
            text.chars().for_each(|c| push_escaped(&mut self.out.html, c));
            return;
        }
        for (at, c) in text.char_indices() {
            match c {
                '\n' if self.was_br => self.was_br = false,
                '\n' => self.breaks += 1,
                ' ' | '\t' | '\r' | '\u{c}' => self.has_space = true,
                _ => self.visible(c, &text[..at], &text[at + c.len_utf8()..]),
            }
        }
    }

    fn visible(&mut self, c: char, before: &str, after: &str) {
        self.lead_in();
        let c_out = if self.in_code > 0 {
            c
        } else if self.in_address {
            mask_bare(c)
        } else if self.is_special(c, before, after) {
            mask(c)
        } else if c == '_' {
            // The converter would escape it.
            mask_bare(c)
        } else {
            c
        };
        push_escaped(&mut self.out.html, c_out);
        self.out.text.push(c);
        self.in_address |= self.out.text.ends_with("://") || self.out.text.ends_with("www.");
        // Digits at the beginning may still become the number of a list.
        self.at_line_start &= c.is_ascii_digit();
    }

    /// Whether `c` would be Markdown between `before` and `after`, where it stands now.
    fn is_special(&self, c: char, before: &str, after: &str) -> bool {
        let next = after.chars().next();
        match c {
            '\\' | '`' | '*' | '[' | ']' | '~' => true,
            // Inside words it means nothing, and addresses stay readable.
            '_' => !(before.ends_with(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '<' => next.is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => is_reference(after),
            // In front of a link it would make an image.
            '!' => next.is_none(),
            '>' | '#' | '+' | '-' | '=' | '|' => self.at_line_start,
            '.' | ')' => self.at_line_start && before.ends_with(|c: char| c.is_ascii_digit()),
            _ => false,
        }
    }

    /// Writes the break or space that is due before the next word.
    fn lead_in(&mut self) {
        let (breaks, has_space) = (self.breaks, self.has_space);
        (self.breaks, self.has_space, self.was_br) = (0, false, false);
        self.in_address &= breaks == 0 && !has_space;
        if self.at_block_start {
            self.at_block_start = false;
        } else if self.in_code > 0 {
            if breaks > 0 || has_space {
                self.write(" ");
            }
        } else if breaks > 0 {
            let is_paragraph = breaks > 1 && self.inline_depth == 0;
            self.out.html.push_str(if is_paragraph { "<p>" } else { "<br>" });
            self.out.text.push_str(if is_paragraph { "\n\n" } else { "\n" });
            self.at_line_start = true;
        } else if has_space {
            self.write(" ");
        }
    }

    fn write(&mut self, text: &str) {
        self.out.html.push_str(text);
        self.out.text.push_str(text);
    }

    fn block(&mut self, tag: &str) {
        self.out.html.push_str(tag);
        if !self.out.text.is_empty() && !self.out.text.ends_with("\n\n") {
            self.out.text.push_str("\n\n");
        }
        (self.breaks, self.has_space, self.was_br) = (0, false, false);
        (self.at_block_start, self.at_line_start) = (true, true);
    }

    fn open(&mut self, tag: &str) {
        self.lead_in();
        self.out.html.push_str(tag);
        self.inline_depth += 1;
    }

    /// A break or space that is due stays due behind the end, where it cannot spoil the markup.
    fn close(&mut self, tag: &str) {
        self.out.html.push_str(tag);
        self.inline_depth = self.inline_depth.saturating_sub(1);
    }

    fn emphasis(&mut self, tag: &str) {
        if self.keeps_emphasis {
            self.open(tag);
        }
    }

    fn end_emphasis(&mut self, tag: &str) {
        if self.keeps_emphasis {
            self.close(tag);
        }
    }

    fn open_link(&mut self, address: &str) {
        let is_written = is_linkable(address) && !self.links.contains(&true);
        self.links.push(is_written);
        if is_written {
            self.out.links += 1;
            self.open(&format!("<a href=\"{}\">", destination(address)));
        }
    }
}

fn push_escaped(html: &mut String, c: char) {
    match c {
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '&' => html.push_str("&amp;"),
        _ => html.push(c),
    }
}

fn is_reference(after: &str) -> bool {
    let name = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#'));
    name.is_some_and(|end| end > 0 && after[end..].starts_with(';'))
}

/// An address that neither HTML nor Markdown reads otherwise.
fn destination(address: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | '`');
    let address = match Url::parse(address) {
        Ok(url) if !address.chars().all(is_plain) => url.to_string(),
        _ => address.to_owned(),
    };
    let mut html = String::new();
    for (at, c) in address.char_indices() {
        match c {
            // Decoded twice, by HTML and by Markdown, which in an address takes no backslash here.
            '&' if is_reference(&address[at + 1..]) => html.push_str("&amp;amp;"),
            _ => push_escaped(&mut html, c),
        }
    }
    html
}

fn attribute(attributes: &str, name: &str) -> String {
    let mut rest = attributes;
    while let Some((key, value)) = rest.split_once("=\"") {
        let (value, after) = value.split_once('"').unwrap_or((value, ""));
        if key.trim() == name {
            return decode_entities(value);
        }
        rest = after;
    }
    String::new()
}
