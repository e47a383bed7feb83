use super::*;
use crate::domain::safe_html::{ALLOWED_ATTRIBUTES, ALLOWED_TAGS, LINK_REL, plain_text};

fn html(source: &str) -> String {
    render(source).as_str().replace(&format!(" rel=\"{LINK_REL}\""), "")
}

/// Reads serialised HTML tag by tag and objects to everything outside the allow-list.
fn objection(html: &SafeHtml) -> Option<String> {
    for piece in html.as_str().split('<').skip(1) {
        let (tag, text) = match piece.split_once('>') {
            Some(parts) => parts,
            None => return Some(format!("open tag {piece}")),
        };
        if text.contains('>') {
            return Some(format!("stray > in {text}"));
        }
        if let Some(name) = tag.strip_prefix('/') {
            if !ALLOWED_TAGS.contains(&name) {
                return Some(format!("end of {name}"));
            }
            continue;
        }
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        if !ALLOWED_TAGS.contains(&name) {
            return Some(format!("element {name}"));
        }
        while !rest.is_empty() {
            let Some((attribute, value)) = rest.split_once("=\"") else {
                return Some(format!("attribute {rest}"));
            };
            let (value, after) = value.split_once('"').unwrap_or((value, "\0"));
            let fits = match (name, attribute) {
                ("a", "rel") => value == LINK_REL,
                ("a", "href") => ["http://", "https://", "mailto:"].iter().any(|s| value.starts_with(s)),
                ("ol", "start") => value.bytes().all(|b| b.is_ascii_digit()),
                pair => ALLOWED_ATTRIBUTES.contains(&pair),
            };
            if !fits {
                return Some(format!("{attribute}={value} of {name}"));
            }
            rest = after.trim_start();
        }
        if name == "a" && !tag.contains(LINK_REL) {
            return Some("a link without rel".to_owned());
        }
    }
    // What a parser makes of it again must be the same: nothing hides in odd serialisation.
    let again = SafeHtml::sanitise(html.as_str());
    (&again != html).then(|| format!("reads back as {}", again.as_str()))
}

const SCRIPTS: [&str; 31] = [
    "<script>alert(1)</script>",
    "<ScRiPt/x>alert(1)</sCrIpT >",
    "<script src=//a.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=`x`/onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" &#1;javascript:alert(1)\">x</a>",
    "<style>@import 'javascript:alert(1)'</style>",
    "<div style=\"background:url(javascript:alert(1))\" onclick=alert(1)>x</div>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version=\"1.0\"?><script>alert(1)</script>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<body onload=alert(1)><base href=//a.example/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<template><script>alert(1)</script></template>",
    "</p></li></blockquote><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](https://a.example/\"onmouseover=alert(1)\")",
    "![x\" onerror=\"alert(1)](https://a.example/x.png \"y\\\" onload=\\\"alert(1)\")",
    "[x](https://a.example/ 'y\" onmouseover=\"alert(1)')",
    "<javascript:alert(1)> <vbscript:x> <data:text/html,x>",
    "[x]\n\n[x]: javascript:alert(1) 'y'",
];

#[test]
fn no_payload_in_any_wrapping_gets_out_of_the_allow_list() {
    let wrappings: [fn(&str) -> String; 14] = [
        |p| p.to_owned(),
        |p| format!("> {p}"),
        |p| format!("1. {p}\n   - {p}"),
        |p| format!("*a {p} b*"),
        |p| format!("~~{p}~~ **{p}**"),
        |p| format!("# {p}\n\n{p}\n==="),
        |p| format!("`{p}`"),
        |p| format!("```{p}\n{p}\n```"),
        |p| format!("    {p}"),
        |p| format!("[{p}](https://a.example/)"),
        |p| format!("[a]({p})"),
        |p| format!("![{p}](<{p}>)"),
        |p| format!("[a]: <{p}> \"{p}\"\n\n[a] ![a]"),
        |p| format!("https://a.example/{p} www.a.example/{p} a@b.example{p}"),
    ];
    let mut count = 0;
    for payload in SCRIPTS {
        for wrap in wrappings {
            let source = wrap(payload);
            let rendered = render(&source);
            assert_eq!(objection(&rendered), None, "{source}\n{}", rendered.as_str());
            count += 1;
        }
    }
    assert!(count >= 400);
}

#[test]
fn the_dialect_is_commonmark_with_strikethrough_and_bare_links() {
    for (source, expected) in [
        ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e</code></p>\n"),
        ("a\nb  \nc", "<p>a\nb<br>\nc</p>\n"),
        (
            "> a\n\n3. b\n4. c",
            "<blockquote>\n<p>a</p>\n</blockquote>\n<ol start=\"3\">\n<li>b</li>\n<li>c</li>\n</ol>\n",
        ),
        ("- a\n\n***\n\n```rust\nb\n```", "<ul>\n<li>a</li>\n</ul>\n<hr>\n<pre><code>b\n</code></pre>\n"),
        (
            "see www.a.example or https://a.example/b_c.",
            "<p>see <a href=\"http://www.a.example\">www.a.example</a> or <a href=\"https://a.example/b_c\">https://a.example/b_c</a>.</p>\n",
        ),
        (
            "[a](https://a.example/ \"b\") <c@d.example>",
            "<p><a href=\"https://a.example/\">a</a> <a href=\"mailto:c@d.example\">c@d.example</a></p>\n",
        ),
        ("| a |\n|---|\n| b |", "<p>| a |\n|---|\n| b |</p>\n"),
        ("# a *b*\n\n#", "<p><strong>a <em>b</em></strong></p>\n<p></p>\n"),
        ("", ""),
    ] {
        assert_eq!(html(source), expected, "{source}");
    }
}

#[test]
fn raw_html_is_shown_as_the_text_that_it_is() {
    assert_eq!(html("a <b onclick=c>d</b>"), "<p>a &lt;b onclick=c&gt;d&lt;/b&gt;</p>\n");
    assert_eq!(html("<div>\n*a*\n</div>"), "<p>&lt;div&gt;<br>\n*a*<br>\n&lt;/div&gt;</p>\n");
    assert_eq!(html("<!-- a -->"), "<p>&lt;!-- a --&gt;</p>\n");
}

#[test]
fn images_become_links_with_their_words() {
    for (source, expected) in [
        ("![a *b*](https://a.example/c.png)", "<p><a href=\"https://a.example/c.png\">a b</a></p>\n"),
        ("![](https://a.example/c.png)", "<p><a href=\"https://a.example/c.png\">https://a.example/c.png</a></p>\n"),
        ("[![a](https://a.example/c.png)](https://b.example/)", "<p><a href=\"https://b.example/\">a</a></p>\n"),
        ("![a](data:image/png;base64,AA)", "<p>a</p>\n"),
        ("![a [b](https://c.example/)](https://a.example/)", "<p><a href=\"https://a.example/\">a b</a></p>\n"),
    ] {
        assert_eq!(html(source), expected, "{source}");
    }
}

#[test]
fn links_that_may_not_lead_anywhere_keep_their_words() {
    for address in ["javascript:x", "ftp://a.example/", "/a", "#a", "a.html", "//a.example/"] {
        assert_eq!(html(&format!("[a *b*]({address})")), "<p>a <em>b</em></p>\n");
    }
}

#[test]
fn what_lies_too_deep_keeps_its_words() {
    for (open, close) in [("> ", ""), ("- ", ""), ("1. ", ""), ("> - ", "")] {
        let source = format!("{}word\n\nlast{close}", open.repeat(200));
        let rendered = render(&source);
        assert!(plain_text(&rendered).contains("word\nlast"), "{}", rendered.as_str());
        assert!(rendered.as_str().matches("<blockquote>").count() <= MAX_DEPTH);
        assert!(rendered.as_str().matches("<li>").count() <= MAX_DEPTH);
    }
    assert_eq!(html(&format!("{}a", "> ".repeat(32))).matches("<blockquote>").count(), 32);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_gets_out_of_the_allow_list(source in "([>*_~`\\[\\]()<!/#\n a\"'=&;:-]|javascript:|https://a.example/|script|onload=){0,60}") {
            prop_assert_eq!(objection(&render(&source)), None);
        }

        #[test]
        fn nothing_panics(source in any::<String>()) {
            render(&source);
        }
    }
}
