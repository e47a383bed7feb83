use super::*;

#[test]
fn hostile_markdown_is_rendered_on_a_small_stack_and_stays_small() {
    // What takes time or room by the square of this would hardly end. Unoptimised, the parsers take fifty times as long.
    const BYTES: usize = if cfg!(debug_assertions) { 16 } else { 64 } * 1024;
    let fill = |unit: &str| unit.repeat(BYTES / unit.len());
    let half = |unit: &str| unit.repeat(BYTES / 2 / unit.len());
    let lines = |unit: &str| (0..250).map(|i| unit.repeat(i) + "- a\n").collect::<String>();
    let mut shapes = vec![
        half("[") + &half("]"),
        half("![") + &half("](https://a.example/)"),
        half("*a ") + &half(" a*"),
        half("**a") + &half("a**"),
        half("*_") + &half("_*"),
        half("[a](https://a.example/") + &half(")"),
        half("> ") + "a\n" + &half("\n"),
        half("> ") + "a\n" + &half("a\n"),
        half("- ") + "a" + &half("\n"),
        half("> - 1. ") + "a\n" + &half("> b\n"),
        lines(" "),
        lines("> "),
        format!("[a]: https://a.example/{}\n\n{}", half("u"), half("[a]")),
        format!("[a]: https://a.example/{}\n\n{}", half("u"), half("![a]")),
        (0..BYTES / 20).map(|i| format!("[{i}]: https://a.example\n")).collect(),
        (1..360).map(|i| "`".repeat(i) + "a").collect(),
        format!("https://a.example/{}", half("(")) + &half(")"),
        format!("https://a.example/{}", fill("&amp;")),
        half("|a") + "\n" + &half("|-"),
    ];
    shapes.extend(
        [
            ">",
            "> ",
            "*",
            "_",
            "**a ",
            "*a **b ",
            "[",
            "![",
            "[a](",
            "[a](<b",
            "`",
            "``a`",
            "- ",
            "-\n",
            "1. ",
            "<div>",
            "<b>",
            "a<b>",
            "<!--",
            "<?",
            "<!A ",
            "<![CDATA[",
            "~~",
            "~~a ",
            "~a~ ",
            "www.",
            "www.a.b ",
            "http://",
            "a@",
            "a@b.cc ",
            "a.",
            "_@",
            "<a@",
            "<http:",
            "&",
            "&#",
            "&amp;",
            "\\",
            "```\n",
            "\t",
            "\n",
            "a\n\n",
            "# a\n",
            "#\n",
            "a\n===\n",
            "***\n",
            " ",
            "\"'",
            "\r",
            "\0",
            "é*",
            "[^a]",
            "[a]: b\n",
            "||",
            "> - ",
            ">-*1. ",
            "[a](b \"",
            "*[a](b)_",
            "[*a_",
            "<a href=\"",
            "[[a]](",
            "![a](https://a.example/)",
            "\u{202e}",
        ]
        .map(fill),
    );
    for shape in shapes {
        let head: String = shape.chars().take(30).collect();
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let done = thread.spawn(move || render(&shape)).map(std::thread::JoinHandle::join);
        let rendered = done.expect("a thread").expect("no overflow and no panic");
        assert!(rendered.as_str().len() < 16 * BYTES, "{head:?}");
    }
}
