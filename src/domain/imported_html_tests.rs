use super::*;

fn rendered(html: &str) -> String {
    markdown::render(&to_markdown(html))
        .into_string()
        .replace(" rel=\"nofollow ugc noopener noreferrer\"", "")
        .replace("\n<", "<")
        .replace(">\n", ">")
        .trim_end()
        .to_owned()
}

#[test]
fn samples_come_out_as_wordpress_would_show_them() {
    let mut wrong = Vec::new();
    for (html, expected) in [
        ("a\nb\r\n\r\nc\n\n\n\nd", "<p>a<br>b</p><p>c</p><p>d</p>"),
        ("<p>a</p>\n\n<p>b<br />\nc</p>", "<p>a</p><p>b<br>c</p>"),
        ("a <b>b</b> <i>c</i> <strike>d</strike>", "<p>a <strong>b</strong> <em>c</em> <del>d</del></p>"),
        ("<blockquote>a\n\nb</blockquote>\nc", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>"),
        (
            "<blockquote><blockquote>a</blockquote>b</blockquote>",
            "<blockquote><blockquote><p>a</p></blockquote><p>b</p></blockquote>",
        ),
        ("<ul>\n\t<li>a</li>\n\t<li>b <em>c</em></li>\n</ul>d", "<ul><li>a</li><li>b <em>c</em></li></ul><p>d</p>"),
        ("<ol start=\"3\"><li>a<ul><li>b</li></ul></li></ol>", "<ol start=\"3\"><li>a<ul><li>b</li></ul></li></ol>"),
        ("<code>a *b* &lt;c&gt;</code>", "<p><code>a *b* &lt;c&gt;</code></p>"),
        ("<code>a ` b</code>", "<p><code>a ` b</code></p>"),
        ("<pre>a *b*\n\n  <b>c</b> &lt;d&gt;</pre>", "<pre><code>a *b*\n\n  c &lt;d&gt;</code></pre>"),
        ("<pre>```\n~~~</pre>", "<pre><code>```\n~~~</code></pre>"),
        ("<del>a</del> ~~b~~ ~c~", "<p><del>a</del> ~~b~~ ~c~</p>"),
        (
            "2 * 3 * 4 *a* _b_ snake_case __c__ `d` [e](f) ![g](h)",
            "<p>2 * 3 * 4 *a* _b_ snake_case __c__ `d` [e](f) ![g](h)</p>",
        ),
        (
            "# a\n## b\n1. c\n2) d\n- e\n+ f\n> g\n---\n===\n***",
            "<p># a<br>## b<br>1. c<br>2) d<br>- e<br>+ f<br>&gt; g<br>---<br>===<br>***</p>",
        ),
        (
            "&lt;script&gt; &amp;lt; &amp;copy; AT&amp;T &#42;x&#42; &quot;&eacute;&nbsp;b",
            "<p>&lt;script&gt; &amp;lt; &amp;copy; AT&amp;T *x* \"é&nbsp;b</p>",
        ),
        ("a\\*b\\ C:\\new", "<p>a\\*b\\ C:\\new</p>"),
        (
            "<a href=\"https://a.example/b_c_(d)?x=1&amp;y=2&amp;copy;=3\">e_f_</a>",
            "<p><a href=\"https://a.example/b_c_(d)?x=1&amp;y=2&amp;copy;=3\">e_f_</a></p>",
        ),
        (
            "<a href=\"https://a.example/b c&lt;d&gt;\" title='t' onclick=x>[e]</a>",
            "<p><a href=\"https://a.example/b%20c%3Cd%3E\">[e]</a></p>",
        ),
        ("wow!<a href=\"https://a.example/\">b</a>", "<p>wow!<a href=\"https://a.example/\">b</a></p>"),
        (
            "see https://a.example/b_c/d?e=f&amp;g=h.",
            "<p>see <a href=\"https://a.example/b_c/d?e=f&amp;g=h\">https://a.example/b_c/d?e=f&amp;g=h</a>.</p>",
        ),
        (
            "https://a.example/~b/c_d *e* https://a.example/~f/*g/h",
            "<p><a href=\"https://a.example/~b/c_d\">https://a.example/~b/c_d</a> *e* <a href=\"https://a.example/~f/*g/h\">https://a.example/~f/*g/h</a></p>",
        ),
        ("<a href=\"javascript:alert(1)\">a</a> <a href=\"/b\">c</a> <a>d</a>", "<p>a c d</p>"),
        ("<img src=\"https://a.example/b.png\" alt=\"c *d*\">", "<p><a href=\"https://a.example/b.png\">c *d*</a></p>"),
        (
            "<a href=\"https://a.example/\"><img src=\"https://b.example/\" alt=\"c\"></a>",
            "<p><a href=\"https://a.example/\">c</a></p>",
        ),
        ("<b>a:</b>b", "<p>a:b</p>"),
        (
            "<img src=https://a.example/ alt='b > c < d \"e\"'>",
            "<p><a href=\"https://a.example/\">b &gt; c &lt; d \"e\"</a></p>",
        ),
        ("<em> a </em>b<em></em>", "<p><em>a</em> b</p>"),
        ("<em>a\n\nb</em>", "<p><em>a<br>b</em></p>"),
        ("<div>a</div><div>b</div><table><tr><td>c</td><td>d</td></tr></table>", "<p>a</p><p>b</p><p>c</p><p>d</p>"),
        ("<h2>a *b*</h2>c", "<p><strong>a *b*</strong></p><p>c</p>"),
        ("a<script>x</script><style>y</style><!-- z -->b", "<p>ab</p>"),
        ("a < b > c & d <3 <unknown>e</unknown>", "<p>a &lt; b &gt; c &amp; d &lt;3 e</p>"),
        ("a<hr>b", "<p>a</p><hr><p>b</p>"),
        ("    a\n    b", "<p>a<br>b</p>"),
        ("a \u{fdd0} &#xfdd2; b", "<p>a \u{fffd} \u{fffd} b</p>"),
        ("", ""),
    ] {
        let found = rendered(html);
        if found != expected {
            wrong.push(format!("{html:?}\n  {:?}\n  {found:?}\n  {expected:?}", to_markdown(html)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn words_survive_where_the_structure_cannot() {
    for html in [
        "<em><blockquote>a*</blockquote></em>",
        "<a href=\"https://a.example/\"><ul><li>b</li></ul></a>",
        "<ul>a<li>b</li>c</ul>",
        "<b>a</b><i>b</i><b><i>c</i></b>d",
        "<blockquote><pre>a\n\n\nb</pre><ol><li><pre>c</pre></li></ol></blockquote>",
        "<code>a\n\nb</code> <code></code> <code>``</code> <pre></pre>",
        "<li>a</li>\n1986. b",
        "<s>~~a~~</s> <b>**</b> <i>_</i>",
        "<table><b>a<td>b</table>c",
        "</p></div>a</b></blockquote>",
    ] {
        let clean = SANITISER.clean(html).to_string();
        let words = imported_lines::mark(&clean, false).text;
        let found = plain_text(&markdown::render(&to_markdown(html)));
        assert_eq!(bare(&found), bare(&words), "{html:?} {:?}", to_markdown(html));
    }
}

#[test]
fn text_that_is_too_long_or_too_deep_is_shown_as_it_stands() {
    let deep = format!("{}a\n\nb", "<div>".repeat(100));
    assert_eq!(plain_text(&markdown::render(&to_markdown(&deep))).replace('\n', ""), deep.replace('\n', ""));
    let long = "a *b* ".repeat(12_000);
    assert!(rendered(&long).contains("a *b* a"));
}

#[test]
fn hostile_html_is_converted_on_a_small_stack() {
    // What takes time or room by the square of this would hardly end. Unoptimised, the parsers take fifty times as long.
    const BYTES: usize = if cfg!(debug_assertions) { MAX_BYTES / 4 } else { MAX_BYTES };
    let fill = |unit: &str| unit.repeat(BYTES / unit.len());
    let numbered = |open: &str, close: &str| -> String {
        let all = (0..9_999).map(|i| format!("{open}{i}{close}"));
        all.scan(0, |bytes, unit| {
            *bytes += unit.len();
            (*bytes <= BYTES).then_some(unit)
        })
        .collect()
    };
    let mut shapes = vec![
        numbered("<p><b x=", ">"),
        numbered("<b x=", "><object></b></object><p>"),
        numbered("<a href=https://a.example/", "><p>"),
        numbered("<p><b x=", "><!--</b>-->"),
        numbered("<p><b x=", " y='</b>'>"),
        numbered("<p><b x=", " \"=\"></b>\">"),
        numbered("<p><b x=", "><table><td></b></table>"),
        numbered("<i x=", "><table></i></table>"),
        numbered("<font x=", "></p></font><b><p></b>"),
        fill("<p>a"),
        format!("<b><i><a href='https://a.example/'><s><tt><em>{}", "<p>x".repeat(BYTES / 4 - 20)),
        format!("{}{}", "<blockquote>".repeat(60), "a\n".repeat(BYTES / 2 - 400)),
        format!("{}{}", "<ul><li>".repeat(31), "a\n\n".repeat(BYTES / 3 - 100)),
    ];
    shapes.extend(
        [
            "<div>",
            "<b>",
            "<b></b>",
            "<b>a</b><b>a</b>",
            "<i>a</i>b",
            "<ul><li>",
            "<blockquote>",
            "<pre>",
            "<a href=https://a.example/>b</a>",
            "<table><tr><td>",
            "<",
            "<a",
            "<!--",
            "</p>",
            "</b>",
            "<svg>",
            "<math><mi>",
            "<select>",
            "<template>",
            "&",
            "&lt;",
            "&#60;",
            "*",
            "\n",
            "a\n",
            "a\n\n",
            " ",
            "\0",
            "[",
            "`",
            "<code>`</code>",
            "<li>a",
            "<br>",
            "<hr>",
            "<img src=https://a.example/>",
            "<dd>",
            "<h1>",
            "<h1>a</h1>",
            "<title>",
            "<plaintext>",
            "<textarea>",
            "<!doctype html>",
            "<?x?>",
            "\u{fdd0}",
            "<p></b><b><p></b>",
            "<b><p></b>",
            "<b><div></b></div>",
            "<a><b></a>",
            "<li><ul></li></ul>",
        ]
        .map(fill),
    );
    for shape in shapes {
        let head: String = shape.chars().take(30).collect();
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let done = thread.spawn(move || to_markdown(&shape).len());
        assert!(done.is_ok_and(|thread| thread.join().is_ok()), "{head}");
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<p>",
            "</p>",
            "<ul><li>",
            "</li></ul>",
            "<ol>",
            "<li>",
            "</ol>",
            "<blockquote>",
            "</blockquote>",
            "<pre>",
            "</pre>",
            "<code>",
            "</code>",
            "<s>",
            "</s>",
            "<br>",
            "<a href=\"https://a.example/(b)_c\">",
            "</a>",
            "<h3>",
            "</h3>",
            "<hr>",
            "a",
            " b ",
            "\n",
            "\n\n",
            "*",
            "_",
            "`",
            "~~",
            "[c](d)",
            "1.",
            "- ",
            "# ",
            "> ",
            "&lt;e&gt;",
            "&amp;amp;",
            "\\",
            "!",
            "=",
            "http://f.example/",
            "<img src=\"https://g.example/\" alt=\"h\">",
            "<script>i</script>",
            "\u{a0}",
            "<div>",
            "</div>",
        ]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_word_is_lost_or_added(html in pieces()) {
            let clean = SANITISER.clean(&html).to_string();
            let words = imported_lines::mark(&clean, false).text;
            let found = plain_text(&markdown::render(&to_markdown(&html)));
            prop_assert_eq!(bare(&found), bare(&words));
        }
    }
}
