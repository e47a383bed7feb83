use std::io::{self, BufRead, BufReader, Read};

use proptest::prelude::*;

use super::*;

const V1_0: &str = include_str!("../../../tests/fixtures/wxr-1.0.xml");
const V1_1: &str = include_str!("../../../tests/fixtures/wxr-1.1.xml");
const V1_2: &str = include_str!("../../../tests/fixtures/wxr-1.2.xml");

fn read(input: impl BufRead) -> Result<Vec<WxrEvent>, WxrError> {
    let mut reader = WxrReader::new(input);
    let mut events = Vec::new();
    while let Some(event) = reader.next_event()? {
        events.push(event);
    }
    Ok(events)
}

fn events(xml: &str) -> Vec<WxrEvent> {
    read(xml.as_bytes()).expect("a readable export")
}

fn failure(xml: impl AsRef<[u8]>) -> WxrError {
    read(xml.as_ref()).expect_err("an unreadable export")
}

fn place(error: &WxrError) -> (u64, u64) {
    (error.line, error.column)
}

fn items(events: &[WxrEvent]) -> Vec<&Item> {
    events
        .iter()
        .filter_map(|event| match event {
            WxrEvent::Item(item) => Some(&**item),
            _ => None,
        })
        .collect()
}

fn comments(events: &[WxrEvent]) -> Vec<&Comment> {
    events
        .iter()
        .filter_map(|event| match event {
            WxrEvent::Comment(comment) => Some(&**comment),
            _ => None,
        })
        .collect()
}

/// An export whose channel, past its version, is `inner`.
fn channel(inner: &str) -> String {
    format!(
        "<rss xmlns:wp='http://wordpress.org/export/1.2/' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>\
         <wp:wxr_version>1.2</wp:wxr_version>{inner}</channel></rss>"
    )
}

/// An export with one comment of this content.
fn comment(content: &str) -> String {
    channel(&format!(
        "<item><wp:post_id>1</wp:post_id><wp:comment><wp:comment_id>2</wp:comment_id>\
         <wp:comment_content>{content}</wp:comment_content></wp:comment></item>"
    ))
}

fn content(inner: &str) -> String {
    comments(&events(&comment(inner)))[0].content.clone()
}

#[test]
fn an_export_comes_as_channel_items_comments_and_ends() {
    let events = events(V1_0);
    let WxrEvent::Channel(channel) = &events[0] else {
        panic!("{:?}", events[0]);
    };
    assert_eq!(channel.title, "Harbour Ledger");
    assert_eq!(channel.link, "http://ledger.example");
    assert_eq!(channel.description, "Business news in context");
    assert_eq!(channel.base_site_url, "http://ledger.example");
    assert_eq!(channel.base_blog_url, "http://ledger.example/blog");
    assert_eq!(channel.wxr_version, "1.0");
    assert!(matches!(events[1..], [WxrEvent::Item(_), WxrEvent::Comment(_), WxrEvent::Comment(_), WxrEvent::ItemEnd]));
    let expected = Item {
        post_id: 7,
        post_type: "post".to_owned(),
        status: "publish".to_owned(),
        parent: 3,
        is_protected: false,
        title: "Grain & freight".to_owned(),
        link: "http://ledger.example/blog/?p=7&ref=feed".to_owned(),
        guid: "http://ledger.example/blog/?p=7".to_owned(),
        creator: "kc".to_owned(),
        published_at: Some(1_267_432_200_000_000),
        excerpt: String::new(),
        content: "<p>Freight rates rose again.</p>".to_owned(),
        comment_status: "open".to_owned(),
    };
    assert_eq!(items(&events), [&expected]);
}

#[test]
fn a_comment_is_read_whole_also_before_its_parent() {
    let events = events(V1_0);
    let expected = Comment {
        comment_id: 21,
        parent: 22,
        author: "Ann".to_owned(),
        author_email: "ann@example.org".to_owned(),
        author_url: "http://ann.example/?a=1&b=2".to_owned(),
        published_at: Some(1_267_437_600_000_000),
        content: "It closes with ]]> here.".to_owned(),
        content_too_long: false,
        approved: Approved::Approved,
        kind: Kind::Comment,
        user_id: 0,
    };
    assert_eq!(comments(&events)[0], &expected);
}

#[test]
fn only_predefined_entities_and_numeric_references_are_resolved() {
    let events = events(V1_0);
    let second = comments(&events)[1];
    assert_eq!(second.content, "Café <b>&nbsp;");
    assert_eq!(second.kind, Kind::Pingback);
    assert_eq!(second.approved, Approved::Pending);
    assert_eq!(second.user_id, 3);
    assert_eq!(content("&quot;&apos;&#x41;&#66;&#xZ;&#+5;&#;&;&"), "\"'AB&#xZ;&#+5;&#;&;&");
}

#[test]
fn a_date_of_zeros_falls_back_to_the_next_one() {
    // The comment's local date taken as UTC.
    let first = events(V1_0);
    assert_eq!(comments(&first)[1].published_at, Some(1_267_441_200_000_000));
    // The item's pubDate, then its local date.
    let second = events(V1_1);
    let times: Vec<_> = items(&second).iter().map(|i| i.published_at).collect();
    assert_eq!(times, [Some(1_301_997_600_000_000), Some(1_302_084_000_000_000)]);
    assert_eq!(comments(&second)[0].published_at, None);
}

#[test]
fn protection_states_and_kinds_are_told_apart() {
    let events = events(V1_1);
    let protected: Vec<_> = items(&events).iter().map(|i| i.is_protected).collect();
    assert_eq!(protected, [true, false]);
    let words: Vec<_> = comments(&events).iter().map(|c| (c.approved.clone(), c.kind.clone())).collect();
    let expected = [
        (Approved::Spam, Kind::Trackback),
        (Approved::Trash, Kind::Other("review".to_owned())),
        (Approved::Other("post-trashed".to_owned()), Kind::Comment),
    ];
    assert_eq!(words, expected);
}

#[test]
fn elements_of_the_same_name_elsewhere_are_not_taken() {
    let events = events(V1_1);
    let WxrEvent::Channel(channel) = &events[0] else {
        panic!("{:?}", events[0]);
    };
    assert_eq!(channel.title, "Harbour Ledger");
    assert_eq!(items(&events)[0].title, "Members only");
}

#[test]
fn every_version_reads_the_same_with_http_and_https_and_any_prefix() {
    for xml in [V1_0, V1_1, V1_2] {
        let expected = events(xml);
        let (from, to) = if xml == V1_2 { ("https://w", "http://w") } else { ("http://w", "https://w") };
        assert_eq!(events(&xml.replace(from, to)), expected);
        assert_eq!(events(&xml.replace("http://purl", "https://purl")), expected);
        let renamed =
            xml.replace("wp:", "a:").replace(":wp=", ":a=").replace("content:", "wp:").replace(":content=", ":wp=");
        assert_eq!(events(&renamed), expected);
    }
}

#[test]
fn a_prefix_bound_to_something_else_means_something_else() {
    let xml = channel("<item xmlns:x='urn:x'><wp:post_id>1</wp:post_id><x:post_id>2</x:post_id></item>");
    assert_eq!(items(&events(&xml))[0].post_id, 1);
    let xml = channel("<item><p:a/><wp:post_id xmlns:wp='urn:x'>1</wp:post_id></item>");
    assert!(matches!(failure(xml).kind, WxrErrorKind::MissingNumber("wp:post_id")));
}

#[test]
fn pieces_of_text_are_joined_and_forbidden_characters_left_out() {
    assert_eq!(content("a<![CDATA[b]]>&amp;<!-- c --><i>d</i>e"), "ab&e");
    assert_eq!(content("<![CDATA[a\u{0}\u{8}b\u{1f}\u{fffe}\u{feff}\t]]>&#0;&#8;&#xD800;c"), "ab\u{feff}\tc");
    assert_eq!(content("<![CDATA[a\r\nb\rc]]>\r\nd&#13;"), "a\nb\nc\nd\r");
}

#[test]
fn a_byte_order_mark_and_an_empty_channel_are_fine() {
    let xml = format!("\u{feff}<?xml version='1.0'?>\n{}\n", channel(""));
    let events = events(&xml);
    assert!(matches!(events[..], [WxrEvent::Channel(_)]));
    let xml = "\u{feff}<a>";
    assert_eq!(place(&failure(xml)), (1, 1));
}

#[test]
fn the_position_ends_at_the_files_length() {
    let mut reader = WxrReader::new(V1_2.as_bytes());
    while reader.next_event().expect("readable").is_some() {}
    assert_eq!(reader.position(), V1_2.len() as u64);
}

#[test]
fn an_error_is_final() {
    let mut reader = WxrReader::new(&b"<rss><channel></rss>"[..]);
    let first = reader.next_event().expect_err("broken").to_string();
    assert_eq!(reader.next_event().expect_err("broken").to_string(), first);
    assert!(first.starts_with("line 1, column 15: not well-formed XML: "), "{first}");
}

#[test]
fn what_is_no_export_is_refused() {
    let not_wxr = |xml: &str| matches!(failure(xml).kind, WxrErrorKind::NotWxr(_));
    assert!(not_wxr(""));
    assert!(not_wxr(" \n"));
    assert!(not_wxr("<html/>"));
    assert!(not_wxr("<rss xmlns='urn:x'><channel/></rss>"));
    assert!(not_wxr("<rss/>"));
    assert!(not_wxr("<rss><channel/></rss>"));
    assert!(not_wxr("<rss><channel><item/></channel></rss>"));
    let twice = channel("").replace("</rss>", "<channel/></rss>");
    assert!(not_wxr(&twice));
}

#[test]
fn other_versions_are_refused() {
    for (xml, version) in [
        (V1_2.replace("export/1.2/", "export/1.3/"), "1.3"),
        (V1_2.replace(">1.2<", ">2.0<"), "2.0"),
        (V1_2.replace(">1.2<", "><"), ""),
    ] {
        match failure(xml).kind {
            WxrErrorKind::UnsupportedVersion(found) => assert_eq!(found, version),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn numbers_must_be_there_and_be_numbers() {
    let missing = failure(channel("\n <item>\n<title/></item>"));
    assert!(matches!(missing.kind, WxrErrorKind::MissingNumber("wp:post_id")));
    assert_eq!(place(&missing), (2, 2));
    let late = failure(channel("<item><wp:comment/><wp:post_id>1</wp:post_id></item>"));
    assert!(matches!(late.kind, WxrErrorKind::MissingNumber("wp:post_id")));
    for wrong in ["x", "-1", "+1", "18446744073709551616", "1 2"] {
        let error = failure(V1_2.replace(">9<", &format!(">{wrong}<")));
        assert_eq!(place(&error), (15, 1));
        match error.kind {
            WxrErrorKind::InvalidNumber { element, found } => {
                assert_eq!((element, found.as_str()), ("wp:comment_id", wrong));
            }
            other => panic!("{other:?}"),
        }
    }
    let no_parent = events(&V1_2.replace(">0<", "><"));
    assert_eq!(comments(&no_parent)[0].parent, 0);
}

#[test]
fn metadata_after_the_first_comment_are_passed_over() {
    let xml = channel(
        "<item><wp:post_id>1</wp:post_id><wp:comment><wp:comment_id>2</wp:comment_id></wp:comment>\
         <title>late</title><wp:comment><wp:comment_id>3</wp:comment_id></wp:comment></item>",
    );
    let events = events(&xml);
    assert_eq!(items(&events)[0].title, "");
    assert_eq!(comments(&events).len(), 2);
}

#[test]
fn billion_laughs_and_external_entities_are_refused() {
    let laughs = "<?xml version='1.0'?>\n<!DOCTYPE lolz [<!ENTITY lol 'lol'>\n\
        <!ENTITY lol2 '&lol;&lol;&lol;&lol;'>]>\n<rss>&lol2;</rss>";
    let external = "<?xml version='1.0'?>\n<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss>&x;</rss>";
    let subset = "\n<!DOCTYPE rss SYSTEM 'http://example.org/evil.dtd'><rss/>";
    let endless = "\n<!DOCTYPE rss [<!ENTITY a '";
    for xml in [laughs, external, subset, "\n<!doctype html><html/>", endless] {
        let error = failure(xml);
        assert!(matches!(error.kind, WxrErrorKind::Doctype), "{error}");
        assert_eq!(place(&error), (2, 1));
    }
    assert_eq!(content("&x;"), "&x;");
}

#[test]
fn other_encodings_are_refused() {
    let declared = V1_2.replace("UTF-8", "ISO-8859-1");
    let utf16: Vec<u8> = V1_2.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xFF, 0xFE][..], &utf16].concat();
    for xml in [declared.as_bytes(), &utf16, &marked] {
        let error = failure(xml);
        assert!(matches!(error.kind, WxrErrorKind::Encoding(_)), "{error}");
        assert_eq!(place(&error), (1, 1));
    }
    assert_eq!(events(&V1_2.replace("UTF-8", "us-ascii")).len(), events(V1_2).len());
}

#[test]
fn the_place_of_an_error_counts_lines_and_characters() {
    let mut bytes = V1_2.as_bytes().to_vec();
    let at = V1_2.find("Schön").expect("the comment") + 5;
    bytes[at] = 0xFF;
    let error = failure(&bytes);
    assert!(matches!(error.kind, WxrErrorKind::InvalidUtf8), "{error}");
    assert_eq!(place(&error), (16, 34));

    let mismatched = V1_2.replace("</title>\n<wp", "ö</titel>\n<wp");
    let error = failure(mismatched);
    assert!(matches!(error.kind, WxrErrorKind::Malformed(_)), "{error}");
    assert_eq!(place(&error), (4, 24));

    let truncated = failure(V1_2.trim_end().trim_end_matches("</rss>"));
    assert!(matches!(truncated.kind, WxrErrorKind::Truncated), "{truncated}");
    assert_eq!(place(&truncated), (22, 1));
}

#[test]
fn the_place_is_right_megabytes_into_a_file() {
    let item = "<item><wp:post_id>1</wp:post_id>\n<title>ä</title>\n</item>\n";
    let repeats = 60_000;
    let xml = channel(&format!("{}<title>é&amp;</titel>", item.repeat(repeats)));
    assert!(xml.len() > 3_000_000);
    let error = failure(xml);
    assert_eq!(place(&error), (3 * repeats as u64 + 1, 14));
}

#[test]
fn malformed_xml_is_refused() {
    let inner = [
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<a b/>",
        "<1/>",
        "<>",
        "<a></b>",
        "<!x>",
        "<?xml version='1.0'?>",
        "</channel>",
    ];
    for inner in inner {
        let error = failure(channel(inner));
        assert!(matches!(error.kind, WxrErrorKind::Malformed(_)), "{inner}: {error}");
    }
    for tail in ["x", "<a/>", "</rss>", "<![CDATA[x]]>", "&amp;"] {
        let error = failure(channel("") + tail);
        assert!(matches!(error.kind, WxrErrorKind::Malformed(_)), "{tail}: {error}");
    }
}

#[test]
fn a_truncated_file_is_an_error_wherever_it_ends() {
    for xml in [V1_0, V1_2] {
        let complete = xml.trim_end().len();
        for length in 0..xml.len() {
            match read(&xml.as_bytes()[..length]) {
                Ok(_) => assert!(length >= complete, "{length} bytes"),
                Err(error) => {
                    assert!(length < complete, "{length} bytes: {error}");
                    let is_proper = match error.kind {
                        WxrErrorKind::Truncated => true,
                        WxrErrorKind::NotWxr(_) => length < xml.find("<rss").unwrap_or(0) + 4,
                        _ => false,
                    };
                    assert!(is_proper, "{length} bytes: {error}");
                }
            }
        }
    }
}

#[test]
fn the_size_of_reads_makes_no_difference() {
    for xml in [V1_0, V1_1, V1_2] {
        for size in [1, 2, 3, 7, 64] {
            let input = BufReader::with_capacity(size, xml.as_bytes());
            assert_eq!(read(input).expect("readable"), events(xml), "{size}");
        }
    }
}

#[test]
fn depth_and_attributes_are_bounded() {
    let nested = |depth| channel(&format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)));
    assert_eq!(events(&nested(DEPTH_MAX - 2)).len(), 1);
    let error = failure(nested(DEPTH_MAX - 1));
    assert!(matches!(error.kind, WxrErrorKind::TooDeep), "{error}");

    let with = |count: usize| {
        let attributes: String = (0..count).map(|n| format!(" a{n}=''")).collect();
        channel(&format!("<a{attributes}/>"))
    };
    assert_eq!(events(&with(ATTRIBUTES_MAX)).len(), 1);
    let error = failure(with(ATTRIBUTES_MAX + 1));
    assert!(matches!(error.kind, WxrErrorKind::TooManyAttributes), "{error}");
}

#[test]
fn long_texts_are_cut_flagged_or_refused() {
    let long = |length: usize| format!("<![CDATA[{}]]>", "ä".repeat(length / 2));
    let exact = events(&comment(&long(COMMENT_TEXT_MAX_BYTES)));
    assert!(!comments(&exact)[0].content_too_long);
    assert_eq!(comments(&exact)[0].content.len(), COMMENT_TEXT_MAX_BYTES);
    let over = events(&comment(&format!("{}x", long(COMMENT_TEXT_MAX_BYTES))));
    assert!(comments(&over)[0].content_too_long);
    assert_eq!(comments(&over)[0].content, "");

    let text = format!("x{}", long(2 * ITEM_TEXT_MAX_BYTES));
    let xml = channel(&format!("<item><content:encoded>{text}</content:encoded><wp:post_id>1</wp:post_id></item>"));
    let cut = events(&xml);
    assert_eq!(items(&cut)[0].content.len(), ITEM_TEXT_MAX_BYTES - 1);

    let title = long(FIELD_MAX_BYTES + 2);
    let error = failure(channel(&format!("<item>\n<title>{title}</title></item>")));
    assert!(matches!(error.kind, WxrErrorKind::FieldTooLong("title")), "{error}");
    assert_eq!(place(&error), (2, 1));
}

/// Counts what is taken from an endless stream.
struct Endless {
    head: &'static [u8],
    taken: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let head = self.head.get(self.taken..).unwrap_or_default();
        let filled = if head.is_empty() {
            into.fill(b'a');
            into.len()
        } else {
            let length = head.len().min(into.len());
            into[..length].copy_from_slice(&head[..length]);
            length
        };
        self.taken += filled;
        Ok(filled)
    }
}

#[test]
fn a_token_without_end_is_given_up_at_its_bound() {
    for head in ["\n ", "\n <", "\n <![CDATA[", "\n <!--", "\n <?", "\n <a b='", "\n </", "\n &"] {
        let mut endless = Endless { head: head.as_bytes(), taken: 0 };
        let error = read(BufReader::new(&mut endless)).expect_err("no end");
        assert!(matches!(error.kind, WxrErrorKind::TokenTooLarge), "{error}");
        assert!(error.line <= 2);
        assert!(endless.taken < TOKEN_MAX_BYTES + 256 * 1024, "{head}");
    }
}

#[test]
fn a_failing_disk_is_told_from_a_broken_file() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk"))
        }
    }
    let head = &V1_2.as_bytes()[..400];
    let error = read(BufReader::new(head.chain(Failing))).expect_err("disk");
    assert!(matches!(error.kind, WxrErrorKind::Io(_)), "{error}");
    assert_eq!(error.line, V1_2[..400].matches('\n').count() as u64 + 1);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes[..]);
    }

    #[test]
    fn arbitrary_pieces_of_markup_never_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<rss xmlns:wp='http://wordpress.org/export/1.2/'>", "</rss>", "<channel>", "</channel>",
            "<wp:wxr_version>", "1.2", "</wp:wxr_version>", "<item>", "</item>", "<wp:post_id>", "1",
            "</wp:post_id>", "<wp:comment>", "</wp:comment>", "<wp:comment_id/>", "<![CDATA[", "]]>", "]",
            ">", "<", "&", ";", "&#", "<!--", "-->", "<?", "?>", "<!", "'", "\u{0}", "\r", "\u{feff}", "ä",
        ]), 0..40),
    ) {
        let _ = read(pieces.concat().as_bytes());
    }

    #[test]
    fn a_broken_byte_never_panics_and_is_placed_inside_the_file(at in 0..V1_0.len(), byte: u8) {
        let mut bytes = V1_0.as_bytes().to_vec();
        bytes[at] = byte;
        if let Err(error) = read(&bytes[..]) {
            let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
            prop_assert!((1..=lines).contains(&error.line));
        }
    }
}
