//! Markdown as readers write it, rendered to [`SafeHtml`].
//!
//! The dialect is CommonMark with strikethrough and bare links, less what has no place in a
//! discussion: images become links, headings bold paragraphs, raw HTML the text that it is. All
//! three are done on the parsed tree; no HTML is put together from strings here.
//!
//! The parser is linear in every shape that we know. The sanitiser behind it is quadratic in the
//! depth of nesting (131,072 times `>` kept it busy for minutes), which is why the tree is made
//! flat below [`MAX_DEPTH`] before any HTML exists.

use std::sync::LazyLock;

use comrak::nodes::{AstNode, Node, NodeLink, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};
use url::Url;

use crate::domain::safe_html::{ALLOWED_SCHEMES, SafeHtml};
use crate::domain::shown_text::ShownText;
use crate::domain::visible::is_forbidden_control;

/// Raised whenever the same source may give other HTML than before, so that caches and stored HTML
/// can tell which rendering they hold.
pub const RENDERING_VERSION: u32 = 1;

/// How many quotes, lists, emphases and links may stand inside each other. What lies deeper keeps
/// its words and loses its markup.
pub const MAX_DEPTH: usize = 32;

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    // Already the default; written here because the tree's raw HTML must never pass as HTML, even
    // if a node of it slipped through below.
    options.render.r#unsafe = false;
    options.render.escape = true;
    options
});

/// Renders Markdown. Never fails: every text is Markdown of some kind. The caller has counted the
/// characters before; the time is proportional to them.
pub fn render(source: &str) -> SafeHtml {
    with_tree(source, format)
}

/// Renders Markdown, and tells the words that are seen of it.
pub fn render_shown(source: &str) -> (SafeHtml, ShownText) {
    with_tree(source, |root, source| (format(root, source), ShownText::of(root, source)))
}

fn with_tree<T>(source: &str, work: impl for<'a> FnOnce(Node<'a>, &str) -> T) -> T {
    let arena = Arena::new();
    let root = parse_document(&arena, source, &OPTIONS);
    tame(&arena, root);
    work(root, source)
}

fn format<'a>(root: Node<'a>, source: &str) -> SafeHtml {
    let mut html = String::with_capacity(source.len() * 2);
    format_html(root, &OPTIONS, &mut html).expect("writing into a String cannot fail");
    // the source has none, but a reference such as `&#1;` makes one
    html.retain(|c| !is_forbidden_control(c));
    SafeHtml::sanitise(&html)
}

/// Whether a link may lead to `address`: an absolute address of an allowed scheme.
pub(super) fn is_linkable(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| ALLOWED_SCHEMES.contains(&url.scheme()))
}

/// What a node turns into. Decided while its data is borrowed, done afterwards.
enum Change {
    Keep,
    Unwrap,
    Replace(NodeValue),
    Paragraph { literal: String },
    BoldParagraph,
    ImageLink { address: String },
}

/// Brings the tree into our dialect. A stack of our own, because the depth is the writer's choice.
fn tame<'a>(arena: &'a Arena<'a>, root: Node<'a>) {
    let mut stack = vec![(root, 0_usize, false)];
    while let Some((node, depth, in_link)) = stack.pop() {
        let nests = nests(&node.data().value);
        let change = change(node, depth, in_link);
        let is_link = matches!(node.data().value, NodeValue::Link(_));
        match change {
            Change::Keep => {
                let depth = depth + usize::from(nests);
                stack.extend(node.children().map(|c| (c, depth, in_link || is_link)));
            }
            Change::Unwrap => {
                let children: Vec<_> = node.children().collect();
                for child in children {
                    node.insert_before(child);
                    stack.push((child, depth, in_link));
                }
                node.detach();
            }
            Change::Replace(value) => node.data_mut().value = value,
            Change::Paragraph { literal } => {
                node.data_mut().value = NodeValue::Paragraph;
                append_lines(arena, node, &literal);
            }
            Change::BoldParagraph => {
                let strong = new_node(arena, NodeValue::Strong);
                let children: Vec<_> = node.children().collect();
                for child in children {
                    strong.append(child);
                    stack.push((child, depth + 1, in_link));
                }
                node.append(strong);
                node.data_mut().value = NodeValue::Paragraph;
            }
            Change::ImageLink { address } => {
                replace_image(arena, node, address, in_link || depth >= MAX_DEPTH);
            }
        }
    }
}

fn change<'a>(node: Node<'a>, depth: usize, in_link: bool) -> Change {
    match &node.data().value {
        NodeValue::Image(link) => Change::ImageLink { address: link.url.clone() },
        // HTML forbids a link in a link.
        NodeValue::Link(link) if in_link || !is_linkable(&link.url) => Change::Unwrap,
        // An item whose list is gone goes as well; an item of a list that stays must stay.
        NodeValue::Item(_) if !has_list_parent(node) => Change::Unwrap,
        value if nests(value) && depth >= MAX_DEPTH => Change::Unwrap,
        NodeValue::HtmlBlock(html) => Change::Paragraph { literal: html.literal.clone() },
        NodeValue::HtmlInline(html) => Change::Replace(NodeValue::Text(html.clone().into())),
        NodeValue::Heading(_) if depth >= MAX_DEPTH || node.first_child().is_none() => {
            Change::Replace(NodeValue::Paragraph)
        }
        NodeValue::Heading(_) => Change::BoldParagraph,
        _ => Change::Keep,
    }
}

fn nests(value: &NodeValue) -> bool {
    matches!(
        value,
        NodeValue::BlockQuote
            | NodeValue::List(_)
            | NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::Link(_)
    )
}

fn has_list_parent<'a>(node: Node<'a>) -> bool {
    node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::List(_)))
}

fn new_node<'a>(arena: &'a Arena<'a>, value: NodeValue) -> Node<'a> {
    arena.alloc(AstNode::from(value))
}

/// Raw HTML as words, its lines kept.
fn append_lines<'a>(arena: &'a Arena<'a>, paragraph: Node<'a>, literal: &str) {
    for (i, line) in literal.trim_end().lines().enumerate() {
        if i > 0 {
            paragraph.append(new_node(arena, NodeValue::LineBreak));
        }
        paragraph.append(new_node(arena, NodeValue::Text(line.to_owned().into())));
    }
}

/// An image becomes a link to it, named by its description; inside another link, and where it
/// cannot be linked, only the words stay.
fn replace_image<'a>(arena: &'a Arena<'a>, image: Node<'a>, address: String, words_only: bool) {
    let mut words = String::new();
    for node in image.descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::HtmlInline(html) => words.push_str(html),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    if words.trim().is_empty() {
        words.clone_from(&address);
    }
    while let Some(child) = image.first_child() {
        child.detach();
    }
    if words_only || !is_linkable(&address) {
        image.data_mut().value = NodeValue::Text(words.into());
    } else {
        image.append(new_node(arena, NodeValue::Text(words.into())));
        image.data_mut().value = NodeValue::Link(Box::new(NodeLink { url: address, title: String::new() }));
    }
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "markdown_hostile_tests.rs"]
mod hostile_tests;
