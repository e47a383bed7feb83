//! A mail's words as its reader sees them: as plain text, and as HTML. The templates stand in `templates/`; their engine
//! escapes whatever is put in.
//!
//! Words are all that a letter has. A link is what they name with http or https and nothing else; one that stands alone in
//! its line becomes a button, with its address below, so that nobody has to believe the button. Nothing is loaded: no
//! images, no fonts, no scripts.

use askama::Template;
use url::Url;

use crate::domain::{colour::Colour, mail::Mail};

/// Who mails are from that are of no site.
const NOBODY: &str = "Rejoinder";

/// Characters before and behind a link that are none of it.
const BEFORE: [char; 4] = ['(', '<', '"', '\''];
const BEHIND: [char; 10] = [')', '>', '"', '\'', '.', ',', ';', ':', '!', '?'];

/// The name that a mail is from.
pub(super) fn sender(mail: &Mail) -> &str {
    let name = mail.letterhead.as_ref().map_or("", |letterhead| letterhead.name.as_str());
    if name.is_empty() { NOBODY } else { name }
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    text: &'a str,
    sender: &'a str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    subject: &'a str,
    sender: &'a str,
    paper: Colour,
    ink: Colour,
    blocks: Vec<Block<'a>>,
}

/// What stands below each other.
#[derive(Debug, PartialEq)]
enum Block<'a> {
    /// A paragraph, by lines.
    Words(Vec<Vec<Piece<'a>>>),
    Button(Button),
}

/// A link that stands alone.
#[derive(Debug, PartialEq)]
struct Button {
    address: String,
    host: String,
}

/// Words, perhaps a link's.
#[derive(Debug, PartialEq)]
struct Piece<'a> {
    words: &'a str,
    address: Option<String>,
}

/// As plain text.
pub(super) fn text(mail: &Mail) -> Result<String, askama::Error> {
    Text { text: mail.text.as_str().trim_end(), sender: sender(mail) }.render()
}

/// As HTML, a document of its own.
pub(super) fn html(mail: &Mail) -> Result<String, askama::Error> {
    let colour = mail.letterhead.as_ref().and_then(|letterhead| letterhead.colour).unwrap_or(Colour::SLATE);
    Html {
        subject: mail.subject.as_str(),
        sender: sender(mail),
        paper: colour,
        ink: colour.ink(),
        blocks: blocks(mail.text.as_str()),
    }
    .render()
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let button = link(line.trim_start());
        if line.is_empty() || button.is_some() {
            blocks.extend(paragraph(&mut lines));
        }
        match button {
            Some(url) => blocks.push(Block::Button(Button {
                host: url.host_str().unwrap_or_default().to_owned(),
                address: url.into(),
            })),
            None if line.is_empty() => {}
            None => lines.push(pieces(line)),
        }
    }
    blocks.extend(paragraph(&mut lines));
    blocks
}

fn paragraph<'a>(lines: &mut Vec<Vec<Piece<'a>>>) -> Option<Block<'a>> {
    (!lines.is_empty()).then(|| Block::Words(std::mem::take(lines)))
}

/// A line's words and links.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    // what was looked at and is no link yet
    let (mut rest, mut seen) = (line, 0);
    while let Some((start, word)) = next_word(rest, seen) {
        seen = start + word.len();
        let bare = word.trim_start_matches(BEFORE);
        let at = seen - bare.len();
        let bare = bare.trim_end_matches(BEHIND);
        let Some(url) = link(bare) else { continue };
        if at > 0 {
            pieces.push(Piece { words: &rest[..at], address: None });
        }
        pieces.push(Piece { words: bare, address: Some(url.into()) });
        rest = &rest[at + bare.len()..];
        seen = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece { words: rest, address: None });
    }
    pieces
}

/// The next word of a line from a place on, and where it begins.
fn next_word(line: &str, from: usize) -> Option<(usize, &str)> {
    let behind = &line[from..];
    let trimmed = behind.trim_start();
    let word = trimmed.split_whitespace().next()?;
    Some((from + behind.len() - trimmed.len(), word))
}

/// What a word links to. A name before the host could be taken for the host, so that is no link.
fn link(word: &str) -> Option<Url> {
    if !word.starts_with("http://") && !word.starts_with("https://") || word.contains(char::is_whitespace) {
        return None;
    }
    let url = Url::parse(word).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (is_plain && url.has_host()).then_some(url)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        email::Email,
        mail::{Letterhead, PlainText, SenderName, Subject},
    };

    fn mail(subject: &str, text: &str) -> Mail {
        let to = Email::parse("ann@example.org").unwrap();
        let letterhead = Letterhead { name: SenderName::new("Tea & <News>"), colour: Colour::parse("#ffd400") };
        Mail { to, subject: Subject::new(subject), text: PlainText::new(text), letterhead: Some(letterhead) }
    }

    /// The tags of a document, each with its attributes.
    fn tags(html: &str) -> Vec<&str> {
        html.split('<').skip(1).map(|rest| rest.split_once('>').expect("a tag that ends").0).collect()
    }

    #[test]
    fn words_become_paragraphs_and_lines_and_a_link_alone_in_its_line_a_button() {
        let text = "Was that you?\nThen confirm:\nhttp://comments.example/confirm#t0ken\n\nIf not, see (https://blog.example/a?b=1&c=2).\n";
        insta::assert_snapshot!(html(&mail("Please confirm", text)).unwrap(), @r##"
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Please confirm</title>
        </head>
        <body style="margin:0;padding:16px;background:#f3f3f1;color:#222222;font:16px/1.5 Helvetica,Arial,sans-serif">
        <div style="max-width:600px;margin:0 auto;background:#ffffff">
        <div style="padding:12px 20px;background:#ffd400;color:#000000;font-size:18px;font-weight:bold">Tea &#38; &#60;News&#62;</div>
        <div style="padding:4px 20px 16px">
        <p style="margin:12px 0">
        Was that you?<br>
        Then confirm:
        </p>
        <p style="margin:16px 0 4px">
        <a href="http://comments.example/confirm#t0ken" style="display:inline-block;padding:10px 18px;background:#ffd400;color:#000000;border-radius:4px;font-weight:bold;text-decoration:none">Open comments.example</a>
        </p>
        <p style="margin:0 0 12px;color:#595959;font-size:13px;word-break:break-all">http://comments.example/confirm#t0ken</p>
        <p style="margin:12px 0">
        If not, see (<a href="https://blog.example/a?b=1&#38;c=2" style="color:#222222;word-break:break-all">https://blog.example/a?b=1&#38;c=2</a>).
        </p>
        </div>
        </div>
        </body>
        </html>
        "##);
    }

    #[test]
    fn plain_words_stay_as_they_are_and_the_site_signs() {
        assert_eq!(
            text(&mail("Hello", "One.\n\n<b>Two</b> & three.\n")).unwrap(),
            "One.\n\n<b>Two</b> & three.\n\nTea & <News>\n"
        );
        let of_nobody = Mail { letterhead: None, ..mail("Hello", "One.") };
        assert_eq!(text(&of_nobody).unwrap(), "One.\n\nRejoinder\n");
        assert!(html(&of_nobody).unwrap().contains("background:#33475b;color:#ffffff"));
    }

    #[test]
    fn only_http_and_https_become_links() {
        for no_link in [
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "ftp://blog.example/",
            "blog.example",
            "http://",
            "http:// blog.example",
            "https://blog.example@evil.example/",
            "mailto:ann@example.org",
            "//evil.example",
        ] {
            let html = html(&mail("Hello", &format!("{no_link}\n\nand {no_link} within words"))).unwrap();
            assert!(!html.contains("<a "), "{no_link}: {html}");
        }
        let found = pieces("See \"https://a.example/x(y)\", <http://b.example> or https://c.example/?q=ü!");
        let links: Vec<&str> = found.iter().filter_map(|piece| piece.address.as_deref()).collect();
        assert_eq!(links, ["https://a.example/x(y", "http://b.example/", "https://c.example/?q=%C3%BC"]);
        let words: String = found.iter().map(|piece| piece.words).collect();
        assert_eq!(words, "See \"https://a.example/x(y)\", <http://b.example> or https://c.example/?q=ü!");
    }

    proptest! {
        #[test]
        fn nothing_in_a_mail_makes_markup(
            subject in ".{0,40}",
            text in "([ -~\n]|<|>|\"|&|http://|https://|script|é|\u{202e}){0,60}",
        ) {
            let html = html(&mail(&subject, &text)).unwrap();
            for tag in tags(&html) {
                let name = tag.split(' ').next().unwrap();
                let known = ["!doctype", "html", "/html", "head", "/head", "meta", "title", "/title", "body", "/body", "div",
                    "/div", "p", "/p", "br", "a", "/a"];
                prop_assert!(known.contains(&name), "{tag}");
                if let Some(attributes) = tag.strip_prefix("a ") {
                    let (address, style) = attributes.split_once("\" style=\"").unwrap();
                    let address = address.strip_prefix("href=\"").unwrap();
                    prop_assert!(address.starts_with("http://") || address.starts_with("https://"), "{address}");
                    prop_assert!(!address.contains('"') && style.ends_with('"') && style.matches('"').count() == 1);
                }
            }
        }
    }
}
