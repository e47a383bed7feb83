//! What readers see of a Markdown text, in plain words, and where in the source each piece of it stands.
//!
//! Rules judge what is seen: `vi**ag**ra` is one word, a link is its words and where it leads. What they found is shown to
//! moderators in the source, so every place here leads back there.

use std::ops::Range;

use comrak::{
    arena_tree::NodeEdge,
    nodes::{Node, NodeValue},
};
use url::Url;

/// See the module's description.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ShownText {
    text: String,
    /// In the order of the text. What lies between two of them, such as the end of a paragraph, is nobody's words.
    pieces: Vec<Piece>,
    /// In the order of their ends.
    links: Vec<ShownLink>,
}

/// Words that stand together in the source.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Piece {
    /// In the text.
    at: Range<usize>,
    source: Range<usize>,
    /// Whether they stand there letter by letter. Where not (`&amp;`, `\*`), the whole piece stands for each of its parts.
    is_literal: bool,
}

/// A link with the words that show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownLink {
    /// Where it leads.
    pub url: String,
    /// The place of its words in the text.
    pub at: Range<usize>,
    /// Its place in the source.
    pub source: Range<usize>,
}

impl ShownLink {
    /// The host that it leads to, as the URL standard writes it (ASCII, lower case), without a dot at its end.
    pub fn host(&self) -> Option<String> {
        Url::parse(&self.url).ok()?.host_str().map(|host| host.trim_end_matches('.').to_owned())
    }
}

impl ShownText {
    /// Of a parsed text.
    pub(super) fn of<'a>(root: Node<'a>, source: &str) -> Self {
        let lines = Lines::of(source);
        let mut shown = Self { text: String::with_capacity(source.len()), ..Self::default() };
        let mut open_links = Vec::new();
        for edge in root.traverse() {
            match edge {
                NodeEdge::Start(node) => match &node.data().value {
                    NodeValue::Text(words) => shown.push(words, lines.range(node), source),
                    NodeValue::Code(code) => shown.push(&code.literal, lines.range(node), source),
                    NodeValue::CodeBlock(block) => shown.push(&block.literal, lines.range(node), source),
                    NodeValue::SoftBreak | NodeValue::LineBreak => shown.text.push('\n'),
                    NodeValue::Link(_) => open_links.push(shown.text.len()),
                    _ => {}
                },
                NodeEdge::End(node) => match &node.data().value {
                    NodeValue::Link(link) => {
                        let from = open_links.pop().unwrap_or_default();
                        let at = from..shown.text.len();
                        shown.links.push(ShownLink { url: link.url.clone(), at, source: lines.range(node) });
                    }
                    value if value.block() && !shown.text.is_empty() && !shown.text.ends_with('\n') => {
                        shown.text.push('\n');
                    }
                    _ => {}
                },
            }
        }
        shown
    }

    fn push(&mut self, words: &str, within: Range<usize>, source: &str) {
        let at = self.text.len()..self.text.len() + words.len();
        let literal = source[within.clone()].find(words).map(|offset| within.start + offset);
        self.text.push_str(words);
        self.pieces.push(Piece {
            at,
            source: literal.map_or(within, |start| start..start + words.len()),
            is_literal: literal.is_some(),
        });
    }

    /// The words, a line for each line and block that is seen.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its links.
    pub fn links(&self) -> &[ShownLink] {
        &self.links
    }

    /// Where in the source these words stand: the shortest range that holds them all, between characters. Nothing for what
    /// is nobody's words.
    pub fn source_of(&self, at: Range<usize>) -> Option<Range<usize>> {
        let first = self.pieces.partition_point(|piece| piece.at.end <= at.start);
        let ranges = self.pieces[first..].iter().take_while(|piece| piece.at.start < at.end).map(|piece| {
            if !piece.is_literal {
                return piece.source.clone();
            }
            let start = at.start.max(piece.at.start) - piece.at.start;
            let end = at.end.min(piece.at.end) - piece.at.start;
            piece.source.start + start..piece.source.start + end
        });
        ranges.reduce(|all, each| all.start.min(each.start)..all.end.max(each.end))
    }
}

/// Where the lines of a source begin, as the parser counts them.
struct Lines<'s> {
    source: &'s str,
    starts: Vec<usize>,
}

impl<'s> Lines<'s> {
    fn of(source: &'s str) -> Self {
        let bytes = source.as_bytes();
        let ends = (0..bytes.len()).filter(|&i| match bytes[i] {
            b'\n' => true,
            b'\r' => bytes.get(i + 1) != Some(&b'\n'),
            _ => false,
        });
        Self { source, starts: std::iter::once(0).chain(ends.map(|end| end + 1)).collect() }
    }

    /// The bytes of a node; of one that we made, those of what it was made of.
    fn range<'a>(&self, node: Node<'a>) -> Range<usize> {
        let known = node.ancestors().map(|node| node.data().sourcepos).find(|position| position.start.line > 0);
        let byte = |line: usize, column: usize| self.starts.get(line.checked_sub(1)?).map(|start| start + column);
        let range = known.and_then(|position| {
            let start = byte(position.start.line, position.start.column)?.checked_sub(1)?;
            let end = byte(position.end.line, position.end.column)?.min(self.source.len());
            (start < end).then(|| self.source.floor_char_boundary(start)..self.source.ceil_char_boundary(end))
        });
        range.unwrap_or(0..self.source.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::domain::markdown::render_shown;

    /// The words, and what stands in the source for the part that is asked for.
    fn source_of<'s>(source: &'s str, words: &str) -> &'s str {
        let (_, shown) = render_shown(source);
        let at = shown.text().find(words).unwrap_or_else(|| panic!("{words:?} is not in {:?}", shown.text()));
        &source[shown.source_of(at..at + words.len()).unwrap()]
    }

    #[test]
    fn words_are_found_in_the_source() {
        assert_eq!(source_of("one two three", "two"), "two");
        assert_eq!(source_of("vi**ag**ra", "viagra"), "vi**ag**ra");
        assert_eq!(source_of("über *größe* ü", "größe"), "größe");
        assert_eq!(source_of("> a quote\n> of lines\n\nand more", "lines"), "lines");
        assert_eq!(source_of("- one\r\n- two\r\n\r\nthree", "three"), "three");
        assert_eq!(source_of("a `code` b", "code"), "code");
        assert_eq!(source_of("```\nfn main() {}\n```\n", "main"), "main");
        assert_eq!(source_of("see [these words](https://a.example/x)", "these words"), "these words");
        assert_eq!(source_of("# title\n\ntext", "title"), "title");
    }

    #[test]
    fn what_is_written_in_another_way_stands_as_a_whole() {
        assert!(source_of("before\n\n&#118;iagra", "viagra").contains("&#118;iagra"));
        assert!(source_of(r"a \*star\*", "*star").contains(r"\*star"));
        assert!(source_of("![a cat](https://a.example/cat.png)", "a cat").contains("a cat"));
        assert!(source_of("<b>bold</b>", "<b>").contains("<b>"));
    }

    #[test]
    fn links_have_their_words_and_their_place() {
        let source = "see [my site](https://a.example/x) and https://b.example/y, too";
        let (_, shown) = render_shown(source);
        let links: Vec<_> =
            shown.links().iter().map(|link| (link.url.as_str(), &shown.text()[link.at.clone()])).collect();
        assert_eq!(links, [("https://a.example/x", "my site"), ("https://b.example/y", "https://b.example/y")]);
        assert_eq!(&source[shown.links()[0].source.clone()], "[my site](https://a.example/x)");
        assert_eq!(&source[shown.links()[1].source.clone()], "https://b.example/y");
    }

    #[test]
    fn blocks_are_lines() {
        let (_, shown) = render_shown("one\ntwo\n\nthree\n\n- four\n- five");
        assert_eq!(shown.text(), "one\ntwo\nthree\nfour\nfive\n");
    }

    proptest! {
        #[test]
        fn every_place_lies_in_the_source_between_characters(
            source in "([a-zé漢 *_`>#\\[\\]()&;!~<\\\\\r\n\t1.-]|&amp;|https://a\\.example/|\\PC){0,60}",
            from in 0usize..80,
            length in 1usize..40,
        ) {
            let (_, shown) = render_shown(&source);
            for link in shown.links() {
                prop_assert!(source.get(link.source.clone()).is_some());
                prop_assert!(shown.text().get(link.at.clone()).is_some());
            }
            let from = shown.text().floor_char_boundary(from);
            let to = shown.text().ceil_char_boundary((from + length).min(shown.text().len()));
            if let Some(range) = shown.source_of(from..to) {
                prop_assert!(source.get(range).is_some_and(|words| !words.is_empty()));
            }
        }
    }
}
